//! Forms of labels and values, as Europass has them.
//!
//! "Employer: …", "Position held: …" and the lines below → entries.

use super::dates::periods;
use super::entry::{Entry, MAX_ENTRIES};
use super::heading_line::{is_heading_like, is_particular};
use super::line::Line;
use super::words::{self, Cue};

/// Puts a tab behind the labels of a form whose columns stand one space apart: "Tipo di impiego Geometra". Labels of several words alone,
/// where at least three lines begin with one; then names too ("Nome Rossi").
pub(super) fn set_labels_off(lines: &mut [Line]) {
    let long: Vec<Option<usize>> = lines.iter().map(|line| long_label(&line.text)).collect();
    if long.iter().flatten().count() < LEAST_LABELS {
        return;
    }
    for (line, end) in lines.iter_mut().zip(long) {
        let is_name = |end: usize| {
            words::is_cue(Cue::NameLabel, &words::fold(&line.text[..end]))
                && line.text[end + 1..].starts_with(char::is_uppercase)
        };
        // "Perioada 05.2010 – 09.2013"
        let is_date = |end: usize| {
            words::is_cue(Cue::DateLabel, &words::fold(&line.text[..end]))
                && periods(&line.text[end + 1..]).first().is_some_and(|period| period.bytes.start == 0)
        };
        let word = || line.text.find(' ').filter(|end| is_name(*end) || is_date(*end));
        let Some(end) = end.or_else(word) else { continue };
        line.text.replace_range(end..=end, "\t");
        (line.is_bullet, line.is_continued) = (false, false);
    }
}

/// Joins labels that were broken, and their values: "Nome e indirizzo del datore di  Acme Srl", beneath it "lavoro".
pub(super) fn join_broken_labels(lines: &mut Vec<Line>) {
    let is_entry_label = |label: &str, begins: bool| {
        let folded = words::fold(label);
        let holds = |cue| words::is_cue(cue, &folded) || begins && words::begins_cue(cue, &folded);
        words::ENTRY_LABELS.into_iter().any(holds)
    };
    for at in (1..lines.len()).rev() {
        let (above, line) = (&lines[at - 1], &lines[at]);
        let Some((label, value)) = above.text.split_once('\t').filter(|(label, _)| label.len() <= LONGEST_LABEL) else {
            continue;
        };
        let (rest, further) = line.text.split_once('\t').unwrap_or((&line.text, ""));
        let may_go_on = !line.is_after_blank
            && rest.len() <= LONGEST_LABEL
            && (further.is_empty() || rest.starts_with(char::is_lowercase))
            && !is_entry_label(label, false);
        let joined = format!("{label} {rest}");
        if may_go_on && is_entry_label(&joined, further.is_empty()) {
            lines[at - 1].text = format!("{joined}\t{}", super::line::flowed([value, further]));
            lines.remove(at);
        }
    }
}

/// So many lines that begin with a label of several words make a form.
const LEAST_LABELS: usize = 3;

/// Where a label of several words ends, that a value follows one space behind. A label may be broken: "Nome e tipo di istituto di
/// istruzione o".
fn long_label(text: &str) -> Option<usize> {
    if text.contains('\t') || text.find(':').is_some_and(|colon| colon < LONGEST_LABEL) {
        return None;
    }
    let ends = text.match_indices(' ').map(|(at, _)| at).take(MOST_LABEL_WORDS);
    let label = ends
        .skip(1)
        .filter(|end| text[end + 1..].starts_with(|letter: char| letter.is_alphanumeric() || letter == '"'));
    let is_label = |end: &usize| {
        let folded = words::fold(&text[..*end]);
        let words = folded.split(' ').count();
        words::ENTRY_LABELS.into_iter().any(|cue| {
            words > 1 && words::is_cue(cue, &folded) || words >= LEAST_OF_LABEL && words::begins_cue(cue, &folded)
        })
    };
    label.filter(is_label).last()
}

/// A label is at most so long, in bytes.
const LONGEST_LABEL: usize = 60;
/// A label has at most so many words.
const MOST_LABEL_WORDS: usize = 12;
/// So many words of a label that is broken tell it.
const LEAST_OF_LABEL: usize = 4;

