//! Queries to evaluate, and which half of them.

use std::collections::BTreeSet;
use std::path::Path;

use md5::{Digest, Md5};
use serde::Deserialize;

use super::error::{EvaluationError, LineProblem};
use super::lines::{self, Lines};

/// A query with its id in the judgments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedQuery {
    /// The id that the judgments use.
    pub id: String,
    /// What is asked: a line, or the whole text of a file.
    pub text: String,
}

/// Which queries of a set: weights are tuned on the even half and reported on the odd one. A query is even or
/// odd as the MD5 digest of its text (UTF-8), read as one number, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Half {
    /// Every query.
    #[default]
    All,
    /// For tuning.
    Even,
    /// For reporting.
    Odd,
}

impl Half {
    /// Whether a query text belongs to this half.
    pub fn holds(self, text: &str) -> bool {
        // The parity of the big number is that of its last byte.
        let odd = Md5::digest(text.as_bytes()).last().is_some_and(|byte| byte & 1 == 1);
        match self {
            Self::All => true,
            Self::Even => !odd,
            Self::Odd => odd,
        }
    }

    /// The name of the half: `all`, `even` or `odd`.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Even => "even",
            Self::Odd => "odd",
        }
    }
}

/// Reads the queries of a half, in the order of the file: `id<TAB>text` lines with or without a header, or a
/// folder of text files whose names without extension are the ids. The set must not be empty; the half may be.
pub fn read_queries(path: &Path, half: Half) -> Result<Vec<JudgedQuery>, EvaluationError> {
    let mut queries = if path.is_dir() { from_folder(path)? } else { from_lines(path)? };
    if queries.is_empty() {
        return Err(EvaluationError::Empty { path: path.to_owned() });
    }
    queries.retain(|query| half.holds(&query.text));
    Ok(queries)
}

fn from_lines(path: &Path) -> Result<Vec<JudgedQuery>, EvaluationError> {
    let mut queries = Vec::new();
    let mut ids = BTreeSet::new();
    for line in Lines::open(path)? {
        let (number, line) = line?;
        let row = lines::id_and_text(number, &line).map_err(|problem| EvaluationError::line(path, number, problem))?;
        let Some((id, text)) = row else { continue };
        if !ids.insert(id.to_owned()) {
            return Err(EvaluationError::line(path, number, LineProblem::DuplicateId(id.to_owned())));
        }
        queries.push(JudgedQuery { id: id.to_owned(), text: text.to_owned() });
    }
    Ok(queries)
}

fn from_folder(folder: &Path) -> Result<Vec<JudgedQuery>, EvaluationError> {
    let mut queries = Vec::new();
    let mut ids = BTreeSet::new();
    for path in lines::files(folder)? {
        let id = lines::file_id(&path)?;
        let text = lines::text(&path)?;
        if text.trim().is_empty() {
            return Err(EvaluationError::Empty { path });
        }
        if !ids.insert(id.clone()) {
            return Err(EvaluationError::DuplicateFile { path, id });
        }
        queries.push(JudgedQuery { id, text });
    }
    Ok(queries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<JudgedQuery>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let name = file.path().display().to_string();
        read_queries(file.path(), Half::All).map_err(|error| error.to_string().replace(&name, "queries"))
    }

    #[test]
    fn halves_are_the_parity_of_the_digest() {
        // md5("") ends in 7e, md5("a") in 61, md5("abc") in 72.
        assert!(Half::Even.holds("") && !Half::Odd.holds(""));
        assert!(Half::Odd.holds("a") && !Half::Even.holds("a"));
        assert!(Half::Even.holds("abc") && Half::All.holds("abc"));
    }

    #[test]
    fn reads_lines_with_and_without_a_header() {
        let queries = read("q_id\tjobtitle\n1\ttechnischer recruiter\r\n2\tid\n").unwrap();
        assert_eq!(queries.len(), 2);
        assert_eq!(queries[0], JudgedQuery { id: "1".into(), text: "technischer recruiter".into() });
        assert_eq!(read("\u{feff}Nurse\tNurse\n").unwrap()[0].id, "Nurse");
    }

    #[test]
    fn says_which_line_is_wrong() {
        assert_eq!(read("1\ta\n2 b\n").unwrap_err(), "queries:2: expected 2 columns, found 1");
        assert_eq!(read("1\ta\tb\n").unwrap_err(), "queries:1: expected 2 columns, found 3");
        assert_eq!(read("\ta\n").unwrap_err(), "queries:1: the id is empty");
        assert_eq!(read("1\t \n").unwrap_err(), "queries:1: the text is empty");
        assert_eq!(read("1\ta\n1\tb\n").unwrap_err(), "queries:2: the id \"1\" is already taken by an earlier line");
        assert_eq!(read("id\ttext\n").unwrap_err(), "queries holds nothing");
    }

    #[test]
    fn a_folder_gives_its_files_in_order() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("29.txt"), "Analist\nde date").unwrap();
        std::fs::write(folder.path().join("11"), "Asistent").unwrap();
        std::fs::write(folder.path().join(".hidden"), "no").unwrap();
        let queries = read_queries(folder.path(), Half::All).unwrap();
        assert_eq!(queries.iter().map(|query| query.id.as_str()).collect::<Vec<_>>(), ["11", "29"]);
        assert_eq!(queries[1].text, "Analist\nde date");
        std::fs::write(folder.path().join("29.md"), "again").unwrap();
        assert!(
            matches!(read_queries(folder.path(), Half::All), Err(EvaluationError::DuplicateFile { id, .. }) if id == "29")
        );
    }
}
