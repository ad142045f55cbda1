//! Streams of a PDF, unpacked within bounds.
//!
//! A stream may unpack to a thousand times its size, and streams may be packed twice. What would exceed the budget of its
//! document is left out.

use std::io::Read;

use flate2::read::ZlibDecoder;
use hayro_syntax::Filter;
use hayro_syntax::object::{Dict, Number, Stream};

/// No packing makes less of a text than this share of it.
const MOST_PACKED: usize = 1_100;

/// The bytes of a stream, where they fit in the budget, which they use up.
pub(super) fn decoded(stream: &Stream<'_>, budget: &mut usize) -> Option<Vec<u8>> {
    let filters = stream.filters();
    let raw = stream.raw_data();
    let has_predictor = stream
        .dict()
        .get::<Dict<'_>>("DecodeParms")
        .and_then(|parameters| parameters.get::<Number>("Predictor"))
        .is_some_and(|predictor| predictor.as_i64() > 1);
    let bytes = match filters.as_slice() {
        [] => raw.into_owned(),
        [Filter::FlateDecode] if !has_predictor => inflated(&raw, *budget)?,
        several => {
            let packings = several
                .iter()
                .filter(|filter| matches!(filter, Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode))
                .count();
            if packings > 1 || packings == 1 && raw.len().saturating_mul(MOST_PACKED) > *budget {
                return None;
            }
            stream.decoded().ok()?.into_owned()
        }
    };
    *budget = budget.checked_sub(bytes.len())?;
    Some(bytes)
}

/// Unpacks; what was unpacked before an error counts. `None` where it is more than `limit`.
fn inflated(packed: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = ZlibDecoder::new(packed).take(limit as u64 + 1).read_to_end(&mut bytes);
    if read.is_err() && bytes.is_empty() {
        return None;
    }
    (bytes.len() <= limit).then_some(bytes)
}

/// Whether the tables of objects, which are unpacked when a file is opened, stay within a limit.
pub(super) fn opens_within(file: &[u8], limit: usize) -> bool {
    let mut left = limit;
    let mut at = 0;
    while let Some(found) = find(&file[at..], b"stream") {
        let start = at + found;
        at = start + b"stream".len();
        if file[..start].ends_with(b"end") {
            continue;
        }
        let head = &file[start.saturating_sub(600)..start];
        let head = &head[rfind(head, b" obj").unwrap_or(0)..];
        if find(head, b"/ObjStm").is_none() && find(head, b"/XRef").is_none() {
            continue;
        }
        let packings = count(head, b"FlateDecode") + count(head, b"LZWDecode") + count(head, b"/Fl ");
        if packings > 1 {
            return false;
        }
        let body = &file[at..];
        let body = body.strip_prefix(b"\r").unwrap_or(body);
        let body = body.strip_prefix(b"\n").unwrap_or(body);
        let mut unpacked = ZlibDecoder::new(body).take(left as u64 + 1);
        let bytes = std::io::copy(&mut unpacked, &mut std::io::sink());
        let bytes = bytes.unwrap_or_else(|_| (left as u64 + 1).saturating_sub(unpacked.limit())) as usize;
        match left.checked_sub(bytes) {
            Some(rest) => left = rest,
            None => return false,
        }
    }
    true
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, wanted)
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::rfind(bytes, wanted)
}

fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    memchr::memmem::find_iter(bytes, wanted).count()
}
