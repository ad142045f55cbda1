//! The maintainers' builder: ESCO's and O*NET's published tables, and our own aliases → a packed taxonomy.
//!
//! Invariant: equal input gives equal bytes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::concept::{ConceptKind, LanguageSet, NameKind};
use super::draft::Draft;
use super::forms::{bracketed, gender_pair, is_acronym, product_forms};
use super::held_out::is_held_out;
use super::run_together::{self, SegmentationReport};
use super::sources::{COLLECTIONS, FILE_LANGUAGES, Sources};
use super::titles::TitledOccupation;
use super::{TaxonomyError, assemble, title_choice};
use crate::text::{TokenList, strip_gender_markers};

/// What precedes a code of ISCO-08 and the last part of an occupation or skill in ESCO's URIs.
const ESCO: &str = "http://data.europa.eu/esco/";

/// How near concepts are that a table relates, 1 to 255.
pub(super) mod nearness {
    /// An occupation of ESCO and the class of O*NET that the crosswalk gives it, at confidence 1 or more.
    pub(in super::super) const CROSSWALK: u8 = 200;
    /// Likewise at a lower confidence.
    pub(in super::super) const CROSSWALK_IN_DOUBT: u8 = 120;
    /// Occupations that O*NET calls primarily related.
    pub(in super::super) const RELATED_OCCUPATION: u8 = 90;
    /// An occupation and a technology that its people are asked for often.
    pub(in super::super) const HOT_TECHNOLOGY: u8 = 60;
    /// An occupation and a technology.
    pub(in super::super) const TECHNOLOGY: u8 = 40;
    /// A skill that is essential to another, or optional.
    pub(in super::super) const ESSENTIAL_SKILL: u8 = 140;
    pub(in super::super) const OPTIONAL_SKILL: u8 = 90;
}

/// A product that fewer occupations use is not called by its acronym alone.
const USERS_OF_A_KNOWN_PRODUCT: usize = 4;

/// A taxonomy as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedTaxonomy {
    /// Concepts, names, relations.
    pub taxonomy: Vec<u8>,
    /// What links titles to them.
    pub link: Vec<u8>,
    /// What occupations are called.
    pub titles: Vec<u8>,
}

/// What building gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// The taxonomy as it is stored.
    pub packed: PackedTaxonomy,
    /// How well names were told apart that the sources run together.
    pub segmentation: SegmentationReport,
}

/// Builds a taxonomy and packs it.
///
/// # Errors
///
/// [`TaxonomyError::Line`] where a table is malformed or names a concept that no table has.
pub fn build(sources: &Sources) -> Result<Built, TaxonomyError> {
    let mut draft = Draft::default();
    groups(sources, &mut draft)?;
    occupations(sources, &mut draft)?;
    labels(sources, &mut draft)?;
    skills(sources, &mut draft)?;
    let segmentation = run_together::add(sources, &mut draft)?;
    skill_relations(sources, &mut draft)?;
    onet_occupations(sources, &mut draft)?;
    technologies(sources, &mut draft)?;
    aliases(sources.by_hand.aliases, &mut draft)?;
    words_of_work(sources, &mut draft)?;
    if sources.holds_out {
        // They stay as what others are beneath and beside; no text calls them up.
        let held_out = draft.concepts.iter_mut().filter(|(uri, _)| whole_uri(uri).is_some_and(|uri| is_held_out(&uri)));
        held_out.for_each(|(_, concept)| concept.names.clear());
    }
    let chosen = title_choice::choose(sources, &draft)?;
    let titles: Vec<TitledOccupation<'_>> = chosen.iter().map(title_choice::Chosen::titled).collect();
    Ok(Built { packed: assemble::pack(&draft, sources.by_hand.common_words, &titles)?, segmentation })
}

/// `esco:occupation/…`, `isco:2512`, `esco:skill/…`: what stands for a URI of ESCO.
pub(super) fn short_uri(uri: &str) -> String {
    let rest = uri.strip_prefix(ESCO).unwrap_or(uri);
    match rest.strip_prefix("isco/C") {
        Some(code) => format!("isco:{code}"),
        None => format!("esco:{rest}"),
    }
}

