//! What vector search costs, in thread CPU time, against bare loops and the bare graph in the same process.
//!
//! `cargo bench --bench vectors` takes a few minutes of one processor, nearly all for the graph. `VECTORS_DIR=some/dir` keeps the
//! indexes for the next run; `VECTORS_GRAPH=no` leaves the graph out; `VECTORS_COUNTS=20000` takes other sizes than 100,000 and
//! 200,000, of which the last gets a graph.

use std::collections::BTreeSet;
use std::env;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use lodestone::embed::UnitVector;
use lodestone::engine::KeySet;
use lodestone::engine::embedded::vectors::{
    CommitMode, Cost, VectorChange, VectorHit, VectorIndex, VectorIndexOptions, VectorSearch, VectorSnapshot,
    VectorStrategy, instruction_set,
};

const DIMENSIONS: usize = 256;
const LATENT: usize = 48;
const CLUSTERS: usize = 3_000;
const QUERIES: usize = 100;
const K: usize = 100;

fn main() {
    let kept = env::var_os("VECTORS_DIR").map(PathBuf::from);
    let temporary = tempfile::tempdir().expect("a temporary directory");
    let directory = kept.as_deref().unwrap_or(temporary.path());
    println!("instruction set {}, measured cost {:?}", instruction_set(), Cost::measured());
    let world = World::new();
    let counts = env::var("VECTORS_COUNTS").unwrap_or_else(|_| "100000,200000".into());
    let counts: Vec<usize> = counts.split(',').filter_map(|count| count.parse().ok()).collect();
    for count in counts.iter().copied() {
        let vectors = world.vectors(count, 0.5, 1.1, 1);
        let queries = world.vectors(QUERIES, 0.6, 1.4, 2);
        println!("\n## {count} x {DIMENSIONS}, {QUERIES} queries, top {K}\n");
        let directory = directory.join(count.to_string());
        fill(&directory, &vectors);
        exact(&directory, &vectors, &queries);
        if Some(&count) == counts.last() {
            if env::var_os("VECTORS_GRAPH").is_none_or(|wish| wish != "no") {
                graph(&directory, &queries);
            }
            planner(&directory, &queries);
            updates(&world);
        }
    }
}

/// Clusters of Zipf-distributed sizes in a latent space of decaying spectrum, mapped linearly to all dimensions, with noise.
struct World {
    spectrum: Vec<f32>,
    centres: Vec<[f32; LATENT]>,
    sizes: Vec<f32>,
    map: Vec<f32>,
}

impl World {
    fn new() -> Self {
        let mut numbers = Numbers(1);
        let spectrum: Vec<f32> = (0..LATENT).map(|axis| 1.0 / (1.0 + axis as f32).sqrt()).collect();
        let centre = |numbers: &mut Numbers| std::array::from_fn(|axis| spectrum[axis] * numbers.normal());
        let centres = (0..CLUSTERS).map(|_| centre(&mut numbers)).collect();
        let mut total = 0.0;
        let sizes = (1..=CLUSTERS).map(|rank| {
            total += 1.0 / rank as f32;
            total
        });
        let sizes = sizes.collect();
        let map = (0..LATENT * DIMENSIONS).map(|_| numbers.normal()).collect();
        Self { spectrum, centres, sizes, map }
    }

    /// Vectors that lie `spread` about their centres and have so much noise in every dimension.
    fn vectors(&self, count: usize, spread: f32, noise: f32, seed: u64) -> Vec<UnitVector> {
        let mut numbers = Numbers(seed << 32);
        let total = self.sizes[CLUSTERS - 1];
        let vector = |_| {
            let at = numbers.unit() * total;
            let centre = &self.centres[self.sizes.partition_point(|size| *size < at).min(CLUSTERS - 1)];
            let mut values: Vec<f32> = (0..DIMENSIONS).map(|_| noise * numbers.normal()).collect();
            for (axis, row) in self.map.chunks_exact(DIMENSIONS).enumerate() {
                let weight = centre[axis] + spread * self.spectrum[axis] * numbers.normal();
                values.iter_mut().zip(row).for_each(|(value, mapped)| *value += weight * mapped);
            }
            UnitVector::normalize(values).expect("not zero")
        };
        (0..count).map(vector).collect()
    }
}

