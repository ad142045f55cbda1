//! A segment as a file.
//!
//! Little-endian: the keys (u32 each), the number of the row of each key (u32 each), the rows (i16 each). The counts and the seal stand
//! in the manifest, so that reading is mere copying until the seal has been found right. Codes are derived again.

use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::durable::{self, Seal};
use super::error::VectorIndexError;
use super::segment::Segment;

/// How many bytes are converted at a time.
const CHUNK: usize = 1 << 16;

/// What the manifest says of a segment file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SegmentRecord {
    keys: u32,
    rows: u32,
    seal: Seal,
}

/// Writes a segment and brings it to disk.
pub(super) fn write(path: &Path, segment: &Segment) -> Result<SegmentRecord, VectorIndexError> {
    let seal = durable::write(path, |file| {
        put(file, segment.keys(), u32::to_le_bytes)?;
        put(file, segment.row_of_rank(), u32::to_le_bytes)?;
        put(file, segment.values(), i16::to_le_bytes)
    })?;
    Ok(SegmentRecord { keys: segment.keys().len() as u32, rows: segment.rows() as u32, seal })
}

/// Reads a segment with rows of `stride` values.
pub(super) fn read(path: &Path, record: &SegmentRecord, stride: usize) -> Result<Segment, VectorIndexError> {
    let (keys, rows) = (record.keys as usize, record.rows as usize);
    // Checked before memory is set aside for so many.
    if record.seal.bytes() != keys as u64 * 8 + rows as u64 * stride as u64 * 2 {
        return Err(VectorIndexError::corrupt(path, "its length does not fit its number of keys and vectors"));
    }
    let (keys, row_of_rank, values) = durable::read(path, &record.seal, |file| {
        Ok((
            take(file, keys, u32::from_le_bytes)?,
            take(file, keys, u32::from_le_bytes)?,
            take(file, rows * stride, i16::from_le_bytes)?,
        ))
    })?;
    Segment::from_parts(stride, keys, row_of_rank, values).map_err(|reason| VectorIndexError::corrupt(path, reason))
}

fn put<T: Copy, const N: usize>(file: &mut dyn Write, values: &[T], bytes: fn(T) -> [u8; N]) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(CHUNK);
    for chunk in values.chunks(CHUNK / N) {
        buffer.clear();
        buffer.extend(chunk.iter().flat_map(|value| bytes(*value)));
        file.write_all(&buffer)?;
    }
    Ok(())
}

fn take<T, const N: usize>(file: &mut dyn Read, count: usize, value: fn([u8; N]) -> T) -> io::Result<Vec<T>> {
    let mut values = Vec::with_capacity(count);
    let mut buffer = vec![0; CHUNK / N * N];
    while values.len() < count {
        let wanted = buffer.len().min((count - values.len()) * N);
        file.read_exact(&mut buffer[..wanted])?;
        let (chunks, _) = buffer[..wanted].as_chunks::<N>();
        values.extend(chunks.iter().map(|bytes| value(*bytes)));
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_survives_the_way_to_disk_and_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("segment");
        let rows: Vec<Vec<i16>> = (0..9000).map(|row| vec![row % 4000; 16]).collect();
        let pairs = rows.iter().enumerate().map(|(key, row)| (key as u32 * 3, row.as_slice()));
        let segment = Segment::of(16, pairs);
        let record = write(&path, &segment).unwrap();
        let back = read(&path, &record, 16).unwrap();
        assert_eq!(back.rows(), 4000);
        assert_eq!(back.keys(), segment.keys());
        assert_eq!(back.row_of_rank(), segment.row_of_rank());
        assert_eq!(back.values(), segment.values());
    }

    #[test]
    fn a_record_that_does_not_fit_the_file_is_damage() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("segment");
        let record = write(&path, &Segment::of(16, [(1, &[0; 16][..])].into_iter())).unwrap();
        assert!(read(&path, &record, 16).is_ok());
        for (keys, rows) in [(9, 1), (1, 0), (5, 0), (u32::MAX, u32::MAX)] {
            let forged = SegmentRecord { keys, rows, ..record.clone() };
            let error = read(&path, &forged, 16).unwrap_err();
            assert!(matches!(error, VectorIndexError::Corrupt { .. }), "{error}");
        }
    }
}
