//! Flags and environment → one validated configuration, a struct per concern.
//!
//! Input: [`ServeFlags`], text as typed. Output: a [`Config`], or all [`ConfigProblems`] at once. Invariant: a `Config`
//! never serves strangers unless told so in as many words.

mod encoder;
mod flags;

pub use flags::{EmbedderFlags, LogFlags, RerankerFlags, SearchFlags, ServeFlags, StorageFlags};

use crate::{
    embed::{EmbedderOptions, RerankerOptions},
    engine::embedded::vectors::VectorStrategy,
    telemetry::LogFormat,
};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The longest deadline of a search, in milliseconds.
const MAX_DEADLINE_MS: u64 = 600_000;

/// The most searches at once: past the cores they only slow each other down.
const MAX_CONCURRENT_SEARCHES: usize = 1_024;

/// What `serve` needs to know, valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where data lies.
    pub storage: StorageConfig,
    /// Where requests come in.
    pub listen: ListenConfig,
    /// How searches run.
    pub search: SearchConfig,
    /// What is logged.
    pub log: LogConfig,
}

/// Where data lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageConfig {
    /// The directory of the store and of what is built from it. Made when missing.
    pub data_dir: PathBuf,
    /// A directory of index definitions instead of those compiled in. It exists.
    pub indexes: Option<PathBuf>,
    /// What makes vectors.
    pub embedder: EmbedderOptions,
}

/// Where requests come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenConfig {
    /// The address; one of this machine's own unless the operator said otherwise.
    pub address: SocketAddr,
}

/// How searches run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchConfig {
    /// What looks at the best again; nothing unless asked for.
    pub reranker: Option<RerankerOptions>,
    /// How vectors are searched.
    pub vector_strategy: VectorStrategy,
    /// How many searches run at once.
    pub max_concurrent: NonZeroUsize,
    /// How long a search may take.
    pub deadline: Duration,
}

/// What is logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// How lines are written.
    pub format: LogFormat,
    /// Which lines, in the language of `tracing_subscriber::EnvFilter`. It parses.
    pub filter: String,
}

/// Everything that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigProblems(Vec<String>);

impl ConfigProblems {
    /// The problems, each a sentence that names its flag.
    pub fn problems(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration is not valid:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
    }
}

impl Config {
    /// Reads every flag, and reports all that is wrong at once.
    ///
    /// # Errors
    /// All problems, in the order of the flags.
    pub fn validate(flags: &ServeFlags) -> Result<Self, ConfigProblems> {
        let mut problems = Vec::new();
        let storage = storage(&flags.storage, &mut problems);
        let address = address(&flags.listen, flags.insecure_no_auth, &mut problems);
        let search = search(&flags.search, &mut problems);
        let log = LogConfig::validate(&flags.log);
        match (address, search, log) {
            (Some(address), Some(search), Ok(log)) if problems.is_empty() => {
                Ok(Self { storage, listen: ListenConfig { address }, search, log })
            }
            (_, _, log) => {
                problems.extend(log.err().into_iter().flat_map(|more| more.0));
                Err(ConfigProblems(problems))
            }
        }
    }
}

impl StorageConfig {
    /// Reads the flags of the data alone, which every command has that opens it.
    ///
    /// # Errors
    /// All problems.
    pub fn validate(flags: &StorageFlags) -> Result<Self, ConfigProblems> {
        let mut problems = Vec::new();
        let config = storage(flags, &mut problems);
        if problems.is_empty() { Ok(config) } else { Err(ConfigProblems(problems)) }
    }
}

/// Reads the flags of a second look alone.
///
/// # Errors
/// All problems.
pub fn reranker(flags: &RerankerFlags) -> Result<Option<RerankerOptions>, ConfigProblems> {
    let mut problems = Vec::new();
    let reranker = encoder::reranker(flags, &mut problems);
    if problems.is_empty() { Ok(reranker) } else { Err(ConfigProblems(problems)) }
}

