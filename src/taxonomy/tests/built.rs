//! Building, packing and reading back.

use super::fixture::{packed, sources_with};
use super::*;
use crate::packed::PackedError;

fn uris(taxonomy: &Taxonomy, ids: impl Iterator<Item = ConceptId>) -> Vec<&str> {
    ids.map(|id| taxonomy.concept(id).unwrap().uri).collect()
}

#[test]
fn a_taxonomy_is_built_of_the_tables() {
    let taxonomy = Taxonomy::decode(&packed()).unwrap();
    let of = |kind| uris(&taxonomy, taxonomy.of_kind(kind));
    assert_eq!(of(ConceptKind::OccupationGroup), ["isco:1", "isco:1234"]);
    assert_eq!(of(ConceptKind::Occupation), ["esco:occupation/1", "esco:occupation/2"]);
    assert_eq!(of(ConceptKind::OnetOccupation), ["onet:11-1111.00", "onet:22-2222.00"]);
    assert_eq!(of(ConceptKind::SkillGroup), ["esco:skill/S1", "onet:tech/kettle-software"]);
    assert_eq!(of(ConceptKind::Skill), ["esco:skill/1", "esco:skill/2"]);
    assert_eq!(of(ConceptKind::Technology), ["lodestone:tech/kettleware", "onet:tech/microsoft-kettle-software"]);
    assert_eq!(taxonomy.len(), 12);
    assert!(!taxonomy.is_empty());
    let mender = taxonomy.of_kind(ConceptKind::Occupation).next().unwrap();
    assert_eq!(taxonomy.concept(mender).unwrap().label, "kettle mender");
    assert_eq!(uris(&taxonomy, taxonomy.broader(mender)), ["isco:1234"]);
    let related: Vec<_> = taxonomy.related(mender).map(|(id, _)| id).collect();
    assert_eq!(uris(&taxonomy, related.into_iter()), ["onet:11-1111.00"]);
}

#[test]
fn every_name_of_the_tables_is_found() {
    let taxonomy = Taxonomy::decode(&packed()).unwrap();
    for (name, uri) in [
        ("Kettle mender", "esco:occupation/1"),
        ("mender of kettles", "esco:occupation/1"),
        ("Kesselflickerin", "esco:occupation/1"),
        ("calderaio", "esco:occupation/1"),
        ("Tüllenbiegerin", "esco:occupation/2"),
        ("bender", "esco:occupation/2"),
        ("HKO", "onet:11-1111.00"),
        ("Head Kettle Officer", "onet:11-1111.00"),
        ("Kessel flicken", "esco:skill/1"),
        ("kettle mending", "esco:skill/1"),
        ("KW", "lodestone:tech/kettleware"),
        ("Kettle", "onet:tech/microsoft-kettle-software"),
    ] {
        let meanings = taxonomy.meanings_of(name);
        assert_eq!(uris(&taxonomy, meanings.iter().map(|meaning| meaning.concept)), [uri], "{name}");
    }
    let tinker = taxonomy.meanings_of("tinker");
    assert_eq!(uris(&taxonomy, tinker.iter().map(|meaning| meaning.concept)), ["esco:occupation/1", "onet:11-1111.00"]);
    assert_eq!(
        tinker.iter().map(|meaning| meaning.kind).collect::<Vec<_>>(),
        [NameKind::Alternative, NameKind::Reported]
    );
    assert!(taxonomy.meanings_of("Kettle")[0].needs_context);
    // One letter is no occupation.
    for unknown in ["", "A", "mender of", "of kettles", "kettle mender kettle", "🫖"] {
        assert!(taxonomy.meanings_of(unknown).is_empty(), "{unknown}");
    }
}

#[test]
fn equal_tables_give_equal_bytes_and_versions() {
    let (one, other) = (packed(), packed());
    assert_eq!(one, other);
    let taxonomy = Taxonomy::decode(&one).unwrap();
    assert_eq!(taxonomy.version().len(), 8);
    assert_eq!(taxonomy.version(), Taxonomy::without_link(&other.taxonomy).unwrap().version());
    let more = "conceptUri\tlanguage\tlabel\noccupation/1\tfr\tchaudronnier\n";
    let changed = build(&sources_with("esco/labels.tsv", more)).unwrap().packed;
    assert_ne!(taxonomy.version(), Taxonomy::decode(&changed).unwrap().version());
}

#[test]
fn tables_that_name_what_is_unknown_are_refused() {
    for (file, text, told) in [
        (
            "esco/en/broaderRelationsOccPillar_en.csv",
            "conceptUri,broaderUri\noccupation/9,isco/C1\n",
            "no concept esco:occupation/9",
        ),
        ("esco/labels.tsv", "conceptUri\tlanguage\tlabel\noccupation/1\txx\tx\n", "no language xx"),
        ("onet/alternate_titles.txt", "O*NET-SOC Code\tAlternate Title\tShort Title\n1\tx\ty\n", "no concept onet:1"),
        (
            "onet/esco_onet_crosswalk.csv",
            "concept_uri,onet_code,confidence\noccupation/1,1,much\n",
            "no confidence: much",
        ),
        ("onet/task_statements.txt", "", "no column Task"),
    ] {
        let error = build(&sources_with(file, text)).unwrap_err().to_string();
        assert!(error.starts_with(file) && error.ends_with(told), "{error}");
    }
}

