//! Who the synthetic people are, and how many of each: the constants of the population in one place.

use serde::Serialize;

/// What kind of candidate a person is. The candidate's record never says so; the truth does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Archetype {
    /// Looking now, complete, reachable: the needle.
    Active,
    /// Lost the position together with others of one employer in one month; open to work.
    LaidOff,
    /// Very able, honest about it, employed, sometimes persuadable.
    Strong,
    /// Employed, decent, not looking hard.
    Steady,
    /// Posts a lot, has many followers, sells something, is not looking.
    Seller,
    /// Lists many skills that no position supports.
    Boaster,
    /// Left a name, a title and little else.
    HalfEmpty,
    /// Wrote a profile years ago and has not been back.
    Dormant,
}

impl Archetype {
    /// Share of each archetype per thousand people; the sum is 1,000.
    pub const RATES: [(Archetype, u32); 8] = [
        (Archetype::Active, 8),
        (Archetype::LaidOff, 7),
        (Archetype::Strong, 50),
        (Archetype::Steady, 160),
        (Archetype::Seller, 30),
        (Archetype::Boaster, 60),
        (Archetype::HalfEmpty, 150),
        (Archetype::Dormant, 535),
    ];

    /// How this archetype behaves.
    pub(super) fn habits(self) -> Habits {
        match self {
            Archetype::Active => Habits::new((0, 25), (3, 9), 30, (0, 5), (0.55, 0.85), (0.80, 1.0)),
            Archetype::LaidOff => Habits::new((0, 60), (3, 8), 45, (0, 4), (0.50, 0.80), (0.75, 1.0)),
            Archetype::Strong => Habits::new((20, 500), (0, 3), 300, (2, 9), (0.12, 0.35), (0.20, 0.60)),
            Archetype::Steady => Habits::new((30, 700), (0, 3), 400, (0, 4), (0.12, 0.35), (0.15, 0.50)),
            Archetype::Seller => Habits::new((0, 30), (5, 14), 60, (1, 6), (0.03, 0.12), (0.00, 0.10)),
            Archetype::Boaster => Habits::new((10, 600), (1, 4), 200, (0, 5), (0.15, 0.40), (0.40, 0.80)),
            Archetype::HalfEmpty => Habits::new((400, 4_500), (0, 1), 4_500, (0, 2), (0.02, 0.08), (0.05, 0.30)),
            Archetype::Dormant => Habits::new((500, 4_500), (0, 1), 4_500, (0, 2), (0.01, 0.05), (0.05, 0.30)),
        }
    }

    /// Whether people of this archetype never come back to their profile.
    pub(super) fn gone(self) -> bool {
        matches!(self, Archetype::HalfEmpty | Archetype::Dormant)
    }

    /// Whether people of this archetype look for work now.
    pub(super) fn looking(self) -> bool {
        matches!(self, Archetype::Active | Archetype::LaidOff)
    }
}

/// Ranges of an archetype's behaviour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    /// Days since the profile was last changed.
    pub(super) changed: (u32, u32),
    /// Log-ins, and within how many days.
    pub(super) log_ins: (u32, u32),
    pub(super) log_in_days: u32,
    /// Messages from recruiters to a person who is not popular.
    pub(super) outreach: (u32, u32),
    pub(super) reply: (f64, f64),
    pub(super) openness: (f64, f64),
}

impl Habits {
    #[expect(clippy::too_many_arguments, reason = "a row of the table above")]
    fn new(
        changed: (u32, u32),
        log_ins: (u32, u32),
        log_in_days: u32,
        outreach: (u32, u32),
        reply: (f64, f64),
        openness: (f64, f64),
    ) -> Self {
        Self { changed, log_ins, log_in_days, outreach, reply, openness }
    }
}

/// Share of each language per hundred people; the sum is 100.
pub(super) const LANGUAGES: [(Language, u32); 5] =
    [(Language::En, 40), (Language::De, 18), (Language::It, 16), (Language::Es, 14), (Language::Fr, 12)];

/// How many consecutive people share a layoff: those among them who were laid off lost the same employer.
pub(super) const COHORT_BLOCK: u64 = 2_000;

/// Probabilities of what makes real records hard to read.
pub(super) mod irregular {
    /// An earlier position was never closed.
    pub(in super::super) const STALE_OPEN: f64 = 0.08;
    /// A gap between two positions.
    pub(in super::super) const GAP: f64 = 0.14;
    /// Two positions overlap.
    pub(in super::super) const OVERLAP: f64 = 0.08;
    /// A position without any date.
    pub(in super::super) const UNDATED: f64 = 0.04;
    /// All dates are years only; all dates are days.
    pub(in super::super) const YEARS_ONLY: f64 = 0.14;
    pub(in super::super) const DAYS: f64 = 0.08;
    /// The career began in another family of occupations.
    pub(in super::super) const CAREER_CHANGE: f64 = 0.06;
    /// A position serves the trade of others: the look-alike of people of that trade.
    pub(in super::super) const LOOK_ALIKE: f64 = 0.30;
    /// The CV is attached as a document, and the profile then carries only a name.
    pub(in super::super) const DOCUMENT: f64 = 0.05;
    pub(in super::super) const DOCUMENT_ONLY: f64 = 0.3;
    /// Everyone's recruiters write to this person; among strong people.
    pub(in super::super) const POPULAR: f64 = 0.03;
    pub(in super::super) const POPULAR_STRONG: f64 = 0.30;
    /// Says where, among those who are open to work; of these, another city of the country, and anywhere in it.
    pub(in super::super) const WISHED_PLACE: f64 = 0.33;
    pub(in super::super) const WISHED_ELSEWHERE: (f64, f64) = (0.2, 0.1);
    /// Asked not to be written to.
    pub(in super::super) const DO_NOT_CONTACT: f64 = 0.01;
}

/// The language of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// Italian.
    It,
    /// Spanish.
    Es,
    /// French.
    Fr,
}

impl Language {
    pub(super) const ALL: [Language; 5] = [Language::En, Language::De, Language::It, Language::Es, Language::Fr];

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    pub(super) fn code(self) -> &'static str {
        ["en", "de", "it", "es", "fr"][self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole() {
        assert_eq!(Archetype::RATES.iter().map(|rate| rate.1).sum::<u32>(), 1_000);
        assert_eq!(LANGUAGES.iter().map(|share| share.1).sum::<u32>(), 100);
    }
}
