//! The threads that work tasks off.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex};
use serde_json::{Value, json};
use thiserror::Error;

use super::{
    ImportRequest, TaskInfo, TaskKind, Upload, drafts::Drafts, importing::ImportRun, reindexing, uploads::Uploads,
};
use crate::{
    indexing::{Reindexer, Verdict},
    ingest::{SourceOptions, sheets::Mapping},
    store::{Store, StoreError, StoredTask, TaskState},
};

/// How often the progress of a task is made durable.
const NOTED_EVERY: Duration = Duration::from_secs(1);

/// How often a lane without work looks for some that nobody told it of, and whether anything must be tidied up.
const IDLE: Duration = Duration::from_secs(5);

/// How often old tasks are forgotten.
const FORGOTTEN_EVERY: Duration = Duration::from_secs(3_600);

/// How long finished tasks are told of.
const KEPT_DAYS: i64 = 30;

/// How many finished tasks are told of.
const KEPT: usize = 1_000;

/// The kinds that each lane works off, one task after the other.
const LANES: [(&str, &[TaskKind]); 2] =
    [("tasks-reindex", &[TaskKind::Reindex, TaskKind::RollBack]), ("tasks-import", &[TaskKind::Import])];

/// A task was refused.
#[derive(Debug, Error)]
pub enum TaskError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such task.
    #[error("there is no task {0}")]
    Unknown(u64),
    /// It is finished already.
    #[error("task {0} is finished")]
    Finished(u64),
    /// An upload could not be kept.
    #[error("an upload cannot be kept: {0}")]
    Upload(std::io::Error),
    /// A thread could not be started.
    #[error("a thread cannot be started: {0}")]
    Thread(std::io::Error),
}

/// A saved mapping of columns is not to be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MappingError {
    /// The name is none.
    #[error("a mapping is named by letters, digits, `.`, `_` and `-`")]
    NoName,
    /// Nothing is saved under it, or nothing that can be read.
    #[error("no mapping is saved under the name {0:?}")]
    Unknown(String),
}

/// What came of running a task.
pub(super) enum Outcome {
    /// It did what was asked; its last progress.
    Done(Value),
    /// It rests until the next start.
    Paused,
    /// Somebody ended it.
    Cancelled,
    /// Why it failed.
    Failed(String),
}

/// A task that runs.
pub(super) struct Running<'r> {
    shared: &'r Shared,
    id: u64,
    is_cancelled: Arc<AtomicBool>,
    noted_at: Mutex<Option<Instant>>,
}

impl Running<'_> {
    /// Notes how far the task is, and says whether it goes on.
    pub(super) fn note(&self, progress: &Value) -> Verdict {
        self.shared.live.lock().insert(self.id, progress.clone());
        let mut noted_at = self.noted_at.lock();
        if noted_at.is_none_or(|at| at.elapsed() >= NOTED_EVERY) {
            // What cannot be noted now is noted later; what matters is durable where the work itself is.
            if let Err(error) = self.shared.store.note_task(self.id, &progress.to_string()) {
                tracing::warn!(%error, task.id = self.id, "progress was not noted");
            }
            *noted_at = Some(Instant::now());
        }
        if self.is_cancelled.load(Ordering::Relaxed) {
            Verdict::Cancel
        } else if self.is_stopping() {
            Verdict::Pause
        } else {
            Verdict::GoOn
        }
    }

    /// Notes it now, whenever it was last noted.
    pub(super) fn note_durably(&self, progress: &Value) {
        *self.noted_at.lock() = None;
        self.note(progress);
    }

    /// Whether the program ends.
    pub(super) fn is_stopping(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed)
    }
}

