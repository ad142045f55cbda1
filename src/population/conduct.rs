//! What a person did and what others did to the person: (person, career) → availability, events in order of time.
//!
//! No event after the population's instant; a reply follows its message; the dormant neither open nor answer.

use jiff::Timestamp;

use super::archetype::{Archetype, irregular};
use super::calendar::{DAY, before, day, days_since};
use super::career::Career;
use super::extract::{Extract, Place};
use super::person::Person;
use super::record::{Availability, OpenToWork, SyntheticEvent};
use super::skills::two_decimals;
use super::stream::{Part, Stream, StreamKey};
use super::world::World;
use crate::activity::EventType as Kind;

/// How many recruiters share the population.
const RECRUITERS: u32 = 400;

/// How a person behaves.
pub(super) struct Conduct {
    pub(super) availability: Option<Availability>,
    pub(super) events: Vec<SyntheticEvent>,
    pub(super) reply_probability: f64,
    /// When the record came into the system.
    pub(super) acquired: Timestamp,
}

impl Conduct {
    pub(super) fn new(
        key: StreamKey,
        (person, career): (&Person, &Career),
        as_of: Timestamp,
        world: Option<World>,
    ) -> Self {
        let mut stream = key.stream(Part::Conduct, person.index);
        let habits = person.archetype.habits();
        let pressure = if person.popular { 0.5 } else { 1.0 };
        let usual = stream.within(habits.reply.0, habits.reply.1) * pressure;
        let changed = (as_of.as_second() - person.changed.as_second()).max(1);
        let days = changed as f64 / DAY as f64;
        let reply = world.map_or(usual, |world| world.reply_probability(key, person.index, days));
        let acquired = changed + i64::from(stream.between(0, 900)) * DAY;
        let mut log = Log { as_of, entries: Vec::new() };
        let availability = declare(person, career, &mut log, &mut stream);
        visit(person, changed, &mut log, &mut stream);
        apply(person, changed, &mut log, &mut stream);
        Outreach { person, reply, changed, threads: 0, all_present: world.is_some() }.receive(&mut log, &mut stream);
        let events = log.events(person);
        let reply_probability = if world.is_some() { reply } else { two_decimals(reply) };
        Self { availability, events, reply_probability, acquired: before(as_of, acquired) }
    }
}

/// An event without its id.
struct Entry {
    ago: i64,
    kind: Kind,
    by: Option<u32>,
    thread: Option<u32>,
    channel: Option<&'static str>,
}

struct Log {
    as_of: Timestamp,
    entries: Vec<Entry>,
}

impl Log {
    /// Notes an event so many seconds before the instant; one that would lie after it is dropped.
    fn note(&mut self, kind: Kind, ago: i64) {
        self.push(Entry { ago, kind, by: None, thread: None, channel: None });
    }

    fn push(&mut self, entry: Entry) {
        if entry.ago > 0 {
            self.entries.push(entry);
        }
    }

    fn events(mut self, person: &Person) -> Vec<SyntheticEvent> {
        self.entries.sort_by_key(|entry| std::cmp::Reverse(entry.ago));
        let id = person.id();
        let event = |(at, entry): (usize, Entry)| SyntheticEvent {
            candidate_id: id.clone(),
            kind: entry.kind,
            at: before(self.as_of, entry.ago),
            id: format!("{id}-e{at}"),
            by: entry.by.map(|by| format!("rec-{by:03}")),
            thread: entry.thread.map(|thread| format!("{id}-t{thread}")),
            channel: entry.channel,
        };
        self.entries.into_iter().enumerate().map(event).collect()
    }
}

/// What the person says about wanting to move; said when the profile was last changed.
fn declare(person: &Person, career: &Career, log: &mut Log, stream: &mut Stream) -> Option<Availability> {
    let changed = log.as_of.as_second() - person.changed.as_second();
    let open = match person.archetype {
        Archetype::Active => stream.chance(0.8),
        Archetype::LaidOff => stream.chance(0.9),
        Archetype::Boaster => stream.chance(0.3),
        // Forgotten flags of long ago.
        Archetype::Dormant => stream.chance(0.05),
        Archetype::Steady => stream.chance(0.03),
        _ => false,
    };
    let not_looking = !open
        && match person.archetype {
            Archetype::Seller => stream.chance(0.5),
            Archetype::Strong => stream.chance(0.2),
            Archetype::Steady => stream.chance(0.12),
            _ => false,
        };
    if let Some(layoff) = &person.layoff {
        let first_day = days_since(layoff.month, log.as_of) * DAY;
        log.note(Kind::LaidOff, first_day - i64::from(stream.between(0, 20)) * DAY);
    }
    if open {
        log.note(Kind::OpenToWork, changed - 60);
    } else if not_looking {
        log.note(Kind::NotLooking, changed - 60);
    }
    let title = career.latest().map(|position| position.title.clone());
    let open_to_work = open.then(|| OpenToWork {
        since: day(person.changed),
        until: None,
        titles: title.into_iter().collect(),
        locations: wished_place(person, stream).into_iter().collect(),
        remote: stream.chance(0.4),
    });
    let do_not_contact = stream.chance(irregular::DO_NOT_CONTACT);
    let said = open || not_looking || do_not_contact || stream.chance(0.6);
    said.then_some(Availability { open_to_work, not_looking, do_not_contact })
}

