//! Entries of careers and of education.
//!
//! The lines of a part → entries: the period, the lines of the heading without it, the text below. An entry is found by its
//! period: where the first period of a part leads, headings follow their periods; else they stand before them.

use std::borrow::Cow;

use super::anchor::{Anchor, LONGEST_HEADING, all_anchors, anchor, ends_with_form};
use super::dates::{End, Period, periods};
use super::form::{has_own_label, is_form, of_form};
use super::line::Line;
use super::reading::Kind;
use super::table;
use super::words::{self, Cue};

/// How much a line below an empty one must be like a title to belong to the employer above.
const TITLE_APART: f32 = 0.3;

/// So many lines of a heading stand before its period at most.
const MOST_BEFORE: usize = 3;

/// At most so many entries are read.
pub(super) const MAX_ENTRIES: usize = 120;

/// One entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// When.
    pub(super) period: Option<Period>,
    /// Lines of the heading without the period.
    pub(super) heading: Vec<String>,
    /// Text below.
    pub(super) body: Vec<Line>,
    /// Title, where a form labels it.
    pub(super) title: Option<String>,
    /// Employer or school, where a form labels it.
    pub(super) organisation: Option<String>,
    /// So many lines below the period belong to the heading.
    below: usize,
}

/// The entries of a part's lines.
pub(super) fn entries(lines: &[Line], kind: Kind<'_>) -> Vec<Entry> {
    let is_work = kind.is_work;
    let (lines, employers) = without_employers(lines);
    let lines = lines.as_ref();
    if let Some(entries) = table::entries(lines, is_work) {
        return entries;
    }
    if is_form(lines) {
        return of_form(lines);
    }
    let anchors = all_anchors(lines, is_work);
    if anchors.is_empty() {
        return undated(lines, is_work);
    }
    let starts = starts(lines, &anchors, kind);
    let mut entries = dated(lines, &anchors, &starts, kind);
    for (at, employer) in &employers {
        let own = (0..entries.len()).filter(|number| anchors[*number].at >= *at);
        // An entry with an employer's line of its own ends what the one above holds.
        for number in own.take_while(|number| anchors[*number].at - starts[*number] <= 1) {
            let title = lines[starts[number]..anchors[number].at].first().map(|line| line.text.clone());
            let title = title.or_else(|| Some(anchors[number].rest.clone()).filter(|rest| !rest.is_empty()));
            (entries[number].title, entries[number].organisation) = (title, Some(employer.clone()));
        }
    }
    entries
}

/// Where the heading of each entry begins.
fn starts(lines: &[Line], anchors: &[Anchor], kind: Kind<'_>) -> Vec<usize> {
    let Some(first) = anchors.first() else { return Vec::new() };
    let apart = |anchor: &&Anchor| anchor.at > 1 && is_employer_apart(lines, anchor.at - 1, kind);
    let is_spaced = kind.is_work
        && (is_spaced_heading(lines, first.at, kind) || anchors.iter().filter(apart).count() >= LEAST_ALIKE);
    let before = |at: usize, floor: usize| match heading_before(lines, at, floor) {
        found @ 0..=1 if is_spaced && at > floor + found && is_employer_apart(lines, at - found, kind) => found + 1,
        found => found,
    };
    let before_first = before(first.at, 0);
    let taken = |number: usize| {
        let at = anchors[number].at;
        let floor = if number == 0 { 0 } else { anchors[number - 1].at + 1 };
        let found = before(at, floor);
        // An empty line sets the heading apart from what is above.
        let is_apart = found > 0 && lines[at - found].is_after_blank;
        let is_tight = number > 0 && found == at - floor && !(found > 1 && is_apart);
        if before_first == 0 && number > 0 {
            // Headings follow: only what an empty line sets apart can belong to this one.
            let is_own = is_apart && at > found && !lines[at].is_after_blank && !is_tight && !first.rest.is_empty();
            if is_own { found } else { 0 }
        } else if is_tight {
            found.min(before_first)
        } else {
            found.min(MOST_BEFORE)
        }
    };
    (0..anchors.len()).map(|number| anchors[number].at - taken(number)).collect()
}

