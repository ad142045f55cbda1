//! Which column is what: guessed, saved under a name, overridden.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    DateOrder, Field, Target,
    headers::{guess, header_key, unless_taken},
};
use crate::ingest::{ImportError, bundle::unusable};

/// The largest file of a mapping, in bytes.
const MAX_MAPPING_BYTES: u64 = 1 << 20;

/// Headers → fields. A saved mapping decides alone: columns that it does not name are left aside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Mapping {
    /// What comes first in dates of digits, where the values shall not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// The field of each header.
    pub columns: BTreeMap<String, Target>,
}

impl Mapping {
    /// Where a mapping is saved under a name: 1 to 64 of `A-Z a-z 0-9 - _ .`, no dot first. `None` where it is no name.
    pub fn path(data_dir: &Path, name: &str) -> Option<PathBuf> {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let is_name = (1..=64).contains(&name.len()) && name.chars().all(allowed) && !name.starts_with('.');
        is_name.then(|| data_dir.join("mappings").join(format!("{name}.toml")))
    }

    /// The names under which mappings are saved, in the order of letters; none where the folder cannot be read.
    pub fn names(data_dir: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(data_dir.join("mappings")).into_iter().flatten().flatten();
        let name = |entry: std::fs::DirEntry| Some(entry.file_name().to_str()?.strip_suffix(".toml")?.to_owned());
        let mut names: Vec<String> = entries.filter_map(name).collect();
        names.sort();
        names
    }

    /// Reads a mapping: TOML, or JSON where the name ends so.
    pub fn read(path: &Path) -> Result<Self, ImportError> {
        let failed = |source| ImportError::Input { place: path.display().to_string(), source };
        if path.metadata().map_err(failed)?.len() > MAX_MAPPING_BYTES {
            return Err(unusable(path, "too large for a mapping"));
        }
        let text = std::fs::read_to_string(path).map_err(failed)?;
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let read = if is_json {
            serde_json::from_str(&text).map_err(|error| error.to_string())
        } else {
            toml::from_str(&text).map_err(|error| error.to_string())
        };
        read.map_err(|error| unusable(path, &format!("not a mapping: {error}")))
    }

    /// Writes a mapping as TOML; the folder is made.
    pub fn write(&self, path: &Path) -> Result<(), ImportError> {
        let failed = |source| ImportError::Input { place: path.display().to_string(), source };
        let text = toml::to_string(self).map_err(|error| unusable(path, &error.to_string()))?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let fresh = path.with_extension("new");
        std::fs::write(&fresh, text).map_err(failed)?;
        std::fs::rename(&fresh, path).map_err(failed)
    }
}

/// A column as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its header.
    pub header: String,
    /// Its field; `None` where it is left aside.
    pub target: Option<Target>,
    /// Its first three values that differ.
    pub samples: Vec<String>,
}

/// Decides what the columns of a header are.
pub(super) fn columns_of(
    headers: &[String],
    mapping: Option<&Mapping>,
    overrides: &BTreeMap<String, Target>,
) -> Result<Vec<Column>, String> {
    let find = |wanted: &BTreeMap<String, Target>, header: &str| {
        let exact = wanted.get(header).copied();
        let key = header_key(header);
        exact.or_else(|| wanted.iter().find(|(name, _)| header_key(name) == key).map(|(_, target)| *target))
    };
    for name in overrides.keys() {
        let key = header_key(name);
        if !headers.iter().any(|header| header == name || header_key(header) == key) {
            return Err(format!("there is no column {name:?}; the columns are {}", headers.join(", ")));
        }
    }
    let (mut columns, mut taken): (Vec<Column>, Vec<Target>) = (Vec::new(), Vec::new());
    for header in headers {
        let stated = find(overrides, header).or_else(|| mapping.and_then(|mapping| find(&mapping.columns, header)));
        let guessed = || if mapping.is_none() { guess(header) } else { None };
        let target = stated.or_else(guessed).map(|target| unless_taken(target, &taken));
        let target = target.filter(|target| target.field != Field::Ignore);
        taken.extend(target);
        columns.push(Column { header: header.clone(), target, samples: Vec::new() });
    }
    let has = |field| columns.iter().any(|column| column.target.is_some_and(|target| target.field == field));
    // Half a name is the name: "Nombre" without "Apellidos", "Nom" without "Prénom".
    let (first, last, whole) = (has(Field::FirstName), has(Field::LastName), has(Field::Name));
    if !whole && first != last {
        for column in &mut columns {
            let is_half = |target: &Target| matches!(target.field, Field::FirstName | Field::LastName);
            column.target = column.target.map(|target| if is_half(&target) { Field::Name.into() } else { target });
        }
    }
    // "Vorname" and "Name": the latter is the rest of it.
    if whole && first && !last {
        for column in columns.iter_mut().filter(|column| column.target == Some(Field::Name.into())) {
            column.target = Some(Field::LastName.into());
        }
    }
    Ok(columns)
}

/// How many of some cells a guess or a mapping knows.
pub(super) fn known_headers(
    cells: &[String],
    mapping: Option<&Mapping>,
    overrides: &BTreeMap<String, Target>,
) -> usize {
    let is_listed = |cell: &str| {
        let key = header_key(cell);
        let listed = overrides.keys().chain(mapping.iter().flat_map(|mapping| mapping.columns.keys()));
        !key.is_empty() && listed.into_iter().any(|name| header_key(name) == key)
    };
    cells.iter().filter(|cell| guess(cell).is_some() || is_listed(cell)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(headers: &[&str], mapping: Option<&Mapping>, overrides: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        let overrides = overrides.iter().map(|(name, to)| ((*name).to_owned(), to.parse().unwrap())).collect();
        let columns = columns_of(&headers, mapping, &overrides)?;
        Ok(columns
            .into_iter()
            .map(|column| column.target.map_or_else(String::new, |target| target.to_string()))
            .collect())
    }

    #[test]
    fn halves_of_names_and_repeated_columns_find_their_places() {
        let of = |headers: &[&str]| targets(headers, None, &[]).unwrap();
        assert_eq!(of(&["Nombre", "Apellidos"]), ["first-name", "last-name"]);
        assert_eq!(of(&["Nombre", "Correo"]), ["name", "email"]);
        assert_eq!(of(&["Vorname", "Name"]), ["first-name", "last-name"]);
        assert_eq!(
            of(&["Name", "Title", "Company", "Title", "Company", "Skills", "Skill 2"]),
            ["name", "title", "company", "title.2", "company.2", "skills", "skills"]
        );
    }

    #[test]
    fn a_mapping_decides_alone_and_overrides_come_first() {
        let mapping: Mapping = toml::from_str("[columns]\n\"Full Name\" = \"name\"\nWas = \"title\"\n").unwrap();
        let headers = ["full name", "Was", "Email", "Extra"];
        assert_eq!(targets(&headers, Some(&mapping), &[]).unwrap(), ["name", "title", "", ""]);
        let overrides = [("Was", "ignore"), ("extra", "tags")];
        assert_eq!(targets(&headers, Some(&mapping), &overrides).unwrap(), ["name", "", "", "tags"]);
        let unknown = targets(&headers, None, &[("Nope", "tags")]).unwrap_err();
        assert_eq!(unknown, "there is no column \"Nope\"; the columns are full name, Was, Email, Extra");
        assert!(toml::from_str::<Mapping>("[columns]\nA = \"nmae\"\n").unwrap_err().to_string().contains("first-name"));
    }
}
