//! Text → vector.
//!
//! Input: short strings (titles, skills, queries). Output: [`UnitVector`]s of the model's dimension.

mod vector;

pub use vector::{NotAUnitVector, UnitVector};
