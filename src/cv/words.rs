//! The tables of words: folded phrase → what it tells in a CV.
//!
//! The tables are those of `indexes/cv/`, read on first use.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::text::{TokenList, named_phrases};

const HEADINGS: &str = include_str!("../../indexes/cv/headings.tsv");
const STEM_WORDS: &str = include_str!("../../indexes/cv/stems.tsv");
const DATE_WORDS: &str = include_str!("../../indexes/cv/words.tsv");
const CUES: &str = include_str!("../../indexes/cv/cues.tsv");

/// What a part of a CV is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Summary,
    Work,
    Education,
    Skills,
    Languages,
    Certificates,
    Projects,
    Publications,
    Volunteer,
    Interests,
    References,
    Personal,
    Awards,
    Other,
    /// The document's own title.
    Title,
    Headline,
}

impl Part {
    const ALL: [(&str, Self); 16] = [
        ("summary", Self::Summary),
        ("work", Self::Work),
        ("education", Self::Education),
        ("skills", Self::Skills),
        ("languages", Self::Languages),
        ("certificates", Self::Certificates),
        ("projects", Self::Projects),
        ("publications", Self::Publications),
        ("volunteer", Self::Volunteer),
        ("interests", Self::Interests),
        ("references", Self::References),
        ("personal", Self::Personal),
        ("awards", Self::Awards),
        ("other", Self::Other),
        ("title", Self::Title),
        ("headline", Self::Headline),
    ];
}

/// What a word tells in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum DateWord {
    Present,
    Since,
    Until,
    /// Makes a single date the start of what lasts.
    Bare,
    /// Goes with the date that follows.
    Lead,
    /// Stands within a date.
    Between,
    Season,
}

impl DateWord {
    const ALL: [(&str, Self); 7] = [
        ("present", Self::Present),
        ("since", Self::Since),
        ("until", Self::Until),
        ("bare", Self::Bare),
        ("lead", Self::Lead),
        ("between", Self::Between),
        ("season", Self::Season),
    ];
}

/// A set of cues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Cue {
    LegalForm,
    Organisation,
    Title,
    At,
    School,
    Degree,
    Level,
    NoSkill,
    Fluff,
    NameLabel,
    Private,
    AddressLabel,
    TitleLabel,
    CompanyLabel,
    DateLabel,
    BodyLabel,
    SectorLabel,
    DegreeLabel,
    SchoolLabel,
    Consent,
    /// Time without a position.
    Gap,
    /// How somebody is employed: "full-time", "befristet".
    Engagement,
    /// Labels in a list of skills of what is none.
    NoSkillLabel,
    /// Labels of parts of a position that are none: "Project:".
    Within,
    /// Units of how long something was.
    Duration,
    /// What the name of a part of an employer begins with.
    Department,
    /// Units of how much somebody works: "25 h/week".
    Hours,
    /// What the name of a street begins with.
    Street,
    /// The employer of the entry before: "ebenda".
    Same,
    /// Titles, and remarks behind them, of what nobody is paid for.
    Unpaid,
    /// Words that stand where an employer would for who has none: "freelance".
    SelfEmployed,
    /// What trainees are called, and what they do.
    Traineeship,
}

impl Cue {
    const ALL: [(&str, Self); 32] = [
        ("form", Self::LegalForm),
        ("org", Self::Organisation),
        ("title", Self::Title),
        ("at", Self::At),
        ("school", Self::School),
        ("degree", Self::Degree),
        ("level", Self::Level),
        ("noskill", Self::NoSkill),
        ("fluff", Self::Fluff),
        ("label", Self::NameLabel),
        ("private", Self::Private),
        ("address", Self::AddressLabel),
        ("title label", Self::TitleLabel),
        ("company label", Self::CompanyLabel),
        ("date label", Self::DateLabel),
        ("body label", Self::BodyLabel),
        ("sector label", Self::SectorLabel),
        ("degree label", Self::DegreeLabel),
        ("school label", Self::SchoolLabel),
        ("consent", Self::Consent),
        ("gap", Self::Gap),
        ("engagement", Self::Engagement),
        ("within", Self::Within),
        ("noskilllabel", Self::NoSkillLabel),
        ("duration", Self::Duration),
        ("department", Self::Department),
        ("hours", Self::Hours),
        ("street", Self::Street),
        ("same", Self::Same),
        ("unpaid", Self::Unpaid),
        ("self employed", Self::SelfEmployed),
        ("traineeship", Self::Traineeship),
    ];
}

/// Labels of the values of a position or a school in a form.
pub(super) const ENTRY_LABELS: [Cue; 7] = [
    Cue::DateLabel,
    Cue::TitleLabel,
    Cue::CompanyLabel,
    Cue::BodyLabel,
    Cue::SectorLabel,
    Cue::DegreeLabel,
    Cue::SchoolLabel,
];

/// The exact tokens of a text, joined by spaces.
pub(super) fn fold(text: &str) -> String {
    TokenList::of(text).joined()
}

/// Name and folded phrase of every entry of a table.
fn entries(table: &'static str) -> impl Iterator<Item = (&'static str, String)> {
    named_phrases(table).map(|(name, phrase)| (name, fold(phrase))).filter(|(_, phrase)| !phrase.is_empty())
}

/// What the name of a row stands for.
fn named<T: Copy>(all: &[(&str, T)], name: &str) -> Option<T> {
    all.iter().find(|(own, _)| *own == name).map(|(_, meaning)| *meaning)
}

