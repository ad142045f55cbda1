//! Employers that stand apart from the positions held there.
//!
//! Above all of them with how long somebody was there, on lines of their own, or as first items below.

use std::borrow::Cow;

use super::anchor::Anchor;
use super::dates::{CvDate, End, Period, periods};
use super::entry::{Entry, LEAST_ALIKE};
use super::heading_line::{MOST_NAME_WORDS, TITLE_APART, heading_before, is_heading_like};
use super::line::Line;
use super::reading::Kind;
use super::words::{self, Cue};

/// The lines of a part with where its headings begin.
pub(super) struct Headed<'l> {
    pub(super) lines: &'l [Line],
    /// Lines with periods.
    pub(super) anchors: &'l [Anchor],
    /// Where the heading of each begins.
    pub(super) starts: &'l [usize],
}

impl Headed<'_> {
    /// The title that the heading of an entry begins with.
    fn title(&self, number: usize) -> Option<String> {
        let above = self.lines[self.starts[number]..self.anchors[number].at].first().map(|line| line.text.clone());
        above.or_else(|| Some(self.anchors[number].rest.clone()).filter(|rest| !rest.is_empty()))
    }

    /// The employer on a line of its own above a title, an empty line before and behind it, where others stand with how long
    /// somebody was there.
    fn own_employer(&self, number: usize, kind: Kind<'_>) -> Option<String> {
        let start = self.starts[number];
        let floor = number.checked_sub(1).map_or(0, |before| self.anchors[before].at + 1);
        let line = self.lines.get(start.checked_sub(1).filter(|at| *at >= floor)?)?;
        let is_name = self.lines[start].is_after_blank
            && line.is_after_blank
            && start < self.anchors[number].at
            && is_heading_like(line)
            && periods(&line.text).is_empty()
            && line.text.split(' ').count() <= MOST_NAME_WORDS
            && super::evidence::capital_share(&line.text) > 0.6
            && kind.weigh(&line.text) < TITLE_APART
            && !super::evidence::are_places(&line.text);
        is_name.then(|| line.text.clone())
    }
}

/// Gives entries the employers that `without_employers` found above them, and those on lines of their own beside these.
pub(super) fn hold(entries: &mut [Entry], headed: &Headed<'_>, employers: &[(usize, String)], kind: Kind<'_>) {
    if employers.is_empty() {
        return;
    }
    let Headed { anchors, starts, .. } = headed;
    let own: Vec<Option<String>> = (0..entries.len()).map(|number| headed.own_employer(number, kind)).collect();
    for (at, employer) in employers {
        let held = (0..entries.len()).filter(|number| anchors[*number].at >= *at);
        // An entry with an employer's line of its own ends what the one above holds.
        for number in held.take_while(|number| anchors[*number].at - starts[*number] <= 1 && own[*number].is_none()) {
            (entries[number].title, entries[number].organisation) = (headed.title(number), Some(employer.clone()));
        }
    }
    for (number, employer) in own.into_iter().enumerate() {
        if employer.is_some() {
            (entries[number].title, entries[number].organisation) = (headed.title(number), employer);
        }
    }
}

/// Lines without the employers that stand with nothing but how long somebody was there, "5 years 2 months", above all positions held
/// there; and these employers, each with the number of the line that follows.
pub(super) fn without_employers(lines: &[Line]) -> (Cow<'_, [Line]>, Vec<(usize, String)>) {
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
        // "October 2020 – today", beneath it "5 years 2 months".
        let is_told = || {
            is_duration(&line.text) && kept.last().is_some_and(|last| periods(&last.text).iter().any(Period::is_range))
        };
        if is_employer {
            employers.push((kept.len(), line.text.clone()));
            at += 2;
        } else if is_told() {
            at += 1;
        } else {
            let is_first = employers.last().is_some_and(|(first, _)| *first == kept.len());
            kept.push(Line { is_after_blank: line.is_after_blank || is_first, ..line.clone() });
            at += 1;
        }
    }
    (Cow::Owned(kept), employers)
}

