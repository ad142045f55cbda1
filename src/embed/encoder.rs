//! What makes vectors: the port behind which the built-in model, a local transformer and an endpoint stand.
//!
//! Texts in [canonical form](super::canonical) → vectors of half precision and length one. Invariant: an encoder's version changes
//! whenever a text may get another vector.

use half::f16;
use rayon::prelude::*;

use super::canonical::canonical;
use super::{EmbedError, EndpointOptions, Model, UnitVector};

/// A vector as it is stored: of length one, then rounded to half precision.
pub type Halves = Vec<f16>;

/// Which encoder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum EmbedderOptions {
    /// The model of the index definitions, else the one that is compiled in.
    #[default]
    BuiltIn,
    /// An endpoint in the manner of OpenAI.
    Endpoint(EndpointOptions),
    /// A sentence transformer out of a local folder.
    #[cfg(feature = "transformer")]
    Transformer(super::TransformerOptions),
}

/// What makes vectors of texts.
pub trait Encoder: Send + Sync {
    /// Names the model and its content. Vectors of different versions must not be compared.
    fn version(&self) -> &str;

    /// The number of components of every vector.
    fn dimensions(&self) -> usize;

    /// Whether the model knows the script of a text; every one unless it says otherwise.
    fn reads(&self, _text: &str) -> bool {
        true
    }

    /// Whether it is the built-in model, for whose cosines it was measured how near strings must be that lend their words to a query, and
    /// how far titles are drawn towards their occupations. Neither is done for others.
    fn is_built_in(&self) -> bool {
        false
    }

    /// So many texts are encoded before they are stored: what a failure loses at most.
    fn together(&self) -> usize {
        4_096
    }

    /// So many texts are encoded at once where time is short: between two such lots it is looked at the clock.
    fn at_once(&self) -> usize {
        4
    }

    /// Makes what waits give up soon: the program ends.
    fn give_up(&self) {}

    /// The vectors of texts to be indexed, in their order. May take long, and tries again where that promises something.
    ///
    /// # Errors
    ///
    /// Why there are none; those of which [`EmbedError::is_passing`] is true may be gone in a while.
    fn encode(&self, forms: &[&str]) -> Result<Vec<Halves>, EmbedError>;

    /// The vectors of texts as they were written, in their order.
    ///
    /// # Errors
    ///
    /// As for [`Self::encode`].
    fn embed_batch(&self, texts: &[&str]) -> Result<Vec<UnitVector>, EmbedError> {
        let forms: Vec<String> = texts.par_iter().map(|text| canonical(text)).collect();
        let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
        self.encode(&forms)?.iter().map(|halves| Ok(UnitVector::from_halves(halves)?)).collect()
    }

    /// The vector of a query, at once or not at all.
    ///
    /// # Errors
    ///
    /// As for [`Self::encode`].
    fn encode_query(&self, form: &str) -> Result<Halves, EmbedError>;

    /// The vectors of texts that somebody waits for, in their order, at once or not at all.
    ///
    /// # Errors
    ///
    /// As for [`Self::encode`].
    fn encode_now(&self, forms: &[&str]) -> Result<Vec<Halves>, EmbedError> {
        forms.iter().map(|form| self.encode_query(form)).collect()
    }
}

impl Encoder for Model {
    fn version(&self) -> &str {
        self.version()
    }

    fn dimensions(&self) -> usize {
        self.dimensions()
    }

    fn reads(&self, text: &str) -> bool {
        self.reads(text)
    }

    fn is_built_in(&self) -> bool {
        true
    }

    fn encode(&self, forms: &[&str]) -> Result<Vec<Halves>, EmbedError> {
        self.halves(forms)
    }

    fn encode_query(&self, form: &str) -> Result<Halves, EmbedError> {
        self.halves_of_one(form)
    }
}

/// Length one, then half precision: what the cache stores and what [`UnitVector::from_halves`] reads.
pub(super) fn rounded(raw: Vec<f32>) -> Result<Halves, EmbedError> {
    let unit = UnitVector::normalize(raw)?;
    Ok(unit.as_slice().iter().map(|value| f16::from_f32(*value)).collect())
}
