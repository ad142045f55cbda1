//! Where the names of a skill end that a table runs together.
//!
//! ESCO's skills come, beside a few collections, as a label, its alternative labels and a description in one string of words
//! without a sign between them. The names of those in the collections are known: they teach a semi-Markov conditional random
//! field (Sarawagi & Cohen 2004, "Semi-Markov Conditional Random Fields for Information Extraction") how names begin, end and
//! resemble the label, which the first of them is. It gives each piece of words the probability that it is a name.
//! Invariant: equal input gives equal pieces.

use std::collections::HashMap;
use std::ops::Range;

use super::segment_features::{Features, RunCounts};
use super::segment_lattice::Lattice;

/// Words of the longest name that is looked for.
pub(super) const LONGEST_NAME: usize = 12;

/// Longer runs of words take too long, and are left as they are.
const LONGEST_RUN: usize = 90;

/// Times that the known runs are gone through.
const ROUNDS: usize = 8;

/// How far one step of learning goes.
const STEP: f64 = 0.25;

/// How much a weight shrinks towards 0 with each step that it is part of.
const SHRINKING: f64 = 1e-4;

/// A word that is written in small letters so many times as often as with a capital is no proper name.
const LEAST_SMALL: f64 = 0.3;

/// Weights are found by a hash of the feature, so many of them.
const WEIGHTS: usize = 1 << 18;

/// The words of a skill's names, in order, with where the names end, if that is known.
pub(super) struct Run<'t> {
    /// As written.
    pub(super) words: Vec<&'t str>,
    /// Empty where it is unknown.
    pub(super) ends: Vec<usize>,
}

impl Run<'_> {
    /// The words of a piece.
    pub(super) fn text(&self, piece: &Piece) -> String {
        self.words[piece.words.clone()].join(" ")
    }

    /// Whether the ends are known.
    pub(super) fn is_known(&self) -> bool {
        !self.ends.is_empty()
    }

    /// Whether its names are among what is looked for.
    fn is_learnable(&self) -> bool {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        self.is_known()
            && self.words.len() <= LONGEST_RUN
            && starts.zip(&self.ends).all(|(start, end)| (start + 1..=start + LONGEST_NAME).contains(end))
    }
}

/// A piece of a run that may be a name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) words: Range<usize>,
    /// That it is one, in [0, 1].
    pub(super) probability: f64,
}

/// What was learnt of how names stand in runs.
pub(super) struct Segmenter {
    weights: Vec<f64>,
    /// Sums of squared steps of each weight, which shorten its further steps (Duchi, Hazan & Singer 2011).
    squares: Vec<f64>,
    counts: RunCounts,
}

/// Texts whose names and description are told apart by their capitals.
pub(super) struct Capitals {
    /// Word in lower case → how often it is written so, and how often with a capital.
    counts: HashMap<String, (u32, u32), foldhash::fast::FixedState>,
}

impl Capitals {
    /// Counts the words of all texts.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut counts: HashMap<String, (u32, u32), _> = HashMap::default();
        for word in texts.flat_map(str::split_whitespace).map(bare) {
            let count = counts.entry(word.to_lowercase()).or_default();
            if word.starts_with(char::is_uppercase) { count.1 += 1 } else { count.0 += 1 }
        }
        Self { counts }
    }

    /// The words of a text before its description. That begins with a capital on a word that mostly goes without; names of
    /// languages, products and people mostly have theirs. Nothing where the end of a sentence came before any such word.
    pub(super) fn words_of_names<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let begins = |word: &&str| {
            let mut letters = bare(word).chars();
            letters.next().is_some_and(char::is_uppercase)
                && letters.all(char::is_lowercase)
                && self
                    .counts
                    .get(&bare(word).to_lowercase())
                    .is_some_and(|(small, capital)| f64::from(*small) >= LEAST_SMALL * f64::from(*capital))
        };
        let end = words.iter().skip(1).position(begins).map_or(words.len(), |at| at + 1);
        words.truncate(end);
        // One word with a capital is the beginning of a proper name whose next word is no rare one.
        let is_cut_name = words.len() == 1 && words[0].starts_with(char::is_uppercase);
        if is_cut_name || words.iter().any(|word| word.ends_with('.')) { Vec::new() } else { words }
    }
}

/// A word without the signs around it; of joined ones the first.
fn bare(word: &str) -> &str {
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    word.split('-').next().unwrap_or(word)
}

