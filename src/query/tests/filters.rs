//! Filters: wire form, validation, three-valued meaning.

use super::naive::{NaiveCandidate, evaluate};
use super::*;
use serde_json::json;

fn filters(value: serde_json::Value) -> Result<Vec<Filter>, Vec<FilterError>> {
    serde_json::from_value::<FilterSet>(value).unwrap().validate()
}

#[test]
fn the_wire_form_becomes_valid_filters() {
    let valid = filters(json!({
        "skills": {"all": ["Rust", "RUST"], "none": ["COBOL"]},
        "titles": ["Data  Engineer"],
        "countries": {"any": ["IT", "de"]},
        "years": {"min": 0.5, "max": 10},
        "openToWork": true,
        "lastActive": {"withinDays": 30},
        "companies": {},
    }));
    insta::assert_json_snapshot!("filters", valid.unwrap());
    assert_eq!(filters(json!({})), Ok(vec![]));
    assert_eq!(filters(json!({"years": {}, "skills": {"all": []}})), Ok(vec![]));
}

#[test]
fn every_error_comes_at_once() {
    let many: Vec<String> = (0..=MAX_FILTER_VALUES).map(|n| n.to_string()).collect();
    let errors = filters(json!({
        "skills": {"all": ["Rust", "&&"], "any": many},
        "titles": ["x".repeat(1000)],
        "countries": ["Italy"],
        "years": {"min": -1, "max": 1000},
        "lastActive": {"withinDays": 0},
    }));
    let errors = errors.unwrap_err();
    let found: Vec<_> = errors.iter().map(|error| (error.pointer.as_str(), error.code)).collect();
    let expected = [
        ("/filters/skills/all/1", "empty_value"),
        ("/filters/skills/any", "too_many_values"),
        ("/filters/titles/any/0", "value_too_long"),
        ("/filters/countries/any/0", "invalid_country"),
        ("/filters/years/min", "out_of_range"),
        ("/filters/years/max", "out_of_range"),
        ("/filters/lastActive/withinDays", "out_of_range"),
    ];
    assert_eq!(found, expected);
    assert_eq!(filters(json!({"years": {"min": 5, "max": 4}})).unwrap_err()[0].code, "empty_range");
    assert_eq!(QueryError::InvalidFilters(errors).code(), "invalid_filters");
}

#[test]
fn unknown_members_are_refused() {
    for body in [
        json!({"skill": []}),
        json!({"skills": {"every": []}}),
        json!({"years": {"from": 1}}),
        json!({"lastActive": {"withinDays": 1, "x": 1}}),
        json!({"skills": "Rust"}),
    ] {
        assert!(serde_json::from_value::<FilterSet>(body.clone()).is_err(), "{body}");
    }
}

#[track_caller]
fn check(filter: serde_json::Value, candidate: &NaiveCandidate, expected: Truth) {
    let valid = filters(filter.clone()).unwrap();
    let verdict = evaluate(&plan(""), &valid, candidate, &[]);
    assert_eq!(verdict.filters, expected, "{filter} on {candidate:?}");
}

/// Rule 7: whole canonical values; words are two-valued.
#[test]
fn values_are_compared_whole() {
    let values =
        [(FilterField::Skills, "Rust"), (FilterField::Skills, "Machine Learning"), (FilterField::Titles, "Nurse")];
    let values = values.map(|(field, value)| (field, value.to_owned())).to_vec();
    let candidate = NaiveCandidate { values, ..NaiveCandidate::default() };
    check(json!({"skills": {"all": ["rust", "machine-learning"]}}), &candidate, Truth::Yes);
    check(json!({"skills": {"all": ["rust", "go"]}}), &candidate, Truth::No);
    check(json!({"skills": {"any": ["rust", "go"]}}), &candidate, Truth::Yes);
    check(json!({"skills": ["machine"]}), &candidate, Truth::No);
    check(json!({"skills": {"none": ["go"]}}), &candidate, Truth::Yes);
    check(json!({"skills": {"none": ["go", "rust"]}}), &candidate, Truth::No);
    check(json!({"titles": ["nurse"]}), &candidate, Truth::Yes);
    check(json!({"companies": ["acme"]}), &candidate, Truth::No);
    check(json!({"companies": {"none": ["acme"]}}), &candidate, Truth::Yes);
}

