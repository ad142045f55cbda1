//! Whole texts.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn profile(text: &str) -> Value {
    Value::Object(parse(text).profile)
}

fn at<'v>(profile: &'v Value, pointer: &str) -> Option<&'v str> {
    profile.pointer(pointer).and_then(Value::as_str)
}

#[test]
fn headings_of_eight_languages_open_the_same_parts() {
    for (work, education, skills, languages) in [
        ("Work experience", "Education", "Skills", "Languages"),
        ("ESPERIENZE PROFESSIONALI", "Istruzione e formazione", "Competenze", "Lingue"),
        ("Beruflicher Werdegang", "Ausbildung", "Kenntnisse", "Sprachen"),
        ("Experiencia laboral", "Formación académica", "Conocimientos", "Idiomas"),
        ("EXPÉRIENCES PROFESSIONNELLES", "Études", "Compétences", "Langues"),
        ("Experiência profissional", "Habilitações literárias", "Competências", "Línguas"),
        ("Werkervaring", "Opleidingen", "Vaardigheden", "Talen"),
        ("Experiență profesională", "Studii", "Competențe", "Limbi străine"),
    ] {
        let text = format!(
            "Anna Rossi\n\n{work}\nEngineer, Acme Ltd, London\n2019 - 2021\n\n{education}\nBSc Physics, University of Leeds\n\
             2015 - 2018\n\n{skills}\nWelding, Excel\n\n{languages}\nEnglish (C1)\n"
        );
        let profile = profile(&text);
        assert_eq!(at(&profile, "/work/0/position"), Some("Engineer"), "{work}");
        assert_eq!(at(&profile, "/work/0/name"), Some("Acme Ltd"), "{work}");
        assert_eq!(at(&profile, "/education/0/institution"), Some("University of Leeds"), "{education}");
        assert_eq!(at(&profile, "/skills/1/name"), Some("Excel"), "{skills}");
        assert_eq!(at(&profile, "/languages/0/fluency"), Some("C1"), "{languages}");
    }
}

#[test]
fn what_is_private_is_not_read() {
    let text = "Anna Rossi\nDate of birth: 12.03.1980\nMarital status: married\nReligion: none\nanna@example.org\n\n\
                Experience\nNurse, Leeds Hospital\n2019 - 2021\n\nInterests\nChess, sailing\n\n\
                References\nJohn Smith, Manager, Big Bank Ltd, 2010 - 2012\n";
    let shown = profile(text).to_string();
    for word in ["1980", "married", "Religion", "Chess", "Smith", "Big Bank"] {
        assert!(!shown.contains(word), "{word} in {shown}");
    }
    assert!(shown.contains("Leeds Hospital"));
}

#[test]
fn a_position_that_lasts_has_no_end() {
    let profile = profile("Experience\nNurse, Leeds Hospital\nseit 03/2019\n");
    assert_eq!(at(&profile, "/work/0/startDate"), Some("2019-03"));
    assert_eq!(profile.pointer("/work/0/endDate"), None);
}

#[test]
fn further_titles_belong_to_the_employer_above_them() {
    let text = "Experience\nAcme Logistics GmbH, Berlin\nTeam Leader, May 2019 to date\n- led a team\n\nDriver, 2015 to 2019\n- drove\n";
    let profile = profile(text);
    for number in [0, 1] {
        assert_eq!(at(&profile, &format!("/work/{number}/name")), Some("Acme Logistics GmbH"));
    }
    assert_eq!(at(&profile, "/work/1/position"), Some("Driver"));
}

/// What a position says.
fn told<'v>(profile: &'v Value, number: usize, member: &str) -> Option<&'v str> {
    profile["work"][number][member].as_str()
}

/// Title, employer and start of every position.
fn positions(text: &str) -> Vec<String> {
    let profile = profile(text);
    let entries = profile["work"].as_array().cloned().unwrap_or_default();
    let member = |entry: &Value, name: &str| entry[name].as_str().unwrap_or("-").to_owned();
    let shown = |entry: &Value| ["position", "name", "startDate"].map(|name| member(entry, name)).join(" @ ");
    entries.iter().map(shown).collect()
}

#[test]
fn a_line_that_most_entries_have_the_others_have_too() {
    let text = "Work experience\n\nHulsbeek Transport B.V., Waalwijk\tApr. 2018 – present\nTeam leader\n\n\
                Hulsbeek Transport B.V., Waalwijk\tSep. 2013 – Mar. 2018\nForklift driver\n\n\
                The Klamp, Kaatsheuvel\t2010 – Aug. 2013\nStorekeeper\n";
    assert_eq!(positions(text)[2], "Storekeeper @ The Klamp @ 2010");
}

#[test]
fn employers_apart_head_titles_with_their_periods() {
    let text = "Teaching experience\n\nSt Fiachra's Community School, Athenry\n\nTeacher of Geography [January 2017 – June 2018]\n\n\
                Rathcormac Hall, Dublin 6\n\nTeacher of Irish [September 2013 – December 2016]\n• Founded the debating society\n";
    assert_eq!(
        positions(text),
        [
            "Teacher of Geography @ St Fiachra's Community School @ 2017-01",
            "Teacher of Irish @ Rathcormac Hall @ 2013-09"
        ]
    );
}

