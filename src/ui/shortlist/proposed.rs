//! Those who are proposed, in order, with what each adds, where it is worth stopping, and who was left out.

use maud::{Markup, html};

use super::{contact::contact, people::People, state::ShortlistView};
use crate::{
    search::{Considered, ReplyEstimate, ShortlistItem, ShortlistResponse},
    ui::{blind::Mask, cards::Cards, language::Language, pictures, words},
};

struct Texts {
    title: &'static str,
    table: &'static str,
    gains: &'static str,
    line: &'static str,
    replies: &'static str,
    adds: &'static str,
    so_far: &'static str,
    meets: &'static str,
    stop: &'static str,
    to_the_end: &'static str,
    nobody: &'static str,
    considered: &'static str,
    competed: &'static str,
    floor: &'static str,
    below: (&'static str, &'static str),
    do_not_contact: (&'static str, &'static str),
    cooling_down: (&'static str, &'static str),
    clones: (&'static str, &'static str),
    nobody_left_out: &'static str,
    learnt: (&'static str, &'static str),
    formula: &'static str,
    bound: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Proposed",
        table: "Proposals as CSV",
        gains: "What each adds, in order",
        line: "; the line stands where it is worth stopping",
        replies: "Answers with a probability of",
        adds: "adds",
        so_far: "expected replies so far",
        meets: "Meets",
        stop: "It is worth stopping here:",
        to_the_end: "All of these are worth writing to:",
        nobody: "Nobody is to be proposed.",
        considered: "Who was considered",
        competed: "competed: relevant enough, and may be written to.",
        floor: "of the best relevance is needed.",
        below: ("is less relevant than that.", "are less relevant than that."),
        do_not_contact: ("asked not to be contacted.", "asked not to be contacted."),
        cooling_down: (
            "was written to lately and has not answered yet.",
            "were written to lately and have not answered yet.",
        ),
        clones: (
            "has a profile that says the same as that of somebody who competes.",
            "have profiles that say the same as that of somebody who competes.",
        ),
        nobody_left_out: "Nobody was left out.",
        learnt: ("How likely somebody is to answer was learnt from", "past messages."),
        formula: "How likely somebody is to answer follows a fixed formula: too few messages and answers are known to learn it.",
        bound: "What the choice is known to be worth:",
    },
    Texts {
        title: "Proposte",
        table: "Proposte in CSV",
        gains: "Quanto aggiunge ciascuna, in ordine",
        line: "; la linea sta dove conviene fermarsi",
        replies: "Risponde con una probabilità del",
        adds: "aggiunge",
        so_far: "risposte attese fin qui",
        meets: "Soddisfa",
        stop: "Conviene fermarsi qui:",
        to_the_end: "Vale la pena di scrivere a tutte:",
        nobody: "Non c'è nessuno da proporre.",
        considered: "Chi è stato considerato",
        competed: "in gara: abbastanza pertinenti, e si può scrivere loro.",
        floor: "della pertinenza migliore è il minimo.",
        below: ("è meno pertinente.", "sono meno pertinenti."),
        do_not_contact: ("ha chiesto di non essere contattata.", "hanno chiesto di non essere contattate."),
        cooling_down: (
            "ha ricevuto da poco un messaggio e non ha ancora risposto.",
            "hanno ricevuto da poco un messaggio e non hanno ancora risposto.",
        ),
        clones: (
            "ha un profilo che dice le stesse cose di quello di chi è in gara.",
            "hanno profili che dicono le stesse cose di quello di chi è in gara.",
        ),
        nobody_left_out: "Nessuno è stato escluso.",
        learnt: ("La probabilità di risposta è stata appresa da", "messaggi passati."),
        formula: "La probabilità di risposta segue una formula fissa: si conoscono troppo pochi messaggi e risposte per apprenderla.",
        bound: "Quanto vale di certo la scelta:",
    },
];

/// The proposals of a shortlist's page.
pub(super) struct Proposed<'a> {
    pub(super) language: Language,
    pub(super) asked: &'a ShortlistView,
    pub(super) people: &'a People,
    pub(super) cards: &'a Cards<'a>,
    pub(super) response: &'a ShortlistResponse,
}

