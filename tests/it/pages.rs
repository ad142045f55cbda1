//! The recruiter's pages over HTTP: what they hold, what their links lead to, and what they refuse.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use crate::{
    client::{Answer, Service},
    visitor::{Link, all_links, target, text},
};

/// The address of the link with this text.
fn link(page: &str, text: &str) -> String {
    let found = all_links(page).into_iter().find(|link| link.text == text);
    found.unwrap_or_else(|| panic!("no link {text:?} in {:?}", all_links(page))).address
}

impl Service {
    /// A page, which must be there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", text(&answer.text));
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
        answer.text
    }

    /// Sends a form from one of our own pages.
    pub(crate) async fn form(&self, path: &str, media_type: &str, body: impl Into<Body>) -> Answer {
        let secret = "0123456789abcdef0123456789abcdef";
        let request = Request::post(path).header("content-type", media_type).header("sec-fetch-site", "same-origin");
        self.send(request.header("cookie", format!("lodestone={secret}")).body(body.into()).unwrap()).await
    }
}

fn people() -> Vec<Value> {
    let person = |id: &str, name: &str, title: &str, city: &str, skills: &[&str]| {
        let skills: Vec<Value> = skills.iter().map(|skill| json!({"name": skill})).collect();
        json!({"id": id, "profile": {"basics": {"name": name, "label": title, "location": {"city": city, "countryCode": "IT"}},
            "work": [{"name": "Acme", "position": title, "startDate": "2019-02"}], "skills": skills}})
    };
    vec![
        person("p1", "Ada Rossi", "Rust engineer", "Milano", &["Rust", "Kafka"]),
        person("p2", "Bruno Verdi", "Rust engineer", "Torino", &["Rust", "Go"]),
        person("p3", "Carla Neri", "Data engineer", "Milano", &["Python"]),
        person("p4", "Dario Bianchi", "Nurse", "Roma", &["Intensive care"]),
    ]
}

async fn service() -> Service {
    let service = Service::start();
    service.load(&people()).await;
    service
}