impl Segmenter {
    /// Learns from the runs whose ends are known. `all` are the words of all texts: how often they begin and follow each other
    /// is counted over them.
    pub(super) fn learn<'r>(known: &[&Run<'_>], all: impl Iterator<Item = &'r [&'r str]>) -> Self {
        let counts = RunCounts::of(all);
        let mut segmenter = Self { weights: vec![0.0; WEIGHTS], squares: vec![1.0; WEIGHTS], counts };
        for _ in 0..ROUNDS {
            for run in known.iter().filter(|run| run.is_learnable()) {
                segmenter.step(run);
            }
        }
        segmenter
    }

    /// The likeliest names of a run in order, the label first; nothing for a run that is too long.
    pub(super) fn pieces(&self, words: &[&str]) -> Vec<Piece> {
        if words.is_empty() || words.len() > LONGEST_RUN {
            return Vec::new();
        }
        let lattice = Lattice::of(self, words);
        lattice.likeliest(&lattice.chances())
    }

    /// Likewise where it is known how many words the label has, whose probability is then 1.
    pub(super) fn pieces_behind(&self, words: &[&str], label: usize) -> Vec<Piece> {
        if words.len() > LONGEST_RUN || !(1..=words.len().min(LONGEST_NAME)).contains(&label) {
            return Vec::new();
        }
        let lattice = Lattice::of(self, words);
        lattice.likeliest_behind(&lattice.chances_behind(label), label)
    }

    /// Whether a text is one word that names of several words begin with: "use", "ensure".
    pub(super) fn is_beginning(&self, text: &str) -> bool {
        self.counts.is_beginning(text)
    }

    pub(super) fn features(&self, words: &[&str]) -> Features {
        Features::of(&self.counts, words, WEIGHTS)
    }

    pub(super) fn score(&self, features: &[u32]) -> f64 {
        features.iter().map(|feature| self.weights[*feature as usize]).sum()
    }

    /// One step towards the ends of a known run being likelier.
    fn step(&mut self, run: &Run<'_>) {
        let lattice = Lattice::of(self, &run.words);
        let chances = lattice.chances();
        let mut gradient: HashMap<u32, f64, foldhash::fast::FixedState> = HashMap::default();
        lattice.expect(&chances, |features, expected| {
            features.iter().for_each(|feature| *gradient.entry(*feature).or_default() -= expected);
        });
        let starts = std::iter::once(0).chain(run.ends.iter().copied());
        for (start, end) in starts.zip(run.ends.iter().copied()) {
            for feature in lattice.features_of(start..end, run.ends[0]) {
                *gradient.entry(*feature).or_default() += 1.0;
            }
        }
        for (feature, slope) in gradient {
            let at = feature as usize;
            let slope = slope - SHRINKING * self.weights[at];
            self.squares[at] += slope * slope;
            self.weights[at] += STEP * slope / self.squares[at].sqrt();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERBS: [&str; 6] = ["mend", "polish", "sell", "weigh", "collect", "repaint"];
    const THINGS: [&str; 8] =
        ["old kettles", "garden gates", "brass spouts", "tin lids", "handles", "wooden carts", "iron stoves", "lamps"];

    /// Names of an invented skill.
    fn names(verb: usize, thing: usize) -> [String; 3] {
        let (verb, other, thing) = (VERBS[verb], VERBS[(verb + 1) % VERBS.len()], THINGS[thing]);
        [format!("{verb} {thing}"), format!("{other} {thing}"), format!("{verb}ing {thing}")]
    }

    fn run(names: &[String]) -> Run<'_> {
        let words = names.iter().flat_map(|name| name.split(' ')).collect();
        let ends = names.iter().scan(0, |end, name| {
            *end += name.split(' ').count();
            Some(*end)
        });
        Run { words, ends: ends.collect() }
    }

    fn learnt(all: &[[String; 3]]) -> Segmenter {
        let runs: Vec<Run<'_>> = all.iter().map(|names| run(names)).collect();
        let known: Vec<&Run<'_>> = runs.iter().step_by(2).collect();
        Segmenter::learn(&known, runs.iter().map(|run| run.words.as_slice()))
    }

    #[test]
    fn names_are_told_apart_as_others_were() {
        let all: Vec<[String; 3]> = (0..48).map(|at| names(at % 6, at / 6)).collect();
        let segmenter = learnt(&all);
        let unseen = all.iter().skip(1).step_by(2);
        let right = unseen.filter(|names| {
            let run = run(*names);
            let pieces = segmenter.pieces(&run.words);
            assert!(pieces.iter().all(|piece| (0.0..1.0 + 1e-9).contains(&piece.probability)));
            pieces.iter().map(|piece| run.text(piece)).eq(names.iter().cloned())
        });
        assert!(right.count() >= 20);
        let known = &all[1];
        let pieces = segmenter.pieces_behind(&run(known).words, 1);
        assert_eq!((pieces[0].words.clone(), pieces[0].probability), (0..1, 1.0));
        assert_eq!(pieces.last().map(|piece| piece.words.end), Some(run(known).words.len()));
        assert!(segmenter.pieces(&[]).is_empty() && segmenter.pieces(&["kettle"; LONGEST_RUN + 1]).is_empty());
        assert!(segmenter.pieces_behind(&["kettle"], 2).is_empty());
        assert_eq!(segmenter.weights, learnt(&all).weights);
    }

    #[test]
    fn a_description_begins_with_a_capital_on_a_common_word() {
        let texts = [
            "speak Latin teach Latin Speak and teach it every day.",
            "mend old kettles Mend a kettle in the town.",
            "mend kettles for Hestia's temple and speak.",
            "Kettle mends",
        ];
        let capitals = Capitals::of(texts.into_iter());
        assert_eq!(capitals.words_of_names(texts[0]), ["speak", "Latin", "teach", "Latin"]);
        assert_eq!(capitals.words_of_names(texts[1]), ["mend", "old", "kettles"]);
        // The sentence ended before a word told where it began.
        assert!(capitals.words_of_names(texts[2]).is_empty());
        assert!(capitals.words_of_names("Kettle Mend it.").is_empty());
        assert!(capitals.words_of_names("").is_empty());
    }
}
