//! Blind mode: a person without name.
//!
//! Input: a text of a person and the person's name. Output: the same text with each word of the name replaced letter by letter, so that offsets
//! stay what they were. Invariant: a word of the name is hidden wherever it stands alone as a word, whatever its case, its accents and the
//! invisible letters in it; and where words of the name run together, as in addresses.

use std::collections::HashSet;

use unicode_normalization::char::is_combining_mark;

use crate::{
    error::ErrorCode,
    http::problem::Problem,
    query::Scope,
    text::{TokenList, is_invisible},
};

/// What stands for a hidden letter.
const HIDDEN: char = '•';

/// The shortest word of a name that is hidden: single letters are everywhere.
const SHORTEST: usize = 2;

/// Words of a name that are also looked for run together, two by two.
const MAX_JOINED: usize = 6;

/// The shortest words run together that are hidden within a longer word.
const SHORTEST_JOINED: usize = 6;

/// Hides a person's name in texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Mask {
    /// The words, folded, and what an initial and a word make.
    words: HashSet<String>,
    /// Two words run together, folded.
    joined: Vec<String>,
    /// Words of scripts that do not separate words, as written.
    dense: Vec<String>,
}

impl Mask {
    /// Hides the words of a name; nothing where nothing is to be hidden.
    pub(super) fn of(name: Option<&str>, is_blind: bool) -> Self {
        let name = name.filter(|_| is_blind).unwrap_or_default();
        let written: Vec<&str> = name.split(|letter: char| !is_of_word(letter)).filter(|word| is_long(word)).collect();
        let folded: Vec<String> = written.iter().map(|word| folded(word)).filter(|word| is_long(word)).collect();
        let dense = written.iter().filter(|word| word.chars().any(is_dense)).map(|word| (*word).to_owned()).collect();
        let mut mask = Self { words: HashSet::new(), joined: Vec::new(), dense };
        let first = &folded[..folded.len().min(MAX_JOINED)];
        for (one, other) in first.iter().flat_map(|one| first.iter().map(move |other| (one, other))) {
            if one != other {
                mask.joined.push(format!("{one}{other}"));
                let initial: String = one.chars().take(1).collect();
                mask.words.extend([format!("{initial}{other}"), format!("{one}{other}"), format!("{other}{initial}")]);
            }
        }
        mask.joined.retain(|joined| joined.chars().count() >= SHORTEST_JOINED);
        mask.words.extend(folded);
        mask
    }

    /// The text without the name.
    pub(super) fn hide(&self, text: &str) -> String {
        if self.words.is_empty() {
            return text.to_owned();
        }
        let mut hidden = String::with_capacity(text.len());
        let mut word = String::new();
        // A last separator that is taken away again closes the last word.
        for letter in text.chars().chain(['\n']) {
            if is_of_word(letter) {
                word.push(letter);
                continue;
            }
            self.push_hidden(&word, &mut hidden);
            word.clear();
            hidden.push(letter);
        }
        hidden.pop();
        hidden
    }

    fn push_hidden(&self, word: &str, hidden: &mut String) {
        let folded = folded(word);
        if self.words.contains(&folded) || self.joined.iter().any(|joined| folded.contains(joined)) {
            hidden.push_str(&dots(word));
        } else if self.dense.is_empty() {
            hidden.push_str(word);
        } else {
            let within = self.dense.iter().fold(word.to_owned(), |text, name| text.replace(name, &dots(name)));
            hidden.push_str(&within);
        }
    }
}

/// In blind mode nobody is looked for by name.
pub(super) fn refuse_names(is_blind: bool, mut fields: impl Iterator<Item = Scope>) -> Result<(), Problem> {
    if is_blind && fields.any(|field| field == Scope::Name) {
        return Err(Problem::new(ErrorCode::InvalidQuery, "names are hidden: nobody is looked for by `name:`"));
    }
    Ok(())
}

fn dots(word: &str) -> String {
    word.chars().map(|_| HIDDEN).collect()
}

fn is_long(word: &str) -> bool {
    word.chars().count() >= SHORTEST
}

fn folded(word: &str) -> String {
    TokenList::of(word).exact_forms().collect()
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || is_combining_mark(letter) || is_invisible(letter)
}

/// Letters of scripts whose words stand side by side without spaces.
fn is_dense(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_hidden_and_lengths_stay() {
        let mask = Mask::of(Some("Ada D'Amico-Rossi"), true);
        let text = "ADA ROSSI, Rust engineer (ada.rossi): adamant, d'Amico";
        let hidden = mask.hide(text);
        assert_eq!(hidden, "••• •••••, Rust engineer (•••.•••••): adamant, d'•••••");
        assert_eq!(hidden.chars().count(), text.chars().count());
        assert_eq!(Mask::of(Some("Ada"), false).hide("Ada"), "Ada");
        assert_eq!(Mask::of(None, true).hide("Ada"), "Ada");
        assert_eq!(mask.hide(""), "");
    }

    #[test]
    fn other_spellings_of_a_name_are_hidden() {
        let mask = Mask::of(Some("Zoë Müller"), true);
        for text in [
            "Zoe Muller",
            "zoe\u{308} MU\u{308}LLER",
            "Z\u{200b}oë Mül\u{ad}ler",
            "zoemueller".replace("ue", "u").as_str(),
        ] {
            let hidden = mask.hide(text);
            assert_eq!(hidden.chars().count(), text.chars().count());
            assert!(hidden.chars().all(|letter| matches!(letter, '•' | ' ')), "{hidden}");
        }
        assert_eq!(mask.hide("zmuller.dev, Mullerian"), "•••••••.dev, Mullerian");
        assert_eq!(Mask::of(Some("李小龙"), true).hide("我叫李小龙。"), "我叫•••。");
    }
}
