//! Questions to a population, who would be right for them, and who would answer.

use std::collections::HashSet;

use rayon::prelude::*;
use serde_json::Value;

use super::{CANDIDATES_A_DAY, PATIENCE};
use crate::{
    activity::{ActivityEvent, Outreach, Tag},
    population::{Archetype, Population, Synthetic},
};

/// True mean level of skills from which somebody is qualified.
const QUALIFIED_LEVEL: f64 = 0.5;

/// Share of the population that is qualified for a question that is asked.
const QUALIFIED_SHARE: std::ops::RangeInclusive<f64> = 0.01..=0.05;

/// What a message without an answer of the last days multiplies the next one's chances by.
const PRESSURE: f64 = 0.93;
const PRESSURE_SECONDS: i64 = 90 * 86_400;

/// Drawings per question after which no more are sought.
const DRAWINGS: usize = 200;

/// Replies until which candidates are counted.
const REPLIES_WANTED: u32 = 3;

/// What is true of a person.
struct Person {
    isco: &'static str,
    is_able: bool,
    /// Probability to answer a message now.
    reply: f64,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HaystackQuery {
    /// What is typed: a title and two skills.
    pub text: String,
    isco: &'static str,
}

/// A population's truth and questions to it.
pub struct Haystack {
    seed: u64,
    people: Vec<Person>,
    /// The questions.
    pub queries: Vec<HaystackQuery>,
}

/// What a list brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Qualified replies in a day.
    pub replies_in_day: u32,
    /// Candidates opened until the third qualified reply, at most [`PATIENCE`].
    pub opened_until_third: usize,
}

impl Haystack {
    /// The truth of a population, and up to `questions` questions to it.
    pub fn of(seed: u64, population: &Population, questions: usize) -> Self {
        let people = (0..population.count()).into_par_iter();
        let people: Vec<Person> = people.map(|index| Person::of(&population.candidate(index), population)).collect();
        let mut haystack = Self { seed, people, queries: Vec::with_capacity(questions) };
        let mut asked = HashSet::new();
        for drawing in 0..questions * DRAWINGS {
            if haystack.queries.len() == questions {
                break;
            }
            let index = (unit(seed, u64::MAX, drawing as u64) * population.count() as f64) as u64;
            let query = asked.insert(index).then(|| question(&population.candidate(index))).flatten();
            haystack.queries.extend(query.filter(|query| QUALIFIED_SHARE.contains(&haystack.qualified_share(query))));
        }
        haystack
    }

    /// Share of the population that is qualified for a question.
    pub fn qualified_share(&self, query: &HaystackQuery) -> f64 {
        let qualified = self.people.iter().filter(|person| person.is_qualified(query)).count();
        qualified as f64 / self.people.len().max(1) as f64
    }

    /// Mean probability to answer among the population.
    pub fn mean_reply_probability(&self) -> f64 {
        self.people.iter().map(|person| person.reply).sum::<f64>() / self.people.len().max(1) as f64
    }

    /// The qualified replies that are to be expected of a person (by number) for a question (by its number): 0 for who is
    /// not qualified. What an oracle knows.
    pub fn expected_reply(&self, question: usize, person: usize) -> f64 {
        let truth = &self.people[person];
        if truth.is_qualified(&self.queries[question]) { truth.reply } else { 0.0 }
    }

    /// The probability that a person (by number) answers: what an oracle of answers knows, qualified or not.
    pub fn reply(&self, person: usize) -> f64 {
        self.people[person].reply
    }

    /// Goes down a list of people (by their numbers) for a question (by its number).
    pub fn go_down(&self, question: usize, list: impl Iterator<Item = usize>) -> Outcome {
        let query = &self.queries[question];
        let mut outcome = Outcome { replies_in_day: 0, opened_until_third: PATIENCE };
        let mut replies = 0;
        for (opened, person) in (1..=PATIENCE).zip(list) {
            let truth = &self.people[person];
            if truth.is_qualified(query) && unit(self.seed, question as u64, person as u64) < truth.reply {
                replies += 1;
                outcome.replies_in_day += u32::from(opened <= CANDIDATES_A_DAY);
                if replies == REPLIES_WANTED {
                    outcome.opened_until_third = opened;
                }
            }
        }
        outcome
    }
}

