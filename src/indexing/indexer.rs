//! The thread that follows the change log.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc::{RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex};
use thiserror::Error;

use super::{
    Generations,
    catch_up::{BATCH, Reached, add_events, add_strings, bring_up},
    prepare,
    prepare::embedder_for,
};
use crate::{
    embed::{CachedEmbedder, EmbedError},
    engine::{
        EngineError,
        embedded::{EmbeddedEngine, EngineChange, ServingEngine},
    },
    store::{CurrentState, Store, StoreError},
};

/// Pause between looks at the log when nothing happens.
const IDLE: Duration = Duration::from_millis(100);

/// The longest pause between looks whether an embedder is there again.
const LONGEST_REST: Duration = Duration::from_secs(30);

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
    engine: Arc<ServingEngine>,
    embedder: Arc<CachedEmbedder>,
    generations: Generations,
    state: Mutex<IndexerState>,
    published: Condvar,
    /// The last string that the engine was given.
    last_string: AtomicU32,
    stop: AtomicBool,
    urgent: AtomicBool,
    /// A generation that waits to be published.
    candidate: Mutex<Option<Candidate>>,
}

/// A generation that is built, what it has reached, and how its publication is made durable.
struct Candidate {
    engine: Arc<EmbeddedEngine>,
    reached: Reached,
    make_durable: Box<dyn FnOnce() -> std::io::Result<()> + Send>,
    published: SyncSender<Result<(), IndexingError>>,
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
        engine: Arc<ServingEngine>,
        embedder: Arc<CachedEmbedder>,
        generations: Generations,
    ) -> Result<Self, IndexingError> {
        let serving = engine.current();
        let (from, from_string) = (serving.committed_seq()?, serving.committed_string());
        drop(serving);
        let shared = Arc::new(Shared {
            store,
            engine,
            embedder,
            generations,
            state: Mutex::new(IndexerState { published_seq: from, ..IndexerState::default() }),
            published: Condvar::new(),
            last_string: AtomicU32::new(from_string),
            stop: AtomicBool::new(false),
            urgent: AtomicBool::new(false),
            candidate: Mutex::new(None),
        });
        shared.follow_strings()?;
        shared.engine.current().publish_activity()?;
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

    /// Publishes another generation: brings it up to the last change, event and string, calls `make_durable`, and switches. From then on
    /// it is the one that is followed. Blocks until that is done, or `go_on` says no before it began; on an error nothing has changed.
    pub fn switch_to(
        &self,
        (engine, reached): (Arc<EmbeddedEngine>, Reached),
        go_on: &dyn Fn() -> bool,
        make_durable: impl FnOnce() -> std::io::Result<()> + Send + 'static,
    ) -> Result<(), IndexingError> {
        let (published, answer) = sync_channel(1);
        let make_durable = Box::new(make_durable);
        *self.shared.candidate.lock() = Some(Candidate { engine, reached, make_durable, published });
        loop {
            match answer.recv_timeout(IDLE) {
                Ok(outcome) => return outcome,
                Err(RecvTimeoutError::Timeout) if !go_on() && self.shared.candidate.lock().take().is_some() => {
                    return Err(IndexingError::Stopped("it was asked to".to_owned()));
                }
                Err(RecvTimeoutError::Timeout) if !self.shared.has_abandoned() => {
                    self.shared.urgent.store(true, Ordering::Relaxed);
                }
                Err(_) => {
                    let failure = self.shared.state.lock().failure.clone();
                    return Err(IndexingError::Stopped(failure.unwrap_or_else(|| "it was asked to".to_owned())));
                }
            }
        }
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
            if prepared.is_none() {
                self.switch_if_asked(&mut progress)?;
            }
            let batch = match prepared.take().map_or_else(|| self.prepare_after(progress.applied), Ok) {
                Err(IndexingError::Stopped(_)) => break,
                batch => batch?,
            };
            let is_idle = batch.changes.is_empty() && batch.reached <= progress.applied;
            if batch.is_full {
                prepared = match self.apply_while_preparing(batch, &mut progress) {
                    Err(IndexingError::Stopped(_)) => break,
                    next => Some(next?),
                };
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
        Ok(PreparedBatch { changes: self.prepared(&batch.states)?, reached: batch.reached, is_full })
    }

    /// Prepares states; waits for an embedder that is away.
    fn prepared(&self, states: &[CurrentState]) -> Result<Vec<EngineChange>, IndexingError> {
        let engine = self.engine.current();
        let embedder = embedder_for(&engine, &self.embedder);
        if embedder.is_none() && !states.is_empty() {
            self.generations.note_lack_of_vectors(engine.snapshot().generation()).map_err(EngineError::Io)?;
        }
        let mut rest = IDLE;
        loop {
            match prepare(states, embedder) {
                Err(IndexingError::Embed(error)) if error.is_elsewhere() => {
                    tracing::warn!(%error, "indexing waits for the embedder");
                    rest = (rest * 2).min(LONGEST_REST);
                    let until = Instant::now() + rest;
                    while Instant::now() < until {
                        if self.stop.load(Ordering::Relaxed) {
                            return Err(IndexingError::Stopped("it was asked to".to_owned()));
                        }
                        std::thread::sleep(IDLE);
                    }
                }
                prepared => return prepared,
            }
        }
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
            self.engine.current().apply(batch.changes)?;
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

    /// Whether a generation waits for nobody: the following thread has ended, or is about to.
    fn has_abandoned(&self) -> bool {
        let has_ended = self.stop.load(Ordering::Relaxed) || self.state.lock().failure.is_some();
        has_ended && self.candidate.lock().take().is_some()
    }

    /// Publishes the generation that waits for it, where one does.
    fn switch_if_asked(&self, progress: &mut Progress) -> Result<(), IndexingError> {
        let Some(Candidate { engine, reached, make_durable, published }) = self.candidate.lock().take() else {
            return Ok(());
        };
        // What the present generation was given is published first, so that it can be rolled back to.
        self.publish(progress.applied, true)?;
        let go_on = |_| !self.stop.load(Ordering::Relaxed);
        let outcome = bring_up((&self.store, &self.embedder), &engine, reached, &go_on).and_then(|reached| {
            engine.publish(reached.seq, true)?;
            make_durable().map_err(EngineError::Io)?;
            Ok(reached)
        });
        let told = match outcome {
            Ok(reached) => {
                self.engine.switch(engine);
                self.last_string.store(reached.string, Ordering::Relaxed);
                let mut state = self.state.lock();
                (state.published_seq, state.published_event_seq) = (reached.seq, reached.event_seq);
                drop(state);
                *progress = Progress { applied: reached.seq, published: reached.seq, published_at: Instant::now() };
                self.published.notify_all();
                Ok(())
            }
            Err(error) => Err(error),
        };
        // Nobody listens any more where the re-index was stopped meanwhile: the switch has happened all the same.
        let _ = published.send(told);
        Ok(())
    }

    /// Gives the engine the titles and skills that are new.
    fn follow_strings(&self) -> Result<(), IndexingError> {
        let engine = self.engine.current();
        loop {
            match add_strings(&self.embedder, &engine, self.last_string.load(Ordering::Relaxed)) {
                Ok(Some(last)) => self.last_string.store(last, Ordering::Relaxed),
                Ok(None) => return Ok(()),
                // They are given at the next publication.
                Err(IndexingError::Embed(error)) if error.is_elsewhere() => {
                    tracing::warn!(%error, "new titles and skills wait for the embedder");
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn publish(&self, seq: u64, seal: bool) -> Result<(), IndexingError> {
        self.follow_strings()?;
        self.engine.current().publish(seq, seal)?;
        self.state.lock().published_seq = seq;
        self.published.notify_all();
        Ok(())
    }

    fn follow_events(&self) -> Result<(), IndexingError> {
        let before = self.state.lock().published_event_seq;
        let engine = self.engine.current();
        let reached = add_events(&self.store, &engine, before, &|| Ok(()))?;
        if reached > before {
            engine.publish_activity()?;
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
            // Held for no longer than the step: a generation that has stepped back is closed when nobody has it any more.
            let merged = self.engine.current().maintain_vectors_once(&self.stop);
            match merged {
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
