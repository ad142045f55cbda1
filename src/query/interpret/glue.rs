//! The little words: those that open a request ("we are looking for a"), and those that hang between two parts.
//!
//! Only these words can be in no part and yet not in the query.

use super::sentence::Sentence;
use super::work;

/// Words that say nothing next to a part.
const GLUE: &[&str] = &[
    // English
    "who",
    "that",
    "which",
    "with",
    "and",
    "a",
    "an",
    "the",
    "for",
    "in",
    "at",
    "of",
    "is",
    "are",
    "be",
    "been",
    "has",
    "have",
    "having",
    "also",
    "but",
    "plus",
    "must",
    "should",
    "from",
    "on",
    "as",
    "by",
    "to",
    "currently",
    // Italian
    "che",
    "con",
    "e",
    "ed",
    "di",
    "d",
    "del",
    "della",
    "dello",
    "dei",
    "degli",
    "delle",
    "dell",
    "da",
    "ad",
    "nel",
    "nella",
    "per",
    "un",
    "una",
    "uno",
    "il",
    "lo",
    "la",
    "i",
    "gli",
    "le",
    "l",
    "ha",
    "hanno",
    "abbia",
    "sia",
    "sono",
    "ma",
    "anche",
    "su",
    "si",
    "deve",
    "devono",
    "come",
    // Others that join
    "und",
    "et",
    "y",
];

/// How a recruiter begins. What follows is what they look for.
const OPENINGS: &[&str] = &[
    "i|we? m|am|re|are? currently|now? looking|searching|hunting|recruiting|hiring for?",
    "i|we? need|require|seek|want",
    "i|we would|d like to find|hire|see",
    "please? find|show|get|give me|us?",
    "can|could you please? find|show me|us?",
    "search|searching|look|looking for",
    "seeking|hiring|recruiting|wanted|needed",
    "sto|stiamo cercando|ricercando",
    "cerco|cerchiamo|cercasi|ricerco|ricerchiamo|ricercasi",
    "sono|siamo alla ricerca di|d",
    "mi|ci serve|servono|servirebbe|servirebbero|occorre|occorrono",
    "ho|abbiamo bisogno di|d",
    "trova|trovami|trovaci|mostrami|mostra|dammi",
    "vorrei|voglio|vogliamo|vorremmo trovare|assumere?",
];

/// Who is looked for, where it is said no better.
const ANYONE: &[&str] =
    &["someone", "somebody", "anyone", "anybody", "people", "candidates", "qualcuno", "persone", "candidati"];

/// What must follow [`ANYONE`], so that "people manager" stays.
const AFTER_ANYONE: &[&str] = &["who", "that", "with", "from", "based", "near", "che", "con", "da"];

const ARTICLES: &[&str] =
    &["a", "an", "the", "some", "un", "una", "uno", "dei", "degli", "delle", "il", "lo", "la", "i", "gli", "le", "l"];

/// Whether a token says nothing next to a part. A capital letter alone is a name: "patente E", "vitamin A".
pub(super) fn is_glue(sentence: &Sentence<'_>, at: usize) -> bool {
    sentence.is(at, GLUE) && !(sentence.form(at).len() == 1 && sentence.has_capital(at) && at > 0)
}

/// The number of tokens that open the request; 0 where they are all there is.
pub(super) fn opening(sentence: &Sentence<'_>) -> usize {
    let mut end = sentence.longest(0, OPENINGS).unwrap_or(0);
    let is_anyone = sentence.is(end, ANYONE) && sentence.is(end + 1, AFTER_ANYONE);
    let is_article = end > 0 && sentence.is(end, ARTICLES) && sentence.splits(end + 1);
    if is_anyone || is_article {
        end += 1;
    }
    let is_wish = work::open_to_work(sentence, 0).is_some();
    if end < sentence.len() && sentence.splits(end) && !is_wish { end } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_opened_in_many_ways() {
        for (text, expected) in [
            ("looking for a nurse", 3),
            ("we're currently hiring nurses", 4),
            ("find me someone who speaks German", 3),
            ("someone from Acme", 1),
            ("people managers", 0),
            ("looking for work in Dublin", 0),
            ("we need people managers", 2),
            ("cerchiamo un'infermiera", 2),
            ("Ho bisogno di un cuoco", 4),
            ("nurse", 0),
            ("looking for", 0),
        ] {
            assert_eq!(opening(&Sentence::of(text)), expected, "{text}");
        }
    }
}
