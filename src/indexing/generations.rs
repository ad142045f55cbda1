//! The generations of a data directory: which serves, which can be rolled back to, which is being built.
//!
//! `index/current` and `index/previous` each name a generation. Invariants: a name is replaced by write, sync, rename and sync of the directory;
//! a generation is removed only when neither file names it; a number is never given twice while any directory bears it.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// The generation that a new data directory starts with.
const FIRST: &str = "g1";

const CURRENT: &str = "current";
const PREVIOUS: &str = "previous";

/// What is known of a generation that is being built, in its own directory.
const BUILDING: &str = "building.json";

/// That people are without vectors whom the model could give some: another model embedded while the generation served.
const LACKS_VECTORS: &str = "lacks-vectors";

/// How far deletions have reached a generation that is kept, in its own directory.
const DELETIONS: &str = "deletions";

/// How far a generation has been built, durably.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Building {
    /// The change from which on the log is followed once everybody was read.
    pub(super) from_seq: u64,
    /// The last candidate that was read, by key.
    pub(super) walked_key: u32,
    /// How many were read.
    pub(super) done: u64,
}

/// The folder `index` of a data directory.
#[derive(Debug, Clone)]
pub struct Generations {
    dir: PathBuf,
}

impl Generations {
    /// The generations of a data directory; a new one gets its first.
    pub fn open(data_dir: &Path) -> io::Result<Self> {
        let generations = Self { dir: data_dir.join("index") };
        fs::create_dir_all(&generations.dir)?;
        if generations.named(CURRENT)?.is_none() {
            generations.write(CURRENT, FIRST)?;
        }
        fs::create_dir_all(generations.path(&generations.current()?))?;
        Ok(generations)
    }

    /// The name of the generation that serves.
    pub fn current(&self) -> io::Result<String> {
        self.named(CURRENT)?.ok_or_else(|| io::Error::new(ErrorKind::NotFound, "index/current is gone"))
    }

    /// The name of the generation that served before and is kept, where there is one.
    pub fn previous(&self) -> io::Result<Option<String>> {
        Ok(self.named(PREVIOUS)?.filter(|name| self.path(name).is_dir()))
    }

    /// The directory of a generation.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The generation that was begun and not published, where there is one.
    pub(super) fn begun(&self) -> io::Result<Option<(String, Building)>> {
        let current = self.current()?;
        // What was published and not yet tidied up serves already.
        remove_file(&self.path(&current).join(BUILDING))?;
        for name in self.names()? {
            match fs::read(self.path(&name).join(BUILDING)) {
                Ok(bytes) => match serde_json::from_slice(&bytes) {
                    Ok(building) => return Ok(Some((name, building))),
                    // Torn: nothing of it can be trusted.
                    Err(_) => self.remove(&name)?,
                },
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Begins a generation.
    pub(super) fn begin(&self, building: Building) -> io::Result<String> {
        let numbers = self.names()?.into_iter().filter_map(|name| name[1..].parse::<u64>().ok());
        let name = format!("g{}", numbers.max().unwrap_or(0) + 1);
        fs::create_dir_all(self.path(&name))?;
        self.note(&name, building)?;
        sync(&self.dir)?;
        Ok(name)
    }

    /// Notes how far a generation has been built.
    pub(super) fn note(&self, name: &str, building: Building) -> io::Result<()> {
        write_durably(&self.path(name), BUILDING, &serde_json::to_string(&building)?)
    }

    /// Makes a generation the one that serves, and the one that served the previous one. The order is safe to be cut anywhere: what
    /// serves always has its name.
    pub(super) fn publish(&self, name: &str) -> io::Result<()> {
        let served = self.current()?;
        if served != name {
            self.write(PREVIOUS, &served)?;
        }
        self.write(CURRENT, name)?;
        remove_file(&self.path(name).join(BUILDING))
    }

    /// Removes the generations that nothing names and that are not being built; gives their names.
    pub fn collect(&self) -> io::Result<Vec<String>> {
        let kept = [Some(self.current()?), self.named(PREVIOUS)?];
        let mut removed = Vec::new();
        for name in self.names()?.into_iter().filter(|name| !kept.contains(&Some(name.clone()))) {
            if !self.path(&name).join(BUILDING).exists() {
                self.remove(&name)?;
                removed.push(name);
            }
        }
        Ok(removed)
    }

    /// Removes a generation that does not serve.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_dir_all(self.path(name))?;
        sync(&self.dir)
    }

    /// The change up to which deletions have reached a kept generation, as far as that was noted.
    pub(super) fn deleted_through(&self, name: &str) -> io::Result<Option<u64>> {
        Ok(read(&self.path(name).join(DELETIONS))?.and_then(|text| text.trim().parse().ok()))
    }

    /// Notes that.
    pub(super) fn note_deletions(&self, name: &str, seq: u64) -> io::Result<()> {
        write_durably(&self.path(name), DELETIONS, &seq.to_string())
    }

    /// Whether people of a generation are without the vectors that its model would give them.
    pub fn lacks_vectors(&self, name: &str) -> io::Result<bool> {
        self.path(name).join(LACKS_VECTORS).try_exists()
    }

    /// Notes that, before the first of them is indexed.
    pub(super) fn note_lack_of_vectors(&self, name: &str) -> io::Result<()> {
        if self.lacks_vectors(name)? {
            return Ok(());
        }
        write_durably(&self.path(name), LACKS_VECTORS, "")
    }

    fn named(&self, file: &str) -> io::Result<Option<String>> {
        let name = read(&self.dir.join(file))?.map(|text| text.trim().to_owned());
        match name {
            Some(name) if !is_name(&name) => {
                Err(io::Error::new(ErrorKind::InvalidData, format!("index/{file} names no generation: {name:?}")))
            }
            name => Ok(name),
        }
    }

    /// The directories of generations, in the order of their numbers.
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if is_name(&name) && self.path(&name).is_dir() {
                names.push(name);
            }
        }
        names.sort_by_key(|name| (name.len(), name.clone()));
        Ok(names)
    }

