//! The names of occupations by the stems of their words, packed in a file of its own: only linking reads it.

use std::collections::{BTreeMap, HashMap};

use super::format::{Lists, TextNumbers, Texts, read_ascending, write_ascending};
use super::link_word::RememberedWords;
use super::{TaxonomyError, compound};
use crate::packed::{Format, PackedError, column, narrow_lengths};
use crate::text::{Language, stem};

/// What every packed index begins with, and beyond what size none is.
const FORMAT: Format = Format { magic: b"ltlink02", max_unpacked_bytes: 1 << 26 };

/// Words that more names hold say nothing of an occupation: "of", "für", "de".
const COMMON_NAMES: usize = 25_000;

/// Words that more names hold do not by themselves call up a name, where the title has rarer ones.
const FREQUENT_NAMES: usize = 4_000;

/// Languages that write compounds in one word and bend their last parts.
const COMPOUNDING: [Language; 3] = [Language::German, Language::Dutch, Language::Swedish];

/// Letters that words which are no stem of each other begin with to be taken for forms of one, and which share of the word.
const LEAST_COMMON_LETTERS: usize = 5;
const LEAST_COMMON_SHARE: f32 = 0.7;

/// Terms on either side of a word in the order of letters that are looked at.
const NEIGHBOURS: usize = 12;

/// A part of a compound stands by itself in so many names at least.
const LEAST_NAMES_OF_PART: usize = 3;

/// The sum of a name's weights is stored in steps of this fraction.
const NORM_STEPS: f32 = 64.0;

/// Terms, and the names that hold them.
pub(super) struct LinkIndex {
    /// Stems in each language's own way, sorted.
    terms: Texts,
    numbers: TextNumbers,
    /// For each term the places in `names` of those that hold it, ascending.
    postings: Lists,
    /// The taxonomy's numbers of the names of occupations, ascending.
    names: Vec<u32>,
    /// For each of these names the weights of its words together, in steps.
    norms: Vec<u32>,
    pub(super) remembered: RememberedWords,
}

/// A name of an occupation: its number, its words in lower case, the languages that it is of.
pub(super) struct LinkedName<'n> {
    pub(super) number: u32,
    pub(super) words: &'n str,
    pub(super) languages: Vec<Language>,
}

