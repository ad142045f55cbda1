//! The network: token ids → a vector.
//!
//! Universal Sentence Encoder multilingual v3 (Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic
//! Retrieval", section 3, the convolutional encoder) with six-bit token vectors, and a linear head of 512 rows; all but the token vectors
//! trained on job titles and skills (tools/model). Input: token ids with their start and end marks. Output: as many numbers as the head has
//! columns, not yet of length one.
//! Invariant: a text's numbers do not depend on the texts computed with it (see [`super::matrix`]).

use std::ops::Range;

use super::EmbedError;
use super::archive::Archive;
use super::matrix::{ByteRows, Matrix, RowPair, Rows, RowsMut};
use super::weights::{Branch, Norm, Weights};

/// Components of a token's vector.
pub(super) const TOKEN: usize = 512;
/// Components of one convolution branch.
pub(super) const BRANCH: usize = 256;
/// Components of the three branches side by side.
pub(super) const BRANCHES: usize = 3 * BRANCH;
/// Components of a token after the convolutions: its own vector, then the branches.
pub(super) const FEATURES: usize = TOKEN + BRANCHES;
/// Components of the dense layers and of the sentence vector.
pub(super) const SENTENCE: usize = 512;
/// Components of the narrow dense layers.
pub(super) const NARROW: usize = 320;

/// The loaded weights and the way through them.
pub(super) struct Network {
    weights: Weights,
}

/// The tokens of several texts, one after the other.
struct Layout {
    texts: Vec<Range<usize>>,
    tokens: usize,
}

impl Network {
    /// Takes the weights out of the two files.
    pub(super) fn new(tokens: &Archive, encoder: &Archive) -> Result<Self, EmbedError> {
        Ok(Self { weights: Weights::new(tokens, encoder)? })
    }

    /// How many token ids there are.
    pub(super) fn token_count(&self) -> usize {
        self.weights.tokens.count()
    }

    /// How many numbers a text gets.
    pub(super) fn components(&self) -> usize {
        self.weights.head.bias.len()
    }

    /// The vectors of several texts, each given by at least one token id below [`Self::token_count`].
    pub(super) fn forward(&self, texts: &[&[u32]]) -> Vec<Vec<f32>> {
        let layout = Layout::new(texts);
        let mut features = self.token_features(texts, &layout);
        self.convolve(&layout, &mut features);
        let mut sums = self.summed(&layout, &mut features);
        for (sum, text) in sums.chunks_exact_mut(SENTENCE).zip(&layout.texts) {
            let root = (text.len() as f32).sqrt();
            sum.iter_mut().for_each(|value| *value /= root);
        }
        let sentences = self.sentences(&sums, texts.len());
        let (mut vectors, columns) = (repeated(&self.weights.head.bias, texts.len()), self.components());
        multiply(&self.weights.head.weights, &sentences, SENTENCE, &mut vectors, columns);
        vectors.chunks_exact(columns).map(<[f32]>::to_vec).collect()
    }

    /// One row of [`FEATURES`] a token: the token's vector, then room for the branches.
    fn token_features(&self, texts: &[&[u32]], layout: &Layout) -> Vec<f32> {
        let mut features = vec![0.0; layout.tokens * FEATURES];
        let ids = texts.iter().flat_map(|text| text.iter());
        for (row, id) in features.chunks_exact_mut(FEATURES).zip(ids) {
            self.weights.tokens.write(*id, &mut row[..TOKEN]);
        }
        features
    }

    /// Fills the branches' columns of `features`.
    fn convolve(&self, layout: &Layout, features: &mut [f32]) {
        let mut input = repeated(&self.weights.projection_bias, layout.tokens);
        let tokens = ByteRows::of(Rows { values: features, stride: FEATURES, column: 0 }, TOKEN);
        let output = RowsMut { values: &mut input, stride: BRANCHES, column: 0 };
        self.weights.projection.multiply_add(&layout.shifted(0), &tokens, output);
        input.chunks_exact_mut(BRANCHES).for_each(|row| self.weights.projection_norm.apply(row, self.weights.epsilon));

        let mut hidden = vec![0.0; layout.tokens * BRANCHES];
        for (branch, column) in self.weights.branches.iter().zip((0..).step_by(BRANCH)) {
            branch.first(layout, &input, &mut hidden, column);
            branch.second(layout, &hidden, features, column);
        }
    }

