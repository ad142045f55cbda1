//! Sentences in five languages: template, person, chance → text without an empty slot.

use std::fmt::Write as _;

use super::archetype::Language;
use super::extract::{ByLanguage, ExtractError, Term, lines};
use super::stream::Stream;

static TABLE: &str = include_str!("../../indexes/population/sentences.txt");

/// What a sentence is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Intro,
    Focus,
    Closing,
    Duty,
    Done,
    Product,
    Lead,
    Open,
    Seller,
    Boast,
    Headline,
    Sellerline,
    Certificate,
    Project,
    Projecttext,
    Sections,
}

const KINDS: [(&str, Kind); 16] = [
    ("intro", Kind::Intro),
    ("focus", Kind::Focus),
    ("closing", Kind::Closing),
    ("duty", Kind::Duty),
    ("done", Kind::Done),
    ("product", Kind::Product),
    ("lead", Kind::Lead),
    ("open", Kind::Open),
    ("seller", Kind::Seller),
    ("boast", Kind::Boast),
    ("headline", Kind::Headline),
    ("sellerline", Kind::Sellerline),
    ("certificate", Kind::Certificate),
    ("project", Kind::Project),
    ("projecttext", Kind::Projecttext),
    ("sections", Kind::Sections),
];

#[derive(Debug, Clone, Copy)]
enum Piece {
    Text(&'static str),
    Title,
    TitleCapital,
    Years,
    Term(usize),
    TermCapital(usize),
    /// French: "de" or "d'" and the term.
    OfTerm(usize),
    /// Spanish "y" or "e", Italian "e" or "ed", and the term.
    AndTerm(usize),
    Technology(usize),
    /// French: "de" or "d'" and the technology.
    OfTechnology(usize),
    Employer,
    City,
    Product,
    Small,
    Percent,
    Large,
}

/// A template, cut into pieces.
#[derive(Debug)]
pub(super) struct Sentence {
    pieces: Vec<Piece>,
}

impl Sentence {
    fn fits(&self, slots: &Slots<'_>) -> bool {
        self.pieces.iter().all(|piece| match piece {
            Piece::Years => slots.years >= 2,
            Piece::Technology(at) | Piece::OfTechnology(at) => *at < slots.technologies.len(),
            Piece::Term(at) | Piece::TermCapital(at) | Piece::OfTerm(at) | Piece::AndTerm(at) => {
                *at < slots.terms.len()
            }
            Piece::Employer => !slots.employer.is_empty(),
            Piece::Product => !slots.product.is_empty(),
            _ => true,
        })
    }
}

/// What fills the slots. Terms and technologies are the first to be named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots<'a> {
    pub(super) title: &'a str,
    pub(super) years: i32,
    pub(super) terms: &'a [Term],
    pub(super) technologies: &'a [&'static str],
    pub(super) employer: &'a str,
    pub(super) city: &'a str,
    pub(super) product: &'a str,
}

/// All sentences, by language and kind.
#[derive(Debug)]
pub(super) struct Sentences {
    table: ByLanguage<Vec<Vec<Sentence>>>,
}

impl Sentences {
    /// Appends one sentence of this kind that the slots can fill and that `used` does not name; nothing if there is none.
    pub(super) fn say(&self, kind: Kind, slots: &Slots<'_>, telling: &mut Telling<'_>) -> String {
        let sentences = &self.table[telling.language as usize][kind as usize];
        let first = telling.stream.below(sentences.len());
        let free = |at: &usize, telling: &Telling<'_>| {
            !telling.used.contains(&(kind as usize * 100 + at)) && sentences[*at].fits(slots)
        };
        // An odd step walks a list of any length from a random place; repeats only when everything is used up.
        let order = (0..sentences.len()).map(|step| (first + step) % sentences.len());
        let chosen =
            order.clone().find(|at| free(at, telling)).or_else(|| order.clone().find(|at| sentences[*at].fits(slots)));
        let Some(at) = chosen else { return String::new() };
        telling.used.push(kind as usize * 100 + at);
        fill(&sentences[at], slots, telling)
    }
}

/// One person telling: the language, the chance, and which sentences have been said.
pub(super) struct Telling<'a> {
    pub(super) language: Language,
    pub(super) stream: &'a mut Stream,
    pub(super) used: Vec<usize>,
}

fn fill(sentence: &Sentence, slots: &Slots<'_>, telling: &mut Telling<'_>) -> String {
    let (language, stream) = (telling.language, &mut *telling.stream);
    let mut text = String::with_capacity(120);
    for piece in &sentence.pieces {
        match *piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Title => text.push_str(slots.title),
            Piece::TitleCapital => push_capital(&mut text, slots.title),
            Piece::Years => push_number(&mut text, slots.years.unsigned_abs()),
            Piece::Term(at) => text.push_str(slots.terms[at].text),
            Piece::TermCapital(at) => text.push_str(slots.terms[at].capital),
            Piece::OfTerm(at) => {
                text.push_str(if begins_with_vowel(slots.terms[at].text) { "d'" } else { "de " });
                text.push_str(slots.terms[at].text);
            }
            Piece::AndTerm(at) => {
                text.push_str(and_before(slots.terms[at].text, language));
                text.push_str(slots.terms[at].text);
            }
            Piece::Technology(at) => text.push_str(slots.technologies[at]),
            Piece::OfTechnology(at) => {
                let vowel = slots.technologies[at].starts_with(['A', 'E', 'I', 'O', 'U']);
                text.push_str(if vowel { "d'" } else { "de " });
                text.push_str(slots.technologies[at]);
            }
            Piece::Employer => text.push_str(slots.employer),
            Piece::City => text.push_str(slots.city),
            Piece::Product => text.push_str(slots.product),
            Piece::Small => push_number(&mut text, stream.between(2, 12)),
            Piece::Percent => push_number(&mut text, stream.between(8, 45)),
            Piece::Large => push_number(&mut text, stream.between(4, 80) * 5),
        }
    }
    text
}

