//! Lexemes → balanced lexemes of bounded depth, in one pass.
//!
//! Invariant of the output: every `(` has its `)`, and no more than [`super::MAX_DEPTH`] are open at once, so the
//! recursive parser behind it cannot exhaust the stack.

use super::MAX_DEPTH;
use super::lexer::{Lexeme, LexemeKind};
use super::span::Span;
use super::warning::{WarningCode, Warnings};

/// Drops what closes nothing, closes what is open at the end, and dissolves groups that are nested too deeply.
pub(super) fn balance(lexemes: Vec<Lexeme>, warnings: &mut Warnings) -> Vec<Lexeme> {
    let mut balanced = Vec::with_capacity(lexemes.len());
    let mut open: Vec<Span> = Vec::new();
    let end = lexemes.last().map_or(0, |lexeme| lexeme.span.end);
    let mut warned = false;
    for lexeme in lexemes {
        match lexeme.kind {
            LexemeKind::Open => {
                open.push(lexeme.span);
                if open.len() > MAX_DEPTH {
                    if !warned {
                        let message = format!("groups are nested more than {MAX_DEPTH} deep");
                        warnings.push(WarningCode::TooDeep, lexeme.span, message, "the inner ones without parentheses");
                        warned = true;
                    }
                    continue;
                }
            }
            LexemeKind::Close => {
                if open.is_empty() {
                    let message = "nothing was opened before this parenthesis";
                    warnings.push(WarningCode::UnopenedParenthesis, lexeme.span, message, "nothing");
                    continue;
                }
                open.pop();
                if open.len() >= MAX_DEPTH {
                    continue;
                }
            }
            // A group of their own that would stand too deep.
            LexemeKind::Words(words) if open.len() >= MAX_DEPTH => {
                let words =
                    words.into_iter().map(|word| Lexeme { kind: LexemeKind::Word(word.to_string()), span: word.span });
                balanced.extend(words);
                continue;
            }
            _ => {}
        }
        balanced.push(lexeme);
    }
    for span in &open {
        warnings.push(WarningCode::UnclosedParenthesis, *span, "the parenthesis is not closed", "closed at the end");
    }
    let missing = open.len().min(MAX_DEPTH);
    let close = Lexeme { kind: LexemeKind::Close, span: Span { start: end, end } };
    balanced.extend(std::iter::repeat_n(close, missing));
    balanced
}
