//! Integer dot products, the innermost loops of the scan.
//!
//! A query of i16 values and rows of i8 codes or i16 values → exact i32 dot products. Invariant: integer sums have one
//! result, so every instruction set answers the same as the portable twin, bit for bit.
//!
//! The i32 sums cannot overflow: a query is a vector of length 32,767 (within 0.2 %), a row of i16 values too, and
//! by Cauchy-Schwarz any partial dot product stays below 1.1e9; codes are shorter. Sums wrap on forged input.
//!
//! AVX2 is chosen at run time. Other processors use the portable loop, which compilers turn into SSE2 or NEON.

/// Rows are padded with zeros to a multiple of this many values.
pub(crate) const LANES: usize = 16;

/// How many rows ahead a gathering loop asks for, so that memory works while the processor multiplies.
#[cfg(target_arch = "x86_64")]
const AHEAD: usize = 8;

/// How many bytes ahead a scan asks for. Reading 100,000 rows is bound by memory: asking takes about a tenth off a scan whose rows
/// are in the last cache, and over a quarter off one whose rows are not.
#[cfg(target_arch = "x86_64")]
const SCAN_AHEAD: usize = 4_096;

/// Which implementation runs on this processor.
pub(crate) fn instruction_set() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        return "avx2";
    }
    "portable"
}

/// Dot product of two rows of the same padded length.
pub(crate) fn dot(a: &[i16], b: &[i16]) -> i32 {
    assert_rows(a.len(), b.len(), 1);
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::dot(a, b) };
    }
    portable::dot(a, b)
}

/// Dot products of the query with consecutive rows of codes; `codes` holds `out.len()` rows.
pub(crate) fn dot_codes(query: &[i16], codes: &[i8], out: &mut [i32]) {
    assert_rows(query.len(), codes.len(), out.len());
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::dot_codes(query, codes, out) };
    }
    portable::dot_codes(query, codes, out);
}

/// Dot products of the query with the codes of the given rows; `out` is as long as `rows`.
pub(crate) fn dot_codes_at(query: &[i16], codes: &[i8], rows: &[u32], out: &mut [i32]) {
    assert_eq!(rows.len(), out.len());
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::dot_codes_at(query, codes, rows, out) };
    }
    portable::dot_codes_at(query, codes, rows, out);
}

/// Dot products of the query with the values of the given rows; `out` is as long as `rows`.
pub(crate) fn dot_at(query: &[i16], values: &[i16], rows: &[u32], out: &mut [i32]) {
    assert_eq!(rows.len(), out.len());
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::dot_at(query, values, rows, out) };
    }
    portable::dot_at(query, values, rows, out);
}

fn assert_rows(stride: usize, values: usize, rows: usize) {
    assert!(stride > 0 && stride.is_multiple_of(LANES), "rows are padded");
    assert_eq!(stride * rows, values, "as many rows as results");
}

fn row<T>(values: &[T], stride: usize, index: usize) -> &[T] {
    &values[index * stride..(index + 1) * stride]
}

mod portable {
    use super::row;

    pub(super) fn dot(a: &[i16], b: &[i16]) -> i32 {
        a.iter().zip(b).fold(0, |sum: i32, (a, b)| sum.wrapping_add(i32::from(*a) * i32::from(*b)))
    }

    fn dot_code(query: &[i16], codes: &[i8]) -> i32 {
        query.iter().zip(codes).fold(0, |sum: i32, (a, b)| sum.wrapping_add(i32::from(*a) * i32::from(*b)))
    }

    pub(super) fn dot_codes(query: &[i16], codes: &[i8], out: &mut [i32]) {
        for (codes, out) in codes.chunks_exact(query.len()).zip(out) {
            *out = dot_code(query, codes);
        }
    }

    pub(super) fn dot_codes_at(query: &[i16], codes: &[i8], rows: &[u32], out: &mut [i32]) {
        for (index, out) in rows.iter().zip(out) {
            *out = dot_code(query, row(codes, query.len(), *index as usize));
        }
    }

