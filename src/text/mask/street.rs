//! Street addresses: a word for street, a name, a house number, in the order of six languages.

use std::ops::Range;

/// Words before the name, with a capital; the number follows the name.
const LEADING: &[&str] = &[
    "Via",
    "Viale",
    "Piazza",
    "Piazzale",
    "Corso",
    "Largo",
    "Vicolo",
    "Calle",
    "C/",
    "Avenida",
    "Avda",
    "Avda.",
    "Av.",
    "Av",
    "Plaza",
    "Paseo",
    "Rua",
    "Travessa",
    "Rue",
    "Avenue",
    "Boulevard",
    "ul.",
    "rue",
    "avenue",
    "boulevard",
    "calle",
    "avenida",
];
/// French words before the name, where the number comes first.
const NUMBER_FIRST: &[&str] =
    &["rue", "avenue", "boulevard", "bd", "allée", "chemin", "impasse", "quai", "place", "Rue", "Avenue", "Boulevard"];
/// English words behind the name, in lower case; the number comes first.
const TRAILING: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "boulevard",
    "blvd",
    "court",
    "square",
    "terrace",
    "close",
    "crescent",
];
/// Spanish words for the numbered streets of a grid: `Calle 45 #82-30`.
const GRID: &[&str] = &["Calle", "Carrera", "Cra", "Cra.", "Avenida", "Diagonal", "Transversal"];
/// Endings of Germanic street names, in lower case; the number follows.
const ENDINGS: &[&str] = &[
    "straße", "strasse", "str", "weg", "platz", "allee", "gasse", "straat", "laan", "vägen", "veien", "vegen", "gatan",
    "gaten", "vej",
];
/// Small words inside a name.
const SMALL: &[&str] = &[
    "di", "de", "del", "della", "dei", "delle", "degli", "da", "do", "dos", "das", "du", "des", "la", "las", "los",
    "le", "les", "y", "e", "san", "l", "d",
];
/// The most words of a street's name.
const MAX_NAME: usize = 6;

/// A word of the text: from the first to the last character that is not a space or comma.
struct Word<'a> {
    start: usize,
    text: &'a str,
    /// A comma or line break stands behind it.
    closes: bool,
}

impl Word<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn is_capitalised(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Part of a name: with a capital, or a small word, or elided (`l'Europe`).
    fn is_name(&self) -> bool {
        let elided = self.text.split_once(['\'', '’']).is_some_and(|(small, _)| SMALL.contains(&small));
        (self.is_capitalised() || elided || SMALL.contains(&self.text)) && self.text.chars().any(char::is_alphabetic)
    }

    /// The length of a house number (`12`, `12a`, `12/A`), without punctuation behind it.
    fn house_number(&self) -> Option<usize> {
        let number = self.text.trim_end_matches(['.', ';', ':', ')']);
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        let rest = number[digits..].trim_start_matches('/');
        let letter = rest.chars().count() <= 1 && rest.chars().all(char::is_alphanumeric);
        ((1..=4).contains(&digits) && !number.starts_with('0') && letter).then_some(number.len())
    }
}

/// Finds street addresses.
pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    let words = words(text);
    for at in 0..words.len() {
        let rest = &words[at..];
        let range = name_then_number(rest)
            .or_else(|| grid(rest))
            .or_else(|| number_then_name(rest))
            .or_else(|| street_then_number(rest))
            .or_else(|| compound(&words, at));
        found.extend(range);
    }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut start = 0;
    let mut push = |from: usize, to: usize, closes: bool| {
        if from < to {
            words.push(Word { start: from, text: &text[from..to], closes });
        } else if closes && let Some(last) = words.last_mut() {
            last.closes = true;
        }
    };
    for (at, letter) in text.char_indices() {
        let breaks = matches!(letter, ',' | '\n' | '\r' | ';' | '(');
        if breaks || letter.is_whitespace() {
            push(start, at, breaks);
            start = at + letter.len_utf8();
        }
    }
    push(start, text.len(), true);
    words
}

