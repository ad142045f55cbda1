//! A second look at the best: what another model's cosines do to their relevance.
//!
//! Cosines of the m best (m the depth) → a movement of each one's relevance r towards the place that the cosine c gives it among the
//! compared ones:
//!
//! ```text
//! n = (c − least c) / (greatest c − least c)
//! r′ = r + w · (least r + (greatest r − least r) · n − r)
//! ```
//!
//! Invariant: r′ stays between the least and the greatest relevance of those who were compared, so that nobody is moved past one who
//! was not but by activity. It is the one value of a ranking that depends on the other hits: cosines of models that nobody calibrated here
//! mean nothing but their order and distances.

use serde::Deserialize;

/// Constants of the second look.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RerankerRanking {
    /// How many of the best are compared.
    pub depth: usize,
    /// How many words of either text are compared.
    pub words: usize,
    /// How many skills stand in the text of a person, before what their positions tell.
    pub skills: usize,
    /// How far they are moved, by what was asked.
    pub weights: RerankerWeights,
}

/// How far people are moved towards the place that their cosine gives them, 0 to 1, by what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RerankerWeights {
    /// For words, titles and skills.
    pub short: f64,
    /// For queries that are whole texts.
    pub text: f64,
    /// For job texts.
    pub job: f64,
}

impl RerankerRanking {
    pub(super) fn check(&self, bounded: &mut dyn FnMut(String, f64, f64, f64)) {
        bounded("reranker.depth".into(), self.depth as f64, 2.0, 1_000.0);
        bounded("reranker.words".into(), self.words as f64, 1.0, 1_000.0);
        bounded("reranker.skills".into(), self.skills as f64, 0.0, 100.0);
        let weights = [("short", self.weights.short), ("text", self.weights.text), ("job", self.weights.job)];
        for (name, weight) in weights {
            bounded(format!("reranker.weights.{name}"), weight, 0.0, 1.0);
        }
    }
}

/// What those who were compared have at least and at most, and how far they are moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecondLook {
    /// How far, 0 to 1.
    pub weight: f64,
    /// The least and the greatest relevance.
    pub relevance: (f64, f64),
    /// The least and the greatest cosine.
    pub cosine: (f64, f64),
}

impl SecondLook {
    /// Of those who were compared, each with relevance and cosine; `None` where that tells nobody from another.
    pub fn of(weight: f64, compared: &[(f64, f32)]) -> Option<Self> {
        let over = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
        };
        let relevance = over(&mut compared.iter().map(|(relevance, _)| *relevance));
        let cosine = over(&mut compared.iter().map(|(_, cosine)| f64::from(*cosine)));
        (cosine.0 < cosine.1).then_some(Self { weight, relevance, cosine })
    }

    /// The place of a cosine among those who were compared, 0 to 1.
    pub fn normalise(&self, cosine: f32) -> f64 {
        ((f64::from(cosine) - self.cosine.0) / (self.cosine.1 - self.cosine.0)).clamp(0.0, 1.0)
    }

    /// What is added to a relevance.
    pub fn movement(&self, relevance: f64, cosine: f32) -> f64 {
        let (low, high) = self.relevance;
        self.weight * (low + (high - low) * self.normalise(cosine) - relevance)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_cosines_tell_nothing() {
        assert_eq!(SecondLook::of(0.5, &[(0.3, 0.8), (0.2, 0.8)]), None);
        assert_eq!(SecondLook::of(0.5, &[]), None);
    }

    #[test]
    fn half_of_the_way_is_gone() {
        let look = SecondLook::of(0.5, &[(0.4, 0.7), (0.2, 0.9)]).unwrap();
        assert!((look.movement(0.4, 0.7) - -0.1).abs() < 1e-9);
        assert!((look.movement(0.2, 0.9) - 0.1).abs() < 1e-9);
        assert!(look.movement(0.3, 0.8).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn nobody_leaves_those_who_were_compared(
            compared in prop::collection::vec((0.0..1.0_f64, -1.0..1.0_f32), 2..20), weight in 0.0..=1.0_f64
        ) {
            let Some(look) = SecondLook::of(weight, &compared) else { return Ok(()) };
            for (relevance, cosine) in compared {
                let moved = relevance + look.movement(relevance, cosine);
                prop_assert!(look.relevance.0 - 1e-9 <= moved && moved <= look.relevance.1 + 1e-9);
            }
        }
    }
}
