//! Query → plan and warnings, rule by rule.

use super::*;

/// A query, its plan in one line, and the codes of its warnings.
type Case = (&'static str, &'static str, &'static [&'static str]);

#[track_caller]
fn check(rule: &str, cases: &[Case]) {
    for (query, expected, warnings) in cases {
        assert_eq!(sketch(&plan(query)), *expected, "{rule}: {query}");
        assert_eq!(codes(query), *warnings, "warnings of {query}");
    }
}

#[test]
fn rule_1_precedence() {
    check(
        "NOT binds tighter than AND, AND than OR, OR than adjacency",
        &[
            ("a b OR c", "(or b c) | a +b +c | Demanded", &[]),
            ("a OR b c", "(or a b) | +a +b c | Demanded", &[]),
            ("a OR b c OR d", "(and (or a b) (or c d)) | +a +b +c +d | Demanded", &[]),
            ("a AND b OR c", "(or (and a b) c) | +a +b +c | Demanded", &[]),
            ("a OR b AND c", "(or a (and b c)) | +a +b +c | Demanded", &[]),
            ("x a AND b", "(and a b) | x +a +b | Demanded", &[]),
            ("a AND NOT b OR c", "(or (and a (not b)) c) | +a +c | Demanded", &[]),
            ("NOT a b", "(not a) | b | Wished", &[]),
            ("NOT a AND b", "(and (not a) b) | +b | Demanded", &[]),
            ("NOT NOT a", "a | +a | Demanded", &[]),
            ("NOT -a", "a | +a | Demanded", &[]),
            ("NOT NOT NOT a", "(not a) |  | NegationsOnly", &[]),
        ],
    );
}

#[test]
fn rule_1_groups() {
    check(
        "OR makes a demand of its group; inside a demanded group adjacency is AND; a group without operator is wishes",
        &[
            ("(a b)", " | a b | Wished", &[]),
            ("((a) (b))", " | a b | Wished", &[]),
            ("x (a OR b)", "(or a b) | x +a +b | Demanded", &[]),
            ("(a b OR c)", "(and a (or b c)) | +a +b +c | Demanded", &[]),
            ("(a b AND c)", "(and a b c) | +a +b +c | Demanded", &[]),
            ("(a b) OR c", "(or (and a b) c) | +a +b +c | Demanded", &[]),
            ("(a b) AND c", "(and a b c) | +a +b +c | Demanded", &[]),
            ("((a OR b) c)", "(or a b) | +a +b c | Demanded", &[]),
            ("+(a b)", "(and a b) | +a +b | Demanded", &[]),
            ("-(a b)", "(not (and a b)) |  | NegationsOnly", &[]),
            ("-(a OR b) c", "(not (or a b)) | c | Wished", &[]),
            ("NOT (a NOT b)", "(not (and a (not b))) | +b | Demanded", &[]),
            ("(java -cobol)", "(not cobol) | java | Wished", &[]),
            ("a AND (b (c OR d))", "(and a b (or c d)) | +a +b +c +d | Demanded", &[]),
            ("NOT(a)", "(not a) |  | NegationsOnly", &[]),
        ],
    );
}

#[test]
fn rule_1_signs() {
    check(
        "- and + operate only before a word, after a space or (",
        &[
            ("-a", "(not a) |  | NegationsOnly", &[]),
            ("+a b", "a | +a b | Demanded", &[]),
            ("a (-b)", "(not b) | a | Wished", &[]),
            ("node-js", " | node js | Wished", &[]),
            ("+node-js", "node_js | +node +js | Demanded", &[]),
            ("a - b", " | a b | Wished", &["ignored_sign"]),
            ("a -", " | a | Wished", &["ignored_sign"]),
            ("--a", " | a | Wished", &["ignored_sign"]),
            ("+-a", " | a | Wished", &["ignored_sign"]),
            ("\"a\"-b", "a | +a b | Demanded", &[]),
            ("-\"a b\"", "(not a_b) |  | NegationsOnly", &[]),
            ("-title:a", "(not title:a) |  | NegationsOnly", &[]),
            ("title:-a", "title:a | +a | Demanded", &["ignored_sign"]),
            ("x –java", "(not java) | x | Wished", &["smart_minus"]),
            ("2010 –2015 – now", " | 2010 2015 now | Wished", &[]),
            ("und -haltung", "(not haltung) | und | Wished", &["minus_after_conjunction"]),
            ("-AND", "(not and) |  | NegationsOnly", &[]),
        ],
    );
}

