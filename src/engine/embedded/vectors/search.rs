//! The keys nearest to a query.
//!
//! A snapshot, a query, a number of hits and perhaps a set of allowed keys → hits by descending cosine, then ascending key, and what was
//! done to find them. Invariant: whatever is not found by walking a graph is exact: the hits are those that comparing the query with
//! every stored vector in full precision would give.

use serde::Serialize;

use crate::embed::UnitVector;
use crate::engine::KeySet;

use super::cost::{Size, Way};
use super::error::WrongDimensions;
use super::fixed_point;
use super::selection::{Candidate, Selection, keep_best};
use super::snapshot::{VectorSnapshot, View};
use crate::simd::rows as simd;

/// Rows that are scored in one go.
const BLOCK: usize = 256;

/// Rows of which is asked at once whether any is promising.
const RUN: usize = 16;

/// A question to a [`VectorSnapshot`].
#[derive(Debug, Clone, Copy)]
pub struct VectorSearch<'a> {
    /// What the hits should be near to.
    pub query: &'a UnitVector,
    /// How many hits are wanted.
    pub k: usize,
    /// Whether those who are as near as the last hit come along, however many: the caller cuts them in its own order.
    pub with_ties: bool,
    /// The keys that may be hits; `None` allows all.
    pub allowed: Option<&'a KeySet>,
    /// Which way to take.
    pub strategy: VectorStrategy,
}

/// Which way a search takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum VectorStrategy {
    /// The cheapest on this machine.
    #[default]
    Auto,
    /// Compare the query with every vector that may be a hit.
    Exact,
    /// Walk the graphs wherever there are some and at least a quarter of the keys is allowed; else exact.
    Graph,
}

/// A key and the cosine of its stored vector with the query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VectorHit {
    /// The key.
    pub key: u32,
    /// Cosine in [-1, 1].
    pub cosine: f32,
}

/// The answer to a [`VectorSearch`].
#[derive(Debug, Clone, PartialEq)]
pub struct VectorHits {
    /// By descending cosine, then ascending key.
    pub hits: Vec<VectorHit>,
    /// How they were found.
    pub strategy: StrategyReport,
}

/// What was done to answer a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StrategyReport {
    /// The way that was taken.
    pub used: UsedStrategy,
    /// Vectors that were compared with the query, in whatever precision.
    pub visited: usize,
    /// Vectors that were compared in full precision after a coarse look.
    pub rescored: usize,
    /// Segments that were searched.
    pub segments: usize,
    /// Segments whose graph was walked.
    pub graphs: usize,
}

/// The way that a search took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UsedStrategy {
    /// All vectors were compared, then those that are not allowed left out. Exact.
    Exact,
    /// Only vectors of allowed keys were compared, at least in some segments. Exact.
    ExactFiltered,
    /// Graphs were walked. Not exact.
    Graph,
    /// Graphs were walked, and segments without one were compared in full. Not exact.
    #[serde(rename = "graph+scan")]
    GraphAndScan,
}

impl UsedStrategy {
    /// The name in answers and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::ExactFiltered => "exact-filtered",
            Self::Graph => "graph",
            Self::GraphAndScan => "graph+scan",
        }
    }

    /// Whether the hits are certainly the best ones.
    pub fn is_exact(self) -> bool {
        matches!(self, Self::Exact | Self::ExactFiltered)
    }
}

impl VectorSnapshot {
    /// Finds the allowed keys whose vectors are nearest to the query.
    pub fn search(&self, request: &VectorSearch<'_>) -> Result<VectorHits, WrongDimensions> {
        let query = self.query_row(request.query)?;
        let mut run = Run::new(self, request, &query);
        if request.k > 0 {
            for index in 0..self.views.len() {
                run.take(index);
            }
        }
        Ok(run.finish())
    }

    /// How broadly the largest graph is searched for `k` hits. For measurements.
    #[doc(hidden)]
    pub fn breadth_of_largest_graph(&self, k: usize) -> Option<usize> {
        let graph = self.views.iter().find_map(|view| view.graph.as_ref())?;
        Some(graph.breadth().ef(k).ceil() as usize)
    }

    /// Walks the largest graph and does nothing else: row numbers of that segment, nearest first. For measurements, as the
    /// baseline that a whole search is compared with.
    #[doc(hidden)]
    pub fn walk_largest_graph(&self, query: &UnitVector, ef: usize) -> Result<Vec<u32>, WrongDimensions> {
        let query = self.query_row(query)?;
        let graph = self.views.iter().find_map(|view| view.graph.as_ref());
        Ok(graph.map(|graph| graph.search(&query, ef).0).unwrap_or_default())
    }
}

