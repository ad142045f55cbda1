//! The HTTP edge.
//!
//! Input: requests. Output: JSON, or [`problem::Problem`] documents. Invariant: every error that leaves through
//! [`stack::with_edge`] is a problem document with a code of [`crate::error::ErrorCode`] and the request's id.

pub mod body;
mod candidates;
mod events;
mod export;
pub mod health;
pub mod imports;
pub mod limits;
mod openapi;
pub mod problem;
pub mod request_id;
mod router;
pub mod same_origin;
mod search;
pub mod serve;
pub mod stack;
mod state;
mod suggest;
mod tasks;

pub use openapi::json as openapi_json;
pub use router::router;
pub use search::answer;
pub use state::{Refresh, ServerState, Services, refresh_event};
pub use tasks::task_id;
