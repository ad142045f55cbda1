//! Which occupations a title means.
//!
//! A title in any language → occupations with confidences in (0, 1], the likeliest first. Titles are seldom the names that a
//! taxonomy has: words are missing, added, bent. So every name shares its words' stems with the title, weighed by how few
//! names hold them; a name's likeness is the harmonic mean of the shares of the title's and of the name's weight that both
//! have (F₁ over inverse document frequencies; van Rijsbergen 1979, "Information Retrieval", ch. 7). An occupation counts
//! with its likeliest name, and a little more where several of its names are like the title. A title that people reported for
//! a class of O*NET speaks for the class, and less for each of ESCO's occupations that the class holds.

use std::cell::RefCell;
use std::collections::HashMap;

use super::concept::{ConceptId, ConceptKind, LanguageSet};
use super::cues::is_programmed_in;
use super::link_index::LinkIndex;
use super::link_word::Word;
use super::lookup::Taxonomy;
use crate::text::{TokenList, in_one_gender, strip_gender_markers};

/// A name that is less like the title says nothing.
const LEAST_LIKENESS: f32 = 0.2;

/// Nor does one that is so much less like it than the likeliest: what it stands for would count less than a fortieth.
const LEAST_OF_THE_LIKELIEST: f32 = 0.4;

/// How much of the likeness to a class of O*NET each of its occupations has, at the highest nearness of the crosswalk.
const OF_THE_CLASS: f32 = 0.7;

/// How much the other names of an occupation count beside the likeliest.
const OTHER_NAMES: f32 = 0.5;

/// Above this confidences draw near to 1 and never reach it.
const KNEE: f32 = 0.8;

/// Names of groups are wider than what people call themselves.
const GROUP: f32 = 0.8;

/// Names in none of the title's languages.
const OTHER_LANGUAGE: f32 = 0.85;

/// Shorter words tell nothing of whether a text is a name.
const LEAST_WORD: usize = 3;

/// Words of a title that are looked at.
const LONGEST_TITLE: usize = 24;

/// Confidence from which a name or a title surely means a concept.
pub const SURE: f32 = 0.8;

/// How much less a concept counts than the likeliest of several: the power of their confidences.
const SHARPNESS: i32 = 4;

/// How much a concept of several that a text may mean counts, in (0, 1]: by how sure the surest is, and sharply less the less
/// sure it is itself.
pub fn share_of(confidence: f32, surest: f32) -> f32 {
    surest.sqrt() * (confidence / surest).powi(SHARPNESS)
}

/// An occupation that a title may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// The occupation, or a group of them.
    pub concept: ConceptId,
    /// How like its names are, in (0, 1]; above 0.8 for one of the names itself.
    pub confidence: f32,
}

/// What one name shares with a title.
#[derive(Debug, Clone, Copy, Default)]
struct Shared {
    /// The weights of the words before the last one.
    total: f32,
    /// The weight of the last word.
    last: f32,
    /// Its number, from 1; 0 where nothing is shared.
    word: u32,
}

/// Memory for the names of one title, used again by the next of the same thread. Invariant: between titles all are empty.
#[derive(Default)]
struct Scratch {
    names: Vec<Shared>,
    touched: Vec<u32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// How like an occupation's names are to a title.
#[derive(Debug, Clone, Copy, Default)]
struct Likeness {
    /// Of the likeliest.
    best: f32,
    /// Sum of the fourth powers.
    fourth_powers: f32,
}

impl Likeness {
    fn add(&mut self, likeness: f32) {
        self.best = self.best.max(likeness);
        self.fourth_powers += likeness.powi(4);
    }

    fn confidence(self) -> f32 {
        let all = self.best + OTHER_NAMES * (self.fourth_powers.powf(0.25) - self.best);
        // Several names that are the title's own must still tell more than one.
        if all <= KNEE { all } else { 1.0 - (1.0 - KNEE) * (-(all - KNEE) / (1.0 - KNEE)).exp() }
    }
}

impl Taxonomy {
    /// The occupations that a title may mean, at most `limit`, of equal ones the first by number. Where the languages of the
    /// title are known, names of others count less, those of English aside.
    pub fn link(&self, title: &str, languages: Option<LanguageSet>, limit: usize) -> Vec<Link> {
        let [links] = self.link_in(title, [languages], limit);
        links
    }

