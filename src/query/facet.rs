//! Facets: by what hits are counted, and what selects those that were counted.
//!
//! Invariant: a facet goes by the name of the filter that it leads to. The buckets of ranges do not overlap, but for those of the
//! last activity, which are nested as its filter is.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::fact::{AgeRange, Fact, MonthRange};
use super::filter::FilterField;

/// Values of a facet where the request names no number.
pub const DEFAULT_FACET_VALUES: usize = 10;

/// The most values of a facet.
pub const MAX_FACET_VALUES: usize = 200;

/// The buckets of total experience, in months: both ends included.
const YEARS: [(u32, Option<u32>); 7] =
    [(0, Some(11)), (12, Some(35)), (36, Some(59)), (60, Some(119)), (120, Some(179)), (180, Some(239)), (240, None)];

/// The buckets of the last activity: at most so many days ago.
const DAYS: [u32; 5] = [7, 30, 90, 180, 365];

/// By what hits are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The whole values of a field.
    Values(FilterField),
    /// Total experience.
    Years,
    /// The last activity.
    LastActive,
    /// Open to work.
    OpenToWork,
    /// Wishes to work remotely.
    Remote,
}

impl Facet {
    /// All facets.
    pub fn all() -> impl Iterator<Item = Self> {
        let others = [Self::Years, Self::LastActive, Self::OpenToWork, Self::Remote];
        FilterField::ALL.into_iter().map(Self::Values).chain(others)
    }

    /// Its name, that of the filter.
    pub fn name(self) -> &'static str {
        match self {
            Self::Values(field) => field.name(),
            Self::Years => "years",
            Self::LastActive => "lastActive",
            Self::OpenToWork => "openToWork",
            Self::Remote => "remote",
        }
    }

    /// The facet of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|facet| facet.name() == name)
    }

    /// The fact that its filter asks for; `None` for values of a field.
    pub fn fact(self) -> Option<Fact> {
        match self {
            Self::Values(_) => None,
            Self::Years => Some(Fact::Years),
            Self::LastActive => Some(Fact::Active),
            Self::OpenToWork => Some(Fact::Open),
            Self::Remote => Some(Fact::Remote),
        }
    }

    /// Whether those without a value are unknown.
    pub fn is_three_valued(self) -> bool {
        match self {
            Self::Values(field) => field.is_three_valued(),
            _ => true,
        }
    }
}

/// A bucket of total experience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearsBucket {
    /// The months, both ends included.
    pub months: MonthRange,
}

impl YearsBucket {
    /// All buckets, from the fewest years on.
    pub fn all() -> impl Iterator<Item = Self> {
        YEARS.into_iter().map(|(from, to)| Self { months: MonthRange { from: Some(from), to } })
    }

    /// The ends of the filter that selects it, in years: the lower one whole, the upper one 0.01 short of the next bucket.
    pub fn ends(&self) -> (f64, Option<f64>) {
        let years = |months: u32| f64::from(months) / 12.0;
        (years(self.months.from.unwrap_or(0)), self.months.to.map(|to| years(to + 1) - 0.01))
    }

    /// The bucket in words.
    pub fn label(&self) -> String {
        let from = self.months.from.unwrap_or(0) / 12;
        match self.months.to {
            Some(11) => "less than 1 year".to_owned(),
            Some(to) => format!("{from} to {} years", (to + 1) / 12),
            None => format!("{from} years and more"),
        }
    }
}

/// A bucket of the last activity: at most so many days ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActiveBucket {
    /// Days.
    pub days: u32,
}

impl ActiveBucket {
    /// All buckets, the latest first.
    pub fn all() -> impl Iterator<Item = Self> {
        DAYS.into_iter().map(|days| Self { days })
    }

    /// The greatest age in it, in seconds.
    pub fn seconds(self) -> i64 {
        AgeRange::within(self.days).longest_seconds()
    }

    /// The bucket in words.
    pub fn label(&self) -> String {
        format!("in the last {} days", self.days)
    }
}

/// A facet that a request asks for: its name, or `{"field": …, "limit": …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetBody {
    /// The name of a filter.
    pub field: String,
    /// The most values, 10 where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

impl<'de> Deserialize<'de> for FacetBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FacetVisitor)
    }
}

struct FacetVisitor;

impl<'de> Visitor<'de> for FacetVisitor {
    type Value = FacetBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a facet, or an object with `field` and `limit`")
    }

    fn visit_str<E: de::Error>(self, field: &str) -> Result<FacetBody, E> {
        Ok(FacetBody { field: field.to_owned(), limit: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FacetBody, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Members {
            field: String,
            #[serde(default)]
            limit: Option<usize>,
        }
        let Members { field, limit } = Members::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(FacetBody { field, limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Filter, FilterSet, Wanted, YearRange};

    #[test]
    fn names_lead_back_to_their_facets() {
        for facet in Facet::all() {
            assert_eq!(Facet::named(facet.name()), Some(facet));
        }
        assert_eq!(Facet::named("name"), None);
    }

    #[test]
    fn buckets_of_experience_cover_all_months_once_and_their_filters_select_them() {
        for months in 0..1_200 {
            assert_eq!(YearsBucket::all().filter(|bucket| bucket.months.contains(months)).count(), 1, "{months}");
        }
        for bucket in YearsBucket::all() {
            let (min, max) = bucket.ends();
            let set = FilterSet { years: Some(YearRange { min: Some(min), max }), ..FilterSet::default() };
            let Filter::Fact { test, .. } = set.validate().unwrap().remove(0) else { panic!() };
            assert_eq!(test.wanted, Wanted::Months(bucket.months));
        }
    }

    #[test]
    fn a_facet_is_asked_for_by_name_or_with_a_number() {
        let read = |text: &str| serde_json::from_str::<FacetBody>(text);
        assert_eq!(read("\"skills\"").unwrap(), FacetBody { field: "skills".to_owned(), limit: None });
        assert_eq!(read(r#"{"field": "skills", "limit": 3}"#).unwrap().limit, Some(3));
        assert!(read(r#"{"field": "skills", "size": 3}"#).is_err() && read("3").is_err());
    }
}
