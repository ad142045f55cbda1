//! Text → token ids.
//!
//! The model's unigram tokenizer (Kudo 2018, "Subword Regularization", section 3.2: the most probable segmentation).
//! Input: any text. Output: the ids between the start and the end mark, at most [`MAX_PIECES`] of them. Invariant: ids
//! are those of the `tokenizers` crate for the published `tokenizer.json`; a test compares the two. That crate needs
//! 150 ms to load and more memory than the rest of the model, and is quadratic in the text's length: here it serves
//! for the character normalisation and as the oracle.

use std::ops::Range;

use safetensors::Dtype;
use tokenizers::normalizers::Precompiled;

use super::EmbedError;
use super::archive::Archive;

/// Pieces of a text beyond this number are left out.
pub const MAX_PIECES: usize = 256;

/// Characters of a text that the tokenizer reads: as many as [`MAX_PIECES`] of the longest pieces have.
const MAX_READ: usize = 16 * MAX_PIECES;

const UNKNOWN: u32 = 0;
const START: u32 = 1;
const END: u32 = 2;

/// How much less probable an unknown character is than the rarest piece, as in SentencePiece.
const UNKNOWN_PENALTY: f64 = 10.0;

/// Marks a node at which no piece ends.
pub(super) const NO_PIECE: u32 = u32::MAX;

/// The word boundary mark.
pub(super) const SPACE: char = '\u{2581}';

/// Characters' canonical forms, the pieces as a tree of bytes, and their log probabilities.
pub(super) struct Tokenizer {
    normalizer: Precompiled,
    /// The last byte of each node's prefix; the nodes in order of depth, siblings together and ascending.
    labels: Vec<u8>,
    /// Where each node's children start; they end where the next node's start.
    children: Vec<u32>,
    /// The piece that ends at each node, or [`NO_PIECE`].
    pieces: Vec<u32>,
    scores: Vec<f32>,
    unknown_score: f64,
}

/// The best way to a byte of the text.
#[derive(Clone, Copy)]
struct Step {
    score: f64,
    from: usize,
    piece: u32,
}

impl Tokenizer {
    /// Takes the tokenizer out of its file.
    pub(super) fn new(archive: &Archive) -> Result<Self, EmbedError> {
        let normalizer = archive.bytes("normalizer", Dtype::U8, archive.shape("normalizer")?)?;
        let normalizer = serde_json::from_slice(normalizer).map_err(|_| archive.misfit("normalizer"))?;
        let nodes = archive.shape("labels")?.to_vec();
        let labels = archive.bytes("labels", Dtype::U8, &nodes)?.to_vec();
        let pieces = archive.integers("pieces", &nodes)?;
        let scores = archive.floats("scores", archive.shape("scores")?)?;
        if pieces.iter().any(|piece| *piece != NO_PIECE && *piece as usize >= scores.len()) {
            return Err(archive.misfit("pieces"));
        }
        let children = child_starts(archive.bytes("child_counts", Dtype::U8, &nodes)?);
        if labels.is_empty() || children.last().is_none_or(|end| *end as usize != labels.len()) {
            return Err(archive.misfit("child_counts"));
        }
        let rarest = scores.iter().copied().fold(f32::INFINITY, f32::min);
        let unknown_score = f64::from(rarest) - UNKNOWN_PENALTY;
        Ok(Self { normalizer, labels, children, pieces, scores, unknown_score })
    }

    /// Token ids are below this number.
    pub(super) fn token_count(&self) -> usize {
        self.scores.len().max(END as usize + 1)
    }

    /// The ids of a text, marks included. A text of nothing is one unknown piece.
    pub(super) fn ids(&self, text: &str) -> Vec<u32> {
        let end = text.char_indices().nth(MAX_READ).map_or(text.len(), |(end, _)| end);
        let sentence = self.normalize(&text[..end]);
        let mut ids = vec![START];
        ids.extend(self.segment(&sentence).into_iter().take(MAX_PIECES));
        if ids.len() == 1 {
            ids.push(UNKNOWN);
        }
        ids.push(END);
        ids
    }

