//! What a query says of one candidate, rule by rule.

use super::naive::{NaiveCandidate, NaiveEntry, Verdict, evaluate};
use super::*;
use crate::candidate::{Grade, TextField};
use crate::text::Language;

fn verdict(query: &str, candidate: &NaiveCandidate) -> Verdict {
    evaluate(&plan(query), &[], candidate, &[Language::English])
}

fn is_hit(query: &str, candidate: &NaiveCandidate) -> bool {
    verdict(query, candidate).is_hit(plan(query).hit_set, Unknowns::Exclude)
}

fn anna() -> NaiveCandidate {
    let texts = [
        (TextField::CurrentTitle, "Lead Project Managers Coach"),
        (TextField::PastTitle, "Software Engineer"),
        (TextField::CurrentCompany, "Acme Corp"),
        (TextField::PastCompany, "Globex"),
        (TextField::Skill, "Rust programming"),
        (TextField::Skill, "Résumé review"),
        (TextField::Summary, "Builds data platforms. Node-js, developer tools."),
        (TextField::Name, "Anna Bianchi"),
        (TextField::Tag, "silver medalist"),
        (TextField::Language, "German"),
    ];
    NaiveCandidate {
        texts: texts.map(|(field, value)| (field, value.to_owned())).to_vec(),
        country: Some("IT".into()),
        language: Some(Language::English),
        ..NaiveCandidate::default()
    }
}

#[track_caller]
fn check(rule: &str, cases: &[(&str, bool)]) {
    for (query, hit) in cases {
        assert_eq!(is_hit(query, &anna()), *hit, "{rule}: {query}");
    }
}

#[test]
fn rule_3_demands_match_the_words_as_typed() {
    check(
        "case and accents folded, no stems; a phrase within one value",
        &[
            ("\"project manager\"", false),
            ("\"project managers\"", true),
            ("\"PROJECT Managers\"", true),
            ("\"managers project\"", false),
            ("\"project coach\"", false),
            ("\"engineer acme\"", false),
            ("+platform", false),
            ("+platforms", true),
            ("platform", true),
            ("+node-js", true),
            ("+js-node", false),
            ("skill:RÉSUMÉ", true),
            ("skill:rust", true),
            ("skill:\"rust review\"", false),
            ("skill:(rust review)", true),
            ("skill:acme", false),
            ("+develop*", true),
            ("skill:develop*", false),
            ("develop*", true),
        ],
    );
}

#[test]
fn rule_3_distances_and_wildcards() {
    check(
        "any order, within one value; a star within one word",
        &[
            ("\"managers lead\"~1", true),
            ("\"managers lead\"~0", false),
            ("\"lead project managers coach\"~0", true),
            ("\"coach lead\"~1", false),
            ("\"coach lead\"~2", true),
            ("\"engineer acme\"~100", false),
            ("\"project project\"~5", false),
            ("title:\"coach project\"~1", true),
            ("summary:\"coach project\"~1", false),
            ("+deve*er", true),
            ("+deve*ers", false),
            ("title:man*s", true),
            ("-title:man*s", false),
            ("-\"coach lead\"~1", true),
            ("de*er cobol", true),
            ("country:i*", false),
            ("country:it*", true),
        ],
    );
}

#[test]
fn rule_5_weights_change_no_hit() {
    check(
        "weights",
        &[("cobol^10 fortran", false), ("rust^0.1", true), ("-rust^5", false), ("(rust AND globex)^3", true)],
    );
}

fn skilled() -> NaiveCandidate {
    let entry = |text: &str, grade, months: std::ops::Range<i32>, is_dated_position| NaiveEntry {
        texts: vec![text.to_owned()],
        grade,
        is_dated_position,
        months: months.collect(),
    };
    let skills = ["Rust", "Go", "Machine learning"].map(|skill| (TextField::Skill, skill.to_owned()));
    let entries = vec![
        entry("Rust and Java", Some(Grade::Used), 100..136, true),
        entry("Rust, machine learning", Some(Grade::Used), 124..148, true),
        entry("Perl", None, 0..0, false),
        entry("Certified in Java", Some(Grade::Proven), 0..0, false),
    ];
    let told = entries.iter().flat_map(|entry| entry.texts.clone()).map(|text| (TextField::PositionText, text));
    NaiveCandidate { texts: skills.into_iter().chain(told).collect(), entries, ..NaiveCandidate::default() }
}

