//! The one source of chance: a stream of numbers fixed for ever by (version, the taxonomy's version, seed, part, index).
//!
//! The stream is the extendable output of BLAKE3 in keyed mode, which its specification fixes; no number depends on a
//! random-number crate's version, on the clock, the platform or the thread. All draws use integers or exact
//! multiplication, so that they round alike everywhere.

use super::VERSION;
use crate::taxonomy::Titles;

/// What a stream is for: each part of a person has its own, so that more draws in one never move another.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Person,
    Career,
    Skills,
    Prose,
    Conduct,
    Cohort,
    World,
}

/// The key of a population: every stream descends from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct StreamKey([u8; 32]);

impl StreamKey {
    pub(super) fn new(seed: u64) -> Self {
        Self::of_taxonomy(seed, Titles::built_in().version())
    }

    /// The key of a seed where occupations are drawn from this version of the taxonomy.
    fn of_taxonomy(seed: u64, taxonomy: &str) -> Self {
        let numbers = [VERSION.to_le_bytes().as_slice(), &seed.to_le_bytes()].concat();
        let material = [&numbers, taxonomy.as_bytes()].concat();
        Self(blake3::derive_key("lodestone synthetic population", &material))
    }

    pub(super) fn stream(&self, part: Part, index: u64) -> Stream {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(&[part as u8]).update(&index.to_le_bytes());
        Stream { reader: hasher.finalize_xof(), block: [0; BLOCK], at: BLOCK }
    }
}

const BLOCK: usize = 256;

/// Draws, one after the other.
pub(super) struct Stream {
    reader: blake3::OutputReader,
    block: [u8; BLOCK],
    at: usize,
}

impl Stream {
    fn next_u32(&mut self) -> u32 {
        if self.at == BLOCK {
            self.reader.fill(&mut self.block);
            self.at = 0;
        }
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.block[self.at..self.at + 4]);
        self.at += 4;
        u32::from_le_bytes(bytes)
    }

    /// A number in `0..bound`; 0 for a bound of 0. The bias of multiply-and-shift, below bound / 2³², is accepted.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u64::from(self.next_u32()) * bound as u64) >> 32) as usize
    }

    /// A number in `low..=high`.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high - low) as usize + 1) as u32
    }

    /// A number in `[0, 1)`, a multiple of 2⁻³².
    pub(super) fn unit(&mut self) -> f64 {
        f64::from(self.next_u32()) / 4_294_967_296.0
    }

    /// A number in `[low, high)`.
    pub(super) fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of the items.
    ///
    /// # Panics
    /// If there are none.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// The position of an item drawn in proportion to its weight.
    pub(super) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u64 = weights.clone().map(u64::from).sum();
        let mut rest = (u64::from(self.next_u32()) * total) >> 32;
        let mut last = 0;
        for (position, weight) in weights.enumerate() {
            let weight = u64::from(weight);
            if rest < weight {
                return position;
            }
            rest -= weight;
            last = position;
        }
        last
    }

    /// Puts `count` random items first, in random order.
    pub(super) fn shuffle_front<T>(&mut self, items: &mut [T], count: usize) {
        for position in 0..count.min(items.len()) {
            let other = position + self.below(items.len() - position);
            items.swap(position, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_fixed_by_seed_part_and_index() {
        let draw = |seed, part, index| StreamKey::new(seed).stream(part, index).next_u32();
        assert_eq!(draw(1, Part::Person, 7), draw(1, Part::Person, 7));
        assert_ne!(draw(1, Part::Person, 7), draw(2, Part::Person, 7));
        assert_ne!(draw(1, Part::Person, 7), draw(1, Part::Career, 7));
        assert_ne!(draw(1, Part::Person, 7), draw(1, Part::Person, 8));
    }

    #[test]
    fn another_taxonomy_is_another_stream() {
        let of = |taxonomy| StreamKey::of_taxonomy(1, taxonomy).stream(Part::Person, 7).next_u32();
        let (own, other) = (Titles::built_in().version(), "00000000");
        assert_eq!(of(own), StreamKey::new(1).stream(Part::Person, 7).next_u32());
        assert_ne!(of(own), of(other));
    }

    #[test]
    fn draws_stay_within_their_bounds_and_follow_their_weights() {
        let mut stream = StreamKey::new(3).stream(Part::Person, 0);
        let mut seen = [0u32; 3];
        for _ in 0..30_000 {
            assert!((5..=9).contains(&stream.between(5, 9)));
            assert!((0.0..1.0).contains(&stream.unit()));
            seen[stream.weighted([1, 2, 7].into_iter())] += 1;
        }
        assert!((2_700..3_300).contains(&seen[0]), "{seen:?}");
        assert!((20_400..21_600).contains(&seen[2]), "{seen:?}");
    }
}
