//! What speaks for a reading of a heading, and how much each of it weighs.
//!
//! Features by name → weights, one column for positions and one for schools. The weights are learned from labelled CVs: see `learning`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::segment::Mark;

const TABLE: &str = include_str!("../../indexes/cv/weights.tsv");

/// What a text that may be a title or an employer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// How much it is like a title rather than an employer, in [−1, 1].
    Likeness,
    /// It has but one word.
    Single,
    /// It has more than six words.
    Long,
    BeginsSmall,
    Capitals,
    /// Its first segment holds digits: "Grades 7–8".
    Digits,
    /// Its first or last word is a word of titles.
    TitleAtEdge,
    /// A word of titles stands elsewhere in it.
    TitleWithin,
    LegalForm,
    OrganisationWord,
    SchoolWord,
    /// It begins with a degree.
    Degree,
    /// A degree stands elsewhere in it.
    DegreeWithin,
    Department,
    /// Quotation marks or "&".
    Quoted,
    Place,
    /// Over how many commas it goes.
    Commas,
    Dashes,
    /// Over colons, slashes or "in".
    Loose,
    Bracket,
    /// It stands behind "at" or the like.
    BehindAt,
    /// It stands behind "in" or the like.
    BehindWeak,
    /// It begins the heading.
    First,
    /// It has a line to itself.
    OwnLine,
    /// It begins a line.
    BeginsLine,
    /// It is a remark: "full-time".
    Remark,
    /// The share of its words that no name of an occupation holds.
    Strange,
    /// The share of its words, but for short ones, that begin with a capital letter.
    Names,
    /// It goes over a comma and ends with names that are joined: "Villavicencio, Quispe & Rehder".
    Partners,
    /// A word within it says that somebody is employed by nobody, or for a time: "freelance".
    Engaged,
    /// It stands in brackets, and no word in it is one of employers.
    Aside,
}

/// What is left of a heading beside title and employer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    NoTitle,
    NoEmployer,
    /// No employer, where the title says that there is none: "freelance".
    NoEmployerEngaged,
    /// A known place.
    Place,
    /// A known place that begins the heading.
    PlaceFirst,
    /// A place behind a place.
    PlaceBehindPlace,
    /// A name behind the employer, where a place may stand.
    MaybePlace,
    /// A name on a line of its own between title and employer, where a place may stand.
    MaybePlaceLine,
    /// A place right behind the employer.
    BehindEmployer,
    /// A place right behind the title.
    BehindTitle,
    Department,
    Remark,
    /// Text that is none of all this.
    Dropped,
    /// Such text begins the heading.
    DroppedFirst,
    /// Such text stands between title and employer.
    DroppedBetween,
    /// Such text has small letters at its begin, or digits.
    DroppedAside,
    /// How much such text is like a title.
    DroppedLikeTitle,
    /// How much such text is like an employer.
    DroppedLikeEmployer,
}

const LOOKS: [&str; 31] = [
    "likeness",
    "single",
    "long",
    "begins small",
    "capitals",
    "digits",
    "title at edge",
    "title within",
    "legal form",
    "organisation word",
    "school word",
    "degree",
    "degree within",
    "department",
    "quoted",
    "place",
    "commas",
    "dashes",
    "loose",
    "bracket",
    "behind at",
    "behind weak",
    "first",
    "own line",
    "begins line",
    "remark",
    "strange",
    "names",
    "partners",
    "engaged",
    "aside",
];
const MARKS: [&str; 9] = ["line", "column", "dash", "at", "comma", "loose", "contraction", "weak", "bracket"];
const RESTS: [&str; 18] = [
    "no title",
    "no employer",
    "no employer, engaged",
    "place",
    "place first",
    "place behind place",
    "maybe place",
    "maybe place, line",
    "place behind employer",
    "place behind title",
    "department",
    "remark",
    "dropped",
    "dropped first",
    "dropped between",
    "dropped aside",
    "dropped like title",
    "dropped like employer",
];
/// What a reading is worth by itself; and as shares of the entries of a part: the order of title and employer, the order with what
/// stands between, what stands between employer and place, what all segments are.
const SHARES: [&str; SHARED] = ["alone", "order", "separator", "place share", "pattern"];

/// How many features a reading has by itself.
pub(super) const ALONE: usize = 2 * LOOKS.len() + 2 * MARKS.len() + RESTS.len();

/// How many come of what the entries have in common.
pub(super) const SHARED: usize = 5;

/// Number of a feature of a reading by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Feature(pub(super) u16);

impl Feature {
    pub(super) fn title(look: Look) -> Self {
        Self(look as u16)
    }

