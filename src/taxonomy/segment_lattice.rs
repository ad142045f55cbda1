//! All ways to cut a run of words into names, for [`super::segment`]: their scores, and the chances that follow.

use std::ops::Range;

use super::segment::{LONGEST_NAME, Piece, Segmenter};

/// The pieces of a run, with what they say and how much that weighs.
pub(super) struct Lattice {
    length: usize,
    /// By [`Lattice::place`].
    by_itself: Vec<Scored>,
    /// For each length of the label, by [`Lattice::place`]; nothing for pieces that begin in the label.
    beside_label: Vec<Vec<Scored>>,
}

#[derive(Default, Clone)]
struct Scored {
    features: Vec<u32>,
    score: f64,
}

impl Lattice {
    pub(super) fn of(segmenter: &Segmenter, words: &[&str]) -> Self {
        let features = segmenter.features(words);
        let scored = |features: Vec<u32>| Scored { score: segmenter.score(&features), features };
        let length = words.len();
        let mut lattice = Self {
            length,
            by_itself: vec![Scored::default(); length * LONGEST_NAME],
            beside_label: Vec::with_capacity(LONGEST_NAME),
        };
        for piece in lattice.pieces(0) {
            let place = place(&piece);
            lattice.by_itself[place] = scored(features.of_piece(piece));
        }
        for label in 1..=length.min(LONGEST_NAME) {
            let mut beside = vec![Scored::default(); length * LONGEST_NAME];
            for piece in lattice.pieces(label) {
                let place = place(&piece);
                beside[place] = scored(features.beside_label(piece, label));
            }
            lattice.beside_label.push(beside);
        }
        lattice
    }

    /// All pieces that begin at a word or behind it, by their beginnings.
    fn pieces(&self, from: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let length = self.length;
        (from..length).flat_map(move |start| (start + 1..=length.min(start + LONGEST_NAME)).map(move |end| start..end))
    }

    fn score(&self, piece: &Range<usize>, label: usize) -> f64 {
        let place = place(piece);
        let beside = if piece.start == 0 { 0.0 } else { self.beside_label[label - 1][place].score };
        self.by_itself[place].score + beside
    }

    /// The features of a piece where the label has so many words.
    pub(super) fn features_of(&self, piece: Range<usize>, label: usize) -> impl Iterator<Item = &u32> {
        let place = place(&piece);
        self.by_itself[place].features.iter().chain(&self.beside_label[label - 1][place].features)
    }

    /// Calls `visit` with each piece's features and how often they are to be expected.
    pub(super) fn expect(&self, chances: &Chances, mut visit: impl FnMut(&[u32], f64)) {
        for (label, of_label) in chances.pieces.iter().enumerate() {
            for (place, chance) in of_label.iter().enumerate().filter(|(_, chance)| **chance > NEGLIGIBLE) {
                visit(&self.by_itself[place].features, *chance);
                visit(&self.beside_label[label][place].features, *chance);
            }
        }
    }

    /// The chances of all pieces, by the forward–backward algorithm for each length of the label.
    pub(super) fn chances(&self) -> Chances {
        let labels = 1..=self.length.min(LONGEST_NAME);
        let ways: Vec<Ways> = labels.clone().map(|label| self.ways(label)).collect();
        let all = log_sum(ways.iter().map(|ways| ways.all));
        let mut pieces = Vec::with_capacity(ways.len());
        for (label, ways) in labels.zip(&ways) {
            let mut of_label = vec![0.0; self.length * LONGEST_NAME];
            of_label[place(&(0..label))] = (ways.all - all).exp();
            for piece in self.pieces(label) {
                let chance = ways.to[piece.start] + self.score(&piece, label) + ways.from[piece.end] - all;
                of_label[place(&piece)] = chance.exp();
            }
            pieces.push(of_label);
        }
        Chances { pieces }
    }

    /// The scores of all ways through the words behind a label, summed in the logarithm.
    fn ways(&self, label: usize) -> Ways {
        let mut to = vec![f64::NEG_INFINITY; self.length + 1];
        let mut from = to.clone();
        to[label] = self.score(&(0..label), label);
        for end in label + 1..=self.length {
            let starts = end.saturating_sub(LONGEST_NAME).max(label)..end;
            to[end] = log_sum(starts.map(|start| to[start] + self.score(&(start..end), label)));
        }
        from[self.length] = 0.0;
        for start in (label..self.length).rev() {
            let ends = start + 1..=self.length.min(start + LONGEST_NAME);
            from[start] = log_sum(ends.map(|end| self.score(&(start..end), label) + from[end]));
        }
        Ways { all: to[self.length], to, from }
    }

    /// The likeliest label, and behind it the likeliest pieces, each with the chance that it is a name.
    pub(super) fn likeliest(&self, chances: &Chances) -> Vec<Piece> {
        let of_label = |label: usize| chances.pieces[label - 1][place(&(0..label))];
        let labels = 1..=self.length.min(LONGEST_NAME);
        let Some(label) = labels.max_by(|a, b| of_label(*a).total_cmp(&of_label(*b))) else { return Vec::new() };
        let mut best = vec![(f64::NEG_INFINITY, 0); self.length + 1];
        best[label].0 = 0.0;
        for end in label + 1..=self.length {
            for start in end.saturating_sub(LONGEST_NAME).max(label)..end {
                let score = best[start].0 + self.score(&(start..end), label);
                if score > best[end].0 {
                    best[end] = (score, start);
                }
            }
        }
        let mut pieces = Vec::new();
        let mut end = self.length;
        while end > label {
            let start = best[end].1;
            pieces.push(Piece { probability: chances.of(&(start..end)), words: start..end });
            end = start;
        }
        pieces.push(Piece { probability: of_label(label), words: 0..label });
        pieces.reverse();
        pieces
    }
}

/// Expectations below this change nothing.
const NEGLIGIBLE: f64 = 1e-5;

/// Scores of ways, summed in the logarithm: from the beginning to each word, from there to the end, and of whole ways.
struct Ways {
    to: Vec<f64>,
    from: Vec<f64>,
    all: f64,
}

/// How likely each piece is a name, by the length of the label and [`place`].
pub(super) struct Chances {
    pieces: Vec<Vec<f64>>,
}

impl Chances {
    /// How likely a piece behind the label is a name, whatever the label.
    fn of(&self, piece: &Range<usize>) -> f64 {
        self.pieces.iter().map(|of_label| of_label[place(piece)]).sum()
    }
}

/// Where a piece stands among all of a run.
fn place(piece: &Range<usize>) -> usize {
    piece.start * LONGEST_NAME + piece.len() - 1
}

/// The logarithm of a sum of exponentials.
fn log_sum(terms: impl Iterator<Item = f64> + Clone) -> f64 {
    let greatest = terms.clone().fold(f64::NEG_INFINITY, f64::max);
    if greatest == f64::NEG_INFINITY {
        return greatest;
    }
    greatest + terms.map(|term| (term - greatest).exp()).sum::<f64>().ln()
}
