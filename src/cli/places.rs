//! `lodestone places`.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Subcommand;

use crate::places::{Gazetteer, Sources, pack};

const CITIES: &str = "cities15000.tsv";
const GAZETTEER: &str = "gazetteer.zst";

/// For maintainers.
#[derive(Debug, Subcommand)]
pub(super) enum PlacesCommand {
    /// Pack a table of cities (cities15000.tsv) into the file of indexes/places
    Pack {
        /// The folder with cities15000.tsv
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// Where the packed file goes
        #[arg(long, value_name = "DIR", default_value = "indexes/places")]
        to: PathBuf,
    },
}

pub(super) fn run(command: &PlacesCommand) -> anyhow::Result<ExitCode> {
    let PlacesCommand::Pack { from, to } = command;
    let path = from.join(CITIES);
    let cities = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let packed = pack(&Sources::with_cities(&cities))?;
    let gazetteer = Gazetteer::decode(&packed)?;
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let path = to.join(GAZETTEER);
    fs::write(&path, &packed).with_context(|| format!("cannot write {}", path.display()))?;
    println!("packed {} places, version {}, into {}", gazetteer.len(), gazetteer.version(), path.display());
    Ok(ExitCode::SUCCESS)
}