/// The entry of each period. What most of them have in their headings the others have too.
fn dated(lines: &[Line], anchors: &[Anchor], starts: &[usize], kind: Kind<'_>) -> Vec<Entry> {
    let range = |number: usize| starts[number]..starts.get(number + 1).copied().unwrap_or(lines.len());
    let count = anchors.len().min(MAX_ENTRIES);
    let mut entries: Vec<Entry> =
        (0..count).map(|number| entry(lines, &anchors[number], range(number), kind, 0)).collect();
    let shape = |number: usize, entry: &Entry| {
        (anchors[number].at - starts[number], anchors[number].rest.is_empty(), entry.below)
    };
    let shapes: Vec<(usize, bool, usize)> =
        entries.iter().enumerate().map(|(number, entry)| shape(number, entry)).collect();
    for (number, held) in entries.iter_mut().enumerate() {
        let common = common_below(&shapes, number);
        if common > held.below {
            *held = entry(lines, &anchors[number], range(number), kind, common);
        }
    }
    entries
}

/// Whether an employer, an empty line, and a title with its period beside or beneath it open a part: "Rathcormac Hall, Dublin",
/// an empty line, "Teacher of Irish [September 2013 – December 2016]".
fn is_spaced_heading(lines: &[Line], first: usize, kind: Kind<'_>) -> bool {
    (1..=2).contains(&first) && is_employer_apart(lines, 1, kind)
}

/// Whether the line above another stands between empty lines and is no title.
fn is_employer_apart(lines: &[Line], at: usize, kind: Kind<'_>) -> bool {
    let above = &lines[at - 1];
    above.is_after_blank
        && lines[at].is_after_blank
        && is_heading_like(above)
        && above.text.chars().count() < 90
        && kind.weigh(&above.text) < TITLE_APART
        && super::evidence::capital_share(&above.text) > 0.7
}

/// Lines without the employers that stand with nothing but how long somebody was there, "5 years 2 months", above all positions held
/// there; and these employers, each with the number of the line that follows.
fn without_employers(lines: &[Line]) -> (Cow<'_, [Line]>, Vec<(usize, String)>) {
    if !lines.iter().any(|line| is_duration(&line.text)) {
        return (Cow::Borrowed(lines), Vec::new());
    }
    let (mut kept, mut employers): (Vec<Line>, Vec<(usize, String)>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        let is_employer = lines.get(at + 1).is_some_and(|next| is_duration(&next.text))
            && is_heading_like(line)
            && periods(&line.text).is_empty();
        if is_employer {
            employers.push((kept.len(), line.text.clone()));
            at += 2;
        } else {
            let is_first = employers.last().is_some_and(|(first, _)| *first == kept.len());
            kept.push(Line { is_after_blank: line.is_after_blank || is_first, ..line.clone() });
            at += 1;
        }
    }
    (Cow::Owned(kept), employers)
}

/// Whether a text says how long something was, and nothing else.
fn is_duration(text: &str) -> bool {
    let folded = words::fold(text);
    let is_unit = |word: &str| words::is_cue(Cue::Duration, word);
    let is_number = |word: &str| word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let is_joint = |word: &str| matches!(word, "and" | "e" | "und" | "y" | "et" | "en" | "si");
    (2..=5).contains(&words.len())
        && words.iter().any(|word| is_number(word))
        && words.iter().any(|word| is_unit(word))
        && words.iter().all(|word| is_number(word) || is_unit(word) || is_joint(word))
}

/// Whether a line may be a line of a heading.
fn is_heading_like(line: &Line) -> bool {
    let text = &line.text;
    let first = text.chars().next();
    let begins = first.is_some_and(|letter| {
        letter.is_uppercase()
            || letter.is_ascii_digit()
            || matches!(letter, '"' | '“' | '„' | '«' | '(' | '\'')
            || !letter.is_lowercase() && letter.is_alphabetic()
    });
    // "ditta Bortolan Serramenti"
    let names_firm = || words::is_cue(Cue::Organisation, &words::fold(text.split(' ').next().unwrap_or_default()));
    let begins = begins || names_firm() && super::evidence::capital_share(text) > 0.5;
    let is_sentence = text.ends_with(['.', '!', '?', ';', ':']) && !ends_with_form(text);
    !line.is_bullet && !line.is_continued && begins && !is_sentence && text.chars().count() <= LONGEST_HEADING
}

