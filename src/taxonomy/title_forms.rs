//! A label as published → the masculine and the feminine form of a title.
//!
//! Invariant: two forms are a pair only where the language's endings make them one, word by word; a form is short, of words alone,
//! and written as published.

use super::forms::gender_pair;
pub(super) use crate::text::GENDER_LANGUAGES as LANGUAGES;
use crate::text::{GENDER_ENDINGS, is_word_pair};

/// Letters of the longest form: longer ones are descriptions.
const LONGEST_FORM: usize = 60;

/// Endings of the first word of a plural, with those of its singular, in the order of [`LANGUAGES`].
const PLURALS: [&[(&str, &str)]; 5] = [
    &[("s", "")],
    &[("en", ""), ("innen", "in")],
    &[("i", "o"), ("i", "e"), ("i", "a")],
    &[("s", ""), ("es", "")],
    &[("s", ""), ("x", "")],
];

/// Whether the second text is the feminine of the first: word by word equal or of paired endings, and not all equal.
pub(super) fn is_pair(masculine: &str, feminine: &str, language: usize) -> bool {
    let joints = |text: &str| text.chars().filter(|letter| is_joint(*letter)).collect::<String>();
    let (left, right) = (masculine.split(is_joint), feminine.split(is_joint));
    masculine != feminine
        && joints(masculine) == joints(feminine)
        && left.zip(right).all(|(left, right)| left == right || is_word_pair(left, right, language))
}

/// What stands between words, and between the parts of "acheteuse-costumière".
fn is_joint(letter: char) -> bool {
    letter == ' ' || letter == '-'
}

/// The forms of an "x/y" label, where they are a pair.
pub(super) fn slashed_pair(label: &str, language: usize) -> Option<[String; 2]> {
    let pair: [String; 2] = gender_pair(label).try_into().ok()?;
    let is_sound = is_pair(&pair[0], &pair[1], language) && pair.iter().all(|form| is_usable(form, language));
    is_sound.then_some(pair)
}

/// Whether a text can stand as a title.
pub(super) fn is_usable(form: &str, language: usize) -> bool {
    // "technischeR AssistentIn" is both forms in one word.
    let is_both =
        |word: &str| word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    (1..=LONGEST_FORM).contains(&form.chars().count())
        && !form.contains(|letter: char| letter.is_numeric() || "()[]/|".contains(letter))
        && !(LANGUAGES[language] == "de" && form.split(' ').any(is_both))
}

/// What the first word would be in the singular, if it is a plural.
pub(super) fn singulars(label: &str, language: usize) -> impl Iterator<Item = String> {
    PLURALS[language].iter().filter_map(move |(plural, singular)| with_first_word(label, plural, singular))
}

/// What the first word would be of a man, if only women are called so.
pub(super) fn masculines(label: &str, language: usize) -> impl Iterator<Item = String> {
    let told = GENDER_ENDINGS[language].iter().filter(|(_, feminine)| !feminine.is_empty());
    told.filter_map(move |(masculine, feminine)| with_first_word(label, feminine, masculine))
}

/// The first word with another ending.
fn with_first_word(label: &str, ending: &str, other: &str) -> Option<String> {
    let stem = label.split(' ').next()?.strip_suffix(ending)?;
    Some(format!("{stem}{other}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(language: &str) -> usize {
        LANGUAGES.iter().position(|known| *known == language).unwrap()
    }

    #[test]
    fn forms_pair_by_the_endings_of_their_language() {
        for (language, masculine, feminine) in [
            ("en", "head waiter", "head waitress"),
            ("en", "groundsman", "groundswoman"),
            ("de", "Koch", "Köchin"),
            ("de", "Arzt", "Ärztin"),
            ("de", "technischer Assistent", "technische Assistentin"),
            ("de", "Experte für Käse", "Expertin für Käse"),
            ("de", "Kaufmann", "Kauffrau"),
            ("it", "direttore tecnico", "direttrice tecnica"),
            ("it", "avvocato", "avvocatessa"),
            ("es", "actor", "actriz"),
            ("es", "técnico en salud", "técnica en salud"),
            ("fr", "contrôleur qualité", "contrôleuse qualité"),
            ("fr", "acheteur-costumier", "acheteuse-costumière"),
            ("fr", "infirmier", "infirmière"),
            ("fr", "technicien", "technicienne"),
        ] {
            assert!(is_pair(masculine, feminine, at(language)), "{masculine}/{feminine}");
            assert!(!is_pair(feminine, masculine, at(language)), "{feminine}/{masculine}");
        }
        for (language, one, other) in [
            ("de", "Koch", "Koch"),
            ("de", "Hebamme", "Entbindungspfleger"),
            ("it", "cuoco", "cuoca di bordo"),
            ("en", "monk", "nun"),
            ("fr", "acheteur-costumier", "acheteuse costumière"),
        ] {
            assert!(!is_pair(one, other, at(language)), "{one}/{other}");
        }
    }

    #[test]
    fn labels_split_only_into_pairs() {
        assert_eq!(slashed_pair("Beamter/Beamtin der Küstenwache", at("de")).unwrap()[0], "Beamter der Küstenwache");
        assert_eq!(slashed_pair("Lehrer/in", at("de")).unwrap(), ["Lehrer", "Lehrerin"]);
        for label in ["monk/nun", "import/export manager", "waiter (m/f)", "a/b/c"] {
            assert_eq!(slashed_pair(label, at("en")), None, "{label}");
        }
    }

    #[test]
    fn titles_are_short_and_of_words() {
        assert!(is_usable("Fachkraft für Käse", at("de")) && is_usable("eBook editor", at("en")));
        let long = "x".repeat(LONGEST_FORM + 1);
        for form in ["", "AssistentIn", "level 3 driver", "chef (vegan)", "import/export manager", &long] {
            assert!(!is_usable(form, at("de")), "{form}");
        }
        assert!(singulars("architetti software", at("it")).any(|word| word == "architetto"));
        assert!(masculines("auditrice des TIC", at("fr")).any(|word| word == "auditeur"));
    }
}
