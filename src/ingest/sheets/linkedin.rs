//! LinkedIn's data archive: several tables about the one person who asked for it.

use std::{collections::HashMap, io::Read, path::Path};

use super::{
    DateOrder,
    dates::{Stated, read_date},
    delimited::rows_of,
    person::derived_id,
};
use crate::ingest::{
    ImportError, Record, SourceRecord,
    bundle::{base_name, for_each_file, names, unusable},
    person::{CertificateDraft, EducationDraft, PersonDraft, PositionDraft, SourceDraft},
    residence::read_residence,
};

/// The largest table of an archive, in bytes.
const MAX_TABLE_BYTES: u64 = 16 << 20;

/// Tables that are read, and those without which it is no archive.
const TABLES: [&str; 8] = [
    "profile.csv",
    "positions.csv",
    "education.csv",
    "skills.csv",
    "languages.csv",
    "certifications.csv",
    "email addresses.csv",
    "phonenumbers.csv",
];

/// A row by the names of its columns, in lower case.
type Named = HashMap<String, String>;

/// Whether a folder or archive is one of LinkedIn's.
pub(crate) fn is_archive(path: &Path) -> Result<bool, ImportError> {
    let names: Vec<String> = names(path)?.iter().map(|name| base_name(name).to_ascii_lowercase()).collect();
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    Ok(has("profile.csv") && (has("positions.csv") || has("skills.csv") || has("email addresses.csv")))
}

/// Reads an archive: the one record, and what was noticed.
pub(crate) fn open_archive(path: &Path) -> Result<(SourceRecord, Vec<String>), ImportError> {
    let mut tables: HashMap<String, Vec<Named>> = HashMap::new();
    let is_read = |name: &str| TABLES.contains(&name.to_ascii_lowercase().as_str());
    for_each_file(path, is_read, |name, reader| {
        let failed = |source| ImportError::Input { place: format!("{}: {name}", path.display()), source };
        let mut bytes = Vec::new();
        reader.take(MAX_TABLE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MAX_TABLE_BYTES {
            return Err(unusable(path, &format!("{name} is larger than {MAX_TABLE_BYTES} bytes")));
        }
        tables.insert(name.to_ascii_lowercase(), named_rows(bytes));
        Ok(())
    })?;
    let left = names(path)?.into_iter().filter(|name| !is_read(base_name(name)));
    let left: Vec<String> = left.take(20).collect();
    let warnings = if left.is_empty() { Vec::new() } else { vec![format!("left aside: {}", left.join(", "))] };
    let bytes = Ok(person(&tables).into_candidate().to_string().into_bytes());
    Ok((Record { line: 1, bytes, id: None, is_json_resume: false }.into(), warnings))
}

fn named_rows(bytes: Vec<u8>) -> Vec<Named> {
    let mut rows = rows_of(bytes).map_while(Result::ok).filter_map(|row| row.cells.ok());
    let header: Vec<String> = rows.find(|cells| cells.iter().any(|cell| !cell.is_empty())).unwrap_or_default();
    let header: Vec<String> = header.iter().map(|name| name.to_lowercase()).collect();
    let named = rows.map(|cells| header.iter().cloned().zip(cells).filter(|(_, cell)| !cell.is_empty()).collect());
    named.filter(|row: &Named| !row.is_empty()).collect()
}

fn person(tables: &HashMap<String, Vec<Named>>) -> PersonDraft {
    let rows = |table: &str| tables.get(table).map(Vec::as_slice).unwrap_or_default();
    let nobody = Named::new();
    let profile = rows("profile.csv").first().unwrap_or(&nobody);
    let cell = |row: &Named, name: &str| row.get(name).cloned();
    let names: Vec<String> = ["first name", "last name"].iter().filter_map(|name| cell(profile, name)).collect();
    let emails = rows("email addresses.csv");
    let is_primary = |row: &&Named| row.get("primary").is_some_and(|primary| primary.eq_ignore_ascii_case("yes"));
    let email = emails.iter().find(is_primary).or(emails.first()).and_then(|row| cell(row, "email address"));
    let websites = cell(profile, "websites").unwrap_or_default();
    let position = |row: &Named| PositionDraft {
        title: cell(row, "title"),
        company: cell(row, "company name"),
        location: cell(row, "location"),
        summary: cell(row, "description"),
        start: date(row, "started on"),
        end: date(row, "finished on"),
        ..PositionDraft::default()
    };
    let school = |row: &Named| EducationDraft {
        institution: cell(row, "school name"),
        degree: cell(row, "degree name"),
        area: None,
        start: date(row, "start date"),
        end: date(row, "end date"),
    };
    let certificate = |row: &Named| CertificateDraft {
        name: cell(row, "name"),
        issuer: cell(row, "authority"),
        date: date(row, "started on"),
    };
    let mut person = PersonDraft {
        name: Some(names.join(" ")),
        headline: cell(profile, "headline"),
        email,
        phone: rows("phonenumbers.csv").first().and_then(|row| cell(row, "number")),
        summary: cell(profile, "summary"),
        residence: cell(profile, "geo location").map(|place| read_residence(&place)).unwrap_or_default(),
        urls: websites
            .split(['[', ']', ','])
            .filter_map(|part| part.find("http").map(|at| part[at..].to_owned()))
            .collect(),
        positions: rows("positions.csv").iter().map(position).collect(),
        education: rows("education.csv").iter().map(school).collect(),
        skills: rows("skills.csv").iter().filter_map(|row| cell(row, "name")).collect(),
        languages: rows("languages.csv")
            .iter()
            .filter_map(|row| Some((cell(row, "name")?, cell(row, "proficiency"))))
            .collect(),
        certificates: rows("certifications.csv").iter().map(certificate).collect(),
        source: SourceDraft { system: "linkedin", external_id: None, url: None },
        ..PersonDraft::default()
    };
    person.id = derived_id(&person, 1).replace("sheet-", "linkedin-");
    person
}

/// A date of the archive ("Mar 2019"); what is none stays as it is.
fn date(row: &Named, name: &str) -> Option<String> {
    let cell = row.get(name)?;
    match read_date(cell, DateOrder::MonthFirst) {
        Stated::Date(date) => Some(date),
        Stated::Open => None,
        Stated::Other => Some(cell.clone()),
    }
}