struct Shared {
    store: Arc<Store>,
    reindexer: Arc<Reindexer>,
    uploads: Uploads,
    drafts: Drafts,
    data_dir: PathBuf,
    now: fn() -> jiff::Timestamp,
    stop: AtomicBool,
    /// The progress of tasks that run, newer than what is noted.
    live: Mutex<HashMap<u64, Value>>,
    cancelled: Mutex<HashMap<u64, Arc<AtomicBool>>>,
    added: Mutex<u64>,
    told: Condvar,
}

/// Tasks and the threads that work them off.
pub struct Tasks {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Tasks {
    /// Starts to work off what is asked for, beginning with what a former run of the program left.
    pub fn start(
        store: Arc<Store>,
        reindexer: Arc<Reindexer>,
        (data_dir, now): (&Path, fn() -> jiff::Timestamp),
    ) -> Result<Self, TaskError> {
        let shared = Arc::new(Shared {
            store,
            reindexer,
            uploads: Uploads::new(data_dir),
            drafts: Drafts::default(),
            data_dir: data_dir.to_owned(),
            now,
            stop: AtomicBool::new(false),
            live: Mutex::default(),
            cancelled: Mutex::default(),
            added: Mutex::new(0),
            told: Condvar::new(),
        });
        let mut threads = Vec::with_capacity(LANES.len());
        for (name, kinds) in LANES {
            let lane = shared.clone();
            let thread = std::thread::Builder::new().name(name.to_owned());
            threads.push(thread.spawn(move || lane.work_off(kinds)).map_err(TaskError::Thread)?);
        }
        Ok(Self { shared, threads: Mutex::new(threads) })
    }

    /// Begins to receive a file that is to be imported.
    pub fn receive(&self, file_name: &str) -> Result<Upload, TaskError> {
        self.shared.uploads.receive(file_name, (self.shared.now)()).map_err(TaskError::Upload)
    }

    /// Queues the import of a file that was received, when it is on the device.
    pub fn ask_for_import(
        &self,
        mut upload: Upload,
        file_name: &str,
        source: SourceOptions,
    ) -> Result<TaskInfo, TaskError> {
        let bytes = upload.len();
        let kept = upload.keep().map_err(TaskError::Upload)?;
        let request = ImportRequest { file_name: file_name.to_owned(), bytes, source, upload: kept };
        let request = serde_json::to_string(&request).map_err(|error| TaskError::Upload(error.into()))?;
        self.ask(TaskKind::Import, &request)
    }

    /// Keeps what was received until somebody says how it is read, for an hour at most; the name that the draft is known by.
    pub fn keep_draft(&self, upload: Upload, file_name: &str) -> String {
        self.shared.drafts.add(upload, file_name)
    }

    /// Where the file of a draft is, and what it is called; `None` where there is no such draft, or no longer.
    pub fn draft(&self, name: &str) -> Option<(PathBuf, String)> {
        self.shared.drafts.file(name)
    }

    /// Gives up a draft: to queue its import, or to drop it.
    pub fn take_draft(&self, name: &str) -> Option<(Upload, String)> {
        self.shared.drafts.take(name)
    }

    /// Where a mapping of a table's columns is saved under a name; `None` where that is no name.
    pub fn mapping_path(&self, name: &str) -> Option<PathBuf> {
        Mapping::path(&self.shared.data_dir, name)
    }

    /// The mapping that is saved under a name.
    pub fn mapping(&self, name: &str) -> Result<Mapping, MappingError> {
        let path = self.mapping_path(name).ok_or(MappingError::NoName)?;
        Mapping::read(&path).map_err(|_| MappingError::Unknown(name.to_owned()))
    }

    /// The names under which mappings are saved, in the order of letters.
    pub fn mapping_names(&self) -> Vec<String> {
        Mapping::names(&self.shared.data_dir)
    }

    /// The file of what an import rejected; `None` where it rejected nothing.
    pub fn rejects(&self, id: u64) -> Result<Option<PathBuf>, TaskError> {
        let task = self.shared.store.task(id)?.ok_or(TaskError::Unknown(id))?;
        let request: Option<ImportRequest> = serde_json::from_str(&task.request).ok();
        Ok(request.map(|request| self.shared.uploads.rejects(&request.upload)).filter(|path| path.exists()))
    }

