//! The one analyser for index and query.
//!
//! A value → tokens with an `exact` form (what demands match) and a `lower` form (what stems are made of), the
//! language of a candidate, titles without gender markers, texts without contact data, sentences; names → numbers,
//! and so the languages that people speak.
//! Invariant: index and query go through the same functions, so equal words get equal forms.

mod detect;
mod genders;
mod language;
mod letters;
mod mask;
mod names;
mod one_gender;
mod phrases;
mod repeat;
mod sentence;
mod special;
mod spoken;
mod stem;
mod title;
mod token_list;
mod tokenize;

#[cfg(test)]
mod tests;

pub use detect::detect;
pub(crate) use genders::{GENDER_ENDINGS, GENDER_LANGUAGES, is_word_pair};
pub use language::Language;
pub use letters::is_invisible;
pub use mask::{MASK, mask_contacts};
pub use names::NameMap;
pub use one_gender::{in_one_gender, one_gender_version};
pub(crate) use phrases::named_phrases;
pub use repeat::{without_repeated_sentences, without_repeated_words};
pub use sentence::sentences;
pub use spoken::{longest_spoken_language, spoken_language, spoken_language_name};
pub use stem::{scored_form, scored_forms, stem, wish_forms, with_stem_form};
pub use title::{strip_gender_markers, title_of_headline};
pub use token_list::TokenList;
pub use tokenize::{MAX_TOKEN_CHARS, Token, TokenRef, for_each_token, tokens};
