//! Another embedder than the built-in model: an endpoint, and the generation that its vectors need.

use std::{path::Path, sync::atomic::Ordering, time::Duration};

use lodestone::{
    app::{App, AppOptions},
    embed::{EmbedError, EmbedderOptions, Encoder, Endpoint, EndpointOptions, Secret, UnitVector},
    indexing::ReindexError,
    indexing::Verdict,
    search::{SearchBody, SearchResponse},
    store::{Precondition, PutCandidate},
};
use serde_json::json;

use crate::client::now;
use crate::endpoint::{DIMENSIONS, FakeEndpoint, vector};

/// Indexing waits for other tests on a machine of two cores.
const PATIENCE: Duration = Duration::from_secs(300);

fn open(dir: &Path, endpoint: Option<&EndpointOptions>) -> App {
    let embedder = endpoint.cloned().map_or(EmbedderOptions::BuiltIn, EmbedderOptions::Endpoint);
    let options = AppOptions { embedder, search_deadline: Duration::from_secs(60), ..AppOptions::new(dir) };
    App::open(&options).unwrap()
}

fn put(app: &App, id: &str, title: &str) {
    let body = json!({"id": id, "profile": {"work": [{"position": title, "startDate": "2020-01"}]}}).to_string();
    app.store.put(&[PutCandidate { id, body: body.as_bytes() }], &Precondition::None, 0).unwrap();
}

fn settle(app: &App) {
    assert!(app.wait_until_searchable(PATIENCE).unwrap());
}

fn search(app: &App, query: &str) -> SearchResponse {
    let body = SearchBody { query: Some(query.to_owned()), limit: Some(100), ..SearchBody::default() };
    app.searcher.search(&body, now()).unwrap()
}

fn ids(response: &SearchResponse) -> Vec<&str> {
    response.hits.iter().map(|hit| hit.id.as_str()).collect()
}

fn reindex(app: &App) {
    app.reindexer.run(&|_| Verdict::GoOn).unwrap();
}

#[test]
fn texts_go_in_batches_with_prefix_and_key_and_come_back_in_order() {
    let fake = FakeEndpoint::start();
    let options = EndpointOptions {
        batch: 3,
        parallel: 1,
        prefix: "query: ".to_owned(),
        key: Some(Secret("secret".to_owned())),
        ..fake.options.clone()
    };
    let endpoint = Endpoint::open(options, None).unwrap();
    assert_eq!(endpoint.dimensions(), DIMENSIONS);
    fake.behaviour.is_reversed.store(true, Ordering::SeqCst);
    let texts = ["nurse", "baker", "welder", "judge"];
    let vectors = endpoint.encode(&texts).unwrap();
    for (text, halves) in texts.iter().zip(&vectors) {
        let wanted = UnitVector::normalize(vector(&format!("query: {text}"))).unwrap();
        assert!(wanted.cosine(&UnitVector::from_halves(halves).unwrap()) > 0.9999, "{text}");
    }
    assert_eq!(fake.asked()[1..], [vec!["query: nurse", "query: baker", "query: welder"], vec!["query: judge"]]);
    let requests = fake.behaviour.requests.lock().unwrap();
    assert!(requests.iter().all(|(body, key)| body["model"] == "letters" && key.as_deref() == Some("Bearer secret")));
}

#[test]
fn what_passes_is_asked_again_and_what_does_not_is_told() {
    let fake = FakeEndpoint::start();
    let endpoint = Endpoint::open(fake.options.clone(), None).unwrap();
    fake.fail_with(&[
        "429 Too Many Requests\r\nRetry-After: 0\r\n\r\nslowly",
        "500 Oh\r\n\r\n",
        "502 Bad Gateway\r\n\r\n",
    ]);
    assert_eq!(endpoint.encode(&["nurse"]).unwrap().len(), 1);
    assert_eq!(fake.asked().len(), 1 + 4);

    fake.fail_with(&[
        "401 Unauthorized\r\n\r\n{\"error\": {\"message\": \"nurse? no\", \"code\": \"invalid_api_key\"}}",
    ]);
    let error = endpoint.encode(&["nurse"]).unwrap_err();
    assert!(!error.is_passing() && error.to_string().ends_with("status 401, invalid_api_key"), "{error}");
    fake.fail_with(&["400 Bad Request\r\n\r\n{\"error\": {\"code\": \"what was sent\", \"message\": \"nurse\"}}"]);
    assert!(endpoint.encode(&["nurse"]).unwrap_err().to_string().ends_with("status 400"));
    fake.fail_with(&["302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"]);
    assert!(endpoint.encode(&["nurse"]).unwrap_err().to_string().ends_with("status 302"));

    for broken in [
        "{\"data\": []}",
        "{\"data\": [{\"index\": 0, \"embedding\": [1.0, 2.0]}]}",
        "{\"data\": [{\"index\": 1, \"embedding\": [1.0]}]}",
        "not json",
    ] {
        // Taken whole or not at all; the next answer may be whole.
        fake.fail_with(&[&format!("200 OK\r\n\r\n{broken}")]);
        assert_eq!(endpoint.encode(&["nurse"]).unwrap().len(), 1, "{broken}");
        fake.fail_with(&[&format!("200 OK\r\n\r\n{broken}")]);
        assert!(matches!(endpoint.encode_query("nurse"), Err(EmbedError::Endpoint { .. })), "{broken}");
        // A query is not asked again at once.
        let asked = fake.asked().len();
        assert!(endpoint.encode_query("nurse").is_err());
        assert_eq!(fake.asked().len(), asked);
    }
    let zeros = format!("{{\"data\": [{{\"index\": 0, \"embedding\": [{}]}}]}}", vec!["0.0"; DIMENSIONS].join(","));
    fake.fail_with(&[&format!("200 OK\r\n\r\n{zeros}")]);
    assert!(matches!(endpoint.encode(&["nurse"]), Err(EmbedError::Endpoint { is_passing: false, .. })));
    assert_eq!(endpoint.encode(&["", " "]).unwrap().len(), 2);
    assert_eq!(fake.asked().last().unwrap(), &["-", "-"]);
    {}

    fake.set_away(true);
    assert!(endpoint.encode(&["nurse"]).unwrap_err().is_passing());
    let endpoint = Endpoint::open(fake.options.clone(), Some(DIMENSIONS)).unwrap();
    let before = fake.asked().len();
    assert!(endpoint.encode_query("nurse").unwrap_err().is_passing());
    assert_eq!(fake.asked().len(), before + 1, "a query is asked once");
    endpoint.give_up();
    assert!(endpoint.encode(&["nurse"]).is_err());
    assert_eq!(fake.asked().len(), before + 1, "who has given up asks nothing");
    assert!(Endpoint::open(fake.options.clone(), None).is_err());
    assert_eq!(Endpoint::open(fake.options.clone(), Some(7)).unwrap().dimensions(), 7);
}

