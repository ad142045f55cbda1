//! The packed gazetteer: columns of places, a map of names, who bears each name.
//!
//! [`Tables`] ↔ the sections of a packed file. Invariant: equal tables give equal bytes, and tables that were read hold no
//! number out of range.

use super::{Coordinates, CountryCode, PlacesError};
use crate::{
    packed::{Format, PackedError, Sections, lengths, numbers},
    text::NameMap,
};

/// What every packed gazetteer begins with, and beyond what size none is.
const FORMAT: Format = Format { magic: b"lplaces1", max_unpacked_bytes: 1 << 26 };

/// Degrees are stored in steps of this fraction: GeoNames gives five digits.
const STEPS_PER_DEGREE: f64 = 100_000.0;

/// The columns of all places, by place number, and the names.
pub(super) struct Tables {
    pub(super) places: Vec<Record>,
    /// GeoNames' codes of regions, each once.
    pub(super) regions: Vec<String>,
    /// Main names, one after the other.
    pub(super) main_names: String,
    /// Folded name → its number in `bearer_ends`.
    pub(super) names: NameMap,
    /// Where the bearers of each name end in `bearers`.
    pub(super) bearer_ends: Vec<u32>,
    /// For each name its bearers in order of their claim to it.
    pub(super) bearers: Vec<Bearer>,
}

/// A place that bears a name, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bearer(u32);

impl Bearer {
    const MAIN: u32 = 1 << 31;
    const BY_HAND: u32 = 1 << 30;

    /// A place below 2³⁰; whether the name is a main one of it; whether the name was given to it by hand.
    pub(super) fn new(place: u32, is_main: bool, by_hand: bool) -> Self {
        Self(place | if is_main { Self::MAIN } else { 0 } | if by_hand { Self::BY_HAND } else { 0 })
    }

    /// The number of the place.
    pub(super) fn place(self) -> u32 {
        self.0 & !(Self::MAIN | Self::BY_HAND)
    }

    /// Whether the name counts as a main one of the place; else it is an alternate one.
    pub(super) fn is_main(self) -> bool {
        self.0 & Self::MAIN != 0
    }

    /// Whether the name stands for this place before all others.
    pub(super) fn is_by_hand(self) -> bool {
        self.0 & Self::BY_HAND != 0
    }
}

/// One place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) geonames_id: u32,
    /// Latitude and longitude in steps.
    pub(super) steps: [i32; 2],
    pub(super) population: u32,
    pub(super) country: CountryCode,
    /// Place in `regions`.
    pub(super) region: u16,
    /// Where the main name ends in `main_names`; it begins where the one before ends.
    pub(super) name_end: u32,
}

impl Record {
    /// The coordinates, where they lie on the globe.
    pub(super) fn coordinates(&self) -> Option<Coordinates> {
        let [latitude, longitude] = self.steps.map(|steps| f64::from(steps) / STEPS_PER_DEGREE);
        Coordinates::new(latitude, longitude)
    }

    /// Coordinates as they are stored.
    pub(super) fn steps_of(coordinates: Coordinates) -> [i32; 2] {
        [coordinates.latitude(), coordinates.longitude()].map(|degrees| (degrees * STEPS_PER_DEGREE).round() as i32)
    }
}

/// Packs tables.
pub(super) fn encode(tables: &Tables) -> Result<Vec<u8>, PlacesError> {
    let places = &tables.places;
    let column = |number: fn(&Record) -> u32| numbers(places.iter().map(number));
    let name_ends: Vec<u32> = places.iter().map(|place| place.name_end).collect();
    let sections: [Vec<u8>; 12] = [
        column(|place| place.geonames_id),
        column(|place| place.steps[0].cast_unsigned()),
        column(|place| place.steps[1].cast_unsigned()),
        column(|place| place.population),
        places.iter().flat_map(|place| place.country.as_str().bytes()).collect(),
        column(|place| u32::from(place.region)),
        lengths(&name_ends),
        tables.regions.join("\n").into_bytes(),
        tables.main_names.clone().into_bytes(),
        lengths(&tables.bearer_ends),
        numbers(tables.bearers.iter().map(|bearer| bearer.0)),
        tables.names.map().as_fst().as_bytes().to_vec(),
    ];
    Ok(FORMAT.pack(&sections)?)
}

/// Unpacks tables, with the hash of their content in hexadecimal digits.
pub(super) fn decode(packed: &[u8]) -> Result<(Tables, String), PlacesError> {
    let unpacked = FORMAT.unpack(packed)?;
    let tables = tables(unpacked.sections())?;
    check(&tables)?;
    Ok((tables, unpacked.hash))
}

fn tables(mut sections: Sections<'_>) -> Result<Tables, PlacesError> {
    let ids = sections.numbers()?;
    let [latitudes, longitudes, populations] = [sections.numbers()?, sections.numbers()?, sections.numbers()?];
    let (countries, _) = sections.bytes()?.as_chunks::<2>();
    let [regions, name_ends] = [sections.numbers()?, sections.ends()?];
    let columns =
        [latitudes.len(), longitudes.len(), populations.len(), countries.len(), regions.len(), name_ends.len()];
    if columns.iter().any(|column| *column != ids.len()) {
        return Err(PackedError::Malformed("columns of different lengths").into());
    }
    let place = |at: usize| {
        let country = std::str::from_utf8(&countries[at]).ok().and_then(CountryCode::new);
        Ok(Record {
            geonames_id: ids[at],
            steps: [latitudes[at].cast_signed(), longitudes[at].cast_signed()],
            population: populations[at],
            country: country.ok_or(PackedError::Malformed("a country's code"))?,
            region: u16::try_from(regions[at]).map_err(|_| PackedError::Malformed("a region's number"))?,
            name_end: name_ends[at],
        })
    };
    let places = (0..ids.len()).map(place).collect::<Result<_, PackedError>>()?;
    let regions = sections.text()?.split('\n').map(str::to_owned).collect();
    let main_names = sections.text()?.to_owned();
    let [bearer_ends, bearers] = [sections.ends()?, sections.numbers()?];
    let bearers = bearers.into_iter().map(Bearer).collect();
    let names = NameMap::from_map(fst::Map::new(sections.bytes()?.to_vec()).map_err(PlacesError::Names)?);
    Ok(Tables { places, regions, main_names, names, bearer_ends, bearers })
}

/// Whether every number of the tables points at something.
fn check(tables: &Tables) -> Result<(), PlacesError> {
    let is_sound = tables.places.iter().all(|place| tables.main_names.is_char_boundary(place.name_end as usize))
        && tables.bearer_ends.last().map_or(0, |end| *end as usize) == tables.bearers.len()
        && tables.bearer_ends.len() == tables.names.len()
        && tables.bearers.iter().all(|bearer| (bearer.place() as usize) < tables.places.len())
        && tables.places.iter().all(|place| usize::from(place.region) < tables.regions.len())
        && tables.places.iter().all(|place| place.coordinates().is_some());
    if is_sound { Ok(()) } else { Err(PackedError::Malformed("a number points nowhere").into()) }
}
