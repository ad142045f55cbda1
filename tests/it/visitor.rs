//! A reader of the pages in process: keeps the cookie, follows links and sends forms as a browser does.

use std::collections::HashSet;

use axum::{body::Body, http::Request};

use crate::client::{Answer, Service};

/// What stands between the parts of a form.
const BOUNDARY: &str = "----part";

/// Somebody at a browser.
pub(crate) struct Visitor<'s> {
    service: &'s Service,
    cookie: String,
    language: &'static str,
}

impl<'s> Visitor<'s> {
    /// A new one, who prefers a language.
    pub(crate) async fn of(service: &'s Service, language: &'static str) -> Self {
        let answer = service.get("/shortlist").await;
        let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { service, cookie, language }
    }

    async fn send(&self, method: &str, path: &str, media_type: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(method).uri(path).header("content-type", media_type);
        let request = request.header("cookie", &self.cookie).header("accept-language", self.language);
        self.service.send(request.header("sec-fetch-site", "same-origin").body(body.into()).unwrap()).await
    }

    /// What stands at a path.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "text/plain", Body::empty()).await
    }

    /// A page, which is whole and well made.
    pub(crate) async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert_well_made(&answer.text);
        answer.text
    }

    /// Sends a form.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send("POST", path, "application/x-www-form-urlencoded", urlencoded(fields)).await
    }

    /// Sends a form that may have a file.
    pub(crate) async fn upload(&self, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send("POST", path, &media_type, multipart(fields, file)).await
    }
}

/// The fields of a form as a body.
pub(crate) fn urlencoded(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn escaped(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escaped).collect()
}

fn multipart(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(head.bytes());
    }
    // A browser sends a file's field even where none was chosen.
    let (name, bytes) = file.unwrap_or_default();
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend(bytes);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    body
}

/// Where an answer leads to.
pub(crate) fn target(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.headers["location"].to_str().unwrap().to_owned()
}

/// A link: its address and its text.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) address: String,
    pub(crate) text: String,
}

/// The links of a page in their order, the words of a picture or of a screen reader in their texts.
pub(crate) fn all_links(page: &str) -> Vec<Link> {
    let anchors = page.split("<a ").skip(1).filter_map(|rest| rest.split_once("</a>")).map(|(anchor, _)| anchor);
    let link = |anchor: &str| Link {
        address: unescaped(between(anchor, "href=\"", "\"")),
        text: text(&format!("<a {anchor}")),
    };
    anchors.map(link).collect()
}

/// The addresses of the links whose text holds some words.
pub(crate) fn links(page: &str, words: &str) -> Vec<String> {
    all_links(page).into_iter().filter(|link| link.text.contains(words)).map(|link| link.address).collect()
}

/// The only such link.
pub(crate) fn link(page: &str, words: &str) -> String {
    let links = links(page, words);
    assert_eq!(links.len(), 1, "{words}: {links:?}");
    links[0].clone()
}

/// The text of a page without its tags, spaces made one.
pub(crate) fn text(page: &str) -> String {
    let mut plain = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let (tag, after) = after.split_once('>').unwrap_or(("", ""));
        if !["span", "/span", "strong", "/strong", "mark", "/mark", "em", "/em"]
            .contains(&tag.split(' ').next().unwrap())
        {
            plain.push(' ');
        }
        rest = after;
    }
    plain.push_str(rest);
    unescaped(&plain.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What stands between two marks.
pub(crate) fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split_once(to).map_or(rest, |(found, _)| found)
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Checks what every page keeps to: one main heading, no level left out, distinct ids, nothing inline.
fn assert_well_made(page: &str) {
    assert_eq!(page.matches("<h1").count(), 1, "{page}");
    let mut level = 0;
    for (at, _) in page.match_indices("<h") {
        let Some(next) = page[at + 2..].chars().next().and_then(|digit| digit.to_digit(10)) else { continue };
        // The list of keys stands in a dialog of its own.
        assert!(next <= level + 1, "h{next} after h{level} at {}", &page[at..(at + 80).min(page.len())]);
        level = next;
    }
    let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let distinct: HashSet<&&str> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
    for id in page.split(" for=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.contains(&id), "a label for {id}");
    }
    assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains(" onclick="));
    assert_eq!(page.matches("<script").count(), page.matches("<script type=\"module\" src=\"/assets/").count());
}
