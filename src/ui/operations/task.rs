//! One task: how far it is, what came of it, what it rejected.

use std::io::BufReader;

use axum::{
    extract::{Path, State},
    response::Redirect,
};
use maud::{Markup, html};
use serde_json::Value;

use crate::{
    http::{ServerState, problem::Problem, task_id},
    ingest::Lines,
    tasks::TaskInfo,
    ui::{
        language::Language,
        layout::{Page, Section},
        view::View,
    },
};

/// Rejected records that are shown; all of them are in the file.
const REJECTS: usize = 50;

/// The longest line of the rejects that is read, in bytes.
const MAX_LINE: usize = 64 * 1024;

struct Texts {
    names: [(&'static str, &'static str); 3],
    states: [(&'static str, &'static str); 5],
    steps: [(&'static str, &'static str); 8],
    counts: [(&'static str, &'static str); 4],
    of: &'static str,
    records: &'static str,
    a_second: &'static str,
    seconds: &'static str,
    cancel: &'static str,
    refresh: &'static str,
    search: &'static str,
    more: &'static str,
    failed: &'static str,
    noticed: &'static str,
    columns: &'static str,
    left_aside: &'static str,
    rejected: &'static str,
    all_rejected: &'static str,
    line: &'static str,
    events: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        names: [("reindex", "Re-index"), ("rollBack", "Roll-back"), ("import", "Import")],
        states: [
            ("queued", "waits"),
            ("running", "runs"),
            ("done", "done"),
            ("failed", "failed"),
            ("cancelled", "cancelled"),
        ],
        steps: [
            ("importing", "importing"),
            ("indexing", "making it searchable"),
            ("waiting", "waiting for a generation to be closed"),
            ("reading", "reading people"),
            ("catchingUp", "catching up"),
            ("checking", "checking"),
            ("publishing", "publishing"),
            ("done", "done"),
        ],
        counts: [("created", "new"), ("updated", "changed"), ("unchanged", "unchanged"), ("rejected", "rejected")],
        of: "of",
        records: "records",
        a_second: "a second",
        seconds: "seconds in all",
        cancel: "Cancel",
        refresh: "Look again",
        search: "Search them",
        more: "Import more",
        failed: "It failed:",
        noticed: "Noticed",
        columns: "Columns as they were read",
        left_aside: "(left aside)",
        rejected: "Rejected records",
        all_rejected: "All of them as a file",
        line: "Record",
        events: "events",
    },
    Texts {
        names: [("reindex", "Reindicizzazione"), ("rollBack", "Ritorno indietro"), ("import", "Importazione")],
        states: [
            ("queued", "in attesa"),
            ("running", "in corso"),
            ("done", "finita"),
            ("failed", "fallita"),
            ("cancelled", "annullata"),
        ],
        steps: [
            ("importing", "importa"),
            ("indexing", "rende ricercabile"),
            ("waiting", "attende che si chiuda una generazione"),
            ("reading", "legge le persone"),
            ("catchingUp", "recupera le modifiche"),
            ("checking", "controlla"),
            ("publishing", "pubblica"),
            ("done", "finito"),
        ],
        counts: [("created", "nuovi"), ("updated", "cambiati"), ("unchanged", "invariati"), ("rejected", "rifiutati")],
        of: "di",
        records: "record",
        a_second: "al secondo",
        seconds: "secondi in tutto",
        cancel: "Annulla",
        refresh: "Aggiorna",
        search: "Cercali",
        more: "Importa altro",
        failed: "È fallita:",
        noticed: "Notato",
        columns: "Colonne come sono state lette",
        left_aside: "(tralasciata)",
        rejected: "Record rifiutati",
        all_rejected: "Tutti, in un file",
        line: "Record",
        events: "eventi",
    },
];

fn told<'t>(texts: &[(&'static str, &'static str)], name: &'t str) -> &'t str {
    texts.iter().find(|(known, _)| *known == name).map_or(name, |(_, told)| told)
}

