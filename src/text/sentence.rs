//! Value → its sentences.

use std::ops::Range;

/// The byte ranges of the sentences and list items of a value, in order, trimmed of spaces and bullets. A
/// sentence ends at `.`, `!`, `?` before a space, at `;`, a line break, a bullet, or an ideographic full stop;
/// every one has a letter or digit. Abbreviations are cut too: equal text is cut alike, and that is the use.
pub fn sentences(value: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut letters = value.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let end = at + letter.len_utf8();
        let before_space = letters.peek().is_none_or(|(_, next)| next.is_whitespace());
        match letter {
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | ';' | '；' => {
                push_trimmed(value, start..at, &mut sentences)
            }
            _ if is_bullet(letter) => push_trimmed(value, start..at, &mut sentences),
            '。' | '！' | '？' | '．' | '।' | '؟' => push_trimmed(value, start..end, &mut sentences),
            '.' | '!' | '?' | '…' if before_space => push_trimmed(value, start..end, &mut sentences),
            _ => continue,
        }
        start = end;
    }
    push_trimmed(value, start..value.len(), &mut sentences);
    sentences
}

fn is_bullet(letter: char) -> bool {
    matches!(letter, '•' | '‣' | '▪' | '●' | '○' | '◦' | '■' | '□' | '▫' | '◆' | '➢' | '➤' | '\u{f0b7}' | '\u{f0a7}')
}

fn push_trimmed(value: &str, range: Range<usize>, sentences: &mut Vec<Range<usize>>) {
    let text = &value[range.clone()];
    let text_end = text.trim_end();
    let trimmed =
        text_end.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, '-' | '–' | '*'));
    if trimmed.chars().any(char::is_alphanumeric) {
        let start = range.start + text_end.len() - trimmed.len();
        sentences.push(start..start + trimmed.len());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(value: &str) -> Vec<&str> {
        sentences(value).into_iter().map(|range| &value[range]).collect()
    }

    #[test]
    fn splits_prose_lists_and_ideographic_text() {
        assert_eq!(split("I write Rust. You read it!  Why? "), ["I write Rust.", "You read it!", "Why?"]);
        assert_eq!(split("- Node.js 3.5\n• Go; C++\n\n* SQL"), ["Node.js 3.5", "Go", "C++", "SQL"]);
        assert_eq!(split("我写代码。你读代码！"), ["我写代码。", "你读代码！"]);
        assert_eq!(split(" \n -- . ! \n"), [] as [&str; 0]);
    }

    proptest! {
        #[test]
        fn ranges_ascend_and_keep_every_letter(value in "\\PC{0,60}|[a-z .;!\n•-]{0,60}") {
            let mut last = 0;
            let mut kept = String::new();
            for range in sentences(&value) {
                prop_assert!(range.start >= last && range.start < range.end);
                last = range.end;
                kept.push_str(&value[range]);
            }
            let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(letters(&kept), letters(&value));
        }
    }
}
