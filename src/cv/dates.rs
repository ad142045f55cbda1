//! Dates and periods in a line.
//!
//! A line → periods, each with the bytes that it covers. Years of four digits, months by name or number, seasons (the year
//! counts), "2019–21", "03/21 – 05/22", "since 2019", "2019–" and "to date" in eight languages. There is no clock: what lasts
//! has no end.

use std::fmt;
use std::ops::Range;

use super::scan::Scan;
use super::words;

/// A year, with its month where that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CvDate {
    pub(super) year: u16,
    pub(super) month: Option<u8>,
}

impl fmt::Display for CvDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}", self.year)?;
        self.month.iter().try_for_each(|month| write!(formatter, "-{month:02}"))
    }
}

impl CvDate {
    /// Whether it names a month.
    pub(super) fn has_month(self) -> bool {
        self.month.is_some()
    }
}

/// How a period ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// On a date.
    On(CvDate),
    /// It lasts.
    Lasts,
    /// The line ends behind a dash: it lasts, unless the next line goes on with a date.
    Open,
    /// Nothing is said: a single date.
    Unsaid,
}

/// A period or a single date, and the bytes of the line that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// From when.
    pub start: CvDate,
    /// Until when.
    pub end: End,
    /// Where in the line.
    pub bytes: Range<usize>,
    /// Whether a season or the like gave way to the year.
    pub is_season: bool,
}

impl Period {
    /// Whether it has two ends.
    pub fn is_range(&self) -> bool {
        self.end != End::Unsaid
    }

    /// Whether another lies within it, as far as both are said.
    pub(super) fn holds(&self, other: &Self) -> bool {
        let order = |first: CvDate, second: CvDate| match (first.month, second.month) {
            (Some(_), Some(_)) => first <= second,
            _ => first.year <= second.year,
        };
        let ends = match (self.end, other.end) {
            (End::On(last), End::On(end)) => order(end, last),
            (End::On(_) | End::Unsaid, _) => false,
            (End::Lasts | End::Open, _) => true,
        };
        ends && order(self.start, other.start)
    }
}

/// The periods of a line, in order.
pub fn periods(line: &str) -> Vec<Period> {
    if !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let scan = Scan::of(line);
    let mut found = Vec::new();
    let mut at = 0;
    while at < scan.len() {
        match scan.period(at).filter(|_| !scan.is_inside(at)) {
            Some((period, next)) => {
                at = next;
                match found.last_mut() {
                    Some(last) if goes_on(line, last, &period) => extend(last, &period),
                    _ => found.push(period),
                }
            }
            None => at += 1,
        }
    }
    found
}

/// Whether a year goes on with the list that one before it begins: "2011 and 2012", "summers 2021, 2022, 2024".
fn goes_on(line: &str, last: &Period, next: &Period) -> bool {
    let between = words::fold(&line[last.bytes.end..next.bytes.start]);
    let marks = line[last.bytes.end..next.bytes.start].trim();
    let is_list = words::is_joint(&between) || between.is_empty() && matches!(marks, "," | ";" | "&" | "+");
    let is_drawn = line[last.bytes.clone()].contains(['-', '–', '—']);
    let (end, is_alike) = match last.end {
        End::Unsaid => (last.start, true),
        End::On(end) => (end, !is_drawn),
        End::Lasts | End::Open => (last.start, false),
    };
    is_list
        && is_alike
        && next.end == End::Unsaid
        && end.year < next.start.year
        && !last.start.has_month()
        && !next.start.has_month()
}

