//! Entries of careers and of education.
//!
//! The lines of a part → entries: the period, the lines of the heading without it, the text below. An entry is found by its
//! period: where the first period of a part leads, headings follow their periods; else they stand before them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::anchor::{Anchor, LONGEST_HEADING, all_anchors, anchor, ends_with_form};
use super::dates::{End, Period, periods};
use super::form::{has_own_label, is_form, label_of, of_form, put};
use super::line::Line;
use super::reading::Kind;
use super::table;
use super::words::{self, Cue};
use crate::taxonomy::Taxonomy;
use crate::text::TokenList;

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
    let starts = starts(lines, &anchors, kind);
    let mut entries = dated(lines, &anchors, &starts, kind);
    strip_labels(&mut entries);
    if employers.is_empty() {
        return entries;
    }
    let own: Vec<Option<String>> =
        (0..entries.len()).map(|number| own_employer(lines, &anchors, &starts, number, kind)).collect();
    let title = |number: usize| {
        let above = lines[starts[number]..anchors[number].at].first().map(|line| line.text.clone());
        above.or_else(|| Some(anchors[number].rest.clone()).filter(|rest| !rest.is_empty()))
    };
    for (at, employer) in &employers {
        let held = (0..entries.len()).filter(|number| anchors[*number].at >= *at);
        // An entry with an employer's line of its own ends what the one above holds.
        for number in held.take_while(|number| anchors[*number].at - starts[*number] <= 1 && own[*number].is_none()) {
            (entries[number].title, entries[number].organisation) = (title(number), Some(employer.clone()));
        }
    }
    for (number, employer) in own.into_iter().enumerate() {
        if employer.is_some() {
            (entries[number].title, entries[number].organisation) = (title(number), employer);
        }
    }
    entries
}

/// The employer on a line of its own above a title, an empty line before and behind it, where others stand with how long somebody was there.
fn own_employer(lines: &[Line], anchors: &[Anchor], starts: &[usize], number: usize, kind: Kind<'_>) -> Option<String> {
    let start = starts[number];
    let floor = number.checked_sub(1).map_or(0, |before| anchors[before].at + 1);
    let line = lines.get(start.checked_sub(1).filter(|at| *at >= floor)?)?;
    let is_name = lines[start].is_after_blank
        && line.is_after_blank
        && start < anchors[number].at
        && is_heading_like(line)
        && periods(&line.text).is_empty()
        && line.text.split(' ').count() <= MOST_NAME_WORDS
        && super::evidence::capital_share(&line.text) > 0.6
        && kind.weigh(&line.text) < TITLE_APART
        && !line.text.split(", ").all(super::evidence::is_place);
    is_name.then(|| line.text.clone())
}

/// Lines of which those that a page's edge broke are joined: "Diplôme d'ingénieur, spécialité informatique – École", beneath it "supérieure
/// d'ingénierie du Dauphiné".
fn unbroken<'l>(lines: &'l [Line], kind: Kind<'_>) -> Cow<'l, [Line]> {
    let letters = |line: &Line| line.text.chars().count() + line.indent;
    let longest = lines.iter().map(letters).max().unwrap_or_default();
    let is_rest = |at: usize| {
        // It was broken where the next word would not have fitted.
        let word = |line: &Line| line.text.split(' ').next().map_or(0, |word| word.chars().count());
        at > 0
            && letters(&lines[at - 1]) + 1 + word(&lines[at]) > longest * 4 / 5
            && is_rest_of(&lines[at - 1], &lines[at], kind)
    };
    if !(1..lines.len()).any(is_rest) {
        return Cow::Borrowed(lines);
    }
    let mut whole: Vec<Line> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match whole.last_mut().filter(|_| is_rest(at)) {
            Some(last) => last.text = super::line::flowed([last.text.as_str(), line.text.as_str()]),
            None => whole.push(line.clone()),
        }
    }
    Cow::Owned(whole)
}

