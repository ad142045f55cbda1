//! The engine that serves, and the one switch to another generation.
//!
//! Invariant: whoever asks for a snapshot gets one publication of one generation, whole, before and after the switch.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::{EmbeddedEngine, EngineSnapshot};

/// The generation that answers searches.
pub struct ServingEngine(ArcSwap<EmbeddedEngine>);

impl ServingEngine {
    /// Serves from an engine.
    pub fn new(engine: EmbeddedEngine) -> Self {
        Self::of(Arc::new(engine))
    }

    /// Serves from an engine that others have too.
    pub fn of(engine: Arc<EmbeddedEngine>) -> Self {
        Self(ArcSwap::new(engine))
    }

    /// The engine that serves now.
    pub fn current(&self) -> Arc<EmbeddedEngine> {
        self.0.load_full()
    }

    /// The state that was published last.
    pub fn snapshot(&self) -> Arc<EngineSnapshot> {
        self.0.load().snapshot()
    }

    /// Serves from another engine from now on. Searches that run go on with the snapshot that they have.
    pub fn switch(&self, engine: Arc<EmbeddedEngine>) {
        self.0.store(engine);
    }
}
