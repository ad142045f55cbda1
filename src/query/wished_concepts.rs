//! Occupations and skills in the words of a query.
//!
//! Input: the text of a query's wishes and positive demands, and what it demands by `concept:`. Output: [`ConceptWish`]es.
//! Invariant: concepts never make or break a demand; of a wish only a concept that was surely asked for, or a narrower one,
//! makes a hit.

use std::ops::Range;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::concept_test::ConceptTest;
use super::plan::{Demand, Matcher};
use crate::taxonomy::{ConceptId, Meaning, Mention, Recognition, SURE, Sort, Taxonomy};
use crate::text::TokenList;

/// Words up to which a query is read as a title; a longer one is a text that mentions occupations.
const LONGEST_TITLE: usize = 14;

/// Occupations that a title may stand for.
const OCCUPATIONS: usize = 10;

/// Concepts that are read out of one query at most.
const MAX_WISHES: usize = 64;

/// Below this confidence a query is no title.
const LEAST: f32 = 0.4;

/// Another meaning of a name, less its own, counts so much.
const OTHER_MEANING: f32 = 0.7;

/// Something that a query asks for, in concepts.
#[derive(Debug, Clone, PartialEq)]
pub struct ConceptWish {
    /// The words of the query.
    pub text: String,
    /// What they may stand for, with confidences in (0, 1], the likeliest first. Never empty.
    pub alternatives: Vec<(ConceptId, f32)>,
    /// The same, the likeliest first, by what the words mean too; `None` where that was not asked. Who is a hit does not depend on it.
    pub weighed: Option<Vec<(ConceptId, f32)>>,
    /// How much it counts beside the others; 1 in a query.
    pub weight: f32,
}

impl ConceptWish {
    /// Whether the likeliest is an occupation.
    pub fn is_of_occupation(&self) -> bool {
        let likeliest = self.alternatives.first().and_then(|(id, _)| Taxonomy::built_in().concept(*id));
        likeliest.is_some_and(|concept| concept.kind.is_occupation())
    }

    /// What the words may stand for by all that is known: never empty.
    pub fn likeliest(&self) -> &[(ConceptId, f32)] {
        self.weighed.as_deref().unwrap_or(&self.alternatives)
    }

    /// The concepts that make a hit of whoever has them: those that are surely asked for and all beneath them.
    pub fn hits(&self) -> Vec<ConceptId> {
        let sure = self.alternatives.iter().filter(|(_, confidence)| *confidence >= SURE);
        let taxonomy = Taxonomy::built_in();
        let mut hits: Vec<ConceptId> = sure.flat_map(|(concept, _)| taxonomy.with_narrower(*concept)).collect();
        hits.sort_unstable();
        hits.dedup();
        hits
    }
}

impl Serialize for ConceptWish {
    /// Numbers of concepts mean nothing outside one version of the taxonomy: URIs and confidences are told.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let taxonomy = Taxonomy::built_in();
        let told = self.alternatives.iter().filter_map(|(id, confidence)| {
            Some((taxonomy.concept(*id)?.uri, (f64::from(*confidence) * 1e3).round() / 1e3))
        });
        let told: Vec<(&str, f64)> = told.collect();
        let mut fields = serializer.serialize_struct("ConceptWish", 2)?;
        fields.serialize_field("text", &self.text)?;
        fields.serialize_field("concepts", &told)?;
        fields.end()
    }
}

