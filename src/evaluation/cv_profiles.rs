//! How well profiles are read out of CVs: labelled CVs → precision, recall and F₁ of what was found.
//!
//! A label file `NAME.labels.json` stands beside each CV. A position is found where title, employer and year of the start are
//! the labelled ones, or ones that the label calls right too, folded. Dates are counted as exact values of the labelled
//! positions' starts and ends.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

pub use super::cv_labels::Labels;
use super::cv_labels::{LabelledEducation, LabelledName, LabelledPosition, Wanted, dated, fold, pair};
use super::error::EvaluationError;
use crate::{
    cv::{self, HeadingWeights},
    ingest::documents,
};

/// What is counted, in the order of a report.
pub const MEASURES: [&str; 9] =
    ["positions", "dates", "skills", "name", "email", "headline", "education", "languages", "certificates"];

/// The end of a label file's name.
const LABELS: &str = ".labels.json";

/// How labels are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelReading {
    /// What a label calls right too is right.
    WithAlternatives,
    /// Only what is labelled.
    WordForWord,
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

    /// Compares two lists without order: what is labelled first, then what is right too.
    fn compare(&mut self, measure: &'static str, mut found: Vec<String>, wanted: &[Wanted], tolerated: &[Wanted]) {
        let mut counts = Counts::default();
        let mut take = |passes: &dyn Fn(&str) -> bool| {
            let at = found.iter().position(|one| passes(one));
            at.map(|at| found.swap_remove(at)).is_some()
        };
        let (right, rest): (Vec<&Wanted>, Vec<&Wanted>) =
            wanted.iter().partition(|wanted| take(&|one| one == wanted.label()));
        let (also, missed): (Vec<&Wanted>, Vec<&Wanted>) =
            rest.into_iter().partition(|wanted| take(&|one| wanted.texts.iter().any(|text| text == one)));
        for wanted in tolerated {
            while take(&|one| wanted.texts.iter().any(|text| text == one)) {}
        }
        let missed: Vec<&Wanted> = missed.into_iter().filter(|wanted| !wanted.is_optional).collect();
        counts.right = right.len() + also.len();
        counts.missed = missed.len();
        counts.wrong = found.len();
        self.differences.extend(missed.iter().map(|wanted| format!("{measure}: missed {}", wanted.label())));
        self.differences.extend(found.into_iter().map(|one| format!("{measure}: wrongly {one}")));
        self.counts.entry(measure).or_default().add(counts);
    }
}

/// A labelled CV.
#[derive(Debug, Clone)]
pub struct LabelledCv {
    /// The name of its file.
    pub name: String,
    /// What the file holds.
    pub bytes: Vec<u8>,
    /// What a reader would take from it.
    pub labels: Labels,
}

impl LabelledCv {
    /// The text with what its headings hold, to learn from.
    pub fn example(&self) -> cv::Example {
        let text = documents::read(&self.name, &self.bytes).map(|document| document.text).unwrap_or_default();
        self.labels.example(text)
    }
}

/// The labelled CVs of a folder, by the name of the file.
///
/// # Errors
///
/// A folder or a label file that cannot be read, and a label file without its CV.
pub fn labelled_cvs(folder: &Path) -> Result<Vec<LabelledCv>, EvaluationError> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut files: Vec<PathBuf> = entries.map_err(EvaluationError::io(folder))?;
    files.sort();
    let read = |path: &Path| fs::read(path).map_err(EvaluationError::io(path));
    let wrong = |path: &Path, problem: String| EvaluationError::Labels { path: path.to_owned(), problem };
    let mut labelled = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(LABELS) else { continue };
        let labels: Labels = serde_json::from_slice(&read(file)?).map_err(|error| wrong(file, error.to_string()))?;
        let is_cv = |other: &&PathBuf| other.file_stem().is_some_and(|own| own == stem) && *other != file;
        let Some(cv) = files.iter().find(is_cv) else { return Err(wrong(file, "no CV beside it".to_owned())) };
        let name = cv.file_name().unwrap_or_default().to_string_lossy().into_owned();
        labelled.push(LabelledCv { name, bytes: read(cv)?, labels });
    }
    if labelled.is_empty() { Err(wrong(folder, format!("no {LABELS} files"))) } else { Ok(labelled) }
}

/// Reads the labelled CVs of a folder, by the name of the file: each with its report.
///
/// # Errors
///
/// Those of [`labelled_cvs`].
pub fn evaluate_cvs(folder: &Path, reading: LabelReading) -> Result<Vec<(String, CvReport)>, EvaluationError> {
    let weights = HeadingWeights::built_in();
    let labelled = labelled_cvs(folder)?.into_iter().map(|cv| {
        let labels = if reading == LabelReading::WordForWord { cv.labels.word_for_word() } else { cv.labels };
        let report = evaluate_cv(&cv.name, &cv.bytes, &labels, weights);
        (cv.name, report)
    });
    Ok(labelled.collect())
}

