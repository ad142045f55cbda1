//! Words that punctuation belongs to: C++, C#, .NET, Node.js, AT&T, O'Reilly, U.S.A., 3.5.
//!
//! The word that was read and what follows it → how far the token goes and how it is written.
//! Invariant: the written form, read again, is one token with the same form.

use std::borrow::Cow;
use std::ops::Range;

use super::letters::{Class, class, plain, push_folded, push_lower};
use super::tokenize::MAX_TOKEN_CHARS;

/// How a token is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As in the value.
    AsIs,
    /// As in the value without its dots.
    Undotted,
    /// In this form.
    Fixed(&'static str),
}

/// A token that reaches further than its word, or ends before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joined {
    /// Where the token ends.
    pub(super) end: usize,
    /// Where reading goes on.
    pub(super) next: usize,
    /// How the token is written.
    pub(super) form: Form,
}

impl Joined {
    fn up_to(end: usize, form: Form) -> Option<Self> {
        Some(Self { end, next: end, form })
    }
}

/// Words written with punctuation inside or behind, and their one form.
const WHOLE: &[(&str, &str)] = &[
    ("sql*plus", "sql*plus"),
    ("sql*loader", "sql*loader"),
    ("objective-c", "objective-c"),
    ("obj-c", "obj-c"),
    ("notepad++", "notepad++"),
    ("a+", "a+"),
    ("ph.d", "phd"),
    ("b.a", "ba"),
    ("m.a", "ma"),
    ("b.s", "bs"),
    ("m.s", "ms"),
    ("b.sc", "bsc"),
    ("m.sc", "msc"),
    ("b.eng", "beng"),
    ("m.eng", "meng"),
    ("b.tech", "btech"),
    ("m.tech", "mtech"),
    ("b.com", "bcom"),
    ("m.com", "mcom"),
    ("b.ed", "bed"),
    ("m.ed", "med"),
    ("ed.d", "edd"),
    ("m.phil", "mphil"),
    ("d.phil", "dphil"),
    ("ll.b", "llb"),
    ("ll.m", "llm"),
    ("m.d", "md"),
    ("j.d", "jd"),
    ("psy.d", "psyd"),
    ("pharm.d", "pharmd"),
];

/// What `.net` may follow without a space, in lower case, to be the framework and not a domain.
const BEFORE_DOT_NET: &[&str] = &["asp", "vb", "ado", "ml", "c#", "f#"];

/// How the word at `word` goes on, if punctuation that belongs to it follows.
pub(super) fn join(value: &str, word: Range<usize>) -> Option<Joined> {
    let (mark, after) = plain_at(value, word.end)?;
    match mark {
        '+' => plus(value, &word, after),
        '#' => is_one_letter(value, &word).then(|| Joined::up_to(after, Form::AsIs))?,
        '*' | '-' => whole(value, word.start, mark),
        '.' => dot(value, &word, after),
        '&' => ampersand(value, &word, after),
        '\'' => apostrophe(value, &word, after),
        _ => None,
    }
}

