//! What becomes of words: examples by language, and what holds for every value.

use proptest::prelude::*;

use super::*;

fn exact(value: &str) -> Vec<String> {
    tokens(value).into_iter().map(|token| token.exact).collect()
}

fn lower(value: &str) -> Vec<String> {
    tokens(value).into_iter().map(|token| token.lower).collect()
}

#[test]
fn special_words_stay_whole() {
    for (value, forms) in [
        ("C++", vec!["c++"]),
        ("C++17", vec!["c++", "17"]),
        ("C/C++", vec!["c", "c++"]),
        ("C#, F#.", vec!["c#", "f#"]),
        ("C♯", vec!["c#"]),
        ("Ｃ＋＋", vec!["c++"]),
        (".NET Core", vec![".net", "core"]),
        ("ASP.NET", vec!["asp", ".net"]),
        ("asp.net", vec!["asp", ".net"]),
        ("C#.net", vec!["c#", ".net"]),
        (".NET6", vec![".net", "6"]),
        ("behance.net", vec!["behance", "net"]),
        (".network", vec!["network"]),
        ("Node.js, D3.js.", vec!["node.js", "d3.js"]),
        ("SQL*Plus", vec!["sql*plus"]),
        ("AT&T", vec!["at&t"]),
        ("R&D", vec!["r&d"]),
        ("Ernst&Young", vec!["ernst", "young"]),
        ("O'Reilly", vec!["o'reilly"]),
        ("O’Reilly’s", vec!["o'reilly"]),
        ("R, Go", vec!["r", "go"]),
        ("U.S.A.", vec!["usa"]),
        ("U.S. citizen", vec!["u.s", "citizen"]),
        ("Ph.D. and B.Sc.", vec!["phd", "and", "bsc"]),
        ("B.S.A.", vec!["bsa"]),
        ("Objective-C", vec!["objective-c"]),
        ("CompTIA A+", vec!["comptia", "a+"]),
        ("Notepad++", vec!["notepad++"]),
        ("ﬀ#", vec!["ff"]),
        ("a.þ", vec!["a", "th"]),
        ("ﬀ&ﬀ", vec!["ff", "ff"]),
        ("⑳⑳1.5", vec!["20201", "5"]),
    ] {
        assert_eq!(exact(value), forms, "{value}");
    }
}

#[test]
fn punctuation_otherwise_separates() {
    for (value, forms) in [
        ("I am an engineer.", vec!["i", "am", "an", "engineer"]),
        ("an engineer.Worked", vec!["an", "engineer", "worked"]),
        ("full-stack", vec!["full", "stack"]),
        ("e-mail", vec!["e", "mail"]),
        ("T-SQL and PL/SQL", vec!["t", "sql", "and", "pl", "sql"]),
        ("and/or", vec!["and", "or"]),
        ("snake_case", vec!["snake", "case"]),
        ("l'ingénieur", vec!["l", "ingenieur"]),
        ("Master's degree", vec!["master", "degree"]),
        ("10+ years", vec!["10", "years"]),
        ("Python+Django", vec!["python", "django"]),
        ("3.5 v2.0 1.2.3", vec!["3.5", "v2.0", "1.2.3"]),
        ("12.03.2019", vec!["12.03", "2019"]),
        ("01.2019-12.2020", vec!["01", "2019", "12", "2020"]),
        ("Entwickler*in", vec!["entwickler", "in"]),
        ("", vec![]),
        ("... - !!! 🎉", vec![]),
    ] {
        assert_eq!(exact(value), forms, "{value}");
    }
}

#[test]
fn accents_fold_in_exact_and_stay_in_lower() {
    assert_eq!(exact("Büro büro buro"), ["buro", "buro", "buro"]);
    assert_eq!(lower("Büro"), ["büro"]);
    assert_eq!(exact("perché"), exact("PERCHE\u{301}"));
    assert_eq!(lower("Ţară științe"), lower("Țară ştiinţe"));
    assert_eq!(exact("İstanbul ISTANBUL ıstanbul"), ["istanbul", "istanbul", "istanbul"]);
    assert_eq!(exact("Straße STRASSE"), ["strasse", "strasse"]);
}

#[test]
fn dense_scripts_are_bigrams() {
    assert_eq!(exact("软件工程师"), ["软件", "件工", "工程", "程师"]);
    assert_eq!(exact("软"), ["软"]);
    assert_eq!(exact("Java開発エンジニア3年"), ["java", "開発", "発エ", "エン", "ンジ", "ジニ", "ニア", "3", "年"]);
    assert_eq!(exact("ｶﾞｲﾄﾞ"), exact("ガイド"));
    assert_eq!(exact("개발자"), ["개발", "발자"]);
    assert_eq!(exact("\u{1100}\u{1162}\u{1107}\u{1161}\u{11af}"), ["개발"]);
    let thai = tokens("วิศวกรซอฟต์แวร์");
    assert_eq!(&thai[0].exact, "วิศ");
    assert!(thai.len() > 5);
    let engineer = exact("วิศวกร");
    assert!(thai.windows(engineer.len()).any(|run| run.iter().map(|token| &token.exact).eq(&engineer)));
}

