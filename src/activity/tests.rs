//! What the components say, and what holds for all records.

use proptest::prelude::*;

use super::*;

const DAY: i64 = 86_400;

fn constants() -> ActivityConstants {
    let half_life = |days, strength| HalfLife { days, strength };
    ActivityConstants {
        weights: ComponentWeights {
            recency: 0.3,
            openness: 0.25,
            responsiveness: 0.2,
            contact_pressure: 0.15,
            freshness: 0.05,
            movement: 0.05,
        },
        recency: half_life(30.0, 0.9),
        engagement: half_life(45.0, 1.0),
        profile_update: half_life(60.0, 0.8),
        openness: half_life(90.0, 1.0),
        open_words: half_life(90.0, 0.4),
        undated_statement_days: 90.0,
        wished_elsewhere: 0.5,
        layoff: half_life(120.0, 0.9),
        responsiveness: ResponsivenessConstants { prior_messages: 5.0, days: 365.0, patience_days: 14.0 },
        contact_pressure: PressureConstants { window_days: 90.0, days: 30.0, halving_messages: 3.0 },
        movement: MovementConstants { prior_positions: 2.0 },
        freshness: half_life(365.0, 1.0),
    }
}

/// The signals at an instant, and their reasons.
fn judged(record: &ActivityRecord, as_of: i64, medians: &PopulationMedians) -> (ActivitySignals, Vec<ComponentReason>) {
    let constants = constants();
    let context = ActivityContext { as_of, constants: &constants, medians };
    let signals = ActivitySignals::of(record, &context, 1.0);
    let reasons = signals.reasons(record, &context, None);
    (signals, reasons)
}

/// A record with events at days.
fn record(events: &[(EventType, i64)]) -> ActivityRecord {
    let events = events.iter().map(|(event_type, day)| ActivityEvent::new(*event_type, day * DAY));
    ActivityRecord::default().with_events(events.collect())
}

/// A component's value and reason at a day.
fn told(record: &ActivityRecord, day: i64, kind: ComponentKind) -> (f64, String) {
    let (signals, mut reasons) = judged(record, day * DAY, &PopulationMedians::default());
    let reason = reasons.remove(kind as usize);
    assert_eq!((reason.kind, reason.component), (kind, signals.component(kind)));
    (reason.component.value, reason.reason)
}

#[track_caller]
fn assert_told(found: (f64, String), value: f64, reason: &str) {
    assert!((found.0 - value).abs() < 1e-9, "{} instead of {value}", found.0);
    assert_eq!(found.1, reason);
}

#[test]
fn an_act_loses_half_of_its_effect_in_a_half_life() {
    let signed_in = record(&[(EventType::LoggedIn, 0)]);
    assert_told(told(&signed_in, 30, ComponentKind::Recency), 0.45, "signed in 30 days ago");
    let both = record(&[(EventType::LoggedIn, 0), (EventType::Applied, -15)]);
    assert_told(told(&both, 30, ComponentKind::Recency), 0.5, "applied 45 days ago");
}

#[test]
fn being_written_to_is_not_activity() {
    let written_to = record(&[(EventType::OutreachSent, 0), (EventType::OutreachOpened, 5)]);
    assert_eq!(written_to.last_active(10 * DAY), None);
}

#[test]
fn the_latest_statement_counts() {
    let changed = record(&[(EventType::OpenToWork, 10), (EventType::NotLooking, 20)]);
    assert_eq!(changed.openness(5 * DAY), Openness::Unknown);
    assert_eq!(changed.openness(15 * DAY), Openness::Open(Some(10 * DAY)));
    assert_eq!(changed.openness(25 * DAY), Openness::Closed);
    let statement = OpenStatement { since: Some(30 * DAY), until: Some(40 * DAY) };
    let stated = changed.with_statements(Statements { open_to_work: Some(statement), ..Statements::default() });
    assert_eq!(stated.openness(35 * DAY), Openness::Open(Some(30 * DAY)));
    assert_eq!(stated.openness(45 * DAY), Openness::Closed);
}

#[test]
fn a_layoff_opens_until_the_next_job() {
    let laid_off = record(&[(EventType::LaidOff, 0), (EventType::Hired, 200)]);
    assert_told(told(&laid_off, 120, ComponentKind::Openness), 0.45, "laid off 4 months ago");
    assert_eq!(laid_off.laid_off(201 * DAY), None);
    let refuses = record(&[(EventType::LaidOff, 0), (EventType::NotLooking, 1)]);
    assert_told(told(&refuses, 2, ComponentKind::Openness), 0.0, "not looking, laid off 2 days ago");
}

