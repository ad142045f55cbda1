//! The walk over a sentence: at each word the first rule that fits takes its words.

use std::ops::Range;

use super::super::filter::FilterSet;
use super::KnownNames;
use super::reading::Reading;
use super::render::Part;
use super::sentence::Sentence;
use super::{activity, company, exclusion, place, relocation, spoken, work, years};

/// Words between two parts of which one is wanted.
const OR: [&str; 6] = ["or", "nor", "o", "od", "oppure", "oder"];

/// What a rule sees.
#[derive(Clone, Copy)]
pub(super) struct Scan<'s> {
    pub(super) sentence: &'s Sentence<'s>,
    pub(super) names: &'s dyn KnownNames,
    /// Whether the word before belongs to a part.
    pub(super) follows_part: bool,
}

/// What a rule found from the word on that it was asked about.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// The first token after it.
    pub(super) end: usize,
    /// What it was read as. `None`: the words are understood, and stay words.
    pub(super) reading: Option<Reading>,
    /// What was assumed.
    pub(super) note: Option<String>,
}

impl Found {
    pub(super) fn new(end: usize, reading: Reading) -> Self {
        Self { end, reading: Some(reading), note: None }
    }

    /// Words that no other rule may read.
    pub(super) fn words(end: usize) -> Self {
        Self { end, reading: None, note: None }
    }

    pub(super) fn noted(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }
}

/// What was read of a sentence.
#[derive(Debug)]
pub(super) struct Scanned {
    /// The number of tokens that open the request.
    pub(super) opening: usize,
    /// The parts, in order.
    pub(super) parts: Vec<Part>,
    /// Words that a rule understood and left words: none of them falls out.
    pub(super) held: Vec<Range<usize>>,
}

/// A rule: what it reads from a word on.
pub(super) type Rule = fn(&Scan<'_>, usize) -> Option<Found>;

/// The rules for what is wanted, the first one first.
const WANTED: [Rule; 8] = [
    years::years,
    activity::activity,
    relocation::relocation,
    work::work,
    spoken::spoken,
    company::company,
    place::living,
    place::segment,
];

impl Scan<'_> {
    /// What the rules for what is wanted read from a word on.
    pub(super) fn wanted(&self, at: usize) -> Option<Found> {
        WANTED.iter().find_map(|rule| rule(self, at).filter(|found| self.is_whole(at, found.end)))
    }

    /// Whether no word is torn apart at the ends of these tokens.
    fn is_whole(&self, at: usize, end: usize) -> bool {
        at < end && self.sentence.splits(at) && self.sentence.splits(end)
    }

    fn read(&self, at: usize) -> Option<Found> {
        let excluded = || exclusion::exclusion(self, at).filter(|found| self.is_whole(at, found.end));
        self.wanted(at).or_else(excluded)
    }
}

/// Reads a sentence after its opening: the parts in order, which do not overlap.
pub(super) fn scan(sentence: &Sentence<'_>, opening: usize, stated: &FilterSet, names: &dyn KnownNames) -> Scanned {
    let (mut parts, mut held): (Vec<Part>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
    let mut filters = stated.clone();
    let mut at = opening;
    while at < sentence.len() {
        let follows_part = parts.last().is_some_and(|part| part.tokens.end == at);
        let Some(found) = (Scan { sentence, names, follows_part }).read(at) else {
            at += 1;
            continue;
        };
        let reading =
            found.reading.filter(|reading| reading.fits(&filters) && !is_one_of_several(sentence, at, found.end));
        match reading {
            Some(reading) => {
                reading.add_to(&mut filters);
                parts.push(Part { tokens: at..found.end, reading, note: found.note });
            }
            None => held.push(at..found.end),
        }
        at = found.end;
    }
    Scanned { opening, parts, held }
}

/// Whether "or" stands next to a part: all filters must be met, so none of them can be an alternative.
fn is_one_of_several(sentence: &Sentence<'_>, at: usize, end: usize) -> bool {
    let is_or = |word: &str| OR.contains(&word);
    let is_slash = |at: usize| at > 0 && sentence.between(at).contains(['/', '|']);
    is_or(sentence.before(at, 1)) || is_or(sentence.form(end)) || is_slash(at) || is_slash(end)
}