/// Where someone who is open to work would work, if they say so: mostly where they live.
fn wished_place(person: &Person, stream: &mut Stream) -> Option<&'static str> {
    let (says, wish) = (stream.chance(irregular::WISHED_PLACE), stream.unit());
    let own = person.place;
    let (elsewhere, anywhere) = irregular::WISHED_ELSEWHERE;
    if !says {
        None
    } else if wish < anywhere {
        Some(own.country)
    } else if wish < anywhere + elsewhere {
        let weight =
            |place: &Place| if place.country == own.country && place.city != own.city { place.weight } else { 0 };
        let places = &Extract::get().places[person.language as usize];
        let place = &places[stream.weighted(places.iter().map(weight))];
        // The only city of its country has no other.
        Some(if weight(place) > 0 { place.city } else { own.city })
    } else {
        Some(own.city)
    }
}

fn visit(person: &Person, changed: i64, log: &mut Log, stream: &mut Stream) {
    log.note(Kind::ProfileUpdated, changed);
    if stream.chance(0.4) {
        log.note(Kind::ProfileUpdated, changed + i64::from(stream.between(30, 900)) * DAY);
    }
    let habits = person.archetype.habits();
    for _ in 0..stream.between(habits.log_ins.0, habits.log_ins.1) {
        let ago = i64::from(stream.between(0, habits.log_in_days)) * DAY + i64::from(stream.between(60, 80_000));
        // Whoever is gone came for the last time when the profile was changed.
        log.note(Kind::LoggedIn, if person.archetype.gone() { changed + 300 } else { ago });
    }
}

fn apply(person: &Person, changed: i64, log: &mut Log, stream: &mut Stream) {
    let (applications, within) = match person.archetype {
        Archetype::Active => (stream.between(1, 4), 40),
        Archetype::LaidOff => (stream.between(0, 3), 40),
        Archetype::Boaster => (stream.between(0, 2), 300),
        Archetype::Steady | Archetype::Strong => (u32::from(stream.chance(0.1)), 500),
        _ => (u32::from(stream.chance(0.05)), 0),
    };
    for _ in 0..applications {
        let ago = match within {
            0 => changed + DAY,
            days => i64::from(stream.between(2, days)) * DAY + i64::from(stream.between(60, 80_000)),
        };
        log.note(Kind::Applied, ago);
        if stream.chance(0.35) {
            let later = ago - i64::from(stream.between(3, 20)) * DAY;
            let by = Some(stream.between(1, RECRUITERS));
            log.push(Entry { ago: later, kind: Kind::Interviewed, by, thread: None, channel: None });
            // The hired keep what they were hired for: only those who no longer look.
            if !person.archetype.looking() && stream.chance(0.3) {
                let hired = later - i64::from(stream.between(5, 30)) * DAY;
                log.push(Entry { ago: hired, kind: Kind::Hired, by, thread: None, channel: None });
            }
        }
    }
}

/// Messages of recruiters.
struct Outreach<'a> {
    person: &'a Person,
    reply: f64,
    changed: i64,
    threads: u32,
    /// Whether being away says nothing about answering.
    all_present: bool,
}

impl Outreach<'_> {
    fn receive(&mut self, log: &mut Log, stream: &mut Stream) {
        let (low, high) = self.person.archetype.habits().outreach;
        let messages = if self.person.popular { stream.between(12, 32) } else { stream.between(low, high) };
        let span = if self.person.popular { 240 } else { 720 };
        for _ in 0..messages {
            let ago = i64::from(stream.between(0, span)) * DAY + i64::from(stream.between(60, 80_000));
            self.message(ago, log, stream);
        }
    }

    fn message(&mut self, sent: i64, log: &mut Log, stream: &mut Stream) {
        self.threads += 1;
        let by = Some(stream.between(1, RECRUITERS));
        let thread = Some(self.threads);
        let channel = Some(*stream.pick(&["email", "email", "message", "phone"]));
        let mut push = |kind, ago| log.push(Entry { ago, kind, by, thread, channel });
        push(Kind::OutreachSent, sent);
        // Before the last visit even the dormant were there to read.
        let present = self.all_present || !self.person.archetype.gone() || sent > self.changed;
        let opened = sent - i64::from(stream.between(600, 250_000));
        let answered = opened - i64::from(stream.between(60, 400_000));
        let (opens, replies, declines) = (stream.chance(0.5), stream.chance(self.reply), stream.chance(0.06));
        let interview = stream.chance(0.25).then(|| answered - i64::from(stream.between(3, 15)) * DAY);
        if !present || !(opens || replies) {
            return;
        }
        push(Kind::OutreachOpened, opened);
        if replies {
            push(Kind::OutreachReplied, answered);
            if let Some(interview) = interview {
                push(Kind::Interviewed, interview);
            }
        } else if declines {
            push(Kind::OutreachDeclined, answered);
        }
    }
}
