//! Two halves of one search at the same time.
//!
//! On threads that wait for nothing else: those of the indexing would let a search wait for a batch, and new ones for every search
//! cost memory and time to start.

use std::sync::LazyLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The threads; `None` where the system gives none. Then one half follows the other.
static POOL: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let built = ThreadPoolBuilder::new().thread_name(|at| format!("search-{at}")).build();
    built.inspect_err(|error| tracing::warn!(%error, "searches use one thread each")).ok()
});

/// The results of two computations. A panic of either goes on here.
pub(super) fn side_by_side<A: Send, B: Send>(
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    let Some(pool) = &*POOL else { return (first(), second()) };
    let span = tracing::Span::current();
    pool.join(|| span.in_scope(first), || span.in_scope(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_both_results_in_order() {
        let shared = [1, 2, 3];
        assert_eq!(side_by_side(|| shared.len(), || shared.iter().sum::<i32>()), (3, 6));
    }

    #[test]
    #[should_panic(expected = "of the second")]
    fn a_panic_goes_on() {
        side_by_side(|| (), || panic!("of the second"));
    }
}
