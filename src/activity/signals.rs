//! Events and statements → the activity signal, component by component.
//!
//! Each component is a pure function of the record, the instant and the population, in [0, 1], and more is better:
//!
//! | component | value |
//! |---|---|
//! | recency | max over what the person did of strength · 2^(−age / half-life) |
//! | openness | 2^(−age / half-life) since they said to look for work or were laid off; 0 where they said no |
//! | responsiveness | p / (p + p₀), p = (m·p₀ + Σ w over replies) / (m + Σ w over messages), w = 2^(−age / half-life) |
//! | contactPressure | 2^(−u / h), u = Σ 2^(−age / half-life) over messages of the window without an answer |
//! | freshness | strength · 2^(−age / half-life) of the profile |
//! | movement | r / (1 + r), r = months in the position over the median length of those before |
//!
//! p₀ is the population's rate of replies: the posterior mean of a Beta prior worth m messages (Gelman et al. 2013,
//! "Bayesian Data Analysis", §2.4). What is unknown takes the population's median and says so.

use super::{
    ActivityConstants, ActivityEvent, ActivityRecord, EventType, HalfLife, Openness, PopulationMedians,
    constants::PressureConstants,
};

const DAY_SECONDS: f64 = 86_400.0;

/// Above it the estimate of answers would have no bound.
const MAX_RESPONSIVENESS: f64 = 0.95;

/// Nobody answers for certain, and nobody certainly not.
const REPLY_PROBABILITIES: (f64, f64) = (0.001, 0.95);

pub(super) const MONTH_DAYS: f64 = 365.25 / 12.0;

/// A component of activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentKind {
    /// What the person did lately.
    Recency,
    /// Whether they look for work.
    Openness,
    /// Whether they answer.
    Responsiveness,
    /// Whether they are left in peace.
    ContactPressure,
    /// How fresh the profile is.
    Freshness,
    /// Whether it is about their time to move.
    Movement,
}

impl ComponentKind {
    /// All components.
    pub const ALL: [ComponentKind; 6] =
        [Self::Recency, Self::Openness, Self::Responsiveness, Self::ContactPressure, Self::Freshness, Self::Movement];

    /// The name in explanations and in `ranking.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recency => "recency",
            Self::Openness => "openness",
            Self::Responsiveness => "responsiveness",
            Self::ContactPressure => "contactPressure",
            Self::Freshness => "freshness",
            Self::Movement => "movement",
        }
    }
}

/// One component of activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// In [0, 1].
    pub value: f64,
    /// Whether it is the population's for want of data.
    pub is_unknown: bool,
}

fn known(value: f64) -> Component {
    Component { value, is_unknown: false }
}

fn unknown(value: f64) -> Component {
    Component { value, is_unknown: true }
}

/// The activity signals of a person at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivitySignals {
    /// In the order of [`ComponentKind::ALL`].
    pub components: [Component; 6],
    /// The weighted mean of the components, in [0, 1].
    pub activity: f64,
}

impl ActivitySignals {
    /// The signals at an instant (Unix seconds).
    pub fn of(record: &ActivityRecord, as_of: i64, constants: &ActivityConstants, medians: &PopulationMedians) -> Self {
        let components = [
            recency(record, as_of, constants, medians),
            openness(record, as_of, constants, medians),
            responsiveness(record, as_of, constants, medians),
            known(0.5_f64.powf(
                pressure(record, as_of, constants.contact_pressure) / constants.contact_pressure.halving_messages,
            )),
            freshness(record, as_of, constants, medians),
            movement(record, as_of),
        ];
        let weights = constants.weights.in_order();
        let sum: f64 = components.iter().zip(weights).map(|(component, weight)| component.value * weight).sum();
        let activity = (sum / weights.iter().sum::<f64>()).clamp(0.0, 1.0);
        Self { components, activity }
    }

    /// An estimate of the probability that a message is answered: how the person answered before, doubled where all
    /// other components are 1, halved where they are 0: p · 4^(a − ½), a their weighted mean. Not learnt from outcomes.
    pub fn reply_probability(&self, constants: &ActivityConstants, medians: &PopulationMedians) -> f64 {
        let responsiveness = ComponentKind::Responsiveness as usize;
        let value = self.components[responsiveness].value.min(MAX_RESPONSIVENESS);
        let before = medians.reply_rate * value / (1.0 - value);
        let weights = constants.weights.in_order().into_iter().enumerate().filter(|(kind, _)| *kind != responsiveness);
        let (sum, weight) = weights.fold((0.0, 0.0), |(sum, total), (kind, weight)| {
            (sum + weight * self.components[kind].value, total + weight)
        });
        let others = if weight > 0.0 { sum / weight } else { 0.5 };
        (before * 4.0_f64.powf(others - 0.5)).clamp(REPLY_PROBABILITIES.0, REPLY_PROBABILITIES.1)
    }

    /// One component.
    pub fn component(&self, kind: ComponentKind) -> Component {
        self.components[kind as usize]
    }
}

pub(super) fn age_days(at: i64, as_of: i64) -> f64 {
    as_of.saturating_sub(at).max(0) as f64 / DAY_SECONDS
}

fn halved(age_days: f64, half_life_days: f64) -> f64 {
    (-age_days / half_life_days).exp2()
}

