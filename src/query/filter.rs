//! Filters: what a request narrows the candidates to, in canonical values.
//!
//! Input: [`FilterSet`], the wire form. Output: valid [`Filter`]s, or every [`FilterError`] at once. Values are
//! compared whole ("Rust" is not "Rust on Rails"), in the folding of the one analyser.

mod parts;
mod wire;

pub use wire::{DayWindow, EventWindow, FilterSet, NearFilter, Selection, YearRange};

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::circle::{Circle, MAX_RADIUS_KM, NoCircle};
use super::fact::{AgeRange, Fact, FactTest, MAX_DAYS, MAX_YEARS, MonthRange, Wanted};
use crate::candidate::TextField::{self, *};
use crate::places::Gazetteer;
use crate::taxonomy::{ConceptKind, Taxonomy};
use crate::text::{TokenList, spoken_language, spoken_language_name, strip_gender_markers};

/// The most values of one list.
pub const MAX_FILTER_VALUES: usize = 256;

/// The longest value, in bytes.
const MAX_VALUE_BYTES: usize = 512;

/// One valid filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Filter {
    /// Values of one field.
    Values {
        /// The field.
        field: FilterField,
        /// How many of the values a candidate has.
        quantifier: Quantifier,
        /// Canonical, distinct, at least one.
        values: Vec<String>,
    },
    /// A fact, as the query's `open:` or `contacted:` ask for it.
    Fact {
        /// What is asked of it.
        test: FactTest,
        /// Whether the contrary is wanted.
        is_negated: bool,
    },
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values { field, quantifier, values } => {
                write!(f, "{} {}: {}", field.name(), quantifier.name(), values.join(", "))
            }
            Self::Fact { test, is_negated: false } => write!(f, "{test}"),
            Self::Fact { test, is_negated: true } => write!(f, "-{test}"),
        }
    }
}

/// A field that filters speak about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FilterField {
    /// `skills`
    Skills,
    /// `titles`, current or past.
    Titles,
    /// `currentTitles`
    CurrentTitles,
    /// `companies`, current or past.
    Companies,
    /// `schools`
    Schools,
    /// `cities`, where the person lives.
    Cities,
    /// `countries`
    Countries,
    /// `languages`
    Languages,
    /// `industries`
    Industries,
    /// `locations`
    Locations,
    /// `cohorts`
    Cohorts,
    /// `tags`
    Tags,
    /// `sources`
    Sources,
    /// `occupations`: what titles, current or past, are read as.
    Occupations,
}

impl FilterField {
    /// All fields, in the order of declaration.
    pub const ALL: [FilterField; 14] = [
        Self::Skills,
        Self::Titles,
        Self::CurrentTitles,
        Self::Companies,
        Self::Schools,
        Self::Cities,
        Self::Countries,
        Self::Languages,
        Self::Industries,
        Self::Locations,
        Self::Cohorts,
        Self::Tags,
        Self::Sources,
        Self::Occupations,
    ];

    /// The text fields whose values it compares. Empty for cities and countries, which are attributes of the person.
    pub fn fields(self) -> &'static [TextField] {
        match self {
            Self::Skills => &[Skill],
            Self::Titles | Self::Occupations => &[CurrentTitle, PastTitle],
            Self::CurrentTitles => &[CurrentTitle],
            Self::Companies => &[CurrentCompany, PastCompany],
            Self::Schools => &[School],
            Self::Cities | Self::Countries => &[],
            Self::Languages => &[Language],
            Self::Industries => &[Industry],
            Self::Locations => &[Location],
            Self::Cohorts => &[Cohort],
            Self::Tags => &[Tag],
            Self::Sources => &[Source],
        }
    }

    /// Whether a candidate without any value is unknown instead of a no.
    pub fn is_three_valued(self) -> bool {
        matches!(self, Self::Cities | Self::Countries | Self::Languages | Self::Industries)
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Its name in a request.
    pub fn name(self) -> &'static str {
        match self {
            Self::Skills => "skills",
            Self::Titles => "titles",
            Self::CurrentTitles => "currentTitles",
            Self::Companies => "companies",
            Self::Schools => "schools",
            Self::Cities => "cities",
            Self::Countries => "countries",
            Self::Languages => "languages",
            Self::Industries => "industries",
            Self::Locations => "locations",
            Self::Cohorts => "cohorts",
            Self::Tags => "tags",
            Self::Sources => "sources",
            Self::Occupations => "occupations",
        }
    }
}

