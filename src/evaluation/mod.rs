//! Measures over judged queries.
//!
//! Queries, a corpus and judgments as others publish them → candidates to index, rankings measured, a table.
//! Invariant: a query without a relevant document is left out of every mean, and counted.

mod corpus;
mod error;
pub mod haystack;
mod judgments;
mod lines;
mod measures;
mod queries;
mod report;

#[cfg(test)]
mod tests;

pub use corpus::{Corpus, CorpusDocument, CorpusKind, Documents, OriginalIds};
pub use error::{EvaluationError, LineProblem};
pub use judgments::Judgments;
pub use measures::{DEFAULT_DEPTH, Measures, Summary, measure};
pub use queries::{Half, JudgedQuery, read_queries};
pub use report::{CpuTimes, EvaluationReport, ModeResult};
