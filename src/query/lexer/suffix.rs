//! What follows a word, phrase or group at once: the weight `^2`, the distance `~3`.

use std::ops::Range;

use super::super::warning::WarningCode;
use super::super::weight::Weight;
use super::{LexemeKind, Lexer};
use crate::text;

/// The most other words between those of a phrase: far fewer than stand between two values of one field.
pub(in crate::query) const MAX_DISTANCE: u32 = 100;

/// The most words of a phrase with a distance.
const MAX_NEAR_WORDS: usize = 64;

/// One suffix and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// `^`
    Weight(Range<usize>),
    /// `~`
    Distance(Range<usize>),
}

impl Mark {
    /// The suffixes in a stretch that begins with the sign of one and holds nothing else.
    pub(super) fn all_in(text: &str, bytes: Range<usize>) -> impl Iterator<Item = Self> {
        let signs = text[bytes.clone()].match_indices(['^', '~']).map(|(at, _)| bytes.start + at);
        let signs: Vec<usize> = signs.collect();
        let ends: Vec<usize> = signs.iter().skip(1).copied().chain([bytes.end]).collect();
        let marks = signs.into_iter().zip(ends).map(|(start, end)| match text[start..].starts_with('^') {
            true => Self::Weight(start..end),
            false => Self::Distance(start..end),
        });
        marks.collect::<Vec<_>>().into_iter()
    }

    pub(super) fn bytes(&self) -> Range<usize> {
        match self {
            Self::Weight(bytes) | Self::Distance(bytes) => bytes.clone(),
        }
    }

    pub(super) fn shifted(self, by: usize) -> Self {
        match self {
            Self::Weight(bytes) => Self::Weight(bytes.start + by..bytes.end + by),
            Self::Distance(bytes) => Self::Distance(bytes.start + by..bytes.end + by),
        }
    }
}

impl Lexer<'_, '_> {
    /// Moves past the suffixes directly after a phrase or group.
    pub(super) fn take_marks(&mut self) -> Vec<Mark> {
        if !self.rest().starts_with(['~', '^']) {
            return Vec::new();
        }
        let ends = |letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '.' | '~' | '^');
        let length = self.rest().find(ends).unwrap_or(self.rest().len());
        let bytes = self.at..self.at + length;
        self.at = bytes.end;
        Mark::all_in(self.text, bytes).collect()
    }

    /// Reads the weights after a group; a distance there says nothing.
    pub(super) fn suffixes_of_group(&mut self) {
        let marks = self.take_marks();
        self.push_weights(&marks);
    }

    /// The distance after a phrase, where one is given: how many other words may stand between its own.
    pub(super) fn distance(&mut self, marks: &[Mark], content: &Range<usize>) -> Option<u32> {
        let mut distance = None;
        for mark in marks {
            let Mark::Distance(bytes) = mark else { continue };
            let typed = &self.text[bytes.start + 1..bytes.end];
            let is_number = !typed.is_empty() && typed.bytes().all(|letter| letter.is_ascii_digit());
            if !is_number {
                self.warn(WarningCode::InvalidValue, bytes.clone(), "a distance is a whole number", "no distance");
            } else if text::tokens(&self.text[content.clone()]).len() > MAX_NEAR_WORDS {
                let message = format!("phrases with a distance have at most {MAX_NEAR_WORDS} words");
                self.warn(WarningCode::InvalidValue, bytes.clone(), message, "no distance");
            } else {
                let asked = typed.parse().unwrap_or(u32::MAX);
                if asked > MAX_DISTANCE {
                    let message = format!("a distance is at most {MAX_DISTANCE}");
                    self.warn(WarningCode::InvalidValue, bytes.clone(), message, &format!("`~{MAX_DISTANCE}`"));
                }
                distance = Some(asked.min(MAX_DISTANCE));
            }
        }
        distance
    }

    /// Pushes the weights among the suffixes of what was pushed before. Distances are those of phrases only.
    pub(super) fn push_weights(&mut self, marks: &[Mark]) {
        for mark in marks {
            let Mark::Weight(bytes) = mark else {
                if !matches!(
                    self.lexemes.last().map(|last| &last.kind),
                    Some(LexemeKind::Near(..) | LexemeKind::Phrase(_) | LexemeKind::Nothing | LexemeKind::Weight(_))
                ) {
                    self.unsupported(mark.bytes(), "distances of anything but phrases are", "no distance");
                }
                continue;
            };
            match Weight::read(&self.text[bytes.start + 1..bytes.end]) {
                Some((weight, is_cut)) => {
                    if is_cut {
                        let message = format!("a weight is from {} to {}", Weight::MIN, Weight::MAX);
                        self.warn(WarningCode::InvalidValue, bytes.clone(), message, &format!("`^{weight}`"));
                    }
                    self.push(LexemeKind::Weight(weight), bytes.clone());
                }
                None => self.warn(WarningCode::InvalidValue, bytes.clone(), "a weight is a number", "no weight"),
            }
        }
    }
}
