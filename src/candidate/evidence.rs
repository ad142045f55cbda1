//! Claims against evidence: which of a person's own skill entries their positions, projects and certificates support.
//!
//! Input: a candidate and its timeline. Output: a grade, months and last use for each skill string, in the order of
//! the document, equal strings once. An entry is supported where its tokens stand side by side in one value.

use std::collections::{HashMap, HashSet};

use super::{Candidate, Experience, Month, Timeline};
use crate::text;

/// How well a claimed skill is supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Only listed.
    Listed,
    /// Named in a dated position or project.
    Used,
    /// Named in a certificate or a publication.
    Proven,
}

/// Where a skill is supported.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EvidencePlace {
    /// JSON Pointer of the entry.
    pub pointer: String,
    /// What it is: `position`, `project`, `publication`, `certificate`.
    pub kind: &'static str,
}

/// A skill string with what supports it.
#[derive(Debug, Clone, PartialEq)]
pub struct SkillEvidence {
    /// The skill as written.
    pub skill: String,
    /// JSON Pointer of the string.
    pub pointer: String,
    /// Its tokens as demands match them.
    pub tokens: Vec<String>,
    /// Grade.
    pub grade: Grade,
    /// Months of the positions that name it; `None` where none has a start.
    pub experience: Option<Experience>,
    /// First month after the last position that names it; `None` while it is open, or where it is only listed.
    pub last_used: Option<Month>,
    /// The supporting entries.
    pub places: Vec<EvidencePlace>,
}

/// Grades every skill string of a candidate.
pub fn skill_evidence(candidate: &Candidate, timeline: &Timeline) -> Vec<SkillEvidence> {
    let sources = sources(candidate, timeline);
    let index = TokenIndex::over(&sources);
    let mut seen = HashSet::new();
    let mut graded = Vec::new();
    for (pointer, skill) in skill_strings(candidate) {
        let tokens: Vec<String> = text::tokens(skill).into_iter().map(|token| token.exact).collect();
        if tokens.is_empty() || !seen.insert(tokens.clone()) {
            continue;
        }
        let found = index.sources_with(&tokens);
        graded.push(grade(skill, pointer, tokens, &found, timeline));
    }
    graded
}

fn grade(skill: &str, pointer: String, tokens: Vec<String>, found: &[&Source], timeline: &Timeline) -> SkillEvidence {
    let positions: Vec<usize> = found.iter().filter_map(|source| source.position).collect();
    let ends: Vec<Option<Month>> = positions.iter().filter_map(|at| timeline.end_of(*at)).collect();
    let last_used = if ends.contains(&None) { None } else { ends.into_iter().flatten().max() };
    SkillEvidence {
        skill: skill.to_owned(),
        pointer,
        tokens,
        grade: found.iter().map(|source| source.grade).max().unwrap_or(Grade::Listed),
        experience: timeline.experience_in(|at| positions.contains(&at)),
        last_used,
        places: found.iter().map(|source| source.place.clone()).collect(),
    }
}

fn skill_strings(candidate: &Candidate) -> impl Iterator<Item = (String, &str)> {
    candidate.profile.skills.iter().flat_map(|skill| {
        let name = skill.name.iter().map(move |name| (format!("/profile/skills/{}/name", skill.index), name.as_str()));
        let keywords = skill
            .keywords
            .iter()
            .enumerate()
            .map(move |(at, keyword)| (format!("/profile/skills/{}/keywords/{at}", skill.index), keyword.as_str()));
        name.chain(keywords)
    })
}

/// An entry that can support a skill.
struct Source {
    place: EvidencePlace,
    grade: Grade,
    /// Index of the position, where it is one.
    position: Option<usize>,
    /// The tokens of each of its values.
    values: Vec<Vec<String>>,
}

fn exact_tokens<'a>(values: impl Iterator<Item = &'a str>) -> Vec<Vec<String>> {
    values.map(|value| text::tokens(value).into_iter().map(|token| token.exact).collect()).collect()
}

fn sources(candidate: &Candidate, timeline: &Timeline) -> Vec<Source> {
    let profile = &candidate.profile;
    let mut sources = Vec::new();
    for (at, position) in profile.positions.iter().enumerate() {
        if timeline.start_of(at).is_some() {
            let values = position.title.iter().chain(&position.summary).chain(&position.highlights);
            sources.push(Source {
                place: EvidencePlace { pointer: format!("/profile/work/{}", position.index), kind: "position" },
                grade: Grade::Used,
                position: Some(at),
                values: exact_tokens(values.map(String::as_str)),
            });
        }
    }
    for project in &profile.projects {
        let (kind, grade) =
            if project.is_publication { ("publication", Grade::Proven) } else { ("project", Grade::Used) };
        if project.start.is_some() {
            let description = project.description.iter().map(|(_, text)| text);
            let values = project.name.iter().chain(description).chain(&project.highlights).chain(&project.keywords);
            sources.push(Source {
                place: EvidencePlace { pointer: project.pointer.clone(), kind },
                grade,
                position: None,
                values: exact_tokens(values.map(String::as_str)),
            });
        }
    }
    for certificate in &profile.certificates {
        sources.push(Source {
            place: EvidencePlace {
                pointer: format!("/profile/certificates/{}", certificate.index),
                kind: "certificate",
            },
            grade: Grade::Proven,
            position: None,
            values: exact_tokens(certificate.name.iter().map(String::as_str)),
        });
    }
    sources
}

/// Where each token stands, so that a profile with very many skills stays linear.
struct TokenIndex<'a> {
    sources: &'a [Source],
    /// Token → (source, value, offset).
    places: HashMap<&'a str, Vec<(usize, usize, usize)>>,
}

impl<'a> TokenIndex<'a> {
    fn over(sources: &'a [Source]) -> Self {
        let mut places: HashMap<&str, Vec<_>> = HashMap::new();
        for (source, entry) in sources.iter().enumerate() {
            for (value, tokens) in entry.values.iter().enumerate() {
                for (offset, token) in tokens.iter().enumerate() {
                    places.entry(token).or_default().push((source, value, offset));
                }
            }
        }
        Self { sources, places }
    }

    /// The sources with a value that holds the tokens side by side, each once, in order.
    fn sources_with(&self, tokens: &[String]) -> Vec<&'a Source> {
        let starts = self.places.get(tokens[0].as_str()).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<usize> = Vec::new();
        for (source, value, offset) in starts {
            let rest = &self.sources[*source].values[*value][*offset..];
            if found.last() != Some(source) && rest.starts_with(tokens) {
                found.push(*source);
            }
        }
        found.into_iter().map(|source| &self.sources[source]).collect()
    }
}
