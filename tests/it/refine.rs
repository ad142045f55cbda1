//! What recruiters reach for after the first word: counts, places, completion, sentences, other orders.

use serde_json::{Value, json};

use crate::client::Service;

/// Somebody with a title, skills, an employer and a city.
fn person(id: &str, (title, skills, company): (&str, &[&str], &str), (city, country): (&str, &str)) -> Value {
    let skills: Vec<Value> = skills.iter().map(|skill| json!({ "name": skill })).collect();
    json!({"id": id, "profile": {
        "basics": {"name": format!("{id} Rossi"), "location": {"city": city, "countryCode": country}},
        "work": [{"position": title, "name": company, "startDate": "2018-01", "industry": "Software"}],
        "skills": skills, "languages": [{"language": "Tedesco"}]}})
}

async fn service() -> Service {
    let service = Service::start();
    let mut people = vec![
        person("ada", ("Rust Engineer", &["Rust", "Kubernetes"], "Acme"), ("Milano", "IT")),
        person("bea", ("Rust Engineer", &["Rust", "Docker", "kubernetes"], "Globex"), ("Monza", "IT")),
        person("cay", ("Data Engineer", &["Python", "Kubernetes"], "Acme"), ("Mailand", "IT")),
        person("dan", ("Data Engineer", &["Python"], "Initech"), ("Berlin", "DE")),
        person("eve", ("Nurse", &["Triage"], "Acme"), ("Paris", "US")),
        json!({"id": "fay", "profile": {"basics": {"label": "Engineer"}}}),
    ];
    people[3]["availability"] = json!({"openToWork": {"locations": ["Milan"], "remote": true}});
    people[0]["profile"]["work"][0]["startDate"] = json!("2010-01");
    service.load(&people).await;
    service
}

fn facet<'a>(response: &'a Value, field: &str) -> &'a Value {
    let fields = response["facets"]["fields"].as_array().unwrap();
    fields.iter().find(|facet| facet["field"] == field).unwrap()
}

fn counts(facet: &Value) -> Vec<(String, u64)> {
    let values = facet["values"].as_array().unwrap().iter();
    values.map(|value| (value["label"].as_str().unwrap().to_owned(), value["count"].as_u64().unwrap())).collect()
}

fn told(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect()
}

#[tokio::test]
async fn facets_count_hits_and_ignore_their_own_selection() {
    let service = service().await;
    let fields = json!(["skills", "companies", "cities", "countries", "languages", "years", "openToWork"]);
    let response = service.search(json!({"query": "engineer", "mode": "keyword", "facets": fields})).await;
    assert_eq!(response["total"]["value"], 5);
    assert_eq!(response["facets"]["scope"], "hits");
    let skills = told(&[("Kubernetes", 3), ("Python", 2), ("Rust", 2), ("Docker", 1)]);
    assert_eq!(counts(facet(&response, "skills")), skills);
    assert_eq!(counts(facet(&response, "cities")), told(&[("Milan, IT", 2), ("Berlin, DE", 1), ("Monza, IT", 1)]));
    assert_eq!(counts(facet(&response, "languages")), told(&[("German", 4)]));
    assert_eq!(facet(&response, "cities")["unknown"], 1);
    let selected = json!({"query": "engineer", "mode": "keyword", "facets": fields,
        "filters": {"skills": ["rust"], "companies": ["Acme"]}});
    let response = service.search(selected).await;
    assert_eq!(response["total"]["value"], 1);
    // Among those of Acme, whatever their skills; among those of Rust, whatever their employer.
    assert_eq!(counts(facet(&response, "skills")), told(&[("Kubernetes", 2), ("Python", 1), ("Rust", 1)]));
    assert_eq!(counts(facet(&response, "companies")), told(&[("Acme", 1), ("Globex", 1)]));
    assert_eq!(counts(facet(&response, "countries")), told(&[("Italy", 1)]));
    let rust = facet(&response, "skills")["values"].as_array().unwrap().iter().find(|value| value["label"] == "Rust");
    assert_eq!(rust.unwrap()["isSelected"], true);
}

#[tokio::test]
async fn facets_are_the_same_on_every_page_and_follow_changes() {
    let service = service().await;
    let body = json!({"query": "engineer", "mode": "keyword", "limit": 2, "facets": ["skills"]});
    let first = service.search(body.clone()).await;
    let second = service.search(json!({ "cursor": first["nextCursor"] })).await;
    assert_eq!(first["facets"], second["facets"]);
    let answer = service.json("DELETE", "/v1/candidates/bea?refresh=wait", Value::Null).await;
    assert_eq!(answer.status, 204);
    let python = json!({"profile": {"basics": {"label": "Engineer"}, "skills": [{"name": "PYTHON"}]}});
    let answer = service.json("PUT", "/v1/candidates/fay?refresh=wait", python).await;
    assert_eq!(answer.status, 200);
    let response = service.search(body).await;
    assert_eq!(counts(facet(&response, "skills")), told(&[("Python", 3), ("Kubernetes", 2), ("Rust", 1)]));
}

