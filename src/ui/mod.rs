//! The recruiter's pages, rendered on the server.
//!
//! Input: a URL (`view` says what it shows) or a form. Output: HTML that needs no JavaScript for searching and reading. Invariants: every state
//! is a URL; everything that comes from people or their profiles is escaped (the templates escape, nothing is pre-escaped but our own
//! markup); nothing is loaded from elsewhere and nothing is inline (`security` forbids it to the browser); titles and logs name nobody.

mod assets;
mod blind;
mod candidate;
mod cards;
mod errors;
mod filter_parts;
mod import;
mod language;
mod layout;
mod listing;
mod marks;
mod matching;
mod operations;
mod pictures;
mod search;
mod security;
mod shortlist;
mod stored_activity;
mod view;
mod words;

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};

use crate::http::{ServerState, limits::enforce_deadline};

/// Time after which a page is answered in any case: a search's own deadline comes first.
const SEARCH_DEADLINE: Duration = Duration::from_secs(30);

/// The same for a form: a file is received and read, or an event counts.
const FORM_DEADLINE: Duration = Duration::from_secs(120);

/// The pages.
pub fn routes() -> Router<ServerState> {
    let searching = Router::new()
        .route("/", get(search::page))
        .route("/refine", get(search::refine))
        .route("/match", get(matching::page))
        .route("/shortlist", get(shortlist::page))
        .route("/shortlist.csv", get(shortlist::table))
        .route("/candidates/{id}", get(candidate::page))
        .layer(middleware::from_fn_with_state(SEARCH_DEADLINE, enforce_deadline));
    let operating = Router::new()
        .route("/import", get(import::page))
        .route("/import/{draft}", get(import::columns).post(import::start))
        .route("/operations", get(operations::page))
        .route("/operations/reindex", post(operations::reindex))
        .route("/operations/roll-back", post(operations::roll_back))
        .route("/tasks/{id}", get(operations::task))
        .route("/tasks/{id}/cancel", post(operations::cancel))
        .layer(middleware::from_fn_with_state(SEARCH_DEADLINE, enforce_deadline));
    // As long, and as much, as whoever sends takes: it goes to the device piece by piece.
    let uploading = Router::new().route("/import", post(import::upload)).layer(DefaultBodyLimit::disable());
    let forms = Router::new()
        .route("/match", post(matching::upload))
        .route("/contacted", post(shortlist::contacted))
        .layer(middleware::from_fn_with_state(FORM_DEADLINE, enforce_deadline));
    // From the inside out: problems become pages, every page gets its headers, and what is refused there becomes a page too.
    searching
        .merge(operating)
        .merge(uploading)
        .merge(forms)
        .layer(middleware::from_fn(errors::as_pages))
        .layer(middleware::from_fn(security::guard))
        .layer(middleware::from_fn(errors::as_pages))
        .merge(assets::routes())
}
