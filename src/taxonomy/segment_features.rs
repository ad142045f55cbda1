//! What tells a name from other words in a row, for [`super::segment`].
//!
//! Words of a run → numbers of features, for each piece. Invariant: a feature's number depends on what it says alone.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::ops::Range;

type Fixed = foldhash::fast::FixedState;

/// Words that join others, and seldom begin or end a name.
const JOINING: &[&str] = &[
    "of", "for", "to", "and", "or", "in", "on", "at", "the", "a", "an", "with", "by", "from", "as", "into", "using",
    "about", "between", "through", "that", "is", "are", "its", "their", "&",
];

/// Endings that are cut off, so that "managing" and "manage" are alike.
const ENDINGS: &[&str] = &["ing", "ed", "es", "s", "e", "tion", "ion", "ment"];

/// Letters that a cut word keeps.
const SHORTEST_STEM: usize = 4;

/// A word that so many runs begin with says what is done, not to what.
const MANY_RUNS: u32 = 8;

/// How often words begin runs, end them, occur, and follow each other, over all runs.
#[derive(Default)]
pub(super) struct RunCounts {
    words: HashMap<String, WordCounts, Fixed>,
    /// Two words side by side → the number of runs.
    pairs: HashMap<(String, String), u32, Fixed>,
}

#[derive(Default, Clone, Copy)]
struct WordCounts {
    first: u32,
    last: u32,
    all: u32,
    /// Runs that it occurs in.
    runs: u32,
}

impl RunCounts {
    pub(super) fn of<'r>(runs: impl Iterator<Item = &'r [&'r str]>) -> Self {
        let mut counts = Self::default();
        for run in runs {
            let words: Vec<String> = run.iter().map(|word| word.to_lowercase()).collect();
            let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
            counts.words.entry(first.clone()).or_default().first += 1;
            counts.words.entry(last.clone()).or_default().last += 1;
            words.iter().for_each(|word| counts.words.entry(word.clone()).or_default().all += 1);
            let distinct: HashSet<&String> = words.iter().collect();
            distinct.into_iter().for_each(|word| counts.words.entry(word.clone()).or_default().runs += 1);
            let pairs: HashSet<(&String, &String)> = words.windows(2).map(|pair| (&pair[0], &pair[1])).collect();
            for (left, right) in pairs {
                *counts.pairs.entry((left.clone(), right.clone())).or_default() += 1;
            }
        }
        counts
    }

    /// Whether a text is one word that at least [`MANY_RUNS`] runs begin with.
    pub(super) fn is_beginning(&self, text: &str) -> bool {
        self.words.get(&text.to_lowercase()).is_some_and(|counts| counts.first >= MANY_RUNS)
    }
}

/// What is known of one word of a run.
struct Word {
    lower: String,
    /// The first word of the run with this stem.
    stem: usize,
    /// The stem as one of a set of at most 128; none for a word that joins others.
    stem_bit: u128,
    is_joining: bool,
    is_capital: bool,
    /// How often it begins runs, and ends them, among its occurrences: 0 to 5.
    begins: u64,
    ends: u64,
    /// How firmly it is bound to the word before: 0 to 4.
    bound: u64,
    /// Whether the word before and it stand side by side elsewhere in the run too.
    is_repeated_pair: bool,
    ending: u64,
    /// Brackets that it opens less those that it closes.
    brackets: i64,
}

/// The words of one run, ready to be described piece by piece.
pub(super) struct Features {
    words: Vec<Word>,
    hasher: Fixed,
    size: u32,
}

impl Features {
    /// `size`, a power of two, is above every feature's number.
    pub(super) fn of(counts: &RunCounts, words: &[&str], size: usize) -> Self {
        let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let mut pairs: HashMap<(&str, &str), u32, Fixed> = HashMap::default();
        for pair in lower.windows(2) {
            *pairs.entry((&pair[0], &pair[1])).or_default() += 1;
        }
        let stems: Vec<&str> = lower.iter().map(|word| stem(word)).collect();
        let word = |at: usize| {
            let first = stems.iter().position(|stem| *stem == stems[at]).unwrap_or(at);
            let is_joining = JOINING.contains(&lower[at].as_str());
            let known = counts.words.get(&lower[at]).copied().unwrap_or_default();
            let before = at.checked_sub(1).map(|before| &lower[before]);
            Word {
                stem: first,
                stem_bit: if is_joining { 0 } else { 1u128.checked_shl(first as u32).unwrap_or(0) },
                is_joining,
                is_capital: words[at].starts_with(char::is_uppercase),
                begins: share(known.first, known.all),
                ends: share(known.last, known.all),
                bound: before.map_or(0, |before| bound(counts, before, &lower[at])),
                is_repeated_pair: before.is_some_and(|before| pairs[&(before.as_str(), lower[at].as_str())] > 1),
                ending: ending(&lower[at]),
                brackets: words[at].matches('(').count() as i64 - words[at].matches(')').count() as i64,
                lower: lower[at].clone(),
            }
        };
        let words = (0..words.len()).map(word).collect();
        Self { words, hasher: Fixed::default(), size: size as u32 }
    }

