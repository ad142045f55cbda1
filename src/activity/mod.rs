//! Events and statements → signals at a given instant.
//!
//! Input: an [`ActivityRecord`] (what a person said and did) and an instant. Output: [`ActivitySignals`] in [0, 1],
//! each with its reason. Invariants: pure; what happened after the instant does not count; opening a message is not a
//! reply and posting is not activity; what is unknown takes the population's median and says so.

mod event;
mod signals;

pub use event::{ActivityEvent, EventType};
pub use signals::{
    ActivityConstants, ActivityRecord, ActivitySignals, Component, HalfLife, OpenStatement, Openness, PopulationMedians,
};
