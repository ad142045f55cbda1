//! Names of the languages that people speak.
//!
//! "German", "Deutsch", "tedesco", "ドイツ語" → `de`. The table is `indexes/languages/languages.tsv`, read on first use.
//! Invariant: a name stands for one language, and every language is found by each of its names.

use std::sync::OnceLock;

use super::{NameMap, TokenList};

/// Columns: code, other ISO 639 codes, English name, further names.
const TABLE: &str = include_str!("../../indexes/languages/languages.tsv");

struct Spoken {
    languages: Vec<SpokenLanguage>,
    /// Folded name → place in `languages`.
    names: NameMap,
}

struct SpokenLanguage {
    code: &'static str,
    other_codes: &'static str,
    english: &'static str,
}

fn spoken() -> &'static Spoken {
    static SPOKEN: OnceLock<Spoken> = OnceLock::new();
    SPOKEN.get_or_init(|| {
        let mut languages = Vec::new();
        let mut names: Vec<(&str, u64)> = Vec::new();
        for (number, line) in (0..).zip(TABLE.lines().skip(1)) {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            let language = SpokenLanguage { code: cell(), other_codes: cell(), english: cell() };
            names.push((language.english, number));
            names.extend(cell().split('|').map(|name| (name, number)));
            languages.push(language);
        }
        Spoken { languages, names: NameMap::of(names).expect("the table of languages is tested") }
    })
}

/// The ISO 639 code of a spoken language, of two letters where it has one: by its name in any of the known languages, by
/// its own name, or by its code where the text is nothing else (`de`, `DE`, `deu`, `de-AT`). Varieties count as their
/// language ("Mandarin" is `zh`, "Brazilian Portuguese" `pt`, "Nynorsk" `no`). What follows a name after a bracket, a dash
/// or the like is left out: "English (fluent)". `None` where unknown.
pub fn spoken_language(name: &str) -> Option<&'static str> {
    let spoken = spoken();
    let by_name = |name: &str| {
        let number = spoken.names.get(&TokenList::of(name).joined())?;
        Some(spoken.languages.get(number as usize)?.code)
    };
    by_name(name).or_else(|| by_code(name)).or_else(|| {
        let (first, _) = name.split_once(|letter: char| "(（[:：,;/–—-".contains(letter))?;
        by_name(first)
    })
}

/// The language of a code, alone or before a region or script.
fn by_code(text: &str) -> Option<&'static str> {
    let mut subtags = text.trim().split(['-', '_']);
    let code = subtags.next()?.to_ascii_lowercase();
    let is_subtag = |subtag: &str| (2..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric());
    if !(2..=3).contains(&code.len()) || !subtags.all(is_subtag) {
        return None;
    }
    let has_code = |language: &&SpokenLanguage| {
        language.code == code || language.other_codes.split('|').any(|other| other == code)
    };
    spoken().languages.iter().find(has_code).map(|language| language.code)
}

/// The English name of a language by the code that [`spoken_language`] gives.
pub fn spoken_language_name(code: &str) -> Option<&'static str> {
    spoken().languages.iter().find(|language| language.code == code).map(|language| language.english)
}

/// The longest run of exact tokens from `from` on that names a language: how many tokens, and the language's code.
/// Codes are no names: "no", "is" and "it" are words.
pub fn longest_spoken_language<T: AsRef<str>>(tokens: &[T], from: usize) -> Option<(usize, &'static str)> {
    let spoken = spoken();
    let (length, number) = spoken.names.longest(tokens, from)?;
    Some((length, spoken.languages.get(number as usize)?.code))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn names_of_many_languages_lead_to_the_code() {
        for (name, code) in [
            ("German", "de"),
            ("Deutsch", "de"),
            ("tedesco", "de"),
            ("alemán", "de"),
            ("allemand", "de"),
            ("alemão", "de"),
            ("Duits", "de"),
            ("germană", "de"),
            ("niemiecki", "de"),
            ("tyska", "de"),
            ("saksa", "de"),
            ("немецкий", "de"),
            ("німецька", "de"),
            ("Γερμανικά", "de"),
            ("德语", "de"),
            ("ドイツ語", "de"),
            ("독일어", "de"),
            ("الألمانية", "de"),
            ("Mandarin", "zh"),
            ("Cantonese", "zh"),
            ("Chinese (Mandarin)", "zh"),
            ("Castilian", "es"),
            ("castellano", "es"),
            ("Brazilian Portuguese", "pt"),
            ("Farsi", "fa"),
            ("Dari", "fa"),
            ("Flemish", "nl"),
            ("Bokmål", "no"),
            ("Filipino", "tl"),
            ("Euskara", "eu"),
            ("Swiss German", "gsw"),
            ("Sign language", "sgn"),
        ] {
            assert_eq!(spoken_language(name), Some(code), "{name}");
        }
    }

    #[test]
    fn codes_count_where_they_stand_alone() {
        for (text, code) in [("de", "de"), ("DE", "de"), ("deu", "de"), ("ger", "de"), ("de-AT", "de"), ("nb", "no")] {
            assert_eq!(spoken_language(text), Some(code), "{text}");
        }
        for text in ["", "xx", "klingon", "de facto", "d", "-", "it is"] {
            assert_eq!(spoken_language(text), None, "{text}");
        }
    }

    #[test]
    fn a_level_behind_the_name_is_left_out() {
        for text in
            ["English (fluent)", "English - C1", "english: native", "English/B2", "Englisch, verhandlungssicher"]
        {
            assert_eq!(spoken_language(text), Some("en"), "{text}");
        }
    }

    #[test]
    fn takes_the_longest_run_of_tokens() {
        let tokens = ["speaks", "swiss", "german", "and", "it"];
        assert_eq!(longest_spoken_language(&tokens, 1), Some((2, "gsw")));
        assert_eq!(longest_spoken_language(&tokens, 2), Some((1, "de")));
        assert_eq!(longest_spoken_language(&tokens, 4), None, "codes are words");
        assert_eq!(longest_spoken_language(&tokens, 5), None);
    }

    #[test]
    fn every_language_is_found_by_its_names_and_codes() {
        let mut owners: HashMap<String, &str> = HashMap::new();
        for line in TABLE.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [code, others, english, names] = cells[..] else { panic!("{line}") };
            assert_eq!(spoken_language_name(code), Some(english));
            for name in names.split('|').chain([english]).filter(|name| !name.is_empty()) {
                assert_eq!(spoken_language(name), Some(code), "{name}");
                let owner = owners.entry(TokenList::of(name).joined()).or_insert(code);
                assert_eq!(*owner, code, "{name} stands for two languages");
            }
            for other in others.split('|').chain([code]).filter(|other| !other.is_empty()) {
                assert_eq!(by_code(other), Some(code), "{other}");
            }
        }
    }
}
