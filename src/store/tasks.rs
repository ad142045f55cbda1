//! Long work that outlives a request: what was asked, how far it is, what came of it.
//!
//! The store never looks into a task's request or progress: both are JSON of whoever runs it. Invariant: a task that is neither queued nor
//! running is finished and changes no more.

use super::{Store, StoreError, signed_limit};
use rusqlite::{OptionalExtension, Row, params, types::Type};

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// It waits for its turn.
    Queued,
    /// It runs; after a start of the program: it ran when the program ended, and goes on.
    Running,
    /// It did what was asked.
    Done,
    /// It ended with an error.
    Failed,
    /// Somebody ended it.
    Cancelled,
}

impl TaskState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// The state in a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing will change any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// A task. Instants are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTask {
    /// Its number, from 1, never given twice.
    pub id: u64,
    /// What kind of work.
    pub kind: String,
    /// Where it stands.
    pub state: TaskState,
    /// When it was asked for.
    pub created_at: i64,
    /// When it first ran.
    pub started_at: Option<i64>,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// What was asked, as JSON.
    pub request: String,
    /// How far it is, and at the end what came of it, as JSON.
    pub progress: String,
    /// Why it failed.
    pub error: Option<String>,
}

const COLUMNS: &str = "id, kind, state, created_at, started_at, finished_at, request, progress, error";

impl StoredTask {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let state: String = row.get(2)?;
        let unknown = || rusqlite::Error::FromSqlConversionFailure(2, Type::Text, format!("no state {state:?}").into());
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            state: TaskState::named(&state).ok_or_else(unknown)?,
            created_at: row.get(3)?,
            started_at: row.get(4)?,
            finished_at: row.get(5)?,
            request: row.get(6)?,
            progress: row.get(7)?,
            error: row.get(8)?,
        })
    }
}

