//! Windows that first pages fixed.
//!
//! Invariants: a window lives for ten minutes and not longer than the process; their number is bounded, the oldest
//! goes first; a cursor cannot be guessed from another one.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

/// How long a window is kept.
const LIFETIME: Duration = Duration::from_secs(600);

/// Windows that are kept at most.
const MAX_WINDOWS: usize = 512;

struct Entry<W> {
    window: Arc<W>,
    since: Instant,
}

/// Windows by token.
pub struct CursorCache<W> {
    entries: Mutex<HashMap<String, Entry<W>>>,
    random: RandomState,
}

impl<W> Default for CursorCache<W> {
    fn default() -> Self {
        Self { entries: Mutex::default(), random: RandomState::new() }
    }
}

impl<W> CursorCache<W> {
    /// Keeps a window; returns its token.
    pub fn keep(&self, window: W) -> String {
        let now = Instant::now();
        let mut entries = self.entries.lock();
        entries.retain(|_, entry| now.duration_since(entry.since) < LIFETIME);
        if entries.len() >= MAX_WINDOWS {
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.since).map(|(token, _)| token.clone());
            oldest.map(|token| entries.remove(&token));
        }
        let token = format!("{:016x}{:016x}", self.random.hash_one((now, entries.len())), self.random.hash_one(now));
        entries.insert(token.clone(), Entry { window: Arc::new(window), since: now });
        token
    }

    /// The window of a token; `None` where it expired or never was.
    pub fn get(&self, token: &str) -> Option<Arc<W>> {
        let entries = self.entries.lock();
        let entry = entries.get(token).filter(|entry| entry.since.elapsed() < LIFETIME)?;
        Some(entry.window.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_bounded_number_of_windows() {
        let cache = CursorCache::default();
        let first = cache.keep(0);
        assert_eq!(cache.get(&first).as_deref(), Some(&0));
        for window in 1..=MAX_WINDOWS {
            cache.keep(window);
        }
        assert_eq!(cache.get(&first), None);
        assert_eq!(cache.entries.lock().len(), MAX_WINDOWS);
        assert_eq!(cache.get("0000"), None);
    }
}
