//! Who someone is before any career: (key, index, instant) → archetype, language, place, name, occupation, talent.

use jiff::Timestamp;

use super::archetype::{Archetype, COHORT_BLOCK, LANGUAGES, Language, irregular};
use super::calendar::{DAY, Month, before, days_since};
use super::extract::{Extract, Family, Member, Place};
use super::stream::{Part, Stream, StreamKey};
use super::world::World;

/// Sectors whose employers lay off many people at once.
const LAYOFF_SECTORS: [&str; 8] =
    ["software", "bank", "manufacturing", "automotive", "retailchain", "telecom", "energy", "logistics"];

/// Families whose people sell courses and coaching.
const SELLING: [&str; 12] = [
    "marketing",
    "sales",
    "hr",
    "finance",
    "management",
    "analysis_it",
    "data",
    "design",
    "frontend",
    "property",
    "sport",
    "insurance",
];

/// One layoff: an employer, a month, and a label for the cohort.
#[derive(Debug, Clone)]
pub(super) struct Layoff {
    pub(super) language: Language,
    pub(super) place: usize,
    pub(super) sector: usize,
    pub(super) employer: String,
    pub(super) month: Month,
    pub(super) label: String,
}

impl Layoff {
    /// The layoff that the block of this person shares.
    fn of(key: StreamKey, index: u64, as_of: Timestamp) -> Self {
        let extract = Extract::get();
        let mut stream = key.stream(Part::Cohort, index / COHORT_BLOCK);
        let language = draw_language(&mut stream);
        let places = &extract.places[language as usize];
        let place = stream.weighted(places.iter().map(|place| place.weight));
        let sector = extract.employers.sector(LAYOFF_SECTORS[stream.below(LAYOFF_SECTORS.len())]).unwrap_or(0);
        let employer = extract.employers.employer(sector, language, places[place].city, &mut stream);
        let month = Month(Month::of(as_of).0 - stream.between(1, 6) as i32);
        let label = format!("{}-layoff-{month}", slug(&employer));
        Self { language, place, sector, employer, month, label }
    }
}

/// Lower-case ASCII letters and digits, everything else one hyphen.
pub(super) fn slug(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let mut slug = String::with_capacity(text.len());
    for letter in text.nfd().filter(|letter| !unicode_normalization::char::is_combining_mark(*letter)) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) index: u64,
    pub(super) archetype: Archetype,
    pub(super) language: Language,
    pub(super) place: &'static Place,
    pub(super) woman: bool,
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    /// Position of the main occupation in the extract.
    pub(super) occupation: usize,
    /// 0 to 1: how well this person learns.
    pub(super) talent: f64,
    /// Months of working life at the last change of the profile.
    pub(super) months: i32,
    /// When the profile was last changed.
    pub(super) changed: Timestamp,
    /// The trade that this person's software or devices serve, wherever the person works on such.
    pub(super) product: Option<usize>,
    /// Writes titles of technical trades in English although the profile is in another language.
    pub(super) english_titles: bool,
    /// Many recruiters write to this person.
    pub(super) popular: bool,
    pub(super) openness: f64,
    pub(super) layoff: Option<Layoff>,
}

impl Person {
    pub(super) fn new(key: StreamKey, index: u64, as_of: Timestamp, world: Option<World>) -> Self {
        let extract = Extract::get();
        let mut stream = key.stream(Part::Person, index);
        let archetype = match world {
            None => stream.weighted(Archetype::RATES.iter().map(|rate| rate.1)),
            Some(world) => stream.weighted(world.weights()),
        };
        let archetype = Archetype::RATES[archetype].0;
        let layoff = (archetype == Archetype::LaidOff).then(|| Layoff::of(key, index, as_of));
        let drawn = draw_language(&mut stream);
        let language = layoff.as_ref().map_or(drawn, |layoff| layoff.language);
        let places = &extract.places[language as usize];
        let at = stream.weighted(places.iter().map(|place| place.weight));
        let place = &places[layoff.as_ref().map_or(at, |layoff| layoff.place)];
        let woman = stream.chance(0.48);
        let (first, last) = draw_name(extract, language, place.country, woman, &mut stream);
        let occupation = draw_occupation(extract, archetype, layoff.as_ref(), &mut stream);
        let talent = draw_talent(archetype, &mut stream);
        let months = draw_months(extract, occupation, archetype, &mut stream);
        let changed = draw_change(archetype, layoff.as_ref(), as_of, &mut stream);
        let technical = matches!(
            extract.family_of(occupation).key,
            "backend" | "frontend" | "data" | "itops" | "security" | "quality_it" | "analysis_it" | "embedded"
        );
        let serves = technical && stream.chance(irregular::LOOK_ALIKE);
        // Dental practices stand first and weigh four times the rest: they are the fixture of look-alikes.
        let weights = (0..extract.employers.products.len()).map(|at| if at == 0 { 4 } else { 1 });
        let product = serves.then(|| stream.weighted(weights));
        let english_titles = technical && stream.chance(0.3);
        let habits = archetype.habits();
        let popular_rate = match archetype {
            Archetype::Strong => irregular::POPULAR_STRONG,
            other if other.gone() => irregular::POPULAR / 10.0,
            _ => irregular::POPULAR,
        };
        let popular = stream.chance(popular_rate);
        let openness = stream.within(habits.openness.0, habits.openness.1);
        Self {
            index,
            archetype,
            language,
            place,
            woman,
            first,
            last,
            occupation,
            talent,
            months,
            changed,
            product,
            english_titles,
            popular,
            openness,
            layoff,
        }
    }

