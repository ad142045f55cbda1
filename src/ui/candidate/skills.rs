//! Skills, each with what supports it.
//!
//! Input: the profile. Output: supported skills with grade, months and the entries that name them, then those that are only listed. Invariant: a
//! link leads to an entry of this page.

use maud::{Markup, html};

use super::person::{Person, told};
use crate::{
    candidate::{EvidencePlace, Grade, skill_evidence, text_values},
    search::EvidenceItem,
    ui::{marks, words},
};

/// Entries that are named of one skill.
const MAX_PLACES: usize = 6;

/// Letters of an entry's name.
const PLACE_CHARS: usize = 60;

struct Texts {
    title: &'static str,
    none: &'static str,
    grades: [(Grade, &'static str); 3],
    in_use: &'static str,
    last_used: &'static str,
    seen_in: &'static str,
    more: &'static str,
    kinds: [(&'static str, &'static str); 4],
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Skills and evidence",
        none: "No skills are listed.",
        grades: [(Grade::Proven, "Proven"), (Grade::Used, "Used"), (Grade::Listed, "Only listed")],
        in_use: "in use now",
        last_used: "last used",
        seen_in: "named in",
        more: "and others:",
        kinds: [
            ("position", "position"),
            ("project", "project"),
            ("publication", "publication"),
            ("certificate", "certificate"),
        ],
    },
    Texts {
        title: "Competenze e prove",
        none: "Nessuna competenza elencata.",
        grades: [(Grade::Proven, "Comprovate"), (Grade::Used, "Usate"), (Grade::Listed, "Solo elencate")],
        in_use: "in uso ora",
        last_used: "ultimo uso",
        seen_in: "citata in",
        more: "e altri:",
        kinds: [
            ("position", "esperienza"),
            ("project", "progetto"),
            ("publication", "pubblicazione"),
            ("certificate", "certificato"),
        ],
    },
];

/// The skills of a person.
pub(super) fn skills(person: &Person<'_>) -> Markup {
    let texts = person.language.of(&TEXTS);
    let values = text_values(person.candidate, person.timeline);
    let evidence = skill_evidence(person.candidate, person.timeline, &values, |_| true);
    let mut items: Vec<(EvidenceItem, String)> =
        evidence.iter().map(|skill| (EvidenceItem::of(skill, person.month()), skill.pointer.clone())).collect();
    items.sort_by_key(|(item, _)| std::cmp::Reverse((item.grade, item.months)));
    let of = |grade: Grade| items.iter().filter(move |(item, _)| item.grade == grade);
    html! {
        section.panel-box #skills aria-labelledby="skills-title" {
            h2 #skills-title { (texts.title) " " (person.provenance(person.candidate.profile.parsed.skills, "/skills")) }
            @if items.is_empty() { p.quiet { (texts.none) } }
            @for (grade, name) in texts.grades.iter().filter(|(grade, _)| of(*grade).next().is_some()) {
                h3 { (name) }
                @if *grade == Grade::Listed {
                    p.listed { @for (item, pointer) in of(*grade) { span.badge dir="auto" { (named(person, item, pointer)) } " " } }
                } @else {
                    ul.evidence { @for (item, pointer) in of(*grade) { li { (supported(person, item, pointer)) } } }
                }
            }
        }
    }
}

/// The skill as written. The text of evidence has no contacts already.
fn named(person: &Person<'_>, item: &EvidenceItem, pointer: &str) -> Markup {
    marks::whole(&person.mask.hide(&item.skill), &marks::spans_of(person.matched, pointer))
}

fn supported(person: &Person<'_>, item: &EvidenceItem, pointer: &str) -> Markup {
    let texts = person.language.of(&TEXTS);
    html! {
        strong dir="auto" { (named(person, item, pointer)) }
        @if let Some(months) = item.months { " · " (words::duration(months, person.language)) }
        @match item.last_used.as_deref() {
            Some("now") => { ", " (texts.in_use) }
            Some(month) => { ", " (texts.last_used) " " (month) }
            None => {}
        }
        br;
        span.quiet {
            (texts.seen_in)
            @for (at, place) in item.places.iter().take(MAX_PLACES).enumerate() {
                (if at == 0 { " " } else { ", " })
                a href=(format!("#{}", anchor(place))) dir="auto" { (entry(person, place)) }
            }
            @if item.places.len() > MAX_PLACES { " " (texts.more) " " (item.places.len() - MAX_PLACES) }
        }
    }
}

/// The id of an entry on the page.
fn anchor(place: &EvidencePlace) -> String {
    format!("{}-{}", place.kind, index(place))
}

fn index(place: &EvidencePlace) -> &str {
    place.pointer.rsplit('/').next().unwrap_or_default()
}

/// What an entry is called; its kind where it has no name.
fn entry(person: &Person<'_>, place: &EvidencePlace) -> String {
    let (texts, profile) = (person.language.of(&TEXTS), &person.candidate.profile);
    let is_it = |index_in: usize| index(place) == index_in.to_string();
    let name = match place.kind {
        "position" => profile.positions.iter().find(|position| is_it(position.index)).and_then(|position| {
            let parts: Vec<&str> = [told(&position.title), told(&position.company)].into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(" · "))
        }),
        "certificate" => {
            let found = profile.certificates.iter().find(|certificate| is_it(certificate.index));
            found.and_then(|certificate| told(&certificate.name)).map(str::to_owned)
        }
        _ => {
            let found = profile.projects.iter().find(|project| project.pointer == place.pointer);
            found.and_then(|project| told(&project.name)).map(str::to_owned)
        }
    };
    let kind =
        || texts.kinds.iter().find(|(kind, _)| *kind == place.kind).map_or(place.kind, |(_, told)| told).to_owned();
    name.map_or_else(kind, |name| words::cut(&person.plain(&name), PLACE_CHARS))
}