/// What a task is, and its number.
pub(super) fn name(task: &TaskInfo, language: Language) -> String {
    let name = told(&language.of(&TEXTS).names, &task.kind);
    let file = task.request["fileName"].as_str().map(|file| format!(": {file}")).unwrap_or_default();
    format!("{name} {}{file}", task.id)
}

/// The state of a task in words.
pub(super) fn state(state: &str, language: Language) -> String {
    told(&language.of(&TEXTS).states, state).to_owned()
}

fn number(value: &Value, language: Language) -> Option<String> {
    value.as_u64().and_then(|number| usize::try_from(number).ok()).map(|number| language.number(number))
}

/// How far a task is, in a line.
pub(super) fn progress_in_words(task: &TaskInfo, language: Language) -> String {
    let (texts, progress) = (language.of(&TEXTS), &task.progress);
    let mut parts = Vec::new();
    if let Some(step) = progress["step"].as_str() {
        parts.push(told(&texts.steps, step).to_owned());
    }
    if let Some(done) = number(&progress["done"], language) {
        let of = number(&progress["total"], language).map(|total| format!(" {} {total}", texts.of)).unwrap_or_default();
        parts.push(format!("{done}{of} {}", texts.records));
    }
    for (member, name) in texts.counts {
        let is_there = progress[member].as_u64().is_some_and(|count| count > 0);
        parts.extend(number(&progress[member], language).filter(|_| is_there).map(|count| format!("{count} {name}")));
    }
    let events = progress["events"]["accepted"].as_u64().is_some_and(|count| count > 0);
    let count = number(&progress["events"]["accepted"], language).filter(|_| events);
    parts.extend(count.map(|count| format!("{count} {}", texts.events)));
    parts.join(", ")
}

/// `GET /tasks/{id}`.
pub(in crate::ui) async fn task(
    State(state): State<ServerState>,
    language: Language,
    Path(id): Path<String>,
) -> Result<Markup, Problem> {
    let id = task_id(&id)?;
    let (task, rejects) = state
        .blocking(move |services| {
            let rejects = services.tasks.rejects(id)?.map(|path| first_rejects(&path)).unwrap_or_default();
            Ok((services.tasks.get(id)?, rejects))
        })
        .await?;
    let view = View::default();
    let section = if task.kind == "import" { Section::Import } else { Section::Operations };
    // A file may be called after a person.
    let title = told(&language.of(&TEXTS).names, &task.kind).to_owned();
    Ok(Page { language, title: &title, section, view: &view }.html(&page(&task, &rejects, language)))
}

/// `POST /tasks/{id}/cancel`.
pub(in crate::ui) async fn cancel(
    State(state): State<ServerState>,
    Path(id): Path<String>,
) -> Result<Redirect, Problem> {
    let id = task_id(&id)?;
    state.blocking(move |services| Ok(services.tasks.cancel(id)?)).await?;
    Ok(Redirect::to(&format!("/tasks/{id}")))
}

