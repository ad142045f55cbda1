//! Dates as people type them into tables.
//!
//! Whether 03/04/2020 is in March or April is decided for a column: by its values that can be read in one way only, else by
//! those of the other columns, else the day is taken to come first, and that is said.

use serde::{Deserialize, Serialize};

use crate::{candidate::PartialDate, ingest::person::folded};

/// What comes first in a date of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 31/01/2020.
    DayFirst,
    /// 01/31/2020.
    MonthFirst,
}

/// What the dates of a column tell of their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct OrderEvidence {
    pub(super) day_first: u64,
    pub(super) month_first: u64,
    pub(super) either: u64,
}

impl OrderEvidence {
    /// Counts a cell.
    pub(super) fn count(&mut self, cell: &str) {
        let Some([first, second, _]) = digits_of(cell) else { return };
        match (first > 12, second > 12) {
            (true, false) => self.day_first += 1,
            (false, true) => self.month_first += 1,
            (false, false) if first != second => self.either += 1,
            _ => {}
        }
    }

    /// The sum of both.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            day_first: self.day_first + other.day_first,
            month_first: self.month_first + other.month_first,
            either: self.either + other.either,
        }
    }

    /// The order, where values tell it.
    pub(super) fn order(self) -> Option<DateOrder> {
        match (self.day_first, self.month_first) {
            (0, 0) => None,
            (day, month) if month > day => Some(DateOrder::MonthFirst),
            _ => Some(DateOrder::DayFirst),
        }
    }
}

/// What a cell says of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stated {
    /// A date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    Date(String),
    /// It goes on: "present", "heute".
    Open,
    /// No date.
    Other,
}

/// The first letters of the months, folded, in five languages.
const MONTHS: [&[&str]; 12] = [
    &["jan", "gen", "ene"],
    &["feb", "fev"],
    &["mar", "mrz", "maer"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mag"],
    &["jun", "giu", "juin"],
    &["jul", "lug", "juil"],
    &["aug", "ago", "aou"],
    &["sep", "set"],
    &["oct", "okt", "ott"],
    &["nov"],
    &["dec", "dez", "dic"],
];

const OPEN: [&str; 24] = [
    "present",
    "current",
    "now",
    "today",
    "ongoing",
    "to date",
    "till date",
    "heute",
    "aktuell",
    "laufend",
    "jetzt",
    "oggi",
    "attuale",
    "in corso",
    "presente",
    "actualidad",
    "actual",
    "actualmente",
    "hoy",
    "aujourd hui",
    "actuel",
    "en cours",
    "a ce jour",
    "a oggi",
];

/// Reads a cell.
pub(super) fn read_date(cell: &str, order: DateOrder) -> Stated {
    let cell = cell.trim();
    let day = cell.split(['T', ' ']).next().unwrap_or_default();
    if PartialDate::parse(day).is_some() {
        return Stated::Date(day.to_owned());
    }
    if OPEN.contains(&folded(cell).as_str()) || matches!(cell, "-" | "–" | "—") {
        return Stated::Open;
    }
    let read = serial(cell).or_else(|| of_digits(cell, order)).or_else(|| of_words(cell));
    read.filter(|date| PartialDate::parse(date).is_some()).map_or(Stated::Other, Stated::Date)
}

/// The three numbers of a date such as 31.01.2020; the year last.
fn digits_of(cell: &str) -> Option<[u32; 3]> {
    let day = cell.trim().split(' ').next()?;
    let parts: Vec<&str> = day.split(['/', '.', '-']).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    let are_short = [first, second].iter().all(|part| (1..=2).contains(&part.len()));
    if !are_short || ![2, 4].contains(&year.len()) {
        return None;
    }
    Some([first.parse().ok()?, second.parse().ok()?, full_year(year)?])
}

/// Two digits of a year are of this century up to 49.
fn full_year(year: &str) -> Option<u32> {
    let number: u32 = year.parse().ok()?;
    Some(match (year.len(), number) {
        (2, 0..=49) => 2000 + number,
        (2, _) => 1900 + number,
        _ => number,
    })
}

fn of_digits(cell: &str, order: DateOrder) -> Option<String> {
    if let Some([first, second, year]) = digits_of(cell) {
        let month_first = match (first > 12, second > 12) {
            (true, _) => false,
            (_, true) => true,
            _ => order == DateOrder::MonthFirst,
        };
        let (day, month) = if month_first { (second, first) } else { (first, second) };
        return Some(format!("{year:04}-{month:02}-{day:02}"));
    }
    let parts: Vec<&str> = cell.split(['/', '.', '-']).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            let (month, day): (u32, u32) = (month.parse().ok()?, day.split(' ').next()?.parse().ok()?);
            Some(format!("{year}-{month:02}-{day:02}"))
        }
        [month, year] if year.len() == 4 => Some(format!("{year}-{:02}", month.trim().parse::<u32>().ok()?)),
        [year, month] if year.len() == 4 => Some(format!("{year}-{:02}", month.trim().parse::<u32>().ok()?)),
        _ => None,
    }
}

