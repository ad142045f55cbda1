//! The published tables that a taxonomy is made of, row by row.
//!
//! Files' text → rows of cells by the names of their columns. Invariant: a missing column or a malformed line is an error
//! with its file and line, never a row that is left out.

use super::TaxonomyError;

/// The files, beneath the folder that the sources come from.
const FILES: [&str; 32] = [
    "esco/labels.tsv",
    "esco/en/ISCOGroups_en.csv",
    "esco/en/broaderRelationsOccPillar_en.csv",
    "esco/en/skillGroups_en.csv",
    "esco/en/skillsHierarchy_en.csv",
    "esco/en/skillSkillRelations_en.csv",
    "esco/skills_en_text.csv",
    "esco/en/occupations_en.csv",
    "esco/de/occupations_de.csv",
    "esco/es/occupations_es.csv",
    "esco/en/digitalSkillsCollection_en.csv",
    "esco/de/digitalSkillsCollection_de.csv",
    "esco/es/digitalSkillsCollection_es.csv",
    "esco/en/greenSkillsCollection_en.csv",
    "esco/de/greenSkillsCollection_de.csv",
    "esco/es/greenSkillsCollection_es.csv",
    "esco/en/languageSkillsCollection_en.csv",
    "esco/de/languageSkillsCollection_de.csv",
    "esco/es/languageSkillsCollection_es.csv",
    "esco/en/transversalSkillsCollection_en.csv",
    "esco/de/transversalSkillsCollection_de.csv",
    "esco/es/transversalSkillsCollection_es.csv",
    "esco/en/researchSkillsCollection_en.csv",
    "esco/de/researchSkillsCollection_de.csv",
    "esco/es/researchSkillsCollection_es.csv",
    "onet/occupation_data.txt",
    "onet/alternate_titles.txt",
    "onet/sample_of_reported_titles.txt",
    "onet/esco_onet_crosswalk.csv",
    "onet/technology_skills.txt",
    "onet/related_occupations.txt",
    "onet/task_statements.txt",
];

/// The file whose rows end where their last level does.
const RAGGED: &str = "esco/en/skillsHierarchy_en.csv";

/// The languages that occupations and skills are published in, one file each.
pub(super) const FILE_LANGUAGES: [&str; 3] = ["en", "de", "es"];

/// The collections of skills.
pub(super) const COLLECTIONS: [&str; 5] = ["digital", "green", "language", "transversal", "research"];

/// What this project itself says, compiled in.
pub(super) struct ByHand {
    /// Aliases, and concepts that neither ESCO nor O*NET has: kind, label, aliases separated by `|`.
    pub(super) aliases: &'static str,
    /// Words that are common, though texts about work do not show it: folded, separated by white space.
    pub(super) common_words: &'static str,
    /// Fields of knowledge whose labels are one word: the collections have few of them to learn from.
    pub(super) fields: &'static str,
}

impl ByHand {
    const BUILT_IN: Self = Self {
        aliases: include_str!("../../indexes/taxonomy/aliases.tsv"),
        common_words: include_str!("../../indexes/taxonomy/common-words.txt"),
        fields: include_str!("../../indexes/taxonomy/fields.txt"),
    };
}

/// The text of every file.
pub struct Sources {
    /// In the order of [`FILES`].
    pub(super) texts: Vec<String>,
    pub(super) by_hand: ByHand,
    /// Whether the names of held-out concepts are left out.
    pub(super) holds_out: bool,
}

impl Sources {
    /// Reads every file through `read`, which is given the path beneath the folder of the sources.
    ///
    /// # Errors
    ///
    /// The first one of `read`.
    pub fn read<E>(read: impl FnMut(&'static str) -> Result<String, E>) -> Result<Self, E> {
        Ok(Self {
            texts: FILES.into_iter().map(read).collect::<Result<_, E>>()?,
            by_hand: ByHand::BUILT_IN,
            holds_out: false,
        })
    }

    /// The same, without the names of the concepts that are [held out](super::is_held_out).
    #[must_use]
    pub fn holding_out(self) -> Self {
        Self { holds_out: true, ..self }
    }

    /// Calls `visit` with the cells of each row of a file, in the order of `columns`. An error that `visit` gives is told
    /// with its line.
    pub(super) fn rows<const N: usize>(
        &self,
        file: &str,
        columns: [&str; N],
        mut visit: impl FnMut([&str; N]) -> Result<(), String>,
    ) -> Result<(), TaxonomyError> {
        let at = FILES.iter().position(|known| *known == file);
        let (file, text) = at.and_then(|at| Some((FILES[at], self.texts.get(at)?))).ok_or(TaxonomyError::Line {
            file: "sources",
            line: 0,
            reason: format!("no file {file}"),
        })?;
        let wrong = |line: u64, reason: String| TaxonomyError::Line { file, line, reason };
        let is_csv = file.ends_with(".csv");
        let mut reader = csv::ReaderBuilder::new();
        // Tab-separated tables are not quoted.
        reader.delimiter(if is_csv { b',' } else { b'\t' }).quoting(is_csv).flexible(file == RAGGED);
        let mut reader = reader.from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| wrong(1, error.to_string()))?;
        let mut places = [0; N];
        for (place, column) in places.iter_mut().zip(columns) {
            let found = header.iter().position(|name| name == column);
            *place = found.ok_or_else(|| wrong(1, format!("no column {column}")))?;
        }
        let mut row = csv::StringRecord::new();
        while reader.read_record(&mut row).map_err(|error| wrong(line_of(&error), error.to_string()))? {
            let line = row.position().map_or(0, csv::Position::line);
            visit(places.map(|place| row.get(place).unwrap_or_default())).map_err(|reason| wrong(line, reason))?;
        }
        Ok(())
    }
}

fn line_of(error: &csv::Error) -> u64 {
    error.position().map_or(0, csv::Position::line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(file: &'static str, text: &str) -> Sources {
        Sources::read(|path| Ok::<_, ()>(if path == file { text.to_owned() } else { String::new() })).unwrap()
    }

    #[test]
    fn rows_are_read_by_the_names_of_their_columns() {
        let sources = with("esco/labels.tsv", "conceptUri\tlanguage\tlabel\nu\tde\t\"Koch\nv\ten\tcook\n");
        let mut rows = Vec::new();
        let read = sources.rows("esco/labels.tsv", ["label", "conceptUri"], |row| {
            rows.push(row.map(str::to_owned));
            Ok(())
        });
        read.unwrap();
        assert_eq!(rows, [["\"Koch", "u"], ["cook", "v"]]);
    }

    #[test]
    fn errors_say_where() {
        let sources = with("esco/labels.tsv", "conceptUri\tlanguage\tlabel\nu\tde\tKoch\nv\ten\n");
        let read = |columns| sources.rows("esco/labels.tsv", columns, |_| Ok(())).unwrap_err().to_string();
        let ragged = read(["label"]);
        assert!(ragged.starts_with("esco/labels.tsv, line 3: CSV error: record 2 (line: 3, byte: "), "{ragged}");
        assert!(ragged.ends_with("found record with 2 fields, but the previous record has 3 fields"), "{ragged}");
        assert_eq!(read(["Label"]), "esco/labels.tsv, line 1: no column Label");
        let error = sources.rows("esco/labels.tsv", ["label"], |_| Err("is wrong".to_owned())).unwrap_err();
        assert_eq!(error.to_string(), "esco/labels.tsv, line 2: is wrong");
    }
}
