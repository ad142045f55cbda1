//! Weight matrices of bytes and their product with a few rows of numbers.
//!
//! Input: rows of f32. Output: the rows times the matrix, added to what is there. Invariant: a row of the output depends on its
//! row of the input alone, whatever rows are computed with it and on whichever processor: a text's vector does not depend on
//! its batch.
//!
//! A weight is a byte with a scale a column, a number of the input one with a scale a row (symmetric quantisation by the
//! largest magnitude; Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
//! Inference"). Their products are summed exactly, in [`crate::simd::columns`].

use std::ops::Range;

use half::bf16;

use crate::simd::columns::{self, Block, COLUMNS, DEEP, Panel, Quad, ROWS_AT_ONCE, Row};

/// The greatest magnitude of a byte: symmetric, so that nothing is shifted.
const GREATEST: f32 = 127.0;

/// Added to a number below 2²² it leaves the rounded number in the lowest bits: rounding without a function call.
const ROUNDING: f32 = 12_582_912.0;

/// A matrix in panels of sixteen columns, each panel four rows after four rows.
pub(super) struct Matrix {
    rows: usize,
    quads: Vec<Quad>,
    /// One a column.
    scales: Vec<f32>,
}

/// Rows of the input as bytes.
pub(super) struct ByteRows {
    depth: usize,
    bytes: Vec<i8>,
    rows: Vec<Row>,
}

/// Rows of numbers inside a wider row-major array: the columns from `column` on.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) values: &'a [f32],
    pub(super) stride: usize,
    pub(super) column: usize,
}

/// Like [`Rows`], to write to.
pub(super) struct RowsMut<'a> {
    pub(super) values: &'a mut [f32],
    pub(super) stride: usize,
    pub(super) column: usize,
}

/// Which row of the input goes into which row of the output.
pub(super) type RowPair = (usize, usize);

impl Matrix {
    /// Packs row-major values of `columns` columns, a multiple of sixteen; the rows are a multiple of four.
    pub(super) fn pack(values: &[bf16], columns: usize) -> Self {
        let rows = values.len() / columns;
        assert!(columns.is_multiple_of(COLUMNS) && rows * columns == values.len(), "whole panels and rows");
        assert!(rows.is_multiple_of(DEEP), "rows in fours");
        let cell = |row: usize, column: usize| values[row * columns + column].to_f32();
        let scales: Vec<f32> = (0..columns).map(|column| scale((0..rows).map(|row| cell(row, column)))).collect();
        let weight =
            |row: usize, column: usize| byte(cell(row, column), inverse(scales[column])).cast_unsigned() ^ 0x80;
        let quad =
            |row: usize, column: usize| Quad(std::array::from_fn(|at| weight(row + at % DEEP, column + at / DEEP)));
        let panels = (0..columns).step_by(COLUMNS);
        let quads = panels.flat_map(|column| (0..rows).step_by(DEEP).map(move |row| (row, column)));
        let quads = quads.map(|(row, column)| quad(row, column)).collect();
        Self { rows, quads, scales }
    }

    /// Sets matrices of equally many rows side by side.
    pub(super) fn beside(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().fold(Self { rows: 0, quads: Vec::new(), scales: Vec::new() }, |mut whole, part| {
            assert!(whole.rows == 0 || whole.rows == part.rows, "equally many rows");
            whole.rows = part.rows;
            whole.quads.extend(part.quads);
            whole.scales.extend(part.scales);
            whole
        })
    }

