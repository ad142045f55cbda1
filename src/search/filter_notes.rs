//! The filters of a request as they were understood: what each says, how many people it concerns, what its values were taken for,
//! and what may have been meant by those that nobody has.

use serde::Serialize;
use utoipa::ToSchema;

use super::{SearchRequest, UnderstoodFilter};
use crate::{
    engine::{COMPLETED_FIELDS, embedded::EngineSnapshot},
    places::Gazetteer,
    query::{ClauseHits, Fact, FactTest, Filter, FilterField, FilterSet, ambiguity},
    text::TokenList,
};

/// Values of one filter for which others are looked for, and the longest, in bytes: each word of them costs a walk through the
/// vocabulary.
const MAX_VALUES: usize = 8;
const MAX_VALUE_BYTES: usize = 80;

/// Letters from which on the beginning of a value may have been meant for it.
const MIN_BEGINNING: usize = 4;

/// Another value of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ValueSuggestion {
    /// The value that nobody has, as it is compared.
    pub value: String,
    /// The one that people have.
    pub suggested: String,
}

/// The filters of a request with their numbers, where they were counted, in the order of the request.
pub(super) fn understood_filters(
    snapshot: &EngineSnapshot,
    request: &SearchRequest,
    counted: &[ClauseHits],
) -> Vec<UnderstoodFilter> {
    let understood = |(at, filter): (usize, &Filter)| {
        let hits = counted.get(at).copied();
        UnderstoodFilter {
            text: filter.to_string(),
            note: note(filter, &request.filter_set),
            // Without numbers nothing is explained.
            did_you_mean: hits.map_or_else(Vec::new, |_| nearest_values(snapshot, filter)),
            hits,
        }
    };
    request.filters.iter().enumerate().map(understood).collect()
}

/// What names of places were taken for, where they could stand for others.
fn note(filter: &Filter, stated: &FilterSet) -> Option<String> {
    let typed: Vec<&String> = match filter {
        Filter::Fact { test: FactTest { fact: Fact::Near, .. }, .. } => {
            stated.near.iter().map(|near| &near.place).collect()
        }
        Filter::Fact { test: FactTest { fact: Fact::Relocate, .. }, .. } => {
            stated.relocate.iter().map(|near| &near.place).collect()
        }
        Filter::Values { field: FilterField::Cities, .. } => {
            let selections = stated.cities.iter();
            selections.flat_map(|cities| cities.all.iter().chain(&cities.any).chain(&cities.none)).collect()
        }
        _ => Vec::new(),
    };
    let resolved = typed.into_iter().filter_map(|name| Gazetteer::built_in().resolve(name, None));
    let notes: Vec<String> = resolved.filter_map(|resolved| ambiguity(&resolved)).collect();
    (!notes.is_empty()).then(|| notes.join(". "))
}

/// For values of a filter that nobody has, those that people have and that begin so or are spelt most nearly like them.
fn nearest_values(snapshot: &EngineSnapshot, filter: &Filter) -> Vec<ValueSuggestion> {
    let Filter::Values { field, values, .. } = filter else { return Vec::new() };
    // What completes other fields is not made for this alone.
    if !COMPLETED_FIELDS.contains(field) {
        return Vec::new();
    }
    let forward = snapshot.forward().field(*field);
    let nobody_has =
        |value: &&String| snapshot.keyword().with_value(*field, value).is_ok_and(|people| people.is_empty());
    let short = values.iter().filter(|value| value.len() <= MAX_VALUE_BYTES);
    let near = short.filter(nobody_has).take(MAX_VALUES).filter_map(|value| {
        let typed = TokenList::of(value).joined();
        let found = forward.completion().complete(forward.vocabulary(), &typed, 1);
        let best = found.first().filter(|best| best.errors > 0 || typed.chars().count() >= MIN_BEGINNING)?;
        let suggested = forward.vocabulary().value(best.number)?.label().to_owned();
        Some(ValueSuggestion { value: value.clone(), suggested })
    });
    near.collect()
}
