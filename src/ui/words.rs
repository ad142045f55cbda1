//! What several pages say: names of signals, filters and places in a profile, ages in words.

use super::language::Language;
use crate::text::is_invisible;

/// The name of a signal of the score.
pub(super) fn signal(name: &str, language: Language) -> &str {
    let names = match name {
        "keyword" => ["words", "parole"],
        "concept" => ["concepts", "concetti"],
        "semantic" => ["meaning", "significato"],
        "reranker" => ["second look", "seconda lettura"],
        "activity" => ["activity", "attività"],
        _ => return name,
    };
    language.text(names)
}

/// The name of a component of activity.
pub(super) fn component(name: &str, language: Language) -> &str {
    let names = match name {
        "recency" => ["last active", "ultima attività"],
        "openness" => ["open to work", "disponibilità"],
        "responsiveness" => ["answers messages", "risponde ai messaggi"],
        "contactPressure" => ["written to by others", "contatti di altri"],
        "freshness" => ["profile kept up", "profilo aggiornato"],
        "movement" => ["time in the position", "tempo nel ruolo"],
        _ => return name,
    };
    language.text(names)
}

/// The name of a filter.
pub(super) fn filter(name: &str, language: Language) -> &str {
    let names = match name {
        "skills" => ["Skills", "Competenze"],
        "titles" => ["Titles", "Ruoli"],
        "currentTitles" => ["Current title", "Ruolo attuale"],
        "occupations" => ["Occupations", "Professioni"],
        "companies" => ["Companies", "Aziende"],
        "schools" => ["Schools", "Scuole"],
        "cities" => ["Cities", "Città"],
        "countries" => ["Countries", "Paesi"],
        "languages" => ["Languages", "Lingue"],
        "industries" => ["Industries", "Settori"],
        "locations" => ["Locations", "Luoghi"],
        "cohorts" => ["Cohorts", "Gruppi"],
        "tags" => ["Tags", "Etichette"],
        "sources" => ["Sources", "Fonti"],
        "years" => ["Experience", "Esperienza"],
        "lastActive" => ["Last active", "Ultima attività"],
        "openToWork" => ["Open to work", "Disponibile"],
        "remote" => ["Remote", "Da remoto"],
        "near" => ["Near", "Vicino a"],
        "relocate" => ["Would move to", "Si trasferirebbe a"],
        "applied" => ["Applied", "Candidatura"],
        "interviewed" => ["Interviewed", "Colloquio"],
        "contacted" => ["Contacted", "Contatto"],
        "replied" => ["Replied", "Risposta"],
        _ => return name,
    };
    language.text(names)
}

/// A bucket of years of experience: from so many whole ones to short of so many.
pub(super) fn years(from: f64, to: Option<f64>, language: Language) -> String {
    let (from, to) = (from.round(), to.map(f64::ceil));
    let told = match to {
        Some(1.0) => ["less than 1 year".to_owned(), "meno di 1 anno".to_owned()],
        Some(to) => [format!("{from} to {to} years"), format!("da {from} a {to} anni")],
        None => [format!("{from} years and more"), format!("{from} anni e più")],
    };
    language.of(&told).clone()
}

/// What a member of a filter asks for, in words.
pub(super) fn fact(member: &str, value: &str, language: Language) -> String {
    let told = match (member, value) {
        ("", "true") | ("ever", "true") => return language.text(["yes", "sì"]).to_owned(),
        ("", "false") | ("ever", "false") => return "no".to_owned(),
        ("min", years) => [format!("from {years} years"), format!("da {years} anni")],
        ("max", years) => [format!("to {years} years"), format!("a {years} anni")],
        ("km", km) => [format!("within {km} km"), format!("entro {km} km")],
        ("withinDays", days) => [format!("in the last {days} days"), format!("negli ultimi {days} giorni")],
        ("notWithinDays", days) => [format!("not in the last {days} days"), format!("non negli ultimi {days} giorni")],
        _ => return value.to_owned(),
    };
    language.of(&told).clone()
}

