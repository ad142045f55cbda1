//! People like these.
//!
//! Input: the ids of one or several people. Output: a search for their titles and skills, and for the mean of their vectors. Titles that one
//! holds now count more than former ones, supported skills more than listed ones, and what several of them have more than what one has.
//! Employers, schools and places say nothing here: colleagues are not alike for that. The people themselves are no hits.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    SearchBody, SearchError, SearchRequest, SearchResponse, Searcher, Subject,
    feedback::{MAX_FEEDBACK, MovedQuery, named},
    scored_words::telling,
};
use crate::{
    candidate::{Grade, TextField, Timeline, skill_evidence, text_values},
    embed::{UnitVector, compose},
    engine::embedded::{EngineSnapshot, vectors::VectorSnapshot},
    error::FieldError,
    query::{FilterSet, Unknowns, job::profile_plan},
    store::Store,
    text::TokenList,
};

/// How much the words of a title that is held now count, of a former one, of a supported and of a listed skill.
const CURRENT_TITLE: f64 = 3.0;
const PAST_TITLE: f64 = 1.0;
const SUPPORTED_SKILL: f64 = 1.0;
const LISTED_SKILL: f64 = 0.3;

/// How much the occupation counts where each skill counts 1.
const OCCUPATION: f32 = 5.0;

/// Titles and skills that are looked for at most: the heaviest.
const MAX_TITLES: usize = 6;
const MAX_SKILLS: usize = 24;

/// The body of `POST /v1/similar`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SimilarBody {
    /// Ids of people, 1 to 20.
    pub ids: Vec<String>,
    /// Filters in canonical values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<FilterSet>,
    /// As of a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknowns: Option<Unknowns>,
    /// Hits of a page, 1 to 100, 25 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// `nextCursor` of an earlier page; stands alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Whether hits are explained, true by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<bool>,
    /// The instant that counts as now, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<String>,
}

/// Whom the hits are to be like.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SimilarTo {
    /// The people who count.
    pub ids: Vec<String>,
    /// Ids that nobody has.
    pub ignored: Vec<String>,
    /// The titles that are looked for, the heaviest first.
    pub titles: Vec<WeighedText>,
    /// The skills that are looked for, the heaviest first.
    pub skills: Vec<WeighedText>,
    /// The people as the indexes know them.
    #[serde(skip)]
    pub(super) keys: Vec<u32>,
}

/// A text and how much its words count; 1 is that of a supported skill of all of them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WeighedText {
    /// As written.
    pub text: String,
    /// The weight of each of its words.
    pub weight: f64,
}

impl SimilarBody {
    fn as_search(&self) -> SearchBody {
        SearchBody {
            filters: self.filters.clone(),
            unknowns: self.unknowns,
            limit: self.limit,
            cursor: self.cursor.clone(),
            explain: self.explain,
            as_of: self.as_of.clone(),
            ..SearchBody::default()
        }
    }

    fn problems(&self) -> Vec<FieldError> {
        let is_allowed = (1..=MAX_FEEDBACK).contains(&self.ids.len());
        let wrong = || FieldError {
            pointer: "/ids".to_owned(),
            code: "out_of_range",
            message: format!("from 1 to {MAX_FEEDBACK} ids are wanted"),
        };
        if is_allowed { Vec::new() } else { vec![wrong()] }
    }
}

impl Searcher {
    /// Finds people like some. `None` where nobody has any of the ids. Blocks: call it off the async threads.
    pub fn similar(&self, body: &SimilarBody, now: jiff::Timestamp) -> Result<Option<SearchResponse>, SearchError> {
        if body.cursor.is_some() {
            let alone = SimilarBody { cursor: body.cursor.clone(), ..SimilarBody::default() };
            let is_alone = *body == alone;
            return if is_alone {
                self.search(&body.as_search(), now).map(Some)
            } else {
                Err(SearchError::CursorWithParameters)
            };
        }
        let started = std::time::Instant::now();
        let problems = body.problems();
        let request = body.as_search().validate(now);
        if !problems.is_empty() {
            let found = match request {
                Err(SearchError::Invalid(found)) => found,
                _ => Vec::new(),
            };
            return Err(SearchError::Invalid(problems.into_iter().chain(found).collect()));
        }
        let snapshot = self.engine.snapshot();
        let similar = SimilarTo::of(&body.ids, &snapshot, &self.store)?;
        if similar.ids.is_empty() {
            return Ok(None);
        }
        let weighed = |texts: &[WeighedText]| -> Vec<(String, f64)> {
            texts.iter().map(|weighed| (weighed.text.clone(), weighed.weight)).collect()
        };
        let most = self.ranking.job.most_words;
        let (ast, plan) = profile_plan(&weighed(&similar.titles), &weighed(&similar.skills), OCCUPATION);
        let subject = Subject::People(Arc::new(similar));
        let plan = telling(plan, &snapshot, most)?;
        let request = SearchRequest { typed: ast.text.clone(), ast, plan, subject, ..request? };
        self.first_page(&snapshot, request, started).map(Some)
    }
}

