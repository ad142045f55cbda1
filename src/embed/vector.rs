//! A vector of length one, finite in every component.

use half::f16;
use thiserror::Error;

/// How far from 1 the Euclidean length of a unit vector may be.
const LENGTH_TOLERANCE: f32 = 1e-3;

/// A vector that was refused: not finite, of length zero, or not of length one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the vector is not finite or not of length one")]
pub struct NotAUnitVector;

/// An embedding: finite components, Euclidean length one. Cosine is the plain dot product.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitVector(Box<[f32]>);

impl UnitVector {
    /// Takes a vector that already has length one (within 0.001).
    pub fn new(values: Vec<f32>) -> Result<Self, NotAUnitVector> {
        let length = length(&values);
        if length.is_finite() && (length - 1.0).abs() <= LENGTH_TOLERANCE {
            Ok(Self(values.into_boxed_slice()))
        } else {
            Err(NotAUnitVector)
        }
    }

    /// Scales a vector to length one. Refuses zero and non-finite vectors.
    pub fn normalize(mut values: Vec<f32>) -> Result<Self, NotAUnitVector> {
        let length = length(&values);
        if !length.is_finite() || length <= f32::EPSILON {
            return Err(NotAUnitVector);
        }
        values.iter_mut().for_each(|value| *value /= length);
        Self::new(values)
    }

    /// Widens a vector stored in half precision and brings it back to length one. Equal halves give equal vectors.
    pub fn from_halves(halves: &[f16]) -> Result<Self, NotAUnitVector> {
        Self::normalize(halves.iter().map(|half| half.to_f32()).collect())
    }

    /// The components.
    pub fn as_slice(&self) -> &[f32] {
        &self.0
    }

    /// The number of components.
    pub fn dimensions(&self) -> usize {
        self.0.len()
    }

    /// Cosine of the angle between two vectors of the same dimension, in [-1, 1].
    pub fn cosine(&self, other: &Self) -> f32 {
        debug_assert_eq!(self.dimensions(), other.dimensions());
        let dot: f32 = self.0.iter().zip(&other.0).map(|(a, b)| a * b).sum();
        dot.clamp(-1.0, 1.0)
    }
}

/// The Euclidean length.
pub(super) fn length(values: &[f32]) -> f32 {
    values.iter().map(|value| value * value).sum::<f32>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_zero_non_finite_and_unscaled_vectors() {
        assert_eq!(UnitVector::normalize(vec![0.0, 0.0]), Err(NotAUnitVector));
        assert_eq!(UnitVector::normalize(vec![f32::NAN, 1.0]), Err(NotAUnitVector));
        assert_eq!(UnitVector::new(vec![2.0, 0.0]), Err(NotAUnitVector));
    }

    #[test]
    fn normalizes_to_length_one() {
        let vector = UnitVector::normalize(vec![3.0, 4.0]).unwrap();
        assert_eq!(vector.as_slice(), [0.6, 0.8]);
        assert!((vector.cosine(&vector) - 1.0).abs() < 1e-6);
    }
}
