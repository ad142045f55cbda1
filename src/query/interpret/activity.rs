//! What happened and when: "active in the last 30 days", "not contacted in the last 3 months", "mai contattato",
//! "who applied before".
//!
//! A month has 30 days and a year 365, as in the query language. "Recently" is 30 days, and the part says so. What
//! could be anything else ("applied mathematics", "active directory") lacks both a time and a word such as "never",
//! "already", "before", and stays words.

use super::super::fact::Fact;
use super::super::filter::EventWindow;
use super::glue::is_glue;
use super::reading::Reading;
use super::scan::{Found, Scan};
use super::sentence::Sentence;

/// The days of "recently".
const RECENT_DAYS: u32 = 30;

/// What may stand before a number of units that ends now.
const SINCE: &[&str] = &[
    "in|within|during|over|for the? last|past|previous",
    "da meno di",
    "last|past|within|entro|in|for|da",
    "nell|nel|nella|nelle|negli ultimo|ultima|ultimi|ultime",
];

/// What may stand before one unit that ends now.
const THE_LAST: &[&str] =
    &["in|within|during|over the? last|past", "last|past|this", "nell|nel|nella ultimo|ultima", "nel|in questo|questa"];

const UNITS: [(&[&str], f64); 6] = [
    (&["day", "days", "giorno", "giorni"], 1.0),
    (&["week", "weeks", "settimana", "settimane"], 7.0),
    (&["month", "months", "mese", "mesi"], 30.0),
    (&["quarter", "quarters", "trimestre", "trimestri"], 90.0),
    (&["year", "years", "anno", "anni"], 365.0),
    (&["hours", "ore"], 1.0 / 24.0),
];

const ACTIVE: [&str; 7] = ["active", "seen", "online", "attivo", "attiva", "attivi", "attive"];
const RECENTLY: &[&str] = &["recently", "di recente", "recentemente", "lately"];

/// What may stand before the verb.
const SUBJECTS: [&str; 4] = ["who", "that", "che", "chi"];
const AUXILIARIES: [&str; 20] = [
    "has", "have", "had", "was", "were", "is", "are", "been", "ha", "hanno", "e", "sono", "si", "stato", "stata",
    "stati", "state", "sia", "siano", "haven",
];
const NEVER: [&str; 5] = ["not", "never", "non", "mai", "yet"];
const EVER: [&str; 5] = ["already", "previously", "gia", "before", "precedentemente"];
/// Words that add nothing to [`NEVER`].
const STILL: [&str; 3] = ["ancora", "yet", "been"];

const VERBS: [(&[&str], Fact); 4] = [
    (&["contacted", "messaged", "contattato", "contattata", "contattati", "contattate"], Fact::Contacted),
    (&["applied", "candidato", "candidata", "candidati", "candidate"], Fact::Applied),
    (&["interviewed", "intervistato", "intervistata", "intervistati", "intervistate"], Fact::Interviewed),
    (&["replied", "responded", "risposto"], Fact::Replied),
];

const AFTERWARDS: &[&str] = &[
    "before|already|previously|prima|gia",
    "by|to|with us before|already|previously?",
    "in the past",
    "in passato",
    "da noi prima?",
];

/// Reads what happened, and when.
pub(super) fn activity(scan: &Scan<'_>, at: usize) -> Option<Found> {
    active(scan.sentence, at).or_else(|| event(scan.sentence, at))
}

fn active(sentence: &Sentence<'_>, at: usize) -> Option<Found> {
    let (recent, noted) = (Reading::LastActive(RECENT_DAYS), Some(format!("recently is {RECENT_DAYS} days")));
    if let Some(end) = sentence.longest(at, &["recently|recentemente active|attivo|attiva|attivi|attive"]) {
        return Some(Found::new(end, recent).noted(noted));
    }
    let from = sentence.phrase(at, "last").map_or(at, |phrase| phrase.end);
    if !sentence.is(from, &ACTIVE) || sentence.stops(from + 1) {
        return None;
    }
    if let Some(end) = sentence.longest(from + 1, RECENTLY) {
        return Some(Found::new(end, recent).noted(noted));
    }
    let (days, end) = window(sentence, from + 1)?;
    Some(Found::new(end, Reading::LastActive(days)))
}

/// What was said around a verb.
#[derive(Debug, Default)]
struct Said {
    subject: bool,
    reflexive: bool,
    never: bool,
    ever: bool,
    recently: bool,
}

