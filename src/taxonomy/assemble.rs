//! A draft → the numbered tables of a taxonomy.
//!
//! Concepts are numbered kind by kind and then by URI, tokens and names in the order of their letters and tokens.

use std::collections::{BTreeMap, BTreeSet};

use super::TaxonomyError;
use super::build::PackedTaxonomy;
use super::concept::{ConceptId, ConceptKind, LanguageSet, Meaning, NameKind};
use super::draft::{Draft, DraftConcept};
use super::format::{MOST_TEXTS, Tables, decode, encode};
use super::link_index::{LinkIndex, LinkedName};
use super::lookup::VERSION_DIGITS;
use super::titles::{TitledOccupation, Titles};
use super::trie::Trie;
use crate::text::Language;

/// A relation leaves three bytes of a number to the concept.
const MOST_CONCEPTS: usize = 1 << 24;

/// A product whose name occurs so often in texts about work is also a common word.
const COMMON_WORD_COUNT: u32 = 12;

/// Any skill of one word that occurs so often is also a common word.
const VERY_COMMON_WORD_COUNT: u32 = 100;

/// Products of so few letters are too easily met by chance.
const SHORT_NAME: usize = 2;

/// `common_words` are folded, separated by white space.
pub(super) fn pack(
    draft: &Draft,
    common_words: &str,
    titles: &[TitledOccupation<'_>],
) -> Result<PackedTaxonomy, TaxonomyError> {
    let order = order(draft);
    if order.len() >= MOST_CONCEPTS {
        return Err(TaxonomyError::TooMany("concepts"));
    }
    let names = names(draft, &order, common_words);
    let texts: BTreeSet<&str> = names.keys().flat_map(|name| name.split(' ')).collect();
    if texts.len() >= MOST_TEXTS {
        return Err(TaxonomyError::TooMany("tokens"));
    }
    let token_numbers: BTreeMap<&str, u32> = texts.iter().copied().zip(0..).collect();
    let tokens_of = |name: &&str| name.split(' ').map(|token| token_numbers[token]).collect();
    let mut keyed: Vec<(Vec<u32>, &str)> = names.keys().map(|name| (tokens_of(name), *name)).collect();
    keyed.sort_unstable();
    let (keys, keyed): (Vec<_>, Vec<&str>) = keyed.into_iter().unzip();
    let (tree, numbers) = Trie::of(&keys, texts.len());
    let mut numbered: Vec<Option<&str>> = vec![None; tree.len()];
    numbers.iter().zip(&keyed).for_each(|(number, name)| numbered[*number as usize] = Some(name));
    let mut tables = concepts(&order);
    for name in &numbered {
        let meanings = name.map_or(&[][..], |name| &names[name]);
        tables.concepts.push(meanings.iter().map(|meaning| meaning.concept.0));
        tables.flags.extend(meanings.iter().map(Meaning::flags));
    }
    tables.names = tree;
    texts.iter().for_each(|token| tables.tokens.push(token));
    let link = LinkIndex::of(&linked_names(draft, &numbered));
    let taxonomy = encode(&tables)?;
    let hash = decode(&taxonomy)?.1;
    let version = &hash[..VERSION_DIGITS];
    Ok(PackedTaxonomy { link: link.encode(version)?, titles: Titles::encode(titles, version)?, taxonomy })
}

/// The tables of concepts and their relations; those of names are empty.
fn concepts(order: &[(&str, &DraftConcept)]) -> Tables {
    let numbers: BTreeMap<&str, u32> = order.iter().map(|(uri, _)| *uri).zip(0..).collect();
    let mut tables = Tables::default();
    for (uri, concept) in order {
        tables.uris.push(uri);
        tables.labels.push(&concept.label);
        let above: BTreeSet<u32> =
            concept.broader.iter().filter_map(|uri| numbers.get(uri.as_str()).copied()).collect();
        tables.broader.push(above);
        let beside = concept
            .related
            .iter()
            .filter_map(|(uri, nearness)| Some(numbers.get(uri.as_str())? << 8 | u32::from(*nearness)));
        tables.related.push(beside);
        tables.kind_ends[concept.kind as usize..].iter_mut().for_each(|end| *end += 1);
    }
    tables
}

/// The names of occupations, with their numbers, words and languages.
fn linked_names<'d>(draft: &'d Draft, numbered: &[Option<&'d str>]) -> Vec<LinkedName<'d>> {
    let mut known: BTreeMap<&str, (&str, LanguageSet)> = BTreeMap::new();
    for concept in draft.concepts.values().filter(|concept| concept.kind.is_occupation()) {
        for (name, of_concept) in &concept.names {
            let entry = known.entry(name).or_insert((&of_concept.lower, LanguageSet::default()));
            entry.1 = entry.1.union(of_concept.languages);
        }
    }
    let linked = numbered.iter().zip(0..).filter_map(|(name, number)| {
        let (words, languages) = known.get(name.as_ref()?)?;
        Some(LinkedName { number, words, languages: languages.codes().filter_map(Language::from_code).collect() })
    });
    linked.collect()
}

/// Concepts in the order of their numbers.
fn order(draft: &Draft) -> Vec<(&str, &DraftConcept)> {
    let mut order: Vec<_> = draft.concepts.iter().map(|(uri, concept)| (uri.as_str(), concept)).collect();
    // Stable: within a kind the order of the URIs stays.
    order.sort_by_key(|(_, concept)| concept.kind);
    order
}

/// Every folded name with its meanings: the more a name is a concept's own, the earlier; then by number.
fn names<'d>(
    draft: &'d Draft,
    order: &[(&str, &'d DraftConcept)],
    common_words: &str,
) -> BTreeMap<&'d str, Vec<Meaning>> {
    let common: BTreeSet<&str> =
        common_words.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    let mut names: BTreeMap<&str, Vec<Meaning>> = BTreeMap::new();
    for ((_, concept), number) in order.iter().zip(0..) {
        for (name, known) in &concept.names {
            let count = draft.word_counts.get(name.as_str()).copied().unwrap_or(0);
            let is_product = concept.kind == ConceptKind::Technology
                || concept.kind == ConceptKind::Skill && known.kind == NameKind::Derived;
            let needs_context = !concept.kind.is_occupation()
                && (common.contains(name.as_str()) || count >= VERY_COMMON_WORD_COUNT)
                || is_product && (count >= COMMON_WORD_COUNT || name.chars().count() <= SHORT_NAME);
            let meaning =
                Meaning { concept: ConceptId(number), languages: known.languages, kind: known.kind, needs_context };
            names.entry(name).or_default().push(meaning);
        }
    }
    names.values_mut().for_each(|meanings| meanings.sort_by_key(|meaning| (meaning.kind, meaning.concept)));
    names
}
