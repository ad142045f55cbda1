//! Errors as pages: what an API caller gets as a problem document, a reader gets in words.

use axum::{
    extract::Request,
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use maud::html;

use super::{
    language::Language,
    layout::{Page, Section},
    view::View,
};
use crate::{error::ErrorCode, http::problem::Problem};

struct Texts {
    title: &'static str,
    back: &'static str,
    reference: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts { title: "That did not work", back: "Back to the search", reference: "Code" },
    Texts { title: "Non ha funzionato", back: "Torna alla ricerca", reference: "Codice" },
];

/// Middleware that makes a page of every problem.
pub(super) async fn as_pages(request: Request, next: Next) -> Response {
    let language = Language::preferred(request.headers());
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
    let mut page = (response.status(), page(&problem, language)).into_response();
    for (name, value) in response.headers() {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
            page.headers_mut().append(name, value.clone());
        }
    }
    page
}

fn page(problem: &Problem, language: Language) -> maud::Markup {
    let texts = language.of(&TEXTS);
    let body = html! {
        section.notice {
            h1 { (texts.title) }
            p lang="en" { (problem.detail()) }
            @if !problem.errors().is_empty() {
                ul lang="en" { @for error in problem.errors() { li { code { (error.pointer) } " " (error.message) } } }
            }
            p.quiet { (texts.reference) ": " code { (problem.code().as_str()) } }
            @if problem.code() != ErrorCode::Internal { p { a.button href="/" { (texts.back) } } }
        }
    };
    Page { language, title: texts.title, section: Section::None, view: &View::default() }.html(&body)
}
