//! The values of a JSON file, one after another.
//!
//! Input: an array of any size, an object around arrays of any size (`{"results": […]}`), or values one after another
//! (NDJSON, pretty-printed or not). Output: [`Part`]s. Invariant: no more than the limit is held of a value, and a part that
//! is no JSON never hides the next one, as long as its brackets and quotes are in pairs.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

use serde_json::{Map, Value};

/// A value that stands alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The member of the outer object that it stands in; empty where there is none.
    pub(super) member: String,
    /// Its place, from 1.
    pub(super) number: u64,
    /// Its bytes; `None` where there are more than the limit.
    pub(super) bytes: Option<Vec<u8>>,
}

#[derive(Debug, Clone)]
enum Place {
    Top,
    /// In the outer array, or in the array of a member of the outer object.
    Array(Option<String>),
    /// Between the members of an outer object that is larger than the limit.
    Object,
}

/// The parts of a reader.
pub(super) struct JsonParts<R> {
    reader: R,
    /// Bytes that are read again before the reader's.
    again: VecDeque<u8>,
    limit: usize,
    number: u64,
    place: Place,
    ready: VecDeque<Part>,
    is_wrapper: fn(&Map<String, Value>) -> bool,
}

impl<R: BufRead> JsonParts<R> {
    /// Parts of at most `limit` bytes. Objects for which `is_wrapper` holds, and all that are larger, are taken apart into
    /// the entries of their arrays and their other members.
    pub(super) fn new(reader: R, limit: usize, is_wrapper: fn(&Map<String, Value>) -> bool) -> Self {
        let (again, ready) = (VecDeque::new(), VecDeque::new());
        Self { reader, again, limit, number: 0, place: Place::Top, ready, is_wrapper }
    }

    fn next_part(&mut self) -> io::Result<Option<Part>> {
        loop {
            if let Some(part) = self.ready.pop_front() {
                return Ok(Some(part));
            }
            let Some(byte) = self.peek()? else { return Ok(None) };
            match (self.place.clone(), byte) {
                (_, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':') => self.skip()?,
                (Place::Top, b'[') => self.go_to(Place::Array(None))?,
                (Place::Top, _) => {
                    if let Some(part) = self.read_top()? {
                        return Ok(Some(part));
                    }
                }
                (Place::Array(None), b']') | (Place::Object, b'}') => self.go_to(Place::Top)?,
                (Place::Array(Some(_)), b']') => self.go_to(Place::Object)?,
                (Place::Array(member), _) => {
                    let (bytes, is_whole) = self.scan(false)?;
                    return Ok(Some(self.part(member.unwrap_or_default(), is_whole.then_some(bytes))));
                }
                (Place::Object, _) => {
                    if let Some(part) = self.read_member()? {
                        return Ok(Some(part));
                    }
                }
            }
        }
    }

    fn part(&mut self, member: String, bytes: Option<Vec<u8>>) -> Part {
        self.number += 1;
        Part { member, number: self.number, bytes }
    }

