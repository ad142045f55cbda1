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
    listing::{Around, Listing, as_of},
    view::{PAGE_SIZE, View, hidden_fields},
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
    order: &'static str,
    orders: [(SortBy, &'static str); 5],
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
        order: "Order",
        orders: [
            (SortBy::Score, "Best match"),
            (SortBy::LastActive, "Last active"),
            (SortBy::Experience, "Experience"),
            (SortBy::Distance, "Distance"),
            (SortBy::Name, "Name"),
        ],
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
        order: "Ordine",
        orders: [
            (SortBy::Score, "Più pertinenti"),
            (SortBy::LastActive, "Attività recente"),
            (SortBy::Experience, "Esperienza"),
            (SortBy::Distance, "Distanza"),
            (SortBy::Name, "Nome"),
        ],
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
        let (language, view, response) = (self.language, self.view, self.response);
        let resolved = resolved(view, response);
        let listing =
            Listing { cards: Cards { language, view, path: "/", more: &[], as_of: as_of(response) }, response };
        let chips = Chips { language, resolved: &resolved, response };
        let reading = Reading { language, resolved: &resolved, listing: &listing };
        let panel = FilterPanel { language, view, resolved: &resolved, response };
        let texts = language.of(&TEXTS);
        let around = Around {
            title: texts.results,
            beside: &self.orders(),
            before: &html! {},
            nobody: &html! { p.notice { (if view.page > 1 { texts.end } else { texts.nobody }) } },
        };
        html! {
            (self.form())
            (chips.html())
            (reading.html())
            div.columns {
                (panel.html())
                (listing.html(&around))
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
