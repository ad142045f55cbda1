//! A title as it is said of a woman, of both, or with an examination → as it is said of a man.
//!
//! A text in lower case → the text that the built-in model and the linker of titles read; a word → what scored words are made of.
//! "panadera", "panadero/panadera" and "panadero/a" are read as "panadero", so that whoever is searched for, of all that are called the same none ranks behind the other; and "staatlich
//! geprüfter Techniker" as "Techniker", since an examination says nothing of the work, and much to the model. The table
//! (`indexes/languages/word-forms.tsv`, built by `tools/model/word_forms.py` from ESCO's labels in nine languages) holds words and
//! endings with their forms. Invariant: a text that was read so is read as it is.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use super::genders::are_genders_of_one_word;

/// Words and endings with what stands instead.
static FORMS: LazyLock<WordForms> =
    LazyLock::new(|| WordForms::read(include_str!("../../indexes/languages/word-forms.tsv")));

/// Names the table: whoever changes it or what is done here changes how texts are read.
pub fn one_gender_version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let hash = blake3::hash(include_bytes!("../../indexes/languages/word-forms.tsv")).to_hex();
        format!("forms1-{}", &hash[..8])
    });
    &VERSION
}

/// Letters of a word that may have a form.
const LEAST_LETTERS: usize = 4;

/// Letters of an ending of the table.
const ENDING_LETTERS: RangeInclusive<usize> = 4..=8;

/// A form may have a form itself, but not often: "Technikerinnen" has none at all.
const MOST_STEPS: usize = 4;

/// A text with more strokes is no title.
const MOST_STROKES: usize = 8;

/// Words of the longest title whose two forms are told apart.
const MOST_WORDS: usize = 12;

/// What says that somebody was examined, in the form of a man: the longest first.
const EXAMINED: [&[&str]; 12] = [
    &["staatlich", "geprüfter"],
    &["staatlich", "geprüfte"],
    &["staatlich", "anerkannter"],
    &["staatlich", "anerkannte"],
    &["staatl.", "geprüfter"],
    &["staatl.", "gepr."],
    &["staatl.", "anerk."],
    &["geprüfter"],
    &["geprüfte"],
    &["diplômé", "d'état"],
    &["diplômé", "d’état"],
    &["diplômée", "d'état"],
];

/// Letters before an ending that is written behind a mark.
const LEAST_STEM: usize = 3;

/// What is written behind a word for the other gender: "Lehrer/in", "Lehrer*in", "técnico(a)", "ingénieur·e", "inżynier/ka".
const ENDINGS: [&str; 26] = [
    "in", "innen", "frau", "r", "a", "o", "as", "os", "ora", "esa", "triz", "essa", "e", "ne", "se", "euse", "rice",
    "trice", "ère", "ienne", "te", "le", "ka", "ă", "oare", "ica",
];

/// What may stand before such an ending.
const MARKS: [char; 6] = ['/', ':', '*', '_', '·', '('];

/// A text in lower case as meaning and concepts read it.
pub fn in_one_gender(text: &str) -> Cow<'_, str> {
    let mut read = Cow::Borrowed(text);
    // What falls away may bring two words together that belong together.
    for _ in 0..MOST_STEPS {
        let of_one_gender = FORMS.of_words(&without_other_gender(&without_endings_of_other(&read))).into_owned();
        let once = without_examinations(&of_one_gender).into_owned();
        if once == *read {
            break;
        }
        read = Cow::Owned(once);
    }
    read
}

/// A word in lower case as it is said of a man; the word where it is not another.
pub(super) fn word_in_one_gender(lower: &str) -> Cow<'_, str> {
    let is_word = lower.chars().nth(LEAST_LETTERS - 1).is_some() && lower.chars().all(char::is_alphabetic);
    if is_word { FORMS.of(lower) } else { Cow::Borrowed(lower) }
}

/// The text without what says that somebody was examined, and by whom; the text where nothing else is said.
fn without_examinations(text: &str) -> Cow<'_, str> {
    let is_told =
        |words: &[&str]| EXAMINED.iter().find(|phrase| words.starts_with(phrase)).map_or(0, |phrase| phrase.len());
    let words: Vec<&str> = text.split(' ').collect();
    let (mut kept, mut at) = (Vec::with_capacity(words.len()), 0);
    while at < words.len() {
        match is_told(&words[at..]) {
            0 => {
                kept.push(words[at]);
                at += 1;
            }
            told => at += told,
        }
    }
    if kept.is_empty() || kept.len() == words.len() { Cow::Borrowed(text) } else { Cow::Owned(kept.join(" ")) }
}

struct WordForms {
    words: HashMap<&'static str, &'static str>,
    endings: HashMap<&'static str, &'static str>,
}

