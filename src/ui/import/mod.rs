//! The import page: CVs, tables, exports and NDJSON, dropped or chosen.
//!
//! Input: a form with files. Output: a task for each of them, or one for several documents; a table is shown first, with what each of its columns is
//! taken for. Invariant: a file goes to the device piece by piece, whatever its size.

mod columns;

use axum::{
    extract::{Multipart, RawQuery, State, multipart::MultipartError},
    response::Redirect,
};
use maud::{Markup, html};

pub(super) use columns::{columns, start};

use super::{
    language::Language,
    layout::{Page, Section},
    view::View,
};
use crate::{
    error::ErrorCode,
    http::{
        ServerState, Services,
        imports::{received, upload_permit},
        problem::Problem,
    },
    ingest::{
        Cohort, ImportFormat, SourceOptions,
        documents::{is_document_name, pack},
    },
    tasks::{TaskInfo, Upload},
};

/// Files of one form at most.
const MAX_FILES: usize = 500;

struct Texts {
    title: &'static str,
    intro: &'static str,
    files: &'static str,
    drop: &'static str,
    format: &'static str,
    formats: [&'static str; 12],
    cohort: &'static str,
    cohort_hint: &'static str,
    submit: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Import people",
        intro: "CVs (PDF, DOCX, ODT, HTML, RTF, text), tables (CSV, XLSX, ODS), exports of applicant tracking systems, LinkedIn archives, JSON Resumes, NDJSON.",
        files: "Files",
        drop: "Drop files here, or choose them.",
        format: "Format",
        formats: [
            "by name and content",
            "NDJSON: a candidate a line",
            "JSON",
            "CVs",
            "Greenhouse",
            "Lever",
            "Ashby",
            "Workable",
            "Merge",
            "HR Open",
            "Table",
            "LinkedIn archive",
        ],
        cohort: "Cohort",
        cohort_hint: "Optional: the name of a layoff list, for instance. Who is in it is open to work since today, unless the file says otherwise.",
        submit: "Import",
    },
    Texts {
        title: "Importa persone",
        intro: "CV (PDF, DOCX, ODT, HTML, RTF, testo), tabelle (CSV, XLSX, ODS), esportazioni di ATS, archivi di LinkedIn, JSON Resume, NDJSON.",
        files: "File",
        drop: "Trascina qui i file, o sceglili.",
        format: "Formato",
        formats: [
            "dal nome e dal contenuto",
            "NDJSON: una persona per riga",
            "JSON",
            "CV",
            "Greenhouse",
            "Lever",
            "Ashby",
            "Workable",
            "Merge",
            "HR Open",
            "Tabella",
            "Archivio di LinkedIn",
        ],
        cohort: "Gruppo",
        cohort_hint: "Facoltativo: per esempio il nome di una lista di esuberi. Chi ne fa parte è disponibile da oggi, se il file non dice altro.",
        submit: "Importa",
    },
];

/// The formats in the order of their texts.
const FORMATS: [ImportFormat; 12] = [
    ImportFormat::Auto,
    ImportFormat::Ndjson,
    ImportFormat::Json,
    ImportFormat::Cv,
    ImportFormat::Greenhouse,
    ImportFormat::Lever,
    ImportFormat::Ashby,
    ImportFormat::Workable,
    ImportFormat::Merge,
    ImportFormat::HrOpen,
    ImportFormat::Sheet,
    ImportFormat::Linkedin,
];

/// The format's name in a form.
fn name_of(format: ImportFormat) -> String {
    serde_json::to_value(format).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// `GET /import`.
pub(super) async fn page(language: Language, RawQuery(query): RawQuery) -> Result<Markup, Problem> {
    let view = View::of(&query.unwrap_or_default())?;
    let texts = language.of(&TEXTS);
    let body = html! {
        h1 { (texts.title) }
        p { (texts.intro) }
        form.panel-box.stack action="/import" method="post" enctype="multipart/form-data" {
            div.drop data-drop {
                label for="files" { (texts.files) }
                input #files type="file" name="files" multiple required aria-describedby="files-hint";
                p #files-hint .quiet { (texts.drop) }
            }
            p {
                label for="format" { (texts.format) } " "
                select #format name="format" {
                    @for (format, text) in FORMATS.iter().zip(texts.formats) { option value=(name_of(*format)) { (text) } }
                }
            }
            p {
                label for="cohort" { (texts.cohort) } " "
                input #cohort type="text" name="cohort" maxlength="100" aria-describedby="cohort-hint";
            }
            p #cohort-hint .quiet { (texts.cohort_hint) }
            p { button.primary type="submit" { (texts.submit) } }
        }
    };
    Ok(Page { language, title: texts.title, section: Section::Import, view: &view }.html(&body))
}

