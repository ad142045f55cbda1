//! The vectors used last, in memory.
//!
//! Two halves: what was used recently, and what was used before that. When the recent half is full it becomes the older
//! one, whose entries then are forgotten unless used again. That keeps what is in use, in constant time an operation.
//! Invariant: never more than the given number of bytes.

use std::collections::HashMap;
use std::sync::Arc;

use super::UnitVector;

/// What an entry costs beyond its text and components: two pointers, counters, and its place in the table.
const ENTRY_BYTES: usize = 128;

/// A vector, and which state of the file it is stored in, if it is.
#[derive(Clone)]
pub(super) struct Remembered {
    pub(super) vector: Arc<UnitVector>,
    pub(super) stored_in: Option<u64>,
}

/// Canonical forms with their vectors, bounded in bytes.
pub(super) struct Memory {
    half_bytes: usize,
    recent: HashMap<Box<str>, Remembered>,
    recent_bytes: usize,
    older: HashMap<Box<str>, Remembered>,
}

impl Memory {
    pub(super) fn new(bytes: usize) -> Self {
        Self { half_bytes: bytes / 2, recent: HashMap::new(), recent_bytes: 0, older: HashMap::new() }
    }

    pub(super) fn clear(&mut self) {
        self.recent.clear();
        self.recent_bytes = 0;
        self.older.clear();
    }

    pub(super) fn get(&mut self, form: &str) -> Option<Remembered> {
        if let Some(known) = self.recent.get(form) {
            return Some(known.clone());
        }
        let (form, known) = self.older.remove_entry(form)?;
        self.put(form, known.clone());
        Some(known)
    }

    pub(super) fn insert(&mut self, form: &str, remembered: Remembered) {
        self.older.remove(form);
        self.put(form.into(), remembered);
    }

    fn put(&mut self, form: Box<str>, remembered: Remembered) {
        let cost = ENTRY_BYTES + form.len() + size_of_val(remembered.vector.as_slice());
        if self.recent_bytes + cost > self.half_bytes {
            self.older = std::mem::take(&mut self.recent);
            self.recent_bytes = 0;
        }
        if cost <= self.half_bytes && self.recent.insert(form, remembered).is_none() {
            self.recent_bytes += cost;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Remembered {
        let vector = UnitVector::normalize(vec![1.0; 32]).unwrap();
        Remembered { vector: Arc::new(vector), stored_in: None }
    }

    #[test]
    fn keeps_what_is_used_and_forgets_the_rest() {
        let mut memory = Memory::new(2 * 4 * (ENTRY_BYTES + 128 + 2));
        for at in 10..90 {
            memory.insert(&at.to_string(), entry());
            assert!(memory.get("10").is_some(), "used again and again");
            assert!(memory.recent.len() <= 4 && memory.older.len() <= 4);
        }
        assert!(memory.get("89").is_some() && memory.get("50").is_none());
    }

    #[test]
    fn an_entry_replaced_costs_once() {
        let mut memory = Memory::new(1 << 16);
        memory.insert("a", entry());
        let bytes = memory.recent_bytes;
        memory.insert("a", Remembered { stored_in: Some(1), ..entry() });
        assert_eq!(memory.recent_bytes, bytes);
        assert_eq!(memory.get("a").unwrap().stored_in, Some(1));
    }

    #[test]
    fn without_room_nothing_is_kept() {
        let mut memory = Memory::new(0);
        memory.insert("a", entry());
        assert!(memory.get("a").is_none());
    }
}
