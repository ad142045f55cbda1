//! Parts of a CV.
//!
//! Lines → parts by their headings. Lines before the first heading stand for themselves.

use super::anchor::anchor;
use super::dates::{Period, periods};
use super::heading::{common_look, heading, unknown_heading};
use super::heading_line::heading_before;
use super::line::Line;
use super::lists;
use super::spoken;
use super::words::{self, Cue, Part};
use crate::text::TokenList;

/// The lines of a CV by what they are about.
#[derive(Debug, Default)]
pub(super) struct Sections {
    /// Before the first heading.
    pub(super) first: Vec<Line>,
    parts: Vec<(Part, Vec<Line>)>,
}

impl Sections {
    /// All lines of a part, in order.
    pub(super) fn lines(&self, part: Part) -> Vec<Line> {
        let of_part = self.parts.iter().filter(|(own, _)| *own == part);
        of_part.flat_map(|(_, lines)| lines.iter().cloned()).collect()
    }

    /// The lines of each part of a sort.
    pub(super) fn each(&self, part: Part) -> impl Iterator<Item = &[Line]> {
        self.parts.iter().filter(move |(own, _)| *own == part).map(|(_, lines)| lines.as_slice())
    }

    /// Whether there is such a part.
    pub(super) fn has(&self, part: Part) -> bool {
        self.parts.iter().any(|(own, _)| *own == part)
    }

    /// Adds a line to the part that is open.
    fn hold(&mut self, line: &Line) {
        match self.parts.last_mut() {
            Some((_, held)) => {
                held.push(Line { is_after_blank: line.is_after_blank || held.is_empty(), ..line.clone() })
            }
            None => self.first.push(line.clone()),
        }
    }

    /// Moves lines before the first heading, or of a part, into a part of their own.
    pub(super) fn add(&mut self, part: Part, lines: Vec<Line>) {
        if !lines.is_empty() {
            self.parts.push((part, lines));
        }
    }
}

/// Tells the parts of a CV apart.
pub(super) fn sections(lines: &[Line]) -> Sections {
    let is_plain = |at: &usize| matches!(heading(&lines[*at], None), Some((_, rest)) if rest.is_empty());
    let known: Vec<usize> = (0..lines.len()).filter(is_plain).collect();
    let look = common_look(lines, &known);
    let mut sections = Sections::default();
    let mut within: Option<Part> = None;
    // Lines above were put into the columns beneath a row of headings.
    let mut row_end = 0;
    for (at, line) in lines.iter().enumerate() {
        if at < row_end {
            continue;
        }
        if words::leading(Cue::Consent, &TokenList::of(&line.text)) > 0 {
            within = Some(Part::Other);
            sections.parts.push((Part::Other, Vec::new()));
            continue;
        }
        let is_list = matches!(
            within,
            Some(Part::Certificates | Part::Skills | Part::Languages | Part::Interests | Part::Awards | Part::Personal)
        );
        let goes_on =
            is_list && sections.has(Part::Work) && !sections.has(Part::Education) && heads_position(lines, at);
        let unknown = || Some((unknown_heading(lines, at, look, within)?, String::new()));
        let career = goes_on.then_some((Part::Work, line.text.clone()));
        if let Some(parts) = headings_in_row(line) {
            let (columns, count) = columns_below(&parts, &lines[at + 1..]);
            (row_end, within) = (at + 1 + count, parts.last().copied());
            sections.parts.extend(columns);
            continue;
        }
        match career.or_else(|| heading(line, within)).or_else(unknown) {
            Some((Part::Title, rest)) if rest.is_empty() => continue,
            Some((Part::Title, _)) | None => sections.hold(line),
            Some((part, rest)) => {
                within = Some(part);
                sections.parts.push((part, Vec::new()));
                if !rest.is_empty() {
                    sections.hold(&Line { text: rest, is_after_blank: true, ..line.clone() });
                }
            }
        }
    }
    if !sections.has(Part::Work) {
        without_headings(&mut sections);
    }
    if !sections.has(Part::Education) {
        let schooling = take_schooling(&mut sections);
        sections.add(Part::Education, schooling);
    }
    sections
}

/// The parts that a row of headings side by side opens.
fn headings_in_row(line: &Line) -> Option<Vec<Part>> {
    let part = |cell: &str| words::part(&words::fold(cell)).filter(|part| *part != Part::Title);
    let parts: Option<Vec<Part>> = line.text.split('\t').map(part).collect();
    parts.filter(|parts| parts.len() > 1 && !line.is_bullet)
}

/// The lines beneath a row of headings, cell by cell, and how many they are: to the next heading or the next line that is set apart. A
/// row with fewer cells belongs to the first columns.
fn columns_below(parts: &[Part], below: &[Line]) -> (Vec<(Part, Vec<Line>)>, usize) {
    let mut columns: Vec<(Part, Vec<Line>)> = parts.iter().map(|part| (*part, Vec::new())).collect();
    let ends = |(at, line): &(usize, &Line)| *at > 0 && line.is_after_blank || heading(line, None).is_some();
    let count = below.iter().enumerate().position(|line| ends(&line)).unwrap_or(below.len());
    for line in &below[..count] {
        let last = columns.len() - 1;
        for (at, cell) in line.text.split('\t').enumerate() {
            columns[at.min(last)].1.push(Line { text: cell.trim().to_owned(), ..line.clone() });
        }
    }
    (columns, count)
}

