//! A simulated recruiter over a population whose truth is known. The model is `docs/haystack.md`.
//!
//! Input: a population and rankings of it. Output: what a recruiter's time brought, with intervals. Invariants: all
//! methods face the same answers; nothing of the truth reaches the index.

mod report;
mod truth;

pub use report::{HaystackCell, Method, MethodOutcomes};
pub use truth::{Haystack, HaystackQuery, Outcome};

/// What it costs to open a candidate, in minutes.
pub const MINUTES_A_CANDIDATE: f64 = 15.0;

/// Candidates of a day of eight hours.
pub const CANDIDATES_A_DAY: usize = 32;

/// Candidates after which the third reply is no longer waited for.
pub const PATIENCE: usize = 200;
