//! Tables in, candidates out.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::ingest::{
    Cohort, ImportError, ImportFormat, SourceOptions, SourceRecord, open_source, read_candidate, sheets::Mapping,
};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sheets").join(name)
}

/// What came of a row: its number, and the candidate or the code.
type Told = (u64, Result<Value, &'static str>);

fn read(path: &Path, options: &SourceOptions) -> Result<(Vec<Told>, Vec<String>), ImportError> {
    let source = open_source(path, options)?;
    let told = |record: SourceRecord| {
        let read = read_candidate(&record.record);
        let read = read.map(|(_, bytes)| serde_json::from_slice(&bytes).unwrap());
        (record.record.line, read.map_err(|(_, rejection)| rejection.errors[0].code))
    };
    let records: Result<Vec<SourceRecord>, ImportError> = source.records.collect();
    Ok((records?.into_iter().map(told).collect(), source.warnings))
}

fn people(name: &str) -> Vec<Value> {
    let (told, _) = read(&fixture(name), &SourceOptions::default()).unwrap();
    told.into_iter().map(|(line, told)| told.unwrap_or_else(|code| panic!("{name}:{line}: {code}"))).collect()
}

/// The reason why a file is not read.
fn refused(path: &Path) -> String {
    match read(path, &SourceOptions::default()) {
        Err(error) => error.to_string(),
        Ok(read) => panic!("it was read: {read:?}"),
    }
}

fn in_folder(name: &str, content: &[u8]) -> (PathBuf, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    (path, dir)
}

#[test]
fn five_languages_give_one_candidate() {
    let expected = json!({
        "profile": {
            "basics": {
                "name": "Zoë Müller", "email": "zoe.mueller@example.org", "phone": "+49 30 555 0123",
                "location": {"city": "Berlin", "countryCode": "DE"},
                "profiles": [{"network": "LinkedIn", "url": "https://www.linkedin.com/in/zoe-example"}]
            },
            "work": [
                {"name": "Nordhaven Maritime", "position": "Data Engineer", "startDate": "2019-01-15"},
                {"name": "Halcyon Rail", "position": "Analyst"}
            ],
            "education": [{"institution": "Example University", "studyType": "Master"}],
            "skills": [{"name": "SQL"}, {"name": "Rust"}, {"name": "AWS (S3, EC2)"}],
            "languages": [{"language": "German", "fluency": "native"}, {"language": "English", "fluency": "C1"}]
        },
        "availability": {"openToWork": {"since": "2026-11-30", "remote": true}},
        "source": {"system": "sheet"}
    });
    for name in ["en.csv", "it.csv", "de.csv", "es.csv", "fr.csv"] {
        let mut found = people(name);
        let id = found[0].as_object_mut().unwrap().remove("id");
        assert_eq!(found, std::slice::from_ref(&expected), "{name}");
        assert_eq!(id.as_ref(), people("en.csv")[0].get("id"), "{name}");
    }
}

#[test]
fn workbooks_give_what_their_cells_show() {
    let zoe = json!({
        "id": "4711",
        "profile": {
            "basics": {"name": "Zoë Müller", "email": "zoe.mueller@example.org", "phone": "493055501234"},
            "work": [{"position": "Data Engineer", "startDate": "2019-01-15"}]
        },
        "documents": [{"name": "Notes", "mediaType": "text/plain", "text": "two\nlines"}],
        "source": {"system": "sheet", "externalId": "4711"}
    });
    for name in ["people.xlsx", "people.ods"] {
        let (told, warnings) = read(&fixture(name), &SourceOptions::default()).unwrap();
        assert_eq!(told[0], (4, Ok(zoe.clone())), "{name}");
        let (number, ivo) = told[1].clone();
        assert_eq!(
            (number, &ivo.unwrap()["profile"]["work"]),
            (6, &json!([{"position": "Nurse", "startDate": "2020-02-29"}]))
        );
        assert_eq!((told.len(), warnings), (2, vec!["not read: Active".to_owned()]), "{name}");
    }
    let options = SourceOptions { sheet: Some("Nope".to_owned()), ..SourceOptions::default() };
    let error = read(&fixture("people.xlsx"), &options).unwrap_err().to_string();
    assert!(error.ends_with("there is no sheet \"Nope\"; its sheets are Empty, People"), "{error}");
}

#[test]
fn recruiters_projects_need_no_mapping() {
    let people = people("recruiter.csv");
    assert_eq!(people[0]["profile"]["basics"]["label"], "Moves data");
    assert_eq!(people[0]["profile"]["basics"]["location"], json!({"city": "Berlin", "countryCode": "DE"}));
    assert_eq!(people[0]["tags"], json!(["Data platform 2026"]));
    let documents = people[0]["documents"].as_array().unwrap();
    let texts: Vec<&str> = documents.iter().filter_map(|document| document["text"].as_str()).collect();
    assert_eq!(texts, ["Spoke on Monday.\nWants four days.", "Strong"]);
    assert_eq!(people[1]["profile"]["work"], json!([{"name": "Clinica Aurora", "position": "Nurse"}]));
}

#[test]
fn an_archive_is_one_person() {
    let (told, warnings) = read(&fixture("linkedin-archive"), &SourceOptions::default()).unwrap();
    let [(1, Ok(person))] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(warnings, ["left aside: Connections.csv"]);
    let mut profile = person["profile"].clone();
    assert_eq!(profile["basics"].as_object_mut().unwrap().remove("summary").unwrap(), "I move data.\nFast.");
    assert_eq!(
        profile,
        json!({
            "basics": {
                "name": "Zoë Müller", "label": "Moves data", "email": "zoe.mueller@example.org", "url": "https://zoe.example",
                "location": {"city": "Berlin", "countryCode": "DE"}
            },
            "work": [
                {"name": "Nordhaven Maritime", "position": "Data Engineer", "location": "Berlin",
                    "summary": "Pipelines, in Rust", "startDate": "2019-01"},
                {"name": "Halcyon Rail", "position": "Analyst", "location": "Berlin", "startDate": "2014-09", "endDate": "2018-12"}
            ],
            "education": [{"institution": "Example University", "studyType": "Master", "startDate": "2009", "endDate": "2014"}],
            "skills": [{"name": "SQL"}, {"name": "Rust"}],
            "languages": [{"language": "German", "fluency": "Native or bilingual proficiency"}],
            "certificates": [{"name": "Sailing License", "issuer": "Harbour Office", "date": "2020-03"}]
        })
    );
    let text = person.to_string();
    assert!(!text.contains("Somewhere") && !text.contains("Jan 1"), "{text}");
}

#[test]
fn bad_rows_are_named_and_the_rest_goes_in() {
    let cohort = Some(Cohort { name: "acme-2026".to_owned(), open_since: "2026-11-02".to_owned() });
    let (told, _) = read(&fixture("invalid.csv"), &SourceOptions { cohort, ..SourceOptions::default() }).unwrap();
    let codes: Vec<(u64, Result<&str, &str>)> = told
        .iter()
        .map(|(line, told)| {
            (
                *line,
                told.as_ref().map(|person| person["profile"]["basics"]["name"].as_str().unwrap()).map_err(|code| *code),
            )
        })
        .collect();
    let expected = [
        (4, Ok("Ada Fine")),
        (5, Err("missing")),
        (6, Err("invalid_date")),
        (7, Err("unbalanced_quote")),
        (8, Ok("After Quote")),
        (9, Err("duplicate_row")),
        (10, Err("wrong_cell_count")),
        (12, Ok("Last Person")),
    ];
    assert_eq!(codes, expected);
    let [ada, after] = [0, 4].map(|at| told[at].1.clone().unwrap());
    assert_eq!(ada["availability"]["openToWork"], json!({"since": "2026-11-30"}));
    assert_eq!(after["availability"]["openToWork"], json!({"since": "2026-11-02"}));
    assert_eq!((&after["tags"], &after["cohorts"]), (&json!(["notice: 3 months"]), &json!(["acme-2026"])));
}

#[test]
fn the_order_of_days_and_months_is_told_or_warned_of() {
    let table = |dates: &[&str]| {
        format!(
            "Name,Start date,Title\n{}",
            dates.iter().map(|date| format!("A {date},{date},x\n")).collect::<String>()
        )
    };
    let starts = |dates: &[&str]| {
        let (path, _dir) = in_folder("t.csv", table(dates).as_bytes());
        let (told, warnings) = read(&path, &SourceOptions::default()).unwrap();
        let start = |told: Told| told.1.unwrap()["profile"]["work"][0]["startDate"].as_str().unwrap().to_owned();
        (told.into_iter().map(start).collect::<Vec<_>>(), warnings)
    };
    assert_eq!(starts(&["03/04/2020", "01/31/2020"]), (vec!["2020-03-04".to_owned(), "2020-01-31".to_owned()], vec![]));
    assert_eq!(starts(&["03/04/2020", "31/01/2020"]), (vec!["2020-04-03".to_owned(), "2020-01-31".to_owned()], vec![]));
    let (dates, warnings) = starts(&["03/04/2020"]);
    assert_eq!(dates, ["2020-04-03"]);
    assert_eq!(warnings, ["\"Start date\" has 1 dates that can be read in two ways; the day is taken to come first"]);
}

#[test]
fn a_mapping_comes_back_as_it_was_saved() {
    let source = open_source(&fixture("en.csv"), &SourceOptions::default()).unwrap();
    let table = source.table.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mappings/acme.toml");
    table.mapping.write(&path).unwrap();
    let mapping = Mapping::read(&path).unwrap();
    assert_eq!(mapping, table.mapping);
    let options = SourceOptions { mapping: Some(mapping), ..SourceOptions::default() };
    let read_with = |options: &SourceOptions| read(&fixture("en.csv"), options).unwrap().0;
    assert_eq!(read_with(&options), read_with(&SourceOptions::default()));
    let json = serde_json::to_string(&options).unwrap();
    assert_eq!(serde_json::from_str::<SourceOptions>(&json).unwrap(), options);
    let columns = [("Shoe size".to_owned(), "tags".parse().unwrap())].into();
    let tagged = read_with(&SourceOptions { columns, ..SourceOptions::default() });
    assert_eq!(tagged[0].1.as_ref().unwrap()["tags"], json!(["39"]));
}

#[test]
fn hostile_files_are_refused_and_told() {
    assert!(refused(&fixture("truncated.xlsx")).contains("a damaged or unreadable workbook"));
    assert!(refused(&fixture("repeated.ods")).contains("cells; at most"));
    let wide: String = (0..16_384).map(|column| format!("c{column},")).collect();
    let (path, _dir) = in_folder("wide.csv", format!("{wide}end\n1\n").as_bytes());
    assert!(refused(&path).contains("16385 columns; at most 1024 are read"));
    let (path, _dir) = in_folder("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    assert!(refused(&path).contains("save it as .xlsx"));
    let (path, _dir) = in_folder("empty.csv", b"");
    assert!(refused(&path).contains("the table is empty"));
    let (path, _dir) = in_folder("noise.xlsx", b"\x00\x01\x02\xff,\xfe");
    let options = SourceOptions { format: ImportFormat::Sheet, ..SourceOptions::default() };
    assert!(read(&path, &options).is_ok_and(|(told, _)| told.is_empty()));
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bomb.xlsx");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
    for name in ["xl/workbook.xml", "xl/sharedStrings.xml"] {
        archive.start_file(name, options).unwrap();
        for _ in 0..130 {
            archive.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
    }
    archive.finish().unwrap();
    assert!(path.metadata().unwrap().len() < 4 << 20);
    assert!(refused(&path).contains("unpacks to more than is taken"));
}
