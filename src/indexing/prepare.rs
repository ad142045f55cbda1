//! Stored states → engine changes: parse, analyse, embed.

use std::{collections::HashMap, sync::Arc};

use rayon::prelude::*;

use super::{IndexingError, compose};
use crate::{
    candidate::read_stored,
    embed::{CachedEmbedder, UnitVector},
    engine::{IndexDocument, WeightedText, embedded::EngineChange},
    store::CurrentState,
};

enum Prepared {
    Document(Box<IndexDocument>),
    Gone(u32),
}

/// Turns a batch of stored states into changes. Strings that the batch shares are embedded once.
pub fn prepare(states: &[CurrentState], embedder: &CachedEmbedder) -> Result<Vec<EngineChange>, IndexingError> {
    let prepared: Vec<Prepared> = states.par_iter().map(analyse).collect();
    let mut slots: HashMap<&str, usize> = HashMap::new();
    let mut texts: Vec<&str> = Vec::new();
    for document in prepared.iter().filter_map(document) {
        for (text, _) in document.role.iter().chain(&document.skills) {
            slots.entry(text).or_insert_with(|| {
                texts.push(text);
                texts.len() - 1
            });
        }
    }
    let vectors = embedder.embed_all(&texts)?;
    let composed: Vec<(Option<UnitVector>, Option<UnitVector>)> = prepared
        .par_iter()
        .map(|prepared| {
            let of = |texts: &[WeightedText]| composed(texts, &slots, &vectors);
            document(prepared).map_or((None, None), |document| (of(&document.role), of(&document.skills)))
        })
        .collect();
    let changes = prepared.into_iter().zip(composed).map(|(prepared, (role, skills))| match prepared {
        Prepared::Document(document) => EngineChange::Put { document, role, skills },
        Prepared::Gone(key) => EngineChange::Delete { key },
    });
    Ok(changes.collect())
}

fn document(prepared: &Prepared) -> Option<&IndexDocument> {
    match prepared {
        Prepared::Document(document) => Some(document),
        Prepared::Gone(_) => None,
    }
}

fn composed(texts: &[WeightedText], slots: &HashMap<&str, usize>, vectors: &[Arc<UnitVector>]) -> Option<UnitVector> {
    compose(texts.iter().filter_map(|(text, weight)| Some((&vectors[*slots.get(text.as_str())?], *weight))))
}

/// A stored body that can no longer be read is logged and left out of the indexes; it stays in the store.
fn analyse(state: &CurrentState) -> Prepared {
    let (key, id, body) = match state {
        CurrentState::Erased { key } => return Prepared::Gone(*key),
        CurrentState::Present { key, id, body, .. } => (*key, id, body),
    };
    match read_stored(id, body) {
        Ok(candidate) => Prepared::Document(Box::new(IndexDocument::of(key, &candidate))),
        Err(error) => {
            tracing::error!(candidate.key = key, %error, "not indexed");
            Prepared::Gone(key)
        }
    }
}
