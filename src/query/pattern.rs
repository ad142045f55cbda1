//! Wildcards: `dev*`, `de*er`, `dev*er*`.
//!
//! A pattern stands for one token of a value. It begins with at least [`MIN_LETTERS`] letters, so that no pattern
//! looks at a whole vocabulary; a star stands for any letters, or none.

use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};

use crate::text::{self, Token};

/// The fewest letters before the first star: shorter ones match a large part of all words.
pub(super) const MIN_LETTERS: usize = 2;

/// What a token must look like.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordPattern {
    /// What stands before, between and after the stars, folded: at least two, none empty but the last.
    parts: Vec<String>,
}

/// Why a typed word is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPattern {
    /// Fewer than [`MIN_LETTERS`] letters before the first star.
    Short,
    /// What stands between two stars is not one token.
    SeveralWords,
}

impl WordPattern {
    /// Reads a typed word in which stars stand that belong to no token.
    pub(super) fn read(typed: &str) -> Result<Self, NoPattern> {
        let tokens = text::tokens(typed);
        let mut parts = Vec::new();
        let mut from = 0;
        for star in loose_stars(typed, &tokens).into_iter().chain([typed.len()]) {
            match whole_token(&tokens, from..star) {
                Some(part) => parts.push(part),
                None if from < star => return Err(NoPattern::SeveralWords),
                None => {}
            }
            from = star + 1;
        }
        if typed.ends_with('*') {
            parts.push(String::new());
        }
        if parts.len() < 2 {
            return Err(NoPattern::SeveralWords);
        }
        if parts[0].chars().count() < MIN_LETTERS { Err(NoPattern::Short) } else { Ok(Self { parts }) }
    }

    /// Reads a pattern as it is written in a query; `None` where it is none.
    pub fn parse(written: &str) -> Option<Self> {
        Self::read(written).ok()
    }

    /// What every such token begins with.
    pub fn prefix(&self) -> &str {
        &self.parts[0]
    }

    /// Whether a token, folded, looks so.
    pub fn matches(&self, token: &str) -> bool {
        let [first, inner @ .., last] = self.parts.as_slice() else { return false };
        let Some(mut rest) = token.strip_prefix(first.as_str()) else { return false };
        for part in inner {
            let Some(at) = rest.find(part.as_str()) else { return false };
            rest = &rest[at + part.len()..];
        }
        rest.ends_with(last.as_str())
    }
}

/// Where stars stand that belong to no token (`SQL*Plus` is one).
pub(super) fn loose_stars(typed: &str, tokens: &[Token]) -> Vec<usize> {
    let stars = typed.match_indices('*').map(|(at, _)| at);
    stars.filter(|at| !tokens.iter().any(|token| token.bytes.contains(at))).collect()
}

/// The token that fills a stretch of the text.
fn whole_token(tokens: &[Token], bytes: std::ops::Range<usize>) -> Option<String> {
    tokens.iter().find(|token| token.bytes == bytes).map(|token| token.exact.clone())
}

impl Display for WordPattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts.join("*"))
    }
}

impl Serialize for WordPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, yes, no) in [
            ("dev*", &["dev", "devops"][..], &["de", "xdev"][..]),
            ("de*er", &["developer", "deer"], &["der", "developers"]),
            ("DÉ*er*", &["developers", "developer"], &["develop"]),
            ("an*an*a", &["ananana", "anana"], &["anan", "banana"]),
            ("sql*plus*", &["sql*plus"], &["sqlplus"]),
            ("in**er", &["inner", "inker"], &["in"]),
        ] {
            let read = WordPattern::read(pattern).unwrap();
            assert!(yes.iter().all(|token| read.matches(token)), "{pattern}");
            assert!(!no.iter().any(|token| read.matches(token)), "{pattern}");
            assert_eq!(WordPattern::read(&read.to_string()), Ok(read));
        }
    }

    #[test]
    fn a_pattern_begins_with_two_letters_and_is_one_word() {
        assert_eq!(WordPattern::read("d*"), Err(NoPattern::Short));
        assert_eq!(WordPattern::read("d*v"), Err(NoPattern::Short));
        for typed in ["dev", "node-j*s", "de*v-x", "dev ops*"] {
            assert_eq!(WordPattern::read(typed), Err(NoPattern::SeveralWords), "{typed}");
        }
    }
}
