//! The career: a drawing of it, and its positions in words.
//!
//! Input: the positions and the education of a person. Output: bars over the years, and a list that says the same and more, the latest first.
//! Invariant: gaps are neither drawn nor told.

use maud::{Markup, html};

use super::person::{Person, date, pointer, told};
use crate::{
    candidate::{Education, Month, Position},
    ui::{
        pictures::{self, Bar, End, Kind},
        words,
    },
};

/// Bars of each kind that are drawn; the list has all.
const MAX_BARS: usize = 24;

struct Texts {
    title: &'static str,
    drawn: &'static str,
    positions: (&'static str, &'static str),
    education: (&'static str, &'static str),
    below: &'static str,
    latest: &'static str,
    keys: [(&'static str, &'static str); 4],
    nothing: &'static str,
    untitled: &'static str,
    now: &'static str,
    undated: &'static str,
    to: &'static str,
    unknown_start: &'static str,
    unknown_end: &'static str,
    counted_to: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Career",
        drawn: "Career over the years",
        positions: ("position", "positions"),
        education: ("time of education", "times of education"),
        below: "the lists below tell each with its dates",
        latest: "Only the latest are drawn.",
        keys: [
            ("held", "position"),
            ("current", "current position"),
            ("learnt", "education"),
            ("held unclear", "start or end unknown"),
        ],
        nothing: "No positions are known.",
        untitled: "Position without a title",
        now: "now",
        undated: "no dates given",
        to: "to",
        unknown_start: "start unknown",
        unknown_end: "end unknown",
        counted_to: "counted to",
    },
    Texts {
        title: "Carriera",
        drawn: "La carriera negli anni",
        positions: ("esperienza", "esperienze"),
        education: ("periodo di formazione", "periodi di formazione"),
        below: "gli elenchi sotto le riportano con le date",
        latest: "Sono disegnate solo le più recenti.",
        keys: [
            ("held", "esperienza"),
            ("current", "ruolo attuale"),
            ("learnt", "formazione"),
            ("held unclear", "inizio o fine ignoti"),
        ],
        nothing: "Non si conoscono esperienze.",
        untitled: "Esperienza senza titolo",
        now: "oggi",
        undated: "senza date",
        to: "fino al",
        unknown_start: "inizio ignoto",
        unknown_end: "fine ignota",
        counted_to: "contata fino al",
    },
];

/// The career of a person.
pub(super) struct Career<'a>(pub(super) &'a Person<'a>);

