//! XLSX and ODS.
//!
//! Input: a workbook. Output: the rows of one sheet, cells as text: days as ISO dates, whole numbers without a point,
//! formulas by their last value. Invariants: the archive is unpacked once to count its bytes before anything of it is held;
//! rows of XLSX are read as a stream; of ODS no more than [`MAX_CELLS`] cells.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
    sync::mpsc::{SyncSender, sync_channel},
};

use calamine::{Data, DataRef, Ods, Reader, SheetVisible, Xlsx, open_workbook};

use super::rows::{MAX_COLUMNS, MAX_ROW_BYTES, Row, Table};
use crate::ingest::{
    ImportError, Rejection,
    bundle::{self, Bounded, unusable},
};

/// What a workbook may be unpacked to, in bytes.
const MAX_WORKBOOK_BYTES: u64 = 256 << 20;

/// Cells of an ODS sheet.
const MAX_CELLS: u64 = 4_000_000;

/// Rows that wait between the thread that reads and the one that takes.
const WAITING_ROWS: usize = 64;

/// Whether a file is an OLE container: Excel before 2007, or a workbook with a password.
pub(super) fn is_old_excel(path: &Path) -> bool {
    let mut magic = [0; 4];
    File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == [0xd0, 0xcf, 0x11, 0xe0]
}

/// Opens a workbook.
pub(super) fn open(path: &Path, sheet: Option<&str>) -> Result<Table, ImportError> {
    check_size(path)?;
    let names = bundle::names(path)?;
    if names.iter().any(|name| name == "content.xml") {
        check_cells(path)?;
        return open_ods(path, sheet);
    }
    if !names.iter().any(|name| name == "xl/workbook.xml") {
        return Err(unusable(path, "an archive, but neither XLSX nor ODS"));
    }
    open_xlsx(path, sheet)
}

/// Unpacks everything once, holding nothing.
fn check_size(path: &Path) -> Result<(), ImportError> {
    let mut left = MAX_WORKBOOK_BYTES;
    for_each_entry(path, |entry| {
        let mut entry = Bounded { inner: entry, left: &mut left };
        std::io::copy(&mut entry, &mut std::io::sink()).map(drop)
    })
}

fn for_each_entry(path: &Path, mut read: impl FnMut(&mut dyn Read) -> std::io::Result<()>) -> Result<(), ImportError> {
    let damaged = |error: &dyn std::fmt::Display| unusable(path, &format!("a damaged or unreadable workbook: {error}"));
    let file = File::open(path).map_err(|error| damaged(&error))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(&error))?;
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(|error| damaged(&error))?;
        read(&mut entry).map_err(|error| damaged(&error))?;
    }
    Ok(())
}

/// Refuses an ODS whose repeated cells would fill the memory.
fn check_cells(path: &Path) -> Result<(), ImportError> {
    let damaged = |error: &dyn std::fmt::Display| unusable(path, &format!("a damaged or unreadable workbook: {error}"));
    let file = File::open(path).map_err(|error| damaged(&error))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(&error))?;
    let content = archive.by_name("content.xml").map_err(|error| damaged(&error))?;
    let cells = cells_of_ods(BufReader::new(content)).map_err(|error| damaged(&error))?;
    if cells > MAX_CELLS {
        return Err(unusable(path, &format!("{cells} cells; at most {MAX_CELLS} are taken: save it as CSV")));
    }
    Ok(())
}

/// An upper bound of the cells that the fullest sheet is read into.
fn cells_of_ods(reader: impl std::io::BufRead) -> Result<u64, quick_xml::Error> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_reader(reader);
    let (mut buffer, mut most) = (Vec::new(), 0_u64);
    // Rows and columns up to the last one that says something; what is open.
    let (mut rows, mut last_row, mut widest, mut columns) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut is_in_cell = false;
    loop {
        let event = reader.read_event_into(&mut buffer)?;
        let (element, is_start) = match &event {
            Event::Start(element) => (Some(element), true),
            Event::Empty(element) => (Some(element), false),
            Event::End(_) | Event::Text(_) => (None, false),
            Event::Eof => return Ok(most.max(last_row.saturating_mul(widest))),
            _ => continue,
        };
        if let Some(element) = element {
            let attribute = |wanted: &str| {
                let found = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == wanted);
                found.and_then(|attribute| attribute.value.parse::<u64>().ok())
            };
            match element.name().as_ref() {
                "table:table" => {
                    most = most.max(last_row.saturating_mul(widest));
                    (rows, last_row, widest) = (0, 0, 0);
                }
                "table:table-row" => {
                    rows = rows.saturating_add(attribute("table:number-rows-repeated").unwrap_or(1));
                    columns = 0;
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    columns = columns.saturating_add(attribute("table:number-columns-repeated").unwrap_or(1));
                    let says =
                        element.attributes().flatten().any(|attribute| attribute.key.as_ref() == "office:value-type");
                    is_in_cell = is_start;
                    if says {
                        (last_row, widest) = (rows, widest.max(columns));
                    }
                }
                _ if is_in_cell => (last_row, widest) = (rows, widest.max(columns)),
                _ => {}
            }
        } else if let Event::End(element) = &event
            && element.name().as_ref() == "table:table-cell"
        {
            is_in_cell = false;
        }
        buffer.clear();
    }
}

fn chosen(path: &Path, names: &[(String, bool)], sheet: Option<&str>) -> Result<Vec<String>, ImportError> {
    let Some(wanted) = sheet else {
        let (visible, hidden): (Vec<_>, Vec<_>) = names.iter().partition(|(_, is_visible)| *is_visible);
        return Ok(visible.into_iter().chain(hidden).map(|(name, _)| name.clone()).collect());
    };
    let found = names.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted.trim()));
    found.map(|(name, _)| vec![name.clone()]).ok_or_else(|| {
        let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        unusable(path, &format!("there is no sheet {wanted:?}; its sheets are {}", names.join(", ")))
    })
}

