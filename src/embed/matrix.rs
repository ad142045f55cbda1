//! Weight matrices and their product with a few rows of numbers.
//!
//! Input: rows of f32. Output: the rows times the matrix, added to what is there. Invariant: an element of the output
//! is summed along the matrix's rows from first to last, whatever rows are computed with it: a text's vector does not
//! depend on its batch. On one kind of processor results are therefore equal to the bit.
//!
//! Weights stay bfloat16 in memory (half the bytes to stream for a single short text) and are widened in registers.

use half::bf16;
use pulp::{Arch, Scalar, Simd, WithSimd};

/// Columns of a panel: with [`ROWS_AT_ONCE`] rows the sums fill twelve of AVX2's sixteen registers.
const PANEL: usize = 16;

/// Rows of the input that are multiplied together.
const ROWS_AT_ONCE: usize = 6;

/// Likewise where a register holds a whole row of a panel: AVX-512 has 32 of them, and the weights are widened once for
/// all rows.
const ROWS_AT_ONCE_WIDE: usize = 10;

/// A matrix in panels of sixteen columns, each panel stored row after row.
pub(super) struct Matrix {
    rows: usize,
    panels: Vec<[u16; PANEL]>,
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
    /// Packs row-major values of `columns` columns, a multiple of sixteen.
    pub(super) fn pack(values: &[bf16], columns: usize) -> Self {
        assert!(columns.is_multiple_of(PANEL) && values.len().is_multiple_of(columns), "whole panels and rows");
        let panel = |from: usize| {
            let cells = values.chunks_exact(columns).map(move |row| std::array::from_fn(|at| row[from + at].to_bits()));
            cells.collect::<Vec<_>>()
        };
        Self { rows: values.len() / columns, panels: (0..columns).step_by(PANEL).flat_map(panel).collect() }
    }

    /// Sets matrices of equally many rows side by side.
    pub(super) fn beside(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().fold(Self { rows: 0, panels: Vec::new() }, |mut whole, part| {
            assert!(whole.rows == 0 || whole.rows == part.rows, "equally many rows");
            whole.rows = part.rows;
            whole.panels.extend(part.panels);
            whole
        })
    }

    /// For each pair: `output[pair.1] += input[pair.0] · self`.
    pub(super) fn multiply_add(&self, pairs: &[RowPair], input: Rows<'_>, output: RowsMut<'_>) {
        if self.rows > 0 {
            Arch::new().dispatch(Product { matrix: self, pairs, input, output });
        }
    }
}

/// Sixteen columns of a matrix, and where they begin in the output.
#[derive(Clone, Copy)]
struct Panel<'a> {
    cells: &'a [[u16; PANEL]],
    column: usize,
}

struct Product<'a> {
    matrix: &'a Matrix,
    pairs: &'a [RowPair],
    input: Rows<'a>,
    output: RowsMut<'a>,
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::F32_LANES {
            16 => self.run::<S, 1>(simd, ROWS_AT_ONCE_WIDE),
            8 => self.run::<S, 2>(simd, ROWS_AT_ONCE),
            4 => self.run::<S, 4>(simd, ROWS_AT_ONCE),
            _ => self.run::<Scalar, PANEL>(Scalar::new(), ROWS_AT_ONCE),
        }
    }
}

