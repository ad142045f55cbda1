//! Facts that are no words: what a person states of their availability, and what happened when.
//!
//! `open:true`, `remote:false`, `years:5..10`, `active:<30d`, `contacted:>=90d`, `applied:7d..30d`, `replied:true`. An age is the time
//! from the last event of its kind to `asOf`; a day has 86,400 seconds. `near:"Milano"~50km` is a fact too.

use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};

use super::circle::Circle;

const DAY_SECONDS: i64 = 86_400;

/// The longest age that can be asked for: a century.
pub(super) const MAX_DAYS: u32 = 36_525;

/// The longest career that can be asked for, in years.
pub(super) const MAX_YEARS: f64 = 100.0;

/// Age below which somebody counts as active where no age is asked for.
const ACTIVE_DAYS: u32 = 30;

/// A fact of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// `active:`, the last thing that the person did; unknown where nothing is known.
    Active,
    /// `open:`, open to work; unknown where nothing was said.
    Open,
    /// `remote:`, wishes to work remotely; unknown where nothing was said.
    Remote,
    /// `years:`, total experience; unknown where no position has a start.
    Years,
    /// `near:`, where the person lives; unknown where no known place is stated.
    Near,
    /// `relocate:`, where the person wishes to move to; unknown where no known place is wished.
    Relocate,
    /// `applied:`
    Applied,
    /// `interviewed:`
    Interviewed,
    /// `contacted:`, a recruiter wrote.
    Contacted,
    /// `replied:`, the person answered; a refusal is no reply.
    Replied,
}

impl Fact {
    /// The name of its field.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Open => "open",
            Self::Remote => "remote",
            Self::Years => "years",
            Self::Near => "near",
            Self::Relocate => "relocate",
            Self::Applied => "applied",
            Self::Interviewed => "interviewed",
            Self::Contacted => "contacted",
            Self::Replied => "replied",
        }
    }

    /// Whether nothing known is unknown instead of a no. What Lodestone itself keeps a log of is never unknown: without
    /// an event of its kind it did not happen.
    pub fn is_three_valued(self) -> bool {
        matches!(self, Self::Active | Self::Open | Self::Remote | Self::Years | Self::Near | Self::Relocate)
    }
}

/// What is asked of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactTest {
    /// Of which fact.
    pub fact: Fact,
    /// What.
    pub wanted: Wanted,
}

/// The value that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// That it is so or ever happened, or not.
    Is(bool),
    /// That its last time lies so far back.
    Age(AgeRange),
    /// That it lasted so long.
    Months(MonthRange),
    /// That it lies there.
    Within(Circle),
}

/// A range of months, both ends included; at least one end is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MonthRange {
    /// At least.
    pub from: Option<u32>,
    /// At most.
    pub to: Option<u32>,
}

impl MonthRange {
    /// Whether so many months lie in the range.
    pub fn contains(&self, months: u32) -> bool {
        self.from.is_none_or(|from| months >= from) && self.to.is_none_or(|to| months <= to)
    }
}

impl AgeBound {
    /// The longest age that can be asked for: a century.
    pub const MAX_DAYS: u32 = MAX_DAYS;
}

/// A range of ages; at least one end is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AgeRange {
    /// At least, or more than.
    pub from: Option<AgeBound>,
    /// At most, or less than.
    pub to: Option<AgeBound>,
}

/// One end of a range of ages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeBound {
    /// Days.
    pub days: u32,
    /// Whether the end itself belongs to the range.
    pub is_included: bool,
}

impl AgeRange {
    /// At most so many days ago.
    pub fn within(days: u32) -> Self {
        Self { from: None, to: Some(AgeBound { days, is_included: true }) }
    }

    /// The greatest age that is looked at, in seconds; the longest there is where no end is given.
    pub fn longest_seconds(&self) -> i64 {
        self.to.map_or(i64::MAX, |to| i64::from(to.days) * DAY_SECONDS)
    }

    /// Whether an age lies in the range.
    pub fn contains(&self, age_seconds: i64) -> bool {
        let seconds = |bound: AgeBound| i64::from(bound.days) * DAY_SECONDS;
        let is_old_enough = self
            .from
            .is_none_or(|from| age_seconds > seconds(from) || (from.is_included && age_seconds == seconds(from)));
        let is_young_enough =
            self.to.is_none_or(|to| age_seconds < seconds(to) || (to.is_included && age_seconds == seconds(to)));
        is_old_enough && is_young_enough
    }
}

/// What was assumed of a value that is not written as documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Assumed {
    /// Nothing: it is.
    Nothing,
    /// A number without a unit counts days.
    Days,
    /// An age without a comparison is the longest.
    AtMost,
    /// Years without a comparison are the fewest.
    AtLeast,
    /// `active:true` names no age.
    Active,
}

