//! People of a list, one card each.
//!
//! Input: hits. Output: cards with who they are, where the query matches, why they rank, and how they can be reached. Invariant: in blind mode
//! no word of the name is on a card.

use maud::{Markup, html};

use super::{
    blind::Mask,
    language::Language,
    marks, pictures,
    view::{View, candidate_path},
    words,
};
use crate::{
    candidate::Grade,
    search::{Card, EvidenceItem, Explanation, Hit, Matched},
};

/// Matches that are shown of one person.
const MAX_MATCHES: usize = 4;

/// Letters of a name that are shown: no name is longer.
const NAME_CHARS: usize = 200;

/// Letters of a headline, a title, an employer or a place.
const LINE_CHARS: usize = 300;

struct Texts {
    nameless: &'static str,
    hidden: &'static str,
    at: &'static str,
    since: &'static str,
    years: (&'static str, &'static str),
    parsed: &'static str,
    by_meaning: &'static str,
    unknown: &'static str,
    pick: &'static str,
    unpick: &'static str,
    why: &'static str,
    active: &'static str,
    activity_unknown: &'static str,
    score: &'static str,
    km: &'static str,
    open: &'static str,
    evidence: &'static str,
    months: (&'static str, &'static str),
    in_use: &'static str,
    last_used: &'static str,
    grades: [(Grade, &'static str); 3],
}

const TEXTS: [Texts; 2] = [
    Texts {
        nameless: "No name given",
        hidden: "Name hidden",
        at: "at",
        since: "since",
        years: ("year", "years"),
        parsed: "read from the CV",
        by_meaning: "by meaning only",
        unknown: "partly unknown",
        pick: "Add to shortlist",
        unpick: "On the shortlist: remove",
        why: "Why this rank",
        active: "Active",
        activity_unknown: "nothing is known of their activity",
        score: "Score",
        km: "km away",
        open: "Open to work",
        evidence: "Evidence",
        months: ("month", "months"),
        in_use: "in use now",
        last_used: "last used",
        grades: [(Grade::Listed, "only listed"), (Grade::Used, "used in a position"), (Grade::Proven, "proven")],
    },
    Texts {
        nameless: "Senza nome",
        hidden: "Nome nascosto",
        at: "presso",
        since: "dal",
        years: ("anno", "anni"),
        parsed: "letto dal CV",
        by_meaning: "solo per significato",
        unknown: "in parte ignoto",
        pick: "Aggiungi alla rosa",
        unpick: "Nella rosa: togli",
        why: "Perché questo posto",
        active: "Attività:",
        activity_unknown: "della sua attività non si sa nulla",
        score: "Punteggio",
        km: "km di distanza",
        open: "Disponibile",
        evidence: "Prove",
        months: ("mese", "mesi"),
        in_use: "in uso ora",
        last_used: "ultimo uso",
        grades: [(Grade::Listed, "solo elencata"), (Grade::Used, "usata in un ruolo"), (Grade::Proven, "comprovata")],
    },
];

/// What cards hang on beside the people.
pub(super) struct Cards<'a> {
    pub(super) language: Language,
    /// The view of the page, which links keep.
    pub(super) view: &'a View,
    /// The path of the page.
    pub(super) path: &'a str,
    /// What the page has in its address beside the view.
    pub(super) more: &'a [(String, String)],
    /// The instant that counted as now.
    pub(super) as_of: jiff::Timestamp,
}

impl Cards<'_> {
    /// The card of a hit, as an item of a list.
    pub(super) fn card(&self, hit: &Hit) -> Markup {
        self.card_with(hit, &html! {})
    }

