//! The executable specification of the query language and of filters: slow and obvious.
//!
//! Input: a plan, filters and one candidate as plain data. Output: a [`Verdict`]. The engine must agree with it.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::{Fact, FactTest, Wanted};
use super::filter::{Filter, FilterField, Quantifier, canonical_value};
use super::plan::{Clause, Demand, HitSet, Matcher, Plan, WishWord};
use super::scope::Scope;
use super::skill_test::{SkillTest, SkillWanted};
use super::truth::{Truth, Unknowns};
use super::wished_concepts::ConceptWish;
use crate::candidate::{Grade, TextField, WishedPlace};
use crate::places::Coordinates;
use crate::taxonomy::ConceptId;
use crate::text::{self, Language, Token};

/// A candidate as the specification sees one. What is absent is unknown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NaiveCandidate {
    /// Every text value with its field.
    pub texts: Vec<(TextField, String)>,
    /// The values that filters compare whole, countries and cities aside.
    pub values: Vec<(FilterField, String)>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// What the texts say in concepts.
    pub concepts: BTreeSet<ConceptId>,
    /// The language of the profile: what its words are stemmed by.
    pub language: Option<Language>,
    /// What may support a skill.
    pub entries: Vec<NaiveEntry>,
    /// The city in the form that filters compare.
    pub city: Option<String>,
    /// Where the candidate lives.
    pub residence: Option<Coordinates>,
    /// Where the candidate wishes to move to.
    pub wished_places: Vec<WishedPlace>,
    /// Total experience.
    pub total_months: Option<u32>,
    /// Whether the candidate is open to work.
    pub open: Option<bool>,
    /// Whether the candidate wishes to work remotely.
    pub remote: Option<bool>,
    /// Seconds since the candidate was last active, applied, was interviewed, was contacted and replied.
    pub ages_seconds: BTreeMap<Fact, i64>,
}

/// A position, project, publication or certificate.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NaiveEntry {
    /// Its texts: title and description.
    pub texts: Vec<String>,
    /// The grade that it gives to the skills it names; none where it has no date.
    pub grade: Option<Grade>,
    /// Whether it is a position with a start.
    pub is_dated_position: bool,
    /// Of a dated position every month up to `asOf`, counted from any month.
    pub months: BTreeSet<i32>,
}

/// What the specification says of one candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the query's demand is met; yes where there is none.
    pub demanded: Truth,
    /// Whether at least one scoring word is found, or a concept that makes a hit.
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

/// Evaluates a plan and filters for one candidate. `languages` are those of all candidates: what wishes are stemmed by.
pub fn evaluate(plan: &Plan, filters: &[Filter], candidate: &NaiveCandidate, languages: &[Language]) -> Verdict {
    Verdict {
        demanded: plan.demand.as_ref().map_or(Truth::Yes, |demand| meets(demand, candidate)),
        wish_matched: plan.wishes.iter().any(|wish| has_wish(wish, candidate, languages))
            || plan.concepts.iter().flat_map(ConceptWish::hits).any(|concept| candidate.concepts.contains(&concept)),
        filters: Truth::all(filters.iter().map(|filter| passes(filter, candidate))),
    }
}

/// Whether a word that scores is found in a candidate.
pub fn evaluate_wish(wish: &WishWord, candidate: &NaiveCandidate, languages: &[Language]) -> bool {
    has_wish(wish, candidate, languages)
}

/// Whether one clause of a demand holds for a candidate.
pub fn evaluate_clause(clause: &Clause, candidate: &NaiveCandidate) -> Truth {
    meets_clause(clause, candidate)
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
    match &clause.matcher {
        Matcher::Fact(test) => return has_fact(test, candidate),
        Matcher::Skill(test) => return has_skill(test, candidate),
        Matcher::Concept(test) => return test.is_met_by(candidate.concepts.iter().copied()).into(),
        _ => {}
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
        Matcher::Pattern(pattern) => tokens.iter().any(|token| pattern.matches(&token.exact)),
        Matcher::Tokens(words) => names(value, words),
        Matcher::Near { tokens: words, others } => {
            let length = words.len() + *others as usize;
            (0..tokens.len()).any(|from| holds_all(&tokens[from..tokens.len().min(from + length)], words))
        }
        Matcher::Fact(_) | Matcher::Skill(_) | Matcher::Concept(_) => false,
    }
}

/// Whether some tokens hold each word, as often as it is asked for.
fn holds_all(tokens: &[Token], words: &[String]) -> bool {
    let count = |word: &String| words.iter().filter(|other| *other == word).count();
    let held = |word: &String| tokens.iter().filter(|token| token.exact == *word).count();
    words.iter().all(|word| held(word) >= count(word))
}

/// Whether the words stand side by side in a value.
fn names(value: &str, words: &[String]) -> bool {
    let tokens = text::tokens(value);
    tokens.iter().any(|first| adjacent_from(&tokens, first.position, words))
}

fn adjacent_from(tokens: &[Token], start: u32, words: &[String]) -> bool {
    (start..)
        .zip(words)
        .all(|(position, word)| tokens.iter().any(|token| token.position == position && token.exact == *word))
}

/// A wish is met by a token that looks like its pattern, or whose stem in the language of the profile is the word as typed
/// or its stem in one of the languages.
fn has_wish(wish: &WishWord, candidate: &NaiveCandidate, languages: &[Language]) -> bool {
    let wanted = text::scored_forms(&wish.lower, &wish.exact, languages);
    values_in(wish.scope, candidate).into_iter().flat_map(text::tokens).any(|token| match &wish.pattern {
        Some(pattern) => pattern.matches(&token.exact),
        None => wanted.contains(&text::scored_form(&token.lower, &token.exact, candidate.language)),
    })
}

fn has_skill(test: &SkillTest, candidate: &NaiveCandidate) -> Truth {
    let naming = || candidate.entries.iter().filter(|entry| entry.texts.iter().any(|text| names(text, &test.words)));
    let is_named_in = |fields: &[TextField]| {
        let mut texts = candidate.texts.iter().filter(|(field, _)| fields.contains(field));
        texts.any(|(_, text)| names(text, &test.words))
    };
    match test.wanted {
        SkillWanted::Months(range) => {
            let dated: Vec<&NaiveEntry> = naming().filter(|entry| entry.is_dated_position).collect();
            let months: BTreeSet<i32> = dated.iter().flat_map(|entry| entry.months.iter().copied()).collect();
            let is_unknown = dated.is_empty() && is_named_in(TextField::ANYWHERE);
            if is_unknown { Truth::Unknown } else { range.contains(months.len() as u32).into() }
        }
        SkillWanted::Evidence(range) => {
            let listed = is_named_in(&[TextField::Skill]).then_some(Grade::Listed);
            range.contains(naming().map(|entry| entry.grade).max().flatten().max(listed)).into()
        }
    }
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
        (Fact::Near, Wanted::Within(circle)) => known(candidate.residence, |point| circle.contains(point)),
        (_, Wanted::Within(circle)) => {
            let mut wished = candidate.wished_places.iter().peekable();
            if wished.peek().is_none() { Truth::Unknown } else { wished.any(|place| circle.admits(place)).into() }
        }
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
        FilterField::Cities => candidate.city.iter().cloned().collect(),
        FilterField::Countries => candidate.country.iter().map(|code| code.to_ascii_lowercase()).collect(),
        _ => {
            let values = candidate.values.iter().filter(|(of, _)| *of == field);
            values.map(|(_, value)| canonical_value(field, value)).collect()
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
