//! Messages of the past whose outcome is known, each with the activity just before it.
//!
//! Nothing that happened at a message or after it counts, and what profiles state now does not either. A message counts once
//! it is old enough to have been answered, whether it was or not: else young ones would count only where they were.

use super::{ActivityConstants, ActivityContext, ActivityRecord, ActivitySignals, PopulationMedians, Statements};

/// Messages that are looked at; of more, evenly spaced ones.
const SAMPLE: usize = 4_096;

/// A message and what was known just before it.
#[derive(Debug, Clone, PartialEq)]
pub struct PastMessage {
    /// The person's activity signals just before.
    pub signals: ActivitySignals,
    /// Whether it was replied to.
    pub is_reply: bool,
    /// The person, by the place among those who were written to.
    pub person: usize,
}

/// Messages of the past.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PastMessages {
    /// Messages whose outcome is known.
    pub outcomes: usize,
    /// Evenly spaced ones among them.
    pub sample: Vec<PastMessage>,
}

impl PastMessages {
    /// The past of a population, at the latest instant that it knows.
    pub fn of<'a>(
        records: impl Iterator<Item = &'a ActivityRecord>,
        constants: &ActivityConstants,
        medians: &PopulationMedians,
    ) -> Self {
        let records: Vec<&ActivityRecord> = records.filter(|record| !record.outreach().is_empty()).collect();
        let last = records.iter().filter_map(|record| record.events().last()).map(|event| event.at).max();
        let patience = (constants.responsiveness.patience_days * 86_400.0) as i64;
        let known_until = last.unwrap_or_default() - patience;
        let messages = || {
            let of_record = |(person, record): (usize, &&'a ActivityRecord)| {
                let record = *record;
                let known = record.outreach().iter().filter(move |message| message.sent.at <= known_until);
                known.map(move |message| (person, record, message))
            };
            records.iter().enumerate().flat_map(of_record)
        };
        let outcomes = messages().count();
        let sampled = messages().step_by(outcomes.div_ceil(SAMPLE).max(1));
        let sample = sampled.map(|(person, record, message)| {
            let before = record.clone().with_statements(Statements::default());
            let context = ActivityContext { as_of: message.sent.at - 1, constants, medians };
            let signals = ActivitySignals::of(&before, &context, 1.0);
            PastMessage { signals, is_reply: message.answer.is_some_and(|answer| answer.is_reply), person }
        });
        Self { outcomes, sample: sample.collect() }
    }
}
