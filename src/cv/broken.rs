//! What the edge of a page or of a column broke.
//!
//! Lines → lines of which the halves of a heading, or of a period, are joined.

use std::borrow::Cow;

use super::anchor::Anchor;
use super::dates::{End, periods};
use super::heading_line::is_heading_like;
use super::line::Line;
use super::reading::Kind;
use super::words::{self, Cue};
use crate::text::TokenList;

/// Lines of which those that a page's edge broke are joined: "Diplôme d'ingénieur, spécialité informatique – École", beneath it "supérieure
/// d'ingénierie du Dauphiné".
pub(super) fn unbroken<'l>(lines: &'l [Line], kind: Kind<'_>) -> Cow<'l, [Line]> {
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
    // "University of the", beneath it "Otway Coast"
    let is_small = above.text.rsplit(' ').next().is_some_and(|word| BEFORE_NAMES.contains(&word));
    let is_cut = is_hyphenated || is_small || words::is_joint(&last) && above.text.ends_with(char::is_lowercase);
    above.text.chars().count() >= LEAST_BROKEN
        && !above.text.ends_with(['.', ';', ':', '!', '?'])
        && (goes_on || is_cut && periods(&line.text).is_empty())
        && (!periods(&above.text).is_empty() || !kind.is_work && is_heading_like(above))
}

/// Words that names go on behind.
const BEFORE_NAMES: [&str; 22] = [
    "of", "the", "and", "de", "du", "der", "des", "di", "del", "do", "da", "dos", "das", "van", "het", "und", "et",
    "für", "den", "dem", "von", "les",
];

/// A line that a page's edge broke has at least so many characters.
const LEAST_BROKEN: usize = 40;

/// Joins headings of parts that were broken: "ESPERIENZA", beneath it "PROFESSIONALE".
pub(super) fn join_broken_headings(lines: &mut Vec<Line>) {
    let is_short = |line: &Line| line.is_marked && !line.is_bullet && line.text.split(' ').count() <= MOST_OF_HEADING;
    for at in (1..lines.len()).rev() {
        let (above, line) = (&lines[at - 1], &lines[at]);
        if line.is_after_blank || !is_short(above) || !is_short(line) || words::part(&words::fold(&line.text)).is_some()
        {
            continue;
        }
        let joined = format!("{} {}", above.text, line.text);
        if words::part(&words::fold(&joined)).is_some() {
            lines[at - 1].text = joined;
            lines.remove(at);
        }
    }
}

/// Half of a heading has at most so many words.
const MOST_OF_HEADING: usize = 3;

/// A period that is broken in the column of dates, where the text beside it follows one space behind: "Mar 2014 – Head Chef",
/// beneath it "Aug 2019 The Salt House".
pub(super) fn join_narrow_periods(lines: &mut [Line]) {
    for at in 1..lines.len() {
        let (before, after) = lines.split_at_mut(at);
        let (Some(last), Some(next)) = (before.last_mut(), after.first_mut()) else { continue };
        let Some(dash) = last.text.find(['–', '—', '-']).filter(|at| last.text[*at..].contains(' ')) else {
            continue;
        };
        let mut end = dash + last.text[dash..].chars().next().map_or(1, char::len_utf8);
        // "sept. 2023 – juil. Assistante", beneath it "2025": the month stands on the line of the title.
        let behind = last.text[end..].trim_start_matches(' ');
        let month = behind.split(' ').next().unwrap_or_default();
        if words::month(&words::fold(month.trim_end_matches('.'))).is_some() && behind.len() > month.len() {
            end = last.text.len() - behind.len() + month.len();
        }
        let (cell, rest) = last.text.split_at(end);
        let cell_to_dash = &cell[..dash + last.text[dash..].chars().next().map_or(1, char::len_utf8)];
        let is_begun =
            matches!(periods(cell_to_dash).as_slice(), [only] if only.end == End::Open && only.bytes.start == 0);
        if !is_begun
            || next.is_bullet
            || rest.contains('\t')
            || !periods(rest.split('(').next().unwrap_or("")).is_empty()
        {
            continue;
        }
        let joined = format!("{cell} {}", next.text);
        let Some(whole) = periods(&joined).into_iter().next() else { continue };
        let is_whole = matches!(whole.end, End::On(_) | End::Lasts) && whole.bytes.end > cell.len() + 1;
        let Some(beneath) = joined.get(whole.bytes.end..).map(|text| text.trim().to_owned()).filter(|_| is_whole)
        else {
            continue;
        };
        last.text = format!("{}\t{}", &joined[..whole.bytes.end], rest.trim());
        next.text = beneath;
    }
}

