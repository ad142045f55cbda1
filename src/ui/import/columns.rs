//! The columns of a table before it is imported: what each is taken for, to be corrected and saved.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, RawForm, RawQuery, State},
    response::Redirect,
};
use maud::{Markup, html};

use super::address_of;
use crate::{
    error::{ErrorCode, FieldError},
    http::{ServerState, problem::Problem},
    ingest::{
        Cohort, SourceOptions, open_source,
        sheets::{Column, Field, Mapping, TableReading, Target},
    },
    tasks::MappingError,
    ui::{
        language::Language,
        layout::{Page, Section},
        view::{View, pairs_of},
    },
};

/// Numbers that are offered of a numbered field.
const NUMBERS: u8 = 3;

struct Texts {
    title: &'static str,
    intro: &'static str,
    header_row: &'static str,
    column: &'static str,
    is: &'static str,
    samples: &'static str,
    ignored: &'static str,
    mapping: &'static str,
    none: &'static str,
    use_it: &'static str,
    cohort: &'static str,
    save_as: &'static str,
    submit: &'static str,
    cancel: &'static str,
    notes: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        title: "Columns of the table",
        intro: "What each column is taken for. Correct what is wrong; nothing is imported before you say so.",
        header_row: "header in row",
        column: "Column",
        is: "Taken for",
        samples: "First values",
        ignored: "(left aside)",
        mapping: "Use a saved mapping",
        none: "(none: guess)",
        use_it: "Use",
        cohort: "Cohort",
        save_as: "Save these columns under the name (optional)",
        submit: "Import these people",
        cancel: "Do not import",
        notes: "Noticed",
    },
    Texts {
        title: "Colonne della tabella",
        intro: "Come è intesa ogni colonna. Correggi ciò che non va; nulla viene importato prima che tu lo dica.",
        header_row: "intestazione alla riga",
        column: "Colonna",
        is: "Intesa come",
        samples: "Primi valori",
        ignored: "(tralasciata)",
        mapping: "Usa una mappatura salvata",
        none: "(nessuna: indovina)",
        use_it: "Usa",
        cohort: "Gruppo",
        save_as: "Salva queste colonne con il nome (facoltativo)",
        submit: "Importa queste persone",
        cancel: "Non importare",
        notes: "Notato",
    },
];

/// The address of a draft's page.
pub(super) fn address(draft: &str, cohort: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("cohort", cohort).finish();
    format!("/import/{draft}?{query}")
}

fn value<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    let value = pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim())?;
    (!value.is_empty()).then_some(value)
}

fn gone() -> Problem {
    Problem::new(ErrorCode::NotFound, "the upload waited too long and is gone: send the file again")
}

/// `GET /import/{draft}`: how its columns are understood, by a saved mapping where one is named.
pub(in crate::ui) async fn columns(
    State(state): State<ServerState>,
    language: Language,
    Path(draft): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let asked = pairs_of(query.unwrap_or_default().as_bytes());
    let (name, cohort) =
        (value(&asked, "mapping").map(str::to_owned), value(&asked, "cohort").unwrap_or_default().to_owned());
    let shown = draft.clone();
    let (file_name, table, warnings, saved) = state
        .blocking(move |services| {
            let (path, file_name) = services.tasks.draft(&draft).ok_or_else(gone)?;
            let mapping = name.map(|name| services.tasks.mapping(&name)).transpose().map_err(wrong_mapping)?;
            let options = SourceOptions { mapping, ..SourceOptions::default() };
            let source = open_source(&path, &options).map_err(|error| unreadable(&error))?;
            let table = source.table.ok_or_else(gone)?;
            Ok((file_name, table, source.warnings, services.tasks.mapping_names()))
        })
        .await?;
    let view = View::default();
    let title = language.of(&TEXTS).title;
    let body = page(language, &shown, (&file_name, &cohort), (&table, &warnings, &saved));
    Ok(Page { language, title, section: Section::Import, view: &view }.html(&body))
}

fn wrong_mapping(error: MappingError) -> Problem {
    wrong("mapping", &error.to_string())
}

fn unreadable(error: &crate::ingest::ImportError) -> Problem {
    Problem::new(ErrorCode::InvalidValue, error.to_string())
}

fn wrong(field: &str, message: &str) -> Problem {
    let error = FieldError { pointer: format!("/{field}"), code: "invalid_parameter", message: message.to_owned() };
    Problem::new(ErrorCode::InvalidParameter, "the import cannot be read so").with_errors(vec![error])
}

