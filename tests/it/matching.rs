//! A job text as a query, and people like these.

use serde_json::{Value, json};

use crate::client::Service;

const JOB: &str = "\
Senior Rust Engineer (m/f/d)

Requirements
- 5+ years of experience
- Rust, Kafka
- Fluent Italian

Nice to have
- Terraform

What we offer
- Java courses and a kitchen with a pastry chef";

fn person(id: &str, title: &str, employer: &str, skills: &[&str], text: &str) -> Value {
    let skills: Vec<Value> = skills.iter().map(|skill| json!({"name": skill})).collect();
    json!({"id": id, "profile": {
        "basics": {"label": title},
        "work": [{"position": title, "name": employer, "startDate": "2015-01", "summary": text}],
        "skills": skills}})
}

fn people() -> Vec<Value> {
    let rust = "Builds payment services in Rust and Kafka.";
    vec![
        person("rust", "Rust Engineer", "Alpha", &["Rust", "Kafka"], rust),
        person(
            "rust-2",
            "Software developer",
            "Beta",
            &["Rust", "Terraform"],
            "Builds services in Rust with Terraform.",
        ),
        person("java", "Java Developer", "Alpha", &["Java"], "Builds services in Java."),
        person("pastry", "Pastry chef", "Alpha", &["Pastry"], "Bakes cakes in the kitchen."),
        person("nurse", "Krankenschwester", "Alpha", &["Wundversorgung"], "Pflege auf der Intensivstation."),
    ]
}

async fn service() -> Service {
    let service = Service::start();
    service.load(&people()).await;
    service
}

async fn ids(service: &Service, path: &str, body: Value) -> Vec<String> {
    let answer = service.json("POST", path, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let hits = answer.body["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_job_finds_who_fits_and_says_what_was_read() {
    let service = service().await;
    let found = ids(&service, "/v1/match", json!({"description": JOB})).await;
    assert_eq!(found[..2], ["rust", "rust-2"], "{found:?}");
    let answer = service.json("POST", "/v1/match", json!({"description": JOB})).await;
    let job = &answer.body["understood"]["job"];
    assert_eq!((&job["title"], &job["nice"]), (&json!("Senior Rust Engineer"), &json!(["Terraform"])));
    assert_eq!(job["proposedFilters"], json!({"languages": {"all": ["Italian"]}, "years": {"min": 5.0}}));
    assert_eq!(job["leftOut"][0]["about"], "benefits");
    let hit = &answer.body["hits"][0];
    let sum: f64 =
        hit["explanation"]["signals"].as_array().unwrap().iter().map(|s| s["contribution"].as_f64().unwrap()).sum();
    assert!((sum - hit["score"].as_f64().unwrap()).abs() < 1e-6, "{hit}");
    // Nobody states a language: with the filters that were read it is unknown of everybody.
    let body = json!({"description": JOB, "useProposedFilters": true});
    assert_eq!(ids(&service, "/v1/match", body).await, [""; 0]);
    let body = json!({"description": JOB, "useProposedFilters": true, "unknowns": "include"});
    assert_eq!(ids(&service, "/v1/match", body).await[0], "rust");
}

#[tokio::test]
async fn edits_of_the_plan_count() {
    let service = service().await;
    let edited = json!({"title": "Krankenschwester", "must": ["Wundversorgung"], "nice": []});
    assert_eq!(ids(&service, "/v1/match", edited).await[0], "nurse");
    let edited = json!({"description": JOB, "title": "Konditor", "must": ["Pastry"]});
    assert_eq!(ids(&service, "/v1/match", edited).await[0], "pastry");
}

#[tokio::test]
async fn what_is_left_aside_moves_nobody() {
    let service = service().await;
    let scores = |answer: Value| -> Vec<(String, f64)> {
        let hits = answer["hits"].as_array().unwrap().iter();
        hits.map(|hit| (hit["id"].as_str().unwrap().to_owned(), hit["score"].as_f64().unwrap())).collect()
    };
    let without = JOB.split("What we offer").next().unwrap();
    let as_of = "2026-11-01T00:00:00Z";
    let with = service.json("POST", "/v1/match", json!({"description": JOB, "asOf": as_of})).await;
    let without = service.json("POST", "/v1/match", json!({"description": without, "asOf": as_of})).await;
    assert_eq!(scores(with.body), scores(without.body));
}

#[tokio::test]
async fn pages_of_a_job_follow_one_window() {
    let service = service().await;
    let whole = ids(&service, "/v1/match", json!({"description": JOB})).await;
    let mut body = json!({"description": JOB, "limit": 1});
    let mut paged = Vec::new();
    for _ in 0..whole.len() {
        let answer = service.json("POST", "/v1/match", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.body["understood"]["job"]["title"], "Senior Rust Engineer");
        paged.push(answer.body["hits"][0]["id"].as_str().unwrap().to_owned());
        body = json!({"cursor": answer.body["nextCursor"]});
    }
    assert_eq!((paged, &body["cursor"]), (whole, &Value::Null));
    let both = service.json("POST", "/v1/match", json!({"cursor": "x", "title": "y"})).await;
    assert_eq!((both.status, &both.body["code"]), (400, &json!("cursor_with_parameters")));
}

#[tokio::test]
async fn wrong_jobs_are_refused() {
    let service = Service::start();
    let long = "x".repeat(65_537);
    for (body, pointer) in [
        (json!({}), "/description"),
        (json!({"description": " "}), "/description"),
        (json!({"description": long}), "/description"),
        (json!({"title": "x".repeat(501)}), "/title"),
        (json!({"must": vec!["x"; 101]}), "/must"),
        (json!({"title": "x", "nice": ["x".repeat(501)]}), "/nice/0"),
        (json!({"title": "x", "limit": 0}), "/limit"),
        (json!({"must": [""]}), "/description"),
        (json!({"title": "(m/w/d)"}), "/description"),
    ] {
        let answer = service.json("POST", "/v1/match", body).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["pointer"]), (400, &json!(pointer)), "{}", answer.text);
    }
}

