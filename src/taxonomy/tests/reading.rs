//! Names in text, links and relations, in the taxonomy that is compiled in.

use proptest::prelude::*;

use super::*;
use crate::text::TokenList;

/// The names of a sort that a text mentions, as their tokens.
fn names(text: &str, sort: Sort, about: Recognition<'_>) -> Vec<String> {
    let tokens = TokenList::of(text);
    let mentions = Taxonomy::built_in().mentions(&tokens, Recognition { text, ..about });
    let words = |mention: Mention| mention.tokens.map(|at| tokens.exact(at).to_owned()).collect::<Vec<_>>().join(" ");
    mentions.into_iter().filter(|mention| mention.sort == sort).map(words).collect()
}

fn skills(text: &str) -> Vec<String> {
    names(text, Sort::Skill, Recognition::default())
}

fn occupations(text: &str) -> Vec<String> {
    names(text, Sort::Occupation, Recognition::default())
}

#[test]
fn names_of_several_languages_are_one_concept() {
    let nurse = concept("registered nurse");
    assert_eq!(Taxonomy::built_in().concept(nurse).unwrap().label, "nurse responsible for general care");
    for name in ["infermiera", "Krankenschwester", "RN", "enfermera", "infirmière", "pielęgniarka"] {
        let meanings = Taxonomy::built_in().meanings_of(name);
        assert!(meanings.iter().any(|meaning| meaning.concept == nurse), "{name}");
    }
    assert_eq!(concept("K8s"), concept("Kubernetes"));
    assert_eq!(concept("JS"), concept("JavaScript"));
    assert_eq!(concept("Maschinelles Lernen"), concept("machine learning"));
}

#[test]
fn ambiguous_names_have_all_their_meanings() {
    let found = meanings("PM");
    assert!(found.contains(&"project manager") && found.contains(&"product manager"), "{found:?}");
}

#[test]
fn the_longest_name_counts_and_a_product_in_a_title_too() {
    assert_eq!(skills("Amazon Web Services and SQL Server administration")[..2], ["amazon web services", "sql server"]);
    let text = "Java developer at a bank";
    assert_eq!(skills(text), ["java"]);
    assert_eq!(occupations(text), ["java developer"]);
}

#[test]
fn common_words_are_skills_where_the_context_says_so() {
    assert!(!skills("Helped three start-ups go to market.").contains(&"go".to_owned()));
    assert_eq!(skills("Go, Docker and PostgreSQL"), ["go", "docker", "postgresql"]);
    assert_eq!(skills("We go there in spring"), [] as [&str; 0]);
    assert_eq!(skills("Years of experience with Spring."), ["spring"]);
    let entry = Recognition { is_skill_entry: true, ..Recognition::default() };
    assert_eq!(names("go", Sort::Skill, entry), ["go"]);
    assert_eq!(names("go to market", Sort::Skill, entry), [] as [&str; 0]);
}

#[test]
fn names_of_other_languages_count_where_the_language_is_unknown() {
    let of = |code| Recognition { languages: LanguageSet::of(code), ..Recognition::default() };
    let text = "Ich war Krankenschwester in Bremen";
    assert_eq!(occupations(text), ["krankenschwester"]);
    assert_eq!(names(text, Sort::Occupation, of("de")), ["krankenschwester"]);
    // English and what is called so everywhere always count.
    assert_eq!(names("plumber, Kubernetes", Sort::Occupation, of("it")), ["plumber"]);
    assert_eq!(names("plumber, Kubernetes", Sort::Skill, of("it")), ["kubernetes"]);
    let french = "charpentier";
    assert!(!names(french, Sort::Occupation, of("fr")).is_empty());
    assert!(names(french, Sort::Occupation, of("hu")).is_empty());
}

#[test]
fn one_word_fields_and_everyday_names_are_known() {
    assert_eq!(meanings("photography"), ["photography"]);
    assert_eq!(meanings("teamwork"), ["work in teams"]);
    assert_eq!(meanings("Softwareentwicklung"), ["software development"]);
    // Parts of a product's name that say what it is are none.
    assert!(meanings("software").is_empty());
}

#[test]
fn who_programs_in_a_language_makes_software() {
    let taxonomy = Taxonomy::built_in();
    let label = |title: &str| {
        let links = taxonomy.link(title, None, 1);
        links.first().and_then(|link| taxonomy.concept(link.concept)).map(|concept| concept.label.to_lowercase())
    };
    for title in ["Rust engineer", "Senior Go developer", "Sviluppatore Rust", "Kotlin-Entwickler", "développeur Scala"]
    {
        let read = label(title).unwrap();
        assert!(read.contains("software"), "{title}: {read}");
    }
    assert!(label("rust proofer").unwrap().contains("rust"));
}

