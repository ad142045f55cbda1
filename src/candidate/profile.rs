//! A valid candidate, its members typed.
//!
//! The document itself is kept unchanged beside the typed view: what the view does not know is not lost.

use serde_json::Value;

use super::{
    CandidateId, ParsedSections, PartialDate,
    parsed::{read_parsed, united},
    reader::{Object, Reader},
};

/// A valid candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    id: CandidateId,
    document: Value,
    /// The typed view of the JSON Resume profile.
    pub profile: Profile,
    /// Whether the person looks for work, as stated.
    pub availability: Availability,
    /// Attached documents with their text.
    pub documents: Vec<Document>,
    /// Cohorts, such as a layoff list.
    pub cohorts: Vec<String>,
    /// Tags that recruiters put on the person.
    pub tags: Vec<String>,
    /// Where the person comes from.
    pub source: Source,
    /// On what ground they are stored.
    pub consent: Consent,
}

impl Candidate {
    /// The id.
    pub fn id(&self) -> &CandidateId {
        &self.id
    }

    /// The document of the contract, as sent, with its id.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// How sure what was read out of a CV is, in [0, 1], by its JSON Pointer in the profile (`/work/0`), or else by that of what it
    /// stands beneath. `None` where nothing was read there.
    pub fn confidence(&self, pointer: &str) -> Option<f64> {
        let told = self.document.get("parsed")?.get("confidence")?.as_object()?;
        let ends = pointer.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0).chain([pointer.len()]);
        ends.filter_map(|end| told.get(&pointer[..end])?.as_f64()).next_back()
    }

    /// Index of the document that sections of the profile were read out of.
    pub fn read_from(&self) -> Option<usize> {
        self.document.get("parsed")?.get("from")?.as_str()?.strip_prefix("/documents/")?.parse().ok()
    }

    /// The address of the person's page on LinkedIn, where the profile names one.
    pub fn linkedin(&self) -> Option<&str> {
        let pages = self.document.pointer("/profile/basics/profiles")?.as_array()?;
        pages.iter().filter_map(|page| page.get("url")?.as_str()).find(|url| url.contains("linkedin."))
    }

    /// The document as bytes: what the store keeps.
    pub fn to_json(&self) -> Vec<u8> {
        self.document.to_string().into_bytes()
    }
}

/// The parts of a JSON Resume that Lodestone reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profile {
    /// The person's name.
    pub name: Option<String>,
    /// The headline (`basics.label`).
    pub headline: Option<String>,
    /// The summary.
    pub summary: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Country code, upper case.
    pub country_code: Option<String>,
    /// When the profile says that it was changed last (`meta.lastModified`).
    pub last_modified: Option<jiff::Timestamp>,
    /// Positions in the order of the document (`work`).
    pub positions: Vec<Position>,
    /// Education.
    pub education: Vec<Education>,
    /// Skill entries.
    pub skills: Vec<Skill>,
    /// Spoken languages.
    pub languages: Vec<SpokenLanguage>,
    /// Certificates.
    pub certificates: Vec<Certificate>,
    /// Projects and publications.
    pub projects: Vec<Project>,
    /// Which sections are not stated, but were read out of a CV.
    pub parsed: ParsedSections,
}

/// One entry of `work`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Position {
    /// Its index in the document.
    pub index: usize,
    /// Employer (`name`).
    pub company: Option<String>,
    /// Title (`position`).
    pub title: Option<String>,
    /// Place.
    pub location: Option<String>,
    /// What the employer does (`description`).
    pub description: Option<String>,
    /// What the person did (`summary`).
    pub summary: Option<String>,
    /// Highlights.
    pub highlights: Vec<String>,
    /// Industry, where stated.
    pub industry: Option<String>,
    /// Start.
    pub start: Option<PartialDate>,
    /// End; absent where the position is open.
    pub end: Option<PartialDate>,
}

/// One entry of `education`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Education {
    /// Its index in the document.
    pub index: usize,
    /// School.
    pub institution: Option<String>,
    /// Degree (`studyType`).
    pub degree: Option<String>,
    /// Subject (`area`).
    pub area: Option<String>,
    /// Start.
    pub start: Option<PartialDate>,
    /// End.
    pub end: Option<PartialDate>,
}

/// One entry of `skills`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Skill {
    /// Its index in the document.
    pub index: usize,
    /// Name.
    pub name: Option<String>,
    /// Keywords.
    pub keywords: Vec<String>,
}

/// One entry of `languages`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SpokenLanguage {
    /// Its index in the document.
    pub index: usize,
    /// Language.
    pub language: Option<String>,
    /// How well, in the profile's own words.
    pub fluency: Option<String>,
}

/// One entry of `certificates`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Certificate {
    /// Its index in the document.
    pub index: usize,
    /// Name.
    pub name: Option<String>,
    /// Issuer.
    pub issuer: Option<String>,
    /// Date.
    pub date: Option<PartialDate>,
}