#[test]
fn rule_1_capitals() {
    check(
        "in a query wholly in capitals AND/OR/NOT are words unless it has a quote, field or parenthesis",
        &[
            ("SALES AND MARKETING", " | sales and marketing | Wished", &["capital_operator"]),
            ("SALES OR NOT", " | sales or not | Wished", &["capital_operator"]),
            ("SALES AND -MARKETING", "(not marketing) | sales and | Wished", &["capital_operator"]),
            ("(SALES AND MARKETING)", "(and sales marketing) | +sales +marketing | Demanded", &[]),
            ("\"SALES\" AND MARKETING", "(and sales marketing) | +sales +marketing | Demanded", &[]),
            ("TAG:A AND B", "(and tag:a b) | +tag:a +b | Demanded", &["field_case"]),
            ("SALES AND marketing", "(and sales marketing) | +sales +marketing | Demanded", &[]),
            ("SALES MARKETING", " | sales marketing | Wished", &[]),
        ],
    );
}

#[test]
fn rule_1_smart_quotes() {
    check(
        "smart quotes are repaired and said so",
        &[
            ("“a b”", "a_b | +a +b | Demanded", &["smart_quotes"]),
            ("„a b“ c", "a_b | +a +b c | Demanded", &["smart_quotes"]),
            ("« a b »", "a_b | +a +b | Demanded", &["smart_quotes"]),
            ("title:“a b”", "title:a_b | +a +b | Demanded", &["smart_quotes"]),
            ("-“a b\"", "(not a_b) |  | NegationsOnly", &["smart_quotes"]),
        ],
    );
}

#[test]
fn rule_2_demands_and_wishes() {
    check(
        "what is fielded, quoted, joined by an operator, prefixed + or negated is a demand; bare words are wishes",
        &[
            ("", " |  | Everything", &[]),
            ("a b c", " | a b c | Wished", &[]),
            ("skill:a b", "skill:a | +a b | Demanded", &[]),
            ("\"a\" b", "a | +a b | Demanded", &[]),
            ("a AND b c", "(and a b) | +a +b c | Demanded", &[]),
            ("a +b -c", "(and b (not c)) | a +b | Demanded", &[]),
            ("a a A", " | a | Wished", &[]),
            ("a +a", "a | +a | Demanded", &[]),
            ("dev*", " | dev* | Wished", &[]),
            ("+dev*", "dev* | +dev* | Demanded", &[]),
            ("d*", " | d | Wished", &["short_prefix"]),
            ("research and development", " | research and development | Wished", &["lowercase_operator"]),
            ("not java", " | not java | Wished", &["lowercase_operator"]),
            ("java, python; rust.", " | java python rust | Wished", &[]),
        ],
    );
}

