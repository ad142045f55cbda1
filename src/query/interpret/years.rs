//! Years of experience: "5+ years", "at least five years", "5-10 anni", "meno di 2 anni".
//!
//! They are those of the whole career, also where a skill is named ("5 years of Rust"): the skill stays a wish. A bare
//! number is the least. "More than" and "less than" include their end: people round.
//!
//! Not read: ages ("20 years old", "25enne", and where `esperienza` is not said whatever could be an age: "max 30 anni",
//! "dai 20 ai 30 anni"), spans of time ("in the last 5 years", "3 years ago"), contracts and degrees ("2 year contract").

use super::super::filter::YearRange;
use super::numbers::{glued_unit, number};
use super::reading::Reading;
use super::scan::{Found, Scan};
use super::sentence::{Phrase, Sentence};

/// The age from which a number of years could be one.
const ADULT: f64 = 18.0;

/// The longest career.
const MAX_YEARS: f64 = 60.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Bare,
    Least,
    Most,
    Between,
}

/// What may stand before the quantity.
const HEADS: &[&str] = &["experience|esperienza of|di?", "esperienza minima|massima? di", "minimum experience of?"];

const QUANTITIES: &[(&str, Shape)] = &[
    ("between|from|tra|fra # and|to|e|ed|a #", Shape::Between),
    ("da|dai|dagli # a|ai|agli #", Shape::Between),
    ("# to|a|or|o #", Shape::Between),
    ("at least|minimum #", Shape::Least),
    ("a? minimum|min|minimo of|di? #", Shape::Least),
    ("almeno|oltre|over|above #", Shape::Least),
    ("more|greater than #", Shape::Least),
    ("upwards of #", Shape::Least),
    ("not|no less|fewer than #", Shape::Least),
    ("piu di #", Shape::Least),
    ("non meno di #", Shape::Least),
    ("# or more", Shape::Least),
    ("# o piu", Shape::Least),
    ("up to #", Shape::Most),
    ("less|fewer than #", Shape::Most),
    ("under|below #", Shape::Most),
    ("at most #", Shape::Most),
    ("a? maximum|max|massimo of|di? #", Shape::Most),
    ("not|no more than #", Shape::Most),
    ("meno di #", Shape::Most),
    ("fino a #", Shape::Most),
    ("non piu|oltre di? #", Shape::Most),
    ("sotto i #", Shape::Most),
    ("#", Shape::Bare),
];

const PLURAL: [&str; 4] = ["years", "yrs", "anni", "yoe"];
const SINGULAR: [&str; 3] = ["year", "yr", "anno"];

/// What may stand after the unit and change what is asked.
const AFTER_UNIT: &[(&str, Shape)] = &[
    ("or|and more|above|over", Shape::Least),
    ("o piu", Shape::Least),
    ("plus|minimum|min|minimo", Shape::Least),
    ("or less|fewer", Shape::Most),
    ("o meno", Shape::Most),
    ("maximum|max|massimo", Shape::Most),
];

const EXPERIENCE: &[&str] = &[
    "of|di|d? professional|relevant|work|working|proven|total|industry|commercial|solid? experience|exp|esperienza lavorativa|professionale|comprovata|maturata?",
];

/// What makes the years none of experience.
const NOT_BEFORE: &[&str] = &[
    "last", "past", "next", "first", "final", "previous", "every", "each", "ultimi", "scorsi", "prossimi", "primi",
    "ogni", "aged", "age", "ages", "eta", "compresa", "level",
];
const NOT_AFTER: &[&str] = &[
    "old|older|younger|young|ago|fa|contract|contracts|degree|warranty|plan|course|corso|guarantee|fixed|program",
    "of age|college|university|school|study",
    "in a row",
    "di eta|contratto|fila|garanzia|corso|laurea|studio|compiuti",
    "compiuti",
];

/// "a contract of 2 years"
const LASTING: &[&str] = &[
    "contract",
    "contratto",
    "laurea",
    "degree",
    "course",
    "corso",
    "durata",
    "duration",
    "garanzia",
    "warranty",
    "eta",
    "unemployed",
    "disoccupato",
    "disoccupata",
    "children",
    "kids",
    "bambini",
];

/// Reads years of experience.
pub(super) fn years(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let sentence = scan.sentence;
    let head = sentence.longest(at, HEADS).and_then(|end| from_quantity(sentence, at, end, true));
    head.or_else(|| from_quantity(sentence, at, at, false))
}

/// `at` is where the part begins, `from` where the quantity does.
fn from_quantity(sentence: &Sentence<'_>, at: usize, from: usize, says_experience: bool) -> Option<Found> {
    if from > at && sentence.stops(from) {
        return None;
    }
    let (Phrase { mut end, numbers }, mut shape) = quantity(sentence, from)?;
    shape = compared(sentence, from, shape);
    let has_plus = sentence.between(end).starts_with('+');
    let unit = match glued_unit(sentence.form(end - 1)) {
        Some(unit) => unit,
        None if sentence.stops(end) => return None,
        None => {
            end += 1;
            sentence.form(end - 1)
        }
    };
    let is_plural = PLURAL.contains(&unit);
    if !is_plural && !SINGULAR.contains(&unit) {
        return None;
    }
    let after = AFTER_UNIT
        .iter()
        .filter_map(|(pattern, shape)| Some((sentence.phrase(end, pattern)?.end, *shape)))
        .max_by_key(|(end, _)| *end);
    if let Some((after, further)) = after.filter(|_| !sentence.stops(end)) {
        (end, shape) = (after, further);
    }
    let tail = sentence.longest(end, EXPERIENCE).filter(|_| !sentence.stops(end));
    let says_experience = says_experience || tail.is_some();
    end = tail.unwrap_or(end);
    let is_said = says_experience || (is_plural || shape != Shape::Bare) && !is_something_else(sentence, from, end);
    let may_be_age = !says_experience && !has_plus && could_be_age(unit, shape, &numbers);
    let range = range(shape, &numbers).filter(|_| is_said && !may_be_age);
    Some(range.map_or(Found::words(end), |range| Found::new(end, Reading::Years(range))))
}

