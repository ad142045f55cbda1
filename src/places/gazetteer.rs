//! The gazetteer: what is known of a place, and who bears a name.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::OnceLock;

use fst::automaton::{Automaton, Str};
use fst::{IntoStreamer, Streamer};

use super::countries::{Area, Countries};
use super::format::{Bearer, Record, Tables, decode};
use super::pack::ALTERNATE_SHARE;
use super::{Coordinates, CountryCode, PlacesError};
use crate::text::TokenList;

/// Digits of the content's hash that make the version.
const VERSION_DIGITS: usize = 8;

/// A place of the gazetteer, by its number: the most populous is 0. Stable only within one version of the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub(super) u32);

/// What the gazetteer knows of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place<'g> {
    /// Its number.
    pub id: PlaceId,
    /// GeoNames' number.
    pub geonames_id: u32,
    /// GeoNames' main name: "Milan".
    pub name: &'g str,
    /// The country.
    pub country: CountryCode,
    /// GeoNames' code of the first administrative division: "09", "TX". Empty where there is none.
    pub region: &'g str,
    /// Its middle.
    pub coordinates: Coordinates,
    /// The number of people.
    pub population: u32,
}

/// The place that a name stands for, and the others that it could stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The one of those that fit that has the strongest claim to the name.
    pub place: PlaceId,
    /// The others of that name, by falling claim, then by number.
    pub others: Vec<PlaceId>,
}

impl Resolved {
    /// `None` of nobody.
    pub(super) fn of(bearers: &[Bearer]) -> Option<Self> {
        let mut places = bearers.iter().map(|bearer| PlaceId(bearer.place()));
        Some(Self { place: places.next()?, others: places.collect() })
    }
}

/// Places, their names, and the names of countries. Immutable, without locks.
pub struct Gazetteer {
    version: String,
    tables: Tables,
    pub(super) countries: Countries,
}

