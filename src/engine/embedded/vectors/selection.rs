//! The rows of a scan that may be among the best.
//!
//! Approximate scores, each at most `error` off → every row whose exact score may be among the k best. The invariant that makes
//! the scan exact: if k rows score `s` or more approximately, their exact scores are at least `s - error`, and a row below
//! `s - 2 error` approximately is exactly below them all.

/// A row that may be among the best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub(super) score: f32,
    /// Which segment of the snapshot.
    pub(super) segment: u32,
    pub(super) row: u32,
}

/// Collects candidates while a scan runs.
#[derive(Debug)]
pub(super) struct Selection {
    k: usize,
    error: f32,
    floor: f32,
    candidates: Vec<Candidate>,
    /// At how many candidates the floor is raised.
    full: usize,
}

impl Selection {
    /// A selection of the `k` best (at least one) among scores that are at most `error` off.
    pub(super) fn new(k: usize, error: f32) -> Self {
        let k = k.max(1);
        Self { k, error, floor: f32::NEG_INFINITY, candidates: Vec::new(), full: (4 * k).max(256) }
    }

    /// A score below this need not be offered.
    #[inline]
    pub(super) fn floor(&self) -> f32 {
        self.floor
    }

    /// Offers a row.
    #[inline]
    pub(super) fn offer(&mut self, candidate: Candidate) {
        if candidate.score >= self.floor {
            self.candidates.push(candidate);
            if self.candidates.len() >= self.full {
                self.raise_floor();
            }
        }
    }

    fn raise_floor(&mut self) {
        if self.candidates.len() >= self.k {
            let (_, worst, _) = self.candidates.select_nth_unstable_by(self.k - 1, |a, b| b.score.total_cmp(&a.score));
            self.floor = worst.score - 2.0 * self.error;
            self.candidates.retain(|candidate| candidate.score >= self.floor);
        }
        self.full = (4 * self.k).max(256).max(2 * self.candidates.len());
    }

    /// The exact scores of all rows that may be among the best, given how to score many of them; and how many were scored.
    pub(super) fn exact(mut self, score: impl Fn(&[Candidate]) -> Vec<f32>) -> (Vec<Candidate>, usize) {
        self.raise_floor();
        let mut rest = self.candidates.split_off(self.k.min(self.candidates.len()));
        let mut best = rescore(&self.candidates, &score);
        if best.len() == self.k {
            let kth = best.iter().map(|candidate| candidate.score).fold(f32::INFINITY, f32::min);
            rest.retain(|candidate| candidate.score >= kth - self.error);
        }
        best.extend(rescore(&rest, &score));
        let scored = best.len();
        (best, scored)
    }
}

fn rescore(candidates: &[Candidate], score: impl Fn(&[Candidate]) -> Vec<f32>) -> Vec<Candidate> {
    let scores = score(candidates);
    candidates.iter().zip(scores).map(|(candidate, score)| Candidate { score, ..*candidate }).collect()
}

/// Keeps the `k` best and all that equal the worst of them.
pub(super) fn keep_best(candidates: &mut Vec<Candidate>, k: usize) {
    if k > 0 && candidates.len() > k {
        let (_, worst, _) = candidates.select_nth_unstable_by(k - 1, |a, b| b.score.total_cmp(&a.score));
        let worst = worst.score;
        candidates.retain(|candidate| candidate.score >= worst);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_row_of_the_best_is_lost(
            rows in prop::collection::vec((0_i32..60, -1.0_f32..1.0), 0..900),
            k in 1_usize..40,
        ) {
            let error = 0.05;
            let exact: Vec<f32> = rows.iter().map(|(score, _)| *score as f32 / 60.0).collect();
            let mut selection = Selection::new(k, error);
            for (row, (_, off)) in rows.iter().enumerate() {
                selection.offer(Candidate { score: exact[row] + off * error * 0.99, segment: 0, row: row as u32 });
            }
            let (mut best, scored) = selection.exact(|candidates| candidates.iter().map(|c| exact[c.row as usize]).collect());
            prop_assert_eq!(best.len(), scored);
            keep_best(&mut best, k);

            let mut wanted: Vec<Candidate> = (0..rows.len())
                .map(|row| Candidate { score: exact[row], segment: 0, row: row as u32 })
                .collect();
            keep_best(&mut wanted, k);
            let mut found: Vec<u32> = best.iter().map(|candidate| candidate.row).collect();
            let mut wanted: Vec<u32> = wanted.iter().map(|candidate| candidate.row).collect();
            found.sort_unstable();
            wanted.sort_unstable();
            prop_assert_eq!(found, wanted);
        }
    }

    #[test]
    fn most_of_a_long_scan_is_not_rescored() {
        let mut selection = Selection::new(10, 0.001);
        for row in 0..100_000_u32 {
            let score = (row.wrapping_mul(0x9E37_79B9) >> 8) as f32 / (1 << 24) as f32;
            selection.offer(Candidate { score, segment: 0, row });
        }
        let (_, scored) = selection.exact(|candidates| candidates.iter().map(|candidate| candidate.score).collect());
        assert!((10..1_000).contains(&scored), "{scored}");
    }
}