    /// The sum of each text's normalised features, through the first dense layer.
    fn summed(&self, layout: &Layout, features: &mut [f32]) -> Vec<f32> {
        let mut sums = vec![0.0; layout.texts.len() * FEATURES];
        let mut output = Vec::with_capacity(layout.texts.len() * SENTENCE);
        for (text, sum) in layout.texts.iter().zip(sums.chunks_exact_mut(FEATURES)) {
            for row in features[text.start * FEATURES..text.end * FEATURES].chunks_exact_mut(FEATURES) {
                self.weights.feature_norm.apply(row, self.weights.epsilon);
                sum.iter_mut().zip(&*row).for_each(|(sum, value)| *sum += value);
            }
            output.extend(self.weights.sum_bias.iter().map(|bias| bias * text.len() as f32));
        }
        multiply(&self.weights.sum, &sums, FEATURES, &mut output, SENTENCE);
        output
    }

    /// The dense layers: summed features → sentence vectors of length one.
    fn sentences(&self, sums: &[f32], texts: usize) -> Vec<f32> {
        let dense = &self.weights.dense;
        let mut narrow = vec![0.0; texts * NARROW];
        multiply(&dense.d0, sums, SENTENCE, &mut narrow, NARROW);
        rectify(&mut narrow);
        let mut middle = vec![0.0; texts * NARROW];
        multiply(&dense.p1, sums, SENTENCE, &mut middle, NARROW);
        multiply(&dense.d1, &narrow, NARROW, &mut middle, NARROW);
        rectify(&mut middle);
        let mut wide = vec![0.0; texts * SENTENCE];
        multiply(&dense.d2, &middle, NARROW, &mut wide, SENTENCE);
        rectify(&mut wide);
        let mut sentences = vec![0.0; texts * SENTENCE];
        multiply(&dense.p3, &middle, NARROW, &mut sentences, SENTENCE);
        multiply(&dense.d3, &wide, SENTENCE, &mut sentences, SENTENCE);
        for sentence in sentences.chunks_exact_mut(SENTENCE) {
            sentence.iter_mut().for_each(|value| *value = value.tanh());
            let length = lane_sum(sentence, |value| value * value).sqrt();
            sentence.iter_mut().for_each(|value| *value /= length);
        }
        sentences
    }
}

impl Branch {
    /// `relu(window(input) · w1 + b1) + input`.
    fn first(&self, layout: &Layout, input: &[f32], hidden: &mut [f32], column: usize) {
        fill_columns(hidden, BRANCHES, column, &self.first_bias);
        let rows = ByteRows::of(Rows { values: input, stride: BRANCHES, column }, BRANCH);
        for (offset, weights) in self.first.iter().enumerate() {
            let output = RowsMut { values: hidden, stride: BRANCHES, column };
            weights.multiply_add(&layout.shifted(offset as isize - self.left), &rows, output);
        }
        for (row, own) in hidden.chunks_exact_mut(BRANCHES).zip(input.chunks_exact(BRANCHES)) {
            rectify_and_add(&mut row[column..column + BRANCH], &own[column..column + BRANCH]);
        }
    }

    /// `relu(window(hidden) · w2 + b2) + hidden`, into the features' columns.
    fn second(&self, layout: &Layout, hidden: &[f32], features: &mut [f32], column: usize) {
        let target = TOKEN + column;
        fill_columns(features, FEATURES, target, &self.second_bias);
        let rows = ByteRows::of(Rows { values: hidden, stride: BRANCHES, column }, BRANCH);
        for (offset, weights) in self.second.iter().enumerate() {
            let output = RowsMut { values: features, stride: FEATURES, column: target };
            weights.multiply_add(&layout.shifted(offset as isize - self.left), &rows, output);
        }
        for (row, own) in features.chunks_exact_mut(FEATURES).zip(hidden.chunks_exact(BRANCHES)) {
            rectify_and_add(&mut row[target..target + BRANCH], &own[column..column + BRANCH]);
        }
    }
}