#[test]
fn periods_in_a_narrow_column_are_joined() {
    let text = "Experience\n\nmarch 2014 – Head Chef\n  may 2018 Saltmarsh Rooms Ltd, Kinsale\n      2010 – 2013 Sous Chef\n  Hotel Ardnamara Ltd, Westport\n";
    assert_eq!(
        positions(text),
        ["Head Chef @ Saltmarsh Rooms Ltd @ 2014-03", "Sous Chef @ Hotel Ardnamara Ltd @ 2010"]
    );
}

#[test]
fn forms_may_number_their_entries_and_tables_part_start_and_end() {
    let form = "Work experience\n1. Company\t: Tungavalli Projects Ltd., Hyderabad\nDesignation\t: Site Engineer\nDuration\t: Aug 2021 to date\n\
                Responsibilities:\n• Shear walls\n• Bills\n• Checks\n• Plans\n2. Company\t: Nallamala Constructions Ltd\nDesignation\t: Junior Engineer\n\
                Duration\t: June 2017 – Feb 2019\n";
    assert_eq!(
        positions(form),
        [
            "Site Engineer @ Tungavalli Projects Ltd. @ 2021-08",
            "Junior Engineer @ Nallamala Constructions Ltd @ 2017-06"
        ]
    );
    let table = "2. EMPLOYMENT HISTORY (most recent first)\nFrom\tTo\tEmployer\tPosition held\n\
                 05/21\tpresent\tLarkhill Nursing Home\tSenior Care Assistant\n02/17\t04/21\tTrent Homecare Ltd\tCarer\n";
    assert_eq!(
        positions(table),
        ["Senior Care Assistant @ Larkhill Nursing Home @ 2021-05", "Carer @ Trent Homecare Ltd @ 2017-02"]
    );
}

#[test]
fn remarks_on_contracts_are_no_part_of_titles_and_freelance_is_no_employer() {
    assert_eq!(without_remark("Auditor (25 h/week)"), "Auditor");
    assert_eq!(without_remark("Nurse, part time"), "Nurse");
    assert_eq!(without_remark("Head of Policy (Grade 7)"), "Head of Policy (Grade 7)");
    let text = "Experience\n\nFreelance\nTranslator\n2019 – present\n\nVerbatim Ltd\nEditor\n2015 – 2018\n";
    assert_eq!(positions(text), ["Translator @ - @ 2019", "Editor @ Verbatim Ltd @ 2015"]);
}

#[test]
fn what_nobody_is_paid_for_and_what_was_learned_is_no_position() {
    let text = "Experience\n\nNurse, Leeds Hospital\n2019 – 2021\n\nTrustee, The Wharfedale Larder\n2018 – 2020\n\n\
                Diploma in Nursing, Shannonside College\n2015 – 2018\n";
    assert_eq!(positions(text), ["Nurse @ Leeds Hospital @ 2019"]);
    assert_eq!(at(&profile(text), "/education/0/institution"), Some("Shannonside College"));
}

#[test]
fn a_row_of_headings_opens_columns() {
    let text = "Experience\n\nNurse, Leeds Hospital\n2019 – 2021\n\nSKILLS\tLANGUAGES\nWelding\tEnglish: C1\nExcel\tGerman: B2\n";
    let profile = profile(text);
    assert_eq!(at(&profile, "/skills/1/name"), Some("Excel"));
    assert_eq!(at(&profile, "/languages/1/language"), Some("German"));
    assert_eq!(positions(text), ["Nurse @ Leeds Hospital @ 2019"]);
}

#[test]
fn a_career_goes_on_behind_the_lists_of_another_column() {
    let text = "Experience\n\nCorrib Foods Ltd\nHead of Brand\nSeptember 2021 - Present (3 years)\n\nCertifications\n\nDiploma in Digital Marketing\nMini MBA in Brand Management\n\n\
                Pinewood Crystal Ltd\nMarketing Executive\nJuly 2013 - January 2016 (2 years 7 months)\n\nEducation\n\nBSc, University of Leeds\n2009 - 2012\n";
    assert_eq!(positions(text)[1], "Marketing Executive @ Pinewood Crystal Ltd @ 2013-07");
}

#[test]
fn paragraphs_begin_with_their_headings() {
    let text = "Appointments\n\nResearch Fellow, Institute of Botany, Graz (2014–2016). Effectors of fungi and how plants answer them.\n\
                Lecturer, University of the Wolds, Hull (2016–2019, part time). Geography and the history of mires.\n";
    assert_eq!(
        positions(text),
        ["Research Fellow @ Institute of Botany @ 2014", "Lecturer @ University of the Wolds @ 2016"]
    );
}

