//! Titles, employers and places told apart.
//!
//! The heading lines of entries → title, employer, place. What is like a title and what is like an employer is weighed by the
//! taxonomy and by cues; the order that most entries of a CV have decides where an entry by itself says little.

use super::entry::Entry;
use super::words::{self, Cue};
use crate::places::Gazetteer;
use crate::taxonomy::Taxonomy;
use crate::text::TokenList;

/// Title, employer and place of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) title: Option<String>,
    pub(super) organisation: Option<String>,
    pub(super) place: Option<String>,
    /// Whether title and employer both stand in the entry itself.
    pub(super) is_whole: bool,
    /// How sure it is which is which, in hundredths.
    pub(super) sureness: u8,
}

/// A piece of a heading and what it is like.
#[derive(Debug, Clone)]
struct Unit {
    text: String,
    /// Positive: like a title; negative: like an employer.
    likeness: f32,
}

/// An entry's units and its place.
#[derive(Debug, Default)]
struct Taken {
    units: Vec<Unit>,
    place: Option<String>,
    /// Whether "at" or the like stands between the first two.
    is_said: bool,
}

/// So much surer one entry must be to differ from the order of the others.
const OVERRULES: f32 = 1.1;

/// The roles of entries. `weigh` says how much a text is like a title (or a degree), negative where like an employer (a school).
pub(super) fn roles(entries: &[Entry], weigh: fn(&str) -> f32) -> Vec<Role> {
    let taken: Vec<Taken> = entries.iter().map(|entry| take(entry, weigh)).collect();
    let pairs = taken.iter().filter(|taken| taken.units.len() >= 2);
    let title_first: f32 =
        pairs.map(|taken| (taken.units[0].likeness - taken.units[1].likeness).clamp(-1.5, 1.5)).sum();
    let mut roles: Vec<Role> = Vec::with_capacity(entries.len());
    let mut held: Option<(String, Option<String>)> = None;
    for (entry, taken) in entries.iter().zip(taken) {
        let mut role = role_of(taken, title_first);
        role.title = entry.title.clone().or(role.title);
        if let Some(organisation) = &entry.organisation {
            let (organisation, place) = without_place(organisation);
            let mut alone = Taken { units: vec![Unit { likeness: -1.0, text: organisation }], place, is_said: false };
            if alone.place.is_none() {
                loosen_place(&mut alone, weigh);
            }
            role.organisation = alone.units.pop().map(|unit| unit.text);
            role.place = alone.place.or(role.place);
        }
        role.is_whole = role.title.is_some() && role.organisation.is_some();
        match (&role.organisation, &held) {
            // Further titles at the employer that heads them all.
            (None, Some((organisation, place))) if role.title.is_some() && title_first < 0.0 => {
                role.organisation = Some(organisation.clone());
                role.place = role.place.or_else(|| place.clone());
            }
            (Some(organisation), _) => held = Some((organisation.clone(), role.place.clone())),
            _ => {}
        }
        roles.push(role);
    }
    roles
}

fn role_of(taken: Taken, title_first: f32) -> Role {
    let mut units = taken.units;
    let place = taken.place;
    match units.len() {
        0 => Role { place, ..Role::default() },
        1 => {
            let unit = units.remove(0);
            let is_organisation = unit.likeness < -0.25;
            let sureness = (unit.likeness.abs() * 60.0).min(60.0) as u8;
            let text = Some(unit.text);
            if is_organisation {
                Role { organisation: text, place, sureness, ..Role::default() }
            } else {
                Role { title: text, place, sureness, ..Role::default() }
            }
        }
        _ => {
            let difference = units[0].likeness - units[1].likeness;
            let is_title_first = if difference.abs() >= OVERRULES || taken.is_said {
                difference >= 0.0 || taken.is_said
            } else {
                title_first + difference * 0.5 >= 0.0
            };
            let sureness = (difference.abs() * 50.0).min(100.0) as u8;
            let (second, first) = (units.remove(1).text, units.remove(0).text);
            let (title, organisation) = if is_title_first { (first, second) } else { (second, first) };
            Role { title: Some(title), organisation: Some(organisation), place, is_whole: true, sureness }
        }
    }
}

