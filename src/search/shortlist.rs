//! Whom to write to now: a search, a budget of time, and the few who are worth it.
//!
//! Who competes is in `competition.rs`, how the few are chosen in [`choose`]. What writing to one brings is estimated as
//! (relevance / best relevance)^γ · the probability to answer, learnt from past messages
//! ([`ReplyModel`](crate::activity::ReplyModel)) where there are enough of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    FeedbackBody, FeedbackUnderstood, Hit, Interpreted, Mode, SearchBody, SearchError, SearchRequest, Searcher,
    WeightsBody,
    competition::{Competition, Competitor},
    feedback::MovedQuery,
    hydrate::Hydration,
    matched::Shown,
    retrieval::{Retrieval, Retrieved},
    scales::Member,
};
use crate::{
    activity::{ReplyModel, Tag},
    engine::embedded::EngineSnapshot,
    error::FieldError,
    query::{FilterSet, Syntax, Unknowns, Warning},
    rank::{Pick, ShortlistRanking, choose},
};

/// The most people of one shortlist.
pub const MAX_SHORTLIST: usize = 200;

/// Time to spend where a request says nothing of it, in minutes.
pub const DEFAULT_MINUTES: f64 = 120.0;

/// The same for one candidate.
pub const DEFAULT_MINUTES_A_CANDIDATE: f64 = 15.0;

/// The body of `POST /v1/shortlist`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ShortlistBody {
    /// What the recruiter typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// `boolean` (default) or `plain`, which has no operators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syntax: Option<Syntax>,
    /// Whether a text without operator, quote, field or parenthesis is read as a sentence, false by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpret: Option<bool>,
    /// Filters in canonical values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<FilterSet>,
    /// What becomes of those of whom a demand or filter is unknown: `exclude` (default) or `include`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknowns: Option<Unknowns>,
    /// `hybrid` (default), `keyword` or `semantic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Weights of the relevance signals in hybrid mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<WeightsBody>,
    /// People who were liked or disliked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<FeedbackBody>,
    /// Whether a query that needs repair is refused, false by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
    /// Time to spend, in minutes, 120 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
    /// Time that one candidate takes, in minutes, 15 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes_per_candidate: Option<f64>,
    /// Who asks, an opaque id: nobody is written to twice by the same recruiter without an answer for 60 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recruiter: Option<String>,
    /// The instant that counts as now, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<String>,
}

/// Whom to write to now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShortlistResponse {
    /// Whom to write to, in this order.
    pub shortlist: Vec<ShortlistItem>,
    /// Those before whom it is worth stopping, and why.
    pub stop: Stop,
    /// Who competed, and who was left out.
    pub considered: Considered,
    /// How the probability to answer is estimated.
    pub reply_estimate: ReplyEstimate,
    /// How a plain sentence was read; absent where that was not asked for, or the text speaks the query language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpreted: Option<Interpreted>,
    /// How feedback moved the query; absent without feedback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<FeedbackUnderstood>,
    /// What was repaired in the query.
    #[schema(value_type = Vec<Object>)]
    pub warnings: Vec<Warning>,
    /// What the choice is known to be worth.
    pub bound: String,
    /// The generation of the indexes.
    pub generation: String,
    /// The change that the answer knows.
    pub seq: u64,
    /// Version of the ranking's constants.
    pub ranking_version: String,
    /// Version of the embedding model.
    pub model_version: String,
    /// The instant that counted as now.
    pub as_of: String,
    /// Time taken, in milliseconds.
    pub took_ms: f64,
}

/// One person of a shortlist.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShortlistItem {
    /// The candidate as a search shows it, with its explanation.
    #[serde(flatten)]
    pub hit: Hit,
    /// Estimated probability to answer a message now.
    pub reply_probability: f64,
    /// Qualified replies that writing to this person adds to those before.
    pub gain: f64,
    /// Qualified replies that are expected of all up to this one.
    pub expected_replies: f64,
    /// Which alternatives of the query the person meets; empty where it has none.
    pub meets: Vec<String>,
    /// Why this person now, in words.
    pub reason: String,
}

