//! What a candidate is and can, in concepts of the taxonomy, with where that is said.
//!
//! Input: a candidate's text values and the grades of its skills. Output: [`CandidateConcept`]s, each concept once with its
//! best [`Standing`]. Invariant: saying something again changes nothing, and no claim stands as high as what a position says.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use quick_cache::sync::Cache;

use super::{SkillEvidence, TextField, TextValue};
use crate::candidate::Grade;
use crate::taxonomy::{ConceptId, ConceptKind, LanguageSet, Link, Recognition, SURE, Sort, Taxonomy, share_of};
use crate::text::{self, Language, TokenList};

/// Occupations that a title is taken for at most.
const OCCUPATIONS_OF_A_TITLE: usize = 10;

/// What a title surely means is at least so much as like as the likeliest.
const NEARLY_AS_LIKE: f32 = 0.9;

/// A title stands so much for the occupation that people are counted by, at least.
const LEAST_SHARE_OF_A_VALUE: f32 = 0.7;

/// Titles whose occupations are remembered: about 20 MB.
const MAX_REMEMBERED: usize = 65_536;

/// How well a concept stands with a candidate, the better the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Named in a text.
    Mentioned,
    /// Claimed: in the headline, or listed as a skill that no position supports.
    Claimed,
    /// Held in the past, or used in a position or project.
    Held,
    /// The present title, or a skill that is listed and supported.
    Present,
}

impl Standing {
    /// How much of the most a concept counts that stands so: a claim less than what a position says, a word in passing least.
    fn strength(self) -> f32 {
        match self {
            Self::Mentioned => 0.3,
            Self::Claimed => 0.5,
            Self::Held => 0.8,
            Self::Present => 1.0,
        }
    }
}

/// How much a concept of a candidate counts, in eighths of the most: 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Strength(u8);

impl Strength {
    /// The most.
    pub const MAX: u8 = 8;

    /// In eighths, at least one and at most [`Strength::MAX`].
    pub fn of_eighths(eighths: u32) -> Self {
        Self(eighths.clamp(1, Self::MAX.into()) as u8)
    }

    /// The nearest to a share of the most; `None` where that is nothing.
    fn nearest(share: f32) -> Option<Self> {
        let eighths = (share * f32::from(Self::MAX)).round();
        (eighths >= 1.0).then(|| Self::of_eighths(eighths as u32))
    }

    /// In eighths.
    pub fn eighths(self) -> u8 {
        self.0
    }

    /// The share of the most, in (0, 1].
    pub fn share(self) -> f32 {
        f32::from(self.0) / f32::from(Self::MAX)
    }
}

/// A concept of a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateConcept {
    /// Which.
    pub concept: ConceptId,
    /// How much it counts.
    pub strength: Strength,
    /// Whether a text names it, or a title surely means it; else a title is only like it.
    pub is_sure: bool,
    /// How the best of the values that say so stands.
    pub standing: Standing,
    /// Index of that value, the first of equals.
    pub value: usize,
}