/// Whether heading lines name both a title and an employer already.
pub(super) fn is_complete(heading: &[String], weigh: fn(&str) -> f32) -> bool {
    let entry = Entry { heading: heading.to_vec(), ..Entry::default() };
    let units = take(&entry, weigh).units;
    let has_employer = units.iter().any(|unit| unit.likeness < -0.25);
    let has_title = units.iter().any(|unit| unit.likeness > 0.1);
    units.len() >= 2
        && (heading.len() > 1
            || has_employer
            || heading.iter().any(|line| line.contains(['|', '—', '–', '\t'])) && has_title)
}

/// The units of an entry's heading.
fn take(entry: &Entry, weigh: fn(&str) -> f32) -> Taken {
    let mut taken = Taken::default();
    for line in &entry.heading {
        for (text, is_said) in strong_parts(line) {
            let (text, place) = without_place(spoken_title(&text));
            taken.place = taken.place.take().or(place);
            if text.is_empty() {
                continue;
            }
            if is_place(&text) && !taken.units.is_empty() {
                taken.place.get_or_insert(text);
                continue;
            }
            taken.is_said |= is_said && taken.units.len() == 1;
            taken.units.push(Unit { likeness: weigh(&text), text });
        }
    }
    if taken.units.len() == 1
        && let Some((first, second)) = at_comma(&taken.units[0].text, weigh)
    {
        for text in [first, second] {
            // "Liceul Auto, Craiova, diplomă": the place stands between.
            let (text, place) = match text.split_once(", ") {
                Some((head, rest)) if is_place(head) => (rest.to_owned(), Some(head.to_owned())),
                _ => without_place(&text),
            };
            taken.place = taken.place.take().or(place);
            taken.units.push(Unit { likeness: weigh(&text), text });
        }
        taken.units.remove(0);
        taken.units.retain(|unit| !unit.text.is_empty());
    }
    if taken.units.len() >= 2 && taken.place.is_none() {
        loosen_place(&mut taken, weigh);
    }
    // Of three and more units the two that are the surest stay: a department, a remark fall out.
    if taken.units.len() > 2 && !taken.is_said {
        let best = best_pair(&taken.units);
        taken.units = vec![taken.units[best.0].clone(), taken.units[best.1].clone()];
    }
    taken
}

/// Which two of several units are title and employer: the first two, unless a later one is surely an employer.
fn best_pair(units: &[Unit]) -> (usize, usize) {
    let difference = |pair: &(usize, usize)| (units[pair.0].likeness - units[pair.1].likeness).abs();
    let pairs = [(0, 1), (0, 2), (1, 2)];
    let best = pairs.into_iter().max_by(|a, b| difference(a).total_cmp(&difference(b))).unwrap_or((0, 1));
    if difference(&best) > difference(&(0, 1)) + 0.6 { best } else { (0, 1) }
}

/// Takes the last part of an employer behind a comma for a place that no gazetteer knows.
fn loosen_place(taken: &mut Taken, weigh: fn(&str) -> f32) {
    let Some(least) =
        taken.units.iter().enumerate().min_by(|a, b| a.1.likeness.total_cmp(&b.1.likeness)).map(|(at, _)| at)
    else {
        return;
    };
    let unit = &mut taken.units[least];
    let Some((head, tail)) = unit.text.rsplit_once(", ") else { return };
    let tokens = TokenList::of(tail);
    let is_name = tail.chars().next().is_some_and(char::is_uppercase);
    if (1..=4).contains(&tokens.len())
        && is_name
        && !words::has(Cue::LegalForm, &tokens)
        && !words::has(Cue::Organisation, &tokens)
        && !words::has(Cue::School, &tokens)
        && (weigh(tail) < 0.4 || head.rsplit_once(", ").is_some_and(|(_, city)| is_place(city)))
        && !tail.contains('&')
    {
        // "Currys, Leeds, West Yorkshire": before a region that no gazetteer knows stands a city that it does.
        let (organisation, city) = without_place(head);
        taken.place = Some(city.map_or_else(|| tail.to_owned(), |city| format!("{city}, {tail}")));
        unit.text = organisation;
        unit.likeness = weigh(&unit.text);
    }
}

/// "lavoro come Sviluppatore" is a "Sviluppatore".
fn spoken_title(text: &str) -> &str {
    const AS: [&str; 6] = [" come ", " als ", " as ", " como ", " comme ", " ca "];
    let begins_small = text.chars().next().is_some_and(char::is_lowercase);
    let behind = || AS.iter().find_map(|word| text.split_once(word)).map(|(_, title)| title.trim());
    if begins_small { behind().unwrap_or(text) } else { text }
}