/// What a sign of comparison makes of a bare number: "<2 years", ">= 5 years".
fn compared(sentence: &Sentence<'_>, at: usize, shape: Shape) -> Shape {
    match (shape, sentence.sign_before(at)) {
        (Shape::Bare, Some('<' | '\u{2264}')) => Shape::Most,
        (Shape::Bare, Some('>' | '\u{2265}')) => Shape::Least,
        _ => shape,
    }
}

/// The quantity at a token: the longest that a table row or a dash between two numbers gives.
fn quantity(sentence: &Sentence<'_>, at: usize) -> Option<(Phrase, Shape)> {
    let is_dash = |at| matches!(sentence.between(at).trim(), "-" | "\u{2013}" | "\u{2014}");
    if let (Some(from), Some(to)) = (number(sentence.form(at)), number(sentence.form(at + 1)))
        && is_dash(at + 1)
    {
        return Some((Phrase { end: at + 2, numbers: vec![from, to] }, Shape::Between));
    }
    let found = QUANTITIES.iter().filter_map(|(pattern, shape)| Some((sentence.phrase(at, pattern)?, *shape)));
    found.max_by_key(|(phrase, _)| phrase.end)
}

fn is_something_else(sentence: &Sentence<'_>, at: usize, end: usize) -> bool {
    let lasts =
        ["of", "di", "da", "for"].contains(&sentence.before(at, 1)) && LASTING.contains(&sentence.before(at, 2));
    let is_counted = !sentence.stops(at) && NOT_BEFORE.contains(&sentence.before(at, 1));
    let goes_on = !sentence.stops(end) && sentence.longest(end, NOT_AFTER).is_some();
    lasts || is_counted || goes_on
}

/// Whether the years could be an age where experience is not said. In English an age says so ("years old") unless it is
/// a range or a limit.
fn could_be_age(unit: &str, shape: Shape, numbers: &[f64]) -> bool {
    let is_italian = unit.starts_with("ann");
    let is_of_children = is_italian && shape == Shape::Between && numbers.first() == Some(&0.0);
    is_of_children
        || numbers.iter().any(|number| *number >= ADULT)
            && (is_italian || matches!(shape, Shape::Most | Shape::Between))
}

fn range(shape: Shape, numbers: &[f64]) -> Option<YearRange> {
    let (first, last) = (*numbers.first()?, *numbers.last()?);
    let range = match shape {
        Shape::Bare | Shape::Least => YearRange { min: Some(first), max: None },
        Shape::Most => YearRange { min: None, max: Some(last) },
        Shape::Between => YearRange { min: Some(first), max: Some(last) },
    };
    (first <= last && last <= MAX_YEARS).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::super::NoNames;
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        let sentence = Sentence::of(text);
        let scan = Scan { sentence: &sentence, names: &NoNames, follows_part: false };
        let (at, found) = (0..sentence.len()).find_map(|at| Some((at, years(&scan, at)?)))?;
        Some((sentence.typed(at..found.end).to_owned(), found.reading?.to_string()))
    }

    #[test]
    fn years_are_told_in_many_ways() {
        for (text, words, expected) in [
            ("5yrs", "5yrs", "years:>=5"),
            ("5+ years of experience in it", "5+ years of experience", "years:>=5"),
            ("at least 1 year", "at least 1 year", "years:>=1"),
            ("5 years or more", "5 years or more", "years:>=5"),
            ("5 or more years", "5 or more years", "years:>=5"),
            ("5 - 10 years", "5 - 10 years", "years:5..10"),
            ("5\u{2013}10 years", "5\u{2013}10 years", "years:5..10"),
            ("no more than 3 years", "no more than 3 years", "years:<=3"),
            ("non più di tre anni", "non più di tre anni", "years:<=3"),
            ("esperienza di almeno 3 anni", "esperienza di almeno 3 anni", "years:>=3"),
            ("esperienza minima di 2 anni", "esperienza minima di 2 anni", "years:>=2"),
            ("5 year experience", "5 year experience", "years:>=5"),
            ("20+ anni", "20+ anni", "years:>=20"),
            ("oltre 20 anni di esperienza", "oltre 20 anni di esperienza", "years:>=20"),
            ("un anno di esperienza", "un anno di esperienza", "years:>=1"),
            ("2.5 years", "2.5 years", "years:>=2.5"),
            ("2 o 3 anni", "2 o 3 anni", "years:2..3"),
            ("intern < 2 years", "2 years", "years:<=2"),
            (">=5 years", "5 years", "years:>=5"),
        ] {
            assert_eq!(read(text), Some((words.to_owned(), expected.to_owned())), "{text}");
        }
    }

    #[test]
    fn other_years_are_words() {
        for text in [
            "20 years old",
            "aged 20 years",
            "over 40 years old",
            "max 30 anni",
            "18-30 years",
            "20 anni",
            "dai 20 ai 30 anni",
            "in the last 5 years",
            "3 years ago",
            "2 year contract",
            "contratto di 2 anni",
            "4 year degree",
            "educatrice 0-6 anni",
            "disoccupato da 2 anni",
            "unemployed for 2 years",
            "25-year-old waiter",
            "10-5 years",
            "100 years",
            "5, years",
            "one year",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
