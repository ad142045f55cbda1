//! People of a list, one card each.
//!
//! Input: hits. Output: cards with who they are, where the query matches, why they rank, and how they can be reached. Invariant: in blind mode
//! no word of the name is on a card.

use maud::{Markup, html};

use super::{
    blind::Mask,
    language::Language,
    pictures,
    view::{View, candidate_path},
    words,
};
use crate::{
    candidate::Grade,
    search::{Card, EvidenceItem, Explanation, Hit, Matched},
};

/// Matches that are shown of one person.
const MAX_MATCHES: usize = 4;

/// Characters around the matches of a long text.
const MATCH_CHARS: usize = 160;

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
                div.who {
                    h3 { a href=(self.view.url(&candidate_path(&hit.id))) data-open { (self.name(&hit.card)) } }
                    (self.pick(&hit.id))
                }
                @if let Some(headline) = &hit.card.headline { p.headline dir="auto" { (mask.hide(headline)) } }
                (self.facts(&hit.card, &mask))
                p.badges {
                    @if is_open(hit) { span.badge.good { (texts.open) } }
                    @if hit.semantic_only { span.badge { (texts.by_meaning) } }
                    @if hit.unknown { span.badge { (texts.unknown) } }
                }
                (self.matches(&hit.matched, &mask))
                (told)
                @if let Some(explanation) = &hit.explanation {
                    p.reach { (self.reach(explanation)) }
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

    /// The name; in blind mode, or where there is none, what stands for it.
    pub(super) fn name<'c>(&self, card: &'c Card) -> &'c str {
        let texts = self.language.of(&TEXTS);
        match card.name.as_deref().filter(|name| !name.trim().is_empty()) {
            _ if self.view.is_blind => texts.hidden,
            Some(name) => name,
            None => texts.nameless,
        }
    }

    /// The link that picks a person for the shortlist, or no longer.
    fn pick(&self, id: &str) -> Markup {
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
                    li dir="auto" {
                        @if let Some(title) = &current.title { strong { (mask.hide(title)) } }
                        @if let Some(company) = &current.company { " " (texts.at) " " (mask.hide(company)) }
                        @if let Some(since) = &current.since { span.quiet { " " (texts.since) " " (since) } }
                        @if current.parsed { " " span.quiet { "(" (texts.parsed) ")" } }
                    }
                }
                @if let Some(place) = place {
                    li {
                        (place)
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
                            dd dir="auto" { (marked(value, &spans_of(matched, &value.path), mask)) }
                        }
                    }
                }
            }
        }
    }

    /// How the person can be reached, in a line.
    fn reach(&self, explanation: &Explanation) -> Markup {
        let texts = self.language.of(&TEXTS);
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
            @match last {
                Some(at) => { (texts.active) " " (words::ago(self.as_of.as_second() - at.as_second(), self.language)) }
                None => { (texts.activity_unknown) }
            }
            @for reason in told { span lang="en" { " · " (reason) } }
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
                        " " span lang="en" { (mask.hide(&signal.reason)) }
                    }
                }
            }
            @if !explanation.evidence.is_empty() {
                h4 { (texts.evidence) }
                ul { @for item in &explanation.evidence { li { (self.evidence(item)) } } }
            }
            @if !explanation.activity.components.is_empty() {
                details {
                    summary { (words::signal("activity", language)) }
                    ul {
                        @for component in &explanation.activity.components {
                            li {
                                (words::component(&component.name, language)) " " (language.decimal(component.value, 2)) " "
                                span.quiet lang="en" { (component.reason) }
                            }
                        }
                    }
                }
            }
            @if !explanation.notes.is_empty() {
                ul.notes lang="en" { @for note in &explanation.notes { li { (note) } } }
            }
        }
    }

    /// One skill and what supports it.
    pub(super) fn evidence(&self, item: &EvidenceItem) -> Markup {
        let texts = self.language.of(&TEXTS);
        let grade = texts.grades.iter().find(|(grade, _)| *grade == item.grade).map_or("", |(_, told)| told);
        html! {
            strong dir="auto" { (item.skill) } ": " (grade)
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

fn is_open(hit: &Hit) -> bool {
    let mut components = hit.explanation.iter().flat_map(|explanation| &explanation.activity.components);
    components.any(|component| component.name == "openness" && !component.unknown && component.value >= 1.0)
}

/// All spans of the matches in one value, in order, none within another.
fn spans_of(matched: &[Matched], path: &str) -> Vec<[usize; 2]> {
    let mut spans: Vec<[usize; 2]> =
        matched.iter().filter(|value| value.path == path).flat_map(|value| value.spans.iter().copied()).collect();
    spans.sort_unstable();
    spans.dedup_by(|next, before| {
        let is_within = next[0] < before[1];
        if is_within {
            before[1] = before[1].max(next[1]);
        }
        is_within
    });
    spans
}

/// A value with its matches marked; of a long one what stands around the first.
fn marked(value: &Matched, spans: &[[usize; 2]], mask: &Mask) -> Markup {
    let letters: Vec<char> = mask.hide(&value.text).chars().collect();
    let within = |at: usize| at.saturating_sub(value.text_offset).min(letters.len());
    let first = spans.first().map_or(0, |span| within(span[0]));
    let from = if letters.len() > MATCH_CHARS { first.saturating_sub(MATCH_CHARS / 4) } else { 0 };
    let to = (from + MATCH_CHARS).min(letters.len());
    let text = |from: usize, to: usize| letters[from..to].iter().collect::<String>();
    let mut pieces: Vec<(String, bool)> = Vec::new();
    let mut at = from;
    for span in spans {
        let span = [within(span[0]).clamp(at, to), within(span[1]).min(to)];
        if span[0] < span[1] {
            pieces.push((text(at, span[0]), false));
            pieces.push((text(span[0], span[1]), true));
            at = span[1];
        }
    }
    pieces.push((text(at, to), false));
    html! {
        @if from + value.text_offset > 0 { "… " }
        @for (text, is_match) in pieces { @if is_match { mark { (text) } } @else { (text) } }
        @if to < letters.len() { " …" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(text: &str, spans: &[[usize; 2]]) -> String {
        let value = Matched { clause: 0, path: "/x".into(), text: text.into(), spans: spans.to_vec(), text_offset: 0 };
        let spans = spans_of(std::slice::from_ref(&value), "/x");
        marked(&value, &spans, &Mask::default()).into_string()
    }

    #[test]
    fn matches_are_marked_by_letters_not_bytes() {
        assert_eq!(matched("Köln: Rust & Go", &[[6, 10], [13, 15]]), "Köln: <mark>Rust</mark> &amp; <mark>Go</mark>");
        assert_eq!(matched("abc", &[[0, 2], [1, 3]]), "<mark>abc</mark>");
        assert_eq!(matched("abc", &[[2, 90], [95, 99]]), "ab<mark>c</mark>");
        assert_eq!(matched("<b>", &[]), "&lt;b&gt;");
    }

    #[test]
    fn a_long_text_is_cut_around_its_first_match() {
        let text = format!("{}needle{}", "hay ".repeat(100), " hay".repeat(100));
        let shown = matched(&text, &[[400, 406]]);
        assert!(shown.starts_with("… ") && shown.ends_with(" …") && shown.contains("<mark>needle</mark>"), "{shown}");
        assert!(shown.chars().count() < MATCH_CHARS + 40);
    }
}
