//! What the person and recruiters did, and when.
//!
//! Input: the events of a person. Output: a drawing of all, and a list of the newest. Invariant: who wrote is not told.

use maud::{Markup, html};

use super::person::{Person, day};
use crate::{
    activity::EventType,
    store::StoredEvent,
    ui::{
        language::Language,
        pictures::{self, Moment},
        words,
    },
};

/// Events that are listed.
const MAX_EVENTS: usize = 50;

struct Texts {
    title: &'static str,
    none: &'static str,
    lanes: [&'static str; 2],
    events: (&'static str, &'static str),
    by_person: &'static str,
    by_others: &'static str,
    newest: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Activity",
        none: "No events are known.",
        lanes: ["The person", "Recruiters and employers"],
        events: ("event", "events"),
        by_person: "by the person",
        by_others: "by recruiters and employers",
        newest: "Only the newest are listed.",
    },
    Texts {
        title: "Attività",
        none: "Non si conoscono eventi.",
        lanes: ["La persona", "Chi seleziona e chi assume"],
        events: ("evento", "eventi"),
        by_person: "della persona",
        by_others: "di chi seleziona o assume",
        newest: "Sono elencati solo i più recenti.",
    },
];

/// What happened.
pub(super) fn activity(person: &Person<'_>, events: &[StoredEvent]) -> Markup {
    let texts = person.language.of(&TEXTS);
    html! {
        section.panel-box #activity aria-labelledby="activity-title" {
            h2 #activity-title { (texts.title) }
            @if events.is_empty() {
                p.quiet { (texts.none) }
            } @else {
                (picture(person, events))
                ul.happened { @for event in events.iter().rev().take(MAX_EVENTS) { li { (line(person, event)) } } }
                @if events.len() > MAX_EVENTS { p.quiet { (texts.newest) } }
            }
        }
    }
}

fn picture(person: &Person<'_>, events: &[StoredEvent]) -> Markup {
    let (language, texts) = (person.language, person.language.of(&TEXTS));
    let moment =
        |event: &StoredEvent| Moment { at: event.at.div_euclid(1000), is_first: is_of_person(&event.event_type) };
    let moments: Vec<Moment> = events.iter().map(moment).collect();
    let own = moments.iter().filter(|moment| moment.is_first).count();
    let noun = if events.len() == 1 { texts.events.0 } else { texts.events.1 };
    let told = format!(
        "{} {noun}: {} {}, {} {}",
        language.number(events.len()),
        language.number(own),
        texts.by_person,
        language.number(events.len() - own),
        texts.by_others
    );
    html! {
        figure {
            (pictures::events(&moments, person.now.as_second(), texts.lanes, &told))
            figcaption.quiet { (told) }
        }
    }
}

fn line(person: &Person<'_>, event: &StoredEvent) -> Markup {
    let at = jiff::Timestamp::from_millisecond(event.at).ok();
    html! {
        @if let Some(at) = at {
            (day(at)) " "
            span.quiet { "(" (words::ago(person.now.as_second() - at.as_second(), person.language)) ") " }
        }
        @match EventType::named(&event.event_type) {
            Some(event_type) => (name(event_type, person.language)),
            None => span dir="auto" { (person.plain(&event.event_type)) },
        }
        @if let Some(channel) = &event.channel { " " span.quiet dir="auto" { (person.plain(channel)) } }
    }
}

/// Whether the person did it; opening a message is no activity, and theirs all the same.
fn is_of_person(event_type: &str) -> bool {
    EventType::named(event_type).is_some_and(|event| event.is_own_act() || event == EventType::OutreachOpened)
}

/// What happened, in words.
fn name(event_type: EventType, language: Language) -> &'static str {
    language.text(match event_type {
        EventType::ProfileUpdated => ["Updated the profile", "Profilo aggiornato"],
        EventType::LoggedIn => ["Signed in", "Accesso"],
        EventType::OpenToWork => ["Said to be open to work", "Disponibilità dichiarata"],
        EventType::NotLooking => ["Said not to be looking", "Ha dichiarato di non cercare"],
        EventType::Applied => ["Applied", "Candidatura inviata"],
        EventType::OutreachSent => ["Was written to", "Contatto ricevuto"],
        EventType::OutreachOpened => ["Opened a message", "Messaggio aperto"],
        EventType::OutreachReplied => ["Replied", "Risposta"],
        EventType::OutreachDeclined => ["Declined", "Risposta negativa"],
        EventType::Interviewed => ["Was interviewed", "Colloquio"],
        EventType::Hired => ["Was hired", "Assunzione"],
        EventType::LaidOff => ["Was laid off", "Licenziamento per esubero"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_named_in_both_languages() {
        let mut names: Vec<&str> = [Language::English, Language::Italian]
            .into_iter()
            .flat_map(|language| EventType::ALL.map(|event| name(event, language)))
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 2 * EventType::ALL.len());
        assert!(is_of_person("outreachOpened") && !is_of_person("outreachSent") && !is_of_person("hired"));
    }
}
