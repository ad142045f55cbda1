//! Where a query matches in a candidate: the spans of the tokens that matched.
//!
//! Input: the plan and the candidate's text values. Output: for each clause and value the spans, in code points of the
//! value. Invariants: a span of a demand holds tokens that meet it, a span of a wish a form of the wished word; every
//! positive clause of words that the candidate meets has a span. Facts have no words, and no spans; a question about a
//! skill shows where the skill is named, where that is what is asked for.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::Matched;
use crate::{
    candidate::{Candidate, Entry, EntrySupport, Grade, Month, TextField, TextValue, Timeline},
    engine::embedded::keyword::ScoredWord,
    query::{Clause, Demand, Matcher, Plan, Role, Scope, SkillTest, SkillWanted, WordPattern},
    text::{self, Language, TokenList},
};

/// Code points of a value that are shown around a match; longer values are cut.
const SHOWN_TEXT: usize = 240;

/// JSON Pointer of the country, which is no text value.
const COUNTRY_POINTER: &str = "/profile/basics/location/countryCode";

/// How many matches are shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    /// Values shown for one clause.
    values: usize,
    /// Spans shown in one value.
    spans: usize,
}

impl Shown {
    /// Of each hit of a list.
    pub(super) const LIST: Self = Self { values: 5, spans: 20 };
    /// Of one person: in a career of any usual length all of them.
    pub(super) const PERSON: Self = Self { values: 100, spans: 500 };
}

/// Whom to look at.
pub(super) struct Person<'a> {
    pub(super) candidate: &'a Candidate,
    pub(super) timeline: &'a Timeline,
    pub(super) values: &'a [TextValue<'a>],
    pub(super) language: Option<Language>,
    /// The month that counts as now.
    pub(super) as_of: Month,
}

impl Person<'_> {
    /// Whether a value that names a skill is what a question about it asks for.
    fn supports(&self, value: &TextValue<'_>, test: &SkillTest) -> bool {
        match (test.wanted, value.entry) {
            (SkillWanted::Months(_), Some(Entry::Position(at))) => self.timeline.start_of(at).is_some(),
            (SkillWanted::Months(_), _) => false,
            (SkillWanted::Evidence(_), entry) => entry.is_some() || value.field == TextField::Skill,
        }
    }
}

/// What to look for.
pub(super) struct MatchFinder<'p> {
    demands: Vec<&'p Clause>,
    /// The clauses in which each form of a wished word stands.
    forms: HashMap<&'p str, Vec<u32>, foldhash::fast::RandomState>,
    patterns: Vec<(u32, &'p WordPattern)>,
    initials: Vec<char>,
    most: Shown,
}

type Spans = Vec<Range<usize>>;

impl<'p> MatchFinder<'p> {
    /// Prepares the positive demands and the wishes of a plan.
    pub(super) fn of(plan: &'p Plan, words: &'p [(ScoredWord, String)], most: Shown) -> Self {
        let mut demands = Vec::new();
        if let Some(demand) = &plan.demand {
            positive_clauses(demand, false, &mut demands);
        }
        let wished = plan.wishes.iter().filter(|wish| wish.scope == Scope::Anywhere).zip(words);
        let wished: HashMap<&str, _> = wished.map(|(wish, (word, _))| (wish.exact.as_str(), (wish, word))).collect();
        let mut finder = Self { demands, forms: HashMap::default(), patterns: Vec::new(), initials: Vec::new(), most };
        for clause in plan.understood.leaves().into_iter().filter(|clause| clause.role == Role::Wish) {
            for (wish, word) in clause.words.iter().filter_map(|word| wished.get(word.as_str())) {
                match &wish.pattern {
                    Some(pattern) => finder.patterns.push((clause.id, pattern)),
                    None => word.forms.iter().for_each(|form| finder.forms.entry(form).or_default().push(clause.id)),
                }
            }
        }
        let begins = finder.forms.keys().copied().chain(finder.patterns.iter().map(|(_, pattern)| pattern.prefix()));
        let mut initials: Vec<char> = begins.filter_map(|form| form.chars().next()).collect();
        initials.sort_unstable();
        initials.dedup();
        finder.initials = initials;
        finder
    }

