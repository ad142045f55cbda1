//! A second look at the best of a window by another model, within a time.
//!
//! Input: a ranked window. Output: the same, the best in the order of [`SecondLook`], each with the cosine that moved it. What is compared
//! holds neither names nor contacts nor employers: titles, skills and what positions tell, with masks over addresses and numbers. Where the
//! time does not suffice the first are compared and the others keep their places, and the answer says so; vectors are remembered, so that
//! the same people take no time again.

use std::{
    collections::HashSet,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    SearchError, SearchRequest,
    match_job::Subject,
    request::Mode,
    retrieval::{Retrieval, Retrieved},
    scales::Member,
    sort::SortBy,
};
use crate::{
    candidate::{Candidate, TextField, Timeline, read_stored, text_values},
    embed::{EmbedError, Encoder, TextComparer},
    rank::{RerankerRanking, SecondLook, by_rank},
    store::Store,
};

/// What `degraded` says where the time did not suffice, or the model failed.
const DEGRADED: &str = "reranker";

/// Another model, and how long it may take.
pub struct Reranker {
    comparer: TextComparer,
    budget: Duration,
}

impl fmt::Debug for Reranker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reranker")
            .field("model", &self.comparer.encoder().version())
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

/// What a second look did.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reranked {
    /// The model that compared.
    pub model: String,
    /// How many of the best were to be compared.
    pub wanted: usize,
    /// How many of them, from the first on, were compared in time.
    pub compared: usize,
    /// Milliseconds that it took.
    pub took_ms: f64,
}

impl Reranker {
    /// With a model and the time that it has for one search.
    pub fn new(encoder: Arc<dyn Encoder>, budget: Duration) -> Self {
        Self { comparer: TextComparer::new(encoder), budget }
    }

    /// Moves the best of a window.
    pub(super) fn rerank(
        &self,
        retrieval: &Retrieval<'_>,
        retrieved: &mut Retrieved,
        store: &Store,
    ) -> Result<(), SearchError> {
        let started = Instant::now();
        let constants = &retrieval.ranking.reranker;
        let weight = weight(retrieval, constants);
        let query = query_text(retrieval.request, constants.words);
        let wanted = constants.depth.min(retrieved.members.len());
        if weight == 0.0 || wanted < 2 || query.is_empty() {
            return Ok(());
        }
        let texts = texts(store, &retrieved.members[..wanted], constants)?;
        let until = started + self.budget;
        let until = retrieval.deadline.map_or(until, |deadline| deadline.min(until));
        let cosines = self.cosines(&query, &texts, until);
        retrieved.look_again(weight, &texts, &cosines);
        let compare = |a: &(f64, Member), b: &(f64, Member)| {
            by_rank(retrieval.place(a.0, a.1.key), retrieval.place(b.0, b.1.key))
        };
        let scored = retrieved.members.iter().map(|member| (retrieved.scales.score(member).score, *member));
        let mut scored: Vec<(f64, Member)> = scored.collect();
        scored.sort_by(compare);
        retrieved.members = scored.into_iter().map(|(_, member)| member).collect();
        if cosines.len() < wanted {
            retrieved.degraded.push(DEGRADED.to_owned());
        }
        let model = self.comparer.encoder().version().to_owned();
        let took_ms = started.elapsed().as_secs_f64() * 1e3;
        retrieved.reranked = Some(Reranked { model, wanted, compared: cosines.len(), took_ms });
        Ok(())
    }

    /// The cosines of the first; none, and a line in the log, where the model fails.
    fn cosines(&self, query: &str, texts: &[String], until: Instant) -> Vec<f32> {
        let told = |error: EmbedError| tracing::warn!(%error, "a search goes without its second look");
        self.comparer.cosines(query, texts, until).map_err(told).unwrap_or_default()
    }
}

