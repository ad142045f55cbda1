//! Completion as one types: titles, skills, companies, schools and cities.
//!
//! Input: a typed beginning. Output: the values of the candidates that it leads to, those of most people first, then what the
//! definitions know beside them. Invariants: nothing is suggested of candidates that nobody has any more; the same
//! snapshot and beginning give the same suggestions.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Related, SearchError, Searcher};
use crate::{
    engine::{Completed, EngineError, embedded::EngineSnapshot},
    places::Gazetteer,
    query::FilterField,
    text::TokenList,
};

/// Suggestions where the request names no number.
pub const DEFAULT_SUGGESTIONS: usize = 10;

/// The most suggestions.
pub const MAX_SUGGESTIONS: usize = 50;

/// The longest beginning that is looked at, in characters.
const MAX_TYPED_CHARS: usize = 120;

/// Related values that are told.
const RELATED: usize = 8;

/// What is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SuggestField {
    /// Titles, current or past.
    Titles,
    /// Skills.
    Skills,
    /// Employers, current or past.
    Companies,
    /// Schools and universities.
    Schools,
    /// Cities in which people live.
    Cities,
}

impl SuggestField {
    /// All of them, in the order in which equals are told.
    pub const ALL: [Self; 5] = [Self::Titles, Self::Skills, Self::Companies, Self::Schools, Self::Cities];

    /// The filter that takes its values.
    pub fn filter(self) -> FilterField {
        match self {
            Self::Titles => FilterField::Titles,
            Self::Skills => FilterField::Skills,
            Self::Companies => FilterField::Companies,
            Self::Schools => FilterField::Schools,
            Self::Cities => FilterField::Cities,
        }
    }
}

/// What completes a typed beginning.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SuggestResponse {
    /// The suggestions, the best first.
    pub suggestions: Vec<Suggestion>,
    /// Titles or skills near to the first suggestion: in meaning, then in who has both; empty for other fields.
    pub related: Vec<Related>,
    /// Time taken, in milliseconds.
    pub took_ms: f64,
}

/// One suggestion.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// What it is.
    pub field: SuggestField,
    /// What the filter of that name takes.
    pub value: String,
    /// As most people write it.
    pub text: String,
    /// How many candidates have it.
    pub people: u32,
    /// How many letters of what was typed are spelt otherwise.
    pub errors: u8,
}

impl Searcher {
    /// Completes what was typed; of all fields where none is named.
    pub fn suggest(
        &self,
        typed: &str,
        field: Option<SuggestField>,
        limit: usize,
    ) -> Result<SuggestResponse, SearchError> {
        let started = Instant::now();
        let snapshot = self.engine.snapshot();
        let typed: String = typed.chars().take(MAX_TYPED_CHARS).collect();
        let folded = TokenList::of(&typed).joined();
        let fields = field.map_or(SuggestField::ALL.to_vec(), |field| vec![field]);
        let mut found: Vec<(bool, Suggestion)> =
            fields.iter().flat_map(|field| completed(&snapshot, *field, &folded, limit)).collect();
        // A single letter begins the names of too many places.
        if fields.contains(&SuggestField::Cities) && folded.len() > 1 {
            let alone = field.is_some();
            add_places(&snapshot, (&folded, limit, alone), &mut found)?;
        }
        // Each field is in its order already; a stable sort keeps equals so.
        found.sort_by(|(a_whole, a), (b_whole, b)| {
            b_whole.cmp(a_whole).then(a.errors.cmp(&b.errors)).then(b.people.cmp(&a.people))
        });
        found.truncate(limit);
        let suggestions: Vec<Suggestion> = found.into_iter().map(|(_, suggestion)| suggestion).collect();
        let related = match (field, suggestions.first()) {
            (Some(SuggestField::Titles | SuggestField::Skills), Some(first)) if first.people > 0 => {
                self.related_values(&snapshot, first.field.filter(), &first.text, RELATED)?
            }
            _ => Vec::new(),
        };
        Ok(SuggestResponse { suggestions, related, took_ms: started.elapsed().as_secs_f64() * 1e3 })
    }
}

/// Cities by any of their names; where cities alone are asked for also those where nobody lives, after the others.
fn add_places(
    snapshot: &EngineSnapshot,
    (typed, limit, alone): (&str, usize, bool),
    found: &mut Vec<(bool, Suggestion)>,
) -> Result<(), EngineError> {
    let gazetteer = Gazetteer::built_in();
    for place in gazetteer.starting_with(typed, limit) {
        let (value, field) = (gazetteer.label(place), SuggestField::Cities);
        if found.iter().any(|(_, known)| known.field == field && known.value == value) {
            continue;
        }
        let people = snapshot.keyword().with_value(field.filter(), &value)?.len() as u32;
        if people == 0 && !alone {
            continue;
        }
        found.push((false, Suggestion { field, text: value.clone(), value, people, errors: 0 }));
    }
    Ok(())
}

fn completed(
    snapshot: &EngineSnapshot,
    field: SuggestField,
    typed: &str,
    limit: usize,
) -> impl Iterator<Item = (bool, Suggestion)> {
    let forward = snapshot.forward().field(field.filter());
    let vocabulary = forward.vocabulary();
    let found = forward.completion().complete(vocabulary, typed, limit);
    found.into_iter().filter_map(move |Completed { number, people, errors, is_whole }| {
        let value = vocabulary.value(number)?;
        let (text, value) = (value.label().to_owned(), value.canonical().to_string());
        Some((is_whole, Suggestion { field, value, text, people, errors }))
    })
}
