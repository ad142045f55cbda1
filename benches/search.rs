//! A hybrid search against what it is made of: bare BM25 over tantivy plus bare exact vector scans, same data, same
//! process, CPU time of all threads.
//!
//! `LODESTONE_BENCH_DATA=DIR cargo bench --bench search`, where DIR is a data directory that `lodestone import` filled.

use std::{path::Path, time::Duration};

use cpu_time::ProcessTime;
use lodestone::{
    app::{App, AppOptions},
    embed::UnitVector,
    engine::{
        ScoredGroup,
        embedded::{
            EngineSnapshot,
            vectors::{VectorSearch, VectorSnapshot, VectorStrategy},
        },
    },
    query::Syntax,
    search::{MAX_ACTIVITY_WEIGHT, SearchBody},
    text,
};
use tantivy::{
    Index, Searcher, Term,
    collector::TopDocs,
    query::{BooleanQuery, DisjunctionMaxQuery, Query, TermQuery},
    schema::IndexRecordOption,
};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const QUERIES: usize = 200;

const ROUNDS: usize = 9;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let Ok(dir) = std::env::var("LODESTONE_BENCH_DATA") else {
        println!("LODESTONE_BENCH_DATA names no data directory: nothing measured");
        return Ok(());
    };
    let app = App::open(&AppOptions::new(&dir))?;
    while !app.wait_until_searchable(Duration::from_secs(5))? {}
    let snapshot = app.engine.snapshot();
    let queries = queries(&app, &snapshot)?;
    println!("{} candidates, {} queries of 4 words", snapshot.live().len(), queries.len());
    let index = Index::open_in_dir(Path::new(&dir).join("index/g1/keyword"))?;
    let searcher = index.reader()?.searcher();
    let now = jiff::Timestamp::now();
    let vectors: Vec<_> = queries.iter().map(|query| app.embedder.embed_query(query)).collect::<Result<_, _>>()?;

    let bm25 = measure(&queries, |_, query| bare_bm25(&searcher, &snapshot, query))?;
    let scan = measure(&queries, |at, _| {
        bare_scan(snapshot.role(), &vectors[at])?;
        bare_scan(snapshot.skills(), &vectors[at])
    })?;
    let body = |query: &str, country: Option<&str>| {
        let filters = country.map(|country| serde_json::json!({ "countries": [country] }));
        let body = serde_json::json!({ "query": query, "syntax": Syntax::Plain, "filters": filters });
        serde_json::from_value::<SearchBody>(body)
    };
    let ranked = |query: &str, activity_weight: Option<f64>, explain: bool| -> Result<(), Failure> {
        let body = SearchBody { activity_weight, explain: Some(explain), ..body(query, None)? };
        app.searcher.search(&body, now)?;
        Ok(())
    };
    let search = |query: &str, country: Option<&str>| -> Result<(), Failure> {
        app.searcher.search(&body(query, country)?, now)?;
        Ok(())
    };
    let hybrid = measure(&queries, |_, query| search(query, None))?;
    let filtered = measure(&queries, |_, query| search(query, Some("BE")))?;
    let adds = |weight: Option<f64>, explain: bool| {
        added(&queries, |query| ranked(query, Some(0.0), explain), |query| ranked(query, weight, explain))
    };
    let (learnt, most) = (adds(None, true)?, adds(Some(MAX_ACTIVITY_WEIGHT), true)?);
    let unexplained = adds(None, false)?;
    println!("bare BM25 top-100           {bm25:8.3} ms");
    println!("bare exact scans top-100    {scan:8.3} ms");
    println!("hybrid, top 25, explained   {hybrid:8.3} ms = {:.2} x bare", hybrid / (bm25 + scan));
    println!("hybrid with a rare country  {filtered:8.3} ms = {:.2} x unfiltered", filtered / hybrid);
    println!("ranking by activity adds {learnt:.1} % with the learnt weight, {most:.1} % with the largest;");
    println!("{unexplained:.1} % to a search that explains nothing (least of {ROUNDS} runs of each query, in turn)");
    app.close();
    Ok(())
}

/// How much CPU one way of searching takes more than another, in per cent. Each query runs both ways in turn; the least
/// time of each counts, so that noise hits neither.
fn added(
    queries: &[String],
    without: impl Fn(&str) -> Result<(), Failure>,
    with: impl Fn(&str) -> Result<(), Failure>,
) -> Result<f64, Failure> {
    let timed = |run: &dyn Fn(&str) -> Result<(), Failure>, query: &str| -> Result<Duration, Failure> {
        let started = ProcessTime::now();
        run(query)?;
        Ok(started.elapsed())
    };
    let (mut sum_without, mut sum_with) = (Duration::ZERO, Duration::ZERO);
    for query in queries {
        let (mut least_without, mut least_with) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            least_without = least_without.min(timed(&without, query)?);
            least_with = least_with.min(timed(&with, query)?);
        }
        sum_without += least_without;
        sum_with += least_with;
    }
    Ok((sum_with.as_secs_f64() / sum_without.as_secs_f64() - 1.0) * 100.0)
}

/// Median CPU milliseconds of a query, the first pass over all queries left out.
fn measure(queries: &[String], mut run: impl FnMut(usize, &str) -> Result<(), Failure>) -> Result<f64, Failure> {
    let mut times = Vec::new();
    for pass in 0..3 {
        for (at, query) in queries.iter().enumerate() {
            let started = ProcessTime::now();
            run(at, query)?;
            if pass > 0 {
                times.push(started.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}

/// Four words of the titles and skills of people spread over the population.
fn queries(app: &App, snapshot: &EngineSnapshot) -> Result<Vec<String>, Failure> {
    let keys: Vec<u32> = snapshot.live().iter().collect();
    let mut queries = Vec::new();
    for key in keys.iter().step_by((keys.len() / QUERIES).max(1)) {
        let Some(stored) = app.store.get_by_keys(&[*key])?.into_iter().flatten().next() else { continue };
        let document: serde_json::Value = serde_json::from_slice(&stored.body)?;
        let title = document["profile"]["work"][0]["position"].as_str().unwrap_or_default();
        let skill = document["profile"]["skills"][0]["name"].as_str().unwrap_or_default();
        let words: Vec<String> = format!("{title} {skill}").split_whitespace().take(4).map(str::to_owned).collect();
        if words.len() == 4 {
            queries.push(words.join(" "));
        }
    }
    Ok(queries)
}

fn bare_bm25(searcher: &Searcher, snapshot: &EngineSnapshot, query: &str) -> Result<(), Failure> {
    let languages = snapshot.languages();
    let mut words: Vec<Box<dyn Query>> = Vec::new();
    for token in text::tokens(query) {
        let mut fields: Vec<Box<dyn Query>> = Vec::new();
        for form in text::wish_forms(&token.lower, &token.exact, &languages) {
            for group in ScoredGroup::ALL {
                let field = searcher.schema().get_field(&format!("scored_{}", group.name()))?;
                let term = Term::from_field_text(field, &form);
                fields.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
            }
        }
        words.push(Box::new(DisjunctionMaxQuery::new(fields)));
    }
    let query = BooleanQuery::union(words);
    searcher.search(&query, &TopDocs::with_limit(100).order_by_score())?;
    Ok(())
}

fn bare_scan(vectors: &VectorSnapshot, query: &UnitVector) -> Result<(), Failure> {
    vectors.search(&VectorSearch {
        query,
        k: 100,
        allowed: None,
        with_ties: false,
        strategy: VectorStrategy::Exact,
    })?;
    Ok(())
}
