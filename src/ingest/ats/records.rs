//! Exports on disk → records, one a person.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use serde_json::Value;

use super::AtsSystem;
use super::detect::{MAX_PART_BYTES, is_page, is_wrapper, json_stem, resource_of};
use super::group::{Group, MAIN};
use crate::ingest::{
    ImportError, Record, Rejection, SourceRecord,
    bundle::{for_each_file, is_zip, names},
    json_parts::{JsonParts, Part},
    spool::{Entry, Spool},
};

/// What a part is refused as, in the words of the spool.
const NOT_JSON: &str = "invalid_json";
const TOO_LARGE: &str = "too_large";
const NO_KEY: &str = "missing";
const FAILED: &str = "failed_at_source";

/// The records of an export, and what was noticed.
pub(crate) fn open(path: &Path, system: AtsSystem) -> Result<(AtsRecords, Vec<String>), ImportError> {
    let spool = Spool::new().map_err(spool_error)?;
    let mut intake = Intake { system, spool, number: 0, errors: String::new() };
    let mut warnings = Vec::new();
    if path.is_dir() || is_zip(path) {
        let is_read = |name: &str| json_stem(name).is_some_and(|stem| intake_resource(system, stem).is_some());
        for name in names(path)?.iter().filter(|name| !is_read(crate::ingest::bundle::base_name(name))) {
            warnings.push(format!("{name} is left aside: it is no resource of persons"));
        }
        for_each_file(path, is_read, |name, reader| {
            let resource = json_stem(name).and_then(|stem| intake_resource(system, stem)).unwrap_or(MAIN);
            intake.read(reader, resource, path)
        })?;
    } else {
        let file = File::open(path).map_err(|source| input_error(path, source))?;
        let stem = path.file_name().and_then(|name| json_stem(name.to_str()?)).unwrap_or_default();
        let resource = intake_resource(system, stem).unwrap_or(MAIN);
        intake.read(&mut BufReader::with_capacity(1 << 16, file), resource, path)?;
    }
    let spool = intake.spool;
    spool.finish().map_err(spool_error)?;
    let orphans = spool.orphans().map_err(spool_error)?;
    if orphans > 0 {
        warnings
            .push(format!("{orphans} parts (applications, schools and the like) belong to no person of this export"));
    }
    Ok((AtsRecords { system, spool }, warnings))
}

/// The resource that a name says, where the system has it.
fn intake_resource(system: AtsSystem, name: &str) -> Option<&'static str> {
    resource_of(name).filter(|resource| *resource == MAIN || system.sides().contains(resource))
}

/// Parts on their way to the spool.
struct Intake {
    system: AtsSystem,
    spool: Spool,
    number: u64,
    /// Errors that a page told.
    errors: String,
}

impl Intake {
    fn read(&mut self, reader: &mut dyn BufRead, resource: &'static str, path: &Path) -> Result<(), ImportError> {
        for part in JsonParts::new(reader, MAX_PART_BYTES, is_wrapper) {
            let part = part.map_err(|source| input_error(path, source))?;
            self.take(part, resource).map_err(spool_error)?;
        }
        Ok(())
    }

    fn take(&mut self, part: Part, of_file: &'static str) -> rusqlite::Result<()> {
        let resource = if is_page(&part.member) { Some(of_file) } else { intake_resource(self.system, &part.member) };
        let Some(resource) = resource else { return self.notice(&part) };
        let is_main = resource == MAIN;
        self.number += u64::from(is_main);
        let Some(bytes) = part.bytes else { return self.spool.refuse(TOO_LARGE, self.number) };
        let value: Value = match serde_json::from_slice(&bytes) {
            Ok(Value::Null) if !part.member.is_empty() => return Ok(()),
            Ok(value) => value,
            Err(error) => return self.spool.refuse(&format!("{NOT_JSON}: {error}"), self.number),
        };
        let Some(key) = self.system.key(resource, &value) else {
            return if is_main { self.spool.refuse(NO_KEY, self.number) } else { self.spool.add("", resource, &bytes) };
        };
        self.spool.add(&key, resource, &bytes)?;
        if is_main { self.spool.announce(&key, self.number) } else { Ok(()) }
    }

    /// Members of a page beside its entries: only a failure is told.
    fn notice(&mut self, part: &Part) -> rusqlite::Result<()> {
        let text = part.bytes.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        match (part.member.as_str(), text.as_ref()) {
            ("errors" | "errorInfo", text) => self.errors = text.chars().take(200).collect(),
            ("success", "false") => {
                self.number += 1;
                let errors = std::mem::take(&mut self.errors);
                self.spool.refuse(&format!("{FAILED}: {errors}"), self.number)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// The persons of an export.
pub(crate) struct AtsRecords {
    system: AtsSystem,
    spool: Spool,
}

impl AtsRecords {
    fn next_record(&mut self) -> rusqlite::Result<Option<SourceRecord>> {
        let Some(entry) = self.spool.next_entry()? else { return Ok(None) };
        let Some(key) = &entry.key else { return Ok(Some(rejected(entry.number, self.refused(&entry)))) };
        let mut group = Group::default();
        self.add_parts(key, &mut group)?;
        let of_applications: Vec<String> =
            group.all("applications").filter_map(|one| super::reading::text(one, "id")).collect();
        for application in of_applications {
            self.add_parts(&format!("application:{application}"), &mut group)?;
        }
        Ok(Some(match self.system.person(&group) {
            Ok(person) => {
                let bytes = Ok(person.candidate.to_string().into_bytes());
                let record = Record { line: entry.number, bytes, id: None, is_json_resume: false };
                SourceRecord { record, events: person.events }
            }
            Err(mut rejection) => {
                let named = |message: &String| format!("{} {key}: {message}", self.system.name());
                rejection.errors.iter_mut().for_each(|error| error.message = named(&error.message));
                rejected(entry.number, rejection)
            }
        }))
    }

    fn add_parts(&self, key: &str, group: &mut Group) -> rusqlite::Result<()> {
        let parts = self.spool.parts(key)?.into_iter();
        let read = parts.filter_map(|(resource, bytes)| Some((resource, serde_json::from_slice(&bytes).ok()?)));
        group.parts.extend(read);
        Ok(())
    }

    fn refused(&self, entry: &Entry) -> Rejection {
        let system = self.system.name();
        let (code, detail) = entry.problem.split_once(": ").unwrap_or((&entry.problem, ""));
        match code {
            TOO_LARGE => Rejection::one(TOO_LARGE, format!("a part is at most {MAX_PART_BYTES} bytes long")),
            NO_KEY => Rejection::one(NO_KEY, format!("nothing here is the id of a person of {system}")),
            FAILED => Rejection::one(FAILED, format!("{system} answered with success: false, {detail}")),
            _ => Rejection::one(NOT_JSON, format!("not valid JSON: {detail}")),
        }
    }
}

impl Iterator for AtsRecords {
    type Item = Result<SourceRecord, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record().map_err(spool_error).transpose()
    }
}

fn rejected(line: u64, rejection: Rejection) -> SourceRecord {
    SourceRecord::from(Record { line, bytes: Err(rejection), id: None, is_json_resume: false })
}

fn spool_error(error: rusqlite::Error) -> ImportError {
    ImportError::Input { place: "temporary files".to_owned(), source: std::io::Error::other(error) }
}

fn input_error(path: &Path, source: std::io::Error) -> ImportError {
    ImportError::Input { place: path.display().to_string(), source }
}
