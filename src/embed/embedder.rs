//! The model behind its cache.
//!
//! Input: texts. Output: one vector a text, computed once a canonical form. Lookup goes memory → file → model.
//! Invariant: a query's words never reach the file: they are personal data.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::cache::EmbeddingCache;
use super::canonical::canonical;
use super::encoder::{Encoder, Halves};
use super::memory::{Memory, Remembered};
use super::model::parts;
use super::names::NameVectors;
use super::{EmbedError, NotAUnitVector, UnitVector, compose};

/// Bytes of the memory layer unless told otherwise: about 50,000 vectors.
pub const DEFAULT_MEMORY_BYTES: usize = 64 << 20;

/// Parts of a text that is searched by which are read.
const FIRST_PARTS: usize = 8;

/// A model with its cache. Shared between threads.
pub struct CachedEmbedder {
    model: Arc<dyn Encoder>,
    cache: EmbeddingCache,
    memory: Mutex<Memory>,
    pub(super) names: Arc<NameVectors>,
}

impl CachedEmbedder {
    /// Puts a cache before a model, with [`DEFAULT_MEMORY_BYTES`] of memory.
    pub fn new(model: Arc<dyn Encoder>, cache: EmbeddingCache) -> Self {
        let memory = Mutex::new(Memory::new(DEFAULT_MEMORY_BYTES));
        let names = NameVectors::of(model.version());
        Self { model, cache, memory, names }
    }

    /// Bounds the memory layer to this many bytes.
    #[must_use]
    pub fn with_memory_bytes(self, bytes: usize) -> Self {
        Self { memory: Mutex::new(Memory::new(bytes)), ..self }
    }

    /// The model.
    pub fn model(&self) -> &dyn Encoder {
        &*self.model
    }

    /// The file of cached vectors, with the ids of its strings.
    pub fn cache(&self) -> &EmbeddingCache {
        &self.cache
    }

    /// Empties the memory layer, not the file. For measurements: what was asked before costs as much again.
    pub fn forget(&self) {
        self.memory().clear();
    }

    /// The vectors of texts to be indexed, in their order; what was unknown is stored.
    ///
    /// # Errors
    ///
    /// [`EmbedError::Cache`] and its kin where the file cannot be used, else as for [`Encoder::encode`].
    pub fn embed_all<T: AsRef<str>>(&self, texts: &[T]) -> Result<Vec<Arc<UnitVector>>, EmbedError> {
        let forms: Vec<String> = texts.iter().map(|text| canonical(text.as_ref())).collect();
        let mut known: HashMap<&str, Arc<UnitVector>> = HashMap::with_capacity(forms.len());
        let unknown = self.recall(&forms, &mut known);
        for together in unknown.chunks(self.model.together()) {
            let stored_in = Some(self.cache.beginnings());
            let vectors = self.look_up_or_compute(together)?;
            let mut memory = self.memory();
            for (form, vector) in together.iter().zip(vectors) {
                memory.insert(form, Remembered { vector: Arc::clone(&vector), stored_in });
                known.insert(form, vector);
            }
        }
        Ok(forms.iter().map(|form| Arc::clone(&known[form.as_str()])).collect())
    }

    /// The vectors of texts that are somebody's own words: personal data, which stays out of the file.
    ///
    /// # Errors
    ///
    /// As for [`Encoder::encode`].
    pub fn embed_unstored(&self, texts: &[&str]) -> Result<Vec<Arc<UnitVector>>, EmbedError> {
        Ok(self.model.embed_batch(texts)?.into_iter().map(Arc::new).collect())
    }

    /// Up to `limit` stored strings with ids greater than `after`, in ascending order of id, with their vectors.
    ///
    /// # Errors
    ///
    /// As for [`CachedEmbedder::embed_all`].
    pub fn strings_after(&self, after: u32, limit: u32) -> Result<Vec<(u32, Arc<UnitVector>)>, EmbedError> {
        let stored = self.cache.vectors_after(self.model.version(), after, limit)?;
        let known = |halves: &Option<Halves>| halves.as_ref().and_then(|halves| self.readable(halves));
        let (ids, vectors): (Vec<(u32, &str)>, Vec<_>) =
            stored.iter().map(|(string, halves)| ((string.id, string.text.as_str()), known(halves))).unzip();
        let unknown = ids.iter().zip(&vectors).filter(|(_, vector)| vector.is_none());
        let unknown: Vec<&str> = unknown.map(|((_, text), _)| *text).collect();
        let mut fresh = self.look_up_or_compute(&unknown)?.into_iter();
        let all = ids.iter().zip(vectors).filter_map(|((id, _), vector)| Some((*id, vector.or_else(|| fresh.next())?)));
        Ok(all.collect())
    }

