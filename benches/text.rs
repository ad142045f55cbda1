//! Throughput of the analyser, in bytes of input per second on one core.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lodestone::text::{Language, for_each_token, mask_contacts, stem, tokens};

const ENGLISH: &str = "Senior Software Engineer with 8 years of experience in C++, Node.js and distributed systems. \
    Led a full-stack team of 12 people at O'Reilly (2015-2019), responsible for design, delivery and operations. ";
const GERMAN: &str = "Leitender Entwickler für verteilte Systeme in München. Verantwortlich für die Übergabe an große \
    Kunden, Schulungen und das Büro in Zürich (2015-2019); zuständig für die Qualität der Lösungen. ";
const CHINESE: &str = "资深软件工程师，负责分布式系统的设计与开发。在北京领导十二人的团队，熟悉Java和C++。";

fn analyse(bench: &mut Criterion) {
    for (name, sentence) in [("english", ENGLISH), ("german", GERMAN), ("chinese", CHINESE)] {
        let text = sentence.repeat(64 * 1024 / sentence.len());
        let mut group = bench.benchmark_group(name);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("for_each_token", |bench| {
            bench.iter(|| {
                let mut bytes = 0;
                for_each_token(&text, |token| bytes += token.exact.len());
                black_box(bytes)
            });
        });
        group.bench_function("tokens", |bench| bench.iter(|| black_box(tokens(&text).len())));
        group.bench_function("mask_contacts", |bench| bench.iter(|| black_box(mask_contacts(&text).len())));
        group.finish();
    }
    let words: Vec<String> = tokens(ENGLISH).into_iter().map(|token| token.lower).collect();
    bench.bench_function("stem a sentence", |bench| {
        bench.iter(|| words.iter().map(|word| stem(word, Language::English).len()).sum::<usize>());
    });
}

criterion_group!(benches, analyse);
criterion_main!(benches);
