//! The search engine over index documents.

mod key_set;

pub mod embedded;

pub use key_set::KeySet;
