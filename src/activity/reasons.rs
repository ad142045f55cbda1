//! The components of activity in words.

use super::{
    ActivityConstants, ActivityContext, ActivityRecord, ActivitySignals, Component, ComponentKind, EventType, Openness,
    signals::{age_days, outcomes, stated_in_words, strongest_act, tenure_months, unanswered},
};

/// A component as it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentReason {
    /// Which.
    pub kind: ComponentKind,
    /// Its value, and whether it is known.
    pub component: Component,
    /// Its weight; the weights sum to 1.
    pub weight: f64,
    /// Why, in words.
    pub reason: String,
}

impl ActivitySignals {
    /// Every component with its weight and its reason. `wished_elsewhere` is what the person wishes where that is not what
    /// is asked for.
    pub fn reasons(
        &self,
        record: &ActivityRecord,
        context: &ActivityContext<'_>,
        wished_elsewhere: Option<&str>,
    ) -> Vec<ComponentReason> {
        let weights = context.constants.weights.in_order();
        let sum: f64 = weights.iter().sum();
        let reasons = ComponentKind::ALL.into_iter().zip(weights).map(|(kind, weight)| ComponentReason {
            kind,
            component: self.component(kind),
            weight: weight / sum,
            reason: reason(kind, record, context, wished_elsewhere),
        });
        reasons.collect()
    }
}

fn reason(
    kind: ComponentKind,
    record: &ActivityRecord,
    context: &ActivityContext<'_>,
    wished_elsewhere: Option<&str>,
) -> String {
    let ActivityContext { as_of, constants, .. } = *context;
    match kind {
        ComponentKind::Recency => match strongest_act(record, context) {
            Some((_, at)) => format!("{} {}", act_at(record, at).words(), ago(at, as_of)),
            None => "last activity unknown, the population's median stands in".to_owned(),
        },
        ComponentKind::Openness => openness(record, as_of, wished_elsewhere),
        ComponentKind::Responsiveness => responsiveness(record, as_of, constants),
        ComponentKind::ContactPressure => {
            let days = constants.contact_pressure.window_days;
            match unanswered(record, as_of, days).count() {
                0 => format!("nobody has written in vain for {days:.0} days"),
                1 => format!("1 message without an answer in {days:.0} days"),
                count => format!("{count} messages without an answer in {days:.0} days"),
            }
        }
        ComponentKind::Freshness => match record.stated.modified.filter(|at| *at <= as_of) {
            Some(at) => format!("the profile was changed {}", ago(at, as_of)),
            None => "age of the profile unknown, the population's median stands in".to_owned(),
        },
        ComponentKind::Movement => match tenure_months(record, context) {
            Some((months, usual)) => {
                format!(
                    "in the position for {months:.0} months; from this person's history and title, {usual:.0} are usual"
                )
            }
            None => "no history of positions to compare with".to_owned(),
        },
    }
}

fn openness(record: &ActivityRecord, as_of: i64, wished_elsewhere: Option<&str>) -> String {
    let laid_off = record.laid_off(as_of).map(|at| format!("laid off {}", ago(at, as_of)));
    let said = match record.openness(as_of) {
        Openness::Open(Some(since)) => Some(format!("open to work, as said {}", ago(since, as_of))),
        Openness::Open(None) => Some("open to work".to_owned()),
        Openness::Closed => Some("not looking".to_owned()),
        Openness::Unknown => None,
    };
    let elsewhere = wished_elsewhere.filter(|_| matches!(record.openness(as_of), Openness::Open(_)));
    let said = match (said, elsewhere) {
        (Some(said), Some(wished)) => Some(format!("{said}, but wishes something else: {wished}")),
        (said, _) => said,
    };
    let words = record.stated.open_words.as_ref().filter(|_| said.is_none());
    let in_words = words.zip(stated_in_words(record, as_of)).map(|(words, modified)| match modified {
        Some(at) => format!("the profile says \"{words}\", changed {}", ago(at, as_of)),
        None => format!("the profile says \"{words}\", at an unknown time"),
    });
    let told: Vec<String> = said.into_iter().chain(laid_off).chain(in_words).collect();
    if told.is_empty() { "openness unknown, the population's median stands in".to_owned() } else { told.join(", ") }
}

/// What the person did at an instant; changing the profile leaves no event where it was imported.
fn act_at(record: &ActivityRecord, at: i64) -> EventType {
    let acts = record.events().iter().filter(|event| event.event_type.is_own_act());
    acts.into_iter().find(|event| event.at == at).map_or(EventType::ProfileUpdated, |event| event.event_type)
}

fn responsiveness(record: &ActivityRecord, as_of: i64, constants: &ActivityConstants) -> String {
    let (mut messages, mut replies, mut refusals) = (0, 0, 0);
    for (_, answer) in outcomes(record, as_of, constants) {
        messages += 1;
        replies += u32::from(answer.is_some_and(|answer| answer.is_reply));
        refusals += u32::from(answer.is_some_and(|answer| !answer.is_reply));
    }
    let told = match messages {
        0 => return "no messages known: replies as others do".to_owned(),
        1 if refusals == 1 => return "declined 1 message".to_owned(),
        1 if replies == 0 => "did not reply to 1 message".to_owned(),
        1 => "replied to 1 message".to_owned(),
        _ => format!("replied to {replies} of {messages} messages"),
    };
    if refusals > 0 { format!("{told}, declined {refusals}") } else { told }
}

fn ago(at: i64, as_of: i64) -> String {
    let days = age_days(at, as_of) as i64;
    match days {
        0 => "less than a day ago".to_owned(),
        1 => "1 day ago".to_owned(),
        2..=59 => format!("{days} days ago"),
        60..=729 => format!("{} months ago", days / 30),
        _ => format!("{} years ago", days / 365),
    }
}
