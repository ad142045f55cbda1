//! A job advertisement → what it asks for.
//!
//! Input: a text in any language, and its title where that is known. Output: [`JobReading`]: title, skills that are needed and skills that
//! are nice to have, duties, facts (years, seniority, languages, place, remote work), and what was left aside. Headings are told in ten languages
//! (`indexes/job/headings.tsv`); under a heading that nobody knows stand duties. Pure, without a clock.
//!
//! Invariant: every line of the text is read or told as left aside, and no fact becomes a filter by itself: filters are proposed.

mod facts;
mod headings;
mod plan;
mod sections;
mod skills;

#[cfg(test)]
mod tests;

use serde::Serialize;

use super::filter::FilterSet;
use crate::taxonomy::LanguageSet;
use crate::text::{self, strip_gender_markers};

pub use plan::{JobWeights, profile_plan};

/// The longest job text, in bytes.
pub const MAX_JOB_BYTES: usize = 64 * 1024;

/// The longest first line that is a title, in words.
const LONGEST_TITLE: usize = 14;

/// A line of years that says nothing else, in words.
const SHORT_FACT: usize = 5;

/// What a job text asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobReading {
    /// The title of the position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// ISO 639-1 code of the language of the text, where it was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'static str>,
    /// Skills that are needed, as written.
    pub must: Vec<String>,
    /// Skills that are nice to have, as written.
    pub nice: Vec<String>,
    /// The lines that tell what is to be done.
    pub duties: Vec<String>,
    /// What was read beside words, and the words that it was read from.
    pub facts: Vec<JobFact>,
    /// The facts as filters: proposed, not applied.
    pub proposed_filters: FilterSet,
    /// What was left aside.
    pub left_out: Vec<LeftOut>,
}

/// Something that is asked for beside words.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobFact {
    /// What it is about.
    pub kind: JobFactKind,
    /// What it says: `5` (years), `senior`, `German`, `Milan, IT`, `yes`.
    pub value: String,
    /// The line that it was read from.
    pub line: String,
}

/// What a fact of a job text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum JobFactKind {
    /// The least experience, in years.
    Years,
    /// `intern`, `junior`, `senior`, `lead`.
    Seniority,
    /// A spoken language.
    Language,
    /// Where the work is.
    Place,
    /// Whether the work is remote.
    Remote,
}

/// A part of a job text that says nothing of whom it asks for.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// What it is about: `benefits`, `company`, `apply`; `title` where another is stated.
    pub about: &'static str,
    /// Its lines, the heading included.
    pub text: String,
}

/// Reads a job text. A stated title stands for the one of the text.
pub fn read_job(title: Option<&str>, description: &str) -> JobReading {
    let language = text::detect(None, [description]);
    let languages = language.and_then(|language| LanguageSet::of(language.code()));
    let stated = title.map(str::trim).filter(|title| !title.is_empty());
    let (read_title, body) = match first_line_as_title(description) {
        // Where a title is stated, the first line may well be text.
        (Some(first), rest) if stated.is_some_and(|title| !is_same(title, first)) && !stands_alone(rest) => {
            (None, description)
        }
        read => read,
    };
    let own_title = stated.or(read_title);
    let title = own_title.map(|title| strip_gender_markers(title).trim().to_owned());
    let read = sections::sections(body);
    let facts = facts::facts(title.as_deref(), body, &read);
    // "Fluent English", "3 years of experience": no skills.
    let says_all = |fact: &JobFact| match fact.kind {
        JobFactKind::Language => facts::says_only_languages(&fact.line),
        JobFactKind::Years => text::tokens(&fact.line).len() <= SHORT_FACT,
        _ => false,
    };
    let is_fact = |line: &str| facts.iter().any(|fact| fact.line == line && says_all(fact));
    let skills: Vec<sections::Line<'_>> = read.iter().copied().filter(|line| !is_fact(line.text)).collect();
    let lines = skills::Lines::of(&skills, languages);
    JobReading {
        title,
        language: language.map(text::Language::code),
        must: lines.must.texts,
        nice: lines.nice.texts,
        duties: lines.duties,
        proposed_filters: facts::filters(&facts),
        facts,
        left_out: replaced_title(stated, read_title).into_iter().chain(sections::left_out(&read)).collect(),
    }
}

/// Whether two titles are the same, their case and "(m/f/d)" aside.
fn is_same(title: &str, other: &str) -> bool {
    let folded = |title: &str| text::TokenList::of(strip_gender_markers(title).as_ref()).joined();
    folded(title) == folded(other)
}

/// Whether a blank line or a heading follows a first line, or nothing at all.
fn stands_alone(rest: &str) -> bool {
    let next = rest.lines().next().map_or("", str::trim);
    next.is_empty() || headings::of_heading(next, next.ends_with(':')).is_some()
}

/// The title of the text where another is stated.
fn replaced_title(stated: Option<&str>, read: Option<&str>) -> Option<LeftOut> {
    let read = read.filter(|read| stated.is_some_and(|stated| !is_same(stated, read)))?;
    Some(LeftOut { about: "title", text: read.to_owned() })
}

/// Skills as somebody states them, each once.
pub fn distinct(stated: &[String]) -> Vec<String> {
    let mut list = skills::SkillList::default();
    stated.iter().for_each(|skill| list.push(skill));
    list.texts
}

/// The first line where it is short enough and no heading: the title.
fn first_line_as_title(description: &str) -> (Option<&str>, &str) {
    let trimmed = description.trim_start();
    let (first, rest) = trimmed.split_once('\n').unwrap_or((trimmed, ""));
    let first = first.trim().trim_matches(['#', '*', ' ']);
    let is_title = (1..=LONGEST_TITLE).contains(&text::tokens(first).len())
        && !first.ends_with(['.', '!', '?', ':'])
        && !headings::is_heading(first);
    if is_title { (Some(first), rest) } else { (None, description) }
}
