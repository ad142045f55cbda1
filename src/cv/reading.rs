//! Readings of the heading of an entry.
//!
//! Segments of a heading → every way to read them as title, employer and place, each with how likely it is by itself.
//! Which one is right is decided over all entries of a part: see `role`.

use std::ops::Range;

use super::evidence::is_place;
use super::segment::{Mark, Segment, is_remark, segments};
use super::words::{self, Cue};
use crate::text::TokenList;

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

/// What a missing title or employer costs.
const MISSING: f32 = 0.4;

/// What it costs that a single text is an employer rather than a title.
const ALONE: f32 = 0.2;

/// What a segment costs that is neither title nor employer nor place.
const DROPPED: f32 = 0.45;

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

impl Span {
    /// What it is worth as a title.
    fn as_title(&self) -> f32 {
        self.likeness - self.cost - if self.is_place { 3.0 * PLACE } else { 0.0 } - 0.05 * f32::from(self.commas)
    }

    /// What it is worth as an employer.
    fn as_organisation(&self) -> f32 {
        let number = if self.begins_with_number { 0.5 } else { 0.0 };
        -self.likeness
            - self.cost
            - if self.is_place { 3.0 * PLACE } else { 0.0 }
            - 0.2 * f32::from(self.commas)
            - number
    }
}

/// What is left of a heading beside title and employer.
#[derive(Default)]
struct Remains {
    places: Vec<String>,
    place_mark: Option<Mark>,
    score: f32,
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

/// How much more a line below must be like a title than what a heading of one line has for one: that may be a town that nobody knows.
const MORE_LIKE_A_TITLE: f32 = 0.3;

/// Whether heading lines name both a title and an employer already, so that the line below belongs to neither.
pub(super) fn is_complete(heading: &[String], below: &str, weigh: fn(&str) -> f32) -> bool {
    let readings = readings(heading, weigh);
    let Some(best) = readings.iter().max_by(|a, b| a.score.total_cmp(&b.score)) else { return false };
    let (Some(title), Some(organisation)) = (&best.title, &best.organisation) else { return false };
    if heading.len() == 1 && weigh(title) < 0.1 && weigh(below) > weigh(title) + MORE_LIKE_A_TITLE {
        return false;
    }
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
    /// Whether it is a part of an employer: "Institut für Geophysik".
    is_department: bool,
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
        let is_department = words::leading(Cue::Department, &tokens) > 0 && (!is_name || weigh(text) < 0.4);
        Self { is_place: is_place(text), may_be_place, is_remark: is_remark(text, &tokens), is_department }
    }
}

/// A heading with what its segments may be.
struct Whole<'r> {
    segments: &'r [Segment],
    heading: &'r [String],
    rests: &'r [Rest],
}

impl Whole<'_> {
    /// The reading that takes these spans for title and employer.
    fn reading(&self, title: Option<&Span>, organisation: Option<&Span>) -> Reading {
        let layout = title.zip(organisation).map(|(title, organisation)| {
            let is_title_first = title.range.start < organisation.range.start;
            let (first, second) = if is_title_first { (title, organisation) } else { (organisation, title) };
            (is_title_first, self.between(first, second))
        });
        let rest = self.rest(title, organisation);
        let is_behind_weak = |span: &Span| self.segments[span.range.start].mark == Mark::Weak;
        let score = title.map_or(-MISSING - ALONE, Span::as_title)
            + organisation.map_or(-MISSING, Span::as_organisation)
            - if title.is_some_and(is_behind_weak) { 0.5 } else { 0.0 }
            + rest.score
            + match layout {
                Some((true, Mark::At)) => 1.0,
                Some((false, Mark::At)) => -1.0,
                Some((_, Mark::Weak)) => -0.9,
                Some((_, Mark::Contraction)) => -0.3,
                Some((true, _)) => 0.05,
                _ => 0.0,
            };
        let text = |span: Option<&Span>| span.map(|span| span.text.clone());
        let place = (!rest.places.is_empty()).then(|| rest.places.join(", "));
        let place_mark = rest.place_mark;
        Reading { title: text(title), organisation: text(organisation), place, place_mark, layout, score }
    }

    /// What the segments beside title and employer are: places, remarks, or dropped.
    fn rest(&self, title: Option<&Span>, organisation: Option<&Span>) -> Remains {
        let is_within = |span: Option<&Span>, at: usize| span.is_some_and(|span| span.range.contains(&at));
        let between = title.zip(organisation).map_or(0..0, |(title, organisation)| {
            title.range.end.min(organisation.range.end)..title.range.start.max(organisation.range.start)
        });
        let mut remains = Remains::default();
        let mut was_place = false;
        for (at, (segment, rest)) in self.segments.iter().zip(self.rests).enumerate() {
            if is_within(title, at) || is_within(organisation, at) {
                was_place = false;
                continue;
            }
            let follows = at > 0 && is_within(organisation, at - 1);
            let is_first = remains.places.is_empty();
            let is_known = rest.is_place && (is_first || was_place || at + 1 == self.segments.len());
            let may_be = rest.may_be_place && segment.mark != Mark::Line && (was_place || follows && is_first);
            if is_known || may_be {
                remains.score += match (is_known, was_place) {
                    (true, _) => {
                        if at == 0 {
                            0.0
                        } else {
                            0.3
                        }
                    }
                    (false, true) => 0.0,
                    (false, false) => -0.1,
                };
                remains.place_mark = remains.place_mark.or(follows.then_some(segment.mark));
                remains.places.push(self.heading[segment.line][segment.bytes.clone()].to_owned());
            } else if rest.is_department && at > 0 && self.is_part(at, organisation) {
                // It stays out of the employer's name.
                remains.score -= 0.05;
            } else if !rest.is_remark {
                remains.score -= DROPPED + if between.contains(&at) || at == 0 { 0.3 } else { 0.0 };
            }
            was_place = is_known || may_be;
        }
        remains
    }

    /// Whether a department stands behind an employer, or right before it: "School of Earth Sciences, University of Y".
    fn is_part(&self, at: usize, organisation: Option<&Span>) -> bool {
        let is_before =
            organisation.is_some_and(|span| span.range.start == at + 1) && self.segments[at + 1].mark == Mark::Comma;
        is_before || matches!(self.segments[at].mark, Mark::Comma | Mark::Dash | Mark::Bracket)
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
                if segments[to].line != segments[from].line {
                    break;
                }
                match segments[to].mark {
                    Mark::Line | Mark::Column | Mark::At => break,
                    // "(Haro)" belongs to the name, unless it is a place.
                    Mark::Bracket if rests[to].is_place || rests[to].is_remark || rests[to].is_department => break,
                    Mark::Comma if rests[to].is_department => break,
                    Mark::Bracket => {}
                    Mark::Comma => {
                        cost += if rests[from].is_department { 0.5 } else { 0.15 };
                        commas += 1;
                    }
                    Mark::Dash => cost += 0.5,
                    Mark::Loose => cost += 0.1,
                    Mark::Weak | Mark::Contraction => {}
                }
            }
            let segment = &segments[from];
            let closing = usize::from(to > from && segments[to].mark == Mark::Bracket);
            let line = &heading[segment.line];
            let (start, end) = (segment.bytes.start, segments[to].bytes.end);
            // A bracket may never be closed.
            let Some(text) = line.get(start..end + closing).or_else(|| line.get(start..end)) else { continue };
            let text = text.to_owned();
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