/// The parts of a line between strong separators, each with whether "at" or the like stood before it.
fn strong_parts(line: &str) -> Vec<(String, bool)> {
    let mut parts: Vec<(String, bool)> = Vec::new();
    for cell in line.split(['\t', '|', '·', '•', ';', '→']) {
        for part in cell
            .split(" – ")
            .flat_map(|part| part.split(" — "))
            .flat_map(|part| part.split(" - "))
            .flat_map(|part| part.split(" // "))
        {
            let part = part.trim().trim_end_matches([',', ':', '–', '—', '-']).trim();
            let part = part.trim_start_matches([',', ')', '–', '—']).trim();
            if part.is_empty() {
                continue;
            }
            match at_word(part) {
                Some((first, second)) => {
                    parts.push((first, false));
                    parts.push((second, true));
                }
                None => parts.push((without_at(part).to_owned(), false)),
            }
        }
    }
    parts
}

/// A part without "at" or "bei" at its head.
fn without_at(part: &str) -> &str {
    let first = part.split(' ').next().unwrap_or_default();
    let is_at = words::is_cue(Cue::At, &words::fold(first)) && first.chars().all(char::is_lowercase) || first == "@";
    if is_at { part[first.len()..].trim() } else { part }
}

/// Both sides of "at", "presso", "bei", "chez".
fn at_word(part: &str) -> Option<(String, String)> {
    if let Some((first, second)) = part.split_once('@') {
        return (!first.trim().is_empty() && !second.trim().is_empty())
            .then(|| (first.trim().to_owned(), second.trim().to_owned()));
    }
    let mut at = 0;
    for word in part.split(' ') {
        let is_word = words::is_cue(Cue::At, &words::fold(word)) && !matches!(word, "for" | "para" | "with");
        if at > 0 && is_word && word.chars().all(char::is_lowercase) {
            let first = part[..at].trim().trim_end_matches(',').to_owned();
            let second = part[at + word.len()..].trim().to_owned();
            let is_name = second.chars().next().is_some_and(|letter| !letter.is_lowercase()) || second.len() > 3;
            return (is_name && !second.is_empty()).then_some((first, second));
        }
        at += word.len() + 1;
    }
    None
}

/// Splits at the comma that tells title and employer apart the best.
fn at_comma(text: &str, weigh: fn(&str) -> f32) -> Option<(String, String)> {
    let commas = text.match_indices(", ").map(|(at, _)| at);
    let split = |at: usize| (text[..at].trim(), text[at + 1..].trim());
    let mut best: Option<(f32, usize)> = None;
    for at in commas.take(5) {
        let (first, second) = split(at);
        let difference = (weigh(first) - weigh(second)).abs();
        if best.is_none_or(|(most, _)| difference > most + 0.05)
            && second.chars().next().is_some_and(|letter| !letter.is_lowercase())
        {
            best = Some((difference, at));
        }
    }
    let (_, at) = best.filter(|(difference, _)| *difference > 0.15)?;
    let (first, second) = split(at);
    Some((first.to_owned(), second.to_owned()))
}

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

/// Whether a text is the name of a place, a country, or a code of a region, and nothing else.
pub(super) fn is_place(text: &str) -> bool {
    let text = text.trim();
    let is_name = text.chars().next().is_some_and(|letter| letter.is_uppercase() || letter.is_ascii_digit());
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    if !is_name || text.len() > 60 || text.contains([':', '@', '/', '&']) || letters < 2 {
        return false;
    }
    let folded = words::fold(text);
    if matches!(
        folded.as_str(),
        "remote"
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
    let tokens = TokenList::of(text);
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

/// How much a text is like a title of a position: positive; like an employer: negative.
pub(super) fn title_likeness(text: &str) -> f32 {
    let tokens = TokenList::of(text);
    if tokens.is_empty() {
        return 0.0;
    }
    let link = Taxonomy::built_in().link(text, None, 1).first().map_or(0.0, |link| link.confidence);
    let mut likeness = link;
    let is_title = |at: usize| words::is_cue(Cue::Title, tokens.exact(at)) || words::ends_with_title(tokens.exact(at));
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
        likeness -= 0.6;
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
