//! People who were liked or disliked move the query: its vectors and its words.
//!
//! Rocchio (1971, "Relevance feedback in information retrieval"): each query vector becomes
//! q' = α·q + β·mean(liked) − γ·mean(disliked), brought back to length one. Words of titles and supported skills that more
//! of the liked than of the disliked have are added, each at most half as heavy as a typed word. Who is a hit does not
//! change, only the order. Stateless: the same feedback to the same snapshot moves the query alike.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ExpandedBy, SearchError, SearchRequest, request::Mode, scored_words};
use crate::{
    candidate::{Candidate, Grade, TextField, Timeline, read_stored, skill_evidence, text_values},
    embed::UnitVector,
    engine::embedded::{EngineSnapshot, keyword::ScoredWord, vectors::VectorSnapshot},
    error::FieldError,
    rank::FeedbackRanking,
    store::Store,
};

/// The most people that may be liked, and disliked.
pub const MAX_FEEDBACK: usize = 20;

/// People who were liked or disliked, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FeedbackBody {
    /// More like these, at most 20.
    pub liked: Vec<String>,
    /// Less like these, at most 20.
    pub disliked: Vec<String>,
}

impl FeedbackBody {
    pub(super) fn problems(&self) -> Vec<FieldError> {
        let mut problems = Vec::new();
        let mut refuse = |pointer: String, code: &'static str, message: String| {
            problems.push(FieldError { pointer, code, message });
        };
        for (name, ids) in [("liked", &self.liked), ("disliked", &self.disliked)] {
            if ids.len() > MAX_FEEDBACK {
                refuse(format!("/feedback/{name}"), "too_many_values", format!("at most {MAX_FEEDBACK} people"));
            }
        }
        for (at, id) in self.disliked.iter().enumerate().filter(|(_, id)| self.liked.contains(id)) {
            let message = format!("{id} is liked as well");
            refuse(format!("/feedback/disliked/{at}"), "conflicting_feedback", message);
        }
        problems
    }

    pub(super) fn is_empty(&self) -> bool {
        self.liked.is_empty() && self.disliked.is_empty()
    }
}

/// How feedback moved the query.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackUnderstood {
    /// The liked people who count.
    pub liked: Vec<String>,
    /// The disliked people who count.
    pub disliked: Vec<String>,
    /// Ids that nobody has.
    pub ignored: Vec<String>,
    /// Words that were added, with their weights; a typed word weighs 1.
    pub words: Vec<FeedbackWord>,
    /// Cosine of the moved with the typed query, for titles; absent where the query has no vector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_cosine: Option<f64>,
    /// The same for skills.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills_cosine: Option<f64>,
}

/// A word that feedback added.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FeedbackWord {
    /// The word, folded.
    pub word: String,
    /// Its weight; a typed word weighs 1.
    pub weight: f64,
}

/// The query as it goes to the engine.
#[derive(Debug, Clone, Default)]
pub(super) struct MovedQuery {
    /// What titles are compared with.
    pub(super) role: Option<Arc<UnitVector>>,
    /// What skills are compared with.
    pub(super) skills: Option<Arc<UnitVector>>,
    /// Words that score beside the typed ones.
    pub(super) words: Vec<(ScoredWord, String)>,
    /// What lent some of them.
    pub(super) expanded_by: Vec<ExpandedBy>,
    /// Whether the model cannot read what would be embedded.
    pub(super) is_unread: bool,
    /// Whether there are no vectors to be had now: the embedder is away, or those of the index are of another model.
    pub(super) lacks_vectors: bool,
    pub(super) told: Option<FeedbackUnderstood>,
}

/// A person of the feedback.
struct Person<'i> {
    id: &'i str,
    key: u32,
    /// Words of titles and supported skills: in lower case by folded form.
    words: BTreeMap<String, String>,
}

/// Moves a query by the feedback of its request.
pub(super) fn moved(
    (snapshot, store): (&EngineSnapshot, &Store),
    request: &SearchRequest,
    constants: &FeedbackRanking,
    unmoved: MovedQuery,
) -> Result<MovedQuery, SearchError> {
    let Some(feedback) = request.feedback.as_ref().filter(|feedback| !feedback.is_empty()) else { return Ok(unmoved) };
    let (liked, mut ignored) = people(&feedback.liked, snapshot, store)?;
    let (disliked, unknown) = people(&feedback.disliked, snapshot, store)?;
    ignored.extend(unknown);
    let by_meaning = request.mode != Mode::Keyword;
    let shift = |typed: &Option<Arc<UnitVector>>, vectors: &VectorSnapshot| {
        let moved = shifted(typed.as_deref(), vectors, (&liked, &disliked), constants).filter(|_| by_meaning);
        let cosine = typed.as_ref().zip(moved.as_ref()).map(|(typed, moved)| f64::from(typed.cosine(moved)));
        (moved.map(Arc::new).or_else(|| typed.clone()), cosine)
    };
    let (role, role_cosine) = shift(&unmoved.role, snapshot.role());
    let (skills, skills_cosine) = shift(&unmoved.skills, snapshot.skills());
    let words = if request.mode == Mode::Semantic {
        Vec::new()
    } else {
        added_words(snapshot, request, (&liked, &disliked), constants)?
    };
    let ids = |people: &[Person<'_>]| people.iter().map(|person| person.id.to_owned()).collect();
    let told = |(word, exact): &(ScoredWord, String)| FeedbackWord {
        word: exact.clone(),
        weight: f64::from(word.weight_percent) / 100.0,
    };
    let told = FeedbackUnderstood {
        liked: ids(&liked),
        disliked: ids(&disliked),
        ignored,
        words: words.iter().map(told).collect(),
        role_cosine,
        skills_cosine,
    };
    // A word that the liked have too counts once, as theirs.
    let lent = unmoved.words.iter().filter(|(_, lent)| words.iter().all(|(_, own)| own != lent));
    let words = lent.cloned().chain(words.iter().cloned()).collect();
    Ok(MovedQuery { role, skills, words, told: Some(told), ..unmoved })
}

/// An id, and the key and profile of the person that it names, where there is one.
pub(super) type Named<'i> = (&'i str, Option<(u32, Candidate)>);

