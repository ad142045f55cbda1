//! What a task must reach.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::report::SuiteRow;

/// The least MAP by mode, from 0 to 1.
pub(super) type ModeFloors = BTreeMap<&'static str, f64>;

/// The least MAP of a task.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Floors {
    /// Over all queries, by mode.
    pub of_all: BTreeMap<&'static str, f64>,
    /// Over the queries of a language, by language and mode.
    pub by_language: BTreeMap<String, BTreeMap<&'static str, f64>>,
}

/// A floor that was not reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnmetFloor {
    /// The task.
    pub task: String,
    /// The language; none for all queries.
    pub language: Option<String>,
    /// The mode.
    pub mode: &'static str,
    /// The least MAP, from 0 to 1.
    pub floor: f64,
    /// The MAP; none where no query with a relevant document was asked.
    pub value: Option<f64>,
}

impl Floors {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.of_all.is_empty() && self.by_language.is_empty()
    }

    /// Which of them the rows of the task do not reach.
    pub(super) fn unmet(&self, task: &str, rows: &[SuiteRow]) -> Vec<UnmetFloor> {
        let of_all = self.of_all.iter().map(|(mode, floor)| (None, *mode, *floor));
        let by_language = self.by_language.iter().flat_map(|(language, floors)| {
            floors.iter().map(move |(mode, floor)| (Some(language.clone()), *mode, *floor))
        });
        let mut unmet = Vec::new();
        for (language, mode, floor) in of_all.chain(by_language) {
            let is_it = |row: &&SuiteRow| row.task == task && row.language == language && row.mode == mode;
            let row = rows.iter().find(is_it).filter(|row| row.queries > 0);
            let value = row.map(|row| row.measures.average_precision.value);
            if value.is_none_or(|value| value < floor) {
                unmet.push(UnmetFloor { task: task.to_owned(), language, mode, floor, value });
            }
        }
        unmet
    }
}

impl fmt::Display for UnmetFloor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "task {:?}, {}", self.task, self.mode)?;
        if let Some(language) = &self.language {
            write!(formatter, ", queries in {language}")?;
        }
        match self.value {
            Some(value) => write!(formatter, ": MAP {value:.4} is below its floor {}", self.floor),
            None => write!(formatter, ": no query was measured, and its floor is {}", self.floor),
        }
    }
}
