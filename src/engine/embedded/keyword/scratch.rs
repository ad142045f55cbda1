//! Memory for the scores of one query, used again by the next query of the same thread.

use std::cell::RefCell;

/// What a candidate has scored so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Cell {
    /// The shares of the words before the last one.
    pub(super) total: f32,
    /// The best share of the last word.
    pub(super) best: f32,
    /// Number of the word that `best` belongs to, from 1; 0 where no word matched.
    pub(super) word: u32,
}

/// Queries are scored by words and by concepts, and by words once more where feedback adds some.
const MOST_KEPT: usize = 3;

thread_local! {
    /// One for each signal of a query that is scored so.
    static KEPT: RefCell<Vec<Vec<Cell>>> = const { RefCell::new(Vec::new()) };
}

/// One cell a candidate key. Invariant: the cells that go back are all empty, so that taking them costs nothing.
pub(super) struct Scratch {
    cells: Vec<Cell>,
    touched: Vec<u32>,
    /// How many cells each word touched, by its number.
    hits: Vec<u32>,
}

impl Scratch {
    /// Empty cells for the keys below `key_limit`.
    pub(super) fn take(key_limit: u32) -> Self {
        let mut cells = KEPT.with_borrow_mut(Vec::pop).unwrap_or_default();
        cells.resize(key_limit as usize, Cell::default());
        Self { cells, touched: Vec::new(), hits: Vec::new() }
    }

    /// The keys whose cells are not empty.
    pub(super) fn touched(&self) -> &[u32] {
        &self.touched
    }

    /// The cell of a key; `None` beyond the limit.
    pub(super) fn cell(&self, key: u32) -> Option<&Cell> {
        self.cells.get(key as usize)
    }

    /// Begins with a word: they are numbered from 1 and come one after the other.
    pub(super) fn begin(&mut self, word: u32) {
        self.hits.resize(word as usize + 1, 0);
    }

    /// How many candidates a word touched.
    pub(super) fn hits(&self, word: u32) -> usize {
        self.hits.get(word as usize).map_or(0, |hits| *hits as usize)
    }

    /// Adds a share of the word that was begun last, of which a candidate keeps the best.
    #[inline]
    pub(super) fn add(&mut self, key: u32, word: u32, share: f32) {
        let cell = &mut self.cells[key as usize];
        if cell.word != word {
            if cell.word == 0 {
                self.touched.push(key);
            }
            *cell = Cell { total: cell.total + cell.best, best: share, word };
            self.hits[word as usize] += 1;
        } else if share > cell.best {
            cell.best = share;
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for key in &self.touched {
            self.cells[*key as usize] = Cell::default();
        }
        let cells = std::mem::take(&mut self.cells);
        KEPT.with_borrow_mut(|kept| {
            if kept.len() < MOST_KEPT {
                kept.push(cells);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_is_empty() {
        for limit in [10, 4, 20] {
            let mut scratch = Scratch::take(limit);
            assert!((0..limit).all(|key| scratch.cell(key) == Some(&Cell::default())));
            assert_eq!(scratch.cell(limit), None);
            for (word, share) in [(1, 2.0), (1, 3.0), (1, 1.0), (2, 4.0)] {
                scratch.begin(word);
                scratch.add(limit - 1, word, share);
            }
            assert_eq!(scratch.touched(), [limit - 1]);
            assert_eq!([scratch.hits(1), scratch.hits(2), scratch.hits(3)], [1, 1, 0]);
            assert_eq!(scratch.cell(limit - 1), Some(&Cell { total: 3.0, best: 4.0, word: 2 }));
        }
    }
}
