//! The search page: one box, what was understood of it, filters with counts, people with reasons.

mod chips;
mod filters;
mod reading;
mod refine;

use axum::extract::{RawQuery, State};
use maud::{Markup, html};

pub(super) use refine::refine;

use self::{chips::Chips, filters::FilterPanel, reading::Reading};
use super::{
    blind::refuse_names,
    cards::Cards,
    language::Language,
    layout::{Page, Section},
    view::{PAGE_SIZE, View, hidden_fields},
    words,
};
use crate::{
    http::{ServerState, answer, problem::Problem},
    query::FacetBody,
    search::{SearchResponse, SortBy},
};

/// What people are counted by, and the values of each.
const FACETS: [(&str, usize); 11] = [
    ("skills", 12),
    ("titles", 10),
    ("cities", 8),
    ("countries", 8),
    ("languages", 6),
    ("years", 10),
    ("lastActive", 10),
    ("openToWork", 3),
    ("remote", 3),
    ("cohorts", 6),
    ("tags", 6),
];

struct Texts {
    title: &'static str,
    label: &'static str,
    hint: &'static str,
    submit: &'static str,
    examples: &'static str,
    results: &'static str,
    took: &'static str,
    by_meaning: &'static str,
    order: &'static str,
    orders: [(SortBy, &'static str); 5],
    pages: &'static str,
    page: &'static str,
    next: &'static str,
    previous: &'static str,
    degraded: &'static str,
    nobody: &'static str,
    end: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Search",
        label: "Who are you looking for?",
        hint: "Words, a sentence, or AND, OR, NOT, \"phrases\" and title:fields",
        submit: "Search",
        examples: "For instance:",
        results: "Results",
        took: "in",
        by_meaning: "Others are close in meaning alone; they are marked and not counted.",
        order: "Order",
        orders: [
            (SortBy::Score, "Best match"),
            (SortBy::LastActive, "Last active"),
            (SortBy::Experience, "Experience"),
            (SortBy::Distance, "Distance"),
            (SortBy::Name, "Name"),
        ],
        pages: "Pages",
        page: "Page",
        next: "Next page",
        previous: "Page before",
        degraded: "Left out for want of time:",
        nobody: "Nobody matches all of this.",
        end: "No further people are listed. Narrow the search to see others.",
    },
    Texts {
        title: "Cerca",
        label: "Chi cerchi?",
        hint: "Parole, una frase, oppure AND, OR, NOT, \"frasi esatte\" e title:campi",
        submit: "Cerca",
        examples: "Per esempio:",
        results: "Risultati",
        took: "in",
        by_meaning: "Altri sono vicini solo per significato; sono segnalati e non contati.",
        order: "Ordine",
        orders: [
            (SortBy::Score, "Più pertinenti"),
            (SortBy::LastActive, "Attività recente"),
            (SortBy::Experience, "Esperienza"),
            (SortBy::Distance, "Distanza"),
            (SortBy::Name, "Nome"),
        ],
        pages: "Pagine",
        page: "Pagina",
        next: "Pagina seguente",
        previous: "Pagina precedente",
        degraded: "Tralasciato per mancanza di tempo:",
        nobody: "Nessuno corrisponde a tutto questo.",
        end: "Non ci sono altre persone in elenco. Restringi la ricerca per vederne altre.",
    },
];

/// Searches that show what the box takes.
const EXAMPLES: [&str; 3] = [
    "senior rust engineers near Milan, open to work",
    "infermiera terapia intensiva",
    "title:\"data engineer\" AND (python OR scala) -manager",
];

/// `GET /`.
pub(super) async fn page(
    State(state): State<ServerState>,
    language: Language,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let view = View::of(&query.unwrap_or_default())?;
    let mut body = view.body();
    let facet = |(field, limit): (&str, usize)| FacetBody { field: field.to_owned(), limit: Some(limit) };
    body.facets = Some(FACETS.map(facet).into());
    let from = (view.page - 1) * PAGE_SIZE;
    let axum::Json(response) = answer(state, move |searcher, now| searcher.search_from(&body, from, now)).await?;
    refuse_names(view.is_blind, response.understood.query.leaves().into_iter().map(|leaf| leaf.field))?;
    let shown = SearchPage { language, view: &view, response: &response };
    let title = language.of(&TEXTS).title;
    Ok(Page { language, title, section: Section::Search, view: &view }.html(&shown.html()))
}

struct SearchPage<'a> {
    language: Language,
    view: &'a View,
    response: &'a SearchResponse,
}

