//! How a text is spelt, as a few numbers beside what it means.
//!
//! A text as the model reads it → a vector of [`COMPONENTS`] whose cosine with another's is about that of their runs of letters, each
//! weighed by how few labels of occupations and skills have it. Titles that no model knows are still spelt like each other: "Gabelstaplerfahrer"
//! and "Staplerfahrer", a language that it was trained on hardly. Each run adds ones and minus ones that hang on its digest alone, so that the
//! cosines of all texts are kept but for a tenth (Johnson and Lindenstrauss 1984, "Extensions of Lipschitz mappings into a Hilbert space";
//! Achlioptas 2003, "Database-friendly random projections"). `tools/model/spelling.py` is its twin, and the golden vectors hold the two together.
//! Invariant: a word counts once, however often it is said.

use safetensors::Dtype;

use super::EmbedError;
use super::archive::Archive;
use super::vector::length;

/// Components of the vector of a spelling.
pub(super) const COMPONENTS: usize = 96;

/// How much the spelling counts beside the meaning, in the cosine of two texts.
const SHARE: f32 = 0.12;

/// Lengths of the runs, in letters, the marks of a word's ends included.
const SHORTEST: usize = 3;
const LONGEST: usize = 5;

/// Two letters are a run where each of them is a word or a syllable.
const SHORTEST_OF_PICTURES: usize = 2;

/// A text of more different words is no name of something: what it is spelt like says nothing.
const MOST_WORDS: usize = 16;

/// Weights of runs are kept by digest: different ones may share one.
const BUCKETS: usize = 1 << 16;

/// Steps of the stored weights in one.
const STEPS: f32 = 16.0;

/// The name of the weights in the model's file.
pub(super) const TABLE: &str = "spelling";

/// The weights of runs of letters.
pub(super) struct Spelling {
    weights: Vec<u8>,
}

impl Spelling {
    /// Takes the weights out of the file; none where the model has none.
    pub(super) fn new(encoder: &Archive) -> Result<Option<Self>, EmbedError> {
        if !encoder.has(TABLE) {
            return Ok(None);
        }
        Ok(Some(Self { weights: encoder.bytes(TABLE, Dtype::U8, &[BUCKETS])?.to_vec() }))
    }

    /// The meaning of a text that was read, brought to length one, with its spelling beside it.
    pub(super) fn beside(&self, meaning: Vec<f32>, read: &str) -> Vec<f32> {
        let spelt = self.vector(read);
        let (of_meaning, of_spelling) = (inverse_length(&meaning), SHARE.sqrt() * inverse_length(&spelt));
        let meaning = meaning.into_iter().map(|value| value * of_meaning);
        meaning.chain(spelt.iter().map(|value| value * of_spelling)).collect()
    }

    /// The sum of the runs, not yet of length one; nothing where there is no word, or more than a name has.
    pub(super) fn vector(&self, read: &str) -> [f32; COMPONENTS] {
        let mut total = [0.0; COMPONENTS];
        let (mut marked, mut run): (Vec<char>, String) = Default::default();
        for word in distinct_words(read) {
            marked.clear();
            marked.extend(['<'].into_iter().chain(word.chars()).chain(['>']));
            for length in SHORTEST_OF_PICTURES..=LONGEST {
                let runs = marked.windows(length);
                for letters in runs.filter(|letters| length >= SHORTEST || letters.iter().copied().all(is_picture)) {
                    run.clear();
                    run.extend(letters);
                    self.add(&run, &mut total);
                }
            }
        }
        total
    }

    fn add(&self, run: &str, total: &mut [f32; COMPONENTS]) {
        let digest = digest(run.as_bytes());
        let weight = f32::from(self.weights[digest as usize % BUCKETS]) / STEPS;
        let further = mixed(digest.wrapping_add(0x9E37_79B9_7F4A_7C15));
        let (first, rest) = total.split_at_mut(64);
        for (part, bits) in [(first, digest), (rest, further)] {
            for (value, at) in part.iter_mut().zip(0..) {
                let sign = ((bits >> at) as u32 & 1) << 31;
                *value += f32::from_bits(weight.to_bits() ^ sign);
            }
        }
    }
}

/// The words of a text, each once; none where there are more than a name has.
fn distinct_words(read: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    for word in read.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if words.contains(&word) {
            continue;
        }
        if words.len() == MOST_WORDS {
            return Vec::new();
        }
        words.push(word);
    }
    words
}

/// Of a script in which a letter is a word or a syllable.
fn is_picture(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{2ffff}')
}

/// FNV-1a of 64 bits (Fowler, Noll and Vo 1991), mixed.
fn digest(bytes: &[u8]) -> u64 {
    let fold = |bits: u64, byte: &u8| (bits ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
    mixed(bytes.iter().fold(0xCBF2_9CE4_8422_2325, fold))
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

fn inverse_length(values: &[f32]) -> f32 {
    let length = length(values);
    if length > 0.0 { 1.0 / length } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(one: &str, other: &str) -> f32 {
        let spelling = Spelling { weights: vec![16; BUCKETS] };
        let (one, other) = (spelling.vector(one), spelling.vector(other));
        let dot: f32 = one.iter().zip(&other).map(|(a, b)| a * b).sum();
        dot * inverse_length(&one) * inverse_length(&other)
    }

    #[test]
    fn likeness_of_letters_is_likeness_of_vectors() {
        assert!((cosine("staplerfahrer", "staplerfahrer") - 1.0).abs() < 1e-5);
        assert!(cosine("gabelstaplerfahrer", "staplerfahrer") > 0.5);
        assert!(cosine("ápoló", "szakápoló") > 0.3);
        assert!(cosine("staplerfahrer", "zootechnik").abs() < 0.35);
        assert!(cosine("护士", "护士长") > cosine("护士", "厨师长") + 0.15);
    }

    #[test]
    fn a_word_counts_once_and_order_does_not() {
        assert!((cosine("nurse nurse nurse manager", "manager, nurse") - 1.0).abs() < 1e-5);
    }

    #[test]
    fn what_has_no_word_has_no_spelling() {
        let spelling = Spelling { weights: vec![16; BUCKETS] };
        assert_eq!(spelling.vector(" – / "), [0.0; COMPONENTS]);
        let alone = spelling.beside(vec![3.0, 4.0], "");
        assert_eq!(alone[..2], [0.6, 0.8]);
        assert!(alone[2..].iter().all(|value| *value == 0.0));
        let text = |words: usize| (0..words).map(|word| format!("word{word} ")).collect::<String>();
        assert_ne!(spelling.vector(&text(MOST_WORDS)), [0.0; COMPONENTS]);
        assert_eq!(spelling.vector(&text(MOST_WORDS + 1)), [0.0; COMPONENTS]);
    }
}
