//! The page of a shortlist: picks, proposals, who was contacted, and tables.

use serde_json::{Value, json};

use crate::{
    client::Service,
    visitor::{Visitor, between, link, links, target, text, urlencoded},
};

fn developer(id: &str, name: &str, employer: &str) -> Value {
    json!({"id": id, "profile": {
        "basics": {"name": name, "label": format!("{name}: Rust developer"), "location": {"city": "Milano", "countryCode": "IT"},
            "profiles": [{"network": "LinkedIn", "url": format!("https://www.linkedin.com/in/{id}")}]},
        "work": [{"position": "Rust developer", "name": employer, "startDate": "2018-01", "summary": "Services in Rust."}],
        "skills": [{"name": "Rust"}]}})
}

async fn service() -> Service {
    let service = Service::start();
    let mut people = [
        developer("p1", "Ada Quirinale", "Alpha"),
        developer("p2", "Bruno Zanzotto", "=HYPERLINK(\"https://evil.example\")"),
        developer("p3", "Carla Nievo", "Gamma"),
        developer("p4", "Dino Pavese", "Delta"),
        json!({"id": "cook", "profile": {"basics": {"name": "@SUM(A1)"}, "work": [{"position": "Cook", "startDate": "2019"}]}}),
    ];
    people[3]["availability"] = json!({"doNotContact": true});
    people[0]["availability"] = json!({"openToWork": {"since": "2026-10-20"}});
    service.load(&people).await;
    let mut events =
        vec![json!({"candidateId": "p3", "type": "outreachSent", "at": "2026-10-25T00:00:00Z", "by": "somebody"})];
    for month in ["2026-05-01", "2026-06-01", "2026-07-01"] {
        for kind in ["outreachSent", "outreachReplied"] {
            events
                .push(json!({"candidateId": "p1", "type": kind, "at": format!("{month}T00:00:00Z"), "thread": month}));
        }
    }
    let answer = service.json("POST", "/v1/events?refresh=wait", Value::from(events)).await;
    assert_eq!((answer.status, &answer.body["accepted"]), (200, &json!(7)), "{}", answer.text);
    service
}