impl WordForms {
    /// Reads a table: a word, or a hyphen and an ending, and what stands instead.
    fn read(table: &'static str) -> Self {
        let mut read = Self { words: HashMap::new(), endings: HashMap::new() };
        for (from, to) in table.lines().filter_map(|line| line.split_once('\t')) {
            match from.strip_prefix('-') {
                Some(ending) => read.endings.insert(ending, to),
                None => read.words.insert(from, to),
            };
        }
        read
    }

    fn of_words<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut changed: Option<String> = None;
        let mut kept = 0;
        for (start, word) in words(text) {
            let form = self.of(word);
            if form != word {
                let changed = changed.get_or_insert_with(String::new);
                changed.push_str(&text[kept..start]);
                changed.push_str(&form);
                kept = start + word.len();
            }
        }
        changed.map_or(Cow::Borrowed(text), |mut changed| {
            changed.push_str(&text[kept..]);
            Cow::Owned(changed)
        })
    }

    /// The form of a word that has none itself; the word where there is no such.
    fn of<'w>(&self, word: &'w str) -> Cow<'w, str> {
        let mut form = Cow::Borrowed(word);
        for _ in 0..MOST_STEPS {
            let Some(next) = self.next(&form).filter(|next| *next != *form) else { return form };
            form = Cow::Owned(next);
        }
        Cow::Borrowed(word)
    }

    fn next(&self, word: &str) -> Option<String> {
        if let Some(form) = self.words.get(word) {
            return Some((*form).to_owned());
        }
        let (least, most) = ENDING_LETTERS.into_inner();
        let starts = word.char_indices().rev().map(|(at, _)| at).take(most).skip(least - 1);
        let known = |at: usize| Some((at, self.endings.get(&word[at..])?));
        // The longest ending comes last.
        let (at, instead) = starts.filter_map(known).last()?;
        Some(format!("{}{instead}", &word[..at]))
    }
}

/// The words of letters alone that are long enough, with where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts = text.split(|letter: char| !letter.is_alphabetic());
    let at = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    parts.filter(|part| part.chars().nth(LEAST_LETTERS - 1).is_some()).map(move |part| (at(part), part))
}

/// The text without endings of the other gender: "lehrer/in" and "técnico(a) de datos" as "lehrer" and "técnico de datos".
fn without_endings_of_other(text: &str) -> Cow<'_, str> {
    if !text.contains(MARKS) {
        return Cow::Borrowed(text);
    }
    let words: Vec<Cow<'_, str>> = text.split(' ').map(without_ending_of_other).collect();
    Cow::Owned(words.join(" "))
}

fn without_ending_of_other(word: &str) -> Cow<'_, str> {
    let mut kept: Option<String> = None;
    let mut from = 0;
    for (at, mark) in word.match_indices(MARKS).filter(|(at, _)| has_stem(&word[..*at])) {
        let (Some(end), true) = (end_of_ending(&word[at..], mark), at >= from) else { continue };
        kept.get_or_insert_with(String::new).push_str(&word[from..at]);
        from = at + end;
    }
    kept.map_or(Cow::Borrowed(word), |kept| Cow::Owned(kept + &word[from..]))
}

/// Whether a text ends in letters enough for an ending behind it.
fn has_stem(text: &str) -> bool {
    text.chars().rev().take(LEAST_STEM).filter(|letter| letter.is_alphabetic()).count() == LEAST_STEM
}

/// Where an ending of the other gender ends, of a text that begins with a mark; `None` where it is none.
fn end_of_ending(text: &str, mark: &str) -> Option<usize> {
    let behind = &text[mark.len()..];
    let behind = behind.strip_prefix('-').unwrap_or(behind);
    let letters = behind.find(|letter: char| !letter.is_alphabetic()).unwrap_or(behind.len());
    let (ending, rest) = behind.split_at(letters);
    let rest = if mark == "(" { rest.strip_prefix(')')? } else { rest };
    let is_end = rest.is_empty() || rest.starts_with([',', ';', ')', '/', '-', '·']);
    // "infirmier·ère·s" is a plural of both.
    let rest = rest.strip_prefix("·s").unwrap_or(rest);
    (is_end && ENDINGS.contains(&ending)).then_some(text.len() - rest.len())
}

/// The text with one of two forms that stand beside a stroke: "staatlich geprüfter techniker/staatlich geprüfte technikerin
/// fachrichtung bau" without what is said of a woman.
fn without_other_gender(text: &str) -> Cow<'_, str> {
    let strokes = text.matches('/').count();
    if strokes == 0 || strokes > MOST_STROKES {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('/');
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let before: Vec<&str> = kept.split(' ').filter(|word| !word.is_empty()).collect();
        let behind: Vec<&str> = part.split(' ').filter(|word| !word.is_empty()).collect();
        match words_of_other_gender(&before, &behind) {
            0 => {
                kept.push('/');
                kept.push_str(part);
            }
            count => {
                let rest = behind[count..].iter();
                kept = before.iter().chain(rest).copied().collect::<Vec<_>>().join(" ");
            }
        }
    }
    Cow::Owned(kept)
}