/// A search under way.
struct Run<'a> {
    snapshot: &'a VectorSnapshot,
    request: &'a VectorSearch<'a>,
    query: &'a [i16],
    selection: Selection,
    /// Found by walking, with exact cosines.
    walked: Vec<Candidate>,
    visited: usize,
    scanned_segments: usize,
    visited_segments: usize,
    graphs: usize,
}

impl<'a> Run<'a> {
    fn new(snapshot: &'a VectorSnapshot, request: &'a VectorSearch<'a>, query: &'a [i16]) -> Self {
        let error = snapshot.views.iter().map(|view| view.segment.codes().error).fold(0.0, f32::max);
        Self {
            snapshot,
            request,
            query,
            selection: Selection::new(request.k, error),
            walked: Vec::new(),
            visited: 0,
            scanned_segments: 0,
            visited_segments: 0,
            graphs: 0,
        }
    }

    fn take(&mut self, index: usize) {
        let view = &self.snapshot.views[index];
        let segment = &view.segment;
        let allowed = match self.request.allowed {
            Some(allowed) => segment.table().count_in(allowed.words()),
            None => view.live(),
        };
        if allowed == 0 {
            return;
        }
        let (rows, stride, keys) = (segment.rows(), segment.stride(), segment.keys().len());
        let graph = view.graph.as_ref().map(|graph| graph.breadth());
        let size = Size { rows, stride, keys, allowed, k: self.request.k, graph };
        let cost = &self.snapshot.cost;
        let way = match self.request.strategy {
            VectorStrategy::Exact => cost.exact(&size),
            VectorStrategy::Graph => size.walk().unwrap_or_else(|| cost.exact(&size)),
            VectorStrategy::Auto => cost.any(&size),
        };
        match way {
            Way::Scan => self.scan(index),
            Way::Visit => self.visit(index),
            Way::Walk { ef } => {
                if !self.walk(index, ef, allowed) {
                    self.take_exactly(index, &size);
                }
            }
        }
    }

    fn take_exactly(&mut self, index: usize, size: &Size) {
        match self.snapshot.cost.exact(size) {
            Way::Visit => self.visit(index),
            Way::Scan | Way::Walk { .. } => self.scan(index),
        }
    }

    /// Scores all rows and lets the allowed among the promising ones through.
    fn scan(&mut self, index: usize) {
        let view = &self.snapshot.views[index];
        let codes = view.segment.codes();
        let rows = view.segment.rows();
        let all_serve = view.dead.is_empty() && self.request.allowed.is_none();
        let (mut dots, mut scores) = ([0; BLOCK], [0.0; BLOCK]);
        for first in (0..rows).step_by(BLOCK) {
            let dots = &mut dots[..BLOCK.min(rows - first)];
            codes.block(self.query, first, dots);
            let scales = &codes.scales[first..first + dots.len()];
            let scores = &mut scores[..dots.len()];
            for ((score, dot), scale) in scores.iter_mut().zip(dots).zip(scales) {
                *score = *dot as f32 * scale;
            }
            for (run, scores) in scores.chunks(RUN).enumerate() {
                let floor = self.selection.floor();
                // Counting compiles to vector instructions; most runs hold nothing promising.
                if scores.iter().map(|score| u32::from(*score >= floor)).sum::<u32>() == 0 {
                    continue;
                }
                for (offset, score) in scores.iter().enumerate().filter(|(_, score)| **score >= floor) {
                    let row = (first + run * RUN + offset) as u32;
                    if all_serve || serves(view, row, self.request.allowed) {
                        self.selection.offer(Candidate { score: *score, segment: index as u32, row });
                    }
                }
            }
        }
        self.visited += rows;
        self.scanned_segments += 1;
    }

    /// Scores the rows of the allowed keys.
    fn visit(&mut self, index: usize) {
        let view = &self.snapshot.views[index];
        let rows = self.request.allowed.map_or_else(|| live_rows(view), |allowed| allowed_rows(view, allowed));
        let codes = view.segment.codes();
        let mut dots = [0; BLOCK];
        for rows in rows.chunks(BLOCK) {
            let dots = &mut dots[..rows.len()];
            simd::dot_codes_at(self.query, &codes.codes, rows, dots);
            for (dot, row) in dots.iter().zip(rows) {
                let score = *dot as f32 * codes.scales[*row as usize];
                self.selection.offer(Candidate { score, segment: index as u32, row: *row });
            }
        }
        self.visited += rows.len();
        self.visited_segments += 1;
    }