fn page(
    language: Language,
    draft: &str,
    (file_name, cohort): (&str, &str),
    (table, warnings, saved): (&TableReading, &[String], &[String]),
) -> Markup {
    let texts = language.of(&TEXTS);
    html! {
        h1 { (texts.title) }
        p { strong dir="auto" { (file_name) } " (" span lang="en" { (table.told) } "; " (texts.header_row) " " (table.header_row) "). " (texts.intro) }
        @if !warnings.is_empty() {
            div.warning { strong { (texts.notes) ": " } ul lang="en" { @for warning in warnings { li { (warning) } } } }
        }
        @if !saved.is_empty() {
            form.panel-box action=(format!("/import/{draft}")) method="get" {
                input type="hidden" name="cohort" value=(cohort);
                label for="mapping" { (texts.mapping) } " "
                select #mapping name="mapping" {
                    option value="" { (texts.none) }
                    @for name in saved { option value=(name) { (name) } }
                }
                " " button type="submit" { (texts.use_it) }
            }
        }
        form.panel-box.stack action=(format!("/import/{draft}")) method="post" {
            div.scroll {
                table {
                    thead { tr { th scope="col" { (texts.column) } th scope="col" { (texts.is) } th scope="col" { (texts.samples) } } }
                    tbody { @for (at, column) in table.columns.iter().enumerate() { (row(column, at, texts)) } }
                }
            }
            p { label for="cohort" { (texts.cohort) } " " input #cohort type="text" name="cohort" value=(cohort) maxlength="100"; }
            p { label for="save" { (texts.save_as) } " "
                input #save type="text" name="save" maxlength="64" pattern="[A-Za-z0-9_.\\-]+" autocomplete="off"; }
            p.actions {
                button.primary type="submit" name="do" value="import" { (texts.submit) } " "
                button type="submit" name="do" value="drop" formnovalidate { (texts.cancel) }
            }
        }
    }
}

fn row(column: &Column, at: usize, texts: &Texts) -> Markup {
    let (name, taken) = (format!("column.{at}"), column.target.map(|target| target.to_string()));
    html! {
        tr {
            th scope="row" dir="auto" {
                label for=(name) { (column.header) }
                input type="hidden" name=(format!("header.{at}")) value=(column.header);
            }
            td {
                select id=(name) name=(name) {
                    option value="ignore" selected[taken.is_none()] { (texts.ignored) }
                    @for target in targets(column.target) {
                        option value=(target) selected[Some(&target) == taken.as_ref()] { (target) }
                    }
                }
            }
            td dir="auto" { (column.samples.join(" · ")) }
        }
    }
}

/// What a column can be taken for: numbered fields with their first numbers, and what it is taken for.
fn targets(taken: Option<Target>) -> Vec<String> {
    let mut targets = Vec::new();
    for (field, _) in Field::ALL.iter().filter(|(field, _)| *field != Field::Ignore) {
        let numbers = if field.is_numbered() { NUMBERS } else { 1 };
        targets.extend((1..=numbers).map(|number| Target { field: *field, number }.to_string()));
    }
    if let Some(taken) = taken.map(|taken| taken.to_string()).filter(|taken| !targets.contains(taken)) {
        targets.push(taken);
    }
    targets
}

/// `POST /import/{draft}`: imports the table with the columns that the form says, or gives it up.
pub(in crate::ui) async fn start(
    State(state): State<ServerState>,
    Path(draft): Path<String>,
    RawForm(form): RawForm,
) -> Result<Redirect, Problem> {
    let fields = pairs_of(&form);
    let today = (state.now)();
    let to = state.blocking(move |services| {
        if value(&fields, "do") == Some("drop") {
            drop(services.tasks.take_draft(&draft));
            return Ok("/import".to_owned());
        }
        let columns = stated_columns(&fields)?;
        let mapping = Mapping { date_order: None, columns };
        if let Some(name) = value(&fields, "save") {
            let unnamed = || wrong("save", &MappingError::NoName.to_string());
            let path = services.tasks.mapping_path(name).ok_or_else(unnamed)?;
            mapping.write(&path).map_err(|error| unreadable(&error))?;
        }
        let cohort = value(&fields, "cohort").map(|name| Cohort::since_today(name.to_owned(), today));
        let options = SourceOptions { mapping: Some(mapping), cohort, ..SourceOptions::default() };
        let (upload, file_name) = services.tasks.take_draft(&draft).ok_or_else(gone)?;
        Ok(address_of(&services.tasks.ask_for_import(upload, &file_name, options)?))
    });
    Ok(Redirect::to(&to.await?))
}

/// Header → field, as the form says.
fn stated_columns(fields: &[(String, String)]) -> Result<BTreeMap<String, Target>, Problem> {
    let mut columns = BTreeMap::new();
    for (name, header) in fields {
        let Some(at) = name.strip_prefix("header.") else { continue };
        let field = format!("column.{at}");
        let Some(target) = value(fields, &field) else { continue };
        let target: Target =
            target.parse().map_err(|error: crate::ingest::sheets::UnknownField| wrong(&field, &error.to_string()))?;
        columns.insert(header.clone(), target);
    }
    if columns.values().all(|target| target.field == Field::Ignore) {
        return Err(wrong("columns", "every column is left aside"));
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_fields_are_offered_with_their_numbers() {
        let offered = targets("title.7".parse().ok());
        for expected in ["name", "title", "title.3", "title.7"] {
            assert!(offered.iter().any(|target| target == expected), "{expected}");
        }
        assert!(!offered.iter().any(|target| target == "name.2" || target == "ignore"));
    }

    #[test]
    fn a_form_says_what_columns_are() {
        let form = pairs_of(b"header.0=Nome&column.0=name&header.1=%C3%80&column.1=ignore&cohort=+");
        let columns = stated_columns(&form).unwrap();
        assert_eq!(columns["Nome"].to_string(), "name");
        assert_eq!(columns["À"].field, Field::Ignore);
        assert_eq!(value(&form, "cohort"), None);
        assert!(stated_columns(&pairs_of(b"header.0=a&column.0=ignore")).is_err());
        assert!(stated_columns(&pairs_of(b"header.0=a&column.0=nonsense")).is_err());
    }
}
