//! [`QueryAst`] → [`Plan`]: which clauses are demands, which are wishes.
//!
//! A clause is a demand where it is fielded, quoted, an operand of AND, OR or NOT, prefixed, or inside a group that
//! is one of these. Everything else is a wish.

use std::collections::{HashMap, HashSet};

use super::ast::{Node, NodeKind, QueryAst, Syntax};
use super::fact::FactTest;
use super::plan::{Clause, Demand, HitSet, Matcher, Plan, Role, Understood, UnderstoodClause, WishWord};
use super::scope::Scope;
use super::span::Span;
use crate::text::{self, Token};

/// Compiles a parsed query.
pub(super) fn compile(ast: &QueryAst) -> Plan {
    let mut compiler = Compiler::default();
    let top = Context { scope: Scope::Anywhere, role: Role::Wish };
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
    Plan { syntax: ast.syntax, hit_set, demand, wishes: compiler.wishes, embedded_text, understood }
}

/// In which part of the query a node stands.
#[derive(Clone, Copy)]
struct Context {
    scope: Scope,
    role: Role,
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

/// How a clause was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole,
    Prefix,
}

#[derive(Default)]
struct Compiler {
    clauses: u32,
    wishes: Vec<WishWord>,
    places: HashMap<(String, bool, Scope), usize>,
    embedded: Vec<String>,
    embedded_words: HashSet<String>,
}

impl Compiler {
    fn node(&mut self, node: &Node, context: Context) -> Compiled {
        let span = node.span;
        match &node.kind {
            NodeKind::Word(text) => self.clause(text, Form::Whole, span, context),
            NodeKind::Prefix(text) => self.clause(text, Form::Prefix, span, context),
            NodeKind::Phrase(text) => self.clause(text, Form::Whole, span, context.demanded()),
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
            NodeKind::Fact(test) => self.fact(*test, span, context.demanded()),
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

    fn clause(&mut self, text: &str, form: Form, span: Span, context: Context) -> Compiled {
        let id = self.clauses;
        self.clauses += 1;
        let tokens = text::tokens(text);
        let words: Vec<String> = tokens.iter().map(|token| token.exact.clone()).collect();
        let Context { scope, role } = context;
        let clause =
            UnderstoodClause { id, span, field: scope, words: words.clone(), prefix: form == Form::Prefix, role };
        if role != Role::Negated {
            self.score(&clause, &tokens, text);
        }
        let demand = (role != Role::Wish).then(|| {
            let matcher = match form {
                Form::Whole => Matcher::Tokens(words),
                Form::Prefix => Matcher::Prefix(words.concat()),
            };
            Demand::Clause(Clause { id, span, scope, matcher })
        });
        Compiled { demand, understood: Understood::Clause(clause) }
    }

    /// A fact is always demanded, and never scores.
    fn fact(&mut self, test: FactTest, span: Span, context: Context) -> Compiled {
        let id = self.clauses;
        self.clauses += 1;
        let (scope, role) = (Scope::Fact(test.fact), context.role);
        let words = vec![test.wanted.to_string()];
        let understood = UnderstoodClause { id, span, field: scope, words, prefix: false, role };
        let clause = Clause { id, span, scope, matcher: Matcher::Fact(test) };
        Compiled { demand: Some(Demand::Clause(clause)), understood: Understood::Clause(understood) }
    }

    /// Notes the words of a positive clause as scoring, and its text as embedded where it says something new.
    fn score(&mut self, clause: &UnderstoodClause, tokens: &[Token], text: &str) {
        let scope = match clause.field {
            // A country is an attribute, not a text: there is no field in which its words could score.
            Scope::Country | Scope::Fact(_) => return,
            field if field.is_profile_text() => Scope::Anywhere,
            field => field,
        };
        let demanded = clause.role == Role::Demand;
        for token in tokens {
            let next = self.wishes.len();
            let place = *self.places.entry((token.exact.clone(), clause.prefix, scope)).or_insert(next);
            match self.wishes.get_mut(place) {
                Some(wish) => wish.demanded |= demanded,
                None => self.wishes.push(WishWord {
                    clause: clause.id,
                    lower: token.lower.clone(),
                    exact: token.exact.clone(),
                    prefix: clause.prefix,
                    demanded,
                    scope,
                    span: clause.span,
                }),
            }
        }
        if scope == Scope::Anywhere {
            let fresh = tokens.iter().filter(|token| self.embedded_words.insert(token.exact.clone())).count();
            if fresh > 0 {
                self.embedded.push(text.to_owned());
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
