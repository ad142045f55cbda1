//! The domain: what was sent → a valid candidate; positions, skills, timeline facts.
//!
//! Input: JSON of the candidate contract ([`CandidateDraft`]). Output: a [`Candidate`] that cannot be built wrong, or
//! every error of the document at once. What is derived ([`Timeline`], [`SkillEvidence`], [`TextValue`]) is derived
//! here, from the profile alone: never taken on trust, and without a clock.

mod completeness;
mod concepts;
mod date;
mod draft;
mod evidence;
mod id;
mod openness;
mod parsed;
mod profile;
mod reader;
mod residence;
mod support;
mod text_field;
mod text_values;
mod timeline;

#[cfg(test)]
mod tests;

pub use completeness::{PARTS, completeness};
pub use concepts::{
    CandidateConcept, Standing, Strength, TitleOccupation, candidate_concepts, occupation_of_title,
    occupations_of_title, title_occupations,
};
pub use date::{Month, PartialDate};
pub use draft::{
    CandidateDraft, DraftError, MAX_ARRAY_LENGTH, MAX_CANDIDATE_BYTES, MAX_DEPTH, UnreadableCandidate, read_stored,
};
pub use evidence::{EvidencePlace, Grade, SkillEvidence, skill_evidence};
pub use id::{CandidateId, InvalidCandidateId};
pub use openness::open_words;
pub use parsed::ParsedSections;
pub use profile::{
    Availability, Candidate, Certificate, Consent, Document, Education, OpenToWork, Position, Profile, Project, Skill,
    Source, SpokenLanguage,
};
pub use residence::{Point, WishedPlace};
pub use support::EntrySupport;
pub use text_field::TextField;
pub use text_values::{Entry, TextValue, ValuePointer, text_values};
pub use timeline::{Experience, PositionTenure, Timeline};
