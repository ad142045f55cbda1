//! The gazetteer: names → places, distances.
//!
//! Input: what people write of where they are: "Milano (MI)", "Springfield, IL, US", "Greater London", "米兰". Output: a
//! [`Place`] with coordinates, country and population, and the other places that the text could mean. Names are folded by
//! the one analyser. Invariant: [`Gazetteer::resolve`] of [`Gazetteer::label`] is the same place.
//!
//! The data is `indexes/places`, compiled in; nothing is read at run time.

mod coordinates;
mod countries;
mod error;
mod format;
mod gazetteer;
mod pack;
mod resolve;

#[cfg(test)]
mod tests;

pub use coordinates::{Coordinates, read_distance_km};
pub use countries::CountryCode;
pub use error::PlacesError;
pub use gazetteer::{Gazetteer, Place, PlaceId, Resolved};
pub use pack::{Sources, pack};
