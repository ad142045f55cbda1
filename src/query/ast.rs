//! The typed query as a tree, and its canonical print.
//!
//! Invariant: printing a tree and parsing the print gives the same plan, spans aside.

use std::fmt::{self, Display, Formatter, Write};

use super::concept_test::ConceptTest;
use super::fact::FactTest;
use super::operators::wholly_in_capitals;
use super::pattern::WordPattern;
use super::scope::Scope;
use super::skill_test::SkillTest;
use super::span::Span;
use super::weight::Weight;

/// How a text is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Syntax {
    /// The query language.
    #[default]
    Boolean,
    /// No operators: every word is a wish.
    Plain,
}

/// A parsed query: a row of clauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryAst {
    /// How the text was read.
    pub syntax: Syntax,
    /// The text as typed, white space at its ends aside.
    pub text: String,
    /// The clauses side by side, at the top level.
    pub row: Vec<Node>,
}

/// A part of the query and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands.
    pub span: Span,
}

/// The parts of a query. Texts are as typed, trimmed to their first and last token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// A word as typed; it may analyse to several tokens (`node-js`). One that is spelt like an operator is in lower case: what made
    /// it a word, capitals all around, may not be printed.
    Word(String),
    /// `dev*`, `de*er`.
    Pattern(WordPattern),
    /// What stood between quotes.
    Phrase(String),
    /// `"a b"~3`: what stood between the quotes, and how many other words may stand between its own.
    Near(String, u32),
    /// `( … )`: clauses side by side.
    Group(Vec<Node>),
    /// Two or more operands joined by AND.
    And(Vec<Node>),
    /// Two or more operands joined by OR.
    Or(Vec<Node>),
    /// `-x` or `NOT x`.
    Not(Box<Node>),
    /// `+x`.
    Require(Box<Node>),
    /// `field:x`.
    Field(Scope, Box<Node>),
    /// `active:<30d`.
    Fact(FactTest),
    /// `skillYears(rust):>=3`, `evidence(rust):>=used`.
    Skill(SkillTest),
    /// A concept by one of its names: `concept:"registered nurse"`.
    Concept(ConceptTest),
    /// `x^2`.
    Weighted(Box<Node>, Weight),
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut print = String::new();
        print_node(&mut print, self, false)?;
        f.write_str(&print)
    }
}

impl Display for QueryAst {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.syntax == Syntax::Plain {
            return f.write_str(&self.text);
        }
        let mut terse = String::new();
        print_row(&mut terse, &self.row, false)?;
        // In a text wholly in capitals AND, OR and NOT would be read as words; parentheses keep them operators.
        if wholly_in_capitals(&terse) && !terse.contains(['"', '(']) {
            terse.clear();
            print_row(&mut terse, &self.row, true)?;
        }
        f.write_str(&terse)
    }
}

fn print_row(out: &mut String, row: &[Node], wrapped: bool) -> fmt::Result {
    print_joined(out, row, " ", wrapped)
}

fn print_joined(out: &mut String, nodes: &[Node], separator: &str, wrapped: bool) -> fmt::Result {
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            out.write_str(separator)?;
        }
        print_node(out, node, wrapped)?;
    }
    Ok(())
}

/// `wrapped`: in parentheses wherever a keyword is needed. Only for queries without any group, so it adds no depth.
fn print_node(out: &mut String, node: &Node, wrapped: bool) -> fmt::Result {
    match &node.kind {
        NodeKind::Word(text) => out.write_str(text),
        NodeKind::Pattern(pattern) => write!(out, "{pattern}"),
        NodeKind::Phrase(text) => write!(out, "\"{text}\""),
        NodeKind::Near(text, others) => write!(out, "\"{text}\"~{others}"),
        NodeKind::Group(row) => print_between(out, "(", row, " ", false),
        NodeKind::And(nodes) if wrapped => print_between(out, "(", nodes, " AND ", false),
        NodeKind::Or(nodes) if wrapped => print_between(out, "(", nodes, " OR ", false),
        NodeKind::And(nodes) => print_joined(out, nodes, " AND ", false),
        NodeKind::Or(nodes) => print_joined(out, nodes, " OR ", false),
        NodeKind::Require(inner) => {
            out.write_char('+')?;
            print_node(out, inner, wrapped)
        }
        NodeKind::Field(scope, inner) => {
            write!(out, "{}:", scope.name())?;
            print_node(out, inner, wrapped)
        }
        NodeKind::Fact(test) => write!(out, "{test}"),
        NodeKind::Skill(test) => write!(out, "{test}"),
        NodeKind::Concept(test) => write!(out, "{test}"),
        NodeKind::Weighted(inner, weight) => {
            print_node(out, inner, wrapped)?;
            write!(out, "^{weight}")
        }
        NodeKind::Not(inner) if !matches!(inner.kind, NodeKind::Not(_)) => {
            out.write_char('-')?;
            print_node(out, inner, wrapped)
        }
        NodeKind::Not(inner) if wrapped => print_between(out, "-(", std::slice::from_ref(inner), " ", false),
        NodeKind::Not(inner) => {
            out.write_str("NOT ")?;
            print_node(out, inner, wrapped)
        }
    }
}

fn print_between(out: &mut String, open: &str, nodes: &[Node], separator: &str, wrapped: bool) -> fmt::Result {
    out.write_str(open)?;
    print_joined(out, nodes, separator, wrapped)?;
    out.write_char(')')
}
