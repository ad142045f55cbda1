//! Flags → which encoder: what makes vectors, and what looks at the best again.

use std::path::Path;
use std::time::Duration;

use super::flags::{EmbedderFlags, RerankerFlags};
use super::{MAX_DEADLINE_MS, number};
use crate::embed::{EmbedderOptions, EndpointOptions, RerankerOptions, Secret};

/// The most texts of a request to an endpoint.
const MAX_BATCH: u64 = 2_048;

/// The longest time for one, in seconds.
const MAX_TIMEOUT_S: u64 = 600;

/// A folder or an address, with the flag that it was given by.
struct Given<'f> {
    flag: &'static str,
    place: &'f str,
    model: Option<&'f str>,
    key: Option<&'f str>,
    prefix: &'f str,
}

pub(super) fn embedder(flags: &EmbedderFlags, problems: &mut Vec<String>) -> Option<EmbedderOptions> {
    let batch = number("--embedder-batch", &flags.embedder_batch, MAX_BATCH, problems);
    let timeout_s = number("--embedder-timeout-s", &flags.embedder_timeout_s, MAX_TIMEOUT_S, problems);
    if flags.embedder == "built-in" {
        return Some(EmbedderOptions::BuiltIn);
    }
    let given = Given {
        flag: "--embedder",
        place: &flags.embedder,
        model: flags.embedder_model.as_deref(),
        key: flags.embedder_key.as_deref(),
        prefix: &flags.embedder_prefix,
    };
    let encoder = given.encoder("built-in, nor a directory", problems)?;
    let (batch, timeout_s) = (batch? as usize, timeout_s?);
    Some(with_endpoint(encoder, |endpoint| EndpointOptions { batch, timeout_s, ..endpoint }))
}

pub(super) fn reranker(flags: &RerankerFlags, problems: &mut Vec<String>) -> Option<RerankerOptions> {
    let budget_ms = number("--reranker-budget-ms", &flags.reranker_budget_ms, MAX_DEADLINE_MS, problems);
    let given = Given {
        flag: "--reranker",
        place: flags.reranker.as_deref()?,
        model: flags.reranker_model.as_deref(),
        key: flags.reranker_key.as_deref(),
        prefix: &flags.reranker_prefix,
    };
    let (encoder, budget_ms) = (given.encoder("a directory", problems)?, budget_ms?);
    // Requests are timed in whole seconds.
    let query_timeout_s = budget_ms.div_ceil(1_000);
    let encoder = with_endpoint(encoder, |endpoint| EndpointOptions { query_timeout_s, ..endpoint });
    Some(RerankerOptions { encoder, budget: Duration::from_millis(budget_ms) })
}

fn with_endpoint(encoder: EmbedderOptions, change: impl FnOnce(EndpointOptions) -> EndpointOptions) -> EmbedderOptions {
    match encoder {
        EmbedderOptions::Endpoint(endpoint) => EmbedderOptions::Endpoint(change(endpoint)),
        other => other,
    }
}

impl Given<'_> {
    /// Which encoder; `others` are what the place may be beside an address, for a problem's text.
    fn encoder(&self, others: &str, problems: &mut Vec<String>) -> Option<EmbedderOptions> {
        let Self { flag, place, .. } = self;
        let is_secure = place.starts_with("https://");
        if !is_secure && !place.starts_with("http://") {
            return self.transformer(others, problems);
        }
        if is_secure && !cfg!(feature = "https") {
            problems.push(format!("{flag}: this program was built without https; build it with --features https"));
        }
        let Some(model) = self.model else {
            problems.push(format!("{flag}-model: an endpoint is asked for a model by name"));
            return None;
        };
        Some(EmbedderOptions::Endpoint(EndpointOptions {
            key: self.key.map(|key| Secret(key.to_owned())),
            prefix: self.prefix.to_owned(),
            ..EndpointOptions::new(*place, model)
        }))
    }

    /// The folder of a sentence transformer.
    fn transformer(&self, others: &str, problems: &mut Vec<String>) -> Option<EmbedderOptions> {
        let Self { flag, place, .. } = self;
        if !Path::new(place).is_dir() {
            problems.push(format!(
                "{flag}: {place:?} is neither {others}, nor an address that begins with http:// or https://"
            ));
            return None;
        }
        #[cfg(feature = "transformer")]
        return Some(EmbedderOptions::Transformer(crate::embed::TransformerOptions {
            dir: place.into(),
            prefix: self.prefix.to_owned(),
        }));
        #[cfg(not(feature = "transformer"))]
        {
            problems.push(format!(
                "{flag}: this program was built without sentence transformers; build it with --features transformer"
            ));
            None
        }
    }
}
