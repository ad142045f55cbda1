//! Titles as a profile shows them: (label, rung, language) → text.

use super::archetype::Language;
use super::sentences::push_capital;

/// How far up the ladder someone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rung {
    Trainee,
    Junior,
    Mid,
    Senior,
    Lead,
}

impl Rung {
    pub(super) fn name(self) -> &'static str {
        ["trainee", "junior", "mid", "senior", "lead"][self as usize]
    }
}

/// The title with its rung and a capital, as the language puts it.
pub(super) fn show_title(plain: &str, rung: Rung, language: Language) -> String {
    let mut title = String::with_capacity(plain.len() + 16);
    match (language, rung) {
        (Language::En | Language::De, Rung::Junior) => title.push_str("Junior "),
        (Language::En | Language::De, Rung::Senior) => title.push_str("Senior "),
        (Language::En, Rung::Lead) => title.push_str("Lead "),
        (Language::En, Rung::Trainee) => title.push_str("Trainee "),
        _ => {}
    }
    if language == Language::En {
        title_case(&mut title, plain)
    } else {
        push_capital(&mut title, plain)
    }
    title.push_str(match (language, rung) {
        (Language::It | Language::Fr, Rung::Junior) => " junior",
        (Language::It | Language::Fr, Rung::Senior) => " senior",
        (Language::Es, Rung::Junior) => " júnior",
        (Language::Es, Rung::Senior) => " sénior",
        (Language::De, Rung::Lead) => " (Teamleitung)",
        (Language::It, Rung::Lead) => " (capo squadra)",
        (Language::Es, Rung::Lead) => " (coordinación de equipo)",
        (Language::Fr, Rung::Lead) => " (chef d'équipe)",
        (Language::De, Rung::Trainee) => " in Ausbildung",
        (Language::It, Rung::Trainee) => " (apprendistato)",
        (Language::Es, Rung::Trainee) => " en prácticas",
        (Language::Fr, Rung::Trainee) => " en apprentissage",
        _ => "",
    });
    title
}

fn title_case(title: &mut String, plain: &str) {
    for (at, word) in plain.split(' ').enumerate() {
        if at > 0 {
            title.push(' ');
        }
        if at > 0 && matches!(word, "of" | "and" | "for" | "the" | "in" | "to") {
            title.push_str(word);
        } else {
            push_capital(title, word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_show_their_rung_in_the_way_of_the_language() {
        assert_eq!(show_title("head of IT", Rung::Mid, Language::En), "Head of IT");
        assert_eq!(show_title("software developer", Rung::Senior, Language::En), "Senior Software Developer");
        assert_eq!(show_title("Zimmerin", Rung::Trainee, Language::De), "Zimmerin in Ausbildung");
        assert_eq!(show_title("analista", Rung::Junior, Language::Es), "Analista júnior");
    }
}
