//! People of a search on a page: how many, what was left out, a card each, and the way to the other pages.
//!
//! Input: the answer to a search, and the cards of the page. Output: the parts of a list that every page with results has. Invariant: every link
//! keeps what stands in the address of the page.

use maud::{Markup, html};

use super::{
    cards::Cards,
    view::{PAGE_SIZE, View},
    words,
};
use crate::{query::Unknowns, search::SearchResponse};

struct Texts {
    took: &'static str,
    by_meaning: &'static str,
    degraded: &'static str,
    unread: &'static str,
    unknowns: &'static str,
    include: &'static str,
    exclude: &'static str,
    pages: &'static str,
    page: &'static str,
    next: &'static str,
    previous: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        took: "in",
        by_meaning: "Others are close in meaning alone; they are marked and not counted.",
        degraded: "Left out:",
        unread: "The model of meaning does not read this script: words and concepts alone decide.",
        unknowns: "Of whom a filter is unknown:",
        include: "Show them too",
        exclude: "Leave them out",
        pages: "Pages",
        page: "Page",
        next: "Next page",
        previous: "Page before",
    },
    Texts {
        took: "in",
        by_meaning: "Altri sono vicini solo per significato; sono segnalati e non contati.",
        degraded: "Tralasciato:",
        unread: "Il modello del significato non legge questa scrittura: decidono parole e concetti.",
        unknowns: "Di chi un filtro è ignoto:",
        include: "Mostra anche loro",
        exclude: "Lasciali fuori",
        pages: "Pagine",
        page: "Pagina",
        next: "Pagina seguente",
        previous: "Pagina precedente",
    },
];

/// The people of an answer.
pub(super) struct Listing<'a> {
    pub(super) cards: Cards<'a>,
    pub(super) response: &'a SearchResponse,
}

/// What a page says around its people.
pub(super) struct Around<'a> {
    /// What heads them.
    pub(super) title: &'a str,
    /// What stands beside the heading.
    pub(super) beside: &'a Markup,
    /// What stands between the notes and the people.
    pub(super) before: &'a Markup,
    /// What is said where there is nobody.
    pub(super) nobody: &'a Markup,
}

/// The instant that counted as now in an answer.
pub(super) fn as_of(response: &SearchResponse) -> jiff::Timestamp {
    response.as_of.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

impl Listing<'_> {
    pub(super) fn html(&self, around: &Around<'_>) -> Markup {
        let (language, response) = (self.cards.language, self.response);
        let texts = language.of(&TEXTS);
        html! {
            section.results aria-labelledby="results" {
                div.toolbar {
                    h2 #results { span.quiet { (around.title) ": " } (words::people(response.total.value, language)) }
                    p.quiet { (texts.took) " " (language.decimal(response.took_ms, 0)) " ms" }
                    (around.beside)
                }
                @if response.total.excludes_semantic_only { p.quiet { (texts.by_meaning) } }
                @if !response.degraded.is_empty() { p.warning { (texts.degraded) " " (response.degraded.join(", ")) } }
                (around.before)
                @if response.hits.is_empty() { (around.nobody) } @else {
                    ol.cards start=((self.cards.view.page - 1) * PAGE_SIZE + 1) {
                        @for hit in &response.hits { (self.cards.card(hit)) }
                    }
                }
                (self.pages())
            }
        }
    }

    /// That meaning does not count, where that is so.
    pub(super) fn unread(&self) -> Markup {
        html! { @if self.response.understood.is_unread { p.quiet { (self.cards.language.of(&TEXTS).unread) } } }
    }

    /// Of how many something is unknown, and the link that shows them, or no longer.
    pub(super) fn unknowns(&self) -> Markup {
        let (language, unknowns) = (self.cards.language, self.response.understood.unknowns);
        let texts = language.of(&TEXTS);
        let other = if unknowns.included { Unknowns::Exclude } else { Unknowns::Include };
        html! {
            @if unknowns.count > 0 {
                p.quiet {
                    (texts.unknowns) " " (words::people(unknowns.count, language)) ". "
                    a href=(self.url(&View { unknowns: other, page: 1, ..self.cards.view.clone() })) {
                        (if unknowns.included { texts.exclude } else { texts.include })
                    }
                }
            }
        }
    }

    fn pages(&self) -> Markup {
        let (texts, page) = (self.cards.language.of(&TEXTS), self.cards.view.page);
        let at = |page: usize| self.url(&View { page, ..self.cards.view.clone() });
        let has_next = self.response.next_cursor.is_some();
        html! {
            @if page > 1 || has_next {
                nav.pages aria-label=(texts.pages) {
                    @if page > 1 { a.button href=(at(page - 1)) rel="prev" { (texts.previous) } }
                    span { (texts.page) " " (page) }
                    @if has_next { a.button href=(at(page + 1)) rel="next" { (texts.next) } }
                }
            }
        }
    }

    fn url(&self, view: &View) -> String {
        view.url_with(self.cards.path, self.cards.more)
    }
}