    /// The vector of a query. Nothing is written to the file.
    ///
    /// # Errors
    ///
    /// As for [`Encoder::encode`].
    pub fn embed_query(&self, text: &str) -> Result<Arc<UnitVector>, EmbedError> {
        self.embed_form_of_query(&canonical(text))
    }

    /// The vector of a query in canonical form.
    fn embed_form_of_query(&self, form: &str) -> Result<Arc<UnitVector>, EmbedError> {
        if let Some(known) = self.memory().get(form) {
            return Ok(known.vector);
        }
        let vector = Arc::new(UnitVector::from_halves(&self.model.encode_query(form)?)?);
        self.memory().insert(form, Remembered { vector: Arc::clone(&vector), stored_in: None });
        Ok(vector)
    }

    /// The vector of what somebody searches by, be it a whole text: what a text is about it says first, so each part counts half of the one
    /// before. Of another model than the built-in one it is [`CachedEmbedder::embed_query`].
    ///
    /// # Errors
    ///
    /// As for [`Encoder::encode`].
    pub fn embed_query_text(&self, text: &str) -> Result<Arc<UnitVector>, EmbedError> {
        let form = canonical(text);
        let parts = parts(&form);
        if parts.len() == 1 || !self.model.is_built_in() {
            return self.embed_form_of_query(&form);
        }
        let read = parts.iter().take(FIRST_PARTS).map(|part| self.embed_query(part));
        let vectors = read.collect::<Result<Vec<_>, _>>()?;
        let weights = (0..).map(|before| 0.5_f32.powi(before));
        Ok(Arc::new(compose(vectors.iter().zip(weights)).ok_or(NotAUnitVector)?))
    }

    /// Puts what both the memory layer and the file have into `known`; gives the other distinct forms, in the order of
    /// first mention.
    fn recall<'f>(&self, forms: &'f [String], known: &mut HashMap<&'f str, Arc<UnitVector>>) -> Vec<&'f str> {
        let stored_in = Some(self.cache.beginnings());
        let mut memory = self.memory();
        let (mut seen, mut unknown) = (HashSet::with_capacity(forms.len()), Vec::new());
        for form in forms.iter().map(String::as_str).filter(|form| seen.insert(*form)) {
            match memory.get(form) {
                Some(remembered) if remembered.stored_in == stored_in => {
                    known.insert(form, remembered.vector);
                }
                _ => unknown.push(form),
            }
        }
        unknown
    }

    /// The vectors of distinct canonical forms from the file, or else from the model and then into the file.
    fn look_up_or_compute(&self, forms: &[&str]) -> Result<Vec<Arc<UnitVector>>, EmbedError> {
        let version = self.model.version();
        let mut vectors: Vec<Option<Arc<UnitVector>>> =
            self.cache.vectors(version, forms)?.iter().map(|halves| self.readable(halves.as_ref()?)).collect();
        let missing: Vec<usize> = (0..forms.len()).filter(|at| vectors[*at].is_none()).collect();
        if !missing.is_empty() {
            let texts: Vec<&str> = missing.iter().map(|at| forms[*at]).collect();
            let fresh: Vec<(&str, Halves)> = texts.iter().copied().zip(self.model.encode(&texts)?).collect();
            for (at, (_, halves)) in missing.into_iter().zip(&fresh) {
                vectors[at] = Some(Arc::new(UnitVector::from_halves(halves)?));
            }
            self.cache.store(version, &fresh)?;
        }
        Ok(vectors.into_iter().flatten().collect())
    }

    /// A stored vector; none where it is damaged, so that it is computed anew.
    fn readable(&self, halves: &Halves) -> Option<Arc<UnitVector>> {
        let whole = halves.len() == self.model.dimensions();
        UnitVector::from_halves(halves).ok().filter(|_| whole).map(Arc::new)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // The memory layer only ever loses or gains whole entries.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::MODEL;
    use super::*;

    fn embedder(cache: EmbeddingCache) -> CachedEmbedder {
        CachedEmbedder::new(MODEL.clone(), cache)
    }

    const TEXTS: [&str; 5] = ["Rust Developer", "nurse", "rust  developer (m/w/d)", "", "infermiera"];

    #[test]
    fn cached_vectors_equal_fresh_ones_in_memory_and_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let fresh = MODEL.embed_batch(&TEXTS).unwrap();
        let first = embedder(EmbeddingCache::open(folder.path()).unwrap());
        let cold = first.embed_all(&TEXTS).unwrap();
        let warm = first.embed_all(&TEXTS).unwrap();
        drop(first);
        let reopened = embedder(EmbeddingCache::open(folder.path()).unwrap()).embed_all(&TEXTS).unwrap();
        for vectors in [cold, warm, reopened] {
            assert!(vectors.iter().zip(&fresh).all(|(cached, fresh)| **cached == *fresh));
        }
    }

