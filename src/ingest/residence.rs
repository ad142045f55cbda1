//! What systems and people write of where somebody lives → city, region, country.
//!
//! Streets and postal codes are left out: they say nothing that a search may use.

use super::person::{Residence, trimmed};
use crate::places::Gazetteer;

/// Reads a place in one text: "Milano, Lombardy, Italy", "Via Roma 1, 20121 Milano, Italy", "Remote - Italy". A place that
/// the gazetteer does not know keeps its words.
pub(super) fn read_residence(text: &str) -> Residence {
    let gazetteer = Gazetteer::built_in();
    let parts: Vec<&str> = text.split([',', '\n', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
    for from in 0..parts.len() {
        let rest = parts[from..].join(", ");
        if gazetteer.country(parts[from]).is_some() && from + 1 == parts.len() {
            break;
        }
        let Some(resolved) = gazetteer.resolve(&rest, None) else { continue };
        let country = gazetteer.place(resolved.place).map(|place| place.country);
        let last_is_country = parts.len() > from + 1 && gazetteer.country(parts[parts.len() - 1]) == country;
        let to = if last_is_country { parts.len() - 1 } else { parts.len() };
        let region = parts.get(from + 1..to).and_then(<[&str]>::first).map(|part| (*part).to_owned());
        return Residence {
            city: without_codes(parts[from]),
            region,
            country_code: country.map(|code| code.as_str().to_owned()),
        };
    }
    unknown_residence(&parts)
}

/// A place that the gazetteer does not know: its words, its country, and no street.
fn unknown_residence(parts: &[&str]) -> Residence {
    let country = parts.last().and_then(|last| Gazetteer::built_in().country(last));
    let named = if country.is_some() { &parts[..parts.len() - 1] } else { parts };
    let mut words = named.iter().filter(|part| !part.contains(|letter: char| letter.is_ascii_digit()));
    Residence {
        city: words.next().map(|word| (*word).to_owned()),
        region: words.next().map(|word| (*word).to_owned()),
        country_code: country.map(|code| code.as_str().to_owned()),
    }
}

/// Reads a place that comes in parts. A country that is none known stands as the region, where there is no other.
pub(super) fn residence_of(city: Option<String>, region: Option<String>, country: Option<String>) -> Residence {
    let (city, mut region, country) = (trimmed(city), trimmed(region), trimmed(country));
    let code = country.as_deref().and_then(|country| Gazetteer::built_in().country(country));
    if code.is_none() && region.is_none() {
        region = country;
    }
    let country_code = code.map(|code| code.as_str().to_owned());
    if country_code.is_none() && region.is_none() {
        return city.map(|city| read_residence(&city)).unwrap_or_default();
    }
    Residence { city, region, country_code }
}

/// A city without postal codes beside it.
fn without_codes(part: &str) -> Option<String> {
    let words = part.split_whitespace().filter(|word| !word.contains(|letter: char| letter.is_ascii_digit()));
    trimmed(Some(words.collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> [String; 3] {
        let Residence { city, region, country_code } = read_residence(text);
        [city, region, country_code].map(Option::unwrap_or_default)
    }

    #[test]
    fn streets_stay_out_and_countries_become_codes() {
        assert_eq!(told("Milano, Lombardy, Italy"), ["Milano", "Lombardy", "IT"]);
        assert_eq!(told("Via Roma 1, 20121 Milano, Italia"), ["Milano", "", "IT"]);
        assert_eq!(told("San Francisco, CA"), ["San Francisco", "CA", "US"]);
        assert_eq!(told("Berlin"), ["Berlin", "", "DE"]);
        assert_eq!(told("Germany"), ["", "", "DE"]);
        assert_eq!(told("Xyzzyville 3, Plugh, Italy"), ["Plugh", "", "IT"]);
        assert_eq!(told(""), ["", "", ""]);
    }

    #[test]
    fn parts_and_one_text_say_the_same() {
        let of = |text: &str| Some(text.to_owned());
        let parts = residence_of(of("Milano"), of("Lombardy"), of("it"));
        assert_eq!(parts, read_residence("Milano, Lombardy, Italy"));
        assert_eq!(residence_of(of("Berlin"), None, None), read_residence("Berlin"));
    }
}
