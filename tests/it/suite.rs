//! Suites of judged tasks: what they measure, their floors, and the suites of this repository.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use lodestone::{
    app::{App, AppOptions},
    evaluation::{
        MODES, Subject, load,
        suite::{Suite, SuiteReport},
    },
};

const SUITES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/suites");

/// Runs the tasks of a suite in process.
fn measured(path: &Path) -> SuiteReport {
    let mut runs = Vec::new();
    for task in Suite::read(path, None).unwrap().tasks {
        let data = task.read(None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(&AppOptions { search_deadline: Duration::from_secs(60), ..AppOptions::new(folder.path()) })
            .unwrap();
        let ids = load(&app.store, &data.corpus, &|| ()).unwrap();
        assert!(app.wait_until_searchable(Duration::from_secs(60)).unwrap());
        let documents = app.engine.snapshot().live().len();
        let subject = Subject { searcher: &app.searcher, embedder: &app.embedder, weights: None };
        let run = task.run(&data, &subject, (documents, &ids), &|| ()).unwrap();
        app.close();
        runs.push((task, run));
    }
    SuiteReport::of(&runs, None)
}

/// A suite of two tasks: titles that several rows of a table have, and skills. `more` goes to the end of the second.
fn stand_in(folder: &Path, more: &str) -> PathBuf {
    let labels = "uri\tlanguage\tlabel\nc:1\tde\tKrankenpfleger\nc:2\ten\tCook\nc:2\ten\tHotel cook\nc:2\ten\tShip cook\n\
        c:3\ten\tTruck driver\n";
    let titles = ",title,uri\n0,\"cook, hotel\",c:2\n1,cook,c:2\n2,driver of trucks,c:3\n3,cook,c:3\n4,ship cook,c:3\n";
    std::fs::write(folder.join("labels.tsv"), labels).unwrap();
    std::fs::write(folder.join("titles.csv"), titles).unwrap();
    std::fs::write(folder.join("skills.tsv"), "1\tRust programming\n2\tVegan cooking\n3\tCucina vegana\n").unwrap();
    std::fs::write(folder.join("queries.tsv"), "en-1\tRust\nen-2\tvegan cooking\nit-1\tcucina\n").unwrap();
    std::fs::write(folder.join("judgments.tsv"), "en-1 0 1 1\nen-2 0 2 2\nen-2 0 3 1\nit-1 0 3 1\n").unwrap();
    let suite = format!(
        r#"
[[task]]
name = "tables"
half = "all"
corpus = {{ file = "labels.tsv", id = "uri", text = "label", where = {{ language = "en" }} }}
judged = {{ file = "titles.csv", query = "title", document = "uri" }}

[[task]]
name = "skills"
half = "all"
field = "skill"
corpus = "skills.tsv"
queries = "queries.tsv"
judgments = "judgments.tsv"
{more}"#
    );
    let path = folder.join("suite.toml");
    std::fs::write(&path, suite).unwrap();
    path
}

#[test]
fn rows_of_one_id_are_one_document_and_languages_have_their_floors() {
    let folder = tempfile::tempdir().unwrap();
    let floors = "[task.floor]\nkeyword = 0.5\n[task.languageFloor.it]\nkeyword = 1.0\nhybrid = 1.0\n";
    let report = measured(&stand_in(folder.path(), floors));
    assert_eq!(report.unmet_floors, []);
    assert_eq!(report.rows.len(), MODES.len() * 4, "two tasks, and two languages of the second");
    let of = |mode: &str| report.rows.iter().find(|row| row.task == "tables" && row.mode == mode).unwrap();
    let keyword = of("keyword");
    assert_eq!((keyword.queries, keyword.documents), (4, 4));
    // Nobody's words call the driver a cook: 1, 1/2, 1 and 0.
    assert!((keyword.measures.average_precision.value - 2.5 / 4.0).abs() < 1e-9, "{report}");
    // By meaning there are two ids: all cooks are one, and the driver comes right behind: 1, 1, 1 and 1/2.
    let semantic = of("semantic");
    assert!((semantic.measures.average_precision.value - 3.5 / 4.0).abs() < 1e-9, "{report}");
    assert_eq!(semantic.measures.recall_at_100.value, 1.0, "{report}");
}

fn evaluate(suite: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lodestone"));
    command.args(["evaluate", "--suite"]).arg(suite).args(more).output().unwrap()
}

#[test]
fn an_unmet_floor_ends_with_1_and_a_saved_run_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let suite = stand_in(folder.path(), "[task.languageFloor.it]\nkeyword = 1.1\n");
    let saved = folder.path().join("run.json");
    let saved = saved.to_str().unwrap();
    let first = evaluate(&suite, &["--save", saved]);
    let told = String::from_utf8_lossy(&first.stderr);
    assert_eq!(first.status.code(), Some(1), "{told}");
    let message = "error: task \"skills\", keyword, queries in it: MAP 1.0000 is below its floor 1.1";
    assert!(told.contains(message), "{told}");
    let second = evaluate(&suite, &["--compare", saved, "--task", "tables", "--json"]);
    assert_eq!(second.status.code(), Some(0), "{}", String::from_utf8_lossy(&second.stderr));
    let report: serde_json::Value = serde_json::from_slice(&second.stdout).unwrap();
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), MODES.len());
    for row in rows {
        let change = &row["change"]["measures"]["averagePrecision"];
        assert_eq!((&change["equal"], &change["pValue"]), (&4.into(), &1.0.into()), "{row}");
    }
}

#[test]
fn missing_data_and_tasks_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let suite = stand_in(folder.path(), "");
    let told = |more: &[&str]| {
        let output = evaluate(&suite, more);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert_eq!(told(&["--task", "title"]).trim(), "error: there is no task \"title\", only tables, skills");
    let missing = folder.path().join("nowhere");
    let error = told(&["--root", missing.to_str().unwrap()]);
    let path = missing.join("labels.tsv");
    assert!(error.starts_with(&format!("error: task \"tables\": cannot read {}", path.display())), "{error}");
}

#[test]
fn the_suites_of_this_repository_are_read() {
    let names = |file: &str| {
        let suite = Suite::read(&Path::new(SUITES).join(file), Some(Path::new("data"))).unwrap();
        suite.tasks.into_iter().map(|task| task.name).collect::<Vec<_>>()
    };
    assert_eq!(names("shared.toml").len(), 13);
    assert_eq!(names("recruiting.toml"), ["recruiting"]);
}

#[test]
fn recruiting_reaches_its_floors() {
    let path = Path::new(SUITES).join("recruiting.toml");
    let floors = Suite::read(&path, None).unwrap().tasks.remove(0).floors;
    let report = measured(&path);
    for row in &report.rows {
        let of = row.language.as_ref().map_or(Some(&floors.of_all), |language| floors.by_language.get(language));
        assert!(of.is_some_and(|of| of.contains_key(&*row.mode)), "no floor: {row:?}");
    }
    assert_eq!(report.unmet_floors, [], "{report}");
}
