//! A person as foreign systems tell of them → the JSON of a candidate.
//!
//! Input: what a row, a payload or an archive says. Output: one canonical document: what is empty is left out, texts are
//! trimmed, what is said twice stands once, dated positions and schools stand the latest first. Invariant: the same statements
//! give the same document, whichever system made them. There is no place here for photos, birth dates, gender, race,
//! disability or veteran status: what cannot be told cannot be kept.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::text::TokenList;

/// Hosts of networks, and the networks' names.
const NETWORKS: [(&str, &str); 12] = [
    ("linkedin.com", "LinkedIn"),
    ("github.com", "GitHub"),
    ("gitlab.com", "GitLab"),
    ("xing.com", "XING"),
    ("stackoverflow.com", "Stack Overflow"),
    ("twitter.com", "X"),
    ("x.com", "X"),
    ("facebook.com", "Facebook"),
    ("instagram.com", "Instagram"),
    ("behance.net", "Behance"),
    ("dribbble.com", "Dribbble"),
    ("medium.com", "Medium"),
];

/// Everything that is taken over of a person.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct PersonDraft {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) headline: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) residence: Residence,
    /// Addresses of pages: those of known networks become profiles, the first other one the person's own page.
    pub(super) urls: Vec<String>,
    pub(super) positions: Vec<PositionDraft>,
    pub(super) education: Vec<EducationDraft>,
    pub(super) skills: Vec<String>,
    /// Languages and how well they are spoken.
    pub(super) languages: Vec<(String, Option<String>)>,
    pub(super) certificates: Vec<CertificateDraft>,
    pub(super) tags: Vec<String>,
    pub(super) cohorts: Vec<String>,
    pub(super) open_to_work: Option<OpenDraft>,
    pub(super) not_looking: bool,
    pub(super) do_not_contact: bool,
    /// Names and texts of documents.
    pub(super) documents: Vec<(String, String)>,
    pub(super) source: SourceDraft,
}

/// Where somebody lives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Residence {
    pub(super) city: Option<String>,
    pub(super) region: Option<String>,
    pub(super) country_code: Option<String>,
}

/// A position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PositionDraft {
    pub(super) title: Option<String>,
    pub(super) company: Option<String>,
    pub(super) location: Option<String>,
    pub(super) industry: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
}

/// A school.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EducationDraft {
    pub(super) institution: Option<String>,
    pub(super) degree: Option<String>,
    pub(super) area: Option<String>,
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
}

/// A certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CertificateDraft {
    pub(super) name: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) date: Option<String>,
}

/// A statement of being open to work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OpenDraft {
    pub(super) since: Option<String>,
    pub(super) remote: Option<bool>,
}

/// Where the person comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SourceDraft {
    pub(super) system: &'static str,
    pub(super) external_id: Option<String>,
    pub(super) url: Option<String>,
}

impl PersonDraft {
    /// Adds the position that somebody says to hold now, unless a listed one says the same.
    pub(super) fn add_current(&mut self, title: Option<String>, company: Option<String>) {
        let (title, company) = (trimmed(title), trimmed(company));
        let same = |said: &Option<String>, listed: &Option<String>| {
            said.is_none() || said.as_deref().map(folded) == listed.as_deref().map(folded)
        };
        let is_listed = |listed: &PositionDraft| same(&title, &listed.title) && same(&company, &listed.company);
        if (title.is_some() || company.is_some()) && !self.positions.iter().any(is_listed) {
            self.positions.insert(0, PositionDraft { title, company, ..PositionDraft::default() });
        }
    }

