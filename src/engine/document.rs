//! What the engine may know of a candidate: an allow-list.
//!
//! Input: a valid candidate. Output: an [`IndexDocument`]. Contact data, protected traits and vanity counts have no
//! place in this type. Invariant (stuffing): in the scored groups a token counts once a sentence, equal sentences
//! count once, and a token counts at most [`MAX_OCCURRENCES`] times, so that repeating what is there changes nothing.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{FieldValues, LAST_REGION, REGION_LENGTH, TokenText, VALUE_GAP, scored_groups::ScoredGroups};
use crate::activity::Tenure;
use crate::candidate::{
    Candidate, CandidateConcept, EntrySupport, Experience, Grade, Month, Point, SkillEvidence, TextField, TextValue,
    Timeline, WishedPlace, candidate_concepts, completeness, open_words, skill_evidence, text_values,
};
use crate::places::Gazetteer;
use crate::text::{self, Language, TokenList};

/// How often a token counts in one scored group.
pub const MAX_OCCURRENCES: usize = 3;

/// Words of a document's text that stand for a person who has nothing else.
const DOCUMENT_HEAD_WORDS: usize = 240;

/// Words from which on equal texts are those of one profile: many people say no more than "nurse".
const FINGERPRINT_WORDS: usize = 20;

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

/// Facts that filters and ranking need beside the words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CandidateFacts {
    /// The candidate's id.
    pub id: String,
    /// The words of the name, folded: what hits are sorted by.
    pub name: String,
    /// Months of work; `None` where no position has a start.
    pub closed_months: Option<u32>,
    /// Month in which the earliest open position started.
    pub open_month: Option<i32>,
    /// Language of the candidate's texts.
    pub language: Option<Language>,
    /// States to be open to work: (since, until) in Unix seconds.
    pub open_to_work: Option<(Option<i64>, Option<i64>)>,
    /// States whether to wish to work remotely.
    pub remote: Option<bool>,
    /// States not to be looking.
    pub not_looking: bool,
    /// When the profile says it was changed last, in Unix seconds.
    pub modified: Option<i64>,
    /// Asked not to be written to.
    pub do_not_contact: bool,
    /// Stands for the present employer: equal names give equal numbers.
    pub employer: Option<u64>,
    /// Stands for what titles, skills, headline and positions say: equal texts give equal numbers. `None` where they say little.
    pub fingerprint: Option<u64>,
    /// The current position against those before it.
    pub tenure: Option<Tenure>,
    /// The words with which the headline or summary says to look for work.
    pub open_words: Option<String>,
    /// Titles that are wished and were never held: words, folded.
    pub wished_titles: Vec<String>,
    /// Wished places: words, folded.
    pub wished_places: Vec<String>,
    /// Those of the wished places that the gazetteer knows.
    pub wished_at: Vec<WishedPlace>,
    /// Where the person lives, where the gazetteer knows it.
    pub residence: Option<Point>,
    /// What each entry of the profile gives to the skills that it names; the numbers are those of [`Entry::number`](crate::candidate::Entry::number).
    pub entries: Vec<EntrySupport>,
    /// Filled parts of the profile, of [`PARTS`](crate::candidate::PARTS): breaks ties.
    pub completeness: u8,
}

impl CandidateFacts {
    /// Total experience; `None` where unknown.
    pub fn experience(&self) -> Option<Experience> {
        self.closed_months.map(|closed_months| Experience { closed_months, open_since: self.open_month.map(Month) })
    }