/// What is decoded is another taxonomy or an error, never a panic.
fn is_refused_or_same(taxonomy: &[u8], link: &[u8], version: &str) -> bool {
    let packed = PackedTaxonomy { taxonomy: taxonomy.to_vec(), link: link.to_vec(), titles: Vec::new() };
    // What zstd does not look at changes nothing.
    Taxonomy::decode(&packed).map_or(true, |decoded| decoded.version() == version)
}

#[test]
fn damaged_files_are_errors_at_any_cut_and_flip() {
    let PackedTaxonomy { taxonomy, link, .. } = packed();
    let version = Taxonomy::without_link(&taxonomy).unwrap().version().to_owned();
    for at in 0..taxonomy.len() {
        assert!(Taxonomy::without_link(&taxonomy[..at]).is_err(), "cut at {at}");
        let mut flipped = taxonomy.clone();
        flipped[at] ^= 0x21;
        assert!(is_refused_or_same(&flipped, &link, &version), "flipped at {at}");
    }
    for at in 0..link.len() {
        let cut = PackedTaxonomy { taxonomy: taxonomy.clone(), link: link[..at].to_vec(), titles: Vec::new() };
        assert!(Taxonomy::decode(&cut).is_err(), "cut at {at}");
        let mut flipped = link.clone();
        flipped[at] ^= 0x21;
        assert!(is_refused_or_same(&taxonomy, &flipped, &version), "flipped at {at}");
    }
}

#[test]
fn what_links_another_version_is_refused() {
    let more = "conceptUri\tlanguage\tlabel\noccupation/1\tfr\tchaudronnier\n";
    let other = build(&sources_with("esco/labels.tsv", more)).unwrap().packed;
    let mixed = PackedTaxonomy { link: other.link, ..packed() };
    let error = Taxonomy::decode(&mixed).err().unwrap();
    assert!(matches!(error, TaxonomyError::Packed(PackedError::Malformed(_))), "{error}");
}

#[test]
fn without_an_index_nothing_is_linked() {
    let taxonomy = Taxonomy::without_link(&packed().taxonomy).unwrap();
    assert!(taxonomy.link("kettle mender", None, 8).is_empty());
}

#[test]
fn occupations_with_a_title_in_every_language_are_called_as_published() {
    let PackedTaxonomy { taxonomy, titles, .. } = packed();
    let taxonomy = Taxonomy::without_link(&taxonomy).unwrap();
    let titles = Titles::decode(&titles, taxonomy.version()).unwrap();
    assert_eq!(titles.version(), taxonomy.version());
    let mender = TitledOccupation {
        esco: "1",
        isco: "1234",
        onet: "11-1111.00",
        titles: [
            "kettle mender",
            "Kesselflicker/Kesselflickerin",
            "calderaio/calderaia",
            "calderero/calderera",
            "chaudronnier/chaudronnière",
        ],
    };
    // The spout bender has none in three languages.
    assert_eq!(titles.iter().collect::<Vec<_>>(), [mender]);
}

#[test]
fn titles_of_another_version_or_damaged_are_refused() {
    let PackedTaxonomy { taxonomy, titles, .. } = packed();
    let version = Taxonomy::without_link(&taxonomy).unwrap().version().to_owned();
    let error = Titles::decode(&titles, "00000000").err().unwrap();
    assert!(matches!(error, TaxonomyError::Packed(PackedError::Malformed(_))), "{error}");
    let told = |titles: &Titles| format!("{:?}", titles.iter().collect::<Vec<_>>());
    let sound = told(&Titles::decode(&titles, &version).unwrap());
    for at in 0..titles.len() {
        assert!(Titles::decode(&titles[..at], &version).is_err(), "cut at {at}");
        let mut flipped = titles.clone();
        flipped[at] ^= 0x21;
        // What zstd does not look at changes nothing.
        assert!(Titles::decode(&flipped, &version).map_or(true, |titles| told(&titles) == sound), "flipped at {at}");
    }
}

#[test]
fn the_titles_that_are_compiled_in_are_the_taxonomys() {
    let (titles, taxonomy) = (Titles::built_in(), Taxonomy::built_in());
    assert_eq!(titles.version(), taxonomy.version());
    assert!(titles.len() > 2_500 && !titles.is_empty());
    let keys: Vec<(&str, &str)> = titles.iter().map(|occupation| (occupation.isco, occupation.esco)).collect();
    assert!(keys.is_sorted_by(|one, other| one < other));
    for occupation in titles.iter() {
        assert!(occupation.isco.len() == 4 && occupation.esco.len() == 36, "{occupation:?}");
        for title in occupation.titles {
            let forms: Vec<&str> = title.split('/').collect();
            let is_sound = |form: &&str| !form.is_empty() && form.chars().count() <= 60;
            assert!(forms.len() <= 2 && forms.iter().all(is_sound), "{occupation:?}");
        }
    }
}
