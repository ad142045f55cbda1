//! The recruiter's pages, rendered on the server.
//!
//! Input: a URL ([`view`] says what it shows) or a form. Output: HTML that needs no JavaScript for searching and reading. Invariants: every state
//! is a URL; everything that comes from people or their profiles is escaped (the templates escape, nothing is pre-escaped but our own
//! markup); nothing is loaded from elsewhere and nothing is inline ([`security`] forbids it to the browser); titles and logs name nobody.

mod assets;
mod blind;
mod cards;
mod errors;
mod language;
mod layout;
mod pictures;
mod search;
mod security;
mod view;
mod words;

use std::time::Duration;

use axum::{Router, middleware, routing::get};

use crate::http::{ServerState, limits::enforce_deadline};

/// Time after which a page is answered in any case: a search's own deadline comes first.
const SEARCH_DEADLINE: Duration = Duration::from_secs(30);

/// The pages.
pub fn routes() -> Router<ServerState> {
    let searching = Router::new()
        .route("/", get(search::page))
        .route("/refine", get(search::refine))
        .layer(middleware::from_fn_with_state(SEARCH_DEADLINE, enforce_deadline));
    // From the inside out: problems become pages, then every page gets its headers.
    searching
        .layer(middleware::from_fn(errors::as_pages))
        .layer(middleware::from_fn(security::guard))
        .merge(assets::routes())
}