    /// For each pair: `output[pair.1] += input[pair.0] · self`.
    pub(super) fn multiply_add(&self, pairs: &[RowPair], input: &ByteRows, output: RowsMut<'_>) {
        if self.rows == 0 {
            return;
        }
        assert_eq!(input.depth, self.rows, "rows as long as the matrix is deep");
        let RowsMut { values, stride, column } = output;
        let deep = self.rows / DEEP;
        let rows: Vec<Row> = pairs.iter().map(|(from, _)| input.rows[*from]).collect();
        let packed = input.packed(pairs);
        let mut products = [[0.0; COLUMNS]; ROWS_AT_ONCE];
        let panels = self.quads.chunks_exact(deep).zip(self.scales.as_chunks::<COLUMNS>().0);
        for ((quads, scales), column) in panels.zip((column..).step_by(COLUMNS)) {
            for block in blocks(pairs.len()) {
                let products = &mut products[..block.len()];
                let fours = &packed[block.start * deep..block.end * deep];
                columns::multiply(Panel { quads, scales }, Block { fours, rows: &rows[block.clone()] }, products);
                for ((_, to), products) in pairs[block].iter().zip(products) {
                    let start = to * stride + column;
                    for target in values[start..start + COLUMNS].as_chunks_mut::<COLUMNS>().0 {
                        *target = std::array::from_fn(|at| target[at] + products[at]);
                    }
                }
            }
        }
    }
}

impl ByteRows {
    /// The columns of all rows from `input.column` on, `depth` of them, as bytes.
    pub(super) fn of(input: Rows<'_>, depth: usize) -> Self {
        let count = input.values.len() / input.stride;
        let mut rows = Self { depth, bytes: Vec::with_capacity(count * depth), rows: Vec::with_capacity(count) };
        for row in input.values.chunks_exact(input.stride) {
            let row = &row[input.column..][..depth];
            let scale = scale(row.iter().copied());
            let inverse = inverse(scale);
            let start = rows.bytes.len();
            rows.bytes.extend(row.iter().map(|value| byte(*value, inverse)));
            let sum = rows.bytes[start..].iter().map(|byte| i32::from(*byte)).sum();
            rows.rows.push(Row { sum, scale });
        }
        rows
    }

    /// The rows that pairs begin with, block by block as [`Block`] wants them.
    fn packed(&self, pairs: &[RowPair]) -> Vec<[i8; DEEP]> {
        let deep = self.depth / DEEP;
        let fours = self.bytes.as_chunks::<DEEP>().0;
        let mut packed = vec![[0; DEEP]; pairs.len() * deep];
        for block in blocks(pairs.len()) {
            let own = &mut packed[block.start * deep..block.end * deep];
            for (at, (from, _)) in pairs[block.clone()].iter().enumerate() {
                let row = &fours[from * deep..][..deep];
                own[at..].iter_mut().step_by(block.len()).zip(row).for_each(|(place, four)| *place = *four);
            }
        }
        packed
    }
}

/// What one step of a byte stands for, so that the number of the greatest magnitude is the greatest byte.
fn scale(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(0.0_f32, |greatest, value| if value.abs() > greatest { value.abs() } else { greatest }) / GREATEST
}

/// 1 / scale; nothing of zeros.
fn inverse(scale: f32) -> f32 {
    if scale > 0.0 { 1.0 / scale } else { 0.0 }
}

/// The nearest byte, of two the even one.
fn byte(value: f32, inverse: f32) -> i8 {
    let rounded = (value * inverse + ROUNDING).to_bits().wrapping_sub(ROUNDING.to_bits());
    rounded as u8 as i8
}

