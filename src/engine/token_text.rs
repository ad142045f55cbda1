//! Tokens as the text index takes them.

/// Positions between two values of one field, so that no phrase crosses from one to the other.
pub const VALUE_GAP: u32 = 1_000;

/// Ends a token. No token holds it: tokens hold no control characters.
const END: char = '\n';

/// The tokens of one field in one string: each ends with a line feed, an empty line stands between two values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenText(String);

impl TokenText {
    /// Appends a token.
    pub fn push(&mut self, token: &str) {
        debug_assert!(!token.is_empty() && !token.contains(END), "no token: {token:?}");
        self.0.push_str(token);
        self.0.push(END);
    }

    /// Lets the tokens that follow stand [`VALUE_GAP`] positions further on.
    pub fn end_value(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push(END);
        }
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The string; [`TokenText::tokens_of`] reads it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tokens, each with its position in the field.
    pub fn tokens(&self) -> PlacedTokens<'_> {
        Self::tokens_of(&self.0)
    }

    /// The tokens of a string that was written by a [`TokenText`].
    pub fn tokens_of(text: &str) -> PlacedTokens<'_> {
        PlacedTokens { lines: text.split_terminator(END), next: 0 }
    }
}

/// Tokens with their positions in the field.
#[derive(Debug, Clone)]
pub struct PlacedTokens<'t> {
    lines: std::str::SplitTerminator<'t, char>,
    next: u32,
}

impl<'t> Iterator for PlacedTokens<'t> {
    type Item = (u32, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (token, position) = (self.lines.next()?, self.next);
            self.next += if token.is_empty() { VALUE_GAP - 1 } else { 1 };
            if !token.is_empty() {
                return Some((position, token));
            }
        }
    }
}

impl<T: AsRef<str>> FromIterator<T> for TokenText {
    fn from_iter<I: IntoIterator<Item = T>>(tokens: I) -> Self {
        let mut text = Self::default();
        tokens.into_iter().for_each(|token| text.push(token.as_ref()));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_apart() {
        let mut text = TokenText::default();
        text.end_value();
        assert!(text.is_empty());
        for value in [&["machine", "learning"][..], &[], &["c++"]] {
            value.iter().for_each(|token| text.push(token));
            text.end_value();
        }
        let tokens: Vec<_> = text.tokens().collect();
        assert_eq!(tokens, [(0, "machine"), (1, "learning"), (1 + VALUE_GAP, "c++")]);
    }
}
