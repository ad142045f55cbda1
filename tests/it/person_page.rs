//! A person's page.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use crate::client::{Answer, Service};

const CV: &str = "Bruna Quintavalle\nCuoca\nbruna.quintavalle@example.org\n+39 333 123 4567\n\nESPERIENZE\n\
                  Cuoca, Osteria del Ponte, Chioggia\nmarzo 2019 - oggi\nPesce e pasta fresca ogni giorno.\n\n\
                  COMPETENZE\nPesce, pasta fresca\n";

fn engineer(id: &str) -> Value {
    json!({
        "id": id,
        "profile": {
            "basics": {"name": "Zoë Quintavalle", "label": "Rust engineer", "summary": "Writes Rust.",
                       "location": {"city": "Milano", "countryCode": "IT"}},
            "work": [
                {"name": "Quintavalle & Figli", "position": "Engineer", "startDate": "2021-01", "summary": "Rust services.\nKafka too.",
                 "highlights": ["Moved to Rust"], "location": "Torino", "industry": "Software"},
                {"name": "Beta", "position": "Programmer", "startDate": "2015-03", "summary": "Some Rust."},
                {"name": "Gamma", "position": "Trainee", "endDate": "2012-06"},
                {"position": "Helper"}
            ],
            "education": [{"institution": "Politecnico", "studyType": "Laurea", "area": "Informatica",
                           "startDate": "2008", "endDate": "2012"}],
            "skills": [{"name": "Rust"}, {"name": "Kafka"}, {"name": "Cobol"}, {"name": "Kubernetes"}],
            "languages": [{"language": "Italian", "fluency": "mother tongue"}],
            "certificates": [{"name": "Kubernetes Administrator", "issuer": "CNCF", "date": "2022-05"}],
            "projects": [{"name": "Needle", "description": "A search engine.", "startDate": "2020-01", "keywords": ["tantivy"]}],
            "publications": [{"name": "On Haystacks", "releaseDate": "2019-02"}]
        },
        "availability": {"openToWork": {"since": "2026-10-01", "titles": ["Architect"], "remote": true}, "doNotContact": true},
        "documents": [{"name": "zoe-quintavalle.txt", "mediaType": "text/plain", "text": "Zoë Quintavalle, zoe@quintavalle.example: città, Rust."}],
        "cohorts": ["acme-layoff"], "tags": ["silver medalist"],
        "source": {"system": "greenhouse", "externalId": "gh-77", "acquiredAt": "2026-09-01T00:00:00Z", "url": "https://example.org/people/77"},
        "consent": {"basis": "legitimate_interest", "givenAt": "2026-09-01T00:00:00Z", "expiresAt": "2026-10-15T00:00:00Z"}
    })
}

async fn in_italian(service: &Service, path: &str) -> Answer {
    let request = Request::builder().uri(path).header("accept-language", "it-IT,it;q=0.9");
    service.send(request.body(Body::empty()).unwrap()).await
}

/// The page of a path, checked for what every page keeps to.
async fn page(service: &Service, path: &str) -> String {
    let answer = service.get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    check(&answer.text);
    answer.text
}

/// Ids are unique, there is one `h1`, headings skip no level, links lead somewhere and say where.
fn check(html: &str) {
    let mut ids: Vec<&str> = html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands twice");
    let main = html.split("<main").nth(1).unwrap();
    let levels: Vec<u32> = main.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10)).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{levels:?}");
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    for link in html.split("<a ").skip(1) {
        let (tag, rest) = link.split_once('>').unwrap();
        assert!(tag.contains("href=\"") && !tag.contains("href=\"\""), "{tag}");
        assert!(!shown(&format!("<a>{}", rest.split("</a>").next().unwrap())).is_empty(), "{tag}");
    }
    for target in html.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.binary_search(&target).is_ok(), "#{target} leads nowhere");
    }
}

/// What a piece of HTML shows: without tags, blanks as one.
fn shown(html: &str) -> String {
    let inline = ["a", "span", "mark", "strong", "time", "code"];
    let mut text = String::new();
    for piece in html.split('<') {
        let Some((tag, rest)) = piece.split_once('>') else { continue };
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
        text.push_str(if inline.contains(&name) { "" } else { " " });
        text.push_str(rest);
    }
    let text = text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands in the section of an id.
fn section<'h>(html: &'h str, id: &str) -> &'h str {
    let start = html.find(&format!(" id=\"{id}\"")).unwrap_or_else(|| panic!("there is no {id}"));
    html[start..].split("</section>").next().unwrap()
}