#[test]
fn every_confidence_is_of_something_and_a_share() {
    let parsed =
        parse("Anna Rossi\nanna@example.org\n\nExperience\nNurse, Leeds Hospital\n2019 - 2021\n\nSkills\nChess\n");
    let profile = Value::Object(parsed.profile);
    for (pointer, confidence) in parsed.confidence {
        assert!(profile.pointer(&pointer).is_some(), "{pointer}");
        assert!((0.0..=1.0).contains(&confidence));
    }
    assert!(parse("").is_empty());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "(\\PC{0,30}\n){0,20}|([A-Z][a-z]+|[0-9]{1,4}|Experience|Skills|Education|[-–/.,:'\n\t ()•]){0,80}") {
        parse(&text);
    }
}

/// What CVs are made of, and what breaks readers of them.
const PIECES: [&str; 68] = [
    "Date (da – a) Da marzo 2014 ",
    "Nome e tipo di istituto di istruzione o ",
    "formazione",
    "Tipo di impiego ",
    "Empresa: ",
    "Cargo: ",
    "Dal 2017 al 2019: ",
    " presso l’",
    " en la ",
    " „Hôtel“ ",
    "\"Ĝermo\" ",
    " pe cont propriu",
    "étés 2021 et\t",
    ", ab 2017 ",
    "Work experience",
    "EDUCATION",
    "Competenze",
    "Kenntnisse:",
    "Languages",
    "Certificates",
    "References",
    "Profil",
    "\n",
    "\n\n",
    "\n",
    "\t",
    "  ",
    ", ",
    " – ",
    " - ",
    " | ",
    " at ",
    " bei ",
    " presso ",
    "(",
    ")",
    "（",
    "）",
    "[",
    "•",
    "* ",
    "- ",
    "Framing Carpenter",
    "Acme Ltd",
    "GmbH",
    "Università di Bologna",
    "BSc",
    "Milano",
    "Leeds, UK",
    "03/2019",
    "2019 – 2021",
    "2017 – 2019",
    "Period\tPosition\tEmployer\n",
    "3 Jahre und 2 Monate",
    " **** ",
    "\r\n",
    "Leeds · permanent",
    "seit 2020",
    "'98 - '03",
    "Mar 2019 - Present",
    "01/2012/",
    "99/9999",
    "Python",
    "C1",
    "ada@example.org",
    "ü",
    "İ",
    "\u{200b}",
];

proptest! {
    #[test]
    fn no_text_breaks_the_reader(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..80)) {
        parse(&pieces.concat());
    }

    #[test]
    fn no_letters_break_the_reader(text in "[\\PC\n\t]{0,300}") {
        parse(&text);
    }
}

#[test]
fn labels_of_a_form_may_stand_one_space_before_their_values() {
    let text = "ESPERIENZA LAVORATIVA\n   • Date (da – a) Da marzo 2014 a tutt'oggi\n\
                • Nome e indirizzo del datore di lavoro Consorzio Piana del Salso, Licata\n   • Tipo di impiego Manutentore elettrico\n\n\
                ISTRUZIONE E FORMAZIONE\n   • Date (da – a) 2011\n   • Nome e tipo di istituto di istruzione o Istituto Sikania, Agrigento\n\
                formazione\n   • Qualifica conseguita Diploma di elettricista\n";
    assert_eq!(positions(text), ["Manutentore elettrico @ Consorzio Piana del Salso @ 2014-03"]);
    let profile = profile(text);
    assert_eq!(at(&profile, "/education/0/institution"), Some("Istituto Sikania"));
    assert_eq!(at(&profile, "/education/0/studyType"), Some("Diploma di elettricista"));
}

#[test]
fn a_second_post_of_a_form_has_the_employer_of_the_first() {
    let text = "Experiência profissional\n\nEmpresa: Lojas Bonita S/A\nCargo: Analista de RH (promovida em 02/2018)\nPeríodo: 02/2018 a 06/2021\n\
                Cargo: Assistente de RH\nPeríodo: 03/2015 a 01/2018\n\nEmpresa: Instituto do Meio\nCargo: Estagiária\nPeríodo: 2013 a 2014\n";
    assert_eq!(
        positions(text),
        [
            "Analista de RH @ Lojas Bonita S/A @ 2018-02",
            "Assistente de RH @ Lojas Bonita S/A @ 2015-03",
            "Estagiária @ Instituto do Meio @ 2013"
        ]
    );
}

#[test]
fn dates_of_a_part_of_a_position_open_none() {
    let text = "Work history\n\nAug 2015 - May 2019\nPOLLARD BEVERAGES LTD, Altona\nStoreperson (casual, then full time from 2016)\n- pick and pack\n\n\
                2012 - 2014\nApia Supplies Ltd, Apia\nTruck driver\n";
    assert_eq!(
        positions(text),
        ["Storeperson @ POLLARD BEVERAGES LTD @ 2015-08", "Truck driver @ Apia Supplies Ltd @ 2012"]
    );
}