/// The end of a `.NET` that starts with the dot at `dot`.
pub(super) fn dot_net(value: &str, dot: usize) -> Option<usize> {
    let end = dot + 4;
    let name = value.get(dot + 1..end).filter(|name| name.eq_ignore_ascii_case("net"))?;
    if plain_at(value, end).is_some_and(|(letter, _)| is_word(letter) && !letter.is_ascii_digit()) {
        return None;
    }
    let before = &value[..dot];
    let glued = before.chars().next_back().is_some_and(|letter| is_word(letter) || plain(letter) == '#');
    let framework = |word: &&str| {
        before
            .len()
            .checked_sub(word.len())
            .and_then(|at| before.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    (!glued || name.starts_with('N') || BEFORE_DOT_NET.iter().any(framework)).then_some(end)
}

/// `c++`, `g++`, and the words of [`WHOLE`].
fn plus(value: &str, word: &Range<usize>, after: usize) -> Option<Joined> {
    match plain_at(value, after) {
        Some(('+', end)) if is_one_letter(value, word) => Joined::up_to(end, Form::AsIs),
        _ => whole(value, word.start, '+'),
    }
}

/// The entry of [`WHOLE`] that stands at `start`, where the mark that called for it is in it.
fn whole(value: &str, start: usize, mark: char) -> Option<Joined> {
    WHOLE.iter().filter(|(written, _)| written.contains(mark)).find_map(|(written, form)| {
        let end = start + written.len();
        let found = value.get(start..end).is_some_and(|text| text.eq_ignore_ascii_case(written));
        let ends = plain_at(value, end).is_none_or(|(next, _)| !is_word(next) && next != '+');
        (found && ends).then(|| Joined::up_to(end, Form::Fixed(form)))?
    })
}

fn dot(value: &str, word: &Range<usize>, after: usize) -> Option<Joined> {
    // Most dots end a sentence.
    let (next, _) = plain_at(value, after).filter(|(next, _)| is_word(*next))?;
    if next.is_ascii_digit() {
        return number(value, word.clone());
    }
    let acronym = if is_one_letter(value, word) { acronym(value, word) } else { None };
    if acronym.as_ref().is_some_and(|joined| joined.form == Form::Undotted) {
        return acronym;
    }
    if let Some(joined) = whole(value, word.start, '.').or(acronym) {
        return Some(joined);
    }
    let second = word_run(value, after);
    value[after..second].eq_ignore_ascii_case("js").then(|| Joined::up_to(second, Form::AsIs))?
}

/// `3.5`, `2.0.1`, `v1.2`: groups of at most three digits, so that years stay on their own.
fn number(value: &str, word: Range<usize>) -> Option<Joined> {
    let digits = exact_form(&value[word.clone()]).bytes().rev().take_while(u8::is_ascii_digit).count();
    let mut end = word.end;
    let mut group = digits;
    while (1..=3).contains(&group)
        && let Some(('.', after)) = plain_at(value, end)
    {
        let next = word_run(value, after);
        let text = exact_form(&value[after..next]);
        let leading = text.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=3).contains(&leading) {
            break;
        }
        end = next;
        group = if leading == text.len() { leading } else { 0 };
    }
    (end > word.end).then(|| Joined::up_to(end, Form::AsIs))?
}

/// `U.S.A.` is `usa`; of two letters the dot stays (`u.s`), or it would be the pronoun.
fn acronym(value: &str, word: &Range<usize>) -> Option<Joined> {
    let mut end = word.end;
    let mut letters = 1;
    while let Some(('.', after)) = plain_at(value, end)
        && let next = (after..word_run(value, after))
        && is_one_letter(value, &next)
    {
        end = next.end;
        letters += 1;
    }
    match letters {
        1 => None,
        2 => Joined::up_to(end, Form::AsIs),
        _ => Joined::up_to(end, Form::Undotted),
    }
}

/// `AT&T`, `R&D`, `S&OP`: up to three letters on each side, on one of them a single one.
fn ampersand(value: &str, word: &Range<usize>, after: usize) -> Option<Joined> {
    let end = word_run(value, after);
    let length = |word: Range<usize>| exact_form(&value[word]).chars().count();
    let (left, right) = (length(word.clone()), length(after..end));
    let short = (1..=3).contains(&left) && (1..=3).contains(&right);
    (short && left.min(right) == 1).then(|| Joined::up_to(end, Form::AsIs))?
}

/// `O'Reilly` and the apostrophe inside Cyrillic words stay; the English possessive falls off; anything
/// else (`l'ingénieur`, `don't`) splits.
fn apostrophe(value: &str, word: &Range<usize>, after: usize) -> Option<Joined> {
    let end = word_run(value, after);
    let second = &value[after..end];
    if second.eq_ignore_ascii_case("s") {
        let visible = value[word.clone()].trim_end_matches(|letter| class(letter) == Class::Invisible);
        return Some(Joined { end: word.start + visible.len(), next: end, form: Form::AsIs });
    }
    let first = &value[word.clone()];
    let irish = first.eq_ignore_ascii_case("o") && letters(second).nth(1).is_some();
    let cyrillic = letters(first).last().is_some_and(is_cyrillic) && second.chars().next().is_some_and(is_cyrillic);
    if !irish && !cyrillic {
        return None;
    }
    let possessive = plain_at(value, end).filter(|(mark, _)| *mark == '\'').map(|(_, at)| (at, word_run(value, at)));
    let next = match possessive {
        Some((at, next)) if value[at..next].eq_ignore_ascii_case("s") => next,
        _ => end,
    };
    Some(Joined { end, next, form: Form::AsIs })
}

/// The character at a byte offset, in its plain form, and the offset after it.
fn plain_at(value: &str, at: usize) -> Option<(char, usize)> {
    let letter = value.get(at..)?.chars().next()?;
    Some((plain(letter), at + letter.len_utf8()))
}

/// Where the word that starts at `at` ends: `at` itself if none does.
fn word_run(value: &str, at: usize) -> usize {
    value[at..].char_indices().find(|(_, letter)| !is_word(*letter)).map_or(value.len(), |(offset, _)| at + offset)
}

fn is_word(letter: char) -> bool {
    matches!(class(letter), Class::Word | Class::Extend)
}

/// Whether a word is one letter, in its exact form too: `ﬀ` and `þ` stand for two.
fn is_one_letter(value: &str, word: &Range<usize>) -> bool {
    let word = &value[word.clone()];
    let mut letters = letters(word);
    match (letters.next(), letters.next()) {
        (Some(letter), None) => letter.is_alphabetic() && exact_form(word).chars().count() == 1,
        _ => false,
    }
}

/// The exact form of a word, which decides where its length does: `ﬀ` is two letters, `⑳` two digits.
fn exact_form(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let (mut lower, mut exact) = (String::new(), String::new());
    push_lower(word, MAX_TOKEN_CHARS, &mut lower);
    push_folded(&lower, MAX_TOKEN_CHARS, &mut exact);
    Cow::Owned(exact)
}

/// The letters of a word without their marks: the same for composed and decomposed text.
fn letters(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().filter(|letter| class(*letter) == Class::Word)
}

fn is_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{52f}')
}
