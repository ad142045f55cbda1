//! HTML → text.
//!
//! Tokens of `html5gum`; blocks end lines, cells are parted by tabs, items are marked. Scripts, and what a style hides, are left
//! out: `hidden`, `display:none`, `visibility:hidden`, no size, white on nothing.

use std::collections::HashMap;

use html5gum::{StartTag, Token, Tokenizer};

use super::sink::Sink;
use super::{DocumentText, docx::is_white};

/// Elements within elements that are remembered.
const MAX_DEPTH: usize = 2_000;

/// Reads HTML.
pub(super) fn read(text: &str) -> DocumentText {
    let mut walker = Walker::default();
    for token in Tokenizer::new(text).flatten() {
        match token {
            Token::StartTag(tag) => walker.start(&tag),
            Token::EndTag(tag) => walker.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => walker.text(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    let hidden = walker.hidden;
    let mut document = DocumentText::of(walker.sink.finish(), "text/html");
    if hidden > 0 {
        document.note(format!("{hidden} invisible characters were left out"));
    }
    document
}

/// What an element does to the text within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    None,
    /// It is no text: a script, the title.
    Skip,
    /// It is not seen.
    Hide,
    /// Its ground has a colour: white text on it is seen.
    Ground,
    /// Its ground is white: white text on it is not seen.
    Pale,
    /// Its text is white.
    White,
}

#[derive(Default)]
struct Walker {
    sink: Sink,
    open: Vec<(String, Effect)>,
    /// What selectors of style sheets do: `.class`, `#id`, names of elements.
    sheet: HashMap<String, Effect>,
    style: String,
    in_cell: bool,
    /// Whether the cell holds text already.
    is_cell_begun: bool,
    /// Where the rows of tables that were begun begin in the text, and the last cell of each.
    rows: Vec<(usize, usize)>,
    hidden: usize,
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "li"
            | "ul"
            | "ol"
            | "tr"
            | "table"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "aside"
            | "nav"
            | "address"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "pre"
            | "figure"
            | "form"
            | "fieldset"
            | "tbody"
            | "thead"
            | "body"
            | "hr"
            | "br"
    )
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

impl Walker {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        if is_heading(&name) || matches!(name.as_str(), "section" | "article" | "table" | "aside") {
            self.sink.leave_blank();
        } else if is_block(&name) && (!self.is_first_of_cell() || !matches!(name.as_str(), "p" | "div")) {
            self.sink.end_line();
        }
        match name.as_str() {
            "li" => self.sink.push("• "),
            "tr" => self.rows.push((self.sink.ended(), self.sink.ended())),
            "td" | "th" => {
                if !self.sink.is_at_start() {
                    self.sink.push("\t");
                }
                (self.in_cell, self.is_cell_begun) = (true, false);
                let ended = self.sink.ended();
                if let Some((_, cell)) = self.rows.last_mut() {
                    *cell = ended;
                }
            }
            _ => {}
        }
        if !is_void(&name) && self.open.len() < MAX_DEPTH {
            let effect = self.effect(&name, tag);
            self.open.push((name, effect));
        }
    }

    /// Whether nothing of a cell was read yet: its first paragraph stands beside the cell before.
    fn is_first_of_cell(&self) -> bool {
        self.in_cell && !self.is_cell_begun
    }

    fn effect(&self, name: &str, tag: &StartTag<()>) -> Effect {
        if matches!(
            name,
            "script" | "style" | "template" | "noscript" | "head" | "svg" | "title" | "select" | "button" | "object"
        ) {
            return Effect::Skip;
        }
        let attribute = |wanted: &str| {
            let found = tag.attributes.iter().find(|(name, _)| name.as_slice() == wanted.as_bytes());
            found.map(|(_, value)| String::from_utf8_lossy(value).to_lowercase())
        };
        let classes = attribute("class").unwrap_or_default();
        let classes = classes.split_whitespace().map(|class| format!(".{class}"));
        let selectors = classes.chain(attribute("id").map(|id| format!("#{id}"))).chain([name.to_owned()]);
        let by_sheet: Vec<Effect> = selectors.filter_map(|selector| self.sheet.get(&selector).copied()).collect();
        if by_sheet.contains(&Effect::Hide) || attribute("hidden").is_some() {
            return Effect::Hide;
        }
        let mut style = attribute("style").unwrap_or_default();
        if let Some(colour) = attribute("color").filter(|_| name == "font") {
            style.push_str(&format!(";color:{colour}"));
        }
        if let Some(ground) = attribute("bgcolor") {
            style.push_str(&format!(";background:{ground}"));
        }
        match (effect_of(&style), by_sheet.into_iter().reduce(stronger).unwrap_or(Effect::None)) {
            (Effect::None, by_sheet) => by_sheet,
            (Effect::White, Effect::Ground) => Effect::Ground,
            (Effect::White, Effect::Pale) | (Effect::Pale, Effect::White) => Effect::Hide,
            (own, _) => own,
        }
    }

    fn end(&mut self, name: &str) {
        if name == "style" {
            self.read_sheet();
        }
        if let Some(at) = self.open.iter().rposition(|(open, _)| open == name) {
            self.open.truncate(at);
        }
        if matches!(name, "td" | "th") {
            self.in_cell = false;
            // "Title / employer / duties | 2015 – 2019": the time stands beside the title.
            let row = self.rows.last().filter(|(row, cell)| row < cell && *cell == self.sink.ended());
            if let Some((row, _)) = row.copied() {
                self.sink.lift(row);
            }
        }
        if name == "tr" {
            self.rows.pop();
        }
        if is_heading(name) || matches!(name, "ul" | "ol" | "table" | "section" | "article" | "aside" | "header") {
            self.sink.leave_blank();
        } else if is_block(name) && !(self.in_cell && matches!(name, "p" | "div")) {
            self.sink.end_line();
        }
    }

    fn text(&mut self, text: &str) {
        if self.open.last().is_some_and(|(name, _)| name == "style") {
            self.style.push_str(text);
            return;
        }
        if self.open.iter().any(|(_, effect)| *effect == Effect::Skip) {
            return;
        }
        let is_hidden = self.open.iter().any(|(_, effect)| *effect == Effect::Hide);
        let last = self.open.iter().rev().find(|(_, effect)| matches!(effect, Effect::White | Effect::Ground));
        let ground = self.open.iter().rev().find(|(_, effect)| matches!(effect, Effect::Ground | Effect::Pale));
        let has_ground = ground.is_some_and(|(_, effect)| *effect == Effect::Ground);
        let is_white = last.is_some_and(|(_, effect)| *effect == Effect::White) && !has_ground;
        if is_hidden || is_white {
            self.hidden += text.trim().chars().count();
        } else {
            self.is_cell_begun |= !text.trim().is_empty();
            self.sink.push(&text.replace('\t', " "));
        }
    }

    /// The selectors of a style sheet that hide what they select: simple ones.
    fn read_sheet(&mut self) {
        let sheet = std::mem::take(&mut self.style).to_lowercase();
        for rule in sheet.split('}').take(5_000) {
            let Some((selectors, style)) = rule.split_once('{') else { continue };
            let effect = effect_of(style);
            if effect == Effect::None {
                continue;
            }
            let simple = selectors
                .split(',')
                .map(str::trim)
                .filter(|selector| !selector.contains([' ', '>', ':', '[', '@', '*']));
            for selector in simple {
                let held = self.sheet.entry(selector.to_owned()).or_insert(effect);
                *held = stronger(*held, effect);
            }
        }
    }
}

/// What two rules together do to the same text.
fn stronger(one: Effect, other: Effect) -> Effect {
    let is = |effect: Effect| one == effect || other == effect;
    if is(Effect::Hide) || is(Effect::White) && is(Effect::Pale) {
        return Effect::Hide;
    }
    [Effect::Ground, Effect::White, Effect::Pale].into_iter().find(|effect| is(*effect)).unwrap_or(one)
}

/// What a style does to text, of declarations in lower case.
fn effect_of(style: &str) -> Effect {
    let (mut ground, mut is_white) = (None, false);
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let (property, value) = (property.trim(), value.trim().trim_end_matches("!important").trim());
        match property {
            "display" if value == "none" => return Effect::Hide,
            "visibility" if matches!(value, "hidden" | "collapse") => return Effect::Hide,
            "opacity" if value.parse::<f32>().is_ok_and(|opacity| opacity < 0.1) => return Effect::Hide,
            "font-size" if is_tiny(value) => return Effect::Hide,
            "text-indent" | "left" | "top" if is_far_off(value) => return Effect::Hide,
            "color" if is_white_colour(value) => is_white = true,
            "background" | "background-color" | "background-image"
                if !matches!(value, "none" | "transparent" | "inherit") =>
            {
                ground = Some(if is_white_colour(value) { Effect::Pale } else { Effect::Ground });
            }
            _ => {}
        }
    }
    match ground {
        Some(Effect::Pale) if is_white => Effect::Hide,
        Some(ground) => ground,
        None if is_white => Effect::White,
        None => Effect::None,
    }
}

fn is_tiny(value: &str) -> bool {
    let end = value.find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    number.parse::<f32>().is_ok_and(|size| match unit.trim() {
        "px" | "pt" => size < 1.6,
        "em" | "rem" => size < 0.1,
        "%" => size < 10.0,
        _ => size == 0.0,
    })
}

fn is_far_off(value: &str) -> bool {
    value.starts_with('-')
        && value
            .trim_start_matches('-')
            .trim_end_matches("px")
            .trim_end_matches("em")
            .parse::<f32>()
            .is_ok_and(|by| by >= 900.0)
}

fn is_white_colour(value: &str) -> bool {
    match value.strip_prefix('#') {
        Some(digits) if digits.len() == 3 && digits.is_ascii() => {
            digits.bytes().all(|digit| matches!(digit, b'e' | b'f'))
        }
        Some(_) => is_white(value),
        None => value == "white" || value.replace(' ', "").starts_with("rgb(255,255,255") || value == "transparent",
    }
}
