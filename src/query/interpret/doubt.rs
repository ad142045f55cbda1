//! Names of places that are words too.
//!
//! - Names of skills, branches, months and regions are never read as a city: Java, Rust, Sales, May, Ontario.
//! - Common words and names of people need a capital, in a sentence that is not wholly in capitals: Nice, Reading, Bath,
//!   Como. So do names of three letters and fewer.
//! - Other names may be in lower case, if the city is large enough for it to be meant.
//!
//! The two lists are in `indexes/interpret`.

use super::place_name::Certainty;

const NEVER: &str = include_str!("../../../indexes/interpret/no-places.txt");
const COMMON: &str = include_str!("../../../indexes/interpret/common-words.txt");

/// Names of so many letters are too short to be sure of.
const SHORT: usize = 3;

/// Whether a folded name is never read as a place.
pub(super) fn is_never_a_place(name: &str) -> bool {
    is_listed(NEVER, name)
}

/// Whether a folded name is a common word, so that only a capital makes it a place.
pub(super) fn is_common_word(name: &str) -> bool {
    name.chars().count() <= SHORT || is_listed(COMMON, name)
}

/// How many people must live in a city for its name in lower case to be meant.
pub(super) fn least_population(certainty: Certainty) -> u32 {
    match certainty {
        Certainty::Located => 20_000,
        Certainty::AfterA | Certainty::Segment => 100_000,
    }
}

fn is_listed(list: &str, name: &str) -> bool {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).any(|word| word == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TokenList;

    #[test]
    fn the_lists_are_folded_words() {
        for list in [NEVER, COMMON] {
            for word in list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace) {
                assert_eq!(TokenList::of(word).joined(), word);
            }
        }
    }

    #[test]
    fn words_and_places_are_told_apart() {
        assert!(is_never_a_place("java") && is_never_a_place("may"));
        assert!(is_common_word("nice") && is_common_word("como") && is_common_word("rho"));
        assert!(!is_common_word("milan") && !is_never_a_place("berlin"));
    }
}
