//! Years, seniority, languages, place and remote work in a job text.

use super::headings::{self, Kind};
use super::sections::Line;
use super::{JobFact, JobFactKind};
use crate::places::Gazetteer;
use crate::query::filter::{FilterSet, NearFilter, Selection, YearRange};
use crate::text::{TokenList, longest_spoken_language, spoken_language_name};

/// Words for years, folded, in the languages of the headings.
const YEARS: &[&str] = &[
    "year", "years", "yrs", "anni", "anno", "jahre", "jahren", "jahr", "ano", "anos", "an", "ans", "jaar", "ani",
    "lat", "lata", "rok",
];

/// Words for years that are others too: only after a number.
const NEEDS_NUMBER: &[&str] = &["an", "ano", "lat", "rok"];

/// "Two weeks a year".
const EACH: &[&str] = &["a", "per", "pro", "each", "every", "al", "por", "par"];

/// "18 years old".
const OF_AGE: &[&str] = &["old", "alt", "age", "eta", "edad"];

/// What years of a position are years of; "5 years" of anything else is the age of a company.
const EXPERIENCE: &[&str] = &[
    "experience",
    "esperienza",
    "erfahrung",
    "berufserfahrung",
    "berufspraxis",
    "experiencia",
    "experienta",
    "ervaring",
    "werkervaring",
    "doswiadczenia",
    "doswiadczenie",
];

/// More years are asked for by nobody.
const MOST_YEARS: u32 = 30;

/// Words of a title that tell a rung.
const RUNGS: &[(&str, &[&str])] = &[
    (
        "intern",
        &[
            "intern",
            "internship",
            "trainee",
            "praktikant",
            "praktikum",
            "werkstudent",
            "azubi",
            "stagista",
            "tirocinante",
            "becario",
            "stagiaire",
            "stagiar",
        ],
    ),
    ("junior", &["junior", "jr"]),
    ("senior", &["senior", "sr", "principal", "experienced", "erfahrener", "superior"]),
    (
        "lead",
        &[
            "lead",
            "head",
            "chief",
            "director",
            "leiter",
            "leiterin",
            "teamleiter",
            "teamleiterin",
            "responsabile",
            "direttore",
            "jefe",
            "jefa",
            "responsable",
            "manager",
        ],
    ),
];

/// Words beside a language that say how well it is to be spoken, or that it is.
const LEVELS: &[&str] = &[
    "fluent",
    "fluency",
    "fluently",
    "native",
    "proficient",
    "proficiency",
    "speaking",
    "spoken",
    "speak",
    "language",
    "languages",
    "business",
    "excellent",
    "good",
    "a1",
    "a2",
    "b1",
    "b2",
    "c1",
    "c2",
    "fliessend",
    "fliessende",
    "verhandlungssicher",
    "verhandlungssichere",
    "muttersprache",
    "deutschkenntnisse",
    "sprachkenntnisse",
    "kenntnisse",
    "gute",
    "sehr",
    "fluente",
    "ottima",
    "ottimo",
    "buona",
    "buono",
    "lingua",
    "madrelingua",
    "conoscenza",
    "fluido",
    "nivel",
    "idioma",
    "idiomas",
    "dominio",
    "courant",
    "langue",
    "maitrise",
    "niveau",
    "fluencia",
    "vloeiend",
    "vloeiende",
    "taal",
    "goede",
    "fluenta",
    "limba",
    "avansat",
    "cunoasterea",
    "biegla",
    "znajomosc",
    "jezyka",
];

/// Before a colon: where the work is.
const PLACE_LABELS: &[&str] = &[
    "location",
    "place",
    "place of work",
    "work location",
    "office",
    "based in",
    "sede",
    "sede di lavoro",
    "luogo",
    "luogo di lavoro",
    "localita",
    "standort",
    "arbeitsort",
    "ort",
    "einsatzort",
    "ubicacion",
    "lugar",
    "lugar de trabajo",
    "localidad",
    "lieu",
    "lieu de travail",
    "localisation",
    "local",
    "local de trabalho",
    "localizacao",
    "locatie",
    "standplaats",
    "werklocatie",
    "locatia",
    "locul de munca",
    "lokalizacja",
    "miejsce pracy",
    "工作地点",
];

/// What says that the work is remote.
const REMOTE: &[&str] = &[
    "fully remote",
    "100 remote",
    "remote position",
    "remote job",
    "remote role",
    "remote first",
    "work from anywhere",
    "work from home",
    "remote work",
    "da remoto",
    "full remote",
    "completamente da remoto",
    "vollstandig remote",
    "komplett remote",
    "teletrabajo",
    "en remoto",
    "100 remoto",
    "teletravail complet",
    "full teletravail",
    "trabalho remoto",
    "volledig remote",
    "telemunca",
    "praca zdalna",
    "zdalnie",
    "远程",
];

/// What takes it back.
const NOT_REMOTE: &[&str] = &[
    "no", "not", "non", "kein", "keine", "nicht", "pas", "sin", "sem", "geen", "nu", "nie", "hybrid", "ibrido",
    "hibrido", "hybride", "days", "giorni", "tage",
];

