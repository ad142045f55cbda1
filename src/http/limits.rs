//! Bounds: the size of a body, the number of searches at once, the time of an answer.

use super::problem::Problem;
use crate::error::ErrorCode;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The largest request body, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

/// Seconds after which an overloaded server may be asked again.
const RETRY_AFTER: u32 = 1;

/// The layer that bounds the bodies which the extractors read.
pub fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_BODY_BYTES)
}

/// More searches were running and waiting than the server takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many searches at once")]
pub struct Overloaded;

impl From<Overloaded> for Problem {
    fn from(overloaded: Overloaded) -> Self {
        Self::new(ErrorCode::Overloaded, overloaded.to_string()).with_retry_after(RETRY_AFTER)
    }
}

/// Permits to search: some searches run, some wait, the rest are refused at once.
#[derive(Debug, Clone)]
pub struct SearchPermits {
    /// Running and waiting searches.
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// The right to run one search, until dropped. Move it into the thread that does the work.
#[derive(Debug)]
pub struct SearchPermit {
    _running: OwnedSemaphorePermit,
    _admitted: OwnedSemaphorePermit,
}

impl SearchPermits {
    /// Permits for so many searches at once, and so many that wait for one.
    pub fn new(running: NonZeroUsize, waiting: usize) -> Self {
        let running = running.get().min(Semaphore::MAX_PERMITS);
        let admitted = running.saturating_add(waiting).min(Semaphore::MAX_PERMITS);
        Self { admitted: Arc::new(Semaphore::new(admitted)), running: Arc::new(Semaphore::new(running)) }
    }

    /// A permit, at once or after a wait, in order of arrival.
    ///
    /// # Errors
    /// [`Overloaded`], at once, when as many wait as may.
    pub async fn acquire(&self) -> Result<SearchPermit, Overloaded> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| Overloaded)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| Overloaded)?;
        Ok(SearchPermit { _running: running, _admitted: admitted })
    }
}

/// Middleware that answers 503 `deadline_exceeded` when the handler has not answered in time.
///
/// `middleware::from_fn_with_state(deadline, enforce_deadline)`. The handler's future is dropped; work that it moved to
/// another thread goes on unless that watches the deadline itself.
pub async fn enforce_deadline(State(deadline): State<Duration>, request: Request, next: Next) -> Response {
    tokio::time::timeout(deadline, next.run(request)).await.unwrap_or_else(|_| {
        let detail = format!("there was no answer within {} ms", deadline.as_millis());
        Problem::new(ErrorCode::DeadlineExceeded, detail).with_retry_after(RETRY_AFTER).into_response()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(running: usize, waiting: usize) -> SearchPermits {
        SearchPermits::new(NonZeroUsize::new(running).unwrap(), waiting)
    }

    #[tokio::test]
    async fn the_queue_is_bounded() {
        let permits = permits(1, 1);
        let first = permits.acquire().await.unwrap();
        let waiting = tokio::spawn({
            let permits = permits.clone();
            async move { permits.acquire().await.map(drop) }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        assert_eq!(permits.acquire().await.map(drop), Err(Overloaded));
        drop(first);
        assert_eq!(waiting.await.unwrap(), Ok(()));
        permits.acquire().await.unwrap();
    }

    #[tokio::test]
    async fn who_stops_waiting_gives_the_place_free() {
        let permits = permits(1, 1);
        let first = permits.acquire().await.unwrap();
        let patience = Duration::from_millis(1);
        for _ in 0..3 {
            assert!(tokio::time::timeout(patience, permits.acquire()).await.is_err(), "it waits, it is not refused");
        }
        drop(first);
        permits.acquire().await.unwrap();
    }

    #[test]
    fn absurd_numbers_are_cut() {
        SearchPermits::new(NonZeroUsize::MAX, usize::MAX);
    }
}
