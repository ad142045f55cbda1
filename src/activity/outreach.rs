//! Messages to a person, each with its answer.
//!
//! Input: events in order of time. Output: one [`Outreach`] a message. Invariant: what happens later changes no earlier
//! pairing, so the answers up to an instant are those that were known then.

use super::{ActivityEvent, EventType, Tag};

/// An answer to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// When, in Unix seconds.
    pub at: i64,
    /// Whether it was a reply; else the person declined.
    pub is_reply: bool,
}

/// A message to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outreach {
    /// The message.
    pub sent: ActivityEvent,
    /// Its answer, whenever it came.
    pub answer: Option<Answer>,
}

impl Outreach {
    /// The answer, as far as it was known at an instant.
    pub fn answer_at(&self, as_of: i64) -> Option<Answer> {
        self.answer.filter(|answer| answer.at <= as_of)
    }

    /// Pairs messages with answers. An answer belongs to the latest unanswered message of its thread, else to the
    /// latest unanswered one; an answer to nothing is dropped.
    pub fn pair(events: &[ActivityEvent]) -> Vec<Outreach> {
        let mut outreach: Vec<Outreach> = Vec::new();
        for event in events {
            let is_reply = match event.event_type {
                EventType::OutreachSent => {
                    outreach.push(Outreach { sent: *event, answer: None });
                    continue;
                }
                EventType::OutreachReplied => true,
                EventType::OutreachDeclined => false,
                _ => continue,
            };
            let open = || outreach.iter().enumerate().rev().filter(|(_, message)| message.answer.is_none());
            let is_of_thread = |message: &Outreach| event.thread != Tag::NONE && message.sent.thread == event.thread;
            let of_thread = open().find(|(_, message)| is_of_thread(message));
            if let Some((at, _)) = of_thread.or_else(|| open().next()) {
                outreach[at].answer = Some(Answer { at: event.at, is_reply });
            }
        }
        outreach
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(event_type: EventType, at: i64, thread: Option<&str>) -> ActivityEvent {
        ActivityEvent { thread: Tag::of(thread), ..ActivityEvent::new(event_type, at) }
    }

    fn answers(events: &[ActivityEvent]) -> Vec<Option<(i64, bool)>> {
        let answer = |message: Outreach| message.answer.map(|answer| (answer.at, answer.is_reply));
        Outreach::pair(events).into_iter().map(answer).collect()
    }

    #[test]
    fn an_answer_goes_to_its_thread_else_to_the_latest() {
        use EventType::{OutreachDeclined, OutreachReplied, OutreachSent};
        let sent = [event(OutreachSent, 1, Some("a")), event(OutreachSent, 2, Some("b")), event(OutreachSent, 3, None)];
        let [a, b, c] = sent;
        assert_eq!(answers(&[a, b, c, event(OutreachReplied, 4, Some("a"))]), [Some((4, true)), None, None]);
        assert_eq!(answers(&[a, b, c, event(OutreachDeclined, 4, None)]), [None, None, Some((4, false))]);
        let unknown = event(OutreachReplied, 4, Some("other"));
        assert_eq!(answers(&[a, b, unknown]), [None, Some((4, true))]);
        assert_eq!(answers(&[a, unknown, unknown]), [Some((4, true))]);
        assert_eq!(
            answers(&[event(OutreachSent, 0, None), a, event(OutreachReplied, 4, None)]),
            [None, Some((4, true))]
        );
        assert_eq!(answers(&[unknown]), []);
    }

    #[test]
    fn opening_is_no_answer() {
        let events = [event(EventType::OutreachSent, 1, None), event(EventType::OutreachOpened, 2, None)];
        assert_eq!(answers(&events), [None]);
    }

    proptest! {
        #[test]
        fn later_events_change_no_earlier_pairing(
            events in prop::collection::vec((0..EventType::ALL.len(), 0..100_i64, 0..3_u8), 0..20), as_of in 0..100_i64
        ) {
            let threads = [None, Some("a"), Some("b")];
            let mut events: Vec<ActivityEvent> = events
                .into_iter()
                .map(|(kind, at, thread)| event(EventType::ALL[kind], at, threads[thread as usize]))
                .collect();
            events.sort_by_key(|event| (event.at, event.event_type));
            let known: Vec<ActivityEvent> = events.iter().copied().filter(|event| event.at <= as_of).collect();
            let all = Outreach::pair(&events).into_iter().filter(|message| message.sent.at <= as_of);
            let seen: Vec<_> = all.map(|message| (message.sent, message.answer_at(as_of))).collect();
            let then: Vec<_> = Outreach::pair(&known).into_iter().map(|message| (message.sent, message.answer)).collect();
            prop_assert_eq!(seen, then);
        }
    }
}
