//! Imports as tasks.
//!
//! Invariants: what is noted as done is durable, its events too, so that an import that was cut off leaves nothing out when it goes on; records
//! that were written and not yet noted are written again, which changes nothing but that they then count as unchanged.

use std::{
    fs::{File, OpenOptions},
    io::{BufWriter, Seek, SeekFrom, Write},
    path::Path,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    runner::{Outcome, Running},
    uploads::Uploads,
};
use crate::{
    indexing::{Indexer, Verdict},
    ingest::{
        EventCounts, ImportError, ImportReport, Importer, Item, Source, SourceOptions, open_source,
        sheets::TableReading,
    },
    store::Store,
};

/// Looks at whether everything is searchable.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// An import that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportRequest {
    /// What the file is called.
    pub file_name: String,
    /// Its size, in bytes.
    pub bytes: u64,
    /// How it is read.
    pub source: SourceOptions,
    /// Where it was put.
    pub(super) upload: String,
}

/// How far an import is: what is noted, and what it goes on from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Progress {
    step: String,
    /// Records that were read, and whose outcome is durable.
    done: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    rejected: u64,
    events: EventCounts,
    /// Bytes of the rejects that belong to them.
    rejects_bytes: u64,
    /// What was noticed on opening the file.
    warnings: Vec<String>,
    /// How the columns of a table were understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<Value>,
    rate_per_second: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
}

impl Progress {
    fn count(&mut self, item: &Item) {
        let mut one = ImportReport::default();
        one.count(item);
        self.done += 1;
        self.created += one.created;
        self.updated += one.updated;
        self.unchanged += one.unchanged;
        self.rejected += one.rejected;
    }

    fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_else(|_| json!({}))
    }
}

/// What an import works with.
pub(super) struct ImportRun<'i> {
    pub(super) store: &'i Store,
    pub(super) indexer: &'i Indexer,
    pub(super) uploads: &'i Uploads,
    pub(super) now: jiff::Timestamp,
}

impl ImportRun<'_> {
    /// Runs one, from where `noted` says that it was.
    pub(super) fn run(&self, request: &str, noted: &str, running: &Running<'_>) -> Outcome {
        let request: ImportRequest = match serde_json::from_str(request) {
            Ok(request) => request,
            Err(error) => return Outcome::Failed(format!("what was asked cannot be read: {error}")),
        };
        let noted = serde_json::from_str(noted).unwrap_or_default();
        let outcome = self.import(&request, noted, running);
        let outcome = outcome.unwrap_or_else(|error| Outcome::Failed(error.to_string()));
        if !matches!(outcome, Outcome::Paused)
            && let Err(error) = self.uploads.remove_input(&request.upload, &request.file_name)
        {
            tracing::warn!(%error, "an upload was not removed");
        }
        outcome
    }

    fn import(&self, request: &ImportRequest, noted: Progress, running: &Running<'_>) -> Result<Outcome, ImportError> {
        let started = Instant::now();
        let path = self.uploads.input(&request.upload, &request.file_name);
        let Source { records, warnings, table } = open_source(&path, &request.source)?;
        let table = table.map(|table| understood(&table));
        let mut progress = Progress { step: "importing".to_owned(), warnings, table, ..noted };
        let rejects = self.uploads.rejects(&request.upload);
        let mut rejects = Rejects::open(&rejects, progress.rejects_bytes)?;
        let before = progress.done;
        let mut importer = Importer::new(self.store, &path, records);
        importer.skip(before);
        while let Some(chunk) = importer.next_chunk(self.now)? {
            for (item, _) in &chunk.items {
                progress.count(item);
                rejects.add(item)?;
            }
            progress.events.add(chunk.events);
            chunk.rejected_events.iter().try_for_each(|item| rejects.add(item))?;
            progress.rejects_bytes = rejects.flush()?;
            let rate = (progress.done - before) as f64 / started.elapsed().as_secs_f64().max(1e-3);
            progress.rate_per_second = rate.round();
            match running.note(&progress.to_value()) {
                Verdict::GoOn => {}
                Verdict::Cancel => return Ok(Outcome::Cancelled),
                Verdict::Pause => {
                    running.note_durably(&progress.to_value());
                    return Ok(Outcome::Paused);
                }
            }
        }
        running.note_durably(&progress.to_value());
        Ok(self.searchable(progress, started, running))
    }

    /// Waits until searches see what was imported.
    fn searchable(&self, mut progress: Progress, started: Instant, running: &Running<'_>) -> Outcome {
        let last = match self.store.last_seq() {
            Ok(last) => last,
            Err(error) => return Outcome::Failed(error.to_string()),
        };
        progress.step = "indexing".to_owned();
        loop {
            match running.note(&progress.to_value()) {
                Verdict::Pause => return Outcome::Paused,
                Verdict::Cancel => return Outcome::Cancelled,
                Verdict::GoOn => {}
            }
            match self.indexer.wait_for(last, LOOK_EVERY) {
                Ok(true) => break,
                Ok(false) => {}
                Err(error) => return Outcome::Failed(format!("imported, but not searchable: {error}")),
            }
        }
        progress.step = "done".to_owned();
        progress.seconds = Some((started.elapsed().as_secs_f64() * 10.0).round() / 10.0);
        Outcome::Done(progress.to_value())
    }
}

