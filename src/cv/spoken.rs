//! Languages and how well they are spoken.
//!
//! The lines of a part → languages, each with its level, in either order, apart or in one line.

use super::line::Line;
use super::lists::{is_level, split};
use super::words::{self, Cue};
use crate::text::{self, TokenList};

/// A language and how well it is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) language: String,
    pub(super) fluency: Option<String>,
}

/// The languages of a part. What no table knows is a language where it heads a line and a level follows.
pub(super) fn languages(lines: &[Line]) -> Vec<Spoken> {
    let mut spoken: Vec<Spoken> = Vec::new();
    let pieces: Vec<String> = lines.iter().flat_map(|line| language_pieces(&line.text)).collect();
    let has_colon = |piece: &&String| piece.contains(':') && language_at_start(piece).is_some();
    let are_labelled = pieces.iter().filter(has_colon).count() >= 2;
    for piece in pieces {
        let labelled = || labelled_language(&piece).filter(|_| are_labelled);
        let Some(found) = spoken_of(&piece).or_else(labelled) else { continue };
        let is_new = spoken.iter().all(|held| words::fold(&held.language) != words::fold(&found.language));
        if is_new && spoken.len() < 40 {
            spoken.push(found);
        }
    }
    spoken
}

/// "Kashubian: at home", where others are written so.
fn labelled_language(piece: &str) -> Option<Spoken> {
    let (head, tail) = piece.split_once(':')?;
    let is_word = head.chars().all(char::is_alphabetic) && head.chars().next().is_some_and(char::is_uppercase);
    (is_word && !is_level(head)).then(|| Spoken { language: head.to_owned(), fluency: Some(tail.trim().to_owned()) })
}

fn language_pieces(text: &str) -> Vec<String> {
    // "Limba maternă   Română", "Muttersprache: Deutsch": the label is the level.
    for mark in ['\t', ':'] {
        if let Some((label, rest)) = text.split_once(mark)
            && (words::part(&words::fold(label)) == Some(words::Part::Languages) || is_level(label))
        {
            let level = if is_level(label)
                || words::fold(label).contains("matern")
                || words::fold(label).contains("mutter")
                || words::fold(label).contains("madre")
                || words::fold(label).contains("mother")
            {
                format!(" ({})", label.trim())
            } else {
                String::new()
            };
            return split(rest.trim()).into_iter().map(|piece| format!("{piece}{level}")).collect();
        }
    }
    let cells: Vec<&str> = text.split('\t').collect();
    if cells.len() == 2 && language_at_start(cells[0]).is_some() && language_at_start(cells[1]).is_none() {
        return vec![format!("{} – {}", cells[0].trim(), cells[1].trim())];
    }
    let mut pieces: Vec<String> = Vec::new();
    for piece in split(text).into_iter().flat_map(|piece| at_joint(&piece)) {
        match pieces.last_mut() {
            // "English, fluent"
            Some(last)
                if language_at_start(&piece).is_none()
                    && (is_level(&piece)
                        || language_at_start(last).is_some()
                            && piece.chars().next().is_some_and(char::is_lowercase)) =>
            {
                last.push_str(" – ");
                last.push_str(&piece);
            }
            _ => pieces.push(piece),
        }
    }
    pieces
}

/// "English and French" are two.
fn at_joint(piece: &str) -> Vec<String> {
    for joint in [" and ", " und ", " e ", " y ", " et ", " en ", " și ", " & ", " / "] {
        if let Some((first, second)) = piece.split_once(joint)
            && language_at_start(first).is_some()
            && (language_at_start(second).is_some()
                || is_capital(second) && language_at_start(first).is_some_and(|(_, rest)| rest.is_empty()))
        {
            // "Welsh and English (both native)"
            let level = second.find([':', '(']).map_or("", |at| &second[at..]);
            let level = if first.contains([':', '(']) { "" } else { level };
            return vec![format!("{} {level}", first.trim()), second.trim().to_owned()];
        }
    }
    vec![piece.to_owned()]
}

fn is_capital(text: &str) -> bool {
    let word = text.split([' ', ':', '(']).next().unwrap_or_default();
    word.chars().count() > 3 && word.chars().next().is_some_and(char::is_uppercase)
}

/// The name of a language at the start of a text, and what follows.
fn language_at_start(text: &str) -> Option<(&str, &str)> {
    let tokens = TokenList::of(text);
    let forms: Vec<&str> = tokens.exact_forms().take(6).collect();
    let (length, _) = text::longest_spoken_language(&forms, 0)?;
    let end = tokens.token(length - 1).bytes.end;
    Some((text[tokens.token(0).bytes.start..end].trim(), text[end..].trim()))
}

fn spoken_of(piece: &str) -> Option<Spoken> {
    let trim = |text: &str| {
        text.trim_matches(|letter: char| {
            letter.is_whitespace() || matches!(letter, ':' | '–' | '—' | '-' | '(' | ')' | ',' | '.' | '|' | '[' | ']')
        })
        .to_owned()
    };
    // "basic Portuguese"
    let tokens = TokenList::of(piece);
    let level = words::leading(Cue::Level, &tokens);
    if level > 0 && level < tokens.len() {
        let from = tokens.token(level).bytes.start;
        if let Some((language, "")) = language_at_start(&piece[from..]) {
            let fluency = Some(piece[..from].trim().to_owned());
            return Some(Spoken { language: language.to_owned(), fluency });
        }
    }
    let (language, rest) = match language_at_start(piece) {
        Some((language, rest)) => (language.to_owned(), rest.to_owned()),
        None => {
            // A language that no table knows: one word, then a mark or a level.
            let (head, tail) = piece
                .split_once([':', '–', '(', '\t'])
                .or_else(|| piece.split_once(" - "))
                .or_else(|| piece.split_once(' '))?;
            let is_name = !head.trim().contains(' ')
                && head.chars().next().is_some_and(char::is_uppercase)
                && head.chars().all(|letter| letter.is_alphabetic() || letter == ' ');
            let begins_with_digit = trim(tail).starts_with(|letter: char| letter.is_ascii_digit());
            let is_page = words::fold(head).starts_with("pag") || words::fold(head) == "seite";
            if !is_name || begins_with_digit || is_page || !is_level(&trim(tail)) || is_level(head) {
                return None;
            }
            (head.trim().to_owned(), tail.to_owned())
        }
    };
    let fluency = Some(trim(&rest)).filter(|rest| !rest.is_empty() && rest.chars().count() <= 60);
    Some(Spoken { language, fluency })
}

/// Whether a line lists languages, without any heading that says so: each piece begins with one, and a level stands with some.
pub(super) fn is_languages(text: &str) -> bool {
    let pieces = language_pieces(text);
    let known = pieces.iter().filter(|piece| language_at_start(piece).is_some()).count();
    let with_level =
        pieces.iter().filter_map(|piece| language_at_start(piece)).filter(|(_, rest)| is_level(rest)).count();
    known >= 1 && known == pieces.len() && with_level >= 1 && text.chars().count() <= 200
}