/// Whether a line is what did not fit on the line above it.
fn is_rest_of(above: &Line, line: &Line, kind: Kind<'_>) -> bool {
    if above.is_bullet || line.is_bullet || above.is_continued || line.is_continued || line.is_after_blank {
        return false;
    }
    let first = line.text.split(' ').next().unwrap_or_default();
    // "o.a. Brouwerij De Klok"
    let is_abbreviated = first.contains('.');
    let first = words::fold(first);
    let opens = is_abbreviated
        || words::is_cue(Cue::At, &first)
        || words::is_cue(Cue::Organisation, &first)
        || super::segment::weak_at(&line.text).is_some()
        || words::is_date_word(words::DateWord::Lead, &first);
    // "addetta alle vendite", beneath an employer
    let tokens = TokenList::of(&line.text);
    let names_employer =
        kind.is_work && (words::has(Cue::LegalForm, &tokens) || words::has(Cue::Organisation, &tokens));
    let opens = opens || names_employer || kind.weigh(&line.text) > 0.0;
    let goes_on = line.text.starts_with(char::is_lowercase) && !opens && periods(&line.text).is_empty();
    let last = words::fold(above.text.rsplit(' ').next().unwrap_or_default());
    let is_hyphenated = above.text.strip_suffix('-').is_some_and(|text| text.ends_with(char::is_lowercase));
    let is_cut = is_hyphenated || words::is_joint(&last) && above.text.ends_with(char::is_lowercase);
    above.text.chars().count() >= LEAST_BROKEN
        && !above.text.ends_with(['.', ';', ':', '!', '?'])
        && (goes_on || is_cut && periods(&line.text).is_empty())
        && (!periods(&above.text).is_empty() || !kind.is_work && is_heading_like(above))
}