    /// What a piece says by itself.
    pub(super) fn of_piece(&self, piece: Range<usize>) -> Vec<u32> {
        let words = &self.words[piece.clone()];
        let (first, last, length) = (&words[0], &words[words.len() - 1], words.len() as u64);
        let telling = words.iter().filter(|word| !word.is_joining).count() as u32;
        let inner = &words[1..];
        let begins_inside = inner.iter().filter(|word| word.begins >= 4).count().min(3) as u64;
        let loosest = inner.iter().map(|word| word.bound).min().unwrap_or(9);
        let before = piece.start.checked_sub(1).map(|before| &self.words[before]);
        let next = self.words.get(piece.end);
        let is_label = u64::from(before.is_none());
        let mut features = Vec::with_capacity(24);
        let mut say = |template: u64, values: [u64; 3]| {
            features.push(self.number((template, is_label, values)));
        };
        say(0, [0; 3]);
        say(1, [first.begins, u64::from(first.is_joining), 0]);
        say(2, [last.ends, u64::from(last.is_joining), 0]);
        say(3, [length, 0, 0]);
        say(4, [u64::from(stems(words).count_ones() < telling), 0, 0]);
        say(5, [begins_inside, length.min(4), 0]);
        say(6, [u64::from(inner.iter().any(|word| word.lower == self.words[0].lower)), 0, 0]);
        say(7, [loosest, length.min(4), 0]);
        say(8, [inner.iter().filter(|word| word.is_repeated_pair).count().min(3) as u64, length.min(5), 0]);
        say(9, [first.ending, length.min(4), 0]);
        say(10, [last.ending, first.ending, 0]);
        say(11, [u64::from(next.is_none()), length.min(4), 0]);
        say(12, [words.iter().map(|word| word.brackets).sum::<i64>().unsigned_abs().min(2), 0, 0]);
        say(13, [u64::from(first.is_capital), u64::from(last.is_capital), 0]);
        if let Some(before) = before {
            say(14, [first.bound, u64::from(first.is_repeated_pair), 0]);
            say(15, [before.ends, first.begins, 0]);
            say(16, [u64::from(before.is_joining), u64::from(first.is_joining), 0]);
            say(17, [before.ending, first.ending, 0]);
            say(18, [first.bound, first.begins, before.ends]);
        }
        if let Some(next) = next {
            say(19, [next.begins, u64::from(next.lower == first.lower), 0]);
        }
        for (template, word) in [(30, &first.lower), (31, &last.lower)] {
            features.push(self.number((template, is_label, word.as_str())));
        }
        features
    }

    /// What a piece behind the label says beside it. `label` is how many words the label has.
    pub(super) fn beside_label(&self, piece: Range<usize>, label: usize) -> Vec<u32> {
        let words = &self.words[piece];
        let of_label = &self.words[..label];
        let (of_piece, of_label_alone) = (stems(words), stems(of_label));
        let shared = (of_piece & of_label_alone).count_ones();
        let all = (of_piece | of_label_alone).count_ones().max(1);
        let likeness = u64::from(5 * shared / all);
        let longer = (words.len() as i64 - label as i64).clamp(-4, 4) as u64;
        let (first, last) = (&words[0], &words[words.len() - 1]);
        let (label_first, label_last) = (&of_label[0], &of_label[label - 1]);
        let [missing, new] = [of_label_alone, of_piece].map(|stems| u64::from((stems.count_ones() - shared).min(4)));
        let mut features = Vec::with_capacity(8);
        let mut say = |template: u64, values: [u64; 3]| features.push(self.number((template, 2, values)));
        say(20, [likeness, 0, 0]);
        say(21, [longer, 0, 0]);
        say(22, [u64::from(first.lower == label_first.lower), u64::from(first.stem == label_first.stem), 0]);
        say(23, [u64::from(last.stem == label_last.stem), u64::from(first.stem == label_last.stem), 0]);
        say(24, [likeness, longer, 0]);
        say(25, [missing, new, 0]);
        say(26, [u64::from(last.stem == label_last.stem), u64::from(first.stem == label_first.stem), likeness]);
        say(27, [first.ending, label_first.ending, 0]);
        features
    }

    fn number(&self, said: impl std::hash::Hash) -> u32 {
        self.hasher.hash_one(said) as u32 & (self.size - 1)
    }
}

/// The stems of words, as a set.
fn stems(words: &[Word]) -> u128 {
    words.iter().fold(0, |stems, word| stems | word.stem_bit)
}

/// A word without a common ending.
fn stem(word: &str) -> &str {
    let cut = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending).filter(|rest| rest.len() >= SHORTEST_STEM));
    cut.unwrap_or(word)
}

/// What the last letters say of a word: 0 for nothing.
fn ending(word: &str) -> u64 {
    let endings = ["ing", "s", "tion", "ment", "ed", "ly", "al", "ive", "ise", "ate", "er", "e"];
    endings.iter().position(|ending| word.ends_with(ending)).map_or(0, |at| at as u64 + 1)
}

/// A share as one of six steps.
fn share(part: u32, all: u32) -> u64 {
    let share = f64::from(part) / f64::from(all.max(1));
    [0.0, 0.02, 0.06, 0.12, 0.2].iter().filter(|step| share > **step).count() as u64
}

/// How many times likelier two words stand side by side than by chance, as one of five steps; 0 for a pair of one run.
fn bound(counts: &RunCounts, left: &str, right: &str) -> u64 {
    let runs = |word: &str| counts.words.get(word).map_or(1, |counts| counts.runs.max(1));
    let together = counts.pairs.get(&(left.to_owned(), right.to_owned())).copied().unwrap_or(0);
    if together <= 1 {
        return 0;
    }
    let share = f64::from(together) / f64::from(runs(left).min(runs(right)));
    1 + [0.05, 0.2, 0.5].iter().filter(|step| share > **step).count() as u64
}
