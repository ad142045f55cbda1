//! A durable index of one named vector of each key.
//!
//! Changes → an in-memory tail, visible at once → sealed segments and a manifest, durable. Invariants: a key is alive in at most one
//! segment; what the manifest says is the state at `committed_seq`, neither more nor less; memory follows the disk: state in memory
//! changes only after the manifest that says so is on disk, so a failed commit or merge leaves everything as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use roaring::RoaringBitmap;

use crate::embed::UnitVector;

use super::cost::Cost;
use super::durable;
use super::error::{VectorIndexError, WrongDimensions};
use super::fixed_point;
use super::graph::{Graph, GraphOptions, GraphRecord};
use super::manifest::{self, Manifest, SegmentEntry};
use super::segment::Segment;
use super::segment_file::{self, SegmentRecord};
use super::snapshot::{VectorSnapshot, View, check_dimensions};

/// How an index is opened.
#[derive(Debug, Clone)]
pub struct VectorIndexOptions {
    /// The number of components of every vector, at least one.
    pub dimensions: usize,
    /// The model that makes the vectors. An index of another model is refused.
    pub model_version: String,
    /// After so many changes a commit seals the tail.
    pub tail_limit: usize,
    /// From so many distinct vectors on a segment gets a graph. Below, a scan is cheaper for 100 hits at a recall of 0.98.
    pub graph_from: usize,
    /// What decides the quality of graphs.
    pub graph: GraphOptions,
    /// A segment with more than this share of dead keys is rewritten.
    pub most_dead: f64,
    /// What rows take on this machine; `None` measures it (once in a process).
    pub cost: Option<Cost>,
}

impl VectorIndexOptions {
    /// The usual options for vectors of a model.
    pub fn new(dimensions: usize, model_version: impl Into<String>) -> Self {
        Self {
            dimensions,
            model_version: model_version.into(),
            tail_limit: 4_096,
            graph_from: 150_000,
            graph: GraphOptions::default(),
            most_dead: 0.2,
            cost: None,
        }
    }
}

/// A change of one key.
#[derive(Debug, Clone, PartialEq)]
pub enum VectorChange {
    /// The key has this vector from now on, or none.
    Upsert {
        /// The key.
        key: u32,
        /// Its vector.
        vector: Option<UnitVector>,
    },
    /// The key is gone.
    Delete {
        /// The key.
        key: u32,
    },
}

impl VectorChange {
    fn parts(&self) -> (u32, Option<&UnitVector>) {
        match self {
            Self::Upsert { key, vector } => (*key, vector.as_ref()),
            Self::Delete { key } => (*key, None),
        }
    }
}

/// Whether a commit has to be durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitMode {
    /// Seal only once [`VectorIndexOptions::tail_limit`] changes have come together.
    WhenLarge,
    /// Seal now.
    Now,
}

/// How large an index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VectorIndexSize {
    /// Keys with a vector.
    pub keys: usize,
    /// Distinct stored vectors, dead ones included.
    pub rows: usize,
    /// Keys in sealed segments that are dead.
    pub dead: usize,
    /// Sealed segments.
    pub segments: usize,
    /// Sealed segments with a graph.
    pub graphs: usize,
}

/// A durable, segmented index of one named vector of each key.
#[derive(Debug)]
pub struct VectorIndex {
    pub(super) directory: PathBuf,
    pub(super) options: VectorIndexOptions,
    pub(super) writer: Mutex<Writer>,
    /// Held by whoever merges or builds. The graphs in it are out of use and freed when no snapshot has them any more.
    pub(super) maintenance: Mutex<Vec<Arc<Graph>>>,
    published: ArcSwap<VectorSnapshot>,
}

/// What is known beyond the published snapshot.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) sealed: Vec<SealedSegment>,
    tail: Vec<View>,
    /// Changes that no manifest covers.
    unsealed: usize,
    committed_seq: u64,
    next_id: u64,
}

/// A segment on disk.
#[derive(Debug, Clone)]
pub(super) struct SealedSegment {
    pub(super) id: u64,
    pub(super) record: SegmentRecord,
    /// As of now. Its tombstones may be ahead of the manifest.
    pub(super) view: View,
    /// The tombstones in the manifest.
    pub(super) durable_dead: Arc<RoaringBitmap>,
    pub(super) graph: Option<GraphRecord>,
}

