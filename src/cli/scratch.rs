//! A folder for what is thrown away.

use std::path::{Path, PathBuf};

/// A data directory in the folder for temporary files, removed with this value, also after an error.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// One for this process and purpose. Nothing is made yet; what an earlier process of the same number left is removed.
    pub(super) fn new(purpose: &str) -> anyhow::Result<Self> {
        let scratch = Self(std::env::temp_dir().join(format!("lodestone-{purpose}-{}", std::process::id())));
        scratch.remove()?;
        Ok(scratch)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    fn remove(&self) -> std::io::Result<()> {
        if self.0.exists() { std::fs::remove_dir_all(&self.0) } else { Ok(()) }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = self.remove() {
            eprintln!("cannot remove {}: {error}", self.0.display());
        }
    }
}
