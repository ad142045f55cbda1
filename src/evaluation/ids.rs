//! Ids of judged documents ↔ ids of candidates.
//!
//! Invariant: candidate ids are valid (1–128 of `[A-Za-z0-9._~-]`), different where the documents are, and lead back.

use std::collections::{BTreeMap, BTreeSet};

use super::corpus::CorpusDocument;

/// The longest candidate id.
const MAX_ID: usize = 128;
/// How much of an id that grew too long stays readable.
const READABLE_ID: usize = 80;

/// Writes any id as a candidate id: what is not allowed, and the tilde, as `~` and two hexadecimal digits a
/// byte, so that different ids stay different. Too long an id keeps its start and gets a digest.
pub(super) fn candidate_id(original: &str) -> String {
    let escaped = escaped(original);
    if escaped.len() > MAX_ID { digested(original, &escaped) } else { escaped }
}

/// The candidate id of another row of the same id: `row` counts from 0, whose id is that of [`candidate_id`].
pub(super) fn row_id(original: &str, row: usize) -> String {
    if row == 0 {
        return candidate_id(original);
    }
    // No digest has an `r`, and no escape a second tilde: no other id looks like this.
    let suffix = format!("~~r{row}");
    let mut id = escaped(original);
    if id.len() + suffix.len() > MAX_ID {
        id = digested(original, &id);
    }
    id + &suffix
}

fn escaped(original: &str) -> String {
    let mut id = String::with_capacity(original.len());
    for byte in original.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => id.push(char::from(byte)),
            _ => id.push_str(&format!("~{byte:02X}")),
        }
    }
    id
}

/// The start of an escaped id, cut before an escape rather than in it, and a digest of the whole.
fn digested(original: &str, escaped: &str) -> String {
    let mut readable = READABLE_ID.min(escaped.len());
    if let Some(escape) = escaped[..readable].rfind('~').filter(|escape| escape + 3 > readable) {
        readable = escape;
    }
    // An escape never has a second tilde: no other id looks like this.
    format!("{}~~{}", &escaped[..readable], &blake3::hash(original.as_bytes()).to_hex()[..32])
}

/// The way back from candidate ids to the ids that the judgments use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OriginalIds {
    by_candidate: BTreeMap<String, String>,
}

impl OriginalIds {
    /// Keeps the ids of a document. Ids that are the same in both worlds take no room.
    pub fn remember(&mut self, document: &CorpusDocument) {
        if document.original_id != document.candidate_id {
            self.by_candidate.insert(document.candidate_id.clone(), document.original_id.clone());
        }
    }

    /// The id that the judgments use for a candidate: its own unless another was remembered.
    pub fn of<'a>(&'a self, candidate_id: &'a str) -> &'a str {
        self.by_candidate.get(candidate_id).map_or(candidate_id, String::as_str)
    }

    /// A ranking of candidates as a ranking of judged ids: where several candidates have one id, the first of them counts.
    pub fn collapse<'a>(&'a self, ranking: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        let mut seen = BTreeSet::new();
        ranking.map(|candidate_id| self.of(candidate_id)).filter(|id| seen.insert(*id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn document(original: &str, candidate_id: String) -> CorpusDocument {
        CorpusDocument { original_id: original.to_owned(), candidate_id, draft: serde_json::Value::Null }
    }

    #[test]
    fn a_collapsed_ranking_has_each_id_where_it_first_stood() {
        let mut ids = OriginalIds::default();
        for (original, row) in [("http://a/1", 0), ("http://a/1", 1), ("b", 0), ("b", 1), ("b", 2)] {
            ids.remember(&document(original, row_id(original, row)));
        }
        let ranking = ["b~~r2", "http~3A~2F~2Fa~2F1~~r1", "b", "http~3A~2F~2Fa~2F1", "c", "b~~r1"];
        assert_eq!(ids.collapse(ranking.into_iter()), ["b", "http://a/1", "c"]);
    }

    #[test]
    fn rows_of_long_ids_get_a_digest() {
        let long = "x".repeat(126);
        let (first, second) = (row_id(&long, 0), row_id(&long, 1));
        assert_eq!(first, long);
        assert!(second.len() <= MAX_ID && second.ends_with("~~r1") && second.starts_with(&long[..READABLE_ID]));
    }

    proptest! {
        #[test]
        fn ids_are_valid_distinct_and_lead_back(left in "\\PC{1,150}", right in "\\PC{1,150}", row in 1usize..100_000) {
            let mut ids = OriginalIds::default();
            for (original, row) in [(&left, 0), (&right, 0), (&left, row), (&right, row)] {
                let document = document(original, row_id(original, row));
                let id = &document.candidate_id;
                prop_assert!((1..=MAX_ID).contains(&id.len()));
                prop_assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte)));
                ids.remember(&document);
                prop_assert_eq!(ids.of(id), original);
            }
            prop_assert_eq!(candidate_id(&left) == candidate_id(&right), left == right);
            prop_assert_eq!(row_id(&left, row) == row_id(&right, row), left == right);
            prop_assert_ne!(row_id(&left, row), candidate_id(&right));
        }
    }
}
