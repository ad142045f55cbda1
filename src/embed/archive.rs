//! Files of tensors: safetensors inside zstd.
//!
//! Input: bytes of a `.safetensors.zst` file, one or more zstd frames that each declare their size. Output: named
//! tensors of checked type and shape. Frames are decompressed in parallel; each carries a checksum.

use half::bf16;
use rayon::prelude::*;
use safetensors::tensor::{Metadata, TensorInfo};
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use zstd::zstd_safe;

use super::EmbedError;

/// A file that claims to unpack to more than this is refused before anything is allocated.
const MAX_UNPACKED_BYTES: u64 = 1 << 30;

/// Large inputs are cut into frames of this size, so that several threads can unpack one file.
const FRAME_BYTES: usize = 9 << 20;

/// An unpacked file of tensors.
pub(super) struct Archive {
    file: &'static str,
    bytes: Vec<u8>,
    metadata: Metadata,
    data_start: usize,
}

impl Archive {
    /// Decompresses `packed`; `file` names it in errors.
    pub(super) fn unpack(file: &'static str, packed: &[u8]) -> Result<Self, EmbedError> {
        let bytes = decompress(packed).map_err(|source| EmbedError::Compression { file, source })?;
        let (header, metadata) =
            SafeTensors::read_metadata(&bytes).map_err(|source| EmbedError::Tensors { file, source })?;
        Ok(Self { file, bytes, metadata, data_start: header + size_of::<u64>() })
    }

    /// Whether there is a tensor of this name.
    pub(super) fn has(&self, tensor: &str) -> bool {
        self.metadata.info(tensor).is_some()
    }

    /// The shape of a tensor.
    pub(super) fn shape(&self, tensor: &str) -> Result<&[usize], EmbedError> {
        Ok(&self.info(tensor)?.shape)
    }

    /// The bytes of a tensor of exactly this type and shape.
    pub(super) fn bytes(&self, tensor: &str, dtype: Dtype, shape: &[usize]) -> Result<&[u8], EmbedError> {
        let info = self.info(tensor)?;
        if info.dtype != dtype || info.shape != shape {
            return Err(self.misfit(tensor));
        }
        let (from, to) = info.data_offsets;
        Ok(&self.bytes[self.data_start + from..self.data_start + to])
    }

    /// A tensor of 32-bit floats.
    pub(super) fn floats(&self, tensor: &str, shape: &[usize]) -> Result<Vec<f32>, EmbedError> {
        let bytes = self.bytes(tensor, Dtype::F32, shape)?;
        Ok(bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect())
    }

    /// A tensor of bfloat16.
    pub(super) fn brain_floats(&self, tensor: &str, shape: &[usize]) -> Result<Vec<bf16>, EmbedError> {
        let bytes = self.bytes(tensor, Dtype::BF16, shape)?;
        Ok(bytes.as_chunks().0.iter().map(|two| bf16::from_le_bytes(*two)).collect())
    }

    /// A tensor of unsigned 32-bit integers.
    pub(super) fn integers(&self, tensor: &str, shape: &[usize]) -> Result<Vec<u32>, EmbedError> {
        let bytes = self.bytes(tensor, Dtype::U32, shape)?;
        Ok(bytes.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect())
    }

    /// The error that says that a tensor contradicts the model.
    pub(super) fn misfit(&self, tensor: &str) -> EmbedError {
        EmbedError::Shape { file: self.file, tensor: tensor.to_owned() }
    }

    fn info(&self, tensor: &str) -> Result<&TensorInfo, EmbedError> {
        let missing = || SafeTensorError::TensorNotFound(tensor.to_owned());
        self.metadata.info(tensor).ok_or_else(|| EmbedError::Tensors { file: self.file, source: missing() })
    }
}

/// Compresses into frames that [`Archive::unpack`] reads in parallel. The same bytes and level give the same result.
pub(super) fn compress(bytes: &[u8], level: i32) -> std::io::Result<Vec<u8>> {
    let frames: Vec<Vec<u8>> = bytes
        .par_chunks(FRAME_BYTES)
        .map(|chunk| {
            let mut compressor = zstd::bulk::Compressor::new(level)?;
            compressor.include_checksum(true)?;
            compressor.compress(chunk)
        })
        .collect::<std::io::Result<_>>()?;
    Ok(frames.concat())
}

fn decompress(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let frames = frames(packed)?;
    let mut unpacked = vec![0; frames.iter().map(|(_, size)| size).sum()];
    let mut rest = unpacked.as_mut_slice();
    let mut work = Vec::with_capacity(frames.len());
    for (frame, size) in frames {
        let (target, tail) = rest.split_at_mut(size);
        work.push((frame, target));
        rest = tail;
    }
    work.into_par_iter().try_for_each(|(frame, target)| {
        let written = zstd::bulk::decompress_to_buffer(frame, target)?;
        if written == target.len() { Ok(()) } else { Err(damaged("a frame is shorter than it declares")) }
    })?;
    Ok(unpacked)
}

/// Splits a stream into its frames, each with its unpacked size.
fn frames(mut packed: &[u8]) -> std::io::Result<Vec<(&[u8], usize)>> {
    let mut frames = Vec::new();
    let mut total = 0u64;
    while !packed.is_empty() {
        let length = zstd_safe::find_frame_compressed_size(packed).map_err(|_| damaged("a frame is cut off"))?;
        let size = zstd_safe::get_frame_content_size(packed).ok().flatten().ok_or_else(|| damaged("no size"))?;
        total = total.saturating_add(size);
        if total > MAX_UNPACKED_BYTES {
            return Err(damaged("the unpacked size is beyond every model"));
        }
        let (frame, rest) = packed.split_at(length);
        frames.push((frame, size as usize));
        packed = rest;
    }
    Ok(frames)
}

fn damaged(reason: &'static str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacks_what_was_compressed_over_several_frames() {
        let bytes: Vec<u8> = (0..2 * FRAME_BYTES + 5).map(|at| (at % 251) as u8).collect();
        let packed = compress(&bytes, 1).unwrap();
        assert_eq!(frames(&packed).unwrap().len(), 3);
        assert!(decompress(&packed).unwrap() == bytes);
    }

    #[test]
    fn refuses_damaged_bytes() {
        let mut packed = compress(&[7; 10_000], 1).unwrap();
        assert!(decompress(&packed[..packed.len() - 1]).is_err(), "cut off");
        let last = packed.len() - 1;
        packed[last] ^= 1;
        assert!(decompress(&packed).is_err(), "checksum");
        assert!(decompress(b"no zstd at all").is_err());
        assert!(matches!(Archive::unpack("empty", &[]), Err(EmbedError::Tensors { .. })));
    }
}
