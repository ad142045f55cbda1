//! How many people each part of a query concerns.
//!
//! Input: the demand and the filters of a request, and whom its words match. Output: who may be a hit, and for each clause
//! and filter how many match it alone, among the hits, and how many hits there would be without it. Each clause is
//! evaluated once; the rest is arithmetic on bitmaps.

use std::collections::HashMap;

use super::SearchRequest;
use crate::{
    engine::{
        EngineError, KeySet,
        embedded::{EngineSnapshot, HitSet, keyword::KeywordHits},
    },
    query::{Clause, ClauseHits, Demand, HitSet as HitSetKind, Role, Scope, UnderstoodClause, Unknowns},
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
    /// Whom the demand holds for; `None` where nothing is demanded.
    demanded: Option<HitSet>,
    /// The clauses of the demand, by number; empty where there are too many to count.
    clauses: HashMap<u32, HitSet>,
    filters: Vec<HitSet>,
}

impl Admitted {
    /// Evaluates the demand and the filters of a request.
    pub(super) fn of(snapshot: &EngineSnapshot, request: &SearchRequest) -> Result<Self, EngineError> {
        let (as_of, demand) = (request.as_of, request.plan.demand.as_ref());
        let filters = request.filters.iter().map(|filter| snapshot.filter(filter, as_of));
        let filters = filters.collect::<Result<Vec<_>, _>>()?;
        let is_counted = demand.is_some_and(|demand| demand.clauses().len() <= MAX_COUNTED_CLAUSES);
        let mut clauses = HashMap::new();
        let mut judge = |clause: &Clause| {
            let set = snapshot.clause(clause, as_of)?;
            if is_counted {
                clauses.insert(clause.id, set.clone());
            }
            Ok(set)
        };
        let demanded = demand.map(|demand| snapshot.joined(demand, &mut judge)).transpose()?;
        let (mut keys, mut unknown) = match narrowed(demanded.clone(), filters.iter()) {
            None => (None, KeySet::default()),
            Some(set) => {
                let unknown = set.unknown();
                (Some(kept(set, request.unknowns)), unknown)
            }
        };
        // Who is like somebody is somebody else.
        if let Some(people) = request.subject.people() {
            let others = keys.get_or_insert_with(|| snapshot.live().clone());
            people.keys.iter().for_each(|key| {
                others.remove(*key);
                unknown.remove(*key);
            });
        }
        Ok(Self { keys, unknown, demanded, clauses, filters })
    }

    /// Whom the request admits without some of its filters; `None`: everyone.
    pub(super) fn without(&self, left_out: &[usize], unknowns: Unknowns) -> Option<KeySet> {
        let filters = self.filters.iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(|(_, set)| set);
        narrowed(self.demanded.clone(), filters).map(|set| kept(set, unknowns))
    }

    /// Whether words should be scored with a tally of whom each matches: where not everybody is scored, or one wish is
    /// several words.
    pub(super) fn wants_tally(&self, request: &SearchRequest, words: usize) -> bool {
        let leaves = request.plan.understood.leaves();
        let is_split = || leaves.iter().any(|leaf| leaf.role == Role::Wish && leaf.words.len() > 1);
        request.explain && (1..=MAX_COUNTED_WORDS).contains(&words) && (self.keys.is_some() || is_split())
    }
}

/// The hits where wishes decide: whom a word matches of those who are admitted (everybody where `None`), and whom of them a
/// concept makes one.
pub(super) fn wished_hits(keyword: &KeywordHits, concepts: Option<&KeySet>, admitted: Option<&KeySet>) -> KeySet {
    let mut hits: KeySet = keyword.keys().iter().copied().collect();
    if let Some(concepts) = concepts {
        let mut concepts = concepts.clone();
        admitted.iter().for_each(|admitted| concepts.intersect_with(admitted));
        hits.union_with(&concepts);
    }
    hits
}

/// What the numbers are counted from.
pub(super) struct Tally<'a> {
    snapshot: &'a EngineSnapshot,
    request: &'a SearchRequest,
    admitted: &'a Admitted,
    keyword: &'a KeywordHits,
    /// Whom concepts make hits, admitted or not; `None` where no concept is asked for.
    concepts: Option<&'a KeySet>,
    /// The hits that count.
    hits: KeySet,
    has_wishes: bool,
    /// Whom some wish that is no demand matches; `None` where it was not counted.
    wished: Option<KeySet>,
}

impl<'a> Tally<'a> {
    pub(super) fn of(
        (snapshot, request): (&'a EngineSnapshot, &'a SearchRequest),
        admitted: &'a Admitted,
        (keyword, concepts): (&'a KeywordHits, Option<&'a KeySet>),
    ) -> Self {
        let hits = match &admitted.keys {
            _ if request.plan.hit_set == HitSetKind::Wished => wished_hits(keyword, concepts, admitted.keys.as_ref()),
            Some(keys) => keys.clone(),
            None => snapshot.live().clone(),
        };
        let leaves = request.plan.understood.leaves();
        let wishes: Vec<_> = leaves.into_iter().filter(|leaf| leaf.role == Role::Wish).collect();
        let has_wishes = !wishes.is_empty();
        let mut tally = Self { snapshot, request, admitted, keyword, concepts, hits, has_wishes, wished: None };
        if !keyword.met.is_empty() {
            let mut wished = KeySet::default();
            wishes.iter().for_each(|leaf| tally.met(leaf).for_each(|met| wished.union_with(met)));
            concepts.iter().for_each(|concepts| wished.union_with(concepts));
            tally.wished = Some(wished);
        }
        tally
    }

