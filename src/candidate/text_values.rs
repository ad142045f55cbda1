//! The words of a candidate: every indexed text value, with its field and its place in the document.
//!
//! This is an allow-list. What is not named here is neither searchable nor shown as a match: contact data, vanity
//! counts, pictures, interests, references, volunteering (which tells of faith, party and union), dates of birth.
//! E-mail addresses, phone numbers and street addresses inside the texts are masked; a masked text has as many code
//! points as the text it came from, so that spans hold for both.

use std::borrow::Cow;

use super::{Candidate, TextField, Timeline};
use crate::text;

/// One text value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextValue<'a> {
    /// Its field.
    pub field: TextField,
    /// JSON Pointer of the value in the candidate's document.
    pub pointer: String,
    /// The text, contacts masked.
    pub text: Cow<'a, str>,
}

/// The text values of a candidate, in the order of the fields' importance and then of the document.
pub fn text_values<'a>(candidate: &'a Candidate, timeline: &Timeline) -> Vec<TextValue<'a>> {
    let mut values = Values(Vec::with_capacity(32));
    let profile = &candidate.profile;
    values.short(TextField::Headline, "/profile/basics/label", &profile.headline);
    values.long(TextField::Summary, || "/profile/basics/summary".to_owned(), profile.summary.as_deref());
    positions(candidate, timeline, &mut values);
    skills(candidate, &mut values);
    for entry in &profile.education {
        let at = |name: &str| format!("/profile/education/{}/{name}", entry.index);
        values.short(TextField::School, &at("institution"), &entry.institution);
        values.short(TextField::Degree, &at("studyType"), &entry.degree);
        values.short(TextField::Degree, &at("area"), &entry.area);
    }
    for entry in &profile.certificates {
        values.short(TextField::Certificate, &format!("/profile/certificates/{}/name", entry.index), &entry.name);
        values.short(TextField::Certificate, &format!("/profile/certificates/{}/issuer", entry.index), &entry.issuer);
    }
    projects(candidate, &mut values);
    for entry in &profile.languages {
        values.short(TextField::Language, &format!("/profile/languages/{}/language", entry.index), &entry.language);
    }
    values.short(TextField::Location, "/profile/basics/location/city", &profile.city);
    values.short(TextField::Location, "/profile/basics/location/region", &profile.region);
    for entry in &candidate.documents {
        values.long(TextField::Document, || format!("/documents/{}/text", entry.index), Some(&entry.text));
    }
    values.short(TextField::Name, "/profile/basics/name", &profile.name);
    values.list(TextField::Tag, "/tags", &candidate.tags);
    values.list(TextField::Cohort, "/cohorts", &candidate.cohorts);
    values.short(TextField::Source, "/source/system", &candidate.source_system);
    values.0
}

fn positions<'a>(candidate: &'a Candidate, timeline: &Timeline, values: &mut Values<'a>) {
    for (index, position) in candidate.profile.positions.iter().enumerate() {
        let at = |name: &str| format!("/profile/work/{}/{name}", position.index);
        let (title, company) = if timeline.current() == Some(index) {
            (TextField::CurrentTitle, TextField::CurrentCompany)
        } else {
            (TextField::PastTitle, TextField::PastCompany)
        };
        values.short(title, &at("position"), &position.title);
        values.short(company, &at("name"), &position.company);
        values.long(TextField::PositionText, || at("summary"), position.summary.as_deref());
        for (line, highlight) in position.highlights.iter().enumerate() {
            values.long(TextField::PositionText, || at(&format!("highlights/{line}")), Some(highlight));
        }
        values.long(TextField::PositionText, || at("description"), position.description.as_deref());
        values.short(TextField::Industry, &at("industry"), &position.industry);
        values.short(TextField::Location, &at("location"), &position.location);
    }
}

fn skills<'a>(candidate: &'a Candidate, values: &mut Values<'a>) {
    for skill in &candidate.profile.skills {
        let pointer = format!("/profile/skills/{}", skill.index);
        values.short(TextField::Skill, &format!("{pointer}/name"), &skill.name);
        values.list(TextField::Skill, &format!("{pointer}/keywords"), &skill.keywords);
    }
}

fn projects<'a>(candidate: &'a Candidate, values: &mut Values<'a>) {
    for project in &candidate.profile.projects {
        let at = |name: &str| format!("{}/{name}", project.pointer);
        values.short(TextField::Project, &at("name"), &project.name);
        if let Some((member, text)) = &project.description {
            values.long(TextField::Project, || at(member), Some(text));
        }
        for (line, highlight) in project.highlights.iter().enumerate() {
            values.long(TextField::Project, || at(&format!("highlights/{line}")), Some(highlight));
        }
        values.list(TextField::Project, &at("keywords"), &project.keywords);
    }
}

struct Values<'a>(Vec<TextValue<'a>>);

impl<'a> Values<'a> {
    fn short(&mut self, field: TextField, pointer: &str, text: &'a Option<String>) {
        self.long(field, || pointer.to_owned(), text.as_deref());
    }

    fn long(&mut self, field: TextField, pointer: impl FnOnce() -> String, text: Option<&'a str>) {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            self.0.push(TextValue { field, pointer: pointer(), text: text::mask_contacts(text) });
        }
    }

    fn list(&mut self, field: TextField, pointer: &str, texts: &'a [String]) {
        for (index, text) in texts.iter().enumerate() {
            self.long(field, || format!("{pointer}/{index}"), Some(text));
        }
    }
}
