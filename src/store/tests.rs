//! The store against its promises.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tempfile::TempDir;

fn new_store() -> (TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).unwrap();
    (directory, store)
}

fn put(store: &Store, id: &str, body: &str) -> PutOutcome {
    put_if(store, id, body, &Precondition::None).unwrap()
}

fn put_if(store: &Store, id: &str, body: &str, precondition: &Precondition) -> Result<PutOutcome, StoreError> {
    store.put(&[PutCandidate { id, body: body.as_bytes() }], precondition, 1_000).map(|outcomes| outcomes[0])
}

fn event<'a>(candidate_id: &'a str, at: i64, event_id: Option<&'a str>) -> NewEvent<'a> {
    NewEvent { candidate_id, event_type: "loggedIn", at, event_id, by: Some("r1"), thread: None, channel: None }
}

#[test]
fn an_empty_store_answers() {
    let (_directory, store) = new_store();
    assert_eq!((store.count().unwrap(), store.last_seq().unwrap(), store.last_event_seq().unwrap()), (0, 0, 0));
    assert_eq!(store.get("nobody").unwrap(), None);
    assert_eq!(store.changes_after(0, 10).unwrap(), []);
    assert_eq!(store.get_by_keys(&[0, 1, u32::MAX]).unwrap(), [None, None, None]);
    assert_eq!(store.delete("nobody", &Precondition::None).unwrap(), None);
    assert_eq!(store.put(&[], &Precondition::None, 0).unwrap(), []);
    store.verify().unwrap();
}

#[test]
fn what_was_written_is_there_after_reopening() {
    let (directory, store) = new_store();
    let a = put(&store, "a", "{\"a\":1}");
    put(&store, "b", "{}");
    store.append_events(&[event("a", 5, None)]).unwrap();
    store.delete("b", &Precondition::None).unwrap();
    drop(store);
    let store = Store::open(directory.path()).unwrap();
    let found = store.get("a").unwrap().unwrap();
    let expected = StoredCandidate { key: a.key, id: "a".into(), body: b"{\"a\":1}".into(), seq: 1, updated_at: 1_000 };
    assert_eq!(found, expected);
    assert_eq!((store.count().unwrap(), store.last_seq().unwrap()), (1, 3));
    assert_eq!(store.events_of(a.key).unwrap().len(), 1);
    assert_eq!(store.wait_for_change(0, Duration::ZERO), 3);
}

#[test]
fn a_put_creates_updates_or_changes_nothing() {
    let (_directory, store) = new_store();
    let created = put(&store, "a", "1");
    let same = put(&store, "a", "1");
    let updated = put(&store, "a", "2");
    assert_eq!(
        [created, same, updated].map(|outcome| (outcome.key, outcome.seq, outcome.status)),
        [(1, 1, PutStatus::Created), (1, 1, PutStatus::Unchanged), (1, 2, PutStatus::Updated)]
    );
    let entry = |seq| Change { seq, key: 1, kind: ChangeKind::Put };
    assert_eq!(store.changes_after(0, 10).unwrap(), [entry(1), entry(2)]);
    assert_eq!(store.changes_after(1, 10).unwrap(), [entry(2)]);
}

#[test]
fn an_id_twice_in_a_batch_is_written_in_order() {
    let (_directory, store) = new_store();
    let batch = [PutCandidate { id: "a", body: b"1" }, PutCandidate { id: "a", body: b"2" }];
    let outcomes = store.put(&batch, &Precondition::None, 0).unwrap();
    assert_eq!([outcomes[0].status, outcomes[1].status], [PutStatus::Created, PutStatus::Updated]);
    assert_eq!(store.get("a").unwrap().unwrap().body, b"2");
}

