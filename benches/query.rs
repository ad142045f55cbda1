//! A recruiter's query of six clauses against the bare tantivy query over the same index: CPU time of one thread.
//!
//! Two fields, a phrase, a range and two wishes, top 25; ours with counts per clause, highlights and, in a second row,
//! the explanation. tantivy gets no range: its index here has no column of years. `LODESTONE_BENCH_DATA=DIR cargo bench
//! --bench query`, where DIR is a data directory that `lodestone import` filled.

use std::{path::Path, time::Duration};

use cpu_time::ThreadTime;
use lodestone::{
    app::{App, AppOptions},
    candidate::TextField,
    engine::{ScoredGroup, embedded::EngineSnapshot},
    search::{Mode, SearchBody},
    text,
};
use tantivy::{
    Index, Searcher, Term,
    collector::TopDocs,
    query::{BooleanQuery, DisjunctionMaxQuery, Occur, PhraseQuery, Query, TermQuery},
    schema::IndexRecordOption,
};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const QUERIES: usize = 200;

const ROUNDS: usize = 9;

type Failure = Box<dyn std::error::Error>;

/// The words of one query.
struct Asked {
    title: String,
    skill: String,
    phrase: [String; 2],
    wishes: [String; 2],
}

impl Asked {
    fn typed(&self) -> String {
        let Self { title, skill, phrase: [first, second], wishes: [one, other] } = self;
        format!("(title:{title} OR skill:{skill}) (\"{first} {second}\" OR title:{title}) years:2..25 {one} {other}")
    }
}

fn main() -> Result<(), Failure> {
    let Ok(dir) = std::env::var("LODESTONE_BENCH_DATA") else {
        println!("LODESTONE_BENCH_DATA names no data directory: nothing measured");
        return Ok(());
    };
    let app = App::open(&AppOptions::new(&dir))?;
    while !app.wait_until_searchable(Duration::from_secs(5))? {}
    let snapshot = app.engine.snapshot();
    let asked = asked(&app, &snapshot)?;
    println!("{} candidates, {} queries of 6 clauses", snapshot.live().len(), asked.len());
    let index = Index::open_in_dir(Path::new(&dir).join("index/g1/keyword"))?;
    let searcher = index.reader()?.searcher();
    let now = jiff::Timestamp::now();
    let search = |asked: &Asked, mode: Mode, explain: bool, limit: usize| -> Result<usize, Failure> {
        let body = SearchBody {
            query: Some(asked.typed()),
            mode: Some(mode),
            explain: Some(explain),
            limit: Some(limit),
            ..SearchBody::default()
        };
        Ok(app.searcher.search(&body, now)?.total.value)
    };
    let mut hits: Vec<usize> =
        asked.iter().map(|asked| search(asked, Mode::Keyword, false, 25)).collect::<Result<_, _>>()?;
    hits.sort_unstable();
    println!("hits: median {}, largest {}", hits[hits.len() / 2], hits[hits.len() - 1]);
    let rows: [(&str, Mode, bool, usize); 4] = [
        ("keyword, highlights, top 1", Mode::Keyword, false, 1),
        ("keyword, highlights, top 25", Mode::Keyword, false, 25),
        ("keyword, explained, top 25", Mode::Keyword, true, 25),
        ("hybrid, explained, top 25", Mode::Hybrid, true, 25),
    ];
    let mut least = vec![[Duration::MAX; 5]; asked.len()];
    for _ in 0..ROUNDS {
        for (asked, least) in asked.iter().zip(&mut least) {
            least[0] = least[0].min(timed(|| bare(&searcher, &snapshot, asked))?);
            for (least, (_, mode, explain, limit)) in least[1..].iter_mut().zip(rows) {
                *least = (*least).min(timed(|| search(asked, mode, explain, limit).map(drop))?);
            }
        }
    }
    // The mean over the queries of the least time that each took: noise only adds.
    let mean = |at: usize| {
        let sum: Duration = least.iter().map(|least| least[at]).sum();
        sum.as_secs_f64() * 1e3 / least.len() as f64
    };
    println!("{:30} {:8.3} ms", "bare tantivy, top 25", mean(0));
    for (at, (name, ..)) in (1..).zip(rows) {
        println!("{name:30} {:8.3} ms = {:.2} x bare", mean(at), mean(at) / mean(0));
    }
    app.close();
    Ok(())
}

