//! What is asked: the wire form and the valid form.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FeedbackBody, Interpreted, SearchError, Sort, SortBody, SortBy, Subject, asked::AskedFor};
use crate::{
    activity::ComponentWeights,
    error::FieldError,
    query::{
        self, DEFAULT_FACET_VALUES, Facet, FacetBody, Filter, FilterError, FilterSet, MAX_FACET_VALUES, Plan, QueryAst,
        Syntax, Unknowns, Warning,
    },
    rank::FusionRanking,
};

/// Hits of a page where the request names none.
pub const DEFAULT_LIMIT: usize = 25;

/// The most hits of a page.
pub const MAX_LIMIT: usize = 100;

/// The most that activity may weigh in one request.
pub const MAX_ACTIVITY_WEIGHT: f64 = 0.3;

/// Which signals make the relevance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Keyword, concept and semantic.
    #[default]
    Hybrid,
    /// Keyword alone.
    Keyword,
    /// Concept alone.
    Concept,
    /// Semantic alone.
    Semantic,
}

/// Weights of the relevance signals; they are scaled to sum to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightsBody {
    /// Keyword, 0 to 1.
    pub keyword: f64,
    /// Concept, 0 to 1; 0 where it is not given.
    #[serde(default)]
    pub concept: f64,
    /// Semantic, 0 to 1.
    pub semantic: f64,
}

impl WeightsBody {
    fn ranking(self) -> FusionRanking {
        FusionRanking { keyword: self.keyword, concept: self.concept, semantic: self.semantic }
    }
}

/// The body of `POST /v1/search`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SearchBody {
    /// What the recruiter typed. Empty: everyone who meets the filters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// `boolean` (default) or `plain`, which has no operators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syntax: Option<Syntax>,
    /// Whether a text without operator, quote, field or parenthesis is read as a sentence: filters are made of parts of it, and
    /// `understood.interpreted` says which. False by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpret: Option<bool>,
    /// Filters in canonical values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<FilterSet>,
    /// What becomes of those of whom a demand or filter is unknown: `exclude` (default) or `include`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknowns: Option<Unknowns>,
    /// `hybrid` (default), `keyword`, `concept` or `semantic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Whether occupations and skills are read out of the query and found under their other names, in any language; true by
    /// default. Without, only words and meaning find people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concepts: Option<bool>,
    /// Weights of the relevance signals in hybrid mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<WeightsBody>,
    /// By what hits are counted: names of filters, or `{"field": …, "limit": …}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Vec<FacetBody>>,
    /// The order of the hits: `score` (default), `lastActive`, `experience`, `distance` or `name`, or `{"by": …, "order": …}`. In
    /// another than that of the score only hits that a word or demand found are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<SortBody>,
    /// People who were liked or disliked: they move the order, not who is a hit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<FeedbackBody>,
    /// How much activity may move a score (`c`), 0 to 0.3, instead of the ranking's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_weight: Option<f64>,
    /// Weights of the components of activity, 0 to 1 each, instead of the ranking's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_components: Option<ComponentWeights>,
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
    /// Whether a query that needs repair is refused, false by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
    /// Whether words that stand nowhere are replaced by the nearest words of the index, false by default. `didYouMean` says
    /// what was replaced, or what could be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct_spelling: Option<bool>,
    /// The instant that counts as now, RFC 3339: later events are ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<String>,
}

