//! Headings of job texts.
//!
//! A line → what the lines under it are about. The table is `indexes/job/headings.tsv`, read on first use.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text::{TokenList, named_phrases};

/// What a part of a job text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// What is needed.
    Must,
    /// What is nice to have.
    Nice,
    /// What is to be done.
    Duties,
    /// What is offered.
    Benefits,
    /// Who the employer is.
    Company,
    /// How to apply, and what the law wants said.
    Apply,
}

impl Kind {
    const ALL: [(&str, Self); 6] = [
        ("must", Self::Must),
        ("nice", Self::Nice),
        ("duties", Self::Duties),
        ("benefits", Self::Benefits),
        ("company", Self::Company),
        ("apply", Self::Apply),
    ];

    /// Its name where it says nothing of whom the text asks for.
    pub(super) fn left_out(self) -> Option<&'static str> {
        match self {
            Self::Benefits => Some("benefits"),
            Self::Company => Some("company"),
            Self::Apply => Some("apply"),
            Self::Must | Self::Nice | Self::Duties => None,
        }
    }
}

/// Kind, then phrases between bars.
const TABLE: &str = include_str!("../../../indexes/job/headings.tsv");

/// The longest heading, in tokens.
const LONGEST: usize = 8;

/// So many tokens may stand beside a phrase of several that begins or ends a heading.
const FURTHER: usize = 2;

/// A phrase of one token is found in marked headings of so many tokens only.
const SHORT: usize = 4;

/// A phrase of one token that is shorter may be any word of a sentence ("pre", "plus", "skills").
const TELLING_LETTERS: usize = 8;

/// Folded phrase → kind.
static PHRASES: LazyLock<HashMap<String, Kind>> = LazyLock::new(|| {
    let of_kind = |(name, phrase): (&str, &str)| {
        let (_, kind) = Kind::ALL.iter().find(|(own, _)| *own == name)?;
        Some((TokenList::of(phrase).joined(), *kind))
    };
    named_phrases(TABLE).filter_map(of_kind).collect()
});

/// What a line opens, and whether it says nothing else; `None` where it is no heading that is known. A line that is marked as one (by a colon, `#`
/// or `**`) may hold the phrase anywhere; any other is the phrase, or begins or ends with it. Of several phrases the longest counts.
pub(super) fn of_heading(line: &str, is_marked: bool) -> Option<(Kind, bool)> {
    let tokens = TokenList::of(line);
    if tokens.is_empty() || tokens.len() > LONGEST {
        return None;
    }
    let passes = |at: usize, length: usize| {
        let further = tokens.len() - length;
        let is_at_an_end = at == 0 || at + length == tokens.len();
        further == 0
            || is_marked && (length > 1 || tokens.len() <= SHORT)
            || is_at_an_end && further <= if length > 1 { FURTHER } else { 1 }
    };
    let mut best: Option<(usize, Kind)> = None;
    for (_, length, _, kind) in found(&tokens).filter(|(at, length, ..)| passes(*at, *length)) {
        if best.is_none_or(|(longest, _)| length > longest) {
            best = Some((length, kind));
        }
    }
    best.map(|(length, kind)| (kind, length == tokens.len()))
}

/// Whether a line is a known heading and nothing else.
pub(super) fn is_heading(line: &str) -> bool {
    of_heading(line, false).is_some_and(|(_, is_whole)| is_whole)
}

/// Whether a line or sentence says by its wording that what it names is nice to have.
pub(super) fn is_nice(line: &str) -> bool {
    found(&TokenList::of(line)).any(|(_, length, phrase, kind)| {
        kind == Kind::Nice && (length > 1 || phrase.chars().count() >= TELLING_LETTERS)
    })
}

/// What a sentence that begins with a phrase is about, where it offers something: "We offer …".
pub(super) fn of_sentence(sentence: &str) -> Option<Kind> {
    let tokens = TokenList::of(sentence);
    let starts = |length: &usize| {
        let start: Vec<&str> = tokens.exact_forms().take(*length).collect();
        PHRASES.get(&start.join(" ")).copied().filter(|kind| *kind == Kind::Benefits)
    };
    (2..=LONGEST.min(tokens.len())).rev().find_map(|length| starts(&length))
}

/// Every phrase in a row of tokens: where it begins, its length in tokens, itself, its kind.
fn found(tokens: &TokenList) -> impl Iterator<Item = (usize, usize, String, Kind)> {
    let forms: Vec<&str> = tokens.exact_forms().collect();
    let all = (0..forms.len()).flat_map(move |from| {
        let longest = (forms.len() - from).min(LONGEST);
        let phrases: Vec<String> = (1..=longest).map(|length| forms[from..from + length].join(" ")).collect();
        phrases.into_iter().zip(1..).map(move |(phrase, length)| (from, length, phrase))
    });
    all.filter_map(|(from, length, phrase)| {
        let kind = *PHRASES.get(&phrase)?;
        Some((from, length, phrase, kind))
    })
}
