//! A row → a person.

use std::collections::BTreeMap;

use super::{
    DateOrder, Field, Target,
    dates::{Stated, read_date},
    headers::{is_no, is_yes},
};
use crate::ingest::{
    Rejection,
    person::{
        CertificateDraft, EducationDraft, OpenDraft, PersonDraft, PositionDraft, SourceDraft, split_list, trimmed,
    },
    residence::{read_residence, residence_of},
};

/// How the cells of rows are read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// The field of each column, its header and the order of its dates.
    pub(super) columns: Vec<(Option<Target>, String, DateOrder)>,
    /// Whether everybody in the table is open to work unless they say otherwise.
    pub(super) is_cohort: bool,
}

/// What the cells of a row say, by field.
struct Cells<'r> {
    row: &'r [String],
    reading: &'r Reading,
}

impl<'r> Cells<'r> {
    fn all(&self, field: Field) -> impl Iterator<Item = (u8, &'r str, &'r str, DateOrder)> {
        let columns = self.reading.columns.iter().zip(self.row);
        columns.filter_map(move |((target, header, order), cell)| {
            let target = target.filter(|target| target.field == field)?;
            (!cell.is_empty()).then_some((target.number, cell.as_str(), header.as_str(), *order))
        })
    }

    fn first(&self, field: Field) -> Option<String> {
        self.all(field).next().map(|(_, cell, ..)| cell.to_owned())
    }

    fn list(&self, field: Field) -> Vec<String> {
        self.all(field).flat_map(|(_, cell, ..)| split_list(cell)).collect()
    }
}

/// Reads a row. `number` is its number, for an id where nothing else tells who it is.
pub(super) fn person(row: &[String], reading: &Reading, number: u64) -> Result<PersonDraft, Rejection> {
    let cells = Cells { row, reading };
    let name = name(&cells);
    let email = cells.first(Field::Email).map(|email| first_email(&email));
    if name.is_none() {
        let found = if email.is_some() { "an e-mail address, but no name" } else { "no name" };
        return Err(Rejection::one("missing", format!("row {number} has {found}")));
    }
    let mut person = PersonDraft {
        id: String::new(),
        name,
        headline: cells.first(Field::Headline),
        email,
        phone: cells.first(Field::Phone).and_then(|phone| plain_phone(&phone)),
        summary: cells.first(Field::Summary),
        urls: [Field::Linkedin, Field::Url].into_iter().flat_map(|field| cells.list(field)).collect(),
        positions: positions(&cells),
        education: education(&cells),
        skills: cells.list(Field::Skills),
        languages: cells.list(Field::Languages).iter().map(|language| with_fluency(language)).collect(),
        tags: tags(&cells),
        cohorts: cells.list(Field::Cohort),
        source: SourceDraft { system: "sheet", external_id: cells.first(Field::Id), url: None },
        ..PersonDraft::default()
    };
    let certificate = |name| CertificateDraft { name: Some(name), ..CertificateDraft::default() };
    person.certificates = cells.list(Field::Certificates).into_iter().map(certificate).collect();
    let (city, region) = (cells.first(Field::City), cells.first(Field::Region));
    let country = cells.first(Field::Country);
    person.residence = match cells.first(Field::Location) {
        Some(place) if city.is_none() => {
            let whole = [Some(place), region, country].into_iter().flatten().collect::<Vec<_>>().join(", ");
            read_residence(&whole)
        }
        _ => residence_of(city, region, country),
    };
    person.documents =
        cells.all(Field::Notes).map(|(_, note, header, _)| (header.to_owned(), note.to_owned())).collect();
    availability(&cells, &mut person);
    person.id = cells.first(Field::Id).unwrap_or_else(|| derived_id(&person, number));
    Ok(person)
}