impl FactTest {
    /// Reads the value of a fact's field; `None` where it is none.
    pub(super) fn read(fact: Fact, typed: &str) -> Option<(Self, Assumed)> {
        let lower = typed.to_ascii_lowercase();
        let is = match lower.as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        };
        let (wanted, assumed) = match (is, fact) {
            (Some(true), Fact::Active) => {
                let to = AgeBound { days: ACTIVE_DAYS, is_included: false };
                (Wanted::Age(AgeRange { from: None, to: Some(to) }), Assumed::Active)
            }
            (Some(false), Fact::Active) => {
                let from = AgeBound { days: ACTIVE_DAYS, is_included: true };
                (Wanted::Age(AgeRange { from: Some(from), to: None }), Assumed::Active)
            }
            (_, Fact::Years) => {
                let (range, assumed) = read_month_range(&lower)?;
                (Wanted::Months(range), assumed)
            }
            (Some(is), _) => (Wanted::Is(is), Assumed::Nothing),
            // Places are read apart: their names have spaces.
            (None, Fact::Open | Fact::Remote) | (_, Fact::Near | Fact::Relocate) => return None,
            (None, _) => {
                let (range, assumed) = read_age_range(&lower)?;
                (Wanted::Age(range), assumed)
            }
        };
        Some((Self { fact, wanted }, assumed))
    }

    /// What values the field takes, for a message.
    pub(super) fn expected(fact: Fact) -> &'static str {
        match fact {
            Fact::Open | Fact::Remote => "`true` or `false`",
            Fact::Active => "an age such as `<30d`",
            Fact::Years => "years such as `5..10` or `>=5`",
            Fact::Near | Fact::Relocate => "a place and a distance such as `\"Milano\"~50km`",
            _ => "`true`, `false` or an age such as `<30d`",
        }
    }
}

fn read_age_range(typed: &str) -> Option<(AgeRange, Assumed)> {
    if let Some((from, to)) = typed.split_once("..") {
        let ((from, first), (to, second)) = (read_days(from)?, read_days(to)?);
        let bound = |days| Some(AgeBound { days, is_included: true });
        let assumed = if first == Assumed::Nothing { second } else { first };
        return (from <= to).then_some((AgeRange { from: bound(from), to: bound(to) }, assumed));
    }
    let operators = [("<=", false, true), (">=", true, true), ("<", false, false), (">", true, false)];
    for (operator, is_lower_end, is_included) in operators {
        let Some(rest) = typed.strip_prefix(operator) else { continue };
        let (days, assumed) = read_days(rest)?;
        let bound = Some(AgeBound { days, is_included });
        let range = if is_lower_end { AgeRange { from: bound, to: None } } else { AgeRange { from: None, to: bound } };
        return Some((range, assumed));
    }
    let (days, _) = read_days(typed)?;
    Some((AgeRange::within(days), Assumed::AtMost))
}

/// `5..10`, `>=5`, `<2.5`, `5+`; months as `30m`.
pub(super) fn read_month_range(typed: &str) -> Option<(MonthRange, Assumed)> {
    let least = |months: f64| Some(months.ceil() as u32);
    let most = |months: f64| Some(months.floor() as u32);
    if let Some((from, to)) = typed.split_once("..") {
        let range = MonthRange { from: least(read_months(from)?), to: most(read_months(to)?) };
        return (range.from <= range.to).then_some((range, Assumed::Nothing));
    }
    let from = |from| MonthRange { from, to: None };
    let to = |to| MonthRange { from: None, to };
    if let Some(rest) = typed.strip_prefix(">=").or_else(|| typed.strip_suffix('+')) {
        return Some((from(least(read_months(rest)?)), Assumed::Nothing));
    }
    if let Some(rest) = typed.strip_prefix("<=") {
        return Some((to(most(read_months(rest)?)), Assumed::Nothing));
    }
    if let Some(rest) = typed.strip_prefix('>') {
        return Some((from(most(read_months(rest)?).map(|months| months + 1)), Assumed::Nothing));
    }
    if let Some(rest) = typed.strip_prefix('<') {
        let below = least(read_months(rest)?)?.checked_sub(1)?;
        return Some((to(Some(below)), Assumed::Nothing));
    }
    Some((from(least(read_months(typed)?)), Assumed::AtLeast))
}

/// Months of a number of years, or of months (`30m`).
fn read_months(typed: &str) -> Option<f64> {
    let (number, factor) = match typed.strip_suffix('m') {
        Some(months) => (months, 1.0),
        None => (typed.strip_suffix('y').unwrap_or(typed), 12.0),
    };
    let is_plain = number.bytes().all(|letter| letter.is_ascii_digit() || letter == b'.');
    let number: f64 = number.parse().ok().filter(|_| is_plain)?;
    Some(number * factor).filter(|months| *months <= MAX_YEARS * 12.0)
}

