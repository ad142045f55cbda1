//! Hand-made cases, each traced to a rule of the literal contract, and properties.

mod concepts;
mod contract;
mod filters;
mod limits;
mod places;
mod properties;
mod snapshots;
mod verdicts;

use super::*;

/// Parses and compiles a text in the query language.
fn plan(query: &str) -> Plan {
    Plan::compile(&parse(query, Syntax::Boolean).unwrap().ast)
}

/// The codes of the warnings of a text.
fn codes(query: &str) -> Vec<&'static str> {
    parse(query, Syntax::Boolean).unwrap().warnings.iter().map(|warning| warning.code.as_str()).collect()
}

/// A plan in one line: `demand | wishes | hit set`. Wishes that are demanded carry a `+`.
fn sketch(plan: &Plan) -> String {
    let demand = plan.demand.as_ref().map_or_else(String::new, sketch_demand);
    let wishes = plan.wishes.iter().map(|wish| {
        let field = if wish.scope == Scope::Anywhere { String::new() } else { format!("{}:", wish.scope.name()) };
        let plus = if wish.demanded { "+" } else { "" };
        let weight = if wish.weight == Weight::ONE { String::new() } else { format!("^{}", wish.weight) };
        format!("{plus}{field}{}{weight}", wish.exact)
    });
    let wishes = wishes.collect::<Vec<_>>().join(" ");
    format!("{demand} | {wishes} | {:?}", plan.hit_set)
}

fn sketch_demand(demand: &Demand) -> String {
    let list = |demands: &[Demand]| demands.iter().map(sketch_demand).collect::<Vec<_>>().join(" ");
    match demand {
        Demand::All(demands) => format!("(and {})", list(demands)),
        Demand::Any(demands) => format!("(or {})", list(demands)),
        Demand::Not(demand) => format!("(not {})", sketch_demand(demand)),
        Demand::Clause(clause) => {
            let field =
                if clause.scope == Scope::Anywhere { String::new() } else { format!("{}:", clause.scope.name()) };
            match &clause.matcher {
                Matcher::Tokens(tokens) => format!("{field}{}", tokens.join("_")),
                Matcher::Near { tokens, others } => format!("{field}{}~{others}", tokens.join("_")),
                Matcher::Pattern(pattern) => format!("{field}{pattern}"),
                Matcher::Fact(test) => test.to_string(),
                Matcher::Skill(test) => test.to_string(),
                Matcher::Concept(test) => test.to_string(),
            }
        }
    }
}
