//! Suites as text, and their reports.

use std::path::{Path, PathBuf};

use super::*;
use crate::evaluation::{Corpus, CorpusKind, Field, Half, JudgedTable, Measures, ModeRun, QueryRun, SavedRun, TaskRun};

const PATH: &str = "suites/some.toml";

fn parse(text: &str) -> Result<Suite, String> {
    Suite::parse(text, Path::new(PATH), None, &|_| None).map_err(|error| error.to_string())
}

fn problem(text: &str) -> String {
    parse(text).unwrap_err()
}

const TASK: &str = "[[task]]\nname = \"a\"\ncorpus = \"c\"\nqueries = \"q\"\njudgments = \"j\"\n";

#[test]
fn a_task_says_little() {
    let suite = parse(TASK).unwrap();
    let task = &suite.tasks[0];
    assert_eq!((&*task.name, task.half, task.depth, task.field), ("a", Half::Odd, 300, None));
    assert_eq!(task.corpus, TaskCorpus { path: "suites/c".into(), columns: None });
    assert_eq!(task.questions, Questions::Files { queries: "suites/q".into(), judgments: "suites/j".into() });
    assert!(!task.languages && task.floors.is_empty());
}

#[test]
fn a_task_says_all() {
    let text = r#"
[suite]
root = "data"

[[task]]
name = "vacancies"
corpus = { file = "labels.tsv", id = "conceptUri", text = "label", where = { language = "en" } }
judged = { file = "titles.csv", query = "vacancyTitle", document = "conceptUri" }
field = "skill"
half = "all"
depth = 10

[task.floor]
keyword = 0.25
hybrid = 0.5

[task.languageFloor.en]
hybrid = 0.6
"#;
    let suite = parse(text).unwrap();
    let task = &suite.tasks[0];
    let columns = task.corpus.columns.as_ref().unwrap();
    assert_eq!((&*columns.id, &*columns.text, &*columns.of_rows["language"]), ("conceptUri", "label", "en"));
    assert_eq!((task.field, task.half, task.depth, task.languages), (Some(Field::Skill), Half::All, 10, true));
    let file = PathBuf::from("suites/data/titles.csv");
    let table = JudgedTable { file, query: "vacancyTitle".into(), document: "conceptUri".into() };
    assert_eq!(task.questions, Questions::Table(table));
    assert_eq!((task.floors.of_all["keyword"], task.floors.by_language["en"]["hybrid"]), (0.25, 0.6));
}

#[test]
fn the_root_is_that_of_the_flag_then_of_the_variable_then_of_the_suite() {
    let corpus = |text: &str, root: Option<&str>, variable: Option<&str>| {
        let lookup = |name: &str| variable.filter(|_| name == "DATA").map(PathBuf::from);
        let text = format!("{text}\n{TASK}");
        let suite = Suite::parse(&text, Path::new(PATH), root.map(Path::new), &lookup);
        suite.map(|suite| suite.tasks[0].corpus.path.display().to_string()).map_err(|error| error.to_string())
    };
    let both = "[suite]\nroot = \"own\"\nrootVariable = \"DATA\"";
    assert_eq!(corpus(both, Some("flag"), Some("env")), Ok("flag/c".into()));
    assert_eq!(corpus(both, None, Some("env")), Ok("env/c".into()));
    assert_eq!(corpus(both, None, None), Ok("suites/own/c".into()));
    assert_eq!(corpus("", None, Some("env")), Ok("suites/c".into()));
    let needed = "suites/some.toml: the folder of the data is not known: give --root DIR, or set DATA";
    assert_eq!(corpus("[suite]\nrootVariable = \"DATA\"", None, None), Err(needed.into()));
}

#[test]
fn says_which_line_of_a_suite_is_wrong() {
    assert_eq!(problem("\n"), "suites/some.toml:1: there is no task");
    let problems = [
        ("fild = \"title\"\n", "6: unknown field `fild`"),
        ("field = \"titel\"\n", "6: unknown variant `titel`, expected one of `title`, `skill`, `text`"),
        ("half = \"first\"\n", "6: unknown variant `first`"),
        ("depth = 0\n", "1: the depth of the task \"a\" is 0"),
        ("judged = { file = \"t\", query = \"q\", document = \"d\" }\n", "1: the task \"a\" needs either"),
        ("judged = { file = \"t\", query = \"q\" }\n", "6: missing field `document`"),
        ("[task.floor]\nfuzzy = 0.5\n", "7: no mode \"fuzzy\", only keyword, "),
        ("depth = 1\ndepth = 2\n", "7: duplicate key"),
        ("[[task]]\nname = \"b\"\ncorpus = { file = \"c\", id = \"i\", txt = \"t\" }\n", "8: unknown field `txt`"),
        (
            "[[task]]\nname = \"b\"\ncorpus = 7\n",
            "8: invalid type: integer `7`, expected a path, or a table with `file`",
        ),
    ];
    for (more, expected) in problems {
        let told = problem(&format!("{TASK}{more}"));
        assert!(told.starts_with(&format!("suites/some.toml:{expected}")), "{told}");
    }
    assert_eq!(
        problem(&format!("{TASK}\n{TASK}")),
        "suites/some.toml:7: the name \"a\" is already taken by an earlier task"
    );
    assert_eq!(problem(&TASK.replace("\"a\"", "\" \"")), "suites/some.toml:1: the name is empty");
}

