//! The segments of the lines of a heading.
//!
//! Lines → pieces between separators, words for "at" and brackets, each with what stands before it.

use std::ops::Range;

use super::evidence::{capital_share, is_place, title_likeness};
use super::words::{self, Cue};
use crate::text::TokenList;

/// What stands before a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Mark {
    /// The begin of a line.
    Line,
    /// A tab, a bar, a dot in the middle.
    Column,
    /// A dash, or a full stop behind a word.
    Dash,
    /// "at", "bei", "presso".
    At,
    Comma,
    /// A colon or a slash.
    Loose,
    /// "na", "no": mostly between title and employer.
    Contraction,
    /// "en", "in": between title and employer, or within a title.
    Weak,
    Bracket,
}

/// A piece of a line between two marks.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) line: usize,
    pub(super) bytes: Range<usize>,
    pub(super) mark: Mark,
}

/// Phrases of several words that stand between a title and an employer.
const AT_PHRASES: [&str; 16] = [
    "con agenzia ",
    "tramite agenzia ",
    "în cadrul ",
    "in cadrul ",
    "din cadrul ",
    "au sein de ",
    "au sein du ",
    "au sein d'",
    "au sein d’",
    "im Hause ",
    "in der Firma ",
    "en la empresa ",
    "na empresa ",
    "alle dipendenze di ",
    "in dienst van ",
    "ao serviço de ",
];

/// From this likeness on a text before "for" is a title.
const TITLE: f32 = 0.6;

/// At most so many segments are read.
const MOST_SEGMENTS: usize = 9;

/// Words that a line begins with before an agency.
const THROUGH: [&str; 4] = ["über", "tramite", "through", "via"];

/// Words that stand between "at" and a name.
const ARTICLES: [&str; 22] = [
    "der Firma ",
    "dem ",
    "der ",
    "den ",
    "the company ",
    "the ",
    "de firma ",
    "het ",
    "de ",
    "la société ",
    "l'",
    "la ditta ",
    "la empresa ",
    "firma ",
    "l’",
    "il ",
    "lo ",
    "la ",
    "le ",
    "el ",
    "los ",
    "las ",
];

/// The segments of the lines of a heading.
pub(super) fn segments(heading: &[String]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (line, text) in heading.iter().enumerate() {
        let mut mark = Mark::Line;
        let mut start = spoken_title(text);
        for (end, next, following) in marks(text, start) {
            push(&mut segments, text, Segment { line, bytes: start..end, mark });
            (start, mark) = (next, following);
        }
        push(&mut segments, text, Segment { line, bytes: start..text.len(), mark });
    }
    segments.truncate(MOST_SEGMENTS);
    segments
}

/// Words before a title.
const AS: [&str; 6] = [" come ", " als ", " as ", " como ", " comme ", " ca "];

/// Where "lavoro come Sviluppatore" says the title.
fn spoken_title(text: &str) -> usize {
    let begins_small = text.chars().next().is_some_and(char::is_lowercase) || begins_with_verb(text);
    let behind = || AS.iter().find_map(|word| text.find(word).map(|at| at + word.len()));
    if begins_small { behind().unwrap_or(0) } else { 0 }
}

/// Whether a text begins with "worked" or the like: "Working as Test Lead with Acme".
fn begins_with_verb(text: &str) -> bool {
    const VERBS: [&str; 14] = [
        "working",
        "worked",
        "work",
        "employed",
        "serving",
        "served",
        "lavoro",
        "lavorato",
        "trabajo",
        "trabaje",
        "gearbeitet",
        "tatig",
        "werkzaam",
        "lucrez",
    ];
    let first = text.split(' ').next().unwrap_or_default();
    VERBS.contains(&words::fold(first).as_str())
}

