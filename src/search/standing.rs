//! Why a person stands where they stand for a search: clause by clause, filter by filter.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Hit, SearchBody, SearchError, SearchRequest, Searcher, Sort, WhatIf,
    feedback::MovedQuery,
    hydrate::Hydration,
    matched::Shown,
    retrieval::concept_hits,
    scored_words::{scored_words, scoring},
    what_if::what_ifs,
};
use crate::{
    engine::{KeySet, embedded::EngineSnapshot},
    query::{Demand, Filter, HitSet as HitSetKind, Role, Scope, Span, Truth, Unknowns},
};

/// Where a person stands for a search.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The person.
    pub id: String,
    /// Whether they are in the hit set.
    pub is_hit: bool,
    /// Their place in the list, from 1; absent where they are not among those that pages reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// How many hits pages reach.
    pub listed: usize,
    /// What each word, phrase and prefix says of the person, in the order of the query.
    pub clauses: Vec<ClauseStanding>,
    /// What each filter says of the person.
    pub filters: Vec<FilterStanding>,
    /// The person as the search shows them, with the explanation of the score and more of the matches; absent without a rank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hit: Option<Hit>,
    /// The score of the hit before, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_before: Option<f64>,
    /// What decided, in words.
    pub reasons: Vec<String>,
    /// What would raise the score, one thing at a time, and to which place; empty without a rank.
    pub what_if: Vec<WhatIf>,
}

/// What one clause says of a person.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClauseStanding {
    /// Its number.
    pub clause: u32,
    /// Where it stands in the query.
    pub span: Span,
    /// Where it looks.
    #[schema(value_type = String)]
    pub field: Scope,
    /// The clause in the query language.
    pub text: String,
    /// Its part: `wish`, `demand` or `negated`.
    pub role: Role,
    /// Whether the person has it: `yes`, `no` or `unknown`.
    pub found: Found,
}

/// What one filter says of a person.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FilterStanding {
    /// The filter, as it was understood.
    #[schema(value_type = Object)]
    pub filter: Filter,
    /// Whether the person meets it.
    pub met: Found,
}

/// Three-valued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Found {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// Nothing is known about it.
    Unknown,
}

impl From<Truth> for Found {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Yes => Self::Yes,
            Truth::No => Self::No,
            Truth::Unknown => Self::Unknown,
        }
    }
}

impl Searcher {
    /// Where a person stands for a search; `None` for one whom searches do not see.
    pub fn standing(&self, id: &str, body: &SearchBody, now: jiff::Timestamp) -> Result<Option<Standing>, SearchError> {
        if body.cursor.is_some() {
            return Err(SearchError::CursorWithParameters);
        }
        let snapshot = self.engine.snapshot();
        let request = self.request(&snapshot, body, now)?;
        let request = SearchRequest { explain: true, sort: Sort::default(), ..request };
        let Some(key) = self.store.keys_by_ids(&[id])?.into_iter().flatten().next() else { return Ok(None) };
        if !snapshot.live().contains(key) {
            return Ok(None);
        }
        let deadline = std::time::Instant::now() + self.options.deadline;
        let retrieved = self.retrieve(&snapshot, &request, Some(deadline))?;
        let place = retrieved.members.iter().position(|member| member.key == key);
        let retrieval = self.retrieval(&snapshot, &request, MovedQuery::default(), None);
        let (store, shown) = (&self.store, Shown::PERSON);
        let hydration = Hydration { retrieval: &retrieval, retrieved: &retrieved, store, shown };
        let hit = place.map(|at| hydration.hits(&retrieved.members[at..=at])).transpose()?;
        let before = place.and_then(|at| retrieved.members.get(at.checked_sub(1)?));
        let clauses = self.clauses(&snapshot, &request, key)?;
        let filters = filters(&snapshot, &request, key)?;
        let has_concept = concept_hits(&request.plan, &snapshot)?.contains(key);
        let is_hit = is_hit((&snapshot, &request), (key, has_concept), &clauses, &filters)?;
        Ok(Some(Standing {
            id: id.to_owned(),
            is_hit,
            rank: place.map(|at| at + 1),
            listed: retrieved.members.len(),
            what_if: place.map_or(Ok(Vec::new()), |at| what_ifs(&retrieval, &retrieved, at))?,
            reasons: reasons(&request, &clauses, &filters, is_hit, place),
            clauses,
            filters,
            hit: hit.and_then(|hits| hits.into_iter().next()),
            score_before: before.map(|member| retrieved.scales.score(member).score),
        }))
    }

