//! Who answers, learnt from past messages.
//!
//! Logistic regression with a ridge penalty (Hoerl and Kennard 1970; le Cessie and van Houwelingen 1992, "Ridge estimators
//! in logistic regression"), fitted by Newton's method to the signals just before each past message. Out-of-sample quality
//! is the area under the ROC curve of people whose messages the fit did not see, half against half.

use super::{ActivitySignals, ComponentKind, PastMessage, PastMessages, reliability::area_under_curve};

/// Messages with a known outcome from which on a model is fitted.
const MIN_OUTCOMES: usize = 500;

/// Replies, and messages without one, from which on a model is fitted.
const MIN_OF_EACH: usize = 25;

/// Penalty on the weights of the standardised features, in messages.
const RIDGE: f64 = 4.0;

const STEPS: usize = 12;

/// The features and the constant.
const TERMS: usize = FEATURES + 1;
const FEATURES: usize = 4;

/// Nobody answers for certain, and nobody certainly not.
pub(super) const REPLY_PROBABILITIES: (f64, f64) = (0.001, 0.95);

/// Signals → the probability that a message is replied to.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyModel {
    mean: [f64; FEATURES],
    deviation: [f64; FEATURES],
    /// The constant last.
    weights: [f64; TERMS],
    /// Messages that it was fitted to.
    pub messages: usize,
    /// Area under the ROC curve of people that the fit did not see.
    pub auc: f64,
}

impl ReplyModel {
    /// Fits a model; `None` where too few outcomes are known.
    pub fn fit(past: &PastMessages) -> Option<Self> {
        let replies = past.sample.iter().filter(|message| message.is_reply).count();
        let is_enough = past.outcomes >= MIN_OUTCOMES && replies.min(past.sample.len() - replies) >= MIN_OF_EACH;
        if !is_enough {
            return None;
        }
        let all: Vec<&PastMessage> = past.sample.iter().collect();
        let (even, odd): (Vec<&PastMessage>, Vec<&PastMessage>) =
            past.sample.iter().partition(|message| message.person % 2 == 0);
        let mut unseen = Vec::with_capacity(all.len());
        for (seen, judged) in [(&even, &odd), (&odd, &even)] {
            let model = Self::fitted(seen);
            unseen.extend(judged.iter().map(|message| (model.log_odds(&message.signals), message.is_reply)));
        }
        Some(Self { auc: area_under_curve(unseen), ..Self::fitted(&all) })
    }

    /// The probability that a person with these signals replies to a message now.
    pub fn probability(&self, signals: &ActivitySignals) -> f64 {
        let (low, high) = REPLY_PROBABILITIES;
        (1.0 / (1.0 + (-self.log_odds(signals)).exp())).clamp(low, high)
    }

    fn log_odds(&self, signals: &ActivitySignals) -> f64 {
        self.terms(signals).iter().zip(self.weights).map(|(term, weight)| term * weight).sum()
    }

    fn terms(&self, signals: &ActivitySignals) -> [f64; TERMS] {
        let raw = features(signals);
        std::array::from_fn(|at| if at < FEATURES { (raw[at] - self.mean[at]) / self.deviation[at] } else { 1.0 })
    }

    fn fitted(messages: &[&PastMessage]) -> Self {
        let count = messages.len().max(1) as f64;
        let sum = |value: &dyn Fn(&[f64; FEATURES]) -> f64| {
            messages.iter().map(|message| value(&features(&message.signals))).sum::<f64>() / count
        };
        let mean: [f64; FEATURES] = std::array::from_fn(|at| sum(&|raw| raw[at]));
        let deviation = std::array::from_fn(|at| sum(&|raw| (raw[at] - mean[at]).powi(2)).sqrt().max(1e-6));
        let replies = messages.iter().filter(|message| message.is_reply).count() as f64;
        let rate = (replies + 0.5) / (count + 1.0);
        let mut weights = [0.0; TERMS];
        weights[FEATURES] = (rate / (1.0 - rate)).ln();
        let mut model = Self { mean, deviation, weights, messages: messages.len(), auc: 0.5 };
        let terms: Vec<([f64; TERMS], f64)> = messages
            .iter()
            .map(|message| (model.terms(&message.signals), f64::from(u8::from(message.is_reply))))
            .collect();
        for _ in 0..STEPS {
            let Some(step) = newton_step(&terms, &model.weights) else { break };
            model.weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step);
        }
        model
    }
}

