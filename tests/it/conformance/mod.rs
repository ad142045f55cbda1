//! The literal contract, proven: whom a search finds, in every mode, is whom the executable specification names, over
//! random people, queries and filters. `LODESTONE_CASES` sets the number of queries of the long test.

mod corpus;
mod facets;
mod specified;

use std::collections::BTreeSet;

use lodestone::{
    candidate::read_stored,
    query::{
        Demand, Edit, FilterSet, HitSet, Plan, Role, Scope, Syntax, Truth, UnderstoodClause, Unknowns,
        naive::{NaiveCandidate, Verdict, evaluate, evaluate_clause, evaluate_wish},
        parse,
    },
    search::{Hit, Mode, SearchBody, SearchResponse},
    text::{Language, tokens},
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};

use crate::client::{Service, now};
use specified::{Events, specified};

/// Queries for each population.
const QUERIES: usize = 20;

/// Somebody with what the specification knows of them.
struct Known {
    id: String,
    candidate: NaiveCandidate,
}

struct Random(TestRunner);

impl Random {
    fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    fn draw<T>(&mut self, strategy: impl Strategy<Value = T>) -> T {
        strategy.new_tree(&mut self.0).unwrap().current()
    }
}

#[tokio::test]
async fn hits_are_those_of_the_specification_in_every_mode() {
    check(300, 1).await;
}

#[tokio::test]
#[ignore = "takes minutes; the README names it"]
async fn hits_are_those_of_the_specification_in_every_mode_for_long() {
    let cases = std::env::var("LODESTONE_CASES").map_or(10_000, |cases| cases.parse().unwrap());
    check(cases, 2).await;
}

async fn check(cases: usize, seed: u64) {
    let service = Service::start();
    let mut random = Random::new(seed);
    for round in 0..cases.div_ceil(QUERIES) {
        let cohort = format!("population{round}");
        let people = populate(&service, &mut random, &cohort).await;
        let languages = service.app.engine.snapshot().languages();
        for _ in 0..QUERIES {
            let query = random.draw(corpus::query());
            let mut filters = random.draw(corpus::filters());
            filters["cohorts"] = json!({ "any": [cohort] });
            let unknowns = random.draw(proptest::sample::select(vec![Unknowns::Exclude, Unknowns::Include]));
            let is_everybody = round == 0;
            Case { is_everybody, service: &service, people: &people, languages: &languages, query, filters, unknowns }
                .check();
        }
    }
}

/// Up to twenty people of their own cohort, and what happened to them.
async fn populate(service: &Service, random: &mut Random, cohort: &str) -> Vec<Known> {
    let people: Vec<Value> = random.draw(proptest::collection::vec(corpus::person(), 1..20));
    let happened = random.draw(proptest::collection::vec(corpus::event(), 0..40));
    let id = |at: usize| format!("{cohort}-{at:02}");
    let stored = people.into_iter().enumerate().map(|(at, mut person)| {
        person["id"] = json!(id(at));
        person["cohorts"] = json!([cohort]);
        person
    });
    let stored: Vec<Value> = stored.collect();
    service.load(&stored).await;
    let mut events: Vec<Events> = vec![Vec::new(); stored.len()];
    let mut sent = Vec::new();
    for (at, kind, day) in happened.into_iter().filter(|(at, ..)| *at < stored.len()) {
        events[at].push((kind, day));
        let instant = now() + jiff::SignedDuration::from_hours(24 * day);
        sent.push(json!({"candidateId": id(at), "type": kind, "at": instant.to_string()}));
    }
    let answer = service.json("POST", "/v1/events?refresh=wait", Value::from(sent)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (store, snapshot) = (&service.app.store, service.app.engine.snapshot());
    let known = events.iter().enumerate().map(|(at, events)| {
        let key = store.keys_by_ids(&[id(at).as_str()]).unwrap()[0].unwrap();
        let stored = store.get_by_keys(&[key]).unwrap().remove(0).unwrap();
        let candidate = read_stored(&stored.id, &stored.body).unwrap();
        Known { id: id(at), candidate: specified(&candidate, (&snapshot, key), events, now()) }
    });
    known.collect()
}

/// One query over one population.
struct Case<'a> {
    service: &'a Service,
    people: &'a [Known],
    /// Whether nobody else is stored.
    is_everybody: bool,
    languages: &'a [Language],
    query: String,
    filters: Value,
    unknowns: Unknowns,
}

