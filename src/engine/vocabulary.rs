//! The distinct values of one field over the population, and how people write them.
//!
//! A value is what compares equal; a form is one way of writing it. Each form has a number, and a value goes by that of the
//! form that came first. Numbers begin at 1 and are not used again. Invariant: a clone is a snapshot.

use std::{collections::HashMap, sync::Arc};

use super::{Column, lists::NOTHING};

/// Forms of a value beside the first that are told apart; who writes it in yet another way counts for the first.
const MAX_FURTHER_FORMS: usize = 64;

/// One way of writing a value.
#[derive(Debug, Clone)]
struct Form {
    canonical: Arc<str>,
    spelling: Arc<str>,
    /// How many people write it so.
    people: u32,
    /// The number of the value's first form.
    value: u32,
    /// The value's other forms; kept with the first one.
    others: Option<Arc<Vec<u32>>>,
}

/// A value of the vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct Value<'v> {
    vocabulary: &'v Vocabulary,
    first: &'v Form,
}

impl<'v> Value<'v> {
    /// What is compared.
    pub fn canonical(&self) -> &'v Arc<str> {
        &self.first.canonical
    }

    /// How many people have it.
    pub fn people(&self) -> u32 {
        self.forms().map(|form| form.people).sum()
    }

    /// The spelling that most people use; of equals the first in the order of letters.
    pub fn label(&self) -> &'v str {
        let best = self.forms().max_by(|a, b| a.people.cmp(&b.people).then_with(|| b.spelling.cmp(&a.spelling)));
        best.map_or("", |form| &form.spelling)
    }

    fn forms(&self) -> impl Iterator<Item = &'v Form> + use<'v> {
        let vocabulary = self.vocabulary;
        let others = self.first.others.iter().flat_map(|others| others.iter());
        std::iter::once(self.first).chain(others.filter_map(|number| vocabulary.forms.get(*number)))
    }
}

/// The distinct values of one field.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    forms: Column<Form>,
    /// Every further form that was ever given, with the number of its value: few beside the first ones.
    further: Arc<Vec<(u32, u32)>>,
    /// The number that is given next.
    next: u32,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self { forms: Column::default(), further: Arc::default(), next: NOTHING + 1 }
    }
}

impl Vocabulary {
    /// The number that will be given next, one more than the largest that ever was.
    pub fn next_number(&self) -> u32 {
        self.next
    }

    /// The value of a number; `None` where nobody has it any more, or where it is not the number of a value's first form.
    pub fn value(&self, number: u32) -> Option<Value<'_>> {
        let first = self.forms.get(number)?;
        (first.value == number).then_some(Value { vocabulary: self, first })
    }

    /// The values that somebody has, by number.
    pub fn values(&self) -> impl Iterator<Item = (u32, Value<'_>)> {
        self.forms.iter().filter_map(|(number, _)| Some((number, self.value(number)?)))
    }

    /// Adds what was counted of a value's other forms to its first one.
    pub fn join_forms(&self, counts: &mut [u32]) {
        for (number, value) in self.further.iter() {
            counts[*value as usize] += std::mem::take(&mut counts[*number as usize]);
        }
    }
}

/// A vocabulary that is written to.
#[derive(Debug, Default)]
pub(super) struct VocabularyWriter {
    values: HashMap<Arc<str>, u32>,
    vocabulary: Vocabulary,
}

impl VocabularyWriter {
    pub(super) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// How many values somebody has.
    pub(super) fn count(&self) -> usize {
        self.values.len()
    }

