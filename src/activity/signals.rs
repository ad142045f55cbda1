//! Events and statements → the activity signal, component by component.
//!
//! Each component is a pure function of the record, the instant and the population, in [0, 1], and more is better:
//!
//! | component | value |
//! |---|---|
//! | recency | max over what the person did of strength · 2^(−age / half-life) |
//! | openness | f · 2^(−age / half-life) since they said to look for work, or strength · 2^(−age / half-life) since they were laid off or changed a profile whose words say so; 0 where they said no |
//! | responsiveness | p / (p + p₀), p = (m·p₀ + Σ w over replies) / (m + Σ w over messages), w = 2^(−age / half-life) |
//! | contactPressure | 2^(−u / h), u = Σ 2^(−age / half-life) over messages of the window without an answer |
//! | freshness | strength · 2^(−age / half-life) of the profile |
//! | movement | r / (1 + r), r = months in the position over (n·own + m·usual) / (n + m) |
//!
//! f is 1 where a person wishes what is asked for or says nothing of it, down to `wishedElsewhere` where they wish something
//! else. own is the median length of the person's n earlier positions, usual the median of those of people with the title
//! (of all people where they are few), worth m positions.
//!
//! p₀ is the population's rate of replies: the posterior mean of a Beta prior worth m messages (Gelman et al. 2013,
//! "Bayesian Data Analysis", §2.4). What is unknown takes the population's median and says so.

use super::{
    ActivityConstants, ActivityRecord, Answer, HalfLife, Openness, PopulationMedians, constants::PressureConstants,
    reply_model::REPLY_PROBABILITIES,
};

const DAY_SECONDS: f64 = 86_400.0;

/// Above it the estimate of answers would have no bound.
const MAX_RESPONSIVENESS: f64 = 0.95;

const MONTH_DAYS: f64 = 365.25 / 12.0;

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

/// What a record is judged by.
#[derive(Debug, Clone, Copy)]
pub struct ActivityContext<'a> {
    /// The instant that counts as now, in Unix seconds.
    pub as_of: i64,
    /// The constants.
    pub constants: &'a ActivityConstants,
    /// What stands for what is unknown.
    pub medians: &'a PopulationMedians,
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
    /// The signals of a record. `wish_fit` is how far what the person wishes fits what is asked for, from 0 to 1; 1 where
    /// they wish nothing in particular.
    pub fn of(record: &ActivityRecord, context: &ActivityContext<'_>, wish_fit: f64) -> Self {
        let constants = context.constants;
        let in_vain = pressure(record, context.as_of, constants.contact_pressure);
        let components = [
            recency(record, context),
            openness(record, context, wish_fit),
            responsiveness(record, context),
            known(halved(in_vain, constants.contact_pressure.halving_messages)),
            freshness(record, context),
            movement(record, context),
        ];
        let weights = constants.weights.in_order();
        let sum: f64 = components.iter().zip(weights).map(|(component, weight)| component.value * weight).sum();
        let activity = (sum / weights.iter().sum::<f64>()).clamp(0.0, 1.0);
        Self { components, activity }
    }

    /// An estimate of the probability that a message is answered: how the person answered before, doubled where all
    /// other components are 1, halved where they are 0: p · 4^(a − ½), a their weighted mean. For as long as too few
    /// outcomes are known to learn it ([`ReplyModel`](super::ReplyModel)).
    pub fn reply_probability(&self, constants: &ActivityConstants, medians: &PopulationMedians) -> f64 {
        let responsiveness = ComponentKind::Responsiveness as usize;
        let value = self.components[responsiveness].value.min(MAX_RESPONSIVENESS);
        let before = medians.reply_rate * value / (1.0 - value);
        let weights = constants.weights.in_order().into_iter().enumerate().filter(|(kind, _)| *kind != responsiveness);
        let (sum, weight) = weights.fold((0.0, 0.0), |(sum, total), (kind, weight)| {
            (sum + weight * self.components[kind].value, total + weight)
        });
        let others = if weight > 0.0 { sum / weight } else { 0.5 };
        let (low, high) = REPLY_PROBABILITIES;
        (before * 4.0_f64.powf(others - 0.5)).clamp(low, high)
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
    if age_days == 0.0 { 1.0 } else { (-age_days / half_life_days).exp2() }
}

fn decayed(half_life: HalfLife, at: i64, as_of: i64) -> f64 {
    half_life.strength * halved(age_days(at, as_of), half_life.days)
}

fn recency(record: &ActivityRecord, context: &ActivityContext<'_>) -> Component {
    let ActivityContext { as_of, constants, medians } = *context;
    strongest_act(record, context).map_or_else(
        || {
            let median = medians.last_active.filter(|at| *at <= as_of);
            unknown(median.map_or(0.0, |at| decayed(constants.recency, at, as_of)))
        },
        |(value, _)| known(value),
    )
}

