//! Blind mode: a person without name.
//!
//! Input: a text of a person and the person's name. Output: the same text with each word of the name replaced letter by letter, so that offsets
//! stay what they were. Invariant: a word of the name is hidden wherever it stands alone as a word, whatever its case.

/// What stands for a hidden letter.
const HIDDEN: char = '•';

/// The shortest word of a name that is hidden: single letters are everywhere.
const SHORTEST: usize = 2;

/// Hides a person's name in texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Mask {
    words: Vec<String>,
}

impl Mask {
    /// Hides the words of a name; nothing where nothing is to be hidden.
    pub(super) fn of(name: Option<&str>, is_blind: bool) -> Self {
        let words = name.filter(|_| is_blind).unwrap_or_default().split(|letter: char| !letter.is_alphanumeric());
        Self { words: words.filter(|word| word.chars().count() >= SHORTEST).map(str::to_lowercase).collect() }
    }

    /// The text without the name.
    pub(super) fn hide(&self, text: &str) -> String {
        let mut hidden = String::with_capacity(text.len());
        let mut word = String::new();
        // A last separator that is taken away again closes the last word.
        for letter in text.chars().chain(['\n']) {
            if letter.is_alphanumeric() {
                word.push(letter);
                continue;
            }
            if self.words.contains(&word.to_lowercase()) {
                hidden.extend(word.chars().map(|_| HIDDEN));
            } else {
                hidden.push_str(&word);
            }
            word.clear();
            hidden.push(letter);
        }
        hidden.pop();
        hidden
    }
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
}
