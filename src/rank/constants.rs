//! The constants of the ranking, read from `ranking.toml` and validated.

use serde::Deserialize;
use thiserror::Error;

use super::{Diversity, RerankerRanking};
use crate::activity::{ActivityConstants, ComponentKind, HalfLife, Reliability};
use crate::query::{QueryKind, job::JobWeights};
use crate::taxonomy::RelationGrades;

/// A constant that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RankingError {
    /// The text is not what `ranking.toml` must be.
    #[error("ranking.toml: {0}")]
    NotReadable(String),
    /// Values out of their bounds, all of them.
    #[error("ranking.toml: {}", .0.join("; "))]
    OutOfBounds(Vec<String>),
}

/// All constants of the ranking.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Ranking {
    /// Version of the constants, told in every response.
    pub version: String,
    /// The keyword signal.
    pub keyword: KeywordRanking,
    /// The concept signal.
    pub concept: ConceptRanking,
    /// The semantic signal.
    pub semantic: SemanticRanking,
    /// The fusion, for each kind of query.
    pub fusion: FusionByKind,
    /// The fusion for queries that are whole texts.
    pub long_text: LongTextRanking,
    /// How people are ranked for a job text.
    #[serde(rename = "match")]
    pub job: JobRanking,
    /// How wishes are expanded.
    pub expansion: ExpansionRanking,
    /// How feedback moves a query.
    pub feedback: FeedbackRanking,
    /// How a second look moves the best, where a re-ranker is given.
    pub reranker: RerankerRanking,
    /// How the few to write to are chosen.
    pub shortlist: ShortlistRanking,
    /// Activity.
    pub activity: ActivityRanking,
}

/// One number for each scored group.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupConstants {
    /// Titles.
    pub titles: f32,
    /// Supported skills.
    pub skills: f32,
    /// Headline and summary.
    pub headline: f32,
    /// Positions.
    pub positions: f32,
    /// The rest.
    pub rest: f32,
}

impl GroupConstants {
    /// In the order of the scored groups.
    pub fn in_order(&self) -> [f32; 5] {
        [self.titles, self.skills, self.headline, self.positions, self.rest]
    }
}

/// Constants of BM25.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeywordRanking {
    /// Saturation of term frequency.
    pub k1: f32,
    /// Boost of each group.
    pub boosts: GroupConstants,
    /// Length normalisation of each group.
    pub length: GroupConstants,
}

/// Constants of the semantic signal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SemanticRanking {
    /// Cosine from which on one means something.
    pub zero: f32,
    /// What it counts there; what is below counts less, down to nothing for a cosine of 0.
    pub below: f32,
    /// Cosine that counts fully.
    pub one: f32,
    /// Share of the skills vector against the role vector, 0 to 1.
    pub skills: f32,
}

impl SemanticRanking {
    /// A cosine on the fixed scale [0, 1].
    pub fn normalise(&self, cosine: f32) -> f32 {
        if cosine <= self.zero {
            return self.below * (cosine / self.zero).max(0.0);
        }
        self.below + (1.0 - self.below) * ((cosine - self.zero) / (self.one - self.zero)).min(1.0)
    }
}

/// Constants of the concept signal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ConceptRanking {
    /// How much a related concept counts.
    pub grades: RelationGrades,
    /// The signal has this power of the confidence that the query names a concept of its weight.
    pub certainty_power: f64,
    /// How much of its confidence an occupation keeps by what the words of the query mean.
    pub agreement: Agreement,
}

/// How much of its confidence an occupation keeps that the words of a query are like: cosine / `whole`, between `least` and 1.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Agreement {
    /// The cosine of the query with the English name of the occupation from which on it keeps all.
    pub whole: f32,
    /// What it keeps at least.
    pub least: f32,
}

impl Agreement {
    /// The share of its confidence, in (0, 1].
    pub fn share(&self, cosine: f32) -> f32 {
        (cosine / self.whole).clamp(self.least, 1.0)
    }
}

