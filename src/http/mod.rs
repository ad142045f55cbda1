//! The HTTP edge.
//!
//! Input: requests. Output: JSON, or [`problem::Problem`] documents. Invariant: every error that leaves through
//! [`stack::with_edge`] is a problem document with a code of [`crate::error::ErrorCode`] and the request's id.

pub mod body;
pub mod health;
pub mod limits;
pub mod problem;
pub mod request_id;
pub mod serve;
pub mod stack;