#[test]
fn a_task_reads_its_tables_and_names_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("labels.tsv"), "uri\tlang\tlabel\nu:1\ten\tNurse\nu:1\ten\tWard nurse\n")
        .unwrap();
    std::fs::write(folder.path().join("titles.csv"), ",title,uri\n0,\"Nurse, ward\",u:1\n1,Nurses,u:1\n").unwrap();
    let text = "[[task]]\nname = \"a\"\nhalf = \"all\"\ncorpus = { file = \"labels.tsv\", id = \"uri\", text = \"label\" }\n\
        judged = { file = \"titles.csv\", query = \"title\", document = \"uri\" }\n";
    let suite = Suite::parse(text, &folder.path().join("some.toml"), None, &|_| None).unwrap();
    suite.tasks[0].check().unwrap();
    let data = suite.tasks[0].read(Some(1)).unwrap();
    assert_eq!(data.queries.iter().map(|query| &*query.text).collect::<Vec<_>>(), ["Nurse, ward"]);
    assert!(matches!(data.corpus.kind(), CorpusKind::Table(_)));
    assert_eq!(Corpus::documents(&data.corpus).unwrap().count(), 2);
    std::fs::remove_file(folder.path().join("titles.csv")).unwrap();
    let error = suite.tasks[0].check().unwrap_err().to_string();
    assert_eq!(error, format!("cannot read {}", folder.path().join("titles.csv").display()));
}

/// A run whose queries in every mode have these average precisions.
fn run(task: &str, precisions: &[(&str, f64)]) -> TaskRun {
    let query = |(id, precision): &(&str, f64)| QueryRun {
        id: (*id).to_owned(),
        cpu_ms: 2.0,
        measures: Some(Measures::each(|_| *precision)).filter(|_| *precision >= 0.0),
    };
    let mode = |name: &str| ModeRun { mode: name.to_owned(), queries: precisions.iter().map(query).collect() };
    let modes = ["keyword", "semantic", "hybrid"].map(mode).into();
    TaskRun { task: task.to_owned(), documents: 472, half: "odd".to_owned(), depth: 300, modes }
}

const EARLIER: [(&str, f64); 5] = [("en-1", 0.5), ("en-2", 0.25), ("it-1", 1.0), ("it-2", 0.0), ("it-3", -1.0)];
const LATER: [(&str, f64); 5] = [("en-1", 0.75), ("en-2", 0.25), ("it-1", 0.5), ("it-2", 0.5), ("it-3", -1.0)];

fn task(more: &str) -> Task {
    parse(&format!("{TASK}{more}")).unwrap().tasks.remove(0)
}