    /// Queues a re-index or a roll-back.
    pub fn ask_for_reindex(&self, kind: TaskKind) -> Result<TaskInfo, TaskError> {
        self.ask(kind, "{}")
    }

    /// Queues a re-index unless one waits or runs.
    pub fn ensure_reindex(&self) -> Result<(), TaskError> {
        if !self.shared.store.open_tasks()?.iter().any(|task| task.kind == TaskKind::Reindex.name()) {
            self.ask_for_reindex(TaskKind::Reindex)?;
        }
        Ok(())
    }

    fn ask(&self, kind: TaskKind, request: &str) -> Result<TaskInfo, TaskError> {
        let id = self.shared.store.add_task(kind.name(), request, (self.shared.now)().as_millisecond())?;
        *self.shared.added.lock() += 1;
        self.shared.told.notify_all();
        self.get(id)
    }

    /// What re-indexes are run with.
    pub fn reindexer(&self) -> &Reindexer {
        &self.shared.reindexer
    }

    /// One task.
    pub fn get(&self, id: u64) -> Result<TaskInfo, TaskError> {
        let task = self.shared.store.task(id)?.ok_or(TaskError::Unknown(id))?;
        Ok(self.shared.told(task))
    }

    /// The newest tasks before one, the newest first.
    pub fn list(&self, before: Option<u64>, limit: usize) -> Result<Vec<TaskInfo>, TaskError> {
        let tasks = self.shared.store.tasks_before(before.unwrap_or(u64::MAX), limit)?;
        Ok(tasks.into_iter().map(|task| self.shared.told(task)).collect())
    }

    /// Ends a task: one that waits at once, one that runs at its next step.
    pub fn cancel(&self, id: u64) -> Result<TaskInfo, TaskError> {
        let task = self.get(id)?;
        let cancelled = self.shared.cancelled.lock();
        match cancelled.get(&id) {
            Some(flag) => flag.store(true, Ordering::Relaxed),
            None => {
                let at = (self.shared.now)().as_millisecond();
                if !self.shared.store.finish_task(id, TaskState::Cancelled, None, at)? {
                    return Err(TaskError::Finished(task.id));
                }
            }
        }
        drop(cancelled);
        self.get(id)
    }

    /// Lets what runs rest, and returns when it does. Stopping again does nothing.
    pub fn stop(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.told.notify_all();
        for thread in self.threads.lock().drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of tasks panicked");
            }
        }
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    /// The task with its newest progress.
    fn told(&self, task: StoredTask) -> TaskInfo {
        let live = self.live.lock().get(&task.id).cloned().filter(|_| !task.state.is_final());
        let info = TaskInfo::from(task);
        TaskInfo { progress: live.unwrap_or(info.progress), ..info }
    }

    fn work_off(&self, kinds: &[TaskKind]) {
        let mut forgot_at: Option<Instant> = None;
        while !self.stop.load(Ordering::Relaxed) {
            let added = *self.added.lock();
            match self.next(kinds) {
                Ok(Some((kind, task))) => self.run(kind, &task),
                Ok(None) => {
                    self.tidy_up(kinds, &mut forgot_at);
                    let mut now = self.added.lock();
                    if *now == added && !self.stop.load(Ordering::Relaxed) {
                        self.told.wait_for(&mut now, IDLE);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "tasks cannot be read");
                    std::thread::sleep(IDLE);
                }
            }
        }
    }

    fn next(&self, kinds: &[TaskKind]) -> Result<Option<(TaskKind, StoredTask)>, StoreError> {
        let open = self.store.open_tasks()?.into_iter();
        let kind = |task: &StoredTask| TaskKind::named(&task.kind).filter(|kind| kinds.contains(kind));
        Ok(open.filter_map(|task| Some((kind(&task)?, task))).next())
    }

