//! Marking a person as contacted: a form beside each, and the event that it writes.

use axum::{
    Extension,
    extract::{Form, State, rejection::FormRejection},
    response::Redirect,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::people::Person;
use crate::{
    activity::EventType,
    error::ErrorCode,
    http::{Refresh, ServerState, problem::Problem, refresh_event},
    ingest::{EventDraft, append_events},
    ui::{language::Language, security::Recruiter, words},
};

struct Texts {
    contact: &'static str,
    contacted: &'static str,
    left_alone: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts { contact: "Mark as contacted", contacted: "Contacted", left_alone: "Asked not to be contacted" },
    Texts {
        contact: "Segna come contattata",
        contacted: "Contatto:",
        left_alone: "Ha chiesto di non essere contattata",
    },
];

/// When somebody was contacted, and the form that says that they are now. Leads back to an address.
pub(super) fn contact(id: &str, person: &Person, (back, now): (&str, jiff::Timestamp), language: Language) -> Markup {
    let texts = language.of(&TEXTS);
    html! {
        div.contact {
            @if let Some(at) = person.contacted {
                span.badge.good[person.is_contacted_now] { (texts.contacted) " " (words::ago(now.as_second() - at, language)) }
            }
            @if person.is_left_alone {
                span.badge.bad { (texts.left_alone) }
            } @else if !person.is_contacted_now {
                form action="/contacted" method="post" {
                    input type="hidden" name="id" value=(id);
                    input type="hidden" name="back" value=(back);
                    button type="submit" { (texts.contact) }
                }
            }
        }
    }
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(in crate::ui) struct Contacted {
    id: String,
    back: String,
}

/// `POST /contacted`: somebody was written to now, by whoever sits at this browser. Leads back when it counts.
pub(in crate::ui) async fn contacted(
    State(state): State<ServerState>,
    Extension(recruiter): Extension<Recruiter>,
    form: Result<Form<Contacted>, FormRejection>,
) -> Result<Redirect, Problem> {
    let Form(Contacted { id, back }) =
        form.map_err(|_| Problem::new(ErrorCode::InvalidValue, "a form with `id` and `back` is wanted"))?;
    if !is_own_address(&back) {
        return Err(Problem::new(ErrorCode::InvalidValue, "`back` is no address of these pages"));
    }
    let now = (state.now)();
    let draft = outreach(&id, &recruiter, now);
    state
        .writing(move |services| {
            let report = append_events(&services.store, &[Ok(draft)])?;
            if !report.rejected.is_empty() {
                return Err(Problem::new(ErrorCode::UnknownCandidate, "the person is not stored any more"));
            }
            refresh_event(services, Some(Refresh::Wait), report.last_event_seq)
        })
        .await?;
    Ok(Redirect::to(&back))
}

/// One message a day: a second click says nothing new.
fn outreach(id: &str, recruiter: &Recruiter, now: jiff::Timestamp) -> EventDraft {
    let at = now.to_string();
    let day = at.get(..10).unwrap_or(&at);
    EventDraft {
        candidate_id: id.to_owned(),
        event_type: EventType::OutreachSent.name().to_owned(),
        id: Some(format!("page-{}-{day}-{id}", recruiter.0)),
        at,
        by: Some(recruiter.0.clone()),
        thread: None,
        channel: None,
    }
}

/// Whether an address is one of this site, whatever a browser makes of it: `//host` and `/\host` are others, and so is `/⇥/host`,
/// whose control characters browsers drop (WHATWG URL, §4.4).
fn is_own_address(address: &str) -> bool {
    address.starts_with('/')
        && !address.starts_with("//")
        && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_addresses_are_led_back_to() {
        for own in ["/", "/shortlist?q=a%20b&pick=x#c-1", "/match?job=abc_-", "/a//b"] {
            assert!(is_own_address(own), "{own}");
        }
        for other in [
            "",
            "shortlist",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "/a\r\nx: y",
            "/é",
            "\\/x",
        ] {
            assert!(!is_own_address(other), "{other:?}");
        }
    }

    #[test]
    fn one_message_a_day_is_written() {
        let recruiter = Recruiter("r".into());
        let at = |text: &str| outreach("gh-1", &recruiter, text.parse().unwrap());
        assert_eq!(at("2026-11-01T08:00:00Z").id, at("2026-11-01T18:00:00Z").id);
        assert_ne!(at("2026-11-01T08:00:00Z").id, at("2026-11-02T08:00:00Z").id);
    }
}
