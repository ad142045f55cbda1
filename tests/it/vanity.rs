//! Vanity and stuffing never rank: what is boasted of or said again changes no score and no order.

use std::fmt::Write as _;

use lodestone::population::{DEFAULT_AS_OF, Population};
use serde_json::{Value, json};

use crate::client::Service;

const PEOPLE: u64 = 90;

/// Of so many people one is changed: if it helped, they would pass the others.
const CHANGED_OF: usize = 3;

fn people() -> Vec<Value> {
    let population = Population::new(17, PEOPLE, DEFAULT_AS_OF);
    (0..PEOPLE).map(|at| serde_json::to_value(population.candidate(at).candidate).unwrap()).collect()
}

/// Titles and skills of the people themselves, so that many match.
fn queries(people: &[Value]) -> Vec<String> {
    let mut queries = Vec::new();
    for person in people.iter().step_by(9) {
        let text = |pointer: &str| person.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let skills = [0, 1].map(|at| text(&format!("/profile/skills/{at}/name")));
        queries
            .push(format!("{} {} {}", text("/profile/work/0/position"), skills[0], skills[1]).replace(['"', ':'], " "));
    }
    queries
}

async fn rankings(people: &[Value], queries: &[String]) -> Vec<Vec<(String, f64)>> {
    let service = Service::start();
    service.load(people).await;
    let mut rankings = Vec::new();
    for query in queries {
        let body = json!({"query": query, "limit": 100, "asOf": DEFAULT_AS_OF.to_string(), "explain": false});
        let response = service.search(body).await;
        let hits = response["hits"].as_array().unwrap().iter();
        let ranked = hits.map(|hit| (hit["id"].as_str().unwrap().to_owned(), hit["score"].as_f64().unwrap()));
        rankings.push(ranked.collect());
    }
    rankings
}

fn times(list: &mut Value, count: usize) {
    if let Some(list) = list.as_array_mut() {
        *list = list.iter().cycle().take(list.len() * count).cloned().collect();
    }
}

/// Says a text again. One of several lines starts on a new line: behind its last one another line would be said.
fn repeated(text: &mut Value, count: usize) {
    if let Value::String(text) = text {
        let between = if text.contains('\n') { "\n" } else { " " };
        *text = vec![text.as_str(); count].join(between);
    }
}

fn boast(person: &mut Value) {
    let basics = &mut person["profile"]["basics"];
    if basics["profiles"].as_array().is_none_or(Vec::is_empty) {
        basics["profiles"] = json!([{"network": "Example", "username": "someone"}]);
    }
    for profile in basics["profiles"].as_array_mut().unwrap() {
        for count in ["followers", "likes", "connections"] {
            let known = profile[count].as_u64().unwrap_or(5_000);
            profile[count] = json!(known * 10);
        }
    }
    for skill in person["profile"]["skills"].as_array_mut().into_iter().flatten() {
        let known = skill["endorsements"].as_u64().unwrap_or(99);
        skill["endorsements"] = json!(known * 10);
    }
}

fn repeat_a_skill(person: &mut Value) {
    let skills = &mut person["profile"]["skills"];
    if let Some(first) = skills.as_array().and_then(|skills| skills.first()).cloned() {
        skills.as_array_mut().unwrap().extend(vec![first; 50]);
    }
}

fn repeat_a_sentence(person: &mut Value) {
    let summary = &mut person["profile"]["basics"]["summary"];
    if let Some(text) = summary.as_str() {
        let sentence = text.split_inclusive(". ").next().unwrap_or_default().trim().to_owned();
        let mut stuffed = text.to_owned();
        (0..50).for_each(|_| write!(stuffed, " {sentence}").unwrap());
        *summary = Value::String(stuffed);
    }
}

fn repeat_everything(person: &mut Value) {
    let profile = &mut person["profile"];
    repeated(&mut profile["basics"]["summary"], 10);
    for position in profile["work"].as_array_mut().into_iter().flatten() {
        repeated(&mut position["summary"], 10);
        times(&mut position["highlights"], 10);
    }
    for list in ["work", "skills", "education", "certificates", "projects", "languages"] {
        times(&mut profile[list], 10);
    }
    for document in person["documents"].as_array_mut().into_iter().flatten() {
        repeated(&mut document["text"], 10);
    }
}

fn repeat_words_of_titles(person: &mut Value) {
    for position in person["profile"]["work"].as_array_mut().into_iter().flatten() {
        repeated(&mut position["position"], 5);
    }
    repeated(&mut person["profile"]["basics"]["label"], 5);
}

async fn assert_nothing_changes(what: &str, change: fn(&mut Value)) {
    let people = people();
    let queries = queries(&people);
    let mut changed = people.clone();
    changed.iter_mut().step_by(CHANGED_OF).for_each(change);
    assert_ne!(people, changed, "{what}: nobody was changed");
    let (before, after) = (rankings(&people, &queries).await, rankings(&changed, &queries).await);
    for ((before, after), query) in before.iter().zip(&after).zip(&queries) {
        assert!(before.len() > 5, "{query}: too few hits to tell");
        let order = |ranking: &[(String, f64)]| ranking.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
        assert_eq!(order(before), order(after), "{what}: {query}");
        for ((id, one), (_, other)) in before.iter().zip(after) {
            assert!((one - other).abs() < 1e-6, "{what}: {query}: {id}: {one} and {other}");
        }
    }
}

#[tokio::test]
async fn followers_likes_and_endorsements_change_nothing() {
    assert_nothing_changes("vanity", boast).await;
}

#[tokio::test]
async fn a_skill_named_fifty_times_more_changes_nothing() {
    assert_nothing_changes("a skill", repeat_a_skill).await;
}

#[tokio::test]
async fn a_sentence_said_fifty_times_more_changes_nothing() {
    assert_nothing_changes("a sentence", repeat_a_sentence).await;
}

#[tokio::test]
async fn a_profile_ten_times_as_long_by_repetition_changes_nothing() {
    assert_nothing_changes("everything", repeat_everything).await;
}

#[tokio::test]
async fn words_said_again_in_titles_change_nothing() {
    assert_nothing_changes("titles", repeat_words_of_titles).await;
}
