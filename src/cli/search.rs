//! `lodestone search`.

use std::{process::ExitCode, time::Duration};

use clap::{Args, ValueEnum};

use super::{app_options, start_logging};
use crate::{
    app::App,
    config::{LogFlags, StorageFlags},
    search::{Hit, Mode, SearchBody, SearchResponse},
};

/// Flags of `search`.
#[derive(Debug, Args)]
pub(super) struct SearchFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[command(flatten)]
    log: LogFlags,
    /// The query
    query: String,
    /// Hits to show, 1 to 100
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Which signals rank
    #[arg(long, value_enum, default_value_t)]
    mode: ModeFlag,
    /// The instant that counts as now, RFC 3339
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// Print the whole response as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ModeFlag {
    #[default]
    Hybrid,
    Keyword,
    Semantic,
}

pub(super) fn run(flags: &SearchFlags) -> anyhow::Result<ExitCode> {
    start_logging(&flags.log)?;
    let app = App::open(&app_options(&flags.storage))?;
    app.wait_until_searchable(Duration::from_secs(600))?;
    let mode = match flags.mode {
        ModeFlag::Hybrid => Mode::Hybrid,
        ModeFlag::Keyword => Mode::Keyword,
        ModeFlag::Semantic => Mode::Semantic,
    };
    let body = SearchBody {
        query: Some(flags.query.clone()),
        limit: Some(flags.limit),
        mode: Some(mode),
        as_of: flags.as_of.clone(),
        ..SearchBody::default()
    };
    let response = app.searcher.search(&body, jiff::Timestamp::now());
    app.close();
    let response = response?;
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&response)?);
    } else {
        print(&response);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(response: &SearchResponse) {
    for warning in &response.warnings {
        println!("note: {}", warning.message);
    }
    println!("{} hits in {:.1} ms", response.total.value, response.took_ms);
    for (hit, place) in response.hits.iter().zip(1..) {
        println!("{place:>3}. {:.3}  {}  {}", hit.score, hit.id, headline(hit));
        for signal in hit.explanation.iter().flat_map(|explanation| &explanation.signals) {
            println!("       {:>8} {:+.3}  {}", signal.name, signal.contribution, signal.reason);
        }
    }
}

fn headline(hit: &Hit) -> String {
    let current = hit.card.current.as_ref();
    let title = current.and_then(|position| position.title.clone()).or_else(|| hit.card.headline.clone());
    let company = current.and_then(|position| position.company.clone());
    let place = hit.card.city.clone();
    let parts = [hit.card.name.clone(), title, company, place];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
