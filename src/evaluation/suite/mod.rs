//! Several judged tasks at once: a file that names them, one table of what they gave, what changed since an earlier run.
//!
//! Input: a suite's file, runs of its tasks. Output: [`SuiteReport`]. Invariant: nothing is drawn at random but with a fixed
//! seed, so that equal runs give equal reports.

mod file;
mod floors;
mod report;
mod task;
#[cfg(test)]
mod tests;

pub use file::Suite;
pub use floors::{Floors, UnmetFloor};
pub use report::{RowChange, SuiteReport, SuiteRow};
pub use task::{Questions, Task, TaskCorpus, TaskData};