#[test]
fn a_failed_batch_leaves_nothing() {
    let (_directory, store) = new_store();
    put(&store, "taken", "1");
    let batch = [PutCandidate { id: "new", body: b"1" }, PutCandidate { id: "taken", body: b"2" }];
    let refusal = store.put(&batch, &Precondition::Absent, 0).unwrap_err();
    assert!(matches!(&refusal, StoreError::PreconditionFailed { id } if id == "taken"), "{refusal}");
    assert_eq!((store.count().unwrap(), store.last_seq().unwrap()), (1, 1));
    assert_eq!(store.get("taken").unwrap().unwrap().body, b"1");
    assert_eq!(put(&store, "new", "1").key, 2, "the key of the undone write was never given out");
}

#[test]
fn preconditions_hold_or_refuse() {
    let (_directory, store) = new_store();
    let tag = |seq| Precondition::IfMatch(vec![Etag(seq)]);
    assert!(put_if(&store, "a", "1", &Precondition::Exists).is_err());
    assert!(put_if(&store, "a", "1", &tag(1)).is_err());
    let first = put_if(&store, "a", "1", &Precondition::Absent).unwrap();
    let second = put_if(&store, "a", "2", &Precondition::IfMatch(vec![Etag(77), first.etag()])).unwrap();
    assert!(put_if(&store, "a", "3", &tag(first.seq)).is_err());
    assert!(put_if(&store, "a", "3", &Precondition::IfMatch(Vec::new())).is_err());
    assert!(put_if(&store, "a", "3", &Precondition::Absent).is_err());
    assert!(store.delete("a", &tag(first.seq)).is_err());
    assert!(store.delete("b", &tag(first.seq)).is_err());
    assert_eq!(store.get("a").unwrap().unwrap().etag(), second.etag());
    assert_eq!(store.delete("a", &tag(second.seq)).unwrap(), Some(3));
}

#[test]
fn entity_tags_have_one_spelling() {
    assert_eq!(Etag(17).to_string(), "\"17\"");
    assert_eq!("\"17\"".parse(), Ok(Etag(17)));
    for other in ["17", "\"017\"", "\"+17\"", "W/\"17\"", "\"\"", "\"", "", "\"x\"", "*"] {
        assert!(other.parse::<Etag>().is_err(), "{other}");
    }
}

#[test]
fn a_key_is_never_given_twice() {
    let (directory, store) = new_store();
    assert_eq!(put(&store, "a", "1").key, 1);
    store.delete("a", &Precondition::None).unwrap();
    drop(store);
    let store = Store::open(directory.path()).unwrap();
    let again = put(&store, "a", "1");
    assert_eq!((again.key, again.seq), (2, 3));
    assert_eq!(store.get_by_keys(&[2, 1]).unwrap().map_ids(), [Some("a".to_owned()), None]);
}

trait MapIds {
    fn map_ids(self) -> Vec<Option<String>>;
}

impl MapIds for Vec<Option<StoredCandidate>> {
    fn map_ids(self) -> Vec<Option<String>> {
        self.into_iter().map(|found| found.map(|candidate| candidate.id)).collect()
    }
}

#[test]
fn keys_end_with_a_clear_error() {
    let (_directory, store) = new_store();
    put(&store, "a", "1");
    let last = i64::from(u32::MAX) - 1;
    store
        .writer
        .write(|connection| {
            Ok(connection.execute("UPDATE sqlite_sequence SET seq = ?1 WHERE name = 'candidates'", [last])?)
        })
        .unwrap();
    assert_eq!(put(&store, "b", "1").key, u32::MAX);
    let refusal = put_if(&store, "c", "1", &Precondition::None).unwrap_err();
    assert!(matches!(refusal, StoreError::KeysExhausted), "{refusal}");
    put(&store, "b", "2");
}

