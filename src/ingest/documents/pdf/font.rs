//! Fonts of a PDF: codes → characters and widths.
//!
//! A font's dictionary → [`Font`]. Characters come from its table `ToUnicode`, else from its encoding and the names of its
//! glyphs. Widths that are not stated are guessed: they place words, no more.

use std::collections::HashMap;

use hayro_cmap::{BfString, CMap};
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use unicode_normalization::UnicodeNormalization;

use super::bounded::decoded;

/// The most entries of a table of widths that are read.
const MAX_WIDTHS: usize = 70_000;

/// What a font says of its codes.
pub(super) struct Font {
    is_wide: bool,
    is_utf16: bool,
    to_unicode: Option<CMap>,
    characters: HashMap<u32, String>,
    widths: HashMap<u32, f32>,
    default_width: Option<f32>,
    /// Thousandths of a unit of text space, as a factor: other for fonts of type 3.
    scale: f32,
}

/// A code of a shown string.
pub(super) struct Code {
    pub(super) text: Option<String>,
    /// In units of text space, for a size of 1.
    pub(super) width: f32,
    pub(super) is_space: bool,
}

impl Font {
    pub(super) fn of(dict: &Dict<'_>, budget: &mut usize) -> Self {
        let is_wide = name(dict, "Subtype").as_deref() == Some("Type0");
        let to_unicode = dict.get::<Stream<'_>>("ToUnicode").and_then(|stream| {
            let bytes = decoded(&stream, budget)?;
            CMap::parse(&bytes, |_| None)
        });
        let mut font = Self {
            is_wide,
            is_utf16: false,
            to_unicode,
            characters: HashMap::new(),
            widths: HashMap::new(),
            default_width: None,
            scale: 0.001,
        };
        if is_wide {
            let encoding = name(dict, "Encoding").unwrap_or_default();
            font.is_utf16 = encoding.contains("UTF16") || encoding.contains("UCS2");
            font.default_width = Some(1000.0);
            if let Some(below) =
                dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next())
            {
                font.read_wide_widths(&below);
            }
        } else {
            font.read_simple(dict);
        }
        font
    }

    fn read_wide_widths(&mut self, dict: &Dict<'_>) {
        if let Some(width) = dict.get::<Number>("DW") {
            self.default_width = Some(width.as_f32());
        }
        let Some(table) = dict.get::<Array<'_>>("W") else { return };
        let mut pending: Vec<f32> = Vec::new();
        for object in table.iter::<Object<'_>>() {
            if self.widths.len() > MAX_WIDTHS {
                return;
            }
            match object {
                Object::Number(number) => {
                    pending.push(number.as_f32());
                    if let [first, last, width] = pending[..] {
                        let (first, last) = (first.max(0.0) as u32, last.max(0.0) as u32);
                        for code in first..=last.min(first.saturating_add(MAX_WIDTHS as u32)) {
                            self.widths.insert(code, width);
                        }
                        pending.clear();
                    }
                }
                Object::Array(widths) => {
                    let first = pending.pop().unwrap_or(0.0).max(0.0) as u32;
                    pending.clear();
                    for (code, width) in (first..).zip(widths.iter::<Number>().take(MAX_WIDTHS)) {
                        self.widths.insert(code, width.as_f32());
                    }
                }
                _ => pending.clear(),
            }
        }
    }

    fn read_simple(&mut self, dict: &Dict<'_>) {
        let base = name(dict, "BaseFont").unwrap_or_default();
        let encoding = dict.get::<Dict<'_>>("Encoding");
        let base_encoding =
            encoding.as_ref().and_then(|encoding| name(encoding, "BaseEncoding")).or_else(|| name(dict, "Encoding"));
        let is_mac = base_encoding.as_deref() == Some("MacRomanEncoding");
        let is_symbol = base.contains("Symbol") || base.contains("Dingbat") || base.contains("Wingding");
        for code in 32..=255_u8 {
            let bytes = [code];
            let (text, _) = if is_mac {
                encoding_rs::MACINTOSH.decode_without_bom_handling(&bytes)
            } else {
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes)
            };
            // What the encoding leaves open is a bullet.
            let is_open = !is_mac && matches!(code, 127 | 129 | 141 | 143 | 144 | 157);
            let text = if is_symbol || is_open { "•".to_owned() } else { text.into_owned() };
            self.characters.insert(u32::from(code), text);
        }
        if let Some(differences) = encoding.and_then(|encoding| encoding.get::<Array<'_>>("Differences")) {
            let mut code = 0_u32;
            for object in differences.iter::<Object<'_>>().take(2_000) {
                match object {
                    Object::Number(number) => code = number.as_i64().clamp(0, 255) as u32,
                    Object::Name(name) => {
                        match character(name.as_str()) {
                            Some(text) => self.characters.insert(code, text),
                            None => self.characters.remove(&code),
                        };
                        code += 1;
                    }
                    _ => {}
                }
            }
        }
        let first = dict.get::<Number>("FirstChar").map_or(0, |first| first.as_i64().clamp(0, 255) as u32);
        if let Some(widths) = dict.get::<Array<'_>>("Widths") {
            self.widths = (first..).zip(widths.iter::<Number>().take(256).map(|width| width.as_f32())).collect();
            self.default_width = Some(0.0);
        } else {
            for code in 32..=255_u32 {
                let letter = self.characters.get(&code).and_then(|text| text.chars().next()).unwrap_or(' ');
                self.widths.insert(code, guessed_width(letter, &base));
            }
        }
        if name(dict, "Subtype").as_deref() == Some("Type3")
            && let Some(matrix) = dict.get::<Array<'_>>("FontMatrix")
        {
            self.scale = matrix.iter::<Number>().next().map_or(0.001, |scale| scale.as_f32().abs());
        }
    }

    /// The codes of a shown string.
    pub(super) fn codes<'s>(&'s self, bytes: &'s [u8]) -> impl Iterator<Item = Code> + 's {
        let step = if self.is_wide { 2 } else { 1 };
        bytes.chunks(step).map(move |chunk| {
            let code = chunk.iter().fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
            let mapped = self.to_unicode.as_ref().and_then(|map| map.lookup_bf_string(code)).map(|text| match text {
                BfString::Char(letter) => letter.to_string(),
                BfString::String(text) => text,
            });
            let utf16 = || self.is_utf16.then(|| char::from_u32(code).map(|letter| letter.to_string())).flatten();
            let text = mapped
                .filter(|text| !text.chars().all(|letter| letter == '\0'))
                .or_else(|| self.characters.get(&code).cloned())
                .or_else(utf16);
            let width = self.widths.get(&code).copied().or(self.default_width).unwrap_or(500.0) * self.scale;
            Code { text, width, is_space: code == 32 && !self.is_wide }
        })
    }
}

