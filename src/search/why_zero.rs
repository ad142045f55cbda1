//! Why nobody was found, and what would find somebody.
//!
//! Input: a request without hits, and the numbers of its parts. Output: the parts that ruled everybody out, and the
//! queries that are nearest to the typed one and have hits. Every number is counted by the same code that counts hits.

use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use super::retrieval::concept_hits;
use super::{
    SearchError, SearchRequest,
    retrieval::{Counted, Retrieval},
    scored_words::{scored_words, scoring},
    tally::{Admitted, wished_hits},
};
use crate::{
    candidate::Grade,
    query::{
        AgeBound, AgeRange, ClauseHits, Edit, FactTest, Filter, GradeRange, HitSet, MonthRange, Node, NodeKind, Plan,
        QueryAst, Role, Scope, SkillTest, SkillWanted, Understood, UnderstoodClause, Unknowns, Wanted, WordPattern,
    },
    text::{self, Language},
};

/// Queries that are tried at most.
const MAX_TRIED: usize = 64;

/// Relaxations that are told.
const MAX_TOLD: usize = 8;

/// Other words between those of a phrase that is relaxed first.
const RELAXED_DISTANCE: u32 = 10;

/// The fewest letters of a stem that stands for a word.
const MIN_STEM_LETTERS: usize = 4;

/// Why nobody was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhyZero {
    /// The parts that ruled everybody out: those that nobody meets, else those without any one of which there would be hits.
    /// Empty where it takes several together.
    pub killed_by: Vec<Killer>,
    /// Queries that are nearly the same and have hits, the nearest first.
    pub relaxations: Vec<Relaxation>,
}

/// A part of the request that ruled everybody out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Killer {
    /// Number of the clause in `understood.query`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<u32>,
    /// Number of the filter in `understood.filters`, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<usize>,
    /// What it says.
    pub text: String,
    /// Who match it, whatever else is asked.
    pub alone: usize,
    /// Hits without it.
    pub without: usize,
}

/// A request that is nearly the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Relaxation {
    /// What is different, in words.
    pub change: String,
    /// The query to send.
    pub query: String,
    /// Number of the filter that is to be left out, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_filter: Option<usize>,
    /// Whether `unknowns` is to be `include`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub include_unknowns: bool,
    /// Its hits.
    pub hits: usize,
}

/// How far a relaxation is from what was asked, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    SameWords,
    OtherWords,
    OtherPlace,
    LeftOut,
}

/// A relaxation that is not counted yet.
struct Trial {
    distance: Distance,
    change: String,
    ast: QueryAst,
    without_filter: Option<usize>,
    include_unknowns: bool,
}