/// A line that a page's edge broke has at least so many characters.
const LEAST_BROKEN: usize = 40;

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
fn starts(lines: &[Line], anchors: &[Anchor], kind: Kind<'_>) -> Vec<usize> {
    let Some(first) = anchors.first() else { return Vec::new() };
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
    let before_first = before(0, 0);
    let taken = |number: usize| {
        let at = anchors[number].at;
        let floor = if number == 0 { 0 } else { anchors[number - 1].at + 1 };
        let found = before(number, floor);
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
    if kind.is_work {
        employers_as_items(&mut entries, kind);
    }
    entries
}

/// Takes the first item below each heading for its employer, where all headings lack one and all these items are names:
/// "Nurse, 2019 – today", "• Ottersbrook Clinic, Cheltenham".
fn employers_as_items(entries: &mut [Entry], kind: Kind<'_>) {
    let is_employer = |entry: &Entry| {
        entry.body.first().is_some_and(|line| {
            line.is_bullet
                && !line.text.ends_with('.')
                && line.text.split(' ').count() <= MOST_NAME_WORDS
                && super::evidence::capital_share(&line.text) > 0.9
                && kind.weigh(&line.text) < TITLE_APART
        })
    };
    let lacks = |entry: &Entry| !entry.heading.is_empty() && !super::reading::is_whole(&entry.heading, kind);
    if entries.len() < LEAST_ALIKE || !entries.iter().all(|entry| is_employer(entry) && lacks(entry)) {
        return;
    }
    for entry in entries {
        let employer = entry.body.remove(0);
        entry.heading.push(employer.text);
    }
}

/// Whether the heading of an entry begins above an empty line: with an employer ("Rathcormac Hall, Dublin", an empty line, "Teacher of
/// Irish [September 2013 – December 2016]") or with a title. `found` lines above the period belong to it for sure.
fn begins_apart(lines: &[Line], anchor: &Anchor, found: usize, kind: Kind<'_>) -> bool {
    let Some(at) = anchor.at.checked_sub(found + 1).filter(|_| found <= 1) else { return false };
    let above = &lines[at];
    let is_alone = above.is_after_blank || at == 0;
    if !is_alone || !lines[at + 1].is_after_blank || !is_heading_like(above) || above.text.chars().count() >= 90 {
        return false;
    }
    let held = lines[at + 1..anchor.at].iter().map(|line| line.text.clone());
    let heading: Vec<String> = held.chain(Some(anchor.rest.clone()).filter(|rest| !rest.is_empty())).collect();
    let is_name = super::evidence::capital_share(&above.text) > 0.5 || kind.weigh(&above.text) > 0.0;
    is_name && super::reading::begins_with(&above.text, &heading, kind)
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
    let held: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    (2..=5).contains(&held.len())
        && held.iter().any(|word| is_number(word))
        && held.iter().any(|word| is_unit(word))
        && held.iter().all(|word| is_number(word) || is_unit(word) || words::is_joint(word))
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
    let names_firm = || {
        let first = words::fold(text.split(' ').next().unwrap_or_default());
        words::is_cue(Cue::Organisation, &first)
    };
    // "presso Ceramiche Valdorna"
    let stands_at = || {
        text.split_once(' ').is_some_and(|(first, name)| {
            words::is_cue(Cue::At, &words::fold(first)) && name.starts_with(char::is_uppercase)
        })
    };
    let begins = begins
        || text.strip_prefix("@ ").is_some_and(|name| name.starts_with(char::is_uppercase))
        || words::is_cue(Cue::Same, &words::fold(text))
        || stands_at()
        || names_firm() && super::evidence::capital_share(text) > 0.5;
    // "Quillfeather Holdings:", above the titles held there.
    let is_named = || {
        text.ends_with(':')
            && text.split(' ').count() <= MOST_NAME_WORDS
            && super::evidence::capital_share(text) > NAMES
            && label_of(text).is_none()
            && (line.is_after_blank || Taxonomy::built_in().strange_share(&TokenList::of(text)) > 0.3)
    };
    let is_sentence = text.ends_with(['.', '!', '?', ';', ':']) && !ends_with_form(text) && !is_named();
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
    // "[03/2018 – today] Cluj-Napoca, Romania": title and employer stand beneath.
    let is_place = range.start == anchor.at && anchor.rest.split(", ").all(super::evidence::is_place);
    if is_place {
        let bare = Anchor { rest: String::new(), prose: None, period: anchor.period.clone(), at: anchor.at };
        let found = entry_of(lines, &bare, range.clone(), kind, common);
        if found.heading.len() > 1 && super::reading::is_whole(&found.heading, kind) {
            return Entry { place: Some(anchor.rest.clone()), ..found };
        }
    }
    entry_of(lines, anchor, range, kind, common)
}

/// The entry of a period, whatever stands beside it.
fn entry_of(lines: &[Line], anchor: &Anchor, range: std::ops::Range<usize>, kind: Kind<'_>, common: usize) -> Entry {
    let mut heading: Vec<String> = lines[range.start..anchor.at].iter().map(|line| line.text.clone()).collect();
    if !anchor.rest.is_empty() {
        // "Position: Assistant (03/2019 to 01/2021)"
        let label = label_of(&anchor.rest).filter(|(cue, _, is_whole)| *is_whole && *cue == Cue::TitleLabel);
        let rest = label.map_or(anchor.rest.as_str(), |(_, length, _)| anchor.rest[length..].trim());
        heading.push(rest.to_owned());
    }
    let mut next = anchor.at + 1;
    let mut prose = anchor.prose.clone();
    let mut labelled = Entry::default();
    let wanted: usize = if heading.is_empty() { 3 } else { 2 };
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

/// The place that labels tell: "City: Huelva | Country: Spain" → "Huelva, Spain".
fn place_of_labels(text: &str) -> Option<String> {
    let place = |part: &str| {
        let (label, value) = part.split_once(':')?;
        words::is_cue(Cue::AddressLabel, &words::fold(label)).then(|| value.trim().to_owned())
    };
    let places: Option<Vec<String>> = text.split(['|', '\t']).map(place).collect();
    places.map(|places| places.join(", "))
}

/// A line below a period that may belong to its heading.
struct Below<'e> {
    lines: &'e [Line],
    at: usize,
    /// The line of the period.
    anchor: usize,
    /// What the heading holds so far.
    heading: &'e [String],
    kind: Kind<'e>,
    /// So many lines below their periods belong to the headings of most other entries.
    common: usize,
}

impl<'e> Below<'e> {
    fn line(&self) -> &'e Line {
        &self.lines[self.at]
    }

    fn text(&self) -> &'e str {
        &self.line().text
    }

    fn is_first(&self) -> bool {
        self.at == self.anchor + 1
    }

    fn is_common(&self) -> bool {
        self.at - self.anchor <= self.common
    }

    /// Whether nothing above is like a title and this is: "2019 – 2021  Bodegas Cierzo Alto", a town that nobody knows, "Head of accounts".
    fn is_title_below_others(&self) -> bool {
        self.heading.iter().all(|line| self.kind.weigh(line) < 0.0) && self.kind.weigh(self.text()) > TITLE_APART
    }

    fn is_title_third(&self) -> bool {
        let line = self.line();
        self.heading.len() == 2 && !line.is_after_blank && is_heading_like(line) && self.is_title_below_others()
    }

    /// Whether the employer's address and a form's lines stand before the title.
    fn is_passed_over(&self, end: usize) -> bool {
        self.heading.len() == 1
            && is_particular(self.text())
            && title_follows(&self.lines[self.at + 1..end], self.heading, self.kind)
    }

    /// The title that running text below an employer begins with.
    fn title_of_prose(&self) -> Option<(&'e str, &'e str)> {
        let line = self.line();
        let may_be = !line.is_bullet
            && !line.text.is_empty()
            && !is_heading_like(line)
            && !self.is_passed_over(self.lines.len());
        may_be.then(|| title_of_prose(&line.text, self.heading, self.kind)).flatten()
    }

    /// What the line beneath a bare period begins with, where it is too long to be a heading: "Research Assistant, Kirkwall Sound
    /// Archive. Digitised 140 h of interviews.", and the text behind it.
    fn head_of_long_line(&self) -> Option<(&'e str, &'e str)> {
        let text = self.text();
        let may_be = self.heading.is_empty() && self.is_first() && !self.line().is_bullet;
        if !may_be || text.chars().count() <= LONGEST_HEADING {
            return None;
        }
        let sentence = text
            .match_indices(". ")
            .map(|(at, _)| at)
            .find(|at| text[..*at].rsplit([' ', '.']).next().is_some_and(|word| word.chars().count() >= 4));
        let end = sentence.or_else(|| text.ends_with(')').then(|| text.rfind(" (")).flatten())?;
        let (head, rest) = (&text[..end], text[end..].trim_start_matches('.').trim());
        let title = head.split(", ").next().unwrap_or_default();
        (head.chars().count() <= LONGEST_HEADING && self.kind.weigh(title) > 0.0).then_some((head, rest))
    }

    /// Whether an empty line before it does not part it from the heading.
    fn may_be_apart(&self) -> bool {
        // "ACME LTD, LEEDS   2008 – 2013", an empty line, "Contract Manager".
        if self.is_first() && (self.heading.is_empty() || self.is_title_below_others() || self.is_other_half()) {
            return true;
        }
        // An empty line stands between all of period, employer and title.
        let is_spaced = || self.at == self.anchor + 2 && self.lines[self.anchor + 1].is_after_blank;
        self.is_common() || is_spaced() && (self.is_title_below_others() || self.is_other_half())
    }

    /// Whether it is what the heading lacks: "Teacher of Irish [September 2013 – December 2016]", an empty line, "Rathcormac Hall, Dublin".
    fn is_other_half(&self) -> bool {
        let text = self.text();
        text.chars().count() <= LONGEST_BELOW
            && (super::evidence::capital_share(text) > 0.5 || self.kind.weigh(text) > 0.0)
            && !super::reading::is_whole(self.heading, self.kind)
            && super::reading::goes_on(self.heading, text, self.kind, false)
    }

    /// Whether it belongs to the heading.
    fn belongs(&self) -> bool {
        let line = self.line();
        let is_named = || {
            self.is_first()
                && (is_ended_name(line, self.heading, self.kind, self.is_common())
                    || stands_at_weakly(line, self.heading, self.kind))
        };
        if !is_heading_like(line) && !is_named() || line.is_after_blank && !self.may_be_apart() {
            return false;
        }
        let is_long = line.text.chars().count() > LONGEST_BELOW
            && !self.heading.is_empty()
            && !self.is_common()
            && super::evidence::capital_share(&line.text) < NAMES
            && !begins_with_name(&line.text, self.heading, self.kind);
        let goes_on = || super::reading::goes_on(self.heading, &line.text, self.kind, self.is_common());
        !is_long && (self.heading.is_empty() || goes_on() || super::evidence::is_place(&line.text))
    }
}

