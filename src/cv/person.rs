//! Who a CV is of: name, contacts, headline, place.
//!
//! The lines before the first heading, and labelled ones anywhere → what stands in `basics`. What is private (dates of birth,
//! marital status, religion) is not read.

use super::evidence::{is_place, title_likeness};
use super::home::{Home, home};
use super::line::Line;
use super::words::{self, Cue, Part};
use crate::text::TokenList;

/// What is known of the person.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) name: Option<String>,
    /// Whether a label or the e-mail address confirms the name.
    pub(super) is_sure_name: bool,
    pub(super) headline: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) home: Option<Home>,
    /// Lines of running text: the summary where no heading names one.
    pub(super) prose: Vec<String>,
}

/// So many lines are looked at for a name.
const LINES_OF_A_NAME: usize = 40;

/// A line is running text from so many characters on.
const PROSE: usize = 60;

/// Reads the lines before the first heading (`first`), of the personal part, and all for contacts.
pub(super) fn person(first: &[&Line], personal: &[&Line], all: &[Line]) -> Person {
    let mut person = Person { email: email(all), ..Person::default() };
    person.phone = phone(first.iter().copied().chain(personal.iter().copied()).chain(all.iter()));
    let top: Vec<&Line> = all.iter().take(LINES_OF_A_NAME).collect();
    let labelled = labelled_name(first.iter().chain(personal).chain(&top).copied());
    person.is_sure_name = labelled.is_some();
    person.name = labelled.filter(|name| is_name(name)).or_else(|| {
        let (name, is_sure) = name(first, all, person.email.as_deref())?;
        person.is_sure_name = is_sure;
        Some(name)
    });
    let after =
        first.iter().position(|line| person.name.as_ref().is_some_and(|name| line.text.contains(name.as_str())));
    let below = after.map_or(0, |at| at + 1);
    person.headline = headline(first, below, person.name.as_deref());
    if person.headline.is_none() && after.is_none() {
        // The name stands elsewhere: its headline is beneath it.
        let at = all.iter().position(|line| person.name.as_ref().is_some_and(|name| line.text.trim() == name.as_str()));
        let next = at.and_then(|at| all.get(at + 1)).filter(|line| words::part(&words::fold(&line.text)).is_none());
        person.headline = next.and_then(|line| as_headline(&line.text));
    }
    person.home = first.iter().chain(personal).find_map(|line| home(line));
    let mut is_prose = false;
    for line in first.iter().skip(below) {
        let is_contact = line.text.contains('@') || words::leading(Cue::Private, &TokenList::of(&line.text)) > 0;
        let is_long = line.text.chars().count() >= PROSE
            && !line.text.contains('\t')
            && !is_contact
            && !line.text.contains(" | ")
            && !line.text.contains(" · ");
        is_prose = is_long || is_prose && !line.is_after_blank && !line.is_bullet && !is_contact;
        if is_prose && person.headline.as_ref().is_none_or(|headline| !line.text.starts_with(headline.as_str())) {
            person.prose.push(line.text.clone());
        }
    }
    person
}

/// The name that labels say: whole, or given and family name apart.
fn labelled_name<'l>(lines: impl Iterator<Item = &'l Line>) -> Option<String> {
    const FAMILY: [&str; 12] = [
        "nom",
        "cognome",
        "nachname",
        "familienname",
        "apellidos",
        "apellido",
        "achternaam",
        "nume",
        "surname",
        "last name",
        "family name",
        "apelido",
    ];
    let mut family: Option<String> = None;
    let mut given: Option<String> = None;
    for line in lines {
        let Some(value) = labelled(line, Cue::NameLabel) else { continue };
        if is_name(&value) {
            return Some(value);
        }
        let label = words::fold(line.text.split([':', '\t']).next().unwrap_or_default());
        let held = if FAMILY.contains(&label.as_str()) { &mut family } else { &mut given };
        held.get_or_insert(value);
    }
    Some(format!("{} {}", given?, family?))
}

/// The value behind a label at the start of a line.
fn labelled(line: &Line, cue: Cue) -> Option<String> {
    let (label, value) = line.text.split_once(':').or_else(|| line.text.split_once('\t'))?;
    let value = value.trim().trim_start_matches(':').trim();
    (words::is_cue(cue, &words::fold(label)) && !value.is_empty()).then(|| value.replace('\t', " "))
}

/// The first e-mail address.
fn email(lines: &[Line]) -> Option<String> {
    for (at, line) in lines.iter().enumerate() {
        if !line.text.contains('@') {
            continue;
        }
        let found = line.text.split([' ', '\t', ',', ';', '|', '<', '>', '(', ')', '·', ':']).find_map(address);
        if found.is_some() {
            return found;
        }
        // Broken before the "@".
        if let Some(domain) = line.text.strip_prefix('@').and_then(|rest| rest.split(' ').next())
            && let Some(before) = at.checked_sub(1).and_then(|at| lines[at].text.split([' ', '\t']).next_back())
            && let Some(found) = address(&format!("{before}@{domain}"))
        {
            return Some(found);
        }
    }
    None
}