    fn run(&self, kind: TaskKind, task: &StoredTask) {
        let is_cancelled = Arc::new(AtomicBool::new(false));
        self.cancelled.lock().insert(task.id, is_cancelled.clone());
        let running = Running { shared: self, id: task.id, is_cancelled, noted_at: Mutex::new(None) };
        let outcome = match self.store.start_task(task.id, (self.now)().as_millisecond()) {
            Ok(true) => {
                tracing::info!(task.id, task.kind = kind.name(), "a task runs");
                let work = || match kind {
                    TaskKind::Reindex => reindexing::run(&self.reindexer, false, &running),
                    TaskKind::RollBack => reindexing::run(&self.reindexer, true, &running),
                    TaskKind::Import => {
                        let (store, indexer, now) = (&*self.store, &*self.reindexer.indexer, (self.now)());
                        let import = ImportRun { store, indexer, uploads: &self.uploads, now };
                        import.run(&task.request, &task.progress, &running)
                    }
                };
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
                    .unwrap_or_else(|_| Outcome::Failed("it panicked: see the log".to_owned()))
            }
            // Somebody ended it before it ran.
            Ok(false) => Outcome::Cancelled,
            Err(error) => Outcome::Failed(error.to_string()),
        };
        if let Err(error) = self.end(task.id, outcome) {
            tracing::error!(%error, task.id, "the end of a task was not noted");
        }
        self.cancelled.lock().remove(&task.id);
        self.live.lock().remove(&task.id);
    }

    fn end(&self, id: u64, outcome: Outcome) -> Result<(), StoreError> {
        let at = (self.now)().as_millisecond();
        let (state, error) = match outcome {
            Outcome::Paused => return Ok(()),
            Outcome::Done(progress) => {
                self.store.note_task(id, &progress.to_string())?;
                (TaskState::Done, None)
            }
            Outcome::Cancelled => (TaskState::Cancelled, None),
            Outcome::Failed(error) => (TaskState::Failed, Some(error)),
        };
        if let (TaskState::Failed, Some(error)) = (state, &error) {
            let live = self.live.lock().get(&id).cloned().unwrap_or_else(|| json!({}));
            self.store.note_task(id, &live.to_string())?;
            tracing::warn!(task.id = id, %error, "a task failed");
        }
        self.store.finish_task(id, state, error.as_deref(), at)?;
        tracing::info!(task.id = id, task.state = state.name(), "a task ended");
        Ok(())
    }

    /// What is to be done when nothing else is: forget old tasks and their files, and take erased people out of the generation that is kept.
    fn tidy_up(&self, kinds: &[TaskKind], forgot_at: &mut Option<Instant>) {
        if kinds.contains(&TaskKind::Import) {
            if forgot_at.is_none_or(|at| at.elapsed() >= FORGOTTEN_EVERY) {
                *forgot_at = Some(Instant::now());
                if let Err(error) = self.forget_old() {
                    tracing::warn!(%error, "old tasks were not forgotten");
                }
            }
        } else if let Err(error) = self.reindexer.forget_erased() {
            tracing::error!(%error, "erased people are still in a generation that is kept");
        }
    }

    fn forget_old(&self) -> Result<(), TaskError> {
        let before = (self.now)().as_millisecond() - KEPT_DAYS * 24 * 3_600_000;
        self.store.forget_tasks(before, KEPT)?;
        let (mut named, mut oldest) = (BTreeSet::new(), u64::MAX);
        loop {
            let tasks = self.store.tasks_before(oldest, KEPT)?;
            let Some(last) = tasks.last() else { break };
            oldest = last.id;
            let requests = tasks.iter().filter_map(|task| serde_json::from_str::<ImportRequest>(&task.request).ok());
            named.extend(requests.map(|request| request.upload));
        }
        self.uploads.collect(&named).map_err(TaskError::Upload)
    }
}
