//! A bounded pool of read-only connections.
//!
//! Each use is one read transaction: whatever it reads is one committed state.

use super::{StoreError, schema};
use rusqlite::{Connection, Transaction};
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

/// Enough for the few threads that hydrate at once; more would only hold more memory.
const CONNECTIONS: usize = 4;

/// The pool. Callers past its size wait.
#[derive(Debug)]
pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let idle = (0..CONNECTIONS).map(|_| schema::open_reader(path)).collect::<Result<_, _>>()?;
        Ok(Self { idle: Mutex::new(idle), returned: Condvar::new() })
    }

    /// Runs `read` in one read transaction.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let lent = Lent { readers: self, connection: Some(self.take()) };
        let connection = lent.connection.as_ref().expect("a lent connection is there until it is dropped");
        let transaction = connection.unchecked_transaction()?;
        read(&transaction)
    }

    fn take(&self) -> Connection {
        // A panic never happens between the pool's own lines, so a poisoned pool is still whole.
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match idle.pop() {
                Some(connection) => return connection,
                None => idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// A connection on loan, given back even when its reader panics.
struct Lent<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut idle = self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.connection.take());
        self.readers.returned.notify_one();
    }
}