/// Rule 6: unknown is not no.
#[test]
fn what_is_absent_is_unknown() {
    let unknown = NaiveCandidate::default();
    for filter in [
        json!({"countries": ["IT"]}),
        json!({"countries": {"none": ["IT"]}}),
        json!({"languages": ["German"]}),
        json!({"languages": {"none": ["German"]}}),
        json!({"years": {"min": 0}}),
        json!({"openToWork": true}),
        json!({"openToWork": false}),
        json!({"lastActive": {"withinDays": 3}}),
        json!({"openToWork": true, "companies": {"none": ["acme"]}}),
        json!({"remote": true}),
    ] {
        check(filter, &unknown, Truth::Unknown);
    }
    check(json!({"openToWork": true, "skills": ["rust"]}), &unknown, Truth::No);
    // A log of our own knows what is not in it.
    check(json!({"applied": {"withinDays": 3}}), &unknown, Truth::No);
    check(json!({"contacted": {"notWithinDays": 3}}), &unknown, Truth::Yes);
    check(json!({"interviewed": {"ever": false}}), &unknown, Truth::Yes);
}

#[test]
fn ranges_include_their_ends() {
    let months = |total_months| NaiveCandidate { total_months: Some(total_months), ..NaiveCandidate::default() };
    check(json!({"years": {"min": 0, "max": 1}}), &months(0), Truth::Yes);
    check(json!({"years": {"min": 0, "max": 1}}), &months(12), Truth::Yes);
    check(json!({"years": {"min": 0, "max": 1}}), &months(13), Truth::No);
    check(json!({"years": {"min": 5}}), &months(59), Truth::No);
    check(json!({"years": {"min": 30}}), &months(500), Truth::Yes);
    let known = NaiveCandidate {
        country: Some("IT".into()),
        open: Some(false),
        ages_seconds: [(Fact::Active, 30 * 86_400), (Fact::Contacted, 10 * 86_400)].into(),
        remote: Some(true),
        ..NaiveCandidate::default()
    };
    check(json!({"countries": ["it"]}), &known, Truth::Yes);
    check(json!({"countries": {"none": ["it"]}}), &known, Truth::No);
    check(json!({"openToWork": false}), &known, Truth::Yes);
    check(json!({"lastActive": {"withinDays": 30}}), &known, Truth::Yes);
    check(json!({"lastActive": {"withinDays": 29}}), &known, Truth::No);
    check(json!({"remote": true}), &known, Truth::Yes);
    check(json!({"contacted": {"withinDays": 10}}), &known, Truth::Yes);
    check(json!({"contacted": {"notWithinDays": 10}}), &known, Truth::No);
    check(json!({"contacted": {"notWithinDays": 9, "ever": true}}), &known, Truth::Yes);
    check(json!({"replied": {"ever": false}}), &known, Truth::Yes);
    check(json!({"replied": {"notWithinDays": 30}}), &known, Truth::Yes);
}

mod canonical {
    use proptest::prelude::*;

    use crate::query::{FilterField, canonical_value};

    proptest! {
        /// What a facet shows selects what it counted.
        #[test]
        fn a_canonical_value_is_its_own(
            value in "\\PC{0,40}|[a-zA-Zß+#.&, ()/-]{0,30}|(Paris|Milano|75008|Los Angeles|CA|Deutsch|FR)(, (Paris|IT|US|CO)){0,2}|(ß| c\\+\\+){200,300}",
        ) {
            for field in FilterField::ALL.into_iter().filter(|field| *field != FilterField::Countries) {
                let canonical = canonical_value(field, &value);
                prop_assert_eq!(&canonical_value(field, &canonical), &canonical, "{:?} of {:?}", field, value);
            }
        }
    }
}
