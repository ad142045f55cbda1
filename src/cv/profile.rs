//! The parts of a CV → a JSON Resume with how sure each part is.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::entry::{self, Entry};
use super::evidence;
use super::line::{Line, flowed, lines};
use super::lists;
use super::person::{Person, person};
use super::reading::Kind;
use super::role::{self, Role};
use super::sections::{Sections, sections};
use super::spoken;
use super::weights::HeadingWeights;
use super::words::{self, Cue, Part};
use crate::text::TokenList;

/// The version of the parser: a profile of another may differ.
pub const PARSER: u32 = 6;

/// So many bytes of a text are read.
const MAX_BYTES: usize = 200_000;

/// A summary is cut to so many characters.
const LONGEST_SUMMARY: usize = 3_000;

/// A profile that was read out of a CV.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParsedCv {
    /// A JSON Resume of what was found; an empty object where nothing was.
    pub profile: Map<String, Value>,
    /// How sure what stands beneath a JSON Pointer of the profile is, in [0, 1].
    pub confidence: BTreeMap<String, f32>,
}

impl ParsedCv {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.profile.is_empty()
    }

    fn put(&mut self, section: &str, entries: Vec<Rated>) {
        if entries.is_empty() {
            return;
        }
        for (index, (_, confidence)) in entries.iter().enumerate() {
            self.confidence.insert(format!("/{section}/{index}"), rounded(*confidence));
        }
        self.profile.insert(section.to_owned(), entries.into_iter().map(|(entry, _)| entry).collect());
    }

    fn put_list(&mut self, section: &str, entries: Vec<Value>, confidence: f32) {
        if !entries.is_empty() {
            self.confidence.insert(format!("/{section}"), rounded(confidence));
            self.profile.insert(section.to_owned(), Value::Array(entries));
        }
    }
}

fn rounded(confidence: f32) -> f32 {
    (confidence.clamp(0.0, 1.0) * 100.0).round() / 100.0
}

/// A value with how sure it is.
type Rated = (Value, f32);

/// Reads the text of a CV.
pub fn parse(text: &str) -> ParsedCv {
    parse_with(text, HeadingWeights::built_in())
}

/// Reads the text of a CV with other weights than those that came with the program.
pub fn parse_with(text: &str, weights: &HeadingWeights) -> ParsedCv {
    let end = (0..=MAX_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let lines = lines(&text[..end]);
    let sections = sections(&lines);
    let mut parsed = ParsedCv::default();
    put_basics(&mut parsed, &sections, &lines);
    let (work, schooling) = put_work(&sections, Kind::of(true, weights));
    parsed.put("work", work);
    let education = put_education(&sections, Kind::of(false, weights)).into_iter().chain(schooling);
    parsed.put("education", education.collect());
    let has_heading = |part: Part| sections.has(part);
    let skills: Vec<Value> =
        lists::skills(&sections.lines(Part::Skills)).into_iter().map(|name| json!({ "name": name })).collect();
    parsed.put_list("skills", skills, if has_heading(Part::Skills) { 0.8 } else { 0.5 });
    let languages = spoken::languages(&sections.lines(Part::Languages))
        .into_iter()
        .map(|spoken| object([("language", Some(spoken.language)), ("fluency", spoken.fluency)]));
    parsed.put_list("languages", languages.collect(), 0.9);
    let certificates = lists::certificates(&sections.lines(Part::Certificates))
        .into_iter()
        .map(|given| object([("name", Some(given.name)), ("date", given.date.map(|date| date.to_string()))]));
    parsed.put_list("certificates", certificates.collect(), 0.7);
    parsed
}

/// An object of the members that have a value.
fn object<const N: usize>(members: [(&str, Option<String>); N]) -> Value {
    let held = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))));
    Value::Object(held.collect())
}

fn put_basics(parsed: &mut ParsedCv, sections: &Sections, all: &[Line]) {
    let first: Vec<&Line> = sections.first.iter().collect();
    let personal_lines = sections.lines(Part::Personal);
    let personal: Vec<&Line> = personal_lines.iter().collect();
    let Person { name, is_sure_name, headline, email, phone, home, prose } = person(&first, &personal, all);
    let stated = sections.lines(Part::Headline).first().map(|line| line.text.clone());
    let summary = {
        let lines = sections.lines(Part::Summary);
        let texts: Vec<&str> = if lines.is_empty() {
            prose.iter().map(String::as_str).collect()
        } else {
            lines.iter().map(|line| line.text.as_str()).collect()
        };
        let is_stated = !lines.is_empty();
        let text: String = flowed(texts).replace('\t', " ").chars().take(LONGEST_SUMMARY).collect();
        (!text.is_empty()).then_some((text, if is_stated { 0.9 } else { 0.6 }))
    };
    let mut basics = Map::new();
    let mut put = |member: &str, value: Option<String>, confidence: f32| {
        if let Some(value) = value {
            basics.insert(member.to_owned(), Value::String(value));
            parsed.confidence.insert(format!("/basics/{member}"), rounded(confidence));
        }
    };
    put("name", name, if is_sure_name { 0.95 } else { 0.7 });
    put("label", stated.or(headline), 0.7);
    put("email", email, 0.95);
    put("phone", phone, 0.85);
    if let Some((text, confidence)) = summary {
        put("summary", Some(text), confidence);
    }
    if let Some(home) = home {
        basics.insert("location".to_owned(), home.location());
        parsed.confidence.insert("/basics/location".to_owned(), 0.7);
    }
    if !basics.is_empty() {
        parsed.profile.insert("basics".to_owned(), Value::Object(basics));
    }
}

