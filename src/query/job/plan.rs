//! What a job or a person stands for → a [`Plan`].
//!
//! Parts of different weight → words that score, concepts, and texts to embed. Of a word that stands in several parts the largest weight counts,
//! so that saying it again changes nothing.

use std::collections::HashMap;

use super::JobReading;
use crate::query::MAX_CLAUSES;
use crate::query::ast::{Node, NodeKind, QueryAst, Syntax};
use crate::query::plan::Plan;
use crate::query::span::Offsets;
use crate::query::weight::Weight;
use crate::query::wished_concepts::{ConceptWish, title_wish, wished_skills};
use crate::text;

/// Concepts that are looked for at most, the occupation among them.
const MAX_CONCEPTS: usize = 64;

/// Skills that are embedded at most: the first ones.
const EMBEDDED_SKILLS: usize = 24;

/// How much the words of each part of a job text count, 0.1 to 10.
#[derive(Debug, Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobWeights {
    /// Words of the title.
    pub title: f64,
    /// Words of skills that are needed.
    pub must: f64,
    /// Words of skills that are nice to have.
    pub nice: f64,
    /// Words of what is to be done.
    pub duties: f64,
    /// The occupation, where each skill that is known counts 1.
    pub occupation: f32,
}

/// Something to look for that is no query: titles, skills, and further words.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts<'p> {
    /// Lines with the weight of their words.
    pub(super) lines: Vec<(&'p str, f64)>,
    /// The title that meaning and occupation are taken from.
    pub(super) title: &'p str,
    /// How much its occupation counts where a skill counts 1.
    pub(super) title_weight: f32,
    /// The skills that concepts are taken from.
    pub(super) skills: Vec<&'p str>,
}

impl JobReading {
    /// The plan of a job.
    pub fn plan(&self, weights: &JobWeights) -> (QueryAst, Plan) {
        let title = self.title.as_deref().unwrap_or_default();
        let mut lines = vec![(title, weights.title)];
        for (texts, weight) in [(&self.must, weights.must), (&self.nice, weights.nice), (&self.duties, weights.duties)]
        {
            lines.extend(texts.iter().map(|text| (text.as_str(), weight)));
        }
        let skills = self.must.iter().chain(&self.nice).map(String::as_str).collect();
        Parts { lines, title, title_weight: weights.occupation, skills }.plan()
    }
}

/// The plan of people: titles and skills, each with the weight of its words.
pub fn profile_plan(titles: &[(String, f64)], skills: &[(String, f64)], occupation: f32) -> (QueryAst, Plan) {
    let lines = titles.iter().chain(skills).map(|(text, weight)| (text.as_str(), *weight)).collect();
    let title = titles.first().map_or("", |(title, _)| title.as_str());
    Parts { lines, title, title_weight: occupation, skills: skills.iter().map(|(skill, _)| skill.as_str()).collect() }
        .plan()
}

impl Parts<'_> {
    pub(super) fn plan(&self) -> (QueryAst, Plan) {
        let mut text = String::new();
        let mut placed = Vec::new();
        for (line, weight) in self.lines.iter().filter(|(line, _)| !line.trim().is_empty()) {
            placed.push((text.len(), line, *weight));
            text.push_str(line);
            text.push('\n');
        }
        let offsets = Offsets::of(&text);
        let mut row: Vec<(Node, f64)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (start, line, weight) in placed {
            for token in text::tokens(line) {
                if let Some(place) = places.get(&token.exact) {
                    row[*place].1 = row[*place].1.max(weight);
                    continue;
                }
                places.insert(token.exact, row.len());
                let typed = line.get(token.bytes.clone()).unwrap_or_default().to_owned();
                let span = offsets.span(start + token.bytes.start..start + token.bytes.end);
                row.push((Node { kind: NodeKind::Word(typed), span }, weight));
            }
        }
        row.truncate(MAX_CLAUSES);
        let weighted = |(word, weight): (Node, f64)| Node {
            span: word.span,
            kind: NodeKind::Weighted(Box::new(word), Weight::of(weight)),
        };
        let row = row.into_iter().map(weighted).collect();
        let ast = QueryAst { syntax: Syntax::Plain, text: text.trim().to_owned(), row };
        let plan = Plan::compile(&ast);
        let embedded_text = match self.title {
            "" => self.skills.join(", "),
            title => title.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        let skills: Vec<&str> = self.skills.iter().take(EMBEDDED_SKILLS).copied().collect();
        let embedded_skills = (!skills.is_empty()).then(|| skills.join(", "));
        let plan = Plan { embedded_text, embedded_skills, concepts: self.concepts(), ..plan };
        (ast, plan)
    }

    /// The occupation of the title, then the skills, each once.
    fn concepts(&self) -> Vec<ConceptWish> {
        let title = title_wish(self.title).map(|wish| ConceptWish { weight: self.title_weight, ..wish });
        let mut wishes: Vec<ConceptWish> = title.into_iter().collect();
        for wish in self.skills.iter().flat_map(|skill| wished_skills(skill)) {
            if wishes.iter().all(|known| known.alternatives[0].0 != wish.alternatives[0].0) {
                wishes.push(wish);
            }
            if wishes.len() >= MAX_CONCEPTS {
                break;
            }
        }
        wishes
    }
}