/// So many rows in blocks of about equal size, each of at most [`ROWS_AT_ONCE`].
fn blocks(rows: usize) -> impl Iterator<Item = Range<usize>> {
    let count = rows.div_ceil(ROWS_AT_ONCE);
    (0..count).map(move |block| rows * block / count..rows * (block + 1) / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|at| ((at * 7919 + seed * 104_729) % 2003) as f32 / 1001.0 - 1.0).collect()
    }

    fn product(rows: usize, input: &[f32], weights: &[bf16], columns: usize) -> Vec<f32> {
        let matrix = Matrix::pack(weights, columns);
        let mut output = vec![0.5; rows * columns];
        let pairs: Vec<RowPair> = (0..rows).map(|row| (row, row)).collect();
        let depth = input.len() / rows;
        let input = ByteRows::of(Rows { values: input, stride: depth, column: 0 }, depth);
        matrix.multiply_add(&pairs, &input, RowsMut { values: &mut output, stride: columns, column: 0 });
        output
    }

    fn naive(rows: usize, input: &[f32], weights: &[bf16], columns: usize) -> Vec<f64> {
        let depth = input.len() / rows;
        let cell = |at: usize| {
            let (row, column) = (at / columns, at % columns);
            let terms = (0..depth)
                .map(|k| f64::from(input[row * depth + k]) * f64::from(weights[k * columns + column].to_f32()));
            0.5 + terms.sum::<f64>()
        };
        (0..rows * columns).map(cell).collect()
    }

    #[test]
    fn agrees_with_the_definition_for_every_number_of_rows() {
        let weights: Vec<bf16> = numbers(72 * 48, 1).into_iter().map(bf16::from_f32).collect();
        for rows in 1..=21 {
            let input = numbers(rows * 72, rows);
            let (fast, slow) = (product(rows, &input, &weights, 48), naive(rows, &input, &weights, 48));
            let worst = fast.iter().zip(&slow).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
            // 72 products of numbers up to 1, each off by at most two half steps of 1/127.
            assert!(worst < 0.15, "{rows} rows: off by {worst}");
        }
    }

    #[test]
    fn whole_steps_are_exact() {
        let step = |at: usize| if at.is_multiple_of(16) { 127.0 } else { ((at * 37) % 255) as f32 - 127.0 };
        // Each column of the weights and each row of the input has the greatest step.
        let weights: Vec<bf16> =
            (0..32 * 16).map(|at| bf16::from_f32(if at < 16 { 127.0 } else { step(at) })).collect();
        let input: Vec<f32> = (0..64).map(step).collect();
        let (fast, slow) = (product(2, &input, &weights, 16), naive(2, &input, &weights, 16));
        let is_near = |(a, b): (&f32, &f64)| (f64::from(*a) - b).abs() <= 1e-3 * b.abs().max(1.0);
        assert!(fast.iter().zip(&slow).all(is_near), "{fast:?} {slow:?}");
    }

    #[test]
    fn zeros_stay_zeros() {
        let zeros = vec![bf16::ZERO; 16 * 16];
        assert_eq!(product(1, &[1.0; 16], &zeros, 16), [0.5; 16]);
        assert_eq!(product(1, &[0.0; 16], &vec![bf16::ONE; 256], 16), [0.5; 16]);
    }

    #[test]
    fn a_row_does_not_depend_on_its_company() {
        let weights: Vec<bf16> = numbers(300 * 32, 4).into_iter().map(bf16::from_f32).collect();
        let input = numbers(13 * 300, 5);
        let together = product(13, &input, &weights, 32);
        for row in 0..13 {
            let alone = product(1, &input[row * 300..(row + 1) * 300], &weights, 32);
            assert_eq!(alone, together[row * 32..(row + 1) * 32]);
        }
    }

    #[test]
    fn reads_and_writes_the_named_columns() {
        let identity: Vec<bf16> = (0..256).map(|at| bf16::from_f32(f32::from(u8::from(at / 16 == at % 16)))).collect();
        let matrix = Matrix::beside([Matrix::pack(&identity, 16), Matrix::pack(&identity, 16)]);
        let input: Vec<f32> = (0..40).map(|value| if value == 24 { 127.0 } else { value as f32 }).collect();
        let mut output = vec![0.0; 2 * 36];
        let rows = ByteRows::of(Rows { values: &input, stride: 20, column: 4 }, 16);
        matrix.multiply_add(&[(1, 0)], &rows, RowsMut { values: &mut output, stride: 36, column: 2 });
        for columns in [2..18, 18..34] {
            assert!(output[columns].iter().zip(&input[24..40]).all(|(a, b)| (a - b).abs() < 1e-3));
        }
        assert!(output[..2].iter().chain(&output[34..]).all(|value| *value == 0.0));
    }
}
