//! The flags as typed, each with its environment variable.
//!
//! Values stay text here, where one of them could be wrong: clap would stop at the first, and the operator is told all.

use clap::Args;
use clap::builder::BoolishValueParser;
use std::path::PathBuf;

/// The flags of `serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeFlags {
    /// Where data lies.
    #[command(flatten)]
    pub storage: StorageFlags,
    /// Address and port to listen on
    #[arg(long, env = "LODESTONE_LISTEN", value_name = "ADDR:PORT", default_value = "127.0.0.1:8600")]
    pub listen: String,
    /// Serve other machines although nobody is asked who they are
    #[arg(long, env = "LODESTONE_INSECURE_NO_AUTH", value_parser = BoolishValueParser::new())]
    pub insecure_no_auth: bool,
    /// How searches run.
    #[command(flatten)]
    pub search: SearchFlags,
    /// What is logged.
    #[command(flatten)]
    pub log: LogFlags,
}

/// The flags of every command that opens the data.
#[derive(Debug, Clone, Args)]
pub struct StorageFlags {
    /// Directory of the data; made when missing
    #[arg(long, env = "LODESTONE_DATA_DIR", value_name = "DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// Directory of index definitions instead of those compiled in
    #[arg(long, env = "LODESTONE_INDEXES", value_name = "DIR")]
    pub indexes: Option<PathBuf>,
    /// What makes vectors.
    #[command(flatten)]
    pub embedder: EmbedderFlags,
}

/// The flags of what makes vectors.
#[derive(Debug, Clone, Args)]
pub struct EmbedderFlags {
    /// What makes vectors: the built-in model; a folder with a sentence transformer (a build with the feature `transformer`); or an
    /// endpoint in the manner of OpenAI, up to and with /v1, to which the texts of people then go
    #[arg(long, env = "LODESTONE_EMBEDDER", value_name = "built-in|DIR|URL", default_value = "built-in")]
    pub embedder: String,
    /// What the endpoint calls the model
    #[arg(long, env = "LODESTONE_EMBEDDER_MODEL", value_name = "NAME")]
    pub embedder_model: Option<String>,
    /// The endpoint's bearer token; better given by the environment, where others do not see it
    #[arg(long, env = "LODESTONE_EMBEDDER_KEY", value_name = "TOKEN", hide_env_values = true)]
    pub embedder_key: Option<String>,
    /// Put before every text, as some models want it: "query: "
    #[arg(long, env = "LODESTONE_EMBEDDER_PREFIX", value_name = "TEXT", default_value = "")]
    pub embedder_prefix: String,
    /// Texts of a request to the endpoint
    #[arg(long, env = "LODESTONE_EMBEDDER_BATCH", value_name = "N", default_value = "64")]
    pub embedder_batch: String,
    /// Seconds for a request of texts to be indexed; a query has one
    #[arg(long, env = "LODESTONE_EMBEDDER_TIMEOUT_S", value_name = "S", default_value = "30")]
    pub embedder_timeout_s: String,
}

/// The flags of a second look.
#[derive(Debug, Clone, Args)]
pub struct RerankerFlags {
    /// Another model that compares the best hits with the query once more: a folder with a sentence transformer (a build with
    /// the feature `transformer`), or an endpoint in the manner of OpenAI, up to and with /v1, to which texts of people then go
    #[arg(long, env = "LODESTONE_RERANKER", value_name = "DIR|URL")]
    pub reranker: Option<String>,
    /// What the endpoint calls the model
    #[arg(long, env = "LODESTONE_RERANKER_MODEL", value_name = "NAME")]
    pub reranker_model: Option<String>,
    /// The endpoint's bearer token; better given by the environment, where others do not see it
    #[arg(long, env = "LODESTONE_RERANKER_KEY", value_name = "TOKEN", hide_env_values = true)]
    pub reranker_key: Option<String>,
    /// Put before every text, as some models want it: "query: "
    #[arg(long, env = "LODESTONE_RERANKER_PREFIX", value_name = "TEXT", default_value = "")]
    pub reranker_prefix: String,
    /// Milliseconds that it may take of one search; who was not compared by then keeps their place
    #[arg(long, env = "LODESTONE_RERANKER_BUDGET_MS", value_name = "MS", default_value = "1000")]
    pub reranker_budget_ms: String,
}

/// The flags of searching.
#[derive(Debug, Clone, Args)]
pub struct SearchFlags {
    /// What looks at the best again.
    #[command(flatten)]
    pub reranker: RerankerFlags,
    /// How vectors are searched
    #[arg(long, env = "LODESTONE_VECTOR_STRATEGY", value_name = "auto|exact|graph", default_value = "auto")]
    pub vector_strategy: String,
    /// Searches that run at once; the number of cores unless given
    #[arg(long, env = "LODESTONE_MAX_CONCURRENT_SEARCHES", value_name = "N")]
    pub max_concurrent_searches: Option<String>,
    /// Milliseconds that a search may take
    #[arg(long, env = "LODESTONE_SEARCH_DEADLINE_MS", value_name = "MS", default_value = "2000")]
    pub search_deadline_ms: String,
}

/// The flags of logging.
#[derive(Debug, Clone, Args)]
pub struct LogFlags {
    /// Log lines for people, or JSON; auto is text on a terminal
    #[arg(long, env = "LODESTONE_LOG_FORMAT", value_name = "auto|text|json", default_value = "auto")]
    pub log_format: String,
    /// Which log lines, as in `info,lodestone=debug`
    #[arg(long, env = "LODESTONE_LOG_FILTER", value_name = "FILTER", default_value = "info")]
    pub log_filter: String,
}