#[test]
fn is_a_table() {
    let report = SuiteReport::of(&[(task(""), run("a", &LATER))], None);
    insta::assert_snapshot!(report.to_string(), @r"
    task mode     documents half queries left out      MAP@300 (95 %) nDCG@10    MRR  R@100 CPU mean CPU median
    a    keyword        472 odd        4        1    50.0 (31.2–68.8)    50.0   50.0   50.0     2.00       2.00
    a    semantic       472 odd        4        1    50.0 (31.2–68.8)    50.0   50.0   50.0     2.00       2.00
    a    hybrid         472 odd        4        1    50.0 (31.2–68.8)    50.0   50.0   50.0     2.00       2.00
    ");
}

#[test]
fn is_a_table_with_what_changed() {
    let earlier = SavedRun::new(vec![run("a", &EARLIER)]);
    let runs = [(task("languages = true\n"), run("a", &LATER)), (task(""), run("b", &LATER[..2]))];
    let report = SuiteReport::of(&runs, Some(&earlier));
    insta::assert_snapshot!(report.to_string(), @r"
    task   mode     documents half queries left out      MAP@300 (95 %) nDCG@10    MRR  R@100 CPU mean CPU median |        ΔMAP@300 (95 %) better  worse  equal      p
    a      keyword        472 odd        4        1    50.0 (31.2–68.8)    50.0   50.0   50.0     2.00       2.00 |  +6.2 (-31.2 to +37.5)      2      1      1 1.0000
    a      semantic       472 odd        4        1    50.0 (31.2–68.8)    50.0   50.0   50.0     2.00       2.00 |  +6.2 (-31.2 to +37.5)      2      1      1 1.0000
    a      hybrid         472 odd        4        1    50.0 (31.2–68.8)    50.0   50.0   50.0     2.00       2.00 |  +6.2 (-31.2 to +37.5)      2      1      1 1.0000
    a (en) keyword        472 odd        2        0    50.0 (25.0–75.0)    50.0   50.0   50.0     2.00       2.00 |  +12.5 (+0.0 to +25.0)      1      0      1 1.0000
    a (en) semantic       472 odd        2        0    50.0 (25.0–75.0)    50.0   50.0   50.0     2.00       2.00 |  +12.5 (+0.0 to +25.0)      1      0      1 1.0000
    a (en) hybrid         472 odd        2        0    50.0 (25.0–75.0)    50.0   50.0   50.0     2.00       2.00 |  +12.5 (+0.0 to +25.0)      1      0      1 1.0000
    a (it) keyword        472 odd        2        1    50.0 (50.0–50.0)    50.0   50.0   50.0     2.00       2.00 |  +0.0 (-50.0 to +50.0)      1      1      0 1.0000
    a (it) semantic       472 odd        2        1    50.0 (50.0–50.0)    50.0   50.0   50.0     2.00       2.00 |  +0.0 (-50.0 to +50.0)      1      1      0 1.0000
    a (it) hybrid         472 odd        2        1    50.0 (50.0–50.0)    50.0   50.0   50.0     2.00       2.00 |  +0.0 (-50.0 to +50.0)      1      1      0 1.0000
    b      keyword        472 odd        2        0    50.0 (25.0–75.0)    50.0   50.0   50.0     2.00       2.00 |           not compared
    b      semantic       472 odd        2        0    50.0 (25.0–75.0)    50.0   50.0   50.0     2.00       2.00 |           not compared
    b      hybrid         472 odd        2        0    50.0 (25.0–75.0)    50.0   50.0   50.0     2.00       2.00 |           not compared
    b: not in the earlier run
    ");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["rows"][0]["measures"]["ndcgAt10"]["value"], 0.5);
    assert_eq!(json["rows"][0]["change"]["queries"], 4);
    assert_eq!(json["rows"][0]["change"]["measures"]["recallAt100"]["better"], 2);
    assert_eq!(json["rows"][3]["language"], "en");
}

#[test]
fn a_run_is_the_same_after_saving_and_differs_in_nothing_from_itself() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let saved = SavedRun::new(vec![run("a", &LATER)]);
    saved.write(file.path()).unwrap();
    let read = SavedRun::read(file.path()).unwrap();
    assert_eq!(read, saved);
    let report = SuiteReport::of(&[(task(""), run("a", &LATER))], Some(&read));
    for row in &report.rows {
        let change = row.change.as_ref().unwrap().measures.average_precision;
        assert_eq!((change.difference.value, change.equal, change.p_value), (0.0, 4, 1.0));
    }
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    std::fs::write(file.path(), "{\"form\": 2, \"tasks\": []}").unwrap();
    assert!(SavedRun::read(file.path()).unwrap_err().to_string().ends_with("not a saved run: its form is 2, not 1"));
    std::fs::write(file.path(), "[]").unwrap();
    assert!(SavedRun::read(file.path()).unwrap_err().to_string().contains("not a saved run"));
}

#[test]
fn another_run_is_compared_as_far_as_it_goes() {
    let mut before = run("a", &EARLIER[1..]);
    before.documents = 7;
    before.modes.remove(0);
    let report = SuiteReport::of(&[(task(""), run("a", &LATER))], Some(&SavedRun::new(vec![before.clone()])));
    let notes = [
        "a: the earlier run has 7 documents",
        "a: the earlier run has no mode keyword",
        "a, semantic: 4 queries compared, of 5 now and 4 in the earlier run",
        "a, hybrid: 4 queries compared, of 5 now and 4 in the earlier run",
    ];
    assert_eq!(report.notes, notes);
    assert_eq!(report.rows[0].change, None);
    assert_eq!(report.rows[1].change.as_ref().unwrap().queries, 3);
    before.depth = 10;
    let report = SuiteReport::of(&[(task(""), run("a", &LATER))], Some(&SavedRun::new(vec![before])));
    assert_eq!(report.notes, ["a: not compared, the earlier run has the depth 10"]);
    assert!(report.rows.iter().all(|row| row.change.is_none()));
}

#[test]
fn floors_are_those_of_mode_and_language() {
    let floors = "[task.floor]\nhybrid = 0.5\nkeyword = 0.51\n[task.languageFloor.it]\nsemantic = 0.4\nhybrid = 0.6\n\
        [task.languageFloor.de]\nhybrid = 0.1\n";
    let report = SuiteReport::of(&[(task(floors), run("a", &LATER))], None);
    let told: Vec<String> = report.unmet_floors.iter().map(UnmetFloor::to_string).collect();
    let expected = [
        "task \"a\", keyword: MAP 0.5000 is below its floor 0.51",
        "task \"a\", hybrid, queries in de: no query was measured, and its floor is 0.1",
        "task \"a\", hybrid, queries in it: MAP 0.5000 is below its floor 0.6",
    ];
    assert_eq!(told, expected);
}
