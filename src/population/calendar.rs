//! Months and days as plain numbers: (instant, offset) → the date texts of a profile.

use std::fmt;

use jiff::{Timestamp, tz::TimeZone};

/// A month, counted from year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month(pub(super) i32);

impl Month {
    pub(super) fn of(instant: Timestamp) -> Self {
        let date = instant.to_zoned(TimeZone::UTC).date();
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    pub(super) fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 1 to 12.
    pub(super) fn number(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

/// How exactly a person dates the own past: JSON Resume allows all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateStyle {
    Year,
    Month,
    Day,
}

impl DateStyle {
    /// The start of something that began in this month.
    pub(super) fn start(self, month: Month) -> String {
        match self {
            DateStyle::Year => format!("{:04}", month.year()),
            DateStyle::Month => month.to_string(),
            DateStyle::Day => format!("{month}-01"),
        }
    }

    /// The end of something that ended in this month: never before a start in the same month.
    pub(super) fn end(self, month: Month) -> String {
        match self {
            DateStyle::Day => format!("{month}-28"),
            other => other.start(month),
        }
    }
}

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// The instant so many seconds before `as_of`; `as_of` itself where that would leave the calendar.
pub(super) fn before(as_of: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(as_of.as_second() - seconds).unwrap_or(as_of)
}

/// The day of an instant, `YYYY-MM-DD`.
pub(super) fn day(instant: Timestamp) -> String {
    instant.to_zoned(TimeZone::UTC).date().to_string()
}

/// How many days before `as_of` the given month began; 0 for a later month.
pub(super) fn days_since(month: Month, as_of: Timestamp) -> i64 {
    let civil = jiff::civil::Date::new(month.year() as i16, month.number() as i8, 1);
    let began = civil.ok().and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    began.map_or(0, |began| ((as_of.as_second() - began.timestamp().as_second()) / DAY).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_written_in_every_style() {
        let month = Month::of("2026-11-01T00:00:00Z".parse().unwrap());
        assert_eq!(DateStyle::Year.start(month), "2026");
        assert_eq!(DateStyle::Month.end(month), "2026-11");
        assert_eq!(DateStyle::Day.end(Month(month.0 - 10)), "2026-01-28");
    }

    #[test]
    fn days_are_counted_back_from_the_instant() {
        let as_of = "2026-11-01T00:00:00Z".parse().unwrap();
        assert_eq!(days_since(Month(2026 * 12 + 9), as_of), 31);
        assert_eq!(days_since(Month(2027 * 12), as_of), 0);
        assert_eq!(day(before(as_of, DAY)), "2026-10-31");
    }
}
