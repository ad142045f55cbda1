//! What was read out of a job text: skills to move and remove, facts to filter by, and what was left aside.
//!
//! Input: the view of a job and what a search read. Output: links to the changed job, and a form for changes by hand.

use maud::{Markup, html};

use super::state::{JobView, PATH};
use crate::{
    query::job::{JobFact, JobFactKind, JobReading},
    ui::{
        filter_parts::FilterPart,
        language::Language,
        view::{View, hidden_fields},
    },
};

/// Skills of each kind that have links of their own: each link holds the whole job text. The form has all.
const MAX_LINKED: usize = 40;

struct Texts {
    read: &'static str,
    no_title: &'static str,
    must: &'static str,
    nice: &'static str,
    to_must: &'static str,
    to_nice: &'static str,
    remove: &'static str,
    none: &'static str,
    facts: &'static str,
    no_facts: &'static str,
    from: &'static str,
    apply: &'static str,
    unapply: &'static str,
    other_filters: &'static str,
    edit: &'static str,
    title: &'static str,
    one_a_line: &'static str,
    change: &'static str,
    as_read: &'static str,
    another: &'static str,
    duties: &'static str,
    left_out: &'static str,
    about: [(&'static str, &'static str); 4],
    kinds: [(JobFactKind, &'static str); 5],
    years: (&'static str, &'static str),
    yes: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        read: "Read from the job text",
        no_title: "No title was found",
        must: "Must have",
        nice: "Nice to have",
        to_must: "Must have it",
        to_nice: "Nice to have",
        remove: "Remove",
        none: "none",
        facts: "Facts",
        no_facts: "Neither years, languages, a place nor remote work are asked for.",
        from: "from",
        apply: "Filter by it",
        unapply: "Filter is on: remove",
        other_filters: "Further filters",
        edit: "Change by hand",
        title: "Title",
        one_a_line: "one a line",
        change: "Match again",
        as_read: "Back to what the text says",
        another: "Another job",
        duties: "Duties",
        left_out: "Left aside",
        about: [
            ("benefits", "Benefits"),
            ("company", "The employer"),
            ("apply", "How to apply"),
            ("title", "Title of the text"),
        ],
        kinds: [
            (JobFactKind::Years, "Experience"),
            (JobFactKind::Seniority, "Seniority"),
            (JobFactKind::Language, "Language"),
            (JobFactKind::Place, "Place"),
            (JobFactKind::Remote, "Remote"),
        ],
        years: ("from", "years"),
        yes: "yes",
    },
    Texts {
        read: "Letto dall'annuncio",
        no_title: "Nessun titolo trovato",
        must: "Necessarie",
        nice: "Gradite",
        to_must: "È necessaria",
        to_nice: "È gradita",
        remove: "Togli",
        none: "nessuna",
        facts: "Dati",
        no_facts: "Non si chiedono anni, lingue, un luogo né lavoro da remoto.",
        from: "da",
        apply: "Usa come filtro",
        unapply: "Filtro attivo: togli",
        other_filters: "Altri filtri",
        edit: "Modifica a mano",
        title: "Titolo",
        one_a_line: "una per riga",
        change: "Confronta di nuovo",
        as_read: "Torna a quanto dice il testo",
        another: "Un altro annuncio",
        duties: "Mansioni",
        left_out: "Tralasciato",
        about: [
            ("benefits", "Offerta"),
            ("company", "L'azienda"),
            ("apply", "Come candidarsi"),
            ("title", "Titolo del testo"),
        ],
        kinds: [
            (JobFactKind::Years, "Esperienza"),
            (JobFactKind::Seniority, "Livello"),
            (JobFactKind::Language, "Lingua"),
            (JobFactKind::Place, "Luogo"),
            (JobFactKind::Remote, "Da remoto"),
        ],
        years: ("da", "anni"),
        yes: "sì",
    },
];

/// Which list of skills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Must,
    Nice,
}

/// What was read of a job.
pub(super) struct JobRead<'a> {
    pub(super) language: Language,
    pub(super) job: &'a JobView,
    pub(super) reading: &'a JobReading,
}

