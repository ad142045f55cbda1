//! What an operator looks at: what is stored and searchable, the generations, tasks, slow searches.

mod task;

use std::time::Instant;

use axum::{
    extract::{RawQuery, State},
    response::Redirect,
};
use maud::{Markup, html};

pub(super) use task::{cancel, task};

use super::{
    language::Language,
    layout::{Page, Section},
    view::View,
    words,
};
use crate::{
    http::{ServerState, Services, problem::Problem},
    indexing::sampled_recall,
    search::SlowSearch,
    tasks::{TaskInfo, TaskKind},
};

/// Tasks that are listed.
const TASKS: usize = 25;

struct Texts {
    title: &'static str,
    index: &'static str,
    stored: &'static str,
    searchable: &'static str,
    lag: &'static str,
    changes: &'static str,
    events: &'static str,
    up_to_date: &'static str,
    stopped: &'static str,
    generation: &'static str,
    previous: &'static str,
    none: &'static str,
    recall: &'static str,
    recall_note: &'static str,
    size: &'static str,
    versions: &'static str,
    reindex: &'static str,
    roll_back: &'static str,
    tasks: &'static str,
    task: &'static str,
    state: &'static str,
    asked: &'static str,
    progress: &'static str,
    slow: &'static str,
    slow_note: &'static str,
    slow_columns: [&'static str; 8],
    left_out: &'static str,
    nothing: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Operations",
        index: "Index",
        stored: "People stored",
        searchable: "People searchable",
        lag: "Not yet searchable",
        changes: "changes",
        events: "events",
        up_to_date: "nothing: everything is searchable",
        stopped: "Indexing has stopped:",
        generation: "Generation that serves",
        previous: "Generation kept for a roll-back",
        none: "none",
        recall: "Recall of vectors",
        recall_note: "of the ten nearest, over twenty sampled people, measured now",
        size: "Store on disk",
        versions: "Ranking, model",
        reindex: "Re-index",
        roll_back: "Roll back",
        tasks: "Tasks",
        task: "Task",
        state: "State",
        asked: "Asked for",
        progress: "Progress",
        slow: "Slowest searches of the last day",
        slow_note: "By their shape: what was asked is not kept.",
        slow_columns: ["ms", "When", "Kind", "Wishes", "Demands", "Filters", "Facets", "Hits"],
        left_out: "something was left out",
        nothing: "Nothing yet.",
    },
    Texts {
        title: "Gestione",
        index: "Indice",
        stored: "Persone memorizzate",
        searchable: "Persone ricercabili",
        lag: "Non ancora ricercabili",
        changes: "modifiche",
        events: "eventi",
        up_to_date: "nulla: tutto è ricercabile",
        stopped: "L'indicizzazione si è fermata:",
        generation: "Generazione in uso",
        previous: "Generazione tenuta per tornare indietro",
        none: "nessuna",
        recall: "Recall dei vettori",
        recall_note: "dei dieci più vicini, su venti persone campione, misurato ora",
        size: "Archivio su disco",
        versions: "Ordinamento, modello",
        reindex: "Reindicizza",
        roll_back: "Torna indietro",
        tasks: "Attività",
        task: "Attività",
        state: "Stato",
        asked: "Richiesta",
        progress: "Avanzamento",
        slow: "Ricerche più lente dell'ultimo giorno",
        slow_note: "Solo la loro forma: ciò che si è cercato non viene conservato.",
        slow_columns: ["ms", "Quando", "Tipo", "Desideri", "Requisiti", "Filtri", "Conteggi", "Risultati"],
        left_out: "qualcosa è stato tralasciato",
        nothing: "Ancora nulla.",
    },
];

/// What the page tells.
struct Overview {
    stored: u64,
    searchable: usize,
    changes_behind: u64,
    events_behind: u64,
    failure: Option<String>,
    generation: String,
    previous: Option<String>,
    recall: f64,
    store_bytes: u64,
    versions: String,
    tasks: Vec<TaskInfo>,
    slow: Vec<SlowSearch>,
}

impl Overview {
    fn of(services: &Services) -> Result<Self, Problem> {
        let reindexer = services.tasks.reindexer();
        let (snapshot, indexed) = (reindexer.serving.snapshot(), services.indexer.state());
        let (changes, events) = (services.store.last_seq()?, services.store.last_event_seq()?);
        Ok(Self {
            stored: services.store.count()?,
            searchable: snapshot.live().len(),
            changes_behind: changes.saturating_sub(indexed.published_seq),
            events_behind: events.saturating_sub(indexed.published_event_seq),
            failure: indexed.failure,
            generation: snapshot.generation().to_owned(),
            previous: reindexer.generations.previous().map_err(|error| Problem::internal(&error))?,
            recall: sampled_recall(&snapshot).map_err(|error| Problem::internal(&error))?,
            store_bytes: services.store.size_on_disk()?,
            versions: format!("{}, {}", services.searcher.constants().version, reindexer.embedder.model().version()),
            tasks: services.tasks.list(None, TASKS)?,
            slow: services.searcher.slow_searches(),
        })
    }
}