fn push_number(text: &mut String, number: u32) {
    // Writing to a String cannot fail.
    let _ = write!(text, "{number}");
}

/// Appends the text with a capital.
pub(super) fn push_capital(text: &mut String, word: &str) {
    let mut letters = word.chars();
    text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    text.push_str(letters.as_str());
}

/// French elision; every h of the extract's terms is mute.
fn begins_with_vowel(term: &str) -> bool {
    term.starts_with([
        'a', 'e', 'i', 'o', 'u', 'y', 'h', 'é', 'è', 'ê', 'à', 'â', 'î', 'ô', 'A', 'E', 'I', 'O', 'U', 'É', 'H',
    ])
}

/// The word "and" as it sounds before the term.
fn and_before(term: &str, language: Language) -> &'static str {
    match language {
        Language::It if term.starts_with(['e', 'E']) => "ed ",
        Language::It => "e ",
        _ if begins_with_i(term) => "e ",
        _ => "y ",
    }
}

/// Spanish "y" turns into "e" before the sound i.
fn begins_with_i(term: &str) -> bool {
    let term = term.to_lowercase();
    let sound = term.strip_prefix('h').unwrap_or(&term);
    sound.starts_with(['i', 'í']) && !sound.starts_with("ie") && !sound.starts_with("ia")
}

pub(super) fn read() -> Result<Sentences, ExtractError> {
    let mut table: ByLanguage<Vec<Vec<Sentence>>> = std::array::from_fn(|_| KINDS.iter().map(|_| Vec::new()).collect());
    for (number, line) in lines(TABLE) {
        let fail = |reason| ExtractError::new("sentences.txt", number, reason);
        let (head, text) = line.split_once(": ").ok_or_else(|| fail("no kind"))?;
        let (language, kind) = head.split_once(' ').ok_or_else(|| fail("no language"))?;
        let language = Language::from_code(language).ok_or_else(|| fail("unknown language"))?;
        let kind = KINDS.iter().find(|known| known.0 == kind).ok_or_else(|| fail("unknown kind"))?.1;
        let pieces = cut(text).ok_or_else(|| fail("unknown slot"))?;
        table[language as usize][kind as usize].push(Sentence { pieces });
    }
    if table.iter().flatten().any(Vec::is_empty) {
        return Err(ExtractError::new("sentences.txt", 0, "a language lacks a kind of sentence"));
    }
    Ok(Sentences { table })
}

fn cut(text: &'static str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((plain, tail)) = rest.split_once('{') {
        let (slot, tail) = tail.split_once('}')?;
        pieces.push(Piece::Text(plain));
        pieces.push(read_slot(slot)?);
        rest = tail;
    }
    pieces.push(Piece::Text(rest));
    Some(pieces)
}

fn read_slot(slot: &str) -> Option<Piece> {
    let at = || slot.chars().last().and_then(|digit| digit.to_digit(10)).map(|digit| digit as usize - 1);
    Some(match slot {
        "title" => Piece::Title,
        "Title" => Piece::TitleCapital,
        "years" => Piece::Years,
        "t1" | "t2" | "t3" => Piece::Term(at()?),
        "T1" | "T2" | "T3" => Piece::TermCapital(at()?),
        "de:t1" | "de:t2" => Piece::OfTerm(at()?),
        "y:t2" | "y:t3" => Piece::AndTerm(at()?),
        "x1" | "x2" => Piece::Technology(at()?),
        "de:x1" => Piece::OfTechnology(at()?),
        "employer" => Piece::Employer,
        "city" => Piece::City,
        "product" => Piece::Product,
        "n" => Piece::Small,
        "p" => Piece::Percent,
        "k" => Piece::Large,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::stream::{Part, StreamKey};
    use super::*;

    #[test]
    fn the_committed_sentences_read_and_fill() {
        let sentences = read().unwrap();
        let mut stream = StreamKey::new(1).stream(Part::Prose, 0);
        let term = |text| Term { text, capital: text };
        let terms = [term("Informatik"), term("Hygiene"), term("Ablage")];
        let slots = Slots {
            title: "nurse",
            years: 7,
            terms: &terms,
            technologies: &["SAP", "Git"],
            employer: "Norvella AG",
            city: "Bonn",
            product: "schools",
        };
        for language in Language::ALL {
            for (_, kind) in KINDS {
                let mut telling = Telling { language, stream: &mut stream, used: Vec::new() };
                let text = sentences.say(kind, &slots, &mut telling);
                assert!(!text.is_empty() && !text.contains(['{', '}']), "{language:?} {kind:?}: {text}");
            }
        }
    }

    #[test]
    fn a_sentence_that_lacks_a_filling_is_not_said() {
        let sentences = read().unwrap();
        let mut stream = StreamKey::new(1).stream(Part::Prose, 0);
        let slots =
            Slots { title: "cook", years: 0, terms: &[], technologies: &[], employer: "", city: "Bari", product: "" };
        let mut telling = Telling { language: Language::It, stream: &mut stream, used: Vec::new() };
        assert_eq!(sentences.say(Kind::Product, &slots, &mut telling), "");
    }

    #[test]
    fn small_words_follow_the_sound() {
        assert!(begins_with_i("inventario") && begins_with_i("higiene alimentaria") && !begins_with_i("hierro"));
        assert!(begins_with_vowel("élagage") && begins_with_vowel("hygiène") && !begins_with_vowel("soins"));
    }
}
