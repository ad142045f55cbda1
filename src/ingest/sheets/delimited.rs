//! CSV and its kin: encoding and delimiter detected, rows cut so that one open quote costs one row.
//!
//! Invariant: no more is held than the longest row; a quote that is never closed is named with its line, and the lines
//! after it are read again as rows of their own.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read},
    path::Path,
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::rows::{MAX_ROW_BYTES, Row, Table};
use crate::ingest::{ImportError, Rejection};

/// Bytes by which encoding and delimiter are told.
const SAMPLE_BYTES: u64 = 1 << 20;

/// Lines of the sample by which the delimiter is told.
const SAMPLE_LINES: usize = 50;

/// Lines that a row may have: more are an open quote.
const MAX_ROW_LINES: usize = 200;

/// Different numbers of cells that are remembered.
const REMEMBERED_WIDTHS: usize = 16;

/// Opens a file.
pub(super) fn open(path: &Path) -> Result<Table, ImportError> {
    let failed = |source| ImportError::Input { place: path.display().to_string(), source };
    let mut sample = Vec::new();
    File::open(path).map_err(failed)?.take(SAMPLE_BYTES).read_to_end(&mut sample).map_err(failed)?;
    let encoding = encoding_of(&sample);
    let (text, ..) = encoding.decode(&sample);
    let delimiter = delimiter_of(&text);
    let place = path.display().to_string();
    let rows = Delimited::new(File::open(path).map_err(failed)?, encoding, delimiter);
    let rows = rows.map(move |row| row.map_err(|source| ImportError::Input { place: place.clone(), source }));
    let name = if delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() };
    Ok(Table { rows: Box::new(rows), told: format!("{}, delimiter {name}", encoding.name()) })
}

/// The rows of a small file that is in memory.
pub(super) fn rows_of(bytes: Vec<u8>) -> impl Iterator<Item = io::Result<Row>> {
    let encoding = encoding_of(&bytes);
    let delimiter = delimiter_of(&encoding.decode(&bytes).0);
    Delimited::new(Cursor::new(bytes), encoding, delimiter)
}

fn encoding_of(sample: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(sample) {
        return encoding;
    }
    // UTF-16 without a mark: every other byte of the first letters is zero.
    let zeros = |odd: usize| sample.iter().take(64).skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (even, odd) if even >= 16 && odd == 0 => return encoding_rs::UTF_16BE,
        (even, odd) if odd >= 16 && even == 0 => return encoding_rs::UTF_16LE,
        _ => {}
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, (sample.len() as u64) < SAMPLE_BYTES);
    detector.guess(None, Utf8Detection::Allow)
}

/// The delimiter that a line `sep=;` states, else the one that cuts the lines into most columns as often as possible.
fn delimiter_of(sample: &str) -> char {
    let sample = sample.trim_start_matches('\u{feff}');
    if let Some(stated) = sample.lines().next().and_then(stated_delimiter) {
        return stated;
    }
    let lines: Vec<&str> = sample.lines().filter(|line| !line.trim().is_empty()).take(SAMPLE_LINES).collect();
    let score = |delimiter: char| {
        let counts: Vec<usize> = lines.iter().map(|line| cells_of(line, delimiter).len()).collect();
        let usual = counts
            .iter()
            .copied()
            .filter(|count| *count > 1)
            .max_by_key(|wanted| (counts.iter().filter(|count| *count == wanted).count(), *wanted));
        usual.map_or((0, 0), |usual| (counts.iter().filter(|count| **count == usual).count(), usual))
    };
    let best = [',', ';', '\t', '|'].into_iter().max_by_key(|delimiter| {
        let (lines, columns) = score(*delimiter);
        (lines * (columns.saturating_sub(1)).min(8), *delimiter == ',')
    });
    best.unwrap_or(',')
}

fn stated_delimiter(line: &str) -> Option<char> {
    let stated = line.trim_end_matches(['\r', '\n']).trim_matches('"').strip_prefix("sep=")?;
    let mut letters = stated.chars();
    letters.next().filter(|letter| letter.is_ascii() && letters.next().is_none())
}

/// The cells of one whole row, trimmed. An apostrophe that guards a cell against being a formula goes.
fn cells_of(row: &str, delimiter: char) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .buffer_capacity(row.len().clamp(16, 1 << 13))
        .from_reader(row.as_bytes());
    let mut record = csv::StringRecord::new();
    let read = reader.read_record(&mut record).unwrap_or(false);
    if !read {
        return Vec::new();
    }
    record.iter().map(|cell| unguarded(cell.trim()).to_owned()).collect()
}

fn unguarded(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
    rest.unwrap_or(cell)
}

/// The quotes of a row, line by line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Quotes {
    /// A quote is open.
    is_open: bool,
    /// A quote was closed where no cell ends: it was not meant to close that one.
    is_odd: bool,
}

impl Quotes {
    /// The state after a further line.
    fn after(mut self, line: &str, delimiter: char) -> Self {
        let (mut at_start, mut letters) = (!self.is_open, line.chars().peekable());
        while let Some(letter) = letters.next() {
            match letter {
                '"' if self.is_open && letters.peek() == Some(&'"') => drop(letters.next()),
                '"' if self.is_open => {
                    self.is_open = false;
                    self.is_odd |= letters.peek().is_some_and(|next| *next != delimiter && !next.is_whitespace());
                }
                '"' if at_start => self.is_open = true,
                _ => {}
            }
            at_start = !self.is_open && letter == delimiter;
        }
        self
    }
}

