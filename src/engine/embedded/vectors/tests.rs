//! The index against a model: a map and a comparison with every vector.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use super::durable::faults;
use super::samples::{Numbers, clustered};
use super::*;
use crate::embed::UnitVector;
use crate::engine::KeySet;

type Model = BTreeMap<u32, UnitVector>;

/// A machine on which rows are cheap to visit, so that small sizes take every way.
const COST: Cost = Cost { scanned_row: 8.0, visited_row: 20.0, walked_row: 1.0 };

fn options(dimensions: usize) -> VectorIndexOptions {
    VectorIndexOptions { cost: Some(COST), tail_limit: 40, ..VectorIndexOptions::new(dimensions, "test") }
}

fn open(directory: &Path, dimensions: usize) -> VectorIndex {
    VectorIndex::open(directory, options(dimensions)).unwrap()
}

fn upsert(key: u32, vector: &UnitVector) -> VectorChange {
    VectorChange::Upsert { key, vector: Some(vector.clone()) }
}

fn upserts(vectors: &[UnitVector]) -> Vec<VectorChange> {
    vectors.iter().enumerate().map(|(key, vector)| upsert(key as u32, vector)).collect()
}

fn filled(directory: &Path, vectors: &[UnitVector], options: VectorIndexOptions) -> VectorIndex {
    let index = VectorIndex::open(directory, options).unwrap();
    index.apply(&upserts(vectors)).unwrap();
    assert!(index.commit(1, CommitMode::Now).unwrap());
    index
}

fn search(snapshot: &VectorSnapshot, query: &UnitVector, k: usize, allowed: Option<&KeySet>) -> VectorHits {
    snapshot.search(&VectorSearch { query, k, allowed, with_ties: false, strategy: VectorStrategy::Exact }).unwrap()
}

/// What an exact search has to find: every stored vector is compared.
fn naive(model: &Model, query: &UnitVector, k: usize, allowed: Option<&KeySet>) -> Vec<VectorHit> {
    let query = fixed_point::row(query);
    let candidates = model.iter().filter(|(key, _)| allowed.is_none_or(|allowed| allowed.contains(**key)));
    let mut hits: Vec<VectorHit> = candidates
        .map(|(key, vector)| {
            let row = fixed_point::row(vector);
            let dot = row.iter().zip(&query).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
            VectorHit { key: *key, cosine: fixed_point::cosine(dot) }
        })
        .collect();
    hits.sort_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.key.cmp(&b.key)));
    hits.truncate(k);
    hits
}

fn apply_to(model: &mut Model, change: &VectorChange) {
    match change {
        VectorChange::Upsert { key, vector: Some(vector) } => drop(model.insert(*key, vector.clone())),
        VectorChange::Upsert { key, vector: None } | VectorChange::Delete { key } => drop(model.remove(key)),
    }
}

fn assert_equals_model(snapshot: &VectorSnapshot, model: &Model, seed: u64) {
    assert_eq!(snapshot.len(), model.len());
    assert_eq!(snapshot.keys(), model.keys().copied().collect::<Vec<_>>());
    assert_eq!(snapshot.fingerprint(), fingerprint(model.iter().map(|(key, vector)| (*key, vector))));
    let mut numbers = Numbers(seed);
    let query = &clustered(1, snapshot.dimensions(), seed)[0];
    let allowed: KeySet = (0..60).filter(|_| numbers.below(3) == 0).collect();
    for k in [1, 7, 100] {
        assert_eq!(search(snapshot, query, k, None).hits, naive(model, query, k, None));
        assert_eq!(search(snapshot, query, k, Some(&allowed)).hits, naive(model, query, k, Some(&allowed)));
        let request = VectorSearch { query, k, with_ties: true, allowed: None, strategy: VectorStrategy::Exact };
        let mut with_ties = naive(model, query, usize::MAX, None);
        let worst = with_ties.get(k - 1).map_or(f32::MIN, |hit| hit.cosine);
        with_ties.retain(|hit| hit.cosine >= worst);
        assert_eq!(snapshot.search(&request).unwrap().hits, with_ties);
    }
    let keys: KeySet = (0..70).collect();
    let everything: BTreeMap<u32, f32> =
        naive(model, query, usize::MAX, None).into_iter().map(|hit| (hit.key, hit.cosine)).collect();
    let wanted: Vec<Option<f32>> = keys.iter().map(|key| everything.get(&key).copied()).collect();
    for known in [&[][..], &search(snapshot, query, 7, None).hits] {
        assert_eq!(snapshot.cosines(query, &keys, known).unwrap(), wanted);
    }
    for key in keys.iter() {
        let stored = snapshot.vector(key).map(|vector| fixed_point::row(&vector));
        assert_eq!(stored, model.get(&key).map(fixed_point::row));
        assert_eq!(snapshot.contains(key), model.contains_key(&key));
    }
}

