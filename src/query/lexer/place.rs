//! Places: `near:"Milano"~50km`, `relocate:Berlin`.

use super::super::circle::{Circle, NoCircle, ambiguity};
use super::super::fact::{Fact, FactTest, Wanted};
use super::super::warning::WarningCode;
use super::suffix::Mark;
use super::{Before, LexemeKind, Lexer, quote};
use crate::places::{Gazetteer, read_distance_km};

impl Lexer<'_, '_> {
    /// Reads a place and a distance; a place that is not known is read as words.
    pub(super) fn place(&mut self, fact: Fact, name: &str, value: usize) {
        let from = self.at;
        let gap = self.text[value..].len() - self.text[value..].trim_start().len();
        let Some(first) = self.text[value + gap..].chars().next().filter(|next| !matches!(next, '(' | ')')) else {
            let message = format!("`{}:` takes {}", fact.name(), FactTest::expected(fact));
            return self.words_of_field(value, WarningCode::InvalidValue, &message);
        };
        self.at = value + gap;
        let (content, marks) = if quote::is_quote(first) {
            let (content, smart) = self.quoted(first);
            if smart {
                self.warn(WarningCode::SmartQuotes, value + gap..self.at, "typographic quotes", "plain quotes");
            }
            (content, self.take_marks())
        } else {
            let chunk = self.chunk_at(self.at).trim_end_matches([',', ';', '.', '!', '?']);
            let length = chunk.find(['~', '^']).unwrap_or(chunk.len());
            let (start, end) = (self.at, self.at + chunk.len());
            self.at = end;
            (start..start + length, Mark::all_in(self.text, start + length..end).collect())
        };
        let typed = &self.text[content.clone()];
        let radius = self.radius(&marks);
        let (circle, resolved) = match Circle::around(typed, radius) {
            Ok(found) => found,
            Err(NoCircle::UnknownPlace | NoCircle::Radius) => {
                let message = format!("`{typed}` is not a place that is known");
                self.warn(WarningCode::UnknownPlace, from..self.at, message, "the words of its value");
                return self.push_words(content);
            }
        };
        self.speaks_the_language = true;
        let bytes = from..self.at;
        self.note_field(fact.name(), name, (from, value, gap));
        if let Some(message) = ambiguity(&resolved) {
            let assumed = Gazetteer::built_in().label(resolved.place);
            self.warn(WarningCode::AmbiguousPlace, content, message, &assumed);
        }
        self.push(LexemeKind::Fact(FactTest { fact, wanted: Wanted::Within(circle) }), bytes);
        let weights: Vec<Mark> = marks.into_iter().filter(|mark| matches!(mark, Mark::Weight(_))).collect();
        self.push_weights(&weights);
        self.before = Before::Other;
    }

    /// The distance among the suffixes, in kilometres.
    fn radius(&mut self, marks: &[Mark]) -> Option<f64> {
        let mut radius = None;
        for mark in marks {
            let Mark::Distance(bytes) = mark else { continue };
            match read_distance_km(&self.text[bytes.start + 1..bytes.end]) {
                Some(km) if km <= super::super::circle::MAX_RADIUS_KM => radius = Some(km),
                _ => {
                    let message = "a distance is a number of `km` or `mi`, at most 20,000 km";
                    self.warn(WarningCode::InvalidValue, bytes.clone(), message, "50 km");
                }
            }
        }
        radius
    }
}
