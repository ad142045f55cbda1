//! Hostile sizes: bounded time, memory and stack.

use super::*;

#[test]
fn deep_nesting_is_flattened_with_one_warning() {
    let deep = format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(sketch(&plan(&deep)), " | a | Wished");
    assert_eq!(codes(&deep), ["too_deep"]);
    let demanded = format!("{}a OR b{} c", "-(".repeat(500), ")".repeat(500));
    assert_eq!(codes(&demanded), ["too_deep"]);
    assert_eq!(sketch(&plan(&demanded)), "(or a b) | +a +b c | Demanded");
}

#[test]
fn unbalanced_floods_are_bounded() {
    for flood in
        ["(", ")", "\"", "NOT ", "-(", "title:(", "a^1,^1,", "evidence(", "«", "+-", "a OR ", "concept:\"", "title: "]
    {
        let query = flood.repeat(MAX_QUERY_BYTES / flood.len());
        match parse(&query, Syntax::Boolean) {
            Ok(parsed) => {
                assert!(parsed.warnings.len() <= MAX_WARNINGS + 1);
                drop(Plan::compile(&parsed.ast));
            }
            Err(error) => assert_eq!(error.code(), "query_too_many_clauses", "{flood}"),
        }
    }
}

#[test]
fn a_depth_of_the_limit_keeps_its_groups() {
    let query = format!("{}a OR b{}", "-(".repeat(MAX_DEPTH), ")".repeat(MAX_DEPTH));
    assert!(codes(&query).is_empty());
    assert_eq!(sketch(&plan(&query)), "(or a b) | +a +b | Demanded");
}

#[test]
fn size_is_a_typed_error() {
    let long = "a".repeat(MAX_QUERY_BYTES + 1);
    let error = parse(&long, Syntax::Plain).unwrap_err();
    assert_eq!(error, QueryError::QueryTooLong { bytes: MAX_QUERY_BYTES + 1 });
    assert_eq!(error.code(), "query_too_long");
    let most: Vec<String> = (0..=MAX_CLAUSES).map(|n| format!("w{n}")).collect();
    let error = parse(&most.join(" OR "), Syntax::Boolean).unwrap_err();
    assert_eq!(error, QueryError::TooManyClauses { clauses: MAX_CLAUSES + 1 });
    assert!(parse(&most[1..].join(" OR "), Syntax::Boolean).is_ok());
    let phrase = format!("\"{}\"", most.join(" "));
    assert_eq!(parse(&phrase, Syntax::Boolean).unwrap_err().code(), "query_too_many_clauses");
}

#[test]
fn a_long_plain_text_is_cut_with_a_warning() {
    let text: Vec<String> = (0..2 * MAX_CLAUSES).map(|n| format!("w{n} w{n}")).collect();
    let parsed = parse(&text.join(" "), Syntax::Plain).unwrap();
    assert_eq!(parsed.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), [WarningCode::TextTruncated]);
    assert_eq!(Plan::compile(&parsed.ast).wishes.len(), MAX_CLAUSES);
}

#[test]
fn strict_makes_warnings_errors() {
    assert!(parse_strict("title:a AND b", Syntax::Boolean).is_ok());
    let error = parse_strict("(a AND “b”", Syntax::Boolean).unwrap_err();
    let QueryError::NeedsRepair(warnings) = &error else { panic!("{error}") };
    let codes: Vec<_> = warnings.iter().map(|warning| (warning.code.as_str(), warning.span.start)).collect();
    assert_eq!(codes, [("unclosed_parenthesis", 0), ("smart_quotes", 7)]);
    assert_eq!(error.code(), "query_needs_repair");
}
