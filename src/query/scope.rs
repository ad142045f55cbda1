//! The named fields of the query language, and where each of them looks.

use serde::{Serialize, Serializer};

use super::fact::Fact;
use super::skill_test::SkillWanted;
use crate::candidate::TextField::{self, *};

/// Where a clause looks: the whole profile, or one named field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// No field was named: every text of the profile ([`TextField::ANYWHERE`]).
    Anywhere,
    /// `title:`, current or past.
    Title,
    /// `currentTitle:`
    CurrentTitle,
    /// `pastTitle:`
    PastTitle,
    /// `company:`, current or past.
    Company,
    /// `currentCompany:`
    CurrentCompany,
    /// `pastCompany:`
    PastCompany,
    /// `skill:`
    Skill,
    /// `school:`
    School,
    /// `degree:`
    Degree,
    /// `location:`
    Location,
    /// `country:`, an ISO 3166 code; no text field.
    Country,
    /// `language:`
    Language,
    /// `industry:`
    Industry,
    /// `summary:`
    Summary,
    /// `name:`
    Name,
    /// `tag:`
    Tag,
    /// `cohort:`
    Cohort,
    /// `source:`
    Source,
    /// `active:`, `open:` and their kin: no text field.
    Fact(Fact),
    /// `skillYears(…)`: the dated positions.
    SkillYears,
    /// `evidence(…)`: whatever supports a skill.
    Evidence,
    /// `concept:`: what the texts say, in concepts; no text field.
    Concept,
}

/// Every named field, in the order of the documentation.
const NAMED: [Scope; 29] = [
    Scope::Title,
    Scope::CurrentTitle,
    Scope::PastTitle,
    Scope::Company,
    Scope::CurrentCompany,
    Scope::PastCompany,
    Scope::Skill,
    Scope::School,
    Scope::Degree,
    Scope::Location,
    Scope::Country,
    Scope::Language,
    Scope::Industry,
    Scope::Summary,
    Scope::Name,
    Scope::Tag,
    Scope::Cohort,
    Scope::Source,
    Scope::Concept,
    Scope::Fact(Fact::Active),
    Scope::Fact(Fact::Open),
    Scope::Fact(Fact::Remote),
    Scope::Fact(Fact::Years),
    Scope::Fact(Fact::Near),
    Scope::Fact(Fact::Relocate),
    Scope::Fact(Fact::Applied),
    Scope::Fact(Fact::Interviewed),
    Scope::Fact(Fact::Contacted),
    Scope::Fact(Fact::Replied),
];

impl Scope {
    /// Where a question about a skill looks.
    pub(super) fn of_skill(wanted: SkillWanted) -> Self {
        match wanted {
            SkillWanted::Months(_) => Self::SkillYears,
            SkillWanted::Evidence(_) => Self::Evidence,
        }
    }

    /// Whether words have this name before them.
    pub(super) fn is_named(self) -> bool {
        !matches!(self, Self::Anywhere | Self::Fact(_) | Self::SkillYears | Self::Evidence | Self::Concept)
    }

    /// The field of this name in any case.
    pub fn named(name: &str) -> Option<Self> {
        NAMED.into_iter().find(|scope| scope.name().eq_ignore_ascii_case(name))
    }

    /// The documented name, `anywhere` where no field is named.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anywhere => "anywhere",
            Self::Title => "title",
            Self::CurrentTitle => "currentTitle",
            Self::PastTitle => "pastTitle",
            Self::Company => "company",
            Self::CurrentCompany => "currentCompany",
            Self::PastCompany => "pastCompany",
            Self::Skill => "skill",
            Self::School => "school",
            Self::Degree => "degree",
            Self::Location => "location",
            Self::Country => "country",
            Self::Language => "language",
            Self::Industry => "industry",
            Self::Summary => "summary",
            Self::Name => "name",
            Self::Tag => "tag",
            Self::Cohort => "cohort",
            Self::Source => "source",
            Self::Fact(fact) => fact.name(),
            Self::SkillYears => "skillYears",
            Self::Evidence => "evidence",
            Self::Concept => "concept",
        }
    }

    /// The text fields it looks into. Empty for [`Scope::Country`], facts and questions about skills, which are attributes.
    pub fn fields(self) -> &'static [TextField] {
        match self {
            Self::Anywhere => TextField::ANYWHERE,
            Self::Title => &[CurrentTitle, PastTitle],
            Self::CurrentTitle => &[CurrentTitle],
            Self::PastTitle => &[PastTitle],
            Self::Company => &[CurrentCompany, PastCompany],
            Self::CurrentCompany => &[CurrentCompany],
            Self::PastCompany => &[PastCompany],
            Self::Skill => &[Skill],
            Self::School => &[School],
            Self::Degree => &[Degree],
            Self::Location => &[Location],
            Self::Country | Self::Fact(_) | Self::SkillYears | Self::Evidence | Self::Concept => &[],
            Self::Language => &[Language],
            Self::Industry => &[Industry],
            Self::Summary => &[Summary],
            Self::Name => &[Name],
            Self::Tag => &[Tag],
            Self::Cohort => &[Cohort],
            Self::Source => &[Source],
        }
    }

    /// Whether a candidate without any value here is unknown instead of a no.
    pub fn is_three_valued(self) -> bool {
        match self {
            Self::Country | Self::Language | Self::Industry | Self::SkillYears => true,
            Self::Fact(fact) => fact.is_three_valued(),
            _ => false,
        }
    }

    /// Whether it is text of the profile: such words score in the whole profile and are embedded. Names, countries
    /// and labels that others put on a person are not.
    pub fn is_profile_text(self) -> bool {
        let is_label = matches!(self, Self::Name | Self::Tag | Self::Cohort | Self::Source);
        let is_fact = matches!(self, Self::Country | Self::Fact(_) | Self::SkillYears | Self::Evidence | Self::Concept);
        !is_label && !is_fact
    }

    /// The field whose name is nearest to a mistyped one, if any is near.
    pub(super) fn nearest(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let near = NAMED.into_iter().map(|scope| (edits(&name, &scope.name().to_ascii_lowercase()), scope));
        near.min().filter(|(edits, _)| *edits <= (name.len() / 2).min(2)).map(|(_, scope)| scope)
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Levenshtein's distance of two short ASCII names; names longer than any field are far away.
fn edits(typed: &str, field: &str) -> usize {
    const LONGEST: usize = 20;
    if typed.len() > LONGEST {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=field.len()).collect();
    for (i, a) in typed.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in field.bytes().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[field.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_fields() {
        for scope in NAMED {
            assert_eq!(Scope::named(&scope.name().to_ascii_uppercase()), Some(scope));
            assert_eq!(scope.is_profile_text(), scope.fields().iter().any(|field| TextField::ANYWHERE.contains(field)));
        }
        assert_eq!(Scope::named("anywhere"), None);
    }

    #[test]
    fn suggests_only_near_names() {
        assert_eq!(Scope::nearest("titel"), Some(Scope::Title));
        assert_eq!(Scope::nearest("skills"), Some(Scope::Skill));
        assert_eq!(Scope::nearest("CurentTitle"), Some(Scope::CurrentTitle));
        assert_eq!(Scope::nearest("java"), None);
        assert_eq!(Scope::nearest(&"x".repeat(50_000)), None);
    }
}
