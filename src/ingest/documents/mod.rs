//! Documents: bytes and a file's name → plain text.
//!
//! PDF, DOCX, ODT, HTML, RTF and text, told apart by what the bytes are, then by the name. Text that nobody sees is left out.
//! Invariants: a file gives text or a named error, whatever its bytes; sizes, pages, nesting and what archives unpack to are
//! bounded.

mod docx;
mod html;
mod odt;
mod pack;
mod packed;
mod pdf;
mod plain;
mod rtf;
mod sink;
mod xml;

#[cfg(test)]
mod tests;

pub use pack::pack;

use std::panic::{AssertUnwindSafe, catch_unwind};

use thiserror::Error;

use packed::Archive;

use super::bundle::is_visible;

/// The largest file.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;

/// What a file may unpack to.
const MAX_UNPACKED_BYTES: usize = 50 * 1024 * 1024;

/// So much text of a document is kept.
const MAX_TEXT_BYTES: usize = 500_000;

/// The stack of the thread that reads a document.
const STACK: usize = 32 * 1024 * 1024;

/// Why a document gives no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentErrorCode {
    /// It is protected by a password.
    Encrypted,
    /// It has pages, but no text: pictures of paper.
    Scanned,
    /// It is damaged.
    Broken,
    /// It is of no known kind.
    Unsupported,
    /// Its name says text, its bytes do not.
    NotText,
    /// It is larger, or unpacks to more, than may be read.
    TooLarge,
    /// It holds no text.
    Empty,
}

impl DocumentErrorCode {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted_document",
            Self::Scanned => "scanned_document",
            Self::Broken => "broken_document",
            Self::Unsupported => "unsupported_document",
            Self::NotText => "not_text",
            Self::TooLarge => "too_large",
            Self::Empty => "empty",
        }
    }
}

/// A document that gives no text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct DocumentError {
    /// Which of the reasons.
    pub code: DocumentErrorCode,
    /// The reason in words.
    pub reason: String,
}

impl DocumentError {
    fn new(code: DocumentErrorCode, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }
}

/// The text of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentText {
    /// The text, in reading order.
    pub text: String,
    /// The media type of the document that it was read from.
    pub media_type: &'static str,
    /// What is worth knowing: pages that were not read, an encoding that was guessed, text that nobody sees.
    pub notes: Vec<String>,
}

