//! Embeddings of an endpoint that speaks as `POST /v1/embeddings` of OpenAI does.
//!
//! Texts → vectors of whatever length the endpoint's model has. For an index texts go in batches, each with a time-out, and are sent again
//! after growing pauses where the endpoint was busy, away or failed; a query is asked once and soon. Invariant: an answer is taken
//! whole or not at all: as many vectors as texts, each of the model's length and with a direction.
//!
//! What an endpoint says of a failure may repeat what it was sent, so that only its status and code are told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::encoder::{Halves, rounded};
use super::{EmbedError, Encoder};

/// How an endpoint is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointOptions {
    /// Its address, up to and with `/v1`.
    pub url: String,
    /// What it calls the model.
    pub model: String,
    /// The bearer token, where it wants one.
    pub key: Option<Secret>,
    /// Put before every text, as some models want it ("query: ").
    pub prefix: String,
    /// Texts of a request.
    pub batch: usize,
    /// Requests that run at once.
    pub parallel: usize,
    /// Time for a request, in seconds.
    pub timeout_s: u64,
    /// Time for a query, in seconds.
    pub query_timeout_s: u64,
    /// The pause before a request is sent again the first time; it doubles.
    pub first_pause: Duration,
}

/// What no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl EndpointOptions {
    /// An endpoint with 64 texts a request, 30 s for each and 1 s for a query.
    pub fn new(url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            url: url.into().trim_end_matches('/').to_owned(),
            model: model.into(),
            key: None,
            prefix: String::new(),
            batch: 64,
            parallel: 4,
            timeout_s: 30,
            query_timeout_s: 1,
            first_pause: Duration::from_millis(500),
        }
    }

    /// Names the model and how it is asked. What an endpoint gives under one name may change without a sign: only another length of vectors is
    /// noticed.
    fn name(&self) -> String {
        let asked = blake3::hash(format!("{}\n{}\n{}", self.url, self.model, self.prefix).as_bytes()).to_hex();
        format!("{}-{}", self.model, &asked[..8])
    }

    /// The length of vectors that a version of this model says; `None` where it is another model's.
    pub fn dimensions_of(&self, version: &str) -> Option<usize> {
        version.strip_prefix(&self.name())?.strip_prefix('-')?.parse().ok()
    }
}

/// Times that a request is sent at most.
const ATTEMPTS: u32 = 5;

/// The longest pause that an endpoint may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Characters of an endpoint's code of an error that are told.
const LONGEST_CODE: usize = 40;

/// What is embedded to learn how long vectors are.
const PROBE: &str = "nurse";

/// Stands for a blank text, which endpoints refuse.
const BLANK: &str = "-";

/// After a query in vain none is asked for so long: whoever searches meanwhile does not wait.
const REST: Duration = Duration::from_secs(5);

/// Texts of a request that somebody waits for: of more, a model on a processor makes no vectors within a second, and all would be lost.
const AT_ONCE: usize = 8;

/// A pause is slept in pieces of this length, so that it can be given up.
const PIECE: Duration = Duration::from_millis(50);

/// An endpoint whose vectors have a known length.
pub struct Endpoint {
    options: EndpointOptions,
    version: String,
    dimensions: usize,
    gives_up: AtomicBool,
    /// Until when no query is asked.
    rests_until: Mutex<Option<Instant>>,
}

#[derive(Serialize)]
struct Request<'r> {
    model: &'r str,
    input: Vec<String>,
    encoding_format: &'r str,
}

/// What a failure says of itself, in the manner of OpenAI.
#[derive(Deserialize)]
struct Failure {
    error: FailureDetails,
}

#[derive(Deserialize)]
struct FailureDetails {
    code: Option<serde_json::Value>,
    r#type: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    data: Vec<Embedding>,
}

#[derive(Deserialize)]
struct Embedding {
    index: usize,
    embedding: Vec<f32>,
}

/// Why a request was in vain, and when it may be sent again.
struct InVain {
    reason: String,
    again: Option<Duration>,
}

