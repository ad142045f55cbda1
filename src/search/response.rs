//! What is answered.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    DidYouMean, ExpandedBy, Facets, FeedbackUnderstood, Interpreted, Reranked, SimilarTo, Sort, UnderstoodConcept,
    ValueSuggestion, WhyZero,
};
use crate::{
    candidate::{EvidencePlace, Grade},
    engine::embedded::vectors::StrategyReport,
    query::{ClauseHits, Understood, Warning, job::JobReading},
};

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchResponse {
    /// The page's hits, the best first.
    pub hits: Vec<Hit>,
    /// How many candidates are hits; semantic-only candidates are not counted.
    pub total: Total,
    /// How many hits have which values; absent where none were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
    /// What was understood.
    pub understood: Understanding,
    /// The order of the hits.
    pub sort: Sort,
    /// What was repaired in the query.
    #[schema(value_type = Vec<Object>)]
    pub warnings: Vec<Warning>,
    /// Parts that were left out: for want of time, because the embedder is away, or because the index is of another model.
    pub degraded: Vec<String>,
    /// How the vectors were searched; absent where they were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vector_strategy: Option<VectorStrategies>,
    /// The generation of the indexes.
    pub generation: String,
    /// The change that the answer knows.
    pub seq: u64,
    /// Version of the ranking's constants.
    pub ranking_version: String,
    /// Version of the embedding model.
    pub model_version: String,
    /// How much activity may move a score (`c` of the bound).
    pub activity_weight: f64,
    /// The instant that counted as now.
    pub as_of: String,
    /// Time taken, in milliseconds.
    pub took_ms: f64,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A number of hits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Total {
    /// The number.
    pub value: usize,
    /// `eq`: exact.
    pub relation: String,
    /// Whether there may be hits beside it that only the semantic signal found; they are marked and not counted.
    #[serde(rename = "excludesSemanticOnly")]
    pub excludes_semantic_only: bool,
}

/// What was understood.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Understanding {
    /// The query as a tree.
    pub query: Understood,
    /// How a plain sentence was read; absent where that was not asked for, or the text speaks the query language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpreted: Option<Interpreted>,
    /// What was read out of a job text; absent where the request has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<JobReading>,
    /// Whom the hits are to be like; absent where the request names nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar_to: Option<SimilarTo>,
    /// The text that was embedded; empty where none was.
    pub embedded_text: String,
    /// Whether the model cannot read that text, so that meaning does not count; absent where it can.
    #[serde(rename = "unread", skip_serializing_if = "std::ops::Not::not")]
    pub is_unread: bool,
    /// Titles and skills of the population that mean nearly the same and lent their words; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expanded_by: Vec<ExpandedBy>,
    /// How many of the best were compared once more, by another model; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reranked: Option<Reranked>,
    /// The occupations and skills that were read out of the query; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub concepts: Vec<UnderstoodConcept>,
    /// The filters and how many people each concerns, in a fixed order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<UnderstoodFilter>,
    /// Candidates of whom a demand or filter is unknown.
    pub unknowns: UnknownCount,
    /// Another spelling; absent where every word stands somewhere, or no near one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub did_you_mean: Option<DidYouMean>,
    /// Why nobody was found, and what would find somebody; absent where there are hits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_zero: Option<WhyZero>,
    /// How feedback moved the query; absent without feedback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<FeedbackUnderstood>,
}

/// A filter as it was understood.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnderstoodFilter {
    /// The filter in words.
    pub text: String,
    /// What names of places were taken for, where they could stand for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// For values that nobody has, those that begin so or are spelt most nearly like them; up to eight, of the fields that are
    /// completed as one types.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub did_you_mean: Vec<ValueSuggestion>,
    /// How many people it concerns; absent where nothing was explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<ClauseHits>,
}

/// Candidates of whom a demand or filter is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnknownCount {
    /// How many.
    pub count: usize,
    /// Whether they are among the hits.
    pub included: bool,
}

/// How the two vector indexes were searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VectorStrategies {
    /// Role vectors.
    #[schema(value_type = Object)]
    pub role: StrategyReport,
    /// Skills vectors.
    #[schema(value_type = Object)]
    pub skills: StrategyReport,
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The candidate's id.
    pub id: String,
    /// What orders the hits: relevance + the contribution of activity.
    pub score: f64,
    /// Fit with the query, 0 to 1.
    pub relevance: f64,
    /// Found by meaning alone: no word of the query matches, nor an occupation or skill that it names.
    pub semantic_only: bool,
    /// A demand or filter is unknown for this candidate.
    pub unknown: bool,
    /// The person in short.
    pub card: Card,
    /// Where the query matches.
    pub matched: Vec<Matched>,
    /// Why this score; absent where the request asked for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

