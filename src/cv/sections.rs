//! Parts of a CV.
//!
//! Lines → parts by their headings. Lines before the first heading stand for themselves.

use super::heading::{common_look, heading, unknown_heading};
use super::line::Line;
use super::lists;
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
    for (at, line) in lines.iter().enumerate() {
        if words::leading(Cue::Consent, &TokenList::of(&line.text)) > 0 {
            within = Some(Part::Other);
            sections.parts.push((Part::Other, Vec::new()));
            continue;
        }
        let unknown = || Some((unknown_heading(lines, at, look, within)?, String::new()));
        match heading(line, within).or_else(unknown) {
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
    sections
}

/// Whether a line names a degree or a school rather than a position.
fn speaks_of_school(text: &str) -> bool {
    let tokens = TokenList::of(text);
    let has_employer = words::has(Cue::LegalForm, &tokens);
    !has_employer
        && (words::has(Cue::Degree, &tokens) || words::has(Cue::School, &tokens) && !words::has(Cue::Title, &tokens))
}

/// A CV without headings: what has periods is a career, or education where it speaks of schools; lists are skills or languages.
fn without_headings(sections: &mut Sections) {
    let mut first = Vec::new();
    let (mut work, mut education) = (Vec::new(), Vec::new());
    let (mut skills, mut languages) = (Vec::new(), Vec::new());
    // 0: nothing yet, 1: a career, 2: education.
    let mut state = 0;
    let lines = std::mem::take(&mut sections.first);
    for (at, line) in lines.into_iter().enumerate() {
        let has_period = super::dates::periods(&line.text).iter().any(super::dates::Period::is_range);
        if lists::is_languages(&line.text) && !has_period {
            languages.push(line);
            state = 0;
        } else if at > 1
            && !has_period
            && lists::is_skills(&line.text)
            && !line.text.contains('@')
            && line.is_after_blank
        {
            skills.push(line);
            state = 0;
        } else if has_period {
            state = if speaks_of_school(&line.text) { 2 } else { 1 };
            if state == 2 { education.push(line) } else { work.push(line) }
        } else if line.is_after_blank {
            state = 0;
            first.push(line);
        } else {
            match state {
                1 => work.push(line),
                2 => education.push(line),
                _ => first.push(line),
            }
        }
    }
    sections.first = first;
    sections.add(Part::Work, work);
    sections.add(Part::Education, education);
    sections.add(Part::Skills, skills);
    sections.add(Part::Languages, languages);
}
