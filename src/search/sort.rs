//! Hits in another order than by score.
//!
//! Input: the hit set. Output: its first members by what is asked for. Invariants: who has no value comes last, whatever the
//! direction; ids break ties; only hits that count are sorted, none that meaning alone found.

use std::{cmp::Ordering, fmt};

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::retrieval::{MAX_WINDOW, Retrieval};
use crate::{candidate::Month, engine::KeySet, places::Gazetteer, query::Circle};

/// By what hits are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SortBy {
    /// The score, the best first.
    #[default]
    Score,
    /// The person's own last act, the latest first.
    LastActive,
    /// Total experience, the longest first.
    Experience,
    /// The distance from a place, the nearest first: `from`, else the nearest of those that `near:` or a filter asks for.
    Distance,
    /// The name, in the order of letters.
    Name,
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SortOrder {
    /// The smallest first.
    Ascending,
    /// The largest first.
    Descending,
}

/// What a request says of the order: a name, or `{"by": …, "order": …, "from": …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SortBody {
    /// By what.
    pub by: SortBy,
    /// Which end comes first; what is usual where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<SortOrder>,
    /// From where distances count: any name of a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// A valid order.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Which end comes first.
    pub order: SortOrder,
    /// From where distances count, where that is said apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip)]
    pub(super) circle: Option<Circle>,
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: SortBy::Score, order: SortOrder::Descending, from: None, circle: None }
    }
}

impl SortBody {
    /// What cannot be asked for together, in words.
    pub(super) fn complaint(&self) -> Option<&'static str> {
        match (self.by, self.order, &self.from) {
            (SortBy::Score, Some(SortOrder::Ascending), _) => {
                Some("the worst score is not asked for: `score` is descending")
            }
            (SortBy::Distance, ..) | (_, _, None) => None,
            _ => Some("`from` goes with `distance` only"),
        }
    }

    /// The order, with what is usual where nothing is said; `Err` names a place that is not known.
    pub(super) fn read(&self) -> Result<Sort, &str> {
        let usual = match self.by {
            SortBy::Score | SortBy::LastActive | SortBy::Experience => SortOrder::Descending,
            SortBy::Distance | SortBy::Name => SortOrder::Ascending,
        };
        let from = self.from.as_deref().map(|name| Circle::around(name, None).map_err(|_| name)).transpose()?;
        Ok(Sort {
            by: self.by,
            order: self.order.unwrap_or(usual),
            from: from.as_ref().map(|(_, resolved)| Gazetteer::built_in().label(resolved.place)),
            circle: from.map(|(circle, _)| circle),
        })
    }
}

impl Retrieval<'_> {
    /// The first hits in the order of the request, as many as pages reach.
    pub(super) fn sorted(&self, hits: &KeySet) -> Vec<u32> {
        let (snapshot, as_of) = (self.snapshot, self.request.as_of);
        let month = Month::of_timestamp(as_of);
        match self.request.sort.by {
            SortBy::Score => hits.iter().take(MAX_WINDOW).collect(),
            SortBy::LastActive => self.first(hits, |key| snapshot.last_act(key, as_of.as_second())),
            SortBy::Experience => self.first(hits, |key| snapshot.experience_months(key, month)),
            SortBy::Distance => self.first(hits, |key| self.distance_metres(key)),
            SortBy::Name => {
                self.first(hits, |key| Some(snapshot.facts(key)?.name.as_str()).filter(|name| !name.is_empty()))
            }
        }
    }

    fn distance_metres(&self, key: u32) -> Option<i64> {
        let point = self.snapshot.residence(key)?;
        Some((self.asked.distance_km(point)? * 1e3).round() as i64)
    }

    fn first<V: Ord>(&self, hits: &KeySet, value: impl Fn(u32) -> Option<V>) -> Vec<u32> {
        let mut valued: Vec<(Option<V>, u32)> = hits.iter().map(|key| (value(key), key)).collect();
        let compare = |a: &(Option<V>, u32), b: &(Option<V>, u32)| {
            let by_value = match (&a.0, &b.0, self.request.sort.order) {
                (Some(a), Some(b), SortOrder::Ascending) => a.cmp(b),
                (Some(a), Some(b), SortOrder::Descending) => b.cmp(a),
                (a, b, _) => b.is_some().cmp(&a.is_some()),
            };
            by_value.then_with(|| self.by_id(a.1, b.1))
        };
        if valued.len() > MAX_WINDOW {
            valued.select_nth_unstable_by(MAX_WINDOW - 1, compare);
            valued.truncate(MAX_WINDOW);
        }
        valued.sort_unstable_by(compare);
        valued.into_iter().map(|(_, key)| key).collect()
    }

    fn by_id(&self, a: u32, b: u32) -> Ordering {
        self.snapshot.id(a).cmp(self.snapshot.id(b))
    }
}

impl<'de> Deserialize<'de> for SortBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SortVisitor)
    }
}

struct SortVisitor;

impl<'de> Visitor<'de> for SortVisitor {
    type Value = SortBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "`score`, `lastActive`, `experience`, `distance`, `name`, or an object with `by`, `order` and `from`",
        )
    }

    fn visit_str<E: de::Error>(self, by: &str) -> Result<SortBody, E> {
        Ok(SortBody { by: SortBy::deserialize(de::value::StrDeserializer::new(by))?, order: None, from: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SortBody, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Members {
            by: SortBy,
            #[serde(default)]
            order: Option<SortOrder>,
            #[serde(default)]
            from: Option<String>,
        }
        let Members { by, order, from } = Members::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(SortBody { by, order, from })
    }
}