/// A person in short.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Name.
    pub name: Option<String>,
    /// Headline.
    pub headline: Option<String>,
    /// Current position.
    pub current: Option<CardPosition>,
    /// City.
    pub city: Option<String>,
    /// Country code.
    pub country_code: Option<String>,
    /// The place where the person lives, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<CardPlace>,
    /// Wishes to work remotely, where stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<bool>,
    /// Whether the person wishes to move to a place that the request asks for; absent where nothing is wished or asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_relocate: Option<bool>,
    /// Years of experience, one decimal; absent where unknown.
    pub years: Option<f64>,
    /// Share of the profile's parts that are filled in, 0 to 1: breaks ties between equal scores and does nothing else.
    pub completeness: Option<f64>,
    /// Language of the profile, ISO 639-1.
    pub language: Option<String>,
}

/// Where a person lives.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CardPlace {
    /// The gazetteer's name of it, what the filter `cities` takes: `Milan, IT`.
    pub name: String,
    /// Kilometres to the nearest of the places that the request asks for; absent where it asks for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<f64>,
    /// What else the city could be, where it is one of several of that name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A position in short.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CardPosition {
    /// Title.
    pub title: Option<String>,
    /// Employer.
    pub company: Option<String>,
    /// Start, as stated.
    pub since: Option<String>,
    /// Whether the position was read out of a CV.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub parsed: bool,
}

/// A value in which the query matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Matched {
    /// Number of the clause in `understood`.
    pub clause: u32,
    /// JSON Pointer of the value in the candidate.
    pub path: String,
    /// The value, contacts masked; a long one is cut around its first match.
    pub text: String,
    /// Half-open offsets of the matches in code points of the whole value.
    pub spans: Vec<[usize; 2]>,
    /// Offset of `text` in the value, in code points: 0 where the value is whole.
    #[serde(rename = "textOffset")]
    pub text_offset: usize,
}

/// Why a score is what it is. The contributions add up to it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Explanation {
    /// The signals.
    pub signals: Vec<SignalExplanation>,
    /// What supports the skills that the query names.
    pub evidence: Vec<EvidenceItem>,
    /// Activity.
    pub activity: ActivityExplanation,
    /// What else is worth knowing.
    pub notes: Vec<String>,
}

/// One signal.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SignalExplanation {
    /// `keyword`, `concept`, `semantic` or `activity`.
    pub name: String,
    /// As measured: BM25, the sum over concepts, cosine, or the activity in [0, 1].
    pub raw: f64,
    /// On its fixed scale, 0 to 1.
    pub normalised: f64,
    /// Its weight: of the relevance signals a share of 1; of activity, `c`.
    pub weight: f64,
    /// What it adds to the score.
    pub contribution: f64,
    /// Whether the population's median stands in for want of data.
    pub unknown: bool,
    /// Why, in words.
    pub reason: String,
    /// For the keyword signal: which word scored in which group of fields; adds up to `raw`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldShare>,
}

/// One word's share of the keyword signal.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FieldShare {
    /// The word, folded.
    pub word: String,
    /// The group of fields: `titles`, `skills`, `headline`, `positions`, `rest`.
    pub group: String,
    /// Its share of `raw`.
    pub raw: f64,
}

/// What supports a skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceItem {
    /// The skill as written.
    pub skill: String,
    /// `listed`, `used` or `proven`.
    #[schema(value_type = String)]
    pub grade: Grade,
    /// Months of the positions that name it; absent where unknown.
    pub months: Option<u32>,
    /// Month of the last use (`YYYY-MM`), `now` while a position that names it is open; absent where it is only listed.
    pub last_used: Option<String>,
    /// The supporting entries.
    #[serde(rename = "where")]
    #[schema(value_type = Vec<Object>)]
    pub places: Vec<EvidencePlace>,
}

/// Activity in short.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityExplanation {
    /// The components, whose weighted sum is the activity.
    pub components: Vec<ActivityComponent>,
    /// The last thing that the person did, RFC 3339; absent where unknown.
    pub last_active: Option<String>,
}

/// One component of activity.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ActivityComponent {
    /// `recency`, `openness`, `responsiveness`, `contactPressure`, `freshness` or `movement`.
    pub name: String,
    /// 0 to 1, more is better.
    pub value: f64,
    /// Its share of the activity; the weights sum to 1.
    pub weight: f64,
    /// Whether it is the population's value for want of data.
    pub unknown: bool,
    /// Why, in words.
    pub reason: String,
}
