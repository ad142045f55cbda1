//! The tokenizer that tantivy runs: it takes apart what our analyser put together.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::engine::{PlacedTokens, TokenText};

/// The name by which the schema's fields ask for [`AnalysedTokenizer`].
pub(super) const ANALYSED: &str = "lodestone_analysed";

/// Reads a [`TokenText`]. Offsets are not kept: highlights come from the stored candidate.
#[derive(Debug, Clone, Default)]
pub(super) struct AnalysedTokenizer;

impl Tokenizer for AnalysedTokenizer {
    type TokenStream<'a> = AnalysedTokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> AnalysedTokens<'a> {
        AnalysedTokens { tokens: TokenText::tokens_of(text), token: Token::default() }
    }
}

/// The tokens of one field of one document.
pub(super) struct AnalysedTokens<'a> {
    tokens: PlacedTokens<'a>,
    token: Token,
}

impl TokenStream for AnalysedTokens<'_> {
    fn advance(&mut self) -> bool {
        let Some((position, text)) = self.tokens.next() else { return false };
        self.token.position = position as usize;
        self.token.text.clear();
        self.token.text.push_str(text);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
