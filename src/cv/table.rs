//! Tables of positions or schools whose first row names the columns.
//!
//! "Period | Employer | Function" and the rows below → entries. A line that is no row belongs to the row above.

use super::dates::periods;
use super::entry::Entry;
use super::line::Line;
use super::words::{self, Cue};

/// The entries of a table; `None` where the first line names no columns.
pub(super) fn entries(lines: &[Line], is_work: bool) -> Option<Vec<Entry>> {
    let at = lines.iter().position(|line| !line.text.trim().is_empty())?;
    let columns = columns(&lines[at].text, is_work)?;
    let mut entries: Vec<Entry> = Vec::new();
    for line in &lines[at + 1..] {
        let cells: Vec<&str> = line.text.split('\t').map(str::trim).collect();
        if cells.len() < 2 {
            if let Some(last) = entries.last_mut().filter(|_| !line.text.trim().is_empty()) {
                last.body.push(line.clone());
            }
            continue;
        }
        let mut entry = Entry::default();
        let mut when = Vec::new();
        for (cue, cell) in columns.iter().zip(cells).filter(|(_, cell)| cell.chars().any(char::is_alphanumeric)) {
            match cue {
                Some(Cue::DateLabel) => when.push(cell),
                Some(Cue::TitleLabel | Cue::DegreeLabel) => entry.title = Some(cell.to_owned()),
                Some(Cue::CompanyLabel | Cue::SchoolLabel) => entry.organisation = Some(cell.to_owned()),
                _ => entry.body.push(Line { text: cell.to_owned(), ..line.clone() }),
            }
        }
        // Start and end may have columns of their own.
        entry.period = periods(&when.join(" – ")).into_iter().next();
        entries.push(entry);
    }
    (!entries.is_empty()).then_some(entries)
}

/// What each cell of a row is a label of. At least a date and one of the others are wanted, and no cell that is long.
fn columns(row: &str, is_work: bool) -> Option<Vec<Option<Cue>>> {
    let labels = if is_work {
        [Cue::DateLabel, Cue::TitleLabel, Cue::CompanyLabel, Cue::BodyLabel]
    } else {
        [Cue::DateLabel, Cue::DegreeLabel, Cue::SchoolLabel, Cue::BodyLabel]
    };
    let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
    if cells.len() < 2 || row.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let label = |cell: &&str| labels.into_iter().find(|cue| words::is_cue(*cue, &words::fold(cell)));
    let columns: Vec<Option<Cue>> = cells.iter().map(label).collect();
    let has = |cue: Cue| columns.contains(&Some(cue));
    let names = if is_work { [Cue::TitleLabel, Cue::CompanyLabel] } else { [Cue::DegreeLabel, Cue::SchoolLabel] };
    let known = columns.iter().flatten().count();
    (has(Cue::DateLabel) && names.into_iter().any(has) && known * 2 >= cells.len()).then_some(columns)
}
