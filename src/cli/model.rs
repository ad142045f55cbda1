//! `lodestone model`.

use std::io::{self, BufRead, BufWriter, Write};
use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Subcommand;

use crate::embed::Model;

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
    /// Print each line of standard input as the built-in model reads it: in canonical form, of one gender
    Read,
}

pub(super) fn run(command: &ModelCommand) -> anyhow::Result<ExitCode> {
    match command {
        ModelCommand::Pack { from, to } => {
            let version = crate::embed::pack::pack_model(from, to)?;
            println!("packed {version} into {}", to.display());
        }
        ModelCommand::Read => {
            let mut out = BufWriter::new(io::stdout().lock());
            for line in io::stdin().lock().lines() {
                writeln!(out, "{}", Model::reads_as(&line.context("standard input")?))?;
            }
            out.flush()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
