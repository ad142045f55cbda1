//! Queries that are nearly the typed one: a clause left out, or put otherwise.
//!
//! Clauses are counted as [`super::Plan::compile`] counts them. Invariant: what is not edited keeps its part; a demand
//! that loses the operator that made it one is prefixed by `+`.

use super::ast::{Node, NodeKind, QueryAst};
use super::scope::Scope;

/// What becomes of one clause.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// It is left out.
    Drop,
    /// Something else stands in its place, in the same field.
    Replace(NodeKind),
    /// It looks into another field; [`Scope::Anywhere`]: into all of them.
    Widen(Scope),
}

impl QueryAst {
    /// The query with one clause edited; `None` where there is no such clause, or it cannot be edited so: only a field
    /// with a single value can be widened.
    pub fn edited(&self, clause: u32, edit: &Edit) -> Option<Self> {
        let mut editor = Editor { next: 0, clause, edit, is_done: false };
        let row = editor.row(&self.row);
        let edited = Self { row, ..self.clone() };
        // A plain text is its words.
        let text = edited.row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        editor.is_done.then_some(Self { text, ..edited })
    }

    /// The parts of the query that are one clause each, in the order of their numbers.
    pub fn clauses(&self) -> Vec<&Node> {
        let mut found = Vec::new();
        self.row.iter().for_each(|node| collect(node, &mut found));
        found
    }

    /// The field that a clause alone is the value of, where there is one.
    pub fn own_field(&self, clause: u32) -> Option<Scope> {
        let mut next = 0;
        self.row.iter().find_map(|node| own_field(node, clause, &mut next))
    }
}

impl Node {
    /// How many clauses it holds.
    pub(super) fn clause_count(&self) -> u32 {
        children(self).map_or(1, |children| children.into_iter().map(Self::clause_count).sum())
    }
}

fn children(node: &Node) -> Option<Vec<&Node>> {
    match &node.kind {
        NodeKind::Group(nodes) | NodeKind::And(nodes) | NodeKind::Or(nodes) => Some(nodes.iter().collect()),
        NodeKind::Not(inner) | NodeKind::Require(inner) | NodeKind::Field(_, inner) | NodeKind::Weighted(inner, _) => {
            Some(vec![inner])
        }
        _ => None,
    }
}

fn collect<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    match children(node) {
        Some(children) => children.into_iter().for_each(|child| collect(child, found)),
        None => found.push(node),
    }
}

fn own_field(node: &Node, clause: u32, next: &mut u32) -> Option<Scope> {
    let Some(children) = children(node) else {
        *next += 1;
        return None;
    };
    if let NodeKind::Field(scope, value) = &node.kind
        && self::children(value).is_none()
        && *next == clause
    {
        return Some(*scope);
    }
    children.into_iter().find_map(|child| own_field(child, clause, next))
}

struct Editor<'e> {
    next: u32,
    clause: u32,
    edit: &'e Edit,
    is_done: bool,
}

impl Editor<'_> {
    fn row(&mut self, nodes: &[Node]) -> Vec<Node> {
        nodes.iter().filter_map(|node| self.node(node)).collect()
    }

    fn node(&mut self, node: &Node) -> Option<Node> {
        let with = |kind: NodeKind| Some(Node { kind, span: node.span });
        match &node.kind {
            NodeKind::Group(before) => {
                let row = self.row(before);
                let lost_its_operator = has_operator(before) && !has_operator(&row);
                let group = match <[Node; 1]>::try_from(row) {
                    Ok([only]) if is_leaf(&only) && (before.len() > 1 || !is_leaf(&before[0])) => only,
                    Ok([only]) => with(NodeKind::Group(vec![only]))?,
                    Err(row) if row.is_empty() => return None,
                    Err(row) => with(NodeKind::Group(row))?,
                };
                if lost_its_operator { with(NodeKind::Require(Box::new(bare(group)))) } else { Some(group) }
            }
            NodeKind::And(nodes) => {
                self.joined(nodes).and_then(|rest| rest.map_or_else(Some, |rest| with(NodeKind::And(rest))))
            }
            NodeKind::Or(nodes) => {
                self.joined(nodes).and_then(|rest| rest.map_or_else(Some, |rest| with(NodeKind::Or(rest))))
            }
            NodeKind::Not(inner) => self.node(inner).and_then(|inner| with(NodeKind::Not(Box::new(bare(inner))))),
            NodeKind::Require(inner) => {
                self.node(inner).and_then(|inner| with(NodeKind::Require(Box::new(bare(inner)))))
            }
            NodeKind::Weighted(inner, weight) => {
                let weighted =
                    |inner: Node| Node { kind: NodeKind::Weighted(Box::new(inner), *weight), span: node.span };
                self.node(inner).and_then(|inner| match inner.kind {
                    // What does not score has no weight.
                    NodeKind::Fact(_) | NodeKind::Skill(_) | NodeKind::Concept(_) => Some(inner),
                    // The sign stands before what is weighted.
                    NodeKind::Require(inner) => with(NodeKind::Require(Box::new(weighted(*inner)))),
                    _ => Some(weighted(inner)),
                })
            }
            NodeKind::Field(scope, inner) => self.field(node, *scope, inner),
            _ => self.leaf(node),
        }
    }

    /// The operands that are left: several, or one that is a demand by itself.
    fn joined(&mut self, nodes: &[Node]) -> Option<Result<Vec<Node>, Node>> {
        let mut rest = self.row(nodes);
        if rest.len() > 1 {
            return Some(Ok(rest));
        }
        let only = rest.pop()?;
        let span = only.span;
        Some(Err(match only.kind {
            NodeKind::Word(_) | NodeKind::Pattern(_) | NodeKind::Group(_) | NodeKind::Weighted(..) => {
                Node { kind: NodeKind::Require(Box::new(only)), span }
            }
            // The others are demands by themselves.
            _ => only,
        }))
    }

    fn field(&mut self, node: &Node, scope: Scope, inner: &Node) -> Option<Node> {
        let is_asked = self.next == self.clause && children(inner).is_none();
        let with = |kind: NodeKind| Some(Node { kind, span: node.span });
        match self.edit {
            Edit::Widen(wider) if is_asked => {
                (self.is_done, self.next) = (true, self.next + 1);
                match wider {
                    Scope::Anywhere => with(NodeKind::Require(Box::new(inner.clone()))),
                    wider => with(NodeKind::Field(*wider, Box::new(inner.clone()))),
                }
            }
            _ => self.node(inner).and_then(|inner| with(NodeKind::Field(scope, Box::new(bare(inner))))),
        }
    }

    fn leaf(&mut self, node: &Node) -> Option<Node> {
        let is_asked = self.next == self.clause;
        self.next += 1;
        if !is_asked {
            return Some(node.clone());
        }
        match self.edit {
            Edit::Drop => {
                self.is_done = true;
                None
            }
            Edit::Replace(kind) => {
                self.is_done = true;
                Some(Node { kind: kind.clone(), span: node.span })
            }
            Edit::Widen(_) => Some(node.clone()),
        }
    }
}

