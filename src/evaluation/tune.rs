//! Weights of the fusion by kind of query, tuned on even halves and reported on odd ones.
//!
//! Input: for each kind of query, task and weights tried, the average precision of each query. Output: for each kind the weights of the
//! highest mean over tasks on the even halves, and what they change on the odd ones. Invariant: an odd query decides nothing.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::change::Change;
use super::error::EvaluationError;
use super::queries::Half;
use super::suite::TaskData;
use super::{OriginalIds, measure};
use crate::query::{QueryKind, Syntax};
use crate::rank::{FusionByKind, FusionRanking};
use crate::search::{SearchBody, Searcher};

/// Weights are tried in steps of one over this.
const STEPS: u32 = 10;

/// Even queries that a kind needs for its weights to be tuned.
pub const FEWEST: usize = 20;

/// All weights in steps of a tenth that sum to 1, but those of concepts alone: who is no title and no skill would score nothing.
pub fn grid() -> Vec<FusionRanking> {
    let share = |part: u32| f64::from(part) / f64::from(STEPS);
    let triples = (0..=STEPS).flat_map(|keyword| (0..=STEPS - keyword).map(move |concept| (keyword, concept)));
    let weights = triples.map(|(keyword, concept)| FusionRanking {
        keyword: share(keyword),
        concept: share(concept),
        semantic: share(STEPS - keyword - concept),
    });
    weights.filter(|weights| weights.concept < 1.0).collect()
}

/// What one query gave under all weights that were tried.
#[derive(Debug, Clone, PartialEq)]
pub struct TriedQuery {
    /// Its task.
    pub task: String,
    /// Its kind.
    pub kind: QueryKind,
    /// Whether it may decide.
    pub is_even: bool,
    /// Average precision, 0 to 1, by the place of the weights.
    pub precisions: Vec<f64>,
}

/// Asks every query of a task, which are of both halves, under all weights. `searcher` is made with the same weights for every kind.
pub fn try_weights(
    (task, data): (&str, &TaskData),
    (tried, searcher): (&[FusionRanking], &dyn Fn(FusionByKind) -> Searcher),
    (ids, depth): (&OriginalIds, usize),
    each: &dyn Fn(),
) -> Result<Vec<TriedQuery>, EvaluationError> {
    let searchers: Vec<Searcher> = tried.iter().map(|weights| searcher(FusionByKind::same(*weights))).collect();
    let now = jiff::Timestamp::now();
    let mut queries = Vec::with_capacity(data.queries.len());
    for query in &data.queries {
        each();
        let body = SearchBody { query: Some(query.text.clone()), syntax: Some(Syntax::Plain), ..SearchBody::default() };
        let failed = |source| EvaluationError::Search { query: query.id.clone(), source };
        let mut precisions = Vec::with_capacity(tried.len());
        for searcher in &searchers {
            let ranking = searcher.ranking(&body, now).map_err(failed)?;
            let ranking = ids.collapse(ranking.iter().map(|hit| hit.id.as_str()));
            let measures = data.judgments.of(&query.id).and_then(|judged| measure(&ranking, judged, depth));
            precisions.extend(measures.map(|measures| measures.average_precision));
        }
        // Long texts have weights of their own, and a query without a relevant document says nothing.
        let kind = searchers.first().map(|searcher| searcher.kind(&body, now)).transpose().map_err(failed)?.flatten();
        if let Some(kind) = kind.filter(|_| precisions.len() == tried.len()) {
            let is_even = Half::Even.holds(&query.text);
            queries.push(TriedQuery { task: task.to_owned(), kind, is_even, precisions });
        }
    }
    Ok(queries)
}

/// What tuning found for one kind of query.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TunedKind {
    /// The kind, as `ranking.toml` names it.
    pub kind: &'static str,
    /// How many even queries decided.
    pub even: usize,
    /// How many odd queries are reported.
    pub odd: usize,
    /// The configured weights of keyword, concept and semantic.
    pub configured: [f64; 3],
    /// The best ones on the even halves: the configured ones where too few queries are of the kind.
    pub tuned: [f64; 3],
    /// Mean over tasks of MAP on the even halves, configured and tuned, 0 to 1.
    pub even_means: [f64; 2],
    /// The same on the odd halves.
    pub odd_means: [f64; 2],
    /// What changes on the odd halves, by query.
    pub change: Change,
}

/// What tuning found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TuningReport {
    /// By kind, those of which there are queries.
    pub kinds: Vec<TunedKind>,
}

impl TuningReport {
    /// Chooses weights. The configured ones of each kind must be among `tried`; of equal means the first weights are taken.
    pub fn of(queries: &[TriedQuery], tried: &[FusionRanking], configured: &FusionByKind) -> Self {
        let kinds = QueryKind::ALL.into_iter().filter_map(|kind| {
            let own: Vec<&TriedQuery> = queries.iter().filter(|query| query.kind == kind).collect();
            let configured_at = tried.iter().position(|weights| *weights == configured.of(kind))?;
            (!own.is_empty()).then(|| tuned(kind, &own, tried, configured_at))
        });
        Self { kinds: kinds.collect() }
    }
}

