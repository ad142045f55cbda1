//! Tables → candidates: CSV, XLSX, ODS, and LinkedIn's archives.
//!
//! Input: a file, perhaps a mapping. Output: records, one a row, and how the columns were understood. A table is read twice:
//! once to understand it (headers, samples, the order of days and months), once for its rows. Invariants: memory holds a few
//! rows and one number a row (to tell rows of the same person); a row that cannot be read costs no other; no id tells an
//! address.

mod dates;
mod delimited;
mod field;
mod headers;
mod linkedin;
mod mapping;
mod person;
mod rows;
mod workbook;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use serde::Serialize;

pub(super) use self::linkedin::{is_archive, open_archive};
pub use self::{
    dates::DateOrder,
    field::{Field, Target, UnknownField},
    mapping::{Column, Mapping},
};

use self::{
    dates::OrderEvidence,
    mapping::{columns_of, known_headers},
    person::Reading,
    rows::{MAX_COLUMNS, Row, Rows, Table},
};
use super::{ImportError, Record, Rejection, SourceOptions, SourceRecord, bundle::unusable};

/// Rows among which the header is looked for.
const HEADER_WITHIN: usize = 30;

/// Values that are shown of a column.
const SAMPLES: usize = 3;

/// Letters that are shown of a value.
const SAMPLE_LETTERS: usize = 60;

/// How a table was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableReading {
    /// Encoding and delimiter, or the sheet.
    pub told: String,
    /// The number of the row that heads the columns.
    pub header_row: u64,
    /// The columns.
    pub columns: Vec<Column>,
    /// The mapping of the columns that are read.
    pub mapping: Mapping,
}

/// Whether a name is that of a table.
pub(super) fn is_table(extension: &str) -> bool {
    ["csv", "tsv", "xlsx", "xlsm", "ods", "xls"].contains(&extension)
}

/// Opens a table: its records, what was noticed, how it was understood.
pub(super) fn open(
    path: &Path,
    options: &SourceOptions,
) -> Result<(SheetRecords, Vec<String>, TableReading), ImportError> {
    let sheet = options.sheet.as_deref();
    let (understood, evidence) = understand(path, rows::open(path, sheet)?, options)?;
    let mut warnings = notes(&understood.columns);
    let columns = with_orders(&understood, &evidence, &mut warnings);
    let reading = Reading { columns, is_cohort: options.cohort.is_some() };
    let header = understood.columns.iter().map(|column| column.header.clone()).collect();
    let rows = rows::open(path, sheet)?.rows;
    let records = SheetRecords { rows, header_row: understood.header_row, header, reading, seen: HashMap::default() };
    Ok((records, warnings, understood))
}

/// Reads a table once: its header, its columns, and what their dates tell.
fn understand(
    path: &Path,
    table: Table,
    options: &SourceOptions,
) -> Result<(TableReading, Vec<OrderEvidence>), ImportError> {
    let Table { mut rows, told } = table;
    let mapping = options.mapping.as_ref();
    let (header_row, header, first) = header(&mut rows, mapping, &options.columns)?
        .ok_or_else(|| unusable(path, "no row that could head its columns: the table is empty"))?;
    if header.len() > MAX_COLUMNS {
        return Err(unusable(path, &format!("{} columns; at most {MAX_COLUMNS} are read", header.len())));
    }
    let mut columns = columns_of(&header, mapping, &options.columns).map_err(|reason| unusable(path, &reason))?;
    let mut evidence = vec![OrderEvidence::default(); columns.len()];
    for row in first.into_iter().map(Ok).chain(rows) {
        let Ok(cells) = row?.cells else { continue };
        for ((column, evidence), cell) in columns.iter_mut().zip(&mut evidence).zip(cells) {
            if column.target.is_some_and(|target| target.field.is_date()) {
                evidence.count(&cell);
            }
            let sample: String = cell.chars().take(SAMPLE_LETTERS).collect();
            if column.samples.len() < SAMPLES && !sample.is_empty() && !column.samples.contains(&sample) {
                column.samples.push(sample);
            }
        }
    }
    let targets = columns.iter().filter_map(|column| Some((column.header.clone(), column.target?)));
    let mapping = Mapping { date_order: mapping.and_then(|mapping| mapping.date_order), columns: targets.collect() };
    Ok((TableReading { told, header_row, columns, mapping }, evidence))
}

/// The row that heads the columns, and the rows after it that were read already.
type Header = (u64, Vec<String>, Vec<Row>);

