//! The commands.
//!
//! Input: the command line. Output: what was asked on standard output, progress and errors on standard error, an exit
//! code: 0 done, 1 failed, 2 wrong usage, 3 done but some records were rejected.

mod cv;
mod demo;
mod evaluate;
mod export;
mod generate;
mod haystack;
mod import;
mod match_job;
mod model;
mod places;
mod progress;
mod reindex;
mod related;
mod scratch;
mod search;
mod serve;
mod similar;
mod suite;
mod taxonomy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{
    app::AppOptions,
    config::{LogFlags, ServeFlags, StorageFlags},
};

/// Exit code of an import that rejected records.
const SOME_REJECTED: u8 = 3;

/// Lodestone, a search engine for candidates.
#[derive(Debug, Parser)]
#[command(name = "lodestone", version, about, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the HTTP API
    Serve(ServeFlags),
    /// Generate 10,000 candidates, import them, and serve: a first look
    Demo(demo::DemoFlags),
    /// Import candidates (NDJSON, JSON Resumes, CVs, tables, ATS exports, LinkedIn archives) or events
    Import(import::ImportFlags),
    /// Build the indexes anew beside those that serve, check them and switch; or go back to those before
    Reindex(reindex::ReindexFlags),
    /// Write everybody out: NDJSON, JSON Resumes, or a table
    Export(export::ExportFlags),
    /// Show what is read out of a CV, or measure it on labelled ones
    Cv(cv::CvFlags),
    /// Search from the command line
    Search(search::SearchFlags),
    /// Rank people for a job text
    Match(match_job::MatchFlags),
    /// Find people like some
    Similar(similar::SimilarFlags),
    /// Show the titles and skills of the population that mean nearly the same as a text
    Related(related::RelatedFlags),
    /// Write synthetic candidates, their events and their truth from a seed
    Generate(generate::GenerateFlags),
    /// Measure relevance on judged queries, on a suite of them (--suite), or what a recruiter's hour brings (--haystack)
    Evaluate(Box<evaluate::EvaluateFlags>),
    /// Maintain the built-in embedding model
    #[command(subcommand)]
    Model(model::ModelCommand),
    /// Maintain the built-in gazetteer
    #[command(subcommand)]
    Places(places::PlacesCommand),
    /// Maintain the built-in taxonomy of occupations and skills
    #[command(subcommand)]
    Taxonomy(taxonomy::TaxonomyCommand),
}

/// Runs the command of the command line.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Serve(flags) => serve::run(&flags),
        Command::Demo(flags) => demo::run(&flags),
        Command::Import(flags) => import::run(&flags),
        Command::Reindex(flags) => reindex::run(&flags),
        Command::Export(flags) => export::run(&flags),
        Command::Cv(flags) => cv::run(&flags),
        Command::Search(flags) => search::run(&flags),
        Command::Match(flags) => match_job::run(&flags),
        Command::Similar(flags) => similar::run(&flags),
        Command::Related(flags) => related::run(&flags),
        Command::Generate(flags) => generate::run(&flags),
        Command::Evaluate(flags) => evaluate::run(&flags),
        Command::Model(command) => model::run(&command),
        Command::Places(command) => places::run(&command),
        Command::Taxonomy(command) => taxonomy::run(&command),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn app_options(storage: &StorageFlags) -> anyhow::Result<AppOptions> {
    let crate::config::StorageConfig { data_dir, indexes, embedder } = crate::config::StorageConfig::validate(storage)?;
    Ok(AppOptions { indexes, embedder, ..AppOptions::new(data_dir) })
}

/// Starts logging as the flags say; wrong flags end the command.
fn start_logging(flags: &LogFlags) -> anyhow::Result<()> {
    let config = crate::config::LogConfig::validate(flags)?;
    let filter = tracing_subscriber::EnvFilter::try_new(&config.filter)?;
    Ok(crate::telemetry::start_logging(config.format, filter)?)
}