#[test]
fn rule_6_years_and_evidence_of_a_skill() {
    use Truth::{No, Unknown, Yes};
    for (query, expected) in [
        ("skillYears(rust):4..4", Yes),
        ("skillYears(java):3..3", Yes),
        ("skillYears(\"machine learning\"):2..2", Yes),
        ("skillYears(learning):2..2", Yes),
        ("skillYears(\"learning machine\"):>=0", Yes),
        ("skillYears(\"learning machine\"):>=1", No),
        ("skillYears(go):>=1", Unknown),
        ("-skillYears(go):>=1", Unknown),
        ("skillYears(perl):<1", Unknown),
        ("skillYears(cobol):<1", Yes),
        ("-skillYears(rust):>=5", Yes),
        ("evidence(rust):=used", Yes),
        ("evidence(java):=proven", Yes),
        ("evidence(go):=listed", Yes),
        ("evidence(go):>=used", No),
        ("evidence(perl):<listed", Yes),
        ("evidence(cobol):<listed", Yes),
        ("-evidence(go):>=used", Yes),
    ] {
        assert_eq!(verdict(query, &skilled()).demanded, expected, "{query}");
    }
}

#[test]
fn rule_3_negation_never_expands() {
    check(
        "NOT excludes always, and only what was typed",
        &[
            ("rust -platform", true),
            ("rust -platforms", false),
            ("rust NOT \"project managers\"", false),
            ("rust NOT \"project manager\"", true),
            ("-title:engineer", false),
            ("-currentTitle:engineer", true),
            ("-company:(acme OR initech)", false),
            ("-company:(acme AND initech)", true),
        ],
    );
}

#[test]
fn fields_look_where_they_say() {
    check(
        "fields",
        &[
            ("title:engineer", true),
            ("currentTitle:engineer", false),
            ("pastTitle:engineer", true),
            ("company:globex", true),
            ("currentCompany:globex", false),
            ("+anna", false),
            ("anna", false),
            ("name:anna", true),
            ("+medalist", false),
            ("tag:\"silver medalist\"", true),
            ("country:it", true),
            ("country:de", false),
        ],
    );
}

#[test]
fn rule_4_hit_set() {
    check(
        "with a demand exactly those who meet it; with wishes those who match one; only negations: everyone else",
        &[
            ("", true),
            ("cobol rust", true),
            ("cobol fortran", false),
            ("cobol +rust", true),
            ("rust +cobol", false),
            ("-cobol", true),
            ("-rust", false),
            ("cobol -fortran", false),
            ("cobol OR rust", true),
            ("cobol OR NOT fortran", true),
            ("rust AND globex", true),
            ("rust AND cobol", false),
        ],
    );
}

#[test]
fn rule_6_unknown_is_not_no() {
    let unknown = NaiveCandidate { texts: vec![(TextField::Skill, "Rust".into())], ..NaiveCandidate::default() };
    for (query, expected) in [
        ("country:it", Truth::Unknown),
        ("-country:it", Truth::Unknown),
        ("language:german", Truth::Unknown),
        ("NOT industry:retail", Truth::Unknown),
        ("country:it OR skill:rust", Truth::Yes),
        ("country:it AND skill:go", Truth::No),
        ("country:it AND skill:rust", Truth::Unknown),
        ("school:eth", Truth::No),
        ("-school:eth", Truth::Yes),
    ] {
        let verdict = verdict(query, &unknown);
        assert_eq!(verdict.demanded, expected, "{query}");
        let hit_set = plan(query).hit_set;
        assert_eq!(verdict.is_hit(hit_set, Unknowns::Exclude), expected == Truth::Yes);
        assert_eq!(verdict.is_hit(hit_set, Unknowns::Include), expected != Truth::No);
    }
    assert_eq!(verdict("language:french", &anna()).demanded, Truth::No);
}

#[test]
fn a_stray_space_changes_nothing() {
    for (a, b) in [("rust go", "rust  go "), ("title:engineer", "title: engineer"), ("a OR b", " a  OR  b ")] {
        assert_eq!(sketch(&plan(a)), sketch(&plan(b)));
    }
}
