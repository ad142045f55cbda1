//! `lodestone similar`.

use std::{process::ExitCode, time::Duration};

use clap::Args;

use super::{app_options, search, start_logging};
use crate::{
    app::App,
    config::{LogFlags, StorageFlags},
    search::{SimilarBody, WeighedText},
};

/// Flags of `similar`.
#[derive(Debug, Args)]
pub(super) struct SimilarFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[command(flatten)]
    log: LogFlags,
    /// Ids of people, 1 to 20
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Hits to show, 1 to 100
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// The instant that counts as now, RFC 3339
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// Print the whole response as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &SimilarFlags) -> anyhow::Result<ExitCode> {
    start_logging(&flags.log)?;
    let app = App::open(&app_options(&flags.storage)?)?;
    app.wait_until_searchable(Duration::from_secs(600))?;
    let body = SimilarBody {
        ids: flags.ids.clone(),
        limit: Some(flags.limit),
        as_of: flags.as_of.clone(),
        ..SimilarBody::default()
    };
    let response = app.searcher.similar(&body, jiff::Timestamp::now());
    app.close();
    let Some(response) = response? else { anyhow::bail!("nobody has any of these ids") };
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&response)?);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(similar) = &response.understood.similar_to {
        let texts = |weighed: &[WeighedText]| {
            let texts = weighed.iter().map(|weighed| format!("{} ({})", weighed.text, weighed.weight));
            texts.collect::<Vec<_>>().join(", ")
        };
        println!("titles: {}", texts(&similar.titles));
        println!("skills: {}", texts(&similar.skills));
        if !similar.ignored.is_empty() {
            println!("nobody has the ids {}", similar.ignored.join(", "));
        }
    }
    search::print(&response);
    Ok(ExitCode::SUCCESS)
}
