//! Bytes → text.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{DocumentError, DocumentErrorCode, DocumentText};

/// Decodes UTF-8, UTF-16 behind its mark, else Windows-1252. Returns what is to be noted too.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Option<String>), DocumentError> {
    let by_mark = match bytes {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = by_mark {
        let (text, _) = encoding.decode_with_bom_removal(bytes);
        return Ok((text.into_owned(), None));
    }
    if bytes.contains(&0) {
        return Err(DocumentError::new(DocumentErrorCode::NotText, "the file holds NUL bytes: it is no text"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.trim_start_matches('\u{feff}').to_owned(), None)),
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            let controls = text.chars().filter(|letter| letter.is_control() && !letter.is_whitespace()).count();
            if controls * 50 > text.len() {
                return Err(DocumentError::new(
                    DocumentErrorCode::NotText,
                    "the file is neither text nor a document of a known kind",
                ));
            }
            Ok((text.into_owned(), Some("the text is no UTF-8 and was read as Windows-1252".to_owned())))
        }
    }
}

/// Reads a text file.
pub(super) fn read(bytes: &[u8], media_type: &'static str) -> Result<DocumentText, DocumentError> {
    let (text, note) = decode(bytes)?;
    let mut document = DocumentText::of(text, media_type);
    note.into_iter().for_each(|note| document.note(note));
    Ok(document)
}