#[test]
fn rule_2_fields() {
    check(
        "fields are demands; field:(…) holds for its group",
        &[
            ("title:(a OR b)", "(or title:a title:b) | +a +b | Demanded", &[]),
            ("title:(a b)", "(and title:a title:b) | +a +b | Demanded", &[]),
            ("title:(a -b)", "(and title:a (not title:b)) | +a | Demanded", &[]),
            ("title:\"a b\" c", "title:a_b | +a +b c | Demanded", &[]),
            ("title:a b", "title:a | +a b | Demanded", &[]),
            ("title: a", "title:a | +a | Demanded", &["space_after_field"]),
            ("currenttitle:a", "currentTitle:a | +a | Demanded", &["field_case"]),
            ("skill:dev*", "skill:dev* | +dev* | Demanded", &[]),
            ("location:OR", "location:or | +or | Demanded", &[]),
            ("title:(company:a)", "company:a | +a | Demanded", &["nested_field"]),
            ("titel:a", " | titel a | Wished", &["unknown_field"]),
            ("https://example.org", " | https example org | Wished", &[]),
            ("Entwickler:in", " | entwickler in | Wished", &[]),
            ("Entwickler*innen, x", " | entwickler innen x | Wished", &[]),
            ("title:", " | title | Wished", &["empty_field"]),
            ("title: company:a", "company:a | title +a | Demanded", &["empty_field"]),
            ("title:& a", " | a | Wished", &["no_words"]),
            ("name:anna a", "name:anna | +name:anna a | Demanded", &[]),
            ("country:IT a", "country:it | a | Demanded", &[]),
        ],
    );
}

#[test]
fn lenient_repairs() {
    check(
        "people's queries never fail to parse",
        &[
            ("(a", " | a | Wished", &["unclosed_parenthesis"]),
            ("a)", " | a | Wished", &["unopened_parenthesis"]),
            ("(a OR b", "(or a b) | +a +b | Demanded", &["unclosed_parenthesis"]),
            ("()", " |  | Everything", &["empty_group", "no_words"]),
            ("a AND ()", " | a | Wished", &["dangling_operator", "empty_group"]),
            ("\"a b", "a_b | +a +b | Demanded", &["unclosed_quote"]),
            ("(\"a b) AND c", "(and a_b c) | +a +b +c | Demanded", &["unclosed_quote"]),
            ("\"a b AND c", "(and a_b c) | +a +b +c | Demanded", &["unclosed_quote"]),
            ("\"\" a", " | a | Wished", &["no_words"]),
            ("a AND", " | a | Wished", &["dangling_operator"]),
            ("OR a", " | a | Wished", &["dangling_operator"]),
            ("a AND AND b", "(and a b) | +a +b | Demanded", &["dangling_operator"]),
            ("a OR AND b", "(or a b) | +a +b | Demanded", &["dangling_operator"]),
            ("a NOT", " | a | Wished", &["dangling_operator"]),
            ("NOT AND a", "(not a) |  | NegationsOnly", &["dangling_operator"]),
            ("a && b", " | a b | Wished", &["foreign_operator"]),
            ("a !b", " | a b | Wished", &["foreign_operator"]),
            ("a / b & c", " | a b c | Wished", &[]),
            ("???", " |  | Everything", &["no_words"]),
            ("a AND, b", "(and a b) | +a +b | Demanded", &[]),
        ],
    );
}

#[test]
fn rule_3_phrases_with_a_distance() {
    check(
        "words of one value in any order, with at most so many others between",
        &[
            ("\"a b\"~3", "a_b~3 | +a +b | Demanded", &[]),
            ("title:\"a b\"~3 c", "title:a_b~3 | +a +b c | Demanded", &[]),
            ("-\"a b\"~0", "(not a_b~0) |  | NegationsOnly", &[]),
            ("“a b”~2", "a_b~2 | +a +b | Demanded", &["smart_quotes"]),
            ("\"a b\"~", "a_b | +a +b | Demanded", &["invalid_value"]),
            ("\"a b\"~x", "a_b | +a +b | Demanded", &["invalid_value"]),
            ("\"a b\"~101", "a_b~100 | +a +b | Demanded", &["invalid_value"]),
            ("\"a b\"~2^3", "a_b~2 | +a^3 +b^3 | Demanded", &[]),
            ("\"a b\"^3~2", "a_b~2 | +a^3 +b^3 | Demanded", &[]),
            ("java~1", " | java | Wished", &["unsupported_syntax"]),
            ("(a OR b)~2", "(or a b) | +a +b | Demanded", &["unsupported_syntax"]),
        ],
    );
}