/// A valid request for a first page.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    /// The query as typed, to the letter; of a sentence what is left of it.
    pub typed: String,
    /// What it stands for.
    pub subject: Subject,
    /// How a sentence was read, where it was asked for.
    pub interpreted: Option<Interpreted>,
    /// The parsed query.
    pub ast: QueryAst,
    /// The compiled query.
    pub plan: Plan,
    /// What was repaired in it.
    pub warnings: Vec<Warning>,
    /// Filters.
    pub filters: Vec<Filter>,
    /// The filters as they were written.
    pub filter_set: FilterSet,
    /// Policy for unknowns.
    pub unknowns: Unknowns,
    /// By what hits are counted, and the most values of each.
    pub facets: Vec<(Facet, usize)>,
    /// The order of the hits.
    pub sort: Sort,
    /// Signals.
    pub mode: Mode,
    /// Whether the query is read for concepts.
    pub concepts: bool,
    /// Weights, where the request names them.
    pub weights: Option<FusionRanking>,
    /// People who were liked or disliked.
    pub feedback: Option<FeedbackBody>,
    /// Weight of activity, where the request names it.
    pub activity_weight: Option<f64>,
    /// Weights of the components of activity, where the request names them.
    pub activity_components: Option<ComponentWeights>,
    /// Hits of a page.
    pub limit: usize,
    /// Whether hits are explained.
    pub explain: bool,
    /// Whether matched spans are shown.
    pub highlight: bool,
    /// Whether words that stand nowhere are replaced.
    pub correct_spelling: bool,
    /// The instant that counts as now.
    pub as_of: jiff::Timestamp,
}

impl SearchBody {
    /// Validates the body of a first page; `now` stands where it names no instant. All errors at once.
    pub fn validate(&self, now: jiff::Timestamp) -> Result<SearchRequest, SearchError> {
        let mut errors = self.problems();
        let as_of = self.as_of.as_ref().map_or(Ok(now), |text| text.parse()).unwrap_or_else(|_| {
            errors.push(error("/asOf", "invalid_instant", "an RFC 3339 instant is wanted".to_owned()));
            now
        });
        let filters = self.filters.clone().unwrap_or_default().validate().unwrap_or_else(|found| {
            errors.extend(found.into_iter().map(FieldError::from));
            Vec::new()
        });
        let sort = self.sort.as_ref().map_or(Ok(Sort::default()), SortBody::read).unwrap_or_else(|place| {
            errors.push(error("/sort/from", "unknown_place", format!("`{place}` is not a place that is known")));
            Sort::default()
        });
        let facets = valid_facets(self.facets.as_deref().unwrap_or_default(), &mut errors);
        if !errors.is_empty() {
            return Err(SearchError::Invalid(errors));
        }
        let (ast, warnings) = self.parsed()?;
        // Words alone know no concepts, nor does meaning alone.
        let is_alone = matches!(self.mode, Some(Mode::Keyword | Mode::Semantic));
        let concepts = self.concepts.unwrap_or(true) && !is_alone;
        let request = SearchRequest {
            typed: self.query.clone().unwrap_or_default(),
            subject: Subject::Query,
            interpreted: None,
            plan: compiled(&ast, concepts),
            ast,
            warnings,
            filters,
            filter_set: self.filters.clone().unwrap_or_default(),
            facets,
            sort,
            unknowns: self.unknowns.unwrap_or_default(),
            mode: self.mode.unwrap_or_default(),
            concepts,
            weights: self.weights.map(WeightsBody::ranking),
            feedback: self.feedback.clone(),
            activity_weight: self.activity_weight,
            activity_components: self.activity_components,
            limit: self.limit.unwrap_or(DEFAULT_LIMIT),
            explain: self.explain.unwrap_or(true),
            highlight: self.highlight.unwrap_or(true),
            correct_spelling: self.correct_spelling.unwrap_or(false),
            as_of,
        };
        if request.sort.by == SortBy::Distance && !AskedFor::of(&request).has_place() {
            let message = "a distance needs a place: `near:` in the query, a filter, or `from`".to_owned();
            return Err(SearchError::Invalid(vec![error("/sort", "place_needed", message)]));
        }
        Ok(request)
    }