    /// The share of the letters of a text that stand in pieces of several letters, 0 to 1; 1 where there are none. A script that the
    /// model was not trained on falls into single letters. Those of Chinese, Japanese and Korean are words.
    pub(super) fn known_share(&self, text: &str) -> f32 {
        let end = text.char_indices().nth(MAX_READ).map_or(text.len(), |(end, _)| end);
        let sentence = self.normalize(&text[..end]);
        let (mut letters, mut known) = (0, 0);
        for (piece, range) in self.segments(&sentence) {
            let own: Vec<char> = sentence[range].chars().filter(|letter| letter.is_alphanumeric()).collect();
            letters += own.len();
            let is_known = own.len() > 1 || own.iter().all(|letter| is_word(*letter) || letter.is_numeric());
            known += if piece != UNKNOWN && is_known { own.len() } else { 0 };
        }
        if letters == 0 { 1.0 } else { known as f32 / letters as f32 }
    }

    /// Canonical characters, single spaces, and a boundary mark before every word; empty when blank.
    fn normalize(&self, text: &str) -> String {
        let characters = self.normalizer.normalize_string(text);
        let mut sentence = String::with_capacity(characters.len() + 16);
        let mut after_space = false;
        for letter in characters.trim().chars() {
            match letter {
                ' ' if after_space => {}
                ' ' => sentence.push(SPACE),
                other => sentence.push(other),
            }
            after_space = letter == ' ';
        }
        if !sentence.is_empty() && !sentence.starts_with(SPACE) {
            sentence.insert(0, SPACE);
        }
        sentence
    }

    /// The most probable pieces. Unknown characters in a row are one unknown piece.
    fn segment(&self, sentence: &str) -> Vec<u32> {
        let mut pieces: Vec<u32> = self.segments(sentence).into_iter().map(|(piece, _)| piece).collect();
        pieces.dedup_by(|later, earlier| *later == UNKNOWN && *earlier == UNKNOWN);
        pieces
    }

    /// The most probable pieces and where they stand, unknown characters one by one.
    fn segments(&self, sentence: &str) -> Vec<(u32, Range<usize>)> {
        let mut best: Vec<Option<Step>> = vec![None; sentence.len() + 1];
        for (from, letter) in sentence.char_indices() {
            let so_far = if from == 0 { 0.0 } else { best[from].map_or(f64::NEG_INFINITY, |step| step.score) };
            let after_letter = from + letter.len_utf8();
            let mut letter_is_piece = false;
            self.for_each_piece(&sentence.as_bytes()[from..], |length, piece| {
                letter_is_piece |= from + length == after_letter;
                let score = f64::from(self.scores[piece as usize]) + so_far;
                improve(&mut best[from + length], Step { score, from, piece });
            });
            if !letter_is_piece {
                let score = self.unknown_score + so_far;
                improve(&mut best[after_letter], Step { score, from, piece: UNKNOWN });
            }
        }
        let mut pieces = Vec::new();
        let mut at = sentence.len();
        while let Some(step) = best[at] {
            pieces.push((step.piece, step.from..at));
            at = step.from;
        }
        pieces.reverse();
        pieces
    }

    /// Calls back with the length and id of every piece that `bytes` starts with, shortest first.
    fn for_each_piece(&self, bytes: &[u8], mut found: impl FnMut(usize, u32)) {
        let mut node = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let (first, end) = (self.children[node] as usize, self.children[node + 1] as usize);
            let Ok(place) = self.labels[first..end].binary_search(byte) else { return };
            node = first + place;
            if self.pieces[node] != NO_PIECE {
                found(at + 1, self.pieces[node]);
            }
        }
    }
}

/// Whether a single letter is a word or a syllable: Han, kana, hangul.
fn is_word(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}')
}

fn improve(best: &mut Option<Step>, step: Step) {
    if best.is_none_or(|known| step.score > known.score) {
        *best = Some(step);
    }
}

/// Running sum of the children of all nodes before; node 0, the root, is nobody's child.
fn child_starts(counts: &[u8]) -> Vec<u32> {
    let mut next = 1u32;
    let starts = counts.iter().map(|count| {
        let start = next;
        next = next.saturating_add(u32::from(*count));
        start
    });
    let mut starts: Vec<u32> = starts.collect();
    starts.push(next);
    starts
}
