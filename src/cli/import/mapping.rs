//! Mappings of columns: named, shown, saved.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

use super::ImportFlags;
use crate::ingest::{
    Cohort, SourceOptions, open_source,
    sheets::{Mapping, TableReading},
};

/// How the flags say that sources are read.
pub(super) fn source_options(flags: &ImportFlags) -> anyhow::Result<SourceOptions> {
    let mapping = flags.mapping.as_deref().map(|name| read(&flags.storage.data_dir, name)).transpose()?;
    let mut columns = std::collections::BTreeMap::new();
    for map in &flags.map {
        let (header, field) = map.rsplit_once('=').ok_or_else(|| anyhow!("--map {map:?}: HEADER=FIELD is wanted"))?;
        let target = field.trim().parse().with_context(|| format!("--map {map:?}"))?;
        columns.insert(header.trim().to_owned(), target);
    }
    let cohort = flags.cohort.clone().map(|name| Cohort::since_today(name, jiff::Timestamp::now()));
    Ok(SourceOptions { format: flags.format, cohort, mapping, columns, sheet: flags.sheet.clone() })
}

/// The file of a named mapping.
fn file_of(data_dir: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let wrong = || anyhow!("{name:?} is no name of a mapping: up to 64 of A-Z a-z 0-9 - _ . are wanted");
    Mapping::path(data_dir, name).ok_or_else(wrong)
}

/// A mapping by its name; by its path where there is none of that name.
fn read(data_dir: &Path, name: &str) -> anyhow::Result<Mapping> {
    let named = file_of(data_dir, name).ok().filter(|path| path.exists());
    let path = named.or_else(|| Some(PathBuf::from(name)).filter(|path| path.is_file()));
    let Some(path) = path else {
        let folder = data_dir.join("mappings");
        bail!("there is no mapping {name:?} in {}, and no file of that name", folder.display())
    };
    Ok(Mapping::read(&path)?)
}

/// Shows how the columns of the files are understood, and saves that where it was asked for.
pub(super) fn show(flags: &ImportFlags, options: &SourceOptions) -> anyhow::Result<()> {
    for path in &flags.files {
        let source = open_source(path, options)?;
        let Some(table) = &source.table else {
            println!("{}: no table, so no mapping", path.display());
            continue;
        };
        if flags.show_mapping {
            print(path, table);
            source.warnings.iter().for_each(|warning| println!("  note: {warning}"));
        }
        if let Some(name) = &flags.save_mapping {
            let file = file_of(&flags.storage.data_dir, name)?;
            table.mapping.write(&file)?;
            println!("saved as {}", file.display());
        }
    }
    Ok(())
}

fn print(path: &Path, table: &TableReading) {
    println!("{} ({}; header in row {})", path.display(), table.told, table.header_row);
    let width = table.columns.iter().map(|column| column.header.chars().count()).max().unwrap_or(0).min(40);
    for column in &table.columns {
        let field = column.target.map_or_else(|| "(not read)".to_owned(), |target| target.to_string());
        let samples: Vec<String> = column.samples.iter().map(|sample| sample.replace(['\n', '\r'], " ")).collect();
        println!("  {:width$}  → {field:14}  {}", column.header.replace('\n', " "), samples.join(" | "));
    }
}
