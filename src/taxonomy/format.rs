//! The packed taxonomy: concepts, their relations, the names they go by.
//!
//! [`Tables`] ↔ the sections of a packed file. Invariant: equal tables give equal bytes, and tables that were read hold no
//! number out of range.

use std::hash::BuildHasher;

use super::TaxonomyError;
use super::concept::ConceptKind;
use crate::packed::{Format, PackedError, Sections, lengths, numbers};

/// What every packed taxonomy begins with, and beyond what size none is.
const FORMAT: Format = Format { magic: b"ltaxon01", max_unpacked_bytes: 1 << 27 };

/// Bytes of a token's number in the keys of the map of names.
pub(super) const TOKEN_BYTES: usize = 3;

/// Lists of numbers, one after the other.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) ends: Vec<u32>,
    pub(super) values: Vec<u32>,
}

impl Lists {
    /// The list of a number.
    pub(super) fn of(&self, at: usize) -> &[u32] {
        let Some(end) = self.ends.get(at) else { return &[] };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[start as usize..*end as usize]
    }

    /// For each number the lists that hold it. The numbers are those of lists.
    pub(super) fn inverse(&self) -> Self {
        let mut ends = vec![0; self.ends.len()];
        self.values.iter().for_each(|value| ends[*value as usize] += 1);
        let mut end = 0;
        // Where each list starts; filling it moves that to where it ends.
        ends.iter_mut().for_each(|count| (*count, end) = (end, end + *count));
        let mut values = vec![0; self.values.len()];
        for at in 0..self.ends.len() {
            for value in self.of(at) {
                let place = &mut ends[*value as usize];
                values[*place as usize] = at as u32;
                *place += 1;
            }
        }
        Self { ends, values }
    }

    /// Adds a list behind the others.
    pub(super) fn push(&mut self, values: impl IntoIterator<Item = u32>) {
        self.values.extend(values);
        self.ends.push(self.values.len() as u32);
    }
}

/// Texts, one after the other.
#[derive(Default)]
pub(super) struct Texts {
    ends: Vec<u32>,
    text: String,
}

impl Texts {
    /// The text of a number; empty where there is none.
    pub(super) fn of(&self, at: usize) -> &str {
        let Some(end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..*end as usize]
    }

    /// Adds a text behind the others.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
    }

    /// Of sorted texts how many stand before one.
    pub(super) fn rank(&self, text: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.of(middle) < text { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.of(at))
    }

    /// Adds the sections that [`Texts::read`] reads.
    pub(super) fn write(&self, sections: &mut Vec<Vec<u8>>) {
        sections.push(lengths(&self.ends));
        sections.push(self.text.clone().into_bytes());
    }

    pub(super) fn read(sections: &mut Sections<'_>) -> Result<Self, PackedError> {
        let texts = Self { ends: sections.ends()?, text: sections.text()?.to_owned() };
        let is_sound = texts.ends.iter().all(|end| texts.text.is_char_boundary(*end as usize));
        if is_sound { Ok(texts) } else { Err(PackedError::Malformed("a text ends nowhere")) }
    }
}

/// Text → its number: a hash table over [`Texts`], which own the letters.
pub(super) struct TextNumbers {
    hasher: foldhash::fast::FixedState,
    /// Number + 1 of the text in each slot; 0 where there is none. As many slots as a power of two.
    slots: Vec<u32>,
}

impl TextNumbers {
    pub(super) fn of(texts: &Texts) -> Self {
        let count = (texts.len() * 2).next_power_of_two().max(2);
        let mut numbers = Self { hasher: foldhash::fast::FixedState::default(), slots: vec![0; count] };
        for (text, number) in texts.iter().zip(1..) {
            let mut slot = numbers.slot(text);
            while numbers.slots[slot] != 0 {
                slot = (slot + 1) % count;
            }
            numbers.slots[slot] = number;
        }
        numbers
    }

    fn slot(&self, text: &str) -> usize {
        self.hasher.hash_one(text) as usize & (self.slots.len() - 1)
    }