impl Product<'_> {
    /// `REGISTERS` hold a row of a panel.
    #[inline(always)]
    fn run<S: Simd, const REGISTERS: usize>(mut self, simd: S, rows_at_once: usize) {
        let packed = self.packed(rows_at_once);
        let depth = self.matrix.rows;
        let panels = self.matrix.panels.chunks_exact(depth);
        for (cells, column) in panels.zip((self.output.column..).step_by(PANEL)) {
            let panel = Panel { cells, column };
            let mut rows = packed.as_slice();
            for block in blocks(self.pairs, rows_at_once) {
                let (own, rest) = rows.split_at(block.len() * depth);
                rows = rest;
                match block.len() {
                    1 => self.block::<S, REGISTERS, 1>(simd, panel, own, block),
                    2 => self.block::<S, REGISTERS, 2>(simd, panel, own, block),
                    3 => self.block::<S, REGISTERS, 3>(simd, panel, own, block),
                    4 => self.block::<S, REGISTERS, 4>(simd, panel, own, block),
                    5 => self.block::<S, REGISTERS, 5>(simd, panel, own, block),
                    6 => self.block::<S, REGISTERS, ROWS_AT_ONCE>(simd, panel, own, block),
                    7 => self.block::<S, REGISTERS, 7>(simd, panel, own, block),
                    8 => self.block::<S, REGISTERS, 8>(simd, panel, own, block),
                    9 => self.block::<S, REGISTERS, 9>(simd, panel, own, block),
                    _ => self.block::<S, REGISTERS, ROWS_AT_ONCE_WIDE>(simd, panel, own, block),
                }
            }
        }
    }

    /// The input's rows block by block, in each the first numbers of all its rows, then the second ones: a block is read
    /// from first to last, for every panel again.
    fn packed(&self, rows_at_once: usize) -> Vec<f32> {
        let Rows { values, stride, column } = self.input;
        let depth = self.matrix.rows;
        let mut packed = vec![0.0; self.pairs.len() * depth];
        let mut rest = packed.as_mut_slice();
        for block in blocks(self.pairs, rows_at_once) {
            let (own, after) = rest.split_at_mut(block.len() * depth);
            rest = after;
            for (at, (from, _)) in block.iter().enumerate() {
                let row = &values[from * stride + column..][..depth];
                own[at..].iter_mut().step_by(block.len()).zip(row).for_each(|(place, value)| *place = *value);
            }
        }
        packed
    }

    #[inline(always)]
    fn block<S: Simd, const REGISTERS: usize, const N: usize>(
        &mut self,
        simd: S,
        panel: Panel<'_>,
        rows: &[f32],
        pairs: &[RowPair],
    ) {
        let (rows, _) = rows.as_chunks::<N>();
        let target = |at: usize| pairs[at].1 * self.output.stride + panel.column;
        let mut sums: [[S::f32s; REGISTERS]; N] = std::array::from_fn(|at| {
            let start = &self.output.values[target(at)..][..PANEL];
            registers::<S, REGISTERS>(start)
        });
        for (packed, factors) in panel.cells.iter().zip(rows) {
            let weights = registers::<S, REGISTERS>(&packed.map(|bits| f32::from_bits(u32::from(bits) << 16)));
            for (sum, factor) in sums.iter_mut().zip(factors) {
                let factor = simd.splat_f32s(*factor);
                // Fused, save without vector instructions: emulating it is slow.
                for (sum, weight) in sum.iter_mut().zip(weights) {
                    *sum = simd.mul_add_e_f32s(factor, weight, *sum);
                }
            }
        }
        for (at, sum) in sums.into_iter().enumerate() {
            let start = target(at);
            let (places, _) = S::as_mut_simd_f32s(&mut self.output.values[start..start + PANEL]);
            places.iter_mut().zip(sum).for_each(|(place, sum)| *place = sum);
        }
    }
}

/// A row of a panel.
#[inline(always)]
fn registers<S: Simd, const REGISTERS: usize>(values: &[f32]) -> [S::f32s; REGISTERS] {
    let (values, _) = S::as_simd_f32s(values);
    std::array::from_fn(|at| values[at])
}

/// Pairs in blocks of about equal size, each of at most so many.
fn blocks(pairs: &[RowPair], at_once: usize) -> impl Iterator<Item = &[RowPair]> {
    let mut rest = pairs;
    std::iter::from_fn(move || {
        let count = rest.len().div_ceil(at_once);
        (count > 0).then(|| rest.split_off(..rest.len().div_ceil(count)).unwrap_or_default())
    })
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
        let input = Rows { values: input, stride: input.len() / rows, column: 0 };
        matrix.multiply_add(&pairs, input, RowsMut { values: &mut output, stride: columns, column: 0 });
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
        let weights: Vec<bf16> = numbers(70 * 48, 1).into_iter().map(bf16::from_f32).collect();
        for rows in 1..=20 {
            let input = numbers(rows * 70, rows);
            let (fast, slow) = (product(rows, &input, &weights, 48), naive(rows, &input, &weights, 48));
            let worst = fast.iter().zip(&slow).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
            assert!(worst < 1e-4, "{rows} rows: off by {worst}");
        }
    }

    #[test]
    fn agrees_with_its_portable_twin() {
        let weights: Vec<bf16> = numbers(70 * 32, 2).into_iter().map(bf16::from_f32).collect();
        let (input, pairs) = (numbers(7 * 70, 3), (0..7).map(|row| (row, row)).collect::<Vec<_>>());
        let fast = product(7, &input, &weights, 32);
        let mut portable = vec![0.5; 7 * 32];
        let product = Product {
            matrix: &Matrix::pack(&weights, 32),
            pairs: &pairs,
            input: Rows { values: &input, stride: 70, column: 0 },
            output: RowsMut { values: &mut portable, stride: 32, column: 0 },
        };
        product.run::<Scalar, PANEL>(Scalar::new(), ROWS_AT_ONCE);
        assert!(fast.iter().zip(&portable).all(|(a, b)| (a - b).abs() < 1e-4));
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
        let input: Vec<f32> = (0..40).map(|value| value as f32).collect();
        let mut output = vec![0.0; 2 * 36];
        let rows = Rows { values: &input, stride: 20, column: 4 };
        matrix.multiply_add(&[(1, 0)], rows, RowsMut { values: &mut output, stride: 36, column: 2 });
        assert_eq!(output[2..18], input[24..40]);
        assert_eq!(output[18..34], input[24..40]);
        assert!(output[..2].iter().chain(&output[34..]).all(|value| *value == 0.0));
    }
}
