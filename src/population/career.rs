//! A working life: person → dated positions in an occupation and its neighbours.
//!
//! In order of their true start; a shown end is never before the shown start, and nothing begins after the profile was
//! last changed.

use super::archetype::{Archetype, Language, irregular};
use super::calendar::{DateStyle, Month};
use super::extract::{Extract, Family, Ladder, Member, Occupation};
use super::person::Person;
use super::stream::{Part, Stream, StreamKey};
use super::title::{Rung, show_title};

/// Families whose occupations one cannot slip into: each has a licence of its own.
pub(super) const REGULATED: [&str; 10] = [
    "medicine",
    "nursing",
    "dentistry",
    "pharmacy",
    "therapy",
    "veterinary",
    "legal",
    "emergency",
    "protection",
    "transportation",
];

/// One position.
#[derive(Debug, Clone)]
pub(super) struct Position {
    pub(super) occupation: usize,
    pub(super) rung: Rung,
    /// As a profile shows it, with rung and capital.
    pub(super) title: String,
    /// As a sentence uses it.
    pub(super) plain_title: String,
    pub(super) employer: String,
    pub(super) sector: usize,
    pub(super) product: Option<usize>,
    pub(super) start: Month,
    /// None while it lasts.
    pub(super) end: Option<Month>,
    pub(super) shown_start: Option<String>,
    pub(super) shown_end: Option<String>,
}

impl Position {
    /// Months worked, until `now` at most.
    pub(super) fn months(&self, now: Month) -> i32 {
        self.end.unwrap_or(now).0 - self.start.0
    }
}

/// A working life.
#[derive(Debug, Clone)]
pub(super) struct Career {
    /// In order of start.
    pub(super) positions: Vec<Position>,
    pub(super) style: DateStyle,
    pub(super) began: Month,
    /// The month of the last change of the profile.
    pub(super) now: Month,
}

impl Career {
    pub(super) fn new(key: StreamKey, person: &Person) -> Self {
        let mut stream = key.stream(Part::Career, person.index);
        let now = person.layoff.as_ref().map_or(Month::of(person.changed), |layoff| layoff.month);
        let began = Month(now.0 - person.months);
        let style = draw_style(&mut stream);
        let mut positions = Walk { person, now, began, stream: &mut stream }.positions();
        roughen(&mut positions, person, &mut stream);
        let undated = (positions.len() > 1 && stream.chance(irregular::UNDATED)).then(|| stream.below(positions.len()));
        let stale =
            (positions.len() > 1 && stream.chance(irregular::STALE_OPEN)).then(|| stream.below(positions.len() - 1));
        for (at, position) in positions.iter_mut().enumerate() {
            if undated != Some(at) {
                position.shown_start = Some(style.start(position.start));
                position.shown_end = position.end.filter(|_| stale != Some(at)).map(|end| style.end(end));
            }
        }
        Self { positions, style, began, now }
    }

    /// The latest position.
    pub(super) fn latest(&self) -> Option<&Position> {
        self.positions.last()
    }
}

fn draw_style(stream: &mut Stream) -> DateStyle {
    let roll = stream.unit();
    if roll < irregular::YEARS_ONLY {
        DateStyle::Year
    } else if roll < irregular::YEARS_ONLY + irregular::DAYS {
        DateStyle::Day
    } else {
        DateStyle::Month
    }
}

/// The walk from the first position to the last.
struct Walk<'a> {
    person: &'a Person,
    now: Month,
    began: Month,
    stream: &'a mut Stream,
}

