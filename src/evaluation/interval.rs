//! Means and ratios of means with bootstrap intervals.
//!
//! Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", percentile intervals; resampled over queries,
//! so that methods stay paired, as Sakai 2006 does, "Evaluating Evaluation Metrics based on the Bootstrap" (SIGIR).

use serde::Serialize;

use super::splitmix::SplitMix;

const RESAMPLES: usize = 1_000;

/// A value with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The value.
    pub value: f64,
    /// 2.5 % of the resamples lie below.
    pub low: f64,
    /// 2.5 % of the resamples lie above.
    pub high: f64,
}

impl Interval {
    /// The mean of some values.
    pub fn of_mean(values: &[f64]) -> Self {
        Self::of(values.len(), |rows| mean(rows, values))
    }

    /// The mean of some values over the mean of others, paired by their places. Not finite where the others are all 0.
    pub fn of_ratio(values: &[f64], others: &[f64]) -> Self {
        assert_eq!(values.len(), others.len(), "paired");
        Self::of(values.len(), |rows| mean(rows, values) / mean(rows, others))
    }

    fn of(count: usize, statistic: impl Fn(&[usize]) -> f64) -> Self {
        let mut numbers = SplitMix::fixed();
        let mut rows: Vec<usize> = (0..count).collect();
        let value = statistic(&rows);
        let mut resampled: Vec<f64> = (0..RESAMPLES)
            .map(|_| {
                rows.iter_mut().for_each(|row| *row = numbers.below(count));
                statistic(&rows)
            })
            .collect();
        resampled.sort_by(f64::total_cmp);
        Self { value, low: resampled[RESAMPLES / 40], high: resampled[RESAMPLES - 1 - RESAMPLES / 40] }
    }
}

fn mean(rows: &[usize], values: &[f64]) -> f64 {
    rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_the_value_and_narrow_with_data() {
        let values = |count: usize| (0..count).map(|at| (at % 10) as f64).collect::<Vec<f64>>();
        let (few, many) = (Interval::of_mean(&values(50)), Interval::of_mean(&values(5_000)));
        for interval in [few, many] {
            assert_eq!(interval.value, 4.5);
            assert!(interval.low < 4.5 && 4.5 < interval.high);
        }
        // The standard error is 2.87 / √50 = 0.41: the interval is about four of them wide.
        assert!((few.high - few.low - 4.0 * 0.406).abs() < 0.3, "{few:?}");
        assert!((many.high - many.low) * 5.0 < few.high - few.low);
    }

    #[test]
    fn ratios_are_paired() {
        let others: Vec<f64> = (1..100).map(f64::from).collect();
        let values: Vec<f64> = others.iter().map(|value| 3.0 * value).collect();
        let ratio = Interval::of_ratio(&values, &others);
        assert!((ratio.value - 3.0).abs() < 1e-12 && (ratio.high - ratio.low).abs() < 1e-9);
    }
}
