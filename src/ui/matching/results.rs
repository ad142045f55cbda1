//! The people who fit a job.

use maud::{Markup, html};

use super::state::{JobView, PATH};
use crate::{
    query::Unknowns,
    search::SearchResponse,
    ui::{
        cards::Cards,
        language::Language,
        view::{PAGE_SIZE, View},
        words,
    },
};

struct Texts {
    results: &'static str,
    took: &'static str,
    by_meaning: &'static str,
    degraded: &'static str,
    unread: &'static str,
    unknowns: &'static str,
    include: &'static str,
    exclude: &'static str,
    nobody: &'static str,
    clear: &'static str,
    end: &'static str,
    pages: &'static str,
    page: &'static str,
    next: &'static str,
    previous: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        results: "Ranked by fit",
        took: "in",
        by_meaning: "Others are close in meaning alone; they are marked and not counted.",
        degraded: "Left out for want of time:",
        unread: "The model of meaning does not read this script: words and concepts alone decide.",
        unknowns: "Of whom a filter is unknown:",
        include: "Show them too",
        exclude: "Leave them out",
        nobody: "Nobody fits.",
        clear: "Match without filters",
        end: "No further people are listed. Filter to see others.",
        pages: "Pages",
        page: "Page",
        next: "Next page",
        previous: "Page before",
    },
    Texts {
        results: "In ordine di idoneità",
        took: "in",
        by_meaning: "Altri sono vicini solo per significato; sono segnalati e non contati.",
        degraded: "Tralasciato per mancanza di tempo:",
        unread: "Il modello del significato non legge questa scrittura: decidono parole e concetti.",
        unknowns: "Di chi un filtro è ignoto:",
        include: "Mostra anche loro",
        exclude: "Lasciali fuori",
        nobody: "Nessuno è adatto.",
        clear: "Confronta senza filtri",
        end: "Non ci sono altre persone in elenco. Usa i filtri per vederne altre.",
        pages: "Pagine",
        page: "Pagina",
        next: "Pagina seguente",
        previous: "Pagina precedente",
    },
];

/// The people of a job's page.
pub(super) struct Results<'a> {
    pub(super) language: Language,
    pub(super) job: &'a JobView,
    /// What stands in the address beside the view.
    pub(super) more: &'a [(String, String)],
    pub(super) response: &'a SearchResponse,
}

impl Results<'_> {
    pub(super) fn html(&self) -> Markup {
        let (language, texts, response) = (self.language, self.language.of(&TEXTS), self.response);
        let view = &self.job.view;
        let as_of = response.as_of.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let cards = Cards { language, view, path: PATH, more: self.more, as_of };
        html! {
            section.results aria-labelledby="results" {
                div.toolbar {
                    h2 #results { span.quiet { (texts.results) ": " } (words::people(response.total.value, language)) }
                    p.quiet { (texts.took) " " (language.decimal(response.took_ms, 0)) " ms" }
                }
                @if response.total.excludes_semantic_only { p.quiet { (texts.by_meaning) } }
                @if response.understood.is_unread { p.quiet { (texts.unread) } }
                @if !response.degraded.is_empty() { p.warning { (texts.degraded) " " (response.degraded.join(", ")) } }
                (self.unknowns())
                @if response.hits.is_empty() { (self.nobody()) } @else {
                    ol.cards start=((view.page - 1) * PAGE_SIZE + 1) { @for hit in &response.hits { (cards.card(hit)) } }
                }
                (self.pages())
            }
        }
    }

    fn url(&self, view: &View) -> String {
        view.url_with(PATH, self.more)
    }

    fn nobody(&self) -> Markup {
        let (texts, view) = (self.language.of(&TEXTS), &self.job.view);
        let has_filters = view.filters != Default::default();
        html! {
            p.notice {
                (if view.page > 1 { texts.end } else { texts.nobody })
                @if has_filters && view.page == 1 {
                    " " a href=(self.url(&view.with_filters(Default::default()))) { (texts.clear) }
                }
            }
        }
    }

    fn unknowns(&self) -> Markup {
        let (texts, unknowns) = (self.language.of(&TEXTS), self.response.understood.unknowns);
        let other = if unknowns.included { Unknowns::Exclude } else { Unknowns::Include };
        html! {
            @if unknowns.count > 0 {
                p.quiet {
                    (texts.unknowns) " " (words::people(unknowns.count, self.language)) ". "
                    a href=(self.url(&View { unknowns: other, page: 1, ..self.job.view.clone() })) {
                        (if unknowns.included { texts.exclude } else { texts.include })
                    }
                }
            }
        }
    }

    fn pages(&self) -> Markup {
        let (texts, page) = (self.language.of(&TEXTS), self.job.view.page);
        let at = |page: usize| self.url(&View { page, ..self.job.view.clone() });
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
}