/// How the probability to answer is estimated.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyEstimate {
    /// Whether it was learnt from past messages; else it follows a fixed formula.
    pub is_learnt: bool,
    /// Past messages that it was learnt from.
    pub messages: usize,
    /// Area under the ROC curve for people that the learning did not see, ½ for chance; absent where nothing was learnt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auc: Option<f64>,
}

impl ReplyEstimate {
    fn of(model: Option<&ReplyModel>) -> Self {
        Self {
            is_learnt: model.is_some(),
            messages: model.map_or(0, |model| model.messages),
            auc: model.map(|model| model.auc),
        }
    }
}

/// Where it is worth stopping.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stop {
    /// How many are worth writing to.
    pub after: usize,
    /// Why, in words.
    pub reason: String,
}

/// Who competed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Considered {
    /// Share of the best relevance that was needed to compete; where the query has alternatives, of the best who meets the same.
    pub relevance_floor: f64,
    /// Those who are relevant enough and may be written to.
    pub competed: usize,
    /// Those below the floor of relevance.
    pub below_relevance: usize,
    /// Those who asked not to be written to.
    pub do_not_contact: usize,
    /// Those who have an unanswered message that is too young.
    pub cooling_down: usize,
    /// Those whose profile says the same as that of somebody who competes.
    pub clones: usize,
}

/// A valid request.
struct ShortlistRequest {
    search: SearchRequest,
    count: usize,
    recruiter: Tag,
}

impl ShortlistBody {
    /// Checks the body; `request` makes a valid request of its search.
    fn validate(
        &self,
        request: impl Fn(&SearchBody) -> Result<SearchRequest, SearchError>,
    ) -> Result<ShortlistRequest, SearchError> {
        let mut errors = Vec::new();
        let mut minutes = |pointer: &str, value: f64| {
            if !(value.is_finite() && value > 0.0) {
                let message = "a positive number of minutes is wanted".to_owned();
                errors.push(FieldError { pointer: pointer.to_owned(), code: "out_of_range", message });
            }
            value
        };
        let budget = minutes("/minutes", self.minutes.unwrap_or(DEFAULT_MINUTES));
        let each = minutes("/minutesPerCandidate", self.minutes_per_candidate.unwrap_or(DEFAULT_MINUTES_A_CANDIDATE));
        if errors.is_empty() && !(1.0..=MAX_SHORTLIST as f64).contains(&(budget / each).floor()) {
            let message = format!("minutes / minutesPerCandidate is from 1 to {MAX_SHORTLIST} candidates");
            errors.push(FieldError { pointer: "/minutes".to_owned(), code: "out_of_range", message });
        }
        let search = SearchBody {
            query: self.query.clone(),
            syntax: self.syntax,
            interpret: self.interpret,
            filters: self.filters.clone(),
            unknowns: self.unknowns,
            mode: self.mode,
            weights: self.weights,
            feedback: self.feedback.clone(),
            strict: self.strict,
            as_of: self.as_of.clone(),
            highlight: Some(false),
            ..SearchBody::default()
        };
        let search = SearchError::with_errors_before(errors, request(&search))?;
        let recruiter = Tag::of(self.recruiter.as_deref());
        Ok(ShortlistRequest { search, count: (budget / each).floor() as usize, recruiter })
    }
}

impl Searcher {
    /// Chooses whom to write to now.
    pub fn shortlist(&self, body: &ShortlistBody, now: jiff::Timestamp) -> Result<ShortlistResponse, SearchError> {
        let started = std::time::Instant::now();
        let snapshot = self.engine.snapshot();
        let request = body.validate(|search| self.request(&snapshot, search, now))?;
        let retrieved = self.retrieve(&snapshot, &request.search, Some(started + self.options.deadline))?;
        let retrieval = self.retrieval(&snapshot, &request.search, MovedQuery::default(), None);
        let (competition, picks) = self.choose_among(&retrieval, &retrieved, &request)?;
        let members: Vec<Member> = picks.iter().map(|pick| *competition.competitors[pick.at].member).collect();
        let hydration =
            Hydration { retrieval: &retrieval, retrieved: &retrieved, store: &self.store, shown: Shown::LIST };
        let hits = hydration.hits(&members)?;
        Ok(ShortlistResponse {
            shortlist: items(hits, &picks, &competition, &snapshot),
            stop: stop(&picks, &self.ranking.shortlist),
            considered: competition.considered,
            reply_estimate: ReplyEstimate::of(snapshot.reply_model()),
            interpreted: request.search.interpreted.clone(),
            feedback: retrieved.feedback.clone(),
            warnings: request.search.warnings.clone(),
            bound: "at least 1 − 1/e of the best choice of as many (Nemhauser, Wolsey and Fisher 1978)".to_owned(),
            generation: snapshot.generation().to_owned(),
            seq: snapshot.seq(),
            ranking_version: self.ranking.version.clone(),
            model_version: self.embedder.model().version().to_owned(),
            as_of: request.search.as_of.to_string(),
            took_ms: started.elapsed().as_secs_f64() * 1e3,
        })
    }

