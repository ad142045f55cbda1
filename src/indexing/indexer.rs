//! The thread that follows the change log.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex};
use thiserror::Error;

use super::prepare;
use crate::{
    activity::{ActivityEvent, EventType, Tag},
    embed::{CachedEmbedder, EmbedError},
    engine::{
        EngineError,
        embedded::{EmbeddedEngine, EngineChange},
    },
    store::{Store, StoreError, StoredEvent},
};

/// Changes that are read from the log at once.
const BATCH: usize = 2_000;

/// Events that are read at once.
const EVENT_BATCH: usize = 50_000;

/// Titles and skills that are read at once.
const STRING_BATCH: u32 = 4_096;

/// Pause between looks at the log when nothing happens.
const IDLE: Duration = Duration::from_millis(100);

/// Shortest time between publications while changes wait.
const PUBLISH_EVERY: Duration = Duration::from_millis(600);

/// Changes that wait and make it a backlog: an import, not somebody at work.
const BACKLOG: u64 = 4 * BATCH as u64;

/// Shortest time between publications in a backlog: larger segments are merged less often.
const PUBLISH_EVERY_IN_BACKLOG: Duration = Duration::from_secs(6);

/// Indexing failed: never the user's fault.
#[derive(Debug, Error)]
pub enum IndexingError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The embedding model.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// The indexing thread ended before the change was reached.
    #[error("indexing stopped: {0}")]
    Stopped(String),
}

/// How far indexing has got.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexerState {
    /// The last change that searches see.
    pub published_seq: u64,
    /// The last event that searches see.
    pub published_event_seq: u64,
    /// Why the thread ended, if it did.
    pub failure: Option<String>,
}

struct Shared {
    store: Arc<Store>,
    engine: Arc<EmbeddedEngine>,
    embedder: Arc<CachedEmbedder>,
    state: Mutex<IndexerState>,
    published: Condvar,
    /// The last string that the engine was given.
    last_string: AtomicU32,
    stop: AtomicBool,
    urgent: AtomicBool,
}

/// Changes that are ready to be applied.
struct PreparedBatch {
    changes: Vec<EngineChange>,
    reached: u64,
    /// Whether more changes are likely to wait behind it.
    is_full: bool,
}

/// How far the following thread has got.
struct Progress {
    applied: u64,
    published: u64,
    published_at: Instant,
}

/// Follows the change log until it is stopped or dropped.
pub struct Indexer {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Indexer {
    /// Reads the events that are in the store, then starts to follow the change log from where the engine's indexes
    /// have durably got to.
    pub fn start(
        store: Arc<Store>,
        engine: Arc<EmbeddedEngine>,
        embedder: Arc<CachedEmbedder>,
    ) -> Result<Self, IndexingError> {
        let (from, from_string) = (engine.committed_seq()?, engine.committed_string());
        let shared = Arc::new(Shared {
            store,
            engine,
            embedder,
            state: Mutex::new(IndexerState { published_seq: from, ..IndexerState::default() }),
            published: Condvar::new(),
            last_string: AtomicU32::new(from_string),
            stop: AtomicBool::new(false),
            urgent: AtomicBool::new(false),
        });
        shared.follow_strings()?;
        shared.engine.publish_activity()?;
        shared.follow_events()?;
        let follower = shared.clone();
        let follow = std::thread::Builder::new().name("indexing".to_owned());
        let follow = follow.spawn(move || follower.run(from)).map_err(EngineError::Io)?;
        let merger = shared.clone();
        let merge = std::thread::Builder::new().name("vector-merge".to_owned());
        let merge = merge.spawn(move || merger.merge_until_stopped()).map_err(EngineError::Io)?;
        Ok(Self { shared, threads: Mutex::new(vec![follow, merge]) })
    }

    /// How far indexing has got.
    pub fn state(&self) -> IndexerState {
        self.shared.state.lock().clone()
    }

    /// Waits until searches see a change. False where that took longer than `at_most`.
    pub fn wait_for(&self, seq: u64, at_most: Duration) -> Result<bool, IndexingError> {
        self.wait_until(at_most, |state| state.published_seq >= seq)
    }

    /// Waits until searches see an event.
    pub fn wait_for_event(&self, event_seq: u64, at_most: Duration) -> Result<bool, IndexingError> {
        self.wait_until(at_most, |state| state.published_event_seq >= event_seq)
    }

    fn wait_until(&self, at_most: Duration, reached: impl Fn(&IndexerState) -> bool) -> Result<bool, IndexingError> {
        let deadline = Instant::now() + at_most;
        let mut state = self.shared.state.lock();
        while !reached(&state) {
            if let Some(failure) = &state.failure {
                return Err(IndexingError::Stopped(failure.clone()));
            }
            self.shared.urgent.store(true, Ordering::Relaxed);
            if self.shared.published.wait_until(&mut state, deadline).timed_out() {
                return Ok(reached(&state));
            }
        }
        Ok(true)
    }

