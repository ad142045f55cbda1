//! What a vector costs: one short text, a batch of short texts, a token in a long batch, and loading the model.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use lodestone::embed::{CachedEmbedder, EmbeddingCache, Encoder, Model};
use std::sync::Arc;

const LEVELS: [&str; 8] = ["junior", "senior", "lead", "principal", "assistant", "head of", "deputy", "freelance"];
const ROLES: [&str; 8] = [
    "software engineer",
    "krankenschwester",
    "responsabile risorse umane",
    "data scientist",
    "chef de cuisine",
    "truck driver",
    "financial controller",
    "insegnante di scuola primaria",
];
const PLACES: [&str; 4] = ["", "in night shifts", "for embedded systems", "und teamleitung im außendienst"];

/// Queries as they are typed, short, usual and long.
const ONE: [&str; 3] = [
    "senior rust developer",
    "infermiera di terapia intensiva a milano",
    "experienced project manager for the construction of hospitals and schools in the north of italy",
];

/// 256 distinct strings of 2 to 8 words.
fn short_texts() -> Vec<String> {
    let all = LEVELS.iter().flat_map(|level| {
        ROLES.iter().flat_map(move |role| PLACES.iter().map(move |place| format!("{level} {role} {place}")))
    });
    all.collect()
}

fn embedding(criterion: &mut Criterion) {
    let model = Arc::new(Model::built_in().expect("the built-in model"));
    let texts = short_texts();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");

    for text in ONE {
        let name = format!("one text of {} tokens", model.token_count(text));
        criterion.bench_function(&name, |bencher| bencher.iter(|| model.embed(black_box(text))));
    }

    let mut group = criterion.benchmark_group("batch");
    group.sample_size(20).throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("256 short texts, one thread", |bencher| {
        bencher.iter(|| one_thread.install(|| model.embed_batch(black_box(&texts))));
    });
    let tokens = texts.iter().map(|text| model.token_count(text) as u64).sum();
    group.throughput(Throughput::Elements(tokens));
    group.bench_function("their tokens, one thread", |bencher| {
        bencher.iter(|| one_thread.install(|| model.embed_batch(black_box(&texts))));
    });
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("256 short texts, memory layer", |bencher| {
        let cache = EmbeddingCache::in_memory().expect("a cache");
        let embedder = CachedEmbedder::new(model.clone(), cache);
        bencher.iter(|| embedder.embed_all(black_box(&texts)));
    });
    group.finish();
}

fn loading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10);
    group.bench_function("built-in model", |bencher| {
        bencher.iter_batched(|| (), |()| Model::built_in(), BatchSize::PerIteration)
    });
    group.finish();
}

criterion_group!(benches, embedding, loading);
criterion_main!(benches);
