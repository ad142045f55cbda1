//! What can be wrong with the files of an evaluation.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::{search::SearchError, store::StoreError};

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
    /// The labels of a CV cannot be used.
    #[error("{}: {problem}", path.display())]
    Labels {
        /// The file of labels, or the folder that holds none.
        path: PathBuf,
        /// What is wrong.
        problem: String,
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
    /// A suite cannot be used.
    #[error("{}:{line}: {problem}", path.display())]
    Suite {
        /// The suite's file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        problem: SuiteProblem,
    },
    /// The root of a suite's paths is not told.
    #[error("{}: the folder of the data is not known: give --root DIR, or set {variable}", path.display())]
    NoRoot {
        /// The suite's file.
        path: PathBuf,
        /// The environment variable that would tell it.
        variable: String,
    },
    /// A saved run is not one.
    #[error("{}: not a saved run: {problem}", path.display())]
    NotARun {
        /// The file.
        path: PathBuf,
        /// Why not.
        problem: String,
    },
    /// A document of a corpus is no candidate.
    #[error("document {number} is rejected: {reasons}")]
    Rejected {
        /// Its number in the corpus, from 1.
        number: u64,
        /// Every reason.
        reasons: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A search failed.
    #[error("the query {query:?} failed")]
    Search {
        /// The id of the query.
        query: String,
        /// Why.
        source: SearchError,
    },
    /// There is nothing in the file or folder.
    #[error("{} holds nothing", path.display())]
    Empty {
        /// The file or folder.
        path: PathBuf,
    },
}

/// What is wrong with a suite.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SuiteProblem {
    /// Not TOML, or not of the form of a suite.
    #[error("{0}")]
    Form(String),
    /// No task.
    #[error("there is no task")]
    NoTask,
    /// Two tasks have one name.
    #[error("the name {0:?} is already taken by an earlier task")]
    DuplicateTask(String),
    /// A task without a name.
    #[error("the name is empty")]
    EmptyName,
    /// Queries and judgments come from nowhere, or from two places.
    #[error("the task {0:?} needs either `queries` and `judgments`, or `judged`")]
    Questions(String),
    /// Average precision would look at nothing.
    #[error("the depth of the task {0:?} is 0")]
    NoDepth(String),
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
    /// A quote that opens a field has no end.
    #[error("a quote is never closed")]
    OpenQuote,
    /// Something stands between a closing quote and the next field.
    #[error("a comma is wanted after a closing quote")]
    AfterQuote,
    /// The table has no such column.
    #[error("there is no column {wanted:?}, only {}", there_are.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "))]
    NoColumn {
        /// What was to be read.
        wanted: String,
        /// The columns of the header.
        there_are: Vec<String>,
    },
    /// The same document was judged differently for the same query.
    #[error("the document {0:?} is judged twice, and differently")]
    Contradiction(String),
    /// Not tokens with two tags each.
    #[error("no sentence with as many tags as tokens")]
    NoSentence,
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
