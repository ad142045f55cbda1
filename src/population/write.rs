//! Streaming a population: people in parallel, bytes in order of the index.

use std::io::{self, Write};

use rayon::prelude::*;
use serde::Serialize;
use thiserror::Error;

use super::{Population, Synthetic};

/// People per task, and tasks between two writes: bounds the memory to some tens of megabytes.
const TASK: u64 = 256;
const TASKS: u64 = 32;

/// Why a population could not be written.
#[derive(Debug, Error)]
#[error("the population could not be written")]
pub enum PopulationError {
    /// The output refused the bytes.
    Write(#[from] io::Error),
    /// A record has no JSON form.
    Encode(#[from] serde_json::Error),
}

/// Writes candidates, and if asked events and truths, as NDJSON: one line each, in order of the index. `progress` hears
/// how many people are done.
pub fn write(
    population: &Population,
    out: &mut dyn Write,
    mut events: Option<&mut dyn Write>,
    mut truth: Option<&mut dyn Write>,
    progress: &dyn Fn(u64),
) -> Result<(), PopulationError> {
    let wanted = Wanted { events: events.is_some(), truth: truth.is_some() };
    let mut done = 0;
    while done < population.count() {
        let end = population.count().min(done + TASK * TASKS);
        let starts: Vec<u64> = (done..end).step_by(TASK as usize).collect();
        let task = |start: &u64| Lines::of(population, *start..end.min(start + TASK), wanted);
        let lines: Vec<Lines> = starts.par_iter().map(task).collect::<Result<_, _>>()?;
        for lines in lines {
            out.write_all(&lines.candidates)?;
            if let Some(events) = events.as_deref_mut() {
                events.write_all(&lines.events)?;
            }
            if let Some(truth) = truth.as_deref_mut() {
                truth.write_all(&lines.truths)?;
            }
        }
        done = end;
        progress(done);
    }
    out.flush()?;
    events.map_or(Ok(()), |events| events.flush())?;
    truth.map_or(Ok(()), |truth| truth.flush())?;
    Ok(())
}

#[derive(Clone, Copy)]
struct Wanted {
    events: bool,
    truth: bool,
}

/// The bytes of some consecutive people.
#[derive(Default)]
struct Lines {
    candidates: Vec<u8>,
    events: Vec<u8>,
    truths: Vec<u8>,
}

impl Lines {
    fn of(population: &Population, range: std::ops::Range<u64>, wanted: Wanted) -> Result<Self, serde_json::Error> {
        let mut lines = Self::default();
        for index in range {
            let Synthetic { candidate, events, truth } = population.candidate(index);
            push_line(&mut lines.candidates, &candidate)?;
            if wanted.events {
                for event in &events {
                    push_line(&mut lines.events, event)?;
                }
            }
            if wanted.truth {
                push_line(&mut lines.truths, &truth)?;
            }
        }
        Ok(lines)
    }
}

fn push_line(bytes: &mut Vec<u8>, record: &impl Serialize) -> Result<(), serde_json::Error> {
    serde_json::to_writer(&mut *bytes, record)?;
    bytes.push(b'\n');
    Ok(())
}