#[test]
fn other_scripts_are_words() {
    assert_eq!(exact("Інженер комп’ютерних систем"), ["інженер", "комп'ютерних", "систем"]);
    assert_eq!(exact("Μηχανικός ΜΗΧΑΝΙΚΟΣ"), ["μηχανικοσ", "μηχανικοσ"]);
    assert_eq!(exact("مُهَنْدِس برمجيات"), ["مهندس", "برمجيات"]);
    assert_eq!(exact("सॉफ्टवेयर इंजीनियर"), ["सॉफ्टवेयर", "इंजीनियर"]);
}

#[test]
fn invisible_characters_are_skipped() {
    assert_eq!(exact("dev\u{200b}eloper\u{200e} \u{feff}Rust\u{ad}acean\u{0}x"), ["developer", "rustaceanx"]);
    let token = &tokens("\u{200f}Go\u{200f} ")[0];
    assert_eq!(token.bytes, 3..5);
}

#[test]
fn ranges_point_into_the_original_value() {
    let value = "Büro – Senior C++ Entwickler, 软件";
    let slices: Vec<_> = tokens(value).into_iter().map(|token| &value[token.bytes]).collect();
    assert_eq!(slices, ["Büro", "Senior", "C++", "Entwickler", "软件"]);
}

#[test]
fn long_tokens_are_bounded_and_keep_their_range() {
    for letter in ["a", "A", "é", "я"] {
        let value = letter.repeat(1000);
        let tokens = tokens(&value);
        assert_eq!(tokens.len(), 1);
        assert_eq!(tokens[0].exact.chars().count(), MAX_TOKEN_CHARS);
        assert_eq!(tokens[0].bytes, 0..value.len());
    }
}

#[test]
fn every_character_has_stable_forms() {
    // The planes beyond hold no letters.
    for letter in '\0'..='\u{323af}' {
        for value in [letter.to_string(), format!("a{letter}b"), format!("é{letter}")] {
            for token in tokens(&value) {
                assert_eq!(exact(&token.exact), [token.exact.as_str()], "U+{:04X}", letter as u32);
                assert_eq!(exact(&token.lower), [token.exact.as_str()], "U+{:04X}", letter as u32);
            }
        }
    }
}

/// Values of every kind: any characters, words of several scripts, and the marks that special words need.
fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[\\x00-\\x7f]{0,40}",
        "([a-zA-Z]{1,4}|[0-9]{1,4}|[.+#&'’*/ -]|net|js|[à-žǍ-ǰşţșț]{1,3}|[α-ωά-ώ]|[а-яіїё]|[软件工程]{1,3}|[가-깋]|ก็|\u{200b}|\u{301}|\u{307}){0,16}",
        proptest::collection::vec(any::<char>(), 0..40).prop_map(|letters| letters.into_iter().collect()),
    ]
}

proptest! {
    #[test]
    fn ranges_ascend_on_boundaries_and_forms_are_bounded(value in values()) {
        let mut last = 0;
        for (index, token) in tokens(&value).into_iter().enumerate() {
            prop_assert_eq!(token.position as usize, index);
            prop_assert!(token.bytes.start >= last && token.bytes.start < token.bytes.end);
            last = token.bytes.start;
            prop_assert!(value.get(token.bytes).is_some());
            for form in [&token.lower, &token.exact] {
                prop_assert!((1..=MAX_TOKEN_CHARS).contains(&form.chars().count()));
            }
        }
    }

    #[test]
    fn a_slice_is_its_token(value in values()) {
        for token in tokens(&value) {
            let slice = &value[token.bytes.clone()];
            let again = tokens(slice);
            // `.NET` and domains depend on what stands before; everything else is the slice alone.
            if slice.contains(['.', '．']) {
                continue;
            }
            prop_assert_eq!(again.len(), 1, "{:?} of {:?}", slice, value);
            prop_assert_eq!(&again[0].exact, &token.exact);
        }
    }

    #[test]
    fn the_exact_form_is_its_own(value in values()) {
        for token in tokens(&value) {
            prop_assert_eq!(exact(&token.exact), [token.exact.clone()], "{:?}", value);
            prop_assert_eq!(exact(&token.lower), [token.exact.clone()], "{:?}", value);
        }
    }

    #[test]
    fn values_joined_by_a_space_are_their_tokens_in_a_row(left in values(), right in values()) {
        let joined = tokens(&format!("{left} {right}"));
        let apart: Vec<_> = exact(&left).into_iter().chain(exact(&right)).collect();
        let forms: Vec<_> = joined.iter().map(|token| token.exact.clone()).collect();
        prop_assert_eq!(forms, apart);
    }

    #[test]
    fn composed_and_decomposed_text_are_equal(value in "([a-zA-Zà-öø-ýé]{1,3}|[.+#&' -]|[ёйїа-д]{1,2}|[가-깋]|が|ช่){0,12}") {
        use unicode_normalization::UnicodeNormalization;
        let decomposed: String = value.nfd().collect();
        prop_assert_eq!(exact(&decomposed), exact(&value));
    }

    #[test]
    fn case_does_not_matter(value in "[a-zA-Zà-öø-ýА-яё .+#'-]{0,40}") {
        // The capital of ß is SS and that of ı is I: both meet in the exact form.
        prop_assert_eq!(exact(&value.to_uppercase().replace(".NET", "")), exact(&value.to_lowercase().replace(".net", "")));
    }
}
