//! A new generation beside the one that serves: searches never see a mixture, and nothing is lost whichever way it ends.

use std::{
    cell::Cell,
    collections::BTreeSet,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use lodestone::{
    app::{App, AppOptions},
    engine::embedded::EmbeddedEngine,
    indexing::{ReindexError, Verdict},
    population::{DEFAULT_AS_OF, Population},
    search::SearchBody,
    store::{Precondition, PutCandidate},
};
use serde_json::{Value, json};

use crate::client::{Service, now};

/// More than are read at once, so that a build has several steps.
const PEOPLE: u64 = 2_500;

/// Indexing waits for other tests on a machine of two cores.
const PATIENCE: Duration = Duration::from_secs(300);

fn put(app: &App, id: &str, title: &str) {
    let body = json!({"id": id, "profile": {"work": [{"position": title, "startDate": "2020-01"}]}}).to_string();
    let put = PutCandidate { id, body: body.as_bytes() };
    app.store.put(&[put], &Precondition::None, 0).unwrap();
}

fn delete(app: &App, id: &str) {
    app.store.delete(id, &Precondition::None).unwrap().unwrap();
}

fn settle(app: &App) {
    assert!(app.wait_until_searchable(PATIENCE).unwrap());
}

fn populated(dir: &Path, count: u64) -> App {
    let app = App::open(&AppOptions::new(dir)).unwrap();
    let population = Population::new(1, count, DEFAULT_AS_OF);
    let people: Vec<(String, Vec<u8>)> = (0..count)
        .map(|index| {
            let candidate = serde_json::to_value(population.candidate(index).candidate).unwrap();
            (candidate["id"].as_str().unwrap().to_owned(), candidate.to_string().into_bytes())
        })
        .collect();
    let puts: Vec<PutCandidate<'_>> = people.iter().map(|(id, body)| PutCandidate { id, body }).collect();
    app.store.put(&puts, &Precondition::None, 0).unwrap();
    settle(&app);
    app
}

fn found(app: &App, query: &str) -> (Vec<String>, String) {
    let body = SearchBody { query: Some(query.to_owned()), limit: Some(100), ..SearchBody::default() };
    let response = app.searcher.search(&body, now()).unwrap();
    (response.hits.into_iter().map(|hit| hit.id).collect(), response.generation)
}

fn whole(app: &App) -> BTreeSet<String> {
    let snapshot = app.engine.snapshot();
    snapshot.live().iter().map(|key| snapshot.id(key).to_owned()).collect()
}

fn directories(dir: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(dir.join("index")).unwrap().map(|entry| entry.unwrap());
    let names = entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().into_string().unwrap());
    names.collect()
}

#[test]
fn searches_and_writes_go_on_while_a_generation_is_built() {
    let dir = tempfile::tempdir().unwrap();
    let app = populated(dir.path(), PEOPLE);
    put(&app, "before", "Lighthouse keeper");
    settle(&app);
    let (is_over, searches) = (AtomicBool::new(false), std::sync::atomic::AtomicUsize::new(0));
    let report = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                // One answer is of one generation: the same people, whichever it is.
                let (ids, generation) = found(&app, "\"lighthouse keeper\"");
                assert!(["g1", "g2"].contains(&generation.as_str()), "{generation}");
                assert!(ids.contains(&"before".to_owned()), "{ids:?} of {generation}");
                assert!(!found(&app, "nurse").0.is_empty());
                searches.fetch_add(1, Ordering::Relaxed);
            }
        });
        scope.spawn(|| {
            let mut number = 0;
            while !is_over.load(Ordering::Relaxed) {
                put(&app, &format!("new-{number}"), "Glass blower");
                if number % 3 == 0 {
                    delete(&app, &format!("new-{number}"));
                }
                number += 1;
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let steps = Cell::new(BTreeSet::new());
        let report = app.reindexer.run(&|progress| {
            let mut seen = steps.take();
            seen.insert(progress.step);
            steps.set(seen);
            Verdict::GoOn
        });
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(steps.take(), BTreeSet::from(["reading", "catchingUp", "checking", "publishing"]));
        report.unwrap()
    });
    assert!(searches.into_inner() > 3, "there was some load");
    assert_eq!((report.from.as_str(), report.to.as_deref()), ("g1", Some("g2")));
    let checks = report.checks.unwrap();
    assert_eq!((checks.missing, checks.surplus, checks.unanswered, checks.recall), (0, 0, 0, 1.0));
    assert!(checks.agreement > 0.9, "{checks:?}");
    settle(&app);
    assert_eq!(app.engine.snapshot().generation(), "g2");
    assert_eq!(whole(&app).len() as u64, app.store.count().unwrap());
    app.close();
    drop(app);
    // What is followed after the switch is durable in the new generation.
    let reopened = App::open(&AppOptions::new(dir.path())).unwrap();
    settle(&reopened);
    assert_eq!(reopened.engine.snapshot().generation(), "g2");
    assert_eq!(whole(&reopened).len() as u64, reopened.store.count().unwrap());
    reopened.close();
}

