//! A job text as a search.
//!
//! Input: a [`MatchBody`]. Output: a valid [`SearchRequest`] of the plan that was read out of it. Invariant: what the request states replaces
//! what was read, and no fact that was read is a filter unless the request says so.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    SearchBody, SearchError, SearchRequest, SearchResponse, Searcher, SimilarTo, SortBody, WeightsBody,
    scored_words::telling,
};
use crate::{
    engine::embedded::EngineSnapshot,
    error::FieldError,
    query::{
        FacetBody, FilterSet, Unknowns,
        job::{JobReading, JobWeights, MAX_JOB_BYTES, distinct, read_job},
    },
    text::{TokenList, strip_gender_markers},
};

/// Skills that a request may state, of each kind.
const MAX_STATED_SKILLS: usize = 100;

/// The longest title or skill that may be stated, in bytes.
const MAX_STATED_BYTES: usize = 500;

/// The body of `POST /v1/match`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MatchBody {
    /// The title of the position, instead of the one that is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The job text, in any language, at most 64 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Skills that are needed, instead of those that are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub must: Option<Vec<String>>,
    /// Skills that are nice to have, instead of those that are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nice: Option<Vec<String>>,
    /// Filters in canonical values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<FilterSet>,
    /// Whether the filters that are read out of the text are applied where `filters` says nothing of the same; false by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_proposed_filters: Option<bool>,
    /// As of a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknowns: Option<Unknowns>,
    /// As of a search, instead of those of the ranking for jobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<WeightsBody>,
    /// As of a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Vec<FacetBody>>,
    /// As of a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<SortBody>,
    /// As of a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_weight: Option<f64>,
    /// Hits of a page, 1 to 100, 25 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// `nextCursor` of an earlier page; stands alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Whether hits are explained, true by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<bool>,
    /// Whether matched spans are shown, true by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highlight: Option<bool>,
    /// The instant that counts as now, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<String>,
}

/// What a request stands for.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Subject {
    /// What was typed.
    #[default]
    Query,
    /// A job text.
    Job(Arc<JobReading>),
    /// People.
    People(Arc<SimilarTo>),
}

impl Subject {
    pub(super) fn job(&self) -> Option<&JobReading> {
        if let Self::Job(job) = self { Some(job) } else { None }
    }

    pub(super) fn people(&self) -> Option<&SimilarTo> {
        if let Self::People(people) = self { Some(people) } else { None }
    }
}

impl MatchBody {
    /// The valid request.
    pub(super) fn validate(&self, weights: &JobWeights, now: jiff::Timestamp) -> Result<SearchRequest, SearchError> {
        let errors = self.problems();
        let job = self.reading();
        let filters = self.filters_with(&job.proposed_filters);
        let request = SearchBody { filters: Some(filters), ..self.as_search() }.validate(now);
        let request = SearchError::with_errors_before(errors, request)?;
        let (ast, plan) = job.plan(weights);
        Ok(SearchRequest { typed: ast.text.clone(), ast, plan, subject: Subject::Job(Arc::new(job)), ..request })
    }

