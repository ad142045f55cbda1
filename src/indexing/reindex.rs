//! A new generation beside the one that serves.
//!
//! Everybody is read in the order of keys, in short transactions, then the change log from where it was when that began; what was built is
//! checked, and published by one switch. Invariants: until the switch, searches see nothing of it; a build that is cut off goes on where it was
//! durable; one that is cancelled, or does not pass its checks, leaves no trace; a generation that is rolled back to is brought up first.

use std::{
    cell::Cell,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde::Serialize;
use thiserror::Error;

use super::{
    Generations, Indexer, IndexingError, Reached,
    catch_up::{BATCH, bring_up},
    checks::{ReindexChecks, checks},
    generations::Building,
    prepare,
};
use crate::{
    embed::CachedEmbedder,
    engine::{
        EngineError,
        embedded::{EmbeddedEngine, EngineChange, EngineOptions, ServingEngine},
    },
    search::{SearchError, Searcher},
    store::{ChangeKind, CurrentState, Store, StoreError},
};

/// People that are read between two durable steps of a build.
const DURABLE_EVERY: u64 = 20_000;

/// Entries of the change log that are looked at together for deletions.
const LOG_BATCH: usize = 50_000;

/// Steps of merging vector segments after deletions.
const MERGES: usize = 64;

/// Pause between looks at a generation that is still open.
const FREE_AGAIN: Duration = Duration::from_millis(50);

/// Whether a build goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    GoOn,
    /// It rests, and goes on at the next start.
    Pause,
    /// It is given up.
    Cancel,
}

/// How far a build is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReindexProgress {
    /// What is being done: `waiting` (for a generation to be closed), `reading`, `catchingUp`, `checking`, `publishing`.
    pub step: &'static str,
    /// People that were read.
    pub done: u64,
    /// People that there are.
    pub total: u64,
}

/// What a re-index did, or would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReindexReport {
    /// The generation that served before.
    pub from: String,
    /// The one that serves now; absent where none was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Whether the build went on from one that was cut off.
    pub resumed: bool,
    /// The people of the store.
    pub candidates: u64,
    /// What was checked before it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<ReindexChecks>,
    /// Generations that were removed.
    pub removed: Vec<String>,
}

/// A re-index did not publish anything.
#[derive(Debug, Error)]
pub enum ReindexError {
    /// Indexing.
    #[error(transparent)]
    Indexing(#[from] IndexingError),
    /// A search of the checks.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// A file of the generations.
    #[error("the generations of the index: {0}")]
    Io(#[from] io::Error),
    /// The checks found something.
    #[error("not published: {}", .0.join("; "))]
    Checks(Vec<String>),
    /// It was given up.
    #[error("cancelled")]
    Cancelled,
    /// It rests until the next start.
    #[error("interrupted; it goes on at the next start")]
    Paused,
    /// The former generation is of another model, or lacks the vectors of who changed while another one was indexed.
    #[error("the former generation is not of the model {0}, or lacks vectors; re-index instead")]
    OtherModel(String),
    /// There is nothing to roll back to.
    #[error("there is no former generation to roll back to")]
    NothingToRollBackTo,
    /// Another one runs.
    #[error("another re-index or roll-back runs")]
    Busy,
}

impl From<StoreError> for ReindexError {
    fn from(error: StoreError) -> Self {
        Self::Indexing(error.into())
    }
}

impl From<EngineError> for ReindexError {
    fn from(error: EngineError) -> Self {
        Self::Indexing(error.into())
    }
}

/// What a re-index works with.
pub struct Reindexer {
    /// The source of truth.
    pub store: Arc<Store>,
    /// The engine that serves.
    pub serving: Arc<ServingEngine>,
    /// What makes vectors.
    pub embedder: Arc<CachedEmbedder>,
    /// What follows the change log.
    pub indexer: Arc<Indexer>,
    /// What asks the sampled queries.
    pub searcher: Arc<Searcher>,
    /// Where the generations are.
    pub generations: Generations,
    /// How an engine is opened.
    pub options: EngineOptions,
    /// Whether one runs.
    pub is_busy: AtomicBool,
}

/// Says that nothing runs any more when dropped.
struct Busy<'a>(&'a AtomicBool);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// Asks after each step whether to go on, and remembers what was said.
struct Control<'c> {
    ask: &'c dyn Fn(ReindexProgress) -> Verdict,
    said: Cell<Verdict>,
    total: u64,
}

impl Control<'_> {
    fn goes_on(&self, step: &'static str, done: u64) -> bool {
        self.said.set((self.ask)(ReindexProgress { step, done, total: self.total }));
        self.said.get() == Verdict::GoOn
    }

    fn check(&self, step: &'static str, done: u64) -> Result<(), ReindexError> {
        if self.goes_on(step, done) { Ok(()) } else { Err(self.stopped()) }
    }

    fn stopped(&self) -> ReindexError {
        if self.said.get() == Verdict::Cancel { ReindexError::Cancelled } else { ReindexError::Paused }
    }
}