/// The ids of cards of a list, in order: `c` of proposals, `p` of picks.
fn ids<'p>(page: &'p str, list: &str) -> Vec<&'p str> {
    page.split(&format!(" id=\"{list}-")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The messages of one person's record, and who wrote them.
fn messages(service: &Service, id: &str) -> Vec<Option<String>> {
    let key = service.app.store.keys_by_ids(&[id]).unwrap()[0].unwrap();
    let events = service.app.store.events_of(key).unwrap().into_iter();
    events.filter(|event| event.event_type == "outreachSent").map(|event| event.by).collect()
}

/// Rows of a table, each with as many cells as its header.
fn rows(table: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn without_a_search_the_page_says_how_to_get_here() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    let page = visitor.page("/shortlist?pick=p1").await;
    assert_eq!((link(&page, "To the search"), ids(&page, "c").len()), ("/?pick=p1".to_owned(), 0));
    assert_eq!(ids(&page, "p"), ["p1"]);
    let refused = visitor.get("/shortlist.csv").await;
    assert!(refused.status == 400 && refused.text.contains("a shortlist is of a search"), "{}", refused.text);
}

#[tokio::test]
async fn proposals_say_what_each_adds_and_who_was_left_out() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    let page = visitor.page("/shortlist?q=%2Brust+developer").await;
    assert_eq!(ids(&page, "c"), ["p1", "p2"]);
    let told = text(&page);
    for words in [
        "For the search “+rust developer”. Change the search",
        "2 people competed: relevant enough, and may be written to. 60 % of the best relevance is needed.",
        "1 person asked not to be contacted.",
        "1 person was written to lately and has not answered yet.",
        "follows a fixed formula",
        "Nemhauser",
        "replied to 3 of 3 messages",
        "Contacted 4 months ago",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let items = service.json("POST", "/v1/shortlist", json!({"query": "+rust developer"})).await.body;
    let gain = items["shortlist"][0]["gain"].as_f64().unwrap();
    assert!(told.contains(&format!("adds {gain:.3}; expected replies so far: {gain:.2}.")), "{told}");
    assert!(told.contains(items["stop"]["reason"].as_str().unwrap()));
    let picture = between(&page, "<svg class=\"gains\" role=\"img\" aria-label=\"", "\"");
    assert!(picture.starts_with("What each of 2 people adds"), "{picture}");
    // The time there is decides how many.
    let one = visitor.page("/shortlist?q=%2Brust+developer&minutes=20&each=20").await;
    assert_eq!(ids(&one, "c"), ["p1"]);
    assert!(one.contains("name=\"minutes\" min=\"1\" step=\"any\" value=\"20\""), "{one}");
    assert!(links(&one, "Add to shortlist")[0].ends_with("&pick=p1&minutes=20&each=20#c-p1"));
    for wrong in ["minutes=0", "minutes=10&each=15", "each=x", "minutes=inf"] {
        let answer = visitor.get(&format!("/shortlist?q=rust&{wrong}")).await;
        assert!(answer.status == 400 && answer.text.contains("<html"), "{wrong}: {}", answer.text);
    }
    let nobody = visitor.page("/shortlist?q=%2Bcobol").await;
    assert!(text(&nobody).contains("Nobody is to be proposed."), "{}", text(&nobody));
    assert!(!nobody.contains("<svg class=\"gains\""));
}

#[tokio::test]
async fn a_line_stands_where_it_is_worth_stopping() {
    let service = Service::start();
    let people: Vec<Value> = (0..20).map(|number| developer(&format!("p{number}"), "Ada", "Omega")).collect();
    service.load(&people).await;
    let visitor = Visitor::of(&service, "en").await;
    let page = visitor.page("/shortlist?q=%2Brust+developer&minutes=300").await;
    let stop =
        service.json("POST", "/v1/shortlist", json!({"query": "+rust developer", "minutes": 300})).await.body["stop"]
            .clone();
    let after = stop["after"].as_u64().unwrap() as usize;
    assert!((1..20).contains(&after), "{stop}");
    let (worth, others) = page.split_once("<p class=\"stop\">").unwrap();
    assert_eq!((ids(worth, "c").len(), ids(others, "c").len()), (after, 20 - after));
    assert!(others.contains(&format!("<ol class=\"cards\" start=\"{}\">", after + 1)));
    assert!(
        text(others).starts_with(&format!("It is worth stopping here: {}.", stop["reason"].as_str().unwrap())),
        "{}",
        text(others)
    );
    assert!(page.contains(&format!("It is worth stopping after number {after}.")));
    assert!(page.contains("<line ") && page.contains("; the line stands where it is worth stopping."));
}

#[tokio::test]
async fn who_is_contacted_leaves_the_proposals_of_the_same_recruiter() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    let page = visitor.page("/shortlist?q=%2Brust+developer&pick=p1&pick=p3").await;
    // Of a person on both lists there are two forms; of one who asked to be left alone none.
    let form = |page: &str, id: &str| -> Option<String> {
        let forms = page.split("<form action=\"/contacted\" method=\"post\">").skip(1);
        let form = forms.into_iter().find(|form| form.contains(&format!("name=\"id\" value=\"{id}\"")))?;
        Some(between(form, "name=\"back\" value=\"", "\"").replace("&amp;", "&"))
    };
    assert_eq!(page.matches("name=\"id\" value=\"p1\"").count(), 2);
    let back = form(&page, "p1").unwrap();
    let answer = visitor.form("/contacted", &[("id", "p1"), ("back", &back)]).await;
    assert_eq!(target(&answer), back);

    let after = visitor.page(&back).await;
    assert_eq!((ids(&after, "c"), ids(&after, "p")), (vec!["p2"], vec!["p1", "p3"]));
    let told = text(&after);
    assert!(
        told.contains("Marked as contacted today: Ada Quirinale. They are not proposed to you for 60 days"),
        "{told}"
    );
    assert!(told.contains("Contacted today") && told.contains("2 people were written to lately"), "{told}");
    assert_eq!(form(&after, "p1"), None, "no second form on the same day");
    // A second click, of another tab, says nothing new.
    assert_eq!(visitor.form("/contacted", &[("id", "p1"), ("back", "/")]).await.status, 303);
    let written = messages(&service, "p1");
    assert_eq!(written.len(), 4);
    let recruiter = written[3].clone().unwrap();
    assert!(recruiter.len() == 16 && !written[..3].contains(&Some(recruiter.clone())));
    // A month later they are proposed again, but not to who wrote to them.
    let later = |recruiter: String| {
        let body = json!({"query": "+rust developer", "asOf": "2026-12-01T00:00:00Z", "recruiter": recruiter});
        service.json("POST", "/v1/shortlist", body)
    };
    let own = later(recruiter).await.body.to_string();
    let other = later("somebody else".into()).await.body.to_string();
    assert!(!own.contains("\"id\":\"p1\"") && other.contains("\"id\":\"p1\""));
    // An address that says so of somebody to whom nobody wrote shows nothing of the kind.
    let forged = visitor.page("/shortlist?q=%2Brust+developer&wrote=p2").await;
    assert!(!forged.contains("role=\"status\""));
    let left_alone = visitor.page("/shortlist?pick=p4").await;
    assert!(text(&left_alone).contains("Asked not to be contacted") && form(&left_alone, "p4").is_none());
}

