//! The shortlist: whom to write to now, who is left out, and why.

use serde_json::{Value, json};

use crate::client::Service;

fn developer(id: &str, employer: &str, more: Value) -> Value {
    let mut person = json!({"id": id, "profile": {
        "basics": {"label": "Rust developer"},
        "work": [{"position": "Rust developer", "name": employer, "startDate": "2018-01", "summary": "Services in Rust."}],
        "skills": [{"name": "Rust"}]}});
    for (name, value) in more.as_object().unwrap() {
        person[name] = value.clone();
    }
    person
}

async fn service() -> Service {
    let service = Service::start();
    let people = [
        developer("answers", "Alpha", json!({})),
        developer("silent", "Beta", json!({})),
        developer("asked-lately", "Gamma", json!({})),
        developer("leave-me", "Delta", json!({"availability": {"doNotContact": true}})),
        developer("twin-1", "Omega", json!({})),
        developer("twin-2", "Omega", json!({})),
        json!({"id": "cook", "profile": {"work": [{"position": "Cook", "startDate": "2019"}]}}),
    ];
    service.load(&people).await;
    let event = |id: &str, kind: &str, at: &str, by: &str| json!({"candidateId": id, "type": kind, "at": format!("{at}T00:00:00Z"), "by": by, "thread": format!("{id}{at}")});
    let mut events = vec![
        event("asked-lately", "outreachSent", "2026-10-25", "r1"),
        event("silent", "outreachSent", "2026-09-20", "r2"),
    ];
    for month in ["2026-05-01", "2026-06-01", "2026-07-01"] {
        events.push(event("answers", "outreachSent", month, "r3"));
        events.push(event("answers", "outreachReplied", month, "r3"));
        events.push(event("silent", "outreachSent", month, "r3"));
    }
    let answer = service.json("POST", "/v1/events?refresh=wait", Value::from(events)).await;
    assert_eq!((answer.status, &answer.body["accepted"]), (200, &json!(11)), "{}", answer.text);
    service
}

fn ids(response: &Value) -> Vec<&str> {
    response["shortlist"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

async fn shortlist(service: &Service, body: Value) -> Value {
    let answer = service.json("POST", "/v1/shortlist", body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

#[tokio::test]
async fn those_who_answer_come_first_and_who_must_not_be_written_to_is_left_out() {
    let service = service().await;
    let response = shortlist(&service, json!({"query": "+rust developer"})).await;
    assert_eq!(ids(&response), ["answers", "twin-1", "twin-2", "silent"]);
    let left_out = json!({"relevanceFloor": 0.6, "competed": 4, "belowRelevance": 0, "doNotContact": 1, "coolingDown": 1, "clones": 0});
    assert_eq!(response["considered"], left_out);
    let items = response["shortlist"].as_array().unwrap();
    let number = |at: usize, name: &str| items[at][name].as_f64().unwrap();
    assert!(number(0, "replyProbability") > 2.0 * number(3, "replyProbability"));
    // The second of two from one employer counts 0.7 of what the first does.
    assert!((number(2, "gain") / number(1, "gain") - 0.7).abs() < 1e-9);
    let mut sum = 0.0;
    for at in 0..4 {
        sum += number(at, "gain");
        assert!((number(at, "expectedReplies") - sum).abs() < 1e-9);
    }
    assert!(items[0]["reason"].as_str().unwrap().contains("replied to 3 of 3 messages"), "{}", items[0]["reason"]);
    assert!(items[0]["explanation"]["activity"]["components"].as_array().unwrap().len() == 6);
}

#[tokio::test]
async fn the_budget_the_recruiter_and_the_stop_rule_count() {
    let service = service().await;
    let body = json!({"query": "+rust developer", "minutes": 40, "minutesPerCandidate": 20});
    assert_eq!(ids(&shortlist(&service, body).await), ["answers", "twin-1"]);
    let own = shortlist(&service, json!({"query": "+rust developer", "recruiter": "r2"})).await;
    assert_eq!(ids(&own), ["answers", "twin-1", "twin-2"]);
    let response = shortlist(&service, json!({"query": "+rust developer"})).await;
    let (after, reason) = (response["stop"]["after"].as_u64().unwrap(), response["stop"]["reason"].as_str().unwrap());
    let gains: Vec<f64> =
        response["shortlist"].as_array().unwrap().iter().map(|item| item["gain"].as_f64().unwrap()).collect();
    assert_eq!(after as usize, gains.iter().take_while(|gain| **gain >= 0.02).count());
    assert!(reason.contains("expected replies"), "{reason}");
    let none = shortlist(&service, json!({"query": "+cobol"})).await;
    assert_eq!((ids(&none).len(), &none["stop"]["reason"]), (0, &json!("nobody may be written to")));
}

#[tokio::test]
async fn wrong_budgets_and_unknown_members_are_refused() {
    let service = Service::start();
    for (body, pointer) in [
        (json!({"minutes": 0}), "/minutes"),
        (json!({"minutes": 10, "minutesPerCandidate": 15}), "/minutes"),
        (json!({"minutesPerCandidate": -1}), "/minutesPerCandidate"),
        (json!({"limit": 3}), "/limit"),
    ] {
        let answer = service.json("POST", "/v1/shortlist", body.clone()).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{}", answer.text);
    }
}

#[tokio::test]
async fn alternatives_are_covered_and_clones_compete_once() {
    let service = Service::start();
    let told =
        "Built payment services, wrote the tests first, reviewed the code of others and answered the phone at night.";
    let person = |id: &str, language: &str, employer: &str| {
        json!({"id": id, "profile": {
            "basics": {"label": format!("{language} developer")},
            "work": [{"position": format!("{language} developer"), "name": employer, "startDate": "2018-01", "summary": told}],
            "skills": [{"name": language}]}})
    };
    let people = [
        person("go-1", "Go", "Alpha"),
        person("go-2", "Go", "Beta"),
        person("go-3", "Go", "Gamma"),
        person("go-4", "Go", "Gamma"),
        person("rust-1", "Rust", "Delta"),
        person("rust-2", "Rust", "Delta"),
        person("rust-3", "Rust", "Delta"),
        person("rust-4", "Rust", "Epsilon"),
    ];
    service.load(&people).await;
    let query = "(skill:Go OR skill:Rust) developer";
    let response = shortlist(&service, json!({"query": query, "minutes": 60})).await;
    let items = response["shortlist"].as_array().unwrap();
    let count = |alternative: &str| items.iter().filter(|item| item["meets"] == json!([alternative])).count();
    assert_eq!((items.len(), count("skill:go"), count("skill:rust")), (4, 2, 2), "{response}");
    // One of Gamma's two and one of Delta's three: the others say the same of themselves.
    assert_eq!((&response["considered"]["clones"], &response["considered"]["competed"]), (&json!(3), &json!(5)));
    assert_eq!(response["replyEstimate"], json!({"isLearnt": false, "messages": 0}));
    let plain = shortlist(&service, json!({"query": "developer"})).await;
    assert_eq!(plain["shortlist"][0]["meets"], json!([]));
}