impl Proposed<'_> {
    pub(super) fn html(&self) -> Markup {
        let (texts, items) = (self.language.of(&TEXTS), &self.response.shortlist);
        html! {
            section.results aria-labelledby="proposed" {
                div.toolbar {
                    h2 #proposed { (texts.title) " " span.count { (items.len()) } }
                    @if !items.is_empty() { p { a href=(self.asked.table_url(false)) download { (texts.table) } } }
                }
                @if items.is_empty() { p.notice { (texts.nobody) } } @else { (self.picture()) (self.list()) }
                (self.considered())
                p.quiet { (estimate(&self.response.reply_estimate, self.language)) }
                p.quiet { small { (texts.bound) " " span lang="en" { (self.response.bound) } } }
            }
        }
    }

    fn picture(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        let gains: Vec<f64> = self.response.shortlist.iter().map(|item| item.gain).collect();
        html! {
            figure.gains-figure {
                (pictures::gains(&gains, self.response.stop.after, self.language))
                figcaption.quiet { (texts.gains) @if self.response.stop.after < gains.len() { (texts.line) } "." }
            }
        }
    }

    /// Those who are worth writing to, the stop line, and the others.
    fn list(&self) -> Markup {
        let (texts, items) = (self.language.of(&TEXTS), &self.response.shortlist);
        let after = self.response.stop.after.min(items.len());
        let (worth, others) = items.split_at(after);
        html! {
            @if !worth.is_empty() { ol.cards { @for item in worth { (self.item(item)) } } }
            p.stop {
                strong { (if others.is_empty() { texts.to_the_end } else { texts.stop }) }
                " " span lang="en" { (self.response.stop.reason) "." }
            }
            @if !others.is_empty() { ol.cards start=(after + 1) { @for item in others { (self.item(item)) } } }
        }
    }

    fn item(&self, item: &ShortlistItem) -> Markup {
        let (language, texts) = (self.language, self.language.of(&TEXTS));
        let hit = &item.hit;
        let mask = Mask::of(hit.card.name.as_deref(), self.asked.view.is_blind);
        let percent = language.decimal(item.reply_probability * 100.0, 0);
        let told = html! {
            p.gain {
                (texts.replies) " " strong { (percent) " %" } "; "
                (texts.adds) " " strong { (language.decimal(item.gain, 3)) } "; "
                (texts.so_far) ": " strong { (language.decimal(item.expected_replies, 2)) } "."
            }
            @if !item.meets.is_empty() {
                p.quiet { (texts.meets) ": " span dir="auto" { (item.meets.join(", ")) } }
            }
            p.quiet lang="en" { (mask.hide(&item.reason)) }
            @if let Some(person) = self.people.get(&hit.id) {
                (contact(&hit.id, person, (&self.asked.url_after(&hit.id), self.cards.as_of), language))
            }
        };
        self.cards.card_with(hit, &told)
    }

    fn considered(&self) -> Markup {
        let (language, texts, considered) = (self.language, self.language.of(&TEXTS), &self.response.considered);
        let floor = language.decimal(considered.relevance_floor * 100.0, 0);
        let left_out = left_out(considered, texts);
        html! {
            section.considered aria-labelledby="considered" {
                h3 #considered { (texts.considered) }
                ul {
                    li { (words::people(considered.competed, language)) " " (texts.competed) " " (floor) " % " (texts.floor) }
                    @for (count, (one, many)) in &left_out {
                        li { (words::people(*count, language)) " " (if *count == 1 { one } else { many }) }
                    }
                    @if left_out.is_empty() { li { (texts.nobody_left_out) } }
                }
            }
        }
    }
}

/// How many were left out, and why.
fn left_out(considered: &Considered, texts: &Texts) -> Vec<(usize, (&'static str, &'static str))> {
    let all = [
        (considered.below_relevance, texts.below),
        (considered.do_not_contact, texts.do_not_contact),
        (considered.cooling_down, texts.cooling_down),
        (considered.clones, texts.clones),
    ];
    all.into_iter().filter(|(count, _)| *count > 0).collect()
}

fn estimate(estimate: &ReplyEstimate, language: Language) -> String {
    let texts = language.of(&TEXTS);
    if estimate.is_learnt {
        format!("{} {} {}", texts.learnt.0, language.number(estimate.messages), texts.learnt.1)
    } else {
        texts.formula.to_owned()
    }
}
