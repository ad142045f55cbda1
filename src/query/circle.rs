//! Circles around places: `near:"Milano"~50km`.

use std::fmt::{self, Display, Formatter};

use crate::candidate::WishedPlace;
use crate::places::{Coordinates, Gazetteer, Place, PlaceId, Resolved};

/// The radius where none is asked for, in kilometres.
pub const DEFAULT_RADIUS_KM: f64 = 50.0;

/// The largest radius, in kilometres: half around the earth.
pub const MAX_RADIUS_KM: f64 = 20_000.0;

/// A place and how far around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circle {
    place: PlaceId,
    metres: u32,
}

/// Why a text and a radius make no circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCircle {
    /// No place has that name.
    UnknownPlace,
    /// The radius is not from 0 to [`MAX_RADIUS_KM`].
    Radius,
}

impl Circle {
    /// The circle around the place of a name, and what else the name could stand for.
    ///
    /// # Errors
    ///
    /// [`NoCircle`].
    pub fn around(name: &str, radius_km: Option<f64>) -> Result<(Self, Resolved), NoCircle> {
        let radius = radius_km.unwrap_or(DEFAULT_RADIUS_KM);
        if !(0.0..=MAX_RADIUS_KM).contains(&radius) {
            return Err(NoCircle::Radius);
        }
        let resolved = Gazetteer::built_in().resolve(name, None).ok_or(NoCircle::UnknownPlace)?;
        Ok((Self { place: resolved.place, metres: (radius * 1e3).round() as u32 }, resolved))
    }

    /// The place in the middle; `None` only for a place of another gazetteer.
    pub fn place(&self) -> Option<Place<'static>> {
        Gazetteer::built_in().place(self.place)
    }

    /// How far a point is from the middle, in kilometres.
    pub fn distance_km(&self, point: Coordinates) -> f64 {
        self.place().map_or(f64::INFINITY, |place| place.coordinates.distance_km(point))
    }

    /// Whether a point lies in it, its edge included.
    pub fn contains(&self, point: Coordinates) -> bool {
        self.area().is_some_and(|area| area.contains(point))
    }

    /// The circle on the map, to ask of many points; `None` only for a place of another gazetteer.
    pub fn area(&self) -> Option<Area> {
        Some(Area { middle: self.place()?.coordinates, km: f64::from(self.metres) / 1e3 })
    }

    /// Whether a wished place lies in it: a city of the circle, or the country that its middle is in.
    pub fn admits(&self, wished: &WishedPlace) -> bool {
        match wished {
            WishedPlace::City(point) => point.coordinates().is_some_and(|point| self.contains(point)),
            WishedPlace::Country(_) => self.place().is_some_and(|place| wished.is_country(place.country)),
        }
    }

    /// The circle of so many times the radius.
    #[must_use]
    pub fn widened(self, by: u32) -> Self {
        Self { metres: self.metres.saturating_mul(by).min((MAX_RADIUS_KM * 1e3) as u32), ..self }
    }
}

/// A circle on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    middle: Coordinates,
    km: f64,
}

impl Area {
    /// Whether a point lies in it, its edge included.
    pub fn contains(&self, point: Coordinates) -> bool {
        // A degree of latitude is never less than 110 km: most points need no more than that.
        let degrees = (point.latitude() - self.middle.latitude()).abs();
        degrees * 110.0 <= self.km && self.middle.distance_km(point) <= self.km
    }
}

impl Display for Circle {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let place = Gazetteer::built_in().label(self.place);
        write!(f, "\"{place}\"~{}km", f64::from(self.metres) / 1e3)
    }
}

/// What is said where a name stands for several places; `None` where it stands for one.
pub fn ambiguity(resolved: &Resolved) -> Option<String> {
    let gazetteer = Gazetteer::built_in();
    let others = resolved.others.iter().take(3).map(|place| gazetteer.label(*place)).collect::<Vec<_>>();
    let more = resolved.others.len().saturating_sub(others.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let meant = gazetteer.label(resolved.place);
    (!others.is_empty()).then(|| format!("{meant} is meant; other places of that name: {}{more}", others.join("; ")))
}
