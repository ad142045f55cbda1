//! A few rows of bytes times sixteen columns of bytes, the innermost loop of the embedding model.
//!
//! Rows of i8 and a panel of i8 weights, each with its scale → f32 products, summed exactly in i32 and then scaled. Weights lie as the wide instructions read them: four rows of the matrix
//! together, and each weight w as the unsigned byte w + 128. What that adds, 128 times the sum of the row, is taken off first.
//!
//! Sums cannot overflow: 255 · 127 · depth stays below 2³¹ up to a depth of 66,000.

/// Columns of a panel.
pub(crate) const COLUMNS: usize = 16;

/// Rows of a matrix that lie together.
pub(crate) const DEEP: usize = 4;

/// Rows of the input that are multiplied together at most.
pub(crate) const ROWS_AT_ONCE: usize = 10;

/// Four rows of a panel: the four weights of the first column, then those of the second, each plus 128.
#[repr(C, align(64))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quad(pub(crate) [u8; COLUMNS * DEEP]);

/// A few rows of the input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block<'a> {
    /// The first four bytes of every row, then the second ones: read from first to last, for every panel again.
    pub(crate) fours: &'a [[i8; DEEP]],
    pub(crate) rows: &'a [Row],
}

/// What a row of bytes stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// The sum of the bytes.
    pub(crate) sum: i32,
    /// What one step of a byte stands for.
    pub(crate) scale: f32,
}

/// Sixteen columns of a matrix.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Panel<'a> {
    pub(crate) quads: &'a [Quad],
    /// What one step of a weight of each column stands for.
    pub(crate) scales: &'a [f32; COLUMNS],
}

/// `out[r][c]` becomes the product of row r and column c. At most [`ROWS_AT_ONCE`] rows, as many as `out` has.
pub(crate) fn multiply(panel: Panel<'_>, block: Block<'_>, out: &mut [[f32; COLUMNS]]) {
    let count = block.rows.len();
    assert!(count == out.len() && count <= ROWS_AT_ONCE, "as many rows as results, ten at most");
    assert!(block.fours.len() == panel.quads.len() * count, "rows as long as the columns");
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512vnni") && is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has AVX-512 with VNNI.
            return unsafe { vnni::multiply(panel, block, out) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2.
            return unsafe { avx2::multiply(panel, block, out) };
        }
    }
    portable::multiply(panel, block, out);
}

mod portable {
    use super::{Block, COLUMNS, DEEP, Panel, Quad};

