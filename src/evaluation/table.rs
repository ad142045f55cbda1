//! Tables with a header → rows of values.
//!
//! A header with a tab makes it tab-separated, without quotes; any other header makes it comma-separated as RFC 4180 has it:
//! a field in quotes may hold commas, line breaks and doubled quotes.

use std::path::{Path, PathBuf};

use super::error::{EvaluationError, LineProblem};
use super::lines;

/// A table in memory, read row by row. Blank lines are left out; a row has as many values as the header.
#[derive(Debug)]
pub(super) struct Table {
    path: PathBuf,
    text: String,
    /// Where the next row starts, in bytes and in lines.
    at: usize,
    line: usize,
    is_tabbed: bool,
    columns: Vec<String>,
}

/// Values, and the bytes that they took with the end of the line.
type Row = (Vec<String>, usize);

impl Table {
    /// Reads a file and its header.
    pub(super) fn open(path: &Path) -> Result<Self, EvaluationError> {
        let text = lines::text(path)?;
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let is_tabbed = text.lines().next().is_some_and(|header| header.contains('\t'));
        let mut table = Self { path: path.to_owned(), text, at, line: 1, is_tabbed, columns: Vec::new() };
        match table.row().transpose()? {
            Some((_, header)) => table.columns = header,
            None => return Err(EvaluationError::Empty { path: path.to_owned() }),
        }
        Ok(table)
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The place of a column by its name.
    pub(super) fn column(&self, name: &str) -> Result<usize, EvaluationError> {
        self.columns.iter().position(|column| column == name).ok_or_else(|| {
            let problem = LineProblem::NoColumn { wanted: name.to_owned(), there_are: self.columns.clone() };
            EvaluationError::line(&self.path, 1, problem)
        })
    }

    /// The next row that is not blank, with the number of its first line. A broken row ends the table.
    fn row(&mut self) -> Option<Result<(usize, Vec<String>), EvaluationError>> {
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            let number = self.line;
            match if self.is_tabbed { Ok(tabbed(rest)) } else { commas(rest) } {
                Ok((values, length)) => {
                    self.line += rest[..length].matches('\n').count();
                    self.at += length;
                    if values.len() > 1 || values.iter().any(|value| !value.trim().is_empty()) {
                        return Some(Ok((number, values)));
                    }
                }
                Err(problem) => {
                    self.at = self.text.len();
                    return Some(Err(EvaluationError::line(&self.path, number, problem)));
                }
            }
        }
    }
}

impl Iterator for Table {
    type Item = Result<(usize, Vec<String>), EvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.row()?;
        Some(row.and_then(|(number, values)| {
            let (expected, found) = (self.columns.len(), values.len());
            if expected == found {
                return Ok((number, values));
            }
            Err(EvaluationError::line(&self.path, number, LineProblem::Columns { expected, found }))
        }))
    }
}

fn tabbed(text: &str) -> Row {
    let length = text.find('\n').map_or(text.len(), |end| end + 1);
    let line = text[..length].trim_end_matches(['\n', '\r']);
    (line.split('\t').map(str::to_owned).collect(), length)
}

fn commas(text: &str) -> Result<Row, LineProblem> {
    let mut values = Vec::new();
    let mut rest = text;
    loop {
        let value = if let Some(quoted) = rest.strip_prefix('"') {
            let (value, after) = unquoted(quoted)?;
            rest = after;
            value
        } else {
            let (value, after) = rest.split_at(rest.find([',', '\n']).unwrap_or(rest.len()));
            rest = after;
            if after.starts_with(',') { value } else { value.trim_end_matches('\r') }.to_owned()
        };
        values.push(value);
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None => break,
        }
    }
    let after = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'));
    let after = after.or(rest.is_empty().then_some(rest)).ok_or(LineProblem::AfterQuote)?;
    Ok((values, text.len() - after.len()))
}

/// The value up to the closing quote, and what follows it.
fn unquoted(text: &str) -> Result<(String, &str), LineProblem> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let (inside, after) = rest.split_once('"').ok_or(LineProblem::OpenQuote)?;
        value.push_str(inside);
        match after.strip_prefix('"') {
            Some(more) => {
                value.push('"');
                rest = more;
            }
            None => return Ok((value, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<(usize, Vec<String>), String>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let name = file.path().display().to_string();
        let rows = Table::open(file.path()).unwrap();
        rows.map(|row| row.map_err(|error| error.to_string().replace(&name, "table"))).collect()
    }

    fn row(number: usize, values: &[&str]) -> Result<(usize, Vec<String>), String> {
        Ok((number, values.iter().map(|value| (*value).to_owned()).collect()))
    }

    #[test]
    fn commas_and_quotes_are_those_of_the_rfc() {
        let rows = read("\u{feff},title,uri\r\n0,\"Chef, \"\"sous\"\"\",a\r\n\r\n1,\"two\nlines\",b\n2,,\n3,last,c");
        let expected = [
            row(2, &["0", "Chef, \"sous\"", "a"]),
            row(4, &["1", "two\nlines", "b"]),
            row(6, &["2", "", ""]),
            row(7, &["3", "last", "c"]),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn tabs_know_no_quotes() {
        let rows = read("id\tlabel\n1\t\"a\n\n2\tb, c\r\n3\n");
        assert_eq!(rows[..2], [row(2, &["1", "\"a"]), row(4, &["2", "b, c"])]);
        assert_eq!(rows[2], Err("table:5: expected 2 columns, found 1".to_owned()));
    }

    #[test]
    fn says_which_row_is_wrong() {
        assert_eq!(read("a,b\n1,2\n\"3,4\n")[1], Err("table:3: a quote is never closed".to_owned()));
        assert_eq!(read("a,b\n\"1\"2,3\n")[0], Err("table:2: a comma is wanted after a closing quote".to_owned()));
        assert_eq!(read("a,b\n1,2,3\n4,5\n")[1], row(3, &["4", "5"]));
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(Table::open(file.path()), Err(EvaluationError::Empty { .. })));
    }
}
