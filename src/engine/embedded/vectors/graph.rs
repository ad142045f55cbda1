//! The only file that knows hnsw_rs: a read-only graph over the rows of one segment.
//!
//! A sealed segment → an HNSW graph on disk, and the rows near a query. Invariants, each the answer to a measured trap:
//!
//! - One node for each distinct row: many equal points make their neighbours unreachable.
//! - Nodes hold the number of their row, not a copy of it; [`RowDistance`] reads the rows of the segment. It checks lengths and
//!   clamps, so a distance is finite and not negative whatever comes.
//! - Built by serial insertion with the default level scale: the same segment gives the same graph.
//! - After the build layer 0 is walked; rows that the walk does not reach are listed and always scanned.
//! - Dumped once into a fresh directory, sealed, then read back: a graph that was read back is packed in memory and a quarter
//!   faster, and what serves is what the next start will serve. It is never inserted into again (level scale and candidate extension are
//!   wrong after a load).
//! - Files are verified before the library sees them, since it panics on bad ones or ends the process.
//! - No filter is passed down: a filtered walk does not stop early. The caller asks for more and filters.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hnsw_rs::anndists::dist::distances::Distance;
use hnsw_rs::api::AnnT;
use hnsw_rs::hnsw::Hnsw;
use hnsw_rs::hnswio::HnswIo;
use serde::{Deserialize, Serialize};

use super::breadth::{Breadth, LEAST_EF};
use super::durable::{self, Seal};
use super::error::VectorIndexError;
use super::fixed_point;
use super::segment::Segment;
use crate::simd::rows as simd;

/// The library's own limit; its dump insists on it.
const LAYERS: usize = 16;

const BASENAME: &str = "rows";

/// What decides the quality of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraphOptions {
    /// Links of a node (twice as many on layer 0). At most 255.
    pub links: u8,
    /// Breadth of the search for links.
    pub ef_construction: usize,
}

impl Default for GraphOptions {
    fn default() -> Self {
        Self { links: 16, ef_construction: 200 }
    }
}

/// What the manifest says of a graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GraphRecord {
    links: Seal,
    nodes: Seal,
    unreachable: Vec<u32>,
    breadth: Breadth,
}

/// A graph over the rows of a segment.
pub(super) struct Graph {
    hnsw: Hnsw<'static, i16, RowDistance>,
    unreachable: Vec<u32>,
    breadth: Breadth,
}

impl std::fmt::Debug for Graph {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Graph").field("unreachable", &self.unreachable.len()).finish_non_exhaustive()
    }
}

impl Graph {
    /// Builds the graph of a segment, stores it in `directory` and opens it. `None` if `stop` was raised meanwhile.
    pub(super) fn build(
        segment: &Segment,
        options: GraphOptions,
        directory: &Path,
        stop: &AtomicBool,
    ) -> Result<Option<(Self, GraphRecord)>, VectorIndexError> {
        let links = usize::from(options.links.max(2));
        let hnsw = Hnsw::new(links, segment.rows(), LAYERS, options.ef_construction, RowDistance::of(segment));
        for row in 0..segment.rows() as u32 {
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            hnsw.insert((&node(row), row as usize));
        }
        let unreachable = unreachable(&hnsw);
        dump(&hnsw, directory)?;
        drop(hnsw);
        let mut record = GraphRecord {
            links: durable::adopt(&links_file(directory))?,
            nodes: durable::adopt(&nodes_file(directory))?,
            unreachable,
            breadth: Breadth::default(),
        };
        durable::sync_directory(directory)?;
        let mut graph = Self::open(segment, directory, &record)?;
        graph.breadth = Breadth::of(segment, |query, ef| {
            let (rows, visited) = graph.search(query, ef);
            (rows.into_iter().chain(graph.unreachable().iter().copied()).collect(), visited)
        });
        record.breadth = graph.breadth;
        Ok(Some((graph, record)))
    }