/// How many lines right above a period belong to its heading.
pub(super) fn heading_before(lines: &[Line], at: usize, floor: usize) -> usize {
    let mut count = 0;
    while at - count > floor && count < MOST_BEFORE {
        let line = &lines[at - count - 1];
        let below = &lines[at - count];
        if below.is_after_blank
            && !(count == 0
                && line.is_after_blank
                && below.text.chars().count() < 60
                && is_heading_like(line)
                && line.text.chars().count() < 90
                && anchor(&below.text, true)
                    .is_some_and(|(_, rest)| rest.is_empty() || super::evidence::is_place(&rest)))
        {
            break;
        }
        let is_begun = line.text.ends_with(',') && !line.is_bullet;
        if !is_heading_like(line) && !is_begun {
            break;
        }
        count += 1;
    }
    count
}

/// How many lines below their periods most entries have in their headings that look like this one's above: lines above the
/// period, whether the period stands alone, lines below.
fn common_below(shapes: &[(usize, bool, usize)], number: usize) -> usize {
    let (above, is_bare, _) = shapes[number];
    let alike: Vec<usize> =
        shapes.iter().filter(|shape| (shape.0, shape.1) == (above, is_bare)).map(|shape| shape.2).collect();
    let count = |below: usize| alike.iter().filter(|other| **other == below).count();
    let most = alike.iter().copied().max_by_key(|below| (count(*below), *below)).unwrap_or(0);
    if count(most) >= LEAST_ALIKE && count(most) * 2 >= alike.len() { most } else { 0 }
}

/// So many entries show what headings have in common.
const LEAST_ALIKE: usize = 2;

/// The entry of a period. `common`: so many lines below it belong to the headings of most other entries.
fn entry(lines: &[Line], anchor: &Anchor, range: std::ops::Range<usize>, kind: Kind<'_>, common: usize) -> Entry {
    let mut heading: Vec<String> = lines[range.start..anchor.at].iter().map(|line| line.text.clone()).collect();
    if !anchor.rest.is_empty() {
        heading.push(anchor.rest.clone());
    }
    let mut next = anchor.at + 1;
    let mut prose = anchor.prose.clone();
    let wanted: usize = if heading.is_empty() { 3 } else { 2 };
    while anchor.prose.is_none() && heading.len() < wanted && next < range.end {
        let line = &lines[next];
        let is_first = next == anchor.at + 1;
        if line.text.is_empty() {
            next += 1;
            continue;
        }
        // The employer's address and a form's lines may stand before the title.
        if heading.len() == 1 && is_particular(&line.text) && title_follows(&lines[next + 1..range.end], &heading, kind)
        {
            next += 1;
            continue;
        }
        // "ACME LTD, LEEDS   2008 – 2013", an empty line, "Contract Manager".
        let is_title_apart =
            || heading.iter().all(|line| kind.weigh(line) < 0.0) && kind.weigh(&line.text) > TITLE_APART;
        // An empty line stands between all of period, employer and title.
        let is_spaced = || next == anchor.at + 2 && lines[anchor.at + 1].is_after_blank && is_title_apart();
        let is_common = next - anchor.at <= common;
        let may_be_apart = || is_first && (heading.is_empty() || is_title_apart()) || is_spaced() || is_common;
        if !is_heading_like(line)
            && !line.is_bullet
            && let Some((title, rest)) = title_of_prose(&line.text, &heading, kind)
        {
            heading.push(title.to_owned());
            prose = Some(rest.to_owned());
            next += 1;
            break;
        }
        if !is_heading_like(line) || line.is_after_blank && !may_be_apart() {
            break;
        }
        let is_long = line.text.chars().count() > 70 && !heading.is_empty() && !is_common;
        let is_place = || super::evidence::is_place(&line.text);
        let is_first_line = heading.is_empty();
        if is_long || !is_first_line && !super::reading::goes_on(&heading, &line.text, kind, is_common) && !is_place() {
            break;
        }
        heading.push(line.text.clone());
        next += 1;
        // "De Kievit B.V.," goes on.
        while heading.last().is_some_and(|last| last.ends_with(',')) && next < range.end && !lines[next].is_bullet {
            let more = lines[next].text.clone();
            if let Some(last) = heading.last_mut() {
                *last = format!("{last} {more}");
            }
            next += 1;
        }
    }
    let taken = next - anchor.at - 1;
    let prose = prose.iter().map(|prose| Line { text: prose.clone(), ..lines[anchor.at].clone() });
    let below = lines[next..range.end.max(next)].iter().filter(|line| !line.text.is_empty()).cloned();
    let body = prose.chain(below).collect();
    Entry { period: Some(anchor.period.clone()), heading, body, below: taken, ..Entry::default() }
}

