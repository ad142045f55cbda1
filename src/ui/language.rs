//! The language of the interface: English or Italian, as the browser asks.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

/// A language of the interface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Language {
    #[default]
    English,
    Italian,
}

impl Language {
    /// The preferred one of `Accept-Language` (RFC 9110 §12.5.4); English where neither is asked for.
    pub(super) fn preferred(headers: &HeaderMap) -> Self {
        let ranges = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        let mut best = (0.0, Self::English);
        for range in ranges.flat_map(|value| value.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default().split('-').next().unwrap_or_default().to_ascii_lowercase();
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.trim().parse::<f32>().ok()).unwrap_or(1.0);
            let language = match tag.as_str() {
                "it" => Self::Italian,
                "en" | "*" => Self::English,
                _ => continue,
            };
            // Of equals the first stands.
            if quality > best.0 {
                best = (quality, language);
            }
        }
        best.1
    }

    /// ISO 639-1.
    pub(super) fn code(self) -> &'static str {
        self.text(["en", "it"])
    }

    /// Of texts in English and Italian those of this language.
    pub(super) fn of<T>(self, texts: &[T; 2]) -> &T {
        match self {
            Self::English => &texts[0],
            Self::Italian => &texts[1],
        }
    }

    /// Of a word in English and Italian that of this language.
    pub(super) fn text(self, [english, italian]: [&'static str; 2]) -> &'static str {
        match self {
            Self::English => english,
            Self::Italian => italian,
        }
    }

    /// A whole number as people of this language write it.
    pub(super) fn number(self, number: usize) -> String {
        let digits = number.to_string();
        let separator = self.of(&[',', '.']);
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(*separator);
            }
            text.push(digit);
        }
        text
    }

    /// A number with so many decimals.
    pub(super) fn decimal(self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        if self == Self::Italian { text.replace('.', ",") } else { text }
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::preferred(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_decides() {
        for (asked, expected) in [
            ("it-IT,it;q=0.9,en;q=0.8", Language::Italian),
            ("en-GB,it;q=0.9", Language::English),
            ("de,it;q=0.3,en;q=0.1", Language::Italian),
            ("fr", Language::English),
            ("it;q=0", Language::English),
            ("", Language::English),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, asked.parse().unwrap())]);
            assert_eq!(Language::preferred(&headers), expected, "{asked}");
        }
        assert_eq!(Language::preferred(&HeaderMap::new()), Language::English);
    }

    #[test]
    fn numbers_are_written_as_people_do() {
        assert_eq!(Language::English.number(1_234_567), "1,234,567");
        assert_eq!(
            (Language::Italian.number(100_000), Language::Italian.number(999)),
            ("100.000".into(), "999".into())
        );
        assert_eq!(
            (Language::Italian.decimal(0.5, 2), Language::English.decimal(12.345, 1)),
            ("0,50".into(), "12.3".into())
        );
    }
}