#[test]
fn answers_are_counted_against_the_population() {
    use EventType::{OutreachDeclined, OutreachReplied, OutreachSent};
    let unknown = "no messages known: replies as others do";
    assert_told(told(&record(&[]), 0, ComponentKind::Responsiveness), 0.5, unknown);
    let young = record(&[(OutreachSent, 0)]);
    assert_told(told(&young, 13, ComponentKind::Responsiveness), 0.5, unknown);
    // One answered message of today: (5 · 0.1 + 1) / (5 + 1) = 0.25 against 0.1.
    let answers = record(&[(OutreachSent, 0), (OutreachReplied, 0)]);
    assert_told(told(&answers, 0, ComponentKind::Responsiveness), 0.25 / 0.35, "replied to 1 message");
    // A year counts half, and a refusal is no reply: 0.5 / 5.5 against 0.1.
    let declines = record(&[(OutreachSent, 0), (OutreachDeclined, 1)]);
    let probability = 0.5 / 5.5;
    assert_told(
        told(&declines, 365, ComponentKind::Responsiveness),
        probability / (probability + 0.1),
        "declined 1 message",
    );
}

#[test]
fn the_estimate_of_a_reply_follows_the_components() {
    use EventType::{LoggedIn, OutreachReplied, OutreachSent};
    let estimate = |events: &[(EventType, i64)]| {
        let medians = PopulationMedians::default();
        judged(&record(events), 0, &medians).0.reply_probability(&constants(), &medians)
    };
    let nothing_known = estimate(&[]);
    assert!((0.05..=0.2).contains(&nothing_known), "{nothing_known}");
    assert!(estimate(&[(LoggedIn, 0)]) > nothing_known);
    assert!(estimate(&[(OutreachSent, -30), (OutreachReplied, -29)]) > 1.5 * nothing_known);
    assert!(estimate(&[(OutreachSent, -30), (OutreachSent, -20), (OutreachSent, -15)]) < nothing_known);
}

#[test]
fn pressure_rises_with_messages_in_vain_and_passes() {
    use EventType::{OutreachReplied, OutreachSent};
    let three = record(&[(OutreachSent, 0), (OutreachSent, 0), (OutreachSent, 0)]);
    let in_vain = "3 messages without an answer in 90 days";
    assert_told(told(&three, 0, ComponentKind::ContactPressure), 0.5, in_vain);
    assert_told(told(&three, 30, ComponentKind::ContactPressure), 0.5_f64.powf(0.5), in_vain);
    assert_told(told(&three, 91, ComponentKind::ContactPressure), 1.0, "nobody has written in vain for 90 days");
    let answered = record(&[(OutreachSent, 0), (OutreachReplied, 1)]);
    assert_told(told(&answered, 2, ComponentKind::ContactPressure), 1.0, "nobody has written in vain for 90 days");
}

#[test]
fn activity_is_reliable_where_the_active_answer() {
    use EventType::{LoggedIn, OutreachReplied, OutreachSent};
    let person = |logs_in: bool, replies: bool| {
        let mut events = vec![(OutreachSent, 100)];
        events.extend(logs_in.then_some((LoggedIn, 99)));
        events.extend(replies.then_some((OutreachReplied, 101)));
        record(&events)
    };
    let reliability = |people: &[ActivityRecord]| {
        Reliability::of(&PastMessages::of(people.iter(), &constants(), &PopulationMedians::default()))
    };
    let telling = [person(true, true), person(true, true), person(false, false), record(&[(LoggedIn, 200)])];
    // As far as the messages tell, it is day 101: the messages are too young to have failed, and so to count.
    assert_eq!(reliability(&telling).outcomes, 0);
    let later = || record(&[(OutreachSent, 120), (OutreachReplied, 121)]);
    let mut known = telling.to_vec();
    known.push(later());
    let found = reliability(&known);
    assert_eq!(found.outcomes, 3);
    assert!(found.auc > 0.8 && found.value() > 0.6, "{found:?}");
    assert_eq!(reliability(&[person(true, false), person(false, true), later()]).value(), 0.0);
    assert_eq!(reliability(&[]), Reliability::default());
}

#[test]
fn movement_is_against_the_persons_own_history_and_the_title() {
    let stayed = |own_months, closed_positions, title| {
        let tenure = Some(Tenure { since: 0, own_months, closed_positions, title });
        ActivityRecord::default().with_statements(Statements { tenure, ..Statements::default() })
    };
    let (value, reason) = told(&stayed(36, 3, None), 1_096, ComponentKind::Movement);
    assert!((value - 0.5).abs() < 1e-3);
    assert_eq!(reason, "in the position for 36 months; from this person's history and title, 36 are usual");
    let none = "no history of positions to compare with";
    assert_told(told(&ActivityRecord::default(), 0, ComponentKind::Movement), 0.5, none);
    assert_told(told(&stayed(0, 0, Some(7)), 0, ComponentKind::Movement), 0.5, none);
    // Twelve people of the title stay 12 months, the others 60: (1 · 36 + 2 · 12) / 3 = 20.
    let others: Vec<_> = (0..32).map(|at| stayed(if at < 12 { 12 } else { 60 }, 1, Some(at / 12))).collect();
    let medians = PopulationMedians::of(others.iter());
    let reason = |record| judged(&record, 1_096 * DAY, &medians).1.remove(ComponentKind::Movement as usize).reason;
    assert!(reason(stayed(36, 1, Some(0))).ends_with("20 are usual"), "{}", reason(stayed(36, 1, Some(0))));
    assert!(reason(stayed(0, 0, Some(99))).ends_with("60 are usual"));
}