    pub(super) fn id(&self) -> String {
        format!("syn-{:07}", self.index)
    }
}

fn draw_language(stream: &mut Stream) -> Language {
    LANGUAGES[stream.weighted(LANGUAGES.iter().map(|share| share.1))].0
}

fn draw_name(
    extract: &'static Extract,
    language: Language,
    country: &str,
    woman: bool,
    stream: &mut Stream,
) -> (&'static str, &'static str) {
    let kind = if woman { "f" } else { "m" };
    // Countries where the language of the profile is a second language have lists of their own.
    let group = if extract.names.contains_key(format!("{country}.last").as_str()) { country } else { language.code() };
    let pick = |kind: &str, stream: &mut Stream| {
        extract.names.get(format!("{group}.{kind}").as_str()).map_or("", |list| *stream.pick(list))
    };
    (pick(kind, stream), pick("last", stream))
}

fn draw_occupation(extract: &Extract, archetype: Archetype, layoff: Option<&Layoff>, stream: &mut Stream) -> usize {
    let sectors = |member: &Member| &extract.occupations[member.occupation as usize].sectors;
    let hit = |member: &Member| layoff.is_none_or(|layoff| sectors(member).contains(&layoff.sector));
    let sells = |family: &Family| archetype != Archetype::Seller || SELLING.contains(&family.key);
    let weight = |family: &Family| if sells(family) && family.members.iter().any(hit) { family.weight } else { 0 };
    let family = &extract.families[stream.weighted(extract.families.iter().map(weight))];
    // Families without one weigh nothing.
    family.draw(hit, stream).unwrap_or_default()
}

/// Sellers' talent is that of the whole population, so that popularity says nothing about it.
fn draw_talent(archetype: Archetype, stream: &mut Stream) -> f64 {
    let strong = match archetype {
        Archetype::Strong => true,
        Archetype::Seller => stream.chance(0.05),
        _ => false,
    };
    if strong { stream.within(0.75, 1.0) } else { stream.within(0.0, 0.5) + stream.within(0.0, 0.4) }
}

fn draw_months(extract: &Extract, occupation: usize, archetype: Archetype, stream: &mut Stream) -> i32 {
    let months = (stream.between(10, 230) + stream.between(0, 190)) as i32;
    let months = match archetype {
        Archetype::Strong => months.max(84),
        Archetype::Boaster => months.min(70),
        _ => months,
    };
    if extract.occupations[occupation].managerial { months.max(96 + months / 4) } else { months }
}

fn draw_change(archetype: Archetype, layoff: Option<&Layoff>, as_of: Timestamp, stream: &mut Stream) -> Timestamp {
    let (low, high) = archetype.habits().changed;
    let (low, high) = match layoff {
        // After the month of the layoff has begun, and within four weeks.
        Some(layoff) => {
            let since = days_since(layoff.month, as_of) as u32;
            (since.saturating_sub(40), since.saturating_sub(28).max(1))
        }
        None => (low, high),
    };
    before(as_of, i64::from(stream.between(low, high)) * DAY + i64::from(stream.between(3_600, 80_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slug("Électricité Dalvella & Fils"), "electricite-dalvella-fils");
    }

    #[test]
    fn one_block_shares_one_layoff() {
        let as_of = super::super::DEFAULT_AS_OF;
        let key = StreamKey::new(5);
        let labels = |block: u64| {
            let people =
                (block * COHORT_BLOCK..(block + 1) * COHORT_BLOCK).map(|index| Person::new(key, index, as_of, None));
            let mut labels: Vec<String> =
                people.filter_map(|person| person.layoff.map(|layoff| layoff.label)).collect();
            let count = labels.len();
            labels.dedup();
            (count, labels)
        };
        let (count, first) = labels(0);
        assert!(count >= 5, "{count}");
        assert_eq!(first.len(), 1);
        assert_ne!(first, labels(1).1);
    }
}
