//! Titles, employers and places told apart.
//!
//! Every reading of every heading of a part → one for each entry: what the readings say by themselves is weighed together
//! with the order and the separators that the entries have in common, so that plain entries settle those that say little.

use std::collections::HashMap;

use super::dates::Period;
use super::entry::Entry;
use super::evidence::without_place;
use super::reading::{Kind, Reading, readings};
use super::segment::Mark;
use super::weights::{SHARED, Weights};
use super::words::{self, Cue};
use crate::text::TokenList;

/// Title, employer and place of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) title: Option<String>,
    pub(super) organisation: Option<String>,
    pub(super) place: Option<String>,
    /// Whether title and employer both stand in the entry itself.
    pub(super) is_whole: bool,
    /// How sure it is which is which, in hundredths.
    pub(super) sureness: u8,
    /// Whether nobody employs them: "freelance".
    pub(super) is_own: bool,
    /// Whether it only heads the entries below: an employer with the time of all positions there.
    pub(super) is_block: bool,
}

/// How common each order, and each with its separator, is among the entries of a part: shares.
#[derive(Debug, Default)]
pub(super) struct Layouts {
    title_first: f32,
    separators: HashMap<(bool, Mark), f32>,
    places: HashMap<Option<Mark>, f32>,
    patterns: HashMap<u128, f32>,
}

impl Layouts {
    pub(super) fn of(entries: &[Vec<Reading>]) -> Self {
        let mut layouts = Self::default();
        let mut all = 0.0;
        for readings in entries {
            let best = readings.iter().map(|reading| reading.score).fold(f32::MIN, f32::max);
            let weight = |reading: &Reading| (reading.score - best).exp();
            let sum: f32 = readings.iter().map(weight).sum();
            for reading in readings {
                let share = weight(reading) / sum;
                *layouts.patterns.entry(reading.pattern).or_default() += share / entries.len() as f32;
            }
            let whole = || readings.iter().filter_map(|reading| Some((reading.layout?, reading)));
            let sum: f32 = whole().map(|(_, reading)| weight(reading)).sum();
            for (layout, reading) in whole() {
                let share = weight(reading) / sum.max(f32::MIN_POSITIVE);
                all += share;
                layouts.title_first += if layout.0 { share } else { 0.0 };
                *layouts.separators.entry(layout).or_default() += share;
                *layouts.places.entry(reading.place_mark).or_default() += share;
            }
        }
        if all > 0.0 {
            layouts.title_first /= all;
            layouts.separators.values_mut().chain(layouts.places.values_mut()).for_each(|share| *share /= all);
        }
        layouts
    }

    /// What speaks for a reading, by itself and by what the entries have in common.
    pub(super) fn shares(&self, reading: &Reading) -> [f32; SHARED] {
        let pattern = self.patterns.get(&reading.pattern).copied().unwrap_or_default();
        let Some(layout) = reading.layout else { return [reading.score, 0.0, 0.0, 0.0, pattern] };
        let order = if layout.0 { self.title_first } else { 1.0 - self.title_first };
        let separator = self.separators.get(&layout).copied().unwrap_or_default();
        let place = self.places.get(&reading.place_mark).copied().unwrap_or_default();
        [reading.score, order - 0.5, separator, place, pattern]
    }

    /// What a reading is worth by itself and by what the entries have in common.
    fn worth(&self, reading: &Reading, weights: &Weights) -> f32 {
        self.shares(reading).iter().zip(&weights.shared).map(|(share, weight)| share * weight).sum()
    }
}

/// The roles of entries.
pub(super) fn roles(entries: &[Entry], kind: Kind<'_>) -> Vec<Role> {
    let read: Vec<Vec<Reading>> = entries.iter().map(|entry| readings(&entry.heading, kind)).collect();
    let layouts = Layouts::of(&read);
    let mut roles: Vec<Role> = read.iter().map(|readings| role_of(readings, &layouts, kind.weights)).collect();
    for (entry, role) in entries.iter().zip(&mut roles) {
        with_labels(entry, role, kind);
        role.place = role.place.take().or_else(|| entry.place.clone());
    }
    for title in roles.iter_mut().filter_map(|role| role.title.as_mut()) {
        *title = if kind.is_work { without_remark(title).to_owned() } else { without_grade(title) };
    }
    at_the_same(&mut roles);
    roles.iter_mut().filter(|_| kind.is_work).for_each(|role| without_self(role, kind));
    mark_blocks(entries, &mut roles, kind);
    hand_down(&mut roles, &layouts);
    roles
}