impl Person {
    fn of(person: &Synthetic, population: &Population) -> Self {
        let truth = &person.truth;
        let levels = truth.level.iter().map(|(_, level)| level);
        let mean = levels.sum::<f64>() / truth.level.len().max(1) as f64;
        let in_vain = messages_in_vain(person, population.as_of().as_second());
        Self {
            isco: truth.isco,
            is_able: mean >= QUALIFIED_LEVEL && truth.archetype != Archetype::Boaster,
            reply: truth.reply_probability * PRESSURE.powi(in_vain as i32),
        }
    }

    fn is_qualified(&self, query: &HaystackQuery) -> bool {
        self.is_able && self.isco == query.isco
    }
}

fn messages_in_vain(person: &Synthetic, as_of: i64) -> usize {
    let mut events: Vec<ActivityEvent> = person
        .events
        .iter()
        .map(|event| ActivityEvent {
            thread: Tag::of(event.thread.as_deref()),
            ..ActivityEvent::new(event.kind, event.at.as_second())
        })
        .collect();
    events.sort_by_key(|event| event.at);
    let messages = Outreach::pair(&events).into_iter();
    messages.filter(|message| message.answer.is_none() && as_of - message.sent.at <= PRESSURE_SECONDS).count()
}

/// A person's view of their own job; none where they have none to tell of, or are not to be believed.
fn question(person: &Synthetic) -> Option<HaystackQuery> {
    if matches!(person.truth.archetype, Archetype::Boaster | Archetype::HalfEmpty) {
        return None;
    }
    let candidate = serde_json::to_value(&person.candidate).ok()?;
    let title = candidate.pointer("/profile/work/0/position").and_then(Value::as_str)?;
    let mut skills = person.truth.level.clone();
    skills.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let [first, second, ..] = skills.as_slice() else { return None };
    Some(HaystackQuery { text: format!("{title} {} {}", first.0, second.0), isco: person.truth.isco })
}

/// A number in [0, 1), fixed by its arguments.
fn unit(seed: u64, stream: u64, index: u64) -> f64 {
    let mut hasher = blake3::Hasher::new();
    for number in [seed, stream, index] {
        hasher.update(&number.to_le_bytes());
    }
    let [a, b, c, d, ..] = *hasher.finalize().as_bytes();
    f64::from(u32::from_le_bytes([a, b, c, d])) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{DEFAULT_AS_OF, World};

    fn haystack() -> Haystack {
        let world = World { boasters: 0.2, activity_reply_correlation: 0.4 };
        Haystack::of(3, &Population::new(3, 3_000, DEFAULT_AS_OF).in_world(world), 10)
    }

    #[test]
    fn questions_have_words_and_some_who_are_qualified() {
        let haystack = haystack();
        assert_eq!(haystack.queries.len(), 10);
        for query in &haystack.queries {
            assert!(query.text.split_whitespace().count() >= 3 && !query.text.contains("null"), "{}", query.text);
            assert!(QUALIFIED_SHARE.contains(&haystack.qualified_share(query)));
        }
        assert!((0.04..0.2).contains(&haystack.mean_reply_probability()), "{}", haystack.mean_reply_probability());
    }

    #[test]
    fn who_answers_does_not_depend_on_the_list() {
        let haystack = haystack();
        let query = &haystack.queries[0];
        let answers = |person: &usize| {
            let truth = &haystack.people[*person];
            truth.is_qualified(query) && unit(3, 0, *person as u64) < truth.reply
        };
        let yes: Vec<usize> = (0..3_000).filter(answers).collect();
        let no: Vec<usize> = (0..3_000).filter(|person| !answers(person)).take(PATIENCE).collect();
        let best = haystack.go_down(0, yes.iter().chain(&no).copied());
        assert_eq!(best.replies_in_day as usize, yes.len().min(CANDIDATES_A_DAY));
        assert_eq!(best.opened_until_third, if yes.len() >= 3 { 3 } else { PATIENCE });
        let worst = haystack.go_down(0, no.iter().chain(&yes).copied());
        assert_eq!(worst, Outcome { replies_in_day: 0, opened_until_third: PATIENCE });
        let late = haystack.go_down(0, no[..CANDIDATES_A_DAY].iter().chain(&yes).copied());
        assert_eq!(late.replies_in_day, 0);
    }
}
