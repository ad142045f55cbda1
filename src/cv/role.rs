//! Titles, employers and places told apart.
//!
//! Every reading of every heading of a part → one for each entry: what the readings say by themselves is weighed together
//! with the order and the separators that the entries have in common, so that plain entries settle those that say little.

use std::collections::HashMap;

use super::dates::Period;
use super::entry::Entry;
use super::evidence::without_place;
use super::reading::{Reading, readings};
use super::segment::Mark;
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
    /// Whether it only heads the entries below: an employer with the time of all positions there.
    pub(super) is_block: bool,
}

/// What it is worth to have the order that all entries of the part have.
const ORDER: f32 = 1.2;

/// What it is worth to have their separator.
const SEPARATOR: f32 = 0.5;

/// What it is worth to have the place where they have it.
const PLACE: f32 = 0.4;

/// How sharply a better reading of an entry outweighs its others.
const SHARPNESS: f32 = 4.0;

/// How common each order, and each with its separator, is among the entries of a part: shares.
#[derive(Debug, Default)]
struct Layouts {
    title_first: f32,
    shares: HashMap<(bool, Mark), f32>,
    places: HashMap<Option<Mark>, f32>,
}

impl Layouts {
    fn of(entries: &[Vec<Reading>]) -> Self {
        let mut layouts = Self::default();
        let mut all = 0.0;
        for readings in entries {
            let whole = || readings.iter().filter_map(|reading| Some((reading.layout?, reading)));
            let best = whole().map(|(_, reading)| reading.score).fold(f32::MIN, f32::max);
            let weight = |score: f32| ((score - best) * SHARPNESS).exp();
            let sum: f32 = whole().map(|(_, reading)| weight(reading.score)).sum();
            for (layout, reading) in whole() {
                let share = weight(reading.score) / sum;
                all += share;
                layouts.title_first += if layout.0 { share } else { 0.0 };
                *layouts.shares.entry(layout).or_default() += share;
                *layouts.places.entry(reading.place_mark).or_default() += share;
            }
        }
        if all > 0.0 {
            layouts.title_first /= all;
            layouts.shares.values_mut().chain(layouts.places.values_mut()).for_each(|share| *share /= all);
        }
        layouts
    }

    /// What a reading is worth by itself and by what the entries have in common.
    fn worth(&self, reading: &Reading) -> f32 {
        let Some(layout) = reading.layout else { return reading.score };
        let order = if layout.0 { self.title_first } else { 1.0 - self.title_first };
        let separator = self.shares.get(&layout).copied().unwrap_or_default();
        let place = self.places.get(&reading.place_mark).copied().unwrap_or_default();
        reading.score + ORDER * (order - 0.5) + SEPARATOR * separator + PLACE * place
    }
}

/// The roles of entries. `weigh` says how much a text is like a title (or a degree), negative where like an employer (a school).
pub(super) fn roles(entries: &[Entry], weigh: fn(&str) -> f32) -> Vec<Role> {
    let read: Vec<Vec<Reading>> = entries.iter().map(|entry| readings(&entry.heading, weigh)).collect();
    let layouts = Layouts::of(&read);
    let mut roles: Vec<Role> = read.iter().map(|readings| role_of(readings, &layouts)).collect();
    for (entry, role) in entries.iter().zip(&mut roles) {
        with_labels(entry, role);
    }
    mark_blocks(entries, &mut roles, weigh);
    hand_down(&mut roles, &layouts);
    roles
}

/// The role that is the likeliest.
fn role_of(readings: &[Reading], layouts: &Layouts) -> Role {
    let by_worth = |a: &&Reading, b: &&Reading| layouts.worth(a).total_cmp(&layouts.worth(b));
    let Some(best) = readings.iter().max_by(by_worth) else { return Role::default() };
    let order = |reading: &Reading| reading.layout.map(|(is_title_first, _)| is_title_first);
    let others = readings.iter().filter(|reading| order(reading) != order(best));
    let margin = others.max_by(by_worth).map_or(1.0, |other| layouts.worth(best) - layouts.worth(other));
    Role {
        title: best.title.clone(),
        organisation: best.organisation.clone(),
        place: best.place.clone(),
        is_whole: best.layout.is_some(),
        sureness: (margin.clamp(0.0, 2.0) * 50.0) as u8,
        is_block: false,
    }
}

/// What a form labels wins.
fn with_labels(entry: &Entry, role: &mut Role) {
    role.title = entry.title.as_deref().map(without_grade).or(role.title.take());
    if let Some(organisation) = &entry.organisation {
        let readings = readings(std::slice::from_ref(organisation), |_| -1.0);
        let alone = readings.into_iter().filter(|reading| reading.title.is_none());
        let best = alone.max_by(|a, b| a.score.total_cmp(&b.score));
        let (name, place) = match best {
            Some(Reading { organisation: Some(name), place, .. }) => (name, place),
            _ => without_place(organisation),
        };
        role.organisation = Some(name);
        role.place = place.or(role.place.take());
    }
    role.is_whole = role.title.is_some() && role.organisation.is_some();
}

/// A title without the grade in brackets behind it: "(108/110)".
fn without_grade(title: &str) -> String {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    match title.trim_end().strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        Some((head, inner)) if digits(inner) * 2 > inner.chars().count() => head.trim_end().to_owned(),
        _ => title.to_owned(),
    }
}

/// Finds the employers that stand with the time of all positions below them.
fn mark_blocks(entries: &[Entry], roles: &mut [Role], weigh: fn(&str) -> f32) {
    for at in 0..roles.len().saturating_sub(1) {
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
        if !holds || !entries[at].body.is_empty() || weigh(&text) > weigh(&below) + 0.5 {
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

/// The title of a role whose employer is but a part of one: "Senior Associate", "Real Estate department".
fn in_department(role: &Role) -> Option<String> {
    let department = words::has(Cue::Department, &TokenList::of(role.organisation.as_deref()?));
    role.title.clone().filter(|_| department)
}

/// Further titles beneath an employer are held there.
fn hand_down(roles: &mut [Role], layouts: &Layouts) {
    let mut held: Option<(String, Option<String>)> = None;
    for role in roles {
        match (&role.organisation, &held) {
            (None, Some((organisation, place))) if role.title.is_some() && layouts.title_first < 0.5 => {
                role.organisation = Some(organisation.clone());
                role.place = role.place.take().or_else(|| place.clone());
            }
            (Some(organisation), _) => held = Some((organisation.clone(), role.place.clone())),
            _ => {}
        }
    }
}
