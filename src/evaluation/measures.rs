//! A ranking and its judgments → how good the ranking is.
//!
//! Invariant: every measure lies in [0, 1], and 1 is a perfect ranking. Relevant is what has a relevance of 1 and
//! more. A document that a ranking repeats counts where it first stands.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// How deep a ranking is read for average precision unless told otherwise.
pub const DEFAULT_DEPTH: usize = 300;

/// The highest relevance: beyond it the gain 2^relevance says no more.
pub(super) const MAX_RELEVANCE: u32 = 30;

const NDCG_DEPTH: usize = 10;
const PRECISION_DEPTH: usize = 5;
const RECALL_DEPTH: usize = 100;

/// The measures of one ranking, or their means, each from 0 to 1.
pub type Measures = PerMeasure<f64>;

/// One thing for each measure.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PerMeasure<T> {
    /// Average precision up to the depth asked for: the precisions at the ranks of the relevant documents found,
    /// over the number of relevant documents that there are (Buckley and Voorhees 2000; trec_eval's `map_cut`).
    /// Its mean over queries is MAP.
    pub average_precision: T,
    /// Normalised discounted cumulative gain at 10, with the gain 2^relevance − 1 and the discount log2(rank + 1)
    /// (Burges et al. 2005, "Learning to Rank using Gradient Descent", section 6). With relevances of 0 and 1
    /// it equals the linear gain of Järvelin and Kekäläinen 2002.
    pub ndcg_at_10: T,
    /// One over the rank of the first relevant document within the depth, 0 without one. Its mean is MRR.
    pub reciprocal_rank: T,
    /// The share of relevant documents among the first 5 ranks, empty ranks counting as not relevant.
    pub precision_at_5: T,
    /// The share of the relevant documents that stand among the first 100.
    pub recall_at_100: T,
}

impl<T> PerMeasure<T> {
    /// Makes one for each measure, told how to read that measure.
    pub fn each(mut of: impl FnMut(fn(&Measures) -> f64) -> T) -> Self {
        Self {
            average_precision: of(|measures| measures.average_precision),
            ndcg_at_10: of(|measures| measures.ndcg_at_10),
            reciprocal_rank: of(|measures| measures.reciprocal_rank),
            precision_at_5: of(|measures| measures.precision_at_5),
            recall_at_100: of(|measures| measures.recall_at_100),
        }
    }
}

/// Measures a ranking, best first, against the judged documents of its query. `None` if none of them is relevant.
pub fn measure<S: AsRef<str>>(ranking: &[S], judged: &BTreeMap<String, u32>, depth: usize) -> Option<Measures> {
    let relevant = judged.values().filter(|relevance| **relevance > 0).count();
    if relevant == 0 {
        return None;
    }
    let relevances = relevances(ranking, judged);
    let found = |depth: usize| relevances.iter().take(depth).filter(|relevance| **relevance > 0).count();
    let first = relevances.iter().take(depth).position(|relevance| *relevance > 0);
    Some(Measures {
        average_precision: average_precision(&relevances, relevant, depth),
        ndcg_at_10: discounted_gain(relevances.iter().copied()) / ideal_gain(judged),
        reciprocal_rank: first.map_or(0.0, |rank| 1.0 / (rank + 1) as f64),
        precision_at_5: found(PRECISION_DEPTH) as f64 / PRECISION_DEPTH as f64,
        recall_at_100: found(RECALL_DEPTH) as f64 / relevant as f64,
    })
}

/// The relevance at each rank; 0 for what is not judged and for what stood there before.
fn relevances<S: AsRef<str>>(ranking: &[S], judged: &BTreeMap<String, u32>) -> Vec<u32> {
    let mut seen = BTreeSet::new();
    ranking
        .iter()
        .map(|document| match judged.get_key_value(document.as_ref()) {
            Some((document, relevance)) if seen.insert(document) => *relevance,
            _ => 0,
        })
        .collect()
}

