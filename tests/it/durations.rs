//! How long: overlaps once, stale positions to the next start, missing dates unknown, beginners and veterans.

use serde_json::{Value, json};

use crate::client::Service;

fn person(id: &str, work: &[(&str, Option<&str>, Option<&str>)]) -> Value {
    let position = |(text, start, end): &(&str, Option<&str>, Option<&str>)| json!({"position": "Engineer", "summary": text, "startDate": start, "endDate": end});
    json!({"id": id, "profile": {"work": work.iter().map(position).collect::<Vec<_>>(), "skills": [{"name": "Go"}]}})
}

/// Now is November 2026.
fn people() -> Vec<Value> {
    let at = Some::<&str>;
    vec![
        // Six years: 2015 to 2020 inclusive, of which rust in five.
        person("overlap", &[("Rust", at("2015-01"), at("2019-12")), ("Java", at("2016-01"), at("2020-12"))]),
        // The first position was never closed: it counts to the start of the next.
        person("stale", &[("Rust", at("2010-01"), None), ("Java", at("2015-01"), None)]),
        person("undated", &[("Rust", None, None)]),
        person("half", &[("Rust", None, None), ("Java", at("2020-01"), at("2021-12"))]),
        person("beginner", &[("Rust", at("2026-06"), None)]),
        person("veteran", &[("Java", at("1990-01"), None), ("Rust", at("1993-01"), at("2024-12"))]),
        json!({"id": "nothing"}),
    ]
}

async fn found(service: &Service, body: Value) -> (Vec<String>, u64) {
    let response = service.search(body).await;
    let mut ids: Vec<String> =
        response["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    (ids, response["understood"]["unknowns"]["count"].as_u64().unwrap())
}

#[tokio::test]
async fn years_count_overlaps_once_and_missing_dates_are_unknown() {
    let service = Service::start();
    service.load(&people()).await;
    // Of "undated" and "nothing" nothing is known.
    for (query, filter, expected) in [
        ("years:6..6", json!({"min": 6, "max": 6}), &["overlap"][..]),
        ("years:0..1", json!({"min": 0, "max": 1}), &["beginner"]),
        ("years:>=30", json!({"min": 30}), &["veteran"]),
        ("years:10..20", json!({"min": 10, "max": 20}), &["stale"]),
        ("years:<=2", json!({"max": 2}), &["beginner", "half"]),
        ("years:>=0", json!({"min": 0}), &["beginner", "half", "overlap", "stale", "veteran"]),
    ] {
        let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
        assert_eq!(found(&service, json!({ "query": query })).await, (expected.clone(), 2), "{query}");
        assert_eq!(found(&service, json!({"filters": {"years": filter}})).await, (expected, 2), "{query}");
    }
    assert_eq!(found(&service, json!({"query": "-years:>=3"})).await, (vec!["beginner".into(), "half".into()], 2));
    let response = service.search(json!({"query": "years:6..6"})).await;
    assert_eq!(response["hits"][0]["card"]["years"], 6.0);
    let clause = &response["understood"]["query"]["children"][0];
    assert_eq!(clause["hits"], json!({"alone": 1, "inContext": 1, "without": 7, "unknown": 2}));
}

#[tokio::test]
async fn years_of_a_skill_are_those_of_the_positions_that_name_it() {
    let service = Service::start();
    service.load(&people()).await;
    for (query, expected, unknown) in [
        ("skillYears(rust):5..5", &["overlap", "stale"][..], 2),
        ("skillYears(rust):0..1", &["beginner", "nothing"], 2),
        ("skillYears(rust):>=30", &["veteran"], 2),
        ("-skillYears(rust):>=1", &["beginner", "nothing"], 2),
        // Everybody but "nothing" lists Go, no position names it.
        ("skillYears(go):<1", &["nothing"], 6),
        ("skillYears(cobol):<1", &["beginner", "half", "nothing", "overlap", "stale", "undated", "veteran"], 0),
        ("evidence(rust):>=used", &["beginner", "overlap", "stale", "veteran"], 0),
        ("evidence(go):=listed", &["beginner", "half", "overlap", "stale", "undated", "veteran"], 0),
        ("evidence(rust):<listed", &["half", "nothing", "undated"], 0),
        ("-evidence(go):>=listed", &["nothing"], 0),
    ] {
        let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
        assert_eq!(found(&service, json!({ "query": query })).await, (expected, unknown), "{query}");
    }
    let earlier = found(&service, json!({"query": "skillYears(rust):>=30", "asOf": "2020-01-01T00:00:00Z"})).await;
    assert_eq!(earlier.0, ["veteran"], "a closed position counts as it is closed");
}
