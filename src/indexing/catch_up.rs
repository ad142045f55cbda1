//! A generation that does not serve: how far it has got, and what brings it up to the store.

use super::{IndexingError, prepare, prepare::embedder_for};
use crate::{
    activity::{ActivityEvent, EventType, Tag},
    embed::CachedEmbedder,
    engine::embedded::EmbeddedEngine,
    store::{Store, StoredEvent},
};

/// Changes that are read from the log at once.
pub(super) const BATCH: usize = 2_000;

/// Events that are read at once.
const EVENT_BATCH: usize = 50_000;

/// Titles and skills that are read at once.
const STRING_BATCH: u32 = 4_096;

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
        engine.apply(prepare(&batch.states, embedder_for(engine, embedder))?)?;
        reached.seq = batch.reached;
        goes_on(batch.states.len())?;
    }
    while let Some(last) = add_strings(embedder, engine, reached.string)? {
        reached.string = last;
        goes_on(0)?;
    }
    reached.event_seq = add_events(store, engine, reached.event_seq, &|| goes_on(0))?;
    Ok(reached)
}

/// Gives an engine the next titles and skills after one; the last of them, or `None` where there are no more.
pub(super) fn add_strings(
    embedder: &CachedEmbedder,
    engine: &EmbeddedEngine,
    after: u32,
) -> Result<Option<u32>, IndexingError> {
    let Some(embedder) = embedder_for(engine, embedder) else { return Ok(None) };
    let strings = embedder.strings_after(after, STRING_BATCH)?;
    engine.add_strings(&strings)?;
    Ok(strings.last().map(|(last, _)| *last))
}

/// Gives an engine all events after one, and tells how far that reaches: numbers that duplicates used up, or erased people left, are
/// passed too, so that nobody waits for them. `each` is called after each batch; its errors end the way.
pub(super) fn add_events(
    store: &Store,
    engine: &EmbeddedEngine,
    after: u64,
    each: &dyn Fn() -> Result<(), IndexingError>,
) -> Result<u64, IndexingError> {
    // Read first: what has come by then is among what is read below.
    let last = store.last_event_seq()?;
    let mut reached = after;
    while reached < last {
        let events = store.events_after(reached, EVENT_BATCH)?;
        let Some(newest) = events.last() else { break };
        reached = newest.event_seq;
        engine.add_events(&events.iter().filter_map(activity_event).collect::<Vec<_>>());
        each()?;
    }
    Ok(reached.max(last))
}

/// An event as the signals read it, and whose it is; `None` for a type that is not known any more.
pub fn activity_event(event: &StoredEvent) -> Option<(u32, ActivityEvent)> {
    let event_type = EventType::named(&event.event_type)?;
    let (thread, by) = (Tag::of(event.thread.as_deref()), Tag::of(event.by.as_deref()));
    Some((event.key, ActivityEvent { event_type, at: event.at.div_euclid(1_000), thread, by }))
}
