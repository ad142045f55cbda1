//! Which lines belong to the heading of an entry.
//!
//! Lines around a period → how many above it, and whether one below it, are read as title, employer or place.

use std::borrow::Cow;

use super::anchor::{Anchor, LONGEST_HEADING, anchor, ends_with_form};
use super::dates::{Period, periods};
use super::entry::place_beside_remark;
use super::form::{has_own_label, label_of};
use super::line::Line;
use super::reading::Kind;
use super::words::{self, Cue};
use crate::taxonomy::Taxonomy;
use crate::text::TokenList;

/// Whether a line may be a line of a heading.
pub(super) fn is_heading_like(line: &Line) -> bool {
    let text = &line.text;
    let first = text.chars().next();
    let begins = first.is_some_and(|letter| {
        letter.is_uppercase()
            || letter.is_ascii_digit()
            || matches!(letter, '"' | '“' | '„' | '«' | '(' | '\'')
            || !letter.is_lowercase() && letter.is_alphabetic()
            || text.chars().nth(1).is_some_and(char::is_uppercase)
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
        || super::segment::names_agency(text)
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

/// Whether a name behind a comma stands where a place does: "Summer 2013, Kirchdorf".
fn stands_in(text: &str, period: &Period, rest: &str) -> bool {
    period.bytes.start == 0
        && text[period.bytes.end..].starts_with(", ")
        && rest.split(' ').count() <= MOST_PLACE_WORDS
        && super::evidence::capital_share(rest) > NAMES
        && super::evidence::title_likeness(rest) < TITLE_APART
}

/// A place has at most so many words.
const MOST_PLACE_WORDS: usize = 3;

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
                && anchor(&below.text, true).is_some_and(|(period, rest)| {
                    rest.is_empty() || super::evidence::is_place(&rest) || stands_in(&below.text, &period, &rest)
                }))
        {
            break;
        }
        let is_begun = line.text.ends_with(',') && !line.is_bullet && line.text.chars().count() <= LONGEST_HEADING;
        if !is_heading_like(line) && !is_begun {
            break;
        }
        count += 1;
    }
    count
}

/// Whether the heading of an entry begins above an empty line: with an employer ("Rathcormac Hall, Dublin", an empty line, "Teacher of
/// Irish [September 2013 – December 2016]") or with a title. `found` lines above the period belong to it for sure.
pub(super) fn begins_apart(lines: &[Line], anchor: &Anchor, found: usize, kind: Kind<'_>) -> bool {
    let is_near = found <= 1 || found == 2 && place_beside_remark(&lines[anchor.at - found].text).is_some();
    let Some(at) = anchor.at.checked_sub(found + 1).filter(|_| is_near) else { return false };
    let above = &lines[at];
    let is_alone = above.is_after_blank || at == 0;
    if !is_alone || !lines[at + 1].is_after_blank || !is_heading_like(above) || above.text.chars().count() >= 90 {
        return false;
    }
    // The place between title and employer tells nothing.
    let held = lines[at + 1..anchor.at].iter().map(|line| line.text.clone());
    let held = held.filter(|text| found < 2 || place_beside_remark(text).is_none());
    let heading: Vec<String> = held.chain(Some(anchor.rest.clone()).filter(|rest| !rest.is_empty())).collect();
    let is_name = super::evidence::capital_share(&above.text) > 0.5 || kind.weigh(&above.text) > 0.0;
    is_name && super::reading::begins_with(&above.text, &heading, kind)
}

/// A line below a period that may belong to its heading.
pub(super) struct Below<'e> {
    pub(super) lines: &'e [Line],
    pub(super) at: usize,
    /// The line of the period.
    pub(super) anchor: usize,
    /// What the heading holds so far.
    pub(super) heading: &'e [String],
    pub(super) kind: Kind<'e>,
    /// So many lines below their periods belong to the headings of most other entries.
    pub(super) common: usize,
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

    pub(super) fn is_title_third(&self) -> bool {
        let line = self.line();
        self.heading.len() == 2 && !line.is_after_blank && is_heading_like(line) && self.is_title_below_others()
    }

    /// The place on a line between title and employer that says nothing else but how somebody is employed.
    pub(super) fn place_between(&self, end: usize) -> Option<String> {
        let may_follow = |next: &Line| !next.is_after_blank && is_heading_like(next);
        let is_between = self.heading.len() == 1
            && !self.line().is_bullet
            && self.at + 1 < end
            && self.lines.get(self.at + 1).is_some_and(may_follow);
        is_between.then(|| place_beside_remark(self.text())).flatten()
    }

    /// Whether the employer's address and a form's lines stand before the title.
    pub(super) fn is_passed_over(&self, end: usize) -> bool {
        self.heading.len() == 1
            && is_particular(self.text())
            && title_follows(&self.lines[self.at + 1..end], self.heading, self.kind)
    }

    /// The title that running text below an employer begins with.
    pub(super) fn title_of_prose(&self) -> Option<(&'e str, &'e str)> {
        let line = self.line();
        let may_be = !line.is_bullet
            && !line.text.is_empty()
            && !is_heading_like(line)
            && !self.is_passed_over(self.lines.len());
        may_be.then(|| title_of_prose(&line.text, self.heading, self.kind)).flatten()
    }

    /// What the line beneath a bare period begins with, where it is too long to be a heading: "Research Assistant, Kirkwall Sound
    /// Archive. Digitised 140 h of interviews.", and the text behind it.
    pub(super) fn head_of_long_line(&self) -> Option<(&'e str, &'e str)> {
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

    /// The line; right below an item that heads a position it goes on with none: "* Since 2016: ACME, S.L.", "Accountant".
    fn beneath(&self) -> Cow<'e, Line> {
        let line = self.line();
        let above = &self.lines[self.anchor];
        let is_free = line.is_continued && self.is_first() && above.is_bullet && above.text.chars().count() < FULL;
        if is_free { Cow::Owned(Line { is_continued: false, ..line.clone() }) } else { Cow::Borrowed(line) }
    }

    /// Whether it belongs to the heading.
    pub(super) fn belongs(&self) -> bool {
        let line = self.beneath();
        let line = line.as_ref();
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

/// The title that running text below an employer begins with, and the text behind it: "Head of lighting. A team of six …"
fn title_of_prose<'t>(text: &'t str, heading: &[String], kind: Kind<'_>) -> Option<(&'t str, &'t str)> {
    let end = text.find(". ").or_else(|| text.ends_with('.').then_some(text.len() - 1))?;
    let title = &text[..end];
    let is_short = title.chars().count() <= LONGEST_TITLE && !title.contains(['!', '?', ':']);
    let is_title = is_short && kind.weigh(title) > TITLE_APART && heading.iter().all(|line| kind.weigh(line) < 0.0);
    (is_title && kind.is_work).then(|| (title, text[end + 1..].trim()))
}

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

/// How much a line below an empty one must be like a title to belong to the employer above.
pub(super) const TITLE_APART: f32 = 0.3;

/// So many lines of a heading stand before its period at most.
pub(super) const MOST_BEFORE: usize = 3;

/// From this share of capital letters on a long line is made of names.
pub(super) const NAMES: f32 = 0.8;

/// A name has at most so many words.
pub(super) const MOST_NAME_WORDS: usize = 7;

/// An item that was broken has at least so many characters.
const FULL: usize = 85;

/// A line of a heading below its period is at most so long, in characters.
const LONGEST_BELOW: usize = 70;

/// A title at the start of running text is at most so long, in characters.
const LONGEST_TITLE: usize = 60;

/// Lines that are looked through for a title below an employer's particulars.
const MOST_PARTICULARS: usize = 6;
