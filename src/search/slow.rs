//! The slowest searches of the last day, without what was asked: an operator sees what kind of search is slow, and nobody's name.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::{SearchRequest, SearchResponse, Subject};

/// How long a search is remembered.
const KEPT: Duration = Duration::from_secs(24 * 3_600);

/// Searches that are remembered.
const MOST: usize = 20;

/// A search by its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct SlowSearch {
    /// When it ended.
    pub at: Instant,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// `search`, `match` or `similar`.
    pub kind: &'static str,
    /// Words that ranked.
    pub wishes: usize,
    /// Words, phrases and facts that had to be met or not met.
    pub demands: usize,
    /// Filters.
    pub filters: usize,
    /// Facets that were counted.
    pub facets: usize,
    /// Hits.
    pub hits: usize,
    /// Whether something was left out for want of time.
    pub is_degraded: bool,
}

impl SlowSearch {
    /// The shape of an answered request.
    pub(super) fn of(request: &SearchRequest, response: &SearchResponse) -> Self {
        let leaves = response.understood.query.leaves().len();
        let wishes = request.plan.wishes.len();
        Self {
            at: Instant::now(),
            took_ms: response.took_ms,
            kind: match request.subject {
                Subject::Query => "search",
                Subject::Job(_) => "match",
                Subject::People(_) => "similar",
            },
            wishes,
            demands: leaves.saturating_sub(wishes),
            filters: request.filters.len(),
            facets: request.facets.len(),
            hits: response.total.value,
            is_degraded: !response.degraded.is_empty(),
        }
    }
}

/// The slowest searches of a while.
#[derive(Debug, Default)]
pub(super) struct SlowSearches(Mutex<Vec<SlowSearch>>);

impl SlowSearches {
    /// Remembers a search if it is among the slowest.
    pub(super) fn add(&self, search: SlowSearch) {
        let mut kept = self.0.lock();
        kept.retain(|known| search.at.duration_since(known.at) < KEPT);
        let at = kept.partition_point(|known| known.took_ms >= search.took_ms);
        if at < MOST {
            kept.insert(at, search);
            kept.truncate(MOST);
        }
    }

    /// The slowest first.
    pub(super) fn told(&self) -> Vec<SlowSearch> {
        self.0.lock().iter().filter(|known| known.at.elapsed() < KEPT).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_stay_and_age_goes() {
        let searches = SlowSearches::default();
        let now = Instant::now();
        let search = |took_ms: f64, at: Instant| SlowSearch {
            at,
            took_ms,
            kind: "search",
            wishes: 1,
            demands: 0,
            filters: 0,
            facets: 0,
            hits: 0,
            is_degraded: false,
        };
        for number in 0..50 {
            searches.add(search(f64::from((number * 7) % 50), now));
        }
        let times: Vec<f64> = searches.told().iter().map(|search| search.took_ms).collect();
        assert_eq!(times, (30..50).rev().map(f64::from).collect::<Vec<_>>());
        searches.add(search(1.0, now + KEPT));
        assert_eq!(searches.told().len(), 1, "the others are a day old then");
    }
}