    fn of(candidate: &Candidate, timeline: &Timeline, values: &[TextValue<'_>], language: Option<Language>) -> Self {
        let title = timeline.current().and_then(|at| candidate.profile.positions[at].title.as_deref());
        let experience = timeline.experience();
        let open = candidate.availability.open_to_work.as_ref();
        let seconds = |instant: Option<jiff::Timestamp>| instant.map(|instant| instant.as_second());
        Self {
            id: candidate.id().as_str().to_owned(),
            name: candidate.profile.name.as_deref().map(folded_name).unwrap_or_default(),
            closed_months: experience.map(|experience| experience.closed_months),
            open_month: experience.and_then(|experience| experience.open_since).map(|month| month.0),
            language,
            open_to_work: open.map(|open| (seconds(open.since), seconds(open.until))),
            remote: open.and_then(|open| open.remote),
            not_looking: candidate.availability.not_looking,
            modified: seconds(candidate.profile.last_modified),
            do_not_contact: candidate.availability.do_not_contact,
            employer: timeline.current().and_then(|at| name_hash(candidate.profile.positions[at].company.as_deref()?)),
            fingerprint: None,
            tenure: timeline.tenure().map(|tenure| Tenure {
                since: tenure.since.start_second(),
                own_months: tenure.median_months,
                closed_positions: tenure.closed_positions,
                title: title.and_then(|title| name_hash(&text::without_repeated_words(title))),
            }),
            open_words: open_words(values),
            wished_titles: wished_titles(candidate, values),
            wished_places: open.map_or_else(Vec::new, |open| folded(&open.locations)),
            wished_at: candidate.availability.wished_places(),
            residence: None,
            entries: EntrySupport::all(candidate, timeline),
            completeness: completeness(candidate),
        }
    }
}

/// A string to embed and its weight in a composed vector.
pub type WeightedText = (String, f32);

/// What tells a candidate's role.
#[derive(Debug, Clone, PartialEq)]
pub enum RoleTexts {
    /// Titles, each weighted by how long and how lately it was held. Many people share them.
    Titles(Vec<WeightedText>),
    /// The candidate's own words, where there is no title: the headline, else the head of the first document.
    Prose(String),
}

/// A candidate as the engine takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexDocument {
    /// The store's key of the candidate.
    pub key: u32,
    /// Facts.
    pub facts: CandidateFacts,
    /// Exact tokens by field: what demands match.
    pub exact: Vec<(TextField, TokenText)>,
    /// Scored tokens by group, in the order of [`ScoredGroup::ALL`]: what wishes match.
    pub scored: [TokenText; 5],
    /// Whole values: what filters compare.
    pub values: FieldValues,
    /// What makes the role vector.
    pub role: RoleTexts,
    /// Skills that make the skills vector.
    pub skills: Vec<WeightedText>,
    /// What the candidate is and can, in concepts.
    pub concepts: Vec<CandidateConcept>,
}

impl IndexDocument {
    /// Reads a candidate.
    pub fn of(key: u32, candidate: &Candidate) -> Self {
        let timeline = Timeline::of(&candidate.profile.positions);
        let values = text_values(candidate, &timeline);
        let evidence = skill_evidence(candidate, &timeline, &values, |_| true);
        let language = language_of(&values);
        let supported = evidence.iter().filter(|skill| skill.grade > Grade::Listed);
        let mut groups = ScoredGroups::new(language, supported.map(|skill| skill.tokens.join(" ")).collect());
        for value in &values {
            groups.add(value);
        }
        let scored = groups.into_tokens();
        let residence = candidate.profile.residence();
        let point = residence.as_ref().and_then(|known| Gazetteer::built_in().place(known.place));
        let facts = CandidateFacts {
            residence: point.map(|place| Point::of(place.coordinates)),
            ..CandidateFacts::of(candidate, &timeline, &values, language)
        };
        Self {
            key,
            facts: CandidateFacts { fingerprint: fingerprint(&scored), ..facts },
            exact: exact_fields(candidate, &values),
            scored,
            values: FieldValues::of(candidate, &values, (language, residence.as_ref())),
            role: role_texts(candidate, &timeline),
            skills: skill_texts(&evidence),
            concepts: candidate_concepts(&values, &evidence, language),
        }
    }
}

fn folded_name(name: &str) -> String {
    TokenList::of(&text::mask_contacts(name)).joined()
}

