//! Drafts → what is stored.
//!
//! A draft → the canonical bytes of a valid candidate, with the member `parsed`: what its first document gives for those
//! sections that its profile lacks. Invariants: `parsed` is always our own, whatever was sent; accepting what was accepted gives
//! the same bytes; what is stored is no larger than a candidate may be.

use serde_json::{Map, Value, json};

use crate::{
    candidate::{Candidate, CandidateDraft, CandidateId, MAX_CANDIDATE_BYTES},
    cv::{self, ParsedCv},
    error::FieldError,
};

/// Sections of a profile that a CV may give, `basics` aside.
const SECTIONS: [&str; 5] = ["work", "education", "skills", "languages", "certificates"];

/// Members of `basics` that a CV may give.
const BASICS: [&str; 6] = ["name", "label", "summary", "location", "email", "phone"];

/// Validates a draft. Returns its id and the bytes to store, or every error.
///
/// # Errors
///
/// What [`CandidateDraft::validate`] finds.
pub fn accept(draft: CandidateDraft, id: Option<&CandidateId>) -> Result<(CandidateId, Vec<u8>), Vec<FieldError>> {
    let candidate = draft.without_parsed().validate(id)?;
    let bytes = parsed_of(&candidate).map(|parsed| {
        let mut document = candidate.document().clone();
        if let Some(members) = document.as_object_mut() {
            members.insert("parsed".to_owned(), parsed);
        }
        document.to_string().into_bytes()
    });
    let bytes = bytes.filter(|bytes| bytes.len() <= MAX_CANDIDATE_BYTES).unwrap_or_else(|| candidate.to_json());
    Ok((candidate.id().clone(), bytes))
}

/// What the first document that gives anything tells of the sections that the profile lacks.
fn parsed_of(candidate: &Candidate) -> Option<Value> {
    let profile = candidate.document().get("profile").unwrap_or(&Value::Null);
    let lacks = |pointer: &str| profile.pointer(pointer).is_none_or(is_blank);
    let basics: Vec<&str> = BASICS.into_iter().filter(|member| lacks(&format!("/basics/{member}"))).collect();
    let sections: Vec<&str> = SECTIONS.into_iter().filter(|section| lacks(&format!("/{section}"))).collect();
    if sections.is_empty() && basics.iter().all(|member| matches!(*member, "email" | "phone")) {
        return None;
    }
    let (index, parsed) = candidate.documents.iter().find_map(|document| {
        let parsed = parsed(&document.text)?;
        (!parsed.is_empty()).then_some((document.index, parsed))
    })?;
    let (kept, confidence) = kept(parsed, &basics, &sections);
    (!kept.is_empty()).then(|| {
        json!({ "from": format!("/documents/{index}"), "parser": cv::PARSER, "profile": kept, "confidence": confidence })
    })
}

/// What a text gives. A text that the reader breaks on gives nothing, and is stored and searchable all the same.
fn parsed(text: &str) -> Option<ParsedCv> {
    let read = std::panic::catch_unwind(|| cv::parse(text));
    read.map_err(|_| tracing::error!("the reader of CVs broke on a text; nothing was read out of it")).ok()
}

/// Whether a member says nothing.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_blank),
        _ => false,
    }
}

