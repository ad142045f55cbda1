//! Whether somebody is open to work, in few bytes: it is asked of everybody at once.
//!
//! Input: an [`ActivityRecord`]. Output: an [`OpennessSummary`] that answers for instants after everything it sums up; for
//! earlier ones the record must be asked. Invariant: where it answers, it says what the record says.

use super::{ActivityRecord, Openness};

/// The statements of a record in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpennessSummary {
    /// From when on `openness` holds.
    from: i64,
    /// Until when an open statement holds.
    until: i64,
    openness: Stated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stated {
    Open,
    Closed,
    Unknown,
}

impl OpennessSummary {
    /// Sums up a record.
    pub fn of(record: &ActivityRecord) -> Self {
        let statement = record.latest(i64::MAX).statement.map(|(at, _)| at);
        let stated = record.stated.open_to_work;
        let from = statement.into_iter().chain(stated.and_then(|open| open.since)).max().unwrap_or(i64::MIN);
        // What the profile states counts where no event is later.
        let is_stated =
            stated.is_some_and(|open| statement.is_none_or(|at| open.since.is_some_and(|since| since > at)));
        let until = stated.and_then(|open| open.until).filter(|_| is_stated).unwrap_or(i64::MAX);
        let openness = match record.openness(from) {
            Openness::Open(_) => Stated::Open,
            Openness::Closed if is_stated && !record.stated.not_looking => Stated::Open,
            Openness::Closed => Stated::Closed,
            Openness::Unknown => Stated::Unknown,
        };
        Self { from, until, openness }
    }

    /// Whether the person is open to work; `None` where nothing is known, `Err` where the record must be asked.
    pub fn is_open(&self, as_of: i64) -> Result<Option<bool>, AskTheRecord> {
        if as_of < self.from {
            return Err(AskTheRecord);
        }
        Ok(match self.openness {
            Stated::Open => Some(as_of <= self.until),
            Stated::Closed => Some(false),
            Stated::Unknown => None,
        })
    }
}

/// The instant lies before something that is summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskTheRecord;

impl ActivityRecord {
    /// Whether the person is open to work; `None` where nothing is known.
    pub fn is_open(&self, as_of: i64) -> Option<bool> {
        match self.openness(as_of) {
            Openness::Open(_) => Some(true),
            Openness::Closed => Some(false),
            Openness::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::activity::{ActivityEvent, EventType, OpenStatement, Statements};

    fn open() -> impl Strategy<Value = Option<OpenStatement>> {
        let at = || prop::option::of(0..10_i64);
        prop::option::of((at(), at()).prop_map(|(since, until)| OpenStatement { since, until }))
    }

    proptest! {
        #[test]
        fn a_summary_says_what_the_record_says(
            events in prop::collection::vec((0..12_usize, 0..10_i64), 0..6),
            open_to_work in open(),
            not_looking in any::<bool>(),
        ) {
            let stated = Statements { open_to_work, not_looking, ..Statements::default() };
            let events = events.iter().map(|(kind, at)| ActivityEvent::new(EventType::ALL[*kind], *at)).collect();
            let record = ActivityRecord::default().with_statements(stated).with_events(events);
            let summary = OpennessSummary::of(&record);
            for as_of in -1..12 {
                if let Ok(is_open) = summary.is_open(as_of) {
                    prop_assert_eq!(is_open, record.is_open(as_of), "at {}", as_of);
                }
            }
            prop_assert!(summary.is_open(11).is_ok());
        }
    }
}
