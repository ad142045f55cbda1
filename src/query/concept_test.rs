//! What `concept:"registered nurse"` asks for.

use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::taxonomy::{ConceptId, NameKind, SURE, Taxonomy};

/// A concept that is asked for by any of its names. Met by whoever has it or a narrower one, whatever says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConceptTest {
    label: String,
    /// What the name stands for.
    concepts: Vec<ConceptId>,
    /// These and all beneath them, in order of their numbers.
    with_narrower: Vec<ConceptId>,
}

impl ConceptTest {
    /// The concepts of a name in any language: the one whose preferred label it is, else all whose own it is. `None` where nothing
    /// is called so.
    pub fn named(name: &str) -> Option<Self> {
        let taxonomy = Taxonomy::built_in();
        let meanings = taxonomy.meanings_of(name);
        // A preferred label decides; else all whose own name it is; a title that people reported counts where it is nothing else.
        let best = meanings.iter().map(|meaning| meaning.kind).min();
        let is_meant = |kind: NameKind| match best {
            Some(NameKind::Alternative | NameKind::Derived) => kind < NameKind::Reported,
            best => Some(kind) == best,
        };
        let mut concepts: Vec<ConceptId> =
            meanings.iter().filter(|meaning| is_meant(meaning.kind)).map(|meaning| meaning.concept).collect();
        // What is no name, but surely means an occupation, is taken for it.
        if concepts.is_empty() {
            let like = taxonomy.link(name, None, 1).into_iter().filter(|link| link.confidence >= SURE);
            concepts.extend(like.map(|link| link.concept));
        }
        if concepts.is_empty() {
            return None;
        }
        let mut with_narrower: Vec<ConceptId> =
            concepts.iter().flat_map(|concept| taxonomy.with_narrower(*concept)).collect();
        with_narrower.sort_unstable();
        with_narrower.dedup();
        Some(Self { label: name.split_whitespace().collect::<Vec<_>>().join(" "), concepts, with_narrower })
    }

    /// The name as typed.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What the name stands for.
    pub fn concepts(&self) -> &[ConceptId] {
        &self.concepts
    }

    /// What meets it, in order of the numbers.
    pub fn with_narrower(&self) -> &[ConceptId] {
        &self.with_narrower
    }

    /// Whether one of some concepts meets it.
    pub fn is_met_by(&self, mut held: impl Iterator<Item = ConceptId>) -> bool {
        held.any(|concept| self.with_narrower.binary_search(&concept).is_ok())
    }
}

impl Display for ConceptTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "concept:\"{}\"", self.label)
    }
}

impl Serialize for ConceptTest {
    /// Numbers of concepts mean nothing outside one version of the taxonomy: their URIs are told.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let taxonomy = Taxonomy::built_in();
        let uris: Vec<&str> = self.concepts.iter().filter_map(|id| Some(taxonomy.concept(*id)?.uri)).collect();
        let mut fields = serializer.serialize_struct("ConceptTest", 3)?;
        fields.serialize_field("name", &self.label)?;
        fields.serialize_field("concepts", &uris)?;
        fields.serialize_field("withNarrower", &self.with_narrower.len())?;
        fields.end()
    }
}