fn features(signals: &ActivitySignals) -> [f64; FEATURES] {
    let value = |kind: ComponentKind| signals.component(kind).value;
    let responsiveness = value(ComponentKind::Responsiveness).clamp(0.001, 0.999);
    [
        value(ComponentKind::Recency),
        value(ComponentKind::Openness),
        (responsiveness / (1.0 - responsiveness)).ln(),
        value(ComponentKind::ContactPressure),
    ]
}

/// The step towards the maximum of the penalised likelihood; `None` where it cannot be solved.
fn newton_step(terms: &[([f64; TERMS], f64)], weights: &[f64; TERMS]) -> Option<[f64; TERMS]> {
    let mut gradient = [0.0; TERMS];
    let mut curvature = [[0.0; TERMS]; TERMS];
    for (x, outcome) in terms {
        let log_odds: f64 = x.iter().zip(weights).map(|(term, weight)| term * weight).sum();
        let probability = 1.0 / (1.0 + (-log_odds).exp());
        for row in 0..TERMS {
            gradient[row] += x[row] * (outcome - probability);
            for column in 0..TERMS {
                curvature[row][column] += x[row] * x[column] * probability * (1.0 - probability);
            }
        }
    }
    for at in 0..FEATURES {
        gradient[at] -= RIDGE * weights[at];
        curvature[at][at] += RIDGE;
    }
    curvature[FEATURES][FEATURES] += 1e-9;
    solve(curvature, gradient)
}

/// Solves a positive definite system by elimination without exchange of rows.
fn solve(mut matrix: [[f64; TERMS]; TERMS], mut right: [f64; TERMS]) -> Option<[f64; TERMS]> {
    for pivot in 0..TERMS {
        if matrix[pivot][pivot].abs() < 1e-12 {
            return None;
        }
        let head = matrix[pivot];
        for row in pivot + 1..TERMS {
            let factor = matrix[row][pivot] / head[pivot];
            matrix[row].iter_mut().zip(head).for_each(|(value, head)| *value -= factor * head);
            right[row] -= factor * right[pivot];
        }
    }
    for pivot in (0..TERMS).rev() {
        let known: f64 = (pivot + 1..TERMS).map(|column| matrix[pivot][column] * right[column]).sum();
        right[pivot] = (right[pivot] - known) / matrix[pivot][pivot];
    }
    right.iter().all(|value| value.is_finite()).then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::Component;

    fn message(person: usize, recency: f64, is_reply: bool) -> PastMessage {
        let known = |value| Component { value, is_unknown: false };
        let components = [known(recency), known(0.5), known(0.5), known(1.0), known(0.5), known(0.5)];
        PastMessage { signals: ActivitySignals { components, activity: 0.5 }, is_reply, person }
    }

    /// People of two kinds who reply once in `of` messages.
    fn past(active_of: usize, dormant_of: usize) -> PastMessages {
        let sample: Vec<_> = (0..2_000)
            .map(|at| {
                if at % 4 < 2 {
                    message(at, 0.9, at / 4 % active_of == 0)
                } else {
                    message(at, 0.1, at / 4 % dormant_of == 0)
                }
            })
            .collect();
        PastMessages { outcomes: sample.len(), sample }
    }

    #[test]
    fn the_rates_of_the_past_are_learnt() {
        let model = ReplyModel::fit(&past(4, 20)).unwrap();
        let probability = |recency| model.probability(&message(0, recency, false).signals);
        assert!((probability(0.9) - 0.25).abs() < 0.02, "{}", probability(0.9));
        assert!((probability(0.1) - 0.05).abs() < 0.02, "{}", probability(0.1));
        assert!(model.auc > 0.6, "{}", model.auc);
    }

    #[test]
    fn what_tells_nothing_is_given_no_weight() {
        let model = ReplyModel::fit(&past(10, 10)).unwrap();
        let probability = |recency| model.probability(&message(0, recency, false).signals);
        assert!((probability(0.9) - probability(0.1)).abs() < 0.01);
        assert!((model.auc - 0.5).abs() < 0.02, "{}", model.auc);
    }

    #[test]
    fn too_few_outcomes_teach_nothing() {
        assert_eq!(ReplyModel::fit(&PastMessages::default()), None);
        let PastMessages { mut sample, .. } = past(4, 20);
        sample.truncate(400);
        assert_eq!(ReplyModel::fit(&PastMessages { outcomes: 400, sample: sample.clone() }), None);
        let never = sample.into_iter().map(|message| PastMessage { is_reply: false, ..message }).collect();
        assert_eq!(ReplyModel::fit(&PastMessages { outcomes: 5_000, sample: never }), None);
    }
}