/// Positions, and the schooling that stands among them.
fn put_work(sections: &Sections, kind: Kind<'_>) -> (Vec<Rated>, Vec<Rated>) {
    let (mut found, mut schooling) = (Vec::new(), Vec::new());
    for lines in sections.each(Part::Work) {
        let entries = entry::entries(lines, kind);
        let roles = role::roles(&entries, kind);
        for (entry, role) in entries.iter().zip(roles).filter(|(_, role)| !role.is_block) {
            if is_schooling(&role) {
                schooling.push(school(entry, role));
            } else {
                found.extend(position(entry, role, found.is_empty()));
            }
        }
    }
    without_summaries(&mut found);
    (found, schooling)
}

/// Leaves out employers that stand in a table of all before the positions held there: they say no more than these.
fn without_summaries(found: &mut Vec<Rated>) {
    let key = |value: &Value, member: &str| value[member].as_str().map(words::fold);
    let held: Vec<Option<String>> =
        found.iter().filter(|(value, _)| value["position"].is_string()).map(|(value, _)| key(value, "name")).collect();
    found.retain(|(value, _)| {
        let name = key(value, "name");
        let has_more = value["summary"].is_string() || value["highlights"].is_array();
        value["position"].is_string() || has_more || name.is_none() || !held.contains(&name)
    });
}

/// Whether a degree of a school, or a school alone, stands where a title and an employer are expected.
fn is_schooling(role: &Role) -> bool {
    let has = |cue: Cue, text: &str| words::has(cue, &TokenList::of(text));
    let Some(organisation) = role.organisation.as_deref().filter(|text| evidence::degree_likeness(text) < 0.0) else {
        // "A-levels: English, History, French"
        return role.title.as_deref().is_some_and(|title| {
            role.organisation.is_none() && words::leading(Cue::Degree, &TokenList::of(title)) > 0 && !is_title(title)
        });
    };
    match role.title.as_deref() {
        Some(title) => {
            let tokens = TokenList::of(title);
            let (leads, at_school) = (words::leading(Cue::Degree, &tokens) > 0, has(Cue::School, organisation));
            leads && (at_school || !is_title(title)) || has(Cue::Degree, title) && at_school && !has(Cue::Title, title)
        }
        None => has(Cue::School, organisation) && !has(Cue::LegalForm, organisation),
    }
}

fn is_title(text: &str) -> bool {
    words::has(Cue::Title, &TokenList::of(text)) || evidence::title_likeness(text) > 0.5
}

/// A position as JSON Resume has it. `None` where there is neither title nor employer.
fn position(entry: &Entry, role: Role, is_first: bool) -> Option<Rated> {
    let is_gap = |text: &Option<String>| {
        text.as_ref().is_some_and(|text| {
            let tokens = TokenList::of(text);
            let likeness = evidence::title_likeness(text);
            let leads = words::leading(Cue::Gap, &tokens);
            // A travel nurse travels for work.
            let is_title = likeness > 0.3 && leads == 1 && tokens.len() > 1 && role.organisation.is_some();
            words::has(Cue::Gap, &tokens) && likeness <= 0.0 || leads > 0 && !is_title
        })
    };
    let is_unpaid = role.title.as_deref().is_some_and(is_unpaid);
    // "2014 to 2016 I was looking after my dad full time."
    let speaks = role.title.as_ref().is_some_and(|text| text.starts_with("I ") || text.starts_with("Ich "));
    if role.title.is_none() && role.organisation.is_none()
        || speaks
        || is_unpaid
        || is_gap(&role.title)
        || role.title.is_none() && is_gap(&role.organisation)
        || role.organisation.as_ref().is_some_and(|text| words::leading(Cue::Gap, &TokenList::of(text)) > 0)
    {
        return None;
    }
    let (start, end, sure) =
        entry.period.as_ref().map_or((None, None, 0.4), |period| entry::ends(period, true, is_first));
    let confidence = sure * (0.55 + 0.25 * f32::from(u8::from(role.is_whole)) + 0.2 * f32::from(role.sureness) / 100.0);
    let mut value = object([
        ("name", role.organisation.map(without_address)),
        ("position", role.title),
        ("location", role.place),
        ("startDate", start),
        ("endDate", end),
    ]);
    let (summary, highlights) = texts(&entry.body);
    if let Some(members) = value.as_object_mut() {
        if !summary.is_empty() {
            members.insert("summary".to_owned(), Value::String(summary));
        }
        if !highlights.is_empty() {
            members.insert("highlights".to_owned(), highlights.into());
        }
    }
    Some((value, confidence))
}

