//! The built-in model.
//!
//! Input: any text. Output: a [`UnitVector`] of 256 components, whose cosine says how near two titles, skills or queries
//! are in meaning, in the 16 languages of the published model and the further ones whose titles it was trained on, and a little how alike
//! they are spelt.
//! Invariant: every vector that leaves here was rounded to half precision and brought back to length one, so a vector out
//! of the cache equals a fresh one to the bit; and a text's vector is the same whether it was embedded alone or in a batch.

use std::borrow::Cow;
use std::fs;
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::archive::Archive;
use super::canonical::canonical;
use super::encoder::{Halves, rounded};
use super::network::Network;
use super::spelling::{self, Spelling};
use super::tokenizer::Tokenizer;
use super::vector::length;
use super::{EmbedError, UnitVector};
use crate::text;

pub(super) const TOKENS: &str = "tokens.safetensors.zst";
pub(super) const ENCODER: &str = "encoder.safetensors.zst";
pub(super) const TOKENIZER: &str = "tokenizer.safetensors.zst";
pub(super) const DESCRIPTION: &str = "model.json";

/// Tokens that go through the network together: enough to use each weight often, few enough to stay in cache.
const CHUNK_TOKENS: usize = 64;

/// A text of more words is no title, and titles are what the network was trained on: it is read in parts of so many words as titles have, and
/// its meaning is the mean of theirs.
const LONGEST_WHOLE: usize = 16;
const PART_WORDS: usize = 8;

/// Parts of a text that are read; what comes behind them is left out.
const MOST_PARTS: usize = 32;

/// The share of a text's letters that must stand in known words or parts of words for its vector to mean anything: Greek, Hebrew,
/// Devanagari, Georgian, Armenian and Vietnamese have less, the languages of the model more.
const LEAST_KNOWN: f32 = 0.4;

/// Names how vectors are computed of a model's files: whoever computes them otherwise changes it, so that old vectors are not compared
/// with new ones.
const ARITHMETIC: &str = "int8-spelt1-parts1";

/// What `model.json` says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Description {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) dimensions: usize,
}

/// A loaded model. Immutable, without locks, about 65 MB.
pub struct Model {
    description: Description,
    tokenizer: Tokenizer,
    network: Network,
    spelling: Option<Spelling>,
}

/// The four files of a model.
struct Files {
    tokens: Cow<'static, [u8]>,
    encoder: Cow<'static, [u8]>,
    tokenizer: Cow<'static, [u8]>,
    description: Cow<'static, [u8]>,
}

impl Model {
    /// The model that is compiled into the binary.
    ///
    /// # Errors
    ///
    /// None that a built binary can meet: its files are tested.
    pub fn built_in() -> Result<Self, EmbedError> {
        Self::load(&Files {
            tokens: include_bytes!("../../indexes/model/tokens.safetensors.zst").into(),
            encoder: include_bytes!("../../indexes/model/encoder.safetensors.zst").into(),
            tokenizer: include_bytes!("../../indexes/model/tokenizer.safetensors.zst").into(),
            description: include_bytes!("../../indexes/model/model.json").into(),
        })
    }

    /// The model in the folder `model` of an `--indexes` folder.
    ///
    /// # Errors
    ///
    /// [`EmbedError::File`] where a file is missing; other kinds where one is damaged or of another architecture.
    pub fn from_dir(indexes: &Path) -> Result<Self, EmbedError> {
        let read = |file: &str| {
            let path = indexes.join("model").join(file);
            fs::read(&path).map(Cow::Owned).map_err(|source| EmbedError::File { path, source })
        };
        Self::load(&Files {
            tokens: read(TOKENS)?,
            encoder: read(ENCODER)?,
            tokenizer: read(TOKENIZER)?,
            description: read(DESCRIPTION)?,
        })
    }

