//! What the generator knows of the world: the committed extract under `indexes/population`, read once.
//!
//! Tables compiled into the binary → occupations, families, places, names. Every index in an [`Extract`] is in bounds, and
//! no list that the generator picks from is empty; `indexes/population/README.md` names sources, licences and columns.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use thiserror::Error;

use super::archetype::Language;
use super::employers::{self, Employers};
use super::further::{self, LEAST_TERMS};
use super::sentences::{self, Sentences};
use super::stream::Stream;

/// A line of the extract that does not read.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
#[error("{table}, line {line}: {reason}")]
pub(super) struct ExtractError {
    table: &'static str,
    line: usize,
    reason: &'static str,
}

impl ExtractError {
    pub(super) fn new(table: &'static str, line: usize, reason: &'static str) -> Self {
        Self { table, line, reason }
    }
}

/// One text in each language, in the order of [`Language::ALL`].
pub(super) type ByLanguage<T> = [T; 5];

/// How titles grow with experience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ladder {
    /// Junior, senior, lead.
    Career,
    /// Trainee, then team leader.
    Craft,
    /// The title stays.
    Plain,
}

/// A term of the trade: as it stands in a sentence, and with a capital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) text: &'static str,
    pub(super) capital: &'static str,
}

/// Something of a family that may be reserved to some of its occupations.
#[derive(Debug, Clone)]
pub(super) struct Reserved<T> {
    pub(super) item: T,
    /// Parts of the English titles it is reserved to, or from which it is kept.
    fragments: Vec<&'static str>,
    excluded: bool,
}

impl<T> Reserved<T> {
    fn suits(&self, title: &str) -> bool {
        let named = self.fragments.iter().any(|fragment| holds(title, fragment));
        self.fragments.is_empty() || named != self.excluded
    }
}

/// Whether a short text holds a shorter one. Asked a hundred thousand times at start, of texts too short for a searcher to pay.
fn holds(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len().max(1)).any(|window| window == part.as_bytes())
}

/// "text @a,b" or "text @!a,b" or "text" → what `read` makes of the text, and for whom it is.
fn reserved<T>(cell: &'static str, read: impl FnOnce(&'static str) -> Option<T>) -> Option<Reserved<T>> {
    let (text, tag) = cell.split_once('@').unwrap_or((cell, ""));
    let excluded = tag.starts_with('!');
    let fragments = tag.trim_start_matches('!').split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    Some(Reserved { item: read(text.trim())?, fragments, excluded })
}

/// Those items of a family that suit the occupation of this English title.
fn suiting<T: Clone>(items: &[Reserved<T>], title: &str) -> Vec<T> {
    items.iter().filter(|item| item.suits(title)).map(|item| item.item.clone()).collect()
}

/// People who learn, do and use much the same.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) key: &'static str,
    pub(super) weight: u32,
    pub(super) ladder: Ladder,
    /// Usual schooling, 1 (secondary school) to 5 (master's degree).
    pub(super) schooling: u32,
    pub(super) area: ByLanguage<&'static str>,
    pub(super) sectors: Vec<Reserved<usize>>,
    pub(super) technologies: Vec<Reserved<&'static str>>,
    pub(super) terms: Vec<Reserved<Terms>>,
    /// Its occupations.
    pub(super) members: Vec<Member>,
}

/// A term in every language; read once at start and kept for the life of the process.
pub(super) type Terms = &'static ByLanguage<Term>;

/// What a draw among the occupations of a family looks at, close together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    /// Position of the occupation in the extract.
    pub(super) occupation: u32,
    pub(super) weight: u32,
    pub(super) neighbourhood: u16,
    pub(super) managerial: bool,
}

impl Family {
    /// One of the occupations that fit, the common ones more often.
    pub(super) fn draw(&self, fits: impl Fn(&Member) -> bool, stream: &mut Stream) -> Option<usize> {
        let fits = &fits;
        let weights = self.members.iter().map(|member| if fits(member) { member.weight } else { 0 });
        let any = self.members.iter().any(fits);
        any.then(|| self.members[stream.weighted(weights)].occupation as usize)
    }
}

/// A title in its masculine and feminine form; equal where the language makes no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Title {
    pub(super) masculine: &'static str,
    pub(super) feminine: &'static str,
}

/// Words of English titles that one grows into.
const CHIEFS: [&str; 5] = ["manager", "supervisor", "chief", "head", "director"];

