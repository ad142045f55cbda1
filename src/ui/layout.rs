//! What every page has around it.

use maud::{DOCTYPE, Markup, html};

use super::{assets, language::Language, view::View};

/// The part of the site that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Search,
    Match,
    Shortlist,
    Import,
    Operations,
    /// None of them.
    None,
}

/// A page without its body. Its title names no person: titles end up in histories and on shared screens.
pub(super) struct Page<'a> {
    pub(super) language: Language,
    pub(super) title: &'a str,
    pub(super) section: Section,
    /// What the links to other parts keep: the search, who was picked, blind mode.
    pub(super) view: &'a View,
}

struct Texts {
    skip: &'static str,
    parts: &'static str,
    search: &'static str,
    matching: &'static str,
    shortlist: &'static str,
    import: &'static str,
    operations: &'static str,
    blind_on: &'static str,
    blind_off: &'static str,
    keys: &'static str,
    close: &'static str,
    keyboard: [(&'static str, &'static str); 7],
}

const TEXTS: [Texts; 2] = [
    Texts {
        skip: "Skip to the content",
        parts: "Parts",
        search: "Search",
        matching: "Match a job",
        shortlist: "Shortlist",
        import: "Import",
        operations: "Operations",
        blind_on: "Hide names",
        blind_off: "Show names",
        keys: "Keyboard",
        close: "Close",
        keyboard: [
            ("/", "to the search box"),
            ("j", "next person"),
            ("k", "person before"),
            ("s", "pick the person for the shortlist, or no longer"),
            ("Enter", "open the person"),
            ("g", "to the shortlist"),
            ("?", "this list"),
        ],
    },
    Texts {
        skip: "Vai al contenuto",
        parts: "Sezioni",
        search: "Cerca",
        matching: "Confronta un annuncio",
        shortlist: "Rosa",
        import: "Importa",
        operations: "Gestione",
        blind_on: "Nascondi i nomi",
        blind_off: "Mostra i nomi",
        keys: "Tastiera",
        close: "Chiudi",
        keyboard: [
            ("/", "alla casella di ricerca"),
            ("j", "persona seguente"),
            ("k", "persona precedente"),
            ("s", "aggiungi la persona alla rosa, o toglila"),
            ("Invio", "apri la persona"),
            ("g", "alla rosa"),
            ("?", "questo elenco"),
        ],
    },
];

impl Page<'_> {
    /// The whole page.
    pub(super) fn html(&self, body: &Markup) -> Markup {
        self.html_with(body, &[])
    }

    /// The same for a page that has more in its address than the view.
    pub(super) fn html_with(&self, body: &Markup, more: &[(String, String)]) -> Markup {
        let texts = self.language.of(&TEXTS);
        html! {
            (DOCTYPE)
            html lang=(self.language.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · Lodestone" }
                    link rel="stylesheet" href=(assets::address("style.css"));
                    link rel="icon" href=(assets::address("icon.svg")) type="image/svg+xml";
                    script type="module" src=(assets::address("app.js")) {}
                }
                body {
                    a.skip href="#main" { (texts.skip) }
                    (self.head(texts, more))
                    main #main tabindex="-1" { (body) }
                    (keyboard(texts))
                }
            }
        }
    }

    fn head(&self, texts: &Texts, more: &[(String, String)]) -> Markup {
        let picked = self.view.picked.len();
        let first = View { page: 1, ..self.view.clone() };
        let parts = [
            (Section::Search, "/", texts.search),
            (Section::Match, "/match", texts.matching),
            (Section::Shortlist, "/shortlist", texts.shortlist),
            (Section::Import, "/import", texts.import),
            (Section::Operations, "/operations", texts.operations),
        ];
        let own = parts.iter().find(|(section, ..)| *section == self.section).map_or("/", |(_, path, _)| path);
        let has_names = matches!(self.section, Section::Search | Section::Match | Section::Shortlist);
        let blind = View { is_blind: !first.is_blind, ..first.clone() };
        html! {
            header.top {
                a.brand href="/" { (mark()) "Lodestone" }
                nav aria-label=(texts.parts) {
                    @for (section, path, name) in parts {
                        a href=(first.url(path)) aria-current=[(section == self.section).then_some("page")] data-part=(path) {
                            (name)
                            @if section == Section::Shortlist && picked > 0 { " " span.count { (picked) } }
                        }
                    }
                }
                @if has_names {
                    a.switch href=(blind.url_with(own, more)) {
                        (if first.is_blind { texts.blind_off } else { texts.blind_on })
                    }
                }
            }
        }
    }
}

/// The sign of the house: a needle between two poles.
fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false" {
            circle cx="12" cy="12" r="10.5" fill="none" stroke="currentColor" stroke-width="1.6" {}
            path.needle-n d="M12 3.2 15 12H9z" {}
            path.needle-s d="M12 20.8 9 12h6z" {}
        }
    }
}

/// The list of keys, which a script opens.
fn keyboard(texts: &Texts) -> Markup {
    html! {
        dialog #keys aria-labelledby="keys-title" {
            h2 #keys-title { (texts.keys) }
            dl.keys { @for (key, does) in texts.keyboard { dt { kbd { (key) } } dd { (does) } } }
            form method="dialog" { button { (texts.close) } }
        }
    }
}