#[derive(Debug, Clone)]
enum Step {
    Apply(Vec<VectorChange>),
    Commit(CommitMode),
    Merge,
    BuildGraph,
    /// The process ends without a commit and starts again, replaying the log.
    Restart,
    /// The plug is pulled after so many steps of the commit or merge that follows.
    Fault(usize, bool),
}

/// Few different vectors, so that many keys share one.
fn change() -> impl Strategy<Value = VectorChange> {
    let vectors = clustered(25, 8, 5);
    (0_u32..60, 0_usize..30).prop_map(move |(key, pick)| match vectors.get(pick) {
        Some(vector) => upsert(key, vector),
        None if pick % 2 == 0 => VectorChange::Delete { key },
        None => VectorChange::Upsert { key, vector: None },
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => prop::collection::vec(change(), 1..25).prop_map(Step::Apply),
        2 => Just(Step::Commit(CommitMode::Now)),
        2 => Just(Step::Commit(CommitMode::WhenLarge)),
        2 => Just(Step::Merge),
        1 => Just(Step::BuildGraph),
        2 => Just(Step::Restart),
        2 => (0_usize..14, any::<bool>()).prop_map(|(steps, merge)| Step::Fault(steps, merge)),
    ]
}

/// An index, what it should hold, and the log since its start.
struct World {
    directory: tempfile::TempDir,
    index: VectorIndex,
    model: Model,
    log: Vec<Vec<VectorChange>>,
}

impl World {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let index = Self::start(directory.path());
        Self { directory, index, model: Model::new(), log: Vec::new() }
    }

    fn start(directory: &Path) -> VectorIndex {
        VectorIndex::open(directory, VectorIndexOptions { graph_from: 5, ..options(8) }).unwrap()
    }

    fn restart(&mut self) {
        self.index = Self::start(self.directory.path());
        let committed = self.index.committed_seq() as usize;
        // What is on disk is the state at the committed number, neither more nor less.
        let mut durable = Model::new();
        self.log[..committed].iter().flatten().for_each(|change| apply_to(&mut durable, change));
        assert_eq!(self.index.snapshot().keys(), durable.keys().copied().collect::<Vec<_>>());
        let vectors = durable.iter().map(|(key, vector)| (*key, vector));
        assert_eq!(self.index.snapshot().fingerprint(), fingerprint(vectors));
        for changes in &self.log[committed..] {
            self.index.apply(changes).unwrap();
        }
    }

    fn take(&mut self, step: &Step) {
        let seq = self.log.len() as u64;
        match step {
            Step::Apply(changes) => {
                changes.iter().for_each(|change| apply_to(&mut self.model, change));
                self.log.push(changes.clone());
                self.index.apply(changes).unwrap();
            }
            Step::Commit(mode) => {
                let durable = self.index.commit(seq, *mode).unwrap();
                assert!(durable || *mode == CommitMode::WhenLarge);
                assert_eq!(durable, self.index.committed_seq() == seq);
            }
            Step::Merge => drop(self.index.merge_once().unwrap()),
            Step::BuildGraph => drop(self.index.build_graph_once(&AtomicBool::new(false)).unwrap()),
            Step::Restart => self.restart(),
            Step::Fault(steps, merge) => {
                faults::fail_after(*steps);
                let failed = if *merge {
                    self.index.merge_once().is_err()
                } else {
                    self.index.commit(seq, CommitMode::Now).is_err()
                };
                assert_eq!(faults::heal(), failed);
                // Whether the process lives on or not, nothing is lost.
                if steps % 2 == 0 {
                    self.restart();
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn equals_a_map_whatever_happens(steps in prop::collection::vec(step(), 1..30), seed: u64) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
            assert_equals_model(&world.index.snapshot(), &world.model, seed);
        }
        world.restart();
        assert_equals_model(&world.index.snapshot(), &world.model, seed);
    }

    #[test]
    fn applying_again_changes_nothing(changes in prop::collection::vec(change(), 1..60), from in 0_usize..60) {
        let directory = tempfile::tempdir().unwrap();
        let index = open(directory.path(), 8);
        index.apply(&changes).unwrap();
        index.commit(1, CommitMode::Now).unwrap();
        let once = index.snapshot().fingerprint();
        index.apply(&changes[from.min(changes.len())..]).unwrap();
        prop_assert_eq!(index.snapshot().fingerprint(), once);
    }
}

#[test]
fn an_empty_index_answers() {
    let directory = tempfile::tempdir().unwrap();
    let index = open(&directory.path().join("not/yet/there"), 8);
    let snapshot = index.snapshot();
    let query = &clustered(1, 8, 1)[0];
    let found = search(&snapshot, query, 10, None);
    assert!(found.hits.is_empty() && snapshot.is_empty());
    assert_eq!(found.strategy.used, UsedStrategy::Exact);
    assert_eq!(snapshot.cosines(query, &[1].into_iter().collect(), &[]).unwrap(), [None]);
    assert_eq!(snapshot.vector(1), None);
    assert_eq!((index.committed_seq(), index.size()), (0, VectorIndexSize::default()));
    assert!(!index.merge_once().unwrap());
    assert!(!index.build_graph_once(&AtomicBool::new(false)).unwrap());
    assert!(index.commit(9, CommitMode::Now).unwrap());
    assert_eq!(open(&directory.path().join("not/yet/there"), 8).committed_seq(), 9);
}

#[test]
fn a_vector_of_another_dimension_is_refused_and_nothing_changes() {
    let directory = tempfile::tempdir().unwrap();
    let index = filled(directory.path(), &clustered(3, 8, 1), options(8));
    let narrow = &clustered(1, 7, 1)[0];
    let wrong = WrongDimensions { expected: 8, found: 7 };
    let before = index.snapshot().fingerprint();
    assert_eq!(index.apply(&[VectorChange::Delete { key: 0 }, upsert(1, narrow)]), Err(wrong));
    assert_eq!(index.snapshot().fingerprint(), before);
    let snapshot = index.snapshot();
    let request = VectorSearch { query: narrow, k: 1, allowed: None, with_ties: false, strategy: VectorStrategy::Auto };
    assert_eq!(snapshot.search(&request), Err(wrong));
    assert_eq!(snapshot.cosines(narrow, &[0].into_iter().collect(), &[]), Err(wrong));
    assert!(VectorIndex::open(&directory.path().join("none"), options(0)).is_err());
}

#[test]
fn more_hits_than_vectors_none_allowed_and_no_hits_wanted() {
    let directory = tempfile::tempdir().unwrap();
    let vectors = clustered(30, 8, 1);
    let snapshot = filled(directory.path(), &vectors, options(8)).snapshot();
    assert_eq!(search(&snapshot, &vectors[0], 100, None).hits.len(), 30);
    assert!(search(&snapshot, &vectors[0], 0, None).hits.is_empty());
    let nobody = search(&snapshot, &vectors[0], 100, Some(&KeySet::default()));
    assert!(nobody.hits.is_empty());
    assert_eq!(nobody.strategy.visited, 0);
    let elsewhere: KeySet = [4_000_000].into_iter().collect();
    assert!(search(&snapshot, &vectors[0], 100, Some(&elsewhere)).hits.is_empty());
    let few: KeySet = [3, 5, 900].into_iter().collect();
    let found = search(&snapshot, &vectors[5], 100, Some(&few));
    assert_eq!(found.hits.iter().map(|hit| hit.key).collect::<Vec<_>>(), [5, 3]);
    assert_eq!((found.strategy.used, found.strategy.visited), (UsedStrategy::ExactFiltered, 2));
}

#[test]
fn identical_vectors_are_stored_once_and_all_found() {
    let directory = tempfile::tempdir().unwrap();
    let vectors = clustered(2, 32, 1);
    let all_equal = vec![vectors[0].clone(); 3_000];
    let index = filled(directory.path(), &all_equal, VectorIndexOptions { graph_from: 1, ..options(32) });
    assert_eq!(index.size(), VectorIndexSize { keys: 3_000, rows: 1, dead: 0, segments: 1, graphs: 0 });
    assert!(index.build_graph_once(&AtomicBool::new(false)).unwrap());
    let allowed: KeySet = (1_000..3_000).collect();
    for strategy in [VectorStrategy::Exact, VectorStrategy::Auto, VectorStrategy::Graph] {
        let request = VectorSearch { query: &vectors[0], k: 100, allowed: Some(&allowed), with_ties: false, strategy };
        let keys: Vec<u32> = index.snapshot().search(&request).unwrap().hits.iter().map(|hit| hit.key).collect();
        assert_eq!(keys, (1_000..1_100).collect::<Vec<_>>());
    }
}

#[test]
fn near_duplicates_are_told_apart_exactly() {
    // Vectors that differ by less than a step of the codes: only the error bound keeps the right ones in.
    let mut numbers = Numbers(3);
    let centre = &clustered(1, 64, 1)[0];
    let near = |_| {
        let values = centre.as_slice().iter().map(|value| value + 0.001 * numbers.normal()).collect();
        UnitVector::normalize(values).unwrap()
    };
    let vectors: Vec<UnitVector> = (0..3_000).map(near).collect();
    let directory = tempfile::tempdir().unwrap();
    let snapshot = filled(directory.path(), &vectors, options(64)).snapshot();
    let model: Model = (0..).zip(vectors.iter().cloned()).collect();
    for query in &vectors[..20] {
        assert_eq!(search(&snapshot, query, 50, None).hits, naive(&model, query, 50, None));
    }
}

#[test]
fn graphs_find_nearly_all_with_duplicates_filters_and_deletions() {
    let directory = tempfile::tempdir().unwrap();
    let mut vectors = clustered(6_000, 64, 7);
    for key in 0..1_800 {
        vectors[key] = vectors[5_900].clone();
    }
    let options = VectorIndexOptions { graph_from: 1_000, ..options(64) };
    let index = filled(directory.path(), &vectors, options.clone());
    assert!(index.build_graph_once(&AtomicBool::new(false)).unwrap());
    assert!(!index.build_graph_once(&AtomicBool::new(false)).unwrap());
    index.apply(&(2_000..2_500).map(|key| VectorChange::Delete { key }).collect::<Vec<_>>()).unwrap();
    index.apply(&upserts(&clustered(50, 64, 9))).unwrap();
    index.commit(2, CommitMode::Now).unwrap();
    drop(index);
    let index = VectorIndex::open(directory.path(), options).unwrap();
    assert_eq!(index.size().graphs, 1);

    let snapshot = index.snapshot();
    let half: KeySet = (0..6_000).filter(|key| key % 2 == 0).collect();
    for allowed in [None, Some(&half)] {
        let (mut found, mut wanted) = (0, 0);
        for query in &clustered(40, 64, 8) {
            let request = VectorSearch { query, k: 20, allowed, with_ties: false, strategy: VectorStrategy::Graph };
            let walked = snapshot.search(&request).unwrap();
            assert_eq!(walked.strategy.used, UsedStrategy::GraphAndScan);
            assert!(walked.strategy.visited < 5_000, "{:?}", walked.strategy);
            let exact = search(&snapshot, query, 20, allowed);
            wanted += exact.hits.len();
            found += exact.hits.iter().filter(|hit| walked.hits.contains(hit)).count();
        }
        assert!(found as f64 >= 0.98 * wanted as f64, "{found} of {wanted}");
    }
    // Too little is allowed for a walk: the answer is exact, though graphs were asked for.
    let few: KeySet = (0..600).collect();
    let query = &vectors[3];
    let request = VectorSearch { query, k: 20, allowed: Some(&few), with_ties: false, strategy: VectorStrategy::Graph };
    assert_eq!(snapshot.search(&request).unwrap(), search(&snapshot, query, 20, Some(&few)));
}

#[test]
fn a_snapshot_stays_what_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let vectors = clustered(200, 8, 1);
    let index = filled(directory.path(), &vectors[..100], options(8));
    let (before, fingerprint_before) = (index.snapshot(), index.snapshot().fingerprint());
    index.apply(&upserts(&vectors[100..])).unwrap();
    index.commit(2, CommitMode::Now).unwrap();
    while index.merge_once().unwrap() {}
    assert_eq!(before.fingerprint(), fingerprint_before);
    assert_ne!(index.snapshot().fingerprint(), fingerprint_before);
}

#[test]
fn readers_and_a_merger_run_beside_the_writer() {
    let directory = tempfile::tempdir().unwrap();
    let index = open(directory.path(), 16);
    let vectors = clustered(2_000, 16, 4);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                index.merge_once().unwrap();
            }
        });
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let snapshot = index.snapshot();
                let hits = search(&snapshot, &vectors[0], 2_000, None).hits;
                assert_eq!(hits.len(), snapshot.len());
            }
        });
        for (seq, chunk) in vectors.chunks(20).enumerate() {
            let first = seq as u32 * 20;
            let changes: Vec<_> = (first..).zip(chunk).map(|(key, vector)| upsert(key, vector)).collect();
            index.apply(&changes).unwrap();
            // Half of what came just before moves on again, so that merges meet fresh tombstones.
            index.apply(&[upsert(first / 2, &vectors[first as usize])]).unwrap();
            index.commit(seq as u64 + 1, CommitMode::WhenLarge).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    let mut model: Model = (0..).zip(vectors.iter().cloned()).collect();
    for first in (0..2_000).step_by(20) {
        model.insert(first / 2, vectors[first as usize].clone());
    }
    index.commit(1_000, CommitMode::Now).unwrap();
    assert_equals_model(&index.snapshot(), &model, 1);
    drop(index);
    assert_equals_model(&open(directory.path(), 16).snapshot(), &model, 1);
}

