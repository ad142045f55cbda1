//! Recency and openness.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ActivityEvent, EventType};

const DAY_SECONDS: f64 = 86_400.0;

/// A statement of being open to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenStatement {
    /// Since when, in Unix seconds.
    pub since: Option<i64>,
    /// Until when, in Unix seconds.
    pub until: Option<i64>,
}

/// What is known of a person's activity, whenever it happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ActivityRecord {
    /// The profile says: open to work.
    pub open_to_work: Option<OpenStatement>,
    /// The profile says: not looking.
    pub not_looking: bool,
    /// When the profile was changed last, in Unix seconds.
    pub modified: Option<i64>,
    /// Events, the earliest first.
    pub events: Arc<[ActivityEvent]>,
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
    /// The latest thing that the person themselves did up to an instant: what, and when (Unix seconds).
    pub fn last_active(&self, as_of: i64) -> Option<ActivityEvent> {
        let own = self.events.iter().rev().find(|event| event.at <= as_of && event.event_type.is_own_act()).copied();
        let modified = self.modified.filter(|at| *at <= as_of);
        let modified = modified.map(|at| ActivityEvent { event_type: EventType::ProfileUpdated, at });
        [own, modified].into_iter().flatten().max_by_key(|event| event.at)
    }

    /// Openness at an instant: the latest statement counts, in the profile or as an event; being hired ends it.
    pub fn openness(&self, as_of: i64) -> Openness {
        let told = self.events.iter().rev().find(|event| {
            let is_statement =
                matches!(event.event_type, EventType::OpenToWork | EventType::NotLooking | EventType::Hired);
            is_statement && event.at <= as_of
        });
        let stated = self.open_to_work.filter(|open| open.since.is_none_or(|since| since <= as_of));
        if self.not_looking {
            return Openness::Closed;
        }
        match (told, stated) {
            (Some(event), Some(open)) if open.since.is_some_and(|since| since > event.at) => {
                stated_openness(open, as_of)
            }
            (Some(event), _) if event.event_type == EventType::OpenToWork => Openness::Open(Some(event.at)),
            (Some(_), _) => Openness::Closed,
            (None, Some(open)) => stated_openness(open, as_of),
            (None, None) => Openness::Unknown,
        }
    }
}

fn stated_openness(open: OpenStatement, as_of: i64) -> Openness {
    if open.until.is_some_and(|until| until < as_of) { Openness::Closed } else { Openness::Open(open.since) }
}

/// Half-life of an event's effect, in days, and its strength at the start, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HalfLife {
    /// Days until half of it is left.
    pub days: f64,
    /// Strength when it happens.
    pub strength: f64,
}

/// Constants of the activity signals, from `ranking.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ActivityConstants {
    /// Share of recency in the activity signal; the rest is openness.
    pub recency_share: f64,
    /// Half-life of the person's own acts, but those named below.
    pub recency: HalfLife,
    /// Half-life of having applied, replied or been interviewed.
    pub engagement: HalfLife,
    /// Half-life of a changed profile.
    pub profile_update: HalfLife,
    /// Half-life of a statement of being open to work.
    pub openness: HalfLife,
    /// Age in days that a statement without a date is taken to have.
    pub undated_statement_days: f64,
}

/// What stands for a person of whom nothing is known: the population's medians.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PopulationMedians {
    /// Median of the instants of last activity, in Unix seconds.
    pub last_active: Option<i64>,
    /// Median of the instants since which people are open to work, in Unix seconds.
    pub open_since: Option<i64>,
}

impl PopulationMedians {
    /// Medians over a population, at the latest instant that it knows.
    pub fn of<'a>(records: impl Iterator<Item = &'a ActivityRecord>) -> Self {
        let (mut active, mut open) = (Vec::new(), Vec::new());
        for record in records {
            active.extend(record.last_active(i64::MAX).map(|event| event.at));
            if let Openness::Open(Some(since)) = record.openness(i64::MAX - 1) {
                open.push(since);
            }
        }
        Self { last_active: median(active), open_since: median(open) }
    }
}

