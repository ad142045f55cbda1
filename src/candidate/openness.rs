//! A person's own words of looking for work, in the headline or summary.
//!
//! Input: the text values of a candidate. Output: the words, as they stand there. English, German, Italian, Spanish and
//! French. A statement is a whole phrase ("sofort verfügbar"), or a beginning with what is sought soon after it ("looking
//! for … job"). Somebody who seeks for others ("we are looking for"), seeks something else than work ("open to business
//! opportunities"), or says the contrary ("not looking for") says nothing of the kind.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::{TextField, TextValue};
use crate::text::TokenList;

/// Tokens after a beginning among which what is sought must stand.
const REACH: usize = 5;

/// Tokens before a statement that can turn it round.
const BEFORE: usize = 3;

/// Phrases that say it all.
const WHOLE: [&str; 31] = [
    "open to work",
    "opentowork",
    "between jobs",
    "available immediately",
    "immediately available",
    "available for hire",
    "sofort verfügbar",
    "ab sofort verfügbar",
    "auf jobsuche",
    "auf stellensuche",
    "arbeitssuchend",
    "arbeitsuchend",
    "cerco lavoro",
    "in cerca di lavoro",
    "in cerca di occupazione",
    "alla ricerca di lavoro",
    "disponibile da subito",
    "disponibile immediatamente",
    "disponibilità immediata",
    "busco trabajo",
    "busco empleo",
    "buscando trabajo",
    "buscando empleo",
    "en búsqueda de empleo",
    "en búsqueda activa de empleo",
    "disponibilidad inmediata",
    "en recherche d'emploi",
    "à la recherche d'un emploi",
    "disponible immédiatement",
    "en recherche active",
    "à l'écoute du marché",
];

/// Beginnings, and what must be sought.
const BEGINNINGS: [(&[&str], &[&str]); 5] = [
    (
        &["looking for", "seeking", "open to", "searching for", "in search of", "available for", "ready for"],
        &[
            "role",
            "roles",
            "job",
            "jobs",
            "position",
            "positions",
            "opportunity",
            "opportunities",
            "challenge",
            "challenges",
            "employment",
            "work",
        ],
    ),
    (
        &["auf der suche nach", "suche", "offen für", "bereit für"],
        &[
            "herausforderung",
            "herausforderungen",
            "stelle",
            "stellen",
            "position",
            "job",
            "aufgabe",
            "aufgaben",
            "anstellung",
            "möglichkeiten",
            "chancen",
        ],
    ),
    (
        &["alla ricerca di", "in cerca di", "cerco", "aperto a", "aperta a", "disponibile per"],
        &["opportunità", "sfida", "sfide", "impiego", "posizione", "ruolo", "occupazione", "lavoro"],
    ),
    (
        &["en búsqueda de", "en busca de", "busco", "buscando", "abierto a", "abierta a"],
        &["oportunidad", "oportunidades", "reto", "retos", "desafío", "desafíos", "puesto", "empleo", "trabajo"],
    ),
    (
        &[
            "à la recherche de",
            "à la recherche d'un",
            "à la recherche d'une",
            "à l'écoute de",
            "à l'écoute d'opportunités",
            "ouvert à",
            "ouverte à",
            "ouvert aux",
            "ouverte aux",
            "recherche un",
            "recherche une",
        ],
        &["opportunité", "opportunités", "poste", "postes", "défi", "défis", "emploi", "challenge", "challenges"],
    ),
];

/// Words between a beginning and what is sought that make it something else.
const SOMETHING_ELSE: [&str; 24] = [
    "business",
    "partnership",
    "partnerships",
    "investment",
    "speaking",
    "sales",
    "candidates",
    "talent",
    "clients",
    "someone",
    "people",
    "kunden",
    "partner",
    "mitarbeiter",
    "kandidaten",
    "clienti",
    "candidati",
    "talenti",
    "clientes",
    "candidatos",
    "talentos",
    "clients",
    "candidats",
    "talents",
];

/// Words before a statement that turn it round: negations, and those who seek for others.
const TURNED: [&str; 22] = [
    "not", "no", "never", "without", "nicht", "kein", "keine", "nie", "non", "ne", "pas", "nunca", "mai", "jamais",
    "we", "wir", "noi", "nosotros", "nous", "isn't", "longer", "aren't",
];

/// How a statement begins, and what must follow; nothing where it is whole.
struct Pattern {
    beginning: Vec<String>,
    objects: &'static HashSet<String>,
}

static WORDS: LazyLock<(HashSet<String>, HashSet<String>)> = LazyLock::new(|| (words(&SOMETHING_ELSE), words(&TURNED)));

static OBJECTS: LazyLock<Vec<HashSet<String>>> =
    LazyLock::new(|| BEGINNINGS.iter().map(|(_, objects)| words(objects)).chain([HashSet::new()]).collect());