#[test]
fn merging_keeps_few_segments_and_no_old_files() {
    let directory = tempfile::tempdir().unwrap();
    let index = open(directory.path(), 8);
    let vectors = clustered(2_000, 8, 4);
    for (seq, vector) in vectors.chunks(50).enumerate() {
        let changes: Vec<_> = (seq as u32 * 50..).zip(vector).map(|(key, vector)| upsert(key, vector)).collect();
        index.apply(&changes).unwrap();
        index.commit(seq as u64 + 1, CommitMode::WhenLarge).unwrap();
        while index.merge_once().unwrap() {}
        assert!(index.size().segments <= 4, "{:?}", index.size());
    }
    assert_eq!(index.committed_seq(), 40);
    index.apply(&(0..500).map(|key| VectorChange::Delete { key }).collect::<Vec<_>>()).unwrap();
    index.commit(41, CommitMode::Now).unwrap();
    while index.merge_once().unwrap() {}
    let size = index.size();
    assert_eq!(size.keys, 1_500);
    assert!(size.dead <= 300, "{size:?}");
    assert_eq!(files(directory.path()).len(), size.segments + 1);

    index.apply(&(0..2_000).map(|key| VectorChange::Delete { key }).collect::<Vec<_>>()).unwrap();
    index.commit(42, CommitMode::Now).unwrap();
    assert_eq!(index.size(), VectorIndexSize::default());
    assert_eq!(files(directory.path()).len(), 1);
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn another_model_is_refused_and_discarding_starts_afresh() {
    let directory = tempfile::tempdir().unwrap();
    drop(filled(directory.path(), &clustered(60, 8, 1), options(8)));
    for other in [options(9), VectorIndexOptions { model_version: "other".into(), ..options(8) }] {
        let error = VectorIndex::open(directory.path(), other).unwrap_err();
        assert!(matches!(error, VectorIndexError::OtherModel { .. }) && error.needs_rebuild(), "{error}");
    }
    fs::write(directory.path().join("notes.txt"), "not ours").unwrap();
    VectorIndex::discard(directory.path()).unwrap();
    VectorIndex::discard(&directory.path().join("none")).unwrap();
    assert_eq!(files(directory.path()), [directory.path().join("notes.txt")]);
    assert_eq!(open(directory.path(), 9).committed_seq(), 0);
}

#[test]
fn a_damaged_segment_is_an_error_and_a_damaged_graph_is_built_anew() {
    let directory = tempfile::tempdir().unwrap();
    let options = VectorIndexOptions { graph_from: 10, ..options(16) };
    let vectors = clustered(300, 16, 1);
    let index = filled(directory.path(), &vectors, options.clone());
    index.build_graph_once(&AtomicBool::new(false)).unwrap();
    let fingerprint = index.snapshot().fingerprint();
    drop(index);
    for file in files(directory.path()) {
        let good = fs::read(&file).unwrap();
        let is_graph = file.to_string_lossy().contains("graph");
        let mut damages = vec![Vec::new(), good[..good.len() / 2].to_vec(), good[..good.len() - 1].to_vec()];
        damages.push([&good[..], &[0]].concat());
        for at in [0, good.len() / 3, good.len() - 1] {
            let mut flipped = good.clone();
            flipped[at] ^= 4;
            damages.push(flipped);
        }
        for damage in damages.iter().map(Some).chain([None]) {
            match damage {
                Some(damage) => fs::write(&file, damage).unwrap(),
                None => fs::remove_file(&file).unwrap(),
            }
            if damage.is_none() && file.ends_with("manifest") {
                continue;
            }
            let copy = tempfile::tempdir().unwrap();
            copy_all(directory.path(), copy.path());
            match VectorIndex::open(copy.path(), options.clone()) {
                Ok(index) => {
                    assert!(is_graph, "{}", file.display());
                    assert_eq!((index.size().graphs, index.snapshot().fingerprint()), (0, fingerprint.clone()));
                    assert!(index.build_graph_once(&AtomicBool::new(false)).unwrap());
                    assert_eq!(index.size().graphs, 1);
                }
                Err(error) => assert!(error.needs_rebuild() && !is_graph, "{error}"),
            }
        }
        fs::write(&file, good).unwrap();
    }
    assert_eq!(VectorIndex::open(directory.path(), options).unwrap().size().graphs, 1);
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn leftovers_of_an_interrupted_run_are_swept() {
    let directory = tempfile::tempdir().unwrap();
    drop(filled(directory.path(), &clustered(60, 8, 1), options(8)));
    let before = files(directory.path());
    fs::write(directory.path().join("segment-77"), "half a segment").unwrap();
    fs::write(directory.path().join("manifest.tmp"), "half a manifest").unwrap();
    fs::create_dir(directory.path().join("graph-0")).unwrap();
    fs::write(directory.path().join("graph-0/rows.hnsw.graph"), "half a graph").unwrap();
    assert_eq!(open(directory.path(), 8).snapshot().len(), 60);
    assert_eq!(files(directory.path()), before);
    assert!(!directory.path().join("graph-0").exists());
}

#[test]
fn a_graph_build_that_is_cut_short_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let options = VectorIndexOptions { graph_from: 10, ..options(8) };
    let index = filled(directory.path(), &clustered(60, 8, 1), options.clone());
    let before = index.snapshot().fingerprint();
    for steps in 0.. {
        faults::fail_after(steps);
        let built = index.build_graph_once(&AtomicBool::new(false));
        if !faults::heal() {
            assert!(built.unwrap());
            break;
        }
        assert!(built.is_err());
        assert_eq!(index.size().graphs, 0);
        let reopened = VectorIndex::open(directory.path(), options.clone()).unwrap();
        assert_eq!(reopened.snapshot().fingerprint(), before);
    }
    assert_eq!(VectorIndex::open(directory.path(), options).unwrap().size().graphs, 1);
}
