//! Plan → ranked members.
//!
//! Input: a valid request and a pinned snapshot. Output: an ordered window of [`Member`]s with every signal, and the
//! size of the hit set. Invariant: depth and window do not depend on the page.

use std::time::Instant;

use super::{SearchError, SearchRequest, request::Mode};
use crate::{
    activity::ActivitySignals,
    embed::UnitVector,
    engine::{
        EngineError, KeySet,
        embedded::{
            EngineSnapshot,
            keyword::{KeywordHits, ScoredWord, Scoring},
            vectors::{StrategyReport, VectorHits, VectorSearch, VectorSnapshot, VectorStrategy},
        },
    },
    query::{HitSet, Plan, Scope, Unknowns},
    rank::{FusionRanking, Ranking, RelevanceSignals, Score, SignalValue, by_rank, fuse},
    text::{self, Language},
};

/// Members that each signal retrieves.
pub const RETRIEVAL_DEPTH: usize = 2_000;

/// Hits of a query that pages can reach.
pub const MAX_WINDOW: usize = 1_000;

/// Words that a prefix may stand for in the scored groups.
const PREFIX_WORDS: usize = 64;

/// One candidate with every signal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) key: u32,
    pub(super) signals: RelevanceSignals,
    /// Cosines with the role and the skills vector; `None` where there is none.
    pub(super) cosines: (Option<f32>, Option<f32>),
    pub(super) activity: f64,
    pub(super) score: Score,
    pub(super) semantic_only: bool,
    pub(super) unknown: bool,
}

/// What a first page fixes.
#[derive(Debug, Clone)]
pub(super) struct Retrieved {
    pub(super) members: Vec<Member>,
    pub(super) total: usize,
    pub(super) unknowns: usize,
    pub(super) words: Vec<(ScoredWord, String)>,
    pub(super) strategies: Option<(StrategyReport, StrategyReport)>,
    pub(super) degraded: Vec<String>,
}

/// What retrieval works with.
pub(super) struct Retrieval<'a> {
    pub(super) snapshot: &'a EngineSnapshot,
    pub(super) request: &'a SearchRequest,
    pub(super) ranking: &'a Ranking,
    pub(super) strategy: VectorStrategy,
    /// The embedded query; `None` where there is nothing to embed or the mode asks for none.
    pub(super) query_vector: Option<&'a UnitVector>,
    pub(super) deadline: Option<Instant>,
}

/// Who may be a hit.
struct Admitted {
    /// `None`: everyone.
    keys: Option<KeySet>,
    unknown: KeySet,
}

struct Semantic {
    role: VectorHits,
    skills: VectorHits,
}

