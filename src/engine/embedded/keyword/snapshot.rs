//! One pinned commit of the text index.

use std::sync::Arc;

use tantivy::{
    DocId, Searcher, SegmentReader,
    index::SegmentId,
    schema::{Field, Value},
};

use super::fields::Fields;
use crate::engine::{CandidateFacts, EngineError, KeySet, ScoredGroup};

/// One segment and the candidate keys of its documents.
pub(super) struct Segment {
    pub(super) reader: SegmentReader,
    /// Candidate key of each document.
    pub(super) keys: Arc<[u32]>,
    /// Documents in ascending order of their keys.
    by_key: Arc<[DocId]>,
}

impl Segment {
    fn open(reader: &SegmentReader, previous: Option<&KeywordSnapshot>) -> Result<Self, EngineError> {
        let known = previous.and_then(|snapshot| snapshot.segment(reader.segment_id()));
        if let Some(known) = known {
            return Ok(Self { reader: reader.clone(), keys: known.keys.clone(), by_key: known.by_key.clone() });
        }
        let column = reader.fast_fields().u64("key")?;
        let keys: Arc<[u32]> = (0..reader.max_doc()).map(|doc| column.first(doc).unwrap_or(0) as u32).collect();
        let mut by_key: Vec<DocId> = (0..reader.max_doc()).collect();
        by_key.sort_by_key(|doc| keys[*doc as usize]);
        Ok(Self { reader: reader.clone(), keys, by_key: by_key.into() })
    }

    /// The live document of a key. Of several versions in one segment only the last can be alive.
    pub(super) fn document_of(&self, key: u32) -> Option<DocId> {
        let from = self.by_key.partition_point(|doc| self.keys[*doc as usize] < key);
        let versions = self.by_key[from..].iter().take_while(|doc| self.keys[**doc as usize] == key);
        versions.copied().find(|doc| !self.reader.is_deleted(*doc))
    }
}

/// Statistics of one scored group over the snapshot.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupStatistics {
    pub(super) average_length: f32,
}

/// A pinned commit of the text index: hit sets and scores are sets of and columns over candidate keys.
pub struct KeywordSnapshot {
    pub(super) searcher: Searcher,
    pub(super) segments: Vec<Segment>,
    pub(super) fields: Fields,
    pub(super) statistics: [GroupStatistics; 5],
    live: Arc<KeySet>,
    key_limit: u32,
}

impl KeywordSnapshot {
    pub(super) fn pin(
        searcher: Searcher,
        fields: Fields,
        previous: Option<&KeywordSnapshot>,
    ) -> Result<Self, EngineError> {
        let segments = searcher.segment_readers().iter().map(|reader| Segment::open(reader, previous));
        let segments = segments.collect::<Result<Vec<_>, _>>()?;
        let key_limit = segments.iter().flat_map(|segment| segment.keys.iter()).max().map_or(0, |key| key + 1);
        let mut live = KeySet::with_capacity(key_limit);
        for segment in &segments {
            match segment.reader.alive_bitset() {
                None => segment.keys.iter().for_each(|key| live.insert(*key)),
                Some(alive) => alive.iter_alive().for_each(|doc| live.insert(segment.keys[doc as usize])),
            }
        }
        let statistics = group_statistics(&segments, &fields)?;
        Ok(Self { searcher, segments, fields, statistics, live: Arc::new(live), key_limit })
    }

    fn segment(&self, id: SegmentId) -> Option<&Segment> {
        self.segments.iter().find(|segment| segment.reader.segment_id() == id)
    }

    /// The candidates of the snapshot.
    pub fn live(&self) -> &Arc<KeySet> {
        &self.live
    }

    /// One more than the largest key.
    pub fn key_limit(&self) -> u32 {
        self.key_limit
    }

    /// The number of segments.
    pub fn segment_count(&self) -> usize {
        self.segments.len()
    }

    /// Facts of every live candidate, as they were written with its document.
    pub fn facts(&self) -> Result<Vec<(u32, CandidateFacts)>, EngineError> {
        let mut facts = Vec::with_capacity(self.live.len());
        for segment in &self.segments {
            let store = segment.reader.get_store_reader(2)?;
            for doc in segment.reader.doc_ids_alive() {
                let row: tantivy::TantivyDocument = store.get(doc)?;
                let bytes = row.get_first(self.fields.facts).and_then(|value| value.as_bytes()).unwrap_or_default();
                let read = serde_json::from_slice(bytes)
                    .map_err(|error| EngineError::Outdated(format!("facts of a document: {error}")))?;
                facts.push((segment.keys[doc as usize], read));
            }
        }
        Ok(facts)
    }

    /// Iterates over the postings of a term: (key, frequency, document) of each live document.
    pub(super) fn for_each_posting(
        &self,
        field: Field,
        text: &str,
        with_frequency: bool,
        mut visit: impl FnMut(&Segment, DocId, u32),
    ) -> Result<(), EngineError> {
        let term = tantivy::Term::from_field_text(field, text);
        let option = if with_frequency {
            tantivy::schema::IndexRecordOption::WithFreqs
        } else {
            tantivy::schema::IndexRecordOption::Basic
        };
        for segment in &self.segments {
            let inverted = segment.reader.inverted_index(field)?;
            let Some(mut block) = inverted.read_block_postings(&term, option)? else { continue };
            let alive = segment.reader.alive_bitset();
            loop {
                let docs = block.docs();
                if docs.is_empty() {
                    break;
                }
                let frequencies = if with_frequency { block.freqs() } else { &[] };
                for (at, doc) in docs.iter().copied().enumerate() {
                    if alive.is_none_or(|alive| alive.is_alive(doc)) {
                        visit(segment, doc, frequencies.get(at).copied().unwrap_or(1));
                    }
                }
                block.advance();
            }
        }
        Ok(())
    }

    /// In how many documents of the snapshot a term stands, deleted ones of unmerged segments among them.
    pub(super) fn document_frequency(&self, field: Field, text: &str) -> Result<u32, EngineError> {
        let term = tantivy::Term::from_field_text(field, text);
        let mut frequency = 0;
        for segment in &self.segments {
            frequency += segment.reader.inverted_index(field)?.doc_freq(&term)?;
        }
        Ok(frequency)
    }
}

fn group_statistics(segments: &[Segment], fields: &Fields) -> Result<[GroupStatistics; 5], EngineError> {
    let documents: u64 = segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum();
    let mut statistics = [GroupStatistics { average_length: 1.0 }; 5];
    for group in ScoredGroup::ALL {
        let mut tokens = 0;
        for segment in segments {
            tokens += segment.reader.inverted_index(fields.scored(group))?.total_num_tokens();
        }
        let average = tokens as f32 / documents.max(1) as f32;
        statistics[group as usize].average_length = average.max(1.0);
    }
    Ok(statistics)
}