fn timed(run: impl FnOnce() -> Result<(), Failure>) -> Result<Duration, Failure> {
    let started = ThreadTime::now();
    run()?;
    Ok(started.elapsed())
}

/// Words of the titles and skills of people spread over the population.
fn asked(app: &App, snapshot: &EngineSnapshot) -> Result<Vec<Asked>, Failure> {
    let keys: Vec<u32> = snapshot.live().iter().collect();
    let mut all = Vec::new();
    for key in keys.iter().step_by((keys.len() / QUERIES).max(1)) {
        let Some(stored) = app.store.get_by_keys(&[*key])?.into_iter().flatten().next() else { continue };
        let document: serde_json::Value = serde_json::from_slice(&stored.body)?;
        let words = |value: &serde_json::Value| -> Vec<String> {
            text::tokens(value.as_str().unwrap_or_default()).into_iter().map(|token| token.exact).collect()
        };
        let title = words(&document["profile"]["work"][0]["position"]);
        let skills: Vec<String> = (0..4).flat_map(|at| words(&document["profile"]["skills"][at]["name"])).collect();
        if let ([first, second, ..], [skill, one, other, ..]) = (title.as_slice(), skills.as_slice()) {
            all.push(Asked {
                title: second.clone(),
                skill: skill.clone(),
                phrase: [first.clone(), second.clone()],
                wishes: [one.clone(), other.clone()],
            });
        }
    }
    Ok(all)
}

fn bare(searcher: &Searcher, snapshot: &EngineSnapshot, asked: &Asked) -> Result<(), Failure> {
    let exact = |field: TextField| searcher.schema().get_field(&format!("exact_{field:?}"));
    let term = |field: TextField, word: &str| -> Result<Box<dyn Query>, Failure> {
        Ok(Box::new(TermQuery::new(Term::from_field_text(exact(field)?, word), IndexRecordOption::Basic)))
    };
    let titles = || -> Result<Vec<Box<dyn Query>>, Failure> {
        Ok(vec![term(TextField::CurrentTitle, &asked.title)?, term(TextField::PastTitle, &asked.title)?])
    };
    let mut first = titles()?;
    first.push(term(TextField::Skill, &asked.skill)?);
    let mut second = titles()?;
    for field in TextField::ANYWHERE {
        let field = exact(*field)?;
        let words = asked.phrase.iter().map(|word| Term::from_field_text(field, word)).collect();
        second.push(Box::new(PhraseQuery::new(words)));
    }
    let mut parts: Vec<(Occur, Box<dyn Query>)> =
        vec![(Occur::Must, Box::new(BooleanQuery::union(first))), (Occur::Must, Box::new(BooleanQuery::union(second)))];
    let words = [&asked.title, &asked.skill, &asked.phrase[0], &asked.wishes[0], &asked.wishes[1]];
    let languages = snapshot.languages();
    for word in words {
        let mut fields: Vec<Box<dyn Query>> = Vec::new();
        for form in text::wish_forms(word, word, &languages) {
            for group in ScoredGroup::ALL {
                let field = searcher.schema().get_field(&format!("scored_{}", group.name()))?;
                let term = Term::from_field_text(field, &form);
                fields.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
            }
        }
        parts.push((Occur::Should, Box::new(DisjunctionMaxQuery::new(fields))));
    }
    searcher.search(&BooleanQuery::new(parts), &TopDocs::with_limit(25).order_by_score())?;
    Ok(())
}