static PARTS: LazyLock<HashMap<String, Part>> = LazyLock::new(|| {
    let mut parts = HashMap::new();
    for (name, phrase) in entries(HEADINGS) {
        if let Some(part) = named(&Part::ALL, name) {
            // Spaced letters leave no gaps between words.
            if phrase.contains(' ') {
                parts.entry(phrase.replace(' ', "")).or_insert(part);
            }
            parts.entry(phrase).or_insert(part);
        }
    }
    parts
});

static MONTHS: LazyLock<HashMap<String, u8>> = LazyLock::new(|| {
    let numbered = |(name, phrase): (&str, String)| Some((phrase, name.parse().ok()?));
    entries(DATE_WORDS).filter_map(numbered).collect()
});

static DATE_PHRASES: LazyLock<HashSet<(DateWord, String)>> = LazyLock::new(|| {
    let of_word = |(name, phrase): (&str, String)| Some((named(&DateWord::ALL, name)?, phrase));
    entries(DATE_WORDS).filter_map(of_word).collect()
});

static CUE_PHRASES: LazyLock<HashMap<Cue, HashSet<String>>> = LazyLock::new(|| {
    let mut cues: HashMap<Cue, HashSet<String>> = HashMap::new();
    for (name, phrase) in entries(CUES) {
        if let Some(cue) = named(&Cue::ALL, name) {
            cues.entry(cue).or_default().insert(phrase);
        }
    }
    cues
});

/// Stems of words of headings: those that begin a word, and after a dash those that end one.
static STEMS: LazyLock<Vec<(Part, String, bool)>> = LazyLock::new(|| {
    let of_part = |(name, stem): (&str, &str)| {
        Some((named(&Part::ALL, name)?, fold(stem.trim_start_matches('-')), stem.starts_with('-')))
    };
    named_phrases(STEM_WORDS).filter_map(of_part).collect()
});

/// The part that a folded heading opens.
pub(super) fn part(folded: &str) -> Option<Part> {
    PARTS.get(folded).copied()
}

/// The part that the words of a heading speak of by their stems: where they speak of one, or of education among others.
pub(super) fn part_by_stems(words: &[&str]) -> Option<Part> {
    let of_word = |word: &&str| {
        let fits = |stem: &&(Part, String, bool)| match stem {
            (_, stem, true) => word.ends_with(stem.as_str()),
            (_, stem, false) => word.starts_with(stem.as_str()),
        };
        STEMS.iter().filter(fits).max_by_key(|(_, stem, _)| stem.len()).map(|(part, ..)| *part)
    };
    let parts: Vec<Part> = words.iter().filter_map(of_word).collect();
    let first = *parts.first()?;
    let strangers = words.len() - parts.len();
    let is_one = parts.iter().all(|part| *part == first);
    (is_one && strangers <= 3).then_some(first)
}

/// The number of a folded month's name.
pub(super) fn month(folded: &str) -> Option<u8> {
    MONTHS.get(folded).copied()
}

/// Whether a folded word or phrase is a word of dates of this sort.
pub(super) fn is_date_word(sort: DateWord, folded: &str) -> bool {
    DATE_PHRASES.contains(&(sort, folded.to_owned()))
}

/// Whether a folded word or phrase is a cue of this sort.
pub(super) fn is_cue(cue: Cue, folded: &str) -> bool {
    CUE_PHRASES.get(&cue).is_some_and(|phrases| phrases.contains(folded))
}

/// Whether a folded word joins the last of several: "and".
pub(super) fn is_joint(word: &str) -> bool {
    matches!(word, "and" | "und" | "e" | "y" | "et" | "en" | "si")
}

/// Whether a folded word is a word of titles, or a compound that ends with one.
pub(super) fn is_title_word(word: &str) -> bool {
    is_cue(Cue::Title, word) || ends_with_title(word)
}

/// Whether a folded text is the beginning of a cue, whole words.
pub(super) fn begins_cue(cue: Cue, folded: &str) -> bool {
    let begins = |phrase: &String| phrase.strip_prefix(folded).is_some_and(|rest| rest.starts_with(' '));
    CUE_PHRASES.get(&cue).is_some_and(|phrases| phrases.iter().any(begins))
}

/// How many of the first tokens of a text, at most four, are a cue: the most.
pub(super) fn leading(cue: Cue, tokens: &TokenList) -> usize {
    let longest = tokens.len().min(4);
    (1..=longest).rev().find(|length| is_cue(cue, &joined(tokens, 0..*length))).unwrap_or(0)
}

/// Whether any one to three adjacent tokens of a text are a cue.
pub(super) fn has(cue: Cue, tokens: &TokenList) -> bool {
    let starts = 0..tokens.len();
    starts.into_iter().any(|from| {
        let longest = (tokens.len() - from).min(3);
        (1..=longest).any(|length| is_cue(cue, &joined(tokens, from..from + length)))
    })
}

/// Exact tokens, joined by spaces.
pub(super) fn joined(tokens: &TokenList, range: std::ops::Range<usize>) -> String {
    let forms: Vec<&str> = range.map(|at| tokens.exact(at)).collect();
    forms.join(" ")
}

/// Whether a text is the label of a value in a form, or the beginning of one.
pub(super) fn is_label(text: &str) -> bool {
    let folded = fold(text);
    let mut labels = ENTRY_LABELS.into_iter().chain([Cue::NameLabel, Cue::Private]);
    labels.any(|cue| is_cue(cue, &folded) || folded.contains(' ') && begins_cue(cue, &folded))
}

/// Whether a folded word ends with a cue of at least five letters: German and Dutch titles are compounds.
fn ends_with_title(word: &str) -> bool {
    let letters: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
    let starts = letters.iter().rev().skip(4);
    starts.into_iter().any(|at| is_cue(Cue::Title, &word[*at..]))
}