    /// The number of a form, a new one where nobody has it.
    fn number(&mut self, canonical: &str, spelling: &str) -> u32 {
        let forms = &mut self.vocabulary.forms;
        let next = self.vocabulary.next;
        let known = self.values.get_key_value(canonical).map(|(canonical, first)| (canonical.clone(), *first));
        let Some((canonical, first)) = known else {
            let canonical: Arc<str> = canonical.into();
            self.values.insert(canonical.clone(), next);
            let spelling = if *canonical == *spelling { canonical.clone() } else { spelling.into() };
            forms.set(next, Some(Form { canonical, spelling, people: 0, value: next, others: None }));
            self.vocabulary.next += 1;
            return next;
        };
        let Some(mut head) = forms.get(first).cloned() else { return first };
        if *head.spelling == *spelling {
            return first;
        }
        let mut others = head.others.iter().flat_map(|others| others.iter());
        let is_same = |number: &&u32| forms.get(**number).is_some_and(|form| *form.spelling == *spelling);
        if let Some(number) = others.find(is_same) {
            return *number;
        }
        if head.others.as_ref().is_some_and(|others| others.len() >= MAX_FURTHER_FORMS) {
            return first;
        }
        Arc::make_mut(head.others.get_or_insert_default()).push(next);
        forms.set(first, Some(head));
        forms.set(next, Some(Form { canonical, spelling: spelling.into(), people: 0, value: first, others: None }));
        Arc::make_mut(&mut self.vocabulary.further).push((next, first));
        self.vocabulary.next += 1;
        next
    }

    /// Notes that so many more people have a value, written so; returns the number of the form.
    pub(super) fn add(&mut self, canonical: &str, spelling: &str, people: u32) -> u32 {
        let number = self.number(canonical, spelling);
        self.change(number, people as i32);
        number
    }

    /// Notes that somebody who had a form has it no more.
    pub(super) fn remove(&mut self, number: u32) {
        let Some(first) = self.change(number, -1) else { return };
        let Some(value) = self.vocabulary.value(first).filter(|value| value.people() == 0) else { return };
        let (canonical, others) = (value.canonical().clone(), value.first.others.clone());
        self.values.remove(&canonical);
        let forms = std::iter::once(first).chain(others.iter().flat_map(|others| others.iter().copied()));
        forms.for_each(|number| self.vocabulary.forms.set(number, None));
    }

    /// Changes the number of people; returns the number of the value.
    fn change(&mut self, number: u32, by: i32) -> Option<u32> {
        let form = self.vocabulary.forms.get_mut(number)?;
        form.people = form.people.saturating_add_signed(by);
        Some(form.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(vocabulary: &Vocabulary) -> Vec<(u32, String, u32)> {
        let told = vocabulary.values().map(|(number, value)| (number, value.label().to_owned(), value.people()));
        told.collect()
    }

    #[test]
    fn a_value_is_written_as_most_write_it_and_goes_with_the_last() {
        let mut writer = VocabularyWriter::default();
        let numbers: Vec<u32> = ["rust", "RUST", "Rust", "Rust"].map(|form| writer.add("rust", form, 1)).into();
        assert_eq!(numbers, [1, 2, 3, 3]);
        assert_eq!(writer.add("go", "Go", 1), 4);
        let snapshot = writer.vocabulary().clone();
        assert_eq!(told(&snapshot), [(1, "Rust".to_owned(), 4), (4, "Go".to_owned(), 1)]);
        writer.remove(3);
        assert_eq!(told(writer.vocabulary())[0], (1, "RUST".to_owned(), 3));
        writer.remove(1);
        assert_eq!(told(writer.vocabulary())[0], (1, "RUST".to_owned(), 2));
        writer.remove(2);
        writer.remove(3);
        assert_eq!(told(writer.vocabulary()), [(4, "Go".to_owned(), 1)]);
        assert_eq!(writer.add("rust", "rust", 1), 5);
        assert_eq!(told(&snapshot)[0].2, 4);
    }

    #[test]
    fn counts_of_forms_are_joined() {
        let mut writer = VocabularyWriter::default();
        for (canonical, form) in [("a", "A"), ("b", "B"), ("a", "a"), ("b", "b")] {
            writer.add(canonical, form, 1);
        }
        let mut counts = [7, 1, 10, 100, 1_000];
        writer.vocabulary().join_forms(&mut counts);
        assert_eq!(counts, [7, 101, 1_010, 0, 0]);
    }
}
