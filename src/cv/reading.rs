//! Readings of the heading of an entry.
//!
//! Lines of a heading → segments between separators → every way to read them as title, employer and place, each with how likely
//! it is by itself. Which one is right is decided over all entries of a part: see `role`.

use std::ops::Range;

use super::evidence::is_place;
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
struct Segment {
    line: usize,
    bytes: Range<usize>,
    mark: Mark,
}

/// One way to read a heading.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) title: Option<String>,
    pub(super) organisation: Option<String>,
    pub(super) place: Option<String>,
    /// Whether the title stands first, and what stands between both; `None` where one is missing.
    pub(super) layout: Option<(bool, Mark)>,
    /// What stands between the employer and a place right behind it.
    pub(super) place_mark: Option<Mark>,
    pub(super) score: f32,
}

/// At most so many segments are read.
const MOST_SEGMENTS: usize = 9;

/// What a missing title or employer costs.
const MISSING: f32 = 0.4;

/// What it costs that a single text is an employer rather than a title.
const ALONE: f32 = 0.2;

/// What a segment costs that is neither title nor employer nor place.
const DROPPED: f32 = 0.45;

/// Words that stand between "at" and a name.
const ARTICLES: [&str; 14] = [
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
];

/// What it costs to take a place for a title or an employer.
const PLACE: f32 = 0.9;

/// A text in a heading that a title or an employer may be, and what it is like.
struct Span {
    range: Range<usize>,
    text: String,
    likeness: f32,
    /// What it costs that it goes over marks.
    cost: f32,
    /// Over how many commas it goes.
    commas: u8,
    is_place: bool,
    /// Whether its first segment holds digits: "Grades 7–8".
    begins_with_number: bool,
}

/// Every way to read a heading; `weigh` says how much a text is like a title (a degree), negative where like an employer.
pub(super) fn readings(heading: &[String], weigh: fn(&str) -> f32) -> Vec<Reading> {
    let segments = segments(heading);
    let rests: Vec<Rest> =
        segments.iter().map(|segment| Rest::of(&heading[segment.line][segment.bytes.clone()], weigh)).collect();
    let spans = spans(heading, &segments, &rests, weigh);
    let mut readings = Vec::new();
    let whole = Whole { segments: &segments, heading, rests: &rests };
    for first in &spans {
        readings.push(whole.reading(Some(first), None));
        readings.push(whole.reading(None, Some(first)));
        for second in spans.iter().filter(|second| second.range.start >= first.range.end) {
            readings.push(whole.reading(Some(first), Some(second)));
            readings.push(whole.reading(Some(second), Some(first)));
        }
    }
    if readings.is_empty() && !segments.is_empty() {
        readings.push(whole.reading(None, None));
    }
    readings
}

/// Whether heading lines name both a title and an employer already.
pub(super) fn is_complete(heading: &[String], weigh: fn(&str) -> f32) -> bool {
    let readings = readings(heading, weigh);
    let Some(best) = readings.iter().max_by(|a, b| a.score.total_cmp(&b.score)) else { return false };
    let (Some(title), Some(organisation)) = (&best.title, &best.organisation) else { return false };
    let is_separated = heading.iter().any(|line| line.contains(['|', '—', '–', '\t']));
    heading.len() > 1 || weigh(organisation) < -0.25 || is_separated && weigh(title) > 0.1
}

/// What a segment may be that is neither title nor employer.
struct Rest {
    is_place: bool,
    /// Whether it may be a place that no gazetteer knows.
    may_be_place: bool,
    /// Whether it says nothing: "full-time", "110/110".
    is_remark: bool,
}

impl Rest {
    fn of(text: &str, weigh: fn(&str) -> f32) -> Self {
        let tokens = TokenList::of(text);
        let is_name = text.chars().next().is_some_and(char::is_uppercase);
        let has = |cue| words::has(cue, &tokens);
        let may_be_place = (1..=4).contains(&tokens.len())
            && is_name
            && !text.contains('&')
            && !has(Cue::LegalForm)
            && !has(Cue::Organisation)
            && !has(Cue::School)
            && weigh(text) < 0.4;
        Self { is_place: is_place(text), may_be_place, is_remark: is_remark(text, &tokens) }
    }
}

struct Whole<'r> {
    segments: &'r [Segment],
    heading: &'r [String],
    rests: &'r [Rest],
}

