//! BM25 over scored groups, term by term.
//!
//! score(d) = Σ over words of max over groups and forms of boost_g · idf(word) · tf·(k1+1) / (tf + k1·(1 − b_g + b_g·len/avg)).
//!
//! Source: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with the disjunction
//! over fields of Lucene's DisjunctionMax taken per word, so that words found in different fields add up. Invariants:
//! statistics are the snapshot's, so a score does not depend on segments; the order of words does not matter beyond
//! rounding; [`KeywordHits::maximum`] bounds every score from above for the query alone.

use tantivy::{DocId, DocSet, TERMINATED, postings::Postings, schema::IndexRecordOption};

use super::{KeywordSnapshot, snapshot::Segment};
use crate::engine::{EngineError, KeySet, MAX_OCCURRENCES, ScoredGroup};

/// Constants of the formula, from `ranking.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Scoring {
    /// Saturation of term frequency.
    pub k1: f32,
    /// Boost of each group, in the order of [`ScoredGroup::ALL`].
    pub boosts: [f32; 5],
    /// Length normalisation of each group, 0 to 1.
    pub length_weights: [f32; 5],
}

/// A word that scores: the forms under which it may stand in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoredWord {
    /// The folded form and the stems, each once.
    pub forms: Vec<String>,
    /// Multiplies the word's share.
    pub weight_percent: u32,
}

/// One word's best group in one candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupScore {
    /// Index of the word in the query.
    pub word: usize,
    /// The group that gave the score.
    pub group: ScoredGroup,
    /// Its share of the candidate's score.
    pub score: f32,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    total: f32,
    best: f32,
    /// Index of the word that `best` belongs to, plus one; 0 where no word matched.
    word: u32,
}

/// Scores of all candidates for one query.
pub struct KeywordHits {
    cells: Vec<Cell>,
    touched: Vec<u32>,
    /// No candidate can score more for this query.
    pub maximum: f32,
}

impl KeywordHits {
    /// The candidates that match at least one word, in no particular order.
    pub fn keys(&self) -> &[u32] {
        &self.touched
    }

    /// A candidate's score; 0 where no word matches.
    pub fn score(&self, key: u32) -> f32 {
        self.cells.get(key as usize).map_or(0.0, |cell| cell.total + cell.best)
    }

    /// Whether a word matches.
    pub fn matches(&self, key: u32) -> bool {
        self.cells.get(key as usize).is_some_and(|cell| cell.word > 0)
    }
}

/// A word with its inverse document frequency.
struct Weighed<'w> {
    word: &'w ScoredWord,
    idf: f32,
}

impl KeywordSnapshot {
    /// Scores every candidate of `allowed` (all where `None`) that matches at least one word.
    pub fn score(
        &self,
        words: &[ScoredWord],
        scoring: &Scoring,
        allowed: Option<&KeySet>,
    ) -> Result<KeywordHits, EngineError> {
        let cells = vec![Cell { total: 0.0, best: 0.0, word: 0 }; self.key_limit() as usize];
        let mut hits = KeywordHits { cells, touched: Vec::new(), maximum: 0.0 };
        for (index, word) in words.iter().enumerate() {
            let weighed = self.weigh(word)?;
            hits.maximum += weighed.idf * highest_share(scoring);
            for group in ScoredGroup::ALL {
                self.score_word(&weighed, (index, group), scoring, allowed, &mut hits)?;
            }
        }
        Ok(hits)
    }

    #[expect(clippy::too_many_arguments, reason = "the innermost loop's own state, used once")]
    fn score_word(
        &self,
        weighed: &Weighed<'_>,
        (index, group): (usize, ScoredGroup),
        scoring: &Scoring,
        allowed: Option<&KeySet>,
        hits: &mut KeywordHits,
    ) -> Result<(), EngineError> {
        let field = self.fields.scored(group);
        let table = ShareTable::new(weighed.idf, scoring, group, self.statistics[group as usize].average_length);
        let stamp = index as u32 + 1;
        let mut norms = Norms::default();
        for form in &weighed.word.forms {
            self.for_each_posting(field, form, true, |segment, doc, frequency| {
                let key = segment.keys[doc as usize];
                if allowed.is_some_and(|allowed| !allowed.contains(key)) {
                    return;
                }
                let share = table.share(frequency, norms.of(segment, field, doc));
                let cell = &mut hits.cells[key as usize];
                if cell.word != stamp {
                    if cell.word == 0 {
                        hits.touched.push(key);
                    }
                    *cell = Cell { total: cell.total + cell.best, best: share, word: stamp };
                } else if share > cell.best {
                    cell.best = share;
                }
            })?;
        }
        Ok(())
    }

    /// The groups that gave each of `keys` its score, word by word. Sums to the score bit by bit.
    pub fn explain(
        &self,
        words: &[ScoredWord],
        scoring: &Scoring,
        keys: &[u32],
    ) -> Result<Vec<Vec<GroupScore>>, EngineError> {
        let mut explained = vec![Vec::new(); keys.len()];
        let places = self.places(keys);
        for (index, word) in words.iter().enumerate() {
            let weighed = self.weigh(word)?;
            let mut best: Vec<Option<GroupScore>> = vec![None; keys.len()];
            for group in ScoredGroup::ALL {
                self.explain_word(&weighed, (index, group), scoring, &places, &mut best)?;
            }
            for (parts, best) in explained.iter_mut().zip(best) {
                parts.extend(best);
            }
        }
        Ok(explained)
    }

