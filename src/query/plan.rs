//! What a query means, as plain data: who is demanded, which words score, what is embedded.
//!
//! Invariants: words under a negation are in no wish; each scoring word stands once, so that repeating a word changes
//! nothing; a query without any demand but negations never demands a word.

use std::{
    collections::HashMap,
    fmt::{self, Display, Formatter},
};

use serde::Serialize;

use super::ast::{QueryAst, Syntax};
use super::compile;
use super::concept_test::ConceptTest;
use super::fact::FactTest;
use super::pattern::WordPattern;
use super::scope::Scope;
use super::skill_test::SkillTest;
use super::span::Span;
use super::weight::Weight;
use super::wished_concepts::ConceptWish;

/// The meaning of one query.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// How the text was read.
    pub syntax: Syntax,
    /// Who is a hit.
    pub hit_set: HitSet,
    /// What every hit meets.
    pub demand: Option<Demand>,
    /// The words that score: wishes and the words of positive demands, in the order of their first appearance.
    pub wishes: Vec<WishWord>,
    /// The text to embed: the same words as typed, without syntax. Empty where there is nothing to embed.
    pub embedded_text: String,
    /// The text to embed for what is compared with skills, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedded_skills: Option<String>,
    /// The same words in concepts; empty where none is known, or concepts are switched off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub concepts: Vec<ConceptWish>,
    /// The query as it was understood, for the response.
    pub understood: Understood,
}

impl Plan {
    /// Compiles a parsed query.
    pub fn compile(ast: &QueryAst) -> Self {
        compile::compile(ast)
    }

    /// The same plan, found by words and meaning alone.
    #[must_use]
    pub fn without_concepts(self) -> Self {
        Self { concepts: Vec::new(), ..self }
    }

    /// The occupations that the whole query is a title of; `None` where it is no title, or concepts are switched off.
    pub fn title(&self) -> Option<&ConceptWish> {
        let is_whole = |wish: &&ConceptWish| wish.text.split_whitespace().eq(self.embedded_text.split_whitespace());
        self.concepts.iter().filter(is_whole).find(|wish| wish.is_of_occupation())
    }

    /// What kind of query it is.
    pub fn kind(&self) -> QueryKind {
        if self.title().is_some() {
            return QueryKind::Title;
        }
        let is_skill = |wish: &ConceptWish| !wish.is_of_occupation();
        let named = || self.concepts.iter().flat_map(|wish| wish.text.split_whitespace()).count();
        let is_list = !self.concepts.is_empty() && self.concepts.iter().all(is_skill) && named() >= self.wishes.len();
        if is_list { QueryKind::Skills } else { QueryKind::Words }
    }

    /// How surely the plan names a concept, 0 to 1: the confidence of the surest.
    pub fn concept_confidence(&self) -> f32 {
        let surest = self.concepts.iter().filter_map(|wish| wish.likeliest().first());
        surest.map(|(_, confidence)| *confidence).fold(0.0, f32::max)
    }

    /// Whether there are words that score.
    pub fn has_wishes(&self) -> bool {
        !self.wishes.is_empty()
    }
}

/// What kind of query a recruiter typed, by what is known of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum QueryKind {
    /// The whole query may be the title of an occupation.
    Title,
    /// Nothing but skills.
    Skills,
    /// Anything else: names that nobody knows, titles with skills, sentences.
    Words,
}

impl QueryKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Title, Self::Skills, Self::Words];

    /// Its name in `ranking.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Skills => "skills",
            Self::Words => "words",
        }
    }
}

/// Who is a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum HitSet {
    /// Something is demanded: exactly those who meet the demand.
    Demanded,
    /// Nothing is demanded but perhaps negated: those who match at least one wish and meet the negations.
    Wished,
    /// Only negations: everyone who meets them.
    NegationsOnly,
    /// No words at all: everyone.
    Everything,
}

/// What a hit must meet, in three-valued logic.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Demand {
    /// All of two or more.
    All(Vec<Demand>),
    /// At least one of two or more.
    Any(Vec<Demand>),
    /// The contrary. Never directly around another negation.
    Not(Box<Demand>),
    /// One clause.
    Clause(Clause),
}

impl Demand {
    /// Whether some clause is demanded and not only negated.
    pub fn is_positive(&self) -> bool {
        self.has_clause_under(false)
    }

    fn has_clause_under(&self, negated: bool) -> bool {
        match self {
            Self::All(demands) | Self::Any(demands) => demands.iter().any(|demand| demand.has_clause_under(negated)),
            Self::Not(demand) => demand.has_clause_under(!negated),
            Self::Clause(_) => !negated,
        }
    }

    /// The demand without one clause; `None` where nothing is left.
    pub fn without(&self, clause: u32) -> Option<Self> {
        let rest = |demands: &[Self]| {
            let mut rest: Vec<Self> = demands.iter().filter_map(|demand| demand.without(clause)).collect();
            if rest.len() > 1 { Err(rest) } else { Ok(rest.pop()) }
        };
        match self {
            Self::All(demands) => rest(demands).unwrap_or_else(|rest| Some(Self::All(rest))),
            Self::Any(demands) => rest(demands).unwrap_or_else(|rest| Some(Self::Any(rest))),
            Self::Not(demand) => Some(Self::Not(Box::new(demand.without(clause)?))),
            Self::Clause(own) => (own.id != clause).then(|| self.clone()),
        }
    }

    /// Every clause, in the order of the query.
    pub fn clauses(&self) -> Vec<&Clause> {
        match self {
            Self::All(demands) | Self::Any(demands) => demands.iter().flat_map(Self::clauses).collect(),
            Self::Not(demand) => demand.clauses(),
            Self::Clause(clause) => vec![clause],
        }
    }
}

