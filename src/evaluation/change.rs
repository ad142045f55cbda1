//! Two runs over the same queries → what changed, and whether that may be chance.

use serde::Serialize;

use super::interval::Interval;
use super::splitmix::SplitMix;

/// How often the signs of the differences are drawn anew.
const PERMUTATIONS: usize = 10_000;

/// Differences up to this are those of rounding.
const ROUNDING: f64 = 1e-9;

/// What changed in one measure between two runs, paired by query.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The mean of (later − earlier), with its paired bootstrap interval.
    pub difference: Interval,
    /// Queries that got better.
    pub better: usize,
    /// Queries that got worse.
    pub worse: usize,
    /// Queries that stayed the same.
    pub equal: usize,
    /// The two-sided p-value of the paired randomisation test: the share of random signs that give a mean at least as far
    /// from 0. The run itself counts as one of them, so it is never 0. Source: Smucker, Allan and Carterette 2007, "A
    /// Comparison of Statistical Significance Tests for Information Retrieval Evaluation" (CIKM), section 3.1.
    pub p_value: f64,
}

impl Change {
    /// Compares the values of the same queries in the same order. Without a query nothing changed: p is 1.
    ///
    /// # Panics
    /// If there are more of one than of the other.
    pub fn of(earlier: &[f64], later: &[f64]) -> Self {
        assert_eq!(earlier.len(), later.len(), "paired");
        let rounded = |difference: f64| if difference.abs() > ROUNDING { difference } else { 0.0 };
        let differences: Vec<f64> =
            earlier.iter().zip(later).map(|(earlier, later)| rounded(later - earlier)).collect();
        let count = |is: fn(f64) -> bool| differences.iter().filter(|difference| is(**difference)).count();
        let (better, worse) = (count(|difference| difference > 0.0), count(|difference| difference < 0.0));
        Self {
            difference: Interval::of_mean(&differences),
            better,
            worse,
            equal: differences.len() - better - worse,
            p_value: randomisation(&differences),
        }
    }
}

/// The share of random signs that give a sum at least as far from 0 as it is. Differences of 0 have no sign.
fn randomisation(differences: &[f64]) -> f64 {
    let signed: Vec<f64> = differences.iter().copied().filter(|difference| *difference != 0.0).collect();
    let observed = signed.iter().sum::<f64>().abs() - ROUNDING;
    let mut numbers = SplitMix::fixed();
    let as_far = (0..PERMUTATIONS).filter(|_| random_signs(&signed, &mut numbers).abs() >= observed).count();
    (as_far + 1) as f64 / (PERMUTATIONS + 1) as f64
}

fn random_signs(differences: &[f64], numbers: &mut SplitMix) -> f64 {
    let mut sum = 0.0;
    for some in differences.chunks(u64::BITS as usize) {
        let signs = numbers.bits();
        let signed = some.iter().enumerate().map(|(at, value)| if signs >> at & 1 == 1 { -value } else { *value });
        sum += signed.sum::<f64>();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_again_is_no_change() {
        let values = [0.25, 0.5, 1.0, 0.0];
        let change = Change::of(&values, &values);
        assert_eq!((change.difference.value, change.difference.low, change.difference.high), (0.0, 0.0, 0.0));
        assert_eq!((change.better, change.worse, change.equal, change.p_value), (0, 0, 4, 1.0));
        assert_eq!(Change::of(&[], &[]).p_value, 1.0);
        // What rounding makes of a value that was written and read is no change either.
        let rounded = Change::of(&[0.1 + 0.2], &[0.3]);
        assert_eq!((rounded.difference.value, rounded.equal, rounded.p_value), (0.0, 1, 1.0));
    }

    #[test]
    fn p_is_that_of_all_signs() {
        // Ten gains of 0.1: of 1,024 signs two give a mean as far from 0.
        let change = Change::of(&[0.3; 10], &[0.4; 10]);
        assert!((change.p_value - 2.0 / 1_024.0).abs() < 0.001, "{change:?}");
        assert!((change.difference.value - 0.1).abs() < 1e-12);
        assert_eq!((change.better, change.worse), (10, 0));
        // One of 3 against two of 1: 1 − 1 of |±3 ±1 ±1| < |3 − 1 − 1| = 1 never happens.
        let mixed = Change::of(&[0.0, 0.1, 0.1], &[0.3, 0.0, 0.0]);
        assert_eq!((mixed.better, mixed.worse, mixed.p_value), (1, 2, 1.0));
        // Signs of 0.3, 0.1, 0.1 and as far as 0.5: 2 of 8.
        let gains = Change::of(&[0.0; 3], &[0.3, 0.1, 0.1]);
        assert!((gains.p_value - 0.25).abs() < 0.02, "{gains:?}");
    }

    #[test]
    fn the_direction_changes_nothing_but_the_sign() {
        let (left, right) = ([0.1, 0.9, 0.4, 0.2, 0.8], [0.3, 0.8, 0.6, 0.2, 0.9]);
        let (there, back) = (Change::of(&left, &right), Change::of(&right, &left));
        assert_eq!((there.better, there.worse, there.equal), (back.worse, back.better, back.equal));
        assert!((there.difference.value + back.difference.value).abs() < 1e-12);
        assert_eq!(there.p_value, back.p_value);
    }

    #[test]
    fn more_than_64_queries_get_signs_each() {
        let earlier = vec![0.5; 200];
        let later: Vec<f64> = (0..200).map(|at| if at % 2 == 0 { 0.6 } else { 0.4 }).collect();
        let change = Change::of(&earlier, &later);
        assert_eq!((change.better, change.worse), (100, 100));
        assert!(change.p_value > 0.9, "{change:?}");
        assert!(change.difference.low < 0.0 && change.difference.high > 0.0);
    }
}
