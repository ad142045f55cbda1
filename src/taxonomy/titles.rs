//! What ESCO's occupations are called, as published: titles to be shown, where the taxonomy's names are for finding.
//!
//! Titles of occupations ↔ a packed file of its own, which only generating reads. Invariant: equal titles give equal bytes, and
//! titles that were read have one text in each language for each occupation.

use std::sync::OnceLock;

use super::TaxonomyError;
use super::format::Texts;
use super::title_forms::LANGUAGES;
use crate::packed::{Format, PackedError};

/// What every packed table of titles begins with, and beyond what size none is.
const FORMAT: Format = Format { magic: b"ltitle01", max_unpacked_bytes: 1 << 23 };

/// An occupation of ESCO, and what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TitledOccupation<'t> {
    /// The last part of its URI.
    pub esco: &'t str,
    /// Its unit group of ISCO-08: four digits.
    pub isco: &'t str,
    /// Its class of O*NET; empty where the crosswalk has none.
    pub onet: &'t str,
    /// Its preferred label in English, German, Italian, Spanish and French: `masculine/feminine`, or one form for both.
    pub titles: [&'t str; LANGUAGES.len()],
}

/// The titles of occupations, by unit group and then by URI.
pub struct Titles {
    version: String,
    iscos: Texts,
    escos: Texts,
    onets: Texts,
    titles: [Texts; LANGUAGES.len()],
}

impl Titles {
    /// The titles that are compiled in; unpacked on first use. A test holds their version against the taxonomy's.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Titles> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            let packed = include_bytes!("../../indexes/taxonomy/titles.zst");
            Self::of_any_version(packed).expect("the titles that are compiled in are tested")
        })
    }

    /// Reads titles that [`super::build`] gave, of a version of the taxonomy.
    ///
    /// # Errors
    ///
    /// [`TaxonomyError::Packed`] where they are damaged or of another version.
    pub fn decode(packed: &[u8], version: &str) -> Result<Self, TaxonomyError> {
        let titles = Self::of_any_version(packed)?;
        if titles.version != version {
            return Err(PackedError::Malformed("titles of another version of the taxonomy").into());
        }
        Ok(titles)
    }

    fn of_any_version(packed: &[u8]) -> Result<Self, TaxonomyError> {
        let unpacked = FORMAT.unpack(packed)?;
        let mut sections = unpacked.sections();
        let version = sections.text()?.to_owned();
        let mut texts = || Texts::read(&mut sections);
        let (iscos, escos, onets) = (texts()?, texts()?, texts()?);
        let titles = [texts()?, texts()?, texts()?, texts()?, texts()?];
        let is_sound = [&iscos, &onets].into_iter().chain(&titles).all(|texts| texts.len() == escos.len());
        if !is_sound {
            return Err(PackedError::Malformed("titles of another number").into());
        }
        Ok(Self { version, iscos, escos, onets, titles })
    }

    /// Packs occupations. `version` is that of the taxonomy that was built of the same tables.
    pub(super) fn encode(occupations: &[TitledOccupation<'_>], version: &str) -> Result<Vec<u8>, TaxonomyError> {
        let mut sections = vec![version.as_bytes().to_vec()];
        let mut write = |of: &dyn Fn(&TitledOccupation<'_>) -> String| {
            let mut texts = Texts::default();
            occupations.iter().for_each(|occupation| texts.push(&of(occupation)));
            texts.write(&mut sections);
        };
        write(&|occupation| occupation.isco.to_owned());
        write(&|occupation| occupation.esco.to_owned());
        write(&|occupation| occupation.onet.to_owned());
        for language in 0..LANGUAGES.len() {
            write(&|occupation| occupation.titles[language].to_owned());
        }
        Ok(FORMAT.pack(&sections)?)
    }

    /// The version of the taxonomy that they belong to: [`super::Taxonomy::version`].
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many occupations there are.
    pub fn len(&self) -> usize {
        self.escos.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The occupations, in order.
    pub fn iter(&self) -> impl Iterator<Item = TitledOccupation<'_>> {
        (0..self.len()).map(|at| TitledOccupation {
            esco: self.escos.of(at),
            isco: self.iscos.of(at),
            onet: self.onets.of(at),
            titles: self.titles.each_ref().map(|texts| texts.of(at)),
        })
    }
}