    /// As [`Taxonomy::link`] for each of several guesses at the title's languages; the title is read once.
    pub fn link_in<const N: usize>(
        &self,
        title: &str,
        guesses: [Option<LanguageSet>; N],
        limit: usize,
    ) -> [Vec<Link>; N] {
        let title = in_one_gender(&strip_gender_markers(title).to_lowercase()).into_owned();
        let tokens = of_programmers(TokenList::of(&title), &title);
        let Some(index) = self.link_index() else { return [const { Vec::new() }; N] };
        let shared = SCRATCH.with_borrow_mut(|scratch| shared_names(index, &tokens, scratch));
        guesses.map(|languages| {
            let mut links: Vec<Link> = self.occupations_of(&shared, languages).collect();
            links.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.concept.cmp(&b.concept)));
            links.truncate(limit);
            links
        })
    }

    /// The share of the words of a text that no name of an occupation holds in any form, in [0, 1]: of names of people, places and firms
    /// it is high. Words of less than three letters are left out.
    pub fn strange_share(&self, tokens: &TokenList) -> f32 {
        let Some(index) = self.link_index() else { return 0.0 };
        let (mut strange, mut all) = (0_u32, 0_u32);
        for token in tokens.iter().filter(|token| token.exact.chars().count() >= LEAST_WORD) {
            all += 1;
            strange += u32::from(!index.words_of(token.lower, token.exact).iter().all(|word| word.is_held));
        }
        if all == 0 { 0.0 } else { strange as f32 / all as f32 }
    }

    /// Each occupation that has a like name.
    fn occupations_of(
        &self,
        names: &[(u32, f32)],
        languages: Option<LanguageSet>,
    ) -> impl Iterator<Item = Link> + use<> {
        let read = languages.map_or(LanguageSet::ALL, |languages| languages.union(LanguageSet::ENGLISH));
        let mut found: HashMap<ConceptId, Likeness, foldhash::fast::FixedState> = HashMap::default();
        let mut of_classes: HashMap<ConceptId, f32, foldhash::fast::FixedState> = HashMap::default();
        for (name, likeness) in names {
            for meaning in self.meanings(*name) {
                let likeness = if meaning.languages.overlaps(read) { *likeness } else { likeness * OTHER_LANGUAGE };
                match self.kind(meaning.concept) {
                    Some(ConceptKind::Occupation) => found.entry(meaning.concept).or_default().add(likeness),
                    Some(ConceptKind::OccupationGroup) => {
                        found.entry(meaning.concept).or_default().add(likeness * GROUP)
                    }
                    Some(ConceptKind::OnetOccupation) => {
                        found.entry(meaning.concept).or_default().add(likeness);
                        let class = of_classes.entry(meaning.concept).or_default();
                        *class = likeness.max(*class);
                    }
                    _ => {}
                }
            }
        }
        for (class, likeness) in of_classes {
            for (occupation, nearness) in self.members_of_class(class) {
                let known = found.entry(occupation).or_default();
                known.best = known.best.max(likeness * OF_THE_CLASS * nearness);
            }
        }
        found.into_iter().map(|(concept, likeness)| Link { concept, confidence: likeness.confidence() })
    }
}

/// The tokens of a title, where somebody programs in a language that no occupation is named by as if it said software: a Rust engineer is a
/// software engineer, and no rustproofer.
fn of_programmers(tokens: TokenList, title: &str) -> TokenList {
    let languages = (0..tokens.len()).filter(|at| is_programmed_in(&tokens, *at));
    let places: Vec<std::ops::Range<usize>> = languages.map(|at| tokens.token(at).bytes).collect();
    if places.is_empty() {
        return tokens;
    }
    let (mut read, mut from) = (String::with_capacity(title.len() + 16), 0);
    for place in places {
        read.push_str(&title[from..place.start]);
        read.push_str("software");
        from = place.end;
    }
    read.push_str(&title[from..]);
    TokenList::of(&read)
}

/// The names that share weight with a title, by the taxonomy's numbers, with their likeness.
fn shared_names(index: &LinkIndex, tokens: &TokenList, scratch: &mut Scratch) -> Vec<(u32, f32)> {
    scratch.names.resize(index.len(), Shared::default());
    let words = words(index, tokens);
    let total: f32 = words.iter().map(|word| word.weight).sum();
    for (word, stamp) in words.iter().zip(1..) {
        for (term, weight) in word.terms.iter() {
            for name in index.names_of(*term) {
                let shared = &mut scratch.names[*name as usize];
                // A frequent word alone makes no name like.
                if shared.word == 0 {
                    if word.is_frequent && stamp > 1 {
                        continue;
                    }
                    scratch.touched.push(*name);
                }
                if shared.word == stamp {
                    shared.last = weight.max(shared.last);
                } else {
                    *shared = Shared { total: shared.total + shared.last, last: *weight, word: stamp };
                }
            }
        }
    }
    let likeness = |place: u32, shared: Shared| {
        let shared = shared.total + shared.last;
        let (of_title, of_name) = (shared / total, (shared / index.norm(place)).min(1.0));
        2.0 * of_title * of_name / (of_title + of_name)
    };
    let found = scratch.touched.drain(..).map(|place| (place, std::mem::take(&mut scratch.names[place as usize])));
    let mut found: Vec<(u32, f32)> = found.map(|(place, shared)| (place, likeness(place, shared))).collect();
    let likeliest = found.iter().map(|(_, likeness)| *likeness).fold(0.0, f32::max);
    let least = LEAST_LIKENESS.max(likeliest * LEAST_OF_THE_LIKELIEST);
    found.retain(|(_, likeness)| *likeness >= least);
    found.iter_mut().for_each(|(place, _)| *place = index.name(*place));
    found
}

/// The words of a title, each once, the rarest first. Of a compound these are its parts.
fn words(index: &LinkIndex, tokens: &TokenList) -> Vec<Word> {
    let mut seen: Vec<&str> = Vec::new();
    let mut words = Vec::new();
    for token in tokens.iter().take(LONGEST_TITLE) {
        let exact = tokens.exact(token.position as usize);
        if !seen.contains(&exact) {
            words.extend(index.words_of(token.lower, exact).iter().cloned());
            seen.push(exact);
        }
    }
    // Common words weigh nothing.
    words.retain(|word| word.weight > 0.0);
    words.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    words
}
