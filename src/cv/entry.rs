//! Entries of careers and of education.
//!
//! The lines of a part → entries: the period, the lines of the heading without it, the text below. An entry is found by its
//! period: where the first period of a part leads, headings follow their periods; else they stand before them.

use std::borrow::Cow;

use super::dates::{End, Period, periods};
use super::line::Line;
use super::table;
use super::words::{self, Cue};

/// A heading is at most so long, in characters.
const LONGEST_HEADING: usize = 110;

/// How much a line below an empty one must be like a title to belong to the employer above.
const TITLE_APART: f32 = 0.3;

/// So many lines of a heading stand before its period at most.
const MOST_BEFORE: usize = 3;

/// At most so many entries are read.
const MAX_ENTRIES: usize = 120;

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
}

/// A line with its period and what is left without it.
struct Anchor {
    at: usize,
    period: Period,
    rest: String,
    /// Running text behind the period: "Since 2021. Team of six".
    prose: Option<String>,
}

/// The entries of a part's lines.
pub(super) fn entries(lines: &[Line], is_work: bool) -> Vec<Entry> {
    let (lines, employers) = without_employers(lines);
    let lines = lines.as_ref();
    let weigh = if is_work { super::evidence::title_likeness } else { super::evidence::degree_likeness };
    if let Some(entries) = table::entries(lines, is_work) {
        return entries;
    }
    let labelled = lines.iter().filter(|line| label_of(&line.text).is_some()).count();
    if labelled >= 2 && labelled * 3 >= lines.len() {
        return of_form(lines);
    }
    let mut anchors: Vec<Anchor> = anchors(lines, is_work, false);
    if anchors.is_empty() {
        anchors = self::anchors(lines, is_work, true);
    }
    let Some(first) = anchors.first() else { return undated(lines, is_work) };
    let before_first = heading_before(lines, first.at, 0);
    let mut entries: Vec<Entry> = Vec::new();
    // Which line the text of the entry before begins with, and where each heading begins.
    let starts: Vec<usize> = (0..anchors.len())
        .map(|number| {
            let floor = if number == 0 { 0 } else { anchors[number - 1].at + 1 };
            let found = heading_before(lines, anchors[number].at, floor);
            let is_tight = number > 0 && found == anchors[number].at - floor;
            let taken = if before_first == 0 && number > 0 {
                // Headings follow: only what an empty line sets apart can belong to this one.
                let is_apart = anchors[number].at > found
                    && found > 0
                    && lines[anchors[number].at - found].is_after_blank
                    && !lines[anchors[number].at].is_after_blank
                    && !is_tight;
                if is_apart && !first.rest.is_empty() { found } else { 0 }
            } else if is_tight {
                found.min(before_first)
            } else {
                found.min(MOST_BEFORE)
            };
            anchors[number].at - taken
        })
        .collect();
    for (number, anchor) in anchors.iter().enumerate().take(MAX_ENTRIES) {
        let end = starts.get(number + 1).copied().unwrap_or(lines.len());
        entries.push(entry(lines, anchor, starts[number]..end, weigh));
    }
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

fn anchors(lines: &[Line], is_work: bool, with_items: bool) -> Vec<Anchor> {
    let mut anchors: Vec<Anchor> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.is_continued || line.is_bullet && !with_items && is_work {
            continue;
        }
        if is_work && is_within(&line.text) {
            continue;
        }
        if let Some((period, prose)) = before_prose(&line.text) {
            anchors.push(Anchor { at, period, rest: String::new(), prose: Some(prose) });
        } else if line.text.chars().count() <= LONGEST_HEADING + 60
            && let Some((period, rest)) = anchor(&line.text, is_work)
        {
            anchors.push(Anchor { at, period, rest, prose: None });
        }
    }
    anchors
}

/// Whether a label says that a line is about a part of a position: "Project: …".
fn is_within(text: &str) -> bool {
    let Some((label, _)) = text.split_once([':', '\t']) else { return false };
    words::is_cue(
        Cue::Within,
        words::fold(label).trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == ' '),
    )
}