    /// The ids of a shortlist of `count`, in order. For measurements.
    pub fn shortlist_ids(
        &self,
        body: &SearchBody,
        count: usize,
        now: jiff::Timestamp,
    ) -> Result<Vec<String>, SearchError> {
        let request = ShortlistRequest { search: body.validate(now)?, count, recruiter: Tag::NONE };
        let snapshot = self.engine.snapshot();
        let retrieved = self.retrieve(&snapshot, &request.search, None)?;
        let retrieval = self.retrieval(&snapshot, &request.search, MovedQuery::default(), None);
        let (competition, picks) = self.choose_among(&retrieval, &retrieved, &request)?;
        let ids = picks.iter().map(|pick| snapshot.id(competition.competitors[pick.at].member.key).to_owned());
        Ok(ids.collect())
    }

    /// Who competes, and who is chosen.
    fn choose_among<'w>(
        &self,
        retrieval: &Retrieval<'_>,
        retrieved: &'w Retrieved,
        request: &ShortlistRequest,
    ) -> Result<(Competition<'w>, Vec<Pick>), SearchError> {
        let constants = &self.ranking.shortlist;
        let competition = Competition::of(retrieval, retrieved, request.recruiter, constants)?;
        let picks = choose(&competition.contenders(retrieval.snapshot), request.count, constants.diversity);
        Ok((competition, picks))
    }
}

/// Hits of people who were erased meanwhile are missing.
fn items(
    hits: Vec<Hit>,
    picks: &[Pick],
    competition: &Competition<'_>,
    snapshot: &EngineSnapshot,
) -> Vec<ShortlistItem> {
    let mut expected_replies = 0.0;
    let mut hits = hits.into_iter().peekable();
    let mut items = Vec::with_capacity(picks.len());
    for pick in picks {
        let competitor = &competition.competitors[pick.at];
        let Some(hit) = hits.next_if(|hit| hit.id == snapshot.id(competitor.member.key)) else { continue };
        expected_replies += pick.gain;
        let reason = reason(competitor, &hit);
        items.push(ShortlistItem {
            hit,
            reply_probability: competitor.reply_probability,
            gain: pick.gain,
            expected_replies,
            meets: competition.met_alternatives(competitor),
            reason,
        });
    }
    items
}

fn reason(competitor: &Competitor<'_>, hit: &Hit) -> String {
    let activity =
        hit.explanation.iter().flat_map(|explanation| &explanation.signals).find(|signal| signal.name == "activity");
    let activity = activity.map_or("", |signal| signal.reason.as_str());
    format!(
        "{:.0} % of the best relevance; answers with a probability of about {:.0} %: {activity}",
        competitor.fit * 100.0,
        competitor.reply_probability * 100.0
    )
}

fn stop(picks: &[Pick], constants: &ShortlistRanking) -> Stop {
    let worth = constants.worth_writing;
    let after = picks.iter().position(|pick| pick.gain < worth).unwrap_or(picks.len());
    let reason = match picks.get(after) {
        Some(pick) => {
            format!("the next, number {}, adds {:.3} expected replies: less than {worth}", after + 1, pick.gain)
        }
        None => match picks.last() {
            Some(pick) => format!("the last still adds {:.3} expected replies", pick.gain),
            None => "nobody may be written to".to_owned(),
        },
    };
    Stop { after, reason }
}
