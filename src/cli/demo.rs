//! `lodestone demo`: generate, import, serve.

use std::{process::ExitCode, time::Duration};

use clap::Args;

use super::{import::wait_for_index, progress, serve::serve_app, start_logging};
use crate::{
    app::App,
    config::{Config, ServeFlags},
    ingest::{EventDraft, Record, append_events, put_records},
    population::{DEFAULT_AS_OF, Population},
};

/// People that are written together.
const CHUNK: u64 = 1_000;

/// Flags of `demo`.
#[derive(Debug, Args)]
pub(super) struct DemoFlags {
    #[command(flatten)]
    serve: ServeFlags,
    /// Candidates to generate where the data directory is empty
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    count: u64,
    /// Seed of the generator
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(flags: &DemoFlags) -> anyhow::Result<ExitCode> {
    let config = Config::validate(&flags.serve)?;
    start_logging(&flags.serve.log)?;
    let address = config.listen.address;
    serve_app(&config, |app| {
        if app.store.count()? == 0 {
            populate(app, flags.seed, flags.count)?;
        } else {
            eprintln!("{} candidates are in {} already", app.store.count()?, config.storage.data_dir.display());
            app.wait_until_searchable(Duration::from_secs(600))?;
        }
        print_examples(&address.to_string());
        Ok(())
    })
}

fn populate(app: &App, seed: u64, count: u64) -> anyhow::Result<()> {
    let population = Population::new(seed, count, DEFAULT_AS_OF);
    let bar = progress::bar(count, "importing");
    for from in (0..count).step_by(CHUNK as usize) {
        let people: Vec<_> = (from..count.min(from + CHUNK)).map(|index| population.candidate(index)).collect();
        let mut records = Vec::with_capacity(people.len());
        let mut events: Vec<Result<EventDraft, String>> = Vec::new();
        for (person, line) in people.iter().zip(from + 1..) {
            let bytes = serde_json::to_vec(&person.candidate)?;
            records.push(Record { line, bytes: Ok(bytes), id: None, is_json_resume: false });
            for event in &person.events {
                events.push(serde_json::from_value(serde_json::to_value(event)?).map_err(|error| error.to_string()));
            }
        }
        put_records(&app.store, &records, DEFAULT_AS_OF)?;
        append_events(&app.store, &events)?;
        bar.inc(people.len() as u64);
    }
    bar.finish();
    wait_for_index(app)
}

fn print_examples(address: &str) {
    let searches = [
        ("wishes: words that rank, in any language", r#"{"query": "nurse intensive care", "limit": 5}"#),
        (
            "demands: exactly who meets them, ranked by the wishes",
            r#"{"query": "python AND NOT java data engineer", "limit": 5}"#,
        ),
        (
            "filters: open to work, five years or more",
            r#"{"query": "\"project manager\"", "filters": {"years": {"min": 5}, "openToWork": true}, "limit": 5}"#,
        ),
    ];
    println!("\nLodestone serves http://{address} (Ctrl-C stops it): open it in a browser. Or try:\n");
    for (what, body) in searches {
        println!("# {what}\ncurl -s http://{address}/v1/search -H 'content-type: application/json' -d '{body}'\n");
    }
}
