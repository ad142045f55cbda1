//! What can be wrong with the files of an evaluation.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A file of an evaluation that cannot be used.
#[derive(Debug, Error)]
pub enum EvaluationError {
    /// The file or folder cannot be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// What was to be read.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A text file of a folder is not UTF-8.
    #[error("{} is not valid UTF-8", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
    },
    /// Two files of a folder give the same id.
    #[error("{}: the id {id:?} is already taken by another file", path.display())]
    DuplicateFile {
        /// The second file.
        path: PathBuf,
        /// The id: the file name without its extension.
        id: String,
    },
    /// A line is wrong.
    #[error("{}:{line}: {problem}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: LineProblem,
    },
    /// There is nothing in the file or folder.
    #[error("{} holds nothing", path.display())]
    Empty {
        /// The file or folder.
        path: PathBuf,
    },
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LineProblem {
    /// Not UTF-8.
    #[error("not valid UTF-8")]
    NotUtf8,
    /// Too few or too many columns.
    #[error("expected {expected} columns, found {found}")]
    Columns {
        /// How many there must be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The id is empty.
    #[error("the id is empty")]
    EmptyId,
    /// The text is empty.
    #[error("the text is empty")]
    EmptyText,
    /// The id was there before.
    #[error("the id {0:?} is already taken by an earlier line")]
    DuplicateId(String),
    /// The relevance is not an integer, or higher than any judgment may be.
    #[error("the relevance {0:?} is not an integer up to {max}", max = super::measures::MAX_RELEVANCE)]
    Relevance(String),
    /// The same document was judged differently for the same query.
    #[error("the document {0:?} is judged twice, and differently")]
    Contradiction(String),
    /// Not a JSON object.
    #[error("not a JSON object")]
    NotAnObject,
    /// A candidate without a string as id.
    #[error("the candidate has no id")]
    NoId,
}

impl EvaluationError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    pub(super) fn line(path: &Path, line: usize, problem: LineProblem) -> Self {
        Self::Line { path: path.to_owned(), line, problem }
    }
}
