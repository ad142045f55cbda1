//! People like the person, each a card in short that keeps the view.

use maud::{Markup, html};

use super::{Answered, person::Person};
use crate::{search::Hit, ui::cards::Cards};

struct Texts {
    title: &'static str,
    nobody: &'static str,
    not_searchable: &'static str,
    too_late: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Similar people",
        nobody: "Nobody is like them.",
        not_searchable: "Not known yet: the person is not searchable yet.",
        too_late: "They could not be found in time. Load the page again.",
    },
    Texts {
        title: "Persone simili",
        nobody: "Non c'è nessuno di simile.",
        not_searchable: "Non si sa ancora: la persona non è ancora ricercabile.",
        too_late: "Non è stato possibile trovarle in tempo. Ricarica la pagina.",
    },
];

/// People like the person.
pub(super) fn similar(person: &Person<'_>, similar: &Answered<Vec<Hit>>) -> Markup {
    let texts = person.language.of(&TEXTS);
    let cards = Cards { language: person.language, view: person.view, path: person.path, as_of: person.now, more: &[] };
    html! {
        section.panel-box #similar aria-labelledby="similar-title" {
            h2 #similar-title { (texts.title) }
            @match similar {
                Answered::Told(hits) if !hits.is_empty() => ul.cards { @for hit in hits { (cards.compact(hit)) } },
                Answered::Told(_) => p.quiet { (texts.nobody) },
                Answered::TooLate => p.quiet { (texts.too_late) },
                Answered::NotAsked | Answered::NotSearchable => p.quiet { (texts.not_searchable) },
            }
        }
    }
}
