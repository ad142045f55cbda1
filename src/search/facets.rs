//! How many hits have which values.
//!
//! Input: whom a request admits, and the facets that it asks for. Output: the counts of each. Invariants: a facet ignores what
//! is selected of itself as alternatives; the count of a value is the total that the request would have with that value
//! alone selected; nothing hangs on the page.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    SearchError,
    retrieval::Retrieval,
    tally::{Admitted, Tally, wished_hits},
};
use crate::{
    candidate::Month,
    engine::{self, EngineError, KeySet, embedded::keyword::ScoredWord},
    places::{CountryCode, Gazetteer},
    query::{
        ActiveBucket, AgeRange, Facet, FactTest, Filter, FilterField, HitSet as HitSetKind, Quantifier, Unknowns,
        Wanted, YearsBucket,
    },
};

/// How many hits have which values.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Facets {
    /// What is counted: `hits`, all of them, whatever pages can reach.
    pub scope: String,
    /// Whether there may be hits beside them that only the semantic signal found; they are not counted.
    pub excludes_semantic_only: bool,
    /// The facets, in the order of the request.
    pub fields: Vec<FacetCounts>,
}

/// The counts of one facet.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FacetCounts {
    /// The filter that it leads to.
    pub field: String,
    /// The values, the most frequent first; buckets in their order. What is selected is always among them.
    pub values: Vec<FacetValue>,
    /// How many different values the hits have; of buckets, in how many of them there is a hit.
    pub distinct: usize,
    /// Hits without a value. Of what may be unknown they are also hits of every selection where `unknowns` is `include`.
    pub unknown: usize,
    /// The hits that were counted: those of the request without the alternatives that are selected of this facet.
    pub hits: usize,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FacetValue {
    /// What selects it: of a list an item of the filter's `any`, else what the filter takes.
    #[schema(value_type = Object)]
    pub value: Value,
    /// The value as people write it.
    pub label: String,
    /// The total of the request with this value alone selected.
    pub count: usize,
    /// Whether it is selected.
    pub is_selected: bool,
}

/// What facets are counted from.
pub(super) struct FacetSource<'a> {
    pub(super) retrieval: &'a Retrieval<'a>,
    pub(super) admitted: &'a Admitted,
    pub(super) tally: &'a Tally<'a>,
    pub(super) words: &'a [ScoredWord],
}

