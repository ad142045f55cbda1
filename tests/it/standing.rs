//! Why a person stands where they stand, clause by clause.

use serde_json::{Value, json};

use crate::client::Service;

async fn service() -> Service {
    let service = Service::start();
    let engineer = |id: &str, summary: &str, country: Value| {
        json!({"id": id, "profile": {
            "basics": {"label": "Engineer", "location": {"countryCode": country}},
            "work": [{"position": "Engineer", "startDate": "2018-01", "summary": summary}]}})
    };
    let people = [
        engineer("first", "Rust and Kafka services.", json!("IT")),
        engineer("second", "Rust services.", json!("IT")),
        engineer("java", "Rust and Java.", json!("DE")),
        engineer("nowhere", "Rust.", Value::Null),
        json!({"id": "empty"}),
    ];
    service.load(&people).await;
    service
}

async fn explain(service: &Service, id: &str, body: Value) -> Value {
    let answer = service.json("POST", &format!("/v1/candidates/{id}/explain"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

fn found(standing: &Value) -> Vec<(String, String, String)> {
    let clauses = standing["clauses"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    clauses.map(|clause| (text(&clause["text"]), text(&clause["role"]), text(&clause["found"]))).collect()
}

#[tokio::test]
async fn each_clause_says_whether_it_is_met() {
    let service = service().await;
    let query = json!({"query": "+rust -java kafka", "filters": {"countries": ["IT"]}});
    let first = explain(&service, "first", query.clone()).await;
    let expected = [("rust", "demand", "yes"), ("java", "negated", "no"), ("kafka", "wish", "yes")];
    assert_eq!(found(&first), expected.map(|(word, role, found)| (word.to_owned(), role.to_owned(), found.to_owned())));
    assert_eq!((&first["isHit"], &first["rank"], &first["listed"]), (&json!(true), &json!(1), &json!(2)));
    assert_eq!((&first["filters"][0]["met"], &first["reasons"]), (&json!("yes"), &json!([])));
    let hits = service.search(query.clone()).await;
    assert_eq!(first["hit"]["score"], hits["hits"][0]["score"]);
    let second = explain(&service, "second", query.clone()).await;
    assert_eq!((&second["rank"], &second["reasons"]), (&json!(2), &json!(["the wished \"kafka\" is not found"])));
    assert_eq!(second["scoreBefore"], hits["hits"][0]["score"]);
    let java = explain(&service, "java", query.clone()).await;
    assert_eq!((&java["isHit"], java.get("rank")), (&json!(false), None));
    let reasons = ["the excluded \"java\" is found", "the wished \"kafka\" is not found", "filter 1 of 1 is not met"];
    assert_eq!(java["reasons"], json!(reasons));
    let nowhere = explain(&service, "nowhere", query).await;
    assert_eq!((&nowhere["isHit"], &nowhere["filters"][0]["met"]), (&json!(false), &json!("unknown")));
}

#[tokio::test]
async fn the_verdict_is_that_of_the_search() {
    let service = service().await;
    let queries = [
        json!({"query": "rust"}),
        json!({"query": "engineer kafka"}),
        json!({"query": "rust OR java"}),
        json!({"query": "-java"}),
        json!({"query": "NOT (rust AND kafka)"}),
        json!({"query": "country:IT"}),
        json!({"query": "-country:IT", "unknowns": "include"}),
        json!({"query": "", "filters": {"countries": {"none": ["DE"]}}}),
    ];
    for query in queries {
        let response = service.search(query.clone()).await;
        let listed: Vec<&str> =
            response["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
        let mut hits = 0;
        for id in ["first", "second", "java", "nowhere", "empty"] {
            let standing = explain(&service, id, query.clone()).await;
            hits += u64::from(standing["isHit"] == json!(true));
            let place = listed.iter().position(|listed| *listed == id).map(|at| at as u64 + 1);
            assert_eq!(standing["rank"].as_u64(), place, "{id} for {query}");
        }
        assert_eq!(response["total"]["value"].as_u64(), Some(hits), "{query}");
    }
}

#[tokio::test]
async fn strangers_and_cursors_are_refused() {
    let service = service().await;
    let unknown = service.json("POST", "/v1/candidates/nobody/explain", json!({})).await;
    assert_eq!((unknown.status, &unknown.body["code"]), (404, &json!("unknown_candidate")));
    let cursor = service.json("POST", "/v1/candidates/first/explain", json!({"cursor": "x"})).await;
    assert_eq!(cursor.status, 400);
}

#[tokio::test]
async fn what_would_change_the_place_is_told_and_true() {
    let service = service().await;
    let query = json!({"query": "rust kafka", "activityWeight": 0.3, "asOf": "2026-11-02T00:00:00Z"});
    let told = explain(&service, "second", query.clone()).await;
    let (rank, score) = (told["rank"].as_u64().unwrap(), told["hit"]["score"].as_f64().unwrap());
    assert!(rank > 1);
    let changes = told["whatIf"].as_array().unwrap();
    let change = |part: &str| changes.iter().find(|change| change["change"].as_str().unwrap().contains(part)).unwrap();
    assert!(changes.iter().all(|change| change["score"].as_f64().unwrap() > score));
    let supported = change("skill \"kafka\"");
    assert_eq!(supported["rank"], 1, "{supported}");
    // What is foretold of events comes true.
    let (one, two) = (change("the next message"), change("the next two messages"));
    assert!(two["score"].as_f64().unwrap() > one["score"].as_f64().unwrap());
    let event = |kind: &str, thread: u8| json!({"candidateId": "second", "type": kind, "at": "2026-11-02T00:00:00Z", "thread": thread.to_string()});
    let events: Vec<Value> =
        (0..2).flat_map(|thread| [event("outreachSent", thread), event("outreachReplied", thread)]).collect();
    let answer = service.json("POST", "/v1/events?refresh=wait", Value::from(events)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let after = explain(&service, "second", query).await;
    assert_eq!((&after["rank"], &after["hit"]["score"]), (&two["rank"], &two["score"]));
    let cook = explain(&service, "empty", json!({"query": "+rust"})).await;
    assert_eq!(cook["whatIf"], json!([]));
}

#[tokio::test]
async fn nobody_is_told_to_learn_words_that_were_lent_to_the_query() {
    let service = Service::start();
    let titles = ["Electrical engineer", "Electrical engineering specialist", "Electrical design engineer", "Baker"];
    let people: Vec<Value> = titles
        .iter()
        .zip(0..)
        .map(|(title, id)| json!({"id": format!("p{id}"), "profile": {"work": [{"position": title, "startDate": "2018"}]}}))
        .collect();
    service.load(&people).await;
    let query = json!({"query": "electrical engineer", "syntax": "plain"});
    let lent = service.search(query.clone()).await["understood"]["expandedBy"].clone();
    assert!(lent.as_array().is_some_and(|lent| !lent.is_empty()), "{lent}");
    let told = explain(&service, "p3", query).await;
    let skills: Vec<&str> = told["whatIf"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|change| change["change"].as_str().unwrap().split_once("the skill ").map(|(_, skill)| skill))
        .collect();
    assert!(
        !skills.is_empty() && skills.iter().all(|skill| ["\"electrical\"", "\"engineer\""].contains(skill)),
        "{skills:?}"
    );
}
