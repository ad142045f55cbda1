//! The maintainers' packer: GeoNames' cities → the file that [`super::Gazetteer::decode`] reads.
//!
//! Input: a table of cities, names by hand, pairs of Chinese characters. Output: bytes. Invariant: equal input gives equal
//! bytes; places are numbered by falling population, and each name lists its bearers by their claim to it.

use std::collections::{BTreeMap, HashMap};

use super::format::{Bearer, Record, Tables, encode};
use super::{Coordinates, CountryCode, PlacesError};
use crate::text::{NameMap, TokenList};

/// An alternate name counts as if this share of the people lived there: "Venice" is the Italian city, though Dayton, Ohio, is
/// larger and was called so, and "Alessandria" the one in Piedmont; but "Singapur" is Singapore, no village in India.
pub(super) const ALTERNATE_SHARE: u64 = 100;

/// Two bits beside a place's number tell how it bears a name.
const MOST_PLACES: usize = 1 << 30;

/// Names of fewer characters, folded, are too short to mean anything.
const SHORTEST_NAME: usize = 2;

/// Capitals up to this number are codes of airports and the like.
const LONGEST_CODE: usize = 4;

/// The tables that a gazetteer is packed from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'s> {
    /// A heading, then tab-separated lines: GeoNames' number, main name, latitude, longitude, country, region, population,
    /// alternate names separated by `|`.
    pub cities: &'s str,
    /// A heading, then tab-separated lines: GeoNames' number, names that stand for this place first, more alternate names;
    /// each separated by `|`.
    pub by_hand: &'s str,
    /// Lines of two characters: a traditional Chinese one, and the simplified one for it.
    pub simplified: &'s str,
}

impl<'s> Sources<'s> {
    /// Cities, with the other tables as they are compiled in.
    pub fn with_cities(cities: &'s str) -> Self {
        Self {
            cities,
            by_hand: include_str!("../../indexes/places/by-hand.tsv"),
            simplified: include_str!("../../indexes/places/simplified.txt"),
        }
    }
}

/// One line of the cities.
struct City<'s> {
    geonames_id: u32,
    name: &'s str,
    coordinates: Coordinates,
    country: CountryCode,
    region: &'s str,
    population: u32,
    alternates: &'s str,
}

/// How much a name belongs to a place; the greater, the more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    by_hand: bool,
    /// The population, a main name's times [`ALTERNATE_SHARE`].
    weight: u64,
    is_main: bool,
}

impl Claim {
    fn main(city: &City<'_>) -> Self {
        Self { by_hand: false, weight: u64::from(city.population) * ALTERNATE_SHARE, is_main: true }
    }

    fn alternate(city: &City<'_>) -> Self {
        Self { by_hand: false, weight: u64::from(city.population), is_main: false }
    }
}

/// Folded name → place → claim.
type Claims = BTreeMap<String, BTreeMap<u32, Claim>>;

/// Packs a gazetteer.
///
/// Of several places of one name the first is: the one that the name is given to by hand; else the most populous, where a
/// place that has the name among its alternate names counts with a hundredth of its population. Main names are also what
/// stands on either side of a slash in one, and alternate names that a main name begins with ("Frankfurt", "New York").
///
/// Left out of the alternate names are: capitals of up to four letters (codes of airports), names in Latin letters without
/// a capital (transliterations by machine), names without a letter or of one character. Of names in traditional Chinese
/// characters their simplified form is added.
///
/// # Errors
///
/// [`PlacesError::Line`] where a table is malformed, [`PlacesError::TooMany`] beyond 2³⁰ places or 2¹⁶ regions.
pub fn pack(sources: &Sources<'_>) -> Result<Vec<u8>, PlacesError> {
    let mut cities = cities(sources.cities)?;
    if cities.len() > MOST_PLACES {
        return Err(PlacesError::TooMany("places"));
    }
    cities.sort_by_key(|city| (std::cmp::Reverse(city.population), city.geonames_id));
    let claims = claims(&cities, sources)?;
    let (mut bearer_ends, mut bearers) = (Vec::with_capacity(claims.len()), Vec::new());
    for places in claims.values() {
        let mut places: Vec<(u32, Claim)> = places.iter().map(|(place, claim)| (*place, *claim)).collect();
        places.sort_by_key(|(place, claim)| (std::cmp::Reverse(*claim), *place));
        bearers.extend(places.iter().map(|(place, claim)| Bearer::new(*place, claim.is_main, claim.by_hand)));
        bearer_ends.push(u32::try_from(bearers.len()).map_err(|_| PlacesError::TooMany("names"))?);
    }
    let numbered = claims.keys().zip(0u64..);
    let names = fst::Map::from_iter(numbered).map_err(PlacesError::Names)?;
    let (places, regions, main_names) = columns(&cities)?;
    encode(&Tables { places, regions, main_names, names: NameMap::from_map(names), bearer_ends, bearers })
}

fn cities(table: &str) -> Result<Vec<City<'_>>, PlacesError> {
    let lines = table.lines().zip(1..).skip(1).filter(|(line, _)| !line.is_empty());
    lines
        .map(|(line, number)| city(line).map_err(|reason| PlacesError::Line { table: "cities", line: number, reason }))
        .collect()
}