impl Retrieval<'_> {
    /// Why the request has no hits.
    pub(super) fn why_zero(&self, counted: &Counted, unknowns: usize) -> Result<WhyZero, SearchError> {
        let killed_by = self.killers(counted);
        let mut relaxations = Vec::new();
        for trial in self.trials(unknowns).into_iter().take(MAX_TRIED) {
            if self.is_late() {
                break;
            }
            let hits = self.count(&trial)?;
            if hits > 0 {
                relaxations.push((trial.distance, Relaxation::of(trial, hits)));
            }
        }
        if relaxations.is_empty() {
            relaxations.extend(self.without_several(counted)?.map(|relaxation| (Distance::LeftOut, relaxation)));
        }
        relaxations.sort_by_key(|(distance, relaxation)| (*distance, std::cmp::Reverse(relaxation.hits)));
        let relaxations = relaxations.into_iter().take(MAX_TOLD).map(|(_, relaxation)| relaxation).collect();
        Ok(WhyZero { killed_by, relaxations })
    }

    fn killers(&self, counted: &Counted) -> Vec<Killer> {
        let leaves = self.request.plan.understood.leaves();
        let clauses = leaves.iter().filter_map(|leaf| {
            let hits = *counted.clauses.get(&leaf.id)?;
            Some((Killer { clause: Some(leaf.id), ..Killer::of(&leaf.text, hits) }, leaf.id))
        });
        let clauses: Vec<(Killer, u32)> = clauses.collect();
        let filters = self.request.filters.iter().zip(&counted.filters).enumerate();
        let filters: Vec<Killer> = filters
            .map(|(at, (filter, hits))| Killer { filter: Some(at), ..Killer::of(&filter.to_string(), *hits) })
            .collect();
        let decisive = clauses.iter().map(|(killer, _)| killer).chain(&filters).filter(|killer| killer.without > 0);
        let decisive: Vec<Killer> = decisive.cloned().collect();
        if !decisive.is_empty() {
            return decisive;
        }
        let needed = self.needed(&self.request.plan.understood, counted);
        let unmet = clauses.into_iter().filter(|(_, id)| needed.contains(id)).map(|(killer, _)| killer);
        unmet.chain(filters.into_iter().filter(|killer| killer.alone == 0)).collect()
    }

    /// The clauses that nobody meets and without which nothing is met: of alternatives only where nobody meets any.
    fn needed(&self, part: &Understood, counted: &Counted) -> Vec<u32> {
        let is_unmet = |leaf: &UnderstoodClause| {
            let decides = leaf.role == Role::Demand || self.request.plan.hit_set == HitSet::Wished;
            decides && counted.clauses.get(&leaf.id).is_some_and(|hits| hits.alone == 0)
        };
        match part {
            Understood::Clause(leaf) if is_unmet(leaf) => vec![leaf.id],
            Understood::Clause(_) | Understood::Not { .. } => Vec::new(),
            Understood::Any { .. } => {
                let leaves = part.leaves();
                if leaves.iter().all(|leaf| is_unmet(leaf)) {
                    leaves.iter().map(|leaf| leaf.id).collect()
                } else {
                    Vec::new()
                }
            }
            Understood::Row { children, .. } | Understood::All { children, .. } => {
                children.iter().flat_map(|child| self.needed(child, counted)).collect()
            }
        }
    }

    fn trials(&self, unknowns: usize) -> Vec<Trial> {
        let ast = &self.request.ast;
        let trial = |distance, change: String, ast: QueryAst| Trial {
            distance,
            change,
            ast,
            without_filter: None,
            include_unknowns: false,
        };
        let mut trials = Vec::new();
        for (leaf, node) in self.request.plan.understood.leaves().into_iter().zip(ast.clauses()) {
            for (distance, edit) in self.edits(leaf, node) {
                let edited = ast.edited(leaf.id, &edit);
                // Everybody is no answer.
                let Some(edited) = edited.filter(|edited| !edited.row.is_empty()) else { continue };
                let change = match &edit {
                    Edit::Drop => format!("without {}", leaf.text),
                    Edit::Replace(kind) => {
                        let put = Node { kind: kind.clone(), span: leaf.span };
                        format!("{put} instead of {node}")
                    }
                    Edit::Widen(Scope::Anywhere) => format!("{node} anywhere, not only in {}", leaf.field.name()),
                    Edit::Widen(scope) => format!("{node} in {}, not only in {}", scope.name(), leaf.field.name()),
                };
                trials.push(trial(distance, change, edited));
            }
        }
        for (at, filter) in self.request.filters.iter().enumerate() {
            let left_out = trial(Distance::LeftOut, format!("without the filter {filter}"), ast.clone());
            trials.push(Trial { without_filter: Some(at), ..left_out });
        }
        if unknowns > 0 && self.request.unknowns == Unknowns::Exclude {
            let change = "with those of whom it is unknown".to_owned();
            trials.push(Trial { include_unknowns: true, ..trial(Distance::OtherWords, change, ast.clone()) });
        }
        trials
    }

    /// What may be asked instead of one clause.
    fn edits(&self, leaf: &UnderstoodClause, node: &Node) -> Vec<(Distance, Edit)> {
        let mut edits = Vec::new();
        if leaf.role != Role::Negated {
            edits.extend(self.other_words(leaf, node));
        }
        if leaf.role == Role::Demand {
            let wider = match leaf.field {
                Scope::CurrentTitle | Scope::PastTitle => Some(Scope::Title),
                Scope::CurrentCompany | Scope::PastCompany => Some(Scope::Company),
                _ => None,
            };
            let anywhere = (leaf.field != Scope::Anywhere && leaf.field.is_profile_text()).then_some(Scope::Anywhere);
            edits.extend(wider.into_iter().chain(anywhere).map(|scope| (Distance::OtherPlace, Edit::Widen(scope))));
        }
        if leaf.role != Role::Wish {
            edits.push((Distance::LeftOut, Edit::Drop));
        }
        edits
    }

    fn other_words(&self, leaf: &UnderstoodClause, node: &Node) -> Vec<(Distance, Edit)> {
        let put = |distance, kind| (distance, Edit::Replace(kind));
        match &node.kind {
            NodeKind::Word(word) => {
                let patterns = self.stem_patterns(word).into_iter();
                patterns.map(|pattern| put(Distance::OtherWords, NodeKind::Pattern(pattern))).collect()
            }
            NodeKind::Phrase(text) | NodeKind::Near(text, _) if leaf.words.len() > 1 => {
                let near = NodeKind::Near(text.clone(), RELAXED_DISTANCE);
                let is_nearer = !matches!(&node.kind, NodeKind::Near(_, others) if *others >= RELAXED_DISTANCE);
                let near = is_nearer.then(|| put(Distance::SameWords, near));
                // In lower case no word is an operator.
                let words = text::tokens(text).into_iter().map(|token| NodeKind::Word(token.lower));
                let words: Vec<Node> = words.map(|kind| Node { kind, span: node.span }).collect();
                let any = NodeKind::Group(vec![Node { kind: NodeKind::Or(words.clone()), span: node.span }]);
                let all = match self.request.ast.own_field(leaf.id) {
                    Some(_) => NodeKind::Group(words),
                    None => NodeKind::Require(Box::new(Node { kind: NodeKind::Group(words), span: node.span })),
                };
                near.into_iter().chain([put(Distance::OtherWords, all), put(Distance::OtherPlace, any)]).collect()
            }
            NodeKind::Fact(test) => {
                let wider = widened_fact(test).map(NodeKind::Fact);
                wider.into_iter().map(|kind| put(Distance::OtherWords, kind)).collect()
            }
            NodeKind::Skill(test) => {
                let wider = widened_skill(test).map(|test| put(Distance::OtherWords, NodeKind::Skill(test)));
                let named = NodeKind::Phrase(test.words.join(" "));
                wider.into_iter().chain([put(Distance::OtherPlace, named)]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The beginnings that a word shares with its other forms.
    fn stem_patterns(&self, word: &str) -> Vec<WordPattern> {
        let mut tokens = text::tokens(word);
        let Some(token) = tokens.pop().filter(|_| tokens.is_empty()) else { return Vec::new() };
        let mut languages = self.snapshot.languages();
        if !languages.contains(&Language::English) {
            // What recruiters write in, whatever the profiles.
            languages.push(Language::English);
        }
        let stems = languages.iter().map(|language| text::stem(&token.lower, *language));
        let mut stems: Vec<String> = stems.filter(|stem| token.exact.starts_with(stem.as_str())).collect();
        stems.push(token.exact);
        stems.retain(|stem| stem.chars().count() >= MIN_STEM_LETTERS);
        // The longest stays nearest to what was typed.
        stems.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        stems.dedup();
        stems.iter().take(2).filter_map(|stem| WordPattern::parse(&format!("{stem}*"))).collect()
    }

    fn count(&self, trial: &Trial) -> Result<usize, SearchError> {
        let left = |at: &usize| Some(*at) != trial.without_filter;
        let filters =
            self.request.filters.iter().enumerate().filter(|(at, _)| left(at)).map(|(_, filter)| filter.clone());
        let unknowns = if trial.include_unknowns { Unknowns::Include } else { self.request.unknowns };
        self.hits_of(self.request.plan_of(&trial.ast), filters.collect(), unknowns)
    }

    /// The hits of another query.
    pub(super) fn hits_of(&self, plan: Plan, filters: Vec<Filter>, unknowns: Unknowns) -> Result<usize, SearchError> {
        let request = SearchRequest { plan, filters, unknowns, ..self.request.clone() };
        let admitted = Admitted::of(self.snapshot, &request)?;
        if request.plan.hit_set != HitSet::Wished {
            return Ok(admitted.keys.as_ref().unwrap_or_else(|| self.snapshot.live()).len());
        }
        let words: Vec<_> = scored_words(&request.plan, self.snapshot)?.into_iter().map(|(word, _)| word).collect();
        let hits = self.snapshot.keyword().score(&words, &scoring(self.ranking), admitted.keys.as_ref())?;
        let concepts = concept_hits(&request.plan, self.snapshot)?;
        Ok(wished_hits(&hits, Some(&concepts), admitted.keys.as_ref()).len())
    }

    /// Where no single change helps: the fewest demands left out, those that the fewest people meet first.
    fn without_several(&self, counted: &Counted) -> Result<Option<Relaxation>, SearchError> {
        let leaves = self.request.plan.understood.leaves();
        let mut demands: Vec<(usize, u32, &str)> = leaves
            .iter()
            .filter(|leaf| leaf.role != Role::Wish)
            .filter_map(|leaf| Some((counted.clauses.get(&leaf.id)?, leaf)))
            .map(|(hits, leaf)| {
                let met = if leaf.role == Role::Negated { self.snapshot.live().len() - hits.alone } else { hits.alone };
                (met, leaf.id, leaf.text.as_str())
            })
            .collect();
        demands.sort_unstable();
        let mut left_out: Vec<(u32, &str)> = Vec::new();
        let mut found = None;
        for (_, id, text) in demands.into_iter().take(MAX_TRIED) {
            left_out.push((id, text));
            if left_out.len() > 1 && !self.is_late() {
                found = self.without_these(&left_out)?;
            }
            if found.is_some() {
                break;
            }
        }
        // What need not be left out is put back.
        let mut at = 0;
        while found.is_some() && left_out.len() > 2 && at < left_out.len() && !self.is_late() {
            let mut fewer = left_out.clone();
            fewer.remove(at);
            match self.without_these(&fewer)? {
                Some(better) => (found, left_out) = (Some(better), fewer),
                None => at += 1,
            }
        }
        Ok(found)
    }

    /// The query without some clauses, where it has hits.
    fn without_these(&self, left_out: &[(u32, &str)]) -> Result<Option<Relaxation>, SearchError> {
        let mut left_out = left_out.to_vec();
        // From the end on, so that the numbers of those before stay what they are.
        left_out.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
        let edited = left_out.iter().try_fold(self.request.ast.clone(), |ast, (id, _)| ast.edited(*id, &Edit::Drop));
        let Some(ast) = edited.filter(|ast| !ast.row.is_empty()) else { return Ok(None) };
        left_out.reverse();
        let texts = left_out.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" and ");
        let (distance, change) = (Distance::LeftOut, format!("without {texts}"));
        let trial = Trial { distance, change, ast, without_filter: None, include_unknowns: false };
        let hits = self.count(&trial)?;
        Ok((hits > 0).then(|| Relaxation::of(trial, hits)))
    }

    pub(super) fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() > deadline)
    }
}

