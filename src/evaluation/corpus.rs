//! A corpus of any of four layouts → candidate drafts.
//!
//! Invariant: every candidate id is valid (1–128 of `[A-Za-z0-9._~-]`), no two documents share one, and the
//! id that the judgments use is found again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::error::{EvaluationError, LineProblem};
use super::field::Field;
use super::ids::{candidate_id, row_id};
use super::lines::{self, Lines};
use super::table::Table;

/// What a corpus consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorpusKind {
    /// One candidate a line, as JSON.
    Candidates,
    /// `id<TAB>text` lines, with or without a header.
    Lines,
    /// A folder of text files whose names without extension are the ids.
    Texts,
    /// A table with a header, one document a row; several rows may have one id.
    Table(CorpusColumns),
}

/// Which columns and rows of a table make a corpus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CorpusColumns {
    /// The column of the ids.
    pub id: String,
    /// The column of the texts.
    pub text: String,
    /// The values that a row must have, by column.
    pub of_rows: BTreeMap<String, String>,
}

/// One document of a corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct CorpusDocument {
    /// The id that the judgments use.
    pub original_id: String,
    /// The candidate's id.
    pub candidate_id: String,
    /// The candidate as it would be sent.
    pub draft: Value,
}

/// A corpus on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corpus {
    path: PathBuf,
    kind: CorpusKind,
    field: Field,
}

impl Corpus {
    /// Looks at a path: a folder holds texts, a file whose first line is an object candidates, any other lines of ids and
    /// titles.
    pub fn open(path: &Path) -> Result<Self, EvaluationError> {
        let kind = if path.is_dir() {
            CorpusKind::Texts
        } else {
            match Lines::open(path)?.next().transpose()? {
                None => return Err(EvaluationError::Empty { path: path.to_owned() }),
                Some((_, line)) if line.trim_start().starts_with('{') => CorpusKind::Candidates,
                Some(_) => CorpusKind::Lines,
            }
        };
        let field = if kind == CorpusKind::Texts { Field::Text } else { Field::Title };
        Ok(Self { path: path.to_owned(), kind, field })
    }

    /// A table, whose texts are titles.
    pub fn table(path: &Path, columns: CorpusColumns) -> Self {
        Self { path: path.to_owned(), kind: CorpusKind::Table(columns), field: Field::Title }
    }

    /// The same with its texts in another field. Candidates say themselves what stands where.
    #[must_use]
    pub fn with_field(self, field: Field) -> Self {
        Self { field, ..self }
    }

    /// What it consists of.
    pub fn kind(&self) -> &CorpusKind {
        &self.kind
    }

    /// Reads the documents one by one, in the order of the file or of the file names.
    pub fn documents(&self) -> Result<Documents, EvaluationError> {
        let rows = match &self.kind {
            CorpusKind::Candidates => Rows::Candidates(Lines::open(&self.path)?),
            CorpusKind::Lines => Rows::Lines(Lines::open(&self.path)?),
            CorpusKind::Texts => Rows::Texts(lines::files(&self.path)?.into_iter()),
            CorpusKind::Table(columns) => Rows::Table(TableRows::open(&self.path, columns)?),
        };
        Ok(Documents { rows, field: self.field, seen: BTreeSet::new() })
    }
}

/// The documents of a corpus. After an error there may be more.
#[derive(Debug)]
pub struct Documents {
    rows: Rows,
    field: Field,
    seen: BTreeSet<String>,
}

#[derive(Debug)]
enum Rows {
    Candidates(Lines),
    Lines(Lines),
    Texts(std::vec::IntoIter<PathBuf>),
    Table(TableRows),
}

impl Iterator for Documents {
    type Item = Result<CorpusDocument, EvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (seen, field) = (&mut self.seen, self.field);
        match &mut self.rows {
            Rows::Candidates(lines) => next_line(lines, seen, |_, line| candidate(line).map(Some)),
            Rows::Lines(lines) => next_line(lines, seen, |number, line| {
                let row = lines::id_and_text(number, line)?;
                Ok(row.map(|(id, text)| document(id, candidate_id(id), |id| field.draft(id, None, text))))
            }),
            Rows::Texts(files) => files.next().map(|path| file(path, field, seen)),
            Rows::Table(rows) => rows.next_document(field),
        }
    }
}

