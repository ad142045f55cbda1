//! Labels of CVs: what a reader would take from them, with what counts as right too.
//!
//! A label file → items, each with every text that is right for it. What a label calls tolerated may be found and counts for
//! nothing. The format stands in `fixtures/cvs/README.md`.

use serde::Deserialize;

use crate::cv::{Example, LabelledHeading, without_remark};
use crate::text::TokenList;

/// The labels of a CV.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Labels {
    name: Option<String>,
    #[serde(default)]
    emails: Vec<String>,
    headline: Option<String>,
    #[serde(default)]
    pub(super) positions: Vec<LabelledPosition>,
    #[serde(default)]
    pub(super) education: Vec<LabelledEducation>,
    #[serde(default)]
    pub(super) skills: Vec<LabelledName>,
    #[serde(default)]
    pub(super) languages: Vec<LabelledName>,
    #[serde(default)]
    pub(super) certificates: Vec<LabelledName>,
    #[serde(default)]
    pub(super) invisible: Vec<String>,
    #[serde(default)]
    also: AlsoOne,
    #[serde(default)]
    pub(super) tolerated: Tolerated,
    /// Whether only what is labelled is right.
    #[serde(skip)]
    is_word_for_word: bool,
}

/// Other readings of single values; `None`: that none is found is right.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AlsoOne {
    name: Vec<Option<String>>,
    headline: Vec<Option<String>>,
}

