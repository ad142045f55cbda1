//! CVs in files, folders and archives → records.
//!
//! Documents are read a chunk at a time, on all cores. Of folders and archives what has a document's extension is read; a file that
//! is named itself is, whatever its name. What gives no text is rejected with its name; the id is the file's name
//! without extension.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::json;

use super::{
    ImportError, Record, Rejection,
    bundle::{base_name, visible_files},
    documents::{self, DocumentError, MAX_FILE_BYTES},
    files::{Records, file_id, read_bounded},
};

/// Documents that are read side by side, and held at once.
const CHUNK: usize = 64;

/// Whether a file of this extension, in lower case, holds CVs.
pub(super) fn holds_cvs(extension: &str) -> bool {
    extension == "zip" || documents::is_document_name(&format!("cv.{extension}"))
}

/// The CVs of a file, an archive or a folder, in the order of their names.
pub(super) fn records(path: &Path) -> Result<Records, ImportError> {
    if path.is_dir() {
        let mut files = visible_files(path)?;
        files.retain(|file| file.file_name().is_some_and(|name| documents::is_document_name(&name.to_string_lossy())));
        files.sort();
        return Ok(in_chunks(files));
    }
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
        return of_archive(path);
    }
    Ok(in_chunks(vec![path.to_owned()]))
}

fn in_chunks(files: Vec<PathBuf>) -> Records {
    let numbered: Vec<(PathBuf, u64)> = files.into_iter().zip(1..).collect();
    let chunks: Vec<Vec<(PathBuf, u64)>> = numbered.chunks(CHUNK).map(<[_]>::to_vec).collect();
    let read = |chunk: Vec<(PathBuf, u64)>| -> Vec<Result<Record, ImportError>> {
        chunk.par_iter().map(|(file, line)| of_file(file, *line)).collect()
    };
    Box::new(chunks.into_iter().flat_map(read))
}

fn of_file(path: &Path, line: u64) -> Result<Record, ImportError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match read_bounded(path, MAX_FILE_BYTES as u64) {
        Ok(bytes) => Ok(record(&name, &bytes, line)),
        Err(ImportError::Unusable { .. }) => {
            let message = format!("{name} is larger than {MAX_FILE_BYTES} bytes");
            let bytes = Err(Rejection::one("too_large", message));
            Ok(Record { line, bytes, id: file_id(path).ok(), is_json_resume: false })
        }
        Err(error) => Err(error),
    }
}

/// The CVs within a ZIP archive.
fn of_archive(path: &Path) -> Result<Records, ImportError> {
    let bytes = read_bounded(path, MAX_FILE_BYTES as u64)?;
    let unusable =
        |error: DocumentError| ImportError::Unusable { place: path.display().to_string(), reason: error.to_string() };
    let members: Vec<_> = documents::members(&bytes).map_err(unusable)?.into_iter().zip(1..).collect();
    let read = |((name, bytes), line): &((String, Result<Vec<u8>, DocumentError>), u64)| {
        let name = base_name(name);
        match bytes {
            Ok(bytes) => record(name, bytes, *line),
            Err(error) => rejected(name, error, *line),
        }
    };
    let records: Vec<Record> = members.par_iter().map(read).collect();
    Ok(Box::new(records.into_iter().map(Ok)))
}

fn rejected(name: &str, error: &DocumentError, line: u64) -> Record {
    let bytes = Err(Rejection::one(error.code.as_str(), format!("{name}: {}", error.reason)));
    Record { line, bytes, id: file_id(Path::new(name)).ok(), is_json_resume: false }
}

/// The record of one document.
fn record(name: &str, bytes: &[u8], line: u64) -> Record {
    let document = match documents::read(name, bytes) {
        Ok(document) => document,
        Err(error) => return rejected(name, &error, line),
    };
    let id = file_id(Path::new(name));
    let stated = id.as_ref().map_or_else(Clone::clone, |id| id.as_str().to_owned());
    let document = json!({ "name": name, "mediaType": document.media_type, "text": document.text });
    let candidate = json!({ "id": stated, "documents": [document] });
    Record { line, bytes: Ok(candidate.to_string().into_bytes()), id: id.ok(), is_json_resume: false }
}
