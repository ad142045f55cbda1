//! RTF → text.
//!
//! Groups and control words → the text of the document's own destinations, in its code page. Hidden, deleted, white and tiny
//! text is left out.

use encoding_rs::{Encoding, WINDOWS_1252};

use super::sink::Sink;
use super::{DocumentError, DocumentErrorCode, DocumentText};

/// Groups within groups.
const MAX_DEPTH: usize = 1_000;

/// What holds within a group.
#[derive(Clone)]
struct State {
    /// Whether the text of the group is none of the document.
    is_skipped: bool,
    is_colour_table: bool,
    is_item_mark: bool,
    is_hidden: bool,
    is_white: bool,
    has_ground: bool,
    is_tiny: bool,
    /// Characters that stand for a Unicode character where it is not known.
    fallback: usize,
    encoding: &'static Encoding,
}

/// Destinations that hold no text.
const SKIPPED: [&str; 28] = [
    "fonttbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "generator",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "datastore",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "xmlnstbl",
    "mmathPr",
    "filetbl",
    "revtbl",
    "fldinst",
    "bkmkstart",
    "bkmkend",
    "annotation",
    "atnid",
    "atnauthor",
    "nonshppict",
    "objdata",
    "template",
    "pgptbl",
    "wgrffmtfilter",
];

struct Walker<'b> {
    bytes: &'b [u8],
    at: usize,
    state: State,
    held: Vec<State>,
    sink: Sink,
    /// Bytes in the code page that were not written yet.
    pending: Vec<u8>,
    /// Fallback characters of a Unicode character that are to be passed over.
    passed: usize,
    /// Whether each colour of the table is white.
    colours: Vec<bool>,
    colour: [u8; 3],
    has_colour: bool,
    high_surrogate: Option<u16>,
    hidden: usize,
}

/// Reads RTF.
pub(super) fn read(bytes: &[u8]) -> Result<DocumentText, DocumentError> {
    let state = State {
        is_skipped: false,
        is_colour_table: false,
        is_item_mark: false,
        is_hidden: false,
        is_white: false,
        has_ground: false,
        is_tiny: false,
        fallback: 1,
        encoding: WINDOWS_1252,
    };
    let mut walker = Walker {
        bytes,
        at: 0,
        state,
        held: Vec::new(),
        sink: Sink::default(),
        pending: Vec::new(),
        passed: 0,
        colours: Vec::new(),
        colour: [0; 3],
        has_colour: false,
        high_surrogate: None,
        hidden: 0,
    };
    walker.run();
    let (is_open, hidden) = (!walker.held.is_empty(), walker.hidden);
    let text = walker.sink.finish();
    if text.trim().is_empty() && is_open {
        return Err(DocumentError::new(DocumentErrorCode::Broken, "the RTF is cut off before its text"));
    }
    let mut document = DocumentText::of(text, "application/rtf");
    if is_open {
        document.note("the document is cut off: a group is not closed".to_owned());
    }
    if hidden > 0 {
        document.note(format!("{hidden} invisible characters were left out"));
    }
    Ok(document)
}