impl LogConfig {
    /// Reads the flags of logging alone, which every command has.
    ///
    /// # Errors
    /// All problems.
    pub fn validate(flags: &LogFlags) -> Result<Self, ConfigProblems> {
        let mut problems = Vec::new();
        let formats = [("auto", LogFormat::Auto), ("text", LogFormat::Text), ("json", LogFormat::Json)];
        let format = one_of("--log-format", &flags.log_format, &formats, &mut problems);
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&flags.log_filter) {
            problems.push(format!("--log-filter: {:?} is not a filter: {error}", flags.log_filter));
        }
        match format {
            Some(format) if problems.is_empty() => Ok(Self { format, filter: flags.log_filter.clone() }),
            _ => Err(ConfigProblems(problems)),
        }
    }
}

fn storage(flags: &StorageFlags, problems: &mut Vec<String>) -> StorageConfig {
    if flags.data_dir.exists() && !flags.data_dir.is_dir() {
        problems.push(format!("--data-dir: {} is not a directory", flags.data_dir.display()));
    }
    if let Some(missing) = flags.indexes.as_deref().filter(|path| !Path::is_dir(path)) {
        problems.push(format!("--indexes: {} is not a directory", missing.display()));
    }
    let embedder = encoder::embedder(&flags.embedder, problems).unwrap_or_default();
    StorageConfig { data_dir: flags.data_dir.clone(), indexes: flags.indexes.clone(), embedder }
}

fn address(listen: &str, insecure_no_auth: bool, problems: &mut Vec<String>) -> Option<SocketAddr> {
    let Some(address) = parse_address(listen) else {
        problems.push(format!("--listen: {listen:?} is not an address and port, as in 127.0.0.1:8600"));
        return None;
    };
    if !address.ip().to_canonical().is_loopback() && !insecure_no_auth {
        problems.push(format!(
            "--listen: {address} is reachable from other machines, and there is no authentication; \
             listen on 127.0.0.1, or accept it with --insecure-no-auth"
        ));
    }
    Some(address)
}

fn parse_address(listen: &str) -> Option<SocketAddr> {
    // The one name that needs no look-up.
    if let Some(port) = listen.strip_prefix("localhost:") {
        return port.parse().ok().map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    listen.parse().ok()
}

fn search(flags: &SearchFlags, problems: &mut Vec<String>) -> Option<SearchConfig> {
    let strategies =
        [("auto", VectorStrategy::Auto), ("exact", VectorStrategy::Exact), ("graph", VectorStrategy::Graph)];
    let vector_strategy = one_of("--vector-strategy", &flags.vector_strategy, &strategies, problems);
    let max_concurrent = match flags.max_concurrent_searches.as_deref() {
        None => Some(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)),
        Some(text) => {
            let number = number("--max-concurrent-searches", text, MAX_CONCURRENT_SEARCHES as u64, problems);
            number.and_then(|number| NonZeroUsize::new(number as usize))
        }
    };
    let deadline = number("--search-deadline-ms", &flags.search_deadline_ms, MAX_DEADLINE_MS, problems);
    Some(SearchConfig {
        reranker: encoder::reranker(&flags.reranker, problems),
        vector_strategy: vector_strategy?,
        max_concurrent: max_concurrent?,
        deadline: Duration::from_millis(deadline?),
    })
}

/// A number from 1 to `most`.
fn number(flag: &str, text: &str, most: u64, problems: &mut Vec<String>) -> Option<u64> {
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    if number.is_none() {
        problems.push(format!("{flag}: {text:?} is not a number from 1 to {most}"));
    }
    number
}

fn one_of<T: Copy>(flag: &str, text: &str, known: &[(&str, T)], problems: &mut Vec<String>) -> Option<T> {
    let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        problems.push(format!("{flag}: {text:?} is not one of {}", names.join(", ")));
    }
    found
}

#[cfg(test)]
mod tests;
