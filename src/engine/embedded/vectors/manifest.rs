//! Which files make up the index, and which change-log number they have reached.
//!
//! One file, replaced in one switch: a first line with the format and the BLAKE3 hash of the rest, then JSON. The hash is checked before
//! the JSON is looked at. Tombstones stand in the manifest, so that a commit is this one switch.

use std::fs;
use std::io;
use std::path::Path;

use roaring::RoaringBitmap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::durable;
use super::error::VectorIndexError;
use super::graph::GraphRecord;
use super::segment_file::SegmentRecord;

/// The name of the file.
pub(super) const NAME: &str = "manifest";

const TITLE: &str = "lodestone vectors ";
const FORMAT: &str = "1";

/// The durable state of an index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    pub(super) model_version: String,
    pub(super) dimensions: usize,
    pub(super) committed_seq: u64,
    /// Numbers below this one may have been given to files.
    pub(super) next_id: u64,
    pub(super) segments: Vec<SegmentEntry>,
}

/// A sealed segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SegmentEntry {
    pub(super) id: u64,
    pub(super) file: SegmentRecord,
    /// The keys of the segment that were deleted or moved on, as the hexadecimal form of a serialised bitmap.
    #[serde(serialize_with = "to_hex", deserialize_with = "from_hex")]
    pub(super) dead: RoaringBitmap,
    pub(super) graph: Option<GraphRecord>,
}

impl Manifest {
    /// Reads the manifest of a directory. `None` if there is none.
    pub(super) fn read(directory: &Path) -> Result<Option<Self>, VectorIndexError> {
        let path = directory.join(NAME);
        let contents = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(VectorIndexError::io("read", &path))?,
        };
        let corrupt = |reason| VectorIndexError::corrupt(&path, reason);
        let title = contents.strip_prefix(TITLE.as_bytes()).ok_or_else(|| corrupt("it does not begin as one"))?;
        let end = title.iter().position(|byte| *byte == b'\n').ok_or_else(|| corrupt("its first line has no end"))?;
        let (line, body) = (&title[..end], &title[end + 1..]);
        let line = std::str::from_utf8(line).map_err(|_| corrupt("its first line is not text"))?;
        let (format, hash) = line.split_once(' ').ok_or_else(|| corrupt("its first line has no checksum"))?;
        if format != FORMAT {
            return Err(VectorIndexError::OtherFormat { path });
        }
        if blake3::hash(body).to_hex().as_str() != hash {
            return Err(corrupt("its checksum does not hold"));
        }
        serde_json::from_slice(body).map(Some).map_err(|_| corrupt("its contents are not those of a manifest"))
    }

    /// Makes this the manifest of a directory. On disk when the call returns.
    pub(super) fn write(&self, directory: &Path) -> Result<(), VectorIndexError> {
        let path = directory.join(NAME);
        let body = serde_json::to_vec(self).map_err(io::Error::from).map_err(VectorIndexError::io("write", &path))?;
        let mut contents = format!("{TITLE}{FORMAT} {}\n", blake3::hash(&body).to_hex()).into_bytes();
        contents.extend(body);
        durable::replace(directory, NAME, &contents)
    }
}

fn to_hex<S: Serializer>(keys: &RoaringBitmap, serializer: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(keys.serialized_size());
    keys.serialize_into(&mut bytes).map_err(serde::ser::Error::custom)?;
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex: String = digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect();
    serializer.serialize_str(&hex)
}

fn from_hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RoaringBitmap, D::Error> {
    let hex = String::deserialize(deserializer)?;
    let digits: Option<Vec<u32>> = hex.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.ok_or_else(|| D::Error::custom("not hexadecimal"))?;
    let bytes: Vec<u8> =
        digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | *digit as u8)).collect();
    RoaringBitmap::deserialize_from(bytes.as_slice()).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            model_version: "model 1".into(),
            dimensions: 256,
            committed_seq: 42,
            next_id: 7,
            segments: Vec::new(),
        }
    }

    fn entry(directory: &Path) -> SegmentEntry {
        let segment = super::super::segment::Segment::of(16, [(70_000, &[1; 16][..])].into_iter());
        let file = super::super::segment_file::write(&directory.join("segment-3"), &segment).unwrap();
        SegmentEntry { id: 3, file, dead: [1, 70_000].into_iter().collect(), graph: None }
    }

    #[test]
    fn survives_the_way_to_disk_and_back() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(Manifest::read(directory.path()).unwrap(), None);
        let written = Manifest { segments: vec![entry(directory.path())], ..manifest() };
        written.write(directory.path()).unwrap();
        assert_eq!(Manifest::read(directory.path()).unwrap(), Some(written));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        Manifest { segments: vec![entry(directory.path())], ..manifest() }.write(directory.path()).unwrap();
        let path = directory.path().join(NAME);
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut flipped = good.clone();
            flipped[at] ^= 1 << (at % 8);
            fs::write(&path, &flipped).unwrap();
            assert!(Manifest::read(directory.path()).unwrap_err().needs_rebuild(), "flipped at {at}");
            fs::write(&path, &good[..at]).unwrap();
            assert!(Manifest::read(directory.path()).unwrap_err().needs_rebuild(), "cut at {at}");
        }
    }

    #[test]
    fn another_format_is_named_as_such() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(NAME), "lodestone vectors 2 0\n{}").unwrap();
        let error = Manifest::read(directory.path()).unwrap_err();
        assert!(matches!(error, VectorIndexError::OtherFormat { .. }), "{error}");
    }
}