    /// The matches in one candidate, in the order of its values.
    pub(super) fn find(&self, person: &Person<'_>) -> Vec<Matched> {
        let mut shown: HashMap<u32, usize> = HashMap::new();
        let mut found = self.countries(person.candidate);
        let (skills, demands): (Vec<&Clause>, Vec<&Clause>) =
            self.demands.iter().copied().partition(|clause| matches!(clause.matcher, Matcher::Skill(_)));
        let skills: Vec<(u32, &SkillTest)> =
            skills.into_iter().filter_map(|clause| shown_skill(clause, person)).collect();
        for value in person.values {
            let mut spans: Vec<(u32, Spans)> = Vec::new();
            for clause in demands.iter().filter(|clause| clause.scope.fields().contains(&value.field)) {
                let found = demand_spans(&clause.matcher, &value.tokens);
                if !found.is_empty() {
                    spans.push((clause.id, found));
                }
            }
            if TextField::ANYWHERE.contains(&value.field) {
                spans.extend(self.wish_spans(&value.tokens, person.language));
            }
            for (clause, test) in skills.iter().filter(|(_, test)| person.supports(value, test)) {
                spans.push((*clause, phrase_spans(&test.words, &value.tokens)));
            }
            for (clause, spans) in spans.into_iter().filter(|(_, spans)| !spans.is_empty()) {
                let count = shown.entry(clause).or_default();
                *count += 1;
                if *count <= self.most.values {
                    let pointer = value.pointer.to_string();
                    found.push(matched(clause, (pointer, &value.text), &spans[..spans.len().min(self.most.spans)]));
                }
            }
        }
        found
    }

    fn countries(&self, candidate: &Candidate) -> Vec<Matched> {
        let Some(code) = &candidate.profile.country_code else { return Vec::new() };
        let tokens = TokenList::of(code);
        let asked = self.demands.iter().filter(|clause| clause.scope == Scope::Country);
        let spans = asked.map(|clause| (clause.id, demand_spans(&clause.matcher, &tokens)));
        let found = spans.filter(|(_, spans)| !spans.is_empty());
        found.map(|(clause, spans)| matched(clause, (COUNTRY_POINTER.to_owned(), code), &spans)).collect()
    }

