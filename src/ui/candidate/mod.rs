//! A person's page: who they are, their career, what supports their skills, why they rank, what they did, and where all that comes from.
//!
//! Input: a candidate's id and a view. Output: the page. Invariants: whoever is stored is shown, searchable or not; texts are shown without contacts;
//! in blind mode no word of the name is in the text of the page.

mod activity;
mod career;
mod documents;
mod further;
mod head;
mod person;
mod rank;
mod similar;
mod skills;
mod source;

use axum::extract::{Path, RawQuery, State, rejection::PathRejection};
use maud::{Markup, html};

use self::{career::Career, person::Person};
use super::{
    blind::{Mask, refuse_names},
    language::Language,
    layout::{Page, Section},
    view::{View, candidate_path, filter_pairs},
};
use crate::{
    candidate::{Candidate, Timeline, read_stored},
    error::ErrorCode,
    http::{ServerState, Services, problem::Problem},
    search::{Hit, SearchError, SimilarBody, Standing},
    store::StoredEvent,
};

/// People that are shown as similar.
const SIMILAR: usize = 6;

const TITLE: [&str; 2] = ["Candidate", "Candidato"];

/// `GET /candidates/{id}`.
pub(super) async fn page(
    State(state): State<ServerState>,
    language: Language,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let Path(id) = id.map_err(|_| unknown())?;
    let view = View::of(&query.unwrap_or_default())?;
    let permit = state.searches.acquire().await?;
    let now = (state.now)();
    let asked = view.clone();
    let found = state
        .blocking(move |services| {
            let found = Known::of(services, &id, &asked, now);
            drop(permit);
            found
        })
        .await?;
    Ok(Page { language, title: language.text(TITLE), section: Section::None, view: &view }
        .html(&found.html(language, &view, now)))
}

fn unknown() -> Problem {
    Problem::new(ErrorCode::UnknownCandidate, "there is no candidate of this id")
}

/// What the searcher says of a person.
#[derive(Debug)]
enum Answered<T> {
    /// It was not asked.
    NotAsked,
    /// Searches do not see the person yet.
    NotSearchable,
    /// It was not said in time.
    TooLate,
    /// This.
    Told(T),
}

impl<T> Answered<T> {
    fn of(answer: Result<Option<T>, SearchError>) -> Result<Self, Problem> {
        match answer {
            Ok(told) => Ok(told.map_or(Self::NotSearchable, Self::Told)),
            Err(SearchError::DeadlineExceeded) => Ok(Self::TooLate),
            Err(error) => Err(error.into()),
        }
    }
}

/// All that is known of a person.
#[derive(Debug)]
struct Known {
    candidate: Candidate,
    events: Vec<StoredEvent>,
    standing: Answered<Standing>,
    similar: Answered<Vec<Hit>>,
}

impl Known {
    fn of(services: &Services, id: &str, view: &View, now: jiff::Timestamp) -> Result<Self, Problem> {
        let stored = services.store.get(id)?.ok_or_else(unknown)?;
        let candidate = read_stored(&stored.id, &stored.body).map_err(|error| Problem::internal(&error))?;
        let is_asked = !view.query.trim().is_empty() || !filter_pairs(&view.filters).is_empty();
        let standing = if is_asked {
            Answered::of(services.searcher.standing(id, &view.body(), now))?
        } else {
            Answered::NotAsked
        };
        if let Answered::Told(standing) = &standing {
            refuse_names(view.is_blind, standing.clauses.iter().map(|clause| clause.field))?;
        }
        let like = SimilarBody {
            ids: vec![id.to_owned()],
            limit: Some(SIMILAR),
            explain: Some(false),
            ..SimilarBody::default()
        };
        let similar = services.searcher.similar(&like, now).map(|found| found.map(|found| found.hits));
        Ok(Self { candidate, events: services.store.events_of(stored.key)?, standing, similar: Answered::of(similar)? })
    }

    fn html(&self, language: Language, view: &View, now: jiff::Timestamp) -> Markup {
        let candidate = &self.candidate;
        let path = candidate_path(candidate.id().as_str());
        let timeline = Timeline::of(&candidate.profile.positions);
        let mask = Mask::of(candidate.profile.name.as_deref(), view.is_blind);
        let hit = match &self.standing {
            Answered::Told(standing) => standing.hit.as_ref(),
            _ => None,
        };
        let matched = hit.map_or(&[][..], |hit| &hit.matched);
        let person = Person { language, view, path: &path, now, candidate, timeline: &timeline, mask: &mask, matched };
        html! {
            div.person {
                (head::head(&person, &self.events))
                div.halves {
                    div {
                        (rank::rank(&person, &self.standing))
                        (Career(&person).html())
                        (skills::skills(&person))
                        (further::projects(&person))
                        (documents::documents(&person))
                    }
                    div {
                        (further::further(&person))
                        (activity::activity(&person, &self.events))
                        (similar::similar(&person, &self.similar))
                        (source::source(&person))
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidate::CandidateDraft;

    #[test]
    fn who_is_not_searchable_yet_is_shown_without_a_rank() {
        let document =
            serde_json::json!({"id": "p-1", "profile": {"basics": {"name": "Ada"}, "work": [{"position": "Cook"}]}});
        let candidate = CandidateDraft::from_value(document).unwrap().validate(None).unwrap();
        let (view, now) = (View::of("q=cook").unwrap(), jiff::Timestamp::UNIX_EPOCH);
        let unseen = Answered::of(Ok(None)).unwrap();
        let known = Known { candidate, events: Vec::new(), standing: unseen, similar: Answered::of(Ok(None)).unwrap() };
        let html = known.html(Language::English, &view, now).into_string();
        assert!(html.contains("Ada") && html.contains("Cook"), "{html}");
        assert!(html.contains("Stored, but not searchable yet") && html.contains("the person is not searchable yet"));
        let late = Known { standing: Answered::of(Err(SearchError::DeadlineExceeded)).unwrap(), ..known };
        assert!(
            late.html(Language::Italian, &view, now)
                .into_string()
                .contains("Non è stato possibile calcolarlo in tempo")
        );
        assert!(Answered::<()>::of(Err(SearchError::CursorExpired)).is_err());
    }
}