impl SealedSegment {
    pub(super) fn new(id: u64, record: SegmentRecord, segment: Segment) -> Self {
        Self { id, record, view: View::of(segment), durable_dead: Arc::default(), graph: None }
    }

    /// The number of keys that are alive according to the manifest.
    pub(super) fn durable_live(&self) -> usize {
        self.view.segment.keys().len() - self.durable_dead.len() as usize
    }
}

impl VectorIndex {
    /// Opens the index in a directory; an empty or absent directory becomes a new index.
    ///
    /// An error of which [`VectorIndexError::needs_rebuild`] is true means: [`VectorIndex::discard`] it, open again, and fill it from the store.
    pub fn open(directory: &Path, options: VectorIndexOptions) -> Result<Self, VectorIndexError> {
        if options.dimensions == 0 {
            return Err(WrongDimensions { expected: 1, found: 0 }.into());
        }
        fs::create_dir_all(directory).map_err(VectorIndexError::io("create", directory))?;
        let manifest = Manifest::read(directory)?;
        let writer = match &manifest {
            Some(manifest) => Writer::open(directory, &options, manifest)?,
            None => Writer::default(),
        };
        let published = ArcSwap::from_pointee(VectorSnapshot {
            dimensions: options.dimensions,
            cost: options.cost.unwrap_or_else(Cost::measured),
            views: Vec::new(),
        });
        let index = Self {
            directory: directory.to_owned(),
            options,
            writer: Mutex::new(writer),
            maintenance: Mutex::default(),
            published,
        };
        let writer = index.writer();
        index.sweep(&writer);
        index.publish(&writer);
        drop(writer);
        Ok(index)
    }

    /// The model version of the index in a directory and the number of its components; `None` where there is none that can be read.
    pub fn model_of(directory: &Path) -> Option<(String, usize)> {
        let manifest = Manifest::read(directory).ok()??;
        Some((manifest.model_version, manifest.dimensions))
    }

    /// Removes the files of an index from a directory, the manifest first.
    pub fn discard(directory: &Path) -> Result<(), VectorIndexError> {
        match fs::remove_file(directory.join(manifest::NAME)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed.map_err(VectorIndexError::io("remove", directory))?,
        }
        if directory.exists() {
            durable::sync_directory(directory)?;
            remove_strays(directory, &BTreeSet::new());
        }
        Ok(())
    }

    /// The change-log number up to which everything is durable. Changes after it have to be applied again after a start.
    pub fn committed_seq(&self) -> u64 {
        self.writer().committed_seq
    }

    /// Applies changes, the last of a key winning. They are visible in the next [`VectorIndex::snapshot`], and durable
    /// after a [`VectorIndex::commit`] that says so.
    pub fn apply(&self, changes: &[VectorChange]) -> Result<(), WrongDimensions> {
        let mut rows: BTreeMap<u32, Option<Vec<i16>>> = BTreeMap::new();
        for (key, vector) in changes.iter().map(VectorChange::parts) {
            vector.map_or(Ok(()), |vector| check_dimensions(self.options.dimensions, vector))?;
            rows.insert(key, vector.map(fixed_point::row));
        }
        let mut writer = self.writer();
        writer.unsealed += changes.len();
        if writer.apply(fixed_point::stride(self.options.dimensions), rows) {
            self.publish(&writer);
        }
        Ok(())
    }

    /// Says that every change up to the change-log number `seq` has been applied. Returns whether they are durable now;
    /// if not, [`VectorIndex::committed_seq`] stays where it was.
    pub fn commit(&self, seq: u64, mode: CommitMode) -> Result<bool, VectorIndexError> {
        let mut writer = self.writer();
        if writer.unsealed == 0 && seq <= writer.committed_seq {
            return Ok(true);
        }
        if mode == CommitMode::WhenLarge && writer.unsealed < self.options.tail_limit {
            return Ok(false);
        }
        let tail = merged(fixed_point::stride(self.options.dimensions), &writer.tail);
        let mut sealed = Vec::with_capacity(writer.sealed.len() + 1);
        for segment in writer.sealed.iter().filter(|segment| segment.view.live() > 0) {
            sealed.push(SealedSegment { durable_dead: Arc::clone(&segment.view.dead), ..segment.clone() });
        }
        if tail.rows() > 0 {
            let id = writer.new_id();
            let record = segment_file::write(&self.segment_path(id), &tail)?;
            durable::sync_directory(&self.directory)?;
            sealed.push(SealedSegment::new(id, record, tail));
        }
        let committed_seq = seq.max(writer.committed_seq);
        let retired = self.switch(&mut writer, sealed, committed_seq)?;
        writer.tail.clear();
        writer.unsealed = 0;
        self.publish(&writer);
        drop(writer);
        self.retire(retired);
        Ok(true)
    }

