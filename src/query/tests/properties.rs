//! What holds for every input.

use proptest::prelude::*;

use super::naive::{NaiveCandidate, evaluate};
use super::*;
use crate::candidate::TextField;

/// Pieces that queries are made of, hostile ones among them.
const PIECES: [&str; 80] = [
    "^2",
    "^0.5",
    "^99",
    "~1",
    "\"a b\"~2",
    "\"java a\"~x",
    "de*v",
    "ja*a*",
    "skillYears(",
    "skillYears(rust):>=3",
    "evidence(java):<used",
    ")^3",
    " ",
    " ",
    " ",
    " ",
    "AND",
    "OR",
    "NOT",
    "-",
    "+",
    "(",
    ")",
    "\"",
    "“",
    "”",
    "title:",
    "skill:",
    "country:",
    "TAG:",
    "name:",
    "foo:",
    "near:",
    "near:Milano",
    "near:Milano~5km",
    "relocate:\"Paris, US\"~30mi",
    "Monza",
    "~20km",
    "\"Monza\"~20km",
    "active:",
    "<30d",
    "active:<30d",
    "-open:true",
    "contacted:7d..30d",
    "Remote: yes",
    "years:5..10",
    "concept:",
    "evidence(",
    "a",
    "b",
    "c",
    "java",
    "Rust",
    "A",
    "B",
    "C++",
    "dev*",
    "*",
    "^2",
    "~3",
    "and",
    "or",
    "not",
    "É",
    "東京",
    "\u{301}",
    "–",
    "&&",
    "!",
    ",",
    ".",
    ":",
    "node-js",
    "\n",
    "und",
    "'",
    "«",
    "..",
    "AND,",
    "R&D",
];

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(prop::sample::select(&PIECES[..]), 0..24).prop_map(|pieces| pieces.concat()),
        prop::collection::vec(prop::sample::select(&PIECES[..]), 0..16).prop_map(|pieces| pieces.join(" ")),
        any::<String>(),
    ]
}

fn candidate() -> impl Strategy<Value = NaiveCandidate> {
    let words = prop::collection::vec(prop::sample::select(&["a", "b", "c", "java", "rust", "dev"][..]), 0..4);
    let field = prop::sample::select(&TextField::ALL[..]);
    let texts = prop::collection::vec((field, words.prop_map(|words| words.join(" "))), 0..5);
    (texts, prop::option::of(Just("a".to_owned()))).prop_map(|(texts, country)| NaiveCandidate {
        texts,
        country,
        ..NaiveCandidate::default()
    })
}

fn parsed(text: &str, syntax: Syntax) -> Parsed {
    parse(text, syntax).unwrap()
}

fn hit(plan: &Plan, candidate: &NaiveCandidate, unknowns: Unknowns) -> bool {
    evaluate(plan, &[], candidate, &[]).is_hit(plan.hit_set, unknowns)
}

/// A plan as JSON without its places.
fn without_spans(plan: &Plan) -> serde_json::Value {
    let mut value = serde_json::to_value(plan).unwrap();
    strip(&mut value);
    value
}