/// The concepts of a candidate in order of their numbers. `values` are its [`text_values`](super::text_values).
pub fn candidate_concepts(
    values: &[TextValue<'_>],
    evidence: &[SkillEvidence],
    language: Option<Language>,
) -> Vec<CandidateConcept> {
    let languages = languages_of(language);
    let supported: HashMap<&str, Grade> = evidence
        .iter()
        .map(|skill| (skill.skill.as_str(), skill.grade))
        .filter(|(_, grade)| *grade > Grade::Listed)
        .collect();
    let mut found: BTreeMap<ConceptId, CandidateConcept> = BTreeMap::new();
    for (value, at) in values.iter().zip(0..) {
        let mut add = |concept: ConceptId, standing: Standing, (share, is_sure): (f32, bool)| {
            let Some(strength) = Strength::nearest(standing.strength() * share) else { return };
            let new = CandidateConcept { concept, strength, is_sure, standing, value: at };
            let known = found.entry(concept).or_insert_with(|| new.clone());
            let is_sure = known.is_sure || is_sure;
            if new.strength > known.strength {
                *known = new;
            }
            known.is_sure = is_sure;
        };
        let Some((sort, standing)) = reading(value.field, || supported.contains_key(value.text.as_ref())) else {
            continue;
        };
        // What is said again says no more.
        let told = match value.field {
            TextField::PositionText | TextField::Project | TextField::Summary | TextField::Document => {
                text::without_repeated_sentences(&value.text)
            }
            _ => text::without_repeated_words(&value.text),
        };
        let again;
        let tokens = match &told {
            Cow::Borrowed(_) => &value.tokens,
            Cow::Owned(told) => {
                again = TokenList::of(told);
                &again
            }
        };
        if sort == Some(Sort::Occupation) {
            let title = if value.field == TextField::Headline { text::title_of_headline(&told) } else { &*told };
            for link in occupations_of_title(title, languages).iter() {
                add(link.concept, standing, (link.share, link.is_sure));
            }
        }
        // Skills that a title names count as used in the position.
        let of_skills = if sort == Some(Sort::Occupation) { standing.min(Standing::Held) } else { standing };
        let is_skill_entry = value.field == TextField::Skill;
        let about = Recognition { text: &told, languages, is_query: false, is_skill_entry };
        Taxonomy::built_in().for_each_concept(tokens, about, |mention_sort, concept| match mention_sort {
            Sort::Skill => add(concept, of_skills, (1.0, true)),
            Sort::Occupation if sort.is_none() => add(concept, Standing::Mentioned, (1.0, true)),
            Sort::Occupation => {}
        });
    }
    found.into_values().collect()
}

/// The language of a candidate among those of the taxonomy; `None` where it is not known, or has no labels.
fn languages_of(language: Option<Language>) -> Option<LanguageSet> {
    LanguageSet::of(language?.code())
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

/// An occupation that a title may stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TitleOccupation {
    /// Which.
    pub concept: ConceptId,
    /// How much the title stands for it, in (0, 1].
    pub share: f32,
    /// Whether the title surely means it.
    pub is_sure: bool,
}

/// Languages and title → its occupations.
type RememberedTitles = Cache<(LanguageSet, Box<str>), Arc<[TitleOccupation]>>;

/// The occupations that a title may stand for, the likeliest first. The titles of a population repeat: the latest are
/// remembered, and a title of a known language together with what it stands for in any, which its vector is drawn by.
pub fn occupations_of_title(title: &str, languages: Option<LanguageSet>) -> Arc<[TitleOccupation]> {
    static REMEMBERED: LazyLock<RememberedTitles> = LazyLock::new(|| Cache::new(MAX_REMEMBERED));
    let key = |languages: Option<LanguageSet>| (languages.unwrap_or_default(), Box::from(title));
    if let Some(known) = REMEMBERED.get(&key(languages)) {
        return known;
    }
    let (taxonomy, limit) = (Taxonomy::built_in(), OCCUPATIONS_OF_A_TITLE * 2);
    let remember = |languages: Option<LanguageSet>, links: Vec<Link>| -> Arc<[TitleOccupation]> {
        let read: Arc<[TitleOccupation]> = title_occupations(links).into();
        REMEMBERED.insert(key(languages), read.clone());
        read
    };
    if languages.is_none() {
        return remember(None, taxonomy.link(title, None, limit));
    }
    let [own, any] = taxonomy.link_in(title, [languages, None], limit);
    remember(None, any);
    remember(languages, own)
}

/// What a title stands for that is linked to these, the likeliest first. Groups are left out.
pub fn title_occupations(mut links: Vec<Link>) -> Vec<TitleOccupation> {
    let taxonomy = Taxonomy::built_in();
    let is_group = |id| taxonomy.concept(id).is_some_and(|concept| concept.kind == ConceptKind::OccupationGroup);
    links.retain(|link| !is_group(link.concept));
    let best = links.first().map_or(1.0, |link| link.confidence);
    let occupation = |link: Link| TitleOccupation {
        concept: link.concept,
        share: share_of(link.confidence, best),
        is_sure: link.confidence >= SURE.max(best * NEARLY_AS_LIKE),
    };
    links.into_iter().take(OCCUPATIONS_OF_A_TITLE).map(occupation).collect()
}

/// The occupation that a title stands for the most: what people are counted by.
pub fn occupation_of_title(title: &str, language: Option<Language>) -> Option<ConceptId> {
    let found = occupations_of_title(&text::without_repeated_words(title), languages_of(language));
    let taxonomy = Taxonomy::built_in();
    let is_esco = |id: ConceptId| taxonomy.concept(id).is_some_and(|concept| concept.kind == ConceptKind::Occupation);
    let best = found.first()?;
    // A class of O*NET is told only where no occupation of ESCO is as like.
    let mut nearly = found.iter().filter(|other| other.share >= best.share * NEARLY_AS_LIKE);
    let told = nearly.find(|other| is_esco(other.concept)).unwrap_or(best);
    (told.share >= LEAST_SHARE_OF_A_VALUE).then_some(told.concept)
}
