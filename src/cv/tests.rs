//! Whole texts.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn profile(text: &str) -> Value {
    Value::Object(parse(text).profile)
}

fn at<'v>(profile: &'v Value, pointer: &str) -> Option<&'v str> {
    profile.pointer(pointer).and_then(Value::as_str)
}

#[test]
fn headings_of_eight_languages_open_the_same_parts() {
    for (work, education, skills, languages) in [
        ("Work experience", "Education", "Skills", "Languages"),
        ("ESPERIENZE PROFESSIONALI", "Istruzione e formazione", "Competenze", "Lingue"),
        ("Beruflicher Werdegang", "Ausbildung", "Kenntnisse", "Sprachen"),
        ("Experiencia laboral", "Formación académica", "Conocimientos", "Idiomas"),
        ("EXPÉRIENCES PROFESSIONNELLES", "Études", "Compétences", "Langues"),
        ("Experiência profissional", "Habilitações literárias", "Competências", "Línguas"),
        ("Werkervaring", "Opleidingen", "Vaardigheden", "Talen"),
        ("Experiență profesională", "Studii", "Competențe", "Limbi străine"),
    ] {
        let text = format!(
            "Anna Rossi\n\n{work}\nEngineer, Acme Ltd, London\n2019 - 2021\n\n{education}\nBSc Physics, University of Leeds\n\
             2015 - 2018\n\n{skills}\nWelding, Excel\n\n{languages}\nEnglish (C1)\n"
        );
        let profile = profile(&text);
        assert_eq!(at(&profile, "/work/0/position"), Some("Engineer"), "{work}");
        assert_eq!(at(&profile, "/work/0/name"), Some("Acme Ltd"), "{work}");
        assert_eq!(at(&profile, "/education/0/institution"), Some("University of Leeds"), "{education}");
        assert_eq!(at(&profile, "/skills/1/name"), Some("Excel"), "{skills}");
        assert_eq!(at(&profile, "/languages/0/fluency"), Some("C1"), "{languages}");
    }
}

#[test]
fn what_is_private_is_not_read() {
    let text = "Anna Rossi\nDate of birth: 12.03.1980\nMarital status: married\nReligion: none\nanna@example.org\n\n\
                Experience\nNurse, Leeds Hospital\n2019 - 2021\n\nInterests\nChess, sailing\n\n\
                References\nJohn Smith, Manager, Big Bank Ltd, 2010 - 2012\n";
    let shown = profile(text).to_string();
    for word in ["1980", "married", "Religion", "Chess", "Smith", "Big Bank"] {
        assert!(!shown.contains(word), "{word} in {shown}");
    }
    assert!(shown.contains("Leeds Hospital"));
}

#[test]
fn a_position_that_lasts_has_no_end() {
    let profile = profile("Experience\nNurse, Leeds Hospital\nseit 03/2019\n");
    assert_eq!(at(&profile, "/work/0/startDate"), Some("2019-03"));
    assert_eq!(profile.pointer("/work/0/endDate"), None);
}

#[test]
fn further_titles_belong_to_the_employer_above_them() {
    let text = "Experience\nAcme Logistics GmbH, Berlin\nTeam Leader, May 2019 to date\n- led a team\n\nDriver, 2015 to 2019\n- drove\n";
    let profile = profile(text);
    for number in [0, 1] {
        assert_eq!(at(&profile, &format!("/work/{number}/name")), Some("Acme Logistics GmbH"));
    }
    assert_eq!(at(&profile, "/work/1/position"), Some("Driver"));
}

#[test]
fn every_confidence_is_of_something_and_a_share() {
    let parsed =
        parse("Anna Rossi\nanna@example.org\n\nExperience\nNurse, Leeds Hospital\n2019 - 2021\n\nSkills\nChess\n");
    let profile = Value::Object(parsed.profile);
    for (pointer, confidence) in parsed.confidence {
        assert!(profile.pointer(&pointer).is_some(), "{pointer}");
        assert!((0.0..=1.0).contains(&confidence));
    }
    assert!(parse("").is_empty());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "(\\PC{0,30}\n){0,20}|([A-Z][a-z]+|[0-9]{1,4}|Experience|Skills|Education|[-–/.,:'\n\t ()•]){0,80}") {
        parse(&text);
    }
}

/// What CVs are made of, and what breaks readers of them.
const PIECES: [&str; 48] = [
    "Work experience",
    "EDUCATION",
    "Competenze",
    "Kenntnisse:",
    "Languages",
    "Certificates",
    "References",
    "Profil",
    "\n",
    "\n\n",
    "\n",
    "\t",
    "  ",
    ", ",
    " – ",
    " - ",
    " | ",
    " at ",
    " bei ",
    " presso ",
    "(",
    ")",
    "（",
    "）",
    "[",
    "•",
    "* ",
    "- ",
    "Framing Carpenter",
    "Acme Ltd",
    "GmbH",
    "Università di Bologna",
    "BSc",
    "Milano",
    "Leeds, UK",
    "03/2019",
    "2019 – 2021",
    "seit 2020",
    "'98 - '03",
    "Mar 2019 - Present",
    "01/2012/",
    "99/9999",
    "Python",
    "C1",
    "ada@example.org",
    "ü",
    "İ",
    "\u{200b}",
];

proptest! {
    #[test]
    fn no_text_breaks_the_reader(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..80)) {
        parse(&pieces.concat());
    }

    #[test]
    fn no_letters_break_the_reader(text in "[\\PC\n\t]{0,300}") {
        parse(&text);
    }
}