impl Layout {
    fn new(texts: &[&[u32]]) -> Self {
        let mut tokens = 0;
        let place = |text: &&[u32]| {
            let start = tokens;
            tokens += text.len();
            start..tokens
        };
        let texts = texts.iter().map(place).collect();
        Self { texts, tokens }
    }

    /// Each token with its neighbour `shift` places on, as (neighbour, token), where the text has such a neighbour.
    fn shifted(&self, shift: isize) -> Vec<RowPair> {
        let in_text = |text: &Range<usize>| {
            let (text, end) = (text.clone(), text.end);
            let neighbour = move |token: usize| token.checked_add_signed(shift).map(|other| (other, token));
            let start = text.start;
            text.filter_map(neighbour).filter(move |(other, _)| (start..end).contains(other))
        };
        self.texts.iter().flat_map(in_text).collect()
    }
}

impl Norm {
    /// Layer normalisation of one row (Ba, Kiros, Hinton 2016).
    fn apply(&self, row: &mut [f32], epsilon: f32) {
        let count = row.len() as f32;
        let mean = lane_sum(row, |value| value) / count;
        let variance = lane_sum(row, |value| (value - mean) * (value - mean)) / count;
        let scale = 1.0 / (variance + epsilon).sqrt();
        for ((value, gain), bias) in row.iter_mut().zip(&self.gain).zip(&self.bias) {
            *value = (*value - mean) * scale * gain + bias;
        }
    }
}

/// Dense rows times a matrix, added to dense rows.
fn multiply(weights: &Matrix, input: &[f32], from: usize, output: &mut [f32], to: usize) {
    let pairs: Vec<RowPair> = (0..output.len() / to).map(|row| (row, row)).collect();
    let input = ByteRows::of(Rows { values: input, stride: from, column: 0 }, from);
    weights.multiply_add(&pairs, &input, RowsMut { values: output, stride: to, column: 0 });
}

fn repeated(row: &[f32], times: usize) -> Vec<f32> {
    row.repeat(times)
}

fn fill_columns(values: &mut [f32], stride: usize, column: usize, row: &[f32]) {
    values.chunks_exact_mut(stride).for_each(|wide| wide[column..column + row.len()].copy_from_slice(row));
}

fn rectify(values: &mut [f32]) {
    values.iter_mut().for_each(|value| *value = value.max(0.0));
}

fn rectify_and_add(values: &mut [f32], own: &[f32]) {
    values.iter_mut().zip(own).for_each(|(value, own)| *value = value.max(0.0) + own);
}

/// A sum over sixteen running sums, which vector instructions can carry side by side; the order is fixed.
fn lane_sum(values: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<16>();
    let mut lanes = [0.0f32; 16];
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, value)| *lane += term(*value));
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|value| term(*value)).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_stay_inside_their_text() {
        let layout = Layout::new(&[&[1, 7, 2], &[1, 2]]);
        assert_eq!(layout.shifted(0), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)]);
        assert_eq!(layout.shifted(1), [(1, 0), (2, 1), (4, 3)]);
        assert_eq!(layout.shifted(-2), [(0, 2)]);
    }

    #[test]
    fn layer_norm_gives_mean_and_deviation() {
        let norm = Norm { gain: vec![2.0; 40], bias: vec![1.0; 40] };
        let mut row: Vec<f32> = (0..40).map(|value| value as f32).collect();
        norm.apply(&mut row, 1e-12);
        let mean = row.iter().sum::<f32>() / 40.0;
        let deviation = (row.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / 40.0).sqrt();
        assert!((mean - 1.0).abs() < 1e-5 && (deviation - 2.0).abs() < 1e-5);
    }
}
