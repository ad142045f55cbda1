//! The taxonomy: opening it, finding its names in running text (bytes of text a second on one core), linking a title.
//!
//! The text is made of labels that stand in plain sentences, the titles are what people reported with a level in front.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lodestone::{
    taxonomy::{ConceptKind, PackedTaxonomy, Recognition, Taxonomy, Titles},
    text::TokenList,
};

const LEVELS: [&str; 4] = ["Senior", "Junior", "Lead", "Interim"];

fn opening(bench: &mut Criterion) {
    let packed = PackedTaxonomy {
        taxonomy: include_bytes!("../indexes/taxonomy/taxonomy.zst").to_vec(),
        link: include_bytes!("../indexes/taxonomy/link.zst").to_vec(),
        titles: include_bytes!("../indexes/taxonomy/titles.zst").to_vec(),
    };
    let mut group = bench.benchmark_group("open");
    group.sample_size(20);
    group.bench_function("names and relations", |bench| bench.iter(|| Taxonomy::without_link(&packed.taxonomy)));
    group.bench_function("with what links titles", |bench| bench.iter(|| Taxonomy::decode(&packed)));
    let version = Taxonomy::built_in().version();
    group.bench_function("titles", |bench| bench.iter(|| Titles::decode(&packed.titles, version)));
    group.finish();
}

/// Sentences with every 40th occupation and every 20th skill.
fn sentences(taxonomy: &Taxonomy) -> Vec<String> {
    let label = |id| taxonomy.concept(id).map_or("", |concept| concept.label);
    let occupations = taxonomy.of_kind(ConceptKind::Occupation).step_by(40).map(label);
    let skills = taxonomy.of_kind(ConceptKind::Skill).step_by(20).map(label);
    let technologies = taxonomy.of_kind(ConceptKind::Technology).step_by(80).map(label);
    let sentence = |((occupation, skill), technology)| {
        format!(
            "Worked for six years as a {occupation} at a company in the north, where I had to {skill} every day. \
             Used {technology} for most of it and led a small team, before we moved to another town in 2019. "
        )
    };
    occupations.zip(skills).zip(technologies).map(sentence).collect()
}

fn recognition(bench: &mut Criterion) {
    let taxonomy = Taxonomy::built_in();
    let text = sentences(taxonomy).concat();
    let tokens = TokenList::of(&text);
    let about = Recognition { text: &text, ..Recognition::default() };
    let mut group = bench.benchmark_group("recognise");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("tokens", |bench| bench.iter(|| black_box(taxonomy.mentions(&tokens, about)).len()));
    group.bench_function("text", |bench| {
        bench.iter(|| black_box(taxonomy.mentions(&TokenList::of(&text), about)).len());
    });
    group.finish();
}

fn linking(bench: &mut Criterion) {
    let taxonomy = Taxonomy::built_in();
    let occupations = taxonomy.of_kind(ConceptKind::OnetOccupation).step_by(16);
    let labels = occupations.filter_map(|id| taxonomy.concept(id));
    let title = |(concept, level): (lodestone::taxonomy::Concept<'_>, &&str)| format!("{level} {}", concept.label);
    let titles: Vec<String> = labels.zip(LEVELS.iter().cycle()).map(title).collect();
    let mut group = bench.benchmark_group("link");
    group.sample_size(20).throughput(Throughput::Elements(titles.len() as u64));
    group.bench_function("titles", |bench| {
        bench.iter(|| titles.iter().map(|title| black_box(taxonomy.link(title, None, 8)).len()).sum::<usize>());
    });
    group.finish();
}

criterion_group!(benches, opening, recognition, linking);
criterion_main!(benches);
