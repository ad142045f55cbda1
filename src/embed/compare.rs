//! Whole texts against a query, within a time.
//!
//! Texts, the likeliest first → their cosines with the query, as many from the first on as could be computed before an instant. Vectors are
//! remembered by text, in memory. Invariant: a text's cosine does not depend on how many others were compared.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::memory::{Memory, Remembered};
use super::{EmbedError, EmbedderOptions, Encoder, UnitVector};

/// Bytes of remembered vectors: some 20,000 people with 384 components.
const MEMORY_BYTES: usize = 48 << 20;

/// Another model that looks at the best again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RerankerOptions {
    /// Which.
    pub encoder: EmbedderOptions,
    /// How long it may take of one search.
    pub budget: Duration,
}

/// Compares texts with queries.
pub struct TextComparer {
    encoder: Arc<dyn Encoder>,
    memory: Mutex<Memory>,
}

impl TextComparer {
    /// With an encoder that nothing else needs to use.
    pub fn new(encoder: Arc<dyn Encoder>) -> Self {
        Self { encoder, memory: Mutex::new(Memory::new(MEMORY_BYTES)) }
    }

    /// What makes the vectors.
    pub fn encoder(&self) -> &dyn Encoder {
        &*self.encoder
    }

    /// The cosines of the first of `texts` with the query, as many as can be had until then. None where not even one was.
    ///
    /// # Errors
    ///
    /// Those of [`Encoder::encode_now`].
    pub fn cosines(&self, query: &str, texts: &[String], until: Instant) -> Result<Vec<f32>, EmbedError> {
        let mut known: Vec<Option<Arc<UnitVector>>> = texts.iter().map(|text| self.remembered(text)).collect();
        let query = self.vector(query)?;
        let missing: Vec<usize> = (0..texts.len()).filter(|at| known[*at].is_none()).collect();
        let mut longest = Duration::ZERO;
        for together in missing.chunks(self.encoder.at_once().max(1)) {
            let started = Instant::now();
            if started + longest > until {
                break;
            }
            let forms: Vec<&str> = together.iter().map(|at| texts[*at].as_str()).collect();
            for (at, vector) in together.iter().zip(self.vectors(&forms)?) {
                known[*at] = Some(vector);
            }
            longest = longest.max(started.elapsed());
        }
        Ok(known.iter().map_while(|vector| Some(query.cosine(vector.as_deref()?))).collect())
    }

    fn vector(&self, text: &str) -> Result<Arc<UnitVector>, EmbedError> {
        match self.remembered(text) {
            Some(vector) => Ok(vector),
            None => Ok(self.vectors(&[text])?.swap_remove(0)),
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self, text: &str) -> Option<Arc<UnitVector>> {
        self.memory().get(text).map(|remembered| remembered.vector)
    }

    fn vectors(&self, texts: &[&str]) -> Result<Vec<Arc<UnitVector>>, EmbedError> {
        let halves = self.encoder.encode_now(texts)?;
        let vectors = halves.iter().map(|halves| Ok(Arc::new(UnitVector::from_halves(halves)?)));
        let vectors: Vec<Arc<UnitVector>> = vectors.collect::<Result<_, EmbedError>>()?;
        let mut memory = self.memory();
        for (text, vector) in texts.iter().zip(&vectors) {
            memory.insert(text, Remembered { vector: vector.clone(), stored_in: None });
        }
        Ok(vectors)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::Halves;
    use super::*;

    /// A text's vector is the angle that its length is.
    #[derive(Default)]
    struct Lengths {
        asked: AtomicUsize,
    }

    impl Encoder for Lengths {
        fn version(&self) -> &str {
            "lengths"
        }

        fn dimensions(&self) -> usize {
            2
        }

        fn at_once(&self) -> usize {
            2
        }

        fn encode(&self, forms: &[&str]) -> Result<Vec<Halves>, EmbedError> {
            let angle = |form: &&str| form.len() as f32 / 10.0;
            let halves = |angle: f32| vec![half::f16::from_f32(angle.cos()), half::f16::from_f32(angle.sin())];
            self.asked.fetch_add(forms.len(), Ordering::Relaxed);
            Ok(forms.iter().map(|form| halves(angle(form))).collect())
        }

        fn encode_query(&self, form: &str) -> Result<Halves, EmbedError> {
            Ok(self.encode(&[form])?.swap_remove(0))
        }
    }

    #[test]
    fn what_is_late_is_left_and_what_is_known_takes_no_time() {
        let encoder = Arc::new(Lengths::default());
        let comparer = TextComparer::new(encoder.clone());
        let texts = ["four", "fifteen letters", "abc", "four"].map(str::to_owned);
        let (past, later) = (Instant::now(), Instant::now() + Duration::from_secs(3_600));
        assert!(comparer.cosines("five5", &texts, past).unwrap().is_empty());
        let cosines = comparer.cosines("five5", &texts, later).unwrap();
        for (cosine, letters) in cosines.iter().zip([4.0_f32, 15.0, 3.0, 4.0]) {
            assert!((cosine - ((letters - 5.0) / 10.0).cos()).abs() < 1e-3, "{cosines:?}");
        }
        let asked = encoder.asked.load(Ordering::Relaxed);
        assert_eq!(comparer.cosines("five5", &texts, past).unwrap(), cosines);
        let further = [&texts[..2], &["another".to_owned()], &texts[2..]].concat();
        assert_eq!(comparer.cosines("five5", &further, past).unwrap(), cosines[..2], "who is known after a gap waits");
        assert_eq!(encoder.asked.load(Ordering::Relaxed), asked);
    }
}
