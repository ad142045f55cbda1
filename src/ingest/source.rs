//! A file or folder of any format → records.
//!
//! Input: a path and [`SourceOptions`], plain data. Output: a [`Source`]: an iterator of candidates with their events, what was
//! noticed, and how a table's columns were read. Nothing is written here.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    EventDraft, ImportError, ImportFormat, Record,
    ats::{self, AtsSystem},
    bundle, files,
    sheets::{self, Mapping, TableReading, Target},
};
use crate::candidate::CandidateDraft;

/// How a source is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SourceOptions {
    /// The format.
    pub format: ImportFormat,
    /// The cohort that everybody in it belongs to.
    pub cohort: Option<Cohort>,
    /// The columns of a table; guessed where there is none.
    pub mapping: Option<Mapping>,
    /// Single columns of a table: header → field, before the mapping and the guess.
    pub columns: BTreeMap<String, Target>,
    /// The sheet of a workbook; the first that is not empty unless said.
    pub sheet: Option<String>,
}

impl From<ImportFormat> for SourceOptions {
    fn from(format: ImportFormat) -> Self {
        Self { format, ..Self::default() }
    }
}

/// A cohort, such as a layoff list: who is in it is open to work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cohort {
    /// Its name.
    pub name: String,
    /// Since when they are open to work, where they do not say it themselves: a date or an instant.
    pub open_since: String,
}

impl Cohort {
    /// A cohort whose people are open to work since today (UTC).
    pub fn since_today(name: String, now: jiff::Timestamp) -> Self {
        Self { name, open_since: now.to_zoned(jiff::tz::TimeZone::UTC).date().to_string() }
    }
}

/// A record and what happened to its candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// The candidate.
    pub record: Record,
    /// Its events, written after it.
    pub events: Vec<EventDraft>,
}

impl From<Record> for SourceRecord {
    fn from(record: Record) -> Self {
        Self { record, events: Vec::new() }
    }
}

/// The records of a source, in order.
pub type SourceRecords = Box<dyn Iterator<Item = Result<SourceRecord, ImportError>> + Send>;

/// An opened source.
pub struct Source {
    /// Its records.
    pub records: SourceRecords,
    /// What was noticed on opening it.
    pub warnings: Vec<String>,
    /// How the columns of a table were understood.
    pub table: Option<TableReading>,
}

impl Source {
    fn plain(records: files::Records) -> Self {
        let records = records.map(|record| record.map(SourceRecord::from));
        Self { records: Box::new(records), warnings: Vec::new(), table: None }
    }
}

/// Opens a file, folder or archive.
pub fn open_source(path: &Path, options: &SourceOptions) -> Result<Source, ImportError> {
    let mut source = open_format(path, options)?;
    if let Some(cohort) = options.cohort.clone() {
        let tag = move |record: Result<SourceRecord, ImportError>| record.map(|record| tagged(record, &cohort));
        source.records = Box::new(source.records.map(tag));
    }
    Ok(source)
}

fn open_format(path: &Path, options: &SourceOptions) -> Result<Source, ImportError> {
    let kind = match options.format {
        ImportFormat::Auto => detected(path)?,
        ImportFormat::Sheet => Kind::Table,
        ImportFormat::Linkedin => Kind::Linkedin,
        ImportFormat::Greenhouse => Kind::Ats(AtsSystem::Greenhouse),
        ImportFormat::Lever => Kind::Ats(AtsSystem::Lever),
        ImportFormat::Ashby => Kind::Ats(AtsSystem::Ashby),
        ImportFormat::Workable => Kind::Ats(AtsSystem::Workable),
        ImportFormat::Merge => Kind::Ats(AtsSystem::Merge),
        ImportFormat::HrOpen => Kind::Ats(AtsSystem::HrOpen),
        _ => Kind::Other,
    };
    match kind {
        Kind::Ats(system) => {
            let (records, warnings) = ats::open(path, system)?;
            Ok(Source { records: Box::new(records), warnings, table: None })
        }
        Kind::Table => {
            let (records, warnings, table) = sheets::open(path, options)?;
            Ok(Source { records: Box::new(records), warnings, table: Some(table) })
        }
        Kind::Linkedin => {
            let (record, warnings) = sheets::open_archive(path)?;
            Ok(Source { records: Box::new(std::iter::once(Ok(record))), warnings, table: None })
        }
        Kind::Other => files::open(path, options.format).map(Source::plain),
    }
}