/// An ESCO occupation.
#[derive(Debug)]
pub(super) struct Occupation {
    /// The last part of its URI.
    pub(super) esco: &'static str,
    pub(super) isco: &'static str,
    pub(super) family: usize,
    /// The code of the group of ISCO-08 in which people of the family change occupations: the minor group where there is a ladder of
    /// trades, the sub-major group among professions.
    pub(super) neighbourhood: u16,
    /// Managers and chiefs are not where careers begin.
    pub(super) managerial: bool,
    /// 0 for the most common of its family.
    pub(super) rank: u32,
    /// How often it is drawn among those of its family.
    pub(super) weight: u32,
    pub(super) titles: ByLanguage<Vec<Title>>,
    pub(super) sectors: Vec<usize>,
    pub(super) terms: Vec<Terms>,
    pub(super) technologies: Vec<&'static str>,
    /// O*NET tasks, English, without full stop.
    pub(super) tasks: Vec<&'static str>,
    /// O*NET technologies.
    pub(super) special: Vec<&'static str>,
}

/// A city.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) country: &'static str,
    pub(super) city: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) weight: u32,
}

/// The whole extract.
#[derive(Debug)]
pub(super) struct Extract {
    pub(super) families: Vec<Family>,
    pub(super) occupations: Vec<Occupation>,
    pub(super) places: ByLanguage<Vec<Place>>,
    pub(super) names: BTreeMap<&'static str, Vec<&'static str>>,
    pub(super) employers: Employers,
    pub(super) sentences: Sentences,
}

pub(super) static OCCUPATIONS: &str = include_str!("../../indexes/population/occupations.tsv");
static FAMILIES: &str = include_str!("../../indexes/population/families.txt");
static PLACES: &str = include_str!("../../indexes/population/places.tsv");
static NAMES: &str = include_str!("../../indexes/population/names.txt");
static ONET: &[u8] = include_bytes!("../../indexes/population/onet.tsv.zst");

static EXTRACT: LazyLock<Extract> =
    LazyLock::new(|| Extract::read().expect("the extract is compiled in and a test reads it"));

impl Extract {
    /// The one extract, read at the first call.
    pub(super) fn get() -> &'static Extract {
        &EXTRACT
    }

    pub(super) fn read() -> Result<Self, ExtractError> {
        let employers = employers::read()?;
        let mut families = read_families(&employers)?;
        let onet = read_onet()?;
        let mut occupations = read_occupations(&families, &onet)?;
        further::add(&mut occupations, &families, &onet)?;
        for (position, occupation) in occupations.iter().enumerate() {
            let Occupation { family, weight, neighbourhood, managerial, .. } = *occupation;
            families[family].members.push(Member { occupation: position as u32, weight, neighbourhood, managerial });
        }
        if families.iter().any(|family| family.members.is_empty()) {
            return Err(ExtractError::new("families.txt", 0, "a family without an occupation"));
        }
        let sentences = sentences::read()?;
        Ok(Self { families, occupations, places: read_places()?, names: read_names()?, employers, sentences })
    }

    pub(super) fn family_of(&self, occupation: usize) -> &Family {
        &self.families[self.occupations[occupation].family]
    }

    /// The position of the family with this key.
    pub(super) fn family(&self, key: &str) -> Option<usize> {
        self.families.iter().position(|family| family.key == key)
    }
}

/// The lines that say something, with their numbers.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// Five cells, one for each language.
pub(super) fn by_language<'a>(mut cells: impl Iterator<Item = &'a str>) -> Option<ByLanguage<&'a str>> {
    let five = [cells.next()?, cells.next()?, cells.next()?, cells.next()?, cells.next()?].map(str::trim);
    (cells.next().is_none() && five.iter().all(|cell| !cell.is_empty())).then_some(five)
}

/// The text with its first letter as a capital. Read once at start and kept for the life of the process.
fn capitalised(text: &'static str) -> &'static str {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if first.is_lowercase() => {
            Box::leak(format!("{}{}", first.to_uppercase(), letters.as_str()).into_boxed_str())
        }
        _ => text,
    }
}

fn read_families(employers: &Employers) -> Result<Vec<Family>, ExtractError> {
    let mut families: Vec<Family> = Vec::new();
    for (number, line) in lines(FAMILIES) {
        let fail = |reason| ExtractError::new("families.txt", number, reason);
        if let Some(head) = line.strip_prefix("= ") {
            families.push(read_family_head(head, employers).ok_or_else(|| fail("not a family head"))?);
            continue;
        }
        let family = families.last_mut().ok_or_else(|| fail("a line before the first family"))?;
        if let Some(area) = line.strip_prefix("area: ") {
            family.area = by_language(area.split(" | ")).ok_or_else(|| fail("an area needs five languages"))?;
        } else if let Some(technologies) = line.strip_prefix("tech: ") {
            family.technologies = technologies.split("; ").filter_map(|cell| reserved(cell, Some)).collect();
        } else {
            let term = reserved(line, read_term).ok_or_else(|| fail("a term needs five languages"))?;
            family.terms.push(term);
        }
    }
    Ok(families)
}

