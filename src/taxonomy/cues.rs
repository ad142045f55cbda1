//! Words that tell that a skill is spoken of: "experience with Go", "Excel-Kenntnisse".
//!
//! Tokens around a name → whether one of them is such a word. Folded.

use crate::text::TokenList;

/// What stands before a skill, with a few words between.
const BEFORE: &[&str] = &[
    // English
    "experience",
    "experienced",
    "knowledge",
    "proficient",
    "proficiency",
    "skilled",
    "expertise",
    "expert",
    "familiar",
    "familiarity",
    "fluent",
    "fluency",
    "background",
    "certified",
    "certification",
    "using",
    "skills",
    "technologies",
    "tools",
    "languages",
    "frameworks",
    "degree",
    "qualified",
    "stack",
    // German
    "erfahrung",
    "erfahrungen",
    "kenntnisse",
    "kenntnissen",
    "umgang",
    "beherrschung",
    "zertifiziert",
    "fachkenntnisse",
    // Italian
    "esperienza",
    "conoscenza",
    "conoscenze",
    "competenze",
    "competenza",
    "padronanza",
    "utilizzo",
    // Spanish, Portuguese
    "experiencia",
    "conocimiento",
    "conocimientos",
    "dominio",
    "manejo",
    "conhecimento",
    "conhecimentos",
    // French
    "connaissance",
    "connaissances",
    "maitrise",
    "competences",
    "competence",
    // Dutch, Danish, Norwegian, Swedish
    "ervaring",
    "kennis",
    "erfaring",
    "kendskab",
    "erfarenhet",
    "kunskap",
    "kunskaper",
];

/// What stands right behind a skill.
const BEHIND: &[&str] = &[
    "skills",
    "skill",
    "experience",
    "knowledge",
    "expertise",
    "proficiency",
    "kenntnisse",
    "kenntnissen",
    "erfahrung",
];

/// Tokens between a word and the skill that it speaks of.
const REACH: usize = 3;

/// Whether a word before a name, or right behind it, tells that it is a skill.
pub(super) fn speaks_of_skill(tokens: &TokenList, name: &std::ops::Range<usize>) -> bool {
    let before = name.start.saturating_sub(REACH + 1)..name.start;
    let behind = (name.end < tokens.len()).then(|| tokens.exact(name.end));
    behind.is_some_and(|word| BEHIND.contains(&word)) || before.into_iter().any(|at| BEFORE.contains(&tokens.exact(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_around_a_name_speak_of_skills() {
        let is_spoken_of = |text: &str, at: usize| speaks_of_skill(&TokenList::of(text), &(at..at + 1));
        assert!(is_spoken_of("experience with Go", 2));
        assert!(is_spoken_of("Kenntnisse in Excel", 2));
        assert!(is_spoken_of("Excel skills", 0));
        assert!(!is_spoken_of("skills that we use to go", 5));
        assert!(!is_spoken_of("Excel", 0));
    }
}
