//! The data directory: made durably, held by one process at a time.
//!
//! Invariant: while a [`DirectoryLock`] lives, no other process opens a store in its directory.

use super::StoreError;
use std::fs::{File, TryLockError};
use std::path::Path;

/// The name of the lock file. It stays behind when the lock is released: removing it would race with the next holder.
const LOCK_FILE: &str = "lock";

/// An exclusive hold on a data directory, released when dropped and by the system when the process dies.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Makes the directory where needed and takes hold of it.
    pub(super) fn acquire(directory: &Path) -> Result<Self, StoreError> {
        create_durably(directory)?;
        let path = directory.join(LOCK_FILE);
        let at_path = |source| StoreError::Io { path: path.clone(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(at_path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path }),
            Err(TryLockError::Error(source)) => Err(StoreError::Io { path, source }),
        }
    }
}

/// Makes a directory and writes its name to its parent, so that it survives a power loss.
fn create_durably(directory: &Path) -> Result<(), StoreError> {
    let at_path = |source| StoreError::Io { path: directory.to_owned(), source };
    std::fs::create_dir_all(directory).map_err(at_path)?;
    let whole = directory.canonicalize().map_err(at_path)?;
    whole.parent().map_or(Ok(()), sync)
}

/// Writes the entries of a directory to the device.
pub(super) fn sync(directory: &Path) -> Result<(), StoreError> {
    File::open(directory)
        .and_then(|opened| opened.sync_all())
        .map_err(|source| StoreError::Io { path: directory.to_owned(), source })
}