/// Whether a text says how long something was, and nothing else.
pub(super) fn is_duration(text: &str) -> bool {
    let folded = words::fold(text);
    let is_unit = |word: &str| words::is_cue(Cue::Duration, word);
    let is_number = |word: &str| word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    let held: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    (2..=5).contains(&held.len())
        && held.iter().any(|word| is_number(word))
        && held.iter().any(|word| is_unit(word))
        && held.iter().all(|word| is_number(word) || is_unit(word) || words::is_joint(word))
}

/// Takes the first item below each heading for its employer, where all headings lack one and all these items are names:
/// "Nurse, 2019 – today", "• Ottersbrook Clinic, Cheltenham".
pub(super) fn employers_as_items(entries: &mut [Entry], kind: Kind<'_>) {
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

/// How many entries each one heads, as an employer with the time of all positions there: none, or at least two that lie within its
/// time, one of which ends when it ends, and the last of which begins when it begins.
pub(super) fn blocks(headed: &Headed<'_>, kind: Kind<'_>) -> Vec<usize> {
    let Headed { lines, anchors, .. } = headed;
    // How much of the heading of an entry is like a title.
    let weight = |number: usize| {
        let anchor = &anchors[number];
        let floor = number.checked_sub(1).map_or(0, |before| anchors[before].at + 1);
        let above = heading_before(lines, anchor.at, floor);
        let heading = lines[anchor.at - above..anchor.at].iter().map(|line| &line.text).chain([&anchor.rest]);
        let parts = heading.flat_map(|line| line.split([',', '\t', '|']));
        parts.map(|part| kind.weigh(part)).fold(f32::MIN, f32::max)
    };
    let inner: Vec<usize> =
        (0..anchors.len()).map(|number| inner(&anchors[number].period, &anchors[number + 1..])).collect();
    if !kind.is_work || inner.iter().all(|inner| *inner == 0) {
        return vec![0; anchors.len()];
    }
    let weights: Vec<f32> = (0..anchors.len()).map(weight).collect();
    let headed_by = |number: usize| {
        let inner = inner[number];
        if anchors[number].prose.is_some() || inner == 0 {
            return 0;
        }
        let own = weights[number];
        let further = weights[number + 1..=number + inner].iter().sum::<f32>() / inner as f32;
        if own < TITLE_APART || own + TITLE_APART < further { inner } else { 0 }
    };
    (0..anchors.len()).map(headed_by).collect()
}

/// An employer heads at most so many positions.
const MOST_HEADED: usize = 30;

/// How many of the next periods a period is that of together: two or more, or none.
fn inner(outer: &Period, next: &[Anchor]) -> usize {
    let is_same = |one: CvDate, other: CvDate| match (one.month, other.month) {
        (Some(_), Some(_)) => one == other,
        _ => one.year == other.year,
    };
    let ends_alike = |inner: &Period| match (outer.end, inner.end) {
        (End::On(one), End::On(other)) => is_same(one, other),
        (End::Lasts | End::Open, End::Lasts | End::Open) => true,
        _ => false,
    };
    let begins_alike = |inner: &Period| is_same(outer.start, inner.start);
    let is_inner =
        |inner: &&Period| outer.is_range() && outer.holds(inner) && !(begins_alike(inner) && ends_alike(inner));
    let periods = next.iter().take(MOST_HEADED).map(|anchor| &anchor.period);
    let inner: Vec<&Period> = periods.take_while(is_inner).collect();
    let Some(last) = inner.iter().position(|inner| begins_alike(inner)) else { return 0 };
    let is_of_all = inner[..=last].iter().any(|inner| ends_alike(inner));
    if is_of_all && last + 1 >= LEAST_ALIKE { last + 1 } else { 0 }
}