#[tokio::test]
async fn a_full_profile_is_shown_with_all_its_parts() {
    let service = Service::start();
    service.load(&[engineer("p-1")]).await;
    let html = page(&service, "/candidates/p-1?skills.any=Rust").await;
    let text = shown(html.split("<main").nth(1).unwrap());
    for told in [
        "Zoë Quintavalle Add to shortlist",
        "Rust engineer",
        "Engineer at Quintavalle & Figli since 2021-01",
        "Milan, IT",
        "Open to work",
        "Do not contact",
        "Wishes: Architect remote work since 2026-10-01",
        "2021-01 – now · 5 years 10 months",
        "2015-03 – end unknown, counted to 2020-12 · 5 years 10 months",
        "to 2012-06, start unknown",
        "no dates given",
        "Moved to Rust",
        "Italian mother tongue",
        "Kubernetes Administrator CNCF 2022-05",
        "On Haystacks publication 2019-02",
        "Politecnico Laurea Informatica 2008 – 2012",
        "greenhouse",
        "gh-77",
        "legitimate interest",
        "2026-10-15 expired",
        "silver medalist",
        "acme-layoff",
    ] {
        assert!(text.contains(told), "{told:?} is not in {text}");
    }
    assert!(!shown(section(&html, "c-p-1")).contains("Not looking"));
    assert!(html.contains(r#"<a href="https://example.org/people/77" rel="noreferrer noopener">"#));
    assert!(html.contains(r#"<title>Candidate · Lodestone</title>"#), "titles name nobody");
    assert!(html.contains(r#"href="/?skills.any=Rust#c-p-1""#), "the way back keeps the view");
    assert!(html.contains(r#"href="/candidates/p-1?skills.any=Rust&amp;pick=p-1#c-p-1" data-pick data-swap"#));
    assert!(!text.contains("zoe@quintavalle.example"), "contacts are masked");
}

#[tokio::test]
async fn the_career_is_drawn_and_told() {
    let service = Service::start();
    service.load(&[engineer("p-1")]).await;
    let html = page(&service, "/candidates/p-1").await;
    let career = section(&html, "career");
    let drawing = career.split("<svg class=\"career\"").nth(1).unwrap().split("</svg>").next().unwrap();
    assert!(
        drawing.starts_with(r#" role="img" aria-label="Career over the years: 4 positions, 1 time of education;"#),
        "{drawing}"
    );
    for (class, count) in [("current", 1), ("held unclear", 2), ("learnt", 1), ("held", 0)] {
        assert_eq!(drawing.matches(&format!("<rect class=\"{class}\"")).count(), count, "{class}");
    }
    assert!(drawing.contains(">2021</text>") || drawing.contains(">2020</text>"));
    let titles: Vec<String> =
        career.split("<h3").skip(1).map(|rest| shown(&format!("<{}", rest.split("</h3>").next().unwrap()))).collect();
    assert_eq!(titles, ["Engineer", "Programmer", "Trainee", "Helper"], "the latest first");
    assert!(!shown(career).to_lowercase().contains("gap"));
}

#[tokio::test]
async fn skills_stand_with_their_evidence() {
    let service = Service::start();
    service.load(&[engineer("p-1")]).await;
    let html = page(&service, "/candidates/p-1").await;
    let text = shown(section(&html, "skills"));
    let parts = [
        "Proven Kubernetes named in Kubernetes Administrator",
        "Used Rust · 11 years 8 months, in use now named in Engineer · Quintavalle & Figli, Programmer · Beta",
        "Kafka · 5 years 10 months, in use now named in Engineer · Quintavalle & Figli",
        "Only listed Cobol",
    ];
    assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    assert!(section(&html, "skills").contains(r##"href="#position-1""##));
    assert!(section(&html, "skills").contains(r##"href="#certificate-0""##));
}

#[tokio::test]
async fn a_profile_with_nothing_but_a_cv_is_shown_as_read_from_it() {
    let service = Service::start();
    service.load(&[json!({"id": "cook", "documents": [{"text": CV}]}), json!({"id": "empty"})]).await;
    let html = page(&service, "/candidates/cook?q=pesce").await;
    let text = shown(html.split("<main").nth(1).unwrap());
    assert!(text.contains("Bruna Quintavalle"), "{text}");
    let position = shown(section(&html, "position-0"));
    assert!(
        position.contains("Cuoca") && position.contains("read from the CV, ") && position.contains(" % sure"),
        "{position}"
    );
    assert!(html.contains(r##"<a href="#document-0">read from the CV</a>"##));
    assert!(!html.contains("example.org") && !html.contains("123 4567"), "contacts are masked");
    let document = section(&html, "documents");
    assert_eq!(document.matches("<mark>Pesce</mark>").count(), 2, "{document}");
    let empty = page(&service, "/candidates/empty").await;
    for told in ["No name given", "No positions are known.", "No skills are listed.", "No events are known."] {
        assert!(shown(&empty).contains(told), "{told}");
    }
}

#[tokio::test]
async fn matches_are_marked_in_the_whole_of_a_long_document() {
    let service = Service::start();
    let mut person = engineer("p-1");
    let work = |year: u32| json!({"position": "Rust engineer", "startDate": format!("{year}-01"), "endDate": format!("{year}-12"), "summary": "Rust."});
    person["profile"]["work"] = (2000..2012).map(work).collect();
    person["documents"][0]["text"] = json!(format!("Città <b>. {}", "Perché Rust è bello, e così via. ".repeat(60)));
    service.load(&[person]).await;
    let html = page(&service, "/candidates/p-1?q=rust").await;
    let document = section(&html, "documents");
    assert!(document.contains("<details id=\"document-0\">"), "long ones are folded");
    assert!(shown(document).contains("60 matches"), "{document}");
    let text = document.split("<pre").nth(1).unwrap().split("</pre>").next().unwrap();
    assert_eq!(text.matches("Perché <mark>Rust</mark> è").count(), 60);
    assert!(text.contains("Città &lt;b&gt;."));
    assert!(section(&html, "career").contains("<mark>Rust</mark> engineer"));
}

#[tokio::test]
async fn events_are_drawn_and_listed_and_nobody_is_told_who_wrote() {
    let service = Service::start();
    service.load(&[engineer("p-1")]).await;
    let event = |kind: &str, at: &str, more: Value| {
        let mut event = json!({"candidateId": "p-1", "type": kind, "at": at});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let mut events = vec![
        event(
            "outreachSent",
            "2026-09-01T00:00:00Z",
            json!({"by": "recruiter-secret", "thread": "thread-secret", "channel": "email"}),
        ),
        event("outreachReplied", "2026-09-03T00:00:00Z", json!({"by": "recruiter-secret", "thread": "thread-secret"})),
        event("notLooking", "2026-10-20T00:00:00Z", json!({})),
    ];
    events.extend(
        (1..=60)
            .map(|day| event("loggedIn", &format!("2026-0{}-{:02}T00:00:00Z", 5 + day / 31, 1 + day % 28), json!({}))),
    );
    let answer = service.json("POST", "/v1/events?refresh=wait", Value::from(events)).await;
    assert_eq!(answer.body["accepted"], 63, "{}", answer.text);
    let html = page(&service, "/candidates/p-1").await;
    let activity = section(&html, "activity");
    assert!(activity.contains(
        r#"<svg class="events" role="img" aria-label="63 events: 62 by the person, 1 by recruiters and employers""#
    ));
    assert_eq!(activity.matches("<li>").count(), 50);
    let text = shown(activity);
    assert!(text.contains("2026-10-20 (12 days ago) Said not to be looking 2026-09-03 (59 days ago) Replied 2026-09-01 (2 months ago) Was written to email"), "{text}");
    assert!(text.contains("Only the newest are listed."));
    assert!(!html.contains("secret"));
    // What was said last counts.
    let head = shown(section(&html, "c-p-1"));
    assert!(head.contains("Not looking") && !head.contains("Open to work"), "{head}");
    let italian = in_italian(&service, "/candidates/p-1").await.text;
    assert!(shown(&italian).contains("Ha dichiarato di non cercare"));
}

#[tokio::test]
async fn the_rank_is_told_with_what_decided_and_what_would_change_it() {
    let service = Service::start();
    let mut other = engineer("p-2");
    other["profile"]["skills"] = json!([{"name": "Rust"}, {"name": "Kafka"}]);
    let mut java = engineer("java");
    java["profile"]["skills"] = json!([{"name": "Java"}]);
    service.load(&[engineer("p-1"), other, java]).await;
    let query = "q=%2Brust+-java+haskell&as=typed&countries.any=IT";
    let html = page(&service, &format!("/candidates/p-1?{query}")).await;
    let rank = shown(section(&html, "rank"));
    for told in [
        "of 2 listed · Score 0",
        "rust must has it",
        "java excluded does not have it",
        "haskell wish does not have it",
        "countries any: it met",
        "the wished \"haskell\" is not found",
        "What would change it",
        "a position, project or certificate supported the skill \"haskell\"",
    ] {
        assert!(rank.contains(told), "{told:?} is not in {rank}");
    }
    assert!(section(&html, "rank").contains(r#"<svg class="contributions" role="img""#));
    let java = page(&service, &format!("/candidates/java?{query}")).await;
    let rank = shown(section(&java, "rank"));
    assert!(
        rank.contains("Not among the results of this search.") && rank.contains("the excluded \"java\" is found"),
        "{rank}"
    );
    assert!(!rank.contains("What would change it"));
    let unasked = page(&service, "/candidates/p-1?pick=p-2").await;
    assert!(!unasked.contains("id=\"rank\""), "nothing was asked");
    let wrong = service.get("/candidates/p-1?years.min=many").await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn similar_people_keep_the_view() {
    let service = Service::start();
    let people: Vec<Value> = (1..=9).map(|number| engineer(&format!("p-{number}"))).collect();
    service.load(&people).await;
    let html = page(&service, "/candidates/p-1?q=rust&pick=p-9").await;
    let similar = section(&html, "similar");
    assert_eq!(similar.matches("<li class=\"card\"").count(), 6);
    assert!(similar.contains(r#"href="/candidates/p-2?q=rust&amp;pick=p-9" data-open"#), "{similar}");
    assert!(!similar.contains("/candidates/p-1?q=rust&amp;pick=p-9\" data-open"), "nobody is like themselves");
    assert!(
        similar.contains(r#"href="/candidates/p-1?q=rust&amp;pick=p-9&amp;pick=p-2#c-p-2" data-pick"#),
        "picking stays here"
    );
}

#[tokio::test]
async fn hostile_values_are_inert() {
    let service = Service::start();
    let script = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>";
    let turned = "Cook \u{202e}evil";
    let person = json!({
        "id": "evil",
        "profile": {
            "basics": {"name": "x".repeat(10_000), "label": script, "summary": turned, "location": {"city": turned}},
            "work": [{"name": turned, "position": script, "location": script, "industry": turned, "description": script, "summary": script,
                      "highlights": [script, turned], "startDate": "1000", "endDate": "2999"},
                     {"position": turned, "name": script, "startDate": "2999-12"},
                     {"position": "\u{200b}\u{200d}", "name": "\u{200b}"}],
            "education": [{"institution": turned, "studyType": script, "area": turned, "startDate": "2030"}],
            "skills": [{"name": script}, {"name": turned}],
            "languages": [{"language": turned, "fluency": script}],
            "certificates": [{"name": turned, "issuer": script}],
            "projects": [{"name": turned, "description": script, "keywords": [script, turned]}]
        },
        "availability": {"openToWork": {"titles": [turned, script]}},
        "documents": [{"name": turned, "text": format!("{script} {turned} {}", "\u{200b}".repeat(3_000))}],
        "tags": [script, turned], "cohorts": [turned],
        "source": {"system": turned, "externalId": script, "url": "javascript:alert(1)"},
        "consent": {"basis": turned}
    });
    let blank = json!({"id": "blank", "profile": {"basics": {"name": "\u{200b}\u{2060}"}}});
    service.load(&[person, blank]).await;
    for path in ["/candidates/evil", "/candidates/evil?q=%3Cscript%3Ealert(1)%3C/script%3E+cook&pick=%22%3E%3Cb%3E"] {
        let html = page(&service, path).await;
        assert_eq!(html.matches("<script").count(), 1, "only our own");
        assert!(!html.contains("<img") && !html.contains("<b>"));
        assert!(!html.contains("href=\"javascript:") && shown(&html).contains("javascript:alert(1)"));
        assert!(html.contains(&"x".repeat(200)) && !html.contains(&"x".repeat(201)), "a name is cut");
        assert!(turned_alone(&html) > 15);
    }
    let blank = page(&service, "/candidates/blank").await;
    assert!(shown(&blank).contains("No name given"));
}

/// How many texts turn the direction; each must stand alone in an element that keeps it to itself.
fn turned_alone(html: &str) -> usize {
    let (mut open, mut found): (Vec<&str>, usize) = (Vec::new(), 0);
    for piece in html.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.split_whitespace().next().unwrap_or_default();
        if name.starts_with('/') {
            open.pop();
        } else if !["meta", "link", "input", "br", "!DOCTYPE"].contains(&name) {
            open.push(tag);
        }
        if text.contains('\u{202e}') {
            found += 1;
            let holder = open.iter().rev().find(|tag| !tag.starts_with("mark") && !tag.starts_with("a ")).unwrap();
            let own = open.last().unwrap();
            let is_kept = [holder, own].into_iter().any(|tag| tag.contains("dir=\"auto\"") || tag.starts_with("text"));
            assert!(is_kept, "{text:?} turns what is around it: {open:?}");
        }
        assert!(!tag.contains('\u{202e}'), "{tag}");
    }
    found
}

#[tokio::test]
async fn blind_mode_hides_every_word_of_the_name() {
    let service = Service::start();
    let mut person = engineer("p-1");
    person["profile"]["work"][0]["summary"] =
        json!("ZOË and zoe\u{308} Quintavalle's: QUINTAVALLE.dev, zoequintavalle.example, Rust");
    person["profile"]["skills"] = json!([{"name": "Quintavalle method"}, {"name": "Rust"}]);
    person["profile"]["certificates"] = json!([{"name": "Zoe's certificate", "issuer": "Quintavalle"}]);
    person["source"] =
        json!({"system": "zoe", "externalId": "zoequintavalle77", "url": "https://example.org/quintavallezoe"});
    person["tags"] = json!(["quintavalle"]);
    person["documents"][0]["text"] =
        json!("Zoë Quintavalle\nRust and more Rust\nhttps://zoequintavalle.example zquintavalle");
    let cook = json!({"id": "cook", "documents": [{"name": "bruna.txt", "text": CV}]});
    service.load(&[person, cook]).await;
    let seen = page(&service, "/candidates/p-1?q=rust+services").await;
    assert!(seen.to_lowercase().contains("quintavalle") && seen.contains("zoe-quintavalle.txt"));
    for (path, words) in [
        ("/candidates/p-1?q=rust+services&blind=1", &["zoë", "zoe", "quintavalle"][..]),
        ("/candidates/p-1?blind=1", &["zoë", "zoe", "quintavalle"]),
        ("/candidates/cook?q=pesce&blind=1", &["bruna", "quintavalle"]),
    ] {
        let html = page(&service, path).await;
        let folded = html.to_lowercase().replace('\u{308}', "");
        for word in words {
            let around = folded.find(word).map(|at| folded[..at].chars().rev().take(80).collect::<String>());
            assert!(around.is_none(), "{path}: {word} stands after {around:?} (reversed)");
        }
        assert!(shown(&html).contains("Name hidden") && shown(&html).contains("Show names"));
    }
    let html = page(&service, "/candidates/p-1?q=rust+services&blind=1").await;
    assert_eq!(section(&html, "documents").matches("<mark>Rust</mark>").count(), 2, "offsets stay");
    let asked = service.get("/candidates/p-1?q=name:zoe&blind=1").await;
    assert_eq!(asked.status, 400, "nobody is found out by asking for names");
}

#[tokio::test]
async fn strangers_get_a_page_that_says_so() {
    let service = Service::start();
    service.load(&[json!({"id": "somebody"})]).await;
    for path in ["/candidates/nobody", "/candidates/%FF", "/candidates/a%2Fb?q=rust"] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
        assert!(answer.text.contains("unknown_candidate"), "{}", answer.text);
    }
}

#[tokio::test]
async fn who_is_stored_is_shown_at_once() {
    let service = Service::start();
    let written = service.json("PUT", "/v1/candidates/p-1", engineer("p-1")).await;
    assert_eq!(written.status, 201);
    let html = page(&service, "/candidates/p-1?q=rust").await;
    assert!(shown(&html).contains("Zoë Quintavalle"));
}

#[tokio::test]
async fn the_page_speaks_italian() {
    let service = Service::start();
    service.load(&[engineer("p-1"), engineer("p-2"), json!({"id": "cook", "documents": [{"text": CV}]})]).await;
    let answer = in_italian(&service, "/candidates/p-1?q=rust").await;
    check(&answer.text);
    assert!(answer.text.contains("<html lang=\"it\">") && answer.text.contains("<title>Candidato · Lodestone</title>"));
    let text = shown(&answer.text);
    for told in [
        "Torna alla ricerca",
        "Carriera",
        "2021-01 – oggi · 5 anni 10 mesi",
        "Competenze e prove",
        "Perché questo posto",
        "Fonte e consenso",
        "legittimo interesse",
        "Persone simili",
        "Documenti originali",
        "Non contattare",
    ] {
        assert!(text.contains(told), "{told:?} is not in {text}");
    }
    let cook = in_italian(&service, "/candidates/cook").await;
    assert!(shown(&cook.text).contains("letto dal CV, "));
}
