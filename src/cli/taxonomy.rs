//! `lodestone taxonomy`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Subcommand;

use crate::taxonomy::{Built, ConceptKind, PackedTaxonomy, Sources, Taxonomy, Titles, build};

const TAXONOMY: &str = "taxonomy.zst";
const LINK: &str = "link.zst";
const TITLES: &str = "titles.zst";

/// For maintainers.
#[derive(Debug, Subcommand)]
pub(super) enum TaxonomyCommand {
    /// Build the taxonomy of indexes/taxonomy out of the published tables of ESCO and O*NET
    Build {
        /// The folder with the folders esco and onet
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// Where the packed files go
        #[arg(long, value_name = "DIR", default_value = "indexes/taxonomy")]
        to: PathBuf,
        /// Leave out the names of a fifth of ESCO's concepts, for `evaluate --hold-out-concepts`
        #[arg(long, requires = "to")]
        hold_out: bool,
    },
}

pub(super) fn run(command: &TaxonomyCommand) -> anyhow::Result<ExitCode> {
    let TaxonomyCommand::Build { from, to, hold_out } = command;
    let sources = Sources::read(|file| {
        let path = from.join(file);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    })?;
    let sources = if *hold_out { sources.holding_out() } else { sources };
    let Built { packed, segmentation } = build(&sources)?;
    let taxonomy = Taxonomy::decode(&packed)?;
    let titles = Titles::decode(&packed.titles, taxonomy.version())?;
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for (file, bytes) in [(TAXONOMY, &packed.taxonomy), (LINK, &packed.link), (TITLES, &packed.titles)] {
        let path = to.join(file);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    println!("{segmentation}");
    for kind in ConceptKind::ALL {
        println!("{:>7} of {kind:?}", taxonomy.of_kind(kind).count());
    }
    println!("{:>7} occupations with titles", titles.len());
    println!(
        "{:>7} names, version {}, {} bytes, into {}",
        taxonomy.name_count(),
        taxonomy.version(),
        packed.taxonomy.len() + packed.link.len() + packed.titles.len(),
        to.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Reads what `build` wrote.
pub(super) fn read(dir: &Path) -> anyhow::Result<Taxonomy> {
    let file = |name: &str| {
        let path = dir.join(name);
        fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let packed = PackedTaxonomy { taxonomy: file(TAXONOMY)?, link: file(LINK)?, titles: file(TITLES)? };
    Ok(Taxonomy::decode(&packed)?)
}
