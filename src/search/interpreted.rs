//! A plain sentence as a request: what was read of it is searched, and told.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::SearchBody;
use crate::{
    engine::embedded::EngineSnapshot,
    query::{
        FilterField, FilterSet,
        interpret::{InterpretedPart, KnownNames, interpret},
    },
};

/// How a plain sentence was read.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Interpreted {
    /// The query that is searched: what is left of the sentence. The spans of `understood.query` and of the warnings are those in it.
    pub query: String,
    /// The filters that were made, without those of the request.
    pub filters: FilterSet,
    /// What was made of which words, and the request without it. Their spans are those in the sentence.
    pub parts: Vec<InterpretedPart>,
}

/// Companies are those that somebody of the population works or worked for.
impl KnownNames for EngineSnapshot {
    fn is_company(&self, words: &str) -> bool {
        self.keyword().with_value(FilterField::Companies, words).is_ok_and(|people| !people.is_empty())
    }
}

/// The request that a body stands for, and how its sentence was read where it asks for that and has one.
pub(super) fn interpreted<'b>(
    snapshot: &EngineSnapshot,
    body: &'b SearchBody,
) -> (Cow<'b, SearchBody>, Option<Interpreted>) {
    let sentence = body.query.as_deref().filter(|_| body.interpret == Some(true) && !body.conflicts_with_interpret());
    let stated = body.filters.clone().unwrap_or_default();
    let Some(read) = sentence.and_then(|sentence| interpret(sentence, &stated, snapshot)) else {
        return (Cow::Borrowed(body), None);
    };
    let meant = SearchBody { query: Some(read.query.clone()), filters: Some(read.all_filters), ..body.clone() };
    (Cow::Owned(meant), Some(Interpreted { query: read.query, filters: read.filters, parts: read.parts }))
}