/// What a path holds.
enum Kind {
    Ats(AtsSystem),
    Table,
    Linkedin,
    /// Candidates, or documents of them.
    Other,
}

/// What a path holds, by its name and by what is in it.
fn detected(path: &Path) -> Result<Kind, ImportError> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
    let system = if path.is_dir() || (extension == "zip" && bundle::is_zip(path)) {
        if sheets::is_archive(path)? {
            return Ok(Kind::Linkedin);
        }
        ats::system_of_bundle(path)?
    } else if ["json", "ndjson", "jsonl"].contains(&extension.as_str()) {
        ats::system_of_file(path)?
    } else if sheets::is_table(&extension) {
        return Ok(Kind::Table);
    } else {
        None
    };
    Ok(system.map_or(Kind::Other, Kind::Ats))
}

/// The record as a member of a cohort. What is no candidate stays as it is, and is refused where candidates are read.
fn tagged(mut record: SourceRecord, cohort: &Cohort) -> SourceRecord {
    let Ok(bytes) = &record.record.bytes else { return record };
    let Ok(draft) = CandidateDraft::from_json(bytes) else { return record };
    let mut candidate = match (draft.looks_like_json_resume(), &record.record.id) {
        (true, Some(id)) => json!({ "id": id.as_str(), "profile": draft.into_value() }),
        _ => draft.into_value(),
    };
    let Some(members) = candidate.as_object_mut() else { return record };
    let cohorts = members.entry("cohorts").or_insert_with(|| json!([]));
    if let Some(cohorts) = cohorts.as_array_mut()
        && !cohorts.iter().any(|known| known == cohort.name.as_str())
    {
        cohorts.push(Value::String(cohort.name.clone()));
    }
    let availability = members.entry("availability").or_insert_with(|| json!({}));
    if let Some(availability) = availability.as_object_mut() {
        let is_not_looking = availability.get("notLooking") == Some(&Value::Bool(true));
        let open = availability.entry("openToWork").or_insert(Value::Null);
        match open {
            Value::Null if is_not_looking => drop(availability.remove("openToWork")),
            Value::Null => *open = json!({ "since": cohort.open_since }),
            Value::Object(open) => drop(open.entry("since").or_insert_with(|| json!(cohort.open_since))),
            _ => {}
        }
        if availability.is_empty() {
            members.remove("availability");
        }
    }
    record.record.bytes = Ok(candidate.to_string().into_bytes());
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged_value(candidate: Value) -> Value {
        let bytes = Ok(candidate.to_string().into_bytes());
        let record = Record { line: 1, bytes, id: None, is_json_resume: false };
        let cohort = Cohort { name: "acme-2026".to_owned(), open_since: "2026-11-02".to_owned() };
        serde_json::from_slice(&tagged(record.into(), &cohort).record.bytes.unwrap()).unwrap()
    }

    #[test]
    fn a_cohort_opens_to_work_who_does_not_say_otherwise() {
        let open = json!({"cohorts": ["acme-2026"], "availability": {"openToWork": {"since": "2026-11-02"}}});
        assert_eq!(tagged_value(json!({})), open);
        assert_eq!(tagged_value(open.clone()), open);
        let stated = json!({"cohorts": ["b"], "availability": {"openToWork": {"since": "2026-01-01"}}});
        assert_eq!(tagged_value(stated)["availability"]["openToWork"]["since"], "2026-01-01");
        let content = tagged_value(json!({"availability": {"notLooking": true}}));
        assert_eq!(content, json!({"cohorts": ["acme-2026"], "availability": {"notLooking": true}}));
    }
}