/// One entry of `projects` or `publications`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Project {
    /// JSON Pointer of the entry.
    pub pointer: String,
    /// Whether it is a publication.
    pub is_publication: bool,
    /// Name.
    pub name: Option<String>,
    /// Description or summary: the member's name and its text.
    pub description: Option<(&'static str, String)>,
    /// Highlights.
    pub highlights: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Start, or the release date of a publication.
    pub start: Option<PartialDate>,
    /// End.
    pub end: Option<PartialDate>,
}

/// What the person says about looking for work.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Availability {
    /// Open to work.
    pub open_to_work: Option<OpenToWork>,
    /// Says that they do not look.
    pub not_looking: bool,
    /// Must not be written to.
    pub do_not_contact: bool,
}

/// A statement of being open to work.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenToWork {
    /// Since when.
    pub since: Option<jiff::Timestamp>,
    /// Until when.
    pub until: Option<jiff::Timestamp>,
    /// Wished titles.
    pub titles: Vec<String>,
    /// Wished places: cities, regions or country codes.
    pub locations: Vec<String>,
    /// Wishes to work remotely.
    pub remote: Option<bool>,
}

/// Where a person comes from (`source`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    /// Name of the source system.
    pub system: Option<String>,
    /// What that system calls the person.
    pub external_id: Option<String>,
    /// When they were taken from there.
    pub acquired_at: Option<jiff::Timestamp>,
    /// Where they stand there.
    pub url: Option<String>,
}

/// On what ground a person is stored (`consent`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Consent {
    /// The ground.
    pub basis: Option<String>,
    /// Since when.
    pub given_at: Option<jiff::Timestamp>,
    /// Until when.
    pub expires_at: Option<jiff::Timestamp>,
}

/// An attached document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Its index in the document.
    pub index: usize,
    /// File name.
    pub name: Option<String>,
    /// Media type.
    pub media_type: Option<String>,
    /// Text.
    pub text: String,
}

const MEMBERS: [&str; 9] =
    ["id", "profile", "availability", "documents", "cohorts", "source", "consent", "tags", "parsed"];

pub(super) fn read_candidate(document: Value, id: Option<CandidateId>, reader: &mut Reader) -> Option<Candidate> {
    let root = Object::of(&document, String::new(), reader)?;
    reader.known_members(&root, &MEMBERS);
    let profile = root.object("profile", reader).map(|profile| read_profile(&profile, reader)).unwrap_or_default();
    let profile = match read_parsed(&root, reader) {
        Some(parsed) => united(profile, parsed),
        None => profile,
    };
    let availability =
        root.object("availability", reader).map(|part| read_availability(&part, reader)).unwrap_or_default();
    let documents = read_documents(&root, reader);
    let (source, consent) = (read_source(&root, reader), read_consent(&root, reader));
    let (cohorts, tags) = (root.strings("cohorts", reader), root.strings("tags", reader));
    Some(Candidate { id: id?, profile, availability, documents, cohorts, tags, source, consent, document })
}

pub(super) fn read_profile(profile: &Object<'_>, reader: &mut Reader) -> Profile {
    let mut read = Profile {
        positions: read_positions(profile, reader),
        education: read_education(profile, reader),
        skills: read_skills(profile, reader),
        languages: read_languages(profile, reader),
        certificates: read_certificates(profile, reader),
        projects: read_projects(profile, reader),
        ..Profile::default()
    };
    if let Some(basics) = profile.object("basics", reader) {
        read.name = basics.string("name", reader);
        read.headline = basics.string("label", reader);
        read.summary = basics.string("summary", reader);
        if let Some(location) = basics.object("location", reader) {
            read.city = location.string("city", reader);
            read.region = location.string("region", reader);
            read.country_code = location.string("countryCode", reader).map(|code| code.trim().to_uppercase());
        }
    }
    read.last_modified = last_modified(profile, reader);
    read
}

/// `meta.lastModified` is free text in the wild: what is no instant is no information, not an error.
fn last_modified(profile: &Object<'_>, reader: &mut Reader) -> Option<jiff::Timestamp> {
    let text = profile.object("meta", reader)?.string("lastModified", reader)?;
    let civil = || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    text.parse().ok().or_else(|| civil().map(|zoned| zoned.timestamp()))
}

fn read_positions(profile: &Object<'_>, reader: &mut Reader) -> Vec<Position> {
    let entries = profile.objects("work", reader);
    let mut read = |(index, entry): (usize, Object<'_>)| Position {
        index,
        company: entry.string("name", reader),
        title: entry.string("position", reader),
        location: entry.string("location", reader),
        description: entry.string("description", reader),
        summary: entry.string("summary", reader),
        highlights: entry.strings("highlights", reader),
        industry: entry.string("industry", reader),
        start: entry.date("startDate", reader),
        end: entry.date("endDate", reader),
    };
    entries.into_iter().map(&mut read).collect()
}