#[test]
fn lookups_keep_the_order_of_the_question() {
    let (_directory, store) = new_store();
    for id in ["b", "a", "c"] {
        put(&store, id, id);
    }
    assert_eq!(store.ids_by_keys(&[3, 9, 1, 3]).unwrap(), [Some("c".into()), None, Some("b".into()), Some("c".into())]);
    assert_eq!(store.keys_by_ids(&["c", "x", "b"]).unwrap(), [Some(3), None, Some(1)]);
    let ids = |page: Vec<StoredCandidate>| page.into_iter().map(|candidate| candidate.id).collect::<Vec<_>>();
    assert_eq!(ids(store.candidates_in_key_order(0, 2).unwrap()), ["b", "a"]);
    assert_eq!(ids(store.candidates_in_key_order(2, 2).unwrap()), ["c"]);
    assert_eq!(ids(store.candidates_in_id_order("", 2).unwrap()), ["a", "b"]);
    assert_eq!(ids(store.candidates_in_id_order("b", 2).unwrap()), ["c"]);
}

#[test]
fn a_batch_of_changes_holds_each_candidate_once_as_it_is_now() {
    let (_directory, store) = new_store();
    put(&store, "a", "1");
    put(&store, "b", "1");
    put(&store, "a", "2");
    store.delete("b", &Precondition::None).unwrap();
    let now = CurrentState::Present { key: 1, id: "a".into(), seq: 3, body: b"2".into() };
    let batch = store.changes_with_bodies_after(0, 10).unwrap();
    assert_eq!(batch, ChangeBatch { reached: 4, states: vec![now.clone(), CurrentState::Erased { key: 2 }] });
    let first = store.changes_with_bodies_after(0, 1).unwrap();
    assert_eq!(first, ChangeBatch { reached: 1, states: vec![now] }, "never older than what is current");
    let end = store.changes_with_bodies_after(4, 10).unwrap();
    assert_eq!(end, ChangeBatch { reached: 4, states: vec![] });
}

#[test]
fn a_trimmed_log_refuses_who_comes_too_late() {
    let (directory, store) = new_store();
    for body in ["1", "2", "3", "4"] {
        put(&store, "a", body);
    }
    assert_eq!(store.trim_changes(3).unwrap(), 2);
    assert_eq!(store.trim_changes(2).unwrap(), 0);
    let seqs = |changes: Vec<Change>| changes.iter().map(|change| change.seq).collect::<Vec<_>>();
    assert_eq!(seqs(store.changes_after(2, 10).unwrap()), [3, 4]);
    let refusal = store.changes_after(1, 10).unwrap_err();
    assert!(matches!(refusal, StoreError::ChangesTrimmed { after: 1, trimmed_through: 2 }), "{refusal}");
    store.changes_with_bodies_after(0, 10).unwrap_err();
    assert_eq!(store.trim_changes(u64::MAX).unwrap(), 2);
    drop(store);
    let store = Store::open(directory.path()).unwrap();
    assert_eq!(store.last_seq().unwrap(), 4, "the newest number outlives its entry");
    assert_eq!(put(&store, "a", "5").seq, 5);
}

#[test]
fn events_are_accepted_known_or_homeless() {
    let (_directory, store) = new_store();
    put(&store, "a", "1");
    let batch =
        [event("a", 9, Some("e1")), event("a", 3, None), event("ghost", 1, Some("e2")), event("a", 4, Some("e1"))];
    assert_eq!(
        store.append_events(&batch).unwrap(),
        [
            EventOutcome::Accepted { event_seq: 1 },
            EventOutcome::Accepted { event_seq: 2 },
            EventOutcome::UnknownCandidate,
            EventOutcome::Duplicate
        ]
    );
    assert_eq!(store.append_events(&batch[..1]).unwrap(), [EventOutcome::Duplicate]);
    let times = |events: Vec<StoredEvent>| events.iter().map(|event| event.at).collect::<Vec<_>>();
    assert_eq!(times(store.events_after(0, 10).unwrap()), [9, 3]);
    assert_eq!(times(store.events_after(1, 10).unwrap()), [3]);
    assert_eq!(times(store.events_of(1).unwrap()), [3, 9]);
    assert_eq!(store.events_of(1).unwrap()[1].event_id.as_deref(), Some("e1"));
    assert_eq!(store.last_seq().unwrap(), 1, "events are not changes of the candidate");
}

