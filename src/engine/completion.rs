//! Completes values of a vocabulary as they are typed.
//!
//! Input: a vocabulary. Output: the numbers of the values that a typed beginning leads to, at the start of any of their words,
//! also where it is misspelt. Values that came after it was made are looked at one by one. Invariant: whom a value belongs to
//! is asked of the vocabulary at hand; a value that nobody has is never given.

use std::{collections::HashMap, ops::Range, sync::Arc};

use fst::{IntoStreamer, Streamer};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};

use super::Vocabulary;
use crate::text::TokenList;

/// Letters from which on a word may be spelt with one error, and with two.
const LETTERS_FOR_ERRORS: [usize; 2] = [4, 7];

/// Words that stand for one misspelt word at most.
const MAX_WORDS_FOR_ONE: usize = 8;

/// Spellings of the whole that are tried at most.
const MAX_RESPELLINGS: usize = 24;

/// Beginnings of up to so many letters lead to many values: the most frequent are noted for each.
const SHORT_BEGINNING: usize = 2;

/// The values that are noted for a short beginning, or looked at of many.
const NOTED_VALUES: usize = 64;

/// Values that are few: so many, and one of so many.
const FEW_VALUES: u32 = 2_048;
const FEW_SHARE: u32 = 8;

/// Values of one beginning up to which all are looked at.
const MANY_VALUES: usize = 512;

/// A typed beginning that a value completes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completed {
    /// The number of the value.
    pub number: u32,
    /// How many people have it.
    pub people: u32,
    /// How many letters of what was typed are spelt otherwise.
    pub errors: u8,
    /// Whether what was typed is the whole value.
    pub is_whole: bool,
}

/// Where a word of a value starts.
#[derive(Debug, Clone, Copy)]
struct Start {
    /// Index of the value.
    value: u32,
    /// Byte in its text.
    byte: u32,
}

/// The word starts of a vocabulary's values, in the order of letters.
#[derive(Debug)]
pub struct Completion {
    /// The texts of the values that were there, with their numbers.
    values: Vec<(Arc<str>, u32)>,
    starts: Vec<Start>,
    /// For each short beginning the most frequent values: their indexes.
    short: HashMap<String, Vec<u32>>,
    words: fst::Set<Vec<u8>>,
    /// The first number that was not given yet.
    next_number: u32,
}

impl Completion {
    /// Reads a vocabulary.
    pub fn of(vocabulary: &Vocabulary) -> Self {
        let mut frequent: Vec<(u32, Arc<str>, u32)> =
            vocabulary.values().map(|(number, value)| (value.people(), folded(value.canonical()), number)).collect();
        frequent.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let values: Vec<(Arc<str>, u32)> = frequent.into_iter().map(|(_, text, number)| (text, number)).collect();
        let mut starts = Vec::with_capacity(values.len() * 3);
        let mut short: HashMap<String, Vec<u32>> = HashMap::new();
        let mut words = Vec::new();
        for ((text, _), index) in values.iter().zip(0_u32..) {
            for byte in word_starts(text) {
                starts.push(Start { value: index, byte: byte as u32 });
                words.push(text[byte..].split(' ').next().unwrap_or_default());
                for beginning in short_beginnings(&text[byte..]) {
                    let noted = short.entry(beginning.to_owned()).or_default();
                    if noted.len() < NOTED_VALUES && noted.last() != Some(&index) {
                        noted.push(index);
                    }
                }
            }
        }
        starts.sort_unstable_by(|a, b| rest(&values, *a).cmp(rest(&values, *b)));
        words.sort_unstable();
        words.dedup();
        // Sorted and distinct: it cannot fail.
        let words = fst::Set::from_iter(words).unwrap_or_default();
        Self { values, starts, short, words, next_number: vocabulary.next_number() }
    }

    /// Whether few values came since it was made: each of them is looked at by itself.
    pub(super) fn knows_most_of(&self, vocabulary: &Vocabulary) -> bool {
        let new = vocabulary.next_number().saturating_sub(self.next_number);
        new <= FEW_VALUES + vocabulary.next_number() / FEW_SHARE
    }

    /// The values that a folded beginning leads to, the best first: whole values, then those of most people; misspelt ones only
    /// where there are no others.
    pub fn complete(&self, vocabulary: &Vocabulary, typed: &str, limit: usize) -> Vec<Completed> {
        if typed.is_empty() || limit == 0 {
            return Vec::new();
        }
        let mut found = Vec::new();
        self.collect(vocabulary, (typed, 0), &mut found);
        sort(vocabulary, &mut found);
        if found.is_empty() {
            for (respelt, errors) in self.respellings(vocabulary, typed) {
                self.collect(vocabulary, (&respelt, errors), &mut found);
            }
            sort(vocabulary, &mut found);
        }
        found.truncate(limit);
        found
    }

