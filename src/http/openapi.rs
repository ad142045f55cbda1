//! The description of the API, OpenAPI 3.1.

use utoipa::OpenApi;

use super::{candidates, events, export, imports, search, suggest, tasks};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lodestone",
        description = "A search engine for candidates. Errors are RFC 9457 problem documents; their codes are listed in docs/errors.md."
    ),
    paths(
        search::search,
        search::match_job,
        search::similar,
        search::similar_to_one,
        search::shortlist,
        search::explain,
        suggest::suggest,
        candidates::post_many,
        candidates::get_one,
        candidates::put_one,
        candidates::patch_one,
        candidates::delete_one,
        events::post_events,
        imports::post_import,
        imports::get_rejects,
        tasks::post_reindex,
        tasks::list_tasks,
        tasks::get_task,
        tasks::cancel_task,
        export::export
    ),
    tags(
        (name = "search", description = "Find candidates, with reasons"),
        (name = "candidates", description = "Read and write candidates"),
        (name = "events", description = "What happened to candidates"),
        (name = "operations", description = "Long work: imports, re-indexes and their progress")
    )
)]
struct ApiDocument;

/// The description as JSON.
pub fn json() -> String {
    ApiDocument::openapi().to_pretty_json().unwrap_or_default()
}
