//! The page of a job: a text or a file in, what was read of it to be corrected, and who fits.

use serde_json::{Value, json};

use crate::{
    client::Service,
    visitor::{Visitor, between, link, links, target, text},
};

const JOB: &str = "Senior Rust Engineer (m/f/d)\r
\r
Requirements\r
- 5+ years of experience\r
- Rust, Kafka\r
- Fluent Italian\r
\r
Nice to have\r
- Terraform\r
\r
What we offer\r
- A kitchen with a <b>pastry</b> chef";

fn person(id: &str, name: &str, title: &str, skills: &[&str]) -> Value {
    let skills: Vec<Value> = skills.iter().map(|skill| json!({"name": skill})).collect();
    json!({"id": id, "profile": {
        "basics": {"name": name, "label": format!("{name}, {title}")},
        "work": [{"position": title, "name": "Alpha", "startDate": "2015-01", "summary": format!("Works as {title}.")}],
        "skills": skills}})
}

async fn service() -> Service {
    let service = Service::start();
    let people = [
        person("p1", "Ada Quirinale", "Rust Engineer", &["Rust", "Kafka"]),
        person("p2", "Bruno Zanzotto", "Software developer", &["Rust", "Terraform"]),
        person("p3", "Carla Nievo", "Pastry chef", &["Pastry"]),
    ];
    service.load(&people).await;
    service
}

/// The address of a pasted text.
async fn pasted(visitor: &Visitor<'_>, job: &str) -> String {
    target(&visitor.upload("/match", &[("text", job), ("title", "")], None).await)
}

/// The ids on a page, in order.
fn ids(page: &str) -> Vec<&str> {
    page.split("<li class=\"card\" id=\"c-").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The skills of a list, in order.
fn skills(page: &str, list: &str) -> Vec<String> {
    let (_, rest) = page.split_once(&format!("<h3 id=\"{list}-skills\">")).unwrap();
    let list = rest.split("<h3").next().unwrap();
    list.split("<summary")
        .skip(1)
        .map(|chip| text(&format!("<x{}", chip.split("</summary>").next().unwrap())))
        .collect()
}

#[tokio::test]
async fn a_pasted_text_is_an_address_and_a_page() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    let form = visitor.page("/match?q=kept&blind=1").await;
    assert!(form.contains("enctype=\"multipart/form-data\"") && form.contains("<textarea id=\"text\" name=\"text\""));
    assert!(form.contains("name=\"q\" value=\"kept\"") && form.contains("name=\"blind\" value=\"1\""), "{form}");

    let address = pasted(&visitor, JOB).await;
    assert!(address.starts_with("/match?job=") && !address.contains("title="), "{address}");
    let page = visitor.page(&address).await;
    assert_eq!(
        (skills(&page, "must"), skills(&page, "nice")),
        (vec!["Rust".into(), "Kafka".into()], vec!["Terraform".to_owned()])
    );
    let told = text(&page);
    for words in [
        "Senior Rust Engineer",
        "Experience: from 5 years from “5+ years of experience” Filter by it",
        "Language: Italian from “Fluent Italian” Filter by it",
        "Seniority: senior",
        "Left aside Benefits What we offer A kitchen with a <b>pastry</b> chef",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!page.contains("<b>pastry"), "what was pasted is escaped");
    assert_eq!(ids(&page)[..2], ["p1", "p2"]);
    // Whoever opens the address sees the same.
    let other = Visitor::of(&service, "en").await;
    assert_eq!(ids(&other.page(&address).await), ids(&page));
}

#[tokio::test]
async fn skills_move_and_go_by_links_and_by_hand() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    let page = visitor.page(&pasted(&visitor, JOB).await).await;
    let moved = visitor.page(&links(&page, "Nice to have")[1]).await;
    assert_eq!(
        (skills(&moved, "must"), skills(&moved, "nice")),
        (vec!["Rust".to_owned()], vec!["Terraform".into(), "Kafka".into()])
    );
    let back = visitor.page(&links(&moved, "Must have it")[0]).await;
    assert_eq!(
        (skills(&back, "must"), skills(&back, "nice")),
        (vec!["Rust".to_owned(), "Terraform".into()], vec!["Kafka".to_owned()])
    );
    let removed = visitor.page(&links(&back, "Remove")[0]).await;
    assert_eq!(skills(&removed, "must"), ["Terraform"]);
    let as_read = visitor.page(&link(&removed, "Back to what the text says")).await;
    assert_eq!(skills(&as_read, "must"), ["Rust", "Kafka"]);
    assert!(links(&as_read, "Back to what the text says").is_empty());

    let form = between(&page, "<form class=\"fields\"", "</form>");
    let job = between(form, "name=\"job\" value=\"", "\"");
    assert!(form.contains("<textarea name=\"must\" rows=\"6\" dir=\"auto\">\nRust\nKafka</textarea>"), "{form}");
    let fields = [("job", job), ("title", "Pastry chef"), ("must", "Pastry\r\n\r\n "), ("nice", ""), ("blind", "1")];
    let address = target(&visitor.upload("/match", &fields, None).await);
    assert!(address.contains("&must=Pastry&nice=") && address.contains("blind=1"), "{address}");
    let edited = visitor.page(&address).await;
    assert_eq!(
        (ids(&edited)[0], skills(&edited, "must"), skills(&edited, "nice").len()),
        ("p3", vec!["Pastry".to_owned()], 0)
    );
    // What the text says anyway is not stated.
    let fields = [("job", job), ("title", "Senior Rust Engineer"), ("must", "Rust\r\nKafka"), ("nice", "Terraform")];
    assert_eq!(target(&visitor.upload("/match", &fields, None).await), format!("/match?job={job}"));
}

