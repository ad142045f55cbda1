//! Evidence of what a text is: a title, an employer, a degree, a school, a place.
//!
//! A text → how much it is like one or the other, by the taxonomy, the gazetteer and the tables of cues.

use super::words::{self, Cue};
use crate::places::Gazetteer;
use crate::taxonomy::Taxonomy;
use crate::text::TokenList;

/// A text without the places at its end, behind commas or in brackets, and these.
pub(super) fn without_place(text: &str) -> (String, Option<String>) {
    let trimmed = text.trim();
    if let Some(open) = trimmed.rfind('(')
        && trimmed.ends_with(')')
        && open > 0
        && is_place(&trimmed[open + 1..trimmed.len() - 1])
    {
        let (head, inner) = (trimmed[..open].trim(), trimmed[open + 1..trimmed.len() - 1].trim());
        // "Chioggia (VE)" is one place.
        if inner.len() > 2 || head.contains(", ") && !is_place(head.rsplit(", ").next().unwrap_or_default()) {
            return (head.trim_end_matches(',').to_owned(), Some(inner.to_owned()));
        }
    }
    let mut start = trimmed.len();
    let mut parts = 0;
    for (at, _) in trimmed.match_indices(',').collect::<Vec<_>>().into_iter().rev() {
        let part = trimmed[at + 1..start].trim().trim_end_matches(',');
        if parts >= 3 || !is_place(part) {
            break;
        }
        start = at;
        parts += 1;
    }
    if parts == 0 {
        return (trimmed.to_owned(), None);
    }
    let head = trimmed[..start].trim();
    let place = trimmed[start + 1..].trim().trim_end_matches(',').to_owned();
    // "Beirut, Lebanon" is a place as a whole.
    if is_place(head) && parts < 3 { (String::new(), Some(trimmed.to_owned())) } else { (head.to_owned(), Some(place)) }
}

/// Two places are at most so long, in bytes.
const LONGEST_PLACES: usize = 130;

/// Whether a text is places with commas between, and nothing else.
pub(super) fn are_places(text: &str) -> bool {
    text.split(", ").all(is_place)
}

/// Whether a text is the name of a place, a country, or a code of a region, and nothing else.
pub(super) fn is_place(text: &str) -> bool {
    let text = text.trim();
    if text.len() > LONGEST_PLACES {
        return false;
    }
    let folded = words::fold(text);
    if matches!(
        folded.as_str(),
        "remote"
            | "fully remote"
            | "on site"
            | "onsite"
            | "remoto"
            | "da remoto"
            | "en remoto"
            | "a distance"
            | "a distanta"
            | "op afstand"
            | "thuiswerk"
            | "smart working"
            | "homeoffice"
            | "home office"
            | "hybrid"
            | "teletrabajo"
            | "teletravail"
            | "telelavoro"
    ) {
        return true;
    }
    // "Torino e da remoto"
    let joints = [" e ", " y ", " und ", " and ", " et ", " en ", " și ", " / ", " & "];
    if joints
        .into_iter()
        .filter_map(|joint| text.split_once(joint))
        .any(|(one, other)| is_place(one) && is_place(other))
    {
        return true;
    }
    let is_name = text.chars().next().is_some_and(|letter| letter.is_uppercase() || letter.is_ascii_digit());
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    if !is_name || text.len() > 60 || text.contains([':', '@', '/', '&']) || letters < 2 {
        return false;
    }
    let tokens = TokenList::of(text);
    // "Oklahoma City", "Mexico City"
    if words::is_cue(Cue::Organisation, tokens.exact(tokens.len().saturating_sub(1)))
        && (2..=3).contains(&tokens.len())
        && !text.contains(',')
        && Gazetteer::built_in().resolve(text, None).is_some()
    {
        return true;
    }
    if tokens.len() > 5
        || words::has(Cue::Organisation, &tokens)
        || words::has(Cue::LegalForm, &tokens) && letters > 2
        || words::has(Cue::Title, &tokens)
        || words::has(Cue::School, &tokens)
    {
        return false;
    }
    let is_code = letters == 2 && text.chars().all(|letter| letter.is_ascii_uppercase());
    let gazetteer = Gazetteer::built_in();
    is_code || gazetteer.country(text).is_some() && letters > 3 || is_known(gazetteer, text)
}

fn is_known(gazetteer: &Gazetteer, text: &str) -> bool {
    if let Some((name, further)) = text.split_once(", ") {
        return is_place(name) && is_place(further);
    }
    // "Lyon 7e", "Leeds LS9", "30015 Chioggia (VE)"
    gazetteer.resolve(text, None).is_some()
}

/// The share of the words of a text of more than three letters that begin with a capital one, in [0, 1].
pub(super) fn capital_share(text: &str) -> f32 {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 3);
    let (mut capitals, mut all) = (0_u32, 0_u32);
    for word in words {
        all += 1;
        capitals += u32::from(word.starts_with(char::is_uppercase));
    }
    if all == 0 { 0.0 } else { capitals as f32 / all as f32 }
}

/// How much a text is like a title of a position: positive; like an employer: negative.
pub(super) fn title_likeness(text: &str) -> f32 {
    let tokens = TokenList::of(text);
    if tokens.is_empty() {
        return 0.0;
    }
    let link = Taxonomy::built_in().link(text, None, 1).first().map_or(0.0, |link| link.confidence);
    // One word that only begins like a title may be a town or a name.
    let is_named = tokens.len() > 1 || !Taxonomy::built_in().meanings_of(text).is_empty();
    let mut likeness = if is_named { link } else { link * 0.3 };
    let is_title = |at: usize| words::is_title_word(tokens.exact(at));
    let last = tokens.len() - 1;
    if is_title(0) || is_title(last) {
        likeness += 0.6;
    } else if (0..tokens.len()).any(is_title) {
        likeness += 0.4;
    }
    let has_form = (0..tokens.len())
        .any(|at| words::is_cue(Cue::LegalForm, tokens.exact(at)) && (at > 0 || text.len() > 6))
        || words::has(Cue::LegalForm, &tokens);
    if has_form {
        likeness -= 1.4;
    }
    if words::has(Cue::Organisation, &tokens) || words::has(Cue::School, &tokens) {
        // "Mathematics Department Chair": the last word says what it is.
        likeness -= if is_title(last) && tokens.len() > 1 { 0.15 } else { 0.6 };
    }
    if text.contains('&') || text.contains(['"', '“', '«', '„']) {
        likeness -= 0.3;
    }
    likeness - 0.35
}

/// How much a text is like a degree: positive; like a school: negative.
pub(super) fn degree_likeness(text: &str) -> f32 {
    let tokens = TokenList::of(text);
    let mut likeness: f32 = 0.0;
    if words::has(Cue::Degree, &tokens) {
        likeness += 0.8;
        if words::leading(Cue::Degree, &tokens) > 0 {
            likeness += 0.3;
        }
    }
    if words::has(Cue::School, &tokens) || tokens.exact_forms().any(is_school_word) {
        likeness -= 1.0;
    }
    if words::has(Cue::LegalForm, &tokens) && tokens.len() > 1 {
        likeness -= 0.7;
    }
    likeness
}

/// Whether a word is a compound of a word for a school: "Steuerfachschule", "Volkshochschule".
fn is_school_word(word: &str) -> bool {
    [
        "schule",
        "gymnasium",
        "akademie",
        "universitat",
        "university",
        "college",
        "universiteit",
        "hogeschool",
        "kolleg",
        "lyceum",
        "gemeenschap",
    ]
    .iter()
    .any(|end| word.len() > end.len() && word.ends_with(end))
}
