//! Re-indexes and roll-backs as tasks.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use serde_json::json;

use super::runner::{Outcome, Running};
use crate::{
    embed::EmbedError,
    indexing::{IndexingError, ReindexError, ReindexProgress, Reindexer, Verdict},
};

/// The pause before a re-index goes on that an embedder was away from.
const REST: Duration = Duration::from_secs(5);

/// How often it is looked meanwhile whether the task goes on.
const LOOK: Duration = Duration::from_millis(200);

/// Waits for an embedder, as long as the task is to go on.
fn wait(running: &Running<'_>, error: &EmbedError) {
    let until = Instant::now() + REST;
    let waiting = json!({ "step": "waiting", "for": error.to_string() });
    while Instant::now() < until && running.note(&waiting) == Verdict::GoOn {
        std::thread::sleep(LOOK);
    }
}

/// Runs a re-index, or a roll-back.
pub(super) fn run(reindexer: &Reindexer, is_roll_back: bool, running: &Running<'_>) -> Outcome {
    let (started, first) = (Instant::now(), Cell::new(None));
    let ask = |progress: ReindexProgress| {
        // What was done before a restart was not done in this time.
        let before = first.get().unwrap_or_else(|| {
            first.set(Some(progress.done));
            progress.done
        });
        let rate = (progress.done - before) as f64 / started.elapsed().as_secs_f64().max(1e-3);
        running.note(&json!({
            "step": progress.step,
            "done": progress.done,
            "total": progress.total,
            "unit": "candidates",
            "ratePerSecond": rate.round(),
        }))
    };
    let done = loop {
        let done = if is_roll_back { reindexer.roll_back(&ask) } else { reindexer.run(&ask) };
        match &done {
            // An embedder that is away may be back: what was built is gone on with.
            Err(ReindexError::Indexing(IndexingError::Embed(error))) if error.is_elsewhere() => {
                tracing::warn!(%error, "a re-index waits for the embedder");
                wait(running, error);
            }
            _ => break done,
        }
    };
    match done {
        Ok(report) => {
            let seconds = started.elapsed().as_secs_f64();
            Outcome::Done(json!({
                "step": "done",
                "done": report.candidates,
                "total": report.candidates,
                "unit": "candidates",
                "seconds": (seconds * 10.0).round() / 10.0,
                "report": report,
            }))
        }
        Err(ReindexError::Cancelled) => Outcome::Cancelled,
        Err(ReindexError::Paused) => Outcome::Paused,
        // The thread that indexes has ended with the program: what was built goes on at the next start.
        Err(_) if running.is_stopping() => Outcome::Paused,
        Err(error) => Outcome::Failed(error.to_string()),
    }
}