/// How many of the listed values a candidate has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Quantifier {
    /// Each.
    All,
    /// At least one.
    Any,
    /// None.
    None,
}

impl Quantifier {
    /// All of them, in the order in which a selection is read.
    pub const ALL: [Self; 3] = [Self::All, Self::Any, Self::None];

    /// Its name in a request.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
            Self::None => "none",
        }
    }
}

/// One thing wrong with the filters of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilterError {
    /// JSON Pointer into the request's body.
    pub pointer: String,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

/// The canonical form of a value of a field: its exact tokens, joined by a space, cut at 512 bytes; of a country its
/// code in lower case, of a city the gazetteer's label, of a spoken language its English name, of a skill or an occupation the
/// folded English label of the concept of that name, where they are known. Empty
/// where there is no letter or digit.
pub fn canonical_value(field: FilterField, value: &str) -> String {
    match field {
        FilterField::Countries => value.trim().to_lowercase(),
        FilterField::Languages => {
            let words = words(value);
            let code = spoken_language(value).or_else(|| spoken_language(&words));
            code.and_then(spoken_language_name).map_or(words, self::words)
        }
        FilterField::Cities => {
            let (gazetteer, words) = (Gazetteer::built_in(), words(value));
            // The words alone may be a name where the text is none: then both are that place.
            let known = gazetteer.resolve(value, None).or_else(|| gazetteer.resolve(&words, None));
            known.map_or(words, |resolved| gazetteer.label(resolved.place))
        }
        FilterField::Titles | FilterField::CurrentTitles => words(&strip_gender_markers(value)),
        FilterField::Skills => canonical_skill(words(value)),
        FilterField::Occupations => canonical_concept(words(value), |kind| {
            matches!(kind, ConceptKind::Occupation | ConceptKind::OnetOccupation)
        }),
        _ => words(value),
    }
}

/// The canonical form of a skill's words: K8s is Kubernetes. Words that are no skill's name stay.
pub fn canonical_skill(words: String) -> String {
    canonical_concept(words, |kind| matches!(kind, ConceptKind::Skill | ConceptKind::Technology))
}

/// The folded label of the concept of some kinds whose name some words are the most.
fn canonical_concept(words: String, is_wanted: impl Fn(ConceptKind) -> bool) -> String {
    let taxonomy = Taxonomy::built_in();
    let named = |words: &str| {
        let meanings = taxonomy.meanings_of_tokens(words.split(' '));
        let mut concepts = meanings.iter().filter_map(|meaning| taxonomy.concept(meaning.concept));
        concepts.find(|concept| is_wanted(concept.kind))
    };
    let Some(concept) = named(&words) else { return words };
    let label = self::words(concept.label);
    // Where another concept has the label for a name that is more its own, the words stand for themselves.
    if named(&label).is_some_and(|again| again.id == concept.id) { label } else { words }
}

fn words(value: &str) -> String {
    canonical_words(TokenList::of(value).joined())
}

/// The canonical form of the exact tokens of a value, joined by a space, for fields that compare words: at most 512 bytes of
/// them, in a form that is its own. Folding can leave other words ("ß#" is "ss#", which is "ss").
pub fn canonical_words(mut words: String) -> String {
    loop {
        if words.len() > MAX_VALUE_BYTES {
            let end = (0..=MAX_VALUE_BYTES).rev().find(|end| words.is_char_boundary(*end));
            words.truncate(end.unwrap_or(0));
        } else if words.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b' ')) {
            return words;
        }
        let again = TokenList::of(&words).joined();
        if again.len() >= words.len() {
            return again;
        }
        words = again;
    }
}

