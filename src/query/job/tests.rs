//! Job texts in several languages, and what is read out of them.

use super::*;

const ENGLISH: &str = "\
Senior Rust Engineer (m/f/d)

About us
We are a family business of forty years that ships parcels.

Location: Milan, Italy
What you will do
- Build payment services in Rust and Kafka
- Review the code of others

Requirements:
- 5+ years of experience with backend systems
- Rust, Kubernetes, PostgreSQL
- Fluent English and Italian
- Experience with Go is a plus

Nice to have
- Terraform
- German

What we offer
- A salary of up to 70,000 and 30 days of holiday
- Yoga in Java Street

How to apply
Send your CV in Python format.";

#[test]
fn an_english_job_is_read() {
    let job = read_job(None, ENGLISH);
    assert_eq!(job.title.as_deref(), Some("Senior Rust Engineer"));
    assert_eq!(job.language, Some("en"));
    assert!(
        ["Rust", "Kubernetes", "PostgreSQL"].iter().all(|skill| job.must.contains(&(*skill).to_owned())),
        "{job:?}"
    );
    assert!(job.nice.contains(&"Terraform".to_owned()) && !job.must.contains(&"Terraform".to_owned()), "{job:?}");
    assert!(job.duties.iter().any(|line| line.starts_with("Build payment")), "{job:?}");
    assert!(!job.must.iter().any(|skill| skill.contains("Italian")), "{job:?}");
    let facts: Vec<(JobFactKind, &str)> = job.facts.iter().map(|fact| (fact.kind, fact.value.as_str())).collect();
    let expected = [
        (JobFactKind::Seniority, "senior"),
        (JobFactKind::Place, "Milan, IT"),
        (JobFactKind::Years, "5"),
        (JobFactKind::Language, "English"),
        (JobFactKind::Language, "Italian"),
    ];
    assert_eq!(facts, expected);
    let left_out: Vec<&str> = job.left_out.iter().map(|part| part.about).collect();
    assert_eq!(left_out, ["company", "benefits", "apply"]);
    let (_, plan) = job.plan(&WEIGHTS);
    let words: Vec<&str> = plan.wishes.iter().map(|wish| wish.exact.as_str()).collect();
    assert!(words.contains(&"rust") && words.contains(&"terraform"), "{words:?}");
    assert!(!["yoga", "java", "python", "parcels"].iter().any(|word| words.contains(word)), "{words:?}");
}

const WEIGHTS: JobWeights = JobWeights { title: 3.0, must: 2.0, nice: 1.0, duties: 1.0, occupation: 5.0 };

#[test]
fn other_languages_have_the_same_parts() {
    for (text, title, must, nice, facts) in [
        (
            "Pflegefachkraft (m/w/d)\n\nIhre Aufgaben\n• Pflege auf der Intensivstation\n\nIhr Profil\n• Mindestens 3 Jahre Berufserfahrung\n• Wundversorgung\n• Sehr gute Deutschkenntnisse\n• Führerschein von Vorteil\n\nWir bieten\n• Obst\n\nStandort: Berlin",
            "Pflegefachkraft",
            "Wundversorgung",
            "",
            vec!["Berlin, DE", "3", "German"],
        ),
        (
            "Contabile senior\nChi siamo\nUna azienda di Torino.\nRequisiti\n- Almeno 4 anni di esperienza\n- Bilancio\n- Buona conoscenza dell'inglese\nTitolo preferenziale\n- SAP\nCosa offriamo\n- Mensa\nSede: Torino",
            "Contabile senior",
            "Bilancio",
            "SAP",
            vec!["senior", "Turin, IT", "4", "English"],
        ),
        (
            "Ingeniero de datos\nFunciones\n- Mantener los flujos de datos\nRequisitos\n- Python\n- Inglés nivel B2\nSe valora\n- Kafka\nOfrecemos\n- Teletrabajo",
            "Ingeniero de datos",
            "Python",
            "Kafka",
            vec!["English", "yes"],
        ),
        (
            "Comptable\nVos missions\n- Tenir les comptes\nProfil recherché\n- Excel\n- 2 ans d'expérience\nUn plus\n- Sage\nNous offrons\n- Tickets restaurant",
            "Comptable",
            "Excel",
            "Sage",
            vec!["2"],
        ),
        (
            "Inginer mecanic\nResponsabilitățile:\n- Proiectarea sistemelor\nCompetențe necesare:\n- AutoCAD\nCalificări preferate:\n- HVAC\nCeea ce oferim:\n- Cafea\nPentru a aplica:\n- Trimiteți CV-ul",
            "Inginer mecanic",
            "AutoCAD",
            "HVAC",
            vec![],
        ),
    ] {
        let job = read_job(None, text);
        assert_eq!(job.title.as_deref(), Some(title));
        assert!(!job.must.iter().any(|skill| skill.contains(['2', '3', '4'])), "{job:?}");
        assert!(job.must.iter().any(|skill| skill == must), "{must}: {job:?}");
        assert!(nice.is_empty() || job.nice.iter().any(|skill| skill == nice), "{nice}: {job:?}");
        let read: Vec<&str> = job.facts.iter().map(|fact| fact.value.as_str()).collect();
        assert_eq!(read, facts, "{text}");
        assert!(job.left_out.iter().any(|part| part.about == "benefits"), "{job:?}");
    }
}

