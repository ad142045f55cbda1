//! The literal contract, proven: whom a search finds, in every mode, is whom the executable specification names, over
//! random people, queries and filters. `LODESTONE_CASES` sets the number of queries of the long test.

mod corpus;
mod specified;

use std::collections::BTreeSet;

use lodestone::{
    candidate::read_stored,
    query::{
        FilterSet, HitSet, Plan, Syntax, Truth, Unknowns,
        naive::{NaiveCandidate, Verdict, evaluate},
        parse,
    },
    search::{Mode, SearchBody, SearchResponse},
    text::Language,
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
            Case { service: &service, people: &people, languages: &languages, query, filters, unknowns }.check();
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
            ..SearchBody::default()
        };
        self.service.app.searcher.search(&body, now()).unwrap()
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
        for hit in &response.hits {
            let (_, verdict) = verdicts.iter().find(|(known, _)| known.id == hit.id).unwrap();
            assert_eq!(hit.unknown, truth(verdict) == Truth::Unknown, "{told}: {}", hit.id);
            assert!(self.unknowns.admits(truth(verdict)), "{told}: {} was found by meaning against a demand", hit.id);
            assert!(hit.semantic_only <= (mode != Mode::Keyword && hit_set == HitSet::Wished), "{told}");
        }
    }
}
