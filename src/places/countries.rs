//! Countries by code and by name.
//!
//! The tables are `indexes/places/countries.tsv` and `regions.tsv`. Invariant: a country's name stands for one country;
//! a region's name or short code may stand for several.

use crate::text::{NameMap, TokenList};

/// Columns: code, alpha-3 code, English name, further names.
const COUNTRIES: &str = include_str!("../../indexes/places/countries.tsv");

/// Columns: country, GeoNames' code of the region, short codes, names.
const REGIONS: &str = include_str!("../../indexes/places/regions.tsv");

/// ISO 3166-1 alpha-2, upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Two ASCII letters of any case. `None` for anything else. Whether a country has the code is not asked.
    pub fn new(code: &str) -> Option<Self> {
        let letters: [u8; 2] = code.trim().as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_alphabetic).then(|| Self(letters.map(|letter| letter.to_ascii_uppercase())))
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        // The letters are ASCII by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A country, or a region of one: what narrows a name down to some of its bearers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) country: CountryCode,
    /// GeoNames' code of the region.
    pub(super) region: Option<&'static str>,
}

pub(super) struct Countries {
    rows: Vec<Country>,
    /// Folded name → place in `rows`.
    names: NameMap,
    /// Folded name or short code of a region, and the region; in order of the name.
    regions: Vec<(String, Area)>,
}

struct Country {
    code: CountryCode,
    alpha3: &'static str,
    english: &'static str,
}

impl Countries {
    /// Reads the tables that are compiled in.
    pub(super) fn read() -> Self {
        let mut rows = Vec::new();
        let mut names: Vec<(&str, u64)> = Vec::new();
        for line in COUNTRIES.lines().skip(1) {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            let Some(code) = CountryCode::new(cell()) else { continue };
            let number = rows.len() as u64;
            rows.push(Country { code, alpha3: cell(), english: cell() });
            names.extend(cell().split('|').chain([rows[rows.len() - 1].english]).map(|name| (name, number)));
        }
        let names = NameMap::of(names).expect("the table of countries is tested");
        Self { rows, names, regions: regions() }
    }

    /// The country of a code of two or three letters, or of a name in any known language.
    pub(super) fn country(&self, text: &str) -> Option<CountryCode> {
        self.by_code(text).or_else(|| self.by_name(&TokenList::of(text).joined()))
    }

    /// The country of a folded name.
    pub(super) fn by_name(&self, folded: &str) -> Option<CountryCode> {
        self.code_at(self.names.get(folded)?)
    }

    fn by_code(&self, text: &str) -> Option<CountryCode> {
        let text = text.trim();
        let is_code =
            |row: &&Country| row.code.as_str().eq_ignore_ascii_case(text) || row.alpha3.eq_ignore_ascii_case(text);
        self.rows.iter().find(is_code).map(|row| row.code)
    }

    /// The longest run of exact tokens from `from` on that names a country.
    pub(super) fn longest<T: AsRef<str>>(&self, tokens: &[T], from: usize) -> Option<(usize, CountryCode)> {
        let (length, number) = self.names.longest(tokens, from)?;
        Some((length, self.code_at(number)?))
    }

    fn code_at(&self, number: u64) -> Option<CountryCode> {
        Some(self.rows.get(number as usize)?.code)
    }

    /// The English name.
    pub(super) fn english(&self, code: CountryCode) -> Option<&'static str> {
        self.rows.iter().find(|row| row.code == code).map(|row| row.english)
    }

    /// Every country and region that a text may mean: "Italia", "IT", "CA" (Canada, California, the province of Cagliari).
    pub(super) fn areas(&self, text: &str) -> Vec<Area> {
        let folded = TokenList::of(text).joined();
        let country = self.country(text).map(|country| Area { country, region: None });
        country.into_iter().chain(self.regions_of(&folded)).collect()
    }

    /// Every country and region of a folded name; codes of countries are none.
    pub(super) fn areas_named(&self, folded: &str) -> Vec<Area> {
        let country = self.by_name(folded).map(|country| Area { country, region: None });
        country.into_iter().chain(self.regions_of(folded)).collect()
    }

    fn regions_of(&self, folded: &str) -> impl Iterator<Item = Area> {
        let from = self.regions.partition_point(|(name, _)| name.as_str() < folded);
        self.regions[from..].iter().take_while(move |(name, _)| name == folded).map(|(_, area)| *area)
    }
}