    /// Opens a stored graph after checking its files.
    pub(super) fn open(segment: &Segment, directory: &Path, record: &GraphRecord) -> Result<Self, VectorIndexError> {
        durable::verify(&links_file(directory), &record.links)?;
        durable::verify(&nodes_file(directory), &record.nodes)?;
        // The library lends the loader to the graph for the sake of memory maps, which are not used here. Leaking the
        // loader (two strings, once for each graph that is opened) frees the graph of that loan.
        let loader: &'static HnswIo = Box::leak(Box::new(HnswIo::new(directory, BASENAME)));
        let hnsw = loader
            .load_hnsw_with_dist(RowDistance::of(segment))
            .map_err(|error| VectorIndexError::Graph(error.to_string()))?;
        let rows = segment.rows();
        if hnsw.get_nb_point() != rows || record.unreachable.iter().any(|row| *row as usize >= rows) {
            return Err(VectorIndexError::corrupt(directory, "the graph is not that of the segment"));
        }
        Ok(Self { hnsw, unreachable: record.unreachable.clone(), breadth: record.breadth })
    }

    /// Up to `ef` rows near the query, nearest first, and the number of rows that were looked at. Leaves out
    /// [`Graph::unreachable`].
    pub(super) fn search(&self, query: &[i16], ef: usize) -> (Vec<u32>, usize) {
        let before = EVALUATIONS.get();
        let found = self.hnsw.search(query, ef, ef.max(LEAST_EF));
        // Upper layers may lead to a row that the walk over layer 0 did not reach.
        let rows = found.iter().map(|neighbour| neighbour.d_id as u32);
        let rows = rows.filter(|row| self.unreachable.binary_search(row).is_err()).collect();
        (rows, EVALUATIONS.get() - before)
    }

    /// How broadly this graph has to be searched.
    pub(super) fn breadth(&self) -> Breadth {
        self.breadth
    }

    /// Rows that no search finds.
    pub(super) fn unreachable(&self) -> &[u32] {
        &self.unreachable
    }
}

thread_local! {
    /// Distances taken by this thread, for the report.
    static EVALUATIONS: Cell<usize> = const { Cell::new(0) };
}

/// One minus the cosine, between nodes (which name their row) and queries (which are rows).
#[derive(Clone)]
struct RowDistance {
    values: Arc<Vec<i16>>,
    stride: usize,
}

impl RowDistance {
    fn of(segment: &Segment) -> Self {
        Self { values: Arc::clone(segment.values()), stride: segment.stride() }
    }

    fn row<'a>(&'a self, point: &'a [i16]) -> Option<&'a [i16]> {
        if let [low, high] = *point {
            let start = (low as u16 as usize | (high as u16 as usize) << 16) * self.stride;
            return self.values.get(start..start + self.stride);
        }
        (point.len() == self.stride).then_some(point)
    }
}

impl Distance<i16> for RowDistance {
    fn eval(&self, a: &[i16], b: &[i16]) -> f32 {
        EVALUATIONS.set(EVALUATIONS.get() + 1);
        match (self.row(a), self.row(b)) {
            (Some(a), Some(b)) => 1.0 - fixed_point::cosine(simd::dot(a, b)),
            _ => 2.0,
        }
    }
}

/// What a node holds: the number of its row. No query is as short, since rows are padded to 16 values.
fn node(row: u32) -> [i16; 2] {
    [row as u16 as i16, (row >> 16) as u16 as i16]
}

fn links_file(directory: &Path) -> PathBuf {
    directory.join(format!("{BASENAME}.hnsw.graph"))
}

fn nodes_file(directory: &Path) -> PathBuf {
    directory.join(format!("{BASENAME}.hnsw.data"))
}

fn dump(hnsw: &Hnsw<'static, i16, RowDistance>, directory: &Path) -> Result<(), VectorIndexError> {
    // Left over from a build that did not end. The library would panic where it cannot create a file.
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(VectorIndexError::io("remove", directory)(error));
        }
        _ => fs::create_dir(directory).map_err(VectorIndexError::io("create", directory))?,
    }
    hnsw.file_dump(directory, BASENAME).map_err(|error| VectorIndexError::Graph(error.to_string()))?;
    Ok(())
}

