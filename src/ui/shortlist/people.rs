//! People of a shortlist as the store has them: in short, and when they were written to.

use std::collections::HashMap;

use crate::{
    activity::{EventType, Openness, Tag},
    candidate::{Candidate, Month, Timeline, read_stored},
    search::Card,
    store::{Store, StoreError, StoredCandidate},
    ui::{security::Recruiter, stored_activity},
};

/// After so many seconds a message was not written today.
const TODAY: i64 = 86_400;

/// A person.
pub(super) struct Person {
    /// In short.
    pub(super) card: Card,
    /// A page about them: their own on LinkedIn, any other of their own, that of the system they came from.
    pub(super) url: Option<String>,
    /// Whether they are open to work; `None` where it is unknown.
    pub(super) is_open: Option<bool>,
    /// Whether they asked not to be written to.
    pub(super) is_left_alone: bool,
    /// When they did something last, in Unix seconds.
    pub(super) last_active: Option<i64>,
    /// When anybody wrote to them last, in Unix seconds.
    pub(super) contacted: Option<i64>,
    /// Whether who looks at the page wrote to them today.
    pub(super) is_contacted_now: bool,
}

/// People by their ids.
pub(super) struct People {
    known: HashMap<String, Person>,
}

impl People {
    /// Looks people up. Those who are gone, or cannot be read any more, are nobody.
    pub(super) fn of(
        store: &Store,
        ids: impl IntoIterator<Item = String>,
        recruiter: &Recruiter,
        now: jiff::Timestamp,
    ) -> Result<Self, StoreError> {
        let mut known = HashMap::new();
        for id in ids {
            if known.contains_key(&id) {
                continue;
            }
            let Some(stored) = store.get(&id)? else { continue };
            if let Some(person) = person(store, &stored, recruiter, now)? {
                known.insert(id, person);
            }
        }
        Ok(Self { known })
    }

    /// The person of an id.
    pub(super) fn get(&self, id: &str) -> Option<&Person> {
        self.known.get(id)
    }
}

fn person(
    store: &Store,
    stored: &StoredCandidate,
    recruiter: &Recruiter,
    now: jiff::Timestamp,
) -> Result<Option<Person>, StoreError> {
    let Ok(candidate) = read_stored(&stored.id, &stored.body) else { return Ok(None) };
    let record = stored_activity::record(&candidate, &store.events_of(stored.key)?);
    let now_second = now.as_second();
    let own = Tag::of(Some(&recruiter.0));
    let mut messages = record.outreach().iter().map(|message| message.sent).filter(|sent| sent.at <= now_second);
    Ok(Some(Person {
        is_contacted_now: messages.any(|sent| sent.by == own && now_second - sent.at < TODAY),
        card: card(&candidate, now),
        url: url(&candidate),
        is_open: match record.openness(now_second) {
            Openness::Open(_) => Some(true),
            Openness::Closed => Some(false),
            Openness::Unknown => None,
        },
        is_left_alone: candidate.availability.do_not_contact,
        last_active: record.last_active(now_second).map(|event| event.at),
        contacted: record.last(EventType::OutreachSent, now_second),
    }))
}

fn card(candidate: &Candidate, now: jiff::Timestamp) -> Card {
    Card::of(candidate, &Timeline::of(&candidate.profile.positions), Month::of_timestamp(now), |_| None)
}

fn url(candidate: &Candidate) -> Option<String> {
    let document = candidate.document();
    let text = |pointer: &str| document.pointer(pointer).and_then(|value| value.as_str()).map(str::to_owned);
    candidate.linkedin().map(str::to_owned).or_else(|| text("/profile/basics/url")).or_else(|| text("/source/url"))
}
