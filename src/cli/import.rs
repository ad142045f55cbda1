//! `lodestone import`.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use clap::Args;
use serde_json::json;

mod mapping;

use super::{SOME_REJECTED, app_options, progress, start_logging};
use crate::{
    app::App,
    config::{LogFlags, StorageFlags},
    error::FieldError,
    ingest::{EventCounts, ImportFormat, ImportReport, SourceOptions, import_events_file, import_source, open_source},
};

/// Flags of `import`.
#[derive(Debug, Args)]
pub(super) struct ImportFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[command(flatten)]
    log: LogFlags,
    /// Files and folders of candidates
    #[arg(value_name = "FILE", required_unless_present = "events")]
    files: Vec<PathBuf>,
    /// How the files are read
    #[arg(long, value_enum, default_value_t)]
    format: ImportFormat,
    /// A saved mapping of a table's columns: its name in the data directory, or a file (TOML, JSON)
    #[arg(long, value_name = "NAME|FILE")]
    mapping: Option<String>,
    /// The field of one column, before the mapping and the guess; repeatable
    #[arg(long, value_name = "HEADER=FIELD")]
    map: Vec<String>,
    /// Save the mapping of the columns under a name
    #[arg(long, value_name = "NAME")]
    save_mapping: Option<String>,
    /// Show how the columns are understood, and import nothing
    #[arg(long)]
    show_mapping: bool,
    /// The cohort of everybody in the files, such as a layoff list: they are open to work
    #[arg(long, value_name = "NAME")]
    cohort: Option<String>,
    /// The sheet of a workbook
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// A file of events, NDJSON, imported after the candidates
    #[arg(long, value_name = "FILE")]
    events: Vec<PathBuf>,
    /// Where rejected records go, NDJSON with their reasons
    #[arg(long, value_name = "FILE", default_value = "rejects.ndjson")]
    rejects: PathBuf,
}

pub(super) fn run(flags: &ImportFlags) -> anyhow::Result<ExitCode> {
    start_logging(&flags.log)?;
    for path in flags.files.iter().chain(&flags.events) {
        ensure!(path.exists(), "{} does not exist", path.display());
    }
    let options = mapping::source_options(flags)?;
    if flags.show_mapping || flags.save_mapping.is_some() {
        mapping::show(flags, &options)?;
    }
    if flags.show_mapping {
        return Ok(ExitCode::SUCCESS);
    }
    let app = App::open(&app_options(&flags.storage)?)?;
    let started = Instant::now();
    let mut rejects = Rejects { path: &flags.rejects, file: None };
    let imported = import(&app, flags, &options, &mut rejects);
    let indexed = wait_for_index(&app);
    app.close();
    let (report, events) = imported?;
    indexed?;
    let seconds = started.elapsed().as_secs_f64();
    let accepted = report.read() - report.rejected;
    println!(
        "candidates: {} created, {} updated, {} unchanged, {} rejected; events: {} accepted, {} known, {} rejected",
        report.created,
        report.updated,
        report.unchanged,
        report.rejected,
        events.accepted,
        events.known,
        events.rejected
    );
    println!("searchable after {seconds:.1} s ({:.0} candidates/s)", accepted as f64 / seconds.max(1e-3));
    if report.rejected + events.rejected > 0 {
        println!("rejected records and their reasons are in {}", flags.rejects.display());
        return Ok(ExitCode::from(SOME_REJECTED));
    }
    Ok(ExitCode::SUCCESS)
}

fn import(
    app: &App,
    flags: &ImportFlags,
    options: &SourceOptions,
    rejects: &mut Rejects<'_>,
) -> anyhow::Result<(ImportReport, EventCounts)> {
    let (mut total, mut events) = (ImportReport::default(), EventCounts::default());
    let now = jiff::Timestamp::now();
    for path in &flags.files {
        let source = open_source(path, options)?;
        for warning in &source.warnings {
            eprintln!("{}: {warning}", path.display());
        }
        let bar = progress::bytes_bar(size_of(path), "importing");
        let mut written = Ok(());
        let report = import_source(&app.store, path, source, now, |item, bytes| {
            bar.inc(bytes);
            if let (Err(rejection), Ok(())) = (&item.outcome, &written) {
                written = rejects.add(path, item.line, item.id.as_deref(), &rejection.errors);
            }
        })?;
        bar.finish_with_message(format!("{} records", report.read()));
        written?;
        total.created += report.created;
        total.updated += report.updated;
        total.unchanged += report.unchanged;
        total.rejected += report.rejected;
        events.accepted += report.events.accepted;
        events.known += report.events.known;
        events.rejected += report.events.rejected;
    }
    for path in &flags.events {
        import_events(app, path, rejects, &mut events)?;
    }
    Ok((total, events))
}

fn import_events(app: &App, path: &Path, rejects: &mut Rejects<'_>, counts: &mut EventCounts) -> anyhow::Result<()> {
    let bar = progress::bytes_bar(size_of(path), "events");
    let mut written = Ok(());
    import_events_file(&app.store, path, |lines, report, bytes| {
        bar.inc(bytes);
        counts.accepted += report.accepted;
        counts.known += report.duplicates;
        counts.rejected += report.rejected.len() as u64;
        for (index, errors) in &report.rejected {
            if written.is_ok() {
                written = rejects.add(path, lines[*index], None, errors);
            }
        }
    })?;
    bar.finish();
    written
}

/// Shows how far indexing is behind until it has caught up.
pub(super) fn wait_for_index(app: &App) -> anyhow::Result<()> {
    let (from, last) = (app.indexer.state().published_seq, app.store.last_seq()?);
    let bar = progress::bar(last.saturating_sub(from), "indexing");
    while !app.wait_until_searchable(Duration::from_millis(200))? {
        bar.set_position(app.indexer.state().published_seq.saturating_sub(from));
    }
    bar.finish();
    Ok(())
}

fn size_of(path: &Path) -> u64 {
    let file_size = |path: &Path| path.metadata().map_or(0, |metadata| metadata.len());
    if !path.is_dir() {
        return file_size(path);
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| file_size(&entry.path())).sum()
}

/// The file of rejected records, made when the first one comes.
struct Rejects<'a> {
    path: &'a Path,
    file: Option<BufWriter<File>>,
}

impl Rejects<'_> {
    fn add(&mut self, file: &Path, line: u64, id: Option<&str>, errors: &[FieldError]) -> anyhow::Result<()> {
        if self.file.is_none() {
            let created = File::create(self.path).with_context(|| format!("cannot write {}", self.path.display()))?;
            self.file = Some(BufWriter::new(created));
        }
        let row = json!({ "file": file.display().to_string(), "line": line, "id": id, "errors": errors });
        if let Some(out) = &mut self.file {
            writeln!(out, "{row}").context("cannot write the rejects")?;
        }
        Ok(())
    }
}
