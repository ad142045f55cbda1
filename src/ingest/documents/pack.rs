//! Several documents as one archive, which an import reads as a folder.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Write},
    path::PathBuf,
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Writes files into a ZIP, under their own names; a name that comes again is numbered, since it is the candidate's id. Nothing is compressed:
/// documents mostly are.
///
/// # Errors
/// Of reading and writing.
pub fn pack(files: &[(String, PathBuf)], out: impl Write) -> io::Result<()> {
    let mut archive = ZipWriter::new_stream(out);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    let mut taken = BTreeSet::new();
    for (name, path) in files {
        let name = free_name(name, &mut taken);
        archive.start_file(name, options)?;
        io::copy(&mut File::open(path)?, &mut archive)?;
    }
    archive.finish()?;
    Ok(())
}

fn free_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let numbered = (2..).map(|number: u32| format!("{stem}-{number}.{extension}"));
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(&name.to_lowercase()));
    let free = free.unwrap_or_default();
    taken.insert(free.to_lowercase());
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::documents::members;

    #[test]
    fn packed_documents_are_read_again_under_names_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (one, other) = (file("one", "Ada"), file("other", "Grace"));
        let files = [("cv.txt".to_owned(), one), ("CV.txt".to_owned(), other.clone()), ("b.html".to_owned(), other)];
        let mut packed = Vec::new();
        pack(&files, &mut packed).unwrap();
        let read: Vec<(String, Vec<u8>)> =
            members(&packed).unwrap().into_iter().map(|(name, bytes)| (name, bytes.unwrap())).collect();
        let expected = [("CV-2.txt", "Grace"), ("b.html", "Grace"), ("cv.txt", "Ada")];
        assert_eq!(read, expected.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())));
    }
}