    fn problems(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut refuse = |pointer: &str, code: &'static str, message: String| {
            errors.push(FieldError { pointer: pointer.to_owned(), code, message });
        };
        let texts = self.title.iter().chain(&self.description).chain(self.must.iter().chain(&self.nice).flatten());
        if texts.map(|text| TokenList::of(strip_gender_markers(text).as_ref())).all(|tokens| tokens.is_empty()) {
            refuse("/description", "required", "a description, a title or skills are wanted".to_owned());
        }
        if self.description.as_ref().is_some_and(|text| text.len() > MAX_JOB_BYTES) {
            refuse("/description", "too_long", format!("a job text has at most {MAX_JOB_BYTES} bytes"));
        }
        if self.title.as_ref().is_some_and(|title| title.len() > MAX_STATED_BYTES) {
            refuse("/title", "too_long", format!("a title has at most {MAX_STATED_BYTES} bytes"));
        }
        for (name, skills) in [("must", &self.must), ("nice", &self.nice)] {
            let skills = skills.as_deref().unwrap_or_default();
            if skills.len() > MAX_STATED_SKILLS {
                refuse(&format!("/{name}"), "too_many_values", format!("at most {MAX_STATED_SKILLS} skills"));
            }
            for (at, _) in skills.iter().enumerate().filter(|(_, skill)| skill.len() > MAX_STATED_BYTES) {
                let message = format!("a skill has at most {MAX_STATED_BYTES} bytes");
                refuse(&format!("/{name}/{at}"), "too_long", message);
            }
        }
        errors
    }

    /// What is read, with what is stated in its place.
    fn reading(&self) -> JobReading {
        // Too long a text is refused anyway.
        let description = self.description.as_deref().filter(|text| text.len() <= MAX_JOB_BYTES).unwrap_or_default();
        let mut job = read_job(self.title.as_deref(), description);
        if let Some(must) = &self.must {
            job.must = distinct(must);
        }
        if let Some(nice) = &self.nice {
            job.nice = distinct(nice);
        }
        job
    }

    fn filters_with(&self, proposed: &FilterSet) -> FilterSet {
        let stated = self.filters.clone().unwrap_or_default();
        if !self.use_proposed_filters.unwrap_or(false) {
            return stated;
        }
        FilterSet {
            years: stated.years.or(proposed.years),
            languages: stated.languages.or_else(|| proposed.languages.clone()),
            near: stated.near.or_else(|| proposed.near.clone()),
            remote: stated.remote.or(proposed.remote),
            ..stated
        }
    }

    fn as_search(&self) -> SearchBody {
        SearchBody {
            unknowns: self.unknowns,
            weights: self.weights,
            facets: self.facets.clone(),
            sort: self.sort.clone(),
            activity_weight: self.activity_weight,
            limit: self.limit,
            cursor: self.cursor.clone(),
            explain: self.explain,
            highlight: self.highlight,
            as_of: self.as_of.clone(),
            ..SearchBody::default()
        }
    }
}

impl Searcher {
    /// Ranks people for a job. Blocks: call it off the async threads.
    pub fn match_job(&self, body: &MatchBody, now: jiff::Timestamp) -> Result<SearchResponse, SearchError> {
        if body.cursor.is_some() {
            let alone = MatchBody { cursor: body.cursor.clone(), ..MatchBody::default() };
            return if *body == alone {
                self.search(&body.as_search(), now)
            } else {
                Err(SearchError::CursorWithParameters)
            };
        }
        self.match_from(body, 0, now)
    }

    /// The same without a cursor, from a place of the ranking on: for pages whose address says which one they are.
    pub fn match_from(
        &self,
        body: &MatchBody,
        from: usize,
        now: jiff::Timestamp,
    ) -> Result<SearchResponse, SearchError> {
        let started = std::time::Instant::now();
        let snapshot = self.engine.snapshot();
        let request = self.job_request(&snapshot, body, now)?;
        self.answer_from(from, &snapshot, request, started)
    }

    /// The whole window of a job, the best first. For measurements.
    pub fn job_ranking(&self, body: &MatchBody, now: jiff::Timestamp) -> Result<Vec<super::RankedId>, SearchError> {
        let snapshot = self.engine.snapshot();
        self.window_of(&snapshot, &self.job_request(&snapshot, body, now)?)
    }

    fn job_request(
        &self,
        snapshot: &EngineSnapshot,
        body: &MatchBody,
        now: jiff::Timestamp,
    ) -> Result<SearchRequest, SearchError> {
        let request = body.validate(&self.ranking.job.words, now)?;
        let plan = telling(request.plan, snapshot, self.ranking.job.most_words)?;
        Ok(SearchRequest { plan, ..request })
    }
}