/// What is left of the act of the person's own of which most is left, and when it was (Unix seconds). Acts of one kind decay
/// alike: the latest of each kind is its strongest.
pub(super) fn strongest_act(record: &ActivityRecord, context: &ActivityContext<'_>) -> Option<(f64, i64)> {
    let ActivityContext { as_of, constants, .. } = *context;
    let latest = record.latest(as_of);
    let modified = record.stated.modified.filter(|at| *at <= as_of);
    let kinds = [
        (latest.engagement, constants.engagement),
        (latest.profile_update.max(modified), constants.profile_update),
        (latest.other_act, constants.recency),
    ];
    let acts = kinds.into_iter().filter_map(|(at, half_life)| Some((decayed(half_life, at?, as_of), at?)));
    acts.max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
}

fn openness(record: &ActivityRecord, context: &ActivityContext<'_>, wish_fit: f64) -> Component {
    let ActivityContext { as_of, constants, medians } = *context;
    let undated = as_of - (constants.undated_statement_days * DAY_SECONDS) as i64;
    let fit = constants.wished_elsewhere + (1.0 - constants.wished_elsewhere) * wish_fit.clamp(0.0, 1.0);
    let said = |since: Option<i64>| decayed(constants.openness, since.unwrap_or(undated), as_of);
    let laid_off = record.laid_off(as_of).map(|at| decayed(constants.layoff, at, as_of));
    let words = stated_in_words(record, as_of);
    let words = words.map(|modified| decayed(constants.open_words, modified.unwrap_or(undated), as_of));
    match record.openness(as_of) {
        Openness::Closed => known(0.0),
        Openness::Open(since) => known((fit * said(since)).max(laid_off.unwrap_or(0.0))),
        Openness::Unknown => laid_off.into_iter().chain(words).max_by(f64::total_cmp).map_or_else(
            || {
                let median = medians.open_since.filter(|at| *at <= as_of);
                unknown(median.map_or(0.0, |at| said(Some(at))))
            },
            known,
        ),
    }
}

/// When the profile was changed whose words say to look for work (Unix seconds, where it is known); `None` where none do, or
/// only words of later.
pub(super) fn stated_in_words(record: &ActivityRecord, as_of: i64) -> Option<Option<i64>> {
    record.stated.open_words.as_ref()?;
    let modified = record.stated.modified;
    modified.is_none_or(|at| at <= as_of).then_some(modified)
}

fn responsiveness(record: &ActivityRecord, context: &ActivityContext<'_>) -> Component {
    let ActivityContext { as_of, constants, medians } = *context;
    let (prior, rate) = (constants.responsiveness.prior_messages, medians.reply_rate);
    let (mut messages, mut replies) = (0.0, 0.0);
    for (age, answer) in outcomes(record, as_of, constants) {
        let is_reply = answer.is_some_and(|answer| answer.is_reply);
        let weight = halved(age, constants.responsiveness.days);
        messages += weight;
        replies += if is_reply { weight } else { 0.0 };
    }
    let probability = (prior * rate + replies) / (prior + messages);
    let value = probability / (probability + rate);
    if messages == 0.0 { unknown(value) } else { known(value) }
}

/// The messages up to an instant that were answered or have waited long enough: age in days, and the answer.
pub(super) fn outcomes(
    record: &ActivityRecord,
    as_of: i64,
    constants: &ActivityConstants,
) -> impl Iterator<Item = (f64, Option<Answer>)> {
    let patience = constants.responsiveness.patience_days;
    let past = record.outreach().iter().filter(move |message| message.sent.at <= as_of);
    past.filter_map(move |message| {
        let (age, answer) = (age_days(message.sent.at, as_of), message.answer_at(as_of));
        (answer.is_some() || age >= patience).then_some((age, answer))
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

fn freshness(record: &ActivityRecord, context: &ActivityContext<'_>) -> Component {
    let ActivityContext { as_of, constants, medians } = *context;
    let value = |at| decayed(constants.freshness, at, as_of);
    match record.stated.modified.filter(|at| *at <= as_of) {
        Some(at) => known(value(at)),
        None => unknown(medians.modified.filter(|at| *at <= as_of).map_or(0.0, value)),
    }
}

fn movement(record: &ActivityRecord, context: &ActivityContext<'_>) -> Component {
    let Some((months, usual)) = tenure_months(record, context) else { return unknown(0.5) };
    let ratio = months / usual;
    known(ratio / (1.0 + ratio))
}

/// Months in the current position, and how many are usual; `None` where there is nothing to compare.
pub(super) fn tenure_months(record: &ActivityRecord, context: &ActivityContext<'_>) -> Option<(f64, f64)> {
    let tenure = record.stated.tenure.filter(|tenure| tenure.since <= context.as_of)?;
    let (own, positions) = (f64::from(tenure.own_months), f64::from(tenure.closed_positions));
    let of_title = context.medians.months_of_title(tenure.title).map(f64::from);
    let prior = if of_title.is_some() { context.constants.movement.prior_positions } else { 0.0 };
    let sum = positions * own + prior * of_title.unwrap_or(0.0);
    let usual = (positions + prior > 0.0).then(|| sum / (positions + prior)).filter(|usual| *usual > 0.0)?;
    Some((age_days(tenure.since, context.as_of) / MONTH_DAYS, usual))
}