/// Patterns by their first token.
static PATTERNS: LazyLock<HashMap<String, Vec<Pattern>>> = LazyLock::new(|| {
    let mut patterns: HashMap<String, Vec<Pattern>> = HashMap::new();
    let whole = WHOLE.iter().map(|phrase| (phrase, BEGINNINGS.len()));
    let begun = BEGINNINGS.iter().enumerate().flat_map(|(at, (starts, _))| starts.iter().map(move |start| (start, at)));
    for (phrase, objects) in whole.chain(begun) {
        let beginning = tokens(phrase);
        if let Some(first) = beginning.first().cloned() {
            patterns.entry(first).or_default().push(Pattern { beginning, objects: &OBJECTS[objects] });
        }
    }
    patterns
});

fn tokens(phrase: &str) -> Vec<String> {
    TokenList::of(phrase).exact_forms().map(str::to_owned).collect()
}

fn words(list: &[&str]) -> HashSet<String> {
    list.iter().flat_map(|word| tokens(word)).collect()
}

/// The words with which a candidate's headline or summary says that they look for work.
pub fn open_words(values: &[TextValue<'_>]) -> Option<String> {
    let told = values.iter().filter(|value| matches!(value.field, TextField::Headline | TextField::Summary));
    told.filter_map(|value| {
        let forms: Vec<&str> = value.tokens.exact_forms().collect();
        let (from, to) = (0..forms.len()).find_map(|at| Some((at, statement_at(&forms, at)?)))?;
        let bytes = value.tokens.token(from).bytes.start..value.tokens.token(to).bytes.end;
        Some(value.text[bytes].split_whitespace().collect::<Vec<_>>().join(" "))
    })
    .next()
}

/// The last token of a statement that begins at a token.
fn statement_at(forms: &[&str], at: usize) -> Option<usize> {
    let patterns = PATTERNS.get(forms[at])?;
    let (something_else, turned) = &*WORDS;
    if forms[at.saturating_sub(BEFORE)..at].iter().any(|word| turned.contains(*word)) {
        return None;
    }
    patterns.iter().find_map(|Pattern { beginning, objects }| {
        let end = at + beginning.len();
        let is_there = forms.get(at..end)?.iter().zip(beginning).all(|(form, wanted)| form == wanted);
        match (is_there, objects.is_empty()) {
            (false, _) => None,
            (true, true) => Some(end - 1),
            (true, false) => {
                let reach = &forms[end..forms.len().min(end + REACH)];
                let found = reach.iter().position(|word| objects.contains(*word))?;
                let is_work =
                    !reach[..found].iter().any(|word| something_else.contains(*word) || turned.contains(*word));
                is_work.then_some(end + found)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidate::{CandidateDraft, Timeline, text_values};

    fn found(headline: &str) -> Option<String> {
        let document = serde_json::json!({"id": "a", "profile": {"basics": {"label": headline}}});
        let candidate = CandidateDraft::from_value(document).unwrap().validate(None).unwrap();
        open_words(&text_values(&candidate, &Timeline::of(&[])))
    }

    #[test]
    fn statements_in_five_languages_are_found_with_their_words() {
        for (headline, words) in [
            ("Data engineer | #OpenToWork", "OpenToWork"),
            ("Nurse, open to work in Milan", "open to work"),
            ("Actively looking for a new senior role", "looking for a new senior role"),
            (
                "Ich bin auf der Suche nach einer neuen Herausforderung",
                "auf der Suche nach einer neuen Herausforderung",
            ),
            ("Buchhalter, ab sofort verfügbar", "ab sofort verfügbar"),
            ("Infermiera in cerca di nuove opportunità", "in cerca di nuove opportunità"),
            ("Cerco lavoro come cuoco", "Cerco lavoro"),
            ("Ingeniera en búsqueda de nuevos retos", "en búsqueda de nuevos retos"),
            ("Contable · disponibilidad inmediata", "disponibilidad inmediata"),
            ("Développeur à l'écoute du marché", "à l'écoute du marché"),
            ("Comptable à la recherche d'un nouveau poste", "à la recherche d'un nouveau poste"),
            ("Ouverte à de nouvelles opportunités", "Ouverte à de nouvelles opportunités"),
        ] {
            assert_eq!(found(headline).as_deref(), Some(words), "{headline}");
        }
    }

    #[test]
    fn who_seeks_something_else_or_says_no_says_nothing() {
        for headline in [
            "Not looking for a new role",
            "Currently not open to work",
            "Nicht auf der Suche nach einer neuen Stelle",
            "Non in cerca di lavoro",
            "No busco trabajo",
            "Recruiter: we are looking for a new position holder",
            "Wir suchen: offen für Kunden und Aufgaben",
            "Open to business opportunities",
            "Looking for talent to fill a role",
            "Open source enthusiast, job well done",
            "Seeking clients for my positions",
            "Work",
            "",
        ] {
            assert_eq!(found(headline), None, "{headline}");
        }
    }
}
