//! BM25 over scored groups, term by term.
//!
//! score(d) = Σ over words of max over groups and forms of boost_g · idf(word) · tf·(k1+1) / (tf + k1·(1 − b_g + b_g·len/avg)).
//!
//! Source: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with the disjunction
//! over fields of Lucene's DisjunctionMax taken per word, so that words found in different fields add up. Invariants:
//! statistics are the snapshot's, so a score does not depend on segments; the order of words does not matter beyond
//! rounding; [`KeywordHits::maximum`] bounds every score from above for the query alone.

use std::sync::Arc;

use tantivy::{
    DocId, DocSet, TERMINATED, fieldnorm::FieldNormReader, postings::Postings, postings::TermInfo,
    schema::IndexRecordOption,
};

use super::{KeywordSnapshot, scratch::Scratch, snapshot::Segment};
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScoredWord {
    /// The folded form and the stems, each once.
    pub forms: Vec<String>,
    /// Multiplies the word's share.
    pub weight_percent: u32,
    /// Of a pattern: exactly these candidates match, whether or not one of the forms stands in them.
    pub among: Option<Arc<KeySet>>,
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

/// Scores of all candidates for one query.
pub struct KeywordHits {
    scratch: Scratch,
    /// No candidate can score more for this query.
    pub maximum: f32,
    /// Whom each word matches, `allowed` or not; empty where it was not asked for.
    pub met: Vec<KeySet>,
}

impl KeywordHits {
    /// The candidates that match at least one word, in no particular order.
    pub fn keys(&self) -> &[u32] {
        self.scratch.touched()
    }

    /// A candidate's score; 0 where no word matches.
    pub fn score(&self, key: u32) -> f32 {
        self.scratch.cell(key).map_or(0.0, |cell| cell.total + cell.best)
    }

    /// How many candidates the word of this number matches, of those that were allowed.
    pub fn word_hits(&self, word: usize) -> usize {
        self.scratch.hits(word as u32 + 1)
    }

    /// Whether a word matches.
    pub fn matches(&self, key: u32) -> bool {
        self.scratch.cell(key).is_some_and(|cell| cell.word > 0)
    }
}

/// A form of a word, found in one group of one segment.
struct Found<'s> {
    segment: &'s Segment,
    /// Number of the segment in its snapshot.
    at: usize,
    group: ScoredGroup,
    info: TermInfo,
}

/// A word with its inverse document frequency and the places of its forms.
struct Weighed<'s> {
    idf: f32,
    found: Vec<Found<'s>>,
}

impl KeywordSnapshot {
    /// Scores every candidate of `allowed` (all where `None`) that matches at least one word.
    pub fn score(
        &self,
        words: &[ScoredWord],
        scoring: &Scoring,
        allowed: Option<&KeySet>,
    ) -> Result<KeywordHits, EngineError> {
        let mut hits = KeywordHits { scratch: Scratch::take(self.key_limit()), maximum: 0.0, met: Vec::new() };
        self.score_into(words, scoring, allowed, &mut hits)?;
        Ok(hits)
    }

    /// As [`KeywordSnapshot::score`], and whom each word matches.
    pub fn score_and_tally(
        &self,
        words: &[ScoredWord],
        scoring: &Scoring,
        allowed: Option<&KeySet>,
    ) -> Result<KeywordHits, EngineError> {
        let met = vec![KeySet::with_capacity(self.key_limit()); words.len()];
        let mut hits = KeywordHits { scratch: Scratch::take(self.key_limit()), maximum: 0.0, met };
        self.score_into(words, scoring, allowed, &mut hits)?;
        Ok(hits)
    }

