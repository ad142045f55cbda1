//! The taxonomy: what is known of a concept, and what a name stands for.

use std::sync::OnceLock;

use super::TaxonomyError;
use super::build::PackedTaxonomy;
use super::concept::{ConceptId, ConceptKind, Meaning};
use super::format::{Lists, Tables, TextNumbers, decode};
use super::link_index::LinkIndex;
use super::name_class::NameClasses;
use crate::text::TokenList;

/// Digits of the content's hash that make the version.
pub(super) const VERSION_DIGITS: usize = 8;

/// The nearness of what the crosswalk is sure of.
const SURE: f32 = super::build::nearness::CROSSWALK as f32 / 255.0;

/// Occupations, skills, their names and relations. Immutable, without locks.
pub struct Taxonomy {
    version: String,
    pub(super) tables: Tables,
    /// The concepts right beneath each.
    pub(super) narrower: Lists,
    /// Folded token → its number.
    tokens: TextNumbers,
    pub(super) classes: NameClasses,
    /// Unpacked when a title is linked first.
    link: OnceLock<LinkIndex>,
    /// Of the taxonomy that is compiled in.
    packed_link: Option<&'static [u8]>,
}

/// What the taxonomy knows of a concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concept<'t> {
    /// Its number.
    pub id: ConceptId,
    /// What it is.
    pub kind: ConceptKind,
    /// `esco:occupation/…`, `isco:2512`, `onet:15-1252.00`, `esco:skill/…`, `onet:tech/…`.
    pub uri: &'t str,
    /// The English preferred label.
    pub label: &'t str,
}

static BUILT_IN: OnceLock<Taxonomy> = OnceLock::new();

impl Taxonomy {
    /// The taxonomy that is compiled in; unpacked on first use, what links titles on first use of that.
    pub fn built_in() -> &'static Self {
        BUILT_IN.get_or_init(|| {
            let packed = include_bytes!("../../indexes/taxonomy/taxonomy.zst");
            let mut taxonomy = Self::without_link(packed).expect("the taxonomy that is compiled in is tested");
            taxonomy.packed_link = Some(include_bytes!("../../indexes/taxonomy/link.zst"));
            taxonomy
        })
    }

    /// Puts a taxonomy in the place of the one that is compiled in, for the whole process. For measurements.
    ///
    /// # Errors
    ///
    /// [`TaxonomyError::InUse`] where that was used already.
    pub fn install(self) -> Result<(), TaxonomyError> {
        BUILT_IN.set(self).map_err(|_| TaxonomyError::InUse)
    }

    /// Reads a taxonomy that [`super::build`] gave.
    ///
    /// # Errors
    ///
    /// [`TaxonomyError::Packed`] where it is damaged.
    pub fn decode(packed: &PackedTaxonomy) -> Result<Self, TaxonomyError> {
        let taxonomy = Self::without_link(&packed.taxonomy)?;
        let link = LinkIndex::decode(&packed.link, &taxonomy.version)?;
        Ok(Self { link: OnceLock::from(link), ..taxonomy })
    }

    /// Reads a taxonomy alone, which links no titles.
    ///
    /// # Errors
    ///
    /// [`TaxonomyError::Packed`] where it is damaged.
    pub fn without_link(packed: &[u8]) -> Result<Self, TaxonomyError> {
        let (tables, mut version) = decode(packed)?;
        version.truncate(VERSION_DIGITS);
        let narrower = tables.broader.inverse();
        let tokens = TextNumbers::of(&tables.tokens);
        let classes = NameClasses::of(&tables);
        Ok(Self { version, tables, narrower, tokens, classes, link: OnceLock::new(), packed_link: None })
    }

    /// What links titles, where the taxonomy has it.
    pub(super) fn link_index(&self) -> Option<&LinkIndex> {
        let decode = |packed| LinkIndex::decode(packed, &self.version);
        let built_in =
            |packed| self.link.get_or_init(|| decode(packed).expect("the taxonomy that is compiled in is tested"));
        self.link.get().or_else(|| self.packed_link.map(built_in))
    }

    /// Names the content of the taxonomy: eight hexadecimal digits of its hash. Numbers of concepts of different versions
    /// must not be compared.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The number of concepts.
    pub fn len(&self) -> usize {
        self.tables.uris.len()
    }

    /// Whether there is no concept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of names.
    pub fn name_count(&self) -> usize {
        let concepts = &self.tables.concepts;
        (0..concepts.ends.len()).filter(|node| !concepts.of(*node).is_empty()).count()
    }

    /// What is known of a concept. `None` where another version of the taxonomy gave the number.
    pub fn concept(&self, id: ConceptId) -> Option<Concept<'_>> {
        let at = id.0 as usize;
        Some(Concept { id, kind: self.kind(id)?, uri: self.tables.uris.of(at), label: self.tables.labels.of(at) })
    }

    pub(super) fn kind(&self, id: ConceptId) -> Option<ConceptKind> {
        let at = self.tables.kind_ends.iter().position(|end| id.0 < *end)?;
        Some(ConceptKind::ALL[at])
    }

    /// The occupations that a class of O*NET holds by the crosswalk, with their nearness: 1 where the crosswalk is sure.
    pub(super) fn members_of_class(&self, class: ConceptId) -> impl Iterator<Item = (ConceptId, f32)> {
        let is_occupation = |id: &ConceptId| self.kind(*id) == Some(ConceptKind::Occupation);
        let related = self.related(class).filter(move |(id, _)| is_occupation(id));
        related.map(|(id, nearness)| (id, (nearness / SURE).min(1.0)))
    }

    /// The concepts of a kind, in order of their numbers.
    pub fn of_kind(&self, kind: ConceptKind) -> impl Iterator<Item = ConceptId> + use<> {
        let at = kind as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.tables.kind_ends[before]);
        (start..self.tables.kind_ends[at]).map(ConceptId)
    }

    /// The concepts right above one: groups, or a wider skill.
    pub fn broader(&self, id: ConceptId) -> impl Iterator<Item = ConceptId> {
        self.tables.broader.of(id.0 as usize).iter().copied().map(ConceptId)
    }

    /// The concepts beside one, with how near they are, in (0, 1].
    pub fn related(&self, id: ConceptId) -> impl Iterator<Item = (ConceptId, f32)> {
        let related = self.tables.related.of(id.0 as usize).iter();
        related.map(|relation| (ConceptId(relation >> 8), (relation & 0xff) as f32 / 255.0))
    }

    /// What a whole text stands for, if it is a name: the concepts whose own it is the most come first.
    pub fn meanings_of(&self, text: &str) -> Vec<Meaning> {
        self.meanings_of_tokens(TokenList::of(text).exact_forms())
    }

    /// As [`Taxonomy::meanings_of`], of a text that was split into exact tokens already.
    pub fn meanings_of_tokens<'x>(&self, tokens: impl Iterator<Item = &'x str>) -> Vec<Meaning> {
        let numbers: Option<Vec<u32>> = tokens.map(|token| self.token(token)).collect();
        let name = numbers.and_then(|numbers| self.tables.names.get(numbers.into_iter()));
        name.map_or_else(Vec::new, |name| self.meanings(name).collect())
    }

    /// What the name of a number stands for.
    pub(super) fn meanings(&self, name: u32) -> impl Iterator<Item = Meaning> {
        self.tables.meanings(name)
    }

    /// The number of a folded token that stands in some name.
    pub(super) fn token(&self, exact: &str) -> Option<u32> {
        self.tokens.get(&self.tables.tokens, exact)
    }
}
