//! What a column can say of a person.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The largest number of a numbered column.
const MAX_NUMBER: u8 = 50;

/// A member of a candidate that a column fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The id.
    Id,
    /// The whole name.
    Name,
    /// The first name.
    FirstName,
    /// The last name.
    LastName,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// The headline.
    Headline,
    /// The summary.
    Summary,
    /// The title of a position; numbered, 1 is the present one.
    Title,
    /// The employer of a position; numbered.
    Company,
    /// The start of a position; numbered.
    Start,
    /// The end of a position; numbered.
    End,
    /// A list of former titles.
    PastTitles,
    /// A list of former employers.
    PastCompanies,
    /// Where the person lives, in one text.
    Location,
    /// City.
    City,
    /// Region.
    Region,
    /// Country: a name in any language, or a code.
    Country,
    /// A list of skills.
    Skills,
    /// A list of spoken languages.
    Languages,
    /// A list of certificates.
    Certificates,
    /// Years of experience: left aside, because they follow from the dates of positions.
    Years,
    /// A school; numbered.
    School,
    /// A degree; numbered.
    Degree,
    /// A field of study; numbered.
    Area,
    /// The address of the LinkedIn profile.
    Linkedin,
    /// Another page.
    Url,
    /// Whether the person is open to work: yes, no, or since when.
    OpenToWork,
    /// The last day of work, or the end of the notice: open to work since then.
    LastDay,
    /// Whether the person wants to work remotely.
    Remote,
    /// Seniority: a tag.
    Seniority,
    /// The industry of the present position.
    Industry,
    /// A list of tags.
    Tags,
    /// Notes: a document.
    Notes,
    /// A list of cohorts.
    Cohort,
    /// Nothing: the column is left aside.
    Ignore,
}

impl Field {
    /// Every field with its name.
    pub const ALL: [(Self, &'static str); 36] = [
        (Self::Id, "id"),
        (Self::Name, "name"),
        (Self::FirstName, "first-name"),
        (Self::LastName, "last-name"),
        (Self::Email, "email"),
        (Self::Phone, "phone"),
        (Self::Headline, "headline"),
        (Self::Summary, "summary"),
        (Self::Title, "title"),
        (Self::Company, "company"),
        (Self::Start, "start"),
        (Self::End, "end"),
        (Self::PastTitles, "past-titles"),
        (Self::PastCompanies, "past-companies"),
        (Self::Location, "location"),
        (Self::City, "city"),
        (Self::Region, "region"),
        (Self::Country, "country"),
        (Self::Skills, "skills"),
        (Self::Languages, "languages"),
        (Self::Certificates, "certificates"),
        (Self::Years, "years"),
        (Self::School, "school"),
        (Self::Degree, "degree"),
        (Self::Area, "area"),
        (Self::Linkedin, "linkedin"),
        (Self::Url, "url"),
        (Self::OpenToWork, "open-to-work"),
        (Self::LastDay, "last-day"),
        (Self::Remote, "remote"),
        (Self::Seniority, "seniority"),
        (Self::Industry, "industry"),
        (Self::Tags, "tags"),
        (Self::Notes, "notes"),
        (Self::Cohort, "cohort"),
        (Self::Ignore, "ignore"),
    ];

    /// The name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(field, _)| *field == self).map_or("", |(_, name)| name)
    }

    /// Whether columns of it are numbered.
    pub fn is_numbered(self) -> bool {
        matches!(self, Self::Title | Self::Company | Self::Start | Self::End | Self::School | Self::Degree | Self::Area)
    }

    /// Whether its cells are dates.
    pub(super) fn is_date(self) -> bool {
        matches!(self, Self::Start | Self::End | Self::LastDay | Self::OpenToWork)
    }
}

/// A field and its number: `title`, `title.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Target {
    /// The field.
    pub field: Field,
    /// The number, 1 unless said.
    pub number: u8,
}

impl From<Field> for Target {
    fn from(field: Field) -> Self {
        Self { field, number: 1 }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.field.name())?;
        if self.number == 1 { Ok(()) } else { write!(formatter, ".{}", self.number) }
    }
}

/// A text that names no field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no field; the fields are {names}, and numbered ones such as title.2", names = field_names())]
pub struct UnknownField(String);

fn field_names() -> String {
    Field::ALL.map(|(_, name)| name).join(", ")
}

impl FromStr for Target {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, UnknownField> {
        let unknown = || UnknownField(text.to_owned());
        let (name, number) = text.split_once('.').unwrap_or((text, "1"));
        let (field, _) = Field::ALL.iter().find(|(_, known)| *known == name.trim()).ok_or_else(unknown)?;
        let number = number.parse().ok().filter(|number| (1..=MAX_NUMBER).contains(number)).ok_or_else(unknown)?;
        if number > 1 && !field.is_numbered() { Err(unknown()) } else { Ok(Self { field: *field, number }) }
    }
}

impl TryFrom<String> for Target {
    type Error = UnknownField;

    fn try_from(text: String) -> Result<Self, UnknownField> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}
