//! Employers that the caller knows: "ex Google", "currently at Acme", "ex dipendenti Deloitte".
//!
//! A name is one only where the caller says so, the longest one first; everything else stays words. Several are all
//! wanted with "and", one of them with "or".

use super::super::filter::Quantifier;
use super::reading::Reading;
use super::scan::{Found, Scan};

/// The longest name, in tokens.
const MAX_NAME: usize = 6;

const BEFORE: &[&str] = &[
    "ex|former|formerly|previously|currently at|with|from?",
    "at|from|with",
    "has|have? worked|works|working|work|employed|employee|employees|staff|people at|for|by|of|from|with",
    "ex|former employee|employees|staff|people|engineers of|at|from?",
    "ex|gli? dipendente|dipendenti|collaboratori di|della|del|da?",
    "da|dal|dalla|in|presso|per|alla",
    "lavora|lavorano|lavorato|lavorava|impiegato|impiegata|impiegati in|presso|per|da|alla|a",
];

/// Reads employers.
pub(super) fn company(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let sentence = scan.sentence;
    let heads = BEFORE.iter().filter_map(|pattern| sentence.phrase(at, pattern)).map(|phrase| phrase.end);
    let (from, first) =
        heads.filter(|from| !sentence.stops(*from)).filter_map(|from| Some((from, name(scan, from)?))).max()?;
    let mut names = vec![sentence.typed(from..first).to_owned()];
    let (mut end, mut quantifier) = (first, Quantifier::Any);
    while let Some((joint, from)) = joint(scan, end) {
        let Some(after) = name(scan, from).filter(|_| names.len() == 1 || joint == quantifier) else { break };
        quantifier = joint;
        names.push(sentence.typed(from..after).to_owned());
        end = after;
    }
    Some(Found::new(end, Reading::Companies(quantifier, names)))
}

fn joint(scan: &Scan<'_>, at: usize) -> Option<(Quantifier, usize)> {
    let quantifier = match scan.sentence.form(at) {
        "and" | "e" | "ed" => Quantifier::All,
        "or" | "o" | "oppure" => Quantifier::Any,
        _ => return None,
    };
    (!scan.sentence.stops(at) && !scan.sentence.stops(at + 1)).then_some((quantifier, at + 1))
}

/// The token after the longest known name from a token on.
pub(super) fn name(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let sentence = scan.sentence;
    if at >= sentence.len() {
        return None;
    }
    let last = sentence.segment_end(at).min(at + MAX_NAME);
    (at + 1..=last)
        .rev()
        .find(|end| sentence.splits(*end) && scan.names.is_company(&sentence.forms()[at..*end].join(" ")))
}