fn visible_sheets(sheets: &[calamine::Sheet]) -> Vec<(String, bool)> {
    sheets.iter().map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect()
}

fn open_xlsx(path: &Path, sheet: Option<&str>) -> Result<Table, ImportError> {
    let damaged = |error: &dyn std::fmt::Display| unusable(path, &format!("a damaged or unreadable workbook: {error}"));
    let mut workbook: Xlsx<_> = open_workbook(path).map_err(|error: calamine::XlsxError| damaged(&error))?;
    let names = chosen(path, &visible_sheets(workbook.sheets_metadata()), sheet)?;
    let mut found = names.first().cloned().unwrap_or_default();
    for name in &names {
        let Ok(mut cells) = workbook.worksheet_cells_reader(name) else { continue };
        if matches!(cells.next_cell(), Ok(Some(_))) {
            found.clone_from(name);
            break;
        }
    }
    let told = format!("sheet {found:?}");
    let (sender, receiver) = sync_channel(WAITING_ROWS);
    let path = path.to_owned();
    std::thread::spawn(move || send_xlsx(&mut workbook, &path, &found, &sender));
    Ok(Table { rows: Box::new(receiver.into_iter()), told })
}

type Sender = SyncSender<Result<Row, ImportError>>;

/// Sends the rows of a sheet until nobody takes them any more.
fn send_xlsx(workbook: &mut Xlsx<BufReader<File>>, path: &Path, sheet: &str, sender: &Sender) {
    let damaged = |error: calamine::XlsxError| unusable(path, &format!("sheet {sheet:?} is damaged: {error}"));
    let mut cells = match workbook.worksheet_cells_reader(sheet) {
        Ok(cells) => cells,
        Err(error) => return drop(sender.send(Err(damaged(error)))),
    };
    let mut row = Growing::default();
    loop {
        match cells.next_cell() {
            Ok(Some(cell)) => {
                let (at, column) = cell.get_position();
                if u64::from(at) + 1 != row.number && row.flush(u64::from(at) + 1, sender).is_err() {
                    return;
                }
                row.put(column as usize, cell_text(cell.get_value()));
            }
            Ok(None) => return drop(row.flush(0, sender)),
            Err(error) => {
                let sent = row.flush(0, sender);
                return drop(sent.map(|()| sender.send(Err(damaged(error)))));
            }
        }
    }
}

/// A row whose cells come one by one.
#[derive(Default)]
struct Growing {
    number: u64,
    cells: Vec<String>,
    bytes: usize,
    is_too_wide: bool,
}

/// Nobody takes rows any more.
struct Gone;

impl Growing {
    fn put(&mut self, column: usize, text: String) {
        if column >= MAX_COLUMNS {
            self.is_too_wide |= !text.is_empty();
            return;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.bytes += text.len();
        self.cells[column] = if self.bytes > MAX_ROW_BYTES { String::new() } else { text };
    }

    /// Sends the row and begins the one of that number.
    fn flush(&mut self, next: u64, sender: &Sender) -> Result<(), Gone> {
        let row = std::mem::replace(self, Self { number: next, ..Self::default() });
        if row.number == 0 {
            return Ok(());
        }
        let too_large = |what: String| Err(Rejection::one("too_large", format!("row {} {what}", row.number)));
        let cells = match (row.is_too_wide, row.bytes > MAX_ROW_BYTES) {
            (true, _) => too_large(format!("has more than {MAX_COLUMNS} columns")),
            (_, true) => too_large(format!("is longer than {MAX_ROW_BYTES} bytes")),
            _ => Ok(row.cells),
        };
        sender.send(Ok(Row { number: row.number, cells })).map_err(|_| Gone)
    }
}

fn open_ods(path: &Path, sheet: Option<&str>) -> Result<Table, ImportError> {
    let damaged = |error: &dyn std::fmt::Display| unusable(path, &format!("a damaged or unreadable workbook: {error}"));
    let mut workbook: Ods<_> = open_workbook(path).map_err(|error: calamine::OdsError| damaged(&error))?;
    for name in chosen(path, &visible_sheets(workbook.sheets_metadata()), sheet)? {
        let range = workbook.worksheet_range(&name).map_err(|error| damaged(&error))?;
        let Some((first, _)) = range.start() else { continue };
        drop(workbook);
        let (sender, receiver) = sync_channel(WAITING_ROWS);
        std::thread::spawn(move || {
            let mut row = Growing::default();
            for (cells, number) in range.rows().zip(u64::from(first) + 1..) {
                if row.flush(number, &sender).is_err() {
                    return;
                }
                cells.iter().enumerate().for_each(|(column, cell)| row.put(column, cell_text(&borrowed(cell))));
            }
            drop(row.flush(0, &sender));
        });
        return Ok(Table { rows: Box::new(receiver.into_iter()), told: format!("sheet {name:?}") });
    }
    Ok(Table { rows: Box::new(std::iter::empty()), told: "no sheet with cells".to_owned() })
}

fn borrowed(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(is_true) => DataRef::Bool(*is_true),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::DateTimeIso(date) => DataRef::DateTimeIso(date.clone()),
        Data::DurationIso(duration) => DataRef::DurationIso(duration.clone()),
        Data::Error(_) | Data::Empty => DataRef::Empty,
    }
}

/// A cell as text.
fn cell_text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(is_true) => is_true.to_string(),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(date) => date.split('T').next().unwrap_or_default().to_owned(),
        DataRef::DateTime(_) | DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}
