//! Headings of the parts of a CV.
//!
//! A line → the part that it opens: by its words where the tables know them, else by how it looks beside the headings
//! that they know and by what stands below it.

use super::anchor::anchor;
use super::dates::{Period, periods};
use super::evidence::is_place;
use super::line::Line;
use super::lists;
use super::spoken;
use super::words::{self, Cue, Part};
use crate::taxonomy::Taxonomy;
use crate::text::TokenList;

/// A heading without its number, and without a remark in brackets: "2. EMPLOYMENT HISTORY (most recent first)".
fn without_number(text: &str) -> &str {
    let bare = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ')'));
    let has_number = bare.len() < text.len() && bare.starts_with([' ', '\t']) && text.len() - bare.len() <= 4;
    let text = if has_number { bare.trim_start() } else { text };
    let bracket = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    let of_somebody = || {
        [" von ", " of ", " di ", " de ", " van "]
            .iter()
            .find_map(|of| text.split_once(of))
            .filter(|(_, name)| is_full_name(name))
    };
    let head = bracket.or_else(of_somebody).map_or(text, |(head, _)| head);
    if words::part(&words::fold(head)).is_some() { head } else { text }
}

/// Whether a text may be somebody's whole name.
fn is_full_name(text: &str) -> bool {
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word.chars().skip(1).all(|letter| letter.is_lowercase() || matches!(letter, '-' | '\'' | '’'))
    };
    (2..=3).contains(&text.split(' ').count()) && text.split(' ').all(is_name) && !super::evidence::is_place(text)
}

/// The part that a line opens, and what stands on the line behind the heading.
pub(super) fn heading(line: &Line, within: Option<Part>) -> Option<(Part, String)> {
    let text = line.text.trim_matches(|letter: char| {
        matches!(letter, ':' | '*' | '_' | '|' | '~' | '=' | ' ' | '.' | '•' | '–' | '—' | '-' | '<' | '>' | '[' | ']')
    });
    let text = without_number(text);
    if within == Some(Part::Languages) && spoken::is_languages(&line.text) {
        return None;
    }
    if let Some(part) = words::part(&words::fold(text)) {
        let is_item = line.is_bullet && !line.is_marked;
        return (!is_item).then(|| (part, String::new()));
    }
    let (head, rest) = text
        .split_once('\t')
        .or_else(|| text.split_once(": "))
        .or_else(|| text.split_once(":\t"))
        .unwrap_or((text, ""));
    if !rest.is_empty() && !line.is_bullet {
        let part = words::part(&words::fold(head)).filter(|part| {
            // Set apart by an empty line, a list of skills ends a career.
            let is_apart = line.is_after_blank && matches!(part, Part::Skills | Part::Languages);
            is_apart && within == Some(Part::Work) || opens(*part, rest, within)
        })?;
        return Some((part, rest.trim().to_owned()));
    }
    let is_other = text.chars().count() > 60 || text.contains([',', '@']) || text.ends_with('.');
    if line.is_bullet || is_other || super::segment::says_at(text) {
        return None;
    }
    let is_alone = line.is_marked || line.is_after_blank || line.may_head;
    is_alone.then(|| near_heading(text, line.is_marked).map(|part| (part, String::new()))).flatten()
}

/// Whether a heading with text behind it opens a part, rather than being a label within one.
fn opens(part: Part, rest: &str, within: Option<Part>) -> bool {
    let names_language = || {
        let tokens = TokenList::of(rest);
        let forms: Vec<&str> = tokens.exact_forms().collect();
        crate::text::longest_spoken_language(&forms, 0).is_some()
    };
    match within {
        Some(Part::Skills) => match part {
            Part::Languages => names_language(),
            Part::Skills => true,
            Part::Other | Part::Personal => false,
            _ => !matches!(part, Part::Summary | Part::Projects | Part::Title),
        },
        Some(Part::Work | Part::Projects) => {
            matches!(part, Part::Languages if names_language())
                || matches!(part, Part::Education | Part::Certificates | Part::Interests | Part::References)
        }
        Some(Part::Education) => part != Part::Education && part != Part::Work,
        // "Beruf: Schlosser" is no career.
        _ => part != Part::Work || !periods(rest).is_empty(),
    }
}

