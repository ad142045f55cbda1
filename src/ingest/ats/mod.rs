//! Exports of applicant tracking systems → candidates and their events.
//!
//! Input: files, folders and archives of JSON as the systems' interfaces give it: arrays, pages, NDJSON, webhooks, one
//! resource a file. Output: one candidate a person with the events of its applications, or why not. Invariants: memory holds
//! one person at a time; the same person gives the same candidate out of every system, but for id and source; photos and
//! what is asked for equal opportunity (gender, race, disability, veteran status, birth date) are never read. A rejection
//! by an employer is a tag, a searchable word: it is no verdict on the person and scores nothing.

mod ashby;
mod detect;
mod greenhouse;
mod group;
mod hr_open;
mod lever;
mod merge;
mod reading;
mod records;
mod workable;

#[cfg(test)]
mod tests;

use serde_json::Value;

use self::group::Group;
use super::Rejection;

pub(super) use self::{
    detect::{system_of_bundle, system_of_file},
    records::open,
};
pub use group::AtsRecord;

/// A system whose exports are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AtsSystem {
    /// Greenhouse Harvest v3 and v1, and its webhooks.
    Greenhouse,
    /// Lever.
    Lever,
    /// Ashby.
    Ashby,
    /// Workable.
    Workable,
    /// Merge's unified model.
    Merge,
    /// HR Open person profiles.
    HrOpen,
}

impl AtsSystem {
    /// The name of the format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Greenhouse => "greenhouse",
            Self::Lever => "lever",
            Self::Ashby => "ashby",
            Self::Workable => "workable",
            Self::Merge => "merge",
            Self::HrOpen => "hr-open",
        }
    }

    /// Resources that belong to persons.
    fn sides(self) -> &'static [&'static str] {
        match self {
            Self::Greenhouse => &greenhouse::SIDES,
            Self::Lever => &lever::SIDES,
            Self::Ashby => &ashby::SIDES,
            Self::Workable => &workable::SIDES,
            Self::Merge => &merge::SIDES,
            Self::HrOpen => &hr_open::SIDES,
        }
    }

    /// The key of the person that a part belongs to.
    fn key(self, resource: &str, value: &Value) -> Option<String> {
        match self {
            Self::Greenhouse => greenhouse::key(resource, value),
            Self::Lever => lever::key(resource, value),
            Self::Ashby => ashby::key(resource, value),
            Self::Workable => workable::key(resource, value),
            Self::Merge => merge::key(resource, value),
            Self::HrOpen => hr_open::key(resource, value),
        }
    }

    /// Reads a person.
    fn person(self, group: &Group) -> Result<AtsRecord, Rejection> {
        match self {
            Self::Greenhouse => greenhouse::person(group),
            Self::Lever => lever::person(group),
            Self::Ashby => ashby::person(group),
            Self::Workable => workable::person(group),
            Self::Merge => merge::person(group),
            Self::HrOpen => hr_open::person(group),
        }
    }
}