/// Numbers that look random (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn unit(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1 << 24) as f32
    }

    /// By Box and Muller.
    fn normal(&mut self) -> f32 {
        (-2.0 * self.unit().max(1e-9).ln()).sqrt() * (std::f32::consts::TAU * self.unit()).cos()
    }
}

fn open(directory: &Path, cost: Option<Cost>) -> VectorIndex {
    let options = VectorIndexOptions { cost, graph_from: 10_000, ..VectorIndexOptions::new(DIMENSIONS, "bench") };
    VectorIndex::open(directory, options).expect("an index")
}

fn fill(directory: &Path, vectors: &[UnitVector]) {
    let memory = resident();
    let opening = Instant::now();
    let index = open(directory, None);
    if index.committed_seq() > 0 {
        let megabytes = (resident() - memory) / 1_000_000;
        return println!("opened in {:?}, {megabytes} MB more resident, {:?}", opening.elapsed(), index.size());
    }
    let start = ThreadTime::now();
    for (batch, vectors) in vectors.chunks(1_000).enumerate() {
        index.apply(&upserts(batch as u32 * 1_000, vectors)).expect("vectors of one dimension");
        index.commit(batch as u64 + 1, CommitMode::WhenLarge).expect("a commit");
        while index.merge_once().expect("a merge") {}
    }
    index.commit(vectors.len() as u64, CommitMode::Now).expect("a commit");
    while index.merge_once().expect("a merge") {}
    let each = start.elapsed().as_nanos() / vectors.len() as u128;
    println!("filled, merges included: {each} ns a vector, {:?}", index.size());
    // One segment, so that it can have a graph and figures compare.
    if index.size().segments > 1 {
        let all: Vec<VectorChange> = upserts(0, vectors);
        VectorIndex::discard(directory).expect("an empty directory");
        let index = open(directory, None);
        index.apply(&all).expect("vectors of one dimension");
        index.commit(vectors.len() as u64, CommitMode::Now).expect("a commit");
    }
}

fn upserts(first: u32, vectors: &[UnitVector]) -> Vec<VectorChange> {
    (first..).zip(vectors).map(|(key, vector)| VectorChange::Upsert { key, vector: Some(vector.clone()) }).collect()
}

fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    status.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4_096
}

/// CPU time of this thread for a query, and the answers.
fn each<T: Clone>(queries: &[UnitVector], run: impl Fn(&UnitVector) -> T) -> (Duration, Vec<T>) {
    let [answer] = alternating(queries, [&run]);
    answer
}

/// CPU time of this thread for a query: the mean over the queries of the least of five rounds, since others disturb. Several
/// ways take turns, each with another query, so that all meet the same disturbance and none finds the caches warmed by another.
fn alternating<T: Clone, const N: usize>(
    queries: &[UnitVector],
    ways: [&dyn Fn(&UnitVector) -> T; N],
) -> [(Duration, Vec<T>); N] {
    let mut timed = ways.map(|_| vec![(Duration::MAX, None); queries.len()]);
    for _ in 0..5 {
        for turn in 0..queries.len() {
            for (number, (way, timed)) in ways.iter().zip(&mut timed).enumerate() {
                let at = (turn + number * queries.len() / N) % queries.len();
                let start = ThreadTime::now();
                let answer = way(&queries[at]);
                timed[at] = (start.elapsed().min(timed[at].0), Some(answer));
            }
        }
    }
    timed.map(|timed| {
        let mean = timed.iter().map(|(least, _)| *least).sum::<Duration>() / queries.len() as u32;
        (mean, timed.into_iter().filter_map(|(_, answer)| answer).collect())
    })
}

fn micros(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e3
}

fn search(
    snapshot: &VectorSnapshot,
    query: &UnitVector,
    allowed: Option<&KeySet>,
    strategy: VectorStrategy,
) -> Vec<VectorHit> {
    snapshot.search(&VectorSearch { query, k: K, allowed, with_ties: false, strategy }).expect("one dimension").hits
}

/// The best keys by the full-precision cosine with every vector.
fn truth(snapshot: &VectorSnapshot, query: &UnitVector, keys: &[u32]) -> BTreeSet<u32> {
    let keys: KeySet = keys.iter().copied().collect();
    let cosines = snapshot.cosines(query, &keys, &[]).expect("one dimension");
    let mut scored: Vec<(f32, u32)> = cosines.iter().flatten().copied().zip(keys.iter()).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.iter().take(K).map(|(_, key)| *key).collect()
}

