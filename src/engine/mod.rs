//! The search engine over index documents.
//!
//! Input: [`IndexDocument`]s with their vectors, in the order of the change log. Output: pinned snapshots that answer
//! in candidate keys: hit sets, scores and cosines. Concrete types first; the methods of
//! [`embedded::EmbeddedEngine`] are what a port will be cut from.

mod brief;
mod column;
mod completion;
mod document;
mod error;
mod field_values;
mod forward;
mod key_set;
mod lists;
mod scored_groups;
mod token_text;
mod vocabulary;

pub mod embedded;

pub use column::Column;
pub use completion::{Completed, Completion};
pub use document::{CandidateFacts, IndexDocument, MAX_OCCURRENCES, RoleTexts, ScoredGroup, WeightedText};
pub use error::EngineError;
pub use field_values::{FieldValue, FieldValues};
pub use forward::{COMPLETED_FIELDS, ForwardField, ForwardIndex, ValueCounts};
pub use key_set::{KeyRanks, KeySet};
pub use token_text::{LAST_REGION, PlacedTokens, REGION_LENGTH, TokenText, VALUE_GAP};
pub use vocabulary::{Value, Vocabulary};