impl FilterSet {
    /// What is selected of a field.
    pub fn selection(&self, field: FilterField) -> Option<&Selection> {
        let selection = match field {
            FilterField::Skills => &self.skills,
            FilterField::Titles => &self.titles,
            FilterField::CurrentTitles => &self.current_titles,
            FilterField::Companies => &self.companies,
            FilterField::Schools => &self.schools,
            FilterField::Cities => &self.cities,
            FilterField::Countries => &self.countries,
            FilterField::Languages => &self.languages,
            FilterField::Industries => &self.industries,
            FilterField::Locations => &self.locations,
            FilterField::Cohorts => &self.cohorts,
            FilterField::Tags => &self.tags,
            FilterField::Sources => &self.sources,
            FilterField::Occupations => &self.occupations,
        };
        selection.as_ref()
    }

    /// What is selected of a field, to be changed.
    pub fn selection_mut(&mut self, field: FilterField) -> &mut Option<Selection> {
        match field {
            FilterField::Skills => &mut self.skills,
            FilterField::Titles => &mut self.titles,
            FilterField::CurrentTitles => &mut self.current_titles,
            FilterField::Companies => &mut self.companies,
            FilterField::Schools => &mut self.schools,
            FilterField::Cities => &mut self.cities,
            FilterField::Countries => &mut self.countries,
            FilterField::Languages => &mut self.languages,
            FilterField::Industries => &mut self.industries,
            FilterField::Locations => &mut self.locations,
            FilterField::Cohorts => &mut self.cohorts,
            FilterField::Tags => &mut self.tags,
            FilterField::Sources => &mut self.sources,
            FilterField::Occupations => &mut self.occupations,
        }
    }

    /// Checks the filters.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, with pointers under `/filters`.
    pub fn validate(&self) -> Result<Vec<Filter>, Vec<FilterError>> {
        let mut check = Check::default();
        for field in FilterField::ALL {
            if let Some(selection) = self.selection(field) {
                check.values(field, Quantifier::All, &selection.all);
                check.values(field, Quantifier::Any, &selection.any);
                check.values(field, Quantifier::None, &selection.none);
            }
        }
        if let Some(years) = self.years {
            check.years(years);
        }
        for (fact, is) in [(Fact::Open, self.open_to_work), (Fact::Remote, self.remote)] {
            is.into_iter().for_each(|is| check.fact(FactTest { fact, wanted: Wanted::Is(is) }, false));
        }
        if let Some(DayWindow { within_days }) = self.last_active {
            check.days(Fact::Active, "lastActive/withinDays", within_days, false);
        }
        for (fact, near) in [(Fact::Near, &self.near), (Fact::Relocate, &self.relocate)] {
            if let Some(near) = near {
                check.near(fact, near);
            }
        }
        let events = [
            (Fact::Applied, self.applied),
            (Fact::Interviewed, self.interviewed),
            (Fact::Contacted, self.contacted),
            (Fact::Replied, self.replied),
        ];
        for (fact, window) in events {
            if let Some(window) = window {
                check.event(fact, window);
            }
        }
        if check.errors.is_empty() { Ok(check.filters) } else { Err(check.errors) }
    }
}

#[derive(Default)]
struct Check {
    filters: Vec<Filter>,
    errors: Vec<FilterError>,
}

impl Check {
    fn refuse(&mut self, path: &str, code: &'static str, message: impl Into<String>) {
        self.errors.push(FilterError { pointer: format!("/filters/{path}"), code, message: message.into() });
    }

