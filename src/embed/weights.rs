//! The network's weights, taken out of the model's files with every type and shape checked.
//!
//! Names are those of the published model, except `table`: the rows of token ids with the same remainder by
//! [`CLASSES`] share a scale, and are stored together as `table_by_class` (a class compresses better than the mixture).

use rayon::prelude::*;
use safetensors::Dtype;

use super::EmbedError;
use super::archive::Archive;
use super::matrix::Matrix;
use super::network::{BRANCH, BRANCHES, FEATURES, NARROW, SENTENCE, TOKEN};
use crate::simd::columns::COLUMNS;

/// Token ids with the same remainder by this number share scale and offset.
pub(super) const CLASSES: usize = 17;

/// The token vectors' name in the packed file.
pub(super) const TABLE: &str = "table_by_class";

/// The matrix of the head; its columns are the components of what leaves the network, in multiples of [`COLUMNS`].
pub(super) const HEAD: &str = "job_head.W";

/// Number of neighbours in each branch's window, and how many of them precede the token.
const WINDOWS: [(usize, isize); 3] = [(2, 0), (3, 1), (5, 2)];

/// All of the network.
pub(super) struct Weights {
    pub(super) tokens: TokenVectors,
    pub(super) projection: Matrix,
    pub(super) projection_bias: Vec<f32>,
    pub(super) projection_norm: Norm,
    pub(super) branches: Vec<Branch>,
    pub(super) feature_norm: Norm,
    pub(super) sum: Matrix,
    pub(super) sum_bias: Vec<f32>,
    pub(super) dense: Dense,
    pub(super) head: Head,
    pub(super) epsilon: f32,
}

/// Gain and bias of a layer normalisation.
pub(super) struct Norm {
    pub(super) gain: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// Two convolutions of one window; one matrix for each place in it.
pub(super) struct Branch {
    pub(super) left: isize,
    pub(super) first: Vec<Matrix>,
    pub(super) first_bias: Vec<f32>,
    pub(super) second: Vec<Matrix>,
    pub(super) second_bias: Vec<f32>,
}

/// The dense layers after the sum, by their published names.
pub(super) struct Dense {
    pub(super) d0: Matrix,
    pub(super) d1: Matrix,
    pub(super) d2: Matrix,
    pub(super) d3: Matrix,
    pub(super) p1: Matrix,
    pub(super) p3: Matrix,
}

/// The linear map from sentence vectors to job vectors.
pub(super) struct Head {
    pub(super) weights: Matrix,
    pub(super) bias: Vec<f32>,
}

/// Six-bit token vectors: `value · scale + offset`, scale and offset by class.
pub(super) struct TokenVectors {
    /// Rows of [`TOKEN`] values, four of them in three bytes.
    table: Vec<[u8; 3]>,
    class_starts: [usize; CLASSES],
    scales: Vec<f32>,
    offsets: Vec<f32>,
}

impl Weights {
    pub(super) fn new(tokens: &Archive, encoder: &Archive) -> Result<Self, EmbedError> {
        let names = |stem: &str| WINDOWS.map(|(window, _)| format!("{stem}{window}"));
        let projections = names("proj").map(|name| matrix(encoder, &name, [TOKEN, BRANCH]));
        let epsilon = encoder.floats("eps", &[1])?[0];
        Ok(Self {
            projection: Matrix::beside(projections.into_iter().collect::<Result<Vec<_>, _>>()?),
            projection_bias: joined(encoder, names("proj_b"))?,
            projection_norm: Norm { gain: joined(encoder, names("ln_g"))?, bias: joined(encoder, names("ln_b"))? },
            branches: WINDOWS.iter().map(|window| Branch::new(encoder, *window)).collect::<Result<_, _>>()?,
            feature_norm: Norm {
                gain: encoder.floats("ln_g", &[FEATURES])?,
                bias: encoder.floats("ln_b", &[FEATURES])?,
            },
            sum: matrix(encoder, "cnn_W", [FEATURES, SENTENCE])?,
            sum_bias: encoder.floats("cnn_b", &[SENTENCE])?,
            dense: Dense::new(encoder)?,
            head: Head::new(encoder)?,
            epsilon,
            tokens: TokenVectors::new(tokens)?,
        })
    }
}

impl Branch {
    fn new(encoder: &Archive, (window, left): (usize, isize)) -> Result<Self, EmbedError> {
        let convolution = |name: String| -> Result<Vec<Matrix>, EmbedError> {
            let values = encoder.brain_floats(&name, &[window * BRANCH, BRANCH])?;
            Ok(values.chunks_exact(BRANCH * BRANCH).map(|place| Matrix::pack(place, BRANCH)).collect())
        };
        Ok(Self {
            left,
            first: convolution(format!("w1_{window}"))?,
            first_bias: encoder.floats(&format!("b1_{window}"), &[BRANCH])?,
            second: convolution(format!("w2_{window}"))?,
            second_bias: encoder.floats(&format!("b2_{window}"), &[BRANCH])?,
        })
    }
}

impl Dense {
    fn new(encoder: &Archive) -> Result<Self, EmbedError> {
        Ok(Self {
            d0: matrix(encoder, "d0", [SENTENCE, NARROW])?,
            d1: matrix(encoder, "d1", [NARROW, NARROW])?,
            d2: matrix(encoder, "d2", [NARROW, SENTENCE])?,
            d3: matrix(encoder, "d3", [SENTENCE, SENTENCE])?,
            p1: matrix(encoder, "p1", [SENTENCE, NARROW])?,
            p3: matrix(encoder, "p3", [NARROW, SENTENCE])?,
        })
    }
}

impl Head {
    fn new(encoder: &Archive) -> Result<Self, EmbedError> {
        let columns = encoder.shape(HEAD)?.last().copied().unwrap_or(0);
        if columns == 0 || !columns.is_multiple_of(COLUMNS) {
            return Err(encoder.misfit(HEAD));
        }
        Ok(Self {
            weights: matrix(encoder, HEAD, [SENTENCE, columns])?,
            bias: encoder.floats("job_head.b", &[columns])?,
        })
    }
}

impl TokenVectors {
    fn new(tokens: &Archive) -> Result<Self, EmbedError> {
        let rows = *tokens.shape(TABLE)?.first().ok_or_else(|| tokens.misfit(TABLE))?;
        let (scales, offsets) = (tokens.floats("scale", &[CLASSES])?, tokens.floats("lo", &[CLASSES])?);
        let values = tokens.bytes(TABLE, Dtype::U8, &[rows, TOKEN])?.as_chunks().0;
        let are_six_bits = values.par_iter().all(|four: &[u8; 4]| four.iter().all(|value| *value < 1 << 6));
        if !are_six_bits {
            return Err(tokens.misfit(TABLE));
        }
        let table = values.par_iter().map(|four| four_in_three(*four)).collect();
        Ok(Self { table, class_starts: class_starts(rows), scales, offsets })
    }

