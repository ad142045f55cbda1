//! What the engine may know of a candidate: an allow-list.
//!
//! Input: a valid candidate. Output: an [`IndexDocument`]. Contact data, protected traits and vanity counts have no
//! place in this type. Invariant (stuffing): in the scored groups a token counts once a sentence, equal sentences
//! count once, and a token counts at most [`MAX_OCCURRENCES`] times, so that repeating what is there changes nothing.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::candidate::{
    Candidate, Experience, Grade, Month, SkillEvidence, TextField, TextValue, Timeline, skill_evidence, text_values,
};
use crate::query::canonical_value;
use crate::text::{self, Language, Token};

/// How often a token counts in one scored group.
pub const MAX_OCCURRENCES: usize = 3;

/// Words of a document's text that stand for a person who has nothing else.
const DOCUMENT_HEAD_WORDS: usize = 80;

/// Months after which a position weighs half in the role vector, counted from the person's own latest position.
const ROLE_HALF_LIFE_MONTHS: f32 = 48.0;

/// A group of fields that score together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScoredGroup {
    /// Titles of all positions.
    Titles,
    /// Skills that positions, projects or certificates support.
    Skills,
    /// Headline and summary.
    Headline,
    /// What positions say, their employers and industries.
    Positions,
    /// Everything else, skills that are only listed among it.
    Rest,
}

impl ScoredGroup {
    /// All groups.
    pub const ALL: [ScoredGroup; 5] = [Self::Titles, Self::Skills, Self::Headline, Self::Positions, Self::Rest];

    /// The group's name in explanations and in `ranking.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Titles => "titles",
            Self::Skills => "skills",
            Self::Headline => "headline",
            Self::Positions => "positions",
            Self::Rest => "rest",
        }
    }

    /// The group that a field's words score in; `None` for fields that never score. Skills score in
    /// [`ScoredGroup::Skills`] only where they are supported, else in [`ScoredGroup::Rest`].
    pub fn of(field: TextField, supported_skill: bool) -> Option<Self> {
        match field {
            TextField::CurrentTitle | TextField::PastTitle => Some(Self::Titles),
            TextField::Skill if supported_skill => Some(Self::Skills),
            TextField::Headline | TextField::Summary => Some(Self::Headline),
            TextField::PositionText | TextField::CurrentCompany | TextField::PastCompany | TextField::Industry => {
                Some(Self::Positions)
            }
            TextField::Skill
            | TextField::School
            | TextField::Degree
            | TextField::Location
            | TextField::Language
            | TextField::Certificate
            | TextField::Project
            | TextField::Document => Some(Self::Rest),
            TextField::Name | TextField::Tag | TextField::Cohort | TextField::Source => None,
        }
    }
}

/// One exact token and its position in its field; values stand [`VALUE_GAP`] positions apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExactToken {
    /// The token, case and accents folded.
    pub text: String,
    /// Its position in the field.
    pub position: u32,
}

/// Positions between two values of one field, so that no phrase crosses from one to the other.
pub const VALUE_GAP: u32 = 1_000;

/// Facts that filters and ranking need beside the words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CandidateFacts {
    /// The candidate's id.
    pub id: String,
    /// Months of work; `None` where no position has a start.
    pub closed_months: Option<u32>,
    /// Month in which the earliest open position started.
    pub open_month: Option<i32>,
    /// Language of the candidate's texts.
    pub language: Option<Language>,
    /// States to be open to work: (since, until) in Unix seconds.
    pub open_to_work: Option<(Option<i64>, Option<i64>)>,
    /// States not to be looking.
    pub not_looking: bool,
    /// When the profile says it was changed last, in Unix seconds.
    pub modified: Option<i64>,
}

impl CandidateFacts {
    /// Total experience; `None` where unknown.
    pub fn experience(&self) -> Option<Experience> {
        self.closed_months.map(|closed_months| Experience { closed_months, open_since: self.open_month.map(Month) })
    }

