//! Headings of job texts.
//!
//! A line → what the lines under it are about. The table is `indexes/job/headings.tsv`, read on first use.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text::TokenList;

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

/// A phrase of one token is found in headings of so many tokens only.
const SHORT: usize = 4;

/// A phrase of one token that is shorter may be any word of a sentence ("pre", "plus", "skills").
const TELLING_LETTERS: usize = 8;

/// Folded phrase → kind.
static PHRASES: LazyLock<HashMap<String, Kind>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let phrases = rows.flat_map(|(name, phrases)| {
        let kind = Kind::ALL.iter().find(|(own, _)| *own == name).map(|(_, kind)| *kind);
        let phrase = move |phrase| Some((TokenList::of(phrase).joined(), kind?));
        phrases.split('|').filter_map(phrase)
    });
    phrases.collect()
});

/// What a heading opens; `None` where the line is no heading that is known. Of several phrases the longest counts.
pub(super) fn of_heading(line: &str) -> Option<Kind> {
    let tokens = TokenList::of(line);
    if tokens.is_empty() || tokens.len() > LONGEST {
        return None;
    }
    let is_short = tokens.len() <= SHORT;
    longest(&tokens, |length, _| length > 1 || is_short)
}

/// Whether a line or sentence says by its wording that what it names is nice to have.
pub(super) fn is_nice(line: &str) -> bool {
    found(&TokenList::of(line))
        .any(|(length, phrase, kind)| kind == Kind::Nice && (length > 1 || phrase.chars().count() >= TELLING_LETTERS))
}

/// What a sentence that begins with a phrase is about, where that says nothing of whom is asked for: "We offer …".
pub(super) fn of_sentence(sentence: &str) -> Option<Kind> {
    let tokens = TokenList::of(sentence);
    let starts = |length: &usize| {
        let start: Vec<&str> = tokens.exact_forms().take(*length).collect();
        PHRASES.get(&start.join(" ")).copied().filter(|kind| kind.left_out().is_some())
    };
    (2..=LONGEST.min(tokens.len())).rev().find_map(|length| starts(&length))
}

/// The kind of the longest phrase that passes; of equally long ones the first.
fn longest(tokens: &TokenList, passes: impl Fn(usize, &str) -> bool) -> Option<Kind> {
    let mut best: Option<(usize, Kind)> = None;
    for (length, phrase, kind) in found(tokens) {
        if passes(length, &phrase) && best.is_none_or(|(longest, _)| length > longest) {
            best = Some((length, kind));
        }
    }
    best.map(|(_, kind)| kind)
}

/// Every phrase in a row of tokens: its length in tokens, itself, its kind.
fn found(tokens: &TokenList) -> impl Iterator<Item = (usize, String, Kind)> {
    let forms: Vec<&str> = tokens.exact_forms().collect();
    let all = (0..forms.len()).flat_map(move |from| {
        let longest = (forms.len() - from).min(LONGEST);
        let phrases: Vec<String> = (1..=longest).map(|length| forms[from..from + length].join(" ")).collect();
        phrases.into_iter().enumerate()
    });
    all.filter_map(|(at, phrase)| {
        let kind = *PHRASES.get(&phrase)?;
        Some((at + 1, phrase, kind))
    })
}
