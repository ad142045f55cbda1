//! What every part of the page needs of the person, and how their texts are shown.
//!
//! Input: texts of the candidate and their JSON Pointers. Output: the texts without contacts, in blind mode without the name, with the matches of
//! the query marked. Invariant: no text of a person reaches the page another way; only the head shows the name.

use maud::{Markup, html};

use crate::{
    candidate::{Candidate, Month, PartialDate, Timeline},
    search::Matched,
    text::mask_contacts,
    ui::{blind::Mask, language::Language, marks, view::View, words},
};

struct Texts {
    parsed: &'static str,
    sure: &'static str,
}

const TEXTS: [Texts; 2] =
    [Texts { parsed: "read from the CV", sure: "% sure" }, Texts { parsed: "letto dal CV", sure: "% di certezza" }];

/// The person of the page.
pub(super) struct Person<'a> {
    pub(super) language: Language,
    /// The view, which links keep.
    pub(super) view: &'a View,
    /// The path of the page.
    pub(super) path: &'a str,
    /// The instant that counts as now.
    pub(super) now: jiff::Timestamp,
    pub(super) candidate: &'a Candidate,
    pub(super) timeline: &'a Timeline,
    pub(super) mask: &'a Mask,
    /// Where the query matches.
    pub(super) matched: &'a [Matched],
}

impl Person<'_> {
    /// The month that counts as now.
    pub(super) fn month(&self) -> Month {
        Month::of_timestamp(self.now)
    }

    /// A text without contacts, and in blind mode without the name. Offsets stay.
    pub(super) fn plain(&self, text: &str) -> String {
        self.mask.hide(&mask_contacts(text))
    }

    /// A value of the candidate with its matches marked.
    pub(super) fn text(&self, pointer: &str, text: &str) -> Markup {
        marks::whole(&self.plain(text), &marks::spans_of(self.matched, pointer))
    }

    /// The same of an entry of the profile: `pointer` is that of the entry, `member` a value of it.
    pub(super) fn member(&self, pointer: &str, member: &str, text: &str) -> Markup {
        self.text(&format!("{pointer}/{member}"), text)
    }

    /// That something was read out of a CV, and how surely. `pointer` is one of the profile.
    pub(super) fn provenance(&self, is_parsed: bool, pointer: &str) -> Markup {
        let texts = self.language.of(&TEXTS);
        let sure = self.candidate.confidence(pointer);
        let document = self.candidate.read_from();
        html! {
            @if is_parsed {
                span.parsed {
                    @match document {
                        Some(document) => a href=(format!("#document-{document}")) { (texts.parsed) },
                        None => (texts.parsed),
                    }
                    @if let Some(sure) = sure { ", " (format!("{:.0} ", sure * 100.0)) (texts.sure) }
                }
            }
        }
    }
}

/// The JSON Pointer of a part of the profile that may have been read out of a CV.
pub(super) fn pointer(is_parsed: bool, part: &str) -> String {
    format!("{}/profile{part}", if is_parsed { "/parsed" } else { "" })
}

/// A text that shows something.
pub(super) fn told(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !words::is_blank(text))
}

/// A date as stated.
pub(super) fn date(date: PartialDate) -> Markup {
    html! { time { (date) } }
}

/// The day of an instant (UTC).
pub(super) fn day(at: jiff::Timestamp) -> Markup {
    html! { time datetime=(at) { (at.strftime("%Y-%m-%d")) } }
}