#[tokio::test]
async fn foreign_and_wrong_forms_write_nothing() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    let cookie = "lodestone=0123456789abcdef0123456789abcdef";
    for headers in [
        vec![],
        vec![("sec-fetch-site", "same-origin")],
        vec![("cookie", cookie)],
        vec![("cookie", cookie), ("sec-fetch-site", "cross-site")],
        vec![("cookie", cookie), ("sec-fetch-site", "same-site")],
        vec![("cookie", "lodestone=short"), ("sec-fetch-site", "same-origin")],
    ] {
        let request =
            axum::http::Request::post("/contacted").header("content-type", "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let body = urlencoded(&[("id", "p2"), ("back", "/shortlist")]);
        let answer = service.send(request.body(body.into()).unwrap()).await;
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    for back in ["", "shortlist", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example/"] {
        let answer = visitor.form("/contacted", &[("id", "p2"), ("back", back)]).await;
        assert!(answer.status == 400 && !answer.headers.contains_key("location"), "{back:?}");
    }
    assert_eq!(visitor.form("/contacted", &[("id", "p2")]).await.status, 400);
    assert_eq!(visitor.form("/contacted", &[("id", "nobody"), ("back", "/")]).await.status, 404);
    assert_eq!(messages(&service, "p2"), []);
}

#[tokio::test]
async fn picks_are_shown_removed_and_said_to_be_gone() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    let page = visitor.page("/shortlist?pick=p1&pick=ghost&pick=cook&minutes=60").await;
    assert_eq!(ids(&page, "p"), ["p1", "ghost", "cook"]);
    let told = text(&page);
    assert!(told.contains("Your picks 3") && told.contains("ghost is not stored any more"), "{told}");
    assert!(told.contains("Rust developer at Alpha since 2018-01 Milan, IT 8.8 years Open to work"), "{told}");
    let without = visitor.page(&link(&page, "Remove ghost")).await;
    assert_eq!(ids(&without, "p"), ["p1", "cook"]);
    assert!(link(&without, "Picks as CSV").contains("minutes=60"));
    assert!(visitor.page("/shortlist?q=rust").await.matches("Your picks").count() == 0);

    let table = visitor.get(&link(&page, "Picks as CSV")).await;
    let rows = rows(&table.text);
    assert_eq!(
        (rows.len(), &rows[1][..3], &rows[2][..3]),
        (
            3,
            &["1".into(), "p1".into(), "Ada Quirinale".into()][..],
            &["3".into(), "cook".into(), "'@SUM(A1)".into()][..]
        )
    );
    assert!(table.headers["content-disposition"].to_str().unwrap().contains("picks-2026-11-01.csv"));
}

