//! HR Open 4.x: person profiles, alone or within a candidate.

use serde_json::Value;

use super::group::{AtsRecord, Group, missing_id};
use super::reading::{at, first_text, is_true, list, month, said, text, texts};
use crate::ingest::{
    Rejection,
    person::{CertificateDraft, EducationDraft, PersonDraft, PositionDraft, Residence, SourceDraft},
    residence::{read_residence, residence_of},
};

/// Resources beside candidates.
pub(super) const SIDES: [&str; 0] = [];

/// The document's or the person's id; else what stands for them.
pub(super) fn key(_: &str, value: &Value) -> Option<String> {
    let candidate = candidate_of(value);
    let stated = ["documentId", "id", "person.id", "person.personId"];
    let stated = stated.iter().find_map(|path| at(candidate, path).and_then(|id| said(id, &["value", "id"])));
    stated.or_else(|| {
        let email = communication(candidate, "email", &["address"]).into_iter().next()?;
        let hash = blake3::hash(email.to_lowercase().as_bytes());
        Some(hash.to_hex()[..16].to_owned())
    })
}

fn candidate_of(value: &Value) -> &Value {
    at(value, "candidate").unwrap_or(value)
}

/// Reads a person. Of several profiles all entries are taken.
pub(super) fn person(group: &Group) -> Result<AtsRecord, Rejection> {
    let wanted = "`documentId`, `id` or an e-mail address";
    let value = group.main().last().ok_or_else(|| missing_id(wanted))?;
    let id = key("", value).ok_or_else(|| missing_id(wanted))?;
    let candidate = candidate_of(value);
    let about = at(candidate, "person").unwrap_or(candidate);
    let profiles: Vec<&Value> = match list(candidate, "profiles") {
        [] => at(candidate, "profile").or(Some(candidate)).into_iter().collect(),
        profiles => profiles.iter().collect(),
    };
    let all = |name: &'static str| profiles.iter().flat_map(move |profile| list(profile, name));
    let person = PersonDraft {
        id: format!("hropen-{id}"),
        name: name(about),
        email: communication(candidate, "email", &["address"]).into_iter().next(),
        phone: communication(candidate, "phone", &["formattedNumber", "dialNumber"]).into_iter().next(),
        summary: profiles.iter().find_map(|profile| first_text(profile, &["executiveSummary", "objective"])),
        residence: residence(candidate),
        urls: communication(candidate, "web", &["url"]),
        positions: all("employment").flat_map(positions).collect(),
        education: all("education").map(school).collect(),
        skills: all("qualifications")
            .filter_map(|one| first_text(one, &["competencyName.name", "competencyName"]))
            .collect(),
        certificates: all("certifications").chain(all("licenses")).map(certificate).collect(),
        source: SourceDraft { system: "hr-open", external_id: Some(id), url: None },
        ..PersonDraft::default()
    };
    Ok(AtsRecord::of(person, Vec::new()))
}

fn name(about: &Value) -> Option<String> {
    let parts = |of: &Value| {
        let names: Vec<String> = ["given", "middle", "family"].iter().filter_map(|part| text(of, part)).collect();
        Some(names.join(" ")).filter(|names| !names.is_empty())
    };
    let name = at(about, "name")?;
    said(name, &["formattedName"]).or_else(|| parts(name))
}

/// Values of a channel, of the person or of the candidate.
fn communication(candidate: &Value, channel: &str, members: &[&str]) -> Vec<String> {
    let of_person = texts(candidate, &format!("person.communication.{channel}"), members);
    if of_person.is_empty() { texts(candidate, &format!("communication.{channel}"), members) } else { of_person }
}

fn residence(candidate: &Value) -> Residence {
    let addresses = ["person.communication.address", "communication.address"];
    let Some(address) = addresses.iter().find_map(|path| list(candidate, path).first()) else {
        return Residence::default();
    };
    let region = list(address, "countrySubdivisions").first().and_then(|part| said(part, &["value", "name"]));
    let country = text(address, "countryCode");
    match text(address, "city") {
        Some(city) => residence_of(Some(city), region, country),
        None => first_text(address, &["formattedAddress"])
            .map_or_else(|| residence_of(None, region, country), |address| read_residence(&address)),
    }
}

/// The positions at an employer; the employer alone where it names none.
fn positions(employment: &Value) -> Vec<PositionDraft> {
    let company = first_text(employment, &["organization.name", "organization"]);
    let listed = list(employment, "positionHistories");
    let entries = if listed.is_empty() { std::slice::from_ref(employment) } else { listed };
    let position = |entry: &Value| PositionDraft {
        title: text(entry, "title"),
        company: company.clone().or_else(|| first_text(entry, &["organization.name", "organization"])),
        summary: Some(texts(entry, "descriptions", &["value"]).join("\n")),
        start: date(entry, "start").or_else(|| date(employment, "start")),
        end: date(entry, "end").filter(|_| !is_true(entry, "current")),
        ..PositionDraft::default()
    };
    entries.iter().map(position).collect()
}

fn school(attendance: &Value) -> EducationDraft {
    let degree = list(attendance, "educationDegrees").first();
    let major = degree.and_then(|degree| list(degree, "specializations").first());
    let area = major.and_then(|major| said(major, &["name"]));
    EducationDraft {
        institution: first_text(attendance, &["institution.name", "institution"]),
        degree: degree.and_then(|degree| said(degree, &["name", "degreeName"])),
        area: area.or_else(|| texts(attendance, "programs", &["name"]).into_iter().next()),
        start: date(attendance, "start"),
        end: date(attendance, "end").filter(|_| !is_true(attendance, "current")),
    }
}

fn certificate(entry: &Value) -> CertificateDraft {
    CertificateDraft {
        name: first_text(entry, &["name", "certificationName", "licenseName"]),
        issuer: first_text(entry, &["issuingAuthority.name", "issuingAuthority"]),
        date: date(entry, "firstIssued").or_else(|| date(entry, "start")),
    }
}

/// A date, bare or in the member of an object.
fn date(entry: &Value, member: &str) -> Option<String> {
    let inner = || ["value", "formattedDateTime"].iter().find_map(|inner| month(entry, &format!("{member}.{inner}")));
    month(entry, member).or_else(inner)
}
