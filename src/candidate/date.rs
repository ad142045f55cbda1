//! Dates as careers state them: a year, a month or a day.

use std::fmt;

/// A month of the calendar, counted from January of year 0: durations are differences of months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    /// The month that an instant falls into (UTC).
    pub fn of_timestamp(instant: jiff::Timestamp) -> Self {
        let date = instant.to_zoned(jiff::tz::TimeZone::UTC).date();
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// The first instant of the month (UTC), in Unix seconds; 0 for a month that no calendar has.
    pub fn start_second(self) -> i64 {
        let year = i16::try_from(self.0.div_euclid(12)).unwrap_or(i16::MAX);
        let month = (self.0.rem_euclid(12) + 1) as i8;
        let date = jiff::civil::Date::new(year, month, 1).and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC));
        date.map_or(0, |date| date.timestamp().as_second())
    }

    /// Months from `earlier` to `self`, never negative.
    pub fn months_since(self, earlier: Month) -> u32 {
        u32::try_from(self.0 - earlier.0).unwrap_or(0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// A date of JSON Resume: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, a real date of the calendar, years 1000 to 2999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// Reads a date. `None` where the text is none, or names a day that does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year = number(parts.next()?, 4)?;
        let month = parts.next().map(|part| number(part, 2)).map_or(Some(None), |month| month.map(Some))?;
        let day = parts.next().map(|part| number(part, 2)).map_or(Some(None), |day| day.map(Some))?;
        if parts.next().is_some() || !(1000..=2999).contains(&year) {
            return None;
        }
        let (month, day) = (month.map(|month| month as i8), day.map(|day| day as i8));
        jiff::civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
        Some(Self { year, month, day })
    }

    /// The month in which something that starts on this date starts. A bare year counts from its middle.
    pub fn first_month(self) -> Month {
        Month(i32::from(self.year) * 12 + self.month.map_or(6, |month| i32::from(month) - 1))
    }

    /// The first month after something that ends on this date: the last month counts. A bare year ends in its middle.
    pub fn month_after(self) -> Month {
        Month(i32::from(self.year) * 12 + self.month.map_or(6, i32::from))
    }

    /// Midnight UTC at the start of the day, month or year.
    pub fn start_of(self) -> jiff::Timestamp {
        jiff::civil::date(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map(|zoned| zoned.timestamp())
            .unwrap_or_default()
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(formatter, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(formatter, "-{day:02}")?;
        }
        Ok(())
    }
}

fn number(text: &str, digits: usize) -> Option<i16> {
    let all_digits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_three_forms_and_nothing_else() {
        for text in ["2021", "2021-03", "2020-02-29"] {
            assert_eq!(PartialDate::parse(text).map(|date| date.to_string()).as_deref(), Some(text));
        }
        for text in
            ["2021-13-45", "2021-02-29", "21", "2021-3", "2021-03-01T00:00:00Z", "", "20211", "２０２１", "0999"]
        {
            assert_eq!(PartialDate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn counts_the_last_month_and_half_of_a_bare_year() {
        let months = |from: &str, to: &str| {
            let (from, to) = (PartialDate::parse(from).unwrap(), PartialDate::parse(to).unwrap());
            to.month_after().months_since(from.first_month())
        };
        assert_eq!(months("2020-01", "2020-12"), 12);
        assert_eq!(months("2019", "2021"), 24);
        assert_eq!(months("2021-05", "2020-01"), 0);
    }
}