    fn values(&mut self, field: FilterField, quantifier: Quantifier, typed: &[String]) {
        let list = format!("{}/{}", field.name(), quantifier.name());
        if typed.len() > MAX_FILTER_VALUES {
            return self.refuse(&list, "too_many_values", format!("at most {MAX_FILTER_VALUES} values"));
        }
        let mut values: Vec<String> = Vec::with_capacity(typed.len());
        for (index, value) in typed.iter().enumerate() {
            match valid_value(field, value) {
                Ok(value) if values.contains(&value) => {}
                Ok(value) => values.push(value),
                Err((code, message)) => self.refuse(&format!("{list}/{index}"), code, message),
            }
        }
        if !values.is_empty() {
            self.filters.push(Filter::Values { field, quantifier, values });
        }
    }

    fn years(&mut self, years: YearRange) {
        let before = self.errors.len();
        for (end, value) in [("min", years.min), ("max", years.max)] {
            if value.is_some_and(|value| !(0.0..=MAX_YEARS).contains(&value)) {
                self.refuse(&format!("years/{end}"), "out_of_range", format!("years are from 0 to {MAX_YEARS}"));
            }
        }
        if years.min.zip(years.max).is_some_and(|(min, max)| min > max) {
            self.refuse("years", "empty_range", "`min` is greater than `max`");
        }
        if self.errors.len() == before && (years.min.is_some() || years.max.is_some()) {
            let range = MonthRange {
                from: years.min.map(|min| (min * 12.0).ceil() as u32),
                to: years.max.map(|max| (max * 12.0).floor() as u32),
            };
            self.fact(FactTest { fact: Fact::Years, wanted: Wanted::Months(range) }, false);
        }
    }

    fn fact(&mut self, test: FactTest, is_negated: bool) {
        self.filters.push(Filter::Fact { test, is_negated });
    }

    fn days(&mut self, fact: Fact, path: &str, days: u32, is_negated: bool) {
        if (1..=MAX_DAYS).contains(&days) {
            self.fact(FactTest { fact, wanted: Wanted::Age(AgeRange::within(days)) }, is_negated);
        } else {
            self.refuse(path, "out_of_range", format!("days are from 1 to {MAX_DAYS}"));
        }
    }

    fn near(&mut self, fact: Fact, near: &NearFilter) {
        match Circle::around(&near.place, near.km) {
            Ok((circle, _)) => self.fact(FactTest { fact, wanted: Wanted::Within(circle) }, false),
            Err(NoCircle::UnknownPlace) => {
                let message = format!("`{}` is not a place that is known", near.place);
                self.refuse(&format!("{}/place", fact.name()), "unknown_place", message);
            }
            Err(NoCircle::Radius) => {
                let message = format!("a radius is from 0 to {MAX_RADIUS_KM} km");
                self.refuse(&format!("{}/km", fact.name()), "out_of_range", message);
            }
        }
    }

    fn event(&mut self, fact: Fact, window: EventWindow) {
        if let Some(ever) = window.ever {
            self.fact(FactTest { fact, wanted: Wanted::Is(ever) }, false);
        }
        if let Some(days) = window.within_days {
            self.days(fact, &format!("{}/withinDays", fact.name()), days, false);
        }
        if let Some(days) = window.not_within_days {
            self.days(fact, &format!("{}/notWithinDays", fact.name()), days, true);
        }
    }
}

fn valid_value(field: FilterField, typed: &str) -> Result<String, (&'static str, String)> {
    if typed.len() > MAX_VALUE_BYTES {
        return Err(("value_too_long", format!("a value has at most {MAX_VALUE_BYTES} bytes")));
    }
    if field == FilterField::Countries {
        let code = typed.trim();
        let alpha_2 = code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_alphabetic());
        return match alpha_2 {
            true => Ok(canonical_value(field, code)),
            false => Err(("invalid_country", "a country is an ISO 3166-1 alpha-2 code".to_owned())),
        };
    }
    let value = canonical_value(field, typed);
    if value.is_empty() { Err(("empty_value", "the value has no letter or digit".to_owned())) } else { Ok(value) }
}