/// An id that tells nothing of whom it is of, and is the same when the same row comes again.
pub(super) fn derived_id(person: &PersonDraft, number: u64) -> String {
    let page = person.urls.first().map(|url| url.trim_end_matches('/').to_lowercase());
    let name = person.name.clone().unwrap_or_default().to_lowercase();
    let known_by = match (&person.email, page) {
        (Some(email), _) => format!("email\n{}", email.to_lowercase()),
        (None, Some(page)) => format!("page\n{name}\n{page}"),
        (None, None) => format!("row\n{name}\n{number}"),
    };
    format!("sheet-{}", &blake3::hash(known_by.as_bytes()).to_hex()[..16])
}

fn name(cells: &Cells<'_>) -> Option<String> {
    let names = [Field::FirstName, Field::LastName].into_iter().filter_map(|field| cells.first(field));
    let parts = trimmed(Some(names.collect::<Vec<_>>().join(" ")));
    cells.first(Field::Name).or(parts).filter(|name| name.chars().any(char::is_alphabetic))
}

fn first_email(cell: &str) -> String {
    let address = cell.split([',', ';', ' ', '\n', '|', '<', '>']).find(|part| part.contains('@')).unwrap_or(cell);
    address.trim_start_matches("mailto:").to_owned()
}

/// A telephone number; one in scientific notation by its digits, and nothing where they are not all there.
fn plain_phone(cell: &str) -> Option<String> {
    let lower = cell.replace(',', ".").to_ascii_lowercase();
    let Some((mantissa, exponent)) = lower.split_once("e+") else { return Some(cell.to_owned()) };
    let exponent: usize = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = [whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    (are_digits && whole.len() == 1 && fraction.len() >= exponent && exponent < 20)
        .then(|| format!("{whole}{}", &fraction[..exponent]))
}

/// "German (C1)", "German - native", "German: fluent".
fn with_fluency(language: &str) -> (String, Option<String>) {
    let cut = language.find(['(', ':']).or_else(|| language.find(" - ")).or_else(|| language.find(" – "));
    let Some((name, rest)) = cut.and_then(|cut| language.split_at_checked(cut)) else {
        return (language.to_owned(), None);
    };
    let fluency = rest.trim_matches(|letter: char| "():-–".contains(letter) || letter.is_whitespace());
    (name.trim().to_owned(), trimmed(Some(fluency.to_owned())))
}

fn positions(cells: &Cells<'_>) -> Vec<PositionDraft> {
    let mut numbered: BTreeMap<u8, PositionDraft> = BTreeMap::new();
    for (number, title, ..) in cells.all(Field::Title) {
        numbered.entry(number).or_default().title.get_or_insert_with(|| title.to_owned());
    }
    for (number, company, ..) in cells.all(Field::Company) {
        numbered.entry(number).or_default().company.get_or_insert_with(|| company.to_owned());
    }
    for (number, cell, _, order) in cells.all(Field::Start) {
        if let (Some(date), Some(position)) = (date(cell, order), numbered.get_mut(&number)) {
            position.start.get_or_insert(date);
        }
    }
    for (number, cell, _, order) in cells.all(Field::End) {
        if let (Some(date), Some(position)) = (date(cell, order), numbered.get_mut(&number)) {
            position.end.get_or_insert(date);
        }
    }
    if let Some(current) = numbered.get_mut(&1) {
        current.industry = cells.first(Field::Industry);
    }
    let mut positions: Vec<PositionDraft> = numbered.into_values().collect();
    let former = |title, company| PositionDraft { title, company, ..PositionDraft::default() };
    positions.extend(cells.list(Field::PastTitles).into_iter().map(|title| former(Some(title), None)));
    positions.extend(cells.list(Field::PastCompanies).into_iter().map(|company| former(None, Some(company))));
    positions
}

/// A date; what is none stays as it is, so that the row is refused with its text. Nothing where it goes on.
fn date(cell: &str, order: DateOrder) -> Option<String> {
    match read_date(cell, order) {
        Stated::Date(date) => Some(date),
        Stated::Open => None,
        Stated::Other => Some(cell.to_owned()),
    }
}

fn education(cells: &Cells<'_>) -> Vec<EducationDraft> {
    let mut numbered: BTreeMap<u8, EducationDraft> = BTreeMap::new();
    for (number, school, ..) in cells.all(Field::School) {
        numbered.entry(number).or_default().institution.get_or_insert_with(|| school.to_owned());
    }
    for (number, degree, ..) in cells.all(Field::Degree) {
        numbered.entry(number).or_default().degree.get_or_insert_with(|| degree.to_owned());
    }
    for (number, area, ..) in cells.all(Field::Area) {
        numbered.entry(number).or_default().area.get_or_insert_with(|| area.to_owned());
    }
    numbered.into_values().collect()
}

fn tags(cells: &Cells<'_>) -> Vec<String> {
    let mut tags = cells.list(Field::Tags);
    tags.extend(cells.first(Field::Seniority).map(|seniority| format!("seniority: {seniority}")));
    tags
}

/// Whether the person is open to work, since when, and remotely. A wish to work remotely of somebody who does not say to be open
/// is a tag; so is a notice that is no date.
fn availability(cells: &Cells<'_>, person: &mut PersonDraft) {
    let (mut is_open, mut since) = (cells.reading.is_cohort, None);
    if let Some((_, cell, _, order)) = cells.all(Field::OpenToWork).next() {
        match read_date(cell, order) {
            _ if is_no(cell) => (is_open, person.not_looking) = (false, true),
            _ if is_yes(cell) => is_open = true,
            Stated::Date(date) => (is_open, since) = (true, Some(date)),
            _ => person.tags.push(format!("open to work: {cell}")),
        }
    }
    if let Some((_, cell, _, order)) = cells.all(Field::LastDay).next() {
        match read_date(cell, order) {
            Stated::Date(date) if !person.not_looking => (is_open, since) = (true, since.or(Some(date))),
            _ => person.tags.push(format!("notice: {cell}")),
        }
    }
    let remote = cells.first(Field::Remote);
    let wish = remote.as_deref().and_then(|cell| {
        match (is_yes(cell) || cell.to_lowercase().contains("remote"), is_no(cell)) {
            (_, true) => Some(false),
            (true, _) => Some(true),
            _ => None,
        }
    });
    if is_open {
        person.open_to_work = Some(OpenDraft { since, remote: wish });
    } else if wish == Some(true) {
        person.tags.push("remote".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_keep_their_digits_or_go() {
        assert_eq!(plain_phone("4.47700900123E+11").as_deref(), Some("447700900123"));
        assert_eq!(plain_phone("3,93471E+11"), None);
        assert_eq!(plain_phone("+39 02 1234").as_deref(), Some("+39 02 1234"));
    }

    #[test]
    fn ids_tell_nothing_and_stay() {
        let of = |email: &str| PersonDraft { email: Some(email.to_owned()), ..PersonDraft::default() };
        assert_eq!(derived_id(&of("Ada@Example.org"), 1), derived_id(&of("ada@example.org"), 2));
        let id = derived_id(&of("ada@example.org"), 1);
        assert!(id.starts_with("sheet-") && id.len() == 22 && !id.contains("ada"), "{id}");
        let nobody = PersonDraft { name: Some("Ada".to_owned()), ..PersonDraft::default() };
        assert_ne!(derived_id(&nobody, 1), derived_id(&nobody, 2));
    }

    #[test]
    fn languages_come_with_how_well() {
        assert_eq!(with_fluency("German (C1)"), ("German".to_owned(), Some("C1".to_owned())));
        assert_eq!(with_fluency("Deutsch - Muttersprache"), ("Deutsch".to_owned(), Some("Muttersprache".to_owned())));
        assert_eq!(with_fluency("English"), ("English".to_owned(), None));
    }
}
