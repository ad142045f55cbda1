//! Rows of a table, whatever the file.

use std::path::Path;

use super::{delimited, workbook};
use crate::ingest::{ImportError, Rejection, bundle};

/// The most columns that are read.
pub(super) const MAX_COLUMNS: usize = 1_024;

/// The longest row, in bytes.
pub(super) const MAX_ROW_BYTES: usize = 1 << 20;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The number of its line or row in the file, from 1.
    pub(super) number: u64,
    /// Its cells, trimmed; or why there are none.
    pub(super) cells: Result<Vec<String>, Rejection>,
}

impl Row {
    /// Whether no cell says anything.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.as_ref().is_ok_and(|cells| cells.iter().all(String::is_empty))
    }
}

/// The rows of a table, in order, blank ones too.
pub(super) type Rows = Box<dyn Iterator<Item = Result<Row, ImportError>> + Send>;

/// An opened table.
pub(super) struct Table {
    pub(super) rows: Rows,
    /// What it is, in words: the encoding and the delimiter, or the sheet.
    pub(super) told: String,
}

/// Opens a table.
pub(super) fn open(path: &Path, sheet: Option<&str>) -> Result<Table, ImportError> {
    if bundle::is_zip(path) {
        return workbook::open(path, sheet);
    }
    if workbook::is_old_excel(path) {
        let reason = "an old Excel file (.xls), or one with a password: save it as .xlsx without a password";
        return Err(bundle::unusable(path, reason));
    }
    delimited::open(path)
}
