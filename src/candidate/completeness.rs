//! How much of a profile is filled in.

use std::collections::HashSet;

use super::Candidate;

/// How many of [`PARTS`] parts of a profile are filled in: headline, summary, a dated position, what a position was about,
/// three different skills, education, place, languages. It breaks ties and never scores: who has written little may be the one.
pub fn completeness(candidate: &Candidate) -> u8 {
    let profile = &candidate.profile;
    let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let is_told = |position: &super::Position| {
        says(&position.summary) || says(&position.description) || !position.highlights.is_empty()
    };
    let distinct_skills: HashSet<&str> = profile.skills.iter().filter_map(|skill| skill.name.as_deref()).collect();
    let parts: [bool; PARTS as usize] = [
        says(&profile.headline),
        says(&profile.summary),
        profile.positions.iter().any(|position| position.start.is_some()),
        profile.positions.iter().any(is_told),
        distinct_skills.len() >= 3,
        !profile.education.is_empty(),
        says(&profile.city) || profile.country_code.is_some(),
        !profile.languages.is_empty(),
    ];
    parts.into_iter().map(u8::from).sum()
}

/// The parts of a profile that [`completeness`] counts.
pub const PARTS: u8 = 8;