/// `Via Roma 12`, `Calle de Alcalá, 45`. A comma may stand only before the number.
fn name_then_number(words: &[Word<'_>]) -> Option<Range<usize>> {
    let head = words.first().filter(|word| LEADING.contains(&word.text) && !word.closes)?;
    let names = name_length(&words[1..]);
    let number = words.get(1 + names)?;
    let length = number.house_number().filter(|_| names > 0)?;
    Some(head.start..number.start + length)
}

/// `Calle 45 #82-30`, `Carrera 15 No. 42-85`.
fn grid(words: &[Word<'_>]) -> Option<Range<usize>> {
    let [head, street, rest @ ..] = words else { return None };
    let plain = GRID.contains(&head.text) && !head.closes && !street.closes && street.house_number().is_some();
    let door = match rest {
        [door, ..] if door.text.starts_with('#') => door,
        [sign, door, ..] if matches!(sign.text, "No." | "No" | "Nº" | "#") => door,
        _ => return None,
    };
    let number = door.text.trim_start_matches('#');
    let is_door = number.contains('-') && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (plain && is_door).then(|| head.start..door.end())
}

/// `Pushkin Street 42,`: the number ends the line or stands before a comma, and is not a year.
fn street_then_number(words: &[Word<'_>]) -> Option<Range<usize>> {
    let [name, street, number, ..] = words else { return None };
    let in_order = name.is_capitalised() && street.is_capitalised() && is_trailing(street);
    let apart = !name.closes && !street.closes && number.closes;
    let length = number.house_number().filter(|length| in_order && apart && *length <= 3)?;
    Some(name.start..number.start + length)
}

/// `12 rue de la Paix`, `221B Baker Street`.
fn number_then_name(words: &[Word<'_>]) -> Option<Range<usize>> {
    let number = words.first()?;
    number.house_number().filter(|length| *length == number.text.len())?;
    let second = words.get(1)?;
    if NUMBER_FIRST.contains(&second.text) && !second.closes {
        let names = name_length(&words[2..]);
        return (names > 0).then(|| number.start..trimmed_end(&words[1 + names]));
    }
    if number.closes {
        return None;
    }
    let names = words[1..].iter().take(4).take_while(|word| word.is_capitalised()).collect::<Vec<_>>();
    let at = names.iter().skip(1).position(|word| is_trailing(word))? + 1;
    let inner_comma = names[..at].iter().any(|word| word.closes);
    (!inner_comma).then(|| number.start..trimmed_end(names[at]))
}

/// `Hauptstraße 5`, `Karl-Marx-Str. 12a`, `Berliner Straße 7`.
fn compound(words: &[Word<'_>], at: usize) -> Option<Range<usize>> {
    let street = &words[at];
    let number = words.get(at + 1).filter(|_| !street.closes && street.is_capitalised())?;
    let length = number.house_number()?;
    let name = street.text.trim_end_matches('.').to_lowercase();
    let ending = ENDINGS.iter().find(|ending| name.ends_with(**ending))?;
    let own = name.len() - ending.len();
    if own >= 3 && !name.ends_with("arbeitsplatz") && (*ending != "str" || street.text.ends_with('.')) {
        return Some(street.start..number.start + length);
    }
    let before = at.checked_sub(1).map(|before| &words[before]).filter(|word| word.is_capitalised() && !word.closes)?;
    (own == 0 && matches!(*ending, "straße" | "strasse" | "str" | "weg" | "allee"))
        .then(|| before.start..number.start + length)
}

/// How many words of a name stand at the start: the last with a capital, a comma behind none but the last.
fn name_length(words: &[Word<'_>]) -> usize {
    let mut length = 0;
    for (index, word) in words.iter().take(MAX_NAME).enumerate() {
        if !word.is_name() {
            break;
        }
        if word.text.chars().any(|letter| letter.is_uppercase()) {
            length = index + 1;
        }
        if word.closes {
            break;
        }
    }
    length
}

fn is_trailing(word: &Word<'_>) -> bool {
    TRAILING.contains(&word.text.trim_end_matches(['.', ';', ':']).to_lowercase().as_str())
}

fn trimmed_end(word: &Word<'_>) -> usize {
    word.end() - (word.text.len() - word.text.trim_end_matches(['.', ';', ':', ')']).len())
}
