//! Files that are archives: their members, unpacked within bounds.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{DocumentError, DocumentErrorCode, MAX_UNPACKED_BYTES};

/// The most members of an archive.
const MAX_MEMBERS: usize = 5_000;

/// A large member that unpacks to more than so many times its size is no document.
const MOST_RATIO: u64 = 300;

/// Members up to this size may be packed as tightly as they like.
const SMALL_MEMBER: u64 = 1024 * 1024;

/// An archive whose sizes were checked.
pub(super) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    left: usize,
}

impl<'b> Archive<'b> {
    /// Opens an archive.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, DocumentError> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
        if zip.len() > MAX_MEMBERS {
            return Err(DocumentError::new(
                DocumentErrorCode::TooLarge,
                format!("the archive has more than {MAX_MEMBERS} files"),
            ));
        }
        Ok(Self { zip, left: MAX_UNPACKED_BYTES })
    }

    /// The names of the members.
    pub(super) fn names(&self) -> Vec<String> {
        self.zip.file_names().flatten().map(|name| name.into_owned()).collect()
    }

    /// A member, or `None` where there is none of this name.
    pub(super) fn member(&mut self, name: &str) -> Result<Option<Vec<u8>>, DocumentError> {
        let member = match self.zip.by_name(name) {
            Ok(member) => member,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(reason)) if reason == ZipError::PASSWORD_REQUIRED => {
                return Err(DocumentError::new(DocumentErrorCode::Encrypted, "the archive is protected by a password"));
            }
            Err(error) => return Err(broken(&error)),
        };
        let (size, packed) = (member.size(), member.compressed_size());
        if size > SMALL_MEMBER && size / packed.max(1) > MOST_RATIO || size > self.left as u64 {
            return Err(bomb());
        }
        let mut bytes = Vec::new();
        // What the archive says of sizes need not be true.
        let read = member.take(self.left as u64 + 1).read_to_end(&mut bytes);
        if bytes.len() > self.left {
            return Err(bomb());
        }
        read.map_err(|error| {
            DocumentError::new(DocumentErrorCode::Broken, format!("{name} in the archive is damaged: {error}"))
        })?;
        self.left -= bytes.len();
        Ok(Some(bytes))
    }
}

fn bomb() -> DocumentError {
    DocumentError::new(DocumentErrorCode::TooLarge, "the archive unpacks to more than may be read")
}

fn broken(error: &ZipError) -> DocumentError {
    DocumentError::new(DocumentErrorCode::Broken, format!("the archive cannot be read: {error}"))
}
