//! `POST /match`: a job text, pasted or as a file → the address that shows it.

use axum::{
    body::Bytes,
    extract::{
        Multipart, State,
        multipart::{MultipartError, MultipartRejection},
    },
    http::StatusCode,
    response::Redirect,
};

use super::state::JobView;
use crate::{
    error::ErrorCode,
    http::{ServerState, problem::Problem},
    ingest::documents::{self, DocumentError, DocumentErrorCode},
};

/// What a form sends: its fields, and the job text where that is new.
#[derive(Default)]
struct Sent {
    pairs: Vec<(String, String)>,
    text: Option<String>,
    /// A file's name and bytes.
    file: Option<(String, Bytes)>,
}

/// Takes `text` or `file` (which goes before), `title`, and the fields of a [`JobView`]; leads to the page of the job.
pub(in crate::ui) async fn upload(
    State(state): State<ServerState>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Redirect, Problem> {
    let multipart = multipart.map_err(|rejection| {
        Problem::new(ErrorCode::UnsupportedMediaType, format!("a form of multipart/form-data is wanted: {rejection}"))
    })?;
    let sent = received(multipart).await.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(ErrorCode::PayloadTooLarge, "the file is larger than this page takes")
        }
        _ => Problem::new(ErrorCode::InvalidValue, "the form ended before it was complete, or is damaged"),
    })?;
    let job = state.writing(move |_| sent.job()).await?;
    Ok(Redirect::to(&job.url()))
}

async fn received(mut multipart: Multipart) -> Result<Sent, MultipartError> {
    let mut sent = Sent::default();
    while let Some(field) = multipart.next_field().await? {
        let Some(name) = field.name().map(str::to_owned) else { continue };
        let file_name = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await?;
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            // A file that was not chosen has neither name nor bytes.
            "file" if bytes.is_empty() && file_name.as_deref().unwrap_or_default().is_empty() => {}
            "file" => sent.file = Some((file_name.unwrap_or_default(), bytes)),
            "text" => sent.text = Some(text()).filter(|text| !text.trim().is_empty()),
            _ => sent.pairs.push((name, text())),
        }
    }
    Ok(sent)
}

impl Sent {
    /// The job that was sent, within the bounds of an address.
    fn job(self) -> Result<JobView, Problem> {
        let mut job = JobView::of_pairs(&self.pairs)?;
        job.view.page = 1;
        let text = match self.file {
            Some((name, bytes)) => Some(documents::read(&name, &bytes).map_err(|error| unreadable(&error))?.text),
            None => self.text,
        };
        if let Some(text) = text {
            job = job.with_text(&text)?;
        }
        if job.is_empty() {
            return Err(Problem::new(ErrorCode::InvalidValue, "paste a job text, choose a file, or name a title"));
        }
        job.without_what_is_read().bounded()
    }
}

fn unreadable(error: &DocumentError) -> Problem {
    let code = match error.code {
        DocumentErrorCode::TooLarge => ErrorCode::PayloadTooLarge,
        DocumentErrorCode::Unsupported => ErrorCode::UnsupportedMediaType,
        _ => ErrorCode::InvalidValue,
    };
    Problem::new(code, format!("the file gives no job text: {error}"))
}
