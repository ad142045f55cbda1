//! Queries and judgments out of one table: each row says that a document is relevant to a text.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::error::EvaluationError;
use super::judgments::Judgments;
use super::lines;
use super::queries::{Half, JudgedQuery};
use super::table::Table;

/// A table of texts and of the documents that are relevant to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedTable {
    /// The file.
    pub file: PathBuf,
    /// The column of what is asked.
    pub query: String,
    /// The column of the relevant document's id.
    pub document: String,
}

impl JudgedTable {
    /// Reads the queries of a half and all judgments. Rows of equal texts are one query, whose id is the text, in the order
    /// of its first row; all their documents are relevant (1). The table must not be empty; the half may be.
    pub fn read(&self, half: Half) -> Result<(Vec<JudgedQuery>, Judgments), EvaluationError> {
        let table = Table::open(&self.file)?;
        let (query, document) = (table.column(&self.query)?, table.column(&self.document)?);
        let mut queries = Vec::new();
        let mut known = BTreeSet::new();
        let mut judgments = Judgments::default();
        for row in table {
            let (number, row) = row?;
            let (text, id) = (&row[query], &row[document]);
            lines::check_id_and_text(id, text)
                .and_then(|()| judgments.insert(text, id, 1))
                .map_err(|problem| EvaluationError::line(&self.file, number, problem))?;
            if known.insert(text.clone()) && half.holds(text) {
                queries.push(JudgedQuery { id: text.clone(), text: text.clone() });
            }
        }
        if known.is_empty() {
            return Err(EvaluationError::Empty { path: self.file.clone() });
        }
        Ok((queries, judgments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, half: Half) -> Result<(Vec<JudgedQuery>, Judgments), String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let name = file.path().display().to_string();
        let table = JudgedTable { file: file.path().to_owned(), query: "title".into(), document: "uri".into() };
        table.read(half).map_err(|error| error.to_string().replace(&name, "judged"))
    }

    #[test]
    fn equal_texts_are_one_query() {
        let text = ",title,uri\n0,\"Chef, sous\",u/1\n1,Nurse,u/2\n2,\"Chef, sous\",u/3\n3,Nurse,u/2\n";
        let (queries, judgments) = read(text, Half::All).unwrap();
        assert_eq!(queries.iter().map(|query| &*query.id).collect::<Vec<_>>(), ["Chef, sous", "Nurse"]);
        assert_eq!(judgments.of("Chef, sous").unwrap().keys().collect::<Vec<_>>(), ["u/1", "u/3"]);
        assert_eq!(judgments.of("Nurse").unwrap()["u/2"], 1);
        let halves = [Half::Even, Half::Odd].map(|half| read(text, half).unwrap().0.len());
        assert_eq!(halves.iter().sum::<usize>(), 2);
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(read("title,uri\nNurse,\n", Half::All).unwrap_err(), "judged:2: the id is empty");
        assert_eq!(read("title,uri\n ,u\n", Half::All).unwrap_err(), "judged:2: the text is empty");
        assert_eq!(read("title,uri\n", Half::All).unwrap_err(), "judged holds nothing");
        let error = read("title,concept\na,b\n", Half::All).unwrap_err();
        assert_eq!(error, "judged:1: there is no column \"uri\", only \"title\", \"concept\"");
    }
}
