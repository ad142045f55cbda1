//! Tokens as the text index takes them.

/// Positions between two values of one field, so that no phrase crosses from one to the other, nor one with a distance.
pub const VALUE_GAP: u32 = 200;

/// Positions of a region: a field's values that tell of one entry of the profile stand in one.
pub const REGION_LENGTH: u32 = 1 << 18;

/// The last region.
pub const LAST_REGION: u32 = u32::MAX / REGION_LENGTH;

/// Begins a line that names a region.
const REGION: char = '\u{1}';

/// Ends a token. No token holds it: tokens hold no control characters.
const END: char = '\n';

/// The tokens of one field in one string: each ends with a line feed, an empty line stands between two values, a line that
/// begins with a control character names a region.
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

    /// Lets the tokens that follow stand in a region, which begins at its number times [`REGION_LENGTH`]. Regions ascend.
    pub fn begin_region(&mut self, region: u32) {
        self.0.push(REGION);
        self.0.push_str(&region.to_string());
        self.0.push(END);
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
            if let Some(region) = token.strip_prefix(REGION) {
                let region: u32 = region.parse().unwrap_or(LAST_REGION);
                self.next = self.next.max(region.min(LAST_REGION) * REGION_LENGTH);
                continue;
            }
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

    #[test]
    fn regions_begin_at_their_place() {
        let mut text = TokenText::default();
        text.push("a");
        for (region, token) in [(1, "b"), (3, "c"), (LAST_REGION, "d")] {
            text.end_value();
            text.begin_region(region);
            text.push(token);
        }
        let tokens: Vec<_> = text.tokens().collect();
        let (third, last) = (3 * REGION_LENGTH, LAST_REGION * REGION_LENGTH);
        assert_eq!(tokens, [(0, "a"), (REGION_LENGTH, "b"), (third, "c"), (last, "d")]);
    }
}
