//! What handlers share.

use std::{sync::Arc, time::Duration};

use super::{limits::SearchPermits, problem::Problem};
use crate::{
    error::ErrorCode,
    indexing::{Indexer, IndexingError},
    search::Searcher,
    store::{Store, StoreError},
    tasks::Tasks,
};

/// How long a request with `refresh=wait` waits for its change to be searchable.
const REFRESH_WAIT: Duration = Duration::from_secs(30);

/// The use cases that handlers call.
#[derive(Clone)]
pub struct Services {
    /// The source of truth.
    pub store: Arc<Store>,
    /// Search.
    pub searcher: Arc<Searcher>,
    /// Indexing.
    pub indexer: Arc<Indexer>,
    /// Long work.
    pub tasks: Arc<Tasks>,
}

/// What handlers share.
#[derive(Clone)]
pub struct ServerState {
    /// The use cases.
    pub services: Services,
    /// Permits to search.
    pub searches: SearchPermits,
    /// Permits to write: parsing and committing large bodies is bounded too.
    pub writes: SearchPermits,
    /// Tells the time: the only clock of the HTTP edge.
    pub now: fn() -> jiff::Timestamp,
}

impl ServerState {
    /// Runs blocking work off the async threads.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Services) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let services = self.services.clone();
        let joined = tokio::task::spawn_blocking(move || work(&services)).await;
        joined.unwrap_or_else(|error| Err(Problem::internal(&error)))
    }

    /// The same under a permit to write.
    pub async fn writing<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Services) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = self.writes.acquire().await?;
        self.blocking(move |services| {
            let result = work(services);
            drop(permit);
            result
        })
        .await
    }
}

/// Waits until a change is searchable, where the request asked for that.
pub(super) fn refresh(services: &Services, refresh: Option<Refresh>, seq: u64) -> Result<(), Problem> {
    if refresh.is_none() || seq == 0 {
        return Ok(());
    }
    settled(services.indexer.wait_for(seq, REFRESH_WAIT))
}

/// Waits until an event counts, where the request asked for that.
///
/// # Errors
/// `deadline_exceeded` where it counts later than that; it is stored all the same.
pub fn refresh_event(services: &Services, refresh: Option<Refresh>, event_seq: u64) -> Result<(), Problem> {
    if refresh.is_none() || event_seq == 0 {
        return Ok(());
    }
    settled(services.indexer.wait_for_event(event_seq, REFRESH_WAIT))
}

fn settled(waited: Result<bool, IndexingError>) -> Result<(), Problem> {
    match waited {
        Ok(true) => Ok(()),
        Ok(false) => {
            let detail =
                format!("stored, but not searchable within {} s: a backlog is worked off", REFRESH_WAIT.as_secs());
            Err(Problem::new(ErrorCode::DeadlineExceeded, detail).with_retry_after(1))
        }
        Err(error) => Err(Problem::internal(&error)),
    }
}

/// `?refresh=wait`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Refresh {
    /// Answer when the change is searchable.
    Wait,
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::PreconditionFailed { .. } => {
                Self::new(ErrorCode::PreconditionFailed, "the candidate is not in the state that the request names")
            }
            other => Self::internal(&other),
        }
    }
}