/// The total that a page tells.
fn total(page: &str) -> usize {
    let told = text(page);
    let (_, told) = told.split_once("Results: ").unwrap_or_else(|| panic!("{told}"));
    told.split(' ').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_start_page_shows_everybody_and_says_how_to_ask() {
    let service = service().await;
    let answer = service.get("/").await;
    assert_eq!((answer.status, total(&answer.text)), (200, 4));
    assert!(text(&answer.text).contains("Who are you looking for?"));
    let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let cookie = header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!((header("x-content-type-options"), header("referrer-policy")), ("nosniff".into(), "same-origin".into()));
    for forbidden in ["style=\"", "<style", "onclick=", "javascript:", "http://", "https://"] {
        assert!(!answer.text.contains(forbidden), "{forbidden}");
    }
}

#[tokio::test]
async fn every_file_of_a_page_is_there_and_cached() {
    let service = service().await;
    let page = service.page("/").await;
    let address = |name: &str| page.split('"').find(|part| part.ends_with(name)).unwrap().to_owned();
    let script = service.get(&address("app.js")).await;
    assert!(script.headers["cache-control"].to_str().unwrap().contains("immutable"));
    let folder = address("app.js").replace("app.js", "");
    for name in script.text.split('"').filter(|part| part.starts_with("./")) {
        assert_eq!(service.get(&format!("{folder}{}", &name[2..])).await.status, 200, "{name}");
    }
    assert_eq!(service.get(&address("style.css")).await.headers["content-type"], "text/css; charset=utf-8");
    assert_eq!(service.get("/assets/0/app.js").await.status, 404);
}

#[tokio::test]
async fn chips_change_the_search_they_stand_for() {
    let service = service().await;
    let page = service.page("/?q=rust+engineer").await;
    assert_eq!(total(&page), 3);
    let must = service.page(&link(&page, "Must have it")).await;
    assert!(must.contains("value=\"+rust engineer\""), "{}", text(&must));
    assert_eq!(total(&must), 2);
    let without = service.page(&link(&page, "Exclude it")).await;
    assert!(without.contains("value=\"-rust engineer\""));
    assert_eq!(total(&without), 1);
    let removed = service.page(&link(&page, "Remove")).await;
    assert!(removed.contains("value=\"engineer\""));
    let edited = service.get("/refine?q=rust+engineer&from=0&to=4&text=%22data+engineer%22&sort=experience").await;
    assert_eq!(target(&edited), "/?q=%22data+engineer%22+engineer&sort=experience");
    assert_eq!(service.get("/refine?q=rust&from=3&to=9&text=x").await.status, 400);
}

#[tokio::test]
async fn a_sentence_is_read_and_each_part_can_be_undone() {
    let service = service().await;
    let page = service.page("/?q=rust+engineer+near+Milan").await;
    let told = text(&page);
    assert!(told.contains("Near: Milan, IT"), "{told}");
    assert_eq!(total(&page), 2, "the data engineer of Milan ranks too");
    let undone = service.page(&link(&page, "Read it as words")).await;
    assert!(!text(&undone).contains("Near: Milan"), "{}", text(&undone));
    assert_eq!(total(&undone), 3);
}

#[tokio::test]
async fn the_number_beside_a_value_is_the_total_that_it_target() {
    let service = service().await;
    for start in [
        "/",
        "/?q=engineer",
        "/?q=rust+engineer+near+Milan",
        "/?q=engineer&skills.any=Rust",
        "/?openToWork=true&unknowns=include",
    ] {
        let page = service.page(start).await;
        let facets: Vec<Link> = all_links(&page).into_iter().filter(|link| link.text.starts_with("Only ")).collect();
        assert!(!facets.is_empty(), "{start}");
        for facet in facets {
            let count: usize = facet.text.rsplit(' ').next().unwrap().parse().unwrap();
            let selected = service.page(&facet.address).await;
            // A second skill is an alternative to the first.
            if start.contains("skills.any") && facet.address.matches("skills.any").count() > 1 {
                assert!(total(&selected) >= count.max(total(&page)), "{start}: {}", facet.text);
                continue;
            }
            assert_eq!(total(&selected), count, "{start}: {} → {}", facet.text, facet.address);
            if count > 0 {
                let back = all_links(&selected).into_iter().find(|link| link.text.starts_with("Remove the filter "));
                let back = service.page(&back.unwrap_or_else(|| panic!("{}", facet.text)).address).await;
                assert!(total(&back) >= count);
            }
        }
    }
}

#[tokio::test]
async fn nobody_found_says_why_and_what_would_find_somebody() {
    let service = service().await;
    let page = service.page("/?q=title:nurse+AND+skill:rust").await;
    assert_eq!(total(&page), 0);
    let told = text(&page);
    assert!(told.contains("Why nobody was found") && told.contains("Searches that find somebody"), "{told}");
    let relaxation = all_links(&page).into_iter().find(|link| link.text.starts_with("without")).unwrap();
    assert!(total(&service.page(&relaxation.address).await) > 0);
    let spelling = service.page("/?q=kubernets+enginer").await;
    assert!(text(&spelling).contains("Did you mean"), "{}", text(&spelling));
}

#[tokio::test]
async fn pages_follow_each_other_without_loss() {
    let service = Service::start();
    let many: Vec<Value> = (0..45)
        .map(|number| json!({"id": format!("n{number:02}"), "profile": {"basics": {"name": format!("Name {number}")}, "skills": [{"name": "Rust"}]}}))
        .collect();
    service.load(&many).await;
    let (mut address, mut seen) = ("/?q=rust".to_owned(), Vec::new());
    loop {
        let page = service.page(&address).await;
        let people =
            all_links(&page).into_iter().filter(|link| link.address.starts_with("/candidates/")).map(|link| link.text);
        seen.extend(people);
        match all_links(&page).into_iter().find(|link| link.text == "Next page") {
            Some(next) => address = next.address,
            None => break,
        }
    }
    assert_eq!((seen.len(), address.as_str()), (45, "/?q=rust&page=3"));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 45);
    assert!(text(&service.page("/?q=rust&page=9").await).contains("No further people"));
}

