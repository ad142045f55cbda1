//! Every sentence of the fixture is read as it says, and each undo can be sent.

use serde::Deserialize;

use super::super::{Interpretation, interpret};
use super::Companies;
use crate::query::filter::{FilterSet, YearRange};
use crate::query::{Syntax, WarningCode, parse};
use crate::text::TokenList;

const SENTENCES: &str = include_str!("../../../../fixtures/interpret/sentences.ndjson");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    language: String,
    text: String,
    request: Request,
    /// Kind and words of each part.
    parts: Vec<(String, String)>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    query: String,
    filters: FilterSet,
}

fn sentences() -> Vec<Sentence> {
    SENTENCES.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn read(text: &str, stated: &FilterSet) -> Option<Interpretation> {
    interpret(text, stated, &Companies::of_fixture())
}

fn kind(part: &super::super::InterpretedPart) -> String {
    serde_json::to_value(part.kind).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn every_sentence_is_read_as_expected() {
    let mut wrong = Vec::new();
    for Sentence { text, request, parts, .. } in sentences() {
        let Interpretation { query, filters, parts: made, .. } = read(&text, &FilterSet::default()).unwrap();
        let made: Vec<(String, String)> = made.iter().map(|part| (kind(part), part.words.clone())).collect();
        if query != request.query || filters != request.filters || made != parts {
            let filters = serde_json::to_string(&filters).unwrap();
            wrong.push(format!("{text}\n  query {query}\n  filters {filters}\n  parts {made:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_fixture_is_large_and_bilingual() {
    let sentences = sentences();
    let count = |language| sentences.iter().filter(|sentence| sentence.language == language).count();
    assert!(count("en") >= 36 && count("it") >= 28);
}

#[test]
fn words_and_spans_are_those_of_the_text() {
    for Sentence { text, .. } in sentences() {
        for part in read(&text, &FilterSet::default()).unwrap().parts {
            let letters: Vec<char> = text.chars().collect();
            let at_spans: Vec<String> = part
                .spans
                .iter()
                .map(|span| letters[span.start as usize..span.end as usize].iter().collect::<String>())
                .collect();
            assert_eq!(at_spans.join(" "), part.words, "{text}");
        }
    }
}

/// Warnings that change nothing of the meaning here: a lower-case "not" is a word, and is meant as one.
fn is_harmless(code: WarningCode) -> bool {
    matches!(code, WarningCode::LowercaseOperator | WarningCode::IgnoredSign)
}

#[test]
fn queries_and_undos_are_read_without_repair() {
    for Sentence { text, .. } in sentences() {
        let Interpretation { query, parts, .. } = read(&text, &FilterSet::default()).unwrap();
        for query in parts.iter().map(|part| &part.undo.query).chain([&query]) {
            for warning in parse(query, Syntax::Boolean).unwrap().warnings {
                assert!(is_harmless(warning.code), "{query}: {warning:?}");
            }
        }
    }
}

#[test]
fn an_undo_takes_back_one_part_and_no_other() {
    for Sentence { text, .. } in sentences() {
        let Interpretation { query, filters, parts, .. } = read(&text, &FilterSet::default()).unwrap();
        for part in &parts {
            let is_clause = part.text.starts_with('-') && query.contains(&part.text);
            assert_eq!(part.undo.filters == filters, is_clause, "{text}: {}", part.text);
            assert!(!is_clause || !part.undo.query.contains(&part.text), "{text}: {}", part.undo.query);
            let words = TokenList::of(&part.words).joined();
            let undone = TokenList::of(&part.undo.query).joined();
            assert!(undone.contains(&words), "{text}: {words:?} in {undone:?}");
        }
    }
}

#[test]
fn an_interpreted_request_is_not_interpreted_further() {
    for Sentence { text, .. } in sentences() {
        let first = read(&text, &FilterSet::default()).unwrap();
        let Some(second) = read(&first.query, &first.filters) else { continue };
        assert_eq!((second.query, second.filters), (first.query, FilterSet::default()), "{text}");
    }
}

#[test]
fn a_stated_filter_is_left_alone_and_its_words_stay() {
    let stated = FilterSet { years: Some(YearRange { min: Some(1.0), max: None }), ..FilterSet::default() };
    let made = read("rust engineer, 5+ years, open to work", &stated).unwrap();
    assert_eq!(made.query, "rust engineer, 5+ years");
    assert_eq!(made.filters, FilterSet { open_to_work: Some(true), ..FilterSet::default() });
    assert_eq!(made.parts[0].undo.filters, stated);
    assert_eq!(made.parts[0].undo.query, "rust engineer, 5+ years, open to work");
}

#[test]
fn the_query_language_is_left_alone() {
    for text in [
        "rust AND engineer in Milan",
        "\"rust engineer\" in Milan",
        "engineer in Milan -java",
        "+rust in Milan",
        "title:engineer in Milan",
        "(rust or go) in Milan",
        "rust* in Milan",
        "rust^2 in Milan",
        "skils:rust in Milan",
    ] {
        assert_eq!(read(text, &FilterSet::default()), None, "{text}");
    }
}

#[test]
fn undone_words_never_operate() {
    let made = read("RUST, NOT JAVA, EX GOOGLE, NOT FROM ACME", &FilterSet::default()).unwrap();
    assert_eq!(made.query, "RUST -JAVA -company:ACME");
    assert_eq!(made.parts[0].undo.query, "RUST, not JAVA -company:ACME");
    let plan = parse(&made.parts[0].undo.query, Syntax::Boolean).unwrap();
    assert_eq!(plan.ast.row.len(), 4);
}

#[test]
fn the_rest_of_a_word_is_no_field() {
    let made = read("remote,not:a", &FilterSet::default()).unwrap();
    assert_eq!(made.query, "not a");
    let warnings = parse(&made.query, Syntax::Boolean).unwrap().warnings;
    assert_eq!(warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), [WarningCode::LowercaseOperator]);
}