/// Whether lines set apart head a position: one or two, then a period with months that has a line to itself. In two columns a career
/// goes on behind the lists of the other column.
fn heads_position(lines: &[Line], at: usize) -> bool {
    let is_plain = |line: &Line| !line.is_bullet && line.text.chars().count() <= 80;
    let is_period = |line: &Line| {
        anchor(&line.text, true)
            .is_some_and(|(period, rest)| rest.is_empty() && period.is_range() && period.start.has_month())
    };
    lines[at].is_after_blank
        && is_plain(&lines[at])
        && periods(&lines[at].text).is_empty()
        && (1..=2).any(|ahead| {
            let block = lines.get(at + 1..=at + ahead).unwrap_or_default();
            block.iter().all(|line| !line.is_after_blank) && block.last().is_some_and(is_period)
        })
}

/// Where no part is about education, what was learned over a time stands among the courses.
fn take_schooling(sections: &mut Sections) -> Vec<Line> {
    let mut taken = Vec::new();
    let is_schooling = |line: &Line| periods(&line.text).iter().any(Period::is_range) && speaks_of_school(&line.text);
    for (_, lines) in sections.parts.iter_mut().filter(|(part, _)| *part == Part::Certificates) {
        taken.extend(lines.extract_if(.., |line| is_schooling(line)));
    }
    taken
}

/// Whether a line names a degree or a school rather than a position.
pub(super) fn speaks_of_school(text: &str) -> bool {
    let tokens = TokenList::of(text);
    let has_employer = words::has(Cue::LegalForm, &tokens);
    !has_employer
        && (words::has(Cue::Degree, &tokens) || words::has(Cue::School, &tokens) && !words::has(Cue::Title, &tokens))
}

/// What a block of lines lists, without any heading: items of a list are skills, names with dates certificates.
fn list_of(block: &[&Line]) -> Option<Part> {
    let count = |passes: &dyn Fn(&Line) -> bool| block.iter().filter(|line| passes(line)).count();
    let is_short = |line: &Line| line.text.split(' ').count() <= 5 && !line.text.ends_with('.');
    let is_single = |line: &Line| {
        let found = periods(&line.text);
        found.len() == 1 && !found[0].is_range() && !speaks_of_school(&line.text) && line.text.chars().count() <= 80
    };
    if block.len() >= 2 && count(&is_single) == block.len() {
        return Some(Part::Certificates);
    }
    let are_items = block.len() >= 3 && count(&|line| line.is_bullet && is_short(line)) == block.len();
    are_items.then_some(Part::Skills)
}

/// A CV without headings: what has periods is a career, or education where it speaks of schools; lists are skills, courses or
/// languages.
fn without_headings(sections: &mut Sections) {
    let lines = std::mem::take(&mut sections.first);
    let parts = [Part::Work, Part::Education, Part::Skills, Part::Certificates, Part::Languages];
    let mut held = parts.map(|part| (part, Vec::new()));
    let mut open: Option<Part> = None;
    for (at, line) in lines.iter().enumerate() {
        let is_in_list = !line.is_after_blank && matches!(open, Some(Part::Skills | Part::Certificates));
        let found = if is_in_list { None } else { opened_by(&lines, at) };
        let part = match found {
            Some((part, goes_on)) => {
                let is_new = open != Some(part);
                open = goes_on.then_some(part);
                if is_new && matches!(part, Part::Work | Part::Education) {
                    let above = heading_above(&lines, at).min(sections.first.len().saturating_sub(1));
                    let heading = sections.first.split_off(sections.first.len() - above);
                    held.iter_mut()
                        .filter(|(own, _)| *own == part)
                        .for_each(|(_, lines)| lines.extend(heading.clone()));
                }
                Some(part)
            }
            None if line.is_after_blank => open.take().and(None),
            None => open,
        };
        match held.iter_mut().find(|(own, _)| Some(*own) == part) {
            Some((_, lines)) => lines.push(line.clone()),
            None => sections.first.push(line.clone()),
        }
    }
    for (part, lines) in held {
        sections.add(part, lines);
    }
}

/// How many lines right above a bare period head its entry.
fn heading_above(lines: &[Line], at: usize) -> usize {
    let is_bare = anchor(&lines[at].text, true).is_some_and(|(_, rest)| rest.is_empty());
    if is_bare { heading_before(lines, at, 1) } else { 0 }
}

/// The part that a line opens without a heading, and whether the lines below go on with it.
fn opened_by(lines: &[Line], at: usize) -> Option<(Part, bool)> {
    let line = &lines[at];
    let text = &line.text;
    let found = periods(text);
    let is_career = found.iter().any(Period::is_range) && anchor(text, true).is_some() && !text.ends_with([',', ';']);
    let (label, _) = text.split_once(['\t', ':']).unwrap_or_default();
    let is_career = is_career && !words::is_cue(Cue::Private, &words::fold(label));
    let has_period = is_career || found.len() == 1 && speaks_of_school(text) && !line.is_bullet;
    if line.is_after_blank && at > 1 {
        let further = lines[at + 1..].iter().take_while(|line| !line.is_after_blank);
        let block: Vec<&Line> = std::iter::once(line).chain(further).collect();
        if let Some(part) = list_of(&block) {
            return Some((part, true));
        }
    }
    if has_period {
        return Some((if speaks_of_school(text) { Part::Education } else { Part::Work }, true));
    }
    if spoken::is_languages(text) {
        return Some((Part::Languages, false));
    }
    let is_list = at > 1 && line.is_after_blank && lists::is_skills(text) && !text.contains('@');
    is_list.then_some((Part::Skills, false))
}
