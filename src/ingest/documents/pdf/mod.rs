//! PDF → text.
//!
//! The file's structure is read by `hayro-syntax`, its tables of characters by `hayro-cmap`; which glyphs are seen, and the
//! order that they are read in, is found here.

mod bounded;
mod edges;
mod font;
mod interpret;
mod layout;
mod table;

use std::collections::HashMap;

use hayro_syntax::object::{Array, Object, Stream};
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::{DocumentError, DocumentErrorCode, DocumentText, MAX_TEXT_BYTES, MAX_UNPACKED_BYTES};

/// So many pages are read.
const MAX_PAGES: usize = 100;

/// Reads a PDF.
pub(super) fn read(bytes: &[u8]) -> Result<DocumentText, DocumentError> {
    if !bounded::opens_within(bytes, MAX_UNPACKED_BYTES) {
        return Err(DocumentError::new(DocumentErrorCode::TooLarge, "the PDF unpacks to more than may be read"));
    }
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::InvalidEncryption) => broken(),
        LoadPdfError::Decryption(_) => {
            DocumentError::new(DocumentErrorCode::Encrypted, "the PDF is protected by a password")
        }
        LoadPdfError::Invalid => broken(),
    })?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(DocumentError::new(DocumentErrorCode::Broken, "the PDF has no pages"));
    }
    let mut budget = MAX_UNPACKED_BYTES;
    let (mut hidden, mut unknown, mut read) = (0, 0, 0);
    let mut texts: Vec<layout::PageText> = Vec::new();
    for page in pages.iter().take(MAX_PAGES) {
        read += 1;
        let Some(found) = glyphs(page, &mut budget) else { continue };
        hidden += found.1;
        unknown += found.2;
        texts.push(layout::text_of(&layout::with_items(found.0, &found.3)));
        if texts.iter().flat_map(|page| &page.lines).map(String::len).sum::<usize>() > MAX_TEXT_BYTES {
            break;
        }
    }
    drop_running_lines(&mut texts);
    let text = layout::in_order(&texts).iter().map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n");
    if text.trim().is_empty() {
        let reason = if unknown > 0 {
            "no letter of the PDF can be read: its fonts do not say which they are"
        } else {
            "the pages of the PDF hold no visible text: they are pictures"
        };
        return Err(DocumentError::new(DocumentErrorCode::Scanned, reason));
    }
    let mut document = DocumentText::of(text, "application/pdf");
    if pages.len() > read {
        document.note(format!("{read} of {} pages were read", pages.len()));
    }
    if hidden > 0 {
        document.note(format!("{hidden} invisible characters were left out"));
    }
    Ok(document)
}

fn broken() -> DocumentError {
    DocumentError::new(DocumentErrorCode::Broken, "the PDF cannot be read: it is damaged or cut off")
}

/// The visible glyphs of a page, how many were hidden or unknown, and small filled shapes.
fn glyphs(page: &Page<'_>, budget: &mut usize) -> Option<(Vec<interpret::Glyph>, usize, usize, Vec<interpret::Dot>)> {
    let shown = page.intersected_crop_box();
    let mut content = Vec::new();
    let streams: Vec<Stream<'_>> = match page.raw().get::<Object<'_>>("Contents")? {
        Object::Stream(stream) => vec![stream],
        Object::Array(streams) => Array::iter::<Stream<'_>>(&streams).take(1_000).collect(),
        _ => Vec::new(),
    };
    for stream in &streams {
        content.extend(bounded::decoded(stream, budget)?);
        content.push(b'\n');
    }
    let corners = (shown.x0 as f32, shown.y0 as f32, shown.x1 as f32, shown.y1 as f32);
    let mut interpreter = interpret::Interpreter::new(corners, budget);
    interpreter.run(&content, page.resources(), 0);
    Some((interpreter.glyphs, interpreter.hidden, interpreter.unknown, interpreter.dots))
}

/// Drops the first and last lines of pages that other pages have too, numbers aside.
fn drop_running_lines(pages: &mut [layout::PageText]) {
    if pages.len() < 2 {
        return;
    }
    let bare = |line: &str| -> String {
        line.chars().filter(|letter| !letter.is_ascii_digit() && !letter.is_whitespace()).collect()
    };
    let ends = |lines: &[String]| -> Vec<usize> {
        let filled: Vec<usize> = (0..lines.len()).filter(|at| !lines[*at].trim().is_empty()).collect();
        let mut ends: Vec<usize> = filled.iter().take(2).chain(filled.iter().rev().take(2)).copied().collect();
        ends.sort_unstable();
        ends.dedup();
        ends
    };
    let mut times: HashMap<String, usize> = HashMap::new();
    for layout::PageText { lines, .. } in pages.iter() {
        let mut seen: Vec<String> = ends(lines).into_iter().map(|at| bare(&lines[at])).collect();
        seen.sort_unstable();
        seen.dedup();
        for line in seen {
            *times.entry(line).or_default() += 1;
        }
    }
    for (number, layout::PageText { lines, .. }) in pages.iter_mut().enumerate() {
        for at in ends(lines) {
            let line = bare(&lines[at]);
            // The first page may show the name only there: it keeps its own.
            if number > 0 && !line.is_empty() && times.get(&line).is_some_and(|times| *times >= 2) {
                lines[at].clear();
            }
        }
    }
}