    /// The candidate's document.
    pub(super) fn into_candidate(mut self) -> Value {
        let mut profile = Map::new();
        put(&mut profile, "basics", self.basics());
        sort_latest_first(&mut self.positions, |position| (&position.start, &position.end));
        sort_latest_first(&mut self.education, |school| (&school.start, &school.end));
        put(&mut profile, "work", entries(self.positions.into_iter().map(position)));
        put(&mut profile, "education", entries(self.education.into_iter().map(school)));
        let skill = |name| object([("name", name)]);
        put(&mut profile, "skills", entries(distinct(self.skills).into_iter().map(skill)));
        let language = |(language, fluency)| object([("language", language), ("fluency", text(fluency))]);
        put(
            &mut profile,
            "languages",
            entries(self.languages.into_iter().map(|(of, how)| language((text(Some(of)), how)))),
        );
        put(&mut profile, "certificates", entries(self.certificates.into_iter().map(certificate)));
        let mut candidate = Map::new();
        candidate.insert("id".to_owned(), Value::String(self.id));
        put(&mut candidate, "profile", Value::Object(profile));
        let open = self.open_to_work.map(|open| {
            let mut members = Map::new();
            put(&mut members, "since", text(open.since));
            put(&mut members, "remote", open.remote.map_or(Value::Null, Value::Bool));
            Value::Object(members)
        });
        let mut availability = Map::new();
        // An empty statement is a statement.
        availability.extend(open.map(|open| ("openToWork".to_owned(), open)));
        put(&mut availability, "notLooking", flag(self.not_looking));
        put(&mut availability, "doNotContact", flag(self.do_not_contact));
        put(&mut candidate, "availability", Value::Object(availability));
        let document = |(name, text): (String, String)| json!({"name": name, "mediaType": "text/plain", "text": text});
        put(&mut candidate, "documents", Value::Array(self.documents.into_iter().map(document).collect()));
        put(&mut candidate, "cohorts", Value::Array(distinct(self.cohorts)));
        put(&mut candidate, "tags", Value::Array(distinct(self.tags)));
        let system = text(Some(self.source.system.to_owned()));
        let (external_id, url) = (text(self.source.external_id), text(self.source.url));
        put(&mut candidate, "source", object([("system", system), ("externalId", external_id), ("url", url)]));
        Value::Object(candidate)
    }

    fn basics(&mut self) -> Value {
        let Residence { city, region, country_code } = std::mem::take(&mut self.residence);
        let location = object([("city", text(city)), ("region", text(region)), ("countryCode", text(country_code))]);
        let (mut page, mut profiles) = (Value::Null, Vec::new());
        for url in distinct(std::mem::take(&mut self.urls).into_iter().map(|url| absolute(&url)).collect()) {
            let network = url.as_str().and_then(network_of);
            match network {
                Some(network) => profiles.push(json!({"network": network, "url": url})),
                None if page.is_null() => page = url,
                None => profiles.push(json!({"url": url})),
            }
        }
        let mut basics = Map::new();
        for (name, said) in [
            ("name", &mut self.name),
            ("label", &mut self.headline),
            ("email", &mut self.email),
            ("phone", &mut self.phone),
            ("summary", &mut self.summary),
        ] {
            put(&mut basics, name, text(said.take()));
        }
        put(&mut basics, "url", page);
        put(&mut basics, "location", location);
        put(&mut basics, "profiles", Value::Array(profiles));
        Value::Object(basics)
    }
}

/// The text without blanks at its ends; nothing where it says nothing.
pub(super) fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A text as it is compared: its tokens, folded.
pub(super) fn folded(text: &str) -> String {
    TokenList::of(text).joined()
}

/// The members of a list in one text: separated by semicolons, bars, bullets or lines, by commas where there are none of
/// these. What stands in brackets is not taken apart.
pub(super) fn split_list(text: &str) -> Vec<String> {
    const STRONG: [char; 7] = [';', '|', '•', '·', '\n', '\r', '\t'];
    let is_strong = text.contains(STRONG);
    let (mut depth, mut members, mut member) = (0_u32, Vec::new(), String::new());
    for letter in text.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let separates = if is_strong { STRONG.contains(&letter) } else { letter == ',' };
        if separates && (depth == 0 || letter == '\n') {
            members.push(std::mem::take(&mut member));
        } else {
            member.push(letter);
        }
    }
    members.push(member);
    members.into_iter().filter_map(|member| trimmed(Some(member))).collect()
}

fn absolute(url: &str) -> String {
    let url = url.trim();
    if url.is_empty() || url.contains("://") { url.to_owned() } else { format!("https://{url}") }
}

fn network_of(url: &str) -> Option<&'static str> {
    let host = url.split("://").nth(1)?.split(['/', '?', '#', ':']).next()?.to_ascii_lowercase();
    let is_of = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    NETWORKS.iter().find(|(domain, _)| is_of(domain)).map(|(_, network)| *network)
}

fn position(position: PositionDraft) -> Value {
    object([
        ("name", text(position.company)),
        ("position", text(position.title)),
        ("location", text(position.location)),
        ("industry", text(position.industry)),
        ("summary", text(position.summary)),
        ("startDate", text(position.start)),
        ("endDate", text(position.end)),
    ])
}

fn school(school: EducationDraft) -> Value {
    object([
        ("institution", text(school.institution)),
        ("studyType", text(school.degree)),
        ("area", text(school.area)),
        ("startDate", text(school.start)),
        ("endDate", text(school.end)),
    ])
}

