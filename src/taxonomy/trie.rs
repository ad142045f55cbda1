//! The tree of names: a name's tokens, one after the other, → the number of the name.
//!
//! Nodes are numbered level by level, the children of one node side by side and in order of their tokens; a name's number is
//! that of its last node. So a token that no name goes on with costs one look at a column, and a table of first tokens
//! saves the search among the many that names begin with. Invariant: the children of a node ascend by token.

use std::ops::Range;

use crate::packed::{PackedError, Sections, column, lengths};

/// Names as sequences of tokens' numbers.
#[derive(Default)]
pub(super) struct Trie {
    /// The token that leads to each node.
    tokens: Vec<u32>,
    /// Where the children of each node end; the first ones begin behind the first tokens.
    child_ends: Vec<u32>,
    /// How many nodes are first tokens.
    first: u32,
    /// Token → the node of names that begin with it, + 1; 0 where none does.
    starts: Vec<u32>,
}

impl Trie {
    /// The tree of names, which are sorted and distinct, and the number of each.
    pub(super) fn of(names: &[Vec<u32>], token_count: usize) -> (Self, Vec<u32>) {
        let mut numbers = vec![0; names.len()];
        let (mut tokens, mut child_ends) = (Vec::new(), Vec::new());
        // Names that share their first tokens, by the number of these; the root's come first, without a node of its own.
        let mut shared: Vec<(Range<usize>, usize)> = vec![(0..names.len(), 0)];
        let mut at = 0;
        while let Some((range, depth)) = shared.get(at).cloned() {
            let mut rest = range;
            while let Some(name) = names.get(rest.start).filter(|_| !rest.is_empty()) {
                let Some(token) = name.get(depth) else {
                    numbers[rest.start] = at as u32 - 1;
                    rest.start += 1;
                    continue;
                };
                let count = names[rest.clone()].iter().take_while(|other| other[depth] == *token).count();
                tokens.push(*token);
                shared.push((rest.start..rest.start + count, depth + 1));
                rest.start += count;
            }
            child_ends.push(tokens.len() as u32);
            at += 1;
        }
        let first = child_ends.remove(0);
        let starts = starts(&tokens[..first as usize], token_count);
        (Self { tokens, child_ends, first, starts }, numbers)
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The node of names that begin with a token.
    pub(super) fn start(&self, token: u32) -> Option<u32> {
        self.starts.get(token as usize)?.checked_sub(1)
    }

    /// The node that a token leads to from another.
    pub(super) fn next(&self, node: u32, token: u32) -> Option<u32> {
        let start = node.checked_sub(1).map_or(self.first, |before| self.child_ends[before as usize]);
        let children = &self.tokens[start as usize..self.child_ends[node as usize] as usize];
        children.binary_search(&token).ok().map(|at| start + at as u32)
    }

    /// The node of a whole sequence of tokens.
    pub(super) fn get(&self, mut tokens: impl Iterator<Item = u32>) -> Option<u32> {
        let start = self.start(tokens.next()?)?;
        tokens.try_fold(start, |node, token| self.next(node, token))
    }

    /// Adds the sections that [`Trie::read`] reads.
    pub(super) fn write(&self, sections: &mut Vec<Vec<u8>>) {
        sections.push(column(&[self.first]));
        sections.push(column(&self.tokens));
        let from_first: Vec<u32> = self.child_ends.iter().map(|end| end - self.first).collect();
        sections.push(lengths(&from_first));
    }

    /// Reads a tree over so many tokens.
    pub(super) fn read(sections: &mut Sections<'_>, token_count: usize) -> Result<Self, PackedError> {
        let malformed = PackedError::Malformed("names that are no tree");
        let (first, tokens, mut child_ends) = (sections.column()?, sections.column()?, sections.ends()?);
        let [first] = first[..] else { return Err(malformed) };
        let is_tree = first as usize <= tokens.len()
            && child_ends.len() == tokens.len()
            && child_ends.last().map_or(0, |end| *end as usize) == tokens.len() - first as usize
            && tokens.iter().all(|token| (*token as usize) < token_count);
        if !is_tree {
            return Err(malformed);
        }
        child_ends.iter_mut().for_each(|end| *end += first);
        let starts = starts(&tokens[..first as usize], token_count);
        Ok(Self { tokens, child_ends, first, starts })
    }
}

fn starts(first: &[u32], token_count: usize) -> Vec<u32> {
    let mut starts = vec![0; token_count];
    first.iter().zip(1..).for_each(|(token, node)| starts[*token as usize] = node);
    starts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::packed::Format;

    const TOKENS: u32 = 6;

    proptest! {
        #[test]
        fn names_and_no_others_are_found(
            names in proptest::collection::btree_set(proptest::collection::vec(0..TOKENS, 1..5), 0..40),
            other in proptest::collection::vec(0..TOKENS + 2, 0..6),
        ) {
            let sorted: Vec<Vec<u32>> = names.iter().cloned().collect();
            let (tree, numbers) = Trie::of(&sorted, TOKENS as usize);
            prop_assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), sorted.len());
            let mut sections = Vec::new();
            tree.write(&mut sections);
            let format = Format { magic: b"ltrie001", max_unpacked_bytes: 1 << 20 };
            let packed = format.pack(&sections).unwrap();
            let read = Trie::read(&mut format.unpack(&packed).unwrap().sections(), TOKENS as usize).unwrap();
            for tree in [&tree, &read] {
                for (name, number) in sorted.iter().zip(&numbers) {
                    prop_assert!((*number as usize) < tree.len());
                    prop_assert_eq!(tree.get(name.iter().copied()), Some(*number));
                }
                // What begins a name has a node too, whose number is no name's.
                let node = tree.get(other.iter().copied());
                let begins = names.iter().any(|name| !other.is_empty() && name.starts_with(&other));
                prop_assert_eq!(node.is_some(), begins);
                prop_assert_eq!(node.is_some_and(|node| numbers.contains(&node)), names.contains(&other));
            }
            prop_assert!(Trie::read(&mut format.unpack(&packed).unwrap().sections(), 0).is_err() || names.is_empty());
        }
    }
}
