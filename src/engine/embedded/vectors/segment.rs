//! An immutable set of vectors, in memory.
//!
//! (key, row) pairs, ascending by key → one row for each distinct vector with the list of its keys, and the codes for the scan.
//! Invariants: keys are distinct; each row has at least one key; rows are numbered in the order of their smallest key, so
//! that a filter on keys walks the rows forwards.

use std::collections::HashMap;
use std::sync::Arc;

use super::fixed_point::Codes;
use super::key_table::KeyTable;

/// Distinct vectors and their keys.
#[derive(Debug)]
pub(super) struct Segment {
    stride: usize,
    /// The full-precision rows, `stride` values each. A graph over the segment shares them.
    values: Arc<Vec<i16>>,
    codes: Codes,
    table: KeyTable,
    /// The row of each key, in the order of the table.
    row_of_rank: Vec<u32>,
    /// Where the keys of each row begin in `keys_by_row`, and one more entry for the end.
    starts: Vec<u32>,
    keys_by_row: Vec<u32>,
}

/// Why parts do not make a segment.
pub(super) type BrokenInvariant = &'static str;

impl Segment {
    /// Collects vectors into a segment: equal rows become one. The pairs ascend by key.
    pub(super) fn of<'a>(stride: usize, pairs: impl Iterator<Item = (u32, &'a [i16])>) -> Self {
        let mut keys = Vec::new();
        let mut row_of_rank = Vec::new();
        let mut values: Vec<i16> = Vec::new();
        let mut known: HashMap<&[i16], u32> = HashMap::new();
        for (key, row) in pairs {
            let next = known.len() as u32;
            let row_number = *known.entry(row).or_insert_with(|| {
                values.extend_from_slice(row);
                next
            });
            keys.push(key);
            row_of_rank.push(row_number);
        }
        Self::from_parts(stride, keys, row_of_rank, values).expect("pairs ascend by key")
    }

    /// Puts a segment together from what its file holds.
    pub(super) fn from_parts(
        stride: usize,
        keys: Vec<u32>,
        row_of_rank: Vec<u32>,
        values: Vec<i16>,
    ) -> Result<Self, BrokenInvariant> {
        if stride == 0 || !values.len().is_multiple_of(stride) {
            return Err("the rows are not of one length");
        }
        let rows = values.len() / stride;
        if keys.len() != row_of_rank.len() || row_of_rank.iter().any(|row| *row as usize >= rows) {
            return Err("a key without a row");
        }
        let (starts, keys_by_row) = postings(&keys, &row_of_rank, rows);
        if starts.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err("a row without a key");
        }
        let table = KeyTable::of(keys).ok_or("the keys do not ascend")?;
        let codes = Codes::of(&values, stride);
        Ok(Self { stride, values: Arc::new(values), codes, table, row_of_rank, starts, keys_by_row })
    }

    /// The number of distinct vectors.
    pub(super) fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of values in a row.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// All rows, one after the other.
    pub(super) fn values(&self) -> &Arc<Vec<i16>> {
        &self.values
    }

    /// The codes of the rows.
    pub(super) fn codes(&self) -> &Codes {
        &self.codes
    }

    /// The keys, ascending.
    pub(super) fn keys(&self) -> &[u32] {
        self.table.keys()
    }

    /// The row of each key, in the order of [`Segment::keys`].
    pub(super) fn row_of_rank(&self) -> &[u32] {
        &self.row_of_rank
    }

    /// The table of the keys.
    pub(super) fn table(&self) -> &KeyTable {
        &self.table
    }

    /// The number of the row of a key.
    #[inline]
    pub(super) fn row_of(&self, key: u32) -> Option<u32> {
        self.table.rank(key).map(|rank| self.row_of_rank[rank])
    }

    /// The row with that number.
    pub(super) fn row(&self, row: u32) -> &[i16] {
        let start = row as usize * self.stride;
        &self.values[start..start + self.stride]
    }

    /// The keys of a row, ascending.
    #[inline]
    pub(super) fn keys_of_row(&self, row: u32) -> &[u32] {
        let row = row as usize;
        &self.keys_by_row[self.starts[row] as usize..self.starts[row + 1] as usize]
    }

    /// Whether some keys share a row.
    pub(super) fn has_duplicates(&self) -> bool {
        self.rows() < self.keys().len()
    }
}

/// Groups keys by row: where each group begins, and the groups.
fn postings(keys: &[u32], row_of_rank: &[u32], rows: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; rows + 1];
    for row in row_of_rank {
        starts[*row as usize + 1] += 1;
    }
    for row in 0..rows {
        starts[row + 1] += starts[row];
    }
    let mut next = starts.clone();
    let mut keys_by_row = vec![0; keys.len()];
    for (key, row) in keys.iter().zip(row_of_rank) {
        let at = &mut next[*row as usize];
        keys_by_row[*at as usize] = *key;
        *at += 1;
    }
    (starts, keys_by_row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(first: i16) -> Vec<i16> {
        let mut row = vec![0; 16];
        row[0] = first;
        row
    }

    #[test]
    fn equal_vectors_share_a_row() {
        let (a, b) = (row(1), row(2));
        let segment = Segment::of(16, [(3, &a[..]), (5, &b[..]), (9, &a[..])].into_iter());
        assert_eq!(segment.rows(), 2);
        assert!(segment.has_duplicates());
        assert_eq!(segment.keys_of_row(0), [3, 9]);
        assert_eq!(segment.row_of(5), Some(1));
        assert_eq!(segment.row_of(4), None);
        assert_eq!(segment.row(1), b);
    }

    #[test]
    fn refuses_parts_that_do_not_fit() {
        let broken = |keys, rows, values| Segment::from_parts(16, keys, rows, values).unwrap_err();
        assert_eq!(broken(vec![1], vec![0], vec![0; 17]), "the rows are not of one length");
        assert_eq!(broken(vec![1], vec![1], vec![0; 16]), "a key without a row");
        assert_eq!(broken(vec![1, 2], vec![0], vec![0; 16]), "a key without a row");
        assert_eq!(broken(vec![1], vec![0], vec![0; 32]), "a row without a key");
        assert_eq!(broken(vec![2, 1], vec![0, 0], vec![0; 16]), "the keys do not ascend");
    }
}
