//! A column over candidate keys that snapshots share.
//!
//! Invariant: a clone is a snapshot. Chunks are copied only when one that a snapshot still holds is written to.

use std::sync::Arc;

use super::KeySet;

const CHUNK: usize = 1_024;

/// One value a candidate key, copy-on-write by chunks.
#[derive(Debug, Clone)]
pub struct Column<T> {
    chunks: Vec<Arc<Vec<Option<T>>>>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { chunks: Vec::new() }
    }
}

impl<T: Clone> Column<T> {
    /// The value of a key.
    #[inline]
    pub fn get(&self, key: u32) -> Option<&T> {
        self.chunks.get(key as usize / CHUNK)?[key as usize % CHUNK].as_ref()
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: u32) -> Option<&mut T> {
        let chunk = self.chunks.get_mut(key as usize / CHUNK)?;
        chunk[key as usize % CHUNK].as_ref()?;
        Arc::make_mut(chunk)[key as usize % CHUNK].as_mut()
    }

    /// Sets or clears the value of a key.
    pub fn set(&mut self, key: u32, value: Option<T>) {
        let chunk = key as usize / CHUNK;
        while self.chunks.len() <= chunk {
            self.chunks.push(Arc::new(vec![None; CHUNK]));
        }
        Arc::make_mut(&mut self.chunks[chunk])[key as usize % CHUNK] = value;
    }

    /// The keys for which something holds and those for which it may, where nothing is known of keys without a value. Reads
    /// the column in the order of memory.
    pub fn judge(&self, mut holds: impl FnMut(&T) -> bool) -> (KeySet, KeySet) {
        let (mut yes, mut possible) = (Vec::new(), Vec::new());
        for some in self.chunks.iter().flat_map(|chunk| chunk.chunks(64)) {
            let (mut those, mut others) = (0_u64, 0_u64);
            for (at, value) in some.iter().enumerate() {
                let (is, may_be) = value.as_ref().map_or((false, true), |value| (holds(value), false));
                those |= u64::from(is) << at;
                others |= u64::from(may_be) << at;
            }
            yes.push(those);
            possible.push(those | others);
        }
        (KeySet::from_words(yes), KeySet::from_words(possible))
    }

    /// Visits the values of some keys in the order of memory, also where there is none.
    pub fn visit(&self, keys: &KeySet, mut visit: impl FnMut(u32, Option<&T>)) {
        for (index, words) in keys.words().chunks(CHUNK / 64).enumerate() {
            let chunk = self.chunks.get(index).map(|chunk| chunk.as_slice());
            for (at, word) in words.iter().enumerate() {
                let mut rest = *word;
                while rest != 0 {
                    let at = at * 64 + rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    visit((index * CHUNK + at) as u32, chunk.and_then(|chunk| chunk[at].as_ref()));
                }
            }
        }
    }

    /// The keys that have a value, in ascending order, with it.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.chunks.iter().enumerate().flat_map(|(chunk, values)| {
            let with_keys = values.iter().enumerate();
            with_keys.filter_map(move |(at, value)| Some(((chunk * CHUNK + at) as u32, value.as_ref()?)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_may_be() {
        let mut column = Column::default();
        (0..200).filter(|key| key % 3 != 0).for_each(|key| column.set(key, Some(key)));
        let (yes, possible) = column.judge(|value| *value >= 100);
        assert!(yes.iter().eq((100..200).filter(|key| key % 3 != 0)));
        let may_be = (0..CHUNK as u32).filter(|key| yes.contains(*key) || key % 3 == 0 || *key >= 200);
        assert!(possible.iter().eq(may_be));
    }

    #[test]
    fn some_keys_are_visited_in_order() {
        let mut column = Column::default();
        [3, 64, 1_500].into_iter().for_each(|key| column.set(key, Some(key)));
        let mut visited = Vec::new();
        column.visit(&[3, 4, 1_500, 9_000].into_iter().collect(), |key, value| visited.push((key, value.copied())));
        assert_eq!(visited, [(3, Some(3)), (4, None), (1_500, Some(1_500)), (9_000, None)]);
    }

    #[test]
    fn a_clone_does_not_change() {
        let mut column = Column::default();
        column.set(5_000, Some("a"));
        let snapshot = column.clone();
        column.set(5_000, None);
        column.set(1, Some("b"));
        assert_eq!(snapshot.iter().collect::<Vec<_>>(), [(5_000, &"a")]);
        assert_eq!(column.iter().collect::<Vec<_>>(), [(1, &"b")]);
        assert_eq!(column.get(1_000_000), None);
    }
}
