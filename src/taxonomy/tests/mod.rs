//! Tests over the taxonomy that is compiled in, and over a small one of invented content.

mod built;
mod fixture;
mod reading;

use super::*;

/// The labels of what a text stands for as a whole, in order.
fn meanings(text: &str) -> Vec<&'static str> {
    let taxonomy = Taxonomy::built_in();
    let label = |meaning: Meaning| taxonomy.concept(meaning.concept).unwrap().label;
    taxonomy.meanings_of(text).into_iter().map(label).collect()
}

/// The concept that a text stands for before all others.
fn concept(text: &str) -> ConceptId {
    Taxonomy::built_in().meanings_of(text)[0].concept
}