#[test]
fn erasing_a_candidate_leaves_no_byte_behind() {
    let (directory, store) = new_store();
    // Rows of many sizes, so that pages split, and one that spans overflow pages.
    let mark = "Xanthippe-of-Athens";
    for round in 0..3 {
        let bodies: Vec<String> = (0..300).map(|n| format!("{mark}-{round}-{n}").repeat(n % 60 * 4 + 1)).collect();
        let ids: Vec<String> = (0..300).map(|n| format!("id-{mark}-{n}")).collect();
        let batch: Vec<_> =
            ids.iter().zip(&bodies).map(|(id, body)| PutCandidate { id, body: body.as_bytes() }).collect();
        store.put(&batch, &Precondition::None, 0).unwrap();
        let events: Vec<_> = ids.iter().map(|id| NewEvent { by: Some(mark), ..event(id, 1, Some(id)) }).collect();
        store.append_events(&events).unwrap();
    }
    store.checkpoint().unwrap();
    assert!(files_contain(&directory, mark), "the test can see the bytes");
    for n in 0..300 {
        store.delete(&format!("id-{mark}-{n}"), &Precondition::None).unwrap().unwrap();
    }
    assert!(store.checkpoint().unwrap());
    assert!(!files_contain(&directory, mark));
    assert_eq!((store.count().unwrap(), store.events_after(0, 10).unwrap()), (0, vec![]));
    let tombstones = store.changes_after(0, 10_000).unwrap();
    assert_eq!(tombstones.iter().filter(|change| change.kind == ChangeKind::Delete).count(), 300);
}

fn files_contain(directory: &TempDir, text: &str) -> bool {
    std::fs::read_dir(directory.path()).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn a_directory_has_one_holder() {
    let (directory, store) = new_store();
    let refusal = Store::open(directory.path()).unwrap_err();
    assert!(matches!(refusal, StoreError::Locked { .. }), "{refusal}");
    drop(store);
    Store::open(directory.path()).unwrap();
}

#[test]
fn foreign_and_damaged_files_are_refused_untouched() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(FILE);
    std::fs::write(&path, b"not a database, but long enough to be looked at ".repeat(100)).unwrap();
    let before = std::fs::read(&path).unwrap();
    let refusal = Store::open(directory.path()).unwrap_err();
    assert!(matches!(refusal, StoreError::NotAStore { .. }), "{refusal:?}");
    assert_eq!(std::fs::read(&path).unwrap(), before);

    std::fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    let refusal = Store::open(directory.path()).unwrap_err();
    assert!(matches!(refusal, StoreError::NotAStore { .. }), "{refusal:?}");
}

#[test]
fn a_newer_format_is_refused() {
    let (directory, store) = new_store();
    drop(store);
    Connection::open(directory.path().join(FILE)).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let refusal = Store::open(directory.path()).unwrap_err();
    assert!(matches!(refusal, StoreError::TooNew { found: 99, .. }), "{refusal}");
}

#[test]
fn damage_is_found() {
    let (directory, store) = new_store();
    for n in 0..200 {
        put(&store, &format!("id{n}"), &"x".repeat(1_000));
    }
    store.checkpoint().unwrap();
    drop(store);
    let path = directory.path().join(FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    // Past the first page, which holds the header and the schema: every other page becomes noise.
    bytes[16_384..].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    let refusal = Store::open(directory.path()).and_then(|store| store.verify()).unwrap_err();
    assert!(matches!(refusal, StoreError::Damaged { .. }), "{refusal:?}");
}

#[test]
fn size_counts_file_and_log() {
    let (_directory, store) = new_store();
    let before = store.size_on_disk().unwrap();
    put(&store, "a", &"x".repeat(100_000));
    assert!(store.size_on_disk().unwrap() >= before + 100_000);
}

#[test]
fn writers_from_many_threads_lose_nothing() {
    let (_directory, store) = new_store();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..25 {
                    let id = format!("{thread}-{n}");
                    let outcome = put(store, &id, &id);
                    let read = store.get(&id).unwrap().expect("what was acknowledged can be read");
                    assert_eq!((read.key, read.seq), (outcome.key, outcome.seq));
                    assert!(store.wait_for_change(outcome.seq - 1, Duration::ZERO) >= outcome.seq);
                    assert!(put_if(store, &id, "no", &Precondition::Absent).is_err());
                }
            });
        }
    });
    let changes = store.changes_after(0, 1_000).unwrap();
    let seqs: Vec<u64> = changes.iter().map(|change| change.seq).collect();
    assert_eq!(seqs, (1..=200).collect::<Vec<_>>());
    let keys: BTreeSet<u32> = changes.iter().map(|change| change.key).collect();
    assert_eq!((keys.len(), store.count().unwrap()), (200, 200));
}

