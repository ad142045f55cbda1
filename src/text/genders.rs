//! Two words of one title: what a man and what a woman is called.
//!
//! Invariant: two words are a pair only where the endings of one language make them one.

use unicode_normalization::UnicodeNormalization as _;

/// The languages whose endings are known here.
pub(crate) const GENDER_LANGUAGES: [&str; 5] = ["en", "de", "it", "es", "fr"];

/// Letters that both forms of a word begin with.
const LEAST_COMMON_LETTERS: usize = 2;

/// What follows the letters that both forms share, masculine and feminine, in the order of [`GENDER_LANGUAGES`].
pub(crate) const GENDER_ENDINGS: [&[(&str, &str)]; 5] = [
    &[("", "ess"), ("er", "ress"), ("or", "ress"), ("man", "woman"), ("aster", "istress")],
    &[("", "in"), ("e", "in"), ("er", "in"), ("r", ""), ("mann", "frau"), ("", "ess")],
    &[("o", "a"), ("e", "a"), ("ore", "rice"), ("o", "essa"), ("e", "essa"), ("a", "essa"), ("l", "lla")],
    &[
        ("o", "a"),
        ("", "a"),
        ("e", "a"),
        ("or", "riz"),
        ("án", "ana"),
        ("és", "esa"),
        ("ín", "ina"),
        ("ón", "ona"),
        ("e", "esa"),
    ],
    &[
        ("", "e"),
        ("r", "se"),
        ("eur", "rice"),
        ("er", "ère"),
        ("er", "euse"),
        ("et", "ète"),
        ("e", "esse"),
        ("", "ne"),
        ("", "le"),
        ("", "te"),
        ("", "fe"),
        ("f", "ve"),
        ("x", "se"),
        ("c", "que"),
        ("homme", "femme"),
    ],
];

/// Whether two words are one of a man and one of a woman, in any of the languages.
pub(super) fn are_genders_of_one_word(one: &str, other: &str) -> bool {
    let is_pair = |language| is_word_pair(one, other, language) || is_word_pair(other, one, language);
    (0..GENDER_LANGUAGES.len()).any(is_pair)
}

/// Whether two words are alike but for a pair of endings. In German the feminine may have an umlaut that the masculine has not.
pub(crate) fn is_word_pair(masculine: &str, feminine: &str, language: usize) -> bool {
    let is_german = GENDER_LANGUAGES[language] == "de";
    let plain = |text: &str| if is_german { without_umlauts(text) } else { text.to_owned() };
    let (masculine, feminine) = (plain(masculine), plain(feminine));
    GENDER_ENDINGS[language].iter().any(|(left, right)| {
        let stems = masculine.strip_suffix(left).zip(feminine.strip_suffix(right));
        stems.is_some_and(|(left, right)| left == right && left.chars().count() >= LEAST_COMMON_LETTERS)
    })
}

/// In lower case, so that "Arzt" begins as "Ärztin" does.
fn without_umlauts(text: &str) -> String {
    let letters = text.nfd().filter(|letter| !unicode_normalization::char::is_combining_mark(*letter));
    letters.flat_map(char::to_lowercase).collect()
}