/// The rows of a reader.
struct Delimited<R> {
    reader: R,
    delimiter: char,
    number: u64,
    /// Lines that are read again.
    again: VecDeque<(u64, String)>,
    /// How many cells rows of one line had, the last different numbers.
    widths: VecDeque<usize>,
}

impl<R: Read> Delimited<BufReader<encoding_rs_io::DecodeReaderBytes<R, Vec<u8>>>> {
    fn new(reader: R, encoding: &'static Encoding, delimiter: char) -> Self {
        let reader = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).strip_bom(true).build(reader);
        let reader = BufReader::with_capacity(1 << 16, reader);
        Self { reader, delimiter, number: 0, again: VecDeque::new(), widths: VecDeque::new() }
    }
}

impl<R: BufRead> Delimited<R> {
    /// The next line; `None` in place of its text where it is longer than a row may be.
    fn line(&mut self) -> io::Result<Option<(u64, Option<String>)>> {
        if let Some((number, line)) = self.again.pop_front() {
            return Ok(Some((number, Some(line))));
        }
        let (mut bytes, mut is_long, mut is_any) = (Vec::new(), false, false);
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            is_any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..end.map_or(buffer.len(), |end| end + 1)];
            is_long |= bytes.len() + part.len() > MAX_ROW_BYTES;
            if !is_long {
                bytes.extend_from_slice(part);
            }
            let used = part.len();
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !is_any {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some((self.number, (!is_long).then(|| String::from_utf8_lossy(&bytes).into_owned()))))
    }

    fn next_row(&mut self) -> io::Result<Option<Row>> {
        let Some((number, line)) = self.line()? else { return Ok(None) };
        let Some(line) = line else {
            let message = format!("line {number} is longer than {MAX_ROW_BYTES} bytes");
            return Ok(Some(Row { number, cells: Err(Rejection::one("too_large", message)) }));
        };
        if number == 1 && stated_delimiter(&line).is_some() {
            return self.next_row();
        }
        let mut quotes = Quotes::default().after(&line, self.delimiter);
        if !quotes.is_open {
            let cells = cells_of(&line, self.delimiter);
            if !self.widths.contains(&cells.len()) {
                self.widths.push_back(cells.len());
                self.widths.drain(..self.widths.len().saturating_sub(REMEMBERED_WIDTHS));
            }
            return Ok(Some(Row { number, cells: Ok(cells) }));
        }
        let (mut row, mut further) = (line, VecDeque::new());
        while quotes.is_open && further.len() < MAX_ROW_LINES && row.len() < MAX_ROW_BYTES {
            let Some((number, Some(line))) = self.line()? else { break };
            quotes = quotes.after(&line, self.delimiter);
            row.push_str(&line);
            further.push_back((number, line));
        }
        let cells = cells_of(&row, self.delimiter);
        let fits = self.widths.is_empty() || self.widths.contains(&cells.len());
        if !quotes.is_open && !quotes.is_odd && fits {
            return Ok(Some(Row { number, cells: Ok(cells) }));
        }
        further.append(&mut self.again);
        self.again = further;
        let message = format!("line {number} opens a quote that is not closed where its row ends");
        Ok(Some(Row { number, cells: Err(Rejection::one("unbalanced_quote", message)) }))
    }
}

impl<R: BufRead> Iterator for Delimited<R> {
    type Item = io::Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(u64, Result<Vec<String>, &'static str>)> {
        let told = |row: Row| (row.number, row.cells.map_err(|rejection| rejection.errors[0].code));
        rows_of(bytes.to_vec()).map(|row| told(row.unwrap())).collect()
    }

    fn cells(texts: &[&str]) -> Result<Vec<String>, &'static str> {
        Ok(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn encodings_and_delimiters_are_told() {
        let name = cells(&["Zoë", "Köln"]);
        assert_eq!(read("Zoë;Köln\n".as_bytes())[0].1, name);
        assert_eq!(read(b"\xef\xbb\xbfZo\xc3\xab\tK\xc3\xb6ln\r\n")[0].1, name);
        assert_eq!(read("sep=|\nZoë|Köln".as_bytes()), [(2, name.clone())]);
        let utf16: Vec<u8> = "\u{feff}Zoë,Köln\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16)[0].1, name);
        let latin = b"Name;Ort\nZo\xeb;K\xf6ln\nM\xfcller;D\xfcsseldorf\n";
        assert_eq!(read(latin)[1], (2, name));
    }

    #[test]
    fn an_open_quote_costs_its_own_row_only() {
        let rows = read(b"name,title\nAda,\"a\nb\"\nBob,\"open\nCleo,x\nDan,\"y\"\n");
        let expected = [
            (1, cells(&["name", "title"])),
            (2, cells(&["Ada", "a\nb"])),
            (4, Err("unbalanced_quote")),
            (5, cells(&["Cleo", "x"])),
            (6, cells(&["Dan", "y"])),
        ];
        assert_eq!(rows, expected);
        assert_eq!(read(b"a,b\nc,5\" disk\n")[1], (2, cells(&["c", "5\" disk"])));
    }

    #[test]
    fn guards_against_formulas_go_again() {
        assert_eq!(read(b"a,'=1+1,'twas\n")[0].1, cells(&["a", "=1+1", "'twas"]));
    }
}
