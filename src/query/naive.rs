//! The executable specification of the query language and of filters: slow and obvious.
//!
//! Input: a plan, filters and one candidate as plain data. Output: a [`Verdict`]. The engine must agree with it.

use std::collections::BTreeMap;

use super::fact::{Fact, FactTest, Wanted};
use super::filter::{Filter, FilterField, Quantifier, canonical_value};
use super::plan::{Clause, Demand, HitSet, Matcher, Plan, WishWord};
use super::scope::Scope;
use super::truth::{Truth, Unknowns};
use crate::candidate::TextField;
use crate::text::{self, Token};

/// A candidate as the specification sees one. What is absent is unknown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NaiveCandidate {
    /// Every text value with its field.
    pub texts: Vec<(TextField, String)>,
    /// The values that filters compare whole, countries aside.
    pub values: Vec<(FilterField, String)>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// Total experience.
    pub total_months: Option<u32>,
    /// Whether the candidate is open to work.
    pub open: Option<bool>,
    /// Whether the candidate wishes to work remotely.
    pub remote: Option<bool>,
    /// Seconds since the candidate was last active, applied, was interviewed, was contacted and replied.
    pub ages_seconds: BTreeMap<Fact, i64>,
}

/// What the specification says of one candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the query's demand is met; yes where there is none.
    pub demanded: Truth,
    /// Whether at least one scoring word is found.
    pub wish_matched: bool,
    /// Whether all filters are met.
    pub filters: Truth,
}

impl Verdict {
    /// Whether the candidate is in the hit set.
    pub fn is_hit(self, hit_set: HitSet, unknowns: Unknowns) -> bool {
        let wished = hit_set != HitSet::Wished || self.wish_matched;
        wished && unknowns.admits(self.demanded) && unknowns.admits(self.filters)
    }
}

/// The forms (stems) of a word in lower case, by which wishes match beside the exact form.
pub type Forms<'f> = &'f dyn Fn(&str) -> Vec<String>;

/// Evaluates a plan and filters for one candidate.
pub fn evaluate(plan: &Plan, filters: &[Filter], candidate: &NaiveCandidate, forms: Forms<'_>) -> Verdict {
    Verdict {
        demanded: plan.demand.as_ref().map_or(Truth::Yes, |demand| meets(demand, candidate)),
        wish_matched: plan.wishes.iter().any(|wish| has_wish(wish, candidate, forms)),
        filters: Truth::all(filters.iter().map(|filter| passes(filter, candidate))),
    }
}

fn meets(demand: &Demand, candidate: &NaiveCandidate) -> Truth {
    match demand {
        Demand::All(demands) => Truth::all(demands.iter().map(|demand| meets(demand, candidate))),
        Demand::Any(demands) => Truth::any(demands.iter().map(|demand| meets(demand, candidate))),
        Demand::Not(demand) => !meets(demand, candidate),
        Demand::Clause(clause) => meets_clause(clause, candidate),
    }
}

fn meets_clause(clause: &Clause, candidate: &NaiveCandidate) -> Truth {
    if let Matcher::Fact(test) = &clause.matcher {
        return has_fact(test, candidate);
    }
    let values = values_in(clause.scope, candidate);
    if values.is_empty() && clause.scope.is_three_valued() {
        return Truth::Unknown;
    }
    values.iter().any(|value| contains(value, &clause.matcher)).into()
}

/// The values in which a clause looks.
fn values_in(scope: Scope, candidate: &NaiveCandidate) -> Vec<&str> {
    if scope == Scope::Country {
        return candidate.country.iter().map(String::as_str).collect();
    }
    let texts = candidate.texts.iter().filter(|(field, _)| scope.fields().contains(field));
    texts.map(|(_, value)| value.as_str()).collect()
}

fn contains(value: &str, matcher: &Matcher) -> bool {
    let tokens = text::tokens(value);
    match matcher {
        Matcher::Prefix(prefix) => tokens.iter().any(|token| token.exact.starts_with(prefix)),
        Matcher::Tokens(words) => tokens.iter().any(|first| adjacent_from(&tokens, first.position, words)),
        Matcher::Fact(_) => false,
    }
}

fn adjacent_from(tokens: &[Token], start: u32, words: &[String]) -> bool {
    (start..)
        .zip(words)
        .all(|(position, word)| tokens.iter().any(|token| token.position == position && token.exact == *word))
}

fn has_wish(wish: &WishWord, candidate: &NaiveCandidate, forms: Forms<'_>) -> bool {
    let wanted = all_forms(&wish.lower, &wish.exact, forms);
    values_in(wish.scope, candidate).into_iter().flat_map(text::tokens).any(|token| {
        let found = all_forms(&token.lower, &token.exact, forms);
        match wish.prefix {
            true => token.exact.starts_with(&wish.exact),
            false => found.iter().any(|form| wanted.contains(form)),
        }
    })
}

fn all_forms(lower: &str, exact: &str, forms: Forms<'_>) -> Vec<String> {
    let mut all = forms(lower);
    all.push(exact.to_owned());
    all
}

fn passes(filter: &Filter, candidate: &NaiveCandidate) -> Truth {
    match filter {
        Filter::Values { field, quantifier, values } => has_values(*field, *quantifier, values, candidate),
        Filter::Fact { test, is_negated: false } => has_fact(test, candidate),
        Filter::Fact { test, is_negated: true } => !has_fact(test, candidate),
    }
}

fn has_fact(test: &FactTest, candidate: &NaiveCandidate) -> Truth {
    let age = candidate.ages_seconds.get(&test.fact).copied();
    let stated = match test.fact {
        Fact::Open => candidate.open,
        Fact::Remote => candidate.remote,
        _ => None,
    };
    match (test.fact, test.wanted) {
        (Fact::Open | Fact::Remote, Wanted::Is(wanted)) => known(stated, |is| is == wanted),
        (_, Wanted::Months(range)) => known(candidate.total_months, |months| range.contains(months)),
        (Fact::Active, Wanted::Age(range)) => known(age, |age| range.contains(age)),
        // Of a log of our own, what it does not hold did not happen.
        (_, Wanted::Is(wanted)) => (age.is_some() == wanted).into(),
        (_, Wanted::Age(range)) => age.is_some_and(|age| range.contains(age)).into(),
    }
}

fn known<T>(fact: Option<T>, holds: impl FnOnce(T) -> bool) -> Truth {
    fact.map_or(Truth::Unknown, |fact| holds(fact).into())
}

fn has_values(field: FilterField, quantifier: Quantifier, wanted: &[String], candidate: &NaiveCandidate) -> Truth {
    let own: Vec<String> = match field {
        FilterField::Countries => candidate.country.iter().map(|code| code.to_ascii_lowercase()).collect(),
        _ => {
            let values = candidate.values.iter().filter(|(of, _)| *of == field);
            values.map(|(_, value)| canonical_value(value)).collect()
        }
    };
    if own.is_empty() && field.is_three_valued() {
        return Truth::Unknown;
    }
    let holds = match quantifier {
        Quantifier::All => wanted.iter().all(|value| own.contains(value)),
        Quantifier::Any => wanted.iter().any(|value| own.contains(value)),
        Quantifier::None => !wanted.iter().any(|value| own.contains(value)),
    };
    holds.into()
}
