//! `lodestone evaluate`.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use cpu_time::ThreadTime;

use super::{
    app_options,
    haystack::{self, HaystackFlags},
    progress, start_logging,
};
use crate::{
    app::{App, AppOptions},
    config::{LogFlags, StorageFlags},
    evaluation::{
        Corpus, CpuTimes, DEFAULT_DEPTH, EvaluationReport, Half, JudgedQuery, Judgments, ModeResult, OriginalIds,
        measure, read_queries,
    },
    ingest::{Record, put_records},
    query::Syntax,
    search::{Mode, SearchBody, WeightsBody},
};

/// Documents that are written together.
const CHUNK: usize = 1_000;

/// Flags of `evaluate`.
#[derive(Debug, Args)]
pub(super) struct EvaluateFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[command(flatten)]
    log: LogFlags,
    /// Candidates as NDJSON, titles as `id<TAB>title`, or a folder of plain-text CVs; without it, what --data-dir holds
    #[arg(long, value_name = "PATH")]
    corpus: Option<PathBuf>,
    /// Queries as `id<TAB>text`, or a folder of texts
    #[arg(long, value_name = "PATH", required_unless_present = "haystack")]
    queries: Option<PathBuf>,
    /// Judgments, TREC style: `query 0 document relevance`
    #[arg(long, value_name = "FILE", required_unless_present = "haystack")]
    judgments: Option<PathBuf>,
    #[command(flatten)]
    haystack: HaystackFlags,
    /// Rank at which average precision stops
    #[arg(long, value_name = "N", default_value_t = DEFAULT_DEPTH)]
    depth: usize,
    /// Which queries: tune on the even half, report the odd one
    #[arg(long, value_enum, default_value_t)]
    half: HalfFlag,
    /// Weights of keyword, concept (may be left out) and semantic in the hybrid mode instead of the configured ones
    #[arg(long, value_name = "KEYWORD,CONCEPT,SEMANTIC", value_parser = weights)]
    weights: Option<WeightsBody>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum HalfFlag {
    #[default]
    All,
    Even,
    Odd,
}

fn weights(text: &str) -> Result<WeightsBody, String> {
    let (keyword, semantic) = text.split_once(',').ok_or("two or three numbers with commas between them are wanted")?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|error| error.to_string());
    let (concept, semantic) = semantic.split_once(',').unwrap_or(("0", semantic));
    Ok(WeightsBody { keyword: number(keyword)?, concept: number(concept)?, semantic: number(semantic)? })
}

pub(super) fn run(flags: &EvaluateFlags) -> anyhow::Result<ExitCode> {
    start_logging(&flags.log)?;
    let (Some(queries), Some(judgments)) = (&flags.queries, &flags.judgments) else {
        haystack::run(&flags.haystack, flags.storage.indexes.as_ref(), flags.json)?;
        return Ok(ExitCode::SUCCESS);
    };
    let half = match flags.half {
        HalfFlag::All => Half::All,
        HalfFlag::Even => Half::Even,
        HalfFlag::Odd => Half::Odd,
    };
    let queries = read_queries(queries, half)?;
    let judgments = Judgments::read(judgments)?;
    let scratch = std::env::temp_dir().join(format!("lodestone-evaluate-{}", std::process::id()));
    let options = match flags.corpus {
        Some(_) => AppOptions { data_dir: scratch.clone(), ..app_options(&flags.storage) },
        None => app_options(&flags.storage),
    };
    let report = evaluate(flags, &options, (&queries, half), &judgments);
    if flags.corpus.is_some() && scratch.exists() {
        std::fs::remove_dir_all(&scratch).with_context(|| format!("cannot remove {}", scratch.display()))?;
    }
    let report = report?;
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&report)?)
    } else {
        print!("{report}")
    }
    Ok(ExitCode::SUCCESS)
}

fn evaluate(
    flags: &EvaluateFlags,
    options: &AppOptions,
    (queries, half): (&[JudgedQuery], Half),
    judgments: &Judgments,
) -> anyhow::Result<EvaluationReport> {
    let app = App::open(options)?;
    let mut ids = OriginalIds::default();
    if let Some(path) = &flags.corpus {
        load(&app, &Corpus::open(path)?, &mut ids)?;
    }
    while !app.wait_until_searchable(Duration::from_secs(5))? {}
    let documents = app.engine.snapshot().live().len();
    ensure!(documents > 0, "there is no document to search");
    let mut modes = Vec::new();
    for (name, mode) in
        [("keyword", Mode::Keyword), ("concept", Mode::Concept), ("semantic", Mode::Semantic), ("hybrid", Mode::Hybrid)]
    {
        modes.push(run_mode(&app, flags, (name, mode), (queries, judgments), &ids)?);
    }
    app.close();
    Ok(EvaluationReport { half: half.name().to_owned(), depth: flags.depth, documents, modes })
}

fn load(app: &App, corpus: &Corpus, ids: &mut OriginalIds) -> anyhow::Result<()> {
    let now = jiff::Timestamp::now();
    let mut records = Vec::with_capacity(CHUNK);
    let bar = progress::bar(0, "loading");
    let flush = |records: &mut Vec<Record>| -> anyhow::Result<()> {
        for item in put_records(&app.store, records, now)? {
            let rejected = item.outcome.err().map(|rejection| format!("{:?}", rejection.errors));
            ensure!(rejected.is_none(), "document {}: {}", item.line, rejected.unwrap_or_default());
        }
        records.clear();
        Ok(())
    };
    for (document, line) in corpus.documents()?.zip(1..) {
        let document = document?;
        ids.remember(&document);
        let bytes = document.draft.to_string().into_bytes();
        records.push(Record { line, bytes: Ok(bytes), id: None, is_json_resume: false });
        if records.len() == CHUNK {
            flush(&mut records)?;
        }
        bar.inc(1);
    }
    flush(&mut records)?;
    bar.finish();
    Ok(())
}

fn run_mode(
    app: &App,
    flags: &EvaluateFlags,
    (name, mode): (&str, Mode),
    (queries, judgments): (&[JudgedQuery], &Judgments),
    ids: &OriginalIds,
) -> anyhow::Result<ModeResult> {
    let now = jiff::Timestamp::now();
    let mut measured = Vec::with_capacity(queries.len());
    let mut times = Vec::with_capacity(queries.len());
    let bar = progress::bar(queries.len() as u64, "querying");
    for query in queries {
        let body = SearchBody {
            query: Some(query.text.clone()),
            syntax: Some(Syntax::Plain),
            mode: Some(mode),
            weights: flags.weights.filter(|_| mode == Mode::Hybrid),
            ..SearchBody::default()
        };
        let started = ThreadTime::now();
        app.searcher.search(&body, now)?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        let ranking = app.searcher.ranking(&body, now)?;
        let ranking: Vec<&str> = ranking.iter().map(|hit| ids.of(&hit.id)).collect();
        measured.push(judgments.of(&query.id).and_then(|judged| measure(&ranking, judged, flags.depth)));
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(ModeResult { mode: name.to_owned(), summary: measured.into_iter().collect(), cpu: CpuTimes::of(times) })
}
