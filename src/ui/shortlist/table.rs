//! `GET /shortlist.csv`: the proposed list, or the picks, as a table.
//!
//! Numbers have a point, days are ISO 8601: tables are for programs too. In blind mode there is no column of names, what else tells the name
//! is hidden, and so are addresses of people's own pages.

use axum::{
    Extension,
    extract::{RawQuery, State},
    http::header,
    response::IntoResponse,
};

use super::{
    people::{People, Person},
    propose,
    state::ShortlistView,
};
use crate::{
    error::ErrorCode,
    export::{ExportFormat, write_cells},
    http::{ServerState, problem::Problem},
    search::ShortlistItem,
    ui::{blind::Mask, security::Recruiter},
};

const NAME: &str = "Name";

const HEADER: [&str; 15] = [
    "Rank",
    "Id",
    NAME,
    "Headline",
    "Title",
    "Employer",
    "Place",
    "Years",
    "Open to work",
    "Score",
    "Reply probability",
    "Gain",
    "Last active",
    "Reason",
    "URL",
];

/// The table of a view.
pub(in crate::ui) async fn table(
    State(state): State<ServerState>,
    Extension(recruiter): Extension<Recruiter>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Problem> {
    let asked = ShortlistView::of(&query.unwrap_or_default())?;
    let now = (state.now)();
    let proposed = match asked.is_of_picks {
        true => Vec::new(),
        false => propose(&state, &asked, &recruiter).await?.ok_or_else(no_search)?.shortlist,
    };
    let is_blind = asked.view.is_blind;
    let name = if asked.is_of_picks { "picks" } else { "shortlist" };
    let bytes = state
        .blocking(move |services| {
            let ids = asked.view.picked.iter().chain(proposed.iter().map(|item| &item.hit.id)).cloned();
            let people = People::of(&services.store, ids, &recruiter, now)?;
            let rows: Vec<(&str, Option<&ShortlistItem>)> = match asked.is_of_picks {
                true => asked.view.picked.iter().map(|id| (id.as_str(), None)).collect(),
                false => proposed.iter().map(|item| (item.hit.id.as_str(), Some(item))).collect(),
            };
            written(&rows, &people, is_blind).map_err(|error| Problem::internal(&error))
        })
        .await?;
    let day = now.to_string();
    let disposition = format!("attachment; filename=\"{name}-{}.csv\"", day.get(..10).unwrap_or_default());
    Ok((
        [(header::CONTENT_TYPE, ExportFormat::Csv.media_type().to_owned()), (header::CONTENT_DISPOSITION, disposition)],
        bytes,
    ))
}

fn no_search() -> Problem {
    Problem::new(ErrorCode::InvalidParameter, "a shortlist is of a search: the address has neither words nor filters")
}

/// The rows of those who are still there; their ranks are those of the list.
fn written(
    rows: &[(&str, Option<&ShortlistItem>)],
    people: &People,
    is_blind: bool,
) -> Result<Vec<u8>, crate::export::ExportError> {
    let mut bytes = Vec::new();
    let named = |cells: [String; 15]| {
        let shown = cells.into_iter().zip(HEADER).filter(|(_, column)| !(is_blind && *column == NAME));
        shown.map(|(cell, _)| cell).collect::<Vec<_>>()
    };
    write_cells(named(HEADER.map(str::to_owned)), &mut bytes)?;
    for (at, (id, item)) in rows.iter().enumerate() {
        if let Some(person) = people.get(id) {
            write_cells(named(row((at + 1, id), person, *item, is_blind)), &mut bytes)?;
        }
    }
    Ok(bytes)
}

fn row((rank, id): (usize, &str), person: &Person, item: Option<&ShortlistItem>, is_blind: bool) -> [String; 15] {
    let card = &person.card;
    let mask = Mask::of(card.name.as_deref(), is_blind);
    let said = |text: Option<&String>| text.map(|text| mask.hide(text)).unwrap_or_default();
    let current = card.current.as_ref();
    let number = |value: Option<f64>| value.map(|value| format!("{value:.3}")).unwrap_or_default();
    let parts: Vec<&str> = [&card.city, &card.country_code].into_iter().flatten().map(String::as_str).collect();
    let place = card.place.as_ref().map_or_else(|| parts.join(", "), |place| place.name.clone());
    let last_active = person.last_active.and_then(|at| jiff::Timestamp::from_second(at).ok());
    [
        rank.to_string(),
        id.to_owned(),
        card.name.clone().unwrap_or_default(),
        said(card.headline.as_ref()),
        said(current.and_then(|current| current.title.as_ref())),
        said(current.and_then(|current| current.company.as_ref())),
        place,
        card.years.map(|years| years.to_string()).unwrap_or_default(),
        person.is_open.map_or("", |is_open| if is_open { "yes" } else { "no" }).to_owned(),
        number(item.map(|item| item.hit.score)),
        number(item.map(|item| item.reply_probability)),
        number(item.map(|item| item.gain)),
        last_active.map(|at| at.to_string().chars().take(10).collect()).unwrap_or_default(),
        item.map(|item| mask.hide(&item.reason)).unwrap_or_default(),
        person.url.clone().filter(|_| !is_blind).unwrap_or_default(),
    ]
}