    /// The same with something that the page alone knows of the person.
    pub(super) fn card_with(&self, hit: &Hit, told: &Markup) -> Markup {
        let texts = self.language.of(&TEXTS);
        let mask = Mask::of(hit.card.name.as_deref(), self.view.is_blind);
        html! {
            li.card #(format!("c-{}", hit.id)) data-card tabindex="-1" {
                (self.who(hit, &mask))
                p.badges {
                    @if is_open(hit) { (self.open_badge()) }
                    @if hit.semantic_only { span.badge { (texts.by_meaning) } }
                    @if hit.unknown { span.badge { (texts.unknown) } }
                }
                (self.matches(&hit.matched, &mask))
                (told)
                @if let Some(explanation) = &hit.explanation {
                    p.reach { (self.reach(explanation, &mask)) }
                    div.score {
                        span.value { (texts.score) " " (self.language.decimal(hit.score, 2)) }
                        (pictures::contributions(explanation, hit.score, self.language))
                    }
                    details.why {
                        summary { (texts.why) }
                        (self.reasons(explanation, &mask))
                    }
                }
            }
        }
    }

    /// Who it is, and the link that picks them.
    fn who(&self, hit: &Hit, mask: &Mask) -> Markup {
        html! {
            div.who {
                h3 dir="auto" { a href=(self.view.url(&candidate_path(&hit.id))) data-open { (self.name(&hit.card)) } }
                (self.pick(&hit.id))
            }
            @if let Some(headline) = &hit.card.headline { p.headline dir="auto" { (shown(headline, mask)) } }
            (self.facts(&hit.card, mask))
        }
    }

    /// The same in short: who it is, and the link that picks them.
    pub(super) fn compact(&self, hit: &Hit) -> Markup {
        let mask = Mask::of(hit.card.name.as_deref(), self.view.is_blind);
        html! {
            li.card #(format!("c-{}", hit.id)) data-card tabindex="-1" {
                (self.who(hit, &mask))
            }
        }
    }

    /// The name; in blind mode, or where there is none, what stands for it.
    pub(super) fn name(&self, card: &Card) -> String {
        let texts = self.language.of(&TEXTS);
        match card.name.as_deref().filter(|name| !words::is_blank(name)) {
            _ if self.view.is_blind => texts.hidden.to_owned(),
            Some(name) => words::cut(name, NAME_CHARS),
            None => texts.nameless.to_owned(),
        }
    }

    /// The link that picks a person for the shortlist, or no longer.
    pub(super) fn pick(&self, id: &str) -> Markup {
        let texts = self.language.of(&TEXTS);
        let is_picked = self.view.picked.iter().any(|picked| picked == id);
        let address = format!("{}#c-{id}", self.view.with_pick_toggled(id).url_with(self.path, self.more));
        html! {
            a.pick.is-picked[is_picked] href=(address) data-pick data-swap {
                (if is_picked { texts.unpick } else { texts.pick })
            }
        }
    }

    /// Position, place and years.
    pub(super) fn facts(&self, card: &Card, mask: &Mask) -> Markup {
        let (language, texts) = (self.language, self.language.of(&TEXTS));
        let place = card.place.as_ref().map(|place| place.name.clone()).or_else(|| {
            let parts: Vec<&str> = [&card.city, &card.country_code].into_iter().flatten().map(String::as_str).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        });
        html! {
            ul.facts {
                @if let Some(current) = &card.current {
                    li {
                        @if let Some(title) = &current.title { strong dir="auto" { (shown(title, mask)) } }
                        @if let Some(company) = current.company.as_ref().filter(|company| !words::is_blank(company)) {
                            " " (texts.at) " " span dir="auto" { (shown(company, mask)) }
                        }
                        @if let Some(since) = &current.since { span.quiet { " " (texts.since) " " (since) } }
                        @if current.parsed { " " span.quiet { "(" (texts.parsed) ")" } }
                    }
                }
                @if let Some(place) = place {
                    li {
                        span dir="auto" { (shown(&place, mask)) }
                        @if let Some(km) = card.place.as_ref().and_then(|place| place.distance_km) {
                            span.quiet { " · " (language.decimal(km, 0)) " " (texts.km) }
                        }
                    }
                }
                @if let Some(years) = card.years {
                    li { (language.decimal(years, 1)) " " (if years == 1.0 { texts.years.0 } else { texts.years.1 }) }
                }
            }
        }
    }

    fn matches(&self, matched: &[Matched], mask: &Mask) -> Markup {
        let mut shown: Vec<&Matched> = Vec::with_capacity(MAX_MATCHES);
        for value in matched.iter().filter(|value| !(self.view.is_blind && value.path.ends_with("/basics/name"))) {
            if shown.len() < MAX_MATCHES && !shown.iter().any(|known| known.path == value.path) {
                shown.push(value);
            }
        }
        html! {
            @if !shown.is_empty() {
                dl.matches {
                    @for value in shown {
                        div {
                            dt { (words::place_in_profile(&value.path, self.language)) }
                            dd dir="auto" { (marks::excerpt(value, &marks::spans_of(matched, &value.path), mask)) }
                        }
                    }
                }
            }
        }
    }

    /// That the person is open to work.
    pub(super) fn open_badge(&self) -> Markup {
        html! { span.badge.good { (self.language.of(&TEXTS).open) } }
    }

    /// When the person did something last, in Unix seconds, in words.
    pub(super) fn last_active(&self, at: Option<i64>) -> Markup {
        let texts = self.language.of(&TEXTS);
        html! {
            @match at {
                Some(at) => { (texts.active) " " (words::ago(self.as_of.as_second() - at, self.language)) }
                None => { (texts.activity_unknown) }
            }
        }
    }

    /// How the person can be reached, in a line.
    fn reach(&self, explanation: &Explanation, mask: &Mask) -> Markup {
        let last = explanation.activity.last_active.as_deref().and_then(|at| at.parse::<jiff::Timestamp>().ok());
        let told: Vec<&str> = explanation
            .activity
            .components
            .iter()
            .filter(|component| {
                !component.unknown && ["responsiveness", "contactPressure"].contains(&component.name.as_str())
            })
            .map(|component| component.reason.as_str())
            .collect();
        html! {
            (self.last_active(last.map(jiff::Timestamp::as_second)))
            @for reason in told { span lang="en" dir="auto" { " · " (mask.hide(reason)) } }
        }
    }

    /// The signals with their reasons, the evidence of skills, and what else is worth knowing.
    pub(super) fn reasons(&self, explanation: &Explanation, mask: &Mask) -> Markup {
        let (language, texts) = (self.language, self.language.of(&TEXTS));
        html! {
            ul.signals {
                @for signal in &explanation.signals {
                    li {
                        svg.key viewBox="0 0 8 8" aria-hidden="true" { rect class=(format!("s-{}", signal.name)) width="8" height="8" {} }
                        strong { (words::signal(&signal.name, language)) " " (language.decimal(signal.contribution, 3)) }
                        " " span lang="en" dir="auto" { (mask.hide(&signal.reason)) }
                    }
                }
            }
            @if !explanation.evidence.is_empty() {
                h4 { (texts.evidence) }
                ul { @for item in &explanation.evidence { li { (self.evidence(item, mask)) } } }
            }
            @if !explanation.activity.components.is_empty() {
                details {
                    summary { (words::signal("activity", language)) }
                    ul {
                        @for component in &explanation.activity.components {
                            li {
                                (words::component(&component.name, language)) " " (language.decimal(component.value, 2)) " "
                                span.quiet lang="en" dir="auto" { (mask.hide(&component.reason)) }
                            }
                        }
                    }
                }
            }
            @if !explanation.notes.is_empty() {
                ul.notes lang="en" { @for note in &explanation.notes { li dir="auto" { (mask.hide(note)) } } }
            }
        }
    }

    /// One skill and what supports it.
    pub(super) fn evidence(&self, item: &EvidenceItem, mask: &Mask) -> Markup {
        let texts = self.language.of(&TEXTS);
        let grade = texts.grades.iter().find(|(grade, _)| *grade == item.grade).map_or("", |(_, told)| told);
        html! {
            strong dir="auto" { (mask.hide(&item.skill)) } ": " (grade)
            @if let Some(months) = item.months {
                ", " (months) " " (if months == 1 { texts.months.0 } else { texts.months.1 })
            }
            @match item.last_used.as_deref() {
                Some("now") => { ", " (texts.in_use) }
                Some(month) => { ", " (texts.last_used) " " (month) }
                None => {}
            }
        }
    }
}

/// A line of a person as a card has room for it.
fn shown(text: &str, mask: &Mask) -> String {
    words::cut(&mask.hide(text), LINE_CHARS)
}

fn is_open(hit: &Hit) -> bool {
    let mut components = hit.explanation.iter().flat_map(|explanation| &explanation.activity.components);
    components.any(|component| component.name == "openness" && !component.unknown && component.value >= 1.0)
}
