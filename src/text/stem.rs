//! Lower-cased word → stem, folded.
//!
//! Stems serve wishes only. Invariant: no word panics, and a word that is not plain letters is only folded.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use rust_stemmers::{Algorithm, Stemmer};

use super::language::Language;
use super::letters::{is_separating_letter, push_folded};
use super::one_gender::word_in_one_gender;
use super::tokenize::{MAX_TOKEN_CHARS, TokenRef};

/// Stems that a thread remembers: about 4 MB.
const MAX_REMEMBERED: usize = 32_768;

/// The stem of a `lower` form in a language, accents folded. Words with digits or punctuation, words of dense
/// scripts and words in a language without a stemmer come back folded.
pub fn stem(lower: &str, language: Language) -> String {
    let is_plain = |algorithm| lower.chars().all(is_separating_letter) && !breaks_stemmer(lower, algorithm);
    let algorithm = language.algorithm().filter(|algorithm| is_plain(*algorithm));
    let stem = algorithm.map(|algorithm| folded(&stemmed(lower, algorithm))).filter(|stem| !stem.is_empty());
    stem.unwrap_or_else(|| folded(lower))
}

thread_local! {
    static REMEMBERED: RefCell<RememberedStems> = RefCell::new(RememberedStems::new());
}

/// Calls `with` with what the scored fields hold for a token: its stem in the candidate's language, its exact form
/// where the language is not known; of "enfermera" what they hold of "enfermero". A thread remembers the forms of the
/// words that it met: the words of a population repeat. `with` must not ask for a stem itself.
pub fn with_stem_form<T>(token: &TokenRef<'_>, language: Option<Language>, with: impl FnOnce(&str) -> T) -> T {
    let language = language.filter(|language| language.has_stemmer());
    REMEMBERED.with_borrow_mut(|remembered| remembered.with_form(token, language, with))
}

/// What the scored fields hold for a word: see [`with_stem_form`].
pub fn scored_form(lower: &str, exact: &str, language: Option<Language>) -> String {
    match (word_in_one_gender(lower), language.filter(|language| language.has_stemmer())) {
        (word, Some(language)) => stem(&word, language),
        (Cow::Borrowed(_), None) => exact.to_owned(),
        (Cow::Owned(word), None) => folded(&word),
    }
}

/// A word in lower case without accents, no longer than a token may be.
fn folded(lower: &str) -> String {
    let mut folded = String::with_capacity(lower.len());
    push_folded(lower, MAX_TOKEN_CHARS, &mut folded);
    folded
}

/// Forms by language and word, at most [`MAX_REMEMBERED`].
struct RememberedStems {
    /// In the order of [`Language::ALL`], and behind them those without a language.
    stems: [HashMap<Box<str>, Box<str>, foldhash::fast::RandomState>; Language::ALL.len() + 1],
    count: usize,
}

impl RememberedStems {
    fn new() -> Self {
        Self { stems: std::array::from_fn(|_| HashMap::default()), count: 0 }
    }

    fn with_form<T>(&mut self, token: &TokenRef<'_>, language: Option<Language>, with: impl FnOnce(&str) -> T) -> T {
        let of_language = language.map_or(Language::ALL.len(), |language| language as usize);
        if let Some(form) = self.stems[of_language].get(token.lower) {
            return with(form);
        }
        if self.count >= MAX_REMEMBERED {
            self.stems.iter_mut().for_each(HashMap::clear);
            self.count = 0;
        }
        let form = scored_form(token.lower, token.exact, language);
        let result = with(&form);
        self.stems[of_language].insert(token.lower.into(), form.into());
        self.count += 1;
        result
    }
}

/// What a wished word looks for in the scored fields, where women are called as men are; as [`wish_forms`] of that.
pub fn scored_forms(lower: &str, exact: &str, languages: &[Language]) -> Vec<String> {
    match word_in_one_gender(lower) {
        Cow::Borrowed(_) => wish_forms(lower, exact, languages),
        Cow::Owned(word) => wish_forms(&word, &folded(&word), languages),
    }
}

