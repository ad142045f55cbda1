//! The packed gazetteer: columns of places, a map of names, who bears each name.
//!
//! [`Tables`] ↔ bytes: a magic word, a BLAKE3 hash of all that follows, and sections that each begin with their length,
//! in one zstd frame. Numbers are little-endian. Invariant: equal tables give equal bytes; bytes that were changed or cut
//! anywhere are refused, and tables that were read hold no number out of range.

use super::{Coordinates, CountryCode, PlacesError};
use crate::text::NameMap;

/// What every packed gazetteer begins with; its last digit counts the versions of the format.
const MAGIC: &[u8; 8] = b"lplaces1";

/// A gazetteer that claims to unpack to more than this is refused before anything is allocated.
const MAX_UNPACKED_BYTES: u64 = 1 << 26;

/// Beyond this level the file hardly shrinks.
const COMPRESSION_LEVEL: i32 = 21;

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
    let numbers = |number: fn(&Record) -> u32| places.iter().flat_map(|place| number(place).to_le_bytes()).collect();
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let name_ends: Vec<u32> = places.iter().map(|place| place.name_end).collect();
    let sections: [Vec<u8>; 12] = [
        numbers(|place| place.geonames_id),
        numbers(|place| place.steps[0].cast_unsigned()),
        numbers(|place| place.steps[1].cast_unsigned()),
        numbers(|place| place.population),
        places.iter().flat_map(|place| place.country.as_str().bytes()).collect(),
        numbers(|place| u32::from(place.region)),
        words(&lengths(&name_ends)),
        tables.regions.join("\n").into_bytes(),
        tables.main_names.clone().into_bytes(),
        words(&lengths(&tables.bearer_ends)),
        tables.bearers.iter().flat_map(|bearer| bearer.0.to_le_bytes()).collect(),
        tables.names.map().as_fst().as_bytes().to_vec(),
    ];
    let mut body = Vec::new();
    for section in &sections {
        body.extend((section.len() as u32).to_le_bytes());
        body.extend(section);
    }
    let bytes = [MAGIC.as_slice(), blake3::hash(&body).as_bytes(), &body].concat();
    zstd::bulk::compress(&bytes, COMPRESSION_LEVEL).map_err(PlacesError::Compression)
}

/// Unpacks tables, with the hash of their content in hexadecimal digits.
pub(super) fn decode(packed: &[u8]) -> Result<(Tables, String), PlacesError> {
    let bytes = decompress(packed)?;
    let (magic, rest) = bytes.split_first_chunk().ok_or(PlacesError::Malformed("too short"))?;
    let (hash, body) = rest.split_first_chunk::<32>().ok_or(PlacesError::Malformed("too short"))?;
    if magic != MAGIC {
        return Err(PlacesError::Malformed("another format"));
    }
    let found = blake3::hash(body);
    if found.as_bytes() != hash {
        return Err(PlacesError::Malformed("its hash is another"));
    }
    let tables = tables(body)?;
    check(&tables)?;
    Ok((tables, found.to_hex().to_string()))
}

fn decompress(packed: &[u8]) -> Result<Vec<u8>, PlacesError> {
    let size = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
    match size {
        Some(size) if size <= MAX_UNPACKED_BYTES => {
            zstd::bulk::decompress(packed, size as usize).map_err(PlacesError::Compression)
        }
        _ => Err(PlacesError::Malformed("no size, or beyond every gazetteer")),
    }
}

fn tables(mut body: &[u8]) -> Result<Tables, PlacesError> {
    let body = &mut body;
    let ids = words(section(body)?)?;
    let [latitudes, longitudes, populations] = [words(section(body)?)?, words(section(body)?)?, words(section(body)?)?];
    let (countries, _) = section(body)?.as_chunks::<2>();
    let [regions, name_ends] = [words(section(body)?)?, ends(words(section(body)?)?)?];
    let columns =
        [latitudes.len(), longitudes.len(), populations.len(), countries.len(), regions.len(), name_ends.len()];
    if columns.iter().any(|column| *column != ids.len()) {
        return Err(PlacesError::Malformed("columns of different lengths"));
    }
    let place = |at: usize| {
        let country = std::str::from_utf8(&countries[at]).ok().and_then(CountryCode::new);
        Ok(Record {
            geonames_id: ids[at],
            steps: [latitudes[at].cast_signed(), longitudes[at].cast_signed()],
            population: populations[at],
            country: country.ok_or(PlacesError::Malformed("a country's code"))?,
            region: u16::try_from(regions[at]).map_err(|_| PlacesError::Malformed("a region's number"))?,
            name_end: name_ends[at],
        })
    };
    let places = (0..ids.len()).map(place).collect::<Result<_, _>>()?;
    let regions = text(section(body)?)?.split('\n').map(str::to_owned).collect();
    let main_names = text(section(body)?)?.to_owned();
    let [bearer_ends, bearers] = [ends(words(section(body)?)?)?, words(section(body)?)?];
    let bearers = bearers.into_iter().map(Bearer).collect();
    let names = NameMap::from_map(fst::Map::new(section(body)?.to_vec()).map_err(PlacesError::Names)?);
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
    if is_sound { Ok(()) } else { Err(PlacesError::Malformed("a number points nowhere")) }
}

/// Takes the next section off the body.
fn section<'b>(body: &mut &'b [u8]) -> Result<&'b [u8], PlacesError> {
    let cut_off = PlacesError::Malformed("cut off");
    let Some((length, rest)) = body.split_first_chunk() else { return Err(cut_off) };
    let Some((section, rest)) = rest.split_at_checked(u32::from_le_bytes(*length) as usize) else {
        return Err(cut_off);
    };
    *body = rest;
    Ok(section)
}

fn words(section: &[u8]) -> Result<Vec<u32>, PlacesError> {
    match section.as_chunks() {
        (words, []) => Ok(words.iter().map(|word| u32::from_le_bytes(*word)).collect()),
        _ => Err(PlacesError::Malformed("half a number")),
    }
}

/// The lengths of pieces of which each begins where the one before ends.
fn lengths(ends: &[u32]) -> Vec<u32> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    ends.iter().zip(starts).map(|(end, start)| end - start).collect()
}

/// The inverse of [`lengths`].
fn ends(mut lengths: Vec<u32>) -> Result<Vec<u32>, PlacesError> {
    let mut end = 0u32;
    for length in &mut lengths {
        end = end.checked_add(*length).ok_or(PlacesError::Malformed("pieces beyond every length"))?;
        *length = end;
    }
    Ok(lengths)
}

fn text(section: &[u8]) -> Result<&str, PlacesError> {
    std::str::from_utf8(section).map_err(|_| PlacesError::Malformed("a text that is no UTF-8"))
}
