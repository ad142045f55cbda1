//! Three-valued hit sets over candidate keys.
//!
//! Kleene logic on two bitmaps: those who surely meet a demand, and those who possibly do. NOT of unknown stays
//! unknown.

use crate::{engine::KeySet, query::Truth};

/// Whom a demand holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitSet {
    /// Those for whom it is true.
    pub yes: KeySet,
    /// Those for whom it is true or unknown: a superset of `yes`.
    pub possible: KeySet,
}

impl HitSet {
    /// A two-valued set: who is not in it does not meet the demand.
    pub fn known(yes: KeySet) -> Self {
        Self { possible: yes.clone(), yes }
    }

    /// Unknown for everybody.
    pub fn unknown_of(live: &KeySet) -> Self {
        Self { yes: KeySet::default(), possible: live.clone() }
    }

    /// True for `yes`; unknown for those of `live` of whom nothing is `known`.
    pub fn with_unknown(yes: KeySet, known: &KeySet, live: &KeySet) -> Self {
        let mut possible = live.clone();
        possible.subtract(known);
        possible.union_with(&yes);
        Self { yes, possible }
    }

    /// Whether it holds for a key.
    pub fn truth(&self, key: u32) -> Truth {
        match (self.yes.contains(key), self.possible.contains(key)) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::No,
        }
    }

    /// Both hold.
    pub fn and(mut self, other: &Self) -> Self {
        self.yes.intersect_with(&other.yes);
        self.possible.intersect_with(&other.possible);
        self
    }

    /// Either holds.
    pub fn or(mut self, other: &Self) -> Self {
        self.yes.union_with(&other.yes);
        self.possible.union_with(&other.possible);
        self
    }

    /// It does not hold, among `live`.
    pub fn not(self, live: &KeySet) -> Self {
        let (mut yes, mut possible) = (live.clone(), live.clone());
        yes.subtract(&self.possible);
        possible.subtract(&self.yes);
        Self { yes, possible }
    }

    /// Those of whom it is unknown.
    pub fn unknown(&self) -> KeySet {
        let mut unknown = self.possible.clone();
        unknown.subtract(&self.yes);
        unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUTHS: [Truth; 3] = [Truth::No, Truth::Unknown, Truth::Yes];

    fn keys(keys: &[u32]) -> KeySet {
        keys.iter().copied().collect()
    }

    /// Key `i` holds the i-th of nine pairs of truths; `second` says which of the pair.
    fn set(second: bool) -> HitSet {
        let truth = |key: u32| TRUTHS[if second { key % 3 } else { key / 3 } as usize];
        HitSet {
            yes: (0..9).filter(|key| truth(*key) == Truth::Yes).collect(),
            possible: (0..9).filter(|key| truth(*key) != Truth::No).collect(),
        }
    }

    #[test]
    fn follows_kleenes_tables() {
        let live: KeySet = (0..9).collect();
        let (a, b) = (set(false), set(true));
        for key in 0..9 {
            let (x, y) = (a.truth(key), b.truth(key));
            assert_eq!(a.clone().and(&b).truth(key), x.and(y));
            assert_eq!(a.clone().or(&b).truth(key), x.or(y));
            assert_eq!(a.clone().not(&live).truth(key), !x);
        }
    }

    #[test]
    fn unknown_is_who_is_not_known() {
        let set = HitSet::with_unknown(keys(&[1]), &keys(&[1, 2]), &keys(&[1, 2, 3]));
        assert_eq!(set.unknown().iter().collect::<Vec<_>>(), [3]);
        assert_eq!(HitSet::known(keys(&[1])).unknown().len(), 0);
    }
}
