//! The words of a candidate: every indexed text value, with its field and its place in the document.
//!
//! This is an allow-list. What is not named here is neither searchable nor shown as a match: contact data, vanity
//! counts, pictures, interests, references, volunteering (which tells of faith, party and union), dates of birth.
//! E-mail addresses, phone numbers and street addresses inside the texts are masked; a masked text has as many code
//! points as the text it came from, so that spans hold for both.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::{Candidate, TextField, Timeline, parsed::base};
use crate::text::{self, TokenList};

/// One text value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextValue<'a> {
    /// Its field.
    pub field: TextField,
    /// Where the value stands in the candidate's document.
    pub pointer: ValuePointer<'a>,
    /// The text, contacts masked.
    pub text: Cow<'a, str>,
    /// The tokens of the text.
    pub tokens: TokenList,
    /// The entry that the value tells of, where it can support a skill.
    pub entry: Option<Entry>,
}

/// A JSON Pointer that is written only where it is shown: base, number of the entry, member, number in the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValuePointer<'a> {
    base: &'a str,
    entry: Option<usize>,
    member: &'a str,
    line: Option<usize>,
}

impl Display for ValuePointer<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.base)?;
        self.entry.iter().try_for_each(|entry| write!(f, "/{entry}"))?;
        if !self.member.is_empty() {
            write!(f, "/{}", self.member)?;
        }
        self.line.iter().try_for_each(|line| write!(f, "/{line}"))
    }
}

impl<'a> ValuePointer<'a> {
    /// The pointer of the text that has no name beneath `base`.
    pub(crate) fn of(base: &'a str) -> Self {
        Self { base, entry: None, member: "", line: None }
    }

    fn entry(self, entry: usize) -> Self {
        Self { entry: Some(entry), ..self }
    }

    fn member(self, member: &'a str) -> Self {
        Self { member, ..self }
    }

    fn line(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }
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
    let at = ValuePointer::of;
    let parsed = profile.parsed;
    let basics = |is_parsed| at(base(is_parsed, ["/profile/basics", "/parsed/profile/basics"]));
    values.short(TextField::Headline, basics(parsed.headline).member("label"), &profile.headline);
    values.long(TextField::Summary, basics(parsed.summary).member("summary"), profile.summary.as_deref());
    positions(candidate, timeline, &mut values);
    skills(candidate, &mut values);
    for entry in &profile.education {
        let place = at(base(parsed.education, ["/profile/education", "/parsed/profile/education"])).entry(entry.index);
        values.short(TextField::School, place.member("institution"), &entry.institution);
        values.short(TextField::Degree, place.member("studyType"), &entry.degree);
        values.short(TextField::Degree, place.member("area"), &entry.area);
    }
    for (index, entry) in profile.certificates.iter().enumerate() {
        let certificates = base(parsed.certificates, ["/profile/certificates", "/parsed/profile/certificates"]);
        let place = at(certificates).entry(entry.index);
        values.telling_of(Entry::Certificate(index), |values| {
            values.short(TextField::Certificate, place.member("name"), &entry.name);
        });
        values.short(TextField::Certificate, place.member("issuer"), &entry.issuer);
    }
    projects(candidate, &mut values);
    for entry in &profile.languages {
        let languages = base(parsed.languages, ["/profile/languages", "/parsed/profile/languages"]);
        let place = at(languages).entry(entry.index).member("language");
        values.short(TextField::Language, place, &entry.language);
    }
    let location = at(base(parsed.location, ["/profile/basics/location", "/parsed/profile/basics/location"]));
    values.short(TextField::Location, location.member("city"), &profile.city);
    values.short(TextField::Location, location.member("region"), &profile.region);
    for entry in &candidate.documents {
        values.long(TextField::Document, at("/documents").entry(entry.index).member("text"), Some(&entry.text));
    }
    values.short(TextField::Name, basics(parsed.name).member("name"), &profile.name);
    values.list(TextField::Tag, at("/tags"), &candidate.tags);
    values.list(TextField::Cohort, at("/cohorts"), &candidate.cohorts);
    values.short(TextField::Source, at("/source").member("system"), &candidate.source.system);
    values.found
}

fn positions<'a>(candidate: &'a Candidate, timeline: &Timeline, values: &mut Values<'a>) {
    for (index, position) in candidate.profile.positions.iter().enumerate() {
        let work = base(candidate.profile.parsed.positions, ["/profile/work", "/parsed/profile/work"]);
        let at = ValuePointer::of(work).entry(position.index);
        let (title, company) = if timeline.current() == Some(index) {
            (TextField::CurrentTitle, TextField::CurrentCompany)
        } else {
            (TextField::PastTitle, TextField::PastCompany)
        };
        let entry = Entry::Position(index);
        values.telling_of(entry, |values| values.short(title, at.member("position"), &position.title));
        values.short(company, at.member("name"), &position.company);
        values.telling_of(entry, |values| {
            values.long(TextField::PositionText, at.member("summary"), position.summary.as_deref());
            values.list(TextField::PositionText, at.member("highlights"), &position.highlights);
        });
        values.long(TextField::PositionText, at.member("description"), position.description.as_deref());
        values.short(TextField::Industry, at.member("industry"), &position.industry);
        values.short(TextField::Location, at.member("location"), &position.location);
    }
}

fn skills<'a>(candidate: &'a Candidate, values: &mut Values<'a>) {
    let skills = base(candidate.profile.parsed.skills, ["/profile/skills", "/parsed/profile/skills"]);
    for skill in &candidate.profile.skills {
        let at = ValuePointer::of(skills).entry(skill.index);
        values.short(TextField::Skill, at.member("name"), &skill.name);
        values.list(TextField::Skill, at.member("keywords"), &skill.keywords);
    }
}

fn projects<'a>(candidate: &'a Candidate, values: &mut Values<'a>) {
    for (index, project) in candidate.profile.projects.iter().enumerate() {
        let at = ValuePointer::of(&project.pointer);
        values.telling_of(Entry::Project(index), |values| {
            values.short(TextField::Project, at.member("name"), &project.name);
            if let Some((member, text)) = &project.description {
                values.long(TextField::Project, at.member(member), Some(text));
            }
            values.list(TextField::Project, at.member("highlights"), &project.highlights);
            values.list(TextField::Project, at.member("keywords"), &project.keywords);
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

    fn short(&mut self, field: TextField, pointer: ValuePointer<'a>, text: &'a Option<String>) {
        self.long(field, pointer, text.as_deref());
    }

    fn long(&mut self, field: TextField, pointer: ValuePointer<'a>, text: Option<&'a str>) {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            let text = text::mask_contacts(text);
            let tokens = TokenList::of(&text);
            self.found.push(TextValue { field, pointer, text, tokens, entry: self.entry });
        }
    }

    fn list(&mut self, field: TextField, pointer: ValuePointer<'a>, texts: &'a [String]) {
        for (index, text) in texts.iter().enumerate() {
            self.long(field, pointer.line(index), Some(text));
        }
    }
}
