//! Which way through a segment is cheapest.
//!
//! Sizes (rows, allowed keys, k) and what this machine takes for a row → scan all, visit the allowed, or walk the graph. A pure
//! function once the machine has been measured, which happens once in a process and takes some tens of milliseconds.

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::Instant;

use super::breadth::Breadth;
use crate::simd::rows as simd;

/// Rows of this many values were measured; the cost of others is taken as proportional.
const MEASURED_STRIDE: usize = 256;

/// Rows of the measurement: 48 MB of codes, which come from memory for the greater part, as those of a large segment do.
const MEASURED_ROWS: usize = 3 << 16;

/// How often each way is measured; the least counts, since others run on the machine too.
const RUNS: u32 = 4;

/// Below this share of allowed keys a graph search would have to ask for too much.
const LEAST_SHARE_FOR_GRAPH: f64 = 0.25;

/// An answer that may miss something has to be this much cheaper than an exact one.
const WORTH_IT: f64 = 0.85;

/// What a row takes on this machine, in nanoseconds, for rows of 256 values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// A row of a scan over all rows.
    pub scanned_row: f64,
    /// A row visited out of order.
    pub visited_row: f64,
    /// A row looked at by a graph search.
    pub walked_row: f64,
}

/// A segment and what is wanted of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// Distinct vectors.
    pub(super) rows: usize,
    /// Values in a row.
    pub(super) stride: usize,
    /// Keys, dead ones included.
    pub(super) keys: usize,
    /// Keys that may be hits.
    pub(super) allowed: usize,
    /// Hits wanted.
    pub(super) k: usize,
    /// How broadly the graph has to be searched, if there is one.
    pub(super) graph: Option<Breadth>,
}

/// A way through a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// All rows, in order.
    Scan,
    /// The rows of the allowed keys.
    Visit,
    /// The graph, with this breadth; hits that are not allowed are thrown away.
    Walk {
        /// Breadth of the search.
        ef: usize,
    },
}

impl Cost {
    /// Measures this machine, once in a process.
    pub fn measured() -> Self {
        static MEASURED: OnceLock<Cost> = OnceLock::new();
        *MEASURED.get_or_init(measure)
    }

    /// The cheaper exact way.
    pub(super) fn exact(&self, size: &Size) -> Way {
        if self.of(Way::Visit, size) < self.of(Way::Scan, size) { Way::Visit } else { Way::Scan }
    }

    /// The cheapest way.
    pub(super) fn any(&self, size: &Size) -> Way {
        let exact = self.exact(size);
        match size.walk() {
            Some(walk) if self.of(walk, size) < WORTH_IT * self.of(exact, size) => walk,
            _ => exact,
        }
    }

    /// Nanoseconds that a way takes.
    pub(super) fn of(&self, way: Way, size: &Size) -> f64 {
        let width = size.stride as f64 / MEASURED_STRIDE as f64;
        width
            * match way {
                Way::Scan => size.rows as f64 * self.scanned_row,
                Way::Visit => size.allowed.min(size.rows) as f64 * self.visited_row,
                Way::Walk { ef } => size.graph.map_or(f64::INFINITY, |breadth| breadth.rows(ef)) * self.walked_row,
            }
    }
}

impl Size {
    /// The graph search that finds enough, if there is a graph and enough is allowed.
    pub(super) fn walk(&self) -> Option<Way> {
        let share = self.allowed as f64 / self.keys.max(1) as f64;
        let ef = self.graph?.ef(self.k) / share;
        (share >= LEAST_SHARE_FOR_GRAPH && ef < self.rows as f64).then_some(Way::Walk { ef: ef.ceil() as usize })
    }
}

fn measure() -> Cost {
    let codes = vec![1_i8; MEASURED_ROWS * MEASURED_STRIDE];
    let query = vec![1_i16; MEASURED_STRIDE];
    let mut dots = vec![0_i32; MEASURED_ROWS];
    let (mut scanned, mut visited) = (f64::INFINITY, f64::INFINITY);
    for run in 0..RUNS {
        let start = Instant::now();
        for (block, dots) in codes.chunks_exact(512 * MEASURED_STRIDE).zip(dots.chunks_exact_mut(512)) {
            simd::dot_codes(&query, block, dots);
        }
        black_box(&mut dots);
        scanned = scanned.min(start.elapsed().as_nanos() as f64 / MEASURED_ROWS as f64);
        // Ascending with irregular gaps, as the rows of a filter are: one in four, near the share at which the planner
        // changes its mind, and others in each run.
        let scattered = |row: &u32| (row.wrapping_mul(0x9E37_79B9) ^ row >> 5).wrapping_mul(0x85EB_CA6B) >> 30 == run;
        let rows: Vec<u32> = (0..MEASURED_ROWS as u32).filter(scattered).collect();
        let start = Instant::now();
        simd::dot_codes_at(&query, &codes, &rows, &mut dots[..rows.len()]);
        black_box(&mut dots);
        visited = visited.min(start.elapsed().as_nanos() as f64 / rows.len() as f64);
    }
    Cost::plausible(scanned, visited)
}