impl JobRead<'_> {
    pub(super) fn html(&self) -> Markup {
        let (texts, reading) = (self.language.of(&TEXTS), self.reading);
        html! {
            section.panel-box.job aria-labelledby="read" {
                h2 #read { (texts.read) }
                @match &reading.title {
                    Some(title) => p.job-title dir="auto" { (title) },
                    None => p.quiet { (texts.no_title) },
                }
                div.job-parts {
                    div {
                        (self.skills(Need::Must, texts.must))
                        (self.skills(Need::Nice, texts.nice))
                    }
                    div { (self.facts()) (self.other_filters()) }
                }
                details.job-edit { summary { (texts.edit) } (self.form()) }
                @if !reading.duties.is_empty() {
                    details { summary { (texts.duties) } ul dir="auto" { @for line in &reading.duties { li { (line) } } } }
                }
                @if !reading.left_out.is_empty() { details { summary { (texts.left_out) } (self.left_out()) } }
                p.job-links {
                    @if self.job.is_edited() { a href=(self.job.as_read().url()) { (texts.as_read) } " " }
                    a href=(View { page: 1, ..self.job.view.clone() }.url(PATH)) { (texts.another) }
                }
            }
        }
    }

    fn list(&self, need: Need) -> &[String] {
        match need {
            Need::Must => &self.reading.must,
            Need::Nice => &self.reading.nice,
        }
    }

    fn skills(&self, need: Need, name: &str) -> Markup {
        let texts = self.language.of(&TEXTS);
        let (id, class, move_to) = match need {
            Need::Must => ("must", "must", texts.to_nice),
            Need::Nice => ("nice", "wish", texts.to_must),
        };
        let skills = self.list(need);
        html! {
            h3 #(format!("{id}-skills")) { (name) }
            @if skills.is_empty() { p.quiet { (texts.none) } } @else {
                ul.chips aria-labelledby=(format!("{id}-skills")) {
                    @for skill in skills.iter().take(MAX_LINKED) {
                        li {
                            details.chip.(class) {
                                summary dir="auto" { (skill) }
                                div.menu {
                                    a href=(self.without(need, skill, true).url()) { (move_to) }
                                    a href=(self.without(need, skill, false).url()) { (texts.remove) }
                                }
                            }
                        }
                    }
                    @for skill in skills.iter().skip(MAX_LINKED) { li.chip.plain.(class) dir="auto" { (skill) } }
                }
            }
        }
    }

    /// The job with a skill taken from a list, to the other one or to none.
    fn without(&self, need: Need, skill: &str, is_moved: bool) -> JobView {
        let (mut must, mut nice) = (self.reading.must.clone(), self.reading.nice.clone());
        let (from, to) = match need {
            Need::Must => (&mut must, &mut nice),
            Need::Nice => (&mut nice, &mut must),
        };
        from.retain(|known| known != skill);
        if is_moved {
            to.push(skill.to_owned());
        }
        self.job.with_skills(self.reading, must, nice)
    }

    fn facts(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        let proposed = FilterPart::all(&self.reading.proposed_filters);
        html! {
            h3 { (texts.facts) }
            @if self.reading.facts.is_empty() { p.quiet { (texts.no_facts) } } @else {
                ul.job-facts {
                    @for fact in &self.reading.facts {
                        li {
                            strong { (self.kind(fact.kind)) ": " } (self.value(fact))
                            " " span.quiet { (texts.from) " “" span dir="auto" { (fact.line) } "”" }
                            @if let Some(part) = proposed.iter().find(|part| part.is_about(filter_of(fact.kind), &fact.value)) {
                                " " (self.switch(part))
                            }
                        }
                    }
                }
            }
        }
    }

    fn kind(&self, kind: JobFactKind) -> &'static str {
        self.language.of(&TEXTS).kinds.iter().find(|(known, _)| *known == kind).map_or("", |(_, name)| name)
    }

    fn value(&self, fact: &JobFact) -> Markup {
        let texts = self.language.of(&TEXTS);
        html! {
            @match fact.kind {
                JobFactKind::Years => { (texts.years.0) " " (fact.value) " " (texts.years.1) }
                JobFactKind::Remote => { (texts.yes) }
                _ => span lang="en" { (fact.value) }
            }
        }
    }

    /// The link that applies a filter, or takes it away.
    fn switch(&self, part: &FilterPart) -> Markup {
        let texts = self.language.of(&TEXTS);
        let view = &self.job.view;
        let is_on = part.is_in(&view.filters);
        let address = self.job.with_view(view.with_filters(part.toggled(&view.filters))).url();
        html! {
            a.pick.is-picked[is_on] href=(address) {
                (if is_on { texts.unapply } else { texts.apply })
                span.sr { " " (part.told(self.language)) }
            }
        }
    }

    /// Filters that are on and stand at no fact.
    fn other_filters(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        let proposed = FilterPart::all(&self.reading.proposed_filters);
        let others: Vec<FilterPart> =
            FilterPart::all(&self.job.view.filters).into_iter().filter(|part| !proposed.contains(part)).collect();
        html! {
            @if !others.is_empty() {
                h3 { (texts.other_filters) }
                ul.job-facts {
                    @for part in &others { li { span dir="auto" { (part.told(self.language)) } " " (self.switch(part)) } }
                }
            }
        }
    }

    fn form(&self) -> Markup {
        let (texts, reading) = (self.language.of(&TEXTS), self.reading);
        let more = self.job.more();
        html! {
            form.fields action=(PATH) method="post" enctype="multipart/form-data" {
                (hidden_fields(&self.job.view.pairs(), &[]))
                (hidden_fields(&more, &["title", "must", "nice"]))
                label { (texts.title) " " input type="text" name="title" value=[reading.title.as_deref()] maxlength="500" autocomplete="off"; }
                div.job-parts {
                    label { (texts.must) ", " (texts.one_a_line)
                        textarea name="must" rows="6" dir="auto" { "\n" (reading.must.join("\n")) } }
                    label { (texts.nice) ", " (texts.one_a_line)
                        textarea name="nice" rows="6" dir="auto" { "\n" (reading.nice.join("\n")) } }
                }
                p { button.primary type="submit" { (texts.change) } }
            }
        }
    }

    fn left_out(&self) -> Markup {
        let texts = self.language.of(&TEXTS);
        let name =
            |about: &'static str| texts.about.iter().find(|(known, _)| *known == about).map_or(about, |(_, name)| name);
        html! {
            dl.left-out {
                @for part in &self.reading.left_out { div { dt { (name(part.about)) } dd dir="auto" { pre { (part.text) } } } }
            }
        }
    }
}

/// The filter that a fact is proposed as; a rung is a word of the title.
fn filter_of(kind: JobFactKind) -> &'static str {
    match kind {
        JobFactKind::Years => "years",
        JobFactKind::Language => "languages",
        JobFactKind::Place => "near",
        JobFactKind::Remote => "remote",
        JobFactKind::Seniority => "",
    }
}
