//! The text of a suite → tasks with whole paths. The form is in `docs/relevance.md`.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::super::error::{EvaluationError, SuiteProblem};
use super::super::{CorpusColumns, DEFAULT_DEPTH, Field, Half, JudgedTable, MATCH, MODES};
use super::floors::{Floors, ModeFloors};
use super::task::{Questions, Task, TaskCorpus};

/// Some tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct Suite {
    /// The tasks, in the order of the file: at least one, no two of one name.
    pub tasks: Vec<Task>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuiteForm {
    #[serde(default)]
    suite: HeadForm,
    #[serde(default)]
    task: Vec<Spanned<TaskForm>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct HeadForm {
    root: Option<PathBuf>,
    root_variable: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TaskForm {
    name: String,
    corpus: PathOr<CorpusForm>,
    queries: Option<PathBuf>,
    judgments: Option<PathBuf>,
    judged: Option<JudgedForm>,
    field: Option<Field>,
    #[serde(default = "odd")]
    half: Half,
    #[serde(default = "default_depth")]
    depth: usize,
    #[serde(default)]
    languages: bool,
    concepts: Option<PathBuf>,
    #[serde(default)]
    jobs: bool,
    #[serde(default)]
    floor: BTreeMap<ModeName, f64>,
    #[serde(default)]
    language_floor: BTreeMap<String, BTreeMap<ModeName, f64>>,
}

fn odd() -> Half {
    Half::Odd
}

fn default_depth() -> usize {
    DEFAULT_DEPTH
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CorpusForm {
    file: PathBuf,
    id: String,
    text: String,
    #[serde(rename = "where", default)]
    of_rows: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JudgedForm {
    file: PathBuf,
    query: String,
    document: String,
}

/// A path alone, or a table that says more.
enum PathOr<T> {
    Path(PathBuf),
    Table(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for PathOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PathOrVisitor(PhantomData))
    }
}

struct PathOrVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PathOrVisitor<T> {
    type Value = PathOr<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a path, or a table with `file`")
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<Self::Value, E> {
        Ok(PathOr::Path(path.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(PathOr::Table)
    }
}

/// The name of one of [`MODES`].
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ModeName(&'static str);

impl<'de> Deserialize<'de> for ModeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        let names: Vec<&str> = MODES.iter().map(|(name, _)| *name).chain([MATCH]).collect();
        let wrong = || D::Error::custom(format!("no mode {written:?}, only {}", names.join(", ")));
        names.iter().find(|name| **name == written).copied().map(Self).ok_or_else(wrong)
    }
}

fn by_mode(floors: BTreeMap<ModeName, f64>) -> ModeFloors {
    floors.into_iter().map(|(mode, floor)| (mode.0, floor)).collect()
}

impl Suite {
    /// Reads a file. Its paths stand under `root` where that is given; else in the folder that the suite's variable of the
    /// environment names, or its own `root`, or its own folder.
    pub fn read(path: &Path, root: Option<&Path>) -> Result<Self, EvaluationError> {
        let text = std::fs::read_to_string(path).map_err(EvaluationError::io(path))?;
        Self::parse(&text, path, root, &|variable| std::env::var_os(variable).map(PathBuf::from))
    }

    /// Reads the text of the file at `path`; `variable` looks into the environment.
    pub fn parse(
        text: &str,
        path: &Path,
        root: Option<&Path>,
        variable: &dyn Fn(&str) -> Option<PathBuf>,
    ) -> Result<Self, EvaluationError> {
        let wrong = |at: usize, problem| {
            let line = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
            EvaluationError::Suite { path: path.to_owned(), line, problem }
        };
        let form: SuiteForm = toml::from_str(text).map_err(|error| {
            let problem = SuiteProblem::Form(error.message().to_owned());
            wrong(error.span().map_or(0, |span| span.start), problem)
        })?;
        let root = match root {
            Some(root) => root.to_owned(),
            None => form.suite.root(path, variable)?,
        };
        let mut tasks: Vec<Task> = Vec::with_capacity(form.task.len());
        for task in form.task {
            let at = task.span().start;
            let task = task.into_inner().under(&root).map_err(|problem| wrong(at, problem))?;
            if tasks.iter().any(|earlier| earlier.name == task.name) {
                return Err(wrong(at, SuiteProblem::DuplicateTask(task.name)));
            }
            tasks.push(task);
        }
        if tasks.is_empty() { Err(wrong(0, SuiteProblem::NoTask)) } else { Ok(Self { tasks }) }
    }
}

impl HeadForm {
    fn root(self, path: &Path, variable: &dyn Fn(&str) -> Option<PathBuf>) -> Result<PathBuf, EvaluationError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        if let Some(root) = self.root_variable.as_deref().and_then(variable) {
            return Ok(root);
        }
        match (self.root, self.root_variable) {
            (Some(root), _) => Ok(folder.join(root)),
            (None, None) => Ok(folder.to_owned()),
            (None, Some(variable)) => Err(EvaluationError::NoRoot { path: path.to_owned(), variable }),
        }
    }
}

impl TaskForm {
    fn under(self, root: &Path) -> Result<Task, SuiteProblem> {
        if self.name.trim().is_empty() {
            return Err(SuiteProblem::EmptyName);
        }
        if self.depth == 0 {
            return Err(SuiteProblem::NoDepth(self.name));
        }
        let questions = match (self.queries, self.judgments, self.judged) {
            (Some(queries), Some(judgments), None) => {
                Questions::Files { queries: root.join(queries), judgments: root.join(judgments) }
            }
            (None, None, Some(JudgedForm { file, query, document })) => {
                Questions::Table(JudgedTable { file: root.join(file), query, document })
            }
            _ => return Err(SuiteProblem::Questions(self.name)),
        };
        let corpus = match self.corpus {
            PathOr::Path(path) => TaskCorpus { path: root.join(path), columns: None },
            PathOr::Table(CorpusForm { file, id, text, of_rows }) => {
                TaskCorpus { path: root.join(file), columns: Some(CorpusColumns { id, text, of_rows }) }
            }
        };
        let by_language = self.language_floor.into_iter().map(|(language, floors)| (language, by_mode(floors)));
        let floors = Floors { of_all: by_mode(self.floor), by_language: by_language.collect() };
        Ok(Task {
            name: self.name,
            corpus,
            questions,
            field: self.field,
            half: self.half,
            depth: self.depth,
            concepts: self.concepts.map(|path| root.join(path)),
            only_held_out: false,
            jobs: self.jobs,
            languages: self.languages || !floors.by_language.is_empty(),
            floors,
        })
    }
}
