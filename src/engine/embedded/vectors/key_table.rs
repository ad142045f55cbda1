//! From keys to ranks in constant time.
//!
//! A sorted list of distinct keys → the position of any key in that list. A bitmap over the range of the keys, with the number of
//! earlier keys beside each word: 16 bytes for 64 keys of the range, whatever the gaps.

/// The keys of a segment, ascending.
#[derive(Debug, Default)]
pub(super) struct KeyTable {
    keys: Vec<u32>,
    /// The number of the first word in the bitmap of all keys.
    first_word: usize,
    words: Vec<Word>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Word {
    bits: u64,
    earlier: u32,
}

impl KeyTable {
    /// A table of strictly ascending keys. `None` if they are not.
    pub(super) fn of(keys: Vec<u32>) -> Option<Self> {
        if !keys.is_sorted_by(|a, b| a < b) {
            return None;
        }
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return Some(Self::default()) };
        let first_word = *first as usize / 64;
        let mut words = vec![Word::default(); *last as usize / 64 - first_word + 1];
        for key in &keys {
            words[*key as usize / 64 - first_word].bits |= 1 << (key % 64);
        }
        let mut earlier = 0;
        for word in &mut words {
            word.earlier = earlier;
            earlier += word.bits.count_ones();
        }
        Some(Self { keys, first_word, words })
    }

    /// The keys, ascending.
    pub(super) fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// The position of a key.
    #[inline]
    pub(super) fn rank(&self, key: u32) -> Option<usize> {
        let word = self.words.get((key as usize / 64).checked_sub(self.first_word)?)?;
        let bit = key % 64;
        (word.bits >> bit & 1 == 1).then(|| (word.earlier + (word.bits & ((1 << bit) - 1)).count_ones()) as usize)
    }

    /// How many keys are in the bitmap `allowed` (bit `key % 64` of word `key / 64`).
    pub(super) fn count_in(&self, allowed: &[u64]) -> usize {
        self.both(allowed).map(|(_, bits)| bits.count_ones() as usize).sum()
    }

    /// The positions of the keys in the bitmap `allowed`, ascending.
    pub(super) fn ranks_in<'a>(&'a self, allowed: &'a [u64]) -> impl Iterator<Item = usize> + 'a {
        self.both(allowed).flat_map(|(word, mut rest)| {
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some((word.earlier + (word.bits & ((1 << bit) - 1)).count_ones()) as usize)
            })
        })
    }

    fn both<'a>(&'a self, allowed: &'a [u64]) -> impl Iterator<Item = (&'a Word, u64)> + 'a {
        let allowed = allowed.get(self.first_word..).unwrap_or_default();
        self.words.iter().zip(allowed).map(|(word, allowed)| (word, word.bits & allowed))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::engine::KeySet;

    proptest! {
        #[test]
        fn ranks_are_positions(keys: BTreeSet<u16>, allowed: BTreeSet<u16>) {
            let keys: Vec<u32> = keys.into_iter().map(u32::from).collect();
            let table = KeyTable::of(keys.clone()).unwrap();
            for key in (0..=u32::from(u16::MAX) + 70).step_by(7).chain(keys.iter().copied()) {
                prop_assert_eq!(table.rank(key), keys.binary_search(&key).ok());
            }
            let allowed: KeySet = allowed.into_iter().map(u32::from).collect();
            let wanted: Vec<usize> = (0..keys.len()).filter(|rank| allowed.contains(keys[*rank])).collect();
            prop_assert_eq!(table.count_in(allowed.words()), wanted.len());
            prop_assert_eq!(table.ranks_in(allowed.words()).collect::<Vec<_>>(), wanted);
        }
    }

    #[test]
    fn refuses_keys_out_of_order() {
        assert!(KeyTable::of(vec![2, 1]).is_none());
        assert!(KeyTable::of(vec![2, 2]).is_none());
        assert_eq!(KeyTable::of(vec![u32::MAX]).unwrap().rank(u32::MAX), Some(0));
    }
}