/// The rows that a walk over layer 0 from the entry point does not reach.
fn unreachable(hnsw: &Hnsw<'static, i16, RowDistance>) -> Vec<u32> {
    let points = hnsw.get_point_indexation();
    let mut links: Vec<Vec<u32>> = vec![Vec::new(); hnsw.get_nb_point()];
    // An iterator over all points would ask for the entry point, which an empty graph does not have.
    for layer in 0..=usize::from(hnsw.get_max_level_observed()) {
        for point in points.get_layer_iterator(layer) {
            let near = &point.get_neighborhood_id()[0];
            links[point.get_origin_id()] = near.iter().map(|neighbour| neighbour.d_id as u32).collect();
        }
    }
    // The entry point is the first that was inserted on the highest layer.
    let entry = points.get_layer_iterator(usize::from(hnsw.get_max_level_observed())).next();
    let mut reached = vec![false; links.len()];
    let mut ahead: Vec<u32> = entry.iter().map(|point| point.get_origin_id() as u32).collect();
    while let Some(row) = ahead.pop() {
        if !std::mem::replace(&mut reached[row as usize], true) {
            ahead.extend(links[row as usize].iter().filter(|next| !reached[**next as usize]));
        }
    }
    (0..links.len() as u32).filter(|row| !reached[*row as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::embedded::vectors::samples;

    fn segment(rows: usize) -> Segment {
        let vectors = samples::clustered(rows, 32, 1);
        let rows: Vec<Vec<i16>> = vectors.iter().map(fixed_point::row).collect();
        Segment::of(32, rows.iter().enumerate().map(|(key, row)| (key as u32, row.as_slice())))
    }

    fn build(segment: &Segment, directory: &Path) -> (Graph, GraphRecord) {
        Graph::build(segment, GraphOptions::default(), directory, &AtomicBool::new(false)).unwrap().unwrap()
    }

    #[test]
    fn finds_every_row_by_itself_or_lists_it_as_unreachable() {
        let directory = tempfile::tempdir().unwrap();
        let segment = segment(3_000);
        let (graph, _) = build(&segment, &directory.path().join("graph"));
        let missed = (0..segment.rows() as u32)
            .filter(|row| !graph.unreachable().contains(row))
            .filter(|row| graph.search(segment.row(*row), 64).0[0] != *row)
            .count();
        assert!(missed <= 3, "{missed} of 3,000 rows are not found");
        let (rows, visited) = graph.search(segment.row(0), 100);
        assert_eq!(rows.len(), 100);
        assert!((100..2_000).contains(&visited), "{visited}");
    }

    #[test]
    fn two_builds_and_a_reopened_graph_answer_alike() {
        let directory = tempfile::tempdir().unwrap();
        let segment = segment(800);
        let (first, record) = build(&segment, &directory.path().join("first"));
        let (second, _) = build(&segment, &directory.path().join("second"));
        let reopened = Graph::open(&segment, &directory.path().join("first"), &record).unwrap();
        for row in 0..50 {
            let found = first.search(segment.row(row), 64).0;
            assert_eq!(second.search(segment.row(row), 64).0, found);
            assert_eq!(reopened.search(segment.row(row), 64).0, found);
        }
    }

    #[test]
    fn a_damaged_or_foreign_graph_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let at = directory.path().join("graph");
        let segment_of_50 = segment(50);
        let (_, record) = build(&segment_of_50, &at);
        let foreign = Graph::open(&segment(49), &at, &record).unwrap_err();
        assert!(matches!(foreign, VectorIndexError::Corrupt { .. }), "{foreign}");
        for file in [links_file(&at), nodes_file(&at)] {
            let good = fs::read(&file).unwrap();
            let mut flipped = good.clone();
            flipped[good.len() / 2] ^= 1;
            for bad in [&flipped[..], &good[..good.len() - 1], &[]] {
                fs::write(&file, bad).unwrap();
                assert!(Graph::open(&segment_of_50, &at, &record).unwrap_err().needs_rebuild());
            }
            fs::write(&file, &good).unwrap();
        }
        assert!(Graph::open(&segment_of_50, &at, &record).is_ok());
    }

    #[test]
    fn a_raised_stop_ends_the_build() {
        let directory = tempfile::tempdir().unwrap();
        let built = Graph::build(
            &segment(50),
            GraphOptions::default(),
            &directory.path().join("graph"),
            &AtomicBool::new(true),
        );
        assert!(built.unwrap().is_none());
    }

    #[test]
    fn a_distance_is_finite_whatever_comes() {
        let distance = RowDistance::of(&segment(10));
        for (a, b) in [(&node(0)[..], &node(u32::MAX)[..]), (&[], &[1; 31]), (&[i16::MIN; 32], &[i16::MIN; 32])] {
            assert!((0.0..=2.0).contains(&distance.eval(a, b)));
        }
    }
}
