//! The canonical form of a short text: what is embedded, and what the cache knows it by.
//!
//! Input: a title, skill or query as typed. Output: lower case, NFC, single spaces, trimmed, without gender marks such
//! as "(m/w/d)", which pull all vectors together; at most [`MAX_CHARACTERS`]. Invariant: a canonical text is its own
//! canonical form.

use unicode_normalization::UnicodeNormalization;

/// Characters beyond this number are left out: no piece of the model is longer than 16, and it reads 256.
pub const MAX_CHARACTERS: usize = 4_096;

/// Room for characters that fall away. What a hostile text has beyond it is not looked at.
const MAX_READ: usize = 4 * MAX_CHARACTERS;

/// Longest content of a bracket that is looked at as a possible mark.
const MAX_MARK_BYTES: usize = 32;

/// What stands for all genders when alone in brackets.
const ALL_GENDERS: [&str; 9] =
    ["all genders", "all gender", "any gender", "gn", "gn*", "divers", "div.", "tous genres", "alle geschlechter"];

/// Woman or man, by their initials in German, English, French, Spanish, Dutch, Danish and Polish.
const WOMAN_OR_MAN: [&str; 6] = ["m", "w", "f", "h", "v", "k"];

/// What may stand beside them.
const NEITHER: [&str; 11] = ["d", "x", "i", "n", "a", "*", "div", "divers", "diverse", "inter", "nb"];

/// Pairs that are marks without brackets too; "m/v" and "k/m" mean other things as well.
const BARE_PAIRS: [&str; 6] = ["h/f", "f/h", "m/f", "f/m", "m/w", "w/m"];

/// The canonical form of a text.
pub fn canonical(text: &str) -> String {
    let read: String = text.chars().take(MAX_READ).collect();
    let mut form = reduced(&read);
    // A mark that falls away may complete another around it; then the form gets shorter once more.
    loop {
        let again = reduced(&form);
        if again.len() >= form.len() {
            return form;
        }
        form = again;
    }
}

fn reduced(text: &str) -> String {
    let composed: String = text.to_lowercase().nfc().take(MAX_CHARACTERS).collect();
    let unmarked = without_bracketed_marks(&composed);
    let is_gap = |letter: char| letter.is_whitespace() || letter.is_control();
    let words: Vec<&str> = unmarked.split(is_gap).filter(|word| !word.is_empty() && !is_bare_mark(word)).collect();
    // "développeur - H/F" leaves its dash behind.
    words.join(" ").trim_end_matches([' ', ',', ';', ':', '|', '-', '–']).to_owned()
}

/// The text with a space for every bracketed mark; one pass, however brackets nest.
fn without_bracketed_marks(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut open = Vec::new();
    for letter in text.chars() {
        match letter {
            '(' | '[' => open.push(kept.len()),
            ')' | ']' => {
                if let Some(start) = open.pop()
                    && is_bracketed_mark(&kept[start + 1..])
                {
                    kept.truncate(start);
                    kept.push(' ');
                    continue;
                }
            }
            _ => {}
        }
        kept.push(letter);
    }
    kept
}

fn is_bracketed_mark(content: &str) -> bool {
    if content.len() > MAX_MARK_BYTES {
        return false;
    }
    let content = content.trim();
    ALL_GENDERS.contains(&content) || are_initials(content, &['/', '|', ',', '-', '\\', '.', ':', '+', '&', ' '])
}

fn is_bare_mark(word: &str) -> bool {
    let word = word.trim_matches(|letter| matches!(letter, ',' | ';' | '.'));
    let separators = ['/', '|'];
    BARE_PAIRS.contains(&word) || (word.split(separators).count() > 2 && are_initials(word, &separators))
}

/// Whether all parts are initials of genders, two different ones of woman and man among them.
fn are_initials(text: &str, separators: &[char]) -> bool {
    let mut seen: Option<&str> = None;
    let mut both = false;
    for part in text.split(separators).filter(|part| !part.is_empty()) {
        if WOMAN_OR_MAN.contains(&part) {
            both |= seen.is_some_and(|other| other != part);
            seen = Some(part);
        } else if !NEITHER.contains(&part) {
            return false;
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strips_gender_marks() {
        for text in [
            "Pflegefachkraft (m/w/d)",
            "Pflegefachkraft (W/M/D)",
            "pflegefachkraft (w|m|div)",
            "Pflegefachkraft ( m / w / x )",
            "Pflegefachkraft [f/m/x]",
            "Pflegefachkraft (all genders)",
            "Pflegefachkraft(gn)",
            "Pflegefachkraft m/w/d",
            "Pflegefachkraft H/F",
            "Pflegefachkraft, (m/f)",
            "Pflegefachkraft - H/F",
            "Pflegefachkraft | M/W/D,",
            "(f/m) Pflegefachkraft ((m/w/d) m/w/d)",
            "Pflegefachkraft (gn h/f )",
        ] {
            assert_eq!(canonical(text), "pflegefachkraft", "{text}");
        }
        assert_eq!(canonical("(m/w/d)"), "");
    }

    #[test]
    fn keeps_what_is_no_gender_mark() {
        for text in [
            "nurse (icu)",
            "m/v captain",
            "qa/qc engineer",
            "b/f analyst",
            "developer (c/c++)",
            "engineer (d/x)",
            "r&d (m)",
            "a/b tester",
            "i/o",
            "chef (m/w/d",
        ] {
            assert_eq!(canonical(text), text);
        }
    }

    #[test]
    fn folds_case_composition_and_spaces() {
        assert_eq!(canonical("  Inge\u{301}nieur\t\u{a0}Données\r\n"), "ingénieur données");
        assert_eq!(canonical("ΔΙΕΥΘΥΝΤΗΣ"), "διευθυντης");
        assert_eq!(canonical("a\u{0}b\u{7}"), "a b");
        assert_eq!(canonical(" \n "), "");
    }

    #[test]
    fn is_bounded() {
        assert_eq!(canonical(&"abc ".repeat(100_000)).chars().count(), MAX_CHARACTERS - 1);
        assert_eq!(canonical(&"\u{301}".repeat(100_000)).chars().count(), MAX_CHARACTERS);
        assert_eq!(canonical(&"(".repeat(100_000)).len(), MAX_CHARACTERS);
    }

    proptest! {
        #[test]
        fn is_its_own_canonical_form(text in any::<String>()) {
            let once = canonical(&text);
            prop_assert_eq!(canonical(&once), once);
        }

        #[test]
        fn is_its_own_canonical_form_among_brackets(text in "([()\\[\\] /]|[mwdhfMWDHF]|gn|m/w/d|h/f){0,40}") {
            let once = canonical(&text);
            prop_assert_eq!(canonical(&once), once);
        }
    }
}
