//! `lodestone match`.

use std::{io::Read, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Context;
use clap::Args;

use super::{app_options, search, start_logging};
use crate::{
    app::App,
    config::{LogFlags, StorageFlags},
    query::job::{JobFactKind, JobReading},
    search::MatchBody,
};

/// Flags of `match`.
#[derive(Debug, Args)]
pub(super) struct MatchFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[command(flatten)]
    log: LogFlags,
    /// File with the job text, in any language; - reads the standard input
    file: PathBuf,
    /// The title of the position, instead of the one that is read
    #[arg(long)]
    title: Option<String>,
    /// A skill that is needed, instead of those that are read; may be given again
    #[arg(long, value_name = "SKILL")]
    must: Option<Vec<String>>,
    /// A skill that is nice to have, instead of those that are read; may be given again
    #[arg(long, value_name = "SKILL")]
    nice: Option<Vec<String>>,
    /// Apply the filters that are read: years, languages, place, remote work
    #[arg(long)]
    use_proposed_filters: bool,
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

pub(super) fn run(flags: &MatchFlags) -> anyhow::Result<ExitCode> {
    start_logging(&flags.log)?;
    let body = MatchBody {
        title: flags.title.clone(),
        description: Some(text(flags)?),
        must: flags.must.clone(),
        nice: flags.nice.clone(),
        use_proposed_filters: Some(flags.use_proposed_filters),
        limit: Some(flags.limit),
        as_of: flags.as_of.clone(),
        ..MatchBody::default()
    };
    let app = App::open(&app_options(&flags.storage)?)?;
    app.wait_until_searchable(Duration::from_secs(600))?;
    let response = app.searcher.match_job(&body, jiff::Timestamp::now());
    app.close();
    let response = response?;
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&response)?);
    } else {
        response.understood.job.iter().for_each(print_job);
        search::print(&response);
    }
    Ok(ExitCode::SUCCESS)
}

fn text(flags: &MatchFlags) -> anyhow::Result<String> {
    if flags.file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("the standard input cannot be read")?;
        return Ok(text);
    }
    std::fs::read_to_string(&flags.file).with_context(|| format!("{} cannot be read", flags.file.display()))
}

/// What was read, a line a part.
fn print_job(job: &JobReading) {
    let line = |name: &str, value: String| {
        if !value.is_empty() {
            println!("{name}: {value}");
        }
    };
    line("title", job.title.clone().unwrap_or_default());
    line("needed", job.must.join(", "));
    line("nice to have", job.nice.join(", "));
    for fact in &job.facts {
        let name = match fact.kind {
            JobFactKind::Years => "years, at least",
            JobFactKind::Seniority => "seniority",
            JobFactKind::Language => "language",
            JobFactKind::Place => "place",
            JobFactKind::Remote => "remote",
        };
        line(name, fact.value.clone());
    }
    line("left aside", job.left_out.iter().map(|part| part.about).collect::<Vec<_>>().join(", "));
}
