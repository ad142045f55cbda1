//! DOCX → text.
//!
//! Headers, the body, footers. Hidden, white and tiny runs, deleted text and the second rendering of text boxes are left out.

use super::packed::Archive;
use super::sink::Sink;
use super::xml::{Attributes, Node, walk};
use super::{DocumentError, DocumentErrorCode, DocumentText};

const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Reads a DOCX.
pub(super) fn read(archive: &mut Archive<'_>) -> Result<DocumentText, DocumentError> {
    let mut names = archive.names();
    names.sort();
    let is_part = |name: &&String, part: &str| name.starts_with(part) && name.ends_with(".xml");
    let headers = names.iter().filter(|name| is_part(name, "word/header"));
    let footers = names.iter().filter(|name| is_part(name, "word/footer"));
    let body = "word/document.xml".to_owned();
    let parts: Vec<&String> = headers.chain([&body]).chain(footers).collect();
    let mut walker = Walker::default();
    let mut is_whole = true;
    let mut seen: Vec<String> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for part in parts {
        let Some(bytes) = archive.member(part)? else { continue };
        let is_read = walk(&bytes, |node| walker.visit(node));
        is_whole &= is_read || *part != body;
        let text = walker.take();
        // Headers of first, odd and even pages say the same.
        if !seen.contains(&text) {
            texts.push(text.clone());
            seen.push(text);
        }
    }
    let text = texts.join("\n");
    if text.trim().is_empty() && !is_whole {
        return Err(DocumentError::new(DocumentErrorCode::Broken, "the text of the DOCX is damaged"));
    }
    let mut document = DocumentText::of(text, MEDIA_TYPE);
    if !is_whole {
        document.note("the document is damaged: its text may be cut off".to_owned());
    }
    if walker.hidden > 0 {
        document.note(format!("{} invisible characters were left out", walker.hidden));
    }
    Ok(document)
}

/// A cell: its paragraphs.
type Cell = Vec<String>;

#[derive(Default)]
struct Walker {
    lines: Vec<String>,
    /// Paragraphs that were begun and not ended, text boxes within them.
    paragraphs: Vec<Paragraph>,
    /// Rows of tables that were begun: their cells.
    rows: Vec<Vec<Cell>>,
    /// Elements whose text does not count, that were begun.
    skipped: usize,
    is_text: bool,
    run: Run,
    in_run_properties: bool,
    in_paragraph_properties: bool,
    /// Whether the ground of each cell that was begun has a colour.
    grounds: Vec<bool>,
    /// Within the tab stops of a paragraph's properties, which are `tab` too.
    in_tab_stops: bool,
    hidden: usize,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    is_item: bool,
    is_heading: bool,
    /// Whether its ground has a colour.
    has_ground: bool,
}

/// What is known of a run.
#[derive(Default)]
struct Run {
    is_hidden: bool,
    is_white: bool,
    is_tiny: bool,
    has_ground: bool,
}

impl Run {
    /// Whether nobody sees it. `is_on_ground`: what it stands on has a colour.
    fn is_invisible(&self, is_on_ground: bool) -> bool {
        self.is_hidden || self.is_tiny || self.is_white && !self.has_ground && !is_on_ground
    }
}

fn is_off(attributes: &Attributes<'_>) -> bool {
    attributes.get("val").is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off" | "none"))
}

