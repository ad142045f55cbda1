//! What the words of titles stand for.
//!
//! A word of a title → the terms of the index of names that it may be a form of, with their weights: by its stem in any
//! language; else, of a compound, by its parts; else by how it begins. Words repeat from title to title, so the latest are
//! remembered. Invariant: what is remembered is what would be found anew.

use std::sync::Arc;

use quick_cache::sync::Cache;

use super::compound;
use super::link_index::LinkIndex;
use crate::text::{Language, wish_forms};

/// A word that no name holds weighs so much of the rarest that one does: it may be an employer, a place or a fashion.
const UNKNOWN_WORD: f32 = 0.2;

/// What people write → what the taxonomies write, in their languages.
const WRITTEN_OTHERWISE: [(&str, &[&str]); 3] = [("it", &["ict", "ikt"]), ("edv", &["ikt"]), ("ti", &["tic"])];

/// Words that are remembered: about 4 MB.
const MAX_REMEMBERED: usize = 16_384;

/// A word of a title.
#[derive(Clone)]
pub(super) struct Word {
    /// The terms that it may stand for in some language, with their weights.
    pub(super) terms: Arc<[(u32, f32)]>,
    /// The greatest of the weights.
    pub(super) weight: f32,
    /// Whether very many names hold it.
    pub(super) is_frequent: bool,
}

/// The words that were met lately.
pub(super) struct RememberedWords(Cache<Box<str>, Arc<[Word]>>);

impl Default for RememberedWords {
    fn default() -> Self {
        Self(Cache::new(MAX_REMEMBERED))
    }
}

impl LinkIndex {
    /// A word as it was written in lower case and folded, or the parts of a compound.
    pub(super) fn words_of(&self, lower: &str, exact: &str) -> Arc<[Word]> {
        let RememberedWords(remembered) = &self.remembered;
        if let Some(known) = remembered.get(lower) {
            return known;
        }
        let words: Arc<[Word]> = Word::all_of(self, lower, exact).into();
        remembered.insert(lower.into(), words.clone());
        words
    }
}

impl Word {
    fn all_of(index: &LinkIndex, lower: &str, exact: &str) -> Vec<Self> {
        let whole = Self::of(index, lower, exact);
        if !whole.terms.is_empty() {
            return vec![whole];
        }
        // Of a compound that no name holds its parts speak, else what begins like it.
        match compound::split(lower, |part| index.frequency(part)) {
            Some((first, last)) => [first, last].map(|part| Self::of(index, part, part)).into(),
            None => vec![Self::like(index, exact)],
        }
    }

    fn of(index: &LinkIndex, lower: &str, exact: &str) -> Self {
        let forms = wish_forms(lower, exact, Language::ALL);
        let otherwise = WRITTEN_OTHERWISE.iter().filter(|(written, _)| *written == exact).flat_map(|(_, forms)| *forms);
        let forms = forms.iter().map(String::as_str).chain(otherwise.copied());
        let terms: Vec<(u32, f32)> = forms.filter_map(|form| index.term(form)).collect();
        Self::standing_for(index, terms)
    }

    /// A word that is no term.
    fn like(index: &LinkIndex, exact: &str) -> Self {
        let word = Self::standing_for(index, index.terms_like(exact));
        // What it is, is not sure.
        Self { weight: word.weight.max(UNKNOWN_WORD * index.greatest_weight()), ..word }
    }

    fn standing_for(index: &LinkIndex, terms: Vec<(u32, f32)>) -> Self {
        let known = terms.iter().map(|(_, weight)| *weight).reduce(f32::max);
        let weight = known.unwrap_or(UNKNOWN_WORD * index.greatest_weight());
        let is_frequent = terms.iter().any(|(term, _)| index.is_frequent(*term));
        Self { terms: terms.into_iter().filter(|(_, weight)| *weight > 0.0).collect(), weight, is_frequent }
    }
}
