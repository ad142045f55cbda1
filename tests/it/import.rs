//! Files and folders in: what is good goes in, what is not is told with its place.

use std::path::Path;

use lodestone::{
    ingest::{Item, SourceOptions, import_path},
    store::Store,
};
use serde_json::{Value, json};

use crate::client::now;

/// What became of an item: its line, its id, the codes of its errors.
type Told = (u64, Option<String>, Vec<&'static str>);

/// Imports a path into a fresh store.
fn import(path: &Path) -> (Vec<Told>, Store, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let mut items = Vec::new();
    let seen = |item: &Item, _| {
        let errors = item.outcome.as_ref().err().map(|rejection| rejection.errors.as_slice()).unwrap_or_default();
        items.push((item.line, item.id.clone(), errors.iter().map(|error| error.code).collect()));
    };
    import_path(&store, path, &SourceOptions::default(), now(), seen).unwrap();
    (items, store, dir)
}

/// A file of the name and content in a fresh folder.
fn file(name: &str, content: &[u8]) -> (std::path::PathBuf, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    (path, dir)
}

fn body(store: &Store, id: &str) -> Value {
    serde_json::from_slice(&store.get(id).unwrap().unwrap().body).unwrap()
}

#[test]
fn a_json_resume_goes_in_unchanged_under_its_files_name() {
    let resume = json!({
        "$schema": "https://example.org/resume/v1.0.0/schema.json",
        "basics": {
            "name": "Ada Byron", "label": "Programmer", "image": "", "email": "ada@example.org", "phone": "(912) 555-4321",
            "url": "http://ada.example.org", "summary": "Writes engines.",
            "location": {"address": "12 Example St", "postalCode": "94115", "city": "London", "countryCode": "GB", "region": "England"},
            "profiles": [{"network": "Net", "username": "ada", "url": ""}]
        },
        "work": [{
            "name": "Engines", "location": "London", "description": "Makes engines", "position": "Lead/Founder",
            "url": "http://engines.example.org", "startDate": "2013-12-01", "endDate": "2014-12-01",
            "summary": "Analytical.", "highlights": ["Wrote the first program"]
        }],
        "volunteer": [{"organization": "Club", "position": "Teacher", "startDate": "2012-01-01", "highlights": ["x"]}],
        "education": [{"institution": "Home", "area": "Mathematics", "studyType": "Private", "startDate": "2011-06-01",
            "endDate": "2014-01-01", "score": "4.0", "courses": ["M1 - Numbers"]}],
        "awards": [{"title": "First", "date": "2014-11-01", "awarder": "Society", "summary": "There is one."}],
        "publications": [{"name": "Notes", "publisher": "Press", "releaseDate": "2014-10-01", "url": "", "summary": "On engines."}],
        "skills": [{"name": "Mathematics", "level": "Master", "keywords": ["Bernoulli", "Numbers"]}],
        "languages": [{"language": "English", "fluency": "Native speaker"}],
        "interests": [{"name": "Horses", "keywords": ["Racing"]}],
        "references": [{"name": "Charles", "reference": "It is my pleasure."}],
        "projects": [{"name": "Wings", "description": "A flying machine", "highlights": ["Drawn"], "keywords": ["Steam"],
            "startDate": "2016-08-24", "endDate": "2016-08-24", "roles": ["Lead"], "entity": "Home", "type": "application"}],
        "meta": {"canonical": "https://example.org/r.json", "version": "v1.0.0", "lastModified": "2017-12-24T15:53:00"}
    });
    let (path, _dir) = file("ada.byron.json", resume.to_string().as_bytes());
    let (items, store, _store_dir) = import(&path);
    assert_eq!(items, [(1, Some("ada.byron".to_owned()), vec![])]);
    assert_eq!(body(&store, "ada.byron"), json!({"id": "ada.byron", "profile": resume}));
}

#[test]
fn a_bad_line_never_stops_the_good_ones() {
    let mut lines = b"{\"id\":\"first\"}\n\n{\"id\":\"n\",\"tags\":NaN}\n{\"id\":\"a/b\"}\n\xff\xfe\n".to_vec();
    lines.extend(b"{\"id\":\"long\",\"documents\":[{\"text\":\"");
    lines.extend(vec![b'a'; 2 << 20]);
    lines.extend(b"\"}]}\n{\"id\":\"d\",\"profile\":{\"work\":[{\"startDate\":\"2021-13-45\"}]}}\n");
    lines.extend(b"{\"id\":\"last\"}\n{\"id\":\"cut\",\"profile\":{\"ba");
    let (path, _dir) = file("people.ndjson", &lines);
    let (items, store, _store_dir) = import(&path);
    let told: Vec<(u64, Option<&str>, &[&str])> =
        items.iter().map(|(line, id, codes)| (*line, id.as_deref(), codes.as_slice())).collect();
    assert_eq!(
        told,
        [
            (1, Some("first"), &[][..]),
            (3, None, &["invalid_json"]),
            (4, Some("a/b"), &["invalid_id"]),
            (5, None, &["invalid_json"]),
            (6, None, &["too_large"]),
            (7, Some("d"), &["invalid_date"]),
            (8, Some("last"), &[]),
            (9, None, &["invalid_json"]),
        ]
    );
    assert!(store.get("first").unwrap().is_some() && store.get("last").unwrap().is_some());
}

#[test]
fn a_folder_of_cvs_takes_documents_and_names_those_without_text() {
    let dir = tempfile::tempdir().unwrap();
    let files: [(&str, &[u8]); 6] = [
        ("empty.txt", b""),
        ("koch.labels.json", b"{\"name\": \"no document\"}"),
        ("koch.txt", "Köchin in Köln".as_bytes()),
        ("licence", b"no document either"),
        ("noise.txt", b"\x80\xff\x00"),
        ("nul.txt", b"a\0b"),
    ];
    for (name, content) in files {
        std::fs::write(dir.path().join(name), content).unwrap();
    }
    let (items, store, _store_dir) = import(dir.path());
    let codes: Vec<&[&str]> = items.iter().map(|(_, _, codes)| codes.as_slice()).collect();
    assert_eq!(codes, [&["empty"][..], &[], &["not_text"], &["not_text"]]);
    assert_eq!(body(&store, "koch")["documents"][0]["text"], "Köchin in Köln");
}

#[test]
fn nothing_to_import_is_told() {
    for (name, content) in [("a.ndjson", ""), ("b.ndjson", "\n\n"), ("c.json", "[]")] {
        let (path, _dir) = file(name, content.as_bytes());
        assert_eq!(import(&path).0, [(1, None, vec!["empty"])], "{name}");
    }
    for (name, content) in [("d.json", "{\"id\": "), ("e.json", "")] {
        let (path, _dir) = file(name, content.as_bytes());
        assert_eq!(import(&path).0, [(1, None, vec!["invalid_json"])], "{name}");
    }
}

#[test]
fn an_array_of_candidates_is_read_one_by_one() {
    let large = "x".repeat(2 << 20);
    let array = format!(
        "[{{\"id\": \"a\"}}, {{\"id\": nope}},\n {{\"id\": \"b\", \"tags\": [\"{large}\"]}}, {{\"id\": \"c\"}}]"
    );
    let (path, _dir) = file("people.json", array.as_bytes());
    let told: Vec<(u64, Vec<&str>)> = import(&path).0.into_iter().map(|(line, _, codes)| (line, codes)).collect();
    assert_eq!(told, [(1, vec![]), (2, vec!["invalid_json"]), (3, vec!["too_large"]), (4, vec![])]);
}