/// A period at the start of running text, and the text behind it.
fn before_prose(text: &str) -> Option<(Period, String)> {
    let period = periods(text).into_iter().next().filter(|period| is_at_start(text, period))?;
    let tail = text[period.bytes.end..].trim_start_matches([')', ']']);
    let prose = tail.strip_prefix(['.', ':']).or_else(|| tail.strip_prefix(" –"))?.trim();
    // "2009 – 2013: teacher, De Vlonder te Meppel."
    let names_title = || {
        let (title, _) = prose.split_once(", ").unwrap_or_default();
        tail.starts_with(':')
            && prose.chars().count() <= LONGEST_HEADING
            && super::evidence::title_likeness(title) > 0.0
    };
    if names_title() {
        return None;
    }
    let is_prose = prose.split(' ').count() >= 4 && prose.ends_with(['.', '!', ';', ',']) && !ends_with_form(prose);
    is_prose.then(|| (period, prose.to_owned()))
}

/// The period of a line that heads an entry, and what is left of the line.
pub(super) fn anchor(text: &str, is_work: bool) -> Option<(Period, String)> {
    let mut found = periods(text);
    let position = found.iter().position(Period::is_range).unwrap_or(0);
    if found.is_empty() {
        return None;
    }
    let period = found.swap_remove(position);
    let rest = without(text, &period);
    let letters = rest.chars().count();
    let is_at_an_end = is_at_start(text, &period) || is_at_end(text, &period);
    let ends_sentence = text.trim_end().ends_with(['.', '!']) && !is_at_an_end && !ends_with_form(text);
    let passes = if period.is_range() {
        let is_prose = ends_sentence && rest.split(' ').count() > 6;
        letters <= LONGEST_HEADING && !is_prose && (is_at_an_end || letters <= 80 && !rest.ends_with('.'))
    } else {
        let is_sentence = rest.ends_with(['.', '!']) && rest.split(' ').count() > 4 && !ends_with_form(&rest);
        letters <= LONGEST_HEADING
            && is_at_an_end
            && !is_sentence
            && (!is_work || letters == 0 || letters <= 70 && is_set_off(text, &period))
    };
    passes.then_some((period, rest))
}

/// Whether brackets, a comma or a column set a date off.
fn is_set_off(text: &str, period: &Period) -> bool {
    let before = text[..period.bytes.start].trim_end_matches(' ').chars().next_back();
    let after = text[period.bytes.end..].trim_start_matches(' ').chars().next();
    let is_mark = |letter: Option<char>| {
        letter.is_some_and(|letter| matches!(letter, '(' | ')' | '[' | ',' | '|' | '\t' | ':' | '–' | '—' | '-'))
    };
    is_mark(before) || before.is_none() && (is_mark(after) || text.chars().count() < 60)
}

fn is_at_start(text: &str, period: &Period) -> bool {
    let head = &text[..period.bytes.start];
    words::fold(head).split(' ').all(|word| word.is_empty() || words::is_date_word(words::DateWord::Lead, word))
        || head.trim_end().ends_with('\t')
}

fn is_at_end(text: &str, period: &Period) -> bool {
    let tail = text[period.bytes.end..].trim();
    let is_remark = tail.starts_with(['(', '[', ',', '·', '|']) && tail.chars().count() <= 40;
    !tail.chars().any(char::is_alphanumeric) || is_remark || tail.starts_with(')')
}

