//! Judged queries through the search, and what each gave.

use std::path::Path;

use cpu_time::ThreadTime;
use serde::{Deserialize, Serialize};

use super::corpus::Corpus;
use super::error::EvaluationError;
use super::ids::OriginalIds;
use super::judgments::Judgments;
use super::measures::{Measures, Summary, measure};
use super::queries::JudgedQuery;
use super::report::CpuTimes;
use crate::{
    embed::CachedEmbedder,
    ingest::{Record, put_records},
    query::Syntax,
    search::{MatchBody, Mode, SearchBody, Searcher, WeightsBody},
    store::Store,
};

/// The ways of searching that are measured, by name, in the order of the rows. `keyword` is BM25 alone.
pub const MODES: &[(&str, Mode)] = &[
    ("keyword", Mode::Keyword), // BM25
    ("concept", Mode::Concept),
    ("semantic", Mode::Semantic),
    ("hybrid", Mode::Hybrid),
];

/// The row of queries that are asked as job texts.
pub const MATCH: &str = "match";

/// How queries are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// As plain text.
    Query(Mode),
    /// As job texts.
    Job,
}

/// Documents that are written together.
const CHUNK: usize = 1_000;

/// Writes a corpus into a store and gives the way back to its ids. `each` is called after each document. A document that is
/// rejected ends it with [`EvaluationError::Rejected`].
pub fn load(store: &Store, corpus: &Corpus, each: &dyn Fn()) -> Result<OriginalIds, EvaluationError> {
    let mut ids = OriginalIds::default();
    let mut records = Vec::with_capacity(CHUNK);
    for (document, line) in corpus.documents()?.zip(1..) {
        let document = document?;
        ids.remember(&document);
        let bytes = document.draft.to_string().into_bytes();
        records.push(Record { line, bytes: Ok(bytes), id: None, is_json_resume: false });
        if records.len() == CHUNK {
            put(store, &mut records)?;
        }
        each();
    }
    put(store, &mut records)?;
    Ok(ids)
}

fn put(store: &Store, records: &mut Vec<Record>) -> Result<(), EvaluationError> {
    for item in put_records(store, records, jiff::Timestamp::now())? {
        if let Err(rejection) = item.outcome {
            let reasons = rejection.errors.iter().map(|error| format!("{} {}", error.pointer, error.message));
            let reasons = reasons.collect::<Vec<_>>().join("; ");
            return Err(EvaluationError::Rejected { number: item.line, reasons: reasons.trim_start().to_owned() });
        }
    }
    records.clear();
    Ok(())
}

/// What is measured.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The search.
    pub searcher: &'a Searcher,
    /// What makes vectors of its queries.
    pub embedder: &'a CachedEmbedder,
    /// Weights of the hybrid mode instead of the configured ones.
    pub weights: Option<WeightsBody>,
}

/// What one query gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QueryRun {
    /// The id of the query.
    pub id: String,
    /// CPU time of a first page, in milliseconds.
    pub cpu_ms: f64,
    /// The measures of the whole ranking; none without a relevant document.
    pub measures: Option<Measures>,
}

/// What the queries of one mode gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModeRun {
    /// The name of the mode.
    pub mode: String,
    /// Its queries, in the order asked.
    pub queries: Vec<QueryRun>,
}

impl ModeRun {
    /// The means.
    pub fn summary(&self) -> Summary {
        self.queries.iter().map(|query| query.measures).collect()
    }

    /// What a query cost.
    pub fn cpu(&self) -> CpuTimes {
        CpuTimes::of(self.queries.iter().map(|query| query.cpu_ms).collect())
    }
}

/// Asks the queries in a way and measures their rankings down to a depth. Candidates of one judged id count
/// once, where the first of them stands. Vectors of queries are forgotten before, so that each mode pays for its own. `each` is
/// called after each query.
pub fn ask(
    subject: &Subject<'_>,
    (asked, depth): (Asked, usize),
    (queries, judgments): (&[JudgedQuery], &Judgments),
    ids: &OriginalIds,
    each: &dyn Fn(),
) -> Result<Vec<QueryRun>, EvaluationError> {
    subject.embedder.forget();
    let mut runs = Vec::with_capacity(queries.len());
    for query in queries {
        let (ranking, cpu_ms) = ranking(subject, asked, query)?;
        let ranking = ids.collapse(ranking.iter().map(String::as_str));
        let measures = judgments.of(&query.id).and_then(|judged| measure(&ranking, judged, depth));
        runs.push(QueryRun { id: query.id.clone(), cpu_ms, measures });
        each();
    }
    Ok(runs)
}

