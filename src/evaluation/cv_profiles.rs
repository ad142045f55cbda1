//! How well profiles are read out of CVs: labelled CVs → precision, recall and F₁ of what was found.
//!
//! A label file `NAME.labels.json` stands beside each CV. A position is found where title, employer and year of the start are
//! the labelled ones, folded. Dates are counted as exact values of the labelled positions' starts and ends.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::error::EvaluationError;
use crate::{cv, ingest::documents, text::TokenList};

/// What is counted, in the order of a report.
pub const MEASURES: [&str; 9] =
    ["positions", "dates", "skills", "name", "email", "headline", "education", "languages", "certificates"];

/// The end of a label file's name.
const LABELS: &str = ".labels.json";

/// The labels of a CV.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Labels {
    name: Option<String>,
    #[serde(default)]
    emails: Vec<String>,
    headline: Option<String>,
    #[serde(default)]
    positions: Vec<LabelledPosition>,
    #[serde(default)]
    education: Vec<LabelledEducation>,
    #[serde(default)]
    skills: Vec<String>,
    #[serde(default)]
    languages: Vec<LabelledLanguage>,
    #[serde(default)]
    certificates: Vec<String>,
    #[serde(default)]
    invisible: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct LabelledPosition {
    title: Option<String>,
    company: Option<String>,
    start: Option<String>,
    end: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct LabelledEducation {
    institution: Option<String>,
    degree: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct LabelledLanguage {
    language: String,
}

/// What was found, wrongly found and missed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found and labelled.
    pub right: usize,
    /// Found, not labelled.
    pub wrong: usize,
    /// Labelled, not found.
    pub missed: usize,
}

impl Counts {
    /// The share of what was found that is right; 1 where nothing was found.
    pub fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// The share of what is labelled that was found; 1 where nothing is labelled.
    pub fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    /// Their harmonic mean.
    pub fn f1(self) -> f64 {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// The counts of one CV, or of several, by measure.
#[derive(Debug, Clone, Default)]
pub struct CvReport {
    /// By measure.
    pub counts: BTreeMap<&'static str, Counts>,
    /// What was missed or found wrongly, in words.
    pub differences: Vec<String>,
}

impl CvReport {
    /// The counts of a measure.
    pub fn of(&self, measure: &str) -> Counts {
        self.counts.get(measure).copied().unwrap_or_default()
    }

    /// Adds another's counts.
    pub fn add(&mut self, other: &Self) {
        for (measure, counts) in &other.counts {
            self.counts.entry(measure).or_default().add(*counts);
        }
    }

    /// Compares two lists without order.
    fn compare(&mut self, measure: &'static str, mut found: Vec<String>, wanted: Vec<String>) {
        let mut counts = Counts::default();
        for label in wanted {
            match found.iter().position(|one| *one == label) {
                Some(at) => {
                    found.swap_remove(at);
                    counts.right += 1;
                }
                None => {
                    counts.missed += 1;
                    self.differences.push(format!("{measure}: missed {label}"));
                }
            }
        }
        counts.wrong = found.len();
        self.differences.extend(found.into_iter().map(|one| format!("{measure}: wrongly {one}")));
        self.counts.entry(measure).or_default().add(counts);
    }
}

/// Reads the labelled CVs of a folder, by the name of the file: each with its report.
///
/// # Errors
///
/// A folder or a label file that cannot be read, and a label file without its CV.
pub fn evaluate_cvs(folder: &Path) -> Result<Vec<(String, CvReport)>, EvaluationError> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut files: Vec<PathBuf> = entries.map_err(EvaluationError::io(folder))?;
    files.sort();
    let read = |path: &Path| fs::read(path).map_err(EvaluationError::io(path));
    let wrong = |path: &Path, problem: String| EvaluationError::Labels { path: path.to_owned(), problem };
    let mut reports = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(LABELS) else { continue };
        let labels: Labels = serde_json::from_slice(&read(file)?).map_err(|error| wrong(file, error.to_string()))?;
        let is_cv = |other: &&PathBuf| other.file_stem().is_some_and(|own| own == stem) && *other != file;
        let Some(cv) = files.iter().find(is_cv) else { return Err(wrong(file, "no CV beside it".to_owned())) };
        let cv_name = cv.file_name().unwrap_or_default().to_string_lossy().into_owned();
        reports.push((cv_name.clone(), evaluate_cv(&cv_name, &read(cv)?, &labels)));
    }
    if reports.is_empty() { Err(wrong(folder, format!("no {LABELS} files"))) } else { Ok(reports) }
}

/// Reads one CV and compares it with its labels.
pub fn evaluate_cv(name: &str, bytes: &[u8], labels: &Labels) -> CvReport {
    let mut report = CvReport::default();
    let text = documents::read(name, bytes).map(|document| document.text).unwrap_or_else(|error| {
        report.differences.push(error.to_string());
        String::new()
    });
    let profile = Value::Object(cv::parse(&text).profile);
    compare_work(&mut report, &profile, labels);
    let texts = |pointer: &str, member: &str| -> Vec<String> {
        let entries = profile.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        entries.filter_map(|entry| entry[member].as_str()).map(fold).collect()
    };
    let one =
        |pointer: &str| profile.pointer(pointer).and_then(Value::as_str).map(fold).into_iter().collect::<Vec<_>>();
    report.compare("skills", texts("/skills", "name"), labels.skills.iter().map(|skill| fold(skill)).collect());
    report.compare("name", one("/basics/name"), labels.name.iter().map(|name| fold(name)).collect());
    // Any of several addresses will do.
    let email = one("/basics/email");
    let wanted: Vec<String> = labels.emails.iter().map(|email| fold(email)).collect();
    let is_one = email.first().is_some_and(|email| wanted.contains(email));
    report.compare("email", email.clone(), if is_one { email } else { wanted.into_iter().take(1).collect() });
    report.compare("headline", one("/basics/label"), labels.headline.iter().map(|headline| fold(headline)).collect());
    let pair = |first: Option<&str>, second: Option<&str>| {
        format!("{} @ {}", fold(first.unwrap_or_default()), fold(second.unwrap_or_default()))
    };
    let schools = profile.pointer("/education").and_then(Value::as_array).into_iter().flatten();
    let schools = schools.map(|entry| pair(entry["studyType"].as_str(), entry["institution"].as_str())).collect();
    let wanted = labels.education.iter().map(|entry| pair(entry.degree.as_deref(), entry.institution.as_deref()));
    report.compare("education", schools, wanted.collect());
    report.compare(
        "languages",
        texts("/languages", "language"),
        labels.languages.iter().map(|entry| fold(&entry.language)).collect(),
    );
    report.compare(
        "certificates",
        texts("/certificates", "name"),
        labels.certificates.iter().map(|name| fold(name)).collect(),
    );
    let folded = fold(&text);
    let shown = labels.invisible.iter().filter(|hidden| !hidden.is_empty() && folded.contains(&fold(hidden)));
    report.differences.extend(shown.map(|hidden| format!("invisible: read {hidden}")));
    report
}

fn compare_work(report: &mut CvReport, profile: &Value, labels: &Labels) {
    let year = |date: Option<&str>| date.map(|date| date.chars().take(4).collect::<String>()).unwrap_or_default();
    let key = |title: Option<&str>, company: Option<&str>, start: Option<&str>| {
        format!("{} @ {} ({})", fold(title.unwrap_or_default()), fold(company.unwrap_or_default()), year(start))
    };
    let work: Vec<&Value> = profile.pointer("/work").and_then(Value::as_array).into_iter().flatten().collect();
    let found =
        work.iter().map(|entry| key(entry["position"].as_str(), entry["name"].as_str(), entry["startDate"].as_str()));
    let wanted = labels
        .positions
        .iter()
        .map(|label| key(label.title.as_deref(), label.company.as_deref(), label.start.as_deref()));
    report.compare("positions", found.collect(), wanted.collect());
    let ends = |start: Option<&str>, end: Option<&str>| {
        [format!("from {}", start.unwrap_or("-")), format!("to {}", end.unwrap_or("-"))]
    };
    let found = work.iter().flat_map(|entry| ends(entry["startDate"].as_str(), entry["endDate"].as_str()));
    let wanted = labels.positions.iter().flat_map(|label| ends(label.start.as_deref(), label.end.as_deref()));
    report.compare("dates", found.collect(), wanted.collect());
}

fn fold(text: &str) -> String {
    TokenList::of(text).joined()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_right_wrong_and_missed() {
        let labels: Labels = serde_json::from_value(serde_json::json!({
            "name": "Anna Rossi",
            "skills": ["Java", "SQL"],
            "positions": [{ "title": "Engineer", "company": "Acme Ltd", "start": "2019-03", "end": null }]
        }))
        .unwrap();
        let text = "Anna Rossi\n\nExperience\nEngineer, Acme Ltd\n03/2019 - 12/2020\n\nSkills\nJava, Rust\n";
        let report = evaluate_cv("cv.txt", text.as_bytes(), &labels);
        assert_eq!(report.of("name"), Counts { right: 1, wrong: 0, missed: 0 });
        assert_eq!(report.of("skills"), Counts { right: 1, wrong: 1, missed: 1 });
        assert_eq!(report.of("positions"), Counts { right: 1, wrong: 0, missed: 0 });
        assert_eq!(report.of("dates"), Counts { right: 1, wrong: 1, missed: 1 });
        assert!((report.of("skills").f1() - 0.5).abs() < 1e-9);
    }
}