impl DocumentText {
    fn of(mut text: String, media_type: &'static str) -> Self {
        let mut notes = Vec::new();
        if text.len() > MAX_TEXT_BYTES {
            let end = (0..=MAX_TEXT_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.truncate(end);
            notes.push(format!("the text was cut off after {MAX_TEXT_BYTES} bytes"));
        }
        let text = text.replace('\0', "");
        Self { text, media_type, notes }
    }

    fn note(&mut self, note: String) {
        self.notes.push(note);
    }
}

/// Whether a file of this name may be a document.
pub fn is_document_name(name: &str) -> bool {
    ["pdf", "docx", "odt", "html", "htm", "rtf", "txt", "text", "md"].contains(&extension(name).as_str())
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}

/// Reads a document. What a reader of a format cannot take, a panic too, is an error.
pub fn read(name: &str, bytes: &[u8]) -> Result<DocumentText, DocumentError> {
    if bytes.len() > MAX_FILE_BYTES {
        let reason = format!("larger than {MAX_FILE_BYTES} bytes");
        return Err(DocumentError::new(DocumentErrorCode::TooLarge, reason));
    }
    if bytes.is_empty() {
        return Err(DocumentError::new(DocumentErrorCode::Empty, "the file is empty"));
    }
    let kind = kind_of(name, bytes);
    let read = match kind {
        // Ours alone and without recursion: no thread of its own.
        Kind::Text(media_type) => plain::read(bytes, media_type),
        kind => guarded(|| read_kind(kind, bytes)),
    };
    let document = read?;
    if document.text.trim().is_empty() {
        return Err(DocumentError::new(DocumentErrorCode::Empty, "the document holds no text"));
    }
    Ok(document)
}

/// Runs a reader on a thread with a stack of its own; a panic is a broken document.
fn guarded(read: impl FnOnce() -> Result<DocumentText, DocumentError> + Send) -> Result<DocumentText, DocumentError> {
    let broken = || DocumentError::new(DocumentErrorCode::Broken, "the document cannot be read: it is damaged");
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().name("document".to_owned()).stack_size(STACK);
        let thread = builder.spawn_scoped(scope, || catch_unwind(AssertUnwindSafe(read)));
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(Ok(read))) => read,
            _ => Err(broken()),
        }
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pdf,
    Archive,
    Ole,
    Rtf,
    Html,
    Text(&'static str),
    /// A picture or the like, by its first bytes.
    Other(&'static str),
}

/// How far into a file a PDF may begin.
const PDF_HEAD: usize = 1_024;

fn kind_of(name: &str, bytes: &[u8]) -> Kind {
    let head = &bytes[..bytes.len().min(PDF_HEAD)];
    let begins = |mark: &[u8]| bytes.starts_with(mark);
    if memchr::memmem::find(head, b"%PDF-").is_some() {
        return Kind::Pdf;
    }
    if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
        return Kind::Archive;
    }
    if begins(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Kind::Ole;
    }
    if begins(b"{\\rtf") {
        return Kind::Rtf;
    }
    for (mark, what) in [
        (&b"\x89PNG"[..], "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"GIF8", "a picture"),
        (b"II*\0", "a picture"),
        (b"MM\0*", "a picture"),
        (b"\x1F\x8B", "a packed file"),
    ] {
        if begins(mark) {
            return Kind::Other(what);
        }
    }
    let start = String::from_utf8_lossy(head).trim_start_matches('\u{feff}').trim_start().to_lowercase();
    let extension = extension(name);
    let is_html = start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || matches!(extension.as_str(), "html" | "htm");
    match extension.as_str() {
        _ if is_html => Kind::Html,
        "pdf" => Kind::Pdf,
        "docx" | "odt" => Kind::Archive,
        "rtf" => Kind::Rtf,
        "md" => Kind::Text("text/markdown"),
        _ => Kind::Text("text/plain"),
    }
}

fn read_kind(kind: Kind, bytes: &[u8]) -> Result<DocumentText, DocumentError> {
    let unsupported = |reason: &str| Err(DocumentError::new(DocumentErrorCode::Unsupported, reason));
    match kind {
        Kind::Pdf => pdf::read(bytes),
        Kind::Rtf => rtf::read(bytes),
        Kind::Text(media_type) => plain::read(bytes, media_type),
        Kind::Html => {
            let (text, note) = html_text(bytes)?;
            let mut document = html::read(&text);
            note.into_iter().for_each(|note| document.note(note));
            Ok(document)
        }
        Kind::Archive => read_archive(bytes),
        Kind::Ole => {
            let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            if memchr::memmem::find(bytes, &name).is_some() {
                return Err(DocumentError::new(
                    DocumentErrorCode::Encrypted,
                    "the document is protected by a password",
                ));
            }
            unsupported("an old Word document (.doc): save it as .docx or .pdf")
        }
        Kind::Other(what) => unsupported(&format!("the file is {what}, no document")),
    }
}

/// The text of an HTML file, in the encoding that it states where it is no UTF-8.
fn html_text(bytes: &[u8]) -> Result<(String, Option<String>), DocumentError> {
    if std::str::from_utf8(bytes).is_err() && !bytes.starts_with(&[0xFF, 0xFE]) && !bytes.starts_with(&[0xFE, 0xFF]) {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(PDF_HEAD)]).to_lowercase();
        let label = head.split("charset=").nth(1).map(|rest| rest.trim_start_matches(['"', '\'']));
        let label =
            label.and_then(|rest| rest.split(['"', '\'', '>', ' ', ';', '/']).next()).filter(|label| *label != "utf-8");
        if let Some(encoding) = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes())) {
            let (text, _) = encoding.decode_without_bom_handling(bytes);
            return Ok((text.into_owned(), None));
        }
    }
    plain::decode(bytes)
}

fn read_archive(bytes: &[u8]) -> Result<DocumentText, DocumentError> {
    let mut archive = Archive::open(bytes)?;
    let names = archive.names();
    let has = |name: &str| names.iter().any(|own| own == name);
    if has("word/document.xml") {
        return docx::read(&mut archive);
    }
    if has("content.xml") {
        let media_type = archive.member("mimetype")?.unwrap_or_default();
        let is_text = media_type.is_empty() || media_type.starts_with(b"application/vnd.oasis.opendocument.text");
        if is_text {
            return odt::read(&mut archive);
        }
    }
    Err(DocumentError::new(DocumentErrorCode::Unsupported, "the archive is neither a DOCX nor an ODT"))
}

/// A document of an archive: its name and its bytes.
pub type Member = (String, Result<Vec<u8>, DocumentError>);

/// The documents within an archive, by their extensions; hidden ones are left out. Nothing else is unpacked.
pub fn members(bytes: &[u8]) -> Result<Vec<Member>, DocumentError> {
    let mut archive = Archive::open(bytes)?;
    let mut names = archive.names();
    names.sort();
    let is_wanted = |name: &String| is_visible(name) && is_document_name(name);
    let read = |name: String| {
        let empty = || DocumentError::new(DocumentErrorCode::Broken, "the archive does not hold the file");
        let bytes = archive.member(&name).and_then(|bytes| bytes.ok_or_else(empty));
        (name, bytes)
    };
    Ok(names.into_iter().filter(is_wanted).map(read).collect())
}
