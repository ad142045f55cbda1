//! Chance for resampling: the same numbers on every machine and in every version.

/// SplitMix64 (Steele, Lea and Flood 2014): good enough to draw rows, and the same everywhere.
pub(super) struct SplitMix(u64);

impl SplitMix {
    /// The stream that every resampling starts with.
    pub(super) fn fixed() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    /// 64 random bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..bound`; 0 for a bound of 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_below_their_bound_and_are_the_same_each_time() {
        let draw = || {
            let mut numbers = SplitMix::fixed();
            (0..1_000).map(|_| numbers.below(7)).collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw());
        assert!((0..7).all(|number| draw().contains(&number)) && draw().iter().all(|number| *number < 7));
    }
}