    fn of(candidate: &Candidate, timeline: &Timeline, language: Option<Language>) -> Self {
        let experience = timeline.experience();
        let open = candidate.availability.open_to_work.as_ref();
        let seconds = |instant: Option<jiff::Timestamp>| instant.map(|instant| instant.as_second());
        Self {
            id: candidate.id().as_str().to_owned(),
            closed_months: experience.map(|experience| experience.closed_months),
            open_month: experience.and_then(|experience| experience.open_since).map(|month| month.0),
            language,
            open_to_work: open.map(|open| (seconds(open.since), seconds(open.until))),
            not_looking: candidate.availability.not_looking,
            modified: seconds(candidate.profile.last_modified),
        }
    }
}

/// A string to embed and its weight in a composed vector.
pub type WeightedText = (String, f32);

/// A candidate as the engine takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexDocument {
    /// The store's key of the candidate.
    pub key: u32,
    /// Facts.
    pub facts: CandidateFacts,
    /// Exact tokens by field: what demands match.
    pub exact: Vec<(TextField, Vec<ExactToken>)>,
    /// Scored tokens by group, in the order of [`ScoredGroup::ALL`]: what wishes match.
    pub scored: [Vec<String>; 5],
    /// Canonical values by filter, see [`canonical_value`].
    pub canonical: CanonicalValues,
    /// Titles that make the role vector.
    pub role: Vec<WeightedText>,
    /// Skills that make the skills vector.
    pub skills: Vec<WeightedText>,
}

/// Values that filters compare as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CanonicalValues {
    /// Skills.
    pub skills: Vec<String>,
    /// Titles.
    pub titles: Vec<String>,
    /// Employers.
    pub companies: Vec<String>,
    /// Country code of the candidate, lower case.
    pub country: Option<String>,
    /// Spoken languages.
    pub languages: Vec<String>,
    /// Cities and regions.
    pub locations: Vec<String>,
}

impl IndexDocument {
    /// Reads a candidate.
    pub fn of(key: u32, candidate: &Candidate) -> Self {
        let timeline = Timeline::of(&candidate.profile.positions);
        let evidence = skill_evidence(candidate, &timeline);
        let values = text_values(candidate, &timeline);
        let language = language_of(&values);
        let supported: HashSet<&[String]> =
            evidence.iter().filter(|skill| skill.grade > Grade::Listed).map(|skill| skill.tokens.as_slice()).collect();
        let mut exact = ExactFields::default();
        let mut groups = ScoredGroups::new(language);
        for value in &values {
            let tokens = text::tokens(&value.text);
            exact.add(value.field, &tokens);
            groups.add(value, &tokens, &supported);
        }
        Self {
            key,
            facts: CandidateFacts::of(candidate, &timeline, language),
            exact: exact.0,
            scored: groups.into_tokens(),
            canonical: canonical_values(candidate, &values),
            role: role_texts(candidate, &timeline),
            skills: skill_texts(&evidence),
        }
    }
}