    pub(super) fn get(&self, texts: &Texts, text: &str) -> Option<u32> {
        let mut slot = self.slot(text);
        loop {
            let number = self.slots[slot].checked_sub(1)?;
            if texts.of(number as usize) == text {
                return Some(number);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }
}

/// Everything that a taxonomy holds.
pub(super) struct Tables {
    /// Where the concepts of each kind end, in the order of [`ConceptKind::ALL`].
    pub(super) kind_ends: [u32; ConceptKind::ALL.len()],
    pub(super) uris: Texts,
    /// English preferred labels.
    pub(super) labels: Texts,
    /// The concepts right above each.
    pub(super) broader: Lists,
    /// The concepts beside each: number · 256 + nearness.
    pub(super) related: Lists,
    /// Every token of a name, folded, sorted.
    pub(super) tokens: Texts,
    /// Token numbers, big-endian, [`TOKEN_BYTES`] each → number of the name.
    pub(super) names: fst::Map<Vec<u8>>,
    /// For each name the concepts it stands for, and [`super::concept::Meaning::flags`] of each.
    pub(super) concepts: Lists,
    pub(super) flags: Vec<u32>,
}

/// Packs tables.
pub(super) fn encode(tables: &Tables) -> Result<Vec<u8>, TaxonomyError> {
    let mut sections = vec![numbers(tables.kind_ends)];
    tables.uris.write(&mut sections);
    tables.labels.write(&mut sections);
    for lists in [&tables.broader, &tables.related] {
        sections.push(lengths(&lists.ends));
        sections.push(numbers(lists.values.iter().copied()));
    }
    tables.tokens.write(&mut sections);
    sections.push(tables.names.as_fst().as_bytes().to_vec());
    sections.push(lengths(&tables.concepts.ends));
    sections.push(numbers(tables.concepts.values.iter().copied()));
    sections.push(numbers(tables.flags.iter().copied()));
    Ok(FORMAT.pack(&sections)?)
}

/// Unpacks tables, with the hash of their content in hexadecimal digits.
pub(super) fn decode(packed: &[u8]) -> Result<(Tables, String), TaxonomyError> {
    let unpacked = FORMAT.unpack(packed)?;
    let mut sections = unpacked.sections();
    let kinds = sections.numbers()?;
    let tables = Tables {
        kind_ends: kinds.try_into().map_err(|_| PackedError::Malformed("kinds of concepts"))?,
        uris: Texts::read(&mut sections)?,
        labels: Texts::read(&mut sections)?,
        broader: lists(&mut sections)?,
        related: lists(&mut sections)?,
        tokens: Texts::read(&mut sections)?,
        names: fst::Map::new(sections.bytes()?.to_vec())?,
        concepts: lists(&mut sections)?,
        flags: sections.numbers()?,
    };
    check(&tables)?;
    Ok((tables, unpacked.hash))
}

fn lists(sections: &mut Sections<'_>) -> Result<Lists, PackedError> {
    let lists = Lists { ends: sections.ends()?, values: sections.numbers()? };
    check_ends(lists)
}

fn check_ends(lists: Lists) -> Result<Lists, PackedError> {
    let is_sound = lists.ends.last().map_or(0, |end| *end as usize) == lists.values.len();
    if is_sound { Ok(lists) } else { Err(PackedError::Malformed("lists of another length")) }
}

/// Ascending lists as steps, in groups of seven bits, the lowest first; the eighth tells that more follow.
pub(super) fn write_ascending(lists: &Lists) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(lists.values.len() * 2);
    for at in 0..lists.ends.len() {
        let mut before = 0;
        for value in lists.of(at) {
            let mut step = value - before;
            while step >= 0x80 {
                bytes.push(step as u8 | 0x80);
                step >>= 7;
            }
            bytes.push(step as u8);
            before = *value;
        }
    }
    bytes
}

/// The inverse of [`write_ascending`].
pub(super) fn read_ascending(ends: &[u32], bytes: &[u8]) -> Result<Vec<u32>, PackedError> {
    let malformed = PackedError::Malformed("a list that does not ascend");
    let mut values = Vec::with_capacity(ends.last().map_or(0, |end| *end as usize).min(bytes.len()));
    let mut bytes = bytes.iter();
    for end in ends {
        let mut before = 0u32;
        while values.len() < *end as usize {
            let (mut step, mut shift) = (0u32, 0);
            loop {
                let Some(byte) = bytes.next().filter(|_| shift < 32) else { return Err(malformed) };
                step |= u32::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            let Some(value) = before.checked_add(step) else { return Err(malformed) };
            values.push(value);
            before = value;
        }
    }
    Ok(values)
}

/// Whether every number of the tables points at something.
fn check(tables: &Tables) -> Result<(), TaxonomyError> {
    let concepts = tables.uris.len();
    let is_concept = |number: u32| (number as usize) < concepts;
    let is_sound = tables.labels.len() == concepts
        && tables.kind_ends.is_sorted()
        && tables.kind_ends[ConceptKind::ALL.len() - 1] as usize == concepts
        && [&tables.broader, &tables.related].iter().all(|lists| lists.ends.len() == concepts)
        && tables.broader.values.iter().all(|concept| is_concept(*concept))
        && tables.related.values.iter().all(|relation| is_concept(relation >> 8))
        && tables.concepts.values.iter().all(|concept| is_concept(*concept))
        && tables.concepts.ends.len() == tables.names.len()
        && tables.flags.len() == tables.concepts.values.len();
    if is_sound { Ok(()) } else { Err(PackedError::Malformed("a number points nowhere").into()) }
}