/// The first rejected records: where, and why.
fn first_rejects(path: &std::path::Path) -> Vec<(String, String)> {
    let Ok(file) = std::fs::File::open(path) else { return Vec::new() };
    let lines = Lines::new(BufReader::new(file), MAX_LINE).map_while(Result::ok);
    let records = lines.filter_map(|line| serde_json::from_slice::<Value>(&line.bytes?).ok());
    let told = |reject: Value| {
        let place = reject["line"].as_u64().map(|line| line.to_string()).unwrap_or_default();
        let errors = reject["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let reasons: Vec<String> = errors
            .iter()
            .map(|error| {
                let text = |member: &str| error[member].as_str().unwrap_or_default().to_owned();
                format!("{} {}", text("pointer"), text("message")).trim().to_owned()
            })
            .collect();
        (place, reasons.join("; "))
    };
    records.take(REJECTS).map(told).collect()
}

fn page(task: &TaskInfo, rejects: &[(String, String)], language: Language) -> Markup {
    let (texts, progress) = (language.of(&TEXTS), &task.progress);
    let is_open = ["queued", "running"].contains(&task.state.as_str());
    let share = progress["done"].as_f64().zip(progress["total"].as_f64()).filter(|(_, total)| *total > 0.0);
    html! {
        h1 dir="auto" { (name(task, language)) }
        section.panel-box data-poll[is_open] {
            p role="status" { strong { (state(&task.state, language)) } ": " (progress_in_words(task, language)) }
            @if is_open {
                @match share {
                    Some((done, total)) => { progress max=(total) value=(done) aria-label=(texts.names[0].1) {} }
                    None => { progress aria-label=(state(&task.state, language)) {} }
                }
            }
            p.quiet {
                @if let Some(rate) = number(&progress["ratePerSecond"], language) { (rate) " " (texts.records) " " (texts.a_second) ". " }
                @if let Some(seconds) = progress["seconds"].as_f64() { (language.decimal(seconds, 1)) " " (texts.seconds) "." }
            }
            @if let Some(error) = &task.error { p.warning { (texts.failed) " " span lang="en" { (error) } } }
            div.actions {
                @if is_open {
                    a.button href=(format!("/tasks/{}", task.id)) { (texts.refresh) }
                    form action=(format!("/tasks/{}/cancel", task.id)) method="post" { button type="submit" { (texts.cancel) } }
                } @else if task.kind == "import" {
                    a.button href=(search_address(task)) { (texts.search) }
                    a.button href="/import" { (texts.more) }
                }
            }
        }
        (warnings(progress, texts))
        (columns(progress, texts))
        @if !rejects.is_empty() {
            section.panel-box aria-labelledby="rejects" {
                h2 #rejects { (texts.rejected) }
                p { a href=(format!("/v1/tasks/{}/rejects", task.id)) download=(format!("rejects-{}.ndjson", task.id)) { (texts.all_rejected) } }
                ul { @for (place, reason) in rejects { li { (texts.line) " " (place) ": " span lang="en" dir="auto" { (reason) } } } }
            }
        }
    }
}

/// Where those who were imported are found: their cohort, else everybody by their last activity.
fn search_address(task: &TaskInfo) -> String {
    let mut view = View::default();
    if let Some(cohort) = task.request["source"]["cohort"]["name"].as_str() {
        view.filters.cohorts.get_or_insert_default().any.push(cohort.to_owned());
    }
    view.url("/")
}

fn warnings(progress: &Value, texts: &Texts) -> Markup {
    let warnings = progress["warnings"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        @if !warnings.is_empty() {
            section.warning {
                strong { (texts.noticed) }
                ul lang="en" { @for warning in warnings { li { (warning.as_str().unwrap_or_default()) } } }
            }
        }
    }
}

fn columns(progress: &Value, texts: &Texts) -> Markup {
    let columns = progress["table"]["columns"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        @if !columns.is_empty() {
            section.panel-box aria-labelledby="columns" {
                h2 #columns { (texts.columns) }
                ul {
                    @for column in columns {
                        li {
                            span dir="auto" { (column["header"].as_str().unwrap_or_default()) } " → "
                            code { (column["target"].as_str().unwrap_or(texts.left_aside)) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_are_told_with_place_and_reason() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rejects.ndjson");
        let long = "x".repeat(200_000);
        let lines = format!(
            "{}\n{{\"long\": \"{long}\"}}\n{}\n",
            r#"{"line": 3, "errors": [{"pointer": "/id", "code": "missing", "message": "must be there"}]}"#,
            r#"{"line": 9, "errors": [{"pointer": "", "message": "no JSON"}]}"#
        );
        std::fs::write(&path, lines).unwrap();
        let expected = [("3", "/id must be there"), ("9", "no JSON")];
        assert_eq!(first_rejects(&path), expected.map(|(place, why)| (place.to_owned(), why.to_owned())));
        assert!(first_rejects(&dir.path().join("none")).is_empty());
    }
}
