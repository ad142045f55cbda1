//! Sections of a profile that were read out of a CV.
//!
//! The stated profile and the parsed one → one profile, and which of its sections are parsed. Invariant: a section that is
//! stated wins wholly; nothing that was read stands beside it.

use super::{
    Profile,
    profile::read_profile,
    reader::{Object, Reader},
};

/// Which sections of a profile were read out of a CV.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ParsedSections {
    /// The name.
    pub name: bool,
    /// The headline.
    pub headline: bool,
    /// The summary.
    pub summary: bool,
    /// The city.
    pub location: bool,
    /// The positions.
    pub positions: bool,
    /// Education.
    pub education: bool,
    /// Skills.
    pub skills: bool,
    /// Spoken languages.
    pub languages: bool,
    /// Certificates.
    pub certificates: bool,
}

/// The JSON Pointer beneath which a section stands: the stated one, or the parsed one.
pub(super) fn base(is_parsed: bool, [stated, parsed]: [&'static str; 2]) -> &'static str {
    if is_parsed { parsed } else { stated }
}

/// Reads the member `parsed`; `None` where it is absent.
pub(super) fn read_parsed(root: &Object<'_>, reader: &mut Reader) -> Option<Profile> {
    let parsed = root.object("parsed", reader)?;
    reader.known_members(&parsed, &["from", "parser", "profile", "confidence"]);
    parsed.object("profile", reader).map(|profile| read_profile(&profile, reader))
}

/// A profile with the parsed sections that it lacks.
pub(super) fn united(mut stated: Profile, parsed: Profile) -> Profile {
    let mut sections = ParsedSections::default();
    let text = |own: &mut Option<String>, other: Option<String>| {
        let lacks = own.as_ref().is_none_or(|own| own.trim().is_empty()) && other.is_some();
        if lacks {
            *own = other;
        }
        lacks
    };
    sections.name = text(&mut stated.name, parsed.name);
    sections.headline = text(&mut stated.headline, parsed.headline);
    sections.summary = text(&mut stated.summary, parsed.summary);
    if stated.city.is_none() && stated.region.is_none() && stated.country_code.is_none() {
        sections.location = text(&mut stated.city, parsed.city);
    }
    sections.positions = take(&mut stated.positions, parsed.positions);
    sections.education = take(&mut stated.education, parsed.education);
    sections.skills = take(&mut stated.skills, parsed.skills);
    sections.languages = take(&mut stated.languages, parsed.languages);
    sections.certificates = take(&mut stated.certificates, parsed.certificates);
    Profile { parsed: sections, ..stated }
}

fn take<T>(own: &mut Vec<T>, other: Vec<T>) -> bool {
    let lacks = own.is_empty() && !other.is_empty();
    if lacks {
        *own = other;
    }
    lacks
}
