//! Pictures as SVG, drawn on the server: they print, they scale, and they say in words what they show.
//!
//! Invariant: no number is only in a picture; colours come from the style's classes, so that they follow light and dark.

mod bar;
mod career;
mod contributions;
mod events;
mod gains;

pub(super) use bar::bar;
pub(super) use career::{Bar, End, Kind, career};
pub(super) use contributions::contributions;
pub(super) use events::{Moment, events};
pub(super) use gains::gains;