    pub(super) fn employer(look: Look) -> Self {
        Self(LOOKS.len() as u16 + look as u16)
    }

    /// Title and employer in an order, with what stands between.
    pub(super) fn layout(is_title_first: bool, mark: Mark) -> Self {
        let order = if is_title_first { 0 } else { MARKS.len() };
        Self((2 * LOOKS.len() + order) as u16 + mark as u16)
    }

    pub(super) fn rest(rest: Rest) -> Self {
        Self((2 * LOOKS.len() + 2 * MARKS.len()) as u16 + rest as u16)
    }
}

/// The features of a reading that are not zero.
pub(super) type Features = Vec<(Feature, f32)>;

/// How much each feature weighs in headings of one kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights {
    pub(super) alone: [f32; ALONE],
    pub(super) shared: [f32; SHARED],
}

impl Weights {
    /// Nothing weighs anything but what a reading is worth by itself.
    pub(super) fn empty() -> Self {
        let mut shared = [0.0; SHARED];
        shared[0] = 1.0;
        Self { alone: [0.0; ALONE], shared }
    }

    pub(super) fn score(&self, features: &[(Feature, f32)]) -> f32 {
        features.iter().map(|(feature, value)| self.alone[usize::from(feature.0)] * value).sum()
    }
}

/// The weights of headings of positions and of schools.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadingWeights {
    pub(super) work: Weights,
    pub(super) education: Weights,
}

/// The names of all features, in order.
fn names() -> impl Iterator<Item = String> {
    let looks =
        ["title", "employer"].into_iter().flat_map(|role| LOOKS.iter().map(move |look| format!("{role}: {look}")));
    let orders = ["title, then employer", "employer, then title"];
    let layouts = orders.into_iter().flat_map(|order| MARKS.iter().map(move |mark| format!("{order}: {mark}")));
    looks.chain(layouts).chain(RESTS.iter().chain(&SHARES).map(|name| format!("rest: {name}")))
}

impl HeadingWeights {
    pub(super) fn empty() -> Self {
        Self { work: Weights::empty(), education: Weights::empty() }
    }

    /// The weights that came with the program.
    pub fn built_in() -> &'static Self {
        static WEIGHTS: LazyLock<HeadingWeights> = LazyLock::new(|| HeadingWeights::of_table(TABLE));
        &WEIGHTS
    }

    /// Reads a table of names and two columns. What it does not name weighs nothing.
    fn of_table(table: &str) -> Self {
        let mut weights = Self::empty();
        let rows: HashMap<&str, (f32, f32)> = table.lines().filter_map(row).collect();
        for (at, name) in names().enumerate() {
            let Some((work, education)) = rows.get(name.as_str()) else { continue };
            *weights.work.at(at) = *work;
            *weights.education.at(at) = *education;
        }
        weights
    }

    /// The table that holds these weights.
    pub fn table(&self) -> String {
        let mut table = "# What speaks for a reading of a heading: feature, weight in headings of positions, of schools. Learned: `lodestone cv learn`.\n".to_owned();
        for (at, name) in names().enumerate() {
            let [work, education] = [&self.work, &self.education].map(|weights| weights.clone().at(at).to_owned());
            table.push_str(&format!("{name}\t{work:.3}\t{education:.3}\n"));
        }
        table
    }
}

impl Weights {
    fn at(&mut self, at: usize) -> &mut f32 {
        if at < ALONE { &mut self.alone[at] } else { &mut self.shared[at - ALONE] }
    }
}

fn row(line: &str) -> Option<(&str, (f32, f32))> {
    let mut fields = line.split('\t');
    let name = fields.next().filter(|name| !name.starts_with('#'))?;
    Some((name, (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_has_a_name_of_its_own_and_a_row_in_the_table() {
        let all: Vec<String> = names().collect();
        assert_eq!(all.len(), ALONE + SHARED);
        let rows: HashMap<&str, (f32, f32)> = TABLE.lines().filter_map(row).collect();
        assert_eq!(rows.len(), all.len());
        for name in &all {
            assert!(rows.contains_key(name.as_str()), "{name}");
        }
        assert_eq!(Feature::rest(Rest::DroppedLikeEmployer).0 as usize, ALONE - 1);
        assert_eq!(all[usize::from(Feature::employer(Look::Remark).0)], "employer: remark");
        assert_eq!(all[usize::from(Feature::layout(false, Mark::Line).0)], "employer, then title: line");
    }

    #[test]
    fn a_table_gives_the_weights_that_it_was_written_from() {
        let built_in = HeadingWeights::built_in();
        assert_eq!(&HeadingWeights::of_table(&built_in.table()), built_in);
    }
}