/// Whether a title says that nobody is paid for it: "Trustee", "Parent helper (volunteer)".
fn is_unpaid(title: &str) -> bool {
    words::is_cue(Cue::Unpaid, &words::fold(title))
        || role::bracket_at_end(title).is_some_and(|(head, remark)| {
            // An internship is one, paid or not.
            words::has(Cue::Unpaid, &TokenList::of(remark)) && !words::has(Cue::Traineeship, &TokenList::of(head))
        })
}

/// An employer without the address or remark behind it: "Nove Querce onlus, Via Nazionale 12, Foligno", "Avelã (trabalho em casa)".
fn without_address(organisation: String) -> String {
    // "Stichting Kindkracht te", a line's end, "Hoogeveen".
    let cut = organisation.rsplit_once(' ').filter(|(_, last)| matches!(*last, "te" | "in" | "à" | "im"));
    let organisation = cut.map_or(organisation.as_str(), |(name, _)| name).to_owned();
    let remark = organisation.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    if let Some((name, inner)) = remark
        && (inner.contains(' ') && inner.starts_with(char::is_lowercase)
            || words::is_cue(Cue::Engagement, &words::fold(inner))
            || inner.split_once('/').is_some_and(|(place, _)| evidence::is_place(place)))
    {
        return name.to_owned();
    }
    // "ASL Terralba e Marmilla, sede di Ales"
    let is_small = |at: usize| {
        let behind = &organisation[at + 2..];
        let word = behind.split([' ', ',']).next().unwrap_or_default();
        behind.starts_with(char::is_lowercase)
            && !words::is_cue(Cue::LegalForm, &words::fold(word))
            && !behind.contains('.')
    };
    let cut = organisation.match_indices(", ").map(|(at, _)| at).find(|at| *at > 0 && is_small(*at));
    let organisation = cut.map_or(organisation.as_str(), |at| &organisation[..at]).to_owned();
    let is_street = |word: &str| words::is_cue(Cue::Street, &words::fold(word));
    let streets = organisation.match_indices(", ").filter(|(at, _)| {
        let behind = &organisation[at + 2..];
        behind.split(' ').next().is_some_and(is_street) && behind.bytes().any(|byte| byte.is_ascii_digit())
    });
    let organisation = match streets.map(|(at, _)| at).next() {
        Some(at) => organisation[..at].to_owned(),
        None => organisation,
    };
    let organisation = match organisation.strip_suffix('.') {
        Some(name) if name.rsplit([' ', '.']).next().is_some_and(|word| word.chars().count() > 4) => name.to_owned(),
        _ => organisation,
    };
    let masked = crate::text::mask_contacts(&organisation);
    let Some(at) = masked.find(crate::text::MASK).filter(|at| *at > 0) else { return organisation };
    // The mask has as many characters as what it hides, not as many bytes.
    let before: String = organisation.chars().take(masked[..at].chars().count()).collect();
    let name = before.trim_end_matches([' ', ',', '-', '–', '—', '(', ';']).to_owned();
    if name.is_empty() { organisation } else { name }
}

/// Running text and items of the text below a heading.
fn texts(body: &[Line]) -> (String, Vec<String>) {
    let mut prose: Vec<&str> = Vec::new();
    let mut items: Vec<String> = Vec::new();
    for line in body {
        match items.last_mut() {
            Some(last) if line.is_continued => *last = flowed([last.as_str(), &line.text]),
            _ if line.is_bullet => items.push(line.text.clone()),
            _ => prose.push(&line.text),
        }
    }
    items.iter_mut().for_each(|item| *item = item.replace('\t', " "));
    (flowed(prose).replace('\t', " "), items)
}

fn put_education(sections: &Sections, kind: Kind<'_>) -> Vec<Rated> {
    let mut found = Vec::new();
    for lines in sections.each(Part::Education) {
        let entries = entry::entries(lines, kind);
        let roles = role::roles(&entries, kind);
        for (entry, role) in entries.iter().zip(roles) {
            let is_gap = role.title.as_ref().is_some_and(|text| words::leading(Cue::Gap, &TokenList::of(text)) > 0);
            if is_gap || role.title.is_none() && role.organisation.is_none() {
                continue;
            }
            found.push(school(entry, role));
        }
    }
    found
}

/// An entry of education as JSON Resume has it.
fn school(entry: &Entry, role: Role) -> Rated {
    let (start, end, sure) =
        entry.period.as_ref().map_or((None, None, 0.5), |period| entry::ends(period, false, false));
    let confidence = sure * (0.6 + 0.25 * f32::from(u8::from(role.is_whole)) + 0.15 * f32::from(role.sureness) / 100.0);
    let members =
        [("institution", role.organisation), ("studyType", role.title), ("startDate", start), ("endDate", end)];
    (object(members), confidence)
}
