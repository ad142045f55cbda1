//! The occupations that nobody chose by hand: ESCO's titles + the occupations of the extract → all others, each in a family.
//!
//! A family takes those of the unit groups in which most chosen occupations are its own, then those of the wider groups.
//! Invariant: a family whose people need a licence takes none that shares less than a minor group with one of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::career::REGULATED;
use super::extract::{ExtractError, Family, Occupation, Onet, Row, lines, read_title};
use crate::taxonomy::{TitledOccupation, Titles};

static GROUPS: &str = include_str!("../../indexes/population/groups.tsv");

/// Digits of the codes of ISCO-08: unit groups, minor groups, sub-major groups.
const UNIT: usize = 4;
const MINOR: usize = 3;
const SUB_MAJOR: usize = 2;

/// Fewer terms of the trade give no profile.
pub(super) const LEAST_TERMS: usize = 4;

/// Group of any width → the family of the most chosen occupations in it; the first of equals.
struct Census(BTreeMap<&'static str, usize>);

impl Census {
    fn of(chosen: &[Occupation]) -> Self {
        let mut counts: BTreeMap<&str, BTreeMap<usize, usize>> = BTreeMap::new();
        for occupation in chosen {
            for digits in SUB_MAJOR..=UNIT {
                *counts.entry(&occupation.isco[..digits]).or_default().entry(occupation.family).or_default() += 1;
            }
        }
        let most = |families: BTreeMap<usize, usize>| {
            families.into_iter().min_by_key(|(family, count)| (std::cmp::Reverse(*count), *family))
        };
        Self(counts.into_iter().filter_map(|(group, families)| Some((group, most(families)?.0))).collect())
    }
}

/// Where an occupation belongs: how many digits of its group say so, and its family.
struct Place {
    digits: usize,
    family: usize,
    occupation: TitledOccupation<'static>,
}

/// Adds all occupations of ESCO that are not there, those nearest to a family first.
pub(super) fn add(occupations: &mut Vec<Occupation>, families: &[Family], onet: &Onet) -> Result<(), ExtractError> {
    let (census, by_hand) = (Census::of(occupations), read_groups(families)?);
    let known: BTreeSet<&str> = occupations.iter().map(|occupation| occupation.esco).collect();
    let others = Titles::built_in().iter().filter(|occupation| !known.contains(occupation.esco));
    let mut places: Vec<Place> = others.filter_map(|other| place(other, &census, &by_hand, families)).collect();
    // Stable: the order of the groups stays.
    places.sort_by_key(|place| std::cmp::Reverse(place.digits));
    let mut ranks: BTreeMap<usize, u32> = BTreeMap::new();
    for occupation in occupations.iter() {
        let rank = ranks.entry(occupation.family).or_default();
        *rank = (*rank).max(occupation.rank + 1);
    }
    let chosen = occupations.len();
    for Place { family, occupation, .. } in places {
        let rank = ranks.entry(family).or_default();
        let row = Row {
            esco: occupation.esco,
            isco: occupation.isco,
            family,
            rank: *rank,
            weight: weight(*rank),
            onet: occupation.onet,
            titles: occupation.titles.map(|title| vec![read_title(title)]),
        };
        *rank += 1;
        let mut further = row.occupation(families, onet);
        complete(&mut further, &occupations[..chosen]);
        occupations.push(further);
    }
    Ok(())
}

/// Rarer than what was chosen by hand, and never out of reach: about a fifth of all people.
fn weight(rank: u32) -> u32 {
    400 / (rank + 2) + 10
}

fn place(
    occupation: TitledOccupation<'static>,
    census: &Census,
    by_hand: &BTreeMap<&str, usize>,
    families: &[Family],
) -> Option<Place> {
    let at = |digits: usize| Some((digits, *census.0.get(occupation.isco.get(..digits)?)?));
    let told = || by_hand.get(occupation.isco).map(|family| (MINOR, *family));
    let open = |(_, family): &(usize, usize)| !REGULATED.contains(&families[*family].key);
    let (digits, family) = at(UNIT).or_else(told).or_else(|| at(MINOR)).or_else(|| at(SUB_MAJOR).filter(open))?;
    Some(Place { digits, family, occupation })
}

/// What nothing of the family suits by its title, it has in common with the chosen occupation that is nearest.
fn complete(further: &mut Occupation, chosen: &[Occupation]) {
    let common = |other: &&Occupation| {
        let digits = other.isco.bytes().zip(further.isco.bytes()).take_while(|(one, other)| one == other);
        (std::cmp::Reverse(digits.count()), other.rank)
    };
    if !further.sectors.is_empty() && further.terms.len() >= LEAST_TERMS && !further.technologies.is_empty() {
        return;
    }
    let Some(nearest) = chosen.iter().filter(|other| other.family == further.family).min_by_key(common) else { return };
    if further.sectors.is_empty() {
        further.sectors.clone_from(&nearest.sectors);
    }
    if further.terms.len() < LEAST_TERMS {
        further.terms.clone_from(&nearest.terms);
    }
    if further.technologies.is_empty() {
        further.technologies.clone_from(&nearest.technologies);
    }
}

fn read_groups(families: &[Family]) -> Result<BTreeMap<&'static str, usize>, ExtractError> {
    let mut groups = BTreeMap::new();
    for (number, line) in lines(GROUPS) {
        let read = line
            .split_once('\t')
            .and_then(|(group, key)| Some((group, families.iter().position(|family| family.key == key)?)));
        let (group, family) = read.ok_or(ExtractError::new("groups.tsv", number, "no group of a known family"))?;
        groups.insert(group, family);
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::super::extract::Extract;
    use super::super::tests::by_hand;
    use super::*;

    #[test]
    fn nearly_all_occupations_of_esco_are_there_once() {
        let extract = Extract::get();
        let all: BTreeSet<&str> = extract.occupations.iter().map(|occupation| occupation.esco).collect();
        assert_eq!(all.len(), extract.occupations.len());
        let missing = Titles::built_in().iter().filter(|occupation| !all.contains(occupation.esco));
        // Healers, for whom there is no family.
        let missing: BTreeSet<&str> = missing.map(|occupation| occupation.isco).collect();
        assert!(missing.iter().all(|group| ["2230", "3230"].contains(group)), "{missing:?}");
    }

    #[test]
    fn every_occupation_can_be_drawn_and_told() {
        let extract = Extract::get();
        for occupation in &extract.occupations {
            assert!(occupation.weight > 0 && !occupation.sectors.is_empty(), "{}", occupation.esco);
            assert!(occupation.terms.len() >= LEAST_TERMS, "{}", occupation.esco);
            assert!(!extract.families[occupation.family].sectors.is_empty());
        }
    }

    #[test]
    fn nobody_slips_into_a_trade_with_a_licence() {
        let extract = Extract::get();
        let (chosen, further) = extract.occupations.split_at(by_hand());
        let licensed = |occupation: &&Occupation| REGULATED.contains(&extract.families[occupation.family].key);
        for occupation in further.iter().filter(licensed) {
            let mut own = chosen.iter().filter(|other| other.family == occupation.family);
            let title = &occupation.titles[0];
            assert!(own.any(|other| other.isco[..MINOR] == occupation.isco[..MINOR]), "{title:?}");
        }
    }

    #[test]
    fn what_was_chosen_by_hand_is_the_most_common_of_its_family() {
        let extract = Extract::get();
        let (chosen, further) = extract.occupations.split_at(by_hand());
        for (at, family) in extract.families.iter().enumerate() {
            let weights = |all: &[Occupation]| -> Vec<u32> {
                all.iter().filter(|occupation| occupation.family == at).map(|occupation| occupation.weight).collect()
            };
            let (own, others) = (weights(chosen), weights(further));
            assert!(own.iter().min() > others.iter().max(), "{}", family.key);
        }
    }

    #[test]
    fn groups_by_hand_are_those_that_nothing_chosen_stands_in() {
        let extract = Extract::get();
        let (chosen, _) = extract.occupations.split_at(by_hand());
        for group in read_groups(&extract.families).unwrap().into_keys() {
            assert!(chosen.iter().all(|occupation| occupation.isco != group), "{group}");
        }
    }
}
