//! A taxonomy of a dozen invented concepts, in the tables' own formats.

use super::super::sources::ByHand;
use super::*;

/// What stands in a file; of those left out, the heading alone.
fn rows(file: &str) -> &'static [&'static str] {
    match file {
        "esco/en/ISCOGroups_en.csv" => &["isco/C1,Menders", "isco/C1234,Menders of kettles"],
        "esco/en/skillGroups_en.csv" => &["skill/S1,handling kettles"],
        "esco/en/broaderRelationsOccPillar_en.csv" => {
            &["isco/C1234,isco/C1", "occupation/1,isco/C1234", "occupation/2,isco/C1234"]
        }
        "esco/en/occupations_en.csv" => {
            &["occupation/1,kettle mender,\"mender of kettles\ntinker\"", "occupation/2,spout bender,"]
        }
        "esco/de/occupations_de.csv" => &["occupation/1,Kesselflicker,A"],
        "esco/es/occupations_es.csv" => &["occupation/1,calderero,"],
        "esco/labels.tsv" => &[
            "occupation/1\tde\tKesselflicker/Kesselflickerin",
            "occupation/1\tit\tcalderaio",
            "occupation/1\tit\tcalderaia",
            "occupation/1\tes\tcalderera",
            "occupation/1\tfr\tchaudronnier/chaudronnière",
            "occupation/1\tfr\tchaudronnier (tôle)",
            "occupation/2\tde\tTüllenbieger/in",
        ],
        "esco/en/digitalSkillsCollection_en.csv" => &["skill/1,mend kettles,fix kettles | kettle mending,skill/S1"],
        "esco/de/digitalSkillsCollection_de.csv" => &["skill/1,Kessel flicken,,skill/S1"],
        "esco/en/skillsHierarchy_en.csv" => &["skill/S1,,,"],
        "esco/en/skillSkillRelations_en.csv" => &["skill/1,essential,skill/2"],
        "esco/en/greenSkillsCollection_en.csv" => &["skill/2,bend spouts,,skill/S1"],
        "esco/skills_en_text.csv" => &["skill/1,mend kettles fix kettles kettle mending Mend them."],
        "onet/occupation_data.txt" => &["11-1111.00\tTinkers", "22-2222.00\tSpout Workers"],
        "onet/alternate_titles.txt" => &["11-1111.00\tHead Kettle Officer (HKO)\tHKO", "22-2222.00\tSpouter\tn/a"],
        "onet/sample_of_reported_titles.txt" => &["11-1111.00\tTinker"],
        "onet/esco_onet_crosswalk.csv" => &["occupation/1,11-1111.00,1.5"],
        "onet/technology_skills.txt" => &["11-1111.00\tMicrosoft Kettle software\tKettle software\tY"],
        "onet/related_occupations.txt" => &["11-1111.00\t22-2222.00\tPrimary-Short"],
        "onet/task_statements.txt" => &["Mend the spout of a kettle."],
        _ => &[],
    }
}

fn heading(file: &str) -> &'static str {
    match file {
        "esco/labels.tsv" => "conceptUri\tlanguage\tlabel",
        "esco/en/broaderRelationsOccPillar_en.csv" => "conceptUri,broaderUri",
        "esco/en/skillsHierarchy_en.csv" => "Level 0 URI,Level 1 URI,Level 2 URI,Level 3 URI",
        "esco/en/skillSkillRelations_en.csv" => "originalSkillUri,relationType,relatedSkillUri",
        "esco/skills_en_text.csv" => "id,description",
        "onet/occupation_data.txt" => "O*NET-SOC Code\tTitle",
        "onet/alternate_titles.txt" => "O*NET-SOC Code\tAlternate Title\tShort Title",
        "onet/sample_of_reported_titles.txt" => "O*NET-SOC Code\tReported Job Title",
        "onet/esco_onet_crosswalk.csv" => "concept_uri,onet_code,confidence",
        "onet/technology_skills.txt" => "O*NET-SOC Code\tExample\tCommodity Title\tHot Technology",
        "onet/related_occupations.txt" => "O*NET-SOC Code\tRelated O*NET-SOC Code\tRelatedness Tier",
        "onet/task_statements.txt" => "Task",
        _ if file.contains("Collection") => "conceptUri,preferredLabel,altLabels,broaderConceptUri",
        _ => "conceptUri,preferredLabel,altLabels",
    }
}

/// The text of a file of the fixture.
fn file(file: &'static str) -> String {
    // Tables of groups have no further labels.
    let heading = if file.contains("Groups") { "conceptUri,preferredLabel" } else { heading(file) };
    let lines = [heading].into_iter().chain(rows(file).iter().copied());
    lines.map(|line| format!("{line}\n")).collect()
}

/// The sources of the fixture, one file by another text.
pub(super) fn sources_with(other: &str, text: &str) -> Sources {
    let read = |path| Ok::<_, ()>(if path == other { text.to_owned() } else { file(path) });
    let by_hand = ByHand {
        aliases: "kind\tlabel\taliases\noccupation\tspout bender\tbender\ntechnology\tkettleware\tkw|kettle ware\n",
        common_words: "# Heading\nkettle",
        fields: "",
    };
    Sources { by_hand, ..Sources::read(read).unwrap() }
}

pub(super) fn packed() -> PackedTaxonomy {
    build(&sources_with("", "")).unwrap().packed
}