/// A heading with further words: "TRAINING & EDUCATION", "Relevant clinical experience".
fn near_heading(text: &str, is_marked: bool) -> Option<Part> {
    let folded = words::fold(text);
    let tokens: Vec<&str> = folded.split(' ').collect();
    // "Career break" is no career.
    if words::is_cue(Cue::Gap, &folded) {
        return None;
    }
    if tokens.len() > 6
        || tokens.is_empty()
        || tokens.iter().any(|token| token.bytes().any(|byte| byte.is_ascii_digit()))
    {
        return None;
    }
    if tokens.len() == 1 {
        return by_stems(text, &tokens, is_marked);
    }
    let joint = tokens.iter().position(|token| words::is_joint(token) || *token == "i");
    if let Some(at) = joint {
        let sides = [words::part(&tokens[..at].join(" ")), words::part(&tokens[at + 1..].join(" "))];
        if let [Some(first), Some(second)] = sides {
            return Some(if second == Part::Education { second } else { first });
        }
    }
    if let Some((first, second)) = text.split_once(['&', '/', '+']) {
        let sides = [words::part(&words::fold(first)), words::part(&words::fold(second))];
        if let [Some(first), Some(second)] = sides {
            return Some(if second == Part::Education { second } else { first });
        }
    }
    if !is_marked && tokens.len() > 4 {
        return None;
    }
    if let Some(part) = by_stems(text, &tokens, is_marked) {
        return Some(part);
    }
    if names_other(text, &tokens) {
        return None;
    }
    let longest = tokens.len() - 1;
    (1..=longest).rev().find_map(|length| {
        let is_telling = length > 1 || is_marked && tokens.len() <= 4 || tokens.len() <= 2 && is_marked;
        let ends = [tokens[..length].join(" "), tokens[tokens.len() - length..].join(" ")];
        ends.into_iter()
            .filter(|_| is_telling)
            .find_map(|phrase| words::part(&phrase))
            .filter(|part| !matches!(part, Part::Title | Part::Headline))
    })
}

/// The part that the stems of a heading name, where it is no title of a position and no employer.
fn by_stems(text: &str, tokens: &[&str], is_marked: bool) -> Option<Part> {
    if names_other(text, tokens) || !is_marked && tokens.len() > 3 {
        return None;
    }
    words::part_by_stems(tokens)
}

/// Whether a text names a position, an employer or a school.
fn names_other(text: &str, tokens: &[&str]) -> bool {
    let list = TokenList::of(text);
    tokens.iter().any(|word| words::is_title_word(word))
        || [Cue::LegalForm, Cue::Organisation, Cue::School].iter().any(|cue| words::has(*cue, &list))
}

/// How headings look: marked, with a colon, apart above, apart below, in capitals, their indent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    is_marked: bool,
    has_colon: bool,
    is_after_blank: bool,
    is_before_blank: bool,
    indent: usize,
}

impl Look {
    fn of(lines: &[Line], at: usize) -> Self {
        let line = &lines[at];
        Self {
            is_marked: line.is_marked,
            has_colon: line.text.ends_with(':'),
            is_after_blank: line.is_after_blank,
            is_before_blank: lines.get(at + 1).is_none_or(|next| next.is_after_blank),
            indent: line.indent,
        }
    }

    /// Whether other lines seldom look so.
    fn is_telling(self) -> bool {
        self.is_marked || self.has_colon || self.is_after_blank && self.is_before_blank
    }
}

/// The look that most of the headings have which the tables know. `None` where fewer than two have the same.
pub(super) fn common_look(lines: &[Line], known: &[usize]) -> Option<Look> {
    let looks: Vec<Look> = known.iter().map(|at| Look::of(lines, *at)).collect();
    let alike = |look: &Look| looks.iter().filter(|other| *other == look).count();
    let most = looks.iter().max_by_key(|look| alike(look))?;
    (alike(most) >= 2 && alike(most) * 2 > looks.len()).then_some(*most)
}

