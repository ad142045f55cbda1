//! Uploads that wait for somebody to say how they are read: tables whose columns are looked at first.
//!
//! Invariants: a draft is no task, promises nothing and is gone after a while, or with the process; there are only a few at a time, the oldest
//! goes first.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use super::Upload;

/// How long a draft waits.
const KEPT: Duration = Duration::from_secs(3_600);

/// Drafts at a time.
const MOST: usize = 16;

struct Draft {
    upload: Upload,
    file_name: String,
    since: Instant,
}

/// Uploads that wait.
#[derive(Default)]
pub(super) struct Drafts(Mutex<Vec<Draft>>);

impl Drafts {
    /// Keeps an upload for a while; the name that it is known by.
    pub(super) fn add(&self, upload: Upload, file_name: &str) -> String {
        let name = upload.name().to_owned();
        let mut drafts = self.0.lock();
        drafts.retain(|draft| draft.since.elapsed() < KEPT);
        if drafts.len() == MOST {
            drafts.remove(0);
        }
        drafts.push(Draft { upload, file_name: file_name.to_owned(), since: Instant::now() });
        name
    }

    /// Where the file of a draft is, and what it is called.
    pub(super) fn file(&self, name: &str) -> Option<(PathBuf, String)> {
        let drafts = self.0.lock();
        let draft = drafts.iter().find(|draft| draft.upload.name() == name)?;
        Some((draft.upload.path().to_owned(), draft.file_name.clone()))
    }

    /// Takes a draft out: it is wanted, or no longer.
    pub(super) fn take(&self, name: &str) -> Option<(Upload, String)> {
        let mut drafts = self.0.lock();
        let at = drafts.iter().position(|draft| draft.upload.name() == name)?;
        let draft = drafts.remove(at);
        Some((draft.upload, draft.file_name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::uploads::Uploads;

    #[test]
    fn the_oldest_draft_goes_first_with_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let uploads = Uploads::new(dir.path());
        let drafts = Drafts::default();
        let names: Vec<String> = (0..=MOST)
            .map(|_| drafts.add(uploads.receive("a.csv", jiff::Timestamp::UNIX_EPOCH).unwrap(), "a.csv"))
            .collect();
        assert_eq!(drafts.file(&names[0]), None);
        let (path, name) = drafts.file(&names[1]).unwrap();
        assert!(path.exists() && name == "a.csv");
        assert_eq!(std::fs::read_dir(dir.path().join("tasks")).unwrap().count(), MOST);
        drop(drafts.take(&names[1]).unwrap());
        assert!(!path.exists() && drafts.take(&names[1]).is_none());
    }
}