fn city(line: &str) -> Result<City<'_>, &'static str> {
    let cells: Vec<&str> = line.split('\t').collect();
    let &[id, name, latitude, longitude, country, region, population, alternates] = cells.as_slice() else {
        return Err("not eight cells");
    };
    let degrees = |cell: &str| cell.parse::<f64>().map_err(|_| "degrees that are no number");
    Ok(City {
        geonames_id: id.parse().map_err(|_| "an id that is no number")?,
        name,
        coordinates: Coordinates::new(degrees(latitude)?, degrees(longitude)?).ok_or("coordinates out of range")?,
        country: CountryCode::new(country).ok_or("a country that is no code of two letters")?,
        region,
        population: population.parse().map_err(|_| "a population that is no number")?,
        alternates,
    })
}

/// Every name with the claim that places have to it.
fn claims(cities: &[City<'_>], sources: &Sources<'_>) -> Result<Claims, PlacesError> {
    let simplified: HashMap<char, char> =
        sources.simplified.lines().filter_map(|line| Some((line.chars().next()?, line.chars().nth(1)?))).collect();
    let mut claims = Claims::new();
    for (city, place) in cities.iter().zip(0u32..) {
        for (name, claim) in names_of(city, &simplified) {
            add(&mut claims, name, place, claim);
        }
    }
    let places: HashMap<u32, u32> = cities.iter().map(|city| city.geonames_id).zip(0..).collect();
    for (line, number) in sources.by_hand.lines().zip(1..).skip(1) {
        let wrong = |reason| PlacesError::Line { table: "names by hand", line: number, reason };
        let cells: Vec<&str> = line.split('\t').collect();
        let &[id, first, more] = cells.as_slice() else { return Err(wrong("not three cells")) };
        let place = *id.parse().ok().and_then(|id: u32| places.get(&id)).ok_or(wrong("no such place"))?;
        let city = &cities[place as usize];
        let by_hand = Claim { by_hand: true, ..Claim::main(city) };
        for (names, claim) in [(first, by_hand), (more, Claim::alternate(city))] {
            names.split('|').for_each(|name| add(&mut claims, TokenList::of(name).joined(), place, claim));
        }
    }
    Ok(claims)
}

fn add(claims: &mut Claims, name: String, place: u32, claim: Claim) {
    if name.chars().count() >= SHORTEST_NAME {
        let strongest = claims.entry(name).or_default().entry(place).or_default();
        *strongest = claim.max(*strongest);
    }
}

/// The folded names of a city, with its claim to each.
fn names_of(city: &City<'_>, simplified: &HashMap<char, char>) -> Vec<(String, Claim)> {
    let (as_main, as_alternate) = (Claim::main(city), Claim::alternate(city));
    let mut names = vec![(TokenList::of(city.name).joined(), as_main)];
    names.extend(city.name.split('/').map(|part| (TokenList::of(part).joined(), as_main)));
    let mains = names.clone();
    for alternate in city.alternates.split('|').filter(|name| !is_noise(name)) {
        let simple: String = alternate.chars().map(|letter| *simplified.get(&letter).unwrap_or(&letter)).collect();
        if simple != alternate {
            names.push((TokenList::of(&simple).joined(), as_alternate));
        }
        let name = TokenList::of(alternate).joined();
        let begins = |main: &str| main.strip_prefix(&*name).is_some_and(|rest| rest.starts_with(' '));
        let claim = if mains.iter().any(|(main, _)| begins(main)) { as_main } else { as_alternate };
        names.push((name, claim));
    }
    names
}

/// Whether an alternate name is a code, a transliteration that nobody writes, or no name at all.
fn is_noise(name: &str) -> bool {
    let is_code = name.len() <= LONGEST_CODE && name.bytes().all(|byte| byte.is_ascii_uppercase());
    let has_latin = name
        .chars()
        .any(|letter| letter.is_alphabetic() && matches!(letter, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}'));
    let is_lower = has_latin && !name.chars().any(char::is_uppercase);
    is_code || is_lower || !name.chars().any(char::is_alphabetic)
}

/// The columns of the places, the codes of their regions, and their main names in one piece.
fn columns(cities: &[City<'_>]) -> Result<(Vec<Record>, Vec<String>, String), PlacesError> {
    let mut codes: Vec<&str> = cities.iter().map(|city| city.region).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut main_names = String::new();
    let mut places = Vec::with_capacity(cities.len());
    for city in cities {
        main_names.push_str(city.name);
        let region = codes.partition_point(|code| *code < city.region);
        places.push(Record {
            geonames_id: city.geonames_id,
            steps: Record::steps_of(city.coordinates),
            population: city.population,
            country: city.country,
            region: u16::try_from(region).map_err(|_| PlacesError::TooMany("regions"))?,
            name_end: u32::try_from(main_names.len()).map_err(|_| PlacesError::TooMany("letters"))?,
        });
    }
    Ok((places, codes.into_iter().map(str::to_owned).collect(), main_names))
}