impl Walker {
    fn take(&mut self) -> String {
        while let Some(paragraph) = self.paragraphs.pop() {
            self.put(paragraph);
        }
        (self.rows, self.skipped) = (Vec::new(), 0);
        self.grounds.clear();
        Sink::of_lines(std::mem::take(&mut self.lines))
    }

    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Start(name, attributes) => self.start(name, attributes),
            Node::End(name) => self.end(name),
            Node::Text(text) if self.is_text && self.skipped == 0 => self.text(text),
            Node::Text(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        let has_ground = self.grounds.last() == Some(&true) || self.paragraphs.iter().any(|open| open.has_ground);
        if self.run.is_invisible(has_ground) {
            self.hidden += text.chars().count();
        } else if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn start(&mut self, name: &str, attributes: &Attributes<'_>) {
        if matches!(name, "Fallback" | "del" | "moveFrom" | "delText" | "instrText") {
            self.skipped += 1;
        }
        match name {
            "p" => self.paragraphs.push(Paragraph::default()),
            "r" => self.run = Run::default(),
            "tabs" => self.in_tab_stops = true,
            "pPr" => self.in_paragraph_properties = true,
            "rPr" => self.in_run_properties = true,
            "vanish" | "webHidden" if self.in_run_properties => self.run.is_hidden = !is_off(attributes),
            "color" if self.in_run_properties => {
                self.run.is_white = attributes.get("val").is_some_and(|colour| is_white(&colour));
            }
            "sz" if self.in_run_properties => {
                self.run.is_tiny =
                    attributes.get("val").and_then(|size| size.parse::<u32>().ok()).is_some_and(|size| size <= 2);
            }
            "shd" => {
                let ground = attributes.get("fill").filter(|fill| fill != "auto");
                let has_ground = ground.is_some_and(|fill| !is_white(&fill));
                if self.in_run_properties {
                    self.run.has_ground |= has_ground;
                } else if self.in_paragraph_properties {
                    self.with_paragraph(|paragraph| paragraph.has_ground |= has_ground);
                } else if let Some(ground) = self.grounds.last_mut() {
                    *ground |= has_ground;
                }
            }
            "highlight" if self.in_run_properties => self.run.has_ground = !is_off(attributes),
            "t" => self.is_text = true,
            "tab" if !self.in_tab_stops => self.text("\t"),
            "br" | "cr" => self.text("\n"),
            "noBreakHyphen" => self.text("-"),
            "numPr" => self.with_paragraph(|paragraph| paragraph.is_item = true),
            "pStyle" => {
                let style = attributes.get("val").unwrap_or_default().to_lowercase();
                self.with_paragraph(|paragraph| {
                    paragraph.is_heading |=
                        ["heading", "titolo", "berschrift", "titre", "kop", "titlu", "ttulo", "title"]
                            .iter()
                            .any(|name| style.contains(name));
                    paragraph.is_item |= style.contains("listbullet")
                        || style.contains("listenabsatz")
                        || style.contains("listparagraph") && style.contains("bullet");
                });
            }
            "tr" => self.rows.push(Vec::new()),
            "tc" => {
                self.grounds.push(false);
                if let Some(row) = self.rows.last_mut() {
                    row.push(Cell::new());
                }
            }
            _ => {}
        }
    }

    fn with_paragraph(&mut self, change: impl FnOnce(&mut Paragraph)) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            change(paragraph);
        }
    }

    fn end(&mut self, name: &str) {
        if matches!(name, "Fallback" | "del" | "moveFrom" | "delText" | "instrText") {
            self.skipped = self.skipped.saturating_sub(1);
        }
        match name {
            "p" => {
                if let Some(paragraph) = self.paragraphs.pop() {
                    self.put(paragraph);
                }
            }
            "pPr" => self.in_paragraph_properties = false,
            "rPr" => self.in_run_properties = false,
            "tc" => drop(self.grounds.pop()),
            "tabs" => self.in_tab_stops = false,
            "r" => self.run = Run::default(),
            "t" => self.is_text = false,
            "tr" => {
                if let Some(row) = self.rows.pop() {
                    let lines = row_lines(row);
                    match self.rows.last_mut().and_then(|row| row.last_mut()) {
                        Some(cell) => cell.extend(lines),
                        None => self.lines.extend(lines),
                    }
                }
            }
            "tbl" if self.rows.is_empty() => self.lines.push(String::new()),
            _ => {}
        }
    }

    fn put(&mut self, paragraph: Paragraph) {
        let text = paragraph.text.trim_matches(|letter: char| letter == ' ' || letter == '\n').to_owned();
        let target = match self.rows.last_mut().and_then(|row| row.last_mut()) {
            Some(cell) => cell,
            None => &mut self.lines,
        };
        if paragraph.is_heading && !text.is_empty() {
            target.push(String::new());
        }
        let is_marked = text.starts_with(['•', '-', '–', '*', '▪', '·']);
        target.push(if paragraph.is_item && !text.is_empty() && !is_marked { format!("• {text}") } else { text });
    }
}

pub(super) fn is_white(colour: &str) -> bool {
    let digits = colour.trim_start_matches('#');
    let part = |at: usize| digits.get(at..at + 2).and_then(|part| u8::from_str_radix(part, 16).ok());
    match (part(0), part(2), part(4)) {
        (Some(red), Some(green), Some(blue)) => red.min(green).min(blue) >= 0xF0,
        _ => colour.eq_ignore_ascii_case("white"),
    }
}

/// A long cell is a column of the page.
const LONG_CELL: usize = 5;

/// The lines of a row: short cells stand side by side, long ones one after the other.
pub(super) fn row_lines(row: Vec<Cell>) -> Vec<String> {
    let filled = |cell: &Cell| cell.iter().filter(|line| !line.trim().is_empty()).count();
    let cells: Vec<Cell> = row.into_iter().filter(|cell| filled(cell) > 0).collect();
    let is_layout = cells.len() > 1 && cells.iter().filter(|cell| filled(cell) >= LONG_CELL).count() > 1
        || cells.len() > 1 && filled(&cells[0]) > 2 && cells.iter().any(|cell| filled(cell) >= LONG_CELL);
    if is_layout {
        let mut cells = cells;
        // The longer one first: it is what the page is about.
        cells.sort_by_key(|cell| std::cmp::Reverse(cell.iter().map(String::len).sum::<usize>()));
        return cells.into_iter().flat_map(|cell| cell.into_iter().chain([String::new()])).collect();
    }
    // Side by side: the first lines of each, then what is left of each.
    let mut lines: Vec<String> = Vec::new();
    let filled_lines: Vec<Vec<String>> =
        cells.into_iter().map(|cell| cell.into_iter().filter(|line| !line.trim().is_empty()).collect()).collect();
    let is_even = filled_lines.len() > 1 && filled_lines.iter().all(|cell| cell.len() == filled_lines[0].len());
    let beside = if is_even { filled_lines[0].len() } else { 1 };
    for at in 0..beside {
        let first: Vec<String> =
            filled_lines.iter().filter_map(|cell| cell.get(at)).map(|line| line.replace('\n', " ")).collect();
        lines.push(first.join("\t"));
    }
    for cell in &filled_lines {
        lines.extend(cell.iter().skip(beside).cloned());
    }
    lines
}
