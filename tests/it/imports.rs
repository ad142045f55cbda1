//! Imports over HTTP: files of any kind in, tasks that go on where they were cut off.

use std::time::Duration;

use lodestone::{
    app::{App, AppOptions},
    ingest::SourceOptions,
    store::{EventOutcome, NewEvent, Precondition, PutCandidate},
    tasks::TaskInfo,
};
use serde_json::{Value, json};

use crate::client::{Answer, Service, now};

async fn finished(service: &Service, answer: &Answer) -> Value {
    assert_eq!(answer.status, 202, "{}", answer.text);
    let location = answer.headers["location"].to_str().unwrap();
    for _ in 0..3_000 {
        let task = service.get(location).await.body;
        if !["queued", "running"].contains(&task["state"].as_str().unwrap()) {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{location} did not finish");
}

fn person(number: usize) -> String {
    json!({"id": format!("p{number}"), "profile": {"basics": {"label": "Lighthouse keeper"}}}).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_imported_and_what_is_wrong_with_it_is_kept_aside() {
    let service = Service::start();
    let lines = [person(1), "nonsense".to_owned(), person(2), json!({"id": "x y"}).to_string()].join("\n");
    let asked = service.call("POST", "/v1/imports", "application/x-ndjson", lines).await;
    let task = finished(&service, &asked).await;
    assert_eq!((&task["state"], &task["kind"]), (&json!("done"), &json!("import")), "{task}");
    let progress = &task["progress"];
    assert_eq!((&progress["created"], &progress["rejected"], &progress["done"]), (&json!(2), &json!(2), &json!(4)));
    // It is searchable when it is done.
    assert_eq!(service.ids(json!({"query": "lighthouse"})).await.len(), 2);
    let rejects = service.get(&format!("/v1/tasks/{}/rejects", task["id"])).await;
    let rejects: Vec<Value> = rejects.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = rejects.iter().map(|reject| (&reject["line"], &reject["errors"][0]["code"])).collect();
    assert_eq!(told, [(&json!(2), &json!("invalid_json")), (&json!(4), &json!("invalid_id"))]);
    // What was uploaded is not kept.
    assert_eq!(task["request"]["fileName"], "upload.ndjson");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_tells_how_its_columns_were_understood() {
    let service = Service::start();
    let table = "Nome;Cognome;Qualifica;Ultimo giorno\nAda;Bianchi;Infermiera;30.10.2026\n";
    let path = "/v1/imports?name=lista.csv&cohort=acme-2026";
    let task = finished(&service, &service.call("POST", path, "text/csv", table).await).await;
    assert_eq!((&task["state"], &task["progress"]["created"]), (&json!("done"), &json!(1)), "{task}");
    let columns = task["progress"]["table"]["columns"].as_array().unwrap();
    let targets: Vec<&Value> = columns.iter().map(|column| &column["target"]).collect();
    assert_eq!(targets, ["first-name", "last-name", "title", "last-day"], "{columns:?}");
    // A task is kept longer than somebody who is erased.
    assert!(!task.to_string().contains("Bianchi"), "{task}");
    let found = service.ids(json!({"query": "registered nurse cohort:acme-2026 open:true"})).await;
    assert_eq!(found.len(), 1);
    // A column that is told beats the guess; one that is not there is an error that names those that are.
    let path = "/v1/imports?name=lista.csv&columns=%7B%22Qualifica%22%3A%22headline%22%7D";
    let task = finished(&service, &service.call("POST", path, "text/csv", table).await).await;
    assert_eq!(task["progress"]["table"]["columns"][2]["target"], "headline");
    let path = "/v1/imports?name=lista.csv&columns=%7B%22Nope%22%3A%22headline%22%7D";
    let task = finished(&service, &service.call("POST", path, "text/csv", table).await).await;
    assert_eq!(task["state"], "failed");
    assert!(task["error"].as_str().unwrap().contains("Qualifica"), "{task}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cv_is_read_and_wrong_requests_are_refused() {
    let service = Service::start();
    let cv =
        "Ada Bianchi\nada@example.org\n\nEXPERIENCE\nLighthouse Keeper, Northern Lights Ltd\nMarch 2019 - present\n";
    let path = "/v1/imports?name=ada.txt";
    let task = finished(&service, &service.call("POST", path, "text/plain", cv).await).await;
    assert_eq!(task["progress"]["created"], 1, "{task}");
    let stored = service.get("/v1/candidates/ada").await.body;
    assert_eq!(stored["parsed"]["profile"]["work"][0]["startDate"], "2019-03", "{stored}");
    for (path, body, code) in [
        ("/v1/imports", "", "invalid_value"),
        ("/v1/imports?format=doc", "x", "invalid_parameter"),
        ("/v1/imports?mapping=none", "x", "invalid_parameter"),
        ("/v1/imports?mapping=..%2Fetc", "x", "invalid_parameter"),
        ("/v1/imports?columns=7", "x", "invalid_parameter"),
        ("/v1/imports?cohort=", "x", "invalid_parameter"),
        ("/v1/imports?what=1", "x", "invalid_parameter"),
    ] {
        let answer = service.call("POST", path, "text/csv", body).await;
        assert_eq!((answer.status, &answer.body["code"]), (400, &json!(code)), "{path}: {}", answer.text);
    }
    assert_eq!(service.get("/v1/tasks/99/rejects").await.status, 404);
}

/// Waits for a task to end.
fn ended(get: &dyn Fn() -> TaskInfo) -> TaskInfo {
    for _ in 0..3_000 {
        let task = get();
        if task.finished_at.is_some() {
            return task;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the task did not end");
}

#[test]
fn an_import_that_was_cut_off_goes_on_where_it_was() {
    const PEOPLE: usize = 6_000;
    let dir = tempfile::tempdir().unwrap();
    let lines: Vec<String> =
        (0..PEOPLE).map(|at| if at % 1_500 == 7 { "nonsense".to_owned() } else { person(at) }).collect();
    let id = {
        let app = App::open(&AppOptions::new(dir.path())).unwrap();
        let tasks = app.services(now).unwrap().tasks;
        let mut upload = tasks.receive("people.ndjson").unwrap();
        assert!(upload.write(lines.join("\n").as_bytes()).unwrap());
        let id = tasks.ask_for_import(upload, "people.ndjson", SourceOptions::default()).unwrap().id;
        // It is stopped wherever it is, as soon as something is written.
        while app.store.count().unwrap() == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        tasks.stop();
        app.close();
        id
    };
    let app = App::open(&AppOptions::new(dir.path())).unwrap();
    let noted = app.store.task(id).unwrap().unwrap();
    let services = app.services(now).unwrap();
    let task = ended(&|| services.tasks.get(id).unwrap());
    assert_eq!(task.state, "done", "{task:?}, it went on from {}", noted.progress);
    let progress = &task.progress;
    let rejected = PEOPLE / 1_500;
    assert_eq!((&progress["done"], &progress["rejected"]), (&json!(PEOPLE), &json!(rejected)), "{task:?}");
    assert_eq!(app.store.count().unwrap() as usize, PEOPLE - rejected);
    let rejects = std::fs::read_to_string(services.tasks.rejects(id).unwrap().unwrap()).unwrap();
    assert_eq!(rejects.lines().count(), rejected, "none is told twice: {rejects}");
    services.tasks.stop();
    app.close();
}

#[test]
fn nobody_waits_for_events_that_were_known_or_erased() {
    let dir = tempfile::tempdir().unwrap();
    let event = |id: &'static str, candidate_id: &'static str| NewEvent {
        candidate_id,
        event_type: "outreachSent",
        at: 1_700_000_000_000,
        event_id: Some(id),
        by: None,
        thread: None,
        channel: None,
    };
    let settle = |app: &App| assert!(app.wait_until_searchable(Duration::from_secs(60)).unwrap());
    let events = [event("e1", "p1"), event("e2", "p2")];
    {
        let app = App::open(&AppOptions::new(dir.path())).unwrap();
        let people = [person(1), person(2)];
        let puts: Vec<PutCandidate<'_>> =
            ["p1", "p2"].iter().zip(&people).map(|(id, body)| PutCandidate { id, body: body.as_bytes() }).collect();
        app.store.put(&puts, &Precondition::None, 0).unwrap();
        app.store.append_events(&events).unwrap();
        settle(&app);
        // The same again: numbers are used up, and no event has them.
        assert_eq!(app.store.append_events(&events).unwrap(), [EventOutcome::Duplicate; 2]);
        settle(&app);
        app.store.delete("p2", &Precondition::None).unwrap();
        settle(&app);
        app.close();
    }
    let app = App::open(&AppOptions::new(dir.path())).unwrap();
    settle(&app);
    assert_eq!(app.store.append_events(&events[..1]).unwrap(), [EventOutcome::Duplicate]);
    settle(&app);
    app.close();
}