impl ConceptRanking {
    /// The share of its weight that the signal has, 0 to 1.
    pub fn certainty(&self, confidence: f32) -> f64 {
        f64::from(confidence).min(1.0).powf(self.certainty_power)
    }
}

/// Weights of the relevance signals.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FusionRanking {
    /// Keyword.
    pub keyword: f64,
    /// Concept.
    pub concept: f64,
    /// Semantic.
    pub semantic: f64,
}

/// Weights of the relevance signals for each kind of query.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FusionByKind {
    /// Of titles.
    pub title: FusionRanking,
    /// Of lists of skills.
    pub skills: FusionRanking,
    /// Of anything else.
    pub words: FusionRanking,
}

impl FusionByKind {
    /// The weights of a kind.
    pub fn of(&self, kind: QueryKind) -> FusionRanking {
        match kind {
            QueryKind::Title => self.title,
            QueryKind::Skills => self.skills,
            QueryKind::Words => self.words,
        }
    }

    /// The same weights for every kind.
    pub fn same(weights: FusionRanking) -> Self {
        Self { title: weights, skills: weights, words: weights }
    }
}

/// Weights for queries that are whole texts.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LongTextRanking {
    /// How many different scoring words make a query a text.
    pub from_words: usize,
    /// Its weights.
    pub weights: FusionRanking,
}

/// How people are ranked for a job text.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct JobRanking {
    /// Weights of the relevance signals.
    pub weights: FusionRanking,
    /// How many words score: those that weigh most by part and rarity.
    pub most_words: usize,
    /// How much the words of its parts count.
    pub words: JobWeights,
}

/// How the few to write to are chosen.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ShortlistRanking {
    /// Share of the best relevance that is needed to compete; where the query has alternatives, of the best who meets the same.
    pub relevance_floor: f64,
    /// The probability to be qualified is taken to fall with this power of the share of the best relevance.
    pub relevance_power: f64,
    /// Days without a message after one that had no answer, whoever wrote it.
    pub cool_down_days: u32,
    /// The same for the recruiter who wrote it.
    pub own_cool_down_days: u32,
    /// Expected qualified replies below which one more person is not worth the time.
    pub worth_writing: f64,
    /// How much more of the same counts.
    pub diversity: Diversity,
}

/// How wishes are expanded by titles and skills that mean nearly the same.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExpansionRanking {
    /// Strings that lend their words to one wish; 0 switches expansion off.
    pub strings: usize,
    /// The least cosine of such a string with the wish.
    pub least_cosine: f32,
    /// Words that are added.
    pub words: usize,
    /// Weight of a word of a string of cosine 1; a typed word weighs 1.
    pub word: f64,
}

/// How feedback moves a query, after Rocchio.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedbackRanking {
    /// Weight of the typed query's vector (α).
    pub typed: f32,
    /// Weight of the mean of the liked (β).
    pub liked: f32,
    /// Weight of the mean of the disliked (γ).
    pub disliked: f32,
    /// Words that are added.
    pub words: usize,
    /// Weight of an added word that all liked and no disliked people have; a typed word weighs 1.
    pub word: f64,
}

/// Constants of activity.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ActivityRanking {
    /// The most that activity may weigh.
    pub c_max: f64,
    /// What it weighs until enough outcomes are known.
    pub c_unknown: f64,
    /// The signals.
    pub signals: ActivityConstants,
}

impl ActivityRanking {
    /// Messages with a known outcome from which on reliability is believed.
    pub const MIN_OUTCOMES: usize = 500;

    /// The weight of activity (`c`): the most it may be times its reliability; `c_unknown` until that is known.
    pub fn weight(&self, reliability: &Reliability) -> f64 {
        if reliability.outcomes < Self::MIN_OUTCOMES { self.c_unknown } else { self.c_max * reliability.value() }
    }
}

