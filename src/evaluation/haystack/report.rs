//! The outcomes of one world, told.

use std::fmt;

use serde::Serialize;

use super::{CANDIDATES_A_DAY, Interval, MINUTES_A_CANDIDATE, Outcome};

/// A way to rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// Keywords, without activity.
    Keyword,
    /// Keywords and meaning, without activity.
    Hybrid,
    /// Keywords, meaning and activity.
    Full,
}

impl Method {
    /// All methods.
    pub const ALL: [Method; 3] = [Self::Keyword, Self::Hybrid, Self::Full];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::Hybrid => "hybrid",
            Self::Full => "full",
        }
    }
}

/// The outcomes of one method, one a query, in the order of the queries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MethodOutcomes(pub Vec<Outcome>);

impl MethodOutcomes {
    fn replies_an_hour(&self) -> Vec<f64> {
        let hours = CANDIDATES_A_DAY as f64 * MINUTES_A_CANDIDATE / 60.0;
        self.0.iter().map(|outcome| f64::from(outcome.replies_in_day) / hours).collect()
    }

    fn opened(&self) -> Vec<f64> {
        self.0.iter().map(|outcome| outcome.opened_until_third as f64).collect()
    }
}

/// What one world gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HaystackCell {
    /// Correlation of activity and replying.
    pub correlation: f64,
    /// Share of boasters.
    pub boasters: f64,
    /// Queries over all seeds.
    pub queries: usize,
    /// Mean share of the population that is qualified for a query.
    pub qualified_share: f64,
    /// Mean probability to answer.
    pub reply_probability: f64,
    /// Qualified replies an hour, by method.
    pub replies_an_hour: [Interval; 3],
    /// Candidates opened until the third qualified reply, by method.
    pub opened_until_third: [Interval; 3],
    /// Replies of the full ranking over those of keywords.
    pub full_over_keyword: Interval,
    /// Replies of the full ranking over those of the hybrid.
    pub full_over_hybrid: Interval,
}

impl HaystackCell {
    /// Sums outcomes up; `world` is (correlation, boasters), `base` (qualified share, probability to answer).
    pub fn of(world: (f64, f64), base: (f64, f64), outcomes: &[MethodOutcomes; 3]) -> Self {
        let replies = [0, 1, 2].map(|method: usize| outcomes[method].replies_an_hour());
        Self {
            correlation: world.0,
            boasters: world.1,
            queries: outcomes[0].0.len(),
            qualified_share: base.0,
            reply_probability: base.1,
            replies_an_hour: [0, 1, 2].map(|method: usize| Interval::of_mean(&replies[method])),
            opened_until_third: [0, 1, 2].map(|method: usize| Interval::of_mean(&outcomes[method].opened())),
            full_over_keyword: Interval::of_ratio(&replies[2], &replies[0]),
            full_over_hybrid: Interval::of_ratio(&replies[2], &replies[1]),
        }
    }

    /// The head of the table that [`HaystackCell`]s are rows of.
    pub const HEAD: &'static str = "| ρ | boasters | qualified | p(reply) | replies/h keyword | hybrid | full | full/keyword | full/hybrid | opened until the third: keyword | hybrid | full |\n|---|---|---|---|---|---|---|---|---|---|---|---|";
}

impl fmt::Display for HaystackCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |interval: &Interval, digits: usize| {
            format!("{:.digits$} ({:.digits$}–{:.digits$})", interval.value, interval.low, interval.high)
        };
        let [keyword, hybrid, full] = self.replies_an_hour.map(|interval| told(&interval, 2));
        let [keyword_opened, hybrid_opened, full_opened] = self.opened_until_third.map(|interval| told(&interval, 0));
        write!(
            f,
            "| {} | {:.0} % | {:.1} % | {:.1} % | {keyword} | {hybrid} | {full} | {} | {} | {keyword_opened} | {hybrid_opened} | {full_opened} |",
            self.correlation,
            self.boasters * 100.0,
            self.qualified_share * 100.0,
            self.reply_probability * 100.0,
            told(&self.full_over_keyword, 2),
            told(&self.full_over_hybrid, 2),
        )
    }
}