#[test]
fn sentences_may_head_their_positions() {
    let text = "Esperienze professionali\nDal gennaio 2020 ad oggi: avvocato associato presso lo Studio Legale Bonaiuti, Ferrara. Contenzioso \
                giuslavoristico per imprese del settore alimentare.\nDal 2017 al 2019: praticante avvocato presso Studio Legale Zerbinati, Bologna. \
                Recupero crediti, redazione di atti e pareri.\n";
    assert_eq!(
        positions(text),
        [
            "avvocato associato @ Studio Legale Bonaiuti @ 2020-01",
            "praticante avvocato @ Studio Legale Zerbinati @ 2017"
        ]
    );
}

#[test]
fn a_place_may_stand_beside_the_period_and_labels_may_tell_it() {
    let text = "Work experience\n[ 01/03/2018 – Present ] Cluj-Napoca, Romania\nAccountant\nMobila Prest S.R.L.\n• monthly accounts\n\
                [ 06/2010 – 09/2010 ]\nStrawberry picker\nFinca Los Almorchones\nCity: Huelva | Country: Spain\n";
    assert_eq!(
        positions(text),
        ["Accountant @ Mobila Prest S.R.L. @ 2018-03", "Strawberry picker @ Finca Los Almorchones @ 2010-06"]
    );
    let profile = profile(text);
    assert_eq!(told(&profile, 0, "location"), Some("Cluj-Napoca, Romania"));
}

#[test]
fn empty_lines_may_part_period_title_and_employer() {
    let text = "Esperienze\n\n• set 2022 → oggi\n\nVisual merchandiser di area\n\nMaison Bellafronte S.p.A. · Bologna, Modena\n\n• Vetrine\n\n\
                • mar 2020 → ago 2022\n\nAssistant store manager\n\nCotone & Co. · Casalecchio di Reno\n\n• Cassa\n";
    assert_eq!(
        positions(text),
        [
            "Visual merchandiser di area @ Maison Bellafronte S.p.A. @ 2022-09",
            "Assistant store manager @ Cotone & Co. @ 2020-03"
        ]
    );
}

#[test]
fn a_row_of_columns_goes_on_with_no_item_above_it() {
    let text = "Experience\nSuffolk Court, Eastern Division\tBoston, MA\nJudicial Intern\tJan. 2025 – Apr. 2025\n\
                • Prepared bench memos for eleven motions to dismiss; proofread and cite-checked opinions\n\
                Harbor Legal Services\tChelsea, MA\nSenior Paralegal\tJuly 2022 – Aug. 2023\n";
    assert_eq!(positions(text)[1], "Senior Paralegal @ Harbor Legal Services @ 2022-07");
}

#[test]
fn names_in_quotation_marks_full_stops_and_items_are_employers() {
    for (employer, wanted) in [
        ("Cook \"Hotel Bellavista\" Rimini, 2019 – 2021\n- Ran the kitchen\n", "Hotel Bellavista"),
        ("Cook\t2019 – 2021\nQuillfeather Holdings, Sheffield.\n- Ran the kitchen\n", "Quillfeather Holdings"),
        ("Cook, Quillfeather Holdings. 2019 – 2021\n- Ran the kitchen\n", "Quillfeather Holdings"),
    ] {
        assert_eq!(positions(&format!("Experience\n\n{employer}")), [format!("Cook @ {wanted} @ 2019")], "{employer}");
    }
    let text = "Experience\n\nNurse, 2019 – today\n• Quillfeather Holdings, Sheffield\n• Did one thing\n\n\
                Carer, 2015 – 2018\n• Penhallow Group, Plymouth\n• Did another thing\n";
    assert_eq!(positions(text), ["Nurse @ Quillfeather Holdings @ 2019", "Carer @ Penhallow Group @ 2015"]);
}

#[test]
fn what_did_not_fit_on_a_line_belongs_to_it_and_grades_to_no_degree() {
    let text = "Formation\n2011\tDiplôme d’ingénieur, spécialité informatique décisionnelle – École\n              supérieure d’ingénierie du \
                Dauphiné, Grenoble\n2008\tDUT Informatique, IUT de Valence\n";
    let first = profile(text);
    assert_eq!(at(&first, "/education/0/institution"), Some("École supérieure d’ingénierie du Dauphiné"));
    assert_eq!(
        at(&first, "/education/0/studyType"),
        Some("Diplôme d’ingénieur, spécialité informatique décisionnelle")
    );
    let text = "Istruzione\n1992 – 1997\nDiploma di geometra, votazione 52/60\nI.T.G. Levante, Matera\n\nPagina 1 - Curriculum vitae di Rossi Anna\n";
    let second = profile(text);
    assert_eq!(at(&second, "/education/0/studyType"), Some("Diploma di geometra"));
    assert_eq!(second["education"].as_array().map(Vec::len), Some(1));
}

