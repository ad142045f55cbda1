//! Compiled-in tables as one file: sections ↔ a compressed, hashed frame.
//!
//! A magic word, a BLAKE3 hash of all that follows, and sections that each begin with their length, in one zstd frame.
//! Numbers are little-endian. Invariant: equal sections give equal bytes, and bytes that were changed or cut anywhere are
//! refused before a section is read.

use thiserror::Error;

/// Beyond this level a file hardly shrinks.
const COMPRESSION_LEVEL: i32 = 21;

/// Why a file could not be packed or unpacked. None of these is the sender's fault.
#[derive(Debug, Error)]
pub enum PackedError {
    /// No complete zstd frame.
    #[error("cannot be compressed or decompressed")]
    Compression(#[source] std::io::Error),
    /// Damaged, or of another format.
    #[error("is damaged: {0}")]
    Malformed(&'static str),
}

/// What a file begins with, and how large it may claim to be.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The magic word; its last digit counts the versions of the format.
    pub magic: &'static [u8; 8],
    /// A file that claims to unpack to more bytes is refused before anything is allocated.
    pub max_unpacked_bytes: u64,
}

impl Format {
    /// Packs sections of at most 4 GiB each.
    ///
    /// # Errors
    ///
    /// [`PackedError::Compression`].
    pub fn pack(&self, sections: &[Vec<u8>]) -> Result<Vec<u8>, PackedError> {
        let mut body = Vec::new();
        for section in sections {
            body.extend((section.len() as u32).to_le_bytes());
            body.extend(section);
        }
        let bytes = [self.magic.as_slice(), blake3::hash(&body).as_bytes(), &body].concat();
        zstd::bulk::compress(&bytes, COMPRESSION_LEVEL).map_err(PackedError::Compression)
    }

    /// Unpacks a file.
    ///
    /// # Errors
    ///
    /// [`PackedError`] where it is damaged or of another format.
    pub fn unpack(&self, packed: &[u8]) -> Result<Unpacked, PackedError> {
        let size = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
        let Some(size) = size.filter(|size| *size <= self.max_unpacked_bytes) else {
            return Err(PackedError::Malformed("no size, or beyond every file of its kind"));
        };
        let bytes = zstd::bulk::decompress(packed, size as usize).map_err(PackedError::Compression)?;
        let (magic, rest) = bytes.split_first_chunk().ok_or(PackedError::Malformed("too short"))?;
        let (hash, body) = rest.split_first_chunk::<32>().ok_or(PackedError::Malformed("too short"))?;
        if magic != self.magic {
            return Err(PackedError::Malformed("another format"));
        }
        let found = blake3::hash(body);
        if found.as_bytes() != hash {
            return Err(PackedError::Malformed("its hash is another"));
        }
        Ok(Unpacked { hash: found.to_hex().to_string(), bytes })
    }
}

/// A file whose hash was right.
pub struct Unpacked {
    /// Hash of the content, in hexadecimal digits.
    pub hash: String,
    bytes: Vec<u8>,
}

impl Unpacked {
    /// The sections, to be read in the order in which they were packed.
    pub fn sections(&self) -> Sections<'_> {
        Sections { rest: &self.bytes[40..] }
    }
}

/// The sections that are still to be read.
pub struct Sections<'b> {
    rest: &'b [u8],
}

impl<'b> Sections<'b> {
    /// The next section as it is. (Each reader gives [`PackedError::Malformed`] where the section is not what it must be.)
    pub fn bytes(&mut self) -> Result<&'b [u8], PackedError> {
        let cut_off = PackedError::Malformed("cut off");
        let Some((length, rest)) = self.rest.split_first_chunk() else { return Err(cut_off) };
        let Some((section, rest)) = rest.split_at_checked(u32::from_le_bytes(*length) as usize) else {
            return Err(cut_off);
        };
        self.rest = rest;
        Ok(section)
    }

    /// The next section as numbers.
    pub fn numbers(&mut self) -> Result<Vec<u32>, PackedError> {
        match self.bytes()?.as_chunks() {
            (numbers, []) => Ok(numbers.iter().map(|number| u32::from_le_bytes(*number)).collect()),
            _ => Err(PackedError::Malformed("half a number")),
        }
    }

    /// The next section as what [`column()`] was given.
    pub fn column(&mut self) -> Result<Vec<u32>, PackedError> {
        let (width, bytes) = self.bytes()?.split_first().ok_or(PackedError::Malformed("a column without a width"))?;
        match width {
            1 => Ok(bytes.iter().map(|byte| u32::from(*byte)).collect()),
            2 => widened(bytes, |low: [u8; 2]| u32::from(u16::from_le_bytes(low))),
            3 => widened(bytes, |[low, middle, high]: [u8; 3]| u32::from_le_bytes([low, middle, high, 0])),
            4 => widened(bytes, u32::from_le_bytes),
            _ => Err(PackedError::Malformed("a column of another width")),
        }
    }

    /// The next section as ends of pieces of which each begins where the one before ends: what [`lengths`] gave.
    pub fn ends(&mut self) -> Result<Vec<u32>, PackedError> {
        summed(self.numbers()?)
    }

    /// Likewise of what [`narrow_lengths`] gave.
    pub fn narrow_ends(&mut self) -> Result<Vec<u32>, PackedError> {
        summed(self.column()?)
    }

    /// The next section as text.
    pub fn text(&mut self) -> Result<&'b str, PackedError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| PackedError::Malformed("a text that is no UTF-8"))
    }
}

