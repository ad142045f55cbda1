//! Vectors for tests: clustered as embeddings are, the same for the same seed.

use crate::embed::UnitVector;

/// Numbers that look random (SplitMix64).
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Roughly normal, mean 0, deviation 1.
    pub(super) fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.next() as f32 / u64::MAX as f32).sum::<f32>() - 6.0
    }
}

/// `count` vectors around fifty centres, which are the same for every seed.
pub(super) fn clustered(count: usize, dimensions: usize, seed: u64) -> Vec<UnitVector> {
    let mut numbers = Numbers(0);
    let centres: Vec<Vec<f32>> = (0..50).map(|_| (0..dimensions).map(|_| numbers.normal()).collect()).collect();
    let mut numbers = Numbers(seed.wrapping_mul(0xA24B_AED4_963E_E407) ^ 1);
    let near = |_| {
        let centre = &centres[numbers.below(50) as usize];
        let values = centre.iter().map(|value| value + 0.7 * numbers.normal()).collect();
        UnitVector::normalize(values).unwrap()
    };
    (0..count).map(near).collect()
}