fn language_of(values: &[TextValue<'_>]) -> Option<Language> {
    let told = [TextField::Summary, TextField::PositionText, TextField::Document, TextField::Headline];
    text::detect(None, values.iter().filter(|value| told.contains(&value.field)).map(|value| value.text.as_ref()))
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    values.filter(|value| !value.is_empty() && seen.insert(value.clone())).collect()
}

fn canonical_values(candidate: &Candidate, values: &[TextValue<'_>]) -> CanonicalValues {
    let of = |fields: &[TextField]| {
        let values = values.iter().filter(|value| fields.contains(&value.field));
        distinct(values.map(|value| canonical_value(&value.text)))
    };
    CanonicalValues {
        skills: of(&[TextField::Skill]),
        titles: of(&[TextField::CurrentTitle, TextField::PastTitle]),
        companies: of(&[TextField::CurrentCompany, TextField::PastCompany]),
        country: candidate.profile.country_code.as_ref().map(|code| code.to_lowercase()),
        languages: of(&[TextField::Language]),
        locations: of(&[TextField::Location]),
    }
}

/// The titles that tell what somebody does, each weighted by how long and how lately it was held; where there is no
/// title, the headline; where there is no profile, the head of the first document.
fn role_texts(candidate: &Candidate, timeline: &Timeline) -> Vec<WeightedText> {
    let positions = candidate.profile.positions.iter().enumerate();
    let titles: Vec<WeightedText> = positions
        .filter_map(|(at, position)| Some((position.title.as_ref()?.clone(), role_weight(timeline, at))))
        .filter(|(title, _)| !title.trim().is_empty())
        .collect();
    if !titles.is_empty() {
        return titles;
    }
    let headline = candidate.profile.headline.as_ref().filter(|headline| !headline.trim().is_empty());
    if let Some(headline) = headline {
        return vec![(headline.clone(), 1.0)];
    }
    let head = candidate.documents.first().map(|document| document_head(&document.text)).unwrap_or_default();
    if head.is_empty() { Vec::new() } else { vec![(head, 1.0)] }
}

fn document_head(text: &str) -> String {
    let masked = text::mask_contacts(text);
    masked.split_whitespace().take(DOCUMENT_HEAD_WORDS).collect::<Vec<_>>().join(" ")
}

fn role_weight(timeline: &Timeline, position: usize) -> f32 {
    let months = timeline.months_of(position).unwrap_or(12) as f32;
    let age = timeline.months_before_latest(position).unwrap_or(0) as f32;
    (1.0 + months / 12.0).ln_1p() * 0.5_f32.powf(age / ROLE_HALF_LIFE_MONTHS)
}

fn skill_texts(evidence: &[SkillEvidence]) -> Vec<WeightedText> {
    let weight = |grade| match grade {
        Grade::Listed => 0.4,
        Grade::Used => 1.0,
        Grade::Proven => 1.2,
    };
    evidence.iter().map(|skill| (skill.skill.clone(), weight(skill.grade))).collect()
}

#[derive(Default)]
struct ExactFields(Vec<(TextField, Vec<ExactToken>)>);

impl ExactFields {
    fn add(&mut self, field: TextField, tokens: &[Token]) {
        let at = self.0.iter().position(|(known, _)| *known == field).unwrap_or_else(|| {
            self.0.push((field, Vec::new()));
            self.0.len() - 1
        });
        let held = &mut self.0[at].1;
        let base = held.last().map_or(0, |last| last.position + VALUE_GAP);
        held.extend(
            tokens.iter().map(|token| ExactToken { text: token.exact.clone(), position: base + token.position }),
        );
    }
}

struct ScoredGroups {
    language: Option<Language>,
    tokens: [Vec<String>; 5],
    occurrences: [HashMap<String, usize>; 5],
    sentences: HashSet<(ScoredGroup, Vec<String>)>,
}

impl ScoredGroups {
    fn new(language: Option<Language>) -> Self {
        Self { language, tokens: Default::default(), occurrences: Default::default(), sentences: HashSet::new() }
    }

    fn add(&mut self, value: &TextValue<'_>, tokens: &[Token], supported: &HashSet<&[String]>) {
        let exact: Vec<String> = tokens.iter().map(|token| token.exact.clone()).collect();
        let is_listed = value.field == TextField::Skill && !supported.contains(exact.as_slice());
        let Some(group) = ScoredGroup::of(value.field, !is_listed) else { return };
        let limit = if is_listed { 1 } else { MAX_OCCURRENCES };
        let mut rest = tokens;
        for sentence in text::sentences(&value.text) {
            let length = rest.iter().take_while(|token| token.bytes.start < sentence.end).count();
            let (inside, after) = rest.split_at(length);
            self.add_sentence(group, inside, limit);
            rest = after;
        }
    }

    fn add_sentence(&mut self, group: ScoredGroup, tokens: &[Token], limit: usize) {
        let mut forms: Vec<String> = tokens.iter().map(|token| text::stem_form(token, self.language)).collect();
        let mut seen = HashSet::new();
        forms.retain(|form| seen.insert(form.clone()));
        if forms.is_empty() || !self.sentences.insert((group, forms.clone())) {
            return;
        }
        for form in forms {
            let count = self.occurrences[group as usize].entry(form.clone()).or_default();
            if *count < limit {
                *count += 1;
                self.tokens[group as usize].push(form);
            }
        }
    }

    fn into_tokens(self) -> [Vec<String>; 5] {
        self.tokens
    }
}
