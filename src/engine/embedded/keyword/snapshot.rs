//! One pinned commit of the text index.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{
    DocId, InvertedIndexReader, Searcher, SegmentReader, Term,
    fieldnorm::FieldNormReader,
    index::SegmentId,
    postings::TermInfo,
    schema::{Field, IndexRecordOption, Value},
};

use super::fields::Fields;
use crate::engine::{CandidateFacts, EngineError, KeySet, ScoredGroup};

/// Forms of words that a segment remembers: about half a MB.
const MAX_REMEMBERED: usize = 4_096;

/// Where a form stands in the scored groups of a segment.
pub(super) type Places = Arc<[(ScoredGroup, TermInfo)]>;

/// Forms of words with their places, at most [`MAX_REMEMBERED`].
type RememberedPlaces = Mutex<HashMap<Box<str>, Places, foldhash::fast::RandomState>>;

/// One segment and the candidate keys of its documents.
pub(super) struct Segment {
    pub(super) reader: SegmentReader,
    /// Candidate key of each document.
    pub(super) keys: Arc<[u32]>,
    /// Documents in ascending order of their keys.
    by_key: Arc<[DocId]>,
    /// Readers of the scored groups, in the order of [`ScoredGroup::ALL`].
    pub(super) scored: Arc<[ScoredReader]>,
    /// Where the forms stand that were looked up last: the words of queries and jobs repeat, and a segment never changes.
    places: Arc<RememberedPlaces>,
    /// Postings of the concepts.
    pub(super) concepts: Arc<InvertedIndexReader>,
}

/// Postings and length classes of one scored group in one segment.
pub(super) struct ScoredReader {
    pub(super) inverted: Arc<InvertedIndexReader>,
    pub(super) norms: FieldNormReader,
}

impl ScoredReader {
    fn open(reader: &SegmentReader, field: Field) -> Result<Self, EngineError> {
        Ok(Self { inverted: reader.inverted_index(field)?, norms: reader.get_fieldnorms_reader(field)? })
    }
}

impl Segment {
    fn open(reader: &SegmentReader, fields: &Fields, previous: Option<&KeywordSnapshot>) -> Result<Self, EngineError> {
        let known = previous.and_then(|snapshot| snapshot.segment(reader.segment_id()));
        if let Some(known) = known {
            let (keys, by_key, scored) = (known.keys.clone(), known.by_key.clone(), known.scored.clone());
            let (places, concepts) = (known.places.clone(), known.concepts.clone());
            return Ok(Self { reader: reader.clone(), keys, by_key, scored, places, concepts });
        }
        let column = reader.fast_fields().u64("key")?;
        let keys: Arc<[u32]> = (0..reader.max_doc()).map(|doc| column.first(doc).unwrap_or(0) as u32).collect();
        let mut by_key: Vec<DocId> = (0..reader.max_doc()).collect();
        by_key.sort_by_key(|doc| keys[*doc as usize]);
        let scored = ScoredGroup::ALL.iter().map(|group| ScoredReader::open(reader, fields.scored(*group)));
        let scored = scored.collect::<Result<_, _>>()?;
        let concepts = reader.inverted_index(fields.concepts)?;
        let places = Arc::default();
        Ok(Self { reader: reader.clone(), keys, by_key: by_key.into(), scored, places, concepts })
    }

    /// Where a form stands.
    pub(super) fn places(&self, form: &str) -> Result<Places, EngineError> {
        let remembered = || self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = remembered().get(form) {
            return Ok(known.clone());
        }
        let mut found = Vec::new();
        for (group, scored) in ScoredGroup::ALL.into_iter().zip(&*self.scored) {
            found.extend(scored.inverted.terms().get(form.as_bytes())?.map(|info| (group, info)));
        }
        let found: Places = found.into();
        let mut remembered = remembered();
        if remembered.len() >= MAX_REMEMBERED {
            remembered.clear();
        }
        remembered.insert(form.into(), found.clone());
        Ok(found)
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
        let segments = searcher.segment_readers().iter().map(|reader| Segment::open(reader, &fields, previous));
        let segments = segments.collect::<Result<Vec<_>, _>>()?;
        let key_limit = segments.iter().flat_map(|segment| segment.keys.iter()).max().map_or(0, |key| key + 1);
        let mut live = KeySet::with_capacity(key_limit);
        for segment in &segments {
            match segment.reader.alive_bitset() {
                None => segment.keys.iter().for_each(|key| live.insert(*key)),
                Some(alive) => alive.iter_alive().for_each(|doc| live.insert(segment.keys[doc as usize])),
            }
        }
        let statistics = group_statistics(&segments);
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

    /// Visits the live documents of a term.
    pub(super) fn for_each_posting(
        &self,
        field: Field,
        text: &str,
        mut visit: impl FnMut(&Segment, DocId),
    ) -> Result<(), EngineError> {
        let term = Term::from_field_text(field, text);
        for segment in &self.segments {
            let inverted = segment.reader.inverted_index(field)?;
            let Some(mut block) = inverted.read_block_postings(&term, IndexRecordOption::Basic)? else { continue };
            let alive = segment.reader.alive_bitset();
            while !block.docs().is_empty() {
                let docs = block.docs().iter().copied();
                docs.filter(|doc| alive.is_none_or(|alive| alive.is_alive(*doc))).for_each(|doc| visit(segment, doc));
                block.advance();
            }
        }
        Ok(())
    }
}

fn group_statistics(segments: &[Segment]) -> [GroupStatistics; 5] {
    let documents: u64 = segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum();
    ScoredGroup::ALL.map(|group| {
        let tokens: u64 =
            segments.iter().map(|segment| segment.scored[group as usize].inverted.total_num_tokens()).sum();
        GroupStatistics { average_length: (tokens as f32 / documents.max(1) as f32).max(1.0) }
    })
}