impl Whole<'_> {
    fn reading(&self, title: Option<&Span>, organisation: Option<&Span>) -> Reading {
        let mut score = 0.0;
        let is_within = |span: Option<&Span>, at: usize| span.is_some_and(|span| span.range.contains(&at));
        let as_place = |span: &Span| if span.is_place { PLACE } else { 0.0 };
        let as_title = |span: &Span| span.likeness - span.cost - 3.0 * as_place(span) - 0.05 * f32::from(span.commas);
        score += title.map_or(-MISSING, as_title);
        score += organisation.map_or(-MISSING, |span| {
            -span.likeness
                - span.cost
                - as_place(span)
                - 0.2 * f32::from(span.commas)
                - if span.begins_with_number { 0.5 } else { 0.0 }
        });
        let within = match (title, organisation) {
            (Some(title), Some(organisation)) => {
                title.range.end.min(organisation.range.end)..title.range.start.max(organisation.range.start)
            }
            _ => 0..0,
        };
        if title.is_none() {
            score -= ALONE;
        }
        let mut places: Vec<String> = Vec::new();
        let mut was_place = false;
        let mut place_mark = None;
        for (at, (segment, rest)) in self.segments.iter().zip(self.rests).enumerate() {
            if is_within(title, at) || is_within(organisation, at) {
                was_place = false;
                continue;
            }
            let is_behind = at > 0 && segment.mark != Mark::Line && (was_place || is_within(organisation, at - 1));
            let is_known = rest.is_place && (places.is_empty() || was_place || at + 1 == self.segments.len());
            if is_known || is_behind && rest.may_be_place && (was_place || places.is_empty()) {
                score += if is_known {
                    if at == 0 { 0.0 } else { 0.3 }
                } else if was_place {
                    0.0
                } else {
                    -0.1
                };
                place_mark = place_mark.or_else(|| is_within(organisation, at.wrapping_sub(1)).then_some(segment.mark));
                places.push(self.heading[segment.line][segment.bytes.clone()].to_owned());
                was_place = true;
            } else {
                was_place = false;
                if !rest.is_remark {
                    score -= DROPPED + if within.contains(&at) || at == 0 { 0.3 } else { 0.0 };
                }
            }
        }
        let is_behind_weak = |span: &Span| self.segments[span.range.start].mark == Mark::Weak;
        if title.is_some_and(is_behind_weak) {
            score -= 0.5;
        }
        let layout = title.zip(organisation).map(|(title, organisation)| {
            let is_title_first = title.range.start < organisation.range.start;
            let (first, second) = if is_title_first { (title, organisation) } else { (organisation, title) };
            (is_title_first, self.between(first, second))
        });
        score += match layout {
            Some((true, Mark::At)) => 1.0,
            Some((false, Mark::At)) => -1.0,
            Some((_, Mark::Weak)) => -0.9,
            Some((_, Mark::Contraction)) => -0.3,
            Some((true, _)) => 0.05,
            _ => 0.0,
        };
        let text = |span: Option<&Span>| span.map(|span| span.text.clone());
        let place = (!places.is_empty()).then(|| places.join(", "));
        Reading { title: text(title), organisation: text(organisation), place, place_mark, layout, score }
    }

    /// The mark between two spans: the strongest where others stand between.
    fn between(&self, first: &Span, second: &Span) -> Mark {
        let marks = self.segments[first.range.end..=second.range.start].iter().map(|segment| segment.mark);
        let strength = |mark: &Mark| match mark {
            Mark::Line => 5,
            Mark::At => 4,
            Mark::Column => 3,
            Mark::Dash => 2,
            Mark::Comma | Mark::Bracket | Mark::Loose => 1,
            Mark::Weak | Mark::Contraction => 0,
        };
        marks.max_by_key(strength).unwrap_or(Mark::Line)
    }
}

/// The texts that may be a title or an employer.
fn spans(heading: &[String], segments: &[Segment], rests: &[Rest], weigh: fn(&str) -> f32) -> Vec<Span> {
    let mut spans = Vec::new();
    for from in 0..segments.len() {
        let (mut cost, mut commas) = (0.0, 0);
        for to in from..segments.len() {
            if to > from {
                match segments[to].mark {
                    Mark::Line | Mark::Column | Mark::At => break,
                    // "(Haro)" belongs to the name, unless it is a place.
                    Mark::Bracket if rests[to].is_place || rests[to].is_remark => break,
                    Mark::Bracket => {}
                    Mark::Comma => {
                        cost += 0.15;
                        commas += 1;
                    }
                    Mark::Dash => cost += 0.5,
                    Mark::Loose => cost += 0.1,
                    Mark::Weak | Mark::Contraction => {}
                }
            }
            let segment = &segments[from];
            let closing = usize::from(to > from && segments[to].mark == Mark::Bracket);
            let text = heading[segment.line][segment.bytes.start..segments[to].bytes.end + closing].to_owned();
            if segment.mark == Mark::Bracket || !text.chars().any(char::is_alphabetic) {
                continue;
            }
            let likeness = weigh(&text).clamp(-1.0, 1.0);
            let begins_with_number =
                heading[segment.line][segment.bytes.clone()].bytes().any(|byte| byte.is_ascii_digit());
            spans.push(Span {
                begins_with_number,
                range: from..to + 1,
                likeness,
                cost,
                commas,
                is_place: is_place(&text),
                text,
            });
        }
    }
    spans
}

