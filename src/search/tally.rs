//! How many people each part of a query concerns.
//!
//! Input: the demand and the filters of a request. Output: who may be a hit, and for each clause and filter how many
//! match it alone, among the hits, and how many hits there would be without it. Each clause is evaluated once; the rest
//! is arithmetic on bitmaps.

use std::collections::HashMap;

use super::{SearchError, SearchRequest};
use crate::{
    engine::{
        KeySet,
        embedded::{EngineSnapshot, HitSet, keyword::KeywordHits},
    },
    query::{ClauseHits, Demand, HitSet as HitSetKind, Role, Scope, Unknowns},
};

/// Demanded clauses up to which each is counted: their bitmaps are kept for the time of the search.
const MAX_COUNTED_CLAUSES: usize = 64;

/// Wished words up to which each is counted.
const MAX_COUNTED_WORDS: usize = 64;

/// Whom the demand and the filters admit.
pub(super) struct Admitted {
    /// `None`: everyone.
    pub(super) keys: Option<KeySet>,
    pub(super) unknown: KeySet,
    /// The clauses of the demand, by number; empty where there are too many to count.
    clauses: HashMap<u32, HitSet>,
    filters: Vec<HitSet>,
}

impl Admitted {
    /// Evaluates the demand and the filters of a request.
    pub(super) fn of(snapshot: &EngineSnapshot, request: &SearchRequest) -> Result<Self, SearchError> {
        let as_of = request.as_of;
        let demand = request.plan.demand.as_ref();
        let filters = request.filters.iter().map(|filter| snapshot.filter(filter, as_of));
        let filters = filters.collect::<Result<Vec<_>, _>>()?;
        let asked = demand.map(Demand::clauses).unwrap_or_default();
        let mut clauses = HashMap::new();
        if asked.len() <= MAX_COUNTED_CLAUSES {
            for clause in asked {
                clauses.insert(clause.id, snapshot.clause(clause, as_of)?);
            }
        }
        let demanded = match demand {
            Some(demand) if clauses.is_empty() => Some(snapshot.demanded(demand, as_of)?),
            Some(demand) => Some(joined(demand, &clauses, snapshot.live())),
            None => None,
        };
        let Some(set) = narrowed(demanded, filters.iter()) else {
            return Ok(Self { keys: None, unknown: KeySet::default(), clauses, filters });
        };
        let unknown = set.unknown();
        Ok(Self { keys: Some(admitted(set, request.unknowns)), unknown, clauses, filters })
    }

    /// Whether words should be scored with a tally of whom each matches.
    pub(super) fn wants_tally(&self, request: &SearchRequest, words: usize) -> bool {
        let is_split =
            || request.plan.understood.leaves().iter().any(|leaf| leaf.role == Role::Wish && leaf.words.len() > 1);
        request.explain && (1..=MAX_COUNTED_WORDS).contains(&words) && (self.keys.is_some() || is_split())
    }

    /// The numbers of every clause that was counted.
    pub(super) fn clause_hits(
        &self,
        snapshot: &EngineSnapshot,
        request: &SearchRequest,
        keyword: &KeywordHits,
    ) -> HashMap<u32, ClauseHits> {
        let words = Words::of(request, keyword);
        let hits = self.hits(snapshot, request, keyword);
        let mut counted = HashMap::new();
        for leaf in request.plan.understood.leaves() {
            let told = match (self.clauses.get(&leaf.id), leaf.role) {
                (Some(set), _) => {
                    let demand = request.plan.demand.as_ref().and_then(|demand| demand.without(leaf.id));
                    ClauseHits {
                        alone: set.yes.len(),
                        in_context: set.yes.count_common(&hits),
                        without: self.count(snapshot, request, (demand.as_ref(), None), &words),
                        unknown: set.unknown().len(),
                    }
                }
                (None, Role::Wish) => match words.matching(&leaf.words).filter(|_| self.can_count(keyword)) {
                    Some((alone, in_context)) => {
                        ClauseHits { alone: alone.unwrap_or(in_context), in_context, without: None, unknown: 0 }
                    }
                    None => continue,
                },
                (None, _) => continue,
            };
            counted.insert(leaf.id, told);
        }
        counted
    }

    /// The numbers of each filter.
    pub(super) fn filter_hits(
        &self,
        snapshot: &EngineSnapshot,
        request: &SearchRequest,
        keyword: &KeywordHits,
    ) -> Vec<ClauseHits> {
        let words = Words::of(request, keyword);
        let hits = self.hits(snapshot, request, keyword);
        let told = |(at, set): (usize, &HitSet)| ClauseHits {
            alone: set.yes.len(),
            in_context: set.yes.count_common(&hits),
            without: self.count(snapshot, request, (request.plan.demand.as_ref(), Some(at)), &words),
            unknown: set.unknown().len(),
        };
        self.filters.iter().enumerate().map(told).collect()
    }