/// Finds the header: of the first rows the one with most words that head columns, two at least; else the first with two cells.
fn header(
    rows: &mut Rows,
    mapping: Option<&Mapping>,
    overrides: &BTreeMap<String, Target>,
) -> Result<Option<Header>, ImportError> {
    let mut first: Vec<Row> = Vec::new();
    for row in rows.by_ref() {
        let row = row?;
        if !row.is_blank() {
            first.push(row);
        }
        if first.len() == HEADER_WITHIN {
            break;
        }
    }
    let cells = |row: &Row| row.cells.clone().unwrap_or_default();
    let filled = |row: &Row| cells(row).iter().filter(|cell| !cell.is_empty()).count();
    let known: Vec<usize> = first.iter().map(|row| known_headers(&cells(row), mapping, overrides)).collect();
    let most = known.iter().copied().max().unwrap_or(0);
    let by_words = known.iter().position(|count| *count == most).filter(|_| most >= 2);
    let by_cells = || first.iter().position(|row| filled(row) >= 2);
    let Some(at) = by_words.or_else(by_cells).or(if first.is_empty() { None } else { Some(0) }) else {
        return Ok(None);
    };
    let after = first.split_off(at + 1);
    let Some(row) = first.pop() else { return Ok(None) };
    let mut header = row.cells.unwrap_or_default();
    while header.last().is_some_and(String::is_empty) {
        header.pop();
    }
    Ok(Some((row.number, header, after)))
}

/// What is worth saying of columns.
fn notes(columns: &[Column]) -> Vec<String> {
    let mut notes = Vec::new();
    let is = |column: &Column, field: Field| column.target.is_some_and(|target| target.field == field);
    if !columns.iter().any(|column| [Field::Name, Field::FirstName].iter().any(|field| is(column, *field))) {
        notes.push("no column is a name: say which with --map \"HEADER=name\"".to_owned());
    }
    for column in columns {
        if is(column, Field::Years) {
            let header = &column.header;
            notes.push(format!("{header:?} is left aside: years of experience follow from the dates of positions"));
        }
    }
    let left: Vec<&str> = columns
        .iter()
        .filter(|column| column.target.is_none() && !column.header.is_empty())
        .map(|column| column.header.as_str())
        .collect();
    if !left.is_empty() {
        notes.push(format!("not read: {}", left.join(", ")));
    }
    notes
}

/// The columns with the order of their dates: by their own values, else by those of all, else the day first.
fn with_orders(
    table: &TableReading,
    evidence: &[OrderEvidence],
    warnings: &mut Vec<String>,
) -> Vec<(Option<Target>, String, DateOrder)> {
    let of_all = evidence.iter().copied().fold(OrderEvidence::default(), OrderEvidence::and);
    let mut columns = Vec::new();
    for (column, evidence) in table.columns.iter().zip(evidence) {
        let told = table.mapping.date_order.or(evidence.order());
        let order = told.or(of_all.order()).unwrap_or(DateOrder::DayFirst);
        let header = &column.header;
        if table.mapping.date_order.is_none() {
            let name = if order == DateOrder::DayFirst { "day" } else { "month" };
            if evidence.day_first > 0 && evidence.month_first > 0 {
                warnings.push(format!("{header:?} mixes dates with the day and with the month first; the {name} is taken to come first where both are possible"));
            } else if told.is_none() && evidence.either > 0 {
                let count = evidence.either;
                warnings.push(format!(
                    "{header:?} has {count} dates that can be read in two ways; the {name} is taken to come first"
                ));
            }
        }
        columns.push((column.target, header.clone(), order));
    }
    columns
}

/// The rows of a table as records.
pub(super) struct SheetRecords {
    rows: Rows,
    header_row: u64,
    header: Vec<String>,
    reading: Reading,
    /// The first row of each id, by its hash.
    seen: HashMap<u64, u64, foldhash::fast::FixedState>,
}

impl SheetRecords {
    fn read(&mut self, number: u64, cells: &[String]) -> Result<Vec<u8>, Rejection> {
        if cells.iter().skip(self.header.len()).any(|cell| !cell.is_empty()) {
            let (cells, header) = (cells.len(), self.header.len());
            let message = format!("row {number} has {cells} cells under {header} headers: is a delimiter not quoted?");
            return Err(Rejection::one("wrong_cell_count", message));
        }
        let person = person::person(cells, &self.reading, number)?;
        let hash = blake3::hash(person.id.as_bytes());
        let hash = hash.as_bytes().iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        if let Some(first) = self.seen.get(&hash) {
            let message = format!("row {number} is the same person as row {first}: {}", person.id);
            return Err(Rejection::one("duplicate_row", message));
        }
        self.seen.insert(hash, number);
        Ok(person.into_candidate().to_string().into_bytes())
    }
}

impl Iterator for SheetRecords {
    type Item = Result<SourceRecord, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let row = match self.rows.next()? {
                Ok(row) => row,
                Err(error) => return Some(Err(error)),
            };
            if row.number <= self.header_row || row.is_blank() {
                continue;
            }
            let bytes = row.cells.and_then(|cells| self.read(row.number, &cells));
            let record = Record { line: row.number, bytes, id: None, is_json_resume: false };
            return Some(Ok(record.into()));
        }
    }
}
