//! How broadly a graph has to be searched to find nearly all it should.
//!
//! A fresh graph and its segment → the breadth at which the graph finds [`ENOUGH`] of what an exact search finds. Depends on the
//! contents only, so it is stored with the graph. Measured on queries made of two stored vectors each: such a query lies beside the
//! data as a recruiter's text does, which makes it harder to answer than a stored vector.

use serde::{Deserialize, Serialize};

use super::segment::Segment;
use crate::simd::rows as simd;

/// The share of the best hundred that a graph search should find.
const ENOUGH: f64 = 0.98;

/// How far a sample query is drawn from one stored vector towards another.
const TOWARDS: f32 = 0.35;

const SAMPLES: usize = 32;

/// Upper layers are walked one hop each, so the search of layer 0 has to make up for a bad start.
pub(super) const LEAST_EF: usize = 64;

/// How broadly a graph has to be searched. It depends on the vectors, by a factor of ten and more, so it is measured for each graph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Breadth {
    /// The `ef` that finds [`ENOUGH`] of the best hundred.
    pub(super) ef_for_100: usize,
    /// The rows that are looked at with that `ef`.
    pub(super) rows_for_100: usize,
}

impl Breadth {
    /// Measures the graph of a segment: sample queries are answered exactly, then by the graph, more and more broadly.
    /// `search` takes a query and an `ef`, and gives the rows found and how many it looked at.
    pub(super) fn of(segment: &Segment, search: impl Fn(&[i16], usize) -> (Vec<u32>, usize)) -> Self {
        let samples: Vec<Sample> = (0..SAMPLES).map(|number| Sample::of(segment, number)).collect();
        let wanted: usize = samples.iter().map(|sample| sample.best.len()).sum();
        let mut ef = LEAST_EF;
        loop {
            let (mut found, mut looked_at) = (0, 0);
            for sample in &samples {
                let (rows, visited) = search(&sample.query, ef);
                found += rows.iter().filter(|row| sample.best.binary_search(row).is_ok()).count();
                looked_at += visited;
            }
            let enough = found as f64 >= ENOUGH * wanted as f64;
            // Beyond this breadth any exact way is cheaper.
            if enough || ef * 8 > segment.rows() {
                return Self { ef_for_100: ef, rows_for_100: looked_at / SAMPLES };
            }
            ef += ef / 4;
        }
    }

    /// The `ef` that finds enough of the best `k`.
    pub(super) fn ef(self, k: usize) -> f64 {
        let per_hit = self.ef_for_100.saturating_sub(LEAST_EF).max(100) as f64 / 100.0;
        LEAST_EF as f64 + per_hit * k as f64
    }

    /// The rows that are looked at with an `ef`.
    pub(super) fn rows(self, ef: usize) -> f64 {
        self.rows_for_100 as f64 * ef as f64 / self.ef_for_100.max(1) as f64
    }
}

/// A query and its exact answer.
struct Sample {
    query: Vec<i16>,
    /// The rows of the best hundred, ascending.
    best: Vec<u32>,
}

impl Sample {
    fn of(segment: &Segment, number: usize) -> Self {
        let rows = segment.rows();
        // Steps of two different irrational parts reach everywhere.
        let at = |step: f64| segment.row((((number as f64 + 0.5) * step).fract() * rows as f64) as u32);
        let query = between(at(0.618_033_988_7), at(0.754_877_666_2));
        let mut scored: Vec<(i32, u32)> =
            (0..rows as u32).map(|row| (simd::dot(&query, segment.row(row)), row)).collect();
        let wanted = rows.min(100);
        if wanted < rows {
            scored.select_nth_unstable_by(wanted, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        }
        let mut best: Vec<u32> = scored[..wanted].iter().map(|(_, row)| *row).collect();
        best.sort_unstable();
        Self { query, best }
    }
}

/// A query near one row, drawn towards another; of the same length as a row.
fn between(near: &[i16], towards: &[i16]) -> Vec<i16> {
    let values: Vec<f32> = near.iter().zip(towards).map(|(a, b)| f32::from(*a) + TOWARDS * f32::from(*b)).collect();
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt().max(1.0);
    values.iter().map(|value| (value / length * 32_767.0) as i16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breadth_grows_with_the_hits_wanted() {
        let breadth = Breadth { ef_for_100: 264, rows_for_100: 5_280 };
        assert_eq!((breadth.ef(0), breadth.ef(100), breadth.ef(1_000)), (64.0, 264.0, 2_064.0));
        assert_eq!(breadth.rows(132), 2_640.0);
        let narrow = Breadth { ef_for_100: 64, ..breadth };
        assert_eq!(narrow.ef(100), 164.0);
        assert_eq!(Breadth::default().rows(10), 0.0);
    }

    #[test]
    fn a_query_between_two_rows_is_as_long_as_they_are() {
        let row = |at: usize| (0..16).map(|value| if value == at { 32_767 } else { 0 }).collect::<Vec<i16>>();
        let query = between(&row(1), &row(2));
        assert_eq!((query[1], query[2]), (30_927, 10_824));
        assert_eq!(between(&row(1), &row(1)), row(1));
    }
}
