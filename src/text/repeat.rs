//! Values without what they say again.

use std::{borrow::Cow, collections::HashSet};

use super::{TokenList, sentences};

/// A short value without the words that it has said already: "nurse, nurse nurse" is "nurse,". What stands between two
/// spaces stays or goes as a whole. A value said twice gives the same as said once.
pub fn without_repeated_words(value: &str) -> Cow<'_, str> {
    let mut seen: HashSet<String> = HashSet::new();
    let pieces: Vec<&str> = value.split_whitespace().collect();
    let is_new = |piece: &&str| {
        let tokens = TokenList::of(piece);
        if tokens.is_empty() {
            return seen.insert((*piece).to_owned());
        }
        let known = seen.len();
        seen.extend(tokens.exact_forms().map(str::to_owned));
        seen.len() > known
    };
    let kept: Vec<&str> = pieces.iter().copied().filter(is_new).collect();
    if kept.len() == pieces.len() { Cow::Borrowed(value) } else { Cow::Owned(kept.join(" ")) }
}

/// A long value without the sentences that it has said already.
pub fn without_repeated_sentences(value: &str) -> Cow<'_, str> {
    let ranges = sentences(value);
    let mut seen = HashSet::new();
    let kept: Vec<&str> =
        ranges.iter().map(|range| &value[range.clone()]).filter(|sentence| seen.insert(*sentence)).collect();
    if kept.len() == ranges.len() { Cow::Borrowed(value) } else { Cow::Owned(kept.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_again_is_left_out() {
        for (value, words) in [
            ("Nurse, nurse NURSE", "Nurse,"),
            ("Senior C++ developer, C++", "Senior C++ developer,"),
            ("Koch/Köchin (m/w/d) Koch/Köchin (m/w/d)", "Koch/Köchin (m/w/d)"),
            ("Sales – Marketing Sales – PR", "Sales – Marketing PR"),
            ("Head of Sales", "Head of Sales"),
            ("東京 東京", "東京"),
            ("", ""),
        ] {
            assert_eq!(without_repeated_words(value), words, "{value}");
            assert_eq!(without_repeated_words(&format!("{value} {value}")).trim(), words, "{value} twice");
        }
        assert_eq!(without_repeated_sentences("I cook. I bake! I cook."), "I cook. I bake!");
        assert!(matches!(without_repeated_sentences("I cook. I bake."), Cow::Borrowed(_)));
    }
}