#[tokio::test]
async fn proposed_filters_are_applied_and_taken_away_by_links() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    let page = visitor.page(&pasted(&visitor, JOB).await).await;
    let filtered = visitor.page(&link(&page, "Filter by it Languages: Italian")).await;
    // Nobody states a language.
    assert_eq!(ids(&filtered), [""; 0]);
    assert!(text(&filtered).contains("Nobody fits. Match without filters"), "{}", text(&filtered));
    let included = visitor.page(&link(&filtered, "Show them too")).await;
    assert_eq!(ids(&included)[0], "p1");
    let without = visitor.page(&link(&included, "Filter is on: remove Languages: Italian")).await;
    assert_eq!(ids(&without), ids(&page));
    let experienced = visitor.page(&link(&page, "Filter by it Experience: from 5 years")).await;
    assert_eq!(ids(&experienced), ids(&page), "all have eleven years");
    // A filter from the search page stands beside, and can be taken away too.
    let address = format!("{}&skills.none=Terraform", pasted(&visitor, JOB).await);
    let foreign = visitor.page(&address).await;
    assert!(!ids(&foreign).contains(&"p2"));
    let taken = visitor.page(&link(&foreign, "Filter is on: remove Skills: not Terraform")).await;
    assert_eq!(ids(&taken), ids(&page));
}

#[tokio::test]
async fn files_are_read_and_bad_ones_are_told() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    let html = b"<html><body><h1>Pastry chef</h1><h2>Requirements</h2><ul><li>Pastry</li></ul></body></html>";
    let address = target(&visitor.upload("/match", &[("text", JOB)], Some(("job.html", html))).await);
    let page = visitor.page(&address).await;
    assert_eq!(
        (ids(&page)[0], skills(&page, "must")),
        ("p3", vec!["Pastry".to_owned()]),
        "the file goes before the text"
    );
    let rtf = br"{\rtf1\ansi Rust Engineer\par Requirements\par - Rust\par}";
    let page = visitor.page(&target(&visitor.upload("/match", &[], Some(("job.rtf", rtf))).await)).await;
    assert_eq!(ids(&page)[0], "p1");

    let long = "word ".repeat(14_000);
    let noise: String =
        (0..1_400_u32).map(|number| blake3::hash(&number.to_le_bytes()).to_hex()[..44].to_owned() + "\n").collect();
    for (fields, file, words) in [
        (vec![("text", " "), ("title", "")], None, "paste a job text"),
        (vec![("text", long.as_str())], None, "at most 65536 are read"),
        (vec![], Some(("job.txt", long.as_bytes())), "at most 65536 are read"),
        (vec![], Some(("job.pdf", &b"%PDF-1.4 nothing"[..])), "the file gives no job text"),
        (vec![], Some(("job.png", &b"\x89PNG\r\n"[..])), "the file is a picture"),
        (vec![], Some(("job.txt", &b""[..])), "the file is empty"),
        (vec![("text", "Rust"), ("years.min", "many")], None, "/years.min"),
    ] {
        let answer = visitor.upload("/match", &fields, file).await;
        assert!((400..500).contains(&answer.status) && text(&answer.text).contains(words), "{words}: {}", answer.text);
    }
    // Hexadecimal digits compress to half: it fits. What does not is told.
    assert_eq!(visitor.upload("/match", &[("text", &noise)], None).await.status, 303);
    let answer = visitor.form("/match", &[("text", "Rust")]).await;
    assert!(answer.status == 415 && answer.text.contains("multipart/form-data"), "{}", answer.text);
}

