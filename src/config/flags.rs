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
}

/// The flags of searching.
#[derive(Debug, Clone, Args)]
pub struct SearchFlags {
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
