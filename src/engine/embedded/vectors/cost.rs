//! Which way through a segment is cheapest.
//!
//! Sizes (rows, allowed keys, k) and what this machine takes for a row → scan all, visit the allowed, or walk the graph. A pure
//! function once the machine has been measured, which happens once in a process and takes some ten milliseconds.

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::Instant;

use super::graph::LEAST_EF;
use super::simd;

/// Rows of this many values were measured; the cost of others is taken as proportional.
const MEASURED_STRIDE: usize = 256;

/// Rows of the measurement: 32 MB of codes, which come from memory at least in part, as those of a large segment do.
const MEASURED_ROWS: usize = 1 << 17;

/// Below this share of allowed keys a graph search would have to ask for too much.
const LEAST_SHARE_FOR_GRAPH: f64 = 0.25;

/// Breadth of a graph search for each hit wanted, on top of [`LEAST_EF`]: at 200,000 clustered vectors and k = 100 about
/// the least that reaches a recall of 0.98 (benches/vectors.rs).
const EF_PER_HIT: f64 = 2.0;

/// Rows that a graph search looks at for each unit of breadth, when the graph has a thousand rows, and more for each
/// doubling (benches/vectors.rs).
const ROWS_PER_EF: f64 = 9.0;
const ROWS_PER_EF_AND_DOUBLING: f64 = 0.8;

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

    /// The cheapest way, where there is a graph.
    pub(super) fn any(&self, size: &Size) -> Way {
        let exact = self.exact(size);
        match walk(size) {
            Some(walk) if self.of(walk, size) < self.of(exact, size) => walk,
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
                Way::Walk { ef } => {
                    let doublings = (size.rows as f64 / 1_000.0).max(1.0).log2();
                    ef as f64 * (ROWS_PER_EF + ROWS_PER_EF_AND_DOUBLING * doublings) * self.walked_row
                }
            }
    }
}

/// The graph search that finds enough, if it is one to be tried.
pub(super) fn walk(size: &Size) -> Option<Way> {
    let share = size.allowed as f64 / size.keys.max(1) as f64;
    let ef = (LEAST_EF as f64 + EF_PER_HIT * size.k as f64) / share;
    (share >= LEAST_SHARE_FOR_GRAPH && ef < size.rows as f64).then_some(Way::Walk { ef: ef.ceil() as usize })
}

fn measure() -> Cost {
    let codes = vec![1_i8; MEASURED_ROWS * MEASURED_STRIDE];
    let query = vec![1_i16; MEASURED_STRIDE];
    let mut dots = vec![0_i32; 512];
    let scanned = nanoseconds_each(MEASURED_ROWS, || {
        for block in codes.chunks_exact(dots.len() * MEASURED_STRIDE) {
            simd::dot_codes(&query, block, &mut dots);
            black_box(&mut dots);
        }
    });
    // Ascending with irregular gaps, as the rows of a filter are; about one in sixteen.
    let scattered = |row: &u32| (row.wrapping_mul(0x9E37_79B9) ^ row >> 5).wrapping_mul(0x85EB_CA6B) >> 28 == 0;
    let rows: Vec<u32> = (0..MEASURED_ROWS as u32).filter(scattered).collect();
    let mut dots = vec![0_i32; rows.len()];
    let visited = nanoseconds_each(rows.len(), || {
        simd::dot_codes_at(&query, &codes, &rows, &mut dots);
        black_box(&mut dots);
    });
    Cost::plausible(scanned, visited)
}

impl Cost {
    /// A disturbed measurement must not lead the planner far astray: ratios are held within what machines show.
    fn plausible(scanned: f64, visited: f64) -> Self {
        let scanned_row = scanned.clamp(1.0, 200.0);
        let visited_row = visited.clamp(1.5 * scanned_row, 8.0 * scanned_row);
        Self { scanned_row, visited_row, walked_row: WALKED_PER_SCANNED * scanned_row }
    }
}

/// A step of the graph library waits for memory and keeps its books in hash maps and shared pointers; measured against the
/// scan of a row in the same process (benches/vectors.rs).
const WALKED_PER_SCANNED: f64 = 30.0;

/// The least of a few runs, since others run on the machine too.
fn nanoseconds_each(rows: usize, mut run: impl FnMut()) -> f64 {
    let least = (0..4).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_nanos() as f64
    });
    least.fold(f64::INFINITY, f64::min) / rows as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const COST: Cost = Cost { scanned_row: 8.0, visited_row: 20.0, walked_row: 240.0 };

    fn size(rows: usize, allowed: usize, k: usize) -> Size {
        Size { rows, stride: 256, keys: rows, allowed, k }
    }

    #[test]
    fn few_allowed_keys_are_visited_and_many_are_scanned() {
        assert_eq!(COST.exact(&size(200_000, 20_000, 100)), Way::Visit);
        assert_eq!(COST.exact(&size(200_000, 100_000, 100)), Way::Scan);
        assert_eq!(COST.exact(&size(200_000, 200_000, 100)), Way::Scan);
    }

    #[test]
    fn a_graph_is_walked_where_it_is_large_and_little_is_filtered() {
        assert!(matches!(COST.any(&size(1_000_000, 1_000_000, 100)), Way::Walk { ef: 264 }));
        assert_eq!(COST.any(&size(20_000, 20_000, 100)), Way::Scan);
        assert_eq!(COST.any(&size(1_000_000, 200_000, 100)), Way::Visit);
        assert_eq!(COST.any(&size(1_000_000, 1_000, 100)), Way::Visit);
    }

    #[test]
    fn a_walk_asks_for_more_than_the_hits_wanted_and_never_for_little() {
        assert_eq!(walk(&size(200_000, 200_000, 1)), Some(Way::Walk { ef: 66 }));
        assert_eq!(walk(&size(200_000, 100_000, 100)), Some(Way::Walk { ef: 528 }));
        assert_eq!(walk(&size(200_000, 40_000, 100)), None);
        assert_eq!(walk(&size(200, 200, 100)), None);
        assert_eq!(walk(&size(0, 0, 100)), None);
    }

    #[test]
    fn disturbed_measurements_are_held_within_bounds() {
        assert_eq!(Cost::plausible(8.0, 1_000_000.0).visited_row, 64.0);
        assert_eq!(Cost::plausible(8.0, 0.1).visited_row, 12.0);
        let measured = Cost::measured();
        assert!(measured.scanned_row >= 1.0 && measured.visited_row > measured.scanned_row, "{measured:?}");
    }
}
