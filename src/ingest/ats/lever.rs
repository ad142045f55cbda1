//! Lever: opportunities, each the pursuit of one contact. A person is a contact with all its opportunities.

use serde_json::Value;

use super::group::{AtsRecord, Group, anonymized, missing_id};
use super::reading::{
    at, event, first_text, instant, is_true, list, month, rejected_tag, said, stage_tag, text, texts,
};
use crate::ingest::{
    EventDraft, Rejection,
    person::{EducationDraft, PersonDraft, PositionDraft, SourceDraft, folded},
    residence::read_residence,
};

/// Resources beside opportunities.
pub(super) const SIDES: [&str; 1] = ["interviews"];

/// The contact that an opportunity is about.
pub(super) fn key(resource: &str, value: &Value) -> Option<String> {
    match resource {
        "" => contact(opportunity_of(value)),
        _ => text(value, "contact"),
    }
}

fn contact(opportunity: &Value) -> Option<String> {
    let contact = at(opportunity, "contact").and_then(|contact| said(contact, &["id"]));
    contact.or_else(|| text(opportunity, "id"))
}

/// The opportunity of a single answer, or the value itself.
fn opportunity_of(value: &Value) -> &Value {
    at(value, "data").filter(|data| data.is_object()).unwrap_or(value)
}

/// Reads a person. Of what all opportunities say, the one that was made last is believed; lists are joined.
pub(super) fn person(group: &Group) -> Result<AtsRecord, Rejection> {
    let mut opportunities: Vec<&Value> = group.main().map(opportunity_of).collect();
    opportunities.sort_by_key(|opportunity| std::cmp::Reverse(instant(opportunity, "createdAt")));
    let contact = opportunities.first().and_then(|latest| contact(latest)).ok_or_else(|| missing_id("`contact`"))?;
    if opportunities.iter().any(|opportunity| is_true(opportunity, "isAnonymized")) {
        return Err(anonymized("Lever"));
    }
    let first = |path: &str| opportunities.iter().find_map(|opportunity| text(opportunity, path));
    let all = |path: &str, members: &[&str]| -> Vec<String> {
        opportunities.iter().flat_map(|opportunity| texts(opportunity, path, members)).collect()
    };
    let place = first("location").or_else(|| first("contact.location.name"));
    let mut person = PersonDraft {
        id: format!("lever-{contact}"),
        name: first("name"),
        headline: first("headline"),
        email: all("emails", &["value"]).into_iter().next(),
        phone: all("phones", &["value"]).into_iter().next(),
        residence: place.map(|place| read_residence(&place)).unwrap_or_default(),
        urls: all("links", &["url"]),
        tags: all("tags", &["text", "name"]),
        source: SourceDraft { system: "lever", external_id: Some(contact), url: first("urls.show") },
        ..PersonDraft::default()
    };
    if let Some(parsed) = opportunities.iter().find_map(|opportunity| parsed_resume(opportunity)) {
        person.positions = list(parsed, "positions").iter().map(position).collect();
        person.education = list(parsed, "schools").iter().map(school).collect();
    }
    let mut events = Vec::new();
    for opportunity in &opportunities {
        read_opportunity(opportunity, &mut person, &mut events);
    }
    for interview in
        opportunities.iter().flat_map(|opportunity| list(opportunity, "interviews")).chain(group.all("interviews"))
    {
        if let (Some(held), Some(id)) = (instant(interview, "date"), text(interview, "id")) {
            events.push(event(&person.id, "interviewed", held, format!("lever-interview-{id}")));
        }
    }
    Ok(AtsRecord::of(person, events))
}

/// What Lever read out of the résumé, where the export holds it.
fn parsed_resume(opportunity: &Value) -> Option<&Value> {
    let of_resumes = || list(opportunity, "resumes").iter().find_map(|resume| at(resume, "parsedData"));
    at(opportunity, "parsedData").or_else(|| at(opportunity, "resume.parsedData")).or_else(of_resumes)
}

fn position(position: &Value) -> PositionDraft {
    PositionDraft {
        title: text(position, "title"),
        company: text(position, "org"),
        location: text(position, "location"),
        summary: text(position, "summary"),
        start: month(position, "start"),
        end: month(position, "end"),
        ..PositionDraft::default()
    }
}

fn school(school: &Value) -> EducationDraft {
    EducationDraft {
        institution: text(school, "org"),
        degree: text(school, "degree"),
        area: text(school, "field"),
        start: month(school, "start"),
        end: month(school, "end"),
    }
}

fn read_opportunity(opportunity: &Value, person: &mut PersonDraft, events: &mut Vec<EventDraft>) {
    let Some(id) = text(opportunity, "id") else { return };
    let origin = text(opportunity, "origin");
    let applied = instant(opportunity, "createdAt").filter(|_| origin.as_deref() != Some("sourced"));
    if let Some(applied) = applied {
        events.push(event(&person.id, "applied", applied, format!("lever-opportunity-{id}")));
    }
    let archived = at(opportunity, "archived");
    let reason = archived.and_then(|archived| first_text(archived, &["reason.text", "reason"]));
    let archived_at = archived.and_then(|archived| instant(archived, "archivedAt"));
    match (archived_at, reason) {
        (Some(hired), Some(reason)) if folded(&reason) == "hired" => {
            events.push(event(&person.id, "hired", hired, format!("lever-opportunity-{id}-hired")));
        }
        (Some(_), reason) => person.tags.push(rejected_tag(reason)),
        (None, _) => {
            let stage = at(opportunity, "stage").and_then(|stage| said(stage, &["text", "name"]));
            person.tags.extend(stage_tag(stage));
        }
    }
}