fn read_term(cells: &'static str) -> Option<Terms> {
    let terms = by_language(cells.split(" | "))?.map(|text| Term { text, capital: capitalised(text) });
    Some(Box::leak(Box::new(terms)))
}

fn read_family_head(head: &'static str, employers: &Employers) -> Option<Family> {
    let mut cells = head.split('|').map(str::trim);
    let key = cells.next()?;
    let weight = cells.next()?.parse().ok()?;
    let ladder = match cells.next()? {
        "career" => Ladder::Career,
        "craft" => Ladder::Craft,
        "plain" => Ladder::Plain,
        _ => return None,
    };
    let schooling = cells.next()?.parse().ok().filter(|level| (1..=5).contains(level))?;
    let sectors = cells.next()?.split(' ').map(|cell| reserved(cell, |sector| employers.sector(sector)));
    let sectors = sectors.collect::<Option<Vec<_>>>()?;
    let (technologies, terms, members) = (Vec::new(), Vec::new(), Vec::new());
    Some(Family { key, weight, ladder, schooling, area: [""; 5], sectors, technologies, terms, members })
}

/// What is known of O*NET's classes, by code.
pub(super) type Onet = BTreeMap<&'static str, OnetEntry>;

#[derive(Default)]
pub(super) struct OnetEntry {
    tasks: Vec<&'static str>,
    technologies: Vec<&'static str>,
}

fn read_onet() -> Result<Onet, ExtractError> {
    let fail = |number, reason| ExtractError::new("onet.tsv.zst", number, reason);
    let bytes = zstd::decode_all(ONET).map_err(|_| fail(0, "not a zstd stream"))?;
    let text: &'static str = String::from_utf8(bytes).map_err(|_| fail(0, "not UTF-8"))?.leak();
    let mut entries = Onet::new();
    for (number, line) in lines(text) {
        let mut cells = line.split('\t');
        let (Some(code), Some(kind), Some(text)) = (cells.next(), cells.next(), cells.next()) else {
            return Err(fail(number, "three columns are needed"));
        };
        let entry = entries.entry(code).or_default();
        match kind {
            "task" => entry.tasks.push(text),
            "technology" => entry.technologies.push(text),
            _ => return Err(fail(number, "neither task nor technology")),
        }
    }
    Ok(entries)
}

fn read_occupations(families: &[Family], onet: &Onet) -> Result<Vec<Occupation>, ExtractError> {
    let mut occupations = Vec::new();
    for (number, line) in lines(OCCUPATIONS) {
        let fail = |reason| ExtractError::new("occupations.tsv", number, reason);
        let row = read_occupation(line, families).ok_or_else(|| fail("not an occupation"))?;
        let occupation = row.occupation(families, onet);
        if occupation.terms.len() < LEAST_TERMS {
            return Err(fail("fewer than four terms suit the occupation"));
        }
        if occupation.sectors.is_empty() {
            return Err(fail("no sector suits the occupation"));
        }
        occupations.push(occupation);
    }
    Ok(occupations)
}

/// What a table says of an occupation.
pub(super) struct Row {
    pub(super) esco: &'static str,
    pub(super) isco: &'static str,
    pub(super) family: usize,
    pub(super) rank: u32,
    pub(super) weight: u32,
    /// Its class of O*NET, or nothing.
    pub(super) onet: &'static str,
    pub(super) titles: ByLanguage<Vec<Title>>,
}

impl Row {
    /// The occupation, with what its family has for it.
    pub(super) fn occupation(self, families: &[Family], onet: &Onet) -> Occupation {
        let title = self.titles[Language::En as usize].first().map_or("", |title| title.masculine);
        let (family, entry) = (&families[self.family], onet.get(self.onet));
        let digits = if family.ladder == Ladder::Career { 2 } else { 3 };
        Occupation {
            neighbourhood: self.isco.get(..digits).and_then(|group| group.parse().ok()).unwrap_or_default(),
            esco: self.esco,
            isco: self.isco,
            family: self.family,
            managerial: self.isco.starts_with('1') || CHIEFS.iter().any(|word| title.contains(word)),
            rank: self.rank,
            weight: self.weight,
            sectors: suiting(&family.sectors, title),
            terms: suiting(&family.terms, title),
            technologies: suiting(&family.technologies, title),
            tasks: entry.map(|entry| entry.tasks.clone()).unwrap_or_default(),
            special: entry.map(|entry| entry.technologies.clone()).unwrap_or_default(),
            titles: self.titles,
        }
    }
}