impl SearchPage<'_> {
    fn html(&self) -> Markup {
        let resolved = resolved(self.view, self.response);
        let chips = Chips { language: self.language, resolved: &resolved, response: self.response };
        let reading =
            Reading { language: self.language, view: self.view, resolved: &resolved, response: self.response };
        let panel =
            FilterPanel { language: self.language, view: self.view, resolved: &resolved, response: self.response };
        html! {
            (self.form())
            (chips.html())
            (reading.html())
            div.columns {
                (panel.html())
                section.results aria-labelledby="results" { (self.results()) }
            }
        }
    }

    fn form(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        let is_empty =
            *self.view == View { picked: self.view.picked.clone(), is_blind: self.view.is_blind, ..View::default() };
        html! {
            form #search.box action="/" method="get" role="search" {
                h1 { label for="q" { (texts.label) } }
                div.line {
                    input #q type="search" name="q" value=(self.view.query) autocomplete="off" spellcheck="false"
                        aria-describedby="q-hint" data-suggest maxlength="4000";
                    button.primary type="submit" { (texts.submit) }
                }
                p #q-hint .quiet { (texts.hint) }
                (hidden_fields(&self.view.pairs(), &filters::FIELDS))
                @if is_empty {
                    p.examples {
                        (texts.examples)
                        @for example in EXAMPLES { " " a href=(self.view.with_query(example).url("/")) { (example) } }
                    }
                }
            }
        }
    }

    fn results(&self) -> Markup {
        let (language, texts, response) = (self.language, self.language.of(&TEXTS), self.response);
        let as_of = response.as_of.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let cards = Cards { language, view: self.view, path: "/", more: &[], as_of };
        html! {
            div.toolbar {
                h2 #results { span.quiet { (texts.results) ": " } (words::people(response.total.value, language)) }
                p.quiet { (texts.took) " " (language.decimal(response.took_ms, 0)) " ms" }
                (self.orders())
            }
            @if response.total.excludes_semantic_only { p.quiet { (texts.by_meaning) } }
            @if !response.degraded.is_empty() { p.warning { (texts.degraded) " " (response.degraded.join(", ")) } }
            @if response.hits.is_empty() {
                p.notice { (if self.view.page > 1 { texts.end } else { texts.nobody }) }
            }
            ol.cards start=((self.view.page - 1) * PAGE_SIZE + 1) { @for hit in &response.hits { (cards.card(hit)) } }
            (self.pages())
        }
    }

    fn orders(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        let has_place = self.view.filters.near.is_some();
        let offered = texts.orders.iter().filter(|(by, _)| match by {
            SortBy::Distance => has_place,
            SortBy::Name => !self.view.is_blind,
            _ => true,
        });
        html! {
            nav.orders aria-label=(texts.order) {
                @for (by, name) in offered {
                    a href=(View { sort: *by, page: 1, ..self.view.clone() }.url("/"))
                        aria-current=[(*by == self.view.sort).then_some("true")] { (name) }
                }
            }
        }
    }

    fn pages(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        let at = |page: usize| View { page, ..self.view.clone() }.url("/");
        let has_next = self.response.next_cursor.is_some();
        html! {
            @if self.view.page > 1 || has_next {
                nav.pages aria-label=(texts.pages) {
                    @if self.view.page > 1 { a.button href=(at(self.view.page - 1)) rel="prev" { (texts.previous) } }
                    span { (texts.page) " " (self.view.page) }
                    @if has_next { a.button href=(at(self.view.page + 1)) rel="next" { (texts.next) } }
                }
            }
        }
    }
}

/// The view as it was understood: what was read of a sentence are filters of it, what is left is its query.
fn resolved(view: &View, response: &SearchResponse) -> View {
    let Some(interpreted) = &response.understood.interpreted else { return view.clone() };
    let both = [&view.filters, &interpreted.filters].map(|filters| serde_json::to_value(filters).unwrap_or_default());
    let mut merged = serde_json::Map::new();
    for filters in both {
        merged.extend(filters.as_object().cloned().unwrap_or_default());
    }
    let filters = serde_json::from_value(merged.into()).unwrap_or_else(|_| view.filters.clone());
    View { query: interpreted.query.clone(), is_read: false, filters, page: 1, ..view.clone() }
}
