//! ODT → text.
//!
//! The body's paragraphs, lists and tables. Text of styles that hide it, white or tiny text and tracked deletions are left out.

use std::collections::{HashMap, HashSet};

use super::docx::{is_white, row_lines};
use super::packed::Archive;
use super::sink::Sink;
use super::xml::{Attributes, Node, walk};
use super::{DocumentError, DocumentErrorCode, DocumentText};

const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.text";

/// Reads an ODT.
pub(super) fn read(archive: &mut Archive<'_>) -> Result<DocumentText, DocumentError> {
    let manifest = archive.member("META-INF/manifest.xml")?.unwrap_or_default();
    if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
        return Err(DocumentError::new(DocumentErrorCode::Encrypted, "the ODT is protected by a password"));
    }
    let Some(content) = archive.member("content.xml")? else {
        return Err(DocumentError::new(DocumentErrorCode::Broken, "the ODT has no content"));
    };
    let mut walker = Walker::default();
    let mut header = String::new();
    if let Some(styles) = archive.member("styles.xml")? {
        walk(&styles, |node| walker.visit(node));
        header = walker.take();
    }
    let is_whole = walk(&content, |node| walker.visit(node));
    let hidden = walker.hidden;
    let body = walker.take();
    if body.trim().is_empty() && !is_whole {
        return Err(DocumentError::new(DocumentErrorCode::Broken, "the text of the ODT is damaged"));
    }
    let text = if header.trim().is_empty() { body } else { format!("{header}\n{body}") };
    let mut document = DocumentText::of(text, MEDIA_TYPE);
    if !is_whole {
        document.note("the document is damaged: its text may be cut off".to_owned());
    }
    if hidden > 0 {
        document.note(format!("{hidden} invisible characters were left out"));
    }
    Ok(document)
}

/// What an element does to the text within it.
#[derive(Debug, Clone, Copy, Default)]
struct Effect {
    hides: bool,
    is_white: bool,
    /// Whether its ground has a colour, where it has one.
    ground: Option<bool>,
}

#[derive(Default)]
struct Walker {
    lines: Vec<String>,
    paragraphs: Vec<(String, bool)>,
    rows: Vec<Vec<Vec<String>>>,
    /// Styles that hide their text.
    hiding: HashSet<String>,
    /// Styles whose text is white.
    white: HashSet<String>,
    /// Styles with a ground, and whether that has a colour: white text on it is seen.
    grounds: HashMap<String, bool>,
    /// The style whose properties come.
    style: Option<String>,
    /// What each element that was begun does to its text.
    open: Vec<Effect>,
    /// Elements that hold no text of the document.
    skipped: usize,
    items: usize,
    is_new_item: bool,
    hidden: usize,
}

/// Whether an element holds text that is no part of the document.
fn is_skipped(name: &str) -> bool {
    matches!(name, "tracked-changes" | "annotation" | "script" | "desc" | "title" | "sequence-decls")
}