#[tokio::test]
async fn people_are_picked_in_the_address() {
    let service = service().await;
    let page = service.page("/?q=rust").await;
    let picked = link(&page, "Add to shortlist");
    let page = service.page(picked.split('#').next().unwrap()).await;
    assert!(text(&page).contains("Shortlist 1"), "{}", text(&page));
    let removed = link(&page, "On the shortlist: remove");
    assert!(!removed.contains("pick="), "{removed}");
}

#[tokio::test]
async fn hostile_people_are_only_text() {
    let service = Service::start();
    let fixture = include_str!("../../fixtures/hostile/people.ndjson");
    let answer = service.call("POST", "/v1/candidates?refresh=wait", "application/x-ndjson", fixture).await;
    assert_eq!((answer.status, &answer.body["rejected"]), (200, &json!(0)), "{}", answer.text);
    for path in [
        "/",
        "/?q=rust",
        "/?q=rust+engineer&blind=1",
        "/?q=%3Cscript%3Ealert(9)%3C/script%3E",
        "/?q=skill:%22svg+onload%22",
    ] {
        let page = service.page(path).await;
        assert_eq!(page.matches("<script").count(), 1, "{path}: our own alone");
        for forbidden in ["<img", "<iframe", "<b>", "<i>", "<svg onload", "javascript:"] {
            assert!(!page.contains(forbidden), "{path}: {forbidden}");
        }
        let title = page.split("<title>").nth(1).unwrap().split('<').next().unwrap();
        assert_eq!(title, "Search · Lodestone");
        assert!(page.len() < 150_000, "{path}: {} bytes", page.len());
    }
}

#[tokio::test]
async fn blind_pages_name_nobody() {
    let service = service().await;
    let page = service.page("/?q=rust+engineer&blind=1").await;
    for name in ["Ada", "Rossi", "Bruno", "Verdi"] {
        assert!(!page.contains(name), "{name}");
    }
    assert!(text(&page).contains("Name hidden") && !text(&page).contains("Order Name"));
    assert_eq!(service.get("/?q=name:rossi&blind=1").await.status, 400);
    assert_eq!(service.get("/?q=name:rossi").await.status, 200);
}

#[tokio::test]
async fn italian_readers_are_answered_in_italian() {
    let service = service().await;
    let ask = |path: &str| Request::get(path).header("accept-language", "it-IT,it;q=0.9").body(Body::empty()).unwrap();
    let page = service.send(ask("/?q=rust")).await;
    assert!(page.text.contains("<html lang=\"it\">") && text(&page.text).contains("Chi cerchi?"));
    let missing = service.send(ask("/?years.min=molti")).await;
    assert_eq!(missing.status, 400);
    assert!(text(&missing.text).contains("Non ha funzionato"), "{}", text(&missing.text));
    assert!(missing.headers["content-type"].to_str().unwrap().starts_with("text/html"));
}

#[tokio::test]
async fn forms_come_from_our_own_pages_only() {
    let service = service().await;
    let post = || Request::post("/operations/reindex").header("content-type", "application/x-www-form-urlencoded");
    let cookie = "lodestone=0123456789abcdef0123456789abcdef";
    let foreign = [
        post(),
        post().header("cookie", cookie),
        post().header("sec-fetch-site", "same-origin"),
        post().header("cookie", cookie).header("sec-fetch-site", "cross-site"),
        post().header("cookie", cookie).header("origin", "http://elsewhere").header("host", "here"),
    ];
    for request in foreign {
        assert_eq!(service.send(request.body(Body::empty()).unwrap()).await.status, 403);
    }
    // Who has lost the cookie reads why.
    let refused = service.send(post().header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap()).await;
    assert!(refused.headers["content-type"].to_str().unwrap().starts_with("text/html"), "{}", refused.text);
    assert!(refused.status == 403 && refused.headers.contains_key("content-security-policy"));
    assert_eq!(service.get("/v1/tasks").await.body["tasks"], json!([]));
    let own = target(&service.form("/operations/reindex", "application/x-www-form-urlencoded", "").await);
    assert_eq!(own, "/tasks/1");
    // The API takes what programs send, and nothing that a foreign page makes a browser send.
    let put = |site: &str| {
        let request =
            Request::put("/v1/candidates/x").header("content-type", "application/json").header("sec-fetch-site", site);
        request.body(Body::from(json!({"id": "x"}).to_string())).unwrap()
    };
    let refused = service.send(put("cross-site")).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("cross_origin")));
    assert_eq!(service.send(put("same-origin")).await.status, 201);
}

