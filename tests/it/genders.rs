//! Women and men who are called the same: whichever form is typed, none ranks behind the other.

use serde_json::{Value, json};

use crate::client::Service;

/// What a man and what a woman is called.
const TITLES: [(&str, &str); 12] = [
    ("Enfermero", "Enfermera"),
    ("Ingeniero agrónomo", "Ingeniera agrónoma"),
    ("Director de ventas", "Directora de ventas"),
    ("Koch", "Köchin"),
    ("Softwareentwickler", "Softwareentwicklerin"),
    ("Kaufmann im Einzelhandel", "Kauffrau im Einzelhandel"),
    ("Infirmier", "Infirmière"),
    ("Directeur commercial", "Directrice commerciale"),
    ("Infermiere", "Infermiera"),
    ("Redattore", "Redattrice"),
    ("Diretor financeiro", "Diretora financeira"),
    ("Waiter", "Waitress"),
];

fn person(id: String, title: &str) -> Value {
    let work = json!([{"position": title, "name": "Acme", "startDate": "2019-01"}]);
    json!({"id": id, "profile": {"basics": {"label": title}, "work": work}})
}

#[tokio::test]
async fn one_gender_does_not_rank_behind_the_other() {
    let service = Service::start();
    let both =
        |(at, (man, woman)): (usize, &(&str, &str))| [person(format!("m{at}"), man), person(format!("w{at}"), woman)];
    let people: Vec<Value> = TITLES.iter().enumerate().flat_map(both).collect();
    service.load(&people).await;
    for (at, (man, woman)) in TITLES.iter().enumerate() {
        let ending = format!("{man}/{woman}");
        for typed in [man, woman, ending.as_str()] {
            let found = service.search(json!({"query": typed, "limit": 100})).await;
            let hits = found["hits"].as_array().unwrap();
            let relevance = |id: String| {
                let hit = hits.iter().find(|hit| hit["id"] == *id).unwrap_or_else(|| panic!("{id} for {typed}"));
                hit["score"].as_f64().unwrap()
            };
            assert_eq!(relevance(format!("m{at}")), relevance(format!("w{at}")), "{typed}");
        }
    }
}

#[tokio::test]
async fn what_is_demanded_is_found_as_it_was_typed() {
    let service = Service::start();
    service.load(&[person("m".to_owned(), "Enfermero"), person("w".to_owned(), "Enfermera")]).await;
    assert_eq!(service.ids(json!({"query": "+enfermera"})).await, ["w"]);
    assert_eq!(service.ids(json!({"query": "enfermera -enfermero"})).await, ["w"]);
    assert_eq!(service.ids(json!({"query": "enfermera"})).await.len(), 2);
}
