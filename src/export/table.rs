//! A person as a row of a table.
//!
//! The headers are those that an import guesses. A cell that a spreadsheet would take for a formula begins with an apostrophe,
//! which an import takes away again. The table is for reading and for lists: former positions beyond the titles, documents and
//! whatever has no column are only in the NDJSON.

use super::ExportError;
use crate::{
    candidate::{Candidate, Month, Timeline, read_stored},
    store::StoredCandidate,
};

const HEADER: [&str; 21] = [
    "Id",
    "Name",
    "Email",
    "Phone",
    "Headline",
    "Title",
    "Company",
    "Start date",
    "City",
    "Region",
    "Country",
    "Years of experience",
    "Past titles",
    "Skills",
    "Languages",
    "School",
    "Degree",
    "LinkedIn",
    "Open to work",
    "Tags",
    "Cohort",
];

/// Writes the header.
pub(super) fn write_header(bytes: &mut Vec<u8>) -> Result<(), ExportError> {
    write_cells(HEADER.map(str::to_owned), bytes)
}

/// Writes a person. One that this program cannot read any more is a row with an id.
pub(super) fn write_row(
    person: &StoredCandidate,
    as_of: jiff::Timestamp,
    bytes: &mut Vec<u8>,
) -> Result<(), ExportError> {
    let mut cells = match read_stored(&person.id, &person.body) {
        Ok(candidate) => row(&candidate, as_of),
        Err(_) => HEADER.map(|_| String::new()),
    };
    cells[0].clone_from(&person.id);
    write_cells(cells, bytes)
}

/// Writes a row whose cells no spreadsheet takes for formulas.
pub fn write_cells(cells: impl IntoIterator<Item = String>, bytes: &mut Vec<u8>) -> Result<(), ExportError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(bytes);
    writer.write_record(cells.into_iter().map(guarded))?;
    writer.flush().map_err(|error| ExportError::Row(error.into()))
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

fn row(candidate: &Candidate, as_of: jiff::Timestamp) -> [String; 21] {
    let profile = &candidate.profile;
    let timeline = Timeline::of(&profile.positions);
    let basics = |pointer: &str| {
        let text = candidate.document().pointer(pointer).and_then(|value| value.as_str());
        text.unwrap_or_default().to_owned()
    };
    let said = |text: Option<&String>| text.cloned().unwrap_or_default();
    let current = timeline.current().and_then(|at| profile.positions.get(at));
    let former = profile.positions.iter().enumerate().filter(|(at, _)| Some(*at) != timeline.current());
    let years = timeline.experience().map(|experience| experience.months_at(Month::of_timestamp(as_of)) / 12);
    let list = |texts: Vec<&String>| texts.into_iter().map(String::as_str).collect::<Vec<_>>().join("; ");
    let school = profile.education.first();
    let availability = &candidate.availability;
    let open = match &availability.open_to_work {
        Some(open) => open.since.map_or_else(|| "yes".to_owned(), |since| since.to_string()[..10].to_owned()),
        None if availability.not_looking => "no".to_owned(),
        None => String::new(),
    };
    [
        String::new(),
        said(profile.name.as_ref()),
        basics("/profile/basics/email"),
        basics("/profile/basics/phone"),
        said(profile.headline.as_ref()),
        said(current.and_then(|position| position.title.as_ref())),
        said(current.and_then(|position| position.company.as_ref())),
        current.and_then(|position| position.start).map(|start| start.to_string()).unwrap_or_default(),
        said(profile.city.as_ref()),
        said(profile.region.as_ref()),
        said(profile.country_code.as_ref()),
        years.map(|years| years.to_string()).unwrap_or_default(),
        list(former.filter_map(|(_, position)| position.title.as_ref()).collect()),
        list(profile.skills.iter().filter_map(|skill| skill.name.as_ref()).collect()),
        list(profile.languages.iter().filter_map(|language| language.language.as_ref()).collect()),
        said(school.and_then(|school| school.institution.as_ref())),
        said(school.and_then(|school| school.degree.as_ref())),
        candidate.linkedin().unwrap_or_default().to_owned(),
        open,
        list(candidate.tags.iter().collect()),
        list(candidate.cohorts.iter().collect()),
    ]
}
