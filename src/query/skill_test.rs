//! What is asked of one skill: `skillYears(rust):>=3`, `evidence(rust):>=used`.

use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};

use super::fact::{Assumed, MonthRange, read_month_range};
use crate::candidate::Grade;

/// Every grade, the lowest first.
const GRADES: [(Grade, &str); 3] = [(Grade::Listed, "listed"), (Grade::Used, "used"), (Grade::Proven, "proven")];

/// A question about one skill. Skills are named as typed: case and accents folded, the words side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillTest {
    /// The skill's words, folded.
    pub words: Vec<String>,
    /// What is asked.
    pub wanted: SkillWanted,
}

/// What is asked of a skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkillWanted {
    /// Months of the dated positions that name it, overlaps once. None where no text of the profile names it; unknown
    /// where it is named, but in no dated position.
    Months(MonthRange),
    /// The best evidence of it.
    Evidence(GradeRange),
}

/// A range of grades, both ends included; `None` is below every grade: nothing names the skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GradeRange {
    /// At least.
    pub from: Option<Grade>,
    /// At most.
    pub to: Option<Grade>,
}

impl GradeRange {
    /// Whether the best evidence lies in the range.
    pub fn contains(&self, best: Option<Grade>) -> bool {
        self.from <= best && best <= self.to
    }
}

/// The functions of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SkillFunction {
    /// `skillYears(…)`
    SkillYears,
    /// `evidence(…)`
    Evidence,
}

impl SkillFunction {
    /// The function of this name in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::SkillYears, Self::Evidence].into_iter().find(|function| function.name().eq_ignore_ascii_case(name))
    }

    /// The documented name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SkillYears => "skillYears",
            Self::Evidence => "evidence",
        }
    }

    /// What values it takes, for a message.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::SkillYears => "a skill and years, as in `skillYears(rust):>=3`",
            Self::Evidence => "a skill and a grade, as in `evidence(rust):>=used` (listed, used, proven)",
        }
    }

    /// Reads what is asked; `None` where it is nothing of the kind.
    pub(super) fn read(self, typed: &str) -> Option<(SkillWanted, Assumed)> {
        let lower = typed.to_ascii_lowercase();
        match self {
            Self::SkillYears => read_month_range(&lower).map(|(range, assumed)| (SkillWanted::Months(range), assumed)),
            Self::Evidence => read_grades(&lower).map(|(range, assumed)| (SkillWanted::Evidence(range), assumed)),
        }
    }
}

fn read_grades(typed: &str) -> Option<(GradeRange, Assumed)> {
    let named = |name: &str| GRADES.into_iter().find(|(_, of)| *of == name).map(|(grade, _)| grade);
    let above = |grade| GRADES.into_iter().map(|(other, _)| other).find(|other| *other > grade);
    let below = |grade| GRADES.into_iter().map(|(other, _)| other).rfind(|other| *other < grade);
    let range = |from, to| GradeRange { from, to };
    let highest = Some(Grade::Proven);
    let read = if let Some(name) = typed.strip_prefix(">=") {
        range(Some(named(name)?), highest)
    } else if let Some(name) = typed.strip_prefix("<=") {
        range(None, Some(named(name)?))
    } else if let Some(name) = typed.strip_prefix('>') {
        range(Some(above(named(name)?)?), highest)
    } else if let Some(name) = typed.strip_prefix('<') {
        range(None, below(named(name)?))
    } else if let Some(name) = typed.strip_prefix('=') {
        range(Some(named(name)?), Some(named(name)?))
    } else {
        return named(typed).map(|grade| (range(Some(grade), highest), Assumed::AtLeast));
    };
    Some((read, Assumed::Nothing))
}

impl Display for GradeRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = |grade: Grade| GRADES[grade as usize].1;
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => write!(f, "={}", name(to)),
            (Some(from), _) => write!(f, ">={}", name(from)),
            (None, Some(to)) => write!(f, "<={}", name(to)),
            (None, None) => write!(f, "<{}", name(Grade::Listed)),
        }
    }
}

impl Display for SkillWanted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Months(range) => write!(f, "{range}"),
            Self::Evidence(range) => write!(f, "{range}"),
        }
    }
}

impl SkillWanted {
    /// The function that asks for it.
    pub(super) fn function(self) -> SkillFunction {
        match self {
            Self::Months(_) => SkillFunction::SkillYears,
            Self::Evidence(_) => SkillFunction::Evidence,
        }
    }
}

impl Display for SkillTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}):{}", self.wanted.function().name(), self.words.join(" "), self.wanted)
    }
}

impl Serialize for SkillTest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_documented() {
        use SkillFunction::{Evidence, SkillYears};
        for (function, typed, expected) in [
            (SkillYears, ">=3", Some(">=3 Nothing")),
            (SkillYears, "2..5", Some("2..5 Nothing")),
            (SkillYears, "3", Some(">=3 AtLeast")),
            (SkillYears, "used", None),
            (Evidence, ">=USED", Some(">=used Nothing")),
            (Evidence, "used", Some(">=used AtLeast")),
            (Evidence, ">used", Some("=proven Nothing")),
            (Evidence, ">proven", None),
            (Evidence, "<used", Some("<=listed Nothing")),
            (Evidence, "<listed", Some("<listed Nothing")),
            (Evidence, "<=proven", Some("<=proven Nothing")),
            (Evidence, "=listed", Some("=listed Nothing")),
            (Evidence, "3", None),
            (Evidence, "", None),
        ] {
            let read = function.read(typed).map(|(wanted, assumed)| format!("{wanted} {assumed:?}"));
            assert_eq!(read.as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn nothing_is_below_listed() {
        let range = |typed| read_grades(typed).unwrap().0;
        assert!(range("<used").contains(None) && range("<used").contains(Some(Grade::Listed)));
        assert!(!range("<used").contains(Some(Grade::Used)) && !range(">=listed").contains(None));
        assert!(range("<listed").contains(None) && !range("<listed").contains(Some(Grade::Listed)));
    }
}
