//! What a part of a sentence was read as.
//!
//! A reading → the filter it adds, or the negated clause; its kind; its text. Invariant: a reading that does not fit
//! into a set of filters is never added to it.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::super::fact::{AgeRange, Fact, FactTest, Wanted};
use super::super::filter::{DayWindow, EventWindow, FilterSet, NearFilter, Quantifier, Selection, YearRange};
use crate::places::CountryCode;
use crate::text;

/// The radius around a place where none is told, in kilometres.
const DEFAULT_KM: f64 = 50.0;

/// What a part of a sentence asks about. The wire names are stable and append-only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum PartKind {
    /// Total experience.
    Years,
    /// Where the person lives: a place and a radius.
    Near,
    /// Where the person lives: one of several cities.
    Cities,
    /// The person's country.
    Country,
    /// Whether the person wishes to work remotely.
    Remote,
    /// Where the person wishes to move to.
    Relocate,
    /// Whether the person is open to work.
    OpenToWork,
    /// Spoken languages.
    Language,
    /// The person's last activity.
    LastActive,
    /// Whether and when a recruiter wrote.
    Contacted,
    /// Whether and when the person applied.
    Applied,
    /// Whether and when the person was interviewed.
    Interviewed,
    /// Whether and when the person replied.
    Replied,
    /// An employer.
    Company,
    /// An employer that is not wanted.
    ExcludedCompany,
    /// A place or country that is not wanted.
    ExcludedPlace,
    /// Words that are not wanted.
    ExcludedWord,
}

/// A place and how far around it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    /// The gazetteer's label.
    pub(super) label: String,
    /// Kilometres, where they are told.
    pub(super) km: Option<f64>,
    /// What was assumed of the name.
    pub(super) note: Option<String>,
}

impl Spot {
    fn filter(&self) -> NearFilter {
        NearFilter { place: self.label.clone(), km: self.km }
    }
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    /// A city.
    City(Spot),
    /// A country.
    Country(CountryCode),
}

/// What a part was read as.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    Years(YearRange),
    Near(Spot),
    Cities(Vec<Spot>),
    Countries(Vec<CountryCode>),
    Remote(bool),
    OpenToWork(bool),
    Relocate(Spot),
    Languages(Quantifier, Vec<&'static str>),
    LastActive(u32),
    Event(Fact, EventWindow),
    Companies(Quantifier, Vec<String>),
    ExcludedCompanies(Vec<String>),
    ExcludedPlaces(Vec<Target>),
    ExcludedWords(Vec<String>),
}

impl Reading {
    pub(super) fn kind(&self) -> PartKind {
        match self {
            Self::Years(_) => PartKind::Years,
            Self::Near(_) => PartKind::Near,
            Self::Cities(_) => PartKind::Cities,
            Self::Countries(_) => PartKind::Country,
            Self::Remote(_) => PartKind::Remote,
            Self::OpenToWork(_) => PartKind::OpenToWork,
            Self::Relocate(_) => PartKind::Relocate,
            Self::Languages(..) => PartKind::Language,
            Self::LastActive(_) => PartKind::LastActive,
            Self::Event(Fact::Applied, _) => PartKind::Applied,
            Self::Event(Fact::Interviewed, _) => PartKind::Interviewed,
            Self::Event(Fact::Replied, _) => PartKind::Replied,
            Self::Event(..) => PartKind::Contacted,
            Self::Companies(..) => PartKind::Company,
            Self::ExcludedCompanies(_) => PartKind::ExcludedCompany,
            Self::ExcludedPlaces(_) => PartKind::ExcludedPlace,
            Self::ExcludedWords(_) => PartKind::ExcludedWord,
        }
    }

