//! What the lenient parser repaired, and what it assumed.

use serde::{Serialize, Serializer};

use super::span::Span;

/// The most warnings that one query yields; past it, one [`WarningCode::MoreWarnings`] stands for the rest.
pub const MAX_WARNINGS: usize = 100;

/// One repair of the typed query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// Which kind of repair.
    #[schema(value_type = String)]
    pub code: WarningCode,
    /// Where, in code points of the typed text.
    pub span: Span,
    /// What was wrong.
    pub message: String,
    /// What was assumed in its stead.
    pub assumed: String,
}

/// Every kind of repair. The written codes are stable and append-only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WarningCode {
    /// Typographic quotes were read as plain ones.
    SmartQuotes,
    /// A typographic minus before a word was read as `-`.
    SmartMinus,
    /// A quote without its partner.
    UnclosedQuote,
    /// `(` without `)`.
    UnclosedParenthesis,
    /// `)` without `(`.
    UnopenedParenthesis,
    /// An operator or sign without an operand.
    DanglingOperator,
    /// `()`.
    EmptyGroup,
    /// A field without a value.
    EmptyField,
    /// A phrase or operand without a letter or digit.
    NoWords,
    /// `and`, `or`, `not` in lower case are words.
    LowercaseOperator,
    /// AND, OR, NOT in a query wholly in capitals are words.
    CapitalOperator,
    /// `&&`, `||`, `|`, `!` are no operators here.
    ForeignOperator,
    /// A field's name in another case than documented.
    FieldCase,
    /// `name:` with a name that is no field.
    UnknownField,
    /// A field inside the group of another field.
    NestedField,
    /// A space between a field and its value.
    SpaceAfterField,
    /// `-` or `+` where it does not operate.
    IgnoredSign,
    /// `und -haltung`: perhaps a hyphen, read as a minus.
    MinusAfterConjunction,
    /// A place that the gazetteer does not know.
    UnknownPlace,
    /// A name that no occupation or skill has.
    UnknownConcept,
    /// A name of several places: the best known is meant.
    AmbiguousPlace,
    /// Syntax that is known but not evaluated yet.
    UnsupportedSyntax,
    /// A value that its field does not take.
    InvalidValue,
    /// A prefix of fewer than two letters.
    ShortPrefix,
    /// Groups nested too deeply.
    TooDeep,
    /// A plain text with more distinct words than are searched.
    TextTruncated,
    /// There were more warnings than are kept.
    MoreWarnings,
}

impl WarningCode {
    /// The stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SmartQuotes => "smart_quotes",
            Self::SmartMinus => "smart_minus",
            Self::UnclosedQuote => "unclosed_quote",
            Self::UnclosedParenthesis => "unclosed_parenthesis",
            Self::UnopenedParenthesis => "unopened_parenthesis",
            Self::DanglingOperator => "dangling_operator",
            Self::EmptyGroup => "empty_group",
            Self::EmptyField => "empty_field",
            Self::NoWords => "no_words",
            Self::LowercaseOperator => "lowercase_operator",
            Self::CapitalOperator => "capital_operator",
            Self::ForeignOperator => "foreign_operator",
            Self::FieldCase => "field_case",
            Self::UnknownField => "unknown_field",
            Self::NestedField => "nested_field",
            Self::SpaceAfterField => "space_after_field",
            Self::IgnoredSign => "ignored_sign",
            Self::MinusAfterConjunction => "minus_after_conjunction",
            Self::UnknownPlace => "unknown_place",
            Self::UnknownConcept => "unknown_concept",
            Self::AmbiguousPlace => "ambiguous_place",
            Self::UnsupportedSyntax => "unsupported_syntax",
            Self::InvalidValue => "invalid_value",
            Self::ShortPrefix => "short_prefix",
            Self::TooDeep => "too_deep",
            Self::TextTruncated => "text_truncated",
            Self::MoreWarnings => "more_warnings",
        }
    }
}

impl Serialize for WarningCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The warnings of one parse, bounded.
#[derive(Debug, Default)]
pub(super) struct Warnings(Vec<Warning>);

impl Warnings {
    pub(super) fn push(&mut self, code: WarningCode, span: Span, message: impl Into<String>, assumed: &str) {
        if self.0.len() < MAX_WARNINGS {
            self.0.push(Warning { code, span, message: message.into(), assumed: assumed.to_owned() });
        } else if self.0.len() == MAX_WARNINGS {
            let message = "more was repaired than is listed".to_owned();
            self.0.push(Warning { code: WarningCode::MoreWarnings, span, message, assumed: "the same repairs".into() });
        }
    }

    /// The warnings in the order of the text.
    pub(super) fn into_sorted(mut self) -> Vec<Warning> {
        self.0.sort_by_key(|warning| (warning.code == WarningCode::MoreWarnings, warning.span.start, warning.code));
        self.0
    }
}
