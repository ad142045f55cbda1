//! The tokens of one value, in one piece of memory.

use super::tokenize::{TokenRef, for_each_token};

/// All tokens of a value, in order: what [`for_each_token`] visits, kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenList {
    /// The forms of all tokens, one after the other.
    forms: String,
    places: Vec<Place>,
}

/// Where one token's forms stand in `forms`, and the token in its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    lower_start: u32,
    lower_end: u32,
    /// End of the exact form, which follows the lower one; equal to `lower_end` where both are the same.
    exact_end: u32,
    value_start: u32,
    value_end: u32,
}

impl TokenList {
    /// Splits a value of at most 4 GiB into tokens.
    pub fn of(value: &str) -> Self {
        let mut list =
            Self { forms: String::with_capacity(value.len()), places: Vec::with_capacity(value.len() / 6 + 1) };
        for_each_token(value, |token| list.push(&token));
        list
    }

    fn push(&mut self, token: &TokenRef<'_>) {
        let lower_start = self.forms.len() as u32;
        self.forms.push_str(token.lower);
        let lower_end = self.forms.len() as u32;
        if token.exact != token.lower {
            self.forms.push_str(token.exact);
        }
        self.places.push(Place {
            lower_start,
            lower_end,
            exact_end: self.forms.len() as u32,
            value_start: token.bytes.start as u32,
            value_end: token.bytes.end as u32,
        });
    }

    /// The number of tokens.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The token at a position. Panics where there is none.
    pub fn token(&self, position: usize) -> TokenRef<'_> {
        let place = self.places[position];
        TokenRef {
            lower: &self.forms[place.lower_start as usize..place.lower_end as usize],
            exact: self.exact(position),
            bytes: place.value_start as usize..place.value_end as usize,
            position: position as u32,
        }
    }

    /// The exact form of the token at a position. Panics where there is none.
    pub fn exact(&self, position: usize) -> &str {
        let place = self.places[position];
        let start = if place.exact_end == place.lower_end { place.lower_start } else { place.lower_end };
        &self.forms[start as usize..place.exact_end as usize]
    }

    /// The tokens in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = TokenRef<'_>> {
        (0..self.len()).map(|position| self.token(position))
    }

    /// The exact forms in order.
    pub fn exact_forms(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|position| self.exact(position))
    }

    /// The exact forms, joined by a space.
    pub fn joined(&self) -> String {
        let mut joined = String::with_capacity(self.forms.len() + self.len());
        for (position, form) in self.exact_forms().enumerate() {
            if position > 0 {
                joined.push(' ');
            }
            joined.push_str(form);
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::tokens;

    proptest! {
        #[test]
        fn holds_what_the_tokenizer_gives(value in "\\PC{0,40}|[a-zA-ZÀ-ü+#.é ]{0,40}") {
            let list = TokenList::of(&value);
            let plain = tokens(&value);
            prop_assert_eq!(list.len(), plain.len());
            prop_assert_eq!(list.is_empty(), plain.is_empty());
            for (held, token) in list.iter().zip(&plain) {
                prop_assert_eq!(held.lower, &token.lower);
                prop_assert_eq!(held.exact, &token.exact);
                prop_assert_eq!(held.bytes, token.bytes.clone());
                prop_assert_eq!(held.position, token.position);
            }
            let exact: Vec<String> = plain.into_iter().map(|token| token.exact).collect();
            prop_assert_eq!(list.joined(), exact.join(" "));
        }
    }
}
