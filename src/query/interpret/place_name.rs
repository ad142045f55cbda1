//! Whether a name in a sentence is a place, and which.
//!
//! Tokens → a city or country, the longest name first. Of two places of a name that with the stronger claim is meant, and a note says so;
//! the segment after it may tell which ("Paris, Texas"). What a name needs to be meant as a place is told in `doubt.rs`.

use std::ops::Range;

use super::super::circle::ambiguity;
use super::company;
use super::doubt;
use super::glue::is_glue;
use super::reading::{Spot, Target};
use super::scan::Scan;
use super::sentence::{Gap, Sentence};
use crate::places::{CountryCode, Gazetteer, Resolved};

/// The longest name, in tokens.
const MAX_NAME: usize = 6;

/// What makes a name a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    /// A word such as "in" stands before it.
    Located,
    /// "a", which is Italian for "in" and an English article.
    AfterA,
    /// Commas stand around it.
    Segment,
}

/// The place or country that a token begins, and the token after it.
pub(super) fn name(scan: &Scan<'_>, at: usize, certainty: Certainty) -> Option<(Target, usize)> {
    let sentence = scan.sentence;
    let forms = sentence.forms().get(..sentence.segment_end(at).min(at + MAX_NAME).min(sentence.len()))?;
    if at >= forms.len() || !sentence.splits(at) {
        return None;
    }
    let country = country(sentence, forms, at);
    let city = Gazetteer::built_in().longest_name(forms, at);
    let (target, end) = match (country, city) {
        (Some((length, code)), city) if city.as_ref().is_none_or(|(longer, _)| *longer <= length) => {
            (Target::Country(code), at + length)
        }
        (_, Some((length, resolved))) => city_at(sentence, at, at + length, &resolved)?,
        _ => return None,
    };
    let is_based = sentence.gap(end) == Gap::Glued && sentence.form(end) == "based" && sentence.between(end) == "-";
    if !(sentence.splits(end) || is_based) || company::name(scan, at).is_some_and(|longer| longer >= end) {
        return None;
    }
    is_sure(sentence, at..end, &target, certainty).then_some((target, end))
}

/// A country by its name, or as "UK" and "the US".
fn country(sentence: &Sentence<'_>, forms: &[String], at: usize) -> Option<(usize, CountryCode)> {
    let is_code = match sentence.form(at) {
        "uk" => true,
        "us" => sentence.typed(at..at + 1) == "US" || sentence.before(at, 1) == "the",
        _ => false,
    };
    let code = || is_code.then(|| Some((1, Gazetteer::built_in().country(sentence.form(at))?)))?;
    Gazetteer::built_in().longest_country(forms, at).or_else(code)
}

/// A city, narrowed by the segment after it where that names its country: "Milan, Italy".
fn city_at(sentence: &Sentence<'_>, at: usize, end: usize, resolved: &Resolved) -> Option<(Target, usize)> {
    let gazetteer = Gazetteer::built_in();
    if let Some((narrowed, after)) = narrowed(sentence, at, end) {
        return Some((Target::City(spot(gazetteer, &narrowed)?), after));
    }
    Some((Target::City(spot(gazetteer, resolved)?), end))
}

fn narrowed(sentence: &Sentence<'_>, at: usize, end: usize) -> Option<(Resolved, usize)> {
    let gazetteer = Gazetteer::built_in();
    let after = sentence.segment_end(end);
    let is_comma = end < sentence.len() && sentence.between(end).trim_start().starts_with(',');
    let narrower = sentence.typed(end..after);
    let resolved = gazetteer.resolve(sentence.typed(at..after), None).filter(|_| is_comma)?;
    let place = gazetteer.place(resolved.place)?;
    let is_country = gazetteer.country(narrower) == Some(place.country);
    let has_narrowed = || gazetteer.resolve(sentence.typed(at..end), None).as_ref() != Some(&resolved);
    let is_meant = narrower.len() > 2 || is_code(narrower);
    (is_meant && (is_country || has_narrowed())).then_some((resolved, after))
}

fn is_code(typed: &str) -> bool {
    typed.len() == 2 && typed.bytes().all(|letter| letter.is_ascii_uppercase())
}

fn spot(gazetteer: &Gazetteer, resolved: &Resolved) -> Option<Spot> {
    gazetteer.place(resolved.place)?;
    Some(Spot { label: gazetteer.label(resolved.place), km: None, note: ambiguity(resolved) })
}

/// Whether nothing follows that could belong to the words before.
pub(super) fn ends(sentence: &Sentence<'_>, at: usize) -> bool {
    sentence.stops(at) || is_glue(sentence, at)
}

/// Whether a name is meant as a place.
fn is_sure(sentence: &Sentence<'_>, tokens: Range<usize>, target: &Target, certainty: Certainty) -> bool {
    let name = sentence.forms()[tokens.clone()].join(" ");
    if doubt::is_never_a_place(&name) {
        return false;
    }
    let has_capital = sentence.has_capital(tokens.start);
    if doubt::is_common_word(&name) {
        return has_capital && (certainty != Certainty::AfterA || ends(sentence, tokens.end));
    }
    let Target::City(spot) = target else { return true };
    let gazetteer = Gazetteer::built_in();
    let population = || {
        gazetteer
            .resolve(&spot.label, None)
            .and_then(|found| gazetteer.place(found.place))
            .map_or(0, |place| place.population)
    };
    has_capital || population() >= doubt::least_population(certainty)
}