fn certificate(certificate: CertificateDraft) -> Value {
    object([("name", text(certificate.name)), ("issuer", text(certificate.issuer)), ("date", text(certificate.date))])
}

/// Entries with a start by falling start, those still open first. Entries without one keep their places.
fn sort_latest_first<T: Clone>(entries: &mut [T], dates: impl Fn(&T) -> (&Option<String>, &Option<String>)) {
    let places: Vec<usize> = (0..entries.len()).filter(|at| dates(&entries[*at]).0.is_some()).collect();
    let mut dated: Vec<T> = places.iter().map(|at| entries[*at].clone()).collect();
    dated.sort_by(|left, right| {
        let ((left_start, left_end), (right_start, right_end)) = (dates(left), dates(right));
        let by_open = right_end.is_none().cmp(&left_end.is_none());
        by_open.then_with(|| right_start.cmp(left_start)).then_with(|| right_end.cmp(left_end))
    });
    for (at, entry) in places.into_iter().zip(dated) {
        entries[at] = entry;
    }
}

fn text(said: Option<String>) -> Value {
    trimmed(said).map_or(Value::Null, Value::String)
}

fn flag(said: bool) -> Value {
    if said { Value::Bool(true) } else { Value::Null }
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let mut object = Map::new();
    for (name, value) in members {
        put(&mut object, name, value);
    }
    Value::Object(object)
}

fn entries(values: impl Iterator<Item = Value>) -> Value {
    Value::Array(values.filter(|value| value.as_object().is_some_and(|members| !members.is_empty())).collect())
}

/// Puts a member where it says something.
fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    let says_nothing = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    if !says_nothing {
        object.insert(name.to_owned(), value);
    }
}

/// Texts that differ in more than case and accents, in their order.
fn distinct(texts: Vec<String>) -> Vec<Value> {
    let mut seen = HashSet::new();
    let texts = texts.into_iter().filter_map(|text| trimmed(Some(text)));
    texts.filter(|text| seen.insert(text.to_lowercase())).map(Value::String).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_is_left_out_and_what_is_said_twice_stands_once() {
        let mut person = PersonDraft {
            id: "x".to_owned(),
            name: Some(" Ada ".to_owned()),
            headline: Some("  ".to_owned()),
            skills: ["Rust", "rust ", "", "Go"].map(str::to_owned).to_vec(),
            urls: ["www.linkedin.com/in/ada", "https://ada.example", "https://linkedin.com.example/x"]
                .map(str::to_owned)
                .to_vec(),
            ..PersonDraft::default()
        };
        person.add_current(Some("Engineer".to_owned()), Some("Acme".to_owned()));
        person.add_current(Some("engineer".to_owned()), Some("ACME".to_owned()));
        person.add_current(None, None);
        let expected = json!({"id": "x", "profile": {
            "basics": {"name": "Ada", "url": "https://ada.example", "profiles": [
                {"network": "LinkedIn", "url": "https://www.linkedin.com/in/ada"},
                {"url": "https://linkedin.com.example/x"}]},
            "work": [{"name": "Acme", "position": "Engineer"}],
            "skills": [{"name": "Rust"}, {"name": "Go"}]}});
        assert_eq!(person.into_candidate(), expected);
    }

    #[test]
    fn the_latest_position_stands_first() {
        let at = |start: Option<&str>, end: Option<&str>| PositionDraft {
            title: Some(format!("{start:?} {end:?}")),
            start: start.map(str::to_owned),
            end: end.map(str::to_owned),
            ..PositionDraft::default()
        };
        let ordered =
            [at(None, None), at(Some("2020"), None), at(Some("2021"), Some("2022")), at(Some("2015"), Some("2019"))];
        let mut shuffled = [ordered[0].clone(), ordered[3].clone(), ordered[1].clone(), ordered[2].clone()];
        sort_latest_first(&mut shuffled, |position| (&position.start, &position.end));
        assert_eq!(shuffled, ordered);
    }

    #[test]
    fn lists_are_taken_apart_outside_of_brackets() {
        assert_eq!(split_list("Rust, Go,  C/C++"), ["Rust", "Go", "C/C++"]);
        assert_eq!(split_list("AWS (S3, EC2), SQL"), ["AWS (S3, EC2)", "SQL"]);
        assert_eq!(split_list("Sales, B2B; Marketing|SEO\nAds"), ["Sales, B2B", "Marketing", "SEO", "Ads"]);
        assert_eq!(split_list(" ; "), Vec::<String>::new());
    }
}
