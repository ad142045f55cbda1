//! The words that head columns, in five languages → fields.
//!
//! The table is `indexes/sheets/headers.tsv`, compiled in. Words are compared folded, signs left out, camel case taken apart where that helps.

use std::{collections::HashMap, sync::OnceLock};

use super::field::{Field, Target};
use crate::{ingest::person::folded, text::TokenList};

const TABLE: &str = include_str!("../../../indexes/sheets/headers.tsv");

/// Words before a header that say whose it is.
const WHOSE: [&str; 14] = [
    "candidate",
    "applicant",
    "employee",
    "contact",
    "kandidat",
    "kandidaten",
    "bewerber",
    "mitarbeiter",
    "candidato",
    "candidat",
    "dipendente",
    "empleado",
    "employe",
    "current",
];

fn table() -> &'static HashMap<String, Target> {
    static HEADERS: OnceLock<HashMap<String, Target>> = OnceLock::new();
    HEADERS.get_or_init(|| {
        let mut headers = HashMap::new();
        for line in TABLE.lines().skip(1) {
            let mut cells = line.split('\t');
            let Some(target) = cells.next().and_then(|field| field.parse().ok()) else { continue };
            for header in cells.nth(1).unwrap_or_default().split('|') {
                headers.entry(words(header).join(" ")).or_insert(target);
            }
        }
        headers
    })
}

/// The folded words of a header.
fn words(header: &str) -> Vec<String> {
    let spaced: String = header.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    TokenList::of(&spaced).exact_forms().map(str::to_owned).collect()
}

/// A header with a blank before each capital after a small letter.
fn camel_apart(header: &str) -> String {
    let mut spaced = String::with_capacity(header.len() + 8);
    for letter in header.chars() {
        if letter.is_uppercase() && spaced.chars().next_back().is_some_and(char::is_lowercase) {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    spaced
}

/// A header as it is compared.
pub(super) fn header_key(header: &str) -> String {
    words(header).join(" ")
}

/// What a column is by its header; `None` where that says nothing.
pub(super) fn guess(header: &str) -> Option<Target> {
    guess_words(&words(header)).or_else(|| guess_words(&words(&camel_apart(header))))
}

fn guess_words(words: &[String]) -> Option<Target> {
    let number = words.iter().find_map(|word| word.parse::<u8>().ok().filter(|number| (1..=50).contains(number)));
    let unnumbered = |word: &&String| number.is_none() || word.parse::<u8>().is_err();
    let words: Vec<&str> = words.iter().filter(unnumbered).map(String::as_str).collect();
    let known = |words: &[&str]| table().get(&words.join(" ")).copied();
    let of_somebody = || {
        let (_, what) = words.split_first().filter(|(whose, _)| WHOSE.contains(whose))?;
        known(what.strip_prefix(&["s"]).unwrap_or(what))
    };
    let target = known(&words).or_else(of_somebody)?;
    match number {
        Some(number) if target.field.is_numbered() => Some(Target { number, ..target }),
        _ => Some(target),
    }
}

/// Whether a cell is a word of yes.
pub(super) fn is_yes(text: &str) -> bool {
    const YES: [&str; 16] = [
        "yes",
        "y",
        "true",
        "1",
        "x",
        "ja",
        "si",
        "oui",
        "open",
        "open to work",
        "vrai",
        "wahr",
        "vero",
        "verdadero",
        "immediately",
        "available",
    ];
    matches!(text.trim(), "✓" | "✔" | "☑") || YES.contains(&folded(text).as_str())
}

/// Whether a cell is a word of no.
pub(super) fn is_no(text: &str) -> bool {
    const NO: [&str; 12] =
        ["no", "n", "false", "0", "nein", "non", "faux", "falsch", "falso", "not looking", "not open", "not available"];
    NO.contains(&folded(text).as_str())
}

/// The field of a repeated column: positions and schools go on with the next number.
pub(super) fn unless_taken(target: Target, taken: &[Target]) -> Target {
    let mut next = target;
    while next.field.is_numbered() && taken.contains(&next) && next.number < 50 {
        next.number += 1;
    }
    if next.field == Field::Ignore { target } else { next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_five_languages_are_guessed() {
        for (header, target) in [
            ("E-Mail-Adresse", "email"),
            ("first_name", "first-name"),
            ("FirstName", "first-name"),
            ("Prénom", "first-name"),
            ("COGNOME", "last-name"),
            ("Téléphone :", "phone"),
            ("Número de teléfono", "phone"),
            ("Berufsbezeichnung*", "title"),
            ("Title 2", "title.2"),
            ("Position 1 Start", "start"),
            ("Company 3", "company.3"),
            ("Candidate's Email", "email"),
            ("Candidate Email", "email"),
            ("Letzter Arbeitstag", "last-day"),
            ("Fecha de inicio", "start"),
            ("Années d'expérience", "years"),
            ("Competenze tecniche", "skills"),
            ("Empresa anterior", "company.2"),
            ("Open to work", "open-to-work"),
        ] {
            assert_eq!(guess(header).map(|target| target.to_string()).as_deref(), Some(target), "{header}");
        }
        for header in ["", "Salary", "7", "Column A", "Gehaltswunsch"] {
            assert_eq!(guess(header), None, "{header}");
        }
    }

    #[test]
    fn the_table_is_whole_and_no_header_stands_for_two_fields() {
        let mut seen: HashMap<String, String> = HashMap::new();
        let mut languages: HashMap<&str, usize> = HashMap::new();
        for line in TABLE.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 3, "{line}");
            assert!(cells[0].parse::<Target>().is_ok(), "{line}");
            *languages.entry(cells[1]).or_default() += 1;
            for header in cells[2].split('|') {
                let field = seen.entry(words(header).join(" ")).or_insert_with(|| cells[0].to_owned());
                assert_eq!(field, cells[0], "{header}");
            }
        }
        let mut languages: Vec<&str> = languages.into_keys().collect();
        languages.sort_unstable();
        assert_eq!(languages, ["de", "en", "es", "fr", "it"]);
    }
}