    /// Reads a value of the top. `None` where it is taken apart.
    fn read_top(&mut self) -> io::Result<Option<Part>> {
        let (bytes, is_whole) = self.scan(true)?;
        if !is_whole {
            if bytes.first() == Some(&b'{') {
                self.again.extend(&bytes[1..]);
                self.place = Place::Object;
                return Ok(None);
            }
            return Ok(Some(self.part(String::new(), None)));
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(members)) if (self.is_wrapper)(&members) => {
                for (member, value) in members {
                    let values = if let Value::Array(values) = value { values } else { vec![value] };
                    for value in values {
                        let part = self.part(member.clone(), Some(value.to_string().into_bytes()));
                        self.ready.push_back(part);
                    }
                }
                Ok(None)
            }
            _ => Ok(Some(self.part(String::new(), Some(bytes)))),
        }
    }

    /// Reads a member of an object that is larger than the limit. `None` where it is an array, whose entries follow.
    fn read_member(&mut self) -> io::Result<Option<Part>> {
        let (name, _) = self.scan(false)?;
        let name: String = serde_json::from_slice(&name).unwrap_or_default();
        while let Some(b' ' | b'\t' | b'\r' | b'\n' | b':') = self.peek()? {
            self.skip()?;
        }
        if self.peek()? == Some(b'[') {
            self.go_to(Place::Array(Some(name)))?;
            return Ok(None);
        }
        let (bytes, is_whole) = self.scan(false)?;
        Ok(Some(self.part(name, is_whole.then_some(bytes))))
    }

    fn go_to(&mut self, place: Place) -> io::Result<()> {
        self.place = place;
        self.skip()
    }

    /// Reads to the end of the value that begins here. False where it is longer than the limit: the bytes end somewhere in it.
    fn scan(&mut self, stops_at_limit: bool) -> io::Result<(Vec<u8>, bool)> {
        let (mut bytes, mut is_whole) = (Vec::new(), true);
        let (mut depth, mut in_string, mut is_escaped) = (0_u32, false, false);
        while let Some(byte) = self.peek()? {
            let is_first = bytes.is_empty();
            let ends = matches!(byte, b',' | b':' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
            if depth == 0 && !in_string && ends && !is_first {
                break;
            }
            if bytes.len() < self.limit {
                bytes.push(byte);
            } else {
                is_whole = false;
                if stops_at_limit {
                    break;
                }
            }
            self.skip()?;
            let is_plain = !std::mem::take(&mut is_escaped);
            match byte {
                b'\\' if in_string => is_escaped = is_plain,
                b'"' if is_plain => in_string = !in_string,
                b'[' | b'{' if !in_string => depth += 1,
                b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 && !in_string && matches!(byte, b'"' | b']' | b'}') {
                break;
            }
        }
        Ok((bytes, is_whole))
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        match self.again.front() {
            Some(byte) => Ok(Some(*byte)),
            None => Ok(self.reader.fill_buf()?.first().copied()),
        }
    }

    /// Leaves the byte behind that was seen last.
    fn skip(&mut self) -> io::Result<()> {
        if self.again.pop_front().is_none() {
            self.reader.consume(1);
        }
        Ok(())
    }
}

impl<R: BufRead> Iterator for JsonParts<R> {
    type Item = io::Result<Part>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_part().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(input: &str, limit: usize) -> Vec<(String, Option<String>)> {
        let is_wrapper = |members: &Map<String, Value>| members.contains_key("results");
        let reader = io::BufReader::with_capacity(3, input.as_bytes());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        JsonParts::new(reader, limit, is_wrapper)
            .map(Result::unwrap)
            .map(|part| (part.member, part.bytes.map(text)))
            .collect()
    }

    fn plain(texts: &[&str]) -> Vec<(String, Option<String>)> {
        texts.iter().map(|text| (String::new(), Some((*text).to_owned()))).collect()
    }

    #[test]
    fn arrays_values_in_a_row_and_wrappers_are_taken_apart() {
        assert_eq!(parts(r#" [{"a": "]\"}"}, 2 ,[3]] "#, 99), plain(&[r#"{"a": "]\"}"}"#, "2", "[3]"]));
        assert_eq!(parts("{\"a\":1}\n{\n\"b\":2}", 99), plain(&["{\"a\":1}", "{\n\"b\":2}"]));
        let wrapped = parts(r#"{"results": [{"a":1},{"b":2}], "next": null}"#, 99);
        let of = |member: &str, text: &str| (member.to_owned(), Some(text.to_owned()));
        assert_eq!(wrapped, [of("next", "null"), of("results", "{\"a\":1}"), of("results", "{\"b\":2}")]);
    }

    #[test]
    fn what_is_larger_than_the_limit_is_taken_apart_or_told() {
        let of = |member: &str, text: &str| (member.to_owned(), Some(text.to_owned()));
        let large = parts(r#"{"next": "x", "people" : [{"a":1},{"long":"xxxxxxxxxxxxxx"},{"b":2}]}{"c":3}"#, 12);
        let expected =
            [of("next", "\"x\""), of("people", "{\"a\":1}"), ("people".to_owned(), None), of("people", "{\"b\":2}")];
        assert_eq!(large[..4], expected);
        assert_eq!(large[4..], plain(&["{\"c\":3}"]));
    }

    #[test]
    fn what_is_no_json_hides_nothing_and_ends() {
        assert_eq!(parts("[{\"a\": nope}, {\"b\":1}]", 99), plain(&["{\"a\": nope}", "{\"b\":1}"]));
        assert_eq!(parts("[{\"a\": {", 99), plain(&["{\"a\": {"]));
        for junk in ["]", "}}", "\\", "\"", "[}", "{]", ",,", "nul", "[[[", "{\"a\""] {
            assert!(parts(junk, 2).len() <= 3, "{junk}");
        }
        assert_eq!(parts("", 9), []);
    }
}
