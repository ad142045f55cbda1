//! Facts that are asked of everybody at once, each side by side in memory.

use super::Column;
use crate::{
    activity::{ActivityRecord, OpennessSummary},
    candidate::Experience,
    places::Coordinates,
};

/// What a search asks of everybody.
#[derive(Debug, Clone, Default)]
pub(super) struct BriefFacts {
    /// When the person did something themselves last, whenever that is, in Unix seconds.
    pub(super) last_act: Column<i64>,
    /// Whether the person is open to work.
    pub(super) openness: Column<OpennessSummary>,
    /// States whether to wish to work remotely.
    pub(super) remote: Column<bool>,
    /// Where the person lives.
    pub(super) residence: Column<Coordinates>,
    /// How long the person has worked.
    pub(super) experience: Column<Experience>,
}

impl BriefFacts {
    pub(super) fn set_record(&mut self, key: u32, record: &ActivityRecord) {
        self.last_act.set(key, record.last_active(i64::MAX).map(|event| event.at));
        self.openness.set(key, Some(OpennessSummary::of(record)));
    }

    pub(super) fn remove(&mut self, key: u32) {
        self.last_act.set(key, None);
        self.openness.set(key, None);
        self.remote.set(key, None);
        self.residence.set(key, None);
        self.experience.set(key, None);
    }
}
