//! The whole values of a candidate that filters compare, facets count and suggestions complete.
//!
//! Input: a candidate and its text values. Output: for each [`FilterField`] its distinct values, each in its canonical form
//! and as written. Invariants: contacts are masked; a value stands once a candidate, in the spelling that comes first.

use std::{borrow::Cow, collections::HashSet};

use crate::candidate::{Candidate, TextValue, occupation_of_title};
use crate::places::{Gazetteer, Resolved};
use crate::query::{FilterField, canonical_skill, canonical_value, canonical_words};
use crate::taxonomy::Taxonomy;
use crate::text::{self, Language, TokenList};

/// The longest spelling that is kept, in characters.
const MAX_SPELLING_CHARS: usize = 120;

/// Stands between the two forms in a term of the text index: neither form holds a control character.
const SEPARATOR: char = '\u{1f}';

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// What is compared.
    pub canonical: String,
    /// How it is written, white space folded.
    pub spelling: String,
}

impl FieldValue {
    fn of(field: FilterField, written: &str) -> Option<Self> {
        Self::new(canonical_value(field, written), written)
    }

    /// A value that was split into tokens already, of a field that compares words.
    fn of_words(value: &TextValue<'_>) -> Option<Self> {
        Self::new(canonical_words(value.tokens.joined()), &value.text)
    }

    fn of_skill(value: &TextValue<'_>) -> Option<Self> {
        Self::new(canonical_skill(canonical_words(value.tokens.joined())), &value.text)
    }

    fn of_title(value: &TextValue<'_>) -> Option<Self> {
        match text::strip_gender_markers(&value.text) {
            Cow::Borrowed(_) => Self::of_words(value),
            Cow::Owned(title) => Self::new(canonical_words(TokenList::of(&title).joined()), &title),
        }
    }

    fn new(canonical: String, written: &str) -> Option<Self> {
        (!canonical.is_empty()).then(|| Self { spelling: spelling(written), canonical })
    }

    /// The term that stands for it in the text index: both forms, with a control character between them.
    pub fn term(&self) -> String {
        let spelling = if self.spelling == self.canonical { "" } else { &self.spelling };
        format!("{}{SEPARATOR}{spelling}", self.canonical)
    }
}

/// What every term of a canonical value begins with.
pub(super) fn term_prefix(canonical: &str) -> String {
    format!("{canonical}{SEPARATOR}")
}

/// The canonical form and the spelling of a term.
pub(super) fn split_term(term: &str) -> (&str, &str) {
    let (canonical, spelling) = term.split_once(SEPARATOR).unwrap_or((term, ""));
    (canonical, if spelling.is_empty() { canonical } else { spelling })
}

fn spelling(written: &str) -> String {
    let is_blank = |letter: char| letter.is_whitespace() || letter.is_control();
    let words = written.split(is_blank).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(MAX_SPELLING_CHARS).collect()
}

/// The values of a candidate, field by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldValues([Vec<FieldValue>; FilterField::ALL.len()]);

impl FieldValues {
    /// Reads a candidate, told where they live.
    pub fn of(
        candidate: &Candidate,
        values: &[TextValue<'_>],
        (language, residence): (Option<Language>, Option<&Resolved>),
    ) -> Self {
        let mut all = Self::default();
        for field in FilterField::ALL {
            let of_field = values.iter().filter(|value| field.fields().contains(&value.field));
            all.0[field as usize] = match field {
                FilterField::Countries => {
                    let code = candidate.profile.country();
                    code.iter().filter_map(|code| FieldValue::of(field, code.as_str())).collect()
                }
                FilterField::Cities => city(candidate, residence).into_iter().collect(),
                FilterField::Languages => distinct(of_field.filter_map(|value| spoken(&value.text))),
                FilterField::Titles | FilterField::CurrentTitles => distinct(of_field.filter_map(FieldValue::of_title)),
                FilterField::Skills => distinct(of_field.filter_map(FieldValue::of_skill)),
                FilterField::Occupations => distinct(of_field.filter_map(|value| occupation(&value.text, language))),
                _ => distinct(of_field.filter_map(FieldValue::of_words)),
            };
        }
        all
    }

    /// The values of one field.
    pub fn field(&self, field: FilterField) -> &[FieldValue] {
        &self.0[field as usize]
    }
}

/// Where the person lives: in the gazetteer's words where it knows the place, else in the person's.
fn city(candidate: &Candidate, residence: Option<&Resolved>) -> Option<FieldValue> {
    if let Some(known) = residence {
        let label = Gazetteer::built_in().label(known.place);
        return Some(FieldValue { canonical: label.clone(), spelling: label });
    }
    let stated = candidate.profile.city.as_deref()?;
    let city = FieldValue::of(FilterField::Cities, &text::mask_contacts(stated))?;
    // The stated country is believed: a city that the gazetteer knows elsewhere is not told.
    let is_elsewhere =
        candidate.profile.country_code.is_some() && city.canonical != TokenList::of(&city.canonical).joined();
    (!is_elsewhere).then_some(city)
}

/// A spoken language goes by its English name, where it is known.
fn spoken(written: &str) -> Option<FieldValue> {
    let named = text::spoken_language(written).and_then(text::spoken_language_name);
    FieldValue::of(FilterField::Languages, named.unwrap_or(written))
}

/// An occupation goes by the taxonomy's English label.
fn occupation(title: &str, language: Option<Language>) -> Option<FieldValue> {
    let concept = Taxonomy::built_in().concept(occupation_of_title(title, language)?)?;
    FieldValue::of(FilterField::Occupations, concept.label)
}

fn distinct(values: impl Iterator<Item = FieldValue>) -> Vec<FieldValue> {
    let mut seen = HashSet::new();
    values.filter(|value| seen.insert(value.canonical.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_hold_both_forms() {
        for (written, canonical, spelling) in [
            ("Rust", "rust", "Rust"),
            ("rust", "rust", "rust"),
            (" Data\n Engineer ", "data engineer", "Data Engineer"),
        ] {
            let value = FieldValue::of(FilterField::Skills, written).unwrap();
            let term = value.term();
            assert_eq!(split_term(&term), (canonical, spelling));
            assert!(term.starts_with(&term_prefix(canonical)));
        }
        assert_eq!(FieldValue::of(FilterField::Skills, "…"), None);
    }
}
