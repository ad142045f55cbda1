//! Claims against evidence: which of a person's own skill entries their positions, projects and certificates support.
//!
//! Input: a candidate and its timeline. Output: a grade, months and last use for each skill string, in the order of
//! the document, equal strings once. An entry is supported where its tokens stand side by side in one value.

use std::collections::{BTreeSet, HashMap};

use super::parsed::base;
use super::{Candidate, Entry, Experience, Month, TextField, TextValue, Timeline};
use crate::text::TokenList;

/// Tokens of the longest skill that is looked for: longer ones are sentences, which no position repeats.
const LONGEST_PHRASE: usize = 32;

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
    /// Whether it was read out of a CV.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub parsed: bool,
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

/// Grades the skill strings of a candidate that are `wanted`. `values` are its [`text_values`](super::text_values).
pub fn skill_evidence(
    candidate: &Candidate,
    timeline: &Timeline,
    values: &[TextValue<'_>],
    wanted: impl Fn(&TokenList) -> bool,
) -> Vec<SkillEvidence> {
    let mut skills: Vec<&TextValue<'_>> = Vec::new();
    let mut phrases = Phrases::default();
    for value in values.iter().filter(|value| value.field == TextField::Skill && !value.tokens.is_empty()) {
        if wanted(&value.tokens) && phrases.add(&value.tokens) {
            skills.push(value);
        }
    }
    if skills.is_empty() {
        return Vec::new();
    }
    let mut supporting: Vec<BTreeSet<Entry>> = vec![BTreeSet::new(); skills.len()];
    for value in values {
        if let Some(entry) = value.entry.filter(|entry| can_support(*entry, candidate, timeline)) {
            phrases.find_in(&value.tokens, |skill| {
                supporting[skill].insert(entry);
            });
        }
    }
    let graded = skills.into_iter().zip(supporting);
    graded.map(|(skill, entries)| grade(skill, &entries, candidate, timeline)).collect()
}

/// Positions and projects support a skill only where they have a start.
fn can_support(entry: Entry, candidate: &Candidate, timeline: &Timeline) -> bool {
    match entry {
        Entry::Position(at) => timeline.start_of(at).is_some(),
        Entry::Project(at) => candidate.profile.projects[at].start.is_some(),
        Entry::Certificate(_) => true,
    }
}

fn grade(
    skill: &TextValue<'_>,
    entries: &BTreeSet<Entry>,
    candidate: &Candidate,
    timeline: &Timeline,
) -> SkillEvidence {
    let held = |at: usize| entries.contains(&Entry::Position(at));
    let positions = (0..candidate.profile.positions.len()).filter(|at| held(*at));
    let ends: Vec<Option<Month>> = positions.filter_map(|at| timeline.end_of(at)).collect();
    let last_used = if ends.contains(&None) { None } else { ends.into_iter().flatten().max() };
    let (places, grades): (Vec<_>, Vec<_>) = entries.iter().map(|entry| support(*entry, candidate)).unzip();
    SkillEvidence {
        skill: skill.text.clone().into_owned(),
        pointer: skill.pointer.to_string(),
        tokens: skill.tokens.exact_forms().map(str::to_owned).collect(),
        grade: grades.into_iter().max().unwrap_or(Grade::Listed),
        experience: timeline.experience_in(held),
        last_used,
        places,
    }
}

fn support(entry: Entry, candidate: &Candidate) -> (EvidencePlace, Grade) {
    let profile = &candidate.profile;
    let (pointer, kind, grade) = match entry {
        Entry::Position(at) => {
            let work = base(profile.parsed.positions, ["/profile/work", "/parsed/profile/work"]);
            (format!("{work}/{}", profile.positions[at].index), "position", Grade::Used)
        }
        Entry::Project(at) if profile.projects[at].is_publication => {
            (profile.projects[at].pointer.clone(), "publication", Grade::Proven)
        }
        Entry::Project(at) => (profile.projects[at].pointer.clone(), "project", Grade::Used),
        Entry::Certificate(at) => {
            let certificates =
                base(profile.parsed.certificates, ["/profile/certificates", "/parsed/profile/certificates"]);
            (format!("{certificates}/{}", profile.certificates[at].index), "certificate", Grade::Proven)
        }
    };
    let parsed = match entry {
        Entry::Position(_) => profile.parsed.positions,
        Entry::Project(_) => false,
        Entry::Certificate(_) => profile.parsed.certificates,
    };
    (EvidencePlace { pointer, kind, parsed }, grade)
}

/// Sequences of tokens to find in texts: a trie over their words. A text costs at most [`LONGEST_PHRASE`] steps a
/// token, however many phrases there are; phrases that are longer are not found.
#[derive(Default)]
struct Phrases<'p> {
    /// (node, word) → node; the root is 0.
    edges: HashMap<(u32, &'p str), u32>,
    /// Index of the phrase that ends at each node.
    ends: Vec<Option<usize>>,
    count: usize,
}

impl<'p> Phrases<'p> {
    /// Adds a phrase; false where it is known. Its index is the number of those added before.
    fn add(&mut self, phrase: &'p TokenList) -> bool {
        let mut node = 0;
        for word in phrase.exact_forms() {
            let next = self.edges.len() as u32 + 1;
            node = *self.edges.entry((node, word)).or_insert(next);
        }
        self.ends.resize(self.edges.len() + 1, None);
        let is_new = self.ends[node as usize].is_none();
        if is_new {
            self.ends[node as usize] = Some(self.count);
            self.count += 1;
        }
        is_new
    }

    /// Calls `found` with the index of each phrase that stands in a text, as often as it does.
    fn find_in(&self, text: &TokenList, mut found: impl FnMut(usize)) {
        for start in 0..text.len() {
            let mut node = 0;
            for at in start..text.len().min(start + LONGEST_PHRASE) {
                let Some(next) = self.edges.get(&(node, text.exact(at))) else { break };
                node = *next;
                if let Some(phrase) = self.ends[node as usize] {
                    found(phrase);
                }
            }
        }
    }
}