/// The URI of ESCO that a short one stands for; `None` for what is not of ESCO.
fn whole_uri(short: &str) -> Option<String> {
    let of_group = short.strip_prefix("isco:").map(|code| format!("{ESCO}isco/C{code}"));
    of_group.or_else(|| short.strip_prefix("esco:").map(|rest| format!("{ESCO}{rest}")))
}

fn onet_uri(code: &str) -> String {
    format!("onet:{code}")
}

fn language(code: &str) -> Result<LanguageSet, String> {
    LanguageSet::of(code).ok_or_else(|| format!("no language {code}"))
}

fn groups(sources: &Sources, draft: &mut Draft) -> Result<(), TaxonomyError> {
    sources.rows("esco/en/ISCOGroups_en.csv", ["conceptUri", "preferredLabel"], |[uri, label]| {
        draft.add(&short_uri(uri), ConceptKind::OccupationGroup, label);
        Ok(())
    })?;
    sources.rows("esco/en/skillGroups_en.csv", ["conceptUri", "preferredLabel"], |[uri, label]| {
        draft.add(&short_uri(uri), ConceptKind::SkillGroup, label);
        Ok(())
    })?;
    let columns = ["Level 0 URI", "Level 1 URI", "Level 2 URI", "Level 3 URI"];
    sources.rows("esco/en/skillsHierarchy_en.csv", columns, |levels| {
        let levels: Vec<String> = levels.into_iter().filter(|uri| !uri.is_empty()).map(short_uri).collect();
        for pair in levels.windows(2) {
            if let Some(concept) = draft.concepts.get_mut(&pair[1])
                && !concept.broader.contains(&pair[0])
            {
                concept.broader.push(pair[0].clone());
            }
        }
        Ok(())
    })
}

fn occupations(sources: &Sources, draft: &mut Draft) -> Result<(), TaxonomyError> {
    for code in FILE_LANGUAGES {
        let file = format!("esco/{code}/occupations_{code}.csv");
        sources.rows(&file, ["conceptUri", "preferredLabel", "altLabels"], |[uri, label, others]| {
            let uri = short_uri(uri);
            if code == "en" {
                draft.add(&uri, ConceptKind::Occupation, label);
            }
            let concept = draft.get(&uri)?;
            let language = language(code)?;
            concept.name(label, language, NameKind::Preferred);
            others.lines().for_each(|other| concept.name(other, language, NameKind::Alternative));
            Ok(())
        })?;
    }
    let columns = ["conceptUri", "broaderUri"];
    sources.rows("esco/en/broaderRelationsOccPillar_en.csv", columns, |[uri, broader]| {
        let broader = short_uri(broader);
        draft.get(&broader)?;
        draft.get(&short_uri(uri))?.broader.push(broader);
        Ok(())
    })
}

/// Labels of occupations and their groups in all languages. The table knows a few occupations of a later version, which the
/// other tables lack: those stand without a group.
fn labels(sources: &Sources, draft: &mut Draft) -> Result<(), TaxonomyError> {
    sources.rows("esco/labels.tsv", ["conceptUri", "language", "label"], |[uri, code, label]| {
        let (uri, language) = (short_uri(uri), language(code)?);
        if !draft.concepts.contains_key(&uri) {
            if code != "en" {
                return Ok(());
            }
            draft.add(&uri, ConceptKind::Occupation, label);
        }
        let concept = draft.get(&uri)?;
        let label = strip_gender_markers(label);
        concept.name(&label, language, NameKind::Alternative);
        if code != "en" {
            gender_pair(&label).iter().for_each(|form| concept.name(form, language, NameKind::Derived));
        }
        Ok(())
    })
}

fn skills(sources: &Sources, draft: &mut Draft) -> Result<(), TaxonomyError> {
    for collection in COLLECTIONS {
        for code in FILE_LANGUAGES {
            let file = format!("esco/{code}/{collection}SkillsCollection_{code}.csv");
            let columns = ["conceptUri", "preferredLabel", "altLabels", "broaderConceptUri"];
            sources.rows(&file, columns, |[uri, label, others, broader]| {
                let uri = short_uri(uri);
                if code == "en" {
                    draft.add(&uri, ConceptKind::Skill, label);
                }
                let concept = draft.get(&uri)?;
                let language = language(code)?;
                concept.name(label, language, NameKind::Preferred);
                for other in others.split('|') {
                    concept.name(other, language, NameKind::Alternative);
                }
                if let Some((before, _)) = bracketed(label) {
                    concept.name(before, language, NameKind::Derived);
                }
                concept.broader.extend(broader.split('|').map(|uri| short_uri(uri.trim())));
                Ok(())
            })?;
        }
    }
    Ok(())
}