#[test]
fn a_panicking_write_harms_no_other() {
    let (_directory, store) = new_store();
    std::thread::scope(|scope| {
        for thread in 0..6 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..10 {
                    if thread % 2 == 0 {
                        put(store, &format!("{thread}-{n}"), "1");
                        continue;
                    }
                    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        store.writer.write(|connection| -> Result<(), StoreError> {
                            connection.execute("INSERT INTO changes (key, kind) VALUES (99, 1)", [])?;
                            std::panic::resume_unwind(Box::new("planned"));
                        })
                    }));
                    assert!(panicked.is_err());
                }
            });
        }
    });
    assert_eq!(store.count().unwrap(), 30);
    assert!(store.changes_after(0, 100).unwrap().iter().all(|change| change.key != 99));
}

#[test]
fn a_lost_transaction_is_reported_and_the_next_one_works() {
    let (_directory, store) = new_store();
    let lost = store.writer.write(|connection| {
        connection.execute("INSERT INTO changes (key, kind) VALUES (7, 1)", [])?;
        // What SQLite does by itself on a full disk.
        connection.execute_batch("ROLLBACK")?;
        Ok(())
    });
    assert!(matches!(lost, Err(StoreError::NotCommitted(_))), "{lost:?}");
    assert_eq!(store.last_seq().unwrap(), 0);
    assert_eq!(put(&store, "a", "1").seq, 1);
}

#[test]
fn a_waiting_reader_is_woken() {
    let (_directory, store) = new_store();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| store.wait_for_change(0, Duration::from_secs(60)));
        put(&store, "a", "1");
        assert_eq!(waiter.join().unwrap(), 1);
    });
    assert_eq!(store.wait_for_change(1, Duration::from_millis(1)), 1);
}

/// Copies the files of an open store as a crash would leave them, with the log cut at `log_bytes`.
fn crashed_copy(from: &Path, log_bytes: usize) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(from.join(FILE), copy.path().join(FILE)).unwrap();
    let log = std::fs::read(from.join("store.sqlite-wal")).unwrap();
    std::fs::write(copy.path().join("store.sqlite-wal"), &log[..log_bytes.min(log.len())]).unwrap();
    copy
}

#[test]
fn a_log_cut_at_any_byte_recovers_a_prefix_of_the_commits() {
    let (directory, store) = new_store();
    store.checkpoint().unwrap();
    let mut log_ends = vec![];
    for n in 0..6 {
        let bodies = [format!("{n}"), "y".repeat(20_000)];
        let batch = [
            PutCandidate { id: "a", body: bodies[0].as_bytes() },
            PutCandidate { id: "b", body: bodies[1].as_bytes() },
        ];
        store.put(&batch, &Precondition::None, n).unwrap();
        log_ends.push(std::fs::metadata(directory.path().join("store.sqlite-wal")).unwrap().len() as usize);
    }
    let whole = *log_ends.last().unwrap();
    for cut in (0..=whole).step_by(whole / 40).chain(log_ends.iter().copied()) {
        let copy = crashed_copy(directory.path(), cut);
        let recovered = Store::open(copy.path()).unwrap();
        let commits = log_ends.iter().filter(|end| **end <= cut).count();
        let expected = commits.checked_sub(1).map(|n| n.to_string().into_bytes());
        assert_eq!(recovered.get("a").unwrap().map(|candidate| candidate.body), expected, "cut at {cut}");
        recovered.verify().unwrap();
    }
}