/// Days, weeks (7 days), months (30 days) or years (365 days).
fn read_days(typed: &str) -> Option<(u32, Assumed)> {
    let digits = typed.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = typed[..digits].parse().ok()?;
    let (days, assumed) = match &typed[digits..] {
        "d" => (1, Assumed::Nothing),
        "w" => (7, Assumed::Nothing),
        "m" => (30, Assumed::Nothing),
        "y" => (365, Assumed::Nothing),
        "" => (1, Assumed::Days),
        _ => return None,
    };
    number.checked_mul(days).filter(|days| *days <= MAX_DAYS).map(|days| (days, assumed))
}

/// Months as whole years, else as months.
struct Years(u32);

impl Display for Years {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(12) { write!(f, "{}", self.0 / 12) } else { write!(f, "{}m", self.0) }
    }
}

impl Display for MonthRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let (Some(from), Some(to)) = (self.from, self.to) {
            return write!(f, "{}..{}", Years(from), Years(to));
        }
        self.from.iter().try_for_each(|from| write!(f, ">={}", Years(*from)))?;
        self.to.iter().try_for_each(|to| write!(f, "<={}", Years(*to)))
    }
}

impl Display for Wanted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(is) => write!(f, "{is}"),
            Self::Months(range) => write!(f, "{range}"),
            Self::Within(circle) => write!(f, "{circle}"),
            Self::Age(AgeRange { from: Some(from), to: Some(to) }) => write!(f, "{}d..{}d", from.days, to.days),
            Self::Age(AgeRange { from, to }) => {
                let ends = [(">", from), ("<", to)];
                ends.into_iter().try_for_each(|(sign, bound)| match bound {
                    Some(bound) => write!(f, "{sign}{}{}d", if bound.is_included { "=" } else { "" }, bound.days),
                    None => Ok(()),
                })
            }
        }
    }
}

impl Display for FactTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.fact.name(), self.wanted)
    }
}

impl Serialize for FactTest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fact: Fact, typed: &str) -> Option<String> {
        FactTest::read(fact, typed).map(|(test, assumed)| format!("{test} {assumed:?}"))
    }

    #[test]
    fn values_are_read_as_documented() {
        let cases = [
            (Fact::Active, "<30d", Some("active:<30d Nothing")),
            (Fact::Active, ">=2w", Some("active:>=14d Nothing")),
            (Fact::Contacted, ">3m", Some("contacted:>90d Nothing")),
            (Fact::Contacted, "<=1y", Some("contacted:<=365d Nothing")),
            (Fact::Applied, "7d..30d", Some("applied:7d..30d Nothing")),
            (Fact::Applied, "30d..7d", None),
            (Fact::Active, "<30", Some("active:<30d Days")),
            (Fact::Active, "30d", Some("active:<=30d AtMost")),
            (Fact::Active, "TRUE", Some("active:<30d Active")),
            (Fact::Active, "no", Some("active:>=30d Active")),
            (Fact::Open, "yes", Some("open:true Nothing")),
            (Fact::Open, "<30d", None),
            (Fact::Replied, "false", Some("replied:false Nothing")),
            (Fact::Replied, "often", None),
            (Fact::Years, "5..10", Some("years:5..10 Nothing")),
            (Fact::Years, ">=5", Some("years:>=5 Nothing")),
            (Fact::Years, "5+", Some("years:>=5 Nothing")),
            (Fact::Years, ">5", Some("years:>=61m Nothing")),
            (Fact::Years, "<5", Some("years:<=59m Nothing")),
            (Fact::Years, "<=2.5y", Some("years:<=30m Nothing")),
            (Fact::Years, "5", Some("years:>=5 AtLeast")),
            (Fact::Years, "<0", None),
            (Fact::Years, "10..5", None),
            (Fact::Years, "true", None),
            (Fact::Years, "1e3", None),
            (Fact::Years, ">=101", None),
            (Fact::Active, "<", None),
            (Fact::Active, "<99999999999d", None),
            (Fact::Active, "<101y", None),
        ];
        for (fact, typed, expected) in cases {
            assert_eq!(read(fact, typed).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn the_ends_of_a_range_are_exact() {
        let range = |typed: &str| read_age_range(typed).unwrap().0;
        let day = DAY_SECONDS;
        for (typed, inside, outside) in [
            ("<2d", 2 * day - 1, 2 * day),
            ("<=2d", 2 * day, 2 * day + 1),
            (">2d", 2 * day + 1, 2 * day),
            (">=2d", 2 * day, 2 * day - 1),
            ("1d..2d", day, day - 1),
            ("1d..2d", 2 * day, 2 * day + 1),
        ] {
            assert!(range(typed).contains(inside), "{typed} {inside}");
            assert!(!range(typed).contains(outside), "{typed} {outside}");
        }
    }
}
