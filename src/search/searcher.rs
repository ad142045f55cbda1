//! One search from request to response.

use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    CursorCache, DidYouMean, Interpreted, SearchBody, SearchError, SearchRequest, SearchResponse, Total, Understanding,
    UnderstoodFilter, UnknownCount, WhyZero,
    asked::AskedFor,
    expansion::Expansion,
    explain::strategies,
    feedback::{self, MovedQuery},
    filter_notes::understood_filters,
    hydrate::Hydration,
    interpreted::interpreted,
    match_job::Subject,
    matched::Shown,
    request::Mode,
    rerank::Reranker,
    retrieval::{Retrieval, Retrieved},
    slow::{SlowSearch, SlowSearches},
};
use crate::{
    activity::ActivityConstants,
    candidate::{TitleOccupation, title_occupations},
    embed::CachedEmbedder,
    engine::embedded::{EmbeddedEngine, EngineSnapshot, ServingEngine, vectors::VectorStrategy},
    query::{self, ConceptWish, QueryKind, Unknowns},
    rank::Ranking,
    store::Store,
    taxonomy::Link,
};

/// How searches run.
#[derive(Debug, Clone)]
pub struct SearchOptions {
    /// Which way vector searches take.
    pub strategy: VectorStrategy,
    /// Time for one search; wishes that are later are left out, demands that are later fail.
    pub deadline: Duration,
    /// Another model that looks at the best again.
    pub reranker: Option<Arc<Reranker>>,
}

/// A place in a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedId {
    /// Who.
    pub id: String,
    /// Their relevance, activity aside.
    pub relevance: f64,
}

/// A first page's window.
struct Window {
    request: SearchRequest,
    retrieved: Retrieved,
    generation: String,
    seq: u64,
    did_you_mean: Option<DidYouMean>,
    why_zero: Option<WhyZero>,
    filters: Vec<UnderstoodFilter>,
}

/// Answers searches.
pub struct Searcher {
    pub(super) engine: Arc<ServingEngine>,
    pub(super) store: Arc<Store>,
    pub(super) embedder: Arc<CachedEmbedder>,
    pub(super) ranking: Arc<Ranking>,
    pub(super) options: SearchOptions,
    cursors: CursorCache<(usize, Arc<Window>)>,
    slow: SlowSearches,
}

impl Searcher {
    /// Searches over an engine and its store.
    pub fn new(
        engine: Arc<ServingEngine>,
        store: Arc<Store>,
        embedder: Arc<CachedEmbedder>,
        ranking: Arc<Ranking>,
        options: SearchOptions,
    ) -> Self {
        Self {
            engine,
            store,
            embedder,
            ranking,
            options,
            cursors: CursorCache::default(),
            slow: SlowSearches::default(),
        }
    }

    /// The same search with other constants of ranking. Cursors of one are unknown to the other.
    #[must_use]
    pub fn with_ranking(&self, ranking: Ranking) -> Self {
        let (engine, store, embedder) = (self.engine.clone(), self.store.clone(), self.embedder.clone());
        Self::new(engine, store, embedder, Arc::new(ranking), self.options.clone())
    }

    /// The same search without a second look, which reaches more people the second time: for comparisons.
    #[must_use]
    pub fn without_reranker(&self) -> Self {
        let (engine, store, embedder) = (self.engine.clone(), self.store.clone(), self.embedder.clone());
        let options = SearchOptions { reranker: None, ..self.options.clone() };
        Self::new(engine, store, embedder, self.ranking.clone(), options)
    }

    /// The same search over another generation.
    #[must_use]
    pub fn over(&self, engine: Arc<EmbeddedEngine>) -> Self {
        let (store, embedder) = (self.store.clone(), self.embedder.clone());
        let engine = Arc::new(ServingEngine::of(engine));
        Self::new(engine, store, embedder, self.ranking.clone(), self.options.clone())
    }

    /// The slowest searches of the last day, the slowest first.
    pub fn slow_searches(&self) -> Vec<SlowSearch> {
        self.slow.told()
    }

