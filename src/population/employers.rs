//! Invented employers and schools: sector, language, city, chance → a name that fits.

use super::archetype::Language;
use super::extract::{ByLanguage, ExtractError, by_language, lines};
use super::stream::Stream;

static TABLE: &str = include_str!("../../indexes/population/employers.txt");

/// The forms of a name, one list for each language; `{r}` stands for an invented root, `{c}` for the city.
type Forms = ByLanguage<Vec<&'static str>>;

/// Sectors that make what other trades work with.
const MAKERS: [&str; 4] = ["software", "consulting", "medicaldevices", "agency"];

/// A line of business.
#[derive(Debug)]
pub(super) struct Sector {
    key: &'static str,
    pub(super) industry: &'static str,
    /// Whether its firms make what other trades work with.
    pub(super) makes: bool,
    forms: Forms,
}

/// Customers whose trade a firm serves without belonging to it.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) customers: ByLanguage<&'static str>,
}

/// What employers, schools, degrees and customers are called.
#[derive(Debug, Default)]
pub(super) struct Employers {
    heads: Vec<&'static str>,
    tails: Vec<&'static str>,
    pub(super) sectors: Vec<Sector>,
    schools: [Option<Forms>; 5],
    degrees: [Option<Forms>; 5],
    pub(super) products: Vec<Product>,
}

impl Employers {
    pub(super) fn sector(&self, key: &str) -> Option<usize> {
        self.sectors.iter().position(|sector| sector.key == key)
    }

    fn root(&self, stream: &mut Stream) -> String {
        format!("{}{}", stream.pick(&self.heads), stream.pick(&self.tails))
    }

    fn name(&self, forms: &[&str], city: &str, stream: &mut Stream) -> String {
        let root = self.root(stream);
        let name = stream.pick(forms).replace("{r}", &root);
        // "Mairie d'Amiens": the only form with "de" before a city in French.
        let vowel = name.starts_with("Mairie") && city.starts_with(['A', 'E', 'I', 'O', 'U', 'É']);
        if vowel { name.replace("de {c}", &format!("d'{city}")) } else { name.replace("{c}", city) }
    }

    pub(super) fn employer(&self, sector: usize, language: Language, city: &str, stream: &mut Stream) -> String {
        self.name(&self.sectors[sector].forms[language as usize], city, stream)
    }

    /// A school of the given level, 1 to 5.
    pub(super) fn school(&self, level: u32, language: Language, city: &str, stream: &mut Stream) -> String {
        let forms = at_level(&self.schools, level);
        forms.map(|forms| self.name(&forms[language as usize], city, stream)).unwrap_or_default()
    }

    /// A degree of the given level, 1 to 5.
    pub(super) fn degree(&self, level: u32, language: Language, stream: &mut Stream) -> &'static str {
        at_level(&self.degrees, level).map_or("", |forms| *stream.pick(&forms[language as usize]))
    }

    /// A firm that certifies.
    pub(super) fn issuer(&self, stream: &mut Stream) -> String {
        format!("{} Academy", self.root(stream))
    }
}

fn at_level(table: &[Option<Forms>; 5], level: u32) -> Option<&Forms> {
    table.get(level.clamp(1, 5) as usize - 1)?.as_ref()
}

pub(super) fn read() -> Result<Employers, ExtractError> {
    let mut employers = Employers::default();
    for (number, line) in lines(TABLE) {
        read_line(&mut employers, line).ok_or(ExtractError::new("employers.txt", number, "not a row of names"))?;
    }
    let whole = employers.schools.iter().chain(&employers.degrees).all(Option::is_some);
    let listed = !employers.heads.is_empty() && !employers.tails.is_empty() && !employers.products.is_empty();
    if whole && listed { Ok(employers) } else { Err(ExtractError::new("employers.txt", 0, "a table is missing")) }
}

fn read_line(employers: &mut Employers, line: &'static str) -> Option<()> {
    if let Some(heads) = line.strip_prefix("heads: ") {
        employers.heads = heads.split(", ").collect();
    } else if let Some(tails) = line.strip_prefix("tails: ") {
        employers.tails = tails.split(", ").collect();
    } else {
        let (key, rest) = line.split_once(" | ")?;
        match key.split_once(' ') {
            Some(("school", level)) => *slot(&mut employers.schools, level)? = Some(read_forms(rest)?),
            Some(("degree", level)) => *slot(&mut employers.degrees, level)? = Some(read_forms(rest)?),
            Some(("product", _)) => employers.products.push(Product { customers: by_language(rest.split(" | "))? }),
            Some(_) => return None,
            None => {
                let (industry, forms) = rest.split_once(" | ")?;
                let makes = MAKERS.contains(&key);
                employers.sectors.push(Sector { key, industry, makes, forms: read_forms(forms)? });
            }
        }
    }
    Some(())
}

fn slot<'a>(table: &'a mut [Option<Forms>; 5], level: &str) -> Option<&'a mut Option<Forms>> {
    table.get_mut(level.parse::<usize>().ok()?.checked_sub(1)?)
}

fn read_forms(cells: &'static str) -> Option<Forms> {
    Some(by_language(cells.split(" | "))?.map(|cell| cell.split("; ").collect()))
}

#[cfg(test)]
mod tests {
    use super::super::stream::{Part, StreamKey};
    use super::*;

    #[test]
    fn names_fit_their_sector_and_fill_every_slot() {
        let employers = read().unwrap();
        let mut stream = StreamKey::new(1).stream(Part::Career, 0);
        for sector in 0..employers.sectors.len() {
            for language in Language::ALL {
                let name = employers.employer(sector, language, "Milano", &mut stream);
                assert!(!name.contains(['{', '}', ';', '|']), "{name}");
            }
        }
        let dental = employers.sector("dental").unwrap();
        let name = employers.employer(dental, Language::It, "Bari", &mut stream);
        assert!(name.contains("dentistico") || name.contains("odontoiatrico"), "{name}");
    }
}