#[test]
fn words_of_the_profile_are_a_weak_and_dated_signal() {
    let stated = |modified: Option<i64>, events: &[(EventType, i64)]| {
        let open_words = Some("open to work".into());
        record(events).with_statements(Statements { open_words, modified, ..Statements::default() })
    };
    let kind = ComponentKind::Openness;
    let said = "the profile says \"open to work\", changed 90 days ago";
    assert_told(told(&stated(Some(0), &[]), 90, kind), 0.2, &said.replace("90 days", "3 months"));
    let undated = "the profile says \"open to work\", at an unknown time";
    assert_told(told(&stated(None, &[]), 500, kind), 0.2, undated);
    assert!(told(&stated(Some(100 * DAY), &[]), 90, kind).1.starts_with("openness unknown"));
    assert_told(told(&stated(Some(0), &[(EventType::NotLooking, 10)]), 90, kind), 0.0, "not looking");
    let (value, reason) = told(&stated(Some(0), &[(EventType::OpenToWork, 90)]), 90, kind);
    assert_eq!((value, reason.as_str()), (1.0, "open to work, as said less than a day ago"));
}

#[test]
fn who_wishes_something_else_is_less_open() {
    let open = record(&[(EventType::OpenToWork, 0)]);
    let (constants, medians) = (constants(), PopulationMedians::default());
    let context = ActivityContext { as_of: 0, constants: &constants, medians: &medians };
    let value = |fit| ActivitySignals::of(&open, &context, fit).component(ComponentKind::Openness).value;
    assert_eq!([value(1.0), value(0.5), value(0.0)], [1.0, 0.75, 0.5]);
    let signals = ActivitySignals::of(&open, &context, 0.0);
    let reason = signals.reasons(&open, &context, Some("nurse")).remove(ComponentKind::Openness as usize).reason;
    assert_eq!(reason, "open to work, as said less than a day ago, but wishes something else: nurse");
}

fn events() -> impl Strategy<Value = Vec<ActivityEvent>> {
    let threads = [None, Some("a"), Some("b")];
    let event = (0..EventType::ALL.len(), 0..1_000_i64, 0..3_usize).prop_map(move |(kind, day, thread)| {
        ActivityEvent { thread: Tag::of(threads[thread]), ..ActivityEvent::new(EventType::ALL[kind], day * DAY) }
    });
    prop::collection::vec(event, 0..12)
}

proptest! {
    #[test]
    fn later_events_never_count(events in events(), day in 0..1_000_i64) {
        let as_of = day * DAY;
        let earlier: Vec<_> = events.iter().copied().filter(|event| event.at <= as_of).collect();
        let (all, earlier) =
            (ActivityRecord::default().with_events(events), ActivityRecord::default().with_events(earlier));
        let medians = PopulationMedians::default();
        prop_assert_eq!(judged(&all, as_of, &medians), judged(&earlier, as_of, &medians));
    }

    #[test]
    fn components_stay_on_their_scale_and_add_up(events in events(), day in -10..2_000_i64) {
        let record = ActivityRecord::default().with_events(events);
        let (signals, reasons) = judged(&record, day * DAY, &PopulationMedians::default());
        prop_assert!(signals.components.iter().all(|component| (0.0..=1.0).contains(&component.value)));
        let sum: f64 = reasons.iter().map(|told| told.component.value * told.weight).sum();
        prop_assert!((sum - signals.activity).abs() < 1e-9);
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(events in events(), day in 0..1_000_i64) {
        let mut backwards = events.clone();
        backwards.reverse();
        let signals = |events| {
            let record = ActivityRecord::default().with_events(events);
            judged(&record, day * DAY, &PopulationMedians::default()).0
        };
        prop_assert_eq!(signals(events), signals(backwards));
    }

    #[test]
    fn one_more_message_in_vain_never_helps(events in events(), day in 0..1_000_i64) {
        let sent = ActivityEvent::new(EventType::OutreachSent, day * DAY);
        let mut more = events.clone();
        more.push(sent);
        let pressure = |events| {
            let record = ActivityRecord::default().with_events(events);
            judged(&record, day * DAY, &PopulationMedians::default()).0.component(ComponentKind::ContactPressure).value
        };
        prop_assert!(pressure(more) <= pressure(events));
    }
}
