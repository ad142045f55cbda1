//! What a text says of a place → the place; a place → the text that says it.
//!
//! Invariant: the label of a place resolves to that place.

use super::countries::Area;
use super::format::Bearer;
use super::{CountryCode, Gazetteer, PlaceId, Resolved};
use crate::text::TokenList;

/// What a label of last resort begins with; GeoNames' number follows.
const NUMBERED: &str = "geonames:";

/// What separates a name from what narrows it down.
const SEPARATORS: &[char] = &[',', ';', '|', '/', '(', ')', '[', ']', '·', '•', '，', '、', '（', '）', '；'];

/// These separate where they stand between spaces.
const DASHES: &[&str] = &[" - ", " – ", " — "];

/// No name has more tokens.
const MAX_TOKENS: usize = 32;

/// Codes of countries and regions have no more letters.
const LONGEST_CODE: usize = 3;

/// Words before a city's name that mean its surroundings or the city itself, folded; of two that fit the longer counts.
const BEFORE: &[&str] = &[
    "greater",
    "city of",
    "metropolitan area of",
    "metropolitan city of",
    "citta di",
    "comune di",
    "citta metropolitana di",
    "area metropolitana di",
    "grossraum",
    "raum",
    "stadt",
    "metropolregion",
    "region de",
    "region d",
    "ville de",
    "agglomeration de",
    "metropole de",
    "ciudad de",
    "area metropolitana de",
    "cidade de",
    "grande",
    "regiao de",
    "regiao metropolitana de",
    "regio",
];

/// Words behind a city's name that mean its surroundings, folded; of two that fit the longer counts.
const BEHIND: &[&str] = &[
    "area",
    "city area",
    "metro area",
    "metro",
    "metropolitan area",
    "metropolitan region",
    "bay area",
    "region",
    "metroplex",
    "e dintorni",
    "und umgebung",
    "und umland",
    "et peripherie",
    "et environs",
    "y alrededores",
    "e arredores",
    "e regiao",
    "en omgeving",
    "i okolice",
    "si imprejurimi",
    "och omnejd",
    "og omegn",
    "ve cevresi",
];

impl Gazetteer {
    /// The place that a text means, and the others that it could mean: "Milano", "milano, it", "Milano (MI)", "Springfield,
    /// IL, US", "Paris, France", "Austin TX", "Greater London", "20121 Milano". `country` leaves out the places of others.
    ///
    /// - The whole text may be a name; else what stands before the first comma, bracket, bar, slash or dash is one, as it
    ///   is, or without postal codes at its ends, or without words such as "Greater", "Großraum", "Metropolitan Area",
    ///   "e dintorni". Nothing else can be the name: in "Quartiere Isola, Milano" it is the quarter or nothing, for "Milano" may as well
    ///   be a province.
    /// - Each further part keeps the bearers of the name that lie in a country or region of that name or code, whichever
    ///   of its meanings fits ("CA" is Canada and California). A part that fits none of them leads nowhere where it is a
    ///   country or a known region ("Paris, DE"), and is passed over otherwise ("Milano, remote").
    /// - A name that nothing narrows down and that is also one of a country or region means that, and leads nowhere, but for
    ///   places that lie in it ("Luxembourg") and those of names by hand ("Granada").
    /// - The country or region may follow without a comma; a short code must then be written in capitals.
    /// - Who comes first of those that remain: see [`super::pack`].
    pub fn resolve(&self, text: &str, country: Option<CountryCode>) -> Option<Resolved> {
        let country = country.map(|country| Area { country, region: None });
        if let Some(number) = text.trim().strip_prefix(NUMBERED) {
            let place = Bearer::new(self.by_geonames_id(number.parse().ok()?)?.0, true, true);
            return country.is_none_or(|area| self.lies_in(place, area)).then(|| Resolved::of(&[place]))?;
        }
        let whole = Reading { name: TokenList::of(text).joined(), area: "" };
        Resolved::of(&self.read(&whole, &[], country)).or_else(|| {
            let parts = parts(text);
            let (name, further) = parts.split_first()?;
            readings(name).iter().find_map(|reading| Resolved::of(&self.read(reading, further, country)))
        })
    }

    /// Who bears a name and fits what narrows it down.
    fn read(&self, reading: &Reading<'_>, further: &[&str], country: Option<Area>) -> Vec<Bearer> {
        let mut bearers = self.bearers(&reading.name).to_vec();
        let mut is_narrowed = country.is_some();
        bearers.retain(|bearer| country.is_none_or(|area| self.lies_in(*bearer, area)));
        if !reading.area.is_empty() {
            is_narrowed = true;
            bearers = self.within(&bearers, reading.area);
        }
        for part in further {
            let within = self.within(&bearers, part);
            if !within.is_empty() {
                is_narrowed = true;
                bearers = within;
            } else if !self.countries.areas(part).is_empty() {
                return within;
            }
        }
        if is_narrowed { bearers } else { self.meant(&reading.name, bearers) }
    }

    /// Those that lie in any country or region that a text may mean.
    fn within(&self, bearers: &[Bearer], text: &str) -> Vec<Bearer> {
        let areas = self.countries.areas(text);
        let fits =
            |bearer: &Bearer| self.has_region(*bearer, text) || areas.iter().any(|area| self.lies_in(*bearer, *area));
        bearers.iter().copied().filter(fits).collect()
    }

