//! Concepts: what `concept:` demands, and what the words of a query are taken for.

use super::*;
use crate::taxonomy::Taxonomy;

/// The labels that a query's words may stand for, the likeliest of each wish.
fn wished(query: &str) -> Vec<(String, &'static str)> {
    let likeliest = |wish: &ConceptWish| {
        let concept = Taxonomy::built_in().concept(wish.alternatives[0].0).unwrap();
        (wish.text.clone(), concept.label)
    };
    plan(query).concepts.iter().map(likeliest).collect()
}

fn told(pairs: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    pairs.iter().map(|(text, label)| ((*text).to_owned(), *label)).collect()
}

#[test]
fn a_concept_is_a_demand_by_any_of_its_names() {
    const NURSE: &str = "nurse responsible for general care";
    for name in ["infermiera", "Krankenschwester", "registered nurse", NURSE] {
        let query = format!("concept:\"{name}\"");
        let read = plan(&query);
        assert_eq!(sketch_demand(read.demand.as_ref().unwrap()), query);
        assert!(read.wishes.is_empty() && read.embedded_text.is_empty(), "{query}");
        assert_eq!(codes(&query), [""; 0]);
        let Some(Demand::Clause(Clause { matcher: Matcher::Concept(test), .. })) = &read.demand else {
            panic!("{query}")
        };
        let labels: Vec<&str> =
            test.concepts().iter().map(|id| Taxonomy::built_in().concept(*id).unwrap().label).collect();
        assert!(labels.contains(&NURSE), "{name}: {labels:?}");
        let printed = parse(&query, Syntax::Boolean).unwrap().ast.to_string();
        assert_eq!(sketch(&plan(&printed)), sketch(&read), "{printed}");
    }
    for (query, expected, warnings) in [
        ("concept:k8s", "concept:\"k8s\" |  | Demanded", &[][..]),
        ("-concept:k8s", "(not concept:\"k8s\") |  | NegationsOnly", &[]),
        ("CONCEPT: k8s", "concept:\"k8s\" |  | Demanded", &["field_case", "space_after_field"]),
        ("concept:Neverland", " | neverland | Wished", &["unknown_concept"]),
        ("concept:", " | concept | Wished", &[]),
        ("concept plan", " | concept plan | Wished", &[]),
    ] {
        assert_eq!(sketch(&plan(query)), expected, "{query}");
        assert_eq!(codes(query), warnings, "{query}");
    }
}

#[test]
fn the_words_of_wishes_are_read_for_concepts() {
    let nurse = "nurse responsible for general care";
    assert_eq!(wished("infermiera"), told(&[("infermiera", nurse)]));
    assert_eq!(wished("k8s"), told(&[("k8s", "kubernetes")]));
    assert_eq!(wished("K8s AND terraform"), told(&[("K8s", "kubernetes"), ("terraform", "terraform")]));
    let read = plan("registered nurse -k8s");
    let [wish] = read.concepts.as_slice() else { panic!("{:?}", read.concepts) };
    let label = |id| Taxonomy::built_in().concept(id).unwrap().label;
    assert!(wish.alternatives.iter().any(|(id, _)| label(*id) == nurse));
    assert_eq!(wished("concept:k8s"), told(&[("k8s", "kubernetes")]));
    for query in ["", "go to market", "x", "-k8s", "name:Anna"] {
        assert!(wished(query).iter().all(|(_, label)| *label != "Go" && *label != "kubernetes"), "{query}");
    }
}

#[test]
fn a_name_of_several_concepts_stands_for_all() {
    let plan = plan("pm");
    let labels: Vec<&str> = plan
        .concepts
        .iter()
        .flat_map(|wish| &wish.alternatives)
        .map(|(id, _)| Taxonomy::built_in().concept(*id).unwrap().label)
        .collect();
    assert!(labels.contains(&"project manager") && labels.contains(&"product manager"), "{labels:?}");
}

#[test]
fn only_what_is_surely_asked_for_makes_hits() {
    let hits = |query: &str| plan(query).concepts.iter().map(|wish| wish.hits().len()).sum::<usize>();
    assert!(hits("infermiera") > 0);
    assert_eq!(hits("senior wizard of unheard things"), 0);
}

#[test]
fn concepts_can_be_switched_off() {
    assert_eq!(plan("infermiera").without_concepts().concepts, []);
}