fn skill_relations(sources: &Sources, draft: &mut Draft) -> Result<(), TaxonomyError> {
    let columns = ["originalSkillUri", "relationType", "relatedSkillUri"];
    sources.rows("esco/en/skillSkillRelations_en.csv", columns, |[from, kind, to]| {
        let nearness = if kind == "essential" { nearness::ESSENTIAL_SKILL } else { nearness::OPTIONAL_SKILL };
        draft.relate(&short_uri(from), &short_uri(to), nearness);
        Ok(())
    })
}

/// O*NET's occupations, the titles that people reported for them, what the crosswalk says they are in ESCO, and which are
/// related.
fn onet_occupations(sources: &Sources, draft: &mut Draft) -> Result<(), TaxonomyError> {
    sources.rows("onet/occupation_data.txt", ["O*NET-SOC Code", "Title"], |[code, title]| {
        draft.add(&onet_uri(code), ConceptKind::OnetOccupation, title);
        Ok(())
    })?;
    let mut reported = |code: &str, title: &str| {
        let concept = draft.get(&onet_uri(code))?;
        concept.name(title, LanguageSet::ENGLISH, NameKind::Reported);
        if let Some((long, short)) = bracketed(title) {
            concept.name(long, LanguageSet::ENGLISH, NameKind::Reported);
            if is_acronym(short, long) {
                concept.name(short, LanguageSet::ENGLISH, NameKind::Reported);
            }
        }
        Ok(())
    };
    let columns = ["O*NET-SOC Code", "Alternate Title", "Short Title"];
    sources.rows("onet/alternate_titles.txt", columns, |[code, title, short]| {
        reported(code, title)?;
        if short == "n/a" { Ok(()) } else { reported(code, short) }
    })?;
    let columns = ["O*NET-SOC Code", "Reported Job Title"];
    sources.rows("onet/sample_of_reported_titles.txt", columns, |[code, title]| reported(code, title))?;
    let columns = ["concept_uri", "onet_code", "confidence"];
    sources.rows("onet/esco_onet_crosswalk.csv", columns, |[uri, code, confidence]| {
        let confidence: f64 = confidence.parse().map_err(|_| format!("no confidence: {confidence}"))?;
        let nearness = if confidence >= 1.0 { nearness::CROSSWALK } else { nearness::CROSSWALK_IN_DOUBT };
        draft.relate(&short_uri(uri), &onet_uri(code), nearness);
        Ok(())
    })?;
    let columns = ["O*NET-SOC Code", "Related O*NET-SOC Code", "Relatedness Tier"];
    sources.rows("onet/related_occupations.txt", columns, |[from, to, tier]| {
        if tier.starts_with("Primary") {
            draft.relate(&onet_uri(from), &onet_uri(to), nearness::RELATED_OCCUPATION);
        }
        Ok(())
    })
}

/// O*NET's technologies. One that a skill of ESCO is called like is that skill.
fn technologies(sources: &Sources, draft: &mut Draft) -> Result<(), TaxonomyError> {
    let skills = skill_names(draft);
    let widely_used = widely_used_products(sources)?;
    let columns = ["O*NET-SOC Code", "Example", "Commodity Title", "Hot Technology"];
    sources.rows("onet/technology_skills.txt", columns, |[code, example, class, hot]| {
        let forms = product_forms(example, widely_used.contains(example));
        let folded =
            [example].into_iter().chain(forms.iter().map(String::as_str)).map(|form| TokenList::of(form).joined());
        let known = folded.into_iter().find_map(|form| skills.get(&form));
        let uri = known.cloned().unwrap_or_else(|| technology_uri("onet", example));
        let class_uri = technology_uri("onet", class);
        draft.add(&class_uri, ConceptKind::SkillGroup, class);
        if known.is_none() {
            draft.add(&uri, ConceptKind::Technology, example);
        }
        let concept = draft.get(&uri)?;
        concept.name(example, LanguageSet::ENGLISH, NameKind::Alternative);
        forms.iter().for_each(|form| concept.name(form, LanguageSet::ENGLISH, NameKind::Derived));
        if !concept.broader.contains(&class_uri) {
            concept.broader.push(class_uri);
        }
        let nearness = if hot == "Y" { nearness::HOT_TECHNOLOGY } else { nearness::TECHNOLOGY };
        draft.relate(&onet_uri(code), &uri, nearness);
        Ok(())
    })
}