/// How a table was understood, without the values that it shows of each column: a task outlives the people in it.
fn understood(table: &TableReading) -> Value {
    let columns = table.columns.iter().map(|column| json!({ "header": column.header, "target": column.target }));
    json!({ "told": table.told, "headerRow": table.header_row, "columns": columns.collect::<Vec<_>>() })
}

/// The file of rejected records, made when the first one comes.
struct Rejects<'p> {
    path: &'p Path,
    file: Option<BufWriter<File>>,
    bytes: u64,
}

impl<'p> Rejects<'p> {
    /// Goes on after so many bytes: what was written after them belongs to records that are read again.
    fn open(path: &'p Path, bytes: u64) -> Result<Self, ImportError> {
        let mut rejects = Self { path, file: None, bytes };
        if path.exists() {
            let mut file = OpenOptions::new().write(true).open(path).map_err(|error| rejects.failed(error))?;
            file.set_len(bytes).map_err(|error| rejects.failed(error))?;
            file.seek(SeekFrom::End(0)).map_err(|error| rejects.failed(error))?;
            rejects.file = Some(BufWriter::new(file));
        }
        Ok(rejects)
    }

    fn failed(&self, source: std::io::Error) -> ImportError {
        ImportError::Input { place: self.path.display().to_string(), source }
    }

    /// Writes an item down where it was rejected.
    fn add(&mut self, item: &Item) -> Result<(), ImportError> {
        let Err(rejection) = &item.outcome else { return Ok(()) };
        let row = json!({ "line": item.line, "id": item.id, "errors": rejection.errors });
        let row = format!("{row}\n");
        if self.file.is_none() {
            let made = File::create(self.path).map_err(|error| self.failed(error))?;
            self.file = Some(BufWriter::new(made));
        }
        let written = self.file.as_mut().map_or(Ok(()), |file| file.write_all(row.as_bytes()));
        written.map_err(|error| self.failed(error))?;
        self.bytes += row.len() as u64;
        Ok(())
    }

    /// Gives what was written to the system, and how long it is.
    fn flush(&mut self) -> Result<u64, ImportError> {
        let flushed = self.file.as_mut().map_or(Ok(()), Write::flush);
        flushed.map_err(|error| self.failed(error))?;
        Ok(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Rejection;

    #[test]
    fn rejects_go_on_where_they_were_noted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rejects.ndjson");
        let item = |line| Item { line, id: None, outcome: Err(Rejection::one("empty", "nothing".to_owned())) };
        let mut rejects = Rejects::open(&path, 0).unwrap();
        rejects.add(&item(1)).unwrap();
        let noted = rejects.flush().unwrap();
        rejects.add(&item(2)).unwrap();
        rejects.flush().unwrap();
        drop(rejects);
        let mut again = Rejects::open(&path, noted).unwrap();
        again.add(&item(2)).unwrap();
        again.add(&item(3)).unwrap();
        again.flush().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let lines: Vec<&Value> = lines.iter().map(|line| &line["line"]).collect();
        assert_eq!(lines, [1, 2, 3]);
    }
}