#[test]
fn a_name_itself_is_linked_surely() {
    let taxonomy = Taxonomy::built_in();
    for name in ["nurse responsible for general care", "Elektriker", "avvocato", "soudeur", "data scientist"] {
        let links = taxonomy.link(name, None, 3);
        let named: Vec<ConceptId> = taxonomy.meanings_of(name).iter().map(|meaning| meaning.concept).collect();
        assert!(links[0].confidence > 0.85 && named.contains(&links[0].concept), "{name}: {links:?}");
        assert!(links.is_sorted_by(|one, other| one.confidence >= other.confidence), "{name}");
    }
    assert!(taxonomy.link("", None, 3).is_empty());
    assert!(taxonomy.link("zzzzqqq", None, 3).is_empty());
}

const GRADES: RelationGrades =
    RelationGrades { narrower: 0.9, close: 0.9, broader: 0.5, sibling: 0.4, cousin: 0.2, related: 0.3 };

#[test]
fn a_concept_is_nearest_to_itself() {
    let taxonomy = Taxonomy::built_in();
    for id in (0..taxonomy.len() as u32).step_by(37).map(ConceptId) {
        let near = taxonomy.near(id, &GRADES);
        let itself = Graded { concept: id, grade: 1.0, relation: Relation::Exact };
        assert!(near.contains(&itself), "{id:?}");
        assert!(near.iter().all(|graded| graded.grade > 0.0 && graded.grade <= 1.0), "{id:?}");
        assert!(near.is_sorted_by(|one, other| one.concept < other.concept), "{id:?}");
    }
}

#[test]
fn relations_hold_in_both_directions() {
    let taxonomy = Taxonomy::built_in();
    for id in (0..taxonomy.len() as u32).map(ConceptId) {
        for (other, nearness) in taxonomy.related(id) {
            assert!(taxonomy.related(other).any(|back| back == (id, nearness)), "{id:?} and {other:?}");
        }
        for above in taxonomy.broader(id) {
            assert!(taxonomy.narrower(above).any(|below| below == id), "{id:?} below {above:?}");
        }
    }
}

#[test]
fn the_version_stays_and_names_the_content() {
    let taxonomy = Taxonomy::built_in();
    let packed = include_bytes!("../../../indexes/taxonomy/taxonomy.zst");
    assert_eq!(taxonomy.version(), Taxonomy::without_link(packed).unwrap().version());
    assert!(taxonomy.version().chars().all(|digit| digit.is_ascii_hexdigit()));
    assert_eq!(taxonomy.concept(ConceptId(taxonomy.len() as u32)), None);
    assert!(taxonomy.name_count() > taxonomy.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn mentions_lie_within_the_tokens(
        text in "\\PC{0,60}|((go|java|nurse|project|manager|sql|server|of|C\\+\\+|K8s|Köchin|kitchen|experience|with)[ ,.]{1,2}){0,12}",
        is_query: bool,
        is_skill_entry: bool,
        language in proptest::option::of(proptest::sample::select(LanguageSet::CODES.to_vec())),
    ) {
        let taxonomy = Taxonomy::built_in();
        let tokens = TokenList::of(&text);
        let languages = language.and_then(LanguageSet::of);
        let about = Recognition { text: &text, languages, is_query, is_skill_entry };
        let mentions = taxonomy.mentions(&tokens, about);
        prop_assert!(mentions.is_sorted_by_key(|mention| mention.tokens.start));
        for mention in &mentions {
            prop_assert!(mention.tokens.start < mention.tokens.end && mention.tokens.end <= tokens.len());
            prop_assert!(!mention.meanings.is_empty());
            let is_occupation = |meaning: &Meaning| taxonomy.concept(meaning.concept).unwrap().kind.is_occupation();
            prop_assert!(mention.meanings.iter().all(|meaning| is_occupation(meaning) == (mention.sort == Sort::Occupation)));
            prop_assert_eq!(mention.concept(), mention.meanings[0].concept);
        }
        // Without the text nothing is told of capitals; what is found lies within the tokens all the same.
        let blind = taxonomy.mentions(&tokens, Recognition { languages, ..Recognition::default() });
        prop_assert!(blind.iter().all(|mention| mention.tokens.end <= tokens.len()));
    }

    #[test]
    fn links_are_ordered_and_bounded(title in "\\PC{0,40}|[a-zäöüß ]{0,40}", limit in 0usize..12) {
        let links = Taxonomy::built_in().link(&title, None, limit);
        prop_assert!(links.len() <= limit);
        prop_assert!(links.iter().all(|link| link.confidence > 0.0 && link.confidence <= 1.0));
    }
}
