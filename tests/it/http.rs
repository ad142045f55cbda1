//! The HTTP contract: candidates, events, errors.

use axum::body::Body;
use serde_json::{Value, json};

use crate::client::Service;

fn person(id: &str, skill: &str) -> Value {
    json!({"id": id, "profile": {"basics": {"name": "Ada Rossi", "label": "Engineer"}, "skills": [{"name": skill}]}})
}

#[tokio::test]
async fn a_candidate_goes_in_changes_and_goes_away() {
    let service = Service::start();
    let path = "/v1/candidates/gh-4711?refresh=wait";
    let created = service.json("PUT", path, person("gh-4711", "Rust")).await;
    assert_eq!((created.status, created.body["status"].as_str()), (201, Some("created")));
    let etag = created.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(service.ids(json!({"query": "+rust"})).await, ["gh-4711"]);

    let read = service.get("/v1/candidates/gh-4711").await;
    assert_eq!((read.status, &read.body), (200, &person("gh-4711", "Rust")));
    assert_eq!(read.headers["etag"].to_str().unwrap(), etag);
    let same = service.json("PUT", path, person("gh-4711", "Rust")).await;
    assert_eq!((same.status, same.body["status"].as_str()), (200, Some("unchanged")));

    let patch = json!({"profile": {"skills": [{"name": "Cobol"}]}, "tags": ["gold"]});
    let patched = service.call("PATCH", path, "application/merge-patch+json", patch.to_string()).await;
    assert_eq!(patched.status, 200, "{}", patched.text);
    assert_eq!(service.ids(json!({"query": "+rust"})).await, Vec::<String>::new());
    assert_eq!(service.ids(json!({"query": "+cobol tag:gold"})).await, ["gh-4711"]);

    let stale = axum::http::Request::builder().method("PUT").uri(path).header("if-match", &etag);
    let stale = stale.header("content-type", "application/json").body(Body::from(person("gh-4711", "Ada").to_string()));
    let refused = service.send(stale.unwrap()).await;
    assert_eq!((refused.status, refused.body["code"].as_str()), (412, Some("precondition_failed")));

    let deleted = service.call("DELETE", path, "application/json", Body::empty()).await;
    assert_eq!(deleted.status, 204);
    assert_eq!(service.ids(json!({"query": "+cobol"})).await, Vec::<String>::new());
    assert_eq!(service.ids(json!({"query": "cobol engineer"})).await, Vec::<String>::new());
    let gone = service.get("/v1/candidates/gh-4711").await;
    assert_eq!((gone.status, gone.body["code"].as_str()), (404, Some("unknown_candidate")));
}

