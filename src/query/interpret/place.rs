//! Where a person lives: "in Milan", "within 30 miles of London", "entro 20 km da Bergamo", "London-based", or a segment
//! between commas that is nothing but a place.
//!
//! - One city is `near`, several are `cities`, countries are `countries`. A list that mixes cities and countries is not read.
//! - A place after what speaks of another time or matter ("worked in", "experience in", "esperienza in") is not read; nor
//!   is one end of a way ("from Milan to Rome").
//! - What is a name is told in `place_name.rs`.
//! - Regions and provinces that are no city's name are not read.

use super::numbers::{glued_unit, number};
use super::place_name::{Certainty, ends, name};
use super::reading::{Reading, Spot, Target};
use super::scan::{Found, Scan};
use super::sentence::Sentence;
use crate::places::read_distance_km;

/// What stands before a place.
const LOCATORS: &[&str] = &[
    "in|near|around|from|ad|da|dal|dalla|nel|nella|negli|nei|nell the|greater?",
    "close to",
    "in or|and around",
    "within commuting distance of",
    "based|located|living|lives|live|residing|resident in|near|around|at the?",
    "in|nella|nell? the? zona|area|provincia|citta|hinterland di|of?",
    "in the area of",
    "nella|la? sede di|a",
    "vicino|vicini|vicina a|ad?",
    "nei pressi|dintorni di",
    "intorno a",
    "residente|residenti|domiciliato|domiciliata|domiciliati|basato|basata|basati|vive|vivono|viva|abita|abitano|abiti in|a|ad|nel|nella|negli|nei",
    "residente|residenti|vive|vivono|abita|abitano vicino a|ad",
];

/// What may stand before a distance.
const BEFORE_DISTANCE: &[&str] = &["within a?", "entro un? raggio? di?", "nel raggio di", "in a", "a|max"];
/// What may stand after one.
const AFTER_DISTANCE: &[&str] = &["radius? of|from|around", "away? from", "da|di|dal|dalla"];
const KM: [&str; 8] = ["km", "kms", "kilometres", "kilometers", "kilometre", "kilometer", "chilometri", "chilometro"];
const MILES: [&str; 5] = ["mi", "mile", "miles", "miglia", "miglio"];

/// What may follow a place that nothing stands before.
const AFTER: &[&str] = &["based|area"];

/// What may follow a place that something stands before, and nothing after it.
const AREA: &[&str] = &["metropolitan? area|region", "and surroundings", "e dintorni|provincia|hinterland"];

/// Words after which a place is none where the person lives.
const NOT_AFTER: &[&str] = &[
    "experience",
    "experienced",
    "exp",
    "years",
    "yrs",
    "worked",
    "studied",
    "studying",
    "graduated",
    "graduate",
    "degree",
    "born",
    "educated",
    "raised",
    "trained",
    "interested",
    "specialised",
    "specialized",
    "specialising",
    "expert",
    "expertise",
    "skilled",
    "fluent",
    "certified",
    "clients",
    "customers",
    "market",
    "markets",
    "esperienza",
    "esperto",
    "esperta",
    "esperti",
    "esperte",
    "anni",
    "lavorato",
    "studiato",
    "laureato",
    "laureata",
    "laurea",
    "nato",
    "nata",
    "cresciuto",
    "mercato",
    "mercati",
    "clienti",
    "formato",
    "specializzato",
    "specializzata",
    "interessato",
    "interessata",
];

/// The same, unless they belong to a part: "right to work in the UK", but "open to work in Milan".
const NOT_AFTER_LOOSE: [&str; 2] = ["work", "lavorare"];

/// Reads a place after a locating word, or before "based".
pub(super) fn living(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let sentence = scan.sentence;
    if let Some((km, from)) = distance(sentence, at) {
        let (mut targets, end) = list(scan, from, Certainty::Located)?;
        return match (targets.len(), targets.pop()) {
            (1, Some(Target::City(spot))) => found(vec![Target::City(Spot { km: Some(km), ..spot })], end),
            _ => Some(Found::words(end)),
        };
    }
    let before = sentence.before(at, 1);
    if !sentence.stops(at) && (NOT_AFTER.contains(&before) || !scan.follows_part && NOT_AFTER_LOOSE.contains(&before)) {
        return None;
    }
    if let Some((targets, end)) = located(scan, at) {
        let is_way = sentence.is(at, &["from", "da", "dal", "dalla"]) && sentence.is(end, &["to", "a", "ad"]);
        if is_way && !sentence.stops(end) {
            return Some(Found::words((end + 2).min(sentence.len())));
        }
        let area = sentence.longest(end, AREA).filter(|after| !sentence.stops(end) && ends(sentence, *after));
        return found(targets, area.unwrap_or(end));
    }
    let (target, end) = name(scan, at, Certainty::Located)?;
    let end = sentence.longest(end, AFTER).filter(|_| !sentence.stops(end))?;
    found(vec![target], end)
}

