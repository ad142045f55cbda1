//! What a candidate is and can, in concepts of the taxonomy, with where that is said.
//!
//! Input: a candidate's text values and the grades of its skills. Output: [`CandidateConcept`]s, each concept once with its
//! best [`Standing`]. Invariant: saying something again changes nothing, and no claim stands as high as what a position says.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::{SkillEvidence, TextField, TextValue};
use crate::candidate::Grade;
use crate::taxonomy::{ConceptId, ConceptKind, LanguageSet, Recognition, Sort, Taxonomy};
use crate::text::Language;

/// Occupations that a title is taken for at most.
const OCCUPATIONS_OF_A_TITLE: usize = 4;

/// A title is taken for an occupation whose names are at least so like it.
const LIKE: f32 = 0.55;

/// And at least so much of what the likeliest is.
const NEARLY_AS_LIKE: f32 = 0.85;

/// Likeness from which a title is as good as the occupation's name.
const SAME: f32 = 0.8;

/// Titles whose occupations a thread remembers.
const MAX_REMEMBERED: usize = 16_384;

/// How well a concept stands with a candidate, the better the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Named in a text, or a title is only like it.
    Mentioned,
    /// Claimed: in the headline, or listed as a skill that no position supports.
    Claimed,
    /// Held in the past, or used in a position or project.
    Held,
    /// The present title, or a skill that is listed and supported.
    Present,
}

impl Standing {
    /// All, the least first.
    pub const ALL: [Self; 4] = [Self::Mentioned, Self::Claimed, Self::Held, Self::Present];

    fn lower(self) -> Self {
        match self {
            Self::Present | Self::Held => Self::Claimed,
            Self::Claimed | Self::Mentioned => Self::Mentioned,
        }
    }
}

/// A concept of a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateConcept {
    /// Which.
    pub concept: ConceptId,
    /// How well it stands.
    pub standing: Standing,
    /// Index of the value that says so, the first of the best.
    pub value: usize,
}

/// The concepts of a candidate in order of their numbers. `values` are its [`text_values`](super::text_values).
pub fn candidate_concepts(
    values: &[TextValue<'_>],
    evidence: &[SkillEvidence],
    language: Option<Language>,
) -> Vec<CandidateConcept> {
    let languages = language.and_then(|language| LanguageSet::of(language.code()));
    let supported: HashMap<&str, Grade> = evidence
        .iter()
        .map(|skill| (skill.skill.as_str(), skill.grade))
        .filter(|(_, grade)| *grade > Grade::Listed)
        .collect();
    let mut found: BTreeMap<ConceptId, (Standing, usize)> = BTreeMap::new();
    for (value, at) in values.iter().zip(0..) {
        let mut add = |concept: ConceptId, standing: Standing| {
            let known = found.entry(concept).or_insert((standing, at));
            if standing > known.0 {
                *known = (standing, at);
            }
        };
        let Some((sort, standing)) = reading(value.field, || supported.contains_key(value.text.as_ref())) else {
            continue;
        };
        if sort == Some(Sort::Occupation) {
            for (concept, is_same) in occupations_of_title(&value.text, languages) {
                add(concept, if is_same { standing } else { standing.lower() });
            }
        }
        // Skills that a title names count as used in the position.
        let of_skills = if sort == Some(Sort::Occupation) { standing.min(Standing::Held) } else { standing };
        let about = Recognition {
            text: &value.text,
            languages,
            is_query: false,
            is_skill_entry: value.field == TextField::Skill,
        };
        Taxonomy::built_in().for_each_concept(&value.tokens, about, |mention_sort, concept| match mention_sort {
            Sort::Skill => add(concept, of_skills),
            Sort::Occupation if sort.is_none() => add(concept, Standing::Mentioned),
            Sort::Occupation => {}
        });
    }
    found.into_iter().map(|(concept, (standing, value))| CandidateConcept { concept, standing, value }).collect()
}

/// What a field's values tell: titles tell an occupation, entries of skills a skill, texts (`None`) either; and how well that
/// stands. `None` for fields that tell of neither.
fn reading(field: TextField, is_supported: impl FnOnce() -> bool) -> Option<(Option<Sort>, Standing)> {
    Some(match field {
        TextField::CurrentTitle => (Some(Sort::Occupation), Standing::Present),
        TextField::PastTitle => (Some(Sort::Occupation), Standing::Held),
        TextField::Headline => (Some(Sort::Occupation), Standing::Claimed),
        TextField::Skill if is_supported() => (Some(Sort::Skill), Standing::Present),
        TextField::Skill => (Some(Sort::Skill), Standing::Claimed),
        TextField::PositionText | TextField::Project | TextField::Certificate => (None, Standing::Held),
        TextField::Summary | TextField::Document => (None, Standing::Mentioned),
        _ => return None,
    })
}

thread_local! {
    /// Title and languages → its occupations, and whether each is as good as named. The titles of a population repeat.
    static REMEMBERED: RefCell<HashMap<(LanguageSet, Box<str>), Box<[(ConceptId, bool)]>, foldhash::fast::RandomState>> =
        RefCell::default();
}

/// The occupations that a title stands for, the likeliest first, and whether each is as good as named by it.
pub fn occupations_of_title(title: &str, languages: Option<LanguageSet>) -> Vec<(ConceptId, bool)> {
    REMEMBERED.with_borrow_mut(|remembered| {
        let key = (languages.unwrap_or_default(), Box::from(title));
        if let Some(known) = remembered.get(&key) {
            return known.to_vec();
        }
        if remembered.len() >= MAX_REMEMBERED {
            remembered.clear();
        }
        let read = read_title(title, languages);
        remembered.insert(key, read.clone().into());
        read
    })
}

fn read_title(title: &str, languages: Option<LanguageSet>) -> Vec<(ConceptId, bool)> {
    let taxonomy = Taxonomy::built_in();
    let mut links = taxonomy.link(title, languages, OCCUPATIONS_OF_A_TITLE * 2);
    let is_group = |id| taxonomy.concept(id).is_some_and(|concept| concept.kind == ConceptKind::OccupationGroup);
    links.retain(|link| !is_group(link.concept));
    let best = links.first().map_or(0.0, |link| link.confidence);
    let near = links.into_iter().filter(|link| link.confidence >= LIKE.max(best * NEARLY_AS_LIKE));
    near.take(OCCUPATIONS_OF_A_TITLE).map(|link| (link.concept, link.confidence >= SAME)).collect()
}

/// The occupation that a title stands for the most: what people are counted by.
pub fn occupation_of_title(title: &str, language: Option<Language>) -> Option<ConceptId> {
    let languages = language.and_then(|language| LanguageSet::of(language.code()));
    let found = occupations_of_title(title, languages);
    let taxonomy = Taxonomy::built_in();
    let is_esco = |id: &ConceptId| taxonomy.concept(*id).is_some_and(|concept| concept.kind == ConceptKind::Occupation);
    // A class of O*NET is told only where no occupation of ESCO is as like.
    let named = found.iter().map(|(concept, _)| *concept);
    named.clone().find(is_esco).or_else(|| named.into_iter().next())
}