    fn score_into(
        &self,
        words: &[ScoredWord],
        scoring: &Scoring,
        allowed: Option<&KeySet>,
        hits: &mut KeywordHits,
    ) -> Result<(), EngineError> {
        let shares = self.share_tables(scoring);
        for (word, stamp) in words.iter().zip(1..) {
            let weighed = self.weigh(word)?;
            hits.scratch.begin(stamp);
            hits.maximum += weighed.idf * highest_share(scoring);
            let among = word.among.as_deref().map(|among| {
                let mut among = among.clone();
                allowed.iter().for_each(|allowed| among.intersect_with(allowed));
                among
            });
            let allowed = among.as_ref().or(allowed);
            let mut met = hits.met.get_mut(stamp as usize - 1);
            if let (Some(met), Some(among)) = (met.as_deref_mut(), &word.among) {
                met.union_with(among);
            }
            let mut met = met.filter(|_| word.among.is_none());
            for found in &weighed.found {
                let target = Target { allowed, scratch: &mut hits.scratch, met: met.as_deref_mut() };
                found.score(&shares[found.group as usize], (weighed.idf, stamp), target)?;
            }
            among.iter().flat_map(KeySet::iter).for_each(|key| hits.scratch.add(key, stamp, 0.0));
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
        let shares = self.share_tables(scoring);
        let mut explained = vec![Vec::new(); keys.len()];
        let places = self.places(keys);
        for (word, asked) in words.iter().enumerate() {
            let weighed = self.weigh(asked)?;
            let mut best: Vec<Option<GroupScore>> = vec![None; keys.len()];
            for found in &weighed.found {
                let group = found.group;
                found.explain(&shares[group as usize], weighed.idf, &places[found.at], |slot, score| {
                    let is_met = asked.among.as_ref().is_none_or(|among| among.contains(keys[slot]));
                    if is_met && best[slot].is_none_or(|best| score > best.score) {
                        best[slot] = Some(GroupScore { word, group, score });
                    }
                })?;
            }
            for (parts, best) in explained.iter_mut().zip(best) {
                parts.extend(best);
            }
        }
        Ok(explained)
    }

    /// The inverse document frequency of a word times its weight.
    pub fn weighted_rarity(&self, word: &ScoredWord) -> Result<f32, EngineError> {
        Ok(self.weigh(word)?.idf)
    }

    /// What a word scores that stands once among the supported skills, whose length does not count.
    pub fn supported_share(&self, word: &ScoredWord, scoring: &Scoring) -> Result<f32, EngineError> {
        let average = self.statistics[ScoredGroup::Skills as usize].average_length;
        Ok(ShareTable::new(scoring, ScoredGroup::Skills, average).share(self.weigh(word)?.idf, 1, 0))
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

    /// Where a word stands, and its rarity: the group where it is most frequent speaks for it, its forms added up.
    fn weigh(&self, word: &ScoredWord) -> Result<Weighed<'_>, EngineError> {
        let mut found = Vec::new();
        let mut frequencies = [0; 5];
        for form in &word.forms {
            for (at, segment) in self.segments.iter().enumerate() {
                for (group, info) in segment.places(form)?.iter() {
                    frequencies[*group as usize] += info.doc_freq;
                    found.push(Found { segment, at, group: *group, info: info.clone() });
                }
            }
        }
        let mut highest = frequencies.into_iter().max().unwrap_or(0);
        if let Some(among) = &word.among {
            highest = among.len() as u32;
        }
        let documents: u32 = self.segments.iter().map(|segment| segment.reader.max_doc()).sum();
        let (n, df) = (documents as f32, highest.min(documents) as f32);
        let idf = ((n - df + 0.5) / (df + 0.5)).ln_1p() * word.weight_percent as f32 / 100.0;
        Ok(Weighed { idf, found })
    }

    fn share_tables(&self, scoring: &Scoring) -> [ShareTable; 5] {
        ScoredGroup::ALL.map(|group| ShareTable::new(scoring, group, self.statistics[group as usize].average_length))
    }
}

/// Where the shares of a word go.
struct Target<'t> {
    allowed: Option<&'t KeySet>,
    scratch: &'t mut Scratch,
    /// Whom the word matches, allowed or not.
    met: Option<&'t mut KeySet>,
}

impl Found<'_> {
    fn norms(&self) -> &FieldNormReader {
        &self.segment.scored[self.group as usize].norms
    }

    /// Adds the share of the word whose number is `stamp` to each candidate of `allowed`, where it is the best so far.
    fn score(&self, table: &ShareTable, (idf, stamp): (f32, u32), target: Target<'_>) -> Result<(), EngineError> {
        let Target { allowed, scratch, mut met } = target;
        let inverted = &self.segment.scored[self.group as usize].inverted;
        let mut block = inverted.read_block_postings_from_terminfo(&self.info, IndexRecordOption::WithFreqs)?;
        let (alive, norms) = (self.segment.reader.alive_bitset(), self.norms());
        while !block.docs().is_empty() {
            for (doc, frequency) in block.docs().iter().zip(block.freqs()) {
                if alive.is_some_and(|alive| !alive.is_alive(*doc)) {
                    continue;
                }
                let key = self.segment.keys[*doc as usize];
                if let Some(met) = &mut met {
                    met.insert(key);
                }
                if allowed.is_none_or(|allowed| allowed.contains(key)) {
                    scratch.add(key, stamp, table.share(idf, *frequency, norms.fieldnorm_id(*doc)));
                }
            }
            block.advance();
        }
        Ok(())
    }

    /// The shares of some documents, in ascending order, each told with its slot.
    fn explain(
        &self,
        table: &ShareTable,
        idf: f32,
        places: &[(DocId, usize)],
        mut tell: impl FnMut(usize, f32),
    ) -> Result<(), EngineError> {
        if places.is_empty() {
            return Ok(());
        }
        let inverted = &self.segment.scored[self.group as usize].inverted;
        let mut postings = inverted.read_postings_from_terminfo(&self.info, IndexRecordOption::WithFreqs)?;
        let norms = self.norms();
        for (doc, slot) in places {
            let found = if postings.doc() < *doc { postings.seek(*doc) } else { postings.doc() };
            if found == TERMINATED {
                break;
            }
            if found == *doc {
                tell(*slot, table.share(idf, postings.term_freq(), norms.fieldnorm_id(*doc)));
            }
        }
        Ok(())
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

/// Shares by frequency and length class in one group, per unit of idf.
struct ShareTable {
    numerator: f32,
    saturation: [f32; 256],
}

impl ShareTable {
    fn new(scoring: &Scoring, group: ScoredGroup, average_length: f32) -> Self {
        let b = scoring.length_weights[group as usize];
        let saturation = std::array::from_fn(|class| {
            let length = FieldNormReader::id_to_fieldnorm(class as u8) as f32;
            scoring.k1 * (1.0 - b + b * length / average_length)
        });
        Self { numerator: scoring.boosts[group as usize] * (scoring.k1 + 1.0), saturation }
    }

    #[inline]
    fn share(&self, idf: f32, frequency: u32, length_class: u8) -> f32 {
        let frequency = frequency as f32;
        self.numerator * idf * frequency / (frequency + self.saturation[length_class as usize])
    }
}
