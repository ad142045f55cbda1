//! Greenhouse: Harvest v3 (one resource a file), Harvest v1 (all nested in the candidate), webhooks.

use serde_json::Value;

use super::group::{AtsRecord, Group, anonymized, deleted, missing_id};
use super::reading::{
    at, event, first_text, instant, is_true, list, month, rejected_tag, said, stage_tag, text, texts,
};
use crate::ingest::{
    EventDraft, Rejection,
    person::{EducationDraft, PersonDraft, PositionDraft, SourceDraft, split_list},
    residence::read_residence,
};

/// Resources beside candidates, as v3 and its exports name them.
pub(super) const SIDES: [&str; 6] = ["applications", "educations", "employments", "attachments", "notes", "interviews"];

/// The key of the person that a part belongs to.
pub(super) fn key(resource: &str, value: &Value) -> Option<String> {
    match resource {
        "" => text(person_of(value), "id"),
        "interviews" => text(value, "candidate_id")
            .or_else(|| text(value, "application_id").map(|application| format!("application:{application}"))),
        _ => text(value, "candidate_id"),
    }
}

/// The person of a webhook's payload, or the value itself.
fn person_of(value: &Value) -> &Value {
    ["payload.application.candidate", "payload.candidate", "payload.person", "candidate"]
        .iter()
        .find_map(|path| at(value, path))
        .unwrap_or(value)
}

/// Reads a person.
pub(super) fn person(group: &Group) -> Result<AtsRecord, Rejection> {
    let mains: Vec<&Value> = group.main().map(person_of).collect();
    let Some(main) = mains.last() else { return Err(missing_id("`id`")) };
    let id = text(main, "id").ok_or_else(|| missing_id("`id`"))?;
    for action in group.main().filter_map(|part| text(part, "action")) {
        match action.as_str() {
            "delete_candidate" => return Err(deleted("Greenhouse")),
            "candidate_anonymized" => return Err(anonymized("Greenhouse")),
            _ => {}
        }
    }
    if text(main, "first_name").as_deref() == Some("Anonymized") && text(main, "last_name").as_ref() == Some(&id) {
        return Err(anonymized("Greenhouse"));
    }
    let mut person = PersonDraft { id: format!("gh-{id}"), ..basics(main) };
    let nested = |name| list(main, name).iter();
    person.positions = nested("employments").chain(group.all("employments")).map(position).collect();
    person.education = nested("educations").chain(group.all("educations")).map(school).collect();
    person.add_current(text(main, "title"), text(main, "company"));
    person.source = SourceDraft { system: "greenhouse", external_id: Some(id.clone()), url: text(main, "profile_url") };
    let notes = group.all("notes").filter_map(|note| first_text(note, &["body", "note"]));
    person.documents.extend(notes.map(|note| ("Greenhouse note".to_owned(), note)));
    let of_webhooks = group.main().filter_map(|part| at(part, "payload.application"));
    let mut events = Vec::new();
    for application in nested("applications").chain(group.all("applications")).chain(of_webhooks) {
        read_application(application, &mut person, &mut events);
    }
    for interview in nested("interviews").chain(group.all("interviews")) {
        let held = instant(interview, "start.date_time").or_else(|| instant(interview, "start_at"));
        if let (Some(held), Some(of)) = (held, text(interview, "id")) {
            events.push(event(&person.id, "interviewed", held, format!("gh-interview-{of}")));
        }
    }
    Ok(AtsRecord::of(person, events))
}

fn basics(main: &Value) -> PersonDraft {
    let names: Vec<String> = ["first_name", "last_name"].iter().filter_map(|name| text(main, name)).collect();
    let values = |name| texts(main, name, &["value"]);
    let first = |name| values(name).into_iter().next();
    let mut urls = values("social_media_addresses");
    urls.extend(values("website_addresses"));
    let custom = at(main, "keyed_custom_fields").or_else(|| at(main, "custom_fields"));
    let skills = custom.and_then(|fields| at(fields, "skills")).map(custom_texts).unwrap_or_default();
    PersonDraft {
        name: Some(names.join(" ")),
        email: first("email_addresses"),
        phone: first("phone_numbers"),
        residence: first("addresses").map(|address| read_residence(&address)).unwrap_or_default(),
        urls,
        skills,
        tags: texts(main, "tags", &["name"]),
        do_not_contact: at(main, "can_email").and_then(Value::as_bool) == Some(false)
            || is_true(main, "private")
            || is_true(main, "is_private"),
        ..PersonDraft::default()
    }
}

/// A custom field's texts: bare, or beneath `value`; a list, or a text of a list.
fn custom_texts(field: &Value) -> Vec<String> {
    let value = at(field, "value").unwrap_or(field);
    match value {
        Value::Array(entries) => entries.iter().filter_map(|entry| said(entry, &["name"])).collect(),
        Value::String(text) => split_list(text),
        _ => Vec::new(),
    }
}

fn position(employment: &Value) -> PositionDraft {
    PositionDraft {
        title: text(employment, "title"),
        company: first_text(employment, &["company_name", "company"]),
        start: month(employment, "start_date"),
        end: month(employment, "end_date"),
        ..PositionDraft::default()
    }
}

fn school(education: &Value) -> EducationDraft {
    EducationDraft {
        institution: first_text(education, &["school_name", "school"]),
        degree: first_text(education, &["degree", "degree_name"]),
        area: first_text(education, &["discipline", "discipline_name"]),
        start: month(education, "start_date"),
        end: month(education, "end_date"),
    }
}

fn read_application(application: &Value, person: &mut PersonDraft, events: &mut Vec<EventDraft>) {
    let Some(id) = text(application, "id") else { return };
    let first_instant = |paths: &[&str]| paths.iter().find_map(|path| instant(application, path));
    if let Some(applied) = first_instant(&["applied_at", "created_at"]).filter(|_| !is_true(application, "prospect")) {
        events.push(event(&person.id, "applied", applied, format!("gh-application-{id}")));
    }
    match text(application, "status").as_deref() {
        Some("hired") => {
            if let Some(hired) = first_instant(&["hired_at", "last_activity_at", "updated_at"]) {
                events.push(event(&person.id, "hired", hired, format!("gh-application-{id}-hired")));
            }
        }
        Some("rejected") => {
            let reason =
                first_text(application, &["rejection_reason.name", "rejection_reason", "rejection_reason_name"]);
            person.tags.push(rejected_tag(reason));
        }
        _ => {
            let stage = first_text(application, &["stage_name", "current_stage.name"]);
            person.tags.extend(stage_tag(stage));
        }
    }
}
