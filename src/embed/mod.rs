//! Text → vector.
//!
//! Input: short strings (titles, skills, queries). Output: [`UnitVector`]s of the model's dimension.
//!
//! ```text
//! text → canonical form → of one gender → token ids → network → head → half precision → UnitVector
//!             │                       └───→ runs of letters ──────────┘       │
//!             └────────────────── cache, one vector a distinct form ──────────┘
//! ```
//!
//! Invariant: a canonical form and a model version determine the vector, whichever way it was obtained.

mod archive;
mod cache;
mod canonical;
mod compare;
mod compose;
mod embedder;
mod encoder;
mod endpoint;
mod error;
mod matrix;
mod memory;
mod model;
mod names;
mod network;
pub mod pack;
mod spelling;
mod tokenizer;
#[cfg(feature = "transformer")]
mod transformer;
mod vector;
mod weights;

#[cfg(test)]
mod tests;

pub use cache::{CachedString, EmbeddingCache};
pub use canonical::{MAX_CHARACTERS, canonical};
pub use compare::{RerankerOptions, TextComparer};
pub use compose::compose;
pub use embedder::{CachedEmbedder, DEFAULT_MEMORY_BYTES};
pub use encoder::{EmbedderOptions, Encoder, Halves};
pub use endpoint::{Endpoint, EndpointOptions, Secret};
pub use error::EmbedError;
pub use model::Model;
pub use names::names_version;
pub use tokenizer::MAX_PIECES;
#[cfg(feature = "transformer")]
pub use transformer::{Transformer, TransformerOptions};
pub use vector::{NotAUnitVector, UnitVector};
