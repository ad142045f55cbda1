//! Writing: changes in, commits that say how far they reach.

use std::{fs::File, path::Path, sync::Arc, time::Duration};

use parking_lot::Mutex;
use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, Term, directory::MmapDirectory, merge_policy::LogMergePolicy,
};

use super::{
    KeywordSnapshot,
    fields::Fields,
    tokenizer::{ANALYSED, AnalysedTokenizer},
};
use crate::engine::{EngineError, IndexDocument};

/// Memory for documents that are not yet in a segment, per indexing thread, in bytes.
const WRITER_MEMORY_BYTES: usize = 60_000_000;

/// Threads that build segments. Analysis, which costs more, runs on the caller's threads.
const WRITER_THREADS: usize = 1;

/// Share of deleted documents that makes a segment be merged, so that deleted text leaves the disk.
const DELETED_SHARE_BEFORE_MERGE: f32 = 0.15;

/// Segments of about one size that are merged into one: each costs a search its own look-up of every word.
const SEGMENTS_BEFORE_MERGE: usize = 4;

/// Times that a merge of everything is tried, and the pause in between: a background merge ends meanwhile.
const MERGE_ATTEMPTS: usize = 100;
const MERGE_PAUSE: Duration = Duration::from_millis(50);

/// One change of the text index.
#[derive(Debug)]
pub enum KeywordChange<'a> {
    /// A candidate that is new to the index.
    Insert(&'a IndexDocument),
    /// A candidate that may be in the index already.
    Replace(&'a IndexDocument),
    /// A candidate that is gone.
    Delete(u32),
}

/// The text index on disk.
pub struct KeywordIndex {
    writer: Mutex<IndexWriter>,
    definitions: String,
    reader: IndexReader,
    index: Index,
    fields: Fields,
    directory: File,
}

impl KeywordIndex {
    /// Opens or creates the index in a directory. `definitions` names the version of what values were made with, in one word.
    ///
    /// # Errors
    ///
    /// [`EngineError::Outdated`] for an index of another schema.
    pub fn open(dir: &Path, definitions: &str) -> Result<Self, EngineError> {
        std::fs::create_dir_all(dir)?;
        let (schema, fields) = Fields::schema();
        let mapped = MmapDirectory::open(dir).map_err(|error| EngineError::Index(error.into()))?;
        let index = Index::open_or_create(mapped, schema).map_err(|error| match error {
            tantivy::TantivyError::SchemaError(reason) => EngineError::Outdated(reason),
            other => EngineError::Index(other),
        })?;
        index.tokenizers().register(ANALYSED, AnalysedTokenizer);
        let writer: IndexWriter =
            index.writer_with_num_threads(WRITER_THREADS, WRITER_THREADS * WRITER_MEMORY_BYTES)?;
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(SEGMENTS_BEFORE_MERGE);
        policy.set_del_docs_ratio_before_merge(DELETED_SHARE_BEFORE_MERGE);
        writer.set_merge_policy(Box::new(policy));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let definitions = definitions.to_owned();
        Ok(Self { writer: Mutex::new(writer), definitions, reader, index, fields, directory: File::open(dir)? })
    }

    /// The change-log number that the last durable commit has reached; 0 for a new index.
    ///
    /// # Errors
    ///
    /// [`EngineError::Outdated`] for an index that was made with other definitions.
    pub fn committed_seq(&self) -> Result<u64, EngineError> {
        let Some(payload) = self.index.load_metas()?.payload else { return Ok(0) };
        let committed = payload.split_once(' ').filter(|(_, definitions)| *definitions == self.definitions);
        let seq = committed.and_then(|(seq, _)| seq.parse().ok());
        seq.ok_or_else(|| {
            let wanted = &self.definitions;
            EngineError::Outdated(format!("the commit says {payload:?}, not a number and the definitions {wanted}"))
        })
    }

    /// Reads every file of the index and checks its checksum.
    pub fn verify(&self) -> Result<(), EngineError> {
        let damaged = self.index.validate_checksum()?;
        if damaged.is_empty() { Ok(()) } else { Err(EngineError::Outdated(format!("damaged files: {damaged:?}"))) }
    }

    /// Applies changes in order. Nothing is visible or durable before [`KeywordIndex::commit`].
    pub fn apply(&self, changes: &[KeywordChange<'_>]) -> Result<(), EngineError> {
        let writer = self.writer.lock();
        for change in changes {
            match change {
                KeywordChange::Insert(document) => self.add(&writer, document)?,
                KeywordChange::Replace(document) => {
                    self.delete(&writer, document.key);
                    self.add(&writer, document)?;
                }
                KeywordChange::Delete(key) => self.delete(&writer, *key),
            }
        }
        Ok(())
    }

    fn delete(&self, writer: &IndexWriter, key: u32) {
        writer.delete_term(Term::from_field_u64(self.fields.key, u64::from(key)));
    }

    fn add(&self, writer: &IndexWriter, document: &IndexDocument) -> Result<(), EngineError> {
        let facts = serde_json::to_vec(&document.facts).map_err(std::io::Error::from)?;
        writer.add_document(self.fields.document(document, &facts))?;
        Ok(())
    }

    /// Makes what was applied durable and visible to the next [`KeywordIndex::snapshot`].
    ///
    /// tantivy renames its meta file without syncing the directory after it; we do, before anybody trusts the number.
    pub fn commit(&self, seq: u64) -> Result<(), EngineError> {
        let mut writer = self.writer.lock();
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&format!("{seq} {}", self.definitions));
        prepared.commit()?;
        self.directory.sync_all()?;
        drop(writer);
        self.reader.reload()?;
        Ok(())
    }

    /// Merges everything into one segment and removes deleted text from the disk.
    pub fn merge_all(&self) -> Result<(), EngineError> {
        let mut writer = self.writer.lock();
        for attempt in 1..=MERGE_ATTEMPTS {
            self.reader.reload()?;
            let searcher = self.reader.searcher();
            let segments = searcher.segment_readers();
            if segments.len() <= 1 && !segments.iter().any(|segment| segment.has_deletes()) {
                break;
            }
            let ids: Vec<_> = segments.iter().map(|segment| segment.segment_id()).collect();
            match writer.merge(&ids).wait() {
                // A background merge took some of the segments between the look and this merge.
                Err(tantivy::TantivyError::InvalidArgument(_)) if attempt < MERGE_ATTEMPTS => {
                    std::thread::sleep(MERGE_PAUSE);
                }
                merged => drop(merged?),
            }
        }
        writer.garbage_collect_files().wait()?;
        drop(writer);
        self.reader.reload()?;
        Ok(())
    }

    /// The last commit, pinned. Segments that `previous` held are taken over from it.
    pub fn snapshot(&self, previous: Option<&KeywordSnapshot>) -> Result<Arc<KeywordSnapshot>, EngineError> {
        KeywordSnapshot::pin(self.reader.searcher(), self.fields.clone(), previous).map(Arc::new)
    }
}
