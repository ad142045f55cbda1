//! What the engine keeps apart, and what it forgets.

use serde_json::{Value, json};

use super::*;
use crate::{
    candidate::{Candidate, CandidateDraft},
    engine::{IndexDocument, ScoredGroup, VALUE_GAP},
    query::{Plan, Syntax, parse},
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
