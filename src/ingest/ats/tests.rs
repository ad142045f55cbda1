//! One person through every format.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{AtsSystem, open, system_of_bundle, system_of_file};
use crate::ingest::{EventDraft, SourceRecord, read_candidate};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ats").join(name)
}

/// The records of a fixture, by the system that its content tells.
fn records(name: &str) -> (AtsSystem, Vec<SourceRecord>) {
    let path = fixture(name);
    let system = if path.is_dir() { system_of_bundle(&path) } else { system_of_file(&path) };
    let system = system.unwrap().unwrap_or_else(|| panic!("no system is told from {name}"));
    let (records, warnings) = open(&path, system).unwrap();
    assert_eq!(warnings, Vec::<String>::new(), "{name}");
    (system, records.map(Result::unwrap).collect())
}

/// The one person of a fixture: id, document without id and source, events without ids.
fn person(name: &str) -> (String, Value, Vec<(String, String)>) {
    let (system, records) = records(name);
    assert_eq!(records.len(), 1, "{name}");
    let (id, bytes) = read_candidate(&records[0].record).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    let mut document: Value = serde_json::from_slice(&bytes).unwrap();
    let members = document.as_object_mut().unwrap();
    members.remove("id");
    let source = members.remove("source").unwrap();
    assert_eq!(source["system"], system.name(), "{name}");
    assert!(source["externalId"].is_string(), "{name}");
    let mut events: Vec<(String, String)> =
        records[0].events.iter().map(|event| (event.event_type.clone(), event.at.clone())).collect();
    events.sort();
    (id.to_string(), document, events)
}

#[test]
fn what_every_system_can_say_gives_one_candidate() {
    let expected = json!({"profile": {
        "basics": {
            "name": "Mara Lindqvist", "email": "mara.lindqvist@example.org", "phone": "+46 70 555 01 23",
            "location": {"city": "Göteborg", "countryCode": "SE"},
            "profiles": [{"network": "LinkedIn", "url": "https://www.linkedin.com/in/mara-lindqvist-example"}]
        },
        "work": [{"name": "Nordhaven Maritime", "position": "Data Engineer"}]
    }});
    for (name, id) in [
        ("card/greenhouse-v1.json", "gh-4711"),
        ("card/greenhouse-v3.json", "gh-4711"),
        ("card/greenhouse-webhook.json", "gh-4711"),
        ("card/lever.json", "lever-7c0f1a9e-0002-4000-8000-000000000002"),
        ("card/ashby.json", "ashby-7c0f1a9e-0004-4000-8000-000000000004"),
        ("card/workable.json", "workable-3f0c9d"),
        ("card/merge.json", "merge-7c0f1a9e-0005-4000-8000-000000000005"),
        ("card/hr-open.json", "hropen-p-17"),
    ] {
        assert_eq!(person(name), (id.to_owned(), expected.clone(), Vec::new()), "{name}");
    }
}

#[test]
fn a_career_with_applications_gives_one_candidate() {
    let (_, expected, events) = person("career/greenhouse-v1.json");
    let work = json!([
        {"name": "Nordhaven Maritime", "position": "Data Engineer", "startDate": "2019-01"},
        {"name": "Halcyon Rail", "position": "Analyst", "startDate": "2014-09", "endDate": "2018-12"}
    ]);
    assert_eq!(expected["profile"]["work"], work);
    let applied = |at: &str| ("applied".to_owned(), at.to_owned());
    assert_eq!(events, [applied("2025-02-03T10:00:00Z"), applied("2026-02-03T10:00:00Z")]);
    let mut tags: Vec<&str> = expected["tags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    tags.sort_unstable();
    assert_eq!(tags, ["rejected: Salary expectations", "silver medalist", "stage: Onsite"]);
    for name in ["career/greenhouse-v3", "career/greenhouse-webhooks.json", "career/lever.json"] {
        let (_, document, other_events) = person(name);
        assert_eq!((&document, &other_events), (&expected, &events), "{name}");
    }
    // A candidate of Workable is one application, a profile of HR Open none.
    let (_, mut of_workable, other_events) = person("career/workable.json");
    of_workable["tags"].as_array_mut().unwrap().sort_by_key(|tag| tag.as_str().map(str::to_owned));
    assert_eq!(of_workable["tags"], json!(tags));
    assert_eq!((&of_workable["profile"], &other_events[..]), (&expected["profile"], &events[1..]));
    let (_, of_hr_open, _) = person("career/hr-open.json");
    assert_eq!(of_hr_open["profile"], expected["profile"]);
}

#[test]
fn nothing_protected_is_taken_over() {
    for name in ["card/greenhouse-v1.json", "card/merge.json", "card/hr-open.json", "career/greenhouse-v3"] {
        let (_, records) = records(name);
        let text = String::from_utf8(records[0].record.bytes.clone().unwrap()).unwrap().to_lowercase();
        for word in ["gender", "race", "veteran", "disab", "birth", "1980", "photo", "storgatan"] {
            assert!(!text.contains(word), "{name}: {word}");
        }
    }
}

/// The codes and ids of a fixture's records, and the ids of its events.
fn told(name: &str) -> Vec<(Result<String, &'static str>, Vec<String>)> {
    let of = |record: SourceRecord| {
        let read = read_candidate(&record.record);
        let read = read.map(|(id, _)| id.to_string()).map_err(|(_, rejection)| rejection.errors[0].code);
        let id = |event: EventDraft| event.id.unwrap_or_default();
        (read, record.events.into_iter().map(id).collect())
    };
    records(name).1.into_iter().map(of).collect()
}

#[test]
fn what_is_gone_or_broken_is_named_and_the_rest_goes_in() {
    let none = Vec::<String>::new;
    assert_eq!(told("invalid/ashby-failed.json"), [(Err("failed_at_source"), none())]);
    let merge = [(Err("deleted_at_source"), none()), (Ok("merge-m-2".to_owned()), none())];
    assert_eq!(told("invalid/merge-deleted.json"), merge);
    let events = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let greenhouse = [
        (Err("anonymized_at_source"), none()),
        (Err("missing"), none()),
        (Err("invalid_date"), events(&["gh-application-9"])),
        (Ok("gh-3".to_owned()), events(&["gh-application-10", "gh-application-11", "gh-application-11-hired"])),
    ];
    assert_eq!(told("invalid/greenhouse.json"), greenhouse);
    let (_, records) = records("invalid/merge-deleted.json");
    let kept: Value = serde_json::from_slice(records[1].record.bytes.as_ref().unwrap()).unwrap();
    assert_eq!(kept["availability"], json!({"doNotContact": true}));
}
