//! A taxonomy while it is being put together: concepts by their URIs, with names and relations.
//!
//! Invariant: everything is kept in order, so that equal sources give equal taxonomies.

use std::collections::BTreeMap;

use super::concept::{ConceptKind, LanguageSet, NameKind};
use crate::text::TokenList;

/// Names of more tokens are sentences.
const LONGEST_NAME: usize = 16;

/// A concept, and what is known of it so far.
pub(super) struct DraftConcept {
    pub(super) kind: ConceptKind,
    /// The English preferred label.
    pub(super) label: String,
    /// By folded name.
    pub(super) names: BTreeMap<String, DraftName>,
    /// URIs of the concepts right above.
    pub(super) broader: Vec<String>,
    /// URIs of concepts beside it, with how near they are, 1 to 255.
    pub(super) related: BTreeMap<String, u8>,
}

/// How a name belongs to a concept.
pub(super) struct DraftName {
    /// In which languages.
    pub(super) languages: LanguageSet,
    pub(super) kind: NameKind,
    /// Its tokens with their accents, which stemmers want, joined by spaces.
    pub(super) lower: String,
}

/// All concepts by URI.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) concepts: BTreeMap<String, DraftConcept>,
    /// Tokens that occur in texts about work, with how often: what a one-word name is weighed against.
    pub(super) word_counts: BTreeMap<String, u32>,
}

impl Draft {
    /// Adds a concept. One that is there already keeps its label and kind.
    pub(super) fn add(&mut self, uri: &str, kind: ConceptKind, label: &str) -> &mut DraftConcept {
        let concept = self.concepts.entry(uri.to_owned()).or_insert_with(|| DraftConcept {
            kind,
            label: label.to_owned(),
            names: BTreeMap::new(),
            broader: Vec::new(),
            related: BTreeMap::new(),
        });
        concept.name(label, LanguageSet::ENGLISH, NameKind::Preferred);
        concept
    }

    /// A concept that must be there.
    pub(super) fn get(&mut self, uri: &str) -> Result<&mut DraftConcept, String> {
        self.concepts.get_mut(uri).ok_or_else(|| format!("no concept {uri}"))
    }

    /// Relates two concepts in both directions, where both are there.
    pub(super) fn relate(&mut self, left: &str, right: &str, nearness: u8) {
        if left != right && self.concepts.contains_key(left) && self.concepts.contains_key(right) {
            for (from, to) in [(left, right), (right, left)] {
                if let Some(concept) = self.concepts.get_mut(from) {
                    let known = concept.related.entry(to.to_owned()).or_default();
                    *known = nearness.max(*known);
                }
            }
        }
    }
}

impl DraftConcept {
    /// Adds a name. Of several claims to one name the strongest counts; the languages add up.
    pub(super) fn name(&mut self, name: &str, languages: LanguageSet, kind: NameKind) {
        let tokens = TokenList::of(name);
        // A letter may be a programming language, and is no occupation.
        let is_letter = tokens.len() == 1 && tokens.exact(0).chars().count() == 1;
        if tokens.is_empty() || tokens.len() > LONGEST_NAME || is_letter && self.kind.is_occupation() {
            return;
        }
        let lower = || tokens.iter().map(|token| token.lower.to_owned()).collect::<Vec<_>>().join(" ");
        let known = self.names.entry(tokens.joined());
        let known = known.or_insert_with(|| DraftName { languages, kind, lower: lower() });
        known.languages = known.languages.union(languages);
        known.kind = kind.min(known.kind);
    }
}