#[tokio::test]
async fn bad_input_gets_a_clear_error_and_the_good_lines_go_in() {
    let service = Service::start();
    let long = format!("{{\"id\":\"long\",\"tags\":[\"{}\"]}}", "x".repeat(2 * 1024 * 1024));
    let deep = format!("{{\"id\":\"deep\",\"profile\":{{\"x\":{}1{}}}}}", "[".repeat(60), "]".repeat(60));
    let mut body = Vec::new();
    for line in [
        person("good-1", "Rust").to_string().as_bytes(),
        b"{\"id\": \"truncated\", \"profile\": {",
        long.as_bytes(),
        b"{\"id\": \"caf\xff\"}",
        b"{\"id\": \"nan\", \"profile\": {\"x\": NaN}}",
        b"{\"id\": \"date\", \"profile\": {\"work\": [{\"startDate\": \"2021-13-45\"}]}}",
        deep.as_bytes(),
        b"{\"id\": \"a/b\"}",
        b"",
        person("good-2", "Rust").to_string().as_bytes(),
    ] {
        body.extend_from_slice(line);
        body.push(b'\n');
    }
    let answer = service.call("POST", "/v1/candidates?refresh=wait", "application/x-ndjson", body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!((&answer.body["accepted"], &answer.body["rejected"]), (&json!(2), &json!(7)));
    let items = answer.body["items"].as_array().unwrap();
    let codes: Vec<&str> = items.iter().filter_map(|item| item["errors"][0]["code"].as_str()).collect();
    let expected =
        ["invalid_json", "too_large", "invalid_json", "invalid_json", "invalid_date", "too_complex", "invalid_id"];
    assert_eq!(codes, expected);
    let mut found = service.ids(json!({"query": "+rust"})).await;
    found.sort();
    assert_eq!(found, ["good-1", "good-2"]);
}

#[tokio::test]
async fn errors_are_problem_documents() {
    let service = Service::start();
    let cases = [
        ("POST", "/v1/search", json!({"query": "x", "sortt": 1}), 400, "unknown_field"),
        ("POST", "/v1/search", json!({"limit": 101}), 400, "limit_out_of_range"),
        ("POST", "/v1/search", json!({"cursor": "0", "limit": 3}), 400, "cursor_with_parameters"),
        ("POST", "/v1/search", json!({"cursor": "0"}), 410, "cursor_expired"),
        ("POST", "/v1/search", json!({"filters": {"countries": ["Italy"]}}), 400, "invalid_filter"),
        ("POST", "/v1/search", json!({"query": "(a", "strict": true}), 400, "strict_query"),
        ("POST", "/v1/search", json!({"query": "x".repeat(70_000)}), 400, "query_too_long"),
        ("PUT", "/v1/candidates/a%2Fb", json!({}), 400, "invalid_id"),
        ("PUT", "/v1/candidates/a", json!({"followers": 1}), 400, "unknown_field"),
        ("PUT", "/v1/candidates/a", json!({"id": "b"}), 400, "invalid_candidate"),
        ("GET", "/v1/candidates/nobody", json!({}), 404, "unknown_candidate"),
        ("GET", "/v2/search", json!({}), 404, "not_found"),
        ("DELETE", "/v1/search", json!({}), 405, "method_not_allowed"),
    ];
    for (method, path, body, status, code) in cases {
        let answer = service.json(method, path, body).await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (status, Some(code)), "{method} {path}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert_eq!(answer.body["requestId"].as_str(), answer.headers["x-request-id"].to_str().ok());
    }
    let unreadable = service.call("POST", "/v1/candidates", "application/json", "{").await;
    assert_eq!((unreadable.status, unreadable.body["code"].as_str()), (400, Some("invalid_json")));
    let media = service.call("POST", "/v1/search", "text/plain", "{}").await;
    assert_eq!((media.status, media.body["code"].as_str()), (415, Some("unsupported_media_type")));
}

#[tokio::test]
async fn events_count_once_and_within_the_request_that_waits() {
    let service = Service::start();
    service.load(&["a", "b", "c", "d"].map(|id| person(id, "Rust"))).await;
    let old = |id: &str| json!({"candidateId": id, "type": "loggedIn", "at": "2025-01-01T00:00:00Z"});
    let old = service.json("POST", "/v1/events", json!([old("c"), old("d")])).await;
    assert_eq!(old.body["accepted"], 2, "{}", old.text);
    let event = json!({"candidateId": "b", "type": "loggedIn", "at": "2026-10-31T00:00:00Z", "id": "e-1"});
    let path = "/v1/events?refresh=wait";
    let first = service.json("POST", path, event.clone()).await;
    assert_eq!((first.status, &first.body["accepted"]), (200, &json!(1)), "{}", first.text);
    let wrong = json!({"candidateId": "nobody", "type": "posted", "at": "x"});
    let again = service.json("POST", path, json!([event, wrong])).await;
    assert_eq!((&again.body["accepted"], &again.body["duplicates"]), (&json!(0), &json!(1)));
    assert_eq!(again.body["rejected"][0]["errors"].as_array().map(Vec::len), Some(2), "{}", again.text);

    let response = service.search(json!({"query": "rust"})).await;
    assert_eq!(response["hits"][0]["id"], "b");
    assert_eq!(response["hits"][0]["explanation"]["activity"]["lastActive"], "2026-10-31T00:00:00Z");
    let active = service.ids(json!({"filters": {"lastActive": {"withinDays": 7}}})).await;
    assert_eq!(active, ["b"]);
    let earlier = service.search(json!({"query": "rust", "asOf": "2026-10-01T00:00:00Z"})).await;
    assert_eq!(earlier["hits"][0]["id"], "a", "later events are ignored: the id decides");
}

#[tokio::test]
async fn probes_and_the_description_answer() {
    let service = Service::start();
    for path in ["/healthz", "/readyz", "/metrics", "/"] {
        assert_eq!(service.get(path).await.status, 200, "{path}");
    }
    assert_eq!(service.search(json!({"query": "anyone"})).await["total"]["value"], 0);
    insta::assert_snapshot!("openapi", service.get("/openapi.json").await.text);
}
