//! Files that survive power loss.
//!
//! Bytes → a file that is on disk under its name when the call returns, and the seal (length and BLAKE3 hash) by which it
//! is recognised later. Every step that a crash can fall between goes through [`step`], so that tests can stop there.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::VectorIndexError;

/// The length and hash of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seal {
    bytes: u64,
    blake3: String,
}

impl Seal {
    /// The length of the file in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// A reader or writer that hashes what passes through.
pub(super) struct Sealing<W> {
    inner: W,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl<W> Sealing<W> {
    fn new(inner: W) -> Self {
        Self { inner, hasher: blake3::Hasher::new(), bytes: 0 }
    }

    fn seal(&self) -> Seal {
        Seal { bytes: self.bytes, blake3: self.hasher.finalize().to_hex().to_string() }
    }

    fn count(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.count(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Sealing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count(&buffer[..read]);
        Ok(read)
    }
}

/// Creates a file and brings it to disk. Its directory entry still needs [`sync_directory`].
pub(super) fn write(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Seal, VectorIndexError> {
    let written = || {
        step()?;
        let mut file = Sealing::new(BufWriter::with_capacity(1 << 20, File::create(path)?));
        fill(&mut file)?;
        step()?;
        file.flush()?;
        file.inner.get_ref().sync_all()?;
        step()?;
        Ok(file.seal())
    };
    written().map_err(VectorIndexError::io("write", path))
}

/// Reads a file of a known seal: `take` copies the bytes without looking at them, and its result counts only if the seal
/// turns out right.
pub(super) fn read<T>(
    path: &Path,
    seal: &Seal,
    take: impl FnOnce(&mut dyn Read) -> io::Result<T>,
) -> Result<T, VectorIndexError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(VectorIndexError::corrupt(path, "it is missing"));
        }
        opened => opened.map_err(VectorIndexError::io("open", path))?,
    };
    let length = file.metadata().map_err(VectorIndexError::io("read", path))?.len();
    if length != seal.bytes {
        return Err(VectorIndexError::corrupt(path, "its length is not the one it was written with"));
    }
    let mut file = Sealing::new(BufReader::with_capacity(1 << 20, file));
    let taken = take(&mut file).and_then(|taken| io::copy(&mut file, &mut io::sink()).map(|_| taken));
    let taken = taken.map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => VectorIndexError::corrupt(path, "it holds less than the manifest says"),
        _ => VectorIndexError::io("read", path)(error),
    })?;
    if file.seal() != *seal {
        return Err(VectorIndexError::corrupt(path, "its checksum is not the one it was written with"));
    }
    Ok(taken)
}

/// Checks a file of a known seal.
pub(super) fn verify(path: &Path, seal: &Seal) -> Result<(), VectorIndexError> {
    read(path, seal, |file| io::copy(file, &mut io::sink()).map(|_| ()))
}

/// Brings a file that somebody else wrote to disk, and seals it.
pub(super) fn adopt(path: &Path) -> Result<Seal, VectorIndexError> {
    let adopted = || {
        step()?;
        let file = File::open(path)?;
        file.sync_all()?;
        let mut file = Sealing::new(file);
        io::copy(&mut file, &mut io::sink())?;
        Ok(file.seal())
    };
    adopted().map_err(VectorIndexError::io("write", path))
}

/// Puts `contents` under `name` in one switch: before a crash the old contents, after it the new, never a mixture.
pub(super) fn replace(directory: &Path, name: &str, contents: &[u8]) -> Result<(), VectorIndexError> {
    let path = directory.join(name);
    let temporary = directory.join(format!("{name}.tmp"));
    write(&temporary, |file| file.write_all(contents))?;
    fs::rename(&temporary, &path).map_err(VectorIndexError::io("rename", &path))?;
    step().map_err(VectorIndexError::io("rename", &path))?;
    sync_directory(directory)
}

/// Brings the entries of a directory to disk.
pub(super) fn sync_directory(directory: &Path) -> Result<(), VectorIndexError> {
    let synced = || {
        step()?;
        File::open(directory)?.sync_all()
    };
    synced().map_err(VectorIndexError::io("write", directory))
}

/// A point at which a test may pull the plug.
#[cfg(not(test))]
fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
pub(super) use faults::step;

/// The plug, for each test thread.
#[cfg(test)]
pub(super) mod faults {
    use std::cell::Cell;
    use std::io;

    thread_local! {
        static STEPS_LEFT: Cell<Option<usize>> = const { Cell::new(None) };
        static FAILED: Cell<bool> = const { Cell::new(false) };
    }

    /// Fails from the step after the next `steps` on, as a process does that is no more.
    pub(in super::super) fn fail_after(steps: usize) {
        STEPS_LEFT.set(Some(steps));
    }

    /// Lets every step pass again. Tells whether a step had failed.
    pub(in super::super) fn heal() -> bool {
        STEPS_LEFT.set(None);
        FAILED.take()
    }

    pub(in super::super) fn step() -> io::Result<()> {
        match STEPS_LEFT.get() {
            None => Ok(()),
            Some(0) => {
                FAILED.set(true);
                Err(io::Error::other("the plug was pulled"))
            }
            Some(left) => {
                STEPS_LEFT.set(Some(left - 1));
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_file_is_read_only_as_it_was_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let seal = write(&path, |file| file.write_all(b"vectors")).unwrap();
        let take = |file: &mut dyn Read| {
            let mut first = [0; 3];
            file.read_exact(&mut first).map(|()| first)
        };
        assert_eq!(&read(&path, &seal, take).unwrap(), b"vec");
        assert_eq!(adopt(&path).unwrap(), seal);

        for damaged in [&b"vectorz"[..], b"vector", b""] {
            fs::write(&path, damaged).unwrap();
            assert!(matches!(read(&path, &seal, take), Err(VectorIndexError::Corrupt { .. })));
        }
        fs::remove_file(&path).unwrap();
        assert!(matches!(verify(&path, &seal), Err(VectorIndexError::Corrupt { .. })));
    }

    #[test]
    fn replacing_shows_the_old_or_the_new() {
        let directory = tempfile::tempdir().unwrap();
        replace(directory.path(), "name", b"old").unwrap();
        let mut steps = 0;
        loop {
            faults::fail_after(steps);
            let replaced = replace(directory.path(), "name", b"new");
            let failed = faults::heal();
            assert_eq!(replaced.is_err(), failed);
            let seen = fs::read(directory.path().join("name")).unwrap();
            assert!(seen == b"new" || (failed && seen == b"old"));
            if !failed {
                break;
            }
            steps += 1;
        }
        assert!(steps >= 5, "{steps}");
    }
}
