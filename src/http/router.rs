//! Every route, on one page.

use std::time::Duration;

use axum::{
    Router,
    http::header,
    middleware,
    routing::{get, post},
};
use metrics_exporter_prometheus::PrometheusHandle;

use super::{
    candidates, events, export,
    health::{self, Readiness},
    imports,
    limits::enforce_deadline,
    openapi, search, stack,
    state::ServerState,
    suggest, tasks,
};

/// Time after which a search is answered in any case: its own deadline comes first.
const SEARCH_GUARD: Duration = Duration::from_secs(2);

/// Time for a request that writes: a body of the largest size, indexed.
const WRITE_DEADLINE: Duration = Duration::from_secs(120);

/// The routes of the service, and those of its pages.
pub fn router(
    state: ServerState,
    pages: Router<ServerState>,
    search_deadline: Duration,
    metrics: PrometheusHandle,
) -> Router {
    let timed = |deadline: Duration| middleware::from_fn_with_state(deadline, enforce_deadline);
    let indexer = state.services.indexer.clone();
    let readiness = move || match indexer.state().failure {
        None => Readiness::Ready,
        Some(failure) => Readiness::NotReady(format!("indexing stopped: {failure}")),
    };
    let searching = Router::new()
        .route("/v1/search", post(search::search))
        .route("/v1/match", post(search::match_job))
        .route("/v1/similar", post(search::similar))
        .route("/v1/candidates/{id}/similar", get(search::similar_to_one))
        .route("/v1/shortlist", post(search::shortlist))
        .route("/v1/suggest", get(suggest::suggest))
        .route("/v1/candidates/{id}/explain", post(search::explain))
        .layer(timed(search_deadline + SEARCH_GUARD));
    let writing = Router::new()
        .route("/v1/candidates", post(candidates::post_many))
        .route(
            "/v1/candidates/{id}",
            get(candidates::get_one)
                .put(candidates::put_one)
                .patch(candidates::patch_one)
                .delete(candidates::delete_one),
        )
        .route("/v1/events", post(events::post_events))
        .route("/v1/reindexes", post(tasks::post_reindex))
        .route("/v1/tasks", get(tasks::list_tasks))
        .route("/v1/tasks/{id}", get(tasks::get_task).delete(tasks::cancel_task))
        .layer(timed(WRITE_DEADLINE));
    // As long as whoever sends or reads takes.
    let streaming = Router::new()
        .route("/v1/export", get(export::export))
        .route("/v1/imports", post(imports::post_import))
        .route("/v1/tasks/{id}/rejects", get(imports::get_rejects));
    let documents = Router::new()
        .route("/openapi.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], openapi::json()) }));
    let routes = searching
        .merge(writing)
        .merge(streaming)
        .merge(documents)
        .merge(pages)
        .with_state(state)
        .merge(health::probes(readiness))
        .merge(health::metrics(metrics));
    stack::with_edge(routes)
}