impl Gazetteer {
    /// The gazetteer that is compiled in; unpacked on first use.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Gazetteer> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            let packed = include_bytes!("../../indexes/places/gazetteer.zst");
            Self::decode(packed).expect("the gazetteer that is compiled in is tested")
        })
    }

    /// Reads a gazetteer that [`super::pack`] gave.
    ///
    /// # Errors
    ///
    /// [`PlacesError::Packed`] and [`PlacesError::Names`] where it is damaged.
    pub fn decode(packed: &[u8]) -> Result<Self, PlacesError> {
        let (tables, mut version) = decode(packed)?;
        version.truncate(VERSION_DIGITS);
        Ok(Self { version, tables, countries: Countries::read() })
    }

    /// Names the content of the gazetteer: eight hexadecimal digits of its hash. Numbers of places of different versions
    /// must not be compared.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The number of places.
    pub fn len(&self) -> usize {
        self.tables.places.len()
    }

    /// Whether there is no place.
    pub fn is_empty(&self) -> bool {
        self.tables.places.is_empty()
    }

    /// What is known of a place. `None` where another version of the gazetteer gave the number.
    pub fn place(&self, id: PlaceId) -> Option<Place<'_>> {
        let at = id.0 as usize;
        let record = self.tables.places.get(at)?;
        let name_start = at.checked_sub(1).map_or(0, |before| self.tables.places[before].name_end as usize);
        Some(Place {
            id,
            geonames_id: record.geonames_id,
            name: self.tables.main_names.get(name_start..record.name_end as usize)?,
            country: record.country,
            region: self.region(record),
            coordinates: record.coordinates()?,
            population: record.population,
        })
    }

    fn region(&self, record: &Record) -> &str {
        &self.tables.regions[usize::from(record.region)]
    }

    /// The place of a number of GeoNames.
    pub(super) fn by_geonames_id(&self, geonames_id: u32) -> Option<PlaceId> {
        let at = self.tables.places.iter().position(|record| record.geonames_id == geonames_id)?;
        Some(PlaceId(at as u32))
    }

    /// Those that bear a folded name, by falling claim.
    pub(super) fn bearers(&self, folded: &str) -> &[Bearer] {
        self.tables.names.get(folded).map_or(&[], |name| self.bearers_of(name))
    }

    fn bearers_of(&self, name: u64) -> &[Bearer] {
        let at = name as usize;
        let ends = &self.tables.bearer_ends;
        let start = at.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |end| *end as usize);
        ends.get(at).and_then(|end| self.tables.bearers.get(start..*end as usize)).unwrap_or_default()
    }

    /// Those that a name means where nothing narrows it down. The name of a country or region means the country or region:
    /// of the places, those stay that lie in it ("Luxembourg"), and those that the name was given to by hand ("Granada").
    pub(super) fn meant(&self, folded: &str, mut bearers: Vec<Bearer>) -> Vec<Bearer> {
        let areas = self.countries.areas_named(folded);
        if !areas.is_empty() {
            bearers.retain(|bearer| bearer.is_by_hand() || areas.iter().any(|area| self.lies_in(*bearer, *area)));
        }
        bearers
    }

    /// Whether a place lies in a country or region.
    pub(super) fn lies_in(&self, bearer: Bearer, area: Area) -> bool {
        let record = &self.tables.places[bearer.place() as usize];
        record.country == area.country && area.region.is_none_or(|region| self.region(record) == region)
    }

    /// Whether GeoNames' code of a place's region is this one, in any case.
    pub(super) fn has_region(&self, bearer: Bearer, code: &str) -> bool {
        self.region(&self.tables.places[bearer.place() as usize]).eq_ignore_ascii_case(code)
    }

    /// The longest run of exact tokens from `from` on that is a name of a place: how many tokens, and what it stands for.
    /// Where that name means a country or region, there is none. Short and common words are names too ("of" is a town in
    /// Turkey): the caller decides where a place may stand.
    pub fn longest_name<T: AsRef<str>>(&self, tokens: &[T], from: usize) -> Option<(usize, Resolved)> {
        let (length, name) = self.tables.names.longest(tokens, from)?;
        let folded: Vec<&str> = tokens[from..from + length].iter().map(AsRef::as_ref).collect();
        let meant = self.meant(&folded.join(" "), self.bearers_of(name).to_vec());
        Some((length, Resolved::of(&meant)?))
    }

    /// Places of which a name begins so, folded, by falling claim to that name (see [`super::pack`]), then by number; at most
    /// `limit`. The fewer letters, the longer it takes: a few milliseconds for one.
    pub fn starting_with(&self, prefix: &str, limit: usize) -> Vec<PlaceId> {
        let prefix = TokenList::of(prefix).joined();
        let mut claims: HashMap<u32, u64> = HashMap::new();
        let mut names = self.tables.names.map().search(Str::new(&prefix).starts_with()).into_stream();
        while let Some((_, name)) = names.next() {
            for bearer in self.bearers_of(name) {
                let population = u64::from(self.tables.places[bearer.place() as usize].population);
                let claim = if bearer.is_main() { population * ALTERNATE_SHARE } else { population };
                let strongest = claims.entry(bearer.place()).or_default();
                *strongest = claim.max(*strongest);
            }
        }
        let mut places: Vec<(u32, u64)> = claims.into_iter().collect();
        places.sort_unstable_by_key(|(place, claim)| (Reverse(*claim), *place));
        places.into_iter().take(limit).map(|(place, _)| PlaceId(place)).collect()
    }

    /// A country's code by its code of two or three letters, or by its name in any known language: "Italia", "UK".
    pub fn country(&self, text: &str) -> Option<CountryCode> {
        self.countries.country(text)
    }

    /// The longest run of exact tokens from `from` on that names a country: how many tokens, and its code. Bare codes of
    /// two letters are no names, but for those that people write as such ("UK").
    pub fn longest_country<T: AsRef<str>>(&self, tokens: &[T], from: usize) -> Option<(usize, CountryCode)> {
        self.countries.longest(tokens, from)
    }

    /// A country's English name.
    pub fn country_name(&self, code: CountryCode) -> Option<&str> {
        self.countries.english(code)
    }
}