/// Reads a segment that is nothing but places. A sentence of one segment is not read: a name alone is no sentence.
pub(super) fn segment(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let sentence = scan.sentence;
    if !sentence.stops(at) || at == 0 && sentence.segment_end(0) == sentence.len() {
        return None;
    }
    let (targets, end) = list(scan, at, Certainty::Segment)?;
    let tail = sentence.longest(end, AFTER).or_else(|| sentence.longest(end, AREA));
    let after = tail.filter(|_| !sentence.stops(end)).unwrap_or(end);
    if sentence.stops(after) { found(targets, after) } else { None }
}

/// The places after the longest locating phrase at a token.
fn located(scan: &Scan<'_>, at: usize) -> Option<(Vec<Target>, usize)> {
    let sentence = scan.sentence;
    let ends = LOCATORS.iter().filter_map(|pattern| sentence.phrase(at, pattern)).map(|phrase| phrase.end);
    let after_a = (sentence.form(at) == "a").then_some((at + 1, Certainty::AfterA));
    let mut starts: Vec<_> = ends.map(|end| (end, Certainty::Located)).chain(after_a).collect();
    starts.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
    starts
        .into_iter()
        .filter(|(from, _)| !sentence.stops(*from))
        .find_map(|(from, certainty)| list(scan, from, certainty))
}

/// "within 30 miles of": kilometres, and the token after it.
fn distance(sentence: &Sentence<'_>, at: usize) -> Option<(f64, usize)> {
    let from = sentence.longest(at, BEFORE_DISTANCE).filter(|from| !sentence.stops(*from)).unwrap_or(at);
    let count = number(sentence.form(from))?;
    let glued = glued_unit(sentence.form(from));
    let unit = glued.unwrap_or_else(|| sentence.form(from + 1));
    let end = if glued.is_some() { from + 1 } else { from + 2 };
    let unit = if KM.contains(&unit) {
        "km"
    } else if MILES.contains(&unit) {
        "mi"
    } else {
        return None;
    };
    let km = read_distance_km(&format!("{count}{unit}")).filter(|km| *km > 0.0)?;
    let after = sentence.longest(end, AFTER_DISTANCE)?;
    (!(from + 1..=after).any(|at| sentence.stops(at))).then_some((km, after))
}

/// The reading of places: none where cities and countries are mixed.
fn found(targets: Vec<Target>, end: usize) -> Option<Found> {
    let (mut spots, mut countries) = (Vec::new(), Vec::new());
    for target in targets {
        match target {
            Target::City(spot) => spots.push(spot),
            Target::Country(code) => countries.push(code),
        }
    }
    let note = notes(&spots);
    let reading = match (spots.len(), countries.len()) {
        (1, 0) => Reading::Near(spots.pop()?),
        (_, 0) => Reading::Cities(spots),
        (0, _) => Reading::Countries(countries),
        _ => return Some(Found::words(end)),
    };
    Some(Found::new(end, reading).noted(note))
}

/// What was assumed of some names.
pub(super) fn notes(spots: &[Spot]) -> Option<String> {
    let notes: Vec<&str> = spots.iter().filter_map(|spot| spot.note.as_deref()).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// Places with "or", "and" or commas between them, and the token after the last.
pub(super) fn list(scan: &Scan<'_>, at: usize, certainty: Certainty) -> Option<(Vec<Target>, usize)> {
    let (first, mut end) = name(scan, at, certainty)?;
    let mut targets = vec![first];
    while let Some((target, after)) = further(scan, end) {
        if !targets.contains(&target) {
            targets.push(target);
        }
        end = after;
    }
    Some((targets, end))
}

fn further(scan: &Scan<'_>, at: usize) -> Option<(Target, usize)> {
    let sentence = scan.sentence;
    let is_joint = |at| sentence.is(at, &["or", "and", "o", "e", "oppure", "ed", "od"]);
    if is_joint(at) && !sentence.stops(at + 1) {
        let from = sentence.longest(at + 1, &["in|near|a|ad|nel|nella|negli|nei the?"]).unwrap_or(at + 1);
        return name(scan, from, Certainty::Located).filter(|_| !sentence.stops(from));
    }
    // After a comma only what is nothing but a place: "in Milan, Turin or Rome".
    let is_comma = sentence.between(at).trim_start().starts_with(',');
    let (target, end) = name(scan, at, Certainty::Segment).filter(|_| is_comma)?;
    (sentence.stops(end) || is_joint(end)).then_some((target, end))
}
