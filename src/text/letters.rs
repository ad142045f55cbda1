//! What single characters are and become: classes, lower case, folding.
//!
//! Characters → `lower` (NFC, lower case, variants unified) → `exact` (accents folded).
//! Invariant: both are fixed points of their own function for the letters of one word.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{
    canonical_combining_class, decompose_canonical, decompose_compatible, is_combining_mark,
};

/// What a character does to the word it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter or digit of a script that separates words.
    Word,
    /// A character of a script that does not separate words (or, for hangul, glues them): indexed as bigrams.
    Dense,
    /// A combining mark or the like: belongs to the character before it.
    Extend,
    /// Invisible: belongs to no word and separates none.
    Invisible,
    /// Anything else: a separator.
    Other,
}

/// The class of a character.
pub(super) fn class(letter: char) -> Class {
    if letter.is_ascii() {
        return match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Word,
            '\0'..='\x08' | '\x0e'..='\x1b' | '\x7f' => Class::Invisible,
            _ => Class::Other,
        };
    }
    if is_invisible(letter) {
        Class::Invisible
    } else if is_extending(letter) {
        Class::Extend
    } else if letter == '\u{2bc}' {
        // The modifier apostrophe is alphabetic to Unicode; here it is an apostrophe.
        Class::Other
    } else if is_dense(letter) {
        Class::Dense
    } else if letter.is_alphanumeric() {
        Class::Word
    } else {
        Class::Other
    }
}

/// A letter or mark of a script that separates words: what a stemmer reads.
pub(super) fn is_separating_letter(letter: char) -> bool {
    match class(letter) {
        Class::Word => letter.is_alphabetic(),
        Class::Extend => true,
        _ => false,
    }
}

/// Characters that show nothing: format and direction marks, fillers, variation selectors.
pub fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{115f}'
        | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Combining marks, the vowels and finals of decomposed hangul, the voicing marks of half-width kana,
/// the vowel signs of old Arabic fonts.
fn is_extending(letter: char) -> bool {
    is_combining_mark(letter)
        || matches!(letter, '\u{1161}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7fb}' | '\u{fe70}'..='\u{fe7f}' | '\u{ff9e}' | '\u{ff9f}')
}

fn is_dense(letter: char) -> bool {
    matches!(letter,
        '\u{e01}'..='\u{e30}' | '\u{e32}'..='\u{e33}' | '\u{e40}'..='\u{e46}'       // Thai
        | '\u{e81}'..='\u{ec6}' | '\u{edc}'..='\u{edf}'                            // Lao
        | '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{108f}'                        // Myanmar
        | '\u{1780}'..='\u{17b3}'                                                  // Khmer
        | '\u{1100}'..='\u{115e}' | '\u{3131}'..='\u{318e}' | '\u{a960}'..='\u{a97c}' | '\u{ac00}'..='\u{d7a3}' // hangul
        | '\u{2e80}'..='\u{2fd5}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}'
        | '\u{3038}'..='\u{303b}' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}'
        | '\u{ffa1}'..='\u{ffdc}' | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3fffd}') // Han, kana
}

/// Forms that stand for plain letters: ligatures of old PDF files, full and half width, superscripts,
/// the mathematical alphabets that people decorate their names with.
fn is_compatibility_form(letter: char) -> bool {
    matches!(letter,
        '\u{aa}' | '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{ba}' | '\u{1c4}'..='\u{1cc}' | '\u{1f1}'..='\u{1f3}'
        | '\u{2070}'..='\u{209c}' | '\u{2100}'..='\u{214f}' | '\u{2160}'..='\u{217f}' | '\u{2460}'..='\u{24ff}'
        | '\u{2e80}'..='\u{2fd5}' | '\u{fb00}'..='\u{fb06}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{ff01}'..='\u{ff9f}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1f130}'..='\u{1f149}')
}

/// The plain character that a full-width form, typographic apostrophe, hyphen or sharp stands for; else itself.
pub(super) fn plain(letter: char) -> char {
    match letter {
        '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{ff07}' => '\'',
        '\u{2010}' | '\u{2011}' | '\u{ff0d}' => '-',
        '\u{266f}' => '#',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        _ => letter,
    }
}

/// Appends the `lower` form of a word: compatibility forms resolved, NFC, lower case, variants of one letter
/// unified, invisible characters dropped. At most `limit` characters of it.
///
/// Of ș/ş and ț/ţ the cedilla form stays: the Romanian and Turkish stemmers both read that one.
pub(super) fn push_lower(word: &str, limit: usize, lower: &mut String) {
    if word.chars().all(is_stable) {
        lower.extend(word.chars().take(limit).map(lower_letter));
        return;
    }
    let visible = word.chars().filter(|letter| class(*letter) != Class::Invisible);
    let mut plainly = String::with_capacity(word.len());
    visible.for_each(|letter| push_plain(plain(letter), &mut plainly));
    let composed = plainly.nfc().flat_map(char::to_lowercase).collect::<String>();
    let mut previous = None;
    let mut room = limit;
    for letter in composed.nfc() {
        if room == 0 {
            break;
        }
        // The lower case of İ is i with a dot above: one letter too many for every reader.
        if !(letter == '\u{307}' && previous == Some('i')) {
            lower.push(lower_letter(letter));
            room -= 1;
        }
        previous = Some(letter);
    }
}

