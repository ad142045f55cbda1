//! Workable: candidates, each one application.

use serde_json::Value;

use super::group::{AtsRecord, Group, missing_id};
use super::reading::{at, event, first_text, instant, is_true, list, month, rejected_tag, stage_tag, text, texts};
use crate::ingest::{
    Rejection,
    person::{EducationDraft, PersonDraft, PositionDraft, SourceDraft},
    residence::{read_residence, residence_of},
};

/// Resources beside candidates.
pub(super) const SIDES: [&str; 0] = [];

/// The candidate's id.
pub(super) fn key(_: &str, value: &Value) -> Option<String> {
    text(candidate_of(value), "id")
}

/// The candidate of a single answer, or the value itself.
fn candidate_of(value: &Value) -> &Value {
    at(value, "candidate").unwrap_or(value)
}

/// Reads a person.
pub(super) fn person(group: &Group) -> Result<AtsRecord, Rejection> {
    let main = group.main().map(candidate_of).last().ok_or_else(|| missing_id("`id`"))?;
    let id = text(main, "id").ok_or_else(|| missing_id("`id`"))?;
    let names: Vec<String> = ["firstname", "lastname"].iter().filter_map(|name| text(main, name)).collect();
    let country = first_text(main, &["location.country_code", "location.country"]);
    let (city, region) = (text(main, "location.city"), text(main, "location.region"));
    let residence = if city.is_some() || country.is_some() {
        residence_of(city, region, country)
    } else {
        text(main, "address").map(|address| read_residence(&address)).unwrap_or_default()
    };
    let mut person = PersonDraft {
        id: format!("workable-{id}"),
        name: text(main, "name").or_else(|| Some(names.join(" "))),
        headline: text(main, "headline"),
        email: text(main, "email"),
        phone: text(main, "phone"),
        summary: text(main, "summary"),
        residence,
        urls: texts(main, "social_profiles", &["url"]),
        positions: list(main, "experience_entries").iter().map(position).collect(),
        education: list(main, "education_entries").iter().map(school).collect(),
        skills: texts(main, "skills", &["name"]),
        tags: texts(main, "tags", &["name"]),
        source: SourceDraft { system: "workable", external_id: Some(id.clone()), url: text(main, "profile_url") },
        ..PersonDraft::default()
    };
    let mut events = Vec::new();
    if let Some(applied) = instant(main, "created_at").filter(|_| !is_true(main, "sourced")) {
        events.push(event(&person.id, "applied", applied, format!("workable-candidate-{id}")));
    }
    let hired = instant(main, "hired_at");
    if is_true(main, "disqualified") {
        person.tags.push(rejected_tag(text(main, "disqualification_reason")));
    } else if is_true(main, "withdrew") {
        person.tags.push("withdrew".to_owned());
    } else if hired.is_none() {
        person.tags.extend(stage_tag(text(main, "stage")));
    }
    events.extend(hired.map(|hired| event(&person.id, "hired", hired, format!("workable-candidate-{id}-hired"))));
    Ok(AtsRecord::of(person, events))
}

fn position(entry: &Value) -> PositionDraft {
    PositionDraft {
        title: text(entry, "title"),
        company: text(entry, "company"),
        industry: text(entry, "industry"),
        summary: text(entry, "summary"),
        start: month(entry, "start_date"),
        end: month(entry, "end_date").filter(|_| !is_true(entry, "current")),
        ..PositionDraft::default()
    }
}

fn school(entry: &Value) -> EducationDraft {
    EducationDraft {
        institution: text(entry, "school"),
        degree: text(entry, "degree"),
        area: text(entry, "field_of_study"),
        start: month(entry, "start_date"),
        end: month(entry, "end_date"),
    }
}