    /// The current state, pinned.
    pub fn snapshot(&self) -> Arc<VectorSnapshot> {
        self.published.load_full()
    }

    /// How large the index is.
    pub fn size(&self) -> VectorIndexSize {
        let writer = self.writer();
        let views = || writer.sealed.iter().map(|segment| &segment.view);
        VectorIndexSize {
            keys: views().chain(&writer.tail).map(View::live).sum(),
            rows: views().chain(&writer.tail).map(|view| view.segment.rows()).sum(),
            dead: views().map(|view| view.dead.len() as usize).sum(),
            segments: writer.sealed.len(),
            graphs: writer.sealed.iter().filter(|segment| segment.graph.is_some()).count(),
        }
    }

    /// The writer. A thread that panicked while holding it has left it whole: state is replaced only by finished state.
    pub(super) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn segment_path(&self, id: u64) -> PathBuf {
        self.directory.join(segment_name(id))
    }

    pub(super) fn graph_path(&self, id: u64) -> PathBuf {
        self.directory.join(graph_name(id))
    }

    /// Makes `sealed` the durable state, then the state in memory. Returns the segments that are no longer part of it.
    pub(super) fn switch(
        &self,
        writer: &mut Writer,
        sealed: Vec<SealedSegment>,
        committed_seq: u64,
    ) -> Result<Vec<SealedSegment>, VectorIndexError> {
        let segments = sealed.iter().map(|segment| SegmentEntry {
            id: segment.id,
            file: segment.record.clone(),
            dead: (*segment.durable_dead).clone(),
            graph: segment.graph.clone(),
        });
        let manifest = Manifest {
            model_version: self.options.model_version.clone(),
            dimensions: self.options.dimensions,
            committed_seq,
            next_id: writer.next_id,
            segments: segments.collect(),
        };
        manifest.write(&self.directory)?;
        writer.committed_seq = committed_seq;
        let before = std::mem::replace(&mut writer.sealed, sealed);
        let kept: BTreeSet<u64> = writer.sealed.iter().map(|segment| segment.id).collect();
        Ok(before.into_iter().filter(|segment| !kept.contains(&segment.id)).collect())
    }

    /// Removes the files of segments that are out of the manifest. A file that cannot be removed is swept at the next start.
    pub(super) fn retire(&self, segments: Vec<SealedSegment>) {
        for segment in &segments {
            drop(fs::remove_file(self.segment_path(segment.id)));
            drop(fs::remove_dir_all(self.graph_path(segment.id)));
        }
    }

    /// Makes the state of the writer the one that new snapshots show.
    pub(super) fn publish(&self, writer: &Writer) {
        let views = writer.sealed.iter().map(|segment| &segment.view).chain(&writer.tail);
        let mut views: Vec<View> = views.cloned().collect();
        views.sort_by_key(|view| std::cmp::Reverse(view.segment.rows()));
        let before = self.published.load();
        self.published.store(Arc::new(VectorSnapshot { dimensions: before.dimensions, cost: before.cost, views }));
    }

    /// Removes what an interrupted commit, merge or build left behind.
    fn sweep(&self, writer: &Writer) {
        let segments = writer.sealed.iter().map(|segment| segment_name(segment.id));
        let graphs =
            writer.sealed.iter().filter(|segment| segment.graph.is_some()).map(|segment| graph_name(segment.id));
        remove_strays(&self.directory, &segments.chain(graphs).collect());
    }
}

