//! A column of lists over candidate keys that snapshots share: which values each candidate has.
//!
//! Invariants: a clone is a snapshot; chunks are copied only when one that a snapshot still holds is written to. Counting
//! reads the lists of a chunk in the order of memory. No list holds [`NOTHING`].

use std::sync::Arc;

use super::KeySet;

/// Keys of a chunk: a whole number of a bitmap's words.
const CHUNK: usize = 1_024;

/// The number that stands for an empty list, so that counting need not tell it from a list of one.
pub(super) const NOTHING: u32 = 0;

/// The list of one key: a single number is kept here, several stand in the chunk.
#[derive(Debug, Clone, Copy)]
struct Slot {
    /// The number itself where there is one or none, else where the list starts.
    start: u32,
    length: u32,
}

/// The slot of an empty list.
const EMPTY: Slot = Slot { start: NOTHING, length: 1 };

#[derive(Debug, Clone)]
struct Chunk {
    slots: Vec<Slot>,
    values: Vec<u32>,
    /// Values that no slot names any more.
    dead: usize,
}

impl Default for Chunk {
    fn default() -> Self {
        Self { slots: vec![EMPTY; CHUNK], values: Vec::new(), dead: 0 }
    }
}

impl Chunk {
    #[inline]
    fn list(&self, at: usize) -> &[u32] {
        match &self.slots[at] {
            Slot { start: NOTHING, length: 1 } => &[],
            Slot { start, length: 1 } => std::slice::from_ref(start),
            Slot { start, length } => &self.values[*start as usize..(*start + *length) as usize],
        }
    }

    /// Counts the numbers of a list; an empty one counts for [`NOTHING`].
    #[inline]
    fn count(&self, at: usize, counts: &mut [u32]) {
        match self.slots[at] {
            Slot { start, length: 1 } => counts[start as usize] += 1,
            Slot { start, length } => {
                for value in &self.values[start as usize..(start + length) as usize] {
                    counts[*value as usize] += 1;
                }
            }
        }
    }

    fn set(&mut self, at: usize, list: &[u32]) {
        if self.slots[at].length > 1 {
            self.dead += self.slots[at].length as usize;
        }
        match list {
            [] => self.slots[at] = EMPTY,
            [only] => self.slots[at] = Slot { start: *only, length: 1 },
            _ => {
                self.slots[at] = Slot { start: self.values.len() as u32, length: list.len() as u32 };
                self.values.extend_from_slice(list);
            }
        }
        if self.dead > self.values.len() / 2 {
            self.compact();
        }
    }

    fn compact(&mut self) {
        let mut values = Vec::with_capacity(self.values.len() - self.dead);
        for at in 0..CHUNK {
            if self.slots[at].length == 1 {
                continue;
            }
            let start = values.len() as u32;
            values.extend_from_slice(self.list(at));
            self.slots[at].start = start;
        }
        (self.values, self.dead) = (values, 0);
    }
}

/// A list of numbers a candidate key, copy-on-write by chunks.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    chunks: Vec<Arc<Chunk>>,
}

impl Lists {
    /// The list of a key; empty where there is none.
    pub(super) fn get(&self, key: u32) -> &[u32] {
        self.chunks.get(key as usize / CHUNK).map_or(&[], |chunk| chunk.list(key as usize % CHUNK))
    }

    /// Puts a list in the place of a key's.
    pub(super) fn set(&mut self, key: u32, list: &[u32]) {
        let chunk = key as usize / CHUNK;
        if list.is_empty() && self.get(key).is_empty() {
            return;
        }
        if self.chunks.len() <= chunk {
            self.chunks.resize_with(chunk + 1, Arc::default);
        }
        Arc::make_mut(&mut self.chunks[chunk]).set(key as usize % CHUNK, list);
    }

    /// Gives back the memory that no list needs.
    pub(super) fn shrink(&mut self) {
        self.chunks.iter_mut().for_each(|chunk| Arc::make_mut(chunk).values.shrink_to_fit());
    }

    /// Adds to `counts`, by number, how many of the keys have it in their list; those without any count for [`NOTHING`], which must
    /// have a place there.
    pub(super) fn count(&self, keys: &KeySet, counts: &mut [u32]) {
        for (index, words) in keys.words().chunks(CHUNK / 64).enumerate() {
            let Some(chunk) = self.chunks.get(index) else {
                counts[NOTHING as usize] += words.iter().map(|word| word.count_ones()).sum::<u32>();
                continue;
            };
            for (at, word) in words.iter().enumerate() {
                let mut rest = *word;
                while rest != 0 {
                    chunk.count(at * 64 + rest.trailing_zeros() as usize, counts);
                    rest &= rest - 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lists_and_counts_are_those_of_a_map(
            sets in prop::collection::vec((0..3_000_u32, prop::collection::vec(1..20_u32, 0..4)), 0..200),
            asked in prop::collection::vec(0..4_000_u32, 0..300),
        ) {
            let (mut lists, mut map) = (Lists::default(), BTreeMap::new());
            let mut snapshot = None;
            for (at, (key, list)) in sets.iter().enumerate() {
                if at == sets.len() / 2 {
                    snapshot = Some((lists.clone(), map.clone()));
                }
                lists.set(*key, list);
                map.insert(*key, list.clone());
            }
            for (lists, map) in snapshot.into_iter().chain([(lists, map)]) {
                let keys: KeySet = asked.iter().copied().collect();
                let mut counts = vec![0; 20];
                lists.count(&keys, &mut counts);
                let list = |key: u32| map.get(&key).cloned().unwrap_or_default();
                prop_assert!(map.keys().all(|key| lists.get(*key) == list(*key).as_slice()));
                let mut expected = vec![0; 20];
                keys.iter().flat_map(list).for_each(|value| expected[value as usize] += 1);
                expected[0] = keys.iter().filter(|key| list(*key).is_empty()).count() as u32;
                prop_assert_eq!(counts, expected);
            }
        }
    }
}