fn decayed(half_life: HalfLife, at: i64, as_of: i64) -> f64 {
    half_life.strength * halved(age_days(at, as_of), half_life.days)
}

fn recency(
    record: &ActivityRecord,
    as_of: i64,
    constants: &ActivityConstants,
    medians: &PopulationMedians,
) -> Component {
    // Acts of one kind decay alike: the latest of each kind is its strongest.
    let (mut engagement, mut profile_update, mut other) = (None, None, None);
    let modified = record.stated.modified.map(|at| ActivityEvent::new(EventType::ProfileUpdated, at));
    let acts = record.events().iter().copied().filter(|event| event.event_type.is_own_act()).chain(modified);
    for event in acts.filter(|event| event.at <= as_of) {
        let latest = match event.event_type {
            EventType::Applied | EventType::OutreachReplied | EventType::Interviewed => &mut engagement,
            EventType::ProfileUpdated => &mut profile_update,
            _ => &mut other,
        };
        *latest = (*latest).max(Some(event.at));
    }
    let kinds =
        [(engagement, constants.engagement), (profile_update, constants.profile_update), (other, constants.recency)];
    let values = kinds.into_iter().filter_map(|(at, half_life)| Some(decayed(half_life, at?, as_of)));
    values.max_by(f64::total_cmp).map_or_else(
        || {
            let median = medians.last_active.filter(|at| *at <= as_of);
            unknown(median.map_or(0.0, |at| decayed(constants.recency, at, as_of)))
        },
        known,
    )
}

fn openness(
    record: &ActivityRecord,
    as_of: i64,
    constants: &ActivityConstants,
    medians: &PopulationMedians,
) -> Component {
    let undated = (constants.undated_statement_days * DAY_SECONDS) as i64;
    let said = |since: Option<i64>| decayed(constants.openness, since.unwrap_or(as_of - undated), as_of);
    let laid_off = record.laid_off(as_of).map(|at| decayed(constants.layoff, at, as_of));
    match (record.openness(as_of), laid_off) {
        (Openness::Closed, _) => known(0.0),
        (Openness::Open(since), laid_off) => known(said(since).max(laid_off.unwrap_or(0.0))),
        (Openness::Unknown, Some(laid_off)) => known(laid_off),
        (Openness::Unknown, None) => {
            let median = medians.open_since.filter(|at| *at <= as_of);
            unknown(median.map_or(0.0, |at| said(Some(at))))
        }
    }
}

fn responsiveness(
    record: &ActivityRecord,
    as_of: i64,
    constants: &ActivityConstants,
    medians: &PopulationMedians,
) -> Component {
    let (prior, rate) = (constants.responsiveness.prior_messages, medians.reply_rate);
    let (mut messages, mut replies) = (0.0, 0.0);
    for (age, is_reply) in outcomes(record, as_of, constants) {
        let weight = halved(age, constants.responsiveness.days);
        messages += weight;
        replies += if is_reply { weight } else { 0.0 };
    }
    let probability = (prior * rate + replies) / (prior + messages);
    let value = probability / (probability + rate);
    if messages == 0.0 { unknown(value) } else { known(value) }
}

/// The messages up to an instant that were answered or have waited long enough: age in days, and whether the answer is a
/// reply.
pub(super) fn outcomes(
    record: &ActivityRecord,
    as_of: i64,
    constants: &ActivityConstants,
) -> impl Iterator<Item = (f64, bool)> {
    let patience = constants.responsiveness.patience_days;
    let past = record.outreach().iter().filter(move |message| message.sent.at <= as_of);
    past.filter_map(move |message| {
        let (age, answer) = (age_days(message.sent.at, as_of), message.answer_at(as_of));
        (answer.is_some() || age >= patience).then(|| (age, answer.is_some_and(|answer| answer.is_reply)))
    })
}

/// Messages of the window without an answer, each by its age.
fn pressure(record: &ActivityRecord, as_of: i64, constants: PressureConstants) -> f64 {
    let in_vain = unanswered(record, as_of, constants.window_days);
    in_vain.map(|at| halved(age_days(at, as_of), constants.days)).sum()
}

/// When the messages of the last days were sent that had no answer at an instant.
pub(super) fn unanswered(record: &ActivityRecord, as_of: i64, window_days: f64) -> impl Iterator<Item = i64> {
    let unanswered = record.unanswered(as_of).map(|message| message.sent.at);
    unanswered.take_while(move |at| age_days(*at, as_of) <= window_days)
}

fn freshness(
    record: &ActivityRecord,
    as_of: i64,
    constants: &ActivityConstants,
    medians: &PopulationMedians,
) -> Component {
    let value = |at| decayed(constants.freshness, at, as_of);
    match record.stated.modified.filter(|at| *at <= as_of) {
        Some(at) => known(value(at)),
        None => unknown(medians.modified.filter(|at| *at <= as_of).map_or(0.0, value)),
    }
}

fn movement(record: &ActivityRecord, as_of: i64) -> Component {
    let Some(tenure) = record.stated.tenure.filter(|tenure| tenure.since <= as_of) else { return unknown(0.5) };
    let ratio = age_days(tenure.since, as_of) / MONTH_DAYS / f64::from(tenure.usual_months.max(1));
    known(ratio / (1.0 + ratio))
}