    pub(super) fn multiply(panel: Panel<'_>, block: Block<'_>, out: &mut [[f32; COLUMNS]]) {
        let count = block.rows.len();
        for (at, (row, out)) in block.rows.iter().zip(out).enumerate() {
            let mut sums = [-128 * row.sum; COLUMNS];
            for (Quad(weights), four) in panel.quads.iter().zip(block.fours.iter().skip(at).step_by(count)) {
                for (sum, weights) in sums.iter_mut().zip(weights.as_chunks::<DEEP>().0) {
                    let products = weights.iter().zip(four).map(|(weight, byte)| i32::from(*weight) * i32::from(*byte));
                    *sum += products.sum::<i32>();
                }
            }
            for ((out, sum), scale) in out.iter_mut().zip(sums).zip(panel.scales) {
                *out = sum as f32 * (row.scale * scale);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod vnni {
    use std::arch::x86_64::{
        __m512i, _mm512_cvtepi32_ps, _mm512_dpbusd_epi32, _mm512_load_si512, _mm512_loadu_ps, _mm512_mul_ps,
        _mm512_set1_epi32, _mm512_set1_ps, _mm512_storeu_ps,
    };

    use super::{Block, COLUMNS, Panel, Quad};

    #[target_feature(enable = "avx512f,avx512vnni")]
    pub(super) fn multiply(panel: Panel<'_>, block: Block<'_>, out: &mut [[f32; COLUMNS]]) {
        match block.rows.len() {
            0 => {}
            1 => together::<1>(panel, block, out),
            2 => together::<2>(panel, block, out),
            3 => together::<3>(panel, block, out),
            4 => together::<4>(panel, block, out),
            5 => together::<5>(panel, block, out),
            6 => together::<6>(panel, block, out),
            7 => together::<7>(panel, block, out),
            8 => together::<8>(panel, block, out),
            9 => together::<9>(panel, block, out),
            _ => together::<10>(panel, block, out),
        }
    }

    /// One register a row; the weights are read once for all rows.
    #[target_feature(enable = "avx512f,avx512vnni")]
    fn together<const N: usize>(panel: Panel<'_>, block: Block<'_>, out: &mut [[f32; COLUMNS]]) {
        let mut sums: [__m512i; N] = std::array::from_fn(|at| _mm512_set1_epi32(-128 * block.rows[at].sum));
        for (Quad(weights), fours) in panel.quads.iter().zip(block.fours.as_chunks::<N>().0) {
            // SAFETY: a quad is 64 bytes, aligned to 64.
            let weights = unsafe { _mm512_load_si512(weights.as_ptr().cast()) };
            for (sum, four) in sums.iter_mut().zip(fours) {
                let four = _mm512_set1_epi32(i32::from_le_bytes(four.map(i8::cast_unsigned)));
                *sum = _mm512_dpbusd_epi32(*sum, weights, four);
            }
        }
        // SAFETY: sixteen f32 are 64 bytes; the load needs no alignment.
        let scales = unsafe { _mm512_loadu_ps(panel.scales.as_ptr()) };
        for ((out, row), sum) in out.iter_mut().zip(block.rows).zip(sums) {
            let scale = _mm512_mul_ps(_mm512_set1_ps(row.scale), scales);
            let product = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), scale);
            // SAFETY: sixteen f32 are 64 bytes; the store needs no alignment.
            unsafe { _mm512_storeu_ps(out.as_mut_ptr(), product) };
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm_load_si128, _mm256_add_epi32, _mm256_cvtepu8_epi16, _mm256_madd_epi16, _mm256_set1_epi64x,
        _mm256_setzero_si256, _mm256_storeu_si256,
    };

    use super::{Block, COLUMNS, Panel, Quad};

    /// Rows at once: with four registers each, and the widened weights, nearly all sixteen are in use.
    const ROWS: usize = 2;

    #[target_feature(enable = "avx2")]
    pub(super) fn multiply(panel: Panel<'_>, block: Block<'_>, out: &mut [[f32; COLUMNS]]) {
        for (at, out) in out.chunks_mut(ROWS).enumerate() {
            match out.len() {
                1 => together::<1>(panel, block, at * ROWS, out),
                _ => together::<ROWS>(panel, block, at * ROWS, out),
            }
        }
    }

    /// The rows from `first` on. Each register holds four columns, two halves of a sum for each.
    #[target_feature(enable = "avx2")]
    fn together<const N: usize>(panel: Panel<'_>, block: Block<'_>, first: usize, out: &mut [[f32; COLUMNS]]) {
        let rows = &block.rows[first..];
        let mut sums: [[__m256i; 4]; N] = [[_mm256_setzero_si256(); 4]; N];
        for (Quad(weights), fours) in panel.quads.iter().zip(block.fours.chunks_exact(block.rows.len())) {
            let parts = weights.as_chunks::<16>().0;
            // SAFETY: each part is 16 bytes, aligned to 16 because a quad is aligned to 64.
            let parts: [__m256i; 4] =
                std::array::from_fn(|at| _mm256_cvtepu8_epi16(unsafe { _mm_load_si128(parts[at].as_ptr().cast()) }));
            for (sums, four) in sums.iter_mut().zip(&fours[first..]) {
                let wide = four.map(|byte| u64::from(i16::from(byte).cast_unsigned()));
                let four = (wide[0] | wide[1] << 16 | wide[2] << 32 | wide[3] << 48).cast_signed();
                let four = _mm256_set1_epi64x(four);
                for (sum, weights) in sums.iter_mut().zip(parts) {
                    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(weights, four));
                }
            }
        }
        for ((out, row), sums) in out.iter_mut().zip(rows).zip(sums) {
            let parts = out.as_chunks_mut::<4>().0.iter_mut().zip(panel.scales.as_chunks::<4>().0);
            for ((out, scales), sum) in parts.zip(sums) {
                let mut halves = [0_i32; 8];
                // SAFETY: eight i32 are 32 bytes; the store needs no alignment.
                unsafe { _mm256_storeu_si256(halves.as_mut_ptr().cast(), sum) };
                for ((out, [a, b]), scale) in out.iter_mut().zip(halves.as_chunks::<2>().0).zip(scales) {
                    *out = (a + b - 128 * row.sum) as f32 * (row.scale * scale);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A panel of weights as they lie, and so many rows, four bytes of each after four of the other.
    fn factors() -> impl Strategy<Value = (Vec<Quad>, Vec<[i8; DEEP]>, usize)> {
        (1_usize..=20, 0_usize..=ROWS_AT_ONCE).prop_flat_map(|(quads, rows)| {
            let quad = prop::collection::vec(any::<u8>(), COLUMNS * DEEP);
            let quad = quad.prop_map(|bytes| Quad(bytes.try_into().unwrap()));
            let fours = prop::collection::vec(any::<[i8; DEEP]>(), quads * rows);
            (prop::collection::vec(quad, quads), fours, Just(rows))
        })
    }

    /// The bytes of a row of so many.
    fn bytes_of(fours: &[[i8; DEEP]], rows: usize, row: usize) -> Vec<i32> {
        fours.iter().skip(row).step_by(rows).flatten().map(|byte| i32::from(*byte)).collect()
    }

    fn naive(panel: Panel<'_>, bytes: &[i32], scale: f32, column: usize) -> f32 {
        let weight = |at: usize| i32::from(panel.quads[at / DEEP].0[column * DEEP + at % DEEP]) - 128;
        let sum: i32 = bytes.iter().enumerate().map(|(at, byte)| *byte * weight(at)).sum();
        sum as f32 * (scale * panel.scales[column])
    }

    proptest! {
        #[test]
        fn every_instruction_set_gives_the_product((quads, fours, count) in factors(), scale in 1e-3_f32..1.0) {
            let scales = std::array::from_fn(|column| scale * column as f32);
            let panel = Panel { quads: &quads, scales: &scales };
            let bytes: Vec<Vec<i32>> = (0..count).map(|row| bytes_of(&fours, count, row)).collect();
            let rows: Vec<Row> = bytes.iter().map(|bytes| Row { sum: bytes.iter().sum(), scale }).collect();
            let expected: Vec<[f32; COLUMNS]> =
                bytes.iter().map(|row| std::array::from_fn(|column| naive(panel, row, scale, column))).collect();
            let block = Block { fours: &fours, rows: &rows };
            let mut out = vec![[7.0; COLUMNS]; rows.len()];
            multiply(panel, block, &mut out);
            prop_assert_eq!(&out, &expected);
            portable::multiply(panel, block, &mut out);
            prop_assert_eq!(&out, &expected);
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") {
                out.fill([7.0; COLUMNS]);
                // SAFETY: the processor has AVX2.
                unsafe { avx2::multiply(panel, block, &mut out) };
                prop_assert_eq!(&out, &expected);
            }
        }
    }

    #[test]
    fn the_greatest_factors_do_not_overflow() {
        let quads = vec![Quad([255; COLUMNS * DEEP]); 2_048 / DEEP];
        let fours = vec![[-128_i8; DEEP]; 2_048 / DEEP];
        let mut out = [[0.0; COLUMNS]];
        let block = Block { fours: &fours, rows: &[Row { sum: -128 * 2_048, scale: 1.0 }] };
        multiply(Panel { quads: &quads, scales: &[1.0; COLUMNS] }, block, &mut out);
        assert_eq!(out, [[(-128 * 127 * 2_048) as f32; COLUMNS]]);
    }
}