    #[expect(clippy::too_many_arguments, reason = "the twin of score_word, over a few documents")]
    fn explain_word(
        &self,
        weighed: &Weighed<'_>,
        (word, group): (usize, ScoredGroup),
        scoring: &Scoring,
        places: &[Vec<(DocId, usize)>],
        best: &mut [Option<GroupScore>],
    ) -> Result<(), EngineError> {
        let field = self.fields.scored(group);
        let table = ShareTable::new(weighed.idf, scoring, group, self.statistics[group as usize].average_length);
        let mut norms = Norms::default();
        for form in &weighed.word.forms {
            let term = tantivy::Term::from_field_text(field, form);
            for (segment, places) in self.segments.iter().zip(places).filter(|(_, places)| !places.is_empty()) {
                let inverted = segment.reader.inverted_index(field)?;
                let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::WithFreqs)? else { continue };
                for (doc, slot) in places {
                    let found = if postings.doc() < *doc { postings.seek(*doc) } else { postings.doc() };
                    if found == TERMINATED {
                        break;
                    }
                    if found == *doc {
                        let score = table.share(postings.term_freq(), norms.of(segment, field, *doc));
                        if best[*slot].is_none_or(|best| score > best.score) {
                            best[*slot] = Some(GroupScore { word, group, score });
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Where keys live: for each segment the documents in ascending order, with the index into `keys`.
    fn places(&self, keys: &[u32]) -> Vec<Vec<(DocId, usize)>> {
        let in_segment = |segment: &Segment| {
            let documents = keys.iter().enumerate().filter_map(|(slot, key)| Some((segment.document_of(*key)?, slot)));
            let mut documents: Vec<_> = documents.collect();
            documents.sort_unstable();
            documents
        };
        self.segments.iter().map(in_segment).collect()
    }

    /// A word's rarity: the group where it is most frequent speaks for it, its forms added up.
    fn weigh<'w>(&self, word: &'w ScoredWord) -> Result<Weighed<'w>, EngineError> {
        let mut highest = 0;
        for group in ScoredGroup::ALL {
            let mut frequency = 0;
            for form in &word.forms {
                frequency += self.document_frequency(self.fields.scored(group), form)?;
            }
            highest = highest.max(frequency);
        }
        let documents: u32 = self.segments.iter().map(|segment| segment.reader.max_doc()).sum();
        let (n, df) = (documents as f32, highest.min(documents) as f32);
        let idf = ((n - df + 0.5) / (df + 0.5)).ln_1p() * word.weight_percent as f32 / 100.0;
        Ok(Weighed { word, idf })
    }
}

/// The largest share of one word, per unit of idf: the cap on occurrences and an empty document bound it.
fn highest_share(scoring: &Scoring) -> f32 {
    let frequency = MAX_OCCURRENCES as f32;
    let share = |group: ScoredGroup| {
        let shortest = scoring.k1 * (1.0 - scoring.length_weights[group as usize]);
        scoring.boosts[group as usize] * frequency * (scoring.k1 + 1.0) / (frequency + shortest)
    };
    ScoredGroup::ALL.into_iter().map(share).fold(0.0, f32::max)
}

/// Shares by length class, for one word in one group: the division happens once a class, not once a posting.
struct ShareTable {
    numerator: f32,
    saturation: [f32; 256],
}

impl ShareTable {
    fn new(idf: f32, scoring: &Scoring, group: ScoredGroup, average_length: f32) -> Self {
        let b = scoring.length_weights[group as usize];
        let saturation = std::array::from_fn(|class| {
            let length = tantivy::fieldnorm::FieldNormReader::id_to_fieldnorm(class as u8) as f32;
            scoring.k1 * (1.0 - b + b * length / average_length)
        });
        Self { numerator: scoring.boosts[group as usize] * idf * (scoring.k1 + 1.0), saturation }
    }

    fn share(&self, frequency: u32, length_class: u8) -> f32 {
        let frequency = frequency as f32;
        self.numerator * frequency / (frequency + self.saturation[length_class as usize])
    }
}

/// The length classes of the segment at hand.
#[derive(Default)]
struct Norms {
    held: Option<(tantivy::index::SegmentId, tantivy::fieldnorm::FieldNormReader)>,
}

impl Norms {
    fn of(&mut self, segment: &Segment, field: tantivy::schema::Field, doc: DocId) -> u8 {
        let id = segment.reader.segment_id();
        if self.held.as_ref().is_none_or(|(held, _)| *held != id) {
            self.held = segment.reader.get_fieldnorms_reader(field).ok().map(|reader| (id, reader));
        }
        self.held.as_ref().map_or(0, |(_, reader)| reader.fieldnorm_id(doc))
    }
}
