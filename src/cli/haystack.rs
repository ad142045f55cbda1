//! `lodestone evaluate --haystack`.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Args;
use rayon::prelude::*;

use super::progress;
use crate::{
    app::{App, AppOptions},
    evaluation::haystack::{Haystack, HaystackCell, Method, MethodOutcomes, PATIENCE},
    ingest::{EventDraft, Record, append_events, put_records},
    population::{DEFAULT_AS_OF, Population, Synthetic, SyntheticEvent, World},
    query::Syntax,
    search::{MAX_ACTIVITY_WEIGHT, Mode, RankedId, SearchBody},
};

/// People that are written together.
const CHUNK: u64 = 1_000;

/// Flags of the haystack.
#[derive(Debug, Args)]
pub(super) struct HaystackFlags {
    /// Simulate recruiters over generated populations whose truth is known, instead of judged queries
    #[arg(long, conflicts_with_all = ["corpus", "queries", "judgments", "weights"])]
    pub(super) haystack: bool,
    /// People in each population of the haystack
    #[arg(long, value_name = "N", default_value_t = 10_000, requires = "haystack")]
    people: u64,
    /// Questions to each population of the haystack
    #[arg(long, value_name = "N", default_value_t = 200, requires = "haystack")]
    questions: usize,
    /// Seeds of the haystack's populations
    #[arg(long, value_name = "SEED,…", value_delimiter = ',', default_value = "1,2,3,4,5", requires = "haystack")]
    seeds: Vec<u64>,
    /// Correlations of activity and replying, 0 to 1
    #[arg(long, value_name = "RHO,…", value_delimiter = ',', default_value = "0,0.2,0.4,0.6", requires = "haystack")]
    correlations: Vec<f64>,
    /// Shares of boasters, 0 to 1
    #[arg(long, value_name = "SHARE,…", value_delimiter = ',', default_value = "0,0.2,0.4", requires = "haystack")]
    boasters: Vec<f64>,
}

/// Runs every world and prints a row for each.
pub(super) fn run(flags: &HaystackFlags, options: &AppOptions, as_json: bool) -> anyhow::Result<()> {
    let shares = flags.correlations.iter().chain(&flags.boasters);
    ensure!(shares.clone().all(|share| (0.0..=1.0).contains(share)), "correlations and shares are from 0 to 1");
    if !as_json {
        println!("{}", HaystackCell::head());
    }
    let mut cells = Vec::new();
    for correlation in &flags.correlations {
        for boasters in &flags.boasters {
            let world = World { boasters: *boasters, activity_reply_correlation: *correlation };
            let cell = run_world(flags, options, world)?;
            if !as_json {
                println!("{cell}");
            }
            cells.push(cell);
        }
    }
    if as_json {
        println!("{}", serde_json::to_string_pretty(&cells)?);
    }
    Ok(())
}

fn run_world(flags: &HaystackFlags, options: &AppOptions, world: World) -> anyhow::Result<HaystackCell> {
    let mut outcomes: [MethodOutcomes; Method::ALL.len()] = Default::default();
    let (mut share, mut reply) = (0.0, 0.0);
    for seed in &flags.seeds {
        let population = Population::new(*seed, flags.people, DEFAULT_AS_OF).in_world(world);
        let haystack = Haystack::of(*seed, &population, flags.questions);
        ensure!(!haystack.queries.is_empty(), "nobody is qualified for any question: more --people are needed");
        let shares = haystack.queries.iter().map(|query| haystack.qualified_share(query));
        share += shares.sum::<f64>() / haystack.queries.len() as f64;
        reply += haystack.mean_reply_probability();
        let scratch = std::env::temp_dir().join(format!("lodestone-haystack-{}", std::process::id()));
        let ran = run_seed(&scratch, options, &population, &haystack, &mut outcomes);
        if scratch.exists() {
            std::fs::remove_dir_all(&scratch).with_context(|| format!("cannot remove {}", scratch.display()))?;
        }
        ran?;
    }
    let seeds = flags.seeds.len() as f64;
    let of = (world.activity_reply_correlation, world.boasters);
    Ok(HaystackCell::of(of, (share / seeds, reply / seeds), &outcomes))
}

