//! Plan → retrieve → fuse → explain → hydrate.
//!
//! Input: a [`SearchRequest`]. Output: a [`SearchResponse`] of the contract. Invariants: one pinned snapshot for the
//! whole request; the hit set is the demand's, whatever the mode; retrieval depth never depends on the page; every
//! signal is known for every member; the explanation is the scored data itself.

mod agreement;
mod asked;
mod competition;
mod concepts;
mod cursor;
mod error;
mod expansion;
mod explain;
mod facets;
mod feedback;
mod filter_notes;
mod hydrate;
mod interpreted;
mod match_job;
mod matched;
mod related;
mod request;
mod rerank;
mod response;
mod retrieval;
mod scales;
mod scored_words;
mod searcher;
mod shortlist;
mod side_by_side;
mod similar;
mod slow;
mod sort;
mod spelling;
mod standing;
mod suggest;
mod tally;
mod what_if;
mod why_zero;

pub use concepts::{NamedConcept, UnderstoodConcept};
pub use cursor::CursorCache;
pub use error::SearchError;
pub use expansion::ExpandedBy;
pub use facets::{FacetCounts, FacetValue, Facets};
pub use feedback::{FeedbackBody, FeedbackUnderstood, FeedbackWord, MAX_FEEDBACK};
pub use filter_notes::ValueSuggestion;
pub use interpreted::Interpreted;
pub use match_job::{MatchBody, Subject};
pub use related::{Related, RelatedString};
pub use request::{DEFAULT_LIMIT, MAX_ACTIVITY_WEIGHT, MAX_LIMIT, Mode, SearchBody, SearchRequest, WeightsBody};
pub use rerank::{Reranked, Reranker};
pub use response::{
    ActivityComponent, ActivityExplanation, Card, CardPlace, CardPosition, EvidenceItem, Explanation, FieldShare, Hit,
    Matched, SearchResponse, SignalExplanation, Total, Understanding, UnderstoodFilter, UnknownCount, VectorStrategies,
};
pub use retrieval::{MAX_WINDOW, RETRIEVAL_DEPTH};
pub use searcher::{RankedId, SearchOptions, Searcher};
pub use shortlist::{
    Considered, DEFAULT_MINUTES, DEFAULT_MINUTES_A_CANDIDATE, MAX_SHORTLIST, ReplyEstimate, ShortlistBody,
    ShortlistItem, ShortlistResponse, Stop,
};
pub use similar::{SimilarBody, SimilarTo, WeighedText};
pub use slow::SlowSearch;
pub use sort::{Sort, SortBody, SortBy, SortOrder};
pub use spelling::{DidYouMean, Respelling};
pub use standing::{ClauseStanding, FilterStanding, Found, Standing};
pub use suggest::{DEFAULT_SUGGESTIONS, MAX_SUGGESTIONS, SuggestField, SuggestResponse, Suggestion};
pub use what_if::WhatIf;
pub use why_zero::{Killer, Relaxation, WhyZero};
