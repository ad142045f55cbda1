//! How many hits have which values.
//!
//! Input: whom a request admits, and the facets that it asks for. Output: the counts of each. Invariants: a facet ignores what
//! is selected of itself as alternatives; the count of a value is the total that the request would have with that value
//! alone selected; nothing hangs on the page.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    SearchError,
    retrieval::Retrieval,
    tally::{Admitted, Tally},
};
use crate::{
    candidate::Month,
    engine::{EngineError, KeySet, ValueCounts, Vocabulary, embedded::keyword::ScoredWord},
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
    /// How many different values the hits have.
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
            excludes_semantic_only: self.retrieval.excludes_semantic_only(),
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
                let scoring = super::retrieval::scoring(self.retrieval.ranking);
                let scored = snapshot.keyword().score(self.words, &scoring, admitted.as_ref())?;
                Ok(scored.keys().iter().copied().collect())
            }
        }
    }

    fn values(&self, field: FilterField, limit: usize, (hits, own): (&KeySet, &[&Filter])) -> FacetCounts {
        let forward = self.retrieval.snapshot.forward().field(field);
        let ValueCounts { counts, without } = forward.count(hits);
        let selected: Vec<&String> = own.iter().flat_map(|filter| selected_values(filter)).collect();
        let vocabulary = forward.vocabulary();
        let best = most_frequent(vocabulary, &counts, limit);
        let mut values: Vec<FacetValue> = Vec::with_capacity(best.len() + selected.len());
        for number in best {
            let Some(value) = vocabulary.value(number) else { continue };
            let is_selected = selected.iter().any(|selected| **selected == **value.canonical());
            values.push(FacetValue {
                value: selector(field, value.canonical()),
                label: label(field, value.canonical(), value.label()),
                count: counts[number as usize] as usize,
                is_selected,
            });
        }
        // What is selected is shown however rare it is.
        for canonical in selected {
            let shown = selector(field, canonical);
            if values.iter().any(|value| value.value == shown) {
                continue;
            }
            let known = vocabulary.values().find(|(_, value)| **value.canonical() == **canonical);
            let written = known.map_or(canonical.as_str(), |(_, value)| value.label());
            let count = known.map_or(0, |(number, _)| counts[number as usize] as usize);
            values.push(FacetValue { value: shown, label: label(field, canonical, written), count, is_selected: true });
        }
        let distinct = counts.iter().filter(|count| **count > 0).count();
        FacetCounts { field: String::new(), values, distinct, unknown: without, hits: hits.len() }
    }

    fn years(&self, hits: &KeySet, own: &[&Filter]) -> FacetCounts {
        let month = Month::of_timestamp(self.retrieval.request.as_of);
        let buckets: Vec<YearsBucket> = YearsBucket::all().collect();
        let counted = Counted::of(hits, buckets.len(), |key| {
            let months = self.retrieval.snapshot.experience_months(key, month)?;
            buckets.iter().position(|bucket| bucket.months.contains(months))
        });
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
        let mut counted = Counted::of(hits, ranges.len() + 1, |key| {
            let age = instant - self.retrieval.snapshot.last_act(key, instant)?;
            Some(ranges.iter().position(|range| range.contains(age)).unwrap_or(ranges.len()))
        });
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
        let counted = Counted::of(hits, 2, |key| states(key).map(usize::from));
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
    fn of(hits: &KeySet, buckets: usize, bucket: impl Fn(u32) -> Option<usize>) -> Self {
        let mut counted = Self { counts: vec![0; buckets], unknown: 0 };
        for key in hits.iter() {
            match bucket(key) {
                Some(at) => counted.counts[at] += 1,
                None => counted.unknown += 1,
            }
        }
        counted
    }

    fn facet(self, values: Vec<FacetValue>, hits: &KeySet) -> FacetCounts {
        let distinct = values.iter().filter(|value| value.count > 0).count();
        FacetCounts { field: String::new(), values, distinct, unknown: self.unknown, hits: hits.len() }
    }
}

/// The numbers of the values that most hits have, of equals the first in the order of letters.
fn most_frequent(vocabulary: &Vocabulary, counts: &[u32], limit: usize) -> Vec<u32> {
    let floor = least_of_best(counts, limit);
    let mut found: Vec<(u32, u32)> =
        counts.iter().zip(0..).filter(|(count, _)| **count >= floor).map(|(count, number)| (*count, number)).collect();
    let by_letters = |a: u32, b: u32| {
        let canonical = |number| vocabulary.value(number).map(|value| value.canonical());
        canonical(a).cmp(&canonical(b))
    };
    // Letters are compared among equals only, where memory is read here and there.
    let compare = |a: &(u32, u32), b: &(u32, u32)| b.0.cmp(&a.0).then_with(|| by_letters(a.1, b.1));
    if found.len() > limit {
        found.select_nth_unstable_by(limit - 1, compare);
        found.truncate(limit);
    }
    found.sort_unstable_by(compare);
    found.into_iter().map(|(_, number)| number).collect()
}

/// The smallest of the `limit` highest counts, at least 1.
fn least_of_best(counts: &[u32], limit: usize) -> u32 {
    let mut best: std::collections::BinaryHeap<std::cmp::Reverse<u32>> = Default::default();
    for count in counts.iter().filter(|count| **count > 0) {
        if best.len() < limit {
            best.push(std::cmp::Reverse(*count));
        } else if best.peek().is_some_and(|least| *count > least.0) {
            best.pop();
            best.push(std::cmp::Reverse(*count));
        }
    }
    if best.len() < limit { 1 } else { best.peek().map_or(1, |least| least.0) }
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
