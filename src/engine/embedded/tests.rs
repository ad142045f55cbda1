//! What the engine keeps apart, and what it forgets.

use serde_json::{Value, json};

use super::*;
use crate::{
    candidate::{Candidate, CandidateDraft},
    engine::{IndexDocument, ScoredGroup, VALUE_GAP},
    query::{FilterField, Plan, Syntax, parse},
};

const DIMENSIONS: usize = 4;

fn as_of() -> jiff::Timestamp {
    "2026-01-15T00:00:00Z".parse().unwrap()
}

fn options(string_lineage: i64) -> EngineOptions {
    let ranking = crate::rank::Ranking::parse(include_str!("../../../indexes/ranking.toml")).unwrap();
    let activity = ranking.activity.signals;
    EngineOptions { dimensions: DIMENSIONS, model_version: "test".to_owned(), activity, string_lineage }
}

fn engine(documents: &[Value], dir: &std::path::Path) -> (EmbeddedEngine, Vec<Candidate>) {
    let engine = EmbeddedEngine::open(dir, &options(1)).unwrap();
    let mut candidates = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        let mut document = document.clone();
        document["id"] = json!(format!("c{at}"));
        let candidate = CandidateDraft::from_value(document).unwrap().validate(None).unwrap();
        let index = Box::new(IndexDocument::of(at as u32 + 1, &candidate));
        engine.apply(vec![EngineChange::Put { document: index, role: None, skills: None }]).unwrap();
        candidates.push(candidate);
        // Several segments, so that nothing depends on there being one.
        if at % 7 == 3 {
            engine.publish(at as u64 + 1, false).unwrap();
        }
    }
    engine.publish(documents.len() as u64, false).unwrap();
    (engine, candidates)
}

#[test]
fn strings_of_another_numbering_are_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let open = |string_lineage| EmbeddedEngine::open(dir.path(), &options(string_lineage)).unwrap();
    let vector = std::sync::Arc::new(crate::embed::UnitVector::normalize(vec![1.0; DIMENSIONS]).unwrap());
    let engine = open(1);
    engine.add_strings(&[(3, vector.clone()), (5, vector.clone())]).unwrap();
    engine.add_strings(&[(5, vector)]).unwrap();
    assert_eq!(engine.committed_string(), 0);
    assert_eq!(engine.publish(0, true).unwrap().strings().keys(), [3, 5]);
    drop(engine);
    let engine = open(1);
    assert_eq!((engine.committed_string(), engine.snapshot().strings().keys()), (5, vec![3, 5]));
    drop(engine);
    let engine = open(2);
    assert_eq!((engine.committed_string(), engine.snapshot().strings().len()), (0, 0));
}

#[test]
fn a_phrase_does_not_cross_values() {
    let dir = tempfile::tempdir().unwrap();
    let skills = json!({"profile": {"skills": [{"name": "machine", "keywords": ["learning", "machine learning"]}]}});
    let apart = json!({"profile": {"skills": [{"name": "machine"}, {"name": "learning"}]}});
    let (engine, _) = engine(&[skills, apart], dir.path());
    let snapshot = engine.snapshot();
    let phrase = Plan::compile(&parse("\"machine learning\"", Syntax::Boolean).unwrap().ast);
    let found = snapshot.demanded(&phrase.demand.unwrap(), as_of()).unwrap();
    assert_eq!(found.yes.iter().collect::<Vec<_>>(), [1]);
    assert!(VALUE_GAP > 1 && ScoredGroup::ALL.len() == 5);
}

/// Canonical value, label and people.
type Told = (String, String, u32);

/// What is counted of everybody, field by field.
fn counted(engine: &EmbeddedEngine) -> Vec<(FilterField, Vec<Told>)> {
    let snapshot = engine.snapshot();
    let fields = FilterField::ALL.into_iter().map(|field| {
        let forward = snapshot.forward().field(field);
        let mut values: Vec<_> = forward.count(snapshot.live(), |counts| {
            let values = forward.vocabulary().values();
            let told = values.map(|(number, value)| {
                assert_eq!(counts.counts[number as usize], value.people());
                (value.canonical().to_string(), value.label().to_owned(), value.people())
            });
            told.collect()
        });
        values.sort();
        (field, values)
    });
    fields.collect()
}

#[test]
fn values_are_the_same_after_changes_and_after_a_restart() {
    let person = |skills: &[&str], city: &str, country: &str| {
        let skills: Vec<Value> = skills.iter().map(|skill| json!({ "name": skill })).collect();
        json!({"profile": {"basics": {"location": {"city": city, "countryCode": country}}, "skills": skills,
            "work": [{"position": "Koch (m/w/d)", "name": "Acme"}, {"position": "Koch", "name": "ACME"}]}})
    };
    let people = [
        person(&["Rust", "Go"], "Milano", "IT"),
        person(&["RUST", "rust", "C++"], "Mailand", "it"),
        person(&["Rust"], "Los Angeles", "CA"),
        person(&["Go"], "Nirgendwo", "I\nT"),
        person(&["Kubernetes"], "Milano", "DE"),
    ];
    let dir = tempfile::tempdir().unwrap();
    let (engine, candidates) = engine(&people, dir.path());
    let changed = CandidateDraft::from_value(json!({"id": "c0", "profile": {"skills": [{"name": "C++"}]}})).unwrap();
    let document = Box::new(IndexDocument::of(1, &changed.validate(None).unwrap()));
    engine
        .apply(vec![EngineChange::Put { document, role: None, skills: None }, EngineChange::Delete { key: 5 }])
        .unwrap();
    engine.publish(candidates.len() as u64 + 2, true).unwrap();
    let before = counted(&engine);
    let of = |field: FilterField| before[field as usize].1.clone();
    let told = |pairs: &[(&str, &str, u32)]| -> Vec<Told> {
        pairs.iter().map(|(canonical, label, people)| ((*canonical).to_owned(), (*label).to_owned(), *people)).collect()
    };
    assert_eq!(of(FilterField::Skills), told(&[("c++", "C++", 2), ("go", "Go", 1), ("rust", "RUST", 2)]));
    assert_eq!(of(FilterField::Titles), told(&[("koch", "Koch", 3)]));
    // A stated country is believed: no Los Angeles lies in Canada. What is no country is none.
    assert_eq!(of(FilterField::Cities), told(&[("Milan, IT", "Milan, IT", 1), ("nirgendwo", "Nirgendwo", 1)]));
    assert_eq!(of(FilterField::Countries), told(&[("ca", "CA", 1), ("it", "IT", 1)]));
    drop(engine);
    assert_eq!(counted(&EmbeddedEngine::open(dir.path(), &options(1)).unwrap()), before);
}