/// Of what was parsed, what is lacking, with how sure it is.
fn kept(mut parsed: ParsedCv, basics: &[&str], sections: &[&str]) -> (Map<String, Value>, Map<String, Value>) {
    if let Some(Value::Object(members)) = parsed.profile.get_mut("basics") {
        members.retain(|member, _| basics.contains(&member.as_str()));
    }
    parsed.profile.retain(
        |name, value| {
            if name == "basics" { !is_blank(value) } else { sections.contains(&name.as_str()) }
        },
    );
    let is_kept = |pointer: &str| {
        let mut steps = pointer.split('/').skip(1);
        match (steps.next(), steps.next()) {
            (Some("basics"), Some(member)) => basics.contains(&member),
            (Some(section), _) => sections.contains(&section),
            _ => false,
        }
    };
    let confidence = parsed.confidence.into_iter().filter(|(pointer, _)| is_kept(pointer));
    // Two digits, as they were rounded to: the nearest f64 of an f32 would show more.
    let shown = |confidence: f32| json!((f64::from(confidence) * 100.0).round() / 100.0);
    let confidence = confidence.map(|(pointer, confidence)| (pointer, shown(confidence))).collect();
    (parsed.profile, confidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CV: &str = "Anna Rossi\nCuoca\nanna.rossi@example.org\n\nESPERIENZE\nCuoca, Osteria del Ponte, Chioggia\n\
                      marzo 2019 - oggi\n\nCOMPETENZE\nPesce, pasta fresca\n";

    fn stored(document: Value) -> Value {
        let draft = CandidateDraft::from_value(document).unwrap();
        serde_json::from_slice(&accept(draft, None).unwrap().1).unwrap()
    }

    #[test]
    fn a_document_gives_what_the_profile_lacks() {
        let stored = stored(json!({ "id": "a", "documents": [{ "text": CV }] }));
        assert_eq!(stored.pointer("/parsed/from"), Some(&json!("/documents/0")));
        assert_eq!(stored.pointer("/parsed/profile/basics/name"), Some(&json!("Anna Rossi")));
        assert_eq!(stored.pointer("/parsed/profile/work/0/position"), Some(&json!("Cuoca")));
        assert_eq!(stored.pointer("/parsed/profile/work/0/startDate"), Some(&json!("2019-03")));
        assert!(stored.pointer("/parsed/confidence/~1work~10").is_some());
        assert!(stored.get("profile").is_none());
    }

    #[test]
    fn stated_sections_win_wholly() {
        let profile = json!({ "basics": { "name": "A. Rossi" }, "work": [{ "position": "Chef" }] });
        let stored = stored(json!({ "id": "a", "profile": profile, "documents": [{ "text": CV }] }));
        assert_eq!(stored.pointer("/profile/work/0/position"), Some(&json!("Chef")));
        assert_eq!(stored.pointer("/parsed/profile/work"), None);
        assert_eq!(stored.pointer("/parsed/profile/basics/name"), None);
        assert_eq!(stored.pointer("/parsed/confidence/~1work~10"), None);
        assert_eq!(stored.pointer("/parsed/profile/skills/0/name"), Some(&json!("Pesce")));
    }

    #[test]
    fn what_is_sent_as_parsed_is_replaced_or_dropped() {
        let forged = json!({ "from": 7, "profile": { "work": [{ "position": "Astronaut" }] }, "odd": true });
        let with_cv = stored(json!({ "id": "a", "documents": [{ "text": CV }], "parsed": forged }));
        assert_eq!(with_cv, stored(json!({ "id": "a", "documents": [{ "text": CV }] })));
        assert_eq!(with_cv, stored(with_cv.clone()));
        assert_eq!(stored(json!({ "id": "a", "parsed": forged })), json!({ "id": "a" }));
    }

    #[test]
    fn a_stored_candidate_reads_the_union() {
        let profile = json!({ "skills": [{ "name": "Vino" }] });
        let stored = stored(json!({ "id": "a", "profile": profile, "documents": [{ "text": CV }] }));
        let candidate = crate::candidate::read_stored("a", stored.to_string().as_bytes()).unwrap();
        assert_eq!(candidate.profile.positions[0].title.as_deref(), Some("Cuoca"));
        assert_eq!(candidate.profile.skills[0].name.as_deref(), Some("Vino"));
        assert!(candidate.profile.parsed.positions && !candidate.profile.parsed.skills);
        let timeline = crate::candidate::Timeline::of(&candidate.profile.positions);
        for value in crate::candidate::text_values(&candidate, &timeline) {
            let found = stored.pointer(&value.pointer.to_string()).and_then(Value::as_str).unwrap();
            assert_eq!(crate::text::mask_contacts(found), value.text, "{}", value.pointer);
        }
    }
}