#[test]
fn an_answer_that_does_not_come_is_not_waited_for() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", silent.local_addr().unwrap());
    let options = EndpointOptions { timeout_s: 1, ..EndpointOptions::new(url, "letters") };
    let endpoint = Endpoint::open(options, Some(DIMENSIONS)).unwrap();
    let error = endpoint.encode_query("nurse").unwrap_err();
    assert!(error.is_passing(), "{error}");
}

#[test]
fn another_model_gets_a_generation_beside_the_one_that_serves() {
    let fake = FakeEndpoint::start();
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), None);
    put(&app, "nurse", "Registered nurse");
    put(&app, "welder", "Welder");
    settle(&app);
    assert!(!app.reindexer.is_due().unwrap());
    assert!(search(&app, "nurse").degraded.is_empty());
    app.close();
    drop(app);

    // The old vectors serve no query any more; words and concepts do, and new people are found by them.
    let app = open(dir.path(), Some(&fake.options));
    assert!(app.reindexer.is_due().unwrap());
    let is_marked = || app.reindexer.generations.lacks_vectors("g1").unwrap();
    assert!(!is_marked(), "nobody was indexed yet");
    put(&app, "judge", "Nurse and judge");
    settle(&app);
    assert!(is_marked());
    let response = search(&app, "nurse");
    assert_eq!(response.degraded, ["semantic"]);
    assert!(ids(&response).contains(&"nurse") && ids(&response).contains(&"judge"), "{:?}", ids(&response));
    assert_eq!(app.engine.snapshot().role().keys().len(), 2, "the old vectors stay, nobody gets new ones");
    let before = response.generation;

    reindex(&app);
    let response = search(&app, "nurse");
    assert_ne!(response.generation, before);
    assert!(response.degraded.is_empty() && !app.reindexer.is_due().unwrap());
    let snapshot = app.engine.snapshot();
    assert_eq!((snapshot.role().keys().len(), snapshot.role().dimensions()), (3, DIMENSIONS));
    assert!(matches!(app.reindexer.roll_back(&|_| Verdict::GoOn), Err(ReindexError::OtherModel(_))));
    drop(snapshot);
    app.close();
    drop(app);

    // And back.
    let app = open(dir.path(), None);
    assert!(app.reindexer.is_due().unwrap());
    reindex(&app);
    assert!(search(&app, "nurse").degraded.is_empty());
    assert_eq!(app.engine.snapshot().role().keys().len(), 3);
}

#[test]
fn a_server_begins_the_re_index_that_another_model_needs() {
    let fake = FakeEndpoint::start();
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), None);
    put(&app, "nurse", "Registered nurse");
    settle(&app);
    app.close();
    drop(app);
    let app = open(dir.path(), Some(&fake.options));
    // It waits for an embedder that is away.
    fake.set_away(true);
    let services = app.services(now).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    assert!(app.reindexer.is_due().unwrap());
    fake.set_away(false);
    let until = std::time::Instant::now() + PATIENCE;
    while app.reindexer.is_due().unwrap() {
        assert!(std::time::Instant::now() < until, "{:?}", services.tasks.list(None, 10));
        std::thread::sleep(Duration::from_millis(20));
    }
    services.tasks.stop();
    assert!(search(&app, "nurse").degraded.is_empty());
}

#[test]
fn an_embedder_that_is_away_costs_a_search_its_meaning_and_holds_up_indexing_until_it_is_back() {
    let fake = FakeEndpoint::start();
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), Some(&fake.options));
    put(&app, "nurse", "Registered nurse");
    settle(&app);
    fake.set_away(true);
    // What was embedded before is remembered: a query that was not needs the embedder.
    let response = search(&app, "qualified nurse");
    assert_eq!((response.degraded.as_slice(), ids(&response)), (&["semantic".to_owned()][..], vec!["nurse"]));
    put(&app, "welder", "Welder of pipes");
    assert!(!app.wait_until_searchable(Duration::from_millis(500)).unwrap());
    fake.set_away(false);
    settle(&app);
    assert_eq!(ids(&search(&app, "welder"))[0], "welder");
    assert_eq!(app.engine.snapshot().role().keys().len(), 2, "nobody was indexed without vectors");
}
