//! The two precisions in which vectors are kept.
//!
//! [`UnitVector`] → a row of i16 (full precision: what is stored and what every cosine is computed from) → i8 codes with a
//! scale per row (what the scan reads). Invariants: a row is padded with zeros to a multiple of [`LANES`]; the cosine
//! of two rows differs from that of their unit vectors by about 1e-5; [`Codes::error`] bounds how far any cosine taken
//! from the codes can be from the cosine taken from the row.

use crate::embed::UnitVector;

use crate::simd::rows::{self as simd, LANES};

/// What 1.0 is in a row.
const ONE: f32 = 32_767.0;

/// The largest code.
const CODE_MAX: f32 = 127.0;

/// The length of a query may exceed one by the tolerance of unit vectors and by rounding.
const QUERY_LENGTH: f32 = 1.005;

/// Allowance for the f32 arithmetic on top of the exact integer sums.
const FLOAT_SLACK: f32 = 2e-6;

/// The number of values in the row of a vector of that many dimensions.
pub(super) fn stride(dimensions: usize) -> usize {
    dimensions.next_multiple_of(LANES)
}

/// The full-precision row of a vector.
pub(super) fn row(vector: &UnitVector) -> Vec<i16> {
    let mut row = vec![0; stride(vector.dimensions())];
    for (value, component) in row.iter_mut().zip(vector.as_slice()) {
        *value = (component * ONE).round().clamp(-ONE, ONE) as i16;
    }
    row
}

/// The vector of a row, scaled only if rounding took it out of the tolerance for unit vectors. `None` for a row of zeros, which no unit vector has.
pub(super) fn vector(row: &[i16], dimensions: usize) -> Option<UnitVector> {
    let values: Vec<f32> = row.iter().take(dimensions).map(|value| f32::from(*value) / ONE).collect();
    UnitVector::new(values.clone()).or_else(|_| UnitVector::normalize(values)).ok()
}

/// The cosine of two rows, given their dot product.
#[inline]
pub(super) fn cosine(dot: i32) -> f32 {
    (dot as f32 / (ONE * ONE)).clamp(-1.0, 1.0)
}

/// The codes of many rows.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// One i8 for each value of the rows.
    pub(super) codes: Vec<i8>,
    /// What one unit of the dot product of a query row with the codes is worth, for each row.
    pub(super) scales: Vec<f32>,
    /// The largest possible difference between a cosine from the codes and one from the row.
    pub(super) error: f32,
}

impl Codes {
    /// Quantises rows of `stride` values.
    pub(super) fn of(rows: &[i16], stride: usize) -> Self {
        let mut codes = Self {
            codes: Vec::with_capacity(rows.len()),
            scales: Vec::with_capacity(rows.len() / stride.max(1)),
            error: 0.0,
        };
        let mut longest_error = 0.0_f32;
        for row in rows.chunks_exact(stride) {
            longest_error = longest_error.max(codes.push(row));
        }
        codes.error = longest_error.sqrt() / ONE * QUERY_LENGTH + FLOAT_SLACK;
        codes
    }

    /// Adds a row and returns the squared length of what its codes miss, in the unit of the row.
    fn push(&mut self, row: &[i16]) -> f32 {
        let largest = f32::from(row.iter().map(|value| value.unsigned_abs()).max().unwrap_or(0)).max(1.0);
        let (step, per_step) = (largest / CODE_MAX, CODE_MAX / largest);
        let start = self.codes.len();
        self.codes.extend(row.iter().map(|value| {
            let steps = f32::from(*value) * per_step;
            (steps + 0.5_f32.copysign(steps)) as i8
        }));
        self.scales.push(step / (ONE * ONE));
        let missed =
            row.iter().zip(&self.codes[start..]).map(|(value, code)| f32::from(*value) - f32::from(*code) * step);
        missed.map(|missed| missed * missed).sum()
    }

    /// Approximate cosines of the query with the rows from `first` on.
    pub(super) fn block(&self, query: &[i16], first: usize, dots: &mut [i32]) {
        let stride = query.len();
        simd::dot_codes(query, &self.codes[first * stride..(first + dots.len()) * stride], dots);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unit(dimensions: usize) -> impl Strategy<Value = UnitVector> {
        prop::collection::vec(-1.0_f32..1.0, dimensions)
            .prop_filter_map("not of length zero", |values| UnitVector::normalize(values).ok())
    }

    proptest! {
        #[test]
        fn rows_keep_cosines_and_codes_keep_their_promise(a in unit(24), b in unit(24)) {
            let (row_a, row_b) = (row(&a), row(&b));
            prop_assert_eq!(row_a.len(), 32);
            let exact = cosine(simd::dot(&row_a, &row_b));
            prop_assert!((exact - a.cosine(&b)).abs() < 1e-4, "{} {}", exact, a.cosine(&b));

            let codes = Codes::of(&row_b, row_b.len());
            let mut dots = [0];
            codes.block(&row_a, 0, &mut dots);
            let coarse = dots[0] as f32 * codes.scales[0];
            prop_assert!((coarse - exact).abs() <= codes.error, "{} {} {}", coarse, exact, codes.error);
            prop_assert!(codes.error < 0.05);
        }

        #[test]
        fn a_vector_survives_the_way_there_and_back(a in unit(7)) {
            let back = vector(&row(&a), 7).unwrap();
            prop_assert_eq!(row(&back), row(&a));
        }
    }

    #[test]
    fn a_row_of_zeros_is_no_vector() {
        assert_eq!(vector(&[0; 16], 3), None);
        assert_eq!(Codes::of(&[0; 16], 16).codes, vec![0; 16]);
    }
}
