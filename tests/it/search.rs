//! The search contract: hit sets, scores, explanations, pages.

use std::sync::{Mutex, mpsc};

use serde_json::{Value, json};

use crate::client::Service;

fn worker(id: &str, title: &str, text: &str, skills: &[&str]) -> Value {
    let skills: Vec<Value> = skills.iter().map(|skill| json!({"name": skill})).collect();
    json!({"id": id, "profile": {
        "basics": {"label": title, "location": {"city": "Milano", "countryCode": "IT"}},
        "work": [{"position": title, "name": "Acme", "startDate": "2018-01", "summary": text}],
        "skills": skills}})
}

fn engineers() -> Vec<Value> {
    vec![
        worker("rust", "Backend engineer", "Builds payment services in Rust and Kafka.", &["Rust", "Kafka"]),
        worker("java", "Backend engineer", "Builds payment services in Java.", &["Java"]),
        worker("both", "Software developer", "Rust and Java, project manager of two teams.", &["Rust", "Java"]),
        worker("nurse", "Krankenschwester", "Pflege auf der Intensivstation.", &["Pflege"]),
        json!({"id": "empty"}),
    ]
}

async fn sorted(service: &Service, body: Value) -> Vec<String> {
    let mut ids = service.ids(body).await;
    ids.sort();
    ids
}

#[tokio::test]
async fn a_demand_is_met_by_every_hit_in_every_mode() {
    let service = Service::start();
    service.load(&engineers()).await;
    let cases: [(&str, &[&str]); 9] = [
        ("+rust", &["both", "rust"]),
        ("rust AND NOT java", &["rust"]),
        ("rust OR java", &["both", "java", "rust"]),
        ("\"payment services\"", &["java", "rust"]),
        ("\"services payment\"", &[]),
        ("-rust", &["empty", "java", "nurse"]),
        ("(rust OR java) AND -\"project manager\"", &["java", "rust"]),
        ("title:developer", &["both"]),
        ("+engineers", &[]),
    ];
    for (query, expected) in cases {
        for mode in ["hybrid", "keyword", "semantic"] {
            let found = sorted(&service, json!({"query": query, "mode": mode})).await;
            assert_eq!(found, expected, "{query} in {mode}");
        }
    }
    let response = service.search(json!({"query": "rust AND NOT java"})).await;
    assert_eq!((&response["total"]["value"], &response["total"]["relation"]), (&json!(1), &json!("eq")));
}

#[tokio::test]
async fn wishes_match_stems_and_meaning_and_say_which() {
    let service = Service::start();
    service.load(&engineers()).await;
    let response = service.search(json!({"query": "backend engineers"})).await;
    let hits = response["hits"].as_array().unwrap();
    assert_eq!(response["total"]["value"], 2, "the stem matches");
    assert!(hits.iter().filter(|hit| hit["semanticOnly"] == json!(false)).count() == 2);
    let german = service.search(json!({"query": "registered nurse"})).await;
    assert_eq!((&german["hits"][0]["id"], &german["hits"][0]["semanticOnly"]), (&json!("nurse"), &json!(false)));
    assert_eq!(
        (&german["total"]["value"], &german["understood"]["concepts"][0]["makesHits"]),
        (&json!(1), &json!(true))
    );
    let german = service.search(json!({"query": "registered nurse", "concepts": false})).await;
    assert_eq!((&german["hits"][0]["id"], &german["hits"][0]["semanticOnly"]), (&json!("nurse"), &json!(true)));
    assert_eq!(german["total"]["value"], 0, "semantic-only hits are not counted");
    let keyword = service.search(json!({"query": "registered nurse", "mode": "keyword"})).await;
    assert_eq!(keyword["hits"], json!([]));
}

#[tokio::test]
async fn contributions_and_fields_add_up_and_spans_point_at_the_words() {
    let service = Service::start();
    service.load(&engineers()).await;
    let response = service.search(json!({"query": "rust payment \"Kafka\""})).await;
    for hit in response["hits"].as_array().unwrap() {
        let signals = hit["explanation"]["signals"].as_array().unwrap();
        let sum: f64 = signals.iter().map(|signal| signal["contribution"].as_f64().unwrap()).sum();
        assert!((sum - hit["score"].as_f64().unwrap()).abs() < 1e-6);
        let keyword = &signals[0];
        let fields: f64 =
            keyword["fields"].as_array().unwrap().iter().map(|field| field["raw"].as_f64().unwrap()).sum();
        assert!((fields - keyword["raw"].as_f64().unwrap()).abs() < 1e-5);
        for matched in hit["matched"].as_array().unwrap() {
            let text: Vec<char> = matched["text"].as_str().unwrap().chars().collect();
            for span in matched["spans"].as_array().unwrap() {
                let (from, to) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
                let word: String = text[from..to].iter().collect::<String>().to_lowercase();
                assert!(["rust", "payment", "kafka"].contains(&word.as_str()), "{word}");
            }
        }
    }
    let evidence = &response["hits"][0]["explanation"]["evidence"];
    assert_eq!((&evidence[0]["skill"], &evidence[0]["grade"]), (&json!("Rust"), &json!("used")));
}