    #[test]
    fn one_string_a_canonical_form_is_stored() {
        let embedder = embedder(EmbeddingCache::in_memory().unwrap());
        embedder.embed_all(&TEXTS).unwrap();
        let strings = embedder.cache().strings_after(0, 10).unwrap();
        let texts: Vec<&str> = strings.iter().map(|string| string.text.as_str()).collect();
        assert_eq!(texts, ["rust developer", "nurse", "", "infermiera"]);
    }

    #[test]
    fn queries_are_remembered_but_not_stored() {
        let embedder = embedder(EmbeddingCache::in_memory().unwrap());
        let first = embedder.embed_query("a private question").unwrap();
        assert!(Arc::ptr_eq(&first, &embedder.embed_query("A private  question").unwrap()));
        assert!(*first == MODEL.embed("a private question").unwrap());
        embedder.forget();
        assert!(!Arc::ptr_eq(&first, &embedder.embed_query("a private question").unwrap()));
        assert_eq!(embedder.cache().strings_after(0, 10).unwrap(), []);
    }

    #[test]
    fn of_a_text_that_is_searched_by_the_beginning_counts_most() {
        let embedder = embedder(EmbeddingCache::in_memory().unwrap());
        let (title, rest) = (
            "registered nurse for our paediatric intensive care unit",
            "we bake bread and cakes in an old mill ".repeat(4),
        );
        let cosine = |text: &str, title: &str| {
            embedder.embed_query_text(text).unwrap().cosine(&embedder.embed_query(title).unwrap())
        };
        let (first, last) = (format!("{title} {rest}"), format!("{rest} {title}"));
        assert!(cosine(&first, "paediatric nurse") > cosine(&last, "paediatric nurse") + 0.2);
        assert_eq!(embedder.embed_query_text(title).unwrap(), embedder.embed_query(title).unwrap());
    }

    #[test]
    fn own_words_are_not_stored() {
        let embedder = embedder(EmbeddingCache::in_memory().unwrap());
        let own = embedder.embed_unstored(&["I bake bread"]).unwrap();
        assert!(*own[0] == MODEL.embed("I bake bread").unwrap());
        assert_eq!(embedder.cache().strings_after(0, 10).unwrap(), []);
    }

    #[test]
    fn strings_come_in_order_with_their_vectors() {
        let embedder = embedder(EmbeddingCache::in_memory().unwrap());
        let vectors = embedder.embed_all(&["nurse", "baker"]).unwrap();
        assert_eq!(embedder.strings_after(0, 10).unwrap(), [(1, vectors[0].clone()), (2, vectors[1].clone())]);
        assert_eq!(embedder.strings_after(1, 1).unwrap(), [(2, vectors[1].clone())]);
        assert_eq!(embedder.cache().text_of(2).unwrap().as_deref(), Some("baker"));
        assert_eq!(embedder.cache().text_of(3).unwrap(), None);
    }

    #[test]
    fn a_text_that_was_a_query_before_is_stored_once_indexed() {
        let embedder = embedder(EmbeddingCache::in_memory().unwrap());
        embedder.embed_query("baker").unwrap();
        embedder.embed_all(&["baker"]).unwrap();
        assert_eq!(embedder.cache().string_id("baker").unwrap(), Some(1));
    }

    #[test]
    fn damaged_vectors_are_computed_anew() {
        let embedder = embedder(EmbeddingCache::in_memory().unwrap()).with_memory_bytes(0);
        embedder.cache.store(MODEL.version(), &[("nurse", Vec::new())]).unwrap();
        assert!(*embedder.embed_all(&["nurse"]).unwrap()[0] == MODEL.embed("nurse").unwrap());
        assert_eq!(embedder.cache.vectors(MODEL.version(), &["nurse"]).unwrap()[0].as_ref().unwrap().len(), 256);
    }
}
