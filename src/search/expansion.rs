//! Titles and skills that mean nearly the same as what is wished lend it their words.
//!
//! Input: what a query wishes. Output: words that score beside the typed ones, each less than half as heavy as one, and the strings
//! that they come from. Who is a hit does not change, only the order. Invariant: the same snapshot gives the same words.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::{Mode, SearchError, SearchRequest, Searcher, Subject, scored_words::added_words};
use crate::{
    embed::canonical,
    engine::embedded::{EngineSnapshot, keyword::ScoredWord},
    query::QueryKind,
    rank::ExpansionRanking,
    text::TokenList,
};

/// Wishes that are expanded at most.
const MAX_WISHES: usize = 8;

/// Words of a query from which on it is no title nor skill any more.
const LONGEST_WISH: usize = 14;

/// A string that lent its words.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ExpandedBy {
    /// The words of the query.
    pub wish: String,
    /// The title or skill of the population, in canonical form.
    pub text: String,
    /// The cosine of the two, -1 to 1.
    pub cosine: f32,
}

/// What a query is expanded by.
#[derive(Debug, Clone, Default)]
pub(super) struct Expansion {
    /// Words that score beside the typed ones.
    pub(super) words: Vec<(ScoredWord, String)>,
    /// Where they come from.
    pub(super) told: Vec<ExpandedBy>,
}

impl Searcher {
    /// What the wishes of a request are expanded by: nothing where words do not rank beside others.
    pub(super) fn expansion(
        &self,
        snapshot: &EngineSnapshot,
        request: &SearchRequest,
    ) -> Result<Expansion, SearchError> {
        let constants = &self.ranking.expansion;
        if !self.embedder.model().is_built_in() {
            return Ok(Expansion::default());
        }
        if constants.strings == 0 || request.mode != Mode::Hybrid || request.subject != Subject::Query {
            return Ok(Expansion::default());
        }
        let mut told: Vec<ExpandedBy> = Vec::new();
        for wish in wishes(request) {
            // The string itself is among its nearest where people have it.
            let near = self.related_strings(snapshot, &wish, constants.strings + 1)?;
            let own = canonical(&wish);
            let near = near.into_iter().filter(|near| near.text != own && near.cosine >= constants.least_cosine);
            let lent =
                |near: super::RelatedString| ExpandedBy { wish: wish.clone(), text: near.text, cosine: near.cosine };
            told.extend(near.take(constants.strings).map(lent));
        }
        let words = lent_words(snapshot, request, &told, constants)?;
        Ok(Expansion { words, told })
    }
}

/// What is looked up: each skill of a list, or the whole text.
fn wishes(request: &SearchRequest) -> Vec<String> {
    let plan = &request.plan;
    let texts: Vec<String> = match plan.kind() {
        QueryKind::Skills => plan.concepts.iter().map(|wish| wish.text.clone()).take(MAX_WISHES).collect(),
        QueryKind::Title | QueryKind::Words => vec![plan.embedded_text.clone()],
    };
    texts.into_iter().filter(|text| (1..=LONGEST_WISH).contains(&text.split_whitespace().count())).collect()
}

/// The words of the strings that are not typed, each with the weight of the nearest string that has it.
fn lent_words(
    snapshot: &EngineSnapshot,
    request: &SearchRequest,
    told: &[ExpandedBy],
    constants: &ExpansionRanking,
) -> Result<Vec<(ScoredWord, String)>, SearchError> {
    let typed: BTreeSet<&str> = request.plan.wishes.iter().map(|wish| wish.exact.as_str()).collect();
    let mut weights: BTreeMap<String, (String, f32)> = BTreeMap::new();
    for near in told {
        for token in TokenList::of(&near.text).iter().filter(|token| !typed.contains(token.exact)) {
            let known = weights.entry(token.exact.to_owned()).or_insert_with(|| (token.lower.to_owned(), 0.0));
            known.1 = known.1.max(near.cosine);
        }
    }
    let weighed =
        weights.into_iter().map(|(exact, (lower, cosine))| (lower, exact, constants.word * f64::from(cosine)));
    Ok(added_words(snapshot, weighed, constants.words)?)
}