    /// Walks the graph. `false`, with nothing kept, if that does not find enough allowed keys.
    fn walk(&mut self, index: usize, ef: usize, allowed: usize) -> bool {
        let view = &self.snapshot.views[index];
        let Some(graph) = &view.graph else { return false };
        let (mut rows, visited) = graph.search(self.query, ef);
        self.visited += visited + graph.unreachable().len();
        rows.extend(graph.unreachable());
        rows.retain(|row| serves(view, *row, self.request.allowed));
        let wanted = self.request.k.min(allowed);
        let keys = rows.iter().map(|row| view.serving_keys(*row, self.request.allowed).take(wanted).count());
        if keys.sum::<usize>() < wanted {
            return false;
        }
        let mut dots = vec![0; rows.len()];
        simd::dot_at(self.query, view.segment.values(), &rows, &mut dots);
        let found = rows.iter().zip(dots);
        self.walked.extend(found.map(|(row, dot)| Candidate {
            score: fixed_point::cosine(dot),
            segment: index as u32,
            row: *row,
        }));
        self.graphs += 1;
        true
    }

    fn finish(self) -> VectorHits {
        let (snapshot, request, query) = (self.snapshot, self.request, self.query);
        let (mut best, rescored) = self.selection.exact(|candidates| exact_scores(snapshot, query, candidates));
        best.extend(self.walked);
        keep_best(&mut best, request.k);
        let mut hits = Vec::with_capacity(best.len());
        for candidate in best {
            let keys = snapshot.views[candidate.segment as usize].serving_keys(candidate.row, request.allowed);
            let most = if request.with_ties { usize::MAX } else { request.k };
            hits.extend(keys.take(most).map(|key| VectorHit { key, cosine: candidate.score }));
        }
        hits.sort_unstable_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.key.cmp(&b.key)));
        hits.truncate(kept(&hits, request));
        let exact_segments = self.scanned_segments + self.visited_segments;
        let used = match (self.graphs, exact_segments) {
            (0, _) if self.visited_segments > 0 => UsedStrategy::ExactFiltered,
            (0, _) => UsedStrategy::Exact,
            (_, 0) => UsedStrategy::Graph,
            _ => UsedStrategy::GraphAndScan,
        };
        let segments = exact_segments + self.graphs;
        let report = StrategyReport { used, visited: self.visited, rescored, segments, graphs: self.graphs };
        VectorHits { hits, strategy: report }
    }
}

/// How many of the sorted hits are wanted.
fn kept(hits: &[VectorHit], request: &VectorSearch<'_>) -> usize {
    match request.k.checked_sub(1).and_then(|last| hits.get(last)) {
        Some(last) if request.with_ties => hits.partition_point(|hit| hit.cosine >= last.cosine),
        _ => request.k,
    }
}

fn serves(view: &View, row: u32, allowed: Option<&KeySet>) -> bool {
    view.serving_keys(row, allowed).next().is_some()
}

/// The rows of the allowed keys that are alive, ascending, each once.
fn allowed_rows(view: &View, allowed: &KeySet) -> Vec<u32> {
    let segment = &view.segment;
    let ranks = segment.table().ranks_in(allowed.words());
    let alive = ranks.filter(|rank| view.dead.is_empty() || !view.dead.contains(segment.keys()[*rank]));
    let rows = alive.map(|rank| segment.row_of_rank()[rank]);
    each_once(rows, segment.has_duplicates())
}

fn live_rows(view: &View) -> Vec<u32> {
    let keys = view.segment.keys().iter().zip(view.segment.row_of_rank());
    let rows = keys.filter(|(key, _)| !view.dead.contains(**key)).map(|(_, row)| *row);
    each_once(rows, view.segment.has_duplicates())
}

/// Without duplicates rows are numbered like keys and come ascending already; else a bitmap puts them in order.
fn each_once(rows: impl Iterator<Item = u32>, duplicates: bool) -> Vec<u32> {
    if duplicates { rows.collect::<KeySet>().iter().collect() } else { rows.collect() }
}

fn exact_scores(snapshot: &VectorSnapshot, query: &[i16], candidates: &[Candidate]) -> Vec<f32> {
    let mut scores = Vec::with_capacity(candidates.len());
    let (mut rows, mut dots) = (Vec::new(), Vec::new());
    for run in candidates.chunk_by(|a, b| a.segment == b.segment) {
        rows.clear();
        rows.extend(run.iter().map(|candidate| candidate.row));
        dots.clear();
        dots.resize(rows.len(), 0);
        let segment = &snapshot.views[run[0].segment as usize].segment;
        simd::dot_at(query, segment.values(), &rows, &mut dots);
        scores.extend(dots.iter().map(|dot| fixed_point::cosine(*dot)));
    }
    scores
}