#[derive(Debug, Clone)]
enum Step {
    Put { batch: Vec<(u8, u8)>, condition: Condition },
    Delete { id: u8, condition: Condition },
    Event { id: u8, event_id: Option<u8> },
    Trim { share: u8 },
    Reopen,
}

#[derive(Debug, Clone, Copy)]
enum Condition {
    None,
    Exists,
    Absent,
    /// The tag that the model knows for this id.
    Tag(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let condition = prop_oneof![
        4 => Just(Condition::None),
        1 => Just(Condition::Exists),
        1 => Just(Condition::Absent),
        2 => (0..4u8).prop_map(Condition::Tag),
    ];
    let batch = proptest::collection::vec((0..4u8, 0..3u8), 1..4);
    let step = prop_oneof![
        6 => (batch, condition.clone()).prop_map(|(batch, condition)| Step::Put { batch, condition }),
        3 => (0..4u8, condition).prop_map(|(id, condition)| Step::Delete { id, condition }),
        3 => (0..4u8, proptest::option::of(0..6u8)).prop_map(|(id, event_id)| Step::Event { id, event_id }),
        1 => (0..100u8).prop_map(|share| Step::Trim { share }),
        1 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 1..30)
}

/// What the store must be equal to.
#[derive(Debug, Clone, Default)]
struct Model {
    candidates: BTreeMap<String, (u32, u64, u8)>,
    log: Vec<Change>,
    keys: u32,
    trimmed: u64,
    events: Vec<(u64, u32, Option<u8>)>,
    event_seq: u64,
}

impl Model {
    fn last_seq(&self) -> u64 {
        self.log.last().map_or(0, |change| change.seq)
    }

    fn record(&mut self, key: u32, kind: ChangeKind) -> u64 {
        let seq = self.last_seq() + 1;
        self.log.push(Change { seq, key, kind });
        seq
    }

    fn precondition(&self, condition: Condition) -> Precondition {
        match condition {
            Condition::None => Precondition::None,
            Condition::Exists => Precondition::Exists,
            Condition::Absent => Precondition::Absent,
            Condition::Tag(id) => {
                let known = self.candidates.get(&format!("c{id}")).map_or(0, |(_, seq, _)| *seq);
                Precondition::IfMatch(vec![Etag(known)])
            }
        }
    }

    fn holds(&self, precondition: &Precondition, id: &str) -> bool {
        let current = self.candidates.get(id).map(|(_, seq, _)| Etag(*seq));
        match precondition {
            Precondition::None => true,
            Precondition::Exists => current.is_some(),
            Precondition::Absent => current.is_none(),
            Precondition::IfMatch(tags) => current.is_some_and(|tag| tags.contains(&tag)),
        }
    }

    /// Applies a batch; nothing when a precondition fails.
    fn put(&mut self, batch: &[(u8, u8)], precondition: &Precondition) -> Option<Vec<(u32, u64)>> {
        let mut next = self.clone();
        let mut outcomes = vec![];
        for (id, body) in batch {
            let id = format!("c{id}");
            if !next.holds(precondition, &id) {
                return None;
            }
            let known = next.candidates.get(&id).copied();
            if let Some((key, seq, _)) = known.filter(|(_, _, stored)| stored == body) {
                outcomes.push((key, seq));
                continue;
            }
            let key = known.map_or_else(
                || {
                    next.keys += 1;
                    next.keys
                },
                |(key, _, _)| key,
            );
            let seq = next.record(key, ChangeKind::Put);
            next.candidates.insert(id, (key, seq, *body));
            outcomes.push((key, seq));
        }
        *self = next;
        Some(outcomes)
    }