/// The role that is the likeliest.
fn role_of(readings: &[Reading], layouts: &Layouts, weights: &Weights) -> Role {
    let by_worth = |a: &&Reading, b: &&Reading| layouts.worth(a, weights).total_cmp(&layouts.worth(b, weights));
    let Some(best) = readings.iter().max_by(by_worth) else { return Role::default() };
    let order = |reading: &Reading| reading.layout.map(|(is_title_first, _)| is_title_first);
    let others = readings.iter().filter(|reading| order(reading) != order(best));
    let margin =
        others.max_by(by_worth).map_or(1.0, |other| layouts.worth(best, weights) - layouts.worth(other, weights));
    Role {
        title: best.title.clone(),
        organisation: best.organisation.as_deref().map(|name| unquoted(name).to_owned()),
        place: best.place.clone(),
        is_whole: best.layout.is_some(),
        sureness: (margin.clamp(0.0, 4.0) * 25.0) as u8,
        is_own: false,
        is_block: false,
    }
}

/// A name without the quotation marks around all of it.
fn unquoted(name: &str) -> &str {
    let inner = |open: char, close: &[char]| name.strip_prefix(open)?.strip_suffix(close);
    let inner = inner('"', &['"'])
        .or_else(|| inner('„', &['“', '”']))
        .or_else(|| inner('“', &['”']))
        .or_else(|| inner('«', &['»']));
    inner
        .map(str::trim)
        .filter(|inner| !inner.is_empty() && !inner.contains(['"', '“', '”', '„', '«', '»']))
        .unwrap_or(name)
}

/// From this likeness on what stands beside "freelance" is a title.
const SURE_TITLE: f32 = 0.3;

/// A title without the words behind it that say that nobody employs somebody, or for how many hours: "taxi driver on my own account",
/// "promoter part time"; and whether they say the former.
fn without_tail(title: &str) -> Option<(&str, bool)> {
    let ends: Vec<usize> = title.match_indices(' ').map(|(at, _)| at).collect();
    let tails = (2..=MOST_WORDS_OF_TAIL).rev().filter_map(|words| Some(*ends.get(ends.len().checked_sub(words)?)?));
    tails.into_iter().find_map(|at| {
        let tail = words::fold(&title[at..]);
        // "Freelance consultant", "juriste en alternance" are titles as a whole.
        let is_own =
            ON_OWN_ACCOUNT.iter().any(|word| tail.starts_with(word)) && words::is_cue(Cue::SelfEmployed, &tail);
        let is_of_hours = matches!(
            tail.as_str(),
            "part time"
                | "full time"
                | "tempo indeterminato"
                | "tempo determinato"
                | "tempo pieno"
                | "tiempo completo"
                | "temps plein"
                | "temps partiel"
        );
        let head = title[..at].trim_end_matches([' ', ',', '–', '-', '(']);
        (!head.is_empty() && (is_own || is_of_hours)).then_some((head, is_own))
    })
}

/// Words that begin "on my own account", folded.
const ON_OWN_ACCOUNT: [&str; 8] = ["on ", "pe ", "a ", "por ", "auf ", "in ", "voor ", "cis "];

/// Words behind a title are at most so many.
const MOST_WORDS_OF_TAIL: usize = 5;

/// "Freelance" is no employer, and no title.
fn without_self(role: &mut Role, kind: Kind<'_>) {
    if let Some((head, is_own)) = role.title.as_deref().and_then(without_tail) {
        let head = head.to_owned();
        (role.title, role.is_own) = (Some(head), role.is_own || is_own && role.organisation.is_none());
    }
    // "Libera professionista (P. IVA)"
    let bare = |text: &str| words::fold(bracket_at_end(text).map_or(text, |(head, _)| head));
    let is_self = |text: &Option<String>| {
        let is_cue = |folded: &str| words::is_cue(Cue::SelfEmployed, folded);
        text.as_ref().is_some_and(|text| is_cue(&words::fold(text)) || is_cue(&bare(text)))
    };
    if is_self(&role.organisation) {
        (role.organisation, role.is_own) = (None, true);
    } else if is_self(&role.title) && role.organisation.as_deref().is_some_and(|text| kind.weigh(text) > SURE_TITLE) {
        (role.title, role.is_own) = (role.organisation.take(), true);
    }
}