/// One demanded word, phrase, pattern, fact or question about a skill.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Clause {
    /// Its number in the query, from 0 in the order of the text; wishes are numbered too.
    pub id: u32,
    /// Where it stands.
    pub span: Span,
    /// Where it looks.
    pub scope: Scope,
    /// What it looks for.
    pub matcher: Matcher,
}

impl Display for Clause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.scope.is_named() {
            write!(f, "{}:", self.scope.name())?;
        }
        match &self.matcher {
            Matcher::Tokens(tokens) if tokens.len() == 1 => f.write_str(&tokens[0]),
            Matcher::Tokens(tokens) => write!(f, "\"{}\"", tokens.join(" ")),
            Matcher::Near { tokens, others } => write!(f, "\"{}\"~{others}", tokens.join(" ")),
            Matcher::Pattern(pattern) => write!(f, "{pattern}"),
            Matcher::Fact(test) => write!(f, "{test}"),
            Matcher::Skill(test) => write!(f, "{test}"),
            Matcher::Concept(test) => write!(f, "{test}"),
        }
    }
}

/// What a clause looks for. It is met where one value of one of its fields meets it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Matcher {
    /// These exact tokens at adjacent positions of one value. A single word is one token.
    Tokens(Vec<String>),
    /// These exact tokens in one value, in any order, with at most `others` other positions between the first and the last.
    Near {
        /// The tokens; one that is named twice stands twice.
        tokens: Vec<String>,
        /// Positions between the first and the last that hold none of them.
        others: u32,
    },
    /// One token that looks so.
    Pattern(WordPattern),
    /// No words but a fact.
    Fact(FactTest),
    /// A skill, for how long or how well supported.
    Skill(SkillTest),
    /// A concept, or a narrower one.
    Concept(ConceptTest),
}

/// A word that scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WishWord {
    /// The clause in which it first appears.
    pub clause: u32,
    /// In lower case, accents kept: what a stemmer reads.
    pub lower: String,
    /// Folded as well: what its literal form is.
    pub exact: String,
    /// Where it stands for every word that looks so; `lower` and `exact` are the pattern as written.
    pub pattern: Option<WordPattern>,
    /// How much it counts: the largest weight that it is given.
    pub weight: Weight,
    /// Whether some demand asks for it.
    pub demanded: bool,
    /// Where it scores: [`Scope::Anywhere`], or the one field outside the profile's text in which it is demanded
    /// (name, tag, cohort, source).
    pub scope: Scope,
    /// Where its clause first stands.
    pub span: Span,
}

/// The part that a clause plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// It ranks.
    Wish,
    /// It must be met.
    Demand,
    /// It must not be met.
    Negated,
}

/// The query as a tree, as it was understood.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[schema(no_recursion)]
pub enum Understood {
    /// Wishes and demands side by side.
    Row {
        /// Where it stands.
        span: Span,
        /// Its parts.
        children: Vec<Understood>,
    },
    /// All must be met.
    All {
        /// Where it stands.
        span: Span,
        /// Its parts.
        children: Vec<Understood>,
    },
    /// At least one must be met.
    Any {
        /// Where it stands.
        span: Span,
        /// Its parts.
        children: Vec<Understood>,
    },
    /// Must not be met.
    Not {
        /// Where it stands.
        span: Span,
        /// What must not be met.
        child: Box<Understood>,
    },
    /// One word, phrase, pattern, fact or question about a skill.
    Clause(UnderstoodClause),
}

impl Understood {
    /// The same tree with the numbers of its clauses.
    #[must_use]
    pub fn with_hits(mut self, hits: &HashMap<u32, ClauseHits>) -> Self {
        self.count(hits);
        self
    }

    fn count(&mut self, hits: &HashMap<u32, ClauseHits>) {
        match self {
            Self::Row { children, .. } | Self::All { children, .. } | Self::Any { children, .. } => {
                children.iter_mut().for_each(|child| child.count(hits));
            }
            Self::Not { child, .. } => child.count(hits),
            Self::Clause(clause) => clause.hits = hits.get(&clause.id).copied(),
        }
    }

    /// The clauses, in the order of the query.
    pub fn leaves(&self) -> Vec<&UnderstoodClause> {
        match self {
            Self::Row { children, .. } | Self::All { children, .. } | Self::Any { children, .. } => {
                children.iter().flat_map(Self::leaves).collect()
            }
            Self::Not { child, .. } => child.leaves(),
            Self::Clause(clause) => vec![clause],
        }
    }
}

/// One clause of the query as it was understood.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnderstoodClause {
    /// Its number, the same as in [`Clause::id`] and [`WishWord::clause`].
    pub id: u32,
    /// Where it stands.
    pub span: Span,
    /// Where it looks.
    #[schema(value_type = String)]
    pub field: Scope,
    /// The clause in the query language, as it was understood: `title:"data engineer"~2`.
    pub text: String,
    /// Its words, folded. Of a fact the value that is asked for.
    pub words: Vec<String>,
    /// Whether the word holds a wildcard.
    pub wildcard: bool,
    /// How much it counts, 1 where nothing is said.
    #[schema(value_type = f64)]
    pub weight: Weight,
    /// The part it plays.
    pub role: Role,
    /// How many people it concerns; absent where it was not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<ClauseHits>,
}

/// How many people one clause, or one filter, concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClauseHits {
    /// Who match it, whatever else the query says. Of an excluded clause those who have what is excluded.
    pub alone: usize,
    /// Hits that match it.
    pub in_context: usize,
    /// Hits if it was left out; absent for wishes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<usize>,
    /// Of whom it is unknown.
    pub unknown: usize,
}
