//! Lines of bounded length.
//!
//! Invariant: whatever the input, no more than [`Lines::new`]'s limit is held of one line.

use std::io::{self, BufRead};

/// One line of input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: u64,
    /// Its bytes without the line end; `None` where it is longer than the limit.
    pub bytes: Option<Vec<u8>>,
}

/// The lines of a reader that are not blank.
pub struct Lines<R> {
    reader: R,
    limit: usize,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Lines of at most `limit` bytes; longer ones are read past and reported without their bytes.
    pub fn new(reader: R, limit: usize) -> Self {
        Self { reader, limit, number: 0 }
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let (mut too_long, mut any) = (false, false);
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            too_long |= bytes.len() + part.len() > self.limit;
            if !too_long {
                bytes.extend_from_slice(part);
            }
            let used = end.map_or(buffer.len(), |end| end + 1);
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        self.number += 1;
        let bytes = (!too_long).then_some(bytes);
        Ok(Some(Line { number: self.number, bytes }))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.next_line() {
                Ok(Some(line)) if line.bytes.as_ref().is_some_and(|bytes| bytes.trim_ascii().is_empty()) => {}
                other => return other.transpose(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skips_blank_lines_and_reads_past_long_ones() {
        let input = b"a\n\n \r\n0123456789\nb";
        let lines: Vec<Line> = Lines::new(io::BufReader::with_capacity(3, &input[..]), 5).map(Result::unwrap).collect();
        let line = |number, bytes: Option<&str>| Line { number, bytes: bytes.map(|text| text.as_bytes().to_vec()) };
        assert_eq!(lines, [line(1, Some("a")), line(4, None), line(5, Some("b"))]);
    }
}
