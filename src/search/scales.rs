//! Raw values of a candidate → signals on fixed scales → score.
//!
//! A first page fixes the raw values of its window and the scales; what is said later of a hit follows from both, so
//! that pages agree with each other whatever has changed in the index meanwhile.

use crate::rank::{FusionRanking, RelevanceSignals, Score, SemanticRanking, SignalValue, fuse};

/// One candidate of a window, with its raw values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Member {
    pub(super) key: u32,
    /// BM25; 0 where no word matches.
    pub(super) keyword: f32,
    /// Cosine of the query with the role vector; `None` where there is none.
    pub(super) role: Option<f32>,
    /// Cosine of the query with the skills vector; `None` where there is none.
    pub(super) skills: Option<f32>,
    /// The activity signal, 0 to 1.
    pub(super) activity: f64,
    /// Whether no word of the query matches although words decide who is a hit.
    pub(super) semantic_only: bool,
    /// Whether a demand or filter is unknown.
    pub(super) unknown: bool,
}

/// What turns the raw values of one query's members into scores.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scales {
    /// The largest BM25 that the query can give; `None` where no word scores.
    pub(super) keyword_maximum: Option<f32>,
    /// The cosine that stands for candidates without vectors; `None` where meaning is not asked for.
    pub(super) median_cosine: Option<f32>,
    pub(super) semantic: SemanticRanking,
    pub(super) weights: FusionRanking,
    /// Weight of activity.
    pub(super) c: f64,
}

impl Scales {
    /// The relevance signals of a member.
    pub(super) fn signals(&self, member: &Member) -> RelevanceSignals {
        let keyword = |maximum: f32| {
            let raw = f64::from(member.keyword);
            SignalValue::new(raw, raw / f64::from(maximum))
        };
        RelevanceSignals {
            keyword: self.keyword_maximum.map(keyword),
            semantic: self.median_cosine.map(|median| self.semantic_value(member, median)),
        }
    }

    /// The better of the role's and the skills' cosine; the population's median where there is no vector.
    fn semantic_value(&self, member: &Member, median: f32) -> SignalValue {
        let constants = &self.semantic;
        let role = member.role.map(|cosine| (cosine, constants.normalise(cosine)));
        let skills = member.skills.map(|cosine| (cosine, constants.skills * constants.normalise(cosine)));
        let best = [role, skills].into_iter().flatten().max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.total_cmp(&b.0)));
        let (raw, normalised) = best.unwrap_or_else(|| (median, constants.normalise(median)));
        SignalValue::new(raw.into(), normalised.into())
    }

    /// A member's score and its parts.
    pub(super) fn score(&self, member: &Member) -> Score {
        fuse(&self.signals(member), self.weights, member.activity, self.c)
    }

    /// Of members with these relevances only those at or above the floor can be among the `count` best, whatever their
    /// activity: at least `count` others score `r·(1 − c/2)` or more, and no activity lifts a relevance by more than
    /// its half of `c`.
    pub(super) fn relevance_floor(&self, relevances: &[f64], count: usize) -> f64 {
        if relevances.len() <= count || count == 0 {
            return 0.0;
        }
        let mut sorted = relevances.to_vec();
        let (_, worst, _) = sorted.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a));
        // A little lower, so that rounding takes nobody out.
        *worst * (1.0 - self.c / 2.0) / (1.0 + self.c / 2.0) - 1e-9
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SCALES: Scales = Scales {
        keyword_maximum: Some(10.0),
        median_cosine: Some(0.4),
        semantic: SemanticRanking { zero: 0.2, one: 0.9, skills: 0.8 },
        weights: FusionRanking { keyword: 0.5, semantic: 0.5 },
        c: 0.3,
    };

    fn member() -> impl Strategy<Value = Member> {
        let cosine = || prop::option::of(-1.0..1.0_f32);
        (0.0..10.0_f32, cosine(), cosine(), 0.0..=1.0).prop_map(|(keyword, role, skills, activity)| Member {
            key: 1,
            keyword,
            role,
            skills,
            activity,
            semantic_only: false,
            unknown: false,
        })
    }

    proptest! {
        #[test]
        fn nobody_below_the_floor_is_among_the_best(members in prop::collection::vec(member(), 1..40), count in 1..20_usize) {
            let relevances: Vec<f64> = members.iter().map(|member| SCALES.score(member).relevance).collect();
            let floor = SCALES.relevance_floor(&relevances, count);
            let mut scores: Vec<f64> = members.iter().map(|member| SCALES.score(member).score).collect();
            scores.sort_by(|a, b| b.total_cmp(a));
            let worst = scores[count.min(scores.len()) - 1];
            for (member, relevance) in members.iter().zip(relevances) {
                prop_assert!(relevance >= floor || SCALES.score(member).score < worst);
            }
        }
    }
}