impl Career<'_> {
    pub(super) fn html(&self) -> Markup {
        let texts = self.0.language.of(&TEXTS);
        let positions = &self.0.candidate.profile.positions;
        html! {
            section.panel-box #career aria-labelledby="career-title" {
                h2 #career-title { (texts.title) }
                (self.picture())
                @if positions.is_empty() { p.quiet { (texts.nothing) } }
                ol.positions { @for at in self.in_order() { (self.position(at, &positions[at])) } }
            }
        }
    }

    /// The positions by their place in the profile: the current one, then the latest start first; those without one as they stand.
    fn in_order(&self) -> Vec<usize> {
        let timeline = self.0.timeline;
        let mut order: Vec<usize> = (0..self.0.candidate.profile.positions.len()).collect();
        order.sort_by_key(|at| {
            std::cmp::Reverse((timeline.current() == Some(*at), timeline.start_of(*at), timeline.end_of(*at).map(last)))
        });
        order
    }

    fn picture(&self) -> Markup {
        let (texts, profile) = (self.0.language.of(&TEXTS), &self.0.candidate.profile);
        let positions = self.in_order().into_iter().map(|at| self.bar(at, &profile.positions[at]));
        let mut bars: Vec<Bar> = positions.take(MAX_BARS).collect();
        let mut learnt: Vec<Bar> = profile.education.iter().map(|entry| self.learnt(entry)).collect();
        learnt.sort_by_key(|bar| std::cmp::Reverse(bar.start));
        bars.extend(learnt.into_iter().take(MAX_BARS));
        let count =
            |number: usize, (one, many): (&str, &str)| format!("{number} {}", if number == 1 { one } else { many });
        let positions = count(profile.positions.len(), texts.positions);
        let education = count(profile.education.len(), texts.education);
        let told = format!("{}: {positions}, {education}; {}", texts.drawn, texts.below);
        let drawn = pictures::career(&bars, self.0.month(), &told);
        let keys = texts.keys.iter().filter(|(class, _)| drawn.0.contains(&format!("class=\"{class}\"")));
        html! {
            @if !drawn.0.is_empty() {
                figure {
                    div.scroll tabindex="0" role="group" aria-label=(texts.drawn) { (drawn) }
                    figcaption.quiet {
                        @for (class, name) in keys {
                            span.legend {
                                svg.key viewBox="0 0 8 8" aria-hidden="true" { rect class=(class) y="1" width="8" height="6" {} }
                                (name)
                            }
                        }
                        @if profile.positions.len().max(profile.education.len()) > MAX_BARS { " " (texts.latest) }
                    }
                }
            }
        }
    }

    fn bar(&self, at: usize, position: &Position) -> Bar {
        let (timeline, texts) = (self.0.timeline, self.0.language.of(&TEXTS));
        let parts: Vec<&str> = [told(&position.title), told(&position.company)].into_iter().flatten().collect();
        let label = if parts.is_empty() { texts.untitled.to_owned() } else { self.0.plain(&parts.join(" · ")) };
        let end = match (timeline.end_of(at), position.end) {
            (Some(Some(month)), None) => End::Counted(month),
            (Some(Some(month)), Some(_)) => End::At(month),
            (Some(None), _) => End::Open,
            (None, Some(end)) => End::At(end.month_after()),
            (None, None) => End::Unknown,
        };
        let kind = if timeline.current() == Some(at) { Kind::Current } else { Kind::Position };
        Bar { label, kind, start: timeline.start_of(at), end }
    }

    fn learnt(&self, entry: &Education) -> Bar {
        let parts = [told(&entry.degree), told(&entry.area), told(&entry.institution)];
        let label = self.0.plain(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
        let start = entry.start.map(|start| start.first_month());
        let end = entry.end.map_or(End::Unknown, |end| End::At(end.month_after()));
        Bar { label, kind: Kind::Education, start, end }
    }

    fn position(&self, at: usize, position: &Position) -> Markup {
        let (person, texts) = (self.0, self.0.language.of(&TEXTS));
        let is_parsed = person.candidate.profile.parsed.positions;
        let pointer = pointer(is_parsed, &format!("/work/{}", position.index));
        let shown = |member: &str, text: &str| html! { span dir="auto" { (person.member(&pointer, member, text)) } };
        let facts = [
            ("name", told(&position.company)),
            ("location", told(&position.location)),
            ("industry", told(&position.industry)),
        ];
        html! {
            li #(format!("position-{}", position.index)) {
                h3 dir="auto" {
                    @match told(&position.title) {
                        Some(title) => (person.member(&pointer, "position", title)),
                        None => (texts.untitled),
                    }
                }
                ul.facts { @for (member, fact) in facts { @if let Some(fact) = fact { li { (shown(member, fact)) } } } }
                p.quiet {
                    (self.dates(at, position)) " "
                    (person.provenance(is_parsed, &format!("/work/{}", position.index)))
                }
                @for (member, text) in [("description", &position.description), ("summary", &position.summary)] {
                    @if let Some(text) = told(text) { p.prose dir="auto" { (person.member(&pointer, member, text)) } }
                }
                (highlights(person, &pointer, &position.highlights))
            }
        }
    }

    /// From when to when, and how long.
    fn dates(&self, at: usize, position: &Position) -> Markup {
        let (timeline, texts) = (self.0.timeline, self.0.language.of(&TEXTS));
        let months = timeline.experience_in(|other| other == at).map(|held| held.months_at(self.0.month()));
        html! {
            @match (position.start, position.end) {
                (Some(start), Some(end)) => { (date(start)) " – " (date(end)) }
                (Some(start), None) => {
                    (date(start)) " – "
                    @match timeline.end_of(at).flatten() {
                        Some(month) => { (texts.unknown_end) ", " (texts.counted_to) " " (Month(month.0 - 1)) }
                        None => (texts.now),
                    }
                }
                (None, Some(end)) => { (texts.to) " " (date(end)) ", " (texts.unknown_start) }
                (None, None) => (texts.undated),
            }
            @if let Some(months) = months { " · " (words::duration(months, self.0.language)) }
        }
    }
}

/// The last month of a bar, an open one last of all.
fn last(end: Option<Month>) -> Month {
    end.unwrap_or(Month(i32::MAX))
}

/// Highlights of an entry.
pub(super) fn highlights(person: &Person<'_>, pointer: &str, highlights: &[String]) -> Markup {
    html! {
        @if !highlights.is_empty() {
            ul {
                @for (line, text) in highlights.iter().enumerate() {
                    li dir="auto" { (person.member(pointer, &format!("highlights/{line}"), text)) }
                }
            }
        }
    }
}
