//! What is not wanted: "not from Acme", "not in Germany", "no agencies", "senza patente", "excluding Acme employees".
//!
//! - After "not from", "not at", "non da" stands an employer, unless the name is a place and no company that the caller
//!   knows. After "at" and "with" one that nobody knows needs a capital ("not at all").
//! - After "not in", "outside", "fuori" stands a place; what is none stays words.
//! - After "no", "not", "without", "except" and the like stands what must not be in the profile, up to the next comma or
//!   connecting word: at most three words, more stay words. "Or" goes on; "and" only after "without" and the like.
//! - "Not" before what another rule reads ("not fluent in French") stays words, save where that rule reads it itself.
//! - "Not only", "no experience", "non profit" and the like exclude nothing.

mod phrases;

use super::company;
use super::glue::is_glue;
use super::place;
use super::place_name::{Certainty, ends};
use super::reading::{Reading, Spot, Target};
use super::scan::{Found, Scan};
use phrases::{EMPLOYEES, NEEDED, NO_EMPLOYERS, NOT, NOT_FROM, NOT_IN, NOT_TERMS, VERBS_BEFORE};

/// The most words that one exclusion takes.
const MAX_TERM: usize = 3;

/// The most words of an employer's name that nobody knows.
const MAX_COMPANY: usize = 5;

/// Reads what is not wanted.
pub(super) fn exclusion(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let sentence = scan.sentence;
    if !sentence.stops(at) && VERBS_BEFORE.contains(&sentence.before(at, 1)) {
        return None;
    }
    let after = |patterns| sentence.longest(at, patterns).filter(|from| !sentence.stops(*from));
    if let Some(from) = after(NOT_FROM) {
        return Some(employers(scan, from).unwrap_or(Found::words(from)));
    }
    if let Some(from) = after(NOT_IN) {
        return Some(
            places(scan, from, Certainty::Located)
                .or_else(|| known_employers(scan, from))
                .unwrap_or(Found::words(from)),
        );
    }
    // "Non a Milano", "not Milan": the preposition is an article of the tables above too.
    if let Some(from) = after(&["non a|ad|in|nel|nella|negli|nei"]) {
        return places(scan, from, Certainty::Located).or_else(|| known_employers(scan, from));
    }
    let heads = NOT.iter().filter_map(|(pattern, and)| Some((sentence.phrase(at, pattern)?.end, *and)));
    let (from, and) = heads.max().filter(|(from, _)| !sentence.stops(*from))?;
    if let Some(found) = scan.wanted(from) {
        return Some(Found::words(found.end));
    }
    if sentence.form(at) == "non" && is_infinitive(sentence.form(from)) {
        return None;
    }
    let place = || places(scan, from, Certainty::Segment).filter(|found| ends(sentence, found.end));
    known_employers(scan, from).or_else(place).or_else(|| words(scan, from, and))
}

/// "Non contattare": what must not be done, not what must not be there.
fn is_infinitive(form: &str) -> bool {
    ["are", "ere", "ire"].iter().any(|ending| form.ends_with(ending))
}

/// Places, where every name is one.
fn places(scan: &Scan<'_>, from: usize, certainty: Certainty) -> Option<Found> {
    let (targets, end) = place::list(scan, from, certainty)?;
    let spots: Vec<Spot> = targets
        .iter()
        .filter_map(|target| if let Target::City(spot) = target { Some(spot.clone()) } else { None })
        .collect();
    Some(Found::new(end, Reading::ExcludedPlaces(targets)).noted(place::notes(&spots)))
}

/// After "not from": companies, else places, else whatever stands there.
fn employers(scan: &Scan<'_>, from: usize) -> Option<Found> {
    if company::name(scan, from).is_none()
        && let Some(found) = places(scan, from, Certainty::Located)
    {
        return Some(found);
    }
    let (names, end) = terms(scan, from, true, MAX_COMPANY)?;
    let is_meant =
        scan.sentence.has_capital(from) || scan.sentence.is(from - 1, &["from", "da", "dal", "dalla", "dai"]);
    if company::name(scan, from).is_none() && (!is_meant || scan.sentence.is(from, NO_EMPLOYERS)) {
        return None;
    }
    Some(Found::new(end, Reading::ExcludedCompanies(names)))
}

/// Companies that the caller knows, with or without "employees".
fn known_employers(scan: &Scan<'_>, from: usize) -> Option<Found> {
    let mut names = Vec::new();
    let mut end = from;
    let mut start = from;
    while let Some(after) = company::name(scan, start) {
        names.push(scan.sentence.typed(start..after).to_owned());
        end = after;
        if !scan.sentence.is(end, &["or", "and", "o", "e", "nor"]) || scan.sentence.stops(end) {
            break;
        }
        start = end + 1;
    }
    let after = scan.sentence.longest(end, EMPLOYEES).filter(|_| !scan.sentence.stops(end)).unwrap_or(end);
    (!names.is_empty()).then(|| Found::new(after, Reading::ExcludedCompanies(names)))
}

/// Whatever stands there.
fn words(scan: &Scan<'_>, from: usize, and: bool) -> Option<Found> {
    if scan.sentence.is(from, NOT_TERMS) {
        return None;
    }
    let (terms, end) = terms(scan, from, and, MAX_TERM)?;
    if scan.sentence.is(end - 1, NEEDED) {
        return Some(Found::words(end));
    }
    if end > from + 1 && scan.sentence.is(end - 1, &["employees", "dipendenti"]) && terms.len() == 1 {
        let name = scan.sentence.typed(from..end - 1).to_owned();
        return Some(Found::new(end, Reading::ExcludedCompanies(vec![name])));
    }
    Some(Found::new(end, Reading::ExcludedWords(terms)))
}

/// The terms from a token on, and the token after the last.
fn terms(scan: &Scan<'_>, from: usize, and: bool, longest: usize) -> Option<(Vec<String>, usize)> {
    let sentence = scan.sentence;
    let (first, mut end) = term(scan, from, longest)?;
    let mut terms = vec![first];
    loop {
        let goes_on =
            sentence.is(end, &["or", "nor", "o", "ne", "oppure"]) || and && sentence.is(end, &["and", "e", "ed"]);
        if !goes_on || sentence.stops(end) || sentence.stops(end + 1) {
            break;
        }
        let Some((term, after)) = term(scan, end + 1, longest) else { break };
        terms.push(term);
        end = after;
    }
    Some((terms, end))
}

/// One term: the words up to a stop, a connecting word or another part; a known company ends with its name.
fn term(scan: &Scan<'_>, from: usize, longest: usize) -> Option<(String, usize)> {
    let sentence = scan.sentence;
    let from = sentence
        .longest(from, &["a|an|the|any|un|una|il|lo|la|i|gli|le|l"])
        .filter(|from| !sentence.stops(*from))
        .unwrap_or(from);
    let connects = |at| {
        is_glue(sentence, at)
            || sentence.is(at, &["or", "nor", "o", "ne", "oppure", "near", "no", "not", "non", "senza", "without"])
    };
    let ends = |at| sentence.stops(at) || sentence.splits(at) && (connects(at) || scan.wanted(at).is_some());
    let end = company::name(scan, from).unwrap_or_else(|| {
        let mut end = from + 1;
        while !ends(end) && end - from <= longest {
            end += 1;
        }
        end
    });
    let is_term = from < sentence.len() && !connects(from) && end - from <= longest && sentence.splits(end);
    is_term.then(|| (sentence.typed(from..end).to_owned(), end))
}