impl Retrieved {
    /// Gives the first members the cosines of a second look. Who says nothing stays where they are.
    fn look_again(&mut self, weight: f64, texts: &[String], cosines: &[f32]) {
        for ((member, text), cosine) in self.members.iter_mut().zip(texts).zip(cosines) {
            member.reranker = (!text.is_empty()).then_some(*cosine);
        }
        let compared = self.members.iter().take(cosines.len());
        let compared = compared.filter_map(|member| Some((self.scales.score(member).relevance, member.reranker?)));
        self.scales.second_look = SecondLook::of(weight, &compared.collect::<Vec<_>>());
    }
}

/// How far people are moved. A mode that asks for one signal alone gets it, and so does another order.
fn weight(retrieval: &Retrieval<'_>, constants: &RerankerRanking) -> f64 {
    let request = retrieval.request;
    if request.mode != Mode::Hybrid || request.sort.by != SortBy::Score {
        return 0.0;
    }
    match request.subject {
        Subject::Job(_) => constants.weights.job,
        Subject::Query if request.plan.wishes.len() < retrieval.ranking.long_text.from_words => constants.weights.short,
        Subject::Query => constants.weights.text,
        Subject::People(_) => 0.0,
    }
}

/// What is asked for: of a job its title and what is to be done, since what it says of the firm and of benefits is no part of that.
fn query_text(request: &SearchRequest, words: usize) -> String {
    let Some(job) = request.subject.job() else { return first_words([request.plan.embedded_text.as_str()], words) };
    let parts = job.title.iter().chain(&job.duties).chain(&job.must);
    first_words(parts.map(String::as_str), words)
}

/// The texts of members; empty of those who were erased meanwhile.
fn texts(store: &Store, members: &[Member], constants: &RerankerRanking) -> Result<Vec<String>, SearchError> {
    let keys: Vec<u32> = members.iter().map(|member| member.key).collect();
    let of = |stored: crate::store::StoredCandidate| read_stored(&stored.id, &stored.body).ok();
    let stored = store.get_by_keys(&keys)?.into_iter();
    Ok(stored
        .map(|stored| stored.and_then(of).map_or_else(String::new, |person| text_of(&person, constants)))
        .collect())
}

/// What a person does: titles, some skills, headline and summary, and what positions and projects tell. Not the document: it begins with a name.
fn text_of(candidate: &Candidate, constants: &RerankerRanking) -> String {
    let timeline = Timeline::of(&candidate.profile.positions);
    let values = text_values(candidate, &timeline);
    let mut said = HashSet::new();
    let mut parts: Vec<&str> = Vec::new();
    for (fields, most) in [
        (&[TextField::CurrentTitle, TextField::PastTitle][..], usize::MAX),
        (&[TextField::Skill], constants.skills),
        (&[TextField::Headline, TextField::Summary, TextField::PositionText, TextField::Project], usize::MAX),
    ] {
        let of_fields = values.iter().filter(|value| fields.contains(&value.field)).take(most);
        parts.extend(of_fields.filter(|value| said.insert(value.tokens.joined())).map(|value| value.text.as_ref()));
    }
    first_words(parts, constants.words)
}

/// The first words of parts, each part a sentence.
fn first_words<'t>(parts: impl IntoIterator<Item = &'t str>, most: usize) -> String {
    let mut text = String::new();
    let mut left = most;
    for part in parts {
        let mut words = part.split_whitespace().take(left).peekable();
        if words.peek().is_some() && !text.is_empty() {
            text.push_str(if text.ends_with(['.', '!', '?', ':', ';']) { " " } else { ". " });
        }
        for (at, word) in words.enumerate() {
            text.push_str(if at > 0 { " " } else { "" });
            text.push_str(word);
            left -= 1;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_become_sentences_of_so_many_words() {
        assert_eq!(first_words(["Nurse", "", "Cares for people.", "And \n more"], 5), "Nurse. Cares for people. And");
        assert_eq!(first_words([" "], 5), "");
        assert_eq!(first_words(["a b"], 0), "");
    }
}
