//! The wire shapes that the generator writes: a candidate as the contract has it, an event, a truth.

use jiff::Timestamp;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::archetype::{Archetype, Language};
use crate::activity::EventType;

/// A candidate in the form that the service takes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyntheticCandidate {
    /// `syn-` and the index, seven digits at least.
    pub id: String,
    pub(super) profile: Profile,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) availability: Option<Availability>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) documents: Vec<Document>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) cohorts: Vec<String>,
    pub(super) source: Source,
    pub(super) consent: Consent,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<&'static str>,
}

/// A JSON Resume 1.2.1 document.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    pub(super) basics: Basics,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) work: Vec<Work>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) education: Vec<Education>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) skills: Vec<SkillEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) languages: Vec<Spoken>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) certificates: Vec<Certificate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) projects: Vec<Project>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) meta: Option<Meta>,
}

#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Basics {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) profiles: Vec<NetworkProfile>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) city: &'static str,
    pub(super) country_code: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct NetworkProfile {
    pub(super) network: &'static str,
    pub(super) username: String,
    pub(super) followers: u32,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Work {
    pub(super) name: String,
    pub(super) position: String,
    pub(super) industry: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) summary: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) highlights: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Education {
    pub(super) institution: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) area: Option<&'static str>,
    pub(super) study_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_date: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct SkillEntry {
    pub(super) name: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) keywords: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) endorsements: Option<u32>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Spoken {
    pub(super) language: &'static str,
    pub(super) fluency: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Certificate {
    pub(super) name: String,
    pub(super) date: String,
    pub(super) issuer: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Project {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) start_date: String,
    pub(super) end_date: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meta {
    #[serde(serialize_with = "as_text")]
    pub(super) last_modified: Timestamp,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Availability {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) open_to_work: Option<OpenToWork>,
    pub(super) not_looking: bool,
    pub(super) do_not_contact: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OpenToWork {
    pub(super) since: String,
    pub(super) until: Option<String>,
    pub(super) titles: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) locations: Vec<&'static str>,
    pub(super) remote: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    pub(super) name: &'static str,
    pub(super) media_type: &'static str,
    pub(super) text: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Source {
    pub(super) system: &'static str,
    pub(super) external_id: String,
    #[serde(serialize_with = "as_text")]
    pub(super) acquired_at: Timestamp,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Consent {
    pub(super) basis: &'static str,
    #[serde(serialize_with = "as_text")]
    pub(super) given_at: Timestamp,
    #[serde(serialize_with = "as_optional_text")]
    pub(super) expires_at: Option<Timestamp>,
}

/// An event in the form that the service takes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyntheticEvent {
    /// Whom it concerns.
    pub candidate_id: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When; never after the population's instant.
    #[serde(serialize_with = "as_text")]
    pub at: Timestamp,
    /// Unique in the population.
    pub id: String,
    /// An opaque recruiter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Pairs an outreach with what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// How the message went out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<&'static str>,
}

/// What is so, whatever the profile says: never part of the candidate.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Truth {
    /// The candidate.
    pub id: String,
    /// What kind of candidate this is.
    pub archetype: Archetype,
    /// URI of the ESCO occupation.
    pub occupation: String,
    /// ISCO-08 unit group.
    pub isco: &'static str,
    /// Language of the profile.
    pub language: Language,
    /// True level, 0 to 1, of each skill known or claimed.
    #[serde(serialize_with = "as_map")]
    pub level: Vec<(&'static str, f64)>,
    /// trainee, junior, mid, senior or lead.
    pub seniority: &'static str,
    /// How probable an answer to a good message is.
    pub reply_probability: f64,
    /// Looking for work and reachable now.
    pub active: bool,
    /// How willing to move, 0 to 1.
    pub openness: f64,
}

fn as_map<S: Serializer>(level: &[(&'static str, f64)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(level.len()))?;
    for (skill, level) in level {
        map.serialize_entry(skill, level)?;
    }
    map.end()
}

/// RFC 3339 in UTC.
fn as_text<S: Serializer>(instant: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(instant)
}

fn as_optional_text<S: Serializer>(instant: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) => as_text(instant, serializer),
        None => serializer.serialize_none(),
    }
}
