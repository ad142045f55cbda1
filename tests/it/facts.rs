//! Facts over HTTP: as demands of a query and as filters, the same people either way; unknown is not no.

use serde_json::{Value, json};

use crate::client::Service;

async fn service() -> Service {
    let service = Service::start();
    let person = |id: &str, availability: Value, cohorts: Value, tags: Value| {
        json!({"id": id, "availability": availability, "cohorts": cohorts, "tags": tags,
            "profile": {"basics": {"label": "Cook"}}})
    };
    let remote = |remote: bool| json!({"openToWork": {"since": "2026-10-01", "remote": remote}});
    let people = [
        person("at-home", remote(true), json!(["acme-2026-10"]), json!(["silver medalist"])),
        person("on-site", remote(false), json!(["acme-2026-10", "globex"]), json!([])),
        person("settled", json!({"notLooking": true}), json!([]), json!(["silver"])),
        person("silent", json!({}), json!([]), json!([])),
    ];
    service.load(&people).await;
    let event = |id: &str, kind: &str, day: &str| json!({"candidateId": id, "type": kind, "at": format!("2026-{day}T00:00:00Z")});
    let events = [
        event("at-home", "outreachSent", "10-20"),
        event("at-home", "outreachReplied", "10-22"),
        event("on-site", "outreachSent", "05-01"),
        event("on-site", "outreachDeclined", "05-02"),
        event("settled", "applied", "09-15"),
        event("settled", "interviewed", "09-25"),
        // After the instant that the tests take for now.
        event("silent", "loggedIn", "11-20"),
    ];
    let answer = service.json("POST", "/v1/events?refresh=wait", Value::from(events.to_vec())).await;
    assert_eq!((answer.status, &answer.body["accepted"]), (200, &json!(7)), "{}", answer.text);
    service
}

async fn found(service: &Service, body: Value) -> (Vec<String>, u64) {
    let response = service.search(body).await;
    let mut ids: Vec<String> =
        response["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    ids.sort_unstable();
    (ids, response["understood"]["unknowns"]["count"].as_u64().unwrap())
}

#[tokio::test]
async fn queries_and_filters_find_the_same_people() {
    let service = service().await;
    let cases: [(&str, Value, &[&str], u64); 14] = [
        ("years:>=1", json!({"years": {"min": 1}}), &[], 4),
        ("open:true", json!({"openToWork": true}), &["at-home", "on-site"], 1),
        ("open:false", json!({"openToWork": false}), &["settled"], 1),
        ("remote:true", json!({"remote": true}), &["at-home"], 2),
        ("active:<=10d", json!({"lastActive": {"withinDays": 10}}), &["at-home"], 1),
        ("contacted:<=90d", json!({"contacted": {"withinDays": 90}}), &["at-home"], 0),
        ("-contacted:<=90d", json!({"contacted": {"notWithinDays": 90}}), &["on-site", "settled", "silent"], 0),
        ("contacted:false", json!({"contacted": {"ever": false}}), &["settled", "silent"], 0),
        ("contacted:true -contacted:<=90d", json!({"contacted": {"ever": true, "notWithinDays": 90}}), &["on-site"], 0),
        ("replied:true", json!({"replied": {"ever": true}}), &["at-home"], 0),
        ("applied:<=60d", json!({"applied": {"withinDays": 60}}), &["settled"], 0),
        ("interviewed:true", json!({"interviewed": {"ever": true}}), &["settled"], 0),
        ("cohort:\"acme 2026 10\"", json!({"cohorts": ["acme-2026-10"]}), &["at-home", "on-site"], 0),
        // The query speaks words, the filter whole values.
        ("tag:\"silver medalist\"", json!({"tags": ["Silver Medalist"]}), &["at-home"], 0),
    ];
    for (query, filters, people, unknown) in cases {
        let expected = (people.iter().map(ToString::to_string).collect::<Vec<_>>(), unknown);
        assert_eq!(found(&service, json!({ "query": query })).await, expected, "{query}");
        assert_eq!(found(&service, json!({ "filters": filters })).await, expected, "{filters}");
    }
    assert_eq!(found(&service, json!({"query": "tag:silver"})).await.0, ["at-home", "settled"]);
    let not_these = json!({"filters": {"cohorts": {"none": ["globex"]}}});
    assert_eq!(found(&service, not_these).await.0, ["at-home", "settled", "silent"]);
}

#[tokio::test]
async fn unknowns_are_kept_and_marked_on_demand() {
    let service = service().await;
    let response = service.search(json!({"query": "open:true", "unknowns": "include"})).await;
    let hits = response["hits"].as_array().unwrap();
    let unknown: Vec<&Value> = hits.iter().filter(|hit| hit["unknown"] == true).map(|hit| &hit["id"]).collect();
    assert_eq!((hits.len(), unknown), (3, vec![&json!("silent")]));
    // NOT of unknown is unknown.
    assert_eq!(found(&service, json!({"query": "-open:true"})).await, (vec!["settled".to_owned()], 1));
}

#[tokio::test]
async fn facts_explain_themselves() {
    let service = service().await;
    let body = json!({"query": "-contacted:<90d open:true cook"});
    let answer = service.json("POST", "/v1/candidates/at-home/explain", body).await;
    assert_eq!(answer.body["isHit"], false);
    assert_eq!(answer.body["reasons"], json!(["the excluded \"contacted:<90d\" is found"]));
    let clauses = answer.body["clauses"].as_array().unwrap();
    let told: Vec<(&Value, &Value)> = clauses.iter().map(|clause| (&clause["field"], &clause["text"])).collect();
    assert_eq!(told[0], (&json!("contacted"), &json!("contacted:<90d")));
    assert_eq!(told[1], (&json!("open"), &json!("open:true")));
}