/// Adds a segment, or joins it with the one before where it is a part of it: "Frio, S.A.", "Apprentice, then fitter".
fn push(segments: &mut Vec<Segment>, line: &str, mut segment: Segment) {
    let Some(bytes) = within_edges(line, &segment.bytes) else { return };
    segment.bytes = bytes;
    let text = &line[segment.bytes.clone()];
    if segment.mark == Mark::At
        && let Some(article) = ARTICLES.iter().find(|article| text.starts_with(**article))
    {
        segment.bytes.start += article.len();
    }
    // "Abt. Teilefertigung, als Dreher"
    if segment.mark == Mark::Comma
        && let Some(word) = AS.iter().find(|word| text.starts_with(&word[1..]))
        && title_likeness(&text[word.len() - 1..]) > 0.0
    {
        segment.bytes.start += word.len() - 1;
    }
    let text = &line[segment.bytes.clone()];
    if matches!(segment.mark, Mark::Weak | Mark::Contraction) && is_place(text) {
        segment.mark = Mark::Comma;
    }
    let text = &line[segment.bytes.clone()];
    if !text.chars().any(char::is_alphanumeric) {
        return;
    }
    let tokens = TokenList::of(text);
    if !segments.is_empty() && is_remark(text, &tokens) {
        return;
    }
    let is_form =
        [tokens.joined(), tokens.joined().replace('.', "")].iter().any(|form| words::is_cue(Cue::LegalForm, form));
    let begins_small = text.chars().next().is_some_and(char::is_lowercase);
    let is_department = words::leading(Cue::Department, &tokens) > 0;
    if segment.mark == Mark::Comma
        && !is_department
        && let Some(last) = segments.last_mut().filter(|last| last.line == segment.line)
        && (is_form || begins_small && !begins_firm(text) && !is_place(&line[last.bytes.clone()]))
    {
        last.bytes.end = segment.bytes.end;
        return;
    }
    if segment.mark == Mark::Line
        && let Some(rest) = text.strip_prefix('@')
    {
        segment.mark = Mark::At;
        segment.bytes.start += text.len() - rest.trim_start().len();
    } else if matches!(segment.mark, Mark::Line | Mark::Column | Mark::Dash) {
        let first = text.split(' ').next().unwrap_or_default();
        let begins_weak = segment.mark == Mark::Line && segment.line > 0 && weak_at(text).is_some();
        let begins_through = segment.mark == Mark::Line && segment.line > 0 && names_agency(text);
        if (is_at(first) || begins_through) && first.len() < text.len() || begins_weak {
            segment.mark = Mark::At;
            segment.bytes.start += first.len() + 1;
        }
    }
    segments.push(segment);
}

/// The bytes of a piece without marks at its edges, and without a full stop that ends it.
fn within_edges(line: &str, bytes: &Range<usize>) -> Option<Range<usize>> {
    let held = &line[bytes.clone()];
    let is_edge = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ':' | '–' | '—' | '-' | '|');
    let start = bytes.start + held.len() - held.trim_start_matches(is_edge).trim_start_matches(')').len();
    let end = bytes.end - (held.len() - held.trim_end_matches(is_edge).len());
    // "Bodegas Cierzo Alto."
    let is_stopped = line.get(start..end).is_some_and(|text| text.ends_with('.') && ends_word(&text[..text.len() - 1]));
    let end = if is_stopped { end - 1 } else { end };
    (start < end).then_some(start..end)
}

/// Whether what stands behind the last comma, dash or column begins with a word of employers, and a name.
fn begins_institution(text: &str) -> bool {
    let last = text.rsplit([',', '\t', '|', '–', '(']).next().unwrap_or_default().trim_start();
    begins_firm(last) && last.matches(' ').count() == 1
}

/// Whether a text begins with a small word of employers, and a name: "gemeente Vechterveen".
fn begins_firm(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(first, name)| {
        words::is_cue(Cue::Organisation, &words::fold(first)) && name.starts_with(char::is_uppercase)
    })
}

/// Whether a word is "at", "presso" or the like, in small letters.
fn is_at(word: &str) -> bool {
    !matches!(word, "for" | "para" | "with")
        && word.chars().all(char::is_lowercase)
        && words::is_cue(Cue::At, &words::fold(word))
}

/// Whether a line names an agency: "über Pontera Personal".
pub(super) fn names_agency(line: &str) -> bool {
    line.split_once(' ').is_some_and(|(first, name)| THROUGH.contains(&first) && name.starts_with(char::is_uppercase))
}

/// Whether a text says at whom: "Trainee at Studio Kremstal".
pub(super) fn says_at(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    words[1..].windows(2).any(|pair| is_at(pair[0]) && pair[1].starts_with(char::is_uppercase))
}

