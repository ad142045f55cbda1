//! Events and statements → signals at a given instant.
//!
//! Input: an [`ActivityRecord`] (what a person said and did) and an instant. Output: [`ActivitySignals`] in [0, 1],
//! each with its reason. Invariants: pure; what happened after the instant does not count; opening a message is not a
//! reply and posting is not activity; what is unknown takes the population's median and says so.

mod constants;
mod event;
mod outreach;
mod past;
mod population;
mod reasons;
mod record;
mod reliability;
mod reply_model;
mod signals;
mod summary;

#[cfg(test)]
mod tests;

pub use constants::{
    ActivityConstants, ComponentWeights, HalfLife, MovementConstants, PressureConstants, ResponsivenessConstants,
};
pub use event::{ActivityEvent, EventType, Tag};
pub use outreach::{Answer, Outreach};
pub use past::{PastMessage, PastMessages};
pub use population::PopulationMedians;
pub use reasons::ComponentReason;
pub use record::{ActivityRecord, OpenStatement, Openness, Statements, Tenure};
pub use reliability::Reliability;
pub use reply_model::ReplyModel;
pub use signals::{ActivityContext, ActivitySignals, Component, ComponentKind};
pub use summary::{AskTheRecord, OpennessSummary};