    /// Notes each value with a word that begins so.
    fn collect(&self, vocabulary: &Vocabulary, (typed, errors): (&str, u8), found: &mut Vec<Completed>) {
        let mut note = |text: &str, number: u32| {
            let Some(value) = vocabulary.value(number) else { return };
            let is_whole = errors == 0 && text == typed;
            found.push(Completed { number, people: value.people(), errors, is_whole });
        };
        let mut note_known = |index: u32| {
            let (text, number) = &self.values[index as usize];
            note(text, *number);
        };
        if let Some(noted) = self.short.get(typed) {
            noted.iter().for_each(|index| note_known(*index));
        } else {
            self.beginning_with(typed).into_iter().for_each(&mut note_known);
        }
        self.for_each_new(vocabulary, |text, number| {
            if word_starts(text).any(|byte| text[byte..].starts_with(typed)) {
                note(text, number);
            }
        });
    }

    /// The values that came after this was made.
    fn for_each_new(&self, vocabulary: &Vocabulary, mut visit: impl FnMut(&str, u32)) {
        for number in self.next_number..vocabulary.next_number() {
            if let Some(value) = vocabulary.value(number) {
                visit(&folded(value.canonical()), number);
            }
        }
    }

    /// The indexes of the values with a word that begins so; of many the most frequent.
    fn beginning_with(&self, typed: &str) -> Vec<u32> {
        let from = self.starts.partition_point(|start| rest(&self.values, *start) < typed);
        let length = self.starts[from..].partition_point(|start| rest(&self.values, *start).starts_with(typed));
        let mut found: Vec<u32> = self.starts[from..from + length].iter().map(|start| start.value).collect();
        // The most frequent values have the smallest indexes.
        if found.len() > MANY_VALUES {
            found.select_nth_unstable(NOTED_VALUES);
            found.truncate(NOTED_VALUES);
        }
        found
    }

    /// What was typed with words of the vocabulary in the place of those that it does not know, the nearest first, with the number of
    /// errors. The last word may be a beginning.
    fn respellings(&self, vocabulary: &Vocabulary, typed: &str) -> Vec<(String, u8)> {
        let words: Vec<&str> = typed.split(' ').collect();
        let mut respelt: Vec<(String, u8)> = vec![(String::new(), 0)];
        for (at, word) in words.iter().enumerate() {
            let is_last = at + 1 == words.len();
            let choices = self.choices(vocabulary, word, is_last);
            let mut longer = Vec::new();
            for (before, errors) in &respelt {
                let gap = if before.is_empty() { "" } else { " " };
                longer.extend(choices.iter().map(|(word, more)| (format!("{before}{gap}{word}"), errors + more)));
            }
            longer.sort_by_key(|(_, errors)| *errors);
            longer.truncate(MAX_RESPELLINGS);
            respelt = longer;
        }
        respelt.retain(|(_, errors)| *errors > 0);
        respelt
    }

    fn choices(&self, vocabulary: &Vocabulary, word: &str, is_beginning: bool) -> Vec<(String, u8)> {
        let mut choices = vec![(word.to_owned(), 0)];
        let letters = word.chars().count();
        let errors = LETTERS_FOR_ERRORS.iter().filter(|least| letters >= **least).count() as u8;
        let is_known = !is_beginning && self.words.contains(word);
        if errors == 0 || is_known || word.chars().any(|letter| letter.is_ascii_digit()) {
            return choices;
        }
        let dfa = automaton(word, errors, is_beginning);
        let mut near: Vec<(u8, String)> = Vec::new();
        let mut note = |found: &str| {
            if let Distance::Exact(errors @ 1..) = dfa.eval(found) {
                near.push((errors, found.to_owned()));
            }
        };
        let mut stream = self.words.search(&dfa).into_stream();
        while let Some(found) = stream.next() {
            std::str::from_utf8(found).into_iter().for_each(&mut note);
        }
        self.for_each_new(vocabulary, |text, _| text.split(' ').for_each(&mut note));
        // Of equals the shortest: nearest to what was typed.
        near.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.len().cmp(&b.1.len())).then_with(|| a.1.cmp(&b.1)));
        near.dedup();
        choices.extend(near.into_iter().take(MAX_WORDS_FOR_ONE).map(|(errors, word)| (word, errors)));
        choices
    }
}

/// The words of a canonical value: most canonical values are nothing else.
fn folded(canonical: &Arc<str>) -> Arc<str> {
    if canonical.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b' ')) {
        return canonical.clone();
    }
    let words = TokenList::of(canonical).joined();
    if *words == **canonical { canonical.clone() } else { words.into() }
}

