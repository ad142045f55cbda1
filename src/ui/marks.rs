//! Texts in which a query matches, the matches marked.
//!
//! Input: a text and spans in its code points. Output: the text, escaped, with `mark`s. Invariant: nothing of the text is lost or moved.

use maud::{Markup, html};

use super::blind::Mask;
use crate::search::Matched;

/// Characters around the matches of a long text.
const MATCH_CHARS: usize = 160;

/// All spans of the matches in one value, in order, none within another.
pub(super) fn spans_of(matched: &[Matched], path: &str) -> Vec<[usize; 2]> {
    let mut spans: Vec<[usize; 2]> =
        matched.iter().filter(|value| value.path == path).flat_map(|value| value.spans.iter().copied()).collect();
    spans.sort_unstable();
    spans.dedup_by(|next, before| {
        let is_within = next[0] < before[1];
        if is_within {
            before[1] = before[1].max(next[1]);
        }
        is_within
    });
    spans
}

/// A whole text with its matches marked.
pub(super) fn whole(text: &str, spans: &[[usize; 2]]) -> Markup {
    if spans.is_empty() {
        return html! { (text) };
    }
    pieces(&text.chars().collect::<Vec<char>>(), spans, 0)
}

/// A value with its matches marked; of a long one what stands around the first.
pub(super) fn excerpt(value: &Matched, spans: &[[usize; 2]], mask: &Mask) -> Markup {
    let letters: Vec<char> = mask.hide(&value.text).chars().collect();
    let first = spans.first().map_or(0, |span| span[0].saturating_sub(value.text_offset).min(letters.len()));
    let from = if letters.len() > MATCH_CHARS { first.saturating_sub(MATCH_CHARS / 4) } else { 0 };
    let to = (from + MATCH_CHARS).min(letters.len());
    html! {
        @if from + value.text_offset > 0 { "… " }
        (pieces(&letters[from..to], spans, value.text_offset + from))
        @if to < letters.len() { " …" }
    }
}

/// Letters that stand from an offset of their value on, with the spans of the value marked.
fn pieces(letters: &[char], spans: &[[usize; 2]], offset: usize) -> Markup {
    let within = |at: usize| at.saturating_sub(offset).min(letters.len());
    let text = |from: usize, to: usize| letters[from..to].iter().collect::<String>();
    let mut pieces: Vec<(String, bool)> = Vec::new();
    let mut at = 0;
    for span in spans {
        let span = [within(span[0]).max(at), within(span[1])];
        if span[0] < span[1] {
            pieces.push((text(at, span[0]), false));
            pieces.push((text(span[0], span[1]), true));
            at = span[1];
        }
    }
    pieces.push((text(at, letters.len()), false));
    html! { @for (text, is_match) in pieces { @if is_match { mark { (text) } } @else { (text) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(text: &str, spans: &[[usize; 2]]) -> String {
        let value = Matched { clause: 0, path: "/x".into(), text: text.into(), spans: spans.to_vec(), text_offset: 0 };
        let spans = spans_of(std::slice::from_ref(&value), "/x");
        let shown = excerpt(&value, &spans, &Mask::default()).into_string();
        if text.chars().count() <= MATCH_CHARS {
            assert_eq!(shown, whole(text, &spans).into_string());
        }
        shown
    }

    #[test]
    fn matches_are_marked_by_letters_not_bytes() {
        assert_eq!(matched("Köln: Rust & Go", &[[6, 10], [13, 15]]), "Köln: <mark>Rust</mark> &amp; <mark>Go</mark>");
        assert_eq!(matched("abc", &[[0, 2], [1, 3]]), "<mark>abc</mark>");
        assert_eq!(matched("abc", &[[2, 90], [95, 99]]), "ab<mark>c</mark>");
        assert_eq!(matched("<b>", &[]), "&lt;b&gt;");
    }

    #[test]
    fn a_long_text_is_cut_around_its_first_match() {
        let text = format!("{}needle{}", "hay ".repeat(100), " hay".repeat(100));
        let shown = matched(&text, &[[400, 406]]);
        assert!(shown.starts_with("… ") && shown.ends_with(" …") && shown.contains("<mark>needle</mark>"), "{shown}");
        assert!(shown.chars().count() < MATCH_CHARS + 40);
    }
}
