//! One task of a suite, and its data.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::super::error::EvaluationError;
use super::super::{
    Asked, Corpus, CorpusColumns, Field, Half, JudgedQuery, JudgedTable, Judgments, MATCH, MODES, ModeRun, OriginalIds,
    Subject, TaskRun, ask, read_queries,
};
use super::floors::Floors;
use crate::taxonomy::is_held_out;

/// Something to measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its name.
    pub name: String,
    /// What is searched.
    pub corpus: TaskCorpus,
    /// What is asked, and what is relevant.
    pub questions: Questions,
    /// Where the texts of the corpus go; none is that of its layout.
    pub field: Option<Field>,
    /// Which half of the queries.
    pub half: Half,
    /// Rank at which average precision and reciprocal rank stop; at least 1.
    pub depth: usize,
    /// Whether the queries of each language are told apart as well: their ids start with it and a hyphen.
    pub languages: bool,
    /// A table from document to URI of ESCO, for the queries whose answers are all held out; none where there is no such table.
    pub concepts: Option<PathBuf>,
    /// Whether only those queries are asked.
    pub only_held_out: bool,
    /// Whether the queries are job texts, which are asked as such as well.
    pub jobs: bool,
    /// What must be reached.
    pub floors: Floors,
}

/// The corpus of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskCorpus {
    /// A file or folder.
    pub path: PathBuf,
    /// What to read of a table; none for any other layout.
    pub columns: Option<CorpusColumns>,
}

/// Where queries and judgments come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Questions {
    /// Two files, as `--queries` and `--judgments` take them.
    Files {
        /// Queries as `id<TAB>text`, or a folder of texts.
        queries: PathBuf,
        /// Judgments, TREC style.
        judgments: PathBuf,
    },
    /// One table.
    Table(JudgedTable),
}

/// The data of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskData {
    /// What is searched.
    pub corpus: Corpus,
    /// The queries of the half, or some of them.
    pub queries: Vec<JudgedQuery>,
    /// All judgments.
    pub judgments: Judgments,
}

impl Task {
    /// Whether the files and folders are there: else the first that is not, as [`EvaluationError::Io`].
    pub fn check(&self) -> Result<(), EvaluationError> {
        let questions = match &self.questions {
            Questions::Files { queries, judgments } => vec![queries, judgments],
            Questions::Table(JudgedTable { file, .. }) => vec![file],
        };
        let concepts = self.concepts.iter().filter(|_| self.only_held_out);
        for path in std::iter::once(&self.corpus.path).chain(questions).chain(concepts) {
            path.metadata().map_err(EvaluationError::io(path))?;
        }
        Ok(())
    }

    /// Reads queries and judgments and looks at the corpus. Of more queries than `limit`, as many are taken, evenly spaced.
    pub fn read(&self, limit: Option<usize>) -> Result<TaskData, EvaluationError> {
        let (queries, judgments) = match &self.questions {
            Questions::Files { queries, judgments } => (read_queries(queries, self.half)?, Judgments::read(judgments)?),
            Questions::Table(table) => table.read(self.half)?,
        };
        let queries = match &self.concepts {
            Some(concepts) if self.only_held_out => held_out(queries, &judgments, concepts)?,
            _ => queries,
        };
        let corpus = match &self.corpus.columns {
            Some(columns) => Corpus::table(&self.corpus.path, columns.clone()),
            None => Corpus::open(&self.corpus.path)?,
        };
        let corpus = match self.field {
            Some(field) => corpus.with_field(field),
            None => corpus,
        };
        Ok(TaskData { corpus, queries: spaced(queries, limit), judgments })
    }

    /// Asks the queries in every mode over the corpus, whose `documents` are searchable by now. `each` is called after each
    /// query.
    pub fn run(
        &self,
        data: &TaskData,
        subject: &Subject<'_>,
        (documents, ids): (usize, &OriginalIds),
        each: &dyn Fn(),
    ) -> Result<TaskRun, EvaluationError> {
        let mut modes = Vec::with_capacity(MODES.len());
        let as_jobs = self.jobs.then_some((MATCH, Asked::Job));
        for (name, asked) in MODES.iter().map(|(name, mode)| (*name, Asked::Query(*mode))).chain(as_jobs) {
            let queries = ask(subject, (asked, self.depth), (&data.queries, &data.judgments), ids, each)?;
            modes.push(ModeRun { mode: name.to_owned(), queries });
        }
        let (task, half) = (self.name.clone(), self.half.name().to_owned());
        Ok(TaskRun { task, documents, half, depth: self.depth, modes })
    }
}

/// The queries whose relevant documents are all of concepts that are held out.
fn held_out(
    queries: Vec<JudgedQuery>,
    judgments: &Judgments,
    concepts: &Path,
) -> Result<Vec<JudgedQuery>, EvaluationError> {
    let text = std::fs::read_to_string(concepts).map_err(EvaluationError::io(concepts))?;
    let uris: HashMap<&str, &str> = text.lines().filter_map(|line| line.split_once('\t')).collect();
    let is_held_out = |document: &String| uris.get(document.as_str()).is_some_and(|uri| is_held_out(uri.trim()));
    let is_new = |query: &JudgedQuery| {
        let judged = judgments.of(&query.id).into_iter().flatten();
        let mut relevant = judged.filter(|(_, relevance)| **relevance > 0).map(|(document, _)| document).peekable();
        relevant.peek().is_some() && relevant.all(is_held_out)
    };
    Ok(queries.into_iter().filter(is_new).collect())
}

/// At most so many of the items, evenly spaced: the first of each of as many parts of equal length.
fn spaced<T>(items: Vec<T>, limit: Option<usize>) -> Vec<T> {
    let count = items.len();
    let Some(limit) = limit.filter(|limit| *limit < count) else { return items };
    let starts: BTreeSet<usize> = (0..limit).map(|part| part * count / limit).collect();
    items.into_iter().enumerate().filter(|(at, _)| starts.contains(at)).map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_evenly_spaced() {
        let numbers = || (0..10).collect::<Vec<_>>();
        assert_eq!(spaced(numbers(), Some(3)), [0, 3, 6]);
        assert_eq!(spaced(numbers(), Some(9)).len(), 9);
        assert_eq!(spaced(numbers(), Some(10)), numbers());
        assert_eq!(spaced(numbers(), None), numbers());
        assert!(spaced(numbers(), Some(0)).is_empty());
    }
}