#[test]
fn endless_places_and_brackets_are_read_in_time() {
    let places = "Leeds, ".repeat(28_000);
    parse(&format!("Experience\n\nClerk\t2019 – 2021\n{places}\nAcme Ltd\n"));
    parse(&format!("Experience\n\nClerk {}x,\n2019 – 2021\n", "(a b) ".repeat(30_000)));
    parse(&format!("Experience\n\n{}\n2019 – 2021\n", "Rome e ".repeat(28_000)));
}

#[test]
fn endless_values_and_sentences_are_read_in_time() {
    for text in [
        format!("Experience\nEmployer: X\nTitle: Chef{}\nPeriod: 2019 - 2021\n", ", vae 1".repeat(30_000)),
        format!("Experience\nEmployer:{}\nTitle: Chef\nPeriod: 2019 - 2021\n", " a".repeat(60_000)),
        format!("Experience\n2019: {}\n", ";a".repeat(60_000)),
        format!("Experience\n2019 - 2020: Cook at {}\n", "\"a\" ".repeat(30_000)),
    ] {
        parse(&text);
    }
}

#[test]
fn two_letters_are_a_title_before_and_a_region_behind() {
    let text = "Experience\n\nHollin & Pryce Ltd, Reading\tNov 2020 – Aug 2021\nPA\n\nNurse, Ottersbrook Clinic Inc, Harrisburg, PA\n2015 – 2018\n";
    let profile = profile(text);
    assert_eq!(told(&profile, 0, "position"), Some("PA"));
    assert_eq!(told(&profile, 1, "name"), Some("Ottersbrook Clinic Inc"));
    assert_eq!(told(&profile, 1, "location"), Some("Harrisburg, PA"));
}

#[test]
fn a_carriage_return_makes_no_empty_line() {
    let text = "Work history\n\nReach truck driver\nQuillfeather Hub (through Brightpath Staffing), Doncaster iPort\nSept 2024 to present\n- loading\n";
    let expected = ["Reach truck driver @ Quillfeather Hub @ 2024-09"];
    assert_eq!(positions(text), expected);
    assert_eq!(positions(&text.replace('\n', "\r\n")), expected);
    assert_eq!(positions(&text.replace('\n', "\r")), expected);
}

#[test]
fn an_employer_with_the_time_of_all_positions_there_heads_them() {
    let text = "Career history\n\nQUILLFEATHER HOLDINGS PLC, LEEDS\tAug 2017 – Present\n\nTeam Leader, Inbound Service\tJan 2022 – Present\n- Line manager\n\n\
                Senior Advisor\tMar 2020 – Dec 2021\n- Escalated calls\n\nCustomer Service Advisor\tAug 2017 – Feb 2020\n- Billing\n\n\
                OTTERSBROOK INSURANCE LTD, YORK\tSep 2015 – Jul 2017\nClaims Handler\n- Home and motor\n";
    assert_eq!(
        positions(text),
        [
            "Team Leader, Inbound Service @ QUILLFEATHER HOLDINGS PLC @ 2022-01",
            "Senior Advisor @ QUILLFEATHER HOLDINGS PLC @ 2020-03",
            "Customer Service Advisor @ QUILLFEATHER HOLDINGS PLC @ 2017-08",
            "Claims Handler @ OTTERSBROOK INSURANCE LTD @ 2015-09"
        ]
    );
}

#[test]
fn a_position_beside_others_of_its_time_heads_none() {
    let text = "Experience\n\nChoir conductor, Quillfeather Singers, Leeds\t2010 – present\n\nTeacher, Ottersbrook School, York\t2015 – present\n\n\
                Teacher, Brightpath Academy, Hull\t2010 – 2015\n";
    assert_eq!(
        positions(text),
        [
            "Choir conductor @ Quillfeather Singers @ 2010",
            "Teacher @ Ottersbrook School @ 2015",
            "Teacher @ Brightpath Academy @ 2010"
        ]
    );
}

#[test]
fn employers_of_a_table_may_have_rows_of_their_own() {
    let text = "Work experience\n\nPeriod\tPosition and duties\tLocation\nQuillfeather Hotels LLC (4-star, 312 rooms) February 2014 – Present\n\
                06/2021 – Present\tFront Office Manager\tDubai\n  Heading a team of 34\n02/2014 – 05/2021\tGuest Service Agent\tAbu Dhabi\n\
                Hotel Ottersbrook\n07/2012 – 12/2013\tFront Office Assistant\tKumily\n";
    assert_eq!(
        positions(text),
        [
            "Front Office Manager @ Quillfeather Hotels LLC @ 2021-06",
            "Guest Service Agent @ Quillfeather Hotels LLC @ 2014-02",
            "Front Office Assistant @ Hotel Ottersbrook @ 2012-07"
        ]
    );
    assert_eq!(told(&profile(text), 1, "location"), Some("Abu Dhabi"));
}

