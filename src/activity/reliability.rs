//! How well activity told beforehand who would answer.
//!
//! Input: past messages. Output: the area under the ROC curve of the activity just before each message against whether the
//! message was answered: the probability that of an answered and an unanswered message the answered one went to the more
//! active person (Hanley and McNeil 1982, "The meaning and use of the area under a receiver operating characteristic (ROC)
//! curve"). Out of sample by construction: the constants are not fitted to the answers.

use super::PastMessages;

/// How well activity predicted answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliability {
    /// Messages whose outcome is known.
    pub outcomes: usize,
    /// Area under the ROC curve, ½ for chance.
    pub auc: f64,
}

impl Default for Reliability {
    fn default() -> Self {
        Self { outcomes: 0, auc: 0.5 }
    }
}

impl Reliability {
    /// The reliability of activity over past messages.
    pub fn of(past: &PastMessages) -> Self {
        let scored = past.sample.iter().map(|message| (message.signals.activity, message.is_reply)).collect();
        Self { outcomes: past.outcomes, auc: area_under_curve(scored) }
    }

    /// From 0, no better than chance, to 1.
    pub fn value(&self) -> f64 {
        (2.0 * self.auc - 1.0).clamp(0.0, 1.0)
    }
}

/// The area under the ROC curve by mean ranks (Mann and Whitney 1947); ½ where there is only one kind of outcome.
pub(super) fn area_under_curve(mut scored: Vec<(f64, bool)>) -> f64 {
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positives = scored.iter().filter(|(_, is_reply)| *is_reply).count() as f64;
    let negatives = scored.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 {
        return 0.5;
    }
    let (mut rank_sum, mut before) = (0.0, 0.0);
    for tied in scored.chunk_by(|a, b| a.0 == b.0) {
        let count = tied.len() as f64;
        let replies = tied.iter().filter(|(_, is_reply)| *is_reply).count() as f64;
        rank_sum += replies * (before + (count + 1.0) / 2.0);
        before += count;
    }
    (rank_sum - positives * (positives + 1.0) / 2.0) / (positives * negatives)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_area_is_the_share_of_pairs_in_order(scored in prop::collection::vec((0..5_u8, any::<bool>()), 0..20)) {
            let scored: Vec<(f64, bool)> = scored.into_iter().map(|(score, reply)| (f64::from(score), reply)).collect();
            let mut pairs = Vec::new();
            for (positive, _) in scored.iter().filter(|(_, reply)| *reply) {
                for (negative, _) in scored.iter().filter(|(_, reply)| !*reply) {
                    pairs.push(match positive.total_cmp(negative) {
                        std::cmp::Ordering::Greater => 1.0,
                        std::cmp::Ordering::Equal => 0.5,
                        std::cmp::Ordering::Less => 0.0,
                    });
                }
            }
            let expected = if pairs.is_empty() { 0.5 } else { pairs.iter().sum::<f64>() / pairs.len() as f64 };
            prop_assert!((area_under_curve(scored) - expected).abs() < 1e-9);
        }
    }
}
