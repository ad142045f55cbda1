//! What is near to a concept, and how near.
//!
//! A concept → concepts with grades in (0, 1]: itself, what is narrower, what is broader, what is close to it in another
//! scheme, its siblings, what is related. Invariant: nothing is graded higher than the concept itself, and of several ways to
//! a concept the nearest counts.

use serde::{Deserialize, Serialize};

use super::concept::{ConceptId, ConceptKind};
use super::lookup::Taxonomy;

/// How one concept stands to another, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Relation {
    /// The concept itself.
    Exact,
    /// A kind of it: "specialist nurse" of "nurse".
    Narrower,
    /// What another scheme calls nearly the same.
    Close,
    /// What it is a kind of.
    Broader,
    /// Another kind of the same.
    Sibling,
    /// In the same minor group of occupations.
    Cousin,
    /// Beside it by a table of relations.
    Related,
}

impl Relation {
    /// The relation in words, as it stands before "nurse": `a kind of nurse`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Exact => "is",
            Self::Narrower => "is a kind of",
            Self::Close => "is nearly",
            Self::Broader => "is more general than",
            Self::Sibling => "is close to",
            Self::Cousin => "is of the same group as",
            Self::Related => "is related to",
        }
    }
}

/// How much a person of a related concept counts, against one of the concept itself. Each in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelationGrades {
    /// A kind of it, for each step down.
    pub narrower: f32,
    /// The same by another scheme.
    pub close: f32,
    /// What it is a kind of.
    pub broader: f32,
    /// Another kind of the same occupation.
    pub sibling: f32,
    /// Another occupation of the same minor group of ISCO-08.
    pub cousin: f32,
    /// Beside it by a table, at the highest nearness.
    pub related: f32,
}

/// A concept with its grade against another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Graded {
    /// The concept.
    pub concept: ConceptId,
    /// In (0, 1].
    pub grade: f32,
    /// How it stands to the one that was asked for.
    pub relation: Relation,
}

/// Steps down from a concept that are gone: ISCO-08 has four levels, ESCO's occupations up to four more.
const DEEPEST: usize = 8;

impl Taxonomy {
    /// The concepts right beneath one.
    pub fn narrower(&self, id: ConceptId) -> impl Iterator<Item = ConceptId> {
        self.narrower.of(id.number() as usize).iter().copied().map(ConceptId)
    }

    /// A concept and all beneath it, in order of their numbers.
    pub fn with_narrower(&self, id: ConceptId) -> Vec<ConceptId> {
        let mut found: Vec<ConceptId> = self.descend(id).map(|(concept, _)| concept).chain([id]).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Everything beneath a concept with the number of steps; what can be reached by several ways may come several times.
    fn descend(&self, id: ConceptId) -> impl Iterator<Item = (ConceptId, usize)> {
        let mut found: Vec<(ConceptId, usize)> = Vec::new();
        let mut level = vec![id];
        for depth in 1..=DEEPEST {
            level = level.into_iter().flat_map(|concept| self.narrower(concept)).collect();
            level.sort_unstable();
            level.dedup();
            found.extend(level.iter().map(|concept| (*concept, depth)));
        }
        found.into_iter()
    }

    /// What is near to a concept, in order of the numbers, each once with its best grade.
    pub fn near(&self, id: ConceptId, grades: &RelationGrades) -> Vec<Graded> {
        let mut near = vec![Graded { concept: id, grade: 1.0, relation: Relation::Exact }];
        let mut add = |concept, grade: f32, relation| {
            if grade > 0.0 && concept != id {
                near.push(Graded { concept, grade: grade.min(1.0), relation });
            }
        };
        for (concept, depth) in self.descend(id) {
            add(concept, grades.narrower.powi(depth as i32), Relation::Narrower);
        }
        for above in self.broader(id).filter(|above| self.is_telling(*above)) {
            add(above, grades.broader, Relation::Broader);
            self.narrower(above).for_each(|sibling| add(sibling, grades.sibling, Relation::Sibling));
        }
        for group in self.minor_groups(id) {
            self.descend(group).for_each(|(cousin, _)| add(cousin, grades.cousin, Relation::Cousin));
        }
        for (concept, nearness) in self.related(id).filter(|(concept, _)| self.is_like(id, *concept)) {
            if self.is_same_of_other_scheme(id, concept) {
                add(concept, grades.close * nearness, Relation::Close);
                // Those that the other scheme does not tell apart from it.
                let others = self.related(concept).filter(|(other, _)| self.is_same_of_other_scheme(concept, *other));
                others.for_each(|(other, second)| add(other, grades.sibling * nearness * second, Relation::Sibling));
            } else {
                add(concept, grades.related * nearness, Relation::Related);
            }
        }
        near.sort_by(|a, b| {
            a.concept.cmp(&b.concept).then(b.grade.total_cmp(&a.grade)).then(a.relation.cmp(&b.relation))
        });
        near.dedup_by_key(|graded| graded.concept);
        near
    }

    /// The minor groups of ISCO-08, of three digits, that an occupation is in.
    fn minor_groups(&self, id: ConceptId) -> Vec<ConceptId> {
        const MINOR_GROUP: usize = "isco:251".len();
        let mut level: Vec<ConceptId> = self.broader(id).collect();
        for _ in 0..DEEPEST {
            let is_minor = |group: &ConceptId| {
                self.kind(*group) == Some(ConceptKind::OccupationGroup)
                    && self.concept(*group).is_some_and(|group| group.uri.len() == MINOR_GROUP)
            };
            if level.iter().any(is_minor) {
                return level.into_iter().filter(is_minor).collect();
            }
            level = level.into_iter().flat_map(|above| self.broader(above)).collect();
        }
        Vec::new()
    }

    /// Whether a concept is narrow enough that what lies beneath it is alike: an occupation, or a unit group of ISCO-08.
    fn is_telling(&self, id: ConceptId) -> bool {
        const UNIT_GROUP: usize = "isco:2512".len();
        self.concept(id).is_some_and(|concept| match concept.kind {
            ConceptKind::OccupationGroup => concept.uri.len() == UNIT_GROUP,
            ConceptKind::SkillGroup => false,
            _ => true,
        })
    }

    /// Whether both are occupations, or both skills.
    fn is_like(&self, one: ConceptId, other: ConceptId) -> bool {
        let is_occupation = |id| self.kind(id).map(ConceptKind::is_occupation);
        is_occupation(one) == is_occupation(other)
    }

    fn is_same_of_other_scheme(&self, one: ConceptId, other: ConceptId) -> bool {
        matches!(
            (self.kind(one), self.kind(other)),
            (Some(ConceptKind::Occupation), Some(ConceptKind::OnetOccupation))
                | (Some(ConceptKind::OnetOccupation), Some(ConceptKind::Occupation))
        )
    }
}
