//! Occupations and skills: concepts, their names in 21 languages, what is near to what.
//!
//! Texts of any language → concepts; a concept → its label, its group, its relations. The packed taxonomy is
//! `indexes/taxonomy/taxonomy.zst`; [`build`] makes it of ESCO, O*NET and our own aliases.
//! Invariant: a name is found by the tokens that [`crate::text::TokenList`] makes of it, and by no others.

mod assemble;
mod build;
mod compound;
mod concept;
mod cues;
mod draft;
mod error;
mod format;
mod forms;
mod held_out;
mod link;
mod link_index;
mod link_word;
mod lookup;
mod name_class;
mod recognize;
mod relate;
mod run_together;
mod segment;
mod segment_features;
mod segment_lattice;
mod sources;
mod title_choice;
mod title_forms;
mod titles;
mod trie;

#[cfg(test)]
mod tests;

pub use build::{Built, PackedTaxonomy, build};
pub use concept::{ConceptId, ConceptKind, LanguageSet, Meaning, NameKind};
pub use error::TaxonomyError;
pub use held_out::is_held_out;
pub use link::{Link, SURE, share_of};
pub use lookup::{Concept, Taxonomy};
pub use recognize::{Mention, Recognition, Sort};
pub use relate::{Graded, Relation, RelationGrades};
pub use run_together::{Pieces, SegmentationReport};
pub use sources::Sources;
pub use titles::{TitledOccupation, Titles};
