//! What a generation must show before it serves.

use std::{collections::BTreeSet, sync::Arc};

use serde::Serialize;

use super::reindex::ReindexError;
use crate::{
    candidate::{Timeline, read_stored},
    engine::{
        EngineError,
        embedded::{
            EmbeddedEngine, EngineSnapshot,
            vectors::{VectorSearch, VectorStrategy},
        },
    },
    search::{SearchBody, Searcher},
    store::{Store, StoredCandidate},
};

/// Queries, and vectors, that are sampled.
const SAMPLES: usize = 20;

/// Hits that are compared of each.
const DEPTH: usize = 10;

/// The least share of the nearest vectors that the planned way must find.
const LEAST_RECALL: f64 = 0.9;

/// Keys that are read together.
const KEYS: usize = 100_000;

/// What was checked of a generation.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReindexChecks {
    /// People of the store.
    pub stored: u64,
    /// People of the generation.
    pub indexed: u64,
    /// People of the store that the generation lacks although this program can read them.
    pub missing: u64,
    /// People of the generation that the store does not have.
    pub surplus: u64,
    /// People whose stored document this program cannot read.
    pub unreadable: u64,
    /// Titles that were asked of both generations.
    pub queries: usize,
    /// Of the first ten hits of the generation that serves, the share that the new one has among its own, 0 to 1.
    pub agreement: f64,
    /// Queries that the serving generation answers and the new one does not.
    pub unanswered: usize,
    /// The share of the ten nearest vectors that the planned way finds, 0 to 1; 1 where there are no vectors.
    pub recall: f64,
}

impl ReindexChecks {
    /// Why the generation must not serve; empty where it may.
    pub(super) fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        if self.missing > 0 {
            complaints.push(format!("{} people of the store are missing", self.missing));
        }
        if self.surplus > 0 {
            complaints.push(format!("{} people are not in the store", self.surplus));
        }
        if self.unanswered > 0 {
            complaints.push(format!("{} of {} sampled queries find nobody any more", self.unanswered, self.queries));
        }
        if self.recall < LEAST_RECALL {
            complaints.push(format!("the recall of vectors is {:.3}, less than {LEAST_RECALL}", self.recall));
        }
        complaints
    }
}

/// Checks a published generation that has reached a change, beside the one that serves.
pub(super) fn checks(
    (store, searcher): (&Store, &Searcher),
    engine: &Arc<EmbeddedEngine>,
    reached: u64,
) -> Result<ReindexChecks, ReindexError> {
    let snapshot = engine.snapshot();
    let mut checks = counted(store, &snapshot, reached)?;
    checks.recall = sampled_recall(&snapshot)?;
    let searcher = searcher.without_reranker();
    let built = searcher.over(engine.clone());
    let titles = sampled_titles(store)?;
    let now = jiff::Timestamp::now();
    let (mut shared, mut compared) = (0, 0);
    for title in &titles {
        let body = SearchBody { query: Some(title.clone()), explain: Some(false), ..SearchBody::default() };
        let (before, after) = (searcher.ranking(&body, now)?, built.ranking(&body, now)?);
        checks.unanswered += usize::from(after.is_empty() && !before.is_empty());
        let after: BTreeSet<&str> = after.iter().take(DEPTH).map(|hit| hit.id.as_str()).collect();
        compared += before.len().min(DEPTH);
        shared += before.iter().take(DEPTH).filter(|hit| after.contains(hit.id.as_str())).count();
    }
    checks.queries = titles.len();
    checks.agreement = if compared == 0 { 1.0 } else { shared as f64 / compared as f64 };
    Ok(checks)
}

/// Who is in the store and in the generation. Who changed after what the generation has reached is excused.
fn counted(store: &Store, snapshot: &EngineSnapshot, reached: u64) -> Result<ReindexChecks, ReindexError> {
    let mut checks = ReindexChecks { indexed: snapshot.live().len() as u64, ..ReindexChecks::default() };
    let (mut after, mut known, mut missing) = (0, BTreeSet::new(), Vec::new());
    loop {
        let keys = store.keys_after(after, KEYS)?;
        let Some(last) = keys.last() else { break };
        after = *last;
        checks.stored += keys.len() as u64;
        missing.extend(keys.iter().copied().filter(|key| !snapshot.live().contains(*key)));
        known.extend(keys);
    }
    let mut surplus: Vec<u32> = snapshot.live().iter().filter(|key| !known.contains(key)).collect();
    let mut changed = BTreeSet::new();
    let mut at = reached;
    loop {
        let entries = store.changes_after(at, KEYS)?;
        let Some(last) = entries.last() else { break };
        at = last.seq;
        changed.extend(entries.into_iter().map(|entry| entry.key));
    }
    surplus.retain(|key| !changed.contains(key));
    missing.retain(|key| !changed.contains(key));
    for keys in missing.chunks(1_000) {
        let people = store.get_by_keys(keys)?;
        let unreadable = people.iter().flatten().filter(|person| read_stored(&person.id, &person.body).is_err());
        checks.unreadable += unreadable.count() as u64;
    }
    checks.missing = missing.len() as u64 - checks.unreadable;
    checks.surplus = surplus.len() as u64;
    Ok(checks)
}

/// Titles of people evenly spaced over the keys.
fn sampled_titles(store: &Store) -> Result<Vec<String>, ReindexError> {
    let mut titles = BTreeSet::new();
    let last = store.last_key()?;
    for part in 0..SAMPLES as u64 {
        let after = (u64::from(last) * part / SAMPLES as u64) as u32;
        let people = store.candidates_in_key_order(after, 1)?;
        titles.extend(people.first().and_then(title));
    }
    Ok(titles.into_iter().collect())
}

fn title(person: &StoredCandidate) -> Option<String> {
    let candidate = read_stored(&person.id, &person.body).ok()?;
    let current = Timeline::of(&candidate.profile.positions).current();
    let title = current.and_then(|at| candidate.profile.positions[at].title.clone());
    title.or(candidate.profile.headline).filter(|title| !title.trim().is_empty())
}

/// How many of the nearest role vectors of sampled people the planned way finds.
pub fn sampled_recall(snapshot: &EngineSnapshot) -> Result<f64, EngineError> {
    let role = snapshot.role();
    let keys = role.keys();
    let step = keys.len().div_ceil(SAMPLES).max(1);
    let (mut found, mut wanted) = (0, 0);
    for query in keys.iter().step_by(step).filter_map(|key| role.vector(*key)) {
        let search = |strategy| VectorSearch { query: &query, k: DEPTH, with_ties: false, allowed: None, strategy };
        let cosines = |strategy| -> Result<Vec<f32>, EngineError> {
            let hits = role.search(&search(strategy))?.hits;
            Ok(hits.iter().map(|hit| hit.cosine).collect())
        };
        let (exact, planned) = (cosines(VectorStrategy::Exact)?, cosines(VectorStrategy::Auto)?);
        let worst = exact.iter().copied().fold(f32::INFINITY, f32::min);
        wanted += exact.len();
        found += planned.iter().filter(|cosine| **cosine >= worst).count().min(exact.len());
    }
    Ok(if wanted == 0 { 1.0 } else { found as f64 / wanted as f64 })
}