    fn load(files: &Files) -> Result<Self, EmbedError> {
        let description: Description = serde_json::from_slice(&files.description)
            .map_err(|source| EmbedError::Json { file: DESCRIPTION, source })?;
        let version = format!("{}-{ARITHMETIC}-{}", description.version, text::one_gender_version());
        let description = Description { version, ..description };
        let tokenizer = || Tokenizer::new(&Archive::unpack(TOKENIZER, &files.tokenizer)?);
        let network = || -> Result<_, EmbedError> {
            let encoder = Archive::unpack(ENCODER, &files.encoder)?;
            Ok((Network::new(&Archive::unpack(TOKENS, &files.tokens)?, &encoder)?, Spelling::new(&encoder)?))
        };
        let (tokenizer, network) = rayon::join(tokenizer, network);
        let (tokenizer, (network, spelling)) = (tokenizer?, network?);
        let misfit = |file, tensor: &str| Err(EmbedError::Shape { file, tensor: tensor.to_owned() });
        if tokenizer.token_count() > network.token_count() {
            return misfit(TOKENIZER, "scores");
        }
        let of_spelling = spelling.as_ref().map_or(0, |_| spelling::COMPONENTS);
        if description.dimensions != network.components() + of_spelling {
            return misfit(DESCRIPTION, "dimensions");
        }
        Ok(Self { description, tokenizer, network, spelling })
    }

    /// The name of the published model.
    pub fn name(&self) -> &str {
        &self.description.name
    }

    /// Names the model and its content. Vectors of different versions must not be compared.
    pub fn version(&self) -> &str {
        &self.description.version
    }

    /// The number of components of every vector.
    pub fn dimensions(&self) -> usize {
        self.description.dimensions
    }

    /// The vector of a text's [canonical form](canonical). Blank text has a vector too, which means nothing.
    /// What exceeds [`super::MAX_PIECES`] pieces is left out.
    ///
    /// # Errors
    ///
    /// [`EmbedError::NoDirection`] where the weights are broken; never because of the text.
    pub fn embed(&self, text: &str) -> Result<UnitVector, EmbedError> {
        Ok(UnitVector::from_halves(&self.halves_of_one(&canonical(text))?)?)
    }

    /// A text as the built-in model reads it: its canonical form, with one form of a title for women and men.
    pub fn reads_as(text: &str) -> String {
        text::in_one_gender(&canonical(text)).into_owned()
    }

    /// The half-precision vector of a text that is canonical already, on this thread.
    pub(super) fn halves_of_one(&self, form: &str) -> Result<Halves, EmbedError> {
        let read = text::in_one_gender(form);
        let ids: Vec<Vec<u32>> = parts(&read).into_iter().map(|part| self.tokenizer.ids(part)).collect();
        let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
        let meanings = chunks(&ids).into_iter().flat_map(|chunk| self.network.forward(&ids[chunk])).collect();
        rounded(self.spelt(mean(meanings), &read))
    }

    /// Whether the model knows the script of a text: it sees words or parts of them, not single letters. A text without letters is read.
    pub fn reads(&self, text: &str) -> bool {
        text.is_ascii() || self.tokenizer.known_share(&canonical(text)) >= LEAST_KNOWN
    }

    /// How many token ids the network reads for a text, the start and end marks included.
    pub fn token_count(&self, text: &str) -> usize {
        self.tokenizer.ids(&text::in_one_gender(&canonical(text))).len()
    }