    /// Stops following, puts what is in memory on disk, and returns. Stopping again does nothing.
    pub fn stop(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.lock().drain(..) {
            if thread.join().is_err() {
                tracing::error!("an indexing thread panicked");
            }
        }
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn run(&self, from: u64) {
        if let Err(error) = self.follow(from) {
            tracing::error!(%error, "indexing stopped");
            self.state.lock().failure = Some(error.to_string());
            self.published.notify_all();
        }
    }

    fn follow(&self, from: u64) -> Result<(), IndexingError> {
        let mut progress = Progress { applied: from, published: from, published_at: Instant::now() };
        let mut prepared: Option<PreparedBatch> = None;
        while !self.stop.load(Ordering::Relaxed) {
            let batch = match prepared.take() {
                Some(batch) => batch,
                None => self.prepare_after(progress.applied)?,
            };
            let is_idle = batch.changes.is_empty() && batch.reached <= progress.applied;
            if batch.is_full {
                prepared = Some(self.apply_while_preparing(batch, &mut progress)?);
            } else {
                self.apply(batch, &mut progress)?;
            }
            if is_idle && !self.urgent.swap(false, Ordering::Relaxed) {
                self.store.wait_for_change(progress.applied, IDLE);
            }
        }
        self.publish(progress.applied, true)
    }

    /// Reads and prepares the next changes after a sequence number.
    fn prepare_after(&self, seq: u64) -> Result<PreparedBatch, IndexingError> {
        let batch = self.store.changes_with_bodies_after(seq, BATCH)?;
        let is_full = batch.states.len() >= BATCH;
        Ok(PreparedBatch { changes: prepare(&batch.states, &self.embedder)?, reached: batch.reached, is_full })
    }

    /// Applies a batch and prepares the one after it meanwhile: applying waits for the disk, preparing computes.
    fn apply_while_preparing(
        &self,
        batch: PreparedBatch,
        progress: &mut Progress,
    ) -> Result<PreparedBatch, IndexingError> {
        let reached = batch.reached;
        std::thread::scope(|scope| {
            let applying = scope.spawn(|| self.apply(batch, progress));
            let next = self.prepare_after(reached);
            applying.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            next
        })
    }

    /// Applies a batch, and publishes when that is due.
    fn apply(&self, batch: PreparedBatch, progress: &mut Progress) -> Result<(), IndexingError> {
        if batch.reached > progress.applied || !batch.changes.is_empty() {
            self.engine.apply(batch.changes)?;
            progress.applied = batch.reached;
        }
        let behind = self.store.last_seq()?.saturating_sub(progress.applied);
        let interval = if behind > BACKLOG { PUBLISH_EVERY_IN_BACKLOG } else { PUBLISH_EVERY };
        if progress.applied > progress.published && (behind == 0 || progress.published_at.elapsed() >= interval) {
            self.publish(progress.applied, false)?;
            (progress.published, progress.published_at) = (progress.applied, Instant::now());
        }
        if progress.applied == progress.published {
            self.follow_events()?;
        }
        Ok(())
    }

    /// Gives the engine the titles and skills that are new.
    fn follow_strings(&self) -> Result<(), IndexingError> {
        loop {
            let strings = self.embedder.strings_after(self.last_string.load(Ordering::Relaxed), STRING_BATCH)?;
            let Some((last, _)) = strings.last() else { return Ok(()) };
            self.engine.add_strings(&strings)?;
            self.last_string.store(*last, Ordering::Relaxed);
        }
    }

    fn publish(&self, seq: u64, seal: bool) -> Result<(), IndexingError> {
        self.follow_strings()?;
        self.engine.publish(seq, seal)?;
        self.state.lock().published_seq = seq;
        self.published.notify_all();
        Ok(())
    }

    fn follow_events(&self) -> Result<(), IndexingError> {
        let mut reached = self.state.lock().published_event_seq;
        let before = reached;
        loop {
            let events = self.store.events_after(reached, EVENT_BATCH)?;
            let Some(last) = events.last() else { break };
            reached = last.event_seq;
            let read: Vec<(u32, ActivityEvent)> = events.iter().filter_map(activity_event).collect();
            self.engine.add_events(&read);
        }
        if reached > before {
            self.engine.publish_activity()?;
            self.state.lock().published_event_seq = reached;
            self.published.notify_all();
        }
        Ok(())
    }

    /// Makes ready what completes values, once nothing waits to be indexed.
    fn prepare_completions(&self) {
        let snapshot = self.engine.snapshot();
        let published = self.state.lock().published_seq;
        if !snapshot.forward().has_completions() && self.store.last_seq().is_ok_and(|last| last <= published) {
            snapshot.forward().prepare_completions();
        }
    }

    fn merge_until_stopped(&self) {
        while !self.stop.load(Ordering::Relaxed) {
            match self.engine.maintain_vectors_once(&self.stop) {
                Ok(true) => {}
                Ok(false) => {
                    self.prepare_completions();
                    std::thread::sleep(IDLE);
                }
                Err(error) => {
                    tracing::error!(%error, "a background merge of vectors failed");
                    std::thread::sleep(IDLE * 50);
                }
            }
        }
    }
}

fn activity_event(event: &StoredEvent) -> Option<(u32, ActivityEvent)> {
    let event_type = EventType::named(&event.event_type)?;
    let (thread, by) = (Tag::of(event.thread.as_deref()), Tag::of(event.by.as_deref()));
    Some((event.key, ActivityEvent { event_type, at: event.at.div_euclid(1_000), thread, by }))
}