    /// The hits that count.
    pub(super) fn hits(&self) -> &KeySet {
        &self.hits
    }

    /// Whom concepts make hits, admitted or not.
    pub(super) fn concepts(&self) -> Option<&KeySet> {
        self.concepts
    }

    /// Whom some wish matches, where it was counted.
    pub(super) fn wished(&self) -> Option<&KeySet> {
        self.wished.as_ref()
    }

    /// The numbers of every clause that was counted.
    pub(super) fn clauses(&self) -> Result<HashMap<u32, ClauseHits>, EngineError> {
        let mut counted = HashMap::new();
        for leaf in self.request.plan.understood.leaves() {
            let told = match (self.admitted.clauses.get(&leaf.id), leaf.role) {
                (Some(set), _) => {
                    let rest = self.request.plan.demand.as_ref().and_then(|demand| demand.without(leaf.id));
                    Some(ClauseHits { without: self.count(rest.as_ref(), None)?, ..self.told(set) })
                }
                (None, Role::Wish) => self.wish(leaf),
                (None, _) => None,
            };
            counted.extend(told.map(|told| (leaf.id, told)));
        }
        Ok(counted)
    }

    /// The numbers of each filter.
    pub(super) fn filters(&self) -> Result<Vec<ClauseHits>, EngineError> {
        let demand = self.request.plan.demand.as_ref();
        let told =
            |(at, set): (usize, &HitSet)| Ok(ClauseHits { without: self.count(demand, Some(at))?, ..self.told(set) });
        self.admitted.filters.iter().enumerate().map(told).collect()
    }

    fn told(&self, set: &HitSet) -> ClauseHits {
        let in_context = set.yes.count_common(&self.hits);
        ClauseHits { alone: set.yes.len(), in_context, without: None, unknown: set.unknown().len() }
    }

    /// How many hits there would be with another demand, and without one of the filters; `None` where it was not counted.
    fn count(&self, demand: Option<&Demand>, left_out: Option<usize>) -> Result<Option<usize>, EngineError> {
        let sets = &self.admitted.clauses;
        if demand.is_some_and(|demand| demand.clauses().iter().any(|clause| !sets.contains_key(&clause.id))) {
            return Ok(None);
        }
        let mut judge = |clause: &Clause| Ok(sets[&clause.id].clone());
        let demanded = demand.map(|demand| self.snapshot.joined(demand, &mut judge)).transpose()?;
        let filters = self.admitted.filters.iter().enumerate();
        let filters = filters.filter(|(at, _)| Some(*at) != left_out).map(|(_, set)| set);
        let keys = narrowed(demanded, filters).map(|set| kept(set, self.request.unknowns));
        let keys = keys.as_ref().unwrap_or_else(|| self.snapshot.live());
        if demand.is_some_and(Demand::is_positive) || !self.has_wishes {
            return Ok(Some(keys.len()));
        }
        Ok(self.wished.as_ref().map(|wished| wished.count_common(keys)))
    }

    /// Whom the words of a wish match, where it was counted.
    fn met(&self, leaf: &'a UnderstoodClause) -> impl Iterator<Item = &'a KeySet> + use<'a> {
        let met = &self.keyword.met;
        self.places(leaf).filter_map(move |at| met.get(at))
    }

    /// The numbers of a wish's words among those that score.
    fn places(&self, leaf: &'a UnderstoodClause) -> impl Iterator<Item = usize> + use<'a> {
        let scored = self.request.plan.wishes.iter().filter(|wish| wish.scope == Scope::Anywhere);
        scored.enumerate().filter(|(_, wish)| leaf.words.contains(&wish.exact)).map(|(at, _)| at)
    }

    fn wish(&self, leaf: &'a UnderstoodClause) -> Option<ClauseHits> {
        let (alone, in_context) = if self.keyword.met.is_empty() {
            // Only whom the words match among those who were allowed is known: everybody, where nothing is demanded.
            let mut places = self.places(leaf).filter(|_| self.admitted.keys.is_none());
            let (first, None) = (places.next()?, places.next()) else { return None };
            (self.keyword.word_hits(first), self.keyword.word_hits(first))
        } else {
            let mut all = KeySet::default();
            self.met(leaf).for_each(|met| all.union_with(met));
            (all.len(), all.count_common(&self.hits))
        };
        Some(ClauseHits { alone, in_context, without: None, unknown: 0 })
    }
}

fn narrowed<'s>(demanded: Option<HitSet>, filters: impl Iterator<Item = &'s HitSet>) -> Option<HitSet> {
    filters.fold(demanded, |all, filter| Some(all.map_or_else(|| filter.clone(), |all| all.and(filter))))
}

fn kept(set: HitSet, unknowns: Unknowns) -> KeySet {
    if unknowns == Unknowns::Include { set.possible } else { set.yes }
}
