//! Stored states → engine changes: parse, analyse, embed.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use rayon::prelude::*;

use super::IndexingError;
use crate::{
    candidate::{TitleOccupation, occupations_of_title, read_stored},
    embed::{CachedEmbedder, UnitVector, compose},
    engine::{
        IndexDocument, RoleTexts, WeightedText,
        embedded::{EmbeddedEngine, EngineChange},
    },
    store::CurrentState,
    text,
};

/// Words that a headline has at most which is read as a title.
const LONGEST_TITLE: usize = 14;

enum Prepared {
    Document(Box<IndexDocument>),
    Gone(u32),
}

/// The embedder for what an engine indexes; none where its vectors are of another model.
pub(super) fn embedder_for<'e>(engine: &EmbeddedEngine, embedder: &'e CachedEmbedder) -> Option<&'e CachedEmbedder> {
    Some(embedder).filter(|embedder| engine.snapshot().model_version() == embedder.model().version())
}

/// Turns a batch of stored states into changes. Titles and skills that the batch shares are embedded once and kept in
/// the cache; the candidates' own words are embedded and forgotten. Without an embedder nobody gets vectors.
pub fn prepare(states: &[CurrentState], embedder: Option<&CachedEmbedder>) -> Result<Vec<EngineChange>, IndexingError> {
    let prepared: Vec<Prepared> = states.par_iter().map(analyse).collect();
    let Some(embedder) = embedder else {
        let none = prepared.iter().map(|_| (None, None)).collect();
        return Ok(changes(prepared, none));
    };
    let documents = || prepared.iter().filter_map(document);
    let shared = documents().flat_map(|document| titles(document).iter().chain(&document.skills));
    // What the model cannot read has no vector: whoever has nothing else stands at the population's median.
    let reads = |text: &&str| embedder.model().reads(text);
    let shared: Vec<&str> = distinct(shared.map(|(text, _)| text.as_str())).into_iter().filter(reads).collect();
    let shared: HashMap<&str, Arc<UnitVector>> = shared.iter().copied().zip(embedder.embed_all(&shared)?).collect();
    let own: Vec<&str> = distinct(documents().filter_map(prose)).into_iter().filter(reads).collect();
    let mut roles: HashMap<&str, Arc<UnitVector>> = own.iter().copied().zip(embedder.embed_unstored(&own)?).collect();
    let titles = distinct(documents().flat_map(titles).map(|(text, _)| text.as_str()));
    roles.extend(titles.iter().filter_map(|title| Some((*title, shared.get(title)?.clone()))));
    let vectors = Vectors { roles: drawn(roles, embedder)?, shared };
    let composed: Vec<_> = prepared
        .par_iter()
        .map(|prepared| document(prepared).map_or((None, None), |document| vectors.of(document)))
        .collect();
    drop(vectors);
    Ok(changes(prepared, composed))
}

fn changes(prepared: Vec<Prepared>, vectors: Vec<(Option<UnitVector>, Option<UnitVector>)>) -> Vec<EngineChange> {
    let changes = prepared.into_iter().zip(vectors).map(|(prepared, (role, skills))| match prepared {
        Prepared::Document(document) => EngineChange::Put { document, role, skills },
        Prepared::Gone(key) => EngineChange::Delete { key },
    });
    changes.collect()
}

/// The vectors of titles and headlines, drawn towards the occupations that they may stand for.
fn drawn<'t>(
    roles: HashMap<&'t str, Arc<UnitVector>>,
    embedder: &CachedEmbedder,
) -> Result<HashMap<&'t str, Arc<UnitVector>>, IndexingError> {
    let (texts, vectors): (Vec<&str>, Vec<Arc<UnitVector>>) = roles.into_iter().unzip();
    let occupations: Vec<Arc<[TitleOccupation]>> = texts.par_iter().map(|text| occupations(text)).collect();
    let drawn = embedder.draw_to_names(&vectors, &occupations)?;
    Ok(texts.into_iter().zip(drawn).collect())
}

/// What a title may stand for; the head of a document is none.
fn occupations(text: &str) -> Arc<[TitleOccupation]> {
    let title = text::title_of_headline(text);
    if title.split_whitespace().count() > LONGEST_TITLE {
        return Arc::default();
    }
    occupations_of_title(title, None)
}

fn document(prepared: &Prepared) -> Option<&IndexDocument> {
    match prepared {
        Prepared::Document(document) => Some(document),
        Prepared::Gone(_) => None,
    }
}

fn titles(document: &IndexDocument) -> &[WeightedText] {
    match &document.role {
        RoleTexts::Titles(titles) => titles,
        RoleTexts::Prose(_) => &[],
    }
}

fn prose(document: &IndexDocument) -> Option<&str> {
    match &document.role {
        RoleTexts::Prose(text) => Some(text),
        RoleTexts::Titles(_) => None,
    }
}

fn distinct<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut seen = HashSet::new();
    texts.filter(|text| seen.insert(*text)).collect()
}

/// The vectors of a batch's texts.
struct Vectors<'t> {
    /// Of skills, and of titles as they are.
    shared: HashMap<&'t str, Arc<UnitVector>>,
    /// Of titles and prose, drawn towards what they stand for.
    roles: HashMap<&'t str, Arc<UnitVector>>,
}

impl Vectors<'_> {
    /// The role and the skills vector of a candidate.
    fn of(&self, document: &IndexDocument) -> (Option<UnitVector>, Option<UnitVector>) {
        let composed = |vectors: &HashMap<&str, Arc<UnitVector>>, texts: &[WeightedText]| {
            compose(texts.iter().filter_map(|(text, weight)| Some((vectors.get(text.as_str())?, *weight))))
        };
        let role = match prose(document) {
            Some(text) => self.roles.get(text).map(|vector| vector.as_ref().clone()),
            None => composed(&self.roles, titles(document)),
        };
        (role, composed(&self.shared, &document.skills))
    }
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
