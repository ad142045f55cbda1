//! Facts that are asked of everybody at once, side by side in memory.

use crate::{activity::ActivitySummary, places::Coordinates};

/// What a search asks of everybody, in few bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BriefFacts {
    /// When the person was last active, and whether they are open to work.
    pub activity: ActivitySummary,
    /// States whether to wish to work remotely.
    pub remote: Option<bool>,
    /// Where the person lives.
    pub residence: Option<Coordinates>,
}