    pub(super) fn dot_at(query: &[i16], values: &[i16], rows: &[u32], out: &mut [i32]) {
        for (index, out) in rows.iter().zip(out) {
            *out = dot(query, row(values, query.len(), *index as usize));
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _MM_HINT_T0, _mm_add_epi32, _mm_cvtsi128_si32, _mm_loadu_si128, _mm_prefetch, _mm_shuffle_epi32,
        _mm256_add_epi32, _mm256_castsi256_si128, _mm256_cvtepi8_epi16, _mm256_extracti128_si256, _mm256_loadu_si256,
        _mm256_madd_epi16, _mm256_setzero_si256,
    };

    use super::{AHEAD, LANES, SCAN_AHEAD, row};

    /// Bytes of a cache line.
    const LINE: usize = 64;

    #[target_feature(enable = "avx2")]
    fn load(values: &[i16]) -> __m256i {
        debug_assert_eq!(values.len(), LANES);
        // SAFETY: every caller passes a chunk of exactly 16 values, which is 32 bytes; the load needs no alignment.
        unsafe { _mm256_loadu_si256(values.as_ptr().cast()) }
    }

    #[target_feature(enable = "avx2")]
    fn load_codes(codes: &[i8]) -> __m256i {
        debug_assert_eq!(codes.len(), LANES);
        // SAFETY: every caller passes a chunk of exactly 16 codes, which is 16 bytes; the load needs no alignment.
        _mm256_cvtepi8_epi16(unsafe { _mm_loadu_si128(codes.as_ptr().cast()) })
    }

    #[target_feature(enable = "avx2")]
    fn sum(lanes: __m256i) -> i32 {
        let half = _mm_add_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256::<1>(lanes));
        let quarter = _mm_add_epi32(half, _mm_shuffle_epi32::<0b00_00_11_10>(half));
        _mm_cvtsi128_si32(_mm_add_epi32(quarter, _mm_shuffle_epi32::<0b00_00_00_01>(quarter)))
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn dot(a: &[i16], b: &[i16]) -> i32 {
        let mut even = _mm256_setzero_si256();
        let mut odd = _mm256_setzero_si256();
        let pairs = a.chunks_exact(LANES).zip(b.chunks_exact(LANES));
        for (index, (a, b)) in pairs.enumerate() {
            let product = _mm256_madd_epi16(load(a), load(b));
            if index % 2 == 0 {
                even = _mm256_add_epi32(even, product);
            } else {
                odd = _mm256_add_epi32(odd, product);
            }
        }
        sum(_mm256_add_epi32(even, odd))
    }

    /// Four rows at a time share the loads of the query and keep four sums in flight.
    #[target_feature(enable = "avx2")]
    fn four(query: &[i16], rows: [&[i8]; 4]) -> [i32; 4] {
        let [mut a, mut b, mut c, mut d] = [_mm256_setzero_si256(); 4];
        let chunks = query
            .chunks_exact(LANES)
            .zip(rows[0].chunks_exact(LANES))
            .zip(rows[1].chunks_exact(LANES))
            .zip(rows[2].chunks_exact(LANES))
            .zip(rows[3].chunks_exact(LANES));
        for ((((query, row_a), row_b), row_c), row_d) in chunks {
            let query = load(query);
            a = _mm256_add_epi32(a, _mm256_madd_epi16(query, load_codes(row_a)));
            b = _mm256_add_epi32(b, _mm256_madd_epi16(query, load_codes(row_b)));
            c = _mm256_add_epi32(c, _mm256_madd_epi16(query, load_codes(row_c)));
            d = _mm256_add_epi32(d, _mm256_madd_epi16(query, load_codes(row_d)));
        }
        [sum(a), sum(b), sum(c), sum(d)]
    }

    #[target_feature(enable = "avx2")]
    fn one(query: &[i16], codes: &[i8]) -> i32 {
        let mut total = _mm256_setzero_si256();
        for (query, codes) in query.chunks_exact(LANES).zip(codes.chunks_exact(LANES)) {
            total = _mm256_add_epi32(total, _mm256_madd_epi16(load(query), load_codes(codes)));
        }
        sum(total)
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn dot_codes(query: &[i16], codes: &[i8], out: &mut [i32]) {
        let stride = query.len();
        let (fours, rest) = out.as_chunks_mut::<4>();
        let first_of_rest = fours.len() * 4;
        for (index, out) in fours.iter_mut().enumerate() {
            let rows = row(codes, 4 * stride, index);
            prefetch_after(rows);
            *out = four(query, [0, 1, 2, 3].map(|lane| row(rows, stride, lane)));
        }
        for (index, out) in rest.iter_mut().enumerate() {
            *out = one(query, row(codes, stride, first_of_rest + index));
        }
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn dot_codes_at(query: &[i16], codes: &[i8], rows: &[u32], out: &mut [i32]) {
        for (index, (at, out)) in rows.iter().zip(out).enumerate() {
            if let Some(ahead) = rows.get(index + AHEAD) {
                prefetch(row(codes, query.len(), *ahead as usize));
            }
            *out = one(query, row(codes, query.len(), *at as usize));
        }
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn dot_at(query: &[i16], values: &[i16], rows: &[u32], out: &mut [i32]) {
        for (index, (at, out)) in rows.iter().zip(out).enumerate() {
            if let Some(ahead) = rows.get(index + AHEAD) {
                prefetch(row(values, query.len(), *ahead as usize));
            }
            *out = dot(query, row(values, query.len(), *at as usize));
        }
    }

    /// Asks for as many bytes as there are codes, [`SCAN_AHEAD`] after them.
    #[target_feature(enable = "avx2")]
    fn prefetch_after(codes: &[i8]) {
        for at in (0..codes.len()).step_by(LINE) {
            // SAFETY: a prefetch never faults, wherever the address lies, and reads nothing.
            #[allow(unused_unsafe, reason = "newer compilers know that a prefetch is safe")]
            unsafe {
                _mm_prefetch::<_MM_HINT_T0>(codes.as_ptr().wrapping_add(at + SCAN_AHEAD));
            }
        }
    }

    /// Asks for the cache lines of a row.
    #[target_feature(enable = "avx2")]
    fn prefetch<T>(row: &[T]) {
        for values in row.chunks(LINE / size_of::<T>()) {
            // SAFETY: a prefetch never faults, and the address lies within the slice.
            #[allow(unused_unsafe, reason = "newer compilers know that a prefetch is safe")]
            unsafe {
                _mm_prefetch::<_MM_HINT_T0>(values.as_ptr().cast());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(count: usize) -> impl Strategy<Value = Vec<i16>> {
        // At most 5,000 each, so that sums over 64 values stay within i32 as those of unit vectors do.
        prop::collection::vec(-5_000_i16..=5_000, count)
    }

    fn rows() -> impl Strategy<Value = (usize, usize)> {
        ((1_usize..=4).prop_map(|chunks| chunks * LANES), 1_usize..=11)
    }

    proptest! {
        #[test]
        fn dispatched_kernels_equal_the_portable_twin(
            (query, codes, rows, picks) in rows().prop_flat_map(|(stride, count)| (
                values(stride),
                prop::collection::vec(-127_i8..=127, stride * count),
                values(stride * count),
                prop::collection::vec(0..count as u32, 0..20),
            ))
        ) {
            let count = codes.len() / query.len();
            let (mut fast, mut slow) = (vec![0; count], vec![0; count]);
            dot_codes(&query, &codes, &mut fast);
            portable::dot_codes(&query, &codes, &mut slow);
            prop_assert_eq!(&fast, &slow);

            let (mut fast, mut slow) = (vec![0; picks.len()], vec![0; picks.len()]);
            dot_codes_at(&query, &codes, &picks, &mut fast);
            portable::dot_codes_at(&query, &codes, &picks, &mut slow);
            prop_assert_eq!(&fast, &slow);

            dot_at(&query, &rows, &picks, &mut fast);
            portable::dot_at(&query, &rows, &picks, &mut slow);
            prop_assert_eq!(&fast, &slow);
            prop_assert_eq!(dot(&query, row(&rows, query.len(), 0)), portable::dot(&query, row(&rows, query.len(), 0)));
        }
    }

    #[test]
    fn extreme_values_do_not_overflow() {
        let mut unit = vec![0_i16; 256];
        unit[7] = -32_767;
        assert_eq!(dot(&unit, &unit), 32_767 * 32_767);
        let mut out = [0];
        let mut codes = vec![0_i8; 256];
        codes[7] = -127;
        dot_codes(&unit, &codes, &mut out);
        assert_eq!(out, [32_767 * 127]);
    }

    #[test]
    #[should_panic(expected = "as many rows as results")]
    fn refuses_codes_that_do_not_fit_the_results() {
        dot_codes(&[0; 16], &[0; 48], &mut [0; 2]);
    }

    #[test]
    fn names_the_instruction_set() {
        assert!(["avx2", "portable"].contains(&instruction_set()));
    }
}
