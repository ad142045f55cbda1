//! [`QueryAst`] → [`Plan`]: which clauses are demands, which are wishes.
//!
//! A clause is a demand where it is fielded, quoted, an operand of AND, OR or NOT, prefixed, or inside a group that
//! is one of these. Everything else is a wish.

use std::collections::{HashMap, HashSet};

use super::ast::{Node, NodeKind, QueryAst, Syntax};
use super::pattern::WordPattern;
use super::plan::{Clause, Demand, HitSet, Matcher, Plan, Role, Understood, UnderstoodClause, WishWord};
use super::scope::Scope;
use super::span::Span;
use super::weight::Weight;
use super::wished_concepts::wished_concepts;
use crate::text::{self, Token};

/// Compiles a parsed query.
pub(super) fn compile(ast: &QueryAst) -> Plan {
    let mut compiler = Compiler::default();
    let top = Context { scope: Scope::Anywhere, role: Role::Wish, weight: Weight::ONE };
    let parts: Vec<Compiled> = ast.row.iter().map(|node| compiler.node(node, top)).collect();
    let span = ast.row.iter().map(|node| node.span).reduce(Span::cover).unwrap_or_default();
    let (demand, children) = conjunction(parts);
    let hit_set = match &demand {
        Some(demand) if demand.is_positive() => HitSet::Demanded,
        _ if !compiler.wishes.is_empty() => HitSet::Wished,
        Some(_) => HitSet::NegationsOnly,
        None => HitSet::Everything,
    };
    let embedded_text = match ast.syntax {
        Syntax::Boolean => compiler.embedded.join(" "),
        // Natural language embeds best as it was written.
        Syntax::Plain => ast.text.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    let understood = Understood::Row { span, children };
    let concepts = wished_concepts(&embedded_text, demand.as_ref());
    Plan {
        syntax: ast.syntax,
        hit_set,
        demand,
        wishes: compiler.wishes,
        embedded_text,
        embedded_skills: None,
        concepts,
        understood,
    }
}

/// In which part of the query a node stands.
#[derive(Clone, Copy)]
struct Context {
    scope: Scope,
    role: Role,
    weight: Weight,
}

impl Context {
    fn demanded(self) -> Self {
        let role = if self.role == Role::Wish { Role::Demand } else { self.role };
        Self { role, ..self }
    }

    fn negated(self) -> Self {
        let role = if self.role == Role::Negated { Role::Demand } else { Role::Negated };
        Self { role, ..self }
    }
}

/// A compiled node: what it demands, if anything, and how it is shown.
struct Compiled {
    demand: Option<Demand>,
    understood: Understood,
}

/// The words of a clause.
struct Words {
    tokens: Vec<Token>,
    pattern: Option<WordPattern>,
    /// As typed: what is embedded.
    typed: String,
}

impl Words {
    fn of(typed: &str) -> Self {
        Self { tokens: text::tokens(typed), pattern: None, typed: typed.to_owned() }
    }

    /// A pattern is one word, under its own spelling.
    fn of_pattern(pattern: &WordPattern) -> Self {
        let written = pattern.to_string();
        let token = Token { lower: written.clone(), exact: written, bytes: 0..0, position: 0 };
        Self { tokens: vec![token], pattern: Some(pattern.clone()), typed: pattern.prefix().to_owned() }
    }

    fn exact(&self) -> Vec<String> {
        self.tokens.iter().map(|token| token.exact.clone()).collect()
    }
}

#[derive(Default)]
struct Compiler {
    clauses: u32,
    wishes: Vec<WishWord>,
    places: HashMap<(String, Scope), usize>,
    embedded: Vec<String>,
    embedded_words: HashSet<String>,
}

impl Compiler {
    fn node(&mut self, node: &Node, context: Context) -> Compiled {
        let span = node.span;
        match &node.kind {
            NodeKind::Word(text) => {
                let words = Words::of(text);
                let matcher = Matcher::Tokens(words.exact());
                self.clause(node, (words, matcher), context)
            }
            NodeKind::Pattern(pattern) => {
                let matcher = Matcher::Pattern(pattern.clone());
                self.clause(node, (Words::of_pattern(pattern), matcher), context)
            }
            NodeKind::Phrase(text) => {
                let words = Words::of(text);
                let matcher = Matcher::Tokens(words.exact());
                self.clause(node, (words, matcher), context.demanded())
            }
            NodeKind::Near(text, others) => {
                let words = Words::of(text);
                let matcher = Matcher::Near { tokens: words.exact(), others: *others };
                self.clause(node, (words, matcher), context.demanded())
            }
            NodeKind::Group(row) => self.group(row, span, context),
            NodeKind::And(nodes) => self.all(nodes, span, context.demanded()),
            NodeKind::Or(nodes) => {
                let parts = nodes.iter().map(|node| self.node(node, context.demanded())).collect();
                let (demands, children) = split(parts);
                Compiled { demand: Some(Demand::Any(demands)), understood: Understood::Any { span, children } }
            }
            NodeKind::Not(inner) => {
                let inner = self.node(inner, context.negated());
                let understood = Understood::Not { span, child: Box::new(inner.understood) };
                Compiled { demand: inner.demand.map(negation), understood }
            }
            NodeKind::Require(inner) => self.node(inner, context.demanded()),
            NodeKind::Fact(test) => {
                let words = vec![test.wanted.to_string()];
                self.fact(node, (Scope::Fact(test.fact), words), Matcher::Fact(*test), context.demanded())
            }
            NodeKind::Skill(test) => {
                let scope = Scope::of_skill(test.wanted);
                self.fact(node, (scope, test.words.clone()), Matcher::Skill(test.clone()), context.demanded())
            }
            NodeKind::Concept(test) => {
                let words = vec![test.label().to_owned()];
                self.fact(node, (Scope::Concept, words), Matcher::Concept(test.clone()), context.demanded())
            }
            NodeKind::Weighted(inner, weight) => {
                self.node(inner, Context { weight: context.weight.times(*weight), ..context })
            }
            NodeKind::Field(scope, inner) => self.node(inner, Context { scope: *scope, ..context.demanded() }),
        }
    }

    fn all(&mut self, nodes: &[Node], span: Span, context: Context) -> Compiled {
        let (demand, children) = conjunction(nodes.iter().map(|node| self.node(node, context)).collect());
        Compiled { demand, understood: Understood::All { span, children } }
    }

    /// A group is a demand where its place or an operator at its own level makes it one; else it is a row.
    fn group(&mut self, row: &[Node], span: Span, context: Context) -> Compiled {
        let joined = row.iter().any(|node| matches!(node.kind, NodeKind::And(_) | NodeKind::Or(_)));
        if context.role == Role::Wish && !joined {
            let parts = row.iter().map(|node| self.node(node, context)).collect();
            let (demand, children) = conjunction(parts);
            return Compiled { demand, understood: Understood::Row { span, children } };
        }
        match row {
            [only] => self.node(only, context.demanded()),
            _ => self.all(row, span, context.demanded()),
        }
    }

    fn clause(&mut self, node: &Node, (words, matcher): (Words, Matcher), context: Context) -> Compiled {
        let Context { scope, role, weight } = context;
        let weight = if role == Role::Negated { Weight::ONE } else { weight };
        let clause = UnderstoodClause {
            words: words.exact(),
            wildcard: words.pattern.is_some(),
            weight,
            ..self.understood(node, scope, role)
        };
        if role != Role::Negated {
            self.score(&clause, &words);
        }
        let demand = (role != Role::Wish).then(|| {
            let (id, span) = (clause.id, clause.span);
            Demand::Clause(Clause { id, span, scope, matcher })
        });
        Compiled { demand, understood: Understood::Clause(clause) }
    }

    /// A fact is always demanded, and never scores.
    fn fact(
        &mut self,
        node: &Node,
        (scope, words): (Scope, Vec<String>),
        matcher: Matcher,
        context: Context,
    ) -> Compiled {
        let understood = UnderstoodClause { words, ..self.understood(node, scope, context.role) };
        let clause = Clause { id: understood.id, span: understood.span, scope, matcher };
        Compiled { demand: Some(Demand::Clause(clause)), understood: Understood::Clause(understood) }
    }

    /// The next clause, without words.
    fn understood(&mut self, node: &Node, scope: Scope, role: Role) -> UnderstoodClause {
        let id = self.clauses;
        self.clauses += 1;
        let field = if scope.is_named() { format!("{}:", scope.name()) } else { String::new() };
        let (text, span) = (format!("{field}{node}"), node.span);
        UnderstoodClause {
            id,
            span,
            field: scope,
            text,
            words: Vec::new(),
            wildcard: false,
            weight: Weight::ONE,
            role,
            hits: None,
        }
    }

    /// Notes the words of a positive clause as scoring, and its text as embedded where it says something new.
    fn score(&mut self, clause: &UnderstoodClause, words: &Words) {
        // A country is an attribute, not a text: there is no field in which its words could score.
        let scope = match clause.field {
            Scope::Country => return,
            field if field.is_profile_text() => Scope::Anywhere,
            field => field,
        };
        let demanded = clause.role == Role::Demand;
        for token in &words.tokens {
            let next = self.wishes.len();
            let place = *self.places.entry((token.exact.clone(), scope)).or_insert(next);
            match self.wishes.get_mut(place) {
                Some(wish) => {
                    wish.demanded |= demanded;
                    wish.weight = wish.weight.max(clause.weight);
                }
                None => self.wishes.push(WishWord {
                    clause: clause.id,
                    lower: token.lower.clone(),
                    exact: token.exact.clone(),
                    pattern: words.pattern.clone(),
                    weight: clause.weight,
                    demanded,
                    scope,
                    span: clause.span,
                }),
            }
        }
        if scope == Scope::Anywhere {
            let fresh = words.tokens.iter().filter(|token| self.embedded_words.insert(token.exact.clone())).count();
            if fresh > 0 {
                self.embedded.push(words.typed.clone());
            }
        }
    }
}

fn split(parts: Vec<Compiled>) -> (Vec<Demand>, Vec<Understood>) {
    let (demands, children): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (part.demand, part.understood)).unzip();
    (demands.into_iter().flatten().collect(), children)
}

/// All demands of the parts, nested conjunctions laid flat.
fn conjunction(parts: Vec<Compiled>) -> (Option<Demand>, Vec<Understood>) {
    let (demands, children) = split(parts);
    let mut flat = Vec::with_capacity(demands.len());
    for demand in demands {
        match demand {
            Demand::All(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    let demand = if flat.len() > 1 { Some(Demand::All(flat)) } else { flat.pop() };
    (demand, children)
}

fn negation(demand: Demand) -> Demand {
    match demand {
        Demand::Not(inner) => *inner,
        other => Demand::Not(Box::new(other)),
    }
}