/// The name behind a word that mostly stands between other things, where it begins a line: "en Bodegas Cierzo Alto".
pub(super) fn weak_at(line: &str) -> Option<&str> {
    let (first, name) = line.split_once(' ')?;
    let is_weak = matches!(first, "en" | "na" | "no" | "la" | "em" | "in" | "à" | "a");
    Some(name).filter(|name| is_weak && name.starts_with(char::is_uppercase))
}

/// The marks of a line from a byte on: where what is before ends, where what is behind begins, and which it is.
fn marks(line: &str, from: usize) -> Vec<(usize, usize, Mark)> {
    let mut marks = Vec::new();
    let (mut depth, mut open) = (0_usize, 0);
    let mut last = from;
    for (at, letter) in line.char_indices().filter(|(at, _)| *at >= from) {
        if at < last {
            continue;
        }
        let after = &line[at + letter.len_utf8()..];
        let found = match letter {
            '(' => {
                depth += 1;
                open = at;
                None
            }
            // It closes nothing: "Python)".
            ')' if depth == 0 => None,
            ')' => {
                depth -= 1;
                let inner = line.get(open + 1..at).unwrap_or_default();
                if depth == 0 && open > from && (is_aside(inner) || describes_firm(&line[from..open], inner)) {
                    marks.push((open, open + 1, Mark::Bracket));
                    let commas = inner.match_indices(", ").map(|(at, _)| open + 1 + at);
                    marks.extend(commas.map(|at| (at, at + 2, Mark::Comma)));
                    Some((at, at + 1, Mark::Comma))
                } else {
                    None
                }
            }
            _ if depth > 0 => None,
            '\t' | '|' | '·' | '•' | ';' | '→' => Some((at, at + letter.len_utf8(), Mark::Column)),
            '@' => Some((at, at + 1, Mark::At)),
            ',' if after.starts_with(' ') => Some((at, at + 2, Mark::Comma)),
            ':' if after.starts_with(' ') => Some((at, at + 2, Mark::Loose)),
            '.' if after.starts_with(' ') && ends_word(&line[..at]) => Some((at, at + 2, Mark::Dash)),
            ' ' => spaced_mark(line, at).or_else(|| quote_mark(line, from, at)),
            _ => None,
        };
        if let Some(found) = found {
            last = found.1;
            marks.push(found);
        }
    }
    marks
}

/// Whether a text says how somebody is employed, or a grade: "full-time", "110/110".
pub(super) fn is_remark(text: &str, tokens: &TokenList) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    // "Senior lawyer (32 hours)" is a title with a remark.
    let is_behind = text.find('(').is_some_and(|open| open > 0 && title_likeness(&text[..open]) > 0.0);
    let is_amount = digits > 0
        && tokens.len() <= 4
        && !is_behind
        && tokens.exact_forms().any(|word| words::is_cue(Cue::Hours, word));
    words::leading(Cue::Engagement, tokens) > 0 && tokens.len() <= 4 || digits > letters || is_amount
}

/// The mark before or behind a name in quotation marks: `Cook "Da Mario" Rome`.
fn quote_mark(line: &str, from: usize, at: usize) -> Option<(usize, usize, Mark)> {
    let (before, after) = (&line[from..at], &line[at + 1..]);
    if !after.starts_with(['"', '«', '“', '„']) && !before.ends_with(['"', '»', '”', '“']) {
        return None;
    }
    let is_open = before.matches('"').count() % 2 == 1;
    let opens = after.starts_with(['«', '“', '„']) || after.starts_with('"') && !is_open;
    let is_closed = after.chars().skip(1).any(|letter| matches!(letter, '"' | '»' | '”' | '“'));
    if opens && is_closed && before.chars().any(char::is_alphanumeric) {
        return Some((at, at + 1, Mark::Loose));
    }
    let closes = before.ends_with(['»', '”'])
        || before.ends_with('"') && !is_open
        || before.ends_with('“') && before.contains('„');
    (closes && after.starts_with(char::is_uppercase)).then_some((at, at + 1, Mark::Comma))
}

/// An aside that may be a name has at most so many words.
const MOST_ASIDE_WORDS: usize = 6;

