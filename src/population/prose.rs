//! The text of a profile: (person, career, knowledge) → headline, summary, positions, projects, certificates.

use super::archetype::{Archetype, Language};
use super::career::{Career, Position};
use super::extract::{Extract, Term};
use super::person::Person;
use super::record::{Certificate, Project, Work};
use super::sentences::{Kind, Slots, Telling};
use super::skills::{Knowledge, Toolbox};
use super::stream::Stream;
use super::title::Rung;

/// Tells one profile.
pub(super) struct Prose<'a> {
    pub(super) person: &'a Person,
    pub(super) career: &'a Career,
    pub(super) knowledge: &'a Knowledge,
    pub(super) telling: Telling<'a>,
}

impl<'a> Prose<'a> {
    pub(super) fn new(
        person: &'a Person,
        career: &'a Career,
        knowledge: &'a Knowledge,
        stream: &'a mut Stream,
    ) -> Self {
        let telling = Telling { language: person.language, stream, used: Vec::new() };
        Self { person, career, knowledge, telling }
    }

    /// What positions, the headline and the summary can name: the last position and its tools.
    fn own(&self) -> Option<(&'a Position, &'a Toolbox)> {
        self.career.positions.iter().zip(&self.knowledge.toolboxes).next_back()
    }

    fn say(&mut self, kind: Kind, slots: &Slots<'_>) -> String {
        Extract::get().sentences.say(kind, slots, &mut self.telling)
    }

    /// Shuffles the terms and technologies of a toolbox, so that each sentence names others.
    fn draw(&mut self, toolbox: &Toolbox) -> Toolbox {
        let mut drawn = toolbox.clone();
        self.telling.stream.shuffle_front(&mut drawn.terms, 3);
        self.telling.stream.shuffle_front(&mut drawn.technologies, 2);
        drawn
    }

