//! What each entry of a profile gives to a skill that it names, in the few bytes that an index keeps of it.
//!
//! Invariant: it says the same as [`super::skill_evidence`] does of a skill whose words stand in the same entries.

use serde::{Deserialize, Serialize};

use super::{Candidate, Entry, Experience, Grade, Month, Timeline};

/// What one entry gives to the skills that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntrySupport {
    /// A position with a start: its first month, and the first after it, `None` while it is open.
    #[serde(rename = "p")]
    Position(i32, Option<i32>),
    /// A project with a start.
    #[serde(rename = "u")]
    Used,
    /// A publication with a date, or a certificate.
    #[serde(rename = "v")]
    Proven,
    /// Nothing: it has no start.
    #[serde(rename = "n")]
    Nothing,
}

impl EntrySupport {
    /// The grade of a skill that it names.
    pub fn grade(self) -> Option<Grade> {
        match self {
            Self::Position(..) | Self::Used => Some(Grade::Used),
            Self::Proven => Some(Grade::Proven),
            Self::Nothing => None,
        }
    }

    /// The experience in the positions among some entries, overlaps once; `None` where there is no dated position.
    pub fn experience(entries: impl Iterator<Item = Self>) -> Option<Experience> {
        Experience::of_spans(entries.filter_map(|entry| match entry {
            Self::Position(start, end) => Some((Month(start), end.map(Month))),
            _ => None,
        }))
    }

    /// What the entries of a candidate give, each at its [`Entry::number`].
    pub fn all(candidate: &Candidate, timeline: &Timeline) -> Vec<Self> {
        let profile = &candidate.profile;
        let positions = (0..profile.positions.len()).map(|at| match (timeline.start_of(at), timeline.end_of(at)) {
            (Some(start), Some(end)) => Self::Position(start.0, end.map(|month| month.0)),
            _ => Self::Nothing,
        });
        let projects = profile.projects.iter().map(|project| match (project.start, project.is_publication) {
            (None, _) => Self::Nothing,
            (Some(_), true) => Self::Proven,
            (Some(_), false) => Self::Used,
        });
        positions.chain(projects).chain(profile.certificates.iter().map(|_| Self::Proven)).collect()
    }
}

impl Entry {
    /// The number of the entry among all of its candidate's: positions, then projects, then certificates.
    pub fn number(self, candidate: &Candidate) -> usize {
        let (positions, projects) = (candidate.profile.positions.len(), candidate.profile.projects.len());
        match self {
            Self::Position(at) => at,
            Self::Project(at) => positions + at,
            Self::Certificate(at) => positions + projects + at,
        }
    }
}