/// A line without its period, the words and brackets that held it.
pub(super) fn without(text: &str, period: &Period) -> String {
    let mut head = text[..period.bytes.start].trim_end();
    let tail = text[period.bytes.end..].trim_start();
    // "from", "Period:" go with the date.
    loop {
        head = head.trim_end_matches([' ', '(', '[', ':']);
        let last = head.rsplit([' ', '\t', '(']).next().unwrap_or_default();
        let folded = words::fold(last);
        let goes = !folded.is_empty()
            && (words::is_date_word(words::DateWord::Lead, &folded) || words::is_cue(Cue::DateLabel, &folded));
        if !goes {
            break;
        }
        head = head[..head.len() - last.len()].trim_end();
    }
    // A remark on how long it was: "(2 years 3 months)".
    let tail = if tail.starts_with('(') || tail.starts_with('·') {
        let close = tail.find(')').map_or(tail.len(), |close| close + 1);
        let inner = &tail[..close];
        if inner.bytes().any(|byte| byte.is_ascii_digit()) && inner.len() < 40 || tail.starts_with('(') {
            &tail[close..]
        } else {
            tail
        }
    } else {
        tail.strip_prefix([')', ']']).unwrap_or(tail)
    };
    let trim = |text: &str| {
        text.trim_matches(|letter: char| {
            letter.is_whitespace() || matches!(letter, '|' | ',' | ';' | ':' | '–' | '—' | '-' | '·' | '•' | '/' | '→')
        })
        .trim_start_matches(". ")
        .to_owned()
    };
    let (head, tail) = (trim(head), trim(tail));
    let tail = tail.trim_end_matches(')').trim_start_matches(')').trim();
    let tail = if tail.contains('(') && !tail.contains(')') { format!("{tail})") } else { tail.to_owned() };
    let head = if head.contains('(') && !head.contains(')') { format!("{head})") } else { head };
    match (head.is_empty(), tail.is_empty()) {
        (false, false) => format!("{head}\t{tail}"),
        (false, true) => head,
        _ => tail,
    }
}

