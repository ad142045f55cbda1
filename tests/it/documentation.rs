//! What the documentation shows is what comes out.

use serde_json::{Value, json};

use crate::client::Service;

const PAGE: &str = include_str!("../../docs/query-language.md");

const PEOPLE: &str = include_str!("../../fixtures/examples/people.ndjson");

/// The rows of the table of worked examples: query, hits, why.
fn examples() -> Vec<[&'static str; 3]> {
    let section = PAGE.split("## Worked examples").nth(1).unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [query, hits, why] = cells.try_into().unwrap();
        [query.trim_matches('`'), hits, why]
    })
    .collect()
}

#[tokio::test]
async fn the_worked_examples_come_out_as_shown() {
    let service = Service::start();
    service.load(&PEOPLE.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()).await;
    let examples = examples();
    assert!(examples.len() >= 20, "{}", examples.len());
    for [query, hits, why] in examples {
        let response = service.search(json!({ "query": query, "mode": "keyword" })).await;
        let mut found: Vec<&str> =
            response["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
        found.sort_unstable();
        assert_eq!(found, hits.split_whitespace().filter(|id| *id != "–").collect::<Vec<_>>(), "{query}: {why}");
        let warnings: Vec<&str> =
            response["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect();
        let told: Vec<&str> =
            why.split_once("(warning `").map(|(_, code)| code.trim_end_matches("`)")).into_iter().collect();
        assert_eq!(warnings, told, "{query}");
    }
}

/// The page and the head of the grammar show one BNF.
#[test]
fn the_grammar_of_the_page_is_that_of_the_source() {
    let source = include_str!("../../src/query/grammar.rs");
    let lines = source.lines().map(|line| line.trim_start_matches("//!").trim_end());
    let lines: Vec<&str> =
        lines.skip_while(|line| *line != " ```text").skip(1).take_while(|line| *line != " ```").collect();
    assert!(lines.len() > 20);
    for line in lines {
        assert!(PAGE.contains(line.trim_start_matches(' ').trim_end()), "{line}");
    }
}
