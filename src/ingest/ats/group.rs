//! What a system tells of one person, and what becomes of it.

use serde_json::Value;

use crate::ingest::{EventDraft, Rejection, person::PersonDraft};

/// The parts of one person, each with the resource that it came in.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Group {
    /// Resource and value, in the order of arrival.
    pub(super) parts: Vec<(String, Value)>,
}

impl Group {
    /// The parts of a resource.
    pub(super) fn all<'g>(&'g self, resource: &'g str) -> impl Iterator<Item = &'g Value> + 'g {
        self.parts.iter().filter(move |(of, _)| of == resource).map(|(_, value)| value)
    }

    /// The parts that are the person.
    pub(super) fn main(&self) -> impl Iterator<Item = &Value> {
        self.all(MAIN)
    }
}

/// The resource of the parts that are the person.
pub(super) const MAIN: &str = "";

/// A candidate and what happened to them.
#[derive(Debug, Clone, PartialEq)]
pub struct AtsRecord {
    /// The candidate's document.
    pub candidate: Value,
    /// Events of that candidate.
    pub events: Vec<EventDraft>,
}

impl AtsRecord {
    /// A person and its events.
    pub(super) fn of(person: PersonDraft, events: Vec<EventDraft>) -> Self {
        Self { candidate: person.into_candidate(), events }
    }
}

/// The person was erased at the source.
pub(super) fn deleted(system: &str) -> Rejection {
    let message =
        format!("{system} says that this person was deleted: it is not imported; erase what was imported before");
    Rejection::one("deleted_at_source", message)
}

/// The person was made anonymous at the source.
pub(super) fn anonymized(system: &str) -> Rejection {
    let message = format!("{system} says that this person was made anonymous: there is nobody to import");
    Rejection::one("anonymized_at_source", message)
}

/// Nothing in the parts tells who the person is.
pub(super) fn missing_id(wanted: &str) -> Rejection {
    Rejection::one("missing", format!("{wanted} is wanted to know the person again"))
}
