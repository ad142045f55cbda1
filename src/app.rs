//! The application: `App::open` is the only place that picks an engine.
//!
//! Layout of a data directory: `store.sqlite` (the truth), `embeddings.sqlite` (a cache), `index/<generation>/` (text
//! and vectors) and `index/current`, which names the generation that serves.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use thiserror::Error;

use crate::{
    embed::{
        CachedEmbedder, EmbedError, EmbedderOptions, EmbeddingCache, Encoder, Endpoint, EndpointOptions, Model,
        RerankerOptions,
    },
    engine::{
        EngineError,
        embedded::{EmbeddedEngine, EngineOptions, ServingEngine, vectors::VectorStrategy},
    },
    http::Services,
    indexing::{Generations, Indexer, IndexingError, ReindexError, Reindexer},
    rank::{Ranking, RankingError},
    search::{Reranker, SearchOptions, Searcher},
    store::{Store, StoreError},
    tasks::{TaskError, Tasks},
};

/// The ranking that is compiled in.
const RANKING: &str = include_str!("../indexes/ranking.toml");

/// How an application is opened.
#[derive(Debug, Clone)]
pub struct AppOptions {
    /// Where its data lives.
    pub data_dir: PathBuf,
    /// Definitions instead of the compiled-in ones.
    pub indexes: Option<PathBuf>,
    /// What makes vectors.
    pub embedder: EmbedderOptions,
    /// Another model that looks at the best again.
    pub reranker: Option<RerankerOptions>,
    /// Which way vector searches take.
    pub vector_strategy: VectorStrategy,
    /// Time for one search.
    pub search_deadline: Duration,
}

impl AppOptions {
    /// Defaults over a data directory.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            indexes: None,
            embedder: EmbedderOptions::BuiltIn,
            reranker: None,
            vector_strategy: VectorStrategy::Auto,
            search_deadline: Duration::from_secs(2),
        }
    }
}