    /// The constants of ranking.
    pub fn constants(&self) -> &Ranking {
        &self.ranking
    }

    /// The kind that the weights of a request hang on; `None` for a whole text, which has weights of its own.
    pub fn kind(&self, body: &SearchBody, now: jiff::Timestamp) -> Result<Option<QueryKind>, SearchError> {
        let plan = body.validate(now)?.plan;
        Ok((plan.wishes.len() < self.ranking.long_text.from_words).then(|| plan.kind()))
    }

    /// Answers a request; `now` is the instant where the request names none. Blocks: call it off the async threads.
    pub fn search(&self, body: &SearchBody, now: jiff::Timestamp) -> Result<SearchResponse, SearchError> {
        let started = Instant::now();
        let snapshot = self.engine.snapshot();
        let Some(cursor) = &body.cursor else {
            let request = self.request(&snapshot, body, now)?;
            return self.first_page(&snapshot, request, started);
        };
        if body.has_more_than_cursor() {
            return Err(SearchError::CursorWithParameters);
        }
        let kept = self.cursors.get(cursor).ok_or(SearchError::CursorExpired)?;
        self.page(&snapshot, &kept.1, kept.0, started)
    }

    /// The same without a cursor, from a place of the ranking on: for pages whose address says which one they are.
    pub fn search_from(
        &self,
        body: &SearchBody,
        from: usize,
        now: jiff::Timestamp,
    ) -> Result<SearchResponse, SearchError> {
        let started = Instant::now();
        let snapshot = self.engine.snapshot();
        let request = self.request(&snapshot, body, now)?;
        self.answer_from(from, &snapshot, request, started)
    }

    /// The valid request of a body, its sentence read where it asks for that.
    pub(super) fn request(
        &self,
        snapshot: &EngineSnapshot,
        body: &SearchBody,
        now: jiff::Timestamp,
    ) -> Result<SearchRequest, SearchError> {
        let (body, interpreted) = interpreted(snapshot, body);
        let mut request = SearchRequest { interpreted, ..body.validate(now)? };
        self.weigh_occupations(&mut request)?;
        Ok(request)
    }

    /// The whole window of a request, the best first: what its pages would show. For measurements.
    pub fn ranking(&self, body: &SearchBody, now: jiff::Timestamp) -> Result<Vec<RankedId>, SearchError> {
        let snapshot = self.engine.snapshot();
        self.window_of(&snapshot, &self.request(&snapshot, body, now)?)
    }

    /// The whole window of a request.
    pub(super) fn window_of(
        &self,
        snapshot: &EngineSnapshot,
        request: &SearchRequest,
    ) -> Result<Vec<RankedId>, SearchError> {
        let retrieved = self.retrieve(snapshot, request, None)?;
        let ranked = |member: &super::scales::Member| RankedId {
            id: snapshot.id(member.key).to_owned(),
            relevance: retrieved.scales.score(member).relevance,
        };
        Ok(retrieved.members.iter().map(ranked).collect())
    }

    pub(super) fn retrieve(
        &self,
        snapshot: &EngineSnapshot,
        request: &SearchRequest,
        deadline: Option<Instant>,
    ) -> Result<Retrieved, SearchError> {
        let typed = self.typed(snapshot, request)?;
        let query = feedback::moved((snapshot, &self.store), request, &self.ranking.feedback, typed)?;
        let retrieval = self.retrieval(snapshot, request, query, deadline);
        let mut retrieved = retrieval.run()?;
        if let Some(reranker) = &self.options.reranker {
            reranker.rerank(&retrieval, &mut retrieved, &self.store)?;
        }
        Ok(retrieved)
    }

    pub(super) fn first_page(
        &self,
        snapshot: &EngineSnapshot,
        request: SearchRequest,
        started: Instant,
    ) -> Result<SearchResponse, SearchError> {
        self.answer_from(0, snapshot, request, started)
    }

