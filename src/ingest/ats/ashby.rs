//! Ashby: candidates and applications of its lists.

use serde_json::Value;

use super::group::{AtsRecord, Group, missing_id};
use super::reading::{at, event, first_text, instant, is_true, list, rejected_tag, said, stage_tag, text, texts};
use crate::ingest::{
    EventDraft, Rejection,
    person::{EducationDraft, PersonDraft, Residence, SourceDraft, folded, split_list},
    residence::{read_residence, residence_of},
};

/// Resources beside candidates.
pub(super) const SIDES: [&str; 2] = ["applications", "interviews"];

/// The candidate that a part belongs to.
pub(super) fn key(resource: &str, value: &Value) -> Option<String> {
    match resource {
        "" => text(candidate_of(value), "id"),
        _ => first_text(value, &["candidate.id", "candidateId"])
            .or_else(|| text(value, "applicationId").map(|application| format!("application:{application}"))),
    }
}

/// The candidate of a webhook or of a single answer, or the value itself.
fn candidate_of(value: &Value) -> &Value {
    let is_object = |value: &&Value| value.is_object();
    let inner = at(value, "data.candidate").or_else(|| at(value, "data.application.candidate"));
    inner.or_else(|| at(value, "results").filter(is_object)).unwrap_or(value)
}

/// Reads a person.
pub(super) fn person(group: &Group) -> Result<AtsRecord, Rejection> {
    let main = group.main().map(candidate_of).last().ok_or_else(|| missing_id("`id`"))?;
    let id = text(main, "id").ok_or_else(|| missing_id("`id`"))?;
    let first =
        |primary: &str, list: &str| text(main, primary).or_else(|| texts(main, list, &["value"]).into_iter().next());
    let mut person = PersonDraft {
        id: format!("ashby-{id}"),
        name: text(main, "name"),
        email: first("primaryEmailAddress.value", "emailAddresses"),
        phone: first("primaryPhoneNumber.value", "phoneNumbers"),
        residence: residence(main),
        urls: texts(main, "socialLinks", &["url"]),
        skills: skills(main),
        tags: texts(main, "tags", &["title", "name"]),
        source: SourceDraft { system: "ashby", external_id: Some(id), url: text(main, "profileUrl") },
        ..PersonDraft::default()
    };
    person.add_current(text(main, "position"), text(main, "company"));
    let institution = text(main, "school");
    person
        .education
        .extend(institution.map(|school| EducationDraft { institution: Some(school), ..Default::default() }));
    let mut events = Vec::new();
    for application in group.all("applications").chain(list(main, "applications")) {
        read_application(application, &mut person, &mut events);
    }
    for interview in group.all("interviews") {
        if let (Some(held), Some(of)) = (instant(interview, "startTime"), text(interview, "id")) {
            events.push(event(&person.id, "interviewed", held, format!("ashby-interview-{of}")));
        }
    }
    Ok(AtsRecord::of(person, events))
}

fn residence(main: &Value) -> Residence {
    let component = |wanted: &str| {
        let components = list(main, "location.locationComponents");
        components.iter().find(|part| text(part, "type").as_deref() == Some(wanted)).and_then(|part| text(part, "name"))
    };
    let (city, region, country) = (component("City"), component("Region"), component("Country"));
    if city.is_some() || country.is_some() {
        return residence_of(city, region, country);
    }
    text(main, "location.locationSummary").map(|place| read_residence(&place)).unwrap_or_default()
}

/// The custom field of that name, as a list or as one text.
fn skills(main: &Value) -> Vec<String> {
    let named = |field: &&Value| text(field, "title").is_some_and(|title| folded(&title) == "skills");
    let Some(value) = list(main, "customFields").iter().find(named).and_then(|field| at(field, "value")) else {
        return Vec::new();
    };
    match value {
        Value::Array(entries) => entries.iter().filter_map(|entry| said(entry, &["label", "name"])).collect(),
        Value::String(text) => split_list(text),
        _ => Vec::new(),
    }
}

fn read_application(application: &Value, person: &mut PersonDraft, events: &mut Vec<EventDraft>) {
    let Some(id) = text(application, "id") else { return };
    let status = text(application, "status");
    let applied = instant(application, "createdAt").filter(|_| status.as_deref() != Some("Lead"));
    if let Some(applied) = applied {
        events.push(event(&person.id, "applied", applied, format!("ashby-application-{id}")));
    }
    let reason = first_text(application, &["archiveReason.text", "archiveReason.title", "archiveReason"]);
    match status.as_deref() {
        Some("Hired") => {
            if let Some(hired) = instant(application, "hiredAt").or_else(|| instant(application, "updatedAt")) {
                events.push(event(&person.id, "hired", hired, format!("ashby-application-{id}-hired")));
            }
        }
        Some("Archived") => person.tags.push(rejected_tag(reason)),
        _ if is_true(application, "isArchived") => person.tags.push(rejected_tag(reason)),
        _ => person.tags.extend(stage_tag(text(application, "currentInterviewStage.title"))),
    }
}
