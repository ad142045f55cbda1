//! Words that tell that a skill is spoken of: "experience with Go", "Excel-Kenntnisse", "Rust developer".
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

/// Languages and frameworks of programming whose names are common words, or stand in no title of the taxonomy.
const PROGRAMMING: &[&str] = &[
    "rust", "go", "golang", "swift", "spark", "julia", "dart", "elm", "flask", "spring", "ember", "kotlin", "scala",
    "elixir", "erlang", "haskell", "clojure", "django", "rails", "laravel", "symfony", "flutter", "svelte", "fastapi",
];

/// Who programs.
const PROGRAMMER: &[&str] = &[
    "developer",
    "developers",
    "dev",
    "engineer",
    "engineers",
    "programmer",
    "programmers",
    "entwickler",
    "entwicklerin",
    "programmierer",
    "programmiererin",
    "sviluppatore",
    "sviluppatrice",
    "programmatore",
    "programmatrice",
    "ingegnere",
    "developpeur",
    "developpeuse",
    "ingenieur",
    "desarrollador",
    "desarrolladora",
    "programador",
    "programadora",
    "ingeniero",
    "ingeniera",
    "desenvolvedor",
    "desenvolvedora",
    "ontwikkelaar",
    "programmeur",
];

/// Tokens between a word and the skill that it speaks of.
const REACH: usize = 3;

/// Whether a word before a name, or right behind it, tells that it is a skill.
pub(super) fn speaks_of_skill(tokens: &TokenList, name: &std::ops::Range<usize>) -> bool {
    let before = name.start.saturating_sub(REACH + 1)..name.start;
    let behind = (name.end < tokens.len()).then(|| tokens.exact(name.end));
    behind.is_some_and(|word| BEHIND.contains(&word))
        || before.into_iter().any(|at| BEFORE.contains(&tokens.exact(at)))
        || (name.len() == 1 && is_programmed_in(tokens, name.start))
}

/// Whether a token names a language of programming beside somebody who programs: "Rust engineer", "sviluppatore Go".
pub(super) fn is_programmed_in(tokens: &TokenList, at: usize) -> bool {
    let beside = [at.checked_sub(1), Some(at + 1).filter(|next| *next < tokens.len())];
    PROGRAMMING.contains(&tokens.exact(at))
        && beside.into_iter().flatten().any(|beside| PROGRAMMER.contains(&tokens.exact(beside)))
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
        assert!(is_spoken_of("senior Rust engineer", 1) && is_spoken_of("sviluppatore Go senior", 1));
        assert!(!is_spoken_of("Rust and engineer", 0) && !is_spoken_of("design engineer", 0));
    }
}
