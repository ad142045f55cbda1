//! ESCO's further skills: those of which the sources give names and description in one string of words.
//!
//! The skills of the collections are among them, so that half of those teach [`Segmenter`], and the other half tells how
//! likely a piece must be to be taken. Invariant: no word of a description becomes part of a name, as far as capitals tell.

use std::collections::BTreeMap;
use std::fmt;

use super::TaxonomyError;
use super::build::short_uri;
use super::concept::{ConceptKind, LanguageSet, NameKind};
use super::draft::Draft;
use super::segment::{Capitals, Piece, Run, Segmenter};
use super::segment_features::is_joining;
use super::sources::{COLLECTIONS, Sources};

/// The file with the strings.
const STRINGS: &str = "esco/skills_en_text.csv";

/// Labels, and names that share no word with them, are taken from the probability on at which so many of the held-out ones are
/// right.
const RIGHT: f64 = 0.92;

/// Likewise names that share a word with the label: they say little new, so that only sure ones are worth their room.
const RIGHT_AKIN: f64 = 0.95;

/// Words that begin with so many letters alike are akin.
const AKIN_LETTERS: usize = 4;

/// What came of pieces of one sort: labels, or other names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pieces {
    /// The least probability at which they are taken.
    pub threshold: f64,
    /// How many of the held-out skills' pieces are taken, and how many of all there are.
    pub held_out: (usize, usize),
    /// How many of these are right, as a share of those taken.
    pub right: f64,
    /// How many were added.
    pub added: usize,
}

/// How well names were told apart that the sources run together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentationReport {
    /// Skills whose names taught how.
    pub taught: usize,
    /// Skills without known names, of which those with a likely label were added.
    pub unknown: usize,
    /// Of the labels.
    pub labels: Pieces,
    /// Of the other names that share a word with the label.
    pub akin_names: Pieces,
    /// Of those that share none.
    pub unlike_names: Pieces,
}

/// A skill of the table.
struct Skill<'t> {
    uri: String,
    run: Run<'t>,
    /// Its names, where a collection has it, the label first.
    known: Option<&'t [String]>,
}

/// Adds the skills whose labels are likely enough.
pub(super) fn add(sources: &Sources, draft: &mut Draft) -> Result<SegmentationReport, TaxonomyError> {
    let known = known_names(sources)?;
    let mut texts: Vec<(String, String)> = Vec::new();
    sources.rows(STRINGS, ["id", "description"], |[uri, text]| {
        texts.push((short_uri(uri), text.to_owned()));
        Ok(())
    })?;
    let capitals = Capitals::of(texts.iter().map(|(_, text)| text.as_str()));
    let skills: Vec<Skill<'_>> = texts.iter().map(|(uri, text)| skill(uri, text, &known, &capitals)).collect();
    let is_taught =
        |skill: &&Skill<'_>| skill.known.is_some() && blake3::hash(skill.uri.as_bytes()).as_bytes()[0] & 1 == 1;
    let taught: Vec<&Run<'_>> =
        skills.iter().filter(is_taught).filter(|skill| skill.run.is_known()).map(|skill| &skill.run).collect();
    let segmenter = Segmenter::learn(&taught, skills.iter().map(|skill| skill.run.words.as_slice()));
    let held_out = skills.iter().filter(|skill| skill.known.is_some() && !is_taught(skill));
    let [mut labels, mut akin_names, mut unlike_names] = judged(&segmenter, held_out);
    let unknown: Vec<&Skill<'_>> = skills.iter().filter(|skill| skill.known.is_none()).collect();
    for skill in &unknown {
        let pieces = match label_by_hand(&skill.run.words, sources.by_hand.fields) {
            Some(label) => segmenter.pieces_behind(&skill.run.words, label),
            None => segmenter.pieces(&skill.run.words),
        };
        let Some((label, others)) = pieces.split_first() else { continue };
        let text = skill.run.text(label);
        if label.probability < labels.threshold || segmenter.is_beginning(&text) {
            continue;
        }
        labels.added += 1;
        let concept = draft.add(&skill.uri, ConceptKind::Skill, &text);
        for other in others {
            let (other, probability) = (skill.run.text(other), other.probability);
            let names = if is_akin(&other, &text) { &mut akin_names } else { &mut unlike_names };
            if probability >= names.threshold && tells(&other, &text) {
                names.added += 1;
                concept.name(&other, LanguageSet::ENGLISH, NameKind::Alternative);
            }
        }
    }
    Ok(SegmentationReport { taught: taught.len(), unknown: unknown.len(), labels, akin_names, unlike_names })
}

