//! Published sets as they are: run with `LODESTONE_DATA` set to their folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;

/// Reads a set and says how many queries, even queries and documents it has.
fn read(folder: &Path, queries: &str, corpus: &str, judgments: &str) -> [usize; 3] {
    let all = read_queries(&folder.join(queries), Half::All).unwrap();
    let even = read_queries(&folder.join(queries), Half::Even).unwrap();
    let odd = read_queries(&folder.join(queries), Half::Odd).unwrap();
    assert_eq!(even.len() + odd.len(), all.len());
    let mut ids = OriginalIds::default();
    let mut originals = BTreeSet::new();
    let mut count = 0;
    for document in Corpus::open(&folder.join(corpus)).unwrap().documents().unwrap() {
        let document = document.unwrap();
        ids.remember(&document);
        assert_eq!(ids.of(&document.candidate_id), document.original_id);
        originals.insert(document.original_id);
        count += 1;
    }
    let judgments = Judgments::read(&folder.join(judgments)).unwrap();
    let known: BTreeSet<&str> = all.iter().map(|query| query.id.as_str()).collect();
    for query in judgments.queries() {
        assert!(known.contains(query), "{query}");
        let judged = judgments.of(query).unwrap();
        assert!(judged.keys().all(|document| originals.contains(document)), "{query}");
        let perfect: Vec<&String> = judged.keys().collect();
        assert_eq!(measure(&perfect, judged, 10_000).unwrap().reciprocal_rank, 1.0);
    }
    [all.len(), even.len(), count]
}

#[test]
fn published_layouts_are_read_unchanged() {
    let Some(data) = std::env::var_os("LODESTONE_DATA").map(PathBuf::from) else { return };
    let titles = data.join("titles");
    let tsv = |folder: PathBuf| read(&folder, "queries.tsv", "corpus_documents.tsv", "annotations.tsv");
    assert_eq!(tsv(titles.join("en")), [105, 53, 2619]);
    assert_eq!(tsv(titles.join("de")), [104, 62, 2529]);
    assert_eq!(tsv(titles.join("es")), [104, 53, 2568]);
    assert_eq!(read(&titles.join("tc25-de"), "queries", "corpus_elements", "qrels.tsv"), [203, 99, 4729]);
    let melo = data.join("melo/deu_q_de_c_de");
    assert_eq!(read(&melo, "queries.tsv", "corpus_elements.tsv", "annotations.tsv")[0], 1779);
    assert_eq!(read(&data.join("talentclef2026-ro-en"), "queries", "corpus", "qrels.tsv"), [10, 3, 472]);
}