fn read_education(profile: &Object<'_>, reader: &mut Reader) -> Vec<Education> {
    let entries = profile.objects("education", reader);
    let mut read = |(index, entry): (usize, Object<'_>)| Education {
        index,
        institution: entry.string("institution", reader),
        degree: entry.string("studyType", reader),
        area: entry.string("area", reader),
        start: entry.date("startDate", reader),
        end: entry.date("endDate", reader),
    };
    entries.into_iter().map(&mut read).collect()
}

fn read_skills(profile: &Object<'_>, reader: &mut Reader) -> Vec<Skill> {
    let entries = profile.objects("skills", reader);
    let mut read = |(index, entry): (usize, Object<'_>)| Skill {
        index,
        name: entry.string("name", reader),
        keywords: entry.strings("keywords", reader),
    };
    entries.into_iter().map(&mut read).collect()
}

fn read_languages(profile: &Object<'_>, reader: &mut Reader) -> Vec<SpokenLanguage> {
    let entries = profile.objects("languages", reader);
    let mut read = |(index, entry): (usize, Object<'_>)| SpokenLanguage {
        index,
        language: entry.string("language", reader),
        fluency: entry.member("fluency").and_then(Value::as_str).map(str::to_owned),
    };
    entries.into_iter().map(&mut read).collect()
}

fn read_certificates(profile: &Object<'_>, reader: &mut Reader) -> Vec<Certificate> {
    let entries = profile.objects("certificates", reader);
    let mut read = |(index, entry): (usize, Object<'_>)| Certificate {
        index,
        name: entry.string("name", reader),
        issuer: entry.string("issuer", reader),
        date: entry.date("date", reader),
    };
    entries.into_iter().map(&mut read).collect()
}

fn read_projects(profile: &Object<'_>, reader: &mut Reader) -> Vec<Project> {
    let mut projects = Vec::new();
    for (_, entry) in profile.objects("projects", reader) {
        projects.push(Project {
            pointer: entry.pointer().to_owned(),
            is_publication: false,
            name: entry.string("name", reader),
            description: entry.string("description", reader).map(|text| ("description", text)),
            highlights: entry.strings("highlights", reader),
            keywords: entry.strings("keywords", reader),
            start: entry.date("startDate", reader),
            end: entry.date("endDate", reader),
        });
    }
    for (_, entry) in profile.objects("publications", reader) {
        projects.push(Project {
            pointer: entry.pointer().to_owned(),
            is_publication: true,
            name: entry.string("name", reader),
            description: entry.string("summary", reader).map(|text| ("summary", text)),
            start: entry.date("releaseDate", reader),
            ..Project::default()
        });
    }
    projects
}

fn read_availability(part: &Object<'_>, reader: &mut Reader) -> Availability {
    reader.known_members(part, &["openToWork", "notLooking", "doNotContact"]);
    let open_to_work = part.object("openToWork", reader).map(|open| {
        reader.known_members(&open, &["since", "until", "titles", "locations", "remote"]);
        OpenToWork {
            since: open.instant("since", reader),
            until: open.instant("until", reader),
            titles: open.strings("titles", reader),
            locations: open.strings("locations", reader),
            remote: open.boolean("remote", reader),
        }
    });
    Availability {
        open_to_work,
        not_looking: part.boolean("notLooking", reader).unwrap_or(false),
        do_not_contact: part.boolean("doNotContact", reader).unwrap_or(false),
    }
}

fn read_documents(root: &Object<'_>, reader: &mut Reader) -> Vec<Document> {
    let entries = root.objects("documents", reader);
    let mut read = |(index, entry): (usize, Object<'_>)| {
        reader.known_members(&entry, &["name", "mediaType", "text"]);
        Document {
            index,
            name: entry.string("name", reader),
            media_type: entry.string("mediaType", reader),
            text: entry.string("text", reader).unwrap_or_default(),
        }
    };
    entries.into_iter().map(&mut read).collect()
}

fn read_source(root: &Object<'_>, reader: &mut Reader) -> Source {
    let Some(source) = root.object("source", reader) else { return Source::default() };
    reader.known_members(&source, &["system", "externalId", "acquiredAt", "url"]);
    Source {
        external_id: source.string("externalId", reader),
        acquired_at: source.instant("acquiredAt", reader),
        url: source.string("url", reader),
        system: source.string("system", reader),
    }
}

fn read_consent(root: &Object<'_>, reader: &mut Reader) -> Consent {
    let Some(consent) = root.object("consent", reader) else { return Consent::default() };
    reader.known_members(&consent, &["basis", "givenAt", "expiresAt"]);
    Consent {
        basis: consent.string("basis", reader),
        given_at: consent.instant("givenAt", reader),
        expires_at: consent.instant("expiresAt", reader),
    }
}