fn strip(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(members) => {
            members.remove("span");
            members.values_mut().for_each(strip);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Every span of a tree as JSON.
fn spans(value: &serde_json::Value, found: &mut Vec<(u64, u64)>) {
    match value {
        serde_json::Value::Object(members) => {
            if let Some(span) = members.get("span") {
                found.push((span["start"].as_u64().unwrap(), span["end"].as_u64().unwrap()));
            }
            members.values().for_each(|member| spans(member, found));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| spans(item, found)),
        _ => {}
    }
}

/// Found by fuzzing.
#[test]
fn what_fuzzing_found_reads_the_same_once_printed() {
    let deep = format!("{}b OR active:NOT-N", "(".repeat(MAX_DEPTH));
    for text in [deep.as_str(), "NOT N 2 NN*", "NOT\u{17}'S d", "NOT\u{17}'S D", "a\u{200b}'s b AND c"] {
        let ast = parsed(text, Syntax::Boolean).ast;
        let again = parsed(&ast.to_string(), Syntax::Boolean).ast;
        assert_eq!(without_spans(&Plan::compile(&ast)), without_spans(&Plan::compile(&again)), "{text:?}");
        assert_eq!(ast.to_string(), again.to_string());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_parses_and_spans_lie_within_it(text in typed()) {
        let length = text.chars().count() as u64;
        for syntax in [Syntax::Boolean, Syntax::Plain] {
            let parsed = parsed(&text, syntax);
            let mut found = Vec::new();
            spans(&serde_json::to_value(Plan::compile(&parsed.ast)).unwrap(), &mut found);
            spans(&serde_json::to_value(&parsed.warnings).unwrap(), &mut found);
            for (start, end) in found {
                prop_assert!(start <= end && end <= length, "{start}..{end} in {length}");
            }
        }
    }

    #[test]
    fn printing_and_parsing_again_gives_the_same_plan(text in typed()) {
        for syntax in [Syntax::Boolean, Syntax::Plain] {
            let ast = parsed(&text, syntax).ast;
            let print = ast.to_string();
            let again = parsed(&print, syntax).ast;
            prop_assert_eq!(without_spans(&Plan::compile(&ast)), without_spans(&Plan::compile(&again)), "{}", print);
        }
    }

    #[test]
    fn plain_syntax_never_demands(text in typed()) {
        let plan = Plan::compile(&parsed(&text, Syntax::Plain).ast);
        prop_assert!(plan.demand.is_none());
        prop_assert!(matches!(plan.hit_set, HitSet::Wished | HitSet::Everything));
        prop_assert!(plan.wishes.iter().all(|wish| !wish.demanded));
    }

    #[test]
    fn a_negation_never_adds_a_hit(text in typed(), word in "[abc]|java|title:a|country:a", candidate in candidate()) {
        let before = parsed(&text, Syntax::Boolean).ast;
        let negated = parsed(&format!("-{word}"), Syntax::Boolean).ast;
        let mut after = before.clone();
        after.row.extend(negated.row);
        for unknowns in [Unknowns::Exclude, Unknowns::Include] {
            let was = hit(&Plan::compile(&before), &candidate, unknowns);
            prop_assert!(was || !hit(&Plan::compile(&after), &candidate, unknowns));
        }
    }

    #[test]
    fn a_negation_holds_always(text in typed(), word in "[abc]|java|rust", candidate in candidate()) {
        let mut ast = parsed(&text, Syntax::Boolean).ast;
        ast.row.extend(parsed(&format!("-{word}"), Syntax::Boolean).ast.row);
        if hit(&Plan::compile(&ast), &candidate, Unknowns::Include) {
            let found = hit(&plan(&format!("+{word}")), &candidate, Unknowns::Include);
            prop_assert!(!found);
        }
    }

    #[test]
    fn repeating_a_word_changes_nothing(words in prop::collection::vec("[a-e]", 1..6)) {
        let once = plan(&words.join(" "));
        let twice = plan(&format!("{} {}", words.join(" "), words.join(" ")));
        prop_assert_eq!(&once.embedded_text, &twice.embedded_text);
        let exact = |plan: &Plan| plan.wishes.iter().map(|wish| wish.exact.clone()).collect::<Vec<_>>();
        prop_assert_eq!(exact(&once), exact(&twice));
    }

    #[test]
    fn scoring_words_are_distinct_and_never_negated(text in typed()) {
        let plan = plan(&text);
        let mut keys: Vec<_> = plan.wishes.iter().map(|wish| (&wish.exact, wish.scope)).collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), all);
        if plan.hit_set == HitSet::NegationsOnly {
            prop_assert!(plan.wishes.is_empty() && plan.embedded_text.is_empty());
        }
    }
}
