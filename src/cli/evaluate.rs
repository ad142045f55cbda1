//! `lodestone evaluate`.

use std::{fmt::Display, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::ensure;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{
    app_options,
    haystack::{self, HaystackFlags},
    progress,
    scratch::Scratch,
    start_logging,
    suite::{self, ForAll, SuiteFlags},
};
use crate::{
    app::{App, AppOptions},
    config::{self, LogFlags, RerankerFlags, StorageFlags},
    evaluation::{
        Asked, Corpus, DEFAULT_DEPTH, EvaluationReport, Half, JudgedQuery, Judgments, MODES, ModeResult, ModeRun,
        OriginalIds, Subject, ask, load, read_queries, skill_spans,
    },
    search::WeightsBody,
    taxonomy::Taxonomy,
};

/// Flags of `evaluate`.
#[derive(Debug, Args)]
pub(super) struct EvaluateFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[command(flatten)]
    reranker: RerankerFlags,
    #[command(flatten)]
    log: LogFlags,
    /// Candidates as NDJSON, titles as `id<TAB>title`, or a folder of plain-text CVs; without it, what --data-dir holds
    #[arg(long, value_name = "PATH")]
    corpus: Option<PathBuf>,
    /// Queries as `id<TAB>text`, or a folder of texts
    #[arg(long, value_name = "PATH", required_unless_present_any = ["haystack", "suite", "skill_spans"])]
    queries: Option<PathBuf>,
    /// Judgments, TREC style: `query 0 document relevance`
    #[arg(long, value_name = "FILE", required_unless_present_any = ["haystack", "suite", "skill_spans"])]
    judgments: Option<PathBuf>,
    #[command(flatten)]
    suite: SuiteFlags,
    #[command(flatten)]
    haystack: HaystackFlags,
    /// Sentences with marked spans of skills, one JSON object a line as SkillSpan has them: how well the taxonomy finds them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["haystack", "suite", "queries"])]
    skill_spans: Option<PathBuf>,
    /// Rank at which average precision and reciprocal rank stop: 300, or what the suite says
    #[arg(long, value_name = "N", value_parser = depth)]
    depth: Option<usize>,
    /// Which queries: tune on the even half, report the odd one. All, or what the suite says
    #[arg(long, value_enum)]
    half: Option<HalfFlag>,
    /// Weights of keyword, concept (may be left out) and semantic in the hybrid mode instead of the configured ones
    #[arg(long, value_name = "KEYWORD,CONCEPT,SEMANTIC", value_parser = weights)]
    weights: Option<WeightsBody>,
    /// Folder of a packed taxonomy instead of the one that is compiled in, as `taxonomy build --to` writes it
    #[arg(long, value_name = "DIR")]
    taxonomy: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum HalfFlag {
    All,
    Even,
    Odd,
}

impl HalfFlag {
    fn half(self) -> Half {
        match self {
            Self::All => Half::All,
            Self::Even => Half::Even,
            Self::Odd => Half::Odd,
        }
    }
}

fn depth(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|depth| *depth > 0).ok_or("a whole number from 1 is wanted".to_owned())
}

fn weights(text: &str) -> Result<WeightsBody, String> {
    let (keyword, semantic) = text.split_once(',').ok_or("two or three numbers with commas between them are wanted")?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|error| error.to_string());
    let (concept, semantic) = semantic.split_once(',').unwrap_or(("0", semantic));
    Ok(WeightsBody { keyword: number(keyword)?, concept: number(concept)?, semantic: number(semantic)? })
}

pub(super) fn run(flags: &EvaluateFlags) -> anyhow::Result<ExitCode> {
    start_logging(&flags.log)?;
    if let Some(dir) = &flags.taxonomy {
        super::taxonomy::read(dir)?.install()?;
    }
    if let Some(path) = &flags.skill_spans {
        let report = skill_spans(path, Taxonomy::built_in())?;
        return print(flags.json, &report);
    }
    let half = flags.half.map(HalfFlag::half);
    if let Some(path) = &flags.suite.suite {
        let options = options(flags)?;
        let (depth, weights) = (flags.depth, flags.weights);
        return suite::run(path, &flags.suite, &ForAll { half, depth, weights, options, json: flags.json });
    }
    let (Some(queries), Some(judgments)) = (&flags.queries, &flags.judgments) else {
        haystack::run(&flags.haystack, &options(flags)?, flags.json)?;
        return Ok(ExitCode::SUCCESS);
    };
    let half = half.unwrap_or_default();
    let queries = read_queries(queries, half)?;
    let judgments = Judgments::read(judgments)?;
    let scratch = flags.corpus.as_ref().map(|_| Scratch::new("evaluate")).transpose()?;
    let options = match &scratch {
        Some(scratch) => AppOptions { data_dir: scratch.path().to_owned(), ..options(flags)? },
        None => options(flags)?,
    };
    let app = App::open(&options)?;
    let report = evaluate(flags, &app, (&queries, half), &judgments);
    app.close();
    print(flags.json, &report?)
}

fn options(flags: &EvaluateFlags) -> anyhow::Result<AppOptions> {
    Ok(AppOptions { reranker: config::reranker(&flags.reranker)?, ..app_options(&flags.storage)? })
}

fn print<R: Serialize + Display>(as_json: bool, report: &R) -> anyhow::Result<ExitCode> {
    if as_json {
        println!("{}", serde_json::to_string_pretty(report)?)
    } else {
        print!("{report}")
    }
    Ok(ExitCode::SUCCESS)
}

fn evaluate(
    flags: &EvaluateFlags,
    app: &App,
    (queries, half): (&[JudgedQuery], Half),
    judgments: &Judgments,
) -> anyhow::Result<EvaluationReport> {
    let mut ids = OriginalIds::default();
    if let Some(path) = &flags.corpus {
        let bar = progress::bar(0, "loading");
        ids = load(&app.store, &Corpus::open(path)?, &|| bar.inc(1))?;
        bar.finish();
    }
    while !app.wait_until_searchable(Duration::from_secs(5))? {}
    let documents = app.engine.snapshot().live().len();
    ensure!(documents > 0, "there is no document to search");
    let depth = flags.depth.unwrap_or(DEFAULT_DEPTH);
    let subject = Subject { searcher: &app.searcher, embedder: &app.embedder, weights: flags.weights };
    let mut modes = Vec::new();
    for (name, mode) in MODES {
        let bar = progress::bar(queries.len() as u64, "querying");
        let queries = ask(&subject, (Asked::Query(*mode), depth), (queries, judgments), &ids, &|| bar.inc(1))?;
        bar.finish_and_clear();
        let run = ModeRun { mode: (*name).to_owned(), queries };
        modes.push(ModeResult { summary: run.summary(), cpu: run.cpu(), mode: run.mode });
    }
    Ok(EvaluationReport { half: half.name().to_owned(), depth, documents, modes })
}