    fn write(&self, file: &str, name: &str) -> io::Result<()> {
        write_durably(&self.dir, file, name)
    }
}

fn is_name(text: &str) -> bool {
    text.strip_prefix('g').is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => path.parent().map_or(Ok(()), sync),
    }
}

fn write_durably(directory: &Path, file: &str, text: &str) -> io::Result<()> {
    let fresh = directory.join(format!("{file}.new"));
    fs::write(&fresh, text)?;
    File::open(&fresh)?.sync_all()?;
    fs::rename(&fresh, directory.join(file))?;
    sync(directory)
}

fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILDING: Building = Building { from_seq: 7, walked_key: 3, done: 2 };

    #[test]
    fn a_generation_is_begun_published_and_rolled_back_to() {
        let dir = tempfile::tempdir().unwrap();
        let generations = Generations::open(dir.path()).unwrap();
        assert_eq!((generations.current().unwrap().as_str(), generations.previous().unwrap()), ("g1", None));
        let name = generations.begin(BUILDING).unwrap();
        let later = Building { done: 5, ..BUILDING };
        generations.note(&name, later).unwrap();
        // What is being built is not collected, and is found again.
        assert_eq!(generations.collect().unwrap(), [""; 0]);
        let reopened = Generations::open(dir.path()).unwrap();
        assert_eq!(reopened.begun().unwrap(), Some((name.clone(), later)));
        reopened.publish(&name).unwrap();
        assert_eq!((reopened.current().unwrap(), reopened.previous().unwrap()), (name.clone(), Some("g1".to_owned())));
        assert_eq!(reopened.begun().unwrap(), None);
        reopened.publish("g1").unwrap();
        assert_eq!((reopened.current().unwrap(), reopened.previous().unwrap()), ("g1".to_owned(), Some(name)));
    }

    #[test]
    fn what_nothing_names_is_collected_and_numbers_grow() {
        let dir = tempfile::tempdir().unwrap();
        let generations = Generations::open(dir.path()).unwrap();
        for expected in ["g2", "g3"] {
            let name = generations.begin(BUILDING).unwrap();
            assert_eq!(name, expected);
            generations.publish(&name).unwrap();
        }
        assert_eq!(generations.collect().unwrap(), ["g1"]);
        assert_eq!(generations.begin(BUILDING).unwrap(), "g4");
    }

    #[test]
    fn torn_files_are_errors_or_begun_anew() {
        let dir = tempfile::tempdir().unwrap();
        let generations = Generations::open(dir.path()).unwrap();
        let name = generations.begin(BUILDING).unwrap();
        fs::write(generations.path(&name).join("building.json"), "{").unwrap();
        assert_eq!(generations.begun().unwrap(), None);
        assert!(!generations.path(&name).exists());
        fs::write(dir.path().join("index/current"), "../g1").unwrap();
        assert_eq!(Generations::open(dir.path()).unwrap_err().kind(), ErrorKind::InvalidData);
    }
}