impl FacetSource<'_> {
    /// The facets of the request; `None` where it asks for none.
    pub(super) fn facets(&self) -> Result<Option<Facets>, SearchError> {
        let request = self.retrieval.request;
        if request.facets.is_empty() {
            return Ok(None);
        }
        let fields = request.facets.iter().map(|(facet, limit)| self.facet(*facet, *limit));
        Ok(Some(Facets {
            scope: "hits".to_owned(),
            // Known once the vectors are searched.
            excludes_semantic_only: false,
            fields: fields.collect::<Result<_, _>>()?,
        }))
    }

    fn facet(&self, facet: Facet, limit: usize) -> Result<FacetCounts, SearchError> {
        let own: Vec<usize> = (0..self.retrieval.request.filters.len()).filter(|at| self.is_own(facet, *at)).collect();
        let without_own;
        let hits = if own.is_empty() {
            self.tally.hits()
        } else {
            without_own = self.hits_without(&own)?;
            &without_own
        };
        let selected: Vec<&Filter> = own.iter().map(|at| &self.retrieval.request.filters[*at]).collect();
        let counts = match facet {
            Facet::Values(field) => self.values(field, limit, (hits, &selected)),
            Facet::Years => self.years(hits, &selected),
            Facet::LastActive => self.last_active(hits, &selected),
            Facet::OpenToWork => {
                self.stated(hits, &selected, |key| self.retrieval.snapshot.is_open(key, self.instant()))
            }
            Facet::Remote => self.stated(hits, &selected, |key| self.retrieval.snapshot.is_remote(key)),
        };
        let included = if self.includes_unknown(facet) { counts.unknown } else { 0 };
        let values = counts.values.into_iter().map(|value| FacetValue { count: value.count + included, ..value });
        Ok(FacetCounts { field: facet.name().to_owned(), values: values.collect(), ..counts })
    }

    fn includes_unknown(&self, facet: Facet) -> bool {
        facet.is_three_valued() && self.retrieval.request.unknowns == Unknowns::Include
    }

    fn instant(&self) -> i64 {
        self.retrieval.request.as_of.as_second()
    }

    /// Whether a filter selects alternatives of a facet.
    fn is_own(&self, facet: Facet, filter: usize) -> bool {
        match &self.retrieval.request.filters[filter] {
            Filter::Values { field, quantifier, .. } => {
                facet == Facet::Values(*field) && *quantifier == Quantifier::Any
            }
            Filter::Fact { test, is_negated } => facet.fact() == Some(test.fact) && !is_negated,
        }
    }

    /// The hits of the request without some of its filters.
    fn hits_without(&self, left_out: &[usize]) -> Result<KeySet, EngineError> {
        let (request, snapshot) = (self.retrieval.request, self.retrieval.snapshot);
        let admitted = self.admitted.without(left_out, request.unknowns);
        if request.plan.hit_set != HitSetKind::Wished {
            return Ok(admitted.unwrap_or_else(|| snapshot.live().clone()));
        }
        match (self.tally.wished(), admitted) {
            (Some(wished), Some(mut admitted)) => {
                admitted.intersect_with(wished);
                Ok(admitted)
            }
            (Some(wished), None) => Ok(wished.clone()),
            (None, admitted) => {
                let scoring = super::scored_words::scoring(self.retrieval.ranking);
                let scored = snapshot.keyword().score(self.words, &scoring, admitted.as_ref())?;
                Ok(wished_hits(&scored, self.tally.concepts(), admitted.as_ref()))
            }
        }
    }

    fn values(&self, field: FilterField, limit: usize, (hits, own): (&KeySet, &[&Filter])) -> FacetCounts {
        let forward = self.retrieval.snapshot.forward().field(field);
        let selected: Vec<&String> = own.iter().flat_map(|filter| selected_values(filter)).collect();
        forward.count(hits, |counted| {
            let vocabulary = forward.vocabulary();
            let best = counted.most_frequent(vocabulary, limit).into_iter();
            let mut shown: Vec<(engine::Value<'_>, u32)> =
                best.filter_map(|number| Some((vocabulary.value(number)?, counted.counts[number as usize]))).collect();
            // What is selected is shown however rare it is.
            let mut missing: HashSet<&str> = selected.iter().map(|canonical| canonical.as_str()).collect();
            missing.retain(|canonical| shown.iter().all(|(value, _)| **value.canonical() != **canonical));
            if !missing.is_empty() {
                let found = vocabulary.values().filter(|(_, value)| missing.remove(&**value.canonical()));
                shown.extend(found.map(|(number, value)| (value, counted.counts[number as usize])));
            }
            let is_selected = |canonical: &str| selected.iter().any(|selected| *selected == canonical);
            let told = shown.into_iter().map(|(value, count)| FacetValue {
                is_selected: is_selected(value.canonical()),
                ..facet_value(field, value.canonical(), value.label(), count)
            });
            let nobodys = missing
                .into_iter()
                .map(|canonical| FacetValue { is_selected: true, ..facet_value(field, canonical, canonical, 0) });
            let mut values: Vec<FacetValue> = told.chain(nobodys).collect();
            values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.as_str().cmp(&b.value.as_str())));
            let (distinct, unknown) = (counted.distinct(), counted.without);
            FacetCounts { field: String::new(), values, distinct, unknown, hits: hits.len() }
        })
    }

    fn years(&self, hits: &KeySet, own: &[&Filter]) -> FacetCounts {
        let month = Month::of_timestamp(self.retrieval.request.as_of);
        let buckets: Vec<YearsBucket> = YearsBucket::all().collect();
        // The buckets lie side by side: how many begin at or before. Sums need no branches, which are slow here.
        let begin: Vec<u32> = buckets.iter().map(|bucket| bucket.months.from.unwrap_or(0)).collect();
        let bucket = |months: u32| begin.iter().map(|from| usize::from(months >= *from)).sum::<usize>().checked_sub(1);
        let mut counted = Counted::in_buckets(buckets.len());
        self.retrieval.snapshot.visit_experience(hits, month, |months| counted.add(months.and_then(bucket)));
        let values = buckets.iter().zip(&counted.counts).map(|(bucket, count)| {
            let (min, max) = bucket.ends();
            FacetValue {
                value: max.map_or_else(|| json!({ "min": min }), |max| json!({"min": min, "max": max})),
                label: bucket.label(),
                count: *count,
                is_selected: own.iter().any(|filter| asks(filter) == Some(Wanted::Months(bucket.months))),
            }
        });
        let values = values.collect();
        counted.facet(values, hits)
    }

    fn last_active(&self, hits: &KeySet, own: &[&Filter]) -> FacetCounts {
        let instant = self.instant();
        let ranges: Vec<AgeRange> = ActiveBucket::all().map(|bucket| AgeRange::within(bucket.days)).collect();
        // One more for those who were active before all buckets.
        // Each range holds all before it: how many do not.
        let oldest: Vec<i64> = ActiveBucket::all().map(ActiveBucket::seconds).collect();
        let bucket = |at: i64| oldest.iter().map(|age| usize::from(instant - at > *age)).sum();
        let mut counted = Counted::in_buckets(ranges.len() + 1);
        self.retrieval.snapshot.visit_last_acts(hits, instant, |at| counted.add(at.map(bucket)));
        // Whoever was active in the last week was so in the last month.
        for at in 1..ranges.len() {
            counted.counts[at] += counted.counts[at - 1];
        }
        let values = ActiveBucket::all().zip(&ranges).zip(&counted.counts).map(|((bucket, range), count)| FacetValue {
            value: json!({ "withinDays": bucket.days }),
            label: bucket.label(),
            count: *count,
            is_selected: own.iter().any(|filter| asks(filter) == Some(Wanted::Age(*range))),
        });
        let values = values.collect();
        counted.facet(values, hits)
    }

    fn stated(&self, hits: &KeySet, own: &[&Filter], states: impl Fn(u32) -> Option<bool>) -> FacetCounts {
        let mut counted = Counted::in_buckets(2);
        hits.iter().for_each(|key| counted.add(states(key).map(usize::from)));
        let values = [(true, "yes"), (false, "no")].map(|(is, label)| FacetValue {
            value: json!(is),
            label: label.to_owned(),
            count: counted.counts[usize::from(is)],
            is_selected: own.iter().any(|filter| asks(filter) == Some(Wanted::Is(is))),
        });
        counted.facet(values.into(), hits)
    }
}