impl Cost {
    /// A disturbed measurement must not lead the planner far astray: ratios are held within what machines show.
    fn plausible(scanned: f64, visited: f64) -> Self {
        let scanned_row = scanned.clamp(1.0, 200.0);
        let visited_row = (visited + FOUND_ROW * scanned_row).clamp(2.0 * scanned_row, 8.0 * scanned_row);
        Self { scanned_row, visited_row, walked_row: WALKED_ROW * scanned_row }
    }
}

/// Finding the row of an allowed key, in scanned rows (benches/vectors.rs).
const FOUND_ROW: f64 = 0.3;

/// A row that a graph search looks at, in scanned rows: the graph library waits for memory at each step and keeps its books
/// in hash maps and shared pointers (benches/vectors.rs).
const WALKED_ROW: f64 = 30.0;

#[cfg(test)]
mod tests {
    use super::*;

    const COST: Cost = Cost { scanned_row: 8.0, visited_row: 20.0, walked_row: 240.0 };
    const BREADTH: Breadth = Breadth { ef_for_100: 264, rows_for_100: 4_000 };

    fn size(rows: usize, allowed: usize, k: usize) -> Size {
        Size { rows, stride: 256, keys: rows, allowed, k, graph: Some(BREADTH) }
    }

    #[test]
    fn few_allowed_keys_are_visited_and_many_are_scanned() {
        assert_eq!(COST.exact(&size(200_000, 20_000, 100)), Way::Visit);
        assert_eq!(COST.exact(&size(200_000, 100_000, 100)), Way::Scan);
        assert_eq!(COST.exact(&size(200_000, 200_000, 100)), Way::Scan);
    }

    #[test]
    fn a_graph_is_walked_where_it_is_large_and_little_is_filtered() {
        assert_eq!(COST.any(&size(1_000_000, 1_000_000, 100)), Way::Walk { ef: 264 });
        assert_eq!(COST.any(&size(150_000, 150_000, 100)), Way::Walk { ef: 264 });
        assert_eq!(COST.any(&size(130_000, 130_000, 100)), Way::Scan, "nearly as cheap, and exact");
        assert_eq!(COST.any(&size(100_000, 100_000, 100)), Way::Scan);
        assert_eq!(COST.any(&size(1_000_000, 200_000, 100)), Way::Visit);
        assert_eq!(COST.any(&size(1_000_000, 1_000, 100)), Way::Visit);
        assert_eq!(COST.any(&Size { graph: None, ..size(1_000_000, 1_000_000, 100) }), Way::Scan);
    }

    #[test]
    fn a_graph_that_has_to_be_searched_broadly_is_not_worth_it() {
        let broad = Some(Breadth { ef_for_100: 2_000, rows_for_100: 40_000 });
        assert_eq!(COST.any(&Size { graph: broad, ..size(1_000_000, 1_000_000, 100) }), Way::Scan);
    }

    #[test]
    fn a_walk_asks_for_more_than_the_hits_wanted_and_never_for_little() {
        assert_eq!(size(200_000, 200_000, 1).walk(), Some(Way::Walk { ef: 66 }));
        assert_eq!(size(200_000, 100_000, 100).walk(), Some(Way::Walk { ef: 528 }));
        assert_eq!(size(200_000, 40_000, 100).walk(), None);
        assert_eq!(size(200, 200, 100).walk(), None);
        assert_eq!(size(0, 0, 100).walk(), None);
    }

    #[test]
    fn disturbed_measurements_are_held_within_bounds() {
        assert_eq!(Cost::plausible(8.0, 1_000_000.0).visited_row, 64.0);
        assert_eq!(Cost::plausible(8.0, 0.1).visited_row, 16.0);
        let measured = Cost::measured();
        assert!(measured.scanned_row >= 1.0 && measured.visited_row > measured.scanned_row, "{measured:?}");
    }
}
