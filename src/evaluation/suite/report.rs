//! The outcome of a suite, as a table and as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::super::change::Change;
use super::super::{CpuTimes, Interval, Measures, ModeRun, PerMeasure, QueryRun, SavedRun, TaskRun};
use super::floors::UnmetFloor;
use super::task::Task;

/// How one way of searching did in one task.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SuiteRow {
    /// The task.
    pub task: String,
    /// The language of the queries; none for all of them.
    pub language: Option<String>,
    /// The mode.
    pub mode: String,
    /// How many documents the corpus has.
    pub documents: usize,
    /// Which half of the queries: `all`, `even`, `odd`.
    pub half: String,
    /// The depth of average precision and reciprocal rank.
    pub depth: usize,
    /// Queries with a relevant document: those that the means are over.
    pub queries: usize,
    /// Queries left out, having no relevant document.
    pub left_out: usize,
    /// The means, from 0 to 1, with their 95 % bootstrap intervals over queries.
    pub measures: PerMeasure<Interval>,
    /// What a query cost.
    pub cpu: CpuTimes,
    /// What changed since the earlier run, where it has the task and mode.
    pub change: Option<RowChange>,
}

/// What changed in a row since the earlier run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowChange {
    /// Queries that both runs measured: those that the changes are over.
    pub queries: usize,
    /// The changes.
    pub measures: PerMeasure<Change>,
}

/// The outcome of a suite: a row for each task and mode, and for each language where a task asks for it. `Display` writes the
/// table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SuiteReport {
    /// The rows, by task, language and mode, all languages first.
    pub rows: Vec<SuiteRow>,
    /// Floors that were not reached.
    pub unmet_floors: Vec<UnmetFloor>,
    /// What a reader of the table must know.
    pub notes: Vec<String>,
}

impl SuiteReport {
    /// Sums runs up, compares them with an earlier run, and looks at the floors of their tasks.
    pub fn of(runs: &[(Task, TaskRun)], earlier: Option<&SavedRun>) -> Self {
        let mut report = Self { rows: Vec::new(), unmet_floors: Vec::new(), notes: Vec::new() };
        for (task, run) in runs {
            for language in std::iter::once(None).chain(languages(task, run).into_iter().map(Some)) {
                report.rows.extend(run.modes.iter().map(|mode| row(run, mode, language, earlier)));
            }
            report.unmet_floors.extend(task.floors.unmet(&task.name, &report.rows));
            report.notes.extend(earlier.into_iter().flat_map(|earlier| differences(run, earlier)));
        }
        report
    }
}

/// The language that the id of a query starts with.
fn language_of(query: &QueryRun) -> Option<&str> {
    query.id.split_once('-').map(|(language, _)| language)
}

fn languages<'r>(task: &Task, run: &'r TaskRun) -> BTreeSet<&'r str> {
    let queries = run.modes.iter().filter(|_| task.languages).flat_map(|mode| &mode.queries);
    queries.filter_map(language_of).collect()
}

fn row(run: &TaskRun, mode: &ModeRun, language: Option<&str>, earlier: Option<&SavedRun>) -> SuiteRow {
    let is_asked = |query: &&QueryRun| language.is_none_or(|language| language_of(query) == Some(language));
    let queries = mode.queries.iter().filter(is_asked).cloned().collect();
    let mode = ModeRun { mode: mode.mode.clone(), queries };
    let measured: Vec<Measures> = mode.queries.iter().filter_map(|query| query.measures).collect();
    let before = earlier.and_then(|earlier| earlier.queries(&run.task, &mode.mode));
    let before = before.filter(|(before, _)| before.depth == run.depth);
    SuiteRow {
        task: run.task.clone(),
        language: language.map(str::to_owned),
        documents: run.documents,
        half: run.half.clone(),
        depth: run.depth,
        queries: measured.len(),
        left_out: mode.queries.len() - measured.len(),
        measures: PerMeasure::each(|of| Interval::of_mean(&measured.iter().map(of).collect::<Vec<f64>>())),
        cpu: mode.cpu(),
        change: before.map(|(_, before)| change(before, &mode.queries)),
        mode: mode.mode,
    }
}

fn change(before: &[QueryRun], now: &[QueryRun]) -> RowChange {
    let measured = |query: &QueryRun| Some((query.id.clone(), query.measures?));
    let before: BTreeMap<String, Measures> = before.iter().filter_map(measured).collect();
    let pairs = now.iter().filter_map(measured).filter_map(|(id, now)| Some((*before.get(&id)?, now)));
    let (before, now): (Vec<Measures>, Vec<Measures>) = pairs.unzip();
    let values = |measures: &[Measures], of| measures.iter().map(of).collect::<Vec<f64>>();
    RowChange {
        queries: now.len(),
        measures: PerMeasure::each(|of| Change::of(&values(&before, of), &values(&now, of))),
    }
}