/// The English names of the collections' skills, each skill's in order, by its URI.
fn known_names(sources: &Sources) -> Result<BTreeMap<String, Vec<String>>, TaxonomyError> {
    let mut known = BTreeMap::new();
    for collection in COLLECTIONS {
        let file = format!("esco/en/{collection}SkillsCollection_en.csv");
        sources.rows(&file, ["conceptUri", "preferredLabel", "altLabels"], |[uri, label, others]| {
            let names = std::iter::once(label).chain(others.split('|')).map(str::trim);
            known.insert(short_uri(uri), names.filter(|name| !name.is_empty()).map(str::to_owned).collect());
            Ok(())
        })?;
    }
    Ok(known)
}

/// A skill with where its names end, if they are known and the text has them as they are.
fn skill<'t>(uri: &str, text: &'t str, known: &'t BTreeMap<String, Vec<String>>, capitals: &Capitals) -> Skill<'t> {
    let words = capitals.words_of_names(text);
    let known = known.get(uri).map(Vec::as_slice);
    let mut ends = Vec::new();
    for name in known.unwrap_or_default() {
        let start = ends.last().copied().unwrap_or(0);
        let length = name.split_whitespace().count();
        if words.get(start..start + length).is_none_or(|words| !name.split_whitespace().eq(words.iter().copied())) {
            break;
        }
        ends.push(start + length);
    }
    if ends.last() != Some(&words.len()) {
        ends.clear();
    }
    Skill { uri: uri.to_owned(), run: Run { words, ends }, known }
}

/// How many words the label has, where `fields` says so: one word a line, or two of which the second must follow.
fn label_by_hand(words: &[&str], fields: &str) -> Option<usize> {
    let first = words.first()?.to_lowercase();
    let next = words.get(1).copied().unwrap_or_default();
    let is_named = |line: &str| match line.split_once(' ') {
        Some((field, behind)) => first == field && next == behind,
        None => first == line && !is_joining(next),
    };
    fields.lines().filter(|line| !line.starts_with('#')).any(is_named).then_some(1)
}

/// Whether a word of a name begins as a word of the label does.
fn is_akin(name: &str, label: &str) -> bool {
    let begin_alike = |one: &str, other: &str| {
        let letters = one.chars().zip(other.chars());
        letters.take_while(|(one, other)| one.to_lowercase().eq(other.to_lowercase())).count() >= AKIN_LETTERS
    };
    name.split(' ').any(|word| label.split(' ').any(|other| begin_alike(word, other)))
}

/// Whether a name says by itself what the label says. One word seldom does, unless it is an abbreviation or akin to the label;
/// what begins or ends with a word that joins others is a part of something.
fn tells(name: &str, label: &str) -> bool {
    if name.split(' ').next().is_some_and(is_joining) || name.split(' ').next_back().is_some_and(is_joining) {
        return false;
    }
    let is_abbreviation = name.chars().filter(|letter| letter.is_uppercase()).count() > 1;
    name.contains(' ') || is_abbreviation || is_akin(name, label)
}