/// A section of numbers.
pub fn numbers(numbers: impl IntoIterator<Item = u32>) -> Vec<u8> {
    numbers.into_iter().flat_map(u32::to_le_bytes).collect()
}

/// A section of numbers in as few bytes each as the greatest takes, behind one byte that tells how many.
pub fn column(numbers: &[u32]) -> Vec<u8> {
    let greatest = numbers.iter().copied().max().unwrap_or(0);
    let width = (4 - greatest.leading_zeros() as usize / 8).max(1);
    let bytes = numbers.iter().flat_map(|number| number.to_le_bytes().into_iter().take(width));
    std::iter::once(width as u8).chain(bytes).collect()
}

/// Numbers of so many bytes each.
fn widened<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> u32) -> Result<Vec<u32>, PackedError> {
    match bytes.as_chunks() {
        (numbers, []) => Ok(numbers.iter().map(|bytes| number(*bytes)).collect()),
        _ => Err(PackedError::Malformed("half a number")),
    }
}

/// A section of ends, stored as lengths: small numbers shrink better.
pub fn lengths(ends: &[u32]) -> Vec<u8> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    numbers(ends.iter().zip(starts).map(|(end, start)| end - start))
}

/// Likewise as a [`column()`], which is read faster.
pub fn narrow_lengths(ends: &[u32]) -> Vec<u8> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    column(&ends.iter().zip(starts).map(|(end, start)| end - start).collect::<Vec<_>>())
}

/// Lengths → ends.
fn summed(mut lengths: Vec<u32>) -> Result<Vec<u32>, PackedError> {
    let mut end = 0u64;
    for length in &mut lengths {
        end += u64::from(*length);
        *length = end as u32;
    }
    // The sum only grows, so that its end tells whether it ever went too far.
    if end > u64::from(u32::MAX) { Err(PackedError::Malformed("pieces beyond every length")) } else { Ok(lengths) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: Format = Format { magic: b"ltests01", max_unpacked_bytes: 1 << 12 };

    #[test]
    fn sections_come_back() {
        let columns = [vec![7, 255], vec![256], vec![0, 1 << 16], vec![1 << 24], vec![]];
        let mut sections = vec![numbers([7, 1 << 30]), lengths(&[2, 2, 9]), narrow_lengths(&[2, 2, 400])];
        sections.extend(["für".into(), vec![1]]);
        sections.extend(columns.iter().map(|numbers| column(numbers)));
        let packed = FORMAT.pack(&sections).unwrap();
        let unpacked = FORMAT.unpack(&packed).unwrap();
        let mut sections = unpacked.sections();
        assert_eq!(sections.numbers().unwrap(), [7, 1 << 30]);
        assert_eq!(sections.ends().unwrap(), [2, 2, 9]);
        assert_eq!(sections.narrow_ends().unwrap(), [2, 2, 400]);
        assert_eq!(sections.text().unwrap(), "für");
        assert_eq!(sections.bytes().unwrap(), [1]);
        for column in columns {
            assert_eq!(sections.column().unwrap(), column);
        }
        assert!(matches!(sections.bytes(), Err(PackedError::Malformed("cut off"))));
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let packed = FORMAT.pack(&[numbers([7])]).unwrap();
        let content = FORMAT.unpack(&packed).unwrap().bytes;
        let other = Format { magic: b"ltests02", ..FORMAT };
        assert!(matches!(other.unpack(&packed), Err(PackedError::Malformed("another format"))));
        let small = Format { max_unpacked_bytes: 8, ..FORMAT };
        assert!(small.unpack(&packed).is_err());
        for at in 0..packed.len() {
            assert!(FORMAT.unpack(&packed[..at]).is_err());
            let mut changed = packed.clone();
            changed[at] ^= 0x10;
            // What zstd does not look at changes nothing.
            assert!(FORMAT.unpack(&changed).map_or(true, |unpacked| unpacked.bytes == content));
        }
        let sections = [vec![1, 2, 3], vec![0xff], numbers([u32::MAX, 1]), vec![], vec![5, 1], vec![2, 1]];
        let odd = FORMAT.pack(&sections).unwrap();
        let odd = FORMAT.unpack(&odd).unwrap();
        let mut sections = odd.sections();
        assert!(sections.numbers().is_err());
        assert!(sections.text().is_err());
        assert!(sections.ends().is_err());
        (0..3).for_each(|_| assert!(sections.column().is_err()));
    }
}
