//! TREC judgments: `query 0 document relevance`.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::{EvaluationError, LineProblem};
use super::lines::Lines;
use super::measures::MAX_RELEVANCE;

/// Judged documents by query. What is not judged has the relevance 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgments {
    by_query: BTreeMap<String, BTreeMap<String, u32>>,
}

impl Judgments {
    /// Reads a file of judgments: four columns divided by tabs, or by spaces where a line has no tab. A negative
    /// relevance (TREC's "junk") counts as 0.
    pub fn read(path: &Path) -> Result<Self, EvaluationError> {
        let mut judgments = Self::default();
        for line in Lines::open(path)? {
            let (number, line) = line?;
            judgments.add(&line).map_err(|problem| EvaluationError::line(path, number, problem))?;
        }
        if judgments.by_query.is_empty() {
            return Err(EvaluationError::Empty { path: path.to_owned() });
        }
        Ok(judgments)
    }

    fn add(&mut self, line: &str) -> Result<(), LineProblem> {
        let columns: Vec<&str> = if line.contains('\t') {
            line.split('\t').map(str::trim).collect()
        } else {
            line.split_whitespace().collect()
        };
        let [query, _, document, relevance] = columns[..] else {
            return Err(LineProblem::Columns { expected: 4, found: columns.len() });
        };
        if query.is_empty() || document.is_empty() {
            return Err(LineProblem::EmptyId);
        }
        let relevance = relevance
            .parse::<i64>()
            .ok()
            .and_then(|relevance| u32::try_from(relevance.max(0)).ok())
            .filter(|relevance| *relevance <= MAX_RELEVANCE)
            .ok_or_else(|| LineProblem::Relevance(relevance.to_owned()))?;
        self.insert(query, document, relevance)
    }

    /// Adds a judgment, which must not contradict an earlier one.
    pub(super) fn insert(&mut self, query: &str, document: &str, relevance: u32) -> Result<(), LineProblem> {
        let judged = self.by_query.entry(query.to_owned()).or_default();
        match judged.insert(document.to_owned(), relevance) {
            Some(earlier) if earlier != relevance => Err(LineProblem::Contradiction(document.to_owned())),
            _ => Ok(()),
        }
    }

    /// The judged documents of a query, by id.
    pub fn of(&self, query: &str) -> Option<&BTreeMap<String, u32>> {
        self.by_query.get(query)
    }

    /// The queries with judgments, in order.
    pub fn queries(&self) -> impl Iterator<Item = &str> {
        self.by_query.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Judgments, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let name = file.path().display().to_string();
        Judgments::read(file.path()).map_err(|error| error.to_string().replace(&name, "qrels"))
    }

    #[test]
    fn reads_tabs_spaces_and_line_ends() {
        let judgments = read("q1\t0\tdoc a\t1\r\nq1 0 b 2\n\nq2   Q0 c -1\n").unwrap();
        assert_eq!(judgments.of("q1").unwrap()["doc a"], 1);
        assert_eq!(judgments.of("q1").unwrap()["b"], 2);
        assert_eq!(judgments.of("q2").unwrap()["c"], 0);
        assert_eq!(judgments.queries().collect::<Vec<_>>(), ["q1", "q2"]);
        assert!(judgments.of("q3").is_none());
    }

    #[test]
    fn says_which_line_is_wrong() {
        assert_eq!(read("q 0 a 1\nq 0 b\n").unwrap_err(), "qrels:2: expected 4 columns, found 3");
        assert_eq!(read("q 0 a yes").unwrap_err(), "qrels:1: the relevance \"yes\" is not an integer up to 30");
        assert_eq!(read("q 0 a 31").unwrap_err(), "qrels:1: the relevance \"31\" is not an integer up to 30");
        assert_eq!(read("q\t0\t\t1").unwrap_err(), "qrels:1: the id is empty");
        assert_eq!(
            read("q 0 a 1\nq 0 a 1\nq 0 a 2").unwrap_err(),
            "qrels:3: the document \"a\" is judged twice, and differently"
        );
        assert_eq!(read("\n").unwrap_err(), "qrels holds nothing");
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Judgments::read(Path::new("no/such/qrels.tsv")).unwrap_err();
        assert_eq!(error.to_string(), "cannot read no/such/qrels.tsv");
    }
}