/// What of the held-out skills' labels, of their akin names and of their unlike ones is right, with the thresholds that follow.
fn judged<'s>(segmenter: &Segmenter, held_out: impl Iterator<Item = &'s Skill<'s>>) -> [Pieces; 3] {
    let mut judged: [Vec<(f64, bool)>; 3] = Default::default();
    let mut all = [0; 3];
    for skill in held_out {
        let known: Vec<String> = skill.known.unwrap_or_default().iter().map(|name| name.to_lowercase()).collect();
        let Some((known_label, known_names)) = known.split_first() else { continue };
        all[0] += 1;
        known_names.iter().for_each(|name| all[if is_akin(name, known_label) { 1 } else { 2 }] += 1);
        let pieces = segmenter.pieces(&skill.run.words);
        let text = |piece: &Piece| skill.run.text(piece).to_lowercase();
        let Some((label, names)) = pieces.split_first() else { continue };
        judged[0].push((label.probability, text(label) == *known_label));
        for name in names {
            let of = if is_akin(&text(name), &text(label)) { 1 } else { 2 };
            judged[of].push((name.probability, known.contains(&text(name))));
        }
    }
    let [labels, akin, unlike] = judged;
    [Pieces::of(labels, all[0], RIGHT), Pieces::of(akin, all[1], RIGHT_AKIN), Pieces::of(unlike, all[2], RIGHT)]
}

impl Pieces {
    /// The lowest threshold from which on so large a share of `judged`, each a probability and whether it was right, is right.
    fn of(mut judged: Vec<(f64, bool)>, all: usize, share: f64) -> Self {
        judged.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut best = Self { threshold: f64::INFINITY, held_out: (0, all), right: 1.0, added: 0 };
        let mut right = 0;
        for (taken, (probability, is_right)) in (1..).zip(&judged) {
            right += usize::from(*is_right);
            let is_last_of_equals = judged.get(taken).is_none_or(|next| next.0 < *probability);
            let of_taken = right as f64 / taken as f64;
            if is_last_of_equals && of_taken >= share {
                best = Self { threshold: *probability, held_out: (taken, all), right: of_taken, ..best };
            }
        }
        best
    }
}

impl fmt::Display for SegmentationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { taught, unknown, labels, akin_names, unlike_names } = self;
        writeln!(f, "names run together, learnt from {taught} skills:")?;
        for (what, pieces) in [("labels", labels), ("names akin to them", akin_names), ("other names", unlike_names)] {
            let (taken, all) = pieces.held_out;
            writeln!(
                f,
                "{:>7} {what} added at {:.3} and more; held out: {taken} of {all} taken, {:.1} % of these right",
                pieces.added,
                pieces.threshold,
                100.0 * pieces.right
            )?;
        }
        write!(f, "{:>7} skills had no likely label", unknown - labels.added)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_lets_in_as_much_as_may_be_wrong() {
        let judged = vec![(0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.5, true), (0.4, false), (0.3, false)];
        let pieces = Pieces::of(judged.clone(), 9, 0.8);
        assert_eq!((pieces.threshold, pieces.held_out, pieces.right), (0.5, (5, 9), 0.8));
        assert_eq!(Pieces::of(judged.clone(), 9, 1.0).threshold, 0.8);
        // Equal probabilities are taken together or not at all.
        assert_eq!(Pieces::of(vec![(0.9, true), (0.9, false)], 2, 0.8).threshold, f64::INFINITY);
        assert_eq!(Pieces::of(Vec::new(), 0, 0.8).held_out, (0, 0));
    }

    #[test]
    fn fragments_are_no_names() {
        assert!(tells("fix kettles", "mend kettles") && tells("kettling", "mend kettles"));
        assert!(tells("patch pots", "mend kettles") && tells("HKO", "mend kettles"));
        for fragment in ["carefully", "of kettles", "mending of"] {
            assert!(!tells(fragment, "mend kettles"), "{fragment}");
        }
    }

    #[test]
    fn labels_by_hand_need_their_next_word() {
        let fields = "# Heading\npottery\nkettles mending";
        assert_eq!(label_by_hand(&["pottery", "ceramics"], fields), Some(1));
        assert_eq!(label_by_hand(&["pottery", "of", "Crete"], fields), None);
        assert_eq!(label_by_hand(&["kettles", "mending"], fields), Some(1));
        assert_eq!(label_by_hand(&["kettles", "old"], fields), None);
        assert_eq!(label_by_hand(&[], fields), None);
    }
}