impl Endpoint {
    /// Asks an endpoint how long its vectors are. Where it is away and that is `known`, that is taken for it.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Endpoint`] where it does not answer, or not with vectors.
    pub fn open(options: EndpointOptions, known: Option<usize>) -> Result<Self, EmbedError> {
        let (gives_up, rests_until) = (AtomicBool::new(false), Mutex::new(None));
        let mut endpoint = Self { version: String::new(), options, dimensions: 0, gives_up, rests_until };
        let probe = endpoint.ask(&[PROBE], endpoint.options.timeout_s);
        endpoint.dimensions = match (probe, known) {
            (Ok(vectors), _) => vectors.first().map_or(0, Vec::len),
            (Err(InVain { reason, again: Some(_) }), Some(known)) => {
                tracing::warn!(embedder.url = endpoint.options.url, reason, "the embedder is away");
                known
            }
            (Err(in_vain), _) => return Err(endpoint.error(in_vain)),
        };
        endpoint.version = format!("{}-{}", endpoint.options.name(), endpoint.dimensions);
        Ok(endpoint)
    }

    fn error(&self, InVain { reason, again }: InVain) -> EmbedError {
        EmbedError::Endpoint { url: self.options.url.clone(), reason, is_passing: again.is_some() }
    }

    /// The vectors of a batch; sent again while that promises something.
    fn batch(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let (mut pause, mut attempt) = (self.options.first_pause, 0);
        loop {
            attempt += 1;
            match self.ask(texts, self.options.timeout_s) {
                Err(InVain { reason, again: Some(least) }) if attempt < ATTEMPTS && !self.has_given_up() => {
                    tracing::warn!(embedder.url = self.options.url, attempt, reason, "asking the embedder again");
                    self.rest(pause.max(least).min(LONGEST_PAUSE));
                    pause *= 2;
                }
                asked => return asked.map_err(|in_vain| self.error(in_vain)),
            }
        }
    }

    fn has_given_up(&self) -> bool {
        self.gives_up.load(Ordering::Relaxed)
    }

    fn rest(&self, pause: Duration) {
        let until = Instant::now() + pause;
        while Instant::now() < until && !self.has_given_up() {
            std::thread::sleep(PIECE);
        }
    }

    fn ask(&self, texts: &[&str], timeout_s: u64) -> Result<Vec<Vec<f32>>, InVain> {
        let forever = |reason: String| InVain { reason, again: None };
        let in_a_while = |reason: String| InVain { reason, again: Some(Duration::ZERO) };
        if self.has_given_up() {
            return Err(in_a_while("the program ends".to_owned()));
        }
        let filled = |text: &&str| if text.trim().is_empty() { BLANK.to_owned() } else { (*text).to_owned() };
        let input = texts.iter().map(filled).map(|text| format!("{}{text}", self.options.prefix)).collect();
        let body = Request { model: &self.options.model, input, encoding_format: "float" };
        let request = minreq::post(format!("{}/embeddings", self.options.url)).with_timeout(timeout_s);
        // Texts and key go where they were meant to, and nowhere else.
        let request = request.with_follow_redirects(false);
        let request = match &self.options.key {
            Some(Secret(key)) => request.with_header("Authorization", format!("Bearer {key}")),
            None => request,
        };
        let request = request.with_json(&body).map_err(|error| forever(error.to_string()))?;
        let response = request.send().map_err(|error| match error {
            minreq::Error::HttpsFeatureNotEnabled => {
                forever("this program was built without the feature `https`".to_owned())
            }
            error => in_a_while(error.to_string()),
        })?;
        let status = response.status_code;
        if !(200..300).contains(&status) {
            let code = response.as_str().ok().and_then(code_of);
            let is_passing = matches!(status, 408 | 425 | 429 | 500..);
            let asked_for = response.header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
            let again = Duration::from_secs(asked_for.unwrap_or(0));
            let reason = code.map_or_else(|| format!("status {status}"), |code| format!("status {status}, {code}"));
            return Err(InVain { reason, again: is_passing.then_some(again) });
        }
        // An answer may be cut off, or be a page of what stands in between.
        let answer: Response = response.json().map_err(|_| in_a_while("its answer cannot be read".to_owned()))?;
        self.in_order(answer.data, texts.len()).map_err(in_a_while)
    }

