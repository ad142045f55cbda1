//! What else is to be said of a search: concepts, repairs, other spellings, and what to do where nobody was found.

use maud::{Markup, html};

use crate::{
    query::Unknowns,
    search::{Killer, Relaxation, WhyZero},
    ui::{language::Language, listing::Listing, view::View, words},
};

struct Texts {
    concepts: &'static str,
    expanded: &'static str,
    warnings: &'static str,
    assumed: &'static str,
    spelling: &'static str,
    why_zero: &'static str,
    killed: &'static str,
    without: &'static str,
    try_instead: &'static str,
    did_you_mean: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        concepts: "Also found under other names:",
        expanded: "People with nearly the same also rank:",
        warnings: "Repaired in the query",
        assumed: "read as",
        spelling: "Did you mean",
        why_zero: "Why nobody was found",
        killed: "have it; without it there would be",
        without: "It takes several parts together to rule everybody out.",
        try_instead: "Searches that find somebody",
        did_you_mean: "Nobody has it. Perhaps:",
    },
    Texts {
        concepts: "Trovato anche con altri nomi:",
        expanded: "Contano anche persone con quasi lo stesso:",
        warnings: "Corretto nella ricerca",
        assumed: "letto come",
        spelling: "Forse cercavi",
        why_zero: "Perché non si è trovato nessuno",
        killed: "l'hanno; senza, i risultati sarebbero",
        without: "Solo più parti insieme escludono tutti.",
        try_instead: "Ricerche che trovano qualcuno",
        did_you_mean: "Nessuno ce l'ha. Forse:",
    },
];

/// What is said of a search beside its chips.
pub(super) struct Reading<'a> {
    pub(super) language: Language,
    /// The view as it was understood.
    pub(super) resolved: &'a View,
    pub(super) listing: &'a Listing<'a>,
}

impl Reading<'_> {
    pub(super) fn html(&self) -> Markup {
        html! {
            (self.warnings())
            (self.spelling())
            (self.names())
            (self.listing.unknowns())
            @if let Some(why) = &self.listing.response.understood.why_zero { (self.why_zero(why)) }
        }
    }

    fn warnings(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        let misread = self.listing.response.understood.filters.iter().filter(|filter| !filter.did_you_mean.is_empty());
        html! {
            @if !self.listing.response.warnings.is_empty() {
                section.warning aria-label=(texts.warnings) {
                    strong { (texts.warnings) ": " }
                    ul lang="en" {
                        @for warning in &self.listing.response.warnings {
                            li { (warning.message) "; " (texts.assumed) " " code dir="auto" { (warning.assumed) } }
                        }
                    }
                }
            }
            @for filter in misread {
                p.warning {
                    span lang="en" { (filter.text) } ": " (texts.did_you_mean)
                    @for other in &filter.did_you_mean { " " em { (other.suggested) } }
                }
            }
        }
    }

    fn spelling(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        html! {
            @if let Some(other) = self.listing.response.understood.did_you_mean.as_ref().filter(|other| other.hits > 0) {
                p.notice {
                    (texts.spelling) " "
                    a href=(self.resolved.with_query(&other.query).url("/")) dir="auto" { (other.query) }
                    "? " span.quiet { (words::people(other.hits, self.language)) }
                }
            }
        }
    }

    fn names(&self) -> Markup {
        let (texts, understood) = (self.language.of(&TEXTS), &self.listing.response.understood);
        html! {
            @if !understood.concepts.is_empty() || !understood.expanded_by.is_empty() || understood.is_unread {
                div.quiet.names {
                    @if !understood.concepts.is_empty() {
                        p {
                            (texts.concepts)
                            @for concept in &understood.concepts {
                                " “" (concept.text) "” = " span lang="en" {
                                    @for (at, named) in concept.concepts.iter().take(2).enumerate() {
                                        @if at > 0 { ", " }
                                        (named.label) " (" (named.scheme) ")"
                                    }
                                } ";"
                            }
                        }
                    }
                    @if !understood.expanded_by.is_empty() {
                        p {
                            (texts.expanded)
                            @for near in &understood.expanded_by { " " span dir="auto" { (near.text) } ";" }
                        }
                    }
                    (self.listing.unread())
                }
            }
        }
    }

    fn why_zero(&self, why: &WhyZero) -> Markup {
        let texts = self.language.of(&TEXTS);
        html! {
            section.notice aria-labelledby="why-zero" {
                h2 #why-zero { (texts.why_zero) }
                @if why.killed_by.is_empty() { p { (texts.without) } }
                ul { @for killer in &why.killed_by { li { (self.killer(killer)) } } }
                @if !why.relaxations.is_empty() {
                    h3 { (texts.try_instead) }
                    ul.relaxations {
                        @for relaxation in &why.relaxations {
                            li {
                                a href=(self.relaxed(relaxation).url("/")) lang="en" { (relaxation.change) }
                                " " span.quiet { (words::people(relaxation.hits, self.language)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn killer(&self, killer: &Killer) -> Markup {
        let texts = self.language.of(&TEXTS);
        html! {
            code dir="auto" { (killer.text) } ": " (words::people(killer.alone, self.language)) " " (texts.killed) " "
            (self.language.number(killer.without))
        }
    }

    /// The search that a relaxation stands for.
    fn relaxed(&self, relaxation: &Relaxation) -> View {
        let mut view = self.resolved.with_query(&relaxation.query);
        if let Some(filters) = relaxation.without_filter.and_then(|number| view.filters.without(number)) {
            view.filters = filters;
        }
        if relaxation.include_unknowns {
            view.unknowns = Unknowns::Include;
        }
        view
    }
}