    pub(super) fn count(&self) -> usize {
        self.table.len() / (TOKEN / 4)
    }

    /// Writes the vector of a token below [`Self::count`].
    pub(super) fn write(&self, id: u32, target: &mut [f32]) {
        let (class, place) = (id as usize % CLASSES, id as usize / CLASSES);
        let (scale, offset) = (self.scales[class], self.offsets[class]);
        let row = &self.table[(self.class_starts[class] + place) * (TOKEN / 4)..][..TOKEN / 4];
        for (target, three) in target.as_chunks_mut::<4>().0.iter_mut().zip(row) {
            *target = four_of_three(*three).map(|value| f32::from(value) * scale + offset);
        }
    }
}

/// Four values of six bits in three bytes: the first at the lowest bits.
fn four_in_three([a, b, c, d]: [u8; 4]) -> [u8; 3] {
    [a | b << 6, b >> 2 | c << 4, c >> 4 | d << 2]
}

/// What [`four_in_three`] took.
fn four_of_three([a, b, c]: [u8; 3]) -> [u8; 4] {
    [a, a >> 6 | b << 2, b >> 4 | c << 4, c >> 2].map(|value| value & 0x3f)
}

/// The row at which each class begins in a table ordered by class, then id.
pub(super) fn class_starts(rows: usize) -> [usize; CLASSES] {
    let mut start = 0;
    std::array::from_fn(|class| {
        let here = start;
        start += (rows + CLASSES - 1 - class) / CLASSES;
        here
    })
}

fn matrix(archive: &Archive, name: &str, shape: [usize; 2]) -> Result<Matrix, EmbedError> {
    Ok(Matrix::pack(&archive.brain_floats(name, &shape)?, shape[1]))
}

fn joined(archive: &Archive, names: [String; 3]) -> Result<Vec<f32>, EmbedError> {
    let mut whole = Vec::with_capacity(BRANCHES);
    for name in names {
        whole.extend(archive.floats(&name, &[BRANCH])?);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_values_of_six_bits_come_back_from_three_bytes() {
        for values in [[0, 0, 0, 0], [63, 0, 0, 0], [0, 63, 0, 0], [0, 0, 63, 0], [0, 0, 0, 63], [1, 34, 59, 17]] {
            assert_eq!(four_of_three(four_in_three(values)), values);
        }
    }

    #[test]
    fn every_row_of_the_table_belongs_to_one_class() {
        for rows in [1, 16, 17, 18, 40, 128_010] {
            let starts = class_starts(rows);
            let mut places: Vec<usize> = (0..rows).map(|id| starts[id % CLASSES] + id / CLASSES).collect();
            places.sort_unstable();
            assert!(places.iter().copied().eq(0..rows), "{rows} rows");
        }
    }
}
