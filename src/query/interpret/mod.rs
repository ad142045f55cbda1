//! A plain sentence of a recruiter → filters and wishes: "senior rust engineer in Milan, 5+ years, not from Acme".
//!
//! Input: a text of at most [`MAX_WORDS`] words without operator, quote, field or parenthesis, the filters that the
//! request states, and the names of companies that the caller knows. Output: [`Interpretation`]: the filters, the text
//! that is left, and for each part the words that it took and the request without it. English and Italian; pure,
//! deterministic, without a clock.
//!
//! The rules are tables of phrases over folded tokens, one file a subject; the head of each says what it reads. At each
//! word the first rule that fits takes its words; no rule reaches over a comma, save in a list. In general:
//!
//! - In doubt a word stays a word. Ages are never read.
//! - A part next to "or" is not made ("London or remote"): filters must all be met. One list is one part ("Germany or
//!   Austria").
//! - A filter that the request states, or that was read before in the sentence, is not made again.
//! - What is wanted is a filter, so that the hits stay those of the wishes; what is not wanted is a negated clause of the
//!   query language.
//! - Little words are dropped next to a part, and what opens a request ("we are looking for a"): see `glue.rs`.
//!
//! Invariant: parts do not overlap and lie in the text; each word of the text is in a part, in the query, or one of the
//! little words; a stated filter is never changed. The query is read by the boolean language as it stands.

mod activity;
mod company;
mod doubt;
mod exclusion;
mod glue;
mod numbers;
mod place;
mod place_name;
mod reading;
mod relocation;
mod render;
mod scan;
mod sentence;
mod spoken;
mod work;
mod years;

#[cfg(test)]
mod tests;

use serde::Serialize;

use super::filter::FilterSet;
use super::lexer::{self, LexemeKind};
use super::operators;
use super::span::{Offsets, Span};
use super::warning::{WarningCode, Warnings};
use render::Rendered;
use sentence::Sentence;

pub use reading::PartKind;

/// The longest text that is interpreted, in words. Longer ones are no sentences but job descriptions.
pub const MAX_WORDS: usize = 256;

/// What is known of names beyond the language: asked of the index by the caller.
pub trait KnownNames {
    /// Whether a company has this name: folded tokens, joined by a space.
    fn is_company(&self, words: &str) -> bool;
}

/// No names are known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoNames;

impl KnownNames for NoNames {
    fn is_company(&self, _: &str) -> bool {
        false
    }
}

/// What a sentence was read as.
#[derive(Debug, Clone, PartialEq)]
pub struct Interpretation {
    /// The text that is left, in the order typed; what is not wanted as negated clauses of the query language.
    pub query: String,
    /// The filters that were made here, without those of the request.
    pub filters: FilterSet,
    /// The filters that were made here, with those of the request.
    pub all_filters: FilterSet,
    /// What was made, in the order of the text.
    pub parts: Vec<InterpretedPart>,
}

/// One filter or negated clause, and the words that it was made of.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InterpretedPart {
    /// What it asks about.
    pub kind: PartKind,
    /// The words it took, as typed.
    pub words: String,
    /// Where they stand in the typed text.
    pub spans: Vec<Span>,
    /// The filter or clause in words, or in the query language.
    pub text: String,
    /// What was assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The request without this part.
    pub undo: Undo,
}

/// An interpreted request without one of its parts, whose words are wishes again. It is sent as it stands, without
/// `interpret`.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Undo {
    /// The query.
    pub query: String,
    /// The filters: those of the request, and those of the other parts.
    pub filters: FilterSet,
}

/// Reads a sentence. `None` where the text speaks the query language or is longer than a sentence: then nothing is
/// interpreted.
///
/// `stated` are the filters of the request itself: they are never changed, and what would be a further one of the same
/// name stays words.
pub fn interpret(text: &str, stated: &FilterSet, names: &dyn KnownNames) -> Option<Interpretation> {
    let sentence = is_plain(text).then(|| Sentence::of(text)).filter(|sentence| sentence.len() <= MAX_WORDS)?;
    let opening = glue::opening(&sentence);
    let scanned = scan::scan(&sentence, opening, stated, names);
    let offsets = Offsets::of(text);
    let parts = scanned.parts.iter().enumerate().map(|(index, part)| {
        let words = sentence.typed(part.tokens.clone()).to_owned();
        let spans = vec![offsets.span(sentence.bytes(part.tokens.clone()))];
        let without = Rendered { sentence: &sentence, scanned: &scanned, undone: Some(index) };
        let undo = Undo { query: without.query(), filters: without.filters(stated) };
        let (kind, text) = (part.reading.kind(), part.reading.to_string());
        InterpretedPart { kind, words, spans, text, note: part.note.clone(), undo }
    });
    let parts: Vec<InterpretedPart> = parts.collect();
    let whole = Rendered { sentence: &sentence, scanned: &scanned, undone: None };
    let (filters, all_filters) = (whole.filters(&FilterSet::default()), whole.filters(stated));
    let query = if opening == 0 && parts.is_empty() { text.trim().to_owned() } else { whole.query() };
    Some(Interpretation { query, filters, all_filters, parts })
}

/// Whether a text has neither operator, quote, field nor parenthesis.
fn is_plain(text: &str) -> bool {
    if text.len() > super::MAX_QUERY_BYTES {
        return false;
    }
    let mut warnings = Warnings::default();
    let lexed = lexer::lex(text, &mut warnings);
    let is_shouted = operators::wholly_in_capitals(text);
    let is_word = |kind: &LexemeKind| matches!(kind, LexemeKind::Word(_)) || (is_shouted && kind.keyword().is_some());
    !lexed.speaks_the_language
        && lexed.lexemes.iter().all(|lexeme| is_word(&lexeme.kind))
        && warnings.into_sorted().iter().all(|warning| warning.code == WarningCode::IgnoredSign)
}