#[test]
fn a_build_that_was_cut_off_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let app = populated(dir.path(), PEOPLE);
    let asked = Cell::new(0);
    let outcome = app.reindexer.run(&|_| {
        asked.set(asked.get() + 1);
        if asked.get() == 2 { Verdict::Pause } else { Verdict::GoOn }
    });
    assert!(matches!(outcome, Err(ReindexError::Paused)), "{outcome:?}");
    app.close();
    drop(app);
    let app = App::open(&AppOptions::new(dir.path())).unwrap();
    assert_eq!(directories(dir.path()), ["g1", "g2"].map(str::to_owned).into());
    assert!(app.reindexer.plan().unwrap().resumed);
    // Somebody who was read already is gone when the build goes on.
    let first = app.store.candidates_in_key_order(0, 1).unwrap().remove(0).id;
    delete(&app, &first);
    let first_steps = Cell::new(None);
    let report = app.reindexer.run(&|progress| {
        if first_steps.get().is_none() {
            first_steps.set(Some(progress.done));
        }
        Verdict::GoOn
    });
    let report = report.unwrap();
    assert!(report.resumed && first_steps.get() >= Some(2_000), "{report:?} {:?}", first_steps.get());
    settle(&app);
    assert_eq!(whole(&app).len() as u64, PEOPLE - 1);
    assert!(!whole(&app).contains(&first));
    app.close();
}

#[test]
fn a_generation_that_was_torn_while_it_was_built_is_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    let app = populated(dir.path(), 300);
    let outcome = app.reindexer.run(&|_| Verdict::Pause);
    assert!(matches!(outcome, Err(ReindexError::Paused)), "{outcome:?}");
    std::fs::remove_dir_all(dir.path().join("index/g2/keyword")).unwrap();
    let report = app.reindexer.run(&|_| Verdict::GoOn).unwrap();
    assert_eq!((report.to.as_deref(), report.checks.unwrap().missing), (Some("g2"), 0));
    app.close();
}

#[test]
fn one_command_goes_back_and_whoever_was_erased_stays_so() {
    let dir = tempfile::tempdir().unwrap();
    let app = populated(dir.path(), 300);
    put(&app, "erased", "Lighthouse keeper");
    settle(&app);
    assert!(matches!(app.reindexer.roll_back(&|_| Verdict::GoOn), Err(ReindexError::NothingToRollBackTo)));
    app.reindexer.run(&|_| Verdict::GoOn).unwrap();
    delete(&app, "erased");
    put(&app, "later", "Glass blower");
    settle(&app);
    let report = app.reindexer.roll_back(&|_| Verdict::GoOn).unwrap();
    assert_eq!((report.from.as_str(), report.to.as_deref()), ("g2", Some("g1")));
    assert_eq!(report.checks.unwrap().agreement, 1.0);
    assert_eq!(found(&app, "title:\"lighthouse keeper\""), (vec![], "g1".to_owned()));
    assert_eq!(found(&app, "title:\"glass blower\"").0, ["later"]);
    // And forth again.
    let report = app.reindexer.roll_back(&|_| Verdict::GoOn).unwrap();
    assert_eq!(report.to.as_deref(), Some("g2"));
    assert_eq!(found(&app, "title:\"glass blower\"").0, ["later"]);
    app.close();
}