impl Case<'_> {
    fn check(&self) {
        let plan = Plan::compile(&parse(&self.query, Syntax::Boolean).unwrap().ast);
        let filters: FilterSet = serde_json::from_value(self.filters.clone()).unwrap();
        let filters = filters.validate().unwrap();
        let verdict = |known: &Known| evaluate(&plan, &filters, &known.candidate, self.languages);
        let verdicts: Vec<(&Known, Verdict)> = self.people.iter().map(|known| (known, verdict(known))).collect();
        for mode in [Mode::Keyword, Mode::Hybrid, Mode::Semantic] {
            self.check_mode(mode, plan.hit_set, &verdicts);
        }
    }

    fn search(&self, mode: Mode) -> SearchResponse {
        let body = SearchBody {
            query: Some(self.query.clone()),
            filters: Some(serde_json::from_value(self.filters.clone()).unwrap()),
            unknowns: Some(self.unknowns),
            mode: Some(mode),
            limit: Some(100),
            facets: Some(facets::asked()),
            ..SearchBody::default()
        };
        self.service.app.searcher.search(&body, now()).unwrap()
    }

    /// The people of the population for whom a query holds.
    fn hits_of(&self, plan: &Plan) -> usize {
        let filters: FilterSet = serde_json::from_value(self.filters.clone()).unwrap();
        let filters = filters.validate().unwrap();
        let verdicts = self.people.iter().map(|known| evaluate(plan, &filters, &known.candidate, self.languages));
        verdicts.filter(|verdict| verdict.is_hit(plan.hit_set, self.unknowns)).count()
    }

    /// The numbers of each clause: among the hits, and without it.
    fn check_numbers(&self, response: &SearchResponse, hits: &BTreeSet<&str>, told: &str) {
        let ast = parse(&self.query, Syntax::Boolean).unwrap().ast;
        let plan = Plan::compile(&ast);
        for leaf in response.understood.query.leaves() {
            let numbers = leaf.hits.unwrap();
            let among = self.people.iter().filter(|known| hits.contains(known.id.as_str()));
            let in_context = among.filter(|known| self.is_met(&plan, leaf, &known.candidate)).count();
            assert_eq!(numbers.in_context, in_context, "{told}: {}", leaf.text);
            let alone = self.people.iter().filter(|known| self.is_met(&plan, leaf, &known.candidate)).count();
            assert!(numbers.alone >= alone, "{told}: {}", leaf.text);
            assert!(!self.is_everybody || numbers.alone == alone, "{told}: {}", leaf.text);
            if let Some(without) = numbers.without {
                let rest = Plan::compile(&ast.edited(leaf.id, &Edit::Drop).unwrap());
                assert_eq!(without, self.hits_of(&rest), "{told}: without {}", leaf.text);
            }
            assert_eq!(numbers.without.is_none(), leaf.role == Role::Wish, "{told}: {}", leaf.text);
        }
        let why = &response.understood.why_zero;
        assert_eq!(why.is_some(), hits.is_empty(), "{told}");
        for relaxation in why.iter().flat_map(|why| &why.relaxations) {
            // With another filter, or with unknowns, the same query has other hits.
            if relaxation.without_filter.is_none() && !relaxation.include_unknowns {
                let plan = Plan::compile(&parse(&relaxation.query, Syntax::Boolean).unwrap().ast);
                assert_eq!(relaxation.hits, self.hits_of(&plan), "{told}: {relaxation:?}");
            }
        }
    }

    /// Whether a clause holds for somebody, whatever the rest of the query says.
    fn is_met(&self, plan: &Plan, leaf: &UnderstoodClause, candidate: &NaiveCandidate) -> bool {
        let demanded = plan.demand.as_ref().map(Demand::clauses).unwrap_or_default();
        if let Some(clause) = demanded.iter().find(|clause| clause.id == leaf.id) {
            return evaluate_clause(clause, candidate) == Truth::Yes;
        }
        let wished =
            plan.wishes.iter().filter(|wish| wish.scope == Scope::Anywhere && leaf.words.contains(&wish.exact));
        wished.into_iter().any(|wish| evaluate_wish(wish, candidate, self.languages))
    }

    /// Each span meets its clause, each clause that is met has a span.
    fn check_spans(&self, hit: &Hit, told: &str) {
        let plan = Plan::compile(&parse(&self.query, Syntax::Boolean).unwrap().ast);
        let known = self.people.iter().find(|known| known.id == hit.id).unwrap();
        let leaves = plan.understood.leaves();
        for leaf in leaves.iter().filter(|leaf| leaf.role != Role::Negated) {
            let is_met = self.is_met(&plan, leaf, &known.candidate);
            let is_shown = hit.matched.iter().any(|matched| matched.clause == leaf.id);
            match leaf.field {
                Scope::Fact(_) => assert!(!is_shown),
                // Who meets it by not naming the skill has nothing to show.
                Scope::SkillYears | Scope::Evidence => {
                    assert!(is_met || !is_shown, "{told}: {} of {}", leaf.text, hit.id)
                }
                _ => assert_eq!(is_shown, is_met, "{told}: {} of {}: {:?}", leaf.text, hit.id, hit.matched),
            }
        }
        for matched in &hit.matched {
            let leaf = leaves.iter().find(|leaf| leaf.id == matched.clause).unwrap();
            assert_ne!(leaf.role, Role::Negated, "{told}: what is excluded is shown");
            let letters: Vec<char> = matched.text.chars().collect();
            for [from, to] in &matched.spans {
                let Some(shown) = letters.get(from - matched.text_offset..to - matched.text_offset) else { continue };
                let shown: String = shown.iter().collect();
                assert!(self.span_meets(&plan, leaf, &shown, known), "{told}: {} shows {shown:?}", leaf.text);
            }
        }
    }

    fn span_meets(&self, plan: &Plan, leaf: &UnderstoodClause, shown: &str, known: &Known) -> bool {
        let tokens: Vec<String> = tokens(shown).into_iter().map(|token| token.exact).collect();
        match leaf.field {
            Scope::SkillYears | Scope::Evidence => tokens == leaf.words,
            Scope::Country => Some(shown) == known.candidate.country.as_deref(),
            _ if leaf.text.contains("\"~") => tokens.len() == 1 && leaf.words.contains(&tokens[0]),
            field => {
                let texts = vec![(field.fields()[0], shown.to_owned())];
                let language = known.candidate.language;
                self.is_met(plan, leaf, &NaiveCandidate { texts, language, ..NaiveCandidate::default() })
            }
        }
    }

    fn check_mode(&self, mode: Mode, hit_set: HitSet, verdicts: &[(&Known, Verdict)]) {
        let told = format!("{} {} in {mode:?} with {:?}", self.query, self.filters, self.unknowns);
        let response = self.search(mode);
        let truth = |verdict: &Verdict| verdict.demanded.and(verdict.filters);
        let expected: BTreeSet<&str> = verdicts
            .iter()
            .filter(|(_, verdict)| verdict.is_hit(hit_set, self.unknowns))
            .map(|(known, _)| known.id.as_str())
            .collect();
        let counted = response.hits.iter().filter(|hit| !hit.semantic_only);
        let found: BTreeSet<&str> = counted.map(|hit| hit.id.as_str()).collect();
        if hit_set == HitSet::Wished && mode == Mode::Semantic {
            assert!(found.is_subset(&expected), "{told}: {found:?} of {expected:?}");
        } else {
            assert_eq!(found, expected, "{told}");
        }
        assert_eq!(response.total.value, expected.len(), "{told}");
        let unknown = verdicts.iter().filter(|(_, verdict)| truth(verdict) == Truth::Unknown).count();
        assert_eq!(response.understood.unknowns.count, unknown, "{told}");
        let people = verdicts.iter().map(|(known, verdict)| (&known.candidate, verdict)).collect();
        let (filters, unknowns, languages) = (&self.filters, self.unknowns, self.languages);
        let counted = facets::Counted { people, filters, hit_set, unknowns, languages };
        if mode == Mode::Keyword {
            counted.check(response.facets.as_ref().unwrap(), &told);
        }
        if mode != Mode::Semantic {
            self.check_numbers(&response, &expected, &told);
        }
        for hit in &response.hits {
            self.check_spans(hit, &told);
            let (_, verdict) = verdicts.iter().find(|(known, _)| known.id == hit.id).unwrap();
            assert_eq!(hit.unknown, truth(verdict) == Truth::Unknown, "{told}: {}", hit.id);
            assert!(self.unknowns.admits(truth(verdict)), "{told}: {} was found by meaning against a demand", hit.id);
            assert!(hit.semantic_only <= (mode != Mode::Keyword && hit_set == HitSet::Wished), "{told}");
        }
    }
}
