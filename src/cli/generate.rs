//! `lodestone generate`.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;

use super::progress;
use crate::population::{self, Population};

/// Flags of `generate`.
#[derive(Debug, Args)]
pub(super) struct GenerateFlags {
    /// Candidates to write
    #[arg(long, value_name = "N")]
    count: u64,
    /// The same seed gives the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Where candidates go, NDJSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Where events go, NDJSON
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Where the truth about each person goes, NDJSON: never import it
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// The instant at which the population is told, RFC 3339
    #[arg(long, value_name = "INSTANT", default_value_t = population::DEFAULT_AS_OF)]
    as_of: jiff::Timestamp,
}

pub(super) fn run(flags: &GenerateFlags) -> anyhow::Result<ExitCode> {
    let population = Population::new(flags.seed, flags.count, flags.as_of);
    let mut out = create(&flags.out)?;
    let mut events = flags.events.as_deref().map(create).transpose()?;
    let mut truth = flags.truth.as_deref().map(create).transpose()?;
    let bar = progress::bar(flags.count, "generating");
    let done = population::write(
        &population,
        &mut out,
        events.as_mut().map(|file| file as &mut dyn Write),
        truth.as_mut().map(|file| file as &mut dyn Write),
        &|done| bar.set_position(done),
    );
    bar.finish();
    done?;
    Ok(ExitCode::SUCCESS)
}

fn create(path: &Path) -> anyhow::Result<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdout().lock()));
    }
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Box::new(BufWriter::with_capacity(1 << 20, file)))
}
