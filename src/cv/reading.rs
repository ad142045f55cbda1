//! Readings of the heading of an entry.
//!
//! Segments of a heading → every way to read them as title, employer and place, each with how likely it is by itself.
//! Which one is right is decided over all entries of a part: see `role`.

use std::ops::Range;

use super::evidence::{self, is_place};
use super::segment::{Mark, Segment, is_remark, segments};
use super::weights::{Feature, Features, HeadingWeights, Look, Rest as Left, Weights};
use super::words::{self, Cue};
use crate::taxonomy::Taxonomy;
use crate::text::TokenList;

/// What the headings of a part are of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind<'w> {
    pub(super) is_work: bool,
    pub(super) weights: &'w Weights,
}

impl<'w> Kind<'w> {
    /// Headings of positions, or of schools.
    pub(super) fn of(is_work: bool, weights: &'w HeadingWeights) -> Self {
        Self { is_work, weights: if is_work { &weights.work } else { &weights.education } }
    }

    /// How much a text is like a title (a degree); negative where it is like an employer (a school).
    pub(super) fn weigh(self, text: &str) -> f32 {
        if self.is_work { evidence::title_likeness(text) } else { evidence::degree_likeness(text) }
    }
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
    /// From the first line that title or employer stands in to behind the last one.
    pub(super) lines: Range<usize>,
    /// What each segment is with what stands before it, four bits of each: up to sixteen segments.
    pub(super) pattern: u128,
    pub(super) score: f32,
    /// What speaks for it.
    pub(super) features: Features,
}

/// A text in a heading that a title or an employer may be, and what it is like.
struct Span {
    range: Range<usize>,
    text: String,
    looks: Vec<(Look, f32)>,
}

/// What is left of a heading beside title and employer.
#[derive(Default)]
struct Remains {
    places: Vec<String>,
    place_mark: Option<Mark>,
    features: Features,
    /// The segments that are places.
    place_segments: u16,
}

/// Every way to read a heading.
pub(super) fn readings(heading: &[String], kind: Kind<'_>) -> Vec<Reading> {
    let segments = segments(heading);
    let rests: Vec<Rest> =
        segments.iter().map(|segment| Rest::of(&heading[segment.line][segment.bytes.clone()], kind)).collect();
    let spans = spans(heading, &segments, &rests, kind);
    let mut readings = Vec::new();
    let whole = Whole { segments: &segments, heading, rests: &rests, kind };
    let is_bare = |span: &&Span| segments[span.range.start].mark != Mark::Bracket;
    for first in spans.iter().filter(is_bare) {
        readings.push(whole.reading(Some(first), None));
        readings.push(whole.reading(None, Some(first)));
        for second in spans.iter().filter(|second| second.range.start >= first.range.end) {
            // In brackets stands an employer, but no title.
            readings.push(whole.reading(Some(first), Some(second)));
            readings.extend(is_bare(&second).then(|| whole.reading(Some(second), Some(first))));
        }
    }
    if readings.is_empty() && !segments.is_empty() {
        readings.push(whole.reading(None, None));
    }
    readings
}

/// How much more a heading that names title and employer already must be worth with the line below it, for the line to belong to it.
const MORE_THAN_WHOLE: f32 = 2.0;

/// The reading of a heading that is worth the most by itself.
fn best(heading: &[String], kind: Kind<'_>) -> Option<Reading> {
    readings(heading, kind).into_iter().max_by(|a, b| a.score.total_cmp(&b.score))
}

/// Whether a heading names both title and employer.
pub(super) fn is_whole(heading: &[String], kind: Kind<'_>) -> bool {
    best(heading, kind).is_some_and(|best| best.layout.is_some())
}

/// Whether the line below a heading belongs to it: it is read as title or employer, and the heading is worth more with it.
/// `is_common`: the headings of most other entries have such a line.
pub(super) fn goes_on(heading: &[String], below: &str, kind: Kind<'_>, is_common: bool) -> bool {
    let Some(alone) = best(heading, kind) else { return true };
    let longer: Vec<String> = heading.iter().cloned().chain([below.to_owned()]).collect();
    let Some(with) = best(&longer, kind) else { return false };
    let more = if alone.layout.is_some() && !is_common { MORE_THAN_WHOLE } else { 0.0 };
    with.lines.end == heading.len() + 1 && with.score > alone.score + more
}