impl Killer {
    fn of(text: &str, hits: ClauseHits) -> Self {
        let without = hits.without.unwrap_or_default();
        Self { clause: None, filter: None, text: text.to_owned(), alone: hits.alone, without }
    }
}

impl Relaxation {
    fn of(trial: Trial, hits: usize) -> Self {
        let Trial { change, ast, without_filter, include_unknowns, .. } = trial;
        Self { change, query: ast.to_string(), without_filter, include_unknowns, hits }
    }
}

/// Half as many years at least, half as many more at most; three times as long ago.
fn widened_fact(test: &FactTest) -> Option<FactTest> {
    let wanted = match test.wanted {
        Wanted::Is(_) => return None,
        Wanted::Months(range) => Wanted::Months(widened_months(range)),
        Wanted::Within(circle) => Wanted::Within(circle.widened(2)),
        Wanted::Age(AgeRange { from, to }) => Wanted::Age(AgeRange {
            from: from.map(|from| AgeBound { days: from.days / 3, ..from }),
            to: to.map(|to| AgeBound { days: (to.days * 3).min(AgeBound::MAX_DAYS), ..to }),
        }),
    };
    (wanted != test.wanted).then_some(FactTest { wanted, ..*test })
}

fn widened_months(range: MonthRange) -> MonthRange {
    let half_of_years = |months: u32| (months / 24) * 12;
    MonthRange { from: range.from.map(half_of_years), to: range.to.map(|to| to + half_of_years(to).max(12)) }
}

fn widened_skill(test: &SkillTest) -> Option<SkillTest> {
    let wanted = match test.wanted {
        SkillWanted::Months(range) => SkillWanted::Months(widened_months(range)),
        SkillWanted::Evidence(GradeRange { from: Some(Grade::Proven), to }) => {
            SkillWanted::Evidence(GradeRange { from: Some(Grade::Used), to })
        }
        SkillWanted::Evidence(GradeRange { from: Some(Grade::Used), to }) => {
            SkillWanted::Evidence(GradeRange { from: Some(Grade::Listed), to })
        }
        SkillWanted::Evidence(_) => return None,
    };
    (wanted != test.wanted).then(|| SkillTest { wanted, ..test.clone() })
}
