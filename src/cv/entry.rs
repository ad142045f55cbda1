//! Entries of careers and of education.
//!
//! The lines of a part → entries: the period, the lines of the heading without it, the text below. An entry is found by its
//! period: where the first period of a part leads, headings follow their periods; else they stand before them.

use std::collections::HashMap;

use super::anchor::{Anchor, all_anchors};
use super::broken::{periods_first, unbroken};
use super::dates::{End, Period, periods};
use super::employers::{self, Headed, employers_as_items, without_employers};
use super::form::{is_form, label_of, of_form, put};
use super::heading_line::{Below, MOST_BEFORE, NAMES, TITLE_APART, begins_apart, heading_before, is_heading_like};
use super::line::Line;
use super::reading::Kind;
use super::table;
use super::words::{self, Cue};
use crate::taxonomy::Taxonomy;
use crate::text::TokenList;

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
    /// So many entries below it are positions at the employer that it names, with the time of all of them.
    pub(super) heads: usize,
    /// The place beside the period, where title and employer stand beneath.
    pub(super) place: Option<String>,
    /// So many lines below the period belong to the heading.
    below: usize,
}

impl Entry {
    /// An entry of which a form has told the title.
    pub(super) fn titled(title: String) -> Self {
        Self { title: Some(title), ..Self::default() }
    }

    /// An entry of which a form has told the employer.
    pub(super) fn held_at(organisation: Option<String>) -> Self {
        Self { organisation, ..Self::default() }
    }
}

/// The entries of a part's lines.
pub(super) fn entries(lines: &[Line], kind: Kind<'_>) -> Vec<Entry> {
    let is_work = kind.is_work;
    let lines = unbroken(lines, kind);
    let (lines, employers) = without_employers(lines.as_ref());
    let lines = lines.as_ref();
    if let Some(entries) = table::entries(lines, is_work) {
        return entries;
    }
    if is_form(lines) {
        let entries = of_form(lines);
        let told = entries.iter().filter(|entry| entry.title.is_some() || entry.organisation.is_some()).count();
        if told * 2 > entries.len() {
            return entries;
        }
    }
    let lines = without_column_names(lines);
    let anchors = all_anchors(lines, is_work);
    if anchors.is_empty() {
        return undated(lines, is_work);
    }
    if let Some(ordered) = periods_first(lines, &anchors) {
        return entries_of(&ordered, &all_anchors(&ordered, is_work), &employers, kind);
    }
    entries_of(lines, &anchors, &employers, kind)
}

/// The entries of lines that are neither a table nor a form. `employers`: those that stood above all positions held there.
fn entries_of(lines: &[Line], anchors: &[Anchor], employers: &[(usize, String)], kind: Kind<'_>) -> Vec<Entry> {
    let blocks = employers::blocks(&Headed { lines, anchors, starts: &[] }, kind);
    let starts = starts(lines, anchors, &blocks, kind);
    let mut entries = dated(lines, anchors, &starts, kind);
    entries.iter_mut().zip(blocks).for_each(|(entry, headed)| entry.heads = headed);
    strip_labels(&mut entries);
    employers::hold(&mut entries, &Headed { lines, anchors, starts: &starts }, employers, kind);
    entries
}

/// Lines without a first row that names columns: no digits, and below it a row of as many cells that begins with a period.
fn without_column_names(lines: &[Line]) -> &[Line] {
    let [first, second, ..] = lines else { return lines };
    let cells = |line: &Line| line.text.split('\t').count();
    let has_digits = first.text.bytes().any(|byte| byte.is_ascii_digit());
    let begins_with_period = periods(&second.text).first().is_some_and(|period| period.bytes.start == 0);
    let names = cells(first) > 1 && cells(first) == cells(second) && !has_digits && begins_with_period;
    if names { &lines[1..] } else { lines }
}