fn document(original_id: &str, candidate_id: String, draft: impl FnOnce(&str) -> Value) -> CorpusDocument {
    let draft = draft(&candidate_id);
    CorpusDocument { original_id: original_id.to_owned(), candidate_id, draft }
}

/// The rows of a table that are documents.
#[derive(Debug)]
struct TableRows {
    table: Table,
    id: usize,
    text: usize,
    of_rows: Vec<(usize, String)>,
    rows_by_id: BTreeMap<String, usize>,
}

impl TableRows {
    fn open(path: &Path, columns: &CorpusColumns) -> Result<Self, EvaluationError> {
        let table = Table::open(path)?;
        let of_rows = columns.of_rows.iter().map(|(column, value)| Ok((table.column(column)?, value.clone())));
        Ok(Self {
            id: table.column(&columns.id)?,
            text: table.column(&columns.text)?,
            of_rows: of_rows.collect::<Result<_, EvaluationError>>()?,
            rows_by_id: BTreeMap::new(),
            table,
        })
    }

    fn next_document(&mut self, field: Field) -> Option<Result<CorpusDocument, EvaluationError>> {
        loop {
            let (number, row) = match self.table.next()? {
                Ok(numbered) => numbered,
                Err(error) => return Some(Err(error)),
            };
            if self.of_rows.iter().any(|(column, value)| row[*column] != *value) {
                continue;
            }
            let (id, text) = (&row[self.id], &row[self.text]);
            if let Err(problem) = lines::check_id_and_text(id, text) {
                return Some(Err(EvaluationError::line(self.table.path(), number, problem)));
            }
            let rows = self.rows_by_id.entry(id.clone()).or_default();
            let candidate_id = row_id(id, *rows);
            *rows += 1;
            return Some(Ok(document(id, candidate_id, |id| field.draft(id, None, text))));
        }
    }
}

fn next_line(
    lines: &mut Lines,
    seen: &mut BTreeSet<String>,
    read: impl Fn(usize, &str) -> Result<Option<CorpusDocument>, LineProblem>,
) -> Option<Result<CorpusDocument, EvaluationError>> {
    loop {
        let (number, line) = match lines.next()? {
            Ok(numbered) => numbered,
            Err(error) => return Some(Err(error)),
        };
        let problem = match read(number, &line) {
            Ok(None) => continue,
            Ok(Some(document)) if seen.insert(document.candidate_id.clone()) => return Some(Ok(document)),
            Ok(Some(document)) => LineProblem::DuplicateId(document.original_id),
            Err(problem) => problem,
        };
        return Some(Err(EvaluationError::line(lines.path(), number, problem)));
    }
}

/// A line of candidates. Its id is a candidate id already and stays.
fn candidate(line: &str) -> Result<CorpusDocument, LineProblem> {
    let draft: Value = serde_json::from_str(line).map_err(|_| LineProblem::NotAnObject)?;
    let Value::Object(members) = &draft else { return Err(LineProblem::NotAnObject) };
    let id = members.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()).ok_or(LineProblem::NoId)?.to_owned();
    Ok(CorpusDocument { original_id: id.clone(), candidate_id: id, draft })
}