/// What a form of the import page sent.
#[derive(Default)]
struct Form {
    files: Vec<(Upload, String)>,
    format: ImportFormat,
    cohort: Option<String>,
}

impl Form {
    async fn read(state: &ServerState, mut parts: Multipart) -> Result<Self, Problem> {
        let broken = |error: MultipartError| Problem::new(ErrorCode::InvalidValue, error.body_text());
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            match part.name() {
                Some("files") => {
                    let name = part.file_name().unwrap_or_default().to_owned();
                    if name.is_empty() {
                        continue;
                    }
                    if form.files.len() == MAX_FILES {
                        let detail = format!("a form takes {MAX_FILES} files at most; an archive takes more");
                        return Err(Problem::new(ErrorCode::PayloadTooLarge, detail));
                    }
                    form.files.push((received(state, &name, part).await?, name));
                }
                Some("format") => {
                    let name = part.text().await.map_err(broken)?;
                    let format = serde_json::from_value(name.as_str().into());
                    form.format = format.map_err(|error| Problem::new(ErrorCode::InvalidValue, error.to_string()))?;
                }
                Some("cohort") => {
                    let name = part.text().await.map_err(broken)?.trim().to_owned();
                    form.cohort = (!name.is_empty()).then_some(name);
                }
                _ => {}
            }
        }
        if form.files.is_empty() {
            return Err(Problem::new(ErrorCode::InvalidValue, "no file was chosen"));
        }
        Ok(form)
    }
}

/// `POST /import`.
pub(super) async fn upload(State(state): State<ServerState>, parts: Multipart) -> Result<Redirect, Problem> {
    let _permit = upload_permit()?;
    let form = Form::read(&state, parts).await?;
    let today = (state.now)();
    let to = state.blocking(move |services| queue(services, form, today)).await?;
    Ok(Redirect::to(&to))
}

/// Queues what was sent; the address of what comes next.
fn queue(services: &Services, form: Form, today: jiff::Timestamp) -> Result<String, Problem> {
    let Form { mut files, format, cohort } = form;
    let options = SourceOptions {
        format,
        cohort: cohort.map(|name| Cohort::since_today(name, today)),
        ..SourceOptions::default()
    };
    let documents_only = files.iter().all(|(_, name)| is_document_name(name));
    if files.len() > 1 && documents_only && matches!(format, ImportFormat::Auto | ImportFormat::Cv) {
        files = vec![packed(services, &files)?];
    }
    if files.len() == 1 {
        let (upload, name) = files.remove(0);
        if is_table(&upload, &options) {
            let cohort = options.cohort.map(|cohort| cohort.name).unwrap_or_default();
            return Ok(columns::address(&services.tasks.keep_draft(upload, &name), &cohort));
        }
        return Ok(format!("/tasks/{}", services.tasks.ask_for_import(upload, &name, options)?.id));
    }
    for (upload, name) in files {
        services.tasks.ask_for_import(upload, &name, options.clone())?;
    }
    Ok("/operations".to_owned())
}

/// Whether a file is read as a table. One that cannot be read at all is not: its task says why.
fn is_table(upload: &Upload, options: &SourceOptions) -> bool {
    crate::ingest::open_source(upload.path(), options).is_ok_and(|source| source.table.is_some())
}

/// Several documents as one upload.
fn packed(services: &Services, files: &[(Upload, String)]) -> Result<(Upload, String), Problem> {
    let name = "documents.zip".to_owned();
    let mut together = services.tasks.receive(&name)?;
    let paths: Vec<_> = files.iter().map(|(upload, name)| (name.clone(), upload.path().to_owned())).collect();
    pack(&paths, &mut together).map_err(|error| Problem::internal(&error))?;
    Ok((together, name))
}

/// A task's address.
fn address_of(task: &TaskInfo) -> String {
    format!("/tasks/{}", task.id)
}
