//! The packed taxonomy: concepts, their relations, the names they go by.
//!
//! [`Tables`] ↔ the sections of a packed file. Invariant: equal tables give equal bytes, and tables that were read hold no
//! number out of range.

use std::hash::BuildHasher;

use super::TaxonomyError;
use super::concept::{ConceptKind, Meaning};
use super::trie::Trie;
use crate::packed::{Format, PackedError, Sections, column, narrow_lengths};

/// What every packed taxonomy begins with, and beyond what size none is.
const FORMAT: Format = Format { magic: b"ltaxon02", max_unpacked_bytes: 1 << 27 };

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

    /// Adds the sections that [`Lists::read`] reads.
    fn write(&self, sections: &mut Vec<Vec<u8>>) {
        sections.extend([narrow_lengths(&self.ends), column(&self.values)]);
    }

    fn read(sections: &mut Sections<'_>) -> Result<Self, PackedError> {
        let lists = Self { ends: sections.narrow_ends()?, values: sections.column()? };
        let is_sound = lists.ends.last().map_or(0, |end| *end as usize) == lists.values.len();
        if is_sound { Ok(lists) } else { Err(PackedError::Malformed("lists of another length")) }
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
        sections.push(narrow_lengths(&self.ends));
        sections.push(self.text.clone().into_bytes());
    }

    pub(super) fn read(sections: &mut Sections<'_>) -> Result<Self, PackedError> {
        let texts = Self { ends: sections.narrow_ends()?, text: sections.text()?.to_owned() };
        let is_sound =
            texts.len() <= MOST_TEXTS && texts.ends.iter().all(|end| texts.text.is_char_boundary(*end as usize));
        if is_sound { Ok(texts) } else { Err(PackedError::Malformed("a text ends nowhere")) }
    }
}

/// Text → its number: a hash table over [`Texts`], which own the letters.
pub(super) struct TextNumbers {
    hasher: foldhash::fast::FixedState,
    /// Number + 1 of the text in each slot, and above it [`TAG`] bits of its hash, which tell most other texts without a look
    /// at their letters; 0 where there is none. As many slots as a power of two.
    slots: Vec<u32>,
}

/// More texts have no room in a slot beside the bits of the hash.
pub(super) const MOST_TEXTS: usize = (1 << TAG.trailing_zeros()) - 1;

/// The bits of a slot that are of the hash.
const TAG: u32 = 0xff00_0000;

impl TextNumbers {
    /// Numbers at most [`MOST_TEXTS`] texts.
    pub(super) fn of(texts: &Texts) -> Self {
        // At least a third of the slots stay empty.
        let count = (texts.len() + texts.len() / 2).next_power_of_two().max(2);
        let mut numbers = Self { hasher: foldhash::fast::FixedState::default(), slots: vec![0; count] };
        for (text, number) in texts.iter().zip(1..) {
            let (mut slot, tag) = numbers.slot(text);
            while numbers.slots[slot] != 0 {
                slot = (slot + 1) & (count - 1);
            }
            numbers.slots[slot] = number | tag;
        }
        numbers
    }

    /// The first slot for a text, and its tag.
    fn slot(&self, text: &str) -> (usize, u32) {
        let hash = self.hasher.hash_one(text);
        (hash as usize & (self.slots.len() - 1), (hash >> 32) as u32 & TAG)
    }

    pub(super) fn get(&self, texts: &Texts, text: &str) -> Option<u32> {
        let (mut slot, tag) = self.slot(text);
        loop {
            let number = self.slots[slot];
            if number == 0 {
                return None;
            }
            let at = (number & !TAG) - 1;
            if number & TAG == tag && texts.of(at as usize) == text {
                return Some(at);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }
}

/// Everything that a taxonomy holds.
#[derive(Default)]
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
    /// Tokens' numbers → the number of the name.
    pub(super) names: Trie,
    /// For each name the concepts it stands for, and [`Meaning::flags`] of each. Nodes of the tree that end no
    /// name stand for none.
    pub(super) concepts: Lists,
    pub(super) flags: Vec<u32>,
}

impl Tables {
    /// What the name of a number stands for.
    pub(super) fn meanings(&self, name: u32) -> impl Iterator<Item = Meaning> {
        let name = name as usize;
        let start = name.checked_sub(1).map_or(0, |before| self.concepts.ends[before]) as usize;
        let flags = &self.flags[start..];
        self.concepts.of(name).iter().zip(flags).map(|(concept, flags)| Meaning::read(*concept, *flags))
    }
}

/// Packs tables.
pub(super) fn encode(tables: &Tables) -> Result<Vec<u8>, TaxonomyError> {
    let mut sections = vec![column(&tables.kind_ends)];
    tables.uris.write(&mut sections);
    tables.labels.write(&mut sections);
    tables.broader.write(&mut sections);
    tables.related.write(&mut sections);
    tables.tokens.write(&mut sections);
    tables.names.write(&mut sections);
    tables.concepts.write(&mut sections);
    let mut distinct = tables.flags.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let places: Vec<u32> =
        tables.flags.iter().filter_map(|flags| Some(distinct.binary_search(flags).ok()? as u32)).collect();
    sections.extend([column(&distinct), column(&places)]);
    Ok(FORMAT.pack(&sections)?)
}

/// Unpacks tables, with the hash of their content in hexadecimal digits.
pub(super) fn decode(packed: &[u8]) -> Result<(Tables, String), TaxonomyError> {
    let unpacked = FORMAT.unpack(packed)?;
    let mut sections = unpacked.sections();
    let kinds = sections.column()?;
    let (uris, labels) = (Texts::read(&mut sections)?, Texts::read(&mut sections)?);
    let (broader, related) = (Lists::read(&mut sections)?, Lists::read(&mut sections)?);
    let tokens = Texts::read(&mut sections)?;
    let tables = Tables {
        kind_ends: kinds.try_into().map_err(|_| PackedError::Malformed("kinds of concepts"))?,
        uris,
        labels,
        broader,
        related,
        names: Trie::read(&mut sections, tokens.len())?,
        tokens,
        concepts: Lists::read(&mut sections)?,
        flags: flags(&mut sections)?,
    };
    check(&tables)?;
    Ok((tables, unpacked.hash))
}

/// Flags by their places among the distinct ones.
fn flags(sections: &mut Sections<'_>) -> Result<Vec<u32>, PackedError> {
    let (distinct, mut flags) = (sections.column()?, sections.column()?);
    for place in &mut flags {
        let Some(flags) = distinct.get(*place as usize) else {
            return Err(PackedError::Malformed("a number points nowhere"));
        };
        *place = *flags;
    }
    Ok(flags)
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
            let Some(value) = step(&mut bytes).and_then(|step| before.checked_add(step)) else { return Err(malformed) };
            values.push(value);
            before = value;
        }
    }
    Ok(values)
}

fn step(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u32> {
    let first = *bytes.next()?;
    // Most steps are small.
    if first & 0x80 == 0 {
        return Some(u32::from(first));
    }
    let (mut step, mut shift) = (u32::from(first & 0x7f), 7);
    while shift < 32 {
        let byte = *bytes.next()?;
        step |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(step);
        }
        shift += 7;
    }
    None
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
