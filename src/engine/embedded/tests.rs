//! The engine against the executable specification, over random populations and queries.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    activity::{ActivityEvent, EventType, Openness},
    candidate::{Candidate, CandidateDraft, Month, Timeline, text_values},
    engine::{IndexDocument, ScoredGroup, VALUE_GAP},
    query::{
        Fact, Filter, FilterField, FilterSet, Plan, Scope, Syntax, Truth,
        naive::{NaiveCandidate, Verdict, evaluate},
        parse,
    },
    text::{self, Language},
};

const DIMENSIONS: usize = 4;

const WORDS: [&str; 10] =
    ["java", "developers", "developer", "senior", "C++", "nurse", "machine", "learning", "münchen", "R&D"];

const FACTS: [&str; 5] = ["active", "applied", "interviewed", "contacted", "replied"];

const AGES: [&str; 7] = ["<20d", "<=2w", ">20d", ">=14d", "10d..20d", "true", "false"];

const CODES: [&str; 2] = ["DE", "IT"];

/// Long enough that its language is told apart.
const ENGLISH: &str = "I have been building and running large systems with several teams over the last ten years.";

fn words(at_most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 1..=at_most).prop_map(|words| words.join(" "))
}

fn position() -> impl Strategy<Value = Value> {
    let dates = prop::option::of((2000..2020_i32, prop::option::of(0..5_i32)));
    (prop::option::of(words(3)), prop::option::of(words(2)), prop::option::of(words(4)), dates).prop_map(
        |(title, company, summary, dates)| {
            let start = dates.map(|(start, _)| start.to_string());
            let end = dates.and_then(|(start, length)| Some((start + length?).to_string()));
            json!({"position": title, "name": company, "summary": summary, "startDate": start, "endDate": end})
        },
    )
}

fn document() -> impl Strategy<Value = Value> {
    let skills = prop::collection::vec(words(2), 0..3);
    let basics = (prop::option::of(words(2)), prop::option::of(words(3)), prop::bool::ANY, prop::option::of(words(1)));
    let country = prop::option::of(prop::sample::select(&CODES[..]));
    let languages = prop::collection::vec(prop::sample::select(&["German", "Italian"][..]), 0..2);
    let open = prop::option::of(prop::bool::ANY);
    let people = (skills, basics, country, languages, open, prop::collection::vec(position(), 0..3));
    people.prop_map(|(skills, (label, more, is_english, city), country, languages, open, work)| {
        let summary = if is_english { format!("{ENGLISH} {}", more.unwrap_or_default()) } else { String::new() };
        json!({
            "profile": {
                "basics": {
                    "name": "java nurse", "label": label, "summary": summary,
                    "location": {"city": city, "countryCode": country}
                },
                "work": work,
                "skills": skills.iter().map(|skill| json!({"name": skill})).collect::<Vec<_>>(),
                "languages": languages.iter().map(|language| json!({"language": language})).collect::<Vec<_>>(),
            },
            "availability": match open {
                Some(true) => json!({"openToWork": {"remote": !is_english}}),
                Some(false) => json!({"notLooking": true}),
                None => json!({}),
            },
        })
    })
}

fn query() -> impl Strategy<Value = String> {
    let word = || prop::sample::select(&WORDS[..]).prop_map(str::to_owned);
    let scope =
        prop::sample::select(&["", "title:", "skill:", "company:", "country:", "language:", "location:", "name:"][..]);
    let leaf = prop_oneof![
        4 => (scope.clone(), word()).prop_map(|(scope, word)| format!("{scope}{word}")),
        2 => (scope, words(3)).prop_map(|(scope, words)| format!("{scope}\"{words}\"")),
        1 => (prop::sample::select(&FACTS[..]), prop::sample::select(&AGES[..]))
            .prop_map(|(fact, age)| format!("{fact}:{age}")),
        1 => prop::sample::select(&["open:true", "open:false", "remote:true", "remote:false", "years:2..6", "years:<3", "years:>=30m"][..]).prop_map(str::to_owned),
        1 => prop::sample::select(&["dev*", "mün*", "country:d*", "language:g*", "country:IT", "language:German"][..])
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.join(" ")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" AND "))),
            inner.clone().prop_map(|part| format!("NOT ({part})")),
            inner.prop_map(|part| format!("-({part})")),
        ]
    })
}

fn event_filter() -> impl Strategy<Value = Option<(&'static str, Value)>> {
    let name = prop::sample::select(&["applied", "interviewed", "contacted", "replied"][..]);
    let window = prop_oneof![
        (1..30_u32).prop_map(|days| json!({ "withinDays": days })),
        (1..30_u32).prop_map(|days| json!({ "notWithinDays": days })),
        prop::bool::ANY.prop_map(|ever| json!({ "ever": ever })),
    ];
    prop::option::weighted(0.3, (name, window))
}

