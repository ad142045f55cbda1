//! Who competes for a shortlist.
//!
//! Input: the ranked members of a search. Output: those who are relevant enough and may be written to, each with what a
//! message is expected to bring, and counts of the others. Of people whose profiles say the same only one competes.

use std::collections::{HashMap, HashSet};

use super::{Considered, SearchError, retrieval::Retrieval, retrieval::Retrieved, scales::Member};
use crate::{
    activity::{ActivityRecord, ActivitySignals, Tag},
    engine::embedded::{EngineSnapshot, HitSet},
    query::{Demand, Truth},
    rank::{Contender, ShortlistRanking},
};

const DAY_SECONDS: i64 = 86_400;

/// Alternatives that are told apart.
const MAX_ALTERNATIVES: usize = 64;

/// Somebody who competes.
pub(super) struct Competitor<'w> {
    pub(super) member: &'w Member,
    /// Relevance over the best relevance.
    pub(super) fit: f64,
    pub(super) reply_probability: f64,
    /// What a message is expected to bring, in qualified replies.
    value: f64,
    employer: Option<u64>,
    /// A bit for each alternative that is met; `None` where the query has none.
    alternatives: Option<u64>,
}

/// Everybody who competes.
pub(super) struct Competition<'w> {
    pub(super) competitors: Vec<Competitor<'w>>,
    pub(super) considered: Considered,
    alternatives: Vec<Alternative>,
}

/// One side of an OR in the query.
struct Alternative {
    /// As typed, folded.
    words: String,
    people: HitSet,
}

/// A member with what decides whether it is relevant enough.
struct Relevant<'w> {
    member: &'w Member,
    relevance: f64,
    /// A bit for each alternative that is met.
    met: u64,
}

impl<'w> Competition<'w> {
    pub(super) fn of(
        retrieval: &Retrieval<'_>,
        retrieved: &'w Retrieved,
        recruiter: Tag,
        constants: &ShortlistRanking,
    ) -> Result<Self, SearchError> {
        let mut competition = Self {
            competitors: Vec::new(),
            considered: Considered { relevance_floor: constants.relevance_floor, ..Considered::default() },
            alternatives: alternatives(retrieval)?,
        };
        let relevant = |member: &'w Member| Relevant {
            member,
            relevance: retrieved.scales.score(member).relevance,
            met: competition.met(member.key),
        };
        let relevant: Vec<Relevant<'w>> = retrieved.members.iter().map(relevant).collect();
        let best = Bests::of(&relevant, competition.alternatives.len());
        for one in &relevant {
            if best.share(one) < constants.relevance_floor {
                competition.considered.below_relevance += 1;
            } else {
                competition.consider((one, best.share_of_all(one)), retrieval, recruiter, constants);
            }
        }
        competition.drop_clones(retrieval.snapshot);
        competition.considered.competed = competition.competitors.len();
        Ok(competition)
    }

    fn consider(
        &mut self,
        (relevant, fit): (&Relevant<'w>, f64),
        retrieval: &Retrieval<'_>,
        recruiter: Tag,
        constants: &ShortlistRanking,
    ) {
        let (snapshot, as_of) = (retrieval.snapshot, retrieval.request.as_of.as_second());
        let member = relevant.member;
        let (Some(facts), Some(record)) = (snapshot.facts(member.key), snapshot.activity(member.key)) else { return };
        if facts.do_not_contact {
            self.considered.do_not_contact += 1;
        } else if is_cooling_down(record, as_of, recruiter, constants) {
            self.considered.cooling_down += 1;
        } else if let Some(signals) = retrieval.activity(member.key) {
            let reply_probability = reply_probability(&signals, retrieval);
            let value = fit.powf(constants.relevance_power) * reply_probability;
            let alternatives = (!self.alternatives.is_empty()).then_some(relevant.met);
            let employer = facts.employer;
            self.competitors.push(Competitor { member, fit, reply_probability, value, employer, alternatives });
        }
    }

    fn met(&self, key: u32) -> u64 {
        let meets = self.alternatives.iter().enumerate().filter(|(_, it)| it.people.truth(key) == Truth::Yes);
        meets.map(|(at, _)| 1 << at).fold(0, |mask, bit: u64| mask | bit)
    }

    /// Of people whose profiles say the same the one with the highest value stays; the smaller id between equals.
    fn drop_clones(&mut self, snapshot: &EngineSnapshot) {
        let fingerprint = |it: &Competitor<'_>| snapshot.facts(it.member.key).and_then(|facts| facts.fingerprint);
        let id = |it: &Competitor<'_>| snapshot.id(it.member.key);
        let mut best: HashMap<u64, usize> = HashMap::new();
        for (at, competitor) in self.competitors.iter().enumerate() {
            let Some(fingerprint) = fingerprint(competitor) else { continue };
            let known = best.entry(fingerprint).or_insert(at);
            let other = &self.competitors[*known];
            let order = competitor.value.total_cmp(&other.value).then_with(|| id(other).cmp(id(competitor)));
            if order.is_gt() {
                *known = at;
            }
        }
        let kept: HashSet<u32> = best.values().map(|at| self.competitors[*at].member.key).collect();
        let before = self.competitors.len();
        self.competitors.retain(|it| fingerprint(it).is_none() || kept.contains(&it.member.key));
        self.considered.clones = before - self.competitors.len();
    }

    pub(super) fn contenders<'s>(&self, snapshot: &'s EngineSnapshot) -> Vec<Contender<'s>> {
        let contender = |competitor: &Competitor<'_>| Contender {
            id: snapshot.id(competitor.member.key),
            value: competitor.value,
            employer: competitor.employer,
            alternatives: competitor.alternatives,
        };
        self.competitors.iter().map(contender).collect()
    }

    /// The alternatives that a competitor meets, in the words of the query.
    pub(super) fn met_alternatives(&self, competitor: &Competitor<'_>) -> Vec<String> {
        let mask = competitor.alternatives.unwrap_or(0);
        let met = self.alternatives.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1);
        met.map(|(_, alternative)| alternative.words.clone()).collect()
    }
}