#[test]
fn a_place_with_a_remark_may_stand_between_title_and_employer() {
    let below = "Experiencia\n\nArquitecta de proyectos\t03/2021 – actualidad\nValencia · Contrato indefinido\nTaller Quillfeather\n• Proyecto básico\n\n\
                 Arquitecta junior\t09/2018 – 02/2021\nRotterdam, Países Bajos · Temporal\nEstudi Ottersbrook, S.L.P.\n";
    assert_eq!(
        positions(below),
        [
            "Arquitecta de proyectos @ Taller Quillfeather @ 2021-03",
            "Arquitecta junior @ Estudi Ottersbrook, S.L.P. @ 2018-09"
        ]
    );
    let above = "Experiência profissional\n\nFisioterapeuta\n\nCoimbra | Contrato sem termo\nClínica Quillfeather, Lda.\njan. 2020 – presente\nConsultas.\n\n\
                 Fisioterapeuta\n\nLeiria | Contrato a termo certo\nHospital Ottersbrook\nabr. 2016 – dez. 2019\nOrtopedia.\n";
    let found = positions(above);
    assert_eq!(found[1], "Fisioterapeuta @ Hospital Ottersbrook @ 2016-04");
    assert_eq!(told(&profile(above), 0, "location"), Some("Coimbra"));
}

#[test]
fn how_long_something_was_is_no_title_and_no_employer() {
    let beside = "Berufserfahrung von Cem Brandner\n\nBis heute 3 Jahre und 5 Monate, seit Juli 2022\nTeamleiter Bauleitplanung\nStadt Quillfeld\n\n\
                  4 Jahre und 9 Monate, Okt. 2017 - Juni 2022\nStadtplaner\nStadt Quillfeld\n";
    assert_eq!(
        positions(beside),
        ["Teamleiter Bauleitplanung @ Stadt Quillfeld @ 2022-07", "Stadtplaner @ Stadt Quillfeld @ 2017-10"]
    );
    let beneath = "Experiencia profesional\n\n•\noctubre 2020 - Actualmente\n5 años y 2 meses\n\nEncargado general\n\nEdificaciones Quillfeather, S.L.\nPromociones.\n\
                   •\nmayo 2016 - septiembre 2020\n4 años y 5 meses\n\nEncargado de estructura\n\nConstrucciones Ottersbrook, S.A.\nHospital.\n";
    assert_eq!(
        positions(beneath),
        [
            "Encargado general @ Edificaciones Quillfeather, S.L. @ 2020-10",
            "Encargado de estructura @ Construcciones Ottersbrook, S.A. @ 2016-05"
        ]
    );
}

#[test]
fn starts_and_ends_may_stand_beneath_each_other() {
    let text = "Percurso profissional\n        set. 2021\tGestora de Clientes\n  até ao presente\tBanco Quillfeather, Maia\n            • Carteira\n\n\
                jan. 2018\tGestora de Particulares\n       ago. 2021\tBanco Ottersbrook, Gaia\n\n        out. 2016\tAssistente\n       dez. 2017\tCaixa Brightpath, Espinho\n";
    let profile = profile(text);
    assert_eq!(told(&profile, 1, "startDate"), Some("2018-01"));
    assert_eq!(told(&profile, 1, "endDate"), Some("2021-08"));
    assert_eq!(told(&profile, 0, "endDate"), None);
    assert_eq!(told(&profile, 2, "name"), Some("Caixa Brightpath"));
    // Two entries of one line each are no start and end.
    let two =
        "WORK EXPERIENCE\n\nMay 2016\tCHEF, ACME LTD\nJune 2018\tHEAD CHEF, ACME LTD\nMarch 2022\tOWNER, FOO LTD\n";
    let profile = self::profile(two);
    let starts = [0, 1, 2].map(|number| told(&profile, number, "startDate"));
    assert_eq!(starts, [Some("2016-05"), Some("2018-06"), Some("2022-03")]);
}

#[test]
fn towns_that_nobody_knows_stand_where_towns_stand() {
    let text = "ESPERIENZA LAVORATIVA\n\n04/2019 – ATTUALE – Monfalcone, Italia\nCAPO SQUADRA TUBISTI – QUILLFEATHER IMPIANTI S.R.L.\n◦ Organizzazione\n\
                09/2012 – 03/2019 – Monfalcone, Italia\nTUBISTA NAVALE – CANTIERE OTTERSBROOK S.P.A.\nMontaggio.\n\
                09/2004 – 09/2006 – Ronchi dei Legionari, Italia\nAPPRENDISTA IDRAULICO – TERMOIDRAULICA BRAITPAT RENZO\n";
    let profile = profile(text);
    assert_eq!(told(&profile, 2, "position"), Some("APPRENDISTA IDRAULICO"));
    assert_eq!(told(&profile, 2, "name"), Some("TERMOIDRAULICA BRAITPAT RENZO"));
    assert_eq!(told(&profile, 2, "location"), Some("Ronchi dei Legionari, Italia"));
}

#[test]
fn a_position_with_its_employer_is_no_heading_of_a_part() {
    let text = "Stationen\n\nRedakteurin bei Radio Quillfeather\n\nOktober 2015 bis Juni 2016, Linz\nLokales, Chronik.\n\n\
                Ferialpraktikantin bei Studio Ottersbrook\n\nSommer 2013, Kirchdorf\n\nAusbildung\n\nMatura, Gymnasium Ried, 2008\n";
    assert_eq!(
        positions(text),
        ["Redakteurin @ Radio Quillfeather @ 2015-10", "Ferialpraktikantin @ Studio Ottersbrook @ 2013"]
    );
}