/// Whether a line below a title begins with "en", "na" or "la" and a name: "en Bodegas Cierzo Alto, Cariñena".
fn stands_at_weakly(line: &Line, heading: &[String], kind: Kind<'_>) -> bool {
    let is_name = || {
        super::segment::weak_at(&line.text).is_some_and(|name| {
            name.chars().count() <= LONGEST_BELOW
                && !name.ends_with('.')
                && super::evidence::capital_share(name) > NAMES
                && kind.weigh(name) < TITLE_APART
        })
    };
    !line.is_bullet && !heading.is_empty() && is_name() && !super::reading::is_whole(heading, kind)
}

/// Whether a long line below a title begins with a name, and tells of it behind: "Ottersbrook Dairies, Cheltenham – 1,200 people, www…".
fn begins_with_name(line: &str, heading: &[String], kind: Kind<'_>) -> bool {
    let end = [" – ", " — ", " - ", " | ", "\t", " · ", " ("].iter().filter_map(|mark| line.find(mark)).min();
    let Some(name) = end.map(|end| &line[..end]) else { return false };
    name.split(' ').count() <= MOST_NAME_WORDS
        && !line.ends_with('.')
        && super::evidence::capital_share(name) > 0.9
        && weighs_as_name(name, kind, false)
        && !super::reading::is_whole(heading, kind)
}