/// The products of O*NET that [`USERS_OF_A_KNOWN_PRODUCT`] occupations or more are listed with.
fn widely_used_products(sources: &Sources) -> Result<HashSet<String>, TaxonomyError> {
    let mut users: HashMap<String, HashSet<String>> = HashMap::new();
    sources.rows("onet/technology_skills.txt", ["O*NET-SOC Code", "Example"], |[code, example]| {
        users.entry(example.to_owned()).or_default().insert(code.to_owned());
        Ok(())
    })?;
    users.retain(|_, users| users.len() >= USERS_OF_A_KNOWN_PRODUCT);
    Ok(users.into_keys().collect())
}

/// Every name of a skill so far, and whose it is.
fn skill_names(draft: &Draft) -> HashMap<String, String> {
    let skills = draft.concepts.iter().filter(|(_, concept)| concept.kind == ConceptKind::Skill);
    let mut names = HashMap::new();
    for (uri, concept) in skills {
        for name in concept.names.keys() {
            names.entry(name.clone()).or_insert_with(|| uri.clone());
        }
    }
    names
}

/// `onet:tech/amazon-web-services`: what stands for a technology, which has no URI of its own.
fn technology_uri(scheme: &str, name: &str) -> String {
    format!("{scheme}:tech/{}", TokenList::of(name).joined().replace(' ', "-"))
}

/// Our own aliases, and technologies that no table has. A label that is no technology's must be known already.
fn aliases(table: &str, draft: &mut Draft) -> Result<(), TaxonomyError> {
    let wrong = |line: u64, reason: String| TaxonomyError::Line { file: "indexes/taxonomy/aliases.tsv", line, reason };
    let mut owners: BTreeMap<(bool, String), BTreeSet<String>> = BTreeMap::new();
    for (uri, concept) in &draft.concepts {
        let of_kind = concept.names.iter().map(|(name, known)| (name, known.kind));
        for (name, _) in of_kind.filter(|(_, kind)| *kind != NameKind::Reported) {
            owners.entry((concept.kind.is_occupation(), name.clone())).or_default().insert(uri.clone());
        }
    }
    for (line, number) in table.lines().zip(1..).skip(1).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'))
    {
        let cells: Vec<&str> = line.split('\t').collect();
        let &[kind, label, names] = cells.as_slice() else { return Err(wrong(number, "not three cells".to_owned())) };
        let key = (kind == "occupation", TokenList::of(label).joined());
        let mut uris: Vec<String> = owners.get(&key).into_iter().flatten().cloned().collect();
        if uris.is_empty() {
            if kind != "technology" {
                return Err(wrong(number, format!("no {kind} is called {label}")));
            }
            let uri = technology_uri("lodestone", label);
            draft.add(&uri, ConceptKind::Technology, label);
            uris.push(uri);
        }
        for uri in uris {
            let concept = draft.get(&uri).map_err(|reason| wrong(number, reason))?;
            names.split('|').for_each(|name| concept.name(name, LanguageSet::ALL, NameKind::Derived));
        }
    }
    Ok(())
}

/// Counts the words of texts about work: O*NET's tasks, and labels of occupations in every language.
fn words_of_work(sources: &Sources, draft: &mut Draft) -> Result<(), TaxonomyError> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut count = |text: &str| {
        let tokens = TokenList::of(text);
        // A name of one word says nothing of how common the word is.
        if tokens.len() > 1 {
            tokens.exact_forms().for_each(|form| *counts.entry(form.to_owned()).or_default() += 1);
        }
    };
    sources.rows("onet/task_statements.txt", ["Task"], |[task]| {
        count(task);
        Ok(())
    })?;
    for concept in draft.concepts.values().filter(|concept| concept.kind.is_occupation()) {
        concept.names.keys().for_each(|name| count(name));
    }
    draft.word_counts = counts;
    Ok(())
}