/// The best relevance of all, and of those who meet each alternative.
struct Bests {
    of_all: f64,
    of_alternatives: Vec<f64>,
}

impl Bests {
    fn of(relevant: &[Relevant<'_>], alternatives: usize) -> Self {
        let best = |among: u64| {
            let meets = relevant.iter().filter(|one| among == 0 || one.met & among != 0);
            meets.map(|one| one.relevance).fold(0.0, f64::max)
        };
        Self { of_all: best(0), of_alternatives: (0..alternatives).map(|at| best(1 << at)).collect() }
    }

    /// Relevance over the best relevance of all.
    fn share_of_all(&self, one: &Relevant<'_>) -> f64 {
        share(one.relevance, self.of_all)
    }

    /// Relevance over the best of those who meet the same alternative: one side of an OR that the ranking likes better
    /// must not cut the other. Over the best of all for whom no alternative counts.
    fn share(&self, one: &Relevant<'_>) -> f64 {
        let met = self.of_alternatives.iter().enumerate().filter(|(at, _)| one.met >> at & 1 == 1);
        let shares = met.map(|(_, best)| share(one.relevance, *best));
        shares.fold(self.share_of_all(one), f64::max)
    }
}

fn share(relevance: f64, best: f64) -> f64 {
    if best > 0.0 { relevance / best } else { 1.0 }
}

/// The probability that a message is answered: as learnt, else by the formula.
fn reply_probability(signals: &ActivitySignals, retrieval: &Retrieval<'_>) -> f64 {
    match retrieval.snapshot.reply_model() {
        Some(model) => model.probability(signals),
        None => signals.reply_probability(retrieval.context().constants, retrieval.snapshot.medians()),
    }
}

fn is_cooling_down(record: &ActivityRecord, as_of: i64, recruiter: Tag, constants: &ShortlistRanking) -> bool {
    record.unanswered(as_of).any(|message| {
        let seconds = as_of - message.sent.at;
        let is_own = recruiter != Tag::NONE && message.sent.by == recruiter;
        seconds < i64::from(constants.cool_down_days) * DAY_SECONDS
            || (is_own && seconds < i64::from(constants.own_cool_down_days) * DAY_SECONDS)
    })
}

/// The sides of the query's ORs that are not under a negation.
fn alternatives(retrieval: &Retrieval<'_>) -> Result<Vec<Alternative>, SearchError> {
    let mut sides = Vec::new();
    if let Some(demand) = &retrieval.request.plan.demand {
        alternative_demands(demand, &mut sides);
    }
    sides.truncate(MAX_ALTERNATIVES);
    let alternative = |demand: &&Demand| -> Result<Alternative, SearchError> {
        let people = retrieval.snapshot.demanded(demand, retrieval.request.as_of)?;
        let words = demand.clauses().into_iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        Ok(Alternative { words, people })
    };
    sides.iter().map(alternative).collect()
}

fn alternative_demands<'d>(demand: &'d Demand, found: &mut Vec<&'d Demand>) {
    match demand {
        Demand::Any(sides) => found.extend(sides),
        Demand::All(parts) => parts.iter().for_each(|part| alternative_demands(part, found)),
        Demand::Not(_) | Demand::Clause(_) => {}
    }
}