impl Ranking {
    /// The weights for a query of a kind, of so many different scoring words.
    pub fn weights_for(&self, kind: QueryKind, words: usize) -> FusionRanking {
        if words >= self.long_text.from_words { self.long_text.weights } else { self.fusion.of(kind) }
    }

    /// Reads and validates the text of `ranking.toml`.
    pub fn parse(text: &str) -> Result<Self, RankingError> {
        let ranking: Self = toml::from_str(text).map_err(|error| RankingError::NotReadable(error.to_string()))?;
        let problems = ranking.problems();
        if problems.is_empty() { Ok(ranking) } else { Err(RankingError::OutOfBounds(problems)) }
    }

    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut bounded = |name: String, value: f64, low: f64, high: f64| {
            if !(low..=high).contains(&value) {
                problems.push(format!("{name} = {value} is not between {low} and {high}"));
            }
        };
        self.check_relevance(&mut bounded);
        self.check_job(&mut bounded);
        self.reranker.check(&mut bounded);
        self.check_shortlist(&mut bounded);
        self.check_activity(&mut bounded);
        problems
    }

    fn check_relevance(&self, bounded: &mut dyn FnMut(String, f64, f64, f64)) {
        bounded("keyword.k1".into(), self.keyword.k1.into(), 0.0, 10.0);
        for (name, values, high) in [("boosts", &self.keyword.boosts, 10.0), ("length", &self.keyword.length, 1.0)] {
            for value in values.in_order() {
                bounded(format!("keyword.{name}"), value.into(), 0.0, high);
            }
        }
        let skills = f64::from(self.keyword.boosts.skills);
        bounded("keyword.boosts.rest".into(), self.keyword.boosts.rest.into(), 0.0, skills / 2.0);
        bounded("keyword.length.skills".into(), self.keyword.length.skills.into(), 0.0, 0.0);
        bounded("semantic.zero".into(), self.semantic.zero.into(), 0.01, 0.99);
        bounded("semantic.below".into(), self.semantic.below.into(), 0.0, 0.5);
        bounded("semantic.one".into(), self.semantic.one.into(), f64::from(self.semantic.zero) + 0.01, 1.0);
        bounded("semantic.skills".into(), self.semantic.skills.into(), 0.0, 1.0);
        let by_kind = QueryKind::ALL.map(|kind| (format!("fusion.{}", kind.name()), self.fusion.of(kind)));
        let of_texts = [("longText", self.long_text.weights), ("match", self.job.weights)];
        let of_texts = of_texts.map(|(name, weights)| (format!("{name}.weights"), weights));
        for (name, weights) in by_kind.into_iter().chain(of_texts) {
            bounded(format!("{name}.keyword"), weights.keyword, 0.0, 1.0);
            bounded(format!("{name}.concept"), weights.concept, 0.0, 1.0);
            bounded(format!("{name}.semantic"), weights.semantic, 0.0, 1.0);
            // Queries without concepts, or that no model reads, still need a weight.
            bounded(format!("{name}.keyword + {name}.semantic"), weights.keyword + weights.semantic, 0.01, 2.0);
        }
        self.check_concepts(bounded);
        bounded("longText.fromWords".into(), self.long_text.from_words as f64, 1.0, 1_024.0);
        for (name, weight, high) in [
            ("typed", self.feedback.typed, 10.0),
            ("liked", self.feedback.liked, 10.0),
            ("disliked", self.feedback.disliked, 10.0),
            ("words", self.feedback.words as f32, 64.0),
            ("word", self.feedback.word as f32, 0.5),
        ] {
            bounded(format!("feedback.{name}"), weight.into(), 0.0, high);
        }
        let expansion = &self.expansion;
        bounded("expansion.strings".into(), expansion.strings as f64, 0.0, 32.0);
        bounded("expansion.leastCosine".into(), expansion.least_cosine.into(), 0.0, 1.0);
        bounded("expansion.words".into(), expansion.words as f64, 0.0, 64.0);
        // What was typed beats its cousins.
        bounded("expansion.word".into(), expansion.word, 0.0, 0.5);
    }

    fn check_job(&self, bounded: &mut dyn FnMut(String, f64, f64, f64)) {
        let words = &self.job.words;
        for (name, value) in [
            ("title", words.title),
            ("must", words.must),
            ("nice", words.nice),
            ("duties", words.duties),
            ("occupation", words.occupation.into()),
        ] {
            bounded(format!("match.words.{name}"), value, 0.1, 10.0);
        }
        bounded("match.mostWords".into(), self.job.most_words as f64, 1.0, 1_024.0);
    }

    fn check_concepts(&self, bounded: &mut dyn FnMut(String, f64, f64, f64)) {
        let grades = &self.concept.grades;
        for (name, value) in [
            ("grades.narrower", grades.narrower),
            ("grades.close", grades.close),
            ("grades.broader", grades.broader),
            ("grades.sibling", grades.sibling),
            ("grades.cousin", grades.cousin),
            ("grades.related", grades.related),
        ] {
            bounded(format!("concept.{name}"), value.into(), 0.0, 1.0);
        }
        bounded("concept.certaintyPower".into(), self.concept.certainty_power, 0.0, 64.0);
        bounded("concept.agreement.whole".into(), self.concept.agreement.whole.into(), 0.01, 1.0);
        bounded("concept.agreement.least".into(), self.concept.agreement.least.into(), 0.01, 1.0);
    }

    fn check_shortlist(&self, bounded: &mut dyn FnMut(String, f64, f64, f64)) {
        let shortlist = &self.shortlist;
        for (name, value, low, high) in [
            ("relevanceFloor", shortlist.relevance_floor, 0.0, 1.0),
            ("relevancePower", shortlist.relevance_power, 0.0, 10.0),
            ("coolDownDays", shortlist.cool_down_days.into(), 0.0, 365.0),
            ("ownCoolDownDays", shortlist.own_cool_down_days.into(), 0.0, 3_650.0),
            ("worthWriting", shortlist.worth_writing, 0.0, 1.0),
            ("diversity.moreOfTheSame", shortlist.diversity.more_of_the_same, 0.0, 1.0),
            ("diversity.alternatives", shortlist.diversity.alternatives, 0.0, 1.0),
        ] {
            bounded(format!("shortlist.{name}"), value, low, high);
        }
    }

    fn check_activity(&self, bounded: &mut dyn FnMut(String, f64, f64, f64)) {
        bounded("activity.cMax".into(), self.activity.c_max, 0.0, 0.5);
        bounded("activity.cUnknown".into(), self.activity.c_unknown, 0.0, self.activity.c_max);
        let signals = &self.activity.signals;
        let weights = signals.weights.in_order();
        for (kind, weight) in ComponentKind::ALL.into_iter().zip(weights) {
            bounded(format!("activity.signals.weights.{}", kind.name()), weight, 0.0, 1.0);
        }
        bounded("the sum of activity.signals.weights".into(), weights.iter().sum(), 0.01, 6.0);
        let (replies, pressure) = (&signals.responsiveness, &signals.contact_pressure);
        for (name, value, low, high) in [
            ("responsiveness.priorMessages", replies.prior_messages, 0.1, 1_000.0),
            ("responsiveness.days", replies.days, 0.1, 36_500.0),
            ("responsiveness.patienceDays", replies.patience_days, 0.0, 365.0),
            ("undatedStatementDays", signals.undated_statement_days, 0.0, 36_500.0),
            ("wishedElsewhere", signals.wished_elsewhere, 0.0, 1.0),
            ("movement.priorPositions", signals.movement.prior_positions, 0.0, 1_000.0),
            ("contactPressure.windowDays", pressure.window_days, 0.0, 3_650.0),
            ("contactPressure.days", pressure.days, 0.1, 36_500.0),
            ("contactPressure.halvingMessages", pressure.halving_messages, 0.1, 1_000.0),
        ] {
            bounded(format!("activity.signals.{name}"), value, low, high);
        }
        for (name, half_life) in half_lives(signals) {
            bounded(format!("activity.signals.{name}.days"), half_life.days, 0.1, 36_500.0);
            bounded(format!("activity.signals.{name}.strength"), half_life.strength, 0.0, 1.0);
        }
    }
}