/// A day that a spreadsheet wrote as its number of days since 1900.
fn serial(cell: &str) -> Option<String> {
    let days: f64 = cell.parse().ok().filter(|days| (15_000.0..80_000.0).contains(days))?;
    let date = jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(days as i64)).ok()?;
    Some(date.to_string())
}

/// "March 2020", "1. März 2020", "Mar 1, 2020", "dic. 2019".
fn of_words(cell: &str) -> Option<String> {
    let folded = folded(cell);
    let words: Vec<&str> = folded.split(' ').collect();
    let (at, month) = words.iter().enumerate().find_map(|(at, word)| Some((at, month_of(word)?)))?;
    let numbers: Vec<&str> =
        words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| *word).collect();
    let year = numbers.iter().find(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
    let year = year.map(|year| (*year).to_owned()).or_else(|| {
        let short = numbers.last().filter(|word| word.len() == 2 && numbers.len() == 1)?;
        full_year(short).map(|year| year.to_string())
    })?;
    let day = numbers.iter().find_map(|word| {
        let digits = word.trim_end_matches(|letter: char| letter.is_alphabetic());
        digits.parse::<u32>().ok().filter(|day| digits.len() <= 2 && (1..=31).contains(day) && numbers.len() > 1)
    });
    Some(day.map_or_else(|| format!("{year}-{month:02}"), |day| format!("{year}-{month:02}-{day:02}")))
}

fn month_of(word: &str) -> Option<usize> {
    if word.len() < 3 || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name))).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_kinds_are_read() {
        for (cell, date) in [
            ("2020-03-01", "2020-03-01"),
            ("2020-03-01 00:00:00", "2020-03-01"),
            ("2020", "2020"),
            ("03/2020", "2020-03"),
            ("31.12.2019", "2019-12-31"),
            ("12/31/2019", "2019-12-31"),
            ("04/03/2020", "2020-03-04"),
            ("4-3-20", "2020-03-04"),
            ("2020/3/4", "2020-03-04"),
            ("Mar 1, 2020", "2020-03-01"),
            ("1st March 2020", "2020-03-01"),
            ("1. März 2020", "2020-03-01"),
            ("gennaio 2019", "2019-01"),
            ("dic. 2019", "2019-12"),
            ("août 2018", "2018-08"),
            ("juillet 2018", "2018-07"),
            ("Sep-19", "2019-09"),
            ("43891", "2020-03-01"),
        ] {
            assert_eq!(read_date(cell, DateOrder::DayFirst), Stated::Date(date.to_owned()), "{cell}");
        }
        assert_eq!(read_date("04/03/2020", DateOrder::MonthFirst), Stated::Date("2020-04-03".to_owned()));
        for cell in ["Present", "heute", "Actualidad", "aujourd'hui", "in corso", "-"] {
            assert_eq!(read_date(cell, DateOrder::DayFirst), Stated::Open, "{cell}");
        }
        for cell in ["", "soon", "31/31/2020", "30.02.2020", "3 months", "99999999"] {
            assert_eq!(read_date(cell, DateOrder::DayFirst), Stated::Other, "{cell}");
        }
    }

    #[test]
    fn the_order_is_told_by_values_that_leave_no_choice() {
        let of = |cells: &[&str]| {
            let mut evidence = OrderEvidence::default();
            cells.iter().for_each(|cell| evidence.count(cell));
            (evidence.order(), evidence.either)
        };
        assert_eq!(of(&["03/04/2020", "31/01/2020"]), (Some(DateOrder::DayFirst), 1));
        assert_eq!(of(&["03/04/2020", "01/31/2020"]), (Some(DateOrder::MonthFirst), 1));
        assert_eq!(of(&["03/04/2020", "05/05/2020", "2020-01-01"]), (None, 1));
    }
}
