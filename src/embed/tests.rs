//! The built-in model against its reference, and texts that nobody would write.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use proptest::prelude::any;
use proptest::test_runner::TestRunner;
use serde::Deserialize;
use tokenizers::Tokenizer as Oracle;

use super::encoder::rounded;
use super::*;

pub(super) static MODEL: LazyLock<Arc<Model>> = LazyLock::new(|| Arc::new(Model::built_in().unwrap()));

#[derive(Deserialize)]
struct Golden {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    text: String,
    ids: Vec<u32>,
    vector: Vec<i32>,
    spelling: Vec<i32>,
}

static GOLDEN: LazyLock<Golden> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../fixtures/model/golden.json")).unwrap());

#[test]
fn token_ids_equal_the_reference() {
    for row in &GOLDEN.rows {
        assert_eq!(MODEL.token_ids(&row.text), row.ids, "{:?}", row.text);
    }
}

#[test]
fn vectors_match_the_reference_before_and_after_rounding() {
    let texts: Vec<&str> = GOLDEN.rows.iter().map(|row| row.text.as_str()).collect();
    let ids: Vec<Vec<u32>> = texts.iter().map(|text| MODEL.token_ids(text)).collect();
    for (row, raw) in GOLDEN.rows.iter().zip(MODEL.raw_vectors(&ids)) {
        let reference = UnitVector::normalize(row.vector.iter().map(|value| *value as f32).collect()).unwrap();
        let halves = rounded(raw.clone()).unwrap();
        for vector in [UnitVector::normalize(raw).unwrap(), UnitVector::from_halves(&halves).unwrap()] {
            let cosine = reference.cosine(&vector);
            // Weights and activations have eight bits.
            assert!(cosine >= 0.998, "{:?}: {cosine}", row.text);
        }
    }
}

#[test]
fn spellings_match_the_reference() {
    for row in &GOLDEN.rows {
        let spelt = MODEL.spelling_of(&row.text);
        let length = vector::length(&spelt).max(f32::EPSILON);
        let steps: Vec<f32> = spelt.iter().map(|value| value / length * 1e4).collect();
        let near = steps.iter().zip(&row.spelling).all(|(own, reference)| (own - *reference as f32).abs() <= 2.0);
        assert!(near, "{:?}: {steps:?}", row.text);
    }
}

#[test]
fn a_batch_equals_its_texts_to_the_bit() {
    let long = "the quick brown fox jumps over the lazy dog ".repeat(12);
    let texts: Vec<&str> = GOLDEN.rows.iter().map(|row| row.text.as_str()).chain([long.as_str(), ""]).collect();
    let batch = MODEL.embed_batch(&texts).unwrap();
    assert_eq!(batch.len(), texts.len());
    for (text, vector) in texts.iter().zip(&batch) {
        assert!(MODEL.embed(text).unwrap() == *vector, "{text:?}");
    }
}

#[test]
fn marks_and_case_do_not_move_a_title() {
    let plain = MODEL.embed("softwareentwickler").unwrap();
    assert!(MODEL.embed("  Softwareentwickler (m/w/d) ").unwrap() == plain);
    assert!(plain.cosine(&MODEL.embed("software developer").unwrap()) > 0.6);
    assert!(plain.cosine(&MODEL.embed("krankenschwester").unwrap()) < 0.4);
}

#[test]
fn hostile_texts_get_a_vector() {
    let long = "a rather long sentence, 没有尽头. ".repeat(3_000);
    assert!(long.len() > 100_000);
    let texts = [
        "",
        "\u{0}\u{1}\u{7f}\u{9f}",
        "👩🏽‍🚀🚀",
        "\u{301}\u{302}\u{30c}",
        "\u{202e}abc\u{feff}",
        "▁ ▁▁",
        "<s></s><unk>",
        "\u{10ffff}\u{fffd}",
        &long,
        &"\u{301}".repeat(50_000),
        &"x".repeat(100_000),
    ];
    for text in texts {
        let vector = MODEL.embed(text).unwrap();
        assert_eq!(vector.dimensions(), MODEL.dimensions());
    }
    assert_eq!(MODEL.token_ids(&long).len(), MAX_PIECES + 2);
}

#[test]
fn a_foreign_folder_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Model::from_dir(folder.path()), Err(EmbedError::File { .. })));
}

/// Whether the ids are those of the published tokenizer, which gives none for blank text.
fn assert_ids_equal(oracle: &Oracle, text: &str) {
    let expected = oracle.encode(text, false).unwrap();
    let ids = MODEL.token_ids(text);
    let expected = if expected.is_empty() { &[0] } else { expected.get_ids() };
    assert_eq!(&ids[1..ids.len() - 1], expected, "{text:?}");
}

#[test]
fn token_ids_equal_those_of_the_published_tokenizer() {
    let Some(data) = std::env::var_os("LODESTONE_DATA") else { return };
    let published = Path::new(&data).join("model/use-multilingual-v3/tokenizer.json");
    let oracle = Oracle::from_file(published).unwrap();
    for text in
        ["▁ ▁ a", " a  b ", "a\u{a0}\u{a0} b", "ﬁ ½ \u{3000}x", "𝒳𝒴 <unk><unk> 𓀀𓀁 z", "e\u{301}\u{0}x \u{ad}y", "ｶﾞ"]
    {
        assert_ids_equal(&oracle, text);
    }
    let texts = (any::<String>(), "[a-zäéß ,.()/+#0-9軟體قا▁]{0,60}");
    let mut runner = TestRunner::deterministic();
    let outcome = runner.run(&texts, |(anything, likely)| {
        assert_ids_equal(&oracle, &anything);
        assert_ids_equal(&oracle, &likely);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn the_published_model_packs_and_shares_its_tokens_with_the_built_in_one() {
    let Some(data) = std::env::var_os("LODESTONE_DATA") else { return };
    let indexes = tempfile::tempdir().unwrap();
    let published = Path::new(&data).join("model/use-multilingual-v3");
    let version = pack::pack_at_level(&published, &indexes.path().join("model"), 1).unwrap();
    let model = Model::from_dir(indexes.path()).unwrap();
    assert!(model.version().starts_with(&version), "{}", model.version());
    assert_eq!(model.name(), MODEL.name());
    for row in &GOLDEN.rows {
        assert_eq!(model.token_ids(&row.text), row.ids);
    }
    assert!(model.embed("krankenschwester").unwrap().cosine(&model.embed("nurse").unwrap()) > 0.5);
}

#[test]
fn scripts_that_the_model_was_not_trained_on_are_not_read() {
    let read =
        ["Rust developer", "Krankenschwester", "медсестра", "看護師", "ممرضة", "lärare", "", "123", "Software Инженер"];
    for text in read {
        assert!(MODEL.reads(text), "{text}");
    }
    for text in ["ασφαλιστής", "אחות", "विकासक", "მასწავლებელი", "ծրագրավորող", "ሐኪም"]
    {
        assert!(!MODEL.reads(text), "{text}");
    }
}
