//! The words of a candidate: every indexed text value, with its field and its place in the document.
//!
//! This is an allow-list. What is not named here is neither searchable nor shown as a match: contact data, vanity
//! counts, pictures, interests, references, volunteering (which tells of faith, party and union), dates of birth.
//! E-mail addresses, phone numbers and street addresses inside the texts are masked; a masked text has as many code
//! points as the text it came from, so that spans hold for both.

use std::borrow::Cow;

use super::{Candidate, TextField, Timeline};
use crate::text::{self, TokenList};

/// One text value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextValue<'a> {
    /// Its field.
    pub field: TextField,
    /// JSON Pointer of the value in the candidate's document.
    pub pointer: String,
    /// The text, contacts masked.
    pub text: Cow<'a, str>,
    /// The tokens of the text.
    pub tokens: TokenList,
    /// The entry that the value tells of, where it can support a skill.
    pub entry: Option<Entry>,
}

/// An entry of a profile whose words support skills, by its index in the profile's list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// A position: its title, summary and highlights.
    Position(usize),
    /// A project or publication: all its texts.
    Project(usize),
    /// A certificate: its name.
    Certificate(usize),
}

/// The text values of a candidate, in the order of the fields' importance and then of the document.
pub fn text_values<'a>(candidate: &'a Candidate, timeline: &Timeline) -> Vec<TextValue<'a>> {
    let mut values = Values { found: Vec::with_capacity(48), entry: None };
    let profile = &candidate.profile;
    values.short(TextField::Headline, || "/profile/basics/label".to_owned(), &profile.headline);
    values.long(TextField::Summary, || "/profile/basics/summary".to_owned(), profile.summary.as_deref());
    positions(candidate, timeline, &mut values);
    skills(candidate, &mut values);
    for entry in &profile.education {
        let at = |name: &str| format!("/profile/education/{}/{name}", entry.index);
        values.short(TextField::School, || at("institution"), &entry.institution);
        values.short(TextField::Degree, || at("studyType"), &entry.degree);
        values.short(TextField::Degree, || at("area"), &entry.area);
    }
    for (index, entry) in profile.certificates.iter().enumerate() {
        let at = |name: &str| format!("/profile/certificates/{}/{name}", entry.index);
        values.telling_of(Entry::Certificate(index), |values| {
            values.short(TextField::Certificate, || at("name"), &entry.name);
        });
        values.short(TextField::Certificate, || at("issuer"), &entry.issuer);
    }
    projects(candidate, &mut values);
    for entry in &profile.languages {
        values.short(TextField::Language, || format!("/profile/languages/{}/language", entry.index), &entry.language);
    }
    values.short(TextField::Location, || "/profile/basics/location/city".to_owned(), &profile.city);
    values.short(TextField::Location, || "/profile/basics/location/region".to_owned(), &profile.region);
    for entry in &candidate.documents {
        values.long(TextField::Document, || format!("/documents/{}/text", entry.index), Some(&entry.text));
    }
    values.short(TextField::Name, || "/profile/basics/name".to_owned(), &profile.name);
    values.list(TextField::Tag, "/tags", &candidate.tags);
    values.list(TextField::Cohort, "/cohorts", &candidate.cohorts);
    values.short(TextField::Source, || "/source/system".to_owned(), &candidate.source_system);
    values.found
}

fn positions<'a>(candidate: &'a Candidate, timeline: &Timeline, values: &mut Values<'a>) {
    for (index, position) in candidate.profile.positions.iter().enumerate() {
        let at = |name: &str| format!("/profile/work/{}/{name}", position.index);
        let (title, company) = if timeline.current() == Some(index) {
            (TextField::CurrentTitle, TextField::CurrentCompany)
        } else {
            (TextField::PastTitle, TextField::PastCompany)
        };
        let entry = Entry::Position(index);
        values.telling_of(entry, |values| values.short(title, || at("position"), &position.title));
        values.short(company, || at("name"), &position.company);
        values.telling_of(entry, |values| {
            values.long(TextField::PositionText, || at("summary"), position.summary.as_deref());
            for (line, highlight) in position.highlights.iter().enumerate() {
                values.long(TextField::PositionText, || at(&format!("highlights/{line}")), Some(highlight));
            }
        });
        values.long(TextField::PositionText, || at("description"), position.description.as_deref());
        values.short(TextField::Industry, || at("industry"), &position.industry);
        values.short(TextField::Location, || at("location"), &position.location);
    }
}

fn skills<'a>(candidate: &'a Candidate, values: &mut Values<'a>) {
    for skill in &candidate.profile.skills {
        let pointer = format!("/profile/skills/{}", skill.index);
        values.short(TextField::Skill, || format!("{pointer}/name"), &skill.name);
        values.list(TextField::Skill, &format!("{pointer}/keywords"), &skill.keywords);
    }
}

fn projects<'a>(candidate: &'a Candidate, values: &mut Values<'a>) {
    for (index, project) in candidate.profile.projects.iter().enumerate() {
        let at = |name: &str| format!("{}/{name}", project.pointer);
        values.telling_of(Entry::Project(index), |values| {
            values.short(TextField::Project, || at("name"), &project.name);
            if let Some((member, text)) = &project.description {
                values.long(TextField::Project, || at(member), Some(text));
            }
            for (line, highlight) in project.highlights.iter().enumerate() {
                values.long(TextField::Project, || at(&format!("highlights/{line}")), Some(highlight));
            }
            values.list(TextField::Project, &at("keywords"), &project.keywords);
        });
    }
}

struct Values<'a> {
    found: Vec<TextValue<'a>>,
    /// The entry that the next values tell of.
    entry: Option<Entry>,
}

impl<'a> Values<'a> {
    fn telling_of(&mut self, entry: Entry, add: impl FnOnce(&mut Self)) {
        self.entry = Some(entry);
        add(self);
        self.entry = None;
    }

    fn short(&mut self, field: TextField, pointer: impl FnOnce() -> String, text: &'a Option<String>) {
        self.long(field, pointer, text.as_deref());
    }

    fn long(&mut self, field: TextField, pointer: impl FnOnce() -> String, text: Option<&'a str>) {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            let text = text::mask_contacts(text);
            let tokens = TokenList::of(&text);
            self.found.push(TextValue { field, pointer: pointer(), text, tokens, entry: self.entry });
        }
    }

    fn list(&mut self, field: TextField, pointer: &str, texts: &'a [String]) {
        for (index, text) in texts.iter().enumerate() {
            self.long(field, || format!("{pointer}/{index}"), Some(text));
        }
    }
}