#[tokio::test]
async fn people_like_one_do_the_same_and_are_not_colleagues() {
    let service = service().await;
    let answer = service.get("/v1/candidates/rust/similar").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let hits: Vec<&str> =
        answer.body["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    assert_eq!(hits[0], "rust-2", "{hits:?}");
    assert!(!hits.contains(&"rust"));
    let similar = &answer.body["understood"]["similarTo"];
    assert_eq!((&similar["ids"], &similar["titles"][0]["text"]), (&json!(["rust"]), &json!("Rust Engineer")));
    assert!(!similar.to_string().contains("Alpha"), "{similar}");
    assert_eq!(service.get("/v1/candidates/nobody/similar").await.status, 404);
    assert_eq!(service.get("/v1/candidates/rust/similar?limit=0").await.status, 400);
}

#[tokio::test]
async fn people_like_several_are_between_them() {
    let service = service().await;
    let answer = service.json("POST", "/v1/similar", json!({"ids": ["rust-2", "java", "nobody"]})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["hits"][0]["id"], "rust");
    assert_eq!(answer.body["understood"]["similarTo"]["ignored"], json!(["nobody"]));
    let none = service.json("POST", "/v1/similar", json!({"ids": []})).await;
    assert_eq!((none.status, &none.body["errors"][0]["pointer"]), (400, &json!("/ids")));
    let found = service.json("POST", "/v1/similar", json!({"ids": ["rust"], "filters": {"companies": ["Beta"]}})).await;
    assert_eq!(found.body["total"]["value"], 1);
}

#[tokio::test]
async fn of_a_long_job_each_span_is_of_its_own_clause() {
    let service = service().await;
    let words: Vec<String> = (0..150).map(|number| format!("nowhere{number}")).collect();
    let job = format!(
        "Rust Engineer\nResponsibilities\n- {}\n- Builds payment services with Terraform and Kafka.",
        words.join(" ")
    );
    let answer = service.json("POST", "/v1/match", json!({"description": job})).await;
    let clauses = answer.body["understood"]["query"]["children"].as_array().unwrap();
    let mut seen = 0;
    for matched in answer.body["hits"].as_array().unwrap().iter().flat_map(|hit| hit["matched"].as_array().unwrap()) {
        let clause = clauses.iter().find(|clause| clause["id"] == matched["clause"]).unwrap();
        let wished = clause["words"][0].as_str().unwrap();
        let text: Vec<char> = matched["text"].as_str().unwrap().chars().collect();
        for span in matched["spans"].as_array().unwrap() {
            let (start, end) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
            let found: String = text[start..end].iter().collect::<String>().to_lowercase();
            assert!(found.chars().take(3).eq(wished.chars().take(3)), "{found} for {wished}");
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen} spans");
    assert_eq!(answer.body["hits"][0]["id"], "rust");
}

#[tokio::test]
async fn the_people_themselves_are_not_counted() {
    let service = service().await;
    let body = json!({"ids": ["rust"], "filters": {"languages": ["German"]}});
    let answer = service.json("POST", "/v1/similar", body).await;
    assert_eq!((answer.status, &answer.body["understood"]["unknowns"]["count"]), (200, &json!(4)), "{}", answer.text);
}
