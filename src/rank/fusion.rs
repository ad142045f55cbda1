//! Fusion by convex combination, and the bound on activity.
//!
//! relevance = Σ wᵢ·nᵢ with Σw = 1 (Bruch, Gai, Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval");
//! score = relevance + relevance · c · (activity − ½).

use std::cmp::Ordering;

use super::FusionRanking;

/// One signal of one candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignalValue {
    /// As measured.
    pub raw: f64,
    /// On the fixed scale [0, 1].
    pub normalised: f64,
}

impl SignalValue {
    /// A measured value and its place on the fixed scale; what is not finite counts 0.
    pub fn new(raw: f64, normalised: f64) -> Self {
        let finite = |value: f64| if value.is_finite() { value } else { 0.0 };
        Self { raw: finite(raw), normalised: finite(normalised).clamp(0.0, 1.0) }
    }
}

/// The relevance signals of one candidate; `None` where the query does not ask for a signal.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RelevanceSignals {
    /// BM25 over its maximum for the query.
    pub keyword: Option<SignalValue>,
    /// What concepts the candidate has of those asked for, over the maximum for the query.
    pub concept: Option<SignalValue>,
    /// Cosine on the calibrated scale.
    pub semantic: Option<SignalValue>,
}

/// A fused score and its parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// In [0, 1].
    pub relevance: f64,
    /// relevance + the contribution of activity.
    pub score: f64,
    /// The keyword signal's weight and contribution.
    pub keyword: (f64, f64),
    /// The concept signal's weight and contribution.
    pub concept: (f64, f64),
    /// The semantic signal's weight and contribution.
    pub semantic: (f64, f64),
    /// What a second look added to the relevance; 0 without one.
    pub reranker: f64,
    /// The contribution of activity: relevance · c · (activity − ½).
    pub activity: f64,
}

impl Score {
    /// The score with a relevance that is so much higher.
    #[must_use]
    pub fn reranked(self, movement: f64, activity: f64, c: f64) -> Self {
        let relevance = self.relevance + movement;
        let activity = lift(relevance, activity, c);
        Self { relevance, score: relevance + activity, reranker: movement, activity, ..self }
    }
}

/// Fuses the signals of one candidate. With no relevance signal at all, relevance is 1.
pub fn fuse(signals: &RelevanceSignals, weights: FusionRanking, activity: f64, c: f64) -> Score {
    let keyword = signals.keyword.map_or(0.0, |_| weights.keyword);
    let concept = signals.concept.map_or(0.0, |_| weights.concept);
    let semantic = signals.semantic.map_or(0.0, |_| weights.semantic);
    let sum = keyword + concept + semantic;
    let share = |weight: f64| if sum > 0.0 { weight / sum } else { 0.0 };
    let part = |weight: f64, signal: Option<SignalValue>| {
        let weight = share(weight);
        (weight, weight * signal.map_or(0.0, |signal| signal.normalised))
    };
    let (keyword, concept) = (part(keyword, signals.keyword), part(concept, signals.concept));
    let semantic = part(semantic, signals.semantic);
    let relevance = if sum > 0.0 { (keyword.1 + concept.1 + semantic.1).clamp(0.0, 1.0) } else { 1.0 };
    let contribution = lift(relevance, activity, c);
    let score = relevance + contribution;
    Score { relevance, score, keyword, concept, semantic, reranker: 0.0, activity: contribution }
}

/// The contribution of activity to a score: relevance · c · (activity − ½).
fn lift(relevance: f64, activity: f64, c: f64) -> f64 {
    relevance * c * (activity.clamp(0.0, 1.0) - 0.5)
}

/// The score of a relevance moved by activity: what [`fuse`] gives, for a relevance that is known.
pub fn moved(relevance: f64, activity: f64, c: f64) -> f64 {
    relevance + lift(relevance, activity, c)
}

/// The order of hits: the higher score first, then the more complete profile, then the smaller id. Total, since scores are
/// finite and ids differ.
pub fn by_rank(a: (f64, u8, &str), b: (f64, u8, &str)) -> Ordering {
    b.0.total_cmp(&a.0).then_with(|| b.1.cmp(&a.1)).then_with(|| a.2.cmp(b.2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signals(keyword: f64, semantic: f64) -> RelevanceSignals {
        let signal = |value| Some(SignalValue::new(value, value));
        RelevanceSignals { keyword: signal(keyword), concept: signal(keyword * semantic), semantic: signal(semantic) }
    }

    fn weights(keyword: f64, semantic: f64) -> FusionRanking {
        FusionRanking { keyword, concept: 0.4, semantic }
    }

    #[test]
    fn with_nothing_to_score_relevance_is_one() {
        let score = fuse(&RelevanceSignals::default(), weights(0.5, 0.5), 0.5, 0.1);
        assert_eq!((score.relevance, score.score), (1.0, 1.0));
    }

    proptest! {
        #[test]
        fn contributions_add_up(k in 0.0..1.0, s in 0.0..1.0, a in 0.0..1.0, c in 0.0..0.3, w in 0.01..1.0, v in 0.01..1.0) {
            let score = fuse(&signals(k, s), weights(w, v), a, c);
            let parts = [score.keyword, score.concept, score.semantic];
            let contributions: f64 = parts.iter().map(|(_, contribution)| contribution).sum();
            prop_assert!((contributions + score.activity - score.score).abs() < 1e-9);
            prop_assert!((parts.iter().map(|(weight, _)| weight).sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!((0.0..=1.0).contains(&score.relevance));
            let moved = score.reranked((k - score.relevance) / 2.0, a, c);
            prop_assert!((contributions + moved.reranker + moved.activity - moved.score).abs() < 1e-9);
        }

        #[test]
        fn activity_never_beats_relevance(
            ka in 0.0..1.0, kb in 0.0..1.0, aa in 0.0..1.0, ab in 0.0..1.0, c in 0.0..0.5
        ) {
            let weights = weights(1.0, 0.5);
            let (a, b) = (fuse(&signals(ka, ka), weights, aa, c), fuse(&signals(kb, kb), weights, ab, c));
            if a.relevance * (1.0 - c / 2.0) > b.relevance * (1.0 + c / 2.0) {
                prop_assert_eq!(by_rank((a.score, 0, "z"), (b.score, 8, "a")), Ordering::Less);
            }
        }
    }

    #[test]
    fn completeness_breaks_ties_and_promotes_nobody() {
        assert_eq!(by_rank((0.5, 8, "z"), (0.5, 7, "a")), Ordering::Less);
        assert_eq!(by_rank((0.5, 7, "a"), (0.5, 7, "b")), Ordering::Less);
        assert_eq!(by_rank((0.5, 8, "a"), (0.500_000_1, 0, "b")), Ordering::Greater);
    }
}