    /// Without a tally only what was allowed is known, which is everybody where nothing is demanded.
    fn can_count(&self, keyword: &KeywordHits) -> bool {
        self.keys.is_none() || !keyword.met.is_empty()
    }

    /// The counted hits.
    fn hits(&self, snapshot: &EngineSnapshot, request: &SearchRequest, keyword: &KeywordHits) -> KeySet {
        match &self.keys {
            _ if request.plan.hit_set == HitSetKind::Wished => keyword.keys().iter().copied().collect(),
            Some(keys) => keys.clone(),
            None => snapshot.live().clone(),
        }
    }

    /// How many hits there would be with another demand, and without one of the filters.
    fn count(
        &self,
        snapshot: &EngineSnapshot,
        request: &SearchRequest,
        (demand, left_out): (Option<&Demand>, Option<usize>),
        words: &Words<'_>,
    ) -> Option<usize> {
        let is_counted = |demand: &Demand| demand.clauses().iter().all(|clause| self.clauses.contains_key(&clause.id));
        if !demand.is_none_or(is_counted) {
            return None;
        }
        let demanded = demand.map(|demand| joined(demand, &self.clauses, snapshot.live()));
        let filters = self.filters.iter().enumerate().filter(|(at, _)| Some(*at) != left_out).map(|(_, set)| set);
        let keys = narrowed(demanded, filters).map(|set| admitted(set, request.unknowns));
        let keys = keys.as_ref().unwrap_or_else(|| snapshot.live());
        if demand.is_some_and(Demand::is_positive) || !words.has_wishes {
            return Some(keys.len());
        }
        Some(words.wished.as_ref()?.count_common(keys))
    }
}

/// Whom the wished words match.
struct Words<'a> {
    request: &'a SearchRequest,
    keyword: &'a KeywordHits,
    has_wishes: bool,
    /// Whom some wish that is no demand matches; `None` where it was not counted.
    wished: Option<KeySet>,
}

impl<'a> Words<'a> {
    fn of(request: &'a SearchRequest, keyword: &'a KeywordHits) -> Self {
        let leaves = request.plan.understood.leaves();
        let wishes: Vec<_> = leaves.into_iter().filter(|leaf| leaf.role == Role::Wish).collect();
        let mut words = Self { request, keyword, has_wishes: !wishes.is_empty(), wished: None };
        if !keyword.met.is_empty() {
            let mut wished = KeySet::default();
            wishes.iter().for_each(|leaf| words.met(&leaf.words).for_each(|met| wished.union_with(met)));
            words.wished = Some(wished);
        }
        words
    }

    /// The numbers in the tally of some words.
    fn places<'s>(&'s self, asked: &'s [String]) -> impl Iterator<Item = usize> + 's {
        let scored = self.request.plan.wishes.iter().filter(|wish| wish.scope == Scope::Anywhere);
        scored.enumerate().filter(|(_, wish)| asked.contains(&wish.exact)).map(|(at, _)| at)
    }

    fn met<'s>(&'s self, asked: &'s [String]) -> impl Iterator<Item = &'s KeySet> {
        self.places(asked).filter_map(|at| self.keyword.met.get(at))
    }

    /// How many match one of the words, among everybody where that was counted, and among the hits.
    fn matching(&self, asked: &[String]) -> Option<(Option<usize>, usize)> {
        if self.keyword.met.is_empty() {
            let mut places = self.places(asked);
            let (first, second) = (places.next()?, places.next());
            return second.is_none().then(|| (None, self.keyword.word_hits(first)));
        }
        let mut all = KeySet::default();
        self.met(asked).for_each(|met| all.union_with(met));
        let among_hits = all.iter().filter(|key| self.keyword.matches(*key)).count();
        Some((Some(all.len()), among_hits))
    }
}

/// A demand out of its clauses.
fn joined(demand: &Demand, clauses: &HashMap<u32, HitSet>, live: &KeySet) -> HitSet {
    let join = |parts: &[Demand], by: fn(HitSet, &HitSet) -> HitSet| {
        let sets = parts.iter().map(|part| joined(part, clauses, live));
        sets.reduce(|all, set| by(all, &set)).unwrap_or_else(|| HitSet::known(live.clone()))
    };
    match demand {
        Demand::All(parts) => join(parts, HitSet::and),
        Demand::Any(parts) => join(parts, HitSet::or),
        Demand::Not(inner) => joined(inner, clauses, live).not(live),
        Demand::Clause(clause) => clauses.get(&clause.id).cloned().unwrap_or_else(|| HitSet::known(KeySet::default())),
    }
}

fn narrowed<'s>(demanded: Option<HitSet>, filters: impl Iterator<Item = &'s HitSet>) -> Option<HitSet> {
    filters.fold(demanded, |all, filter| Some(all.map_or_else(|| filter.clone(), |all| all.and(filter))))
}

fn admitted(set: HitSet, unknowns: Unknowns) -> KeySet {
    if unknowns == Unknowns::Include { set.possible } else { set.yes }
}
