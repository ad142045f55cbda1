//! Long work that outlives a request: re-indexes and imports.
//!
//! Asked for → a row in the store → one thread a lane works it off → progress in the row → what came of it. Invariants: a task that was
//! acknowledged is run, after a crash too; re-indexes come one after the other, and do not wait for imports; a finished task changes no more.

mod drafts;
mod importing;
mod info;
mod reindexing;
mod runner;
mod uploads;

pub use importing::ImportRequest;
pub use info::{TaskInfo, TaskKind};
pub use runner::{MappingError, TaskError, Tasks};
pub use uploads::{MAX_UPLOAD_BYTES, Upload};
