//! Where somebody lives, and where they wish to.
//!
//! Input: a candidate's words for places. Output: places of the gazetteer. Invariant: a stated country is believed: a city that
//! is in no place of that country is no place.

use serde::{Deserialize, Serialize};

use super::{Availability, Profile};
use crate::places::{Coordinates, CountryCode, Gazetteer, Resolved};

/// A place that somebody wishes to work in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WishedPlace {
    /// A city.
    City(Point),
    /// A whole country.
    Country([u8; 2]),
}

/// Degrees, as an index keeps them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point(f64, f64);

impl Point {
    /// The point of coordinates.
    pub fn of(coordinates: Coordinates) -> Self {
        Self(coordinates.latitude(), coordinates.longitude())
    }

    /// Its coordinates; `None` for numbers that are none.
    pub fn coordinates(self) -> Option<Coordinates> {
        Coordinates::new(self.0, self.1)
    }
}

impl Profile {
    /// The stated country: a code, or a name that is known.
    pub fn country(&self) -> Option<CountryCode> {
        let stated = self.country_code.as_deref()?;
        Gazetteer::built_in().country(stated).or_else(|| CountryCode::new(stated))
    }

    /// The place where the person lives; `None` where the city is not stated or not known.
    pub fn residence(&self) -> Option<Resolved> {
        let city = self.city.as_deref().filter(|city| !city.trim().is_empty())?;
        let country = match &self.country_code {
            Some(_) => Some(self.country()?),
            None => None,
        };
        let gazetteer = Gazetteer::built_in();
        let region = self.region.as_deref().filter(|region| !region.trim().is_empty());
        let with_region = region.and_then(|region| gazetteer.resolve(&format!("{city}, {region}"), country));
        with_region.or_else(|| gazetteer.resolve(city, country))
    }
}

impl Availability {
    /// The wished places that the gazetteer knows.
    pub fn wished_places(&self) -> Vec<WishedPlace> {
        let gazetteer = Gazetteer::built_in();
        let wished = self.open_to_work.iter().flat_map(|open| &open.locations);
        let place = |text: &String| match gazetteer.country(text) {
            Some(code) => Some(WishedPlace::of_country(code)),
            None => {
                let place = gazetteer.place(gazetteer.resolve(text, None)?.place)?;
                Some(WishedPlace::City(Point::of(place.coordinates)))
            }
        };
        wished.filter_map(place).collect()
    }
}

impl WishedPlace {
    fn of_country(code: CountryCode) -> Self {
        let mut letters = [0; 2];
        letters.copy_from_slice(&code.as_str().as_bytes()[..2]);
        Self::Country(letters)
    }

    /// Whether it is this country.
    pub fn is_country(&self, code: CountryCode) -> bool {
        matches!(self, Self::Country(letters) if letters == code.as_str().as_bytes())
    }
}