#[test]
fn stars_of_a_hotel_end_its_name_and_a_name_goes_on_behind_small_words() {
    let starred = "Experiencia\n\n2016 – 2021\tHOTEL QUILLFEATHER **** Benidorm\n     Camarera de pisos\n";
    assert_eq!(told(&profile(starred), 0, "name"), Some("HOTEL QUILLFEATHER"));
    let broken = "Appointments\n2017–2021\tLecturer in Marine Ecology (0.8 FTE), School of Biology, University of the\n                Quillfeather Coast, Hull.\n\
                  2014–2016\tPostdoctoral Researcher, Ottersbrook Institute, Leeds\n";
    assert!(
        told(&profile(broken), 0, "name").is_some_and(|name| name.ends_with("University of the Quillfeather Coast"))
    );
}

#[test]
fn periods_at_the_foot_of_entries_head_them() {
    let text = "Esperienze di lavoro\n\nGuida turistica\n\nLibera professionista (P. IVA)\nVisite a Padova per agenzie e scuole.\nda aprile 2019\n\n\
                Operatrice didattica\n\nMuseo Quillfeather, Chioggia\nLaboratori per la scuola primaria.\n2017 – 2024\n\n\
                Addetta al booking\n\nOttersbrook Viaggi Srl, Abano Terme\nPreventivi per gruppi.\nmarzo 2015 – marzo 2019\n";
    assert_eq!(
        positions(text),
        [
            "Guida turistica @ - @ 2019-04",
            "Operatrice didattica @ Museo Quillfeather @ 2017",
            "Addetta al booking @ Ottersbrook Viaggi Srl @ 2015-03"
        ]
    );
}

#[test]
fn items_that_head_positions_may_have_titles_beneath_and_items_of_their_own() {
    let text = "EXPERIENCIA PROFESIONAL\n\n*  Desde octubre 2016 hasta la actualidad: TALLERES QUILLFEATHER, S.L. (Basauri)\n   Administrativa contable\n\
                   - Facturación\n   - Impuestos\n\n*  Enero 2009 - mayo 2016: GESTORÍA OTTERSBROOK (Bilbao)\n   Auxiliar administrativa, jornada reducida desde 2012\n\
                   - Atención al público\n   - Nóminas\n\n*  Desde marzo 2001 hasta diciembre 2008: Suministros Brightpath, S.A.\n   Recepcionista\n";
    assert_eq!(
        positions(text),
        [
            "Administrativa contable @ TALLERES QUILLFEATHER, S.L. @ 2016-10",
            "Auxiliar administrativa @ GESTORÍA OTTERSBROOK @ 2009-01",
            "Recepcionista @ Suministros Brightpath, S.A. @ 2001-03"
        ]
    );
}

#[test]
fn an_employer_may_stand_above_the_labels_and_two_dates_on_one_line() {
    let above = "Experiência profissional\nRestaurante Quillfeather – Cacilhas\nCargo: Cozinheiro de 1.ª\nPeríodo: Maio/2022 até o momento\n• Grelha\n\
                 Tasca Ottersbrook – Lisboa\nCargo: Cozinheiro de 2.ª\nPeríodo: Outubro/2019 a Abril/2022\n• Petiscos\n";
    assert_eq!(
        positions(above),
        ["Cozinheiro de 1.ª @ Restaurante Quillfeather @ 2022-05", "Cozinheiro de 2.ª @ Tasca Ottersbrook @ 2019-10"]
    );
    let two = "Experiência profissional\nEmpresa: Colégio Quillfeather\nFunção: Auxiliar de cozinha\nAdmissão: 01/02/2009 Saída: 30/09/2013\n\
               Empresa: Restaurante Ottersbrook\nCargo: Cozinheira\nPeríodo: 10/2005 a 03/2008\n";
    let profile = profile(two);
    assert_eq!(told(&profile, 0, "startDate"), Some("2009-02"));
    assert_eq!(told(&profile, 0, "endDate"), Some("2013-09"));
}

#[test]
fn titles_behind_as_agencies_and_what_firms_do_are_told_apart() {
    let text = "Berufserfahrung\n\nSept. 1998 – Dez. 2009\tQuillfeather Maschinen AG, Abt. Fertigung, als Dreher\n\n\
                10.2011 bis 06.2012\tLagermitarbeiter\nüber Ottersbrook Personal, Luzern\n\n\
                2013 – 2017\tBuchhalterin\nSC Brightpath SRL, Onești (firmă de contabilitate)\n";
    let profile = profile(text);
    assert_eq!(told(&profile, 0, "position"), Some("Dreher"));
    assert_eq!(told(&profile, 1, "name"), Some("Ottersbrook Personal"));
    assert_eq!(told(&profile, 2, "name"), Some("SC Brightpath SRL"));
}