/// The facts of a text, in the order: seniority, place, then those of its lines.
pub(super) fn facts(title: Option<&str>, body: &str, lines: &[Line<'_>]) -> Vec<JobFact> {
    let mut facts: Vec<JobFact> = title.and_then(seniority).into_iter().collect();
    facts.extend(body.lines().find_map(place));
    for line in lines.iter().filter(|line| line.kind.left_out().is_none()) {
        let tokens = TokenList::of(line.text);
        let forms: Vec<&str> = tokens.exact_forms().collect();
        let is_new = |kind| !facts.iter().any(|fact: &JobFact| fact.kind == kind);
        let fact = |kind, value: String| JobFact { kind, value, line: line.text.to_owned() };
        if let Some(years) = years(&forms, line.kind).filter(|_| is_new(JobFactKind::Years)) {
            facts.push(fact(JobFactKind::Years, years.to_string()));
        }
        let needed = line.kind != Kind::Nice && !headings::is_nice(line.text);
        for language in languages(&forms, line.kind).into_iter().filter(|_| needed) {
            if !facts.iter().any(|known| known.kind == JobFactKind::Language && known.value == language) {
                facts.push(fact(JobFactKind::Language, language.to_owned()));
            }
        }
    }
    if let Some(line) = body.lines().find(|line| is_remote(line)) {
        facts.push(JobFact { kind: JobFactKind::Remote, value: "yes".to_owned(), line: line.trim().to_owned() });
    }
    facts
}

/// Facts as filters. Seniority is none: it is a word of the title.
pub(super) fn filters(facts: &[JobFact]) -> FilterSet {
    let mut filters = FilterSet::default();
    for fact in facts {
        match fact.kind {
            JobFactKind::Years => {
                filters.years = fact.value.parse().ok().map(|least| YearRange { min: Some(least), max: None });
            }
            JobFactKind::Language => {
                filters.languages.get_or_insert_with(Selection::default).all.push(fact.value.clone());
            }
            JobFactKind::Place => filters.near = Some(NearFilter { place: fact.value.clone(), km: None }),
            JobFactKind::Remote => filters.remote = Some(true),
            JobFactKind::Seniority => {}
        }
    }
    filters
}

fn seniority(title: &str) -> Option<JobFact> {
    let tokens = TokenList::of(title);
    let has = |words: &[&str]| tokens.exact_forms().any(|token| words.contains(&token));
    let (rung, _) = RUNGS.iter().find(|(_, words)| has(words))?;
    Some(JobFact { kind: JobFactKind::Seniority, value: (*rung).to_owned(), line: title.to_owned() })
}

/// "5+ years of experience", "mindestens 3 Jahre Berufserfahrung", "3-5 anni": the least of them.
fn years(forms: &[&str], kind: Kind) -> Option<u32> {
    let speaks = kind == Kind::Must || forms.iter().any(|form| EXPERIENCE.contains(form));
    let is_years = |at: &usize| {
        let before = at.checked_sub(1).and_then(|before| forms.get(before)).copied().unwrap_or_default();
        let is_number = before.parse::<u32>().is_ok();
        let after = forms.get(at + 1).copied().unwrap_or_default();
        YEARS.contains(&forms[*at])
            && (is_number || !NEEDS_NUMBER.contains(&forms[*at]))
            && !EACH.contains(&before)
            && !OF_AGE.contains(&after)
    };
    let read = |at: usize| {
        let before = forms.get(at.saturating_sub(3)..at)?;
        before.iter().filter_map(|form| form.parse().ok()).filter(|years| (1..=MOST_YEARS).contains(years)).min()
    };
    (0..forms.len()).filter(is_years).find_map(read).filter(|_| speaks)
}

/// The English names of the languages that a line asks for.
fn languages(forms: &[&str], kind: Kind) -> Vec<&'static str> {
    let (found, further) = languages_among(forms);
    let says_level = forms.iter().any(|form| LEVELS.contains(form));
    if says_level || (kind == Kind::Must && further == 0) { found } else { Vec::new() }
}

/// Whether a line names languages and says nothing else: "Fluent English and Italian".
pub(super) fn says_only_languages(line: &str) -> bool {
    let tokens = TokenList::of(line);
    let (found, further) = languages_among(&tokens.exact_forms().collect::<Vec<_>>());
    !found.is_empty() && further == 0
}

/// The English names of the languages in a row of tokens, and how many other words it has that say something.
fn languages_among(forms: &[&str]) -> (Vec<&'static str>, usize) {
    const LITTLE: usize = 3;
    let mut further = 0;
    let mut found = Vec::new();
    let mut at = 0;
    while at < forms.len() {
        // A compound says both: "Deutschkenntnisse".
        let compound = forms[at].strip_suffix("kenntnisse").map(|name| longest_spoken_language(&[name], 0));
        let (length, code) = match compound.flatten().or_else(|| longest_spoken_language(forms, at)) {
            Some(name) => name,
            None => {
                further += usize::from(forms[at].chars().count() > LITTLE && !LEVELS.contains(&forms[at]));
                at += 1;
                continue;
            }
        };
        found.extend(spoken_language_name(code));
        at += length;
    }
    (found, further)
}

/// "Location: Milan".
fn place(line: &str) -> Option<JobFact> {
    let plain = line.trim().trim_start_matches(['-', '*', '•', '#', ' ']);
    let (head, rest) = plain.split_once([':', '：'])?;
    let rest = rest.trim().trim_matches('*').trim();
    PLACE_LABELS.contains(&TokenList::of(head).joined().as_str()).then_some(())?;
    let resolved = Gazetteer::built_in().resolve(rest, None)?;
    let value = Gazetteer::built_in().label(resolved.place);
    Some(JobFact { kind: JobFactKind::Place, value, line: line.trim().to_owned() })
}

fn is_remote(line: &str) -> bool {
    let tokens = TokenList::of(line);
    let text = format!(" {} ", tokens.joined());
    let says = REMOTE.iter().any(|phrase| text.contains(&format!(" {phrase} "))) || text == " remote ";
    says && !tokens.exact_forms().any(|token| NOT_REMOTE.contains(&token))
}
