//! The text fields of a candidate: where a word can stand.

/// A field of text. Each text value of a candidate belongs to exactly one of these; a demand over several
/// of them is met where one value of one of them meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextField {
    /// Title of the open position with the latest start.
    CurrentTitle,
    /// Title of any other position.
    PastTitle,
    /// Employer of the current position.
    CurrentCompany,
    /// Employer of any other position.
    PastCompany,
    /// One skill entry: its name and keywords.
    Skill,
    /// A school or university.
    School,
    /// A degree and its subject.
    Degree,
    /// City, region and postal area names.
    Location,
    /// The profile's label.
    Headline,
    /// The profile's summary.
    Summary,
    /// What a position says: its summary, description and highlights.
    PositionText,
    /// A spoken language.
    Language,
    /// An industry of a position.
    Industry,
    /// A certificate and its issuer.
    Certificate,
    /// A project, publication, award or volunteer entry.
    Project,
    /// The whole text of an attached document.
    Document,
    /// The candidate's name: exact, never scored unless asked for by field.
    Name,
    /// A tag.
    Tag,
    /// A cohort.
    Cohort,
    /// The source system.
    Source,
}

impl TextField {
    /// Every field, in the order of declaration.
    pub const ALL: [TextField; 20] = [
        TextField::CurrentTitle,
        TextField::PastTitle,
        TextField::CurrentCompany,
        TextField::PastCompany,
        TextField::Skill,
        TextField::School,
        TextField::Degree,
        TextField::Location,
        TextField::Headline,
        TextField::Summary,
        TextField::PositionText,
        TextField::Language,
        TextField::Industry,
        TextField::Certificate,
        TextField::Project,
        TextField::Document,
        TextField::Name,
        TextField::Tag,
        TextField::Cohort,
        TextField::Source,
    ];

    /// The fields that a demand without a field looks into: all but names and labels that others put on a person.
    pub const ANYWHERE: &'static [TextField] = TextField::ALL.split_at(16).0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anywhere_is_all_but_names_and_labels() {
        let outside: Vec<_> = TextField::ALL.iter().filter(|field| !TextField::ANYWHERE.contains(field)).collect();
        assert_eq!(outside, [&TextField::Name, &TextField::Tag, &TextField::Cohort, &TextField::Source]);
    }

    #[test]
    fn each_field_stands_at_its_number() {
        assert!(TextField::ALL.iter().enumerate().all(|(at, field)| *field as usize == at));
    }
}
