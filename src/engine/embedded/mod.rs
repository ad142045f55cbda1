//! The embedded engine: tantivy for text, sealed vector segments with hnsw_rs for meaning.

pub mod vectors;