/// Whether a line is short and holds nothing that headings of parts have not.
fn is_plain(line: &Line) -> bool {
    (1..=5).contains(&TokenList::of(&line.text).len())
        && line.text.chars().count() <= 45
        && !line.is_bullet
        && !line.is_continued
        && !line.text.contains(['@', '\t', ',', '|', '•', '·', '('])
        && !line.text.ends_with(['.', ';', '–', '-', '—', '&', '/'])
        && !line.text.bytes().any(|byte| byte.is_ascii_digit())
        && line.text.chars().next().is_some_and(char::is_uppercase)
}

/// The part that a line opens by its look and by the lines below it.
pub(super) fn unknown_heading(lines: &[Line], at: usize, look: Option<Look>, within: Option<Part>) -> Option<Part> {
    let line = &lines[at];
    let tokens = TokenList::of(&line.text);
    let own = Look::of(lines, at);
    let looks_so = look.is_some_and(|look| look == own);
    let is_set = within.is_some() || looks_so && line.is_marked || at > 2;
    if !is_set || !is_plain(line) || !(looks_so || own.is_after_blank) || super::segment::says_at(&line.text) {
        return None;
    }
    let names_career = |line: &Line| matches!(heading(line, None), Some((Part::Work, _)));
    if looks_so
        && look.is_some_and(Look::is_telling)
        && !names_other(&line.text, &tokens.exact_forms().collect::<Vec<_>>())
        && let Some(part) = career_below(lines, at, look).filter(|part| within != Some(*part))
        && !(part == Part::Work && lines.iter().any(names_career))
    {
        return Some(part);
    }
    let is_elsewhere = !matches!(within, Some(Part::Work | Part::Education | Part::Projects | Part::Volunteer));
    if is_elsewhere
        && !lines.iter().any(names_career)
        && at > 2
        && own.is_after_blank
        && !names_other(&line.text, &tokens.exact_forms().collect::<Vec<_>>())
        && lines.get(at + 1).is_some_and(heads_career)
        && let Some(part) = career_below(lines, at, look)
    {
        return Some(part);
    }
    let below = beneath(lines, at, look);
    let may_be_skills = looks_so && look.is_some_and(Look::is_telling) && !lines.iter().any(names_skills);
    let part = content(&below, may_be_skills);
    // The first item of a list is no heading of the others.
    if part == within && !(looks_so && look.is_some_and(Look::is_telling)) || spoken::is_languages(&line.text) {
        return None;
    }
    let is_career = matches!(within, Some(Part::Work | Part::Education | Part::Projects | Part::Volunteer));
    match part {
        // A list below a title of a position is no list of skills.
        Some(part) if looks_so && look.is_some_and(Look::is_telling) => Some(part),
        Some(Part::Languages) => Some(Part::Languages),
        Some(Part::Certificates) if is_career && below.len() < 2 => None,
        Some(part @ (Part::Skills | Part::Personal | Part::Certificates)) if is_apart(&below, is_career) => Some(part),
        None if looks_so && look.is_some_and(Look::is_telling) && !is_career && within.is_some() => Some(Part::Other),
        None if is_spaced_heading(own, look) && within.is_some() && !has_ranges(&below) => Some(Part::Other),
        _ => None,
    }
}

/// Periods from which on lines are a career.
const LEAST_PERIODS: usize = 2;

/// Whether what stands below an unknown heading, down to the next line that looks like a heading, is a career or schooling.
fn career_below(lines: &[Line], at: usize, look: Option<Look>) -> Option<Part> {
    let is_end = |(next, line): &(usize, &Line)| {
        let looks_so = look.is_some_and(|look| look == Look::of(lines, *next)) && is_plain(line);
        looks_so || !line.is_bullet && words::part(&words::fold(line.text.trim_end_matches(':'))).is_some()
    };
    let below = lines.iter().enumerate().skip(at + 1).take_while(|line| !is_end(line)).map(|(_, line)| line);
    let dated: Vec<&Line> = below.filter(|line| !line.is_bullet && heads_career(line)).collect();
    if dated.len() < LEAST_PERIODS {
        return None;
    }
    let schools = dated.iter().filter(|line| super::sections::speaks_of_school(&line.text)).count();
    Some(if schools * 2 > dated.len() { Part::Education } else { Part::Work })
}

