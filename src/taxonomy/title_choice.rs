//! Which label of an occupation is its title: published labels → one text in each language.
//!
//! Invariant: the choice is a function of the tables alone; an occupation without a title in every language has none at all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::TaxonomyError;
use super::build::short_uri;
use super::concept::ConceptKind;
use super::draft::Draft;
use super::sources::{FILE_LANGUAGES, Sources};
use super::title_forms::{LANGUAGES, is_pair, is_usable, masculines, singulars, slashed_pair};
use super::titles::TitledOccupation;
use crate::text::TokenList;

/// What precedes the last part of an occupation's URI, shortened.
const OCCUPATION: &str = "esco:occupation/";

/// The languages whose preferred labels other languages' are held against, where those are not known: the nearest to Italian
/// and French, then the one that is always there.
const MODELS: [usize; 2] = [3, 0];

/// An occupation with its titles.
pub(super) struct Chosen<'d> {
    pub(super) isco: &'d str,
    pub(super) esco: &'d str,
    pub(super) onet: &'d str,
    pub(super) titles: [String; LANGUAGES.len()],
}

impl Chosen<'_> {
    /// The same, as it is packed.
    pub(super) fn titled(&self) -> TitledOccupation<'_> {
        let titles = self.titles.each_ref().map(String::as_str);
        TitledOccupation { esco: self.esco, isco: self.isco, onet: self.onet, titles }
    }
}

/// What is published of an occupation in one language.
#[derive(Default)]
struct Labels {
    preferred: Option<String>,
    /// Sorted; those that give two forms stand as they are and as each of both.
    all: BTreeSet<String>,
}

/// Labels by shortened URI.
type Published = BTreeMap<String, [Labels; LANGUAGES.len()]>;

/// Chooses the titles of all occupations, by unit group and then by URI.
pub(super) fn choose<'d>(sources: &Sources, draft: &'d Draft) -> Result<Vec<Chosen<'d>>, TaxonomyError> {
    let published = published(sources)?;
    let choice = Choice::of(&published);
    let mut chosen = Vec::new();
    for (uri, concept) in &draft.concepts {
        let named = uri.strip_prefix(OCCUPATION).zip(published.get(uri)).zip(unit_group(draft, uri));
        let Some(((esco, labels), isco)) = named.filter(|_| concept.kind == ConceptKind::Occupation) else { continue };
        let titles: Option<Vec<String>> = (0..LANGUAGES.len()).map(|language| choice.title(labels, language)).collect();
        if let Some(titles) = titles.and_then(|titles| titles.try_into().ok()) {
            chosen.push(Chosen { isco, esco, onet: onet_class(draft, uri), titles });
        }
    }
    chosen.sort_by_key(|occupation| (occupation.isco, occupation.esco));
    Ok(chosen)
}

fn published(sources: &Sources) -> Result<Published, TaxonomyError> {
    let mut published = Published::new();
    let mut add = |uri: &str, code: &str, label: &str, is_preferred: bool| {
        let uri = short_uri(uri);
        let language = LANGUAGES.iter().position(|known| *known == code);
        let Some(language) = language.filter(|_| uri.starts_with(OCCUPATION)) else { return };
        let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
        let labels = &mut published.entry(uri).or_default()[language];
        labels.all.extend(slashed_pair(&label, language).into_iter().flatten());
        labels.all.insert(label.clone());
        if is_preferred {
            labels.preferred = Some(label);
        }
    };
    for code in FILE_LANGUAGES {
        let file = format!("esco/{code}/occupations_{code}.csv");
        sources.rows(&file, ["conceptUri", "preferredLabel"], |[uri, label]| {
            add(uri, code, label, true);
            Ok(())
        })?;
    }
    sources.rows("esco/labels.tsv", ["conceptUri", "language", "label"], |[uri, code, label]| {
        add(uri, code, label, false);
        Ok(())
    })?;
    Ok(published)
}

/// The unit group that an occupation stands in, right below it or by way of wider occupations.
fn unit_group<'d>(draft: &'d Draft, uri: &str) -> Option<&'d str> {
    let mut above = &draft.concepts.get(uri)?.broader;
    // No occupation has so many above it.
    for _ in 0..8 {
        let group = above.iter().filter_map(|uri| uri.strip_prefix("isco:")).find(|code| code.len() == 4);
        if group.is_some() {
            return group;
        }
        let wider = above.iter().find(|uri| uri.starts_with(OCCUPATION))?;
        above = &draft.concepts.get(wider)?.broader;
    }
    None
}

