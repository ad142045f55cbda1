//! Who the person is, and what can be done with them.

use maud::{Markup, html};

use super::person::{Person, day, pointer, told};
use crate::{
    activity::Openness,
    candidate::OpenToWork,
    search::Card,
    store::StoredEvent,
    ui::{cards::Cards, stored_activity, view::View},
};

struct Texts {
    back: &'static str,
    similar: &'static str,
    blind_on: &'static str,
    blind_off: &'static str,
    open: &'static str,
    not_looking: &'static str,
    do_not_contact: &'static str,
    wishes: &'static str,
    remote: &'static str,
    on_site: &'static str,
    since: &'static str,
    until: &'static str,
    summary: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        back: "Back to the search",
        similar: "Similar people",
        blind_on: "Hide names",
        blind_off: "Show names",
        open: "Open to work",
        not_looking: "Not looking",
        do_not_contact: "Do not contact",
        wishes: "Wishes:",
        remote: "remote work",
        on_site: "no remote work",
        since: "since",
        until: "until",
        summary: "Summary",
    },
    Texts {
        back: "Torna alla ricerca",
        similar: "Persone simili",
        blind_on: "Nascondi i nomi",
        blind_off: "Mostra i nomi",
        open: "Disponibile",
        not_looking: "Non cerca",
        do_not_contact: "Non contattare",
        wishes: "Desidera:",
        remote: "lavoro da remoto",
        on_site: "niente lavoro da remoto",
        since: "dal",
        until: "fino al",
        summary: "Sintesi",
    },
];

/// The head of the page.
pub(super) fn head(person: &Person<'_>, events: &[StoredEvent]) -> Markup {
    let texts = person.language.of(&TEXTS);
    let (view, candidate) = (person.view, person.candidate);
    let id = candidate.id().as_str();
    let card = Card::of(candidate, person.timeline, person.month(), |_| None);
    let cards = Cards { language: person.language, view, path: person.path, as_of: person.now, more: &[] };
    let blind = View { is_blind: !view.is_blind, ..view.clone() };
    let profile = &candidate.profile;
    html! {
        nav.crumbs {
            a href=(format!("{}#c-{id}", view.url("/"))) { (texts.back) }
            a href="#similar" { (texts.similar) }
            a href=(blind.url(person.path)) { (if view.is_blind { texts.blind_off } else { texts.blind_on }) }
        }
        section.card.who-is #(format!("c-{id}")) data-card tabindex="-1" aria-labelledby="name" {
            div.who {
                h1 #name dir="auto" { (cards.name(&card)) }
                (cards.pick(id))
            }
            (person.provenance(profile.parsed.name && !view.is_blind, "/basics/name"))
            @if let Some(headline) = told(&profile.headline) {
                p.headline {
                    span dir="auto" { (person.member(&pointer(profile.parsed.headline, "/basics"), "label", headline)) }
                    " " (person.provenance(profile.parsed.headline, "/basics/label"))
                }
            }
            (cards.facts(&card, person.mask))
            (badges(person, events))
            @if let Some(open) = &candidate.availability.open_to_work { (wishes(person, open)) }
            @if let Some(summary) = told(&profile.summary) {
                h2.small { (texts.summary) " " (person.provenance(profile.parsed.summary, "/basics/summary")) }
                p.prose dir="auto" { (person.member(&pointer(profile.parsed.summary, "/basics"), "summary", summary)) }
            }
        }
    }
}

fn badges(person: &Person<'_>, events: &[StoredEvent]) -> Markup {
    let texts = person.language.of(&TEXTS);
    let availability = &person.candidate.availability;
    // What the profile says and what happened, whichever is later.
    let openness = stored_activity::record(person.candidate, events).openness(person.now.as_second());
    html! {
        p.badges {
            @if let Openness::Open(_) = openness { span.badge.good { (texts.open) } }
            @if openness == Openness::Closed { span.badge { (texts.not_looking) } }
            @if availability.do_not_contact { span.badge.stop { (texts.do_not_contact) } }
        }
    }
}

/// What the person wishes.
fn wishes(person: &Person<'_>, open: &OpenToWork) -> Markup {
    let texts = person.language.of(&TEXTS);
    let wished = open.titles.iter().chain(&open.locations);
    let remote = open.remote.map(|remote| if remote { texts.remote } else { texts.on_site });
    html! {
        @if !open.titles.is_empty() || !open.locations.is_empty() || remote.is_some() || open.since.is_some() {
            p.wishes {
                (texts.wishes)
                @for wish in wished { " " span.badge dir="auto" { (person.plain(wish)) } }
                @if let Some(remote) = remote { " " span.badge { (remote) } }
                span.quiet {
                    @if let Some(since) = open.since { " " (texts.since) " " (day(since)) }
                    @if let Some(until) = open.until { " " (texts.until) " " (day(until)) }
                }
            }
        }
    }
}
