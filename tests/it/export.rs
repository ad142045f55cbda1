//! Everybody out, and in again.

use axum::{body::Body, http::Request};
use lodestone::{
    export::{EventExport, Export, ExportFormat},
    ingest::{SourceOptions, import_events_file, import_path},
    store::Store,
};
use serde_json::{Value, json};

use crate::client::{Service, now};

fn exported(store: &Store, format: ExportFormat) -> Vec<u8> {
    let (mut export, mut all) = (Export::new(format, now()), Vec::new());
    while let Some((bytes, _)) = export.next_chunk(store).unwrap() {
        all.extend(bytes);
    }
    all
}

fn exported_events(store: &Store) -> Vec<u8> {
    let (mut export, mut all) = (EventExport::default(), Vec::new());
    while let Some((bytes, _)) = export.next_chunk(store).unwrap() {
        all.extend(bytes);
    }
    all
}

/// A store with people of every sort: out of an ATS with its events, out of a table, and more than a chunk of others.
fn store() -> (Store, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut events = 0;
    for path in ["ats/career/greenhouse-v3", "ats/career/lever.json", "sheets/de.csv", "examples/people.ndjson"] {
        let report = import_path(&store, &fixtures.join(path), &SourceOptions::default(), now(), |_, _| {}).unwrap();
        assert_eq!((report.rejected, report.events.rejected), (0, 0), "{path}");
        events += report.events.accepted;
        let again = import_path(&store, &fixtures.join(path), &SourceOptions::default(), now(), |_, _| {}).unwrap();
        assert_eq!((again.created, again.updated, again.events.accepted), (0, 0, 0), "{path} changes nothing again");
    }
    assert_eq!(events, 4);
    let many = dir.path().join("many.ndjson");
    let lines: String =
        (0..200).map(|n| json!({"id": format!("p{n}"), "tags": [n.to_string()]}).to_string() + "\n").collect();
    std::fs::write(&many, lines).unwrap();
    import_path(&store, &many, &SourceOptions::default(), now(), |_, _| {}).unwrap();
    (store, dir)
}

#[test]
fn what_is_exported_comes_back_to_the_byte() {
    let (store, dir) = store();
    let (people, events) = (exported(&store, ExportFormat::Ndjson), exported_events(&store));
    assert_eq!(people.iter().filter(|byte| **byte == b'\n').count() as u64, store.count().unwrap());
    let ids = |bytes: &[u8]| -> Vec<String> {
        let lines = std::str::from_utf8(bytes).unwrap().lines();
        lines.map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned()).collect()
    };
    assert!(ids(&people).is_sorted());
    let (people_file, events_file) = (dir.path().join("people.ndjson"), dir.path().join("events.ndjson"));
    std::fs::write(&people_file, &people).unwrap();
    std::fs::write(&events_file, &events).unwrap();
    let other_dir = tempfile::tempdir().unwrap();
    let other = Store::open(other_dir.path()).unwrap();
    import_path(&other, &people_file, &SourceOptions::default(), now(), |_, _| {}).unwrap();
    import_events_file(&other, &events_file, |_, report, _| assert_eq!(report.rejected, [])).unwrap();
    assert_eq!(exported(&other, ExportFormat::Ndjson), people);
    assert_eq!(exported_events(&other), events);
    assert_eq!(events.iter().filter(|byte| **byte == b'\n').count(), 4);
}

#[test]
fn a_table_guards_its_cells_and_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let person = json!({"id": "x", "profile": {
        "basics": {"name": "=HYPERLINK(\"x\")", "phone": "+39 02 1", "label": "a, \"b\"\nc", "location": {"city": "Milano", "countryCode": "IT"}},
        "work": [{"position": "Nurse", "name": "Aurora", "startDate": "2020-01"}, {"position": "Aide", "endDate": "2019"}],
        "skills": [{"name": "ICU"}, {"name": "-x"}]}, "tags": ["@gold"]});
    let file = dir.path().join("one.ndjson");
    std::fs::write(&file, person.to_string()).unwrap();
    import_path(&store, &file, &SourceOptions::default(), now(), |_, _| {}).unwrap();
    let table = String::from_utf8(exported(&store, ExportFormat::Csv)).unwrap();
    let row = "x,\"'=HYPERLINK(\"\"x\"\")\",,'+39 02 1,\"a, \"\"b\"\"\nc\",Nurse,Aurora,2020-01,Milano,,IT,6,Aide,ICU; -x,,,,,,'@gold,\r\n";
    assert_eq!(table.split_once("\r\n").unwrap().1, row);
    let csv = dir.path().join("people.csv");
    std::fs::write(&csv, &table).unwrap();
    let other_dir = tempfile::tempdir().unwrap();
    let other = Store::open(other_dir.path()).unwrap();
    let report = import_path(&other, &csv, &SourceOptions::default(), now(), |_, _| {}).unwrap();
    assert_eq!(report.created, 1);
    let back: Value = serde_json::from_slice(&other.get("x").unwrap().unwrap().body).unwrap();
    assert_eq!(back["profile"]["basics"], person["profile"]["basics"]);
    assert_eq!(back["profile"]["skills"], person["profile"]["skills"]);
    assert_eq!(back["profile"]["work"][0], person["profile"]["work"][0]);
    assert_eq!(back["tags"], person["tags"]);
    let resume = String::from_utf8(exported(&store, ExportFormat::JsonResume)).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&resume).unwrap(), person["profile"]);
}

#[tokio::test]
async fn exports_stream_over_http_and_few_at_once() {
    let service = Service::start();
    let empty = service.get("/v1/export").await;
    assert_eq!((empty.status, empty.text.as_str()), (200, ""));
    let people: Vec<Value> = (0..150).map(|n| json!({"id": format!("p{n:03}")})).collect();
    service.load(&people).await;
    let answer = service.get("/v1/export?format=ndjson").await;
    let lines: String = people.iter().map(|person| person.to_string() + "\n").collect();
    assert_eq!((answer.status, answer.text), (200, lines));
    assert_eq!(answer.headers["content-type"], "application/x-ndjson");
    let table = service.get("/v1/export?format=csv").await;
    assert_eq!((table.status, table.text.lines().count()), (200, 151));
    assert_eq!(table.headers["content-disposition"], "attachment; filename=\"candidates.csv\"");
    let wrong = service.get("/v1/export?format=xml").await;
    assert_eq!((wrong.status, wrong.body["code"].as_str()), (400, Some("invalid_parameter")));
    // Two that are not read hold their places; a third is told to come again.
    let open = || service.open(Request::builder().uri("/v1/export").body(Body::empty()).unwrap());
    let (first, second) = (open().await, open().await);
    let third = service.get("/v1/export").await;
    assert_eq!((third.status, third.body["code"].as_str()), (503, Some("overloaded")));
    assert!(third.headers.contains_key("retry-after"));
    drop((first, second));
    assert_eq!(service.get("/v1/export").await.status, 200);
}