    /// Whether its filter can be added to these.
    pub(super) fn fits(&self, filters: &FilterSet) -> bool {
        match self {
            Self::Years(_) => filters.years.is_none(),
            Self::Near(_) | Self::Cities(_) => filters.near.is_none() && filters.cities.is_none(),
            Self::Countries(_) => filters.countries.is_none(),
            Self::Remote(_) => filters.remote.is_none(),
            Self::OpenToWork(_) => filters.open_to_work.is_none(),
            Self::Relocate(_) => filters.relocate.is_none(),
            Self::Languages(..) => filters.languages.is_none(),
            Self::LastActive(_) => filters.last_active.is_none(),
            Self::Event(Fact::Applied, _) => filters.applied.is_none(),
            Self::Event(Fact::Interviewed, _) => filters.interviewed.is_none(),
            Self::Event(Fact::Replied, _) => filters.replied.is_none(),
            Self::Event(..) => filters.contacted.is_none(),
            Self::Companies(..) => filters.companies.is_none(),
            Self::ExcludedCompanies(_) | Self::ExcludedPlaces(_) | Self::ExcludedWords(_) => true,
        }
    }

    /// Adds its filter. A clause adds none.
    pub(super) fn add_to(&self, filters: &mut FilterSet) {
        match self {
            Self::Years(range) => filters.years = Some(*range),
            Self::Near(spot) => filters.near = Some(spot.filter()),
            Self::Cities(spots) => {
                filters.cities = Some(selection(Quantifier::Any, spots.iter().map(|spot| spot.label.clone())));
            }
            Self::Countries(codes) => {
                filters.countries = Some(selection(Quantifier::Any, codes.iter().map(|code| code.as_str().to_owned())));
            }
            Self::Remote(is) => filters.remote = Some(*is),
            Self::OpenToWork(is) => filters.open_to_work = Some(*is),
            Self::Relocate(spot) => filters.relocate = Some(spot.filter()),
            Self::Languages(quantifier, names) => {
                filters.languages = Some(selection(*quantifier, names.iter().map(|name| (*name).to_owned())));
            }
            Self::LastActive(within_days) => filters.last_active = Some(DayWindow { within_days: *within_days }),
            Self::Event(Fact::Applied, window) => filters.applied = Some(*window),
            Self::Event(Fact::Interviewed, window) => filters.interviewed = Some(*window),
            Self::Event(Fact::Replied, window) => filters.replied = Some(*window),
            Self::Event(_, window) => filters.contacted = Some(*window),
            Self::Companies(quantifier, names) => {
                filters.companies = Some(selection(*quantifier, names.iter().cloned()));
            }
            Self::ExcludedCompanies(_) | Self::ExcludedPlaces(_) | Self::ExcludedWords(_) => {}
        }
    }

    /// The negated clauses of the query language that stand for it, where it is no filter.
    pub(super) fn clauses(&self) -> Option<String> {
        let clauses: Vec<String> = match self {
            Self::ExcludedCompanies(names) => names.iter().map(|name| format!("-company:{}", quoted(name))).collect(),
            Self::ExcludedWords(words) => words.iter().map(|words| format!("-{}", quoted(words))).collect(),
            Self::ExcludedPlaces(places) => places.iter().map(|place| format!("-{place}")).collect(),
            _ => return None,
        };
        Some(clauses.join(" "))
    }
}

/// As the query language says it, where it can; else as a filter is written in answers.
impl Display for Reading {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut fact = |fact, wanted| Display::fmt(&FactTest { fact, wanted }, f);
        match self {
            Self::Years(range) => write!(f, "years:{}", years(*range)),
            Self::Near(spot) => write!(f, "near:{spot}"),
            Self::Relocate(spot) => write!(f, "relocate:{spot}"),
            Self::Cities(spots) => {
                let labels: Vec<String> = spots.iter().map(|spot| format!("\"{}\"", spot.label)).collect();
                write!(f, "cities any: {}", labels.join(", "))
            }
            Self::Countries(codes) => {
                let codes: Vec<&str> = codes.iter().map(CountryCode::as_str).collect();
                write!(f, "countries any: {}", codes.join(", "))
            }
            Self::Remote(is) => fact(Fact::Remote, Wanted::Is(*is)),
            Self::OpenToWork(is) => fact(Fact::Open, Wanted::Is(*is)),
            Self::Languages(quantifier, names) => write!(f, "languages {}: {}", quantifier.name(), names.join(", ")),
            Self::LastActive(days) => fact(Fact::Active, Wanted::Age(AgeRange::within(*days))),
            Self::Event(of, EventWindow { within_days: Some(days), .. }) => {
                fact(*of, Wanted::Age(AgeRange::within(*days)))
            }
            Self::Event(of, EventWindow { not_within_days: Some(days), .. }) => {
                f.write_str("-")?;
                Display::fmt(&FactTest { fact: *of, wanted: Wanted::Age(AgeRange::within(*days)) }, f)
            }
            Self::Event(of, window) => fact(*of, Wanted::Is(window.ever != Some(false))),
            Self::Companies(quantifier, names) => write!(f, "companies {}: {}", quantifier.name(), names.join(", ")),
            Self::ExcludedCompanies(_) | Self::ExcludedPlaces(_) | Self::ExcludedWords(_) => {
                f.write_str(&self.clauses().unwrap_or_default())
            }
        }
    }
}

