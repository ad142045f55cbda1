//! Files that belong together: a folder, or a zip archive.
//!
//! Invariant: no more is unpacked than [`MAX_UNPACKED_BYTES`], whatever the archive says of itself.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use super::ImportError;

/// What all files of an archive may be unpacked to, in bytes.
pub(super) const MAX_UNPACKED_BYTES: u64 = 4 << 30;

/// The most files that are looked at.
const MAX_FILES: usize = 10_000;

/// Whether a path is a zip archive, by its first bytes.
pub(super) fn is_zip(path: &Path) -> bool {
    let mut magic = [0; 4];
    path.is_file()
        && File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok()
        && magic == *b"PK\x03\x04"
}

/// The names of the files of a folder or archive, without hidden ones, sorted.
pub(super) fn names(path: &Path) -> Result<Vec<String>, ImportError> {
    let mut names = if path.is_dir() {
        let visible = visible_files(path)?.into_iter();
        visible.filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned())).collect()
    } else {
        let archive = archive(path)?;
        let named = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
        named.filter(|name| is_visible(name)).collect::<Vec<_>>()
    };
    names.sort();
    names.truncate(MAX_FILES);
    Ok(names)
}

/// Gives every file whose name `wanted` takes to `read`: its name without folders, and its bytes.
pub(super) fn for_each_file(
    path: &Path,
    wanted: impl Fn(&str) -> bool,
    mut read: impl FnMut(&str, &mut dyn BufRead) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let names = names(path)?.into_iter().filter(|name| wanted(base_name(name)));
    if path.is_dir() {
        for name in names {
            let file = File::open(path.join(&name)).map_err(|source| input_error(path, source))?;
            read(&name, &mut BufReader::with_capacity(1 << 16, file))?;
        }
        return Ok(());
    }
    let mut archive = archive(path)?;
    let mut left = MAX_UNPACKED_BYTES;
    for name in names {
        let entry = archive.by_name(&name).map_err(|error| unusable(path, &format!("{name}: {error}")))?;
        let mut bytes = BufReader::with_capacity(1 << 16, Bounded { inner: entry, left: &mut left });
        read(base_name(&name), &mut bytes)?;
    }
    Ok(())
}

/// The file's name without its folders.
pub(super) fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

fn archive(path: &Path) -> Result<zip::ZipArchive<BufReader<File>>, ImportError> {
    let file = File::open(path).map_err(|source| input_error(path, source))?;
    zip::ZipArchive::new(BufReader::new(file)).map_err(|error| unusable(path, &format!("not a whole archive: {error}")))
}

/// The files of a folder, without hidden ones, in no order.
pub(super) fn visible_files(path: &Path) -> Result<Vec<PathBuf>, ImportError> {
    let entries = std::fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>());
    let is_file =
        |path: &PathBuf| path.is_file() && path.file_name().is_some_and(|name| is_visible(&name.to_string_lossy()));
    Ok(entries.map_err(|source| input_error(path, source))?.into_iter().filter(is_file).collect())
}

/// Whether a name of a folder or archive is a file's that is not hidden.
pub(super) fn is_visible(name: &str) -> bool {
    !name.ends_with('/') && !base_name(name).starts_with('.') && !name.starts_with("__MACOSX")
}

fn input_error(path: &Path, source: io::Error) -> ImportError {
    ImportError::Input { place: path.display().to_string(), source }
}

/// The input is not what it is said to be.
pub(super) fn unusable(path: &Path, reason: &str) -> ImportError {
    ImportError::Unusable { place: path.display().to_string(), reason: reason.to_owned() }
}

/// A reader that fails when more comes than there may.
pub(super) struct Bounded<'a, R> {
    pub(super) inner: R,
    /// Bytes that may still come.
    pub(super) left: &'a mut u64,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => *self.left = left,
            None => return Err(io::Error::other("the archive unpacks to more than is taken")),
        }
        Ok(read)
    }
}