#[test]
fn every_line_is_read_or_left_aside() {
    let job = read_job(None, ENGLISH);
    let (ast, _) = job.plan(&WEIGHTS);
    let told: String =
        job.left_out.iter().map(|part| part.text.as_str()).chain([ast.text.as_str()]).collect::<Vec<_>>().join("\n");
    let facts: String = job.facts.iter().map(|fact| fact.line.as_str()).collect::<Vec<_>>().join("\n");
    for token in text::tokens(ENGLISH) {
        let is_heading = ["what", "you", "will", "do", "requirements", "nice", "to", "have", "m", "f", "d"]
            .contains(&token.exact.as_str());
        let is_told = told.to_lowercase().contains(&token.lower) || facts.to_lowercase().contains(&token.lower);
        assert!(is_told || is_heading, "{}", token.lower);
    }
}

#[test]
fn a_stated_title_stands_and_a_text_without_headings_is_read_whole() {
    let job = read_job(
        Some("Baker"),
        "Baker\nWe are looking for somebody who bakes bread with Python at night.\nWe offer free rolls.",
    );
    assert_eq!((job.title.as_deref(), job.duties.len()), (Some("Baker"), 1));
    assert_eq!(job.left_out[0].about, "benefits");
    let job = read_job(None, "");
    assert_eq!((job.title, job.must.len(), job.duties.len()), (None, 0, 0));
}

#[test]
fn facts_need_their_words() {
    let facts = |line: &str| {
        let job = read_job(Some("Clerk"), &format!("Requirements\n- {line}"));
        job.facts.into_iter().map(|fact| fact.value).collect::<Vec<_>>()
    };
    assert_eq!(facts("3-5 years of experience"), ["3"]);
    assert_eq!(facts("at least two things"), [""; 0]);
    assert_eq!(facts("Experience with English literature departments and their many customs"), [""; 0]);
    assert_eq!(facts("German C1"), ["German"]);
    assert_eq!(facts("Fully remote position"), ["yes"]);
    assert_eq!(facts("Fully remote position, not for contractors"), [""; 0]);
    let duties =
        read_job(Some("Clerk"), "Our company exists for 100 years and grows each year.\nFor 5 years we have grown.");
    assert_eq!(duties.facts, []);
}

#[test]
fn hostile_texts_are_read_in_bounded_time() {
    for text in [
        "-\n".repeat(20_000),
        "a:".repeat(30_000),
        "Requirements\n".repeat(5_000),
        ", ".repeat(30_000),
        "years ".repeat(10_000),
    ] {
        let job = read_job(None, &text);
        assert!(job.must.len() <= 100 && job.nice.len() <= 100);
        job.plan(&WEIGHTS);
    }
}

fn duties_must_nice(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let job = read_job(Some("Clerk"), text);
    (job.duties, job.must, job.nice)
}