impl Walker {
    fn take(&mut self) -> String {
        while let Some((text, _)) = self.paragraphs.pop() {
            self.lines.push(text);
        }
        (self.rows, self.open, self.skipped, self.items) = (Vec::new(), Vec::new(), 0, 0);
        Sink::of_lines(std::mem::take(&mut self.lines))
    }

    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Start(name, attributes) => self.start(name, attributes),
            Node::End(name) => self.end(name),
            Node::Text(text) => self.text(text),
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped > 0 {
            return;
        }
        let Some((paragraph, _)) = self.paragraphs.last_mut() else { return };
        let ground = self.open.iter().rev().find_map(|effect| effect.ground).unwrap_or(false);
        let is_white = self.open.iter().any(|effect| effect.is_white) && !ground;
        if is_white || self.open.iter().any(|effect| effect.hides) {
            self.hidden += text.chars().count();
        } else {
            paragraph.push_str(&text.replace(['\n', '\t'], " "));
        }
    }

    fn start(&mut self, name: &str, attributes: &Attributes<'_>) {
        let style = attributes.get("style-name");
        let is_of = |styles: &HashSet<String>| style.as_ref().is_some_and(|style| styles.contains(style));
        let is_text = matches!(name, "span" | "p" | "h");
        self.open.push(Effect {
            hides: is_text && is_of(&self.hiding) || matches!(name, "hidden-text" | "hidden-paragraph"),
            is_white: is_text && is_of(&self.white),
            ground: style
                .as_ref()
                .filter(|_| is_text || matches!(name, "table-cell" | "table-row" | "table" | "section"))
                .and_then(|style| self.grounds.get(style).copied()),
        });
        self.skipped += usize::from(is_skipped(name));
        match name {
            "style" => self.begin_style(attributes),
            "text-properties" => self.read_style(attributes),
            "paragraph-properties"
            | "table-cell-properties"
            | "table-row-properties"
            | "table-properties"
            | "section-properties" => self.read_ground(attributes),
            "p" | "h" => {
                let is_item = self.items > 0 && std::mem::take(&mut self.is_new_item);
                self.paragraphs.push((String::new(), is_item));
                if name == "h" {
                    self.target().push(String::new());
                }
            }
            "tab" => self.break_with('\t'),
            "line-break" => self.break_with('\n'),
            "s" => self.text(" "),
            "list-item" => {
                self.items += 1;
                self.is_new_item = true;
            }
            "table-row" => self.rows.push(Vec::new()),
            "table-cell" => {
                if let Some(row) = self.rows.last_mut() {
                    row.push(Vec::new());
                }
            }
            _ => {}
        }
    }

    fn break_with(&mut self, letter: char) {
        if let Some((paragraph, _)) = self.paragraphs.last_mut() {
            paragraph.push(letter);
        }
    }

    /// A style has what the one that it comes from has, unless it says otherwise.
    fn begin_style(&mut self, attributes: &Attributes<'_>) {
        self.style = attributes.get("name");
        let (Some(style), Some(parent)) = (self.style.clone(), attributes.get("parent-style-name")) else { return };
        for styles in [&mut self.white, &mut self.hiding] {
            if styles.contains(&parent) {
                styles.insert(style.clone());
            }
        }
        if let Some(ground) = self.grounds.get(&parent).copied() {
            self.grounds.insert(style, ground);
        }
    }

    fn read_ground(&mut self, attributes: &Attributes<'_>) {
        let Some(style) = self.style.clone() else { return };
        if let Some(ground) = attributes.get("background-color").filter(|ground| ground != "transparent") {
            self.grounds.insert(style, !is_white(&ground));
        }
    }

    fn read_style(&mut self, attributes: &Attributes<'_>) {
        self.read_ground(attributes);
        let is_tiny = attributes
            .get("font-size")
            .and_then(|size| size.trim_end_matches("pt").parse::<f32>().ok())
            .is_some_and(|size| size < 1.2);
        let Some(style) = self.style.clone() else { return };
        if let Some(colour) = attributes.get("color") {
            if is_white(&colour) {
                self.white.insert(style.clone());
            } else {
                self.white.remove(&style);
            }
        }
        if attributes.get("display").as_deref() == Some("none") || is_tiny {
            self.hiding.insert(style);
        }
    }

    fn target(&mut self) -> &mut Vec<String> {
        match self.rows.last_mut().and_then(|row| row.last_mut()) {
            Some(cell) => cell,
            None => &mut self.lines,
        }
    }

    fn end(&mut self, name: &str) {
        self.open.pop();
        self.skipped = self.skipped.saturating_sub(usize::from(is_skipped(name)));
        match name {
            "p" | "h" => {
                if let Some((text, is_item)) = self.paragraphs.pop() {
                    let text = text.trim().to_owned();
                    let line = if is_item && !text.is_empty() { format!("• {text}") } else { text };
                    self.target().push(line);
                }
            }
            "list-item" => self.items = self.items.saturating_sub(1),
            "table-row" => {
                if let Some(row) = self.rows.pop() {
                    let lines = row_lines(row);
                    self.target().extend(lines);
                }
            }
            "table" if self.rows.is_empty() => self.lines.push(String::new()),
            _ => {}
        }
    }
}