impl Writer {
    fn open(directory: &Path, options: &VectorIndexOptions, manifest: &Manifest) -> Result<Self, VectorIndexError> {
        if manifest.model_version != options.model_version || manifest.dimensions != options.dimensions {
            return Err(VectorIndexError::OtherModel {
                found: manifest.model_version.clone(),
                found_dimensions: manifest.dimensions,
                wanted: options.model_version.clone(),
                dimensions: options.dimensions,
            });
        }
        let sealed = manifest.segments.iter().map(|entry| SealedSegment::open(directory, options, entry));
        Ok(Self {
            sealed: sealed.collect::<Result<_, _>>()?,
            committed_seq: manifest.committed_seq,
            next_id: manifest.next_id,
            ..Self::default()
        })
    }

    pub(super) fn committed_seq(&self) -> u64 {
        self.committed_seq
    }

    /// A number that no file of the index has.
    pub(super) fn new_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    /// Gives each key its row or none. Returns whether anything changed.
    fn apply(&mut self, stride: usize, mut rows: BTreeMap<u32, Option<Vec<i16>>>) -> bool {
        let mut changed = false;
        rows.retain(|key, row| {
            let unchanged = self.bury(*key, row.as_deref());
            changed |= !unchanged;
            !unchanged && row.is_some()
        });
        if !rows.is_empty() {
            let pairs = rows.iter().filter_map(|(key, row)| Some((*key, row.as_deref()?)));
            self.tail.push(View::of(Segment::of(stride, pairs)));
        }
        self.tail.retain(|view| view.live() > 0);
        // Like a binary counter: each vector of the tail is copied a logarithmic number of times.
        while let [.., earlier, last] = self.tail.as_slice()
            && earlier.live() <= 2 * last.live()
        {
            let joined = merged(stride, &self.tail[self.tail.len() - 2..]);
            self.tail.truncate(self.tail.len() - 2);
            self.tail.push(View::of(joined));
        }
        changed
    }

    /// Marks a key as dead wherever it is alive, unless it has that very row (or neither has one). Returns whether it did.
    fn bury(&mut self, key: u32, row: Option<&[i16]>) -> bool {
        let views = self.tail.iter_mut().chain(self.sealed.iter_mut().map(|segment| &mut segment.view));
        for view in views {
            if let Some(found) = view.live_row(key) {
                if row == Some(view.segment.row(found)) {
                    return true;
                }
                Arc::make_mut(&mut view.dead).insert(key);
                return false;
            }
        }
        row.is_none()
    }
}

impl SealedSegment {
    fn open(directory: &Path, options: &VectorIndexOptions, entry: &SegmentEntry) -> Result<Self, VectorIndexError> {
        let path = directory.join(segment_name(entry.id));
        let segment = segment_file::read(&path, &entry.file, fixed_point::stride(options.dimensions))?;
        if entry.dead.iter().any(|key| segment.row_of(key).is_none()) {
            return Err(VectorIndexError::corrupt(&path, "it lacks keys that were deleted from it"));
        }
        let mut sealed = Self::new(entry.id, entry.file.clone(), segment);
        sealed.view.dead = Arc::new(entry.dead.clone());
        sealed.durable_dead = Arc::clone(&sealed.view.dead);
        if let Some(record) = &entry.graph {
            match Graph::open(&sealed.view.segment, &directory.join(graph_name(entry.id)), record) {
                Ok(graph) => {
                    sealed.view.graph = Some(Arc::new(graph));
                    sealed.graph = Some(record.clone());
                }
                // A graph only saves time: without it the segment is scanned until it is built anew.
                Err(error) => tracing::warn!(vectors.segment = entry.id, %error, "a vector graph was dropped"),
            }
        }
        Ok(sealed)
    }
}

/// One segment of all that is alive in some. A key is alive in at most one of them.
pub(super) fn merged(stride: usize, views: &[View]) -> Segment {
    let mut rows: Vec<(u32, &[i16])> = views.iter().flat_map(View::live_rows).collect();
    rows.sort_unstable_by_key(|(key, _)| *key);
    Segment::of(stride, rows.into_iter())
}

fn segment_name(id: u64) -> String {
    format!("segment-{id}")
}

fn graph_name(id: u64) -> String {
    format!("graph-{id}")
}

/// Removes files and directories that an index may have made, except those named. What cannot be removed does no harm.
fn remove_strays(directory: &Path, kept: &BTreeSet<String>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = name.starts_with("segment-") || name.starts_with("graph-") || name == "manifest.tmp";
        if ours && !kept.contains(&name) {
            let path = entry.path();
            drop(if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) });
        }
    }
}
