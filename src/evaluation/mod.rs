//! Measures over judged queries.
//!
//! Queries, a corpus and judgments as others publish them → candidates to index, rankings measured, a table.
//! Invariant: a query without a relevant document is left out of every mean, and counted.

mod change;
mod corpus;
mod cv_labels;
pub mod cv_profiles;
mod error;
mod field;
pub mod haystack;
mod ids;
mod interval;
mod judged_table;
mod judgments;
mod lines;
mod measures;
mod queries;
mod report;
mod run;
mod skill_spans;
mod splitmix;
pub mod suite;
mod table;
mod tune;

#[cfg(test)]
mod tests;

pub use change::Change;
pub use corpus::{Corpus, CorpusColumns, CorpusDocument, CorpusKind, Documents};
pub use error::{EvaluationError, LineProblem, SuiteProblem};
pub use field::Field;
pub use ids::OriginalIds;
pub use interval::Interval;
pub use judged_table::JudgedTable;
pub use judgments::Judgments;
pub use measures::{DEFAULT_DEPTH, Measures, PerMeasure, Summary, measure};
pub use queries::{Half, JudgedQuery, read_queries};
pub use report::{CpuTimes, EvaluationReport, ModeResult};
pub use run::{Asked, MATCH, MODES, ModeRun, QueryRun, SavedRun, Subject, TaskRun, ask, load};
pub use skill_spans::{SpanCounts, SpanReport, skill_spans};
pub use tune::{FEWEST, TriedQuery, TunedKind, TuningReport, grid, try_weights};
