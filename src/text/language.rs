//! The languages that a candidate may write in.
//!
//! Language code ↔ [`Language`]. Invariant: `from_code(code())` gives the language back.

use std::fmt;

use rust_stemmers::Algorithm;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Declares the languages once: variant, ISO 639-1 code, ISO 639-2/3 and other codes, stemmer.
macro_rules! languages {
    ($($name:ident $code:literal [$($alias:literal)*] $stemmer:expr;)*) => {
        /// A language of candidates and queries. Without a stemmer its words are matched folded.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Language {
            $(
                #[doc = concat!(stringify!($name), ", `", $code, "`.")]
                $name,
            )*
        }

        impl Language {
            /// Every language, in the order of declaration.
            pub const ALL: &'static [Language] = &[$(Language::$name),*];

            /// The ISO 639-1 code.
            pub fn code(self) -> &'static str {
                match self {
                    $(Language::$name => $code,)*
                }
            }

            /// The Snowball algorithm, where there is one.
            pub(super) fn algorithm(self) -> Option<Algorithm> {
                match self {
                    $(Language::$name => $stemmer,)*
                }
            }

            fn from_primary_subtag(code: &str) -> Option<Self> {
                match code {
                    $($code $(| $alias)* => Some(Language::$name),)*
                    _ => None,
                }
            }
        }
    };
}

languages! {
    Arabic "ar" ["ara"] Some(Algorithm::Arabic);
    Bulgarian "bg" ["bul"] None;
    Catalan "ca" ["cat"] None;
    Chinese "zh" ["zho" "chi" "cmn"] None;
    Croatian "hr" ["hrv"] None;
    Czech "cs" ["ces" "cze"] None;
    Danish "da" ["dan"] Some(Algorithm::Danish);
    Dutch "nl" ["nld" "dut"] Some(Algorithm::Dutch);
    English "en" ["eng"] Some(Algorithm::English);
    Estonian "et" ["est"] None;
    Finnish "fi" ["fin"] Some(Algorithm::Finnish);
    French "fr" ["fra" "fre"] Some(Algorithm::French);
    German "de" ["deu" "ger"] Some(Algorithm::German);
    Greek "el" ["ell" "gre"] Some(Algorithm::Greek);
    Hebrew "he" ["heb" "iw"] None;
    Hindi "hi" ["hin"] None;
    Hungarian "hu" ["hun"] Some(Algorithm::Hungarian);
    Icelandic "is" ["isl" "ice"] None;
    Indonesian "id" ["ind" "in"] None;
    Irish "ga" ["gle"] None;
    Italian "it" ["ita"] Some(Algorithm::Italian);
    Japanese "ja" ["jpn"] None;
    Korean "ko" ["kor"] None;
    Latvian "lv" ["lav"] None;
    Lithuanian "lt" ["lit"] None;
    Maltese "mt" ["mlt"] None;
    Norwegian "no" ["nor" "nb" "nob" "nn" "nno"] Some(Algorithm::Norwegian);
    Persian "fa" ["fas" "per" "pes"] None;
    Polish "pl" ["pol"] None;
    Portuguese "pt" ["por"] Some(Algorithm::Portuguese);
    Romanian "ro" ["ron" "rum" "mo"] Some(Algorithm::Romanian);
    Russian "ru" ["rus"] Some(Algorithm::Russian);
    Serbian "sr" ["srp"] None;
    Slovak "sk" ["slk" "slo"] None;
    Slovenian "sl" ["slv"] None;
    Spanish "es" ["spa"] Some(Algorithm::Spanish);
    Swedish "sv" ["swe"] Some(Algorithm::Swedish);
    Tamil "ta" ["tam"] Some(Algorithm::Tamil);
    Thai "th" ["tha"] None;
    Turkish "tr" ["tur"] Some(Algorithm::Turkish);
    Ukrainian "uk" ["ukr"] None;
    Vietnamese "vi" ["vie"] None;
}

impl Language {
    /// Reads an ISO 639 code of two or three letters in any case, alone or before a region or script
    /// (`en`, `EN`, `eng`, `en-GB`, `zh_Hant_TW`). `None` for anything else.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_']).next()?;
        (primary.len() <= 3).then(|| Self::from_primary_subtag(&primary.to_ascii_lowercase()))?
    }

    /// Whether words of this language are stemmed for wishes.
    pub fn has_stemmer(self) -> bool {
        self.algorithm().is_some()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| serde::de::Error::custom(format_args!("unknown language code {code:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_back_to_their_language() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(*language));
            assert_eq!(language.code().len(), 2);
        }
    }

    #[test]
    fn reads_case_region_and_three_letters() {
        for code in ["en", "EN", "en-GB", "eng", "en_US", " En "] {
            assert_eq!(Language::from_code(code), Some(Language::English), "{code}");
        }
        assert_eq!(Language::from_code("nb"), Some(Language::Norwegian));
        assert_eq!(Language::from_code("ger"), Some(Language::German));
        for code in ["", "english", "xx", "-", "e"] {
            assert_eq!(Language::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn is_its_code_in_json() {
        assert_eq!(serde_json::to_string(&Language::Italian).unwrap(), "\"it\"");
        assert_eq!(serde_json::from_str::<Language>("\"it-CH\"").unwrap(), Language::Italian);
        assert!(serde_json::from_str::<Language>("\"klingon\"").is_err());
    }

    #[test]
    fn every_algorithm_has_a_language() {
        assert_eq!(Language::ALL.iter().filter(|language| language.has_stemmer()).count(), 18);
        assert!(!Language::Polish.has_stemmer());
    }
}
