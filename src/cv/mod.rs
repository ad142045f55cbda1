//! The text of a CV → a profile.
//!
//! Lines → parts by their headings → periods → positions, education, skills, languages, certificates → a JSON Resume, with how
//! sure each part of it is. English, Italian, German, Spanish, French, Portuguese, Dutch and Romanian.
//! Invariants: the same text gives the same profile; there is no clock; hobbies, references, dates of birth, marital status and
//! religion are not read.

mod anchor;
mod broken;
mod dates;
mod employers;
mod entry;
mod evidence;
mod form;
mod heading;
mod heading_line;
mod home;
mod learning;
mod line;
mod lists;
mod person;
mod profile;
mod reading;
mod role;
mod scan;
mod sections;
mod segment;
mod spoken;
mod table;
mod weights;
mod words;

#[cfg(test)]
mod tests;

pub use dates::{CvDate, End, Period, periods};

/// Whether a text is what a form or table of a CV has beside a value: a date, or the label of a value.
pub fn heads_row(text: &str) -> bool {
    !periods(text).is_empty() || words::is_label(text)
}

/// The cell that names the column of periods, where cells are a first row of a table of positions or schools that names its columns.
pub fn column_of_periods(cells: &[&str]) -> Option<usize> {
    table::column_of_periods(cells)
}

/// Takes a text apart that was broken over lines: joins lines, and words that a hyphen broke.
pub fn flowed<'l>(lines: impl IntoIterator<Item = &'l str>) -> String {
    line::flowed(lines)
}

/// Whether a text holds a date.
pub fn holds_date(text: &str) -> bool {
    !periods(text).is_empty()
}

/// Whether a text holds a period with a start and an end.
pub fn holds_range(text: &str) -> bool {
    periods(text).iter().any(Period::is_range)
}

pub use learning::{Example, LabelledHeading, learn};
pub use profile::{PARSER, ParsedCv, parse, parse_with};
pub use role::without_remark;
pub use weights::HeadingWeights;
