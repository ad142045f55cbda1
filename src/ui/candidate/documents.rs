//! The documents of the person as they were sent, contacts masked, the matches of the query marked.

use maud::{Markup, html};

use super::person::{Person, told};
use crate::{candidate::Document, ui::marks};

/// Longer texts are folded, in characters.
const FOLDED_FROM: usize = 1_200;

struct Texts {
    title: &'static str,
    document: &'static str,
    matches: (&'static str, &'static str),
    characters: &'static str,
    empty: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Original documents",
        document: "Document",
        matches: ("match", "matches"),
        characters: "characters",
        empty: "Without text",
    },
    Texts {
        title: "Documenti originali",
        document: "Documento",
        matches: ("corrispondenza", "corrispondenze"),
        characters: "caratteri",
        empty: "Senza testo",
    },
];

/// The documents; nothing where there are none.
pub(super) fn documents(person: &Person<'_>) -> Markup {
    let (texts, documents) = (person.language.of(&TEXTS), &person.candidate.documents);
    html! {
        @if !documents.is_empty() {
            section.panel-box #documents aria-labelledby="documents-title" {
                h2 #documents-title { (texts.title) }
                @for document in documents { (self::document(person, document)) }
            }
        }
    }
}

fn document(person: &Person<'_>, document: &Document) -> Markup {
    let (language, texts) = (person.language, person.language.of(&TEXTS));
    let pointer = format!("/documents/{}/text", document.index);
    let matches = marks::spans_of(person.matched, &pointer).len();
    let characters = document.text.chars().count();
    // Files are named after people.
    let name = told(&document.name).filter(|_| !person.view.is_blind);
    let about = html! {
        @match name {
            Some(name) => span dir="auto" { (name) },
            None => { (texts.document) " " (document.index + 1) },
        }
        span.quiet {
            " · " (language.number(characters)) " " (texts.characters)
            @if matches > 0 {
                " · " mark { (language.number(matches)) " " (if matches == 1 { texts.matches.0 } else { texts.matches.1 }) }
            }
        }
    };
    let text = html! {
        @if characters == 0 { p.quiet { (texts.empty) } } @else { pre.document dir="auto" { (person.text(&pointer, &document.text)) } }
    };
    html! {
        @if characters > FOLDED_FROM {
            details #(format!("document-{}", document.index)) { summary { (about) } (text) }
        } @else {
            div #(format!("document-{}", document.index)) { h3 { (about) } (text) }
        }
    }
}
