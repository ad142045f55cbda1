//! The weights of readings, learned from labelled CVs.
//!
//! Texts and what their headings hold → weights. Two log-linear models by kind of heading: over the readings of a heading by
//! themselves, then with what the entries of a part have in common. The likelihood of the readings that the labels call right
//! is raised by gradient ascent (Adam: Kingma and Ba 2015), with a penalty on the square of the weights.
//! Invariant: the same examples in the same order give the same weights.

use super::entry::entries;
use super::line::{Line, lines};
use super::reading::{Kind, Reading, readings};
use super::role::{Layouts, without_remark};
use super::sections::sections;
use super::weights::{ALONE, HeadingWeights, SHARED, Weights};
use super::words::{self, Part};

/// What a heading holds: every text that is right, folded; an empty one where none is there.
#[derive(Debug, Clone, Default)]
pub struct LabelledHeading {
    /// Titles, without remarks on the contract behind them, or degrees.
    pub titles: Vec<String>,
    /// Employers or schools.
    pub organisations: Vec<String>,
}

/// A text with what its headings hold.
#[derive(Debug, Clone)]
pub struct Example {
    /// The text of a CV.
    pub text: String,
    /// The headings of its positions.
    pub positions: Vec<LabelledHeading>,
    /// The headings of its education.
    pub schools: Vec<LabelledHeading>,
}

/// How strongly large weights are held back.
const PENALTY: f32 = 0.3;

/// Steps of ascent.
const STEPS: usize = 400;

/// How far a step goes at first.
const RATE: f32 = 0.05;

/// How often headings are cut and weighed again, since the weights say where a heading ends.
const ROUNDS: usize = 2;

/// Learns the weights.
pub fn learn(examples: &[Example]) -> HeadingWeights {
    let mut weights = HeadingWeights::built_in().clone();
    for _ in 0..ROUNDS {
        weights = HeadingWeights {
            work: learn_kind(examples, Kind::of(true, &weights)),
            education: learn_kind(examples, Kind::of(false, &weights)),
        };
    }
    weights
}

/// The readings of a heading, and which of them are right.
struct Choice {
    readings: Vec<Reading>,
    right: Vec<bool>,
}

fn learn_kind(examples: &[Example], kind: Kind<'_>) -> Weights {
    // By example and part: its headings.
    let mut parts: Vec<Vec<Choice>> = examples.iter().flat_map(|example| choices(example, kind)).collect();
    let mut weights = Weights::empty();
    let told = |parts: &[Vec<Choice>]| parts.iter().flatten().filter(|choice| choice.right.contains(&true)).count();
    tracing::debug!(headings = parts.iter().flatten().count(), told = told(&parts), is_work = kind.is_work, "learning");
    let alone: Vec<Options<ALONE>> = parts
        .iter()
        .flatten()
        .filter(|choice| choice.right.contains(&true))
        .map(|choice| Options { features: choice.readings.iter().map(sparse).collect(), right: choice.right.clone() })
        .collect();
    weights.alone = ascend(&alone, weights.alone, [0.0; ALONE]);
    for reading in parts.iter_mut().flatten().flat_map(|choice| &mut choice.readings) {
        reading.score = weights.score(&reading.features);
    }
    let mut shared: Vec<Options<SHARED>> = Vec::new();
    for part in &parts {
        let read: Vec<Vec<Reading>> = part.iter().map(|choice| choice.readings.clone()).collect();
        let layouts = Layouts::of(&read);
        for choice in part.iter().filter(|choice| choice.right.contains(&true)) {
            let features =
                choice.readings.iter().map(|reading| layouts.shares(reading).into_iter().enumerate().collect());
            shared.push(Options { features: features.collect(), right: choice.right.clone() });
        }
    }
    weights.shared = ascend(&shared, weights.shared, weights.shared);
    weights
}

fn sparse(reading: &Reading) -> Vec<(usize, f32)> {
    reading.features.iter().map(|(feature, value)| (usize::from(feature.0), *value)).collect()
}

/// The headings of each part of a CV.
fn choices(example: &Example, kind: Kind<'_>) -> Vec<Vec<Choice>> {
    let lines = lines(&example.text);
    let sections = sections(&lines);
    let (part, labels) =
        if kind.is_work { (Part::Work, &example.positions) } else { (Part::Education, &example.schools) };
    let of_part =
        |lines: &[Line]| entries(lines, kind).iter().map(|entry| choice(&entry.heading, labels, kind)).collect();
    sections.each(part).map(of_part).collect()
}