fn address(word: &str) -> Option<String> {
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    let (local, domain) = word.split_once('@')?;
    let is_domain =
        domain.contains('.') && domain.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-'));
    let is_local = !local.is_empty()
        && local.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | '+' | '\''));
    (is_domain && is_local).then(|| word.to_owned())
}

/// The first phone number.
fn phone<'l>(lines: impl Iterator<Item = &'l Line>) -> Option<String> {
    lines.take(200).find_map(|line| {
        let text = &line.text;
        let mut starts = text.char_indices().filter(|(at, letter)| {
            let before = text[..*at].chars().next_back();
            (letter.is_ascii_digit() || matches!(letter, '+' | '('))
                && before.is_none_or(|before| !before.is_alphanumeric() && before != '+' && before != '/')
        });
        starts.find_map(|(at, _)| number(&text[at..]))
    })
}

/// A phone number at the start of a text: 8 to 15 digits, no date, no postal code.
fn number(text: &str) -> Option<String> {
    let end = text
        .find(|letter: char| {
            !(letter.is_ascii_digit() || matches!(letter, '+' | ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}' | '–'))
        })
        .unwrap_or(text.len());
    let found = text[..end].trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let digits = found.bytes().filter(u8::is_ascii_digit).count();
    let is_number = (8..=15).contains(&digits) && super::dates::periods(found).is_empty() && !found.contains("  ");
    is_number.then(|| found.trim().to_owned())
}

/// The name, and whether the e-mail address confirms it.
fn name(first: &[&Line], all: &[Line], email: Option<&str>) -> Option<(String, bool)> {
    let local = email
        .and_then(|email| email.split('@').next())
        .map(|local| words::fold(&local.replace(['.', '_', '-'], " ")))
        .unwrap_or_default();
    let candidate = |line: &Line| -> Option<String> {
        let cell = line.text.split(['\t', '|', '·']).next()?;
        let is_title = |part: &&str| words::part(&words::fold(part)) == Some(Part::Title);
        let mut parts = cell.split(" – ").flat_map(|part| part.split(" — ")).flat_map(|part| part.split(" - "));
        let text = parts.find(|part| !is_title(part))?.split(',').next()?.trim();
        let text = text.split_once(": ").filter(|(label, _)| is_title(label)).map_or(text, |(_, name)| name);
        let text = without_degrees(text);
        let text = text.strip_prefix("CV ").or_else(|| text.strip_prefix("Curriculum Vitae ")).unwrap_or(text);
        let text = without_letters(text);
        is_name(text).then(|| text.to_owned())
    };
    let hits = |name: &String| {
        let tokens = TokenList::of(name);
        tokens.exact_forms().filter(|word| word.len() >= 3 && local.contains(*word)).count()
    };
    let top = first.iter().copied().take(LINES_OF_A_NAME).filter_map(candidate);
    let confirmed =
        top.chain(all.iter().take(LINES_OF_A_NAME * 3).filter_map(candidate)).map(|name| (hits(&name), name));
    let confirmed =
        confirmed.filter(|(hits, _)| *hits > 0).fold(None, |best: Option<(usize, String)>, one| match best {
            Some(best) if best.0 >= one.0 => Some(best),
            _ => Some(one),
        });
    if let Some((_, name)) = confirmed {
        return Some((name, true));
    }
    let is_first = |name: &str| first.first().is_some_and(|line| line.text == name) && first.len() > 1;
    first
        .iter()
        .take(8)
        .copied()
        .filter(|line| !line.is_bullet)
        .filter_map(candidate)
        .find(|name| title_likeness(name) < 0.3 || !words::has(Cue::Title, &TokenList::of(name)) && is_first(name))
        .map(|name| (name, false))
}

/// A name without the degrees before it: "Dipl.-Ing. (FH) Volkmar Auer".
fn without_degrees(text: &str) -> &str {
    let mut rest = text;
    while let Some((first, more)) = rest.split_once(' ') {
        let is_degree = [
            "Assoc", "Asst", "Dipl", "Dr", "Prof", "Ing.", "Mag.", "Dott", "Avv.", "Mr", "Mrs", "Ms", "Herr", "Frau",
            "(", "M.Sc", "B.Sc", "Sig", "M.A", "Drs", "Ir.",
        ]
        .iter()
        .any(|degree| first.starts_with(degree) && (first.ends_with(['.', ')']) || first.len() <= 4));
        if !is_degree {
            break;
        }
        rest = more.trim_start();
    }
    rest
}

/// A name without letters for memberships and degrees behind it: "Gareth Pemblow MIWFM".
fn without_letters(name: &str) -> &str {
    let is_capitals = |word: &str| word.chars().count() >= 2 && word.chars().all(|letter| letter.is_uppercase());
    let words: Vec<&str> = name.split(' ').collect();
    let own = words.iter().take_while(|word| !is_capitals(word)).count();
    let letters = words.len() - own;
    if own < 2 || letters == 0 || !words[own..].iter().all(|word| is_capitals(word) && word.chars().count() <= 6) {
        return name;
    }
    let length: usize = words[..own].iter().map(|word| word.len() + 1).sum();
    name[..length - 1].trim_end_matches(',')
}

/// Whether a text looks like a person's name.
fn is_name(text: &str) -> bool {
    // "Kevin "Kev" Smith"
    let unquoted = |word: &'_ str| word.len() - word.trim_matches(['"', '“', '”', '„', '«', '»', '(', ')']).len() > 0;
    let has_nickname = text.split(' ').skip(1).any(unquoted);
    let words: Vec<&str> = text.split(' ').filter(|word| !(has_nickname && unquoted(word))).collect();
    let is_particle = |word: &str| {
        matches!(
            word,
            "de" | "da"
                | "di"
                | "del"
                | "della"
                | "dos"
                | "das"
                | "do"
                | "van"
                | "von"
                | "der"
                | "den"
                | "la"
                | "le"
                | "el"
                | "ten"
                | "ter"
                | "zu"
                | "y"
                | "e"
                | "af"
                | "bin"
                | "al"
        )
    };
    let is_word = |word: &&str| {
        let first = word.chars().next();
        let letters = word
            .chars()
            .all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’' | '.' | '\u{300}'..='\u{36f}'));
        let rest =
            ["d’", "d'", "l’", "l'", "dell'", "dell’", "'t", "o'"].iter().find_map(|elided| word.strip_prefix(elided));
        let is_elided = rest.is_some_and(|rest| rest.chars().next().is_some_and(char::is_uppercase));
        letters && (first.is_some_and(char::is_uppercase) || is_particle(word) || is_elided)
    };
    let folded = words::fold(text);
    (2..=6).contains(&words.len())
        && words.iter().all(is_word)
        && words.iter().any(|word| word.chars().count() > 2)
        && text.chars().count() <= 60
        && words::part(&folded).is_none()
        && !folded.contains("curriculum")
        && !words::has(Cue::LegalForm, &TokenList::of(text))
        && !words::has(Cue::Private, &TokenList::of(text))
        && !(is_place(text) && words.len() <= 2 && crate::places::Gazetteer::built_in().country(text).is_some())
}

/// The headline: the first line beneath the name that is no contact, or the rest of the name's line.
fn headline(first: &[&Line], below: usize, name: Option<&str>) -> Option<String> {
    if let Some(name) = name
        && let Some(line) = below.checked_sub(1).and_then(|at| first.get(at))
    {
        let rest = line.text.split_once(name).map_or("", |(_, rest)| rest);
        let rest = rest.trim_start_matches([',', ' ', '–', '—', '|', '-', '\t', '·']);
        if !rest.is_empty()
            && !rest.contains('@')
            && let Some(found) = as_headline(rest.split('\t').next().unwrap_or(rest))
        {
            return Some(found);
        }
    }
    let is_name = |line: &&&Line| name.is_some_and(|name| words::fold(&line.text).contains(&words::fold(name)));
    first.iter().skip(below).take(4).filter(|line| !is_name(line)).find_map(|line| {
        // "Product Manager | Hamburg | …"
        let mut parts = line.text.split(['|', '·', '•']);
        let head = parts.next().unwrap_or_default();
        let has_place = parts.any(|part| is_place(part.split(',').next().unwrap_or_default()));
        as_headline(&line.text).filter(|_| !has_place).or_else(|| as_headline(head))
    })
}

fn as_headline(text: &str) -> Option<String> {
    let (text, _) = super::evidence::without_place(text.trim());
    let tokens = TokenList::of(&text);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_contact =
        text.contains(['@', '\t']) || text.contains("www.") || text.contains("http") || text.contains(".com");
    let is_label = text.split_once(':').is_some_and(|(label, _)| label.len() < 25)
        || words::leading(Cue::Private, &tokens) > 0
        || words::leading(Cue::AddressLabel, &tokens) > 0;
    let is_sentence = text.ends_with('.') && tokens.len() > 5;
    let is_headline = !words::fold(&text).contains("curriculum")
        && (1..=14).contains(&tokens.len())
        && text.chars().count() <= 110
        && !is_contact
        && (digits == 0 || digits <= 4 && super::dates::periods(&text).is_empty() && title_likeness(&text) > 0.4)
        && !is_label
        && !is_sentence
        && !is_place(&text)
        && words::part(&words::fold(&text)) != Some(Part::Title)
        && text.chars().next().is_some_and(char::is_uppercase);
    (is_headline && title_likeness(&text) > 0.0).then_some(text)
}
