//! Raw values of a candidate → signals on fixed scales → score.
//!
//! A first page fixes the raw values of its window and the scales; what is said later of a hit follows from both, so
//! that pages agree with each other whatever has changed in the index meanwhile.

use crate::rank::{FusionRanking, RelevanceSignals, Score, SecondLook, SemanticRanking, SignalValue, fuse, moved};

/// So much lower a bound is taken that rounding takes nobody out.
const ROUNDING: f64 = 1e-9;

/// What is left of the weight of meaning where words decide and nothing but meaning speaks for somebody.
const MEANING_ALONE: f64 = 0.02;

/// One candidate of a window, with its raw values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Member {
    pub(super) key: u32,
    /// BM25; 0 where no word matches.
    pub(super) keyword: f32,
    /// Weighted sum over the concepts asked for; 0 where the candidate has none.
    pub(super) concept: f32,
    /// Cosine of the query with the role vector; `None` where there is none.
    pub(super) role: Option<f32>,
    /// Cosine of the query with the skills vector; `None` where there is none.
    pub(super) skills: Option<f32>,
    /// Cosine of a second look; `None` where there was none.
    pub(super) reranker: Option<f32>,
    /// The activity signal, 0 to 1; ½ where activity has no weight.
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
    /// The most that concepts can give; `None` where none is asked for.
    pub(super) concept_maximum: Option<f32>,
    /// The cosine that stands for candidates without vectors; `None` where meaning is not asked for.
    pub(super) median_cosine: Option<f32>,
    pub(super) semantic: SemanticRanking,
    pub(super) weights: FusionRanking,
    /// Whether the query's words name nothing that meaning could know: who has none of them is far behind who has one.
    pub(super) words_decide: bool,
    /// How a second look moves those whom it compared; `None` without one.
    pub(super) second_look: Option<SecondLook>,
    /// Weight of activity.
    pub(super) c: f64,
}

impl Scales {
    /// The relevance signals of a member.
    pub(super) fn signals(&self, member: &Member) -> RelevanceSignals {
        let of_maximum = |raw: f32, maximum: f32| SignalValue::new(raw.into(), f64::from(raw) / f64::from(maximum));
        RelevanceSignals {
            keyword: self.keyword_maximum.map(|maximum| of_maximum(member.keyword, maximum)),
            concept: self.concept_maximum.map(|maximum| of_maximum(member.concept, maximum)),
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

    fn weights_of(&self, member: &Member) -> FusionRanking {
        let is_alone = member.keyword == 0.0 && member.concept == 0.0;
        let share = if self.words_decide && is_alone { MEANING_ALONE } else { 1.0 };
        FusionRanking { semantic: share * self.weights.semantic, ..self.weights }
    }

    /// A member's score and its parts.
    pub(super) fn score(&self, member: &Member) -> Score {
        let score = fuse(&self.signals(member), self.weights_of(member), member.activity, self.c);
        match self.second_look.zip(member.reranker) {
            Some((look, cosine)) => score.reranked(look.movement(score.relevance, cosine), member.activity, self.c),
            None => score,
        }
    }

    /// The members that can be among the `count` best, each with its score; all others are worse. `activities` are asked of as
    /// few as possible, several keys at once: it lifts nobody by more than half of `c`, so that whoever is less relevant than the last of the
    /// best by more than that need not be looked at.
    pub(super) fn best(
        &self,
        members: &[Member],
        count: usize,
        activities: impl Fn(&[u32]) -> Vec<f64>,
    ) -> Vec<(f64, Member)> {
        let places = 0..members.len() as u32;
        let relevance = |at: u32| (self.score(&members[at as usize]).relevance, at);
        let mut relevant: Vec<(f64, u32)> = places.map(relevance).collect();
        self.drop_hopeless(&mut relevant, count);
        relevant.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut scored: Vec<(f64, Member)> = Vec::with_capacity(relevant.len());
        let mut scores: Vec<f64> = Vec::with_capacity(relevant.len());
        for block in relevant.chunks(count.div_ceil(4).max(1)) {
            if scores.len() >= count && count > 0 {
                let (_, worst, _) = scores.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a));
                if block[0].0 * (1.0 + self.c / 2.0) < *worst - ROUNDING {
                    break;
                }
                // Who is worse than that stays worse.
                scores.truncate(count);
            }
            let keys: Vec<u32> = block.iter().map(|(_, at)| members[*at as usize].key).collect();
            for ((relevance, at), activity) in block.iter().zip(activities(&keys)) {
                let member = Member { activity, ..members[*at as usize] };
                let score = moved(*relevance, member.activity, self.c);
                scores.push(score);
                scored.push((score, member));
            }
        }
        scored
    }

    /// Drops those who cannot be among the best whatever anybody's activity: at least `count` others score r·(1 − c/2) or
    /// more, r their least relevance.
    fn drop_hopeless(&self, relevant: &mut Vec<(f64, u32)>, count: usize) {
        if relevant.len() <= count || count == 0 {
            return;
        }
        let (_, worst, _) = relevant.select_nth_unstable_by(count - 1, |a, b| b.0.total_cmp(&a.0));
        let floor = worst.0 * (1.0 - self.c / 2.0) / (1.0 + self.c / 2.0) - ROUNDING;
        relevant.retain(|(relevance, _)| *relevance >= floor);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SCALES: Scales = Scales {
        keyword_maximum: Some(10.0),
        concept_maximum: Some(2.0),
        median_cosine: Some(0.4),
        semantic: SemanticRanking { zero: 0.2, below: 0.1, one: 0.9, skills: 0.8 },
        weights: FusionRanking { keyword: 0.5, concept: 0.2, semantic: 0.5 },
        words_decide: false,
        second_look: None,
        c: 0.3,
    };

    fn member() -> impl Strategy<Value = Member> {
        let cosine = || prop::option::of(-1.0..1.0_f32);
        let raw = (0.0..10.0_f32, 0.0..2.0_f32);
        (raw, cosine(), cosine(), 0.0..=1.0).prop_map(|((keyword, concept), role, skills, activity)| Member {
            key: 1,
            keyword,
            concept,
            role,
            skills,
            reranker: None,
            activity,
            semantic_only: false,
            unknown: false,
        })
    }

    proptest! {
        #[test]
        fn the_best_are_those_of_everybody(members in prop::collection::vec(member(), 1..60), count in 1..20_usize) {
            let scores = |members: Vec<(f64, Member)>| {
                let mut scores: Vec<f64> = members.into_iter().map(|(score, _)| score).collect();
                scores.sort_by(|a, b| b.total_cmp(a));
                scores.truncate(count);
                scores
            };
            let all = members.iter().map(|member| (SCALES.score(member).score, *member)).collect();
            // What `best` is given has no activity yet.
            let blank = members.iter().enumerate().map(|(at, member)| Member { key: at as u32, activity: 0.5, ..*member });
            let blank: Vec<Member> = blank.collect();
            let best = SCALES.best(&blank, count, |keys| keys.iter().map(|key| members[*key as usize].activity).collect());
            prop_assert_eq!(scores(best), scores(all));
        }
    }
}