impl Retrieval<'_> {
    pub(super) fn run(&self) -> Result<Retrieved, SearchError> {
        let admitted = self.admit()?;
        if self.is_late() {
            return Err(SearchError::DeadlineExceeded);
        }
        let words = scored_words(&self.request.plan, self.snapshot)?;
        let forms: Vec<ScoredWord> = words.iter().map(|(word, _)| word.clone()).collect();
        let scoring = scoring(self.ranking);
        let keyword = self.snapshot.keyword().score(&forms, &scoring, admitted.keys.as_ref())?;
        let mut degraded = Vec::new();
        let query_vector = self.query_vector.filter(|_| self.request.mode != Mode::Keyword);
        let semantic = match query_vector {
            Some(_) if self.is_late() => {
                degraded.push("semantic".to_owned());
                None
            }
            Some(vector) => Some(self.search_vectors(vector, admitted.keys.as_ref())?),
            None => None,
        };
        let total = self.total(&admitted, &keyword);
        let keys = self.member_keys(&admitted, &keyword, semantic.as_ref());
        let scored = (!forms.is_empty()).then_some(&keyword);
        let members = self.members(keys, scored, query_vector.filter(|_| semantic.is_some()), &admitted)?;
        let strategies = semantic.map(|semantic| (semantic.role.strategy, semantic.skills.strategy));
        Ok(Retrieved { members, total, unknowns: admitted.unknown.len(), words, strategies, degraded })
    }

    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() > deadline)
    }

    fn admit(&self) -> Result<Admitted, EngineError> {
        let demand = self.request.plan.demand.as_ref();
        let demanded = demand.map(|demand| self.snapshot.demanded(demand)).transpose()?;
        let filtered = self.snapshot.filtered(&self.request.filters, self.request.as_of)?;
        let set = match (demanded, filtered) {
            (Some(demanded), Some(filtered)) => demanded.and(&filtered),
            (Some(set), None) | (None, Some(set)) => set,
            (None, None) => return Ok(Admitted { keys: None, unknown: KeySet::default() }),
        };
        let unknown = set.unknown();
        let keys = if self.request.unknowns == Unknowns::Include { set.possible } else { set.yes };
        Ok(Admitted { keys: Some(keys), unknown })
    }

    fn search_vectors(&self, query: &UnitVector, allowed: Option<&KeySet>) -> Result<Semantic, EngineError> {
        let request = VectorSearch { query, k: RETRIEVAL_DEPTH, allowed, strategy: self.strategy };
        Ok(Semantic { role: self.snapshot.role().search(&request)?, skills: self.snapshot.skills().search(&request)? })
    }

    fn wishes_decide(&self) -> bool {
        self.request.plan.hit_set == HitSet::Wished
    }

    fn total(&self, admitted: &Admitted, keyword: &KeywordHits) -> usize {
        match &admitted.keys {
            _ if self.wishes_decide() => keyword.keys().len(),
            Some(keys) => keys.len(),
            None => self.snapshot.live().len(),
        }
    }

    /// The union of what each signal retrieved. Where the hit set does not depend on wishes and is not much larger
    /// than that, all of it.
    fn member_keys(&self, admitted: &Admitted, keyword: &KeywordHits, semantic: Option<&Semantic>) -> Vec<u32> {
        let hit_set = admitted.keys.as_ref().unwrap_or_else(|| self.snapshot.live());
        if !self.wishes_decide() && (self.scores_nothing(keyword, semantic) || hit_set.len() <= 2 * RETRIEVAL_DEPTH) {
            return hit_set.iter().collect();
        }
        let mut members = KeySet::with_capacity(self.snapshot.keyword().key_limit());
        if self.request.mode != Mode::Semantic {
            self.best_by_keyword(keyword).into_iter().for_each(|key| members.insert(key));
        }
        if let Some(semantic) = semantic {
            let found = semantic.role.hits.iter().chain(&semantic.skills.hits);
            found.filter(|hit| hit_set.contains(hit.key)).for_each(|hit| members.insert(hit.key));
        }
        if !self.wishes_decide() && members.len() < MAX_WINDOW {
            self.fill(hit_set, &mut members);
        }
        members.iter().collect()
    }

    fn scores_nothing(&self, keyword: &KeywordHits, semantic: Option<&Semantic>) -> bool {
        keyword.maximum == 0.0 && semantic.is_none()
    }

    /// Hits that no signal retrieved follow by id.
    fn fill(&self, hit_set: &KeySet, members: &mut KeySet) {
        let mut rest: Vec<u32> = hit_set.iter().filter(|key| !members.contains(*key)).collect();
        rest.sort_by(|a, b| self.snapshot.id(*a).cmp(self.snapshot.id(*b)));
        let missing = MAX_WINDOW - members.len();
        rest.into_iter().take(missing).for_each(|key| members.insert(key));
    }

    fn best_by_keyword(&self, keyword: &KeywordHits) -> Vec<u32> {
        let mut keys = keyword.keys().to_vec();
        if keys.len() > RETRIEVAL_DEPTH {
            let by_score = |a: &u32, b: &u32| {
                let order = keyword.score(*b).total_cmp(&keyword.score(*a));
                order.then_with(|| self.snapshot.id(*a).cmp(self.snapshot.id(*b)))
            };
            keys.select_nth_unstable_by(RETRIEVAL_DEPTH - 1, by_score);
            keys.truncate(RETRIEVAL_DEPTH);
        }
        keys
    }

    fn members(
        &self,
        keys: Vec<u32>,
        keyword: Option<&KeywordHits>,
        query: Option<&UnitVector>,
        admitted: &Admitted,
    ) -> Result<Vec<Member>, EngineError> {
        let cosines = |vectors: &VectorSnapshot| {
            query.map_or_else(|| Ok(vec![None; keys.len()]), |query| vectors.cosines(query, &keys))
        };
        let (role, skills) = (cosines(self.snapshot.role())?, cosines(self.snapshot.skills())?);
        let weights = self.weights();
        let c = self.ranking.activity.c_unknown;
        let mut members: Vec<Member> = keys
            .into_iter()
            .zip(role.into_iter().zip(skills))
            .map(|(key, cosines)| {
                let signals = RelevanceSignals {
                    keyword: keyword.map(|hits| keyword_value(hits, key)),
                    semantic: query.map(|_| self.semantic_value(cosines)),
                };
                let activity = self.activity(key).map_or(0.0, |signals| signals.activity);
                Member {
                    key,
                    signals,
                    cosines,
                    activity,
                    score: fuse(&signals, weights, activity, c),
                    semantic_only: self.wishes_decide() && keyword.is_some_and(|hits| !hits.matches(key)),
                    unknown: admitted.unknown.contains(key),
                }
            })
            .collect();
        self.order(&mut members);
        Ok(members)
    }

    /// The best of the window, in order.
    fn order(&self, members: &mut Vec<Member>) {
        let compare = |a: &Member, b: &Member| {
            by_rank((a.score.score, self.snapshot.id(a.key)), (b.score.score, self.snapshot.id(b.key)))
        };
        if members.len() > MAX_WINDOW {
            members.select_nth_unstable_by(MAX_WINDOW - 1, compare);
            members.truncate(MAX_WINDOW);
        }
        members.sort_unstable_by(compare);
    }

    fn weights(&self) -> FusionRanking {
        match self.request.mode {
            Mode::Hybrid => self.request.weights.unwrap_or(self.ranking.fusion),
            Mode::Keyword => FusionRanking { keyword: 1.0, semantic: 0.0 },
            Mode::Semantic => FusionRanking { keyword: 0.0, semantic: 1.0 },
        }
    }

    /// The better of the role's and the skills' cosine; the population's median where there is no vector.
    fn semantic_value(&self, (role, skills): (Option<f32>, Option<f32>)) -> SignalValue {
        let constants = &self.ranking.semantic;
        let role = role.map(|cosine| (cosine, constants.normalise(cosine)));
        let skills = skills.map(|cosine| (cosine, constants.skills * constants.normalise(cosine)));
        let best = [role, skills].into_iter().flatten().max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.total_cmp(&b.0)));
        let (raw, normalised) = best.unwrap_or_else(|| {
            let median = self.snapshot.median_cosine();
            (median, constants.normalise(median))
        });
        SignalValue::new(raw.into(), normalised.into())
    }

    pub(super) fn activity(&self, key: u32) -> Option<ActivitySignals> {
        let record = self.snapshot.activity(key)?;
        let constants = &self.ranking.activity.signals;
        Some(ActivitySignals::of(record, self.request.as_of.as_second(), constants, self.snapshot.medians()))
    }
}

fn keyword_value(hits: &KeywordHits, key: u32) -> SignalValue {
    let raw = f64::from(hits.score(key));
    SignalValue::new(raw, raw / f64::from(hits.maximum))
}

pub(super) fn scoring(ranking: &Ranking) -> Scoring {
    Scoring {
        k1: ranking.keyword.k1,
        boosts: ranking.keyword.boosts.in_order(),
        length_weights: ranking.keyword.length.in_order(),
    }
}

/// The words that score in the profile's text, each with its forms in the languages of the index and its folded form.
pub(super) fn scored_words(plan: &Plan, snapshot: &EngineSnapshot) -> Result<Vec<(ScoredWord, String)>, EngineError> {
    let languages: Vec<Language> = snapshot.languages();
    let mut words = Vec::new();
    for wish in plan.wishes.iter().filter(|wish| wish.scope == Scope::Anywhere) {
        let forms = if wish.prefix {
            snapshot.keyword().words_with_prefix(&wish.exact, PREFIX_WORDS)?
        } else {
            text::wish_forms(&wish.lower, &wish.exact, &languages)
        };
        words.push((ScoredWord { forms, weight_percent: 100 }, wish.exact.clone()));
    }
    Ok(words)
}
