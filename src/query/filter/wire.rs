//! The filters of a request as they come in: wire names only, nothing checked but the form.

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::Quantifier;

/// The filters of a request as they come in. All must be met.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FilterSet {
    /// Skills.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<Selection>,
    /// Titles, current or past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub titles: Option<Selection>,
    /// What titles, current or past, are read as: any name of an occupation, or as the facet gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occupations: Option<Selection>,
    /// Titles of current positions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_titles: Option<Selection>,
    /// Employers, current or past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub companies: Option<Selection>,
    /// Schools and universities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schools: Option<Selection>,
    /// Cities in which people live: any name of a place, or as the facet gives it (`Milan, IT`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cities: Option<Selection>,
    /// ISO 3166-1 alpha-2 codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub countries: Option<Selection>,
    /// Spoken languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub languages: Option<Selection>,
    /// Industries of positions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industries: Option<Selection>,
    /// City, region or postal area names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locations: Option<Selection>,
    /// Systems that candidates came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Selection>,
    /// Where the person lives; unknown where no place is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub near: Option<NearFilter>,
    /// Where the person wishes to move to; unknown where no place is wished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relocate: Option<NearFilter>,
    /// Cohorts, such as those of a layoff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohorts: Option<Selection>,
    /// Tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Selection>,
    /// Total experience.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years: Option<YearRange>,
    /// Whether the candidate is open to work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_to_work: Option<bool>,
    /// The last activity of the candidate's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_active: Option<DayWindow>,
    /// Whether the candidate wishes to work remotely.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<bool>,
    /// The candidate's last application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied: Option<EventWindow>,
    /// The candidate's last interview.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interviewed: Option<EventWindow>,
    /// The last message of a recruiter to the candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacted: Option<EventWindow>,
    /// The candidate's last reply; a refusal is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replied: Option<EventWindow>,
}

/// Values of one field; a bare array is the same as `any`. Empty lists ask for nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Selection {
    /// Each of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<String>,
    /// At least one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<String>,
    /// None of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<String>,
}

impl Selection {
    /// One of its lists.
    pub fn list(&self, quantifier: Quantifier) -> &Vec<String> {
        match quantifier {
            Quantifier::All => &self.all,
            Quantifier::Any => &self.any,
            Quantifier::None => &self.none,
        }
    }

    /// One of its lists, to be changed.
    pub fn list_mut(&mut self, quantifier: Quantifier) -> &mut Vec<String> {
        match quantifier {
            Quantifier::All => &mut self.all,
            Quantifier::Any => &mut self.any,
            Quantifier::None => &mut self.none,
        }
    }
}

/// A circle around a place.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NearFilter {
    /// Any name of a place: `Milano`, `Paris, US`.
    pub place: String,
    /// Its radius in kilometres, 50 where nothing is said, at most 20,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub km: Option<f64>,
}

/// Years of experience, both ends included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct YearRange {
    /// At least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// At most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

/// A window of days that ends now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DayWindow {
    /// Its length, at least 1.
    pub within_days: u32,
}

/// When something happened last. What has no event in the log did not happen. All that is given must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EventWindow {
    /// Whether it ever happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ever: Option<bool>,
    /// At most so many days ago, at least 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_days: Option<u32>,
    /// Not in so many days, or never, at least 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_within_days: Option<u32>,
}

impl<'de> Deserialize<'de> for Selection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SelectionVisitor)
    }
}

struct SelectionVisitor;

impl<'de> Visitor<'de> for SelectionVisitor {
    type Value = Selection;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of strings, or an object with `all`, `any` and `none`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Selection, A::Error> {
        let any = Vec::deserialize(de::value::SeqAccessDeserializer::new(seq))?;
        Ok(Selection { any, ..Selection::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Selection, A::Error> {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct Lists {
            all: Vec<String>,
            any: Vec<String>,
            none: Vec<String>,
        }
        let Lists { all, any, none } = Lists::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Selection { all, any, none })
    }
}