#[tokio::test]
async fn wrong_facets_orders_and_places_are_named() {
    let service = service().await;
    let cases = [
        (json!({"facets": ["skill"]}), "/facets/0", "unknown_facet"),
        (json!({"facets": ["skills", "skills"]}), "/facets/1", "repeated_facet"),
        (json!({"facets": [{"field": "skills", "limit": 0}]}), "/facets/0/limit", "limit_out_of_range"),
        (json!({"sort": "distance"}), "/sort", "place_needed"),
        (json!({"sort": {"by": "score", "order": "ascending"}}), "/sort", "conflicting_order"),
        (json!({"sort": {"by": "name", "from": "Milano"}}), "/sort", "conflicting_order"),
        (json!({"sort": {"by": "distance", "from": "Neverland"}}), "/sort/from", "unknown_place"),
        (json!({"filters": {"near": {"place": "Neverland"}}}), "/filters/near/place", "unknown_place"),
        (json!({"filters": {"near": {"place": "Milano", "km": -1}}}), "/filters/near/km", "out_of_range"),
        (json!({"interpret": true, "syntax": "plain"}), "/interpret", "conflicting_syntax"),
    ];
    for (body, pointer, code) in cases {
        let answer = service.json("POST", "/v1/search", body).await;
        let error = &answer.body["errors"][0];
        assert_eq!((answer.status, &error["pointer"], &error["code"]), (400, &json!(pointer), &json!(code)));
    }
    for path in ["/v1/suggest", "/v1/suggest?q=a&field=names", "/v1/suggest?q=a&limit=0", "/v1/suggest?q=a&x=1"] {
        assert_eq!(service.get(path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn people_are_found_around_a_place_with_their_distance() {
    let service = service().await;
    let response = service.search(json!({"query": "near:Mailand~30km", "sort": "distance"})).await;
    let hits = response["hits"].as_array().unwrap();
    let found: Vec<&str> = hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    assert_eq!(found, ["ada", "cay", "bea"]);
    assert_eq!(hits[0]["card"]["place"]["distanceKm"], 0.0);
    let monza = hits[2]["card"]["place"]["distanceKm"].as_f64().unwrap();
    assert!((10.0..20.0).contains(&monza), "{monza}");
    assert_eq!(response["understood"]["unknowns"]["count"], 1);
    // The stated country is believed: no Paris of France.
    let ids = service.ids(json!({"filters": {"near": {"place": "Paris, FR", "km": 500}}})).await;
    assert_eq!(ids, [""; 0]);
    let response = service.search(json!({"query": "relocate:Milano", "filters": {"remote": true}})).await;
    assert_eq!(response["hits"][0]["id"], "dan");
    let card = &response["hits"][0]["card"];
    assert_eq!((&card["wouldRelocate"], &card["remote"]), (&json!(true), &json!(true)));
    let response = service.search(json!({"filters": {"near": {"place": "Paris"}, "skills": ["kubernets"]}})).await;
    let filters = response["understood"]["filters"].as_array().unwrap();
    assert_eq!(filters[0]["didYouMean"], json!([{"value": "kubernets", "suggested": "Kubernetes"}]), "{filters:?}");
    assert!(filters[1]["note"].as_str().unwrap().contains("Paris, US"), "{}", filters[1]);
}

#[tokio::test]
async fn hits_come_in_the_order_that_is_asked_for() {
    let service = service().await;
    let by = async |sort: Value| service.ids(json!({"query": "engineer", "sort": sort})).await;
    assert_eq!(by(json!("name")).await, ["ada", "bea", "cay", "dan", "fay"]);
    assert_eq!(by(json!({"by": "name", "order": "descending"})).await, ["dan", "cay", "bea", "ada", "fay"]);
    assert_eq!(by(json!("experience")).await, ["ada", "bea", "cay", "dan", "fay"]);
    assert_eq!(by(json!({"by": "distance", "from": "Potsdam"})).await[0], "dan");
    let event =
        |id: &str, day: &str| json!({"candidateId": id, "type": "loggedIn", "at": format!("2026-10-{day}T00:00:00Z")});
    let events = json!([event("cay", "03"), event("dan", "20")]);
    assert_eq!(service.json("POST", "/v1/events?refresh=wait", events).await.status, 200);
    assert_eq!(by(json!("lastActive")).await, ["dan", "cay", "ada", "bea", "fay"]);
    // No order changes a score.
    let scores = async |sort: Value| {
        let response = service.search(json!({"query": "engineer", "sort": sort, "mode": "keyword"})).await;
        let hits = response["hits"].as_array().unwrap().iter();
        let mut scores: Vec<_> = hits.map(|hit| (hit["id"].to_string(), hit["score"].to_string())).collect();
        scores.sort();
        scores
    };
    let by_score = scores(json!("score")).await;
    for sort in [json!("name"), json!({"by": "distance", "from": "Berlin"}), json!("lastActive")] {
        assert_eq!(scores(sort).await, by_score);
    }
    // Pages follow the order, and the score is told all the same.
    let first = service.search(json!({"query": "engineer", "sort": "name", "limit": 2})).await;
    let second = service.search(json!({ "cursor": first["nextCursor"] })).await;
    assert_eq!((&second["hits"][0]["id"], &second["sort"]["by"]), (&json!("cay"), &json!("name")));
    assert!(second["hits"][0]["explanation"]["signals"][0]["raw"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn what_is_typed_is_completed() {
    let service = service().await;
    let texts = async |path: &str| {
        let answer = service.get(path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let suggestions = answer.body["suggestions"].as_array().unwrap().clone();
        suggestions.iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts("/v1/suggest?q=kube").await, ["Kubernetes"]);
    assert_eq!(texts("/v1/suggest?q=kubrentes&field=skills").await, ["Kubernetes"]);
    assert_eq!(texts("/v1/suggest?q=engin").await, ["Data Engineer", "Rust Engineer"]);
    assert_eq!(texts("/v1/suggest?q=acm").await, ["Acme"]);
    // By another name than people write, and where nobody lives.
    assert_eq!(texts("/v1/suggest?q=mailan&field=cities").await, ["Milan, IT"]);
    assert_eq!(texts("/v1/suggest?q=torin&field=cities").await[0], "Turin, IT");
    assert_eq!(texts("/v1/suggest?q=&field=skills").await, [""; 0]);
    let answer = service.get("/v1/suggest?q=kubernetes&field=skills").await;
    assert_eq!(answer.body["suggestions"][0]["people"], 3);
    assert_eq!(service.json("DELETE", "/v1/candidates/bea?refresh=wait", Value::Null).await.status, 204);
    assert_eq!(texts("/v1/suggest?q=docker").await, [""; 0]);
}

#[tokio::test]
async fn a_sentence_becomes_filters_and_wishes_and_can_be_undone() {
    let service = service().await;
    let sentence = "rust engineer in Milan, 5+ years, not from Globex";
    let response = service.search(json!({"query": sentence, "interpret": true, "mode": "keyword"})).await;
    let read = &response["understood"]["interpreted"];
    assert_eq!(read["query"], "rust engineer -company:Globex");
    assert_eq!(read["filters"], json!({"near": {"place": "Milan, IT"}, "years": {"min": 5.0}}));
    assert_eq!(response["hits"].as_array().unwrap().iter().map(|hit| &hit["id"]).collect::<Vec<_>>(), ["ada", "cay"]);
    let parts = read["parts"].as_array().unwrap();
    let words: Vec<&str> = parts.iter().map(|part| part["words"].as_str().unwrap()).collect();
    assert_eq!(words, ["in Milan", "5+ years", "not from Globex"]);
    for part in parts {
        let [from, to] = ["start", "end"].map(|end| part["spans"][0][end].as_u64().unwrap() as usize);
        assert_eq!(&sentence[from..to], part["words"].as_str().unwrap());
        let undone = service.search(json!({"query": part["undo"]["query"], "filters": part["undo"]["filters"]})).await;
        assert!(undone["total"]["value"].as_u64() >= response["total"]["value"].as_u64(), "{part}");
    }
    // Without being asked to, nothing is interpreted; what speaks the language is left alone.
    let response = service.search(json!({ "query": sentence })).await;
    assert_eq!(response["understood"]["interpreted"], Value::Null);
    let response = service.search(json!({"query": "title:rust in Milan", "interpret": true})).await;
    assert_eq!(response["understood"]["interpreted"], Value::Null);
    let body = json!({"query": "engineers in Milan", "interpret": true, "minutes": 30});
    let answer = service.json("POST", "/v1/shortlist", body).await;
    assert_eq!((answer.status, &answer.body["interpreted"]["query"]), (200, &json!("engineers")));
}