fn read_occupation(line: &'static str, families: &[Family]) -> Option<Row> {
    let cells: Vec<&'static str> = line.split('\t').collect();
    let [esco, isco, key, rank, onet, labels @ ..] = cells.as_slice() else { return None };
    let family = families.iter().position(|known| known.key == *key)?;
    let titles = by_language(labels.iter().copied())?.map(|cell| cell.split('|').map(read_title).collect::<Vec<_>>());
    let rank = rank.parse().ok()?;
    // Common occupations first: the weights fall with the rank, and no occupation is out of reach.
    let weight = 10 * (120 / (rank + 2) + 6);
    Some(Row { esco, isco, family, rank, weight, onet, titles })
}

pub(super) fn read_title(text: &'static str) -> Title {
    let (masculine, feminine) = text.split_once('/').unwrap_or((text, text));
    Title { masculine, feminine }
}

fn read_places() -> Result<ByLanguage<Vec<Place>>, ExtractError> {
    let mut rows: ByLanguage<Vec<(u32, Place)>> = Default::default();
    for (number, line) in lines(PLACES) {
        let (language, share, place) =
            read_place(line).ok_or(ExtractError::new("places.tsv", number, "not a place"))?;
        rows[language as usize].push((share, place));
    }
    Ok(rows.map(share_by_country))
}

fn read_place(line: &'static str) -> Option<(Language, u32, Place)> {
    let mut cells = line.split('\t');
    let language = Language::from_code(cells.next()?)?;
    let country = cells.next()?;
    let share = cells.next()?.parse().ok()?;
    let city = cells.next()?;
    let latitude = cells.next()?.parse().ok()?;
    let longitude = cells.next()?.parse().ok()?;
    let weight = cells.next()?.parse().ok()?;
    Some((language, share, Place { country, city, latitude, longitude, weight }))
}

/// Scales the weights so that each country weighs what its share says, however many cities it lists.
fn share_by_country(rows: Vec<(u32, Place)>) -> Vec<Place> {
    let mut totals: BTreeMap<&str, u32> = BTreeMap::new();
    for (_, place) in &rows {
        *totals.entry(place.country).or_default() += place.weight;
    }
    let scaled = |(share, place): (u32, Place)| Place {
        weight: (u64::from(place.weight) * u64::from(share) * 10_000 / u64::from(totals[place.country])) as u32,
        ..place
    };
    rows.into_iter().map(scaled).collect()
}

fn read_names() -> Result<BTreeMap<&'static str, Vec<&'static str>>, ExtractError> {
    let mut names = BTreeMap::new();
    for (number, line) in lines(NAMES) {
        let (key, list) = line.split_once(": ").ok_or(ExtractError::new("names.txt", number, "no list name"))?;
        names.insert(key, list.split(", ").collect());
    }
    let complete =
        |group: &str| ["m", "f", "last"].iter().all(|kind| names.contains_key(format!("{group}.{kind}").as_str()));
    if !Language::ALL.iter().all(|language| complete(language.code())) {
        return Err(ExtractError::new("names.txt", 0, "a language lacks a list"));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_extract_reads() {
        let extract = Extract::read().unwrap();
        assert!((300..=600).contains(&lines(OCCUPATIONS).count()));
        assert!((2_500..=3_100).contains(&extract.occupations.len()), "{}", extract.occupations.len());
        for major in '0'..='9' {
            assert!(extract.occupations.iter().any(|occupation| occupation.isco.starts_with(major)), "ISCO {major}");
        }
        let bare = extract.families.iter().filter(|family| family.area.contains(&"")).count();
        assert_eq!(bare, 0);
    }

    #[test]
    fn every_language_has_many_names_and_no_title_keeps_a_slash() {
        let extract = Extract::get();
        for language in Language::ALL {
            let first: usize =
                ["m", "f"].iter().map(|kind| extract.names[format!("{}.{kind}", language.code()).as_str()].len()).sum();
            assert!(first >= 100 && extract.names[format!("{}.last", language.code()).as_str()].len() >= 100);
            for title in extract.occupations.iter().flat_map(|occupation| &occupation.titles[language as usize]) {
                assert!(!title.masculine.contains('/') && !title.feminine.contains('/'), "{title:?}");
            }
        }
    }
}
