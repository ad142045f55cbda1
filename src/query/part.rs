//! The part that a clause plays: needed, wished or excluded, one click apart.
//!
//! Input: a query, the number of one of its clauses, the wanted part. Output: the query with that clause in that part. Invariant: what is not
//! asked about keeps its part; a clause inside a demanded group has none of its own, so it is not moved.

use super::{
    ast::{Node, NodeKind, QueryAst, Syntax},
    plan::Role,
};

impl QueryAst {
    /// The query with one clause in another part; `None` where there is no such clause, it stands in a group, or it cannot play that part: years
    /// and other facts cannot be wished.
    pub fn with_part(&self, clause: u32, part: Role) -> Option<Self> {
        if self.syntax == Syntax::Plain {
            return None;
        }
        let mut next = 0;
        let mut row = Vec::with_capacity(self.row.len());
        let mut is_done = false;
        for node in &self.row {
            let held = node.clause_count();
            if held == 1 && next == clause {
                row.extend(parted(node, part)?);
                is_done = true;
            } else {
                row.push(node.clone());
            }
            next += held;
        }
        let text = row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        is_done.then_some(Self { text, row, ..self.clone() })
    }
}

/// The clause of a node, without the signs that give it its part.
fn core(node: &Node) -> &Node {
    match &node.kind {
        NodeKind::Not(inner) | NodeKind::Require(inner) => core(inner),
        NodeKind::Group(row) if row.len() == 1 => core(&row[0]),
        NodeKind::Weighted(inner, _) if matches!(inner.kind, NodeKind::Require(_)) => core(inner),
        _ => node,
    }
}

fn parted(node: &Node, part: Role) -> Option<Vec<Node>> {
    let core = core(node).clone();
    let with = |kind: NodeKind| Node { kind, span: node.span };
    Some(match part {
        Role::Demand if needs_sign(&core) => vec![with(NodeKind::Require(Box::new(core)))],
        Role::Demand => vec![core],
        Role::Negated => {
            let unweighted = if let NodeKind::Weighted(inner, _) = core.kind { *inner } else { core };
            vec![with(NodeKind::Not(Box::new(unweighted)))]
        }
        Role::Wish => wished(core)?,
    })
}

/// Whether a clause is a demand only with a sign before it.
fn needs_sign(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Word(_) | NodeKind::Pattern(_) => true,
        NodeKind::Weighted(inner, _) => needs_sign(inner),
        _ => false,
    }
}

/// The clause as words that rank.
fn wished(node: Node) -> Option<Vec<Node>> {
    match &node.kind {
        NodeKind::Word(_) | NodeKind::Pattern(_) => Some(vec![node]),
        NodeKind::Phrase(text) | NodeKind::Near(text, _) => {
            let word = |word: &str| Some(Node { kind: NodeKind::Word(plain_word(word)?), span: node.span });
            text.split_whitespace().map(word).collect()
        }
        NodeKind::Field(_, inner) => wished((**inner).clone()),
        NodeKind::Weighted(inner, weight) => {
            let weighted = |inner: Node| Node { kind: NodeKind::Weighted(Box::new(inner), *weight), span: node.span };
            Some(wished((**inner).clone())?.into_iter().map(weighted).collect())
        }
        _ => None,
    }
}

/// A word of a phrase as it may stand outside of quotes; `None` where it would be read as something else.
fn plain_word(word: &str) -> Option<String> {
    let bare = word.trim_start_matches(['+', '-', '(', '"']).trim_end_matches([')', '"', '*', '~', ',', ';']);
    let is_operator = ["AND", "OR", "NOT"].contains(&bare);
    let is_plain = bare.chars().any(char::is_alphanumeric) && !bare.contains([':', '^', '(', ')', '"', '*', '~']);
    is_plain.then(|| if is_operator { bare.to_lowercase() } else { bare.to_owned() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query::{Plan, parse};

    fn parted(query: &str, clause: u32, part: Role) -> Option<String> {
        parse(query, Syntax::Boolean).unwrap().ast.with_part(clause, part).map(|ast| ast.to_string())
    }

    #[test]
    fn a_clause_plays_another_part_and_the_others_keep_theirs() {
        for (query, clause, part, expected) in [
            ("rust engineer", 0, Role::Demand, Some("+rust engineer")),
            ("rust engineer", 1, Role::Negated, Some("rust -engineer")),
            ("+rust engineer", 0, Role::Wish, Some("rust engineer")),
            ("-rust engineer", 0, Role::Demand, Some("+rust engineer")),
            ("\"data engineer\" rust", 0, Role::Wish, Some("data engineer rust")),
            ("\"data engineer\" rust", 0, Role::Negated, Some("-\"data engineer\" rust")),
            ("title:nurse", 0, Role::Wish, Some("nurse")),
            ("-title:nurse care", 0, Role::Demand, Some("title:nurse care")),
            ("rust^3 engineer", 0, Role::Demand, Some("+rust^3 engineer")),
            ("rust^3 engineer", 0, Role::Negated, Some("-rust engineer")),
            ("dev* rust", 0, Role::Demand, Some("+dev* rust")),
            ("years:>=5 rust", 0, Role::Wish, None),
            ("a OR b c", 2, Role::Demand, Some("a OR b +c")),
            ("a OR b c", 1, Role::Negated, None),
            ("a AND b", 0, Role::Wish, None),
            ("rust", 4, Role::Wish, None),
        ] {
            assert_eq!(parted(query, clause, part).as_deref(), expected, "{query} {clause} {part:?}");
        }
    }

    #[test]
    fn words_of_a_phrase_stay_words() {
        assert_eq!(parted("\"search AND rescue\" x", 0, Role::Wish).as_deref(), Some("search and rescue x"));
        assert_eq!(parted("\"-5 degrees\" x", 0, Role::Wish).as_deref(), Some("5 degrees x"));
        assert_eq!(parted("\"a:b\" x", 0, Role::Wish), None);
    }

    proptest! {
        /// The printed query gives the clause the part that was asked for, and no other clause another one.
        #[test]
        fn the_part_is_the_one_asked_for(query in "[+-]?(rust|\"data engineer\"|title:nurse|dev\\*|lead\\^2)( [+-]?(go|\"b c\"|skill:sql)){0,3}", clause in 0_u32..4) {
            let ast = parse(&query, Syntax::Boolean).unwrap().ast;
            let before = Plan::compile(&ast).understood;
            let roles = |plan: &crate::query::Understood| plan.leaves().iter().map(|leaf| leaf.role).collect::<Vec<_>>();
            for part in [Role::Demand, Role::Negated] {
                let Some(moved) = ast.with_part(clause, part) else { continue };
                let read = parse(&moved.to_string(), Syntax::Boolean).unwrap();
                prop_assert!(read.warnings.is_empty(), "{:?}", read.warnings);
                let mut expected = roles(&before);
                expected[clause as usize] = part;
                prop_assert_eq!(roles(&Plan::compile(&read.ast).understood), expected, "{} → {}", query, moved);
            }
        }
    }
}
