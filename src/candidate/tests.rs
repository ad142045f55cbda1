//! Tests of the domain.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn valid(document: Value) -> Candidate {
    CandidateDraft::from_value(document).unwrap().validate(None).unwrap()
}

fn errors(document: Value) -> Vec<(String, &'static str)> {
    let errors = CandidateDraft::from_value(document).unwrap().validate(None).unwrap_err();
    errors.into_iter().map(|error| (error.pointer, error.code)).collect()
}

fn worked(positions: Value) -> (Candidate, Timeline) {
    let candidate = valid(json!({"id": "a", "profile": {"work": positions}}));
    let timeline = Timeline::of(&candidate.profile.positions);
    (candidate, timeline)
}

fn month(text: &str) -> Month {
    PartialDate::parse(text).unwrap().first_month()
}

#[test]
fn every_error_of_a_document_is_reported_at_once_with_its_place() {
    let found = errors(json!({
        "id": "a/b", "followers": 3,
        "profile": {"work": [{"startDate": "2021-13-45", "position": 7}, "x"], "skills": {}},
        "availability": {"openToWork": {"since": "soon", "until": null, "salary": 1}},
        "documents": [{"text": 1}]
    }));
    let expected = [
        ("/id", "invalid_id"),
        ("/followers", "unknown_field"),
        ("/profile/work/1", "invalid_type"),
        ("/profile/work/0/position", "invalid_type"),
        ("/profile/work/0/startDate", "invalid_date"),
        ("/profile/skills", "invalid_type"),
        ("/availability/openToWork/salary", "unknown_field"),
        ("/availability/openToWork/since", "invalid_instant"),
        ("/documents/0/text", "invalid_type"),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn unknown_members_of_a_profile_are_kept() {
    let document = json!({"id": "a", "profile": {"basics": {"pronouns": "she", "followers": 9}, "x": [1]}});
    assert_eq!(valid(document.clone()).document(), &document);
}

#[test]
fn the_empty_json_resume_is_a_profile() {
    assert_eq!(valid(json!({"id": "a", "profile": {}})).profile, Profile::default());
}

#[test]
fn ids_are_unreserved_characters() {
    for id in ["a", "gh-4711", "A.b_c~d-9", &"x".repeat(128)] {
        assert!(CandidateId::new(id).is_ok(), "{id}");
    }
    for id in ["", ".", "..", "a/b", "ä", "a b", "a%20b", &"x".repeat(129)] {
        assert!(CandidateId::new(id).is_err(), "{id}");
    }
}

#[test]
fn depth_length_and_size_are_bounded() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    let draft = CandidateDraft::from_json(format!("{{\"id\":\"a\",\"profile\":{{\"x\":{deep}}}}}").as_bytes());
    assert!(matches!(draft, Err(DraftError::TooComplex { .. })));
    let long = json!({"id": "a", "tags": vec!["t"; MAX_ARRAY_LENGTH + 1]});
    assert!(matches!(CandidateDraft::from_value(long), Err(DraftError::TooComplex { .. })));
    let large = vec![b' '; MAX_CANDIDATE_BYTES + 1];
    assert!(matches!(CandidateDraft::from_json(&large), Err(DraftError::TooLarge { .. })));
    assert!(matches!(CandidateDraft::from_json(b"{\"id\": NaN}"), Err(DraftError::NotJson(_))));
}

#[test]
fn the_stored_id_wins_and_another_stated_one_is_an_error() {
    let id = CandidateId::new("b").unwrap();
    let draft = |document| CandidateDraft::from_value(document).unwrap().validate(Some(&id));
    assert_eq!(draft(json!({})).unwrap().document(), &json!({"id": "b"}));
    assert_eq!(draft(json!({"id": "c"})).unwrap_err()[0].code, "id_mismatch");
}

#[test]
fn overlaps_count_once_and_missing_dates_are_unknown() {
    let (_, timeline) = worked(json!([
        {"startDate": "2010-01", "endDate": "2014-12"},
        {"startDate": "2012-01", "endDate": "2013-12"},
        {"startDate": "2014-01", "endDate": "2015-12"}
    ]));
    assert_eq!(timeline.experience().unwrap().months_at(month("2026-01")), 72);
    let (_, undated) = worked(json!([{"position": "Cook"}]));
    assert_eq!(undated.experience(), None);
    assert_eq!(undated.current(), Some(0));
}

#[test]
fn an_open_position_that_another_follows_is_stale() {
    let (_, timeline) = worked(json!([
        {"position": "Old", "startDate": "2010-01"},
        {"position": "New", "startDate": "2020-01"},
        {"position": "Between", "startDate": "2015-01", "endDate": "2016-12"}
    ]));
    assert_eq!(timeline.current(), Some(1));
    assert_eq!(timeline.end_of(0), Some(Some(month("2015-01"))));
    let experience = timeline.experience().unwrap();
    assert_eq!(experience.open_since, Some(month("2020-01")));
    assert_eq!(experience.months_at(month("2021-01")), 60 + 24 + 12);
}

#[test]
fn tenure_compares_the_current_position_with_those_before() {
    let (_, timeline) = worked(json!([
        {"startDate": "2010-01", "endDate": "2010-12"},
        {"startDate": "2011-01", "endDate": "2013-12"},
        {"startDate": "2014-01", "endDate": "2019-12"},
        {"startDate": "2020-03"}
    ]));
    let tenure = PositionTenure { since: month("2020-03"), median_months: 36, closed_positions: 3 };
    assert_eq!(timeline.tenure(), Some(tenure));
    assert_eq!(month("2020-03").start_second(), 1_583_020_800);
    let (_, first) = worked(json!([{"startDate": "2020-03"}]));
    assert_eq!(first.tenure().map(|tenure| (tenure.median_months, tenure.closed_positions)), Some((0, 0)));
    assert_eq!(worked(json!([{"startDate": "2010", "endDate": "2012"}])).1.tenure(), None);
}

#[test]
fn skills_are_graded_by_what_supports_them() {
    let candidate = valid(json!({"id": "a", "profile": {
        "work": [
            {"position": "Engineer", "summary": "Wrote machine learning services in Rust.", "startDate": "2019-01", "endDate": "2020-12"},
            {"position": "Rust developer", "startDate": "2021-01", "endDate": "2021-12"},
            {"position": "Cobol developer"}],
        "skills": [{"name": "Rust", "keywords": ["Machine Learning"]}, {"name": "Cobol"}, {"name": "Kubernetes"}, {"name": "RUST"}],
        "certificates": [{"name": "Certified Kubernetes Administrator"}]}}));
    let timeline = Timeline::of(&candidate.profile.positions);
    let graded: Vec<_> = skill_evidence(&candidate, &timeline, &text_values(&candidate, &timeline), |_| true)
        .into_iter()
        .map(|skill| (skill.skill, skill.grade, skill.experience.map(|months| months.months_at(month("2026-01")))))
        .collect();
    assert_eq!(
        graded,
        [
            ("Rust".to_owned(), Grade::Used, Some(36)),
            ("Machine Learning".to_owned(), Grade::Used, Some(24)),
            ("Cobol".to_owned(), Grade::Listed, None),
            ("Kubernetes".to_owned(), Grade::Proven, None),
        ]
    );
}

#[test]
fn text_values_are_an_allow_list() {
    let candidate = valid(json!({"id": "a", "tags": ["gold"], "profile": {
        "basics": {"name": "Ada", "label": "Cook", "email": "ada@example.org", "phone": "1", "image": "i", "profiles": [{"network": "N", "followers": 5}]},
        "skills": [{"name": "Soup", "level": "Master", "endorsements": 99}],
        "interests": [{"name": "chess"}], "references": [{"reference": "good"}], "volunteer": [{"organization": "Church"}]}}));
    let timeline = Timeline::of(&candidate.profile.positions);
    let values: Vec<_> = text_values(&candidate, &timeline)
        .into_iter()
        .map(|value| (value.field, value.pointer.to_string(), value.text.into_owned()))
        .collect();
    let expected = [
        (TextField::Headline, "/profile/basics/label", "Cook"),
        (TextField::Skill, "/profile/skills/0/name", "Soup"),
        (TextField::Name, "/profile/basics/name", "Ada"),
        (TextField::Tag, "/tags/0", "gold"),
    ];
    assert_eq!(values, expected.map(|(field, pointer, text)| (field, pointer.to_owned(), text.to_owned())));
}

proptest! {
    #[test]
    fn experience_equals_the_months_counted_one_by_one(spans in prop::collection::vec((0i32..200, 0i32..60, any::<bool>()), 1..8)) {
        let spans: Vec<(Month, Option<Month>)> =
            spans.into_iter().map(|(start, length, open)| (Month(start), (!open).then_some(Month(start + length)))).collect();
        let as_of = 300;
        let worked = (0..as_of)
            .filter(|at| spans.iter().any(|(start, end)| start.0 <= *at && end.is_none_or(|end| *at < end.0)))
            .count();
        let experience = Experience::of_spans(spans.into_iter()).unwrap();
        prop_assert_eq!(experience.months_at(Month(as_of)) as usize, worked);
    }

    #[test]
    fn any_json_is_a_candidate_or_errors(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(draft) = CandidateDraft::from_json(&bytes) {
            let _ = draft.validate(None);
        }
    }
}