impl Walker<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += 1;
            match byte {
                b'{' => {
                    self.flush();
                    if self.held.len() >= MAX_DEPTH {
                        return;
                    }
                    self.held.push(self.state.clone());
                }
                b'}' => {
                    self.flush();
                    let was_mark = self.state.is_item_mark;
                    match self.held.pop() {
                        Some(state) => self.state = state,
                        None => return,
                    }
                    if was_mark && !self.state.is_item_mark && !self.state.is_skipped && self.sink.is_at_start() {
                        self.sink.push("• ");
                    }
                    if self.held.is_empty() {
                        return;
                    }
                }
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => {}
                byte => self.byte(byte),
            }
        }
        self.flush();
    }

    fn byte(&mut self, byte: u8) {
        if self.passed > 0 {
            self.passed -= 1;
            return;
        }
        if self.state.is_colour_table && byte == b';' {
            self.colours.push(self.has_colour && self.colour.iter().all(|part| *part >= 0xF0));
            (self.colour, self.has_colour) = ([0; 3], false);
        }
        self.pending.push(byte);
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let (text, _) = self.state.encoding.decode_without_bom_handling(&self.pending);
        let text = text.into_owned();
        self.pending.clear();
        self.write(&text);
    }

    fn write(&mut self, text: &str) {
        let state = &self.state;
        if state.is_skipped || state.is_colour_table || state.is_item_mark {
            return;
        }
        if state.is_hidden || state.is_tiny || state.is_white && !state.has_ground {
            self.hidden += text.chars().count();
        } else {
            self.sink.push(text);
        }
    }

    fn control(&mut self) {
        let Some(first) = self.bytes.get(self.at).copied() else { return };
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return self.symbol(first);
        }
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_alphabetic) && self.at - start < 32 {
            self.at += 1;
        }
        let word = String::from_utf8_lossy(&self.bytes[start..self.at]).into_owned();
        let number_start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) && self.at - number_start < 11 {
            self.at += 1;
        }
        let number =
            std::str::from_utf8(&self.bytes[number_start..self.at]).ok().and_then(|digits| digits.parse::<i64>().ok());
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.word(&word, number);
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'\'' => {
                let digits = self.bytes.get(self.at..self.at + 2).and_then(|digits| std::str::from_utf8(digits).ok());
                if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.at += 2;
                    self.byte(byte);
                }
            }
            b'*' => self.state.is_skipped = true,
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'~' => self.special(" "),
            b'_' => self.special("-"),
            b'\r' | b'\n' => self.end_line(),
            _ => {}
        }
    }

    fn special(&mut self, text: &str) {
        self.flush();
        self.write(text);
    }

    fn end_line(&mut self) {
        self.flush();
        if !self.state.is_skipped {
            self.sink.end_line();
        }
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        let is_on = number != Some(0);
        if word == "bin" {
            self.at = self.at.saturating_add(usize::try_from(number.unwrap_or(0)).unwrap_or(0)).min(self.bytes.len());
            return;
        }
        if word == "u" {
            self.flush();
            self.passed = 0;
            self.unicode(number.unwrap_or(0));
            self.passed = self.state.fallback;
            return;
        }
        self.flush();
        self.passed = 0;
        match word {
            "par" | "sect" | "page" | "row" | "line" => self.end_line(),
            "tab" | "cell" | "nestcell" => self.special("\t"),
            "bullet" => self.special("•"),
            "endash" => self.special("–"),
            "emdash" => self.special("—"),
            "lquote" => self.special("‘"),
            "rquote" => self.special("’"),
            "ldblquote" => self.special("“"),
            "rdblquote" => self.special("”"),
            "emspace" | "enspace" | "qmspace" => self.special(" "),
            "uc" => self.state.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8),
            "ansicpg" => self.state.encoding = code_page(number.unwrap_or(1252)),
            "mac" => self.state.encoding = encoding_rs::MACINTOSH,
            "v" => self.state.is_hidden = is_on,
            "deleted" => self.state.is_hidden = is_on,
            "plain" => {
                (self.state.is_hidden, self.state.is_white, self.state.is_tiny, self.state.has_ground) =
                    (false, false, false, false);
            }
            "fs" => self.state.is_tiny = number.is_some_and(|size| size <= 2),
            "cf" => {
                let colour = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
                self.state.is_white = self.colours.get(colour).copied().unwrap_or(false);
            }
            "highlight" | "cb" | "chcbpat" => self.state.has_ground = is_on,
            "colortbl" => self.state.is_colour_table = true,
            "red" | "green" | "blue" => {
                let part = match word {
                    "red" => 0,
                    "green" => 1,
                    _ => 2,
                };
                self.colour[part] = number.unwrap_or(0).clamp(0, 255) as u8;
                self.has_colour = true;
            }
            "pntext" | "listtext" => self.state.is_item_mark = true,
            // These are text though their group begins with the mark of what may be passed over.
            "shptxt" | "fldrslt" => self.state.is_skipped = false,
            _ if SKIPPED.contains(&word) => self.state.is_skipped = true,
            _ => {}
        }
    }

    fn unicode(&mut self, number: i64) {
        let unit = (number.rem_euclid(65_536)) as u16;
        let text = match (self.high_surrogate.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => String::from_utf16_lossy(&[high, unit]),
            (_, 0xD800..=0xDBFF) => {
                self.high_surrogate = Some(unit);
                return;
            }
            _ => String::from_utf16_lossy(&[unit]),
        };
        self.write(&text);
    }
}

fn code_page(number: i64) -> &'static Encoding {
    let label = match number {
        65001 => "utf-8".to_owned(),
        10000 => "macintosh".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}