    pub(super) fn answer_from(
        &self,
        from: usize,
        snapshot: &EngineSnapshot,
        request: SearchRequest,
        started: Instant,
    ) -> Result<SearchResponse, SearchError> {
        let deadline = Some(started + self.options.deadline);
        let retrieved = self.retrieve(snapshot, &request, deadline)?;
        let is_typed = request.subject == Subject::Query;
        let (did_you_mean, why_zero) = if request.explain && is_typed {
            let retrieval = self.retrieval(snapshot, &request, MovedQuery::default(), deadline);
            let did_you_mean = retrieval.did_you_mean(&retrieved.counted)?;
            let is_zero = retrieved.total == 0 && !snapshot.live().is_empty();
            let why_zero = is_zero.then(|| retrieval.why_zero(&retrieved.counted, retrieved.unknowns)).transpose()?;
            (did_you_mean, why_zero)
        } else {
            (None, None)
        };
        if let Some(correction) = did_you_mean.clone().filter(|_| request.correct_spelling) {
            return self.corrected(snapshot, request, correction, started);
        }
        let (generation, seq) = (snapshot.generation().to_owned(), snapshot.seq());
        let filters = understood_filters(snapshot, &request, &retrieved.counted.filters);
        let window = Arc::new(Window { request, retrieved, generation, seq, did_you_mean, why_zero, filters });
        let response = self.page(snapshot, &window, from, started)?;
        self.slow.add(SlowSearch::of(&window.request, &response));
        Ok(response)
    }

    /// The first page of a query in another spelling.
    fn corrected(
        &self,
        snapshot: &EngineSnapshot,
        request: SearchRequest,
        correction: DidYouMean,
        started: Instant,
    ) -> Result<SearchResponse, SearchError> {
        let parsed = query::parse(&correction.query, request.ast.syntax)?;
        let plan = request.plan_of(&parsed.ast);
        let warnings = parsed.warnings;
        let typed = correction.query.clone();
        let interpreted = request.interpreted.clone().map(|read| Interpreted { query: typed.clone(), ..read });
        let mut request = SearchRequest { typed, interpreted, ast: parsed.ast, plan, warnings, ..request };
        self.weigh_occupations(&mut request)?;
        let retrieved = self.retrieve(snapshot, &request, Some(started + self.options.deadline))?;
        let (generation, seq) = (snapshot.generation().to_owned(), snapshot.seq());
        let did_you_mean = Some(DidYouMean { applied: true, ..correction });
        let filters = understood_filters(snapshot, &request, &retrieved.counted.filters);
        let window = Window { request, retrieved, generation, seq, did_you_mean, why_zero: None, filters };
        let window = Arc::new(window);
        self.page(snapshot, &window, 0, started)
    }

    /// The vectors of a query: as titles are compared with, drawn towards the occupations that it may stand for; and as it is.
    fn typed(&self, snapshot: &EngineSnapshot, request: &SearchRequest) -> Result<MovedQuery, SearchError> {
        if let Some(people) = request.subject.people() {
            return Ok(people.vectors(snapshot));
        }
        let text = &request.plan.embedded_text;
        if matches!(request.mode, Mode::Keyword | Mode::Concept) || text.trim().is_empty() {
            return Ok(MovedQuery::default());
        }
        if !self.embedder.model().reads(text) {
            return Ok(MovedQuery { is_unread: true, ..MovedQuery::default() });
        }
        let without = MovedQuery { lacks_vectors: true, ..MovedQuery::default() };
        if !self.can_compare(snapshot) {
            return Ok(without);
        }
        match self.vectors_of(snapshot, request) {
            Err(SearchError::Embed(error)) if error.is_elsewhere() => {
                tracing::warn!(%error, "a search goes without meaning");
                Ok(without)
            }
            vectors => vectors,
        }
    }

    /// Whether the vectors of an index are of the model that queries are embedded with.
    pub(super) fn can_compare(&self, snapshot: &EngineSnapshot) -> bool {
        snapshot.model_version() == self.embedder.model().version()
    }

