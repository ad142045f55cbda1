//! What the store alone knows of a person's activity: pages show people whom searches do not see yet.

use crate::{
    activity::{ActivityRecord, OpenStatement, Statements},
    candidate::Candidate,
    indexing::activity_event,
    store::StoredEvent,
};

/// The record of what a profile states and what happened.
pub(super) fn record(candidate: &Candidate, events: &[StoredEvent]) -> ActivityRecord {
    let seconds = |instant: Option<jiff::Timestamp>| instant.map(|instant| instant.as_second());
    let open = candidate.availability.open_to_work.as_ref();
    let stated = Statements {
        open_to_work: open.map(|open| OpenStatement { since: seconds(open.since), until: seconds(open.until) }),
        not_looking: candidate.availability.not_looking,
        modified: seconds(candidate.profile.last_modified),
        ..Statements::default()
    };
    let events = events.iter().filter_map(activity_event).map(|(_, event)| event).collect();
    ActivityRecord::default().with_statements(stated).with_events(events)
}
