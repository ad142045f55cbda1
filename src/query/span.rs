//! Places in the typed query, as offsets in Unicode code points.

use std::ops::Range;

use serde::Serialize;

/// A half-open range of the query's text, in Unicode code points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Span {
    /// The first code point.
    pub start: u32,
    /// The first code point past the end.
    pub end: u32,
}

impl Span {
    /// The smallest span that covers both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Turns byte offsets of one text into code points.
///
/// Input: offsets at character boundaries of that text, its length included. The text is bounded (see
/// [`super::MAX_QUERY_BYTES`]), so offsets fit into 32 bits.
#[derive(Debug)]
pub(super) struct Offsets {
    /// The number of code points before each byte; none where bytes and code points are the same.
    code_points: Option<Vec<u32>>,
}

impl Offsets {
    pub(super) fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self { code_points: None };
        }
        let mut before = Vec::with_capacity(text.len() + 1);
        for (index, letter) in text.chars().enumerate() {
            before.extend(std::iter::repeat_n(index as u32, letter.len_utf8()));
        }
        before.push(text.chars().count() as u32);
        Self { code_points: Some(before) }
    }

    pub(super) fn span(&self, bytes: Range<usize>) -> Span {
        Span { start: self.code_point(bytes.start), end: self.code_point(bytes.end) }
    }

    fn code_point(&self, byte: usize) -> u32 {
        match &self.code_points {
            None => byte as u32,
            Some(before) => before[byte.min(before.len() - 1)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_code_points_not_bytes() {
        let text = "né 東京 x";
        let offsets = Offsets::of(text);
        let at = text.find("東京").unwrap();
        assert_eq!(offsets.span(at..at + "東京".len()), Span { start: 3, end: 5 });
        assert_eq!(offsets.span(0..text.len()), Span { start: 0, end: 7 });
        assert_eq!(Offsets::of("abc").span(1..3), Span { start: 1, end: 3 });
    }
}
