//! A second look at the best of a job by another model.

use std::{path::Path, sync::atomic::Ordering, time::Duration};

use lodestone::{
    app::{App, AppOptions},
    embed::{EmbedderOptions, RerankerOptions},
    search::{MatchBody, Mode, SearchBody, SearchResponse},
    store::{Precondition, PutCandidate},
};
use serde_json::json;

use crate::client::now;
use crate::endpoint::FakeEndpoint;

const PATIENCE: Duration = Duration::from_secs(300);

/// The duties are spelt so that their letters say which people the fake model likes.
const JOB: &str = "Nurse\n\nYour tasks:\n- zzz zzzz zzzzz zz\n- care for patients zzz zzzz zzzzzz\n";

fn open(dir: &Path, reranker: Option<&FakeEndpoint>) -> App {
    let reranker = reranker.map(|fake| RerankerOptions {
        encoder: EmbedderOptions::Endpoint(fake.options.clone()),
        budget: Duration::from_secs(60),
    });
    App::open(&AppOptions { reranker, search_deadline: Duration::from_secs(120), ..AppOptions::new(dir) }).unwrap()
}

fn fill(app: &App) {
    let person = |id: &str, summary: &str| {
        let work = json!([{"position": "Nurse", "name": "Evil Corp", "startDate": "2020-01"}]);
        let basics = json!({"name": "Ada Doe", "email": "ada@example.org", "summary": summary});
        json!({"id": id, "profile": {"basics": basics, "work": work}}).to_string()
    };
    let people = [
        ("a", person("a", "care for patients, ada@example.org")),
        ("b", person("b", "care zzz zzzzzz zzzzzz zzz")),
        ("c", person("c", "mmm mmm")),
        ("blank", json!({"id": "blank", "documents": [{"text": "nurse, care"}]}).to_string()),
    ];
    let puts: Vec<PutCandidate<'_>> =
        people.iter().map(|(id, body)| PutCandidate { id, body: body.as_bytes() }).collect();
    app.store.put(&puts, &Precondition::None, 0).unwrap();
    assert!(app.wait_until_searchable(PATIENCE).unwrap());
}

fn matched(app: &App) -> SearchResponse {
    let body = MatchBody { description: Some(JOB.to_owned()), ..MatchBody::default() };
    app.searcher.match_job(&body, now()).unwrap()
}

fn ids(response: &SearchResponse) -> Vec<&str> {
    response.hits.iter().map(|hit| hit.id.as_str()).collect()
}

fn assert_explained(response: &SearchResponse) {
    for hit in &response.hits {
        let explanation = hit.explanation.as_ref().unwrap();
        let sum: f64 = explanation.signals.iter().map(|signal| signal.contribution).sum();
        assert!((sum - hit.score).abs() < 1e-9, "{}: {sum} is not {}", hit.id, hit.score);
        let is_looked_at = explanation.signals.iter().any(|signal| signal.name == "reranker");
        assert_eq!(is_looked_at, hit.id != "blank" && response.understood.reranked.is_some(), "{}", hit.id);
    }
    assert!(response.hits.is_sorted_by(|a, b| a.score >= b.score));
}

#[test]
fn the_best_are_compared_once_more_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    let without = open(folder.path(), None);
    fill(&without);
    let before = matched(&without);
    assert_eq!(before.understood.reranked, None);
    assert_eq!(ids(&before)[0], "a");
    assert_explained(&before);
    without.close();
    drop(without);

    let fake = FakeEndpoint::start();
    let app = open(folder.path(), Some(&fake));
    let after = matched(&app);
    assert_eq!(ids(&after)[0], "b", "{:?}", after.hits);
    assert_explained(&after);
    let told = after.understood.reranked.clone().unwrap();
    assert_eq!((told.compared, told.wanted), (before.hits.len(), before.hits.len()));
    assert!(told.model.starts_with("letters-") && after.degraded.is_empty());
    let relevance = |response: &SearchResponse, id: &str| {
        response.hits.iter().find(|hit| hit.id == id).map(|hit| hit.relevance).unwrap()
    };
    assert_eq!(relevance(&before, "blank"), relevance(&after, "blank"));

    // Neither who somebody is nor for whom they work goes out.
    let sent: String = fake.asked().concat().join("\n");
    assert!(sent.contains("Nurse. care for patients") && !sent.contains("Evil") && !sent.contains("Doe"), "{sent}");
    assert!(!sent.contains("ada@"), "{sent}");

    // What is known is not asked again.
    let asked = fake.asked().len();
    assert_eq!(ids(&matched(&app)), ids(&after));
    assert_eq!(fake.asked().len(), asked);

    // A signal that was asked for alone is no case for it.
    for (mode, is_case) in [(Mode::Hybrid, true), (Mode::Semantic, false)] {
        let body = SearchBody { query: Some("nurse care".to_owned()), mode: Some(mode), ..SearchBody::default() };
        let response = app.searcher.search(&body, now()).unwrap();
        assert_eq!(response.understood.reranked.is_some(), is_case);
        assert_explained(&response);
    }
    app.close();
}

#[test]
fn a_model_that_is_away_changes_nothing_but_what_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let fake = FakeEndpoint::start();
    let app = open(folder.path(), Some(&fake));
    fill(&app);
    fake.behaviour.is_away.store(true, Ordering::SeqCst);
    let response = matched(&app);
    assert_eq!(ids(&response)[0], "a");
    assert_eq!(response.degraded, ["reranker"]);
    assert_eq!(response.understood.reranked.as_ref().unwrap().compared, 0);
    assert!(
        response.hits.iter().all(|hit| hit
            .explanation
            .as_ref()
            .unwrap()
            .signals
            .iter()
            .all(|signal| signal.name != "reranker"))
    );
    app.close();
}
