//! What names of each number are names of, at a glance.
//!
//! Most names that a text could hold are walked through on the way to longer ones or to nothing: so what matters of their
//! meanings is kept in one byte each.

use super::concept::{ConceptKind, Meaning};
use super::format::Tables;
use super::recognize::Sort;

/// Of which sorts a name is, and for which of them it needs context in every meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct NameClass(u8);

impl NameClass {
    fn new(sort: Sort, needs_context: bool) -> Self {
        Self(1 << sort as u8 | u8::from(!needs_context) << (sort as u8 + 2))
    }

    /// Whether the name is one of a sort.
    pub(super) fn is(self, sort: Sort) -> bool {
        self.0 >> sort as u8 & 1 == 1
    }

    /// Whether every meaning of a sort needs context.
    pub(super) fn needs_context(self, sort: Sort) -> bool {
        self.0 >> (sort as u8 + 2) & 1 == 0
    }
}

impl FromIterator<NameClass> for NameClass {
    fn from_iter<I: IntoIterator<Item = NameClass>>(classes: I) -> Self {
        Self(classes.into_iter().fold(0, |all, class| all | class.0))
    }
}

/// The classes of all names, by number.
pub(super) struct NameClasses {
    classes: Vec<NameClass>,
    sorts: Sorts,
}

impl NameClasses {
    pub(super) fn of(tables: &Tables) -> Self {
        let [first_group, first_skill] =
            [ConceptKind::OnetOccupation, ConceptKind::SkillGroup].map(|kind| tables.kind_ends[kind as usize]);
        let sorts = Sorts { first_group, first_skill };
        let concepts = &tables.concepts;
        let of_meanings = concepts.values.iter().zip(&tables.flags);
        let of_meanings: Vec<NameClass> =
            of_meanings.map(|(concept, flags)| sorts.class_of(&Meaning::read(*concept, *flags))).collect();
        let mut start = 0;
        let of_names = concepts.ends.iter().map(|end| {
            let of_name = &of_meanings[std::mem::replace(&mut start, *end as usize)..*end as usize];
            of_name.iter().copied().collect()
        });
        Self { classes: of_names.collect(), sorts }
    }

    /// The class of a name.
    pub(super) fn of_name(&self, name: u32) -> NameClass {
        self.classes.get(name as usize).copied().unwrap_or_default()
    }

    /// The class of a name that has this meaning alone.
    pub(super) fn of_meaning(&self, meaning: &Meaning) -> NameClass {
        self.sorts.class_of(meaning)
    }
}

/// Where the numbers of one sort of concepts end.
#[derive(Clone, Copy)]
struct Sorts {
    /// The first group of skills.
    first_group: u32,
    /// The first skill.
    first_skill: u32,
}

impl Sorts {
    fn class_of(self, meaning: &Meaning) -> NameClass {
        let concept = meaning.concept.number();
        if concept < self.first_group {
            NameClass::new(Sort::Occupation, meaning.needs_context)
        } else if concept < self.first_skill {
            // Groups of skills are called "services", "health", "education": too wide to be named in passing.
            NameClass::default()
        } else {
            NameClass::new(Sort::Skill, meaning.needs_context)
        }
    }
}