fn file(path: PathBuf, field: Field, seen: &mut BTreeSet<String>) -> Result<CorpusDocument, EvaluationError> {
    let original_id = lines::file_id(&path)?;
    let text = lines::text(&path)?;
    if text.trim().is_empty() {
        return Err(EvaluationError::Empty { path });
    }
    let candidate_id = candidate_id(&original_id);
    if !seen.insert(candidate_id.clone()) {
        return Err(EvaluationError::DuplicateFile { path, id: original_id });
    }
    let name = path.file_name().map(|name| name.to_string_lossy());
    Ok(document(&original_id, candidate_id, |id| field.draft(id, name.as_deref(), &text)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Vec<Result<CorpusDocument, String>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let name = file.path().display().to_string();
        let documents = Corpus::open(file.path()).unwrap().documents().unwrap();
        documents.map(|document| document.map_err(|error| error.to_string().replace(&name, "corpus"))).collect()
    }

    #[test]
    fn titles_become_candidates() {
        let documents = read("c_id\tjobtitle\nFood_&_Drink\tFood & Drink\n7\tKünstler\n");
        let first = documents[0].as_ref().unwrap();
        assert_eq!(first.original_id, "Food_&_Drink");
        assert_eq!(first.draft["id"], "Food_~26_Drink");
        assert_eq!(first.draft["profile"]["work"][0]["position"], "Food & Drink");
        assert_eq!(first.draft["profile"]["basics"]["label"], "Food & Drink");
        assert_eq!(documents.len(), 2);
    }

    #[test]
    fn candidates_keep_their_ids() {
        let documents = read("{\"id\":\"a~1\",\"profile\":{}}\n\n[1]\n{\"id\":7}\n{\"id\":\"a~1\"}\n");
        let first = documents[0].as_ref().unwrap();
        assert_eq!((first.candidate_id.as_str(), first.original_id.as_str()), ("a~1", "a~1"));
        assert_eq!(documents[1].as_ref().unwrap_err(), "corpus:3: not a JSON object");
        assert_eq!(documents[2].as_ref().unwrap_err(), "corpus:4: the candidate has no id");
        assert_eq!(documents[3].as_ref().unwrap_err(), "corpus:5: the id \"a~1\" is already taken by an earlier line");
    }

    #[test]
    fn texts_become_documents_and_bad_bytes_name_their_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("10004.txt"), "Amira\nEngineer").unwrap();
        std::fs::write(folder.path().join("10015"), b"caf\xe9").unwrap();
        let corpus = Corpus::open(folder.path()).unwrap();
        assert_eq!(*corpus.kind(), CorpusKind::Texts);
        let documents: Vec<_> = corpus.documents().unwrap().collect();
        let first = documents[0].as_ref().unwrap();
        assert_eq!(first.candidate_id, "10004");
        assert_eq!(
            first.draft["documents"],
            json!([{ "name": "10004.txt", "mediaType": "text/plain", "text": "Amira\nEngineer" }])
        );
        let error = documents[1].as_ref().unwrap_err().to_string();
        assert!(error.ends_with("10015 is not valid UTF-8"), "{error}");
    }

    #[test]
    fn nothing_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Corpus::open(folder.path()).unwrap().documents().is_err());
        let file = folder.path().join("empty.tsv");
        std::fs::write(&file, "").unwrap();
        assert!(matches!(Corpus::open(&file), Err(EvaluationError::Empty { .. })));
        assert!(matches!(Corpus::open(&folder.path().join("missing")), Err(EvaluationError::Io { .. })));
    }

    #[test]
    fn rows_of_a_table_may_share_an_id() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let rows =
            "conceptUri\tlanguage\tlabel\nu/1\ten\tNurse\nu/1\tde\tPfleger\nu/1\ten\tWard nurse\nu/2\ten\tCook\n";
        std::fs::write(file.path(), rows).unwrap();
        let columns = |text: &str| CorpusColumns {
            id: "conceptUri".to_owned(),
            text: text.to_owned(),
            of_rows: BTreeMap::from([("language".to_owned(), "en".to_owned())]),
        };
        let corpus = Corpus::table(file.path(), columns("label")).with_field(Field::Skill);
        let documents: Vec<_> = corpus.documents().unwrap().map(Result::unwrap).collect();
        let ids: Vec<_> = documents.iter().map(|document| (&*document.original_id, &*document.candidate_id)).collect();
        assert_eq!(ids, [("u/1", "u~2F1"), ("u/1", "u~2F1~~r1"), ("u/2", "u~2F2")]);
        assert_eq!(
            documents[1].draft,
            json!({ "id": "u~2F1~~r1", "profile": { "skills": [{ "name": "Ward nurse" }] } })
        );
        let error = Corpus::table(file.path(), columns("title")).documents().unwrap_err().to_string();
        assert!(
            error.ends_with(":1: there is no column \"title\", only \"conceptUri\", \"language\", \"label\""),
            "{error}"
        );
    }
}
