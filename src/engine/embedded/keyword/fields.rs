//! The fields of the text index.

use tantivy::{
    TantivyDocument,
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

use super::{concepts, tokenizer::ANALYSED};
use crate::{
    candidate::{CandidateConcept, TextField},
    engine::{FieldValue, IndexDocument, ScoredGroup, TokenText},
    query::FilterField,
};

/// Handles of the fields in one index.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) key: Field,
    pub(super) facts: Field,
    pub(super) concepts: Field,
    exact: Vec<Field>,
    scored: Vec<Field>,
    values: Vec<Field>,
}

impl Fields {
    /// The schema and its handles.
    pub(super) fn schema() -> (Schema, Self) {
        let mut builder = Schema::builder();
        let key = builder.add_u64_field("key", tantivy::schema::INDEXED | tantivy::schema::FAST);
        let facts = builder.add_bytes_field("facts", tantivy::schema::STORED);
        let exact_options = indexed(IndexRecordOption::WithFreqsAndPositions, false);
        let exact = TextField::ALL
            .iter()
            .map(|field| builder.add_text_field(&format!("exact_{field:?}"), exact_options.clone()));
        let exact = exact.collect();
        let scored_options = indexed(IndexRecordOption::WithFreqs, true);
        let scored = ScoredGroup::ALL
            .iter()
            .map(|group| builder.add_text_field(&format!("scored_{}", group.name()), scored_options.clone()));
        let scored = scored.collect();
        let value_options = indexed(IndexRecordOption::Basic, false);
        let values = FilterField::ALL
            .iter()
            .map(|field| builder.add_text_field(&format!("value_{}", field.name()), value_options.clone()));
        let values = values.collect();
        let concepts = builder.add_text_field("concepts", indexed(IndexRecordOption::WithFreqs, false));
        (builder.build(), Self { key, facts, concepts, exact, scored, values })
    }

    pub(super) fn exact(&self, field: TextField) -> Field {
        self.exact[field as usize]
    }

    pub(super) fn scored(&self, group: ScoredGroup) -> Field {
        self.scored[group as usize]
    }

    pub(super) fn value(&self, field: FilterField) -> Field {
        self.values[field as usize]
    }

    /// The document as tantivy takes it.
    pub(super) fn document(&self, document: &IndexDocument, facts: &[u8]) -> TantivyDocument {
        let mut row = TantivyDocument::new();
        row.add_u64(self.key, u64::from(document.key));
        row.add_bytes(self.facts, facts);
        for (field, tokens) in &document.exact {
            row.add_text(self.exact(*field), tokens.as_str());
        }
        for (field, tokens) in self.scored.iter().zip(&document.scored) {
            if !tokens.is_empty() {
                row.add_text(*field, tokens.as_str());
            }
        }
        for field in FilterField::ALL {
            let terms: TokenText = document.values.field(field).iter().map(FieldValue::term).collect();
            if !terms.is_empty() {
                row.add_text(self.value(field), terms.as_str());
            }
        }
        if !document.concepts.is_empty() {
            row.add_text(self.concepts, concept_terms(&document.concepts).as_str());
        }
        row
    }
}

/// Each concept as often as eighths make its strength.
fn concept_terms(concepts: &[CandidateConcept]) -> TokenText {
    let mut terms = TokenText::default();
    for held in concepts {
        let term = concepts::term(held.concept, held.is_sure);
        (0..held.strength.eighths()).for_each(|_| terms.push(&term));
    }
    terms
}

fn indexed(option: IndexRecordOption, fieldnorms: bool) -> TextOptions {
    let indexing =
        TextFieldIndexing::default().set_tokenizer(ANALYSED).set_index_option(option).set_fieldnorms(fieldnorms);
    TextOptions::default().set_indexing_options(indexing)
}