/// Whether what stands in brackets is a place, may be one, or is a grade.
fn is_aside(inner: &str) -> bool {
    let digits = inner.bytes().filter(u8::is_ascii_digit).count();
    let is_name = inner.split(' ').count() <= MOST_ASIDE_WORDS
        && inner.chars().next().is_some_and(char::is_uppercase)
        && inner.chars().skip(1).any(char::is_lowercase)
        && (inner.split(' ').count() <= 2 || capital_share(inner) > 0.7)
        && inner
            .chars()
            .all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '-' | '\'' | '’' | ',' | '&' | '.'));
    // "(Vitré, 35)"
    let numbered = inner.split_once(", ").is_some_and(|(place, number)| {
        is_place(place) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    is_place(inner) && inner.trim().len() > 2 || numbered || digits * 2 > inner.chars().count() || is_name
}

/// Whether what stands in brackets behind a firm says what it does: "SC Expert Cont SRL, Onești (firmă de contabilitate)".
fn describes_firm(before: &str, inner: &str) -> bool {
    inner.starts_with(char::is_lowercase) && inner.contains(' ') && words::has(Cue::LegalForm, &TokenList::of(before))
}

/// Whether a text ends with a whole word, whose full stop is no abbreviation's.
fn ends_word(text: &str) -> bool {
    const ABBREVIATIONS: [&str; 14] = [
        "Depto", "Dpto", "Gebr", "Inst", "Univ", "Prof", "Dept", "Hosp", "Soci", "Frat", "Geom", "Dott", "Arch", "Dipl",
    ];
    let last = text.rsplit([' ', '.', ',']).next().unwrap_or_default();
    last.chars().count() >= 4 && !ABBREVIATIONS.contains(&last) && last.chars().skip(1).all(char::is_lowercase)
}

/// A mark that begins with a space: a dash, a slash, or a word.
fn spaced_mark(line: &str, at: usize) -> Option<(usize, usize, Mark)> {
    let after = &line[at + 1..];
    if let Some(phrase) = AT_PHRASES.iter().find(|phrase| after.starts_with(**phrase)) {
        return Some((at, at + 1 + phrase.len(), Mark::At));
    }
    let word = after.split(' ').next().unwrap_or_default();
    let next = (at + 1 + word.len() + 1).min(line.len());
    let follows = line.get(next..).and_then(|rest| rest.chars().next());
    let following = line.get(next..).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    let is_name = follows.is_some_and(|letter| !letter.is_lowercase() && letter != '(')
        || words::is_cue(Cue::Organisation, &words::fold(following));
    match word {
        "–" | "—" | "-" | "//" | "―" => Some((at, next, Mark::Dash)),
        "/" | "+" => Some((at, next, Mark::Loose)),
        "la" if is_name => {
            let before = line[..at].rsplit(' ').next().unwrap_or_default();
            let is_article = matches!(
                words::fold(before).as_str(),
                "de" | "a"
                    | "en"
                    | "para"
                    | "per"
                    | "dans"
                    | "sur"
                    | "sous"
                    | "por"
                    | "con"
                    | "din"
                    | "pe"
                    | "di"
                    | "et"
                    | "y"
                    | "e"
            );
            (!is_article).then_some((at, next, Mark::At))
        }
        "au" | "aux" if is_name && title_likeness(&line[..at]) > 0.0 => Some((at, next, Mark::Weak)),
        "with" | "for" if is_name && begins_with_verb(line) => Some((at, next, Mark::At)),
        "for" if is_name && title_likeness(&line[..at]) > TITLE => Some((at, next, Mark::At)),
        "na" | "no" if is_name && title_likeness(&line[..at]) > 0.0 => Some((at, next, Mark::Contraction)),
        "en" if matches!(following, "el" | "la" | "los" | "las") && title_likeness(&line[..at]) > 0.0 => {
            let name = next + following.len() + 1;
            let is_name = line
                .get(name..)
                .is_some_and(|name| name.starts_with(|letter: char| letter.is_uppercase() || letter == '"'));
            is_name.then_some((at, name, Mark::Weak))
        }
        // "Waterschap Regge en Slenk"
        "en" if is_name && begins_institution(&line[..at]) => None,
        "en" | "in" | "im" | "a" | "à" | "te" | "em" if is_name => Some((at, next, Mark::Weak)),
        _ if is_at(word) && (is_name || line.len() > next + 3) => Some((at, next, Mark::At)),
        _ => None,
    }
}
