//! A dense set of candidate keys.
//!
//! A candidate's key is the small integer that the store gave it (never reused); the engine speaks keys, not ids.

/// A set of candidate keys as a bitmap: one bit a key, membership in constant time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet {
    words: Vec<u64>,
}

impl KeySet {
    /// An empty set with room for the keys below `capacity`.
    pub fn with_capacity(capacity: u32) -> Self {
        Self { words: vec![0; (capacity as usize).div_ceil(64)] }
    }

    /// A set from its bitmap: key `k` is bit `k % 64` of word `k / 64`.
    pub(crate) fn from_words(words: Vec<u64>) -> Self {
        Self { words }
    }

    /// Adds a key, growing the bitmap where needed.
    pub fn insert(&mut self, key: u32) {
        let word = key as usize / 64;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (key % 64);
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: u32) {
        if let Some(word) = self.words.get_mut(key as usize / 64) {
            *word &= !(1 << (key % 64));
        }
    }

    /// Whether the key is in the set.
    #[inline]
    pub fn contains(&self, key: u32) -> bool {
        self.words.get(key as usize / 64).is_some_and(|word| word >> (key % 64) & 1 == 1)
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The bitmap: key `k` is bit `k % 64` of word `k / 64`; words beyond the last key may be absent.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// The ranks of the keys: what [`KeySet::iter`] counts.
    pub fn ranks(&self) -> KeyRanks<'_> {
        let before = self.words.iter().scan(0, |keys, word| {
            let before = *keys;
            *keys += word.count_ones();
            Some(before)
        });
        KeyRanks { before: before.collect(), set: self }
    }

    /// The number of keys that `other` has too.
    pub fn count_common(&self, other: &Self) -> usize {
        self.words.iter().zip(&other.words).map(|(mine, theirs)| (mine & theirs).count_ones() as usize).sum()
    }

    /// Adds every key of `other`.
    pub fn union_with(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// Keeps the keys that `other` has too.
    pub fn intersect_with(&mut self, other: &Self) {
        self.words.truncate(other.words.len());
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= theirs);
    }

    /// Takes out every key of `other`.
    pub fn subtract(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= !theirs);
    }

    /// The keys in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                Some(index as u32 * 64 + bit)
            })
        })
    }
}

/// Where the keys of a set stand in its order.
pub struct KeyRanks<'s> {
    set: &'s KeySet,
    /// The number of keys before each word of the bitmap.
    before: Vec<u32>,
}

impl KeyRanks<'_> {
    /// How many keys of the set are smaller; `None` for a key that is not in it.
    pub fn rank(&self, key: u32) -> Option<usize> {
        let word = key as usize / 64;
        let smaller = (1_u64 << (key % 64)) - 1;
        let bits = self.set.words.get(word).filter(|_| self.set.contains(key))?;
        Some((self.before[word] + (bits & smaller).count_ones()) as usize)
    }
}

impl Extend<u32> for KeySet {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, keys: I) {
        keys.into_iter().for_each(|key| self.insert(key));
    }
}

impl FromIterator<u32> for KeySet {
    fn from_iter<I: IntoIterator<Item = u32>>(keys: I) -> Self {
        let mut set = Self::default();
        keys.into_iter().for_each(|key| set.insert(key));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_keys_in_order() {
        let set: KeySet = [130, 3, 64, 3].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [3, 64, 130]);
        assert_eq!(set.len(), 3);
        assert!(set.contains(64) && !set.contains(65) && !set.contains(100_000));
    }

    #[test]
    fn ranks_count_what_comes_before() {
        let set: KeySet = [0, 3, 63, 64, 130, 191].into_iter().collect();
        let ranks = set.ranks();
        for (rank, key) in set.iter().enumerate() {
            assert_eq!(ranks.rank(key), Some(rank));
        }
        assert!([1, 62, 65, 190, 192, 100_000].iter().all(|key| ranks.rank(*key).is_none()));
    }
}