fn filters() -> impl Strategy<Value = FilterSet> {
    let list = |values: &'static [&'static str]| {
        let quantifier = prop::sample::select(&["all", "any", "none"][..]);
        let values = prop::collection::vec(prop::sample::select(values), 1..3);
        prop::option::weighted(0.3, (quantifier, values).prop_map(|(how, values)| json!({ how: values })))
    };
    let years = prop::option::weighted(0.3, (0..5_u32).prop_map(|min| json!({"min": min, "max": min + 6})));
    let people = (list(&WORDS), list(&WORDS), list(&CODES), list(&["German", "Italian"]), years);
    (people, prop::option::weighted(0.3, prop::bool::ANY), event_filter()).prop_map(
        |((skills, titles, countries, languages, years), open, event)| {
            let mut set = json!({});
            for (name, value) in
                [("skills", skills), ("titles", titles), ("countries", countries), ("languages", languages)]
            {
                value.into_iter().for_each(|value| set[name] = value);
            }
            years.into_iter().for_each(|value| set["years"] = value);
            open.into_iter().for_each(|value| set["openToWork"] = json!(value));
            event.into_iter().for_each(|(name, value)| set[name] = value);
            serde_json::from_value(set).unwrap()
        },
    )
}

/// Something that happened to one of the candidates in the thirty days before or the ten after the instant.
fn event() -> impl Strategy<Value = (u32, ActivityEvent)> {
    (1..20_u32, prop::sample::select(&EventType::ALL[..]), -30..10_i64)
        .prop_map(|(key, kind, day)| (key, ActivityEvent::new(kind, as_of().as_second() + day * 86_400)))
}

fn as_of() -> jiff::Timestamp {
    "2026-01-15T00:00:00Z".parse().unwrap()
}

/// A candidate as the specification sees it.
fn naive(
    candidate: &Candidate,
    snapshot: &EngineSnapshot,
    key: u32,
    events: &[(u32, ActivityEvent)],
) -> NaiveCandidate {
    let timeline = Timeline::of(&candidate.profile.positions);
    let texts: Vec<_> =
        text_values(candidate, &timeline).into_iter().map(|value| (value.field, value.text.into_owned())).collect();
    let fields = [FilterField::Skills, FilterField::Titles, FilterField::Languages];
    let of = |field: FilterField| {
        let texts = texts.iter().filter(move |(text_field, _)| field.fields().contains(text_field));
        texts.map(move |(_, text)| (field, text.clone()))
    };
    let instant = as_of().as_second();
    let openness = snapshot.activity(key).unwrap().openness(instant);
    let age = |kinds: &[EventType]| {
        let known = events.iter().filter(|(of, event)| *of == key && kinds.contains(&event.event_type));
        known.map(|(_, event)| instant - event.at).filter(|age| *age >= 0).min()
    };
    let own: Vec<_> = EventType::ALL.into_iter().filter(|kind| kind.is_own_act()).collect();
    let ages = [
        (Fact::Active, age(&own)),
        (Fact::Applied, age(&[EventType::Applied])),
        (Fact::Interviewed, age(&[EventType::Interviewed])),
        (Fact::Contacted, age(&[EventType::OutreachSent])),
        (Fact::Replied, age(&[EventType::OutreachReplied])),
    ];
    let ages_seconds = ages.into_iter().filter_map(|(fact, age)| Some((fact, age?))).collect();
    NaiveCandidate {
        values: fields.into_iter().flat_map(of).collect(),
        country: candidate.profile.country_code.clone(),
        total_months: timeline.experience().map(|months| months.months_at(Month::of_timestamp(as_of()))),
        open: match openness {
            Openness::Open(_) => Some(true),
            Openness::Closed => Some(false),
            Openness::Unknown => None,
        },
        remote: candidate.availability.open_to_work.as_ref().and_then(|open| open.remote),
        ages_seconds,
        texts,
    }
}

fn options(string_lineage: i64) -> EngineOptions {
    let ranking = crate::rank::Ranking::parse(include_str!("../../../indexes/ranking.toml")).unwrap();
    let activity = ranking.activity.signals;
    EngineOptions { dimensions: DIMENSIONS, model_version: "test".to_owned(), activity, string_lineage }
}

fn engine(documents: &[Value], dir: &std::path::Path) -> (EmbeddedEngine, Vec<Candidate>) {
    let engine = EmbeddedEngine::open(dir, &options(1)).unwrap();
    let mut candidates = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        let mut document = document.clone();
        document["id"] = json!(format!("c{at}"));
        let candidate = CandidateDraft::from_value(document).unwrap().validate(None).unwrap();
        let index = Box::new(IndexDocument::of(at as u32 + 1, &candidate));
        engine.apply(vec![EngineChange::Put { document: index, role: None, skills: None }]).unwrap();
        candidates.push(candidate);
        // Several segments, so that nothing depends on there being one.
        if at % 7 == 3 {
            engine.publish(at as u64 + 1, false).unwrap();
        }
    }
    engine.publish(documents.len() as u64, false).unwrap();
    (engine, candidates)
}

