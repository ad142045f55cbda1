//! Compounds: "Netzwerktechniker" is "Netzwerk" and "Techniker".
//!
//! A word → its two parts, where both are words by themselves. Invariant: the parts and what links them make the word up.

/// Letters of the shortest first and of the shortest last part.
const SHORTEST: [usize; 2] = [3, 4];

/// Letters that a compound has at least.
const SHORTEST_COMPOUND: usize = 8;

/// What German, Dutch and the Scandinavian languages put between the parts, the commonest first.
const LINKS: [&str; 6] = ["", "s", "n", "en", "es", "e"];

/// The parts of a compound. `frequency` tells how common a word is by itself, 0 for what is no word: of several ways to split
/// the one whose last part, which says what the thing is, is the commonest counts.
pub(super) fn split(word: &str, frequency: impl Fn(&str) -> usize) -> Option<(&str, &str)> {
    let letters: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
    if letters.len() < SHORTEST_COMPOUND {
        return None;
    }
    let mut best: Option<(usize, (&str, &str))> = None;
    for at in &letters[SHORTEST[0]..=letters.len() - SHORTEST[1]] {
        let (before, last) = word.split_at(*at);
        let common = frequency(last);
        if common == 0 || best.is_some_and(|(known, _)| known >= common) {
            continue;
        }
        let mut firsts = LINKS.iter().filter_map(|link| before.strip_suffix(link));
        let first = firsts.find(|first| first.chars().count() >= SHORTEST[0] && frequency(first) > 0);
        if let Some(first) = first {
            best = Some((common, (first, last)));
        }
    }
    best.map(|(_, parts)| parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_fall_into_their_parts() {
        let words = [
            "netzwerk",
            "techniker",
            "arbeit",
            "vermittler",
            "arbeits",
            "stapler",
            "fahrer",
            "gabelstapler",
            "software",
        ];
        let frequency = |word: &str| words.iter().position(|known| *known == word).map_or(0, |at| at + 1);
        assert_eq!(split("netzwerktechniker", frequency), Some(("netzwerk", "techniker")));
        assert_eq!(split("arbeitsvermittler", frequency), Some(("arbeits", "vermittler")));
        assert_eq!(split("gabelstaplerfahrer", frequency), Some(("gabelstapler", "fahrer")));
        for word in ["techniker", "softwarefoo", "fahrer", "", "überfahrer"] {
            assert_eq!(split(word, frequency), None, "{word}");
        }
    }
}
