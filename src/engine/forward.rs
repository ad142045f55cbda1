//! The forward index: who has which values, the other way round than the text index.
//!
//! Input: the [`FieldValues`] of candidates, as they come and go. Output: [`ForwardIndex`] snapshots that count values over
//! any set of candidates. It is made from the text index at start and lives in memory. Invariant: a clone is a snapshot.

use std::{
    cell::RefCell,
    cmp::Reverse,
    collections::BinaryHeap,
    sync::{Arc, OnceLock},
};

use super::{
    Completion, FieldValues, KeySet,
    field_values::split_term,
    lists::{Lists, NOTHING},
    vocabulary::Vocabulary,
    vocabulary::VocabularyWriter,
};
use crate::query::FilterField;

/// The fields that have values.
const FIELDS: usize = FilterField::ALL.len();

/// Changes of a field after which what completes its values is made anew: so many, and one for so many values that people have.
const CHANGES: usize = 1_024;
const CHANGED_SHARE: usize = 16;

/// As many changes a value weighs that nobody had before, or that nobody has any more: the one is looked at by itself whenever
/// somebody types, and the other's text must not stay.
const WEIGHT_OF_A_VALUE: usize = 16;

/// Counts that are looked at together: most values are rare.
const BLOCK: usize = 64;

/// One field of the forward index.
#[derive(Debug, Clone, Default)]
pub struct ForwardField {
    vocabulary: Vocabulary,
    lists: Lists,
    /// Made when it is first asked for; later snapshots share it for as long as little changes.
    completion: Arc<OnceLock<Completion>>,
    /// The one before, which serves until the next is made.
    previous: Option<Arc<OnceLock<Completion>>>,
}

thread_local! {
    /// Memory for counts, used again by the next of the same thread.
    static COUNTS: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// How many of some candidates have each value of a field.
#[derive(Debug, PartialEq, Eq)]
pub struct ValueCounts<'c> {
    /// By number of the value.
    pub counts: &'c [u32],
    /// Those who have no value.
    pub without: usize,
}

impl ValueCounts<'_> {
    /// How many values somebody has.
    pub fn distinct(&self) -> usize {
        self.counts.iter().map(|count| usize::from(*count > 0)).sum()
    }

    /// The numbers of the values that most have, of equals the first in the order of letters.
    pub fn most_frequent(&self, vocabulary: &Vocabulary, limit: usize) -> Vec<u32> {
        let mut found = self.at_least_among(limit);
        let by_letters = |a: u32, b: u32| {
            let canonical = |number| vocabulary.value(number).map(|value| value.canonical());
            canonical(a).cmp(&canonical(b))
        };
        // Letters are compared among equals only, where memory is read here and there.
        found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| by_letters(a.1, b.1)));
        found.truncate(limit);
        found.into_iter().map(|(_, number)| number).collect()
    }

    /// Counts and numbers of the `limit` highest counts, and of all that equal the lowest of them.
    fn at_least_among(&self, limit: usize) -> Vec<(u32, u32)> {
        let mut best: BinaryHeap<Reverse<u32>> = BinaryHeap::with_capacity(limit + 1);
        let mut found: Vec<(u32, u32)> = Vec::new();
        let mut floor = 1;
        for (block, counts) in self.counts.chunks(BLOCK).enumerate() {
            if counts.iter().fold(0, |most, count| most.max(*count)) < floor {
                continue;
            }
            for (at, count) in counts.iter().enumerate() {
                if *count < floor {
                    continue;
                }
                found.push((*count, (block * BLOCK + at) as u32));
                best.push(Reverse(*count));
                if best.len() > limit {
                    best.pop();
                    floor = best.peek().map_or(1, |least| least.0);
                }
            }
        }
        found.retain(|(count, _)| *count >= floor);
        found
    }
}

impl ForwardField {
    /// The distinct values.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Whether what completes values is made.
    fn is_completed(&self) -> bool {
        self.completion.get().is_some()
    }

    /// Completes values as they are typed.
    pub fn completion(&self) -> &Completion {
        let previous = self.previous.as_ref().and_then(|previous| previous.get());
        let previous = previous.filter(|previous| previous.knows_most_of(&self.vocabulary));
        self.completion.get().or(previous).unwrap_or_else(|| self.made_completion())
    }

    fn made_completion(&self) -> &Completion {
        self.completion.get_or_init(|| Completion::of(&self.vocabulary))
    }

    /// How many of the candidates have each value.
    pub fn count<T>(&self, keys: &KeySet, read: impl FnOnce(ValueCounts<'_>) -> T) -> T {
        let mut counts = COUNTS.take();
        counts.clear();
        counts.resize(self.vocabulary.next_number() as usize, 0);
        self.lists.count(keys, &mut counts);
        let without = std::mem::take(&mut counts[NOTHING as usize]) as usize;
        self.vocabulary.join_forms(&mut counts);
        let told = read(ValueCounts { counts: &counts, without });
        COUNTS.set(counts);
        told
    }
}

/// A pinned forward index.
#[derive(Debug, Clone, Default)]
pub struct ForwardIndex([ForwardField; FIELDS]);

/// The fields whose values are completed as they are typed.
pub const COMPLETED_FIELDS: [FilterField; 5] =
    [FilterField::Titles, FilterField::Skills, FilterField::Companies, FilterField::Schools, FilterField::Cities];

impl ForwardIndex {
    /// Makes ready what completes values, where it is not: the first who types need not wait.
    pub fn prepare_completions(&self) {
        COMPLETED_FIELDS.into_iter().for_each(|field| {
            self.field(field).made_completion();
        });
    }