/// Names and short codes of regions, folded and sorted.
fn regions() -> Vec<(String, Area)> {
    let mut regions = Vec::new();
    for line in REGIONS.lines().skip(1) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let Some(country) = CountryCode::new(cell()) else { continue };
        let area = Area { country, region: Some(cell()) };
        for name in cell().split('|').chain(cell().split('|')) {
            regions.push((TokenList::of(name).joined(), area));
        }
    }
    regions.retain(|(name, _)| !name.is_empty());
    regions.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.country.cmp(&b.1.country)));
    regions
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn code(code: &str) -> CountryCode {
        CountryCode::new(code).unwrap()
    }

    #[test]
    fn codes_are_two_letters_in_upper_case() {
        assert_eq!(code(" it ").as_str(), "IT");
        for text in ["", "I", "ITA", "1T", "é"] {
            assert_eq!(CountryCode::new(text), None, "{text}");
        }
    }

    #[test]
    fn countries_are_found_by_codes_and_names() {
        let countries = Countries::read();
        for (text, expected) in [
            ("IT", "IT"),
            ("ita", "IT"),
            ("Italy", "IT"),
            ("Italia", "IT"),
            ("Italien", "IT"),
            ("Włochy", "IT"),
            ("イタリア", "IT"),
            ("意大利", "IT"),
            ("이탈리아", "IT"),
            ("Deutschland", "DE"),
            ("Germania", "DE"),
            ("Suomi", "FI"),
            ("Éire", "IE"),
            ("UK", "GB"),
            ("Great Britain", "GB"),
            ("England", "GB"),
            ("Scotland", "GB"),
            ("Wales", "GB"),
            ("USA", "US"),
            ("U.S.A.", "US"),
            ("U.S.", "US"),
            ("United States of America", "US"),
            ("Stati Uniti", "US"),
            ("Holland", "NL"),
            ("The Netherlands", "NL"),
            ("Paesi Bassi", "NL"),
            ("Czechia", "CZ"),
            ("Czech Republic", "CZ"),
            ("Türkiye", "TR"),
            ("Côte d'Ivoire", "CI"),
            ("Ivory Coast", "CI"),
            ("South Korea", "KR"),
            ("Hong Kong", "HK"),
            ("UAE", "AE"),
            ("Niger", "NE"),
            ("Nigeria", "NG"),
        ] {
            assert_eq!(countries.country(text), Some(code(expected)), "{text}");
        }
        for text in ["", "Atlantis", "XX", "Milano"] {
            assert_eq!(countries.country(text), None, "{text}");
        }
        assert_eq!(countries.english(code("DE")), Some("Germany"));
    }

    #[test]
    fn bare_codes_are_no_names() {
        let countries = Countries::read();
        let tokens = ["it", "stati", "uniti", "d", "america", "usa", "in"];
        assert_eq!(countries.longest(&tokens, 0), None);
        assert_eq!(countries.longest(&tokens, 1), Some((4, code("US"))));
        assert_eq!(countries.longest(&tokens, 5), Some((1, code("US"))));
        assert_eq!(countries.longest(&tokens, 6), None);
    }

    #[test]
    fn every_name_stands_for_one_country() {
        let countries = Countries::read();
        let mut owners: HashMap<String, &str> = HashMap::new();
        for line in COUNTRIES.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [country, _, english, names] = cells[..] else { panic!("{line}") };
            for name in names.split('|').chain([english]).filter(|name| !name.is_empty()) {
                let folded = TokenList::of(name).joined();
                assert_eq!(countries.by_name(&folded), Some(code(country)), "{name}");
                assert_eq!(*owners.entry(folded).or_insert(country), country, "{name} stands for two countries");
            }
        }
    }

    #[test]
    fn regions_are_found_by_name_and_short_code() {
        let countries = Countries::read();
        let area = |country, region| Area { country: code(country), region };
        assert_eq!(countries.areas("Texas"), [area("US", Some("TX"))]);
        assert_eq!(countries.areas("Lombardia"), [area("IT", Some("09"))]);
        assert_eq!(countries.areas("CA"), [area("CA", None), area("IT", Some("14")), area("US", Some("CA"))]);
        assert_eq!(countries.areas("Georgia"), [area("GE", None), area("US", Some("GA"))]);
        assert!(countries.areas("Nowhere").is_empty());
    }
}
