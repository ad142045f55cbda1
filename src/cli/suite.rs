//! `lodestone evaluate --suite`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use clap::Args;

use super::{progress, scratch::Scratch};
use crate::{
    app::{App, AppOptions},
    evaluation::{
        Half, MODES, OriginalIds, SavedRun, Subject, TaskRun, TuningReport, grid, load,
        suite::{Floors, Suite, SuiteReport, Task, TaskData},
        try_weights,
    },
    query::QueryKind,
    rank::Ranking,
    search::WeightsBody,
};

/// Time for one search: a measurement leaves nothing out.
const DEADLINE: Duration = Duration::from_secs(60);

/// Flags of a suite.
#[derive(Debug, Args)]
pub(super) struct SuiteFlags {
    /// Run the judged tasks that a file names, and print one table: see docs/relevance.md
    #[arg(long, value_name = "FILE", conflicts_with_all = ["corpus", "queries", "judgments", "haystack"])]
    pub(super) suite: Option<PathBuf>,
    /// Folder that the paths of the suite stand under, instead of the one that the suite tells
    #[arg(long, value_name = "DIR", requires = "suite")]
    root: Option<PathBuf>,
    /// Run this task of the suite only; may be repeated
    #[arg(long = "task", value_name = "NAME", requires = "suite")]
    tasks: Vec<String>,
    /// Ask at most N queries of each task, evenly spaced: a quick look, which checks no floor
    #[arg(long, value_name = "N", requires = "suite", value_parser = clap::value_parser!(u32).range(1..))]
    limit_queries: Option<u32>,
    /// Ask only the queries whose answers are concepts that are held out, of tasks that name the concepts of their documents; with
    /// --taxonomy and --indexes of recipes that left those out
    #[arg(long, requires_all = ["suite", "taxonomy"])]
    hold_out_concepts: bool,
    /// Write what every query gave
    #[arg(long, value_name = "FILE", requires = "suite")]
    save: Option<PathBuf>,
    /// Tune the weights of the fusion by kind of query: all weights in steps of a tenth, chosen on the even halves of the queries and
    /// reported on the odd ones
    #[arg(long, requires = "suite", conflicts_with_all = ["save", "compare", "hold_out_concepts"])]
    tune: bool,
    /// Tell what changed since a run that was saved
    #[arg(long, value_name = "FILE", requires = "suite")]
    compare: Option<PathBuf>,
}

/// What other flags say of every task.
pub(super) struct ForAll {
    pub(super) half: Option<Half>,
    pub(super) depth: Option<usize>,
    pub(super) weights: Option<WeightsBody>,
    /// How an application is opened, but for where.
    pub(super) options: AppOptions,
    pub(super) json: bool,
}

