//! Style and scripts: our own, compiled in, under a name that changes with their content.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::http::ServerState;

/// A file that pages load.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    content: &'static str,
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

const ASSETS: [Asset; 7] = [
    Asset { name: "style.css", media_type: "text/css; charset=utf-8", content: include_str!("assets/style.css") },
    Asset { name: "icon.svg", media_type: "image/svg+xml", content: include_str!("assets/icon.svg") },
    Asset { name: "app.js", media_type: SCRIPT, content: include_str!("assets/app.js") },
    Asset { name: "suggest.js", media_type: SCRIPT, content: include_str!("assets/suggest.js") },
    Asset { name: "files.js", media_type: SCRIPT, content: include_str!("assets/files.js") },
    Asset { name: "keys.js", media_type: SCRIPT, content: include_str!("assets/keys.js") },
    Asset { name: "swap.js", media_type: SCRIPT, content: include_str!("assets/swap.js") },
];

/// A name of all files as they are: scripts find each other beside themselves.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = blake3::Hasher::new();
    for asset in &ASSETS {
        hasher.update(asset.content.as_bytes());
    }
    hasher.finalize().to_hex()[..12].to_owned()
});

/// The address of a file.
pub(super) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The files' route.
pub(super) fn routes() -> Router<ServerState> {
    Router::new().route("/assets/{version}/{name}", get(file)).route("/favicon.ico", get(icon))
}

async fn file(Path((version, name)): Path<(String, String)>) -> Response {
    match ASSETS.iter().find(|asset| asset.name == name && version == *VERSION) {
        Some(asset) => asset.answer("public, max-age=31536000, immutable"),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn icon() -> Response {
    ASSETS[1].answer("public, max-age=86400")
}

impl Asset {
    fn answer(&self, cache: &'static str) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.media_type),
            (header::CACHE_CONTROL, cache),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        (headers, self.content).into_response()
    }
}
