//! `lodestone model`.

use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;

/// For maintainers.
#[derive(Debug, Subcommand)]
pub(super) enum ModelCommand {
    /// Pack a model folder (model.safetensors, tokenizer.json) into the files of indexes/model
    Pack {
        /// The folder with model.safetensors and tokenizer.json
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// Where the packed files go
        #[arg(long, value_name = "DIR", default_value = "indexes/model")]
        to: PathBuf,
    },
}

pub(super) fn run(command: &ModelCommand) -> anyhow::Result<ExitCode> {
    let ModelCommand::Pack { from, to } = command;
    let version = crate::embed::pack::pack_model(from, to)?;
    println!("packed {version} into {}", to.display());
    Ok(ExitCode::SUCCESS)
}