/// Runs the tasks of a suite and prints the report. The exit code is 1 where a floor is not reached.
pub(super) fn run(path: &Path, flags: &SuiteFlags, for_all: &ForAll) -> anyhow::Result<ExitCode> {
    let earlier = flags.compare.as_deref().map(SavedRun::read).transpose()?;
    let suite = Suite::read(path, flags.root.as_deref())?;
    let sampled = |limit| format!("at most {limit} queries of each task were asked, evenly spaced in their halves");
    let mut notes: Vec<String> = flags.limit_queries.iter().map(sampled).collect();
    let tasks = chosen(suite, flags)?.into_iter().map(|task| changed(task, flags, for_all, &mut notes));
    let tasks: Vec<Task> = tasks.collect();
    for task in &tasks {
        task.check().with_context(|| format!("task {:?}", task.name))?;
    }
    if flags.tune {
        return tune(&tasks, flags, for_all);
    }
    let mut runs = Vec::with_capacity(tasks.len());
    let count = tasks.len();
    for (task, number) in tasks.into_iter().zip(1..) {
        let started = Instant::now();
        let run = measured(&task, flags, for_all).with_context(|| format!("task {:?}", task.name))?;
        eprintln!("{} ({number} of {count}): {:.0} s", task.name, started.elapsed().as_secs_f64());
        runs.push((task, run));
    }
    let mut report = SuiteReport::of(&runs, earlier.as_ref());
    report.notes.extend(notes);
    if let Some(path) = &flags.save {
        SavedRun::new(runs.into_iter().map(|(_, run)| run).collect()).write(path)?;
    }
    if for_all.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    for unmet in &report.unmet_floors {
        eprintln!("error: {unmet}");
    }
    Ok(if report.unmet_floors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn chosen(suite: Suite, flags: &SuiteFlags) -> anyhow::Result<Vec<Task>> {
    let names: Vec<&str> = suite.tasks.iter().map(|task| &*task.name).collect();
    for wanted in &flags.tasks {
        ensure!(names.contains(&&**wanted), "there is no task {wanted:?}, only {}", names.join(", "));
    }
    let without: Vec<&str> =
        suite.tasks.iter().filter(|task| task.concepts.is_none()).map(|task| &*task.name).collect();
    let asked = |name: &&&str| flags.tasks.iter().any(|task| task == **name);
    if let Some(name) = without.iter().find(asked).filter(|_| flags.hold_out_concepts) {
        bail!("task {name:?} does not name the concepts of its documents");
    }
    let has_them = |task: &Task| task.concepts.is_some() || !flags.hold_out_concepts;
    let is_wanted = |task: &Task| flags.tasks.is_empty() || flags.tasks.contains(&task.name);
    let tasks: Vec<Task> = suite.tasks.into_iter().filter(|task| is_wanted(task) && has_them(task)).collect();
    ensure!(!tasks.is_empty(), "no task names the concepts of its documents");
    Ok(tasks)
}

/// The task as the flags change it, without floors where it is no longer what they were set for.
fn changed(task: Task, flags: &SuiteFlags, for_all: &ForAll, notes: &mut Vec<String>) -> Task {
    let (half, depth) = (for_all.half.unwrap_or(task.half), for_all.depth.unwrap_or(task.depth));
    let is_as_written =
        flags.limit_queries.is_none() && !flags.hold_out_concepts && (half, depth) == (task.half, task.depth);
    if !is_as_written && !task.floors.is_empty() {
        notes.push(format!("{}: no floor is checked, the queries or the depth are others", task.name));
        return Task { half, depth, floors: Floors::default(), only_held_out: flags.hold_out_concepts, ..task };
    }
    Task { half, depth, only_held_out: flags.hold_out_concepts, ..task }
}

/// Tunes the weights over the tasks, whatever half they name, and prints what was found.
fn tune(tasks: &[Task], flags: &SuiteFlags, for_all: &ForAll) -> anyhow::Result<ExitCode> {
    let mut tried = grid();
    let (mut queries, mut configured) = (Vec::new(), None);
    for task in tasks {
        let task = Task { half: Half::All, ..task.clone() };
        let data = task.read(flags.limit_queries.map(|limit| limit as usize))?;
        let opened = Opened::new(&data, for_all)?;
        let ranking = opened.app.searcher.constants();
        for kind in QueryKind::ALL.map(|kind| ranking.fusion.of(kind)) {
            if !tried.contains(&kind) {
                tried.push(kind);
            }
        }
        configured = Some(ranking.fusion);
        let searcher = |fusion| opened.app.searcher.with_ranking(Ranking { fusion, ..ranking.clone() });
        let bar = progress::bar(data.queries.len() as u64, "tuning");
        let depth = (&opened.ids, task.depth);
        let found = try_weights((&task.name, &data), (&tried, &searcher), depth, &|| bar.inc(1));
        bar.finish_and_clear();
        opened.app.close();
        queries.extend(found.with_context(|| format!("task {:?}", task.name))?);
    }
    let configured = configured.context("there is no task")?;
    let report = TuningReport::of(&queries, &tried, &configured);
    if for_all.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    Ok(ExitCode::SUCCESS)
}

/// An application over the corpus of a task, everything searchable.
struct Opened {
    app: App,
    ids: OriginalIds,
    documents: usize,
    _scratch: Scratch,
}

impl Opened {
    fn new(data: &TaskData, for_all: &ForAll) -> anyhow::Result<Self> {
        let scratch = Scratch::new("suite")?;
        let options =
            AppOptions { data_dir: scratch.path().to_owned(), search_deadline: DEADLINE, ..for_all.options.clone() };
        let app = App::open(&options)?;
        let bar = progress::bar(0, "loading");
        let ids = load(&app.store, &data.corpus, &|| bar.inc(1))?;
        bar.set_message("indexing");
        while !app.wait_until_searchable(Duration::from_secs(5))? {}
        bar.finish_and_clear();
        let documents = app.engine.snapshot().live().len();
        ensure!(documents > 0, "there is no document to search");
        Ok(Self { app, ids, documents, _scratch: scratch })
    }
}

fn measured(task: &Task, flags: &SuiteFlags, for_all: &ForAll) -> anyhow::Result<TaskRun> {
    let data = task.read(flags.limit_queries.map(|limit| limit as usize))?;
    let opened = Opened::new(&data, for_all)?;
    let app = &opened.app;
    let subject = Subject { searcher: &app.searcher, embedder: &app.embedder, weights: for_all.weights };
    let bar = progress::bar((data.queries.len() * (MODES.len() + usize::from(task.jobs))) as u64, "querying");
    let run = task.run(&data, &subject, (opened.documents, &opened.ids), &|| bar.inc(1));
    bar.finish_and_clear();
    app.close();
    Ok(run?)
}
