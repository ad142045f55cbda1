//! What a concept is, and how names belong to it.

use serde::Serialize;

/// A concept of the taxonomy, by its number. Stable only within one version of the taxonomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConceptId(pub(crate) u32);

impl ConceptId {
    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// What a concept is. Concepts are numbered kind by kind, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ConceptKind {
    /// A group of occupations of ISCO-08, one to four digits.
    OccupationGroup,
    /// An occupation of ESCO.
    Occupation,
    /// An occupation of O*NET-SOC: often a class of several of ESCO's.
    OnetOccupation,
    /// A group of skills of ESCO, or a class of products of O*NET.
    SkillGroup,
    /// A skill or a field of knowledge of ESCO.
    Skill,
    /// A product, a language or a technique by name: O*NET's, and our own.
    Technology,
}

impl ConceptKind {
    /// Every kind, in order.
    pub const ALL: [Self; 6] = [
        Self::OccupationGroup,
        Self::Occupation,
        Self::OnetOccupation,
        Self::SkillGroup,
        Self::Skill,
        Self::Technology,
    ];

    /// Whether a person can be one: an occupation of whichever scheme, or a group of them.
    pub fn is_occupation(self) -> bool {
        matches!(self, Self::OccupationGroup | Self::Occupation | Self::OnetOccupation)
    }

    /// Who speaks of the concept so: `ESCO`, `ISCO-08`, `O*NET`.
    pub fn scheme(self, uri: &str) -> &'static str {
        match self {
            Self::OccupationGroup => "ISCO-08",
            Self::Occupation | Self::Skill => "ESCO",
            Self::OnetOccupation => "O*NET",
            Self::SkillGroup if uri.starts_with("esco:") => "ESCO",
            Self::SkillGroup | Self::Technology if uri.starts_with("onet:") => "O*NET",
            Self::SkillGroup | Self::Technology => "Lodestone",
        }
    }
}

/// How a name belongs to a concept; the earlier, the more it is the concept's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// The preferred label.
    Preferred,
    /// An alternative label.
    Alternative,
    /// A name made by rule out of a label, or of our own list of aliases.
    Derived,
    /// A title that people reported for a class of occupations.
    Reported,
}

impl NameKind {
    /// Every kind, in order.
    pub(super) const ALL: [Self; 4] = [Self::Preferred, Self::Alternative, Self::Derived, Self::Reported];
}

/// The languages of labels, as a set: one bit each, in the order of [`LanguageSet::CODES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct LanguageSet(pub(super) u32);

impl LanguageSet {
    /// ISO 639-1 codes of the languages that ESCO's labels come in here.
    pub const CODES: [&'static str; 21] = [
        "bg", "cs", "da", "de", "en", "es", "et", "fr", "hr", "hu", "it", "lt", "lv", "nl", "no", "pl", "pt", "ro",
        "sk", "sl", "sv",
    ];

    /// Every language.
    pub const ALL: Self = Self((1 << Self::CODES.len()) - 1);

    /// English.
    pub const ENGLISH: Self = Self(1 << 4);

    /// The set of one language; `None` for a code that no label has.
    pub fn of(code: &str) -> Option<Self> {
        Self::CODES.iter().position(|known| *known == code).map(|at| Self(1 << at))
    }

    /// Both together.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets share a language.
    pub fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The codes of the languages in the set.
    pub fn codes(self) -> impl Iterator<Item = &'static str> {
        Self::CODES.into_iter().enumerate().filter(move |(at, _)| self.0 >> at & 1 == 1).map(|(_, code)| code)
    }
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The concept.
    pub concept: ConceptId,
    /// In which languages it is called so.
    pub languages: LanguageSet,
    /// How the name belongs to it.
    pub kind: NameKind,
    /// Whether the name is a common word too, and in running text stands for the concept only where the context says so.
    pub needs_context: bool,
}

impl Meaning {
    const CONTEXT: u32 = 1 << 31;
    const KIND_SHIFT: u32 = 28;

    /// Languages, kind and whether context is needed, in one number.
    pub(super) fn flags(&self) -> u32 {
        let context = if self.needs_context { Self::CONTEXT } else { 0 };
        self.languages.0 | (self.kind as u32) << Self::KIND_SHIFT | context
    }

    /// The inverse of [`Meaning::flags`].
    pub(super) fn read(concept: u32, flags: u32) -> Self {
        Self {
            concept: ConceptId(concept),
            languages: LanguageSet(flags & LanguageSet::ALL.0),
            kind: NameKind::ALL[(flags >> Self::KIND_SHIFT & 3) as usize],
            needs_context: flags & Self::CONTEXT != 0,
        }
    }
}