/// Lines of which periods that stand at the foot of their entries, below running text, head these. An empty line stands behind each.
pub(super) fn periods_first<'l>(lines: &'l [Line], anchors: &[Anchor]) -> Option<Cow<'l, [Line]>> {
    let ends_entry = |anchor: &Anchor| {
        anchor.rest.is_empty()
            && anchor.prose.is_none()
            && !lines[anchor.at].is_after_blank
            && lines.get(anchor.at + 1).is_none_or(|next| next.is_after_blank)
    };
    let is_below_text = |anchor: &&Anchor| anchor.at > 0 && lines[anchor.at - 1].text.ends_with('.');
    let below = anchors.iter().filter(is_below_text).count();
    if below < LEAST_PAIRS || !anchors.iter().all(ends_entry) {
        return None;
    }
    let mut ordered: Vec<Line> = Vec::with_capacity(lines.len());
    let mut from = 0;
    for anchor in anchors {
        ordered.push(Line { is_after_blank: true, ..lines[anchor.at].clone() });
        ordered.extend_from_slice(&lines[from..anchor.at]);
        from = anchor.at + 1;
    }
    ordered.extend_from_slice(&lines[from..]);
    Some(Cow::Owned(ordered))
}

/// The period that two cells beneath each other tell: "set. 2021" and "até ao presente", "Sept. 2016" and "– déc. 2019", "Depuis" and
/// "janv. 2020".
fn stacked(above: &str, below: &str) -> Option<String> {
    let is_date = |text: &str| {
        let found = periods(text);
        matches!(found.as_slice(), [one] if one.end == End::Unsaid && one.start.has_month() && one.bytes == (0..text.len()))
    };
    let bare = below.trim_start_matches(['–', '—', '-', ' ']);
    let is_since = words::is_date_word(words::DateWord::Since, &words::fold(above));
    let joined = if is_since { format!("{above} {bare}") } else { format!("{above} – {bare}") };
    let is_told = if is_since { is_date(below) } else { is_date(above) && (is_date(bare) || periods(bare).is_empty()) };
    let found = periods(&joined);
    let [whole] = found.as_slice() else { return None };
    let lasts = matches!(whole.end, End::On(end) if end >= whole.start) || whole.end == End::Lasts;
    let is_all = whole.bytes.end + 1 >= joined.len();
    (is_told && lasts && is_all && below.split(' ').count() <= MOST_OF_END).then_some(joined)
}

/// Starts and ends that stand beneath each other: "set. 2021  Title", beneath it "até ao presente  Employer". At least two such pairs,
/// an empty line or a heading before each.
pub(super) fn join_stacked_periods(lines: &mut [Line]) {
    let whole = |at: usize| {
        let (above, below) = (&lines[at], &lines[at + 1]);
        let (start, _) = above.text.split_once('\t')?;
        let end = below.text.split_once('\t').map_or(below.text.as_str(), |(end, _)| end);
        let is_heading = |line: &Line| line.is_marked && !line.text.contains('\t');
        let is_apart = above.is_after_blank || at == 0 || is_heading(&lines[at - 1]);
        let may_be = is_apart && !below.is_after_blank && !above.is_bullet;
        may_be.then(|| stacked(start, end)).flatten().map(|joined| (at, joined))
    };
    let pairs: Vec<(usize, String)> = (0..lines.len().saturating_sub(1)).filter_map(whole).collect();
    if pairs.len() < LEAST_PAIRS {
        return;
    }
    for (at, joined) in pairs {
        let rest = |line: &Line| line.text.split_once('\t').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        lines[at].text = format!("{joined}\t{}", rest(&lines[at]));
        lines[at + 1].text = rest(&lines[at + 1]);
        // The dash before the end was none of an item.
        (lines[at + 1].is_bullet, lines[at + 1].is_continued) = (false, false);
    }
}

/// So many pairs of a start and an end show that they stand beneath each other.
const LEAST_PAIRS: usize = 2;

/// "Up to the present moment"
const MOST_OF_END: usize = 5;

/// A period that is broken in the column of dates: "Mar 2014 –", beneath it "Aug 2019".
pub(super) fn join_broken_periods(lines: &mut [Line]) {
    for at in 1..lines.len() {
        let (before, after) = lines.split_at_mut(at);
        let (Some(last), Some(next)) = (before.last_mut(), after.first_mut()) else { continue };
        let Some(cell) = last.text.split('\t').next().map(str::to_owned) else { continue };
        let open = periods(&cell);
        // "étés 2021 et", beneath it "2022"
        let is_listed = cell.rsplit(' ').next().is_some_and(|word| words::is_joint(&words::fold(word)));
        let (year, beneath) = next.text.split_once('\t').unwrap_or_default();
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        if is_listed && is_year && !open.is_empty() && cell.len() < last.text.len() {
            last.text = format!("{cell} {year}{}", &last.text[cell.len()..]);
            next.text = beneath.to_owned();
            continue;
        }
        let [.., period] = open.as_slice() else { continue };
        if period.end != End::Open || cell.len() > period.bytes.end + 2 || next.is_bullet {
            continue;
        }
        let (first, rest) = next.text.split_once('\t').unwrap_or((&next.text, ""));
        let joined = format!("{cell} {first}");
        let [.., whole] = &periods(&joined)[..] else { continue };
        if matches!(whole.end, End::On(_) | End::Lasts) && joined.len() <= whole.bytes.end + 1 {
            let (first, rest) = (first.to_owned(), rest.to_owned());
            last.text = format!("{cell} {first}{}", &last.text[cell.len()..]);
            next.text = rest;
        }
    }
}
