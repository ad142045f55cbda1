//! The outcome of an evaluation, as a table and as JSON.

use std::fmt;

use serde::Serialize;

use super::measures::Summary;

/// CPU time per query, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CpuTimes {
    /// The mean.
    pub mean_ms: f64,
    /// The median: of two middle values their mean.
    pub median_ms: f64,
}

impl CpuTimes {
    /// Summarises the CPU times of single queries, in milliseconds and in any order. All 0 without any.
    pub fn of(mut milliseconds: Vec<f64>) -> Self {
        milliseconds.sort_by(f64::total_cmp);
        let count = milliseconds.len();
        let Some(upper) = milliseconds.get(count / 2) else { return Self::default() };
        let lower = milliseconds.get((count - 1) / 2).unwrap_or(upper);
        Self { mean_ms: milliseconds.iter().sum::<f64>() / count as f64, median_ms: (lower + upper) / 2.0 }
    }
}

/// How one way of searching did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ModeResult {
    /// The name of the mode: `hybrid`, `keyword`, `semantic`.
    pub mode: String,
    /// The measures.
    #[serde(flatten)]
    pub summary: Summary,
    /// What a query cost.
    pub cpu: CpuTimes,
}

/// The outcome of an evaluation: one row per mode, in the order measured. `Display` writes the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationReport {
    /// Which half of the queries: `all`, `even`, `odd`.
    pub half: String,
    /// The depth of average precision and reciprocal rank.
    pub depth: usize,
    /// How many documents the corpus has.
    pub documents: usize,
    /// The rows.
    pub modes: Vec<ModeResult>,
}

impl fmt::Display for EvaluationReport {
    /// Measures in percent, times in milliseconds.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.modes.iter().map(|row| row.mode.chars().count()).max().unwrap_or(0).max("mode".len());
        let map = format!("MAP@{}", self.depth);
        writeln!(formatter, "{} documents, {} queries", self.documents, self.half)?;
        writeln!(
            formatter,
            "{:<width$} {:>8} {:>8} {map:>8} {:>8} {:>8} {:>8} {:>8} {:>10} {:>10}",
            "mode", "queries", "left out", "nDCG@10", "MRR", "P@5", "R@100", "CPU mean", "CPU median"
        )?;
        for row in &self.modes {
            let mean = &row.summary.mean;
            let percents = [
                mean.average_precision,
                mean.ndcg_at_10,
                mean.reciprocal_rank,
                mean.precision_at_5,
                mean.recall_at_100,
            ];
            write!(formatter, "{:<width$} {:>8} {:>8}", row.mode, row.summary.queries, row.summary.left_out)?;
            for percent in percents {
                write!(formatter, " {:>8.1}", percent * 100.0)?;
            }
            writeln!(formatter, " {:>10.2} {:>10.2}", row.cpu.mean_ms, row.cpu.median_ms)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Measures;

    fn report() -> EvaluationReport {
        let mean = Measures {
            average_precision: 0.5123,
            ndcg_at_10: 0.75,
            reciprocal_rank: 1.0,
            precision_at_5: 0.4,
            recall_at_100: 0.666,
        };
        let row = |mode: &str, times: Vec<f64>| ModeResult {
            mode: mode.to_owned(),
            summary: Summary { queries: 104, left_out: 1, mean },
            cpu: CpuTimes::of(times),
        };
        EvaluationReport {
            half: "odd".to_owned(),
            depth: 300,
            documents: 2619,
            modes: vec![row("hybrid", vec![3.0, 1.0, 2.5]), row("keyword", vec![])],
        }
    }

    #[test]
    fn is_a_table() {
        insta::assert_snapshot!(report().to_string(), @r"
        2619 documents, odd queries
        mode     queries left out  MAP@300  nDCG@10      MRR      P@5    R@100   CPU mean CPU median
        hybrid       104        1     51.2     75.0    100.0     40.0     66.6       2.17       2.50
        keyword      104        1     51.2     75.0    100.0     40.0     66.6       0.00       0.00
        ");
    }

    #[test]
    fn is_json() {
        let json = serde_json::to_value(report()).unwrap();
        assert_eq!(json["modes"][0]["mean"]["averagePrecision"], 0.5123);
        assert_eq!(json["modes"][0]["mean"]["ndcgAt10"], 0.75);
        assert_eq!(json["modes"][0]["leftOut"], 1);
        assert_eq!(json["modes"][0]["cpu"]["medianMs"], 2.5);
        assert_eq!(json["depth"], 300);
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(CpuTimes::of(vec![4.0, 1.0]), CpuTimes { mean_ms: 2.5, median_ms: 2.5 });
    }
}