/// Whether a line has a period as a heading of a position does.
fn heads_career(line: &Line) -> bool {
    anchor(&line.text, true).is_some_and(|(period, _)| period.is_range())
}

/// Whether a line in capitals stands where all headings are in capitals, apart from what is above.
fn is_spaced_heading(own: Look, look: Option<Look>) -> bool {
    own.is_marked && own.is_after_blank && look.is_some_and(|look| look.is_marked && look == own)
}

/// Whether a line is a heading of skills that the tables know.
fn names_skills(line: &Line) -> bool {
    !line.is_bullet && matches!(heading(line, None), Some((Part::Skills, _)))
}

/// Whether lines may be a list of their own rather than what somebody did in a position.
fn is_apart(below: &[&Line], is_career: bool) -> bool {
    !is_career || below.iter().all(|line| !line.is_bullet)
}

/// The lines below a heading: to the next that is set apart or looks like a heading.
fn beneath(lines: &[Line], at: usize, look: Option<Look>) -> Vec<&Line> {
    let mut below: Vec<&Line> = Vec::new();
    for (next, line) in lines.iter().enumerate().skip(at + 1).take(25) {
        let is_first = next == at + 1;
        let is_known =
            heading(line, None).is_some() && !line.is_bullet && words::part(&words::fold(&line.text)).is_some();
        let looks_so = look.is_some_and(|look| look.is_telling() && look == Look::of(lines, next));
        if !is_first && line.is_after_blank || is_known || looks_so && !is_first {
            break;
        }
        below.push(line);
    }
    below
}

fn has_ranges(lines: &[&Line]) -> bool {
    lines.iter().any(|line| periods(&line.text).iter().any(Period::is_range))
}

/// What lines are about, where they are a list that tells.
fn content(below: &[&Line], may_be_skills: bool) -> Option<Part> {
    if below.is_empty() || has_ranges(below) {
        return None;
    }
    let of = |passes: fn(&str) -> bool| below.iter().filter(|line| passes(&line.text)).count() * 3 >= below.len() * 2;
    if of(spoken::is_languages) {
        return Some(Part::Languages);
    }
    // "Aurora, Colorado, United States" stands below a name.
    if below.iter().any(|line| line.text.contains(", ") && is_place(&line.text)) {
        return None;
    }
    if below.len() <= 6 && below.iter().any(|line| line.text.contains('@') && !line.text.contains(" @ ")) {
        return Some(Part::Personal);
    }
    let is_dated = |text: &str| !periods(text).is_empty() && text.chars().count() <= 90;
    if of(is_dated) {
        return Some(Part::Certificates);
    }
    let owned: Vec<Line> = below.iter().map(|line| (*line).clone()).collect();
    let items = lists::skills(&owned);
    let short = items.iter().filter(|item| item.split(' ').count() <= 4).count();
    let is_prose = below.iter().any(|line| line.text.ends_with('.') && line.text.split(' ').count() > 8);
    if items.len() < 3 || short * 5 < items.len() * 4 || is_prose {
        return None;
    }
    let known = items.iter().filter(|item| is_known_skill(item)).count();
    (known * 4 >= items.len() || may_be_skills && items.len() >= 4).then_some(Part::Skills)
}

/// Whether the taxonomy knows a text as the name of something that is no occupation.
fn is_known_skill(text: &str) -> bool {
    let taxonomy = Taxonomy::built_in();
    taxonomy
        .meanings_of(text)
        .iter()
        .any(|meaning| taxonomy.concept(meaning.concept).is_some_and(|concept| !concept.kind.is_occupation()))
}
