//! Balanced lexemes → [`Node`]s.
//!
//! ```text
//! query    = row
//! row      = { or }                             side by side: wishes and demands; AND inside a demanded group
//! or       = and { "OR" and }
//! and      = unary { "AND" unary }
//! unary    = { "NOT" | "-" | "+" } primary { weight }
//! primary  = word | pattern | phrase | group | field | fact | skill | concept
//! group    = "(" row ")"
//! field    = name ":" ( word | pattern | phrase | group )
//! pattern  = letter letter … "*" …             one token; a star stands for any letters, or none
//! phrase   = '"' text '"' [ "~" count ]        with a count: in any order, at most so many other words between
//! weight   = "^" number                        0.1 to 10
//! name     = "title" | "currentTitle" | "pastTitle" | "company" | "currentCompany" | "pastCompany" | "skill"
//!          | "school" | "degree" | "location" | "country" | "language" | "industry" | "summary" | "name" | "tag"
//!          | "cohort" | "source"               in any case
//! fact     = ( "open" | "remote" ) ":" yesno
//!          | "years" ":" duration              total experience
//!          | "active" ":" age
//!          | ( "applied" | "interviewed" | "contacted" | "replied" ) ":" ( yesno | age )
//!          | ( "near" | "relocate" ) ":" ( word | '"' text '"' ) [ "~" number ( "km" | "mi" ) ]    50 km where none is given
//! skill    = "skillYears" "(" text ")" ":" duration
//!          | "evidence" "(" text ")" ":" ( bound | "=" ) ( "listed" | "used" | "proven" )
//! concept  = "concept" ":" ( word | '"' text '"' )    an occupation or skill by any of its names, in any language
//! yesno    = "true" | "false"
//! duration = bound number | number "+" | number ".." number    years; months as `30m`
//! age      = bound days | days ".." days      how long ago
//! bound    = "<" | "<=" | ">" | ">="
//! days     = number ( "d" | "w" | "m" | "y" ) of 1, 7, 30 and 365 days
//! ```
//!
//! NOT binds tighter than AND, AND than OR, OR than adjacency: `a b OR c` is the wish a and the demand (b OR c).
//! A group that has AND or OR at its own level is a demand as a whole; so is one that is fielded, negated, prefixed
//! with `+`, or an operand. A group without is a row: its bare words are wishes.
//!
//! `-` and `+` operate after white space, `(` or the start, directly before a word, phrase, field or group. Keywords
//! are upper case, and are words in a query wholly in capitals without quote, field or parenthesis.
//!
//! Recognised and reported as `unsupported_syntax`, then read as the words they contain: leading `*`, `*` in phrases and in
//! several words, `word~1`.
//!
//! Invariant: every input yields a tree. Recursion is bounded by the nesting of groups, which is bounded before.

use super::ast::{Node, NodeKind};
use super::lexer::{Lexeme, LexemeKind};
use super::scope::Scope;
use super::span::Span;
use super::warning::{WarningCode, Warnings};

/// Parses balanced lexemes into the clauses of the top level.
pub(super) fn parse(lexemes: Vec<Lexeme>, warnings: &mut Warnings) -> Vec<Node> {
    let mut parser = Parser { lexemes: lexemes.into_iter().peekable(), warnings, fielded: false };
    let row = parser.row();
    debug_assert!(parser.lexemes.next().is_none(), "balanced lexemes have no closing parenthesis left");
    row
}

struct Parser<'w> {
    lexemes: std::iter::Peekable<std::vec::IntoIter<Lexeme>>,
    warnings: &'w mut Warnings,
    fielded: bool,
}

/// The prefixes before one operand.
#[derive(Default)]
struct Prefixes {
    spans: Vec<Span>,
    negations: usize,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<&LexemeKind> {
        self.lexemes.peek().map(|lexeme| &lexeme.kind)
    }

    fn row(&mut self) -> Vec<Node> {
        let mut row = Vec::new();
        while !matches!(self.peek(), None | Some(LexemeKind::Close)) {
            row.extend(self.or());
        }
        row
    }

    fn or(&mut self) -> Option<Node> {
        self.joined(&LexemeKind::Or, Self::and, NodeKind::Or)
    }

    fn and(&mut self) -> Option<Node> {
        self.joined(&LexemeKind::And, Self::unary, NodeKind::And)
    }

