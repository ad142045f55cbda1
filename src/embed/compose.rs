//! Composes a vector from others.

use std::sync::Arc;

use super::UnitVector;

/// The weighted mean of unit vectors, scaled to length one; `None` for no vectors or where they cancel out.
pub fn compose<'a>(parts: impl IntoIterator<Item = (&'a Arc<UnitVector>, f32)>) -> Option<UnitVector> {
    let mut sum: Vec<f32> = Vec::new();
    for (vector, weight) in parts {
        if sum.is_empty() {
            sum = vec![0.0; vector.dimensions()];
        }
        for (total, value) in sum.iter_mut().zip(vector.as_slice()) {
            *total += value * weight;
        }
    }
    UnitVector::normalize(sum).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_scaled_weighted_mean() {
        let unit = |values: &[f32]| Arc::new(UnitVector::normalize(values.to_vec()).unwrap());
        let (x, y) = (unit(&[1.0, 0.0]), unit(&[0.0, 1.0]));
        let composed = compose([(&x, 3.0), (&y, 4.0)]).unwrap();
        assert!((composed.as_slice()[0] - 0.6).abs() < 1e-6 && (composed.as_slice()[1] - 0.8).abs() < 1e-6);
        assert_eq!(compose([]), None);
        assert_eq!(compose([(&x, 1.0), (&unit(&[-1.0, 0.0]), 1.0)]), None);
    }
}
