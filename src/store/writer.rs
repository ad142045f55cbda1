//! The one writing connection, with group commit.
//!
//! Writes that wait for each other share one transaction and its one flush to the device: each runs in a savepoint,
//! so that a failed one leaves nothing, and every one of them returns only when the shared transaction is durable.
//! Invariant: an `Ok` from [`Writer::write`] survives `kill -9` and power loss.

use super::StoreError;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A group is committed at this size although others wait, so that its first member does not wait for ever.
const GROUP_MEMBERS: usize = 64;

/// The same in changed rows: bulk writes gain nothing from sharing.
const GROUP_ROWS: u64 = 2_000;

#[derive(Debug)]
pub(super) struct Writer {
    state: Mutex<State>,
    /// Writers that will take the lock after its present holder: as long as there is one, a group may stay open.
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct State {
    connection: Connection,
    open: Option<OpenGroup>,
}

#[derive(Debug)]
struct OpenGroup {
    group: Arc<Group>,
    members: usize,
    rows_before: u64,
}

/// What became of the transaction that a group shares.
#[derive(Debug, Default)]
struct Group {
    outcome: Mutex<Option<Result<(), Arc<rusqlite::Error>>>>,
    settled: Condvar,
}

impl Writer {
    pub(super) fn new(connection: Connection) -> Self {
        Self { state: Mutex::new(State { connection, open: None }), waiting: AtomicUsize::new(0) }
    }

    /// Runs `work` and returns its result when what it wrote is durable. A failed or panicking `work` writes nothing.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut state = self.lock();
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let group = state.join()?;
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&state.connection)));
        let kept = state.end_member(matches!(outcome, Ok(Ok(_))));
        if !kept || state.group_is_full() || self.waiting.load(Ordering::SeqCst) == 0 {
            state.settle();
        }
        drop(state);
        let committed = group.wait();
        match outcome.unwrap_or_else(|panic| resume_unwind(panic)) {
            // Other failures were judged on a state that never came to be; the database's own are the cause.
            Err(error @ (StoreError::Sqlite(_) | StoreError::Damaged { .. })) => Err(error),
            result => committed.map_err(StoreError::NotCommitted).and(result),
        }
    }

    /// Runs `work` outside any transaction.
    pub(super) fn exclusively<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut state = self.lock();
        state.settle();
        work(&state.connection)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Panics of the work are caught under the lock, so the state behind a poisoned one is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Joins the open group, or opens one, and sets the savepoint of a new member.
    fn join(&mut self) -> Result<Arc<Group>, StoreError> {
        if self.open.is_none() {
            self.run("BEGIN IMMEDIATE")?;
            let rows_before = self.connection.total_changes();
            self.open = Some(OpenGroup { group: Arc::default(), members: 0, rows_before });
        }
        if let Err(error) = self.run("SAVEPOINT member") {
            // The lock is about to be given up with nobody bound to settle: do it here.
            self.settle();
            return Err(error.into());
        }
        let open = self.open.as_mut().expect("a group is open: it was opened above");
        open.members += 1;
        Ok(Arc::clone(&open.group))
    }

    /// Ends the member's savepoint; false when the shared transaction is lost with it.
    fn end_member(&mut self, keep: bool) -> bool {
        // SQLite itself rolls the whole transaction back on a full disk or a failing device.
        if self.connection.is_autocommit() {
            return false;
        }
        let ended = if keep { Ok(()) } else { self.run("ROLLBACK TO member") };
        let ended = ended.and_then(|()| self.run("RELEASE member"));
        if ended.is_err() && !self.connection.is_autocommit() {
            // A member that can neither be kept nor undone takes its group with it; the commit then reports it.
            let _ = self.run("ROLLBACK");
        }
        ended.is_ok()
    }

    fn group_is_full(&self) -> bool {
        self.open.as_ref().is_some_and(|open| {
            open.members >= GROUP_MEMBERS || self.connection.total_changes() - open.rows_before >= GROUP_ROWS
        })
    }

    /// Commits the open group, where there is one, and tells its members.
    fn settle(&mut self) {
        let Some(open) = self.open.take() else { return };
        let outcome = self.run("COMMIT");
        if outcome.is_err() && !self.connection.is_autocommit() {
            // Left open, the transaction would swallow the next group. A failing rollback surfaces in the next BEGIN.
            let _ = self.run("ROLLBACK");
        }
        open.group.tell(outcome.map_err(Arc::new));
    }

    fn run(&self, statement: &str) -> Result<(), rusqlite::Error> {
        self.connection.prepare_cached(statement)?.execute([]).map(drop)
    }
}

impl Group {
    fn tell(&self, outcome: Result<(), Arc<rusqlite::Error>>) {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        self.settled.notify_all();
    }

    fn wait(&self) -> Result<(), Arc<rusqlite::Error>> {
        let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match outcome.as_ref() {
                Some(settled) => return settled.clone(),
                None => outcome = self.settled.wait(outcome).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}
