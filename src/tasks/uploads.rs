//! Files that tasks read and write: what was uploaded, and what was rejected of it.
//!
//! `DIR/tasks/<name>/` holds the upload under its own file name and `rejects.ndjson`. Invariants: an upload that is acknowledged is on the
//! device; a folder that no task names goes at the next look, unless it is just being filled.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::Mutex;

/// The largest upload, in bytes.
pub const MAX_UPLOAD_BYTES: u64 = 16 << 30;

/// The longest file name of an upload, in bytes.
const MAX_NAME_BYTES: usize = 200;

const REJECTS: &str = "rejects.ndjson";

/// The folder of uploads of a data directory.
#[derive(Debug, Clone)]
pub(super) struct Uploads {
    dir: PathBuf,
    being_filled: Arc<Mutex<BTreeSet<String>>>,
    next: Arc<AtomicU64>,
}

/// An upload that is being received. Dropped before it is kept, it leaves nothing.
pub struct Upload {
    uploads: Uploads,
    name: String,
    path: PathBuf,
    file: Option<File>,
    written: u64,
    is_kept: bool,
}

impl Uploads {
    /// The folder, which is made when something comes.
    pub(super) fn new(data_dir: &Path) -> Self {
        Self { dir: data_dir.join("tasks"), being_filled: Arc::default(), next: Arc::default() }
    }

    /// Begins to receive a file. `file_name` is what it is called: letters, digits, `.`, `-`, `_` and spaces of it are kept.
    pub(super) fn receive(&self, file_name: &str, now: jiff::Timestamp) -> io::Result<Upload> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{}-{number}", now.as_millisecond(), std::process::id());
        self.being_filled.lock().insert(name.clone());
        let folder = self.dir.join(&name);
        fs::create_dir_all(&folder)?;
        let path = folder.join(safe_name(file_name));
        let file = File::create(&path)?;
        Ok(Upload { uploads: self.clone(), name, path, file: Some(file), written: 0, is_kept: false })
    }

    /// The path of a received file.
    pub(super) fn input(&self, name: &str, file_name: &str) -> PathBuf {
        self.dir.join(name).join(safe_name(file_name))
    }

    /// The path of the rejects of a task.
    pub(super) fn rejects(&self, name: &str) -> PathBuf {
        self.dir.join(name).join(REJECTS)
    }

    /// Removes what was received, once it is worked off. Its rejects stay.
    pub(super) fn remove_input(&self, name: &str, file_name: &str) -> io::Result<()> {
        match fs::remove_file(self.input(name, file_name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes the folders that none of `named` names and that are not just being filled.
    pub(super) fn collect(&self, named: &BTreeSet<String>) -> io::Result<()> {
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !named.contains(&name) && !self.being_filled.lock().contains(&name) {
                fs::remove_dir_all(self.dir.join(name))?;
            }
        }
        Ok(())
    }
}

impl Upload {
    /// Adds bytes; false where there are more than are taken.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<bool> {
        self.written += bytes.len() as u64;
        if self.written > MAX_UPLOAD_BYTES {
            return Ok(false);
        }
        if let Some(file) = &mut self.file {
            file.write_all(bytes)?;
        }
        Ok(true)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name of its folder.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Bytes so far.
    pub fn len(&self) -> u64 {
        self.written
    }

    /// Whether nothing came.
    pub fn is_empty(&self) -> bool {
        self.written == 0
    }

    /// Puts it on the device and gives the name that a task knows it by. It is safe from being collected until it is dropped.
    pub(super) fn keep(&mut self) -> io::Result<String> {
        if let Some(file) = self.file.take() {
            file.sync_all()?;
        }
        for folder in [self.uploads.dir.join(&self.name), self.uploads.dir.clone()] {
            File::open(folder)?.sync_all()?;
        }
        self.is_kept = true;
        Ok(self.name.clone())
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_taken = Upload::write(self, bytes)?;
        if is_taken { Ok(bytes.len()) } else { Err(io::ErrorKind::FileTooLarge.into()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        drop(self.file.take());
        if !self.is_kept
            && let Err(error) = fs::remove_dir_all(self.uploads.dir.join(&self.name))
        {
            tracing::warn!(%error, "an upload that broke off was not removed");
        }
        self.uploads.being_filled.lock().remove(&self.name);
    }
}

/// A file name without folders and without what file systems or people stumble over; the extension stays.
fn safe_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = |letter: char| letter.is_alphanumeric() || ".-_ ".contains(letter);
    let plain: String = base.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let trimmed = plain.trim_start_matches('.');
    let from = trimmed.char_indices().map(|(at, _)| at).find(|at| trimmed.len() - at <= MAX_NAME_BYTES).unwrap_or(0);
    let name = &trimmed[from..];
    // The rejects lie beside it.
    if name.is_empty() || name == REJECTS { format!("upload-{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        assert_eq!(safe_name("../../etc/passwd.csv"), "passwd.csv");
        assert_eq!(safe_name("C:\\layoff list.xlsx"), "layoff list.xlsx");
        assert_eq!(safe_name("..hidden\u{0}.json"), "hidden_.json");
        assert_eq!(safe_name(""), "upload-");
        assert_eq!(safe_name("rejects.ndjson"), "upload-rejects.ndjson");
        let long = safe_name(&format!("{}.pdf", "ü".repeat(400)));
        assert!(long.len() <= MAX_NAME_BYTES && long.ends_with(".pdf"));
    }

    #[test]
    fn an_upload_that_breaks_off_leaves_nothing_and_a_kept_one_goes_when_nobody_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let uploads = Uploads::new(dir.path());
        let now = jiff::Timestamp::UNIX_EPOCH;
        let mut broken = uploads.receive("a.csv", now).unwrap();
        assert!(broken.write(b"x").unwrap());
        drop(broken);
        let mut kept = uploads.receive("a.csv", now).unwrap();
        kept.write(b"Name\nAda\n").unwrap();
        let name = kept.keep().unwrap();
        // Not named by a task yet, and not collected while the upload is held.
        uploads.collect(&BTreeSet::new()).unwrap();
        drop(kept);
        assert_eq!(fs::read(uploads.input(&name, "a.csv")).unwrap(), b"Name\nAda\n");
        uploads.collect(&BTreeSet::from([name.clone()])).unwrap();
        assert_eq!(fs::read_dir(dir.path().join("tasks")).unwrap().count(), 1);
        uploads.collect(&BTreeSet::new()).unwrap();
        assert_eq!(fs::read_dir(dir.path().join("tasks")).unwrap().count(), 0);
    }
}