/// The application did not open.
#[derive(Debug, Error)]
pub enum AppError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The model or its cache.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// Indexing.
    #[error(transparent)]
    Indexing(#[from] IndexingError),
    /// The generations.
    #[error(transparent)]
    Reindex(#[from] ReindexError),
    /// The threads of tasks.
    #[error(transparent)]
    Tasks(#[from] TaskError),
    /// The ranking's constants.
    #[error(transparent)]
    Ranking(#[from] RankingError),
    /// A file.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

/// What every entry (HTTP, command line) works with.
pub struct App {
    /// The source of truth.
    pub store: Arc<Store>,
    /// The engine.
    pub engine: Arc<ServingEngine>,
    /// The embedding model behind its cache.
    pub embedder: Arc<CachedEmbedder>,
    /// Search.
    pub searcher: Arc<Searcher>,
    /// Indexing.
    pub indexer: Arc<Indexer>,
    /// Re-indexing.
    pub reindexer: Arc<Reindexer>,
    data_dir: PathBuf,
}

impl App {
    /// Opens or creates a data directory and starts to follow its change log.
    pub fn open(options: &AppOptions) -> Result<Self, AppError> {
        let ranking = Arc::new(read_ranking(options.indexes.as_deref())?);
        let (store, local) = std::thread::scope(|scope| {
            let local = scope.spawn(|| read_model(options, &options.embedder));
            (Store::open(&options.data_dir), local.join())
        });
        let (store, local) = (Arc::new(store?), local.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        let index = options.data_dir.join("index");
        let generations = Generations::open(&options.data_dir).map_err(io_error(&index))?;
        let directory = generations.path(&generations.current().map_err(io_error(&index))?);
        let model = match local {
            Local::Model(model) => model,
            Local::None(endpoint) => ask_endpoint(endpoint, &directory)?,
        };
        let (dimensions, model_version) = (model.dimensions(), model.version().to_owned());
        let cache = EmbeddingCache::open(&options.data_dir)?;
        let embedder = Arc::new(CachedEmbedder::new(model, cache));
        let string_lineage = embedder.cache().lineage()?;
        let activity = ranking.activity.signals.clone();
        let options_of_engine = EngineOptions { dimensions, model_version, activity, string_lineage };
        let of_generation = options_of_engine.for_generation(&directory);
        if of_generation.model_version != options_of_engine.model_version {
            let (found, wanted) = (&of_generation.model_version, &options_of_engine.model_version);
            tracing::warn!(
                found,
                wanted,
                "the index is of another model: searches go without meaning until a re-index"
            );
        }
        let engine = Arc::new(ServingEngine::new(EmbeddedEngine::open(&directory, &of_generation)?));
        let indexer = Indexer::start(store.clone(), engine.clone(), embedder.clone(), generations.clone())?;
        let indexer = Arc::new(indexer);
        let search = SearchOptions {
            strategy: options.vector_strategy,
            deadline: options.search_deadline,
            reranker: options.reranker.as_ref().map(|reranker| read_reranker(options, reranker)).transpose()?,
        };
        let searcher = Arc::new(Searcher::new(engine.clone(), store.clone(), embedder.clone(), ranking, search));
        let reindexer = Arc::new(Reindexer {
            store: store.clone(),
            serving: engine.clone(),
            embedder: embedder.clone(),
            indexer: indexer.clone(),
            searcher: searcher.clone(),
            generations,
            options: options_of_engine,
            is_busy: AtomicBool::new(false),
        });
        let data_dir = options.data_dir.clone();
        Ok(Self { store, engine, embedder, searcher, indexer, reindexer, data_dir })
    }

    /// Waits until searches see everything that the store holds. False where that took longer than `at_most`.
    pub fn wait_until_searchable(&self, at_most: Duration) -> Result<bool, AppError> {
        let (changes, events) = (self.store.last_seq()?, self.store.last_event_seq()?);
        Ok(self.indexer.wait_for(changes, at_most)? && self.indexer.wait_for_event(events, at_most)?)
    }

    /// Starts to work off tasks, those that a former run left first, and gives what the HTTP edge works with.
    pub fn services(&self, now: fn() -> jiff::Timestamp) -> Result<Services, AppError> {
        let tasks = Tasks::start(self.store.clone(), self.reindexer.clone(), (&self.data_dir, now))?;
        if self.reindexer.is_due()? {
            tasks.ensure_reindex()?;
        }
        Ok(Services {
            store: self.store.clone(),
            searcher: self.searcher.clone(),
            indexer: self.indexer.clone(),
            tasks: Arc::new(tasks),
        })
    }

    /// Stops indexing and puts on disk what is only in memory.
    pub fn close(&self) {
        self.embedder.model().give_up();
        self.indexer.stop();
    }
}

fn read_ranking(indexes: Option<&Path>) -> Result<Ranking, AppError> {
    let Some(path) = indexes.map(|dir| dir.join("ranking.toml")).filter(|path| path.exists()) else {
        return Ok(Ranking::parse(RANKING)?);
    };
    Ok(Ranking::parse(&std::fs::read_to_string(&path).map_err(io_error(&path))?)?)
}

/// What makes vectors here, if anything does.
enum Local<'o> {
    Model(Arc<dyn Encoder>),
    None(&'o EndpointOptions),
}

fn read_model<'o>(options: &AppOptions, embedder: &'o EmbedderOptions) -> Result<Local<'o>, EmbedError> {
    Ok(Local::Model(match embedder {
        EmbedderOptions::BuiltIn => {
            let indexes = options.indexes.as_deref().filter(|dir| dir.join("model").is_dir());
            Arc::new(indexes.map_or_else(Model::built_in, Model::from_dir)?)
        }
        EmbedderOptions::Endpoint(endpoint) => return Ok(Local::None(endpoint)),
        #[cfg(feature = "transformer")]
        EmbedderOptions::Transformer(transformer) => Arc::new(crate::embed::Transformer::open(transformer)?),
    }))
}

/// A re-ranker. An endpoint must be there when the program starts.
fn read_reranker(options: &AppOptions, reranker: &RerankerOptions) -> Result<Arc<Reranker>, EmbedError> {
    let encoder: Arc<dyn Encoder> = match read_model(options, &reranker.encoder)? {
        Local::Model(model) => model,
        Local::None(endpoint) => Arc::new(Endpoint::open(endpoint.clone(), None)?),
    };
    Ok(Arc::new(Reranker::new(encoder, reranker.budget)))
}

/// An endpoint; one that is away is opened where the generation that serves says how long its vectors are.
fn ask_endpoint(endpoint: &EndpointOptions, generation: &Path) -> Result<Arc<dyn Encoder>, EmbedError> {
    let known = EmbeddedEngine::model_of(generation).and_then(|(version, _)| endpoint.dimensions_of(&version));
    Ok(Arc::new(Endpoint::open(endpoint.clone(), known)?))
}

fn io_error(path: &Path) -> impl Fn(std::io::Error) -> AppError + use<> {
    let path = path.display().to_string();
    move |source| AppError::Io { path: path.clone(), source }
}
