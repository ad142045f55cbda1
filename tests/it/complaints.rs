//! What recruiters complain of in other tools, each as a test of this one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::Service;

fn person(id: &str, title: &str, text: &str) -> Value {
    json!({"id": id, "profile": {
        "basics": {"label": title},
        "work": [{"position": title, "name": "Acme", "startDate": "2018-01", "summary": text}]}})
}

async fn service() -> Service {
    let service = Service::start();
    let people = [
        person("rust", "Backend engineer", "Builds payment services in Rust."),
        person("java", "Backend engineer", "Builds payment services in Java."),
        person("both", "Software developer", "Moves services from Java to Rust."),
        person("manager", "Sales manager", "Leads sales and marketing teams."),
    ];
    service.load(&people).await;
    service
}

async fn sorted(service: &Service, query: &str) -> Vec<String> {
    let mut ids = service.ids(json!({ "query": query, "mode": "keyword" })).await;
    ids.sort();
    ids
}

fn codes(response: &Value) -> Vec<&str> {
    response["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect()
}

/// The letters that the spans of a hit show.
fn shown(hit: &Value) -> BTreeSet<String> {
    let mut shown = BTreeSet::new();
    for matched in hit["matched"].as_array().unwrap() {
        let text: Vec<char> = matched["text"].as_str().unwrap().chars().collect();
        for span in matched["spans"].as_array().unwrap() {
            let (from, to) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
            shown.insert(text[from..to].iter().collect::<String>().to_lowercase());
        }
    }
    shown
}

/// LinkedIn: people whom NOT excludes come through, and are even highlighted.
#[tokio::test]
async fn not_lets_nobody_through_and_shows_nothing() {
    let service = service().await;
    for query in ["services NOT java", "services -java", "rust NOT (java OR cobol)", "NOT \"from Java\" NOT java rust"]
    {
        for mode in ["keyword", "hybrid", "semantic"] {
            let response = service.search(json!({ "query": query, "mode": mode })).await;
            for hit in response["hits"].as_array().unwrap() {
                assert!(!["java", "both"].contains(&hit["id"].as_str().unwrap()), "{query} in {mode}");
                assert!(!shown(hit).iter().any(|text| text.contains("java")), "{query} in {mode}");
            }
        }
    }
}

/// Recruiters everywhere: a stray space changes the results.
#[tokio::test]
async fn a_stray_space_changes_nothing() {
    let service = service().await;
    for (tidy, stray) in [
        ("rust AND services", "  rust   AND\tservices\n"),
        ("title:engineer", "title: engineer"),
        ("(rust OR java) -sales", "( rust OR java )  -sales "),
        ("skillYears(rust):>=3", "skillYears( rust ): >=3"),
        ("\"payment services\"", "\" payment  services \""),
    ] {
        assert_eq!(sorted(&service, tidy).await, sorted(&service, stray).await, "{stray}");
    }
}

/// Greenhouse: quotes that a word processor made curly break the search.
#[tokio::test]
async fn smart_quotes_are_quotes_and_said_so() {
    let service = service().await;
    let plain = sorted(&service, "\"payment services\"").await;
    assert_eq!(plain, ["java", "rust"]);
    for query in ["“payment services”", "„payment services“", "«payment services»"] {
        assert_eq!(sorted(&service, query).await, plain);
        assert_eq!(codes(&service.search(json!({ "query": query })).await), ["smart_quotes"]);
    }
}

/// OpenCATS: an unbalanced parenthesis or a leading NOT answers zero rows and no word.
#[tokio::test]
async fn what_is_unbalanced_is_repaired_and_a_leading_not_works() {
    let service = service().await;
    assert_eq!(sorted(&service, "(rust OR java").await, ["both", "java", "rust"]);
    assert_eq!(sorted(&service, "rust OR java)").await, ["both", "java", "rust"]);
    assert_eq!(sorted(&service, "NOT java").await, ["manager", "rust"]);
    let response = service.search(json!({"query": "(rust OR java"})).await;
    assert_eq!(codes(&response), ["unclosed_parenthesis"]);
    assert_eq!(response["warnings"][0]["span"], json!({"start": 0, "end": 1}));
    let strict = service.json("POST", "/v1/search", json!({"query": "(rust OR java", "strict": true})).await;
    assert_eq!((strict.status, &strict.body["code"]), (400, &json!("strict_query")), "{}", strict.text);
    assert_eq!(strict.body["errors"][0]["code"], "unclosed_parenthesis");
}

/// SeekOut: what did not match is highlighted.
#[tokio::test]
async fn only_what_matched_is_shown() {
    let service = service().await;
    for (query, id, expected) in [
        ("title:engineer rust", "rust", &["engineer", "rust"][..]),
        ("\"payment services\"", "rust", &["payment services"]),
        ("currentTitle:rust OR java", "both", &["java"]),
        ("\"rust java\"~5", "both", &["java", "rust"]),
        ("serv*", "both", &["services"]),
        ("skillYears(rust):>=3 OR services", "both", &["rust", "services"]),
        ("skillYears(rust):>=30 OR services", "both", &["services"]),
    ] {
        let response = service.search(json!({ "query": query, "asOf": "2026-11-01T00:00:00Z" })).await;
        let hits = response["hits"].as_array().unwrap();
        let hit = hits.iter().find(|hit| hit["id"] == json!(id)).unwrap();
        assert_eq!(shown(hit), expected.iter().map(ToString::to_string).collect(), "{query}");
    }
}

/// Hybrid engines: totals that ignore the query, and scores that change with the page size.
#[tokio::test]
async fn totals_are_those_of_the_query_and_scores_do_not_hang_on_the_page() {
    let service = Service::start();
    let people: Vec<Value> = (0..11_000)
        .map(|n| {
            let title = if n % 10 == 0 { "Nurse" } else { "Engineer" };
            json!({"id": format!("p{n:05}"), "profile": {"basics": {"label": title, "summary": format!("Ward {}", n % 97)}}})
        })
        .collect();
    for some in people.chunks(2_000) {
        service.load(some).await;
    }
    for (query, total) in
        [("engineer", 9_900), ("+nurse", 1_100), ("-nurse", 9_900), ("engineer OR nurse", 11_000), ("", 11_000)]
    {
        let body = |limit: usize| json!({ "query": query, "limit": limit, "explain": false });
        let (small, large) = (service.search(body(3)).await, service.search(body(100)).await);
        for response in [&small, &large] {
            assert_eq!(response["total"]["value"], total, "{query}");
            assert_eq!(response["total"]["relation"], "eq");
        }
        let next = service.search(json!({ "cursor": small["nextCursor"] })).await;
        assert_eq!(next["total"], small["total"], "{query}");
        for (at, page) in [(0, &small), (3, &next)] {
            for (place, hit) in (at..).zip(page["hits"].as_array().unwrap()) {
                assert_eq!(hit["id"], large["hits"][place]["id"], "{query}");
                assert_eq!(hit["score"], large["hits"][place]["score"], "{query}");
            }
        }
    }
}

/// A thousand results in pages, while people come, change and go.
#[tokio::test]
async fn pages_have_no_duplicate_and_no_gap_while_writes_go_on() {
    let service = Service::start();
    let nurse = |n: usize, text: &str| person(&format!("p{n:04}"), "Nurse", &format!("Ward {} {text}", n % 37));
    let people: Vec<Value> = (0..1_200).map(|n| nurse(n, "")).collect();
    service.load(&people).await;
    let mut page = service.search(json!({"query": "nurse ward", "limit": 50, "explain": false})).await;
    let whole = service
        .app
        .searcher
        .ranking(&serde_json::from_value(json!({"query": "nurse ward"})).unwrap(), crate::client::now());
    let mut expected: Vec<String> = whole.unwrap().into_iter().map(|ranked| ranked.id).collect();
    assert_eq!(expected.len(), 1_000);
    let (mut found, mut round) = (Vec::new(), 0);
    loop {
        let hits = page["hits"].as_array().unwrap();
        found.extend(hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str().map(str::to_owned) else { break };
        // Somebody better comes, somebody seen changes, somebody not yet seen goes.
        service.load(&[person(&format!("new{round:02}"), "Nurse ward", "Nurse ward"), nurse(round, "changed")]).await;
        let gone = expected.remove(found.len());
        let answer = service.json("DELETE", &format!("/v1/candidates/{gone}?refresh=wait"), Value::Null).await;
        assert!(answer.status < 300, "{}", answer.text);
        round += 1;
        page = service.search(json!({ "cursor": cursor })).await;
    }
    assert_eq!(round, 19);
    assert_eq!(found, expected);
}

/// Sizes that are an attack, or a script gone wrong: an answer in bounded time, or a clear error.
#[tokio::test]
async fn hostile_queries_are_bounded() {
    let service = service().await;
    let any = vec!["w"; 10_000].join(" OR ");
    let answer = service.json("POST", "/v1/search", json!({ "query": any })).await;
    let clear = "the query has 10000 words; the limit is 1024";
    assert_eq!(
        (answer.status, &answer.body["code"], &answer.body["detail"]),
        (400, &json!("invalid_query"), &json!(clear))
    );
    let deep = format!("{}rust{}", "(".repeat(500), ")".repeat(500));
    let response = service.search(json!({ "query": deep })).await;
    assert_eq!((&response["total"]["value"], codes(&response)), (&json!(2), vec!["too_deep"]));
    // Its answer can still be read by parsers that stop at 128 levels.
    let nested = format!("{}rust", "-(a b OR ".repeat(400));
    assert!(service.search(json!({ "query": nested })).await["understood"].is_object());
    let answer = service.json("POST", "/v1/search", json!({ "query": "a".repeat(1 << 20) })).await;
    assert!(answer.status == 400 || answer.status == 413, "{}", answer.text);
    let response = service.search(json!({ "query": "a* b* c*" })).await;
    assert_eq!(codes(&response), ["short_prefix"; 3]);
    for query in ["\"".repeat(10_000), "-(".repeat(10_000), "title:".repeat(5_000), "ja*va*".repeat(500)] {
        let answer = service.json("POST", "/v1/search", json!({ "query": query })).await;
        assert!([200, 400].contains(&answer.status), "{}", answer.text);
    }
}

/// A zero without a word.
#[tokio::test]
async fn a_zero_says_which_clause_and_what_would_help() {
    let service = service().await;
    let response = service.search(json!({"query": "title:engineer AND cobol AND services"})).await;
    let why = &response["understood"]["whyZero"];
    assert_eq!((&why["killedBy"][0]["text"], &why["killedBy"][0]["alone"]), (&json!("cobol"), &json!(0)));
    assert_eq!(why["killedBy"].as_array().unwrap().len(), 1);
    assert_eq!(
        why["relaxations"],
        json!([
        {"change": "without cobol", "query": "title:engineer AND services", "hits": 2}])
    );
    for (query, first, hits) in [
        ("\"services payment\"", "\"services payment\"~10", 2),
        ("+engineers", "+engin*", 2),
        ("\"services AND Java\"", "+(services and java)", 0),
        ("currentCompany:globex AND pastTitle:engineer AND rust", "", 0),
        ("pastTitle:engineer", "title:engineer", 2),
        ("skillYears(rust):>=20", "skillYears(rust):<=0", 0),
        ("java AND sales", "+java", 2),
    ] {
        let response = service.search(json!({ "query": query })).await;
        assert_eq!(response["total"]["value"], 0, "{query}");
        let relaxations = response["understood"]["whyZero"]["relaxations"].as_array().unwrap().clone();
        for relaxation in &relaxations {
            let again = service.search(json!({"query": relaxation["query"]})).await;
            assert_eq!(again["total"]["value"], relaxation["hits"], "{query}: {relaxation}");
            // `and` among words is one, and gets its hint.
            let is_hinted = query.contains(" AND Java");
            assert!(is_hinted || again["warnings"] == json!([]), "{relaxation}");
        }
        if hits > 0 {
            assert!(
                relaxations.iter().any(|found| found["query"] == first && found["hits"] == hits),
                "{query}: {relaxations:?}"
            );
        }
    }
    let filtered = service.search(json!({"query": "rust", "filters": {"countries": {"any": ["IT"]}}})).await;
    let understood = &filtered["understood"];
    assert_eq!(understood["whyZero"]["relaxations"].as_array().unwrap().len(), 2, "{understood}");
    assert_eq!(understood["filters"][0]["hits"], json!({"alone": 0, "inContext": 0, "without": 2, "unknown": 4}));
}

/// A typo without a word.
#[tokio::test]
async fn a_typo_is_told_and_mended_only_when_asked() {
    let service = service().await;
    for (query, better, hits) in [
        ("paymnet rust", "payment rust", 3),
        ("+enigneer -java", "+engineer -java", 1),
        ("\"paymant  services\"", "\"payment  services\"", 2),
        ("title:(develper OR nurse)", "title:(developer OR nurse)", 1),
    ] {
        let body = json!({ "query": query, "mode": "keyword" });
        let response = service.search(body.clone()).await;
        let told = &response["understood"]["didYouMean"];
        assert_eq!(
            (&told["query"], &told["hits"], &told["applied"]),
            (&json!(better), &json!(hits), &json!(false)),
            "{query}"
        );
        assert_ne!(response["total"]["value"], hits, "{query}");
        let mut asked = body;
        asked["correctSpelling"] = json!(true);
        let mended = service.search(asked).await;
        assert_eq!(
            (&mended["total"]["value"], &mended["understood"]["didYouMean"]["applied"]),
            (&json!(hits), &json!(true))
        );
    }
    let capitals = service.search(json!({"query": "RSUT AND SERVICES", "mode": "keyword"})).await;
    assert_eq!(capitals["understood"]["didYouMean"]["query"], "RUST AND SERVICES");
    for query in ["rust services", "xyzzyplugh", "c0bol", "-paymnet", "tag:paymnet"] {
        let response = service.search(json!({ "query": query })).await;
        assert_eq!(response["understood"].get("didYouMean"), None, "{query}");
    }
}

/// A name that one profile alone holds finds that profile, before whom meaning takes for something near.
#[tokio::test]
async fn a_name_that_means_nothing_leads_to_who_has_it() {
    let service = Service::start();
    let mut people: Vec<Value> =
        ["Tyre fitter", "Bricklayer", "Scaffolder", "Landscape gardener", "Baker", "Meadow keeper"]
            .iter()
            .zip(0..)
            .map(|(title, at)| person(&format!("p{at}"), title, "Works outdoors."))
            .collect();
    let own = json!({"position": "Notary", "name": "Studio Beemdgras", "startDate": "2018-01"});
    people.push(json!({"id": "own", "profile": {"work": [own]}}));
    service.load(&people).await;
    let response = service.search(json!({ "query": "Beemdgras" })).await;
    assert_eq!((&response["hits"][0]["id"], &response["total"]["value"]), (&json!("own"), &json!(1)), "{response}");
    let alone = &response["hits"][1];
    assert!(alone["semanticOnly"] == json!(true) && alone["score"].as_f64() < response["hits"][0]["score"].as_f64());
}
