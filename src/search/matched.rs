//! Where a query matches in a candidate: the spans of the tokens that matched.
//!
//! Input: the plan and the candidate's text values. Output: for each clause and value the spans, in code points of the
//! value. Invariant: a demand's span holds exactly the demanded tokens; a wish's span a form of the wished word.

use std::collections::{HashMap, HashSet};

use super::Matched;
use crate::{
    candidate::{TextField, TextValue},
    engine::embedded::keyword::ScoredWord,
    query::{Clause, Demand, Matcher, Plan, Scope},
    text::{self, Language, TokenList},
};

/// Values shown for one clause.
const VALUES_PER_CLAUSE: usize = 5;

/// Code points of a value that are shown around a match; longer values are cut.
const SHOWN_TEXT: usize = 240;

/// Spans shown in one value.
const SPANS_PER_VALUE: usize = 20;

/// What to look for.
pub(super) struct MatchFinder<'p> {
    demands: Vec<&'p Clause>,
    wishes: Vec<WishForms<'p>>,
    initials: Vec<char>,
}

struct WishForms<'p> {
    clause: u32,
    forms: HashSet<&'p str>,
    exact: &'p str,
    prefix: bool,
}

impl<'p> MatchFinder<'p> {
    /// Prepares the positive demands and the wishes of a plan.
    pub(super) fn of(plan: &'p Plan, words: &'p [(ScoredWord, String)]) -> Self {
        let mut demands = Vec::new();
        if let Some(demand) = &plan.demand {
            positive_clauses(demand, false, &mut demands);
        }
        let wished = plan.wishes.iter().filter(|wish| wish.scope == Scope::Anywhere);
        let wishes: Vec<WishForms<'p>> = wished
            .zip(words)
            .filter(|(wish, _)| !demands.iter().any(|demand| demand.id == wish.clause))
            .map(|(wish, (word, _))| WishForms {
                clause: wish.clause,
                forms: word.forms.iter().map(String::as_str).collect(),
                exact: &wish.exact,
                prefix: wish.prefix,
            })
            .collect();
        let mut initials: Vec<char> =
            wishes.iter().flat_map(|wish| wish.forms.iter()).filter_map(|form| form.chars().next()).collect();
        initials.sort_unstable();
        initials.dedup();
        Self { demands, wishes, initials }
    }

    /// The matches in one candidate, in the order of its values.
    pub(super) fn find(&self, values: &[TextValue<'_>], language: Option<Language>) -> Vec<Matched> {
        let mut shown: HashMap<u32, usize> = HashMap::new();
        let mut found = Vec::new();
        for value in values {
            let tokens = &value.tokens;
            let mut spans: Vec<(u32, Vec<std::ops::Range<usize>>)> = Vec::new();
            for clause in self.demands.iter().filter(|clause| clause.scope.fields().contains(&value.field)) {
                spans.push((clause.id, demand_spans(&clause.matcher, tokens)));
            }
            if TextField::ANYWHERE.contains(&value.field) {
                spans.extend(self.wish_spans(tokens, language));
            }
            for (clause, spans) in spans.into_iter().filter(|(_, spans)| !spans.is_empty()) {
                let count = shown.entry(clause).or_default();
                *count += 1;
                if *count <= VALUES_PER_CLAUSE {
                    found.push(matched(clause, value, &spans));
                }
            }
        }
        found
    }

    fn wish_spans(&self, tokens: &TokenList, language: Option<Language>) -> Vec<(u32, Vec<std::ops::Range<usize>>)> {
        let mut spans: Vec<(u32, Vec<_>)> = self.wishes.iter().map(|wish| (wish.clause, Vec::new())).collect();
        for token in tokens.iter() {
            // A stem keeps the first letter of its word: only then the word is worth stemming.
            let initial = token.exact.chars().next();
            if initial.is_none_or(|initial| self.initials.binary_search(&initial).is_err()) {
                continue;
            }
            text::with_stem_form(&token, language, |stem| {
                for (wish, (_, spans)) in self.wishes.iter().zip(&mut spans) {
                    if wish.forms.contains(stem) || (wish.prefix && stem.starts_with(wish.exact)) {
                        spans.push(token.bytes.clone());
                    }
                }
            });
        }
        spans
    }
}

fn positive_clauses<'p>(demand: &'p Demand, negated: bool, found: &mut Vec<&'p Clause>) {
    match demand {
        Demand::All(parts) | Demand::Any(parts) => {
            parts.iter().for_each(|part| positive_clauses(part, negated, found));
        }
        Demand::Not(inner) => positive_clauses(inner, !negated, found),
        Demand::Clause(clause) if !negated => found.push(clause),
        Demand::Clause(_) => {}
    }
}

fn demand_spans(matcher: &Matcher, tokens: &TokenList) -> Vec<std::ops::Range<usize>> {
    match matcher {
        Matcher::Prefix(prefix) => {
            let starting = tokens.iter().filter(|token| token.exact.starts_with(prefix.as_str()));
            starting.map(|token| token.bytes).collect()
        }
        Matcher::Fact(_) => Vec::new(),
        Matcher::Tokens(wanted) if wanted.is_empty() || wanted.len() > tokens.len() => Vec::new(),
        Matcher::Tokens(wanted) => (0..=tokens.len() - wanted.len())
            .filter(|start| wanted.iter().enumerate().all(|(at, word)| tokens.exact(start + at) == word))
            .map(|start| tokens.token(start).bytes.start..tokens.token(start + wanted.len() - 1).bytes.end)
            .collect(),
    }
}

/// Spans in code points; a long value is cut to the surroundings of the first match.
fn matched(clause: u32, value: &TextValue<'_>, spans: &[std::ops::Range<usize>]) -> Matched {
    let text = value.text.as_ref();
    let offset = CodePoints::of(text);
    let points: Vec<[usize; 2]> =
        spans.iter().take(SPANS_PER_VALUE).map(|span| [offset.at(span.start), offset.at(span.end)]).collect();
    let first = points.first().map_or(0, |span| span[0]);
    let length = offset.at(text.len());
    let from = if length <= SHOWN_TEXT { 0 } else { first.saturating_sub(SHOWN_TEXT / 4) };
    let shown = if length <= SHOWN_TEXT { text.to_owned() } else { text.chars().skip(from).take(SHOWN_TEXT).collect() };
    Matched { clause, path: value.pointer.clone(), text: shown, spans: points, text_offset: from }
}

/// Byte offsets → code point offsets.
struct CodePoints<'t> {
    text: &'t str,
    is_ascii: bool,
}

impl<'t> CodePoints<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, is_ascii: text.is_ascii() }
    }

    fn at(&self, byte: usize) -> usize {
        if self.is_ascii { byte } else { self.text[..byte].chars().count() }
    }
}
