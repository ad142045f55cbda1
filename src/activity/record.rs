//! What is known of a person's activity.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ActivityEvent, EventType, Outreach};

/// A statement of being open to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenStatement {
    /// Since when, in Unix seconds.
    pub since: Option<i64>,
    /// Until when, in Unix seconds.
    pub until: Option<i64>,
}

/// What a profile states, whenever it was stated.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statements {
    /// The profile says: open to work.
    pub open_to_work: Option<OpenStatement>,
    /// The words with which the headline or summary says to look for work: dated by the profile, a weak signal.
    pub open_words: Option<Arc<str>>,
    /// The profile says: not looking.
    pub not_looking: bool,
    /// Whether the person wishes titles or places in particular.
    pub has_wishes: bool,
    /// When the profile was changed last, in Unix seconds.
    pub modified: Option<i64>,
    /// How long the person has been where they are, and how long they usually stay.
    pub tenure: Option<Tenure>,
}

/// What is known of a person's activity, whenever it happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ActivityRecord {
    /// What the profile states.
    pub stated: Statements,
    /// Events, the earliest first.
    events: Arc<[ActivityEvent]>,
    /// The messages among them.
    outreach: Arc<[Outreach]>,
    /// The latest of them, for instants after all of them.
    latest: Latest,
}

/// The latest event of each kind that a signal reads, up to an instant, in Unix seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Latest {
    /// The last event of any kind.
    last: Option<i64>,
    /// Applied, replied or was interviewed.
    pub(super) engagement: Option<i64>,
    /// Changed the profile.
    pub(super) profile_update: Option<i64>,
    /// Any other act of the person's own.
    pub(super) other_act: Option<i64>,
    /// A statement of openness or its end, and which.
    pub(super) statement: Option<(i64, EventType)>,
    /// Laid off or hired, and which.
    pub(super) position: Option<(i64, EventType)>,
}

impl Latest {
    /// Of events in order of time.
    fn of<'e>(events: impl Iterator<Item = &'e ActivityEvent>) -> Self {
        let mut latest = Self::default();
        for ActivityEvent { event_type, at, .. } in events {
            latest.last = Some(*at);
            match event_type {
                EventType::Applied | EventType::OutreachReplied | EventType::Interviewed => {
                    latest.engagement = Some(*at);
                }
                EventType::ProfileUpdated => latest.profile_update = Some(*at),
                other if other.is_own_act() => latest.other_act = Some(*at),
                _ => {}
            }
            if matches!(event_type, EventType::OpenToWork | EventType::NotLooking | EventType::Hired) {
                latest.statement = Some((*at, *event_type));
            }
            if matches!(event_type, EventType::LaidOff | EventType::Hired) {
                latest.position = Some((*at, *event_type));
            }
        }
        latest
    }
}

/// The current position against the person's own history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenure {
    /// Start of the current position, in Unix seconds.
    pub since: i64,
    /// Median length of the positions before it, in months, at least 1; 0 where there is none.
    pub own_months: u32,
    /// How many positions were before it.
    pub closed_positions: u32,
    /// Stands for the title: equal titles give equal numbers.
    pub title: Option<u64>,
}

/// Whether somebody is open to work at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    /// Yes, since an instant (Unix seconds) where it is known.
    Open(Option<i64>),
    /// No.
    Closed,
    /// Nothing is known.
    Unknown,
}

impl ActivityRecord {
    /// The events, the earliest first.
    pub fn events(&self) -> &[ActivityEvent] {
        &self.events
    }

    /// Messages to the person, the earliest first.
    pub fn outreach(&self) -> &[Outreach] {
        &self.outreach
    }

    /// Messages up to an instant that had no answer by then, the latest first.
    pub fn unanswered(&self, as_of: i64) -> impl Iterator<Item = &Outreach> {
        let past = self.outreach.iter().rev().filter(move |message| message.sent.at <= as_of);
        past.filter(move |message| message.answer_at(as_of).is_none())
    }

    /// The record with these events, given in any order.
    #[must_use]
    pub fn with_events(self, mut events: Vec<ActivityEvent>) -> Self {
        events.sort_by_key(|event| (event.at, event.event_type, event.thread, event.by));
        let latest = Latest::of(events.iter());
        Self { outreach: Outreach::pair(&events).into(), events: events.into(), latest, ..self }
    }

    /// The record with other statements.
    #[must_use]
    pub fn with_statements(self, stated: Statements) -> Self {
        Self { stated, ..self }
    }

    /// The latest events up to an instant.
    pub(super) fn latest(&self, as_of: i64) -> Latest {
        if self.latest.last.is_none_or(|last| last <= as_of) {
            return self.latest;
        }
        Latest::of(self.events.iter().take_while(|event| event.at <= as_of))
    }

    /// When the person was laid off last, unless they were hired since.
    pub fn laid_off(&self, as_of: i64) -> Option<i64> {
        self.latest(as_of).position.filter(|(_, event_type)| *event_type == EventType::LaidOff).map(|(at, _)| at)
    }

    /// When something of a type happened last up to an instant, in Unix seconds.
    pub fn last(&self, event_type: EventType, as_of: i64) -> Option<i64> {
        let past = self.events.iter().rev().filter(|event| event.at <= as_of);
        past.into_iter().find(|event| event.event_type == event_type).map(|event| event.at)
    }

    /// The latest thing that the person themselves did up to an instant: what, and when (Unix seconds).
    pub fn last_active(&self, as_of: i64) -> Option<ActivityEvent> {
        let own = self.events.iter().rev().find(|event| event.at <= as_of && event.event_type.is_own_act()).copied();
        let modified = self.stated.modified.filter(|at| *at <= as_of);
        let modified = modified.map(|at| ActivityEvent::new(EventType::ProfileUpdated, at));
        [own, modified].into_iter().flatten().max_by_key(|event| event.at)
    }

    /// Openness at an instant: the latest statement counts, in the profile or as an event; being hired ends it.
    pub fn openness(&self, as_of: i64) -> Openness {
        if self.stated.not_looking {
            return Openness::Closed;
        }
        let stated = self.stated.open_to_work.filter(|open| open.since.is_none_or(|since| since <= as_of));
        match (self.latest(as_of).statement, stated) {
            (Some((at, _)), Some(open)) if open.since.is_some_and(|since| since > at) => stated_openness(open, as_of),
            (Some((at, EventType::OpenToWork)), _) => Openness::Open(Some(at)),
            (Some(_), _) => Openness::Closed,
            (None, Some(open)) => stated_openness(open, as_of),
            (None, None) => Openness::Unknown,
        }
    }
}

fn stated_openness(open: OpenStatement, as_of: i64) -> Openness {
    if open.until.is_some_and(|until| until < as_of) { Openness::Closed } else { Openness::Open(open.since) }
}
