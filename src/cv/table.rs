//! Tables of positions or schools whose first row names the columns.
//!
//! "Period | Employer | Function" and the rows below → entries. A line that is no row belongs to the row above.

use super::anchor::without;
use super::dates::periods;
use super::entry::Entry;
use super::evidence::capital_share;
use super::heading_line::{MOST_NAME_WORDS, NAMES, is_heading_like};
use super::line::Line;
use super::role::bracket_at_end;
use super::words::{self, Cue};

/// The entries of a table; `None` where the first line names no columns.
pub(super) fn entries(lines: &[Line], is_work: bool) -> Option<Vec<Entry>> {
    let at = lines.iter().position(|line| !line.text.trim().is_empty())?;
    let names: Vec<&str> = lines[at].text.split('\t').map(str::trim).collect();
    let columns = columns(&names, is_work)?;
    let mut entries: Vec<Entry> = Vec::new();
    let names_employer = columns.contains(&Some(Cue::CompanyLabel)) || !is_work;
    let mut employer: Option<String> = None;
    for (number, line) in lines.iter().enumerate().skip(at + 1) {
        let cells: Vec<&str> = line.text.split('\t').map(str::trim).collect();
        if cells.len() < 2 {
            let heads_rows = || lines.get(number + 1).is_some_and(|next| next.text.contains('\t'));
            let name = without_period(&line.text);
            let is_name =
                !name.is_empty() && capital_share(&name) > NAMES && name.split(' ').count() <= MOST_NAME_WORDS;
            if !names_employer && is_heading_like(line) && is_name && heads_rows() {
                employer = Some(name);
                continue;
            }
            if let Some(last) = entries.last_mut().filter(|_| !line.text.trim().is_empty()) {
                last.body.push(line.clone());
            }
            continue;
        }
        // A line of a row that goes on begins with no date.
        let is_rest = columns[0] == Some(Cue::DateLabel) && periods(cells[0]).is_empty() && line.indent > 0;
        if let Some(last) = entries.last_mut().filter(|_| is_rest) {
            last.body.extend(cells.iter().map(|cell| Line { text: (*cell).to_owned(), ..line.clone() }));
            continue;
        }
        let mut entry = Entry::held_at(employer.clone());
        let mut when = Vec::new();
        for (cue, cell) in columns.iter().zip(cells).filter(|(_, cell)| cell.chars().any(char::is_alphanumeric)) {
            match cue {
                Some(Cue::DateLabel) => when.push(cell),
                Some(Cue::TitleLabel | Cue::DegreeLabel) => entry.title = Some(cell.to_owned()),
                Some(Cue::CompanyLabel | Cue::SchoolLabel) => entry.organisation = Some(cell.to_owned()),
                Some(Cue::AddressLabel) => entry.place = Some(cell.to_owned()),
                _ => entry.body.push(Line { text: cell.to_owned(), ..line.clone() }),
            }
        }
        // Start and end may have columns of their own.
        entry.period = periods(&when.join(" – ")).into_iter().next();
        entries.push(entry);
    }
    (!entries.is_empty()).then_some(entries)
}

/// The name in a row of its own above those of the positions held there: "Quillfeather Hotels LLC (4 stars)  February 2014 – today".
fn without_period(text: &str) -> String {
    let name = periods(text).first().map_or(text.to_owned(), |period| without(text, period));
    let name = name.split('\t').next().unwrap_or_default().trim();
    let remark = bracket_at_end(name).filter(|(_, remark)| remark.bytes().any(|byte| byte.is_ascii_digit()));
    remark.map_or(name, |(head, _)| head.trim_end()).to_owned()
}

/// The cell of a first row that names the column of periods, where the row names the columns of positions or schools.
pub(super) fn column_of_periods(cells: &[&str]) -> Option<usize> {
    let columns = columns(cells, true).or_else(|| columns(cells, false))?;
    columns.iter().position(|cue| *cue == Some(Cue::DateLabel))
}

/// What each cell of a row is a label of. At least a date and one of the others are wanted, and no cell that is long.
fn columns(cells: &[&str], is_work: bool) -> Option<Vec<Option<Cue>>> {
    let labels = if is_work {
        [Cue::DateLabel, Cue::TitleLabel, Cue::CompanyLabel, Cue::BodyLabel, Cue::AddressLabel]
    } else {
        [Cue::DateLabel, Cue::DegreeLabel, Cue::SchoolLabel, Cue::BodyLabel, Cue::AddressLabel]
    };
    if cells.len() < 2 || cells.iter().any(|cell| cell.bytes().any(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let columns: Vec<Option<Cue>> = cells.iter().map(|cell| label(cell, &labels)).collect();
    let has = |cue: Cue| columns.contains(&Some(cue));
    let names = if is_work { [Cue::TitleLabel, Cue::CompanyLabel] } else { [Cue::DegreeLabel, Cue::SchoolLabel] };
    let known = columns.iter().flatten().count();
    (has(Cue::DateLabel) && names.into_iter().any(has) && known * 2 >= cells.len()).then_some(columns)
}

/// What a cell is a label of; of several labels in one, the first counts: "Position and duties", "School / institute".
fn label(cell: &str, labels: &[Cue]) -> Option<Cue> {
    let folded = words::fold(cell);
    // "Role and institution" is one column of both.
    let names = [Cue::TitleLabel, Cue::CompanyLabel, Cue::DegreeLabel, Cue::SchoolLabel];
    let names_other = |tail: &str| names.into_iter().any(|cue| words::is_cue(cue, tail.trim()));
    let first = || {
        let mut words = folded.split(' ');
        let head: Vec<&str> = words.by_ref().take_while(|word| !words::is_joint(word)).collect();
        let tail: Vec<&str> = words.collect();
        (!tail.is_empty() && !names_other(&tail.join(" "))).then(|| head.join(" "))
    };
    let before_slash = || {
        let (head, tail) = cell.split_once(['/', '('])?;
        (!names_other(&words::fold(tail))).then(|| words::fold(head))
    };
    let is_label = |text: &str| labels.iter().copied().find(|cue| words::is_cue(*cue, text));
    is_label(&folded).or_else(|| is_label(&first()?)).or_else(|| is_label(&before_slash()?))
}