/// Where the heading of each entry begins.
fn starts(lines: &[Line], anchors: &[Anchor], blocks: &[usize], kind: Kind<'_>) -> Vec<usize> {
    // What heads others may look otherwise than these.
    let first_number = blocks.iter().position(|headed| *headed == 0).unwrap_or_default();
    let Some(first) = anchors.get(first_number) else { return Vec::new() };
    let begins = |anchor: &&Anchor| begins_apart(lines, anchor, heading_before(lines, anchor.at, 0), kind);
    // Where the first heading is a title above a bare period, employers stand beneath: what stands above the others is of the
    // entries before them.
    let has_more = first.at != 1 || !first.rest.is_empty();
    let is_spaced = kind.is_work
        && has_more
        && (first.at <= 2 && begins(&first) || anchors.iter().filter(begins).count() >= LEAST_ALIKE);
    let before = |number: usize, floor: usize| {
        let anchor = &anchors[number];
        let found = heading_before(lines, anchor.at, floor);
        let is_more = is_spaced && anchor.at > floor + found && begins_apart(lines, anchor, found, kind);
        if is_more { found + 1 } else { found }
    };
    let floor_of = |number: usize| number.checked_sub(1).map_or(0, |above| anchors[above].at + 1);
    let before_first = before(first_number, floor_of(first_number));
    // Behind a block stand entries that look like it: employer, period, title.
    let block = blocks.iter().position(|headed| *headed > 0);
    let is_like_block = |number: usize| {
        block.is_some_and(|block| {
            number > block + blocks[block] && anchors[number].rest.is_empty() == anchors[block].rest.is_empty()
        })
    };
    let taken = |number: usize| {
        let before_first =
            block.filter(|_| is_like_block(number)).map_or(before_first, |block| before(block, floor_of(block)));
        let at = anchors[number].at;
        let floor = floor_of(number);
        let found = before(number, floor);
        if number > 0 && blocks[number - 1] > 0 {
            return found.min(before_first);
        }
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

/// The text before the first colon, folded, and the text behind it.
fn prefix_of(line: &str) -> Option<(String, &str)> {
    let (label, rest) = line.split_once(':')?;
    let is_label = label.split(' ').count() <= MOST_LABEL_WORDS && rest.starts_with([' ', '\t']);
    is_label.then(|| (words::fold(label), rest.trim()))
}

/// Labels that no table knows, which lines of most headings begin with, are taken off: "Role: Accountant".
fn strip_labels(entries: &mut [Entry]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (label, _) in entries.iter().flat_map(|entry| &entry.heading).filter_map(|line| prefix_of(line)) {
        *counts.entry(label).or_default() += 1;
    }
    let is_word =
        |label: &str| words::is_label(label) || Taxonomy::built_in().strange_share(&TokenList::of(label)) < NAMES / 2.0;
    let is_common = |count: usize| count >= LEAST_ALIKE && count * 2 >= entries.len();
    counts.retain(|label, count| is_common(*count) && is_word(label));
    for line in entries.iter_mut().flat_map(|entry| &mut entry.heading) {
        if let Some((_, rest)) = prefix_of(line).filter(|(label, rest)| counts.contains_key(label) && !rest.is_empty())
        {
            *line = rest.to_owned();
        }
    }
}

/// A label has at most so many words.
const MOST_LABEL_WORDS: usize = 3;

/// The entry of each period. What most of them have in their headings the others have too.
fn dated(lines: &[Line], anchors: &[Anchor], starts: &[usize], kind: Kind<'_>) -> Vec<Entry> {
    let range = |number: usize| starts[number]..starts.get(number + 1).copied().unwrap_or(lines.len());
    let count = anchors.len().min(MAX_ENTRIES);
    let are_places = beside_places(anchors, starts);
    let mut entries: Vec<Entry> = (0..count)
        .map(|number| entry(lines, &anchors[number], range(number), kind, Common { below: 0, are_places }))
        .collect();
    let shape = |number: usize, entry: &Entry| {
        (anchors[number].at - starts[number], anchors[number].rest.is_empty(), entry.below)
    };
    let shapes: Vec<(usize, bool, usize)> =
        entries.iter().enumerate().map(|(number, entry)| shape(number, entry)).collect();
    for (number, held) in entries.iter_mut().enumerate() {
        let below = common_below(&shapes, number);
        if below > held.below {
            *held = entry(lines, &anchors[number], range(number), kind, Common { below, are_places });
        }
    }
    if kind.is_work {
        employers_as_items(&mut entries, kind);
    }
    entries
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
pub(super) const LEAST_ALIKE: usize = 2;

/// What most other entries of a part have.
#[derive(Clone, Copy)]
struct Common {
    /// So many lines below the period belong to the heading.
    below: usize,
    /// Beside the period stands a place.
    are_places: bool,
}

/// Whether places stand beside most periods that nothing stands above.
fn beside_places(anchors: &[Anchor], starts: &[usize]) -> bool {
    let bare = || anchors.iter().zip(starts).filter(|(anchor, start)| **start == anchor.at && !anchor.rest.is_empty());
    let places = bare().filter(|(anchor, _)| super::evidence::are_places(&anchor.rest)).count();
    places >= LEAST_ALIKE && places * 2 >= bare().count()
}

/// A place, with its region and country, has at most so many words.
const MOST_PLACE_WORDS: usize = 5;

/// Whether a text beside a period may be a place that no gazetteer knows.
fn may_be_place(text: &str, kind: Kind<'_>) -> bool {
    text.split(' ').count() <= MOST_PLACE_WORDS
        && text.starts_with(char::is_uppercase)
        && text.split(", ").all(|part| kind.weigh(part) < TITLE_APART)
        && !words::has(Cue::Organisation, &TokenList::of(text))
        && !words::has(Cue::LegalForm, &TokenList::of(text))
}

/// The entry of a period.
fn entry(lines: &[Line], anchor: &Anchor, range: std::ops::Range<usize>, kind: Kind<'_>, common: Common) -> Entry {
    // "[03/2018 – today] Cluj-Napoca, Romania": title and employer stand beneath.
    let is_place = range.start == anchor.at
        && (super::evidence::are_places(&anchor.rest) || common.are_places && may_be_place(&anchor.rest, kind));
    let Common { below: common, .. } = common;
    if is_place {
        let bare = Anchor { rest: String::new(), prose: None, period: anchor.period.clone(), at: anchor.at };
        let found = entry_of(lines, &bare, range.clone(), kind, common);
        if super::reading::is_whole(&found.heading, kind) {
            return Entry { place: Some(anchor.rest.clone()), ..found };
        }
    }
    entry_of(lines, anchor, range, kind, common)
}

/// The entry of a period, whatever stands beside it. `common`: so many lines below it belong to the headings of most other entries.
fn entry_of(lines: &[Line], anchor: &Anchor, range: std::ops::Range<usize>, kind: Kind<'_>, common: usize) -> Entry {
    let plain = |line: &Line| place_beside_remark(&line.text).unwrap_or_else(|| line.text.clone());
    let mut heading: Vec<String> = lines[range.start..anchor.at].iter().map(plain).collect();
    if !anchor.rest.is_empty() {
        // "Position: Assistant (03/2019 to 01/2021)"
        let label = label_of(&anchor.rest).filter(|(cue, _, is_whole)| *is_whole && *cue == Cue::TitleLabel);
        let rest = label.map_or(anchor.rest.as_str(), |(_, length, _)| anchor.rest[length..].trim());
        heading.push(rest.to_owned());
    }
    let mut next = anchor.at + 1;
    let mut prose = anchor.prose.clone();
    let mut labelled = Entry::default();
    let mut wanted: usize = if heading.is_empty() { 3 } else { 2 };
    while prose.is_none() && next < range.end {
        let line = &lines[next];
        let below = Below { lines, at: next, anchor: anchor.at, heading: &heading, kind, common };
        if heading.len() >= wanted && !below.is_title_third() {
            break;
        }
        if let Some((cue, length, true)) = label_of(&line.text)
            && (matches!(cue, Cue::CompanyLabel | Cue::TitleLabel)
                || !kind.is_work && matches!(cue, Cue::DegreeLabel | Cue::SchoolLabel))
        {
            put(&mut labelled, cue, line.text[length..].trim_start_matches([':', ' ', '\t']).trim(), line);
        } else if let Some(place) = below.place_between(range.end) {
            heading.push(place);
            wanted += 1;
        } else if let Some((title, rest)) = below.title_of_prose() {
            let (title, rest) = (title.to_owned(), rest.to_owned());
            heading.push(title);
            prose = Some(rest);
        } else if let Some((head, rest)) = below.head_of_long_line() {
            let (head, rest) = (head.to_owned(), rest.to_owned());
            heading.push(head);
            prose = Some(rest);
        } else if !line.text.is_empty() && !below.is_passed_over(range.end) {
            if !below.belongs() {
                break;
            }
            heading.push(place_of_labels(&line.text).unwrap_or_else(|| line.text.clone()));
            // "De Kievit B.V.," goes on.
            while heading.last().is_some_and(|last| last.ends_with(','))
                && next + 1 < range.end
                && !lines[next + 1].is_bullet
            {
                next += 1;
                if let Some(last) = heading.last_mut() {
                    *last = format!("{last} {}", lines[next].text);
                }
            }
        }
        next += 1;
    }
    let taken = next - anchor.at - 1;
    let prose = prose.iter().map(|prose| Line { text: prose.clone(), ..lines[anchor.at].clone() });
    let below = lines[next..range.end.max(next)].iter().filter(|line| !line.text.is_empty()).cloned();
    let body = prose.chain(below).collect();
    Entry { period: Some(anchor.period.clone()), heading, body, below: taken, ..labelled }
}

/// The place on a line that says nothing else but how somebody is employed: "València · Contrato indefinido", "Magog (temps plein)".
pub(super) fn place_beside_remark(text: &str) -> Option<String> {
    if text.len() > LONGEST_PLACE {
        return None;
    }
    let end = text.find(['·', '|', '(', '\t']).or_else(|| text.find(", "))?;
    let (place, remark) =
        (text[..end].trim_end_matches([',', ' ']), text[end..].trim_matches(|letter: char| !letter.is_alphanumeric()));
    let first = remark.split([',', '·', '|', '\t', ';']).next().unwrap_or_default().trim();
    let is_remark = super::segment::is_remark(first, &TokenList::of(first));
    // "Rotterdam, Netherlands, temporary"
    let further = || place_beside_remark(remark).map(|further| format!("{place}, {further}"));
    if !super::evidence::are_places(place) {
        return None;
    }
    if is_remark { Some(place.to_owned()) } else { further() }
}

/// A place with a remark is at most so long, in bytes.
const LONGEST_PLACE: usize = 160;

/// The place that labels tell: "City: Huelva | Country: Spain" → "Huelva, Spain".
fn place_of_labels(text: &str) -> Option<String> {
    let place = |part: &str| {
        let (label, value) = part.split_once(':')?;
        words::is_cue(Cue::AddressLabel, &words::fold(label)).then(|| value.trim().to_owned())
    };
    let places: Option<Vec<String>> = text.split(['|', '\t']).map(place).collect();
    places.map(|places| places.join(", "))
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