fn median(mut instants: Vec<i64>) -> Option<i64> {
    let middle = instants.len() / 2;
    (!instants.is_empty()).then(|| *instants.select_nth_unstable(middle).1)
}

/// One component of activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// In [0, 1].
    pub value: f64,
    /// Whether it is the population's median for want of data.
    pub is_unknown: bool,
}

/// The activity signals of a person at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivitySignals {
    /// How lately the person did something: strength · 2^(−age / half-life), the largest over what they did last.
    pub recency: Component,
    /// Whether they look for work: 2^(−age / half-life) since they said so, 0 where they said no.
    pub openness: Component,
    /// recencyShare · recency + (1 − recencyShare) · openness, in [0, 1].
    pub activity: f64,
    last_active: Option<ActivityEvent>,
    open: Openness,
    as_of: i64,
}

impl ActivitySignals {
    /// The signals at an instant (Unix seconds).
    pub fn of(record: &ActivityRecord, as_of: i64, constants: &ActivityConstants, medians: &PopulationMedians) -> Self {
        let recency = recency(record, as_of, constants).map_or_else(
            || {
                let median = medians.last_active.filter(|at| *at <= as_of);
                unknown(median.map_or(0.0, |at| decayed(constants.recency, as_of - at)))
            },
            known,
        );
        let open = record.openness(as_of);
        let openness = match open {
            Openness::Open(since) => known(open_value(since, as_of, constants)),
            Openness::Closed => known(0.0),
            Openness::Unknown => {
                let median = medians.open_since.filter(|at| *at <= as_of);
                unknown(median.map_or(0.0, |at| open_value(Some(at), as_of, constants)))
            }
        };
        let share = constants.recency_share;
        let activity = (share * recency.value + (1.0 - share) * openness.value).clamp(0.0, 1.0);
        Self { recency, openness, activity, last_active: record.last_active(as_of), open, as_of }
    }

    /// Instant of the last activity, in Unix seconds.
    pub fn last_active(&self) -> Option<i64> {
        self.last_active.map(|event| event.at)
    }

    /// Openness at the instant.
    pub fn open(&self) -> Openness {
        self.open
    }

    /// Why, in words.
    pub fn reason(&self) -> String {
        let acted = match self.last_active {
            Some(event) => format!("{} {}", event.event_type.words(), ago(self.as_of - event.at)),
            None => "last activity unknown, the population's median stands in".to_owned(),
        };
        let looks = match self.open {
            Openness::Open(Some(since)) => format!("open to work since {}", ago(self.as_of - since)),
            Openness::Open(None) => "open to work".to_owned(),
            Openness::Closed => "not looking".to_owned(),
            Openness::Unknown => "openness unknown, the population's median stands in".to_owned(),
        };
        format!("{acted}; {looks}")
    }
}

fn known(value: f64) -> Component {
    Component { value, is_unknown: false }
}

fn unknown(value: f64) -> Component {
    Component { value, is_unknown: true }
}

fn decayed(half_life: HalfLife, age_seconds: i64) -> f64 {
    half_life.strength * (-(age_seconds.max(0) as f64) / DAY_SECONDS / half_life.days).exp2()
}

fn open_value(since: Option<i64>, as_of: i64, constants: &ActivityConstants) -> f64 {
    let undated = (constants.undated_statement_days * DAY_SECONDS) as i64;
    decayed(constants.openness, since.map_or(undated, |since| as_of - since))
}

