//! `lodestone cv`: what is read out of a CV.

use std::{
    fs,
    io::{self, Write},
    num::NonZeroUsize,
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};
use comfy_table::Table;
use serde_json::{Value, json};

use crate::{
    cv::{self, ParsedCv},
    evaluation::cv_profiles::{CvReport, LabelReading, LabelledCv, MEASURES, evaluate_cv, evaluate_cvs, labelled_cvs},
    ingest::documents,
};

/// Flags of `cv`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct CvFlags {
    #[command(subcommand)]
    command: Option<CvCommand>,
    /// A CV: PDF, DOCX, ODT, HTML, RTF or text
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Print the text that is read, not the profile
    #[arg(long, conflicts_with = "json")]
    text: bool,
    /// Print the profile and its confidences as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum CvCommand {
    /// Measure what is read out of labelled CVs: files with NAME.labels.json beside them
    Evaluate(EvaluateFlags),
    /// Learn from labelled CVs how headings of positions and schools are read: a table of weights
    Learn(LearnFlags),
}

#[derive(Debug, Args)]
struct LearnFlags {
    /// Folders of labelled CVs
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// Where to write the table; without it, on the standard output
    #[arg(long)]
    out: Option<PathBuf>,
    /// Measure instead: learn from all but each of so many parts in turn, and read that part
    #[arg(long, value_name = "PARTS", conflicts_with = "out")]
    folds: Option<NonZeroUsize>,
}

#[derive(Debug, Args)]
struct EvaluateFlags {
    /// The folder of labelled CVs
    folder: PathBuf,
    /// Show what differs, CV by CV
    #[arg(long)]
    differences: bool,
    /// Take the labels word for word: what they call right too is wrong
    #[arg(long)]
    word_for_word: bool,
}

pub(super) fn run(flags: &CvFlags) -> anyhow::Result<ExitCode> {
    match &flags.command {
        Some(CvCommand::Evaluate(flags)) => return evaluate(flags),
        Some(CvCommand::Learn(flags)) => return learn(flags),
        None => {}
    }
    let path = flags.file.as_ref().context("a file is wanted")?;
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let document = documents::read(&name, &bytes).map_err(|error| anyhow!("{}: {error}", error.code.as_str()))?;
    for note in &document.notes {
        eprintln!("note: {note}");
    }
    if flags.text {
        print(&document.text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let parsed = cv::parse(&document.text);
    if flags.json {
        let shown = json!({ "parser": cv::PARSER, "profile": parsed.profile, "confidence": parsed.confidence });
        print(&serde_json::to_string_pretty(&shown)?)?;
    } else {
        print(&table(&parsed).to_string())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a text. A reader that has read enough, as `head` has, is no error.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// A row for each value, with how sure the part that it stands in is.
fn table(parsed: &ParsedCv) -> Table {
    let mut table = Table::new();
    table.set_header(["where", "value", "confidence"]);
    let mut rows = Vec::new();
    values(&Value::Object(parsed.profile.clone()), String::new(), &mut rows);
    for (pointer, value) in rows {
        let beneath = |prefix: &&String| pointer == **prefix || pointer.starts_with(&format!("{prefix}/"));
        let surest = parsed.confidence.keys().filter(beneath).max_by_key(|prefix| prefix.len());
        let confidence = surest.and_then(|prefix| parsed.confidence.get(prefix));
        table.add_row([pointer.clone(), value, confidence.map(|share| format!("{share:.2}")).unwrap_or_default()]);
    }
    table
}

fn values(value: &Value, pointer: String, rows: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| values(member, format!("{pointer}/{name}"), rows));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| values(item, format!("{pointer}/{index}"), rows));
        }
        Value::String(text) => rows.push((pointer, text.clone())),
        other => rows.push((pointer, other.to_string())),
    }
}

fn evaluate(flags: &EvaluateFlags) -> anyhow::Result<ExitCode> {
    let reading = if flags.word_for_word { LabelReading::WordForWord } else { LabelReading::WithAlternatives };
    let reports = evaluate_cvs(&flags.folder, reading)?;
    let mut all = CvReport::default();
    for (name, report) in &reports {
        all.add(report);
        if flags.differences && !report.differences.is_empty() {
            print(&format!("{name}\n  {}", report.differences.join("\n  ")))?;
        }
    }
    report(&all, reports.len())?;
    Ok(ExitCode::SUCCESS)
}

/// Learns the weights of headings, or measures them on CVs that they were not learned from.
fn learn(flags: &LearnFlags) -> anyhow::Result<ExitCode> {
    let mut labelled = Vec::new();
    for folder in &flags.folders {
        labelled.extend(labelled_cvs(folder)?);
    }
    let examples: Vec<cv::Example> = labelled.iter().map(LabelledCv::example).collect();
    let Some(folds) = flags.folds else {
        let table = cv::learn(&examples).table();
        match &flags.out {
            Some(path) => fs::write(path, table).with_context(|| path.display().to_string())?,
            None => print(table.trim_end())?,
        }
        return Ok(ExitCode::SUCCESS);
    };
    let mut all = CvReport::default();
    for fold in 0..folds.get() {
        let is_read = |at: usize| at % folds == fold;
        let others = examples.iter().enumerate().filter(|(at, _)| !is_read(*at));
        let weights = cv::learn(&others.map(|(_, example)| example.clone()).collect::<Vec<_>>());
        for (_, cv) in labelled.iter().enumerate().filter(|(at, _)| is_read(*at)) {
            all.add(&evaluate_cv(&cv.name, &cv.bytes, &cv.labels, &weights));
        }
    }
    report(&all, labelled.len())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the counts of CVs.
fn report(all: &CvReport, cvs: usize) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.set_header(["measure", "precision", "recall", "F1", "right", "wrong", "missed"]);
    for measure in MEASURES {
        let counts = all.of(measure);
        let share = |share: f64| format!("{share:.3}");
        table.add_row([
            measure.to_owned(),
            share(counts.precision()),
            share(counts.recall()),
            share(counts.f1()),
            counts.right.to_string(),
            counts.wrong.to_string(),
            counts.missed.to_string(),
        ]);
    }
    print(&format!("{table}\n{cvs} CVs"))
}
