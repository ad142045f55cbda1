//! Those who were picked, one compact card each.

use maud::{Markup, html};

use super::{
    contact::contact,
    people::{People, Person},
    state::{PATH, ShortlistView},
};
use crate::ui::{blind::Mask, cards::Cards, language::Language, view::candidate_path};

struct Texts {
    title: &'static str,
    table: &'static str,
    remove: &'static str,
    gone: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts { title: "Your picks", table: "Picks as CSV", remove: "Remove", gone: "is not stored any more" },
    Texts { title: "Le tue scelte", table: "Scelte in CSV", remove: "Togli", gone: "non è più in archivio" },
];

/// The picks of a shortlist's page.
pub(super) struct Picks<'a> {
    pub(super) language: Language,
    pub(super) asked: &'a ShortlistView,
    pub(super) people: &'a People,
    pub(super) cards: &'a Cards<'a>,
}

impl Picks<'_> {
    /// The section; nothing where nobody was picked.
    pub(super) fn html(&self) -> Markup {
        let (texts, picked) = (self.language.of(&TEXTS), &self.asked.view.picked);
        html! {
            @if !picked.is_empty() {
                section.picks aria-labelledby="picks" {
                    div.toolbar {
                        h2 #picks { (texts.title) " " span.count { (picked.len()) } }
                        p { a href=(self.asked.table_url(true)) download { (texts.table) } }
                    }
                    ul.cards {
                        @for id in picked {
                            li.card.compact #(format!("p-{id}")) data-card tabindex="-1" {
                                @match self.people.get(id) {
                                    Some(person) => (self.person(id, person)),
                                    None => div.who { p { code { (id) } " " (texts.gone) } (self.remove(id, id)) },
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn person(&self, id: &str, person: &Person) -> Markup {
        let mask = Mask::of(person.card.name.as_deref(), self.asked.view.is_blind);
        let now = self.cards.as_of;
        let name = self.cards.name(&person.card);
        html! {
            div.who {
                h3 { a href=(self.asked.view.url(&candidate_path(id))) data-open { (name) } }
                (self.remove(id, &name))
            }
            @if let Some(headline) = &person.card.headline { p.headline dir="auto" { (mask.hide(headline)) } }
            (self.cards.facts(&person.card, &mask))
            p.reach {
                @if person.is_open == Some(true) { (self.cards.open_badge()) " " }
                (self.cards.last_active(person.last_active))
            }
            (contact(id, person, (&self.asked.url_after(id), now), self.language))
        }
    }

    /// The link that picks a person no longer.
    fn remove(&self, id: &str, name: &str) -> Markup {
        let address = self.asked.view.with_pick_toggled(id).url_with(PATH, &self.asked.more());
        html! {
            a.pick href=(address) data-pick data-swap {
                (self.language.of(&TEXTS).remove) span.sr { " " (name) }
            }
        }
    }
}