#[test]
fn rule_3_wildcards() {
    check(
        "a star stands for any letters of one word, after at least two",
        &[
            ("dev*", " | dev* | Wished", &[]),
            ("+de*er", "de*er | +de*er | Demanded", &[]),
            ("title:de*er*", "title:de*er* | +de*er* | Demanded", &[]),
            ("DÉV*", " | dev* | Wished", &[]),
            ("dev*, java", " | dev* java | Wished", &[]),
            ("C++*", " | c++* | Wished", &[]),
            ("d*", " | d | Wished", &["short_prefix"]),
            ("d*v", " | d v | Wished", &["short_prefix"]),
            ("*dev", " | dev | Wished", &["unsupported_syntax"]),
            ("node-js*", " | node js | Wished", &["unsupported_syntax"]),
            ("\"dev* x\"", "dev_x | +dev +x | Demanded", &["unsupported_syntax"]),
            ("Entwickler*innen", " | entwickler innen | Wished", &[]),
            ("SQL*Plus", " | sql*plus | Wished", &[]),
        ],
    );
}

#[test]
fn rule_5_weights() {
    check(
        "^2 multiplies what a word scores; the largest of a word counts; what does not score has none",
        &[
            ("java^2", " | java^2 | Wished", &[]),
            ("+java^2.5", "java | +java^2.5 | Demanded", &[]),
            ("dev*^2", " | dev*^2 | Wished", &[]),
            ("\"a b\"^2", "a_b | +a^2 +b^2 | Demanded", &[]),
            ("title:a^0.5", "title:a | +a^0.5 | Demanded", &[]),
            ("(a b^2)^3 c", " | a^3 b^6 c | Wished", &[]),
            ("(a OR b)^3", "(or a b) | +a^3 +b^3 | Demanded", &[]),
            ("a a^2 a", " | a^2 | Wished", &[]),
            ("java^0", " | java^0.1 | Wished", &["invalid_value"]),
            ("java^999", " | java^10 | Wished", &["invalid_value"]),
            ("java^", " | java | Wished", &[]),
            ("(java)^x", " | java | Wished", &["invalid_value"]),
            ("-java^2", "(not java) |  | NegationsOnly", &["invalid_value"]),
            ("a AND^2 b", "(and a b) | +a +b | Demanded", &["unsupported_syntax"]),
        ],
    );
}

#[test]
fn rule_6_questions_about_skills() {
    check(
        "skillYears(…) and evidence(…) demand and do not score",
        &[
            ("skillYears(rust):>=3 x", "skillYears(rust):>=3 | x | Demanded", &[]),
            ("skillYears(\"machine learning\"):2..5", "skillYears(machine learning):2..5 |  | Demanded", &[]),
            ("-evidence(Rust):>=used", "(not evidence(rust):>=used) |  | NegationsOnly", &[]),
            ("evidence(rust):<used", "evidence(rust):<=listed |  | Demanded", &[]),
            ("skillYears(c++): >=30m", "skillYears(c++):>=30m |  | Demanded", &["space_after_field"]),
            ("skillyears(rust):>=3", "skillYears(rust):>=3 |  | Demanded", &["field_case"]),
            ("skillYears(rust):3", "skillYears(rust):>=3 |  | Demanded", &["invalid_value"]),
            ("evidence(rust):used, x", "evidence(rust):>=used | x | Demanded", &["invalid_value"]),
            ("evidence(rust):>=expert x", " | rust x | Wished", &["invalid_value"]),
            ("skillYears(rust) x", " | rust x | Wished", &["invalid_value"]),
            ("skillYears():>=3", " |  | Everything", &["no_words", "invalid_value"]),
            ("evidence based", " | evidence based | Wished", &[]),
        ],
    );
}

#[test]
fn what_is_not_evaluated_yet_is_said_and_read_as_words() {
    check(
        "unsupported_syntax",
        &[
            ("concept:\"flux capacitator\" x", " | flux capacitator x | Wished", &["unknown_concept"]),
            ("concept:(a OR b)", "(or a b) | +a +b | Demanded", &["invalid_value"]),
            ("near:\"Neverland\"~50km x", " | neverland x | Wished", &["unknown_place"]),
            ("near:(Milano x)", " | milano x | Wished", &["invalid_value"]),
            ("near Milano", " | near milano | Wished", &[]),
        ],
    );
}