fn run_seed(
    scratch: &Path,
    options: &AppOptions,
    population: &Population,
    haystack: &Haystack,
    outcomes: &mut [MethodOutcomes; Method::ALL.len()],
) -> anyhow::Result<()> {
    let app = App::open(&AppOptions { data_dir: scratch.to_owned(), ..options.clone() })?;
    let bar = progress::bar(population.count() + haystack.queries.len() as u64, "haystack");
    for start in (0..population.count()).step_by(CHUNK as usize) {
        let end = population.count().min(start + CHUNK);
        load(&app, (start..end).into_par_iter().map(|index| population.candidate(index)).collect())?;
        bar.inc(end - start);
    }
    while !app.wait_until_searchable(Duration::from_secs(5))? {}
    for question in 0..haystack.queries.len() {
        for (method, outcomes) in Method::ALL.into_iter().zip(outcomes.iter_mut()) {
            let people = list(&app, (haystack, question), method, population.as_of())?;
            outcomes.0.push(haystack.go_down(question, people.into_iter()));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    app.close();
    Ok(())
}

/// The people that a method shows for a question, by number, the first first.
fn list(
    app: &App,
    (haystack, question): (&Haystack, usize),
    method: Method,
    as_of: jiff::Timestamp,
) -> anyhow::Result<Vec<usize>> {
    let number = |id: &String| id.strip_prefix("syn-").and_then(|number| number.parse::<usize>().ok());
    let body = body(method, &haystack.queries[question].text);
    let ranking = app.searcher.ranking(&body, as_of)?;
    let ranked: Vec<usize> = ranking.iter().filter_map(|hit| number(&hit.id)).collect();
    Ok(match method {
        Method::Keyword | Method::Hybrid | Method::Full => ranked,
        Method::Shortlist => {
            let chosen = app.searcher.shortlist_ids(&body, PATIENCE, as_of)?;
            let chosen: Vec<usize> = chosen.iter().filter_map(number).collect();
            let others: Vec<usize> = ranked.into_iter().filter(|person| !chosen.contains(person)).collect();
            chosen.into_iter().chain(others).collect()
        }
        Method::Bound => {
            let mut replies: Vec<f64> = ranked.iter().map(|person| haystack.reply(*person)).collect();
            replies.sort_by(f64::total_cmp);
            let willing = replies.get(replies.len() * 4 / 5).copied().unwrap_or_default();
            sorted_by(ranking.iter().zip(ranked), |(hit, person)| {
                let activity = if haystack.reply(person) >= willing { 1.0 } else { 0.0 };
                hit.relevance * (1.0 + MAX_ACTIVITY_WEIGHT * (activity - 0.5))
            })
        }
        Method::Oracle => {
            sorted_by(ranking.iter().zip(ranked), |(_, person)| haystack.expected_reply(question, person))
        }
    })
}

fn sorted_by<'h>(
    list: impl Iterator<Item = (&'h RankedId, usize)>,
    value: impl Fn((&'h RankedId, usize)) -> f64,
) -> Vec<usize> {
    let mut valued: Vec<(f64, usize)> = list.map(|(hit, person)| (value((hit, person)), person)).collect();
    valued.sort_by(|a, b| b.0.total_cmp(&a.0));
    valued.into_iter().map(|(_, person)| person).collect()
}

fn load(app: &App, people: Vec<Synthetic>) -> anyhow::Result<()> {
    let record = |(person, line): (&Synthetic, u64)| -> anyhow::Result<Record> {
        let bytes = Ok(serde_json::to_vec(&person.candidate)?);
        Ok(Record { line, bytes, id: None, is_json_resume: false })
    };
    let records = people.iter().zip(1..).map(record).collect::<anyhow::Result<Vec<_>>>()?;
    let items = put_records(&app.store, &records, DEFAULT_AS_OF)?;
    ensure!(items.iter().all(|item| item.outcome.is_ok()), "a generated candidate was rejected");
    let events: Vec<_> = people.iter().flat_map(|person| &person.events).map(|event| Ok(draft(event))).collect();
    let report = append_events(&app.store, &events)?;
    ensure!(report.rejected.is_empty(), "a generated event was rejected");
    Ok(())
}

fn draft(event: &SyntheticEvent) -> EventDraft {
    EventDraft {
        candidate_id: event.candidate_id.clone(),
        event_type: event.kind.name().to_owned(),
        at: event.at.to_string(),
        id: Some(event.id.clone()),
        by: event.by.clone(),
        thread: event.thread.clone(),
        channel: event.channel.map(str::to_owned),
    }
}

fn body(method: Method, text: &str) -> SearchBody {
    let (mode, activity_weight) = match method {
        Method::Keyword => (Mode::Keyword, Some(0.0)),
        Method::Hybrid | Method::Bound | Method::Oracle => (Mode::Hybrid, Some(0.0)),
        Method::Full | Method::Shortlist => (Mode::Hybrid, None),
    };
    SearchBody {
        query: Some(text.to_owned()),
        syntax: Some(Syntax::Plain),
        mode: Some(mode),
        activity_weight,
        ..SearchBody::default()
    }
}