/// Which part of a candidate a JSON Pointer names.
pub(super) fn place_in_profile(pointer: &str, language: Language) -> &'static str {
    let mut parts = pointer.split('/').skip(1);
    let names = match (parts.next(), parts.next(), parts.nth(1)) {
        (Some("documents"), ..) => ["CV", "CV"],
        (Some("tags"), ..) => ["Tag", "Etichetta"],
        (Some("cohorts"), ..) => ["Cohort", "Gruppo"],
        (Some("source"), ..) => ["Source", "Fonte"],
        (Some("profile" | "parsed"), Some("skills"), _) => ["Skill", "Competenza"],
        (Some("profile" | "parsed"), Some("work"), Some("position")) => ["Title", "Ruolo"],
        (Some("profile" | "parsed"), Some("work"), Some("name")) => ["Employer", "Azienda"],
        (Some("profile" | "parsed"), Some("work"), _) => ["Position", "Esperienza"],
        (Some("profile" | "parsed"), Some("education"), _) => ["Education", "Formazione"],
        (Some("profile" | "parsed"), Some("languages"), _) => ["Language", "Lingua"],
        (Some("profile" | "parsed"), Some("certificates"), _) => ["Certificate", "Certificato"],
        (Some("profile" | "parsed"), Some("projects"), _) => ["Project", "Progetto"],
        (Some("profile" | "parsed"), Some("publications"), _) => ["Publication", "Pubblicazione"],
        _ => ["Profile", "Profilo"],
    };
    language.text(names)
}

/// How long ago something was, in whole days, months or years.
pub(super) fn ago(seconds: i64, language: Language) -> String {
    let days = seconds.max(0) / 86_400;
    let (number, names) = match days {
        0 => return language.text(["today", "oggi"]).to_owned(),
        1 => return language.text(["yesterday", "ieri"]).to_owned(),
        2..=59 => (days, [("days ago", "days ago"), ("giorni fa", "giorni fa")]),
        60..=729 => (days / 30, [("month ago", "months ago"), ("mese fa", "mesi fa")]),
        _ => (days / 365, [("year ago", "years ago"), ("anno fa", "anni fa")]),
    };
    let (one, many) = *language.of(&names);
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A number of months as years and months.
pub(super) fn duration(months: u32, language: Language) -> String {
    let part = |number: u32, names: [[&'static str; 2]; 2]| {
        let [one, many] = *language.of(&names);
        (number > 0).then(|| format!("{number} {}", if number == 1 { one } else { many }))
    };
    let years = part(months / 12, [["year", "years"], ["anno", "anni"]]);
    let rest = part(months % 12, [["month", "months"], ["mese", "mesi"]]);
    let parts: Vec<String> = years.into_iter().chain(rest).collect();
    if parts.is_empty() { language.text(["less than a month", "meno di un mese"]).to_owned() } else { parts.join(" ") }
}

/// Whether a text shows nothing.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || letter.is_control() || is_invisible(letter))
}

/// At most so many letters of a text.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A number of people.
pub(super) fn people(count: usize, language: Language) -> String {
    let word = match count {
        1 => ["person", "persona"],
        _ => ["people", "persone"],
    };
    format!("{} {}", language.number(count), language.text(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_words() {
        let day = 86_400;
        for (seconds, expected) in [
            (-5, "today"),
            (day, "yesterday"),
            (5 * day, "5 days ago"),
            (61 * day, "2 months ago"),
            (800 * day, "2 years ago"),
        ] {
            assert_eq!(ago(seconds, Language::English), expected);
        }
        assert_eq!(ago(3 * day, Language::Italian), "3 giorni fa");
        assert_eq!(
            (people(1, Language::Italian), people(2_000, Language::English)),
            ("1 persona".into(), "2,000 people".into())
        );
    }

    #[test]
    fn months_are_told_as_years() {
        for (months, english, italian) in [
            (0, "less than a month", "meno di un mese"),
            (1, "1 month", "1 mese"),
            (12, "1 year", "1 anno"),
            (27, "2 years 3 months", "2 anni 3 mesi"),
        ] {
            assert_eq!(
                (&*duration(months, Language::English), &*duration(months, Language::Italian)),
                (english, italian)
            );
        }
    }

    #[test]
    fn texts_of_invisible_letters_are_blank_and_long_ones_are_cut() {
        assert!(is_blank(" \u{200b}\u{202e}\n") && is_blank("") && !is_blank("a\u{200b}"));
        assert_eq!((cut("città", 4), cut("città", 5)), ("citt…".into(), "città".into()));
    }

    #[test]
    fn buckets_of_years_are_told_by_whole_years() {
        assert_eq!(years(0.0, Some(0.99), Language::English), "less than 1 year");
        assert_eq!(years(5.0, Some(9.99), Language::English), "5 to 10 years");
        assert_eq!(years(20.0, None, Language::Italian), "20 anni e più");
    }

    #[test]
    fn pointers_are_told_as_parts_of_a_profile() {
        for (pointer, expected) in [
            ("/profile/work/0/position", "Title"),
            ("/profile/work/12/summary", "Position"),
            ("/profile/skills/3/name", "Skill"),
            ("/documents/0/text", "CV"),
            ("/parsed/profile/skills/0/name", "Profile"),
            ("", "Profile"),
        ] {
            assert_eq!(place_in_profile(pointer, Language::English), expected, "{pointer}");
        }
    }
}
