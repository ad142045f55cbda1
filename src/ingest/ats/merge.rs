//! Merge's unified model of applicant tracking systems.

use serde_json::Value;

use super::group::{AtsRecord, Group, deleted, missing_id};
use super::reading::{at, event, first_text, instant, is_true, list, rejected_tag, stage_tag, text, texts};
use crate::ingest::{
    EventDraft, Rejection,
    person::{PersonDraft, SourceDraft},
    residence::read_residence,
};

/// Resources beside candidates.
pub(super) const SIDES: [&str; 2] = ["applications", "interviews"];

/// The candidate that a part belongs to.
pub(super) fn key(resource: &str, value: &Value) -> Option<String> {
    match resource {
        "" => text(candidate_of(value), "id"),
        _ => first_text(value, &["candidate", "candidate.id"])
            .or_else(|| text(value, "application").map(|application| format!("application:{application}"))),
    }
}

/// The candidate of a webhook, or the value itself.
fn candidate_of(value: &Value) -> &Value {
    at(value, "data").filter(|data| data.is_object()).unwrap_or(value)
}

/// Reads a person.
pub(super) fn person(group: &Group) -> Result<AtsRecord, Rejection> {
    let main = group.main().map(candidate_of).last().ok_or_else(|| missing_id("`id`"))?;
    let id = text(main, "id").ok_or_else(|| missing_id("`id`"))?;
    if is_true(main, "remote_was_deleted") {
        return Err(deleted("Merge"));
    }
    let names: Vec<String> = ["first_name", "last_name"].iter().filter_map(|name| text(main, name)).collect();
    let first = |path: &str| texts(main, path, &["value", "name"]).into_iter().next();
    let mut person = PersonDraft {
        id: format!("merge-{id}"),
        name: Some(names.join(" ")),
        email: first("email_addresses"),
        phone: first("phone_numbers"),
        residence: first("locations").map(|place| read_residence(&place)).unwrap_or_default(),
        urls: texts(main, "urls", &["value"]),
        tags: texts(main, "tags", &["name"]),
        do_not_contact: is_true(main, "is_private") || at(main, "can_email").and_then(Value::as_bool) == Some(false),
        source: SourceDraft { system: "merge", external_id: Some(id), url: None },
        ..PersonDraft::default()
    };
    person.add_current(text(main, "title"), text(main, "company"));
    let mut events = Vec::new();
    for application in list(main, "applications").iter().chain(group.all("applications")) {
        read_application(application, &mut person, &mut events);
    }
    for interview in group.all("interviews") {
        if let (Some(held), Some(of)) = (instant(interview, "start_at"), text(interview, "id")) {
            events.push(event(&person.id, "interviewed", held, format!("merge-interview-{of}")));
        }
    }
    Ok(AtsRecord::of(person, events))
}

/// Reads an application; where the export did not expand it, it is a bare id and tells nothing.
fn read_application(application: &Value, person: &mut PersonDraft, events: &mut Vec<EventDraft>) {
    let Some(id) = text(application, "id") else { return };
    if let Some(applied) = instant(application, "applied_at") {
        events.push(event(&person.id, "applied", applied, format!("merge-application-{id}")));
    }
    let stage = first_text(application, &["current_stage.name", "current_stage"]);
    let is_hired = stage.as_deref().is_some_and(|stage| stage.eq_ignore_ascii_case("hired"));
    if at(application, "rejected_at").is_some() {
        let reason = first_text(application, &["reject_reason.name", "reject_reason"]);
        person.tags.push(rejected_tag(reason));
    } else if let Some(hired) = instant(application, "remote_updated_at").filter(|_| is_hired) {
        events.push(event(&person.id, "hired", hired, format!("merge-application-{id}-hired")));
    } else {
        person.tags.extend(stage_tag(stage));
    }
}
