//! Names of concepts in running text.
//!
//! Tokens of a text → mentions. From each token the longest name of an occupation and the longest name of a skill are
//! taken, so that "Java developer" is both; a mention inside a longer one of its sort is none. Names that are common words
//! too ("go", "spring", "access") count where the text writes them as a name and speaks of the like nearby, see
//! [`Recognition`]. Cost: one look-up a token, and one step in the map of names for each further token of a name.

use std::ops::Range;

use super::concept::{ConceptId, LanguageSet, Meaning};
use super::lookup::Taxonomy;
use super::name_class::NameClass;
use crate::text::TokenList;

/// How far, in tokens, a mention lends its context to a common word.
const CONTEXT_REACH: usize = 12;

/// The score from which a common word is taken for a concept.
const ENOUGH_CONTEXT: u32 = 2;

/// What a name is a name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// An occupation or a group of them.
    Occupation,
    /// A skill or a technology.
    Skill,
}

impl Sort {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Occupation, Self::Skill];
}

/// A name of a concept that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// What it names.
    pub sort: Sort,
    /// The tokens that it covers, by position.
    pub tokens: Range<usize>,
    /// What it stands for: the concepts whose own name it is the most come first. Never empty.
    pub meanings: Vec<Meaning>,
}

impl Mention {
    /// The concept whose own name it is the most.
    pub fn concept(&self) -> ConceptId {
        self.meanings[0].concept
    }
}

/// What is known of a text before its mentions are sought.
#[derive(Debug, Clone, Copy, Default)]
pub struct Recognition<'t> {
    /// The text that the tokens were split from: capitals tell names from common words.
    pub text: &'t str,
    /// The languages of the text. Names of other languages do not count, those of English and of technologies always do.
    /// Where nothing is known, every name counts.
    pub languages: Option<LanguageSet>,
    /// Whether the text is a query, which is short and carelessly written: then one sign that a common word is a name is enough.
    pub is_query: bool,
    /// Whether the text is one entry of a list of skills: then a common word that is the whole entry is a skill.
    pub is_skill_entry: bool,
}

/// A name found while a text is read.
struct Found {
    sort: Sort,
    tokens: Range<usize>,
    name: u32,
    needs_context: bool,
}

impl Taxonomy {
    /// The mentions of a text in the order of their tokens.
    pub fn mentions(&self, tokens: &TokenList, about: Recognition<'_>) -> Vec<Mention> {
        let found = self.names_in(tokens, about.languages);
        let is_accepted = |at: &usize| {
            let name = &found[*at];
            !name.needs_context || self.has_context(*at, &found, tokens, about)
        };
        let accepted = (0..found.len()).filter(is_accepted);
        let mention = |at: usize| {
            let Found { sort, tokens, name, .. } = &found[at];
            let meanings =
                self.meanings(*name).filter(|meaning| self.counts(meaning, *sort, about.languages)).collect();
            Mention { sort: *sort, tokens: tokens.clone(), meanings }
        };
        accepted.map(mention).collect()
    }

    /// Calls `visit` with every concept that a text mentions and the sort of the mention: what [`Taxonomy::mentions`] gives,
    /// mention by mention.
    pub fn for_each_concept(&self, tokens: &TokenList, about: Recognition<'_>, mut visit: impl FnMut(Sort, ConceptId)) {
        for mention in self.mentions(tokens, about) {
            mention.meanings.iter().for_each(|meaning| visit(mention.sort, meaning.concept));
        }
    }

    /// The longest names from each token on, without those inside a longer one of the same sort.
    fn names_in(&self, tokens: &TokenList, languages: Option<LanguageSet>) -> Vec<Found> {
        let mut numbers: Vec<Option<u32>> = Vec::with_capacity(tokens.len());
        numbers.extend(tokens.exact_forms().map(|token| self.token(token)));
        let mut found = Vec::new();
        let mut covered = [0; 2];
        for from in 0..numbers.len() {
            for (sort, longest) in Sort::ALL.into_iter().zip(self.longest(&numbers[from..], languages)) {
                let Some((length, name, needs_context)) = longest else { continue };
                let end = from + length;
                if end > covered[sort as usize] {
                    covered[sort as usize] = end;
                    found.push(Found { sort, tokens: from..end, name, needs_context });
                }
            }
        }
        found
    }

    /// The longest occupation and the longest skill at the start of tokens: length, name, whether it needs context.
    fn longest(&self, tokens: &[Option<u32>], languages: Option<LanguageSet>) -> [Option<(usize, u32, bool)>; 2] {
        let mut longest = [None; 2];
        let mut node = None;
        for (length, token) in (1..).zip(tokens) {
            let Some(token) = *token else { break };
            let names = &self.tables.names;
            node = node.map_or_else(|| names.start(token), |node| names.next(node, token));
            let Some(name) = node else { break };
            let class = self.classes.of_name(name);
            for sort in Sort::ALL.into_iter().filter(|sort| class.is(*sort)) {
                let class = languages.map_or(class, |_| self.class(name, languages));
                if class.is(sort) {
                    longest[sort as usize] = Some((length, name, class.needs_context(sort)));
                }
            }
        }
        longest
    }

    /// The class of a name in some languages.
    fn class(&self, name: u32, languages: Option<LanguageSet>) -> NameClass {
        let read = self.meanings(name).filter(|meaning| is_read(meaning, languages));
        read.map(|meaning| self.classes.of_meaning(&meaning)).collect()
    }

    /// Whether a meaning is one of a sort, in one of the languages.
    fn counts(&self, meaning: &Meaning, sort: Sort, languages: Option<LanguageSet>) -> bool {
        self.classes.of_meaning(meaning).is(sort) && is_read(meaning, languages)
    }

    /// Whether a common word stands for its concept here. A whole entry of a list of skills does. Elsewhere it takes two of:
    /// it is written with a capital where no sentence begins, or in capitals or with a sign that words lack; a skill that is no
    /// common word stands within [`CONTEXT_REACH`] tokens; two such skills do.
    fn has_context(&self, at: usize, found: &[Found], tokens: &TokenList, about: Recognition<'_>) -> bool {
        let name = &found[at];
        if about.is_skill_entry && name.tokens == (0..tokens.len()) {
            return true;
        }
        let written = self.is_written_as_name(name.tokens.start, tokens, about.text);
        let near = found.iter().filter(|other| {
            let distance = other.tokens.start.abs_diff(name.tokens.start);
            other.sort == Sort::Skill && !other.needs_context && distance <= CONTEXT_REACH
        });
        let enough = if about.is_query { 1 } else { ENOUGH_CONTEXT };
        u32::from(written) + near.take(2).count() as u32 >= enough
    }

    fn is_written_as_name(&self, position: usize, tokens: &TokenList, text: &str) -> bool {
        let bytes = tokens.token(position).bytes;
        let Some(word) = text.get(bytes.clone()) else { return false };
        let capitals = word.chars().filter(|letter| letter.is_uppercase()).count();
        let begins_sentence = text[..bytes.start]
            .trim_end()
            .chars()
            .next_back()
            .is_none_or(|letter| matches!(letter, '.' | '!' | '?' | ':' | '\n' | '•' | '-'));
        let is_signed = word.chars().any(|letter| !letter.is_alphabetic());
        is_signed || capitals > 1 || capitals == 1 && !begins_sentence
    }
}

/// Whether a name counts in texts of some languages.
fn is_read(meaning: &Meaning, languages: Option<LanguageSet>) -> bool {
    languages.is_none_or(|languages| meaning.languages.overlaps(languages.union(LanguageSet::ENGLISH)))
}
