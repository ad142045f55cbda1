//! `lodestone reindex`.

use std::{process::ExitCode, time::Duration};

use anyhow::{Context, bail};
use clap::Args;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::{app_options, progress, start_logging};
use crate::{
    app::App,
    config::{LogFlags, StorageFlags},
    indexing::{ReindexProgress, ReindexReport, Verdict},
};

/// How often a server is asked how far it is.
const POLL_EVERY: Duration = Duration::from_millis(500);

/// How long one answer of a server may take, in seconds.
const ANSWER_WITHIN_S: u64 = 30;

/// Flags of `reindex`.
#[derive(Debug, Args)]
pub(super) struct ReindexFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[command(flatten)]
    log: LogFlags,
    /// Ask the server at this address, such as http://127.0.0.1:8600, instead of opening --data-dir, which a server holds
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Wait until the server is done; its failure is then the command's
    #[arg(long, requires = "url")]
    wait: bool,
    /// Serve from the generation before instead of building one
    #[arg(long)]
    roll_back: bool,
    /// Tell what would be done and do nothing
    #[arg(long, conflicts_with = "roll_back")]
    dry_run: bool,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &ReindexFlags) -> anyhow::Result<ExitCode> {
    start_logging(&flags.log)?;
    if let Some(url) = &flags.url {
        return ask_server(url.trim_end_matches('/'), flags);
    }
    let app = App::open(&app_options(&flags.storage)?)?;
    let done = here(&app, flags);
    app.close();
    let report = done?;
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print_report(&report);
    }
    Ok(ExitCode::SUCCESS)
}

fn here(app: &App, flags: &ReindexFlags) -> anyhow::Result<ReindexReport> {
    if flags.dry_run {
        return Ok(app.reindexer.plan()?);
    }
    let bar = progress::bar(app.store.count()?, "reading");
    let ask = |progress: ReindexProgress| {
        show(&bar, progress.step, progress.done, progress.total);
        Verdict::GoOn
    };
    let report = if flags.roll_back { app.reindexer.roll_back(&ask) } else { app.reindexer.run(&ask) };
    bar.finish_and_clear();
    Ok(report?)
}

fn show(bar: &ProgressBar, step: &str, done: u64, total: u64) {
    bar.set_message(match step {
        "catchingUp" => "catching up".to_owned(),
        other => other.to_owned(),
    });
    bar.set_length(total);
    bar.set_position(done.min(total));
}

fn print_report(report: &ReindexReport) {
    match &report.to {
        Some(to) => println!("{} candidates: {} serves, {} before", report.candidates, to, report.from),
        None => println!(
            "{} candidates: {} serves; a re-index would {}",
            report.candidates,
            report.from,
            if report.resumed { "go on with the build that was cut off" } else { "build another generation beside it" }
        ),
    }
    if let Some(checks) = &report.checks {
        println!(
            "checked: {} indexed of {} stored, {} unreadable; {} queries, {:.0} % of their first hits as before; recall of vectors {:.3}",
            checks.indexed,
            checks.stored,
            checks.unreadable,
            checks.queries,
            checks.agreement * 100.0,
            checks.recall
        );
    }
    if !report.removed.is_empty() {
        println!("removed: {}", report.removed.join(", "));
    }
}

/// Asks a server for it, and waits where that was wanted.
fn ask_server(url: &str, flags: &ReindexFlags) -> anyhow::Result<ExitCode> {
    let body = json!({ "rollBack": flags.roll_back, "dryRun": flags.dry_run });
    let mut task = answer(minreq::post(format!("{url}/v1/reindexes")).with_json(&body)?, url)?;
    if flags.wait && !flags.dry_run {
        let id = task["id"].as_u64().context("the server told no task")?;
        let bar = progress::bar(0, "queued");
        while ["queued", "running"].contains(&task["state"].as_str().unwrap_or_default()) {
            std::thread::sleep(POLL_EVERY);
            task = answer(minreq::get(format!("{url}/v1/tasks/{id}")), url)?;
            let (progress, number) = (&task["progress"], |value: &Value| value.as_u64().unwrap_or_default());
            let step = progress["step"].as_str().unwrap_or("queued");
            show(&bar, step, number(&progress["done"]), number(&progress["total"]));
        }
        bar.finish_and_clear();
    }
    let failure = match task["state"].as_str() {
        Some("failed") => Some(task["error"].as_str().unwrap_or("it failed").to_owned()),
        Some("cancelled") => Some("it was cancelled".to_owned()),
        _ => None,
    };
    match (&failure, flags.json) {
        (_, true) => println!("{}", serde_json::to_string_pretty(&task)?),
        (None, false) => println!("{task}"),
        (Some(_), false) => {}
    }
    if let Some(failure) = failure {
        bail!("the server's re-index: {failure}");
    }
    Ok(ExitCode::SUCCESS)
}

fn answer(request: minreq::Request, url: &str) -> anyhow::Result<Value> {
    let response = request.with_timeout(ANSWER_WITHIN_S).send().with_context(|| format!("cannot ask {url}"))?;
    let status = response.status_code;
    let body: Value = response.json().with_context(|| format!("{url} answered {status} without JSON"))?;
    if !(200..300).contains(&status) {
        bail!("{url} answered {status}: {}", body["detail"].as_str().unwrap_or_default());
    }
    Ok(body)
}
