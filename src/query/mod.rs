//! Recruiter text → [`QueryAst`] → [`Plan`]; filters; diagnostics with positions; the naive evaluator.
//!
//! Input: what a recruiter typed, and the filters of a request. Output: plain data that says who is demanded, which
//! words score and what is embedded, without any index. The contract is in the head of `grammar.rs` (the language),
//! `plan.rs` (demands and wishes) and [`naive`] (what they mean for one candidate).
//!
//! A plain sentence can be turned into filters and wishes first: [`interpret`].
//!
//! Invariant: no text fails to parse, save for its size; each repair is a [`Warning`]. Time and memory are linear in
//! the text, recursion is bounded by [`MAX_DEPTH`].

mod ast;
mod circle;
mod compile;
mod concept_test;
mod edit;
mod error;
mod facet;
mod fact;
mod filter;
mod grammar;
pub mod interpret;
pub mod job;
mod lexer;
pub mod naive;
mod nesting;
mod operators;
mod part;
mod pattern;
mod plan;
mod scope;
mod skill_test;
mod span;
mod truth;
mod warning;
mod weight;
mod wished_concepts;

#[cfg(test)]
mod tests;

pub use ast::{Node, NodeKind, QueryAst, Syntax};
pub use circle::{Area, Circle, DEFAULT_RADIUS_KM, MAX_RADIUS_KM, NoCircle, ambiguity};
pub use concept_test::ConceptTest;
pub use edit::Edit;
pub use error::QueryError;
pub use facet::{ActiveBucket, DEFAULT_FACET_VALUES, Facet, FacetBody, MAX_FACET_VALUES, YearsBucket};
pub use fact::{AgeBound, AgeRange, Fact, FactTest, MonthRange, Wanted};
pub use filter::{
    DayWindow, EventWindow, Filter, FilterError, FilterField, FilterSet, MAX_FILTER_VALUES, NearFilter, Quantifier,
    Selection, YearRange, canonical_skill, canonical_value, canonical_words,
};
pub use pattern::WordPattern;
pub use plan::{
    Clause, ClauseHits, Demand, HitSet, Matcher, Plan, QueryKind, Role, Understood, UnderstoodClause, WishWord,
};
pub use scope::Scope;
pub use skill_test::{GradeRange, SkillTest, SkillWanted};
pub use span::Span;
pub use truth::{Truth, Unknowns};
pub use warning::{MAX_WARNINGS, Warning, WarningCode};
pub use weight::Weight;
pub use wished_concepts::ConceptWish;

use std::collections::HashSet;

use crate::text;
use warning::Warnings;

/// The longest query text, in bytes.
pub const MAX_QUERY_BYTES: usize = 64 * 1024;

/// The most words of one query: each word counts one, each phrase as many as it has words.
pub const MAX_CLAUSES: usize = 1024;

/// The deepest nesting of groups; deeper ones are dissolved into their parent, with a warning. A group adds up to five
/// levels to the tree of an answer, and common JSON parsers stop at 128.
pub const MAX_DEPTH: usize = 24;

/// A parsed query and what was repaired in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The query.
    pub ast: QueryAst,
    /// The repairs, in the order of the text.
    pub warnings: Vec<Warning>,
}

/// Parses a text leniently.
///
/// # Errors
///
/// [`QueryError::QueryTooLong`] and [`QueryError::TooManyClauses`]. A plain text with too many distinct words is cut
/// with a warning instead: whole job descriptions come that way.
pub fn parse(text: &str, syntax: Syntax) -> Result<Parsed, QueryError> {
    if text.len() > MAX_QUERY_BYTES {
        return Err(QueryError::QueryTooLong { bytes: text.len() });
    }
    let mut warnings = Warnings::default();
    let row = match syntax {
        Syntax::Boolean => parse_boolean(text, &mut warnings)?,
        Syntax::Plain => plain_row(text, &mut warnings),
    };
    if row.is_empty() && !text.trim().is_empty() {
        let span = span::Offsets::of(text).span(0..text.len());
        warnings.push(WarningCode::NoWords, span, "the query has no words", "an empty query: everyone");
    }
    let ast = QueryAst { syntax, text: text.trim().to_owned(), row };
    Ok(Parsed { ast, warnings: warnings.into_sorted() })
}

/// Parses a text and refuses what needs repair.
///
/// # Errors
///
/// As [`parse`], and [`QueryError::NeedsRepair`] with every warning.
pub fn parse_strict(text: &str, syntax: Syntax) -> Result<QueryAst, QueryError> {
    let parsed = parse(text, syntax)?;
    if parsed.warnings.is_empty() { Ok(parsed.ast) } else { Err(QueryError::NeedsRepair(parsed.warnings)) }
}

fn parse_boolean(text: &str, warnings: &mut Warnings) -> Result<Vec<Node>, QueryError> {
    let mut lexed = lexer::lex(text, warnings);
    let clauses = lexed.lexemes.iter().map(|lexeme| lexeme.kind.word_count()).sum();
    if clauses > MAX_CLAUSES {
        return Err(QueryError::TooManyClauses { clauses });
    }
    operators::hint(&lexed.lexemes, warnings);
    if !lexed.speaks_the_language && operators::wholly_in_capitals(text) {
        operators::suspend_in_capitals(&mut lexed.lexemes, warnings);
    }
    Ok(grammar::parse(nesting::balance(lexed.lexemes, warnings), warnings))
}

/// The distinct words of a text without operators.
fn plain_row(text: &str, warnings: &mut Warnings) -> Vec<Node> {
    let offsets = span::Offsets::of(text);
    let mut seen = HashSet::new();
    let mut row = Vec::new();
    for token in text::tokens(text) {
        if seen.contains(&token.exact) {
            continue;
        }
        let span = offsets.span(token.bytes.clone());
        if row.len() == MAX_CLAUSES {
            let message = format!("the text has more than {MAX_CLAUSES} distinct words");
            warnings.push(WarningCode::TextTruncated, span, message, "the words before this one");
            break;
        }
        row.push(Node { kind: NodeKind::Word(text[token.bytes].to_owned()), span });
        seen.insert(token.exact);
    }
    row
}
