//! `lodestone serve`.

use std::{num::NonZeroUsize, process::ExitCode, time::Instant};

use anyhow::Context;

use super::start_logging;
use crate::{
    app::{App, AppOptions},
    config::{Config, ServeFlags},
    http::{ServerState, limits::SearchPermits, router, serve},
    telemetry, ui,
};

/// Searches that wait for a permit, for each that runs.
const WAITING_PER_RUNNING: usize = 32;

/// Writes that run at once, and that wait.
const WRITES: (usize, usize) = (4, 64);

pub(super) fn run(flags: &ServeFlags) -> anyhow::Result<ExitCode> {
    let config = Config::validate(flags)?;
    start_logging(&flags.log)?;
    serve_app(&config, |_| Ok(()))
}

/// Opens the application, lets `prepare` work on it, and serves until a signal.
pub(super) fn serve_app(config: &Config, prepare: impl FnOnce(&App) -> anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    give_back_memory_soon();
    let metrics = telemetry::install()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // The port is taken first: an address in use must not cost an import.
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind(config.listen.address))
        .with_context(|| format!("cannot listen on {}", config.listen.address))?;
    let app = App::open(&app_options(config))?;
    prepare(&app)?;
    give_back_memory();
    let services = app.services(jiff::Timestamp::now)?;
    let state = ServerState {
        services: services.clone(),
        searches: SearchPermits::new(
            config.search.max_concurrent,
            config.search.max_concurrent.get() * WAITING_PER_RUNNING,
        ),
        writes: SearchPermits::new(NonZeroUsize::new(WRITES.0).unwrap_or(NonZeroUsize::MIN), WRITES.1),
        now: jiff::Timestamp::now,
    };
    let router = router(state, ui::routes(), config.search.deadline, metrics);
    let address = listener.local_addr()?;
    tracing::info!(
        server.address = %address,
        server.start_ms = started.elapsed().as_millis() as u64,
        candidates = app.engine.snapshot().live().len(),
        "serving"
    );
    let shutdown = {
        let _runtime = runtime.enter();
        serve::shutdown_signal()?
    };
    runtime.block_on(serve::serve(listener, router, shutdown))?;
    drop(runtime);
    // What waits for an embedder that is away must not hold up the end.
    app.embedder.model().give_up();
    services.tasks.stop();
    app.close();
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Gives the system back what opening the indexes, or filling them, needed for a while: some 25 MB at 100,000 candidates. The
/// allocator would keep it for what comes.
#[expect(unsafe_code, reason = "the allocator's own library has no safe name for it")]
fn give_back_memory() {
    // SAFETY: takes no pointer, and may be called from any thread at any time, whichever allocator serves.
    unsafe { libmimalloc_sys::mi_collect(true) }
}

/// The allocator's option for how long it keeps freed pages, in ms: `mi_option_purge_delay`, which its binding does not name.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

/// How long freed pages are kept, in ms: a server that waits for its next search holds some 50 MB less than with the allocator's own second.
const KEPT_MS: std::ffi::c_long = 10;

/// Has freed pages given back to the system soon.
#[expect(unsafe_code, reason = "the allocator's own library has no safe name for it")]
fn give_back_memory_soon() {
    // SAFETY: takes no pointer, and may be called at any time, whichever allocator serves.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, KEPT_MS) }
}

fn app_options(config: &Config) -> AppOptions {
    AppOptions {
        data_dir: config.storage.data_dir.clone(),
        indexes: config.storage.indexes.clone(),
        embedder: config.storage.embedder.clone(),
        reranker: config.search.reranker.clone(),
        vector_strategy: config.search.vector_strategy,
        search_deadline: config.search.deadline,
    }
}