/// `"Milan, IT"~50km`
impl Display for Spot {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"~{}km", self.label, self.km.unwrap_or(DEFAULT_KM))
    }
}

/// `near:"Milan, IT"~50km`, `country:DE`
impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::City(spot) => write!(f, "near:{spot}"),
            Self::Country(code) => write!(f, "country:{}", code.as_str()),
        }
    }
}

fn years(range: YearRange) -> String {
    match (range.min, range.max) {
        (Some(min), Some(max)) => format!("{min}..{max}"),
        (Some(min), None) => format!(">={min}"),
        (None, Some(max)) => format!("<={max}"),
        (None, None) => ">=0".to_owned(),
    }
}

fn selection(quantifier: Quantifier, values: impl Iterator<Item = String>) -> Selection {
    let values = values.collect();
    match quantifier {
        Quantifier::All => Selection { all: values, ..Selection::default() },
        Quantifier::Any => Selection { any: values, ..Selection::default() },
        Quantifier::None => Selection { none: values, ..Selection::default() },
    }
}

/// Typed words as an operand of the query language: bare where they are one plain word, else a phrase.
fn quoted(words: &str) -> String {
    let is_plain = words.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '+' | '#' | '.' | '&'));
    let starts_well = words.starts_with(char::is_alphanumeric);
    let is_keyword = matches!(words, "AND" | "OR" | "NOT");
    if is_plain && starts_well && !is_keyword && text::tokens(words).len() == 1 {
        return words.to_owned();
    }
    format!("\"{words}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_are_quoted_where_they_must_be() {
        for (typed, expected) in [
            ("java", "java"),
            ("C++", "C++"),
            ("AT&T", "AT&T"),
            ("NOT", "\"NOT\""),
            ("node-js", "\"node-js\""),
            ("Acme Corp", "\"Acme Corp\""),
        ] {
            assert_eq!(quoted(typed), expected);
        }
    }

    #[test]
    fn readings_are_told_in_the_query_language() {
        let not_within = EventWindow { not_within_days: Some(90), ..EventWindow::default() };
        let never = EventWindow { ever: Some(false), ..EventWindow::default() };
        let milan = Spot { label: "Milan, IT".into(), km: None, note: None };
        for (reading, expected) in [
            (Reading::Years(YearRange { min: Some(5.0), max: None }), "years:>=5"),
            (Reading::Years(YearRange { min: Some(2.5), max: Some(3.0) }), "years:2.5..3"),
            (Reading::Event(Fact::Contacted, not_within), "-contacted:<=90d"),
            (Reading::Event(Fact::Applied, never), "applied:false"),
            (Reading::OpenToWork(true), "open:true"),
            (Reading::Near(milan.clone()), "near:\"Milan, IT\"~50km"),
            (Reading::ExcludedPlaces(vec![Target::City(milan)]), "-near:\"Milan, IT\"~50km"),
            (Reading::ExcludedWords(vec!["java".into(), "visual basic".into()]), "-java -\"visual basic\""),
            (Reading::Languages(Quantifier::All, vec!["German", "English"]), "languages all: German, English"),
        ] {
            assert_eq!(reading.to_string(), expected);
        }
    }
}