#[tokio::test]
async fn hostile_addresses_are_refused() {
    let service = service().await;
    let visitor = Visitor::of(&service, "en").await;
    for job in ["x", "AAAA", "%00", "KLUv_SAAAQAA", &"A".repeat(50_000)] {
        let answer = visitor.get(&format!("/match?job={job}")).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert!(answer.text.contains("holds no job text") && answer.text.contains("<html"), "{}", answer.text);
    }
    let answer = visitor.get(&format!("/match?title={}", "x".repeat(60_001))).await;
    assert!(answer.status == 400 && answer.text.contains("at most 60000 fit"), "{}", answer.text);
    let answer = visitor.get(&format!("/match?title={}", "x".repeat(501))).await;
    assert!(answer.status == 400 && answer.text.contains("/title"), "{}", answer.text);
}

#[tokio::test]
async fn foreign_forms_are_refused() {
    let service = Service::start();
    let visitor = Visitor::of(&service, "en").await;
    let own = visitor.upload("/match", &[("text", JOB)], None).await;
    assert_eq!(own.status, 303);
    let body = "--x\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\nRust\r\n--x--\r\n";
    let cookie = "lodestone=0123456789abcdef0123456789abcdef";
    for headers in [
        vec![("sec-fetch-site", "same-origin")],
        vec![("cookie", cookie)],
        vec![("cookie", cookie), ("sec-fetch-site", "cross-site")],
        vec![("cookie", cookie), ("origin", "https://evil.example"), ("host", "localhost")],
    ] {
        let mut request = axum::http::Request::post("/match").header("content-type", "multipart/form-data; boundary=x");
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let answer = service.send(request.body(body.into()).unwrap()).await;
        assert_eq!(answer.status, 403, "{headers:?}");
    }
}

#[tokio::test]
async fn names_are_hidden_and_picks_keep_the_job() {
    let service = service().await;
    let visitor = Visitor::of(&service, "it").await;
    let address = pasted(&visitor, JOB).await;
    let page = visitor.page(&address).await;
    assert!(
        page.contains("<html lang=\"it\">")
            && text(&page).contains("Letto dall'annuncio")
            && page.contains("Ada Quirinale")
    );
    assert!(
        text(&page).contains("Esperienza: da 5 anni da “5+ years of experience” Usa come filtro"),
        "{}",
        text(&page)
    );

    let picked = visitor.page(&links(&page, "Aggiungi alla rosa")[0]).await;
    assert!(text(&picked).contains("Rosa 1") && ids(&picked) == ids(&page));
    assert_eq!(link(&picked, "Rosa 1"), "/shortlist?pick=p1");

    let blind = visitor.page(&link(&page, "Nascondi i nomi")).await;
    assert_eq!(ids(&blind), ids(&page));
    for word in ["Ada", "Quirinale", "Bruno", "Zanzotto"] {
        assert!(!blind.contains(word), "{word}");
    }
    assert!(blind.contains("Nome nascosto") && blind.contains("•••"));
    assert_eq!(ids(&visitor.page(&link(&blind, "Mostra i nomi")).await), ids(&page));
}

#[tokio::test]
async fn pages_are_numbered_and_nobody_is_told() {
    let service = Service::start();
    let visitor = Visitor::of(&service, "en").await;
    let address = pasted(&visitor, "Rust Engineer\n\nRequirements\n- Rust\n").await;
    let empty = visitor.page(&address).await;
    assert!(
        text(&empty).contains("Ranked by fit: 0 people") && text(&empty).contains("Nobody fits."),
        "{}",
        text(&empty)
    );

    let people: Vec<Value> =
        (0..23).map(|number| person(&format!("p{number}"), "Ada", "Rust Engineer", &["Rust"])).collect();
    service.load(&people).await;
    let first = visitor.page(&address).await;
    assert!(text(&first).contains("Ranked by fit: 23 people"), "{}", text(&first));
    let second = visitor.page(&link(&first, "Next page")).await;
    assert_eq!((ids(&first).len(), ids(&second).len(), links(&second, "Next page").len()), (20, 3, 0));
    assert!(second.contains("start=\"21\"") && ids(&second).iter().all(|id| !ids(&first).contains(id)));
    assert_eq!(link(&second, "Page before"), address);
    let beyond = visitor.page(&format!("{address}&page=9")).await;
    assert!(text(&beyond).contains("No further people are listed"), "{}", text(&beyond));
    // A title alone is a job too.
    let titled = target(&visitor.upload("/match", &[("text", ""), ("title", "Rust Engineer")], None).await);
    assert_eq!(titled, "/match?title=Rust+Engineer");
    assert_eq!(ids(&visitor.page(&titled).await).len(), 20);
}
