//! Where words stand in a field: phrases with a distance, and entries that name a skill.

use tantivy::{
    DocSet, TERMINATED, Term,
    postings::Postings,
    schema::{Field, IndexRecordOption},
};

use super::{KeywordSnapshot, snapshot::Segment};
use crate::{
    candidate::TextField,
    engine::{EngineError, KeySet, REGION_LENGTH},
};

/// Fields whose values tell of an entry that can support a skill.
const ENTRY_FIELDS: [TextField; 5] = [
    TextField::CurrentTitle,
    TextField::PastTitle,
    TextField::PositionText,
    TextField::Certificate,
    TextField::Project,
];

impl KeywordSnapshot {
    /// The candidates of whom one value of a field holds all tokens, in any order, within so many positions. A token that
    /// is asked for twice stands twice.
    pub(super) fn collect_near(
        &self,
        field: Field,
        (tokens, others): (&[String], u32),
        keys: &mut KeySet,
    ) -> Result<(), EngineError> {
        let length = tokens.len() as u32 + others;
        let distinct = distinct(tokens);
        let counts: Vec<usize> =
            distinct.iter().map(|token| tokens.iter().filter(|other| other == token).count()).collect();
        let mut places: Vec<(u32, usize)> = Vec::new();
        self.for_each_meeting(field, &distinct, |key, positions| {
            places.clear();
            for (token, positions) in positions.iter().enumerate() {
                places.extend(positions.iter().map(|position| (*position, token)));
            }
            places.sort_unstable();
            if stand_together(&places, &counts, length) {
                keys.insert(key);
            }
        })
    }

    /// The entries that name a skill: each a candidate's key and the number of the entry, in order, each once.
    pub fn entries_naming(&self, words: &[String]) -> Result<Vec<(u32, u32)>, EngineError> {
        let mut entries = Vec::new();
        let distinct = distinct(words);
        let at = |word: &String| distinct.iter().position(|other| *other == word).unwrap_or_default();
        let order: Vec<usize> = words.iter().map(at).collect();
        for field in ENTRY_FIELDS {
            self.for_each_meeting(self.fields.exact(field), &distinct, |key, positions| {
                let is_phrase = |start: u32| {
                    let mut rest = (start..).zip(&order).skip(1);
                    rest.all(|(position, token)| positions[*token].binary_search(&position).is_ok())
                };
                let starts = positions[order[0]].iter().filter(|start| is_phrase(**start));
                // What stands before the first region tells of no entry.
                entries.extend(starts.filter_map(|start| Some((key, (start / REGION_LENGTH).checked_sub(1)?))));
            })?;
        }
        entries.sort_unstable();
        entries.dedup();
        Ok(entries)
    }

    /// Visits each live document of a field that holds all tokens, with their positions.
    fn for_each_meeting(
        &self,
        field: Field,
        tokens: &[&String],
        mut visit: impl FnMut(u32, &[Vec<u32>]),
    ) -> Result<(), EngineError> {
        let mut positions = vec![Vec::new(); tokens.len()];
        for segment in &self.segments {
            let Some(mut postings) = open(segment, field, tokens)? else { continue };
            let mut doc = 0;
            while let Some(met) = next_meeting(&mut postings, doc) {
                if !segment.reader.is_deleted(met) {
                    postings.iter_mut().zip(&mut positions).for_each(|(postings, found)| postings.positions(found));
                    visit(segment.keys[met as usize], &positions);
                }
                doc = met + 1;
            }
        }
        Ok(())
    }
}

fn distinct(tokens: &[String]) -> Vec<&String> {
    let mut distinct: Vec<&String> = Vec::new();
    tokens.iter().for_each(|token| {
        if !distinct.contains(&token) {
            distinct.push(token);
        }
    });
    distinct
}

/// The postings of all tokens; none where one of them stands nowhere.
fn open(
    segment: &Segment,
    field: Field,
    tokens: &[&String],
) -> Result<Option<Vec<tantivy::postings::SegmentPostings>>, EngineError> {
    let inverted = segment.reader.inverted_index(field)?;
    let mut all = Vec::with_capacity(tokens.len());
    for token in tokens {
        let term = Term::from_field_text(field, token);
        match inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)? {
            Some(postings) => all.push(postings),
            None => return Ok(None),
        }
    }
    Ok((!all.is_empty()).then_some(all))
}

/// The first document from `doc` on in which all postings meet.
fn next_meeting(postings: &mut [tantivy::postings::SegmentPostings], mut doc: u32) -> Option<u32> {
    'retry: loop {
        for postings in postings.iter_mut() {
            let found = if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
            if found == TERMINATED {
                return None;
            }
            if found > doc {
                doc = found;
                continue 'retry;
            }
        }
        return Some(doc);
    }
}

/// Whether some `length` positions hold each token as often as it is asked for; `places` ascend.
fn stand_together(places: &[(u32, usize)], counts: &[usize], length: u32) -> bool {
    let mut held = vec![0; counts.len()];
    let mut first = 0;
    for (position, token) in places {
        held[*token] += 1;
        while places[first].0 + length <= *position {
            held[places[first].1] -= 1;
            first += 1;
        }
        if held.iter().zip(counts).all(|(held, wanted)| held >= wanted) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_each_token_as_often_as_asked() {
        let places = [(0, 0), (3, 1), (4, 0), (9, 0)];
        assert!(stand_together(&places, &[1, 1], 2));
        assert!(!stand_together(&places, &[2, 1], 4));
        assert!(stand_together(&places, &[2, 1], 5));
        assert!(!stand_together(&places, &[3, 1], 9));
        assert!(stand_together(&places, &[3, 1], 10));
        assert!(!stand_together(&places, &[1, 2], 100));
    }
}
