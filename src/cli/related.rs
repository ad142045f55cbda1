//! `lodestone related`.

use std::{process::ExitCode, time::Duration};

use clap::Args;

use super::{app_options, start_logging};
use crate::{
    app::App,
    config::{LogFlags, StorageFlags},
};

/// Flags of `related`.
#[derive(Debug, Args)]
pub(super) struct RelatedFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[command(flatten)]
    log: LogFlags,
    /// A title, a skill, or a few words
    text: String,
    /// Titles and skills to show, 1 to 1,000
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    limit: u16,
}

pub(super) fn run(flags: &RelatedFlags) -> anyhow::Result<ExitCode> {
    start_logging(&flags.log)?;
    let app = App::open(&app_options(&flags.storage)?)?;
    app.wait_until_searchable(Duration::from_secs(600))?;
    let related = app.searcher.related(&flags.text, flags.limit.into());
    app.close();
    for string in related? {
        println!("{:.3}  {}", string.cosine, string.text);
    }
    Ok(ExitCode::SUCCESS)
}
