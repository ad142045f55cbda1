//! Whom to write to now: those who were picked, and those who are proposed for a search and the time there is.

mod contact;
mod people;
mod picks;
mod proposed;
mod state;
mod table;

use axum::{
    Extension,
    extract::{RawQuery, State},
};
use maud::{Markup, html};

pub(super) use contact::contacted;
pub(super) use table::table;

use self::{
    people::People,
    picks::Picks,
    proposed::Proposed,
    state::{PATH, ShortlistView},
};
use super::{
    blind::refuse_names,
    cards::Cards,
    filter_parts::FilterPart,
    language::Language,
    layout::{Page, Section},
    security::Recruiter,
    view::{View, hidden_fields},
};
use crate::{
    http::{ServerState, answer, problem::Problem},
    query::{Plan, Syntax, parse},
    search::ShortlistResponse,
};

struct Texts {
    title: &'static str,
    of_search: &'static str,
    with_filters: &'static str,
    edit: &'static str,
    minutes: &'static str,
    each: &'static str,
    propose: &'static str,
    no_search: &'static str,
    to_search: &'static str,
    to_match: &'static str,
    wrote: &'static str,
    cool_down: (&'static str, &'static str),
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Shortlist",
        of_search: "For the search",
        with_filters: "with the filters",
        edit: "Change the search",
        minutes: "Minutes to spend",
        each: "Minutes per person",
        propose: "Propose",
        no_search: "People are proposed for a search: look for somebody first, then come here by “Shortlist” above. On the way you can pick people yourself.",
        to_search: "To the search",
        to_match: "Match a job",
        wrote: "Marked as contacted today:",
        cool_down: ("They are not proposed to you for", "days, unless they answer."),
    },
    Texts {
        title: "Rosa",
        of_search: "Per la ricerca",
        with_filters: "con i filtri",
        edit: "Cambia la ricerca",
        minutes: "Minuti a disposizione",
        each: "Minuti a persona",
        propose: "Proponi",
        no_search: "Le persone si propongono per una ricerca: cerca prima qualcuno, poi torna qui con “Rosa” in alto. Nel frattempo puoi sceglierne tu.",
        to_search: "Alla ricerca",
        to_match: "Confronta un annuncio",
        wrote: "Segnata come contattata oggi:",
        cool_down: ("Non ti sarà proposta per", "giorni, a meno che risponda."),
    },
];

/// `GET /shortlist`.
pub(super) async fn page(
    State(state): State<ServerState>,
    language: Language,
    Extension(recruiter): Extension<Recruiter>,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let asked = ShortlistView::of(&query.unwrap_or_default())?;
    let proposed = propose(&state, &asked, &recruiter).await?;
    let now = (state.now)();
    let proposed_ids = proposed.iter().flat_map(|response| &response.shortlist).map(|item| item.hit.id.clone());
    let ids: Vec<String> = proposed_ids.chain(asked.view.picked.clone()).chain(asked.wrote.clone()).collect();
    let people = state.blocking(move |services| Ok(People::of(&services.store, ids, &recruiter, now)?)).await?;
    let (title, more) = (language.of(&TEXTS).title, asked.more());
    let cards = Cards { language, view: &asked.view, path: PATH, more: &more, as_of: now };
    let cool_down = state.services.searcher.constants().shortlist.own_cool_down_days;
    let body = html! {
        h1 { (title) }
        (wrote(&asked, &people, &cards, cool_down))
        (Picks { language, asked: &asked, people: &people, cards: &cards }.html())
        @match &proposed {
            Some(response) => {
                (search(&asked, response, language))
                (Proposed { language, asked: &asked, people: &people, cards: &cards, response }.html())
            }
            None => (no_search(&asked.view, language)),
        }
    };
    Ok(Page { language, title, section: Section::Shortlist, view: &asked.view }.html_with(&body, &more))
}

/// Who is proposed; nobody where nobody is looked for.
async fn propose(
    state: &ServerState,
    asked: &ShortlistView,
    recruiter: &Recruiter,
) -> Result<Option<ShortlistResponse>, Problem> {
    if !asked.has_search() {
        return Ok(None);
    }
    if let Ok(parsed) = parse(&asked.view.query, Syntax::Boolean) {
        let understood = Plan::compile(&parsed.ast).understood;
        refuse_names(asked.view.is_blind, understood.leaves().into_iter().map(|leaf| leaf.field))?;
    }
    let body = asked.body(&recruiter.0);
    let axum::Json(response) = answer(state.clone(), move |searcher, now| searcher.shortlist(&body, now)).await?;
    Ok(Some(response))
}

/// That somebody was marked as contacted just now, where that is so.
fn wrote(asked: &ShortlistView, people: &People, cards: &Cards<'_>, cool_down_days: u32) -> Markup {
    let texts = cards.language.of(&TEXTS);
    let person = asked.wrote.as_deref().and_then(|id| people.get(id)).filter(|person| person.is_contacted_now);
    html! {
        @if let Some(person) = person {
            p.notice.good role="status" {
                (texts.wrote) " " strong dir="auto" { (cards.name(&person.card)) } ". "
                (texts.cool_down.0) " " (cool_down_days) " " (texts.cool_down.1)
            }
        }
    }
}

/// The search that is proposed for, and the time there is.
fn search(asked: &ShortlistView, response: &ShortlistResponse, language: Language) -> Markup {
    let (texts, view) = (language.of(&TEXTS), &asked.view);
    let read = response.interpreted.as_ref();
    let query = read.map_or(view.query.as_str(), |read| read.query.as_str()).trim();
    let filters = [Some(&view.filters), read.map(|read| &read.filters)].into_iter().flatten().flat_map(FilterPart::all);
    let filters: Vec<String> = filters.map(|part| part.told(language)).collect();
    html! {
        section.panel-box.budget aria-label=(texts.of_search) {
            p {
                (texts.of_search)
                @if !query.is_empty() { " “" strong dir="auto" { (query) } "”" }
                @if !filters.is_empty() {
                    " " (texts.with_filters)
                    @for (at, told) in filters.iter().enumerate() { @if at > 0 { ";" } " " span dir="auto" { (told) } }
                }
                ". " a href=(View { page: 1, ..view.clone() }.url("/")) { (texts.edit) }
            }
            @for warning in &response.warnings { p.quiet lang="en" { (warning.message) } }
            form.line action=(PATH) method="get" {
                (hidden_fields(&view.pairs(), &[]))
                label { (texts.minutes) " " input type="number" name="minutes" min="1" step="any" value=(asked.minutes()); }
                label { (texts.each) " " input type="number" name="each" min="0.1" step="any" value=(asked.each()); }
                button type="submit" { (texts.propose) }
            }
        }
    }
}

/// How to get here.
fn no_search(view: &View, language: Language) -> Markup {
    let texts = language.of(&TEXTS);
    html! {
        section.notice {
            p { (texts.no_search) }
            p { a.button.primary href=(view.url("/")) { (texts.to_search) } " " a.button href=(view.url("/match")) { (texts.to_match) } }
        }
    }
}
