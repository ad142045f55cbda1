//! Plan → ranked members.
//!
//! Input: a valid request and a pinned snapshot. Output: an ordered window of [`Member`]s with every signal, and the
//! size of the hit set. Invariant: depth and window do not depend on the page.

use std::{borrow::Cow, collections::HashMap, sync::Arc, time::Instant};

use super::{
    ExpandedBy, Reranked, SearchError, SearchRequest,
    asked::AskedFor,
    concepts::Needs,
    explain::ToldActivity,
    facets::{FacetSource, Facets},
    feedback::{FeedbackUnderstood, MovedQuery},
    match_job::Subject,
    request::Mode,
    scales::{Member, Scales},
    scored_words::{scored_words, scoring},
    side_by_side::side_by_side,
    sort::SortBy,
    tally::{Admitted, Tally, wished_hits},
};
use crate::{
    activity::{ActivityConstants, ActivityContext, ActivityRecord, ActivitySignals},
    embed::UnitVector,
    engine::{
        EngineError, KeySet,
        embedded::{
            EngineSnapshot,
            keyword::{ConceptHits, KeywordHits, ScoredWord},
            vectors::{StrategyReport, VectorHits, VectorSearch, VectorStrategy},
        },
    },
    query::{ClauseHits, ConceptWish, HitSet, Plan, QueryKind},
    rank::{FusionRanking, Ranking, by_rank},
};

/// Members that each signal retrieves.
pub const RETRIEVAL_DEPTH: usize = 2_000;

/// Hits of a query that pages can reach.
pub const MAX_WINDOW: usize = 1_000;

/// What a first page fixes.
#[derive(Debug, Clone)]
pub(super) struct Retrieved {
    pub(super) members: Vec<Member>,
    pub(super) scales: Scales,
    pub(super) total: usize,
    pub(super) unknowns: usize,
    pub(super) words: Vec<(ScoredWord, String)>,
    pub(super) strategies: Option<(StrategyReport, StrategyReport)>,
    pub(super) degraded: Vec<String>,
    pub(super) feedback: Option<FeedbackUnderstood>,
    /// What lent words to the query.
    pub(super) expanded_by: Vec<ExpandedBy>,
    /// What a second look did; `None` without one.
    pub(super) reranked: Option<Reranked>,
    /// Whether the model cannot read the query.
    pub(super) is_unread: bool,
    pub(super) counted: Counted,
    pub(super) facets: Option<Facets>,
    /// What the query asks for in concepts.
    pub(super) needs: Needs,
    /// Whether there may be hits that only meaning found, beside those that count.
    pub(super) excludes_semantic_only: bool,
}

/// How many people the parts of the query concern.
#[derive(Debug, Clone, Default)]
pub(super) struct Counted {
    pub(super) clauses: HashMap<u32, ClauseHits>,
    pub(super) filters: Vec<ClauseHits>,
}

/// What retrieval works with.
pub(super) struct Retrieval<'a> {
    pub(super) snapshot: &'a EngineSnapshot,
    pub(super) request: &'a SearchRequest,
    pub(super) ranking: &'a Ranking,
    pub(super) strategy: VectorStrategy,
    /// The query's vectors, none where there is nothing to embed or the mode asks for none, and words that feedback added.
    pub(super) query: MovedQuery,
    pub(super) deadline: Option<Instant>,
    /// The constants of activity, with what the request overrides.
    pub(super) activity: Cow<'a, ActivityConstants>,
    /// What the request asks for, against what people wish for.
    pub(super) asked: AskedFor,
}

struct Semantic {
    role: VectorHits,
    skills: VectorHits,
}

