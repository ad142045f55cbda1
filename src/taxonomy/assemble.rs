//! A draft → the numbered tables of a taxonomy.
//!
//! Concepts are numbered kind by kind and then by URI, tokens and names in the order of their letters and tokens.

use std::collections::{BTreeMap, BTreeSet};

use super::TaxonomyError;
use super::build::PackedTaxonomy;
use super::concept::{ConceptId, ConceptKind, LanguageSet, Meaning, NameKind};
use super::draft::{Draft, DraftConcept};
use super::format::{Lists, TOKEN_BYTES, Tables, Texts, decode, encode};
use super::link_index::{LinkIndex, LinkedName};
use super::taxonomy::VERSION_DIGITS;
use crate::text::Language;

/// A product whose name occurs so often in texts about work is also a common word.
const COMMON_WORD_COUNT: u32 = 12;

/// Products of so few letters are too easily met by chance.
const SHORT_NAME: usize = 2;

/// Words that are common, though texts about work do not show it: folded, separated by white space.
const COMMON_WORDS: &str = include_str!("../../indexes/taxonomy/common-words.txt");

pub(super) fn pack(draft: &Draft) -> Result<PackedTaxonomy, TaxonomyError> {
    let order = order(draft);
    if order.len() >= 1 << 24 {
        return Err(TaxonomyError::TooMany("concepts"));
    }
    let numbers: BTreeMap<&str, u32> = order.iter().map(|(uri, _)| *uri).zip(0..).collect();
    let (mut uris, mut labels) = (Texts::default(), Texts::default());
    let (mut broader, mut related) = (Lists::default(), Lists::default());
    let mut kind_ends = [0; ConceptKind::ALL.len()];
    for (uri, concept) in &order {
        uris.push(uri);
        labels.push(&concept.label);
        let above: BTreeSet<u32> =
            concept.broader.iter().filter_map(|uri| numbers.get(uri.as_str()).copied()).collect();
        broader.push(above);
        let beside = concept
            .related
            .iter()
            .filter_map(|(uri, nearness)| Some(numbers.get(uri.as_str())? << 8 | u32::from(*nearness)));
        related.push(beside);
        kind_ends[concept.kind as usize..].iter_mut().for_each(|end| *end += 1);
    }
    let names = names(draft, &order);
    let tokens: BTreeSet<&str> = names.keys().flat_map(|name| name.split(' ')).collect();
    if tokens.len() >= 1 << (8 * TOKEN_BYTES) {
        return Err(TaxonomyError::TooMany("tokens"));
    }
    let token_numbers: BTreeMap<&str, u32> = tokens.iter().copied().zip(0..).collect();
    let keyed: BTreeMap<Vec<u8>, &str> =
        names.keys().map(|name| (key(name.split(' ').map(|token| token_numbers[token])), *name)).collect();
    let (mut concepts, mut flags) = (Lists::default(), Vec::new());
    for name in keyed.values() {
        let meanings = &names[name];
        concepts.push(meanings.iter().map(|meaning| meaning.concept.0));
        flags.extend(meanings.iter().map(Meaning::flags));
    }
    let map = fst::Map::from_iter(keyed.keys().zip(0..))?;
    let mut token_texts = Texts::default();
    tokens.iter().for_each(|token| token_texts.push(token));
    let numbered: Vec<&str> = keyed.values().copied().collect();
    let link = LinkIndex::of(linked_names(draft, &numbered).into_iter(), numbered.len());
    let taxonomy = encode(&Tables {
        kind_ends,
        uris,
        labels,
        broader,
        related,
        tokens: token_texts,
        names: map,
        concepts,
        flags,
    })?;
    let version = decode(&taxonomy)?.1;
    Ok(PackedTaxonomy { link: link.encode(&version[..VERSION_DIGITS])?, taxonomy })
}

/// The names of occupations, with their numbers, words and languages.
fn linked_names<'d>(draft: &'d Draft, numbered: &[&'d str]) -> Vec<LinkedName<'d>> {
    let mut known: BTreeMap<&str, (&str, LanguageSet)> = BTreeMap::new();
    for concept in draft.concepts.values().filter(|concept| concept.kind.is_occupation()) {
        for (name, of_concept) in &concept.names {
            let entry = known.entry(name).or_insert((&of_concept.lower, LanguageSet::default()));
            entry.1 = entry.1.union(of_concept.languages);
        }
    }
    let linked = numbered.iter().zip(0..).filter_map(|(name, number)| {
        let (words, languages) = known.get(name)?;
        Some(LinkedName { number, words, languages: languages.codes().filter_map(Language::from_code).collect() })
    });
    linked.collect()
}

/// The key of a name in the map of names.
pub(super) fn key(tokens: impl Iterator<Item = u32>) -> Vec<u8> {
    tokens.flat_map(|token| token.to_be_bytes()[4 - TOKEN_BYTES..].to_owned()).collect()
}

/// Concepts in the order of their numbers.
fn order(draft: &Draft) -> Vec<(&str, &DraftConcept)> {
    let mut order: Vec<_> = draft.concepts.iter().map(|(uri, concept)| (uri.as_str(), concept)).collect();
    // Stable: within a kind the order of the URIs stays.
    order.sort_by_key(|(_, concept)| concept.kind);
    order
}

/// Every folded name with its meanings: the more a name is a concept's own, the earlier; then by number.
fn names<'d>(draft: &'d Draft, order: &[(&str, &'d DraftConcept)]) -> BTreeMap<&'d str, Vec<Meaning>> {
    let common: BTreeSet<&str> =
        COMMON_WORDS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    let mut names: BTreeMap<&str, Vec<Meaning>> = BTreeMap::new();
    for ((_, concept), number) in order.iter().zip(0..) {
        for (name, known) in &concept.names {
            let count = draft.word_counts.get(name.as_str()).copied().unwrap_or(0);
            let is_product = concept.kind == ConceptKind::Technology
                || concept.kind == ConceptKind::Skill && known.kind == NameKind::Derived;
            let needs_context = !concept.kind.is_occupation() && common.contains(name.as_str())
                || is_product && (count >= COMMON_WORD_COUNT || name.chars().count() <= SHORT_NAME);
            let meaning =
                Meaning { concept: ConceptId(number), languages: known.languages, kind: known.kind, needs_context };
            names.entry(name).or_default().push(meaning);
        }
    }
    names.values_mut().for_each(|meanings| meanings.sort_by_key(|meaning| (meaning.kind, meaning.concept)));
    names
}
