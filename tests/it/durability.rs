//! What was acknowledged survives `kill -9`, and the indexes agree with the store afterwards.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    time::{Duration, Instant},
};

use lodestone::{
    app::{App, AppOptions},
    engine::embedded::{EngineChange, vectors::fingerprint},
    indexing::prepare,
    tasks::TaskInfo,
};
use serde_json::{Value, json};

use crate::server::Server;

/// Times that the process is killed.
const KILLS: u64 = 20;

/// A cosine between a stored vector and a fresh one may lack this much: vectors are stored in fixed point.
const STORED_PRECISION: f32 = 1e-3;

/// A reproducible stream of numbers (SplitMix64, Steele et al. 2014).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below
    }
}

fn candidate(id: &str, version: u64) -> Value {
    let titles = ["Nurse", "Cook", "Engineer", "Teacher"];
    json!({"id": id, "tags": [format!("v{version}")], "profile": {
        "work": [{"position": titles[(version % 4) as usize], "startDate": "2020-01"}],
        "skills": [{"name": format!("skill {}", version % 9)}]}})
}

/// What the client knows: the acknowledged state of each id, and the write whose answer it did not see.
#[derive(Default)]
struct Known {
    acknowledged: BTreeMap<String, Option<Value>>,
    in_doubt: Option<(String, Option<Value>)>,
}

/// Writes until the server dies.
fn write_until_killed(server: &mut Server, numbers: &mut Numbers, known: &mut Known, version: &mut u64) {
    let deadline = Instant::now() + Duration::from_millis(30 + numbers.next(700));
    loop {
        let id = format!("c{}", numbers.next(40));
        *version += 1;
        let is_delete = numbers.next(5) == 0;
        let state = (!is_delete).then(|| candidate(&id, *version));
        let path = format!("/v1/candidates/{id}");
        if Instant::now() >= deadline {
            // The last write is under way while the process is killed.
            let (address, body) = (server.address.clone(), state.clone());
            let last = std::thread::spawn(move || {
                let server = TcpStream::connect(address);
                if let Ok(mut stream) = server {
                    let body = body.map(|body| body.to_string()).unwrap_or_default();
                    let method = if body.is_empty() { "DELETE" } else { "PUT" };
                    let _ = write!(
                        stream,
                        "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    let _ = stream.read(&mut [0; 16]);
                }
            });
            std::thread::sleep(Duration::from_micros(numbers.next(4_000)));
            server.process.kill().unwrap();
            server.process.wait().unwrap();
            last.join().unwrap();
            known.in_doubt = Some((id, state));
            return;
        }
        let answer = match &state {
            Some(body) => server.send("PUT", &path, &body.to_string()),
            None => server.send("DELETE", &path, ""),
        };
        match answer {
            Some(200..=204 | 404) => {
                known.acknowledged.insert(id, state);
            }
            other => panic!("{path}: {other:?}"),
        }
    }
}

/// Store, text index and vectors after a crash, against what was acknowledged and against each other.
fn compare(data_dir: &Path, known: &mut Known) {
    let app = App::open(&AppOptions::new(data_dir)).unwrap();
    assert!(app.wait_until_searchable(Duration::from_secs(60)).unwrap(), "the index did not catch up");
    if let Some((id, state)) = known.in_doubt.take() {
        let stored = app.store.get(&id).unwrap();
        let stored = stored.map(|stored| serde_json::from_slice::<Value>(&stored.body).unwrap());
        if stored == state {
            known.acknowledged.insert(id, state);
        }
    }
    for (id, state) in &known.acknowledged {
        let stored = app.store.get(id).unwrap().map(|stored| serde_json::from_slice::<Value>(&stored.body).unwrap());
        assert_eq!(&stored, state, "{id} after the crash");
    }
    let snapshot = app.engine.snapshot();
    let states = app.store.changes_with_bodies_after(0, usize::MAX >> 1).unwrap().states;
    let (mut keys, mut role) = (Vec::new(), BTreeMap::new());
    for change in prepare(&states, Some(&app.embedder)).unwrap() {
        if let EngineChange::Put { document, role: vector, .. } = change {
            keys.push(document.key);
            assert_eq!(snapshot.id(document.key), document.facts.id);
            role.extend(vector.map(|vector| (document.key, vector)));
        }
    }
    assert_eq!(snapshot.live().iter().collect::<Vec<_>>(), keys, "the text index holds whom the store holds");
    assert_eq!(snapshot.role().keys(), keys, "and so do the vectors");
    for (key, expected) in &role {
        let cosine = snapshot.role().vector(*key).unwrap().cosine(expected);
        assert!(cosine > 1.0 - STORED_PRECISION, "the vector of {key} is another person's or version's: {cosine}");
    }
    assert_eq!(snapshot.role().fingerprint(), fingerprint(role.iter().map(|(key, vector)| (*key, vector))));
    app.close();
}

#[test]
fn kill_nine_loses_nothing_that_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let mut numbers = Numbers(7);
    let (mut known, mut version) = (Known::default(), 0);
    for _ in 0..KILLS {
        let mut server = Server::start(dir.path());
        write_until_killed(&mut server, &mut numbers, &mut known, &mut version);
        compare(dir.path(), &mut known);
    }
    assert!(version > KILLS, "something was written");
}