    fn vectors_of(&self, snapshot: &EngineSnapshot, request: &SearchRequest) -> Result<MovedQuery, SearchError> {
        let text = &request.plan.embedded_text;
        let own = self.embedder.embed_query_text(text)?;
        let skills = match &request.plan.embedded_skills {
            Some(skills) => self.embedder.embed_query(skills)?,
            None => own.clone(),
        };
        let title = request.plan.title().map(occupations).unwrap_or_default();
        let role = self.embedder.draw_query_to_names(&own, &title)?;
        let Expansion { words, told } = self.expansion(snapshot, request)?;
        let (role, skills) = (Some(role), Some(skills));
        Ok(MovedQuery { role, skills, words, expanded_by: told, ..MovedQuery::default() })
    }

    pub(super) fn retrieval<'a>(
        &'a self,
        snapshot: &'a EngineSnapshot,
        request: &'a SearchRequest,
        query: MovedQuery,
        deadline: Option<Instant>,
    ) -> Retrieval<'a> {
        let asked = AskedFor::of(request);
        let (strategy, constants) = (self.options.strategy, &self.ranking.activity.signals);
        let activity = match request.activity_components {
            Some(weights) => Cow::Owned(ActivityConstants { weights, ..constants.clone() }),
            None => Cow::Borrowed(constants),
        };
        Retrieval { snapshot, request, ranking: &self.ranking, strategy, query, deadline, activity, asked }
    }

    fn page(
        &self,
        snapshot: &EngineSnapshot,
        window: &Arc<Window>,
        from: usize,
        started: Instant,
    ) -> Result<SearchResponse, SearchError> {
        let (request, retrieved) = (&window.request, &window.retrieved);
        let from = from.min(retrieved.members.len());
        let to = (from + request.limit).min(retrieved.members.len());
        let retrieval = self.retrieval(snapshot, request, MovedQuery::default(), None);
        let hydration = Hydration { retrieval: &retrieval, retrieved, store: &self.store, shown: Shown::LIST };
        let hits = hydration.hits(&retrieved.members[from..to])?;
        let next_cursor = (to < retrieved.members.len()).then(|| self.cursors.keep((to, window.clone())));
        Ok(SearchResponse {
            hits,
            total: Total {
                value: retrieved.total,
                relation: "eq".to_owned(),
                excludes_semantic_only: retrieved.excludes_semantic_only,
            },
            facets: retrieved.facets.clone(),
            understood: Understanding {
                query: request.plan.understood.clone().with_hits(&retrieved.counted.clauses),
                interpreted: request.interpreted.clone(),
                job: request.subject.job().cloned(),
                similar_to: request.subject.people().cloned(),
                filters: window.filters.clone(),
                did_you_mean: window.did_you_mean.clone(),
                why_zero: window.why_zero.clone(),
                embedded_text: request.plan.embedded_text.clone(),
                is_unread: retrieved.is_unread,
                expanded_by: retrieved.expanded_by.clone(),
                reranked: retrieved.reranked.clone(),
                concepts: retrieved.needs.told(),
                unknowns: UnknownCount { count: retrieved.unknowns, included: request.unknowns == Unknowns::Include },
                feedback: retrieved.feedback.clone(),
            },
            sort: request.sort.clone(),
            warnings: request.warnings.clone(),
            degraded: retrieved.degraded.clone(),
            vector_strategy: strategies(retrieved),
            generation: window.generation.clone(),
            seq: window.seq,
            ranking_version: self.ranking.version.clone(),
            model_version: self.embedder.model().version().to_owned(),
            activity_weight: retrieved.scales.c,
            as_of: request.as_of.to_string(),
            took_ms: started.elapsed().as_secs_f64() * 1e3,
            next_cursor,
        })
    }
}

/// What a title may stand for.
fn occupations(title: &ConceptWish) -> Vec<TitleOccupation> {
    let links =
        title.likeliest().iter().map(|(concept, confidence)| Link { concept: *concept, confidence: *confidence });
    title_occupations(links.collect())
}