#[test]
fn a_page_may_end_between_title_and_period() {
    let text = "Experience\n\nQuillfeather Ltd\nCategory buyer\nNovember 2015 - Present (10 years)\nLeeds\n\nOttersbrook Ltd\nGraduate trainee\n\n\
                    Page 1 of 2\n\n\nNovember 2014 - October 2015 (1 year)\nIbadan, Nigeria\n";
    assert_eq!(
        positions(text),
        ["Category buyer @ Quillfeather Ltd @ 2015-11", "Graduate trainee @ Ottersbrook Ltd @ 2014-11"]
    );
}

#[test]
fn labels_and_headings_that_broke_are_whole() {
    let text = "ESPERIENZA\nPROFESSIONALE\n   • Date (da – a)\tMarzo 2015 – ad oggi\n • Nome e indirizzo del datore di\tQuillfeather S.r.l. – Fano\n\
                        lavoro\n   • Tipo di azienda o settore\tMetalmeccanica\n   • Tipo di impiego\tResponsabile amministrativa\n\
                   • Principali mansioni e\tBilancio civilistico\n     responsabilità\tproprietà.\n\n   • Date (da – a)\tSettembre 2008 – Febbraio 2015\n\
                 • Nome e indirizzo del datore di\tOttersbrook S.p.A. – Pesaro\n      lavoro\n   • Tipo di impiego\tImpiegata contabile\n";
    assert_eq!(
        positions(text),
        [
            "Responsabile amministrativa @ Quillfeather S.r.l. @ 2015-03",
            "Impiegata contabile @ Ottersbrook S.p.A. @ 2008-09"
        ]
    );
}

#[test]
fn sentences_may_part_period_title_and_employer() {
    let text = "EXPERIENCIA LABORAL\nSeptiembre 2017 - actualidad. Educadora infantil. Escuela Quillfeather (Vigo). Tutora del aula de 1-2 años.\n\
                Enero 2015 - julio 2017. Educadora y responsable de comedor. Guardería Ottersbrook S.L., Nigrán. Jornada parcial.\n\
                2007-2010. Dependienta. Confecciones Brightpath, Redondela.\n";
    assert_eq!(
        positions(text),
        [
            "Educadora infantil @ Escuela Quillfeather @ 2017-09",
            "Educadora y responsable de comedor @ Guardería Ottersbrook S.L. @ 2015-01",
            "Dependienta @ Confecciones Brightpath @ 2007"
        ]
    );
}

#[test]
fn what_a_semicolon_parts_from_a_heading_is_text() {
    let text = "Berufstätigkeit\n01.01.2009 - 30.06.2019\tSachbearbeiterin Auftragsabwicklung, Quillfeather GmbH, Celle; ab 2014 zusätzlich Vertretung der \
                Geschäftsleitung und des Einkaufs\n01.04.2003 - 31.12.2008\tSchreibkraft (Minijob), Ottersbrook GmbH, Celle\n";
    let profile = profile(text);
    assert_eq!(told(&profile, 0, "position"), Some("Sachbearbeiterin Auftragsabwicklung"));
    assert_eq!(told(&profile, 0, "name"), Some("Quillfeather GmbH"));
    assert!(told(&profile, 0, "summary").is_some_and(|text| text.starts_with("ab 2014")));
}

#[test]
fn starts_and_ends_beneath_each_other_may_have_a_dash_or_a_word() {
    let text = "Expérience\n\nDepuis\tGestionnaire de paie\njanv. 2020\tCabinet Quillfeather, Tours (CDI)\n         • Bulletins\n\n\
                Sept. 2016\tAssistante paie\n– déc. 2019\tBiscuiterie Ottersbrook SAS, Amboise\n         • Absences\n";
    assert_eq!(
        positions(text),
        [
            "Gestionnaire de paie @ Cabinet Quillfeather @ 2020-01",
            "Assistante paie @ Biscuiterie Ottersbrook SAS @ 2016-09"
        ]
    );
    assert_eq!(told(&profile(text), 1, "endDate"), Some("2019-12"));
}

#[test]
fn an_unpaid_internship_is_a_position_and_contracts_are_no_part_of_names() {
    let text = "Experience\n\nLegal intern (unpaid), Quillfeather Law Centre\t2023 – 2024\n\nSteward (unpaid), Ottersbrook Festival\t2021 – 2022\n";
    assert_eq!(positions(text), ["Legal intern (unpaid) @ Quillfeather Law Centre @ 2023"]);
    let text = "Expérience\n\nCueilleur de fruits\t2016 – 2018\nVergers Quillfeather (saisonnier)\n\nImpiegata contabile tempo indeterminato\t2014 – 2015\nOttersbrook Srl\n";
    let profile = profile(text);
    assert_eq!(told(&profile, 0, "name"), Some("Vergers Quillfeather"));
    assert_eq!(told(&profile, 1, "position"), Some("Impiegata contabile"));
}