#[tokio::test]
async fn pages_follow_one_window_whatever_the_page_size() {
    let service = Service::start();
    let people: Vec<Value> = (0..60)
        .map(|n| worker(&format!("p{n:02}"), "Backend engineer", &format!("Rust work number {}", n % 7), &[]))
        .collect();
    service.load(&people).await;
    let whole = service.ids(json!({"query": "rust number", "limit": 100})).await;
    assert_eq!(whole.len(), 60);
    let mut paged = Vec::new();
    let mut body = json!({"query": "rust number", "limit": 7});
    loop {
        let page = service.search(body).await;
        paged.extend(page["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()));
        if paged.len() == 14 {
            service.load(&[worker("new", "Rust engineer", "Rust number", &["Rust"])]).await;
        }
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        body = json!({"cursor": cursor});
    }
    assert_eq!(paged, whole, "no duplicate and no gap while somebody writes");
}

#[tokio::test]
async fn the_same_request_gives_the_same_bytes() {
    let service = Service::start();
    service.load(&engineers()).await;
    let answer = async |limit: usize| {
        let mut response = service.search(json!({"query": "rust java engineer", "limit": limit})).await;
        let members = response.as_object_mut().unwrap();
        for volatile in ["tookMs", "nextCursor"] {
            members.remove(volatile);
        }
        let first = members["hits"][0].clone();
        (response.to_string(), first)
    };
    assert_eq!(answer(25).await, answer(25).await);
    assert_eq!(answer(25).await.1, answer(1).await.1, "a hit does not depend on the limit");
}

#[tokio::test]
async fn vanity_and_repetition_change_no_order() {
    let service = Service::start();
    let mut people = engineers();
    service.load(&people).await;
    let query = json!({"query": "rust payment services engineer"});
    service.app.engine.current().merge_text().unwrap();
    let before = service.search(query.clone()).await;
    let order = |response: &Value| -> Vec<Value> {
        response["hits"].as_array().unwrap().iter().map(|hit| json!([hit["id"], hit["score"]])).collect()
    };
    for person in &mut people {
        let Some(profile) = person.get_mut("profile") else { continue };
        profile["basics"]["profiles"] = json!([{"network": "N", "followers": 90_000}]);
        for skill in profile["skills"].as_array_mut().unwrap() {
            skill["endorsements"] = json!(99);
        }
        let skills = profile["skills"].as_array().unwrap().clone();
        profile["skills"] = Value::Array(skills.iter().cycle().take(skills.len() * 50).cloned().collect());
        let text = profile["work"][0]["summary"].as_str().unwrap().to_owned();
        profile["work"][0]["summary"] = json!([text.as_str(); 10].join(" "));
    }
    service.load(&people).await;
    // Statistics of words that were replaced go with their segments.
    service.app.engine.current().merge_text().unwrap();
    assert_eq!(order(&service.search(query).await), order(&before));
}

#[tokio::test]
async fn claims_without_evidence_do_not_outrank_the_same_person_with_it() {
    let service = Service::start();
    let text = "Runs the platform team and writes services.";
    let mut claims: Vec<String> = (0..60).map(|n| format!("Rust {n}")).collect();
    claims.push("Rust".to_owned());
    let claims: Vec<&str> = claims.iter().map(String::as_str).collect();
    service
        .load(&[
            worker("a-boaster", "Backend engineer", text, &claims),
            worker("b-worker", "Backend engineer", &format!("{text} In Rust."), &["Rust"]),
            worker("c-other", "Backend engineer", text, &["Cobol"]),
        ])
        .await;
    for query in ["rust", "rust engineer", "senior rust developer"] {
        let found = service.ids(json!({"query": query, "mode": "keyword"})).await;
        let place = |id: &str| found.iter().position(|found| found == id);
        assert!(place("b-worker") < place("a-boaster"), "{query}: {found:?}");
    }
}

#[tokio::test]
async fn unknown_is_counted_and_kept_when_asked() {
    let service = Service::start();
    service.load(&engineers()).await;
    let body = json!({"filters": {"countries": ["IT"], "years": {"min": 5}}});
    let response = service.search(body.clone()).await;
    assert_eq!((&response["total"]["value"], &response["understood"]["unknowns"]["count"]), (&json!(4), &json!(1)));
    let mut included = body;
    included["unknowns"] = json!("include");
    let response = service.search(included).await;
    let unknown: Vec<&Value> = response["hits"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|hit| hit["unknown"] == json!(true))
        .map(|hit| &hit["id"])
        .collect();
    assert_eq!((&response["total"]["value"], unknown), (&json!(5), vec![&json!("empty")]));
    let none = service.ids(json!({"filters": {"skills": {"all": ["rust"], "none": ["JAVA"]}}})).await;
    assert_eq!(none, ["rust"]);
}

#[tokio::test]
async fn contacts_are_neither_found_nor_shown() {
    let service = Service::start();
    let text = "Write to ada.secret@example.org or call +39 333 1234567. Rust.";
    service.load(&[worker("a", "Engineer", text, &[])]).await;
    for query in ["+secret", "+1234567", "\"ada secret\"", "ada.secret@example.org"] {
        assert_eq!(service.ids(json!({"query": query, "mode": "keyword"})).await, Vec::<String>::new(), "{query}");
    }
    let response = service.search(json!({"query": "+rust"})).await;
    assert!(!response.to_string().contains("secret@"), "{response}");
}

/// Keeps all threads of the global pool busy, as the indexing of a large batch does, until what it gives is dropped.
fn busy_pool() -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (begin, begun) = mpsc::channel();
    let released = Mutex::new(released);
    rayon::spawn_broadcast(move |_| {
        begin.send(()).ok();
        released.lock().unwrap().recv().ok();
    });
    (0..rayon::current_num_threads()).for_each(|_| begun.recv().unwrap());
    release
}

#[tokio::test]
async fn a_search_waits_for_no_batch_that_is_being_indexed() {
    let service = Service::start();
    service.load(&engineers()).await;
    let busy = busy_pool();
    // Titles that no other test names, of several occupations each: the vectors of those names are not known yet.
    let mut found = Vec::new();
    for query in ["Steward", "sommelier", "puppeteer"] {
        found.push(service.search(json!({"query": query})).await);
    }
    drop(busy);
    assert!(found.iter().all(|found| found["degraded"] == json!([])), "{found:?}");
}