    /// Whether what completes values is ready.
    pub fn has_completions(&self) -> bool {
        COMPLETED_FIELDS.into_iter().all(|field| self.field(field).is_completed())
    }

    /// One field.
    pub fn field(&self, field: FilterField) -> &ForwardField {
        &self.0[field as usize]
    }
}

/// The terms of one field with those who have them, in a few pieces of memory.
#[derive(Debug, Default)]
pub(super) struct FieldTerms {
    text: String,
    /// Where each term ends in `text`.
    ends: Vec<usize>,
    /// How many people have each term.
    people: Vec<u32>,
    /// Keys, and the places of their terms.
    pairs: Vec<(u32, u32)>,
}

impl FieldTerms {
    /// Adds a term, see [`FieldValue::term`](super::FieldValue::term), and those who have it.
    pub(super) fn add(&mut self, term: &str, keys: &[u32]) {
        let at = self.ends.len() as u32;
        self.text.push_str(term);
        self.ends.push(self.text.len());
        self.people.push(keys.len() as u32);
        self.pairs.extend(keys.iter().map(|key| (*key, at)));
    }

    fn term(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }
}

/// A forward index that is written to.
#[derive(Debug, Default)]
pub(super) struct ForwardWriter {
    vocabularies: [VocabularyWriter; FIELDS],
    lists: [Lists; FIELDS],
    completions: [Completions; FIELDS],
}

/// What completes one vocabulary.
#[derive(Debug, Default)]
struct Completions {
    current: Arc<OnceLock<Completion>>,
    previous: Option<Arc<OnceLock<Completion>>>,
    /// How many values people have, each counted as often as they do.
    held: usize,
    /// What changed since `current` was laid out.
    changes: usize,
}

impl Completions {
    /// Lays out a new one where much has changed, and drops the one before where it is not needed any more.
    fn refresh(&mut self) {
        if self.changes > CHANGES + self.held / CHANGED_SHARE {
            let current = std::mem::take(&mut self.current);
            if current.get().is_some() {
                self.previous = Some(current);
            }
            self.changes = 0;
        } else if self.current.get().is_some() {
            self.previous = None;
        }
    }
}

impl ForwardWriter {
    /// Puts a candidate's values in the place of those that it had.
    pub(super) fn put(&mut self, key: u32, values: &FieldValues) {
        for field in FilterField::ALL {
            let numbers = values.field(field).iter().map(|value| (value.canonical.as_str(), value.spelling.as_str()));
            self.put_field(key, field, numbers);
        }
    }

    /// Takes a candidate out.
    pub(super) fn remove(&mut self, key: u32) {
        FilterField::ALL.into_iter().for_each(|field| self.put_field(key, field, std::iter::empty()));
    }

    /// Puts the values of one field, each once: canonical form and spelling.
    pub(super) fn put_field<'v>(
        &mut self,
        key: u32,
        field: FilterField,
        values: impl Iterator<Item = (&'v str, &'v str)>,
    ) {
        let (vocabulary, lists) = (&mut self.vocabularies[field as usize], &mut self.lists[field as usize]);
        let (before, values_before) = (lists.get(key).len(), vocabulary.count());
        // New ones first, so that a value that stays keeps its number.
        let numbers: Vec<u32> = values.map(|(canonical, spelling)| vocabulary.add(canonical, spelling, 1)).collect();
        let came = vocabulary.count() - values_before;
        lists.get(key).iter().for_each(|number| vocabulary.remove(*number));
        let went = values_before + came - vocabulary.count();
        lists.set(key, &numbers);
        let completions = &mut self.completions[field as usize];
        completions.held = completions.held + numbers.len() - before;
        completions.changes += numbers.len() + before + WEIGHT_OF_A_VALUE * (came + went);
    }

    /// Loads one field of an empty index.
    pub(super) fn load_field(&mut self, field: FilterField, mut terms: FieldTerms) {
        let vocabulary = &mut self.vocabularies[field as usize];
        let numbers: Vec<u32> = {
            // Frequent values get small numbers, so that what is counted most lies close together.
            let mut frequent: Vec<u32> = (0..terms.ends.len() as u32).collect();
            frequent.sort_by_key(|at| Reverse(terms.people[*at as usize]));
            let mut numbers = vec![NOTHING; frequent.len()];
            for at in frequent {
                let (canonical, spelling) = split_term(terms.term(at as usize));
                numbers[at as usize] = vocabulary.add(canonical, spelling, terms.people[at as usize]);
            }
            numbers
        };
        terms.pairs.iter_mut().for_each(|(_, term)| *term = numbers[*term as usize]);
        terms.pairs.sort_unstable();
        self.completions[field as usize].held += terms.pairs.len();
        let lists = &mut self.lists[field as usize];
        let mut list = Vec::new();
        for of_key in terms.pairs.chunk_by(|a, b| a.0 == b.0) {
            list.clear();
            list.extend(of_key.iter().map(|(_, number)| *number));
            lists.set(of_key[0].0, &list);
        }
        lists.shrink();
    }

    /// The state as it is.
    pub(super) fn snapshot(&mut self) -> ForwardIndex {
        let field = |at: usize| {
            let vocabulary = self.vocabularies[at].vocabulary().clone();
            let completions = &mut self.completions[at];
            completions.refresh();
            let (completion, previous) = (completions.current.clone(), completions.previous.clone());
            ForwardField { vocabulary, lists: self.lists[at].clone(), completion, previous }
        };
        ForwardIndex(std::array::from_fn(field))
    }
}
