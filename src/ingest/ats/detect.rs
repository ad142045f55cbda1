//! Which system made a file, by the names of the members.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use serde_json::{Map, Value};

use super::AtsSystem;
use super::group::MAIN;
use crate::ingest::{
    ImportError,
    bundle::{for_each_file, names},
    json_parts::{JsonParts, Part},
};

/// The largest part that is read, in bytes: a person with all that a system nests in it.
pub(super) const MAX_PART_BYTES: usize = 8 << 20;

/// Parts that are looked at.
const LOOKED_AT: usize = 8;

/// Which resource a file, or a member of a page, holds. `None` where that is no resource of persons.
pub(super) fn resource_of(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace(['-', ' '], "_");
    Some(match name.trim_start_matches("candidate_") {
        "candidates" | "people" | "persons" | "prospects" | "opportunities" => MAIN,
        "applications" => "applications",
        "educations" => "educations",
        "employments" => "employments",
        "attachments" => "attachments",
        "notes" => "notes",
        "interviews" | "scheduled_interviews" => "interviews",
        _ => return None,
    })
}

/// Whether a member of a page holds whatever the file is about.
pub(super) fn is_page(member: &str) -> bool {
    matches!(member, "" | "results" | "data" | "items")
}

/// Whether an object is a page around resources rather than one of them.
pub(super) fn is_wrapper(members: &Map<String, Value>) -> bool {
    const OWN: [&str; 10] =
        ["id", "person", "profile", "profiles", "profileName", "basics", "action", "hook", "firstname", "first_name"];
    let holds = |(name, value): (&String, &Value)| value.is_array() && (is_page(name) || resource_of(name).is_some());
    members.contains_key("success") || (!OWN.iter().any(|own| members.contains_key(*own)) && members.iter().any(holds))
}

/// The stem of a file's name where it is JSON.
pub(super) fn json_stem(name: &str) -> Option<&str> {
    let (stem, extension) = name.rsplit_once('.')?;
    let is_json = ["json", "ndjson", "jsonl"].contains(&extension.to_ascii_lowercase().as_str());
    is_json.then_some(stem)
}

/// Whether a file of a folder or archive is one that exports consist of.
fn is_export_file(name: &str) -> bool {
    json_stem(name).is_some_and(|stem| resource_of(stem).is_some())
}

/// The system that made a file; `None` where no part tells.
pub(crate) fn system_of_file(path: &Path) -> Result<Option<AtsSystem>, ImportError> {
    let failed = |source| ImportError::Input { place: path.display().to_string(), source };
    let mut reader = BufReader::new(File::open(path).map_err(failed)?);
    Ok(system_of(&mut reader))
}

/// The system that made the files of a folder or archive; `None` where they are no export.
pub(crate) fn system_of_bundle(path: &Path) -> Result<Option<AtsSystem>, ImportError> {
    if !names(path)?.iter().any(|name| is_export_file(crate::ingest::bundle::base_name(name))) {
        return Ok(None);
    }
    let mut found = None;
    for_each_file(path, is_export_file, |_, reader| {
        found = found.or_else(|| system_of(reader));
        Ok(())
    })?;
    Ok(found)
}

fn system_of(reader: &mut dyn BufRead) -> Option<AtsSystem> {
    let parts = JsonParts::new(reader, MAX_PART_BYTES, is_wrapper).take(LOOKED_AT).map_while(Result::ok);
    let mut told = parts.map(|part: Part| match part.member.as_str() {
        // Only Ashby's answers say so.
        "success" => Some(AtsSystem::Ashby),
        _ => system_of_value(&serde_json::from_slice(&part.bytes?).ok()?),
    });
    told.find_map(|system| system)
}

/// The system that a value is of.
pub(super) fn system_of_value(value: &Value) -> Option<AtsSystem> {
    let value = value.as_object()?;
    let has = |name: &str| value.contains_key(name);
    let inner = |name: &str| value.get(name).filter(|inner| inner.is_object());
    let is_own = ["profile", "documents", "availability", "basics", "candidateId"].iter().any(|name| has(name));
    Some(if is_own && !has("person") {
        return None;
    } else if has("remote_was_deleted") || has("linked_account") || (has("remote_id") && has("email_addresses")) {
        AtsSystem::Merge
    } else if (has("action") && inner("payload").is_some())
        || ["email_addresses", "phone_numbers", "candidate_id"].iter().any(|name| has(name))
    {
        AtsSystem::Greenhouse
    } else if has("contact") && (has("emails") || has("stage") || has("createdAt")) {
        AtsSystem::Lever
    } else if ["primaryEmailAddress", "emailAddresses", "socialLinks", "applicationIds", "moreDataAvailable"]
        .iter()
        .any(|name| has(name))
    {
        AtsSystem::Ashby
    } else if ["firstname", "lastname", "experience_entries", "education_entries"].iter().any(|name| has(name)) {
        AtsSystem::Workable
    } else if has("person") || has("profileName") || (has("qualifications") && has("employment")) {
        AtsSystem::HrOpen
    } else {
        let inner = inner("candidate").or_else(|| inner("data")).or_else(|| inner("results"))?;
        return system_of_value(inner).or_else(|| inner.get("candidate").and_then(system_of_value));
    })
}