/// The segments of the lines of a heading.
fn segments(heading: &[String]) -> Vec<Segment> {
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

/// Where "lavoro come Sviluppatore" says the title.
fn spoken_title(text: &str) -> usize {
    const AS: [&str; 6] = [" come ", " als ", " as ", " como ", " comme ", " ca "];
    let begins_small = text.chars().next().is_some_and(char::is_lowercase);
    let behind = || AS.iter().find_map(|word| text.find(word).map(|at| at + word.len()));
    if begins_small { behind().unwrap_or(0) } else { 0 }
}

/// Adds a segment, or joins it with the one before where it is a part of it: "Frio, S.A.", "Apprentice, then fitter".
fn push(segments: &mut Vec<Segment>, line: &str, mut segment: Segment) {
    let held = &line[segment.bytes.clone()];
    let is_edge = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ':' | '–' | '—' | '-' | '|');
    let start = segment.bytes.start + held.len() - held.trim_start_matches(is_edge).trim_start_matches(')').len();
    let end = segment.bytes.end - (held.len() - held.trim_end_matches(is_edge).len());
    if start >= end {
        return;
    }
    segment.bytes = start..end;
    let text = &line[segment.bytes.clone()];
    if segment.mark == Mark::At
        && let Some(article) = ARTICLES.iter().find(|article| text.starts_with(**article))
    {
        segment.bytes.start += article.len();
    }
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
    if segment.mark == Mark::Comma
        && let Some(last) = segments.last_mut().filter(|last| last.line == segment.line)
        && (is_form || begins_small && !is_place(&line[last.bytes.clone()]))
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
        if is_at(first) && first.len() < text.len() {
            segment.mark = Mark::At;
            segment.bytes.start += first.len() + 1;
        }
    }
    segments.push(segment);
}

/// Whether a word is "at", "presso" or the like, in small letters.
fn is_at(word: &str) -> bool {
    !matches!(word, "for" | "para" | "with")
        && word.chars().all(char::is_lowercase)
        && words::is_cue(Cue::At, &words::fold(word))
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
            ')' => {
                depth = depth.saturating_sub(1);
                let inner = line.get(open + 1..at).unwrap_or_default();
                if depth == 0 && is_aside(inner) && open > from {
                    marks.push((open, open + 1, Mark::Bracket));
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
            ' ' => spaced_mark(line, at),
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
fn is_remark(text: &str, tokens: &TokenList) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    words::leading(Cue::Engagement, tokens) > 0 && tokens.len() <= 4 || digits > letters
}

/// Whether what stands in brackets is a place, may be one, or is a grade.
fn is_aside(inner: &str) -> bool {
    let digits = inner.bytes().filter(u8::is_ascii_digit).count();
    let is_name = inner.split(' ').count() <= 2
        && inner.chars().next().is_some_and(char::is_uppercase)
        && inner.chars().skip(1).any(char::is_lowercase)
        && inner.chars().all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '-' | '\''));
    is_place(inner) && inner.trim().len() > 2 || digits * 2 > inner.chars().count() || is_name
}

/// Whether a text ends with a whole word, whose full stop is no abbreviation's.
fn ends_word(text: &str) -> bool {
    let last = text.rsplit([' ', '.', ',']).next().unwrap_or_default();
    last.chars().count() >= 4 && last.chars().skip(1).all(char::is_lowercase)
}

/// A mark that begins with a space: a dash, a slash, or a word.
fn spaced_mark(line: &str, at: usize) -> Option<(usize, usize, Mark)> {
    let after = &line[at + 1..];
    let word = after.split(' ').next().unwrap_or_default();
    let next = (at + 1 + word.len() + 1).min(line.len());
    let follows = line.get(next..).and_then(|rest| rest.chars().next());
    let is_name = follows.is_some_and(|letter| !letter.is_lowercase() && letter != '(');
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
        "na" | "no" if is_name => Some((at, next, Mark::Contraction)),
        "en" | "in" | "im" | "a" | "à" | "te" | "em" if is_name => Some((at, next, Mark::Weak)),
        _ if is_at(word) && (is_name || line.len() > next + 3) => Some((at, next, Mark::At)),
        _ => None,
    }
}
