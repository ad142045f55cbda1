//! What a person can do and what the person says so: (person, career) → true levels, and the skills that are listed.

use std::collections::BTreeMap;

use super::archetype::{Archetype, Language};
use super::career::Career;
use super::extract::{Extract, Term};
use super::person::Person;
use super::stream::{Part, Stream, StreamKey};

/// Families whose skills boasters like to claim.
const FASHIONABLE: [&str; 5] = ["backend", "data", "security", "analysis_it", "management"];

/// A skill of a person.
#[derive(Debug, Clone)]
pub(super) struct Skill {
    pub(super) name: &'static str,
    /// 0 to 1, two decimals.
    pub(super) level: f64,
    /// Stands in the profile's list.
    pub(super) listed: bool,
    /// Some position used it.
    pub(super) used: bool,
}

/// What one position works with.
#[derive(Debug, Clone)]
pub(super) struct Toolbox {
    pub(super) terms: Vec<Term>,
    pub(super) technologies: Vec<&'static str>,
}

/// All that a person knows.
#[derive(Debug, Clone)]
pub(super) struct Knowledge {
    /// Listed ones first, in the order of the list.
    pub(super) skills: Vec<Skill>,
    /// One for each position of the career.
    pub(super) toolboxes: Vec<Toolbox>,
}

impl Knowledge {
    pub(super) fn new(key: StreamKey, person: &Person, career: &Career) -> Self {
        let mut stream = key.stream(Part::Skills, person.index);
        let mut pools: BTreeMap<usize, Toolbox> = BTreeMap::new();
        let mut months: BTreeMap<&'static str, i32> = BTreeMap::new();
        let mut toolboxes = Vec::with_capacity(career.positions.len());
        for position in &career.positions {
            let pool =
                pools.entry(position.occupation).or_insert_with(|| draw_pool(position.occupation, person, &mut stream));
            let toolbox = draw_toolbox(pool, &mut stream);
            let names = toolbox.terms.iter().map(|term| term.capital).chain(toolbox.technologies.iter().copied());
            for name in names {
                *months.entry(name).or_default() += position.months(career.now);
            }
            toolboxes.push(toolbox);
        }
        let mut skills: Vec<Skill> =
            months.into_iter().map(|(name, months)| learned(name, months, person, &mut stream)).collect();
        // The best stand first; equal levels keep the order of the names.
        skills.sort_by(|a, b| b.level.total_cmp(&a.level));
        list(&mut skills, person.archetype, &mut stream);
        claim(&mut skills, person, &mut stream);
        skills.sort_by_key(|skill| !skill.listed);
        Self { skills, toolboxes }
    }
}

/// What a person draws on in one occupation.
fn draw_pool(occupation: usize, person: &Person, stream: &mut Stream) -> Toolbox {
    let occupation = &Extract::get().occupations[occupation];
    let mut terms: Vec<Term> = occupation.terms.iter().map(|term| term[person.language as usize]).collect();
    let count = stream.between(4, 8) as usize;
    stream.shuffle_front(&mut terms, count);
    terms.truncate(count);
    let mut technologies = occupation.technologies.clone();
    // Trades with few tools use few of them; the others about a third.
    let count = (stream.between(2, 4) as usize + technologies.len() / 5).min(technologies.len());
    stream.shuffle_front(&mut technologies, count);
    technologies.truncate(count);
    // O*NET's products are those of an English-speaking market.
    if person.language == Language::En && !occupation.special.is_empty() && stream.chance(0.4) {
        let extra = *stream.pick(&occupation.special);
        if !technologies.contains(&extra) {
            technologies.push(extra);
        }
    }
    Toolbox { terms, technologies }
}

fn draw_toolbox(pool: &Toolbox, stream: &mut Stream) -> Toolbox {
    let Toolbox { mut terms, mut technologies } = pool.clone();
    let kept = (terms.len() * 3).div_ceil(4).max(4);
    stream.shuffle_front(&mut terms, kept);
    terms.truncate(kept);
    let kept = (technologies.len() * 2).div_ceil(3).max(2);
    stream.shuffle_front(&mut technologies, kept);
    technologies.truncate(kept);
    Toolbox { terms, technologies }
}

/// Practice with diminishing returns, talent, and a little luck.
fn learned(name: &'static str, months: i32, person: &Person, stream: &mut Stream) -> Skill {
    let practice = f64::from(months) / f64::from(months + 48);
    let level = 0.08 + 0.5 * practice + 0.37 * person.talent + stream.within(-0.05, 0.05);
    Skill { name, level: two_decimals(level.clamp(0.02, 1.0)), listed: false, used: true }
}

pub(super) fn two_decimals(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn list(skills: &mut [Skill], archetype: Archetype, stream: &mut Stream) {
    let share = match archetype {
        Archetype::HalfEmpty => stream.between(0, 3) as usize,
        Archetype::Dormant => stream.between(3, 8) as usize,
        _ => stream.between(7, 14) as usize,
    };
    for skill in skills.iter_mut().take(share) {
        // Nobody thinks of everything.
        skill.listed = archetype == Archetype::HalfEmpty || stream.chance(0.9);
    }
}

/// Boasters list what no position supports: fashionable technologies and terms of other trades. Others now and then name
/// something of their own trade that their positions do not mention.
fn claim(skills: &mut Vec<Skill>, person: &Person, stream: &mut Stream) {
    let extract = Extract::get();
    let boasts = person.archetype == Archetype::Boaster;
    let claims = match person.archetype {
        Archetype::Boaster => stream.between(10, 22),
        Archetype::Seller => stream.between(0, 4),
        Archetype::Steady | Archetype::Dormant => stream.between(0, 1),
        _ => 0,
    };
    for _ in 0..claims {
        let own = extract.occupations[person.occupation].family;
        let family = match boasts {
            true if stream.chance(0.6) => extract.family(FASHIONABLE[stream.below(FASHIONABLE.len())]).unwrap_or(own),
            true => stream.below(extract.families.len()),
            false => own,
        };
        let family = &extract.families[family];
        let technical = boasts && stream.chance(0.6);
        let name = match technical {
            true => stream.pick(&family.technologies).item,
            false if boasts => stream.pick(&family.terms).item[person.language as usize].capital,
            false => stream.pick(&extract.occupations[person.occupation].terms)[person.language as usize].capital,
        };
        if skills.iter().all(|skill| skill.name != name) {
            let level = two_decimals(stream.within(0.0, 0.08));
            skills.push(Skill { name, level, listed: true, used: false });
        }
    }
}