/// The class of O*NET that the crosswalk is the surest of; empty where it has none.
fn onet_class<'d>(draft: &'d Draft, uri: &str) -> &'d str {
    let related = draft.concepts.get(uri).into_iter().flat_map(|concept| &concept.related);
    let is_class = |uri: &str| draft.concepts.get(uri).is_some_and(|other| other.kind == ConceptKind::OnetOccupation);
    let classes = related.filter(|(uri, _)| is_class(uri));
    let class = classes.min_by_key(|(uri, nearness)| (Reverse(**nearness), *uri));
    class.and_then(|(uri, _)| uri.strip_prefix("onet:")).unwrap_or("")
}

/// What must be known of all occupations to choose the titles of one.
struct Choice<'p> {
    /// How many occupations have a label, by language.
    holders: [HashMap<&'p str, u32>; LANGUAGES.len()],
    /// The first words of labels, by language: what a plural is known by.
    first_words: [BTreeSet<&'p str>; LANGUAGES.len()],
}

impl<'p> Choice<'p> {
    fn of(published: &'p Published) -> Self {
        let (mut holders, mut first_words): ([HashMap<&str, u32>; LANGUAGES.len()], [BTreeSet<&str>; LANGUAGES.len()]) =
            Default::default();
        for (labels, language) in published.values().flat_map(|labels| labels.iter().zip(0..)) {
            for label in &labels.all {
                *holders[language].entry(label).or_default() += 1;
                first_words[language].extend(label.split(' ').next());
            }
        }
        Self { holders, first_words }
    }

    /// The preferred label where it is known and usable; else, of the labels that are, one that is written for both genders,
    /// that no other occupation has, that is most like the preferred label of a language that tells it.
    fn title(&self, labels: &[Labels; LANGUAGES.len()], language: usize) -> Option<String> {
        let own = &labels[language];
        let preferred = own.preferred.as_ref().and_then(|label| self.forms(label, &own.all, language));
        if preferred.is_some() {
            return preferred;
        }
        let model = MODELS.iter().find_map(|model| labels[*model].preferred.as_deref()).unwrap_or_default();
        let model = runs(model);
        let rest = own.all.iter().filter(|label| !self.is_first_word(singulars(label, language), language));
        let titles = rest.filter_map(|label| Some((label, self.forms(label, &own.all, language)?)));
        let best = titles.min_by_key(|(label, _)| {
            let is_shared = self.holders[language].get(label.as_str()).is_some_and(|count| *count > 1);
            (!label.contains('/'), is_shared, Reverse(likeness(&runs(label), &model)), *label)
        });
        best.map(|(_, title)| title)
    }

    /// Both forms of a label, `masculine/feminine`, where it gives both or another label is its other form; else the label, where
    /// it is not that of women alone.
    fn forms(&self, label: &str, all: &BTreeSet<String>, language: usize) -> Option<String> {
        if label.contains('/') {
            return slashed_pair(label, language).map(|pair| pair.join("/"));
        }
        if !is_usable(label, language) {
            return None;
        }
        let others = || all.iter().filter(|other| is_usable(other, language));
        if let Some(feminine) = others().find(|other| is_pair(label, other, language)) {
            return Some(format!("{label}/{feminine}"));
        }
        if let Some(masculine) = others().find(|other| is_pair(other, label, language)) {
            return Some(format!("{masculine}/{label}"));
        }
        let is_of_women = self.is_first_word(masculines(label, language), language);
        (!is_of_women).then(|| label.to_owned())
    }

    fn is_first_word(&self, mut words: impl Iterator<Item = String>, language: usize) -> bool {
        words.any(|word| self.first_words[language].contains(word.as_str()))
    }
}

/// Every three letters in a row, folded.
fn runs(text: &str) -> BTreeSet<[char; 3]> {
    let letters: Vec<char> = format!(" {} ", TokenList::of(text).joined()).chars().collect();
    letters.windows(3).map(|run| [run[0], run[1], run[2]]).collect()
}

/// Which share of two texts' runs is common to both, per mille (Dice's coefficient).
fn likeness(one: &BTreeSet<[char; 3]>, other: &BTreeSet<[char; 3]>) -> usize {
    2_000 * one.intersection(other).count() / (one.len() + other.len()).max(1)
}