/// Candidates in whom a wish matches, by the engine.
fn wished(plan: &Plan, snapshot: &EngineSnapshot) -> BTreeSet<u32> {
    let scored: Vec<_> = plan
        .wishes
        .iter()
        .filter(|wish| wish.scope == Scope::Anywhere)
        .map(|wish| {
            let forms = if wish.prefix {
                snapshot.keyword().words_with_prefix(&wish.exact, 64).unwrap()
            } else {
                text::wish_forms(&wish.lower, &wish.exact, &[Language::English])
            };
            keyword::ScoredWord { forms, weight_percent: 100 }
        })
        .collect();
    let scoring = keyword::Scoring { k1: 1.2, boosts: [1.0; 5], length_weights: [0.0; 5] };
    snapshot.keyword().score(&scored, &scoring, None).unwrap().keys().iter().copied().collect()
}

fn verdict(plan: &Plan, filters: &[Filter], candidate: &NaiveCandidate) -> Verdict {
    let mut plan = plan.clone();
    // Wishes within a field do not score yet.
    plan.wishes.retain(|wish| wish.scope == Scope::Anywhere);
    let forms = |lower: &str| vec![text::stem(lower, Language::English)];
    evaluate(&plan, filters, candidate, &forms)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn hit_sets_are_those_of_the_specification(
        documents in prop::collection::vec(document(), 1..20),
        queries in prop::collection::vec((query(), filters()), 30),
        events in prop::collection::vec(event(), 0..40),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let (engine, candidates) = engine(&documents, dir.path());
        engine.add_events(&events);
        engine.publish_activity().unwrap();
        let snapshot = engine.snapshot();
        for (typed, filters) in &queries {
            let plan = Plan::compile(&parse(typed, Syntax::Boolean).unwrap().ast);
            let filters = filters.validate().unwrap();
            let demanded = plan.demand.as_ref().map(|demand| snapshot.demanded(demand, as_of()).unwrap());
            let filtered = snapshot.filtered(&filters, as_of()).unwrap();
            let wished = wished(&plan, &snapshot);
            for (at, candidate) in candidates.iter().enumerate() {
                let key = at as u32 + 1;
                let expected = verdict(&plan, &filters, &naive(candidate, &snapshot, key, &events));
                let found = Verdict {
                    demanded: demanded.as_ref().map_or(Truth::Yes, |set| set.truth(key)),
                    wish_matched: wished.contains(&key),
                    filters: filtered.as_ref().map_or(Truth::Yes, |set| set.truth(key)),
                };
                // A text whose language is not told apart holds its words as they are: stems of wishes differ there.
                let language = snapshot.facts(key).unwrap().language;
                let expected = Verdict {
                    wish_matched: if language.is_some() { expected.wish_matched } else { found.wish_matched },
                    ..expected
                };
                prop_assert_eq!(found, expected, "{} {:?} {}", typed, filters, documents[at]);
            }
        }
    }
}

#[test]
fn strings_of_another_numbering_are_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let open = |string_lineage| EmbeddedEngine::open(dir.path(), &options(string_lineage)).unwrap();
    let vector = std::sync::Arc::new(crate::embed::UnitVector::normalize(vec![1.0; DIMENSIONS]).unwrap());
    let engine = open(1);
    engine.add_strings(&[(3, vector.clone()), (5, vector.clone())]).unwrap();
    engine.add_strings(&[(5, vector)]).unwrap();
    assert_eq!(engine.committed_string(), 0);
    assert_eq!(engine.publish(0, true).unwrap().strings().keys(), [3, 5]);
    drop(engine);
    let engine = open(1);
    assert_eq!((engine.committed_string(), engine.snapshot().strings().keys()), (5, vec![3, 5]));
    drop(engine);
    let engine = open(2);
    assert_eq!((engine.committed_string(), engine.snapshot().strings().len()), (0, 0));
}

#[test]
fn a_phrase_does_not_cross_values() {
    let dir = tempfile::tempdir().unwrap();
    let skills = json!({"profile": {"skills": [{"name": "machine", "keywords": ["learning", "machine learning"]}]}});
    let apart = json!({"profile": {"skills": [{"name": "machine"}, {"name": "learning"}]}});
    let (engine, _) = engine(&[skills, apart], dir.path());
    let snapshot = engine.snapshot();
    let phrase = Plan::compile(&parse("\"machine learning\"", Syntax::Boolean).unwrap().ast);
    let found = snapshot.demanded(&phrase.demand.unwrap(), as_of()).unwrap();
    assert_eq!(found.yes.iter().collect::<Vec<_>>(), [1]);
    assert!(VALUE_GAP > 1 && ScoredGroup::ALL.len() == 5);
}