    fn wish_spans(&self, tokens: &TokenList, language: Option<Language>) -> Vec<(u32, Spans)> {
        let mut spans: Vec<(u32, Spans)> = Vec::new();
        let mut add = |clause: u32, bytes: &Range<usize>| match spans.iter_mut().find(|(known, _)| *known == clause) {
            Some((_, spans)) => spans.push(bytes.clone()),
            None => spans.push((clause, vec![bytes.clone()])),
        };
        for token in tokens.iter() {
            // A stem keeps the first letter of its word: only then the word is worth stemming.
            let initial = token.exact.chars().next();
            if initial.is_none_or(|initial| self.initials.binary_search(&initial).is_err()) {
                continue;
            }
            text::with_stem_form(&token, language, |stem| {
                self.forms.get(stem).into_iter().flatten().for_each(|clause| add(*clause, &token.bytes));
            });
            let looking_so = self.patterns.iter().filter(|(_, pattern)| pattern.matches(token.exact));
            looking_so.for_each(|(clause, _)| add(*clause, &token.bytes));
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

/// A question about a skill that the person meets by naming it.
fn shown_skill<'c>(clause: &'c Clause, person: &Person<'_>) -> Option<(u32, &'c SkillTest)> {
    let Matcher::Skill(test) = &clause.matcher else { return None };
    let naming = || person.values.iter().filter(|value| !phrase_spans(&test.words, &value.tokens).is_empty());
    let supports = EntrySupport::all(person.candidate, person.timeline);
    let mut entries: Vec<usize> =
        naming().filter_map(|value| value.entry).map(|entry| entry.number(person.candidate)).collect();
    entries.sort_unstable();
    entries.dedup();
    let entries = || entries.iter().map(|at| supports[*at]);
    let is_met = match test.wanted {
        SkillWanted::Months(range) => EntrySupport::experience(entries())
            .is_some_and(|experience| range.contains(experience.months_at(person.as_of))),
        SkillWanted::Evidence(range) => {
            let listed = naming().any(|value| value.field == TextField::Skill).then_some(Grade::Listed);
            let best = entries().map(EntrySupport::grade).max().flatten().max(listed);
            best.is_some() && range.contains(best)
        }
    };
    is_met.then_some((clause.id, test))
}

fn demand_spans(matcher: &Matcher, tokens: &TokenList) -> Spans {
    match matcher {
        Matcher::Pattern(pattern) => {
            tokens.iter().filter(|token| pattern.matches(token.exact)).map(|token| token.bytes).collect()
        }
        Matcher::Fact(_) | Matcher::Skill(_) | Matcher::Concept(_) => Vec::new(),
        Matcher::Tokens(wanted) => phrase_spans(wanted, tokens),
        Matcher::Near { tokens: wanted, others } => near_spans(wanted, *others as usize, tokens),
    }
}

fn phrase_spans(wanted: &[String], tokens: &TokenList) -> Spans {
    if wanted.is_empty() || wanted.len() > tokens.len() {
        return Vec::new();
    }
    (0..=tokens.len() - wanted.len())
        .filter(|start| wanted.iter().enumerate().all(|(at, word)| tokens.exact(start + at) == word))
        .map(|start| tokens.token(start).bytes.start..tokens.token(start + wanted.len() - 1).bytes.end)
        .collect()
}

/// The wanted words wherever they all stand near each other.
fn near_spans(wanted: &[String], others: usize, tokens: &TokenList) -> Spans {
    let is_wanted = |at: &usize| wanted.iter().any(|word| word == tokens.exact(*at));
    let mut found = BTreeSet::new();
    for start in (0..tokens.len()).filter(is_wanted) {
        let near: Vec<usize> = (start..tokens.len().min(start + wanted.len() + others)).filter(is_wanted).collect();
        let held = |word: &String| near.iter().filter(|at| tokens.exact(**at) == word).count();
        let asked = |word: &String| wanted.iter().filter(|other| *other == word).count();
        if wanted.iter().all(|word| held(word) >= asked(word)) {
            found.extend(near);
        }
    }
    found.into_iter().map(|at| tokens.token(at).bytes).collect()
}

/// Spans in code points; a long value is cut to the surroundings of the first match.
fn matched(clause: u32, (path, text): (String, &str), spans: &[Range<usize>]) -> Matched {
    let mut offset = CodePoints::of(text);
    let points: Vec<[usize; 2]> = spans.iter().map(|span| [offset.at(span.start), offset.at(span.end)]).collect();
    let first = points.first().map_or(0, |span| span[0]);
    let length = offset.at(text.len());
    let from = if length <= SHOWN_TEXT { 0 } else { first.saturating_sub(SHOWN_TEXT / 4) };
    let shown = if length <= SHOWN_TEXT { text.to_owned() } else { text.chars().skip(from).take(SHOWN_TEXT).collect() };
    Matched { clause, path, text: shown, spans: points, text_offset: from }
}

/// Byte offsets → code point offsets.
struct CodePoints<'t> {
    text: &'t str,
    is_ascii: bool,
    /// The offset that was asked for last, in bytes and in code points: spans are asked for in order.
    last: (usize, usize),
}

impl<'t> CodePoints<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, is_ascii: text.is_ascii(), last: (0, 0) }
    }

    fn at(&mut self, byte: usize) -> usize {
        if self.is_ascii {
            return byte;
        }
        let (from, points) = if byte < self.last.0 { (0, 0) } else { self.last };
        self.last = (byte, points + self.text[from..byte].chars().count());
        self.last.1
    }
}