/// The title that running text below an employer begins with, and the text behind it: "Head of lighting. A team of six …"
fn title_of_prose<'t>(text: &'t str, heading: &[String], kind: Kind<'_>) -> Option<(&'t str, &'t str)> {
    let end = text.find(". ").or_else(|| text.ends_with('.').then_some(text.len() - 1))?;
    let title = &text[..end];
    let is_short = title.chars().count() <= LONGEST_TITLE && !title.contains(['!', '?', ':']);
    let is_title = is_short && kind.weigh(title) > TITLE_APART && heading.iter().all(|line| kind.weigh(line) < 0.0);
    (is_title && kind.is_work).then(|| (title, text[end + 1..].trim()))
}

/// A title at the start of running text is at most so long, in characters.
const LONGEST_TITLE: usize = 60;

/// Lines that are looked through for a title below an employer's particulars.
const MOST_PARTICULARS: usize = 6;

/// Whether a line is an address or has a label: "2250 Landing Avenue", "Hours per week: 40".
pub(super) fn is_particular(text: &str) -> bool {
    let is_address = || {
        let number = text.split(' ').next().unwrap_or_default();
        let is_numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_numbered && text.split(' ').count() <= 6 && periods(text).is_empty()
            || crate::text::mask_contacts(text).contains(crate::text::MASK)
    };
    let is_code = |word: &str| (4..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let has_code = text.contains(',') && periods(text).is_empty() && text.split([' ', ',']).any(is_code);
    has_own_label(text) || has_code || super::evidence::is_place(text) || is_address()
}

/// Whether nothing but particulars stands between an employer and a line that is like a title.
fn title_follows(lines: &[Line], heading: &[String], kind: Kind<'_>) -> bool {
    if heading.len() != 1 || kind.weigh(&heading[0]) >= TITLE_APART {
        return false;
    }
    let mut next = lines.iter().take(MOST_PARTICULARS).take_while(|line| !line.is_after_blank && !line.is_bullet);
    let title = next.find(|line| !is_particular(&line.text));
    title.is_some_and(|line| is_heading_like(line) && kind.weigh(&line.text) > TITLE_APART)
}

/// A part without any period: headings of paragraphs, where they look like some.
fn undated(lines: &[Line], is_work: bool) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in lines {
        let opens = if is_work {
            is_heading_like(line) && line.is_after_blank
        } else {
            line.is_bullet
                || line.is_after_blank
                || entries.is_empty()
                || is_heading_like(line) && entries.last().is_some_and(|last| last.heading.len() >= 2)
        };
        match entries.last_mut() {
            Some(last) if !opens => {
                if last.body.is_empty() && last.heading.len() < 2 && is_heading_like(line) {
                    last.heading.push(line.text.clone());
                } else {
                    last.body.push(line.clone());
                }
            }
            _ if opens => entries.push(Entry { heading: vec![line.text.clone()], ..Entry::default() }),
            _ => {}
        }
    }
    entries.truncate(MAX_ENTRIES);
    entries
}

/// The ends of a period as JSON Resume has them: start and end; and how sure they are.
pub(super) fn ends(period: &Period, is_work: bool, is_first: bool) -> (Option<String>, Option<String>, f32) {
    let start = Some(period.start.to_string());
    match period.end {
        End::On(end) => (start, Some(end.to_string()), 1.0),
        End::Lasts => (start, None, 1.0),
        End::Open => (start, None, 0.8),
        End::Unsaid if !is_work => (None, start, 0.8),
        End::Unsaid if is_first && period.start.has_month() => (start, None, 0.5),
        End::Unsaid => (start.clone(), start, 0.6),
    }
}