fn recall<'a>(found: impl Iterator<Item = (Vec<u32>, &'a BTreeSet<u32>)>) -> f64 {
    let (mut hits, mut wanted) = (0, 0);
    for (found, truth) in found {
        hits += found.iter().filter(|key| truth.contains(key)).count();
        wanted += truth.len();
    }
    hits as f64 / wanted as f64
}

fn keys_of(hits: &[VectorHit]) -> Vec<u32> {
    hits.iter().map(|hit| hit.key).collect()
}

fn exact(directory: &Path, vectors: &[UnitVector], queries: &[UnitVector]) {
    let snapshot = open(directory, None).snapshot();
    let keys = snapshot.keys();
    let truths: Vec<BTreeSet<u32>> = queries.iter().map(|query| truth(&snapshot, query, &keys)).collect();
    let first = search(&snapshot, &queries[0], None, VectorStrategy::Exact);
    println!(
        "cosines of the first query's hits 1, 10, 100: {:.2} {:.2} {:.2}",
        first[0].cosine, first[9].cosine, first[99].cosine
    );

    let flat: Vec<f32> = vectors.iter().flat_map(|vector| vector.as_slice()).copied().collect();
    let (bare, _) = each(&queries[..20], |query| {
        let dot = |row: &[f32]| {
            let mut sums = [0.0_f32; 16];
            for (row, query) in row.chunks_exact(16).zip(query.as_slice().chunks_exact(16)) {
                sums.iter_mut().zip(row).zip(query).for_each(|((sum, a), b)| *sum += a * b);
            }
            sums.iter().sum::<f32>()
        };
        flat.chunks_exact(DIMENSIONS).map(dot).fold(0.0, f32::max)
    });
    drop(flat);
    let bytes = vec![1_u64; vectors.len() * DIMENSIONS / 8];
    let (read, _) = each(&queries[..20], |_| black_box(&bytes).iter().fold(0, |all, word| all ^ word));
    drop(bytes);
    let (time, found) = each(queries, |query| search(&snapshot, query, None, VectorStrategy::Exact));
    let report = snapshot
        .search(&VectorSearch {
            query: &queries[0],
            k: K,
            allowed: None,
            with_ties: false,
            strategy: VectorStrategy::Exact,
        })
        .expect("one dimension")
        .strategy;
    let recall = recall(found.iter().map(|hits| keys_of(hits)).zip(&truths));
    let rows = vectors.len() as f64;
    println!(
        "bare read of as many bytes as the codes: {:.0} us, {:.1} ns a vector",
        micros(read),
        1e3 * micros(read) / rows
    );
    println!("bare f32 scan, no selection: {:.0} us, {:.1} ns a vector", micros(bare), 1e3 * micros(bare) / rows);
    println!(
        "exact search: {:.0} us, {:.1} ns a vector, {:.2} of the bare read, {:.2} of the bare scan, recall {recall:.4}, rescored {}",
        micros(time),
        1e3 * micros(time) / rows,
        micros(time) / micros(read),
        micros(time) / micros(bare),
        report.rescored
    );
    let some: KeySet = (0..4_000).map(|pick| pick * 23 % vectors.len() as u32).collect();
    let (time, _) = each(queries, |query| snapshot.cosines(query, &some, &[]));
    println!("cosines of 4,000 keys: {:.0} us, {:.0} ns each", micros(time), 1e3 * micros(time) / 4_000.0);
}