/// Whether a text ends with a legal form, whose full stop ends no sentence.
fn ends_with_form(text: &str) -> bool {
    let last = text.rsplit([' ', ',']).next().unwrap_or_default();
    words::is_cue(Cue::LegalForm, &words::fold(last))
        || words::is_cue(Cue::LegalForm, &words::fold(&last.replace('.', "")))
        || last.chars().count() <= 4 && last.ends_with('.')
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

fn entry(lines: &[Line], anchor: &Anchor, range: std::ops::Range<usize>, weigh: fn(&str) -> f32) -> Entry {
    let mut heading: Vec<String> = lines[range.start..anchor.at].iter().map(|line| line.text.clone()).collect();
    if !anchor.rest.is_empty() {
        heading.push(anchor.rest.clone());
    }
    let mut next = anchor.at + 1;
    let wanted: usize = if heading.is_empty() { 3 } else { 2 };
    while anchor.prose.is_none() && heading.len() < wanted && next < range.end {
        let line = &lines[next];
        let is_first = next == anchor.at + 1;
        if line.text.is_empty() {
            next += 1;
            continue;
        }
        // The employer's address and a form's lines may stand before the title.
        if heading.len() == 1
            && is_particular(&line.text)
            && title_follows(&lines[next + 1..range.end], &heading, weigh)
        {
            next += 1;
            continue;
        }
        // "ACME LTD, LEEDS   2008 – 2013", an empty line, "Contract Manager".
        let is_title_apart = || heading.iter().all(|line| weigh(line) < 0.0) && weigh(&line.text) > TITLE_APART;
        // An empty line stands between all of period, employer and title.
        let is_spaced = || next == anchor.at + 2 && lines[anchor.at + 1].is_after_blank && is_title_apart();
        let may_be_apart = || is_first && (heading.is_empty() || is_title_apart()) || is_spaced();
        if !is_heading_like(line) || line.is_after_blank && !may_be_apart() {
            break;
        }
        let is_long = line.text.chars().count() > 70 && !heading.is_empty();
        let is_place = || super::evidence::is_place(&line.text);
        if is_long || super::reading::is_complete(&heading, &line.text, weigh) && !is_place() {
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
    let prose = anchor.prose.iter().map(|prose| Line { text: prose.clone(), ..lines[anchor.at].clone() });
    let below = lines[next..range.end.max(next)].iter().filter(|line| !line.text.is_empty()).cloned();
    let body = prose.chain(below).collect();
    Entry { period: Some(anchor.period.clone()), heading, body, title: None, organisation: None }
}

/// Lines that are looked through for a title below an employer's particulars.
const MOST_PARTICULARS: usize = 6;

/// Whether a line is an address or has a label: "2250 Landing Avenue", "Hours per week: 40".
fn is_particular(text: &str) -> bool {
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
fn title_follows(lines: &[Line], heading: &[String], weigh: fn(&str) -> f32) -> bool {
    if heading.len() != 1 || weigh(&heading[0]) >= TITLE_APART {
        return false;
    }
    let mut next = lines.iter().take(MOST_PARTICULARS).take_while(|line| !line.is_after_blank && !line.is_bullet);
    let title = next.find(|line| !is_particular(&line.text));
    title.is_some_and(|line| is_heading_like(line) && weigh(&line.text) > TITLE_APART)
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

/// What the label at the start of a line says, the label's length in bytes, and whether it is whole.
fn label_of(text: &str) -> Option<(Cue, usize, bool)> {
    let (label, length) = match (text.find('\t'), text.find(':')) {
        (Some(tab), Some(colon)) => (&text[..tab.min(colon)], tab.min(colon) + 1),
        (Some(end), None) | (None, Some(end)) => (&text[..end], end + 1),
        _ => return None,
    };
    let folded = words::fold(label);
    let whole = words::ENTRY_LABELS.into_iter().find(|cue| words::is_cue(*cue, &folded)).map(|cue| (cue, length, true));
    whole.or_else(|| {
        let is_long = folded.contains(' ');
        words::ENTRY_LABELS
            .into_iter()
            .find(|cue| is_long && words::begins_cue(*cue, &folded))
            .map(|cue| (cue, length, false))
    })
}

/// A form of labels and values, as Europass has it.
fn of_form(lines: &[Line]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut last: Option<(Cue, bool)> = None;
    // The label that each entry begins with.
    let mut lead: Option<Cue> = None;
    for line in lines {
        let text = &line.text;
        let (cue, value) = match label_of(text) {
            Some((cue, length, is_whole)) => {
                let is_rest_of_label = last.is_some_and(|(_, was_whole)| !was_whole);
                let cue = if is_rest_of_label { last.map_or(cue, |(cue, _)| cue) } else { cue };
                last = Some((cue, is_whole || is_rest_of_label));
                let lead = *lead.get_or_insert(cue);
                if !is_rest_of_label && (entries.is_empty() || cue == lead) {
                    entries.push(Entry::default());
                }
                (cue, text[length..].trim_start_matches([':', ' ', '\t']).trim())
            }
            None => {
                if text.contains('\t') && last.is_some_and(|(_, was_whole)| was_whole) {
                    last = None;
                }
                if last.is_some_and(|(_, was_whole)| was_whole) && has_own_label(text) {
                    last = Some((Cue::SectorLabel, true));
                }
                let Some((cue, was_whole)) = last else { continue };
                // Below the employer's name stands where that is.
                let is_named = entries.last().is_some_and(|entry| entry.organisation.is_some());
                let is_address = || is_particular(text) || super::evidence::without_place(text).1.is_some();
                if cue == Cue::CompanyLabel && was_whole && is_named && is_address() {
                    continue;
                }
                let value =
                    if was_whole { text.as_str() } else { text.split_once('\t').map_or("", |(_, value)| value) };
                last = Some((cue, true));
                (cue, value)
            }
        };
        if let Some(entry) = entries.last_mut() {
            put(entry, cue, value, line);
        }
    }
    entries.truncate(MAX_ENTRIES);
    entries
}

/// Whether a line begins with a label that no table knows.
fn has_own_label(text: &str) -> bool {
    let Some((label, rest)) = text.split_once(':') else { return false };
    rest.starts_with([' ', '\t'])
        && label.split(' ').count() <= 4
        && label.chars().next().is_some_and(char::is_uppercase)
        && !label.contains([',', '.', '(', '\t'])
}

fn put(entry: &mut Entry, cue: Cue, value: &str, line: &Line) {
    let value = value.replace('\t', " ");
    if value.is_empty() {
        return;
    }
    let append = |field: &mut Option<String>| match field {
        Some(held) => *held = super::line::flowed([held.as_str(), value.as_str()]),
        None => *field = Some(value.clone()),
    };
    match cue {
        Cue::DateLabel => entry.period = entry.period.take().or_else(|| periods(&value).into_iter().next()),
        Cue::TitleLabel | Cue::DegreeLabel => append(&mut entry.title),
        Cue::CompanyLabel | Cue::SchoolLabel => append(&mut entry.organisation),
        Cue::BodyLabel => entry.body.push(Line { text: value, ..line.clone() }),
        _ => {}
    }
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