/// Whether a heading that lacks a title or an employer begins with the line above it.
pub(super) fn begins_with(above: &str, heading: &[String], kind: Kind<'_>) -> bool {
    let alone = best(heading, kind);
    // "Alimentos Balam, S.A. de C.V. – Umán, Yuc." has no title, whatever it is read as.
    let has_title = |alone: &Reading| alone.title.as_deref().is_some_and(|title| kind.weigh(title) > 0.0);
    if alone.as_ref().is_some_and(|alone| alone.layout.is_some() && (has_title(alone) || kind.weigh(above) <= 0.0)) {
        return false;
    }
    let longer: Vec<String> = std::iter::once(above.to_owned()).chain(heading.iter().cloned()).collect();
    let Some(with) = best(&longer, kind) else { return false };
    with.lines.start == 0 && with.layout.is_some() && alone.is_none_or(|alone| with.score > alone.score)
}

/// What a segment may be that is neither title nor employer.
struct Rest {
    is_place: bool,
    /// Whether it is a title of two letters, as well as a region: "PA".
    is_short_title: bool,
    /// Whether it may be a place that no gazetteer knows.
    may_be_place: bool,
    /// Whether it says nothing: "full-time", "110/110".
    is_remark: bool,
    /// Whether it is a part of an employer: "Institut für Geophysik".
    is_department: bool,
    /// Whether it begins small or holds digits.
    is_aside: bool,
    /// How much it is like a title; negative where it is like an employer.
    likeness: f32,
}

impl Rest {
    fn of(text: &str, kind: Kind<'_>) -> Self {
        let tokens = TokenList::of(text);
        let is_name = text.chars().next().is_some_and(char::is_uppercase);
        let has = |cue| words::has(cue, &tokens);
        let likeness = kind.weigh(text).clamp(-1.0, 1.0);
        let may_be_place = (1..=4).contains(&tokens.len())
            && is_name
            && !text.contains('&')
            && !has(Cue::LegalForm)
            && !has(Cue::Organisation)
            && !has(Cue::School)
            && words::leading(Cue::Department, &tokens) == 0
            && likeness < 0.4;
        let is_department = words::leading(Cue::Department, &tokens) > 0 && (!is_name || likeness < 0.4);
        let is_aside =
            text.chars().next().is_some_and(char::is_lowercase) || text.bytes().any(|byte| byte.is_ascii_digit());
        Self {
            is_place: is_place(text),
            is_short_title: text.len() <= 2 && !tokens.is_empty() && words::is_cue(Cue::Title, tokens.exact(0)),
            may_be_place,
            is_remark: is_remark(text, &tokens),
            is_department,
            is_aside,
            likeness,
        }
    }
}

/// A heading with what its segments may be.
struct Whole<'r> {
    segments: &'r [Segment],
    heading: &'r [String],
    rests: &'r [Rest],
    kind: Kind<'r>,
}

