//! Folded names → numbers.
//!
//! Names → a finite-state map over their exact tokens, joined by spaces. Invariant: a name is found by the tokens that
//! [`TokenList`] makes of it, and by no others.

use std::collections::BTreeMap;

use super::TokenList;

/// A map from folded names to numbers: in one piece of memory, and walked token by token.
pub struct NameMap<D: AsRef<[u8]> = Vec<u8>>(fst::Map<D>);

impl NameMap {
    /// Folds and maps names. Names without a token are left out; of equal ones the first counts.
    ///
    /// # Errors
    ///
    /// None that a map of a moderate size can meet.
    pub fn of<'n>(names: impl IntoIterator<Item = (&'n str, u64)>) -> Result<Self, fst::Error> {
        let mut folded = BTreeMap::new();
        for (name, number) in names {
            let name = TokenList::of(name).joined();
            if !name.is_empty() {
                folded.entry(name).or_insert(number);
            }
        }
        Ok(Self(fst::Map::from_iter(folded)?))
    }
}

impl<D: AsRef<[u8]>> NameMap<D> {
    /// Takes a finished map over.
    pub fn from_map(map: fst::Map<D>) -> Self {
        Self(map)
    }

    /// The map, for walks of other kinds.
    pub fn map(&self) -> &fst::Map<D> {
        &self.0
    }

    /// The number of names.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of a name that is folded already: exact tokens, joined by spaces.
    pub fn get(&self, folded: &str) -> Option<u64> {
        self.0.get(folded)
    }

    /// The longest run of exact tokens from `from` on that is a name: how many tokens, and its number.
    pub fn longest<T: AsRef<str>>(&self, tokens: &[T], from: usize) -> Option<(usize, u64)> {
        let map = self.0.as_fst();
        let mut node = map.root();
        let mut sum = fst::raw::Output::zero();
        let mut longest = None;
        for (count, token) in (1..).zip(tokens.get(from..)?) {
            let space = if count > 1 { " " } else { "" };
            for byte in space.bytes().chain(token.as_ref().bytes()) {
                let Some(at) = node.find_input(byte) else { return longest };
                let transition = node.transition(at);
                sum = sum.cat(transition.out);
                node = map.node(transition.addr);
            }
            if node.is_final() {
                longest = Some((count, sum.cat(node.final_output()).value()));
            }
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> NameMap {
        NameMap::of([("New York", 7), ("Yörk", 300), ("New York City", 2), ("new york", 9), ("…", 1), ("米兰", 5)])
            .unwrap()
    }

    #[test]
    fn finds_names_by_their_tokens() {
        let names = names();
        assert_eq!(names.len(), 4);
        assert!(!names.is_empty());
        assert_eq!(names.get("york"), Some(300));
        assert_eq!(names.get("new york"), Some(7));
        assert_eq!(names.get("new"), None);
    }

    #[test]
    fn takes_the_longest_run() {
        let names = names();
        let tokens = ["in", "new", "york", "city", "york", "new", "yorker", "米兰"];
        let found: Vec<_> = (0..9).map(|from| names.longest(&tokens, from)).collect();
        assert_eq!(found, [None, Some((3, 2)), Some((1, 300)), None, Some((1, 300)), None, None, Some((1, 5)), None]);
    }
}