/// What may be found without being labelled.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Tolerated {
    pub(super) positions: Vec<LabelledPosition>,
    pub(super) education: Vec<LabelledEducation>,
    pub(super) skills: Vec<LabelledName>,
    pub(super) languages: Vec<LabelledName>,
    pub(super) certificates: Vec<LabelledName>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct LabelledPosition {
    title: Option<String>,
    company: Option<String>,
    start: Option<String>,
    end: Option<String>,
    #[serde(default)]
    also: AlsoPosition,
    #[serde(default)]
    optional: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AlsoPosition {
    title: Vec<Option<String>>,
    company: Vec<Option<String>>,
    start: Vec<Option<String>>,
    end: Vec<Option<String>>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct LabelledEducation {
    institution: Option<String>,
    degree: Option<String>,
    #[serde(default)]
    also: AlsoEducation,
    #[serde(default)]
    optional: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AlsoEducation {
    degree: Vec<Option<String>>,
    institution: Vec<Option<String>>,
}

/// A skill, a language, a certificate.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum LabelledName {
    Plain(String),
    Full {
        #[serde(alias = "language")]
        name: String,
        #[serde(default)]
        also: Vec<String>,
        #[serde(default)]
        optional: bool,
    },
}

/// Something to find: every text that is right for it, folded; the labelled one leads.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) texts: Vec<String>,
    /// Whether it may be missing.
    pub(super) is_optional: bool,
}

impl Wanted {
    /// What is labelled.
    pub(super) fn label(&self) -> &str {
        self.texts.first().map_or("", String::as_str)
    }
}

impl Labels {
    /// Takes every label word for word, as if nothing else were right.
    pub fn word_for_word(mut self) -> Self {
        self.is_word_for_word = true;
        self.also = AlsoOne::default();
        self.tolerated = Tolerated::default();
        for position in &mut self.positions {
            (position.also, position.optional) = (AlsoPosition::default(), false);
        }
        for entry in &mut self.education {
            (entry.also, entry.optional) = (AlsoEducation::default(), false);
        }
        for names in [&mut self.skills, &mut self.languages, &mut self.certificates] {
            names.iter_mut().for_each(|name| *name = LabelledName::Plain(name.wanted_text().to_owned()));
        }
        self
    }

    /// A text with what the labels say of its headings.
    pub(super) fn example(&self, text: String) -> Example {
        let heading = |titles: Vec<Option<&str>>, organisations: Vec<Option<&str>>| LabelledHeading {
            titles: titles.iter().map(|form| fold(without_remark(form.unwrap_or_default()))).collect(),
            organisations: organisations.iter().map(|form| fold(form.unwrap_or_default())).collect(),
        };
        let positions = self.positions.iter().chain(&self.tolerated.positions);
        let schools = self.education.iter().chain(&self.tolerated.education);
        Example {
            text,
            positions: positions.map(|one| heading(one.titles(), one.companies())).collect(),
            schools: schools.map(|one| heading(one.degrees(), one.institutions())).collect(),
        }
    }

    /// What a position is compared by. Unless labels are taken word for word, it makes no difference whether a title has a remark on the
    /// contract behind it: "(part-time)".
    pub(super) fn position(&self, title: Option<&str>, company: Option<&str>, start: Option<&str>) -> String {
        let title = if self.is_word_for_word { title } else { title.map(without_remark) };
        let year: String = start.unwrap_or_default().chars().take(4).collect();
        format!("{} ({year})", pair(title, company))
    }

    /// The positions of a list.
    pub(super) fn wanted_positions(&self, positions: &[LabelledPosition]) -> Vec<Wanted> {
        positions.iter().map(|one| one.wanted(|title, company, start| self.position(title, company, start))).collect()
    }

    pub(super) fn name(&self) -> Option<Wanted> {
        one(self.name.as_deref(), &self.also.name)
    }

    pub(super) fn headline(&self) -> Option<Wanted> {
        one(self.headline.as_deref(), &self.also.headline)
    }

    /// Any of several addresses will do.
    pub(super) fn email(&self) -> Option<Wanted> {
        let texts: Vec<String> = self.emails.iter().map(|email| fold(email)).collect();
        (!texts.is_empty()).then_some(Wanted { texts, is_optional: false })
    }
}

impl LabelledPosition {
    fn titles(&self) -> Vec<Option<&str>> {
        forms(self.title.as_deref(), &self.also.title)
    }

    fn companies(&self) -> Vec<Option<&str>> {
        forms(self.company.as_deref(), &self.also.company)
    }

    /// Title, employer and year of the start. `position` says what of them is compared.
    fn wanted(&self, position: impl Fn(Option<&str>, Option<&str>, Option<&str>) -> String) -> Wanted {
        let (titles, companies) = (self.titles(), self.companies());
        let starts = forms(self.start.as_deref(), &self.also.start);
        let with_company = |title| companies.iter().map(move |company| (title, company));
        let all = titles.iter().flat_map(with_company);
        let texts: Vec<String> =
            all.flat_map(|(title, company)| starts.iter().map(|start| position(*title, *company, *start))).collect();
        Wanted { texts, is_optional: self.optional }
    }

    /// The start and the end.
    pub(super) fn dates(&self) -> [Wanted; 2] {
        let of = |prefix: &str, date: Option<&str>, also: &[Option<String>]| Wanted {
            texts: forms(date, also).iter().map(|date| dated(prefix, *date)).collect(),
            is_optional: self.optional,
        };
        [of("from", self.start.as_deref(), &self.also.start), of("to", self.end.as_deref(), &self.also.end)]
    }
}

impl LabelledEducation {
    fn degrees(&self) -> Vec<Option<&str>> {
        forms(self.degree.as_deref(), &self.also.degree)
    }

    fn institutions(&self) -> Vec<Option<&str>> {
        forms(self.institution.as_deref(), &self.also.institution)
    }

    /// Degree and school.
    pub(super) fn wanted(&self) -> Wanted {
        let (degrees, schools) = (self.degrees(), self.institutions());
        let texts = degrees.iter().flat_map(|degree| schools.iter().map(move |school| pair(*degree, *school)));
        Wanted { texts: texts.collect(), is_optional: self.optional }
    }
}

impl LabelledName {
    fn wanted_text(&self) -> &str {
        match self {
            Self::Plain(name) | Self::Full { name, .. } => name,
        }
    }

    pub(super) fn wanted(&self) -> Wanted {
        match self {
            Self::Plain(name) => Wanted { texts: vec![fold(name)], is_optional: false },
            Self::Full { name, also, optional } => {
                let texts = std::iter::once(name).chain(also).map(|text| fold(text)).collect();
                Wanted { texts, is_optional: *optional }
            }
        }
    }
}

/// The labelled value and the others.
fn forms<'l>(labelled: Option<&'l str>, also: &'l [Option<String>]) -> Vec<Option<&'l str>> {
    std::iter::once(labelled).chain(also.iter().map(Option::as_deref)).collect()
}

fn one(labelled: Option<&str>, also: &[Option<String>]) -> Option<Wanted> {
    let forms = forms(labelled, also);
    let texts: Vec<String> = forms.iter().flatten().map(|text| fold(text)).collect();
    let is_optional = forms.contains(&None);
    (!texts.is_empty()).then_some(Wanted { texts, is_optional })
}

/// What an entry of education is compared by.
pub(super) fn pair(first: Option<&str>, second: Option<&str>) -> String {
    format!("{} @ {}", fold(first.unwrap_or_default()), fold(second.unwrap_or_default()))
}

/// What a date is compared by.
pub(super) fn dated(prefix: &str, date: Option<&str>) -> String {
    format!("{prefix} {}", date.unwrap_or("-"))
}

/// A text without case, diacritics and punctuation.
pub(super) fn fold(text: &str) -> String {
    TokenList::of(text).joined()
}
