//! What a query asks for in concepts of the taxonomy, and where a candidate has it.
//!
//! Input: the text of a query's wishes and positive demands. Output: needs, each with the concepts that meet it and grades; what
//! was understood, for the response; for a hit, which need is met by which of its values. Invariant: nothing here makes or
//! breaks a demand; only a concept that was asked for surely, or a narrower one, makes a hit of a wish.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Mode, SearchRequest};
use crate::{
    candidate::{CandidateConcept, Standing, TextField, TextValue},
    engine::{
        EngineError, KeySet,
        embedded::{
            EngineSnapshot,
            keyword::{ConceptGrade, ConceptNeed},
        },
    },
    query::{Clause, Demand, Matcher},
    rank::ConceptRanking,
    taxonomy::{ConceptId, ConceptKind, Recognition, Relation, Sort, Taxonomy},
    text::TokenList,
};

/// Words up to which a query is read as a title; a longer one is a text that mentions occupations.
const LONGEST_TITLE: usize = 14;

/// Occupations that a title may stand for.
const OCCUPATIONS: usize = 10;

/// Concepts that meet one need at most: the nearest.
const MAX_GRADES: usize = 512;

/// Needs of one query at most.
const MAX_NEEDS: usize = 64;

/// Concepts that are told of one need.
const MAX_TOLD: usize = 3;

/// Another meaning of a name, less its own, counts so much.
const OTHER_MEANING: f32 = 0.7;

/// A part of the query that was read as a concept.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnderstoodConcept {
    /// The words of the query.
    pub text: String,
    /// What they are taken for, the likeliest first; up to three.
    pub concepts: Vec<NamedConcept>,
    /// Whether people who have the first of them, or a narrower one, are hits; else it only ranks.
    pub makes_hits: bool,
}

/// A concept by name.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedConcept {
    /// `esco:occupation/…`, `isco:2512`, `onet:15-1252.00`, `esco:skill/…`.
    pub uri: String,
    /// The English preferred label.
    pub label: String,
    /// What it is: `occupation`, `occupationGroup`, `onetOccupation`, `skill`, `technology`.
    #[schema(value_type = String)]
    pub kind: ConceptKind,
    /// Who calls it so: `ESCO`, `ISCO-08`, `O*NET`, `Lodestone`.
    pub scheme: String,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// How many narrower concepts count as it.
    pub narrower: usize,
}

/// One thing that a query asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Need {
    /// The words of the query.
    text: String,
    /// What they may stand for, with confidences, the likeliest first.
    alternatives: Vec<(ConceptId, f32)>,
    /// What meets it, in order of the concepts.
    grades: Vec<NeedGrade>,
}

/// A concept that meets a need, and how it stands to what was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct NeedGrade {
    concept: ConceptId,
    grade: f32,
    is_hit: bool,
    relation: Relation,
    /// What was asked for.
    asked: ConceptId,
}

/// All that a query asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Needs(Vec<Need>);

impl Needs {
    /// Reads a request.
    pub(super) fn of(request: &SearchRequest, ranking: &ConceptRanking) -> Self {
        if !request.concepts || matches!(request.mode, Mode::Keyword | Mode::Semantic) {
            return Self::default();
        }
        let text = &request.plan.embedded_text;
        let tokens = TokenList::of(text);
        let reader = Reader { text, tokens: &tokens, ranking };
        let mut needs = reader.demanded(request.plan.demand.as_ref());
        needs.extend(reader.skills());
        needs.extend(reader.occupations());
        needs.truncate(MAX_NEEDS);
        Self(needs)
    }

    /// As the engine takes them.
    pub(super) fn for_engine(&self) -> Vec<ConceptNeed> {
        let grade =
            |graded: &NeedGrade| ConceptGrade { concept: graded.concept, grade: graded.grade, is_hit: graded.is_hit };
        self.0.iter().map(|need| ConceptNeed { weight: 1.0, grades: need.grades.iter().map(grade).collect() }).collect()
    }

    /// Whom a concept makes a hit, whatever is demanded of them.
    pub(super) fn hits(&self, snapshot: &EngineSnapshot) -> Result<KeySet, EngineError> {
        let concepts: Vec<ConceptId> = self
            .0
            .iter()
            .flat_map(|need| &need.grades)
            .filter(|graded| graded.is_hit)
            .map(|graded| graded.concept)
            .collect();
        snapshot.keyword().with_concepts(&concepts)
    }

