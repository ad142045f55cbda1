//! A pinned state of an index.
//!
//! Segments, their tombstones and graphs, all immutable → lookups by key. Invariant: a key is alive in at most one segment. A
//! snapshot never changes; it keeps alive what it refers to, whatever merges do meanwhile.

use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::embed::UnitVector;
use crate::engine::KeySet;

use super::cost::Cost;
use super::error::WrongDimensions;
use super::fixed_point;
use super::graph::Graph;
use super::search::VectorHit;
use super::segment::Segment;
use crate::simd::rows as simd;

/// A pinned, immutable state of a [`VectorIndex`](super::VectorIndex).
#[derive(Debug)]
pub struct VectorSnapshot {
    pub(super) dimensions: usize,
    pub(super) cost: Cost,
    /// Largest first.
    pub(super) views: Vec<View>,
}

/// A segment as a snapshot sees it.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) segment: Arc<Segment>,
    /// Keys of the segment that were deleted or live in a newer segment.
    pub(super) dead: Arc<RoaringBitmap>,
    pub(super) graph: Option<Arc<Graph>>,
}

impl View {
    /// A segment of which every key is alive.
    pub(super) fn of(segment: Segment) -> Self {
        Self { segment: Arc::new(segment), dead: Arc::default(), graph: None }
    }

    /// The number of keys that are alive.
    pub(super) fn live(&self) -> usize {
        self.segment.keys().len() - self.dead.len() as usize
    }

    /// The row of a key, if it is alive here.
    #[inline]
    pub(super) fn live_row(&self, key: u32) -> Option<u32> {
        let row = self.segment.row_of(key)?;
        (self.dead.is_empty() || !self.dead.contains(key)).then_some(row)
    }

    /// The keys of a row that are alive and allowed, ascending.
    pub(super) fn serving_keys<'a>(&'a self, row: u32, allowed: Option<&'a KeySet>) -> impl Iterator<Item = u32> + 'a {
        let dead = (!self.dead.is_empty()).then_some(&self.dead);
        let serves = move |key: &u32| {
            allowed.is_none_or(|allowed| allowed.contains(*key)) && dead.is_none_or(|dead| !dead.contains(*key))
        };
        self.segment.keys_of_row(row).iter().copied().filter(serves)
    }

    /// The keys that are alive with their rows, ascending by key.
    pub(super) fn live_rows(&self) -> impl Iterator<Item = (u32, &[i16])> {
        let keys = self.segment.keys().iter().zip(self.segment.row_of_rank());
        keys.filter(|(key, _)| !self.dead.contains(**key)).map(|(key, row)| (*key, self.segment.row(*row)))
    }
}

impl VectorSnapshot {
    /// The number of keys that have a vector.
    pub fn len(&self) -> usize {
        self.views.iter().map(View::live).sum()
    }

    /// Whether no key has a vector.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of components of every vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Whether the key has a vector.
    pub fn contains(&self, key: u32) -> bool {
        self.locate(key).is_some()
    }

    /// The vector of a key as it is stored: each component within 2e-5 of what was given.
    pub fn vector(&self, key: u32) -> Option<UnitVector> {
        let (view, row) = self.locate(key)?;
        fixed_point::vector(self.views[view].segment.row(row), self.dimensions)
    }

    /// The cosine of the query with the stored vector of each key, in ascending order of the keys; `None` for a key
    /// without a vector. `known` are hits of a search for the same query, which need not be computed again.
    pub fn cosines(
        &self,
        query: &UnitVector,
        keys: &KeySet,
        known: &[VectorHit],
    ) -> Result<Vec<Option<f32>>, WrongDimensions> {
        let query = self.query_row(query)?;
        let (ranks, keys): (_, Vec<u32>) = (keys.ranks(), keys.iter().collect());
        let mut cosines = vec![None; keys.len()];
        for hit in known {
            ranks.rank(hit.key).into_iter().for_each(|rank| cosines[rank] = Some(hit.cosine));
        }
        let mut pending: Vec<usize> = (0..keys.len()).filter(|place| cosines[*place].is_none()).collect();
        let (mut rows, mut places) = (Vec::new(), Vec::new());
        for view in &self.views {
            rows.clear();
            places.clear();
            pending.retain(|place| match view.live_row(keys[*place]) {
                Some(row) => {
                    rows.push(row);
                    places.push(*place);
                    false
                }
                None => true,
            });
            let mut dots = vec![0; rows.len()];
            simd::dot_at(&query, view.segment.values(), &rows, &mut dots);
            for (place, dot) in places.iter().zip(dots) {
                cosines[*place] = Some(fixed_point::cosine(dot));
            }
        }
        Ok(cosines)
    }

    /// The keys that have a vector, ascending.
    pub fn keys(&self) -> Vec<u32> {
        self.sorted_rows().into_iter().map(|(key, _)| key).collect()
    }

    /// A fingerprint of all keys and their stored vectors. Equal contents have equal fingerprints, however they came
    /// about: see [`fingerprint`].
    pub fn fingerprint(&self) -> String {
        fingerprint_of_rows(self.dimensions, self.sorted_rows().into_iter())
    }

    fn sorted_rows(&self) -> Vec<(u32, &[i16])> {
        let mut rows: Vec<(u32, &[i16])> = self.views.iter().flat_map(View::live_rows).collect();
        rows.sort_unstable_by_key(|(key, _)| *key);
        rows
    }

    fn locate(&self, key: u32) -> Option<(usize, u32)> {
        self.views.iter().enumerate().find_map(|(index, view)| Some((index, view.live_row(key)?)))
    }

    /// The query in the form of a row.
    pub(super) fn query_row(&self, query: &UnitVector) -> Result<Vec<i16>, WrongDimensions> {
        check_dimensions(self.dimensions, query)?;
        Ok(fixed_point::row(query))
    }
}

pub(super) fn check_dimensions(expected: usize, vector: &UnitVector) -> Result<(), WrongDimensions> {
    let found = vector.dimensions();
    if found == expected { Ok(()) } else { Err(WrongDimensions { expected, found }) }
}

/// The fingerprint of an index that holds exactly these vectors, given ascending by key: what
/// [`VectorSnapshot::fingerprint`] is to be compared with.
pub fn fingerprint<'a>(vectors: impl IntoIterator<Item = (u32, &'a UnitVector)>) -> String {
    let rows: Vec<(u32, usize, Vec<i16>)> =
        vectors.into_iter().map(|(key, vector)| (key, vector.dimensions(), fixed_point::row(vector))).collect();
    let dimensions = rows.first().map_or(0, |(_, dimensions, _)| *dimensions);
    fingerprint_of_rows(dimensions, rows.iter().map(|(key, _, row)| (*key, row.as_slice())))
}

fn fingerprint_of_rows<'a>(dimensions: usize, rows: impl Iterator<Item = (u32, &'a [i16])>) -> String {
    let mut hasher = blake3::Hasher::new();
    for (key, row) in rows {
        hasher.update(&key.to_le_bytes());
        let bytes: Vec<u8> = row.iter().take(dimensions).flat_map(|value| value.to_le_bytes()).collect();
        hasher.update(&bytes);
    }
    hasher.finalize().to_hex().to_string()
}
