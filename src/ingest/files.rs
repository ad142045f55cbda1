//! Files and folders in.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use super::{
    EventDraft, EventReport, ImportError, ImportReport, Importer, Item, Lines, Record, Rejection, Source,
    SourceOptions, append_events, cvs, json_parts::JsonParts, open_source,
};
use crate::{
    candidate::{CandidateId, MAX_CANDIDATE_BYTES},
    store::Store,
};

/// Events that are written together.
pub(super) const EVENT_CHUNK: usize = 10_000;

/// The largest JSON file that is read whole, in bytes.
const MAX_JSON_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// How files are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportFormat {
    /// By the name: `.ndjson` and `.jsonl` line by line, `.json` whole, documents, `.zip` and folders as CVs.
    #[default]
    Auto,
    /// One candidate a line.
    Ndjson,
    /// One JSON document a file: a JSON Resume, a candidate, or an array of candidates. A JSON Resume's id is the file's
    /// name without extension.
    Json,
    /// CVs as PDF, DOCX, ODT, HTML, RTF or text: a file, or those with such an extension in a folder or a ZIP. The id is the
    /// file's name without extension.
    Cv,
    /// Greenhouse Harvest v3 or v1: a file, or a folder or archive with one resource a file.
    Greenhouse,
    /// Lever opportunities.
    Lever,
    /// Ashby candidates and applications.
    Ashby,
    /// Workable candidates.
    Workable,
    /// Merge's unified candidates and applications.
    Merge,
    /// HR Open person profiles.
    HrOpen,
    /// A table, one person a row: CSV, XLSX, ODS.
    Sheet,
    /// LinkedIn's data archive: a folder or zip of tables about one person.
    Linkedin,
}

/// Imports a file or folder. `seen` is told of every item, in order, with the bytes it took; of a file or folder without
/// any record that it is empty.
pub fn import_path(
    store: &Store,
    path: &Path,
    options: &SourceOptions,
    now: jiff::Timestamp,
    seen: impl FnMut(&Item, u64),
) -> Result<ImportReport, ImportError> {
    import_source(store, path, open_source(path, options)?, now, seen)
}

/// Imports an opened source; `path` is what it is called.
pub fn import_source(
    store: &Store,
    path: &Path,
    source: Source,
    now: jiff::Timestamp,
    mut seen: impl FnMut(&Item, u64),
) -> Result<ImportReport, ImportError> {
    let mut report = ImportReport::default();
    let mut importer = Importer::new(store, path, source.records);
    while let Some(chunk) = importer.next_chunk(now)? {
        chunk.items.iter().for_each(|(item, _)| report.count(item));
        report.events.add(chunk.events);
        chunk.items.iter().for_each(|(item, bytes)| seen(item, *bytes));
        chunk.rejected_events.iter().for_each(|item| seen(item, 0));
    }
    Ok(report)
}

pub(super) type Records = Box<dyn Iterator<Item = Result<Record, ImportError>> + Send>;

pub(super) fn open(path: &Path, format: ImportFormat) -> Result<Records, ImportError> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
    let is_folder = path.is_dir();
    match format {
        ImportFormat::Ndjson => lines(path),
        ImportFormat::Json => json_file(path),
        ImportFormat::Cv => cvs::records(path),
        ImportFormat::Auto if is_folder || cvs::holds_cvs(&extension) => cvs::records(path),
        ImportFormat::Auto if ["ndjson", "jsonl"].contains(&extension.as_str()) => lines(path),
        ImportFormat::Auto if extension == "json" => json_file(path),
        _ => {
            let reason = "neither the name nor the content tells the format: say it with --format".to_owned();
            Err(ImportError::Unusable { place: path.display().to_string(), reason })
        }
    }
}

pub(super) fn input_error(path: &Path) -> impl Fn(std::io::Error) -> ImportError + use<> {
    let place = path.display().to_string();
    move |source| ImportError::Input { place: place.clone(), source }
}

fn lines(path: &Path) -> Result<Records, ImportError> {
    let failed = input_error(path);
    let reader = BufReader::with_capacity(1 << 20, File::open(path).map_err(&failed)?);
    let records = Lines::new(reader, MAX_CANDIDATE_BYTES).map(move |line| {
        let line = line.map_err(&failed)?;
        let bytes = line.bytes.ok_or_else(Rejection::too_large);
        Ok(Record { line: line.number, bytes, id: None, is_json_resume: false })
    });
    Ok(Box::new(records))
}

fn json_file(path: &Path) -> Result<Records, ImportError> {
    if let Some(records) = json_array(path)? {
        return Ok(records);
    }
    let bytes = read_bounded(path, MAX_JSON_FILE_BYTES)?;
    let id = file_id(path);
    // What is not valid JSON is one record, rejected where candidates are read.
    let record = Record { line: 1, bytes: Ok(bytes), id: id.ok(), is_json_resume: true };
    Ok(Box::new(std::iter::once(Ok(record))))
}

/// The entries of an array of any size, one by one; `None` where the file is no array.
fn json_array(path: &Path) -> Result<Option<Records>, ImportError> {
    let failed = input_error(path);
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(&failed)?);
    let first = reader.fill_buf().map_err(&failed)?.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'[') {
        return Ok(None);
    }
    let records = JsonParts::new(reader, MAX_CANDIDATE_BYTES, |_| false).map(move |part| {
        let part = part.map_err(&failed)?;
        let bytes = part.bytes.ok_or_else(Rejection::too_large);
        Ok(Record { line: part.number, bytes, id: None, is_json_resume: false })
    });
    Ok(Some(Box::new(records)))
}

/// The id that a file's name gives; the name itself where it is no id.
pub(super) fn file_id(path: &Path) -> Result<CandidateId, String> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    CandidateId::new(stem.clone()).map_err(|_| stem)
}

pub(super) fn read_bounded(path: &Path, limit: u64) -> Result<Vec<u8>, ImportError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(input_error(path))?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(input_error(path))?;
    if bytes.len() as u64 > limit {
        let reason = format!("larger than {limit} bytes; split it, or use NDJSON");
        return Err(ImportError::Unusable { place: path.display().to_string(), reason });
    }
    Ok(bytes)
}

/// Imports events, one a line. `seen` is told of each batch: its first line's number, its report and its bytes.
pub fn import_events_file(
    store: &Store,
    path: &Path,
    mut seen: impl FnMut(&[u64], &EventReport, u64),
) -> Result<(), ImportError> {
    let failed = input_error(path);
    let reader = BufReader::with_capacity(1 << 20, File::open(path).map_err(&failed)?);
    let mut numbers = Vec::with_capacity(EVENT_CHUNK);
    let mut drafts: Vec<Result<EventDraft, String>> = Vec::with_capacity(EVENT_CHUNK);
    let mut size = 0;
    let mut flush = |numbers: &mut Vec<u64>, drafts: &mut Vec<_>, size: &mut u64| -> Result<(), ImportError> {
        let report = append_events(store, drafts)?;
        seen(numbers, &report, *size);
        numbers.clear();
        drafts.clear();
        *size = 0;
        Ok(())
    };
    for line in Lines::new(reader, MAX_CANDIDATE_BYTES) {
        let line = line.map_err(&failed)?;
        numbers.push(line.number);
        size += line.bytes.as_ref().map_or(0, Vec::len) as u64 + 1;
        let bytes = line.bytes.ok_or_else(|| "the line is too long".to_owned());
        drafts.push(bytes.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string())));
        if drafts.len() == EVENT_CHUNK {
            flush(&mut numbers, &mut drafts, &mut size)?;
        }
    }
    flush(&mut numbers, &mut drafts, &mut size)
}
