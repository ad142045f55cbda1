//! When AND, OR and NOT are words, and the hints around them.
//!
//! Input: the lexemes of a query. Output: the same, operators turned into words where the capitals rule says so.

use super::lexer::{Lexeme, LexemeKind};
use super::warning::{WarningCode, Warnings};

/// Conjunctions after which `-word` may be an elided compound ("Buch- und -haltung") instead of a negation.
const CONJUNCTIONS: [&str; 12] = ["und", "oder", "sowie", "bzw", "and", "or", "e", "o", "et", "ou", "y", "u"];

/// Whether every letter of the text is a capital, and there is one. Letters without case are not capitals.
pub(super) fn wholly_in_capitals(text: &str) -> bool {
    let mut letters = text.chars().filter(|letter| letter.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(char::is_uppercase)
}

/// Applies the capitals rule: someone who types `SALES AND MARKETING` with the shift key locked means no operator,
/// unless quotes, fields or parentheses show that they know the language.
pub(super) fn suspend_in_capitals(lexemes: &mut [Lexeme], warnings: &mut Warnings) {
    let mut warned = false;
    for lexeme in lexemes {
        let Some(keyword) = lexeme.kind.keyword() else { continue };
        lexeme.kind = LexemeKind::Word(keyword.to_ascii_lowercase());
        if !warned {
            let message = "the query is wholly in capitals, so AND, OR and NOT are words";
            warnings.push(WarningCode::CapitalOperator, lexeme.span, message, "words; parentheses make them operators");
            warned = true;
        }
    }
}

/// Notes words that were perhaps meant as operators, and signs that were perhaps meant as hyphens.
pub(super) fn hint(lexemes: &[Lexeme], warnings: &mut Warnings) {
    for (index, lexeme) in lexemes.iter().enumerate() {
        match &lexeme.kind {
            LexemeKind::Word(text) if is_lowercase_operator(text) && stands_between(lexemes, index, text) => {
                let message = format!("`{text}` is a word; operators are in capitals");
                warnings.push(WarningCode::LowercaseOperator, lexeme.span, message, "a word");
            }
            LexemeKind::Minus if follows_conjunction(lexemes, index) => {
                let message = "`-` before a word excludes it; was a hyphen meant?";
                warnings.push(WarningCode::MinusAfterConjunction, lexeme.span, message, "NOT");
            }
            _ => {}
        }
    }
}

fn is_lowercase_operator(text: &str) -> bool {
    ["and", "or", "not"].iter().any(|keyword| keyword.eq_ignore_ascii_case(text))
        && text.chars().any(char::is_lowercase)
}

/// Whether there is something for the operator to operate on.
fn stands_between(lexemes: &[Lexeme], index: usize, text: &str) -> bool {
    let bare = index == 0 || !lexemes[index - 1].kind.binds_the_next();
    let before = index > 0 || text.eq_ignore_ascii_case("not");
    bare && before && index + 1 < lexemes.len()
}

fn follows_conjunction(lexemes: &[Lexeme], index: usize) -> bool {
    let before = index.checked_sub(1).map(|before| &lexemes[before].kind);
    matches!(before, Some(LexemeKind::Word(text)) if CONJUNCTIONS.contains(&text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::wholly_in_capitals;

    #[test]
    fn letters_without_case_are_not_capitals() {
        assert!(wholly_in_capitals("SALES & ÜBUNG 3"));
        assert!(!wholly_in_capitals("SALES and"));
        assert!(!wholly_in_capitals("東京 AND 大阪"));
        assert!(!wholly_in_capitals("1 2"));
    }
}