/// The reading of a heading in which no title stands that is worth the most by itself.
fn without_title(heading: &[String], kind: Kind<'_>) -> Option<Reading> {
    let untitled = readings(heading, kind).into_iter().filter(|reading| reading.title.is_none());
    untitled.max_by(|a, b| a.score.total_cmp(&b.score))
}

/// What a form labels wins.
fn with_labels(entry: &Entry, role: &mut Role, kind: Kind<'_>) {
    if entry.title.is_some() && entry.organisation.is_none() && role.organisation.is_none() {
        // "Cargo: Assistente" beneath a line with nothing else but the employer.
        if let Some(named) = without_title(&entry.heading, kind) {
            (role.organisation, role.place) = (named.organisation, role.place.take().or(named.place));
        }
    }
    role.title = entry.title.as_deref().map(without_grade).or(role.title.take());
    if let Some(organisation) = &entry.organisation {
        let (name, place) = match without_title(std::slice::from_ref(organisation), kind) {
            Some(Reading { organisation: Some(name), place, .. }) => (name, place),
            _ => without_place(organisation),
        };
        role.organisation = Some(name);
        role.place = place.or(role.place.take());
    }
    role.is_whole = role.title.is_some() && role.organisation.is_some();
}

/// A title without the remarks behind it on how somebody is employed: "Auditor (25 h/week)", "Nurse, part time".
pub fn without_remark(title: &str) -> &str {
    let is_remark = |text: &str| {
        let tokens = TokenList::of(text);
        let has_hours = text.bytes().any(|byte| byte.is_ascii_digit())
            && (text.contains('%') || tokens.exact_forms().any(|word| words::is_cue(Cue::Hours, word)));
        // "(fines de semana)", "(ruolo, anno di prova superato)"
        let is_aside = text.starts_with(char::is_lowercase)
            && text.contains(' ')
            && !text.bytes().any(|byte| byte.is_ascii_digit());
        // A grade of the civil service is a part of the title.
        let is_grade = tokens.exact_forms().next() == Some("grade");
        // "(promoted in 02/2018)"
        let is_dated = !super::dates::periods(text).is_empty() && title.ends_with(')');
        has_hours || is_dated || is_aside && title.ends_with(')') || !is_grade && words::has(Cue::Engagement, &tokens)
    };
    let behind = bracket_at_end(title).or_else(|| title.rsplit_once(", ")).or_else(|| title.rsplit_once(" – "));
    match behind {
        Some((head, remark)) if is_remark(remark) && head.chars().any(char::is_alphabetic) => {
            without_remark(head.trim_end().trim_end_matches(',').trim_end())
        }
        _ => title,
    }
}

/// The text before brackets at the end of a title, and what stands in them.
pub(super) fn bracket_at_end(title: &str) -> Option<(&str, &str)> {
    title.trim_end().strip_suffix(')').and_then(|text| text.rsplit_once('('))
}

/// A degree without the grade behind it: "(108/110)", ", votazione 78/100".
fn without_grade(title: &str) -> String {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let mut title = title;
    while let Some((head, tail)) = title.rsplit_once(", ") {
        let tokens = TokenList::of(tail);
        let is_grade = words::leading(Cue::Engagement, &tokens) > 0 && digits(tail) > 0;
        if !is_grade || tokens.len() > MOST_WORDS_OF_GRADE {
            break;
        }
        title = head;
    }
    match bracket_at_end(title) {
        Some((head, inner)) if digits(inner) * 2 > inner.chars().count() => head.trim_end().to_owned(),
        _ => title.to_owned(),
    }
}

/// A grade behind a degree has at most so many words.
const MOST_WORDS_OF_GRADE: usize = 6;

