//! The bound: activity never lifts anybody over who is more relevant by more than it may move, whatever the weights, the
//! instant and what was learnt.

use lodestone::population::{DEFAULT_AS_OF, Population};
use serde_json::{Value, json};

use crate::client::Service;

const PEOPLE: u64 = 400;

async fn service() -> Service {
    let population = Population::new(23, PEOPLE, DEFAULT_AS_OF);
    let people: Vec<_> = (0..PEOPLE).map(|at| population.candidate(at)).collect();
    let service = Service::start();
    service
        .load(&people.iter().map(|person| serde_json::to_value(&person.candidate).unwrap()).collect::<Vec<_>>())
        .await;
    let events: Vec<Value> =
        people.iter().flat_map(|person| &person.events).map(|event| serde_json::to_value(event).unwrap()).collect();
    let answer = service.json("POST", "/v1/events?refresh=wait", Value::from(events)).await;
    assert_eq!((answer.status, &answer.body["rejected"]), (200, &json!([])), "{}", answer.text);
    service
}

/// Numbers in [0, 1) that look random and are the same each time.
fn numbers(seed: u64) -> impl Iterator<Item = f64> {
    (0..).map(move |at: u64| {
        let hash = blake3::hash(&[seed.to_le_bytes(), at.to_le_bytes()].concat());
        f64::from(u32::from_le_bytes(hash.as_bytes()[..4].try_into().unwrap())) / 4_294_967_296.0
    })
}

fn request(seed: u64) -> Value {
    let queries = ["developer", "nurse", "engineer manager", "sales", "+manager", "Entwickler", "java -cobol", ""];
    let mut number = numbers(seed);
    let mut next = || number.next().unwrap();
    let day = (next() * 720.0) as i64;
    let as_of = DEFAULT_AS_OF - jiff::SignedDuration::from_hours(24 * day);
    let mut body = json!({"query": queries[(next() * 8.0) as usize], "asOf": as_of.to_string(), "limit": 100});
    if next() < 0.7 {
        body["activityWeight"] = json!(next() * 0.3);
    }
    if next() < 0.5 {
        let names = ["recency", "openness", "responsiveness", "contactPressure", "freshness", "movement"];
        body["activityComponents"] = names.iter().map(|name| ((*name).to_owned(), json!(next()))).collect();
    }
    if next() < 0.5 {
        body["weights"] = json!({"keyword": next(), "semantic": next()});
    }
    body
}

#[tokio::test]
async fn activity_never_beats_relevance_by_more_than_the_bound() {
    let service = service().await;
    let (mut learnt, mut moved) = (0, 0);
    for seed in 0..60 {
        let body = request(seed);
        let response = service.search(body.clone()).await;
        let c = response["activityWeight"].as_f64().unwrap();
        assert!((0.0..=0.3).contains(&c), "{c}");
        // With more than 500 known outcomes and no weight of its own a request gets what was learnt: not the 0.1 of ignorance.
        learnt += usize::from(body.get("activityWeight").is_none() && c != 0.1);
        let relevances: Vec<f64> =
            response["hits"].as_array().unwrap().iter().map(|hit| hit["relevance"].as_f64().unwrap()).collect();
        for (at, before) in relevances.iter().enumerate() {
            for after in &relevances[at + 1..] {
                assert!(after * (1.0 - c / 2.0) <= before * (1.0 + c / 2.0) + 1e-12, "{before} before {after}: {body}");
                moved += usize::from(after > before);
            }
        }
    }
    assert!(learnt > 0, "no request was answered with the learnt weight");
    assert!(moved > 0, "activity moved nobody");
}

#[tokio::test]
async fn the_same_request_gets_the_same_bytes() {
    let service = service().await;
    for seed in 0..8 {
        let mut bytes = Vec::new();
        for _ in 0..2 {
            let mut response = service.search(request(seed)).await;
            response["tookMs"] = Value::Null;
            response["nextCursor"] = Value::Null;
            bytes.push(response.to_string());
        }
        assert_eq!(bytes[0], bytes[1]);
        assert!(["generation", "modelVersion", "rankingVersion"].iter().all(|name| bytes[0].contains(name)));
    }
}

#[tokio::test]
async fn overrides_stay_within_their_limits() {
    let service = Service::start();
    let components = |recency: f64| json!({"recency": recency, "openness": 0, "responsiveness": 0, "contactPressure": 0, "freshness": 0, "movement": 0});
    for (body, pointer) in [
        (json!({"activityWeight": 0.31}), "/activityWeight"),
        (json!({"activityComponents": components(1.1)}), "/activityComponents"),
        (json!({"activityComponents": components(0.0)}), "/activityComponents"),
    ] {
        let answer = service.json("POST", "/v1/search", body).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["pointer"]), (400, &json!(pointer)), "{}", answer.text);
    }
}
