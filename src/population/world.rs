//! What differs from one simulated world to another: `docs/haystack.md` says why.

use super::archetype::Archetype;
use super::stream::{Part, StreamKey};

/// Median probability to answer a message, and how far the latent willingness moves its logarithm.
const MEDIAN_REPLY: f64 = 0.08;
const REPLY_SPREAD: f64 = 0.8;

/// Bounds of the probability to answer.
const REPLY_BOUNDS: (f64, f64) = (0.005, 0.6);

/// A world with other shares and other habits of answering than the usual population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct World {
    /// Share of people who list many skills that no position supports, in [0, 1]. The others keep their proportions.
    pub boasters: f64,
    /// Correlation of how lately somebody was active with the logarithm of their probability to answer, in [0, 1].
    pub activity_reply_correlation: f64,
}

impl World {
    /// Weights of the archetypes, in the order of [`Archetype::RATES`].
    pub(super) fn weights(self) -> impl Iterator<Item = u32> + Clone {
        let others: u32 = Archetype::RATES.iter().filter(|rate| rate.0 != Archetype::Boaster).map(|rate| rate.1).sum();
        let boasters = self.boasters.clamp(0.0, 1.0);
        Archetype::RATES.iter().map(move |(archetype, rate)| {
            let share = match archetype {
                Archetype::Boaster => boasters,
                _ => (1.0 - boasters) * f64::from(*rate) / f64::from(others),
            };
            (share * 1e6).round() as u32
        })
    }

    /// The probability that a person answers a message, to four decimals.
    pub(super) fn reply_probability(self, key: StreamKey, index: u64, days_since_change: f64) -> f64 {
        let lately = ((5.6 - days_since_change.max(0.0).ln_1p()) / 1.7).clamp(-2.0, 2.0);
        let mut stream = key.stream(Part::World, index);
        // The sum of twelve uniform numbers: mean 6, variance 1.
        let noise = (0..12).map(|_| stream.unit()).sum::<f64>() - 6.0;
        let rho = self.activity_reply_correlation.clamp(0.0, 1.0);
        let willingness = rho * lately + (1.0 - rho * rho).sqrt() * noise;
        let probability = MEDIAN_REPLY * (REPLY_SPREAD * willingness).exp();
        (probability.clamp(REPLY_BOUNDS.0, REPLY_BOUNDS.1) * 1e4).round() / 1e4
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{DEFAULT_AS_OF, Population};

    fn correlation(pairs: &[(f64, f64)]) -> f64 {
        let count = pairs.len() as f64;
        let mean = |pick: fn(&(f64, f64)) -> f64| pairs.iter().map(pick).sum::<f64>() / count;
        let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
        let covariance: f64 = pairs.iter().map(|pair| (pair.0 - x) * (pair.1 - y)).sum();
        let variance =
            |pick: fn(&(f64, f64)) -> f64, mean: f64| pairs.iter().map(|pair| (pick(pair) - mean).powi(2)).sum::<f64>();
        covariance / (variance(|pair| pair.0, x) * variance(|pair| pair.1, y)).sqrt()
    }

    #[test]
    fn a_world_keeps_its_shares_its_correlation_and_its_rate_of_replies() {
        for (boasters, rho) in [(0.0, 0.0), (0.2, 0.4), (0.4, 0.6)] {
            let world = World { boasters, activity_reply_correlation: rho };
            let population = Population::new(11, 0, DEFAULT_AS_OF).in_world(world);
            let people: Vec<_> = (0..4_000).map(|index| population.candidate(index)).collect();
            let found = people.iter().filter(|person| person.truth.archetype == Archetype::Boaster).count();
            assert!((found as f64 / 4_000.0 - boasters).abs() < 0.02, "{found} boasters");
            let replies: Vec<f64> = people.iter().map(|person| person.truth.reply_probability).collect();
            let mean = replies.iter().sum::<f64>() / 4_000.0;
            assert!((0.05..0.2).contains(&mean), "mean probability {mean}");
            let key = StreamKey::new(11);
            let pairs: Vec<(f64, f64)> = (0..4_000)
                .map(|index| {
                    let days = [1.0, 30.0, 300.0, 1_000.0, 3_000.0][index % 5];
                    (-f64::ln_1p(days), world.reply_probability(key, index as u64, days).ln())
                })
                .collect();
            assert!((correlation(&pairs) - rho).abs() < 0.12, "{}", correlation(&pairs));
        }
    }
}