/// Whether lines are a form: labels and values, or titles and employers that are labelled.
pub(super) fn is_form(lines: &[Line]) -> bool {
    let labels: Vec<Cue> = lines.iter().filter_map(|line| label_of(&line.text)).map(|(cue, ..)| cue).collect();
    let count = |cues: [Cue; 2]| labels.iter().filter(|cue| cues.contains(cue)).count();
    let heads = count([Cue::TitleLabel, Cue::DegreeLabel]).min(count([Cue::CompanyLabel, Cue::SchoolLabel]));
    // "Employer: …" beneath titles and periods makes no form.
    let is_told = count([Cue::TitleLabel, Cue::DegreeLabel]) + count([Cue::DateLabel, Cue::SchoolLabel]) > 0;
    // "TRANSCAMPI LTDA (02/2021 to date)", beneath it "Position: …": the label tells but the title.
    let tells_more = || labels.iter().any(|cue| matches!(cue, Cue::CompanyLabel | Cue::SchoolLabel | Cue::DateLabel));
    let is_dated = |line: &&Line| periods(&line.text).iter().any(super::dates::Period::is_range);
    let others = || lines.iter().filter(|line| label_of(&line.text).is_none() && !line.is_bullet);
    let is_labelled = labels.len() >= 2 && labels.len() * 3 >= lines.len() && is_told || heads >= 2;
    is_labelled && (tells_more() || others().filter(is_dated).count() <= 1)
}

/// What the label at the start of a line says, the label's length in bytes, and whether it is whole.
pub(super) fn label_of(text: &str) -> Option<(Cue, usize, bool)> {
    // "1. Company: …"
    let bare = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ')' | ' '));
    let (cue, length, is_whole) = label_at_start(bare)?;
    Some((cue, text.len() - bare.len() + length, is_whole))
}

fn label_at_start(text: &str) -> Option<(Cue, usize, bool)> {
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
            .map(|cue| (cue, length, text[..length].ends_with(':')))
    })
}

