//! What the words of titles stand for.
//!
//! A word of a title → the terms of the index of names that it may be a form of, with their weights: by its stem in any
//! language; else, of a compound, by its parts; else by how it begins. Words repeat from title to title, so the latest are
//! remembered. Invariant: what is remembered is what would be found anew.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use quick_cache::sync::Cache;

use super::compound;
use super::link_index::LinkIndex;
use crate::text::{Language, stem, tokens, wish_forms};

/// A word that no name holds weighs so much of the rarest that one does: it may be an employer, a place or a fashion.
const UNKNOWN_WORD: f32 = 0.2;

/// What people write → what the taxonomies write.
static WRITTEN_OTHERWISE: LazyLock<WrittenOtherwise> =
    LazyLock::new(|| WrittenOtherwise::read(include_str!("../../indexes/taxonomy/written-otherwise.tsv")));

/// Words that are remembered: about 4 MB.
const MAX_REMEMBERED: usize = 16_384;

/// Words by their stems, in the language that they are of or in any → the forms of what stands for them in names.
struct WrittenOtherwise {
    by_form: HashMap<(Option<Language>, String), Vec<String>>,
    languages: Vec<Language>,
}

impl WrittenOtherwise {
    /// Reads a table: a language or `*`, a word, and what is written instead between bars. Lines that begin with `#` are remarks.
    fn read(table: &str) -> Self {
        let mut read = Self { by_form: HashMap::new(), languages: Vec::new() };
        let rows = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
        for row in rows {
            let [language, written, instead] = row[..] else { continue };
            let language = Language::from_code(language);
            read.languages.extend(language.filter(|language| !read.languages.contains(language)));
            let forms = tokens(instead).into_iter().flat_map(|token| match language {
                Some(language) => wish_forms(&token.lower, &token.exact, &[language]),
                None => vec![token.exact],
            });
            let forms: Vec<String> = forms.collect();
            for token in tokens(written) {
                let key = language.map_or(token.exact, |language| stem(&token.lower, language));
                read.by_form.entry((language, key)).or_default().extend(forms.iter().cloned());
            }
        }
        read
    }

    fn of(&self, lower: &str, exact: &str) -> impl Iterator<Item = &str> {
        let by_stem = self.languages.iter().map(|language| (Some(*language), stem(lower, *language)));
        let keys = by_stem.chain([(None, exact.to_owned())]);
        keys.filter_map(|key| self.by_form.get(&key)).flatten().map(String::as_str)
    }
}

/// A word of a title.
#[derive(Clone)]
pub(super) struct Word {
    /// The terms that it may stand for in some language, with their weights.
    pub(super) terms: Arc<[(u32, f32)]>,
    /// The greatest of the weights.
    pub(super) weight: f32,
    /// Whether very many names hold it.
    pub(super) is_frequent: bool,
    /// Whether any name holds it, in some form.
    pub(super) is_held: bool,
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
        let forms = forms.iter().map(String::as_str).chain(WRITTEN_OTHERWISE.of(lower, exact));
        let terms: Vec<(u32, f32)> = forms.filter_map(|form| index.term(form)).collect();
        Self::standing_for(index, terms)
    }

    /// A word that is no term.
    fn like(index: &LinkIndex, exact: &str) -> Self {
        let word = Self::standing_for(index, index.terms_like(exact));
        // What it is, is not sure.
        Self { weight: word.weight.max(UNKNOWN_WORD * index.greatest_weight()), is_held: false, ..word }
    }

    fn standing_for(index: &LinkIndex, terms: Vec<(u32, f32)>) -> Self {
        let known = terms.iter().map(|(_, weight)| *weight).reduce(f32::max);
        let weight = known.unwrap_or(UNKNOWN_WORD * index.greatest_weight());
        let is_frequent = terms.iter().any(|(term, _)| index.is_frequent(*term));
        let is_held = !terms.is_empty();
        Self { terms: terms.into_iter().filter(|(_, weight)| *weight > 0.0).collect(), weight, is_frequent, is_held }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(word: &str) -> Vec<&'static str> {
        let token = tokens(word).remove(0);
        let mut forms: Vec<&str> = WRITTEN_OTHERWISE.of(&token.lower, &token.exact).collect();
        forms.sort_unstable();
        forms.dedup();
        forms
    }

    #[test]
    fn a_word_and_its_forms_stand_for_what_the_labels_write() {
        for word in ["plomero", "Plomera", "plomeros"] {
            assert!(of(word).contains(&"fontaner"), "{word}: {:?}", of(word));
        }
        assert!(of("reclutadora").contains(&"seleccion"), "{:?}", of("reclutadora"));
        assert_eq!(of("IT"), ["ict", "ikt"]);
        assert!(of("fontanero").is_empty());
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let table = include_str!("../../indexes/taxonomy/written-otherwise.tsv");
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 3, "{line}");
            assert!(columns[0] == "*" || Language::from_code(columns[0]).is_some(), "{line}");
            assert!(!of(columns[1]).is_empty(), "{line}");
        }
    }
}