fn recency(record: &ActivityRecord, as_of: i64, constants: &ActivityConstants) -> Option<f64> {
    // Acts of one kind decay alike: the latest of each kind is its strongest.
    let (mut engagement, mut profile_update, mut other) = (None, None, None);
    let modified = record.modified.map(|at| ActivityEvent { event_type: EventType::ProfileUpdated, at });
    let acts = record.events.iter().copied().filter(|event| event.event_type.is_own_act()).chain(modified);
    for event in acts.filter(|event| event.at <= as_of) {
        let latest = match event.event_type {
            EventType::Applied | EventType::OutreachReplied | EventType::Interviewed => &mut engagement,
            EventType::ProfileUpdated => &mut profile_update,
            _ => &mut other,
        };
        *latest = (*latest).max(Some(event.at));
    }
    let kinds =
        [(engagement, constants.engagement), (profile_update, constants.profile_update), (other, constants.recency)];
    let values = kinds.into_iter().filter_map(|(at, half_life)| Some(decayed(half_life, as_of - at?)));
    values.max_by(f64::total_cmp)
}

fn ago(seconds: i64) -> String {
    let days = seconds.max(0) / DAY_SECONDS as i64;
    match days {
        0 => "less than a day ago".to_owned(),
        1 => "1 day ago".to_owned(),
        2..=59 => format!("{days} days ago"),
        60..=729 => format!("{} months ago", days / 30),
        _ => format!("{} years ago", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400;

    fn constants() -> ActivityConstants {
        let half_life = |days, strength| HalfLife { days, strength };
        ActivityConstants {
            recency_share: 0.6,
            recency: half_life(30.0, 0.9),
            engagement: half_life(45.0, 1.0),
            profile_update: half_life(60.0, 0.8),
            openness: half_life(90.0, 1.0),
            undated_statement_days: 90.0,
        }
    }

    fn record(events: &[(EventType, i64)]) -> ActivityRecord {
        let events = events.iter().map(|(event_type, at)| ActivityEvent { event_type: *event_type, at: *at });
        ActivityRecord { events: events.collect(), ..ActivityRecord::default() }
    }

    #[test]
    fn an_act_loses_half_of_its_effect_in_a_half_life() {
        let signed_in = record(&[(EventType::LoggedIn, 0)]);
        let signals = ActivitySignals::of(&signed_in, 30 * DAY, &constants(), &PopulationMedians::default());
        assert!((signals.recency.value - 0.45).abs() < 1e-9);
        assert_eq!(signals.reason(), "signed in 30 days ago; openness unknown, the population's median stands in");
    }

    #[test]
    fn being_written_to_is_not_activity() {
        let written_to = record(&[(EventType::OutreachSent, 0), (EventType::OutreachOpened, 5)]);
        assert_eq!(written_to.last_active(10), None);
    }

    #[test]
    fn the_latest_statement_counts() {
        let changed = record(&[(EventType::OpenToWork, 10), (EventType::NotLooking, 20)]);
        assert_eq!(changed.openness(5), Openness::Unknown);
        assert_eq!(changed.openness(15), Openness::Open(Some(10)));
        assert_eq!(changed.openness(25), Openness::Closed);
        let stated =
            ActivityRecord { open_to_work: Some(OpenStatement { since: Some(30), until: Some(40) }), ..changed };
        assert_eq!(stated.openness(35), Openness::Open(Some(30)));
        assert_eq!(stated.openness(45), Openness::Closed);
    }

    proptest! {
        #[test]
        fn later_events_never_count(
            events in prop::collection::vec((0usize..12, 0i64..1000), 0..8), as_of in 0i64..1000
        ) {
            let mut events: Vec<_> = events.into_iter().map(|(at, when)| (EventType::ALL[at], when)).collect();
            events.sort_by_key(|(_, at)| *at);
            let earlier: Vec<_> = events.iter().copied().filter(|(_, at)| *at <= as_of).collect();
            let medians = PopulationMedians::default();
            let all = ActivitySignals::of(&record(&events), as_of, &constants(), &medians);
            prop_assert_eq!(&all, &ActivitySignals::of(&record(&earlier), as_of, &constants(), &medians));
            prop_assert!((0.0..=1.0).contains(&all.activity));
        }
    }
}