/// Each of some ids once, with the person that it names and whom searches see.
pub(super) fn named<'i>(
    ids: &'i [String],
    snapshot: &EngineSnapshot,
    store: &Store,
) -> Result<Vec<Named<'i>>, SearchError> {
    let mut seen = HashSet::new();
    let distinct: Vec<&str> = ids.iter().map(String::as_str).filter(|id| seen.insert(*id)).collect();
    let mut people = Vec::with_capacity(distinct.len());
    for (id, key) in distinct.iter().zip(store.keys_by_ids(&distinct)?) {
        let key = key.filter(|key| snapshot.live().contains(*key));
        let stored = key.map(|key| store.get_by_keys(&[key])).transpose()?.and_then(|mut found| found.pop().flatten());
        let candidate = stored.and_then(|stored| read_stored(&stored.id, &stored.body).ok());
        people.push((*id, key.zip(candidate)));
    }
    Ok(people)
}

/// The people of some ids, and the ids that nobody has whom searches see.
fn people<'i>(
    ids: &'i [String],
    snapshot: &EngineSnapshot,
    store: &Store,
) -> Result<(Vec<Person<'i>>, Vec<String>), SearchError> {
    let (mut people, mut ignored) = (Vec::new(), Vec::new());
    for (id, found) in named(ids, snapshot, store)? {
        match found {
            Some((key, candidate)) => {
                let timeline = Timeline::of(&candidate.profile.positions);
                let values = text_values(&candidate, &timeline);
                let evidence = skill_evidence(&candidate, &timeline, &values, |_| true);
                let supported: HashSet<&str> = evidence
                    .iter()
                    .filter(|skill| skill.grade > Grade::Listed)
                    .flat_map(|skill| skill.tokens.iter().map(String::as_str))
                    .collect();
                let mut words = BTreeMap::new();
                for value in &values {
                    let is_title = matches!(value.field, TextField::CurrentTitle | TextField::PastTitle);
                    for token in value.tokens.iter().filter(|_| is_title || value.field == TextField::Skill) {
                        if is_title || supported.contains(token.exact) {
                            words.insert(token.exact.to_owned(), token.lower.to_owned());
                        }
                    }
                }
                people.push(Person { id, key, words });
            }
            None => ignored.push(id.to_owned()),
        }
    }
    Ok((people, ignored))
}

/// α·q + β·mean(liked) − γ·mean(disliked), of length one; `None` where nobody has a vector or nothing is left.
fn shifted(
    typed: Option<&UnitVector>,
    vectors: &VectorSnapshot,
    (liked, disliked): (&[Person<'_>], &[Person<'_>]),
    constants: &FeedbackRanking,
) -> Option<UnitVector> {
    let of = |people: &[Person<'_>]| -> Vec<UnitVector> {
        people.iter().filter_map(|person| vectors.vector(person.key)).collect()
    };
    let (liked, disliked) = (of(liked), of(disliked));
    let dimensions = liked.iter().chain(&disliked).chain(typed).next()?.dimensions();
    if liked.is_empty() && disliked.is_empty() {
        return None;
    }
    let mut sum = vec![0.0; dimensions];
    let mut add = |vector: &UnitVector, weight: f32| {
        sum.iter_mut().zip(vector.as_slice()).for_each(|(sum, value)| *sum += weight * value);
    };
    typed.into_iter().for_each(|vector| add(vector, constants.typed));
    liked.iter().for_each(|vector| add(vector, constants.liked / liked.len() as f32));
    disliked.iter().for_each(|vector| add(vector, -constants.disliked / disliked.len() as f32));
    UnitVector::normalize(sum).ok()
}

/// The words that tell the liked from the disliked best: by difference of shares and rarity.
fn added_words(
    snapshot: &EngineSnapshot,
    request: &SearchRequest,
    (liked, disliked): (&[Person<'_>], &[Person<'_>]),
    constants: &FeedbackRanking,
) -> Result<Vec<(ScoredWord, String)>, SearchError> {
    let typed: HashSet<&str> = request.plan.wishes.iter().map(|wish| wish.exact.as_str()).collect();
    let share = |people: &[Person<'_>], word: &str| {
        people.iter().filter(|person| person.words.contains_key(word)).count() as f64 / people.len().max(1) as f64
    };
    let candidates: BTreeMap<&String, &String> = liked.iter().flat_map(|person| &person.words).collect();
    let weighed = candidates.into_iter().filter(|(exact, _)| !typed.contains(exact.as_str())).map(|(exact, lower)| {
        let difference = share(liked, exact) - share(disliked, exact);
        (lower.clone(), exact.clone(), constants.word * difference)
    });
    Ok(scored_words::added_words(snapshot, weighed, constants.words)?)
}