/// What a word may be in names: its exact form, then its stem in each language in the order given; equal forms once.
pub fn wish_forms(lower: &str, exact: &str, languages: &[Language]) -> Vec<String> {
    let mut forms = vec![exact.to_owned()];
    for stem in wished_stems(lower, languages).iter() {
        if !forms.iter().any(|form| **form == **stem) {
            forms.push(stem.clone().into());
        }
    }
    forms
}

/// Distinct stems of a wished word.
type WishedStems = Arc<[Box<str>]>;

/// Stems by word and by the set of languages that were asked for.
type RememberedWishes = HashMap<(u64, Box<str>), WishedStems, foldhash::fast::RandomState>;

/// Wished words with their stems; at most [`MAX_WISHED`].
static WISHED: LazyLock<Mutex<RememberedWishes>> = LazyLock::new(Mutex::default);

/// Wished words that are remembered: about 2 MB.
const MAX_WISHED: usize = 8_192;

fn wished_stems(lower: &str, languages: &[Language]) -> WishedStems {
    let with_stemmer = || languages.iter().filter(|language| language.has_stemmer());
    let asked = with_stemmer().fold(0, |set, language| set | 1 << *language as u64);
    let wished = || WISHED.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (asked, Box::from(lower));
    if let Some(known) = wished().get(&key) {
        return known.clone();
    }
    // In the order of the first who asks: a set of languages comes in one order.
    let mut stems: Vec<Box<str>> = Vec::new();
    for language in with_stemmer() {
        let stem = stem(lower, *language).into_boxed_str();
        if !stems.contains(&stem) {
            stems.push(stem);
        }
    }
    let stems: WishedStems = stems.into();
    let mut wished = wished();
    if wished.len() >= MAX_WISHED {
        wished.clear();
    }
    wished.insert(key, stems.clone());
    stems
}

/// The Greek algorithm reads past the end of some words with this ending inside, or this beginning twice.
fn breaks_stemmer(lower: &str, algorithm: Algorithm) -> bool {
    if algorithm != Algorithm::Greek {
        return false;
    }
    let folded = folded(lower);
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
    use crate::text::{TokenList, tokens};

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
        let list = TokenList::of("Développeurs");
        let form = |language| with_stem_form(&list.token(0), language, str::to_owned);
        assert_eq!(form(None), "developpeurs");
        assert_eq!(form(Some(Language::Polish)), "developpeurs");
        for _ in 0..2 {
            assert_eq!(form(Some(Language::French)), "developpeur");
        }
    }

    #[test]
    fn women_are_found_as_men_are() {
        let form = |word: &str, language| with_stem_form(&TokenList::of(word).token(0), language, str::to_owned);
        for (woman, man, language) in [
            ("Enfermera", "enfermero", Language::Spanish),
            ("Köchin", "koch", Language::German),
            ("Softwareentwicklerin", "softwareentwickler", Language::German),
            ("directrice", "directeur", Language::French),
            ("redattrice", "redattore", Language::Italian),
            ("kontrolorka", "kontrolor", Language::Czech),
        ] {
            for known in [None, Some(language)] {
                assert_eq!(form(woman, known), form(man, known), "{woman}");
                let lower = woman.to_lowercase();
                assert!(scored_forms(&lower, &lower, &[language]).contains(&form(man, known)), "{woman}");
            }
        }
        assert_eq!(scored_forms("rust", "rust", &[Language::German]), wish_forms("rust", "rust", &[Language::German]));
    }

    #[test]
    fn what_is_remembered_is_bounded_and_right() {
        let mut remembered = RememberedStems::new();
        let mut stem = |word: &str, language| {
            let list = TokenList::of(word);
            let stem = remembered.with_form(&list.token(0), Some(language), str::to_owned);
            let held: usize = remembered.stems.iter().map(HashMap::len).sum();
            assert!(held == remembered.count && held <= MAX_REMEMBERED);
            stem
        };
        for number in 0..MAX_REMEMBERED + 10 {
            let word = format!("developers{number}");
            assert_eq!(stem(&word, Language::English), word);
        }
        for _ in 0..2 {
            assert_eq!(stem("developers", Language::English), "develop");
            assert_eq!(stem("häusern", Language::German), "haus");
        }
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
