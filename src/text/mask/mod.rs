//! Texts without contact data.
//!
//! Text → the same text with e-mail addresses, profile links, phone numbers and street addresses blacked out.
//! Invariant: the number of code points stays, so spans over the masked text are spans over the original; what is
//! masked holds no token.
//!
//! Heuristics, tuned to leave years, dates, versions, norms and salaries readable: a phone number without any
//! sign of being one (a plus, a trunk zero, a word for telephone, the grouping of one) is not found.

mod link;
mod phone;
mod street;

use std::borrow::Cow;
use std::ops::Range;

/// Stands for each masked character. Not a letter, so never part of a token.
pub const MASK: char = '\u{2588}';

/// Masks contact data in a text, one [`MASK`] for each code point. Borrowed where there is none.
pub fn mask_contacts(text: &str) -> Cow<'_, str> {
    let mut found = Vec::new();
    link::find(text, &mut found);
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        phone::find(text, &mut found);
        street::find(text, &mut found);
    }
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    found.sort_by_key(|range| (range.start, range.end));
    Cow::Owned(masked(text, &found))
}

/// Replaces sorted, possibly overlapping ranges.
fn masked(text: &str, ranges: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for range in ranges {
        let start = range.start.max(at);
        if start >= range.end {
            continue;
        }
        out.push_str(&text[at..start]);
        out.extend(text[start..range.end].chars().map(|_| MASK));
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The characters before a byte offset, backwards.
fn before(text: &str, at: usize) -> impl Iterator<Item = char> + '_ {
    text[..at].chars().rev()
}

/// Whether a character continues a word.
fn continues_word(letter: Option<char>) -> bool {
    letter.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::tokens;

    /// Masks what stands between braces and compares.
    fn check(marked: &str) {
        let plain = marked.replace(['{', '}'], "");
        let mut inside = false;
        let expected: String = marked
            .chars()
            .filter_map(|letter| match letter {
                '{' | '}' => {
                    inside = letter == '{';
                    None
                }
                _ => Some(if inside { MASK } else { letter }),
            })
            .collect();
        assert_eq!(mask_contacts(&plain), expected, "{plain}");
    }

    #[test]
    fn masks_mail_addresses_and_profile_links() {
        check("Write to {anna.rossi+cv@example.co.uk}.");
        check("<{müller@büro.de}>, see {https://www.linkedin.com/in/anna-rossi-12345/}");
        check("({github.com/anna}) and {t.me/anna_r}");
        check("mailto:{a@b.io}");
    }

    #[test]
    fn keeps_handles_and_other_links() {
        check("Worked @Google on example.com/docs and github.com");
        check("GitHub, LinkedIn recruiter, pair@work");
        check("LinkedIn.com is a site");
    }

    #[test]
    fn masks_phone_numbers() {
        for text in [
            "Tel: {+49 30 1234567}",
            "{+39 333 123 4567}",
            "{0039 02 1234567}",
            "{(555) 123-4567}",
            "call {555-123-4567} now",
            "{06 12 34 56 78}",
            "{0171/1234567}",
            "Mobile {333 1234567}",
            "móvil: {612 345 678}",
            "Phone: {123-4567}",
            "{+1 (415) 555-2671}",
            "{3331234567}",
            "{0171 1234567}, 2019-2023",
            "{(11) 98765-4321} | São Paulo",
            "(call {012-7900915})",
        ] {
            check(text);
        }
    }

    #[test]
    fn keeps_years_dates_norms_and_salaries() {
        for text in [
            "2019-2023",
            "2019 - 2023, 2023-2025",
            "01/2019 - 12/2020",
            "01.2019-12.2020",
            "12.03.2019 - 14.05.2021",
            "2019-03-12",
            "2010 2011 2012 2013",
            "ISO 9001:2015, ISO/IEC 27001",
            "50.000-60.000 EUR",
            "45 500 - 52 500 €",
            "$120,000 - $150,000",
            "budget of 1 200 000 000",
            "revenue 10.000.000",
            "EUR 1234567890",
            "192.168.10.100",
            "version 10.2.15.3001",
            "+10 years, 24/7, 100-200 people",
            "1234567",
            "Tech Support (2100001496)",
            "(2019) 12-14-2020",
        ] {
            check(text);
        }
    }

    #[test]
    fn masks_street_addresses() {
        for text in [
            "{Via Roma 12}, Milano",
            "{Via Giuseppe Garibaldi, 12/A} Torino",
            "{Piazza della Repubblica 3}",
            "lives at {12 Baker Street}, London",
            "{221B Baker St}",
            "{Hauptstraße 5}, Berlin",
            "{Karl-Marx-Str. 12a}",
            "{Berliner Straße 7}",
            "{Calle de Alcalá 45} Madrid",
            "{C/ Mayor, 10}",
            "{12 rue de la Paix}, Paris",
            "{8, avenue Victor Hugo}",
            "{Rua Augusta 100}",
            "{Calle 45 #82-30}, Apartamento 612",
            "{Carrera 15 No. 42-85}, Bogotá",
            "{Av. Paulista 1000}",
            "{Björkvägen 47}, 171 54 Solna",
            "{Pushkin Street 42}, Moscow",
        ] {
            check(text);
        }
    }

    #[test]
    fn keeps_words_that_only_look_like_streets() {
        for text in [
            "Migrated via Kafka 2 clusters",
            "5 Senior Java Developers",
            "Street 5 marketing",
            "Engineering 12 years",
            "Arbeitsplatz 4",
            "led 3 sales drives",
            "Via Roma is a street",
            "Wall Street 2008, banking",
            "Calle 45 years",
            "12 months at Wall Street Journal",
        ] {
            check(text);
        }
    }

    proptest! {
        #[test]
        fn code_points_stay_and_nothing_else_changes(text in "\\PC{0,60}|([a-zà-ü@.+0-9 -]|via |Via |rue |Straße|\\(|/|@a.de|linkedin.com/in/){0,40}") {
            let masked = mask_contacts(&text);
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            for (left, right) in text.chars().zip(masked.chars()) {
                prop_assert!(left == right || right == MASK);
            }
            prop_assert!(tokens(&masked).iter().all(|token| !token.exact.contains(MASK)));
        }
    }
}
