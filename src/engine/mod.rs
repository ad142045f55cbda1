//! The search engine over index documents.
//!
//! Input: [`IndexDocument`]s with their vectors, in the order of the change log. Output: pinned snapshots that answer
//! in candidate keys: hit sets, scores and cosines. Concrete types first; the methods of
//! [`embedded::EmbeddedEngine`] are what a port will be cut from.

mod column;
mod document;
mod error;
mod key_set;
mod scored_groups;
mod token_text;

pub mod embedded;

pub use column::Column;
pub use document::{
    CandidateFacts, CanonicalValues, IndexDocument, MAX_OCCURRENCES, RoleTexts, ScoredGroup, WeightedText,
};
pub use error::EngineError;
pub use key_set::{KeyRanks, KeySet};
pub use token_text::{LAST_REGION, PlacedTokens, REGION_LENGTH, TokenText, VALUE_GAP};