/// The ids of the whole window, and the CPU time of a first page in milliseconds.
fn ranking(subject: &Subject<'_>, asked: Asked, query: &JudgedQuery) -> Result<(Vec<String>, f64), EvaluationError> {
    let mode = match asked {
        Asked::Query(mode) => mode,
        Asked::Job => return job_ranking(subject, query),
    };
    let failed = |source| EvaluationError::Search { query: query.id.clone(), source };
    let body = SearchBody {
        query: Some(query.text.clone()),
        syntax: Some(Syntax::Plain),
        mode: Some(mode),
        weights: subject.weights.filter(|_| mode == Mode::Hybrid),
        ..SearchBody::default()
    };
    let now = jiff::Timestamp::now();
    let started = ThreadTime::now();
    subject.searcher.search(&body, now).map_err(failed)?;
    let cpu_ms = started.elapsed().as_secs_f64() * 1e3;
    let ranking = subject.searcher.ranking(&body, now).map_err(failed)?;
    Ok((ranking.into_iter().map(|hit| hit.id).collect(), cpu_ms))
}

/// As [`ranking`], of a job text.
fn job_ranking(subject: &Subject<'_>, query: &JudgedQuery) -> Result<(Vec<String>, f64), EvaluationError> {
    let failed = |source| EvaluationError::Search { query: query.id.clone(), source };
    let body = MatchBody { description: Some(query.text.clone()), weights: subject.weights, ..MatchBody::default() };
    let now = jiff::Timestamp::now();
    let started = ThreadTime::now();
    subject.searcher.match_job(&body, now).map_err(failed)?;
    let cpu_ms = started.elapsed().as_secs_f64() * 1e3;
    let ranking = subject.searcher.job_ranking(&body, now).map_err(failed)?;
    Ok((ranking.into_iter().map(|hit| hit.id).collect(), cpu_ms))
}

/// What the queries of one task gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaskRun {
    /// The name of the task.
    pub task: String,
    /// How many documents its corpus has.
    pub documents: usize,
    /// Which half of its queries: `all`, `even`, `odd`.
    pub half: String,
    /// The depth of average precision and reciprocal rank.
    pub depth: usize,
    /// The modes, in the order measured.
    pub modes: Vec<ModeRun>,
}

/// The form of saved runs that this program reads and writes.
const FORM: u32 = 1;

/// What the queries of some tasks gave: what `--save` writes and `--compare` reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavedRun {
    form: u32,
    /// The tasks, in the order of the suite.
    pub tasks: Vec<TaskRun>,
}

impl SavedRun {
    /// A run to save.
    pub fn new(tasks: Vec<TaskRun>) -> Self {
        Self { form: FORM, tasks }
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, EvaluationError> {
        let bytes = std::fs::read(path).map_err(EvaluationError::io(path))?;
        let wrong = |problem: String| EvaluationError::NotARun { path: path.to_owned(), problem };
        let run: Self = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        if run.form == FORM { Ok(run) } else { Err(wrong(format!("its form is {}, not {FORM}", run.form))) }
    }

    /// Writes a file, one that is there already anew.
    pub fn write(&self, path: &Path) -> Result<(), EvaluationError> {
        let mut text = serde_json::to_string(self).map_err(|error| EvaluationError::io(path)(error.into()))?;
        text.push('\n');
        std::fs::write(path, text).map_err(EvaluationError::io(path))
    }

    /// The earlier queries of a task and mode, and of what depth they are.
    pub(super) fn queries(&self, task: &str, mode: &str) -> Option<(&TaskRun, &[QueryRun])> {
        let task = self.tasks.iter().find(|run| run.task == task)?;
        Some((task, &task.modes.iter().find(|run| run.mode == mode)?.queries))
    }
}
