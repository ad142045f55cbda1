//! Weights of words: `java^2`.

use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};

/// How much more or less than one a word counts, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight(u32);

impl Weight {
    /// What a word weighs without a weight.
    pub const ONE: Self = Self(100);

    /// The smallest.
    pub const MIN: Self = Self(10);

    /// The largest.
    pub const MAX: Self = Self(1_000);

    /// Reads `2` or `0.5`; a number outside the limits is put to the nearest of them. `None` where it is no number.
    pub(super) fn read(typed: &str) -> Option<(Self, bool)> {
        let is_plain = typed.bytes().all(|letter| letter.is_ascii_digit() || letter == b'.');
        let number: f64 = typed.parse().ok().filter(|_| is_plain)?;
        let percent = (number * 100.0).round();
        let (least, most) = (f64::from(Self::MIN.0), f64::from(Self::MAX.0));
        Some((Self(percent.clamp(least, most) as u32), !(least..=most).contains(&percent)))
    }

    /// The nearest to a number within the limits.
    pub(super) fn of(weight: f64) -> Self {
        Self(((weight * 100.0).round().max(0.0) as u32).clamp(Self::MIN.0, Self::MAX.0))
    }

    /// In hundredths.
    pub fn percent(self) -> u32 {
        self.0
    }

    /// Weights of a group and of a word in it multiply, within the limits.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self((self.0 * other.0 / 100).clamp(Self::MIN.0, Self::MAX.0))
    }
}

impl Default for Weight {
    fn default() -> Self {
        Self::ONE
    }
}

impl Display for Weight {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", f64::from(self.0) / 100.0)
    }
}

impl Serialize for Weight {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_keep_their_limits() {
        let read = |typed| Weight::read(typed).map(|(weight, is_cut)| (weight.percent(), is_cut));
        assert_eq!(read("2"), Some((200, false)));
        assert_eq!(read("0.25"), Some((25, false)));
        assert_eq!(read("0"), Some((10, true)));
        assert_eq!(read("99999999999999999999"), Some((1_000, true)));
        for typed in ["", ".", "1e3", "-1", "2.5.1", "inf"] {
            assert_eq!(read(typed), None, "{typed}");
        }
        assert_eq!(Weight::MAX.times(Weight::MAX), Weight::MAX);
        assert_eq!(Weight(250).to_string(), "2.5");
    }
}