    /// Whether nothing is asked for in concepts.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was understood.
    pub(super) fn told(&self) -> Vec<UnderstoodConcept> {
        let taxonomy = Taxonomy::built_in();
        let named = |(id, confidence): &(ConceptId, f32)| {
            let concept = taxonomy.concept(*id)?;
            Some(NamedConcept {
                uri: concept.uri.to_owned(),
                label: concept.label.to_owned(),
                kind: concept.kind,
                scheme: concept.kind.scheme(concept.uri).to_owned(),
                confidence: (f64::from(*confidence) * 100.0).round() / 100.0,
                narrower: taxonomy.with_narrower(*id).len() - 1,
            })
        };
        let told = |need: &Need| UnderstoodConcept {
            text: need.text.clone(),
            concepts: need.alternatives.iter().filter_map(named).take(MAX_TOLD).collect(),
            makes_hits: need.grades.iter().any(|graded| graded.is_hit),
        };
        self.0.iter().map(told).collect()
    }

    /// Why a candidate has the score that it has, need by need, in words.
    pub(super) fn reason(&self, held: &[CandidateConcept], values: &[TextValue<'_>], strengths: [f32; 4]) -> String {
        let reasons: Vec<String> = self.0.iter().filter_map(|need| need.reason(held, values, strengths)).collect();
        let all = self.0.len();
        match reasons.len() {
            0 => format!("none of the {all} concepts of the query, nor one near to them"),
            met if met == all => reasons.join("; "),
            met => format!("{met} of {all}: {}", reasons.join("; ")),
        }
    }
}

impl Need {
    /// A need with everything that is near to what it may stand for.
    fn of(text: String, alternatives: Vec<(ConceptId, f32)>, ranking: &ConceptRanking) -> Self {
        let taxonomy = Taxonomy::built_in();
        let mut best: BTreeMap<ConceptId, NeedGrade> = BTreeMap::new();
        for (asked, confidence) in &alternatives {
            let is_sure = *confidence >= ranking.sure;
            for near in taxonomy.near(*asked, &ranking.grades.relations()) {
                let is_hit = is_sure && matches!(near.relation, Relation::Exact | Relation::Narrower);
                let grade = near.grade * confidence;
                let new = NeedGrade { concept: near.concept, grade, is_hit, relation: near.relation, asked: *asked };
                let known = best.entry(near.concept).or_insert(new);
                let is_hit = known.is_hit || is_hit;
                if new.grade > known.grade {
                    *known = new;
                }
                known.is_hit = is_hit;
            }
        }
        let mut grades: Vec<NeedGrade> = best.into_values().collect();
        if grades.len() > MAX_GRADES {
            grades.sort_by(|a, b| {
                b.is_hit.cmp(&a.is_hit).then(b.grade.total_cmp(&a.grade)).then(a.concept.cmp(&b.concept))
            });
            grades.truncate(MAX_GRADES);
            grades.sort_by_key(|graded| graded.concept);
        }
        Self { text, alternatives, grades }
    }