/// Wished titles but those that were held: whoever wishes to go on as before wishes what the profile shows.
fn wished_titles(candidate: &Candidate, values: &[TextValue<'_>]) -> Vec<String> {
    let Some(open) = &candidate.availability.open_to_work else { return Vec::new() };
    let titles = values.iter().filter(|value| matches!(value.field, TextField::CurrentTitle | TextField::PastTitle));
    let held: HashSet<String> = titles.map(|value| folded_once(&value.text)).collect();
    let wished = folded(&open.titles);
    if wished.iter().any(|title| held.contains(title)) { Vec::new() } else { wished }
}

fn folded(texts: &[String]) -> Vec<String> {
    let folded = texts.iter().map(|text| folded_once(&text::mask_contacts(text)));
    folded.filter(|text| !text.is_empty()).collect()
}

/// The words of a short text, folded, each once.
fn folded_once(text: &str) -> String {
    TokenList::of(&text::without_repeated_words(text)).joined()
}

fn fingerprint(scored: &[TokenText; 5]) -> Option<u64> {
    let texts = || scored[..ScoredGroup::Rest as usize].iter().map(TokenText::as_str);
    let words: usize = texts().map(|text| text.split_whitespace().count()).sum();
    let joined = texts().collect::<Vec<_>>().join("\n");
    (words >= FINGERPRINT_WORDS).then(|| hash(&joined))
}

fn hash(text: &str) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(text.as_bytes()).as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn name_hash(name: &str) -> Option<u64> {
    let canonical = TokenList::of(name).joined();
    (!canonical.is_empty()).then(|| hash(&canonical))
}

fn language_of(values: &[TextValue<'_>]) -> Option<Language> {
    let told = |value: &&TextValue<'_>| {
        matches!(value.field, TextField::Summary | TextField::PositionText | TextField::Document | TextField::Headline)
    };
    // What is said again makes no text longer.
    let texts: Vec<_> = values
        .iter()
        .filter(told)
        .map(|value| match value.field {
            TextField::Headline => text::without_repeated_words(&value.text),
            _ => text::without_repeated_sentences(&value.text),
        })
        .collect();
    text::detect(None, texts.iter().map(AsRef::as_ref))
}

/// The tokens of each field. Values that tell of an entry stand in the region after the entry's number, so that the place of
/// a word says which entry it stands in; values of no entry stand before all regions.
fn exact_fields(candidate: &Candidate, values: &[TextValue<'_>]) -> Vec<(TextField, TokenText)> {
    let mut fields: Vec<(TextField, Vec<(u32, &TextValue<'_>)>)> = Vec::new();
    for value in values.iter().filter(|value| !value.tokens.is_empty()) {
        let at = fields.iter().position(|(known, _)| *known == value.field).unwrap_or_else(|| {
            fields.push((value.field, Vec::new()));
            fields.len() - 1
        });
        let region = value.entry.map_or(0, |entry| entry.number(candidate) as u32 + 1);
        fields[at].1.push((region.min(LAST_REGION), value));
    }
    fields.into_iter().map(|(field, values)| (field, field_tokens(values))).collect()
}

/// What does not fit into its region goes to the last one, which no entry has: its words are found, and support no skill.
fn field_tokens(mut values: Vec<(u32, &TextValue<'_>)>) -> TokenText {
    values.sort_by_key(|(region, _)| *region);
    let (mut current, mut taken) = (0, 0);
    for (region, value) in &mut values {
        if *region != current {
            (current, taken) = (*region, 0);
        }
        taken += value.tokens.len() as u64 + u64::from(VALUE_GAP);
        if taken > u64::from(REGION_LENGTH) {
            *region = LAST_REGION;
        }
    }
    values.sort_by_key(|(region, _)| *region);
    let mut text = TokenText::default();
    let mut current = 0;
    for (region, value) in values {
        text.end_value();
        if region != current {
            text.begin_region(region);
            current = region;
        }
        value.tokens.exact_forms().for_each(|token| text.push(token));
    }
    text
}

fn role_texts(candidate: &Candidate, timeline: &Timeline) -> RoleTexts {
    let titles = weighted_titles(candidate, timeline);
    let headline = candidate.profile.headline.as_ref().filter(|headline| !headline.trim().is_empty());
    match headline {
        _ if !titles.is_empty() => RoleTexts::Titles(titles),
        Some(headline) => {
            let headline = text::without_repeated_words(headline);
            RoleTexts::Prose(text::mask_contacts(&headline).into_owned())
        }
        None => {
            let head = candidate.documents.first().map(|document| document_head(&document.text));
            head.map_or(RoleTexts::Titles(Vec::new()), RoleTexts::Prose)
        }
    }
}

/// Each different title once, weighted by how long and how lately it was held.
fn weighted_titles(candidate: &Candidate, timeline: &Timeline) -> Vec<WeightedText> {
    let mut held: Vec<(String, String, Vec<usize>)> = Vec::new();
    for (at, position) in candidate.profile.positions.iter().enumerate() {
        let Some(title) = position.title.as_deref().filter(|title| !title.trim().is_empty()) else { continue };
        let title = text::without_repeated_words(title);
        let canonical = TokenList::of(&title).joined();
        match held.iter_mut().find(|(known, ..)| *known == canonical) {
            Some((.., positions)) => positions.push(at),
            None => held.push((canonical, title.into_owned(), vec![at])),
        }
    }
    held.into_iter().map(|(_, title, positions)| (title, role_weight(timeline, &positions))).collect()
}

fn document_head(document: &str) -> String {
    let told = text::without_repeated_sentences(document);
    let masked = text::mask_contacts(&told);
    masked.split_whitespace().take(DOCUMENT_HEAD_WORDS).collect::<Vec<_>>().join(" ")
}

fn role_weight(timeline: &Timeline, positions: &[usize]) -> f32 {
    let months = timeline.months_in(|at| positions.contains(&at)).unwrap_or(12) as f32;
    let age = positions.iter().filter_map(|at| timeline.months_before_latest(*at)).min().unwrap_or(0) as f32;
    (1.0 + months / 12.0).ln_1p() * 0.5_f32.powf(age / ROLE_HALF_LIFE_MONTHS)
}

fn skill_texts(evidence: &[SkillEvidence]) -> Vec<WeightedText> {
    let weight = |grade| match grade {
        Grade::Listed => 0.4,
        Grade::Used => 1.0,
        Grade::Proven => 1.2,
    };
    let text = |skill: &SkillEvidence| text::without_repeated_words(&skill.skill).into_owned();
    evidence.iter().map(|skill| (text(skill), weight(skill.grade))).collect()
}