fn half_lives(signals: &ActivityConstants) -> [(&'static str, HalfLife); 7] {
    [
        ("recency", signals.recency),
        ("engagement", signals.engagement),
        ("profileUpdate", signals.profile_update),
        ("openness", signals.openness),
        ("openWords", signals.open_words),
        ("layoff", signals.layoff),
        ("freshness", signals.freshness),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../indexes/ranking.toml");

    #[test]
    fn the_shipped_constants_are_valid() {
        Ranking::parse(SHIPPED).unwrap();
    }

    #[test]
    fn cosines_rise_from_nothing_to_all_without_a_step() {
        let semantic = SemanticRanking { zero: 0.4, below: 0.1, one: 0.9, skills: 0.8 };
        let near = |cosine: f32, wanted: f32| (semantic.normalise(cosine) - wanted).abs() < 1e-6;
        assert!(near(-1.0, 0.0) && near(0.0, 0.0) && near(0.2, 0.05) && near(0.4, 0.1));
        assert!(near(0.400_001, 0.100_001_8) && near(0.65, 0.55) && near(0.9, 1.0) && near(1.0, 1.0));
    }

    #[test]
    fn activity_weighs_what_it_has_proven() {
        let activity = Ranking::parse(SHIPPED).unwrap().activity;
        let weight = |outcomes, auc| activity.weight(&Reliability { outcomes, auc });
        assert_eq!(weight(499, 0.9), activity.c_unknown);
        assert_eq!(weight(500, 1.0), activity.c_max);
        assert_eq!(weight(500, 0.4), 0.0);
        assert!((weight(500, 0.6) - 0.2 * activity.c_max).abs() < 1e-12);
    }

    #[test]
    fn a_text_weighs_its_words_more() {
        let ranking = Ranking::parse(SHIPPED).unwrap();
        let from = ranking.long_text.from_words;
        for kind in QueryKind::ALL {
            assert_eq!(ranking.weights_for(kind, from - 1), ranking.fusion.of(kind));
            assert_eq!(ranking.weights_for(kind, from), ranking.long_text.weights);
        }
    }

    #[test]
    fn an_occupation_keeps_what_the_meaning_tells() {
        let agreement = Agreement { whole: 0.5, least: 0.3 };
        assert_eq!([-1.0, 0.1, 0.25, 0.5, 0.9].map(|cosine| agreement.share(cosine)), [0.3, 0.3, 0.5, 1.0, 1.0]);
    }

    #[test]
    fn concepts_weigh_what_they_are_sure_of() {
        let concept = Ranking::parse(SHIPPED).unwrap().concept;
        assert_eq!(concept.certainty(1.0), 1.0);
        let shares: Vec<f64> = [0.0, 0.3, 0.6, 0.9].map(|confidence| concept.certainty(confidence)).to_vec();
        assert!(shares.is_sorted_by(|a, b| a < b), "{shares:?}");
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let text = SHIPPED.replace("k1 = 1.2", "k1 = -1.0").replace("cMax = 0.3", "cMax = nan");
        let RankingError::OutOfBounds(problems) = Ranking::parse(&text).unwrap_err() else { panic!("wrong kind") };
        assert!(problems.len() >= 2 && problems[0].contains("k1"), "{problems:?}");
        assert!(matches!(Ranking::parse(&SHIPPED.replace("k1", "k2")), Err(RankingError::NotReadable(_))));
    }
}