/// Hits by bucket.
struct Counted {
    counts: Vec<usize>,
    unknown: usize,
}

impl Counted {
    fn in_buckets(buckets: usize) -> Self {
        Self { counts: vec![0; buckets], unknown: 0 }
    }

    /// Counts one hit: its bucket, or that it is in none.
    #[inline]
    fn add(&mut self, bucket: Option<usize>) {
        match bucket {
            Some(at) => self.counts[at] += 1,
            None => self.unknown += 1,
        }
    }

    fn facet(self, values: Vec<FacetValue>, hits: &KeySet) -> FacetCounts {
        let distinct = values.iter().filter(|value| value.count > 0).count();
        FacetCounts { field: String::new(), values, distinct, unknown: self.unknown, hits: hits.len() }
    }
}

fn selected_values(filter: &Filter) -> &[String] {
    match filter {
        Filter::Values { values, .. } => values,
        Filter::Fact { .. } => &[],
    }
}

fn asks(filter: &Filter) -> Option<Wanted> {
    match filter {
        Filter::Fact { test: FactTest { wanted, .. }, .. } => Some(*wanted),
        Filter::Values { .. } => None,
    }
}

fn facet_value(field: FilterField, canonical: &str, written: &str, count: u32) -> FacetValue {
    let (value, label) = (selector(field, canonical), label(field, canonical, written));
    FacetValue { value, label, count: count as usize, is_selected: false }
}

/// What a filter takes for a value.
fn selector(field: FilterField, canonical: &str) -> Value {
    match field {
        FilterField::Countries => json!(canonical.to_uppercase()),
        _ => json!(canonical),
    }
}

fn label(field: FilterField, canonical: &str, written: &str) -> String {
    match field {
        FilterField::Countries => {
            let name = CountryCode::new(canonical).and_then(|code| Gazetteer::built_in().country_name(code));
            name.map_or_else(|| canonical.to_uppercase(), str::to_owned)
        }
        _ => written.to_owned(),
    }
}