#[tokio::test]
async fn tables_guard_formulas_and_hide_names() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    let page = visitor.page("/shortlist?q=%2Brust+developer").await;
    let table = visitor.get(&link(&page, "Proposals as CSV")).await;
    assert_eq!((table.status, table.headers["content-type"].to_str().unwrap()), (200, "text/csv; charset=utf-8"));
    assert_eq!(table.headers["content-disposition"], "attachment; filename=\"shortlist-2026-11-01.csv\"");
    assert_eq!(table.headers["x-content-type-options"], "nosniff");
    let all = rows(&table.text);
    let header = "Rank,Id,Name,Headline,Title,Employer,Place,Years,Open to work,Score,Reply probability,Gain,Last active,Reason,URL";
    assert_eq!(all[0].join(","), header, "no byte order mark before it");
    assert_eq!(
        all[1][..9],
        [
            "1",
            "p1",
            "Ada Quirinale",
            "Ada Quirinale: Rust developer",
            "Rust developer",
            "Alpha",
            "Milan, IT",
            "8.8",
            "yes"
        ]
    );
    assert!(all[1][9..12].iter().all(|number| number.parse::<f64>().unwrap() > 0.0), "{:?}", all[1]);
    assert_eq!((all[1][12].as_str(), all[1][14].as_str()), ("2026-07-01", "https://www.linkedin.com/in/p1"));
    assert_eq!(all[2][5], "'=HYPERLINK(\"https://evil.example\")");
    assert!(all.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t'])));

    let blind = visitor.get("/shortlist.csv?q=%2Brust+developer&blind=1").await.text;
    assert_eq!(rows(&blind)[0].join(","), header.replace("Name,", ""));
    for word in ["Ada", "Quirinale", "Bruno", "Zanzotto", "linkedin"] {
        assert!(!blind.contains(word), "{word}: {blind}");
    }
    assert!(rows(&blind)[1][2].ends_with(": Rust developer"));
}

#[tokio::test]
async fn names_are_hidden_and_the_page_speaks_italian() {
    let service = service().await;
    let visitor = Visitor::of(&service, "it").await;
    let page = visitor.page("/shortlist?q=%2Brust+developer&pick=p3&minutes=45").await;
    let told = text(&page);
    for words in [
        "Le tue scelte 1",
        "Proposte 2",
        "Risponde con una probabilità del",
        "1 persona ha chiesto di non essere contattata.",
        "Segna come contattata",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let blind = visitor.page(&link(&page, "Nascondi i nomi")).await;
    assert!(blind.contains("name=\"minutes\" min=\"1\" step=\"any\" value=\"45\""), "the time there is stays");
    assert_eq!((ids(&blind, "c"), ids(&blind, "p")), (ids(&page, "c"), ids(&page, "p")));
    for word in ["Ada", "Quirinale", "Bruno", "Zanzotto", "Carla", "Nievo"] {
        assert!(!blind.contains(word), "{word}");
    }
    let answer = visitor.form("/contacted", &[("id", "p2"), ("back", "/shortlist?q=rust&blind=1&wrote=p2")]).await;
    let after = visitor.page(&target(&answer)).await;
    assert!(text(&after).contains("Segnata come contattata oggi: Nome nascosto.") && !after.contains("Bruno"));
    let named = visitor.get("/shortlist?q=name%3Abruno&blind=1").await;
    assert!(named.status == 400 && named.text.contains("names are hidden"), "{}", named.text);
    assert_eq!(visitor.get("/shortlist.csv?q=name%3Abruno&blind=1").await.status, 400);
    assert_eq!(visitor.get("/shortlist?q=name%3Abruno").await.status, 200);
}