/// A form of labels and values, as Europass has it.
pub(super) fn of_form(lines: &[Line]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut last: Option<(Cue, bool)> = None;
    // The label that each entry begins with.
    let mut lead: Option<Cue> = None;
    let names_employers =
        lines.iter().filter_map(|line| label_of(&line.text)).any(|(cue, ..)| cue == Cue::CompanyLabel);
    // Whether the entry was begun by a title or an employer above its labels.
    let mut is_titled = false;
    for (at, line) in lines.iter().enumerate() {
        let text = &line.text;
        if let Some(entry) = headed(lines, at, names_employers) {
            entries.push(entry);
            (is_titled, last) = (true, None);
            continue;
        }
        let (cue, value) = match label_of(text) {
            Some((cue, length, is_whole)) => {
                let is_rest_of_label = last.is_some_and(|(_, was_whole)| !was_whole);
                let cue = if is_rest_of_label { last.map_or(cue, |(cue, _)| cue) } else { cue };
                last = Some((cue, is_whole || is_rest_of_label));
                let lead = *lead.get_or_insert(cue);
                if let Some(organisation) =
                    second_post(entries.last(), cue, &lines[at + 1..]).filter(|_| cue != lead && !is_rest_of_label)
                {
                    entries.push(Entry::held_at(organisation));
                } else if !is_rest_of_label && !is_titled && (entries.is_empty() || cue == lead) {
                    entries.push(Entry::default());
                }
                is_titled = false;
                (cue, text[length..].trim_start_matches([':', ' ', '\t']).trim())
            }
            None => {
                if text.contains('\t') && last.is_some_and(|(_, was_whole)| was_whole) {
                    last = None;
                }
                if last.is_some_and(|(_, was_whole)| was_whole) && has_own_label(text) {
                    last = Some((Cue::SectorLabel, true));
                }
                // "Inclusive dates: 17 October 2016 – 30 September 2019"
                let undated = entries.last_mut().filter(|entry| entry.period.is_none());
                if last.is_none_or(|(_, was_whole)| was_whole)
                    && let Some((entry, period)) = undated.zip(unknown_period(text))
                {
                    entry.period = Some(period);
                    continue;
                }
                let Some((cue, was_whole)) = last else { continue };
                if cue == Cue::CompanyLabel && was_whole && tells_where(entries.last(), text) {
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

/// The entry that a line above its labels begins, with a title or with an employer.
fn headed(lines: &[Line], at: usize, names_employers: bool) -> Option<Entry> {
    let text = || lines[at].text.clone();
    if !names_employers && is_above_title(lines, at) {
        return Some(Entry::held_at(Some(text())));
    }
    heads_labels(lines, at).then(|| Entry::titled(text()))
}

/// Whether a line below the employer's name says where that is.
fn tells_where(entry: Option<&Entry>, text: &str) -> bool {
    let is_named = entry.is_some_and(|entry| entry.organisation.is_some());
    is_named && (is_particular(text) || super::evidence::without_place(text).1.is_some())
}

/// The employer of a second post, which a label of titles begins beneath the first one; a time of its own follows.
fn second_post(first: Option<&Entry>, cue: Cue, below: &[Line]) -> Option<Option<String>> {
    let first = first.filter(|entry| cue == Cue::TitleLabel && entry.title.is_some() && entry.period.is_some())?;
    let next = below.iter().find_map(|line| label_of(&line.text)).map(|(cue, ..)| cue);
    (next == Some(Cue::DateLabel)).then(|| first.organisation.clone())
}

/// Whether a line without a label stands above those of its entry: "Recepcionista", beneath it "Empresa: Clínica La Ribera".
fn heads_labels(lines: &[Line], at: usize) -> bool {
    let line = &lines[at];
    let is_title = (line.is_after_blank || at == 0)
        && !line.is_bullet
        && label_of(&line.text).is_none()
        && !has_own_label(&line.text)
        && !line.text.contains('\t')
        && line.text.chars().count() <= LONGEST_TITLE;
    let opens = |cue| matches!(cue, Cue::CompanyLabel | Cue::SchoolLabel | Cue::DateLabel);
    is_title
        && lines
            .get(at + 1)
            .filter(|next| !next.is_after_blank)
            .is_some_and(|next| label_of(&next.text).is_some_and(|(cue, _, is_whole)| is_whole && opens(cue)))
}

/// Whether a line without a label stands above the title: "Restaurante Brasa do Tejo – Cacilhas", beneath it "Cargo: Cozinheiro".
fn is_above_title(lines: &[Line], at: usize) -> bool {
    let line = &lines[at];
    let is_title =
        |next: &&Line| label_of(&next.text).is_some_and(|(cue, _, is_whole)| is_whole && cue == Cue::TitleLabel);
    is_heading_like(line)
        && label_of(&line.text).is_none()
        && !has_own_label(&line.text)
        && lines.get(at + 1).filter(|next| !next.is_after_blank).filter(is_title).is_some()
}

/// A title above the labels of its entry is at most so long, in characters.
const LONGEST_TITLE: usize = 90;

/// The period behind a label that no table knows, where nothing else stands there.
fn unknown_period(text: &str) -> Option<super::dates::Period> {
    let (_, value) = text.split_once(['\t', ':'])?;
    let value = value.trim_matches([':', ' ', '\t']);
    let period = periods(value).into_iter().find(super::dates::Period::is_range)?;
    let is_all = period.bytes.start == 0 && value[period.bytes.end..].chars().all(|letter| !letter.is_alphanumeric());
    is_all.then_some(period)
}

/// The period that a value is; of two dates of which the second has a label of its own, that between them: "01/02/2009 Saída: 30/09/2013".
fn period_of(value: &str) -> Option<super::dates::Period> {
    let found = periods(value);
    let [first, second] = found.as_slice() else { return found.into_iter().next() };
    let between = value[first.bytes.end..second.bytes.start].trim();
    let is_label = between.ends_with(':') && words::is_cue(Cue::DateLabel, &words::fold(between));
    if !is_label || first.is_range() || second.is_range() {
        return found.into_iter().next();
    }
    let joined = format!("{} – {}", &value[first.bytes.clone()], &value[second.bytes.clone()]);
    periods(&joined).into_iter().next()
}

/// Whether a line begins with a label that no table knows.
pub(super) fn has_own_label(text: &str) -> bool {
    let Some((label, rest)) = text.split_once(':') else { return false };
    rest.starts_with([' ', '\t'])
        && label.split(' ').count() <= 4
        && label.chars().next().is_some_and(char::is_uppercase)
        && !label.contains([',', '.', '(', '\t'])
}

/// What a label other than of duties says is at most so long, in characters.
const LONGEST_VALUE: usize = 300;

pub(super) fn put(entry: &mut Entry, cue: Cue, value: &str, line: &Line) {
    let longest = if cue == Cue::BodyLabel { usize::MAX } else { LONGEST_VALUE };
    let value: String = value.replace('\t', " ").chars().take(longest).collect();
    if value.is_empty() {
        return;
    }
    let append = |field: &mut Option<String>| match field {
        Some(held) if held.len() > LONGEST_VALUE => {}
        Some(held) => *held = super::line::flowed([held.as_str(), value.as_str()]),
        None => *field = Some(value.clone()),
    };
    match cue {
        Cue::DateLabel => entry.period = entry.period.take().or_else(|| period_of(&value)),
        Cue::TitleLabel | Cue::DegreeLabel => append(&mut entry.title),
        Cue::CompanyLabel | Cue::SchoolLabel => append(&mut entry.organisation),
        Cue::BodyLabel => entry.body.push(Line { text: value, ..line.clone() }),
        _ => {}
    }
}
