//! Data folders of former layouts are opened, whole.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use lodestone::{
    app::{App, AppOptions},
    indexing::Verdict,
    search::SearchBody,
};
use serde_json::Value;

use crate::client::now;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn frozen() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

#[test]
fn data_folders_of_former_layouts_are_opened_with_everybody_in_them() {
    let folders = frozen();
    assert!(!folders.is_empty());
    for folder in folders {
        let people: BTreeMap<String, Value> = fs::read_to_string(folder.join("people.ndjson"))
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .map(|person| (person["id"].as_str().unwrap().to_owned(), person))
            .collect();
        let dir = tempfile::tempdir().unwrap();
        copy(&folder.join("data"), dir.path());
        let app = App::open(&AppOptions::new(dir.path())).unwrap();
        assert!(app.wait_until_searchable(Duration::from_secs(300)).unwrap(), "{}", folder.display());
        assert_eq!(app.store.count().unwrap() as usize, people.len());
        assert_eq!(app.store.last_event_seq().unwrap(), 78, "events came along");
        for (id, person) in &people {
            let stored = app.store.get(id).unwrap().unwrap();
            assert_eq!(&serde_json::from_slice::<Value>(&stored.body).unwrap(), person);
        }
        let everybody = SearchBody { limit: Some(100), ..SearchBody::default() };
        let found = app.searcher.search(&everybody, now()).unwrap();
        assert_eq!((found.total.value, found.hits.len()), (people.len(), people.len()));
        // What is new works over it.
        assert_eq!(app.reindexer.run(&|_| Verdict::GoOn).unwrap().checks.unwrap().indexed as usize, people.len());
        assert_eq!(app.store.add_task("import", "{}", 0).unwrap(), 1);
        app.close();
    }
}