fn event(sentence: &Sentence<'_>, at: usize) -> Option<Found> {
    let mut said = Said::default();
    let verb = verb(sentence, at, &mut said)?;
    let (_, fact) = VERBS.iter().find(|(forms, _)| sentence.is(verb, forms))?;
    let mut end = verb + 1;
    while !sentence.stops(end) && said.never && sentence.is(end, &STILL) {
        end += 1;
    }
    let is_free = |end| !sentence.stops(end) && window(sentence, end).is_none();
    if let Some(after) = sentence.longest(end, AFTERWARDS).filter(|_| is_free(end)) {
        said.ever = true;
        end = after;
    }
    if let Some(after) = sentence.longest(end, RECENTLY).filter(|_| !sentence.stops(end)) {
        said.recently = true;
        end = after;
    }
    let timed = window(sentence, end).filter(|_| !sentence.stops(end));
    let days = timed.map(|(days, _)| days).or(said.recently.then_some(RECENT_DAYS));
    end = timed.map_or(end, |(_, end)| end);
    // "Candidati" is also the noun, "applied" an adjective.
    let is_loose = sentence.form(verb).starts_with("candidat") && !said.reflexive && !said.never && !said.ever;
    let ends = sentence.stops(end) || is_glue(sentence, end);
    let is_told = days.is_some() || ((said.never || said.ever || said.subject) && (ends || *fact == Fact::Contacted));
    let noted = (said.recently && timed.is_none()).then(|| format!("recently is {RECENT_DAYS} days"));
    (is_told && !is_loose).then(|| Found::new(end, Reading::Event(*fact, event_window(days, said.never))).noted(noted))
}

/// The verb that the words from a token on lead to.
fn verb(sentence: &Sentence<'_>, at: usize, said: &mut Said) -> Option<usize> {
    for verb in at..sentence.len().min(at + 6) {
        if verb > at && sentence.stops(verb) {
            return None;
        }
        if VERBS.iter().any(|(forms, _)| sentence.is(verb, forms)) {
            return Some(verb);
        }
        said.subject |= sentence.is(verb, &SUBJECTS);
        said.reflexive |= sentence.form(verb) == "si";
        said.never |= sentence.is(verb, &NEVER);
        said.ever |= sentence.is(verb, &EVER);
        said.recently |= sentence.form(verb) == "recently" || sentence.form(verb) == "recentemente";
        let leads = [&SUBJECTS[..], &AUXILIARIES, &NEVER, &EVER, &STILL, &["recently", "recentemente"]];
        if !leads.iter().any(|words| sentence.is(verb, words)) {
            return None;
        }
    }
    None
}

fn event_window(days: Option<u32>, never: bool) -> EventWindow {
    match (days, never) {
        (Some(_), true) => EventWindow { not_within_days: days, ..EventWindow::default() },
        (Some(_), false) => EventWindow { within_days: days, ..EventWindow::default() },
        (None, never) => EventWindow { ever: Some(!never), ..EventWindow::default() },
    }
}

/// The days of "in the last 3 months", and the token after it.
fn window(sentence: &Sentence<'_>, at: usize) -> Option<(u32, usize)> {
    let unit = |at| UNITS.iter().find(|(forms, _)| sentence.is(at, forms)).map(|(_, days)| *days);
    let counted = SINCE.iter().find_map(|since| {
        let phrase = sentence.phrase(at, &format!("{since} #"))?;
        let days = phrase.numbers.first()? * unit(phrase.end)?;
        Some((days, phrase.end))
    });
    let single = || {
        let end = sentence.longest(at, THE_LAST)?;
        Some((unit(end)?, end))
    };
    let (days, end) = counted.or_else(single).filter(|(_, end)| !sentence.stops(*end))?;
    // A century is what the query language takes.
    (1.0..=36_525.0).contains(&days.ceil()).then_some((days.ceil() as u32, end + 1))
}

#[cfg(test)]
mod tests {
    use super::super::NoNames;
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        let sentence = Sentence::of(text);
        let scan = Scan { sentence: &sentence, names: &NoNames, follows_part: false };
        let (at, found) = (0..sentence.len()).find_map(|at| Some((at, activity(&scan, at)?)))?;
        Some((sentence.typed(at..found.end).to_owned(), found.reading?.to_string()))
    }

    #[test]
    fn events_and_times_are_read() {
        for (text, words, expected) in [
            ("active this week", "active this week", "active:<=7d"),
            ("active within 2 weeks", "active within 2 weeks", "active:<=14d"),
            ("last seen in the last 48 hours", "last seen in the last 48 hours", "active:<=2d"),
            ("recently active nurses", "recently active", "active:<=30d"),
            ("attivi nelle ultime due settimane", "attivi nelle ultime due settimane", "active:<=14d"),
            ("not yet contacted", "not yet contacted", "contacted:false"),
            ("already contacted", "already contacted", "contacted:true"),
            ("contacted last month", "contacted last month", "contacted:<=30d"),
            ("non contattate da 3 mesi", "non contattate da 3 mesi", "-contacted:<=90d"),
            ("not contacted recently", "not contacted recently", "-contacted:<=30d"),
            ("who have replied in the past year", "who have replied in the past year", "replied:<=365d"),
            ("già intervistati, cuochi", "già intervistati", "interviewed:true"),
            ("che hanno risposto", "che hanno risposto", "replied:true"),
            ("never applied", "never applied", "applied:false"),
        ] {
            assert_eq!(read(text), Some((words.to_owned(), expected.to_owned())), "{text}");
        }
    }

    #[test]
    fn other_uses_are_words() {
        for text in [
            "applied mathematics",
            "already applied mathematics",
            "active directory",
            "active listening",
            "candidati nell'ultimo mese",
            "contacted",
            "interviewed candidates for google",
            "in the last 5 years",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