fn choice(heading: &[String], labels: &[LabelledHeading], kind: Kind<'_>) -> Choice {
    let readings = readings(heading, kind);
    let fold = |text: &Option<String>| words::fold(text.as_deref().unwrap_or_default());
    let is_right = |reading: &Reading| {
        let title = words::fold(without_remark(reading.title.as_deref().unwrap_or_default()));
        let organisation = fold(&reading.organisation);
        labels.iter().any(|label| label.titles.contains(&title) && label.organisations.contains(&organisation))
    };
    let right = readings.iter().map(is_right).collect();
    Choice { readings, right }
}

/// What may be chosen: the features of each option that are not zero, and which are right.
struct Options<const N: usize> {
    features: Vec<Vec<(usize, f32)>>,
    right: Vec<bool>,
}

impl<const N: usize> Options<N> {
    /// Adds how the likelihood of what is right changes with each weight.
    fn add_gradient(&self, weights: &[f32; N], gradient: &mut [f32; N]) {
        let scores: Vec<f32> = self
            .features
            .iter()
            .map(|features| features.iter().map(|(feature, value)| weights[*feature] * value).sum())
            .collect();
        let best = scores.iter().copied().fold(f32::MIN, f32::max);
        let masses: Vec<f32> = scores.iter().map(|score| (score - best).exp()).collect();
        let all: f32 = masses.iter().sum();
        let right: f32 = masses.iter().zip(&self.right).filter(|(_, right)| **right).map(|(mass, _)| mass).sum();
        for ((features, mass), is_right) in self.features.iter().zip(&masses).zip(&self.right) {
            let among_right = if *is_right { mass / right.max(f32::MIN_POSITIVE) } else { 0.0 };
            let pull = among_right - mass / all;
            features.iter().for_each(|(feature, value)| gradient[*feature] += pull * value);
        }
    }
}

/// Raises the likelihood from `weights`; what is far from `prior` is held back.
fn ascend<const N: usize>(options: &[Options<N>], mut weights: [f32; N], prior: [f32; N]) -> [f32; N] {
    const DECAY: (f32, f32) = (0.9, 0.999);
    let (mut mean, mut square) = ([0.0_f32; N], [0.0_f32; N]);
    for step in 1..=STEPS {
        let mut gradient = [0.0_f32; N];
        options.iter().for_each(|options| options.add_gradient(&weights, &mut gradient));
        let rate = RATE * (1.0 - (step as f32 - 1.0) / STEPS as f32);
        for at in 0..N {
            let slope = gradient[at] - PENALTY * (weights[at] - prior[at]);
            mean[at] = DECAY.0 * mean[at] + (1.0 - DECAY.0) * slope;
            square[at] = DECAY.1 * square[at] + (1.0 - DECAY.1) * slope * slope;
            let (mean, square) =
                (mean[at] / (1.0 - DECAY.0.powi(step as i32)), square[at] / (1.0 - DECAY.1.powi(step as i32)));
            weights[at] += rate * mean / (square.sqrt() + 1e-8);
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cv::parse_with;

    fn example(employer_first: bool) -> Example {
        let heading = |title: &str, firm: &str| {
            if employer_first { format!("{firm} – {title}") } else { format!("{title} – {firm}") }
        };
        let pairs = [("Qarbler", "Zumfeld"), ("Trossler", "Wenkar")];
        let entries: Vec<String> =
            pairs.iter().map(|(title, firm)| format!("{}\n2010 – 2014\n", heading(title, firm))).collect();
        let label = |(title, firm): (&str, &str)| LabelledHeading {
            titles: vec![words::fold(title)],
            organisations: vec![words::fold(firm)],
        };
        Example {
            text: format!("Experience\n\n{}", entries.join("\n")),
            positions: pairs.map(label).to_vec(),
            schools: Vec::new(),
        }
    }

    #[test]
    fn learns_which_of_two_unknown_names_stands_first_and_the_same_each_time() {
        for employer_first in [true, false] {
            let examples = vec![example(employer_first); 20];
            let weights = learn(&examples);
            assert_eq!(weights, learn(&examples));
            let profile = parse_with(&examples[0].text, &weights).profile;
            assert_eq!(profile["work"][0]["position"], "Qarbler", "{employer_first}");
            assert_eq!(profile["work"][1]["name"], "Wenkar", "{employer_first}");
        }
    }
}