impl Store {
    /// Queues a task and returns its number.
    pub fn add_task(&self, kind: &str, request: &str, at: i64) -> Result<u64, StoreError> {
        self.writer.write(|connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO tasks (kind, state, created_at, request, progress) VALUES (?1, 'queued', ?2, ?3, '{}')",
            )?;
            Ok(insert.insert(params![kind, at, request])?.unsigned_abs())
        })
    }

    /// One task.
    pub fn task(&self, id: u64) -> Result<Option<StoredTask>, StoreError> {
        self.readers.read(|reader| {
            let mut select = reader.prepare_cached(&format!("SELECT {COLUMNS} FROM tasks WHERE id = ?1"))?;
            Ok(select.query_row([id], StoredTask::read).optional()?)
        })
    }

    /// The newest tasks before one (`u64::MAX` for the newest of all), the newest first.
    pub fn tasks_before(&self, id: u64, limit: usize) -> Result<Vec<StoredTask>, StoreError> {
        self.readers.read(|reader| {
            let before = i64::try_from(id).unwrap_or(i64::MAX);
            let sql = format!("SELECT {COLUMNS} FROM tasks WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
            let mut select = reader.prepare_cached(&sql)?;
            let rows = select.query_map(params![before, signed_limit(limit)], StoredTask::read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The tasks that are not finished, the oldest first: those that ran before those that wait.
    pub fn open_tasks(&self) -> Result<Vec<StoredTask>, StoreError> {
        self.readers.read(|reader| {
            let sql = format!(
                "SELECT {COLUMNS} FROM tasks WHERE state IN ('queued', 'running') ORDER BY state = 'queued', id"
            );
            let mut select = reader.prepare_cached(&sql)?;
            let rows = select.query_map([], StoredTask::read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Says that a task runs. False where it is finished.
    pub fn start_task(&self, id: u64, at: i64) -> Result<bool, StoreError> {
        self.writer.write(|connection| {
            let mut update = connection.prepare_cached(
                "UPDATE tasks SET state = 'running', started_at = coalesce(started_at, ?2)
                 WHERE id = ?1 AND state IN ('queued', 'running')",
            )?;
            Ok(update.execute(params![id, at])? == 1)
        })
    }

    /// Notes how far a task that is not finished has got.
    pub fn note_task(&self, id: u64, progress: &str) -> Result<(), StoreError> {
        self.writer.write(|connection| {
            let mut update = connection
                .prepare_cached("UPDATE tasks SET progress = ?2 WHERE id = ?1 AND state IN ('queued', 'running')")?;
            update.execute(params![id, progress])?;
            Ok(())
        })
    }

    /// Ends a task that is not finished. False where it is.
    pub fn finish_task(&self, id: u64, state: TaskState, error: Option<&str>, at: i64) -> Result<bool, StoreError> {
        self.writer.write(|connection| {
            let mut update = connection.prepare_cached(
                "UPDATE tasks SET state = ?2, error = ?3, finished_at = ?4
                 WHERE id = ?1 AND state IN ('queued', 'running')",
            )?;
            Ok(update.execute(params![id, state.name(), error, at])? == 1)
        })
    }

    /// Forgets finished tasks that ended before an instant, and of the others all but the newest `keep`; gives the numbers.
    pub fn forget_tasks(&self, before: i64, keep: usize) -> Result<Vec<u64>, StoreError> {
        self.writer.write(|connection| {
            let mut delete = connection.prepare_cached(
                "DELETE FROM tasks WHERE state NOT IN ('queued', 'running') AND (finished_at < ?1 OR id NOT IN
                     (SELECT id FROM tasks WHERE state NOT IN ('queued', 'running') ORDER BY id DESC LIMIT ?2))
                 RETURNING id",
            )?;
            let rows = delete.query_map(params![before, signed_limit(keep)], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_goes_its_way_once() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let id = store.add_task("import", "{}", 5).unwrap();
        assert!(store.start_task(id, 6).unwrap() && store.start_task(id, 9).unwrap());
        store.note_task(id, r#"{"done":1}"#).unwrap();
        drop(store);
        let store = Store::open(dir.path()).unwrap();
        let open = store.open_tasks().unwrap();
        assert_eq!((open.len(), open[0].state, open[0].started_at), (1, TaskState::Running, Some(6)));
        assert_eq!(open[0].progress, r#"{"done":1}"#);
        assert!(store.finish_task(id, TaskState::Failed, Some("broken"), 8).unwrap());
        assert!(!store.finish_task(id, TaskState::Done, None, 9).unwrap());
        assert!(!store.start_task(id, 9).unwrap());
        store.note_task(id, "{}").unwrap();
        let task = store.task(id).unwrap().unwrap();
        assert_eq!((task.state, task.error.as_deref(), task.finished_at), (TaskState::Failed, Some("broken"), Some(8)));
        assert_eq!(task.progress, r#"{"done":1}"#);
    }

    #[test]
    fn what_runs_comes_before_what_waits_and_old_ones_are_forgotten() {
        let store_dir = tempfile::tempdir().unwrap();
        let store = Store::open(store_dir.path()).unwrap();
        let ids: Vec<u64> = (0..5).map(|at| store.add_task("reindex", "{}", at).unwrap()).collect();
        store.start_task(ids[2], 1).unwrap();
        let open: Vec<u64> = store.open_tasks().unwrap().iter().map(|task| task.id).collect();
        assert_eq!(open, [ids[2], ids[0], ids[1], ids[3], ids[4]]);
        for (at, id) in ids[..4].iter().enumerate() {
            store.finish_task(*id, TaskState::Done, None, at as i64).unwrap();
        }
        // The first is too old, the second one too many.
        assert_eq!(store.forget_tasks(1, 2).unwrap(), ids[..2]);
        let left: Vec<u64> = store.tasks_before(u64::MAX, 10).unwrap().iter().map(|task| task.id).collect();
        assert_eq!(left, [ids[4], ids[3], ids[2]]);
        // A number is not given again.
        assert!(store.add_task("import", "{}", 9).unwrap() > ids[4]);
    }
}