impl Reindexer {
    /// What a re-index would do.
    pub fn plan(&self) -> Result<ReindexReport, ReindexError> {
        let resumed = self.generations.begun()?.is_some();
        self.report(None, (resumed, None), Vec::new())
    }

    /// Builds a generation, checks it and publishes it. `ask` is told of each step. Blocks for as long as that takes.
    pub fn run(&self, ask: &dyn Fn(ReindexProgress) -> Verdict) -> Result<ReindexReport, ReindexError> {
        let _busy = self.take()?;
        let total = self.store.count()?;
        let control = Control { ask, said: Cell::new(Verdict::GoOn), total };
        let (name, building, resumed) = self.begun_or_new()?;
        let from = self.generations.current()?;
        let built = self.build(&name, building, &control);
        let checked = built.and_then(|(engine, reached)| self.check_and_publish(&name, (engine, reached), &control));
        match checked {
            Ok(checks) => {
                let removed = self.generations.collect()?;
                Ok(ReindexReport { from, ..self.report(Some(name), (resumed, Some(checks)), removed)? })
            }
            Err(error @ (ReindexError::Cancelled | ReindexError::Checks(_))) => {
                self.generations.remove(&name)?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Serves again from the generation before, once it has caught up with every change and deletion.
    pub fn roll_back(&self, ask: &dyn Fn(ReindexProgress) -> Verdict) -> Result<ReindexReport, ReindexError> {
        let _busy = self.take()?;
        let control = Control { ask, said: Cell::new(Verdict::GoOn), total: self.store.count()? };
        let (from, previous) = (self.generations.current()?, self.generations.previous()?);
        let Some(name) = previous.filter(|name| *name != from) else { return Err(ReindexError::NothingToRollBackTo) };
        if !self.is_of_this_model(&name)? {
            return Err(ReindexError::OtherModel(self.options.model_version.clone()));
        }
        let engine = Arc::new(self.opened_when_free(&name, &control)?);
        let reached = Reached { seq: engine.committed_seq()?, event_seq: 0, string: engine.committed_string() };
        let reached = self.caught_up(&engine, reached, &control)?;
        let checks = self.check_and_publish(&name, (engine, reached), &control)?;
        Ok(ReindexReport { from, ..self.report(Some(name), (false, Some(checks)), Vec::new())? })
    }

    /// Removes from the kept generation who was erased since that was last done: text, values and vectors. True where there was somebody.
    pub fn forget_erased(&self) -> Result<bool, ReindexError> {
        let Ok(_busy) = self.take() else { return Ok(false) };
        let current = self.generations.current()?;
        let Some(name) = self.generations.previous()?.filter(|name| *name != current) else { return Ok(false) };
        let last = self.store.last_seq()?;
        let Some(from) = self.generations.deleted_through(&name)? else {
            self.generations.note_deletions(&name, 0)?;
            return Ok(false);
        };
        let (mut erased, mut at) = (Vec::new(), from);
        while at < last {
            let entries = self.store.changes_after(at, LOG_BATCH)?;
            let Some(entry) = entries.last() else { break };
            at = entry.seq;
            erased.extend(entries.iter().filter(|entry| entry.kind == ChangeKind::Delete).map(|entry| entry.key));
        }
        if !erased.is_empty() {
            let engine = match EmbeddedEngine::open(&self.generations.path(&name), &self.options_of(&name)) {
                // It served until a moment ago: the next look is soon enough.
                Err(EngineError::InUse) => return Ok(false),
                opened => opened?,
            };
            let reached = engine.committed_seq()?;
            engine.apply(erased.iter().map(|key| EngineChange::Delete { key: *key }).collect())?;
            engine.commit(reached, true)?;
            engine.merge_text()?;
            // Segments with many dead keys are rewritten; graphs are not built for what does not serve.
            let no_graphs = AtomicBool::new(true);
            for _ in 0..MERGES {
                if !engine.maintain_vectors_once(&no_graphs)? {
                    break;
                }
            }
        }
        if at > from {
            self.generations.note_deletions(&name, at)?;
        }
        Ok(!erased.is_empty())
    }

    /// Whether a generation that serves was made with another model than the one that embeds now, or lacks vectors: then searches do without
    /// meaning, in whole or in part, until another one is built.
    pub fn is_due(&self) -> Result<bool, ReindexError> {
        Ok(!self.is_of_this_model(&self.generations.current()?)?)
    }

    fn is_of_this_model(&self, name: &str) -> Result<bool, ReindexError> {
        let model = EmbeddedEngine::model_of(&self.generations.path(name));
        let is_of_it = model.is_none_or(|(version, _)| version == self.options.model_version);
        Ok(is_of_it && !self.generations.lacks_vectors(name)?)
    }

    /// How a generation is opened whatever model it is of: its vectors stay.
    fn options_of(&self, name: &str) -> EngineOptions {
        self.options.for_generation(&self.generations.path(name))
    }

    fn take(&self) -> Result<Busy<'_>, ReindexError> {
        let taken = self.is_busy.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed);
        taken.map(|_| Busy(&self.is_busy)).map_err(|_| ReindexError::Busy)
    }

    fn report(
        &self,
        to: Option<String>,
        (resumed, checks): (bool, Option<ReindexChecks>),
        removed: Vec<String>,
    ) -> Result<ReindexReport, ReindexError> {
        let (from, candidates) = (self.generations.current()?, self.store.count()?);
        Ok(ReindexReport { from, to, resumed, candidates, checks, removed })
    }

    /// The build that was cut off, or a new one.
    fn begun_or_new(&self) -> Result<(String, Building, bool), ReindexError> {
        if let Some((name, building)) = self.generations.begun()? {
            if self.is_of_this_model(&name)? {
                return Ok((name, building, true));
            }
            self.generations.remove(&name)?;
        }
        let building = Building { from_seq: self.store.last_seq()?, walked_key: 0, done: 0 };
        Ok((self.generations.begin(building)?, building, false))
    }

    /// Reads everybody, then the changes since.
    fn build(
        &self,
        name: &str,
        building: Building,
        control: &Control<'_>,
    ) -> Result<(Arc<EmbeddedEngine>, Reached), ReindexError> {
        let engine = Arc::new(EmbeddedEngine::open(&self.generations.path(name), &self.options)?);
        // An index that was torn, or of other definitions, was begun anew: then so is the build.
        let is_whole = engine.population() as u64 >= building.done;
        let mut building = if is_whole { building } else { Building { walked_key: 0, done: 0, ..building } };
        let mut durable = building.done;
        loop {
            // Asked before what may take long.
            control.check("reading", building.done)?;
            let people = self.store.candidates_in_key_order(building.walked_key, BATCH)?;
            let Some(last) = people.last().map(|person| person.key) else { break };
            let present = |person: crate::store::StoredCandidate| CurrentState::Present {
                key: person.key,
                id: person.id,
                seq: person.seq,
                body: person.body,
            };
            let states: Vec<CurrentState> = people.into_iter().map(present).collect();
            let changes = prepare(&states, Some(&self.embedder))?;
            let read = changes.iter().filter(|change| matches!(change, EngineChange::Put { .. })).count() as u64;
            engine.apply(changes)?;
            building = Building { walked_key: last, done: building.done + read, ..building };
            let goes_on = control.goes_on("reading", building.done);
            if building.done - durable >= DURABLE_EVERY || control.said.get() == Verdict::Pause {
                engine.commit(0, true)?;
                self.generations.note(name, building)?;
                durable = building.done;
            }
            if !goes_on {
                return Err(control.stopped());
            }
        }
        let reached = Reached { seq: building.from_seq, event_seq: 0, string: engine.committed_string() };
        let reached = self.caught_up(&engine, reached, control)?;
        Ok((engine, reached))
    }

    /// Opens a generation that served until a moment ago: what still merges its vectors closes it when it is done.
    fn opened_when_free(&self, name: &str, control: &Control<'_>) -> Result<EmbeddedEngine, ReindexError> {
        loop {
            match EmbeddedEngine::open(&self.generations.path(name), &self.options) {
                Err(EngineError::InUse) => {
                    control.check("waiting", 0)?;
                    std::thread::sleep(FREE_AGAIN);
                }
                opened => return Ok(opened?),
            }
        }
    }

    fn caught_up(
        &self,
        engine: &EmbeddedEngine,
        reached: Reached,
        control: &Control<'_>,
    ) -> Result<Reached, ReindexError> {
        let go_on = |_| control.goes_on("catchingUp", control.total);
        match bring_up((&self.store, &self.embedder), engine, reached, &go_on) {
            Err(IndexingError::Stopped(_)) => Err(control.stopped()),
            brought => Ok(brought?),
        }
    }

    fn check_and_publish(
        &self,
        name: &str,
        (engine, reached): (Arc<EmbeddedEngine>, Reached),
        control: &Control<'_>,
    ) -> Result<ReindexChecks, ReindexError> {
        control.check("checking", control.total)?;
        engine.publish(reached.seq, true)?;
        let checks = checks((&self.store, &self.searcher), &engine, reached.seq)?;
        let complaints = checks.complaints();
        if !complaints.is_empty() {
            return Err(ReindexError::Checks(complaints));
        }
        control.check("publishing", control.total)?;
        let (generations, name) = (self.generations.clone(), name.to_owned());
        let served = generations.current()?;
        let go_on = || control.goes_on("publishing", control.total);
        let switched = self.indexer.switch_to((engine, reached), &go_on, move || {
            // Whatever was erased so far, the generation that steps back has been told.
            generations.note_deletions(&served, reached.seq)?;
            generations.publish(&name)
        });
        match switched {
            Err(IndexingError::Stopped(_)) if control.said.get() != Verdict::GoOn => Err(control.stopped()),
            switched => Ok(switched.map(|()| checks)?),
        }
    }
}
