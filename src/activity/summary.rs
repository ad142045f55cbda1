//! What is asked of everybody at once, in few bytes: when somebody was last active, and whether they are open to work.
//!
//! Input: an [`ActivityRecord`]. Output: an [`ActivitySummary`] that answers for instants after everything it sums up; for
//! earlier ones the record must be asked. Invariant: where it answers, it says what the record says.

use super::{ActivityRecord, Openness};

/// A record in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivitySummary {
    /// The latest act of the person's own; `i64::MIN` where there is none.
    last_act: i64,
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

impl ActivitySummary {
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
        let last_act = record.last_active(i64::MAX).map_or(i64::MIN, |event| event.at);
        Self { last_act, from, until, openness }
    }

    /// When the person did something themselves last, in Unix seconds; `Err` where the record must be asked.
    pub fn last_act(&self, as_of: i64) -> Result<Option<i64>, AskTheRecord> {
        match self.last_act {
            i64::MIN => Ok(None),
            at if at <= as_of => Ok(Some(at)),
            _ => Err(AskTheRecord),
        }
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
            modified in prop::option::of(0..10_i64),
        ) {
            let stated = Statements { open_to_work, not_looking, modified, ..Statements::default() };
            let events = events.iter().map(|(kind, at)| ActivityEvent::new(EventType::ALL[*kind], *at)).collect();
            let record = ActivityRecord::default().with_statements(stated).with_events(events);
            let summary = ActivitySummary::of(&record);
            for as_of in -1..12 {
                if let Ok(last) = summary.last_act(as_of) {
                    prop_assert_eq!(last, record.last_active(as_of).map(|event| event.at));
                }
                if let Ok(is_open) = summary.is_open(as_of) {
                    prop_assert_eq!(is_open, record.is_open(as_of), "at {}", as_of);
                }
            }
            prop_assert!(summary.is_open(11).is_ok() && summary.last_act(11).is_ok());
        }
    }
}
