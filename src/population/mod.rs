//! Seeded synthetic candidates, their events and their truth: (seed, count, instant) → NDJSON.
//!
//! Person `i` is a pure function of (version, the taxonomy's version, seed, instant, `i`): neither the count, nor the order, nor the number of
//! threads changes a byte, so the first thousand of a million are the population of a thousand. Nobody here exists: names
//! are common names drawn at random, employers and schools are invented. The truth, which no profile tells, stands in a file
//! of its own, so that evaluation can ask what a profile hides.

mod archetype;
mod calendar;
mod career;
mod conduct;
mod draft;
mod employers;
mod extract;
mod further;
mod person;
mod prose;
mod record;
mod sentences;
mod skills;
mod stream;
#[cfg(test)]
mod tests;
mod title;
mod world;
mod write;

use jiff::Timestamp;

pub use archetype::{Archetype, Language};
pub use record::{SyntheticCandidate, SyntheticEvent, Truth};
pub use world::World;
pub use write::{PopulationError, write};

/// Part of every seed's identity, beside the version of the taxonomy that occupations are drawn from: raised whenever the same seed
/// would give other bytes.
pub const VERSION: u32 = 2;

/// 2026-11-01T00:00:00Z: the instant at which a population is told when no other is asked for.
pub const DEFAULT_AS_OF: Timestamp = Timestamp::constant(1_793_491_200, 0);

/// What precedes the last part of an ESCO occupation's URI.
const ESCO_OCCUPATION: &str = "http://data.europa.eu/esco/occupation/";

/// A population of synthetic candidates.
#[derive(Debug, Clone, Copy)]
pub struct Population {
    key: stream::StreamKey,
    count: u64,
    as_of: Timestamp,
    world: Option<World>,
}

impl Population {
    /// The population of this seed; `count` limits only what [`write()`] writes. No event is later than `as_of`.
    pub fn new(seed: u64, count: u64, as_of: Timestamp) -> Self {
        Self { key: stream::StreamKey::new(seed), count, as_of, world: None }
    }

    /// The same seed in another world.
    #[must_use]
    pub fn in_world(self, world: World) -> Self {
        Self { world: Some(world), ..self }
    }

    /// How many people [`write()`] writes.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The instant at which the population is told.
    pub fn as_of(&self) -> Timestamp {
        self.as_of
    }

    /// Person `index`, whatever the count.
    pub fn candidate(&self, index: u64) -> Synthetic {
        draft::person(self.key, index, self.as_of, self.world)
    }
}

/// One person of a population.
#[derive(Debug, Clone)]
pub struct Synthetic {
    /// The candidate as the service takes it.
    pub candidate: SyntheticCandidate,
    /// What happened, in order of time.
    pub events: Vec<SyntheticEvent>,
    /// What is so.
    pub truth: Truth,
}