/// Whether a node is a clause, with or without a `+`.
fn is_leaf(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Require(inner) => children(inner).is_none(),
        _ => children(node).is_none(),
    }
}

fn has_operator(row: &[Node]) -> bool {
    row.iter().any(|node| matches!(node.kind, NodeKind::And(_) | NodeKind::Or(_)))
}

/// What a sign before it governs: two signs do not stand side by side.
fn bare(node: Node) -> Node {
    match node.kind {
        NodeKind::Require(inner) => *inner,
        _ => node,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Plan, Syntax, parse};

    fn edited(query: &str, clause: u32, edit: &Edit) -> Option<String> {
        parse(query, Syntax::Boolean).unwrap().ast.edited(clause, edit).map(|ast| ast.to_string())
    }

    #[test]
    fn a_dropped_clause_leaves_the_rest_as_it_was() {
        for (query, clause, expected) in [
            ("a b", 0, "b"),
            ("a AND b", 0, "+b"),
            ("a OR b c", 1, "+a c"),
            ("(a AND b) OR c", 2, "+(a AND b)"),
            ("a AND NOT b", 0, "-b"),
            ("a AND -(b c)", 2, "a AND -b"),
            ("a AND years:>=3", 0, "years:>=3"),
            ("title:(a OR b)", 0, "title:b"),
            ("(a OR b) c", 0, "+b c"),
            ("-(a b)", 0, "-b"),
            ("+(a OR b)^2 c", 0, "+b^2 c"),
            ("(open:true b)^2", 1, "open:true"),
            ("(a b AND c)", 2, "+(a +b)"),
            ("-(a b AND c)", 0, "-(b AND c)"),
            ("-\"a b\" c^2", 0, "c^2"),
            ("skill:a", 0, ""),
            ("A AND B", 2, "A and"),
        ] {
            assert_eq!(edited(query, clause, &Edit::Drop).as_deref(), Some(expected), "{query}");
        }
        assert_eq!(edited("a", 1, &Edit::Drop), None);
    }

    #[test]
    fn a_field_is_widened_around_one_value() {
        let to = |scope| Edit::Widen(scope);
        assert_eq!(edited("currentTitle:a b", 0, &to(Scope::Title)).as_deref(), Some("title:a b"));
        assert_eq!(edited("title:(a b)", 0, &to(Scope::Anywhere)), None);
        let ast = parse("x skill:a title:(b) -name:c", Syntax::Boolean).unwrap().ast;
        let fields: Vec<_> = (0..4).map(|clause| ast.own_field(clause)).collect();
        assert_eq!(fields, [None, Some(Scope::Skill), None, Some(Scope::Name)]);
    }

    #[test]
    fn clauses_are_counted_as_in_the_plan() {
        let query = "a -(\"b c\" OR title:d*) AND (e^2 years:>3 skillYears(f):>1) \"g h\"~2";
        let ast = parse(query, Syntax::Boolean).unwrap().ast;
        let plan = Plan::compile(&ast);
        let leaves = plan.understood.leaves();
        assert_eq!(ast.clauses().len(), leaves.len());
        for (node, leaf) in ast.clauses().into_iter().zip(leaves) {
            assert!(leaf.text.ends_with(&node.to_string()), "{} {node}", leaf.text);
        }
    }
}