fn tuned(kind: QueryKind, queries: &[&TriedQuery], tried: &[FusionRanking], configured: usize) -> TunedKind {
    let (even, odd): (Vec<&TriedQuery>, Vec<&TriedQuery>) = queries.iter().partition(|query| query.is_even);
    let mut best = configured;
    if even.len() >= FEWEST {
        for at in 0..tried.len() {
            if mean_over_tasks(&even, at) > mean_over_tasks(&even, best) {
                best = at;
            }
        }
    }
    let means = |queries: &[&TriedQuery]| [configured, best].map(|at| mean_over_tasks(queries, at));
    let values = |at: usize| odd.iter().map(|query| query.precisions[at]).collect::<Vec<f64>>();
    let weights = |at: usize| [tried[at].keyword, tried[at].concept, tried[at].semantic];
    TunedKind {
        kind: kind.name(),
        even: even.len(),
        odd: odd.len(),
        configured: weights(configured),
        tuned: weights(best),
        even_means: means(&even),
        odd_means: means(&odd),
        change: Change::of(&values(configured), &values(best)),
    }
}

/// The mean over tasks of the mean over queries: a large task decides no more than a small one.
fn mean_over_tasks(queries: &[&TriedQuery], at: usize) -> f64 {
    let mut tasks: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for query in queries {
        let (sum, count) = tasks.entry(&query.task).or_default();
        *sum += query.precisions[at];
        *count += 1;
    }
    let means: Vec<f64> = tasks.values().map(|(sum, count)| sum / *count as f64).collect();
    means.iter().sum::<f64>() / means.len().max(1) as f64
}

impl Display for TuningReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "MAP in %, means over tasks; chosen on the even halves, the odd ones decided nothing.")?;
        for kind in &self.kinds {
            let percent = |value: f64| value * 1e2;
            let ([even_before, even_after], [odd_before, odd_after]) = (kind.even_means, kind.odd_means);
            writeln!(f, "{}: {} even and {} odd queries", kind.kind, kind.even, kind.odd)?;
            let [keyword, concept, semantic] = kind.tuned;
            writeln!(f, "  {} = {{ keyword = {keyword}, concept = {concept}, semantic = {semantic} }}", kind.kind)?;
            writeln!(f, "  even {:.1} → {:.1}", percent(even_before), percent(even_after))?;
            let Change { difference, better, worse, p_value, .. } = kind.change;
            writeln!(
                f,
                "  odd  {:.1} → {:.1}; by query {:+.1} ({:+.1} to {:+.1}), {better} better, {worse} worse, p {p_value:.3}",
                percent(odd_before),
                percent(odd_after),
                percent(difference.value),
                percent(difference.low),
                percent(difference.high),
            )?;
            if kind.even < FEWEST {
                writeln!(f, "  too few to tune: the configured weights stay")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(task: &str, is_even: bool, precisions: [f64; 2]) -> TriedQuery {
        TriedQuery { task: task.to_owned(), kind: QueryKind::Title, is_even, precisions: precisions.to_vec() }
    }

    fn report(queries: &[TriedQuery]) -> TunedKind {
        let tried = &grid()[..2];
        TuningReport::of(queries, tried, &FusionByKind::same(tried[0])).kinds[0].clone()
    }

    #[test]
    fn the_grid_is_all_of_the_triangle_but_one_corner() {
        let grid = grid();
        assert_eq!(grid.len(), 65);
        assert!(grid.iter().all(|w| (w.keyword + w.concept + w.semantic - 1.0).abs() < 1e-9 && w.concept < 1.0));
    }

    #[test]
    fn odd_queries_decide_nothing() {
        let even = (0..FEWEST).map(|_| query("a", true, [0.2, 0.5]));
        let odd = (0..100).map(|_| query("a", false, [0.9, 0.1]));
        let tuned = report(&even.chain(odd).collect::<Vec<_>>());
        assert_ne!(tuned.tuned, tuned.configured);
        let [before, after] = tuned.even_means;
        assert!((before - 0.2).abs() < 1e-9 && (after - 0.5).abs() < 1e-9);
        assert!((tuned.change.difference.value + 0.8).abs() < 1e-9 && tuned.change.worse == 100);
    }

    #[test]
    fn tasks_count_alike_and_few_queries_change_nothing() {
        let large = (0..90).map(|_| query("large", true, [0.5, 0.6]));
        let small = (0..10).map(|_| query("small", true, [0.9, 0.7]));
        let tuned = report(&large.clone().chain(small).collect::<Vec<_>>());
        assert_eq!(tuned.tuned, tuned.configured);
        let few: Vec<TriedQuery> = large.take(FEWEST - 1).collect();
        assert_eq!(report(&few).tuned, report(&few).configured);
    }
}