impl Retrieval<'_> {
    pub(super) fn run(&self) -> Result<Retrieved, SearchError> {
        let admitted = Admitted::of(self.snapshot, self.request)?;
        if self.is_late() {
            return Err(SearchError::DeadlineExceeded);
        }
        let mut words = scored_words(&self.request.plan, self.snapshot)?;
        let tally = admitted.wants_tally(self.request, words.len());
        let matched = self.keyword_hits(&words, admitted.keys.as_ref(), tally)?;
        let needs = Needs::of(&self.request.plan, &self.ranking.concept);
        let concepts = self.scored_concepts(&needs, admitted.keys.as_ref())?;
        let held = concepts.as_ref().map(|_| concept_hits(&self.request.plan, self.snapshot)).transpose()?;
        let held = held.as_ref();
        let hits = self.wishes_decide().then(|| wished_hits(&matched, held, admitted.keys.as_ref()));
        let total = self.total(&admitted, hits.as_ref());
        let (counted, facets) = self.counted(&admitted, (&matched, held), &words)?;
        let keyword = if self.query.words.is_empty() {
            matched
        } else {
            // Words that were added score among the hits of the typed ones, and make nobody a hit.
            let scored =
                if words.is_empty() { admitted.keys.as_ref() } else { hits.as_ref().or(admitted.keys.as_ref()) };
            words.extend(self.query.words.iter().cloned());
            self.keyword_hits(&words, scored, false)?
        };
        let vectors = self.query.role.as_deref().zip(self.query.skills.as_deref());
        let vectors = vectors.filter(|_| !matches!(self.request.mode, Mode::Keyword | Mode::Concept));
        let is_degraded = self.query.lacks_vectors || vectors.is_some() && self.is_late();
        let in_time = vectors.filter(|_| !is_degraded);
        let semantic = in_time.map(|vectors| self.search_vectors(vectors, admitted.keys.as_ref())).transpose()?;
        let sorted = (self.request.sort.by != SortBy::Score).then(|| self.sorted(&self.hits(&admitted, hits.as_ref())));
        let keys = match &sorted {
            Some(sorted) => sorted.iter().copied().collect(),
            None => self.member_keys(&admitted, (&keyword, concepts.as_ref()), semantic.as_ref()),
        };
        let keyword_maximum = (!words.is_empty()).then_some(keyword.maximum);
        let scales = self.scales(keyword_maximum, concepts.as_ref(), semantic.is_some());
        let members = self.members(&keys, (&keyword, concepts.as_ref()), vectors.zip(semantic.as_ref()))?;
        let members = match &sorted {
            Some(sorted) => self.in_order(sorted, members, &admitted),
            None => self.window(members, &scales, &admitted, hits.as_ref()),
        };
        let excludes_semantic_only = self.wishes_decide() && semantic.is_some() && sorted.is_none();
        let facets = facets.map(|facets| Facets { excludes_semantic_only, ..facets });
        let strategies = semantic.map(|semantic| (semantic.role.strategy, semantic.skills.strategy));
        Ok(Retrieved {
            members,
            scales,
            total,
            unknowns: admitted.unknown.len(),
            words,
            strategies,
            degraded: is_degraded.then(|| "semantic".to_owned()).into_iter().collect(),
            feedback: self.query.told.clone(),
            expanded_by: self.query.expanded_by.clone(),
            reranked: None,
            is_unread: self.query.is_unread,
            counted,
            facets,
            needs,
            excludes_semantic_only,
        })
    }

    fn scales(&self, keyword_maximum: Option<f32>, concepts: Option<&ConceptHits>, has_meaning: bool) -> Scales {
        Scales {
            keyword_maximum,
            concept_maximum: concepts.map(|concepts| concepts.maximum),
            median_cosine: has_meaning.then(|| self.snapshot.median_cosine()),
            semantic: self.ranking.semantic.clone(),
            weights: self.weights(),
            words_decide: self.words_decide(keyword_maximum.is_some() && concepts.is_none()),
            second_look: None,
            c: self.activity_weight(keyword_maximum.is_none() && concepts.is_none() && !has_meaning),
        }
    }

    /// Whether a query has words that score and names neither title nor skill: an employer, a product that nobody knows.
    fn words_decide(&self, has_words_alone: bool) -> bool {
        let is_typed = self.request.subject == Subject::Query && self.request.mode == Mode::Hybrid;
        is_typed && has_words_alone && self.request.plan.kind() == QueryKind::Words
    }

    /// How many people the parts of the query concern, and which values the hits have, as far as the request asks for that.
    fn counted(
        &self,
        admitted: &Admitted,
        matched: (&KeywordHits, Option<&KeySet>),
        words: &[(ScoredWord, String)],
    ) -> Result<(Counted, Option<Facets>), SearchError> {
        if !self.request.explain && self.request.facets.is_empty() {
            return Ok((Counted::default(), None));
        }
        let is_typed = self.request.subject == Subject::Query;
        let tally = Tally::of((self.snapshot, self.request), admitted, matched);
        let counted = match self.request.explain {
            true if is_typed => Counted { clauses: tally.clauses()?, filters: tally.filters()? },
            // Of hundreds of words nobody asks how many people each concerns.
            true => Counted { clauses: HashMap::new(), filters: tally.filters()? },
            false => Counted::default(),
        };
        let words: Vec<ScoredWord> = words.iter().map(|(word, _)| word.clone()).collect();
        let source = FacetSource { retrieval: self, admitted, tally: &tally, words: &words };
        Ok((counted, source.facets()?))
    }

    /// `c` of the bound. Where nothing else ranks, activity decides however little it has proven.
    fn activity_weight(&self, nothing_scores: bool) -> f64 {
        let proven = self.ranking.activity.weight(self.snapshot.reliability());
        let weight = if nothing_scores { proven.max(self.ranking.activity.c_unknown) } else { proven };
        self.request.activity_weight.unwrap_or(weight)
    }

    fn keyword_hits(
        &self,
        words: &[(ScoredWord, String)],
        allowed: Option<&KeySet>,
        tally: bool,
    ) -> Result<KeywordHits, EngineError> {
        let words: Vec<ScoredWord> = words.iter().map(|(word, _)| word.clone()).collect();
        let (keyword, scoring) = (self.snapshot.keyword(), scoring(self.ranking));
        if tally {
            keyword.score_and_tally(&words, &scoring, allowed)
        } else {
            keyword.score(&words, &scoring, allowed)
        }
    }

    /// Whom concepts find; `None` where none is asked for.
    fn scored_concepts(&self, needs: &Needs, allowed: Option<&KeySet>) -> Result<Option<ConceptHits>, EngineError> {
        if needs.is_empty() {
            return Ok(None);
        }
        self.snapshot.keyword().score_concepts(&needs.for_engine(), allowed).map(Some)
    }

    fn search_vectors(
        &self,
        (role, skills): (&UnitVector, &UnitVector),
        allowed: Option<&KeySet>,
    ) -> Result<Semantic, EngineError> {
        let (strategy, k) = (self.strategy, RETRIEVAL_DEPTH);
        let search = |query| VectorSearch { query, k, with_ties: true, allowed, strategy };
        let (role, skills) = (search(role), search(skills));
        let (role, skills) =
            side_by_side(|| self.snapshot.role().search(&role), || self.snapshot.skills().search(&skills));
        Ok(Semantic { role: role?, skills: skills? })
    }

    fn wishes_decide(&self) -> bool {
        self.request.plan.hit_set == HitSet::Wished
    }

    /// `hits` are those of the wishes, where they decide.
    fn total(&self, admitted: &Admitted, hits: Option<&KeySet>) -> usize {
        hits.or(admitted.keys.as_ref()).unwrap_or_else(|| self.snapshot.live()).len()
    }

    /// The union of what each signal retrieved. Where the hit set does not depend on wishes and is not much larger
    /// than that, all of it.
    fn member_keys(
        &self,
        admitted: &Admitted,
        (keyword, concepts): (&KeywordHits, Option<&ConceptHits>),
        semantic: Option<&Semantic>,
    ) -> KeySet {
        let hit_set = admitted.keys.as_ref().unwrap_or_else(|| self.snapshot.live());
        let scores_nothing = keyword.maximum == 0.0 && concepts.is_none() && semantic.is_none();
        if !self.wishes_decide() && (scores_nothing || hit_set.len() <= 2 * RETRIEVAL_DEPTH) {
            return hit_set.clone();
        }
        let mut members = KeySet::with_capacity(self.snapshot.keyword().key_limit());
        if let Some(concepts) = concepts {
            let scored = concepts.keys().iter().map(|key| (concepts.score(*key), *key)).collect();
            self.best(scored).into_iter().for_each(|key| members.insert(key));
        }
        if !matches!(self.request.mode, Mode::Semantic | Mode::Concept) {
            let scored = keyword.keys().iter().map(|key| (keyword.score(*key), *key)).collect();
            self.best(scored).into_iter().for_each(|key| members.insert(key));
        }
        if let Some(semantic) = semantic {
            for found in [&semantic.role, &semantic.skills] {
                let scored = found.hits.iter().map(|hit| (hit.cosine, hit.key)).collect();
                let best = self.best(scored).into_iter();
                best.filter(|key| hit_set.contains(*key)).for_each(|key| members.insert(key));
            }
        }
        if !self.wishes_decide() && members.len() < MAX_WINDOW {
            self.fill(hit_set, &mut members);
        }
        members
    }

    /// Hits that no signal retrieved follow by id.
    fn fill(&self, hit_set: &KeySet, members: &mut KeySet) {
        let mut rest: Vec<u32> = hit_set.iter().filter(|key| !members.contains(*key)).collect();
        rest.sort_by(|a, b| self.snapshot.id(*a).cmp(self.snapshot.id(*b)));
        let missing = MAX_WINDOW - members.len();
        rest.into_iter().take(missing).for_each(|key| members.insert(key));
    }

    /// The keys of the highest scores, as many as a signal retrieves; equal scores are cut by id.
    fn best(&self, mut scored: Vec<(f32, u32)>) -> Vec<u32> {
        if scored.len() <= RETRIEVAL_DEPTH {
            return scored.into_iter().map(|(_, key)| key).collect();
        }
        let (_, (worst, _), _) = scored.select_nth_unstable_by(RETRIEVAL_DEPTH - 1, |a, b| b.0.total_cmp(&a.0));
        let worst = *worst;
        let mut tied: Vec<u32> = scored.iter().filter(|(score, _)| *score == worst).map(|(_, key)| *key).collect();
        let mut best: Vec<u32> = scored.iter().filter(|(score, _)| *score > worst).map(|(_, key)| *key).collect();
        let missing = RETRIEVAL_DEPTH - best.len();
        if tied.len() > missing {
            tied.select_nth_unstable_by(missing, |a, b| self.snapshot.id(*a).cmp(self.snapshot.id(*b)));
            tied.truncate(missing);
        }
        best.extend(tied);
        best
    }

    /// The raw values of some keys, activity aside.
    fn members(
        &self,
        keys: &KeySet,
        (keyword, concepts): (&KeywordHits, Option<&ConceptHits>),
        semantic: Option<((&UnitVector, &UnitVector), &Semantic)>,
    ) -> Result<Vec<Member>, EngineError> {
        let (role, skills) = match semantic {
            Some(((role, skills), found)) => {
                let role = self.snapshot.role().cosines(role, keys, &found.role.hits)?;
                (role, self.snapshot.skills().cosines(skills, keys, &found.skills.hits)?)
            }
            None => (vec![None; keys.len()], vec![None; keys.len()]),
        };
        let member = |(key, (role, skills))| Member {
            key,
            keyword: keyword.score(key),
            concept: concepts.map_or(0.0, |concepts| concepts.score(key)),
            role,
            skills,
            reranker: None,
            activity: 0.5,
            semantic_only: false,
            unknown: false,
        };
        Ok(keys.iter().zip(role.into_iter().zip(skills)).map(member).collect())
    }

    /// The best of the members, in order.
    fn window(&self, members: Vec<Member>, scales: &Scales, admitted: &Admitted, hits: Option<&KeySet>) -> Vec<Member> {
        let mut scored = scales.best(&members, MAX_WINDOW, |keys| {
            if scales.c > 0.0 { self.activities(keys) } else { vec![0.5; keys.len()] }
        });
        // Facts are fetched for equals only.
        let compare = |a: &(f64, Member), b: &(f64, Member)| {
            let by_score = b.0.total_cmp(&a.0);
            by_score.then_with(|| by_rank(self.place(a.0, a.1.key), self.place(b.0, b.1.key)))
        };
        if scored.len() > MAX_WINDOW {
            scored.select_nth_unstable_by(MAX_WINDOW - 1, compare);
            scored.truncate(MAX_WINDOW);
        }
        scored.sort_unstable_by(compare);
        let hits = hits.filter(|_| scales.keyword_maximum.is_some());
        let finished = scored.into_iter().map(|(_, member)| Member {
            semantic_only: hits.is_some_and(|hits| !hits.contains(member.key)),
            unknown: admitted.unknown.contains(member.key),
            ..member
        });
        finished.collect()
    }

    /// The hits that count.
    fn hits(&self, admitted: &Admitted, wished: Option<&KeySet>) -> KeySet {
        wished.or(admitted.keys.as_ref()).unwrap_or_else(|| self.snapshot.live()).clone()
    }

    /// Members in a given order.
    fn in_order(&self, sorted: &[u32], members: Vec<Member>, admitted: &Admitted) -> Vec<Member> {
        let activities = self.activities(sorted);
        let places: HashMap<u32, Member> = members.into_iter().map(|member| (member.key, member)).collect();
        let finished = sorted.iter().zip(activities).filter_map(|(key, activity)| {
            Some(Member { activity, unknown: admitted.unknown.contains(*key), ..*places.get(key)? })
        });
        finished.collect()
    }

    /// What decides the place of a candidate: the score, then completeness, then the id.
    pub(super) fn place(&self, score: f64, key: u32) -> (f64, u8, &str) {
        self.snapshot.facts(key).map_or((score, 0, ""), |facts| (score, facts.completeness, facts.id.as_str()))
    }

    fn weights(&self) -> FusionRanking {
        match self.request.mode {
            Mode::Hybrid => self.request.weights.unwrap_or_else(|| self.hybrid_weights()),
            Mode::Keyword => FusionRanking { keyword: 1.0, concept: 0.0, semantic: 0.0 },
            Mode::Concept => FusionRanking { keyword: 0.0, concept: 1.0, semantic: 0.0 },
            Mode::Semantic => FusionRanking { keyword: 0.0, concept: 0.0, semantic: 1.0 },
        }
    }

    /// The weights of the hybrid mode. Concepts weigh the less, the less surely the query names one: what is only like the
    /// names of some occupations is better judged by words and meaning.
    fn hybrid_weights(&self) -> FusionRanking {
        let plan = &self.request.plan;
        let weights = match self.request.subject {
            Subject::Query => self.ranking.weights_for(plan.kind(), plan.wishes.len()),
            Subject::Job(_) => self.ranking.job.weights,
            Subject::People(_) => self.ranking.fusion.title,
        };
        let certainty = self.ranking.concept.certainty(plan.concept_confidence());
        FusionRanking { concept: weights.concept * certainty, ..weights }
    }

    /// What activity is judged by.
    pub(super) fn context(&self) -> ActivityContext<'_> {
        ActivityContext {
            as_of: self.request.as_of.as_second(),
            constants: &self.activity,
            medians: self.snapshot.medians(),
        }
    }

    /// The activity signals of a candidate; `None` for one that is gone.
    pub(super) fn activity(&self, key: u32) -> Option<ActivitySignals> {
        let record = self.snapshot.activity(key)?;
        Some(ActivitySignals::of(record, &self.context(), self.wish_fit(key, record)))
    }

    /// How far what a candidate wishes fits what is asked for, 0 to 1.
    pub(super) fn wish_fit(&self, key: u32, record: &ActivityRecord) -> f64 {
        let facts = if record.stated.has_wishes { self.snapshot.facts(key) } else { None };
        facts.map_or(1.0, |facts| self.asked.fit(facts))
    }

    /// The activity of candidates, 0 where one is gone.
    fn activities(&self, keys: &[u32]) -> Vec<f64> {
        // What is read of each lies somewhere else in memory. Touching them one after the other before anything is computed
        // lets the fetches overlap: it halves the time.
        let records: Vec<_> = keys.iter().map(|key| self.snapshot.activity(*key)).collect();
        std::hint::black_box(records.iter().flatten().map(|record| record.outreach().len()).sum::<usize>());
        let first = |record: &&Arc<ActivityRecord>| record.outreach().first().map_or(0, |message| message.sent.at);
        std::hint::black_box(records.iter().flatten().map(first).fold(0, i64::wrapping_add));
        keys.iter().map(|key| self.activity(*key).map_or(0.0, |signals| signals.activity)).collect()
    }

    /// The activity of a candidate in words; `None` for one that is gone.
    pub(super) fn told_activity(&self, key: u32) -> Option<ToldActivity> {
        let (record, signals, context) = (self.snapshot.activity(key)?, self.activity(key)?, self.context());
        let elsewhere = self.snapshot.facts(key).and_then(|facts| self.asked.wished_elsewhere(facts));
        let last_active = record.last_active(context.as_of).map(|event| event.at);
        let components = signals.reasons(record, &context, elsewhere.as_deref());
        Some(ToldActivity { activity: signals.activity, components, last_active })
    }
}

/// Whom the concepts of a query make hits, whatever is demanded of them.
pub(super) fn concept_hits(plan: &Plan, snapshot: &EngineSnapshot) -> Result<KeySet, EngineError> {
    let concepts: Vec<_> = plan.concepts.iter().flat_map(ConceptWish::hits).collect();
    snapshot.keyword().with_concepts(&concepts)
}