/// Reads a query.
pub(super) fn wished_concepts(text: &str, demand: Option<&Demand>) -> Vec<ConceptWish> {
    let mut tests = Vec::new();
    if let Some(demand) = demand {
        demanded(demand, &mut tests);
    }
    let by_name = tests.into_iter().map(|test| ConceptWish {
        text: test.label().to_owned(),
        alternatives: test.concepts().iter().map(|concept| (*concept, 1.0)).collect(),
        weighed: None,
        weight: 1.0,
    });
    let mut wishes: Vec<ConceptWish> = by_name.collect();
    let tokens = TokenList::of(text);
    if tokens.is_empty() {
        return wishes;
    }
    let reader = Reader { text, tokens: &tokens };
    let about = Recognition { text, is_query: true, is_skill_entry: true, ..Recognition::default() };
    let (skills, occupations): (Vec<Mention>, Vec<Mention>) =
        Taxonomy::built_in().mentions(&tokens, about).into_iter().partition(|mention| mention.sort == Sort::Skill);
    wishes.extend(reader.each_once(&skills));
    if tokens.len() > LONGEST_TITLE {
        let named: Vec<Mention> = occupations.into_iter().filter(|mention| mention.tokens.len() > 1).collect();
        wishes.extend(reader.each_once(&named));
    } else {
        wishes.extend(reader.title(&skills));
    }
    wishes.truncate(MAX_WISHES);
    wishes
}

/// The occupation that a text is a title of.
pub(super) fn title_wish(text: &str) -> Option<ConceptWish> {
    let tokens = TokenList::of(text);
    let is_title = (1..=LONGEST_TITLE).contains(&tokens.len());
    is_title.then(|| Reader { text, tokens: &tokens }.title(&[])).flatten()
}

/// The skills that an entry of a list of skills names.
pub(super) fn wished_skills(text: &str) -> Vec<ConceptWish> {
    let tokens = TokenList::of(text);
    let about = Recognition { text, is_query: true, is_skill_entry: true, ..Recognition::default() };
    let mentions = Taxonomy::built_in().mentions(&tokens, about);
    let skills: Vec<Mention> = mentions.into_iter().filter(|mention| mention.sort == Sort::Skill).collect();
    Reader { text, tokens: &tokens }.each_once(&skills)
}

/// The concepts that are demanded and not excluded.
fn demanded<'d>(demand: &'d Demand, found: &mut Vec<&'d ConceptTest>) {
    match demand {
        Demand::All(parts) | Demand::Any(parts) => parts.iter().for_each(|part| demanded(part, found)),
        Demand::Not(_) => {}
        Demand::Clause(clause) => {
            if let Matcher::Concept(test) = &clause.matcher {
                found.push(test);
            }
        }
    }
}

struct Reader<'r> {
    text: &'r str,
    tokens: &'r TokenList,
}

impl Reader<'_> {
    /// The concepts that are mentioned, each once.
    fn each_once(&self, mentions: &[Mention]) -> Vec<ConceptWish> {
        let mut wishes: Vec<ConceptWish> = Vec::new();
        for mention in mentions {
            let own = mention.meanings[0].kind;
            let alternative =
                |meaning: &Meaning| (meaning.concept, if meaning.kind == own { 1.0 } else { OTHER_MEANING });
            let alternatives: Vec<_> = mention.meanings.iter().map(alternative).take(OCCUPATIONS).collect();
            if wishes.iter().all(|wish| wish.alternatives[0].0 != alternatives[0].0) {
                wishes.push(ConceptWish {
                    text: self.written(mention.tokens.clone()),
                    alternatives,
                    weighed: None,
                    weight: 1.0,
                });
            }
        }
        wishes
    }

    /// The occupation that the text is a title of. A list of skills is no title, but for one that is an occupation's name too.
    fn title(&self, skills: &[Mention]) -> Option<ConceptWish> {
        let skilled: usize = skills.iter().map(|mention| mention.tokens.len()).sum();
        let least = if skilled >= self.tokens.len() { SURE } else { LEAST };
        let links = Taxonomy::built_in().link(self.text, None, OCCUPATIONS);
        links.first().filter(|best| best.confidence >= least)?;
        let alternatives = links.iter().map(|link| (link.concept, link.confidence)).collect();
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(ConceptWish { text, alternatives, weighed: None, weight: 1.0 })
    }

    /// Tokens as they are written.
    fn written(&self, tokens: Range<usize>) -> String {
        let (first, last) = (self.tokens.token(tokens.start).bytes, self.tokens.token(tokens.end - 1).bytes);
        self.text[first.start..last.end].to_owned()
    }
}