    /// The shortest text that leads back to this very place: "Milan, IT"; with the region where the name and country alone
    /// lead to another: "Springfield, IL, US"; by GeoNames' number where even these do: "geonames:3173435". Empty where
    /// another version of the gazetteer gave the number.
    pub fn label(&self, id: PlaceId) -> String {
        let Some(place) = self.place(id) else { return String::new() };
        let country = place.country.as_str();
        let leads_back = |label: &String| self.resolve(label, None).is_some_and(|resolved| resolved.place == id);
        let short = format!("{}, {country}", place.name);
        let with_region = format!("{}, {}, {country}", place.name, place.region);
        [short, with_region].into_iter().find(leads_back).unwrap_or_else(|| format!("{NUMBERED}{}", place.geonames_id))
    }
}

/// The parts of a text between separators, trimmed, without empty ones.
fn parts(text: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = text.split(SEPARATORS).collect();
    for dash in DASHES {
        parts = parts.into_iter().flat_map(|part| part.split(dash)).collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// One way to read the first part of a text.
struct Reading<'t> {
    /// Folded.
    name: String,
    /// What follows the name and may be a country or region; empty where nothing does.
    area: &'t str,
}

/// The ways to read the first part of a text, the most literal first.
fn readings(part: &str) -> Vec<Reading<'_>> {
    let tokens = TokenList::of(part);
    let forms: Vec<&str> = tokens.exact_forms().take(MAX_TOKENS).collect();
    let mut readings = Vec::new();
    for end in (1..=forms.len()).rev() {
        let area = if end < forms.len() { &part[tokens.token(end).bytes.start..] } else { "" };
        let may_be_code = area.len() <= LONGEST_CODE;
        if may_be_code && !area.bytes().all(|byte| byte.is_ascii_uppercase()) {
            continue;
        }
        let head = &forms[..end];
        let bare = without_codes(head);
        let mut heads = vec![head, bare, without_surroundings(bare)];
        heads.dedup();
        readings.extend(heads.into_iter().map(|head| Reading { name: head.join(" "), area }));
    }
    readings
}

/// Without tokens that hold a digit at either end: postal codes, numbers of districts; "D-80331" goes as a whole.
fn without_codes<'f, 't>(mut forms: &'f [&'t str]) -> &'f [&'t str] {
    let is_code = |form: &str| form.bytes().any(|byte| byte.is_ascii_digit());
    while let [rest @ .., last] = forms
        && is_code(last)
    {
        forms = rest;
    }
    loop {
        match forms {
            [first, rest @ ..] if is_code(first) => forms = rest,
            [letter, code, rest @ ..] if letter.len() == 1 && is_code(code) => forms = rest,
            _ => return forms,
        }
    }
}

/// Without words that mean the surroundings of what stands between them.
fn without_surroundings<'f, 't>(forms: &'f [&'t str]) -> &'f [&'t str] {
    let words = |phrase: &&str| phrase.split(' ').count();
    let begins = |phrase: &&&str| phrase.split(' ').eq(forms.iter().copied().take(words(phrase)));
    let before = BEFORE.iter().filter(begins).map(words).max().unwrap_or_default();
    let rest = forms.get(before..).filter(|rest| !rest.is_empty()).unwrap_or(forms);
    let ends = |phrase: &&&str| {
        let start = rest.len().saturating_sub(words(phrase));
        phrase.split(' ').eq(rest[start..].iter().copied())
    };
    let behind = BEHIND.iter().filter(ends).map(words).max().unwrap_or_default();
    rest.get(..rest.len() - behind).filter(|rest| !rest.is_empty()).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_parts() {
        assert_eq!(parts("Milano (MI), Italia"), ["Milano", "MI", "Italia"]);
        assert_eq!(parts("Milano - Italia | remote"), ["Milano", "Italia", "remote"]);
        assert_eq!(parts("Stratford-upon-Avon"), ["Stratford-upon-Avon"]);
        assert!(parts(" , ()").is_empty());
    }

    #[test]
    fn surroundings_and_codes_fall_off() {
        for (text, expected) in [
            ("Greater Boston Area", "boston"),
            ("Milan Metropolitan Area", "milan"),
            ("San Francisco Bay Area", "san francisco"),
            ("Milano e dintorni", "milano"),
            ("Großraum München", "munchen"),
            ("Région de Lyon", "lyon"),
            ("Région d'Angers", "angers"),
            ("Città metropolitana di Milano", "milano"),
            ("20121 Milano", "milano"),
            ("D-80331 München", "munchen"),
            ("London SW1A 1AA", "london"),
            ("Greater", "greater"),
            ("Area", "area"),
            ("75008", ""),
        ] {
            let tokens = TokenList::of(text);
            let forms: Vec<&str> = tokens.exact_forms().collect();
            assert_eq!(without_surroundings(without_codes(&forms)).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_short_code_behind_a_name_is_written_in_capitals() {
        let areas = |text| readings(text).iter().map(|reading| reading.area.to_owned()).collect::<Vec<_>>();
        assert_eq!(areas("Austin TX"), ["", "TX"]);
        assert_eq!(areas("nice to"), [""]);
        assert_eq!(areas("Milano Italia"), ["", "Italia"]);
    }
}