    /// Operands with one operator between them. An operator without both operands is dropped.
    fn joined(
        &mut self,
        operator: &LexemeKind,
        operand: fn(&mut Self) -> Option<Node>,
        join: fn(Vec<Node>) -> NodeKind,
    ) -> Option<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        nodes.extend(operand(self));
        while self.peek() == Some(operator) {
            let Some(lexeme) = self.lexemes.next() else { break };
            match operand(self) {
                Some(node) if !nodes.is_empty() => nodes.push(node),
                right => {
                    self.dangling(lexeme.span);
                    nodes.extend(right);
                }
            }
        }
        if nodes.len() < 2 {
            return nodes.pop();
        }
        let span = nodes[0].span.cover(nodes[nodes.len() - 1].span);
        Some(Node { kind: join(nodes), span })
    }

    fn dangling(&mut self, span: Span) {
        let message = "the operator has nothing to operate on";
        self.warnings.push(WarningCode::DanglingOperator, span, message, "no operator");
    }

    fn unary(&mut self) -> Option<Node> {
        let prefixes = self.prefixes();
        let lexeme = self.lexemes.next_if(|next| next.kind != LexemeKind::Close);
        let operand = lexeme.and_then(|lexeme| self.operand(lexeme));
        let Some(operand) = self.weighted(operand, prefixes.negations % 2 == 1) else {
            prefixes.spans.into_iter().for_each(|span| self.dangling(span));
            return None;
        };
        let Some(first) = prefixes.spans.first() else { return Some(operand) };
        let span = first.cover(operand.span);
        let wrap = |kind: fn(Box<Node>) -> NodeKind, node: Node| Node { kind: kind(Box::new(node)), span };
        Some(match prefixes.negations {
            0 => wrap(NodeKind::Require, operand),
            // However many there are, only whether they are odd or even matters.
            odd if odd % 2 == 1 => wrap(NodeKind::Not, operand),
            _ => wrap(NodeKind::Not, wrap(NodeKind::Not, operand)),
        })
    }

    /// An operand with the weights that follow it. What does not score has none.
    fn weighted(&mut self, mut operand: Option<Node>, is_negated: bool) -> Option<Node> {
        while let Some(lexeme) = self.lexemes.next_if(|next| matches!(next.kind, LexemeKind::Weight(_))) {
            let LexemeKind::Weight(weight) = lexeme.kind else { continue };
            operand = operand.map(|node| {
                if is_negated || matches!(node.kind, NodeKind::Fact(_) | NodeKind::Skill(_) | NodeKind::Concept(_)) {
                    let message = "what is excluded does not score, nor do facts";
                    self.warnings.push(WarningCode::InvalidValue, lexeme.span, message, "no weight");
                    return node;
                }
                let span = node.span.cover(lexeme.span);
                Node { kind: NodeKind::Weighted(Box::new(node), weight), span }
            });
        }
        operand
    }

    /// Reads the prefixes of an operand. AND and OR among them have no left side and are dropped.
    fn prefixes(&mut self) -> Prefixes {
        let mut prefixes = Prefixes::default();
        while let Some(lexeme) = self.lexemes.next_if(|next| is_operator(&next.kind)) {
            match lexeme.kind {
                LexemeKind::And | LexemeKind::Or => {
                    self.dangling(lexeme.span);
                    continue;
                }
                LexemeKind::Plus => {}
                _ => prefixes.negations += 1,
            }
            prefixes.spans.push(lexeme.span);
        }
        prefixes
    }

    /// What one lexeme starts; none where it has no words.
    fn operand(&mut self, lexeme: Lexeme) -> Option<Node> {
        let span = lexeme.span;
        let kind = match lexeme.kind {
            LexemeKind::Word(text) => NodeKind::Word(text),
            LexemeKind::Pattern(pattern) => NodeKind::Pattern(pattern),
            LexemeKind::Phrase(text) => NodeKind::Phrase(text),
            LexemeKind::Near(text, others) => NodeKind::Near(text, others),
            LexemeKind::Fact(test) => NodeKind::Fact(test),
            LexemeKind::Skill(test) => NodeKind::Skill(test),
            LexemeKind::Concept(test) => NodeKind::Concept(test),
            LexemeKind::Words(words) => NodeKind::Group(words),
            LexemeKind::Open => return self.group(span),
            LexemeKind::Field { scope, typed, spaced } => return self.field(scope, typed, spaced, span),
            _ => return None,
        };
        Some(Node { kind, span })
    }

    fn group(&mut self, open: Span) -> Option<Node> {
        let row = self.row();
        let close = self.lexemes.next().map_or(open, |lexeme| lexeme.span);
        let span = open.cover(close);
        if row.is_empty() {
            self.warnings.push(WarningCode::EmptyGroup, span, "the group is empty", "nothing");
            return None;
        }
        Some(Node { kind: NodeKind::Group(row), span })
    }

    fn field(&mut self, scope: Scope, typed: String, spaced: bool, span: Span) -> Option<Node> {
        let value = self.lexemes.next_if(|next| is_value(&next.kind));
        let Some(value) = value else {
            let message = format!("`{typed}:` has no value");
            self.warnings.push(WarningCode::EmptyField, span, message, "the word alone");
            return Some(Node { kind: NodeKind::Word(typed), span });
        };
        if spaced {
            let message = format!("a space stands between `{typed}:` and its value");
            self.warnings.push(WarningCode::SpaceAfterField, span, message, "no space");
        }
        if self.fielded {
            let message = format!("`{typed}:` stands inside the group of another field");
            self.warnings.push(WarningCode::NestedField, span, message, "the inner field");
        }
        let outer = std::mem::replace(&mut self.fielded, true);
        let value = self.operand(value);
        self.fielded = outer;
        value.map(|value| {
            let span = span.cover(value.span);
            Node { kind: NodeKind::Field(scope, Box::new(value)), span }
        })
    }
}

fn is_operator(kind: &LexemeKind) -> bool {
    matches!(kind, LexemeKind::And | LexemeKind::Or | LexemeKind::Not | LexemeKind::Minus | LexemeKind::Plus)
}

/// Whether a field can have this as its value.
fn is_value(kind: &LexemeKind) -> bool {
    use LexemeKind::{Near, Nothing, Open, Pattern, Phrase, Word, Words};
    matches!(kind, Word(_) | Pattern(_) | Phrase(_) | Near(..) | Words(_) | Open | Nothing)
}
