//! Where somebody lives: the place of an address line.
//!
//! "42 Sharia El-Nile, Heliopolis, Cairo 11361, Egypt" → Cairo in Egypt: what follows a name narrows it down, and the first name that a country beside it
//! does not contradict counts.

use serde_json::{Map, Value, json};

use super::evidence::is_place;
use super::line::Line;
use super::words::{self, Cue};
use crate::places::{CountryCode, Gazetteer};
use crate::text::TokenList;

/// An address line is no longer than this, in characters.
const LONGEST: usize = 160;

/// A city and what narrows it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Home {
    city: String,
    region: Option<String>,
    country: Option<CountryCode>,
}

impl Home {
    /// As the `location` of JSON Resume.
    pub(super) fn location(&self) -> Value {
        let mut location = Map::from_iter([("city".to_owned(), json!(self.city))]);
        if let Some(region) = &self.region {
            location.insert("region".to_owned(), json!(region));
        }
        if let Some(country) = &self.country {
            location.insert("countryCode".to_owned(), json!(country.as_str()));
        }
        Value::Object(location)
    }
}

/// The home that a line names, if it is an address or a part of one.
pub(super) fn home(line: &Line) -> Option<Home> {
    if line.text.chars().count() > LONGEST {
        return None;
    }
    let text = line
        .text
        .split_once(':')
        .filter(|(label, _)| words::is_cue(Cue::AddressLabel, &words::fold(label)))
        .map_or(line.text.as_str(), |(_, value)| value);
    text.split(['\t', '|', '·', '•', ';']).find_map(|address| {
        let parts: Vec<String> = address
            .split(',')
            .flat_map(|part| part.split(" – "))
            .flat_map(|part| part.split(" - "))
            .map(bare)
            .collect();
        let country = parts.iter().find_map(|part| country(part));
        (0..parts.len()).find_map(|at| {
            let city = as_city(&parts[at], country)?;
            let region = parts.get(at + 1).filter(|region| narrows(&city, region, country)).cloned();
            Some(Home { city, region, country })
        })
    })
}

/// A part without what stands in brackets and without numbers of houses and postal codes.
fn bare(part: &str) -> String {
    let part = part.split('(').next().unwrap_or(part).trim();
    if part.contains('@') {
        return String::new();
    }
    let words: Vec<&str> = part.split(' ').filter(|word| !word.bytes().any(|byte| byte.is_ascii_digit())).collect();
    words.join(" ")
}

/// The country that a part names and nothing else. A code of two letters may be a region.
fn country(part: &str) -> Option<CountryCode> {
    let tokens = TokenList::of(part);
    let forms: Vec<&str> = tokens.exact_forms().collect();
    let (length, country) = Gazetteer::built_in().longest_country(&forms, 0)?;
    (length == forms.len()).then_some(country)
}

fn as_city(part: &str, country: Option<CountryCode>) -> Option<String> {
    let gazetteer = Gazetteer::built_in();
    let is_code = part.len() <= 3 && part.chars().all(|letter| letter.is_alphabetic() && !letter.is_lowercase());
    let is_city = part.len() > 2 && !is_code && is_place(part) && gazetteer.country(part).is_none();
    (is_city && gazetteer.resolve(part, country).is_some()).then(|| part.to_owned())
}

/// Whether a region leads to another bearer of a city's name than the name alone does.
fn narrows(city: &str, region: &str, country: Option<CountryCode>) -> bool {
    let gazetteer = Gazetteer::built_in();
    let alone = gazetteer.resolve(city, country).map(|resolved| resolved.place);
    let within = gazetteer.resolve(&format!("{city}, {region}"), country).map(|resolved| resolved.place);
    !region.is_empty() && within.is_some() && within != alone
}

#[cfg(test)]
mod tests {
    use super::super::line::lines;
    use super::*;

    fn told(text: &str) -> Option<Value> {
        lines(text).first().and_then(home).map(|home| home.location())
    }

    #[test]
    fn what_follows_a_name_narrows_it_down() {
        let cairo = json!({ "city": "Cairo", "countryCode": "EG" });
        assert_eq!(told("42 Sharia El-Nile, Heliopolis, Cairo 11361, Egypt"), Some(cairo));
        let portland = json!({ "city": "Portland", "region": "ME", "countryCode": "US" });
        assert_eq!(told("Address: Portland, ME 04101, USA"), Some(portland));
        assert_eq!(told("Portland, ME"), Some(json!({ "city": "Portland", "region": "ME" })));
        assert_eq!(told("+39 02 1234567 | a@b.it | Via Roma 1, 20121 Milano"), Some(json!({ "city": "Milano" })));
    }

    #[test]
    fn a_country_or_a_code_alone_is_no_home() {
        for text in ["Italia", "TX", "rust, python", "a@paris.fr", ""] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