impl Whole<'_> {
    /// The reading that takes these spans for title and employer.
    fn reading(&self, title: Option<&Span>, organisation: Option<&Span>) -> Reading {
        let layout = title.zip(organisation).map(|(title, organisation)| {
            let is_title_first = title.range.start < organisation.range.start;
            let (first, second) = if is_title_first { (title, organisation) } else { (organisation, title) };
            (is_title_first, self.between(first, second))
        });
        let Remains { places, place_mark, mut features, place_segments } = self.rest(title, organisation);
        match title {
            Some(title) => features.extend(title.looks.iter().map(|(look, value)| (Feature::title(*look), *value))),
            None => features.push((Feature::rest(Left::NoTitle), 1.0)),
        }
        match organisation {
            Some(span) => features.extend(span.looks.iter().map(|(look, value)| (Feature::employer(*look), *value))),
            None => {
                features.push((Feature::rest(Left::NoEmployer), 1.0));
                let is_engaged = |title: &&Span| title.looks.iter().any(|(look, _)| *look == Look::Engaged);
                features.extend(title.filter(is_engaged).map(|_| (Feature::rest(Left::NoEmployerEngaged), 1.0)));
            }
        }
        features.extend(layout.map(|(is_title_first, mark)| (Feature::layout(is_title_first, mark), 1.0)));
        let text = |span: Option<&Span>| span.map(|span| span.text.clone());
        Reading {
            title: text(title),
            organisation: text(organisation),
            place: (!places.is_empty()).then(|| places.join(", ")),
            place_mark,
            layout,
            lines: self.lines(title, organisation),
            pattern: self.pattern(title, organisation, place_segments),
            score: self.kind.weights.score(&features),
            features,
        }
    }

    fn lines(&self, title: Option<&Span>, organisation: Option<&Span>) -> Range<usize> {
        let lines = || [title, organisation].into_iter().flatten().map(|span| self.segments[span.range.start].line);
        lines().min().unwrap_or(0)..lines().max().map_or(0, |last| last + 1)
    }

    /// What each segment is, with what stands before it.
    fn pattern(&self, title: Option<&Span>, organisation: Option<&Span>, places: u16) -> u128 {
        let is_within = |span: Option<&Span>, at: usize| span.is_some_and(|span| span.range.contains(&at));
        self.segments.iter().enumerate().take(16).fold(0, |pattern, (at, segment)| {
            let role = if is_within(title, at) {
                1
            } else if is_within(organisation, at) {
                2
            } else if places & (1 << at) != 0 {
                3
            } else {
                0
            };
            pattern << 8 | (role << 4 | segment.mark as u128)
        })
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
            let may_be_known = rest.is_place && (at > 0 || !rest.is_short_title);
            let is_known = may_be_known && (is_first || was_place || at + 1 == self.segments.len());
            let may_be = rest.may_be_place
                && if segment.mark == Mark::Line { between.contains(&at) } else { was_place || follows && is_first };
            let mut add = |left: Left, value: f32| remains.features.push((Feature::rest(left), value));
            if is_known || may_be {
                add(
                    match (is_known, was_place) {
                        (true, _) if at == 0 => Left::PlaceFirst,
                        (_, true) => Left::PlaceBehindPlace,
                        (true, false) => Left::Place,
                        (false, false) if segment.mark == Mark::Line => Left::MaybePlaceLine,
                        (false, false) => Left::MaybePlace,
                    },
                    1.0,
                );
                if follows {
                    add(Left::BehindEmployer, 1.0);
                } else if at > 0 && is_within(title, at - 1) {
                    add(Left::BehindTitle, 1.0);
                }
                remains.place_mark = remains.place_mark.or(follows.then_some(segment.mark));
                remains.places.push(self.heading[segment.line][segment.bytes.clone()].to_owned());
                remains.place_segments |= 1 << at.min(15);
            } else if rest.is_department && at > 0 && self.is_part(at, organisation) {
                // It stays out of the employer's name.
                add(Left::Department, 1.0);
            } else if rest.is_remark {
                add(Left::Remark, 1.0);
            } else {
                add(Left::Dropped, 1.0);
                if at == 0 {
                    add(Left::DroppedFirst, 1.0);
                } else if between.contains(&at) {
                    add(Left::DroppedBetween, 1.0);
                }
                if rest.is_aside {
                    add(Left::DroppedAside, 1.0);
                }
                add(Left::DroppedLikeTitle, rest.likeness.max(0.0));
                add(Left::DroppedLikeEmployer, (-rest.likeness).max(0.0));
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
fn spans(heading: &[String], segments: &[Segment], rests: &[Rest], kind: Kind<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for from in 0..segments.len() {
        let mut over = Over::default();
        for to in from..segments.len() {
            if to > from && !over.goes_on(segments, rests, from..to) {
                break;
            }
            let segment = &segments[from];
            let closing = usize::from(to > from && segments[to].mark == Mark::Bracket);
            let line = &heading[segment.line];
            let (start, end) = (segment.bytes.start, segments[to].bytes.end);
            // A bracket may never be closed.
            let Some(text) = line.get(start..end + closing).or_else(|| line.get(start..end)) else { continue };
            let aside = (segment.mark == Mark::Bracket && !names_firm(text)).then_some((Look::Aside, 1.0));
            if !text.chars().any(char::is_alphabetic) {
                continue;
            }
            let range = from..to + 1;
            let looks = looks(text, kind).into_iter().chain(over.looks()).chain(standing(segments, &range));
            let has_digits = line[segment.bytes.clone()].bytes().any(|byte| byte.is_ascii_digit());
            let digits = has_digits.then_some((Look::Digits, 1.0));
            let remark = rests[from].is_remark.then_some((Look::Remark, 1.0));
            spans.push(Span {
                range,
                text: text.to_owned(),
                looks: looks.chain(digits).chain(remark).chain(aside).collect(),
            });
        }
    }
    spans
}

/// What a span goes over.
#[derive(Default)]
struct Over {
    commas: u8,
    dashes: u8,
    loose: u8,
    brackets: u8,
    has_department: bool,
}

impl Over {
    /// Whether the segment behind a range may belong to the same text; counts what stands between.
    fn goes_on(&mut self, segments: &[Segment], rests: &[Rest], range: Range<usize>) -> bool {
        let to = range.end;
        let rest = &rests[to];
        if segments[to].line != segments[range.start].line {
            return false;
        }
        match segments[to].mark {
            Mark::Line | Mark::Column | Mark::At => return false,
            // "(Haro)" belongs to the name, unless it is a place.
            Mark::Bracket if rest.is_place || rest.is_remark || rest.is_department => return false,
            Mark::Bracket => self.brackets += 1,
            Mark::Comma => self.commas += 1,
            Mark::Dash => self.dashes += 1,
            Mark::Loose | Mark::Weak | Mark::Contraction => self.loose += 1,
        }
        self.has_department |= rest.is_department || rests[range.start].is_department;
        true
    }

    fn looks(&self) -> impl Iterator<Item = (Look, f32)> {
        let counts = [
            (Look::Commas, self.commas),
            (Look::Dashes, self.dashes),
            (Look::Loose, self.loose),
            (Look::Bracket, self.brackets),
            (Look::Department, u8::from(self.has_department)),
        ];
        counts.into_iter().filter(|(_, count)| *count > 0).map(|(look, count)| (look, f32::from(count)))
    }
}

/// Where a span stands.
fn standing(segments: &[Segment], range: &Range<usize>) -> impl Iterator<Item = (Look, f32)> + use<> {
    let mark = segments[range.start].mark;
    let begins = range.start == 0 || segments[range.start - 1].line != segments[range.start].line;
    let ends = segments.get(range.end).is_none_or(|next| next.line != segments[range.start].line);
    let looks = [
        (Look::BehindAt, mark == Mark::At),
        (Look::BehindWeak, matches!(mark, Mark::Weak | Mark::Contraction)),
        (Look::First, range.start == 0),
        (Look::BeginsLine, begins),
        (Look::OwnLine, begins && ends),
    ];
    looks.into_iter().filter(|(_, holds)| *holds).map(|(look, _)| (look, 1.0))
}

/// Whether what stands in brackets names an employer: with a word of such names, or with several words that no occupation has.
fn names_firm(text: &str) -> bool {
    let tokens = TokenList::of(text);
    let has = |cue| words::has(cue, &tokens);
    has(Cue::Organisation)
        || has(Cue::LegalForm)
        || has(Cue::School)
        || tokens.len() > 1 && Taxonomy::built_in().strange_share(&tokens) >= 0.5
}

/// Whether a text lists names whose last two are joined: "Villavicencio, Quispe & Rehder".
fn are_partners(text: &str) -> bool {
    let Some((_, last)) = text.rsplit_once(", ") else { return false };
    [" & ", " y ", " e ", " und ", " and ", " et ", " en ", " și "].into_iter().any(|joint| {
        last.split_once(joint).is_some_and(|(first, second)| {
            first.starts_with(char::is_uppercase) && second.starts_with(char::is_uppercase) && !second.contains(", ")
        })
    })
}

/// What a text is like by itself.
fn looks(text: &str, kind: Kind<'_>) -> Vec<(Look, f32)> {
    let tokens = TokenList::of(text);
    let letters = || text.chars().filter(|letter| letter.is_alphabetic());
    let is_title = |at: usize| words::is_title_word(tokens.exact(at));
    let last = tokens.len().saturating_sub(1);
    let at_edge = !tokens.is_empty() && (is_title(0) || is_title(last));
    let has = |cue| words::has(cue, &tokens);
    let leads_degree = words::leading(Cue::Degree, &tokens) > 0;
    let holding = [
        (Look::Single, tokens.len() <= 1),
        (Look::Long, tokens.len() > 6),
        (Look::BeginsSmall, text.chars().next().is_some_and(char::is_lowercase)),
        (Look::Capitals, letters().count() > 3 && letters().all(char::is_uppercase)),
        (Look::TitleAtEdge, at_edge),
        (Look::TitleWithin, !at_edge && (0..tokens.len()).any(is_title)),
        (Look::LegalForm, has(Cue::LegalForm)),
        (Look::OrganisationWord, has(Cue::Organisation)),
        (Look::SchoolWord, has(Cue::School)),
        (Look::Degree, leads_degree),
        (Look::DegreeWithin, !leads_degree && has(Cue::Degree)),
        (Look::Quoted, text.contains(['&', '"', '“', '«', '„'])),
        (Look::Place, is_place(text)),
        (Look::Engaged, has(Cue::Engagement)),
        (Look::Partners, are_partners(text)),
    ];
    let holding = holding.into_iter().filter(|(_, holds)| *holds).map(|(look, _)| (look, 1.0));
    let shares = [
        (Look::Likeness, kind.weigh(text).clamp(-1.0, 1.0)),
        (Look::Strange, Taxonomy::built_in().strange_share(&tokens)),
        (Look::Names, evidence::capital_share(text)),
    ];
    shares.into_iter().chain(holding).collect()
}
