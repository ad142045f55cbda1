//! Speed of the store on this machine: `cargo bench --bench store`.
//!
//! Prints durable rows per second for batches and single writes, microseconds for the lookup of a page of hits, and
//! events per second. Bodies are 2.2 KB, as a real candidate's.

use lodestone::store::{NewEvent, Precondition, PutCandidate, Store};
use std::time::Instant;

const CANDIDATES: usize = 100_000;
const BATCH: usize = 1_000;
const PAGE: usize = 25;
const EVENTS: usize = 200_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = tempfile::tempdir()?;
    let store = Store::open(directory.path())?;
    let bodies: Vec<(String, Vec<u8>)> = (0..CANDIDATES).map(|n| (format!("candidate-{n}"), body(n))).collect();
    batches(&store, &bodies, "create")?;
    batches(&store, &bodies, "unchanged")?;
    let changed: Vec<_> = bodies.iter().map(|(id, body)| (id.clone(), [body.as_slice(), b" "].concat())).collect();
    batches(&store, &changed, "update")?;
    println!("size on disk: {} B a candidate", store.size_on_disk()? / CANDIDATES as u64);
    pages(&store)?;
    singles(&store, 1)?;
    singles(&store, 8)?;
    events(&store)?;
    replay(&store)
}

fn body(n: usize) -> Vec<u8> {
    let mut state = n as u64 + 1;
    let letters = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        b'a' + (state >> 33) as u8 % 26
    });
    letters.take(2_200 + n % 100).collect()
}

fn batches(store: &Store, bodies: &[(String, Vec<u8>)], what: &str) -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    for chunk in bodies.chunks(BATCH) {
        let batch: Vec<_> = chunk.iter().map(|(id, body)| PutCandidate { id, body }).collect();
        store.put(&batch, &Precondition::None, 0)?;
    }
    println!("{what}: {:.0} rows/s in batches of {BATCH}", bodies.len() as f64 / start.elapsed().as_secs_f64());
    Ok(())
}

fn pages(store: &Store) -> Result<(), Box<dyn std::error::Error>> {
    let mut times = Vec::new();
    for page in 0..4_000_usize {
        let keys: Vec<u32> = (0..PAGE).map(|n| ((page * 7_919 + n * 104_729) % CANDIDATES) as u32 + 1).collect();
        let start = Instant::now();
        let found = store.get_by_keys(&keys)?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
        assert!(found.iter().all(Option::is_some));
    }
    times.sort_by(f64::total_cmp);
    println!(
        "get_by_keys of {PAGE}: p50 {:.0} µs, p99 {:.0} µs",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
    Ok(())
}

fn singles(store: &Store, threads: usize) -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let each = 2_000 / threads;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    for n in 0..each {
                        let id = format!("single-{threads}-{thread}-{n}");
                        store.put(&[PutCandidate { id: &id, body: &body(n) }], &Precondition::None, 0)?;
                    }
                    Ok::<(), lodestone::store::StoreError>(())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a worker ends without panic"))
    })?;
    println!("single puts from {threads} threads: {:.0}/s", (each * threads) as f64 / start.elapsed().as_secs_f64());
    Ok(())
}

fn events(store: &Store) -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<(String, String)> =
        (0..EVENTS).map(|n| (format!("candidate-{}", n * 7_919 % CANDIDATES), format!("event-{n}"))).collect();
    let start = Instant::now();
    for chunk in names.chunks(BATCH) {
        let batch: Vec<_> = chunk.iter().map(|(candidate, id)| new_event(candidate, id)).collect();
        store.append_events(&batch)?;
    }
    println!("events: {:.0}/s in batches of {BATCH}", EVENTS as f64 / start.elapsed().as_secs_f64());
    Ok(())
}

fn new_event<'a>(candidate_id: &'a str, id: &'a str) -> NewEvent<'a> {
    NewEvent {
        candidate_id,
        event_type: "outreachSent",
        at: 0,
        event_id: Some(id),
        by: Some("recruiter-7"),
        thread: Some("thread-1234"),
        channel: Some("email"),
    }
}

fn replay(store: &Store) -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let (mut seq, mut states) = (0, 0);
    loop {
        let batch = store.changes_with_bodies_after(seq, BATCH)?;
        if batch.states.is_empty() {
            break;
        }
        states += batch.states.len();
        seq = batch.reached;
    }
    println!("replay of the change log: {:.0} candidates/s", states as f64 / start.elapsed().as_secs_f64());
    Ok(())
}
