//! A job text against everybody: what was read of it, to be corrected, and who fits.
//!
//! Without a job: a form for a text or a file, which [`upload`] turns into an address. With one: what was read, and people as on the search
//! page.

mod reading;
mod results;
mod state;
mod upload;

use axum::extract::{RawQuery, State};
use maud::{Markup, html};

pub(super) use upload::upload;

use self::{
    reading::JobRead,
    results::Results,
    state::{JobView, PATH},
};
use super::{
    language::Language,
    layout::{Page, Section},
    view::{PAGE_SIZE, View, hidden_fields},
};
use crate::http::{ServerState, answer, problem::Problem};

struct Texts {
    title: &'static str,
    hint: &'static str,
    text: &'static str,
    file: &'static str,
    file_hint: &'static str,
    job_title: &'static str,
    submit: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Match a job",
        hint: "Paste a job advertisement, in any language: title, skills, years, languages and place are read out of it, and the people who fit come first.",
        text: "Job text",
        file: "Or a file",
        file_hint: "Text, PDF, DOCX, ODT, HTML or RTF; it is read instead of the text above and is not kept.",
        job_title: "Title, where the text has none (optional)",
        submit: "Match",
    },
    Texts {
        title: "Confronta un annuncio",
        hint: "Incolla un annuncio di lavoro, in qualsiasi lingua: se ne leggono titolo, competenze, anni, lingue e luogo, e vengono prima le persone adatte.",
        text: "Testo dell'annuncio",
        file: "Oppure un file",
        file_hint: "Testo, PDF, DOCX, ODT, HTML o RTF; si legge al posto del testo qui sopra e non viene conservato.",
        job_title: "Titolo, se il testo non ne ha (facoltativo)",
        submit: "Confronta",
    },
];

/// `GET /match`.
pub(super) async fn page(
    State(state): State<ServerState>,
    language: Language,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let job = JobView::of(&query.unwrap_or_default())?;
    let title = language.of(&TEXTS).title;
    let page = Page { language, title, section: Section::Match, view: &job.view };
    if job.is_empty() {
        return Ok(page.html(&form(&job.view, language)));
    }
    let (body, from) = (job.body(), (job.view.page - 1) * PAGE_SIZE);
    let axum::Json(response) = answer(state, move |searcher, now| searcher.match_from(&body, from, now)).await?;
    let more = job.more();
    let reading = response.understood.job.clone().unwrap_or_default();
    let shown = html! {
        h1 { (title) }
        (JobRead { language, job: &job, reading: &reading }.html())
        (Results { language, job: &job, more: &more, response: &response }.html())
    };
    Ok(page.html_with(&shown, &more))
}

/// The form for a job text.
fn form(view: &View, language: Language) -> Markup {
    let texts = language.of(&TEXTS);
    html! {
        form.panel-box.job-form action=(PATH) method="post" enctype="multipart/form-data" {
            h1 { (texts.title) }
            p.quiet #hint { (texts.hint) }
            (hidden_fields(&view.pairs(), &[]))
            p { label for="text" { (texts.text) } textarea #text name="text" rows="14" dir="auto" aria-describedby="hint" {} }
            p {
                label for="file" { (texts.file) } " "
                input #file type="file" name="file" accept=".txt,.md,.pdf,.docx,.odt,.html,.htm,.rtf" aria-describedby="file-hint";
                span.quiet #file-hint { (texts.file_hint) }
            }
            p { label for="title" { (texts.job_title) } input #title type="text" name="title" maxlength="500" autocomplete="off"; }
            p { button.primary type="submit" { (texts.submit) } }
        }
    }
}