    fn halves(&self, raw: Vec<f32>) -> Result<Halves, EmbedError> {
        rounded(raw).map_err(|error| self.error(InVain { reason: error.to_string(), again: None }))
    }

    fn rests_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.rests_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The vectors in the order of their texts, once they are all there and whole.
    fn in_order(&self, mut data: Vec<Embedding>, count: usize) -> Result<Vec<Vec<f32>>, String> {
        data.sort_by_key(|embedding| embedding.index);
        if !data.iter().map(|embedding| embedding.index).eq(0..count) {
            return Err(format!("it gave {} vectors for {count} texts, or not one for each", data.len()));
        }
        let length =
            if self.dimensions == 0 { data.first().map_or(0, |first| first.embedding.len()) } else { self.dimensions };
        let is_whole = |vector: &Vec<f32>| vector.len() == length && vector.iter().all(|value| value.is_finite());
        let vectors: Vec<Vec<f32>> = data.into_iter().map(|embedding| embedding.embedding).collect();
        match vectors.iter().find(|vector| !is_whole(vector)) {
            Some(vector) => Err(format!("it gave a vector of {} numbers, not of {length} finite ones", vector.len())),
            None if length == 0 => Err("it gave an empty vector".to_owned()),
            None => Ok(vectors),
        }
    }
}

impl Encoder for Endpoint {
    fn version(&self) -> &str {
        &self.version
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn together(&self) -> usize {
        self.options.batch * self.options.parallel
    }

    fn give_up(&self) {
        self.gives_up.store(true, Ordering::Relaxed);
    }

    fn encode(&self, forms: &[&str]) -> Result<Vec<Halves>, EmbedError> {
        let batches: Vec<&[&str]> = forms.chunks(self.options.batch).collect();
        let mut halves = Vec::with_capacity(forms.len());
        for together in batches.chunks(self.options.parallel) {
            let asked = std::thread::scope(|scope| {
                let asking: Vec<_> = together.iter().map(|texts| scope.spawn(|| self.batch(texts))).collect();
                let told = asking
                    .into_iter()
                    .map(|asked| asked.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
                told.collect::<Result<Vec<_>, _>>()
            })?;
            for raw in asked.into_iter().flatten() {
                halves.push(self.halves(raw)?);
            }
        }
        Ok(halves)
    }

    fn at_once(&self) -> usize {
        self.options.batch.min(AT_ONCE)
    }

    fn encode_query(&self, form: &str) -> Result<Halves, EmbedError> {
        Ok(self.encode_now(&[form])?.into_iter().next().unwrap_or_default())
    }

    fn encode_now(&self, forms: &[&str]) -> Result<Vec<Halves>, EmbedError> {
        if self.rests_until().is_some_and(|until| Instant::now() < until) {
            return Err(self.error(InVain { reason: "it did not answer just now".to_owned(), again: Some(REST) }));
        }
        let asked = self.ask(forms, self.options.query_timeout_s);
        *self.rests_until() = asked.is_err().then(|| Instant::now() + REST);
        let asked = asked.map_err(|in_vain| self.error(in_vain))?;
        asked.into_iter().map(|raw| self.halves(raw)).collect()
    }
}

/// The code or the type of an error, where it is a short word: nothing that was sent.
fn code_of(body: &str) -> Option<String> {
    let FailureDetails { code, r#type } = serde_json::from_str::<Failure>(body).ok()?.error;
    let code = code.and_then(|code| code.as_str().map(str::to_owned)).or(r#type)?;
    let is_word = code.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.'));
    (is_word && code.len() <= LONGEST_CODE).then_some(code)
}
