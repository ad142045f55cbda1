//! What a query asks for in concepts of the taxonomy, and where a candidate has it.
//!
//! Input: the concepts that a plan wishes. Output: needs, each with the concepts that meet it and grades; what was understood,
//! for the response; for a hit, which need is met by which of its values. Invariant: the nearest of several ways counts.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    candidate::{CandidateConcept, Standing, TextField, TextValue},
    engine::{
        EngineError, KeySet,
        embedded::{
            EngineSnapshot,
            keyword::{ConceptGrade, ConceptNeed},
        },
    },
    query::{ConceptWish, Plan},
    rank::ConceptRanking,
    taxonomy::{ConceptId, ConceptKind, Relation, Taxonomy, share_of},
    text::TokenList,
};

/// Concepts that meet one need at most: the nearest.
const MAX_GRADES: usize = 512;

/// Concepts that are told of one need.
const MAX_TOLD: usize = 3;

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
    /// The words of the query, and what they may stand for.
    wish: ConceptWish,
    /// Whether some of that makes hits.
    makes_hits: bool,
    /// What meets it, in order of the concepts.
    grades: Vec<NeedGrade>,
}

/// A concept that meets a need, and how it stands to what was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct NeedGrade {
    concept: ConceptId,
    grade: f32,
    relation: Relation,
    /// What was asked for.
    asked: ConceptId,
}

impl NeedGrade {
    /// Whether it counts only where it is surely had. Of the many of one group, those that a title is only like tell next to
    /// nothing, and they are the most to read.
    fn is_only_sure(&self) -> bool {
        self.relation == Relation::Cousin
    }
}

/// All that a query asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Needs(Vec<Need>);

impl Needs {
    /// What a plan asks for, with everything that is near to it.
    pub(super) fn of(plan: &Plan, ranking: &ConceptRanking) -> Self {
        Self(plan.concepts.iter().map(|wish| Need::of(wish, ranking)).collect())
    }

    /// As the engine takes them.
    pub(super) fn for_engine(&self) -> Vec<ConceptNeed> {
        let grade = |graded: &NeedGrade| ConceptGrade {
            concept: graded.concept,
            grade: graded.grade,
            only_sure: graded.is_only_sure(),
        };
        self.0
            .iter()
            .map(|need| ConceptNeed { grades: need.grades.iter().map(grade).collect(), weight: need.wish.weight })
            .collect()
    }

    /// Whether nothing is asked for in concepts.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How much more a candidate would score by concepts if something supported a skill that a word of the query belongs to.
    pub(super) fn raised(&self, snapshot: &EngineSnapshot, key: u32, word: &str) -> Result<f32, EngineError> {
        let only: KeySet = [key].into_iter().collect();
        let mut raised = 0.0;
        for (need, asked) in self.0.iter().zip(self.for_engine()) {
            if !need.wish.is_of_occupation() && TokenList::of(&need.wish.text).exact_forms().any(|token| token == word)
            {
                let score = snapshot.keyword().score_concepts(std::slice::from_ref(&asked), Some(&only))?.score(key);
                let most = asked.grades.iter().map(|graded| graded.grade).fold(0.0, f32::max);
                raised += (asked.weight * most - score).max(0.0);
            }
        }
        Ok(raised)
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
            text: need.wish.text.clone(),
            concepts: need.wish.likeliest().iter().filter_map(named).take(MAX_TOLD).collect(),
            makes_hits: need.makes_hits,
        };
        self.0.iter().map(told).collect()
    }

    /// Why a candidate has the score that it has, need by need, in words.
    pub(super) fn reason(&self, held: &[CandidateConcept], values: &[TextValue<'_>]) -> String {
        let reasons: Vec<String> = self.0.iter().filter_map(|need| need.reason(held, values)).collect();
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
    fn of(wish: &ConceptWish, ranking: &ConceptRanking) -> Self {
        let taxonomy = Taxonomy::built_in();
        let mut best: BTreeMap<ConceptId, NeedGrade> = BTreeMap::new();
        let surest = wish.likeliest().first().map_or(1.0, |(_, confidence)| *confidence);
        for (asked, confidence) in wish.likeliest() {
            let share = share_of(*confidence, surest);
            for near in taxonomy.near(*asked, &ranking.grades) {
                let grade = near.grade * share;
                let new = NeedGrade { concept: near.concept, grade, relation: near.relation, asked: *asked };
                let known = best.entry(near.concept).or_insert(new);
                if new.grade > known.grade {
                    *known = new;
                }
            }
        }
        let mut grades: Vec<NeedGrade> = best.into_values().collect();
        if grades.len() > MAX_GRADES {
            grades.sort_by(|a, b| b.grade.total_cmp(&a.grade).then(a.concept.cmp(&b.concept)));
            grades.truncate(MAX_GRADES);
            grades.sort_by_key(|graded| graded.concept);
        }
        Self { wish: wish.clone(), makes_hits: !wish.hits().is_empty(), grades }
    }

    fn reason(&self, held: &[CandidateConcept], values: &[TextValue<'_>]) -> Option<String> {
        let met = held.iter().filter_map(|held| {
            let at = self.grades.binary_search_by_key(&held.concept, |graded| graded.concept).ok()?;
            let graded = self.grades.get(at).filter(|graded| held.is_sure || !graded.is_only_sure())?;
            Some((graded.grade * held.strength.share(), graded, held))
        });
        let (_, graded, held) = met.max_by(|a, b| a.0.total_cmp(&b.0).then(b.2.concept.cmp(&a.2.concept)))?;
        let taxonomy = Taxonomy::built_in();
        let (asked, found) = (taxonomy.concept(graded.asked)?, taxonomy.concept(graded.concept)?);
        let place = values.get(held.value).map_or_else(String::new, |value| place_of(value, held.standing));
        let asked_for = format!("{} = {} ({})", self.wish.text, asked.label, asked.kind.scheme(asked.uri));
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