/// How many of the last words before a stroke are said anew behind it, of the other gender; 0 where it joins something else.
fn words_of_other_gender(before: &[&str], behind: &[&str]) -> usize {
    let most = before.len().min(behind.len()).min(MOST_WORDS);
    let is_pair = |count: &usize| {
        let pairs = before[before.len() - count..].iter().zip(&behind[..*count]);
        let mut pairs = pairs.map(|(one, other)| (bare(one), bare(other)));
        let mut differ = false;
        pairs.all(|(one, other)| {
            differ |= one != other;
            one == other || are_genders(one, other)
        }) && differ
    };
    (1..=most).rev().find(is_pair).unwrap_or(0)
}

fn are_genders(one: &str, other: &str) -> bool {
    let both = [one, other].map(|word| FORMS.of_words(word));
    both[0] == both[1] || are_genders_of_one_word(one, other)
}

fn bare(word: &str) -> &str {
    word.trim_matches(|letter| matches!(letter, ',' | ';' | '(' | ')' | '"'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::embed::canonical;

    #[test]
    fn all_genders_are_read_alike() {
        for (texts, read) in [
            (&["Panadera", "panadero/panadera", "panadero / panadera", "Panadero/a", "panadero(a)"][..], "panadero"),
            (&["Lehrerin", "Lehrer/in", "Lehrer/-in", "Lehrer:in", "Lehrer*in", "Lehrer_in", "Lehrer(in)"], "lehrer"),
            (&["Köchin (m/w/d)", "Koch/Köchin", "Köchin / Koch"], "koch"),
            (&["Kauffrau", "Kaufmann/-frau", "Kaufmann/Kauffrau"], "kaufmann"),
            (
                &["ingeniera técnica agrícola", "Ingeniero técnico/ingeniera técnica agrícola"],
                "ingeniero técnico agrícola",
            ),
            (&["infirmière", "infirmier/infirmière", "Infirmier·ère"], "infirmier"),
            (&["directrice commerciale", "directeur commercial/directrice commerciale"], "directeur commercial"),
            (
                &["Staatlich geprüfter Techniker/Staatlich geprüfte Technikerin Fachrichtung Bau"],
                "techniker fachrichtung bau",
            ),
            (&["Unternehmensberaterin", "Unternehmensberater/in"], "unternehmensberater"),
            (&["Infirmière diplômée d'État", "infirmier diplômé d’état"], "infirmier"),
            (&["Staatlich anerkannte Erzieherin", "Staatl. geprüfter Erzieher"], "erzieher"),
            (&["Steinmetz und Bildhauer/Steinmetzin und Bildhauerin"], "steinmetz und bildhauer"),
        ] {
            for text in texts {
                assert_eq!(in_one_gender(&canonical(text)), read, "{text}");
            }
        }
    }

    #[test]
    fn what_has_no_gender_is_read_as_it_is() {
        for text in [
            "c/c++ developer",
            "ui/ux designer",
            "test/tech lead",
            "sales/safety manager",
            "import/export manager",
            "social media manager",
            "berlin",
            "turin",
            "camera operator",
            "medizin",
            "marketing",
            "machine learning",
            "staatlich geprüfter",
            "nurse",
            "",
            "/",
            "a/b/c/d/e/f/g/h/i/j",
        ] {
            assert_eq!(in_one_gender(text), text);
        }
    }

    #[test]
    fn every_form_of_the_table_is_short_and_final() {
        assert!(FORMS.words.len() > 1_000 && FORMS.endings.len() > 50);
        for (from, to) in &FORMS.words {
            assert!(from.chars().count() >= LEAST_LETTERS && !to.is_empty(), "{from}");
            assert_eq!(FORMS.of(to), *to, "{from}");
        }
        for ending in FORMS.endings.keys() {
            assert!(ENDING_LETTERS.contains(&ending.chars().count()), "{ending}");
        }
    }

    #[test]
    fn strokes_of_a_hostile_text_are_bounded() {
        let many = "koch/köchin ".repeat(300);
        assert_eq!(in_one_gender(many.trim()).matches('/').count(), 300);
        let long = "lehrer/in/lehrer".repeat(100_000);
        assert_eq!(in_one_gender(&long).len(), "lehrer/lehrer".len() * 100_000);
    }

    proptest! {
        #[test]
        fn a_text_is_read_once(text in "([a-zäöüéèñ]{0,6}(in|erin|ora|a|o|er|rice|eur|e)?[/ (:*·-]{0,2}(in\\)?|a\\)?)? ?){0,8}") {
            let once = in_one_gender(&canonical(&text)).into_owned();
            prop_assert_eq!(in_one_gender(&once).into_owned(), once.clone());
        }

        #[test]
        fn any_text_is_read(text in any::<String>()) {
            let once = in_one_gender(&canonical(&text)).into_owned();
            prop_assert_eq!(in_one_gender(&once).into_owned(), once.clone());
        }
    }
}