/// In what the earlier run of a task is another.
fn differences(run: &TaskRun, earlier: &SavedRun) -> Vec<String> {
    let Some(before) = earlier.tasks.iter().find(|before| before.task == run.task) else {
        return vec![format!("{}: not in the earlier run", run.task)];
    };
    if before.depth != run.depth {
        return vec![format!("{}: not compared, the earlier run has the depth {}", run.task, before.depth)];
    }
    let mut notes = Vec::new();
    if before.documents != run.documents {
        notes.push(format!("{}: the earlier run has {} documents", run.task, before.documents));
    }
    for mode in &run.modes {
        match earlier.queries(&run.task, &mode.mode) {
            None => notes.push(format!("{}: the earlier run has no mode {}", run.task, mode.mode)),
            Some((_, before)) => {
                let ids = |queries: &[QueryRun]| queries.iter().map(|query| query.id.clone()).collect::<BTreeSet<_>>();
                let both = ids(before).intersection(&ids(&mode.queries)).count();
                if both < mode.queries.len().max(before.len()) {
                    let counts = (mode.queries.len(), before.len());
                    notes.push(format!(
                        "{}, {}: {both} queries compared, of {} now and {} in the earlier run",
                        run.task, mode.mode, counts.0, counts.1
                    ));
                }
            }
        }
    }
    notes
}

impl SuiteRow {
    fn label(&self) -> String {
        self.language.as_ref().map_or(self.task.clone(), |language| format!("{} ({language})", self.task))
    }
}

impl fmt::Display for SuiteReport {
    /// Measures in percent, times in milliseconds.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width =
            |text: fn(&SuiteRow) -> String| self.rows.iter().map(|row| text(row).chars().count()).max().unwrap_or(0);
        let (tasks, modes) = (width(SuiteRow::label).max(4), width(|row| row.mode.clone()).max(4));
        let depths: BTreeSet<usize> = self.rows.iter().map(|row| row.depth).collect();
        let map = if let [depth] = *depths.iter().collect::<Vec<_>>() { format!("MAP@{depth}") } else { "MAP".into() };
        write!(
            formatter,
            "{:<tasks$} {:<modes$} documents half queries left out {:>19} nDCG@10    MRR  R@100 CPU mean CPU median",
            "task",
            "mode",
            format!("{map} (95 %)")
        )?;
        let is_compared = self.rows.iter().any(|row| row.change.is_some());
        if is_compared {
            write!(formatter, " | {:>22} better  worse  equal      p", format!("Δ{map} (95 %)"))?;
        }
        writeln!(formatter)?;
        for row in &self.rows {
            write!(formatter, "{:<tasks$} {:<modes$} ", row.label(), row.mode)?;
            write_row(formatter, row)?;
            match &row.change {
                Some(change) => write_change(formatter, &change.measures.average_precision)?,
                None if is_compared => write!(formatter, " | {:>22}", "not compared")?,
                None => {}
            }
            writeln!(formatter)?;
        }
        self.notes.iter().try_for_each(|note| writeln!(formatter, "{note}"))
    }
}

fn write_row(formatter: &mut fmt::Formatter<'_>, row: &SuiteRow) -> fmt::Result {
    let percent = |interval: &Interval| interval.value * 100.0;
    let map = row.measures.average_precision;
    let told = format!("{:.1} ({:.1}–{:.1})", map.value * 100.0, map.low * 100.0, map.high * 100.0);
    let counts = format!("{:>9} {:<4} {:>7} {:>8}", row.documents, row.half, row.queries, row.left_out);
    let (gain, rank) = (percent(&row.measures.ndcg_at_10), percent(&row.measures.reciprocal_rank));
    let recall = percent(&row.measures.recall_at_100);
    write!(formatter, "{counts} {told:>19} {gain:>7.1} {rank:>6.1} {recall:>6.1}")?;
    write!(formatter, " {:>8.2} {:>10.2}", row.cpu.mean_ms, row.cpu.median_ms)
}

fn write_change(formatter: &mut fmt::Formatter<'_>, change: &Change) -> fmt::Result {
    // Adding 0 takes the sign off −0.
    let [value, low, high] =
        [change.difference.value, change.difference.low, change.difference.high].map(|share| share * 100.0 + 0.0);
    let told = format!("{value:+.1} ({low:+.1} to {high:+.1})");
    let counts = format!("{:>6} {:>6} {:>6}", change.better, change.worse, change.equal);
    write!(formatter, " | {told:>22} {counts} {:>6.4}", change.p_value)
}
