//! What would change a person's place: one thing at a time, everybody else as they are.
//!
//! Input: the ranked members of a search and one of them. Output: changes that raise the score, each with the score and the
//! place that it would bring, the largest first. Scores come from the same formulas as the ranking's own.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    retrieval::{Retrieval, Retrieved},
    scales::Member,
    scored_words::scoring,
};
use crate::{
    activity::{ActivityEvent, ActivityRecord, ActivitySignals, EventType, Openness},
    engine::EngineError,
    rank::by_rank,
};

/// A smaller gain of score is none.
const LEAST_GAIN: f64 = 1e-6;

/// Changes that are told.
const MAX_CHANGES: usize = 8;

/// One thing that would raise a person's score.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhatIf {
    /// What would be different, in words.
    pub change: String,
    /// The score it would give.
    pub score: f64,
    /// The place it would give, from 1.
    pub rank: usize,
}

/// What would raise the score of the member at a place.
pub(super) fn what_ifs(
    retrieval: &Retrieval<'_>,
    retrieved: &Retrieved,
    place: usize,
) -> Result<Vec<WhatIf>, EngineError> {
    let member = retrieved.members[place];
    let now = retrieved.scales.score(&member).score;
    let mut changed = activity_changes(retrieval, &member);
    changed.extend(word_changes(retrieval, retrieved, &member)?);
    let mut told: Vec<WhatIf> = changed
        .into_iter()
        .map(|(change, member)| {
            let score = retrieved.scales.score(&member).score;
            WhatIf { change, score, rank: rank(retrieval, retrieved, (place, score)) }
        })
        .filter(|told| told.score > now + LEAST_GAIN)
        .collect();
    told.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.change.cmp(&b.change)));
    told.truncate(MAX_CHANGES);
    Ok(told)
}

/// The place of a member among the others, with another score.
fn rank(retrieval: &Retrieval<'_>, retrieved: &Retrieved, (place, score): (usize, f64)) -> usize {
    let own = retrieval.place(score, retrieved.members[place].key);
    let others = retrieved.members.iter().enumerate().filter(|(at, _)| *at != place);
    let before = others.filter(|(_, other)| {
        let of_other = retrieval.place(retrieved.scales.score(other).score, other.key);
        by_rank(of_other, own).is_lt()
    });
    before.count() + 1
}

/// The member with other things done or said.
fn activity_changes(retrieval: &Retrieval<'_>, member: &Member) -> Vec<(String, Member)> {
    let Some(record) = retrieval.snapshot.activity(member.key) else { return Vec::new() };
    let context = retrieval.context();
    let now = context.as_of;
    let wish_fit = retrieval.wish_fit(member.key, record);
    let with = |record: ActivityRecord, fit: f64| {
        let activity = ActivitySignals::of(&record, &context, fit).activity;
        Member { activity, ..*member }
    };
    let happening = |added: Vec<ActivityEvent>| {
        let events = record.events().iter().copied().chain(added).collect();
        with(record.as_ref().clone().with_events(events), wish_fit)
    };
    let event = |event_type| ActivityEvent::new(event_type, now);
    let answered = |messages: usize| {
        let pair = [EventType::OutreachSent, EventType::OutreachReplied].map(event);
        happening(pair.into_iter().cycle().take(2 * messages).collect())
    };
    let mut changes = vec![
        ("they signed in now".to_owned(), happening(vec![event(EventType::LoggedIn)])),
        ("they answered the next message".to_owned(), answered(1)),
        ("they answered the next two messages".to_owned(), answered(2)),
    ];
    let modified = crate::activity::Statements { modified: Some(now), ..record.stated.clone() };
    changes.push((
        "they changed the profile now".to_owned(),
        with(record.as_ref().clone().with_statements(modified), wish_fit),
    ));
    if !matches!(record.openness(now), Openness::Open(_)) && !record.stated.not_looking {
        let open = happening(vec![event(EventType::OpenToWork)]);
        changes.push(("they said now to be open to work".to_owned(), open));
    }
    if wish_fit < 1.0 {
        changes.push(("what is asked for were what they wish".to_owned(), with(record.as_ref().clone(), 1.0)));
    }
    let in_vain: Vec<ActivityEvent> = record
        .unanswered(now)
        .map(|message| ActivityEvent { event_type: EventType::OutreachDeclined, ..message.sent })
        .collect();
    if !in_vain.is_empty() {
        let change = match in_vain.len() {
            1 => "the message without an answer had been declined".to_owned(),
            count => format!("the {count} messages without an answer had been declined"),
        };
        changes.push((change, happening(in_vain)));
    }
    changes
}

/// The member with one more word of the query supported as a skill.
fn word_changes(
    retrieval: &Retrieval<'_>,
    retrieved: &Retrieved,
    member: &Member,
) -> Result<Vec<(String, Member)>, EngineError> {
    let words: Vec<_> = retrieved.words.iter().map(|(word, _)| word.clone()).collect();
    let scoring = scoring(retrieval.ranking);
    let keyword = retrieval.snapshot.keyword();
    let shares = keyword.explain(&words, &scoring, &[member.key])?.pop().unwrap_or_default();
    let mut changes = Vec::new();
    // What was lent by strings that mean nearly the same, nobody asked for.
    let wishes = &retrieval.request.plan.wishes;
    let is_asked = |exact: &str| wishes.iter().any(|wish| wish.exact == exact);
    for (at, (word, exact)) in retrieved.words.iter().enumerate().filter(|(_, (_, exact))| is_asked(exact)) {
        let share = shares.iter().find(|share| share.word == at).map_or(0.0, |share| share.score);
        let supported = keyword.supported_share(word, &scoring)?;
        if supported > share {
            let concept = member.concept + retrieved.needs.raised(retrieval.snapshot, member.key, exact)?;
            let raised = Member { keyword: member.keyword - share + supported, concept, ..*member };
            changes.push((format!("a position, project or certificate supported the skill \"{exact}\""), raised));
        }
    }
    Ok(changes)
}