fn name(dict: &Dict<'_>, key: &str) -> Option<String> {
    dict.get::<Name<'_>>(key).map(|name| name.as_str().to_owned())
}

/// About as wide as letters of the fonts are that every reader has.
fn guessed_width(letter: char, font: &str) -> f32 {
    if font.contains("Courier") {
        return 600.0;
    }
    let width = match letter {
        'i' | 'j' | 'l' | '\'' | '|' => 222.0,
        'f' | 't' | 'I' | '.' | ',' | ':' | ';' | '/' | '!' | ' ' | '[' | ']' | '·' | '\\' => 278.0,
        'r' | '-' | '(' | ')' | '`' => 333.0,
        'm' => 833.0,
        'w' | 'C' | 'D' | 'H' | 'N' | 'R' | 'U' => 722.0,
        'M' | 'W' => 833.0,
        '—' | '%' | '@' => 1000.0,
        'G' | 'O' | 'Q' => 778.0,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 500.0,
        letter if letter.is_uppercase() => 667.0,
        _ => 556.0,
    };
    if font.contains("Times") { width * 0.9 } else { width }
}

/// Names of glyphs that are no letters of their own (Adobe Glyph List).
const NAMES: [(&str, &str); 78] = [
    ("space", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("quoteright", "’"),
    ("quoteleft", "‘"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("underscore", "_"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("asciicircum", "^"),
    ("bullet", "•"),
    ("endash", "–"),
    ("emdash", "—"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("quotedblbase", "„"),
    ("quotesinglbase", "‚"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("ellipsis", "…"),
    ("Euro", "€"),
    ("sterling", "£"),
    ("degree", "°"),
    ("section", "§"),
    ("periodcentered", "·"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("germandbls", "ß"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
    ("dotlessi", "ı"),
    ("lslash", "ł"),
    ("Lslash", "Ł"),
    ("minus", "-"),
    ("nbspace", " "),
    ("arrowright", "→"),
    ("trademark", "™"),
];

/// Ends of glyphs' names, and the marks that they stand for.
const ACCENTS: [(&str, char); 14] = [
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("circumflex", '\u{302}'),
    ("tilde", '\u{303}'),
    ("dieresis", '\u{308}'),
    ("ring", '\u{30a}'),
    ("cedilla", '\u{327}'),
    ("caron", '\u{30c}'),
    ("breve", '\u{306}'),
    ("ogonek", '\u{328}'),
    ("macron", '\u{304}'),
    ("dotaccent", '\u{307}'),
    ("commaaccent", '\u{326}'),
    ("hungarumlaut", '\u{30b}'),
];

/// The character of a glyph's name: "eacute", "uni00E9", "u1F600", "f_i", "comma".
fn character(name: &str) -> Option<String> {
    let base = name.split('.').next().filter(|base| !base.is_empty())?;
    let mut letters = base.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(letter.to_string());
    }
    let hex =
        |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).map(|letter| letter.to_string());
    if let Some(digits) = base.strip_prefix("uni").filter(|digits| digits.len() >= 4 && digits.is_ascii()) {
        return hex(&digits[..4]);
    }
    if let Some(digits) = base.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len()))
        && let Some(found) = hex(digits)
    {
        return Some(found);
    }
    if let Some((_, text)) = NAMES.iter().find(|(own, _)| *own == base) {
        return Some((*text).to_owned());
    }
    let accented = ACCENTS.iter().find_map(|(accent, mark)| {
        let letter = base.strip_suffix(accent)?;
        (letter.chars().count() == 1).then(|| format!("{letter}{mark}").nfc().collect())
    });
    accented.or_else(|| {
        let parts: Vec<&str> = base.split('_').collect();
        (parts.len() > 1).then(|| parts.iter().map(|part| character(part)).collect::<Option<String>>()).flatten()
    })
}
