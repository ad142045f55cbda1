//! Feedback moves the order, says how, and changes nothing else.

use serde_json::{Value, json};

use crate::client::Service;

fn person(id: &str, title: &str, tool: &str) -> Value {
    json!({"id": id, "profile": {
        "work": [{"position": title, "name": "Acme", "startDate": "2018-01", "summary": format!("Services in Rust with {tool}.")}],
        "skills": [{"name": "Rust"}, {"name": tool}]}})
}

async fn service() -> Service {
    let service = Service::start();
    let people = [
        person("k1", "Rust developer", "Kubernetes"),
        person("k2", "Rust developer", "Kubernetes"),
        person("e1", "Rust developer", "microcontrollers"),
        person("e2", "Rust developer", "microcontrollers"),
        person("n", "Nurse", "Kubernetes"),
    ];
    service.load(&people).await;
    service
}

async fn search(service: &Service, feedback: Value) -> Value {
    let mut body = json!({"query": "+rust developer", "asOf": "2026-11-02T00:00:00Z"});
    if !feedback.is_null() {
        body["feedback"] = feedback;
    }
    let answer = service.json("POST", "/v1/search", body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

fn ids(response: &Value) -> Vec<&str> {
    response["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_liked_bring_their_like_up_and_the_hits_stay() {
    let service = service().await;
    let plain = search(&service, Value::Null).await;
    assert!(plain["understood"].get("feedback").is_none());
    for (liked, disliked, first) in [("k2", "e1", ["k1", "k2"]), ("e2", "k1", ["e1", "e2"])] {
        let feedback = json!({"liked": [liked, "nobody"], "disliked": [disliked]});
        let moved = search(&service, feedback.clone()).await;
        let mut leading = ids(&moved)[..2].to_vec();
        leading.sort_unstable();
        assert_eq!(leading, first, "{:?}", ids(&moved));
        assert_eq!(moved["total"], plain["total"]);
        let told = &moved["understood"]["feedback"];
        assert_eq!((&told["liked"], &told["disliked"]), (&json!([liked]), &json!([disliked])));
        assert_eq!(told["ignored"], json!(["nobody"]));
        let words: Vec<&str> =
            told["words"].as_array().unwrap().iter().map(|word| word["word"].as_str().unwrap()).collect();
        assert_eq!(words, [if liked == "k2" { "kubernetes" } else { "microcontrollers" }]);
        assert!(told["words"][0]["weight"].as_f64().unwrap() <= 0.5);
        assert!(told["skillsCosine"].as_f64().unwrap() < 0.999, "{told}");
        // Contributions add up with the added words too.
        let hit = &moved["hits"][0];
        let signals = hit["explanation"]["signals"].as_array().unwrap();
        let sum: f64 = signals.iter().map(|signal| signal["contribution"].as_f64().unwrap()).sum();
        assert!((sum - hit["score"].as_f64().unwrap()).abs() < 1e-6);
        assert!(hit["explanation"]["signals"][0]["reason"].as_str().unwrap().contains(words[0]));
        let again = search(&service, feedback).await;
        assert_eq!((&again["hits"], &again["understood"]), (&moved["hits"], &moved["understood"]));
    }
}

#[tokio::test]
async fn feedback_alone_finds_people_like_those() {
    let service = service().await;
    let answer = service.json("POST", "/v1/search", json!({"feedback": {"liked": ["n"]}})).await;
    assert_eq!((answer.status, ids(&answer.body)[0]), (200, "n"), "{}", answer.text);
    assert_eq!(answer.body["total"]["value"], 5);
}

#[tokio::test]
async fn contradictions_are_refused() {
    let service = Service::start();
    let many: Vec<String> = (0..21).map(|at| format!("p{at}")).collect();
    for (feedback, pointer, code) in [
        (json!({"liked": ["a"], "disliked": ["b", "a"]}), "/feedback/disliked/1", "conflicting_feedback"),
        (json!({"liked": many}), "/feedback/liked", "too_many_values"),
        (json!({"loved": ["a"]}), "/feedback/loved", "unknown_field"),
    ] {
        let answer = service.json("POST", "/v1/search", json!({"query": "x", "feedback": feedback})).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{}", answer.text);
        assert_eq!(answer.body["errors"][0]["code"], code, "{}", answer.text);
    }
}