/// Reads one CV with these weights and compares it with its labels.
pub fn evaluate_cv(name: &str, bytes: &[u8], labels: &Labels, weights: &HeadingWeights) -> CvReport {
    let mut report = CvReport::default();
    let text = documents::read(name, bytes).map(|document| document.text).unwrap_or_else(|error| {
        report.differences.push(error.to_string());
        String::new()
    });
    let profile = Value::Object(cv::parse_with(&text, weights).profile);
    compare_work(&mut report, &profile, labels);
    let one =
        |pointer: &str| profile.pointer(pointer).and_then(Value::as_str).map(fold).into_iter().collect::<Vec<_>>();
    for (measure, pointer, wanted) in [
        ("name", "/basics/name", labels.name()),
        ("email", "/basics/email", labels.email()),
        ("headline", "/basics/label", labels.headline()),
    ] {
        report.compare(measure, one(pointer), wanted.as_slice(), &[]);
    }
    let schools = entries(&profile, "/education");
    let schools = schools.map(|entry| pair(entry["studyType"].as_str(), entry["institution"].as_str())).collect();
    let of = |entries: &[LabelledEducation]| entries.iter().map(LabelledEducation::wanted).collect::<Vec<_>>();
    report.compare("education", schools, &of(&labels.education), &of(&labels.tolerated.education));
    let tolerated = &labels.tolerated;
    for (measure, pointer, member, wanted, tolerated) in [
        ("skills", "/skills", "name", &labels.skills, &tolerated.skills),
        ("languages", "/languages", "language", &labels.languages, &tolerated.languages),
        ("certificates", "/certificates", "name", &labels.certificates, &tolerated.certificates),
    ] {
        let found = entries(&profile, pointer).filter_map(|entry| entry[member].as_str()).map(fold).collect();
        let of = |names: &[LabelledName]| names.iter().map(LabelledName::wanted).collect::<Vec<_>>();
        report.compare(measure, found, &of(wanted), &of(tolerated));
    }
    let folded = fold(&text);
    let shown = labels.invisible.iter().filter(|hidden| !hidden.is_empty() && folded.contains(&fold(hidden)));
    report.differences.extend(shown.map(|hidden| format!("invisible: read {hidden}")));
    report
}

fn compare_work(report: &mut CvReport, profile: &Value, labels: &Labels) {
    let work: Vec<&Value> = entries(profile, "/work").collect();
    let found = work
        .iter()
        .map(|entry| labels.position(entry["position"].as_str(), entry["name"].as_str(), entry["startDate"].as_str()));
    let of = |positions: &[LabelledPosition]| labels.wanted_positions(positions);
    report.compare("positions", found.collect(), &of(&labels.positions), &of(&labels.tolerated.positions));
    let found = work
        .iter()
        .flat_map(|entry| [dated("from", entry["startDate"].as_str()), dated("to", entry["endDate"].as_str())]);
    let of = |positions: &[LabelledPosition]| positions.iter().flat_map(LabelledPosition::dates).collect::<Vec<_>>();
    report.compare("dates", found.collect(), &of(&labels.positions), &of(&labels.tolerated.positions));
}

fn entries<'p>(profile: &'p Value, pointer: &str) -> impl Iterator<Item = &'p Value> {
    profile.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Labels {
        serde_json::from_value(serde_json::json!({
            "name": "Anna Rossi",
            "headline": "Engineer",
            "skills": ["Java", { "name": "SQL", "also": ["Rust"] }, { "name": "Perl", "optional": true }],
            "languages": [{ "language": "English", "level": "C1" }],
            "positions": [{
                "title": "Lead engineer", "company": "Acme Ltd", "start": "2019-03", "end": null,
                "also": { "title": ["Engineer"], "end": ["2020-12"] }
            }],
            "also": { "headline": [null] },
            "tolerated": { "positions": [{ "title": "Helper", "company": "Home Ltd", "start": "2010", "end": "2011" }] }
        }))
        .unwrap()
    }

    const TEXT: &str = "Anna Rossi\n\nExperience\nEngineer (part time), Acme Ltd\n03/2019 - 12/2020\n\n\
        Helper, Home Ltd\n2010 - 2011\n\nSkills\nJava, Rust\n";

    #[test]
    fn counts_what_is_right_wrong_and_missed() {
        let report = evaluate_cv("cv.txt", TEXT.as_bytes(), &labels().word_for_word(), HeadingWeights::built_in());
        assert_eq!(report.of("name"), Counts { right: 1, wrong: 0, missed: 0 });
        assert_eq!(report.of("headline"), Counts { right: 0, wrong: 0, missed: 1 });
        assert_eq!(report.of("skills"), Counts { right: 1, wrong: 1, missed: 2 });
        assert_eq!(report.of("languages"), Counts { right: 0, wrong: 0, missed: 1 });
        assert_eq!(report.of("positions"), Counts { right: 0, wrong: 2, missed: 1 });
        assert_eq!(report.of("dates"), Counts { right: 1, wrong: 3, missed: 1 });
        assert!((report.of("skills").f1() - 0.4).abs() < 1e-9);
    }

    #[test]
    fn counts_what_is_right_too_and_leaves_out_what_may_be_missing_or_is_tolerated() {
        let report = evaluate_cv("cv.txt", TEXT.as_bytes(), &labels(), HeadingWeights::built_in());
        assert_eq!(report.of("headline"), Counts::default());
        assert_eq!(report.of("skills"), Counts { right: 2, wrong: 0, missed: 0 });
        assert_eq!(report.of("positions"), Counts { right: 1, wrong: 0, missed: 0 });
        assert_eq!(report.of("dates"), Counts { right: 2, wrong: 0, missed: 0 });
    }

    #[test]
    fn an_unknown_member_among_what_is_right_too_is_an_error() {
        let labels = serde_json::json!({ "also": { "heading": ["Engineer"] } });
        assert!(serde_json::from_value::<Labels>(labels).is_err());
    }
}