/// Whether a name is not like a title; one with a place, or where others have one, may be a little.
fn weighs_as_name(name: &str, kind: Kind<'_>, is_common: bool) -> bool {
    let may_be = || is_common || super::evidence::without_place(name).1.is_some();
    let weight = kind.weigh(name);
    weight < 0.0 || weight < TITLE_APART && may_be()
}

/// Whether a line below a title is a name that a full stop ends: "Quillfeather Holdings, Sheffield." `is_common`: most other
/// entries have a line there.
fn is_ended_name(line: &Line, heading: &[String], kind: Kind<'_>, is_common: bool) -> bool {
    let name = line.text.trim_end_matches('.');
    !line.is_bullet
        && !heading.is_empty()
        && name.len() + 1 == line.text.len()
        && !name.contains(". ")
        && name.split(' ').count() <= MOST_NAME_WORDS
        && super::evidence::capital_share(name) > 0.9
        && weighs_as_name(name, kind, is_common)
        && !super::reading::is_whole(heading, kind)
}

/// From this share of capital letters on a long line is made of names.
const NAMES: f32 = 0.8;

/// A name has at most so many words.
const MOST_NAME_WORDS: usize = 7;

/// The title that running text below an employer begins with, and the text behind it: "Head of lighting. A team of six …"
fn title_of_prose<'t>(text: &'t str, heading: &[String], kind: Kind<'_>) -> Option<(&'t str, &'t str)> {
    let end = text.find(". ").or_else(|| text.ends_with('.').then_some(text.len() - 1))?;
    let title = &text[..end];
    let is_short = title.chars().count() <= LONGEST_TITLE && !title.contains(['!', '?', ':']);
    let is_title = is_short && kind.weigh(title) > TITLE_APART && heading.iter().all(|line| kind.weigh(line) < 0.0);
    (is_title && kind.is_work).then(|| (title, text[end + 1..].trim()))
}

/// A line of a heading below its period is at most so long, in characters.
const LONGEST_BELOW: usize = 70;

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
