//! A source → the store, a chunk at a time.
//!
//! Invariant: what a chunk tells is durable when it is returned, the events of its candidates too.

use std::path::Path;

use super::{
    EventCounts, EventDraft, ImportError, Item, Record, Rejection, SourceRecord, SourceRecords, append_events,
    files::EVENT_CHUNK, put_records,
};
use crate::store::Store;

/// Records that are read, checked and written together.
const CHUNK: usize = 1_000;

/// What became of some records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportedChunk {
    /// Each record in order, with the bytes that it took.
    pub items: Vec<(Item, u64)>,
    /// What became of the events that came with them.
    pub events: EventCounts,
    /// Events that were rejected, told of their records.
    pub rejected_events: Vec<Item>,
}

/// Writes the records of a source.
pub struct Importer<'s> {
    store: &'s Store,
    place: String,
    records: SourceRecords,
    has_any: bool,
    is_over: bool,
}

impl<'s> Importer<'s> {
    /// An importer of records; `path` is what their source is called.
    pub fn new(store: &'s Store, path: &Path, records: SourceRecords) -> Self {
        Self { store, place: path.display().to_string(), records, has_any: false, is_over: false }
    }

    /// Leaves out records that were imported before.
    pub fn skip(&mut self, count: u64) {
        if count > 0 {
            let records = std::mem::replace(&mut self.records, Box::new(std::iter::empty()));
            self.records = Box::new(records.skip(usize::try_from(count).unwrap_or(usize::MAX)));
            self.has_any = true;
        }
    }

    /// Reads, checks and writes the next records. `None` at the end; of a source without any record one item says so before.
    pub fn next_chunk(&mut self, now: jiff::Timestamp) -> Result<Option<ImportedChunk>, ImportError> {
        if self.is_over {
            return Ok(None);
        }
        let chunk: Vec<SourceRecord> = self.records.by_ref().take(CHUNK).collect::<Result<_, _>>()?;
        self.is_over = chunk.len() < CHUNK;
        if chunk.is_empty() {
            return Ok((!self.has_any).then(|| self.nothing()));
        }
        self.has_any = true;
        let (records, events): (Vec<Record>, Vec<_>) =
            chunk.into_iter().map(|source| (source.record, source.events)).unzip();
        let items = put_records(self.store, &records, now)?;
        let (events, rejected_events) = self.put_events(&items, events)?;
        let sizes = records.iter().map(|record| record.bytes.as_ref().map_or(0, Vec::len) as u64 + 1);
        Ok(Some(ImportedChunk { items: items.into_iter().zip(sizes).collect(), events, rejected_events }))
    }

    /// What a source without records tells.
    fn nothing(&self) -> ImportedChunk {
        let rejection = Rejection::one("empty", format!("{} holds no records", self.place));
        let item = Item { line: 1, id: None, outcome: Err(rejection) };
        ImportedChunk { items: vec![(item, 0)], ..ImportedChunk::default() }
    }

    /// Appends the events of the accepted items. Returns the rejected ones, told of their items.
    fn put_events(
        &self,
        items: &[Item],
        events: Vec<Vec<EventDraft>>,
    ) -> Result<(EventCounts, Vec<Item>), ImportError> {
        let accepted = items.iter().zip(events).filter(|(item, _)| item.outcome.is_ok());
        let (of, drafts): (Vec<&Item>, Vec<Result<EventDraft, String>>) =
            accepted.flat_map(|(item, events)| events.into_iter().map(move |event| (item, Ok(event)))).unzip();
        let (mut counts, mut rejected) = (EventCounts::default(), Vec::new());
        for (drafts, of) in drafts.chunks(EVENT_CHUNK).zip(of.chunks(EVENT_CHUNK)) {
            let appended = append_events(self.store, drafts)?;
            counts.add(EventCounts {
                accepted: appended.accepted,
                known: appended.duplicates,
                rejected: appended.rejected.len() as u64,
            });
            rejected.extend(appended.rejected.into_iter().map(|(index, errors)| {
                let Item { line, id, .. } = of[index].clone();
                Item { line, id, outcome: Err(Rejection { errors }) }
            }));
        }
        Ok((counts, rejected))
    }
}