    /// What is wrong with the members that stand for themselves.
    fn problems(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.limit.is_some_and(|limit| !(1..=MAX_LIMIT).contains(&limit)) {
            errors.push(error("/limit", "limit_out_of_range", format!("limit is from 1 to {MAX_LIMIT}")));
        }
        if self.weights.is_some_and(|weights| !is_valid(weights.ranking())) {
            let message = "weights are from 0 to 1, and one of them is positive".to_owned();
            errors.push(error("/weights", "out_of_range", message));
        }
        if self.activity_weight.is_some_and(|weight| !(0.0..=MAX_ACTIVITY_WEIGHT).contains(&weight)) {
            let message = format!("activityWeight is from 0 to {MAX_ACTIVITY_WEIGHT}");
            errors.push(error("/activityWeight", "out_of_range", message));
        }
        if self.activity_components.is_some_and(|weights| !weights.is_valid()) {
            let message = "weights of components are from 0 to 1, and one of them is positive".to_owned();
            errors.push(error("/activityComponents", "out_of_range", message));
        }
        if self.conflicts_with_interpret() {
            let message = "a sentence is read into the query language: `syntax` cannot be `plain`".to_owned();
            errors.push(error("/interpret", "conflicting_syntax", message));
        }
        if let Some(message) = self.sort.as_ref().and_then(SortBody::complaint) {
            errors.push(error("/sort", "conflicting_order", message.to_owned()));
        }
        errors.extend(self.feedback.iter().flat_map(FeedbackBody::problems));
        errors
    }

    fn parsed(&self) -> Result<(QueryAst, Vec<Warning>), SearchError> {
        let (text, syntax) = (self.query.as_deref().unwrap_or_default(), self.syntax.unwrap_or_default());
        if self.strict.unwrap_or(false) {
            return Ok((query::parse_strict(text, syntax)?, Vec::new()));
        }
        let parsed = query::parse(text, syntax)?;
        Ok((parsed.ast, parsed.warnings))
    }

    /// Whether a sentence is to be read where there are no operators.
    pub(super) fn conflicts_with_interpret(&self) -> bool {
        self.interpret == Some(true) && self.syntax == Some(Syntax::Plain)
    }

    /// Whether anything but the cursor is set.
    pub fn has_more_than_cursor(&self) -> bool {
        *self != Self { cursor: self.cursor.clone(), ..Self::default() }
    }
}

impl SearchRequest {
    /// The plan of another query, asked as this one.
    pub(super) fn plan_of(&self, ast: &QueryAst) -> Plan {
        compiled(ast, self.concepts)
    }
}

fn compiled(ast: &QueryAst, with_concepts: bool) -> Plan {
    let plan = Plan::compile(ast);
    if with_concepts { plan } else { plan.without_concepts() }
}

fn valid_facets(bodies: &[FacetBody], errors: &mut Vec<FieldError>) -> Vec<(Facet, usize)> {
    let mut facets: Vec<(Facet, usize)> = Vec::with_capacity(bodies.len());
    for (at, body) in bodies.iter().enumerate() {
        let limit = body.limit.unwrap_or(DEFAULT_FACET_VALUES);
        if !(1..=MAX_FACET_VALUES).contains(&limit) {
            let message = format!("a facet shows from 1 to {MAX_FACET_VALUES} values");
            errors.push(error(&format!("/facets/{at}/limit"), "limit_out_of_range", message));
        }
        match Facet::named(&body.field) {
            Some(facet) if facets.iter().any(|(known, _)| *known == facet) => {
                let message = format!("`{}` is asked for twice", body.field);
                errors.push(error(&format!("/facets/{at}"), "repeated_facet", message));
            }
            Some(facet) => facets.push((facet, limit)),
            None => {
                let names: Vec<&str> = Facet::all().map(Facet::name).collect();
                let message = format!("`{}` is no facet; these are: {}", body.field, names.join(", "));
                errors.push(error(&format!("/facets/{at}"), "unknown_facet", message));
            }
        }
    }
    facets
}

fn is_valid(weights: FusionRanking) -> bool {
    let in_bounds = |weight: f64| (0.0..=1.0).contains(&weight);
    let all = [weights.keyword, weights.concept, weights.semantic];
    all.into_iter().all(in_bounds) && all.iter().sum::<f64>() > 0.0
}

impl From<FilterError> for FieldError {
    fn from(error: FilterError) -> Self {
        Self { pointer: error.pointer, code: error.code, message: error.message }
    }
}

fn error(pointer: &str, code: &'static str, message: String) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code, message }
}
