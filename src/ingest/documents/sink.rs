//! Text as it is put together from paragraphs, items, cells and breaks.

use super::MAX_TEXT_BYTES;

/// A cell that stands beside the first line of a longer one is at most so long, in characters.
const LONGEST_LIFTED: usize = 60;

/// A row whose cells are longer, in bytes, is the page's layout.
const LONGEST_ROW: usize = 20_000;

/// A line that a cell is moved to is at most so long, in bytes.
const LONGEST_LINE: usize = 400;

/// Collects lines. Beyond the most text that is kept nothing is added.
#[derive(Debug, Default)]
pub(super) struct Sink {
    text: String,
    line: String,
}

impl Sink {
    /// Adds text as it stands, white space folded.
    pub(super) fn push(&mut self, text: &str) {
        if self.text.len() + self.line.len() > MAX_TEXT_BYTES + 4 {
            return;
        }
        for letter in text.chars() {
            if letter.is_whitespace() && letter != '\t' {
                if !self.line.is_empty() && !self.line.ends_with([' ', '\t']) {
                    self.line.push(' ');
                }
            } else if letter == '\t' || !letter.is_control() {
                self.line.push(letter);
            }
        }
    }

    /// Ends the line, where it holds anything.
    pub(super) fn end_line(&mut self) {
        let line = self.line.trim_end();
        if !line.trim().is_empty() {
            self.text.push_str(line.trim_start_matches(' '));
            self.text.push('\n');
        }
        self.line.clear();
    }

    /// Ends the line and leaves an empty one, at most one.
    pub(super) fn leave_blank(&mut self) {
        self.end_line();
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// How many bytes of ended lines there are.
    pub(super) fn ended(&self) -> usize {
        self.text.len()
    }

    /// Moves what stands behind the last tab of the line, or all of it, to the end of the line that begins at a byte: a short cell stands beside
    /// the first line of the cell before it.
    pub(super) fn lift(&mut self, to: usize) {
        let tab = self.line.rfind('\t').unwrap_or(0);
        let cell = self.line[tab..].trim();
        let row = self.text.get(to..).unwrap_or_default();
        if cell.is_empty() || cell.chars().count() > LONGEST_LIFTED || row.len() > LONGEST_ROW {
            return;
        }
        // The cell before may begin with a heading, before which stands an empty line.
        let first = row.trim_start_matches('\n');
        if let Some(end) = first.find('\n').filter(|end| *end <= LONGEST_LINE) {
            let at = to + row.len() - first.len() + end;
            let cell = format!("\t{cell}");
            self.text.insert_str(at, &cell);
            self.line.truncate(tab);
        }
    }

    /// Whether the line holds nothing yet.
    pub(super) fn is_at_start(&self) -> bool {
        self.line.trim().is_empty()
    }

    /// The text of some lines: empty ones leave a blank, those with breaks in them are several.
    pub(super) fn of_lines(lines: Vec<String>) -> String {
        let mut sink = Self::default();
        for line in lines {
            if line.is_empty() {
                sink.leave_blank();
            }
            for part in line.split('\n') {
                sink.push(part);
                sink.end_line();
            }
        }
        sink.finish()
    }

    /// The text.
    pub(super) fn finish(mut self) -> String {
        self.end_line();
        self.text
    }
}
