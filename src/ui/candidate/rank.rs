//! Why the person stands where they stand for the view's search, and what would change it.
//!
//! Input: where the engine says that they stand. Output: place and score with its parts, each clause and filter with its verdict, and the changes
//! that would raise the score.

use maud::{Markup, html};

use super::{Answered, person::Person};
use crate::{
    query::Role,
    search::{ClauseStanding, FilterStanding, Found, Hit, Standing, WhatIf},
    ui::{cards::Cards, pictures},
};

struct Texts {
    title: &'static str,
    place: &'static str,
    of: &'static str,
    listed: &'static str,
    score: &'static str,
    before: &'static str,
    not_found: &'static str,
    not_searchable: &'static str,
    too_late: &'static str,
    parts: &'static str,
    clauses: &'static str,
    clause: &'static str,
    role: &'static str,
    verdict: &'static str,
    roles: [(Role, &'static str); 3],
    found: [(Found, &'static str); 3],
    filters: &'static str,
    filter: &'static str,
    met: [(Found, &'static str); 3],
    decided: &'static str,
    what_if: &'static str,
    change: &'static str,
    no_change: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Why this rank",
        place: "Place",
        of: "of",
        listed: "listed",
        score: "Score",
        before: "the person before has",
        not_found: "Not among the results of this search.",
        not_searchable: "Stored, but not searchable yet: it takes a moment.",
        too_late: "This could not be worked out in time. Load the page again.",
        parts: "What makes the score",
        clauses: "Word by word",
        clause: "Part of the query",
        role: "Asked as",
        verdict: "This person",
        roles: [(Role::Demand, "must"), (Role::Wish, "wish"), (Role::Negated, "excluded")],
        found: [(Found::Yes, "has it"), (Found::No, "does not have it"), (Found::Unknown, "unknown")],
        filters: "Filters",
        filter: "Filter",
        met: [(Found::Yes, "met"), (Found::No, "not met"), (Found::Unknown, "unknown")],
        decided: "What decided",
        what_if: "What would change it",
        change: "If",
        no_change: "Nothing that is known here would raise the score.",
    },
    Texts {
        title: "Perché questo posto",
        place: "Posto",
        of: "di",
        listed: "in elenco",
        score: "Punteggio",
        before: "chi precede ha",
        not_found: "Non è tra i risultati di questa ricerca.",
        not_searchable: "Registrata, ma non ancora ricercabile: serve un momento.",
        too_late: "Non è stato possibile calcolarlo in tempo. Ricarica la pagina.",
        parts: "Di che cosa è fatto il punteggio",
        clauses: "Parola per parola",
        clause: "Parte della ricerca",
        role: "Richiesta come",
        verdict: "Questa persona",
        roles: [(Role::Demand, "necessaria"), (Role::Wish, "gradita"), (Role::Negated, "esclusa")],
        found: [(Found::Yes, "ce l'ha"), (Found::No, "non ce l'ha"), (Found::Unknown, "ignoto")],
        filters: "Filtri",
        filter: "Filtro",
        met: [(Found::Yes, "soddisfatto"), (Found::No, "non soddisfatto"), (Found::Unknown, "ignoto")],
        decided: "Che cosa ha deciso",
        what_if: "Che cosa lo cambierebbe",
        change: "Se",
        no_change: "Nulla di ciò che si sa qui alzerebbe il punteggio.",
    },
];

/// Why this rank; nothing where nothing was asked.
pub(super) fn rank(person: &Person<'_>, standing: &Answered<Standing>) -> Markup {
    let texts = person.language.of(&TEXTS);
    let told = match standing {
        Answered::NotAsked => return html! {},
        Answered::NotSearchable => html! { p { (texts.not_searchable) } },
        Answered::TooLate => html! { p { (texts.too_late) } },
        Answered::Told(standing) => self::told(person, standing),
    };
    html! {
        section.panel-box #rank aria-labelledby="rank-title" {
            h2 #rank-title { (texts.title) }
            (told)
        }
    }
}

fn told(person: &Person<'_>, standing: &Standing) -> Markup {
    let texts = person.language.of(&TEXTS);
    html! {
        @match (&standing.hit, standing.rank) {
            (Some(hit), Some(rank)) => (ranked(person, standing, hit, rank)),
            _ => p { strong { (texts.not_found) } },
        }
        @if !standing.reasons.is_empty() {
            h3 { (texts.decided) }
            ul lang="en" { @for reason in &standing.reasons { li dir="auto" { (person.plain(reason)) } } }
        }
        @if !standing.clauses.is_empty() { h3 { (texts.clauses) } (clauses(person, &standing.clauses)) }
        @if !standing.filters.is_empty() { h3 { (texts.filters) } (filters(person, &standing.filters)) }
        @if standing.rank.is_some() {
            h3 { (texts.what_if) }
            @if standing.what_if.is_empty() { p.quiet { (texts.no_change) } } @else { (changes(person, &standing.what_if)) }
        }
    }
}

fn ranked(person: &Person<'_>, standing: &Standing, hit: &Hit, rank: usize) -> Markup {
    let (language, texts) = (person.language, person.language.of(&TEXTS));
    let cards = Cards { language, view: person.view, path: person.path, as_of: person.now, more: &[] };
    html! {
        p {
            strong { (texts.place) " " (language.number(rank)) " " (texts.of) " " (language.number(standing.listed)) " " (texts.listed) }
            " · " (texts.score) " " (language.decimal(hit.score, 2))
            @if let Some(before) = standing.score_before {
                span.quiet { " · " (texts.before) " " (language.decimal(before, 2)) }
            }
        }
        @if let Some(explanation) = &hit.explanation {
            (pictures::contributions(explanation, hit.score, language))
            h3 { (texts.parts) }
            (cards.reasons(explanation, person.mask))
        }
    }
}

fn clauses(person: &Person<'_>, clauses: &[ClauseStanding]) -> Markup {
    let texts = person.language.of(&TEXTS);
    let role = |role: Role| texts.roles.iter().find(|(known, _)| *known == role).map_or("", |(_, told)| told);
    html! {
        div.scroll tabindex="0" role="group" aria-label=(texts.clauses) {
            table {
                thead { tr { th scope="col" { (texts.clause) } th scope="col" { (texts.role) } th scope="col" { (texts.verdict) } } }
                tbody {
                    @for clause in clauses {
                        tr {
                            th scope="row" { code dir="auto" { (person.mask.hide(&clause.text)) } }
                            td { (role(clause.role)) }
                            td { (verdict(clause.found, &texts.found, clause.role == Role::Negated)) }
                        }
                    }
                }
            }
        }
    }
}

fn filters(person: &Person<'_>, filters: &[FilterStanding]) -> Markup {
    let texts = person.language.of(&TEXTS);
    html! {
        div.scroll tabindex="0" role="group" aria-label=(texts.filters) {
            table {
                thead { tr { th scope="col" { (texts.filter) } th scope="col" { (texts.verdict) } } }
                tbody {
                    @for standing in filters {
                        tr {
                            th scope="row" lang="en" dir="auto" { (person.mask.hide(&standing.filter.to_string())) }
                            td { (verdict(standing.met, &texts.met, false)) }
                        }
                    }
                }
            }
        }
    }
}

/// A verdict in words, and whether that is what was asked for.
fn verdict(found: Found, told: &[(Found, &'static str)], is_unwanted: bool) -> Markup {
    let text = told.iter().find(|(known, _)| *known == found).map_or("", |(_, text)| text);
    let wanted = if is_unwanted { Found::No } else { Found::Yes };
    html! { span.badge.good[found == wanted].stop[found != wanted && found != Found::Unknown] { (text) } }
}

fn changes(person: &Person<'_>, changes: &[WhatIf]) -> Markup {
    let (language, texts) = (person.language, person.language.of(&TEXTS));
    html! {
        div.scroll tabindex="0" role="group" aria-label=(texts.what_if) {
            table {
                thead {
                    tr { th scope="col" { (texts.change) } th.number scope="col" { (texts.score) } th.number scope="col" { (texts.place) } }
                }
                tbody {
                    @for what_if in changes {
                        tr {
                            th scope="row" lang="en" dir="auto" { (person.plain(&what_if.change)) }
                            td.number { (language.decimal(what_if.score, 2)) }
                            td.number { (language.number(what_if.rank)) }
                        }
                    }
                }
            }
        }
    }
}