/// Everybody of a round, in a version.
fn round(version: u64) -> String {
    (0..ROUND).map(|number| candidate(&format!("c{number}"), version).to_string() + "\n").collect()
}

/// People of an import: more than are written together.
const ROUND: u64 = 2_500;

/// Waits until no task waits or runs.
fn finish_tasks(data_dir: &Path) -> Vec<TaskInfo> {
    let app = App::open(&AppOptions::new(data_dir)).unwrap();
    let tasks = app.services(jiff::Timestamp::now).unwrap().tasks;
    let deadline = Instant::now() + Duration::from_secs(600);
    let mut listed = tasks.list(None, 1_000).unwrap();
    while listed.iter().any(|task| task.finished_at.is_none()) {
        assert!(Instant::now() < deadline, "the tasks do not end: {listed:?}");
        std::thread::sleep(Duration::from_millis(100));
        listed = tasks.list(None, 1_000).unwrap();
    }
    tasks.stop();
    app.close();
    listed
}

/// Kills the server while imports and re-indexes run; afterwards every import that was acknowledged has come in, whole, and the last one counts.
fn kill_during_tasks(kills: u64) {
    let dir = tempfile::tempdir().unwrap();
    let mut numbers = Numbers(11);
    let mut acknowledged = 0;
    for version in 1..=kills {
        let mut server = Server::start(dir.path());
        if server.send("POST", "/v1/reindexes", "{}") == Some(202) && numbers.next(3) > 0 {
            let path = format!("/v1/imports?name=v{version}.ndjson");
            acknowledged += u64::from(server.send("POST", &path, &round(version)) == Some(202));
        }
        std::thread::sleep(Duration::from_millis(numbers.next(2_500)));
        server.process.kill().unwrap();
        server.process.wait().unwrap();
    }
    let tasks = finish_tasks(dir.path());
    let imports: Vec<&TaskInfo> = tasks.iter().filter(|task| task.kind == "import").collect();
    assert!(imports.len() as u64 >= acknowledged && acknowledged > 0, "{acknowledged} of {kills}: {imports:?}");
    assert!(tasks.iter().all(|task| task.state == "done"), "{tasks:?}");
    assert!(imports.iter().all(|task| task.progress["done"] == ROUND), "{imports:?}");
    // The newest is listed first.
    let last = imports[0].request["fileName"].as_str().unwrap();
    let version: u64 = last.trim_start_matches('v').trim_end_matches(".ndjson").parse().unwrap();
    let everybody = (0..ROUND).map(|number| format!("c{number}"));
    let acknowledged = everybody.map(|id| (id.clone(), Some(candidate(&id, version)))).collect();
    compare(dir.path(), &mut Known { acknowledged, in_doubt: None });
}

#[test]
fn kills_during_imports_and_reindexes_lose_nothing() {
    kill_during_tasks(6);
}

#[test]
#[ignore = "takes minutes; the README names it"]
fn fifty_kills_during_imports_and_reindexes_lose_nothing() {
    kill_during_tasks(50);
}

#[test]
fn a_damaged_index_is_rebuilt_from_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let mut known = Known::default();
    {
        let app = App::open(&AppOptions::new(dir.path())).unwrap();
        for number in 0..30 {
            let id = format!("c{number}");
            let body = candidate(&id, number);
            let bytes = body.to_string().into_bytes();
            let put = lodestone::store::PutCandidate { id: &id, body: &bytes };
            app.store.put(&[put], &lodestone::store::Precondition::None, 0).unwrap();
            known.acknowledged.insert(id, Some(body));
        }
        assert!(app.wait_until_searchable(Duration::from_secs(60)).unwrap());
        app.close();
    }
    for part in ["keyword", "role", "skills"] {
        let index = dir.path().join("index/g1").join(part);
        let mut files: Vec<_> = std::fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.is_file() && file.metadata().unwrap().len() > 60);
        files.sort();
        let bytes = std::fs::read(&files[0]).unwrap();
        std::fs::write(&files[0], &bytes[..bytes.len() / 2]).unwrap();
        compare(dir.path(), &mut known);
    }
}
