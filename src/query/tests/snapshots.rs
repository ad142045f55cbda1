//! Whole plans and warnings as JSON.

use super::*;

#[test]
fn plans_are_plain_data() {
    insta::assert_json_snapshot!(
        "recruiters_query",
        // Concepts change with the taxonomy.
        plan("senior title:(\"data engineer\" OR dev*) AND NOT java -company:Acme").without_concepts()
    );
}

#[test]
fn warnings_have_places_and_assumptions() {
    let parsed = parse("né (“é ü” AND titel:x and –java", Syntax::Boolean).unwrap();
    insta::assert_json_snapshot!("warnings", parsed.warnings);
}
