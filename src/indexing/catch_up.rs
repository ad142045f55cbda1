//! A generation that does not serve: how far it has got, and what brings it up to the store.

use super::{IndexingError, prepare};
use crate::{
    activity::{ActivityEvent, EventType, Tag},
    embed::CachedEmbedder,
    engine::embedded::EmbeddedEngine,
    store::{Store, StoredEvent},
};

/// Changes that are read from the log at once.
pub(super) const BATCH: usize = 2_000;

/// Events that are read at once.
pub(super) const EVENT_BATCH: usize = 50_000;

/// Titles and skills that are read at once.
pub(super) const STRING_BATCH: u32 = 4_096;

/// How far a generation has got that does not serve.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// The last change.
    pub seq: u64,
    /// The last event.
    pub event_seq: u64,
    /// The last string.
    pub string: u32,
}

/// Gives a generation that does not serve every change, event and string that it lacks. `go_on` is asked after each batch, with the number of
/// changes in it; where it says no, [`IndexingError::Stopped`].
pub(super) fn bring_up(
    (store, embedder): (&Store, &CachedEmbedder),
    engine: &EmbeddedEngine,
    mut reached: Reached,
    go_on: &dyn Fn(usize) -> bool,
) -> Result<Reached, IndexingError> {
    let goes_on = |count| if go_on(count) { Ok(()) } else { Err(IndexingError::Stopped("it was asked to".to_owned())) };
    loop {
        let batch = store.changes_with_bodies_after(reached.seq, BATCH)?;
        if batch.reached == reached.seq {
            break;
        }
        engine.apply(prepare(&batch.states, embedder)?)?;
        reached.seq = batch.reached;
        goes_on(batch.states.len())?;
    }
    loop {
        let strings = embedder.strings_after(reached.string, STRING_BATCH)?;
        let Some((last, _)) = strings.last() else { break };
        engine.add_strings(&strings)?;
        reached.string = *last;
        goes_on(0)?;
    }
    loop {
        let events = store.events_after(reached.event_seq, EVENT_BATCH)?;
        let Some(last) = events.last() else { return Ok(reached) };
        engine.add_events(&events.iter().filter_map(activity_event).collect::<Vec<_>>());
        reached.event_seq = last.event_seq;
        goes_on(0)?;
    }
}

pub(super) fn activity_event(event: &StoredEvent) -> Option<(u32, ActivityEvent)> {
    let event_type = EventType::named(&event.event_type)?;
    let (thread, by) = (Tag::of(event.thread.as_deref()), Tag::of(event.by.as_deref()));
    Some((event.key, ActivityEvent { event_type, at: event.at.div_euclid(1_000), thread, by }))
}