fn average_precision(relevances: &[u32], relevant: usize, depth: usize) -> f64 {
    let ranks = relevances.iter().take(depth).enumerate().filter(|(_, relevance)| **relevance > 0);
    let sum: f64 = ranks.enumerate().map(|(before, (rank, _))| (before + 1) as f64 / (rank + 1) as f64).sum();
    sum / relevant as f64
}

fn discounted_gain(relevances: impl Iterator<Item = u32>) -> f64 {
    let gain = |relevance: u32| f64::from(relevance.min(MAX_RELEVANCE)).exp2() - 1.0;
    relevances.take(NDCG_DEPTH).enumerate().map(|(rank, relevance)| gain(relevance) / ((rank + 2) as f64).log2()).sum()
}

fn ideal_gain(judged: &BTreeMap<String, u32>) -> f64 {
    let mut best: Vec<u32> = judged.values().copied().collect();
    best.sort_unstable_by(|left, right| right.cmp(left));
    discounted_gain(best.into_iter())
}

/// Means over the queries of a set.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Queries with a relevant document: those that the means are over.
    pub queries: usize,
    /// Queries left out, having no relevant document.
    pub left_out: usize,
    /// The means; all 0 without a query.
    pub mean: Measures,
}

impl FromIterator<Option<Measures>> for Summary {
    fn from_iter<I: IntoIterator<Item = Option<Measures>>>(measured: I) -> Self {
        let mut summary = Self::default();
        let mut measures = Vec::new();
        for query in measured {
            match query {
                Some(query) => measures.push(query),
                None => summary.left_out += 1,
            }
        }
        summary.queries = measures.len();
        let count = measures.len().max(1) as f64;
        summary.mean = Measures::each(|of| measures.iter().map(of).sum::<f64>() / count);
        summary
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged(pairs: &[(&str, u32)]) -> BTreeMap<String, u32> {
        pairs.iter().map(|(document, relevance)| ((*document).to_owned(), *relevance)).collect()
    }

    #[test]
    fn small_examples_by_hand() {
        let judged = judged(&[("a", 1), ("b", 1), ("c", 1), ("x", 0)]);
        let measures = measure(&["a", "x", "b", "y"], &judged, DEFAULT_DEPTH).unwrap();
        // Relevant at ranks 1 and 3 of three relevant: (1/1 + 2/3) / 3.
        assert!((measures.average_precision - 5.0 / 9.0).abs() < 1e-12);
        // (1 + 1/log2(4)) / (1 + 1/log2(3) + 1/log2(4)).
        assert!((measures.ndcg_at_10 - 1.5 / (1.5 + 1.0 / 3f64.log2())).abs() < 1e-12);
        assert_eq!(measures.reciprocal_rank, 1.0);
        assert_eq!(measures.precision_at_5, 0.4);
        assert!((measures.recall_at_100 - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn graded_relevance_weighs_exponentially() {
        let judged = judged(&[("best", 3), ("good", 1)]);
        // Gains 7 and 1: swapped, (1 + 7/log2(3)) over (7 + 1/log2(3)).
        let swapped = measure(&["good", "best"], &judged, DEFAULT_DEPTH).unwrap().ndcg_at_10;
        let share = 1.0 / 3f64.log2();
        assert!((swapped - (1.0 + 7.0 * share) / (7.0 + share)).abs() < 1e-12);
    }

    #[test]
    fn depth_cuts_precision_and_rank() {
        let judged = judged(&[("c", 1)]);
        let cut = measure(&["a", "b", "c"], &judged, 2).unwrap();
        assert_eq!((cut.average_precision, cut.reciprocal_rank), (0.0, 0.0));
        assert_eq!(cut.recall_at_100, 1.0);
        let whole = measure(&["a", "b", "c"], &judged, 3).unwrap();
        assert!((whole.average_precision - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn queries_without_relevant_documents_are_left_out_and_counted() {
        let one = judged(&[("a", 1)]);
        let none = judged(&[("a", 0)]);
        let summary: Summary =
            [measure(&["a"], &one, 300), measure(&["a"], &none, 300), measure(&["b"], &one, 300)].into_iter().collect();
        assert_eq!((summary.queries, summary.left_out), (2, 1));
        assert_eq!(summary.mean.average_precision, 0.5);
        assert_eq!(Summary::from_iter([]).mean, Measures::default());
    }

    /// Straight from the definitions: precision at each rank from scratch, every permutation of gains for the ideal.
    fn naive(ranking: &[String], judged: &BTreeMap<String, u32>, depth: usize) -> Measures {
        let relevance = |document: &String| judged.get(document).copied().unwrap_or(0);
        let total = judged.values().filter(|relevance| **relevance > 0).count() as f64;
        let precision = |k: usize| ranking[..k].iter().filter(|d| relevance(d) > 0).count() as f64 / k as f64;
        let hits: Vec<usize> = (1..=ranking.len()).filter(|rank| relevance(&ranking[rank - 1]) > 0).collect();
        let within: Vec<usize> = hits.iter().copied().filter(|rank| *rank <= depth).collect();
        let dcg = |documents: &[String]| -> f64 {
            (1..=documents.len().min(10))
                .map(|rank| (2f64.powi(relevance(&documents[rank - 1]) as i32) - 1.0) / ((rank + 1) as f64).log2())
                .sum()
        };
        let mut ideal: Vec<String> = judged.keys().cloned().collect();
        ideal.sort_by_key(|document| std::cmp::Reverse(relevance(document)));
        Measures {
            average_precision: within.iter().map(|rank| precision(*rank)).sum::<f64>() / total,
            ndcg_at_10: dcg(ranking) / dcg(&ideal),
            reciprocal_rank: within.first().map_or(0.0, |rank| 1.0 / *rank as f64),
            precision_at_5: hits.iter().filter(|rank| **rank <= 5).count() as f64 / 5.0,
            recall_at_100: hits.iter().filter(|rank| **rank <= 100).count() as f64 / total,
        }
    }

    fn values(measures: Measures) -> [f64; 5] {
        [
            measures.average_precision,
            measures.ndcg_at_10,
            measures.reciprocal_rank,
            measures.precision_at_5,
            measures.recall_at_100,
        ]
    }

    proptest! {
        #[test]
        fn equals_the_naive_definitions(
            ranking in Just((0..160u32).map(|id| id.to_string()).collect::<Vec<_>>()).prop_shuffle(),
            length in 0usize..160,
            relevances in proptest::collection::vec(0u32..5, 1..200),
            depth in 1usize..200,
        ) {
            let judged: BTreeMap<String, u32> =
                relevances.iter().enumerate().map(|(id, relevance)| ((id * 2).to_string(), *relevance)).collect();
            let ranking = &ranking[..length];
            let measured = measure(ranking, &judged, depth);
            prop_assert_eq!(measured.is_none(), relevances.iter().all(|relevance| *relevance == 0));
            if let Some(measured) = measured {
                for (left, right) in values(measured).into_iter().zip(values(naive(ranking, &judged, depth))) {
                    prop_assert!((left - right).abs() < 1e-9, "{left} is not {right}");
                    prop_assert!((0.0..=1.0 + 1e-12).contains(&left));
                }
            }
        }

        #[test]
        fn the_ideal_ranking_is_perfect_and_repeats_gain_nothing(count in 5usize..60, copies in 1usize..4) {
            let ids: Vec<String> = (0..count).map(|id| id.to_string()).collect();
            let judged = ids.iter().map(|id| (id.clone(), 1)).collect();
            prop_assert!(values(measure(&ids, &judged, DEFAULT_DEPTH).unwrap()).iter().all(|value| (value - 1.0).abs() < 1e-12));
            let repeated = vec![ids[0].clone(); copies * 5];
            let measured = measure(&repeated, &judged, DEFAULT_DEPTH).unwrap();
            prop_assert!((measured.average_precision - 1.0 / count as f64).abs() < 1e-12);
            prop_assert_eq!(measured.precision_at_5, 0.2);
        }
    }
}
