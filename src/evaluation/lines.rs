//! Text files by line, folders by file, and the id that each gives.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::error::{EvaluationError, LineProblem};

/// Names of id columns: a first line that starts with one of them is a header.
const ID_COLUMNS: &[&str] = &["id", "_id", "q_id", "qid", "query_id", "c_id", "doc_id", "docid"];

/// The lines of a file, numbered from 1, without their ends; blank lines are left out.
#[derive(Debug)]
pub(super) struct Lines {
    path: PathBuf,
    reader: BufReader<File>,
    number: usize,
}

impl Lines {
    pub(super) fn open(path: &Path) -> Result<Self, EvaluationError> {
        let file = File::open(path).map_err(EvaluationError::io(path))?;
        Ok(Self { path: path.to_owned(), reader: BufReader::new(file), number: 0 })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn read(&mut self) -> Result<Option<String>, EvaluationError> {
        let mut bytes = Vec::new();
        if self.reader.read_until(b'\n', &mut bytes).map_err(EvaluationError::io(&self.path))? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let mut line = String::from_utf8(bytes)
            .map_err(|_| EvaluationError::line(&self.path, self.number, LineProblem::NotUtf8))?;
        line.truncate(line.trim_end_matches(['\n', '\r']).len());
        if self.number == 1 && line.starts_with('\u{feff}') {
            line.remove(0);
        }
        Ok(Some(line))
    }
}

impl Iterator for Lines {
    type Item = Result<(usize, String), EvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.read() {
                Ok(None) => return None,
                Ok(Some(line)) if line.trim().is_empty() => {}
                Ok(Some(line)) => return Some(Ok((self.number, line))),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Splits `id<TAB>text`, or says what is wrong. `None` for the header that a first line may be.
pub(super) fn id_and_text(number: usize, line: &str) -> Result<Option<(&str, &str)>, LineProblem> {
    let Some((id, text)) = line.split_once('\t') else { return Err(LineProblem::Columns { expected: 2, found: 1 }) };
    if number == 1 && ID_COLUMNS.contains(&id.to_ascii_lowercase().as_str()) {
        return Ok(None);
    }
    check_id_and_text(id, text)?;
    if text.contains('\t') {
        return Err(LineProblem::Columns { expected: 2, found: line.split('\t').count() });
    }
    Ok(Some((id, text)))
}

/// Neither may be missing.
pub(super) fn check_id_and_text(id: &str, text: &str) -> Result<(), LineProblem> {
    if id.is_empty() {
        return Err(LineProblem::EmptyId);
    }
    if text.trim().is_empty() {
        return Err(LineProblem::EmptyText);
    }
    Ok(())
}

/// The files of a folder in the order of their names; hidden files and folders are left out.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, EvaluationError> {
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(EvaluationError::io(folder))? {
        let path = entry.map_err(EvaluationError::io(folder))?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(EvaluationError::Empty { path: folder.to_owned() });
    }
    Ok(files)
}

/// The id that a file gives: its name without the extension.
pub(super) fn file_id(path: &Path) -> Result<String, EvaluationError> {
    let id = path.file_stem().and_then(|stem| stem.to_str());
    id.map(str::to_owned).ok_or_else(|| EvaluationError::NotUtf8 { path: path.to_owned() })
}

/// The text of a file.
pub(super) fn text(path: &Path) -> Result<String, EvaluationError> {
    let bytes = std::fs::read(path).map_err(EvaluationError::io(path))?;
    String::from_utf8(bytes).map_err(|_| EvaluationError::NotUtf8 { path: path.to_owned() })
}