/// A form with a file and fields, as browsers send it.
fn multipart(files: &[(&str, &str)], fields: &[(&str, &str)]) -> (&'static str, String) {
    let mut body = String::new();
    for (name, content) in files {
        body.push_str(&format!(
            "--cut\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{content}\r\n"
        ));
    }
    for (name, value) in fields {
        body.push_str(&format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--cut--\r\n");
    ("multipart/form-data; boundary=cut", body)
}

/// The page of a task, when it is finished.
async fn finished(service: &Service, path: &str) -> String {
    for _ in 0..600 {
        let page = service.page(path).await;
        if !page.contains("data-poll") {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{path} did not end")
}

#[tokio::test]
async fn a_table_is_shown_before_it_is_imported() {
    let service = Service::start();
    let table = "Nome;Ruolo attuale;Competenze;Data\nAda Rossi;Ingegnere;Rust, Kafka;31/12/2025\n;;;99/99/9999\n";
    let (media_type, body) = multipart(&[("lista.csv", table)], &[("format", "auto"), ("cohort", "acme-2026")]);
    let columns = target(&service.form("/import", media_type, body).await);
    let page = service.page(&columns).await;
    assert!(text(&page).contains("Ada Rossi") && page.contains("value=\"acme-2026\""), "{}", text(&page));
    assert!(page.contains("<option value=\"skills\" selected>"));
    assert_eq!(service.get("/v1/tasks").await.body["tasks"], json!([]), "nothing is imported yet");

    let draft = columns.split('?').next().unwrap();
    let columns = "header.0=Nome&column.0=name&header.1=Ruolo+attuale&column.1=title&header.2=Competenze&column.2=ignore\
                   &header.3=Data&column.3=last-day&cohort=acme-2026&save=lista&do=import";
    let task = target(&service.form(draft, "application/x-www-form-urlencoded", columns).await);
    let page = finished(&service, &task).await;
    assert!(text(&page).contains("1 new"), "{}", text(&page));
    assert!(text(&page).contains("Competenze → (left aside)"), "{}", text(&page));
    let search = service.page(&link(&page, "Search them")).await;
    assert_eq!(total(&search), 1);
    assert_eq!(service.get(draft).await.status, 404, "a draft is used once");
    let (media_type, body) = multipart(&[("lista.csv", table)], &[]);
    let again = target(&service.form("/import", media_type, body).await);
    assert!(service.page(&again).await.contains("<option value=\"lista\">"), "the mapping was saved");
    let dropped = service.form(again.split('?').next().unwrap(), "application/x-www-form-urlencoded", "do=drop").await;
    assert_eq!(target(&dropped), "/import");
}

#[tokio::test]
async fn several_cvs_are_one_task_and_rejects_are_told() {
    let service = Service::start();
    let (first, second) = ("Ada Rossi\nRust engineer\n", "Bruno Verdi\nData engineer\n");
    let (media_type, body) = multipart(&[("ada.txt", first), ("bruno.txt", second)], &[("format", "cv")]);
    let task = target(&service.form("/import", media_type, body).await);
    let page = finished(&service, &task).await;
    assert!(text(&page).contains("2 new"), "{}", text(&page));
    assert_eq!(service.get("/v1/candidates/bruno").await.status, 200);

    let lines = "{\"id\": \"good\"}\n{\"id\": \"a/b\"}\n";
    let (media_type, body) = multipart(&[("people.ndjson", lines)], &[("format", "auto")]);
    let page = finished(&service, &target(&service.form("/import", media_type, body).await)).await;
    let told = text(&page);
    assert!(told.contains("1 rejected") && told.contains("Record 2: /id"), "{told}");
    let empty = service.form("/import", "multipart/form-data; boundary=cut", "--cut--\r\n").await;
    assert_eq!(empty.status, 400);
    let operations = text(&service.page("/operations").await);
    assert!(operations.contains("People stored 3") && operations.contains("Import 2"), "{operations}");
    assert!(
        operations.contains("everything is searchable") && operations.contains("Recall of vectors 1.000"),
        "{operations}"
    );
}
