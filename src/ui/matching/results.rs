//! The people who fit a job.

use maud::{Markup, html};

use super::state::{JobView, PATH};
use crate::{
    search::SearchResponse,
    ui::{
        cards::Cards,
        language::Language,
        listing::{Around, Listing, as_of},
    },
};

struct Texts {
    results: &'static str,
    nobody: &'static str,
    clear: &'static str,
    end: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        results: "Ranked by fit",
        nobody: "Nobody fits.",
        clear: "Match without filters",
        end: "No further people are listed. Filter to see others.",
    },
    Texts {
        results: "In ordine di idoneità",
        nobody: "Nessuno è adatto.",
        clear: "Confronta senza filtri",
        end: "Non ci sono altre persone in elenco. Usa i filtri per vederne altre.",
    },
];

/// The people of a job's page.
pub(super) struct Results<'a> {
    pub(super) language: Language,
    pub(super) job: &'a JobView,
    /// What stands in the address beside the view.
    pub(super) more: &'a [(String, String)],
    pub(super) response: &'a SearchResponse,
}

impl Results<'_> {
    pub(super) fn html(&self) -> Markup {
        let (language, response, view) = (self.language, self.response, &self.job.view);
        let cards = Cards { language, view, path: PATH, more: self.more, as_of: as_of(response) };
        let listing = Listing { cards, response };
        listing.html(&Around {
            title: language.of(&TEXTS).results,
            beside: &html! {},
            before: &html! { (listing.unread()) (listing.unknowns()) },
            nobody: &self.nobody(),
        })
    }

    fn nobody(&self) -> Markup {
        let (texts, view) = (self.language.of(&TEXTS), &self.job.view);
        let has_filters = view.filters != Default::default();
        html! {
            p.notice {
                (if view.page > 1 { texts.end } else { texts.nobody })
                @if has_filters && view.page == 1 {
                    " " a href=(view.with_filters(Default::default()).url_with(PATH, self.more)) { (texts.clear) }
                }
            }
        }
    }
}
