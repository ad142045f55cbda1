//! What must hold of all texts.

use proptest::prelude::*;

use super::super::glue::{self, is_glue};
use super::super::sentence::Sentence;
use super::super::{Interpretation, interpret};
use super::Companies;
use crate::query::filter::{FilterSet, YearRange};
use crate::query::{Syntax, WarningCode, parse};

/// Words that rules read, and others.
const WORDS: &[&str] = &[
    "rust",
    "Milan",
    "in",
    "a",
    "Milano",
    "or",
    "o",
    "and",
    "e",
    "not",
    "non",
    "no",
    "from",
    "da",
    "Acme",
    "Google",
    "ex",
    "5",
    "five",
    "years",
    "anni",
    "+",
    "5+",
    "5-10",
    "at",
    "least",
    "almeno",
    "of",
    "di",
    "experience",
    "esperienza",
    "remote",
    "remoto",
    "open",
    "to",
    "work",
    "German",
    "tedesco",
    "speaking",
    "parla",
    "fluent",
    "French",
    "active",
    "the",
    "last",
    "month",
    "nell'ultimo",
    "mese",
    "contacted",
    "never",
    "mai",
    "contattato",
    "applied",
    "before",
    "who",
    "che",
    "relocate",
    "willing",
    "Berlin",
    "Germany",
    "Italia",
    "without",
    "senza",
    "java",
    ",",
    "-",
    "/",
    "within",
    "20km",
    "km",
    "entro",
    "based",
    "looking",
    "for",
    "cerco",
    "un'infermiera",
    "C++",
    "東京都",
    "NOT",
    "SQL",
    "old",
    "30",
    ":",
    ".",
    "outside",
    "excluding",
    "employees",
];

fn text() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(WORDS), 0..14);
    let glue = prop::sample::select(vec![" ", " ", " ", ", ", ""]);
    let made = (words, glue).prop_map(|(words, glue)| words.join(glue));
    prop_oneof![4 => made, 1 => "\\PC{0,40}", 1 => "[a-zA-Z,+ -]{0,60}"]
}

fn stated() -> impl Strategy<Value = FilterSet> {
    let years = prop::option::of(Just(YearRange { min: Some(1.0), max: None }));
    (years, prop::option::of(any::<bool>()), prop::option::of(any::<bool>()))
        .prop_map(|(years, remote, open_to_work)| FilterSet { years, remote, open_to_work, ..FilterSet::default() })
}

/// The members of a set of filters that are given.
fn members(filters: &FilterSet) -> serde_json::Map<String, serde_json::Value> {
    serde_json::to_value(filters).unwrap().as_object().unwrap().clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn spans_ascend_within_the_text_and_undos_are_whole(text in text(), stated in stated()) {
        let Some(Interpretation { parts, .. }) = interpret(&text, &stated, &Companies::of_fixture()) else { return Ok(()) };
        let letters: Vec<char> = text.chars().collect();
        let mut from = 0;
        for part in &parts {
            for span in &part.spans {
                prop_assert!(from <= span.start && span.start < span.end && span.end as usize <= letters.len());
                from = span.end;
                let words: String = letters[span.start as usize..span.end as usize].iter().collect();
                prop_assert_eq!(&words, &part.words);
            }
        }
    }

    #[test]
    fn every_word_is_in_a_part_or_in_the_query_or_a_little_word(text in text()) {
        let names = Companies::of_fixture();
        let Some(Interpretation { query, parts, .. }) = interpret(&text, &FilterSet::default(), &names) else { return Ok(()) };
        let sentence = Sentence::of(&text);
        let opening = glue::opening(&sentence);
        let kept: Vec<String> = Sentence::of(&query).forms().to_vec();
        let letters_before = |byte: usize| text[..byte].chars().count() as u32;
        for at in 0..sentence.len() {
            let start = letters_before(sentence.bytes(at..at + 1).start);
            let is_taken = parts.iter().flat_map(|part| &part.spans).any(|span| span.start <= start && start < span.end);
            let is_kept = kept.iter().any(|form| form == sentence.form(at));
            prop_assert!(at < opening || is_taken || is_kept || is_glue(&sentence, at), "{} in {query:?}", sentence.form(at));
        }
    }

    #[test]
    fn stated_filters_are_kept(text in text(), stated in stated()) {
        let Some(made) = interpret(&text, &stated, &Companies::of_fixture()) else { return Ok(()) };
        let stated = members(&stated);
        prop_assert!(members(&made.filters).keys().all(|name| !stated.contains_key(name)));
        for part in &made.parts {
            let undone = members(&part.undo.filters);
            prop_assert!(stated.iter().all(|(name, value)| undone.get(name) == Some(value)));
        }
    }

    #[test]
    fn what_comes_out_is_read_as_meant(text in text()) {
        let names = Companies::of_fixture();
        let Some(made) = interpret(&text, &FilterSet::default(), &names) else { return Ok(()) };
        for query in made.parts.iter().map(|part| &part.undo.query).chain([&made.query]) {
            let clauses = query.matches(" -").count() + usize::from(query.starts_with('-'));
            let parsed = parse(query, Syntax::Boolean).unwrap();
            let changes = parsed.warnings.iter().find(|warning| !matches!(
                warning.code,
                WarningCode::LowercaseOperator
                    | WarningCode::IgnoredSign
                    | WarningCode::CapitalOperator
                    | WarningCode::MinusAfterConjunction
                    | WarningCode::NoWords
            ));
            prop_assert!(changes.is_none(), "{query:?}: {changes:?} {clauses}");
        }
    }
}