    fn delete(&mut self, id: &str, precondition: &Precondition) -> Option<Option<u64>> {
        if !self.holds(precondition, id) {
            return None;
        }
        let Some((key, _, _)) = self.candidates.remove(id) else { return Some(None) };
        self.events.retain(|(_, of, _)| *of != key);
        Some(Some(self.record(key, ChangeKind::Delete)))
    }

    /// Checks what the store said about an event, and takes over the number that it gave out.
    fn event(&mut self, id: &str, event_id: Option<u8>, outcome: EventOutcome) {
        let key = self.candidates.get(id).map(|(key, _, _)| *key);
        let known = event_id.is_some() && self.events.iter().any(|(_, _, known)| *known == event_id);
        match (key, known, outcome) {
            (None, _, EventOutcome::UnknownCandidate) | (Some(_), true, EventOutcome::Duplicate) => {}
            (Some(key), false, EventOutcome::Accepted { event_seq }) => {
                assert!(event_seq > self.event_seq, "{event_seq} comes after {}", self.event_seq);
                self.event_seq = event_seq;
                self.events.push((event_seq, key, event_id));
            }
            _ => panic!("{outcome:?} for an event of {key:?}, known: {known}"),
        }
    }
}

fn apply(store: &Store, model: &mut Model, step: &Step) {
    match step {
        Step::Put { batch, condition } => {
            let precondition = model.precondition(*condition);
            let owned: Vec<_> = batch.iter().map(|(id, body)| (format!("c{id}"), [*body])).collect();
            let puts: Vec<_> = owned.iter().map(|(id, body)| PutCandidate { id, body }).collect();
            let done = store.put(&puts, &precondition, 0);
            let done = done.ok().map(|all| all.iter().map(|one| (one.key, one.seq)).collect());
            assert_eq!(done, model.put(batch, &precondition));
        }
        Step::Delete { id, condition } => {
            let precondition = model.precondition(*condition);
            let id = format!("c{id}");
            assert_eq!(store.delete(&id, &precondition).ok(), model.delete(&id, &precondition));
        }
        Step::Event { id, event_id } => {
            let (id, name) = (format!("c{id}"), event_id.map(|n| format!("e{n}")));
            let outcome = store.append_events(&[event(&id, 0, name.as_deref())]).unwrap();
            model.event(&id, *event_id, outcome[0]);
        }
        Step::Trim { share } => {
            let below = model.last_seq() * u64::from(*share) / 100;
            store.trim_changes(below).unwrap();
            model.trimmed = model.trimmed.max(below.saturating_sub(1));
        }
        Step::Reopen => {}
    }
}

fn assert_equal(store: &Store, model: &Model) {
    let stored = store.candidates_in_id_order("", 100).unwrap();
    let stored: BTreeMap<_, _> =
        stored.into_iter().map(|found| (found.id, (found.key, found.seq, found.body[0]))).collect();
    assert_eq!(stored, model.candidates);
    assert_eq!(store.count().unwrap(), model.candidates.len() as u64);
    assert_eq!(store.last_seq().unwrap(), model.last_seq());
    let kept: Vec<_> = model.log.iter().copied().filter(|change| change.seq > model.trimmed).collect();
    assert_eq!(store.changes_after(model.trimmed, 1_000).unwrap(), kept);
    let events: Vec<_> = store.events_after(0, 1_000).unwrap();
    let events: Vec<_> = events.iter().map(|event| (event.event_seq, event.key)).collect();
    assert_eq!(events, model.events.iter().map(|(seq, key, _)| (*seq, *key)).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_store_equals_its_model(steps in steps()) {
        let directory = tempfile::tempdir().unwrap();
        let mut store = Store::open(directory.path()).unwrap();
        let mut model = Model::default();
        for step in &steps {
            if matches!(step, Step::Reopen) {
                drop(store);
                store = Store::open(directory.path()).unwrap();
            }
            apply(&store, &mut model, step);
            assert_equal(&store, &model);
        }
    }
}
