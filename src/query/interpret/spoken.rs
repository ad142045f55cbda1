//! Spoken languages: "German-speaking", "fluent in French and Spanish", "che parla tedesco", "madrelingua francese".
//!
//! "With German" is one where nothing follows ("with German clients"). A language alone says nothing ("French chef"). Several are all wanted, unless "or" stands between them. Levels ("C1")
//! are not read.

use super::super::filter::Quantifier;
use super::place_name::ends;
use super::reading::Reading;
use super::scan::{Found, Scan};
use super::sentence::{Gap, Sentence};
use crate::text::{longest_spoken_language, spoken_language_name};

/// What languages follow.
const BEFORE: &[&str] = &[
    "must? speaks|speak|speaking fluent|fluently|native|good|excellent|both?",
    "able to speak",
    "fluent|fluently|native|proficient|conversational|bilingual in? both?",
    "a? good|excellent|strong|working|fluent|solid? knowledge|command of",
    "parla|parlano|parli|parlino|parlare|parlante|parlanti bene|correntemente|fluentemente|perfettamente? il|l|lo|la?",
    "madrelingua",
    "fluente|fluenti in",
    "ottima|buona|perfetta|eccellente|fluente? conoscenza di|del|della|dell|dello lingua?",
    "ottimo|buono|buon|perfetto|eccellente",
];

/// What follows a language.
const AFTER: &[&str] =
    &["speaking|speaker|speakers", "native? speaker|speakers", "fluente|fluenti|fluentemente|correntemente"];

/// What may follow languages that something stands before.
const TAIL: &[&str] = &["fluently|fluent|well|speaker|speakers", "fluentemente|correntemente|fluente|bene"];

/// Reads spoken languages.
pub(super) fn spoken(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let sentence = scan.sentence;
    let with = sentence.longest(at, &["with|con"]).filter(|from| !sentence.stops(*from));
    if let Some((quantifier, names, end)) = with.and_then(|from| list(sentence, from))
        && ends(sentence, end)
    {
        return Some(Found::new(end, Reading::Languages(quantifier, names)));
    }
    let before = sentence.longest(at, BEFORE).filter(|from| !sentence.stops(*from));
    if let Some((quantifier, names, end)) = before.and_then(|from| list(sentence, from)) {
        let end = sentence.longest(end, TAIL).filter(|_| !sentence.stops(end)).unwrap_or(end);
        return Some(Found::new(end, Reading::Languages(quantifier, names)));
    }
    let (quantifier, names, end) = list(sentence, at)?;
    let end = sentence.longest(end, AFTER).filter(|_| !sentence.stops(end))?;
    Some(Found::new(end, Reading::Languages(quantifier, names)))
}

/// Languages with "and", "or" or commas between them.
fn list(sentence: &Sentence<'_>, at: usize) -> Option<(Quantifier, Vec<&'static str>, usize)> {
    let (first, mut end) = language(sentence, at)?;
    let mut names = vec![first];
    let mut quantifier = Quantifier::All;
    while let Some((name, after, joint)) = further(sentence, end) {
        match joint {
            Some(joint) if names.len() > 1 && joint != quantifier && !sentence.stops(end) => break,
            Some(joint) => quantifier = joint,
            None => {}
        }
        if !names.contains(&name) {
            names.push(name);
        }
        end = after;
    }
    Some((quantifier, names, end))
}

/// One more language of a list, the token after it, and what the word before it says of the list.
fn further(sentence: &Sentence<'_>, at: usize) -> Option<(&'static str, usize, Option<Quantifier>)> {
    let joint = |at| match sentence.form(at) {
        "and" | "e" | "ed" | "plus" => Some(Quantifier::All),
        "or" | "o" | "od" | "oppure" => Some(Quantifier::Any),
        _ => None,
    };
    if let Some(quantifier) = joint(at) {
        let (name, end) = language(sentence, at + 1).filter(|_| !sentence.stops(at + 1))?;
        return Some((name, end, Some(quantifier)));
    }
    if sentence.gap(at) == Gap::Space && sentence.between(at).contains('&') {
        let (name, end) = language(sentence, at)?;
        return Some((name, end, Some(Quantifier::All)));
    }
    // After a comma only what is nothing but a language: "speaks French, Spanish teacher".
    let is_comma = sentence.between(at).trim_start().starts_with(',');
    let (name, end) = language(sentence, at).filter(|_| is_comma)?;
    (sentence.stops(end) || joint(end).is_some()).then_some((name, end, None))
}

/// The English name of the language that a token begins, and the token after it.
fn language(sentence: &Sentence<'_>, at: usize) -> Option<(&'static str, usize)> {
    let end = sentence.segment_end(at).min(sentence.len());
    let forms = sentence.forms().get(..end)?;
    let found = longest_spoken_language(forms, at).or_else(|| {
        // Italian adjectives: "madrelingua tedesca".
        let masculine = format!("{}o", forms.get(at)?.strip_suffix('a')?);
        longest_spoken_language(&[masculine], 0)
    });
    let (length, code) = found?;
    Some((spoken_language_name(code)?, at + length))
}

#[cfg(test)]
mod tests {
    use super::super::NoNames;
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        let sentence = Sentence::of(text);
        let scan = Scan { sentence: &sentence, names: &NoNames, follows_part: false };
        let (at, found) = (0..sentence.len()).find_map(|at| Some((at, spoken(&scan, at)?)))?;
        Some((sentence.typed(at..found.end).to_owned(), found.reading?.to_string()))
    }

    #[test]
    fn languages_are_told_in_many_ways() {
        for (text, words, expected) in [
            ("speaks fluent German", "speaks fluent German", "languages all: German"),
            ("native German speakers", "native German speakers", "languages all: German"),
            ("speaks French, Spanish teacher", "speaks French", "languages all: French"),
            (
                "speaks French, Spanish and German, welder",
                "speaks French, Spanish and German",
                "languages all: French, Spanish, German",
            ),
            ("fluent in French or Spanish", "fluent in French or Spanish", "languages any: French, Spanish"),
            ("fluent in German and Python", "fluent in German", "languages all: German"),
            ("good knowledge of Italian", "good knowledge of Italian", "languages all: Italian"),
            ("parla bene l'inglese", "parla bene l'inglese", "languages all: English"),
            ("madrelingua tedesca", "madrelingua tedesca", "languages all: German"),
            ("conoscenza della lingua francese", "conoscenza della lingua francese", "languages all: French"),
            ("inglese fluente", "inglese fluente", "languages all: English"),
            ("con inglese e russo", "con inglese e russo", "languages all: English, Russian"),
            ("accountant with Dutch, remote", "with Dutch", "languages all: Dutch"),
            ("ottimo inglese", "ottimo inglese", "languages all: English"),
        ] {
            assert_eq!(read(text), Some((words.to_owned(), expected.to_owned())), "{text}");
        }
    }

    #[test]
    fn other_uses_are_words() {
        for text in [
            "French chef",
            "with German clients",
            "fluent in Python",
            "speaks at conferences",
            "public speaking",
            "insegnante di inglese",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