#[test]
fn bullets_of_every_kind_are_items() {
    for bullet in ["-", "*", "•", "1.", "2)"] {
        let text = format!(
            "Requirements\n{bullet} Payroll, compensation and benefits\n{bullet} Rust\n{bullet} Terraform is a plus"
        );
        let (_, must, nice) = duties_must_nice(&text);
        assert_eq!(
            (must, nice),
            (vec!["Payroll".into(), "compensation and benefits".into(), "Rust".into()], vec!["Terraform".to_owned()]),
            "{bullet}"
        );
    }
    let (_, must, _) = duties_must_nice("**Requirements**\n- Rust\n*Benefits*\n- Yoga");
    assert_eq!(must, ["Rust"]);
}

#[test]
fn an_unknown_heading_opens_duties() {
    let job = read_job(Some("Clerk"), "Benefits\n- Yoga\nTech stack:\n- Rust and Kafka");
    assert_eq!((job.duties, job.left_out.len()), (vec!["Tech stack".to_owned(), "Rust and Kafka".to_owned()], 1));
}

#[test]
fn content_is_no_heading() {
    let (duties, must, _) = duties_must_nice("Gute Kenntnisse in Java und Spring\nYou have experience with Rust");
    assert_eq!((duties.len(), must), (2, vec!["Java".to_owned(), "Spring".into(), "Rust".into()]));
    // A value beside a label says nothing of what follows.
    let (duties, ..) = duties_must_nice("Salary: 50,000\nWrites letters to those who wait.");
    assert_eq!(duties, ["Writes letters to those who wait."]);
    assert_eq!(read_job(None, "Privacy Officer\nRequirements\n- Law").title.as_deref(), Some("Privacy Officer"));
    let (duties, ..) = duties_must_nice("To apply machine learning to the claims of patients is your work.");
    assert_eq!(duties.len(), 1);
}

#[test]
fn a_language_among_skills_leaves_the_skills() {
    let (_, must, _) =
        duties_must_nice("Requirements\n- Python, Django, good English\n- Fluent German and Italian\n- French pastry");
    assert!(["Python", "Django"].iter().all(|skill| must.contains(&(*skill).to_owned())), "{must:?}");
    assert!(
        must.contains(&"French pastry".to_owned()) && !must.iter().any(|skill| skill.contains("German")),
        "{must:?}"
    );
}

#[test]
fn years_are_those_of_work() {
    let years = |line: &str| {
        let job = read_job(Some("Clerk"), &format!("Requirements\n- {line}"));
        job.facts.into_iter().find(|fact| fact.kind == JobFactKind::Years).map(|fact| fact.value)
    };
    assert_eq!(years("Ideally an engineer with 5 years of experience"), Some("5".to_owned()));
    assert_eq!(years("2 ans d'expérience"), Some("2".to_owned()));
    for line in ["NVQ Level 3 or an equivalent", "At least 18 years old", "Travel 2 weeks a year"] {
        assert_eq!(years(line), None, "{line}");
    }
}

#[test]
fn a_stated_title_replaces_the_one_of_the_text() {
    let job = read_job(Some("Baker"), "Welder (m/f/d)\nRequirements\n- Bread");
    assert!(!job.duties.iter().chain(&job.must).any(|line| line.contains("Welder")), "{job:?}");
    assert_eq!((job.left_out[0].about, job.left_out[0].text.as_str()), ("title", "Welder (m/f/d)"));
    assert_eq!(read_job(Some("Welder"), "Welder (m/f/d)").left_out, []);
}

#[test]
fn saying_it_again_changes_no_plan() {
    let again = ENGLISH.replace(
        "- Build payment services in Rust and Kafka",
        &"- Build payment services in Rust and Kafka\n".repeat(300),
    );
    let wishes = |text: &str| {
        let (_, plan) = read_job(None, text).plan(&WEIGHTS);
        plan.wishes.into_iter().map(|wish| (wish.exact, wish.weight)).collect::<Vec<_>>()
    };
    assert_eq!(wishes(&again), wishes(ENGLISH));
}
