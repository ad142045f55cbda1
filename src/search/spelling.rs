//! "Did you mean": words of the query that stand nowhere, and the nearest words of the index.

use std::collections::HashSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    SearchError,
    retrieval::{Counted, Retrieval},
};
use crate::{
    candidate::TextField,
    engine::embedded::keyword::WordMatch,
    query::{Role, Span, UnderstoodClause, parse},
    text,
};

/// Words for which others are looked for.
const MAX_WORDS: usize = 8;

/// Another spelling of the query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DidYouMean {
    /// The query with the words in place.
    pub query: String,
    /// The words.
    pub words: Vec<Respelling>,
    /// The hits of that query.
    pub hits: usize,
    /// Whether that query was searched, because `correctSpelling` asked for it.
    pub applied: bool,
}

/// One word in another spelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Respelling {
    /// Where the word stands in the query as typed.
    pub span: Span,
    /// The word as typed.
    pub typed: String,
    /// The word of the index.
    pub suggested: String,
}

impl Retrieval<'_> {
    /// Another spelling, where a word of the query stands nowhere where it was looked for and a near one does.
    pub(super) fn did_you_mean(&self, counted: &Counted) -> Result<Option<DidYouMean>, SearchError> {
        let typed = &self.request.typed;
        let at: Vec<usize> = typed.char_indices().map(|(at, _)| at).chain([typed.len()]).collect();
        let mut words: Vec<(std::ops::Range<usize>, String)> = Vec::new();
        let mut looked_up = HashSet::new();
        for leaf in self.request.plan.understood.leaves() {
            let fields = searched(leaf);
            let is_found = counted.clauses.get(&leaf.id).is_none_or(|hits| hits.alone > 0);
            if is_found || fields.is_empty() || leaf.wildcard || looked_up.len() >= MAX_WORDS || self.is_late() {
                continue;
            }
            let from = at[leaf.span.start as usize];
            for token in text::tokens(&typed[from..at[leaf.span.end as usize]]) {
                if !leaf.words.contains(&token.exact) || !looked_up.insert((token.exact.clone(), leaf.field)) {
                    continue;
                }
                let bytes = from + token.bytes.start..from + token.bytes.end;
                let suggested = self.respelt(fields, &token.exact)?;
                // In a query wholly in capitals AND is a word: it must stay so.
                let is_lower = typed[bytes.clone()].chars().any(char::is_lowercase);
                let cased = |word: String| if is_lower { word } else { word.to_uppercase() };
                words.extend(suggested.map(|suggested| (bytes, cased(suggested))));
            }
        }
        if words.is_empty() {
            return Ok(None);
        }
        let point = |byte: usize| typed[..byte].chars().count() as u32;
        let told = words.iter().map(|(bytes, suggested)| Respelling {
            span: Span { start: point(bytes.start), end: point(bytes.end) },
            typed: typed[bytes.clone()].to_owned(),
            suggested: suggested.clone(),
        });
        let told = told.collect();
        let mut query = typed.clone();
        for (bytes, suggested) in words.iter().rev() {
            query.replace_range(bytes.clone(), suggested);
        }
        let plan = self.request.plan_of(&parse(&query, self.request.ast.syntax)?.ast);
        let hits = self.hits_of(plan, self.request.filters.clone(), self.request.unknowns)?;
        Ok(Some(DidYouMean { query, words: told, hits, applied: false }))
    }

    fn respelt(&self, fields: &[TextField], word: &str) -> Result<Option<String>, SearchError> {
        let keyword = self.snapshot.keyword();
        let stands = || keyword.matching(fields, WordMatch::Tokens(&[word.to_owned()]));
        if word.chars().any(|letter| letter.is_ascii_digit()) || !stands()?.is_empty() {
            return Ok(None);
        }
        Ok(keyword.nearest_word(fields, word)?)
    }
}

/// Where the words of a clause were looked for; nowhere where they are none, or were excluded.
fn searched(leaf: &UnderstoodClause) -> &'static [TextField] {
    if leaf.role == Role::Negated { &[] } else { leaf.field.fields() }
}
