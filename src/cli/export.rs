//! `lodestone export`.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;

use super::{progress, start_logging};
use crate::{
    config::{LogFlags, StorageFlags},
    export::{EventExport, Export, ExportFormat},
    store::Store,
};

/// Flags of `export`.
#[derive(Debug, Args)]
pub(super) struct ExportFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[command(flatten)]
    log: LogFlags,
    /// What is written: candidates as they were sent, their JSON Resumes, or a table
    #[arg(long, value_enum, default_value_t)]
    format: ExportFormat,
    /// Where it goes; `-` is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Where the events go, NDJSON
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
}

pub(super) fn run(flags: &ExportFlags) -> anyhow::Result<ExitCode> {
    start_logging(&flags.log)?;
    let store = Store::open(&flags.storage.data_dir)?;
    let total = store.count()?;
    let mut export = Export::new(flags.format, jiff::Timestamp::now());
    let bar = progress::bar(total, "exporting");
    let people = write_all(&flags.out, |done| {
        bar.set_position(done);
        Ok(export.next_chunk(&store)?)
    });
    bar.finish();
    let mut told = format!("{} candidates", people?);
    if let Some(path) = &flags.events {
        let mut events = EventExport::default();
        told += &format!(", {} events", write_all(path, |_| Ok(events.next_chunk(&store)?))?);
    }
    eprintln!("{told}");
    Ok(ExitCode::SUCCESS)
}

/// Writes chunks to the end; `next` hears how many members are written already. Returns how many were.
fn write_all(
    path: &Path,
    mut next: impl FnMut(u64) -> anyhow::Result<Option<(Vec<u8>, usize)>>,
) -> anyhow::Result<u64> {
    let failed = || format!("cannot write {}", path.display());
    let mut out: Box<dyn Write> = if path == Path::new("-") {
        Box::new(std::io::stdout().lock())
    } else {
        Box::new(BufWriter::with_capacity(1 << 20, File::create(path).with_context(failed)?))
    };
    let mut written = 0;
    while let Some((bytes, members)) = next(written)? {
        out.write_all(&bytes).with_context(failed)?;
        written += members as u64;
    }
    out.flush().with_context(failed)?;
    Ok(written)
}
