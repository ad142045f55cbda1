//! Lower-cased word → stem, folded.
//!
//! Stems serve wishes only. Invariant: no word panics, and a word that is not plain letters is only folded.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_stemmers::{Algorithm, Stemmer};

use super::language::Language;
use super::letters::{is_separating_letter, push_folded};
use super::tokenize::{MAX_TOKEN_CHARS, Token};

/// The stem of a `lower` form in a language, accents folded. Words with digits or punctuation, words of dense
/// scripts and words in a language without a stemmer come back folded.
pub fn stem(lower: &str, language: Language) -> String {
    let mut folded = String::with_capacity(lower.len());
    match language.algorithm() {
        Some(algorithm) if lower.chars().all(is_separating_letter) && !breaks_stemmer(lower, algorithm) => {
            push_folded(&stemmed(lower, algorithm), MAX_TOKEN_CHARS, &mut folded);
        }
        _ => {}
    }
    if folded.is_empty() {
        push_folded(lower, MAX_TOKEN_CHARS, &mut folded);
    }
    folded
}

/// What the scored fields hold for a token: its stem in the candidate's language, its exact form where the
/// language is not known.
pub fn stem_form(token: &Token, language: Option<Language>) -> String {
    language.map_or_else(|| token.exact.clone(), |language| stem(&token.lower, language))
}

/// What a wished word looks for in the scored fields: its exact form, then its stem in each language in the
/// order given; equal forms once.
pub fn wish_forms(lower: &str, exact: &str, languages: &[Language]) -> Vec<String> {
    let mut forms = vec![exact.to_owned()];
    for language in languages.iter().filter(|language| language.has_stemmer()) {
        let stem = stem(lower, *language);
        if !forms.contains(&stem) {
            forms.push(stem);
        }
    }
    forms
}

/// The Greek algorithm reads past the end of some words with this ending inside, or this beginning twice.
fn breaks_stemmer(lower: &str, algorithm: Algorithm) -> bool {
    if algorithm != Algorithm::Greek {
        return false;
    }
    let mut folded = String::with_capacity(lower.len());
    push_folded(lower, MAX_TOKEN_CHARS, &mut folded);
    folded.contains("ετε") || folded.contains("ισαισ")
}

/// The guard above is from observation; should the library break on yet another word, that word stays unstemmed.
fn stemmed(lower: &str, algorithm: Algorithm) -> String {
    catch_unwind(AssertUnwindSafe(|| Stemmer::create(algorithm).stem(lower).into_owned()))
        .unwrap_or_else(|_| lower.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::tokens;

    #[test]
    fn stems_then_folds() {
        assert_eq!(stem("developers", Language::English), "develop");
        assert_eq!(stem("häusern", Language::German), "haus");
        assert_eq!(stem("büro", Language::German), "buro");
        assert_eq!(stem("ştiinţe", Language::Romanian), stem("ştiinţa", Language::Romanian));
        assert_eq!(stem("ingénieurs", Language::French), "ingenieur");
    }

    #[test]
    fn leaves_special_words_unstemmed() {
        for word in ["c++", "node.js", "h2o", "at&t", "o'reilly", "软件"] {
            for language in Language::ALL {
                assert_eq!(stem(word, *language), word, "{language}");
            }
        }
        assert_eq!(stem("inżynierowie", Language::Polish), "inzynierowie");
    }

    #[test]
    fn greek_words_that_break_the_stemmer_come_back_folded() {
        for word in ["θωφελετε", "θαρρσυνετε", "ισαισε", "θεκθετειτσασ"] {
            assert!(breaks_stemmer(word, Algorithm::Greek));
            assert_eq!(stem(word, Language::Greek), word);
        }
        assert_eq!(stem("μηχανικός", Language::Greek), stem("μηχανικοί", Language::Greek));
    }

    #[test]
    fn unknown_language_holds_the_exact_form() {
        let token = &tokens("Développeurs")[0];
        assert_eq!(stem_form(token, None), "developpeurs");
        assert_eq!(stem_form(token, Some(Language::French)), "developpeur");
    }

    #[test]
    fn a_wish_is_its_exact_form_and_each_stem_once() {
        let languages = [Language::English, Language::German, Language::Polish, Language::Swedish];
        assert_eq!(wish_forms("engineers", "engineers", &languages)[..2], ["engineers", "engin"]);
        assert_eq!(wish_forms("rust", "rust", &languages), ["rust"]);
        assert_eq!(wish_forms("rust", "rust", &[]), ["rust"]);
    }

    proptest! {
        #[test]
        fn no_word_breaks_any_stemmer(word in "[a-zà-ÿα-ωάέήίόύώа-яşţğıأ-ي]{0,12}", other in "\\PC{0,8}") {
            for language in Language::ALL {
                for token in tokens(&word).iter().chain(&tokens(&other)) {
                    prop_assert!(!stem(&token.lower, *language).is_empty());
                }
            }
        }
    }
}
