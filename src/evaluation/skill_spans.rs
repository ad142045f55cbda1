//! How well skills are found in running text, against spans that people marked.
//!
//! One JSON object a line, as SkillSpan has them (Zhang et al. 2022): `tokens`, and for each a tag in `tags_skill` and in
//! `tags_knowledge`: `B` where a span begins, `I` inside one, `O` elsewhere. Both sorts of spans count alike, as the taxonomy
//! does not tell them apart. Strict: a span is right where it begins and ends as a marked one; partial: where they share a token.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::{EvaluationError, LineProblem};
use super::lines::Lines;
use crate::taxonomy::{Recognition, Sort, Taxonomy};
use crate::text::TokenList;

/// A line of the file.
#[derive(Deserialize)]
struct Sentence {
    tokens: Vec<String>,
    tags_skill: Vec<String>,
    tags_knowledge: Vec<String>,
}

/// Precision and recall, as counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpanCounts {
    /// Found spans that are right.
    pub right: usize,
    /// Found spans.
    pub found: usize,
    /// Marked spans that were found.
    pub met: usize,
    /// Marked spans.
    pub marked: usize,
}

impl SpanCounts {
    /// The share of found spans that are right; 0 where none was found.
    pub fn precision(&self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    /// The share of marked spans that were found; 0 where none is marked.
    pub fn recall(&self) -> f64 {
        self.met as f64 / self.marked.max(1) as f64
    }

    /// The harmonic mean of both.
    pub fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
    }

    fn add(&mut self, found: &BTreeSet<(usize, usize)>, marked: &BTreeSet<(usize, usize)>, is_met: IsMet) {
        self.found += found.len();
        self.marked += marked.len();
        self.right += found.iter().filter(|span| marked.iter().any(|other| is_met(span, other))).count();
        self.met += marked.iter().filter(|span| found.iter().any(|other| is_met(span, other))).count();
    }
}

/// Whether two spans are taken for the same.
type IsMet = fn(&(usize, usize), &(usize, usize)) -> bool;

/// What came of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpanReport {
    /// Spans that begin and end alike.
    pub strict: SpanCounts,
    /// Spans that share a token.
    pub partial: SpanCounts,
}

/// Finds skills in the sentences of a file.
///
/// # Errors
///
/// [`EvaluationError`] where the file cannot be read, is empty, or has a line that is no sentence with as many tags as tokens.
pub fn skill_spans(path: &Path, taxonomy: &Taxonomy) -> Result<SpanReport, EvaluationError> {
    let mut lines = Lines::open(path)?;
    let mut report = None;
    while let Some((number, line)) = lines.next().transpose()? {
        let sentence = serde_json::from_str::<Sentence>(&line).ok().filter(|sentence| {
            [&sentence.tags_skill, &sentence.tags_knowledge].iter().all(|tags| tags.len() == sentence.tokens.len())
        });
        let sentence = sentence.ok_or_else(|| EvaluationError::line(lines.path(), number, LineProblem::NoSentence))?;
        let report: &mut SpanReport = report.get_or_insert_default();
        let found = found_spans(&sentence.tokens, taxonomy);
        let marked = marked_spans(&sentence.tags_skill).chain(marked_spans(&sentence.tags_knowledge)).collect();
        report.strict.add(&found, &marked, |one, other| one == other);
        report.partial.add(&found, &marked, |one, other| one.0 < other.1 && other.0 < one.1);
    }
    report.ok_or_else(|| EvaluationError::Empty { path: path.to_owned() })
}

/// The spans that tags mark, each by its first token and the one behind its last.
fn marked_spans(tags: &[String]) -> impl Iterator<Item = (usize, usize)> {
    let is_inside = |at: usize| tags.get(at).is_some_and(|tag| tag == "I");
    let begins = move |at: &usize| tags[*at] == "B" || is_inside(*at) && (*at == 0 || tags[*at - 1] == "O");
    (0..tags.len()).filter(begins).map(move |start| (start, (start + 1..).find(|at| !is_inside(*at)).unwrap_or(start)))
}

/// The spans of skills that the taxonomy finds, by the tokens of the file.
fn found_spans(words: &[String], taxonomy: &Taxonomy) -> BTreeSet<(usize, usize)> {
    let text = words.join(" ");
    let mut starts = Vec::with_capacity(words.len());
    let mut start = 0;
    for word in words {
        starts.push(start);
        start += word.len() + 1;
    }
    let tokens = TokenList::of(&text);
    let mentions = taxonomy.mentions(&tokens, Recognition { text: &text, ..Recognition::default() });
    let skills = mentions.into_iter().filter(|mention| mention.sort == Sort::Skill);
    let span = |Range { start, end }: Range<usize>| {
        let (first, last) = (tokens.token(start).bytes, tokens.token(end - 1).bytes);
        let begins_before = |end: usize| starts.partition_point(|start| *start < end);
        (begins_before(first.start + 1) - 1, begins_before(last.end))
    };
    skills.map(|mention| span(mention.tokens)).collect()
}

impl fmt::Display for SpanReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} spans of skills marked, {} found", self.strict.marked, self.strict.found)?;
        for (name, counts) in [("strict", &self.strict), ("partial", &self.partial)] {
            let [precision, recall, f1] = [counts.precision(), counts.recall(), counts.f1()].map(|share| 100.0 * share);
            writeln!(f, "{name:<8} precision {precision:>5.1}  recall {recall:>5.1}  F1 {f1:>5.1}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn report(lines: &str) -> Result<SpanReport, EvaluationError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(lines.as_bytes()).unwrap();
        skill_spans(file.path(), Taxonomy::built_in())
    }

    #[test]
    fn spans_are_told_by_their_tags() {
        let spans = |tags: &str| marked_spans(&tags.chars().map(String::from).collect::<Vec<_>>()).collect::<Vec<_>>();
        assert_eq!(spans("OBIIOBBIO"), [(1, 4), (5, 6), (6, 8)]);
        assert_eq!(spans("IIOI"), [(0, 2), (3, 4)]);
        assert_eq!(spans("OB"), [(1, 2)]);
        assert!(spans("").is_empty());
    }

    #[test]
    fn right_and_overlapping_spans_count() {
        let report = report(concat!(
            r#"{"tokens": ["We", "use", "Kubernetes", "and", "PostgreSQL", "daily"], "#,
            r#""tags_skill": ["O", "B", "I", "O", "O", "O"], "tags_knowledge": ["O", "O", "O", "O", "B", "O"]}"#,
            "\n"
        ));
        let report = report.unwrap();
        assert_eq!(report.strict, SpanCounts { right: 1, found: 2, met: 1, marked: 2 });
        assert_eq!(report.partial, SpanCounts { right: 2, found: 2, met: 2, marked: 2 });
        assert_eq!((report.strict.precision(), report.strict.recall(), report.strict.f1()), (0.5, 0.5, 0.5));
        assert!(report.to_string().contains("2 spans of skills marked, 2 found"), "{report}");
    }

    #[test]
    fn what_is_no_sentence_is_told() {
        assert!(matches!(report(""), Err(EvaluationError::Empty { .. })));
        for line in ["{", "[]", r#"{"tokens": ["a"], "tags_skill": [], "tags_knowledge": ["O"]}"#] {
            assert!(
                report(line).unwrap_err().to_string().ends_with(":1: no sentence with as many tags as tokens"),
                "{line}"
            );
        }
    }
}