/// Two letters that changed places are one error.
fn automaton(word: &str, errors: u8, is_beginning: bool) -> DFA {
    static BUILDERS: std::sync::OnceLock<[LevenshteinAutomatonBuilder; 2]> = std::sync::OnceLock::new();
    let builders = BUILDERS.get_or_init(|| [1, 2].map(|errors| LevenshteinAutomatonBuilder::new(errors, true)));
    let builder = &builders[usize::from(errors > 1)];
    if is_beginning { builder.build_prefix_dfa(word) } else { builder.build_dfa(word) }
}

/// The best first, each value once.
fn sort(vocabulary: &Vocabulary, found: &mut Vec<Completed>) {
    let canonical = |completed: &Completed| vocabulary.value(completed.number).map(|value| value.canonical());
    found.sort_unstable_by_key(|completed| (completed.number, completed.errors));
    found.dedup_by_key(|completed| completed.number);
    found.sort_unstable_by(|a, b| {
        let by_fit = b.is_whole.cmp(&a.is_whole).then(a.errors.cmp(&b.errors)).then(b.people.cmp(&a.people));
        by_fit.then_with(|| canonical(a).cmp(&canonical(b)))
    });
}

/// A value's text from one of its words on.
fn rest(values: &[(Arc<str>, u32)], start: Start) -> &str {
    &values[start.value as usize].0[start.byte as usize..]
}

/// Where the words of a canonical text start, in bytes.
fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1))
}

fn short_beginnings(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().map(|(at, letter)| at + letter.len_utf8()).take(SHORT_BEGINNING);
    ends.map(|end: usize| -> Range<usize> { 0..end }).map(|range| &text[range])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::vocabulary::VocabularyWriter;

    fn writer() -> VocabularyWriter {
        let mut writer = VocabularyWriter::default();
        for (text, people) in [
            ("data engineer", 5),
            ("data scientist", 9),
            ("java", 2),
            ("javascript", 7),
            ("kubernetes", 3),
            ("senior data engineer", 1),
        ] {
            writer.add(text, text, people);
        }
        writer
    }

    fn completed(writer: &VocabularyWriter, completion: &Completion, typed: &str) -> Vec<String> {
        let vocabulary = writer.vocabulary();
        let found = completion.complete(vocabulary, typed, 10).into_iter();
        let told = found.filter_map(|completed| {
            let marks = "~".repeat(completed.errors.into());
            Some(format!("{marks}{}", vocabulary.value(completed.number)?.canonical()))
        });
        told.collect()
    }

    #[test]
    fn completes_at_any_word_and_by_frequency() {
        let writer = writer();
        let completion = Completion::of(writer.vocabulary());
        let of = |typed| completed(&writer, &completion, typed);
        assert_eq!(of("data"), ["data scientist", "data engineer", "senior data engineer"]);
        assert_eq!(of("d"), of("data"));
        assert_eq!(of("data en"), ["data engineer", "senior data engineer"]);
        assert_eq!(of("java"), ["java", "javascript"]);
        assert_eq!(of("x"), [""; 0]);
        assert_eq!(of(""), [""; 0]);
    }

    #[test]
    fn misspelt_words_come_last() {
        let writer = writer();
        let completion = Completion::of(writer.vocabulary());
        let of = |typed| completed(&writer, &completion, typed);
        assert_eq!(of("kuberntes"), ["~kubernetes"]);
        assert_eq!(of("kubren"), ["~kubernetes"]);
        assert_eq!(of("dtaa engi"), ["~data engineer", "~senior data engineer"]);
        assert_eq!(of("jvaascrpt"), ["~~javascript"]);
        assert_eq!(of("javs"), ["~javascript", "~java"]);
    }

    #[test]
    fn what_came_since_is_completed_where_it_is_misspelt_too() {
        let completion = Completion::of(&Vocabulary::default());
        assert_eq!(completed(&writer(), &completion, "kuberntes"), ["~kubernetes"]);
        assert_eq!(completed(&writer(), &completion, "java"), ["java", "javascript"]);
    }

    #[test]
    fn knows_what_came_and_went_since() {
        let mut writer = writer();
        let completion = Completion::of(writer.vocabulary());
        writer.add("java ee", "Java EE", 20);
        (0..2).for_each(|_| writer.remove(3));
        assert_eq!(completed(&writer, &completion, "java"), ["java ee", "javascript"]);
        assert_eq!(completed(&writer, &completion, "e"), ["java ee", "data engineer", "senior data engineer"]);
    }
}