fn graph(directory: &Path, queries: &[UnitVector]) {
    let index = open(directory, None);
    let (start, memory) = (ThreadTime::now(), resident());
    if index.build_graph_once(&AtomicBool::new(false)).expect("a graph") {
        let seconds = start.elapsed().as_secs_f64();
        println!("graph built in {seconds:.0} CPU-s, {} MB more resident", (resident() - memory) / 1_000_000);
    }
    let snapshot = index.snapshot();
    let keys = snapshot.keys();
    let truths: Vec<BTreeSet<u32>> = queries.iter().map(|query| truth(&snapshot, query, &keys)).collect();
    println!("\n| | ef | CPU us | recall@100 | of the bare walk |\n|---|---|---|---|---|");
    // Without duplicates and deletions the rows of a segment are numbered like the keys here.
    let breadth = snapshot.breadth_of_largest_graph(K).expect("a graph");
    for ef in [100, 150, 200, 300, 400, breadth] {
        let (time, found) = each(queries, |query| snapshot.walk_largest_graph(query, ef).expect("one dimension"));
        let found = found.into_iter().map(|rows| rows.into_iter().take(K).collect());
        println!("| bare walk | {ef} | {:.0} | {:.4} | |", micros(time), recall(found.zip(&truths)));
    }
    let walk =
        |query: &UnitVector| snapshot.walk_largest_graph(query, breadth).map(|_| Vec::new()).expect("one dimension");
    let [(bare, _), (time, found)] =
        alternating(queries, [&walk, &|query| search(&snapshot, query, None, VectorStrategy::Graph)]);
    let request =
        VectorSearch { query: &queries[0], k: K, allowed: None, with_ties: false, strategy: VectorStrategy::Graph };
    let report = snapshot.search(&request).expect("one dimension").strategy;
    let recall = recall(found.iter().map(|hits| keys_of(hits)).zip(&truths));
    println!("| search | {breadth} | {:.0} | {recall:.4} | {:.2} |", micros(time), micros(time) / micros(bare));
    println!("\n{report:?}");
}

fn planner(directory: &Path, queries: &[UnitVector]) {
    let forced =
        |scanned_row, visited_row| open(directory, Some(Cost { scanned_row, visited_row, walked_row: 1e9 })).snapshot();
    let (auto, scan, visit) = (open(directory, None).snapshot(), forced(1.0, 1e9), forced(1e9, 1.0));
    println!("\n| allowed | scan us | visit us | graph us | planner us | planner / best | planner recall | took |");
    println!("|---|---|---|---|---|---|---|---|");
    let mut numbers = Numbers(99);
    for share in [0.001, 0.01, 0.1, 0.25, 0.5, 1.0] {
        let allowed: KeySet = (0..auto.len() as u32).filter(|_| numbers.unit() < share).collect();
        let allowed = (share < 1.0).then_some(&allowed);
        let [(scanned, truths), (visited, _), (walked, _), (planned, found)] = alternating(
            &queries[..50],
            [
                &|query| search(&scan, query, allowed, VectorStrategy::Exact),
                &|query| search(&visit, query, allowed, VectorStrategy::Exact),
                &|query| search(&auto, query, allowed, VectorStrategy::Graph),
                &|query| search(&auto, query, allowed, VectorStrategy::Auto),
            ],
        );
        let [scanned, visited, walked, planned] = [scanned, visited, walked, planned].map(micros);
        let request =
            VectorSearch { query: &queries[0], k: K, allowed, with_ties: false, strategy: VectorStrategy::Auto };
        let took = auto.search(&request).expect("one dimension").strategy.used.as_str();
        let truths: Vec<BTreeSet<u32>> = truths.iter().map(|hits| keys_of(hits).into_iter().collect()).collect();
        let recall = recall(found.iter().map(|hits| keys_of(hits)).zip(&truths));
        let best = scanned.min(visited).min(walked);
        println!(
            "| {:.1} % | {scanned:.0} | {visited:.0} | {walked:.0} | {planned:.0} | {:.2} | {recall:.4} | {took} |",
            100.0 * share,
            planned / best
        );
    }
}

fn updates(world: &World) {
    println!("\n| changes | apply us | durable commit, wall us |\n|---|---|---|");
    let directory = tempfile::tempdir().expect("a temporary directory");
    let index = open(directory.path(), None);
    let vectors = world.vectors(50_000, 0.5, 1.1, 3);
    index.apply(&upserts(0, &vectors)).expect("vectors of one dimension");
    index.commit(1, CommitMode::Now).expect("a commit");
    let mut first = 0;
    for count in [1, 10, 100, 1_000] {
        let changes = upserts(first, &vectors[first as usize + 10_000..][..count]);
        first += count as u32;
        let start = ThreadTime::now();
        index.apply(&changes).expect("vectors of one dimension");
        let applied = start.elapsed();
        let start = Instant::now();
        index.commit(u64::from(first) + 1, CommitMode::Now).expect("a commit");
        println!("| {count} | {:.0} | {:.0} |", micros(applied), micros(start.elapsed()));
    }
}