impl Walk<'_> {
    fn positions(&mut self) -> Vec<Position> {
        let mut positions: Vec<Position> = Vec::new();
        let changer = self.person.months > 60 && self.stream.chance(irregular::CAREER_CHANGE);
        let former = changer.then(|| self.stream.below(Extract::get().families.len()));
        let mut at = self.began;
        while at < self.now && positions.len() < 6 {
            let left = self.now.0 - at.0;
            let length = self.stream.between(9, 72).max(self.person.months as u32 / 6) as i32;
            let last = length + 9 >= left || positions.len() == 5;
            let end = if last { None } else { Some(Month(at.0 + length)) };
            let position = self.position(&positions, (at, end), former);
            at = end.unwrap_or(self.now);
            positions.push(position);
        }
        self.close_last(&mut positions);
        positions
    }

    fn position(
        &mut self,
        before: &[Position],
        (start, end): (Month, Option<Month>),
        former: Option<usize>,
    ) -> Position {
        let extract = Extract::get();
        let done = start.0 - self.began.0;
        let early = done * 3 < self.person.months;
        let changing = former.filter(|_| early && end.is_some());
        let occupation = match changing {
            Some(family) => self.beginner(&extract.families[family]),
            None if end.is_none() => self.person.occupation,
            None => self.neighbour(done),
        };
        let family = extract.occupations[occupation].family;
        let kin = before.last().filter(|previous| extract.occupations[previous.occupation].family == family);
        let rung = self.rung(occupation, if changing.is_some() { 30 } else { done }, end.is_none());
        // Nobody climbs down.
        let rung = kin.map_or(rung, |previous| rung.max(previous.rung));
        let promoted = kin.filter(|previous| extract.occupations[occupation].sectors.contains(&previous.sector));
        let promoted = promoted.filter(|_| self.stream.chance(0.28)).cloned();
        let layoff = self.person.layoff.as_ref().filter(|_| end.is_none());
        let sectors = &extract.occupations[occupation].sectors;
        let (sector, employer) = match (layoff, promoted) {
            (Some(layoff), _) => (layoff.sector, layoff.employer.clone()),
            (None, Some(previous)) => (previous.sector, previous.employer),
            (None, None) => {
                let sector = *self.stream.pick(sectors);
                let city = self.person.place.city;
                (sector, extract.employers.employer(sector, self.person.language, city, self.stream))
            }
        };
        let (title, plain_title) = self.title(&extract.occupations[occupation], rung);
        let product = self.product(sector, occupation);
        Position {
            occupation,
            rung,
            title,
            plain_title,
            employer,
            sector,
            product,
            start,
            end,
            shown_start: None,
            shown_end: None,
        }
    }

    /// An occupation near the main one: the earlier, the further away.
    fn neighbour(&mut self, done: i32) -> usize {
        let extract = Extract::get();
        let own = &extract.occupations[self.person.occupation];
        let family = &extract.families[own.family];
        let early = done < 72;
        let stays = if REGULATED.contains(&family.key) {
            1.0
        } else if early {
            0.55
        } else {
            0.8
        };
        if self.stream.chance(stays) && !(early && own.managerial) {
            return self.person.occupation;
        }
        let fit = |member: &Member| !early || !member.managerial;
        let near = |member: &Member| fit(member) && member.neighbourhood == own.neighbourhood;
        let drawn = family.draw(near, self.stream).or_else(|| family.draw(fit, self.stream));
        drawn.unwrap_or(self.person.occupation)
    }

    /// A non-managerial occupation of the family, if there is one.
    fn beginner(&mut self, family: &Family) -> usize {
        let drawn =
            family.draw(|member| !member.managerial, self.stream).or_else(|| family.draw(|_| true, self.stream));
        drawn.unwrap_or(self.person.occupation)
    }

    fn rung(&mut self, occupation: usize, done: i32, last: bool) -> Rung {
        let extract = Extract::get();
        let managerial = extract.occupations[occupation].managerial;
        match extract.family_of(occupation).ladder {
            Ladder::Career | Ladder::Plain if managerial => Rung::Senior,
            Ladder::Career if done < 22 => *self.stream.pick(&[Rung::Junior, Rung::Junior, Rung::Mid]),
            Ladder::Career if done >= 130 && last && self.stream.chance(0.3) => Rung::Lead,
            Ladder::Career if done >= 80 && self.stream.chance(0.6) => Rung::Senior,
            Ladder::Craft if managerial => Rung::Lead,
            Ladder::Craft if done < 16 => *self.stream.pick(&[Rung::Trainee, Rung::Mid]),
            Ladder::Craft if done >= 100 && last && self.stream.chance(0.25) => Rung::Lead,
            Ladder::Plain if done < 24 => Rung::Junior,
            Ladder::Plain if done >= 120 => Rung::Senior,
            _ => Rung::Mid,
        }
    }

    fn title(&mut self, occupation: &Occupation, rung: Rung) -> (String, String) {
        let person = self.person;
        let language = if person.english_titles { Language::En } else { person.language };
        let titles = &occupation.titles[language as usize];
        // The preferred label most of the time, one of the others for the rest.
        let at = if self.stream.chance(0.6) { 0 } else { self.stream.below(titles.len()) };
        let plain = if person.woman { titles[at].feminine } else { titles[at].masculine };
        let ladder = Extract::get().families[occupation.family].ladder;
        let shown_rung = if occupation.managerial || ladder == Ladder::Plain { Rung::Mid } else { rung };
        // An English title keeps its capitals in a sentence of another language.
        let told = if language == person.language { plain.to_owned() } else { show_title(plain, Rung::Mid, language) };
        (show_title(plain, shown_rung, language), told)
    }

    /// Firms that make software and devices make them for the person's other trade.
    fn product(&self, sector: usize, occupation: usize) -> Option<usize> {
        let extract = Extract::get();
        let makes = extract.employers.sectors[sector].makes;
        let own = extract.occupations[occupation].family == extract.occupations[self.person.occupation].family;
        self.person.product.filter(|_| makes && own)
    }

    /// Those who look, and those who lost it, no longer hold their last position.
    fn close_last(&mut self, positions: &mut [Position]) {
        let leaves = match self.person.archetype {
            Archetype::LaidOff => true,
            Archetype::Active => self.stream.chance(0.5),
            _ => self.stream.chance(0.05),
        };
        if let Some(last) = positions.last_mut().filter(|_| leaves) {
            let ago = if self.person.layoff.is_some() { 0 } else { self.stream.between(0, 3) as i32 };
            last.end = Some(Month((self.now.0 - ago).max(last.start.0 + 1).min(self.now.0)));
        }
    }
}

/// Gaps and overlaps. A gap shortens the earlier position, an overlap starts the later one sooner.
fn roughen(positions: &mut [Position], person: &Person, stream: &mut Stream) {
    let spotty = if person.archetype == Archetype::Boaster { 3.0 } else { 1.0 };
    for at in 1..positions.len() {
        let (start, end) = (positions[at - 1].start, positions[at - 1].end);
        let Some(end) = end else { continue };
        if stream.chance(irregular::GAP * spotty) {
            let gap = stream.between(3, 20) as i32;
            positions[at - 1].end = Some(Month((end.0 - gap).max(start.0 + 2).min(end.0)));
        } else if stream.chance(irregular::OVERLAP) {
            let overlap = stream.between(2, 8) as i32;
            positions[at].start = Month((positions[at].start.0 - overlap).max(start.0 + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_career_starts_as_a_chief() {
        let key = StreamKey::new(11);
        let extract = Extract::get();
        for index in 0..400 {
            let career = Career::new(key, &Person::new(key, index, super::super::DEFAULT_AS_OF, None));
            let first = &career.positions[0];
            let alone = career.positions.len() == 1;
            let plain = extract.family_of(first.occupation).members.iter().any(|member| !member.managerial);
            assert!(alone || !plain || !extract.occupations[first.occupation].managerial, "{index}");
        }
    }
}