/// Letters for which composition and compatibility change nothing and lower case is one letter.
fn is_stable(letter: char) -> bool {
    match letter {
        '\0'..='\x7f' => class(letter) != Class::Invisible,
        '\u{c0}'..='\u{24f}' => !is_compatibility_form(letter),
        '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}' => true,
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => true,
        _ => false,
    }
}

/// The lower case of one composed letter, its variant unified.
fn lower_letter(letter: char) -> char {
    match letter {
        'A'..='Z' => letter.to_ascii_lowercase(),
        '\0'..='\x7f' => letter,
        'ș' | 'Ș' => 'ş',
        'ț' | 'Ț' => 'ţ',
        _ => letter.to_lowercase().next().unwrap_or(letter),
    }
}

/// Appends a letter, a compatibility form as the letters and digits that it stands for.
fn push_plain(letter: char, out: &mut String) {
    if is_compatibility_form(letter) {
        decompose_compatible(letter, |part| {
            if !matches!(class(part), Class::Other | Class::Invisible) {
                out.push(part);
            }
        });
    } else {
        out.push(letter);
    }
}

/// Appends the folded form of a lower-cased word: accents and vowel points dropped, letters with a stroke or
/// ligature spelled plainly, final sigma as sigma, Arabic letters unified. At most `limit` characters.
pub(super) fn push_folded(lower: &str, limit: usize, exact: &mut String) {
    if lower.is_ascii() {
        exact.push_str(&lower[..lower.len().min(limit)]);
        return;
    }
    let start = exact.len();
    for letter in lower.chars() {
        fold_letter(letter, exact);
    }
    if let Some((cut, _)) = exact[start..].char_indices().nth(limit) {
        exact.truncate(start + cut);
    }
}

fn fold_letter(letter: char, out: &mut String) {
    if letter.is_ascii() {
        out.push(letter);
        return;
    }
    match letter {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'þ' => out.push_str("th"),
        'ø' | 'ɵ' => out.push('o'),
        'ł' => out.push('l'),
        'đ' | 'ð' => out.push('d'),
        'ħ' => out.push('h'),
        'ı' => out.push('i'),
        'ŧ' => out.push('t'),
        'ŋ' => out.push('n'),
        'ſ' => out.push('s'),
        'ə' => out.push('a'),
        'ς' => out.push('σ'),
        'ё' | 'ѐ' => out.push('е'),
        'ѝ' => out.push('и'),
        'آ' | 'أ' | 'إ' | 'ٱ' => out.push('ا'),
        'ى' | 'ی' | 'ئ' => out.push('ي'),
        'ؤ' => out.push('و'),
        'ة' => out.push('ه'),
        'ک' => out.push('ك'),
        _ if is_accent(letter) => {}
        _ if has_accents(letter) => decompose_canonical(letter, |part| {
            if part == letter {
                out.push(part);
            } else if !is_accent(part) {
                fold_letter(part, out);
            }
        }),
        _ => out.push(letter),
    }
}

/// Latin and Greek letters: the scripts whose marks are accents. й and ї are letters, dakuten is not an accent.
fn has_accents(letter: char) -> bool {
    matches!(letter, '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}')
}

/// Marks that a reader leaves out: Latin and Greek accents, Hebrew points, Arabic vowel signs.
fn is_accent(letter: char) -> bool {
    match letter {
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' => true,
        '\u{fe20}'..='\u{fe2f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}' => {
            is_combining_mark(letter)
        }
        '\u{591}'..='\u{5c7}' => canonical_combining_class(letter) != 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lower(word: &str) -> String {
        let mut out = String::new();
        push_lower(word, 64, &mut out);
        out
    }

    fn exact(word: &str) -> String {
        let mut out = String::new();
        push_folded(&lower(word), 64, &mut out);
        out
    }

    #[test]
    fn lower_keeps_diacritics_and_unifies_variants() {
        assert_eq!(lower("BÜRO"), "büro");
        assert_eq!(lower("u\u{308}ber"), "über");
        assert_eq!(lower("Științe"), lower("Ştiinţe"));
        assert_eq!(lower("İSTANBUL"), "istanbul");
        assert_eq!(lower("GROẞ"), "groß");
    }

    #[test]
    fn exact_folds_accents_and_special_letters() {
        for (word, folded) in [
            ("Büro", "buro"),
            ("perché", "perche"),
            ("Straße", "strasse"),
            ("Øresund", "oresund"),
            ("Łódź", "lodz"),
            ("Kırıkkale", "kirikkale"),
            ("Đặng", "dang"),
            ("Œuvre", "oeuvre"),
            ("ΟΔΌΣ", "οδοσ"),
            ("ёлка", "елка"),
            ("йод", "йод"),
            ("مُهَنْدِس", "مهندس"),
            ("أحمد", "احمد"),
            ("が", "が"),
            ("か\u{3099}", "が"),
            ("Ｊａｖａ", "java"),
            ("ﬁnance", "finance"),
            ("𝗗𝗮𝘁𝗮", "data"),
        ] {
            assert_eq!(exact(word), folded, "{word}");
        }
    }

    #[test]
    fn forms_are_bounded() {
        assert_eq!(lower(&"a".repeat(100)).len(), 64);
        assert_eq!(exact(&"ß".repeat(100)).chars().count(), 64);
    }
}