/// Lets a list of years end with its last one.
fn extend(list: &mut Period, last: &Period) {
    list.end = End::On(last.start);
    list.bytes.end = last.bytes.end;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        let shown = |period: &Period| {
            let end = match period.end {
                End::On(date) => date.to_string(),
                End::Lasts => "…".to_owned(),
                End::Open => "open".to_owned(),
                End::Unsaid => return period.start.to_string(),
            };
            format!("{}>{end}", period.start)
        };
        periods(line).iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn periods_in_eight_languages() {
        for (line, wanted) in [
            ("Mar 2021 - Present", "2021-03>…"),
            ("January 2018 — now", "2018-01>…"),
            ("April 2022 to date", "2022-04>…"),
            ("Regional Sales Director, June 2017 to March 2022", "2017-06>2022-03"),
            ("gennaio 2018 – oggi", "2018-01>…"),
            ("Dal 2019 ad oggi lavoro come", "2019>…"),
            ("da marzo 2013 a dicembre 2017", "2013-03>2017-12"),
            ("03/2021 – heute", "2021-03>…"),
            ("seit Oktober 2020", "2020-10>…"),
            ("vom 01.03.2015 bis 31.12.2017", "2015-03>2017-12"),
            ("März 2015 bis Dez. 2017", "2015-03>2017-12"),
            ("de enero de 2017 a la actualidad", "2017-01>…"),
            ("desde septiembre de 2012 hasta diciembre de 2016", "2012-09>2016-12"),
            ("Lyon, 2018 – aujourd’hui", "2018>…"),
            ("de 2014 à 2018", "2014>2018"),
            ("octobre 2012 à décembre 2013", "2012-10>2013-12"),
            ("depuis févr. 2016", "2016-02>…"),
            ("de março de 2016 até ao presente", "2016-03>…"),
            ("fev. 2010 – set. 2014", "2010-02>2014-09"),
            ("2019–heden", "2019>…"),
            ("mrt 2014 - aug 2019", "2014-03>2019-08"),
            ("van mei 2011 tot en met juni 2013", "2011-05>2013-06"),
            ("ianuarie 2020 – prezent", "2020-01>…"),
            ("din octombrie 2015 până în decembrie 2019", "2015-10>2019-12"),
        ] {
            assert_eq!(read(line), wanted, "{line}");
        }
    }

    #[test]
    fn other_ways_to_write_periods() {
        for (line, wanted) in [
            ("2019–", "2019>open"),
            ("(2019 - )", "2019>open"),
            ("2019-21", "2019>2021"),
            ("03/21 – 05/22", "2021-03>2022-05"),
            ("2014-03 – 2015-11", "2014-03>2015-11"),
            ("May – August 2013", "2013-05>2013-08"),
            ("Jun '15 - Sep '16", "2015-06>2016-09"),
            ("(Summer 2013)", "2013"),
            ("Iunie 2017 ? februarie 2021", "2017-06>2021-02"),
            ("Iunie 2021, februarie 2023", "2021-06>2023-02"),
            ("Iunie 2019 Decembrie 2021", "2019-06>2021-12"),
            ("'98 – '02", "1998>2002"),
            ("stagioni 2007, 2008 e 2009", "2007>2009"),
            ("Étés 2021, 2022, 2024", "2021>2024"),
            ("Sept 13 - Aug 14", "2013-09>2014-08"),
            ("May 21, 2019", "2019-05"),
            ("2019 - (current)", "2019>…"),
            ("2019 => 2021", "2019>2021"),
            ("Curso 2020-21 – actualidad", "2020>…"),
            ("2002 und 2003", "2002>2003"),
            ("Da marzo 2021: Store manager", "2021-03>…"),
            ("Dal 01/06/2017 a tutt'oggi", "2017-06>…"),
            ("09.2011-02.2014", "2011-09>2014-02"),
            ("HACCP, 2023", "2023"),
            ("2010 - 2012, 2014 - 2015", "2010>2012 2014>2015"),
        ] {
            assert_eq!(read(line), wanted, "{line}");
        }
    }

    #[test]
    fn numbers_that_are_no_dates() {
        for line in [
            "+39 320 000 7781",
            "1,2 M de comptes",
            "9001:2015x",
            "12.500,00 EUR",
            "192.168.10.1",
            "13/13",
            "may 12 people",
        ] {
            assert_eq!(read(line), "", "{line}");
        }
    }
}
