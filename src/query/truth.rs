//! Three-valued logic: absent is not no.
//!
//! Kleene's strong logic (S. C. Kleene, *Introduction to Metamathematics*, 1952, §64): with No < Unknown < Yes, "and"
//! is the minimum, "or" the maximum, "not" turns the order round.

use std::ops::Not;

use serde::{Deserialize, Serialize};

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Truth {
    /// It is not so.
    No,
    /// Nothing is known about it.
    Unknown,
    /// It is so.
    Yes,
}

impl Truth {
    /// Yes where both are yes; no where either is no.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Yes where either is yes; no where both are no.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// The conjunction of all; yes for none.
    pub fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().fold(Self::Yes, Self::and)
    }

    /// The disjunction of all; no for none.
    pub fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().fold(Self::No, Self::or)
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }
}

/// What becomes of a candidate of whom a filter or demand is unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Unknowns {
    /// Left out, and counted.
    #[default]
    Exclude,
    /// Kept, marked and counted.
    Include,
}

impl Unknowns {
    /// Whether a candidate with this verdict stays.
    pub fn admits(self, truth: Truth) -> bool {
        match truth {
            Truth::Yes => true,
            Truth::Unknown => self == Self::Include,
            Truth::No => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, No, Unknown, Yes};
    use super::Unknowns;

    #[test]
    fn follows_kleenes_tables() {
        let conjunction = [
            (No, No, No),
            (No, Unknown, No),
            (No, Yes, No),
            (Unknown, Unknown, Unknown),
            (Unknown, Yes, Unknown),
            (Yes, Yes, Yes),
        ];
        for (a, b, expected) in conjunction {
            assert_eq!((a.and(b), b.and(a)), (expected, expected), "{a:?} and {b:?}");
            assert_eq!((!a).or(!b), !expected, "De Morgan for {a:?}, {b:?}");
        }
        let disjunction = [
            (No, No, No),
            (No, Unknown, Unknown),
            (No, Yes, Yes),
            (Unknown, Unknown, Unknown),
            (Unknown, Yes, Yes),
            (Yes, Yes, Yes),
        ];
        for (a, b, expected) in disjunction {
            assert_eq!((a.or(b), b.or(a)), (expected, expected), "{a:?} or {b:?}");
        }
        assert_eq!([!No, !Unknown, !Yes], [Yes, Unknown, No]);
        assert_eq!((Truth::all([]), Truth::any([])), (Yes, No));
    }

    #[test]
    fn unknown_is_admitted_only_where_asked_for() {
        assert_eq!([No, Unknown, Yes].map(|truth| Unknowns::Exclude.admits(truth)), [false, false, true]);
        assert_eq!([No, Unknown, Yes].map(|truth| Unknowns::Include.admits(truth)), [false, true, true]);
    }
}
