//! The filters of a request as they were understood: what each says, how many people it concerns, what its values were taken for,
//! and what may have been meant by those that nobody has.

use super::{SearchRequest, UnderstoodFilter};
use crate::{
    engine::embedded::EngineSnapshot,
    places::Gazetteer,
    query::{ClauseHits, Fact, FactTest, Filter, FilterField, FilterSet, ambiguity},
    text::TokenList,
};

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

/// For each value of a filter that nobody has, the one that people have and that is spelt most nearly like it.
fn nearest_values(snapshot: &EngineSnapshot, filter: &Filter) -> Vec<String> {
    let Filter::Values { field, values, .. } = filter else { return Vec::new() };
    let forward = snapshot.forward().field(*field);
    let nobody_has =
        |value: &&String| snapshot.keyword().with_value(*field, value).is_ok_and(|people| people.is_empty());
    let near = values.iter().filter(nobody_has).filter_map(|value| {
        let typed = TokenList::of(value).joined();
        let found = forward.completion().complete(forward.vocabulary(), &typed, 1);
        Some(forward.vocabulary().value(found.first()?.number)?.label().to_owned())
    });
    near.collect()
}