    fn clauses(
        &self,
        snapshot: &EngineSnapshot,
        request: &SearchRequest,
        key: u32,
    ) -> Result<Vec<ClauseStanding>, SearchError> {
        let demanded = request.plan.demand.as_ref().map(Demand::clauses).unwrap_or_default();
        let words = scored_words(&request.plan, snapshot)?;
        let wishes = request.plan.wishes.iter().filter(|wish| wish.scope == Scope::Anywhere);
        let only: KeySet = [key].into_iter().collect();
        let mut wished = std::collections::HashSet::new();
        for (wish, (word, _)) in wishes.zip(&words) {
            let hits = snapshot.keyword().score(std::slice::from_ref(word), &scoring(&self.ranking), Some(&only))?;
            if hits.matches(key) {
                wished.insert(wish.clause);
            }
        }
        let mut standings = Vec::new();
        for clause in request.plan.understood.leaves() {
            let found = match demanded.iter().find(|demanded| demanded.id == clause.id) {
                Some(demand) => snapshot.clause(demand, request.as_of)?.truth(key).into(),
                None if wished.contains(&clause.id) => Found::Yes,
                None => Found::No,
            };
            let (text, role) = (clause.text.clone(), clause.role);
            standings.push(ClauseStanding {
                clause: clause.id,
                span: clause.span,
                field: clause.field,
                text,
                role,
                found,
            });
        }
        Ok(standings)
    }
}

fn filters(snapshot: &EngineSnapshot, request: &SearchRequest, key: u32) -> Result<Vec<FilterStanding>, SearchError> {
    let standing = |filter: &Filter| {
        let met = snapshot.filter(filter, request.as_of)?.truth(key).into();
        Ok(FilterStanding { filter: filter.clone(), met })
    };
    request.filters.iter().map(standing).collect()
}

fn is_hit(
    (snapshot, request): (&EngineSnapshot, &SearchRequest),
    (key, has_concept): (u32, bool),
    clauses: &[ClauseStanding],
    filters: &[FilterStanding],
) -> Result<bool, SearchError> {
    let admits = |found: Found| match found {
        Found::Yes => true,
        Found::Unknown => request.unknowns == Unknowns::Include,
        Found::No => false,
    };
    let demand = request.plan.demand.as_ref().map(|demand| snapshot.demanded(demand, request.as_of)).transpose()?;
    let demanded = demand.is_none_or(|set| admits(set.truth(key).into()));
    let wished = request.plan.hit_set != HitSetKind::Wished
        || has_concept
        || clauses.iter().any(|clause| clause.role == Role::Wish && clause.found == Found::Yes);
    Ok(demanded && wished && filters.iter().all(|filter| admits(filter.met)))
}

fn reasons(
    request: &SearchRequest,
    clauses: &[ClauseStanding],
    filters: &[FilterStanding],
    is_hit: bool,
    place: Option<usize>,
) -> Vec<String> {
    let mut reasons = Vec::new();
    for clause in clauses {
        let words = &clause.text;
        match (clause.role, clause.found) {
            (Role::Demand, Found::No) => reasons.push(format!("the demanded \"{words}\" is not found")),
            (Role::Demand | Role::Negated, Found::Unknown) => reasons.push(format!("nothing is known of \"{words}\"")),
            (Role::Negated, Found::Yes) => reasons.push(format!("the excluded \"{words}\" is found")),
            (Role::Wish, Found::No) => reasons.push(format!("the wished \"{words}\" is not found")),
            _ => {}
        }
    }
    for (number, filter) in filters.iter().enumerate().filter(|(_, filter)| filter.met != Found::Yes) {
        let told = if filter.met == Found::No { "is not met" } else { "cannot be judged: nothing is known" };
        reasons.push(format!("filter {} of {} {told}", number + 1, request.filters.len()));
    }
    match (is_hit, place) {
        (true, None) => reasons.push("a hit, but not among the best that pages reach".to_owned()),
        (false, Some(_)) => reasons.push("found by meaning alone: not counted as a hit".to_owned()),
        _ => {}
    }
    reasons
}