    /// The half-precision vectors of texts that are canonical already.
    pub(super) fn halves(&self, texts: &[&str]) -> Result<Vec<Halves>, EmbedError> {
        let read: Vec<Cow<'_, str>> = texts.par_iter().map(|text| text::in_one_gender(text)).collect();
        let parts: Vec<Vec<&str>> = read.iter().map(|read| parts(read)).collect();
        let ids: Vec<Vec<u32>> = parts.par_iter().flatten().map(|part| self.tokenizer.ids(part)).collect();
        let mut meanings = self.raw_vectors(&ids).into_iter();
        let of_texts: Vec<_> = parts.iter().map(|parts| meanings.by_ref().take(parts.len()).collect()).collect();
        let spelt = |(meanings, read): (_, &Cow<'_, str>)| rounded(self.spelt(mean(meanings), read));
        of_texts.into_par_iter().zip(&read).map(spelt).collect()
    }

    /// The network's output for a text, with its spelling beside it.
    fn spelt(&self, meaning: Vec<f32>, read: &str) -> Vec<f32> {
        match &self.spelling {
            Some(spelling) => spelling.beside(meaning, read),
            None => meaning,
        }
    }

    /// The network's output for texts by their token ids.
    pub(super) fn raw_vectors(&self, ids: &[Vec<u32>]) -> Vec<Vec<f32>> {
        let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
        chunks(&ids).into_par_iter().flat_map_iter(|chunk| self.network.forward(&ids[chunk])).collect()
    }

    /// The sum of the runs of letters of a text exactly as it is.
    #[cfg(test)]
    pub(super) fn spelling_of(&self, text: &str) -> Vec<f32> {
        self.spelling.as_ref().map(|spelling| spelling.vector(text).to_vec()).unwrap_or_default()
    }

    /// The token ids of a text exactly as it is.
    #[cfg(test)]
    pub(super) fn token_ids(&self, text: &str) -> Vec<u32> {
        self.tokenizer.ids(text)
    }
}

/// What the network reads of a text at a time.
pub(super) fn parts(read: &str) -> Vec<&str> {
    let starts: Vec<usize> = [0].into_iter().chain(read.match_indices(' ').map(|(at, _)| at + 1)).collect();
    if starts.len() <= LONGEST_WHOLE {
        return vec![read];
    }
    let part =
        |words: &[usize], end: Option<&[usize]>| read[words[0]..end.map_or(read.len(), |next| next[0])].trim_end();
    let words: Vec<&[usize]> = starts.chunks(PART_WORDS).collect();
    (0..words.len().min(MOST_PARTS)).map(|at| part(words[at], words.get(at + 1).copied())).collect()
}

/// The mean of the meanings of a text's parts, each of length one first; of one part it is its own.
fn mean(mut meanings: Vec<Vec<f32>>) -> Vec<f32> {
    if meanings.len() == 1 {
        return meanings.swap_remove(0);
    }
    let mut sum = vec![0.0; meanings.first().map_or(0, Vec::len)];
    for meaning in meanings {
        let length = length(&meaning).max(f32::MIN_POSITIVE);
        sum.iter_mut().zip(meaning).for_each(|(sum, value)| *sum += value / length);
    }
    sum
}

/// Runs of texts with about [`CHUNK_TOKENS`] tokens each, at least one text in each.
fn chunks(texts: &[&[u32]]) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let (mut start, mut tokens) = (0, 0);
    for (at, text) in texts.iter().enumerate() {
        if at > start && tokens + text.len() > CHUNK_TOKENS {
            chunks.push(start..at);
            (start, tokens) = (at, 0);
        }
        tokens += text.len();
    }
    if start < texts.len() {
        chunks.push(start..texts.len());
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_read_in_parts_and_titles_whole() {
        let text = |words: usize| (0..words).map(|word| word.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(parts(""), [""]);
        assert_eq!(parts(&text(LONGEST_WHOLE)), [text(LONGEST_WHOLE)]);
        let long = text(LONGEST_WHOLE + 1);
        let read = parts(&long);
        assert_eq!(read, ["0 1 2 3 4 5 6 7", "8 9 10 11 12 13 14 15", "16"]);
        assert_eq!(parts(&text(10_000)).len(), MOST_PARTS);
    }

    #[test]
    fn the_meaning_of_parts_is_their_mean() {
        assert_eq!(mean(vec![vec![3.0, 4.0]]), [3.0, 4.0]);
        assert_eq!(mean(vec![vec![2.0, 0.0], vec![0.0, 5.0]]), [1.0, 1.0]);
    }

    #[test]
    fn chunks_cover_all_texts_once_and_in_order() {
        let long = vec![0; 100];
        let texts: Vec<&[u32]> = vec![&long, &long[..40], &long[..20], &long[..5], &long, &long[..1]];
        assert_eq!(chunks(&texts), [0..1, 1..3, 3..4, 4..5, 5..6]);
        assert!(chunks(&[]).is_empty());
    }
}