#[test]
fn rule_3_special_tokens_come_from_the_analyser() {
    for word in ["C++", "C#", "F#", "Node.js", "AT&T", "O'Reilly", "R", "Go", "SQL*Plus", "東京都"] {
        let expected: Vec<String> = text::tokens(word).into_iter().map(|token| token.exact).collect();
        assert_eq!(sketch_demand(&plan(&format!("+{word}")).demand.unwrap()), expected.join("_"));
        assert_eq!(
            sketch_demand(&plan(&format!("skill:\"{word}\"")).demand.unwrap()),
            format!("skill:{}", expected.join("_"))
        );
        let wishes: Vec<String> = plan(word).wishes.into_iter().map(|wish| wish.exact).collect();
        assert_eq!(wishes, expected, "{word}");
    }
}

#[test]
fn rule_5_the_embedded_text_is_the_positive_words_as_typed() {
    for (query, embedded) in [
        ("Senior +Rust -java \"Data Engineer\"", "Senior Rust Data Engineer"),
        ("title:(Nurse OR Midwife) Berlin", "Nurse Midwife Berlin"),
        ("rust rust RUST", "rust"),
        ("\"project manager\" manager", "project manager"),
        ("NOT (a NOT b)", "b"),
        ("name:Anna tag:silver country:IT rust", "rust"),
        ("-a", ""),
    ] {
        assert_eq!(plan(query).embedded_text, embedded, "{query}");
    }
}

#[test]
fn plain_syntax_has_no_operators() {
    let parsed = parse("  Java AND (-python)\n \"a b\" title:x java ", Syntax::Plain).unwrap();
    let plan = Plan::compile(&parsed.ast);
    assert_eq!(sketch(&plan), " | java and python a b title x | Wished");
    assert_eq!(plan.embedded_text, "Java AND (-python) \"a b\" title:x java");
    assert!(parsed.warnings.is_empty());
    assert_eq!(plan.syntax, Syntax::Plain);
}

/// Rules 2, 5 and 6: facts are demanded, never score, and are three-valued where nothing may be known.
#[test]
fn facts_are_demands_that_do_not_score() {
    let none: &[&str] = &[];
    for (query, expected, warned) in [
        ("active:<30d java", "active:<30d | java | Demanded", none),
        ("-contacted:<90d", "(not contacted:<90d) |  | NegationsOnly", none),
        (
            "open:true AND (remote:true OR replied:<1y)",
            "(and open:true (or remote:true replied:<365d)) |  | Demanded",
            none,
        ),
        ("OPEN:YES", "open:true |  | Demanded", &["field_case"]),
        ("active: <30d", "active:<30d |  | Demanded", &["space_after_field"]),
        ("years:5..10 java", "years:5..10 | java | Demanded", none),
        ("years:5 -years:>30", "(and years:>=5 (not years:>=361m)) |  | Demanded", &["invalid_value"]),
        ("active:<30", "active:<30d |  | Demanded", &["invalid_value"]),
        ("active:30d", "active:<=30d |  | Demanded", &["invalid_value"]),
        ("active:true", "active:<30d |  | Demanded", &["invalid_value"]),
        ("applied:7d..30d, java", "applied:7d..30d | java | Demanded", none),
        ("open:maybe java", " | maybe java | Wished", &["invalid_value"]),
        ("open: source java", " | open source java | Wished", none),
        ("open:\"true\" java", " | true java | Wished", &["invalid_value"]),
        ("contacted:<99999y a", " | 99999y a | Wished", &["invalid_value"]),
    ] {
        assert_eq!(sketch(&plan(query)), expected, "{query}");
        assert_eq!(codes(query), warned, "{query}");
    }
}
