//! The outcomes of one world, told.

use std::fmt;

use serde::Serialize;

use super::{super::Interval, CANDIDATES_A_DAY, MINUTES_A_CANDIDATE, Outcome};

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
    /// The shortlist, then the others of the full ranking.
    Shortlist,
    /// The hybrid, each score moved by as much as the bound ever allows: activity is 1 for the fifth of the window who answer
    /// best, as an oracle knows them, else 0, and `c` at its most. What a ranking by activity could reach.
    Bound,
    /// Those of the hybrid's window who are qualified and answer, the likeliest first: what no ranking can reach.
    Oracle,
}

impl Method {
    /// All methods.
    pub const ALL: [Method; 6] = [Self::Keyword, Self::Hybrid, Self::Full, Self::Shortlist, Self::Bound, Self::Oracle];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::Hybrid => "hybrid",
            Self::Full => "full",
            Self::Shortlist => "shortlist",
            Self::Bound => "bound",
            Self::Oracle => "oracle",
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
    pub replies_an_hour: [Interval; METHODS],
    /// Candidates opened until the third qualified reply, by method.
    pub opened_until_third: [Interval; METHODS],
    /// Replies of the full ranking over those of keywords.
    pub full_over_keyword: Interval,
    /// Replies of the full ranking over those of the hybrid.
    pub full_over_hybrid: Interval,
    /// Replies of the shortlist over those of keywords.
    pub shortlist_over_keyword: Interval,
    /// Replies of the shortlist over those of the hybrid.
    pub shortlist_over_hybrid: Interval,
    /// Replies of the bound over those of the hybrid: the most that activity could bring.
    pub bound_over_hybrid: Interval,
    /// Replies of the oracle over those of the hybrid.
    pub oracle_over_hybrid: Interval,
}

const METHODS: usize = Method::ALL.len();

impl HaystackCell {
    /// Sums outcomes up; `world` is (correlation, boasters), `base` (qualified share, probability to answer).
    pub fn of(world: (f64, f64), base: (f64, f64), outcomes: &[MethodOutcomes; METHODS]) -> Self {
        let replies = outcomes.each_ref().map(MethodOutcomes::replies_an_hour);
        let over =
            |method: Method, other: Method| Interval::of_ratio(&replies[method as usize], &replies[other as usize]);
        Self {
            correlation: world.0,
            boasters: world.1,
            queries: outcomes[0].0.len(),
            qualified_share: base.0,
            reply_probability: base.1,
            replies_an_hour: replies.each_ref().map(|replies| Interval::of_mean(replies)),
            opened_until_third: outcomes.each_ref().map(|outcomes| Interval::of_mean(&outcomes.opened())),
            full_over_keyword: over(Method::Full, Method::Keyword),
            full_over_hybrid: over(Method::Full, Method::Hybrid),
            shortlist_over_keyword: over(Method::Shortlist, Method::Keyword),
            shortlist_over_hybrid: over(Method::Shortlist, Method::Hybrid),
            bound_over_hybrid: over(Method::Bound, Method::Hybrid),
            oracle_over_hybrid: over(Method::Oracle, Method::Hybrid),
        }
    }

    /// The head of the table that [`HaystackCell`]s are rows of.
    pub fn head() -> String {
        let columns = [
            "ρ",
            "boasters",
            "qualified",
            "p(reply)",
            "replies/h: keyword",
            "hybrid",
            "full",
            "shortlist",
            "bound",
            "oracle",
            "full/keyword",
            "full/hybrid",
            "shortlist/keyword",
            "shortlist/hybrid",
            "bound/hybrid",
            "oracle/hybrid",
            "opened until the third: keyword",
            "hybrid",
            "full",
            "shortlist",
            "bound",
            "oracle",
        ];
        format!("| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len()))
    }
}

impl fmt::Display for HaystackCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |interval: &Interval, digits: usize| {
            format!("{:.digits$} ({:.digits$}–{:.digits$})", interval.value, interval.low, interval.high)
        };
        let mut columns = vec![
            self.correlation.to_string(),
            format!("{:.0} %", self.boasters * 100.0),
            format!("{:.1} %", self.qualified_share * 100.0),
            format!("{:.1} %", self.reply_probability * 100.0),
        ];
        columns.extend(self.replies_an_hour.iter().map(|interval| told(interval, 2)));
        let ratios = [
            self.full_over_keyword,
            self.full_over_hybrid,
            self.shortlist_over_keyword,
            self.shortlist_over_hybrid,
            self.bound_over_hybrid,
            self.oracle_over_hybrid,
        ];
        columns.extend(ratios.iter().map(|interval| told(interval, 2)));
        columns.extend(self.opened_until_third.iter().map(|interval| told(interval, 0)));
        write!(f, "| {} |", columns.join(" | "))
    }
}