    fn reason(&self, held: &[CandidateConcept], values: &[TextValue<'_>], strengths: [f32; 4]) -> Option<String> {
        let met = held.iter().filter_map(|held| {
            let at = self.grades.binary_search_by_key(&held.concept, |graded| graded.concept).ok()?;
            let graded = &self.grades[at];
            Some((graded.grade * strengths[held.standing as usize], graded, held))
        });
        let (_, graded, held) = met.max_by(|a, b| a.0.total_cmp(&b.0).then(b.2.concept.cmp(&a.2.concept)))?;
        let taxonomy = Taxonomy::built_in();
        let (asked, found) = (taxonomy.concept(graded.asked)?, taxonomy.concept(graded.concept)?);
        let place = values.get(held.value).map_or_else(String::new, |value| place_of(value, held.standing));
        let asked_for = format!("{} = {} ({})", self.text, asked.label, asked.kind.scheme(asked.uri));
        Some(match graded.relation {
            Relation::Exact => format!("{asked_for}: {place}"),
            relation => format!("{asked_for}: {place}, {} {} it", found.label, relation.words()),
        })
    }
}

/// Where a value stands, in words.
fn place_of(value: &TextValue<'_>, standing: Standing) -> String {
    const LONGEST: usize = 60;
    let place = match value.field {
        TextField::CurrentTitle => "current title",
        TextField::PastTitle => "past title",
        TextField::Headline => "headline",
        TextField::Skill if standing > Standing::Claimed => "supported skill",
        TextField::Skill => "listed skill",
        TextField::PositionText => return "a position's text".to_owned(),
        TextField::Project => return "a project".to_owned(),
        TextField::Certificate => "certificate",
        TextField::Summary => return "the summary".to_owned(),
        _ => return "a document".to_owned(),
    };
    let text: String = value.text.chars().take(LONGEST).collect();
    format!("{place} “{text}”")
}

/// Reads the text of a query.
struct Reader<'r> {
    text: &'r str,
    tokens: &'r TokenList,
    ranking: &'r ConceptRanking,
}

impl Reader<'_> {
    fn about(&self) -> Recognition<'_> {
        Recognition { text: self.text, languages: None, is_query: true, is_skill_entry: true }
    }

    /// What `concept:` demands.
    fn demanded(&self, demand: Option<&Demand>) -> Vec<Need> {
        let mut clauses: Vec<&Clause> = Vec::new();
        if let Some(demand) = demand {
            positive(demand, &mut clauses);
        }
        let tests = clauses.into_iter().filter_map(|clause| match &clause.matcher {
            Matcher::Concept(test) => Some(test),
            _ => None,
        });
        let need = |test: &crate::query::ConceptTest| {
            let alternatives = test.concepts().iter().map(|concept| (*concept, 1.0)).collect();
            Need::of(test.label().to_owned(), alternatives, self.ranking)
        };
        tests.map(need).collect()
    }

    /// The skills that the text mentions, each once.
    fn skills(&self) -> Vec<Need> {
        let mut needs: Vec<Need> = Vec::new();
        let mentions = Taxonomy::built_in().mentions(self.tokens, self.about());
        for mention in mentions.iter().filter(|mention| mention.sort == Sort::Skill) {
            let own = mention.meanings[0].kind;
            let confidence = |kind| if kind == own { 1.0 } else { OTHER_MEANING };
            let alternatives: Vec<(ConceptId, f32)> =
                mention.meanings.iter().map(|meaning| (meaning.concept, confidence(meaning.kind))).collect();
            if needs.iter().all(|need| need.alternatives[0].0 != alternatives[0].0) {
                needs.push(Need::of(self.words(mention.tokens.clone()), alternatives, self.ranking));
            }
        }
        needs
    }

    /// The occupation that the text is a title of; of a long text the occupations that it mentions.
    fn occupations(&self) -> Vec<Need> {
        let taxonomy = Taxonomy::built_in();
        let mentions = taxonomy.mentions(self.tokens, self.about());
        if self.tokens.len() > LONGEST_TITLE {
            let named = mentions.iter().filter(|mention| mention.sort == Sort::Occupation && mention.tokens.len() > 1);
            let mut needs: Vec<Need> = Vec::new();
            for mention in named {
                let alternatives: Vec<(ConceptId, f32)> =
                    mention.meanings.iter().map(|meaning| (meaning.concept, 1.0)).take(OCCUPATIONS).collect();
                if needs.iter().all(|need| need.alternatives[0].0 != alternatives[0].0) {
                    needs.push(Need::of(self.words(mention.tokens.clone()), alternatives, self.ranking));
                }
            }
            return needs;
        }
        // A list of skills is no title.
        let skilled: usize =
            mentions.iter().filter(|mention| mention.sort == Sort::Skill).map(|mention| mention.tokens.len()).sum();
        let least = if skilled >= self.tokens.len() { self.ranking.sure } else { self.ranking.least };
        let links = taxonomy.link(self.text, None, OCCUPATIONS);
        let best = links.first().map_or(0.0, |link| link.confidence);
        if best < least {
            return Vec::new();
        }
        let alternatives = links.iter().map(|link| (link.concept, link.confidence)).collect();
        vec![Need::of(self.text.trim().to_owned(), alternatives, self.ranking)]
    }

    /// Tokens as they are written.
    fn words(&self, tokens: std::ops::Range<usize>) -> String {
        let (first, last) = (self.tokens.token(tokens.start).bytes, self.tokens.token(tokens.end - 1).bytes);
        self.text[first.start..last.end].to_owned()
    }
}

/// The clauses of a demand that are not negated.
fn positive<'d>(demand: &'d Demand, found: &mut Vec<&'d Clause>) {
    match demand {
        Demand::All(parts) | Demand::Any(parts) => parts.iter().for_each(|part| positive(part, found)),
        Demand::Not(_) => {}
        Demand::Clause(clause) => found.push(clause),
    }
}