impl SimilarTo {
    fn of(ids: &[String], snapshot: &EngineSnapshot, store: &Store) -> Result<Self, SearchError> {
        let (mut similar, mut titles, mut skills) = (Self::default(), Weights::default(), Weights::default());
        for (id, found) in named(ids, snapshot, store)?.into_iter().filter(|(id, _)| !id.is_empty()) {
            let Some((key, candidate)) = found else {
                similar.ignored.push(id.to_owned());
                continue;
            };
            similar.ids.push(id.to_owned());
            similar.keys.push(key);
            let timeline = Timeline::of(&candidate.profile.positions);
            let values = text_values(&candidate, &timeline);
            let evidence = skill_evidence(&candidate, &timeline, &values, |_| true);
            let is_supported =
                |skill: &str| evidence.iter().any(|known| known.skill == skill && known.grade > Grade::Listed);
            let (mut own_titles, mut own_skills) = (BTreeMap::new(), BTreeMap::new());
            for value in &values {
                match value.field {
                    TextField::CurrentTitle => note(&mut own_titles, &value.text, CURRENT_TITLE),
                    TextField::PastTitle => note(&mut own_titles, &value.text, PAST_TITLE),
                    TextField::Skill if is_supported(&value.text) => {
                        note(&mut own_skills, &value.text, SUPPORTED_SKILL)
                    }
                    TextField::Skill => note(&mut own_skills, &value.text, LISTED_SKILL),
                    _ => {}
                }
            }
            titles.add(own_titles);
            skills.add(own_skills);
        }
        let people = similar.ids.len();
        similar.titles = titles.heaviest(MAX_TITLES, people);
        similar.skills = skills.heaviest(MAX_SKILLS, people);
        Ok(similar)
    }

    /// The mean of the vectors of the people.
    pub(super) fn vectors(&self, snapshot: &EngineSnapshot) -> MovedQuery {
        let mean = |vectors: &VectorSnapshot| {
            let own: Vec<Arc<UnitVector>> =
                self.keys.iter().filter_map(|key| vectors.vector(*key)).map(Arc::new).collect();
            compose(own.iter().map(|vector| (vector, 1.0))).map(Arc::new)
        };
        // Who has one of both is compared with that.
        let (role, skills) = (mean(snapshot.role()), mean(snapshot.skills()));
        MovedQuery { role: role.clone().or_else(|| skills.clone()), skills: skills.or(role), ..MovedQuery::default() }
    }
}

/// The highest weight of a text of one person, by its folded form, with the text as written.
fn note(known: &mut BTreeMap<String, (String, f64)>, text: &str, weight: f64) {
    let folded = TokenList::of(text).joined();
    if !folded.is_empty() {
        let own = known.entry(folded).or_insert_with(|| (text.to_owned(), 0.0));
        own.1 = own.1.max(weight);
    }
}

/// Sums over people.
#[derive(Default)]
struct Weights(BTreeMap<String, (String, f64)>);

impl Weights {
    fn add(&mut self, own: BTreeMap<String, (String, f64)>) {
        for (folded, (text, weight)) in own {
            self.0.entry(folded).or_insert_with(|| (text, 0.0)).1 += weight;
        }
    }

    /// The heaviest by their mean over people; of equals the first by folded form.
    fn heaviest(self, most: usize, people: usize) -> Vec<WeighedText> {
        let mut texts: Vec<WeighedText> = self
            .0
            .into_values()
            .map(|(text, weight)| WeighedText { text, weight: (weight / people as f64 * 100.0).round() / 100.0 })
            .collect();
        texts.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        texts.truncate(most);
        texts
    }
}