#[test]
fn erasing_reaches_the_generation_that_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let app = populated(dir.path(), 300);
    put(&app, "erased", "Lighthouse keeper");
    settle(&app);
    app.reindexer.run(&|_| Verdict::GoOn).unwrap();
    assert!(!app.reindexer.forget_erased().unwrap(), "nobody was erased");
    delete(&app, "erased");
    settle(&app);
    let kept = || {
        let path = dir.path().join("index/g1");
        let opened = (0..100).find_map(|_| {
            let opened = EmbeddedEngine::open(&path, &app.reindexer.options);
            std::thread::sleep(Duration::from_millis(if opened.is_ok() { 0 } else { 100 }));
            opened.ok()
        });
        let engine = opened.unwrap();
        let snapshot = engine.snapshot();
        (snapshot.live().len(), snapshot.role().len())
    };
    assert_eq!(kept(), (301, 301));
    assert!(app.reindexer.forget_erased().unwrap());
    assert_eq!(kept(), (300, 300));
    assert!(!app.reindexer.forget_erased().unwrap(), "nothing is left to do");
    app.close();
}

#[test]
fn a_cancelled_build_leaves_no_trace_and_old_generations_go() {
    let dir = tempfile::tempdir().unwrap();
    let app = populated(dir.path(), 300);
    let outcome = app.reindexer.run(&|_| Verdict::Cancel);
    assert!(matches!(outcome, Err(ReindexError::Cancelled)), "{outcome:?}");
    assert_eq!(directories(dir.path()), ["g1"].map(str::to_owned).into());
    assert_eq!(app.reindexer.run(&|_| Verdict::GoOn).unwrap().removed, [""; 0]);
    let report = app.reindexer.run(&|_| Verdict::GoOn).unwrap();
    assert_eq!((report.to.as_deref(), report.removed), (Some("g3"), vec!["g1".to_owned()]));
    assert_eq!(directories(dir.path()), ["g2", "g3"].map(str::to_owned).into());
    app.close();
}

async fn finished(service: &Service, location: &str) -> Value {
    for _ in 0..600 {
        let task = service.get(location).await;
        assert_eq!(task.status, 200, "{}", task.text);
        if !["queued", "running"].contains(&task.body["state"].as_str().unwrap()) {
            return task.body;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{location} did not finish");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reindex_is_a_task_over_http() {
    let service = Service::start();
    service.load(&[json!({"id": "a", "profile": {"basics": {"label": "Nurse"}}})]).await;
    let plan = service.json("POST", "/v1/reindexes", json!({"dryRun": true})).await;
    assert_eq!((plan.status, &plan.body["from"], &plan.body["candidates"]), (200, &json!("g1"), &json!(1)));
    let asked = service.json("POST", "/v1/reindexes", json!({})).await;
    assert_eq!((asked.status, &asked.body["kind"]), (202, &json!("reindex")), "{}", asked.text);
    let location = asked.headers["location"].to_str().unwrap().to_owned();
    let task = finished(&service, &location).await;
    assert_eq!((&task["state"], &task["progress"]["report"]["to"]), (&json!("done"), &json!("g2")), "{task}");
    assert_eq!(service.search(json!({"query": "nurse"})).await["generation"], "g2");
    let cancelled = service.call("DELETE", &location, "application/json", "").await;
    assert_eq!((cancelled.status, &cancelled.body["code"]), (409, &json!("conflict")));
    let back = service.json("POST", "/v1/reindexes", json!({"rollBack": true})).await;
    let task = finished(&service, back.headers["location"].to_str().unwrap()).await;
    assert_eq!((&task["state"], &task["kind"]), (&json!("done"), &json!("rollBack")), "{task}");
    assert_eq!(service.search(json!({"query": "nurse"})).await["generation"], "g1");
    let listed = service.get("/v1/tasks?limit=1").await;
    assert_eq!(listed.body["tasks"].as_array().unwrap().len(), 1);
    assert_eq!(listed.body["tasks"][0]["id"], task["id"]);
    let before = service.get(&format!("/v1/tasks?before={}", task["id"])).await;
    assert_eq!(before.body["tasks"][0]["kind"], "reindex");
    assert_eq!(service.get("/v1/tasks/77").await.status, 404);
    assert_eq!(service.get("/v1/tasks?limit=0").await.body["code"], "limit_out_of_range");
    assert_eq!(service.json("POST", "/v1/reindexes", json!({"rollback": true})).await.body["code"], "unknown_field");
}
