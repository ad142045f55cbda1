//! What refining costs: ten facets on a search that matches a third of everybody, and completion as one types, in CPU time of
//! one thread.
//!
//! `LODESTONE_BENCH_DATA=DIR cargo bench --bench refine`, where DIR is a data directory that `lodestone import` filled.

use std::time::Duration;

use cpu_time::ThreadTime;
use lodestone::{
    app::{App, AppOptions},
    query::FacetBody,
    search::{Mode, SearchBody, SuggestField},
};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 15;

/// Words of which a third of the synthetic population has one.
const QUERIES: [&str; 6] = [
    "engineer developer manager",
    "manager specialist",
    "senior consultant engineer",
    "team data project",
    "nurse assistant manager",
    "technician engineer operator manager",
];

const FACETS: [&str; 10] = [
    "skills",
    "currentTitles",
    "companies",
    "schools",
    "cities",
    "countries",
    "languages",
    "industries",
    "years",
    "lastActive",
];

/// What people type: one letter, words, several words, misspelt words.
const TYPED: [&str; 12] = [
    "s",
    "da",
    "mil",
    "kuber",
    "software",
    "softw deve",
    "data en",
    "kuberntes",
    "softwre develop",
    "registred nurs",
    "univ",
    "acme",
];

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let Ok(dir) = std::env::var("LODESTONE_BENCH_DATA") else {
        println!("LODESTONE_BENCH_DATA names no data directory: nothing measured");
        return Ok(());
    };
    let app = App::open(&AppOptions::new(&dir))?;
    while !app.wait_until_searchable(Duration::from_secs(5))? {}
    let snapshot = app.engine.snapshot();
    let everybody = snapshot.live().len();
    println!("{everybody} candidates; the least of {ROUNDS} runs, in turn");
    let now = jiff::Timestamp::now();
    for mode in [Mode::Keyword, Mode::Hybrid] {
        for query in QUERIES {
            let body = |facets: Vec<FacetBody>| SearchBody {
                query: Some(query.to_owned()),
                mode: Some(mode),
                facets: Some(facets),
                ..SearchBody::default()
            };
            let all = FACETS.map(|field| FacetBody { field: field.to_owned(), limit: None });
            let (without, with) = (body(Vec::new()), body(all.to_vec()));
            let total = app.searcher.search(&without, now)?.total.value;
            let mut least = [Duration::MAX; 2];
            for _ in 0..ROUNDS {
                for (least, body) in least.iter_mut().zip([&without, &with]) {
                    *least = (*least).min(timed(|| app.searcher.search(body, now).map(drop))?);
                }
            }
            let [without, with] = least.map(|time| time.as_secs_f64() * 1e3);
            println!(
                "{mode:?} {query:40} {total:6} hits  {without:6.2} ms, with ten facets {with:6.2} ms: {:+.2} ms",
                with - without
            );
        }
    }
    let alone = |facets: &[&str]| -> Result<f64, Failure> {
        let facets = facets.iter().map(|field| FacetBody { field: (*field).to_owned(), limit: None }).collect();
        let (query, mode) = (Some(QUERIES[2].to_owned()), Some(Mode::Keyword));
        let body = SearchBody { query, mode, facets: Some(facets), explain: Some(false), ..SearchBody::default() };
        let mut least = Duration::MAX;
        for _ in 0..4 * ROUNDS {
            least = least.min(timed(|| app.searcher.search(&body, now).map(drop))?);
        }
        Ok(least.as_secs_f64() * 1e3)
    };
    let without = alone(&[])?;
    for facet in FACETS {
        println!("{facet:14} alone {:+.2} ms", alone(&[facet])? - without);
    }
    suggest(&app)?;
    app.close();
    Ok(())
}

/// What completion costs.
fn suggest(app: &App) -> Result<(), Failure> {
    let snapshot = app.engine.snapshot();
    println!("making ready what completes values: {:.1} ms", {
        let time = timed(|| {
            snapshot.forward().prepare_completions();
            Ok::<_, Failure>(())
        })?;
        time.as_secs_f64() * 1e3
    });
    for typed in TYPED {
        for field in [None, Some(SuggestField::Skills), Some(SuggestField::Titles)] {
            let mut least = Duration::MAX;
            for _ in 0..ROUNDS {
                least = least.min(timed(|| app.searcher.suggest(typed, field, 10).map(drop))?);
            }
            println!("suggest {typed:16} {field:?}: {:.3} ms", least.as_secs_f64() * 1e3);
        }
    }
    Ok(())
}

fn timed<E: Into<Failure>>(run: impl FnOnce() -> Result<(), E>) -> Result<Duration, Failure> {
    let started = ThreadTime::now();
    run().map_err(Into::into)?;
    Ok(started.elapsed())
}