/// Finds the employers that stand with the time of all positions below them.
fn mark_blocks(entries: &[Entry], roles: &mut [Role], kind: Kind<'_>) {
    for at in 0..roles.len().saturating_sub(1) {
        if entries[at].heads > 0 {
            hold_all(&entries[at..], &mut roles[at..], kind);
            continue;
        }
        let [role, next] = &roles[at..at + 2] else { continue };
        let only = |role: &Role| match (&role.title, &role.organisation) {
            (Some(text), None) | (None, Some(text)) => Some(text.clone()),
            _ => None,
        };
        let below = only(next).or_else(|| in_department(next));
        let (Some(text), Some(below)) = (only(role), below) else { continue };
        let holds = match (&entries[at].period, &entries[at + 1].period) {
            (Some(outer), Some(inner)) => Period::holds(outer, inner),
            _ => false,
        };
        if !holds || !entries[at].body.is_empty() || kind.weigh(&text) > kind.weigh(&below) + 0.5 {
            continue;
        }
        let outer = entries[at].period.clone();
        let role = &mut roles[at];
        (role.title, role.organisation, role.is_block) = (None, Some(text.clone()), true);
        for (entry, further) in entries[at + 1..].iter().zip(&mut roles[at + 1..]) {
            let is_inner = outer.as_ref().zip(entry.period.as_ref()).is_some_and(|(outer, inner)| outer.holds(inner));
            let title = only(further).or_else(|| in_department(further));
            let Some(title) = title.filter(|_| is_inner) else { break };
            (further.title, further.organisation) = (Some(title), Some(text.clone()));
        }
    }
}

/// Gives the employer that the first entry names to those that it heads, but to those with one of their own.
fn hold_all(entries: &[Entry], roles: &mut [Role], kind: Kind<'_>) {
    let [(block, outer), further @ ..] = &mut entries.iter().zip(roles).collect::<Vec<_>>()[..] else { return };
    let Some(Reading { organisation: Some(name), place, .. }) = without_title(&block.heading, kind) else { return };
    (outer.title, outer.organisation, outer.is_block) = (None, Some(name.clone()), true);
    for (entry, role) in further.iter_mut().take(block.heads) {
        if let Some(title) = in_department(role) {
            (role.title, role.organisation) = (Some(title), Some(name.clone()));
            continue;
        }
        let (whole, others): (Vec<Reading>, Vec<Reading>) =
            readings(&entry.heading, kind).into_iter().partition(|reading| reading.organisation.is_some());
        let alone = others.into_iter().filter(|reading| reading.title.is_some());
        let alone = alone.max_by(|a, b| a.score.total_cmp(&b.score));
        let score = whole.into_iter().map(|reading| reading.score).fold(f32::MIN, f32::max);
        let Some(alone) = alone.filter(|alone| alone.score + HELD > score) else { continue };
        let is_labelled = entry.title.is_some();
        role.title = role.title.take().filter(|_| is_labelled).or(alone.title);
        role.organisation = Some(name.clone());
        role.place = role.place.take().or_else(|| place.clone());
    }
}

/// So much more than without an employer the heading of a position beneath one must be worth with one of its own.
const HELD: f32 = 3.5;

/// The title of a role whose employer is but a part of one: "Senior Associate", "Real Estate department".
fn in_department(role: &Role) -> Option<String> {
    let department = words::has(Cue::Department, &TokenList::of(role.organisation.as_deref()?));
    role.title.clone().filter(|_| department)
}

/// "Ebenda", "idem": at the employer before.
fn at_the_same(roles: &mut [Role]) {
    for at in 1..roles.len() {
        let is_same = roles[at].organisation.as_ref().is_some_and(|text| words::is_cue(Cue::Same, &words::fold(text)));
        if is_same {
            roles[at].organisation = roles[at - 1].organisation.clone();
        }
    }
}

/// Further titles beneath an employer are held there.
fn hand_down(roles: &mut [Role], layouts: &Layouts) {
    let mut held: Option<(String, Option<String>)> = None;
    for role in roles {
        match (&role.organisation, &held) {
            (None, Some((organisation, place)))
                if role.title.is_some() && !role.is_own && layouts.title_first < 0.5 =>
            {
                role.organisation = Some(organisation.clone());
                role.place = role.place.take().or_else(|| place.clone());
            }
            (Some(organisation), _) => held = Some((organisation.clone(), role.place.clone())),
            _ => {}
        }
    }
}