    fn slots<'b>(&self, position: &'b Position, terms: &'b [Term], technologies: &'b [&'static str]) -> Slots<'b> {
        let language = self.person.language as usize;
        let products = &Extract::get().employers.products;
        Slots {
            title: &position.plain_title,
            years: self.person.months / 12,
            terms,
            technologies,
            employer: if position.end.is_none() { &position.employer } else { "" },
            city: self.person.place.city,
            product: position.product.map_or("", |at| products[at].customers[language]),
        }
    }

    pub(super) fn headline(&mut self) -> Option<String> {
        let (position, toolbox) = self.own()?;
        let kind = if self.person.archetype == Archetype::Seller { Kind::Sellerline } else { Kind::Headline };
        let drawn = self.draw(toolbox);
        let slots = Slots { title: &position.title, ..self.slots(position, &drawn.terms, &drawn.technologies) };
        Some(self.say(kind, &slots))
    }

    pub(super) fn summary(&mut self) -> Option<String> {
        let kinds: &[Kind] = match self.person.archetype {
            Archetype::Seller => &[Kind::Seller, Kind::Intro, Kind::Seller],
            Archetype::Boaster => &[Kind::Boast, Kind::Intro, Kind::Boast],
            Archetype::Active | Archetype::LaidOff => &[Kind::Intro, Kind::Focus, Kind::Open, Kind::Closing],
            Archetype::Dormant => &[Kind::Intro, Kind::Closing],
            Archetype::HalfEmpty => return None,
            _ => &[Kind::Intro, Kind::Focus, Kind::Closing],
        };
        let (position, toolbox) = self.own()?;
        let mut summary = String::new();
        for kind in kinds {
            let drawn = self.draw(toolbox);
            let slots = self.slots(position, &drawn.terms, &drawn.technologies);
            push_sentence(&mut summary, &self.say(*kind, &slots));
        }
        Some(summary)
    }

    /// Positions, the latest first.
    pub(super) fn work(&mut self) -> Vec<Work> {
        let (career, knowledge) = (self.career, self.knowledge);
        let pairs = career.positions.iter().zip(&knowledge.toolboxes).enumerate().rev();
        let sparse = self.person.archetype == Archetype::HalfEmpty;
        let shown = if sparse { self.telling.stream.between(0, 2) as usize } else { usize::MAX };
        pairs.take(shown).map(|(at, (position, toolbox))| self.position(position, toolbox, at)).collect()
    }

    fn position(&mut self, position: &Position, toolbox: &Toolbox, at: usize) -> Work {
        // What happened long ago is told in fewer words.
        let recent = at + 2 >= self.career.positions.len();
        let telling = match self.person.archetype {
            Archetype::HalfEmpty => 0,
            Archetype::Dormant => self.telling.stream.between(0, 2),
            Archetype::Boaster => self.telling.stream.between(0, 1),
            _ if recent => self.telling.stream.between(2, 3),
            _ => self.telling.stream.between(0, 2),
        };
        let told = self.person.archetype != Archetype::HalfEmpty;
        let summary = told.then(|| self.sentence(Kind::Duty, position, toolbox)).filter(|text| !text.is_empty());
        let mut highlights: Vec<String> = (0..telling).map(|_| self.highlight(position, toolbox)).collect();
        if told && position.product.is_some() {
            highlights.insert(0, self.sentence(Kind::Product, position, toolbox));
        }
        if told && position.rung == Rung::Lead && recent {
            highlights.push(self.sentence(Kind::Lead, position, toolbox));
        }
        highlights.retain(|highlight| !highlight.is_empty());
        Work {
            name: position.employer.clone(),
            position: position.title.clone(),
            industry: Extract::get().employers.sectors[position.sector].industry,
            start_date: position.shown_start.clone(),
            end_date: position.shown_end.clone(),
            summary,
            highlights,
        }
    }

    fn sentence(&mut self, kind: Kind, position: &Position, toolbox: &Toolbox) -> String {
        let drawn = self.draw(toolbox);
        let slots = Slots { employer: &position.employer, ..self.slots(position, &drawn.terms, &drawn.technologies) };
        self.say(kind, &slots)
    }

    /// An O*NET task where the profile is in English, a sentence of our own otherwise.
    fn highlight(&mut self, position: &Position, toolbox: &Toolbox) -> String {
        let tasks = &Extract::get().occupations[position.occupation].tasks;
        if self.person.language == Language::En && !tasks.is_empty() && self.telling.stream.chance(0.5) {
            let at = self.telling.stream.below(tasks.len());
            // Sentences number from 0 by kind, tasks above them all: no task twice.
            let mark = 10_000 + position.occupation * 100 + at;
            if !self.telling.used.contains(&mark) {
                self.telling.used.push(mark);
                return tasks[at].to_owned();
            }
        }
        self.sentence(Kind::Done, position, toolbox)
    }

    pub(super) fn certificates(&mut self) -> Vec<Certificate> {
        let rate = match self.person.archetype {
            Archetype::Strong => 0.6,
            Archetype::Active | Archetype::LaidOff => 0.35,
            Archetype::Steady => 0.2,
            Archetype::Dormant => 0.08,
            _ => 0.0,
        };
        let Some((position, toolbox)) = self.own().filter(|_| self.telling.stream.chance(rate)) else {
            return Vec::new();
        };
        let name = self.sentence(Kind::Certificate, position, toolbox);
        let date = self.career.style.start(self.month_within(position));
        vec![Certificate { name, date, issuer: Extract::get().employers.issuer(self.telling.stream) }]
    }

    pub(super) fn projects(&mut self) -> Vec<Project> {
        let told = !matches!(self.person.archetype, Archetype::HalfEmpty | Archetype::Dormant | Archetype::Boaster);
        let Some((position, toolbox)) = self.own().filter(|_| told && self.telling.stream.chance(0.15)) else {
            return Vec::new();
        };
        let name = self.sentence(Kind::Project, position, toolbox);
        let description = self.sentence(Kind::Projecttext, position, toolbox);
        let month = self.month_within(position);
        let (start_date, end_date) = (self.career.style.start(month), self.career.style.end(month));
        vec![Project { name, description, start_date, end_date }]
    }

    fn month_within(&mut self, position: &Position) -> super::calendar::Month {
        let months = position.months(self.career.now).max(1) as usize;
        super::calendar::Month(position.start.0 + self.telling.stream.below(months) as i32)
    }

    /// The headings of a CV in the person's language: work, education, skills.
    pub(super) fn headings(&mut self) -> [String; 3] {
        let slots = Slots { title: "", years: 0, terms: &[], technologies: &[], employer: "", city: "", product: "" };
        let line = self.say(Kind::Sections, &slots);
        let mut headings = line.split("; ").map(str::to_owned);
        std::array::from_fn(|_| headings.next().unwrap_or_default())
    }
}

fn push_sentence(text: &mut String, sentence: &str) {
    if !text.is_empty() && !sentence.is_empty() {
        text.push(' ');
    }
    text.push_str(sentence);
}