/// `GET /operations`.
pub(super) async fn page(
    State(state): State<ServerState>,
    language: Language,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let view = View::of(&query.unwrap_or_default())?;
    let permit = state.searches.acquire().await?;
    let now = (state.now)();
    let overview = state
        .blocking(move |services| {
            let overview = Overview::of(services);
            drop(permit);
            overview
        })
        .await?;
    let texts = language.of(&TEXTS);
    let body = html! {
        h1 { (texts.title) }
        (index(&overview, language))
        (tasks(&overview.tasks, now, language))
        (slow(&overview.slow, language))
    };
    Ok(Page { language, title: texts.title, section: Section::Operations, view: &view }.html(&body))
}

/// `POST /operations/reindex`.
pub(super) async fn reindex(State(state): State<ServerState>) -> Result<Redirect, Problem> {
    ask(state, TaskKind::Reindex).await
}

/// `POST /operations/roll-back`.
pub(super) async fn roll_back(State(state): State<ServerState>) -> Result<Redirect, Problem> {
    ask(state, TaskKind::RollBack).await
}

async fn ask(state: ServerState, kind: TaskKind) -> Result<Redirect, Problem> {
    let task = state.blocking(move |services| Ok(services.tasks.ask_for_reindex(kind)?)).await?;
    Ok(Redirect::to(&format!("/tasks/{}", task.id)))
}

fn index(overview: &Overview, language: Language) -> Markup {
    let texts = language.of(&TEXTS);
    let count = |number: u64| language.number(usize::try_from(number).unwrap_or(usize::MAX));
    let is_behind = overview.changes_behind + overview.events_behind > 0;
    html! {
        section.panel-box aria-labelledby="index" {
            h2 #index { (texts.index) }
            @if let Some(failure) = &overview.failure { p.warning { (texts.stopped) " " span lang="en" { (failure) } } }
            dl.figures {
                div { dt { (texts.stored) } dd { (count(overview.stored)) } }
                div { dt { (texts.searchable) } dd { (language.number(overview.searchable)) } }
                div { dt { (texts.lag) } dd {
                    @if is_behind {
                        (count(overview.changes_behind)) " " (texts.changes) ", " (count(overview.events_behind)) " " (texts.events)
                    } @else { (texts.up_to_date) }
                } }
                div { dt { (texts.recall) } dd { (language.decimal(overview.recall, 3)) " " span.quiet { (texts.recall_note) } } }
                div { dt { (texts.generation) } dd { code { (overview.generation) } } }
                div { dt { (texts.previous) } dd {
                    @match &overview.previous { Some(previous) => { code { (previous) } } None => { (texts.none) } }
                } }
                div { dt { (texts.size) } dd { (language.decimal(overview.store_bytes as f64 / 1e6, 1)) " MB" } }
                div { dt { (texts.versions) } dd { (overview.versions) } }
            }
            div.actions {
                form action="/operations/reindex" method="post" { button type="submit" { (texts.reindex) } }
                @if overview.previous.is_some() {
                    form action="/operations/roll-back" method="post" { button type="submit" { (texts.roll_back) } }
                }
            }
        }
    }
}

fn tasks(tasks: &[TaskInfo], now: jiff::Timestamp, language: Language) -> Markup {
    let texts = language.of(&TEXTS);
    html! {
        section.panel-box aria-labelledby="tasks" {
            h2 #tasks { (texts.tasks) }
            @if tasks.is_empty() { p { (texts.nothing) } } @else {
                div.scroll tabindex="0" role="group" aria-labelledby="tasks" {
                    table {
                        thead { tr { @for name in [texts.task, texts.state, texts.asked, texts.progress] { th scope="col" { (name) } } } }
                        tbody {
                            @for task in tasks {
                                tr {
                                    th scope="row" { a href=(format!("/tasks/{}", task.id)) { (task::name(task, language)) } }
                                    td { (task::state(&task.state, language)) }
                                    td { (when(&task.created_at, now, language)) }
                                    td { (task::progress_in_words(task, language)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How long ago an instant was; the instant itself for the last day.
fn when(instant: &str, now: jiff::Timestamp, language: Language) -> String {
    let Ok(at) = instant.parse::<jiff::Timestamp>() else { return instant.to_owned() };
    let seconds = now.as_second() - at.as_second();
    if seconds < 86_400 { at.strftime("%H:%M:%S UTC").to_string() } else { words::ago(seconds, language) }
}

fn slow(searches: &[SlowSearch], language: Language) -> Markup {
    let texts = language.of(&TEXTS);
    let ago = |at: Instant| {
        let minutes = at.elapsed().as_secs() / 60;
        if minutes < 60 { format!("{minutes} min") } else { format!("{} h", minutes / 60) }
    };
    html! {
        section.panel-box aria-labelledby="slow" {
            h2 #slow { (texts.slow) }
            p.quiet { (texts.slow_note) }
            @if searches.is_empty() { p { (texts.nothing) } } @else {
                div.scroll tabindex="0" role="group" aria-labelledby="slow" {
                    table.tight {
                        thead { tr { @for name in texts.slow_columns { th scope="col" { (name) } } } }
                        tbody {
                            @for search in searches {
                                tr {
                                    td.number { (language.decimal(search.took_ms, 1)) }
                                    td { "− " (ago(search.at)) }
                                    td { code { (search.kind) } @if search.is_degraded { " (" (texts.left_out) ")" } }
                                    @for number in [search.wishes, search.demands, search.filters, search.facets, search.hits] {
                                        td.number { (language.number(number)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