impl LinkIndex {
    /// Indexes names, which come in order of their numbers.
    pub(super) fn of(linked: &[LinkedName<'_>]) -> Self {
        let mut standalone: HashMap<&str, usize> = HashMap::new();
        linked.iter().flat_map(|name| name.words.split(' ')).for_each(|word| *standalone.entry(word).or_default() += 1);
        standalone.retain(|_, count| *count >= LEAST_NAMES_OF_PART);
        let mut postings: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let (mut names, mut words_of_names): (Vec<u32>, Vec<Vec<Vec<String>>>) = Default::default();
        for (LinkedName { number, words, languages }, place) in linked.iter().zip(0..) {
            let mut distinct: Vec<&str> = words.split(' ').collect();
            distinct.sort_unstable();
            distinct.dedup();
            let terms: Vec<Vec<String>> = distinct.iter().map(|word| terms_of(word, languages)).collect();
            let parts = distinct
                .iter()
                .filter_map(|word| compound::split(word, |part| standalone.get(part).copied().unwrap_or(0)));
            let parts: Vec<String> =
                parts.flat_map(|(first, last)| [first, last]).flat_map(|part| terms_of(part, languages)).collect();
            for term in terms.iter().flatten().chain(&parts) {
                let places = postings.entry(term.clone()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
            names.push(*number);
            words_of_names.push(terms);
        }
        let weight = |term: &String| weight(postings.get(term).map_or(0, Vec::len), names.len());
        let norm = |words: &Vec<Vec<String>>| {
            let norm: f32 = words.iter().map(|terms| terms.iter().map(weight).fold(0.0, f32::max)).sum();
            (norm * NORM_STEPS).round() as u32
        };
        let norms = words_of_names.iter().map(norm).collect();
        let (mut terms, mut lists) = (Texts::default(), Lists::default());
        for (term, places) in postings {
            terms.push(&term);
            lists.push(places);
        }
        let numbers = TextNumbers::of(&terms);
        Self { terms, numbers, postings: lists, names, norms, remembered: RememberedWords::default() }
    }

    /// Packs the index. `version` is that of the taxonomy whose names it numbers.
    pub(super) fn encode(&self, version: &str) -> Result<Vec<u8>, TaxonomyError> {
        let mut sections = vec![version.as_bytes().to_vec()];
        self.terms.write(&mut sections);
        sections.push(narrow_lengths(&self.postings.ends));
        sections.push(write_ascending(&self.postings));
        sections.extend([narrow_lengths(&self.names), column(&self.norms)]);
        Ok(FORMAT.pack(&sections)?)
    }

    /// Unpacks the index of a version of the taxonomy.
    pub(super) fn decode(packed: &[u8], version: &str) -> Result<Self, TaxonomyError> {
        let unpacked = FORMAT.unpack(packed)?;
        let mut sections = unpacked.sections();
        if sections.text()? != version {
            return Err(PackedError::Malformed("an index of another version of the taxonomy").into());
        }
        let terms = Texts::read(&mut sections)?;
        let ends = sections.narrow_ends()?;
        let postings = Lists { values: read_ascending(&ends, sections.bytes()?)?, ends };
        let (names, norms) = (sections.narrow_ends()?, sections.column()?);
        let is_sound = postings.ends.len() == terms.len()
            && names.len() == norms.len()
            && postings.values.iter().all(|name| (*name as usize) < norms.len());
        if !is_sound {
            return Err(PackedError::Malformed("a number points nowhere").into());
        }
        let numbers = TextNumbers::of(&terms);
        Ok(Self { terms, numbers, postings, names, norms, remembered: RememberedWords::default() })
    }

    /// How many names there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The taxonomy's number of a name.
    pub(super) fn name(&self, place: u32) -> u32 {
        self.names[place as usize]
    }

    /// The number of a term, and what it weighs.
    pub(super) fn term(&self, form: &str) -> Option<(u32, f32)> {
        let term = self.numbers.get(&self.terms, form)?;
        Some((term, weight(self.names_of(term).len(), self.len())))
    }

    /// The terms that begin as a word does that is none, with what they weigh for it: of many languages there is no stemmer, and
    /// words are bent at their ends.
    pub(super) fn terms_like(&self, word: &str) -> Vec<(u32, f32)> {
        let length = word.chars().count();
        let least = LEAST_COMMON_LETTERS.max((length as f32 * LEAST_COMMON_SHARE).ceil() as usize);
        if length < least {
            return Vec::new();
        }
        let common = |term: u32| {
            self.terms.of(term as usize).chars().zip(word.chars()).take_while(|(one, other)| one == other).count()
        };
        let place = self.terms.rank(word) as u32;
        let after = (place..self.terms.len() as u32).take(NEIGHBOURS).take_while(|term| common(*term) >= least);
        let before = (0..place).rev().take(NEIGHBOURS).take_while(|term| common(*term) >= least);
        let near: Vec<(u32, usize)> = after.chain(before).map(|term| (term, common(term))).collect();
        let most = near.iter().map(|(_, common)| *common).max().unwrap_or(0);
        let nearest = near.into_iter().filter(|(_, common)| *common == most);
        let longest = |term: u32| self.terms.of(term as usize).chars().count().max(length) as f32;
        let weigh = |term: u32| weight(self.names_of(term).len(), self.len()) * most as f32 / longest(term);
        nearest.map(|(term, _)| (term, weigh(term))).collect()
    }

    /// The places of the names that hold a term, ascending.
    pub(super) fn names_of(&self, term: u32) -> &[u32] {
        self.postings.of(term as usize)
    }

    /// How many names hold a word, as a compound would: in its own form, or in the stem of one of the languages that compound.
    pub(super) fn frequency(&self, word: &str) -> usize {
        let frequency = |form: &str| self.term(form).map_or(0, |(term, _)| self.names_of(term).len());
        let whole = frequency(word);
        if whole > 0 {
            return whole;
        }
        COMPOUNDING.into_iter().map(|language| frequency(&stem(word, language))).max().unwrap_or(0)
    }

    /// Whether very many names hold a term.
    pub(super) fn is_frequent(&self, term: u32) -> bool {
        self.names_of(term).len() > FREQUENT_NAMES
    }

    /// The weights of a name's words together.
    pub(super) fn norm(&self, place: u32) -> f32 {
        self.norms[place as usize] as f32 / NORM_STEPS
    }

    /// What a word weighs that one name holds.
    pub(super) fn greatest_weight(&self) -> f32 {
        weight(1, self.len())
    }
}

/// Inverse document frequency of a word that so many of all names hold; 0 for common words.
fn weight(names: usize, all: usize) -> f32 {
    if names > COMMON_NAMES || names == 0 { 0.0 } else { (1.0 + all as f32 / names as f32).ln() }
}

/// The stems under which a name's word is found: one for each language that the name is of.
fn terms_of(word: &str, languages: &[Language]) -> Vec<String> {
    let mut terms: Vec<String> = languages.iter().map(|language| stem(word, *language)).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}
