//! Speed of the store on this machine: `cargo bench --bench store`.
//!
//! Prints durable rows per second for batches and single writes, microseconds for the lookup of a page of hits, and
//! events per second; each by the wall, and by the processor time of this process, which other load leaves alone.
//! Bodies are 2.2 KB, as a real candidate's.

use lodestone::store::{NewEvent, Precondition, PutCandidate, Store, StoreError};
use std::time::{Duration, Instant};

const CANDIDATES: usize = 100_000;
const BATCH: usize = 1_000;
const PAGE: usize = 25;
const EVENTS: usize = 200_000;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let directory = tempfile::tempdir()?;
    let store = Store::open(directory.path())?;
    let bodies: Vec<(String, Vec<u8>)> = (0..CANDIDATES).map(|n| (format!("candidate-{n}"), body(n))).collect();
    batches(&store, &bodies, "create")?;
    batches(&store, &bodies, "leave unchanged")?;
    let changed: Vec<_> = bodies.iter().map(|(id, body)| (id.clone(), [body.as_slice(), b" "].concat())).collect();
    batches(&store, &changed, "update")?;
    println!("size on disk: {} B a candidate", store.size_on_disk()? / CANDIDATES as u64);
    pages(&store)?;
    singles(&store, 1)?;
    singles(&store, 8)?;
    events(&store, 1_000)?;
    events(&store, 10_000)?;
    replay(&store)
}

/// Runs `work` on so many rows and prints its rates.
fn measured(what: &str, rows: usize, work: impl FnOnce() -> Outcome) -> Outcome {
    let (wall, processor) = (Instant::now(), processor_time()?);
    work()?;
    let rate = |took: Duration| rows as f64 / took.as_secs_f64();
    let (wall, processor) = (rate(wall.elapsed()), rate(processor_time()?.saturating_sub(processor)));
    println!("{what}: {wall:.0}/s by the wall, {processor:.0} per processor second");
    Ok(())
}

/// User and system time of this process, from Linux's `/proc/self/stat` (fields 14 and 15, in hundredths of a second).
fn processor_time() -> Result<Duration, Box<dyn std::error::Error>> {
    let line = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = line.rsplit(')').next().unwrap_or(&line);
    let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}

fn body(n: usize) -> Vec<u8> {
    let mut state = n as u64 + 1;
    let letters = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        b'a' + (state >> 33) as u8 % 26
    });
    letters.take(2_200 + n % 100).collect()
}

fn batches(store: &Store, bodies: &[(String, Vec<u8>)], what: &str) -> Outcome {
    measured(&format!("{what}, batches of {BATCH}"), bodies.len(), || {
        for chunk in bodies.chunks(BATCH) {
            let batch: Vec<_> = chunk.iter().map(|(id, body)| PutCandidate { id, body }).collect();
            store.put(&batch, &Precondition::None, 0)?;
        }
        Ok(())
    })
}

fn pages(store: &Store) -> Outcome {
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

fn singles(store: &Store, threads: usize) -> Outcome {
    let each = 2_000 / threads;
    let write = |thread: usize| {
        for n in 0..each {
            let id = format!("single-{threads}-{thread}-{n}");
            store.put(&[PutCandidate { id: &id, body: &body(n) }], &Precondition::None, 0)?;
        }
        Ok::<(), StoreError>(())
    };
    measured(&format!("create one by one, {threads} threads"), each * threads, || {
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || write(thread))).collect();
            workers.into_iter().try_for_each(|worker| worker.join().expect("a worker ends without panic"))
        })?;
        Ok(())
    })
}

fn events(store: &Store, batch: usize) -> Outcome {
    let names: Vec<(String, String)> =
        (0..EVENTS).map(|n| (format!("candidate-{}", n * 7_919 % CANDIDATES), format!("event-{batch}-{n}"))).collect();
    measured(&format!("events, batches of {batch}"), EVENTS, || {
        for chunk in names.chunks(batch) {
            let batch: Vec<_> = chunk.iter().map(|(candidate, id)| new_event(candidate, id)).collect();
            store.append_events(&batch)?;
        }
        Ok(())
    })
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

fn replay(store: &Store) -> Outcome {
    let candidates = usize::try_from(store.count()?)?;
    measured("replay of the change log", candidates, || {
        let mut seq = 0;
        loop {
            let batch = store.changes_with_bodies_after(seq, BATCH)?;
            if batch.states.is_empty() {
                return Ok(());
            }
            seq = batch.reached;
        }
    })
}
