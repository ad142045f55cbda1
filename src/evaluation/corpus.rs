//! A corpus of any of three layouts → candidate drafts.
//!
//! Invariant: every candidate id is valid (1–128 of `[A-Za-z0-9._~-]`), no two documents share one, and the
//! id that the judgments use is found again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::error::{EvaluationError, LineProblem};
use super::lines::{self, Lines};

/// The longest candidate id.
const MAX_ID: usize = 128;
/// How much of an id that grew too long stays readable.
const READABLE_ID: usize = 80;

/// What a corpus consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorpusKind {
    /// One candidate a line, as JSON.
    Candidates,
    /// `id<TAB>title` lines, with or without a header.
    Titles,
    /// A folder of CV text files whose names without extension are the ids.
    Texts,
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
}

impl Corpus {
    /// Looks at a path: a folder holds texts, a file whose first line is an object candidates, any other titles.
    pub fn open(path: &Path) -> Result<Self, EvaluationError> {
        let kind = if path.is_dir() {
            CorpusKind::Texts
        } else {
            match Lines::open(path)?.next().transpose()? {
                None => return Err(EvaluationError::Empty { path: path.to_owned() }),
                Some((_, line)) if line.trim_start().starts_with('{') => CorpusKind::Candidates,
                Some(_) => CorpusKind::Titles,
            }
        };
        Ok(Self { path: path.to_owned(), kind })
    }

    /// What it consists of.
    pub fn kind(&self) -> CorpusKind {
        self.kind
    }

    /// Reads the documents one by one, in the order of the file or of the file names.
    pub fn documents(&self) -> Result<Documents, EvaluationError> {
        let rows = match self.kind {
            CorpusKind::Candidates => Rows::Candidates(Lines::open(&self.path)?),
            CorpusKind::Titles => Rows::Titles(Lines::open(&self.path)?),
            CorpusKind::Texts => Rows::Texts(lines::files(&self.path)?.into_iter()),
        };
        Ok(Documents { rows, seen: BTreeSet::new() })
    }
}

/// The documents of a corpus. After an error there may be more.
#[derive(Debug)]
pub struct Documents {
    rows: Rows,
    seen: BTreeSet<String>,
}

#[derive(Debug)]
enum Rows {
    Candidates(Lines),
    Titles(Lines),
    Texts(std::vec::IntoIter<PathBuf>),
}

impl Iterator for Documents {
    type Item = Result<CorpusDocument, EvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        let seen = &mut self.seen;
        match &mut self.rows {
            Rows::Candidates(lines) => next_line(lines, seen, |_, line| candidate(line).map(Some)),
            Rows::Titles(lines) => next_line(lines, seen, |number, line| {
                Ok(lines::id_and_text(number, line)?.map(|(id, title)| titled(id, title)))
            }),
            Rows::Texts(files) => files.next().map(|path| cv(path, seen)),
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

fn titled(id: &str, title: &str) -> CorpusDocument {
    let candidate_id = candidate_id(id);
    let profile = json!({ "basics": { "label": title }, "work": [{ "position": title }] });
    let draft = json!({ "id": candidate_id, "profile": profile });
    CorpusDocument { original_id: id.to_owned(), candidate_id, draft }
}

fn cv(path: PathBuf, seen: &mut BTreeSet<String>) -> Result<CorpusDocument, EvaluationError> {
    let original_id = lines::file_id(&path)?;
    let text = lines::text(&path)?;
    if text.trim().is_empty() {
        return Err(EvaluationError::Empty { path });
    }
    let candidate_id = candidate_id(&original_id);
    if !seen.insert(candidate_id.clone()) {
        return Err(EvaluationError::DuplicateFile { path, id: original_id });
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let document = json!({ "name": name, "mediaType": "text/plain", "text": text });
    let draft = json!({ "id": candidate_id, "documents": [document] });
    Ok(CorpusDocument { original_id, candidate_id, draft })
}

/// Writes any id as a candidate id: what is not allowed, and the tilde, as `~` and two hexadecimal digits a
/// byte, so that different ids stay different. Too long an id keeps its start and gets a digest.
fn candidate_id(original: &str) -> String {
    let mut id = String::with_capacity(original.len());
    let mut readable = 0;
    for byte in original.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => id.push(char::from(byte)),
            _ => id.push_str(&format!("~{byte:02X}")),
        }
        if id.len() <= READABLE_ID {
            readable = id.len();
        }
    }
    if id.len() > MAX_ID {
        id.truncate(readable);
        // An escape never has a second tilde: no other id looks like this.
        id.push_str("~~");
        id.push_str(&blake3::hash(original.as_bytes()).to_hex()[..32]);
    }
    id
}

/// The way back from candidate ids to the ids that the judgments use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OriginalIds {
    by_candidate: BTreeMap<String, String>,
}

impl OriginalIds {
    /// Keeps the ids of a document. Ids that are the same in both worlds take no room.
    pub fn remember(&mut self, document: &CorpusDocument) {
        if document.original_id != document.candidate_id {
            self.by_candidate.insert(document.candidate_id.clone(), document.original_id.clone());
        }
    }

    /// The id that the judgments use for a candidate: its own unless another was remembered.
    pub fn of<'a>(&'a self, candidate_id: &'a str) -> &'a str {
        self.by_candidate.get(candidate_id).map_or(candidate_id, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        assert_eq!(corpus.kind(), CorpusKind::Texts);
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

    proptest! {
        #[test]
        fn ids_are_valid_distinct_and_lead_back(left in "\\PC{1,150}", right in "\\PC{1,150}") {
            let mut ids = OriginalIds::default();
            for original in [&left, &right] {
                let document = titled(original, "x");
                let id = &document.candidate_id;
                prop_assert!((1..=MAX_ID).contains(&id.len()));
                prop_assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte)));
                ids.remember(&document);
                prop_assert_eq!(ids.of(id), original);
            }
            prop_assert_eq!(candidate_id(&left) == candidate_id(&right), left == right);
        }
    }
}
